-- What COMMIT proves: routes of cables, strands of links, splices, and what
-- links ride on.
\set VERBOSITY default
CREATE SCHEMA commit_check_test;
SET search_path = commit_check_test, public;

-- A street of structures 1 .. 9 with spans 1 .. 8 between them, 11 beside 1, and
-- 21 from structure 3 to 7.  Sites: 1 and 9.
INSERT INTO netstate.region (id, name) VALUES (71, 'cc');
INSERT INTO netstate.site (id, name) VALUES (71, 'cc west'), (79, 'cc east');
INSERT INTO netstate.structure (id, name, site_id, geom)
SELECT i, 'cc s' || i, CASE i WHEN 1 THEN 71 WHEN 9 THEN 79 END, ST_SetSRID(ST_MakePoint(i * 0.01, 0), 4326) FROM generate_series(1, 9) i;
CREATE FUNCTION span_row(id bigint, a bigint, z bigint) RETURNS void LANGUAGE sql
AS $$ INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom)
	SELECT $1, 'cc p' || $1, $2, $3, ST_MakeLine(x.geom, y.geom) FROM netstate.structure x, netstate.structure y WHERE x.id = $2 AND y.id = $3 $$;
SELECT count(*) FROM generate_series(1, 8) i, span_row(i, CASE WHEN i % 2 = 0 THEN i ELSE i + 1 END, CASE WHEN i % 2 = 0 THEN i + 1 ELSE i END);
SELECT span_row(11, 1, 2), span_row(21, 3, 7);
INSERT INTO netstate.cable (id, name, strand_count) VALUES (1, 'cc one', 12), (2, 'cc two', 8), (3, 'cc to and fro', 4);

-- ---- routes ----
CREATE FUNCTION route(cable bigint, VARIADIC spans bigint[]) RETURNS void LANGUAGE sql
AS $$ INSERT INTO netstate.cable_segment (cable_id, seq, span_id) SELECT $1, i, s FROM unnest($2) WITH ORDINALITY u (s, i) $$;
-- spans lie either way round
SELECT route(1, 1, 2, 3, 4, 5, 6, 7, 8);
SELECT route(2, 7, 6, 5);
-- out and back again, between the same two structures
SELECT route(3, 1, 11, 1, 11, 1);
-- a spur: it comes to structure 3 and cannot leave from 2
BEGIN;
DELETE FROM netstate.cable_segment WHERE cable_id = 2;
SELECT route(2, 1, 2, 11);
SELECT rule, element_kind, element_id, name, message FROM netstate.check_pending();
COMMIT;
-- meets where the segment before begins
BEGIN;
DELETE FROM netstate.cable_segment WHERE cable_id = 2;
SELECT route(2, 1, 2, 21, 2);
COMMIT;
-- gaps: in the middle, at the beginning; no segments are none
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 4;
DELETE FROM netstate.cable_segment WHERE cable_id = 2 AND seq = 1;
DELETE FROM netstate.cable_segment WHERE cable_id = 2 AND seq = 3;
DELETE FROM netstate.cable_segment WHERE cable_id = 2;
SELECT route(2, 7, 6, 5);
-- moved along in one statement
UPDATE netstate.cable_segment SET seq = seq + 1 WHERE cable_id = 2;
UPDATE netstate.cable_segment SET seq = 4 - seq WHERE cable_id = 2;
SELECT seq, span_id FROM netstate.cable_segment WHERE cable_id = 2 ORDER BY seq;
-- the end of a span moves from under a cable
UPDATE netstate.span SET z_structure_id = 9 WHERE id = 6;
-- to another cable
UPDATE netstate.cable_segment SET cable_id = 2, seq = 4 WHERE cable_id = 1 AND seq = 1;
BEGIN;
UPDATE netstate.cable_segment SET cable_id = 2, seq = 4 WHERE cable_id = 1 AND seq = 8;
SELECT count(*) FROM netstate.check_pending();
ROLLBACK;

-- ---- strands ----
INSERT INTO netstate.network (id, name, layer) VALUES (71, 'cc fibre', 'fibre'), (72, 'cc optical', 'optical'), (73, 'cc ip', 'ip');
INSERT INTO netstate.node (id, network_id, name, site_id, structure_id, supporting_node_id) VALUES
	(7101, 71, 'w', NULL, 1, NULL), (7104, 71, 'm', NULL, 4, NULL), (7109, 71, 'e', NULL, 9, NULL), (7105, 71, 'nowhere', NULL, NULL, NULL),
	(7111, 71, 'site w', 71, NULL, NULL), (7119, 71, 'site e', 79, NULL, NULL);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES
	(7110, 71, 'w - e', 7101, 7109), (7111, 71, 'site w - e', 7111, 7119), (7112, 71, 'nowhere - m', 7105, 7104), (7113, 71, 'w - m', 7101, 7104);
CREATE FUNCTION strands(link bigint, seq integer, cable bigint, strands int4range, segments int4range) RETURNS void LANGUAGE sql
AS $$ INSERT INTO netstate.strand_assignment VALUES ($1, $2, $3, $4, $5) $$;
SELECT strands(7110, 1, 1, '[1,2]', '[1,8]');
-- by site; by two cables, one of them backwards; seq with gaps
BEGIN;
SELECT strands(7111, 10, 1, '[3,3]', '[1,4]'), strands(7111, 20, 2, '[1,1]', '[1,3]'), strands(7111, 30, 1, '[5,5]', '[8,8]');
SELECT count(*) FROM netstate.check_pending();
COMMIT;
-- an end that is not known is not judged, the other is
SELECT strands(7112, 1, 1, '[6,6]', '[2,3]');
SELECT strands(7113, 1, 1, '[7,7]', '[1,4]');
SELECT strands(7113, 1, 1, '[7,7]', '[2,3]');
SELECT strands(7113, 1, 1, '[7,7]', '[1,3]');
-- to and fro: an even number of segments ends where it begins, an odd one does not
BEGIN; SELECT strands(7113, 2, 3, '[1,1]', '[2,3]'); COMMIT;
DELETE FROM netstate.strand_assignment WHERE link_id = 7113;
BEGIN; SELECT strands(7113, 1, 3, '[1,1]', '[2,5]'), strands(7113, 2, 1, '[7,7]', '[1,3]'); COMMIT;
DELETE FROM netstate.strand_assignment WHERE link_id = 7113;
BEGIN; SELECT strands(7113, 1, 3, '[1,1]', '[2,4]'), strands(7113, 2, 1, '[7,7]', '[2,3]'); COMMIT;
DELETE FROM netstate.strand_assignment WHERE link_id = 7113;
BEGIN; SELECT strands(7113, 1, 3, '[1,1]', '[2,4]'), strands(7113, 2, 1, '[7,7]', '[1,3]'); COMMIT;
-- do not meet
BEGIN; SELECT strands(7113, 1, 1, '[7,7]', '[1,1]'), strands(7113, 2, 1, '[7,7]', '[3,3]'); COMMIT;
-- strands and segments that are not there
SELECT strands(7113, 1, 1, '[12,13]', '[1,3]');
SELECT strands(7113, 1, 1, '[7,7]', '[1,9]');
SELECT strands(7113, 1, 1, '[7,7]', '[9,9]');
UPDATE netstate.cable SET strand_count = 6 WHERE id = 1;
UPDATE netstate.cable SET strand_count = 5 WHERE id = 1;
UPDATE netstate.cable SET strand_count = 12 WHERE id = 1;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 8;
-- the link's ends, what its nodes stand in, and what they ride on
UPDATE netstate.link SET z_node_id = 7104 WHERE id = 7110;
UPDATE netstate.link SET a_node_id = 7109, z_node_id = 7101 WHERE id = 7110;
UPDATE netstate.node SET structure_id = 2 WHERE id = 7101;
UPDATE netstate.node SET site_id = 79 WHERE id = 7111;
UPDATE netstate.structure SET site_id = 79 WHERE id = 1;
UPDATE netstate.structure SET site_id = NULL WHERE id = 1;
UPDATE netstate.structure SET site_id = 71 WHERE id = 1;
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES (7201, 72, 'w', 7101), (7209, 72, 'e', 7109), (7204, 72, 'm', 7104);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (7210, 72, 'w - e', 7201, 7209);
SELECT strands(7210, 1, 1, '[8,8]', '[1,8]');
UPDATE netstate.node SET supporting_node_id = 7104 WHERE id = 7201;
UPDATE netstate.node SET structure_id = 4 WHERE id = 7201;
-- a cable with strands in use is rerouted: around, and elsewhere
BEGIN;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1;
INSERT INTO netstate.cable_segment (cable_id, seq, span_id) VALUES (1, 1, 11);
COMMIT;
BEGIN;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq >= 7;
SELECT rule, element_kind, element_id, message FROM netstate.check_pending() ORDER BY element_kind, element_id;
ROLLBACK;
UPDATE netstate.strand_assignment SET link_id = 7113 WHERE link_id = 7110;

-- ---- splices ----
INSERT INTO netstate.splice (id, structure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands) VALUES (71, 5, 1, 4, '[4,4]', 2, 1, '[2,2]');
INSERT INTO netstate.splice (id, structure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands) VALUES (72, 8, 1, 9, '[4,4]', 2, 3, '[2,2]');
INSERT INTO netstate.splice (id, structure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands) VALUES (72, 8, 1, 8, '[4,4]', 2, 2, '[2,2]');
INSERT INTO netstate.splice (id, structure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands) VALUES (72, 8, 1, 8, '[4,5]', 2, 3, '[8,9]');
UPDATE netstate.splice SET structure_id = 4 WHERE id = 71;
-- An end of a strand that is on the A side of one, and on the Z side of another.
INSERT INTO netstate.splice (id, structure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands) VALUES (73, 5, 2, 1, '[1,2]', 1, 4, '[1,2]');
INSERT INTO netstate.splice (id, structure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands) VALUES (73, 5, 2, 1, '[3,4]', 1, 4, '[3,4]');
BEGIN;
INSERT INTO netstate.splice (id, structure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands) VALUES (73, 5, 2, 1, '[2,2]', 1, 5, '[4,4]');
SELECT rule, element_id, message, detail FROM netstate.check_pending();
UPDATE netstate.splice SET a_strands = '[3,3]' WHERE id = 73;
SELECT count(*) FROM netstate.check_pending();
COMMIT;
UPDATE netstate.splice SET z_strands = '[3,3]' WHERE id = 71;
DELETE FROM netstate.splice WHERE id = 73;
UPDATE netstate.cable SET strand_count = 1 WHERE id = 2;
BEGIN;
DELETE FROM netstate.strand_assignment WHERE link_id = 7111;
DELETE FROM netstate.cable_segment WHERE cable_id = 2;
COMMIT;
DELETE FROM netstate.splice WHERE id = 71;

-- ---- what links ride on ----
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES
	(7301, 73, 'w', 7201), (7304, 73, 'm', 7204), (7309, 73, 'e', 7209), (7305, 73, 'nowhere', NULL);
INSERT INTO netstate.node (id, network_id, name, site_id) VALUES (7311, 73, 'site w', 71), (7319, 73, 'site e', 79);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, directed) VALUES
	(7211, 72, 'w - m', 7201, 7204, false), (7212, 72, 'e - m', 7209, 7204, false), (7213, 72, 'm > w', 7204, 7201, true),
	(7310, 73, 'w - e', 7301, 7309, false), (7311, 73, 'site w - e', 7311, 7319, false), (7312, 73, 'nowhere - m', 7305, 7304, false);
CREATE FUNCTION support(link bigint, member integer, VARIADIC links bigint[]) RETURNS void LANGUAGE sql
AS $$ INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) SELECT $1, $2, i, l FROM unnest($3) WITH ORDINALITY u (l, i) $$;
SELECT support(7310, 1, 7210);
SELECT support(7310, 2, 7211, 7212);
SELECT support(7310, 3, 7211);
SELECT support(7310, 3, 7212);
SELECT support(7310, 3, 7212, 7211);
SELECT support(7310, 3, 7211, 7211, 7211, 7212);
-- directed links lead one way
SELECT support(7310, 4, 7213, 7212);
SELECT support(7310, 4, 7211, 7213, 7211, 7212);
-- straight on fibre, two layers down; across networks: through what nodes ride on
SELECT support(7310, 5, 7110);
SELECT support(7310, 6, 7113, 7212);
SELECT support(7310, 7, 7212, 7113);
SELECT support(7310, 7, 7112, 7212);
-- by site, or not at all
SELECT support(7311, 1, 7110);
SELECT support(7311, 2, 7113);
SELECT support(7312, 1, 7212);
SELECT support(7312, 2, 7110);
-- what it rides on changes beneath it
UPDATE netstate.link SET z_node_id = 7201 WHERE id = 7212;
UPDATE netstate.link SET directed = true WHERE id = 7212;
UPDATE netstate.node SET supporting_node_id = 7204 WHERE id = 7301;
UPDATE netstate.node SET site_id = 79 WHERE id = 7311;
UPDATE netstate.link_support SET seq = 5 WHERE link_id = 7310 AND member = 2 AND seq = 1;
DELETE FROM netstate.link_support WHERE link_id = 7310 AND member = 2 AND seq = 1;
BEGIN;
DELETE FROM netstate.link_support WHERE link_id = 7310 AND member = 2;
UPDATE netstate.link SET load_gbps = 1, status = 'failed' WHERE id = 7310;
COMMIT;

-- ---- deleted and put in again by one statement, so that what refers to it stays ----
WITH gone AS (DELETE FROM netstate.span WHERE id = 6 RETURNING *)
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) SELECT id, name, 8, 9, geom FROM gone;
WITH gone AS (DELETE FROM netstate.structure WHERE id = 1 RETURNING *)
INSERT INTO netstate.structure (id, name, site_id, geom) SELECT id, name, 79, geom FROM gone;
WITH gone AS (DELETE FROM netstate.node WHERE id = 7101 RETURNING *)
INSERT INTO netstate.node (id, network_id, name, structure_id) SELECT id, network_id, name, 4 FROM gone;
WITH gone AS (DELETE FROM netstate.link WHERE id = 7211 RETURNING *)
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) SELECT id, network_id, name, 7201, 7209 FROM gone;
MERGE INTO netstate.span AS s USING (VALUES (6, 1), (-6, 2)) AS v (id, n) ON s.id = v.id
WHEN MATCHED THEN DELETE
WHEN NOT MATCHED THEN INSERT (id, name, a_structure_id, z_structure_id, geom)
	VALUES (-v.id, 'cc p6', 8, 9, ST_SetSRID('LINESTRING(0.08 0, 0.09 0)'::geometry, 4326));
-- the same as it was; gone for good, nothing is queued but a span's course
BEGIN;
WITH gone AS (DELETE FROM netstate.span WHERE id = 6 RETURNING *)
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) SELECT id, name, z_structure_id, a_structure_id, geom FROM gone;
SELECT count(*) FROM netstate.check_pending();
ROLLBACK;
BEGIN;
INSERT INTO netstate.structure (id, name, geom) VALUES (77, 'cc s77', ST_SetSRID('POINT(0 0)'::geometry, 4326)), (78, 'cc s78', ST_SetSRID('POINT(0 1)'::geometry, 4326));
SELECT count(*) FROM span_row(77, 77, 78);
SAVEPOINT made;
DELETE FROM netstate.span WHERE id = 77;
DELETE FROM netstate.structure WHERE id IN (77, 78);
DELETE FROM netstate.link WHERE id = 7312;
DELETE FROM netstate.node WHERE id = 7305;
SELECT what, ids FROM netstate.commit_check WHERE xid = pg_current_xact_id() ORDER BY what, ids;
ROLLBACK;

-- ---- when it is proven, and what is queued ----
CREATE VIEW queued AS SELECT what, ids FROM netstate.commit_check WHERE xid = pg_current_xact_id() ORDER BY what, ids;
BEGIN;
UPDATE netstate.link SET load_gbps = 2, metric = 3, status = 'in_service';
UPDATE netstate.span SET status = 'cut', length_m = 5;
UPDATE netstate.cable SET status = 'cut', name = name;
UPDATE netstate.node SET status = 'failed', name = name;
UPDATE netstate.structure SET kind = 'hut';
UPDATE netstate.cable_segment SET slack_m = 1;
UPDATE netstate.cable_segment SET span_id = span_id, seq = seq;
DELETE FROM netstate.cable_segment WHERE cable_id = -1;
INSERT INTO netstate.link_support SELECT * FROM netstate.link_support WHERE false;
INSERT INTO netstate.node (id, network_id, name) VALUES (7199, 71, 'more');
INSERT INTO netstate.cable (id, name, strand_count) VALUES (9, 'cc nine', 1);
SELECT * FROM queued;
UPDATE netstate.cable SET strand_count = strand_count + 1;
UPDATE netstate.node SET site_id = 71 WHERE id = 7199;
SELECT * FROM queued;
-- pairs of spans follow from courses alone
UPDATE netstate.span SET geom = ST_AddPoint(geom, ST_SetSRID(ST_MakePoint(0.055, 0.001), 4326), 1) WHERE id = 5;
UPDATE netstate.structure SET geom = ST_SetSRID(ST_MakePoint(0.05, 0.00001), 4326) WHERE id = 5;
SELECT span_row(22, 3, 5);
SELECT * FROM queued;
SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 7;
SET CONSTRAINTS ALL IMMEDIATE;
SELECT * FROM queued;
SELECT mode, objsubid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
ROLLBACK;

-- A savepoint: what was wrong is wrong again when the repair is rolled back.
BEGIN;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1;
SAVEPOINT a;
INSERT INTO netstate.cable_segment (cable_id, seq, span_id) VALUES (1, 1, 1);
ROLLBACK TO a;
COMMIT;
BEGIN;
SAVEPOINT a;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1;
ROLLBACK TO a;
COMMIT;
-- ... though it was proven in between
BEGIN;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1;
SAVEPOINT a;
INSERT INTO netstate.cable_segment (cable_id, seq, span_id) VALUES (1, 1, 1);
SET CONSTRAINTS ALL IMMEDIATE;
SELECT * FROM queued;
ROLLBACK TO a;
SELECT * FROM queued;
COMMIT;
-- IMMEDIATE: each statement by itself; DEFERRED again
BEGIN;
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE netstate.cable_segment SET span_id = 1 WHERE cable_id = 1 AND seq = 1;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1;
ROLLBACK;
BEGIN;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS netstate.commit_check_run DEFERRED;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1;
COMMIT;
-- cascades are whole before an immediate check
BEGIN;
SET CONSTRAINTS ALL IMMEDIATE;
DELETE FROM netstate.link WHERE id = 7312;
ROLLBACK;
-- a deferred trigger of somebody else changes rows after the check
CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1; RETURN NULL; END $$;
CREATE TABLE last_word (i integer);
CREATE CONSTRAINT TRIGGER zz AFTER INSERT ON last_word DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late();
BEGIN;
UPDATE netstate.cable SET strand_count = 13 WHERE id = 1;
INSERT INTO last_word VALUES (1);
COMMIT;
-- a block that catches the error; COMMIT in a block
DO $$ BEGIN
	DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1;
	SET CONSTRAINTS ALL IMMEDIATE;
EXCEPTION WHEN check_violation THEN RAISE NOTICE 'caught: %', sqlerrm;
END $$;
DO $$ BEGIN
	DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1;
	COMMIT;
END $$;
-- whatever the session sets
BEGIN;
SET LOCAL session_replication_role = replica;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1;
COMMIT;
BEGIN;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1;
SET TRANSACTION READ ONLY;
COMMIT;
BEGIN ISOLATION LEVEL REPEATABLE READ;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1;
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1;
COMMIT;
-- a prepared transaction would keep the lock
BEGIN;
UPDATE netstate.cable SET strand_count = 13 WHERE id = 1;
PREPARE TRANSACTION 'cc';
BEGIN;
UPDATE netstate.cable SET strand_count = 13 WHERE id = 1;
SET CONSTRAINTS ALL IMMEDIATE;
PREPARE TRANSACTION 'cc';
BEGIN;
SAVEPOINT a;
UPDATE netstate.cable SET strand_count = 13 WHERE id = 1;
SET CONSTRAINTS ALL IMMEDIATE;
ROLLBACK TO a;
UPDATE netstate.link SET load_gbps = 3 WHERE id = 7310;
PREPARE TRANSACTION 'cc';
ROLLBACK PREPARED 'cc';
-- TRUNCATE
BEGIN;
TRUNCATE netstate.cable_segment;
SELECT * FROM queued;
SELECT rule, element_id FROM netstate.check_pending() ORDER BY 1, 2;
COMMIT;
-- a statement on very many queues all of them
BEGIN;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) SELECT 100000 + i, 71, 'cc ' || i, 7101, 7104 FROM generate_series(1, 100001) i;
UPDATE netstate.link SET z_node_id = 7109 WHERE id BETWEEN 100001 AND 100002;
UPDATE netstate.link SET z_node_id = 7105 WHERE id > 100000;
SELECT what, ids IS NULL AS all, cardinality(ids) AS ids FROM queued ORDER BY 3;
SELECT strands(100005, 1, 1, '[9,9]', '[2,3]');
SELECT rule, element_id, message FROM netstate.check_pending();
ROLLBACK;

-- ---- who ----
CREATE ROLE regress_ns_planner;
GRANT USAGE ON SCHEMA netstate, commit_check_test TO regress_ns_planner;
GRANT SELECT, INSERT, UPDATE, DELETE ON netstate.cable_segment, netstate.cable TO regress_ns_planner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA netstate TO regress_ns_planner;
GRANT SELECT ON queued TO regress_ns_planner;
SET ROLE regress_ns_planner;
-- names of what one may not read are not told
BEGIN;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 2;
INSERT INTO netstate.cable_segment (cable_id, seq, span_id) VALUES (1, 2, 4);
SELECT rule, element_kind, element_id, name FROM netstate.check_pending();
COMMIT;
RESET ROLE;
ALTER TABLE netstate.cable ENABLE ROW LEVEL SECURITY;
SET ROLE regress_ns_planner;
BEGIN;
DELETE FROM netstate.cable_segment WHERE cable_id = 1 AND seq = 1;
SELECT rule, element_kind, element_id, name FROM netstate.check_pending();
COMMIT;
-- neither the role nor its search_path at COMMIT matters
CREATE TEMP TABLE cable_segment (LIKE netstate.cable_segment);
RESET ROLE;
ALTER TABLE netstate.cable DISABLE ROW LEVEL SECURITY;
CREATE FUNCTION never(bigint, bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR = (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = never);
BEGIN;
SET LOCAL search_path = commit_check_test, pg_temp, netstate, pg_catalog;
DELETE FROM netstate.cable_segment WHERE cable_id OPERATOR(pg_catalog.=) 1 AND seq = 1;
SET LOCAL ROLE regress_ns_planner;
COMMIT;
SHOW search_path;
-- the settings of a check end with it
BEGIN;
SET LOCAL lock_timeout = '7s';
UPDATE netstate.cable SET strand_count = 13 WHERE id = 1;
SET CONSTRAINTS ALL IMMEDIATE;
SHOW lock_timeout;
SHOW search_path;
SELECT current_user = session_user AS same_role;
ROLLBACK;
-- the queue is written by its triggers alone, and no trigger function can be called
INSERT INTO netstate.commit_check VALUES (pg_current_xact_id(), 'cable', '{1}');
BEGIN;
UPDATE netstate.cable SET strand_count = 13 WHERE id = 1;
DELETE FROM netstate.commit_check;
ROLLBACK;
TRUNCATE netstate.commit_check;
SELECT netstate.commit_check_queue();
CREATE TRIGGER wrong AFTER UPDATE ON last_word FOR EACH STATEMENT EXECUTE FUNCTION netstate.commit_check_queue();
UPDATE last_word SET i = 1;
DROP TRIGGER wrong ON last_word;
CREATE TRIGGER wrong AFTER UPDATE ON last_word REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION netstate.commit_check_queue();
UPDATE last_word SET i = 1;
DROP TRIGGER wrong ON last_word;
CREATE TRIGGER wrong BEFORE INSERT ON last_word FOR EACH ROW EXECUTE FUNCTION netstate.commit_check_run();
INSERT INTO last_word VALUES (1);
DROP TRIGGER wrong ON last_word;
CREATE TRIGGER wrong BEFORE INSERT ON last_word FOR EACH ROW EXECUTE FUNCTION netstate.commit_check_guard();
INSERT INTO last_word VALUES (1);
SELECT * FROM netstate.check_pending();

-- ---- everything goes again ----
DROP VIEW queued;
DROP OWNED BY regress_ns_planner;
DROP ROLE regress_ns_planner;
DELETE FROM netstate.network WHERE id = 73;
DELETE FROM netstate.network WHERE id = 72;
DELETE FROM netstate.network WHERE id = 71;
DELETE FROM netstate.cable WHERE name LIKE 'cc %';
DELETE FROM netstate.span WHERE name LIKE 'cc %';
DELETE FROM netstate.structure WHERE name LIKE 'cc %';
DELETE FROM netstate.site WHERE name LIKE 'cc %';
DELETE FROM netstate.region WHERE name = 'cc';
SELECT count(*) AS left_queued FROM netstate.commit_check;
SET client_min_messages = warning;
DROP SCHEMA commit_check_test CASCADE;
