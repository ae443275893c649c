/*-------------------------------------------------------------------------
 *
 * bench_graph.c
 *	  How long it takes to make a large graph, to patch a view of it, and to
 *	  make it anew from a view: src/core alone, one thread.
 *
 *	  bench_graph [--links N] [--rounds N]
 *
 * The network is made up: a quarter as many nodes and groups as links, links
 * between near nodes, four memberships a link in near groups.  Output is
 * Markdown; times are processor time of the thread.  For patches the median
 * and the greatest of 1,000 is given, each of one random link.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "patch.h"

#define PATCHES		1000
#define PER_LINK	4			/* memberships */

typedef struct Bench
{
	int			links;
	int			rounds;
	uint64_t	random;
	NsGraphInput in;
	NsNodeInput *node;
	NsLinkInput *link;
	NsMembershipInput *member;
	Arena		graph;			/* the block */
	Arena		scratch;
	NsGraphBlock *block;
} Bench;

static uint64_t
next_random(Bench *b)
{
	uint64_t	z = b->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static int
below(Bench *b, int n)
{
	return (int) (next_random(b) % (uint64_t) n);
}

static void *
must_alloc(size_t n, size_t size)
{
	void	   *p = calloc(n + 1, size);

	if (p == NULL)
	{
		fprintf(stderr, "bench_graph: out of memory\n");
		exit(1);
	}
	return p;
}

static void
must(NsResult rc, const char *what)
{
	if (rc != NS_OK)
	{
		fprintf(stderr, "bench_graph: %s: result %d\n", what, rc);
		exit(1);
	}
}

/* Different groups near a link's place, ascending. */
static void
random_members(Bench *b, int i, NsMembershipInput *member)
{
	int			groups = b->links / 4;
	int64_t		group = i / 4 + below(b, 40);

	for (int j = 0; j < PER_LINK; j++)
	{
		member[j] = (NsMembershipInput) {1 + group % groups, b->link[i].id,
			below(b, 4) == 0 ? 0.5f : 1, 1};
		group += 1 + below(b, 20);
	}
}

static void
make_network(Bench *b)
{
	int			nodes = b->links / 4;

	b->node = must_alloc((size_t) nodes, sizeof(NsNodeInput));
	b->link = must_alloc((size_t) b->links, sizeof(NsLinkInput));
	b->member = must_alloc(PER_LINK * (size_t) b->links, sizeof(NsMembershipInput));
	for (int i = 0; i < nodes; i++)
	{
		char	   *name = must_alloc(24, 1);

		snprintf(name, 24, "site-%d-router-%d", i / 8, i % 8);
		b->node[i] = (NsNodeInput) {2 * i + 1, name};
	}
	for (int i = 0; i < b->links; i++)
	{
		int			a = below(b, nodes);
		int			z = (a + 1 + below(b, 50)) % nodes;

		b->link[i] = (NsLinkInput) {3 * i + 1, 2 * a + 1, 2 * z + 1, false, true,
		{1 + below(b, 100), below(b, 100000), below(b, 10000000) / 1000.0}};
		random_members(b, i, &b->member[PER_LINK * i]);
	}
	b->in = (NsGraphInput) {b->node, (size_t) nodes, b->link, (size_t) b->links,
	b->member, PER_LINK * (size_t) b->links, NULL, 0, NULL};
}

static int
compare_doubles(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

/* ---- making ---- */

static void
report_build(Bench *b, const char *what)
{
	double	   *seconds = must_alloc((size_t) b->rounds, sizeof(double));

	for (int i = 0; i < b->rounds; i++)
	{
		double		start;

		arena_reset(&b->graph, 0);
		start = now();
		must(ns_graph_build(&b->graph.env, &b->in, &b->block), what);
		seconds[i] = now() - start;
	}
	qsort(seconds, (size_t) b->rounds, sizeof(double), compare_doubles);
	printf("| %s | %.0f / %.0f | %.1f |\n", what,
		   1e3 * seconds[b->rounds / 2], 1e3 * seconds[b->rounds - 1],
		   (double) b->block->bytes / b->links);
	fflush(stdout);
	free(seconds);
}

static void
report_rebuild(Bench *b, const NsGraph *view, const char *what)
{
	NsGraphBlock *block;
	double		start;

	arena_reset(&b->scratch, 0);
	start = now();
	must(ns_graph_rebuild(&b->scratch.env, view, NULL, &block), what);
	printf("| %s | %.0f | %.1f |\n", what, 1e3 * (now() - start),
		   (double) block->bytes / b->links);
	fflush(stdout);
}

static void
shuffle_rows(Bench *b)
{
	for (int i = b->links - 1; i > 0; i--)
	{
		int			j = below(b, i + 1);
		NsLinkInput swap = b->link[i];

		b->link[i] = b->link[j];
		b->link[j] = swap;
	}
	for (int i = PER_LINK * b->links - 1; i > 0; i--)
	{
		int			j = below(b, i + 1);
		NsMembershipInput swap = b->member[i];

		b->member[i] = b->member[j];
		b->member[j] = swap;
	}
}

/* ---- patches ---- */

typedef enum Kind
{
	KIND_COST,					/* another metric */
	KIND_DOWN,					/* goes down, comes up again */
	KIND_MEMBERS,				/* other groups */
	KIND_MOVED,					/* another end */
	KIND_ADDED,					/* a new link */
	KINDS
} Kind;

static const char *const kind_name[KINDS] = {
	"metric", "up and down", "memberships", "an end", "new link"
};

/* The rows of link number i after a change; returns whether it is there. */
static void
change_link(Bench *b, Kind kind, int step, NsLinkChange *c,
			NsMembershipInput *member)
{
	int			i = below(b, b->links);
	NsLinkInput *l = &b->link[i];

	memcpy(member, &b->member[PER_LINK * i], PER_LINK * sizeof(*member));
	*c = (NsLinkChange) {*l, true, member, PER_LINK};
	switch (kind)
	{
		case KIND_COST:
			c->link.cost[0] = 1 + below(b, 100);
			break;
		case KIND_DOWN:
			c->link.up = below(b, 2) == 0;
			break;
		case KIND_MEMBERS:
			random_members(b, i, member);
			break;
		case KIND_MOVED:
			c->link.z_node_id = 2 * below(b, b->links / 4) + 1;
			if (c->link.z_node_id == c->link.a_node_id)
				c->link.z_node_id = l->z_node_id;
			break;
		default:
			c->link.id = 3 * (int64_t) (b->links + step) + 1;
			break;
	}
}

static void
report_patches(Bench *b, NsGraph *view, Arena *arena, Kind kind)
{
	double		seconds[PATCHES];

	for (int i = 0; i < PATCHES; i++)
	{
		NsMembershipInput member[PER_LINK];
		NsLinkChange link;
		NsGraphChange c = {NULL, 0, &link, 1};
		double		start;

		change_link(b, kind, i, &link, member);
		start = now();
		if (!ns_graph_fits(view, &c))
			must(NS_BAD_INPUT, "fits");
		must(ns_graph_patch(&arena->env, view, &c), "patch");
		seconds[i] = now() - start;
	}
	qsort(seconds, PATCHES, sizeof(double), compare_doubles);
	printf("| %s | %.2f / %.2f / %.1f | %zu |\n", kind_name[kind],
		   1e6 * seconds[PATCHES / 2], 1e6 * seconds[PATCHES * 95 / 100],
		   1e6 * seconds[PATCHES - 1], ns_graph_patch_size(view));
	fflush(stdout);
}

static void
report_first_patch(Bench *b)
{
	double	   *seconds = must_alloc((size_t) b->rounds, sizeof(double));

	for (int i = 0; i < b->rounds; i++)
	{
		NsGraph		view;
		NsMembershipInput member[PER_LINK];
		NsLinkChange link;
		NsGraphChange c = {NULL, 0, &link, 1};
		Arena		arena;
		double		start;

		arena_init(&arena);
		ns_graph_view(&view, b->block);
		change_link(b, KIND_COST, 0, &link, member);
		start = now();
		must(ns_graph_patch(&arena.env, &view, &c), "patch");
		seconds[i] = now() - start;
		arena_free(&arena);
	}
	qsort(seconds, (size_t) b->rounds, sizeof(double), compare_doubles);
	printf("| the first of a view | %.1f / - / %.1f | - |\n",
		   1e6 * seconds[b->rounds / 2], 1e6 * seconds[b->rounds - 1]);
	free(seconds);
}

int
main(int argc, char **argv)
{
	Bench		b = {.links = 1000000,.rounds = 3,.random = 1};
	NsGraph		view;
	Arena		arena;

	for (int i = 1; i + 1 < argc; i += 2)
	{
		if (strcmp(argv[i], "--links") == 0)
			b.links = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--rounds") == 0)
			b.rounds = atoi(argv[i + 1]);
	}
	if (b.links < 100 || b.rounds < 1)
	{
		fprintf(stderr, "usage: bench_graph [--links N] [--rounds N]\n");
		return 2;
	}
	arena_init(&b.graph);
	arena_init(&b.scratch);
	arena_init(&arena);
	make_network(&b);

	printf("## A graph of %d nodes, %d links, %d memberships, %d groups\n\n"
		   "| made from | ms: median / most | bytes a link |\n"
		   "| --- | --- | --- |\n", b.links / 4, b.links, PER_LINK * b.links,
		   b.links / 4);
	report_build(&b, "rows in order");
	ns_graph_view(&view, b.block);
	report_rebuild(&b, &view, "a view");

	printf("\n| patches of one link each | us: median / p95 / most | patch holds |\n"
		   "| --- | --- | --- |\n");
	report_first_patch(&b);
	for (Kind kind = KIND_COST; kind < KINDS; kind++)
		report_patches(&b, &view, &arena, kind);

	printf("\n| made from | ms: median / most | bytes a link |\n"
		   "| --- | --- | --- |\n");
	report_rebuild(&b, &view, "a view with all these patches");
	shuffle_rows(&b);
	report_build(&b, "rows in random order");
	arena_free(&b.graph);
	arena_free(&b.scratch);
	arena_free(&arena);
	return 0;
}
