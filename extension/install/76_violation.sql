-- What does not hold: one view over the policies of every area.

--| Where the rules that COMMIT proves do not hold in all that the caller's
--| snapshot shows, a row for each finding, as in `violation`: routes of cables,
--| splices, strands of links, what links ride on; `policy` is the rule of
--| `check_pending`. It finds what got past the check: what stood in the tables
--| before there was one, or was written while a trigger was off. Fails with
--| 42501 without SELECT on the tables of cables, strands, nodes and links. Reads
--| these tables once: 1 s for 1,000,000 segments and 167,000 assignments.
CREATE FUNCTION netstate.check_violations()
RETURNS TABLE (policy text, mode text, network_id bigint, vpc_id bigint,
	subject_kind text, subject_id bigint, subject text, detail text, hint text,
	waived_until timestamptz)
LANGUAGE c STABLE PARALLEL SAFE COST 1000000 ROWS 10
AS 'MODULE_PATHNAME', 'netstate_check_violations';

COMMENT ON FUNCTION netstate.check_violations() IS
	'Where the rules that COMMIT proves do not hold in all that there is.';

--| What does not hold, one row for each finding, of every policy: those in mode
--| `monitor`, which refuse nothing, and those in mode `enforce`, which refuse
--| what would break them from now on. No rows: all that is asked for holds.
--|
--| | `policy` | does not hold |
--| | --- | --- |
--| | `cable_route`, `splice`, `strand_range`, `strand_route`, `support_route` | what COMMIT proves of routes, see `check_pending` |
--| | `disjoint_group` | two members of a group share more than it allows; with `waived_until`: they may, until then |
--| | `disjoint_group_members` | a group has too few members, or too few that carry traffic |
--| | `drain` | a drain leaves a group with too few members that carry traffic, or a demand to one thing alone |
--| | `bypass` | a link that is to be protected has no bypass, or one that shares risk, is too small or is not in service |
--|
--| Derived when it is asked for, from the rows that the query sees, those of the
--| own transaction included. Fails with 42501 without SELECT on a table that a
--| policy rests on; names are those that the caller may read. Costs what an audit
--| of all policies costs.
CREATE VIEW netstate.violation WITH (security_invoker = true) AS
SELECT c.policy, c.mode, c.network_id, c.vpc_id, c.subject_kind, c.subject_id, c.subject, c.detail, c.hint, c.waived_until
FROM netstate.check_violations() AS c
UNION ALL
SELECT g.policy, g.mode, g.network_id, g.vpc_id, g.subject_kind, g.subject_id, g.subject, g.detail, g.hint, g.waived_until
FROM netstate.disjoint_group_violations() AS g
UNION ALL
SELECT b.policy, b.mode, b.network_id, b.vpc_id, b.subject_kind, b.subject_id, b.subject, b.detail, b.hint, b.waived_until
FROM netstate.bypass_violations() AS b
UNION ALL
SELECT d.policy, d.mode, d.network_id, d.vpc_id, d.subject_kind, d.subject_id, d.subject, d.detail, d.hint, d.waived_until
FROM netstate.drain_violations() AS d;

COMMENT ON VIEW netstate.violation IS 'What does not hold, of every policy, one row for each finding.';
COMMENT ON COLUMN netstate.violation.policy IS 'Policy or rule that does not hold.';
COMMENT ON COLUMN netstate.violation.mode IS 'Mode of the policy: monitor (it is shown here) or enforce (what would break it is refused).';
COMMENT ON COLUMN netstate.violation.network_id IS 'Network of the subject; NULL: it is of none, or of several.';
COMMENT ON COLUMN netstate.violation.vpc_id IS 'VPC of the subject; NULL: it is of none.';
COMMENT ON COLUMN netstate.violation.subject_kind IS 'Kind of what the finding is about, the name of its table.';
COMMENT ON COLUMN netstate.violation.subject_id IS 'Its id.';
COMMENT ON COLUMN netstate.violation.subject IS 'Its name; NULL: it has none, or the caller may not read it.';
COMMENT ON COLUMN netstate.violation.detail IS 'What was seen.';
COMMENT ON COLUMN netstate.violation.hint IS 'What to do about it.';
COMMENT ON COLUMN netstate.violation.waived_until IS 'Until when it is waived; NULL: it is not.';
