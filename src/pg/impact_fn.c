/*-------------------------------------------------------------------------
 *
 * impact_fn.c
 *	  SQL functions impact and impact_by_layer.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "argument.h"
#include "bitset.h"
#include "error.h"
#include "graph_cache.h"
#include "question_impact.h"

typedef struct ImpactCall
{
	ReturnSetInfo *rsinfo;
	MemoryContext caller;
	EnvPg		env;
	Impact		impact;
} ImpactCall;

static NsQuery demands = {
	.sql = "SELECT d.src_node_id, d.dst_node_id, d.gbps FROM netstate.demand d"
	" WHERE d.network_id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID}
};

/* Arguments kind and ids; then all that they take down is in the call. */
static void
impact_begin(ImpactCall *call, FunctionCallInfo fcinfo)
{
	const char *kind = argument_text(fcinfo, 0, "kind");
	NsIdList	ids = argument_ids(fcinfo, 1, "ids");

	memset(call, 0, sizeof(*call));
	hit_check_kind(kind);
	hit_check_rights();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	call->rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	call->caller = CurrentMemoryContext;
	env_pg_make(&call->env, CurrentMemoryContext, "netstate impact");
	MemoryContextSwitchTo(call->env.context);
	impact_evaluate(&call->impact, &call->env, kind, ids);
}

static void
impact_end(ImpactCall *call)
{
	MemoryContextSwitchTo(call->caller);
	env_pg_drop(&call->env);
}

/* ---- impact ---- */

#define IMPACT_COLUMNS 6
static void
impact_row(const Datum *value, const bool *null, void *state)
{
	ImpactCall *call = state;
	double		share = impact_share(&call->impact,
									 DatumGetInt64(value[SHOWN_LINK_ID]));
	Datum		values[IMPACT_COLUMNS];
	bool		nulls[IMPACT_COLUMNS] = {0};

	CHECK_FOR_INTERRUPTS();
	if (share < 0)
		return;
	memcpy(values, value, 4 * sizeof(Datum));	/* up to the link's name */
	values[4] = Float8GetDatum(share);
	nulls[5] = null[SHOWN_GBPS];
	values[5] = null[SHOWN_GBPS] ? (Datum) 0 :
		Float8GetDatum(share * DatumGetFloat8(value[SHOWN_GBPS]));
	tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc,
						 values, nulls);
}
#undef IMPACT_COLUMNS

PG_FUNCTION_INFO_V1(netstate_impact);

Datum
netstate_impact(PG_FUNCTION_ARGS)
{
	ImpactCall	call;

	impact_begin(&call, fcinfo);
	impact_show(&call.impact, impact_row, &call);
	impact_end(&call);
	return (Datum) 0;
}

/* ---- impact_by_layer ---- */

/* One network's totals; networks come in the order of the rows. */
typedef struct NetworkImpact
{
	int64		id;
	char	   *name;
	char	   *layer;
	int64		hit;
	IdSet		down;
	double		gbps;			/* NaN: of no link is the capacity known */
	int64		demands;
	double		demand_gbps;
} NetworkImpact;

typedef struct LayerCall
{
	ImpactCall	call;
	NetworkImpact *network;
	size_t		nnetworks;
	size_t		room;
} LayerCall;

static NetworkImpact *
new_network(LayerCall *call, const Datum *value)
{
	EnvPg	   *env = &call->call.env;
	MemoryContext old = MemoryContextSwitchTo(env->context);
	NetworkImpact *network;

	call->network = env_pg_grow(&env->env, call->network, &call->room,
								call->nnetworks + 1, sizeof(NetworkImpact));
	network = &call->network[call->nnetworks++];
	memset(network, 0, sizeof(*network));
	network->id = DatumGetInt64(value[SHOWN_NETWORK_ID]);
	network->name = TextDatumGetCString(value[SHOWN_NETWORK]);
	network->layer = TextDatumGetCString(value[SHOWN_LAYER]);
	network->gbps = NAN;
	id_set_make(&network->down, &env->env);
	MemoryContextSwitchTo(old);
	return network;
}

static void
layer_row(const Datum *value, const bool *null, void *state)
{
	LayerCall  *call = state;
	int64		id = DatumGetInt64(value[SHOWN_LINK_ID]);
	double		share = impact_share(&call->call.impact, id);
	NetworkImpact *network;

	if (share < 0)
		return;
	if (call->nnetworks == 0 ||
		call->network[call->nnetworks - 1].id != DatumGetInt64(value[SHOWN_NETWORK_ID]))
		new_network(call, value);
	network = &call->network[call->nnetworks - 1];
	if (share > 0)
		network->hit++;
	if (share == 1)
		id_set_add(&network->down, id);
	if (!null[SHOWN_GBPS])
		network->gbps = (isnan(network->gbps) ? 0 : network->gbps) +
			share * DatumGetFloat8(value[SHOWN_GBPS]);
}

typedef struct Demand
{
	int64		src_node_id;
	int64		dst_node_id;
	double		gbps;
} Demand;

typedef struct Demands
{
	NsEnv	   *env;
	Demand	   *demand;
	size_t		n;
	size_t		room;
	NsImpactPair *pair;			/* beside demand, once the graph is there */
} Demands;

static void
demand_row(const Datum *value, const bool *null, void *state)
{
	Demands    *d = state;

	d->demand = env_pg_grow(d->env, d->demand, &d->room, d->n + 1,
							sizeof(Demand));
	d->demand[d->n++] = (Demand) {
		DatumGetInt64(value[0]), DatumGetInt64(value[1]),
		DatumGetFloat8(value[2])
	};
}

/* Where the ends are in the graph; demands without both are left out. */
static void
find_ends(Demands *d, const NsGraph *g)
{
	size_t		n = 0;
	size_t		i;

	d->pair = env_pg_array(d->env, d->n, sizeof(NsImpactPair));
	for (i = 0; i < d->n; i++)
	{
		NsImpactPair pair = {
			ns_graph_find_node_id(g, d->demand[i].src_node_id),
			ns_graph_find_node_id(g, d->demand[i].dst_node_id)
		};

		CHECK_FOR_INTERRUPTS();
		if (pair.src < 0 || pair.dst < 0)
			continue;
		d->demand[n] = d->demand[i];
		d->pair[n++] = pair;
	}
	d->n = n;
}

/* The demands whose ends are connected now, and would not be any more. */
static void
lose_demands(LayerCall *call, NetworkImpact *network)
{
	NsEnv	   *env = &call->call.env.env;
	Demands		d = {.env = env};
	Datum		arg = Int64GetDatum(network->id);
	GraphRef	ref;
	const NsGraph *g;
	uint64_t   *gone;
	bool	   *before;
	bool	   *after;
	size_t		i;

	query_run(&demands, &arg, demand_row, &d);
	if (d.n == 0)
		return;
	graph_cache_get(network->name, &ref);
	g = ref.graph;
	find_ends(&d, g);
	gone = env_pg_array(env, ns_bits_words(g->nlinks), sizeof(uint64_t));
	ns_bits_zero(gone, ns_bits_words(g->nlinks));
	for (i = 0; i < network->down.n; i++)
	{
		int32_t		link = ns_graph_find_link(g, network->down.id[i]);

		if (link >= 0)
			ns_bit_set(gone, link);
	}
	error_check(ns_impact_connected(env, g, NULL, d.pair, d.n, &before),
				"impact");
	error_check(ns_impact_connected(env, g, gone, d.pair, d.n, &after),
				"impact");
	for (i = 0; i < d.n; i++)
	{
		if (!before[i] || after[i])
			continue;
		network->demands++;
		network->demand_gbps += d.demand[i].gbps;
	}
}

#define LAYER_COLUMNS 7
static void
put_network(LayerCall *call, const NetworkImpact *network)
{
	Datum		values[LAYER_COLUMNS];
	bool		nulls[LAYER_COLUMNS] = {0};

	values[0] = CStringGetTextDatum(network->name);
	values[1] = CStringGetTextDatum(network->layer);
	values[2] = Int64GetDatum(network->hit);
	values[3] = Int64GetDatum((int64) network->down.n);
	nulls[4] = isnan(network->gbps);
	values[4] = Float8GetDatum(network->gbps);
	values[5] = Int64GetDatum(network->demands);
	values[6] = Float8GetDatum(network->demand_gbps);
	tuplestore_putvalues(call->call.rsinfo->setResult,
						 call->call.rsinfo->setDesc, values, nulls);
}
#undef LAYER_COLUMNS

PG_FUNCTION_INFO_V1(netstate_impact_by_layer);

Datum
netstate_impact_by_layer(PG_FUNCTION_ARGS)
{
	LayerCall	call = {0};
	size_t		i;

	impact_begin(&call.call, fcinfo);
	impact_show(&call.call.impact, layer_row, &call);
	for (i = 0; i < call.nnetworks; i++)
	{
		if (call.network[i].down.n > 0)
			lose_demands(&call, &call.network[i]);
		put_network(&call, &call.network[i]);
	}
	impact_end(&call.call);
	return (Datum) 0;
}
