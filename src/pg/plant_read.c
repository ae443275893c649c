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
#include "plant_read_int.h"

/* Room for more rows than this is not taken on the word of an estimate. */
#define MOST_FIRST_ROOM	(2 * 1024 * 1024)

#define PROXIMITY_LEVELS 25		/* elements of span_pair.run_m */

/* ---- ids ---- */

/* The position of an id; *fresh when it was not there before. */
static int32
place(PlantRead *p, NsIdMap *map, int64 id, size_t known, bool *fresh)
{
	int32		number;

	error_check(ns_id_map_place(p->env, map, id, &number), PLANT_SUBJECT);
	*fresh = (size_t) number == known;
	return number;
}

void
plant_map_ids(PlantRead *p, NsIdMap *map, const int64 *first, size_t n, size_t stride)
{
	if (n > 0)
		error_check(ns_id_map_make(p->env, map, first, n, stride), PLANT_SUBJECT);
}

/* The position of what a foreign key says is there. */
int32
plant_found(const NsIdMap *map, int64 id)
{
	int32		number = ns_id_map_find(map, id);

	if (number < 0)
		error_check(NS_BAD_INPUT, PLANT_SUBJECT);
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
		PLANT_NEW(p, site, p->rows.nsites, site_room)->id = id;
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
	memset(PLANT_NEW(p, structure, p->rows.nstructures, structure_room), 0,
		   sizeof(NsPlantStructure));
	p->structure[p->rows.nstructures - 1].id = id;
}

void
plant_want_span(PlantRead *p, int64 id)
{
	bool		fresh;

	if (p->whole)
		return;
	place(p, &p->span_map, id, p->rows.nspans, &fresh);
	if (!fresh)
		return;
	memset(PLANT_NEW(p, span, p->rows.nspans, span_room), 0, sizeof(NsPlantSpan));
	p->span[p->rows.nspans - 1].id = id;
}

void
plant_want_duct(PlantRead *p, int64 id)
{
	bool		fresh;

	if (id == 0 || p->whole)
		return;
	place(p, &p->duct_map, id, p->rows.nducts, &fresh);
	if (!fresh)
		return;
	memset(PLANT_NEW(p, duct, p->rows.nducts, duct_room), 0, sizeof(NsPlantDuct));
	p->duct[p->rows.nducts - 1].id = id;
}

int32
plant_want_cable(PlantRead *p, int64 id)
{
	bool		fresh;
	int32		number;

	number = place(p, &p->cable_map, id, p->rows.ncables, &fresh);
	if (fresh)
	{
		memset(PLANT_NEW(p, cable, p->rows.ncables, cable_room), 0,
			   sizeof(NsPlantCable));
		p->cable[number].id = id;
	}
	return number;
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
	bool		null;

	if (!plant_is_ridden(p, graph_row_int64(row, SPAN_ID)))
		return;
	p->nread++;
	if (p->whole)
	{
		p->at = p->rows.nspans;
		span = PLANT_NEW(p, span, p->rows.nspans, span_room);
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
	if (raw->corridor_id != 0 && (p->rows.rule[NS_RULE_CORRIDOR].enabled ||
								  p->rows.rule[NS_RULE_CORRIDOR_SIDE].enabled))
		plant_note_ends(p, (int32) p->at, graph_row_get(row, SPAN_GEOM, &null));
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

	if (!plant_is_ridden(p, graph_row_int64(row, DUCT_SPAN_ID)))
		return;
	p->nread++;
	if (p->whole)
	{
		at = p->rows.nducts;
		duct = PLANT_NEW(p, duct, p->rows.nducts, duct_room);
		duct->id = graph_row_int64(row, DUCT_ID);
	}
	p->raw_duct = env_pg_grow(p->env, p->raw_duct, &p->raw_duct_room,
							  p->rows.nducts, sizeof(RawDuct));
	raw = &p->raw_duct[at];
	raw->span_id = graph_row_int64(row, DUCT_SPAN_ID);
	raw->parent_id = graph_row_int64(row, DUCT_PARENT_ID);
	plant_want_duct(p, raw->parent_id);
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
		PLANT_NEW(p, structure, p->rows.nstructures, structure_room)->id =
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

	if (!plant_is_ridden(p, graph_row_int64(row, CROSSING_SPAN_ID)))
		return;
	if (graph_row_is(row, CROSSING_PASSAGE, "under", 5))
		passage = NS_PASSAGE_UNDER;
	else if (graph_row_is(row, CROSSING_PASSAGE, "through", 7))
		passage = NS_PASSAGE_THROUGH;
	PLANT_NEW(p, crossing, p->ncrossings, crossing_room)->passage = passage;
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
		error_check(NS_BAD_INPUT, PLANT_SUBJECT);
}

/* Room for about as many rows as the table has: growing would copy them. */
size_t
plant_first_room(GraphTable table)
{
	double		rows = graph_table_rows(table) * 1.02 + 64;

	return rows < MOST_FIRST_ROOM ? (size_t) rows : MOST_FIRST_ROOM;
}

static void
make_room(PlantRead *p)
{
	size_t		n = plant_first_room(GRAPH_SPAN);

	p->span = env_pg_array(p->env, n, sizeof(NsPlantSpan));
	p->raw_span = env_pg_array(p->env, n, sizeof(RawSpan));
	p->span_room = p->raw_span_room = n;
	n = plant_first_room(GRAPH_STRUCTURE);
	p->structure = env_pg_array(p->env, n, sizeof(NsPlantStructure));
	p->structure_site_id = env_pg_array(p->env, n, sizeof(int64));
	p->structure_room = p->structure_site_room = n;
	if (p->itself)
		return;
	n = plant_first_room(GRAPH_DUCT);
	p->duct = env_pg_array(p->env, n, sizeof(NsPlantDuct));
	p->raw_duct = env_pg_array(p->env, n, sizeof(RawDuct));
	p->duct_room = p->raw_duct_room = n;
}

static void
read_elements(PlantRead *p)
{
	if (p->whole)
	{
		make_room(p);
		graph_table_scan(GRAPH_SPAN, span_row, p);
		graph_table_scan(GRAPH_SPAN_CROSSING, crossing_row, p);
		graph_table_scan(GRAPH_STRUCTURE, structure_row, p);
		if (!p->itself)
		{
			graph_table_scan(GRAPH_DUCT, duct_row, p);
			graph_table_scan(GRAPH_CABLE, cable_row, p);
		}
		plant_map_ids(p, &p->span_map, &p->span[0].id, p->rows.nspans, sizeof(NsPlantSpan));
		plant_map_ids(p, &p->structure_map, &p->structure[0].id, p->rows.nstructures,
				sizeof(NsPlantStructure));
		if (!p->itself)
			plant_map_ids(p, &p->duct_map, &p->duct[0].id, p->rows.nducts, sizeof(NsPlantDuct));
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
	feed = PLANT_NEW(p, feed, p->rows.nfeeds, feed_room);
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
			: plant_found(&p->structure_map, node[i].structure_id);
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
		*PLANT_NEW(p, pair, p->npairs, pair_room) = pair;
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
	*PLANT_NEW(p, pair, p->npairs, pair_room) = pair;
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
		p->span[i].a = plant_found(&p->structure_map, p->raw_span[i].a_structure_id);
		p->span[i].z = plant_found(&p->structure_map, p->raw_span[i].z_structure_id);
	}
	for (i = 0; i < p->rows.nducts; i++)
	{
		CHECK_FOR_INTERRUPTS();
		p->duct[i].span = plant_found(&p->span_map, p->raw_duct[i].span_id);
		p->duct[i].parent = p->raw_duct[i].parent_id == 0 ? -1
			: plant_found(&p->duct_map, p->raw_duct[i].parent_id);
	}
	for (i = 0; i < p->ncrossings; i++)
	{
		passage[i].span = plant_found(&p->span_map, p->crossing[i].span_id);
		passage[i].structure = plant_found(&p->structure_map, p->crossing[i].structure_id);
		passage[i].passage = p->crossing[i].passage;
	}
	p->rows.passage = passage;
	p->rows.npassages = p->ncrossings;
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
	p->rows.lane = p->lane;
	p->rows.nlanes = p->nsegments;
	error_check(ns_plant_build(p->env, &p->rows, &p->plant), PLANT_SUBJECT);
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
	if (!graph_table_has_plant())
		return;
	plant_read_assignments(p, links);
	for (i = 0; i < nnodes && p->nrides == 0; i++)
		if (node[i].site_id != 0 || node[i].structure_id != 0)
			break;
	p->hazards = !graph_table_empty(GRAPH_HAZARD_AREA);
	if (p->nrides == 0 && i == nnodes && !p->hazards)
		return;

	plant_read_rules(p->rows.rule);
	if (p->nrides > 0)
		plant_read_segments(p);
	for (i = 0; i < nnodes; i++)
		want_structure(p, node[i].structure_id);
	read_elements(p);
	read_places(p, node, nnodes);
	read_pairs(p);
	resolve(p);
	plant_read_stretches(p);
	plant_read_hazards(p, node, nnodes);
	plant_resolve_rides(p, links->n);
	finish(p);
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
		plant_want_span(p, span_id[i]);
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
	plant_ride_spans(p, span_id, nspans);
	finish(p);
}
