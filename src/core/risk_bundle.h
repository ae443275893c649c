/*-------------------------------------------------------------------------
 *
 * risk_bundle.h
 *	  Private to risk*.c: a link as its members see it, and what is kept of it
 *	  when some of them lose capacity.  The rule is in risk.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_RISK_BUNDLE_H
#define NS_RISK_BUNDLE_H

#include <math.h>

#include "risk_index.h"

/*
 * Capacities count up to this, so that the sum of 2^30 of them is finite.
 */
#define NS_RISK_MOST_CAPACITY	1e290

/*
 * Sums of capacities carry rounding errors, and 1e-16 of a link lost would
 * count as shared risk: what is this close to 0 or 1 is 0 or 1.
 */
#define NS_RISK_SNAP	1e-9

/* NaN where it is unknown. */
static inline double
ns_risk_capacity(const NsRiskIndex *x, int32_t link)
{
	double		capacity = x->in->link[link].capacity_gbps;

	return capacity > NS_RISK_MOST_CAPACITY ? NS_RISK_MOST_CAPACITY : capacity;
}

/* What a member counts with, all of them 1 where any capacity is unknown. */
typedef struct NsRiskBundleMember
{
	int32_t		begin;			/* rows of support_* */
	int32_t		end;
	double		c;
} NsRiskBundleMember;

typedef struct NsRiskBundle			/* a link as its members see it */
{
	int32_t		link;
	bool		known;			/* every capacity is */
	double		sum;			/* of c */
	double		divisor;
} NsRiskBundle;

/* The member whose rows begin here. */
static inline NsRiskBundleMember
ns_risk_member_at(const NsRiskIndex *x, const NsRiskBundle *b, int32_t begin)
{
	int32_t		stop = x->support_start[b->link + 1];
	NsRiskBundleMember		m = {begin, begin, ns_risk_capacity(x, b->link)};

	while (m.end < stop && x->support_member[m.end] == x->support_member[begin])
	{
		double		below = ns_risk_capacity(x, x->support_link[m.end]);

		if (below < m.c)
			m.c = below;
		m.end++;
	}
	if (!b->known)
		m.c = 1;
	return m;
}

static inline NsRiskBundle
ns_risk_bundle_of(const NsRiskIndex *x, int32_t link)
{
	int32_t		start = x->support_start[link];
	int32_t		stop = x->support_start[link + 1];
	double		capacity = ns_risk_capacity(x, link);
	NsRiskBundle		b = {link, !isnan(capacity), 0, 0};

	for (int32_t i = start; i < stop && b.known; i++)
		b.known = !isnan(ns_risk_capacity(x, x->support_link[i]));
	for (int32_t i = start; i < stop;)
	{
		NsRiskBundleMember		m = ns_risk_member_at(x, &b, i);

		b.sum += m.c;
		i = m.end;
	}
	b.divisor = b.known && capacity < b.sum ? capacity : b.sum;
	return b;
}

/* The part kept when sum(c * kept) of the members is what is left. */
static inline double
ns_risk_part_kept(const NsRiskBundle *b, double left)
{
	double		kept;

	if (b->divisor <= 0)
		return 1;
	kept = left / b->divisor;
	if (kept > 1 - NS_RISK_SNAP)
		return 1;
	return kept < NS_RISK_SNAP ? 0 : kept;
}

#endif							/* NS_RISK_BUNDLE_H */
