/*-------------------------------------------------------------------------
 *
 * bypass_read.c
 *	  What questions about bypasses need beside the graph: what is left of the
 *	  links' capacities.
 *
 * Only links that ride on others can be left with a part of their capacity: all
 * is derived for these alone, and mostly there are none.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "argument.h"
#include "bypass_read.h"
#include "query.h"
#include "risk_load.h"

static NsQuery capacities = {
	.sql = "SELECT l.id, l.capacity_gbps FROM netstate.link l"
	" WHERE l.network_id OPERATOR(pg_catalog.=) $1"
	" AND l.capacity_gbps IS NOT NULL",
	.nargs = 1,
	.argtype = {INT8OID}
};

static NsQuery riding_links = {
	.sql = "SELECT DISTINCT s.link_id FROM pg_catalog.unnest($1) AS u(id)"
	" JOIN netstate.link_support s ON s.link_id OPERATOR(pg_catalog.=) u.id",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.as_owner_of = "link_support"
};

/* ---- capacity ---- */

typedef struct CapacityReader
{
	const NsGraph *graph;
	double	   *capacity;
	IdSet		known;			/* links up whose capacity is */
	IdSet		riding;
} CapacityReader;

static void
capacity_row(const Datum *value, const bool *null, void *state)
{
	CapacityReader *r = state;
	int32_t		link = ns_graph_find_link(r->graph, DatumGetInt64(value[0]));

	CHECK_FOR_INTERRUPTS();
	if (link < 0)
		return;
	r->capacity[link] = DatumGetFloat8(value[1]);
	if (ns_link_up(r->graph, link))
		id_set_add(&r->known, DatumGetInt64(value[0]));
}

static void
riding_row(const Datum *value, const bool *null, void *state)
{
	id_set_add(&((CapacityReader *) state)->riding, DatumGetInt64(value[0]));
}

/* Take from the capacities what failures beneath the links take. */
static void
apply_carried(NsEnv *env, CapacityReader *r)
{
	RiskRows	rows = {.env = env};
	NsRiskResult derived;
	size_t		i;

	risk_load_links(&rows, r->riding.id, r->riding.n);
	risk_load_derive(&rows, false, &derived);
	for (i = 0; i < rows.nown; i++)
		r->capacity[ns_graph_find_link(r->graph, rows.link[i].id)] *=
			derived.carried[i];
}

double *
bypass_read_capacity(EnvPg *env, const GraphRef *ref)
{
	CapacityReader r = {.graph = ref->graph};
	Datum		network = Int64GetDatum(ref->network_id);
	Datum		known;
	int32_t		i;

	risk_load_check_rights();
	r.capacity = env_pg_array(&env->env, ref->graph->nlinks, sizeof(double));
	for (i = 0; i < ref->graph->nlinks; i++)
		r.capacity[i] = NAN;
	id_set_make(&r.known, &env->env);
	id_set_make(&r.riding, &env->env);
	query_run(&capacities, &network, capacity_row, &r);
	if (r.known.n > 0)
	{
		known = id_array(r.known.id, r.known.n, sizeof(int64));
		query_run(&riding_links, &known, riding_row, &r);
	}
	if (r.riding.n > 0)
		apply_carried(&env->env, &r);
	return r.capacity;
}
