/*-------------------------------------------------------------------------
 *
 * graph_right.h
 *	  May the caller be answered from a graph, and from which one?
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_RIGHT_H
#define NS_GRAPH_RIGHT_H

/* Called once, while the library is loaded. */
extern void graph_right_define(void);

/*
 * Fail with 42501 unless the caller may SELECT from every table that a graph
 * is made from.  False where row-level security on network, node or link, for
 * network `plant` on structure or span, is active for the caller: a graph of all
 * rows is not for him.
 */
extern bool graph_right_check(bool plant);

#endif							/* NS_GRAPH_RIGHT_H */
