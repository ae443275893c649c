/*-------------------------------------------------------------------------
 *
 * path_fn.c
 *	  SQL functions shortest_path and k_shortest_paths.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "error.h"
#include "path_call.h"

#define MAX_SHORTEST 100000		/* the largest k */

#define PATH_COLUMNS 4			/* cost, hops, nodes, links */

/* These columns of a path, from values[0] on. */
static void
path_values(PathCall *call, const NsPath *path, Datum *values)
{
	values[0] = path_call_cost(call, path->cost);
	values[1] = Int32GetDatum(path->nlinks);
	values[2] = path_call_nodes(call, path->node, path->nlinks + 1);
	values[3] = path_call_links(call, path->link, path->nlinks);
}

PG_FUNCTION_INFO_V1(netstate_shortest_path);

Datum
netstate_shortest_path(PG_FUNCTION_ARGS)
{
	PathArgs	args;
	PathCall	call;
	NsPath		path;
	bool		found;

	argument_path(fcinfo, 3, 4, &args);
	path_call_begin(&call, fcinfo, &args);
	error_check(ns_shortest_path(&call.scratch.env, call.ref.graph,
								 &call.query, &found, &path),
				path_call_subject(&call));
	graph_cache_searched(&call.ref, args.cost, path.steps);
	if (found)
	{
		MemoryContext old = path_call_row_begin(&call);
		Datum		values[PATH_COLUMNS];
		bool		nulls[PATH_COLUMNS] = {0};

		path_values(&call, &path, values);
		path_call_row_end(&call, old, values, nulls);
	}
	path_call_end(&call);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(netstate_k_shortest_paths);

Datum
netstate_k_shortest_paths(PG_FUNCTION_ARGS)
{
	PathArgs	args;
	PathCall	call;
	NsPath	   *path;
	int32_t		npaths;
	int32_t		k;
	int32_t		i;

	k = argument_int(fcinfo, 3, "k", 1, MAX_SHORTEST);
	argument_path(fcinfo, 4, 5, &args);
	path_call_begin(&call, fcinfo, &args);
	error_check(ns_k_shortest_paths(&call.scratch.env, call.ref.graph,
									&call.query, k, &path, &npaths),
				path_call_subject(&call));
	for (i = 0; i < npaths; i++)
	{
		MemoryContext old = path_call_row_begin(&call);
		Datum		values[1 + PATH_COLUMNS];
		bool		nulls[1 + PATH_COLUMNS] = {0};

		values[0] = Int32GetDatum(i + 1);
		path_values(&call, &path[i], values + 1);
		path_call_row_end(&call, old, values, nulls);
	}
	path_call_end(&call);
	return (Datum) 0;
}
