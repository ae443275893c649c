/*-------------------------------------------------------------------------
 *
 * bench_disjoint.c
 *	  How long path questions take on the networks of the data directory:
 *	  src/core alone, one thread, graph already built.
 *
 *	  bench_disjoint [--data DIR] [--part pairs|k3|fallback|shortest|all]
 *					 [--only TEXT] [--sample N] [--rounds N] [--seed N]
 *
 * pairs		every pair of every SRLG set, k = 2, in two ways: "ignored", where
 *				the groups that alone separate the pair are found first and then
 *				passed in ignore_srlgs (the time counts both), and "strict"
 * k3			k = 3 on 1,000 random pairs of some sets, groups ignored likewise
 * fallback		strict = false on 100 infeasible pairs of the sets fromdual_3_1,
 *				20 of the others
 * shortest		k shortest paths, k = 16 and 1,000
 *
 * Output is Markdown.  Times are of one call, in processor time of its thread.
 * A pair that took more than 5 ms is asked twice more: "max" is the slowest
 * call, and in brackets the slowest pair by its fastest call, which caches
 * spoilt by other work disturb less.  "Spread" is the least and greatest median
 * of the rounds over the same sample of pairs.
 *
 *-------------------------------------------------------------------------
 */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data.h"
#include "measure.h"

#define MAX_PAIRS		40000
#define MAX_SETS		64
#define SPREAD_SAMPLE	2000
#define RANDOM_PAIRS	300		/* of a directed network */
#define SLOW			5e-3
#define DEADLINE		10.0	/* seconds; a call that takes longer is unsolved */

typedef struct Options
{
	const char *data;
	const char *part;
	const char *only;
	int			sample;			/* pairs of a set, 0: all */
	int			rounds;
	uint64_t	seed;
} Options;

typedef enum Way
{
	WAY_IGNORED,
	WAY_STRICT
} Way;

typedef struct Bench
{
	const Options *options;
	Arena		graph_arena;
	Arena		arena;
	Dataset		d;
	NsGraph    *g;
	int32_t		k;
	Way			way;
	Pair	   *pair;
	int			npairs;
	Measure    *measure;
	int64_t    *ignore;			/* room for all groups */
	uint64_t	random;
} Bench;

/* ---- random pairs ---- */

static uint64_t
next_random(Bench *b)
{
	uint64_t	z = b->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static void
shuffle_pairs(Bench *b)
{
	for (int i = b->npairs - 1; i > 0; i--)
	{
		int			j = (int) (next_random(b) % (uint64_t) (i + 1));
		Pair		swap = b->pair[i];

		b->pair[i] = b->pair[j];
		b->pair[j] = swap;
	}
}

static void
add_random_pairs(Bench *b, int n)
{
	for (int i = 0; i < n && b->npairs < MAX_PAIRS;)
	{
		Pair		p = {(int32_t) (next_random(b) % (uint64_t) b->g->nnodes),
		(int32_t) (next_random(b) % (uint64_t) b->g->nnodes)};

		if (p.src == p.dst)
			continue;
		b->pair[b->npairs++] = p;
		i++;
	}
}

/* In random order, so that any beginning is a sample. */
static void
choose_pairs(Bench *b)
{
	b->random = b->options->seed;
	b->npairs = 0;
	if (b->d.directed)
	{
		b->npairs = data_pairs(b->options->data, &b->d, b->g, b->pair, MAX_PAIRS);
		add_random_pairs(b, RANDOM_PAIRS);
	}
	else
	{
		for (int32_t s = 0; s < b->g->nnodes; s++)
			for (int32_t t = s + 1; t < b->g->nnodes && b->npairs < MAX_PAIRS; t++)
				b->pair[b->npairs++] = (Pair) {s, t};
		shuffle_pairs(b);
	}
	if (b->options->sample > 0 && b->npairs > b->options->sample)
		b->npairs = b->options->sample;
}

/* ---- one call ---- */

static NsDisjointQuery
question(const Bench *b, Pair p)
{
	return (NsDisjointQuery) {
		.path = {.src = p.src,.dst = p.dst,.cost = NS_COST_METRIC},
		.k = b->k,.srlg = true,.strict = true,.budget = INT64_MAX
	};
}

/* Groups that alone separate the ends, into b->ignore; how many. */
static size_t
cutting_groups(Bench *b, const NsDisjointQuery *q, NsResult *rc)
{
	NsObstacle *o;
	int32_t		n = 0;
	size_t		ngroups = 0;

	*rc = ns_disjoint_obstacles(&b->arena.env, b->g, q, &o, &n);
	for (int32_t i = 0; *rc == NS_OK && i < n; i++)
		if (o[i].kind == NS_OBSTACLE_SRLG)
			b->ignore[ngroups++] = ns_srlg_id(b->g, o[i].number);
	return ngroups;
}

static Measure
ask(Bench *b, Pair p, bool strict)
{
	NsDisjointQuery q = question(b, p);
	NsDisjointResult r = {0};
	NsResult	rc = NS_OK;
	Measure		m = {0};
	double		start;

	arena_reset(&b->arena, DEADLINE);
	start = now();
	if (b->way == WAY_IGNORED)
		q.ignore_srlgs = (NsIdList) {b->ignore, cutting_groups(b, &q, &rc)};
	q.strict = strict;
	if (rc == NS_OK)
		rc = ns_disjoint_paths(&b->arena.env, b->g, &q, &r);
	m.seconds = m.least = now() - start;
	arena_note_end(&b->arena);
	if (rc != NS_OK && rc != NS_INTERRUPTED)
	{
		fprintf(stderr, "%s: nodes %d to %d: result %d\n", b->d.network, p.src,
				p.dst, rc);
		exit(1);
	}
	m.proven = rc == NS_OK && (r.status == NS_DISJOINT_NONE ||
							   (r.status == NS_DISJOINT_FOUND && r.optimal));
	m.feasible = r.status == NS_DISJOINT_FOUND;
	m.branches = r.branches;
	m.steps = r.steps;
	return m;
}

/* ---- all pairs of one set ---- */

static double
first_round(Bench *b)
{
	double		total = 0;

	for (int i = 0; i < b->npairs; i++)
	{
		b->measure[i] = ask(b, b->pair[i], true);
		total += b->measure[i].seconds;
	}
	for (int i = 0; i < b->npairs; i++)
		for (int again = 0; again < 2 && b->measure[i].least > SLOW &&
			 b->measure[i].proven; again++)
			b->measure[i].least = fmin(b->measure[i].least,
									   ask(b, b->pair[i], true).seconds);
	return total;
}

/* Least and greatest median over the rounds, the first one included. */
static void
spread(Bench *b, double *least, double *greatest)
{
	int			n = b->npairs < SPREAD_SAMPLE ? b->npairs : SPREAD_SAMPLE;
	Measure    *m = malloc((size_t) n * sizeof(Measure) + 1);

	if (m == NULL)
		exit(1);
	*least = *greatest = summarize(b->measure, n, -1).median;
	for (int round = 1; round < b->options->rounds; round++)
	{
		double		median;

		for (int i = 0; i < n; i++)
			m[i] = b->measure[i].proven ? ask(b, b->pair[i], true) : b->measure[i];
		median = summarize(m, n, -1).median;
		*least = fmin(*least, median);
		*greatest = fmax(*greatest, median);
	}
	free(m);
}

static void
report_set(Bench *b, const char *set, GoalClass class)
{
	double		total = first_round(b);
	Summary		feasible = summarize(b->measure, b->npairs, 1);
	Summary		infeasible = summarize(b->measure, b->npairs, 0);
	double		least;
	double		greatest;
	int64_t		branches = 0;
	int64_t		most_branches = 0;
	int64_t		most_steps = 0;
	int			unsolved = 0;

	for (int i = 0; i < b->npairs; i++)
	{
		const Measure *m = &b->measure[i];

		branches += m->branches;
		most_branches = m->branches > most_branches ? m->branches : most_branches;
		most_steps = m->steps > most_steps ? m->steps : most_steps;
		unsolved += !m->proven;
	}
	spread(b, &least, &greatest);
	goal_count(class, b->measure, b->npairs);
	if (b->k == 2 && b->way == WAY_IGNORED && strcmp(set, "knodes1") == 0 &&
		strcmp(b->d.network, "regsrlg/sprint-phys") == 0)
		goal_note(GOAL_KNODES1_TOTAL, total);
	printf("| %s %s | %d / %d / %zu | %s | %d |", b->d.network, set,
		   b->g->nnodes, b->g->nlinks, b->d.nsrlgs,
		   b->way == WAY_IGNORED ? "ignored" : "strict", b->npairs);
	print_summary(&feasible);
	print_summary(&infeasible);
	printf(" %d | %.1f / %lld | %lld | %.0f-%.0f | %.2f |\n", unsolved,
		   (double) branches / b->npairs, (long long) most_branches,
		   (long long) most_steps, least, greatest, total);
	fflush(stdout);
}

static void
print_set_header(void)
{
	printf("| network, set | nodes / links / groups | cutting groups | pairs | "
		   "feasible n: median / p95 / p99 / max (us) | "
		   "infeasible n: median / p95 / p99 / max (us) | unsolved | "
		   "branches mean / max | steps max | spread of median (us) | total (s) |\n"
		   "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
}

/* ---- over networks and sets ---- */

static void
open_network(Bench *b, const char *network)
{
	data_load(b->options->data, network, &b->d);
	b->pair = malloc(MAX_PAIRS * sizeof(Pair));
	b->measure = malloc(MAX_PAIRS * sizeof(Measure));
	b->ignore = NULL;
	if (b->pair == NULL || b->measure == NULL)
		exit(1);
}

static void
open_set(Bench *b, const char *set)
{
	if (set != NULL)
		data_load_set(b->options->data, set, &b->d);
	arena_reset(&b->graph_arena, 0);
	b->g = data_graph(&b->graph_arena, &b->d);
	free(b->ignore);
	b->ignore = malloc(((size_t) b->g->nsrlgs + 1) * sizeof(int64_t));
	if (b->ignore == NULL)
		exit(1);
	choose_pairs(b);
}

static void
close_network(Bench *b)
{
	free(b->pair);
	free(b->measure);
	free(b->ignore);
	data_free(&b->d);
}

/* Does "network set" contain the text of --only?  A text may span the two. */
static bool
wanted(const Bench *b, const char *network, const char *set)
{
	size_t		n = strlen(network) + strlen(set) + 2;
	char	   *name = malloc(n);
	bool		found;

	if (name == NULL)
		exit(1);
	snprintf(name, n, "%s %s", network, set);
	found = b->options->only == NULL || strstr(name, b->options->only) != NULL;
	free(name);
	return found;
}

static void
pairs_of_network(Bench *b, const char *network)
{
	static char sets[MAX_SETS][64];
	int			nsets = data_sets(b->options->data, network, sets, MAX_SETS);
	bool		open = false;

	for (int i = 0; i < nsets; i++)
	{
		if (!wanted(b, network, sets[i]))
			continue;
		if (!open)
			open_network(b, network);
		open = true;
		open_set(b, sets[i]);
		b->k = 2;
		for (b->way = WAY_IGNORED; b->way <= WAY_STRICT; b->way++)
			report_set(b, sets[i], goal_class(network, b->g->nnodes));
	}
	if (open)
		close_network(b);
}

static void
part_pairs(Bench *b)
{
	static const char *sources[] = {"regional-srlg", "regsrlg", "drcr"};

	printf("## Pairs, k = 2\n\n");
	print_set_header();
	for (size_t i = 0; i < 3; i++)
	{
		char	   *name[64];
		int			n = data_networks(b->options->data, sources[i], name, 64);

		for (int j = 0; j < n; j++)
		{
			pairs_of_network(b, name[j]);
			free(name[j]);
		}
	}
	printf("\n");
}

static void
part_k3(Bench *b)
{
	static const char *const some[][2] = {
		{"regsrlg/ATT-L1-Modified", "fromdual_3_1"},
		{"regsrlg/ATT-L1-Modified", "radius0"},
		{"regsrlg/ATT-L1-Modified", "radius2"},
		{"regsrlg/sprint-phys", "fromdual_3_1"},
		{"regsrlg/sprint-phys", "knodes1"},
		{"drcr/random-node1000-case0", "srlg"}
	};

	printf("## 1,000 random pairs, k = 3\n\n");
	print_set_header();
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
	{
		if (!wanted(b, some[i][0], some[i][1]))
			continue;
		open_network(b, some[i][0]);
		open_set(b, some[i][1]);
		if (b->npairs > 1000)
			b->npairs = 1000;
		b->k = 3;
		b->way = WAY_IGNORED;
		report_set(b, some[i][1], GOAL_K3);
		close_network(b);
	}
	printf("\n");
}

/* ---- fallback ---- */

/* Keep the first n pairs that have no disjoint paths. */
static void
keep_infeasible(Bench *b, int n)
{
	int			kept = 0;

	for (int i = 0; i < b->npairs && kept < n; i++)
	{
		Measure		m = ask(b, b->pair[i], true);

		if (m.proven && !m.feasible)
			b->pair[kept++] = b->pair[i];
	}
	b->npairs = kept;
}

static void
report_fallback(Bench *b, const char *set, int npairs)
{
	Summary		s;
	int			in_time = 0;
	int64_t		most_steps = 0;

	b->k = 2;
	keep_infeasible(b, npairs);
	if (b->npairs == 0)
		return;
	for (int i = 0; i < b->npairs; i++)
	{
		Measure    *m = &b->measure[i];

		*m = ask(b, b->pair[i], false);
		in_time += m->proven && m->seconds <= 1;
		most_steps = m->steps > most_steps ? m->steps : most_steps;
	}
	if (strcmp(set, "fromdual_3_1") == 0)
		goal_note(GOAL_FALLBACK_UNSOLVED, 100.0 - 100.0 * in_time / b->npairs);
	s = summarize(b->measure, b->npairs, -1);
	printf("| %s %s | %s | %d | %d (%.0f%%) | %.1f / %.1f / %.1f | %lld |\n",
		   b->d.network, set, b->way == WAY_IGNORED ? "ignored" : "counted",
		   b->npairs, in_time, 100.0 * in_time / b->npairs, s.median / 1000,
		   s.p95 / 1000, s.max / 1000, (long long) most_steps);
	fflush(stdout);
}

/* 100 pairs of the sets that have a goal, 20 of the others. */
static void
fallback_of_network(Bench *b, const char *network)
{
	static char sets[MAX_SETS][64];
	int			nsets = data_sets(b->options->data, network, sets, MAX_SETS);

	for (int i = 0; i < nsets; i++)
	{
		if (!wanted(b, network, sets[i]))
			continue;
		for (b->way = WAY_IGNORED; b->way <= WAY_STRICT; b->way++)
		{
			open_network(b, network);
			open_set(b, sets[i]);
			report_fallback(b, sets[i],
							strcmp(sets[i], "fromdual_3_1") == 0 ? 100 : 20);
			close_network(b);
		}
	}
}

static void
part_fallback(Bench *b)
{
	printf("## strict = false on infeasible pairs, k = 2\n\n"
		   "A call that takes more than %g s counts as unsolved.\n\n"
		   "| network, set | cutting groups | pairs | solved within 1 s | "
		   "median / p95 / max (ms) | steps max |\n"
		   "| --- | --- | --- | --- | --- | --- |\n", DEADLINE);
	fallback_of_network(b, "regional-srlg/39_optic_north_american");
	fallback_of_network(b, "regional-srlg/79_optic_nfsnet");
	fallback_of_network(b, "regsrlg/ATT-L1-Modified");
	fallback_of_network(b, "regsrlg/sprint-phys");
	printf("\n");
}

/* ---- k shortest ---- */

static void
report_shortest(Bench *b, int32_t k, int npairs)
{
	double		least = INFINITY;
	double		greatest = 0;
	size_t		bytes = 0;
	Summary		s = {0};

	for (int round = 0; round < b->options->rounds; round++)
	{
		Summary		this_round;

		for (int i = 0; i < npairs; i++)
		{
			NsPathQuery q = {.src = b->pair[i].src,.dst = b->pair[i].dst};
			NsPath	   *paths;
			int32_t		n;
			double		start;

			arena_reset(&b->arena, 0);
			start = now();
			if (ns_k_shortest_paths(&b->arena.env, b->g, &q, k, &paths, &n) != NS_OK)
				exit(1);
			b->measure[i] = (Measure) {.seconds = now() - start};
			b->measure[i].least = b->measure[i].seconds;
			arena_note_end(&b->arena);
			bytes = b->arena.bytes > bytes ? b->arena.bytes : bytes;
		}
		this_round = summarize(b->measure, npairs, -1);
		if (round == 0)
			s = this_round;
		least = fmin(least, this_round.median);
		greatest = fmax(greatest, this_round.median);
	}
	if (k == 16)
		goal_note(strstr(b->d.network, "Kdl") != NULL ? GOAL_KDL_16
				  : GOAL_WORLD_16, s.median / 1000);
	if (k == 1000)
		goal_note(GOAL_WORLD_1000_MEMORY, (double) bytes / 1e6);
	printf("| %s | %d / %d | %d | %d | %.0f / %.0f / %.0f | %.0f-%.0f | %.2f |\n",
		   b->d.network, b->g->nnodes, b->g->nlinks, k, npairs, s.median, s.p95,
		   s.max, least, greatest, (double) bytes / 1e6);
	fflush(stdout);
}

static void
part_shortest(Bench *b)
{
	static const char *const some[] = {"topologyzoo/Kdl", "topohub-backbone/world"};

	printf("## k shortest paths, by length_km\n\n"
		   "| network | nodes / links | k | random pairs | "
		   "median / p95 / max (us) | spread of median (us) | memory, most (MB) |\n"
		   "| --- | --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < 2; i++)
	{
		if (!wanted(b, some[i], ""))
			continue;
		open_network(b, some[i]);
		open_set(b, NULL);
		b->random = b->options->seed;
		b->npairs = 0;
		add_random_pairs(b, 200);
		report_shortest(b, 1, 200);
		report_shortest(b, 16, 200);
		if (i == 1)
			report_shortest(b, 1000, 20);
		if (b->d.nfilled > 0)
			printf("\n%s: %zu links without a length were given 100 km.\n\n",
				   some[i], b->d.nfilled);
		close_network(b);
	}
	printf("\n");
}

/* ---- frame ---- */

static void
print_machine(const Options *o)
{
	char		line[256];
	const char *commit = getenv("NS_COMMIT");
	FILE	   *f = fopen("/proc/cpuinfo", "r");

	printf("- commit: %s\n", commit != NULL ? commit : "not given");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "model name", 10) == 0 && strchr(line, ':') != NULL)
		{
			printf("- cpu:%s", strchr(line, ':') + 1);
			break;
		}
	if (f != NULL)
		fclose(f);
	printf("- cores: %ld, of which one is used\n", sysconf(_SC_NPROCESSORS_ONLN));
	f = fopen("/proc/loadavg", "r");
	if (f != NULL && fgets(line, sizeof(line), f) != NULL)
		printf("- load at the start: %s", line);
	if (f != NULL)
		fclose(f);
	printf("- times are processor time, graph already built\n");
	printf("- seed %llu, %d rounds, data %s\n\n", (unsigned long long) o->seed,
		   o->rounds, o->only == NULL ? "complete" : o->only);
	fflush(stdout);
}

static bool
read_options(int argc, char **argv, Options *o)
{
	*o = (Options) {.data = getenv("NS_DATA"),.part = "all",.rounds = 3,.seed = 1};
	if (o->data == NULL || *o->data == '\0')
		o->data = "../shared/data";
	for (int i = 1; i < argc; i += 2)
	{
		if (i + 1 >= argc)
			return false;
		if (strcmp(argv[i], "--data") == 0)
			o->data = argv[i + 1];
		else if (strcmp(argv[i], "--part") == 0)
			o->part = argv[i + 1];
		else if (strcmp(argv[i], "--only") == 0)
			o->only = argv[i + 1];
		else if (strcmp(argv[i], "--sample") == 0)
			o->sample = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--rounds") == 0)
			o->rounds = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--seed") == 0)
			o->seed = strtoull(argv[i + 1], NULL, 10);
		else
			return false;
	}
	return true;
}

int
main(int argc, char **argv)
{
	static const struct
	{
		const char *name;
		void		(*run) (Bench *b);
	}			parts[] = {
		{"pairs", part_pairs}, {"k3", part_k3}, {"fallback", part_fallback},
		{"shortest", part_shortest}
	};
	Options		o;
	Bench		b = {.options = &o};
	const char *problem;

	if (!read_options(argc, argv, &o))
	{
		fprintf(stderr, "usage: bench_disjoint [--data DIR] "
				"[--part pairs|k3|fallback|shortest|all] [--only TEXT] "
				"[--sample N] [--rounds N] [--seed N]\n");
		return 2;
	}
	problem = data_problem(o.data);
	if (problem != NULL)
	{
		printf("skipped: %s\n", problem);
		return 0;
	}
	arena_init(&b.graph_arena);
	arena_init(&b.arena);
	print_machine(&o);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcmp(o.part, "all") == 0 || strcmp(o.part, parts[i].name) == 0)
			parts[i].run(&b);
	goals_print();
	printf("- longest time between two interrupt checks: %.1f ms\n",
		   b.arena.longest_gap * 1000);
	arena_free(&b.arena);
	arena_free(&b.graph_arena);
	return 0;
}
