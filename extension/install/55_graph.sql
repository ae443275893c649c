-- The graph that paths are answered from: what it holds, and whether it is
-- what the tables hold.

--| What the functions on paths are answered from, for `network`, right now and
--| for this caller: one row.
--|
--| `nodes`, `links` (those that are up), `srlgs` (groups with such links) and
--| `total_metric` (of the links that have one) describe the graph; `bytes` is
--| what it takes, names included, and `landmark_bytes` what the landmarks take
--| that lead searches in it, once they are made. `shared` says whether its block is the one in shared memory
--| that all sessions use, `patched` how many nodes, links and groups have changed
--| since that block was made. `builds`, `deltas` and `hits` count, for this
--| session, how often the graph was got whole, brought up to date by what had
--| changed, or right as it was. `built_at` is when the block was read from the
--| tables, `refreshed_at` when a change was taken in last; both are NULL where
--| the graph is not kept: a caller from whom row-level security hides rows, or
--| triggers of the log that are not in place.
--|
--| Errors: 42704 unknown network, with the nearest name; 22004 NULL; 42501 no
--| SELECT on the tables; 53400 the graph is larger than a limit. Time: that of a
--| path function's look at the graph, and a walk over its links.
CREATE FUNCTION netstate.graph_status(
	network text,
	OUT nodes integer,
	OUT links integer,
	OUT srlgs integer,
	OUT total_metric double precision,
	OUT bytes bigint,
	OUT landmark_bytes bigint,
	OUT builds bigint,
	OUT deltas bigint,
	OUT hits bigint,
	OUT shared boolean,
	OUT patched bigint,
	OUT built_at timestamptz,
	OUT refreshed_at timestamptz)
RETURNS record
LANGUAGE c STABLE PARALLEL SAFE COST 10000
AS 'MODULE_PATHNAME', 'netstate_graph_status';

COMMENT ON FUNCTION netstate.graph_status(text) IS
	'What the functions on paths are answered from: the size of a network''s graph, and how it came.';

--| In how many nodes, links and groups the graph that this caller is answered
--| from differs from one read from the tables under the same snapshot. It is
--| always 0; any other answer is a bug, or a superuser changed rows past the
--| triggers. Errors: those of `graph_status`. Time: reading the whole network.
CREATE FUNCTION netstate.graph_check(network text) RETURNS bigint
LANGUAGE c STABLE PARALLEL SAFE COST 1000000
AS 'MODULE_PATHNAME', 'netstate_graph_check';

COMMENT ON FUNCTION netstate.graph_check(text) IS
	'In how many elements the graph that is kept differs from the tables: always 0.';
