-- bypass_violations: links without a bypass, and bypasses that do not protect.
\pset null '(null)'
\set VERBOSITY terse
BEGIN;

CREATE VIEW pg_temp.finding AS
SELECT subject, regexp_replace(detail, '(Bypass|group) [0-9]+', '\1', 'g') AS detail FROM netstate.bypass_violations() WHERE network_id = 5991;

-- a ring a, b, c, d of 100 with a chord bd; e at d alone
INSERT INTO netstate.network (id, name, layer) VALUES (5991, 'round', 'ip'), (5992, 'round tunnels', 'te'), (5993, 'round optical', 'optical');
INSERT INTO netstate.node (id, network_id, name) VALUES (59911, 5991, 'a'), (59912, 5991, 'b'), (59913, 5991, 'c'), (59914, 5991, 'd'), (59915, 5991, 'e');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, capacity_gbps) VALUES
	(59911, 5991, 'ab', 59911, 59912, 1, 100), (59912, 5991, 'bc', 59912, 59913, 1, 100), (59913, 5991, 'cd', 59913, 59914, 1, 100),
	(59914, 5991, 'da', 59914, 59911, 1, 100), (59915, 5991, 'bd', 59912, 59914, 1, 100), (59916, 5991, 'de', 59914, 59915, 1, 100);
-- nothing is provisioned: nothing is missing
SELECT * FROM pg_temp.finding;
SELECT count(*) AS made FROM netstate.provision_bypasses('round', 'round tunnels') WHERE action = 'made';
SELECT policy, mode, network_id, vpc_id, subject_kind, subject_id, subject, detail, hint, waived_until FROM netstate.bypass_violations() WHERE network_id = 5991;

-- none, one way only
SAVEPOINT s;
DELETE FROM netstate.bypass b USING netstate.link t WHERE t.id = b.bypass_link_id AND t.name IN ('bypass ab', 'bypass bc', 'bypass bc reverse');
SELECT * FROM pg_temp.finding ORDER BY 1, 2;
ROLLBACK TO s;

-- a group that a bypass shares; one that no path avoids; one that takes down an end
INSERT INTO netstate.srlg (id, network_id, name) VALUES (5991, 5991, 'ab and da'), (5992, 5991, 'bd and bc'), (5993, 5991, 'town of a');
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (5991, 59911), (5991, 59914), (5992, 59915), (5992, 59912);
INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (5993, 59911);
SELECT * FROM pg_temp.finding ORDER BY 1, 2;
DELETE FROM netstate.bypass b USING netstate.link t WHERE t.id = b.bypass_link_id AND t.name LIKE 'bypass ab%';
SELECT * FROM pg_temp.finding WHERE subject = 'ab' ORDER BY 1, 2;
-- a share of nothing is none
UPDATE netstate.srlg_member SET share = 0 WHERE srlg_id = 5992 AND link_id = 59912;
SELECT * FROM pg_temp.finding WHERE detail LIKE '%shares%' ORDER BY 1, 2;
ROLLBACK TO s;
-- more than ten
INSERT INTO netstate.srlg (id, network_id, name) SELECT 59920 + i, 5991, 'g' || i FROM generate_series(1, 12) i;
INSERT INTO netstate.srlg_member (srlg_id, link_id) SELECT 59920 + i, l FROM generate_series(1, 12) i, unnest('{59911,59914}'::bigint[]) l;
SELECT detail FROM pg_temp.finding WHERE subject = 'ab' ORDER BY detail LIMIT 1;
ROLLBACK TO s;

-- too small: its own, what it rides on
UPDATE netstate.link SET capacity_gbps = 40 WHERE name = 'bypass ab';
UPDATE netstate.link SET capacity_gbps = 60 WHERE id = 59913;
SELECT * FROM pg_temp.finding ORDER BY 1, 2;
ROLLBACK TO s;

-- out of service: itself, what it rides on; what is down is not judged
UPDATE netstate.link SET status = 'failed' WHERE name = 'bypass ab';
UPDATE netstate.link SET status = 'failed' WHERE id = 59913;
SELECT * FROM pg_temp.finding ORDER BY 1, 2;
ROLLBACK TO s;

-- rides on what it protects; leads elsewhere
INSERT INTO netstate.bypass (protected_link_id, bypass_link_id)
SELECT 59914, t.id FROM netstate.link t WHERE t.name = 'bypass bc';
SELECT * FROM pg_temp.finding WHERE subject <> 'de' ORDER BY 1, 2;
UPDATE netstate.link_support SET supporting_link_id = 59911 WHERE seq = 1 AND link_id = (SELECT id FROM netstate.link WHERE name = 'bypass ab');
SELECT * FROM pg_temp.finding WHERE subject = 'ab' ORDER BY 1, 2;
ROLLBACK TO s;

-- a parallel link of the same network protects, too, in both directions
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps) VALUES (59917, 5991, 'ba', 59912, 59911, 100);
DELETE FROM netstate.bypass WHERE protected_link_id = 59911;
INSERT INTO netstate.bypass (protected_link_id, bypass_link_id) VALUES (59911, 59917), (59917, 59911);
SELECT * FROM pg_temp.finding ORDER BY 1, 2;
ROLLBACK TO s;

-- segments
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, directed, capacity_gbps)
SELECT 59931, 5992, 'a to c', a.id, c.id, true, 80 FROM netstate.node a, netstate.node c
WHERE a.network_id = 5992 AND a.name = 'a' AND c.network_id = 5992 AND c.name = 'c';
INSERT INTO netstate.link_support (link_id, seq, supporting_link_id) VALUES (59931, 1, 59911), (59931, 2, 59912);
SELECT action FROM netstate.provision_bypasses('round', 'round tunnels', '{59931,59931}', from_seqs => '{1,1}', to_seqs => '{1,2}');
SELECT * FROM pg_temp.finding WHERE subject <> 'de';
SELECT subject, detail FROM netstate.bypass_violations() WHERE subject_id = 59931;
UPDATE netstate.link SET capacity_gbps = 70 WHERE id = 59914;
INSERT INTO netstate.srlg (id, network_id, name) VALUES (5991, 5991, 'bc and cd');
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (5991, 59912), (5991, 59913);
SELECT regexp_replace(detail, '(Bypass|group) [0-9]+', '\1', 'g') FROM netstate.bypass_violations() WHERE subject_id = 59931 ORDER BY 1;
DELETE FROM netstate.link_support WHERE link_id = 59931;
SELECT regexp_replace(detail, '(Bypass|group) [0-9]+', '\1', 'g') FROM netstate.bypass_violations() WHERE subject_id = 59931 ORDER BY 1;
ROLLBACK TO s;

-- directed links: what has to be there is there
UPDATE netstate.link SET directed = true WHERE id = 59911;
SELECT count(*) FROM netstate.provision_bypasses('round', 'round tunnels');
SELECT * FROM pg_temp.finding ORDER BY 1, 2;
ROLLBACK TO s;

CREATE ROLE round_reader;
GRANT USAGE ON SCHEMA netstate TO round_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA netstate TO round_reader;
SET LOCAL ROLE round_reader;
SELECT * FROM netstate.bypass_violations();
ROLLBACK;
