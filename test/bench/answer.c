/*-------------------------------------------------------------------------
 *
 * answer.c
 *	  Answers questions about pairs of one network, line by line, for a
 *	  benchmark that compares with other solvers.
 *
 *	  answer DIRECTORY NETWORK SET
 *
 * Input, a question a line:	<src id> <dst id> <k> strict|relaxed
 * Output, an answer a line:
 *
 *	  found|none|unknown <proven> <total cost> <groups shared> <links shared>
 *	  <microseconds> <links that alone separate the pair> <group ids or ->
 *
 * Groups that alone separate the pair are found first and ignored; they are the
 * ids listed.  The time counts both, and is the median of five calls.
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"

#define CALLS	5

typedef struct State
{
	Arena		arena;
	const NsGraph *g;
	int64_t    *ignore;			/* room for all groups */
	size_t		nignore;
	int32_t		nlinks;			/* that alone separate the pair */
	NsDisjointResult r;
} State;

static void
find_cutting(State *s, const NsDisjointQuery *q)
{
	NsObstacle *o;
	int32_t		n = 0;

	s->nignore = 0;
	s->nlinks = 0;
	if (ns_disjoint_obstacles(&s->arena.env, s->g, q, &o, &n) != NS_OK)
		exit(1);
	for (int32_t i = 0; i < n; i++)
	{
		if (o[i].kind == NS_OBSTACLE_SRLG)
			s->ignore[s->nignore++] = ns_srlg_id(s->g, o[i].number);
		else
			s->nlinks++;
	}
}

static double
ask(State *s, NsDisjointQuery q)
{
	double		start;

	arena_reset(&s->arena, 0);
	start = now();
	find_cutting(s, &q);
	q.ignore_srlgs = (NsIdList) {s->ignore, s->nignore};
	if (ns_disjoint_paths(&s->arena.env, s->g, &q, &s->r) != NS_OK)
		exit(1);
	return now() - start;
}

static int
compare_doubles(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

/* How many of these numbers, over all paths, each counted once. */
static int
count_shared(const NsDisjointResult *r, bool groups)
{
	int			n = 0;

	for (int32_t p = 0; p < r->npaths; p++)
	{
		const NsDisjointPath *path = &r->path[p];
		const int32_t *list = groups ? path->shared_srlg : path->shared_link;
		int32_t		nlist = groups ? path->nshared_srlgs : path->nshared_links;

		for (int32_t i = 0; i < nlist; i++)
		{
			bool		seen = false;

			for (int32_t q = 0; q < p && !seen; q++)
			{
				const NsDisjointPath *before = &r->path[q];
				const int32_t *other = groups ? before->shared_srlg
					: before->shared_link;
				int32_t		nother = groups ? before->nshared_srlgs
					: before->nshared_links;

				for (int32_t j = 0; j < nother && !seen; j++)
					seen = other[j] == list[i];
			}
			n += !seen;
		}
	}
	return n;
}

static void
answer(State *s, const NsDisjointQuery *q)
{
	static const char *const words[] = {"found", "none", "unknown"};
	double		seconds[CALLS];
	double		total = 0;

	for (int i = 0; i < CALLS; i++)
		seconds[i] = ask(s, *q);
	qsort(seconds, CALLS, sizeof(double), compare_doubles);
	for (int32_t p = 0; p < s->r.npaths; p++)
		total += s->r.path[p].path.cost;
	printf("%s %d %.17g %d %d %.3f %d ", words[s->r.status],
		   s->r.optimal || s->r.status == NS_DISJOINT_NONE, total,
		   count_shared(&s->r, true), count_shared(&s->r, false),
		   seconds[CALLS / 2] * 1e6, s->nlinks);
	for (size_t i = 0; i < s->nignore; i++)
		printf("%s%lld", i > 0 ? "," : "", (long long) s->ignore[i]);
	printf("%s\n", s->nignore == 0 ? "-" : "");
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	State		s;
	Arena		graph_arena;
	Dataset		d;
	char		line[256];

	if (argc != 4)
	{
		fprintf(stderr, "usage: answer DIRECTORY NETWORK SET\n");
		return 2;
	}
	arena_init(&graph_arena);
	arena_init(&s.arena);
	data_load(argv[1], argv[2], &d);
	data_load_set(argv[1], argv[3], &d);
	s.g = data_graph(&graph_arena, &d);
	s.ignore = malloc(((size_t) s.g->nsrlgs + 1) * sizeof(int64_t));
	if (s.ignore == NULL)
		return 1;
	while (fgets(line, sizeof(line), stdin) != NULL)
	{
		long long	src;
		long long	dst;
		int			k;
		char		how[16];
		NsDisjointQuery q = {.srlg = true,.budget = INT64_C(10000000000)};

		if (sscanf(line, "%lld %lld %d %15s", &src, &dst, &k, how) != 4)
			return 2;
		q.path.src = ns_graph_find_node_id(s.g, src);
		q.path.dst = ns_graph_find_node_id(s.g, dst);
		q.k = k;
		q.strict = strcmp(how, "strict") == 0;
		answer(&s, &q);
	}
	arena_free(&s.arena);
	arena_free(&graph_arena);
	free(s.ignore);
	data_free(&d);
	return 0;
}
