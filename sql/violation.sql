-- The view violation: what COMMIT proves, asked of everything.
\set VERBOSITY default
\pset null '-'
BEGIN;
INSERT INTO netstate.structure (id, name, geom)
SELECT 8800 + i, 'vio s' || i, ST_SetSRID(ST_MakePoint(i * 0.01, 10), 4326) FROM generate_series(1, 5) i;
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom)
SELECT 8800 + i, 'vio p' || i, 8800 + i, 8801 + i, ST_SetSRID(ST_MakeLine(ST_MakePoint(i * 0.01, 10), ST_MakePoint((i + 1) * 0.01, 10)), 4326)
FROM generate_series(1, 4) i;
INSERT INTO netstate.cable (id, name, strand_count) VALUES (8801, 'vio one', 12), (8802, 'vio two', 8);
INSERT INTO netstate.cable_segment (cable_id, seq, span_id) SELECT 8801, i, 8800 + i FROM generate_series(1, 4) i;
INSERT INTO netstate.cable_segment (cable_id, seq, span_id) SELECT 8802, i, 8800 + i FROM generate_series(1, 4) i;
INSERT INTO netstate.network (id, name, layer) VALUES (8801, 'vio fibre', 'fibre'), (8802, 'vio ip', 'ip');
INSERT INTO netstate.node (id, network_id, name, structure_id) VALUES (8801, 8801, 'a', 8801), (8802, 8801, 'z', 8805);
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES (8811, 8802, 'a', 8801), (8812, 8802, 'z', 8802), (8813, 8802, 'elsewhere', NULL);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (8801, 8801, 'az', 8801, 8802), (8802, 8802, 'az', 8811, 8812);
INSERT INTO netstate.link_support (link_id, supporting_link_id) VALUES (8802, 8801);
INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments) VALUES (8801, 1, 8801, '[1,3)', '[1,5)');
INSERT INTO netstate.splice (id, structure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands)
VALUES (8801, 8803, 8801, 2, '[5,7)', 8802, 3, '[5,7)');
COMMIT;

CREATE VIEW vio AS SELECT policy, mode, network_id, vpc_id, subject_kind, subject_id, subject, detail, hint, waived_until
FROM netstate.violation
WHERE policy IN ('cable_route', 'splice', 'strand_range', 'strand_route', 'support_route') AND subject_id BETWEEN 8800 AND 8899;
SELECT count(*) FROM vio;

-- each rule, in a transaction that sees what it has broken
\x on
BEGIN;
DELETE FROM netstate.cable_segment WHERE cable_id = 8802 AND seq = 3;
SELECT * FROM vio ORDER BY policy, subject_id, detail;
ROLLBACK;
BEGIN;
UPDATE netstate.cable SET strand_count = 1 WHERE id = 8801;
SELECT policy, network_id, subject_kind, subject, detail, hint FROM vio ORDER BY policy, subject_id, detail;
ROLLBACK;
BEGIN;
UPDATE netstate.node SET structure_id = 8804 WHERE id = 8802;
UPDATE netstate.node SET supporting_node_id = 8801 WHERE id = 8812;
SELECT policy, network_id, subject_kind, subject, detail, hint FROM vio ORDER BY policy, subject_id, detail;
-- the same as check_pending says
SELECT count(*) FROM vio v FULL JOIN netstate.check_pending() c ON c.rule = v.policy AND c.element_id = v.subject_id
	AND v.detail = upper(left(c.message, 1)) || substr(c.message, 2) || '. ' || c.detail AND v.hint = c.hint
WHERE v.policy IS NULL OR c.rule IS NULL;
ROLLBACK;
\x off

-- a row that got past the check stays in sight
BEGIN;
ALTER TABLE netstate.cable_segment DISABLE TRIGGER commit_check_delete;
DELETE FROM netstate.cable_segment WHERE cable_id = 8802 AND seq = 4;
DELETE FROM netstate.cable_segment WHERE cable_id = 8802 AND seq = 2;
ALTER TABLE netstate.cable_segment ENABLE ALWAYS TRIGGER commit_check_delete;
COMMIT;
SELECT policy, subject, detail FROM vio ORDER BY policy, subject_id, detail;

-- rights: who may not read fails, who may not read names gets none
CREATE ROLE vio_nobody;
CREATE ROLE vio_reader;
GRANT USAGE ON SCHEMA netstate TO vio_nobody, vio_reader;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA netstate TO vio_nobody, vio_reader;
GRANT SELECT ON netstate.violation TO vio_nobody;
GRANT SELECT ON ALL TABLES IN SCHEMA netstate TO vio_reader;
SET ROLE vio_nobody;
\set VERBOSITY sqlstate
SELECT * FROM netstate.violation;
\set VERBOSITY default
SELECT * FROM netstate.check_violations();
RESET ROLE;
ALTER TABLE netstate.cable ENABLE ROW LEVEL SECURITY;
SET ROLE vio_reader;
SELECT policy, subject, detail FROM netstate.violation WHERE subject_id = 8802 ORDER BY policy, detail;
RESET ROLE;
ALTER TABLE netstate.cable DISABLE ROW LEVEL SECURITY;

-- in a parallel worker, and STABLE, as whatever a check calls must be
SELECT provolatile, proparallel FROM pg_proc WHERE oid = 'netstate.check_violations()'::regprocedure;

DROP VIEW vio;
DROP OWNED BY vio_nobody, vio_reader;
DROP ROLE vio_nobody, vio_reader;
BEGIN;
DELETE FROM netstate.link WHERE network_id = 8802;
DELETE FROM netstate.link WHERE network_id = 8801;
DELETE FROM netstate.node WHERE network_id = 8802;
DELETE FROM netstate.network WHERE id IN (8801, 8802);
DELETE FROM netstate.splice WHERE id = 8801;
DELETE FROM netstate.cable WHERE id IN (8801, 8802);
DELETE FROM netstate.span WHERE id BETWEEN 8801 AND 8804;
DELETE FROM netstate.structure WHERE id BETWEEN 8801 AND 8805;
COMMIT;
