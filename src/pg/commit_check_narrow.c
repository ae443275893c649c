/*-------------------------------------------------------------------------
 *
 * commit_check_narrow.c
 *	  Which links a few changes of the plant can have brought together.
 *
 * A cable carries members of many groups, and to derive the risk of all their
 * other members because one segment was laid into another duct takes longer than
 * a COMMIT may.  So groups that cannot have come to share anything are left out
 * beforehand.
 *
 * Why it is complete.  Let a and b be members whose own rows, and those of the
 * links and nodes that they ride on, were not changed, and let them share a group
 * of risk g that they did not share before, or not so much.  Their stated
 * memberships are as before, so g follows from the plant, and the membership of
 * one of them in g was changed by a row of the plant that is in the log.
 * Where all these are spans (with their ducts and passages), pairs of spans and
 * segments of cables, g is a group of such a span s, or of the duct in it, or of
 * such a pair.  And after the change both a and b belong to it; so each of them
 * rides in, or has a node at, what s has in common with others by any rule: s
 * itself, a structure that it ends at or passes and all that ends, passes or
 * stands there, the same of the site of such a structure, the spans on a
 * stretch of its corridor, those that it crosses or runs near.  Hazard areas are not followed:
 * where one may touch s, nothing is left out.  What takes down ends of links
 * follows from structures and sites; where one of these was changed, nothing is
 * left out either.  Nor is it where a waiver has expired: that group may have been
 * violated before.
 *
 * NETSTATE_CHECK_NARROW makes a library that looks at all groups nevertheless,
 * and fails where one was left out that does not hold, for tests.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "commit_check_risk.h"
#include "graph_place.h"
#include "plant_above.h"
#include "plant_read.h"
#include "query.h"

/* More spans have too many neighbours. */
#define MOST_SPANS 16
#define MOST_PAIRS 1024

typedef struct Narrow
{
	IdSet		span;			/* changed, or in whose segments were */
	IdSet		corridor;
	PlantElements near;
	bool		too_wide;
} Narrow;

/* ---- what was changed ---- */

static void
segment_row(const GraphRow *row, void *state)
{
	Narrow	   *narrow = state;

	id_set_add(&narrow->span, graph_row_int64(row, SEGMENT_SPAN_ID));
}

/* The spans that the elements are, or lie in now. */
static bool
find_changed(const CheckRisk *risk, Narrow *narrow)
{
	const int64 low = (INT64CONST(1) << NS_SPAN_ID_BITS) - 1;
	size_t		npairs = 0;
	GraphPlace	segments;
	size_t		i;

	graph_place_begin(&segments, GRAPH_CABLE_SEGMENT, SEGMENT_CABLE_ID, SEGMENT_SEQ);
	for (i = 0; i < risk->nelements && !narrow->too_wide; i++)
	{
		int64		id;
		const char *kind = changes_element(&risk->changes, i, &id);

		CHECK_FOR_INTERRUPTS();
		if (strcmp(kind, "cable") == 0)
			continue;			/* its status */
		if (strcmp(kind, "span") == 0)
			id_set_add(&narrow->span, id);
		else if (strcmp(kind, "cable_segment") == 0)
			graph_place_look_up(&segments, id >> 20, (int32) (id & ((1 << 20) - 1)),
								segment_row, narrow);
		else if (strcmp(kind, "span_pair") == 0)
		{
			npairs++;
			id_set_add(&narrow->near.span, id >> NS_SPAN_ID_BITS);
			id_set_add(&narrow->near.span, id & low);
		}
		else
			narrow->too_wide = true;
		if (narrow->span.n > MOST_SPANS || npairs > MOST_PAIRS)
			narrow->too_wide = true;
	}
	graph_place_end(&segments);
	return !narrow->too_wide;
}

/* ---- what they have in common with others ---- */

static void
span_row(const GraphRow *row, void *state)
{
	Narrow	   *narrow = state;
	int64		corridor = graph_row_int64(row, SPAN_CORRIDOR_ID);

	id_set_add(&narrow->near.structure, graph_row_int64(row, SPAN_A_STRUCTURE_ID));
	id_set_add(&narrow->near.structure, graph_row_int64(row, SPAN_Z_STRUCTURE_ID));
	if (corridor != 0)
		id_set_add(&narrow->corridor, corridor);
}

static void
crossing_row(const GraphRow *row, void *state)
{
	Narrow	   *narrow = state;

	id_set_add(&narrow->near.structure, graph_row_int64(row, CROSSING_STRUCTURE_ID));
}

static void
pair_row(const GraphRow *row, void *state)
{
	Narrow	   *narrow = state;

	id_set_add(&narrow->near.span, graph_row_int64(row, PAIR_A_SPAN_ID));
	id_set_add(&narrow->near.span, graph_row_int64(row, PAIR_B_SPAN_ID));
}

static void
structure_row(const GraphRow *row, void *state)
{
	Narrow	   *narrow = state;
	int64		site = graph_row_int64(row, STRUCTURE_SITE_ID);

	if (site != 0)
		id_set_add(&narrow->near.site, site);
}

static void
look_up_each(const IdSet *ids, GraphTable table, int column, GraphRowFn fn,
			 Narrow *narrow)
{
	GraphLookUp look_up;
	size_t		i;

	if (ids->n == 0)
		return;
	graph_look_up_begin(&look_up, table, column);
	for (i = 0; i < ids->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		graph_look_up(&look_up, Int64GetDatum(ids->id[i]), fn, narrow);
	}
	graph_look_up_end(&look_up);
}

static void
hazard_row(const Datum *value, const bool *null, void *state)
{
	*(bool *) state = true;
}

/* May a hazard area touch one of them?  By their boxes. */
static bool
in_hazard(const IdSet *span)
{
	static NsQuery query = {
		.nargs = 1,
		.argtype = {INT8ARRAYOID}
	};
	bool		found = false;
	Datum		ids;

	if (span->n == 0 || graph_table_empty(GRAPH_HAZARD_AREA))
		return false;
	if (query.sql == NULL)
		query.sql = plant_with_postgis(
			"SELECT 1 FROM pg_catalog.unnest($1) AS u(id)"
			" JOIN netstate.span s ON s.id OPERATOR(pg_catalog.=) u.id"
			" WHERE EXISTS (SELECT FROM netstate.hazard_area h WHERE h.geom OPERATOR(%s.&&) s.geom)");
	ids = id_array(span->id, span->n, sizeof(int64));
	query_run(&query, &ids, hazard_row, &found);
	return found;
}

static void
find_near(Narrow *narrow)
{
	const IdSet *span = &narrow->span;
	size_t		i;

	for (i = 0; i < span->n; i++)
		id_set_add(&narrow->near.span, span->id[i]);
	look_up_each(span, GRAPH_SPAN, SPAN_ID, span_row, narrow);
	look_up_each(span, GRAPH_SPAN_CROSSING, CROSSING_SPAN_ID, crossing_row, narrow);
	look_up_each(span, GRAPH_SPAN_PAIR, PAIR_A_SPAN_ID, pair_row, narrow);
	look_up_each(span, GRAPH_SPAN_PAIR, PAIR_B_SPAN_ID, pair_row, narrow);
	for (i = 0; i < narrow->corridor.n; i++)
		plant_along(narrow->near.span.env, narrow->corridor.id[i], span,
					&narrow->near.span);
	look_up_each(&narrow->near.structure, GRAPH_STRUCTURE, STRUCTURE_ID,
				 structure_row, narrow);
}

bool
check_risk_narrow(CheckRun *run, const CheckRisk *risk, IdSet *direct, IdSet *near)
{
	NsEnv	   *env = &run->view.memory.env;
	Narrow		narrow = {0};
	IdSet		node;
	size_t		i;

	if (!risk->known || risk->all || risk->nelements == 0)
		return false;
	id_set_make(&narrow.span, env);
	id_set_make(&narrow.corridor, env);
	plant_elements_make(&narrow.near, env);
	if (!find_changed(risk, &narrow) || in_hazard(&narrow.span))
		return false;
	find_near(&narrow);
	id_set_make(near, env);
	id_set_make(&node, env);
	plant_above(&narrow.near, near, &node);
	check_risk_follow(&node, near);

	id_set_make(direct, env);
	id_set_make(&node, env);
	for (i = 0; i < risk->changes.nnodes; i++)
		id_set_add(&node, risk->changes.node[i]);
	for (i = 0; i < risk->changes.nlinks; i++)
		id_set_add(direct, risk->changes.link[i]);
	check_risk_follow(&node, direct);
	return true;
}
