-- Limits of what a session keeps.  With the library preloaded the cap is that
-- of the server, which test/t looks at.
\set VERBOSITY default
SET client_min_messages = warning;
LOAD 'netstate';
SELECT context = 'superuser' AS own_cap FROM pg_catalog.pg_settings WHERE name = 'netstate.cache_memory' \gset
\if :own_cap
\else
\quit
\endif
INSERT INTO netstate.network (id, name, layer) VALUES (9301, 'limit', 'ip'), (9302, 'limit small', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES (9301, 9301, 'a'), (9302, 9301, 'b'), (9303, 9302, 'c');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (9301, 9301, 'ab', 9301, 9302, 1);
SELECT nodes FROM netstate.graph_status('limit');
INSERT INTO netstate.node (id, network_id, name) SELECT 20000 + i, 9301, repeat('n', 400) || i FROM generate_series(1, 3000) i;
SET netstate.cache_memory = '1MB';
SELECT * FROM netstate.graph_status('limit');
SELECT * FROM netstate.shortest_path('limit', 'a', 'b');
SELECT nodes FROM netstate.graph_status('limit small');
RESET netstate.cache_memory;
SET netstate.memory_limit = '1MB';
-- how much at once depends on what the statistics say of the tables
\set VERBOSITY terse
SELECT * FROM netstate.shortest_path('limit', 'a', 'b');
\set VERBOSITY default
RESET netstate.memory_limit;
SELECT nodes FROM netstate.graph_status('limit');
DELETE FROM netstate.network WHERE id IN (9301, 9302);
