-- The GRANTs of docs/topology.md are what a reader and an operator need, and no
-- more.
\set QUIET 1
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only true
\pset pager off
SET client_min_messages = warning;
BEGIN;
SELECT plan(41);

CREATE ROLE regress_netstate_reader;
CREATE ROLE regress_netstate_operator;
CREATE ROLE regress_netstate_stranger;
GRANT USAGE ON SCHEMA netstate TO regress_netstate_reader, regress_netstate_operator;
GRANT SELECT ON ALL TABLES IN SCHEMA netstate TO regress_netstate_reader, regress_netstate_operator;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA netstate TO regress_netstate_reader, regress_netstate_operator;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA netstate TO regress_netstate_operator;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA netstate TO regress_netstate_operator;

SET LOCAL ROLE regress_netstate_operator;
SELECT lives_ok($$INSERT INTO netstate.region (name) VALUES ('r');
	INSERT INTO netstate.zone (region_id, name) SELECT id, 'a' FROM netstate.region;
	INSERT INTO netstate.site (zone_id, name, geom) SELECT id, 's', 'POINT(0 0)' FROM netstate.zone;
	INSERT INTO netstate.power_feed (name) VALUES ('p');
	INSERT INTO netstate.site_power_feed SELECT s.id, p.id FROM netstate.site s, netstate.power_feed p$$, 'an operator writes places');
SELECT lives_ok($$INSERT INTO netstate.network (id, name, layer) VALUES (1001, 'f', 'fibre'), (1002, 'i', 'ip');
	INSERT INTO netstate.node (id, network_id, name) VALUES (1001, 1001, 'a'), (1002, 1001, 'b');
	INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES (1003, 1002, 'a', 1001), (1004, 1002, 'b', 1002);
	INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, geom) VALUES
		(1001, 1001, 'ab', 1001, 1002, 1, 'LINESTRING(0 0, 1 1)'), (1002, 1002, 'ab', 1003, 1004, 1, NULL);
	INSERT INTO netstate.link_support (link_id, supporting_link_id) VALUES (1002, 1001)$$, 'topology');
SELECT lives_ok($$INSERT INTO netstate.srlg (id, name) VALUES (1001, 'g');
	INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (1001, 1001);
	INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (1001, 1002)$$, 'risk');
SELECT lives_ok($$INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps) VALUES (1002, 'd', 1003, 1004, 1)$$, 'and demand');
SELECT lives_ok($$UPDATE netstate.network SET layer = 'te' WHERE id = 1002$$, 'a change of layer cascades');
SELECT is(level::int, 5, 'to links') FROM netstate.link WHERE id = 1002;
SELECT throws_ok('TRUNCATE netstate.demand', '42501', NULL, 'no TRUNCATE');
SELECT throws_ok('CREATE TABLE netstate.x ()', '42501', NULL, 'nothing new in the schema');
SELECT throws_ok('ALTER TABLE netstate.link DISABLE TRIGGER fill_level', '42501', NULL, 'no trigger is turned off');
SELECT throws_ok('TRUNCATE netstate.change_log', '42501', NULL, 'the change log stays as it is');
SELECT throws_ok('DELETE FROM netstate.change_log', '42501', NULL, 'whole');
SELECT throws_ok($$INSERT INTO netstate.change_log VALUES ('1', 1, 1, 'link', 1)$$, '42501', NULL, 'and true');
SELECT throws_ok('UPDATE netstate.change_log SET id = 0', '42501', NULL, 'and as it was written');
SELECT throws_ok($$UPDATE netstate.change_horizon SET xid = '0'$$, '42501', NULL, 'and says itself how far back it goes');
SELECT throws_ok($$INSERT INTO netstate.commit_check VALUES ('1', 'cable', NULL)$$, '42501', NULL, 'what COMMIT proves is queued by triggers alone');
SELECT throws_ok('DELETE FROM netstate.commit_check', '42501', NULL, 'and stays queued');
SELECT throws_ok('UPDATE netstate.commit_check SET ids = NULL', '42501', NULL, 'as it was queued');
SELECT lives_ok('SELECT netstate.prune_change_log()', 'an operator may prune it');
SELECT throws_ok('CREATE TRIGGER x BEFORE INSERT ON netstate.link EXECUTE FUNCTION netstate.fill_level()', '42501', NULL, 'nor added');

SET LOCAL ROLE regress_netstate_reader;
SELECT is(ARRAY(SELECT format('%s %s %s', link_id, share, probability) FROM netstate.risk_member ORDER BY link_id), ARRAY['1001 1 1', '1002 1 1'], 'a reader reads what is derived');
SELECT is((SELECT count(*) FROM netstate.risk WHERE origin = 'configured'), 1::bigint, 'and the groups');
SELECT is(ARRAY(SELECT up FROM netstate.link_state), ARRAY[true, true], 'and the state');
SELECT is(netstate.link_id('f', 'ab'), 1001::bigint, 'and names');
SELECT is(ARRAY(SELECT links FROM netstate.shortest_path('f', 'a', 'b')), ARRAY[[1001]]::bigint[], 'and paths');
SELECT throws_ok($$INSERT INTO netstate.region (name) VALUES ('x')$$, '42501', NULL, 'but writes nothing');
SELECT throws_ok($$UPDATE netstate.link SET metric = 2$$, '42501', NULL, 'nor changes anything');
SELECT throws_ok($$DELETE FROM netstate.link$$, '42501', NULL, 'nor deletes anything');
SELECT throws_ok('SELECT netstate.prune_change_log()', '42501', NULL, 'nor prunes the change log');

-- what an operator writes is logged where he has no right on the log at all
RESET ROLE;
REVOKE ALL ON netstate.change_log, netstate.change_horizon, netstate.commit_check FROM regress_netstate_reader, regress_netstate_operator;
REVOKE INSERT, UPDATE, DELETE ON netstate.span_pair, netstate.span_pair_own, netstate.risk_rule_default, netstate.shipped FROM regress_netstate_operator;
SET LOCAL ROLE regress_netstate_operator;
SELECT lives_ok('UPDATE netstate.link SET metric = 3 WHERE id = 1001', 'without rights on the log, too');
SELECT throws_ok('SELECT * FROM netstate.change_log', '42501', NULL, 'which he then cannot read');
SELECT throws_ok('SELECT * FROM netstate.change_horizon', '42501', NULL, 'nor how far back it goes');

-- the plant: pairs are the extension's to write, whoever changes spans
SELECT lives_ok($$INSERT INTO netstate.structure (id, name, geom) VALUES (1001, 'w', 'POINT(0 0)'), (1002, 'e', 'POINT(0.01 0)'),
		(1003, 's', 'POINT(0.005 -0.005)'), (1004, 'n', 'POINT(0.005 0.005)');
	INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES (1001, 'we', 1001, 1002, 'LINESTRING(0 0, 0.01 0)'),
		(1002, 'sn', 1003, 1004, 'LINESTRING(0.005 -0.005, 0.005 0.005)')$$, 'an operator writes plant');
SELECT is(ARRAY(SELECT crosses FROM netstate.span_pair_now), ARRAY[true], 'and sees what crosses');
SELECT lives_ok('SET CONSTRAINTS ALL IMMEDIATE', 'what COMMIT does needs no right of his');
SELECT is(ARRAY(SELECT crosses FROM netstate.span_pair), ARRAY[true], 'and stores it');
SELECT throws_ok('DELETE FROM netstate.span_pair', '42501', NULL, 'which he cannot change');
SELECT throws_ok('DELETE FROM netstate.span_pair_own', '42501', NULL, 'nor what is not committed of it');
SELECT throws_ok('UPDATE netstate.risk_rule_default SET enabled = false', '42501', NULL, 'nor the shipped rules');
SELECT lives_ok($$INSERT INTO netstate.risk_rule (kind, enabled) VALUES ('crossing', false)$$, 'but overrides these');
UPDATE netstate.link SET metric = 4 WHERE id = 1001;
RESET ROLE;
SELECT is(ARRAY(SELECT network_id || ' ' || kind || ' ' || id FROM netstate.change_log ORDER BY xid DESC, seq DESC LIMIT 1),
	ARRAY['1001 link 1001'], 'it is logged');

SET LOCAL ROLE regress_netstate_stranger;
SELECT throws_ok('SELECT * FROM netstate.risk', '42501', NULL, 'a stranger sees nothing');

RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
