-- provision_bypasses: tunnels made of the ways around links and segments.
\pset null '(null)'
\set VERBOSITY terse
BEGIN;

-- a ring a, b, c, d of 100 with a chord bd; e at d alone
INSERT INTO netstate.network (id, name, layer) VALUES
	(5901, 'ring', 'ip'), (5902, 'ring tunnels', 'te'), (5903, 'ring optical', 'optical');
INSERT INTO netstate.node (id, network_id, name, geom) VALUES
	(59001, 5901, 'a', 'POINT(1 50)'), (59002, 5901, 'b', 'POINT(2 50)'), (59003, 5901, 'c', NULL),
	(59004, 5901, 'd', NULL), (59005, 5901, 'e', NULL);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, latency_us, capacity_gbps) VALUES
	(59001, 5901, 'ab', 59001, 59002, 1, 0.1, 100), (59002, 5901, 'bc', 59002, 59003, 1, 0.2, 100),
	(59003, 5901, 'cd', 59003, 59004, 1, 0.4, 100), (59004, 5901, 'da', 59004, 59001, 1, 0.8, 100),
	(59005, 5901, 'bd', 59002, 59004, 1, NULL, 40), (59006, 5901, 'de', 59004, 59005, 1, 0.1, 100);
-- one node is there already, and the name of another one is taken
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES
	(59021, 5902, 'router a', 59001), (59022, 5902, 'b', NULL);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (59021, 5902, 'bypass bc', 59021, 59022);

CREATE VIEW pg_temp.tunnel AS
SELECT p.name AS protects, b.from_seq, b.to_seq, t.name, a.name || ' - ' || z.name AS ends, t.directed, t.kind, t.metric, t.latency_us, t.capacity_gbps,
	(SELECT array_agg(u.name ORDER BY s.seq) FROM netstate.link_support s JOIN netstate.link u ON u.id = s.supporting_link_id WHERE s.link_id = t.id) AS rides_on
FROM netstate.bypass b JOIN netstate.link p ON p.id = b.protected_link_id JOIN netstate.link t ON t.id = b.bypass_link_id
JOIN netstate.node a ON a.id = t.a_node_id JOIN netstate.node z ON z.id = t.z_node_id
WHERE t.network_id = 5902;
CREATE FUNCTION pg_temp.provision(links bigint[] DEFAULT NULL) RETURNS TABLE (protects text, reverse boolean, action text, bypass text)
LANGUAGE sql AS $$
	SELECT l.name, p.reverse, p.action, p.bypass FROM netstate.provision_bypasses('ring', 'ring tunnels', links) p
	LEFT JOIN netstate.link l ON l.id = p.link_id
$$;

-- all of them, then nothing more to do
SELECT * FROM pg_temp.provision();
SELECT * FROM pg_temp.tunnel ORDER BY protects, name;
SELECT name, supporting_node_id, geom IS NOT NULL AS has_place FROM netstate.node WHERE network_id = 5902 ORDER BY supporting_node_id, name;
SELECT count(*) AS wrong FROM netstate.check_pending();
CREATE TEMP TABLE before AS
SELECT 'link' AS what, l.ctid::text AS place, l.id FROM netstate.link l WHERE l.network_id = 5902
UNION ALL SELECT 'support', s.ctid::text, s.link_id FROM netstate.link_support s JOIN netstate.link l ON l.id = s.link_id WHERE l.network_id = 5902;
SELECT action, count(*) FROM pg_temp.provision() GROUP BY action ORDER BY action;
SELECT count(*) AS written FROM (
	(SELECT 'link', l.ctid::text, l.id FROM netstate.link l WHERE l.network_id = 5902
	UNION ALL SELECT 'support', s.ctid::text, s.link_id FROM netstate.link_support s JOIN netstate.link l ON l.id = s.link_id WHERE l.network_id = 5902)
	EXCEPT SELECT what, place, id FROM before) t;

-- a change: only what it touches
UPDATE netstate.link SET capacity_gbps = 200 WHERE id = 59005;
SELECT * FROM pg_temp.provision() WHERE action <> 'kept';
SELECT protects, name, rides_on FROM pg_temp.tunnel WHERE protects IN ('ab', 'bc') ORDER BY protects, name;
SELECT count(*) AS wrong FROM netstate.check_pending();
-- a group of ab and da: no way leads around ab
INSERT INTO netstate.srlg (id, network_id, name) VALUES (5901, 5901, 'west');
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (5901, 59001), (5901, 59004);
SELECT * FROM pg_temp.provision('{59001}');
-- a link that is down keeps what it has, and those over it move
DELETE FROM netstate.srlg WHERE id = 5901;
UPDATE netstate.link SET status = 'failed' WHERE id = 59005;
SELECT * FROM pg_temp.provision() WHERE action <> 'kept';
SELECT protects, name, rides_on FROM pg_temp.tunnel WHERE protects = 'bd' ORDER BY protects, name;
-- one that goes takes its bypasses along, as rows at once, as tunnels with the next call
DELETE FROM netstate.link_support WHERE supporting_link_id = 59005;
DELETE FROM netstate.link WHERE id = 59005;
SELECT * FROM pg_temp.provision() WHERE action <> 'kept';
-- what somebody else has made stays
SELECT count(*) FROM netstate.link WHERE id = 59021;

-- directed links: each direction has a way of its own
UPDATE netstate.link SET directed = true WHERE id = 59003;
SELECT protects, reverse, action FROM pg_temp.provision() ORDER BY protects, reverse;
SELECT count(*) AS wrong FROM netstate.check_pending();
UPDATE netstate.link SET directed = false WHERE id = 59003;
SELECT action, count(*) FROM pg_temp.provision() GROUP BY action ORDER BY action;

-- ---- segments of a tunnel ----
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, capacity_gbps) VALUES (59007, 5901, 'bd again', 59002, 59004, 1, 100);
INSERT INTO netstate.link (id, network_id, name, kind, a_node_id, z_node_id, directed, capacity_gbps)
SELECT 59031, 5902, 'a to d', 'primary', 59021, n.id, true, 10 FROM netstate.node n WHERE n.network_id = 5902 AND n.supporting_node_id = 59004;
INSERT INTO netstate.link_support (link_id, seq, supporting_link_id) VALUES (59031, 10, 59001), (59031, 20, 59002), (59031, 30, 59003);
-- from the loss of a link, of a node, of all
SELECT * FROM netstate.segment_bypass_paths('ring', '{59031,59031,59031,59031}', '{10,20,10,10}', '{10,20,20,30}');
SELECT link_id, from_seq, to_seq, reverse, action, bypass FROM netstate.provision_bypasses('ring', 'ring tunnels', '{59031,59031,59031}', from_seqs => '{10,20,10}', to_seqs => '{10,20,20}') p
ORDER BY from_seq, to_seq;
SELECT * FROM pg_temp.tunnel WHERE from_seq IS NOT NULL ORDER BY name;
SELECT action, count(*) FROM netstate.provision_bypasses('ring', 'ring tunnels', '{59031,59031,59031}', from_seqs => '{10,20,10}', to_seqs => '{10,20,20}') GROUP BY action;
-- links are provisioned beside
SELECT DISTINCT action FROM pg_temp.provision() ORDER BY action;
SELECT count(*) AS segments FROM pg_temp.tunnel WHERE from_seq IS NOT NULL;
SELECT count(*) AS wrong FROM netstate.check_pending();
-- the link of a segment is down: nothing is said, nothing is touched
UPDATE netstate.link SET status = 'failed' WHERE id = 59001;
SELECT count(*) AS rows FROM netstate.segment_bypass_paths('ring', '{59031}', '{10}', '{10}');
SELECT count(*) AS rows FROM netstate.provision_bypasses('ring', 'ring tunnels', '{59031}', from_seqs => '{10}', to_seqs => '{10}');
SELECT count(*) AS segments FROM pg_temp.tunnel WHERE from_seq = 10 AND to_seq = 10;
UPDATE netstate.link SET status = 'in_service' WHERE id = 59001;

-- ---- what is refused ----
SAVEPOINT s;
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT * FROM netstate.provision_bypasses('ring', 'rings');
ROLLBACK TO s;
SELECT * FROM netstate.provision_bypasses('rnig', 'ring tunnels');
ROLLBACK TO s;
SELECT * FROM netstate.provision_bypasses('ring', 'ring optical');
ROLLBACK TO s;
SELECT * FROM netstate.provision_bypasses('plant', 'ring tunnels');
ROLLBACK TO s;
SELECT * FROM netstate.provision_bypasses('ring', 'ring tunnels', '{59031}', from_seqs => '{10}');
ROLLBACK TO s;
SELECT * FROM netstate.provision_bypasses('ring', 'ring tunnels', from_seqs => '{10}', to_seqs => '{10}');
ROLLBACK TO s;
SELECT * FROM netstate.provision_bypasses(NULL, 'ring tunnels');
ROLLBACK TO s;
SELECT * FROM netstate.provision_bypasses('ring', NULL);
ROLLBACK TO s;
SELECT * FROM netstate.segment_bypass_paths('ring', '{59031,59031}', '{10,20}', '{10}');
ROLLBACK TO s;
SELECT * FROM netstate.segment_bypass_paths('ring', '{59031}', '{NULL}', '{10}');
ROLLBACK TO s;
SELECT * FROM netstate.segment_bypass_paths('ring', '{59031}', NULL, '{10}');
ROLLBACK TO s;
SELECT * FROM netstate.segment_bypass_paths('ring', '{59031}', '{11}', '{20}');
ROLLBACK TO s;
SELECT * FROM netstate.segment_bypass_paths('ring', '{59031}', '{20}', '{10}');
ROLLBACK TO s;
SELECT * FROM netstate.segment_bypass_paths('ring', '{59999}', '{20}', '{10}');
ROLLBACK TO s;
SELECT * FROM netstate.segment_bypass_paths('ring', '{59001}', '{1}', '{1}');
ROLLBACK TO s;
SELECT * FROM netstate.segment_bypass_paths('ring optical', '{59031}', '{10}', '{10}');
ROLLBACK TO s;
INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) VALUES (59031, 2, 1, 59004);
SELECT * FROM netstate.segment_bypass_paths('ring', '{59031}', '{10}', '{10}');
ROLLBACK;
