/*-------------------------------------------------------------------------
 *
 * peer_igraph.c
 *	  What igraph's C library takes to find a way around each link of a network.
 *
 * usage: peer_igraph FILE ROUNDS
 *
 * FILE has the number of nodes and of links in its first line, then a line for
 * each link: its two ends, counted from 0, and its cost.  For each link in turn
 * the cheapest path between its ends without it (its weight is infinite
 * then), from one end towards the other, so that igraph stops where it gets there.
 *
 * Prints a line for each round: milliseconds that this thread has run, the
 * number of links with a way around, and the sum of their costs.
 *
 *-------------------------------------------------------------------------
 */
#define _POSIX_C_SOURCE 200809L

#include <igraph/igraph.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}

static void
fail(const char *what)
{
	fprintf(stderr, "peer_igraph: %s\n", what);
	exit(1);
}

static void
read_network(const char *name, igraph_t *graph, igraph_vector_t *cost)
{
	FILE	   *file = fopen(name, "r");
	igraph_vector_int_t edges;
	long		nodes;
	long		links;

	if (file == NULL || fscanf(file, "%ld %ld", &nodes, &links) != 2)
		fail("cannot read the network");
	igraph_vector_int_init(&edges, 2 * links);
	igraph_vector_init(cost, links);
	for (long i = 0; i < links; i++)
	{
		long		a;
		long		z;

		if (fscanf(file, "%ld %ld %lf", &a, &z, &VECTOR(*cost)[i]) != 3)
			fail("a link has not three numbers");
		VECTOR(edges)[2 * i] = a;
		VECTOR(edges)[2 * i + 1] = z;
	}
	fclose(file);
	igraph_create(graph, &edges, nodes, IGRAPH_UNDIRECTED);
	igraph_vector_int_destroy(&edges);
}

static void
one_round(const igraph_t *graph, igraph_vector_t *cost)
{
	igraph_vector_int_t path;
	long		links = igraph_ecount(graph);
	long		found = 0;
	double		sum = 0;
	double		start = now();

	igraph_vector_int_init(&path, 0);
	for (long i = 0; i < links; i++)
	{
		double		own = VECTOR(*cost)[i];

		VECTOR(*cost)[i] = IGRAPH_INFINITY;
		igraph_get_shortest_path_dijkstra(graph, NULL, &path, IGRAPH_FROM(graph, i),
										  IGRAPH_TO(graph, i), cost, IGRAPH_ALL);
		VECTOR(*cost)[i] = own;

		/* where there is no other way it goes over the link after all */
		if (igraph_vector_int_size(&path) == 1 && VECTOR(path)[0] == i)
			continue;
		found += igraph_vector_int_size(&path) > 0;
		for (long j = 0; j < igraph_vector_int_size(&path); j++)
			sum += VECTOR(*cost)[VECTOR(path)[j]];
	}
	printf("%.3f %ld %.6f\n", now() - start, found, sum);
	igraph_vector_int_destroy(&path);
}

int
main(int argc, char **argv)
{
	igraph_t	graph;
	igraph_vector_t cost;

	if (argc != 3)
		fail("usage: peer_igraph FILE ROUNDS");
	/* a link without a way around it is no error here */
	igraph_set_warning_handler(igraph_warning_handler_ignore);
	read_network(argv[1], &graph, &cost);
	for (int i = 0; i < atoi(argv[2]); i++)
		one_round(&graph, &cost);
	igraph_vector_destroy(&cost);
	igraph_destroy(&graph);
	return 0;
}
