/*-------------------------------------------------------------------------
 *
 * impact.h
 *	  What links lose when some of them are hit at once, and which nodes can
 *	  then no longer reach each other.
 *
 * The rule is that of risk.h, for one event: a link keeps what its members
 * keep, and no more than it keeps by itself.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_IMPACT_H
#define NS_IMPACT_H

#include "graph.h"
#include "risk.h"

typedef struct NsImpactLink
{
	int64_t		id;
	int32_t		level;			/* what it rides on is on a lower one */
	double		capacity_gbps;	/* NaN: unknown */
	double		lost;			/* by itself, 0 .. 1: its own plant, one of its
								 * nodes or the link is hit */
} NsImpactLink;

/*
 * Links that are hit, all that ride on them, and all that those ride on, in any
 * order; the supports of all that ride.  Links without supports lose what they
 * lose by themselves.
 */
typedef struct NsImpactInput
{
	const NsImpactLink *link;
	size_t		nlinks;
	const NsRiskSupport *support;
	size_t		nsupports;
} NsImpactInput;

/*
 * *share, in the region: the part of its capacity that each link loses, by
 * position in in->link.  Time O(rows), and a sort of each link's supports.
 *
 * NS_BAD_INPUT: an id twice, a support between links that are not there or that
 * does not lead downward, a lost outside 0 .. 1, a capacity below 0 or infinite.
 */
extern NsResult ns_impact_shares(NsEnv *env, const NsImpactInput *in,
								 double **share);

typedef struct NsImpactPair
{
	int32_t		src;			/* numbers of nodes of the graph */
	int32_t		dst;
} NsImpactPair;

/*
 * *connected, in the region: does a path over links up lead from src to dst,
 * for each of n pairs?  Links whose bit is set in gone (NULL: none) are not
 * used.  Time O(graph), where links are directed that for each distinct src.
 */
extern NsResult ns_impact_connected(NsEnv *env, const NsGraph *g,
									const uint64_t *gone,
									const NsImpactPair *pair, size_t n,
									bool **connected);

#endif							/* NS_IMPACT_H */
