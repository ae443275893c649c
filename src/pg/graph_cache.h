/*-------------------------------------------------------------------------
 *
 * graph_cache.h
 *	  The one door to a network's graph.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_CACHE_H
#define NS_GRAPH_CACHE_H

#include "graph.h"

typedef struct GraphRef
{
	int64		network_id;
	const char *network;		/* its name */
	const NsGraph *graph;		/* read only */
} GraphRef;

/*
 * The graph of a network exactly as the active snapshot and the caller's
 * rights show it.  It lies in the current memory context and is good until
 * that is reset.
 *
 * 42704 for an unknown network, 42501 without SELECT on the tables.
 */
extern void graph_cache_get(const char *network, GraphRef *ref);

/*
 * The number of a node by name, or error 42704 with the nearest name.
 */
extern int32_t graph_cache_find_node(const GraphRef *ref, const char *node);

/*
 * Fail with 22023, naming the link, where a link lacks a cost.
 */
extern void graph_cache_check_cost(const GraphRef *ref, NsCostKind cost);

#endif							/* NS_GRAPH_CACHE_H */
