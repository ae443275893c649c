-- What is logged of each change to the graph, and that nothing else is.
\set VERBOSITY default
SET client_min_messages = warning;

-- Run a statement; what it added to the log.
CREATE FUNCTION pg_temp.logged(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	before bigint := (SELECT coalesce(max(seq), 0) FROM netstate.change_log WHERE xid = pg_current_xact_id());
BEGIN
	EXECUTE statement;
	RETURN (SELECT coalesce(string_agg(CASE kind WHEN 'all' THEN format('all of %s', network_id)
			ELSE format('%s %s of %s', kind, id, network_id) END, ', ' ORDER BY kind, id, network_id), 'nothing')
		FROM netstate.change_log WHERE xid = pg_current_xact_id() AND seq > before);
END
$$;
-- The same by kind, for many.
CREATE FUNCTION pg_temp.counted(statement text) RETURNS TABLE (kind text, network_id bigint, rows bigint, ids bigint) LANGUAGE plpgsql AS $$
DECLARE
	before bigint := (SELECT coalesce(max(l.seq), 0) FROM netstate.change_log l WHERE l.xid = pg_current_xact_id());
BEGIN
	EXECUTE statement;
	RETURN QUERY SELECT l.kind, l.network_id, count(*), count(DISTINCT l.id)
		FROM netstate.change_log l WHERE l.xid = pg_current_xact_id() AND l.seq > before GROUP BY 1, 2 ORDER BY 1, 2;
END
$$;
-- What a refused statement says.
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text; message text; detail text; hint text;
BEGIN
	EXECUTE statement;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN format(E'%s %s\n%s\n%s', state, message, detail, hint);
END
$$;

BEGIN;
-- ---- every event on every table ----
INSERT INTO netstate.structure (id, name, geom) VALUES (5, 'hut', 'POINT(1 2)');
SELECT what, pg_temp.logged(statement)
FROM (VALUES
	(1, 'networks', $$INSERT INTO netstate.network (id, name, layer) VALUES (1, 'ip', 'ip'), (2, 'fibre', 'fibre'), (3, 'spare', 'ip')$$),
	(2, 'nodes', $$INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES (21, 2, 'a', NULL), (22, 2, 'b', NULL), (11, 1, 'a', 21), (12, 1, 'b', 22), (13, 1, 'c', NULL)$$),
	(3, 'links', $$INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (201, 2, 'ab', 21, 22, 1), (202, 2, 'ab 2', 21, 22, 1), (101, 1, 'ab', 11, 12, 1), (102, 1, 'bc', 12, 13, NULL)$$),
	(4, 'supports', $$INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) VALUES (101, 1, 1, 201), (101, 2, 1, 202)$$),
	(5, 'groups', $$INSERT INTO netstate.srlg (id, network_id, name) VALUES (7, 2, 'duct'), (8, NULL, 'strait')$$),
	(6, 'members', $$INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (7, 201), (8, 201), (8, 102)$$),
	(7, 'nodes of groups', $$INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (8, 21)$$),
	(8, 'a demand', $$INSERT INTO netstate.demand (id, network_id, name, src_node_id, dst_node_id, gbps) VALUES (1, 1, 'd', 11, 13, 1)$$),
	(9, 'nothing at all', $$INSERT INTO netstate.link (network_id, name, a_node_id, z_node_id) SELECT 1, 'x', 11, 12 WHERE false$$)
) t (n, what, statement) ORDER BY n;

SELECT changed, pg_temp.logged(format('UPDATE netstate.%s', changed))
FROM (VALUES
	(1, 'network SET name = ''ip 2'' WHERE id = 1'),
	(2, 'network SET name = name'),
	(3, 'network SET layer = ''fabric'' WHERE id = 1'),
	(4, 'network SET id = 4 WHERE id = 3'),
	(5, 'node SET name = ''z'' WHERE id = 13'),
	(6, 'node SET name = name, status = status'),
	(7, 'node SET status = ''failed'' WHERE id = 13'),
	(8, 'node SET supporting_node_id = 21 WHERE id = 13'),
	(9, 'node SET supporting_node_id = NULL WHERE id = 13'),
	(10, 'node SET geom = ''POINT(1 2)'', structure_id = 5 WHERE id = 13'),
	(11, 'node SET network_id = 4 WHERE id = 13 AND false'),
	(12, 'link SET metric = 2 WHERE id = 102'),
	(13, 'link SET metric = NULL WHERE id = 102'),
	(14, 'link SET metric = NULL WHERE id = 102'),
	(15, 'link SET metric = 1 WHERE id IN (101, 102)'),
	(16, 'link SET latency_us = 1 WHERE id = 101'),
	(17, 'link SET length_km = 1 WHERE id = 101'),
	(18, 'link SET capacity_gbps = 1 WHERE id = 101'),
	(19, 'link SET load_gbps = 1'),
	(20, 'link SET geom = ''LINESTRING(0 0, 1 1)'''),
	(21, 'link SET name = name || '' x'', kind = ''bundle'', mtbf_hours = 1, mttr_hours = 1'),
	(22, 'link SET status = ''failed'' WHERE id = 101'),
	(23, 'link SET directed = true WHERE id = 101'),
	(24, 'link SET a_node_id = 12, z_node_id = 11 WHERE id = 101'),
	(25, 'link SET id = 103 WHERE id = 102 AND false'),
	(26, 'link_support SET seq = 5 WHERE member = 1'),
	(27, 'link_support SET member = 3 WHERE member = 1'),
	(28, 'link_support SET supporting_link_id = 202 WHERE member = 3'),
	(29, 'link_support SET link_id = 102 WHERE member = 3'),
	(30, 'srlg SET name = name || ''!'', value = 5, mtbf_hours = 1'),
	(31, 'srlg_member SET share = 0.5 WHERE link_id = 201'),
	(32, 'srlg_member SET probability = 0.5 WHERE srlg_id = 7'),
	(33, 'srlg_member SET probability = 0.5 WHERE srlg_id = 7'),
	(34, 'srlg_member SET srlg_id = 7 WHERE link_id = 102'),
	(35, 'srlg_member SET link_id = 202 WHERE link_id = 201 AND srlg_id = 8'),
	(36, 'srlg_node SET probability = 0.5'),
	(37, 'srlg_node SET node_id = 22'),
	(38, 'srlg_node SET srlg_id = 7'),
	(39, 'demand SET gbps = 9')
) t (n, changed) ORDER BY n;
-- an object gets another id, or another network: both are logged
DELETE FROM netstate.demand;
SELECT changed, pg_temp.logged(format('UPDATE netstate.%s', changed))
FROM (VALUES
	(1, 'link SET id = 103 WHERE id = 102 AND NOT EXISTS (SELECT FROM netstate.link_support WHERE link_id = 102)'),
	(2, 'node SET id = id + 1000 WHERE id = 13 AND NOT EXISTS (SELECT FROM netstate.link WHERE 13 IN (a_node_id, z_node_id))'),
	(3, 'network SET id = 5 WHERE id = 4')
) t (n, changed) ORDER BY n;
SELECT pg_temp.logged($$INSERT INTO netstate.node (id, network_id, name) VALUES (51, 5, 'x')$$);
SELECT pg_temp.logged($$UPDATE netstate.node SET network_id = 1, id = 52 WHERE id = 51$$);
SELECT pg_temp.logged($$INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (501, 1, 'x', 52, 11)$$);
SELECT pg_temp.logged($$UPDATE netstate.link SET id = 502 WHERE id = 501$$);
-- names that are kept out of line compare by what they say
SELECT pg_temp.logged($$UPDATE netstate.node SET name = (SELECT string_agg(chr(1000 + i * 37 % 9000), '') FROM generate_series(1, 500) i) WHERE id = 52$$);
SELECT pg_temp.logged($$UPDATE netstate.node SET name = name || '' WHERE id = 52$$);
SELECT pg_temp.logged($$UPDATE netstate.node SET name = reverse(name) WHERE id = 52$$);

SELECT gone, pg_temp.logged(format('DELETE FROM netstate.%s', gone))
FROM (VALUES
	(1, 'srlg_node'),
	(2, 'srlg_member WHERE srlg_id = 7'),
	(3, 'srlg WHERE id = 8'),
	(4, 'link_support WHERE link_id = 102'),
	(5, 'link WHERE id = 502'),
	(6, 'node WHERE id = 52'),
	(7, 'network WHERE id = 5'),
	(8, 'link WHERE id = 0')
) t (n, gone) ORDER BY n;
-- what goes along
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (7, 101), (7, 201);
INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (7, 11);
SELECT gone, pg_temp.logged(format('DELETE FROM netstate.%s', gone))
FROM (VALUES
	(1, 'link WHERE id = 101'),
	(2, 'srlg WHERE id = 7'),
	(3, 'network WHERE id = 1'),
	(4, 'network')
) t (n, gone) ORDER BY n;
ROLLBACK;

-- ---- other ways to write ----
BEGIN;
INSERT INTO netstate.network (id, name, layer) VALUES (1, 'ip', 'ip'), (2, 'fibre', 'fibre');
INSERT INTO netstate.node (id, network_id, name) VALUES (11, 1, 'a'), (12, 1, 'b'), (13, 1, 'c');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (101, 1, 'ab', 11, 12, 1), (102, 1, 'bc', 12, 13, 1), (103, 1, 'ac', 11, 13, 1);
SELECT what, pg_temp.logged(statement)
FROM (VALUES
	(1, 'upsert: one new, one changed, one the same',
		$$INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (104, 1, 'ab 2', 11, 12, 1), (101, 1, 'ab', 11, 12, 9), (102, 1, 'bc', 12, 13, 1)
		ON CONFLICT (id) DO UPDATE SET metric = excluded.metric$$),
	(2, 'upsert by name', $$INSERT INTO netstate.node (network_id, name) VALUES (1, 'a') ON CONFLICT (network_id, name) DO UPDATE SET status = 'failed'$$),
	(3, 'do nothing', $$INSERT INTO netstate.node (id, network_id, name) VALUES (99, 1, 'a') ON CONFLICT DO NOTHING$$),
	(4, 'merge: inserts, updates, deletes',
		$$MERGE INTO netstate.link l USING (VALUES (101, 5), (102, NULL), (105, 7)) v (id, metric) ON l.id = v.id
		WHEN MATCHED AND v.metric IS NULL THEN DELETE
		WHEN MATCHED THEN UPDATE SET metric = v.metric
		WHEN NOT MATCHED THEN INSERT (id, network_id, name, a_node_id, z_node_id, metric) VALUES (v.id, 1, 'm', 11, 12, v.metric)$$),
	(5, 'merge that does nothing',
		$$MERGE INTO netstate.link l USING (VALUES (101)) v (id) ON l.id = v.id WHEN MATCHED THEN DO NOTHING$$),
	(6, 'two updates of one table in one query',
		$$WITH a AS (UPDATE netstate.link SET metric = 20 WHERE id = 101 RETURNING id), b AS (UPDATE netstate.link SET metric = 20 WHERE id = 103 RETURNING id)
		SELECT * FROM a, b$$),
	(7, 'delete, update and insert in one query',
		$$WITH a AS (DELETE FROM netstate.link WHERE id = 104), b AS (UPDATE netstate.link SET metric = 21 WHERE id = 103)
		INSERT INTO netstate.node (id, network_id, name) VALUES (14, 1, 'd')$$),
	(9, 'a cursor over what is updated', $$DO 'DECLARE r record; BEGIN FOR r IN UPDATE netstate.link SET metric = metric + 1 RETURNING id LOOP EXIT; END LOOP; END'$$),
	(10, 'one row into a variable', $$DO 'DECLARE i bigint; BEGIN UPDATE netstate.link SET metric = 3 WHERE id = 103 RETURNING id INTO i; END'$$)
) t (n, what, statement) ORDER BY n;
-- COPY, with a row that a trigger of somebody else's leaves out
CREATE FUNCTION pg_temp.leave_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN CASE WHEN NEW.name <> 'none' THEN NEW END; END $$;
CREATE TRIGGER a_leave_out BEFORE INSERT ON netstate.node FOR EACH ROW EXECUTE FUNCTION pg_temp.leave_out();
SELECT max(seq) AS before FROM netstate.change_log WHERE xid = pg_current_xact_id() \gset
COPY netstate.node (id, network_id, name) FROM stdin;
21	2	x
22	2	none
23	2	y
\.
SELECT kind, id, network_id FROM netstate.change_log WHERE xid = pg_current_xact_id() AND seq > :before ORDER BY seq;
-- TRUNCATE, with all that refers
SELECT DISTINCT unnest(string_to_array(pg_temp.logged('TRUNCATE netstate.srlg_member'), ', '));
SELECT DISTINCT unnest(string_to_array(pg_temp.logged('TRUNCATE netstate.network CASCADE'), ', '));
-- no rows: another transaction cannot know what was there
SELECT DISTINCT unnest(string_to_array(pg_temp.logged('TRUNCATE netstate.srlg_node'), ', '));
ROLLBACK;

-- ---- savepoints: what is undone was not logged, numbers go on ----
BEGIN;
INSERT INTO netstate.network (id, name, layer) VALUES (1, 'ip', 'ip');
SAVEPOINT one;
INSERT INTO netstate.network (id, name, layer) VALUES (2, 'two', 'ip');
SAVEPOINT two;
INSERT INTO netstate.network (id, name, layer) VALUES (3, 'three', 'ip');
ROLLBACK TO two;
INSERT INTO netstate.network (id, name, layer) VALUES (4, 'four', 'ip');
ROLLBACK TO one;
INSERT INTO netstate.network (id, name, layer) VALUES (5, 'five', 'ip');
RELEASE one;
INSERT INTO netstate.network (id, name, layer) VALUES (6, 'six', 'ip');
SELECT seq, kind, id, xid = pg_current_xact_id() AS mine FROM netstate.change_log WHERE xid >= pg_current_xact_id() ORDER BY seq;
ROLLBACK;

-- ---- many objects ----
BEGIN;
INSERT INTO netstate.network (id, name, layer) VALUES (1, 'one', 'ip'), (2, 'two', 'fibre'), (3, 'three', 'fibre');
SELECT * FROM pg_temp.counted($$INSERT INTO netstate.node (id, network_id, name) SELECT i, 1, i FROM generate_series(1, 1000) i$$);
SELECT * FROM pg_temp.counted($$INSERT INTO netstate.node (id, network_id, name) SELECT i, 2 + i % 2, i FROM generate_series(1001, 2001) i$$);
SELECT * FROM pg_temp.counted($$INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) SELECT i, 1, i, i, i + 1 FROM generate_series(1, 999) i$$);
SELECT * FROM pg_temp.counted($$INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) SELECT 1000 + i, 2, i, 1002, 1004 FROM generate_series(1, 1001) i$$);
-- a thousand is not many, and as often as you like
SELECT * FROM pg_temp.counted($$UPDATE netstate.node SET status = 'failed' WHERE id <= 1000$$);
SELECT * FROM pg_temp.counted($$UPDATE netstate.link SET load_gbps = 7$$);
SELECT * FROM pg_temp.counted($$UPDATE netstate.link SET metric = 7$$);
-- supports and memberships do not say their network
INSERT INTO netstate.srlg (id, name) VALUES (1, 'a'), (2, 'b');
SELECT * FROM pg_temp.counted($$INSERT INTO netstate.srlg_member (srlg_id, link_id) SELECT g, i FROM generate_series(1, 2) g, generate_series(1, 999) i$$);
SELECT * FROM pg_temp.counted($$INSERT INTO netstate.srlg_member (srlg_id, link_id) SELECT 1, i FROM generate_series(1000, 2001) i WHERE i > 1000$$);
SELECT * FROM pg_temp.counted($$UPDATE netstate.srlg_member SET share = 0.5$$);
SELECT * FROM pg_temp.counted($$INSERT INTO netstate.srlg_node (srlg_id, node_id) SELECT 1, i FROM generate_series(1, 2001) i$$);
SELECT * FROM pg_temp.counted($$INSERT INTO netstate.link_support (link_id, member, supporting_link_id) SELECT i % 999 + 1, i, 1000 + i FROM generate_series(1, 1001) i$$);
-- also when the link itself is gone already
SELECT * FROM pg_temp.counted($$DELETE FROM netstate.network WHERE id = 1$$);
-- and where it never was
SET LOCAL session_replication_role = replica;
SELECT * FROM pg_temp.counted($$INSERT INTO netstate.srlg_member (srlg_id, link_id) SELECT 1, 10000 + i FROM generate_series(1, 1001) i$$);
SELECT * FROM pg_temp.counted($$DELETE FROM netstate.srlg_member WHERE link_id > 10000$$);
SET LOCAL session_replication_role = origin;
-- more networks than that: all
SELECT kind, count(*), sum(rows) AS rows, min(network_id) AS first FROM pg_temp.counted($$INSERT INTO netstate.network (id, name, layer) SELECT i, 'n' || i, 'ip' FROM generate_series(10, 1009) i$$) GROUP BY kind;
SELECT kind, count(*), sum(rows) AS rows, min(network_id) AS first FROM pg_temp.counted($$INSERT INTO netstate.network (id, name, layer) SELECT i, 'n' || i, 'ip' FROM generate_series(2010, 3010) i$$) GROUP BY kind;
SELECT kind, count(*), sum(rows) AS rows, min(network_id) AS first FROM pg_temp.counted($$UPDATE netstate.network SET name = name || '!'$$) GROUP BY kind;
ROLLBACK;

-- ---- whoever writes: logged once, also where triggers do not fire ----
BEGIN;
SET LOCAL session_replication_role = replica;
SELECT what, pg_temp.logged(statement)
FROM (VALUES
	(1, 'insert', $$INSERT INTO netstate.network (id, name, layer) VALUES (1, 'ip', 'ip'), (2, 'b', 'ip')$$),
	(2, 'update', $$UPDATE netstate.network SET name = 'c' WHERE id = 2$$),
	(3, 'update of nothing', $$UPDATE netstate.network SET name = name$$),
	(4, 'delete', $$DELETE FROM netstate.network WHERE id = 2$$),
	(5, 'upsert', $$INSERT INTO netstate.network (id, name, layer) VALUES (1, 'ip', 'ip'), (2, 'b', 'ip') ON CONFLICT (id) DO UPDATE SET name = 'd'$$),
	(6, 'truncate', $$TRUNCATE netstate.srlg_node$$)
) t (n, what, statement) ORDER BY n;
SET LOCAL session_replication_role = local;
SELECT pg_temp.logged($$UPDATE netstate.network SET name = 'e' WHERE id = 2$$);
ROLLBACK;

-- ---- statements within statements: each logs its own, nothing is left over ----
SELECT coalesce(max(xid), '0') AS start FROM netstate.change_log \gset
CREATE TABLE pg_temp.seen (n serial, what text, logged bigint);
CREATE FUNCTION pg_temp.follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.metric > 5 THEN
		UPDATE netstate.link SET metric = 5 WHERE id = NEW.id + 1;
		BEGIN
			UPDATE netstate.link SET metric = -1 WHERE id = NEW.id;
		EXCEPTION WHEN check_violation THEN
			INSERT INTO seen (what, logged) SELECT 'inside ' || NEW.id, count(*) FROM netstate.change_log WHERE xid = pg_current_xact_id();
		END;
	END IF;
	RETURN NEW;
END
$$;
BEGIN;
INSERT INTO netstate.network (id, name, layer) VALUES (9001, 'nested', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES (9001, 9001, 'a'), (9002, 9001, 'b');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) SELECT 9000 + i, 9001, i, 9001, 9002, 1 FROM generate_series(1, 4) i;
COMMIT;
BEGIN;
CREATE TRIGGER follow AFTER UPDATE ON netstate.link FOR EACH ROW EXECUTE FUNCTION pg_temp.follow();
UPDATE netstate.link SET metric = 6 WHERE id IN (9001, 9003);
SELECT seq, kind, id FROM netstate.change_log WHERE xid = pg_current_xact_id() ORDER BY seq;
SELECT what, logged FROM seen ORDER BY n;
SAVEPOINT s;
UPDATE netstate.link SET metric = -1;
ROLLBACK TO s;
DO $$ BEGIN DELETE FROM netstate.node; EXCEPTION WHEN foreign_key_violation THEN NULL; END $$;
DO $$ DECLARE i bigint; BEGIN UPDATE netstate.link SET metric = 4 RETURNING id INTO i; EXCEPTION WHEN too_many_rows THEN NULL; END $$;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (9001, 9001, '1', 9001, 9002, 3) ON CONFLICT (id) DO UPDATE SET metric = 3;
DROP TRIGGER follow ON netstate.link;
COMMIT;
-- a cursor that a trigger opened sees the change, and none of its log
CREATE FUNCTION pg_temp.look() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	looked refcursor := 'looked';
BEGIN
	OPEN looked FOR SELECT i, p.cost FROM generate_series(1, 2) i,
		LATERAL netstate.shortest_path('nested', 'a', 'b', CASE WHEN i > 0 THEN 'metric' END) p;
	RETURN NULL;
END
$$;
BEGIN;
CREATE TRIGGER look AFTER UPDATE ON netstate.link FOR EACH ROW WHEN (NEW.id = 9001) EXECUTE FUNCTION pg_temp.look();
SELECT cost FROM netstate.shortest_path('nested', 'a', 'b');
UPDATE netstate.link SET metric = 0.5 WHERE id = 9001;
FETCH 1 FROM looked;
SELECT cost FROM netstate.shortest_path('nested', 'a', 'b');
UPDATE netstate.link SET metric = 0.25 WHERE id = 9002;
SELECT cost FROM netstate.shortest_path('nested', 'a', 'b');
FETCH 1 FROM looked;
ROLLBACK;
DELETE FROM netstate.network WHERE id = 9001;
SELECT kind, network_id, count(*) FROM netstate.change_log WHERE xid > :'start' GROUP BY 1, 2 ORDER BY 1, 2;

-- ---- a statement whose trigger is off: everything, before the commit ----
SELECT max(xid) AS start FROM netstate.change_log \gset
BEGIN;
INSERT INTO netstate.network (id, name, layer) VALUES (9001, 'off', 'ip');
ALTER TABLE netstate.network DISABLE TRIGGER change_log_update;
SAVEPOINT s;
UPDATE netstate.network SET name = 'undone';
ROLLBACK TO s;
COMMIT;
SELECT kind, network_id, id FROM netstate.change_log WHERE xid > :'start' ORDER BY xid, seq;
SELECT max(xid) AS start FROM netstate.change_log \gset
UPDATE netstate.network SET name = 'on' WHERE id = 9001;
SELECT kind, network_id, id FROM netstate.change_log WHERE xid > :'start' ORDER BY xid, seq;
SELECT max(xid) AS start FROM netstate.change_log \gset
BEGIN;
SAVEPOINT s;
UPDATE netstate.network SET name = 'prepared' WHERE id = 9001;
RELEASE s;
PREPARE TRANSACTION 'regress_ns_log';
COMMIT PREPARED 'regress_ns_log';
SELECT kind, network_id, id FROM netstate.change_log WHERE xid > :'start' ORDER BY xid, seq;
ALTER TABLE netstate.network ENABLE ALWAYS TRIGGER change_log_update;
SELECT max(xid) AS start FROM netstate.change_log \gset
UPDATE netstate.network SET name = 'on again' WHERE id = 9001;
-- without its beginning a statement is logged all the same
ALTER TABLE netstate.network DISABLE TRIGGER change_log_begin;
UPDATE netstate.network SET name = 'begun' WHERE id = 9001;
DELETE FROM netstate.network WHERE id = 9001;
ALTER TABLE netstate.network ENABLE ALWAYS TRIGGER change_log_begin;
SELECT kind, network_id, id FROM netstate.change_log WHERE xid > :'start' ORDER BY xid, seq;

-- a transaction that drops all of it commits
BEGIN;
ALTER TABLE netstate.network DISABLE TRIGGER change_log_insert;
INSERT INTO netstate.network (name, layer) VALUES ('lost', 'ip');
DROP EXTENSION netstate;
COMMIT;
SELECT count(*) FROM pg_namespace WHERE nspname = 'netstate';
CREATE EXTENSION netstate;
INSERT INTO netstate.network (id, name, layer) VALUES (9001, 'again', 'ip');
DELETE FROM netstate.network;

-- ---- the log is what the triggers say ----
SELECT what, pg_temp.refusal(statement)
FROM (VALUES
	(1, 'a row more', $$INSERT INTO netstate.change_log VALUES ('1', 1, 1, 'link', 1)$$),
	(2, 'a row less', 'DELETE FROM netstate.change_log'),
	(3, 'other rows', 'UPDATE netstate.change_log SET id = 1'),
	(4, 'no rows', 'TRUNCATE netstate.change_log'),
	(5, 'another horizon', $$UPDATE netstate.change_horizon SET xid = '0'$$),
	(6, 'two horizons', $$INSERT INTO netstate.change_horizon VALUES ('1')$$),
	(7, 'no horizon', 'TRUNCATE netstate.change_horizon')
) t (n, what, statement) ORDER BY n;
-- what logical replication brings of another server's log is dropped
BEGIN;
SELECT count(*) AS rows FROM netstate.change_log \gset
SET LOCAL session_replication_role = replica;
INSERT INTO netstate.change_log VALUES ('1', 1, 1, 'link', 1);
DELETE FROM netstate.change_log;
UPDATE netstate.change_log SET id = -1;
INSERT INTO netstate.change_horizon VALUES ('18446744073709551615');
SELECT pg_temp.refusal('TRUNCATE netstate.change_log');
SELECT count(*) - :rows AS more, count(*) FILTER (WHERE id < 0) AS changed FROM netstate.change_log;
SELECT count(*) FROM netstate.change_horizon;
ROLLBACK;

-- ---- its functions serve its triggers ----
CREATE TABLE pg_temp.other (id bigint);
SELECT what, pg_temp.refusal(statement)
FROM (VALUES
	(1, 'begin, as a function', 'SELECT netstate.change_log_begin()'),
	(2, 'write, as a function', 'SELECT netstate.change_log_write()'),
	(3, 'apply, as a function', 'SELECT netstate.change_log_apply()'),
	(4, 'guard, as a function', 'SELECT netstate.change_log_guard()')
) t (n, what, statement) ORDER BY n;
BEGIN;
CREATE FUNCTION pg_temp.try(trigger text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE 'CREATE TRIGGER x ' || trigger;
	EXECUTE statement;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN SQLSTATE || ' ' || detail;
END
$$;
SELECT pg_temp.try(trigger, 'INSERT INTO other VALUES (1)') FROM (VALUES
	(1, 'BEFORE INSERT ON other EXECUTE FUNCTION netstate.change_log_begin()'),
	(2, 'BEFORE INSERT ON other FOR EACH ROW EXECUTE FUNCTION netstate.change_log_begin()'),
	(3, 'AFTER INSERT ON other EXECUTE FUNCTION netstate.change_log_begin()'),
	(4, 'AFTER INSERT ON other EXECUTE FUNCTION netstate.change_log_write()'),
	(5, 'AFTER INSERT ON other FOR EACH ROW EXECUTE FUNCTION netstate.change_log_write()'),
	(6, 'BEFORE INSERT ON other EXECUTE FUNCTION netstate.change_log_write()'),
	(7, 'AFTER INSERT ON other FOR EACH ROW EXECUTE FUNCTION netstate.change_log_apply()'),
	(8, 'AFTER INSERT ON other EXECUTE FUNCTION netstate.change_log_apply()')
) t (n, trigger) ORDER BY n;
SELECT pg_temp.try(trigger, statement) FROM (VALUES
	(1, 'AFTER INSERT ON netstate.network EXECUTE FUNCTION netstate.change_log_write()', $$INSERT INTO netstate.network (name, layer) VALUES ('x', 'ip')$$),
	(2, 'AFTER UPDATE ON netstate.network REFERENCING NEW TABLE AS n EXECUTE FUNCTION netstate.change_log_write()', $$UPDATE netstate.network SET name = 'x'$$),
	(3, 'AFTER UPDATE ON netstate.network REFERENCING OLD TABLE AS o EXECUTE FUNCTION netstate.change_log_write()', $$UPDATE netstate.network SET name = 'x'$$),
	(4, 'AFTER DELETE ON netstate.network EXECUTE FUNCTION netstate.change_log_write()', $$DELETE FROM netstate.network$$)
) t (n, trigger, statement) ORDER BY n;
ROLLBACK;

-- ---- pruning ----
SELECT what, pg_temp.refusal(statement)
FROM (VALUES
	(1, 'fewer than none', 'SELECT netstate.prune_change_log(-1)'),
	(2, 'unknown', 'SELECT netstate.prune_change_log(NULL)')
) t (n, what, statement) ORDER BY n;
CREATE ROLE regress_ns_log;
GRANT USAGE ON SCHEMA netstate TO regress_ns_log;
GRANT EXECUTE ON FUNCTION netstate.prune_change_log TO regress_ns_log;
SET ROLE regress_ns_log;
SELECT pg_temp.refusal('SELECT netstate.prune_change_log()');
RESET ROLE;
GRANT DELETE ON netstate.change_log TO regress_ns_log;
SET ROLE regress_ns_log;
SELECT netstate.prune_change_log(1000000);
RESET ROLE;
REVOKE DELETE ON netstate.change_log FROM regress_ns_log;
REVOKE EXECUTE ON FUNCTION netstate.prune_change_log FROM regress_ns_log;
REVOKE USAGE ON SCHEMA netstate FROM regress_ns_log;
DROP ROLE regress_ns_log;
BEGIN READ ONLY;
SELECT pg_temp.refusal('SELECT netstate.prune_change_log()');
ROLLBACK;
-- whole transactions, the oldest first, and none that runs
SELECT netstate.prune_change_log(0) > 0 AS pruned;
SELECT count(*) FROM netstate.change_log;
INSERT INTO netstate.network (id, name, layer) VALUES (9001, 'a', 'ip');
INSERT INTO netstate.network (id, name, layer) SELECT 9001 + i, 'b' || i, 'ip' FROM generate_series(1, 10) i;
INSERT INTO netstate.network (id, name, layer) VALUES (9020, 'c', 'ip'), (9021, 'd', 'ip');
SELECT netstate.prune_change_log(13);
SELECT netstate.prune_change_log(12);
SELECT netstate.prune_change_log(3);
SELECT netstate.prune_change_log(2);
SELECT id FROM netstate.change_log ORDER BY xid, seq;
SELECT count(*) AS horizons, bool_and(h.xid <= (SELECT min(xid) FROM netstate.change_log)) AS before_all_that_is_left,
	bool_and(h.xid <= pg_snapshot_xmin(pg_current_snapshot())) AS not_above_what_runs
FROM netstate.change_horizon h;
BEGIN;
INSERT INTO netstate.network (id, name, layer) VALUES (9022, 'e', 'ip');
SELECT netstate.prune_change_log(0), netstate.prune_change_log(0);
SELECT id FROM netstate.change_log ORDER BY xid, seq;
ROLLBACK;
SELECT id FROM netstate.change_log ORDER BY xid, seq;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT netstate.prune_change_log(0);
COMMIT;
SELECT count(*) FROM netstate.change_log;
DELETE FROM netstate.network WHERE id BETWEEN 9001 AND 9021;
