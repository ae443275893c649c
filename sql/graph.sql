-- The graph that is kept: it is always the one that the tables hold.
\set VERBOSITY default
SET client_min_messages = warning;
CREATE SCHEMA graph_test;

INSERT INTO netstate.network (id, name, layer) VALUES (9101, 'graph fibre', 'fibre'), (9102, 'graph ip', 'ip');
INSERT INTO netstate.node (id, network_id, name) SELECT 9100 + i, 9101, 'f' || i FROM generate_series(1, 4) i;
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) SELECT 9110 + i, 9102, 'r' || i, 9100 + i FROM generate_series(1, 4) i;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric)
SELECT 9100 + i, 9101, 'f' || i, 9100 + i, 9100 + i % 4 + 1, 1 FROM generate_series(1, 4) i;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric)
SELECT 9110 + i, 9102, 'r' || i, 9110 + i, 9110 + i % 4 + 1, i FROM generate_series(1, 4) i;
INSERT INTO netstate.link_support (link_id, supporting_link_id) SELECT 9110 + i, 9100 + i FROM generate_series(1, 4) i;
INSERT INTO netstate.srlg (id, name) VALUES (9101, 'graph trench');
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (9101, 9101), (9101, 9103);

-- The counters are those of the process that answers: no other, for now.
DO $$ BEGIN PERFORM set_config(name, 'off', false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query'); END $$;
SELECT nodes, links, srlgs, total_metric, bytes > 0 AS bytes, builds, deltas, hits, built_at <= clock_timestamp() AND refreshed_at <= clock_timestamp() AS past
FROM netstate.graph_status('graph ip');

-- What has not changed is a hit, what has is read again, and only that.
CREATE FUNCTION graph_test.counts(OUT builds bigint, OUT deltas bigint, OUT hits bigint) LANGUAGE sql STABLE
AS $$ SELECT builds, deltas, hits FROM netstate.graph_status('graph ip') $$;
SELECT cost, links FROM netstate.shortest_path('graph ip', 'r1', 'r3');
SELECT * FROM graph_test.counts();
UPDATE netstate.link SET metric = 10 WHERE id = 9111;
SELECT cost, links FROM netstate.shortest_path('graph ip', 'r1', 'r3');
SELECT * FROM graph_test.counts();

-- A change beneath is one of what rides on it.
UPDATE netstate.link SET status = 'failed' WHERE id = 9103;
SELECT links, srlgs FROM netstate.graph_status('graph ip');
UPDATE netstate.node SET status = 'failed' WHERE id = 9101;
SELECT links, srlgs FROM netstate.graph_status('graph ip');
UPDATE netstate.node SET status = 'in_service' WHERE id = 9101;
UPDATE netstate.link SET status = 'in_service' WHERE id = 9103;
SELECT links, srlgs, total_metric FROM netstate.graph_status('graph ip');

-- What no path depends on is not even a change.
SELECT deltas AS before FROM graph_test.counts() \gset
UPDATE netstate.link SET load_gbps = 5 WHERE network_id = 9102;
SELECT deltas - :before AS deltas FROM graph_test.counts();

DO $$ BEGIN PERFORM set_config(name, reset_val, false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query'); END $$;

-- Own changes, savepoints, rollback.
BEGIN;
UPDATE netstate.link SET metric = 1 WHERE id = 9111;
SELECT total_metric, netstate.graph_check('graph ip') FROM netstate.graph_status('graph ip');
SAVEPOINT a;
DELETE FROM netstate.link WHERE id = 9114;
INSERT INTO netstate.node (id, network_id, name) VALUES (9119, 9102, 'r9');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (9119, 9102, 'r9', 9119, 9111, 100);
SELECT nodes, links, total_metric, netstate.graph_check('graph ip') FROM netstate.graph_status('graph ip');
SELECT cost FROM netstate.shortest_path('graph ip', 'r9', 'r2');
ROLLBACK TO a;
SELECT nodes, links, total_metric, netstate.graph_check('graph ip') FROM netstate.graph_status('graph ip');
SELECT cost FROM netstate.shortest_path('graph ip', 'r9', 'r2');
ROLLBACK;
SELECT nodes, links, total_metric, netstate.graph_check('graph ip') FROM netstate.graph_status('graph ip');

-- Ids in any order: the least may come last.
INSERT INTO netstate.node (id, network_id, name) VALUES (9001, 9102, 'r0');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (9001, 9102, 'r0', 9001, 9111, 1);
SELECT cost, links FROM netstate.shortest_path('graph ip', 'r0', 'r2');
SELECT netstate.graph_check('graph ip');
DELETE FROM netstate.link WHERE id = 9001;
DELETE FROM netstate.node WHERE id = 9001;
SELECT netstate.graph_check('graph ip');

-- Names.
UPDATE netstate.node SET name = 'renamed' WHERE id = 9111;
SELECT cost FROM netstate.shortest_path('graph ip', 'renamed', 'r2');
SELECT cost FROM netstate.shortest_path('graph ip', 'r1', 'r2');
UPDATE netstate.network SET name = 'graph swap' WHERE id = 9101;
UPDATE netstate.network SET name = 'graph fibre' WHERE id = 9102;
UPDATE netstate.network SET name = 'graph ip' WHERE id = 9101;
SELECT nodes, links, total_metric FROM netstate.graph_status('graph ip');
SELECT nodes, links, total_metric FROM netstate.graph_status('graph fibre');
SELECT * FROM netstate.graph_status('graph swap');
UPDATE netstate.network SET name = 'graph swap' WHERE id = 9101;
UPDATE netstate.network SET name = 'graph ip' WHERE id = 9102;
UPDATE netstate.network SET name = 'graph fibre' WHERE id = 9101;
SELECT nodes, links, total_metric FROM netstate.graph_status('graph ip');

-- More than a statement logs one by one.
INSERT INTO netstate.node (id, network_id, name) SELECT 20000 + i, 9102, 'n' || i FROM generate_series(1, 1500) i;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric)
SELECT 20000 + i, 9102, 'l' || i, 20000 + i, 20001 + i, 1 FROM generate_series(1, 1499) i;
SELECT nodes, links, netstate.graph_check('graph ip') FROM netstate.graph_status('graph ip');
UPDATE netstate.link SET metric = 2 WHERE id BETWEEN 20001 AND 20900;
SELECT total_metric, netstate.graph_check('graph ip') FROM netstate.graph_status('graph ip');
DELETE FROM netstate.link WHERE id > 20000;
DELETE FROM netstate.node WHERE id > 20000;
SELECT nodes, links, netstate.graph_check('graph ip') FROM netstate.graph_status('graph ip');

-- Arguments.
SELECT * FROM netstate.graph_status(NULL);
SELECT netstate.graph_check(NULL);
SELECT * FROM netstate.graph_status('graph ipp');
SELECT netstate.graph_check('graph ipp');
SELECT * FROM netstate.graph_status(repeat('x', 5000));

-- Roles: privileges count at every call, hidden rows hide from whom they hide.
CREATE ROLE graph_reader;
GRANT USAGE ON SCHEMA netstate TO graph_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA netstate TO graph_reader;
SET ROLE graph_reader;
SELECT nodes FROM netstate.graph_status('graph ip');
RESET ROLE;
GRANT SELECT ON ALL TABLES IN SCHEMA netstate TO graph_reader;
SET ROLE graph_reader;
SELECT nodes, links, srlgs, builds > 0 AS kept FROM netstate.graph_status('graph ip');
RESET ROLE;
ALTER TABLE netstate.link ENABLE ROW LEVEL SECURITY;
CREATE POLICY not_9111 ON netstate.link FOR SELECT TO graph_reader USING (id <> 9111);
SET ROLE graph_reader;
SELECT nodes, links, srlgs, builds > 0 AS kept, built_at, netstate.graph_check('graph ip') FROM netstate.graph_status('graph ip');
SELECT cost FROM netstate.shortest_path('graph ip', 'renamed', 'r2');
RESET ROLE;
SELECT nodes, links, srlgs, builds > 0 AS kept FROM netstate.graph_status('graph ip');
DROP POLICY not_9111 ON netstate.link;
ALTER TABLE netstate.link DISABLE ROW LEVEL SECURITY;
REVOKE SELECT ON netstate.srlg_member FROM graph_reader;
SET ROLE graph_reader;
SELECT cost FROM netstate.shortest_path('graph ip', 'renamed', 'r2');
RESET ROLE;
DROP OWNED BY graph_reader;
DROP ROLE graph_reader;

-- With a trigger of the log out of order graphs are not kept.
ALTER TABLE netstate.link DISABLE TRIGGER change_log_update;
UPDATE netstate.link SET metric = 77 WHERE id = 9111;
SELECT total_metric, built_at FROM netstate.graph_status('graph ip');
ALTER TABLE netstate.link ENABLE ALWAYS TRIGGER change_log_update;
SELECT total_metric, built_at IS NOT NULL AS kept, netstate.graph_check('graph ip') FROM netstate.graph_status('graph ip');

-- In a parallel worker.
SELECT set_config(name, 'on', false) AS parallel FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
SELECT nodes, links, total_metric FROM netstate.graph_status('graph ip');
SELECT cost, links FROM netstate.shortest_path('graph ip', 'renamed', 'r3');
BEGIN;
UPDATE netstate.link SET metric = 1 WHERE id = 9111;
SELECT cost, links FROM netstate.shortest_path('graph ip', 'renamed', 'r3');
ROLLBACK;
DO $$ BEGIN PERFORM set_config(name, reset_val, false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query'); END $$;

DELETE FROM netstate.network WHERE id = 9102;
SELECT * FROM netstate.graph_status('graph ip');
SELECT nodes, links, netstate.graph_check('graph fibre') FROM netstate.graph_status('graph fibre');
DELETE FROM netstate.network WHERE id = 9101;
DELETE FROM netstate.srlg WHERE id = 9101;
DROP SCHEMA graph_test CASCADE;
