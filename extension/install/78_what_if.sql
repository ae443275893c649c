-- What a transaction so far has changed in what can be asked: the same questions
-- under the snapshot of the query, and under the same snapshot without the
-- transaction's own changes.

--| Internal to `what_if_diff`: what does not hold, and for each pair of nodes the
--| cheapest path and the two that share nothing, as the active snapshot shows it.
CREATE FUNCTION netstate.what_if_state(network text, src text[], dst text[], cost text, disjoint text[], known boolean)
RETURNS TABLE (what text, network_name text, src_node text, dst_node text, policy text, subject_kind text, subject_id bigint,
	subject text, state text, total double precision, links text)
LANGUAGE sql STABLE PARALLEL SAFE COST 10000000 ROWS 100
BEGIN ATOMIC
	WITH asked AS (
		SELECT w.name AS network, a.name AS src, z.name AS dst
		FROM netstate.demand d
		JOIN netstate.network w ON w.id = d.network_id
		JOIN netstate.node a ON a.id = d.src_node_id
		JOIN netstate.node z ON z.id = d.dst_node_id
		WHERE $2 IS NULL AND ($1 IS NULL OR w.name = $1)
		UNION
		SELECT $1, p.src, p.dst
		FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) AS p (src, dst)
		-- before the transaction one may not have been there
		WHERE $6 OR ($1 = 'plant' AND 2 = (SELECT pg_catalog.count(*) FROM netstate.structure s WHERE s.name IN (p.src, p.dst)))
			OR 2 = (SELECT pg_catalog.count(*) FROM netstate.node n JOIN netstate.network w ON w.id = n.network_id
				WHERE w.name = $1 AND n.name IN (p.src, p.dst))
	), priced AS MATERIALIZED (
		SELECT a.network, a.src, a.dst, COALESCE($4, CASE WHEN l.metric_missing THEN 'hops' ELSE 'metric' END) AS cost
		FROM asked a
		LEFT JOIN (
			SELECT w.name, pg_catalog.bool_or(l.metric IS NULL) AS metric_missing
			FROM netstate.link l
			JOIN netstate.network w ON w.id = l.network_id
			WHERE l.status = 'in_service'
			GROUP BY w.name
		) l ON l.name = a.network
	)
	SELECT 'violation', w.name, NULL::text, NULL::text, v.policy, v.subject_kind, v.subject_id, v.subject, v.detail,
		NULL::double precision, NULL::text
	FROM netstate.violation v
	LEFT JOIN netstate.network w ON w.id = v.network_id
	WHERE $1 IS NULL OR v.network_id IS NULL OR w.name = $1
	UNION ALL
	SELECT 'path', p.network, p.src, p.dst, NULL, NULL, NULL, NULL, pg_catalog.array_to_string(s.nodes, ' > '), s.cost, s.links::text
	FROM priced p
	CROSS JOIN LATERAL netstate.shortest_path(p.network, p.src, p.dst, p.cost) s
	UNION ALL
	SELECT 'protection', p.network, p.src, p.dst, NULL, NULL, NULL, NULL,
		COALESCE(q.paths, 'none' || COALESCE(': ' || o.shown, '')), q.total, COALESCE(q.links, o.digest)
	FROM priced p
	CROSS JOIN LATERAL (
		SELECT pg_catalog.string_agg(pg_catalog.array_to_string(d.nodes, ' > '), ' | ' ORDER BY d.path) AS paths,
			pg_catalog.sum(d.cost::numeric)::double precision AS total,
			pg_catalog.string_agg(d.links::text, ' ' ORDER BY d.path) AS links
		FROM netstate.disjoint_paths(p.network, p.src, p.dst, 2, $5, true, p.cost) d
	) q
	LEFT JOIN LATERAL (
		-- ten are named, and all compared
		SELECT pg_catalog.array_to_string((pg_catalog.array_agg(x.kind || ' ' || COALESCE(x.name, x.id::text) ORDER BY x.kind, x.name, x.id))[:10], ', ')
				|| CASE WHEN pg_catalog.count(*) > 10 THEN pg_catalog.format(' and %s more', pg_catalog.count(*) - 10) ELSE '' END AS shown,
			pg_catalog.md5(pg_catalog.string_agg(x.kind || x.id, ' ' ORDER BY x.kind, x.id)) AS digest
		FROM netstate.disjoint_obstacles(p.network, p.src, p.dst, $5) x
		WHERE q.paths IS NULL
	) o ON true;
END;

COMMENT ON FUNCTION netstate.what_if_state(text, text[], text[], text, text[], boolean) IS
	'Internal: what does not hold, and paths and protection of pairs of nodes.';

--| Internal to `what_if_diff`: `what_if_state` under the active snapshot without
--| what the running transaction has changed. 55000 where it has truncated or
--| rewritten a table of the extension: what was there before is gone for it.
CREATE FUNCTION netstate.what_if_before(network text, src text[], dst text[], cost text, disjoint text[])
RETURNS TABLE (what text, network_name text, src_node text, dst_node text, policy text, subject_kind text, subject_id bigint,
	subject text, state text, total double precision, links text)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000000 ROWS 100
AS 'MODULE_PATHNAME', 'netstate_what_if_before';

COMMENT ON FUNCTION netstate.what_if_before(text, text[], text[], text, text[]) IS
	'Internal: what_if_state without what the running transaction has changed.';

--| Internal to `what_if_diff`: where the two states differ.
CREATE FUNCTION netstate.what_if_compare(network text, src text[], dst text[], cost text, disjoint text[])
RETURNS TABLE (what text, change text, network_name text, src_node text, dst_node text,
	policy text, subject_kind text, subject_id bigint, subject text,
	before text, after text, cost_before double precision, cost_after double precision)
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 100000000 ROWS 100
BEGIN ATOMIC
	WITH b AS MATERIALIZED (
		SELECT s.*, ARRAY[s.what, s.network_name, s.src_node, s.dst_node, s.policy, s.subject_kind, s.subject_id::text,
			CASE s.what WHEN 'violation' THEN s.state END] AS key
		FROM netstate.what_if_before($1, $2, $3, $4, $5) s
	), a AS MATERIALIZED (
		SELECT s.*, ARRAY[s.what, s.network_name, s.src_node, s.dst_node, s.policy, s.subject_kind, s.subject_id::text,
			CASE s.what WHEN 'violation' THEN s.state END] AS key
		FROM netstate.what_if_state($1, $2, $3, $4, $5, true) s
	)
	SELECT COALESCE(a.what, b.what),
		CASE COALESCE(a.what, b.what)
			WHEN 'violation' THEN CASE WHEN b.key IS NULL THEN 'new' ELSE 'mended' END
			WHEN 'path' THEN CASE WHEN b.key IS NULL THEN 'new' WHEN a.key IS NULL THEN 'lost' ELSE 'changed' END
			ELSE CASE WHEN b.total IS NULL AND a.total IS NOT NULL THEN 'gained'
				WHEN b.total IS NOT NULL AND a.total IS NULL THEN 'lost' ELSE 'changed' END END,
		COALESCE(a.network_name, b.network_name), COALESCE(a.src_node, b.src_node), COALESCE(a.dst_node, b.dst_node),
		COALESCE(a.policy, b.policy), COALESCE(a.subject_kind, b.subject_kind), COALESCE(a.subject_id, b.subject_id),
		COALESCE(a.subject, b.subject), b.state, a.state, b.total, a.total
	FROM b
	FULL JOIN a ON a.key = b.key
	WHERE a.key IS NULL OR b.key IS NULL OR a.state IS DISTINCT FROM b.state OR a.total IS DISTINCT FROM b.total
		OR a.links IS DISTINCT FROM b.links
	ORDER BY pg_catalog.array_position(ARRAY['violation', 'path', 'protection'], COALESCE(a.what, b.what)), COALESCE(a.network_name, b.network_name) COLLATE "C",
		COALESCE(a.src_node, b.src_node) COLLATE "C", COALESCE(a.dst_node, b.dst_node) COLLATE "C", COALESCE(a.policy, b.policy) COLLATE "C",
		COALESCE(a.subject_kind, b.subject_kind) COLLATE "C", COALESCE(a.subject_id, b.subject_id), COALESCE(b.state, a.state) COLLATE "C";
END;

COMMENT ON FUNCTION netstate.what_if_compare(text, text[], text[], text, text[]) IS
	'Internal: where the state before the transaction differs from that now.';

--| What the running transaction has changed so far: in what does not hold, in
--| paths, and in what is protected. A row for each difference; no rows: none.
--| Made for a transaction that is then rolled back: change what you want to try,
--| ask, ROLLBACK. Nothing is written and nothing locked by asking.
--|
--| Asked are the demands of `network` (NULL: of all networks), or with `src` and
--| `dst` these pairs of its nodes, as many names in each. `cost` is what paths add
--| up (NULL: the metric, or hops where a link has none), `disjoint` what two paths
--| must not share.
--|
--| | `what` | `change` | `before` and `after` |
--| | --- | --- | --- |
--| | `violation` | `new`, `mended` | `detail` of the row in `violation` with this `policy` and subject |
--| | `path` | `new`, `lost`, `changed` | the nodes of the cheapest path from `src` to `dst`, with its cost |
--| | `protection` | `gained`, `lost`, `changed` | the nodes of the cheapest two paths that share nothing, with the cost of both; or `none` and what alone separates the ends, ten of it by name |
--|
--| What others commit is in both, as far as the query's snapshot shows it. What a
--| rolled back savepoint did is in neither.
--|
--| Errors: those of `violation`, `shortest_path` and `disjoint_paths`; 22023 where
--| `src` and `dst` are not as many, or come without a network; 22004 a NULL in
--| them; 55000 where the transaction has truncated or rewritten a table of the
--| extension. Time: twice that of `violation`, and of the path functions for
--| each pair.
CREATE FUNCTION netstate.what_if_diff(
	network text DEFAULT NULL,
	src text[] DEFAULT NULL,
	dst text[] DEFAULT NULL,
	cost text DEFAULT NULL,
	disjoint text[] DEFAULT '{link,srlg}')
RETURNS TABLE (what text, change text, network_name text, src_node text, dst_node text,
	policy text, subject_kind text, subject_id bigint, subject text,
	before text, after text, cost_before double precision, cost_after double precision)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 100000000 ROWS 100
SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_variable
BEGIN
	IF array_ndims(src) > 1 OR array_ndims(dst) > 1 THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'arguments "src" and "dst" must be lists of names',
			DETAIL = format('They have %s and %s dimensions.', coalesce(array_ndims(src), 0), coalesce(array_ndims(dst), 0)),
			HINT = 'The first of src goes with the first of dst, and so on.';
	END IF;
	IF disjoint IS NULL OR array_position(src, NULL) IS NOT NULL OR array_position(dst, NULL) IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = CASE WHEN disjoint IS NULL THEN 'argument "disjoint" must not be NULL'
				ELSE 'names of nodes must not be NULL' END,
			DETAIL = 'No rows would look as if nothing had changed.', HINT = 'Leave the argument out for its default.';
	END IF;
	IF (src IS NULL) <> (dst IS NULL) OR cardinality(src) <> cardinality(dst) THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'arguments "src" and "dst" must have as many names',
			DETAIL = format('They have %s and %s.', coalesce(cardinality(src), 0), coalesce(cardinality(dst), 0)),
			HINT = 'The first of src goes with the first of dst, and so on.';
	END IF;
	IF src IS NOT NULL AND network IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'argument "network" must be given with "src" and "dst"',
			DETAIL = 'Nodes are found by name within a network.', HINT = 'Name the network of these nodes.';
	END IF;
	-- 42704 where there is no such network
	IF network IS NOT NULL THEN
		PERFORM FROM netstate.graph_status(network);
	END IF;
	IF pg_current_xact_id_if_assigned() IS NULL THEN
		RETURN;
	END IF;

	RETURN QUERY
	SELECT * FROM netstate.what_if_compare(network, src, dst, cost, disjoint);
END
$function$;

COMMENT ON FUNCTION netstate.what_if_diff(text, text[], text[], text, text[]) IS
	'What the running transaction has changed so far in violations, paths and protection.';
