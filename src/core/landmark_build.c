/*-------------------------------------------------------------------------
 *
 * landmark_build.c
 *	  Builds a block of landmarks; see landmark.h.
 *
 * First the places: three searches from nodes far apart give each node three
 * distances, and nodes are put in the order of these three with their bits
 * interleaved (Morton's order).  Nodes with near places then have similar
 * distances, which in a network means that they are near each other.
 *
 * Then the landmarks, as Goldberg and Werneck's "avoid" chooses them: in the
 * tree of shortest paths from some root, the weight of a node is what the
 * landmarks there are leave open of its distance; the heaviest subtree without
 * a landmark is followed down to a leaf.  Each tree serves twice.  Roots are
 * drawn by a fixed rule, so that a graph always gets the same landmarks.  Each
 * component gets landmarks in proportion to its nodes.
 *
 * Scratch stays in the region until the caller drops it: about 90 bytes a node
 * and 8 an arc (16 where links are directed).
 *
 *-------------------------------------------------------------------------
 */
#include "landmark.h"
#include "node_heap.h"
#include "path_int.h"
#include "sort.h"

#define SEEDS		3			/* searches that places come from */
#define PER_TREE	2			/* landmarks chosen by one tree */
#define SAMPLE		1021		/* values that a median is taken of */
#define TYPICAL		16			/* distances up to so many medians are told */
#define FIRST_UNITS	20			/* bits of a typical link, for the seeds */
#define KEY_BITS	21			/* of each distance, in the order of places */
#define MAX_EXPONENT	990		/* of the first scale */
#define NOT_REACHED	INT64_MAX

#define INTERRUPT_MASK	1023
#define INTERRUPT_LOOP	65535

typedef struct UnitArc
{
	int32_t		node;
	int32_t		units;
} UnitArc;

/* The graph one way, with costs in units, for searches over all of it. */
typedef struct UnitGraph
{
	int32_t    *start;
	UnitArc    *arc;
} UnitGraph;

typedef struct Builder
{
	NsEnv	   *env;
	const NsGraph *graph;
	NsCostKind	kind;
	int32_t		nnodes;
	NsLandmarks *out;

	/* arrays of out */
	int32_t    *landmark;
	int32_t    *place;
	int32_t    *number;
	int32_t    *row;

	/* units of a link: its cost, times scale, rounded down, cut off at most */
	double		scale;
	bool		exact;			/* nothing is lost by rounding */
	int32_t		most;
	UnitGraph	leave;
	UnitGraph	enter;			/* the same if undirected */

	/* weak components */
	int32_t    *component;		/* by number; later by place */
	int32_t    *size;			/* by component */
	int32_t    *wanted;			/* landmarks, by component */
	int32_t		ncomponents;

	uint64_t   *key;			/* by number, in the order of places */

	/* one tree */
	int64_t    *distance;
	int32_t    *parent;
	int32_t    *order;			/* nodes as they were settled */
	int32_t		nsettled;
	NsHeapEntry *heap;
	size_t		heap_room;

	/* the choice of a landmark */
	int64_t    *open;			/* distance that no landmark explains */
	double	   *weight;			/* of the subtree; -1 with a landmark in it */
} Builder;

static inline bool
stop(const Builder *b, int32_t i)
{
	return (i & INTERRUPT_LOOP) == 0 && b->env->interrupted(b->env->state);
}

/* ---------- searches ---------- */

static inline int32_t
units_of(const Builder *b, double cost)
{
	double		units = cost * b->scale;

	return (int32_t) (units >= b->most ? b->most : b->exact ? units + 0.5 : units);
}

/*
 * The arcs that leave nodes, or enter them.  Nodes are called by their places
 * where these are known (placed), else by their numbers.
 */
static NsResult
fill_unit_graph(Builder *b, UnitGraph *u, bool leave, bool placed)
{
	const NsGraph *g = b->graph;
	int32_t		n = 0;

	for (int32_t i = 0; i < b->nnodes; i++)
	{
		int32_t		node = placed ? b->number[i] : i;
		NsArcs		arcs = leave ? ns_out(g, node) : ns_in(g, node);

		if (stop(b, i))
			return NS_INTERRUPTED;
		u->start[i] = n;
		for (int32_t j = 0; j < arcs.n; j++)
		{
			int32_t		other = arcs.arc[j].node;
			double		cost = ns_link_cost_of(g, b->kind, arcs.arc[j].link);

			u->arc[n++] = (UnitArc) {placed ? b->place[other] : other, units_of(b, cost)};
		}
	}
	u->start[b->nnodes] = n;
	return NS_OK;
}

static NsResult
fill_unit_graphs(Builder *b, bool placed)
{
	NS_TRY(fill_unit_graph(b, &b->leave, true, placed));
	if (b->graph->directed)
		NS_TRY(fill_unit_graph(b, &b->enter, false, placed));
	else
		b->enter = b->leave;
	return NS_OK;
}

/* Distances from (by b->enter: to) a root, and the tree of shortest paths. */
static NsResult
grow_tree(Builder *b, const UnitGraph *u, int32_t root)
{
	size_t		nheap = 0;

	for (int32_t i = 0; i < b->nnodes; i++)
		b->distance[i] = NOT_REACHED;
	b->nsettled = 0;
	b->distance[root] = 0;
	b->parent[root] = -1;
	ns_node_heap_push(b->heap, &nheap, 0, root);
	while (nheap > 0)
	{
		NsHeapEntry top = ns_node_heap_pop(b->heap, &nheap);
		int32_t		first = u->start[top.node];
		int32_t		end = u->start[top.node + 1];

		if (top.key != b->distance[top.node])
			continue;
		b->order[b->nsettled++] = top.node;
		if ((b->nsettled & INTERRUPT_MASK) == 0 &&
			b->env->interrupted(b->env->state))
			return NS_INTERRUPTED;
		NS_NEED(b->heap = ns_grow_array(b->env, b->heap, &b->heap_room,
										nheap + (size_t) (end - first) + 1,
										sizeof(NsHeapEntry)));
		for (int32_t i = first; i < end; i++)
		{
			int32_t		node = u->arc[i].node;
			int64_t		distance = top.key + u->arc[i].units;

			if (distance < b->distance[node])
			{
				b->distance[node] = distance;
				b->parent[node] = top.node;
				ns_node_heap_push(b->heap, &nheap, distance, node);
			}
		}
	}
	b->out->steps += b->nsettled;
	return NS_OK;
}

/* ---------- components ---------- */

/* Nodes are put into b->order as they are found: near ones, roughly, together. */
static NsResult
find_components(Builder *b)
{
	const NsGraph *g = b->graph;
	int32_t		n = 0;

	for (int32_t i = 0; i < b->nnodes; i++)
		b->component[i] = -1;
	for (int32_t first = 0, done = 0; first < b->nnodes; first++)
	{
		int32_t		before = n;

		if (stop(b, first))
			return NS_INTERRUPTED;
		if (b->component[first] >= 0)
			continue;
		b->component[first] = b->ncomponents;
		b->order[n++] = first;
		for (; done < n; done++)
		{
			if (stop(b, done))
				return NS_INTERRUPTED;
			for (int way = 0; way < (g->directed ? 2 : 1); way++)
			{
				NsArcs		arcs = way == 0 ? ns_out(g, b->order[done])
					: ns_in(g, b->order[done]);

				for (int32_t j = 0; j < arcs.n; j++)
				{
					if (b->component[arcs.arc[j].node] >= 0)
						continue;
					b->component[arcs.arc[j].node] = b->ncomponents;
					b->order[n++] = arcs.arc[j].node;
				}
			}
		}
		b->size[b->ncomponents] = n - before;
		b->wanted[b->ncomponents++] = 0;
	}
	return NS_OK;
}

/* The next landmark goes where there are most nodes for each. */
static NsResult
share_out(Builder *b)
{
	for (int32_t i = 0; i < b->out->count; i++)
	{
		int32_t		best = 0;

		if (b->env->interrupted(b->env->state))
			return NS_INTERRUPTED;
		for (int32_t c = 1; c < b->ncomponents; c++)
		{
			if ((int64_t) b->size[c] * (b->wanted[best] + 1) >
				(int64_t) b->size[best] * (b->wanted[c] + 1))
				best = c;
		}
		b->wanted[best]++;
	}
	return NS_OK;
}

static int32_t
largest_component(const Builder *b)
{
	int32_t		largest = 0;

	for (int32_t c = 1; c < b->ncomponents; c++)
	{
		if (b->size[c] > b->size[largest])
			largest = c;
	}
	return largest;
}

/* Some node of a component, another one for each draw. */
static int32_t
choose_root(const Builder *b, int32_t component, int32_t draw)
{
	uint64_t	n = (uint64_t) b->nnodes;
	uint64_t	hash = (uint64_t) (draw + 1) * UINT64_C(0x9e3779b97f4a7c15);
	uint64_t	start = (hash >> 32) * n >> 32;

	for (uint64_t i = 0; i < n; i++)
	{
		int32_t		node = (int32_t) ((start + i) % n);

		if (b->component[node] == component)
			return node;
	}
	return 0;
}

/* ---------- the unit ---------- */

static int
compare_costs(const void *context, int32_t a, int32_t b)
{
	const Builder *builder = context;
	double		x = ns_link_cost_of(builder->graph, builder->kind, a);
	double		y = ns_link_cost_of(builder->graph, builder->kind, b);

	return (x > y) - (x < y);
}

static int
compare_distances(const void *context, int32_t a, int32_t b)
{
	const int64_t *distance = context;

	return (distance[a] > distance[b]) - (distance[a] < distance[b]);
}

/* For the seeds: a unit far below the median cost of some links. */
static NsResult
choose_first_scale(Builder *b)
{
	const NsGraph *g = b->graph;
	int32_t		step = g->nlinks / SAMPLE + 1;
	int32_t		item[SAMPLE + 1];
	int32_t		n = 0;
	int			exponent = 0;

	for (int32_t i = 0; i < g->nlinks; i += step)
	{
		if (ns_link_up(g, i) && ns_link_cost_of(g, b->kind, i) > 0)
			item[n++] = i;
	}
	NS_TRY(ns_sort(b->env, item, (size_t) n, compare_costs, b));
	if (n > 0)
		exponent = FIRST_UNITS - ilogb(ns_link_cost_of(g, b->kind, item[n / 2]));
	b->scale = ldexp(1, exponent < MAX_EXPONENT ? exponent : MAX_EXPONENT);
	b->exact = false;
	b->most = INT32_MAX;
	return NS_OK;
}

/*
 * For all others, by the distances from the first seed: the unit of decimal
 * costs where distances are not too many of it; else one that leaves typical
 * distances below NS_LANDMARK_FAR.
 */
static NsResult
choose_scale(Builder *b, double *scale, bool *exact)
{
	static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
	int			digits = b->kind == NS_COST_HOPS ? 0 : b->graph->decimals[b->kind];
	int32_t		step = b->nsettled / SAMPLE + 1;
	int32_t		item[SAMPLE + 1];
	int32_t		n = 0;
	double		typical = 2 * (double) b->distance[b->order[b->nsettled - 1]];
	double		median;

	*exact = digits >= 0 &&
		typical / b->scale * power[digits] < NS_LANDMARK_FAR;
	*scale = b->scale;
	if (*exact)
	{
		*scale = power[digits];
		return NS_OK;
	}
	for (int32_t i = 0; i < b->nsettled; i += step)
		item[n++] = b->order[i];
	NS_TRY(ns_sort(b->env, item, (size_t) n, compare_distances, b->distance));
	median = (double) b->distance[item[n / 2]];
	if (median > 0 && typical > TYPICAL * median)
		typical = TYPICAL * median;
	if (typical > 0)
	{
		int			exponent = ilogb(NS_LANDMARK_FAR) - ilogb(typical) - 1;

		*scale = ldexp(b->scale, exponent < 30 ? exponent : 30);
	}
	return NS_OK;
}

/* ---------- places ---------- */

/* A number's bits, each followed by two that are 0. */
static uint64_t
spread(uint64_t x)
{
	x = (x | x << 32) & UINT64_C(0x001f00000000ffff);
	x = (x | x << 16) & UINT64_C(0x001f0000ff0000ff);
	x = (x | x << 8) & UINT64_C(0x100f00f00f00f00f);
	x = (x | x << 4) & UINT64_C(0x10c30c30c30c30c3);
	return (x | x << 2) & UINT64_C(0x1249249249249249);
}

/* Put the distances of the tree into the keys of its component. */
static NsResult
add_to_keys(Builder *b, int32_t component, int32_t seed)
{
	double		greatest = (double) b->distance[b->order[b->nsettled - 1]];
	double		most = (1 << KEY_BITS) - 1;
	double		factor = greatest > 0 ? most / greatest : 0;

	for (int32_t i = 0; i < b->nnodes; i++)
	{
		double		d = b->distance[i] == NOT_REACHED ? most
			: (double) b->distance[i] * factor;

		if (b->component[i] == component)
			b->key[i] |= spread((uint64_t) d) << seed;
		if (stop(b, i))
			return NS_INTERRUPTED;
	}
	return NS_OK;
}

/*
 * Seeds: some node, the one farthest from it, the one farthest from both.
 * Nodes of other components keep the order in which they were found.
 */
static NsResult
make_keys(Builder *b, double *scale, bool *exact)
{
	int32_t		component = largest_component(b);
	int32_t		seed = choose_root(b, component, 0);
	int64_t    *least = b->open;

	for (int32_t i = 0; i < b->nnodes; i++)
		b->key[b->order[i]] = b->component[b->order[i]] == component ? 0 : (uint64_t) i;
	for (int32_t i = 0; i < b->nnodes; i++)
		least[i] = INT64_MAX;
	for (int i = 0; i < SEEDS; i++)
	{
		NS_TRY(grow_tree(b, &b->leave, seed));
		if (i == 0)
			NS_TRY(choose_scale(b, scale, exact));
		NS_TRY(add_to_keys(b, component, i));
		for (int32_t j = 0; j < b->nsettled; j++)
		{
			int32_t		node = b->order[j];

			if (b->distance[node] < least[node])
				least[node] = b->distance[node];
			if (least[node] > least[seed] || j == 0)
				seed = node;
		}
	}
	return NS_OK;
}

static int
compare_keys(const void *context, int32_t x, int32_t y)
{
	const Builder *b = context;

	if (b->component[x] != b->component[y])
		return b->component[x] < b->component[y] ? -1 : 1;
	return (b->key[x] > b->key[y]) - (b->key[x] < b->key[y]);
}

static NsResult
make_places(Builder *b)
{
	int32_t    *component = b->parent;

	for (int32_t i = 0; i < b->nnodes; i++)
		b->number[i] = i;
	NS_TRY(ns_sort(b->env, b->number, (size_t) b->nnodes, compare_keys, b));
	for (int32_t i = 0; i < b->nnodes; i++)
	{
		b->place[b->number[i]] = i;
		component[i] = b->component[b->number[i]];
	}
	memcpy(b->component, component, (size_t) b->nnodes * sizeof(int32_t));
	return b->env->interrupted(b->env->state) ? NS_INTERRUPTED : NS_OK;
}

/* The graph once more: what enters each place. */
static NsResult
fill_arcs(Builder *b)
{
	const NsGraph *g = b->graph;
	int32_t    *start = (int32_t *) (void *) ((char *) b->out + b->out->off_start);
	NsNearArc  *arc = (NsNearArc *) (void *) ((char *) b->out + b->out->off_arc);
	int32_t		n = 0;

	for (int32_t i = 0; i < b->nnodes; i++)
	{
		NsArcs		arcs = ns_in(g, b->number[i]);

		if (stop(b, i))
			return NS_INTERRUPTED;
		start[i] = n;
		for (int32_t j = 0; j < arcs.n; j++)
			arc[n++] = (NsNearArc) {
				b->place[arcs.arc[j].node], arcs.arc[j].link,
				ns_link_cost_of(g, b->kind, arcs.arc[j].link)
			};
	}
	start[b->nnodes] = n;
	return NS_OK;
}

/* ---------- the choice; nodes are called by their places ---------- */

/* What the landmarks so far leave open of distances from the tree's root. */
static NsResult
find_open(Builder *b, int32_t root)
{
	const NsLandmarkRow *row = (const NsLandmarkRow *) (const void *) b->row;

	for (int32_t i = 0; i < b->nsettled; i++)
	{
		int32_t		node = b->order[i];

		if (stop(b, i))
			return NS_INTERRUPTED;
		b->open[node] = b->distance[node] -
			ns_landmark_difference(&row[root], &row[node], b->out->directed);
		if (b->open[node] < 0)
			b->open[node] = 0;
	}
	return NS_OK;
}

/* Add up subtrees, from the leaves on; those with a landmark weigh nothing. */
static NsResult
weigh_subtrees(Builder *b, const int32_t *landmark, int32_t nlandmarks)
{
	for (int32_t i = 0; i < b->nsettled; i++)
		b->weight[b->order[i]] = 0;
	for (int32_t i = 0; i < nlandmarks; i++)
		b->weight[landmark[i]] = -1;
	for (int32_t i = b->nsettled - 1; i >= 0; i--)
	{
		int32_t		node = b->order[i];
		int32_t		parent = b->parent[node];

		if (stop(b, i))
			return NS_INTERRUPTED;
		if (b->weight[node] >= 0)
			b->weight[node] += (double) b->open[node];
		if (parent < 0)
			continue;
		if (b->weight[node] < 0)
			b->weight[parent] = -1;
		else if (b->weight[parent] >= 0)
			b->weight[parent] += b->weight[node];
	}
	return NS_OK;
}

/* A leaf of the heaviest subtree, by always following the heaviest branch. */
static int32_t
choose_leaf(const Builder *b)
{
	const UnitGraph *u = &b->leave;
	int32_t		node = b->order[0];
	double		heaviest = -1;

	for (int32_t i = 0; i < b->nsettled; i++)
	{
		if (b->weight[b->order[i]] > heaviest)
		{
			node = b->order[i];
			heaviest = b->weight[node];
		}
	}
	while (heaviest > 0)
	{
		int32_t		parent = node;

		heaviest = 0;
		for (int32_t i = u->start[parent]; i < u->start[parent + 1]; i++)
		{
			int32_t		child = u->arc[i].node;

			if (b->parent[child] == parent && b->weight[child] > heaviest)
			{
				node = child;
				heaviest = b->weight[child];
			}
		}
	}
	return node;
}

/* A landmark's lane of every row. */
static NsResult
fill_lane(Builder *b, int32_t landmark, int32_t lane, bool from)
{
	NS_TRY(grow_tree(b, from ? &b->leave : &b->enter, landmark));
	for (int32_t i = 0; i < b->nnodes; i++)
	{
		int64_t		d = b->distance[i];
		int32_t		units = d == NOT_REACHED ? NS_LANDMARK_NO_WAY
			: d > NS_LANDMARK_FAR ? NS_LANDMARK_FAR : (int32_t) d;

		b->row[(size_t) i * NS_LANDMARK_LANES + (size_t) lane] =
			from ? units : -units;
		if (stop(b, i))
			return NS_INTERRUPTED;
	}
	return NS_OK;
}

/*
 * All landmarks of a component; *n is the number of those before.  The tree of
 * a root is lost when a landmark's own one is grown, so those that it chooses
 * are found first.
 */
static NsResult
choose_landmarks(Builder *b, int32_t component, int32_t *n)
{
	int32_t		first = *n;
	int32_t		end = first + b->wanted[component];

	while (*n < end)
	{
		int32_t		root = choose_root(b, component, *n);
		int32_t		chosen = *n;

		NS_TRY(grow_tree(b, &b->leave, root));
		NS_TRY(find_open(b, root));
		for (; chosen < end && chosen < *n + PER_TREE; chosen++)
		{
			NS_TRY(weigh_subtrees(b, &b->landmark[first], chosen - first));
			b->landmark[chosen] = choose_leaf(b);
		}
		for (; *n < chosen; ++*n)
		{
			NS_TRY(fill_lane(b, b->landmark[*n], *n, true));
			if (b->out->directed)
				NS_TRY(fill_lane(b, b->landmark[*n], NS_LANDMARK_LANES / 2 + *n, false));
		}
	}
	return NS_OK;
}

/* ---------- the block ---------- */

static uint64_t
take(uint64_t *bytes, uint64_t n, uint64_t size)
{
	uint64_t	offset = *bytes;

	*bytes += (n * size + 63) / 64 * 64;
	return offset;
}

static NsResult
make_block(Builder *b)
{
	const NsGraph *g = b->graph;
	uint64_t	n = (uint64_t) g->nnodes;
	NsLandmarks l = {
		.magic = NS_LANDMARK_MAGIC,.version = NS_LANDMARK_VERSION,
		.nnodes = g->nnodes,.narcs = g->narcs,.kind = (int32_t) b->kind,
		.directed = g->directed
	};

	l.count = n == 0 ? 0 : l.directed ? NS_LANDMARK_LANES / 2 : NS_LANDMARK_LANES;
	take(&l.bytes, 1, sizeof(NsLandmarks));
	l.off_landmark = take(&l.bytes, NS_LANDMARK_LANES, sizeof(int32_t));
	l.off_place = take(&l.bytes, n, sizeof(int32_t));
	l.off_number = take(&l.bytes, n, sizeof(int32_t));
	l.off_start = take(&l.bytes, n + 1, sizeof(int32_t));
	l.off_arc = take(&l.bytes, (uint64_t) g->narcs, sizeof(NsNearArc));
	l.off_row = take(&l.bytes, n, sizeof(NsLandmarkRow));
	NS_NEED(b->out = ns_alloc_zero(b->env, l.bytes, 1));
	*b->out = l;
	b->landmark = (int32_t *) (void *) ((char *) b->out + l.off_landmark);
	b->place = (int32_t *) (void *) ((char *) b->out + l.off_place);
	b->number = (int32_t *) (void *) ((char *) b->out + l.off_number);
	b->row = (int32_t *) (void *) ((char *) b->out + l.off_row);
	return NS_OK;
}

static NsResult
make_unit_graph(Builder *b, UnitGraph *u)
{
	NS_NEED(u->start = ns_alloc_array(b->env, (size_t) b->nnodes + 1, sizeof(int32_t)));
	NS_NEED(u->arc = ns_alloc_array(b->env, (size_t) b->graph->narcs, sizeof(UnitArc)));
	return NS_OK;
}

static NsResult
make_scratch(Builder *b)
{
	size_t		n = (size_t) b->nnodes;

	NS_NEED(b->component = ns_alloc_array(b->env, n, sizeof(int32_t)));
	NS_NEED(b->size = ns_alloc_array(b->env, n, sizeof(int32_t)));
	NS_NEED(b->wanted = ns_alloc_array(b->env, n, sizeof(int32_t)));
	NS_NEED(b->key = ns_alloc_array(b->env, n, sizeof(uint64_t)));
	NS_NEED(b->distance = ns_alloc_array(b->env, n, sizeof(int64_t)));
	NS_NEED(b->parent = ns_alloc_array(b->env, n, sizeof(int32_t)));
	NS_NEED(b->order = ns_alloc_array(b->env, n, sizeof(int32_t)));
	NS_NEED(b->open = ns_alloc_array(b->env, n, sizeof(int64_t)));
	NS_NEED(b->weight = ns_alloc_array(b->env, n, sizeof(double)));
	NS_NEED(b->heap = ns_grow_array(b->env, NULL, &b->heap_room, 1024, sizeof(NsHeapEntry)));
	NS_TRY(make_unit_graph(b, &b->leave));
	return b->graph->directed ? make_unit_graph(b, &b->enter) : NS_OK;
}

int64_t
ns_landmarks_price(const NsGraph *g)
{
	return (int64_t) g->nnodes *
		(SEEDS + NS_LANDMARK_LANES + NS_LANDMARK_LANES / PER_TREE);
}

NsResult
ns_landmarks_build(NsEnv *env, const NsGraph *g, NsCostKind kind,
				   NsLandmarks **out)
{
	Builder		b = {.env = env,.graph = g,.kind = kind,.nnodes = g->nnodes};
	int32_t		n = 0;
	double		scale;
	bool		exact;

	if (ns_missing_cost(g, kind) >= 0)
		return NS_MISSING_COST;
	NS_TRY(make_block(&b));
	*out = b.out;
	if (g->nnodes == 0)
		return NS_OK;
	NS_TRY(make_scratch(&b));
	NS_TRY(find_components(&b));
	NS_TRY(share_out(&b));

	NS_TRY(choose_first_scale(&b));
	NS_TRY(fill_unit_graph(&b, &b.leave, true, false));
	NS_TRY(make_keys(&b, &scale, &exact));
	NS_TRY(make_places(&b));
	NS_TRY(fill_arcs(&b));

	b.scale = scale;
	b.exact = exact;
	b.out->scale = scale;
	b.out->exact = exact;
	b.most = NS_LANDMARK_FAR;
	NS_TRY(fill_unit_graphs(&b, true));
	for (int32_t c = 0; c < b.ncomponents; c++)
		NS_TRY(choose_landmarks(&b, c, &n));
	for (int32_t i = 0; i < b.out->count; i++)
		b.landmark[i] = b.number[b.landmark[i]];
	return NS_OK;
}
