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
