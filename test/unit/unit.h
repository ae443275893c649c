/*-------------------------------------------------------------------------
 *
 * unit.h
 *	  Harness of the unit tests: seeded random numbers, an environment for
 *	  src/core that can be told to fail, and counted checks.
 *
 * Each test_*.c is a program:
 *
 *	   unit_begin("topic");
 *	   unit_case("what is tried", number);
 *	   ... UNIT_CHECK(condition, "what, with values") ...
 *	   return unit_end();
 *
 * The seed is printed; NS_SEED=number repeats a run.  Case number i of a run
 * draws from seed + i alone, so NS_SEED=<seed + i> NS_CASES=1 repeats one case.
 * NS_LONG=1 asks for the long run, NS_CASES=number for a given length.
 *
 * Memory of an environment is one malloc a piece, filled with a pattern, so
 * that a sanitizer sees each piece's bounds and nothing relies on zeros; all of
 * it is freed by unit_env_drop().
 *
 *-------------------------------------------------------------------------
 */
#ifndef UNIT_H
#define UNIT_H

#include <stdarg.h>
#include <stdio.h>

#include "env.h"

extern void unit_begin(const char *topic);
extern int	unit_end(void);		/* prints the counts; the exit status */

/*
 * Begin a case, and end the one before: it passed if all its checks held and it
 * had any.  Random numbers start from seed + number.
 */
extern void unit_case(const char *name, int number);

/* How many cases to run: NS_CASES, else the one for NS_LONG or not. */
extern int	unit_cases(int usual, int in_long_run);

/* ---- checks ---- */

#define UNIT_CHECK(condition, ...) \
	unit_check((condition), __FILE__, __LINE__, __VA_ARGS__)

extern bool unit_check(bool ok, const char *file, int line,
					   const char *format,...)
			__attribute__((format(printf, 4, 5)));

/* ---- random numbers ---- */

extern uint64_t unit_seed(void);
extern uint64_t unit_random(void);
extern int	unit_below(int n);	/* 0 .. n - 1 */
extern bool unit_chance(double probability);
extern double unit_uniform(void);	/* [0, 1) */
extern void unit_shuffle(int32_t *item, int n);

/* ---- environments ---- */

typedef struct UnitEnv
{
	NsEnv		env;
	void	   *piece;			/* list of all that was allocated */
	int64_t		allocs;			/* calls so far */
	int64_t		checks;
	int64_t		fail_alloc;		/* this call and all later fail; 0: none */
	int64_t		stop_check;		/* this check and all later stop; 0: none */
	size_t		bytes;
} UnitEnv;

extern void unit_env_init(UnitEnv *u);
extern void unit_env_drop(UnitEnv *u);

/* Memory of the test itself: never fails (it exits instead), is zeroed. */
extern void *unit_alloc(UnitEnv *u, size_t n, size_t size);

/*
 * Call attempt() in a fresh environment whose 1st, 2nd, ... allocation fails
 * (or, where allocs is false, whose check says stop), until it succeeds; each
 * call before must return the code for that.  At most limit calls, spread over
 * all of the allocations where there are more.
 */
typedef NsResult (*UnitAttempt) (UnitEnv *u, void *state);
extern void unit_fail_each(UnitAttempt attempt, void *state, bool allocs,
						   int limit);

#endif							/* UNIT_H */
