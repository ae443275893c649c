-- What the members of disjoint groups share, in plain SQL: a second derivation,
-- from the words of docs/disjoint_group.md, upon that of test/plant/oracle.sql.
-- It shares nothing with the one in C.

CREATE SCHEMA diversity_test;

CREATE VIEW diversity_test.member_pair AS
SELECT g.id AS group_id, a.link_id AS link_a, b.link_id AS link_b, g.disjoint, g.min_probability, g.min_share, g.max_shared
FROM netstate.disjoint_group g
JOIN netstate.disjoint_group_member a ON a.group_id = g.id
JOIN netstate.disjoint_group_member b ON b.group_id = g.id AND b.link_id > a.link_id;

-- The nodes at which a link ends, with all that these ride on.
CREATE VIEW diversity_test.end_node AS
SELECT DISTINCT l.id AS link_id, d.on_id AS node_id
FROM netstate.link l JOIN plant_test.node_on d ON d.node_id IN (l.a_node_id, l.z_node_id);

-- Those of all that a link rides on, but for its own.
CREATE VIEW diversity_test.inner_node AS
SELECT d.link_id, e.node_id FROM plant_test.link_on d JOIN diversity_test.end_node e ON e.link_id = d.on_id
EXCEPT
SELECT link_id, node_id FROM diversity_test.end_node;

-- The groups of risk that take down an end of a link.
CREATE VIEW diversity_test.end_group AS
SELECT l.id AS link_id, n.group_id, max(n.probability) AS probability
FROM netstate.link l JOIN plant_test.node_group n ON n.node_id IN (l.a_node_id, l.z_node_id)
GROUP BY l.id, n.group_id;

CREATE TYPE diversity_test.share AS (group_id bigint, link_a bigint, link_b bigint, element_kind text, element_id bigint,
	srlg_id bigint, share_a float8, share_b float8, probability_a float8, probability_b float8, doubt boolean);

-- All that members share of what their group asks for, waived or not: a row for
-- each link, node and group of risk.
CREATE FUNCTION diversity_test.shared() RETURNS SETOF diversity_test.share
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH member AS MATERIALIZED (SELECT DISTINCT m.link_id FROM netstate.disjoint_group_member m),
	membership AS MATERIALIZED (SELECT m.* FROM plant_test.memberships() m WHERE m.link_id IN (SELECT x.link_id FROM member x)),
	ends AS MATERIALIZED (SELECT e.* FROM diversity_test.end_group e WHERE e.link_id IN (SELECT x.link_id FROM member x)),
	beneath AS MATERIALIZED (SELECT o.* FROM plant_test.link_on o WHERE o.link_id IN (SELECT x.link_id FROM member x)),
	inner_node AS MATERIALIZED (SELECT n.* FROM diversity_test.inner_node n WHERE n.link_id IN (SELECT x.link_id FROM member x))
	SELECT p.group_id, p.link_a, p.link_b, 'link', a.on_id, NULL::bigint, NULL::float8, NULL::float8, NULL::float8, NULL::float8, false
	FROM diversity_test.member_pair p
	JOIN beneath a ON a.link_id = p.link_a JOIN beneath b ON b.link_id = p.link_b AND b.on_id = a.on_id
	UNION ALL
	SELECT p.group_id, p.link_a, p.link_b, 'node', a.node_id, NULL, NULL, NULL, NULL, NULL, false
	FROM diversity_test.member_pair p
	JOIN inner_node a ON a.link_id = p.link_a JOIN inner_node b ON b.link_id = p.link_b AND b.node_id = a.node_id
	WHERE 'node' = ANY (p.disjoint)
	UNION ALL
	SELECT p.group_id, p.link_a, p.link_b, e.element_kind, e.element_id, a.srlg_id, a.share, b.share, a.probability, b.probability, a.doubt OR b.doubt
	FROM diversity_test.member_pair p
	JOIN membership a ON a.link_id = p.link_a JOIN membership b ON b.link_id = p.link_b AND b.srlg_id = a.srlg_id
	CROSS JOIN plant_test.element(a.srlg_id) e
	WHERE 'srlg' = ANY (p.disjoint)
		AND least(a.share, b.share) > 1e-9 AND least(a.share, b.share) > p.min_share - 1e-6
		AND least(a.probability, b.probability) > p.min_probability - 1e-6
		AND NOT EXISTS (SELECT FROM ends x JOIN ends y ON y.group_id = x.group_id AND y.link_id = p.link_b
			WHERE x.link_id = p.link_a AND x.group_id = a.srlg_id AND least(x.probability, y.probability) > 0
				AND least(x.probability, y.probability) > p.min_probability - 1e-6);
END $$;

-- Groups with a pair that shares more than it may, by the waivers that will not have
-- expired `ahead` of now.
CREATE FUNCTION diversity_test.violated(share diversity_test.share[], ahead interval DEFAULT '0') RETURNS TABLE (group_id bigint, doubt boolean)
LANGUAGE sql STABLE AS $$
	SELECT x.group_id, bool_or(x.doubt)
	FROM (
		SELECT s.group_id, s.link_a, s.link_b, count(DISTINCT (s.element_kind, s.element_id)) AS n, bool_or(s.doubt) AS doubt
		FROM unnest(share) s
		WHERE NOT EXISTS (SELECT FROM netstate.waiver w
			WHERE (w.group_id, w.element_kind, w.element_id) = (s.group_id, s.element_kind, s.element_id) AND w.expires_at > clock_timestamp() + ahead)
		GROUP BY s.group_id, s.link_a, s.link_b) x
	JOIN netstate.disjoint_group g ON g.id = x.group_id
	WHERE x.n > g.max_shared
	GROUP BY x.group_id
$$;

-- Groups that COMMIT should have kept whole, and that are not.
CREATE FUNCTION diversity_test.bad() RETURNS bigint[]
LANGUAGE sql STABLE AS $$
	SELECT ARRAY(SELECT v.group_id
		FROM diversity_test.violated(ARRAY(SELECT s FROM diversity_test.shared() s)) v JOIN netstate.disjoint_group g ON g.id = v.group_id
		WHERE g.mode = 'enforce' AND NOT v.doubt ORDER BY 1)
$$;
