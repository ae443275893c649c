/*-------------------------------------------------------------------------
 *
 * concentration_fn.c
 *	  SQL function risk_concentration_groups: the groups on which most of a
 *	  network rides.
 *
 * All memberships of the network's links are derived at once and added up by
 * group; only those asked for leave this file.  A demand rides on a group when
 * its cheapest path uses a link of it.
 *
 * Memory: all in one region; each search has one of its own.
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
#include "error.h"
#include "graph_cache.h"
#include "id_set.h"
#include "name.h"
#include "query.h"
#include "question_group.h"
#include "risk_load.h"

#define MOST_GROUPS 1000000		/* that may be asked for */

typedef enum By
{
	BY_CAPACITY, BY_LINKS, BY_DEMANDS
} By;

typedef struct GroupTotal
{
	int64		id;
	int64		links;
	double		gbps;			/* NaN: of no link is the capacity known */
	int64		demands;
	double		demand_gbps;
	size_t		last_demand;	/* the last one counted */
} GroupTotal;

typedef struct DemandRow
{
	int64		src_node_id;
	int64		dst_node_id;
	double		gbps;
} DemandRow;

typedef struct Concentration
{
	ReturnSetInfo *rsinfo;
	MemoryContext caller;
	EnvPg		env;
	const char *network;
	By			by;
	int32		most;
	RiskRows	rows;
	NsRiskResult derived;
	NsIdMap		link_place;
	IdSet		link_id;
	IdSet		ids;			/* groups */
	GroupTotal *group;			/* beside ids.id */
	size_t		group_room;
	int32	   *place;			/* of each membership's group */
	DemandRow  *demand;
	size_t		ndemands;
	size_t		demand_room;
} Concentration;

static NsQuery links_of_network = {
	.sql = "SELECT l.id FROM netstate.link l"
	" WHERE l.network_id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID}
};

static NsQuery demands_of_network = {
	.sql = "SELECT d.src_node_id, d.dst_node_id, d.gbps FROM netstate.demand d"
	" WHERE d.network_id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID}
};

static void
id_row(const Datum *value, const bool *null, void *state)
{
	id_set_add(state, DatumGetInt64(value[0]));
}

static void
demand_row(const Datum *value, const bool *null, void *state)
{
	Concentration *c = state;

	c->demand = env_pg_grow(&c->env.env, c->demand, &c->demand_room,
							c->ndemands + 1, sizeof(DemandRow));
	c->demand[c->ndemands++] = (DemandRow) {
		DatumGetInt64(value[0]), DatumGetInt64(value[1]),
		DatumGetFloat8(value[2])
	};
}

/* ---- links and their capacity ---- */

/* The totals of a membership's group; made when it is met first. */
static size_t
group_place(Concentration *c, int64 srlg_id)
{
	size_t		known = c->ids.n;
	size_t		place = id_set_place(&c->ids, srlg_id);

	if (place < known)
		return place;
	c->group = env_pg_grow(&c->env.env, c->group, &c->group_room, c->ids.n,
						   sizeof(GroupTotal));
	c->group[place] = (GroupTotal) {.id = srlg_id,.gbps = NAN};
	return place;
}

static void
count_links(Concentration *c)
{
	const NsRiskResult *d = &c->derived;
	size_t		i;
	size_t		j;

	id_set_make(&c->ids, &c->env.env);
	c->place = env_pg_array(&c->env.env, d->start[c->rows.nown], sizeof(int32));
	for (i = 0; i < c->rows.nown; i++)
	{
		double		capacity = c->rows.link[i].capacity_gbps;

		for (j = d->start[i]; j < d->start[i + 1]; j++)
		{
			const NsDerivedMembership *m = &d->membership[j];
			GroupTotal *group;

			CHECK_FOR_INTERRUPTS();
			c->place[j] = -1;
			if (m->share == 0)
				continue;
			c->place[j] = (int32) group_place(c, m->srlg_id);
			group = &c->group[c->place[j]];
			group->links++;
			if (!isnan(capacity))
				group->gbps = (isnan(group->gbps) ? 0 : group->gbps) +
					group_same_digits(m->share) * capacity;
		}
	}
}

/* ---- demands and their paths ---- */

/* Count a demand for the groups of its path, for each once. */
static void
count_path(Concentration *c, const NsGraph *g, const NsPath *path,
		   size_t demand)
{
	const NsRiskResult *d = &c->derived;
	int32_t		i;
	size_t		j;

	for (i = 0; i < path->nlinks; i++)
	{
		int32_t		link = ns_id_map_find(&c->link_place,
										  ns_link_id(g, path->link[i]));

		if (link < 0)
			continue;
		for (j = d->start[link]; j < d->start[link + 1]; j++)
		{
			GroupTotal *group;

			if (c->place[j] < 0)
				continue;
			group = &c->group[c->place[j]];
			if (group->last_demand == demand + 1)
				continue;
			group->last_demand = demand + 1;
			group->demands++;
			group->demand_gbps += c->demand[demand].gbps;
		}
	}
}

/* The path of a demand: the cheapest by metric, or by hops where links lack it. */
static void
count_demand(Concentration *c, const GraphRef *ref, size_t demand)
{
	const NsGraph *g = ref->graph;
	NsPathQuery query = {
		.src = ns_graph_find_node_id(g, c->demand[demand].src_node_id),
		.dst = ns_graph_find_node_id(g, c->demand[demand].dst_node_id),
		.cost = ns_missing_cost(g, NS_COST_METRIC) < 0 ? NS_COST_METRIC :
		NS_COST_HOPS
	};
	EnvPg		scratch;
	NsPath		path;
	bool		found;

	if (query.src < 0 || query.dst < 0)
		return;
	CHECK_FOR_INTERRUPTS();
	env_pg_make(&scratch, c->env.context, "netstate demand");
	error_check(ns_shortest_path(&scratch.env, g, &query, &found, &path),
				"concentration of risk");
	graph_cache_searched(ref, query.cost, path.steps);
	if (found)
		count_path(c, g, &path, demand);
	env_pg_drop(&scratch);
}

static void
count_demands(Concentration *c, int64 network_id)
{
	Datum		arg = Int64GetDatum(network_id);
	GraphRef	ref;
	size_t		i;

	query_run(&demands_of_network, &arg, demand_row, c);
	if (c->ndemands == 0)
		return;
	graph_cache_get(c->network, &ref);
	if (c->rows.nown > 0)
		error_check(ns_id_map_make(&c->env.env, &c->link_place,
								   &c->rows.link[0].id, c->rows.nown,
								   sizeof(NsRiskLink)),
					"concentration of risk");
	for (i = 0; i < c->ndemands; i++)
		count_demand(c, &ref, i);
}

/* ---- the most of them ---- */

static double
measure(const GroupTotal *group, By by)
{
	double		value = by == BY_LINKS ? group->links :
		by == BY_DEMANDS ? group->demand_gbps : group->gbps;

	return isnan(value) ? -1 : value;
}

/* By what was asked for, then by links; ids make it a whole order. */
static int
compare_totals(const void *a, const void *b, void *by)
{
	const GroupTotal *x = a;
	const GroupTotal *y = b;
	double		of_x = measure(x, *(By *) by);
	double		of_y = measure(y, *(By *) by);

	if (of_x != of_y)
		return of_x > of_y ? -1 : 1;
	if (x->links != y->links)
		return x->links > y->links ? -1 : 1;
	return (x->id < y->id) - (x->id > y->id);
}

#define TOTAL_COLUMNS 9
static void
put_total(Concentration *c, int32 place)
{
	const GroupTotal *group = &c->group[place];
	const char *kind = group_kind(group->id);
	int64		element_id;
	const char *element = group_element(group->id, &element_id);
	Datum		values[TOTAL_COLUMNS];
	bool		nulls[TOTAL_COLUMNS] = {0};

	values[0] = Int32GetDatum(place + 1);
	values[1] = Int64GetDatum(group->id);
	nulls[2] = kind == NULL;
	values[2] = kind == NULL ? (Datum) 0 : CStringGetTextDatum(kind);
	values[3] = CStringGetTextDatum(element);
	values[4] = Int64GetDatum(element_id);
	values[5] = Int64GetDatum(group->links);
	nulls[6] = isnan(group->gbps);
	values[6] = Float8GetDatum(group->gbps);
	values[7] = Int64GetDatum(group->demands);
	values[8] = Float8GetDatum(group->demand_gbps);
	tuplestore_putvalues(c->rsinfo->setResult, c->rsinfo->setDesc, values, nulls);
}
#undef TOTAL_COLUMNS

static By
argument_by(FunctionCallInfo fcinfo, int at)
{
	const char *word = argument_text(fcinfo, at, "by");

	if (strcmp(word, "capacity") == 0)
		return BY_CAPACITY;
	if (strcmp(word, "links") == 0)
		return BY_LINKS;
	if (strcmp(word, "demands") == 0)
		return BY_DEMANDS;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown measure \"%s\"", argument_shown(word)),
			 errhint("The measures are capacity, links and demands.")));
}

PG_FUNCTION_INFO_V1(netstate_risk_concentration_groups);

Datum
netstate_risk_concentration_groups(PG_FUNCTION_ARGS)
{
	Concentration c;
	Datum		network_id;
	int32		i;

	memset(&c, 0, sizeof(c));
	c.network = argument_text(fcinfo, 0, "network");
	c.by = argument_by(fcinfo, 1);
	c.most = argument_int(fcinfo, 2, "most", 1, MOST_GROUPS);
	risk_load_check_rights();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	c.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	c.caller = CurrentMemoryContext;
	env_pg_make(&c.env, CurrentMemoryContext, "netstate concentration");
	MemoryContextSwitchTo(c.env.context);
	c.rows.env = &c.env.env;

	network_id = Int64GetDatum(name_find_network(c.network));
	id_set_make(&c.link_id, &c.env.env);
	query_run(&links_of_network, &network_id, id_row, &c.link_id);
	risk_load_links(&c.rows, c.link_id.id, c.link_id.n);
	risk_load_derive(&c.rows, false, &c.derived);
	risk_load_combine(&c.rows, &c.derived);
	count_links(&c);
	count_demands(&c, DatumGetInt64(network_id));
	if (c.ids.n > 0)
		qsort_arg(c.group, c.ids.n, sizeof(GroupTotal), compare_totals, &c.by);
	for (i = 0; i < c.most && (size_t) i < c.ids.n; i++)
		put_total(&c, i);
	MemoryContextSwitchTo(c.caller);
	env_pg_drop(&c.env);
	return (Datum) 0;
}
