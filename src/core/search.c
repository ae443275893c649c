/*-------------------------------------------------------------------------
 *
 * search.c
 *	  A* with a lazy four-way heap: an improved node is pushed again, and the
 *	  stale entry is recognised when it is popped.
 *
 *-------------------------------------------------------------------------
 */
#include "search.h"

#define INTERRUPT_MASK	1023

/* ---------- searches ---------- */

NsResult
ns_search_init(NsSearch *s, NsEnv *env, const NsGraph *g, const NsWeights *w)
{
	*s = (NsSearch) {
		.env = env,.graph = g,.weight = w->weight,.limit = w->limit
	};
	s->bound = ns_alloc_zero(env, (size_t) g->nnodes, sizeof(int64_t));
	s->label = ns_alloc_zero(env, (size_t) g->nnodes, sizeof(NsLabel));
	s->heap = ns_alloc_array(env, (size_t) g->narcs + 1, sizeof(NsHeapEntry));
	if (s->bound == NULL || s->label == NULL || s->heap == NULL)
		return NS_NO_MEMORY;
	return NS_OK;
}

/* A new number for a search; labels of older ones are void. */
static void
next_stamp(NsSearch *s)
{
	if (++s->stamp == 0)
	{
		memset(s->label, 0, (size_t) s->graph->nnodes * sizeof(NsLabel));
		s->stamp = 1;
	}
}

static inline bool
count_step(NsSearch *s)
{
	if ((++s->steps & INTERRUPT_MASK) == 0 &&
		s->env->interrupted(s->env->state))
		s->interrupted = true;
	return !s->interrupted;
}

static inline int64_t
cut_off(const NsSearch *s, int64_t sum)
{
	return sum < s->limit ? sum : s->limit;
}

int64_t
ns_search_bounds(NsSearch *s, int32_t src, int32_t dst, const uint64_t *dead)
{
	const NsGraph *g = s->graph;
	const NsArcIndex leave = ns_out_index(g);
	int64_t		radius = NS_UNREACHED;
	size_t		nheap = 0;

	for (int32_t i = 0; i < g->nnodes; i++)
		s->bound[i] = NS_UNREACHED;
	s->bound[src] = 0;
	ns_node_heap_push(s->heap, &nheap, 0, src);
	while (nheap > 0)
	{
		NsHeapEntry top = ns_node_heap_pop(s->heap, &nheap);
		NsArcs		out;

		if (top.key != s->bound[top.node])
			continue;
		if (!count_step(s))
			return NS_UNREACHED;
		if (top.node == dst)
		{
			radius = top.key;
			break;
		}
		out = ns_arcs_at(&leave, g, top.node);
		for (int32_t i = 0; i < out.n; i++)
		{
			const NsArc *arc = &out.arc[i];
			int64_t		distance;

			if (ns_bit_get(dead, arc->link))
				continue;
			distance = cut_off(s, top.key + s->weight[arc->link]);
			if (distance < s->bound[arc->node])
			{
				s->bound[arc->node] = distance;
				ns_node_heap_push(s->heap, &nheap, distance, arc->node);
			}
		}
	}
	if (dst < 0)
		return 0;
	if (radius != NS_UNREACHED)
	{
		for (int32_t i = 0; i < g->nnodes; i++)
		{
			if (s->bound[i] > radius)
				s->bound[i] = radius;
		}
	}
	return radius;
}

/* The search proper; blocked nodes and the root are labelled already. */
static int64_t
search_from(NsSearch *s, int32_t src, int32_t root, const uint64_t *dead,
			int64_t most)
{
	const NsGraph *g = s->graph;
	const NsArcIndex enter = ns_in_index(g);
	const int64_t *bound = s->bound;
	const uint32_t stamp = s->stamp;
	int64_t		best = most;
	size_t		nheap = 0;

	s->label[root] = (NsLabel) {.distance = 0,.next = -1,.stamp = stamp};
	if (bound[root] <= most)
		ns_node_heap_push(s->heap, &nheap, bound[root], root);
	while (nheap > 0)
	{
		NsHeapEntry top = ns_node_heap_pop(s->heap, &nheap);
		int64_t		here = s->label[top.node].distance;
		NsArcs		in;

		if (top.key > best)
			break;
		if (top.key != here + bound[top.node])
			continue;
		if (!count_step(s))
			return NS_UNREACHED;
		if (top.node == src)
			continue;
		in = ns_arcs_at(&enter, g, top.node);
		for (int32_t i = 0; i < in.n; i++)
		{
			int32_t		node = in.arc[i].node;
			int32_t		link = in.arc[i].link;
			NsLabel    *label = &s->label[node];
			int64_t		distance;

			if (ns_bit_get(dead, link))
				continue;
			distance = cut_off(s, here + s->weight[link]);
			if (bound[node] > best - distance)
				continue;
			if (label->stamp == stamp && distance >= label->distance)
			{
				/* an equal way with a smaller link id is the better one */
				if (distance == label->distance && link < label->next &&
					distance < s->limit)
					label->next = link;
				continue;
			}
			label->distance = distance;
			label->next = link;
			label->stamp = stamp;
			if (node == src)
				best = distance;
			ns_node_heap_push(s->heap, &nheap, distance + bound[node], node);
		}
	}
	return s->label[src].stamp == stamp && !s->interrupted
		? s->label[src].distance : NS_UNREACHED;
}

/* Does any link lead out of this node? */
static bool
leads_out(const NsSearch *s, int32_t node, const uint64_t *dead)
{
	NsArcs		out = ns_out(s->graph, node);

	for (int32_t i = 0; i < out.n; i++)
	{
		if (!ns_bit_get(dead, out.arc[i].link))
			return true;
	}
	return false;
}

int64_t
ns_search_run(NsSearch *s, int32_t src, int32_t root, const uint64_t *dead,
			  int64_t most)
{
	/* common where a risk is the source's surroundings, and dear to find out */
	if (src != root && !leads_out(s, src, dead))
		return NS_UNREACHED;
	next_stamp(s);
	return search_from(s, src, root, dead, most);
}

int64_t
ns_search_run_blocked(NsSearch *s, int32_t src, int32_t root,
					  const uint64_t *dead, int64_t most,
					  const int32_t *blocked, int32_t nblocked)
{
	next_stamp(s);

	/* a label that no distance can improve on keeps the search away */
	for (int32_t i = 0; i < nblocked; i++)
		s->label[blocked[i]] = (NsLabel) {.distance = -1,.next = -1,.stamp = s->stamp};
	return search_from(s, src, root, dead, most);
}

int32_t
ns_search_path(const NsSearch *s, int32_t src, int32_t *link)
{
	int32_t		node = src;
	int32_t		n = 0;

	while (s->label[node].next >= 0)
	{
		link[n] = s->label[node].next;
		node = ns_other_end(s->graph, link[n++], node);
	}
	return n;
}
