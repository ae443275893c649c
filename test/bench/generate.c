/*-------------------------------------------------------------------------
 *
 * generate.c
 *	  A random geometric network with risk groups, as files for COPY.
 *
 *	  generate DIRECTORY NODES LINKS GROUPS SEED
 *
 * Nodes lie anywhere in a square of 1,000 km; the LINKS closest pairs of them
 * are joined, and the length is the cost.  Each link is in four groups: the
 * groups are runs of links along strips of the square, in four directions, so
 * that a group is as a duct would be.  GROUPS 0: none.
 *
 * Writes node, link, srlg and srlg_member, tab-separated, with ids from 1 in
 * network 1:
 *
 *	  node			id network_id name
 *	  link			id network_id name a_node_id z_node_id metric latency_us
 *					length_km capacity_gbps
 *	  srlg			id network_id name
 *	  srlg_member	srlg_id link_id
 *
 *-------------------------------------------------------------------------
 */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIDE		1000.0
#define DIRECTIONS	4
#define PI			3.14159265358979

typedef struct Node
{
	double		x;
	double		y;
	int32_t		next;			/* in the same cell */
	char		name[32];
} Node;

typedef struct Link
{
	int32_t		a;
	int32_t		z;
	double		length;
} Link;

typedef struct Place
{
	int32_t		link;
	int32_t		strip;
	double		along;
} Place;

static Node *nodes;
static int32_t nnodes;
static Link *links;
static size_t nlinks;
static size_t room;

static void *
must_alloc(size_t n, size_t size)
{
	void	   *p = calloc(n + 1, size);

	if (p == NULL)
	{
		fprintf(stderr, "generate: out of memory\n");
		exit(1);
	}
	return p;
}

/* Uniform in [0, 1). */
static double
next_random(uint64_t *state)
{
	uint64_t	z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (double) ((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static void
place_nodes(uint64_t seed)
{
	nodes = must_alloc((size_t) nnodes, sizeof(Node));
	for (int32_t i = 0; i < nnodes; i++)
	{
		int			cell;

		nodes[i].x = SIDE * next_random(&seed);
		nodes[i].y = SIDE * next_random(&seed);
		/* As operators do: the town, then the router. */
		cell = (int) (nodes[i].x / SIDE * 26) * 26 + (int) (nodes[i].y / SIDE * 26);
		snprintf(nodes[i].name, sizeof(nodes[i].name), "%c%c%c-core-%06" PRId32,
				 'a' + cell / 26, 'a' + cell % 26, 'a' + i % 26, i + 1);
	}
}

static void
add_link(int32_t a, int32_t z, double length)
{
	if (nlinks == room)
	{
		room = room * 2 + 1024;
		links = realloc(links, room * sizeof(Link));
		if (links == NULL)
			exit(1);
	}
	links[nlinks++] = (Link) {a < z ? a : z, a < z ? z : a, length};
}

/* All pairs closer than the radius, found by way of square cells. */
static void
join_within(double radius)
{
	int32_t		across = (int32_t) fmin(SIDE / radius, 20000);
	int32_t    *first;

	if (across < 1)
		across = 1;
	first = must_alloc((size_t) across * (size_t) across, sizeof(int32_t));
	nlinks = 0;
	memset(first, -1, (size_t) across * (size_t) across * sizeof(int32_t));
	for (int32_t i = 0; i < nnodes; i++)
	{
		int32_t		cx = (int32_t) (nodes[i].x / SIDE * across);
		int32_t		cy = (int32_t) (nodes[i].y / SIDE * across);

		for (int32_t x = cx - 1; x <= cx + 1; x++)
			for (int32_t y = cy - 1; y <= cy + 1; y++)
			{
				if (x < 0 || y < 0 || x >= across || y >= across)
					continue;
				for (int32_t j = first[x * across + y]; j >= 0; j = nodes[j].next)
				{
					double		d = hypot(nodes[i].x - nodes[j].x,
										  nodes[i].y - nodes[j].y);

					if (d < radius)
						add_link(j, i, d);
				}
			}
		nodes[i].next = first[cx * across + cy];
		first[cx * across + cy] = i;
	}
	free(first);
}

static int
compare_lengths(const void *a, const void *b)
{
	const Link *x = a;
	const Link *y = b;

	return (x->length > y->length) - (x->length < y->length);
}

static int
compare_ends(const void *a, const void *b)
{
	const Link *x = a;
	const Link *y = b;

	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return (x->z > y->z) - (x->z < y->z);
}

static void
join_closest(size_t wanted)
{
	double		n = (double) nnodes;
	double		radius = SIDE * sqrt(2.1 * (double) wanted / (PI * n * n));

	if ((double) wanted > n * (n - 1) / 2)
	{
		fprintf(stderr, "generate: more links than pairs\n");
		exit(1);
	}
	for (join_within(radius); nlinks < wanted; join_within(radius))
		radius *= 1.1;
	qsort(links, nlinks, sizeof(Link), compare_lengths);
	nlinks = wanted;
	qsort(links, nlinks, sizeof(Link), compare_ends);
}

static FILE *
create(const char *directory, const char *name)
{
	char		path[1024];
	FILE	   *f;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	f = fopen(path, "w");
	if (f == NULL)
	{
		perror(path);
		exit(1);
	}
	return f;
}

static void
finish(FILE *f)
{
	if (ferror(f) || fclose(f) != 0)
	{
		perror("generate");
		exit(1);
	}
}

static void
write_network(const char *directory)
{
	static const int gbps[] = {10, 100, 100, 400, 800};
	FILE	   *f = create(directory, "node");

	for (int32_t i = 0; i < nnodes; i++)
		fprintf(f, "%" PRId32 "\t1\t%s\n", i + 1, nodes[i].name);
	finish(f);

	f = create(directory, "link");
	for (size_t i = 0; i < nlinks; i++)
	{
		const Link *l = &links[i];
		double		km = fmax(l->length, 1e-6);

		fprintf(f, "%zu\t1\t%s:%s\t%" PRId32 "\t%" PRId32 "\t%.6f\t%.3f\t%.6f\t%d\n",
				i + 1, nodes[l->a].name, nodes[l->z].name, l->a + 1, l->z + 1,
				km, km * 4.9, km, gbps[i % 5]);
	}
	finish(f);
}

static int
compare_places(const void *a, const void *b)
{
	const Place *x = a;
	const Place *y = b;

	if (x->strip != y->strip)
		return x->strip < y->strip ? -1 : 1;
	if (x->along != y->along)
		return x->along < y->along ? -1 : 1;
	return (x->link > y->link) - (x->link < y->link);
}

static void
place_links(Place *place, int direction, double width)
{
	for (size_t i = 0; i < nlinks; i++)
	{
		double		x = nodes[links[i].a].x;
		double		y = nodes[links[i].a].y;
		double		across = direction == 0 ? x : direction == 1 ? y
			: direction == 2 ? x + y : x - y + SIDE;
		double		along = direction == 0 ? y : direction == 1 ? x
			: direction == 2 ? x - y : x + y;

		place[i] = (Place) {(int32_t) i, (int32_t) (across / width), along};
	}
	qsort(place, nlinks, sizeof(Place), compare_places);
}

static void
write_groups(const char *directory, size_t ngroups)
{
	FILE	   *group = create(directory, "srlg");
	FILE	   *member = create(directory, "srlg_member");
	Place	   *place = must_alloc(nlinks, sizeof(Place));
	size_t		each = ngroups / DIRECTIONS;	/* groups of one direction */

	for (int direction = 0; direction < DIRECTIONS && each > 0; direction++)
	{
		size_t		first = (size_t) direction * each + 1;

		place_links(place, direction, SIDE / sqrt((double) each));
		for (size_t i = 0; i < each; i++)
			fprintf(group, "%zu\t1\tduct-%c-%06zu\n", first + i, "nesw"[direction],
					first + i);
		for (size_t i = 0; i < nlinks; i++)
			fprintf(member, "%zu\t%" PRId32 "\n", first + i * each / nlinks,
					place[i].link + 1);
	}
	free(place);
	finish(group);
	finish(member);
}

int
main(int argc, char **argv)
{
	if (argc != 6 || atoi(argv[2]) < 2 || atoi(argv[2]) > 10000000)
	{
		fprintf(stderr, "usage: generate DIRECTORY NODES LINKS GROUPS SEED\n");
		return 2;
	}
	nnodes = atoi(argv[2]);
	place_nodes(strtoull(argv[5], NULL, 10));
	join_closest(strtoull(argv[3], NULL, 10));
	write_network(argv[1]);
	write_groups(argv[1], strtoull(argv[4], NULL, 10));
	free(nodes);
	free(links);
	return 0;
}
