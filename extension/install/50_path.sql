-- Paths: questions on one network's graph, answered in C from the rows that
-- the query's own snapshot shows.

--| The cheapest path from node `src` to node `dst` of `network`, one row or none.
--|
--| `cost` is what is added up: `metric` (default), `latency` (us), `length` (km)
--| or `hops`. Links in `avoid_links`, and all links of the groups in
--| `avoid_srlgs`, are not used; ids that do not exist do no harm. Links count
--| that are up (`link_state`): in service with both nodes, and with something
--| left of all that they ride on. Among equal costs: fewer links, then the
--| smaller sequence of link ids. `src = dst` gives the empty path.
--|
--| Returns `cost`, `hops` (number of links), `nodes` (names, from `src` to `dst`)
--| and `links` (ids, in order).
--|
--| Errors: 42704 unknown network or node, with the nearest name; 22023 a link in
--| service without the cost asked for (it is named), or an argument out of
--| range; 22004 an argument or an element is NULL; 22003 the cost of the path is
--| more than a double holds; 42501 no SELECT on the tables; 53400
--| `netstate.memory_limit` or `netstate.cache_memory` reached. Time: a look at the
--| graph, a few microseconds when nothing has changed, and a search that visits
--| a small part of a large network.
CREATE FUNCTION netstate.shortest_path(
	network text,
	src text,
	dst text,
	cost text DEFAULT 'metric',
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}')
RETURNS TABLE (cost double precision, hops integer, nodes text[], links bigint[])
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 1
AS 'MODULE_PATHNAME', 'netstate_shortest_path';

COMMENT ON FUNCTION netstate.shortest_path(text, text, text, text, bigint[], bigint[]) IS
	'The cheapest path between two nodes of a network: cost, number of links, names of nodes, ids of links.';

--| The `k` (1 to 100,000) cheapest paths without loops from node `src` to node
--| `dst` of `network`, in order of cost; fewer rows only when no more exist.
--| Parallel links make different paths. The other arguments, the columns after
--| `path` (1, 2, ...) and the errors are those of `shortest_path`. `src = dst`
--| gives the empty path alone.
--|
--| Time: a look at the graph, then about k times (path length) short searches.
CREATE FUNCTION netstate.k_shortest_paths(
	network text,
	src text,
	dst text,
	k integer,
	cost text DEFAULT 'metric',
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}')
RETURNS TABLE (path integer, cost double precision, hops integer, nodes text[], links bigint[])
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 10
AS 'MODULE_PATHNAME', 'netstate_k_shortest_paths';

COMMENT ON FUNCTION netstate.k_shortest_paths(text, text, text, integer, text, bigint[], bigint[]) IS
	'The k cheapest loopless paths between two nodes of a network, in order of cost.';

--| `k` (1 to 64) paths from node `src` to node `dst` of `network` that share no
--| risk, of least total cost: exact.
--|
--| `disjoint` lists what they must not share: `link` (implied: each link is a risk
--| of its own), `node` (all but the two ends), `srlg` (groups, stated or risen
--| from what a link rides on). Groups that take down `src` or `dst` itself do not
--| count, nor do those in `ignore_srlgs`, nor memberships below `min_probability`
--| or `min_share` (0 to 1) or with a share of 0.
--|
--| `strict` (default): no rows mean that it is *proven* that no such paths exist.
--| With `strict => false` the paths may share what they must: the fewest groups,
--| then nodes, then links, that at least two of them use, and then the least
--| cost; they may coincide, and no rows mean that there is no path at all.
--|
--| Returns `path` (1, 2, ... in order of cost), `cost`, `hops`, `nodes`, `links`
--| as `shortest_path` does; `shared_srlgs`, `shared_nodes`, `shared_links`: what
--| this path shares with another of them; and, the same in every row, `optimal`
--| (proven, to 1e-9 of the cost) and `lower_bound`, below which no total cost
--| can be. A search that reaches `netstate.search_budget` gives the best paths
--| found with `optimal` false.
--|
--| Errors: those of `shortest_path`; 22023 `src = dst`, an unknown word in
--| `disjoint`, `k` or a threshold out of range; 53400 the budget was reached
--| before any paths were found or excluded (the hint says what to raise).
--|
--| Time: a look at the graph, then below a millisecond for a few hundred nodes;
--| the question is NP-hard, so the budget bounds the worst case.
CREATE FUNCTION netstate.disjoint_paths(
	network text,
	src text,
	dst text,
	k integer DEFAULT 2,
	disjoint text[] DEFAULT '{link,srlg}',
	strict boolean DEFAULT true,
	cost text DEFAULT 'metric',
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}',
	ignore_srlgs bigint[] DEFAULT '{}',
	min_probability double precision DEFAULT 0,
	min_share double precision DEFAULT 0)
RETURNS TABLE (path integer, cost double precision, hops integer, nodes text[], links bigint[],
	shared_srlgs bigint[], shared_nodes text[], shared_links bigint[],
	optimal boolean, lower_bound double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 2
AS 'MODULE_PATHNAME', 'netstate_disjoint_paths';

COMMENT ON FUNCTION netstate.disjoint_paths(text, text, text, integer, text[], boolean, text, bigint[], bigint[], bigint[], double precision, double precision) IS
	'Paths between two nodes of a network that share no link, node or risk group, of least total cost.';

--| What stands alone between node `src` and node `dst` of `network`: each group,
--| node or link that every path uses, so that no two paths can avoid sharing it.
--|
--| The arguments are those of `disjoint_paths`; there is no `cost`, since it does
--| not matter. Groups are listed where `disjoint` has `srlg`, nodes where it has
--| `node`, links always. Empty does not mean that disjoint paths exist: two
--| groups may stand in the way together. Empty too where no path exists at all.
--|
--| Returns `kind` (`srlg`, `node` or `link`), `id` and `name` (NULL for a group
--| that the caller may not read), in order of kind and id. Ask what remains when
--| the cutting groups are left aside with `disjoint_paths(..., ignore_srlgs =>
--| array(SELECT id FROM netstate.disjoint_obstacles(...) WHERE kind = 'srlg'))`.
--|
--| Errors: those of `disjoint_paths`, except for the cost and the budget. Time:
--| a look at the graph, then a few searches.
CREATE FUNCTION netstate.disjoint_obstacles(
	network text,
	src text,
	dst text,
	disjoint text[] DEFAULT '{link,srlg}',
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}',
	ignore_srlgs bigint[] DEFAULT '{}',
	min_probability double precision DEFAULT 0,
	min_share double precision DEFAULT 0)
RETURNS TABLE (kind text, id bigint, name text)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 10
AS 'MODULE_PATHNAME', 'netstate_disjoint_obstacles';

COMMENT ON FUNCTION netstate.disjoint_obstacles(text, text, text, text[], bigint[], bigint[], bigint[], double precision, double precision) IS
	'Each group, node or link that alone separates two nodes of a network.';
