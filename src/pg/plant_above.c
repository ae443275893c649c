/*-------------------------------------------------------------------------
 *
 * plant_above.c
 *	  From elements of the plant to the links and nodes that rest on them.
 *
 * Each kind of element is followed to the next: sites to structures, these to
 * spans, spans and ducts to the segments of cables in them, segments and whole
 * cables to assignments.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "graph_place.h"
#include "graph_table.h"
#include "plant_above.h"
#include "plant_read.h"
#include "query.h"

typedef struct Above
{
	PlantElements *e;
	IdSet	   *link;
	IdSet	   *node;
	int64	   *segment;		/* ascending; NULL: cables are looked up whole */
	size_t		nsegments;
} Above;

void
plant_elements_make(PlantElements *e, NsEnv *env)
{
	id_set_make(&e->site, env);
	id_set_make(&e->structure, env);
	id_set_make(&e->span, env);
	id_set_make(&e->duct, env);
	id_set_make(&e->cable, env);
	id_set_make(&e->segment, env);
	id_set_make(&e->node, env);
}

/* ---- elements of rarer kinds, as those they stand for ---- */

static void
feed_site_row(const GraphRow *row, void *state)
{
	PlantElements *e = state;

	id_set_add(&e->site, graph_row_int64(row, SITE_POWER_FEED_SITE_ID));
}

static void
corridor_span_row(const GraphRow *row, void *state)
{
	PlantElements *e = state;

	id_set_add(&e->span, graph_row_int64(row, SPAN_ID));
}

static void
area_element_row(const Datum *value, const bool *null, void *state)
{
	PlantElements *e = state;

	if (!null[0])
		id_set_add(&e->span, DatumGetInt64(value[0]));
	if (!null[1])
		id_set_add(&e->structure, DatumGetInt64(value[1]));
	if (!null[2])
		id_set_add(&e->site, DatumGetInt64(value[2]));
	if (!null[3])
		id_set_add(&e->node, DatumGetInt64(value[3]));
}

static void
add_area(PlantElements *e, int64 id)
{
	static NsQuery query = {
		.nargs = 1,
		.argtype = {INT8OID},
		.as_owner_of = "span"
	};
	Datum		arg = Int64GetDatum(id);

	if (query.sql == NULL)
		query.sql = plant_with_postgis(
			"SELECT s.id, NULL::bigint, NULL::bigint, NULL::bigint FROM netstate.hazard_area h"
			" JOIN netstate.span s ON s.geom OPERATOR(%s.&&) h.geom"
			" WHERE h.id OPERATOR(pg_catalog.=) $1"
			" UNION ALL SELECT NULL, s.id, NULL, NULL FROM netstate.hazard_area h"
			" JOIN netstate.structure s ON s.geom OPERATOR(%s.&&) h.geom"
			" WHERE h.id OPERATOR(pg_catalog.=) $1"
			" UNION ALL SELECT NULL, NULL, s.id, NULL FROM netstate.hazard_area h"
			" JOIN netstate.site s ON s.geom OPERATOR(%s.&&) h.geom"
			" WHERE h.id OPERATOR(pg_catalog.=) $1"
			" UNION ALL SELECT NULL, NULL, NULL, n.id FROM netstate.hazard_area h"
			" JOIN netstate.node n ON n.geom OPERATOR(%s.&&) h.geom"
			" WHERE h.id OPERATOR(pg_catalog.=) $1");
	query_run(&query, &arg, area_element_row, e);
}

void
plant_elements_of_group(PlantElements *e, int64 srlg_id)
{
	int64		element = ns_risk_element(srlg_id);

	switch (ns_risk_code(srlg_id))
	{
		case NS_RISK_SPAN:
			id_set_add(&e->span, element);
			break;
		case NS_RISK_DUCT:
			id_set_add(&e->duct, element);
			break;
		case NS_RISK_CABLE:
			id_set_add(&e->cable, element);
			break;
		case NS_RISK_STRUCTURE:
			id_set_add(&e->structure, element);
			break;
		case NS_RISK_SITE:
			id_set_add(&e->site, element);
			break;
		case NS_RISK_POWER_FEED:
			plant_elements_add(e, "power_feed", element);
			break;
		case NS_RISK_CORRIDOR:
		case NS_RISK_CORRIDOR_SIDE:
			plant_elements_add(e, "corridor",
							   element >> (NS_STRETCH_BITS + NS_SIDE_BITS));
			break;
		case NS_RISK_CROSSING:
		case NS_RISK_PROXIMITY:
			plant_elements_add(e, "span_pair", element);
			break;
		case NS_RISK_HAZARD_AREA:
			plant_elements_add(e, "hazard_area", element);
			break;
		default:
			break;
	}
}

bool
plant_elements_add(PlantElements *e, const char *kind, int64 id)
{
	if (strcmp(kind, "site") == 0)
		id_set_add(&e->site, id);
	else if (strcmp(kind, "structure") == 0)
		id_set_add(&e->structure, id);
	else if (strcmp(kind, "span") == 0)
		id_set_add(&e->span, id);
	else if (strcmp(kind, "duct") == 0)
		id_set_add(&e->duct, id);
	else if (strcmp(kind, "cable") == 0)
		id_set_add(&e->cable, id);
	else if (strcmp(kind, "cable_segment") == 0)
		id_set_add(&e->segment, id);
	else if (strcmp(kind, "span_pair") == 0)
	{
		id_set_add(&e->span, id >> NS_SPAN_ID_BITS);
		id_set_add(&e->span, id & ((INT64CONST(1) << NS_SPAN_ID_BITS) - 1));
	}
	else if (strcmp(kind, "power_feed") == 0)
		graph_table_look_up(GRAPH_SITE_POWER_FEED, SITE_POWER_FEED_POWER_FEED_ID,
							id, feed_site_row, e);
	else if (strcmp(kind, "corridor") == 0)
		graph_table_look_up(GRAPH_SPAN, SPAN_CORRIDOR_ID, id, corridor_span_row, e);
	else if (strcmp(kind, "hazard_area") == 0)
		add_area(e, id);
	else
		return false;
	return true;
}

/* ---- from each kind to the next ---- */

static void
structure_of_site_row(const GraphRow *row, void *state)
{
	Above	   *above = state;

	id_set_add(&above->e->structure, graph_row_int64(row, STRUCTURE_ID));
}

static void
span_row(const GraphRow *row, void *state)
{
	Above	   *above = state;

	id_set_add(&above->e->span, graph_row_int64(row, SPAN_ID));
}

static void
crossing_row(const GraphRow *row, void *state)
{
	Above	   *above = state;

	id_set_add(&above->e->span, graph_row_int64(row, CROSSING_SPAN_ID));
}

static void
node_row(const GraphRow *row, void *state)
{
	Above	   *above = state;

	id_set_add(above->node, graph_row_int64(row, NODE_ID));
}

static void
duct_row(const GraphRow *row, void *state)
{
	Above	   *above = state;

	id_set_add(&above->e->duct, graph_row_int64(row, DUCT_ID));
}

static void
segment_row(const GraphRow *row, void *state)
{
	Above	   *above = state;

	id_set_add(&above->e->segment,
			   plant_segment_id(graph_row_int64(row, SEGMENT_CABLE_ID),
								graph_row_int32(row, SEGMENT_SEQ)));
}

/* Is one of the segments looked for among these of the cable? */
static bool
covers_segment(const Above *above, int64 cable_id, int32 from, int32 to)
{
	int64		first = plant_segment_id(cable_id, from);
	size_t		low = 0;
	size_t		high = above->nsegments;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (above->segment[middle] < first)
			low = middle + 1;
		else
			high = middle;
	}
	return low < above->nsegments &&
		above->segment[low] < first + (to - from);
}

static void
assignment_row(const GraphRow *row, void *state)
{
	Above	   *above = state;
	int32		from;
	int32		to;

	if (graph_row_range(row, ASSIGNMENT_SEGMENTS, &from, &to) &&
		(above->segment == NULL ||
		 covers_segment(above, graph_row_int64(row, ASSIGNMENT_CABLE_ID), from, to)))
		id_set_add(above->link, graph_row_int64(row, ASSIGNMENT_LINK_ID));
}

/* Look up what each of the set leads to; the set may grow meanwhile. */
static void
follow(Above *above, const IdSet *from, GraphTable table, int column, GraphRowFn fn)
{
	GraphLookUp look_up;
	size_t		i;

	if (from->n == 0)
		return;
	graph_look_up_begin(&look_up, table, column);
	for (i = 0; i < from->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		graph_look_up(&look_up, Int64GetDatum(from->id[i]), fn, above);
	}
	graph_look_up_end(&look_up);
}

static int
compare_ids(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return (x > y) - (x < y);
}

/* Each cable is looked up once, however many of its segments it is for. */
static void
follow_segments(Above *above)
{
	const PlantElements *e = above->e;
	size_t		n = e->segment.n;
	GraphLookUp look_up;
	size_t		i;

	follow(above, &e->cable, GRAPH_STRAND_ASSIGNMENT, ASSIGNMENT_CABLE_ID,
		   assignment_row);
	if (n == 0)
		return;
	above->segment = palloc_array(int64, n);
	above->nsegments = n;
	memcpy(above->segment, e->segment.id, n * sizeof(int64));
	qsort(above->segment, n, sizeof(int64), compare_ids);
	graph_look_up_begin(&look_up, GRAPH_STRAND_ASSIGNMENT, ASSIGNMENT_CABLE_ID);
	for (i = 0; i < n; i++)
	{
		int64		cable_id = above->segment[i] >> 20;

		CHECK_FOR_INTERRUPTS();
		if ((i > 0 && cable_id == above->segment[i - 1] >> 20) ||
			id_set_has(&e->cable, cable_id))
			continue;
		graph_look_up(&look_up, Int64GetDatum(cable_id), assignment_row, above);
	}
	graph_look_up_end(&look_up);
	pfree(above->segment);
	above->segment = NULL;
}

void
plant_complete(PlantElements *e)
{
	Above		above = {.e = e};

	follow(&above, &e->site, GRAPH_STRUCTURE, STRUCTURE_SITE_ID,
		   structure_of_site_row);
	follow(&above, &e->structure, GRAPH_SPAN, SPAN_A_STRUCTURE_ID, span_row);
	follow(&above, &e->structure, GRAPH_SPAN, SPAN_Z_STRUCTURE_ID, span_row);
	follow(&above, &e->structure, GRAPH_SPAN_CROSSING, CROSSING_STRUCTURE_ID,
		   crossing_row);
}

void
plant_above(PlantElements *e, IdSet *link, IdSet *node)
{
	Above		above = {.e = e,.link = link,.node = node};
	size_t		i;

	for (i = 0; i < e->node.n; i++)
		id_set_add(node, e->node.id[i]);
	plant_complete(e);
	follow(&above, &e->site, GRAPH_NODE, NODE_SITE_ID, node_row);
	follow(&above, &e->structure, GRAPH_NODE, NODE_STRUCTURE_ID, node_row);
	follow(&above, &e->duct, GRAPH_DUCT, DUCT_PARENT_ID, duct_row);
	follow(&above, &e->span, GRAPH_CABLE_SEGMENT, SEGMENT_SPAN_ID, segment_row);
	follow(&above, &e->duct, GRAPH_CABLE_SEGMENT, SEGMENT_DUCT_ID, segment_row);
	follow_segments(&above);
}
