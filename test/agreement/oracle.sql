-- What the tables say, in plain SQL (inside PL/pgSQL functions, which keep their
-- plans), and its comparison with what netstate answers in the same statement,
-- so under the same snapshot.
--
-- Three small networks, 1 beneath 2 beneath 3, change all the time; network 4
-- has links enough for statements that are large, and is never asked about.  Costs are multiples of 0.5
-- and small, so that sums are exact.

-- What links ride on leads nowhere here: graphs are to be right of any rows.
ALTER TABLE netstate.commit_check DISABLE TRIGGER commit_check_run;

CREATE SCHEMA agreement;

-- Nodes with all that they ride on.
CREATE VIEW agreement.node_state AS
WITH RECURSIVE down AS (
	SELECT id FROM netstate.node WHERE status <> 'in_service' AND network_id <= 3
	UNION
	SELECT n.id FROM netstate.node n JOIN down d ON n.supporting_node_id = d.id)
SELECT n.id, n.network_id, n.name, NOT EXISTS (SELECT FROM down d WHERE d.id = n.id) AS up
FROM netstate.node n
WHERE n.network_id <= 3;

-- Links that paths may use, with all that they ride on: one step per network.
-- Of a link with supports, one member must have all its links.
CREATE VIEW agreement.link_up AS
WITH fit AS MATERIALIZED (
	SELECT l.id, l.network_id, l.a_node_id, l.z_node_id, l.directed, l.metric
	FROM netstate.link l
	JOIN agreement.node_state a ON a.id = l.a_node_id
	JOIN agreement.node_state z ON z.id = l.z_node_id
	WHERE l.status = 'in_service' AND a.up AND z.up AND l.network_id <= 3),
support AS MATERIALIZED (
	SELECT link_id, member, supporting_link_id FROM netstate.link_support),
first AS MATERIALIZED (
	SELECT id FROM fit WHERE network_id = 1),
second AS MATERIALIZED (
	SELECT f.id FROM fit f LEFT JOIN support s ON s.link_id = f.id
	WHERE f.network_id = 2
	GROUP BY f.id, s.member
	HAVING bool_and(s.supporting_link_id IS NULL OR s.supporting_link_id IN (SELECT id FROM first))),
third AS MATERIALIZED (
	SELECT f.id FROM fit f LEFT JOIN support s ON s.link_id = f.id
	WHERE f.network_id = 3
	GROUP BY f.id, s.member
	HAVING bool_and(s.supporting_link_id IS NULL OR s.supporting_link_id IN (SELECT id FROM first)
		OR s.supporting_link_id IN (SELECT id FROM second)))
SELECT * FROM fit
WHERE id IN (SELECT id FROM first) OR id IN (SELECT id FROM second) OR id IN (SELECT id FROM third);

-- The links that lose anything when one of these groups' events hits all that
-- it can: stated, by their nodes, or risen by the rule of docs/risk.md, again one
-- step per network.
CREATE FUNCTION agreement.links_of(groups bigint[]) RETURNS TABLE (hit_id bigint)
LANGUAGE plpgsql STABLE ROWS 10 AS $$
BEGIN
	RETURN QUERY
	WITH RECURSIVE hit_node AS (
		SELECT srlg_id, node_id FROM netstate.srlg_node WHERE srlg_id = ANY (groups)
		UNION
		SELECT h.srlg_id, n.id FROM netstate.node n JOIN hit_node h ON n.supporting_node_id = h.node_id),
	own AS MATERIALIZED (
		SELECT srlg_id, link_id, share FROM netstate.srlg_member WHERE srlg_id = ANY (groups)
		UNION ALL
		SELECT h.srlg_id, l.id, 1 FROM netstate.link l JOIN hit_node h ON h.node_id IN (l.a_node_id, l.z_node_id)),
	support AS MATERIALIZED (
		SELECT s.link_id, l.network_id, s.member, s.supporting_link_id, l.capacity_gbps AS capacity, b.capacity_gbps AS below
		FROM netstate.link_support s
		JOIN netstate.link l ON l.id = s.link_id
		JOIN netstate.link b ON b.id = s.supporting_link_id),
	known AS (
		SELECT link_id, bool_and(capacity IS NOT NULL AND below IS NOT NULL) AS known FROM support GROUP BY link_id),
	member AS MATERIALIZED (
		SELECT s.link_id, s.network_id, s.member, k.known, s.capacity,
			CASE WHEN k.known THEN least(s.capacity, min(s.below)) ELSE 1 END AS c
		FROM support s JOIN known k USING (link_id)
		GROUP BY s.link_id, s.network_id, s.member, k.known, s.capacity),
	first AS MATERIALIZED (
		SELECT o.srlg_id, o.link_id, o.share FROM own o JOIN netstate.link l ON l.id = o.link_id WHERE l.network_id = 1),
	second AS MATERIALIZED (
		SELECT o.srlg_id, o.link_id, o.share FROM own o JOIN netstate.link l ON l.id = o.link_id WHERE l.network_id = 2
		UNION ALL
		SELECT g.srlg_id, m.link_id, 1 - sum(m.c * (1 - coalesce(w.share, 0))) / CASE WHEN m.known THEN least(m.capacity, sum(m.c)) ELSE sum(m.c) END
		FROM (SELECT DISTINCT srlg_id FROM first) g
		CROSS JOIN member m
		LEFT JOIN LATERAL (
			SELECT max(f.share) AS share FROM support s JOIN first f ON f.link_id = s.supporting_link_id
			WHERE s.link_id = m.link_id AND s.member = m.member AND f.srlg_id = g.srlg_id) w ON true
		WHERE m.network_id = 2
		GROUP BY g.srlg_id, m.link_id, m.known, m.capacity),
	beneath AS MATERIALIZED (
		SELECT * FROM first UNION ALL SELECT * FROM second),
	third AS (
		SELECT o.srlg_id, o.link_id, o.share FROM own o JOIN netstate.link l ON l.id = o.link_id WHERE l.network_id = 3
		UNION ALL
		SELECT g.srlg_id, m.link_id, 1 - sum(m.c * (1 - coalesce(w.share, 0))) / CASE WHEN m.known THEN least(m.capacity, sum(m.c)) ELSE sum(m.c) END
		FROM (SELECT DISTINCT srlg_id FROM beneath) g
		CROSS JOIN member m
		LEFT JOIN LATERAL (
			SELECT max(f.share) AS share FROM support s JOIN beneath f ON f.link_id = s.supporting_link_id
			WHERE s.link_id = m.link_id AND s.member = m.member AND f.srlg_id = g.srlg_id) w ON true
		WHERE m.network_id = 3
		GROUP BY g.srlg_id, m.link_id, m.known, m.capacity)
	SELECT DISTINCT x.link_id FROM (SELECT * FROM beneath UNION ALL SELECT * FROM third) x WHERE x.share > 1e-9;
END $$;

-- The cost of the cheapest path; NULL where there is none.  What is longer than
-- any cheapest path can be is not walked.
CREATE FUNCTION agreement.path_cost(asked_id bigint, src text, dst text, measure text, avoid bigint[]) RETURNS float8
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (
	WITH RECURSIVE link AS MATERIALIZED (
		SELECT a_node_id AS a, z_node_id AS z, directed, CASE measure WHEN 'hops' THEN 1 ELSE metric END AS cost
		FROM agreement.link_up l
		WHERE l.network_id = asked_id AND l.id NOT IN (SELECT hit_id FROM agreement.links_of(avoid))),
	arc AS MATERIALIZED (
		SELECT a, z, min(cost) AS cost
		FROM (SELECT a, z, cost FROM link UNION ALL SELECT z, a, cost FROM link WHERE NOT directed) x
		GROUP BY a, z),
	walk AS (
		SELECT n.id, 0::float8 AS cost FROM netstate.node n WHERE n.network_id = asked_id AND n.name = src
		UNION
		SELECT arc.z, walk.cost + arc.cost FROM walk JOIN arc ON arc.a = walk.id WHERE walk.cost + arc.cost <= 30)
	SELECT min(walk.cost) FROM walk JOIN netstate.node n ON n.id = walk.id WHERE n.name = dst);
END $$;

-- The totals and the comparison that netstate itself gives for the graph that
-- it answers from; NULL where nothing is wrong.
CREATE FUNCTION agreement.graph_differs(asked_id bigint, asked text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	got record;
	want record;
	n bigint;
BEGIN
	got := netstate.graph_status(asked);
	n := netstate.graph_check(asked);
	SELECT (SELECT count(*) FROM netstate.node v WHERE v.network_id = asked_id) AS nodes, count(*) AS links,
		coalesce(sum(l.metric), 0) AS total_metric
	INTO want FROM agreement.link_up l WHERE l.network_id = asked_id;
	RETURN nullif(concat_ws('; ',
		CASE WHEN n <> 0 THEN format('graph_check(%L) gives %s', asked, n) END,
		CASE WHEN (got.nodes, got.links, got.total_metric) IS DISTINCT FROM (want.nodes, want.links, want.total_metric)
			THEN format('%L has nodes, links, total metric %s, not %s', asked, want, (got.nodes, got.links, got.total_metric)) END), '');
END $$;

-- One check: 'right', or what is wrong.  `pick` chooses the question.  Whatever
-- is asked is asked first: what the oracle locks or reads must not help.
CREATE FUNCTION agreement.check(pick int) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	asked_id bigint := CASE pick % 8 WHEN 0 THEN 1 WHEN 1 THEN 2 WHEN 2 THEN 2 ELSE 3 END;
	asked text;
	src text;
	dst text;
	measure text;
	avoid bigint[];
	n bigint;
	wrong text;
	got record;
	want float8;
BEGIN
	asked := (SELECT w.name FROM netstate.network w WHERE w.id = asked_id);
	src := (SELECT v.name FROM netstate.node v WHERE v.network_id = asked_id ORDER BY hashint8(v.id + pick), v.id LIMIT 1);
	dst := (SELECT v.name FROM netstate.node v WHERE v.network_id = asked_id ORDER BY hashint8(v.id + pick) DESC, v.id LIMIT 1);
	IF asked IS NULL OR src IS NULL THEN
		RETURN 'nothing to ask';
	END IF;
	avoid := ARRAY(SELECT g.id FROM netstate.srlg g WHERE g.id % 4 = pick % 4);
	IF pick % 3 = 0 THEN
		wrong := agreement.graph_differs(asked_id, asked);
	END IF;
	measure := CASE WHEN pick % 5 = 0 OR EXISTS (SELECT FROM agreement.link_up l WHERE l.network_id = asked_id AND l.metric IS NULL)
		THEN 'hops' ELSE 'metric' END;

	SELECT p.cost, p.links, p.nodes INTO got FROM netstate.shortest_path(asked, src, dst, measure, avoid_srlgs => avoid) p;
	want := agreement.path_cost(asked_id, src, dst, measure, avoid);
	IF got.cost IS DISTINCT FROM want THEN
		wrong := concat_ws('; ', wrong, format('%s from %s to %s without %s costs %s, not %s (%s)',
			asked, src, dst, avoid, coalesce(want::text, 'no path'), coalesce(got.cost::text, 'no path'), got.links));
	END IF;

	-- every path consists of links that are up, costs their sum, avoids the
	-- groups, and is named after the nodes that it visits
	IF pick % 4 = 1 THEN
		SELECT count(*) INTO n
		FROM netstate.k_shortest_paths(asked, src, dst, 4, measure, avoid_srlgs => avoid) p
		WHERE p.cost IS DISTINCT FROM (SELECT coalesce(sum(CASE measure WHEN 'hops' THEN 1 ELSE l.metric END), 0)
				FROM agreement.link_up l WHERE l.id = ANY (p.links) AND l.network_id = asked_id)
			OR p.hops <> (SELECT count(*) FROM agreement.link_up l WHERE l.id = ANY (p.links) AND l.network_id = asked_id)
			OR EXISTS (SELECT FROM agreement.links_of(avoid) a WHERE a.hit_id = ANY (p.links))
			OR EXISTS (SELECT FROM unnest(p.nodes) v (name)
				WHERE NOT EXISTS (SELECT FROM agreement.node_state s WHERE s.network_id = asked_id AND s.name = v.name AND (s.up OR p.hops = 0)));
		IF n > 0 THEN
			wrong := concat_ws('; ', wrong, format('%s of the paths in %s from %s to %s are none', n, asked, src, dst));
		END IF;
	END IF;

	-- disjoint paths share no group, other than those that take an end down
	IF pick % 8 = 3 AND src <> dst THEN
		SELECT count(*) INTO n
		FROM netstate.disjoint_paths(asked, src, dst, 2, cost => measure) p,
			netstate.disjoint_paths(asked, src, dst, 2, cost => measure) q,
			netstate.srlg g
		WHERE p.path = 1 AND q.path = 2
			AND EXISTS (SELECT FROM netstate.srlg_member m WHERE m.srlg_id = g.id AND m.share = 1 AND m.link_id = ANY (p.links))
			AND EXISTS (SELECT FROM netstate.srlg_member m WHERE m.srlg_id = g.id AND m.share = 1 AND m.link_id = ANY (q.links))
			AND NOT EXISTS (SELECT FROM netstate.srlg_node m WHERE m.srlg_id = g.id);
		IF n > 0 THEN
			wrong := concat_ws('; ', wrong, format('disjoint paths in %s from %s to %s share %s groups', asked, src, dst, n));
		END IF;
	END IF;
	RETURN coalesce('WRONG ' || wrong, 'right');
END $$;

-- Makes what is missing of a network, as at the beginning.
CREATE FUNCTION agreement.fill(made_id bigint) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	INSERT INTO netstate.network (id, name, layer)
	VALUES (made_id, 'net ' || made_id, (ARRAY['fibre', 'optical', 'ip', 'fibre'])[made_id]) ON CONFLICT DO NOTHING;
	INSERT INTO netstate.node (id, network_id, name, supporting_node_id)
	SELECT 10 * made_id + i, made_id, 'n' || i,
		(SELECT b.id FROM netstate.node b WHERE b.id = 10 * (made_id - 1) + i AND made_id IN (2, 3) AND i % 3 > 0)
	FROM generate_series(1, 6) i ON CONFLICT DO NOTHING;
	IF made_id = 4 THEN
		INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric)
		SELECT 10000 + i, 4, 'l' || i, 41, 42, 1 FROM generate_series(1, 1100) i ON CONFLICT DO NOTHING;
		RETURN;
	END IF;
	INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, capacity_gbps)
	SELECT 100 * made_id + i, made_id, 'l' || i, 10 * made_id + 1 + i % 6, 10 * made_id + 1 + (i + 1 + i / 6) % 6, i % 4, (ARRAY[NULL, 100, 400])[1 + i % 3]
	FROM generate_series(1, 12) i ON CONFLICT DO NOTHING;
	INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id)
	SELECT 100 * made_id + i, 1 + i % 2, 1, b.id
	FROM generate_series(1, 10) i JOIN netstate.link b ON b.id = 100 * (made_id - 1) + 1 + i % 12
	WHERE made_id IN (2, 3) ON CONFLICT DO NOTHING;
	INSERT INTO netstate.srlg (id, name) SELECT i, 'g' || i FROM generate_series(1, 8) i ON CONFLICT DO NOTHING;
	INSERT INTO netstate.srlg_member (srlg_id, link_id)
	SELECT g.id, l.id FROM netstate.srlg g JOIN netstate.link l ON l.id = 100 * made_id + g.id ON CONFLICT DO NOTHING;
END $$;
