-- The sample network: it loads whatever else is in the database, and is what
-- its page says.
\getenv abs_srcdir PG_ABS_SRCDIR
\pset null '(null)'
BEGIN;

-- Another network with the same names, and sequences that stand elsewhere.
INSERT INTO netstate.network (name, layer) VALUES ('sample test', 'ip');
INSERT INTO netstate.node (network_id, name)
SELECT network.id, v.name FROM netstate.network, (VALUES ('Dublin'), ('London')) AS v (name)
WHERE network.name = 'sample test';
INSERT INTO netstate.node (network_id, name)
SELECT n.id, 'filler ' || i FROM netstate.network AS n, generate_series(1, 37) AS i
WHERE n.name = 'sample test';

SET LOCAL search_path = pg_temp;
\set ECHO none
\i :abs_srcdir/extension/sample/netstate_sample.sql
\set ECHO all
RESET search_path;

-- Nothing is left behind.
SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema();

-- The sample's own nodes and links, with the layer.
CREATE TEMPORARY VIEW sample_node AS
SELECT node.*, network.layer
FROM netstate.node JOIN netstate.network ON network.id = node.network_id
WHERE network.name LIKE 'backbone%';

CREATE TEMPORARY VIEW sample_link AS
SELECT link.*, network.layer
FROM netstate.link JOIN netstate.network ON network.id = link.network_id
WHERE network.name LIKE 'backbone%';

---- what is there

SELECT layer,
	(SELECT count(*) FROM sample_node AS n WHERE n.layer = w.layer)
		BETWEEN 60 AND CASE layer WHEN 'fibre' THEN 140 ELSE 70 END AS nodes_in_range,
	(SELECT count(*) FROM sample_link AS l WHERE l.layer = w.layer)
		BETWEEN 120 AND CASE layer WHEN 'fibre' THEN 220 ELSE 150 END AS links_in_range
FROM netstate.network AS w
WHERE name LIKE 'backbone%'
ORDER BY level;

SELECT kind, count(*) > 20 AS many
FROM sample_link WHERE layer = 'fibre'
GROUP BY kind ORDER BY kind;

SELECT zone.name, count(site.id) >= 2 AS sites, bool_and(site.kind = 'data_centre') AS kind,
	bool_and((SELECT count(*) FROM netstate.site_power_feed AS f WHERE f.site_id = site.id) = 2) AS feeds
FROM netstate.region
JOIN netstate.zone ON zone.region_id = region.id
JOIN netstate.site ON site.zone_id = zone.id
WHERE region.name = 'eu-west-1'
GROUP BY zone.name ORDER BY zone.name;

-- Power feeds that two zones share.
SELECT power_feed.name, string_agg(DISTINCT zone.name, ', ' ORDER BY zone.name) AS zones
FROM netstate.power_feed
JOIN netstate.site_power_feed ON power_feed_id = power_feed.id
JOIN netstate.site ON site.id = site_id
JOIN netstate.zone ON zone.id = site.zone_id
GROUP BY power_feed.name
HAVING count(DISTINCT zone.id) > 1
ORDER BY power_feed.name;

---- places and courses

-- Every node stands at its site.
SELECT count(*) FROM sample_node AS node
LEFT JOIN netstate.site ON site.id = node.site_id
WHERE NOT COALESCE(node.geom OPERATOR(public.=) site.geom, false);

-- A few places, to half a degree.
SELECT place.name, ST_DWithin(site.geom, ST_SetSRID(ST_Point(x, y), 4326), 0.5) AS there
FROM (VALUES ('Dublin', -6.3, 53.3), ('New York', -74.0, 40.7), ('Tokyo', 139.7, 35.7),
	('Sydney', 151.2, -33.9), ('Sao Paulo', -46.6, -23.6), ('Lagos', 3.4, 6.5),
	('Honolulu', -157.9, 21.3), ('Castlefreke', -9.0, 51.6), ('Ocean City', -75.1, 38.3))
	AS place (name, x, y)
JOIN netstate.site ON site.zone_id IS NULL AND site.name = place.name
ORDER BY place.name;

-- Two metros are never one place.
SELECT count(*)
FROM netstate.site AS a JOIN netstate.site AS b ON a.id < b.id
WHERE a.kind = 'metro' AND b.kind = 'metro' AND ST_DWithin(a.geom, b.geom, 0.5);

-- A course leads from node to node.
SELECT count(*) FROM sample_link AS link
JOIN sample_node AS a ON a.id = link.a_node_id
JOIN sample_node AS z ON z.id = link.z_node_id
WHERE link.layer = 'fibre'
	AND NOT COALESCE(ST_StartPoint(ST_GeometryN(link.geom, 1)) OPERATOR(public.=) a.geom
		AND ST_EndPoint(ST_GeometryN(link.geom, ST_NumGeometries(link.geom)))
			OPERATOR(public.=) z.geom, false);

-- No step jumps over the antimeridian, and parts meet there.
CREATE TEMPORARY TABLE sample_step AS
SELECT link.id, part.path[1] AS part, step.path[1] AS step, step.geom,
	lag(step.geom) OVER (PARTITION BY link.id ORDER BY part.path, step.path) AS before,
	lag(part.path[1]) OVER (PARTITION BY link.id ORDER BY part.path, step.path) AS part_before
FROM sample_link AS link, ST_Dump(link.geom) AS part, ST_DumpPoints(part.geom) AS step;

SELECT count(*) FROM sample_step
WHERE part = part_before AND abs(ST_X(geom) - ST_X(before)) > 60;

SELECT count(*) >= 5 AS some_cross,
	bool_and(abs(ST_X(geom)) = 180 AND ST_X(geom) = - ST_X(before)
		AND ST_Y(geom) = ST_Y(before)) AS all_meet
FROM sample_step WHERE part <> part_before;

---- quantities

-- As built is as drawn, or up to 1.3 times that.
SELECT bool_and(COALESCE(length_km BETWEEN drawn.km AND 1.3 * drawn.km, false)) AS lengths_in_range
FROM sample_link, LATERAL (SELECT ST_Length(geom::geography) / 1000 AS km) AS drawn
WHERE layer = 'fibre';

SELECT layer, count(*) FILTER (WHERE metric >= 1 AND length_km > 0 AND capacity_gbps >= 100
		AND abs(latency_us - 4.9 * length_km) < 1) = count(*) AS all_quantities,
	count(load_gbps) > 0 AS some_load,
	count(*) FILTER (WHERE load_gbps > capacity_gbps) AS overloaded
FROM sample_link GROUP BY layer ORDER BY layer;

-- A bundle has the capacity of its circuits, and the length of the longest.
SELECT count(*) FROM sample_link AS bundle,
	LATERAL (
		SELECT sum(circuit.capacity_gbps) AS gbps, max(circuit.length_km) AS km
		FROM netstate.link_support AS s
		JOIN netstate.link AS circuit ON circuit.id = s.supporting_link_id
		WHERE s.link_id = bundle.id) AS beneath
WHERE bundle.layer = 'ip'
	AND (bundle.capacity_gbps, bundle.length_km) IS DISTINCT FROM (beneath.gbps, beneath.km);

SELECT count(*) >= 8 AS bundles_of_several
FROM sample_link AS bundle
WHERE layer = 'ip'
	AND (SELECT count(DISTINCT member) FROM netstate.link_support WHERE link_id = bundle.id) > 1;

-- No fibre carries more than it can.
SELECT count(*) FROM sample_link AS fibre
WHERE layer = 'fibre' AND capacity_gbps < (
	SELECT sum(circuit.capacity_gbps)
	FROM netstate.link_support AS s JOIN netstate.link AS circuit ON circuit.id = s.link_id
	WHERE s.supporting_link_id = fibre.id);

---- layers

-- The supporting links of each member lead, in order of seq, from the node that
-- supports A to the one that supports Z.
WITH RECURSIVE member AS (
	SELECT DISTINCT s.link_id, s.member, a.supporting_node_id AS start, z.supporting_node_id AS goal
	FROM netstate.link_support AS s
	JOIN sample_link AS link ON link.id = s.link_id
	JOIN netstate.node AS a ON a.id = link.a_node_id
	JOIN netstate.node AS z ON z.id = link.z_node_id
), walk AS (
	SELECT link_id, member, goal, start AS at, 0 AS seq FROM member
	UNION ALL
	SELECT walk.link_id, walk.member, walk.goal,
		CASE walk.at WHEN step.a_node_id THEN step.z_node_id WHEN step.z_node_id THEN step.a_node_id END,
		walk.seq + 1
	FROM walk
	JOIN netstate.link_support AS s ON (s.link_id, s.member, s.seq)
		= (walk.link_id, walk.member, walk.seq + 1)
	JOIN netstate.link AS step ON step.id = s.supporting_link_id
	WHERE walk.at IS NOT NULL
)
SELECT count(DISTINCT (link_id, member)) = count(*) FILTER (WHERE at = goal AND seq = (
		SELECT count(*) FROM netstate.link_support AS s
		WHERE s.link_id = walk.link_id AND s.member = walk.member)) AS all_arrive,
	count(DISTINCT link_id) = (SELECT count(*) FROM sample_link WHERE layer <> 'fibre') AS all_supported
FROM walk;

-- From Dublin every node is reached, over links in service alone.
WITH RECURSIVE reached AS (
	SELECT id, network_id FROM sample_node WHERE name = 'Dublin'
	UNION
	SELECT CASE link.a_node_id WHEN reached.id THEN link.z_node_id ELSE link.a_node_id END, link.network_id
	FROM reached
	JOIN netstate.link_state AS state ON state.up
	JOIN netstate.link ON link.id = state.link_id AND reached.id IN (link.a_node_id, link.z_node_id)
)
SELECT network.name, count(*) = (SELECT count(*) FROM sample_node WHERE network_id = network.id) AS all_reached
FROM reached JOIN netstate.network ON network.id = reached.network_id
GROUP BY network.id, network.name ORDER BY network.name;

-- What is planned is not in the graph, nor is what rides on it.
SELECT link.layer, link.name, link.status, state.up
FROM sample_link AS link JOIN netstate.link_state AS state ON state.link_id = link.id
WHERE link.status <> 'in_service' OR NOT state.up
ORDER BY link.layer, link.name;

-- The Fastnet cable: from Maryland to Cork, 320 Tbit/s, a branching unit at sea.
SELECT link.name, link.capacity_gbps / 1000 AS tbps, a.kind AS a, z.kind AS z
FROM sample_link AS link
JOIN sample_node AS na ON na.id = link.a_node_id JOIN netstate.site AS a ON a.id = na.site_id
JOIN sample_node AS nz ON nz.id = link.z_node_id JOIN netstate.site AS z ON z.id = nz.site_id
JOIN netstate.srlg ON srlg.name = 'Fastnet cable'
JOIN netstate.srlg_member AS m ON m.srlg_id = srlg.id AND m.link_id = link.id
WHERE link.status = 'in_service'
ORDER BY link.name;

SELECT link.name
FROM netstate.srlg
JOIN netstate.members('srlg', ARRAY[srlg.id]) AS m ON true
JOIN sample_link AS link ON link.id = m.link_id AND link.layer = 'ip' AND link.status = 'in_service'
WHERE srlg.name = 'Fastnet cable'
ORDER BY link.name;

---- risk

-- Every fibre link is in a group; every group that is stated by hand hits
-- several links or a node, is soft or hard, and strikes where its links run.
SELECT count(*) FROM sample_link AS link
WHERE layer = 'fibre' AND NOT EXISTS (SELECT FROM netstate.srlg_member WHERE link_id = link.id);

SELECT count(*) > 40 AS groups, bool_and(links > 1 OR nodes > 0) AS several,
	count(*) FILTER (WHERE soft) > 15 AS many_soft, bool_and(km < 15) AS near,
	bool_and(mtbf_hours > mttr_hours) AS times
FROM (
	SELECT srlg.id, srlg.mtbf_hours, srlg.mttr_hours, count(link.id) AS links,
		(SELECT count(*) FROM netstate.srlg_node WHERE srlg_id = srlg.id) AS nodes,
		COALESCE(bool_or(m.probability < 1), false) AS soft,
		COALESCE(max(ST_Distance(srlg.geom::geography, link.geom::geography)) / 1000, 0) AS km
	FROM netstate.srlg
	LEFT JOIN netstate.srlg_member AS m ON m.srlg_id = srlg.id
	LEFT JOIN netstate.link ON link.id = m.link_id
	WHERE srlg.value IS NOT NULL
		AND srlg.network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_fibre')
	GROUP BY srlg.id
) AS stated;

-- Stated on fibre alone; risen to every link in service above.
SELECT layer, count(DISTINCT link.id) AS links_with_stated_risk
FROM sample_link AS link JOIN netstate.srlg_member AS m ON m.link_id = link.id
WHERE layer <> 'fibre' GROUP BY layer;

SELECT count(*) FROM sample_link AS link
WHERE NOT EXISTS (SELECT FROM netstate.memberships(ARRAY[link.id]) WHERE share > 0);

-- Of a bundle of two circuits one cable takes half.
SELECT srlg.name, m.share, m.probability
FROM netstate.memberships(ARRAY[netstate.link_id('backbone', 'Dublin - Manchester')]) AS m
JOIN netstate.srlg ON srlg.id = m.srlg_id
WHERE srlg.name IN ('Dublin - Southport', 'Dublin - Holyhead crossing')
ORDER BY srlg.name;

-- A power failure at a node in the fibre takes all bundles that end there.
SELECT array_agg(m.link_id ORDER BY m.link_id) = (
		SELECT array_agg(link.id ORDER BY link.id) FROM sample_link AS link
		JOIN sample_node AS node ON node.id IN (link.a_node_id, link.z_node_id)
		WHERE link.layer = 'ip' AND node.name = 'Marseille') AS just_those_at_marseille,
	bool_and(m.share = 1 AND m.probability = 1) AS whole
FROM netstate.srlg
JOIN netstate.members('srlg', ARRAY[srlg.id]) AS m ON true
JOIN sample_link AS link ON link.id = m.link_id AND link.layer = 'ip'
WHERE srlg.name = 'Marseille exchange power';

---- pairs

-- What someone without netstate would do: take the shortest path, and then the
-- shortest that shares no link and no group with it. NULL where there is none.
-- Groups that take down an end are left out: nothing survives its own end.
CREATE FUNCTION pg_temp.greedy_partner(source text, target text) RETURNS double precision
LANGUAGE sql AS $$
	WITH RECURSIVE ended (srlg_id, node_id) AS (
		SELECT srlg_id, node_id FROM netstate.srlg_node
		UNION
		SELECT ended.srlg_id, node.id
		FROM ended JOIN netstate.node ON node.supporting_node_id = ended.node_id
	), first AS (
		SELECT links FROM netstate.shortest_path('backbone', source, target)
	)
	SELECT second.cost
	FROM first, netstate.shortest_path('backbone', source, target,
		avoid_links => first.links,
		avoid_srlgs => ARRAY(
			SELECT m.srlg_id FROM netstate.memberships(first.links) AS m
			WHERE m.share > 0 AND m.srlg_id > 0 AND m.srlg_id NOT IN (
				SELECT ended.srlg_id FROM ended
				JOIN netstate.node ON node.id = ended.node_id
				JOIN netstate.network ON network.id = node.network_id
				WHERE network.name = 'backbone' AND node.name IN (source, target))))
		AS second;
$$;

-- Groups that two paths of an answer share, by the memberships alone.
CREATE FUNCTION pg_temp.shared(source text, target text, threshold double precision DEFAULT 0)
RETURNS bigint
LANGUAGE sql AS $$
	SELECT count(*) FROM (
		SELECT m.srlg_id
		FROM netstate.disjoint_paths('backbone', source, target, min_probability => threshold) AS p,
			netstate.memberships(p.links) AS m
		JOIN netstate.srlg ON srlg.id = m.srlg_id
		WHERE m.share > 0 AND m.probability >= threshold
			AND srlg.name NOT IN (source || ' exchange power', target || ' exchange power')
		GROUP BY m.srlg_id
		HAVING count(DISTINCT p.path) > 1) AS both_paths;
$$;

-- Traps: the shortest path has no partner, and yet there are two paths.
SELECT source, target,
	pg_temp.greedy_partner(source, target) AS greedy_partner,
	(SELECT count(*) FROM netstate.shortest_path('backbone', source, target)) AS shortest,
	(SELECT count(*) FROM netstate.disjoint_paths('backbone', source, target) WHERE optimal) AS disjoint,
	pg_temp.shared(source, target) AS shared
FROM (VALUES ('Dublin', 'Montreal'), ('Cork', 'Montreal'), ('Lagos', 'Lisbon'),
	('Casablanca', 'Lisbon'), ('Auckland', 'Sydney'))
	AS trap (source, target)
ORDER BY source, target;

-- No trap: here the same way finds two, which shows that it can.
SELECT pg_temp.greedy_partner('Dublin', 'New York') = (
	SELECT max(cost) FROM netstate.disjoint_paths('backbone', 'Dublin', 'New York')) AS greedy_is_best;

-- Far places behind one group: no path leads around it, and ignoring it helps.
SELECT source, target,
	(SELECT count(*) FROM netstate.disjoint_paths('backbone', source, target)) AS disjoint,
	(SELECT string_agg(kind || ' ' || name, ', ' ORDER BY kind, name)
	 FROM netstate.disjoint_obstacles('backbone', source, target)) AS obstacles,
	(SELECT count(*) FROM netstate.shortest_path('backbone', source, target,
		avoid_srlgs => cut.ids)) AS around,
	(SELECT count(*) FROM netstate.disjoint_paths('backbone', source, target,
		ignore_srlgs => cut.ids)) AS ignored
FROM (VALUES ('Hobart', 'London'), ('Hobart', 'Sydney'), ('Cairo', 'London'), ('Cairo', 'Mumbai'))
	AS pair (source, target),
	LATERAL (
		SELECT ARRAY(SELECT id FROM netstate.disjoint_obstacles('backbone', source, target)
			WHERE kind = 'srlg') AS ids) AS cut
ORDER BY source, target;

-- Reykjavik: three ways out, each two of which share something. No two paths,
-- though nothing alone stands in the way; two when soft groups are left aside.
SELECT target,
	(SELECT count(*) FROM netstate.disjoint_paths('backbone', 'Reykjavik', target)) AS disjoint,
	(SELECT count(*) FROM netstate.disjoint_obstacles('backbone', 'Reykjavik', target)) AS obstacles,
	(SELECT max(cardinality(shared_srlgs))
	 FROM netstate.disjoint_paths('backbone', 'Reykjavik', target, strict => false)) AS least_shared,
	(SELECT count(*) FROM netstate.disjoint_paths('backbone', 'Reykjavik', target,
		min_probability => 0.5)) AS without_soft,
	pg_temp.shared('Reykjavik', target, 0.5) AS hard_shared
FROM (VALUES ('London'), ('New York'), ('Frankfurt')) AS pair (target)
ORDER BY target;

-- A group that takes down an end does not count: both paths are in it.
SELECT count(DISTINCT p.path) AS paths_in_the_group
FROM netstate.disjoint_paths('backbone', 'Dublin', 'Paris') AS p,
	netstate.memberships(p.links) AS m
JOIN netstate.srlg ON srlg.id = m.srlg_id
WHERE srlg.name = 'Dublin exchange power';

---- demand

SELECT count(*) BETWEEN 60 AND 120 AS demands, count(DISTINCT class) AS classes,
	bool_and(gbps > 0) AS gbps,
	bool_and(EXISTS (SELECT FROM netstate.shortest_path('backbone', s.name, d.name))) AS all_have_a_path
FROM netstate.demand
JOIN netstate.network ON network.id = demand.network_id AND network.name = 'backbone'
JOIN netstate.node AS s ON s.id = src_node_id
JOIN netstate.node AS d ON d.id = dst_node_id;

ROLLBACK;
