-- What the functions promise: signatures, volatility, comments, rights; rules
-- that hold for every one of them.
\set QUIET 1
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only true
\pset pager off
BEGIN;
SELECT plan(19);

CREATE TEMP VIEW member AS
SELECT p.*, l.lanname, format('%s(%s)', p.proname, pg_get_function_arguments(p.oid)) AS signature
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
	AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'netstate';

SELECT set_eq(
	$$SELECT signature || ' -> ' || pg_get_function_result(oid) FROM member
	WHERE proname IN ('link_id', 'memberships', 'members', 'carried')$$,
	ARRAY[
	'carried(links bigint[] DEFAULT NULL::bigint[]) -> TABLE(link_id bigint, carried double precision, up boolean)',
	'link_id(network text, name text) -> bigint',
	'members(kind text, ids bigint[]) -> TABLE(srlg_id bigint, link_id bigint, origin text, share double precision, probability double precision)',
	'memberships(links bigint[] DEFAULT NULL::bigint[]) -> TABLE(srlg_id bigint, link_id bigint, origin text, share double precision, probability double precision)'],
	'the functions about links and risk');
SELECT set_eq(
	$$SELECT signature || ' -> ' || pg_get_function_result(oid) FROM member
	WHERE proname IN ('shortest_path', 'k_shortest_paths', 'disjoint_paths', 'disjoint_obstacles')$$,
	ARRAY[
	'disjoint_obstacles(network text, src text, dst text, disjoint text[] DEFAULT ''{link,srlg}''::text[], avoid_links bigint[] DEFAULT ''{}''::bigint[], avoid_srlgs bigint[] DEFAULT ''{}''::bigint[], ignore_srlgs bigint[] DEFAULT ''{}''::bigint[], min_probability double precision DEFAULT 0, min_share double precision DEFAULT 0) -> TABLE(kind text, id bigint, name text)',
	'disjoint_paths(network text, src text, dst text, k integer DEFAULT 2, disjoint text[] DEFAULT ''{link,srlg}''::text[], strict boolean DEFAULT true, cost text DEFAULT ''metric''::text, avoid_links bigint[] DEFAULT ''{}''::bigint[], avoid_srlgs bigint[] DEFAULT ''{}''::bigint[], ignore_srlgs bigint[] DEFAULT ''{}''::bigint[], min_probability double precision DEFAULT 0, min_share double precision DEFAULT 0) -> TABLE(path integer, cost double precision, hops integer, nodes text[], links bigint[], shared_srlgs bigint[], shared_nodes text[], shared_links bigint[], optimal boolean, lower_bound double precision)',
	'k_shortest_paths(network text, src text, dst text, k integer, cost text DEFAULT ''metric''::text, avoid_links bigint[] DEFAULT ''{}''::bigint[], avoid_srlgs bigint[] DEFAULT ''{}''::bigint[]) -> TABLE(path integer, cost double precision, hops integer, nodes text[], links bigint[])',
	'shortest_path(network text, src text, dst text, cost text DEFAULT ''metric''::text, avoid_links bigint[] DEFAULT ''{}''::bigint[], avoid_srlgs bigint[] DEFAULT ''{}''::bigint[]) -> TABLE(cost double precision, hops integer, nodes text[], links bigint[])'],
	'the functions about paths');
SELECT set_eq(
	$$SELECT signature || ' -> ' || pg_get_function_result(oid) FROM member
	WHERE proname LIKE '%change\_log%'$$,
	ARRAY[
	'change_log_apply() -> trigger',
	'change_log_begin() -> trigger',
	'change_log_guard() -> trigger',
	'change_log_write() -> trigger',
	'prune_change_log(keep bigint DEFAULT 100000) -> bigint'],
	'the functions of the change log');
SELECT set_eq(
	$$SELECT signature || ' -> ' || pg_get_function_result(oid) FROM member
	WHERE proname LIKE 'commit\_check%' OR proname = 'check_pending'$$,
	ARRAY[
	'check_pending() -> TABLE(rule text, element_kind text, element_id bigint, name text, message text, detail text, hint text)',
	'commit_check_guard() -> trigger',
	'commit_check_queue() -> trigger',
	'commit_check_run() -> trigger'],
	'the functions of the check at COMMIT');
SELECT set_eq(
	$$SELECT signature || ' -> ' || pg_get_function_result(oid) || ' ' || provolatile::text FROM member
	WHERE proname IN ('split_span', 'merge_span', 'fill_depth')$$,
	ARRAY[
	'fill_depth() -> trigger v',
	'merge_span(first_span_id bigint, second_span_id bigint) -> bigint v',
	'split_span(span_id bigint, structure_id bigint, at_m double precision DEFAULT NULL::double precision, name text DEFAULT NULL::text) -> bigint v'],
	'the functions that change the plant');
SELECT set_eq(
	$$SELECT signature || ' -> ' || pg_get_function_result(oid) FROM member
	WHERE proname IN ('check_violations', 'self_check', 'what_if_diff', 'link_shared', 'disjoint_group_id')$$,
	ARRAY[
	'check_violations() -> TABLE(policy text, mode text, network_id bigint, vpc_id bigint, subject_kind text, subject_id bigint, subject text, detail text, hint text, waived_until timestamp with time zone)',
	'disjoint_group_id(name text) -> bigint',
	'link_shared(link_a bigint, link_b bigint, disjoint text[] DEFAULT ''{link,srlg}''::text[], min_probability double precision DEFAULT 0, min_share double precision DEFAULT 0) -> TABLE(element_kind text, element_id bigint, srlg_id bigint, share_a double precision, share_b double precision, probability_a double precision, probability_b double precision)',
	'self_check(deep boolean DEFAULT false) -> TABLE(what text, object text, detail text, hint text)',
	'what_if_diff(network text DEFAULT NULL::text, src text[] DEFAULT NULL::text[], dst text[] DEFAULT NULL::text[], cost text DEFAULT NULL::text, disjoint text[] DEFAULT ''{link,srlg}''::text[]) -> TABLE(what text, change text, network_name text, src_node text, dst_node text, policy text, subject_kind text, subject_id bigint, subject text, before text, after text, cost_before double precision, cost_after double precision)'],
	'the functions about what does not hold');
SELECT is_empty(
	$$SELECT signature FROM member
	WHERE (proname LIKE '%\_violations' OR proname LIKE 'explain\_%' OR proname LIKE 'self\_check%' OR proname LIKE 'what\_if%' OR proname IN ('link_shared', 'shipped_now'))
	AND NOT (provolatile = 's' AND proparallel = CASE WHEN proname IN ('what_if_diff', 'what_if_before', 'what_if_compare') THEN 'r' ELSE 's' END)$$,
	'what tells of violations is stable, and parallel safe where it needs not know the own transaction');
SELECT is_empty(
	$$SELECT proname, count(*) FROM member GROUP BY proname HAVING count(*) > 1$$,
	'no two functions of one name');
SELECT is_empty(
	$$SELECT signature FROM member
	WHERE proname IN ('link_id', 'memberships', 'members', 'carried', 'shortest_path', 'k_shortest_paths', 'disjoint_paths', 'disjoint_obstacles')
	AND NOT (provolatile = 's' AND proparallel = 's' AND NOT proisstrict)$$,
	'what answers questions is stable, parallel safe, and says so when an argument is NULL');
SELECT is_empty(
	$$SELECT signature FROM member WHERE proname LIKE 'valid\_%' AND NOT (provolatile = 'i' AND proparallel = 's')$$,
	'what a CHECK calls is immutable and parallel safe');
SELECT is_empty(
	$$SELECT signature FROM member WHERE proname IN ('import_graphml', 'import_sndlib', 'prune_change_log', 'check_pending') AND NOT (provolatile = 'v' AND proparallel = 'u')$$,
	'what writes, or looks past its snapshot, is volatile');
SELECT is_empty(
	$$SELECT k.conname, p.proname FROM pg_constraint k
	JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = k.oid AND d.refclassid = 'pg_proc'::regclass
	JOIN member p ON p.oid = d.refobjid WHERE k.contype = 'c' AND p.provolatile <> 'i'$$,
	'no CHECK calls anything else');
SELECT is_empty(
	$$SELECT signature FROM member WHERE prosecdef OR proleakproof$$,
	'none runs with rights other than the caller''s, none claims to leak nothing');
SELECT is_empty(
	$$SELECT signature FROM member WHERE lanname <> 'c' AND prosqlbody IS NULL
	AND NOT coalesce(proconfig, '{}') && ARRAY['search_path=pg_catalog, pg_temp']$$,
	'none looks names up in the caller''s search_path');
SELECT is_empty(
	$$SELECT signature FROM member WHERE coalesce(obj_description(oid, 'pg_proc'), '') = ''$$,
	'every function has a comment');
SELECT is_empty(
	$$SELECT signature, a.privilege_type FROM member m, aclexplode(coalesce(m.proacl, acldefault('f', m.proowner))) a
	WHERE a.grantee <> m.proowner$$,
	'no function is open to anybody but its owner');
SELECT is_empty(
	$$SELECT privilege_type FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = 'netstate' AND a.grantee <> n.nspowner$$,
	'nor is the schema');
SELECT isnt(obj_description('netstate'::regnamespace, 'pg_namespace'), NULL, 'the schema has a comment');
SELECT is_empty(
	$$SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'netstate'::regnamespace AND p.oid NOT IN (SELECT oid FROM member)$$,
	'everything in the schema belongs to the extension');

SELECT * FROM finish();
ROLLBACK;
