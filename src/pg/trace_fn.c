/*-------------------------------------------------------------------------
 *
 * trace_fn.c
 *	  SQL function trace: a link down to its strands, as rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "argument.h"
#include "question_route.h"

enum
{
	TRACE_ORD, TRACE_DEPTH, TRACE_LAYER, TRACE_MEMBER, TRACE_KIND, TRACE_ID,
	TRACE_NAME, TRACE_DUCT_ID, TRACE_DUCT, TRACE_STRANDS, TRACE_FROM, TRACE_TO,
	TRACE_LENGTH, TRACE_SLACK, TRACE_CUMULATIVE, TRACE_STATUS, TRACE_COLUMNS
};

typedef struct TraceRow
{
	Datum		value[TRACE_COLUMNS];
	bool		null[TRACE_COLUMNS];
} TraceRow;

static void
put(TraceRow *row, int column, Datum value)
{
	row->value[column] = value;
	row->null[column] = false;
}

static void
put_text(TraceRow *row, int column, const char *string)
{
	if (string != NULL)
		put(row, column, CStringGetTextDatum(string));
}

static void
put_kind(TraceRow *row, const char *kind, int64 id, const char *name,
		 const char *status)
{
	put_text(row, TRACE_KIND, kind);
	if (id != 0)
		put(row, TRACE_ID, Int64GetDatum(id));
	put_text(row, TRACE_NAME, name);
	put_text(row, TRACE_STATUS, status);
}

/* A link beneath leads along strands of one kind, not along several members. */
static bool
is_one_chain(const Route *route, const RouteLink *link)
{
	size_t		i;

	for (i = 0; i < link->nsupports; i++)
	{
		const RouteSupport *s = &route->support[link->support + i];

		if (s->member != route->support[link->support].member ||
			!is_one_chain(route, &route->link[ns_id_map_find(&route->link_place,
															 s->supporting_link_id)]))
			return false;
	}
	return true;
}

static void
put_link(TraceRow *row, const Route *route, const RouteStep *step)
{
	const RouteLink *link = step->link;

	put_kind(row, "link", link->id, link->name, link->status);
	put_text(row, TRACE_LAYER, link->layer);
	if (step->end_m > step->start_m && is_one_chain(route, link))
		put(row, TRACE_LENGTH, Float8GetDatum(step->end_m - step->start_m));
}

static void
put_cable(TraceRow *row, const Route *route, const RouteStep *step)
{
	const RouteStrands *s = step->strands;
	const RouteSegment *first = &route->segment[s->segment];

	put_kind(row, "cable", s->cable_id, s->cable, s->cable_status);
	if (s->nsegments == 0)
		return;
	put_text(row, TRACE_FROM,
			 route_structure_name(step->backward ? first + s->nsegments - 1 : first,
								  step->from));
	put_text(row, TRACE_TO,
			 route_structure_name(step->backward ? first : first + s->nsegments - 1,
								  step->to));
	put(row, TRACE_LENGTH, Float8GetDatum(step->end_m - step->start_m));
}

static void
put_span(TraceRow *row, const Route *route, const RouteStep *step)
{
	const RouteSegment *segment = step->segment;

	put_kind(row, "span", segment->span_id, segment->span,
			 segment->span_status);
	if (segment->duct_id != 0)
	{
		put(row, TRACE_DUCT_ID, Int64GetDatum(segment->duct_id));
		put_text(row, TRACE_DUCT, route_duct_name(route, segment->duct_id));
	}
	put_text(row, TRACE_FROM, route_structure_name(segment, step->from));
	put_text(row, TRACE_TO, route_structure_name(segment, step->to));
	put(row, TRACE_LENGTH, Float8GetDatum(segment->length_m));
	put(row, TRACE_SLACK, Float8GetDatum(segment->slack_m));
	put(row, TRACE_CUMULATIVE, Float8GetDatum(step->end_m));
}

static void
put_splice(TraceRow *row, const RouteStep *step)
{
	const RouteSplice *splice = step->splice;

	if (splice != NULL)
		put_kind(row, "splice", splice->id, splice->closure, splice->kind);
	else
		put_kind(row, "splice", 0, NULL, "joint not recorded");
	put_text(row, TRACE_FROM, route_structure_name(step->segment, step->from));
	put_text(row, TRACE_TO, route_structure_name(step->segment, step->to));
	put(row, TRACE_CUMULATIVE, Float8GetDatum(step->end_m));
}

static void
put_step(ReturnSetInfo *rsinfo, const Route *route, size_t i)
{
	const RouteStep *step = &route->step[i];
	TraceRow	row;

	CHECK_FOR_INTERRUPTS();
	memset(row.value, 0, sizeof(row.value));
	memset(row.null, true, sizeof(row.null));
	put(&row, TRACE_ORD, Int32GetDatum((int32) i + 1));
	put(&row, TRACE_DEPTH, Int32GetDatum(step->depth));
	if (step->member != 0)
		put(&row, TRACE_MEMBER, Int32GetDatum(step->member));
	if (step->kind != ROUTE_LINK)
		put_text(&row, TRACE_LAYER, "plant");
	if (step->strands != NULL)
		put(&row, TRACE_STRANDS, step->strands->range);
	switch (step->kind)
	{
		case ROUTE_LINK:
			put_link(&row, route, step);
			break;
		case ROUTE_CABLE:
			put_cable(&row, route, step);
			break;
		case ROUTE_SPAN:
			put_span(&row, route, step);
			break;
		case ROUTE_SPLICE:
		case ROUTE_JOINT:
			put_splice(&row, step);
			break;
	}
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, row.value,
						 row.null);
}

PG_FUNCTION_INFO_V1(netstate_trace);

Datum
netstate_trace(PG_FUNCTION_ARGS)
{
	int64		link_id = argument_id(fcinfo, 0, "link_id");
	MemoryContext caller = CurrentMemoryContext;
	EnvPg		env;
	Route		route;
	size_t		i;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	env_pg_make(&env, CurrentMemoryContext, "netstate trace");
	MemoryContextSwitchTo(env.context);
	route_load(&route, &env, link_id);
	route_walk(&route, false);
	for (i = 0; i < route.nsteps; i++)
		put_step((ReturnSetInfo *) fcinfo->resultinfo, &route, i);
	MemoryContextSwitchTo(caller);
	env_pg_drop(&env);
	return (Datum) 0;
}
