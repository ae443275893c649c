/*-------------------------------------------------------------------------
 *
 * unit.c
 *	  Harness of the unit tests; see unit.h.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"

#define SHOWN_FAILURES	20

typedef struct Piece
{
	struct Piece *next;
	_Alignas(max_align_t) char bytes[];
} Piece;

static struct
{
	const char *topic;
	uint64_t	seed;
	const char *name;			/* of the cases under way */
	int			number;			/* the one under way, -1 when none is */
	long		checks;			/* made in it */
	long		bad;			/* of these */
	uint64_t	state;
	long		passed;			/* cases */
	long		failed;
	long		shown;
} run;

static long
number_from(const char *variable, long otherwise)
{
	const char *text = getenv(variable);

	return text != NULL && *text != '\0' ? strtol(text, NULL, 10) : otherwise;
}

void
unit_begin(const char *topic)
{
	const char *seed = getenv("NS_SEED");

	setvbuf(stdout, NULL, _IOLBF, 0);
	run.topic = topic;
	run.seed = seed != NULL && *seed != '\0'
		? strtoull(seed, NULL, 10)
		: ((uint64_t) time(NULL) * 1000003u + (uint64_t) clock()) % 1000000000u;
	run.number = -1;
	printf("%s: seed %llu\n", topic, (unsigned long long) run.seed);
}

/* A case that checked nothing has proven nothing. */
static void
end_case(void)
{
	if (run.number < 0)
		return;
	if (run.checks == 0)
		UNIT_CHECK(false, "the case checked nothing");
	if (run.bad > 0)
		run.failed++;
	else
		run.passed++;
	run.number = -1;
}

int
unit_end(void)
{
	end_case();
	printf("%s: %ld passed, %ld failed\n", run.topic, run.passed, run.failed);
	return run.failed > 0 || run.passed == 0;
}

int
unit_cases(int usual, int in_long_run)
{
	return (int) number_from("NS_CASES",
							 number_from("NS_LONG", 0) != 0 ? in_long_run
							 : usual);
}

bool
unit_check(bool ok, const char *file, int line, const char *format,...)
{
	va_list		args;

	run.checks++;
	if (ok)
		return true;
	run.bad++;
	if (++run.shown <= SHOWN_FAILURES)
	{
		printf("%s:%d: %s %d (NS_SEED=%llu NS_CASES=1): ", file, line,
			   run.name, run.number,
			   (unsigned long long) run.seed + (unsigned) run.number);
		va_start(args, format);
		vprintf(format, args);
		va_end(args);
		printf("\n");
	}
	return false;
}

/* ---- random numbers (splitmix64) ---- */

uint64_t
unit_seed(void)
{
	return run.seed;
}

void
unit_case(const char *name, int number)
{
	end_case();
	run.name = name;
	run.number = number;
	run.checks = run.bad = 0;
	run.state = (run.seed + (uint64_t) number) * UINT64_C(0x9e3779b97f4a7c15);
	unit_random();
}

uint64_t
unit_random(void)
{
	uint64_t	z = run.state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

int
unit_below(int n)
{
	return (int) (unit_random() % (uint64_t) n);
}

double
unit_uniform(void)
{
	return (double) (unit_random() >> 11) * 0x1p-53;
}

bool
unit_chance(double probability)
{
	return unit_uniform() < probability;
}

void
unit_shuffle(int32_t *item, int n)
{
	for (int i = n - 1; i > 0; i--)
	{
		int			j = unit_below(i + 1);
		int32_t		swap = item[i];

		item[i] = item[j];
		item[j] = swap;
	}
}

/* ---- environments ---- */

static void *
take_piece(UnitEnv *u, size_t size)
{
	Piece	   *p = size < SIZE_MAX / 2 ? malloc(sizeof(Piece) + size) : NULL;

	if (p == NULL)
		return NULL;
	p->next = u->piece;
	u->piece = p;
	u->bytes += size;
	return p->bytes;
}

static void *
env_alloc(void *state, size_t size)
{
	UnitEnv    *u = state;
	void	   *p;

	u->allocs++;
	if (u->fail_alloc > 0 && u->allocs >= u->fail_alloc)
		return NULL;
	p = take_piece(u, size);
	if (p != NULL)
		memset(p, 0xA5, size);
	return p;
}

static bool
env_interrupted(void *state)
{
	UnitEnv    *u = state;

	u->checks++;
	return u->stop_check > 0 && u->checks >= u->stop_check;
}

void
unit_env_init(UnitEnv *u)
{
	memset(u, 0, sizeof(*u));
	u->env.alloc = env_alloc;
	u->env.interrupted = env_interrupted;
	u->env.state = u;
}

void
unit_env_drop(UnitEnv *u)
{
	for (Piece *p = u->piece; p != NULL;)
	{
		Piece	   *next = p->next;

		free(p);
		p = next;
	}
	unit_env_init(u);
}

void *
unit_alloc(UnitEnv *u, size_t n, size_t size)
{
	void	   *p = take_piece(u, n * size + 1);

	if (p == NULL)
	{
		printf("%s: the test itself is out of memory\n", run.topic);
		exit(2);
	}
	memset(p, 0, n * size + 1);
	return p;
}

/* One attempt with the n-th call failing; its code. */
static NsResult
attempt_failing(UnitAttempt attempt, void *state, bool allocs, int64_t n)
{
	UnitEnv		u;
	NsResult	rc;

	unit_env_init(&u);
	if (allocs)
		u.fail_alloc = n;
	else
		u.stop_check = n;
	rc = attempt(&u, state);
	if (rc == NS_OK)
		UNIT_CHECK((allocs ? u.allocs : u.checks) < n,
				   "it succeeds though %s %lld failed",
				   allocs ? "allocation" : "check", (long long) n);
	unit_env_drop(&u);
	return rc;
}

void
unit_fail_each(UnitAttempt attempt, void *state, bool allocs, int limit)
{
	NsResult	expected = allocs ? NS_NO_MEMORY : NS_INTERRUPTED;
	UnitEnv		u;
	int64_t		total;
	int64_t		step;

	unit_env_init(&u);
	UNIT_CHECK(attempt(&u, state) == NS_OK, "it fails without a reason");
	total = allocs ? u.allocs : u.checks;
	unit_env_drop(&u);

	step = total / limit + 1;
	for (int64_t n = 1; n <= total; n += n < 10 ? 1 : step)
	{
		NsResult	rc = attempt_failing(attempt, state, allocs, n);

		UNIT_CHECK(rc == expected, "%s %lld of %lld fails: result %d, not %d",
				   allocs ? "allocation" : "check", (long long) n,
				   (long long) total, rc, expected);
	}
}
