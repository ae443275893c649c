-- What a transaction has changed so far.
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
-- a square a b c d, and a chord; beneath it fibre, whose links ab and cd are in one group
INSERT INTO netstate.network (id, name, layer) VALUES (8901, 'wi fibre', 'fibre'), (8902, 'wi ip', 'ip');
INSERT INTO netstate.node (id, network_id, name) SELECT 8900 + i, 8901, chr(96 + i) FROM generate_series(1, 4) i;
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) SELECT 8910 + i, 8902, chr(96 + i), 8900 + i FROM generate_series(1, 4) i;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric)
SELECT w.base + l.i, w.id, l.name, w.node + l.a, w.node + l.z, l.metric
FROM (VALUES (8920, 8901, 8900), (8930, 8902, 8910)) w (base, id, node),
	(VALUES (1, 'ab', 1, 2, 1), (2, 'bc', 2, 3, 1), (3, 'cd', 3, 4, 1), (4, 'da', 4, 1, 1), (5, 'ac', 1, 3, 5)) l (i, name, a, z, metric);
INSERT INTO netstate.link_support (link_id, supporting_link_id) SELECT 8930 + i, 8920 + i FROM generate_series(1, 5) i;
INSERT INTO netstate.srlg (id, name) VALUES (8901, 'wi bridge');
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (8901, 8921), (8901, 8923);
INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps) VALUES
	(8902, 'a c', 8911, 8913, 1), (8902, 'a c again', 8911, 8913, 2), (8902, 'b d', 8912, 8914, 1);
CREATE VIEW wi AS SELECT what, change, src_node AS src, dst_node AS dst, before, after, cost_before AS was, cost_after AS is FROM netstate.what_if_diff('wi ip');

-- nothing, and nothing changed
SELECT * FROM wi;
BEGIN;
UPDATE netstate.link SET metric = metric WHERE network_id = 8902;
UPDATE netstate.link SET load_gbps = 3 WHERE network_id = 8902;
SELECT * FROM wi;
-- a path lost its link, and a pair its protection
UPDATE netstate.link SET status = 'failed' WHERE id = 8922;
SELECT * FROM wi;
-- of which a savepoint that is rolled back leaves nothing
SAVEPOINT s;
UPDATE netstate.link SET status = 'failed' WHERE id = 8924;
DELETE FROM netstate.srlg_member WHERE srlg_id = 8901;
SELECT * FROM wi;
ROLLBACK TO s;
SELECT * FROM wi;
ROLLBACK;

-- protection is gained; a demand that is new, one that is gone
BEGIN;
DELETE FROM netstate.srlg_member WHERE link_id = 8923;
DELETE FROM netstate.demand WHERE name = 'b d';
INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps) VALUES (8902, 'a b', 8911, 8912, 1);
SELECT * FROM wi;
ROLLBACK;

-- given pairs, by latency or hops; a node that is new; parallel links
BEGIN;
INSERT INTO netstate.node (id, network_id, name) VALUES (8915, 8902, 'e');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (8936, 8902, 'be', 8912, 8915, 1), (8937, 8902, 'ab 2', 8911, 8912, 1), (8938, 8902, 'ae', 8911, 8915, 1);
DELETE FROM netstate.link WHERE id = 8931;
SELECT what, change, src_node, dst_node, before, after, cost_before, cost_after FROM netstate.what_if_diff('wi ip', '{a,a,d}', '{b,e,c}', 'hops');
SELECT what, change, src_node, dst_node, before, after, cost_before, cost_after FROM netstate.what_if_diff('wi ip', '{a}', '{e}', 'hops', '{link}');
ROLLBACK;

-- what does not hold: new, and mended
BEGIN;
UPDATE netstate.node SET supporting_node_id = 8901 WHERE id = 8913;
SELECT what, change, network_name, policy, subject_kind, subject_id, subject, before, after FROM netstate.what_if_diff() WHERE what = 'violation' ORDER BY subject_id;
UPDATE netstate.node SET supporting_node_id = 8903 WHERE id = 8913;
SELECT count(*) FROM netstate.what_if_diff();
ROLLBACK;

-- a cursor goes on as it began, and prepared statements too
BEGIN;
DECLARE c CURSOR FOR SELECT links FROM netstate.shortest_path('wi ip', 'a', 'c');
PREPARE p AS SELECT links FROM netstate.shortest_path('wi ip', 'a', 'c');
UPDATE netstate.link SET metric = 9 WHERE id = 8931;
EXECUTE p;
SELECT change, before, after FROM wi WHERE what = 'path' AND src = 'a';
EXECUTE p;
FETCH c;
UPDATE netstate.link SET metric = 1 WHERE id = 8931;
EXECUTE p;
SELECT * FROM wi;
ROLLBACK;
DEALLOCATE p;

-- what was before is gone
BEGIN;
TRUNCATE netstate.demand;
SELECT * FROM wi;
ROLLBACK;
BEGIN;
UPDATE netstate.link SET metric = 9 WHERE id = 8931;
REINDEX TABLE netstate.link;
SELECT * FROM wi;
ROLLBACK;

-- errors
BEGIN;
UPDATE netstate.link SET metric = 9 WHERE id = 8931;
SAVEPOINT s;
SELECT * FROM netstate.what_if_diff('wi ipp');
ROLLBACK TO s;
SELECT * FROM netstate.what_if_diff('wi ip', '{a}', '{x}');
ROLLBACK TO s;
SELECT * FROM netstate.what_if_diff('wi ip', '{a}', '{a}');
ROLLBACK TO s;
SELECT * FROM netstate.what_if_diff('wi ip', '{a}', '{b,c}');
ROLLBACK TO s;
SELECT * FROM netstate.what_if_diff('wi ip', '{a}');
ROLLBACK TO s;
SELECT * FROM netstate.what_if_diff(NULL, '{a}', '{b}');
ROLLBACK TO s;
SELECT * FROM netstate.what_if_diff('wi ip', '{NULL}', '{b}');
ROLLBACK TO s;
SELECT * FROM netstate.what_if_diff('wi ip', '{{a,b},{c,d}}', '{a,b,c,d}');
ROLLBACK TO s;
SELECT * FROM netstate.what_if_diff('wi ip', disjoint => NULL);
ROLLBACK TO s;
SELECT * FROM netstate.what_if_diff('wi ip', disjoint => '{links}');
ROLLBACK TO s;
SELECT * FROM netstate.what_if_diff('wi ip', cost => 'latency');
ROLLBACK;
CREATE ROLE wi_nobody;
GRANT USAGE ON SCHEMA netstate TO wi_nobody;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA netstate TO wi_nobody;
SET ROLE wi_nobody;
BEGIN;
SELECT * FROM netstate.what_if_diff('wi ip');
ROLLBACK;
RESET ROLE;

DROP OWNED BY wi_nobody;
DROP ROLE wi_nobody;
DROP VIEW wi;
DELETE FROM netstate.network WHERE id = 8902;
DELETE FROM netstate.network WHERE id = 8901;
DELETE FROM netstate.srlg WHERE id = 8901;
