-- Disjoint groups: what their members share, and which do not hold.

--| What members of disjoint groups share, within what each group's `disjoint` and
--| thresholds ask: a row for each pair of members, `link_a` the lower id, and each
--| link, node or group of shared risk. `groups` are ids of groups, of any mode;
--| NULL stands for all; ids that are no groups give no rows, a NULL among them
--| fails with 22004.
--|
--| - `element_kind`, `element_id`: what it is that they share: `link` or `node`, or
--|   what the risk follows from, as in `shared_risk`. This is what a waiver names
--|   and what `max_shared` counts: an element once, however many rows it has.
--| - `srlg_id`: the group of shared risk; NULL for a link or node.
--| - `waived_until`: when the waiver expires that is in force for it; NULL: none,
--|   and it counts.
--| - `share_a`, `share_b`, `probability_a`, `probability_b`: the part of each link's
--|   capacity that is lost, and that any is, given the event; 1 for a link or node.
--|
--| What takes down an end of both members is not shared (docs/disjoint_group.md).
--| Needs SELECT on the tables that risk is derived from and on the groups' own
--| (42501). Derives risk once for all members: 2 s for 10,000 groups in a metro.
CREATE FUNCTION netstate.disjoint_group_shared(groups bigint[] DEFAULT NULL)
RETURNS TABLE (group_id bigint, link_a bigint, link_b bigint,
	element_kind text, element_id bigint, srlg_id bigint,
	waived_until timestamp with time zone,
	share_a double precision, share_b double precision,
	probability_a double precision, probability_b double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 1000000 ROWS 1000
AS 'MODULE_PATHNAME', 'netstate_disjoint_group_shared';

COMMENT ON FUNCTION netstate.disjoint_group_shared(bigint[]) IS
	'What members of disjoint groups share.';

--| Internal to `disjoint_group_violations`: which groups do not hold, in words.
CREATE FUNCTION netstate.disjoint_group_violation_rows()
RETURNS TABLE (policy text, mode text, group_id bigint, name text,
	detail text, hint text, waived_until timestamp with time zone)
LANGUAGE c STABLE PARALLEL SAFE COST 1000000 ROWS 100
AS 'MODULE_PATHNAME', 'netstate_disjoint_group_violation_rows';

COMMENT ON FUNCTION netstate.disjoint_group_violation_rows() IS
	'Internal: which disjoint groups do not hold, in words.';

--| The disjoint groups in mode `monitor` or `enforce` that do not hold, with the
--| columns of `violation`:
--|
--| - `policy` is `disjoint_group` where two members share more than the group
--|   allows: a row for each group; `detail` names the members and ten elements.
--|   `waived_until` tells that it holds until then, thanks to waivers: the first of
--|   those that it needs expires at that moment. NULL: it does not hold now.
--| - `policy` is `disjoint_group_members` where it has fewer members, or fewer that
--|   carry traffic, than its `min_members`. A cut does that; nothing is refused
--|   for it.
--|
--| `network_id` is the network of all members, NULL where they are of several.
--| Names are given where the caller may read them. Rights and cost are those of
--| `disjoint_group_shared`.
CREATE FUNCTION netstate.disjoint_group_violations()
RETURNS TABLE (policy text, mode text, network_id bigint, vpc_id bigint,
	subject_kind text, subject_id bigint, subject text,
	detail text, hint text, waived_until timestamp with time zone)
LANGUAGE sql STABLE PARALLEL SAFE COST 1000000 ROWS 100
BEGIN ATOMIC
	SELECT v.policy, v.mode,
		(SELECT CASE WHEN min(l.network_id) = max(l.network_id) THEN min(l.network_id) END
			FROM netstate.disjoint_group_member AS m JOIN netstate.link AS l ON l.id = m.link_id
			WHERE m.group_id = v.group_id),
		NULL::bigint, 'disjoint_group', v.group_id, v.name, v.detail, v.hint, v.waived_until
	FROM netstate.disjoint_group_violation_rows() AS v;
END;

COMMENT ON FUNCTION netstate.disjoint_group_violations() IS
	'The disjoint groups that do not hold.';
