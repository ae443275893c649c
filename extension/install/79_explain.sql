-- Why links are not disjoint, what alone stands between two ends, and what the
-- cheapest ways out are.

--| What two links share, whatever group they are in: the rule by which disjoint
--| groups are judged (docs/disjoint_group.md), applied to any two. A row for each
--| link, node or group of shared risk: `element_kind` and `element_id` say what
--| it is, `srlg_id` which group (NULL for a link or node); `share_a`, `share_b`,
--| `probability_a`, `probability_b` as in `shared_risk`. What takes down an end of
--| both is not in it. `disjoint`, `min_probability` and `min_share` are those of
--| `disjoint_group`. Fails with 22023 for one link with itself or an argument out
--| of range, 22004 for NULL, 42501 without SELECT on the tables that risk is
--| derived from. Time: that of `memberships` of both.
CREATE FUNCTION netstate.link_shared(
	link_a bigint,
	link_b bigint,
	disjoint text[] DEFAULT '{link,srlg}',
	min_probability double precision DEFAULT 0,
	min_share double precision DEFAULT 0)
RETURNS TABLE (element_kind text, element_id bigint, srlg_id bigint,
	share_a double precision, share_b double precision,
	probability_a double precision, probability_b double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 20
AS 'MODULE_PATHNAME', 'netstate_link_shared';

COMMENT ON FUNCTION netstate.link_shared(bigint, bigint, text[], double precision, double precision) IS
	'What two links share, by the rule of disjoint groups.';

--| Internal to the explanations: the groups of link b that link a has to keep out
--| of; with one link for both, those of it but for what takes down its ends.
CREATE FUNCTION netstate.link_avoid(link_a bigint, link_b bigint, min_probability double precision, min_share double precision)
RETURNS TABLE (srlg_id bigint)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 100
AS 'MODULE_PATHNAME', 'netstate_link_avoid';

COMMENT ON FUNCTION netstate.link_avoid(bigint, bigint, double precision, double precision) IS
	'Internal: the groups of one link that another has to keep out of.';

--| Internal to the explanations: the groups of links of a network's graph, and
--| those that take down nodes of it; of network `plant` by ids of spans and
--| structures.
CREATE FUNCTION netstate.graph_groups(network text, links bigint[], nodes bigint[])
RETURNS TABLE (element_id bigint, srlg_id bigint)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 100
AS 'MODULE_PATHNAME', 'netstate_graph_groups';

COMMENT ON FUNCTION netstate.graph_groups(text, bigint[], bigint[]) IS
	'Internal: the groups of links and nodes of a network''s graph.';

--| Internal to the explanations: the spans along which so many strands are free
--| in one cable at least, with each such cable; of these spans, or of all.
CREATE FUNCTION netstate.free_strands(strands integer, spans bigint[])
RETURNS TABLE (span_id bigint, cable_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE COST 1000000 ROWS 10000
BEGIN ATOMIC
	WITH crowded AS MATERIALIZED (
		-- the others have strands free wherever they lie
		SELECT c.id, c.strand_count
		FROM netstate.strand_assignment a
		JOIN netstate.cable c ON c.id = a.cable_id
		GROUP BY c.id
		HAVING pg_catalog.sum(pg_catalog.upper(a.strands) - pg_catalog.lower(a.strands)) > c.strand_count - $1
	), busy AS MATERIALIZED (
		SELECT a.cable_id, s.seq
		FROM crowded c
		JOIN netstate.strand_assignment a ON a.cable_id = c.id
		CROSS JOIN LATERAL pg_catalog.generate_series(pg_catalog.lower(a.segments), pg_catalog.upper(a.segments) - 1) s (seq)
		GROUP BY a.cable_id, s.seq, c.strand_count
		HAVING pg_catalog.sum(pg_catalog.upper(a.strands) - pg_catalog.lower(a.strands)) > c.strand_count - $1
	)
	SELECT g.span_id, c.id
	FROM netstate.cable_segment g
	JOIN netstate.cable c ON c.id = g.cable_id AND c.status = 'operational' AND c.strand_count >= $1
	WHERE ($2 IS NULL OR g.span_id = ANY ($2))
		AND NOT EXISTS (SELECT FROM busy b WHERE b.cable_id = g.cable_id AND b.seq = g.seq);
END;

COMMENT ON FUNCTION netstate.free_strands(integer, bigint[]) IS
	'Internal: the spans along which so many strands are free, with the cables.';

--| Internal to the explanations: the spans along which not so many strands are
--| free in one cable.
CREATE FUNCTION netstate.full_spans(strands integer) RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE COST 1000000
BEGIN ATOMIC
	SELECT ARRAY(
		SELECT s.id FROM netstate.span s
		WHERE NOT EXISTS (SELECT FROM netstate.free_strands($1, NULL) f WHERE f.span_id = s.id));
END;

COMMENT ON FUNCTION netstate.full_spans(integer) IS
	'Internal: the spans along which not so many strands are free.';

--| Internal to the explanations: in which cables one goes along these spans,
--| always in the one whose free strands lead furthest.
CREATE FUNCTION netstate.explain_cables(strands integer, spans bigint[]) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 1000000
BEGIN ATOMIC
	WITH RECURSIVE lies AS MATERIALIZED (
		SELECT u.i, f.cable_id, u.i - pg_catalog.row_number() OVER (PARTITION BY f.cable_id ORDER BY u.i) AS island
		FROM pg_catalog.unnest($2) WITH ORDINALITY u (id, i)
		JOIN (SELECT DISTINCT f.span_id, f.cable_id FROM netstate.free_strands($1, $2) f) f ON f.span_id = u.id
	), leads AS MATERIALIZED (
		SELECT l.i, l.cable_id, pg_catalog.max(l.i) OVER (PARTITION BY l.cable_id, l.island) AS last
		FROM lies l
	), step AS (
		SELECT x.last, x.cable_id, 1 AS n
		FROM (SELECT l.last, l.cable_id FROM leads l WHERE l.i = 1 ORDER BY l.last DESC, l.cable_id LIMIT 1) x
		UNION ALL
		SELECT x.last, x.cable_id, s.n + 1
		FROM step s
		CROSS JOIN LATERAL (SELECT l.last, l.cable_id FROM leads l WHERE l.i = s.last + 1 ORDER BY l.last DESC, l.cable_id LIMIT 1) x
	)
	SELECT pg_catalog.array_to_string((pg_catalog.array_agg(c.name ORDER BY s.n))[:10], ', ')
		|| CASE WHEN pg_catalog.count(*) > 10 THEN pg_catalog.format(' and %s more', pg_catalog.count(*) - 10) ELSE '' END
	FROM step s
	JOIN netstate.cable c ON c.id = s.cable_id;
END;

COMMENT ON FUNCTION netstate.explain_cables(integer, bigint[]) IS
	'Internal: in which cables with free strands one goes along these spans.';

--| Internal to the explanations: the links beneath these links, themselves
--| included.
CREATE FUNCTION netstate.links_beneath(links bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE COST 10000
BEGIN ATOMIC
	WITH RECURSIVE beneath AS (
		SELECT u.id FROM pg_catalog.unnest($1) u (id)
		UNION
		SELECT s.supporting_link_id FROM beneath b JOIN netstate.link_support s ON s.link_id = b.id
	)
	SELECT pg_catalog.array_agg(b.id) FROM beneath b;
END;

COMMENT ON FUNCTION netstate.links_beneath(bigint[]) IS
	'Internal: the links beneath these links, themselves included.';

--| Internal to the explanations: ways between two nodes that keep out of groups of
--| risk: over links of their network and of those beneath (`links`), over strands
--| that are free in cables that are there (`strands`), and over spans that are
--| there, for a new cable (`spans`). `avoid` are the groups to keep out of; where
--| there is no such way, those in `at_least` alone, and `shares` says which of `avoid`
--| it meets. `without` are links that are not used, `full_spans` spans along which no
--| strands are free (`full_spans()`).
CREATE FUNCTION netstate.explain_ways(a_node_id bigint, z_node_id bigint, strands integer,
	full_spans bigint[], avoid bigint[], at_least bigint[], without bigint[])
RETURNS TABLE (kind text, network_name text, cost double precision, links bigint[], detail text, shares bigint[])
LANGUAGE sql STABLE PARALLEL SAFE COST 10000000 ROWS 5
BEGIN ATOMIC
	WITH RECURSIVE a AS (
		SELECT n.id, n.network_id, n.name, n.supporting_node_id, n.structure_id, 0 AS depth FROM netstate.node n WHERE n.id = $1
		UNION ALL
		SELECT n.id, n.network_id, n.name, n.supporting_node_id, n.structure_id, a.depth + 1
		FROM a JOIN netstate.node n ON n.id = a.supporting_node_id
	), z AS (
		SELECT n.id, n.network_id, n.name, n.supporting_node_id, n.structure_id, 0 AS depth FROM netstate.node n WHERE n.id = $2
		UNION ALL
		SELECT n.id, n.network_id, n.name, n.supporting_node_id, n.structure_id, z.depth + 1
		FROM z JOIN netstate.node n ON n.id = z.supporting_node_id
	), ends AS (
		SELECT (SELECT t.name FROM a JOIN netstate.structure t ON t.id = a.structure_id ORDER BY a.depth LIMIT 1) AS a,
			(SELECT t.name FROM z JOIN netstate.structure t ON t.id = z.structure_id ORDER BY z.depth LIMIT 1) AS z
	), place AS MATERIALIZED (
		SELECT 'links' AS kind, w.name AS network, a.name AS a, z.name AS z, $7 AS without, CASE
			WHEN NOT EXISTS (SELECT FROM netstate.link l WHERE l.network_id = w.id AND l.status = 'in_service' AND l.length_km IS NULL) THEN 'length'
			WHEN NOT EXISTS (SELECT FROM netstate.link l WHERE l.network_id = w.id AND l.status = 'in_service' AND l.metric IS NULL) THEN 'metric'
			ELSE 'hops' END AS cost
		FROM a
		JOIN z ON z.network_id = a.network_id AND z.id <> a.id
		JOIN netstate.network w ON w.id = a.network_id
		UNION ALL
		SELECT 'strands', 'plant', e.a, e.z, $4, 'metric'
		FROM ends e
		WHERE e.a <> e.z
		UNION ALL
		SELECT 'spans', 'plant', e.a, e.z, '{}', 'metric'
		FROM ends e
		WHERE e.a <> e.z
	), tried AS MATERIALIZED (
		SELECT DISTINCT ON (p.kind, p.network) p.kind, p.network, p.cost AS by, t.n, s.cost, s.hops, s.nodes, s.links
		FROM place p
		CROSS JOIN (VALUES (1), (2)) t (n)
		CROSS JOIN LATERAL netstate.shortest_path(p.network, p.a, p.z, p.cost, p.without,
			CASE t.n WHEN 1 THEN $5 ELSE $6 END) s
		WHERE s.hops > 0
		ORDER BY p.kind, p.network, t.n
	), found AS (
		SELECT t.kind, t.network, CASE t.by WHEN 'length' THEN t.cost * 1000 WHEN 'metric' THEN CASE WHEN t.network = 'plant' THEN t.cost END END AS cost,
			t.links, t.hops, t.nodes,
			CASE t.n WHEN 1 THEN '{}' ELSE ARRAY(
				SELECT DISTINCT g.srlg_id FROM netstate.graph_groups(t.network, t.links, '{}') g
				WHERE g.srlg_id = ANY ($5) ORDER BY 1) END AS shares
		FROM tried t
	)
	SELECT f.kind, f.network, pg_catalog.round(f.cost::numeric, 1)::double precision, f.links, CASE f.kind
			WHEN 'links' THEN pg_catalog.format('over %s', (
				SELECT pg_catalog.array_to_string((pg_catalog.array_agg(l.name ORDER BY u.i))[:10], ', ')
					|| CASE WHEN pg_catalog.count(*) > 10 THEN pg_catalog.format(' and %s more', pg_catalog.count(*) - 10) ELSE '' END
				FROM pg_catalog.unnest(f.links) WITH ORDINALITY u (id, i) JOIN netstate.link l ON l.id = u.id))
			WHEN 'strands' THEN pg_catalog.format('on free strands of %s', netstate.explain_cables($3, f.links))
			ELSE pg_catalog.format('a new cable through %s spans', f.hops) || CASE WHEN f.hops > 1
				THEN pg_catalog.format(', leaving by %s, arriving by %s', f.nodes[2], f.nodes[f.hops]) ELSE '' END END,
		f.shares
	FROM found f
	WHERE f.kind <> 'spans' OR NOT EXISTS (SELECT FROM found o WHERE o.kind = 'strands' AND o.cost <= f.cost AND o.shares <@ f.shares);
END;

COMMENT ON FUNCTION netstate.explain_ways(bigint, bigint, integer, bigint[], bigint[], bigint[], bigint[]) IS
	'Internal: ways between two nodes that keep out of groups of risk.';

--| Internal to the explanations: where an event of a group reaches a link, in
--| words.
CREATE FUNCTION netstate.explain_reason(link_id bigint, srlg_id bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 20000
BEGIN ATOMIC
	SELECT pg_catalog.array_to_string((pg_catalog.array_agg(r.words ORDER BY r.n))[:3], ', ')
		|| CASE WHEN pg_catalog.count(*) > 3 THEN pg_catalog.format(' and %s more', pg_catalog.count(*) - 3) ELSE '' END
	FROM (
		SELECT pg_catalog.min(x.n) AS n, x.words
		FROM (
			SELECT pg_catalog.row_number() OVER () AS n, pg_catalog.concat_ws(' ', x.rule, COALESCE(x.element, x.element_id::text),
				CASE WHEN x.cable_id IS NOT NULL THEN pg_catalog.format('(%s, segment %s)', COALESCE(x.cable, 'cable ' || x.cable_id), x.seq) END) AS words
			FROM netstate.risk_reason($1, $2) x
		) x
		GROUP BY x.words
	) r;
END;

COMMENT ON FUNCTION netstate.explain_reason(bigint, bigint) IS
	'Internal: where an event of a group reaches a link, in words.';

--| Internal to the explanations: two links, what they share, and the ways out.
CREATE FUNCTION netstate.explain_two(link_a bigint, link_b bigint, disjoint text[],
	min_probability double precision, min_share double precision)
RETURNS TABLE (part text, link_id bigint, other_id bigint, kind text, id bigint, name text, detail text,
	cost double precision, links bigint[], shares bigint[], weight double precision)
LANGUAGE sql STABLE PARALLEL SAFE COST 10000000 ROWS 50
BEGIN ATOMIC
	WITH shared AS MATERIALIZED (
		SELECT s.element_kind, s.element_id, s.srlg_id,
			LEAST(s.share_a, s.share_b) * LEAST(s.probability_a, s.probability_b) AS weight,
			pg_catalog.row_number() OVER (ORDER BY LEAST(s.share_a, s.share_b) * LEAST(s.probability_a, s.probability_b) DESC, s.element_kind, s.element_id) AS n
		FROM netstate.link_shared($1, $2, $3, $4, $5) s
	), moved AS (
		-- each of the two, out of the other's way
		SELECT l.id AS link_id, o.id AS other_id, l.a_node_id, l.z_node_id,
			COALESCE((SELECT pg_catalog.max(pg_catalog.upper(a.strands) - pg_catalog.lower(a.strands))
				FROM netstate.strand_assignment a WHERE a.link_id = ANY (netstate.links_beneath(ARRAY[l.id]))), 2) AS strands,
			CASE WHEN 'srlg' = ANY ($3) THEN ARRAY(SELECT v.srlg_id FROM netstate.link_avoid(l.id, o.id, $4, $5) v) ELSE '{}' END AS avoid,
			netstate.links_beneath(ARRAY[o.id]) AS beneath
		FROM netstate.link l
		JOIN netstate.link o ON (l.id = $1 AND o.id = $2) OR (l.id = $2 AND o.id = $1)
		WHERE EXISTS (SELECT FROM shared)
	), occupied AS MATERIALIZED (
		SELECT x.strands, netstate.full_spans(x.strands::integer) AS spans FROM (SELECT DISTINCT m.strands FROM moved m) x
	), kept AS (
		SELECT m.link_id, m.other_id, m.a_node_id, m.z_node_id, m.strands, m.avoid,
			m.beneath || m.link_id || CASE WHEN 'node' = ANY ($3) THEN ARRAY(
				-- the other's inner nodes are passed by no link at them
				SELECT l.id
				FROM netstate.link l
				WHERE EXISTS (
					SELECT FROM netstate.link b
					CROSS JOIN LATERAL (VALUES (b.a_node_id), (b.z_node_id)) e (node_id)
					WHERE b.id = ANY (m.beneath) AND b.id <> m.other_id AND e.node_id IN (l.a_node_id, l.z_node_id)
						AND e.node_id NOT IN (
							SELECT COALESCE(n.supporting_node_id, n.id) FROM netstate.link o JOIN netstate.node n ON n.id IN (o.a_node_id, o.z_node_id) WHERE o.id = m.other_id)))
				ELSE '{}' END AS without
		FROM moved m
	)
	SELECT 'shared', $1, $2, s.element_kind, s.element_id,
		CASE s.element_kind WHEN 'link' THEN (SELECT l.name FROM netstate.link l WHERE l.id = s.element_id)
			WHEN 'node' THEN (SELECT n.name FROM netstate.node n WHERE n.id = s.element_id)
			ELSE netstate.risk_name(s.srlg_id) END,
		CASE s.element_kind WHEN 'link' THEN 'both ride on it'
			WHEN 'node' THEN 'both pass it'
			ELSE CASE WHEN s.n <= 50 THEN pg_catalog.format('%s: %s; %s: %s',
				(SELECT l.name FROM netstate.link l WHERE l.id = $1), netstate.explain_reason($1, s.srlg_id),
				(SELECT l.name FROM netstate.link l WHERE l.id = $2), netstate.explain_reason($2, s.srlg_id)) END END,
		NULL::double precision, NULL::bigint[], NULL::bigint[], s.weight
	FROM shared s
	UNION ALL
	SELECT 'fix', k.link_id, k.other_id, w.kind, NULL, w.network_name, w.detail, w.cost, w.links, w.shares, NULL
	FROM kept k
	CROSS JOIN LATERAL netstate.explain_ways(k.a_node_id, k.z_node_id, k.strands::integer,
		(SELECT f.spans FROM occupied f WHERE f.strands = k.strands), k.avoid,
		ARRAY(SELECT s.srlg_id FROM shared s WHERE s.srlg_id IS NOT NULL), k.without) w;
END;

COMMENT ON FUNCTION netstate.explain_two(bigint, bigint, text[], double precision, double precision) IS
	'Internal: what two links share, and the ways out.';

--| Internal to the explanations: what alone separates the ends of a link, in its
--| network and in the plant.
CREATE FUNCTION netstate.explain_ends(link_id bigint, disjoint text[], min_probability double precision, min_share double precision)
RETURNS TABLE (part text, link_id bigint, other_id bigint, kind text, id bigint, name text, detail text,
	cost double precision, links bigint[], shares bigint[], weight double precision)
LANGUAGE sql STABLE PARALLEL SAFE COST 10000000 ROWS 20
BEGIN ATOMIC
	WITH RECURSIVE node AS (
		SELECT u.side, n.id, n.structure_id, n.supporting_node_id, 0 AS depth
		FROM netstate.link l
		CROSS JOIN LATERAL (VALUES ('a', l.a_node_id), ('z', l.z_node_id)) u (side, id)
		JOIN netstate.node n ON n.id = u.id
		WHERE l.id = $1
		UNION ALL
		SELECT b.side, n.id, n.structure_id, n.supporting_node_id, b.depth + 1
		FROM node b
		JOIN netstate.node n ON n.id = b.supporting_node_id
	), place AS (
		SELECT w.name AS network, a.name AS a, z.name AS z
		FROM netstate.link l
		JOIN netstate.network w ON w.id = l.network_id
		JOIN netstate.node a ON a.id = l.a_node_id
		JOIN netstate.node z ON z.id = l.z_node_id
		WHERE l.id = $1
		UNION ALL
		SELECT 'plant', a.name, z.name
		FROM (SELECT (SELECT n.structure_id FROM node n WHERE n.side = 'a' AND n.structure_id IS NOT NULL ORDER BY n.depth LIMIT 1) AS a,
			(SELECT n.structure_id FROM node n WHERE n.side = 'z' AND n.structure_id IS NOT NULL ORDER BY n.depth LIMIT 1) AS z) e
		JOIN netstate.structure a ON a.id = e.a
		JOIN netstate.structure z ON z.id = e.z
		WHERE e.a <> e.z
	)
	SELECT 'separates', $1, NULL::bigint, o.kind, o.id, o.name, CASE p.network WHEN 'plant' THEN 'every route in the plant' ELSE 'every path in ' || p.network END,
		NULL::double precision, NULL::bigint[], NULL::bigint[], NULL::double precision
	FROM place p
	CROSS JOIN LATERAL netstate.disjoint_obstacles(p.network, p.a, p.z, $2, min_probability => $3, min_share => $4) o;
END;

COMMENT ON FUNCTION netstate.explain_ends(bigint, text[], double precision, double precision) IS
	'Internal: what alone separates the ends of a link.';

--| The id of a disjoint group by its name. Fails with 42704 where there is none, the
--| nearest name as hint; with 22004 for NULL.
CREATE FUNCTION netstate.disjoint_group_id(name text) RETURNS bigint
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_disjoint_group_id';

COMMENT ON FUNCTION netstate.disjoint_group_id(text) IS
	'The id of a disjoint group by its name.';

--| Why two links are not disjoint, and what could be done: any two, in a group or
--| not. `disjoint`, `min_probability` and `min_share` are those of
--| `disjoint_group`. The columns and their order are those of `explain_group`. No
--| rows: they share nothing that counts.
--|
--| Errors: those of `link_shared`. Time: that of the derivation of both, of a
--| search in each network beneath them, and of looking for free strands in all
--| cables: 50 ms in a city, some seconds in a country.
CREATE FUNCTION netstate.explain_links(
	link_a bigint,
	link_b bigint,
	disjoint text[] DEFAULT '{link,srlg}',
	min_probability double precision DEFAULT 0,
	min_share double precision DEFAULT 0)
RETURNS TABLE (part text, place integer, link_id bigint, link text, other_id bigint, other text,
	kind text, id bigint, name text, detail text, cost double precision, links bigint[], shares text[])
LANGUAGE sql STABLE PARALLEL SAFE COST 10000000 ROWS 50
BEGIN ATOMIC
	SELECT x.part, pg_catalog.row_number() OVER (PARTITION BY x.part
			ORDER BY pg_catalog.cardinality(x.shares), x.cost, x.weight DESC, x.kind, x.name, x.link_id)::integer,
		x.link_id, a.name, x.other_id, b.name, x.kind, x.id, x.name, x.detail, x.cost, x.links,
		CASE WHEN x.shares IS NOT NULL THEN ARRAY(
			SELECT COALESCE(netstate.risk_name(u.id), u.id::text) FROM pg_catalog.unnest(x.shares) WITH ORDINALITY u (id, i) ORDER BY u.i) END
	FROM netstate.explain_two($1, $2, $3, $4, $5) x
	LEFT JOIN netstate.link a ON a.id = x.link_id
	LEFT JOIN netstate.link b ON b.id = x.other_id
	ORDER BY CASE x.part WHEN 'shared' THEN 1 WHEN 'separates' THEN 2 ELSE 3 END, 2;
END;

COMMENT ON FUNCTION netstate.explain_links(bigint, bigint, text[], double precision, double precision) IS
	'Why two links are not disjoint, and the ways out.';

--| Why a disjoint group does not hold, what alone separates the ends of its
--| members, and the cheapest ways out. No rows: no two members share anything that
--| counts.
--|
--| - `part` `shared`: something that members `link` and `other` share. `kind` and
--|   `id` are the element's as a `waiver` names it, `name` is that of the element or
--|   group; `detail` says where the event reaches each of the two, by which rule.
--|   The worst first.
--| - `separates`: what is on every way between the ends of `link`, in its own
--|   network and in the plant (`detail` says in which): no second way can avoid it.
--| - `fix`: a way for `link` that keeps out of what the event takes from `other`.
--|   `kind` is `links` (over links of its own network or of one beneath, `name`),
--|   `strands` (over strands that are free in cables that are there) or `spans` (a
--|   new cable in spans that are there). `links` are the ids of the links or spans
--|   on the way, `cost` their length in m, `shares` what it would still share,
--|   where no way keeps out of all. Those that share least first, then the cheapest.
--|
--| `place` counts 1, 2, 3 within each part. Names are those that the caller may
--| read. Errors: 42704 an unknown group, with the nearest name; 22004 NULL; those of
--| `disjoint_group_shared` and of the path functions. Time: see `explain_links`,
--| for each two members that share something.
CREATE FUNCTION netstate.explain_group(group_name text)
RETURNS TABLE (part text, place integer, link_id bigint, link text, other_id bigint, other text,
	kind text, id bigint, name text, detail text, cost double precision, links bigint[], shares text[])
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000000 ROWS 50
SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	asked netstate.disjoint_group;
BEGIN
	SELECT g.* INTO asked FROM netstate.disjoint_group g WHERE g.id = netstate.disjoint_group_id(group_name);

	RETURN QUERY
	WITH pair AS MATERIALIZED (
		SELECT DISTINCT s.link_a, s.link_b FROM netstate.disjoint_group_shared(ARRAY[asked.id]) s WHERE s.waived_until IS NULL
	), told AS MATERIALIZED (
		SELECT t.* FROM pair p
		CROSS JOIN LATERAL netstate.explain_two(p.link_a, p.link_b, asked.disjoint, asked.min_probability, asked.min_share) t
		-- what is waived is not in the way
		WHERE t.part <> 'shared' OR NOT EXISTS (SELECT FROM netstate.waiver w
			WHERE w.group_id = asked.id AND w.element_kind = t.kind AND w.element_id = t.id AND w.expires_at > clock_timestamp())
		UNION ALL
		SELECT e.* FROM (SELECT DISTINCT p.link_a FROM pair p) p
		CROSS JOIN LATERAL netstate.explain_ends(p.link_a, asked.disjoint, asked.min_probability, asked.min_share) e
	)
	SELECT x.part, row_number() OVER (PARTITION BY x.part
			ORDER BY cardinality(x.shares), x.cost, x.weight DESC, x.kind, x.name, x.link_id, x.detail)::integer,
		x.link_id, a.name, x.other_id, b.name, x.kind, x.id, x.name, x.detail, x.cost, x.links,
		CASE WHEN x.shares IS NOT NULL THEN ARRAY(
			SELECT coalesce(netstate.risk_name(u.id), u.id::text) FROM unnest(x.shares) WITH ORDINALITY u (id, i) ORDER BY u.i) END
	FROM told x
	LEFT JOIN netstate.link a ON a.id = x.link_id
	LEFT JOIN netstate.link b ON b.id = x.other_id
	ORDER BY CASE x.part WHEN 'shared' THEN 1 WHEN 'separates' THEN 2 ELSE 3 END, 2;
END
$function$;

COMMENT ON FUNCTION netstate.explain_group(text) IS
	'Why a disjoint group does not hold, what separates its ends, and the ways out.';

--| Why a link is not protected: for a link in disjoint groups what `explain_group`
--| says of it, in all groups that it is in, whatever their mode; for one in none the
--| ways around it that keep out of what it runs through, as `fix`, and what alone
--| separates its ends. Columns, errors and time are those of `explain_group`; 42704
--| for a link that does not exist.
CREATE FUNCTION netstate.explain_link(for_link_id bigint)
RETURNS TABLE (part text, place integer, link_id bigint, link text, other_id bigint, other text,
	kind text, id bigint, name text, detail text, cost double precision, links bigint[], shares text[])
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000000 ROWS 50
SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	asked netstate.link;
BEGIN
	IF for_link_id IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'argument "for_link_id" must not be NULL',
			DETAIL = 'No rows would look as if it were protected.', HINT = 'netstate.link_id(network, name) looks a link up by name.';
	END IF;
	SELECT l.* INTO asked FROM netstate.link l WHERE l.id = for_link_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('link with id %s does not exist', for_link_id),
			HINT = 'netstate.link_id(network, name) looks a link up by name.';
	END IF;
	IF EXISTS (SELECT FROM netstate.disjoint_group_member m WHERE m.link_id = for_link_id) THEN
		RETURN QUERY
		SELECT e.part, row_number() OVER (PARTITION BY e.part ORDER BY cardinality(e.shares), e.cost, e.place, g.name COLLATE "C")::integer,
			e.link_id, e.link, e.other_id, e.other, e.kind, e.id, e.name, e.detail, e.cost, e.links, e.shares
		FROM netstate.disjoint_group_member m
		JOIN netstate.disjoint_group g ON g.id = m.group_id
		CROSS JOIN LATERAL netstate.explain_group(g.name) e
		WHERE m.link_id = for_link_id AND for_link_id IN (e.link_id, e.other_id)
		ORDER BY CASE e.part WHEN 'shared' THEN 1 WHEN 'separates' THEN 2 ELSE 3 END, 2;
		RETURN;
	END IF;

	RETURN QUERY
	WITH told AS (
		SELECT * FROM netstate.explain_ends(for_link_id, '{link,srlg}', 0, 0)
		UNION ALL
		SELECT 'fix', for_link_id, NULL, w.kind, NULL, w.network_name, w.detail, w.cost, w.links, w.shares, NULL
		FROM (SELECT coalesce(max(upper(a.strands) - lower(a.strands)), 2)::integer AS strands
			FROM netstate.strand_assignment a WHERE a.link_id = ANY (netstate.links_beneath(ARRAY[for_link_id]))) n
		CROSS JOIN LATERAL netstate.explain_ways(asked.a_node_id, asked.z_node_id, n.strands, netstate.full_spans(n.strands),
			ARRAY(SELECT v.srlg_id FROM netstate.link_avoid(for_link_id, for_link_id, 0, 0) v), ARRAY[]::bigint[], netstate.links_beneath(ARRAY[for_link_id])) w
	)
	SELECT x.part, row_number() OVER (PARTITION BY x.part ORDER BY cardinality(x.shares), x.cost, x.kind, x.name, x.detail)::integer,
		x.link_id, asked.name, NULL::bigint, NULL::text, x.kind, x.id, x.name, x.detail, x.cost, x.links,
		CASE WHEN x.shares IS NOT NULL THEN ARRAY(
			SELECT coalesce(netstate.risk_name(u.id), u.id::text) FROM unnest(x.shares) WITH ORDINALITY u (id, i) ORDER BY u.i) END
	FROM told x
	ORDER BY CASE x.part WHEN 'separates' THEN 2 ELSE 3 END, 2;
END
$function$;

COMMENT ON FUNCTION netstate.explain_link(bigint) IS
	'Why a link is not protected: by its groups, or the ways around it.';

--| Why node `src` and node `dst` of `network` have no two paths that share nothing:
--| what the best two must share (`shared`), what alone separates the ends
--| (`separates`), and ways that could be made between them beside the cheapest path
--| (`fix`): columns as in `explain_group`, `link` and `other` NULL. No rows: there
--| are two such paths.
--|
--| Errors: those of `disjoint_paths`. Time: see `explain_links`.
CREATE FUNCTION netstate.explain_pair(
	network text,
	src text,
	dst text,
	disjoint text[] DEFAULT '{link,srlg}')
RETURNS TABLE (part text, place integer, link_id bigint, link text, other_id bigint, other text,
	kind text, id bigint, name text, detail text, cost double precision, links bigint[], shares text[])
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000000 ROWS 50
SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	path_cost text := 'metric';
	best record;
	a_node bigint;
	z_node bigint;
BEGIN
	IF explain_pair.network <> 'plant' AND EXISTS (SELECT FROM netstate.link l JOIN netstate.network w ON w.id = l.network_id
			WHERE w.name = explain_pair.network AND l.status = 'in_service' AND l.metric IS NULL) THEN
		path_cost := 'hops';
	END IF;
	IF EXISTS (SELECT FROM netstate.disjoint_paths(network, src, dst, 2, disjoint, true, path_cost)) THEN
		RETURN;
	END IF;
	SELECT p.links, p.nodes, p.shared_srlgs, p.shared_links, p.shared_nodes INTO best
	FROM netstate.disjoint_paths(network, src, dst, 2, disjoint, false, path_cost) p WHERE p.path = 1;
	SELECT n.id INTO a_node FROM netstate.node n JOIN netstate.network w ON w.id = n.network_id WHERE w.name = explain_pair.network AND n.name = src;
	SELECT n.id INTO z_node FROM netstate.node n JOIN netstate.network w ON w.id = n.network_id WHERE w.name = explain_pair.network AND n.name = dst;

	RETURN QUERY
	WITH told AS (
		SELECT 'shared' AS part, e.element_kind AS kind, e.element_id AS id, netstate.risk_name(u.id) AS name, 'the best two paths both run through it' AS detail,
			NULL::double precision AS cost, NULL::bigint[] AS links, NULL::bigint[] AS shares
		FROM unnest(best.shared_srlgs) u (id)
		CROSS JOIN LATERAL netstate.risk_element(u.id) e
		UNION ALL
		SELECT 'shared', CASE network WHEN 'plant' THEN 'span' ELSE 'link' END, u.id,
			CASE network WHEN 'plant' THEN (SELECT s.name FROM netstate.span s WHERE s.id = u.id) ELSE (SELECT l.name FROM netstate.link l WHERE l.id = u.id) END,
			'the best two paths both use it', NULL, NULL, NULL
		FROM unnest(best.shared_links) u (id)
		UNION ALL
		SELECT 'shared', CASE network WHEN 'plant' THEN 'structure' ELSE 'node' END, NULL, u.name, 'the best two paths both pass it', NULL, NULL, NULL
		FROM unnest(best.shared_nodes) u (name)
		WHERE 'node' = ANY (disjoint)
		UNION ALL
		SELECT 'separates', o.kind, o.id, o.name, CASE network WHEN 'plant' THEN 'every route in the plant' ELSE 'every path in ' || network END, NULL, NULL, NULL
		FROM netstate.disjoint_obstacles(network, src, dst, disjoint) o
		UNION ALL
		SELECT 'fix', w.kind, NULL, w.network_name, w.detail, w.cost, w.links, w.shares
		FROM (SELECT ARRAY(
				SELECT g.srlg_id FROM netstate.graph_groups(network, best.links, '{}') g
				EXCEPT
				SELECT g.srlg_id FROM netstate.graph_groups(network, '{}', ARRAY[a_node, z_node]) g)) r (avoid)
		CROSS JOIN LATERAL netstate.explain_ways(a_node, z_node, 2, netstate.full_spans(2), CASE WHEN 'srlg' = ANY (disjoint) THEN r.avoid ELSE '{}' END,
			best.shared_srlgs, netstate.links_beneath(best.links)) w
		WHERE a_node IS NOT NULL AND best.links IS NOT NULL
	)
	SELECT x.part, row_number() OVER (PARTITION BY x.part ORDER BY cardinality(x.shares), x.cost, x.kind, x.name, x.id)::integer,
		NULL::bigint, NULL::text, NULL::bigint, NULL::text, x.kind, x.id, x.name, x.detail, x.cost, x.links,
		CASE WHEN x.shares IS NOT NULL THEN ARRAY(
			SELECT coalesce(netstate.risk_name(u.id), u.id::text) FROM unnest(x.shares) WITH ORDINALITY u (id, i) ORDER BY u.i) END
	FROM told x
	ORDER BY CASE x.part WHEN 'shared' THEN 1 WHEN 'separates' THEN 2 ELSE 3 END, 2;
END
$function$;

COMMENT ON FUNCTION netstate.explain_pair(text, text, text, text[]) IS
	'Why two nodes have no two paths that share nothing, and the ways out.';
