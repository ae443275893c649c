/*-------------------------------------------------------------------------
 *
 * path_call.c
 *	  What every SQL function on paths does: take the arguments, get the
 *	  graph, search in a region of its own, put out rows.
 *
 * Memory: all lives in "netstate path", which goes when the call ends: the
 * graph and node names in itself, what core allocates in "netstate path
 * scratch", a row's values in "netstate path row".
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "path_call.h"

#define MANY_NODES 8192			/* names of so many are kept during a call */

/* All but the query's ends, and what all links must have. */
static void
open_call(PathCall *call, FunctionCallInfo fcinfo, const char *network)
{
	memset(call, 0, sizeof(*call));
	/* A descriptor made anew would stay until the end of the query. */
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	call->rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	call->caller = CurrentMemoryContext;
	call->context = AllocSetContextCreate(call->caller, "netstate path",
										  ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(call->context);

	graph_cache_get(network, &call->ref);
	env_pg_make(&call->scratch, call->context, "netstate path scratch");
	call->row_context = AllocSetContextCreate(call->context,
											  "netstate path row",
											  ALLOCSET_DEFAULT_SIZES);
	if (call->ref.graph->nnodes <= MANY_NODES)
		call->node_name = palloc0_array(Datum, call->ref.graph->nnodes);
}

void
path_call_open(PathCall *call, FunctionCallInfo fcinfo, const char *network,
			   NsCostKind cost)
{
	open_call(call, fcinfo, network);
	graph_cache_check_cost(&call->ref, cost);
}

void
path_call_begin(PathCall *call, FunctionCallInfo fcinfo, const PathArgs *args)
{
	open_call(call, fcinfo, args->network);
	call->query.src = graph_cache_find_node(&call->ref, args->src);
	call->query.dst = graph_cache_find_node(&call->ref, args->dst);
	graph_cache_check_cost(&call->ref, args->cost);
	call->query.cost = args->cost;
	call->query.avoid_links = args->avoid_links;
	call->query.avoid_srlgs = args->avoid_srlgs;
}

void
path_call_end(PathCall *call)
{
	MemoryContextSwitchTo(call->caller);
	MemoryContextDelete(call->context);
}

const char *
path_call_subject(const PathCall *call)
{
	return psprintf("network \"%s\"", argument_shown(call->ref.network));
}

MemoryContext
path_call_row_begin(PathCall *call)
{
	CHECK_FOR_INTERRUPTS();
	return MemoryContextSwitchTo(call->row_context);
}

void
path_call_row_end(PathCall *call, MemoryContext old, Datum *values,
				  bool *nulls)
{
	tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc,
						 values, nulls);
	MemoryContextSwitchTo(old);
	MemoryContextReset(call->row_context);
}

Datum
path_call_cost(const PathCall *call, double cost)
{
	if (isinf(cost))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s: the cost of a path is out of range",
						path_call_subject(call)),
				 errdetail("The costs of its links add up to more than 1.8e308."),
				 errhint("Lower the costs, or leave the dearest links aside with avoid_links.")));
	return Float8GetDatum(cost);
}

/*
 * Names are made once a node, since k paths share most of theirs; but not where
 * a table of all nodes would take longer than the search.
 */
static Datum
node_name(PathCall *call, int32_t node)
{
	MemoryContext old;

	if (call->node_name == NULL)
		return CStringGetTextDatum(ns_node_name(call->ref.graph, node));
	if (call->node_name[node] != (Datum) 0)
		return call->node_name[node];
	old = MemoryContextSwitchTo(call->context);
	call->node_name[node] =
		CStringGetTextDatum(ns_node_name(call->ref.graph, node));
	MemoryContextSwitchTo(old);
	return call->node_name[node];
}

Datum
path_call_nodes(PathCall *call, const int32_t *node, int32_t n)
{
	Datum	   *name = palloc_array(Datum, n);
	int32_t		i;

	for (i = 0; i < n; i++)
		name[i] = node_name(call, node[i]);
	return PointerGetDatum(construct_array(name, n, TEXTOID, -1, false,
										   TYPALIGN_INT));
}

/* bigint[] of the ids of numbered elements. */
static Datum
ids_of(const NsGraph *graph,
	   int64_t (*id_of) (const NsGraph *graph, int32_t number),
	   const int32_t *number, int32_t n)
{
	Datum	   *value = palloc_array(Datum, n);
	int32_t		i;

	for (i = 0; i < n; i++)
		value[i] = Int64GetDatum(id_of(graph, number[i]));
	return PointerGetDatum(construct_array(value, n, INT8OID, sizeof(int64),
										   FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

Datum
path_call_links(PathCall *call, const int32_t *link, int32_t n)
{
	return ids_of(call->ref.graph, ns_link_id, link, n);
}

Datum
path_call_srlgs(PathCall *call, const int32_t *srlg, int32_t n)
{
	return ids_of(call->ref.graph, ns_srlg_id, srlg, n);
}
