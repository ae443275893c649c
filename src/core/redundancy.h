/*-------------------------------------------------------------------------
 *
 * redundancy.h
 *	  What stands alone between two ends once more links are gone.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_REDUNDANCY_H
#define NS_REDUNDANCY_H

#include "impact.h"

typedef enum NsLossKind
{
	NS_LOSS_PATH,				/* there is no path any more */
	NS_LOSS_LINK,				/* this link alone separates the ends */
	NS_LOSS_NODE,				/* this node, none of the ends */
	NS_LOSS_SRLG				/* this group, which takes down none of the ends */
} NsLossKind;

typedef struct NsLoss
{
	int32_t		pair;
	NsLossKind	kind;
	int32_t		number;			/* of the link, node or group; -1: of none */
} NsLoss;

/*
 * For each of n pairs: what separates its ends without the links of "after", and
 * does not without those of "before", a part of these.  A group takes away the
 * links of which it takes all, as the other groups do not separate anything.
 * Pairs that have no path in either case, or none any more, have no more to lose.
 *
 * *loss, in the region, by no order; no more than "most", *total are there.
 *
 * Looks first at what stands alone between the ends of the links that are gone:
 * where nothing does, nothing is lost.  Otherwise time O(graph + n) for each such
 * thing; where links are directed, O(graph) for each pair.
 */
extern NsResult ns_redundancy_lost(NsEnv *env, const NsGraph *g,
								   const uint64_t *before,
								   const uint64_t *after,
								   const NsImpactPair *pair, size_t n,
								   size_t most, NsLoss **loss, size_t *total);

#endif							/* NS_REDUNDANCY_H */
