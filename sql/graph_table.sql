-- Graphs are read from the tables directly: whatever their indexes and the
-- order of their columns, whatever rides on what, the graph is the one that a
-- query would give.
\set VERBOSITY default
SET client_min_messages = warning;
CREATE SCHEMA graph_table_test;
SET search_path = graph_table_test;

CREATE FUNCTION below(n integer) RETURNS integer LANGUAGE sql VOLATILE
AS 'SELECT floor(random() * n)::integer';
CREATE FUNCTION any_status() RETURNS text LANGUAGE sql VOLATILE
AS $$ SELECT CASE below(8) WHEN 0 THEN 'failed' WHEN 1 THEN 'planned' ELSE 'in_service' END $$;
CREATE FUNCTION any_part() RETURNS double precision LANGUAGE sql VOLATILE
AS 'SELECT CASE below(3) WHEN 0 THEN 0 WHEN 1 THEN random() ELSE 1 END';
CREATE FUNCTION any_quantity() RETURNS double precision LANGUAGE sql VOLATILE
AS 'SELECT CASE below(8) WHEN 0 THEN NULL ELSE below(20) END';
CREATE FUNCTION any_network() RETURNS bigint LANGUAGE sql VOLATILE
AS $$ SELECT id FROM netstate.network WHERE name LIKE 'table %' ORDER BY random() LIMIT 1 $$;
CREATE FUNCTION network_beneath(network bigint) RETURNS bigint LANGUAGE sql VOLATILE
AS $$ SELECT l.id FROM netstate.network l, netstate.network u
	WHERE u.id = network AND l.level < u.level AND l.name LIKE 'table %' ORDER BY random() LIMIT 1 $$;
CREATE FUNCTION network_beside(network bigint) RETURNS bigint LANGUAGE sql VOLATILE
AS $$ SELECT l.id FROM netstate.network l, netstate.network u
	WHERE u.id = network AND l.level = u.level AND l.name LIKE 'table %' ORDER BY random() LIMIT 1 $$;
CREATE FUNCTION any_node(network bigint) RETURNS bigint LANGUAGE sql VOLATILE
AS 'SELECT id FROM netstate.node WHERE network_id = network ORDER BY random() LIMIT 1';
CREATE FUNCTION any_link(network bigint) RETURNS bigint LANGUAGE sql VOLATILE
AS 'SELECT id FROM netstate.link WHERE network_id = network ORDER BY random() LIMIT 1';
CREATE FUNCTION any_srlg() RETURNS bigint LANGUAGE sql VOLATILE
AS $$ SELECT id FROM netstate.srlg WHERE name LIKE 'table %' ORDER BY random() LIMIT 1 $$;

-- One random change; what the tables refuse is none.
CREATE FUNCTION change() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	network bigint := any_network();
	other bigint := network_beside(network);
BEGIN
	CASE below(20)
	WHEN 0, 1 THEN
		INSERT INTO netstate.node (network_id, name, supporting_node_id, status)
		VALUES (network, 'n' || random(), CASE below(2) WHEN 0 THEN any_node(network_beneath(network)) END, any_status());
	WHEN 2, 3, 4 THEN
		INSERT INTO netstate.link (network_id, name, a_node_id, z_node_id, directed, metric, latency_us, length_km, capacity_gbps, status)
		VALUES (network, 'l' || random(), any_node(network), any_node(network), below(4) = 0,
			any_quantity(), any_quantity(), any_quantity(), any_quantity(), any_status());
	WHEN 5, 6 THEN
		INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id)
		VALUES (any_link(network), 1 + below(3), 1 + below(3), any_link(network_beneath(network)));
	WHEN 7, 8 THEN
		INSERT INTO netstate.srlg_member (srlg_id, link_id, share, probability)
		VALUES (any_srlg(), any_link(network), any_part(), any_part());
	WHEN 9 THEN
		INSERT INTO netstate.srlg_node (srlg_id, node_id, probability) VALUES (any_srlg(), any_node(network), any_part());
	WHEN 10 THEN
		UPDATE netstate.node SET status = any_status() WHERE id = any_node(network);
	WHEN 11 THEN
		UPDATE netstate.link SET status = any_status() WHERE id IN (any_link(network), any_link(other));
	WHEN 12 THEN
		UPDATE netstate.link SET metric = any_quantity(), capacity_gbps = any_quantity() WHERE id = any_link(network);
	WHEN 13 THEN
		UPDATE netstate.node SET supporting_node_id = CASE below(3) WHEN 0 THEN NULL ELSE any_node(network_beneath(network)) END
		WHERE id = any_node(network);
	WHEN 14 THEN
		DELETE FROM netstate.link WHERE id = any_link(network);
	WHEN 15 THEN
		DELETE FROM netstate.node WHERE id = any_node(network);
	WHEN 16 THEN
		DELETE FROM netstate.link_support WHERE link_id = any_link(network) AND below(2) = 0;
	WHEN 17 THEN
		DELETE FROM netstate.srlg_member WHERE link_id = any_link(network) AND below(2) = 0;
		DELETE FROM netstate.srlg_node WHERE node_id = any_node(network);
	WHEN 18 THEN
		IF below(4) = 0 THEN
			DELETE FROM netstate.srlg WHERE id = any_srlg();
		ELSE
			INSERT INTO netstate.srlg (name) VALUES ('table ' || random());
		END IF;
	WHEN 19 THEN
		-- Into another network of the layer, where nothing holds it.
		UPDATE netstate.link SET network_id = other, a_node_id = coalesce(any_node(other), a_node_id),
			z_node_id = coalesce(any_node(other), z_node_id) WHERE id = any_link(network);
		UPDATE netstate.node SET network_id = other WHERE id = any_node(network);
	END CASE;
EXCEPTION WHEN integrity_constraint_violation THEN NULL;
END $$;

-- How many elements of any network ever differed from those that SQL reads.
CREATE FUNCTION differences(rounds integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	differ bigint := 0;
BEGIN
	FOR i IN 1 .. rounds LOOP
		FOR j IN 0 .. below(4) LOOP
			PERFORM change();
		END LOOP;
		differ := differ + (SELECT sum(netstate.graph_check(name)) FROM netstate.network WHERE name LIKE 'table %');
	END LOOP;
	RETURN differ;
END $$;

CREATE FUNCTION refreshed() RETURNS bigint LANGUAGE sql VOLATILE
AS $$ SELECT sum(s.deltas)::bigint FROM netstate.network n, netstate.graph_status(n.name) s WHERE n.name LIKE 'table %' $$;

-- What links ride on leads nowhere here: graphs are to be right of any rows.
ALTER TABLE netstate.commit_check DISABLE TRIGGER commit_check_run;

INSERT INTO netstate.network (name, layer)
VALUES ('table fibre', 'fibre'), ('table optical', 'optical'), ('table ip', 'ip'), ('table ip 2', 'ip'), ('table te', 'te');
INSERT INTO netstate.srlg (name) SELECT 'table ' || i FROM generate_series(1, 20) i;
DO $$ BEGIN PERFORM setseed(0.1); END $$;
SELECT count(*) FROM generate_series(1, 800), change();
SELECT differences(60);
SELECT refreshed() > 60 AS refreshed;

-- Columns elsewhere, indexes gone or of a kind that does not find all rows.
BEGIN;
SELECT count(*) AS networks, sum(netstate.graph_check(name)) AS differences FROM netstate.network WHERE name LIKE 'table %';
ALTER TABLE netstate.link DROP COLUMN mttr_hours;
ALTER TABLE netstate.link RENAME COLUMN length_km TO length_was;
ALTER TABLE netstate.link ADD COLUMN length_km double precision;
ALTER TABLE netstate.srlg_member DROP COLUMN share CASCADE;
ALTER TABLE netstate.srlg_member ADD COLUMN share double precision NOT NULL DEFAULT 0.5;
SELECT differences(20);
DROP INDEX netstate.link_a_node_id_idx, netstate.srlg_member_link_id_idx, netstate.srlg_node_node_id_idx,
	netstate.node_supporting_node_id_idx, netstate.link_support_supporting_link_id_idx;
CREATE INDEX a ON netstate.link USING hash (a_node_id);
CREATE INDEX b ON netstate.srlg_member (link_id) WHERE share > 0.5;
CREATE INDEX c ON netstate.srlg_member (abs(link_id));
CREATE INDEX d ON netstate.srlg_node (node_id) WHERE node_id IS NOT NULL AND probability > 0.5;
SELECT differences(20);
CREATE INDEX e ON netstate.srlg_member (link_id);
CREATE INDEX f ON netstate.srlg_node (node_id) WHERE node_id IS NOT NULL;
SELECT differences(20);
ROLLBACK;
SELECT differences(20);

-- A column with another name, or of another type.  (A worker reads the tables of
-- a transaction that has written by SQL, whose errors are others.)
BEGIN;
ALTER TABLE netstate.link RENAME COLUMN metric TO zzz;
ALTER TABLE netstate.link RENAME COLUMN latency_us TO metric;
ALTER TABLE netstate.link RENAME COLUMN zzz TO latency_us;
SELECT sum(netstate.graph_check(name)) AS differences FROM netstate.network WHERE name LIKE 'table %';
ROLLBACK;
DO $$ BEGIN PERFORM set_config(name, 'off', false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query'); END $$;
BEGIN;
ALTER TABLE netstate.link RENAME COLUMN metric TO other;
SELECT nodes FROM netstate.graph_status('table ip');
ROLLBACK;
BEGIN;
ALTER TABLE netstate.link RENAME COLUMN metric TO metric_was;
ALTER TABLE netstate.link ADD COLUMN metric numeric;
SELECT nodes FROM netstate.graph_status('table ip');
ROLLBACK;
DO $$ BEGIN PERFORM set_config(name, reset_val, false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query'); END $$;
SELECT nodes > 0 AS nodes FROM netstate.graph_status('table ip');

-- Tables that inherit are read as a query reads them.
SELECT nodes AS before FROM netstate.graph_status('table fibre') \gset
BEGIN;
CREATE TABLE more_nodes () INHERITS (netstate.node);
INSERT INTO more_nodes (id, network_id, name, level)
SELECT 999999999, id, 'more', 1 FROM netstate.network WHERE name = 'table fibre';
SELECT nodes - :before AS more, built_at IS NULL AS not_kept, netstate.graph_check('table fibre') AS differences
FROM netstate.graph_status('table fibre');
ROLLBACK;

-- Rows that contradict each other, past the foreign keys.
BEGIN;
SET LOCAL session_replication_role = replica;
INSERT INTO netstate.network (id, name, layer) VALUES (990, 'table broken', 'ip');
INSERT INTO netstate.node (id, network_id, name, level) VALUES (990, 990, 'a', 4), (991, 990, 'b', 4);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, level) VALUES (990, 990, 'l', 990, 991, 4);
SAVEPOINT whole;
UPDATE netstate.link SET z_node_id = 992 WHERE id = 990;
SELECT nodes FROM netstate.graph_status('table broken');
ROLLBACK TO whole;
UPDATE netstate.node SET supporting_node_id = 989, supporting_level = 1 WHERE id = 990;
SELECT nodes FROM netstate.graph_status('table broken');
ROLLBACK TO whole;
UPDATE netstate.node SET supporting_node_id = id, supporting_level = 1 WHERE id = 990;
SELECT nodes FROM netstate.graph_status('table broken');
ROLLBACK TO whole;
INSERT INTO netstate.link_support VALUES (990, 1, 1, 989, 4, 1);
SELECT nodes FROM netstate.graph_status('table broken');
ROLLBACK TO whole;
INSERT INTO netstate.link_support VALUES (990, 1, 1, 990, 4, 1);
SELECT nodes FROM netstate.graph_status('table broken');
ROLLBACK TO whole;
ALTER TABLE netstate.srlg_member DROP CONSTRAINT srlg_member_share_is_0_to_1;
INSERT INTO netstate.srlg_member (srlg_id, link_id, share) VALUES (989, 990, 2);
SELECT nodes FROM netstate.graph_status('table broken');
ROLLBACK;

DELETE FROM netstate.link_support s USING netstate.link l, netstate.network n
WHERE l.id = s.link_id AND n.id = l.network_id AND n.name LIKE 'table %';
UPDATE netstate.node d SET supporting_node_id = NULL FROM netstate.network n
WHERE n.id = d.network_id AND n.name LIKE 'table %';
DELETE FROM netstate.network WHERE name LIKE 'table %';
DELETE FROM netstate.srlg WHERE name LIKE 'table %';
ALTER TABLE netstate.commit_check DISABLE TRIGGER commit_check_guard_truncate;
TRUNCATE netstate.commit_check;
ALTER TABLE netstate.commit_check ENABLE ALWAYS TRIGGER commit_check_guard_truncate, ENABLE ALWAYS TRIGGER commit_check_run;
DROP SCHEMA graph_table_test CASCADE;
