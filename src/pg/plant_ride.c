/*-------------------------------------------------------------------------
 *
 * plant_ride.c
 *	  Reads which strands links are assigned to, and the segments of cables
 *	  that these run in.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "error.h"
#include "graph_place.h"
#include "plant_read_int.h"
#include "sort.h"

/*
 * In rows of a scan, about what it costs to look up the segments of a ride, one
 * of these segments, and a span with its structures, ducts and pairs.
 */
#define ROWS_PER_RIDE	8
#define ROWS_PER_SEGMENT 2
#define ROWS_PER_SPAN	40

/* Bits for ids of spans are kept while there are this many for a segment. */
#define RIDDEN_RANGE	256

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
	ride = PLANT_NEW(p, ride, p->nrides, ride_room);
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
				PLANT_SUBJECT);
	for (i = 0; i < p->nrides; i++)
		ride[i] = p->ride[order[i]];
	p->ride = ride;
	p->ride_room = p->nrides;
}

void
plant_read_assignments(PlantRead *p, const PlantLinks *links)
{
	NsIdMap		map = {0};
	GraphLookUp look_up;

	if (links->n == 0 || graph_table_empty(GRAPH_STRAND_ASSIGNMENT))
		return;
	if (graph_table_scan_is_cheaper(GRAPH_STRAND_ASSIGNMENT, ASSIGNMENT_LINK_ID,
									links->n))
	{
		plant_map_ids(p, &map, links->id, links->n, links->stride);
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
	segment = PLANT_NEW(p, segment, p->nsegments, segment_room);
	segment->cable = cable;
	segment->seq = graph_row_int32(row, SEGMENT_SEQ);
	segment->span_id = graph_row_int64(row, SEGMENT_SPAN_ID);
	segment->duct_id = graph_row_int64(row, SEGMENT_DUCT_ID);
	plant_want_span(p, segment->span_id);
	plant_want_duct(p, segment->duct_id);
}

static int
compare_ids(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return (x > y) - (x < y);
}

/* By their ids, which is mostly the order in which their segments lie. */
static void
number_cables(PlantRead *p)
{
	int64	   *id = env_pg_array(p->env, p->nrides, sizeof(int64));
	size_t		i;

	for (i = 0; i < p->nrides; i++)
		id[i] = p->ride[i].cable_id;
	qsort(id, p->nrides, sizeof(int64), compare_ids);
	for (i = 0; i < p->nrides; i++)
		if (i == 0 || id[i] != id[i - 1])
			plant_want_cable(p, id[i]);
}

/* Segments of one cable that several assignments cover are read once each. */
static void
read_segments(PlantRead *p)
{
	GraphPlace	look_up;
	size_t		i;

	number_cables(p);
	if (wants_all_segments(p))
	{
		p->whole = true;
		p->segment_room = plant_first_room(GRAPH_CABLE_SEGMENT);
		p->segment = env_pg_array(p->env, p->segment_room, sizeof(RawSegment));
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
compare_segments(const void *a, const void *b)
{
	const RawSegment *x = a;
	const RawSegment *y = b;

	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* Ascending by seq, each once; mostly they lie so. */
static size_t
order_cable(RawSegment *segment, size_t n)
{
	size_t		kept = 0;
	size_t		i;

	for (i = 1; i < n; i++)
		if (segment[i - 1].seq >= segment[i].seq)
			break;
	if (i >= n)
		return n;
	qsort(segment, n, sizeof(RawSegment), compare_segments);
	for (i = 0; i < n; i++)
		if (kept == 0 || segment[kept - 1].seq != segment[i].seq)
			segment[kept++] = segment[i];
	return kept;
}

/* By cable, then seq, each once. */
static void
order_segments(PlantRead *p)
{
	size_t		ncables = p->rows.ncables;
	size_t	   *start = ns_alloc_zero(p->env, ncables + 1, sizeof(size_t));
	size_t	   *fill = env_pg_array(p->env, ncables, sizeof(size_t));
	RawSegment *segment;
	size_t		kept = 0;
	size_t		i;

	for (i = 1; i < p->nsegments; i++)
		if (p->segment[i - 1].cable > p->segment[i].cable ||
			(p->segment[i - 1].cable == p->segment[i].cable &&
			 p->segment[i - 1].seq >= p->segment[i].seq))
			break;
	if (i >= p->nsegments)
		return;
	segment = env_pg_array(p->env, p->nsegments, sizeof(RawSegment));
	for (i = 0; i < p->nsegments; i++)
		start[p->segment[i].cable + 1]++;
	for (i = 0; i < ncables; i++)
	{
		start[i + 1] += start[i];
		fill[i] = start[i];
	}
	for (i = 0; i < p->nsegments; i++)
	{
		CHECK_FOR_INTERRUPTS();
		segment[fill[p->segment[i].cable]++] = p->segment[i];
	}
	for (i = 0; i < ncables; i++)
	{
		size_t		n = order_cable(&segment[start[i]], start[i + 1] - start[i]);

		CHECK_FOR_INTERRUPTS();
		if (kept != start[i])
			memmove(&segment[kept], &segment[start[i]], n * sizeof(RawSegment));
		kept += n;
	}
	p->segment = segment;
	p->segment_room = p->nsegments;
	p->nsegments = kept;
}

/*
 * Position of a cable's first segment of this number or a higher one, within
 * [low, high), which are those of the cable.
 */
static size_t
first_segment(const PlantRead *p, size_t low, size_t high, int32 seq)
{
	/* Numbers have no gaps, mostly. */
	if (low < high && seq >= p->segment[low].seq)
	{
		size_t		guess = low + (size_t) (seq - p->segment[low].seq);

		if (guess < high && p->segment[guess].seq == seq)
			return guess;
	}
	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (p->segment[middle].seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Where each cable's segments begin, one more than there are. */
static size_t *
cable_starts(const PlantRead *p)
{
	size_t	   *start = ns_alloc_zero(p->env, p->rows.ncables + 1, sizeof(size_t));
	size_t		i;

	for (i = 0; i < p->nsegments; i++)
		start[p->segment[i].cable + 1]++;
	for (i = 0; i < p->rows.ncables; i++)
		start[i + 1] += start[i];
	return start;
}

/* Which segments does each ride cover, and which does any? */
static void
place_rides(PlantRead *p)
{
	size_t	   *start = cable_starts(p);
	int32	   *covers = ns_alloc_zero(p->env, p->nsegments + 1, sizeof(int32));
	int32		covering = 0;
	size_t		i;

	p->ready_ride = env_pg_array(p->env, p->nrides, sizeof(NsRide));
	for (i = 0; i < p->nrides; i++)
	{
		const RawRide *raw = &p->ride[i];
		NsRide	   *ride = &p->ready_ride[i];
		size_t		low;
		size_t		high;
		size_t		first;

		CHECK_FOR_INTERRUPTS();
		ride->cable = plant_found(&p->cable_map, raw->cable_id);
		low = start[ride->cable];
		high = start[ride->cable + 1];
		first = first_segment(p, low, high, raw->from);
		ride->lane = (int32) first;
		if (raw->to != PG_INT32_MAX)
			high = first_segment(p, low, high, raw->to + 1);
		ride->nlanes = (int32) (high - first);
		covers[first]++;
		covers[high]--;
	}
	p->covered = env_pg_array(p->env, p->nsegments, sizeof(bool));
	for (i = 0; i < p->nsegments; i++)
	{
		covering += covers[i];
		p->covered[i] = covering > 0;
	}
}

/* Of the others, nothing need be read.  Where ids are scattered, all is. */
static void
note_ridden_spans(PlantRead *p)
{
	int64		least = PG_INT64_MAX;
	int64		most = PG_INT64_MIN;
	uint64		range;
	size_t		i;

	for (i = 0; i < p->nsegments; i++)
	{
		if (!p->covered[i])
			continue;
		least = Min(least, p->segment[i].span_id);
		most = Max(most, p->segment[i].span_id);
	}
	if (least > most)
		return;
	range = (uint64) most - (uint64) least;
	if (range / RIDDEN_RANGE > p->nsegments)
		return;
	p->ridden_first = least;
	p->ridden_range = range + 1;
	p->ridden = ns_alloc_zero(p->env, range / 8 + 1, 1);
	for (i = 0; i < p->nsegments; i++)
	{
		uint64		at = (uint64) p->segment[i].span_id - (uint64) least;

		CHECK_FOR_INTERRUPTS();
		if (p->covered[i])
			p->ridden[at / 8] |= 1 << at % 8;
	}
}

void
plant_read_segments(PlantRead *p)
{
	read_segments(p);
	order_segments(p);
	place_rides(p);
	if (p->whole)
		note_ridden_spans(p);
}

void
plant_resolve_rides(PlantRead *p, size_t nlinks)
{
	size_t		i;

	p->ride_start = ns_alloc_zero(p->env, nlinks + 1, sizeof(int32));
	for (i = 0; i < p->nrides; i++)
		p->ride_start[p->ride[i].link + 1]++;
	for (i = 0; i < nlinks; i++)
		p->ride_start[i + 1] += p->ride_start[i];
	p->lane = env_pg_array(p->env, p->nsegments, sizeof(NsLane));
	for (i = 0; i < p->nsegments; i++)
	{
		CHECK_FOR_INTERRUPTS();
		p->lane[i].span = p->lane[i].duct = -1;
		if (!p->covered[i])
			continue;
		p->lane[i].span = plant_found(&p->span_map, p->segment[i].span_id);
		if (p->segment[i].duct_id != 0)
			p->lane[i].duct = plant_found(&p->duct_map, p->segment[i].duct_id);
	}
}

/* A ride in each span, in a lane of its own. */
void
plant_ride_spans(PlantRead *p, const int64 *span_id, size_t n)
{
	size_t		i;

	p->nsegments = p->nrides = n;
	p->lane = env_pg_array(p->env, n, sizeof(NsLane));
	p->ready_ride = env_pg_array(p->env, n, sizeof(NsRide));
	p->ride_start = env_pg_array(p->env, n + 1, sizeof(int32));
	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		p->lane[i].span = plant_found(&p->span_map, span_id[i]);
		p->lane[i].duct = -1;
		p->ready_ride[i].cable = -1;
		p->ready_ride[i].lane = (int32) i;
		p->ready_ride[i].nlanes = 1;
		p->ride_start[i] = (int32) i;
	}
	p->ride_start[n] = (int32) n;
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
