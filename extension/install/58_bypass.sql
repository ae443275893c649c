-- Bypasses: the ways around links, the tunnels made of them, and which of those
-- do not protect.

--| A bypass for each of these links of `network`, or for every link where `links`
--| is NULL: the cheapest path from the link's A to its Z that avoids the link and
--| every link that shares a group with it. One row a link, in order of
--| `link_id`; **no row: there is none**, which is proven, or the link is not up
--| (`link_state`), or not in the network.
--|
--| `disjoint`, `ignore_srlgs`, `min_probability` and `min_share` say which groups
--| count, as in `disjoint_paths`: not those that take down one of the link's two
--| ends, since no bypass helps there. `link` is implied; `node` asks for nothing
--| more, since a link has no inner nodes. Without `srlg` only the link itself is
--| avoided. `cost`, `avoid_links` and `avoid_srlgs` are those of
--| `shortest_path`, and so is the order among equal costs.
--|
--| *Capacity* (`capacity_gbps` times `carried`) comes before cost: the cheapest
--| path that carries what the link carries; where there is none, the path that
--| carries most, and the cheapest among these. A capacity that is not known is
--| taken for enough, on either side.
--|
--| `strict => false` gives a path where every one shares something: that with the
--| fewest groups shared, then capacity, then cost. That there are no fewer is
--| proven where the groups that no path avoids suffice, or these and one more;
--| else the number is that of a path along which the shared groups of each link
--| add up to the least. No row then means that there is no other path at all.
--|
--| `reverse => true` asks for the paths from Z to A; links that are `directed` have
--| none. In a network without directed links they are those from A to Z, read
--| from their ends, but for ties.
--|
--| Returns `link_id`; `cost`, `hops`, `nodes` and `links` as `shortest_path` does;
--| `bottleneck_gbps`, the least capacity on the path (NULL: none is known); and
--| `shared_srlgs`, the groups that it shares with the link.
--|
--| Errors: those of `shortest_path`; 22023 an unknown word in `disjoint`, or a
--| threshold out of range. Time: a look at the graph, a scan of the network's
--| links for their capacities, then some microseconds a link. See docs/bypass.md.
CREATE FUNCTION netstate.bypass_paths(
	network text,
	links bigint[] DEFAULT NULL,
	disjoint text[] DEFAULT '{link,srlg}',
	strict boolean DEFAULT true,
	cost text DEFAULT 'metric',
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}',
	ignore_srlgs bigint[] DEFAULT '{}',
	min_probability double precision DEFAULT 0,
	min_share double precision DEFAULT 0,
	reverse boolean DEFAULT false)
RETURNS TABLE (link_id bigint, cost double precision, hops integer, nodes text[], links bigint[],
	bottleneck_gbps double precision, shared_srlgs bigint[])
LANGUAGE c STABLE PARALLEL SAFE COST 100000 ROWS 1000
AS 'MODULE_PATHNAME', 'netstate_bypass_paths';

COMMENT ON FUNCTION netstate.bypass_paths(text, bigint[], text[], boolean, text, bigint[], bigint[], bigint[], double precision, double precision, boolean) IS
	'A path around each link of a network that what takes the link down leaves.';

