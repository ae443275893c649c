-- The graph that is kept, where something failed or was taken back.
\set VERBOSITY terse
SET client_min_messages = warning;
INSERT INTO netstate.network (id, name, layer) VALUES (9201, 'rollback', 'ip'), (9202, 'rollback empty', 'ip');
INSERT INTO netstate.node (id, network_id, name) SELECT 9200 + i, 9201, 'r' || i FROM generate_series(1, 4) i;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric)
SELECT 9200 + i, 9201, 'r' || i, 9200 + i, 9200 + i % 4 + 1, i FROM generate_series(1, 4) i;
SELECT nodes FROM netstate.graph_status('rollback');
SELECT nodes FROM netstate.graph_status('rollback empty');

-- A name that was taken back names nothing again, or what it named before.
BEGIN;
UPDATE netstate.network SET name = 'rollback new' WHERE id = 9201;
SELECT nodes FROM netstate.graph_status('rollback new');
ROLLBACK;
SELECT nodes FROM netstate.graph_status('rollback new');
BEGIN;
SAVEPOINT a;
UPDATE netstate.network SET name = 'rollback new' WHERE id = 9201;
UPDATE netstate.network SET name = 'rollback' WHERE id = 9202;
UPDATE netstate.network SET name = 'rollback empty' WHERE id = 9201;
SELECT nodes FROM netstate.graph_status('rollback');
SELECT nodes FROM netstate.graph_status('rollback empty');
ROLLBACK TO a;
SELECT nodes, netstate.graph_check('rollback') FROM netstate.graph_status('rollback');
SELECT nodes, netstate.graph_check('rollback empty') FROM netstate.graph_status('rollback empty');
ROLLBACK;
SELECT nodes, netstate.graph_check('rollback') FROM netstate.graph_status('rollback');
SELECT nodes, netstate.graph_check('rollback empty') FROM netstate.graph_status('rollback empty');

-- Own changes that could not be read are read the next time.
INSERT INTO netstate.node (id, network_id, name) SELECT 21000 + i, 9201, repeat('n', 400) || i FROM generate_series(1, 999) i;
SELECT nodes FROM netstate.graph_status('rollback');
BEGIN;
UPDATE netstate.node SET name = repeat('m', 490) || id WHERE id > 21000;
SAVEPOINT a;
SET LOCAL netstate.memory_limit = '1MB';
SELECT nodes FROM netstate.graph_status('rollback');
ROLLBACK TO a;
SELECT nodes, netstate.graph_check('rollback') FROM netstate.graph_status('rollback');
COMMIT;
SELECT nodes, netstate.graph_check('rollback') FROM netstate.graph_status('rollback');

DELETE FROM netstate.network WHERE id IN (9201, 9202);
