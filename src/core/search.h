/*-------------------------------------------------------------------------
 *
 * search.h
 *	  The one shortest-path search that everything here is made of: A* from
 *	  the destination backwards, guided by distances from the source.
 *
 * Backwards, because then each node knows its best next link towards the
 * destination, and taking the least link among equal ones at every node on the
 * way gives the least sequence of link ids among all cheapest paths (weights
 * are positive, so equal choices never form a circle).
 *
 * One workspace serves any number of searches of one query; nothing needs to
 * be cleared between them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_SEARCH_H
#define NS_SEARCH_H

#include "bitset.h"
#include "node_heap.h"
#include "weight.h"

#define NS_UNREACHED	INT64_MAX

typedef struct NsLabel
{
	int64_t		distance;		/* to the root */
	int32_t		next;			/* link towards the root, -1 at the root */
	uint32_t	stamp;			/* valid in the search of this number */
} NsLabel;

typedef struct NsSearch
{
	/* set by ns_search_init, read only */
	NsEnv	   *env;
	const NsGraph *graph;
	const int64_t *weight;
	int64_t		limit;			/* sums are cut off here, see weight.h */

	/* lower bounds of the distance from the source, by node */
	int64_t    *bound;

	/* private state */
	NsLabel    *label;
	NsHeapEntry *heap;			/* room for narcs + 1 entries */
	uint32_t	stamp;

	/* out */
	int64_t		steps;			/* nodes settled since ns_search_init */
	bool		interrupted;	/* sticky; results are void once set */
} NsSearch;

/* All bounds are 0 at first. */
extern NsResult ns_search_init(NsSearch *s, NsEnv *env, const NsGraph *g,
							   const NsWeights *w);

/*
 * Fill the bounds: distances from src, forward, without the links in dead.
 * With dst >= 0 the search stops there, and nodes farther away get the radius
 * that it reached (still a lower bound, and consistent).  Returns the distance
 * of dst, NS_UNREACHED if there is none; with dst < 0 returns 0, and nodes out
 * of reach get NS_UNREACHED.
 */
extern int64_t ns_search_bounds(NsSearch *s, int32_t src, int32_t dst,
								const uint64_t *dead);

/*
 * Distance of the cheapest path from src (to which the bounds refer) to root
 * that uses no link in dead and costs at most most, else NS_UNREACHED.  The
 * path is then read with ns_search_path.
 */
extern int64_t ns_search_run(NsSearch *s, int32_t src, int32_t root,
							 const uint64_t *dead, int64_t most);

/*
 * As ns_search_run, and paths may not pass any of the given nodes (root may be
 * among them).
 */
extern int64_t ns_search_run_blocked(NsSearch *s, int32_t src, int32_t root,
									 const uint64_t *dead, int64_t most,
									 const int32_t *blocked, int32_t nblocked);

/*
 * Links of the path found, from src to root, into link (room for nnodes);
 * returns their number.
 */
extern int32_t ns_search_path(const NsSearch *s, int32_t src, int32_t *link);

/* The node at the other end of a link. */
static inline int32_t
ns_other_end(const NsGraph *g, int32_t link, int32_t node)
{
	const int32_t *end = ns_link_end(g, link);

	return end[0] == node ? end[1] : end[0];
}

#endif							/* NS_SEARCH_H */
