/*-------------------------------------------------------------------------
 *
 * graph_cache.c
 *	  The one door to a network's graph.
 *
 * Each call reads the tables, under the active snapshot: own uncommitted
 * changes are in the graph, those of others are not, and a standby answers as
 * its primary would have.  Nothing is kept from one call to the next.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "argument.h"
#include "env_pg.h"
#include "error.h"
#include "graph_cache.h"
#include "graph_load.h"
#include "name.h"
#include "query.h"

/* How a cost is called by users, and the column that holds it. */
static const struct
{
	const char *word;
	const char *column;
}			cost_words[NS_STORED_COSTS] = {
	[NS_COST_METRIC] = {"metric", "metric"},
	[NS_COST_LATENCY] = {"latency", "latency_us"},
	[NS_COST_LENGTH] = {"length", "length_km"},
};

void
graph_cache_get(const char *network, GraphRef *ref)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext graph_context;
	EnvPg		load;
	NsGraphBlock *built;
	NsGraphBlock *kept;
	NsGraph    *view;

	ref->network = network;
	ref->network_id = name_find_network(network);

	/* Rows and scratch go with "load"; what stays is the block. */
	env_pg_make(&load, caller, "netstate graph load");
	MemoryContextSwitchTo(load.context);
	built = graph_load(&load.env, ref->network_id, network);
	graph_context = AllocSetContextCreate(caller, "netstate graph",
										  ALLOCSET_DEFAULT_SIZES);
	kept = MemoryContextAllocExtended(graph_context, built->bytes,
									  MCXT_ALLOC_HUGE);
	memcpy(kept, built, built->bytes);
	view = MemoryContextAlloc(graph_context, sizeof(NsGraph));
	ns_graph_view(view, kept);
	MemoryContextSwitchTo(caller);
	env_pg_drop(&load);
	ref->graph = view;
}

int32_t
graph_cache_find_node(const GraphRef *ref, const char *node)
{
	return name_find_node(ref->graph, ref->network, node);
}

void
graph_cache_check_cost(const GraphRef *ref, NsCostKind cost)
{
	int32_t		missing = ns_missing_cost(ref->graph, cost);
	int64		id;
	const char *name;

	if (missing < 0)
		return;

	id = ns_link_id(ref->graph, missing);
	name = name_of_links(&id, 1)[0];
	if (name == NULL)
		name = "";
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("link \"%s\" has no %s", argument_shown(name),
					cost_words[cost].column),
			 errdetail("It is link " INT64_FORMAT " of network \"%s\" and in service, and the cost asked for is %s.",
					   id, argument_shown(ref->network),
					   cost_words[cost].word),
			 errhint("Set its %s, take it out of service, or ask for another cost.",
					 cost_words[cost].column)));
}
