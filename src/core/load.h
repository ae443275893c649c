/*-------------------------------------------------------------------------
 *
 * load.h
 *	  What demands put on the links of a network, in each direction.
 *
 * As routers do with equal-cost paths: at each node, what goes to a destination
 * is split equally over the links by which it can be reached at least cost,
 * parallel links among them.  The number of links of a path does not count,
 * except among links that cost nothing: these are used only where they lead
 * nearer by number of links, so that nothing goes round in a circle.
 *
 * Costs are compared as weight.h has them: exactly, where they have at most six
 * digits after the point.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_LOAD_H
#define NS_LOAD_H

#include "path.h"

typedef struct NsDemand
{
	int32_t		src;			/* node numbers; they differ */
	int32_t		dst;
	double		gbps;			/* finite, >= 0 */
} NsDemand;

typedef struct NsLoadQuery
{
	NsCostKind	cost;
	NsIdList	avoid_links;
	NsIdList	avoid_srlgs;
	const NsDemand *demand;		/* in any order */
	size_t		ndemands;
} NsLoadQuery;

typedef struct NsLoad
{
	double	   *gbps;			/* [2 * link]: from A to Z, and the next: back */
	bool	   *routed;			/* by demand: is there a path? */
	uint64_t   *avoided;		/* set of links that were not to be used */
} NsLoad;

/*
 * All in the region.  The sums do not depend on the order of demands.  Time:
 * one search for each distinct destination, see distance.h.  NS_MISSING_COST:
 * see ns_missing_cost; NS_TOO_LARGE: more than 2^30 demands.
 */
extern NsResult ns_load(NsEnv *env, const NsGraph *g, const NsLoadQuery *query,
						NsLoad *load);

#endif							/* NS_LOAD_H */
