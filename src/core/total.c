/*-------------------------------------------------------------------------
 *
 * total.c
 *	  Exact totals of costs that come and go; see total.h.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "total.h"

/* ---------- sums ---------- */

/*
 * A double as a limb number and two limbs, in units of the least double.
 */
static int
split_double(double x, uint64_t *low, uint64_t *high)
{
	uint64_t	bits;
	uint64_t	mantissa;
	int			position;
	int			shift;

	memcpy(&bits, &x, sizeof(bits));
	mantissa = bits & ((UINT64_C(1) << 52) - 1);
	position = (int) (bits >> 52);
	if (position > 0)
	{
		mantissa |= UINT64_C(1) << 52;
		position--;
	}
	shift = position % 64;
	*low = mantissa << shift;
	*high = shift > 0 ? mantissa >> (64 - shift) : 0;
	return position / 64;
}

static void
sum_add(uint64_t *sum, double x)
{
	uint64_t	low;
	uint64_t	high;
	int			i = split_double(x, &low, &high);
	bool		carry;

	carry = __builtin_add_overflow(sum[i], low, &sum[i]);
	/* high is at most 53 bits, so adding the carry to it does not overflow */
	carry = __builtin_add_overflow(sum[i + 1], high + carry, &sum[i + 1]);
	for (i += 2; carry && i < NS_SUM_LIMBS; i++)
		carry = ++sum[i] == 0;
}

static void
sum_subtract(uint64_t *sum, double x)
{
	uint64_t	low;
	uint64_t	high;
	int			i = split_double(x, &low, &high);
	bool		borrow;

	borrow = __builtin_sub_overflow(sum[i], low, &sum[i]);
	borrow = __builtin_sub_overflow(sum[i + 1], high + borrow, &sum[i + 1]);
	for (i += 2; borrow && i < NS_SUM_LIMBS; i++)
		borrow = sum[i]-- == 0;
}

double
ns_total_sum(const NsTotal *t)
{
	int			i = NS_SUM_LIMBS - 1;
	int			shift;
	uint64_t	top;
	bool		rest = false;

	while (i > 0 && t->sum[i] == 0)
		i--;
	if (i == 0)
		return ldexp((double) t->sum[0], -1074);

	/* the first 64 bits, of which the last one says whether more follow */
	shift = __builtin_clzll(t->sum[i]);
	top = t->sum[i];
	if (shift > 0)
	{
		top = top << shift | t->sum[i - 1] >> (64 - shift);
		rest = t->sum[i - 1] << shift != 0;
	}
	else
		rest = t->sum[i - 1] != 0;
	for (int j = i - 2; j >= 0 && !rest; j--)
		rest = t->sum[j] != 0;
	return ldexp((double) (top | rest), 64 * i - shift - 1074);
}

/* ---------- decimals ---------- */

/* The numbers of digits after the point that do not write the cost exactly. */
static unsigned
unwritable_digits(double cost)
{
	static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
	unsigned	unwritable = 0;

	for (int digits = 0; digits <= NS_MAX_DECIMALS; digits++)
	{
		double		scaled = rint(cost * power[digits]);

		if (!(scaled < 9007199254740992.0 && scaled / power[digits] == cost))
			unwritable |= 1u << digits;
		else if (scaled * power[NS_MAX_DECIMALS - digits] < 0x1p49)
			break;				/* far from rounding: more digits do as well */
	}
	return unwritable;
}

static void
count_unwritable(NsTotal *t, double cost, int32_t by)
{
	for (unsigned set = unwritable_digits(cost); set != 0; set &= set - 1)
		t->unwritable[__builtin_ctz(set)] += by;
}

int32_t
ns_total_decimals(const NsTotal *t)
{
	for (int32_t digits = 0; digits <= NS_MAX_DECIMALS; digits++)
	{
		if (t->unwritable[digits] == 0)
			return digits;
	}
	return -1;
}

/* ---------- costs ---------- */

void
ns_total_add(NsTotal *t, double cost)
{
	if (isnan(cost))
	{
		t->nmissing++;
		return;
	}
	cost = cost > 0 ? cost : 0; /* no negative zero */
	t->n++;
	sum_add(t->sum, cost);
	ns_total_max_see(t, cost);
	count_unwritable(t, cost, 1);
}

void
ns_total_remove(NsTotal *t, double cost)
{
	if (isnan(cost))
	{
		t->nmissing--;
		return;
	}
	cost = cost > 0 ? cost : 0;
	t->n--;
	sum_subtract(t->sum, cost);
	if (cost == t->max)
		t->nmax--;
	if (t->n == 0)
		ns_total_max_reset(t);
	count_unwritable(t, cost, -1);
}
