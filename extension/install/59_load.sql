-- Load: what a network's demands put on its links, and what happens to it when
-- links fail and bypasses take over.

--| The load of each link of `network` that is up, in each direction, and how full
--| it is.
--|
--| `load_gbps` of the link where it is given: that of the busier direction, and as
--| nobody says which that is, it counts in both. Else the network's demands on
--| their cheapest paths by `cost`, split as routers split over equal costs: at
--| each node equally over the links by which the destination can be reached at
--| least cost, parallel links among them. Of links that cost nothing those are
--| used that lead nearer by number of links.
--|
--| `avoid_links` and `avoid_srlgs` are what-ifs, as in `shortest_path`: load moves
--| to the cheapest paths without them, and links to avoid have no row.
--| `given => false` leaves `load_gbps` aside: a load that was measured does not
--| move with a what-if.
--|
--| - `link_id`: the link.
--| - `az_gbps`, `za_gbps`: load from A to Z, and from Z to A; 0 against the
--|   direction of a directed link.
--| - `capacity_gbps`: what failures beneath the link leave of its capacity
--|   (`link_state`); NULL where the capacity is unknown.
--| - `utilisation`: load of the busier direction over that capacity; above 1 it
--|   does not fit. NULL where the capacity is unknown, or nothing is on none.
--| - `given`: the load is `load_gbps`.
--|
--| Demands without a path load nothing: `unrouted_demands` has them. Errors: those
--| of `shortest_path`. Time: one sweep over the network for each node at which
--| demands end, and the derivation of what is carried.
CREATE FUNCTION netstate.link_load(
	network text,
	cost text DEFAULT 'metric',
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}',
	given boolean DEFAULT true)
RETURNS TABLE (link_id bigint, az_gbps double precision, za_gbps double precision,
	capacity_gbps double precision, utilisation double precision, given boolean)
LANGUAGE c STABLE PARALLEL SAFE COST 100000 ROWS 1000
AS 'MODULE_PATHNAME', 'netstate_link_load';

COMMENT ON FUNCTION netstate.link_load(text, text, bigint[], bigint[], boolean) IS
	'The load of each link of a network in each direction, and how full it is.';

--| The demands of `network` that no path can carry: no links that are up lead from
--| their source to their destination, without those in `avoid_links` and in the
--| groups of `avoid_srlgs`.
--|
--| Errors: 42704 unknown network, with the nearest name; 22004 NULL; 42501 no
--| SELECT on the tables. Time: a walk over the network; where links are directed
--| one for each node at which demands begin.
CREATE FUNCTION netstate.unrouted_demands(
	network text,
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}')
RETURNS TABLE (demand_id bigint, src text, dst text, gbps double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 10
AS 'MODULE_PATHNAME', 'netstate_unrouted_demands';

COMMENT ON FUNCTION netstate.unrouted_demands(text, bigint[], bigint[]) IS
	'The demands of a network that no path can carry.';

--| What happens to the load of `network` when a risk strikes, until the network
--| has computed its paths anew: which links overflow, after any one event, and
--| after two that have nothing to do with each other. docs/contention.md says how
--| it is worked out, and what is assumed.
--|
--| An event is whatever takes the same part of the same links: groups of shared
--| risk, stated or derived, and a link by itself. It strikes with all that it can
--| hit. The part `share` of a link's load, as `link_load` has it, moves onto the
--| link's bypass: the first one provisioned for all of it (`bypass`) of which the
--| event hits no link; where none is provisioned, the one that `bypass_paths`
--| gives.
--|
--| - `srlgs`, `link_id`: the event: groups, by their ids; the link where it is a
--|   link by itself, with the groups that take just this link.
--| - `second_srlgs`, `second_link_id`: the second event; NULL for a single one.
--| - `moved_gbps`: load that bypasses take, of both directions; `unprotected_gbps`:
--|   load that nothing carries: no bypass, none that the event leaves, or an end
--|   of the link goes as well.
--| - `over_link_id`, `a_to_z`: a link that overflows, and in which direction; NULL
--|   where the event overflows none. `load_gbps` before the event, `added_gbps` by
--|   bypasses, `capacity_gbps` what is left of its capacity (as in `link_load`),
--|   `over_gbps` load above that.
--| - `probability`: that it happens within a year. For two events: that the second
--|   comes while the bypasses of the first are in use, for `recompute_s` seconds,
--|   or until it is repaired, if that is sooner. NULL where no MTBF is known.
--|
--| Single events come first, the worst overflow first, with a row for each link
--| that overflows, or one for none. Then `most` (0 to 1,000,000) pairs, the
--| likeliest first, then by how much overflows; those without a known MTBF last.
--| A pair has no link in common, and neither event overflows the link alone.
--|
--| `cost`, `avoid_links`, `avoid_srlgs` and `given` are those of `link_load`.
--|
--| Errors: those of `link_load`; 22023 `recompute_s` is negative or not finite, or
--| `most` out of range; 42501 no SELECT on `bypass`. Time: that of `link_load`,
--| a search for each link with load, and memberships times the length of bypasses.
CREATE FUNCTION netstate.bypass_contention(
	network text,
	cost text DEFAULT 'metric',
	recompute_s double precision DEFAULT 300,
	most integer DEFAULT 100,
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}',
	given boolean DEFAULT true)
RETURNS TABLE (srlgs bigint[], link_id bigint, second_srlgs bigint[], second_link_id bigint,
	moved_gbps double precision, unprotected_gbps double precision,
	over_link_id bigint, a_to_z boolean, load_gbps double precision, added_gbps double precision,
	capacity_gbps double precision, over_gbps double precision, probability double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 1000000 ROWS 1000
AS 'MODULE_PATHNAME', 'netstate_bypass_contention';

COMMENT ON FUNCTION netstate.bypass_contention(text, text, double precision, integer, bigint[], bigint[], boolean) IS
	'Which links bypasses overflow, after any one event and after two, and how likely.';
