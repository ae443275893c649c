/*-------------------------------------------------------------------------
 *
 * test_total.c
 *	  Totals of costs: what came and went leaves no trace, and sums are right
 *	  to the last bit.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "total.h"
#include "unit.h"

#define MOST	60

static double
random_cost(int family)
{
	switch (family)
	{
		case 0:
			return unit_below(10);
		case 1:
			return unit_below(100000) / 1000.0;
		case 2:
			return ldexp(1, unit_below(2098) - 1074);
		case 3:
			return ldexp(unit_uniform(), unit_below(2098) - 1074);
		case 4:
			return unit_chance(0.3) ? NAN : unit_uniform();
		case 5:
			return unit_chance(0.5) ? 1.7976931348623157e308 : 5e-324;
		default:
			return ldexp(1, 60) - unit_below(2);
	}
}

/* Costs that stay, and others that come and go in between. */
static void
test_come_and_go(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		double		stays[MOST];
		double		goes[MOST];
		int			n = unit_below(MOST);
		int			family;
		NsTotal		a = {0};
		NsTotal		b = {0};

		unit_case("costs that come and go", i);
		n = unit_below(MOST);
		family = unit_below(7);
		for (int j = 0; j < n; j++)
		{
			stays[j] = random_cost(unit_chance(0.8) ? family : unit_below(7));
			goes[j] = random_cost(unit_chance(0.8) ? family : unit_below(7));
			ns_total_add(&a, stays[j]);
		}
		for (int j = 0; j < n; j++)
			ns_total_add(&b, goes[j]);
		for (int j = n - 1; j >= 0; j--)
			ns_total_add(&b, stays[j]);
		for (int j = 0; j < n; j++)
			ns_total_remove(&b, goes[j]);
		if (ns_total_max_is_lost(&b))
		{
			ns_total_max_reset(&b);
			for (int j = 0; j < n; j++)
				if (!isnan(stays[j]))
					ns_total_max_see(&b, stays[j]);
		}
		UNIT_CHECK(memcmp(&a, &b, sizeof(a)) == 0, "%d costs leave a trace", n);
		UNIT_CHECK(ns_total_sum(&a) == ns_total_sum(&b), "sums differ");
	}
}

/* Whole numbers below 2^100 are summed in 128 bits. */
static void
test_sums(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		NsTotal		t = {0};
		unsigned __int128 sum = 0;
		int			n;
		double		expected;

		unit_case("sum", i);
		n = unit_below(MOST);
		for (int j = 0; j < n; j++)
		{
			double		cost = floor(ldexp(unit_uniform(), unit_below(100)));

			ns_total_add(&t, cost);
			sum += (unsigned __int128) cost;
		}
		expected = (double) sum;
		UNIT_CHECK(ns_total_sum(&t) == expected, "sum %.17g, not %.17g",
				   ns_total_sum(&t), expected);
		UNIT_CHECK(t.n == n && t.nmissing == 0, "%d costs, not %d", t.n, n);
	}
}

static void
test_extremes(void)
{
	NsTotal		t = {0};

	unit_case("extremes", 0);
	UNIT_CHECK(ns_total_sum(&t) == 0 && ns_total_decimals(&t) == 0, "nothing");
	ns_total_add(&t, 5e-324);
	UNIT_CHECK(ns_total_sum(&t) == 5e-324, "the least double");
	ns_total_add(&t, 1.7976931348623157e308);
	UNIT_CHECK(ns_total_sum(&t) == 1.7976931348623157e308, "and the greatest");
	ns_total_add(&t, 1.7976931348623157e308);
	UNIT_CHECK(isinf(ns_total_sum(&t)), "twice the greatest is more than that");
	ns_total_remove(&t, 1.7976931348623157e308);
	ns_total_remove(&t, 1.7976931348623157e308);
	UNIT_CHECK(ns_total_sum(&t) == 5e-324, "only the least is left");
	ns_total_add(&t, -0.0);
	ns_total_add(&t, NAN);
	UNIT_CHECK(t.nmissing == 1 && t.n == 2, "%d missing of %d", t.nmissing, t.n);
	for (int i = 0; i < 1000; i++)
		ns_total_add(&t, 0.1);
	UNIT_CHECK(fabs(ns_total_sum(&t) - 100) < 1e-13, "sum %.17g", ns_total_sum(&t));
	ns_total_remove(&t, 5e-324);
	UNIT_CHECK(ns_total_decimals(&t) == 1, "%d digits", ns_total_decimals(&t));
}

/* Whether a cost can be written with so many digits, by the definition. */
static void
test_decimals(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		NsTotal		t = {0};
		double		cost;
		int			least = -1;

		unit_case("decimals of one cost", i);
		cost = unit_chance(0.8)
			? unit_below(2000000000) * pow(10, unit_below(8)) / pow(10, unit_below(9))
			: random_cost(unit_below(7));
		if (isnan(cost))
			cost = 0;
		ns_total_add(&t, cost);
		for (int digits = 0; digits <= NS_MAX_DECIMALS; digits++)
		{
			double		scaled = rint(cost * pow(10, digits));
			bool		writable = scaled < 0x1p53 && scaled / pow(10, digits) == cost;

			UNIT_CHECK((t.unwritable[digits] == 0) == writable,
					   "%.17g with %d digits", cost, digits);
			if (writable && least < 0)
				least = digits;
		}
		UNIT_CHECK(ns_total_decimals(&t) == least, "%.17g has %d digits, not %d",
				   cost, ns_total_decimals(&t), least);
	}
}

int
main(void)
{
	unit_begin("total");
	test_come_and_go(unit_cases(2000, 20000));
	test_sums(unit_cases(2000, 20000));
	test_decimals(unit_cases(20000, 200000));
	test_extremes();
	return unit_end();
}
