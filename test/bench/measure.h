/*-------------------------------------------------------------------------
 *
 * measure.h
 *	  Times of calls, summaries of them, and the goals they are judged by.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Measure
{
	double		seconds;
	double		least;			/* of repeated calls */
	bool		feasible;
	bool		proven;
	int64_t		branches;
	int64_t		steps;
} Measure;

typedef struct Summary
{
	int			n;
	double		median;			/* microseconds */
	double		p95;
	double		p99;
	double		max;
	double		max_least;
} Summary;

/* Of which measures: feasible 1, infeasible 0, all -1. */
extern Summary summarize(const Measure *m, int n, int feasible);

/* As cells of a table: number, then times. */
extern void print_summary(const Summary *s);

typedef enum GoalClass
{
	GOAL_LARGE,
	GOAL_SMALL,
	GOAL_STAR4000,
	GOAL_RANDOM1000,
	GOAL_STAR1000,
	GOAL_K3
} GoalClass;

/* The class of a network, for k = 2. */
extern GoalClass goal_class(const char *network, int32_t nnodes);

extern void goal_count(GoalClass class, const Measure *m, int n);

/* Goals of another kind: one value, and the most that it may be. */
typedef enum SingleGoal
{
	GOAL_KNODES1_TOTAL,			/* seconds */
	GOAL_FALLBACK_UNSOLVED,		/* per cent */
	GOAL_KDL_16,				/* ms */
	GOAL_WORLD_16,
	GOAL_WORLD_1000_MEMORY		/* MB */
} SingleGoal;

/* The greatest value noted counts. */
extern void goal_note(SingleGoal which, double value);

/* All that was measured. */
extern void goals_print(void);

#endif							/* MEASURE_H */
