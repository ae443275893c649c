/*-------------------------------------------------------------------------
 *
 * impact_fn.c
 *	  SQL functions impact and impact_by_layer.
 *
 * From the elements down to the links that fail with them (question_hit.c),
 * then up to all that rides on these, by src/core/impact.c.  What carries is
 * read as the tables' owner, as all risk is; the links that are shown are those
 * that the caller may see.
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
#include "env_pg.h"
#include "error.h"
#include "graph_cache.h"
#include "id_map.h"
#include "impact.h"
#include "query.h"
#include "question_hit.h"

typedef struct ImpactCall
{
	ReturnSetInfo *rsinfo;
	MemoryContext caller;
	EnvPg		env;
	HitLinks	hit;
	IdSet		affected;		/* what is hit, and all that rides on it */
	IdSet		all;			/* these, and all that they ride on */
	NsRiskSupport *support;
	size_t		nsupports;
	size_t		support_room;
	NsImpactLink *link;
	size_t		nlinks;
	size_t		link_room;
	NsIdMap		place;			/* of a link's id in link[] and share[] */
	double	   *share;
} ImpactCall;

/*
 * All supports of the links and of what rides on them.  OFFSET 0: the planner
 * takes a recursion for a thousand rows and would read the whole table.
 */
static NsQuery supports_above = {
	.sql = "WITH RECURSIVE up(id) AS ("
	" SELECT u.id FROM pg_catalog.unnest($1) AS u(id)"
	" UNION SELECT s.link_id FROM up CROSS JOIN LATERAL ("
	" SELECT t.link_id FROM netstate.link_support t"
	" WHERE t.supporting_link_id OPERATOR(pg_catalog.=) up.id OFFSET 0) s)"
	" SELECT s.link_id, s.member, s.supporting_link_id"
	" FROM up CROSS JOIN LATERAL (SELECT t.* FROM netstate.link_support t"
	" WHERE t.link_id OPERATOR(pg_catalog.=) up.id OFFSET 0) s",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.as_owner_of = "link_support",
	.by_array = true
};

static NsQuery capacities = {
	.sql = "SELECT l.id, l.level, l.capacity_gbps"
	" FROM pg_catalog.unnest($1) AS u(id) JOIN netstate.link l"
	" ON l.id OPERATOR(pg_catalog.=) u.id",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.as_owner_of = "link",
	.by_array = true
};

static NsQuery shown_links = {
	.sql = "SELECT n.name, n.layer, l.id, l.name, l.capacity_gbps, l.network_id"
	" FROM pg_catalog.unnest($1) AS u(id)"
	" JOIN netstate.link l ON l.id OPERATOR(pg_catalog.=) u.id"
	" JOIN netstate.network n ON n.id OPERATOR(pg_catalog.=) l.network_id"
	" ORDER BY n.level, n.name COLLATE pg_catalog.\"C\","
	" l.name COLLATE pg_catalog.\"C\"",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.by_array = true
};

static NsQuery demands = {
	.sql = "SELECT d.src_node_id, d.dst_node_id, d.gbps FROM netstate.demand d"
	" WHERE d.network_id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID}
};

static void
support_row(const Datum *value, const bool *null, void *state)
{
	ImpactCall *call = state;
	NsRiskSupport *support;

	call->support = env_pg_grow(&call->env.env, call->support,
								&call->support_room, call->nsupports + 1,
								sizeof(NsRiskSupport));
	support = &call->support[call->nsupports++];
	support->link_id = DatumGetInt64(value[0]);
	support->member = DatumGetInt32(value[1]);
	support->supporting_link_id = DatumGetInt64(value[2]);
}

static void
capacity_row(const Datum *value, const bool *null, void *state)
{
	ImpactCall *call = state;
	NsImpactLink *link;

	call->link = env_pg_grow(&call->env.env, call->link, &call->link_room,
							 call->nlinks + 1, sizeof(NsImpactLink));
	link = &call->link[call->nlinks++];
	link->id = DatumGetInt64(value[0]);
	link->level = DatumGetInt16(value[1]);
	link->capacity_gbps = null[2] ? NAN : DatumGetFloat8(value[2]);
	link->lost = 0;
}

static void
run_by_ids(NsQuery *query, const IdSet *ids, QueryRowFn row, void *state)
{
	Datum		array;

	if (ids->n == 0)
		return;
	CHECK_FOR_INTERRUPTS();
	array = id_array(ids->id, ids->n, sizeof(int64));
	query_run(query, &array, row, state);
	pfree(DatumGetPointer(array));
}

/* Read what rides on the links that are hit, and work out what it loses. */
static void
evaluate(ImpactCall *call)
{
	NsEnv	   *env = &call->env.env;
	NsImpactInput in;
	size_t		i;

	id_set_make(&call->affected, env);
	id_set_make(&call->all, env);
	run_by_ids(&supports_above, &call->hit.link, support_row, call);
	for (i = 0; i < call->hit.link.n; i++)
		id_set_add(&call->affected, call->hit.link.id[i]);
	for (i = 0; i < call->nsupports; i++)
		id_set_add(&call->affected, call->support[i].link_id);
	for (i = 0; i < call->affected.n; i++)
		id_set_add(&call->all, call->affected.id[i]);
	for (i = 0; i < call->nsupports; i++)
		id_set_add(&call->all, call->support[i].supporting_link_id);

	run_by_ids(&capacities, &call->all, capacity_row, call);
	error_check(ns_id_map_make(env, &call->place, &call->link[0].id,
							   call->nlinks, sizeof(NsImpactLink)), "impact");
	for (i = 0; i < call->hit.link.n; i++)
	{
		int32_t		place = ns_id_map_find(&call->place, call->hit.link.id[i]);

		if (place >= 0)
			call->link[place].lost = call->hit.lost[i];
	}
	in = (NsImpactInput) {call->link, call->nlinks, call->support,
	call->nsupports};
	error_check(ns_impact_shares(env, &in, &call->share), "impact");
}

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
	hit_links(&call->env.env, kind, ids, &call->hit);
	evaluate(call);
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
	int32_t		place = ns_id_map_find(&call->place, DatumGetInt64(value[2]));
	Datum		values[IMPACT_COLUMNS];
	bool		nulls[IMPACT_COLUMNS] = {0};

	CHECK_FOR_INTERRUPTS();
	if (place < 0)
		return;
	memcpy(values, value, 4 * sizeof(Datum));
	values[4] = Float8GetDatum(call->share[place]);
	nulls[5] = null[4];
	values[5] = null[4] ? (Datum) 0 :
		Float8GetDatum(call->share[place] * DatumGetFloat8(value[4]));
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
	run_by_ids(&shown_links, &call.affected, impact_row, &call);
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
	ImpactCall	impact;
	NetworkImpact *network;
	size_t		nnetworks;
	size_t		room;
} LayerCall;

static NetworkImpact *
new_network(LayerCall *call, const Datum *value)
{
	EnvPg	   *env = &call->impact.env;
	MemoryContext old = MemoryContextSwitchTo(env->context);
	NetworkImpact *network;

	call->network = env_pg_grow(&env->env, call->network, &call->room,
								call->nnetworks + 1, sizeof(NetworkImpact));
	network = &call->network[call->nnetworks++];
	memset(network, 0, sizeof(*network));
	network->id = DatumGetInt64(value[5]);
	network->name = TextDatumGetCString(value[0]);
	network->layer = TextDatumGetCString(value[1]);
	network->gbps = NAN;
	id_set_make(&network->down, &env->env);
	MemoryContextSwitchTo(old);
	return network;
}

static void
layer_row(const Datum *value, const bool *null, void *state)
{
	LayerCall  *call = state;
	int64		id = DatumGetInt64(value[2]);
	int32_t		place = ns_id_map_find(&call->impact.place, id);
	NetworkImpact *network;
	double		share;

	if (place < 0)
		return;
	share = call->impact.share[place];
	if (call->nnetworks == 0 ||
		call->network[call->nnetworks - 1].id != DatumGetInt64(value[5]))
		new_network(call, value);
	network = &call->network[call->nnetworks - 1];
	if (share > 0)
		network->hit++;
	if (share == 1)
		id_set_add(&network->down, id);
	if (!null[4])
		network->gbps = (isnan(network->gbps) ? 0 : network->gbps) +
			share * DatumGetFloat8(value[4]);
}

typedef struct Demands
{
	NsEnv	   *env;
	const NsGraph *g;
	NsImpactPair *pair;
	size_t		npairs;
	size_t		pair_room;
	double	   *gbps;
	size_t		gbps_room;
} Demands;

/* Demands whose ends the caller does not see are left out. */
static void
demand_row(const Datum *value, const bool *null, void *state)
{
	Demands    *d = state;
	NsImpactPair pair = {
		ns_graph_find_node_id(d->g, DatumGetInt64(value[0])),
		ns_graph_find_node_id(d->g, DatumGetInt64(value[1]))
	};

	if (pair.src < 0 || pair.dst < 0)
		return;
	d->pair = env_pg_grow(d->env, d->pair, &d->pair_room, d->npairs + 1,
						  sizeof(NsImpactPair));
	d->gbps = env_pg_grow(d->env, d->gbps, &d->gbps_room, d->npairs + 1,
						  sizeof(double));
	d->pair[d->npairs] = pair;
	d->gbps[d->npairs++] = DatumGetFloat8(value[2]);
}

/* The demands whose ends are connected now, and would not be any more. */
static void
lose_demands(LayerCall *call, NetworkImpact *network)
{
	NsEnv	   *env = &call->impact.env.env;
	Demands		d = {.env = env};
	Datum		arg = Int64GetDatum(network->id);
	GraphRef	ref;
	uint64_t   *gone;
	bool	   *before;
	bool	   *after;
	size_t		i;

	graph_cache_get(network->name, &ref);
	d.g = ref.graph;
	query_run(&demands, &arg, demand_row, &d);
	if (d.npairs == 0)
		return;
	gone = env_pg_array(env, ns_bits_words(d.g->nlinks), sizeof(uint64_t));
	ns_bits_zero(gone, ns_bits_words(d.g->nlinks));
	for (i = 0; i < network->down.n; i++)
	{
		int32_t		link = ns_graph_find_link(d.g, network->down.id[i]);

		if (link >= 0)
			ns_bit_set(gone, link);
	}
	error_check(ns_impact_connected(env, d.g, NULL, d.pair, d.npairs, &before),
				"impact");
	error_check(ns_impact_connected(env, d.g, gone, d.pair, d.npairs, &after),
				"impact");
	for (i = 0; i < d.npairs; i++)
	{
		if (!before[i] || after[i])
			continue;
		network->demands++;
		network->demand_gbps += d.gbps[i];
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
	tuplestore_putvalues(call->impact.rsinfo->setResult,
						 call->impact.rsinfo->setDesc, values, nulls);
}
#undef LAYER_COLUMNS

PG_FUNCTION_INFO_V1(netstate_impact_by_layer);

Datum
netstate_impact_by_layer(PG_FUNCTION_ARGS)
{
	LayerCall	call = {0};
	size_t		i;

	impact_begin(&call.impact, fcinfo);
	run_by_ids(&shown_links, &call.impact.affected, layer_row, &call);
	for (i = 0; i < call.nnetworks; i++)
	{
		if (call.network[i].down.n > 0)
			lose_demands(&call, &call.network[i]);
		put_network(&call, &call.network[i]);
	}
	impact_end(&call.impact);
	return (Datum) 0;
}
