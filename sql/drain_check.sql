-- Drains, judged: what COMMIT refuses, what is shown, and when there is a window.
\pset null '(null)'
SET client_min_messages = warning;

-- Two rings: 1 - 2 - 3 - 4 - 1 of fibres, and a chord from 1 to 3 above them.
INSERT INTO netstate.network (id, name, layer) VALUES (7501, 'dc fibre', 'fibre'), (7502, 'dc ip', 'ip');
INSERT INTO netstate.node (id, network_id, name) SELECT 75010 + i, 7501, 'n' || i FROM generate_series(1, 4) i;
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) SELECT 75020 + i, 7502, 'n' || i, 75010 + i FROM generate_series(1, 4) i;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric)
SELECT 75100 + i, 7501, 'fibre ' || i, 75010 + i, 75011 + i % 4, 1 FROM generate_series(1, 4) i
UNION ALL SELECT 75200 + i, 7502, 'ip ' || i, 75020 + i, 75021 + i % 4, 1 FROM generate_series(1, 4) i
UNION ALL SELECT 75205, 7502, 'chord', 75021, 75023, 1;
INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) SELECT 75200 + i, 1, 1, 75100 + i FROM generate_series(1, 4) i;
INSERT INTO netstate.srlg (id, network_id, name) VALUES (7501, 7501, 'bridge');
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (7501, 75103), (7501, 75104);
INSERT INTO netstate.demand (id, network_id, name, src_node_id, dst_node_id, gbps) VALUES
	(7501, 7502, '1 to 3', 75021, 75023, 10), (7502, 7502, '3 to 1', 75023, 75021, 10);
INSERT INTO netstate.disjoint_group (id, name, min_members) VALUES (7501, 'three ways', 2);
INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (7501, 75201), (7501, 75203), (7501, 75205);

CREATE FUNCTION pg_temp.drain(id bigint, hours text, kind text, element bigint, mode text DEFAULT 'enforce') RETURNS void LANGUAGE sql AS $$
	INSERT INTO netstate.drain (id, name, during, owner, mode)
	VALUES (drain.id, 'drain ' || drain.id, format('[2040-01-01 %s+00, 2040-01-01 %s+00)', split_part(hours, '-', 1), split_part(hours, '-', 2))::tstzrange, 'noc', drain.mode);
	INSERT INTO netstate.drain_element VALUES (drain.id, kind, element);
$$;

-- the first may, a second one at the same time may not, later it may
SELECT pg_temp.drain(1, '10:00-12:00', 'link', 75205);
SELECT pg_temp.drain(2, '11:00-13:00', 'link', 75101);
SELECT pg_temp.drain(2, '12:00-13:00', 'link', 75101);
-- a group of links that a third one leaves alone: the bridge is all that is left
SELECT rule, element_kind, element_id, name, message, detail FROM netstate.check_pending();
BEGIN;
SELECT pg_temp.drain(3, '12:30-14:00', 'link', 75205);
SELECT rule, element_kind, element_id, name, message, detail FROM netstate.check_pending();
COMMIT;
-- a time that is moved over another one's, elements that are added, a mode
UPDATE netstate.drain SET during = '[2040-01-01 12:00+00, 2040-01-01 13:00+00)' WHERE id = 1;
INSERT INTO netstate.drain_element VALUES (1, 'node', 75012);
INSERT INTO netstate.drain_element VALUES (1, 'link', 75999);
SELECT pg_temp.drain(4, '10:00-11:00', 'link', 75102, 'monitor');
UPDATE netstate.drain SET mode = 'monitor' WHERE id = 1;
SELECT pg_temp.drain(4, '10:00-11:00', 'link', 75102, 'monitor');
UPDATE netstate.drain SET mode = 'enforce' WHERE id = 4;
SELECT mode, network_id, subject_kind, subject_id, subject, detail, hint FROM netstate.drain_violations() ORDER BY subject_id, detail;
SELECT * FROM netstate.drain_effect(4) ORDER BY subject_kind, subject_id, cause;

-- a group that wants more than the drains leave
UPDATE netstate.disjoint_group SET min_members = 3 WHERE id = 7501;
INSERT INTO netstate.disjoint_group_member VALUES (7501, 75202);
UPDATE netstate.disjoint_group SET mode = 'off', min_members = 3 WHERE id = 7501;
UPDATE netstate.disjoint_group SET mode = 'monitor', min_members = 2 WHERE id = 7501;

-- what failed is a fact, and no reason to refuse what does not matter to it
UPDATE netstate.link SET status = 'failed' WHERE id = 75205;
SELECT mode, subject_id, detail FROM netstate.drain_violations() ORDER BY subject_id, detail;
SELECT pg_temp.drain(5, '12:00-13:00', 'link', 75101, 'monitor');
UPDATE netstate.drain SET state = 'draining' WHERE id = 2;
UPDATE netstate.drain SET state = 'restored' WHERE id = 2;
UPDATE netstate.link SET status = 'in_service' WHERE id = 75205;
DELETE FROM netstate.drain WHERE id IN (2, 4, 5);

-- one that has begun counts until its end, and later until it is restored
UPDATE netstate.drain SET state = 'drained', mode = 'enforce' WHERE id = 1;
SELECT up FROM netstate.carried('{75205}');
SELECT pg_temp.drain(6, '08:00-09:00', 'link', 75101);
SELECT pg_temp.drain(6, '12:00-13:00', 'link', 75101);
DELETE FROM netstate.drain WHERE id = 6;
SELECT * FROM netstate.drain_effect(kinds => '{link}', ids => '{75101}', during => '[2039-01-01, 2039-01-02)') ORDER BY subject_kind, subject_id, cause;
SELECT lower(during) AT TIME ZONE 'UTC' AS starts FROM netstate.drain_window('{link}', '{75101}', '1 hour', '2040-01-01 08:00+00', '2040-01-02 00:00+00');

-- drains of the same, and windows between them
UPDATE netstate.drain SET state = 'requested' WHERE id = 1;
SELECT pg_temp.drain(7, '14:00-15:00', 'node', 75024, 'off');
SELECT lower(during) AT TIME ZONE 'UTC' AS starts FROM netstate.drain_window('{link,span}', '{75101,1}', '1 hour', '2040-01-01 09:30+00', '2040-01-02 00:00+00');
SELECT lower(during) AT TIME ZONE 'UTC' AS starts FROM netstate.drain_window('{link}', '{75101}', '1 hour', '2040-01-01 09:00+00', '2040-01-02 00:00+00', most => 1);

-- a group that cuts have left too few: the last one stays
INSERT INTO netstate.network (id, name, layer) VALUES (7503, 'dc bundle', 'fibre');
INSERT INTO netstate.node (id, network_id, name) VALUES (75031, 7503, 'a'), (75032, 7503, 'z');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) SELECT 75300 + i, 7503, 'pair ' || i, 75031, 75032 FROM generate_series(1, 4) i;
INSERT INTO netstate.disjoint_group (id, name) VALUES (7502, 'two of three');
INSERT INTO netstate.disjoint_group_member (group_id, link_id) SELECT 7502, 75300 + i FROM generate_series(1, 3) i;
UPDATE netstate.link SET status = 'failed' WHERE id IN (75301, 75302);
SELECT pg_temp.drain(9, '16:00-17:00', 'link', 75303);
UPDATE netstate.link SET status = 'in_service' WHERE id IN (75301, 75302);

-- what one drain takes is refused, however much another one takes with it
DELETE FROM netstate.disjoint_group WHERE id = 7502;
INSERT INTO netstate.disjoint_group (id, name) SELECT 76000 + i, 'dc group ' || i FROM generate_series(1, 1010) i;
INSERT INTO netstate.disjoint_group_member (group_id, link_id) SELECT 76000 + i, l FROM generate_series(1, 1009) i, (VALUES (75301), (75302)) v (l);
INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (77010, 75303), (77010, 75304);
BEGIN;
SELECT pg_temp.drain(9, '18:00-19:00', 'link', 75301, 'monitor');
SELECT pg_temp.drain(10, '18:00-19:00', 'link', 75303);
COMMIT;
DELETE FROM netstate.disjoint_group WHERE id > 76000;
DELETE FROM netstate.network WHERE id = 7503;

-- arguments
SELECT * FROM netstate.drain_effect(75999);
SELECT * FROM netstate.drain_effect();
SELECT * FROM netstate.drain_effect(1, '{link}', '{75101}', '[2040-01-01, 2040-01-02)');
SELECT * FROM netstate.drain_effect(kinds => '{link}', ids => '{75101}', during => '(, 2040-01-02)');
SELECT * FROM netstate.drain_effect(kinds => '{link}', ids => '{75101}', during => 'empty');
SELECT * FROM netstate.drain_effect(kinds => '{trench}', ids => '{75101}', during => '[2040-01-01, 2040-01-02)');
SELECT * FROM netstate.drain_effect(kinds => '{link,span}', ids => '{75101}', during => '[2040-01-01, 2040-01-02)');
SELECT * FROM netstate.drain_effect(kinds => '{link,NULL}', ids => '{75101,1}', during => '[2040-01-01, 2040-01-02)');
SELECT * FROM netstate.drain_window(NULL, '{1}', '1 hour');
SELECT * FROM netstate.drain_window('{link}', NULL, '1 hour');
SELECT * FROM netstate.drain_window('{link}', '{1}', NULL);
SELECT * FROM netstate.drain_window('{link}', '{1}', '-1 hour');
SELECT * FROM netstate.drain_window('{link}', '{1}', '1 hour', '-infinity');
SELECT * FROM netstate.drain_window('{link}', '{1}', '1 hour', most => 0);

-- rights, and names of what may not be read
CREATE ROLE netstate_drain_reader;
GRANT USAGE ON SCHEMA netstate TO netstate_drain_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA netstate TO netstate_drain_reader;
SET ROLE netstate_drain_reader;
SELECT * FROM netstate.drain_violations();
RESET ROLE;
GRANT INSERT ON netstate.drain, netstate.drain_element TO netstate_drain_reader;
SET ROLE netstate_drain_reader;
SELECT pg_temp.drain(8, '10:00-11:00', 'node', 75012);
RESET ROLE;
DROP OWNED BY netstate_drain_reader;
DROP ROLE netstate_drain_reader;

DELETE FROM netstate.drain;
DELETE FROM netstate.disjoint_group WHERE id = 7501;
DELETE FROM netstate.network WHERE id = 7502;
DELETE FROM netstate.network WHERE id = 7501;
