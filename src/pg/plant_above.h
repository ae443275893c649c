/*-------------------------------------------------------------------------
 *
 * plant_above.h
 *	  From elements of the plant to the links and nodes that rest on them.
 *
 * What is found is what the tables say under the active snapshot.  It is read
 * past row-level security: whoever calls has tested the caller's privileges.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_PLANT_ABOVE_H
#define NS_PLANT_ABOVE_H

#include "id_set.h"
#include "plant.h"

/* Elements, by kind; add to them with id_set_add(). */
typedef struct PlantElements
{
	IdSet		site;
	IdSet		structure;
	IdSet		span;
	IdSet		duct;
	IdSet		cable;
	IdSet		segment;		/* plant_segment_id() */
	IdSet		node;
} PlantElements;

static inline int64
plant_segment_id(int64 cable_id, int32 seq)
{
	return (cable_id << 20) | seq;
}

extern void plant_elements_make(PlantElements *e, NsEnv *env);

/*
 * Add the elements that a group of the plant follows from.
 */
extern void plant_elements_of_group(PlantElements *e, int64 srlg_id);

/* Add elements by kind and id; false for a kind that is none of the plant's. */
extern bool plant_elements_add(PlantElements *e, const char *kind, int64 id);

/*
 * Add the links assigned to strands in these elements, and the nodes in them.
 * Completes the elements on the way: the structures of a site, the spans at a
 * structure, the ducts in a duct.
 */
extern void plant_complete(PlantElements *e);	/* without ducts and cables */
extern void plant_above(PlantElements *e, IdSet *link, IdSet *node);

#endif							/* NS_PLANT_ABOVE_H */
