/*-------------------------------------------------------------------------
 *
 * test_line_join.c
 *	  The pairs of many spans, against comparing each with each.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "line_join.h"
#include "unit.h"

#define MOST_SPANS 120
#define MOST_STRUCTURES 60

typedef struct Plant
{
	NsSpanLine	span[MOST_SPANS];
	int			n;
	NsLinePair	pair[MOST_SPANS * MOST_SPANS];	/* as found; [a * n + b] */
	int			times[MOST_SPANS * MOST_SPANS];
} Plant;

static Plant plant;

static void
random_plant(UnitEnv *u)
{
	static const double lons[] = {-6.26, 180, -180, 179.9999, 0};
	static const double lats[] = {53.35, 0, -16.5, 80};
	NsPoint		structure[MOST_STRUCTURES];
	double		lon = lons[unit_below(5)];
	double		lat = lats[unit_below(4)];
	double		size = 0.0005 + 0.01 * unit_uniform();
	int			nstructures = 2 + unit_below(MOST_STRUCTURES - 1);

	for (int i = 0; i < nstructures; i++)
	{
		structure[i].lon = remainder(lon + (unit_uniform() - 0.5) * size, 360.0);
		structure[i].lat = lat + (unit_uniform() - 0.5) * size;
		if (unit_chance(0.02))	/* somewhere else: a span of half the world */
			structure[i] = (NsPoint) {unit_uniform() * 360 - 180,
			unit_uniform() * 160 - 80};
	}
	plant.n = unit_below(MOST_SPANS + 1);
	for (int i = 0; i < plant.n; i++)
	{
		NsSpanLine *span = &plant.span[i];
		NsPoint		point[3];
		int			n = 2 + unit_below(2);
		int32_t		part[2] = {0, n};

		span->id = (i * 7919 + 13) % 10007 + 1;
		span->end[0] = unit_below(nstructures);
		do
			span->end[1] = unit_below(nstructures);
		while (span->end[1] == span->end[0]);
		span->place[0] = structure[span->end[0]];
		span->place[1] = structure[span->end[1]];
		point[0] = span->place[0];
		point[1] = point[0];
		point[1].lat += (unit_uniform() - 0.5) * size;
		point[n - 1] = span->place[1];
		if (ns_line_make(&u->env, point, part, 1, &span->line) != NS_OK)
			UNIT_CHECK(false, "a line is not made");
	}
}

static int
number_of(const NsSpanLine *span)
{
	return (int) (span - plant.span);
}

static NsResult
note_pair(void *state, const NsSpanLine *a, const NsSpanLine *b,
		  const NsLinePair *pair)
{
	Plant	   *into = state;
	int			at = number_of(a) * plant.n + number_of(b);

	UNIT_CHECK(a->id < b->id, "the pair is not in order");
	into->times[at]++;
	into->pair[at] = *pair;
	return NS_OK;
}

static NsResult
stop(void *state, const NsSpanLine *a, const NsSpanLine *b,
	 const NsLinePair *pair)
{
	(void) state, (void) a, (void) b, (void) pair;
	return NS_TOO_LARGE;
}

static void
check_join(UnitEnv *u)
{
	NsPairWork	work = {.env = &u->env};
	bool		any = false;

	memset(plant.times, 0, sizeof(plant.times));
	UNIT_CHECK(ns_span_join(&work, plant.span, plant.n, note_pair, &plant) == NS_OK,
			   "the join fails");
	for (int a = 0; a < plant.n; a++)
	{
		for (int b = 0; b < plant.n; b++)
		{
			const NsSpanLine *x = &plant.span[a];
			const NsSpanLine *y = &plant.span[b];
			int			at = a * plant.n + b;
			NsLinePair	pair = {.near = false};
			bool		wanted;

			if (x->id < y->id &&
				ns_span_pair(&work, x, y, &pair) != NS_OK)
				UNIT_CHECK(false, "comparing fails");
			wanted = pair.near && (x->changed || y->changed);
			any = any || wanted;
			UNIT_CHECK(plant.times[at] == (wanted ? 1 : 0),
					   "spans %lld and %lld come %d times", (long long) x->id,
					   (long long) y->id, plant.times[at]);
			if (wanted)
				UNIT_CHECK(pair.crosses == plant.pair[at].crosses &&
						   pair.distance_m == plant.pair[at].distance_m &&
						   memcmp(pair.run_m, plant.pair[at].run_m,
								  sizeof(pair.run_m)) == 0,
						   "another answer");
		}
	}
	UNIT_CHECK(ns_span_join(&work, plant.span, plant.n, stop, NULL) ==
			   (any ? NS_TOO_LARGE : NS_OK), "it goes on though told to end");
}

static NsResult
attempt_join(UnitEnv *u, void *state)
{
	NsPairWork	work = {.env = &u->env};

	return ns_span_join(&work, plant.span, plant.n, note_pair, state);
}

int
main(void)
{
	int			cases = unit_cases(150, 3000);
	UnitEnv		u;

	unit_begin("line join");
	for (int i = 0; i < cases; i++)
	{
		double		changed;

		unit_case("random plant", i);
		unit_env_init(&u);
		random_plant(&u);
		changed = unit_chance(0.3) ? 1 : unit_uniform() * 0.3;
		for (int k = 0; k < plant.n; k++)
			plant.span[k].changed = unit_chance(changed);
		check_join(&u);
		unit_env_drop(&u);
	}
	unit_case("no memory, interrupted", 0);
	unit_env_init(&u);
	do
		random_plant(&u);
	while (plant.n < MOST_SPANS - 5);
	for (int k = 0; k < plant.n; k++)
		plant.span[k].changed = true;
	unit_fail_each(attempt_join, &plant, true, 20);
	unit_fail_each(attempt_join, &plant, false, 20);
	unit_env_drop(&u);
	return unit_end();
}
