/*-------------------------------------------------------------------------
 *
 * zone_fn.c
 *	  SQL function least_latency, for zone_independence.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "argument.h"
#include "env_pg.h"
#include "error.h"
#include "graph_cache.h"
#include "nearest.h"

/* The nodes of these ids that are in the graph. */
static NsNodeList
nodes_of(EnvPg *env, const NsGraph *g, NsIdList ids)
{
	int32_t    *node = env_pg_array(&env->env, ids.n, sizeof(int32_t));
	size_t		n = 0;
	size_t		i;

	for (i = 0; i < ids.n; i++)
	{
		node[n] = ns_graph_find_node_id(g, ids.id[i]);
		if (node[n] >= 0)
			n++;
	}
	return (NsNodeList) {node, n};
}

PG_FUNCTION_INFO_V1(netstate_least_latency);

Datum
netstate_least_latency(PG_FUNCTION_ARGS)
{
	const char *network = argument_text(fcinfo, 0, "network");
	NsIdList	from = argument_ids(fcinfo, 1, "from_nodes");
	NsIdList	to = argument_ids(fcinfo, 2, "to_nodes");
	MemoryContext caller = CurrentMemoryContext;
	double		latency = INFINITY;
	EnvPg		env;
	GraphRef	ref;

	env_pg_make(&env, CurrentMemoryContext, "netstate latency");
	MemoryContextSwitchTo(env.context);
	graph_cache_get(network, &ref);
	if (ns_missing_cost(ref.graph, NS_COST_LATENCY) < 0)
		error_check(ns_nearest(&env.env, ref.graph, NS_COST_LATENCY,
							   nodes_of(&env, ref.graph, from),
							   nodes_of(&env, ref.graph, to), &latency),
					"latency between zones");
	MemoryContextSwitchTo(caller);
	env_pg_drop(&env);
	if (isinf(latency))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(latency);
}
