/*-------------------------------------------------------------------------
 *
 * two_ended.c
 *	  Searches between two nodes, very many of them on one graph; see
 *	  two_ended.h.
 *
 *-------------------------------------------------------------------------
 */
#include "two_ended.h"

#define INTERRUPT_MASK	1023

NsResult
ns_two_ended_init(NsTwoEnded *s, NsEnv *env, const NsGraph *g)
{
	size_t		nodes = (size_t) g->nnodes;

	*s = (NsTwoEnded) {
		.env = env,.graph = g,.dead = 1
	};
	s->cell = ns_alloc_zero(env, (size_t) g->nlinks, sizeof(NsCell));
	s->from_src = ns_alloc_zero(env, nodes, sizeof(NsLabel));
	s->from_dst = ns_alloc_zero(env, nodes, sizeof(NsLabel));
	s->forward = ns_alloc_array(env, (size_t) g->narcs + 1, sizeof(NsHeapEntry));
	s->backward = ns_alloc_array(env, (size_t) g->narcs + 1, sizeof(NsHeapEntry));
	if (s->cell == NULL || s->from_src == NULL || s->from_dst == NULL ||
		s->forward == NULL || s->backward == NULL)
		return NS_NO_MEMORY;
	return NS_OK;
}

void
ns_two_ended_revive(NsTwoEnded *s)
{
	if (++s->dead < NS_DEAD_FOREVER)
		return;
	for (int32_t i = 0; i < s->graph->nlinks; i++)
	{
		if (s->cell[i].dead < NS_DEAD_FOREVER)
			s->cell[i].dead = 0;
	}
	s->dead = 1;
}

/* A new number for a search; labels of older ones are void. */
static void
next_stamp(NsTwoEnded *s)
{
	if (++s->stamp > 0)
		return;
	memset(s->from_src, 0, (size_t) s->graph->nnodes * sizeof(NsLabel));
	memset(s->from_dst, 0, (size_t) s->graph->nnodes * sizeof(NsLabel));
	s->stamp = 1;
}

static inline bool
count_step(NsTwoEnded *s)
{
	if ((++s->steps & INTERRUPT_MASK) == 0 &&
		s->env->interrupted(s->env->state))
		s->interrupted = true;
	return !s->interrupted;
}

/* ---------- from both ends ---------- */

typedef struct Side
{
	NsTwoEnded *s;
	NsArcIndex	arcs;
	NsLabel    *label;
	const NsLabel *other;		/* of the search from the other end */
	NsHeapEntry *heap;
	size_t		nheap;
	double		capacity;		/* of the links; negative: any */
} Side;

static inline bool
is_usable(const Side *side, const NsCell *cell, int32_t link)
{
	return cell->dead < side->s->dead &&
		(side->capacity < 0 || !(side->s->capacity[link] < side->capacity));
}

static void
side_begin(Side *side, int32_t root)
{
	side->nheap = 0;
	side->label[root] = (NsLabel) {.distance = 0,.next = -1,.stamp = side->s->stamp};
	ns_node_heap_push(side->heap, &side->nheap, 0, root);
}

/* Bounds of a search that knows none, or those of the search from the source. */
typedef struct Reach
{
	const NsLabel *label;		/* NULL: none */
	int64_t		radius;			/* greater distances say no more */
	int64_t		best;			/* length of a path that is known */
} Reach;

static inline int64_t
bound_of(const Reach *reach, uint32_t stamp, int32_t node)
{
	const NsLabel *label;

	if (reach->label == NULL)
		return 0;
	label = &reach->label[node];
	return label->stamp == stamp && label->distance < reach->radius
		? label->distance : reach->radius;
}

/* All arcs of a node that is settled at this distance. */
static inline __attribute__((always_inline)) void
expand(Side *side, Reach *reach, int32_t from, int64_t here)
{
	const uint32_t stamp = side->s->stamp;
	NsArcs		arcs = ns_arcs_at(&side->arcs, side->s->graph, from);

	for (int32_t i = 0; i < arcs.n; i++)
	{
		int32_t		node = arcs.arc[i].node;
		int32_t		link = arcs.arc[i].link;
		const NsCell *cell = &side->s->cell[link];
		NsLabel    *label = &side->label[node];
		int64_t		distance = here + cell->weight;
		int64_t		bound;

		if (label->stamp == stamp && label->distance <= here)
			continue;
		if (!is_usable(side, cell, link))
			continue;
		if (distance > side->s->limit)
			distance = side->s->limit;
		if (label->stamp == stamp && distance >= label->distance)
		{
			/* an equal way with a smaller link id is the better one */
			if (distance == label->distance && link < label->next &&
				distance < side->s->limit)
				label->next = link;
			continue;
		}
		bound = bound_of(reach, stamp, node);
		if (bound > reach->best - distance)
			continue;
		label->distance = distance;
		label->next = link;
		label->stamp = stamp;
		if (reach->label != NULL && side->other[node].stamp == stamp &&
			side->other[node].distance < reach->best - distance)
			reach->best = distance + side->other[node].distance;
		ns_node_heap_push(side->heap, &side->nheap, distance + bound, node);
	}
}

/* Settle the next node and return it; -1 when there is none. */
static inline __attribute__((always_inline)) int32_t
settle(Side *side, Reach *reach)
{
	while (side->nheap > 0)
	{
		NsHeapEntry top = ns_node_heap_pop(side->heap, &side->nheap);
		int64_t		here = side->label[top.node].distance;

		if (top.key > reach->best)
			return -1;
		if (top.key != here + bound_of(reach, side->s->stamp, top.node))
			continue;
		if (!count_step(side->s))
			return -1;
		expand(side, reach, top.node, here);
		return top.node;
	}
	return -1;
}

static inline bool
has_come_by(const Side *side, int32_t node)
{
	return side->label[node].stamp == side->s->stamp;
}

/* The node where the two searches meet, or -1. */
static int32_t
meet(Side *forward, Side *backward)
{
	Reach		none = {NULL, 0, NS_UNREACHED - 1};

	for (;;)
	{
		int32_t		node = settle(forward, &none);

		if (node < 0 || has_come_by(backward, node))
			return node;
		node = settle(backward, &none);
		if (node < 0 || has_come_by(forward, node))
			return node;
	}
}

/* Go on from the destination with bounds, for a path no longer than best. */
static void
go_on(Side *backward, Reach *reach)
{
	size_t		n = backward->nheap;

	backward->nheap = 0;
	for (size_t i = 0; i < n; i++)
	{
		NsHeapEntry entry = backward->heap[i];

		if (entry.key == backward->label[entry.node].distance)
			ns_node_heap_push(backward->heap, &backward->nheap,
							  entry.key + bound_of(reach, backward->s->stamp, entry.node),
							  entry.node);
	}
	while (settle(backward, reach) >= 0);
}

int64_t
ns_two_ended_run(NsTwoEnded *s, int32_t src, int32_t dst, double capacity)
{
	Side		forward = {
		.s = s,.arcs = ns_out_index(s->graph),.label = s->from_src,
		.other = s->from_dst,.heap = s->forward,.capacity = capacity
	};
	Side		backward = {
		.s = s,.arcs = ns_in_index(s->graph),.label = s->from_dst,
		.other = s->from_src,.heap = s->backward,.capacity = capacity
	};
	Reach		reach;
	int32_t		node;

	next_stamp(s);
	side_begin(&forward, src);
	side_begin(&backward, dst);
	node = meet(&forward, &backward);
	if (node < 0 || s->interrupted)
		return NS_UNREACHED;
	reach.label = s->from_src;
	reach.radius = forward.nheap > 0 ? forward.heap[0].key : s->limit;
	reach.best = s->from_src[node].distance + s->from_dst[node].distance;
	go_on(&backward, &reach);
	return s->interrupted ? NS_UNREACHED : s->from_dst[src].distance;
}

int32_t
ns_two_ended_path(const NsTwoEnded *s, int32_t src, int32_t *link)
{
	int32_t		node = src;
	int32_t		n = 0;

	while (s->from_dst[node].next >= 0)
	{
		link[n] = s->from_dst[node].next;
		node = ns_other_end(s->graph, link[n++], node);
	}
	return n;
}

/* ---------- from the destination alone, by other measures ---------- */

typedef int64_t (*NsMeasure) (const NsTwoEnded *s, int64_t here, int32_t link);

/*
 * Dijkstra by a measure that never falls along a way; that of the source, or
 * NS_UNREACHED.
 */
static inline __attribute__((always_inline)) int64_t
search_back(NsTwoEnded *s, int32_t src, int32_t dst, int64_t first,
			NsMeasure measure)
{
	const NsArcIndex enter = ns_in_index(s->graph);
	NsLabel    *label = s->from_dst;
	size_t		nheap = 0;

	next_stamp(s);
	label[dst] = (NsLabel) {.distance = first,.next = -1,.stamp = s->stamp};
	ns_node_heap_push(s->backward, &nheap, first, dst);
	while (nheap > 0)
	{
		NsHeapEntry top = ns_node_heap_pop(s->backward, &nheap);
		NsArcs		in;

		if (top.key != label[top.node].distance)
			continue;
		if (!count_step(s))
			return NS_UNREACHED;
		if (top.node == src)
			return top.key;
		in = ns_arcs_at(&enter, s->graph, top.node);
		for (int32_t i = 0; i < in.n; i++)
		{
			int32_t		node = in.arc[i].node;
			int32_t		link = in.arc[i].link;
			int64_t		there;

			if (s->cell[link].dead >= s->dead)
				continue;
			there = measure(s, top.key, link);
			if (label[node].stamp == s->stamp && there >= label[node].distance)
				continue;
			label[node] = (NsLabel) {.distance = there,.next = link,.stamp = s->stamp};
			ns_node_heap_push(s->backward, &nheap, there, node);
		}
	}
	return NS_UNREACHED;
}

/* Doubles that are not negative are in the order of their bits. */
typedef union Width
{
	double		value;
	int64_t		bits;
} Width;

/* Widths as negative numbers, so that the widest is the least. */
static int64_t
narrower(const NsTwoEnded *s, int64_t here, int32_t link)
{
	Width		own = {.value = fabs(s->capacity[link])};

	return isnan(own.value) || -own.bits < here ? here : -own.bits;
}

double
ns_two_ended_widest(NsTwoEnded *s, int32_t src, int32_t dst, double most)
{
	Width		width = {.value = fabs(most)};
	int64_t		measure = search_back(s, src, dst, -width.bits, narrower);

	if (measure == NS_UNREACHED)
		return -1;
	width.bits = -measure;
	return width.value;
}

/* Room for the cost of a way beside the number of its groups. */
#define COST_BITS	40
#define MOST_GROUPS	(INT64_C(1) << 22)

static int64_t
more_groups(const NsTwoEnded *s, int64_t here, int32_t link)
{
	const int64_t mask = (INT64_C(1) << COST_BITS) - 1;
	int64_t		cost = (here & mask) +
		(int64_t) ((double) s->cell[link].weight / (double) s->limit * (double) mask);
	int64_t		groups = (here >> COST_BITS) + s->cell[link].groups;

	return (groups < MOST_GROUPS ? groups : MOST_GROUPS) << COST_BITS |
		(cost < mask ? cost : mask);
}

bool
ns_two_ended_fewest(NsTwoEnded *s, int32_t src, int32_t dst)
{
	return search_back(s, src, dst, 0, more_groups) != NS_UNREACHED;
}
