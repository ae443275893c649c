/*-------------------------------------------------------------------------
 *
 * graph_fn.c
 *	  SQL functions on the graph that paths are answered from: graph_status,
 *	  graph_check.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "argument.h"
#include "difference.h"
#include "env_pg.h"
#include "error.h"
#include "graph_cache.h"

PG_FUNCTION_INFO_V1(netstate_graph_status);

static int32
count_srlgs(const NsGraph *g)
{
	int32		n = 0;
	int32		i;

	for (i = 0; i < g->nsrlgs; i++)
		if (ns_srlg_links(g, i).n > 0)
			n++;
	return n;
}

/* Of the links that are up and have one. */
static double
total_metric(const NsGraph *g)
{
	double		total = 0;
	int32		i;

	for (i = 0; i < g->nlinks; i++)
	{
		double		metric;

		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (!ns_link_up(g, i))
			continue;
		metric = ns_link_cost(g, NS_COST_METRIC, i);
		if (!isnan(metric))
			total += metric;
	}
	return total;
}

#define STATUS_COLUMNS 13
Datum
netstate_graph_status(PG_FUNCTION_ARGS)
{
	const char *network = argument_text(fcinfo, 0, "network");
	TupleDesc	desc;
	GraphRef	ref;
	CacheStatus status;
	Datum		values[STATUS_COLUMNS];
	bool		nulls[STATUS_COLUMNS] = {0};
	HeapTuple	tuple;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	graph_cache_get(network, &ref);
	graph_cache_status(&ref, &status);

	values[0] = Int32GetDatum(ref.graph->npresent);
	values[1] = Int32GetDatum(ref.graph->nup);
	values[2] = Int32GetDatum(count_srlgs(ref.graph));
	values[3] = Float8GetDatum(total_metric(ref.graph));
	values[4] = Int64GetDatum((int64) status.bytes);
	values[5] = Int64GetDatum((int64) status.landmark_bytes);
	values[6] = Int64GetDatum(status.builds);
	values[7] = Int64GetDatum(status.deltas);
	values[8] = Int64GetDatum(status.hits);
	values[9] = BoolGetDatum(status.shared);
	values[10] = Int64GetDatum((int64) status.patched);
	values[11] = TimestampTzGetDatum(status.built_at);
	values[12] = TimestampTzGetDatum(status.refreshed_at);
	nulls[11] = nulls[12] = status.built_at == 0;
	tuple = heap_form_tuple(BlessTupleDesc(desc), values, nulls);
	PG_RETURN_DATUM(HeapTupleGetDatum(tuple));
}
#undef STATUS_COLUMNS

PG_FUNCTION_INFO_V1(netstate_graph_check);

Datum
netstate_graph_check(PG_FUNCTION_ARGS)
{
	const char *network = argument_text(fcinfo, 0, "network");
	MemoryContext caller = CurrentMemoryContext;
	EnvPg		env;
	GraphRef	kept;
	GraphRef	fresh;
	int64_t		n;

	env_pg_make(&env, caller, "netstate graph check");
	MemoryContextSwitchTo(env.context);
	graph_cache_get(network, &kept);
	graph_cache_read(network, &fresh);
	error_check(ns_graph_differences(&env.env, kept.graph, fresh.graph, &n),
				psprintf("network \"%s\"", argument_shown(network)));
	MemoryContextSwitchTo(caller);
	env_pg_drop(&env);
	PG_RETURN_INT64(n);
}
