/*-------------------------------------------------------------------------
 *
 * plant_read.c
 *	  Reads the plant that links ride in and nodes stand in.
 *
 * Either row by row through indexes, each element once, or, where links ride
 * in much of it, every table from end to end.  What a row names may be read
 * after it; so ids are kept beside the rows, and become positions at the end.
 *
 * A transaction may have pairs of spans of its own; they stand in
 * span_pair_own until it commits, and override those in span_pair.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/xid8.h"

#include "env_pg.h"
#include "error.h"
#include "graph_place.h"
#include "graph_table.h"
#include "id_set.h"
#include "plant_read.h"
#include "sort.h"

#define SUBJECT		"derivation of shared risk"

/*
 * In rows of a scan, about what it costs to look up the segments of a ride, one
 * of these segments, and a span with its structures, ducts and pairs.
 */
#define ROWS_PER_RIDE	8
#define ROWS_PER_SEGMENT 2
#define ROWS_PER_SPAN	40

#define PROXIMITY_LEVELS 25		/* elements of span_pair.run_m */

/* Pointer to a new element at the end of one of the arrays. */
#define NEW(p, array, count, room) \
	((p)->array = env_pg_grow((p)->env, (p)->array, &(p)->room, \
							  (size_t) (count) + 1, sizeof(*(p)->array)), \
	 &(p)->array[(count)++])

/* ---- ids ---- */

/* The position of an id; *fresh when it was not there before. */
static int32
place(PlantRead *p, NsIdMap *map, int64 id, size_t known, bool *fresh)
{
	int32		number;

	error_check(ns_id_map_place(p->env, map, id, &number), SUBJECT);
	*fresh = (size_t) number == known;
	return number;
}

static void
map_ids(PlantRead *p, NsIdMap *map, const int64 *first, size_t n, size_t stride)
{
	if (n > 0)
		error_check(ns_id_map_make(p->env, map, first, n, stride), SUBJECT);
}

/* The position of what a foreign key says is there. */
static int32
found(const NsIdMap *map, int64 id)
{
	int32		number = ns_id_map_find(map, id);

	if (number < 0)
		error_check(NS_BAD_INPUT, SUBJECT);
	return number;
}

static int32
want_site(PlantRead *p, int64 id)
{
	bool		fresh;
	int32		number;

	if (id == 0)
		return -1;
	number = place(p, &p->site_map, id, p->rows.nsites, &fresh);
	if (fresh)
		NEW(p, site, p->rows.nsites, site_room)->id = id;
	return number;
}

static void
want_structure(PlantRead *p, int64 id)
{
	bool		fresh;

	if (id == 0 || p->whole)
		return;
	place(p, &p->structure_map, id, p->rows.nstructures, &fresh);
	if (!fresh)
		return;
	memset(NEW(p, structure, p->rows.nstructures, structure_room), 0,
		   sizeof(NsPlantStructure));
	p->structure[p->rows.nstructures - 1].id = id;
}

static void
want_span(PlantRead *p, int64 id)
{
	bool		fresh;

	if (p->whole)
		return;
	place(p, &p->span_map, id, p->rows.nspans, &fresh);
	if (!fresh)
		return;
	memset(NEW(p, span, p->rows.nspans, span_room), 0, sizeof(NsPlantSpan));
	p->span[p->rows.nspans - 1].id = id;
}

static void
want_duct(PlantRead *p, int64 id)
{
	bool		fresh;

	if (id == 0 || p->whole)
		return;
	place(p, &p->duct_map, id, p->rows.nducts, &fresh);
	if (!fresh)
		return;
	memset(NEW(p, duct, p->rows.nducts, duct_room), 0, sizeof(NsPlantDuct));
	p->duct[p->rows.nducts - 1].id = id;
}

static int32
want_cable(PlantRead *p, int64 id)
{
	bool		fresh;
	int32		number;

	number = place(p, &p->cable_map, id, p->rows.ncables, &fresh);
	if (fresh)
	{
		memset(NEW(p, cable, p->rows.ncables, cable_room), 0,
			   sizeof(NsPlantCable));
		p->cable[number].id = id;
	}
	return number;
}

/* ---- assignments and segments ---- */

static void
assignment_row(const GraphRow *row, void *state)
{
	PlantRead  *p = state;
	int64		link = (int64) p->at;
	RawRide    *ride;
	int32		from;
	int32		to;

	if (p->wanted != NULL)
	{
		link = ns_id_map_find(p->wanted, graph_row_int64(row, ASSIGNMENT_LINK_ID));
		if (link < 0)
			return;
	}
	if (!graph_row_range(row, ASSIGNMENT_SEGMENTS, &from, &to))
		return;
	ride = NEW(p, ride, p->nrides, ride_room);
	ride->cable_id = graph_row_int64(row, ASSIGNMENT_CABLE_ID);
	ride->link = (int32) link;
	ride->seq = graph_row_int32(row, ASSIGNMENT_SEQ);
	ride->from = from;
	ride->to = to - 1;
}

static int
compare_rides(const void *context, int32_t a, int32_t b)
{
	const RawRide *x = (const RawRide *) context + a;
	const RawRide *y = (const RawRide *) context + b;

	if (x->link != y->link)
		return x->link < y->link ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* In the order of links, then seq. */
static void
order_rides(PlantRead *p)
{
	int32	   *order = env_pg_array(p->env, p->nrides, sizeof(int32));
	RawRide    *ride = env_pg_array(p->env, p->nrides, sizeof(RawRide));
	size_t		i;

	for (i = 0; i < p->nrides; i++)
		order[i] = (int32) i;
	error_check(ns_sort(p->env, order, p->nrides, compare_rides, p->ride),
				SUBJECT);
	for (i = 0; i < p->nrides; i++)
		ride[i] = p->ride[order[i]];
	p->ride = ride;
	p->ride_room = p->nrides;
}

static void
read_assignments(PlantRead *p, const PlantLinks *links)
{
	NsIdMap		map = {0};
	GraphLookUp look_up;

	if (links->n == 0 || graph_table_empty(GRAPH_STRAND_ASSIGNMENT))
		return;
	if (graph_table_scan_is_cheaper(GRAPH_STRAND_ASSIGNMENT, ASSIGNMENT_LINK_ID,
									links->n))
	{
		map_ids(p, &map, links->id, links->n, links->stride);
		p->wanted = &map;
		graph_table_scan(GRAPH_STRAND_ASSIGNMENT, assignment_row, p);
		p->wanted = NULL;
	}
	else
	{
		graph_look_up_begin(&look_up, GRAPH_STRAND_ASSIGNMENT, ASSIGNMENT_LINK_ID);
		for (p->at = 0; p->at < links->n; p->at++)
			graph_look_up(&look_up,
						  Int64GetDatum(*(const int64 *)
										((const char *) links->id + p->at * links->stride)),
						  assignment_row, p);
		graph_look_up_end(&look_up);
	}
	if (p->nrides > 0)
		order_rides(p);
}

/* Is it cheaper to read all segments than those of the rides, one by one? */
static bool
wants_all_segments(const PlantRead *p)
{
	double		rows = 0;
	size_t		i;

	if (p->nrides <= 8)
		return false;
	for (i = 0; i < p->nrides; i++)
		rows += ROWS_PER_RIDE +
			ROWS_PER_SEGMENT * (double) (p->ride[i].to - p->ride[i].from + 1);
	return rows > graph_table_rows(GRAPH_CABLE_SEGMENT);
}

/*
 * Is it cheaper to read all the plant than what these segments lie in?  Rides
 * say nothing of that: a thousand circuits may share one cable.
 */
static bool
wants_all_spans(const PlantRead *p)
{
	return p->rows.nspans > 128 && (double) p->rows.nspans * ROWS_PER_SPAN >
		graph_table_rows(GRAPH_SPAN) + graph_table_rows(GRAPH_DUCT) +
		graph_table_rows(GRAPH_STRUCTURE) + graph_table_rows(GRAPH_SPAN_PAIR);
}

/* From here on tables are read whole, not what was looked for so far. */
static void
want_all(PlantRead *p)
{
	p->whole = true;
	p->rows.nspans = p->rows.nducts = 0;
	memset(&p->span_map, 0, sizeof(p->span_map));
	memset(&p->duct_map, 0, sizeof(p->duct_map));
}

static void
segment_row(const GraphRow *row, void *state)
{
	PlantRead  *p = state;
	int32		cable = ns_id_map_find(&p->cable_map,
									   graph_row_int64(row, SEGMENT_CABLE_ID));
	RawSegment *segment;

	if (cable < 0)
		return;
	segment = NEW(p, segment, p->nsegments, segment_room);
	segment->cable = cable;
	segment->seq = graph_row_int32(row, SEGMENT_SEQ);
	segment->span_id = graph_row_int64(row, SEGMENT_SPAN_ID);
	segment->duct_id = graph_row_int64(row, SEGMENT_DUCT_ID);
	want_span(p, segment->span_id);
	want_duct(p, segment->duct_id);
}

/* Segments of one cable that several assignments cover are read once each. */
static void
read_segments(PlantRead *p)
{
	GraphPlace	look_up;
	size_t		i;

	for (i = 0; i < p->nrides; i++)
		want_cable(p, p->ride[i].cable_id);
	if (wants_all_segments(p))
	{
		p->whole = true;
		graph_table_scan(GRAPH_CABLE_SEGMENT, segment_row, p);
		return;
	}
	graph_place_begin(&look_up, GRAPH_CABLE_SEGMENT, SEGMENT_CABLE_ID, SEGMENT_SEQ);
	for (i = 0; i < p->nrides; i++)
		graph_place_range(&look_up, p->ride[i].cable_id, p->ride[i].from,
						  p->ride[i].to, segment_row, p);
	graph_place_end(&look_up);
	if (wants_all_spans(p))
		want_all(p);
}

static int
compare_segments(const void *context, int32_t a, int32_t b)
{
	const RawSegment *x = (const RawSegment *) context + a;
	const RawSegment *y = (const RawSegment *) context + b;

	if (x->cable != y->cable)
		return x->cable < y->cable ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* By cable, then seq, each once; a stable sort is fast where they lie so. */
static void
order_segments(PlantRead *p)
{
	size_t		n = p->nsegments;
	int32	   *order;
	RawSegment *segment;
	size_t		kept = 0;
	size_t		i;

	for (i = 1; i < n; i++)
		if (compare_segments(p->segment, (int32) i - 1, (int32) i) >= 0)
			break;
	if (i >= n)
		return;
	order = env_pg_array(p->env, n, sizeof(int32));
	segment = env_pg_array(p->env, n, sizeof(RawSegment));
	for (i = 0; i < n; i++)
		order[i] = (int32) i;
	error_check(ns_sort(p->env, order, n, compare_segments, p->segment), SUBJECT);
	for (i = 0; i < n; i++)
	{
		if (kept > 0 && compare_segments(p->segment, order[i - 1], order[i]) == 0)
			continue;
		segment[kept++] = p->segment[order[i]];
	}
	p->segment = segment;
	p->segment_room = n;
	p->nsegments = kept;
}

/* ---- spans, ducts, structures, cables ---- */

static uint8
side_of(const GraphRow *row)
{
	if (graph_row_is(row, SPAN_SIDE, "left", 4))
		return 1;
	if (graph_row_is(row, SPAN_SIDE, "right", 5))
		return 2;
	return graph_row_is(row, SPAN_SIDE, "median", 6) ? 3 : 0;
}

static bool
operational(const GraphRow *row, int column)
{
	return graph_row_is(row, column, "operational", 11);
}

static void
span_row(const GraphRow *row, void *state)
{
	PlantRead  *p = state;
	NsPlantSpan *span;
	RawSpan    *raw;

	p->nread++;
	if (p->whole)
	{
		p->at = p->rows.nspans;
		span = NEW(p, span, p->rows.nspans, span_room);
	}
	else
		span = &p->span[p->at];
	p->raw_span = env_pg_grow(p->env, p->raw_span, &p->raw_span_room,
							  p->rows.nspans, sizeof(RawSpan));
	raw = &p->raw_span[p->at];
	span->id = graph_row_int64(row, SPAN_ID);
	raw->a_structure_id = graph_row_int64(row, SPAN_A_STRUCTURE_ID);
	raw->z_structure_id = graph_row_int64(row, SPAN_Z_STRUCTURE_ID);
	raw->corridor_id = graph_row_int64(row, SPAN_CORRIDOR_ID);
	span->a = span->z = -1;
	span->side = side_of(row);
	span->encased = !graph_row_is(row, SPAN_ENCASEMENT, "none", 4);
	span->operational = operational(row, SPAN_STATUS);
	want_structure(p, raw->a_structure_id);
	want_structure(p, raw->z_structure_id);
}

static void
duct_row(const GraphRow *row, void *state)
{
	PlantRead  *p = state;
	NsPlantDuct *duct;
	RawDuct    *raw;
	size_t		at = p->at;

	p->nread++;
	if (p->whole)
	{
		at = p->rows.nducts;
		duct = NEW(p, duct, p->rows.nducts, duct_room);
		duct->id = graph_row_int64(row, DUCT_ID);
	}
	p->raw_duct = env_pg_grow(p->env, p->raw_duct, &p->raw_duct_room,
							  p->rows.nducts, sizeof(RawDuct));
	raw = &p->raw_duct[at];
	raw->span_id = graph_row_int64(row, DUCT_SPAN_ID);
	raw->parent_id = graph_row_int64(row, DUCT_PARENT_ID);
	want_duct(p, raw->parent_id);
}

static void
structure_row(const GraphRow *row, void *state)
{
	PlantRead  *p = state;
	size_t		at = p->at;

	p->nread++;
	if (p->whole)
	{
		at = p->rows.nstructures;
		NEW(p, structure, p->rows.nstructures, structure_room)->id =
			graph_row_int64(row, STRUCTURE_ID);
	}
	p->structure_site_id = env_pg_grow(p->env, p->structure_site_id,
									   &p->structure_site_room,
									   p->rows.nstructures, sizeof(int64));
	p->structure_site_id[at] = graph_row_int64(row, STRUCTURE_SITE_ID);
	p->structure[at].operational = operational(row, STRUCTURE_STATUS);
}

static void
cable_row(const GraphRow *row, void *state)
{
	PlantRead  *p = state;
	int32		at = ns_id_map_find(&p->cable_map, graph_row_int64(row, CABLE_ID));

	p->nread++;
	if (at >= 0)
		p->cable[at].operational = operational(row, CABLE_STATUS);
}

static void
crossing_row(const GraphRow *row, void *state)
{
	PlantRead  *p = state;
	NsPassage	passage = NS_PASSAGE_OVER;

	if (graph_row_is(row, CROSSING_PASSAGE, "under", 5))
		passage = NS_PASSAGE_UNDER;
	else if (graph_row_is(row, CROSSING_PASSAGE, "through", 7))
		passage = NS_PASSAGE_THROUGH;
	NEW(p, crossing, p->ncrossings, crossing_room)->passage = passage;
	p->crossing[p->ncrossings - 1].span_id = graph_row_int64(row, CROSSING_SPAN_ID);
	p->crossing[p->ncrossings - 1].structure_id =
		graph_row_int64(row, CROSSING_STRUCTURE_ID);
	want_structure(p, p->crossing[p->ncrossings - 1].structure_id);
}

/* Look the rows of elements up, from the first on; more may join meanwhile. */
#define LOOK_UP_EACH(p, table, column, array, count, fn) \
	do { \
		GraphLookUp look_up_; \
		(p)->nread = 0; \
		if ((count) > 0) \
		{ \
			graph_look_up_begin(&look_up_, table, column); \
			for ((p)->at = 0; (p)->at < (count); (p)->at++) \
			{ \
				CHECK_FOR_INTERRUPTS(); \
				graph_look_up(&look_up_, Int64GetDatum((array)[(p)->at].id), \
							  fn, p); \
			} \
			graph_look_up_end(&look_up_); \
		} \
	} while (0)

/* A foreign key said that each of so many has its row. */
static void
check_read(const PlantRead *p, size_t n)
{
	if (p->nread < n)
		error_check(NS_BAD_INPUT, SUBJECT);
}

static void
read_elements(PlantRead *p)
{
	if (p->whole)
	{
		graph_table_scan(GRAPH_SPAN, span_row, p);
		graph_table_scan(GRAPH_SPAN_CROSSING, crossing_row, p);
		graph_table_scan(GRAPH_STRUCTURE, structure_row, p);
		if (!p->itself)
		{
			graph_table_scan(GRAPH_DUCT, duct_row, p);
			graph_table_scan(GRAPH_CABLE, cable_row, p);
		}
		map_ids(p, &p->span_map, &p->span[0].id, p->rows.nspans, sizeof(NsPlantSpan));
		map_ids(p, &p->structure_map, &p->structure[0].id, p->rows.nstructures,
				sizeof(NsPlantStructure));
		map_ids(p, &p->duct_map, &p->duct[0].id, p->rows.nducts, sizeof(NsPlantDuct));
		return;
	}
	LOOK_UP_EACH(p, GRAPH_SPAN, SPAN_ID, p->span, p->rows.nspans, span_row);
	check_read(p, p->rows.nspans);
	if (!graph_table_empty(GRAPH_SPAN_CROSSING))
		LOOK_UP_EACH(p, GRAPH_SPAN_CROSSING, CROSSING_SPAN_ID, p->span,
					 p->rows.nspans, crossing_row);
	LOOK_UP_EACH(p, GRAPH_DUCT, DUCT_ID, p->duct, p->rows.nducts, duct_row);
	check_read(p, p->rows.nducts);
	LOOK_UP_EACH(p, GRAPH_CABLE, CABLE_ID, p->cable, p->rows.ncables, cable_row);
	check_read(p, p->rows.ncables);
	LOOK_UP_EACH(p, GRAPH_STRUCTURE, STRUCTURE_ID, p->structure,
				 p->rows.nstructures, structure_row);
	check_read(p, p->rows.nstructures);
}

/* ---- sites and feeds ---- */

static void
feed_row(const GraphRow *row, void *state)
{
	PlantRead  *p = state;
	int32		site = ns_id_map_find(&p->site_map,
									  graph_row_int64(row, SITE_POWER_FEED_SITE_ID));
	NsPlantFeed *feed;

	if (site < 0)
		return;
	feed = NEW(p, feed, p->rows.nfeeds, feed_room);
	feed->site = site;
	feed->id = graph_row_int64(row, SITE_POWER_FEED_POWER_FEED_ID);
}

static void
read_places(PlantRead *p, const PlantNode *node, size_t nnodes)
{
	size_t		i;

	for (i = 0; i < p->rows.nstructures; i++)
		p->structure[i].site = want_site(p, p->structure_site_id[i]);
	p->place = env_pg_array(p->env, nnodes, sizeof(NsPlantPlace));
	p->node_place = env_pg_array(p->env, nnodes, sizeof(int32));
	for (i = 0; i < nnodes; i++)
	{
		NsPlantPlace *at = &p->place[p->rows.nplaces];

		CHECK_FOR_INTERRUPTS();
		p->node_place[i] = -1;
		if (node[i].site_id == 0 && node[i].structure_id == 0 && !p->hazards)
			continue;
		at->node_id = node[i].id;
		at->passive = p->itself;
		at->structure = node[i].structure_id == 0 ? -1
			: found(&p->structure_map, node[i].structure_id);
		at->site = want_site(p, node[i].site_id);
		if (at->site < 0 && at->structure >= 0)
			at->site = p->structure[at->structure].site;
		p->node_place[i] = (int32) p->rows.nplaces++;
	}
	if (p->rows.nsites == 0 || graph_table_empty(GRAPH_SITE_POWER_FEED))
		return;
	if (graph_table_scan_is_cheaper(GRAPH_SITE_POWER_FEED,
									SITE_POWER_FEED_SITE_ID, p->rows.nsites))
		graph_table_scan(GRAPH_SITE_POWER_FEED, feed_row, p);
	else
		LOOK_UP_EACH(p, GRAPH_SITE_POWER_FEED, SITE_POWER_FEED_SITE_ID, p->site,
					 p->rows.nsites, feed_row);
}

/* ---- pairs of spans ---- */

/* Do the two run near each other by the rule? */
static bool
runs_near(const PlantRead *p, const GraphRow *row, int column)
{
	const NsRiskRule *rule = &p->rows.rule[NS_RULE_PROXIMITY];
	int			level = (int) rule->distance_m;
	bool		null;
	Datum		value = graph_row_get(row, column, &null);
	ArrayType  *array;
	float		run = 0;

	if (null || !rule->enabled || level < 1 || level > PROXIMITY_LEVELS)
		return false;
	array = DatumGetArrayTypeP(value);
	if (ARR_NDIM(array) == 1 && !ARR_HASNULL(array) &&
		ARR_DIMS(array)[0] == PROXIMITY_LEVELS)
		run = ((float *) id_array_data(array))[level - 1];
	if ((Pointer) array != DatumGetPointer(value))
		pfree(array);
	return run > 0 && run >= rule->min_length_m;
}

static void
own_pair_row(const GraphRow *row, void *state)
{
	PlantRead  *p = state;
	RawPair		pair;
	bool		fresh;
	bool		gone;

	pair.span_id[0] = graph_row_int64(row, PAIR_OWN_A_SPAN_ID);
	pair.span_id[1] = graph_row_int64(row, PAIR_OWN_B_SPAN_ID);
	if (pair.span_id[0] <= 0)
		return;					/* a mark of what is to be derived at COMMIT */
	(void) graph_row_get(row, PAIR_OWN_RUN_M, &gone);
	pair.crosses = graph_row_bool(row, PAIR_OWN_CROSSES);
	pair.near = runs_near(p, row, PAIR_OWN_RUN_M);
	pair.own = true;
	place(p, &p->own_pair, ns_span_pair_id(pair.span_id[0], pair.span_id[1]),
		  p->own_pair.n, &fresh);
	if (!gone && (pair.crosses || pair.near))
		*NEW(p, pair, p->npairs, pair_room) = pair;
}

static void
pair_row(const GraphRow *row, void *state)
{
	PlantRead  *p = state;
	RawPair		pair;

	pair.crosses = graph_row_bool(row, PAIR_CROSSES) &&
		p->rows.rule[NS_RULE_CROSSING].enabled;
	pair.near = runs_near(p, row, PAIR_RUN_M);
	if (!pair.crosses && !pair.near)
		return;
	pair.span_id[0] = graph_row_int64(row, PAIR_A_SPAN_ID);
	pair.span_id[1] = graph_row_int64(row, PAIR_B_SPAN_ID);
	pair.own = false;
	if (p->own_pair.n > 0 &&
		ns_id_map_find(&p->own_pair,
					   ns_span_pair_id(pair.span_id[0], pair.span_id[1])) >= 0)
		return;
	/* Looked up by its second span, it was met by its first if that is here. */
	if (!p->whole && pair.span_id[1] == p->span[p->at].id &&
		ns_id_map_find(&p->span_map, pair.span_id[0]) >= 0)
		return;
	*NEW(p, pair, p->npairs, pair_room) = pair;
}

static void
read_pairs(PlantRead *p)
{
	NsPlantPair *ready;
	size_t		n = 0;
	size_t		i;

	if (p->rows.nspans == 0)
		return;
	if (FullTransactionIdIsValid(GetTopFullTransactionIdIfAny()) &&
		!graph_table_empty(GRAPH_SPAN_PAIR_OWN))
	{
		GraphLookUp look_up;

		graph_look_up_begin(&look_up, GRAPH_SPAN_PAIR_OWN, PAIR_OWN_XID);
		graph_look_up(&look_up,
					  FullTransactionIdGetDatum(GetTopFullTransactionIdIfAny()),
					  own_pair_row, p);
		graph_look_up_end(&look_up);
	}
	if (p->whole)
		graph_table_scan(GRAPH_SPAN_PAIR, pair_row, p);
	else if (!graph_table_empty(GRAPH_SPAN_PAIR))
	{
		LOOK_UP_EACH(p, GRAPH_SPAN_PAIR, PAIR_A_SPAN_ID, p->span, p->rows.nspans,
					 pair_row);
		LOOK_UP_EACH(p, GRAPH_SPAN_PAIR, PAIR_B_SPAN_ID, p->span, p->rows.nspans,
					 pair_row);
	}
	ready = env_pg_array(p->env, p->npairs, sizeof(NsPlantPair));
	for (i = 0; i < p->npairs; i++)
	{
		const RawPair *raw = &p->pair[i];
		NsPlantPair *pair = &ready[n];

		pair->id = ns_span_pair_id(raw->span_id[0], raw->span_id[1]);
		pair->span[0] = ns_id_map_find(&p->span_map, raw->span_id[0]);
		pair->span[1] = ns_id_map_find(&p->span_map, raw->span_id[1]);
		pair->crosses = raw->crosses;
		pair->near = raw->near;
		n += pair->span[0] >= 0 || pair->span[1] >= 0;
	}
	p->rows.pair = ready;
	p->rows.npairs = n;
}

/* ---- ids to positions ---- */

static void
resolve(PlantRead *p)
{
	NsPlantPassage *passage = env_pg_array(p->env, p->ncrossings,
										   sizeof(NsPlantPassage));
	size_t		i;

	for (i = 0; i < p->rows.nspans; i++)
	{
		CHECK_FOR_INTERRUPTS();
		p->span[i].a = found(&p->structure_map, p->raw_span[i].a_structure_id);
		p->span[i].z = found(&p->structure_map, p->raw_span[i].z_structure_id);
	}
	for (i = 0; i < p->rows.nducts; i++)
	{
		CHECK_FOR_INTERRUPTS();
		p->duct[i].span = found(&p->span_map, p->raw_duct[i].span_id);
		p->duct[i].parent = p->raw_duct[i].parent_id == 0 ? -1
			: found(&p->duct_map, p->raw_duct[i].parent_id);
	}
	for (i = 0; i < p->ncrossings; i++)
	{
		passage[i].span = found(&p->span_map, p->crossing[i].span_id);
		passage[i].structure = found(&p->structure_map, p->crossing[i].structure_id);
		passage[i].passage = p->crossing[i].passage;
	}
	p->rows.passage = passage;
	p->rows.npassages = p->ncrossings;
}

/* Position of a cable's first segment of this number or a higher one. */
static size_t
first_segment(const PlantRead *p, int32 cable, int32 seq)
{
	size_t		low = 0;
	size_t		high = p->nsegments;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;
		const RawSegment *s = &p->segment[middle];

		if (s->cable < cable || (s->cable == cable && s->seq < seq))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
resolve_rides(PlantRead *p, size_t nlinks)
{
	size_t		i;

	p->lane = env_pg_array(p->env, p->nsegments, sizeof(NsLane));
	for (i = 0; i < p->nsegments; i++)
	{
		CHECK_FOR_INTERRUPTS();
		p->lane[i].span = found(&p->span_map, p->segment[i].span_id);
		p->lane[i].duct = p->segment[i].duct_id == 0 ? -1
			: found(&p->duct_map, p->segment[i].duct_id);
	}
	p->ride_start = ns_alloc_zero(p->env, nlinks + 1, sizeof(int32));
	p->ready_ride = env_pg_array(p->env, p->nrides, sizeof(NsRide));
	for (i = 0; i < p->nrides; i++)
	{
		const RawRide *raw = &p->ride[i];
		NsRide	   *ride = &p->ready_ride[i];
		size_t		first;

		CHECK_FOR_INTERRUPTS();
		p->ride_start[raw->link + 1]++;
		ride->cable = found(&p->cable_map, raw->cable_id);
		first = first_segment(p, ride->cable, raw->from);
		ride->lane = (int32) first;
		ride->nlanes = (int32) ((raw->to == PG_INT32_MAX
								 ? first_segment(p, ride->cable + 1, 0)
								 : first_segment(p, ride->cable, raw->to + 1)) - first);
	}
	for (i = 0; i < nlinks; i++)
		p->ride_start[i + 1] += p->ride_start[i];
}

static void
finish(PlantRead *p)
{
	p->rows.site = p->site;
	p->rows.feed = p->feed;
	p->rows.structure = p->structure;
	p->rows.span = p->span;
	p->rows.duct = p->duct;
	p->rows.cable = p->cable;
	p->rows.stretch = p->stretch;
	p->rows.hazard = p->hazard;
	p->rows.place = p->place;
	error_check(ns_plant_build(p->env, &p->rows, &p->plant), SUBJECT);
	p->riding.plant = &p->plant;
	p->riding.lane = p->lane;
	p->riding.nlanes = p->nsegments;
	p->riding.ride = p->ready_ride;
	p->riding.ride_start = p->ride_start;
	p->riding.node_place = p->node_place;
	p->any = p->nrides > 0 || p->rows.nplaces > 0;
}

void
plant_read(PlantRead *p, NsEnv *env, const PlantLinks *links,
		   const PlantNode *node, size_t nnodes)
{
	size_t		i;

	memset(p, 0, sizeof(*p));
	p->env = env;
	read_assignments(p, links);
	for (i = 0; i < nnodes && p->nrides == 0; i++)
		if (node[i].site_id != 0 || node[i].structure_id != 0)
			break;
	p->hazards = !graph_table_empty(GRAPH_HAZARD_AREA);
	if (p->nrides == 0 && i == nnodes && !p->hazards)
		return;

	plant_read_rules(p->rows.rule);
	if (p->nrides > 0)
	{
		read_segments(p);
		order_segments(p);
	}
	for (i = 0; i < nnodes; i++)
		want_structure(p, node[i].structure_id);
	read_elements(p);
	read_places(p, node, nnodes);
	read_pairs(p);
	resolve(p);
	plant_read_stretches(p);
	plant_read_hazards(p, node, nnodes);
	resolve_rides(p, links->n);
	finish(p);
}

/* A ride in each span, in a lane of its own. */
static void
ride_spans(PlantRead *p, const int64 *span_id, size_t n)
{
	size_t		i;

	p->nsegments = p->nrides = n;
	p->lane = env_pg_array(p->env, n, sizeof(NsLane));
	p->ready_ride = env_pg_array(p->env, n, sizeof(NsRide));
	p->ride_start = env_pg_array(p->env, n + 1, sizeof(int32));
	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		p->lane[i].span = found(&p->span_map, span_id[i]);
		p->lane[i].duct = -1;
		p->ready_ride[i].cable = -1;
		p->ready_ride[i].lane = (int32) i;
		p->ready_ride[i].nlanes = 1;
		p->ride_start[i] = (int32) i;
	}
	p->ride_start[n] = (int32) n;
}

void
plant_read_itself(PlantRead *p, NsEnv *env, const int64 *span_id, size_t nspans,
				  const int64 *structure_id, size_t nstructures)
{
	PlantNode  *node;
	size_t		i;

	memset(p, 0, sizeof(*p));
	p->env = env;
	p->itself = true;
	p->hazards = !graph_table_empty(GRAPH_HAZARD_AREA);
	plant_read_rules(p->rows.rule);
	p->whole = graph_table_scan_is_cheaper(GRAPH_SPAN, SPAN_ID,
										   4 * (nspans + nstructures));
	for (i = 0; i < nspans; i++)
		want_span(p, span_id[i]);
	for (i = 0; i < nstructures; i++)
		want_structure(p, structure_id[i]);
	read_elements(p);
	node = env_pg_array(env, p->rows.nstructures, sizeof(PlantNode));
	for (i = 0; i < p->rows.nstructures; i++)
	{
		node[i].id = node[i].structure_id = p->structure[i].id;
		node[i].site_id = 0;
	}
	read_places(p, node, p->rows.nstructures);
	read_pairs(p);
	resolve(p);
	plant_read_stretches(p);
	plant_read_hazards(p, node, p->rows.nstructures);
	ride_spans(p, span_id, nspans);
	finish(p);
}

void
plant_riding_select(const PlantRead *p, const int32 *link, size_t nlinks,
					const int32 *node, size_t nnodes, NsRiding *riding)
{
	int32	   *start = env_pg_array(p->env, nlinks + 1, sizeof(int32));
	int32	   *node_place = env_pg_array(p->env, nnodes, sizeof(int32));
	NsRide	   *ride = env_pg_array(p->env, p->nrides, sizeof(NsRide));
	size_t		n = 0;
	size_t		i;

	for (i = 0; i < nlinks; i++)
	{
		int32		from = p->ride_start[link[i]];
		int32		count = p->ride_start[link[i] + 1] - from;

		CHECK_FOR_INTERRUPTS();
		start[i] = (int32) n;
		memcpy(&ride[n], &p->ready_ride[from], count * sizeof(NsRide));
		n += count;
	}
	start[nlinks] = (int32) n;
	for (i = 0; i < nnodes; i++)
		node_place[i] = p->node_place[node[i]];
	*riding = p->riding;
	riding->ride = ride;
	riding->ride_start = start;
	riding->node_place = node_place;
}
