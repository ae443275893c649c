/*-------------------------------------------------------------------------
 *
 * total.h
 *	  What is known of all costs of one kind together, kept exact while single
 *	  costs come and go.
 *
 * Sums are kept in full, as wide integers: they do not depend on the order in
 * which costs came, and taking a cost out leaves what would be there had it
 * never come.
 *
 * A total holds no pointers and may lie in shared memory.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_TOTAL_H
#define NS_TOTAL_H

#include "env.h"

#define NS_MAX_DECIMALS	6
#define NS_SUM_LIMBS	34		/* 2^-1074 .. 2^1024, times 2^31 costs */

typedef struct NsTotal
{
	uint64_t	sum[NS_SUM_LIMBS];	/* in units of 2^-1074, least limb first */
	double		max;			/* greatest cost; see ns_total_max_is_lost */
	int32_t		nmax;			/* costs that equal it */
	int32_t		n;				/* costs */
	int32_t		nmissing;		/* NaN was given instead */
	int32_t		unwritable[NS_MAX_DECIMALS + 1];	/* costs that so many digits
													 * don't write exactly */
} NsTotal;

/* A total of nothing is all zeros.  Costs: finite and >= 0, or NaN. */
extern void ns_total_add(NsTotal *t, double cost);

/* Take out a cost that was added. */
extern void ns_total_remove(NsTotal *t, double cost);

/*
 * Was the last cost that equalled the maximum taken out?  Then max is too
 * large, until ns_total_max_reset and ns_total_max_see of every cost.
 */
static inline bool
ns_total_max_is_lost(const NsTotal *t)
{
	return t->nmax == 0 && t->n > 0;
}

static inline void
ns_total_max_reset(NsTotal *t)
{
	t->max = 0;
	t->nmax = 0;
}

static inline void
ns_total_max_see(NsTotal *t, double cost)
{
	if (cost > t->max)
	{
		t->max = cost;
		t->nmax = 1;
	}
	else if (cost == t->max)
		t->nmax++;
}

/* The sum, correctly rounded; infinite when a double cannot hold it. */
extern double ns_total_sum(const NsTotal *t);

/* Digits after the point, 0 .. 6, that write every cost exactly; else -1. */
extern int32_t ns_total_decimals(const NsTotal *t);

#endif							/* NS_TOTAL_H */
