-- Import and export of the plant: GeoJSON, the Open Fibre Data Standard, the
-- staging views. What comes in, what comes out again, and what is refused:
-- every refusal has a reason and leaves no row.
\set VERBOSITY terse
\pset null '(null)'
SET extra_float_digits = 1;

BEGIN;

-- All of the plant by names, in one line for each thing.
CREATE FUNCTION pg_temp.plant() RETURNS SETOF text
LANGUAGE sql AS $$
	SELECT concat_ws('|', 'site', s.name, s.kind, z.name, r.name, s.geom::text)
	FROM netstate.site s LEFT JOIN netstate.zone z ON z.id = s.zone_id LEFT JOIN netstate.region r ON r.id = z.region_id
	UNION ALL SELECT concat_ws('|', 'corridor', c.name, c.kind, c.geom::text) FROM netstate.corridor c
	UNION ALL SELECT concat_ws('|', 'area', h.name, h.kind, h.geom::text) FROM netstate.hazard_area h
	UNION ALL SELECT format('structure|%s|%s|%s|%s|%s|%s', t.name, t.kind, t.status, s.name, s.zone_id, t.geom::text)
	FROM netstate.structure t LEFT JOIN netstate.site s ON s.id = t.site_id
	UNION ALL SELECT format('span|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', s.name, s.kind, a.name, z.name, c.name, s.side, s.encasement, s.status,
		s.length_m, s.mtbf_hours, s.mttr_hours, s.geom::text)
	FROM netstate.span s JOIN netstate.structure a ON a.id = s.a_structure_id JOIN netstate.structure z ON z.id = s.z_structure_id
	LEFT JOIN netstate.corridor c ON c.id = s.corridor_id
	UNION ALL SELECT format('crossing|%s|%s|%s', s.name, t.name, x.passage)
	FROM netstate.span_crossing x JOIN netstate.span s ON s.id = x.span_id JOIN netstate.structure t ON t.id = x.structure_id
	UNION ALL (
		WITH RECURSIVE tree AS (
			SELECT d.id, s.name || '/' || d.name AS path, d.kind FROM netstate.duct d JOIN netstate.span s ON s.id = d.span_id WHERE d.parent_id IS NULL
			UNION ALL
			SELECT d.id, t.path || '/' || d.name, d.kind FROM tree t JOIN netstate.duct d ON d.parent_id = t.id)
		SELECT format('duct|%s|%s', path, kind) FROM tree)
	UNION ALL SELECT format('cable|%s|%s|%s|%s', c.name, c.strand_count, c.status, s.name)
	FROM netstate.cable c LEFT JOIN netstate.cable_segment g ON g.cable_id = c.id LEFT JOIN netstate.span s ON s.id = g.span_id
$$;

-- All of it removed, but regions and zones.
CREATE FUNCTION pg_temp.clear() RETURNS void
LANGUAGE sql AS $$
	DELETE FROM netstate.cable_segment;
	DELETE FROM netstate.cable;
	DELETE FROM netstate.span;
	DELETE FROM netstate.structure;
	DELETE FROM netstate.site;
	DELETE FROM netstate.corridor;
	DELETE FROM netstate.hazard_area;
$$;

-- Runs a statement and says how it was refused, and whether rows were left.
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	before bigint := (SELECT count(*) FROM pg_temp.plant());
	detail text;
	hint text;
	answer text;
BEGIN
	BEGIN
		EXECUTE statement;
		RETURN 'accepted';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		answer := concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''), nullif(hint, ''));
	END;
	RETURN answer || CASE WHEN (SELECT count(*) FROM pg_temp.plant()) <> before THEN ' | ROWS WERE LEFT' ELSE '' END;
END $$;

-- A collection around features; a feature.
CREATE FUNCTION pg_temp.collection(VARIADIC features text[]) RETURNS jsonb
LANGUAGE sql AS $$ SELECT format('{"type": "FeatureCollection", "features": [%s]}', array_to_string(features, ', '))::jsonb $$;
CREATE FUNCTION pg_temp.feature(type text, coordinates text, properties text DEFAULT '{}') RETURNS text
LANGUAGE sql AS $$
	SELECT format('{"type": "Feature", "properties": %s, "geometry": {"type": "%s", "coordinates": %s}}', properties, type, coordinates)
$$;

CREATE TEMP TABLE document (name text PRIMARY KEY, doc jsonb NOT NULL);

-- 1. GeoJSON: synonyms in any case, heights, ends by name, by place, and drawn
-- the wrong way round, a name from the id, a parallel span, ducts in ducts, a
-- crossing, a site that is in the document, an area
INSERT INTO document VALUES ('map', $doc${"type": "FeatureCollection", "name": "streets",
	"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, "features": [
	{"type": "Feature", "properties": {"object": "site", "name": "Exchange", "kind": "exchange"}, "geometry": null},
	{"type": "Feature", "properties": {"Name": " MH 1 ", "Structure_Type": "manhole", "STATUS": "In Service", "owner": {"a": 1}},
		"geometry": {"type": "Point", "coordinates": [-6.26, 53.35, 12.5]}},
	{"type": "Feature", "properties": {"label": "MH 2", "status": "under-construction", "site": "Exchange"}, "geometry": {"type": "Point", "coordinates": [-6.25, 53.35]}},
	{"type": "Feature", "id": 17, "properties": null, "geometry": {"type": "Point", "coordinates": [-6.255, 53.352], "bbox": ["x"]}},
	{"type": "Feature", "properties": {"object": "corridor", "name": "Quay", "kind": "street"}, "geometry": {"type": "LineString", "coordinates": [[-6.27, 53.35], [-6.24, 53.35]]}},
	{"type": "Feature", "properties": {"name": "S1", "from": "MH 1", "to": "MH 2", "kind": "trench", "corridor": "Quay", "side": "LEFT", "encasement": "Cast",
		"length_m": 701.25, "mtbf_hours": 80000, "mttr_hours": "8",
		"ducts": [{"name": "bank", "kind": "bank", "ducts": [{"name": "1"}, {"name": "2", "ducts": [{"name": "red", "kind": "microduct"}]}]}, {"name": "1"}],
		"crossings": [{"structure": "17", "passage": "under"}]},
		"geometry": {"type": "LineString", "coordinates": [[-6.26, 53.35, 1], [-6.255, 53.351, 2], [-6.25, 53.35, 3]]}},
	{"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[-6.260001, 53.350001], [-6.25, 53.35]]}},
	{"type": "Feature", "properties": {}, "geometry": {"type": "MultiLineString", "coordinates": [[[-6.26, 53.35], [-6.255, 53.349]], [[-6.255, 53.349], [-6.25, 53.35]]]}},
	{"type": "Feature", "properties": {"name": "S4", "source": "MH 2", "target": 17, "status": "future"}, "geometry": {"type": "LineString", "coordinates": [[-6.255, 53.352], [-6.25, 53.35]]}},
	{"type": "Feature", "properties": {"name": "flood plain", "kind": "flood"}, "geometry": {"type": "Polygon", "coordinates": [[[-7, 53], [-6, 53], [-6, 54], [-7, 53]]]}}
]}$doc$);
SELECT item, outcome, count, reason
FROM netstate.import_geojson((SELECT doc FROM document WHERE name = 'map'), hazard_areas => true) WITH ORDINALITY AS r (item, outcome, count, reason, n)
ORDER BY n;
SELECT t.name, t.kind, t.status, s.name AS site, ST_AsText(t.geom) AS place FROM netstate.structure t LEFT JOIN netstate.site s ON s.id = t.site_id ORDER BY t.id;
SELECT s.name, s.kind, a.name AS a, z.name AS z, s.side, s.encasement, s.length_m, s.status, ST_AsText(s.geom) AS course
FROM netstate.span s JOIN netstate.structure a ON a.id = s.a_structure_id JOIN netstate.structure z ON z.id = s.z_structure_id ORDER BY s.id;
SELECT line FROM pg_temp.plant() AS p (line) WHERE line ~ '^(duct|crossing|area|corridor)' ORDER BY line COLLATE "C";

-- once more: all of it exists, and nothing is added
SELECT pg_temp.refusal($$SELECT netstate.import_geojson((SELECT doc FROM document WHERE name = 'map'), hazard_areas => true)$$);
SELECT * FROM netstate.geojson_refusals((SELECT doc FROM document WHERE name = 'map'));

-- what is refused is left out on demand, with what refers to it, and named
SELECT item, outcome, count, reason
FROM netstate.import_geojson(pg_temp.collection(
	pg_temp.feature('Point', '[1, 1]', '{"name": "ok 1"}'), pg_temp.feature('Point', '[1, 91]', '{"name": "too far north"}'), pg_temp.feature('Point', '[1, 1.001]', '{"name": "ok 2"}'),
	pg_temp.feature('LineString', '[[1, 1], [1, 1.001]]', '{"name": "good"}'),
	pg_temp.feature('LineString', '[[1, 1], [1, 91]]', '{"name": "bad line"}'),
	pg_temp.feature('LineString', '[[1, 1], [1, 2]]', '{"name": "no end", "a": "ok 1", "z": "too far north"}')), skip_refused => true)
	WITH ORDINALITY AS r (item, outcome, count, reason, n) ORDER BY n;
SELECT line FROM pg_temp.plant() AS p (line) WHERE line ~ 'ok|good|bad|far' ORDER BY line COLLATE "C";

-- 2. the antimeridian: a line that passes it is cut there, also by names of ends
-- on either side of it, and places at both its names are one
SELECT pg_temp.clear();
SELECT count(*) FROM netstate.import_geojson(pg_temp.collection(
	pg_temp.feature('Point', '[179, 10]', '{"name": "west"}'), pg_temp.feature('Point', '[-179, 12]', '{"name": "east"}'),
	pg_temp.feature('Point', '[180, 0]', '{"name": "line"}'),
	pg_temp.feature('LineString', '[[179, 10], [-179, 12]]', '{"name": "cut"}'),
	pg_temp.feature('LineString', '[[-179, 12], [-180, 5], [180, 0]]', '{"name": "touches"}'),
	pg_temp.feature('LineString', '[[-180, 0], [-179, 12]]', '{"name": "from the other side"}')));
SELECT s.name, a.name AS a, z.name AS z, ST_AsText(s.geom), round(s.drawn_m / 1000) AS km
FROM netstate.span s JOIN netstate.structure a ON a.id = s.a_structure_id JOIN netstate.structure z ON z.id = s.z_structure_id ORDER BY s.id;
-- nothing but a place there, and numbers too small for any
SELECT place, object, name, problem FROM netstate.geojson_refusals(pg_temp.collection(
	pg_temp.feature('LineString', '[[180, 0], [-180, 0]]', '{"name": "a place", "a": "west", "z": "line"}'),
	pg_temp.feature('MultiLineString', '[[[180, 0], [-180, 0]]]', '{"name": "a place", "object": "corridor"}'),
	pg_temp.feature('LineString', '[[1e-400, 0], [1, 1]]', '{"name": "small"}'),
	pg_temp.feature('Point', '[0, -1e-400]', '{"name": "small"}'), pg_temp.feature('Point', '[0, 1e-299]', '{"name": "small enough"}')));

-- 3. the Open Fibre Data Standard
SELECT pg_temp.clear();
INSERT INTO document VALUES ('ofds', $doc${"networks": [
	{"id": "7b3f0c8e-0000-4000-8000-000000000001", "name": "One", "crs": {"name": "urn:ogc:def:crs:OGC::CRS84", "uri": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"},
	 "phases": [{"id": "p", "name": "Phase 1"}], "links": [],
	 "nodes": [
		{"id": "1", "name": "Riga", "status": "operational", "type": ["pop", "ixp"], "location": {"type": "Point", "coordinates": [24.11, 56.95]}, "phase": {"id": "p", "name": "Phase 1"}, "power": true},
		{"id": "2", "name": "Hut", "status": "underConstruction", "type": ["repeaterSite", "tower"], "location": {"type": "Point", "coordinates": [24.7, 57.5]}},
		{"id": "3", "name": "Hut", "status": "proposed", "type": ["aggregationPoint"], "location": {"type": "Point", "coordinates": [24.8, 58.3]}},
		{"id": "4", "location": {"type": "Point", "coordinates": [24.75, 59.44]}}],
	 "spans": [
		{"id": "1", "name": "Riga - Hut", "start": "1", "end": "2", "status": "operational", "route": {"type": "LineString", "coordinates": [[24.11, 56.95], [24.7, 57.5]]},
		 "deployment": ["belowGround"], "deploymentDetails": {"description": "trench"}, "fibreCount": 96, "fibreLength": 72.5, "transmissionMedium": ["fibre"], "readyForServiceDate": "2020-01-01"},
		{"id": "2", "start": "3", "end": "2", "status": "inactive", "route": {"type": "LineString", "coordinates": [[24.7, 57.5], [24.8, 58.3]]},
		 "deployment": ["aboveGround"], "deploymentDetails": {"description": "On poles, mostly"}, "fibreCount": 0, "fibreLength": 90000, "darkFibre": true},
		{"id": "3", "name": "to Tallinn", "status": "planned", "route": {"type": "LineString", "coordinates": [[24.8, 58.3], [24.75, 59.44]]}, "deployment": ["aboveGround", "belowGround"]},
		{"id": "4", "name": "by radio", "start": "1", "end": "4", "transmissionMedium": ["microwave"]}]},
	{"id": "7b3f0c8e-0000-4000-8000-000000000002", "name": "Two",
	 "nodes": [{"id": "1", "name": "Vilnius", "type": ["dataCentre"], "location": {"type": "Point", "coordinates": [25.28, 54.69]}},
		{"id": "2", "name": "Kaunas", "location": {"type": "Point", "coordinates": [23.9, 54.9]}}],
	 "spans": [{"id": "1", "name": "A1", "start": "1", "end": "2", "route": {"type": "LineString", "coordinates": [[25.28, 54.69], [23.9, 54.9]]}, "fibreCount": 12}]}]}$doc$);
SELECT item, outcome, count, reason
FROM netstate.import_ofds((SELECT doc FROM document WHERE name = 'ofds')) WITH ORDINALITY AS r (item, outcome, count, reason, n)
ORDER BY n;
SELECT t.name, t.kind, t.status, s.name AS site, s.kind AS site_kind, ST_AsText(t.geom) AS place FROM netstate.structure t LEFT JOIN netstate.site s ON s.id = t.site_id ORDER BY t.id;
SELECT s.name, s.kind, a.name AS a, z.name AS z, s.length_m, s.status, ST_AsText(s.geom) AS course
FROM netstate.span s JOIN netstate.structure a ON a.id = s.a_structure_id JOIN netstate.structure z ON z.id = s.z_structure_id ORDER BY s.id;
SELECT c.name, c.strand_count, c.status, g.seq, s.name AS span FROM netstate.cable c JOIN netstate.cable_segment g ON g.cable_id = c.id JOIN netstate.span s ON s.id = g.span_id ORDER BY c.id;

-- one network by itself, and the GeoJSON form: nodes and spans together, or one
-- after the other, when ends are found by the names of the nodes
CREATE TEMP TABLE expected AS SELECT line FROM pg_temp.plant() AS p (line) WHERE line ~ 'Vilnius|Kaunas|A1';
CREATE TEMP TABLE feature AS
SELECT format('{"type": "FeatureCollection", "features": [%s, %s]}',
		'{"type": "Feature", "geometry": {"type": "Point", "coordinates": [25.28, 54.69]}, "properties": {"id": "1", "name": "Vilnius", "type": ["dataCentre"], "featureType": "node", "network": {"id": "x"}}}',
		'{"type": "Feature", "geometry": {"type": "Point", "coordinates": [23.9, 54.9]}, "properties": {"id": "2", "name": "Kaunas", "featureType": "node", "network": {"id": "x"}}}')::jsonb AS nodes,
	format('{"type": "FeatureCollection", "features": [%s]}',
		'{"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[25.28, 54.69], [23.9, 54.9]]}, "properties": {"id": "1", "name": "A1", "fibreCount": 12, "featureType": "span",
		"network": {"id": "x"}, "start": {"id": "1", "name": "Vilnius"}, "end": {"id": "2", "name": "Kaunas"}}}')::jsonb AS spans;
CREATE FUNCTION pg_temp.as_expected() RETURNS boolean
LANGUAGE sql AS $$
	SELECT count(*) = 0 FROM ((SELECT line FROM pg_temp.plant() AS p (line) EXCEPT SELECT line FROM expected) UNION ALL (SELECT line FROM expected EXCEPT SELECT line FROM pg_temp.plant() AS p (line))) AS d
$$;
SELECT pg_temp.clear();
SELECT count(*) > 0 AS imported FROM netstate.import_ofds((SELECT doc -> 'networks' -> 1 FROM document WHERE name = 'ofds'));
SELECT pg_temp.as_expected() AS one_network, pg_temp.clear();
SELECT count(*) > 0 AS imported FROM netstate.import_ofds((SELECT jsonb_build_array(nodes, spans) FROM feature));
SELECT pg_temp.as_expected() AS together, pg_temp.clear();
SELECT count(*) > 0 AS imported FROM netstate.import_ofds((SELECT nodes FROM feature));
SELECT count(*) > 0 AS imported FROM netstate.import_ofds((SELECT spans FROM feature));
SELECT pg_temp.as_expected() AS one_after_the_other, pg_temp.clear();

-- 4. random plants go out and come in again as they were
INSERT INTO netstate.region (name) VALUES ('regress import');
INSERT INTO netstate.zone (region_id, name) SELECT r.id, 'zone ' || i FROM netstate.region r, generate_series(1, 2) AS i WHERE r.name = 'regress import';
CREATE FUNCTION pg_temp.word(VARIADIC words text[]) RETURNS text
LANGUAGE sql VOLATILE AS $$ SELECT words[1 + floor(random() * cardinality(words))::int] $$;
CREATE FUNCTION pg_temp.place() RETURNS geometry
LANGUAGE sql VOLATILE AS $$ SELECT ST_SetSRID(ST_MakePoint((random() * 170 - 85) * power(0.1, floor(random() * 4)::int), random() * 170 - 85), 4326) $$;
CREATE FUNCTION pg_temp.random_plant(n int) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	i int;
	a record;
	z record;
	s bigint;
	d bigint;
BEGIN
	INSERT INTO netstate.site (zone_id, name, kind, geom)
	SELECT CASE WHEN g % 3 > 0 THEN (SELECT id FROM netstate.zone WHERE name = 'zone ' || g % 3) END, 'site ' || g / 3, pg_temp.word('pop', 'metro', NULL),
		CASE WHEN random() < 0.7 THEN pg_temp.place() END
	FROM generate_series(1, n / 2) AS g;
	INSERT INTO netstate.corridor (name, kind, geom) SELECT 'road ' || g, pg_temp.word('motorway', NULL), ST_MakeLine(pg_temp.place(), pg_temp.place()) FROM generate_series(1, 3) AS g;
	INSERT INTO netstate.hazard_area (name, kind, geom)
	SELECT 'area ' || g, pg_temp.word('flood', NULL), ST_SetSRID(ST_MakeEnvelope(random(), random(), 2 + random(), 2 + random()), 4326) FROM generate_series(1, 2) AS g;
	FOR i IN 1..n LOOP
		INSERT INTO netstate.structure (site_id, name, kind, geom, status)
		VALUES (CASE WHEN random() < 0.5 THEN (SELECT id FROM netstate.site ORDER BY random() LIMIT 1) END,
			pg_temp.word('MH ', U&'\00E9 "x" ', '{"a":1}', 'two  blanks ') || i, pg_temp.word('manhole', 'Tower', NULL), pg_temp.place(),
			pg_temp.word('proposed', 'planned', 'under_construction', 'operational', 'cut', 'inactive', 'decommissioned'));
	END LOOP;
	FOR i IN 1..2 * n LOOP
		SELECT id, geom INTO a FROM netstate.structure ORDER BY random() LIMIT 1;
		SELECT id, geom INTO z FROM netstate.structure WHERE id <> a.id ORDER BY random() LIMIT 1;
		INSERT INTO netstate.span (name, a_structure_id, z_structure_id, kind, corridor_id, side, encasement, geom, length_m, status, mtbf_hours, mttr_hours)
		SELECT 'span ' || i, a.id, z.id, pg_temp.word('trench', 'aerial', 'Bored by hand', NULL), c.id, CASE WHEN c.id IS NOT NULL THEN pg_temp.word('left', 'right', 'median', NULL) END,
			pg_temp.word('none', 'cast', 'prefabricated'), CASE WHEN random() < 0.8 THEN ST_MakeLine(ARRAY[a.geom, pg_temp.place(), z.geom])
				ELSE ST_Collect(ST_MakeLine(a.geom, pg_temp.place()), ST_MakeLine(pg_temp.place(), z.geom)) END,
			CASE WHEN random() < 0.5 THEN random() * 1e6 END, pg_temp.word('operational', 'cut', 'planned'), CASE WHEN random() < 0.5 THEN random() * 1e5 + 1 END,
			CASE WHEN random() < 0.5 THEN random() * 10 END
		FROM (SELECT CASE WHEN random() < 0.5 THEN (SELECT id FROM netstate.corridor ORDER BY random() LIMIT 1) END) AS c (id)
		RETURNING id INTO s;
		INSERT INTO netstate.span_crossing (span_id, structure_id, passage)
		SELECT s, id, pg_temp.word('over', 'under', 'through') FROM netstate.structure WHERE random() < 0.5 / n;
		WHILE random() < 0.6 LOOP
			INSERT INTO netstate.duct (span_id, parent_id, name, kind)
			VALUES (s, (SELECT id FROM netstate.duct WHERE span_id = s AND random() < 0.7 ORDER BY random() LIMIT 1), 'duct ' || random(), pg_temp.word('subduct', NULL));
		END LOOP;
	END LOOP;
	-- what has no structure is not exported
	DELETE FROM netstate.site x WHERE NOT EXISTS (SELECT FROM netstate.structure t WHERE t.site_id = x.id);
END $$;

CREATE FUNCTION pg_temp.round_trip(seed double precision) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	before text[];
	doc jsonb;
	again jsonb;
	differences bigint;
BEGIN
	PERFORM setseed(seed);
	PERFORM pg_temp.random_plant(12);
	before := ARRAY(SELECT pg_temp.plant());
	doc := netstate.export_geojson();
	PERFORM pg_temp.clear();
	PERFORM netstate.import_geojson(doc);
	SELECT count(*) INTO differences
	FROM ((SELECT pg_temp.plant() EXCEPT ALL SELECT unnest(before)) UNION ALL (SELECT unnest(before) EXCEPT ALL SELECT pg_temp.plant())) AS d;
	again := netstate.export_geojson();
	PERFORM pg_temp.clear();
	RETURN CASE WHEN differences > 0 THEN format('seed %s: %s differences', seed, differences)
		WHEN again <> doc THEN format('seed %s: the second export differs', seed)
		ELSE format('same, %s', cardinality(before) > 50) END;
END $$;
SELECT pg_temp.round_trip(s / 100.0) AS geojson, count(*) FROM generate_series(1, 8) AS s GROUP BY 1 ORDER BY 1;

-- the standard has less: what it has no words for is made what it gives back
CREATE FUNCTION pg_temp.ofds_round_trip(seed double precision) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	before text[];
	doc jsonb;
	differences bigint;
BEGIN
	PERFORM setseed(seed);
	PERFORM pg_temp.random_plant(12);
	UPDATE netstate.structure SET site_id = NULL, status = CASE status WHEN 'cut' THEN 'inactive' ELSE status END, kind = lower(kind);
	DELETE FROM netstate.site;
	INSERT INTO netstate.site (name, kind, geom) SELECT name, pg_temp.word('pop', 'data_centre', 'cable_landing'), geom FROM netstate.structure WHERE random() < 0.3;
	UPDATE netstate.structure t SET site_id = s.id FROM netstate.site s WHERE s.name = t.name;
	DELETE FROM netstate.duct;
	DELETE FROM netstate.span_crossing;
	UPDATE netstate.span SET corridor_id = NULL, side = NULL, encasement = 'none', mtbf_hours = NULL, mttr_hours = NULL,
		kind = CASE kind WHEN 'Bored by hand' THEN 'bore' ELSE kind END, status = CASE status WHEN 'cut' THEN 'inactive' ELSE status END,
		geom = CASE WHEN ST_NumGeometries(geom) > 1 THEN ST_MakeLine(ST_StartPoint(ST_GeometryN(geom, 1)), ST_EndPoint(ST_GeometryN(geom, 2))) ELSE geom END;
	DELETE FROM netstate.corridor;
	DELETE FROM netstate.hazard_area;
	UPDATE netstate.span SET length_m = least(length_m, 5 * drawn_m);
	INSERT INTO netstate.cable (name, strand_count, status) SELECT name, 1 + floor(random() * 400), status FROM netstate.span WHERE random() < 0.6;
	INSERT INTO netstate.cable_segment (cable_id, seq, span_id) SELECT c.id, 1, s.id FROM netstate.cable c JOIN netstate.span s ON s.name = c.name;
	before := ARRAY(SELECT pg_temp.plant());
	doc := netstate.export_ofds('7b3f0c8e-0000-4000-8000-000000000003', 'regress');
	PERFORM pg_temp.clear();
	PERFORM netstate.import_ofds(doc);
	SELECT count(*) INTO differences
	FROM ((SELECT pg_temp.plant() EXCEPT ALL SELECT unnest(before)) UNION ALL (SELECT unnest(before) EXCEPT ALL SELECT pg_temp.plant())) AS d;
	PERFORM pg_temp.clear();
	RETURN CASE WHEN differences > 0 THEN format('seed %s: %s differences', seed, differences) ELSE format('same, %s', cardinality(before) > 30) END;
END $$;
SELECT pg_temp.ofds_round_trip(s / 100.0) AS ofds, count(*) FROM generate_series(1, 8) AS s GROUP BY 1 ORDER BY 1;

-- 5. what is refused
-- not a document, or of another format or reference system
SELECT n, what, pg_temp.refusal(format('SELECT netstate.%s(%L)', reader, doc)) FROM (VALUES
	(1, 'no document', 'import_geojson', NULL),
	(2, 'no document', 'import_ofds', NULL),
	(3, 'a number', 'import_geojson', '17'),
	(4, 'a list', 'import_geojson', '[]'),
	(5, 'an empty object', 'import_geojson', '{}'),
	(6, 'one feature', 'import_geojson', '{"type": "Feature", "geometry": null, "properties": null}'),
	(7, 'type is a list', 'import_geojson', '{"type": ["FeatureCollection"], "features": []}'),
	(8, 'features is an object', 'import_geojson', '{"type": "FeatureCollection", "features": {}}'),
	(9, 'no feature', 'import_geojson', '{"type": "FeatureCollection", "features": []}'),
	(10, 'another reference system', 'import_geojson', '{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2157"}}, "features": [1]}'),
	(11, 'OFDS as GeoJSON', 'import_geojson', '{"networks": []}'),
	(12, 'a number', 'import_ofds', '17'),
	(13, 'an empty list', 'import_ofds', '[]'),
	(14, 'an empty object', 'import_ofds', '{}'),
	(15, 'a text', 'import_ofds', '"networks"'),
	(16, 'networks is an object', 'import_ofds', '{"networks": {}}'),
	(17, 'no network', 'import_ofds', '{"networks": []}'),
	(18, 'networks are numbers', 'import_ofds', '{"networks": [1, null, "x", [[]]]}'),
	(19, 'nodes are an object', 'import_ofds', '{"networks": [{"nodes": {"a": 1}, "spans": 3}]}'),
	(20, 'another reference system', 'import_ofds', '{"networks": [{"crs": {"name": "urn:ogc:def:crs:EPSG::2157"}, "nodes": []}]}'),
	(21, 'a reference system that is none', 'import_ofds', '{"networks": [{"crs": 7, "nodes": []}]}'),
	(22, 'a list of no collections', 'import_ofds', '[1, 2]')
) AS t (n, what, reader, doc) ORDER BY n;
-- malformed JSON never gets as far: PostgreSQL refuses it
SELECT what, left(pg_temp.refusal(format('SELECT netstate.import_geojson(%L)', doc)), 5) AS state FROM (VALUES
	(1, 'nothing', ''),
	(2, 'cut off', '{"type": "FeatureCollection", "features": [{"type": "Fea'),
	(3, 'NaN', '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [NaN, 1]}}]}'),
	(4, 'Infinity', '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, -Infinity]}}]}'),
	(5, 'a million levels', repeat('[', 1000000)),
	(6, 'a million levels, closed', repeat('{"type":', 1000000) || '1' || repeat('}', 1000000)),
	(7, 'a byte of zero', '{"type": "FeatureCollection\u0000"}'),
	(8, 'byte order mark', U&'\FEFF{"type": "FeatureCollection"}')
) AS t (n, what, doc) ORDER BY n;

-- features
SELECT n, what, (SELECT coalesce(string_agg(concat_ws(' ', r.place, r.object, left(r.name, 20), left(r.problem, 150)), '; '), 'nothing refused') FROM netstate.geojson_refusals(doc) AS r) AS refused,
	pg_temp.refusal(format('SELECT netstate.import_geojson(%L)', doc)) ~ '^22023 .* cannot be imported' AND pg_temp.refusal(format('SELECT netstate.import_geojson(%L)', doc)) !~ 'ROWS WERE LEFT' AS stops
FROM (VALUES
	(1, 'a number', pg_temp.collection('17')),
	(2, 'null', pg_temp.collection('null')),
	(3, 'a collection', pg_temp.collection('{"type": "FeatureCollection", "features": []}')),
	(4, 'properties are a list', pg_temp.collection('{"type": "Feature", "properties": [1], "geometry": {"type": "Point", "coordinates": [1, 1]}}')),
	(5, 'no geometry', pg_temp.collection('{"type": "Feature", "properties": {"name": "a"}}')),
	(6, 'geometry null', pg_temp.collection('{"type": "Feature", "properties": {"name": "a", "object": "structure"}, "geometry": null}')),
	(7, 'geometry is a text', pg_temp.collection('{"type": "Feature", "properties": {"name": "a"}, "geometry": "POINT(1 1)"}')),
	(8, 'geometry is a list', pg_temp.collection('{"type": "Feature", "properties": {"name": "a"}, "geometry": [1, 2]}')),
	(9, 'no type', pg_temp.collection('{"type": "Feature", "properties": {"name": "a"}, "geometry": {"coordinates": [1, 2]}}')),
	(10, 'type is an object', pg_temp.collection('{"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": {}, "coordinates": [1, 2]}}')),
	(11, 'unknown type', pg_temp.collection(pg_temp.feature('Circle', '[1, 1]'))),
	(12, 'a geometry collection', pg_temp.collection('{"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 1]}]}}')),
	(13, 'several points', pg_temp.collection(pg_temp.feature('MultiPoint', '[[1, 1], [2, 2]]'))),
	(14, 'a polygon', pg_temp.collection(pg_temp.feature('Polygon', '[[[1, 1], [2, 2], [1, 2], [1, 1]]]', '{"name": "a"}'))),
	(15, 'no coordinates', pg_temp.collection('{"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": "Point"}}')),
	(16, 'coordinates null', pg_temp.collection(pg_temp.feature('Point', 'null', '{"name": "a"}'))),
	(17, 'coordinates are an object', pg_temp.collection(pg_temp.feature('Point', '{"lon": 1, "lat": 1}', '{"name": "a"}'))),
	(18, 'coordinates empty', pg_temp.collection(pg_temp.feature('Point', '[]', '{"name": "a"}'))),
	(19, 'one coordinate', pg_temp.collection(pg_temp.feature('Point', '[1]', '{"name": "a"}'))),
	(20, 'four coordinates', pg_temp.collection(pg_temp.feature('Point', '[1, 2, 3, 4]', '{"name": "a"}'))),
	(21, 'coordinates of text', pg_temp.collection(pg_temp.feature('Point', '["1", "2"]', '{"name": "a"}'))),
	(22, 'a coordinate null', pg_temp.collection(pg_temp.feature('Point', '[1, null]', '{"name": "a"}'))),
	(23, 'height is a text', pg_temp.collection(pg_temp.feature('Point', '[1, 2, "3"]', '{"name": "a"}'))),
	(24, 'nested too deep', pg_temp.collection(pg_temp.feature('Point', '[[1, 2]]', '{"name": "a"}'))),
	(25, 'a thousand deep', pg_temp.collection(pg_temp.feature('Point', repeat('[', 1000) || repeat(']', 1000), '{"name": "a"}'))),
	(26, 'latitude 91', pg_temp.collection(pg_temp.feature('Point', '[1, 91.0000000001]', '{"name": "a"}'))),
	(27, 'longitude 540', pg_temp.collection(pg_temp.feature('Point', '[540, 1]', '{"name": "a"}'))),
	(28, 'exchanged', pg_temp.collection(pg_temp.feature('Point', '[35.68, 139.69]', '{"name": "Tokyo"}'))),
	(29, 'beyond a double', pg_temp.collection(pg_temp.feature('Point', '[1e400, 1]', '{"name": "a"}'))),
	(30, 'many digits', pg_temp.collection(pg_temp.feature('Point', '[' || repeat('9', 100000) || ', 1]', '{"name": "a"}'))),
	(31, 'a line of one vertex', pg_temp.collection(pg_temp.feature('LineString', '[[1, 1]]', '{"name": "a"}'))),
	(32, 'a line of a point', pg_temp.collection(pg_temp.feature('LineString', '[1, 1]', '{"name": "a"}'))),
	(33, 'a line with an empty vertex', pg_temp.collection(pg_temp.feature('LineString', '[[1, 1], []]', '{"name": "a"}'))),
	(34, 'a line with a vertex of three levels', pg_temp.collection(pg_temp.feature('LineString', '[[1, 1], [[2, 2]]]', '{"name": "a"}'))),
	(35, 'an empty part', pg_temp.collection(pg_temp.feature('MultiLineString', '[[[1, 1], [2, 2]], []]', '{"name": "a"}'))),
	(36, 'a part of one vertex', pg_temp.collection(pg_temp.feature('MultiLineString', '[[[1, 1], [2, 2]], [[3, 3]]]', '{"name": "a"}'))),
	(37, 'a part that is a number', pg_temp.collection(pg_temp.feature('MultiLineString', '[[[1, 1], [2, 2]], 5]', '{"name": "a"}'))),
	(38, 'too many vertices', pg_temp.collection(pg_temp.feature('LineString', '[' || repeat('[1,1],', 100000) || '[1,1]]', '{"name": "a"}'))),
	(39, 'a ring that is open', pg_temp.collection(pg_temp.feature('Polygon', '[[[1, 1], [2, 2], [1, 2], [1, 3]]]', '{"name": "a", "object": "hazard_area"}'))),
	(40, 'a ring of three', pg_temp.collection(pg_temp.feature('Polygon', '[[[1, 1], [2, 2], [1, 1]]]', '{"name": "a", "object": "hazard_area"}'))),
	(41, 'a polygon without rings', pg_temp.collection(pg_temp.feature('MultiPolygon', '[[]]', '{"name": "a", "object": "hazard_area"}'))),
	(42, 'an empty ring', pg_temp.collection(pg_temp.feature('MultiPolygon', '[[[[1, 1], [2, 2], [1, 2], [1, 1]], []]]', '{"name": "a", "object": "hazard_area"}'))),
	(43, 'a point as a span', pg_temp.collection(pg_temp.feature('Point', '[1, 1]', '{"name": "a", "object": "span"}'))),
	(44, 'no name', pg_temp.collection(pg_temp.feature('Point', '[1, 1]'))),
	(45, 'a blank name', pg_temp.collection(pg_temp.feature('Point', '[1, 1]', '{"name": " "}'))),
	(46, 'a long name', pg_temp.collection(pg_temp.feature('Point', '[1, 1]', format('{"name": "%s"}', repeat('x', 1000000))))),
	(47, 'a name that is an object', pg_temp.collection(pg_temp.feature('Point', '[1, 1]', '{"name": {"en": "a"}}'))),
	(48, 'a name twice', pg_temp.collection(pg_temp.feature('Point', '[1, 1]', '{"name": "a"}'), pg_temp.feature('Point', '[2, 1]', '{"name": "a"}'))),
	(49, 'unknown object', pg_temp.collection(pg_temp.feature('Point', '[1, 1]', '{"name": "a", "object": "duct"}'))),
	(50, 'unknown status', pg_temp.collection(pg_temp.feature('Point', '[1, 1]', '{"name": "a", "status": "mostly"}'))),
	(51, 'site nowhere', pg_temp.collection(pg_temp.feature('Point', '[1, 1]', '{"name": "a", "site": "b"}'))),
	(52, 'zone without region', pg_temp.collection(pg_temp.feature('Point', '[1, 1]', '{"name": "a", "object": "site", "zone": "zone 1"}'))),
	(53, 'zone nowhere', pg_temp.collection(pg_temp.feature('Point', '[1, 1]', '{"name": "a", "object": "site", "zone": "b", "region": "c"}')))
) AS t (n, what, doc) ORDER BY n;

-- spans: between two structures that are there
CREATE FUNCTION pg_temp.between(properties text, coordinates text DEFAULT '[[1, 1], [1, 2]]') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT pg_temp.collection(pg_temp.feature('Point', '[1, 1]', '{"name": "a"}'), pg_temp.feature('Point', '[1, 2]', '{"name": "b"}'),
		pg_temp.feature('Point', '[3, 3]', '{"name": "c"}'), pg_temp.feature('Point', '[3, 3]', '{"name": "d"}'),
		pg_temp.feature('LineString', coordinates, properties))
$$;
SELECT n, what, (SELECT coalesce(string_agg(concat_ws(' ', r.place, r.object, left(r.name, 20), left(r.problem, 150)), '; '), 'nothing refused') FROM netstate.geojson_refusals(doc) AS r) AS refused,
	pg_temp.refusal(format('SELECT netstate.import_geojson(%L)', doc)) ~ '^22023 .* cannot be imported' AND pg_temp.refusal(format('SELECT netstate.import_geojson(%L)', doc)) !~ 'ROWS WERE LEFT' AS stops
FROM (VALUES
	(1, 'an end nowhere', pg_temp.between('{"from": "a", "to": "x"}')),
	(2, 'both ends one', pg_temp.between('{"from": "a", "to": "a"}')),
	(3, 'no structure near', pg_temp.between('{"name": "s"}', '[[1, 1], [1, 2.1]]')),
	(4, 'two structures equally near', pg_temp.between('{"name": "s"}', '[[1, 1], [3, 3]]')),
	(5, 'an end of an object', pg_temp.between('{"name": "s", "from": {"id": 1}}')),
	(6, 'corridor nowhere', pg_temp.between('{"name": "s", "corridor": "x"}')),
	(7, 'side without corridor', pg_temp.between('{"name": "s", "side": "left"}')),
	(8, 'unknown side', pg_temp.between('{"name": "s", "side": "north", "corridor": "x"}')),
	(9, 'unknown encasement', pg_temp.between('{"name": "s", "encasement": "wood"}')),
	(10, 'length negative', pg_temp.between('{"name": "s", "length_m": -1}')),
	(11, 'length a text', pg_temp.between('{"name": "s", "length_m": "a mile"}')),
	(12, 'length huge', pg_temp.between('{"name": "s", "length_m": 1e300}')),
	(13, 'length of 100,000 digits', pg_temp.between(format('{"name": "s", "length_m": %s}', repeat('9', 100000)))),
	(14, 'mtbf 0', pg_temp.between('{"name": "s", "mtbf_hours": 0}')),
	(15, 'mttr NaN', pg_temp.between('{"name": "s", "mttr_hours": "NaN"}')),
	(16, 'ducts an object', pg_temp.between('{"name": "s", "ducts": {"name": "x"}}')),
	(17, 'a duct is a text', pg_temp.between('{"name": "s", "ducts": ["x"]}')),
	(18, 'a duct without a name', pg_temp.between('{"name": "s", "ducts": [{"name": "x", "ducts": [{"kind": "y"}]}]}')),
	(19, 'a duct twice', pg_temp.between('{"name": "s", "ducts": [{"name": "x"}, {"name": "x"}]}')),
	(20, 'ducts in a text', pg_temp.between('{"name": "s", "ducts": [{"name": "x", "ducts": "y"}]}')),
	(21, 'ducts 65 deep', pg_temp.between(format('{"name": "s", "ducts": %s null %s}', repeat('[{"name": "x", "ducts":', 65), repeat('}]', 65)))),
	(22, 'ducts 1,000 deep', pg_temp.between(format('{"name": "s", "ducts": %s null %s}', repeat('[{"name": "x", "ducts":', 1000), repeat('}]', 1000)))),
	(23, 'crossings a text', pg_temp.between('{"name": "s", "crossings": "c"}')),
	(24, 'a crossing is a number', pg_temp.between('{"name": "s", "crossings": [1]}')),
	(25, 'unknown passage', pg_temp.between('{"name": "s", "crossings": [{"structure": "c", "passage": "beside"}]}')),
	(26, 'a crossing twice', pg_temp.between('{"name": "s", "crossings": [{"structure": "c", "passage": "over"}, {"structure": "c", "passage": "under"}]}')),
	(27, 'crosses nothing', pg_temp.between('{"name": "s", "crossings": [{"structure": "x", "passage": "over"}]}')),
	(28, 'all is well', pg_temp.between('{"name": "s", "ducts": null, "crossings": [], "side": "", "status": null}'))
) AS t (n, what, doc) ORDER BY n;

-- nodes and spans of the standard
CREATE FUNCTION pg_temp.network(nodes text, spans text DEFAULT '') RETURNS jsonb
LANGUAGE sql AS $$ SELECT format('{"networks": [{"nodes": [%s], "spans": [%s]}]}', nodes, spans)::jsonb $$;
SELECT n, what, (SELECT coalesce(string_agg(concat_ws(' ', r.place, r.object, left(r.name, 20), left(r.problem, 150)), '; '), 'nothing refused') FROM netstate.ofds_refusals(doc) AS r) AS refused,
	pg_temp.refusal(format('SELECT netstate.import_ofds(%L)', doc)) ~ '^22023 .* cannot be imported' AND pg_temp.refusal(format('SELECT netstate.import_ofds(%L)', doc)) !~ 'ROWS WERE LEFT' AS stops
FROM (VALUES
	(1, 'a node that is a number', pg_temp.network('1, null, [], "x"')),
	(2, 'no id', pg_temp.network('{"name": "a", "location": {"type": "Point", "coordinates": [1, 1]}}')),
	(3, 'an id twice', pg_temp.network('{"id": "1", "location": {"type": "Point", "coordinates": [1, 1]}}, {"id": "1", "location": {"type": "Point", "coordinates": [1, 1]}}')),
	(4, 'no location', pg_temp.network('{"id": "1"}')),
	(5, 'location is a line', pg_temp.network('{"id": "1", "location": {"type": "LineString", "coordinates": [[1, 1], [2, 2]]}}')),
	(6, 'latitude 91', pg_temp.network('{"id": "1", "location": {"type": "Point", "coordinates": [1, 91]}}')),
	(7, 'unknown status', pg_temp.network('{"id": "1", "status": "mostly", "location": {"type": "Point", "coordinates": [1, 1]}}')),
	(8, 'name is a list', pg_temp.network('{"id": "1", "name": ["a"], "location": {"type": "Point", "coordinates": [1, 1]}}')),
	(9, 'type is a text', pg_temp.network('{"id": "1", "type": "pop", "location": {"type": "Point", "coordinates": [1, 1]}}')),
	(10, 'type is a list of numbers', pg_temp.network('{"id": "1", "type": [1], "location": {"type": "Point", "coordinates": [1, 1]}}')),
	(11, 'a span at no node', pg_temp.network('{"id": "1", "location": {"type": "Point", "coordinates": [1, 1]}}', '{"id": "1", "start": "1", "end": "2", "route": {"type": "LineString", "coordinates": [[1, 1], [2, 2]]}}')),
	(12, 'a span without a route', pg_temp.network('', '{"id": "1"}')),
	(13, 'fibreCount is a text', pg_temp.network('', '{"id": "1", "fibreCount": "many"}')),
	(14, 'fibreLength is negative', pg_temp.network('', '{"id": "1", "fibreLength": -1}')),
	(15, 'start is a list', pg_temp.network('', '{"id": "1", "start": ["1"]}')),
	(16, 'half a fibre', pg_temp.network('{"id": "1", "location": {"type": "Point", "coordinates": [1, 1]}}, {"id": "2", "location": {"type": "Point", "coordinates": [2, 2]}}',
		'{"id": "1", "start": "1", "end": "2", "fibreCount": 1.5, "route": {"type": "LineString", "coordinates": [[1, 1], [2, 2]]}}')),
	(17, 'fibres beyond number', pg_temp.network('{"id": "1", "location": {"type": "Point", "coordinates": [1, 1]}}, {"id": "2", "location": {"type": "Point", "coordinates": [2, 2]}}',
		'{"id": "1", "start": "1", "end": "2", "fibreCount": 1e30, "route": {"type": "LineString", "coordinates": [[1, 1], [2, 2]]}}')),
	(18, 'a span of nothing but itself', pg_temp.network('', '[[[1]]]'))
) AS t (n, what, doc) ORDER BY n;

-- bad arguments
SELECT what, pg_temp.refusal(statement) FROM (VALUES
	(1, 'tolerance null', $$SELECT netstate.import_geojson(pg_temp.between('{}'), tolerance_m => NULL)$$),
	(2, 'tolerance negative', $$SELECT netstate.import_geojson(pg_temp.between('{}'), tolerance_m => -1)$$),
	(3, 'tolerance NaN', $$SELECT netstate.import_ofds(pg_temp.network('{"id": "1"}'), tolerance_m => 'NaN')$$),
	(4, 'tolerance 1,001', $$SELECT netstate.geojson_refusals(pg_temp.between('{}'), tolerance_m => 1001)$$),
	(5, 'areas null', $$SELECT netstate.import_geojson(pg_temp.between('{}'), hazard_areas => NULL)$$),
	(6, 'skip null', $$SELECT netstate.import_geojson(pg_temp.between('{}'), skip_refused => NULL)$$),
	(7, 'skip null', $$SELECT netstate.import_ofds(pg_temp.network('{"id": "1"}'), skip_refused => NULL)$$),
	(8, 'objects null', $$SELECT netstate.export_geojson(NULL)$$),
	(9, 'unknown object', $$SELECT netstate.export_geojson(ARRAY['span', 'cable'])$$),
	(10, 'object null', $$SELECT netstate.export_geojson(ARRAY['span', NULL])$$),
	(11, 'id null', $$SELECT netstate.export_ofds(NULL)$$)
) AS t (n, what, statement) ORDER BY n;

-- cut off at any place, a document is refused
SELECT count(*) AS cuts, count(*) FILTER (WHERE pg_temp.refusal(format('SELECT netstate.import_geojson(%L)', left(doc::text, cut))) LIKE '22P02%') AS refused
FROM document CROSS JOIN LATERAL generate_series(0, char_length(doc::text) - 1, 37) AS cut
WHERE name = 'map';

-- random damage: a value of a good document replaced by something else; whatever
-- comes of it, the server stays, and what is refused leaves no row
CREATE FUNCTION pg_temp.damaged(doc jsonb, depth int DEFAULT 0) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	junk CONSTANT jsonb[] := ARRAY['null', 'true', '-0.0', '1e308', '181', '-91', '""', '"x"', '[]', '{}', '[[[[[]]]]]', '[1]', '[null, null]', '{"type": "Point"}',
		'[[0, 0], [0, 0]]', '{"type": "GeometryCollection", "geometries": []}', '1e-320', '"2147483648"', '[[179, 0], [-179, 0]]'];
	n int;
	key text;
BEGIN
	IF random() < 0.1 * depth OR jsonb_typeof(doc) NOT IN ('array', 'object') OR doc IN ('[]', '{}') THEN
		RETURN junk[1 + floor(random() * cardinality(junk))::int];
	ELSIF jsonb_typeof(doc) = 'array' THEN
		n := floor(random() * jsonb_array_length(doc))::int;
		RETURN jsonb_set(doc, ARRAY[n::text], pg_temp.damaged(doc -> n, depth + 1));
	END IF;
	SELECT k INTO key FROM jsonb_object_keys(doc) AS k ORDER BY random() LIMIT 1;
	IF random() < 0.1 THEN
		RETURN doc - key;
	END IF;
	RETURN jsonb_set(doc, ARRAY[key], pg_temp.damaged(doc -> key, depth + 1));
END $$;
CREATE FUNCTION pg_temp.damage(reader text, doc jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	before bigint := (SELECT count(*) FROM pg_temp.plant());
	answer text := 'accepted';
BEGIN
	FOR i IN 0..floor(random() * 3)::int LOOP
		doc := pg_temp.damaged(doc);
	END LOOP;
	BEGIN
		EXECUTE format('SELECT netstate.%s($1, skip_refused => $2)', reader) USING doc, random() < 0.5;
		PERFORM pg_temp.clear();
	EXCEPTION WHEN invalid_parameter_value THEN
		answer := CASE WHEN (SELECT count(*) FROM pg_temp.plant()) = before THEN 'refused' ELSE 'ROWS WERE LEFT' END;
	WHEN OTHERS THEN
		answer := format('%s %s %s', SQLSTATE, SQLERRM, doc);
	END;
	RETURN answer;
END $$;
SELECT setseed(0.17), pg_temp.clear();
SELECT 'import_geojson' AS reader, pg_temp.damage('import_geojson', doc) AS answer, count(*) > 10 AS many FROM document, generate_series(1, 120) WHERE name = 'map' GROUP BY 2 ORDER BY 2;
SELECT 'import_ofds' AS reader, pg_temp.damage('import_ofds', doc) AS answer, count(*) > 10 AS many FROM document, generate_series(1, 120) WHERE name = 'ofds' GROUP BY 2 ORDER BY 2;

-- 6. the staging views
INSERT INTO netstate.site (name) VALUES ('stage');
INSERT INTO netstate.staging_structure (name, kind, status, site, geom) VALUES ('P 1', 'pole', 'Live', 'stage', 'SRID=4326;POINT(1 1)'), ('P 2', NULL, NULL, NULL, 'SRID=4326;POINT(1 2)');
INSERT INTO netstate.corridor (name, geom) VALUES ('stage road', 'SRID=4326;LINESTRING(1 1,1 2)');
INSERT INTO netstate.staging_span (name, kind, a_structure, z_structure, length_m, corridor, side, encasement, status, geom)
VALUES ('W 1', 'aerial', 'P 2', 'P 1', 111000, 'stage road', 'Left', NULL, 'in use', 'SRID=4326;LINESTRING(1 1,1 2)'), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'SRID=4326;MULTILINESTRING((1 1,1 1.5),(1 1.5,1 2))');
INSERT INTO netstate.staging_span (name, kind, geom) VALUES (' ', '', 'SRID=4326;LINESTRING(1 2,1 1.7,1 1)'), (NULL, NULL, 'SRID=4326;LINESTRING(1 1,1 2)');
INSERT INTO netstate.staging_structure (name, geom) VALUES ('far east', 'SRID=4326;POINT(179 10)'), ('far west', 'SRID=4326;POINT(-179 12)');
INSERT INTO netstate.staging_span (name, geom) VALUES ('over the antimeridian', 'SRID=4326;LINESTRING(179 10,-179 12)');
INSERT INTO netstate.staging_span (name, a_structure, z_structure, geom) VALUES ('a place there', 'far east', 'far west', 'SRID=4326;LINESTRING(180 11,-180 11)');
SELECT name, kind, status, site, ST_AsText(geom) FROM netstate.staging_structure ORDER BY name COLLATE "C";
SELECT name, kind, a_structure, z_structure, length_m, corridor, side, encasement, status, ST_AsText(geom) FROM netstate.staging_span ORDER BY name COLLATE "C";
SELECT what, regexp_replace(pg_temp.refusal('INSERT INTO netstate.staging_' || row), ' . Failing row.*', '') AS refusal FROM (VALUES
	(1, 'no name', $$structure (geom) VALUES ('SRID=4326;POINT(1 1)')$$),
	(2, 'a name twice', $$structure (name, geom) VALUES ('P 3', 'SRID=4326;POINT(1 1)'), ('P 1', 'SRID=4326;POINT(1 1)')$$),
	(3, 'no place', $$structure (name) VALUES ('P 3')$$),
	(4, 'an empty place', $$structure (name, geom) VALUES ('P 3', 'SRID=4326;POINT EMPTY')$$),
	(5, 'latitude 91', $$structure (name, geom) VALUES ('P 3', 'SRID=4326;POINT(1 91)')$$),
	(6, 'NaN', $$structure (name, geom) VALUES ('P 3', 'SRID=4326;POINT(NaN 1)')$$),
	(7, 'another reference system', $$structure (name, geom) VALUES ('P 3', 'SRID=3857;POINT(1 1)')$$),
	(8, 'a line', $$structure (name, geom) VALUES ('P 3', 'SRID=4326;LINESTRING(1 1,1 2)')$$),
	(9, 'unknown status', $$structure (name, status, geom) VALUES ('P 3', 'x', 'SRID=4326;POINT(1 1)')$$),
	(10, 'site nowhere', $$structure (name, site, geom) VALUES ('P 3', 'x', 'SRID=4326;POINT(1 1)')$$),
	(11, 'a point', $$span (name, geom) VALUES ('W 2', 'SRID=4326;POINT(1 1)')$$),
	(12, 'an empty line', $$span (name, geom) VALUES ('W 2', 'SRID=4326;LINESTRING EMPTY')$$),
	(13, 'an empty part', $$span (name, geom) VALUES ('W 2', 'SRID=4326;MULTILINESTRING((1 1,1 2),EMPTY)')$$),
	(14, 'latitude 91', $$span (name, geom) VALUES ('W 2', 'SRID=4326;LINESTRING(1 1,1 91)')$$),
	(15, 'an end nowhere', $$span (name, a_structure, geom) VALUES ('W 2', 'x', 'SRID=4326;LINESTRING(1 1,1 2)')$$),
	(16, 'no structure near', $$span (name, geom) VALUES ('W 2', 'SRID=4326;LINESTRING(1 1,1 3)')$$),
	(17, 'infinite length', $$span (name, length_m, geom) VALUES ('W 2', 'Infinity', 'SRID=4326;LINESTRING(1 1,1 2)')$$),
	(18, 'unknown status', $$span (name, status, geom) VALUES ('W 2', 'x', 'SRID=4326;LINESTRING(1 1,1 2)')$$),
	(19, 'corridor nowhere', $$span (name, corridor, geom) VALUES ('W 2', 'x', 'SRID=4326;LINESTRING(1 1,1 2)')$$),
	(20, 'both ends one', $$span (name, a_structure, geom) VALUES ('W 2', 'P 2', 'SRID=4326;LINESTRING(1 1,1 2)')$$),
	(21, 'side without corridor', $$span (name, side, geom) VALUES ('W 2', 'left', 'SRID=4326;LINESTRING(1 1,1 2)')$$)
) AS t (n, what, row) ORDER BY n;
SELECT pg_temp.refusal($$UPDATE netstate.staging_span SET name = 'x'$$) LIKE '55000%' AS no_update;

-- 7. the caller's rights
CREATE ROLE regress_import_plant;
GRANT USAGE ON SCHEMA netstate TO regress_import_plant;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA netstate TO regress_import_plant;
GRANT SELECT ON ALL TABLES IN SCHEMA netstate TO regress_import_plant;
SET LOCAL ROLE regress_import_plant;
SELECT jsonb_array_length(netstate.export_geojson() -> 'features') > 0 AS exported;
DO $$
BEGIN
	PERFORM netstate.import_geojson('{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": "Point", "coordinates": [1, 1]}}]}');
EXCEPTION WHEN insufficient_privilege THEN
	RAISE NOTICE 'a reader may not import';
END $$;
DO $$
BEGIN
	INSERT INTO netstate.staging_structure (name) VALUES ('a');
EXCEPTION WHEN insufficient_privilege THEN
	RAISE NOTICE 'a reader may not stage';
END $$;
RESET ROLE;

ROLLBACK;
