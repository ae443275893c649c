/*-------------------------------------------------------------------------
 *
 * load_read.c
 *	  What load is worked out from: the links of a network with what is left of
 *	  their capacity, its demands, and the load that was given.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "bypass_read.h"
#include "load_read.h"
#include "query.h"

static NsQuery links_of_network = {
	.sql = "SELECT l.id, l.load_gbps, l.mtbf_hours, l.mttr_hours"
	" FROM netstate.link l WHERE l.network_id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID}
};

static NsQuery demands_of_network = {
	.sql = "SELECT d.id, d.src_node_id, d.dst_node_id, d.gbps"
	" FROM netstate.demand d WHERE d.network_id OPERATOR(pg_catalog.=) $1"
	" ORDER BY d.id",
	.nargs = 1,
	.argtype = {INT8OID}
};

/* ---- links ---- */

typedef struct LinkReader
{
	const NsGraph *graph;
	LoadLinks  *links;
} LinkReader;

static double
value_or_nan(Datum value, bool null)
{
	return null ? NAN : DatumGetFloat8(value);
}

static void
link_row(const Datum *value, const bool *null, void *state)
{
	LinkReader *reader = state;
	int32_t		link = ns_graph_find_link(reader->graph, DatumGetInt64(value[0]));

	CHECK_FOR_INTERRUPTS();
	if (link < 0)
		return;
	reader->links->given_gbps[link] = value_or_nan(value[1], null[1]);
	reader->links->mtbf_hours[link] = value_or_nan(value[2], null[2]);
	reader->links->mttr_hours[link] = value_or_nan(value[3], null[3]);
}

static double *
all_unknown(EnvPg *env, int32_t n)
{
	double	   *value = env_pg_array(&env->env, n, sizeof(double));
	int32_t		i;

	for (i = 0; i < n; i++)
		value[i] = NAN;
	return value;
}

void
load_read_links(EnvPg *env, const GraphRef *ref, LoadLinks *links)
{
	LinkReader	reader = {ref->graph, links};
	Datum		network = Int64GetDatum(ref->network_id);
	int32_t		n = ref->graph->nlinks;

	links->capacity_gbps = bypass_read_capacity(env, ref);
	links->given_gbps = all_unknown(env, n);
	links->mtbf_hours = all_unknown(env, n);
	links->mttr_hours = all_unknown(env, n);
	query_run(&links_of_network, &network, link_row, &reader);
}

/* ---- demands ---- */

typedef struct DemandReader
{
	NsEnv	   *env;
	const NsGraph *graph;
	LoadDemands *demands;
	size_t		demand_room;
	size_t		id_room;
} DemandReader;

static void
demand_row(const Datum *value, const bool *null, void *state)
{
	DemandReader *r = state;
	LoadDemands *d = r->demands;
	NsDemand	demand = {
		ns_graph_find_node_id(r->graph, DatumGetInt64(value[1])),
		ns_graph_find_node_id(r->graph, DatumGetInt64(value[2])),
		DatumGetFloat8(value[3])
	};

	CHECK_FOR_INTERRUPTS();
	if (demand.src < 0 || demand.dst < 0)
		return;
	d->demand = env_pg_grow(r->env, d->demand, &r->demand_room, d->n + 1,
							sizeof(NsDemand));
	d->id = env_pg_grow(r->env, d->id, &r->id_room, d->n + 1, sizeof(int64));
	d->demand[d->n] = demand;
	d->id[d->n++] = DatumGetInt64(value[0]);
}

void
load_read_demands(EnvPg *env, const GraphRef *ref, LoadDemands *demands)
{
	DemandReader reader = {.env = &env->env,.graph = ref->graph,.demands = demands};
	Datum		network = Int64GetDatum(ref->network_id);

	memset(demands, 0, sizeof(*demands));
	query_run(&demands_of_network, &network, demand_row, &reader);
}

/* ---- load ---- */

void
load_take_given(const GraphRef *ref, const LoadLinks *links, NsLoad *load)
{
	const NsGraph *g = ref->graph;
	int32_t		link;

	for (link = 0; link < g->nlinks; link++)
	{
		double		given = links->given_gbps[link];

		if (isnan(given) || !ns_link_up(g, link) ||
			ns_bit_get(load->avoided, link))
			continue;
		load->gbps[2 * (size_t) link] = given;
		load->gbps[2 * (size_t) link + 1] = ns_link_directed(g, link) ? 0 : given;
	}
}
