-- Questions to the plant, on one that is small enough to answer by hand.
\pset null '(null)'
BEGIN;
-- A statement's error: SQLSTATE, message, detail and hint.
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	said text;
	more text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, more = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, said, nullif(more, ''), nullif(hint, ''));
END $$;

-- Two buildings, A and B. North of them runs a trench by way of two manholes, n1
-- to n3, of which n2 is drawn the other way round; south of them one by way of
-- S1, s1 and s2, and beside it an aerial one, s3.
INSERT INTO netstate.region (id, name) VALUES (1, 'q');
INSERT INTO netstate.zone (id, region_id, name) VALUES (1, 1, 'qa'), (2, 1, 'qb');
INSERT INTO netstate.site (id, zone_id, name, geom) VALUES
	(1, 1, 'A', 'POINT(-6.30 53.30)'), (2, 2, 'B', 'POINT(-6.26 53.30)');
INSERT INTO netstate.power_feed (id, name) VALUES (1, 'east'), (2, 'west');
INSERT INTO netstate.site_power_feed VALUES (1, 1), (1, 2), (2, 2);
INSERT INTO netstate.structure (id, site_id, name, kind, geom) VALUES
	(1, 1, 'A entrance', 'building_entrance', 'POINT(-6.30 53.30)'),
	(2, NULL, 'N1', 'manhole', 'POINT(-6.29 53.31)'),
	(3, NULL, 'N2', 'manhole', 'POINT(-6.27 53.31)'),
	(4, 2, 'B entrance', 'building_entrance', 'POINT(-6.26 53.30)'),
	(5, NULL, 'S1', 'manhole', 'POINT(-6.28 53.29)'),
	(6, NULL, 'bridge', 'bridge', 'POINT(-6.28 53.311)');
INSERT INTO netstate.corridor (id, name, geom) VALUES (1, 'north road', 'LINESTRING(-6.29 53.31, -6.26 53.30)');
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, corridor_id, geom, length_m) VALUES
	(11, 'n1', 1, 2, NULL, 'LINESTRING(-6.30 53.30, -6.29 53.31)', 1000),
	(12, 'n2', 3, 2, 1, 'LINESTRING(-6.27 53.31, -6.29 53.31)', 2000),
	(13, 'n3', 3, 4, 1, 'LINESTRING(-6.27 53.31, -6.26 53.30)', 1500),
	(21, 's1', 1, 5, NULL, 'LINESTRING(-6.30 53.30, -6.28 53.29)', 500),
	(22, 's2', 5, 4, NULL, 'LINESTRING(-6.28 53.29, -6.26 53.30)', NULL),
	(23, 's3', 1, 4, NULL, 'LINESTRING(-6.30 53.30, -6.26 53.30)', 3000);
INSERT INTO netstate.span_crossing VALUES (12, 6, 'under');
INSERT INTO netstate.hazard_area (id, name, geom) VALUES
	(1, 'flood', 'POLYGON((-6.281 53.289, -6.279 53.289, -6.279 53.291, -6.281 53.291, -6.281 53.289))');
INSERT INTO netstate.duct (id, span_id, parent_id, name) VALUES
	(1, 11, NULL, 'bank'), (2, 11, 1, 'inner'), (3, 11, 1, 'other'), (4, 12, NULL, 'bank');

-- Cables: north over n1 to n3; south from B to A, against the way of the links;
-- west and east, which are spliced at S1; air.
INSERT INTO netstate.cable (id, name, strand_count) VALUES
	(1, 'north', 12), (2, 'south', 12), (3, 'west', 12), (4, 'east', 12), (5, 'air', 12);
INSERT INTO netstate.cable_segment (cable_id, seq, span_id, duct_id, slack_m) VALUES
	(1, 1, 11, 2, 10), (1, 2, 12, 4, 20), (1, 3, 13, NULL, 0),
	(2, 1, 22, NULL, 30), (2, 2, 21, NULL, 40),
	(3, 1, 21, NULL, 0), (4, 1, 22, NULL, 0), (5, 1, 23, NULL, 5);
INSERT INTO netstate.splice_closure (id, structure_id, name) VALUES (1, 5, 'C1');
INSERT INTO netstate.splice (id, structure_id, closure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands) VALUES
	(1, 5, 1, 3, 1, '[1,3)', 4, 1, '[5,7)');

-- Fibre f1 to f5; circuits o1 and o2; a bundle of four, a 1+1 pair, one onward
-- whose capacity nobody knows; a tunnel over both.
INSERT INTO netstate.network (id, name, layer) VALUES
	(601, 'q fibre', 'fibre'), (602, 'q optical', 'optical'), (604, 'q ip', 'ip'), (605, 'q te', 'te');
INSERT INTO netstate.node (id, network_id, name, structure_id, site_id) VALUES
	(6011, 601, 'A', 1, 1), (6012, 601, 'B', 4, NULL), (6013, 601, 'S', 5, NULL);
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES
	(6021, 602, 'A', 6011), (6022, 602, 'B', 6012), (6041, 604, 'A', 6021), (6042, 604, 'B', 6022), (6043, 604, 'C', NULL),
	(6051, 605, 'A', 6041), (6052, 605, 'B', 6042);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps) VALUES
	(60101, 601, 'f1', 6011, 6012, 100), (60102, 601, 'f2', 6011, 6012, 100),
	(60103, 601, 'f3', 6011, 6012, 100), (60104, 601, 'f4', 6012, 6011, 100), (60105, 601, 'f5', 6011, 6012, NULL),
	(60106, 601, 'f6', 6013, 6012, NULL), (60107, 601, 'f7', 6011, 6013, NULL), (60108, 601, 'f8', 6013, 6011, NULL),
	(60201, 602, 'o1', 6021, 6022, 100), (60202, 602, 'o2', 6022, 6021, 40),
	(60401, 604, 'bundle', 6041, 6042, 400), (60402, 604, '1+1', 6041, 6042, 100),
	(60403, 604, 'unknown', 6041, 6042, NULL), (60404, 604, 'onward', 6042, 6043, 10),
	(60501, 605, 'tunnel', 6051, 6052, 50), (60502, 605, 'protected', 6052, 6051, 50);
INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments) VALUES
	(60101, 1, 1, '[1,3)', '[1,4)'),
	(60102, 1, 2, '[1,3)', '[1,3)'),
	(60103, 1, 3, '[1,3)', '[1,2)'), (60103, 2, 4, '[5,7)', '[1,2)'),
	(60104, 1, 5, '[1,3)', '[1,2)'),
	(60105, 1, 3, '[3,5)', '[1,2)'), (60105, 2, 4, '[3,5)', '[1,2)'),
	(60106, 1, 2, '[5,6)', '[1,2)'), (60107, 1, 2, '[5,6)', '[2,3)'), (60108, 1, 2, '[7,8)', '[2,3)');
INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) VALUES
	(60201, 1, 1, 60101), (60202, 1, 1, 60102),
	(60401, 1, 1, 60201), (60401, 2, 1, 60202), (60401, 3, 1, 60103), (60401, 4, 1, 60104),
	(60402, 1, 1, 60201), (60402, 2, 1, 60103),
	(60403, 1, 1, 60105), (60403, 2, 1, 60104),
	(60501, 1, 1, 60401), (60502, 1, 1, 60402);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- impact, by its definition: what a link keeps when these spans are cut
CREATE FUNCTION pg_temp.kept(link bigint, cut bigint[]) RETURNS float8
LANGUAGE plpgsql AS $$
DECLARE
	own float8;
	known boolean;
	total float8 := 0;
	remaining float8 := 0;
	m record;
BEGIN
	IF EXISTS (SELECT FROM netstate.strand_assignment a JOIN netstate.cable_segment s ON s.cable_id = a.cable_id AND a.segments @> s.seq
		WHERE a.link_id = kept.link AND s.span_id = ANY (cut)) THEN
		RETURN 0;
	END IF;
	SELECT capacity_gbps INTO own FROM netstate.link WHERE id = kept.link;
	SELECT coalesce(bool_and(l.capacity_gbps IS NOT NULL), true) AND own IS NOT NULL INTO known
	FROM netstate.link_support s JOIN netstate.link l ON l.id = s.supporting_link_id WHERE s.link_id = kept.link;
	FOR m IN SELECT s.member, CASE WHEN known THEN least(own, min(l.capacity_gbps)) ELSE 1 END AS c,
			min(pg_temp.kept(s.supporting_link_id, cut)) AS kept
		FROM netstate.link_support s JOIN netstate.link l ON l.id = s.supporting_link_id WHERE s.link_id = kept.link GROUP BY s.member
	LOOP
		total := total + m.c;
		remaining := remaining + m.c * m.kept;
	END LOOP;
	IF total = 0 THEN
		RETURN 1;
	END IF;
	RETURN least(1, remaining / CASE WHEN known THEN least(own, total) ELSE total END);
END $$;

-- every set of spans
WITH sets AS (
	SELECT ARRAY(SELECT u.one FROM unnest(ARRAY[11, 12, 13, 21, 22, 23]::bigint[]) WITH ORDINALITY AS u (one, ord) WHERE b.bits >> (u.ord::int - 1) & 1 = 1) AS ids
	FROM generate_series(0, 63) AS b (bits)
)
SELECT count(*) AS sets, sum(x.rows) > 300 AS many, sum(x.differ) AS differ
FROM sets CROSS JOIN LATERAL (
	SELECT count(i.link_id) AS rows,
		count(*) FILTER (WHERE abs(coalesce(i.share, 0) - (1 - pg_temp.kept(l.id, sets.ids))) > 1e-9
			OR i.gbps_lost IS DISTINCT FROM i.share * l.capacity_gbps) AS differ
	FROM netstate.link l LEFT JOIN netstate.impact('span', sets.ids) i ON i.link_id = l.id
	WHERE l.network_id BETWEEN 601 AND 605) x;

-- one span, its partner's, and both: the pair loses nothing until both are cut
SELECT * FROM netstate.impact('span', '{12}');
SELECT link, share, gbps_lost FROM netstate.impact('span', '{21}') WHERE layer IN ('ip', 'te');
SELECT link, share, gbps_lost FROM netstate.impact('span', '{21,12,12}') WHERE layer IN ('ip', 'te');

-- what the other kinds come to
CREATE FUNCTION pg_temp.hit(kind text, VARIADIC ids bigint[]) RETURNS text
LANGUAGE sql AS $$ SELECT coalesce(string_agg(link || CASE WHEN share < 1 THEN ' ' || round(share::numeric, 4) ELSE '' END, ', ' ORDER BY link_id), 'nothing')
	FROM netstate.impact(kind, ids) WHERE network LIKE 'q %' $$;
SELECT k.kind, k.ids, pg_temp.hit(k.kind, VARIADIC k.ids::bigint[]) FROM (VALUES
	(1, 'cable', '{2}'), (2, 'duct', '{2}'), (3, 'duct', '{1}'), (4, 'duct', '{3}'), (5, 'corridor', '{1}'),
	(6, 'structure', '{2}'), (7, 'structure', '{6}'), (8, 'structure', '{1}'), (9, 'splice_closure', '{1}'),
	(10, 'hazard_area', '{1}'), (12, 'site', '{2}'), (13, 'zone', '{1}'),
	(14, 'region', '{1}'), (15, 'power_feed', '{1}'), (16, 'power_feed', '{2}'), (17, 'power_feed', '{1,2}'),
	(18, 'node', '{6021}'), (19, 'node', '{6043}'), (20, 'link', '{60102}'), (21, 'link', '{60102,60201,60103,60104}'),
	(22, 'span', '{}'), (23, 'span', '{999,-1}')) AS k (n, kind, ids)
ORDER BY k.n;
SELECT pg_temp.hit('span_pair', 11::bigint << 29 | 21) = pg_temp.hit('span', 11, 21) AS pair_is_both;

-- groups: stated ones with their shares, derived ones by their element
INSERT INTO netstate.srlg (id, name) VALUES (601, 'q half'), (602, 'q node');
INSERT INTO netstate.srlg_member (srlg_id, link_id, share) VALUES (601, 60101, 0.5), (601, 60102, 1);
INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (602, 6012);
SELECT pg_temp.hit('srlg', 601), pg_temp.hit('srlg', 602) = pg_temp.hit('node', 6012) AS node;
SELECT count(*) AS differ FROM (
	(SELECT m.link_id, round(m.share::numeric, 5) FROM netstate.members('srlg', '{601}') m EXCEPT SELECT i.link_id, round(i.share::numeric, 5) FROM netstate.impact('srlg', '{601}') i)
	UNION ALL
	(SELECT i.link_id, round(i.share::numeric, 5) FROM netstate.impact('srlg', '{601}') i EXCEPT SELECT m.link_id, round(m.share::numeric, 5) FROM netstate.members('srlg', '{601}') m)) d;

-- a group of whatever kind, hit for certain, is what its members say
SAVEPOINT groups;
UPDATE netstate.span SET corridor_id = 1, side = CASE id WHEN 12 THEN 'left' ELSE 'right' END WHERE id IN (12, 13, 22);
-- what passes a building's bridge is not in the building, nor is a node there that is said to be elsewhere
UPDATE netstate.structure SET site_id = 1 WHERE id = 6;
UPDATE netstate.node SET site_id = 2, structure_id = 1 WHERE id = 6012;
INSERT INTO netstate.risk_rule (kind, distance_m) VALUES ('corridor', 700), ('corridor_side', 400);
INSERT INTO netstate.span_pair VALUES (11, 12, true, 0, array_fill(0, ARRAY[25])), (13, 22, false, 3, array_fill(30, ARRAY[25]));
WITH m AS MATERIALIZED (SELECT m.* FROM netstate.memberships(ARRAY(SELECT id FROM netstate.link WHERE network_id BETWEEN 601 AND 605)) m),
 g AS (SELECT DISTINCT srlg_id FROM m), i AS MATERIALIZED (SELECT g.srlg_id, i.link_id, i.share FROM g CROSS JOIN LATERAL netstate.impact('srlg', ARRAY[g.srlg_id]) i)
SELECT e.kind, count(DISTINCT srlg_id) AS groups, count(*), count(*) FILTER (WHERE m.link_id IS NULL) AS too_many, count(*) FILTER (WHERE i.link_id IS NULL) AS missing, count(*) FILTER (WHERE abs(m.share - i.share) > 1e-5) AS differ
FROM m FULL JOIN i USING (srlg_id, link_id) CROSS JOIN LATERAL netstate.risk_element(srlg_id) e GROUP BY e.kind ORDER BY 1;
ROLLBACK TO groups;

-- by layer, with the demands that lose their last path
INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps) VALUES
	(604, 'ab', 6041, 6042, 7), (604, 'ac', 6041, 6043, 2), (604, 'ca', 6043, 6041, 1), (604, 'bc', 6042, 6043, 4), (605, 'ab', 6051, 6052, 3);
SELECT * FROM netstate.impact_by_layer('span', '{12}');
SELECT * FROM netstate.impact_by_layer('span', '{12,21,23}');
SELECT * FROM netstate.impact_by_layer('node', '{6043}');
-- one that was lost before does not count
UPDATE netstate.link SET status = 'failed' WHERE id = 60404;
SELECT network, demands_lost, demand_gbps_lost FROM netstate.impact_by_layer('span', '{12,21,23}');
UPDATE netstate.link SET status = 'in_service' WHERE id = 60404;
-- by the definition: paths before, and without what is down
SELECT count(*) AS networks, count(*) FILTER (WHERE b.demands_lost <> x.lost OR b.demand_gbps_lost <> x.gbps) AS differ
FROM (VALUES ('{11,21,23}'), ('{11,12,13}'), ('{21,22,23}'), ('{11,22}'), ('{23,21,11}')) AS s (ids)
CROSS JOIN LATERAL netstate.impact_by_layer('span', s.ids::bigint[]) AS b
CROSS JOIN LATERAL (
	SELECT count(d.id) AS lost, coalesce(sum(d.gbps), 0) AS gbps
	FROM netstate.network w JOIN netstate.demand d ON d.network_id = w.id
	JOIN netstate.node a ON a.id = d.src_node_id JOIN netstate.node z ON z.id = d.dst_node_id
	WHERE w.name = b.network
	AND EXISTS (SELECT FROM netstate.shortest_path(w.name, a.name, z.name, 'hops'))
	AND NOT EXISTS (SELECT FROM netstate.shortest_path(w.name, a.name, z.name, 'hops',
		avoid_links => ARRAY(SELECT i.link_id FROM netstate.impact('span', s.ids::bigint[]) i WHERE i.share = 1)))) AS x;

-- refused
SELECT what, pg_temp.refusal(statement) FROM (VALUES
	(1, 'unknown kind', $$SELECT netstate.impact('spn', '{1}')$$),
	(2, 'no kind', $$SELECT netstate.impact(NULL, '{1}')$$),
	(3, 'no ids', $$SELECT netstate.impact('span', NULL)$$),
	(4, 'NULL among ids', $$SELECT netstate.impact('span', '{1,NULL}')$$),
	(5, 'unknown kind', $$SELECT netstate.impact_by_layer('', '{1}')$$),
	(6, 'no kind', $$SELECT netstate.impact_by_layer(NULL, '{1}')$$)
) t (n, what, statement) ORDER BY n;

-- trace
CREATE FUNCTION pg_temp.route(link bigint) RETURNS TABLE (line text)
LANGUAGE sql AS $$
	SELECT repeat('  ', depth) || concat_ws(' ', CASE WHEN member IS NOT NULL THEN member || '.' END, element_kind, element,
		'(' || status || ')', 'in ' || duct, 'strands ' || strands, from_structure || ' > ' || to_structure,
		round(length_m::numeric) || ' m', '+ ' || nullif(slack_m, 0) || ' m', '= ' || round(cumulative_m::numeric) || ' m')
	FROM netstate.trace(link) ORDER BY ord
$$;
SELECT * FROM pg_temp.route(60101);
SELECT * FROM pg_temp.route(60102);
SELECT * FROM pg_temp.route(60103);
SELECT * FROM pg_temp.route(60105);
SELECT * FROM pg_temp.route(60104);
SELECT * FROM pg_temp.route(60402);
SELECT * FROM pg_temp.route(60502);
SELECT * FROM pg_temp.route(60404);
SELECT what, pg_temp.refusal(statement) FROM (VALUES
	(1, 'unknown link', $$SELECT netstate.trace(1)$$),
	(2, 'no link', $$SELECT netstate.trace(NULL)$$)
) t (n, what, statement) ORDER BY n;

-- fault_location: into each span, at its ends and in the slack, which lies at a
-- segment's end in the order of the cable
SELECT d.m, public.st_astext(f.geom, 6) AS geom, f.span, round(f.span_m) AS span_m, f.cable, f.segment, f.duct, f.structure, round(f.structure_m) AS structure_m,
	f.in_slack, f.slack_m, f.splices
FROM (VALUES (0), (500), (1000), (1005), (1010), (2010), (3010), (3020), (3030), (3780), (4530)) AS d (m)
CROSS JOIN LATERAL netstate.fault_location(60101, d.m) AS f ORDER BY d.m;
SELECT d.m, f.span, round(f.span_m) AS span_m, f.structure, f.in_slack, f.slack_m, f.splices
FROM (VALUES (0), (20), (40), (41), (540), (541), (1000)) AS d (m)
CROSS JOIN LATERAL netstate.fault_location(60102, d.m) AS f ORDER BY d.m;
SELECT d.link, f.span, round(f.span_m) AS span_m, f.cable, f.slack_m, f.splices, f.cables, f.links, f.gbps_lost
FROM (VALUES (60103, 600), (60105, 600), (60104, 600), (60201, 600)) AS d (link, m)
CROSS JOIN LATERAL netstate.fault_location(d.link, d.m) AS f ORDER BY d.link;
-- from the other end it is the same place
SELECT count(*) AS tried, count(*) FILTER (WHERE a.span_id <> z.span_id OR abs(a.span_m - z.span_m) > 1e-6 OR a.splices + z.splices <> l.joints
	OR abs(a.slack_m + z.slack_m - l.slack) > 1e-6 OR a.in_slack <> z.in_slack OR NOT public.st_dwithin(a.geom, z.geom, 1e-9)) AS differ
FROM (SELECT t.link_id, max(r.length_m) FILTER (WHERE r.depth = 0) AS length, sum(r.slack_m) AS slack, count(*) FILTER (WHERE r.element_kind = 'splice') AS joints
	FROM (VALUES (60101), (60102), (60103), (60104), (60105), (60106), (60107), (60108), (60202)) AS t (link_id) CROSS JOIN LATERAL netstate.trace(t.link_id) AS r GROUP BY t.link_id) AS l
CROSS JOIN LATERAL (SELECT n + 0.25 AS m FROM generate_series(0, floor(l.length)::int - 1, 7) AS n) AS d
CROSS JOIN LATERAL netstate.fault_location(l.link_id, d.m) AS a
CROSS JOIN LATERAL netstate.fault_location(l.link_id, l.length - d.m, 'z') AS z;
-- what runs there is what impact says
SELECT count(*) AS differ FROM (VALUES (60101), (60102), (60103), (60104)) AS t (link_id)
CROSS JOIN LATERAL netstate.fault_location(t.link_id, 100) AS f
CROSS JOIN LATERAL (SELECT count(*) AS links FROM netstate.impact('span', ARRAY[f.span_id])) AS i
CROSS JOIN LATERAL (SELECT max(gbps_lost) AS gbps FROM netstate.impact_by_layer('span', ARRAY[f.span_id])) AS b
WHERE f.links <> i.links OR f.gbps_lost IS DISTINCT FROM b.gbps;
SELECT what, pg_temp.refusal(statement) FROM (VALUES
	(1, 'too far', $$SELECT netstate.fault_location(60101, 4530.5)$$),
	(2, 'too far from the other end', $$SELECT netstate.fault_location(60102, 1e9, 'z')$$),
	(3, 'parallel members', $$SELECT netstate.fault_location(60401, 1)$$),
	(4, 'parallel members beneath', $$SELECT netstate.fault_location(60501, 1)$$),
	(5, 'no strands', $$SELECT netstate.fault_location(60404, 1)$$),
	(6, 'unknown link', $$SELECT netstate.fault_location(1, 1)$$),
	(7, 'no link', $$SELECT netstate.fault_location(NULL, 1)$$),
	(8, 'no distance', $$SELECT netstate.fault_location(60101, NULL)$$),
	(9, 'negative', $$SELECT netstate.fault_location(60101, -1)$$),
	(10, 'NaN', $$SELECT netstate.fault_location(60101, 'NaN')$$),
	(11, 'unknown end', $$SELECT netstate.fault_location(60101, 1, 'A')$$),
	(12, 'no end', $$SELECT netstate.fault_location(60101, 1, NULL)$$)
) t (n, what, statement) ORDER BY n;
SAVEPOINT gap;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 2;
SELECT pg_temp.refusal('SELECT netstate.fault_location(60101, 1)');
SELECT * FROM pg_temp.route(60101);
ROLLBACK TO gap;

-- shared_risk: by every outcome of the units beneath two links. Units of spans,
-- cables, ducts, structures with what passes them, sites, and stated ones.
INSERT INTO netstate.risk_rule (kind, probability, mttr_hours) VALUES
	('passage_over', 0.25, NULL), ('passage_under', 0.5, NULL), ('cable', 0.5, 24), ('structure', 0.75, 48);
INSERT INTO netstate.span_crossing VALUES (21, 6, 'over'), (23, 6, 'under'), (22, 6, 'through');
INSERT INTO netstate.srlg (id, name, mtbf_hours, mttr_hours) VALUES (603, 'q diggers', 8760, 10);
INSERT INTO netstate.srlg_member (srlg_id, link_id, probability) VALUES (603, 60101, 0.5), (603, 60102, 0.25), (603, 60104, 0.5), (603, 60402, 0.125);
INSERT INTO netstate.srlg_node (srlg_id, node_id, probability) VALUES (603, 6043, 0.5);
CREATE FUNCTION pg_temp.unit(link bigint) RETURNS TABLE (srlg_id bigint, unit text, p float8)
LANGUAGE sql AS $$
	WITH RECURSIVE beneath (id) AS (
		SELECT unit.link UNION SELECT s.supporting_link_id FROM beneath b JOIN netstate.link_support s ON s.link_id = b.id
	), node (id) AS (
		SELECT unnest(ARRAY[l.a_node_id, l.z_node_id]) FROM beneath b JOIN netstate.link l ON l.id = b.id
		UNION SELECT n.supporting_node_id FROM node b JOIN netstate.node n ON n.id = b.id WHERE n.supporting_node_id IS NOT NULL
	), segment AS (
		SELECT c.* FROM beneath b JOIN netstate.strand_assignment a ON a.link_id = b.id JOIN netstate.cable_segment c ON c.cable_id = a.cable_id AND a.segments @> c.seq
	), duct (id, parent_id) AS (
		SELECT d.id, d.parent_id FROM segment g JOIN netstate.duct d ON d.id = g.duct_id
		UNION SELECT d.id, d.parent_id FROM duct x JOIN netstate.duct d ON d.id = x.parent_id
	), ending (id) AS (
		SELECT unnest(ARRAY[s.a_structure_id, s.z_structure_id]) FROM segment g JOIN netstate.span s ON s.id = g.span_id
	), rule AS (SELECT kind, probability AS p FROM netstate.risk_rule_in_force WHERE enabled), found (code, element, unit, kind) AS (
		SELECT 1, g.span_id, '', 'span' FROM segment g
		UNION SELECT 2, d.id, '', 'duct' FROM duct d
		UNION SELECT 3, g.cable_id, '', 'cable' FROM segment g
		UNION SELECT 4, e.id, '', 'structure' FROM ending e
		UNION SELECT 4, n.structure_id, '', 'structure' FROM node x JOIN netstate.node n ON n.id = x.id WHERE n.structure_id IS NOT NULL
		UNION SELECT 4, c.structure_id, c.passage, 'passage_' || c.passage FROM segment g JOIN netstate.span_crossing c ON c.span_id = g.span_id
		UNION SELECT 5, t.site_id, '', 'site' FROM ending e JOIN netstate.structure t ON t.id = e.id WHERE t.site_id IS NOT NULL
		UNION SELECT 5, coalesce(n.site_id, t.site_id), '', 'site' FROM node x JOIN netstate.node n ON n.id = x.id
			LEFT JOIN netstate.structure t ON t.id = n.structure_id WHERE coalesce(n.site_id, t.site_id) IS NOT NULL
	)
	SELECT -((f.code::bigint << 59) | f.element), f.unit, r.p FROM found f JOIN rule r ON r.kind = f.kind
	UNION ALL SELECT m.srlg_id, 'link ' || m.link_id, m.probability FROM beneath b JOIN netstate.srlg_member m ON m.link_id = b.id
	UNION ALL SELECT m.srlg_id, 'node ' || m.node_id, m.probability FROM node b JOIN netstate.srlg_node m ON m.node_id = b.id
$$;
CREATE TEMP TABLE units AS
SELECT l.id AS link_id, u.* FROM netstate.link l CROSS JOIN LATERAL pg_temp.unit(l.id) u WHERE l.network_id BETWEEN 601 AND 605;
CREATE FUNCTION pg_temp.both(a bigint, b bigint, g bigint) RETURNS float8
LANGUAGE sql AS $$
	WITH u AS MATERIALIZED (
		SELECT row_number() OVER ()::int - 1 AS bit, x.* FROM (
			SELECT unit, min(p) AS p, bool_or(link_id = a) AS of_a, bool_or(link_id = b) AS of_b
			FROM units WHERE srlg_id = g AND link_id IN (a, b) GROUP BY unit) x)
	SELECT sum(o.p) FROM (
		SELECT exp(sum(ln(nullif(CASE WHEN w.w >> u.bit & 1 = 1 THEN u.p ELSE 1 - u.p END, 0)))) * (count(*) FILTER (WHERE CASE WHEN w.w >> u.bit & 1 = 1 THEN u.p ELSE 1 - u.p END = 0) = 0)::int AS p
		FROM generate_series(0, (1 << (SELECT count(*)::int FROM u)) - 1) AS w (w) CROSS JOIN u
		GROUP BY w.w
		HAVING bool_or(u.of_a AND w.w >> u.bit & 1 = 1) AND bool_or(u.of_b AND w.w >> u.bit & 1 = 1)) o
$$;
WITH pair AS (
	SELECT a.id AS a, b.id AS b FROM netstate.link a JOIN netstate.link b ON a.id < b.id
	WHERE a.network_id BETWEEN 601 AND 605 AND b.network_id BETWEEN 601 AND 605
), wanted AS (
	SELECT p.a, p.b, u.srlg_id, pg_temp.both(p.a, p.b, u.srlg_id) AS probability
	FROM pair p CROSS JOIN LATERAL (SELECT srlg_id FROM units WHERE link_id = p.a INTERSECT SELECT srlg_id FROM units WHERE link_id = p.b) u
), got AS (
	SELECT p.a, p.b, g.* FROM pair p CROSS JOIN LATERAL netstate.shared_risk_groups(p.a, p.b) g
	WHERE g.srlg_id > 0 OR g.kind IN ('span', 'duct', 'cable', 'structure', 'site')
)
SELECT count(*) AS rows, count(DISTINCT (a, b)) AS pairs, count(*) FILTER (WHERE g.srlg_id IS NULL) AS missing, count(*) FILTER (WHERE w.srlg_id IS NULL) AS too_many,
	count(*) FILTER (WHERE abs(w.probability - g.probability_both) > 1e-6) AS differ,
	count(*) FILTER (WHERE abs(g.probability_both - g.probability_a * g.probability_b) > 1e-6) > 100 AS not_the_product
FROM wanted w FULL JOIN got g USING (a, b, srlg_id);
-- by hand: f1 passes under the bridge, f2 over it, and so do both together
SELECT share_a, share_b, probability_a, probability_b, probability_both FROM netstate.shared_risk(60101, 60102) WHERE element_kind = 'structure' AND element_id = 6;
SELECT share_a, share_b, probability_a, probability_b, probability_both FROM netstate.shared_risk(60101, 60104) WHERE element_kind = 'structure' AND element_id = 6;
SELECT name, kind, origin, element_kind, element_id, probability_a, probability_b, probability_both, hours_per_year FROM netstate.shared_risk(60101, 60102) WHERE srlg_id = 603;
SELECT name, share_a, probability_a, share_b, probability_b, probability_both, hours_per_year FROM netstate.shared_risk(60401, 60101) WHERE srlg_id = 603;
-- what the view risk says of the groups, by another way
SELECT count(*) > 50 AS many, count(hours_per_year) > 5 AS with_hours, count(*) FILTER (WHERE r.id IS NULL OR (s.name, s.kind, s.origin, s.element_kind, s.element_id)
	IS DISTINCT FROM (r.name, r.kind, r.origin, r.element_kind, r.element_id)
	OR round(s.hours_per_year::numeric, 9) IS DISTINCT FROM round((8760 / r.mtbf_hours * r.mttr_hours * s.probability_both)::numeric, 9)) AS differ
FROM (VALUES (60101, 60102), (60102, 60103), (60102, 60106), (60401, 60403), (60402, 60501), (60201, 60101), (60107, 60108)) AS p (a, b)
CROSS JOIN LATERAL netstate.shared_risk(p.a, p.b) AS s LEFT JOIN netstate.risk AS r ON r.id = s.srlg_id;
-- shares and probabilities are those of memberships, with the links either way round
SELECT count(*) AS differ FROM (VALUES (60401, 60403), (60402, 60101), (60501, 60104)) AS p (a, b)
CROSS JOIN LATERAL netstate.shared_risk(p.a, p.b) AS s
LEFT JOIN netstate.shared_risk(p.b, p.a) AS r ON r.srlg_id = s.srlg_id
LEFT JOIN netstate.memberships(ARRAY[p.a]) AS a ON a.srlg_id = s.srlg_id
LEFT JOIN netstate.memberships(ARRAY[p.b]) AS b ON b.srlg_id = s.srlg_id
WHERE (s.share_a, s.share_b) IS DISTINCT FROM (a.share, b.share) OR (s.share_a, s.share_b, s.probability_both) IS DISTINCT FROM (r.share_b, r.share_a, r.probability_both)
	OR abs(s.probability_a - a.probability) > 1e-6 OR abs(s.probability_b - b.probability) > 1e-6 OR a.srlg_id IS NULL OR b.srlg_id IS NULL OR s.share_a = 0 OR s.share_b = 0;
SELECT * FROM netstate.risk_element(1);
SELECT * FROM netstate.risk_element(-((7::bigint << 59) | (5 << 26) | (3 << 2) | 1));
SELECT * FROM netstate.risk_element(-((9::bigint << 59) | 77));
SELECT what, pg_temp.refusal(statement) FROM (VALUES
	(1, 'itself', $$SELECT netstate.shared_risk(60101, 60101)$$),
	(2, 'unknown link', $$SELECT netstate.shared_risk(60101, 1)$$),
	(3, 'no link', $$SELECT netstate.shared_risk(NULL, 60101)$$),
	(4, 'no link', $$SELECT netstate.shared_risk(60101, NULL)$$)
) t (n, what, statement) ORDER BY n;

-- risk_concentration: what the memberships of all links come to
WITH want AS (
	SELECT m.srlg_id, count(*) AS links, sum(m.share * l.capacity_gbps) AS gbps
	FROM netstate.link l JOIN netstate.risk_member m ON m.link_id = l.id WHERE l.network_id = 604 AND m.share > 0 GROUP BY m.srlg_id
), ride AS (
	SELECT m.srlg_id, count(DISTINCT d.id) AS demands
	FROM netstate.demand d JOIN netstate.node a ON a.id = d.src_node_id JOIN netstate.node z ON z.id = d.dst_node_id
	CROSS JOIN LATERAL netstate.shortest_path('q ip', a.name, z.name, 'hops') p
	JOIN netstate.memberships(ARRAY(SELECT id FROM netstate.link WHERE network_id = 604)) m ON m.link_id = ANY (p.links) AND m.share > 0
	WHERE d.network_id = 604 GROUP BY m.srlg_id
)
SELECT count(*) > 20 AS many, count(*) FILTER (WHERE c.links IS DISTINCT FROM w.links OR abs(c.gbps - w.gbps) > 1e-3 OR c.gbps IS NULL <> (w.gbps IS NULL)
		OR c.demands <> coalesce(r.demands, 0)) AS differ,
	bool_and(c.place = row_number) AS in_order
FROM (SELECT *, row_number() OVER (ORDER BY coalesce(gbps, -1) DESC, links DESC, srlg_id DESC) FROM netstate.risk_concentration('q ip', most => 1000)) c
FULL JOIN want w USING (srlg_id) LEFT JOIN ride r USING (srlg_id);
INSERT INTO netstate.site (id, name, kind) VALUES (3, 'beach', 'cable_landing');
UPDATE netstate.structure SET site_id = 3 WHERE id = 5;
SELECT kind, element_id, stands_out FROM netstate.risk_concentration('q ip', 'links', 1000) WHERE stands_out IS NOT NULL ORDER BY kind, element_id;
SELECT count(*) AS rows, bool_and(b.demands IS NOT DISTINCT FROM b.before) FROM (
	SELECT demands, demand_gbps, max(demand_gbps) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) = max(demand_gbps) OVER () AS first, demands AS before
	FROM netstate.risk_concentration('q ip', 'demands', 3)) b;
SELECT what, pg_temp.refusal(statement) FROM (VALUES
	(1, 'unknown network', $$SELECT netstate.risk_concentration('q pi')$$),
	(2, 'unknown measure', $$SELECT netstate.risk_concentration('q ip', 'gbps')$$),
	(3, 'none', $$SELECT netstate.risk_concentration('q ip', most => 0)$$),
	(4, 'no network', $$SELECT netstate.risk_concentration(NULL)$$),
	(5, 'no measure', $$SELECT netstate.risk_concentration('q ip', NULL)$$),
	(6, 'no number', $$SELECT netstate.risk_concentration('q ip', most => NULL)$$)
) t (n, what, statement) ORDER BY n;

-- zone_independence: both zones go south by one cable, to one node in one manhole
SELECT zone_a, zone_b, independent, round(distance_m) AS distance_m, distance_met, latency_us, latency_met, kind, element_kind, element_id, share_a, share_b, gbps_a, gbps_b
FROM netstate.zone_independence('q fibre', min_distance_m => 5000);
UPDATE netstate.link SET latency_us = 25, capacity_gbps = CASE id WHEN 60108 THEN 30 ELSE 10 END WHERE network_id = 601;
-- now one of A's two strands ends, with its node, at the bridge
INSERT INTO netstate.node (id, network_id, name) VALUES (6014, 601, 'T');
UPDATE netstate.link SET a_node_id = 6014 WHERE id = 60108;
DELETE FROM netstate.strand_assignment WHERE link_id = 60108;
SELECT zone_a, zone_b, independent, round(distance_m) AS distance_m, distance_met, latency_us, latency_met, kind, element_kind, element_id, share_a, share_b, gbps_a, gbps_b
FROM netstate.zone_independence('q fibre', 20, 1000);
-- nodes of higher layers lie where those lie that they ride on; A has no way out
SELECT zone_a, zone_b, independent, distance_met, latency_us, latency_met, element_kind FROM netstate.zone_independence('q ip');
SELECT what, pg_temp.refusal(statement) FROM (VALUES
	(1, 'unknown network', $$SELECT netstate.zone_independence('q fiber')$$),
	(2, 'no network', $$SELECT netstate.zone_independence(NULL)$$),
	(3, 'no latency', $$SELECT netstate.zone_independence('q fibre', NULL)$$),
	(4, 'negative', $$SELECT netstate.zone_independence('q fibre', -1)$$),
	(5, 'NaN', $$SELECT netstate.zone_independence('q fibre', min_distance_m => 'NaN')$$)
) t (n, what, statement) ORDER BY n;
ROLLBACK;
