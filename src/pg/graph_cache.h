/*-------------------------------------------------------------------------
 *
 * graph_cache.h
 *	  The one door to a network's graph.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_CACHE_H
#define NS_GRAPH_CACHE_H

#include "datatype/timestamp.h"

#include "graph.h"

struct CacheEntry;

typedef struct GraphRef
{
	int64		network_id;
	const char *network;		/* its name */
	const NsGraph *graph;		/* read only */
	struct CacheEntry *entry;	/* where it is kept, or NULL */
} GraphRef;

/* Called once, while the library is loaded. */
extern void graph_cache_define(void);

/*
 * The graph of a network exactly as the active snapshot and the caller's
 * rights show it, good until the current memory context is reset.
 *
 * 42704 for an unknown network, 42501 without SELECT on the tables, 53400 where
 * it is larger than a limit.
 */
extern void graph_cache_get(const char *network, GraphRef *ref);

/*
 * The same, always read from the tables by SQL and kept by nobody.
 */
extern void graph_cache_read(const char *network, GraphRef *ref);

/* A search for a cheapest path on it settled so many nodes. */
extern void graph_cache_searched(const GraphRef *ref, NsCostKind cost,
								 int64 steps);

/* What graph_status shows besides the graph itself; zeros where not kept. */
typedef struct CacheStatus
{
	Size		bytes;			/* of block and patch */
	Size		landmark_bytes;
	bool		shared;
	size_t		patched;
	int64		builds;
	int64		deltas;
	int64		hits;
	TimestampTz built_at;
	TimestampTz refreshed_at;
} CacheStatus;

extern void graph_cache_status(const GraphRef *ref, CacheStatus *status);

/*
 * The number of a node by name, or error 42704 with the nearest name.
 */
extern int32_t graph_cache_find_node(const GraphRef *ref, const char *node);

/*
 * Fail with 22023, naming the link, where a link lacks a cost.
 */
extern void graph_cache_check_cost(const GraphRef *ref, NsCostKind cost);

#endif							/* NS_GRAPH_CACHE_H */
