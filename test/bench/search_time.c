/*-------------------------------------------------------------------------
 *
 * search_time.c
 *	  How long shortest paths take in src/core alone: what a call through SQL
 *	  can be compared with.
 *
 *	  search_time NODES LINKS PAIRS CALLS
 *
 * NODES and LINKS are files as they are copied into the tables (generate.c says
 * which columns come first; cost: the metric; a tenth column of links says t
 * where they are directed), PAIRS has the ids of source and destination, a pair
 * a line.  Asks all pairs in turn until CALLS calls are made; prints the mean
 * microseconds of one, and the sum of the costs of one turn.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"

#define COLUMNS 10

typedef struct Table
{
	FILE	   *file;
	char		line[1024];
	char	   *column[COLUMNS];	/* "" where there are fewer */
} Table;

static void *
must_alloc(size_t n, size_t size)
{
	void	   *p = calloc(n + 1, size);

	if (p == NULL)
		exit(1);
	return p;
}

static size_t
open_table(Table *t, const char *path)
{
	size_t		n = 0;

	t->file = fopen(path, "r");
	if (t->file == NULL)
	{
		perror(path);
		exit(1);
	}
	while (fgets(t->line, sizeof(t->line), t->file) != NULL)
		n++;
	rewind(t->file);
	return n;
}

static bool
next_row(Table *t)
{
	char	   *p = t->line;

	if (fgets(t->line, sizeof(t->line), t->file) == NULL)
	{
		fclose(t->file);
		return false;
	}
	t->line[strcspn(t->line, "\n")] = '\0';
	for (int i = 0; i < COLUMNS; i++)
	{
		t->column[i] = p;
		p += strcspn(p, "\t");
		if (*p == '\t')
			*p++ = '\0';
	}
	return true;
}

static void
read_network(const char *nodes, const char *links, Dataset *d)
{
	Table		t;

	memset(d, 0, sizeof(*d));
	d->node = must_alloc(open_table(&t, nodes), sizeof(NsNodeInput));
	while (next_row(&t))
	{
		char	   *name = must_alloc(strlen(t.column[2]), 1);

		strcpy(name, t.column[2]);
		d->node[d->nnodes++] = (NsNodeInput) {atoll(t.column[0]), name};
	}
	d->link = must_alloc(open_table(&t, links), sizeof(NsLinkInput));
	while (next_row(&t))
	{
		NsLinkInput *l = &d->link[d->nlinks++];

		*l = (NsLinkInput) {atoll(t.column[0]), atoll(t.column[3]),
			atoll(t.column[4]), *t.column[9] == 't', true, {NAN, NAN, NAN}};
		l->cost[NS_COST_METRIC] = strtod(t.column[5], NULL);
	}
}

static NsPathQuery *
read_pairs(const char *path, const NsGraph *g, size_t *n)
{
	Table		t;
	NsPathQuery *q = must_alloc(open_table(&t, path), sizeof(NsPathQuery));

	*n = 0;
	while (next_row(&t))
	{
		q[*n].src = ns_graph_find_node_id(g, atoll(t.column[0]));
		q[*n].dst = ns_graph_find_node_id(g, atoll(t.column[1]));
		if (q[*n].src < 0 || q[*n].dst < 0)
		{
			fprintf(stderr, "search_time: no such node: pair %zu\n", *n + 1);
			exit(1);
		}
		(*n)++;
	}
	return q;
}

int
main(int argc, char **argv)
{
	Dataset		d;
	Arena		graph_arena;
	Arena		arena;
	const NsGraph *g;
	NsPathQuery *q;
	size_t		npairs;
	long		calls;
	double		total = 0;
	double		start;

	if (argc != 5)
	{
		fprintf(stderr, "usage: search_time NODES LINKS PAIRS CALLS\n");
		return 2;
	}
	read_network(argv[1], argv[2], &d);
	arena_init(&graph_arena);
	arena_init(&arena);
	g = data_graph(&graph_arena, &d);
	q = read_pairs(argv[3], g, &npairs);
	calls = atol(argv[4]);
	if (npairs == 0 || calls < 1)
		return 2;

	/* The first turn also warms up. */
	for (size_t i = 0; i < npairs; i++)
	{
		bool		found;
		NsPath		path;

		arena_reset(&arena, 0);
		if (ns_shortest_path(&arena.env, g, &q[i], &found, &path) != NS_OK)
			return 1;
		total += found ? path.cost : 0;
	}
	start = now();
	for (long i = 0; i < calls; i++)
	{
		bool		found;
		NsPath		path;

		arena_reset(&arena, 0);
		if (ns_shortest_path(&arena.env, g, &q[(size_t) i % npairs], &found, &path) != NS_OK)
			return 1;
	}
	printf("%.6f %.17g\n", (now() - start) * 1e6 / (double) calls, total);
	arena_free(&arena);
	arena_free(&graph_arena);
	free(q);
	data_free(&d);
	return 0;
}
