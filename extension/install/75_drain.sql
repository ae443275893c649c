-- Drains, judged: what they leave of disjoint groups and of demands.
--
-- COMMIT refuses what a drain in mode enforce must not leave
-- (commit_check_drain.c); here is what can be asked for.

--| What drains that are not restored, in mode `monitor` or `enforce`, leave
--| worse than the other drains do, in the columns of `violation`: one row for
--| each drain and group or demand, at the first instant that has it. A drain is
--| judged at the beginning of its time and at each instant within at which another begins,
--| with all drains that count then and all that is out of service now:
--|
--| - a disjoint group (unless `off`) keeps fewer than `min_members` members that
--|   carry traffic, and has more without the drain;
--| - a demand has no path left; or a link, a node or a group that takes all of
--|   the links that it hits separates its ends alone, and did not without the
--|   drain. The ends themselves, and groups that take one down, do not count.
--|
--| A drain counts during its time; one that is `draining` or `drained` also
--| before that, and when its time is over until it is restored. A drain in mode
--| `enforce` is here when something failed since it was entered. Fails with 42501
--| without SELECT on the tables of drains, groups, demands and risk. Costs two
--| derivations of what the drains touch, and one walk through the graphs, for each
--| instant; nothing more where nothing is lost with all drains at once.
CREATE FUNCTION netstate.drain_violations()
RETURNS TABLE (policy text, mode text, network_id bigint, vpc_id bigint,
	subject_kind text, subject_id bigint, subject text, detail text, hint text,
	waived_until timestamptz)
LANGUAGE c STABLE PARALLEL SAFE COST 100000 ROWS 10
AS 'MODULE_PATHNAME', 'netstate_drain_violations';

COMMENT ON FUNCTION netstate.drain_violations() IS
	'What drains leave of disjoint groups and of demands that they must not, in the columns of violation.';

--| What a drain, or one that is only thought of, leaves worse at each instant
--| (`at`) of its time at which a drain begins; no rows: nothing. Give `drain`, an
--| id, whatever its mode and state; or `kinds` and `ids` of elements, as many
--| kinds as ids or one for all, and `during`.
--|
--| - `subject_kind` is `disjoint_group`, with `members_left` that carry traffic and
--|   the `min_members` that it wants; or `demand`, of `network_id`.
--| - `cause_kind` (link, node, srlg), `cause_id` and `cause` say what alone then
--|   separates the ends of the demand; NULL: it has no path left.
--|
--| At most 1,000 rows an instant. Names are those that the caller may read.
--| Errors: 42704 no such drain; 22023 an unknown kind, kinds that do not go with
--| the ids, a time without a start or an end, both or neither of drain and
--| elements; 22004 a NULL in a list; 42501 as for `drain_violations`.
CREATE FUNCTION netstate.drain_effect(
	drain bigint DEFAULT NULL,
	kinds text[] DEFAULT NULL,
	ids bigint[] DEFAULT NULL,
	during tstzrange DEFAULT NULL)
RETURNS TABLE (at timestamptz, subject_kind text, subject_id bigint, subject text,
	network_id bigint, members_left integer, min_members integer,
	cause_kind text, cause_id bigint, cause text)
LANGUAGE c STABLE PARALLEL SAFE COST 100000 ROWS 10
AS 'MODULE_PATHNAME', 'netstate_drain_effect';

COMMENT ON FUNCTION netstate.drain_effect(bigint, text[], bigint[], tstzrange) IS
	'What a drain, or one that is only thought of, leaves worse at each instant of its time.';

--| When elements can be drained for so long without leaving anything worse: the
--| first `most` windows between `earliest` and `latest`, in order, none
--| overlapping another. A window begins at `earliest`, or when another drain is
--| over; any later time serves as well until another drain begins. `kinds` and
--| `ids` as for `drain_effect`. No rows: there is no such window, and
--| `drain_effect` says why. What is out of service now is taken to stay so.
--|
--| Errors: those of `drain_effect`; 22023 a duration that is not above 0, times
--| that are not finite; 22004 a NULL.
CREATE FUNCTION netstate.drain_window(
	kinds text[],
	ids bigint[],
	duration interval,
	earliest timestamptz DEFAULT pg_catalog.now(),
	latest timestamptz DEFAULT pg_catalog.now() OPERATOR(pg_catalog.+) '30 days'::pg_catalog.interval,
	most integer DEFAULT 5)
RETURNS TABLE (during tstzrange)
LANGUAGE c STABLE PARALLEL SAFE COST 100000 ROWS 5
AS 'MODULE_PATHNAME', 'netstate_drain_window';

COMMENT ON FUNCTION netstate.drain_window(text[], bigint[], interval, timestamptz, timestamptz, integer) IS
	'When elements can be drained for so long without leaving anything worse.';
