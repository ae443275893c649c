/*-------------------------------------------------------------------------
 *
 * nearest.h
 *	  The cheapest path from any of some nodes to any of others, its cost alone.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_NEAREST_H
#define NS_NEAREST_H

#include "graph.h"

typedef struct NsNodeList
{
	const int32_t *node;		/* numbers of nodes of the graph */
	size_t		n;
} NsNodeList;

/*
 * *cost: of the cheapest path over links up from a node of the first list to
 * one of the second; 0 where a node is in both, INFINITY where there is none.
 * Costs are added as they are stored, so the last digits may differ from
 * ns_shortest_path().  Every link up has to have the cost.  One search: time
 * O(graph log graph) at most, memory O(graph), from the region.
 */
extern NsResult ns_nearest(NsEnv *env, const NsGraph *g, NsCostKind kind,
						   NsNodeList from, NsNodeList to, double *cost);

#endif							/* NS_NEAREST_H */
