/*-------------------------------------------------------------------------
 *
 * bench_shortest.c
 *	  One cheapest path on large graphs, with landmarks and without.
 *
 * The graphs are random geometric ones: points in a square, and the nearest
 * pairs of them joined, four links a node; a link costs the distance of its
 * ends.  Numbers of nodes and links say nothing of where they are.  Every
 * answer with landmarks is compared with the one without.
 *
 * usage: bench_shortest [--nodes N] [--queries N] [--rounds N] [--seed N]
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "landmark.h"
#include "measure.h"

#define LINKS_A_NODE	4
#define SIDE			1000.0	/* of the square, km */
#define PI				3.14159265358979323846

typedef struct Options
{
	int32_t		nodes;			/* 0: the usual sizes */
	int			queries;
	int			rounds;
	uint64_t	seed;
} Options;

typedef struct Bench
{
	const Options *options;
	uint64_t	random;
	int32_t		nnodes;
	int32_t		nlinks;
	NsNodeInput *node;
	NsLinkInput *link;
	char	   *names;
	Arena		graph_arena;
	Arena		arena;
	NsGraph		g;
	const NsLandmarks *landmarks;
	double		build_seconds;
	Pair	   *pair;
	Measure    *measure;
	uint64_t   *answer;			/* by pair: hash of the path without landmarks */
	bool		differ;
} Bench;

static void *
need(size_t n, size_t size)
{
	void	   *p = calloc(n, size);

	if (p == NULL)
		exit(1);
	return p;
}

static uint64_t
next_random(Bench *b)
{
	uint64_t	z = b->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static double
uniform(Bench *b)
{
	return (double) (next_random(b) >> 11) * 0x1p-53;
}

/* ---- the graph ---- */

typedef struct Near
{
	int32_t		a;
	int32_t		z;
	double		distance;
} Near;

static int
compare_near(const void *a, const void *b)
{
	double		x = ((const Near *) a)->distance;
	double		y = ((const Near *) b)->distance;

	return (x > y) - (x < y);
}

/* All pairs of points nearer than a radius, by a grid of squares. */
static size_t
near_pairs(const double (*at)[2], int32_t n, double radius, Near *near, size_t room)
{
	int32_t		side = (int32_t) (SIDE / radius);
	int32_t    *head = need((size_t) side * (size_t) side, sizeof(int32_t));
	int32_t    *next = need((size_t) n, sizeof(int32_t));
	size_t		found = 0;

	for (int32_t i = 0; i < n; i++)
	{
		int32_t		x = (int32_t) (at[i][0] / SIDE * side);
		int32_t		y = (int32_t) (at[i][1] / SIDE * side);

		/* those before i: each pair once */
		for (int32_t k = 0; k < 9; k++)
		{
			int32_t		cx = x + k % 3 - 1;
			int32_t		cy = y + k / 3 - 1;

			if (cx < 0 || cy < 0 || cx >= side || cy >= side)
				continue;
			for (int32_t j = head[cx * side + cy] - 1; j >= 0; j = next[j] - 1)
			{
				double		d = hypot(at[i][0] - at[j][0], at[i][1] - at[j][1]);

				if (d < radius && found < room)
					near[found++] = (Near) {i, j, d};
			}
		}
		next[i] = head[x * side + y];
		head[x * side + y] = i + 1;
	}
	free(head);
	free(next);
	return found;
}

static void
draw_graph(Bench *b, int32_t nnodes)
{
	size_t		n = (size_t) nnodes;
	size_t		m = LINKS_A_NODE * n;
	double		(*at)[2] = need(n, sizeof(*at));
	Near	   *near = need(2 * m, sizeof(Near));
	double		radius = SIDE * sqrt(2.2 * LINKS_A_NODE / (double) n / PI);

	b->random = b->options->seed;
	b->nnodes = nnodes;
	b->nlinks = (int32_t) m;
	b->node = need(n, sizeof(NsNodeInput));
	b->link = need(m, sizeof(NsLinkInput));
	b->names = need(n, 12);
	for (size_t i = 0; i < n; i++)
	{
		at[i][0] = uniform(b) * SIDE;
		at[i][1] = uniform(b) * SIDE;
		snprintf(&b->names[12 * i], 12, "n%d", (int) i);
		b->node[i] = (NsNodeInput) {(int64_t) i + 1, &b->names[12 * i]};
	}
	n = near_pairs((const double (*)[2]) at, nnodes, radius, near, 2 * m);
	if (n < m)
		exit(1);
	qsort(near, n, sizeof(Near), compare_near);
	for (size_t i = m - 1; i > 0; i--)
	{
		size_t		j = (size_t) (next_random(b) % (i + 1));
		Near		swap = near[i];

		near[i] = near[j];
		near[j] = swap;
	}
	for (size_t i = 0; i < m; i++)
	{
		double		d = near[i].distance;

		b->link[i] = (NsLinkInput) {
			.id = (int64_t) i + 1,.a_node_id = near[i].a + 1,
			.z_node_id = near[i].z + 1,.up = true,
			.cost = {rint(d * 1000) / 1000, rint(d), d}
		};
	}
	free(at);
	free(near);
}

static void
make_graph(Bench *b)
{
	NsGraphInput in = {.node = b->node,.nnodes = (size_t) b->nnodes,
	.link = b->link,.nlinks = (size_t) b->nlinks};
	NsGraphBlock *block;

	if (ns_graph_build(&b->graph_arena.env, &in, &block) != NS_OK)
		exit(1);
	ns_graph_view(&b->g, block);
}

static void
make_landmarks(Bench *b, NsCostKind kind)
{
	double		start = now();
	NsLandmarks *landmarks;

	if (ns_landmarks_build(&b->graph_arena.env, &b->g, kind, &landmarks) != NS_OK)
		exit(1);
	b->build_seconds = now() - start;
	b->landmarks = landmarks;
}

/* ---- calls ---- */

static uint64_t
hash_path(bool found, const NsPath *path)
{
	uint64_t	hash = UINT64_C(1469598103934665603);

	for (int32_t i = 0; found && i < path->nlinks; i++)
		hash = (hash ^ (uint64_t) path->link[i]) * UINT64_C(1099511628211);
	return hash;
}

static void
ask(Bench *b, NsCostKind kind, int i, bool first)
{
	NsPathQuery q = {.src = b->pair[i].src,.dst = b->pair[i].dst,.cost = kind};
	NsPath		path;
	bool		found;
	double		start;
	uint64_t	hash;

	arena_reset(&b->arena, 0);
	start = now();
	if (ns_shortest_path(&b->arena.env, &b->g, &q, &found, &path) != NS_OK)
		exit(1);
	b->measure[i] = (Measure) {.seconds = now() - start,.steps = path.steps};
	b->measure[i].least = b->measure[i].seconds;
	arena_note_end(&b->arena);
	hash = hash_path(found, &path);
	if (first)
		b->answer[i] = hash;
	b->differ |= hash != b->answer[i];
}

static int
compare_steps(const void *a, const void *b)
{
	int64_t		x = ((const Measure *) a)->steps;
	int64_t		y = ((const Measure *) b)->steps;

	return (x > y) - (x < y);
}

static void
report(Bench *b, NsCostKind kind, int queries)
{
	static const char *const name[] = {"3 decimals", "whole", "any double", "hops"};
	double		least = INFINITY;
	double		greatest = 0;
	Summary		s = {0};

	for (int round = 0; round < b->options->rounds; round++)
	{
		Summary		this_round;

		for (int i = 0; i < queries; i++)
			ask(b, kind, i, b->g.landmark[kind] == NULL && round == 0);
		this_round = summarize(b->measure, queries, -1);
		if (round == 0)
			s = this_round;
		least = fmin(least, this_round.median);
		greatest = fmax(greatest, this_round.median);
	}
	qsort(b->measure, (size_t) queries, sizeof(Measure), compare_steps);
	printf("| %d / %d | %s | %s | %d | %lld / %lld | %.0f / %.0f / %.0f | %.0f-%.0f |",
		   b->nnodes, b->nlinks, name[kind],
		   b->g.landmark[kind] != NULL ? "yes" : "no", queries,
		   (long long) b->measure[queries / 2].steps,
		   (long long) b->measure[queries * 95 / 100].steps, s.median, s.p95,
		   s.max, least, greatest);
	if (b->g.landmark[kind] != NULL)
		printf(" %.0f | %.1f |\n", b->build_seconds * 1000,
			   (double) b->landmarks->bytes / 1e6);
	else
		printf(" | |\n");
	fflush(stdout);
}

static void
bench_size(Bench *b, int32_t nnodes, int queries)
{
	static const NsCostKind kinds[] = {NS_COST_METRIC, NS_COST_LENGTH, NS_COST_HOPS};

	arena_init(&b->graph_arena);
	arena_init(&b->arena);
	draw_graph(b, nnodes);
	make_graph(b);
	b->pair = need((size_t) queries, sizeof(Pair));
	b->measure = need((size_t) queries, sizeof(Measure));
	b->answer = need((size_t) queries, sizeof(uint64_t));
	for (int i = 0; i < queries; i++)
		b->pair[i] = (Pair) {(int32_t) (next_random(b) % (uint64_t) nnodes),
			(int32_t) (next_random(b) % (uint64_t) nnodes)};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
	{
		report(b, kinds[i], queries);
		make_landmarks(b, kinds[i]);
		b->g.landmark[kinds[i]] = b->landmarks;
		report(b, kinds[i], queries);
		b->g.landmark[kinds[i]] = NULL;
	}
	free(b->node);
	free(b->link);
	free(b->names);
	free(b->pair);
	free(b->measure);
	free(b->answer);
	arena_free(&b->arena);
	arena_free(&b->graph_arena);
}

/* ---- frame ---- */

static void
print_machine(const Options *o)
{
	char		line[256];
	const char *commit = getenv("NS_COMMIT");
	FILE	   *f = fopen("/proc/cpuinfo", "r");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
	{
		if (strncmp(line, "model name", 10) == 0)
		{
			printf("%s", strchr(line, ':') + 2);
			break;
		}
	}
	if (f != NULL)
		fclose(f);
	printf("commit %s; seed %llu; %d queries a row, the first of %d rounds.\n\n",
		   commit != NULL ? commit : "unknown", (unsigned long long) o->seed,
		   o->queries, o->rounds);
}

int
main(int argc, char **argv)
{
	static const int32_t sizes[] = {1000, 4000, 100000, 250000};
	Options		o = {.queries = 200,.rounds = 3,.seed = 20250917};
	Bench		b = {.options = &o};

	for (int i = 1; i + 1 < argc; i += 2)
	{
		long long	value = atoll(argv[i + 1]);

		if (strcmp(argv[i], "--nodes") == 0)
			o.nodes = (int32_t) value;
		else if (strcmp(argv[i], "--queries") == 0)
			o.queries = (int) value;
		else if (strcmp(argv[i], "--rounds") == 0)
			o.rounds = (int) value;
		else if (strcmp(argv[i], "--seed") == 0)
			o.seed = (uint64_t) value;
	}
	printf("## One cheapest path on random geometric graphs\n\n");
	print_machine(&o);
	printf("| nodes / links | costs | landmarks | random pairs | "
		   "nodes settled, median / p95 | median / p95 / max (us) | "
		   "spread of median (us) | build (ms) | size (MB) |\n"
		   "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
	{
		if (o.nodes == 0)
			bench_size(&b, sizes[i], o.queries);
	}
	if (o.nodes > 0)
		bench_size(&b, o.nodes, o.queries);
	printf("\n%s\n", b.differ ? "Answers with landmarks differ from those without."
		   : "All answers with landmarks are those without.");
	return b.differ;
}
