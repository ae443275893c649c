/*-------------------------------------------------------------------------
 *
 * fault_fn.c
 *	  SQL function fault_location: where on the map is so many metres of strand
 *	  from an end of a link?
 *
 * The walk of question_walk.c gives the length of strand at each span's ends.
 * A span's line is drawn shorter or longer than it was built, so metres into
 * the span count in proportion.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"

#include "argument.h"
#include "compat.h"
#include "question_impact.h"
#include "question_place.h"
#include "question_route.h"

enum
{
	FAULT_GEOM, FAULT_SPAN_ID, FAULT_SPAN, FAULT_SPAN_M, FAULT_CABLE_ID,
	FAULT_CABLE, FAULT_SEGMENT, FAULT_DUCT_ID, FAULT_DUCT, FAULT_STRUCTURE_ID,
	FAULT_STRUCTURE, FAULT_STRUCTURE_M, FAULT_IN_SLACK, FAULT_SLACK,
	FAULT_SPLICES, FAULT_CABLES, FAULT_LINKS, FAULT_GBPS, FAULT_COLUMNS
};

#define LISTED_LINKS 10

typedef struct Fault
{
	Route		route;
	EnvPg		env;
	const RouteStep *step;		/* the span where it is */
	double		from_m;			/* metres of span from where the walk came in */
	bool		in_slack;
	int64		at;				/* the structure where the slack is */
	double		slack_m;		/* on the way, this segment's included */
	int32		splices;
} Fault;

static NsQuery span_line = {
	.sql = "SELECT s.geom FROM netstate.span s"
	" WHERE s.id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID}
};

static NsQuery cables_in_span = {
	.sql = "SELECT pg_catalog.count(DISTINCT g.cable_id)"
	" FROM netstate.cable_segment g"
	" WHERE g.span_id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID}
};

/* ---- refusals ---- */

/* Does it ride on links side by side? */
static bool
has_members(const Route *route, const RouteLink *link)
{
	size_t		i;

	for (i = 1; i < link->nsupports; i++)
		if (route->support[link->support + i].member !=
			route->support[link->support].member)
			return true;
	return false;
}

pg_noreturn static void
refuse_members(const Route *route, const RouteLink *link)
{
	StringInfoData list;
	size_t		i;

	initStringInfo(&list);
	for (i = 0; i < link->nsupports && i < LISTED_LINKS; i++)
		appendStringInfo(&list, "%s%lld", i == 0 ? "" : ", ",
						 (long long) route->support[link->support + i].supporting_link_id);
	if (link->nsupports > LISTED_LINKS)
		appendStringInfo(&list, " and %zu more", link->nsupports - LISTED_LINKS);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("link \"%s\" has parallel members, each with strands of its own",
					argument_shown(link->name == NULL ? "" : link->name)),
			 errdetail("It rides on links %s.", list.data),
			 errhint("Ask about the one on which the distance was measured.")));
}

/*
 * Distance is along strands; where a link has several ways to run, whoever asks
 * has to say which.
 */
static void
refuse_ways(const Route *route)
{
	size_t		i;

	for (i = 0; i < route->nlinks; i++)
		if (has_members(route, &route->link[i]))
			refuse_members(route, &route->link[i]);
}

/* Every segment has to be there, else the length is wrong. */
static void
refuse_gaps(const Route *route)
{
	const char *name = argument_shown(route->link[0].name);
	size_t		i;

	for (i = 0; i < route->nstrands; i++)
	{
		const RouteStrands *s = &route->strands[i];

		if (s->nsegments != (size_t) s->nwanted)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the route of link \"%s\" has a gap", name),
					 errdetail("Of the %d segments of cable \"%s\" that it runs on, %zu are there.",
							   s->nwanted, argument_shown(s->cable), s->nsegments),
					 errhint("Complete the route, or ask as somebody who sees all of it.")));
	}
	for (i = 0; i < route->nlinks; i++)
		if (route->link[i].name == NULL ||
			(route->link[i].nsupports == 0 && route->link[i].nstrands == 0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the route of link \"%s\" is not known", name),
					 errdetail("No strands are assigned to link %lld.",
							   (long long) route->link[i].id),
					 errhint("Assign its strands in strand_assignment.")));
}

static void
refuse_length(const Route *route, double distance_m)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("link \"%s\" is shorter than %s m",
					argument_shown(route->link[0].name),
					float8out_internal(distance_m)),
			 errdetail("Its route is %.1f m long, slack included.",
					   route->step[0].end_m),
			 errhint("Give a distance of at most that, or correct the lengths of its spans.")));
}

/* ---- where ---- */

/* Put the distance into the segment that a step walks along. */
static void
place_in_segment(Fault *fault, const RouteStep *step, double into_m)
{
	const RouteSegment *segment = step->segment;
	double		slack_first = step->backward ? segment->slack_m : 0;

	fault->step = step;
	fault->in_slack = false;
	fault->from_m = into_m - slack_first;
	if (fault->from_m < 0)
	{
		fault->in_slack = true;
		fault->at = step->from;
		fault->slack_m += into_m;
		fault->from_m = 0;
	}
	else if (fault->from_m > segment->length_m)
	{
		fault->in_slack = true;
		fault->at = step->to;
		fault->slack_m += fault->from_m - segment->length_m;
		fault->from_m = segment->length_m;
	}
	else
		fault->slack_m += slack_first;
}

/* The span at that distance, counting what is passed before. */
static void
find_span(Fault *fault, double distance_m)
{
	const Route *route = &fault->route;
	double		joint_m = -1;	/* of the last joint counted */
	size_t		i;

	for (i = 0; i < route->nsteps; i++)
	{
		const RouteStep *step = &route->step[i];

		if ((step->kind == ROUTE_SPLICE || step->kind == ROUTE_JOINT) &&
			step->start_m > joint_m)
		{
			fault->splices++;
			joint_m = step->start_m;
		}
		if (step->kind != ROUTE_SPAN)
			continue;
		if (distance_m <= step->end_m)
		{
			place_in_segment(fault, step, distance_m - step->start_m);
			return;
		}
		fault->slack_m += step->segment->slack_m;
	}
	refuse_length(route, distance_m);
}

/* Metres of span, as built, from its A end. */
static double
metres_from_a(const Fault *fault)
{
	const RouteSegment *segment = fault->step->segment;

	return fault->step->from == segment->structure[1] ?
		segment->length_m - fault->from_m : fault->from_m;
}

typedef struct Drawn			/* a span's line */
{
	EnvPg	   *env;
	NsLine		line;
	bool		found;
} Drawn;

static void
line_row(const Datum *value, const bool *null, void *state)
{
	Drawn	   *drawn = state;

	place_line(&drawn->env->env, value[0], &drawn->line);
	drawn->found = true;
}

/* The place on the map, as a point of the type that the result has. */
static Datum
point_of(Fault *fault, Oid type)
{
	const RouteSegment *segment = fault->step->segment;
	Drawn		drawn = {.env = &fault->env};
	Datum		arg = Int64GetDatum(segment->span_id);
	NsPoint		point;
	Oid			input;
	Oid			ioparam;
	double		part;

	query_run(&span_line, &arg, line_row, &drawn);
	if (!drawn.found)
		elog(ERROR, "span %lld is gone", (long long) segment->span_id);
	part = segment->length_m > 0 ? metres_from_a(fault) / segment->length_m : 0;
	point = ns_line_point(&drawn.line, part * ns_line_length(&drawn.line));
	while (point.lon > 180)
		point.lon -= 360;
	while (point.lon < -180)
		point.lon += 360;
	getTypeInputInfo(type, &input, &ioparam);
	return OidInputFunctionCall(input,
								psprintf("SRID=4326;POINT(%.15g %.15g)",
										 point.lon, point.lat),
								ioparam, -1);
}

/* ---- what runs there ---- */

typedef struct Riders
{
	const Impact *impact;
	int64		links;
	int64		network_id;		/* of the last row */
	double		gbps;			/* of that network so far */
	double		most;			/* of all networks; NaN: unknown */
} Riders;

static void
rider_row(const Datum *value, const bool *null, void *state)
{
	Riders	   *riders = state;
	double		share = impact_share(riders->impact,
									 DatumGetInt64(value[SHOWN_LINK_ID]));

	riders->links++;
	if (null[SHOWN_GBPS] || share < 0)
		return;
	if (riders->network_id != DatumGetInt64(value[SHOWN_NETWORK_ID]))
		riders->gbps = 0;
	riders->network_id = DatumGetInt64(value[SHOWN_NETWORK_ID]);
	riders->gbps += share * DatumGetFloat8(value[SHOWN_GBPS]);
	if (isnan(riders->most) || riders->gbps > riders->most)
		riders->most = riders->gbps;
}

static void
count_row(const Datum *value, const bool *null, void *state)
{
	*(int64 *) state = DatumGetInt64(value[0]);
}

static void
put_riders(Fault *fault, Datum *values, bool *nulls)
{
	int64		span_id = fault->step->segment->span_id;
	Datum		arg = Int64GetDatum(span_id);
	Riders		riders = {.most = NAN};
	int64		cables = 0;
	Impact		impact;

	query_run(&cables_in_span, &arg, count_row, &cables);
	impact_evaluate(&impact, &fault->env, "span", (NsIdList) {&span_id, 1});
	riders.impact = &impact;
	impact_show(&impact, rider_row, &riders);
	values[FAULT_CABLES] = Int64GetDatum(cables);
	values[FAULT_LINKS] = Int64GetDatum(riders.links);
	values[FAULT_GBPS] = Float8GetDatum(riders.most);
	nulls[FAULT_GBPS] = isnan(riders.most);
}

/* ---- the row ---- */

/* The structure that is nearer along the span, and how far off. */
static void
put_structure(const Fault *fault, Datum *values, bool *nulls)
{
	const RouteSegment *segment = fault->step->segment;
	double		a_m = metres_from_a(fault);
	double		z_m = segment->length_m - a_m;
	int			end = z_m < a_m;

	if (fault->in_slack && fault->at != 0)
		end = fault->at == segment->structure[1];
	values[FAULT_STRUCTURE_ID] = Int64GetDatum(segment->structure[end]);
	values[FAULT_STRUCTURE] =
		CStringGetTextDatum(segment->structure_name[end]);
	values[FAULT_STRUCTURE_M] = Float8GetDatum(end == 0 ? a_m : z_m);
}

static void
put_fault(Fault *fault, ReturnSetInfo *rsinfo)
{
	const RouteSegment *segment = fault->step->segment;
	const RouteStrands *strands = fault->step->strands;
	char	   *duct = route_duct_name(&fault->route, segment->duct_id);
	Datum		values[FAULT_COLUMNS];
	bool		nulls[FAULT_COLUMNS] = {0};

	values[FAULT_GEOM] = point_of(fault,
								  TupleDescAttr(rsinfo->setDesc, FAULT_GEOM)->atttypid);
	values[FAULT_SPAN_ID] = Int64GetDatum(segment->span_id);
	values[FAULT_SPAN] = CStringGetTextDatum(segment->span);
	values[FAULT_SPAN_M] = Float8GetDatum(metres_from_a(fault));
	values[FAULT_CABLE_ID] = Int64GetDatum(strands->cable_id);
	values[FAULT_CABLE] = CStringGetTextDatum(strands->cable);
	values[FAULT_SEGMENT] = Int32GetDatum((int32) segment->seq);
	nulls[FAULT_DUCT_ID] = segment->duct_id == 0;
	values[FAULT_DUCT_ID] = Int64GetDatum(segment->duct_id);
	nulls[FAULT_DUCT] = duct == NULL;
	values[FAULT_DUCT] = duct == NULL ? (Datum) 0 : CStringGetTextDatum(duct);
	put_structure(fault, values, nulls);
	values[FAULT_IN_SLACK] = BoolGetDatum(fault->in_slack);
	values[FAULT_SLACK] = Float8GetDatum(fault->slack_m);
	values[FAULT_SPLICES] = Int32GetDatum(fault->splices);
	put_riders(fault, values, nulls);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

static bool
argument_from_z(FunctionCallInfo fcinfo, int at)
{
	const char *end = argument_text(fcinfo, at, "from_end");

	if (strcmp(end, "a") != 0 && strcmp(end, "z") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown end \"%s\"", argument_shown(end)),
				 errhint("The ends are a and z.")));
	return end[0] == 'z';
}

PG_FUNCTION_INFO_V1(netstate_fault_location);

Datum
netstate_fault_location(PG_FUNCTION_ARGS)
{
	int64		link_id = argument_id(fcinfo, 0, "link_id");
	double		distance_m = argument_quantity(fcinfo, 1, "distance_m");
	bool		from_z = argument_from_z(fcinfo, 2);
	MemoryContext caller = CurrentMemoryContext;
	Fault		fault;

	memset(&fault, 0, sizeof(fault));
	hit_check_rights();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	env_pg_make(&fault.env, CurrentMemoryContext, "netstate fault");
	MemoryContextSwitchTo(fault.env.context);
	route_load(&fault.route, &fault.env, link_id);
	refuse_ways(&fault.route);
	refuse_gaps(&fault.route);
	route_walk(&fault.route, from_z);
	find_span(&fault, distance_m);
	put_fault(&fault, (ReturnSetInfo *) fcinfo->resultinfo);
	MemoryContextSwitchTo(caller);
	env_pg_drop(&fault.env);
	return (Datum) 0;
}
