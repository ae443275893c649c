/*-------------------------------------------------------------------------
 *
 * measure.c
 *	  Times of calls, summaries of them, and the goals they are judged by.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"

/* ---- statistics ---- */

static int
compare_doubles(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

/* The value that a part q of sorted values does not exceed. */
static double
quantile(const double *sorted, int n, double q)
{
	int			i = (int) ceil(q * n) - 1;

	return n == 0 ? 0 : sorted[i < 0 ? 0 : i];
}

Summary
summarize(const Measure *m, int n, int feasible)
{
	double	   *us = malloc(((size_t) n + 1) * sizeof(double));
	Summary		s = {0};

	for (int i = 0; us != NULL && i < n; i++)
	{
		if (feasible >= 0 && m[i].feasible != (feasible == 1))
			continue;
		us[s.n++] = m[i].seconds * 1e6;
		s.max_least = fmax(s.max_least, m[i].least * 1e6);
	}
	if (us == NULL)
		exit(1);
	qsort(us, (size_t) s.n, sizeof(double), compare_doubles);
	s.median = quantile(us, s.n, 0.5);
	s.p95 = quantile(us, s.n, 0.95);
	s.p99 = quantile(us, s.n, 0.99);
	s.max = quantile(us, s.n, 1);
	free(us);
	return s;
}

void
print_summary(const Summary *s)
{
	if (s->n == 0)
		printf(" 0 |");
	else
		printf(" %d: %.0f / %.0f / %.0f / %.0f (%.0f) |", s->n, s->median,
			   s->p95, s->p99, s->max, s->max_least);
}

/* ---- goals ---- */

/* What the goals are judged by, over all sets of one class of networks. */
typedef struct Goal
{
	const char *name;
	double		median;			/* ms */
	double		p95;
	double		max;
	double		worst_median;
	double		worst_p95;
	double		worst_max;
	long		pairs;
	long		unsolved;
} Goal;

static Goal goals[] = {
	[GOAL_LARGE] = {.name = "160 to 264 nodes",.median = 0.6,.p95 = 1.4,.max = 30},
	[GOAL_SMALL] = {.name = "up to 80 nodes",.median = 0.08,.p95 = 0.25,.max = 1},
	[GOAL_STAR4000] = {.name = "drcr/star-node4000",.median = 1.2,.p95 = INFINITY,.max = 30},
	[GOAL_RANDOM1000] = {.name = "drcr/random-node1000",.median = 0.5,.p95 = INFINITY,.max = 30},
	[GOAL_STAR1000] = {.name = "drcr/star-node1000 (no goal set)",.median = INFINITY,
	.p95 = INFINITY,.max = INFINITY},
	[GOAL_K3] = {.name = "k = 3",.median = INFINITY,.p95 = 35,.max = INFINITY}
};

static struct
{
	const char *name;
	double		most;
	double		value;			/* NAN: not measured in this run */
}			single[] = {
	[GOAL_KNODES1_TOTAL] = {
		"all pairs of sprint-phys knodes1, groups ignored (s)", 10, NAN
	},
	[GOAL_FALLBACK_UNSOLVED] = {
		"fromdual_3_1, strict = false, not solved within 1 s (%)", 2, NAN
	},
	[GOAL_KDL_16] = {"k = 16 on Kdl, median (ms)", 0.6, NAN},
	[GOAL_WORLD_16] = {"k = 16 on world, median (ms)", 2.5, NAN},
	[GOAL_WORLD_1000_MEMORY] = {"k = 1,000 on world, memory (MB)", 50, NAN}
};

GoalClass
goal_class(const char *network, int32_t nnodes)
{
	for (GoalClass i = GOAL_STAR4000; i <= GOAL_STAR1000; i++)
		if (strncmp(network, goals[i].name, strcspn(goals[i].name, " ")) == 0)
			return i;
	return nnodes > 80 ? GOAL_LARGE : GOAL_SMALL;
}

void
goal_count(GoalClass class, const Measure *m, int n)
{
	Goal	   *goal = &goals[class];
	Summary		s = summarize(m, n, -1);

	goal->worst_median = fmax(goal->worst_median, s.median / 1000);
	goal->worst_p95 = fmax(goal->worst_p95, s.p95 / 1000);
	goal->worst_max = fmax(goal->worst_max, s.max_least / 1000);
	goal->pairs += s.n;
	for (int i = 0; i < n; i++)
		goal->unsolved += !m[i].proven;
}

void
goal_note(SingleGoal which, double value)
{
	if (!(single[which].value > value))
		single[which].value = value;
}

static void
print_class_goals(void)
{
	printf("Worst set of each class; max by the fastest of a slow pair's calls.\n\n"
		   "| class | questions | unsolved | median / p95 / max (ms) | "
		   "goal | met |\n| --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < sizeof(goals) / sizeof(goals[0]); i++)
	{
		const Goal *g = &goals[i];
		bool		met = g->worst_median <= g->median &&
			g->worst_p95 <= g->p95 && g->worst_max <= g->max &&
			g->unsolved == 0;

		if (g->pairs == 0)
			continue;
		printf("| %s | %ld | %ld | %.3f / %.3f / %.1f | %g / %g / %g | %s |\n",
			   g->name, g->pairs, g->unsolved, g->worst_median, g->worst_p95,
			   g->worst_max, g->median, g->p95, g->max, met ? "yes" : "no");
	}
	printf("\n");
}

void
goals_print(void)
{
	bool		any = false;

	printf("## Goals\n\n");
	for (size_t i = 0; i < sizeof(goals) / sizeof(goals[0]); i++)
		any |= goals[i].pairs > 0;
	if (any)
		print_class_goals();
	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		if (!isnan(single[i].value))
			printf("- %s: %.3g, goal at most %g: %s\n", single[i].name,
				   single[i].value, single[i].most,
				   single[i].value <= single[i].most ? "met" : "not met");
}
