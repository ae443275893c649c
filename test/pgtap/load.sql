-- What the questions about load promise: signatures, volatility, rights.
\set QUIET 1
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only true
\pset pager off
SET client_min_messages = warning;
BEGIN;
SELECT plan(8);

CREATE TEMP VIEW member AS
SELECT p.*, format('%s(%s)', p.proname, pg_get_function_arguments(p.oid)) AS signature
FROM pg_proc p WHERE p.pronamespace = 'netstate'::regnamespace
AND p.proname IN ('link_load', 'unrouted_demands', 'bypass_contention');

SELECT set_eq(
	$$SELECT signature || ' -> ' || pg_get_function_result(oid) FROM member$$,
	ARRAY[
	'bypass_contention(network text, cost text DEFAULT ''metric''::text, recompute_s double precision DEFAULT 300, most integer DEFAULT 100, avoid_links bigint[] DEFAULT ''{}''::bigint[], avoid_srlgs bigint[] DEFAULT ''{}''::bigint[], given boolean DEFAULT true) -> TABLE(srlgs bigint[], link_id bigint, second_srlgs bigint[], second_link_id bigint, moved_gbps double precision, unprotected_gbps double precision, over_link_id bigint, a_to_z boolean, load_gbps double precision, added_gbps double precision, capacity_gbps double precision, over_gbps double precision, probability double precision)',
	'link_load(network text, cost text DEFAULT ''metric''::text, avoid_links bigint[] DEFAULT ''{}''::bigint[], avoid_srlgs bigint[] DEFAULT ''{}''::bigint[], given boolean DEFAULT true) -> TABLE(link_id bigint, az_gbps double precision, za_gbps double precision, capacity_gbps double precision, utilisation double precision, given boolean)',
	'unrouted_demands(network text, avoid_links bigint[] DEFAULT ''{}''::bigint[], avoid_srlgs bigint[] DEFAULT ''{}''::bigint[]) -> TABLE(demand_id bigint, src text, dst text, gbps double precision)'],
	'the questions');
SELECT is_empty(
	$$SELECT signature FROM member WHERE NOT (provolatile = 's' AND proparallel = 's' AND NOT proisstrict)$$,
	'each is stable, parallel safe, and says so when an argument is NULL');
SELECT is_empty(
	$$SELECT m.signature FROM member m, aclexplode(m.proacl) a WHERE a.grantee = 0$$,
	'none is for everybody');

-- A reader asks them all; without what they read none answers.
CREATE ROLE regress_netstate_load;
GRANT USAGE ON SCHEMA netstate TO regress_netstate_load;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA netstate TO regress_netstate_load;
GRANT SELECT ON ALL TABLES IN SCHEMA netstate TO regress_netstate_load;
INSERT INTO netstate.network (id, name, layer) VALUES (1, 'n', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES (1, 1, 'a'), (2, 1, 'z'), (3, 1, 'far');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, capacity_gbps) VALUES (1, 1, 'x', 1, 2, 1, 10), (2, 1, 'y', 1, 2, 2, 5);
INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps) VALUES (1, 'az', 1, 2, 8), (1, 'far', 1, 3, 1);
SET LOCAL ROLE regress_netstate_load;
SELECT is((SELECT utilisation FROM netstate.link_load('n') WHERE link_id = 1), 0.8::float8, 'a reader asks for load');
SELECT is((SELECT dst FROM netstate.unrouted_demands('n')), 'far', 'for what has no path');
SELECT is((SELECT over_gbps FROM netstate.bypass_contention('n')), 3::float8, 'and for contention');
RESET ROLE;
REVOKE SELECT ON netstate.demand FROM regress_netstate_load;
SET LOCAL ROLE regress_netstate_load;
SELECT throws_ok($$SELECT netstate.link_load('n')$$, '42501', 'permission denied for table demand', 'not without demands');
SELECT throws_ok($$SELECT netstate.bypass_contention('n')$$, '42501', 'permission denied for table demand', 'nor contention');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
