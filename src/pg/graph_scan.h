/*-------------------------------------------------------------------------
 *
 * graph_scan.h
 *	  Reads a network's graph, or what changed of it, by direct scans of the
 *	  tables.
 *
 * What it derives is what graph_load.c derives by SQL.  It reads under the
 * active snapshot and tests neither privileges nor row-level security: whoever
 * calls has, and has seen that each table is graph_table_plain().
 *
 * All results lie in the region of env.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_SCAN_H
#define NS_GRAPH_SCAN_H

#include "drain_hit.h"
#include "patch.h"

typedef struct GraphRead
{
	NsGraphInput in;
	NsGroupLists lists;			/* that in.lists points at */
	int64	   *below;			/* ids of other networks that it depends on */
	size_t		nbelow;
} GraphRead;

/*
 * Read one network: nodes and all links ascending by id, the memberships of
 * the links that are up, link by link in the same order.  An unknown network
 * has no nodes.
 */
extern void graph_scan_network(NsEnv *env, int64 network_id, GraphRead *out);

/* The rows of one link in a list, as a change of a graph has them. */
extern NsMembershipInput *graph_scan_listed(NsEnv *env,
											const NsGroupLists *lists,
											size_t link);

typedef struct GraphTouched
{
	const int64 *node;
	size_t		nnodes;
	const int64 *link;
	size_t		nlinks;
} GraphTouched;

typedef struct GraphDelta
{
	NsGraphChange change;
	int64	   *below;			/* as in GraphRead, of what is read again */
	size_t		nbelow;
} GraphDelta;

/*
 * Read again what follows, in this network, from changes of these nodes and
 * links of any network: themselves, the nodes and links that ride on them, the
 * links at these nodes.  An id that is not, or no longer, in the network comes
 * out as one that does not exist.
 */
extern void graph_scan_touched(NsEnv *env, int64 network_id,
							   const GraphTouched *touched, GraphDelta *out);

/* The same of links as they would be if drains took this, and no more. */
extern void graph_scan_drained(NsEnv *env, int64 network_id,
							   const GraphTouched *touched,
							   const DrainHit *drained, GraphDelta *out);

#endif							/* NS_GRAPH_SCAN_H */
