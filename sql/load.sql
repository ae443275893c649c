-- Load of links, against the definition in plain SQL; what-ifs, load that is
-- given, demands without a path.
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

-- A number from 0 to sides - 1 that follows from the seed.
CREATE FUNCTION pg_temp.dice(seed text, sides integer) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
	SELECT ('x' || substr(md5(seed), 1, 7))::bit(28)::integer % sides
$$;

-- 40 networks of 6 nodes and 10 links, some of them directed, failed or in a
-- group, with 8 demands each. Many paths cost the same.
INSERT INTO netstate.network (id, name, layer) SELECT 5900 + n, 'load ' || n, 'ip' FROM generate_series(1, 40) n;
INSERT INTO netstate.node (id, network_id, name)
SELECT 590000 + 10 * n + i, 5900 + n, 'n' || i FROM generate_series(1, 40) n, generate_series(0, 5) i;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, directed, metric, capacity_gbps, status)
SELECT 590000 + 100 * n + l, 5900 + n, 'l' || l, 590000 + 10 * n + a, 590000 + 10 * n + (a + d) % 6, pg_temp.dice('directed ' || n || '/' || l, 5) = 0,
	1 + pg_temp.dice('metric ' || n || '/' || l, 3), nullif(100 * pg_temp.dice('capacity ' || n || '/' || l, 5), 0),
	CASE pg_temp.dice('status ' || n || '/' || l, 10) WHEN 0 THEN 'failed' ELSE 'in_service' END
FROM generate_series(1, 40) n, generate_series(1, 10) l,
	LATERAL (SELECT pg_temp.dice('a ' || n || '/' || l, 6) AS a, 1 + pg_temp.dice('z ' || n || '/' || l, 5) AS d) e;
INSERT INTO netstate.srlg (id, network_id, name) SELECT 5900 + n, 5900 + n, 'group' FROM generate_series(1, 40) n;
INSERT INTO netstate.srlg_member (srlg_id, link_id)
SELECT 5900 + n, 590000 + 100 * n + l FROM generate_series(1, 40) n, generate_series(1, 10) l WHERE pg_temp.dice('member ' || n || '/' || l, 6) = 0;
INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps)
SELECT 5900 + n, 'd' || d, 590000 + 10 * n + s, 590000 + 10 * n + (s + t) % 6, pg_temp.dice('gbps ' || n || '/' || d, 1000) / 10.0
FROM generate_series(1, 40) n, generate_series(1, 8) d,
	LATERAL (SELECT pg_temp.dice('src ' || n || '/' || d, 6) AS s, 1 + pg_temp.dice('dst ' || n || '/' || d, 5) AS t) e;

-- The definition: all paths without loops; at each node the links that the
-- cheapest of them begin with; what goes there, divided by their number.
CREATE FUNCTION pg_temp.expected(network bigint, avoid bigint[])
RETURNS TABLE (link_id bigint, az_gbps float8, za_gbps float8)
LANGUAGE sql AS $$
	WITH RECURSIVE arc AS MATERIALIZED (
		SELECT l.id, e.src, e.dst, l.metric, e.src = l.a_node_id AS az
		FROM netstate.link l
		CROSS JOIN LATERAL (VALUES (l.a_node_id, l.z_node_id, true), (l.z_node_id, l.a_node_id, NOT l.directed)) e (src, dst, has)
		WHERE l.network_id = $1 AND l.status = 'in_service' AND e.has AND l.id <> ALL ($2)
	), path (src, dst, first, cost, nodes) AS (
		SELECT a.src, a.dst, a.id, a.metric, ARRAY[a.src, a.dst] FROM arc a
		UNION ALL
		SELECT p.src, a.dst, p.first, p.cost + a.metric, p.nodes || a.dst
		FROM path p JOIN arc a ON a.src = p.dst WHERE a.dst <> ALL (p.nodes)
	), least AS MATERIALIZED (
		SELECT p.src, p.dst, min(p.cost) AS cost FROM path p GROUP BY p.src, p.dst
	), next AS MATERIALIZED (
		SELECT DISTINCT p.src, p.dst, p.first FROM path p JOIN least m USING (src, dst, cost)
	), flow (dst, at, link, az, gbps) AS (
		SELECT d.dst_node_id, d.src_node_id, NULL::bigint, NULL::boolean, d.gbps FROM netstate.demand d WHERE d.network_id = $1
		UNION ALL
		SELECT f.dst, a.dst, a.id, a.az, f.gbps / (SELECT count(*) FROM next n WHERE n.src = f.at AND n.dst = f.dst)
		FROM flow f JOIN next n ON n.src = f.at AND n.dst = f.dst JOIN arc a ON a.id = n.first AND a.src = f.at
	)
	SELECT l.id, coalesce(sum(f.gbps) FILTER (WHERE f.az), 0), coalesce(sum(f.gbps) FILTER (WHERE NOT f.az), 0)
	FROM netstate.link l LEFT JOIN flow f ON f.link = l.id
	WHERE l.network_id = $1 AND l.status = 'in_service' AND l.id <> ALL ($2)
	GROUP BY l.id
$$;

-- as it is, without some links, without a group
SELECT c.what, sum(x.links) AS links, sum(x.loaded) > 100 AS many, sum(x.both) > 10 AS both_ways, sum(x.split) > 20 AS split, sum(x.differ) AS differ
FROM generate_series(1, 40) n
CROSS JOIN LATERAL (VALUES
	(1, 'all links', '{}'::bigint[], '{}'::bigint[]),
	(2, 'without two', ARRAY[590000 + 100 * n + 1, 590000 + 100 * n + 2, -5], '{}'),
	(3, 'without a group', '{}', ARRAY[5900 + n, 424242])) c (case_no, what, links, srlgs)
CROSS JOIN LATERAL (
	SELECT count(*) AS links, count(*) FILTER (WHERE e.az_gbps > 0 OR e.za_gbps > 0) AS loaded,
		count(*) FILTER (WHERE e.az_gbps > 0 AND e.za_gbps > 0) AS both,
		count(*) FILTER (WHERE e.az_gbps * 10 <> round(e.az_gbps * 10)) AS split,
		count(*) FILTER (WHERE s.link_id IS NULL OR e.link_id IS NULL OR abs(s.az_gbps - e.az_gbps) > 1e-9 OR abs(s.za_gbps - e.za_gbps) > 1e-9
			OR s.capacity_gbps IS DISTINCT FROM l.capacity_gbps OR s.given
			OR abs(s.utilisation - greatest(e.az_gbps, e.za_gbps) / l.capacity_gbps) > 1e-9
			OR (s.utilisation IS NULL) <> (l.capacity_gbps IS NULL)) AS differ
	FROM netstate.link_load('load ' || n, avoid_links => c.links, avoid_srlgs => c.srlgs) s
	FULL JOIN pg_temp.expected(5900 + n, c.links || ARRAY(SELECT m.link_id FROM netstate.srlg_member m WHERE m.srlg_id = ANY (c.srlgs))) e USING (link_id)
	LEFT JOIN netstate.link l ON l.id = link_id) x
GROUP BY c.case_no, c.what ORDER BY c.case_no;

-- demands without a path, by the paths
SELECT count(*) AS unrouted, count(*) FILTER (WHERE d.id IS NULL OR u.demand_id IS NULL OR d.gbps <> u.gbps
	OR u.src <> a.name OR u.dst <> z.name) AS differ
FROM (SELECT u.* FROM generate_series(1, 40) n CROSS JOIN LATERAL netstate.unrouted_demands('load ' || n) u) u
FULL JOIN (
	SELECT d.* FROM netstate.demand d JOIN netstate.network w ON w.id = d.network_id
	JOIN netstate.node a ON a.id = d.src_node_id JOIN netstate.node z ON z.id = d.dst_node_id
	WHERE d.network_id BETWEEN 5901 AND 5940
	AND NOT EXISTS (SELECT FROM netstate.shortest_path(w.name, a.name, z.name))) d ON d.id = u.demand_id
LEFT JOIN netstate.node a ON a.id = d.src_node_id LEFT JOIN netstate.node z ON z.id = d.dst_node_id;

-- what reaches a node and what leaves it: the demands that end there are the difference
SELECT count(*) AS nodes, count(*) FILTER (WHERE abs(x.inward - x.outward - x.ends) > 1e-6) AS wrong
FROM (
	SELECT n.id,
		sum(CASE n.id WHEN l.z_node_id THEN s.az_gbps ELSE s.za_gbps END) AS inward,
		sum(CASE n.id WHEN l.z_node_id THEN s.za_gbps ELSE s.az_gbps END) AS outward,
		coalesce((SELECT sum(CASE n.id WHEN d.dst_node_id THEN d.gbps ELSE -d.gbps END) FROM netstate.demand d
			WHERE n.id IN (d.src_node_id, d.dst_node_id)
			AND d.id NOT IN (SELECT u.demand_id FROM netstate.unrouted_demands(w.name) u)), 0) AS ends
	FROM netstate.network w JOIN netstate.node n ON n.network_id = w.id
	CROSS JOIN LATERAL netstate.link_load(w.name) s
	JOIN netstate.link l ON l.id = s.link_id AND n.id IN (l.a_node_id, l.z_node_id)
	WHERE w.id BETWEEN 5901 AND 5940 GROUP BY w.name, n.id) x;

-- ---- by hand ----

-- a to d by b or by c, which cost the same, and two parallel links from c to d;
-- the path over e has less cost in latency, and none in hops is as short as a-d.
INSERT INTO netstate.network (id, name, layer) VALUES (5950, 'load fibre', 'fibre'), (5951, 'load ip', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES (595001, 5950, 'a'), (595004, 5950, 'd'),
	(595101, 5951, 'a'), (595102, 5951, 'b'), (595103, 5951, 'c'), (595104, 5951, 'd'), (595105, 5951, 'e'), (595106, 5951, 'far');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, directed, metric, latency_us, capacity_gbps) VALUES
	(595151, 5951, 'ab', 595101, 595102, false, 0.1, 50, 100), (595152, 5951, 'bd', 595102, 595104, false, 0.2, 50, 100),
	(595153, 5951, 'ac', 595101, 595103, false, 0.2, 50, 100), (595154, 5951, 'cd 1', 595103, 595104, false, 0.1, 50, 100),
	(595155, 5951, 'dc 2', 595104, 595103, false, 0.1, 50, NULL), (595156, 5951, 'ae', 595101, 595105, true, 9, 1, 100),
	(595157, 5951, 'ed', 595105, 595104, true, 9, 1, 100), (595158, 5951, 'ad', 595101, 595104, false, 8, 500, 400);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps) VALUES
	(595051, 5950, 'f1', 595001, 595004, 100), (595052, 5950, 'f2', 595001, 595004, 100);
INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) VALUES (595158, 1, 1, 595051), (595158, 2, 1, 595052);
INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps) VALUES
	(5951, 'there', 595101, 595104, 60), (5951, 'back', 595104, 595101, 9), (5951, 'nowhere', 595101, 595106, 5);
CREATE FUNCTION pg_temp.loads(statement text) RETURNS TABLE (name text, az float8, za float8, capacity float8, utilisation float8, given boolean)
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT l.name, s.az_gbps, s.za_gbps, s.capacity_gbps, s.utilisation, s.given FROM netstate.link_load(%s) s
		JOIN netstate.link l ON l.id = s.link_id WHERE s.az_gbps + s.za_gbps > 0 ORDER BY l.name', statement);
END $$;
SELECT * FROM pg_temp.loads($$'load ip'$$);
SELECT * FROM pg_temp.loads($$'load ip', 'latency'$$);
SELECT * FROM pg_temp.loads($$'load ip', 'hops'$$);
SELECT u.demand_id = d.id AS that, u.src, u.dst, u.gbps FROM netstate.unrouted_demands('load ip') u, netstate.demand d WHERE d.name = 'nowhere' AND d.network_id = 5951;
SELECT u.src, u.dst, u.gbps FROM netstate.unrouted_demands('load ip', avoid_links => '{595151,595153,595156,595158}') u ORDER BY u.src, u.dst;

-- half of what lies beneath has failed: half of the capacity is left
UPDATE netstate.link SET status = 'failed' WHERE id = 595052;
SELECT * FROM pg_temp.loads($$'load ip', 'hops'$$);
UPDATE netstate.link SET status = 'failed' WHERE id = 595051;
SELECT * FROM pg_temp.loads($$'load ip', 'hops'$$);

-- load that is given counts in both directions, except against a directed link
UPDATE netstate.link SET load_gbps = 30 WHERE id IN (595151, 595156);
UPDATE netstate.link SET load_gbps = 0 WHERE id = 595152;
SELECT * FROM pg_temp.loads($$'load ip'$$);
SELECT * FROM pg_temp.loads($$'load ip', given => false$$);
SELECT * FROM pg_temp.loads($$'load ip', avoid_links => '{595151}', given => false$$);
SELECT count(*) FROM netstate.link_load('load ip', avoid_links => '{595151}') s WHERE s.link_id = 595151;

-- a capacity of 0
UPDATE netstate.link SET capacity_gbps = 0, load_gbps = NULL WHERE id IN (595151, 595156);
SELECT l.name, s.capacity_gbps, s.utilisation FROM netstate.link_load('load ip') s JOIN netstate.link l ON l.id = s.link_id WHERE s.capacity_gbps = 0 ORDER BY l.name;

-- own changes count, and go with a savepoint
SAVEPOINT s;
UPDATE netstate.demand SET gbps = 800 WHERE network_id = 5951 AND name = 'there';
SELECT max(s.az_gbps) FROM netstate.link_load('load ip') s;
ROLLBACK TO s;
SELECT max(s.az_gbps) FROM netstate.link_load('load ip') s;

-- ---- refused ----

SELECT query, pg_temp.refusal('SELECT count(*) FROM netstate.' || query) AS refusal
FROM unnest(ARRAY[
	$$link_load('load pi')$$, $$link_load('load ip', 'price')$$, $$link_load('load ip', 'length')$$,
	$$link_load(NULL)$$, $$link_load('load ip', NULL)$$, $$link_load('load ip', avoid_links => NULL)$$,
	$$link_load('load ip', avoid_srlgs => '{1,NULL}')$$, $$link_load('load ip', given => NULL)$$,
	$$unrouted_demands('load pi')$$, $$unrouted_demands(NULL)$$, $$unrouted_demands('load ip', '{{1,2},{3,4}}')$$,
	$$unrouted_demands('load ip', avoid_srlgs => NULL)$$]) WITH ORDINALITY AS q (query, n) ORDER BY n;

-- without SELECT on demands, or on what carries
CREATE ROLE regress_ns_load;
GRANT USAGE ON SCHEMA netstate TO regress_ns_load;
GRANT SELECT ON ALL TABLES IN SCHEMA netstate TO regress_ns_load;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA netstate TO regress_ns_load;
SET ROLE regress_ns_load;
SELECT count(*) FROM netstate.link_load('load ip');
RESET ROLE;
REVOKE SELECT ON netstate.demand FROM regress_ns_load;
SET ROLE regress_ns_load;
SELECT pg_temp.refusal($$SELECT netstate.link_load('load ip')$$);
SELECT pg_temp.refusal($$SELECT netstate.unrouted_demands('load ip')$$);
RESET ROLE;
-- of what it may not see: nothing
GRANT SELECT ON netstate.demand TO regress_ns_load;
ALTER TABLE netstate.node ENABLE ROW LEVEL SECURITY;
CREATE POLICY not_d ON netstate.node FOR SELECT USING (name <> 'd');
SET ROLE regress_ns_load;
SELECT * FROM pg_temp.loads($$'load ip'$$);
SELECT u.src, u.dst FROM netstate.unrouted_demands('load ip') u;
RESET ROLE;
ROLLBACK;
