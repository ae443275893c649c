/*-------------------------------------------------------------------------
 *
 * distance.h
 *	  Distances of all nodes to one destination, for many destinations in turn.
 *
 * A network is mostly chains and trees, and what is left of it is nearly
 * planar.  So nodes are first taken out one by one, those with the fewest
 * neighbours first; between the neighbours of each stand arcs in its place.
 * A destination then costs one walk upward from it, a search among the nodes
 * that were left (often none), and one sweep downward over the arcs of those
 * that were taken out: no heap, and each arc is read once.  Where taking out
 * makes more arcs than it saves, or costs more than the searches, it ends.
 *
 * Weights are positive, and no sum reaches NS_FAR (weight.h).  All memory lies
 * in the environment's region.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_DISTANCE_H
#define NS_DISTANCE_H

#include "node_heap.h"
#include "weight.h"

#define NS_FAR	(INT64_C(1) << 61)	/* more than any distance; two add up */

/* From a node that was taken out to one that stayed longer, both by place. */
typedef struct NsUpArc
{
	int32_t		place;
	int64_t		there;			/* weights, NS_FAR: no way */
	int64_t		back;
} NsUpArc;

/* Into a node that stayed. */
typedef struct NsCoreArc
{
	int32_t		place;			/* where it comes from */
	int64_t		weight;
} NsCoreArc;

typedef struct NsDistances
{
	/* set by ns_distances_init, read only */
	NsEnv	   *env;
	int32_t		nnodes;
	int32_t		nout;			/* nodes taken out: places 0 .. nout - 1, in
								 * that order; those that stayed come after */
	int32_t    *place;			/* by node */
	size_t	   *up_start;		/* by place, nout + 1 */
	NsUpArc    *up;
	size_t	   *core_start;		/* by place - nout, nnodes - nout + 1 */
	NsCoreArc  *core;
	NsHeapEntry *heap;

	/* out */
	int64_t    *at;				/* by place; see ns_distance */
} NsDistances;

/*
 * Make ready for about so many runs, without the links in dead (NULL: none).
 * weight is by link, as ns_weights_build() makes it for one path.
 */
extern NsResult ns_distances_init(NsDistances *d, NsEnv *env,
								  const NsGraph *g, const int64_t *weight,
								  const uint64_t *dead, int32_t runs);

/* Distances to dst from now on. */
extern NsResult ns_distances_run(NsDistances *d, int32_t dst);

/* Of a node to the destination of the last run; NS_FAR: no path. */
static inline int64_t
ns_distance(const NsDistances *d, int32_t node)
{
	return d->at[d->place[node]];
}

#endif							/* NS_DISTANCE_H */
