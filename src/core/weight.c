/*-------------------------------------------------------------------------
 *
 * weight.c
 *	  Chooses the scale of a query's integer weights; see weight.h.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>

#include "weight.h"

/* Powers of two well inside the range of doubles. */
#define PLAIN_EXPONENT	1000

static int
bits_for(uint64_t n)
{
	int			bits = 0;

	while (bits < 63 && (UINT64_C(1) << bits) <= n)
		bits++;
	return bits;
}

/* No loopless path costs more than this; infinite when a double can't say. */
static double
widest_path(const NsGraph *g, NsCostKind kind)
{
	double		by_links;

	if (kind == NS_COST_HOPS)
		return g->npresent;
	by_links = g->cost_max[kind] * g->npresent;
	return by_links < g->cost_sum[kind] ? by_links : g->cost_sum[kind];
}

/* A power of two above every loopless path's cost. */
static int
widest_exponent(const NsGraph *g, NsCostKind kind, double widest)
{
	if (isfinite(widest))
		return widest > 0 ? ilogb(widest) + 1 : 0;
	return ilogb(g->cost_max[kind]) + 1 + bits_for((uint64_t) g->npresent);
}

/* Sums of k paths stay below 2^62. */
static int64_t
sum_limit(int32_t k)
{
	return INT64_C(1) << (61 - bits_for((uint64_t) k));
}

static int
hop_bits_for(const NsGraph *g, int32_t k)
{
	return bits_for((uint64_t) g->npresent * (uint64_t) k);
}

static double
exact_scale(const NsGraph *g, NsCostKind kind)
{
	static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
	int			digits = kind == NS_COST_HOPS ? 0 : g->decimals[kind];

	return digits < 0 ? 0 : power[digits];
}

/* Does a path of this cost fit below the limit in exact form? */
static bool
exact_fits(const NsGraph *g, NsCostKind kind, int32_t k, double cost)
{
	double		scale = exact_scale(g, kind);

	return scale > 0 &&
		(cost * scale + 1) * ldexp(1, hop_bits_for(g, k)) < (double) sum_limit(k);
}

bool
ns_weights_may_be_tight(const NsGraph *g, NsCostKind kind, int32_t k)
{
	return !exact_fits(g, kind, k, widest_path(g, kind));
}

void
ns_weights_choose(const NsGraph *g, NsCostKind kind, int32_t k, double dearest,
				  NsWeights *w)
{
	double		widest = widest_path(g, kind);
	double		cost = widest;

	w->weight = NULL;
	w->limit = sum_limit(k);
	w->tight = false;
	w->exponent = 0;
	w->exact = exact_fits(g, kind, k, widest);
	if (!w->exact && dearest > 0 && dearest < widest)
	{
		cost = dearest;
		w->tight = true;
		w->exact = exact_fits(g, kind, k, cost);
	}
	if (w->exact)
	{
		w->scale = exact_scale(g, kind);
		w->hop_bits = hop_bits_for(g, k);
	}
	else
	{
		/* the largest power of two that leaves half of the limit unused */
		w->exponent = ilogb((double) w->limit) - 1 -
			(w->tight ? ilogb(cost) + 1 : widest_exponent(g, kind, cost));
		w->scale = 1;
		w->hop_bits = 0;
	}
	w->factor = abs(w->exponent) <= PLAIN_EXPONENT
		? ldexp(w->scale, w->exponent) : 0;
	w->largest = (double) (w->limit >> w->hop_bits) - 1;
}

bool
ns_weights_same(const NsWeights *a, const NsWeights *b)
{
	return a->limit == b->limit && a->exact == b->exact &&
		a->scale == b->scale && a->exponent == b->exponent &&
		a->hop_bits == b->hop_bits;
}

/*
 * Multiply by 2^exponent.  A power of two beyond what a double holds is needed
 * where costs are, say, 1e-320.
 */
static inline double
times_power(double x, int exponent)
{
	return exponent == 0 ? x : scalbn(x, exponent);
}

double
ns_weights_cost(const NsWeights *w, int64_t sum)
{
	return times_power((double) (sum >> w->hop_bits) / w->scale, -w->exponent);
}

double
ns_weights_rounding(const NsWeights *w, int64_t nlinks)
{
	return w->exact ? 0 : times_power(1.5 * (double) nlinks, -w->exponent);
}

NsResult
ns_weights_build(NsEnv *env, const NsGraph *g, NsCostKind kind, int32_t k,
				 double dearest, NsWeights *w)
{
	if (ns_missing_cost(g, kind) >= 0)
		return NS_MISSING_COST;
	ns_weights_choose(g, kind, k, dearest, w);
	w->weight = ns_alloc_array(env, (size_t) g->nlinks, sizeof(int64_t));
	if (w->weight == NULL)
		return NS_NO_MEMORY;

	/* a link that is not up may have no cost */
	for (int32_t i = 0; i < g->nlinks; i++)
		w->weight[i] = ns_weight_of(w, ns_link_cost_of(g, kind, i));
	return NS_OK;
}
