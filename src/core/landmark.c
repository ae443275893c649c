/*-------------------------------------------------------------------------
 *
 * landmark.c
 *	  Chooses landmarks, and makes the bounds of a query; see landmark.h.
 *
 * Landmarks are chosen as Goldberg and Werneck's "avoid" does: in the tree of
 * shortest paths from some root, the weight of a node is what the landmarks
 * there are leave open of its distance; the heaviest subtree without a landmark
 * is followed down to a leaf.  Each tree serves twice.  Roots are drawn by a
 * fixed rule, so that a graph always gets the same landmarks.
 *
 * Each component gets landmarks in proportion to its nodes.
 *
 * Scratch stays in the region until the caller drops it: about 60 bytes a node.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>

#include "landmark.h"
#include "node_heap.h"
#include "path_int.h"
#include "sort.h"

#define PER_TREE	2			/* landmarks chosen by one tree */
#define SAMPLE		1021		/* distances that the unit is chosen by */
#define TYPICAL		16			/* distances up to so many medians are told */
#define MAX_EXPONENT	1000	/* of a scale */
#define NOT_REACHED	INT64_MAX

#define INTERRUPT_MASK	1023
#define INTERRUPT_LOOP	65535

typedef struct Builder
{
	NsEnv	   *env;
	const NsGraph *graph;
	NsCostKind	kind;
	NsLandmarks *out;
	int32_t    *row;			/* of out */

	/* units of a link: its cost, times scale, rounded down, cut off at most */
	double		scale;
	bool		exact;			/* nothing is lost by rounding */
	double		most;

	/* weak components */
	int32_t    *component;		/* by node */
	int32_t    *size;			/* by component */
	int32_t    *wanted;			/* landmarks, by component */
	int32_t		ncomponents;

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

/* ---------- searches ---------- */

static inline bool
stop(const Builder *b, int32_t i)
{
	return (i & INTERRUPT_LOOP) == 0 && b->env->interrupted(b->env->state);
}

static inline int64_t
units_of(const Builder *b, int32_t link)
{
	double		units = ns_link_cost_of(b->graph, b->kind, link) * b->scale;

	return (int64_t) (units >= b->most ? b->most : b->exact ? units + 0.5 : units);
}

/* Distances from (or, backward, to) a root, and the tree of shortest paths. */
static NsResult
grow_tree(Builder *b, int32_t root, bool forward)
{
	size_t		nheap = 0;

	for (int32_t i = 0; i < b->graph->nnodes; i++)
		b->distance[i] = NOT_REACHED;
	b->nsettled = 0;
	b->distance[root] = 0;
	b->parent[root] = -1;
	ns_node_heap_push(b->heap, &nheap, 0, root);
	while (nheap > 0)
	{
		NsHeapEntry top = ns_node_heap_pop(b->heap, &nheap);
		NsArcs		arcs;

		if (top.key != b->distance[top.node])
			continue;
		b->order[b->nsettled++] = top.node;
		if ((b->nsettled & INTERRUPT_MASK) == 0 &&
			b->env->interrupted(b->env->state))
			return NS_INTERRUPTED;
		arcs = forward ? ns_out(b->graph, top.node) : ns_in(b->graph, top.node);
		NS_NEED(b->heap = ns_grow_array(b->env, b->heap, &b->heap_room,
										nheap + (size_t) arcs.n + 1,
										sizeof(NsHeapEntry)));
		for (int32_t i = 0; i < arcs.n; i++)
		{
			int32_t		node = arcs.arc[i].node;
			int64_t		distance = top.key + units_of(b, arcs.arc[i].link);

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

static NsResult
find_components(Builder *b)
{
	const NsGraph *g = b->graph;
	int32_t    *queue = b->order;

	for (int32_t i = 0; i < g->nnodes; i++)
		b->component[i] = -1;
	for (int32_t first = 0; first < g->nnodes; first++)
	{
		int32_t		n = 0;

		if (stop(b, first))
			return NS_INTERRUPTED;
		if (b->component[first] >= 0)
			continue;
		b->component[first] = b->ncomponents;
		queue[n++] = first;
		for (int32_t i = 0; i < n; i++)
		{
			if (stop(b, i))
				return NS_INTERRUPTED;
			for (int way = 0; way < (g->directed ? 2 : 1); way++)
			{
				NsArcs		arcs = way == 0 ? ns_out(g, queue[i]) : ns_in(g, queue[i]);

				for (int32_t j = 0; j < arcs.n; j++)
				{
					if (b->component[arcs.arc[j].node] >= 0)
						continue;
					b->component[arcs.arc[j].node] = b->ncomponents;
					queue[n++] = arcs.arc[j].node;
				}
			}
		}
		b->size[b->ncomponents] = n;
		b->wanted[b->ncomponents++] = 0;
	}
	return NS_OK;
}

/* The next landmark goes where there are most nodes for each. */
static void
share_out(Builder *b, int32_t count)
{
	for (int32_t i = 0; i < count; i++)
	{
		int32_t		best = -1;

		for (int32_t c = 0; c < b->ncomponents; c++)
		{
			if (best < 0 || (int64_t) b->size[c] * (b->wanted[best] + 1) >
				(int64_t) b->size[best] * (b->wanted[c] + 1))
				best = c;
		}
		b->wanted[best]++;
	}
}

/* Some node of a component, another one for each number. */
static int32_t
choose_root(const Builder *b, int32_t component, uint32_t number)
{
	uint64_t	n = (uint64_t) b->graph->nnodes;
	uint64_t	start = ((uint64_t) (number + 1) * UINT64_C(0x9e3779b97f4a7c15) >> 32) * n >> 32;

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

/* For the first tree: a unit far below the median cost of some links. */
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
		exponent = 30 - ilogb(ns_link_cost_of(g, b->kind, item[n / 2]));
	b->scale = ldexp(1, exponent < MAX_EXPONENT ? exponent : MAX_EXPONENT);
	b->most = (double) (INT64_MAX / 2 / g->nnodes);
	return NS_OK;
}

/*
 * For all others, by the distances of that tree: the unit of decimal costs
 * where distances are not too many of it; else one that leaves typical
 * distances below NS_LANDMARK_FAR.
 */
static NsResult
choose_scale(Builder *b)
{
	static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
	int			digits = b->kind == NS_COST_HOPS ? 0 : b->graph->decimals[b->kind];
	int32_t		step = b->nsettled / SAMPLE + 1;
	int32_t		item[SAMPLE + 1];
	int32_t		n = 0;
	double		typical = 2 * (double) b->distance[b->order[b->nsettled - 1]];
	double		median;

	b->most = NS_LANDMARK_FAR;
	if (digits >= 0 && typical / b->scale * power[digits] < NS_LANDMARK_FAR)
	{
		b->exact = true;
		b->scale = power[digits];
		return NS_OK;
	}
	for (int32_t i = 0; i < b->nsettled; i += step)
		item[n++] = b->order[i];
	NS_TRY(ns_sort(b->env, item, (size_t) n, compare_distances, b->distance));
	median = (double) b->distance[item[n / 2]];
	if (median > 0 && typical > TYPICAL * median)
		typical = TYPICAL * median;
	if (typical >= NS_LANDMARK_FAR)
		b->scale = ldexp(b->scale, ilogb(NS_LANDMARK_FAR) - ilogb(typical) - 1);
	return NS_OK;
}

/* ---------- the choice ---------- */

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
		NsArcs		arcs = ns_out(b->graph, node);
		int32_t		parent = node;

		heaviest = 0;
		for (int32_t i = 0; i < arcs.n; i++)
		{
			int32_t		child = arcs.arc[i].node;

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
fill_lane(Builder *b, int32_t landmark, int32_t lane, bool forward)
{
	NS_TRY(grow_tree(b, landmark, forward));
	for (int32_t i = 0; i < b->graph->nnodes; i++)
	{
		int64_t		d = b->distance[i];
		int32_t		units = d == NOT_REACHED ? NS_LANDMARK_NO_WAY
			: d > NS_LANDMARK_FAR ? NS_LANDMARK_FAR : (int32_t) d;

		b->row[(size_t) i * NS_LANDMARK_LANES + (size_t) lane] =
			forward ? units : -units;
		if (stop(b, i))
			return NS_INTERRUPTED;
	}
	return NS_OK;
}

static NsResult
add_landmark(Builder *b, int32_t node, int32_t number)
{
	int32_t    *landmark = (int32_t *) (void *) ((char *) b->out + b->out->off_node);

	landmark[number] = node;
	NS_TRY(fill_lane(b, node, number, true));
	if (b->out->directed)
		NS_TRY(fill_lane(b, node, NS_LANDMARK_LANES / 2 + number, false));
	return NS_OK;
}

/*
 * All landmarks of a component; number is that of the first.  The tree of a
 * root is lost when a landmark's own one is grown, so those that it chooses are
 * found first.
 */
static NsResult
choose_landmarks(Builder *b, int32_t component, int32_t *number)
{
	int32_t    *all = (int32_t *) (void *) ((char *) b->out + b->out->off_node);
	int32_t		first = *number;
	int32_t		end = first + b->wanted[component];

	while (*number < end)
	{
		int32_t		root = choose_root(b, component, (uint32_t) *number);
		int32_t		n = 0;

		NS_TRY(grow_tree(b, root, true));
		NS_TRY(find_open(b, root));
		while (n < PER_TREE && *number + n < end)
		{
			NS_TRY(weigh_subtrees(b, &all[first], *number + n - first));
			all[*number + n] = choose_leaf(b);
			n++;
		}
		for (; n > 0; n--, ++*number)
			NS_TRY(add_landmark(b, all[*number], *number));
	}
	return NS_OK;
}

/* ---------- the block ---------- */

static NsResult
make_block(Builder *b)
{
	const NsGraph *g = b->graph;
	uint64_t	head = (sizeof(NsLandmarks) + 63) / 64 * 64;
	uint64_t	rows = (uint64_t) g->nnodes * sizeof(NsLandmarkRow);
	int32_t		count = g->nnodes == 0 ? 0
		: g->directed ? NS_LANDMARK_LANES / 2 : NS_LANDMARK_LANES;

	NS_NEED(b->out = ns_alloc_zero(b->env, head + 64 + rows, 1));
	*b->out = (NsLandmarks) {
		.magic = NS_LANDMARK_MAGIC,.version = NS_LANDMARK_VERSION,
		.bytes = head + 64 + rows,.nnodes = g->nnodes,.kind = (int32_t) b->kind,
		.count = count,.directed = g->directed,
		.off_node = head,.off_row = head + 64
	};
	b->row = (int32_t *) (void *) ((char *) b->out + b->out->off_row);
	return NS_OK;
}

static NsResult
builder_init(Builder *b)
{
	size_t		n = (size_t) b->graph->nnodes;

	NS_NEED(b->component = ns_alloc_array(b->env, n, sizeof(int32_t)));
	NS_NEED(b->size = ns_alloc_array(b->env, n, sizeof(int32_t)));
	NS_NEED(b->wanted = ns_alloc_array(b->env, n, sizeof(int32_t)));
	NS_NEED(b->distance = ns_alloc_array(b->env, n, sizeof(int64_t)));
	NS_NEED(b->parent = ns_alloc_array(b->env, n, sizeof(int32_t)));
	NS_NEED(b->order = ns_alloc_array(b->env, n, sizeof(int32_t)));
	NS_NEED(b->open = ns_alloc_array(b->env, n, sizeof(int64_t)));
	NS_NEED(b->weight = ns_alloc_array(b->env, n, sizeof(double)));
	NS_NEED(b->heap = ns_alloc_array(b->env, 1024, sizeof(NsHeapEntry)));
	b->heap_room = 1024;
	return make_block(b);
}

int64_t
ns_landmarks_price(const NsGraph *g)
{
	return (int64_t) g->nnodes * (NS_LANDMARK_LANES + NS_LANDMARK_LANES / PER_TREE);
}

NsResult
ns_landmarks_build(NsEnv *env, const NsGraph *g, NsCostKind kind,
				   NsLandmarks **out)
{
	Builder		b = {.env = env,.graph = g,.kind = kind};
	int32_t		number = 0;
	int32_t		largest = 0;

	if (ns_missing_cost(g, kind) >= 0)
		return NS_MISSING_COST;
	NS_TRY(builder_init(&b));
	*out = b.out;
	if (g->nnodes == 0)
		return NS_OK;
	NS_TRY(find_components(&b));
	share_out(&b, b.out->count);
	for (int32_t c = 1; c < b.ncomponents; c++)
	{
		if (b.size[c] > b.size[largest])
			largest = c;
	}

	NS_TRY(choose_first_scale(&b));
	NS_TRY(grow_tree(&b, choose_root(&b, largest, 0), true));
	NS_TRY(choose_scale(&b));
	b.out->scale = b.scale;
	b.out->exact = b.exact;
	for (int32_t c = 0; c < b.ncomponents; c++)
		NS_TRY(choose_landmarks(&b, c, &number));
	return NS_OK;
}

/* ---------- bounds of a query ---------- */

static NsLandmarkRow
no_row(void)
{
	return (NsLandmarkRow) {{{0}}};
}

/* Rows of the ends of eased links, and how near the source may be to them. */
static void
add_ends(NsLandmarkBound *b, const NsGraph *g)
{
	int32_t		approach = NS_LANDMARK_NO_WAY;

	for (int32_t i = 0; i < 2 * g->neased; i++)
	{
		int32_t		node = ns_link_end(g, g->eased[i / 2])[i % 2];
		int32_t		d;

		if (node >= b->nnodes)
			continue;
		b->end[b->nends++] = b->row[node];
		d = b->new_source ? 0
			: ns_landmark_difference(&b->source, &b->row[node], b->directed);
		if (d < approach)
			approach = d;
	}
	b->approach = b->nends > 0 ? approach : 0;
}

/* Is there a landmark that one of them reaches or is reached by, one not? */
static bool
apart(const NsLandmarkBound *b, int32_t src, int32_t dst)
{
	const int32_t *s = (const int32_t *) &b->row[src];
	const int32_t *d = (const int32_t *) &b->row[dst];

	for (int i = 0; i < NS_LANDMARK_LANES; i++)
	{
		bool		no_source = abs(s[i]) == NS_LANDMARK_NO_WAY;
		bool		no_destination = abs(d[i]) == NS_LANDMARK_NO_WAY;

		if (no_source == no_destination)
			continue;
		/* what the landmark reaches, src can, and who reaches src, dst */
		if (!b->directed ||
			(i < NS_LANDMARK_LANES / 2 ? no_destination : no_source))
			return true;
	}
	return false;
}

bool
ns_landmark_bound_init(NsLandmarkBound *b, const NsGraph *g, NsCostKind kind,
					   int32_t src, int32_t dst)
{
	const NsLandmarks *l = g->landmark[kind];

	b->landmarks = NULL;
	if (l == NULL || l->count == 0 || g->neased > NS_MAX_EASED)
		return true;
	b->landmarks = l;
	b->row = (const NsLandmarkRow *) (const void *) ((const char *) l + l->off_row);
	b->nnodes = l->nnodes;
	b->directed = l->directed;
	b->new_source = src >= l->nnodes;
	b->source = b->new_source ? no_row() : b->row[src];
	b->nends = 0;
	add_ends(b, g);
	return g->neased > 0 || src >= l->nnodes || dst >= l->nnodes ||
		!apart(b, src, dst);
}

void
ns_landmark_bound_scale(NsLandmarkBound *b, NsCostKind kind, const NsWeights *w)
{
	double		ratio = w->scale / b->landmarks->scale;
	double		units;

	b->limit = w->limit;
	b->whole = 0;
	if (kind == NS_COST_HOPS)
		b->whole = ns_weight_of(w, 1);
	else if (b->landmarks->exact && w->exact && ratio >= 1)
		b->whole = (int64_t) ratio << w->hop_bits;
	if (b->whole > 0)
	{
		b->most = w->limit / b->whole + 1;
		return;
	}
	/* a little less, so that no rounding makes it more */
	b->factor = ldexp(ratio, w->exponent + w->hop_bits) * (1 - 0x1p-48);
	units = (double) w->limit / b->factor;
	b->most = units < 0x1p62 ? (int64_t) units + 1 : INT64_MAX;
	if (isinf(b->factor))
		b->factor = 0;			/* any unit is more than the limit */
}
