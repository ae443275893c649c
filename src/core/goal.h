/*-------------------------------------------------------------------------
 *
 * goal.h
 *	  The search for one cheapest path, which reads no more of the graph than
 *	  it comes by: nothing is made or cleared for each node or link.
 *
 * A* from the destination backwards, as in search.h and for the same reason:
 * the least link among equal ones at every node gives the least sequence of
 * link ids.  It is guided by lower bounds of the distance from the source:
 * those of landmarks, or those of a search forward before it, or none.
 *
 * Bounds need not be consistent for the answer to be right: a node that turns
 * out nearer than it was when it was settled is settled again.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GOAL_H
#define NS_GOAL_H

#include "landmark.h"
#include "path_int.h"

/*
 * What is known of a node that a search has come by.  Where landmarks guide the
 * search it is called by its place, else by its number.
 */
typedef struct NsGoalLabel
{
	int64_t		distance;		/* to the root of the search */
	int64_t		bound;			/* of the rest of the way */
	int32_t		node;
	int32_t		next;			/* link towards the root, -1 at the root ... */
	int32_t		next_label;		/* ... and where it leads */
} NsGoalLabel;

/* The labels and the heap of one search. */
typedef struct NsGoalTable
{
	int32_t    *slot;			/* number of a label + 1, or 0 */
	uint32_t	mask;			/* slots less 1, found by a hash of the node; 0:
								 * a slot for every node */
	int			shift;			/* of the hash */
	int32_t		nlabels;
	size_t		label_room;
	NsGoalLabel *label;
	size_t		nheap;
	size_t		heap_room;
	NsHeapEntry *heap;			/* their nodes are numbers of labels */
} NsGoalTable;

/* Links to avoid. */
typedef struct NsLinkSet
{
	uint64_t   *bit;			/* by link; NULL: by hash */
	int32_t    *slot;			/* link or -1 */
	uint32_t	mask;			/* slots less 1 */
	bool		any;
} NsLinkSet;

typedef struct NsGoal
{
	NsEnv	   *env;
	const NsGraph *graph;
	const NsPathQuery *query;
	NsLinkSet	dead;
	NsLandmarkBound landmark;
	int32_t		src;			/* number or place, see NsGoalLabel */
	int32_t		dst;

	NsGoalTable from_src;		/* made where searches come from both ends */
	NsGoalTable from_dst;
	int64_t		radius;			/* greater distances from_src say no more */
	NsWeights	reached;		/* by which from_src was made */
	bool		reach_exact;	/* the same that its bounds are for */
	double		reach_factor;	/* else from its units to weights */

	/* out */
	int64_t		steps;			/* nodes settled */
	NsResult	result;			/* sticky; what is found is void unless NS_OK */
} NsGoal;

/* *hopeless says that there is no path, as far as can be seen at once. */
extern NsResult ns_goal_init(NsGoal *q, NsEnv *env, const NsGraph *g,
							 const NsPathQuery *query, bool *hopeless);

/*
 * Search from both ends until the searches meet, for bounds where landmarks
 * give none: with costs rounded down to units of these weights, which need not
 * be those of the search proper.  Returns about the length of the way in these
 * units, or NS_UNREACHED.
 */
extern int64_t ns_goal_reach(NsGoal *q, const NsWeights *w);

/* Distance of the cheapest path by these weights, or NS_UNREACHED. */
extern int64_t ns_goal_run(NsGoal *q, const NsWeights *w);

/* Number of links of the path found last; its links, and one node more. */
extern int32_t ns_goal_length(const NsGoal *q);
extern void ns_goal_path(const NsGoal *q, int32_t *link, int32_t *node);

#endif							/* NS_GOAL_H */
