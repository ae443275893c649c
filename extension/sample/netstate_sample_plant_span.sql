-- Sample network, part 8: the plant of eu-west-1, structures, spans and ducts,
-- made of the points and roads of parts 6 and 7.

-- A leg is a piece of road between two points that have names.  It swings out to
-- one side; the lines of the M50 and local streets are straight.
CREATE TEMPORARY TABLE sample_leg AS
SELECT row_number() OVER (ORDER BY road.id, leg.n)::integer AS id,
	road.id AS road_id, road.name AS road, road.kind, road.encasement, road.side, road.course,
	leg.n, a.name AS a, z.name AS z,
	a.latitude AS a_latitude, a.longitude AS a_longitude,
	z.latitude - a.latitude AS north, z.longitude - a.longitude AS east,
	greatest(1, round(metres / road.spacing))::integer AS spans,
	CASE WHEN road.side IS NULL AND road.spacing < 1000
		THEN least(40, metres / 50) * (1 - 2 * (road.id % 2)) ELSE 0 END / metres AS swing
FROM pg_temp.sample_road AS road
CROSS JOIN LATERAL (
	SELECT n, name AS a, lead(name) OVER (ORDER BY n) AS z
	FROM unnest(road.points) WITH ORDINALITY AS point (name, n)
) AS leg
LEFT JOIN pg_temp.sample_point AS a ON a.name = leg.a
LEFT JOIN pg_temp.sample_point AS z ON z.name = leg.z
CROSS JOIN LATERAL (
	SELECT sqrt(((z.longitude - a.longitude) * 66500) ^ 2 + ((z.latitude - a.latitude) * 111300) ^ 2) AS metres
) AS straight
WHERE leg.z IS NOT NULL;

-- Steps along a leg: at each span's ends, and at the middle of each.
CREATE TEMPORARY TABLE sample_step AS
SELECT leg.id AS leg_id, half,
	CASE
		WHEN half = 0 THEN leg.a
		WHEN half = 2 * leg.spans THEN leg.z
		WHEN half % 2 = 0 THEN leg.road || CASE leg.kind WHEN 'aerial' THEN ' pole ' ELSE ' MH ' END
			|| lpad((row_number() OVER (
				PARTITION BY leg.road_id, half % 2 = 0 AND half NOT IN (0, 2 * leg.spans)
				ORDER BY leg.n, half))::text, 3, '0')
	END AS name,
	round((leg.a_longitude + t * leg.east - bend * leg.north * 111300 / 66500)::numeric, 7)
		|| ' ' || round((leg.a_latitude + t * leg.north + bend * leg.east * 66500 / 111300)::numeric, 7) AS place
FROM pg_temp.sample_leg AS leg
CROSS JOIN LATERAL generate_series(0, 2 * leg.spans) AS half
CROSS JOIN LATERAL (
	SELECT half / (2.0::double precision * leg.spans) AS t,
		leg.swing * sin(pi() * half / (2 * leg.spans)) AS bend
) AS place;

INSERT INTO netstate.structure (site_id, name, kind, geom)
SELECT (SELECT site.id FROM netstate.site
		LEFT JOIN netstate.zone ON zone.id = site.zone_id
		LEFT JOIN netstate.region ON region.id = zone.region_id
		WHERE site.name = point.site
			AND (region.name = 'eu-west-1' OR site.kind IN ('metro', 'exchange', 'cable_landing'))),
	point.name, point.kind,
	'SRID=4326;POINT(' || round(point.longitude::numeric, 7) || ' ' || round(point.latitude::numeric, 7) || ')'
FROM pg_temp.sample_point AS point
ORDER BY point.id;

INSERT INTO netstate.structure (name, kind, geom)
SELECT step.name, CASE leg.kind WHEN 'aerial' THEN 'pole' ELSE 'manhole' END,
	'SRID=4326;POINT(' || step.place || ')'
FROM pg_temp.sample_step AS step
JOIN pg_temp.sample_leg AS leg ON leg.id = step.leg_id
WHERE step.half % 2 = 0 AND step.half NOT IN (0, 2 * leg.spans)
ORDER BY leg.id, step.half;

-- Spans are numbered along their road.
CREATE TEMPORARY TABLE sample_span AS
SELECT leg.id AS leg_id, a.half / 2 + 1 AS n,
	CASE WHEN count(*) OVER (PARTITION BY leg.road_id) = 1 THEN leg.road
		ELSE leg.road || ' ' || lpad((row_number() OVER (
			PARTITION BY leg.road_id ORDER BY leg.n, a.half))::text, 3, '0')
	END AS name,
	a.name AS a, z.name AS z, leg.kind, leg.encasement, leg.side,
	'SRID=4326;LINESTRING(' || a.place || ', '
		|| CASE WHEN leg.course IS NOT NULL THEN leg.course || ', '
			WHEN leg.swing <> 0 THEN middle.place || ', ' ELSE '' END
		|| z.place || ')' AS course
FROM pg_temp.sample_leg AS leg
JOIN pg_temp.sample_step AS a ON a.leg_id = leg.id AND a.half % 2 = 0
JOIN pg_temp.sample_step AS middle ON middle.leg_id = leg.id AND middle.half = a.half + 1
JOIN pg_temp.sample_step AS z ON z.leg_id = leg.id AND z.half = a.half + 2;

INSERT INTO netstate.span (name, a_structure_id, z_structure_id, kind, corridor_id, side, encasement, geom)
SELECT span.name, a.id, z.id, span.kind, m50.id, span.side, span.encasement, span.course
FROM pg_temp.sample_span AS span
JOIN netstate.structure AS a ON a.name = span.a
JOIN netstate.structure AS z ON z.name = span.z
LEFT JOIN netstate.corridor AS m50 ON m50.name = 'M50' AND span.side IS NOT NULL
ORDER BY span.leg_id, span.n;

-- Under the bay a cable is longer than drawn, along a road a little.
UPDATE netstate.span SET length_m = round(drawn_m::numeric * CASE kind WHEN 'submarine' THEN 1.03 ELSE 1.01 END)
WHERE kind IN ('submarine', 'aerial') AND name IN (SELECT name FROM pg_temp.sample_span);

-- Bridges and the tunnel are structures that spans pass.
CREATE TEMPORARY TABLE sample_passage (road text, a text, structure text, passage text);

INSERT INTO pg_temp.sample_passage (road, structure, passage)
SELECT name, name, 'over' FROM pg_temp.sample_road WHERE kind = 'bridge';
INSERT INTO pg_temp.sample_passage (road, a, structure, passage) VALUES
	('Samuel Beckett Bridge bore', NULL, 'Samuel Beckett Bridge', 'under'),
	('Dublin Port Tunnel', NULL, 'Dublin Port Tunnel', 'through'),
	('M50 inner', 'M50 West-Link north inner', 'West-Link', 'over'),
	('M50 median', 'M50 West-Link north median', 'West-Link', 'over'),
	('M50 outer', 'M50 West-Link north outer', 'West-Link', 'over');

INSERT INTO netstate.structure (name, kind, geom)
SELECT passage.structure, CASE min(leg.kind) WHEN 'tunnel' THEN 'tunnel' ELSE 'bridge' END,
	'SRID=4326;POINT(' || round(avg(leg.a_longitude + leg.east / 2)::numeric, 7) || ' '
		|| round(avg(leg.a_latitude + leg.north / 2)::numeric, 7) || ')'
FROM pg_temp.sample_passage AS passage
JOIN pg_temp.sample_leg AS leg ON leg.road = passage.road AND leg.a = coalesce(passage.a, leg.a)
WHERE passage.passage <> 'under'
GROUP BY passage.structure
ORDER BY passage.structure;

INSERT INTO netstate.span_crossing (span_id, structure_id, passage)
SELECT (SELECT id FROM netstate.span WHERE span.name = piece.name),
	(SELECT id FROM netstate.structure WHERE structure.name = passage.structure), passage.passage
FROM pg_temp.sample_passage AS passage
JOIN pg_temp.sample_leg AS leg ON leg.road = passage.road AND leg.a = coalesce(passage.a, leg.a)
JOIN pg_temp.sample_span AS piece ON piece.leg_id = leg.id;

-- Ducts.  A trench of the main roads has two; a bank has four cells with two
-- subducts in one of them, and in Docklands four microducts in one of these.
-- What was just written is joined from here on: the planner has to know of it.
ANALYZE netstate.structure, netstate.span, pg_temp.sample_span;

INSERT INTO netstate.duct (span_id, name, kind)
SELECT span.id, duct.name, 'conduit'
FROM pg_temp.sample_span AS piece
JOIN netstate.span ON span.name = piece.name
CROSS JOIN (VALUES ('Duct A', 1, 4), ('Duct B', 2, 4), ('Cell 1', 1, 9), ('Cell 2', 2, 9), ('Cell 3', 3, 9),
	('Cell 4', 4, 9)) AS duct (name, n, kind)
WHERE piece.kind IN ('trench', 'bore', 'bridge', 'tunnel')
	AND (piece.encasement = 'none') = (duct.kind = 4)
ORDER BY span.id, duct.n;

ANALYZE netstate.duct;

INSERT INTO netstate.duct (span_id, parent_id, name, kind)
SELECT cell.span_id, cell.id, 'Subduct ' || n, 'subduct'
FROM netstate.duct AS cell
CROSS JOIN generate_series(1, 2) AS n
WHERE cell.name = 'Cell 1' AND cell.span_id IN (
	SELECT span.id FROM pg_temp.sample_span AS piece JOIN netstate.span ON span.name = piece.name)
ORDER BY cell.id, n;

INSERT INTO netstate.duct (span_id, parent_id, name, kind)
SELECT sub.span_id, sub.id, 'Microduct ' || n, 'microduct'
FROM netstate.duct AS sub
CROSS JOIN generate_series(1, 4) AS n
WHERE sub.name = 'Subduct 1' AND sub.span_id IN (
	SELECT span.id FROM pg_temp.sample_span AS piece JOIN netstate.span ON span.name = piece.name
	WHERE piece.side IS NULL AND piece.encasement = 'prefabricated')
ORDER BY sub.id, n;

-- Areas that one event strikes.
INSERT INTO netstate.hazard_area (name, kind, geom) VALUES
	('Lower Liffey and Dodder flood zone', 'flood',
		'SRID=4326;POLYGON((-6.2555 53.3455, -6.2555 53.3492, -6.2200 53.3545, -6.2150 53.3440, -6.2250 53.3300,
		-6.2330 53.3275, -6.2370 53.3310, -6.2300 53.3420, -6.2555 53.3455))'),
	('Airport public safety zone', 'aviation',
		'SRID=4326;POLYGON((-6.3100 53.4240, -6.3100 53.4300, -6.1950 53.4300, -6.1950 53.4240, -6.3100 53.4240))');

DROP TABLE pg_temp.sample_passage, pg_temp.sample_step;
