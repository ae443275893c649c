/*-------------------------------------------------------------------------
 *
 * plant_read_int.h
 *	  Private to plant_read.c, plant_ride.c and plant_geometry.c.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_PLANT_READ_INT_H
#define NS_PLANT_READ_INT_H

#include "env_pg.h"
#include "graph_table.h"
#include "plant_read.h"

#define PLANT_SUBJECT	"derivation of shared risk"

/* Pointer to a new element at the end of one of the arrays. */
#define PLANT_NEW(p, array, count, room) \
	((p)->array = env_pg_grow((p)->env, (p)->array, &(p)->room, \
							  (size_t) (count) + 1, sizeof(*(p)->array)), \
	 &(p)->array[(count)++])

/* ---- plant_read.c ---- */

/* Have the rows of these read, unless all are; the position of a cable. */
extern void plant_want_span(PlantRead *p, int64 id);
extern void plant_want_duct(PlantRead *p, int64 id);
extern int32 plant_want_cable(PlantRead *p, int64 id);

/* The position of what a foreign key says is there. */
extern int32 plant_found(const NsIdMap *map, int64 id);

extern void plant_map_ids(PlantRead *p, NsIdMap *map, const int64 *first,
						  size_t n, size_t stride);

/* Room for about as many rows as the table has: growing would copy them. */
extern size_t plant_first_room(GraphTable table);

/* ---- plant_ride.c ---- */

/* Where all is read: does anything ride in the span, as far as it is known? */
static inline bool
plant_is_ridden(const PlantRead *p, int64 span_id)
{
	uint64		at = (uint64) span_id - (uint64) p->ridden_first;

	return p->ridden == NULL ||
		(at < p->ridden_range && (p->ridden[at / 8] >> at % 8 & 1) != 0);
}

/* The assignments of links, in the order of links and seq. */
extern void plant_read_assignments(PlantRead *p, const PlantLinks *links);

/*
 * The segments that they cover, each once, by cable and seq.  Sets whole where
 * it is cheaper to read all the plant than what they lie in.
 */
extern void plant_read_segments(PlantRead *p);

/* Ids to positions, once all is read. */
extern void plant_resolve_rides(PlantRead *p, size_t nlinks);

/* A ride in each span, in a lane of its own. */
extern void plant_ride_spans(PlantRead *p, const int64 *span_id, size_t n);

/* ---- plant_geometry.c ---- */

/* Note where a span begins and ends that runs along a corridor. */
extern void plant_note_ends(PlantRead *p, int32 span, Datum geometry);

/* Where these run along their corridors; hazards of spans and nodes. */
extern void plant_read_stretches(PlantRead *p);
extern void plant_read_hazards(PlantRead *p, const PlantNode *node,
							   size_t nnodes);

#endif							/* NS_PLANT_READ_INT_H */
