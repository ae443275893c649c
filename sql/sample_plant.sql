-- The plant of the sample: what is there, that it hangs together, and which
-- circuits share what, derived here by plain SQL.
\getenv abs_srcdir PG_ABS_SRCDIR
\pset null '(null)'
BEGIN;

\set ECHO none
\i :abs_srcdir/extension/sample/netstate_sample.sql
\set ECHO all

-- What COMMIT would prove.
SET CONSTRAINTS ALL IMMEDIATE;

-- Nothing is left behind.
SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema();

---- what is there

SELECT (SELECT count(*) FROM netstate.span) >= 2000 AS spans,
	(SELECT count(*) FROM netstate.structure) >= 1800 AS structures,
	(SELECT count(*) FROM netstate.duct) >= 5000 AS ducts,
	(SELECT count(*) FROM netstate.cable_segment) >= 2500 AS segments,
	(SELECT count(*) FROM netstate.link JOIN netstate.network ON network.id = network_id
	 WHERE network.name = 'dublin_optical') >= 30 AS circuits,
	(SELECT count(*) FROM netstate.link JOIN netstate.network ON network.id = network_id
	 WHERE network.name = 'dublin') >= 20 AS bundles,
	(SELECT count(*) FROM netstate.splice) >= 10 AS splices,
	(SELECT count(*) FROM netstate.hazard_area) AS hazard_areas;

-- Buildings with entrances, in Dublin and across the sea.
SELECT coalesce(zone.name, '-') AS zone, site.name, site.kind, count(*) AS entrances
FROM netstate.structure
JOIN netstate.site ON site.id = structure.site_id
LEFT JOIN netstate.zone ON zone.id = site.zone_id
WHERE structure.kind = 'building_entrance'
GROUP BY zone.name, site.name, site.kind
ORDER BY 1, 2;

SELECT kind, count(*) >= 2 AS several, round(min(drawn_m)) >= 10 AS not_short,
	round(max(drawn_m)) <= CASE kind WHEN 'submarine' THEN 250000 WHEN 'tunnel' THEN 1000 ELSE 700 END AS not_long
FROM netstate.span
GROUP BY kind
ORDER BY kind;

-- The motorway has a line on each side and one in the middle.
SELECT corridor.name, span.side, count(*) > 100 AS spans, round(sum(drawn_m) / 1000) AS km,
	count(DISTINCT span.encasement) AS encasements, min(span.encasement) AS encasement
FROM netstate.span
JOIN netstate.corridor ON corridor.id = span.corridor_id
GROUP BY corridor.name, span.side
ORDER BY span.side;

-- One cable over the river, and one under it.
SELECT bridge.name, crossing.passage, span.name AS span, cable.name AS cable
FROM netstate.structure AS bridge
JOIN netstate.span_crossing AS crossing ON crossing.structure_id = bridge.id
JOIN netstate.span ON span.id = crossing.span_id
LEFT JOIN netstate.cable_segment AS segment ON segment.span_id = span.id
LEFT JOIN netstate.cable ON cable.id = segment.cable_id
WHERE bridge.name = 'Samuel Beckett Bridge'
ORDER BY crossing.passage;

SELECT passage, count(DISTINCT structure_id) AS structures, count(*) AS spans
FROM netstate.span_crossing GROUP BY passage ORDER BY passage;

SELECT depth, count(*) > 50 AS ducts, string_agg(DISTINCT kind, ', ') AS kinds
FROM netstate.duct GROUP BY depth ORDER BY depth;

SELECT min(strand_count), max(strand_count) FROM netstate.cable;

---- that it hangs together

-- A span is drawn from its A to its Z; a degree is not far from Dublin, but for
-- what leads to the other side of the sea.
SELECT count(*) FILTER (WHERE NOT (ST_StartPoint(span.geom) OPERATOR(public.=) a.geom
		AND ST_EndPoint(span.geom) OPERATOR(public.=) z.geom)) AS not_from_end_to_end,
	count(*) FILTER (WHERE NOT ST_DWithin(a.geom, ST_SetSRID(ST_Point(-6.26, 53.35), 4326), 0.3)
		AND span.kind NOT IN ('riser', 'trench')) AS far_away
FROM netstate.span
JOIN netstate.structure AS a ON a.id = span.a_structure_id
JOIN netstate.structure AS z ON z.id = span.z_structure_id;

-- The plant is one piece.
WITH RECURSIVE reached (id) AS (
	SELECT id FROM netstate.structure WHERE name = 'Dublin meet-me room'
	UNION
	SELECT CASE reached.id WHEN span.a_structure_id THEN span.z_structure_id ELSE span.a_structure_id END
	FROM reached
	JOIN netstate.span ON reached.id IN (span.a_structure_id, span.z_structure_id)
)
SELECT structure.name, structure.kind
FROM netstate.structure
WHERE id NOT IN (SELECT id FROM reached)
	AND kind NOT IN ('bridge', 'tunnel')
ORDER BY structure.name;

-- Roads meet in structures; but the tunnel passes under three of them.
SELECT a.name AS one, b.name AS other
FROM netstate.span AS a
JOIN netstate.span AS b ON b.id + 0 < a.id + 0 AND ST_Intersects(a.geom, b.geom)
WHERE a.a_structure_id NOT IN (b.a_structure_id, b.z_structure_id)
	AND a.z_structure_id NOT IN (b.a_structure_id, b.z_structure_id)
ORDER BY a.name, b.name;

-- Cables are chains; each starts somewhere and leads on.
CREATE TEMPORARY VIEW segment AS
SELECT s.cable_id, s.seq, s.span_id, s.duct_id,
	ARRAY[span.a_structure_id, span.z_structure_id] AS ends,
	lag(ARRAY[span.a_structure_id, span.z_structure_id]) OVER w AS ends_before,
	lag(s.seq, 1, 0) OVER w AS seq_before
FROM netstate.cable_segment AS s
JOIN netstate.span ON span.id = s.span_id
WINDOW w AS (PARTITION BY s.cable_id ORDER BY s.seq);

SELECT count(*) FILTER (WHERE seq <> seq_before + 1) AS gaps,
	count(*) FILTER (WHERE NOT ends && ends_before) AS breaks,
	count(*) FILTER (WHERE duct_id IS NOT NULL) > 2000 AS many_in_ducts
FROM segment;

-- Every pair of strands leads from the room of its A to that of its Z. Stop n of
-- a cable is the structure after its n-th segment.
CREATE TEMPORARY TABLE stop AS
SELECT cable_id, seq - 1 AS n, CASE WHEN ends[1] = ANY (ends_after) THEN ends[2] ELSE ends[1] END AS structure_id
FROM (SELECT *, lead(ends) OVER (PARTITION BY cable_id ORDER BY seq) AS ends_after FROM segment) AS s
WHERE seq = 1
UNION ALL
SELECT cable_id, seq - 1, CASE WHEN ends[1] = ANY (ends_before) THEN ends[1] ELSE ends[2] END
FROM segment WHERE seq > 1
UNION ALL
SELECT cable_id, seq, CASE WHEN ends[1] = ANY (ends_before) THEN ends[2] ELSE ends[1] END
FROM (SELECT *, lead(seq) OVER (PARTITION BY cable_id ORDER BY seq) AS seq_after FROM segment) AS s
WHERE seq_after IS NULL AND seq > 1;

CREATE TEMPORARY TABLE ride AS
SELECT a.link_id, a.seq, a.cable_id, a.strands, a.segments,
	start.structure_id AS one, finish.structure_id AS other
FROM netstate.strand_assignment AS a
JOIN stop AS start ON start.cable_id = a.cable_id AND start.n = lower(a.segments) - 1
JOIN stop AS finish ON finish.cable_id = a.cable_id AND finish.n = upper(a.segments) - 1;

WITH RECURSIVE walk AS (
	SELECT link.id AS link_id, 0 AS seq, a.structure_id AS at, z.structure_id AS goal
	FROM netstate.link
	JOIN netstate.node AS a ON a.id = link.a_node_id
	JOIN netstate.node AS z ON z.id = link.z_node_id
	WHERE link.id IN (SELECT link_id FROM netstate.strand_assignment)
	UNION ALL
	SELECT walk.link_id, ride.seq,
		CASE walk.at WHEN ride.one THEN ride.other WHEN ride.other THEN ride.one END, walk.goal
	FROM walk
	JOIN ride ON ride.link_id = walk.link_id AND ride.seq = walk.seq + 1
)
SELECT count(DISTINCT link_id) >= 40 AS many,
	count(DISTINCT link_id) = count(*) FILTER (WHERE at = goal
		AND seq = (SELECT max(seq) FROM ride WHERE ride.link_id = walk.link_id)) AS all_arrive
FROM walk;

-- Where a pair goes on in another cable its strands are joined, one to one.
SELECT count(*) AS hops, count(splice.id) AS joined,
	count(*) FILTER (WHERE (splice.kind = 'patch') IS DISTINCT FROM (structure.kind = 'meet_me_room')) AS other_kind,
	count(*) FILTER (WHERE (splice.kind = 'fusion') IS DISTINCT FROM (splice.closure_id IS NOT NULL)) AS no_closure
FROM ride AS a
JOIN ride AS z ON z.link_id = a.link_id AND z.seq = a.seq + 1
LEFT JOIN netstate.splice ON splice.a_cable_id = a.cable_id AND splice.a_strands = a.strands
	AND splice.z_cable_id = z.cable_id AND splice.z_strands = z.strands
	AND splice.a_seq IN (lower(a.segments), upper(a.segments) - 1)
	AND splice.z_seq IN (lower(z.segments), upper(z.segments) - 1)
	AND splice.structure_id IN (a.one, a.other) AND splice.structure_id IN (z.one, z.other)
LEFT JOIN netstate.structure ON structure.id = splice.structure_id;

---- what circuits share

CREATE TEMPORARY VIEW circuit AS
SELECT link.* FROM netstate.link
JOIN netstate.network ON network.id = link.network_id AND network.name = 'dublin_optical';

CREATE TEMPORARY TABLE circuit_span AS
SELECT DISTINCT circuit.id AS circuit_id, s.span_id, s.duct_id, s.cable_id
FROM circuit
JOIN netstate.link_support AS beneath ON beneath.link_id = circuit.id
JOIN netstate.strand_assignment AS a ON a.link_id = beneath.supporting_link_id
JOIN netstate.cable_segment AS s ON s.cable_id = a.cable_id
	AND s.seq >= lower(a.segments) AND s.seq < upper(a.segments);

-- The nodes of a circuit: its own, and those of the fibre beneath.
CREATE TEMPORARY TABLE circuit_node AS
SELECT DISTINCT circuit.id AS circuit_id, node.id AS node_id, node.site_id,
	node.id IN (circuit.a_node_id, circuit.z_node_id, a.supporting_node_id, z.supporting_node_id) AS is_end
FROM circuit
JOIN netstate.link_support AS beneath ON beneath.link_id = circuit.id
JOIN netstate.link AS fibre ON fibre.id = beneath.supporting_link_id
JOIN netstate.node AS a ON a.id = circuit.a_node_id
JOIN netstate.node AS z ON z.id = circuit.z_node_id
JOIN netstate.node ON node.id IN (a.id, z.id, fibre.a_node_id, fibre.z_node_id);

-- All that can fail beneath a circuit. A pair of spans is an element of both.
CREATE TEMPORARY TABLE hit AS
SELECT circuit_id, 'span' AS kind, span_id::text AS element FROM circuit_span
UNION SELECT circuit_id, 'cable', cable_id::text FROM circuit_span
UNION SELECT circuit_id, 'duct', up.id::text
	FROM circuit_span CROSS JOIN LATERAL (
		WITH RECURSIVE up AS (
			SELECT id, parent_id FROM netstate.duct WHERE id = duct_id
			UNION ALL
			SELECT duct.id, duct.parent_id FROM up JOIN netstate.duct ON duct.id = up.parent_id)
		SELECT id FROM up) AS up
UNION SELECT circuit_id, 'structure', e.id::text
	FROM circuit_span JOIN netstate.span ON span.id = span_id
	CROSS JOIN LATERAL (VALUES (a_structure_id), (z_structure_id)) AS e (id)
UNION SELECT circuit_id, 'structure', crossing.structure_id::text
	FROM circuit_span JOIN netstate.span_crossing AS crossing USING (span_id)
UNION SELECT circuit_id, 'site', structure.site_id::text
	FROM circuit_span JOIN netstate.span ON span.id = span_id
	JOIN netstate.structure ON structure.id IN (a_structure_id, z_structure_id)
	WHERE structure.site_id IS NOT NULL
UNION SELECT circuit_id, 'site', site_id::text FROM circuit_node
UNION SELECT circuit_id, 'power_feed', power_feed_id::text
	FROM circuit_node JOIN netstate.site_power_feed USING (site_id)
UNION SELECT circuit_id, 'corridor', corridor.id || ' stretch ' || stretch
	FROM circuit_span JOIN netstate.span ON span.id = span_id
	JOIN netstate.corridor ON corridor.id = corridor_id
	CROSS JOIN LATERAL (
		SELECT floor(ST_Length(corridor.geom::geography) / 1000 * ST_LineLocatePoint(corridor.geom,
				ST_StartPoint(span.geom)))::integer AS one,
			floor(ST_Length(corridor.geom::geography) / 1000 * ST_LineLocatePoint(corridor.geom,
				ST_EndPoint(span.geom)))::integer AS other
	) AS place
	CROSS JOIN LATERAL generate_series(least(one, other), greatest(one, other)) AS stretch
UNION SELECT circuit_id, 'hazard_area', hazard_area.id::text
	FROM circuit_span JOIN netstate.span ON span.id = span_id
	JOIN netstate.hazard_area ON ST_Intersects(hazard_area.geom, span.geom)
UNION SELECT circuit_id, 'hazard_area', hazard_area.id::text
	FROM circuit_node JOIN netstate.node ON node.id = node_id
	JOIN netstate.hazard_area ON ST_Intersects(hazard_area.geom, node.geom);

-- Spans that cross or come within 5 m without a structure in common: more than
-- any rule of proximity counts.
INSERT INTO hit
SELECT used.circuit_id, 'span_pair', a.id || ' and ' || b.id
FROM netstate.span AS a
JOIN netstate.span AS b ON a.id + 0 < b.id + 0 AND b.geom && ST_Expand(a.geom, 0.0001)
	AND ST_DWithin(a.geom::geography, b.geom::geography, 5)
JOIN circuit_span AS used ON used.span_id IN (a.id, b.id)
WHERE a.a_structure_id NOT IN (b.a_structure_id, b.z_structure_id)
	AND a.z_structure_id NOT IN (b.a_structure_id, b.z_structure_id)
GROUP BY used.circuit_id, a.id, b.id;

-- Nothing survives its own ends: their rooms, buildings, feeds, hazards.
CREATE TEMPORARY TABLE end_hit AS
SELECT n.circuit_id, 'structure' AS kind, node.structure_id::text AS element
	FROM circuit_node AS n JOIN netstate.node ON node.id = n.node_id
	WHERE n.is_end AND node.structure_id IS NOT NULL
UNION SELECT circuit_id, 'site', site_id::text FROM circuit_node WHERE is_end
UNION SELECT circuit_id, 'power_feed', power_feed_id::text
	FROM circuit_node JOIN netstate.site_power_feed USING (site_id) WHERE is_end
UNION SELECT circuit_id, 'hazard_area', hazard_area.id::text
	FROM circuit_node JOIN netstate.node ON node.id = node_id
	JOIN netstate.hazard_area ON ST_Intersects(hazard_area.geom, node.geom)
	WHERE is_end;

-- Circuits between the same ends, and what two of them share between these ends.
CREATE TEMPORARY TABLE twin AS
SELECT a.id AS one_id, b.id AS other_id, a.name AS one, b.name AS other
FROM circuit AS a
JOIN circuit AS b ON a.id < b.id
	AND (b.a_node_id, b.z_node_id) IN ((a.a_node_id, a.z_node_id), (a.z_node_id, a.a_node_id));

CREATE TEMPORARY TABLE shared AS
SELECT twin.one, twin.other, common.kind, common.element
FROM twin
CROSS JOIN LATERAL (
	SELECT kind, element FROM hit WHERE circuit_id = one_id
	INTERSECT SELECT kind, element FROM hit WHERE circuit_id = other_id
	EXCEPT SELECT kind, element FROM end_hit WHERE circuit_id = one_id
) AS common;

-- Sold as diverse, and yet their routes meet.
SELECT one, other, count(*) FILTER (WHERE kind = 'structure') AS structures,
	count(*) FILTER (WHERE kind = 'span') AS spans, count(*) FILTER (WHERE kind = 'duct') AS ducts,
	count(*) FILTER (WHERE kind = 'cable') AS cables
FROM shared
GROUP BY one, other
HAVING count(*) FILTER (WHERE kind = 'structure') > 0
ORDER BY one, other;

-- Where routes meet at their ends alone, nothing else is shared.
SELECT count(*) >= 15 AS many, count(shared.kind) AS shared
FROM twin
LEFT JOIN shared USING (one, other)
WHERE NOT EXISTS (SELECT FROM shared AS s
	WHERE (s.one, s.other) = (twin.one, twin.other) AND s.kind = 'structure');

SELECT one, other, kind, element FROM shared AS s
WHERE NOT EXISTS (SELECT FROM shared AS t WHERE (s.one, s.other) = (t.one, t.other) AND t.kind = 'structure')
ORDER BY one, other, kind, element;

-- The groups that are derived say the same, but for stretches, whose bounds they
-- draw otherwise, and pairs. The kind is above the 59th bit of a group's id.
CREATE TEMPORARY TABLE derived AS
SELECT m.link_id AS circuit_id, code.kind, (- m.srlg_id & ((1::bigint << 59) - 1))::text AS element
FROM netstate.memberships(ARRAY(SELECT id FROM circuit)) AS m
JOIN (VALUES (1, 'span'), (2, 'duct'), (3, 'cable'), (4, 'structure'), (5, 'site'), (6, 'power_feed'),
	(11, 'hazard_area')) AS code (n, kind) ON code.n = - m.srlg_id >> 59;

SELECT kind, count(*) > 10 AS many, count(*) FILTER (WHERE d.element IS NULL) AS not_derived,
	count(*) FILTER (WHERE h.element IS NULL) AS not_here
FROM (SELECT * FROM hit WHERE kind NOT IN ('corridor', 'span_pair')) AS h
FULL JOIN derived AS d USING (circuit_id, kind, element)
GROUP BY kind
ORDER BY kind;

-- And every two whose routes meet at their ends alone are found, with nothing
-- else to choose from.
SELECT count(*) FILTER (WHERE paths = 2) AS found, count(*) FILTER (WHERE paths <> 2) AS not_found
FROM (
	SELECT (SELECT count(*) FROM netstate.disjoint_paths('dublin_optical', a.name, z.name,
			avoid_links => ARRAY(SELECT id FROM circuit WHERE id NOT IN (one_id, other_id)))) AS paths
	FROM twin
	JOIN netstate.link ON link.id = twin.one_id
	JOIN netstate.node AS a ON a.id = link.a_node_id
	JOIN netstate.node AS z ON z.id = link.z_node_id
	WHERE NOT EXISTS (SELECT FROM shared
		WHERE (shared.one, shared.other) = (twin.one, twin.other) AND kind = 'structure')
) AS alone;

-- Those that meet are not.
SELECT twin.one, twin.other,
	(SELECT count(*) FROM netstate.disjoint_paths('dublin_optical', a.name, z.name,
		avoid_links => ARRAY(SELECT id FROM circuit WHERE id NOT IN (one_id, other_id)))) AS paths
FROM twin
JOIN netstate.link ON link.id = twin.one_id
JOIN netstate.node AS a ON a.id = link.a_node_id
JOIN netstate.node AS z ON z.id = link.z_node_id
WHERE EXISTS (SELECT FROM shared
	WHERE (shared.one, shared.other) = (twin.one, twin.other) AND kind = 'structure')
ORDER BY twin.one, twin.other;

-- The trench of the two between Clonshaugh and Grange Castle: two cables in
-- their own ducts, for more than a kilometre.
SELECT min(span.name) AS first, max(span.name) AS last, count(*) AS spans,
	round(sum(span.drawn_m)) > 1000 AS long, bool_or(encasement <> 'none') AS encased,
	count(DISTINCT a.cable_id) || ' and ' || count(DISTINCT b.cable_id) AS cables,
	bool_or(a.duct_id = b.duct_id) AS in_one_duct
FROM circuit_span AS a
JOIN circuit_span AS b USING (span_id)
JOIN netstate.span ON span.id = span_id
WHERE a.circuit_id = (SELECT id FROM circuit WHERE name = 'Clonshaugh - Grange Castle A')
	AND b.circuit_id = (SELECT id FROM circuit WHERE name = 'Clonshaugh - Grange Castle B');

-- All that runs there.
SELECT circuit.name AS circuit, count(*) AS spans
FROM circuit_span
JOIN circuit ON circuit.id = circuit_id
JOIN netstate.span ON span.id = span_id
WHERE span.name LIKE 'Nangor Road ___'
GROUP BY circuit.name
ORDER BY circuit.name;

ROLLBACK;
