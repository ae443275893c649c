-- Paths: every answer of the path functions, against plain SQL that lists all
-- paths of small networks and picks by the definition; then the rules on
-- status, support, thresholds, rights, budget and snapshots.
\set VERBOSITY terse
\pset null '(null)'
BEGIN;

-- ---- random networks, and all their paths ----

-- 12 multigraphs of 7 nodes and 11 links; odd ones have directed links.  Costs
-- are small whole numbers and quarters, so that many are equal and all sums are
-- exact.  random() here is the same on every machine.
CREATE FUNCTION pg_temp.dice(seed text, sides integer) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
	SELECT ((('x' || substr(md5(seed), 1, 7))::bit(28)::integer) % sides)
$$;

INSERT INTO netstate.network (id, name, layer)
SELECT 5000 + g, 'path ' || g, 'ip' FROM generate_series(1, 12) g;
INSERT INTO netstate.node (id, network_id, name)
SELECT 5000000 + 100 * g + n, 5000 + g, chr(64 + n)
FROM generate_series(1, 12) g, generate_series(1, 7) n;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, directed, metric, latency_us, length_km)
SELECT 5000000 + 100 * g + l, 5000 + g, 'l' || l,
	5000000 + 100 * g + 1 + a, 5000000 + 100 * g + 1 + (a + 1 + step) % 7,
	g % 2 = 1 AND pg_temp.dice('directed' || g || '/' || l, 3) = 0,
	pg_temp.dice('metric' || g || '/' || l, 6),
	pg_temp.dice('latency' || g || '/' || l, 20) / 4.0,
	pg_temp.dice('length' || g || '/' || l, 1000)
FROM generate_series(1, 12) g, generate_series(1, 11) l,
	LATERAL (SELECT pg_temp.dice('a' || g || '/' || l, 7) AS a,
		pg_temp.dice('step' || g || '/' || l, 6) AS step) d;
INSERT INTO netstate.srlg (id, network_id, name)
SELECT 5000000 + 100 * g + s, 5000 + g, 's' || s
FROM generate_series(1, 12) g, generate_series(1, 5) s;
INSERT INTO netstate.srlg_member (srlg_id, link_id, share, probability)
SELECT 5000000 + 100 * g + s, 5000000 + 100 * g + l,
	(ARRAY[1, 1, 0.5, 0])[1 + pg_temp.dice('share' || g || '/' || s || '/' || l, 4)],
	(ARRAY[1, 0.7, 0.25])[1 + pg_temp.dice('probability' || g || '/' || s || '/' || l, 3)]
FROM generate_series(1, 12) g, generate_series(1, 5) s, generate_series(1, 11) l
WHERE pg_temp.dice('member' || g || '/' || s || '/' || l, 5) = 0;
-- The last group of each network takes down a node: all links at it belong to
-- the group, and paths from or to it do not count the group.
INSERT INTO netstate.srlg_node (srlg_id, node_id)
SELECT 5000000 + 100 * g + 5, 5000000 + 100 * g + 1 + g % 7 FROM generate_series(1, 12) g;

-- All loopless paths between two nodes.
CREATE TEMP TABLE all_path AS
WITH RECURSIVE arc AS (
	SELECT network_id, id, a_node_id AS tail, z_node_id AS head, metric, latency_us, length_km
	FROM netstate.link WHERE network_id BETWEEN 5001 AND 5012
	UNION ALL
	SELECT network_id, id, z_node_id, a_node_id, metric, latency_us, length_km
	FROM netstate.link WHERE network_id BETWEEN 5001 AND 5012 AND NOT directed
), path AS (
	SELECT network_id, id AS src, id AS dst, '{}'::bigint[] AS links, ARRAY[id] AS nodes,
		0::float8 AS metric, 0::float8 AS latency, 0::float8 AS length
	FROM netstate.node WHERE network_id BETWEEN 5001 AND 5012
	UNION ALL
	SELECT p.network_id, p.src, a.head, p.links || a.id, p.nodes || a.head,
		p.metric + a.metric, p.latency + a.latency_us, p.length + a.length_km
	FROM path p JOIN arc a ON a.tail = p.dst
	WHERE a.head <> ALL (p.nodes)
)
SELECT w.name AS network, s.name AS src_name, d.name AS dst_name, p.*, cardinality(p.links) AS hops,
	p.nodes[2:cardinality(p.nodes) - 1] AS inner_nodes
FROM path p JOIN netstate.network w ON w.id = p.network_id
	JOIN netstate.node s ON s.id = p.src JOIN netstate.node d ON d.id = p.dst
WHERE p.src <> p.dst;
CREATE TEMP TABLE pair AS
SELECT w.name AS network, s.name AS src, d.name AS dst, s.id AS src_id, d.id AS dst_id
FROM netstate.network w JOIN netstate.node s ON s.network_id = w.id
	JOIN netstate.node d ON d.network_id = w.id AND d.id <> s.id
WHERE w.id BETWEEN 5001 AND 5012;
CREATE INDEX ON all_path (network, src, dst);
ANALYZE all_path;
ANALYZE pair;
SELECT count(*) > 2000 AS paths_abound,
	count(DISTINCT (network, src, dst)) < (SELECT count(*) FROM pair) AS some_pairs_have_none
FROM all_path;

-- shortest_path: the least cost, then the fewest links, then the smallest ids
SELECT c.cost AS kind, count(*) AS pairs,
	count(*) FILTER (WHERE o.links IS DISTINCT FROM p.links) AS other_path,
	count(*) FILTER (WHERE o.cost IS DISTINCT FROM p.cost) AS other_cost,
	count(*) FILTER (WHERE o.hops IS DISTINCT FROM p.hops) AS other_hops,
	count(*) FILTER (WHERE o.node_names IS DISTINCT FROM p.nodes) AS other_nodes,
	count(p.cost) BETWEEN 300 AND count(*) - 1 AS with_and_without
FROM pair, (VALUES ('metric'), ('latency'), ('length'), ('hops')) c (cost)
LEFT JOIN LATERAL (
	SELECT a.links, a.hops,
		CASE c.cost WHEN 'metric' THEN metric WHEN 'latency' THEN latency
			WHEN 'length' THEN length ELSE hops END AS cost,
		ARRAY(SELECT n.name FROM unnest(a.nodes) WITH ORDINALITY u (id, i)
			JOIN netstate.node n USING (id) ORDER BY u.i) AS node_names
	FROM all_path a WHERE a.network = pair.network AND a.src = src_id AND a.dst = dst_id
	ORDER BY 3, 2, 1 LIMIT 1) o ON true
LEFT JOIN LATERAL netstate.shortest_path(pair.network, pair.src, pair.dst, c.cost) p ON true
GROUP BY c.cost ORDER BY c.cost;

-- avoid_links, avoid_srlgs: as if these links were not there
CREATE TEMP TABLE member AS SELECT * FROM netstate.memberships();
SELECT count(*) AS pairs,
	count(*) FILTER (WHERE o.links IS DISTINCT FROM p.links) AS other_path,
	count(p.links) BETWEEN 50 AND count(*) - 50 AS with_and_without
FROM pair
LEFT JOIN LATERAL (
	SELECT a.links FROM all_path a
	WHERE a.network = pair.network AND a.src = src_id AND a.dst = dst_id
		AND NOT a.links && ARRAY[src_id / 100 * 100 + 3, src_id / 100 * 100 + 8]
		AND NOT EXISTS (SELECT FROM member m WHERE m.link_id = ANY (a.links)
			AND m.srlg_id = src_id / 100 * 100 + 2 AND m.share > 0)
	ORDER BY a.metric, a.hops, a.links LIMIT 1) o ON true
LEFT JOIN LATERAL netstate.shortest_path(pair.network, pair.src, pair.dst,
	avoid_links => ARRAY[src_id / 100 * 100 + 3, src_id / 100 * 100 + 8, 1, -1],
	avoid_srlgs => ARRAY[src_id / 100 * 100 + 2, 999999999]) p ON true;

-- k_shortest_paths: the first k of all, in order; all of them when k is more
SELECT k, count(*) AS pairs,
	count(*) FILTER (WHERE o.links IS DISTINCT FROM p.links) AS other_paths,
	count(*) FILTER (WHERE o.costs IS DISTINCT FROM p.costs) AS other_costs,
	count(*) FILTER (WHERE p.numbers IS DISTINCT FROM (SELECT array_agg(i) FROM generate_series(1, p.n) i)) AS misnumbered
FROM pair, (VALUES (1), (5), (100000)) v (k)
LEFT JOIN LATERAL (
	SELECT array_agg(links::text ORDER BY metric, hops, links) AS links, array_agg(metric ORDER BY metric, hops, links) AS costs
	FROM (SELECT links, metric, hops FROM all_path a
		WHERE a.network = pair.network AND a.src = src_id AND a.dst = dst_id
		ORDER BY metric, hops, links LIMIT k) first) o ON true
LEFT JOIN LATERAL (
	SELECT array_agg(links::text ORDER BY path) AS links, array_agg(cost ORDER BY path) AS costs,
		array_agg(path ORDER BY path) AS numbers, count(*)::integer AS n
	FROM netstate.k_shortest_paths(pair.network, pair.src, pair.dst, k)) p ON true
GROUP BY k ORDER BY k;

-- disjoint_paths, k = 2: all pairs of paths, of which each is judged by the
-- definition.  What a membership counts for depends on the question.
CREATE TEMP TABLE question AS
SELECT q.*, 'link' || CASE WHEN node THEN ' node' ELSE '' END || CASE WHEN srlg THEN ' srlg' ELSE '' END AS kinds,
	CASE WHEN node THEN '{node}'::text[] ELSE '{}' END || CASE WHEN srlg THEN '{srlg}'::text[] ELSE '{}' END AS disjoint
FROM (VALUES
	(1, false, false, 0, 0, false), (2, true, false, 0, 0, false), (3, false, true, 0, 0, false), (4, true, true, 0, 0, false),
	(5, false, true, 0.7, 0, false), (6, false, true, 0, 0.5, false), (7, true, true, 0.5, 0.75, true)
) q (number, node, srlg, min_probability, min_share, ignore);

CREATE TEMP TABLE two_paths AS
SELECT q.number, a.network, a.src_name AS src, a.dst_name AS dst, a.metric + b.metric AS cost,
	CASE WHEN q.srlg THEN g.n ELSE 0 END AS groups,
	CASE WHEN q.node THEN cardinality(ARRAY(SELECT unnest(a.inner_nodes) INTERSECT SELECT unnest(b.inner_nodes))) ELSE 0 END AS nodes,
	cardinality(ARRAY(SELECT unnest(a.links) INTERSECT SELECT unnest(b.links))) AS links
FROM question q, all_path a JOIN all_path b USING (network, src, dst), LATERAL (
	SELECT count(*)::integer AS n FROM (
		SELECT m.srlg_id FROM member m
		WHERE (m.link_id = ANY (a.links) OR m.link_id = ANY (b.links))
			AND m.share > 0 AND m.share >= q.min_share AND m.probability >= q.min_probability
			AND NOT (q.ignore AND m.srlg_id % 100 = 1)
			AND NOT EXISTS (SELECT FROM netstate.srlg_node n WHERE n.srlg_id = m.srlg_id AND n.node_id IN (a.src, a.dst))
		GROUP BY m.srlg_id
		HAVING bool_or(m.link_id = ANY (a.links)) AND bool_or(m.link_id = ANY (b.links))) s) g
WHERE a.links <= b.links AND a.network_id <= 5004;
CREATE INDEX ON two_paths (number, network, src, dst);
ANALYZE two_paths;

-- What the two paths of an answer share, read off them.
CREATE FUNCTION pg_temp.shared_links(a bigint[], b bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE AS $$
	SELECT ARRAY(SELECT id FROM unnest(a) WITH ORDINALITY u (id, i) WHERE id = ANY (b) ORDER BY i)
$$;
CREATE FUNCTION pg_temp.shared_nodes(a text[], b text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
	SELECT ARRAY(SELECT name FROM unnest(a) WITH ORDINALITY u (name, i)
		WHERE name = ANY (b) AND i > 1 AND i < cardinality(a) ORDER BY i)
$$;

SELECT q.number, q.kinds, count(*) AS pairs,
	count(*) FILTER (WHERE o.cost IS DISTINCT FROM p.cost) AS other_cost,
	count(*) FILTER (WHERE p.rows NOT IN (0, 2) OR NOT p.optimal OR p.lower_bound <> p.cost
		OR p.links <> '{}' OR q.node AND p.nodes <> '{}' OR q.srlg AND p.groups <> '{}') AS bad,
	count(p.cost) > 20 AS with, count(*) FILTER (WHERE p.cost IS NULL) > 20 AS without
FROM question q CROSS JOIN pair
LEFT JOIN LATERAL (
	SELECT min(t.cost) AS cost FROM two_paths t
	WHERE t.number = q.number AND t.network = pair.network AND t.src = pair.src AND t.dst = pair.dst
		AND groups + nodes + links = 0) o ON true
LEFT JOIN LATERAL (
	SELECT sum(cost) AS cost, count(*) AS rows, bool_and(optimal) AS optimal, min(lower_bound) AS lower_bound,
		min(shared_srlgs) AS groups, min(shared_nodes) AS nodes, min(shared_links) AS links
	FROM netstate.disjoint_paths(pair.network, pair.src, pair.dst, disjoint => q.disjoint,
		min_probability => q.min_probability, min_share => q.min_share,
		ignore_srlgs => CASE WHEN q.ignore THEN ARRAY[src_id / 100 * 100 + 1] ELSE '{}' END)) p ON true
WHERE pair.src_id < 5000500
GROUP BY q.number, q.kinds ORDER BY q.number;

-- the same, not strict: fewest groups, then nodes, then links, then the cost
CREATE TEMP TABLE answer AS
SELECT q.number, q.node, q.srlg, pair.*, d.*
FROM question q CROSS JOIN pair, LATERAL netstate.disjoint_paths(pair.network, pair.src, pair.dst,
	disjoint => q.disjoint, strict => false, min_probability => q.min_probability, min_share => q.min_share,
	ignore_srlgs => CASE WHEN q.ignore THEN ARRAY[src_id / 100 * 100 + 1] ELSE '{}' END) d
WHERE pair.src_id < 5000500;
CREATE TEMP TABLE two_answers AS
SELECT number, network, src, dst, src_id, dst_id, a.links AS a_links, b.links AS b_links, a.nodes AS a_nodes, b.nodes AS b_nodes,
	a.shared_srlgs, a.shared_links, a.shared_nodes, b.shared_links AS b_shared_links, b.shared_nodes AS b_shared_nodes,
	a.shared_srlgs = b.shared_srlgs AND a.optimal AND b.optimal AND a.cost <= b.cost
		AND a.lower_bound = a.cost + b.cost AND b.lower_bound = a.cost + b.cost AS sound,
	a.cost + b.cost AS cost,
	CASE WHEN srlg THEN cardinality(a.shared_srlgs) ELSE 0 END AS groups,
	CASE WHEN node THEN cardinality(a.shared_nodes) ELSE 0 END AS nodes,
	cardinality(a.shared_links) AS links
FROM (SELECT * FROM answer WHERE path = 1) a
FULL JOIN (SELECT * FROM answer WHERE path = 2) b USING (number, network, src, dst, src_id, dst_id, node, srlg);
CREATE INDEX ON two_answers (number, network, src, dst);
ANALYZE two_answers;
SELECT q.number, q.kinds, count(*) AS pairs, count(p.cost) AS answers,
	count(*) FILTER (WHERE (o.groups, o.nodes, o.links) IS DISTINCT FROM (p.groups, p.nodes, p.links)) AS other_sharing,
	count(*) FILTER (WHERE o.cost IS DISTINCT FROM p.cost) AS other_cost,
	count(*) FILTER (WHERE NOT p.sound) AS unsound,
	count(*) FILTER (WHERE p.groups + p.nodes + p.links > 0) > 20 AS some_share
FROM question q CROSS JOIN pair
LEFT JOIN LATERAL (
	SELECT t.* FROM two_paths t
	WHERE t.number = q.number AND t.network = pair.network AND t.src = pair.src AND t.dst = pair.dst
	ORDER BY groups, nodes, links, cost LIMIT 1) o ON true
LEFT JOIN two_answers p ON p.number = q.number AND p.network = pair.network AND p.src = pair.src AND p.dst = pair.dst
WHERE pair.src_id < 5000500
GROUP BY q.number, q.kinds ORDER BY q.number;

-- the shared columns name what is shared, asked for or not
SELECT count(*) AS answers,
	count(*) FILTER (WHERE shared_links <> pg_temp.shared_links(a_links, b_links)
		OR b_shared_links <> pg_temp.shared_links(b_links, a_links)) AS links_misnamed,
	count(*) FILTER (WHERE shared_nodes <> pg_temp.shared_nodes(a_nodes, b_nodes)
		OR b_shared_nodes <> pg_temp.shared_nodes(b_nodes, a_nodes)) AS nodes_misnamed,
	count(*) FILTER (WHERE shared_srlgs <> ARRAY(
		SELECT m.srlg_id FROM member m
		WHERE m.share > 0 AND m.share >= q.min_share AND m.probability >= q.min_probability
			AND NOT (q.ignore AND m.srlg_id % 100 = 1)
			AND NOT EXISTS (SELECT FROM netstate.srlg_node n WHERE n.srlg_id = m.srlg_id AND n.node_id IN (src_id, dst_id))
		GROUP BY m.srlg_id
		HAVING bool_or(m.link_id = ANY (a_links)) AND bool_or(m.link_id = ANY (b_links))
		ORDER BY m.srlg_id)) AS groups_misnamed,
	count(*) FILTER (WHERE shared_srlgs <> '{}' AND NOT q.srlg) > 20 AS unasked_too
FROM two_answers JOIN question q USING (number);

-- k = 3, links and nodes alone
SELECT count(*) AS pairs, count(*) FILTER (WHERE o.cost IS DISTINCT FROM p.cost) AS other_cost, count(p.cost) > 10 AS with
FROM pair
LEFT JOIN LATERAL (
	SELECT min(a.metric + b.metric + c.metric) AS cost
	FROM all_path a JOIN all_path b USING (network, src, dst) JOIN all_path c USING (network, src, dst)
	WHERE a.network = pair.network AND a.src = src_id AND a.dst = dst_id AND a.links < b.links AND b.links < c.links
		AND NOT a.links && b.links AND NOT a.links && c.links AND NOT b.links && c.links
		AND NOT a.inner_nodes && b.inner_nodes AND NOT a.inner_nodes && c.inner_nodes AND NOT b.inner_nodes && c.inner_nodes) o ON true
LEFT JOIN LATERAL (
	SELECT sum(cost) AS cost
	FROM netstate.disjoint_paths(pair.network, pair.src, pair.dst, k => 3, disjoint => '{node}')) p ON true
WHERE pair.src_id < 5000500;

-- disjoint_obstacles: what every path uses
SELECT q.number, q.kinds, count(*) AS pairs,
	count(*) FILTER (WHERE o.all IS DISTINCT FROM p.all) AS other,
	count(p.all) > 20 AS with, count(*) FILTER (WHERE p.all IS NULL) > 20 AS without
FROM question q CROSS JOIN pair
LEFT JOIN LATERAL (
	SELECT array_agg(kind || ' ' || name || ' ' || id ORDER BY kind, id) AS all
	FROM (
		SELECT 'srlg' AS kind, s.id, s.name FROM netstate.srlg s
		WHERE q.srlg AND s.network_id = (SELECT id FROM netstate.network w WHERE w.name = pair.network)
			AND NOT (q.ignore AND s.id % 100 = 1)
			AND NOT EXISTS (SELECT FROM netstate.srlg_node n WHERE n.srlg_id = s.id AND n.node_id IN (src_id, dst_id))
			AND NOT EXISTS (SELECT FROM all_path a
				WHERE a.network = pair.network AND a.src = src_id AND a.dst = dst_id
					AND NOT EXISTS (SELECT FROM member m WHERE m.srlg_id = s.id AND m.link_id = ANY (a.links)
						AND m.share > 0 AND m.share >= q.min_share AND m.probability >= q.min_probability))
		UNION ALL
		SELECT 'node', n.id, n.name FROM netstate.node n
		WHERE q.node AND n.network_id = (SELECT id FROM netstate.network w WHERE w.name = pair.network) AND n.id NOT IN (src_id, dst_id)
			AND NOT EXISTS (SELECT FROM all_path a
				WHERE a.network = pair.network AND a.src = src_id AND a.dst = dst_id AND n.id <> ALL (a.nodes))
		UNION ALL
		SELECT 'link', l.id, l.name FROM netstate.link l
		WHERE l.network_id = (SELECT id FROM netstate.network w WHERE w.name = pair.network)
			AND NOT EXISTS (SELECT FROM all_path a
				WHERE a.network = pair.network AND a.src = src_id AND a.dst = dst_id AND l.id <> ALL (a.links))) risk
	WHERE EXISTS (SELECT FROM all_path a WHERE a.network = pair.network AND a.src = src_id AND a.dst = dst_id)) o ON true
LEFT JOIN LATERAL (
	SELECT array_agg(kind || ' ' || name || ' ' || id ORDER BY kind, id) AS all
	FROM netstate.disjoint_obstacles(pair.network, pair.src, pair.dst, disjoint => q.disjoint,
		min_probability => q.min_probability, min_share => q.min_share,
		ignore_srlgs => CASE WHEN q.ignore THEN ARRAY[src_id / 100 * 100 + 1] ELSE '{}' END)) p ON true
WHERE pair.src_id < 5000500
GROUP BY q.number, q.kinds ORDER BY q.number;

-- ---- a small network by hand: what is up, and what follows from beneath ----

INSERT INTO netstate.network (id, name, layer) VALUES (5101, 'path ip', 'ip'), (5102, 'path fibre', 'fibre');
INSERT INTO netstate.node (id, network_id, name) SELECT 510200 + n, 5102, 'f' || n FROM generate_series(1, 4) n;
INSERT INTO netstate.node (id, network_id, name, supporting_node_id)
SELECT 510100 + n, 5101, (ARRAY['Cork', 'Dublin', 'Galway', 'Łódź'])[n], 510200 + n FROM generate_series(1, 4) n;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps) VALUES
	(510211, 5102, 'duct a', 510201, 510202, 100), (510212, 5102, 'duct b', 510201, 510202, 100),
	(510213, 5102, 'duct c', 510202, 510203, 100), (510214, 5102, 'duct d', 510201, 510204, 100),
	(510215, 5102, 'duct e', 510204, 510203, 100);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, latency_us, capacity_gbps) VALUES
	(510111, 5101, 'cd 1', 510101, 510102, 1, 5, 100), (510112, 5101, 'cd 2', 510101, 510102, 2, 4, 100),
	(510113, 5101, 'dg', 510102, 510103, 3, 3, 100), (510114, 5101, 'cl', 510101, 510104, 10, 2, 200),
	(510115, 5101, 'lg', 510104, 510103, 10, NULL, 100);
-- cd 1 and cd 2 run through two ducts; cl is a bundle of both ducts to Łódź
INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) VALUES
	(510111, 1, 1, 510211), (510112, 1, 1, 510212), (510113, 1, 1, 510213),
	(510114, 1, 1, 510214), (510114, 2, 1, 510211), (510114, 2, 2, 510213), (510115, 1, 1, 510215);
INSERT INTO netstate.srlg (id, network_id, name) VALUES
	(5101, 5102, 'trench'), (5102, 5102, 'bridge'), (5103, NULL, 'house of Cork');

-- The paths from Cork to Galway as one line.
CREATE FUNCTION pg_temp.cork_galway(k integer DEFAULT 10) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(cost || ' ' || array_to_string(nodes, '-') || ' ' ||
		array_to_string(ARRAY(SELECT l.name FROM unnest(links) WITH ORDINALITY u (id, i) JOIN netstate.link l USING (id) ORDER BY i), ','), '; ' ORDER BY path)
	FROM netstate.k_shortest_paths('path ip', 'Cork', 'Galway', k)
$$;
CREATE FUNCTION pg_temp.two(disjoint text[], strict boolean DEFAULT true, ignore bigint[] DEFAULT '{}',
	min_probability float8 DEFAULT 0, min_share float8 DEFAULT 0) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(cost || ' ' ||
		array_to_string(ARRAY(SELECT l.name FROM unnest(links) WITH ORDINALITY u (id, i) JOIN netstate.link l USING (id) ORDER BY i), ',') ||
		CASE WHEN shared_srlgs = '{}' THEN '' ELSE ' sharing ' ||
			array_to_string(ARRAY(SELECT s.name FROM unnest(shared_srlgs) WITH ORDINALITY u (id, i) JOIN netstate.srlg s USING (id) ORDER BY i), ',') END,
		'; ' ORDER BY path)
	FROM netstate.disjoint_paths('path ip', 'Cork', 'Galway', disjoint => disjoint, strict => strict, ignore_srlgs => ignore,
		min_probability => min_probability, min_share => min_share)
$$;
SELECT pg_temp.cork_galway();

-- parallel links are two paths; the empty path
SELECT path, cost, hops, nodes, links FROM netstate.k_shortest_paths('path ip', 'Cork', 'Dublin', 2) ORDER BY path;
SELECT * FROM netstate.shortest_path('path ip', 'Łódź', 'Łódź');
SELECT * FROM netstate.k_shortest_paths('path ip', 'Łódź', 'Łódź', 10);
SELECT cost, nodes FROM netstate.shortest_path('path ip', 'Galway', 'Cork', 'hops');

-- status: of the link, of an end, of what lies beneath; and a what-if is undone
CREATE FUNCTION pg_temp.what_if(change text, question text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	before text;
	during text;
	afterwards text;
BEGIN
	EXECUTE 'SELECT ' || question INTO before;
	BEGIN
		EXECUTE change;
		EXECUTE 'SELECT ' || question INTO during;
		RAISE EXCEPTION SQLSTATE 'NS000';
	EXCEPTION WHEN SQLSTATE 'NS000' THEN
		NULL;
	END;
	EXECUTE 'SELECT ' || question INTO afterwards;
	IF afterwards IS DISTINCT FROM before THEN
		RETURN 'NOT UNDONE: ' || afterwards;
	END IF;
	RETURN during;
END $$;
SELECT what, pg_temp.what_if(change, 'pg_temp.cork_galway(1)')
FROM (VALUES
	(1, 'link failed', $$UPDATE netstate.link SET status = 'failed' WHERE name = 'cd 1'$$),
	(2, 'link planned', $$UPDATE netstate.link SET status = 'planned' WHERE name = 'cd 1'$$),
	(3, 'link retired', $$UPDATE netstate.link SET status = 'retired' WHERE name = 'cd 1'$$),
	(4, 'node failed', $$UPDATE netstate.node SET status = 'failed' WHERE name = 'Dublin'$$),
	(5, 'node beneath failed', $$UPDATE netstate.node SET status = 'failed' WHERE name = 'f2'$$),
	(6, 'duct failed', $$UPDATE netstate.link SET status = 'failed' WHERE name = 'duct a'$$),
	(7, 'duct of half a bundle failed', $$UPDATE netstate.link SET status = 'failed' WHERE name = 'duct c'$$),
	(8, 'source failed', $$UPDATE netstate.node SET status = 'failed' WHERE name = 'Cork'$$),
	(9, 'metric raised', $$UPDATE netstate.link SET metric = 2.5 WHERE name = 'cd 1'$$),
	(10, 'link added', $$INSERT INTO netstate.link (network_id, name, a_node_id, z_node_id, metric) VALUES (5101, 'cg', 510101, 510103, 0)$$),
	(11, 'link added, the other way only', $$INSERT INTO netstate.link (network_id, name, a_node_id, z_node_id, metric, directed) VALUES (5101, 'gc', 510103, 510101, 0, true)$$),
	(12, 'links deleted', $$DELETE FROM netstate.link WHERE name IN ('cd 1', 'cd 2')$$)
) t (n, what, change) ORDER BY n;
SELECT pg_temp.what_if($$UPDATE netstate.link SET status = 'failed' WHERE name = 'duct c'$$,
	$$string_agg(l.name || ' ' || c.carried || ' ' || c.up, ', ' ORDER BY l.name) FROM netstate.carried(ARRAY[510113, 510114]) c JOIN netstate.link l ON l.id = c.link_id$$);

-- a cursor answers from its own snapshot, whatever was written since
DECLARE before CURSOR FOR SELECT cost FROM netstate.shortest_path('path ip', 'Cork', 'Galway');
SAVEPOINT change;
UPDATE netstate.link SET status = 'failed' WHERE name = 'cd 1';
SELECT cost FROM netstate.shortest_path('path ip', 'Cork', 'Galway');
FETCH before;
ROLLBACK TO change;
-- the statement that writes does not see itself; the next one does
WITH written AS (
	UPDATE netstate.link SET metric = 100 WHERE name = 'dg' RETURNING 1)
SELECT cost, (SELECT count(*) FROM written) AS written FROM netstate.shortest_path('path ip', 'Cork', 'Galway');
SELECT cost FROM netstate.shortest_path('path ip', 'Cork', 'Galway');
UPDATE netstate.link SET metric = 3 WHERE name = 'dg';

-- risk rises from the ducts: nothing shared; one trench under both ways; a
-- group that takes a bundle's half; thresholds; leaving it aside
SELECT pg_temp.two('{srlg}');
INSERT INTO netstate.srlg_member (srlg_id, link_id, share, probability) VALUES
	(5101, 510213, 1, 0.5), (5101, 510215, 1, 0.25);
SELECT pg_temp.two('{srlg}') AS srlg, pg_temp.two('{link}') AS link, pg_temp.two('{node}') AS node,
	pg_temp.two('{srlg}', ignore => '{5101}') AS ignored;
SELECT pg_temp.two('{srlg}', strict => false) AS not_strict;
SELECT pg_temp.two('{srlg}', min_probability => 0.5) AS counts, pg_temp.two('{srlg}', min_probability => 0.51) AS too_improbable;
SELECT * FROM netstate.disjoint_obstacles('path ip', 'Cork', 'Galway');
SELECT kind, id, name FROM netstate.disjoint_obstacles('path ip', 'Cork', 'Galway', disjoint => '{link}');
SELECT kind, name FROM netstate.disjoint_obstacles('path ip', 'Cork', 'Galway', avoid_links => ARRAY[netstate.link_id('path ip', 'cl')], disjoint => '{node}');
SELECT pg_temp.two('{srlg}', ignore => ARRAY(
	SELECT id FROM netstate.disjoint_obstacles('path ip', 'Cork', 'Galway') WHERE kind = 'srlg')) AS what_remains;
DELETE FROM netstate.srlg_member WHERE srlg_id IN (5101, 5102);
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (5102, 510211), (5102, 510212);
SELECT pg_temp.two('{srlg}') AS half_a_bundle_counts, pg_temp.two('{srlg}', min_share => 0.5) AS still, pg_temp.two('{srlg}', min_share => 0.51) AS no_more;
DELETE FROM netstate.srlg_member WHERE srlg_id IN (5101, 5102);

-- a group that takes down an end does not count; at any other node it does
INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (5103, 510101);
SELECT pg_temp.two('{srlg}') AS at_the_source;
UPDATE netstate.srlg_node SET node_id = 510201 WHERE srlg_id = 5103;
SELECT pg_temp.two('{srlg}') AS at_the_node_beneath_it;
UPDATE netstate.srlg_node SET node_id = 510202 WHERE srlg_id = 5103;
INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (5103, 510204);
SELECT pg_temp.two('{srlg}') AS at_two_nodes_between;
DELETE FROM netstate.srlg_node WHERE srlg_id = 5103;

-- a trap: the shortest path has no partner, yet a pair exists
INSERT INTO netstate.network (id, name, layer) VALUES (5103, 'path trap', 'ip');
INSERT INTO netstate.node (id, network_id, name) SELECT 510300 + n, 5103, (ARRAY['s', 'a', 'b', 't'])[n] FROM generate_series(1, 4) n;
INSERT INTO netstate.link (network_id, name, a_node_id, z_node_id, metric, directed) VALUES
	(5103, 'sa', 510301, 510302, 1, true), (5103, 'ab', 510302, 510303, 1, true), (5103, 'bt', 510303, 510304, 1, true),
	(5103, 'sb', 510301, 510303, 5, true), (5103, 'at', 510302, 510304, 5, true);
SELECT nodes FROM netstate.shortest_path('path trap', 's', 't');
SELECT path, cost, nodes, optimal, lower_bound FROM netstate.disjoint_paths('path trap', 's', 't') ORDER BY path;
SELECT count(*) AS against_the_direction FROM netstate.shortest_path('path trap', 't', 's');

-- a link in service without the cost asked for is named, even off the path;
-- out of service it does no harm
\set VERBOSITY default
SAVEPOINT fault;
SELECT * FROM netstate.shortest_path('path ip', 'Cork', 'Dublin', 'latency');
ROLLBACK TO fault;
SELECT * FROM netstate.disjoint_paths('path ip', 'Cork', 'Dublin', cost => 'length');
ROLLBACK TO fault;
\set VERBOSITY terse
UPDATE netstate.link SET status = 'planned' WHERE name = 'lg';
SELECT cost, hops FROM netstate.shortest_path('path ip', 'Cork', 'Galway', 'latency');
UPDATE netstate.link SET status = 'in_service' WHERE name = 'lg';

-- ---- limits ----

-- a grid with groups at random: within any budget the answer is right, or is
-- not given; less is proven with less
INSERT INTO netstate.network (id, name, layer) VALUES (5104, 'path grid', 'ip');
INSERT INTO netstate.node (id, network_id, name)
SELECT 5104000 + 20 * x + y, 5104, x || '/' || y FROM generate_series(0, 19) x, generate_series(0, 19) y;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric)
SELECT 5104000 + 2 * n + d, 5104, n || '+' || d, 5104000 + n, 5104000 + n + CASE d WHEN 0 THEN 20 ELSE 1 END, 1 + pg_temp.dice('grid' || n || d, 9)
FROM generate_series(0, 399) n, generate_series(0, 1) d
WHERE CASE d WHEN 0 THEN n / 20 < 19 ELSE n % 20 < 19 END;
INSERT INTO netstate.srlg (id, network_id, name) SELECT 5104000 + s, 5104, 'g' || s FROM generate_series(0, 149) s;
INSERT INTO netstate.srlg_member (srlg_id, link_id)
SELECT DISTINCT 5104000 + s, l.id FROM generate_series(0, 149) s, generate_series(1, 4) m
JOIN netstate.link l ON true
WHERE l.network_id = 5104 AND l.id = 5104000 + pg_temp.dice('group' || s || '/' || m, 760);

SET netstate.search_budget = 1000;
\set VERBOSITY sqlstate
SAVEPOINT fault;
SELECT * FROM netstate.disjoint_paths('path grid', '1/1', '18/18', 3, '{node,srlg}');
ROLLBACK TO fault;
\set VERBOSITY terse
CREATE FUNCTION pg_temp.within(budget integer, k integer, strict boolean,
	OUT answered boolean, OUT cost float8, OUT optimal boolean, OUT lower_bound float8)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('netstate.search_budget', budget::text, true);
	SELECT true, sum(p.cost), bool_and(p.optimal), max(p.lower_bound) INTO answered, cost, optimal, lower_bound
	FROM netstate.disjoint_paths('path grid', '4/4', '12/12', k, '{srlg}', strict) p;
EXCEPTION WHEN configuration_limit_exceeded THEN
	answered := false;
END $$;
CREATE TEMP TABLE budget AS
SELECT b AS budget, strict, w.* FROM (VALUES (1000), (3000), (10000), (30000), (100000), (300000), (20000000)) v (b),
	(VALUES (true), (false)) s (strict), pg_temp.within(b, 2, strict) w;
SELECT strict, bool_or(answered AND optimal) AS solved_in_the_end,
	count(DISTINCT cost) FILTER (WHERE optimal) AS optima,
	bool_and(cost >= best) AS never_below_the_optimum,
	bool_and(lower_bound <= cost) AS bound_below_cost,
	bool_and(lower_bound <= best) FILTER (WHERE strict) AS bound_below_optimum
FROM budget JOIN (SELECT strict, min(cost) FILTER (WHERE optimal) AS best FROM budget GROUP BY strict) b USING (strict)
GROUP BY strict ORDER BY strict;
RESET netstate.search_budget;

-- memory
SET netstate.memory_limit = '1MB';
\set VERBOSITY sqlstate
SAVEPOINT fault;
SELECT count(*) FROM netstate.k_shortest_paths('path grid', '0/0', '19/19', 100000);
ROLLBACK TO fault;
\set VERBOSITY terse
RESET netstate.memory_limit;
SELECT count(DISTINCT links) AS paths, bool_and(cost >= last) AS in_order FROM (
	SELECT links, cost, lag(cost, 1, 0::float8) OVER (ORDER BY path) AS last
	FROM netstate.k_shortest_paths('path grid', '0/0', '19/19', 2000)) p;

-- nothing is left behind by a call, whether it answers or fails
CREATE FUNCTION pg_temp.memory_after(calls integer) RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. calls LOOP
		PERFORM FROM netstate.disjoint_paths('path grid', '4/4', '6/6');
		PERFORM FROM netstate.memberships('{510111,510112}'), netstate.carried('{510111}'), netstate.members('srlg', '{5101}');
		BEGIN
			PERFORM FROM netstate.shortest_path('path grid', '4/4', '6/66');
		EXCEPTION WHEN undefined_object THEN
			NULL;
		END;
	END LOOP;
	RETURN (SELECT sum(used_bytes) FROM pg_backend_memory_contexts);
END $$;
SELECT pg_temp.memory_after(20) IS NOT NULL AS warm;
SELECT abs(pg_temp.memory_after(1) - pg_temp.memory_after(100)) < 100000 AS nothing_left;

-- settings: bounds, and no misspelt ones
\set VERBOSITY sqlstate
SAVEPOINT fault;
SET netstate.search_budget = 999;
ROLLBACK TO fault;
SET netstate.memory_limit = 0;
ROLLBACK TO fault;
SET netstate.serach_budget = 1;
ROLLBACK TO fault;
\set VERBOSITY terse

-- ---- parallel workers, read-only transactions ----

CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query;
END $$;
UPDATE netstate.link SET metric = 4 WHERE name = 'cd 2';
SELECT set_config(CASE WHEN current_setting('server_version_num')::integer >= 160000
	THEN 'debug_parallel_query' ELSE 'force_parallel_mode' END, 'on', true) AS in_a_worker;
SELECT bool_or(plan LIKE '%Gather%') AS in_a_worker
FROM pg_temp.plan($$SELECT * FROM netstate.disjoint_paths('path ip', 'Cork', 'Galway')$$) plan;
SELECT path, cost, nodes FROM netstate.disjoint_paths('path ip', 'Cork', 'Galway') ORDER BY path;
SELECT cost, nodes FROM netstate.shortest_path('path ip', 'Cork', 'Dublin', avoid_links => '{510111}');
SELECT count(*) FROM netstate.k_shortest_paths('path ip', 'Cork', 'Galway', 100);
SELECT count(*) FROM netstate.disjoint_obstacles('path ip', 'Cork', 'Galway');
SELECT count(*) FROM netstate.memberships('{510111}');
SELECT count(*) FROM netstate.members('srlg', '{5101}');
SELECT link_id, carried, up FROM netstate.carried('{510111}');
SELECT netstate.link_id('path ip', 'cd 1');
SAVEPOINT fault;
SELECT netstate.link_id('path ip', 'cd 9');
ROLLBACK TO fault;
DO $$ BEGIN PERFORM set_config(name, reset_val, true) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query'); END $$;
UPDATE netstate.link SET metric = 2 WHERE name = 'cd 2';

-- ---- rights ----

CREATE ROLE regress_ns_reader;
CREATE ROLE regress_ns_nobody;
GRANT USAGE ON SCHEMA netstate TO regress_ns_reader, regress_ns_nobody;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA netstate TO regress_ns_reader, regress_ns_nobody;
GRANT SELECT ON ALL TABLES IN SCHEMA netstate TO regress_ns_reader;

-- without SELECT, whichever table it is; with it, as the owner
SET ROLE regress_ns_nobody;
SAVEPOINT fault;
SELECT * FROM netstate.shortest_path('path ip', 'Cork', 'Galway');
ROLLBACK TO fault;
SELECT * FROM netstate.carried();
ROLLBACK TO fault;
RESET ROLE;
SET ROLE regress_ns_reader;
SELECT cost, nodes FROM netstate.shortest_path('path ip', 'Cork', 'Galway');
RESET ROLE;
CREATE FUNCTION pg_temp.without(privilege text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE format('REVOKE SELECT ON netstate.%I FROM regress_ns_reader', privilege);
	SET ROLE regress_ns_reader;
	BEGIN
		SELECT 'answers ' || count(*) INTO answer FROM netstate.disjoint_paths('path ip', 'Cork', 'Galway');
	EXCEPTION WHEN OTHERS THEN
		answer := SQLSTATE || ' ' || SQLERRM;
	END;
	RESET ROLE;
	EXECUTE format('GRANT SELECT ON netstate.%I TO regress_ns_reader', privilege);
	RETURN answer;
END $$;
SELECT t AS without, pg_temp.without(t)
FROM unnest(ARRAY['network', 'node', 'link', 'link_support', 'srlg_member', 'srlg_node', 'srlg', 'demand']) WITH ORDINALITY u (t, i) ORDER BY i;

-- Row-level security hides nodes and links, never a risk: cg, over a duct in the
-- trench, is hidden from the reader, as is the trench, its member and all of the
-- fibre network; yet both other ways count as sharing it.
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (5101, 510213), (5101, 510215);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (510116, 5101, 'cg', 510101, 510103, 1);
CREATE FUNCTION pg_temp.as_reader(question text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	SET ROLE regress_ns_reader;
	EXECUTE 'SELECT ' || question INTO answer;
	RESET ROLE;
	RETURN answer;
END $$;
CREATE FUNCTION pg_temp.questions(OUT question text, OUT answer text) RETURNS SETOF record
LANGUAGE sql AS $$
	SELECT q, pg_temp.as_reader(q) FROM (VALUES
		(1, $q$string_agg(cost::text, ' ' ORDER BY path) FROM netstate.k_shortest_paths('path ip', 'Cork', 'Galway', 5)$q$),
		(2, $q$string_agg(cost::text, ' ' ORDER BY path) FROM netstate.disjoint_paths('path ip', 'Cork', 'Galway', avoid_links => '{510116}')$q$),
		(3, $q$string_agg(kind || ' ' || id || ' ' || coalesce(name, '?'), ', ') FROM netstate.disjoint_obstacles('path ip', 'Cork', 'Galway', avoid_links => '{510116}')$q$),
		(4, $q$string_agg(srlg_id || ' in ' || link_id || ' ' || coalesce(origin, '?'), ', ' ORDER BY link_id) FROM netstate.memberships('{510113,510115,510213}')$q$),
		(5, $q$string_agg(srlg_id || ' in ' || link_id, ', ' ORDER BY link_id) FROM netstate.members('srlg', '{5101}')$q$),
		(6, $q$string_agg(link_id || ' ' || carried, ', ' ORDER BY link_id) FROM netstate.carried('{510113,510116,510213}')$q$)
	) v (n, q) ORDER BY n
$$;
SELECT * FROM pg_temp.questions();
ALTER TABLE netstate.srlg ENABLE ROW LEVEL SECURITY;
ALTER TABLE netstate.srlg_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE netstate.srlg_node ENABLE ROW LEVEL SECURITY;
ALTER TABLE netstate.link_support ENABLE ROW LEVEL SECURITY;
ALTER TABLE netstate.link ENABLE ROW LEVEL SECURITY;
ALTER TABLE netstate.node ENABLE ROW LEVEL SECURITY;
ALTER TABLE netstate.link FORCE ROW LEVEL SECURITY;
CREATE POLICY regress_ns_ip ON netstate.link TO regress_ns_reader USING (network_id = 5101 AND name <> 'cg');
CREATE POLICY regress_ns_ip ON netstate.node TO regress_ns_reader USING (network_id = 5101);
SELECT * FROM pg_temp.questions();
-- the same where the tables belong to a role that is not a superuser and that
-- row-level security is forced upon
CREATE ROLE regress_ns_owner;
GRANT USAGE ON SCHEMA netstate TO regress_ns_owner;
ALTER TABLE netstate.srlg_member OWNER TO regress_ns_owner;
ALTER TABLE netstate.srlg_member FORCE ROW LEVEL SECURITY;
ALTER TABLE netstate.link_support OWNER TO regress_ns_owner;
ALTER TABLE netstate.link_support FORCE ROW LEVEL SECURITY;
SET ROLE regress_ns_owner;
SELECT count(*) AS the_owner_sees FROM netstate.srlg_member;
RESET ROLE;
SELECT answer FROM pg_temp.questions();
-- a hidden node takes its links out of the graph, and no hint names it
DROP POLICY regress_ns_ip ON netstate.node;
CREATE POLICY regress_ns_ip ON netstate.node TO regress_ns_reader USING (network_id = 5101 AND name <> 'Dublin');
SELECT pg_temp.as_reader($q$string_agg(cost::text, ' ' ORDER BY path) FROM netstate.k_shortest_paths('path ip', 'Cork', 'Galway', 5)$q$);
\set VERBOSITY default
SAVEPOINT fault;
SET ROLE regress_ns_reader;
SELECT * FROM netstate.shortest_path('path ip', 'Cork', 'Dubln');
ROLLBACK TO fault;
\set VERBOSITY terse
-- the owner sees all, and so does the trigger that copies levels
SELECT cost FROM netstate.shortest_path('path ip', 'Cork', 'Dublin');
GRANT INSERT ON netstate.link TO regress_ns_reader;
CREATE POLICY regress_ns_write ON netstate.link FOR INSERT TO regress_ns_reader WITH CHECK (true);
ALTER TABLE netstate.network ENABLE ROW LEVEL SECURITY;
SET ROLE regress_ns_reader;
SELECT count(*) AS networks_seen FROM netstate.network;
INSERT INTO netstate.link (network_id, name, a_node_id, z_node_id) VALUES (5101, 'by the reader', 510101, 510103);
RESET ROLE;
SELECT level FROM netstate.link WHERE name = 'by the reader';

ROLLBACK;
-- a read-only transaction
BEGIN;
INSERT INTO netstate.network (id, name, layer) VALUES (5105, 'path read only', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES (5105001, 5105, 'a'), (5105002, 5105, 'b');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (5105003, 5105, 'ab', 5105001, 5105002, 1);
SET TRANSACTION READ ONLY;
SELECT cost FROM netstate.shortest_path('path read only', 'a', 'b');
SELECT count(*) FROM netstate.disjoint_paths('path read only', 'a', 'b');
SELECT kind, name FROM netstate.disjoint_obstacles('path read only', 'a', 'b');
SELECT * FROM netstate.carried('{5105003}');
ROLLBACK;

-- what a call takes is free when it ends, though the query goes on
BEGIN;
INSERT INTO netstate.network (id, name, layer) VALUES (5106, 'path often', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES (5106001, 5106, 'a'), (5106002, 5106, 'b');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (5106003, 5106, 'ab', 5106001, 5106002, 1);
SELECT q.what, max(q.kept) < 2000000 AS bounded
FROM (
	SELECT 'paths' AS what, CASE WHEN g.i = 4000 THEN
		(SELECT max(total_bytes) FROM pg_backend_memory_contexts WHERE name = 'ExecutorState') END AS kept
	FROM generate_series(1, 4000) AS g (i),
		LATERAL netstate.disjoint_paths('path often', 'a', 'b', 1, avoid_links => ARRAY[g.i]) AS p
	UNION ALL
	SELECT 'risks', CASE WHEN g.i = 4000 THEN
		(SELECT max(total_bytes) FROM pg_backend_memory_contexts WHERE name = 'ExecutorState') END
	FROM generate_series(1, 4000) AS g (i),
		LATERAL netstate.carried(ARRAY[5106003, g.i]) AS c) AS q
GROUP BY q.what ORDER BY q.what;
ROLLBACK;

-- finite costs whose sum is not
BEGIN;
INSERT INTO netstate.network (id, name, layer) VALUES (5107, 'path dear', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES (5107001, 5107, 'a'), (5107002, 5107, 'b'), (5107003, 5107, 'c');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES
	(5107004, 5107, 'ab', 5107001, 5107002, 1.7e308), (5107005, 5107, 'bc', 5107002, 5107003, 1.7e308);
SELECT cost FROM netstate.shortest_path('path dear', 'a', 'b');
SELECT cost FROM netstate.shortest_path('path dear', 'a', 'c');
ROLLBACK;

-- decimal costs add up as decimals
BEGIN;
INSERT INTO netstate.network (id, name, layer) VALUES (5108, 'path decimal', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES (5108001, 5108, 'a'), (5108002, 5108, 'b'), (5108003, 5108, 'c');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES
	(5108004, 5108, 'ab', 5108001, 5108002, 0.1), (5108005, 5108, 'bc', 5108002, 5108003, 0.2),
	(5108006, 5108, 'ac', 5108001, 5108003, 0.3);
SELECT path, cost, hops FROM netstate.disjoint_paths('path decimal', 'a', 'c') ORDER BY path;

-- a group counts that takes down an end with less than the probability asked for, or never
INSERT INTO netstate.srlg (id, network_id, name, kind) VALUES (5108007, 5108, 'trench', 'trench');
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (5108007, 5108004), (5108007, 5108006);
INSERT INTO netstate.srlg_node (srlg_id, node_id, probability) VALUES (5108007, 5108001, 0);
SELECT p.probability AS end_goes_down, (SELECT count(*) FROM netstate.disjoint_paths('path decimal', 'a', 'c', min_probability => 0.5)) AS paths
FROM netstate.srlg_node AS p WHERE p.srlg_id = 5108007;
UPDATE netstate.srlg_node SET probability = 0.4 WHERE srlg_id = 5108007;
SELECT p.probability AS end_goes_down, (SELECT count(*) FROM netstate.disjoint_paths('path decimal', 'a', 'c', min_probability => 0.5)) AS paths
FROM netstate.srlg_node AS p WHERE p.srlg_id = 5108007;
UPDATE netstate.srlg_node SET probability = 0.5 WHERE srlg_id = 5108007;
SELECT p.probability AS end_goes_down, (SELECT count(*) FROM netstate.disjoint_paths('path decimal', 'a', 'c', min_probability => 0.5)) AS paths
FROM netstate.srlg_node AS p WHERE p.srlg_id = 5108007;
ROLLBACK;
