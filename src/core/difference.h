/*-------------------------------------------------------------------------
 *
 * difference.h
 *	  In how many elements do two views show different graphs?
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_DIFFERENCE_H
#define NS_DIFFERENCE_H

#include "graph.h"

/*
 * Nodes that exist, links that are up, and groups that have either, by id: each
 * that only one of them has, or that is not the same in both (names, ends,
 * costs, arcs, memberships), counts 1.  What is not the same in total (links
 * without a cost, the dearest, digits) counts 1 a kind of cost.  Time O(size).
 */
extern NsResult ns_graph_differences(NsEnv *env, const NsGraph *a,
									 const NsGraph *b, int64_t *n);

#endif							/* NS_DIFFERENCE_H */
