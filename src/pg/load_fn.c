/*-------------------------------------------------------------------------
 *
 * load_fn.c
 *	  SQL functions link_load and unrouted_demands.
 *
 * Memory: all lives in the region "netstate load", which goes when the call
 * ends.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "argument.h"
#include "error.h"
#include "impact.h"
#include "load_read.h"

typedef struct LoadCall
{
	ReturnSetInfo *rsinfo;
	MemoryContext caller;
	EnvPg		env;
	GraphRef	ref;
	LoadDemands demands;
	const char *subject;		/* of errors */
} LoadCall;

/* Arguments have been read; then graph and demands are in the call. */
static void
load_begin(LoadCall *call, FunctionCallInfo fcinfo, const char *network)
{
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	call->rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	call->caller = CurrentMemoryContext;
	env_pg_make(&call->env, CurrentMemoryContext, "netstate load");
	MemoryContextSwitchTo(call->env.context);
	graph_cache_get(network, &call->ref);
	call->subject = psprintf("network \"%s\"", argument_shown(call->ref.network));
	load_read_demands(&call->env, &call->ref, &call->demands);
}

static void
load_end(LoadCall *call)
{
	MemoryContextSwitchTo(call->caller);
	env_pg_drop(&call->env);
}

/* ---- link_load ---- */

#define LOAD_COLUMNS 6
static void
put_link(LoadCall *call, const LoadLinks *links, const NsLoad *load,
		 int32_t link, bool given)
{
	const double *gbps = &load->gbps[2 * (size_t) link];
	double		capacity = links->capacity_gbps[link];
	double		busier = Max(gbps[0], gbps[1]);
	Datum		values[LOAD_COLUMNS];
	bool		nulls[LOAD_COLUMNS] = {0};

	values[0] = Int64GetDatum(ns_link_id(call->ref.graph, link));
	values[1] = Float8GetDatum(gbps[0]);
	values[2] = Float8GetDatum(gbps[1]);
	values[3] = Float8GetDatum(capacity);
	nulls[3] = isnan(capacity);
	values[4] = Float8GetDatum(busier / capacity);
	nulls[4] = isnan(busier / capacity);
	values[5] = BoolGetDatum(given && !isnan(links->given_gbps[link]));
	tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc,
						 values, nulls);
}
#undef LOAD_COLUMNS

PG_FUNCTION_INFO_V1(netstate_link_load);

Datum
netstate_link_load(PG_FUNCTION_ARGS)
{
	const char *network = argument_text(fcinfo, 0, "network");
	NsLoadQuery query = {
		.cost = argument_cost(fcinfo, 1),
		.avoid_links = argument_ids(fcinfo, 2, "avoid_links"),
		.avoid_srlgs = argument_ids(fcinfo, 3, "avoid_srlgs")
	};
	bool		given = argument_bool(fcinfo, 4, "given");
	LoadCall	call = {0};
	LoadLinks	links;
	NsLoad		load;
	int32_t		link;

	load_begin(&call, fcinfo, network);
	graph_cache_check_cost(&call.ref, query.cost);
	load_read_links(&call.env, &call.ref, &links);
	query.demand = call.demands.demand;
	query.ndemands = call.demands.n;
	error_check(ns_load(&call.env.env, call.ref.graph, &query, &load),
				call.subject);
	if (given)
		load_take_given(&call.ref, &links, &load);
	for (link = 0; link < call.ref.graph->nlinks; link++)
	{
		CHECK_FOR_INTERRUPTS();
		if (ns_link_up(call.ref.graph, link) && !ns_bit_get(load.avoided, link))
			put_link(&call, &links, &load, link, given);
	}
	load_end(&call);
	return (Datum) 0;
}

/* ---- unrouted_demands ---- */

/* The links of a query that are not to be used, as a set. */
static uint64_t *
avoided_links(LoadCall *call, NsIdList avoid_links, NsIdList avoid_srlgs)
{
	NsLoadQuery nothing = {
		.cost = NS_COST_HOPS,
		.avoid_links = avoid_links,.avoid_srlgs = avoid_srlgs
	};
	NsLoad		load;

	error_check(ns_load(&call->env.env, call->ref.graph, &nothing, &load),
				call->subject);
	return load.avoided;
}

#define UNROUTED_COLUMNS 4
static void
put_demand(LoadCall *call, size_t i)
{
	const NsGraph *g = call->ref.graph;
	const NsDemand *demand = &call->demands.demand[i];
	Datum		values[UNROUTED_COLUMNS];
	bool		nulls[UNROUTED_COLUMNS] = {0};

	values[0] = Int64GetDatum(call->demands.id[i]);
	values[1] = CStringGetTextDatum(ns_node_name(g, demand->src));
	values[2] = CStringGetTextDatum(ns_node_name(g, demand->dst));
	values[3] = Float8GetDatum(demand->gbps);
	tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc,
						 values, nulls);
}
#undef UNROUTED_COLUMNS

PG_FUNCTION_INFO_V1(netstate_unrouted_demands);

Datum
netstate_unrouted_demands(PG_FUNCTION_ARGS)
{
	const char *network = argument_text(fcinfo, 0, "network");
	NsIdList	avoid_links = argument_ids(fcinfo, 1, "avoid_links");
	NsIdList	avoid_srlgs = argument_ids(fcinfo, 2, "avoid_srlgs");
	LoadCall	call = {0};
	NsImpactPair *pair;
	bool	   *connected;
	size_t		i;

	load_begin(&call, fcinfo, network);
	pair = env_pg_array(&call.env.env, call.demands.n, sizeof(NsImpactPair));
	for (i = 0; i < call.demands.n; i++)
		pair[i] = (NsImpactPair) {call.demands.demand[i].src,
		call.demands.demand[i].dst};
	error_check(ns_impact_connected(&call.env.env, call.ref.graph,
									avoided_links(&call, avoid_links, avoid_srlgs),
									pair, call.demands.n, &connected),
				call.subject);
	for (i = 0; i < call.demands.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!connected[i])
			put_demand(&call, i);
	}
	load_end(&call);
	return (Datum) 0;
}
