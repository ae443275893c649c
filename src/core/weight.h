/*-------------------------------------------------------------------------
 *
 * weight.h
 *	  Costs of one query as 64-bit integers, so that sums do not depend on the
 *	  order of addition and bounds are exact.
 *
 *	   weight = (round(cost * scale * 2^exponent) << hop_bits) + 1
 *
 * The 1 makes every weight positive (shortest paths are loopless even among
 * links that cost nothing) and, where hop_bits leaves room for the links of all
 * k paths, makes the smaller sum the one of fewer links among equal costs.
 *
 * Two forms:
 *	exact	every cost has at most six digits after the point; scale is the
 *			power of ten that makes all costs whole, and nothing is rounded
 *	rounded	2^exponent is as large as fits, hop_bits is 0; a sum of n links is
 *			off by at most n * 1.5 / 2^exponent.  Costs such as these are equal
 *			in sum only by being the same costs
 *
 * Both forms may be *tight*: chosen for paths up to some cost, with weights cut
 * off at `limit`.  A cut-off weight is below the true one, so bounds stay
 * bounds, and an answer below `limit` is right; one that reaches it says
 * nothing, and the query is run again with weights for dearer paths.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_WEIGHT_H
#define NS_WEIGHT_H

#include <math.h>

#include "graph.h"

typedef struct NsWeights
{
	int64_t    *weight;			/* by link, 1 .. limit; NULL: made one by one */
	int64_t		limit;			/* k sums of this never overflow */
	double		scale;			/* the power of ten */
	int			exponent;		/* and that of two, in rounded form */
	int			hop_bits;
	bool		exact;
	bool		tight;
	double		factor;			/* scale * 2^exponent; 0: no double says it */
	double		largest;		/* costs as large as this, scaled, are cut off */
} NsWeights;

/*
 * The scale alone: weights are then made one by one, by ns_weight_of.
 */
extern void ns_weights_choose(const NsGraph *g, NsCostKind kind, int32_t k,
							  double dearest, NsWeights *w);

/*
 * Weights for k paths at once, each of which may cost up to dearest; negative:
 * whatever a path can cost.  NS_MISSING_COST when a link has none.
 */
extern NsResult ns_weights_build(NsEnv *env, const NsGraph *g, NsCostKind kind,
								 int32_t k, double dearest, NsWeights *w);

/* Do both give every cost the same weight? */
extern bool ns_weights_same(const NsWeights *a, const NsWeights *b);

/* A cost in units of the weights, not rounded and without hop bits. */
static inline double
ns_weight_scaled(const NsWeights *w, double cost)
{
	return w->factor > 0 ? cost * w->factor : scalbn(cost, w->exponent);
}

/* The weight of a cost.  One that is not given, NaN, is cut off as well. */
static inline int64_t
ns_weight_of(const NsWeights *w, double cost)
{
	double		scaled = ns_weight_scaled(w, cost);

	return scaled < w->largest
		? ((int64_t) (scaled + 0.5) << w->hop_bits) + 1
		: w->limit;
}

/* Are weights finer that are made for paths of a known cost? */
extern bool ns_weights_may_be_tight(const NsGraph *g, NsCostKind kind, int32_t k);

/* The cost that a sum of weights stands for. */
extern double ns_weights_cost(const NsWeights *w, int64_t sum);

/* By how much, at most, a sum of so many links can misstate their cost. */
extern double ns_weights_rounding(const NsWeights *w, int64_t nlinks);

#endif							/* NS_WEIGHT_H */
