/*-------------------------------------------------------------------------
 *
 * contention_fn.c
 *	  SQL function bypass_contention.
 *
 * Memory: all lives in the region "netstate contention", which goes when the
 * call ends; a row's values in a context that is reset after it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "argument.h"
#include "contention_read.h"
#include "error.h"
#include "load_read.h"

#define MOST_PAIRS			1000000
#define SECONDS_AN_HOUR		3600.0
#define HOURS_A_YEAR		8760.0

typedef struct ContentionCall
{
	ReturnSetInfo *rsinfo;
	MemoryContext caller;
	MemoryContext row_context;
	EnvPg		env;
	GraphRef	ref;
	NsContentionQuery query;
	bool		given;
	NsContention answer;
} ContentionCall;

/* ---- what is asked ---- */

/* The load of the network now, and what bypasses and risks there are. */
static void
read_all(ContentionCall *call, const char *subject)
{
	NsContentionQuery *q = &call->query;
	NsOccurrence *own;
	NsLoadQuery load_query = {
		.cost = q->cost,
		.avoid_links = q->avoid_links,.avoid_srlgs = q->avoid_srlgs
	};
	LoadDemands demands;
	LoadLinks	links;
	NsLoad		load;
	int32_t		i;

	load_read_demands(&call->env, &call->ref, &demands);
	load_read_links(&call->env, &call->ref, &links);
	load_query.demand = demands.demand;
	load_query.ndemands = demands.n;
	error_check(ns_load(&call->env.env, call->ref.graph, &load_query, &load),
				subject);
	if (call->given)
		load_take_given(&call->ref, &links, &load);
	own = env_pg_array(&call->env.env, call->ref.graph->nlinks, sizeof(NsOccurrence));
	for (i = 0; i < call->ref.graph->nlinks; i++)
		own[i] = (NsOccurrence) {links.mtbf_hours[i], links.mttr_hours[i]};
	q->load = load.gbps;
	q->capacity = links.capacity_gbps;
	q->link = own;
	q->srlg = contention_read_occurrences(&call->env, call->ref.graph);
	q->tunnel = contention_read_tunnels(&call->env, &call->ref, &q->ntunnels);
}

/* ---- rows ---- */

enum
{
	COLUMN_SRLGS, COLUMN_LINK_ID, COLUMN_SECOND_SRLGS, COLUMN_SECOND_LINK_ID,
	COLUMN_MOVED, COLUMN_UNPROTECTED, COLUMN_OVER_LINK_ID, COLUMN_A_TO_Z,
	COLUMN_LOAD, COLUMN_ADDED, COLUMN_CAPACITY, COLUMN_OVER, COLUMN_PROBABILITY,
	NCOLUMNS
};

typedef struct Row
{
	Datum		values[NCOLUMNS];
	bool		nulls[NCOLUMNS];
} Row;

static void
set_gbps(Row *row, int column, double gbps)
{
	row->values[column] = Float8GetDatum(gbps);
	row->nulls[column] = false;
}

/* What strikes, in two columns from this one on. */
static void
set_event(const ContentionCall *call, Row *row, int column,
		  const NsContentionEvent *e)
{
	const NsGraph *g = call->ref.graph;
	Datum	   *id = palloc_array(Datum, e->nsrlgs);
	int32_t		i;

	for (i = 0; i < e->nsrlgs; i++)
		id[i] = Int64GetDatum(ns_srlg_id(g, e->srlg[i]));
	row->values[column] =
		PointerGetDatum(construct_array(id, e->nsrlgs, INT8OID, sizeof(int64),
										FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	row->nulls[column] = false;
	if (e->link < 0)
		return;
	row->values[column + 1] = Int64GetDatum(ns_link_id(g, e->link));
	row->nulls[column + 1] = false;
}

static void
set_over(const ContentionCall *call, Row *row, const NsOver *over)
{
	int32_t		link = NS_SLOT_LINK(over->slot);

	row->values[COLUMN_OVER_LINK_ID] = Int64GetDatum(ns_link_id(call->ref.graph, link));
	row->nulls[COLUMN_OVER_LINK_ID] = false;
	row->values[COLUMN_A_TO_Z] = BoolGetDatum((over->slot & 1) == 0);
	row->nulls[COLUMN_A_TO_Z] = false;
	set_gbps(row, COLUMN_LOAD, call->query.load[over->slot]);
	set_gbps(row, COLUMN_ADDED, over->added);
	set_gbps(row, COLUMN_CAPACITY, call->query.capacity[link]);
	set_gbps(row, COLUMN_OVER, over->over);
}

/* That it happens at least once in a year, by its rate an hour. */
static void
set_probability(Row *row, double rate)
{
	row->values[COLUMN_PROBABILITY] = Float8GetDatum(-expm1(-HOURS_A_YEAR * rate));
	row->nulls[COLUMN_PROBABILITY] = isnan(rate);
}

static Row
begin_row(ContentionCall *call)
{
	Row			row;

	CHECK_FOR_INTERRUPTS();
	MemoryContextSwitchTo(call->row_context);
	memset(&row, 0, sizeof(row));
	memset(row.nulls, true, sizeof(row.nulls));
	return row;
}

static void
end_row(ContentionCall *call, Row *row)
{
	tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc,
						 row->values, row->nulls);
	MemoryContextSwitchTo(call->env.context);
	MemoryContextReset(call->row_context);
}

/* A row for each link that overflows, or one that says that none does. */
static void
put_event(ContentionCall *call, const NsContentionEvent *e)
{
	size_t		i = 0;

	do
	{
		Row			row = begin_row(call);

		set_event(call, &row, COLUMN_SRLGS, e);
		set_gbps(&row, COLUMN_MOVED, e->moved);
		set_gbps(&row, COLUMN_UNPROTECTED, e->unprotected);
		if (i < e->nover)
			set_over(call, &row, &call->answer.over[e->first_over + i]);
		set_probability(&row, e->per_hour);
		end_row(call, &row);
	} while (++i < e->nover);
}

static void
put_pair(ContentionCall *call, const NsOverPair *pair)
{
	const NsContentionEvent *a = &call->answer.event[pair->event[0]];
	const NsContentionEvent *b = &call->answer.event[pair->event[1]];
	Row			row = begin_row(call);

	set_event(call, &row, COLUMN_SRLGS, a);
	set_event(call, &row, COLUMN_SECOND_SRLGS, b);
	set_gbps(&row, COLUMN_MOVED, a->moved + b->moved);
	set_gbps(&row, COLUMN_UNPROTECTED, a->unprotected + b->unprotected);
	set_over(call, &row, &pair->over);
	set_probability(&row, pair->rate);
	end_row(call, &row);
}

PG_FUNCTION_INFO_V1(netstate_bypass_contention);

Datum
netstate_bypass_contention(PG_FUNCTION_ARGS)
{
	const char *network = argument_text(fcinfo, 0, "network");
	ContentionCall call = {0};
	const char *subject;
	int32_t		i;

	call.query.cost = argument_cost(fcinfo, 1);
	call.query.recompute_hours =
		argument_quantity(fcinfo, 2, "recompute_s") / SECONDS_AN_HOUR;
	call.query.most = argument_int(fcinfo, 3, "most", 0, MOST_PAIRS);
	call.query.avoid_links = argument_ids(fcinfo, 4, "avoid_links");
	call.query.avoid_srlgs = argument_ids(fcinfo, 5, "avoid_srlgs");
	call.given = argument_bool(fcinfo, 6, "given");

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	call.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	call.caller = CurrentMemoryContext;
	env_pg_make(&call.env, CurrentMemoryContext, "netstate contention");
	call.row_context = AllocSetContextCreate(call.env.context,
											 "netstate contention row",
											 ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(call.env.context);
	graph_cache_get(network, &call.ref);
	graph_cache_check_cost(&call.ref, call.query.cost);
	subject = psprintf("network \"%s\"", argument_shown(call.ref.network));
	read_all(&call, subject);
	error_check(ns_contention(&call.env.env, call.ref.graph, &call.query,
							  &call.answer), subject);
	for (i = 0; i < call.answer.nevents; i++)
		put_event(&call, &call.answer.event[i]);
	for (i = 0; i < call.answer.npairs; i++)
		put_pair(&call, &call.answer.pair[i]);
	MemoryContextSwitchTo(call.caller);
	env_pg_drop(&call.env);
	return (Datum) 0;
}
