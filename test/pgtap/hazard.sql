-- A graph that was read when there was no plant at all notices the first hazard
-- area: its nodes may lie in it by their own place.
\set QUIET 1
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only true
\pset pager off
SET client_min_messages = warning;
SELECT plan(6);

-- Committed, as another session's change is: none of this is the graph's own.
INSERT INTO netstate.network (id, name, layer) VALUES (1001, 'f', 'fibre');
INSERT INTO netstate.node (id, network_id, name, geom) VALUES (1001, 1001, 'a', 'POINT(10 10)'), (1002, 1001, 'b', 'POINT(11 10)');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (1001, 1001, 'ab', 1001, 1002, 1);
SELECT is(srlgs, 0, 'no group') FROM netstate.graph_status('f');
INSERT INTO netstate.hazard_area (name, geom) VALUES ('h', 'POLYGON((9.9 9.9, 10.1 9.9, 10.1 10.1, 9.9 10.1, 9.9 9.9))');
SELECT is(srlgs, 1, 'then that of the first hazard area') FROM netstate.graph_status('f');
SELECT is(netstate.graph_check('f'), 0::bigint, 'as the tables have it');
BEGIN;
DELETE FROM netstate.hazard_area;
SELECT is(srlgs, 0, 'none without it') FROM netstate.graph_status('f');
ROLLBACK;
SELECT is(srlgs, 1, 'unless that is rolled back') FROM netstate.graph_status('f');
SELECT is(netstate.graph_check('f'), 0::bigint, 'as the tables have it');

SELECT * FROM finish();
