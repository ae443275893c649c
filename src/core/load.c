/*-------------------------------------------------------------------------
 *
 * load.c
 *	  What demands put on the links of a network, in each direction.
 *
 * One destination after the other: distances to it, then what is sent to it
 * moves on from node to node, the farthest first, so that at each node all has
 * arrived before it is split.
 *
 *-------------------------------------------------------------------------
 */
#include "load.h"

#include "distance.h"
#include "path_int.h"
#include "sort.h"

#define MOST_DEMANDS	(1 << 30)
#define INTERRUPT_MASK	1023

typedef struct Spread
{
	NsEnv	   *env;
	const NsGraph *graph;
	NsWeights	weights;
	NsDistances distances;
	NsLoad	   *load;
	double	   *flow;			/* by node: on its way to the destination */
	bool	   *waits;			/* by node: is it in the heap? */
	NsHeapEntry *heap;			/* by distance, negated */
	size_t		nheap;
	size_t		steps;
} Spread;

static NsResult
avoid(NsEnv *env, const NsGraph *g, const NsLoadQuery *query, uint64_t *dead)
{
	for (size_t i = 0; i < query->avoid_links.n; i++)
	{
		int32_t		link = ns_graph_find_link(g, query->avoid_links.id[i]);

		if (link >= 0)
			ns_bit_set(dead, link);
	}
	for (size_t i = 0; i < query->avoid_srlgs.n; i++)
	{
		int32_t		srlg = ns_graph_find_srlg(g, query->avoid_srlgs.id[i]);
		NsNumbers	links;

		if (srlg < 0)
			continue;
		links = ns_srlg_links(g, srlg);
		for (int32_t j = 0; j < links.n; j++)
			ns_bit_set(dead, links.number[j]);
	}
	return env->interrupted(env->state) ? NS_INTERRUPTED : NS_OK;
}

/* ---- one destination ---- */

static void
arrive(Spread *s, int32_t node, double gbps)
{
	s->flow[node] += gbps;
	if (s->waits[node])
		return;
	s->waits[node] = true;
	ns_node_heap_push(s->heap, &s->nheap, -ns_distance(&s->distances, node), node);
}

/* Does a cheapest path go from a node at this distance over the arc? */
static inline bool
leads_on(const Spread *s, int64_t here, const NsArc *arc)
{
	int			bits = s->weights.hop_bits;
	int64_t		there;

	if (ns_bit_get(s->load->avoided, arc->link))
		return false;
	there = ns_distance(&s->distances, arc->node);
	return there < here &&
		(there >> bits) + (s->weights.weight[arc->link] >> bits) == here >> bits;
}

/* Split what has arrived at a node over the links that lead on. */
static void
split(Spread *s, int32_t node)
{
	const NsArcs out = ns_out(s->graph, node);
	const int64_t here = ns_distance(&s->distances, node);
	int32_t		n = 0;
	double		part;

	for (int32_t i = 0; i < out.n; i++)
		n += leads_on(s, here, &out.arc[i]);
	part = s->flow[node] / n;
	for (int32_t i = 0; i < out.n; i++)
	{
		const NsArc *arc = &out.arc[i];

		if (!leads_on(s, here, arc))
			continue;
		s->load->gbps[2 * (size_t) arc->link +
					  (ns_link_end(s->graph, arc->link)[0] != node)] += part;
		arrive(s, arc->node, part);
	}
}

/* Demands of the list at order[0 .. n - 1] all go to dst, by source. */
static NsResult
send(Spread *s, const NsLoadQuery *query, const int32_t *order, size_t n)
{
	int32_t		dst = query->demand[order[0]].dst;

	NS_TRY(ns_distances_run(&s->distances, dst));
	for (size_t i = 0; i < n; i++)
	{
		const NsDemand *demand = &query->demand[order[i]];
		bool		routed = ns_distance(&s->distances, demand->src) < NS_FAR;

		s->load->routed[order[i]] = routed;
		if (routed && demand->gbps > 0)
			arrive(s, demand->src, demand->gbps);
	}
	while (s->nheap > 0)
	{
		int32_t		node = ns_node_heap_pop(s->heap, &s->nheap).node;

		if ((++s->steps & INTERRUPT_MASK) == 0 &&
			s->env->interrupted(s->env->state))
			return NS_INTERRUPTED;
		if (node != dst)
			split(s, node);
		s->flow[node] = 0;
		s->waits[node] = false;
	}
	return NS_OK;
}

/* ---- all of them ---- */

/* By destination, then source; then the amount, so that sums are the same. */
static int
compare_demands(const void *context, int32_t a, int32_t b)
{
	const NsDemand *x = (const NsDemand *) context + a;
	const NsDemand *y = (const NsDemand *) context + b;

	if (x->dst != y->dst)
		return x->dst < y->dst ? -1 : 1;
	if (x->src != y->src)
		return x->src < y->src ? -1 : 1;
	return (x->gbps > y->gbps) - (x->gbps < y->gbps);
}

/* How many demands from order[at] on have one destination. */
static size_t
run_of(const NsLoadQuery *query, const int32_t *order, size_t at)
{
	size_t		end = at + 1;

	while (end < query->ndemands &&
		   query->demand[order[end]].dst == query->demand[order[at]].dst)
		end++;
	return end - at;
}

static NsResult
make_room(Spread *s, const NsLoadQuery *query)
{
	const NsGraph *g = s->graph;
	size_t		nnodes = (size_t) g->nnodes;
	NsLoad	   *load = s->load;

	NS_NEED(load->gbps = ns_alloc_zero(s->env, 2 * (size_t) g->nlinks, sizeof(double)));
	NS_NEED(load->routed = ns_alloc_zero(s->env, query->ndemands, sizeof(bool)));
	NS_NEED(load->avoided = ns_alloc_zero(s->env, ns_bits_words(g->nlinks), sizeof(uint64_t)));
	NS_NEED(s->flow = ns_alloc_zero(s->env, nnodes, sizeof(double)));
	NS_NEED(s->waits = ns_alloc_zero(s->env, nnodes, sizeof(bool)));
	NS_NEED(s->heap = ns_alloc_array(s->env, nnodes + 1, sizeof(NsHeapEntry)));
	return avoid(s->env, g, query, load->avoided);
}

NsResult
ns_load(NsEnv *env, const NsGraph *g, const NsLoadQuery *query, NsLoad *load)
{
	Spread		s = {.env = env,.graph = g,.load = load};
	int32_t    *order;
	int32_t		ndestinations = 0;

	if (ns_missing_cost(g, query->cost) >= 0)
		return NS_MISSING_COST;
	if (query->ndemands > MOST_DEMANDS)
		return NS_TOO_LARGE;
	NS_TRY(make_room(&s, query));
	if (query->ndemands == 0)
		return NS_OK;
	NS_NEED(order = ns_alloc_array(env, query->ndemands, sizeof(int32_t)));
	for (size_t i = 0; i < query->ndemands; i++)
		order[i] = (int32_t) i;
	NS_TRY(ns_sort(env, order, query->ndemands, compare_demands, query->demand));
	for (size_t i = 0; i < query->ndemands; i += run_of(query, order, i))
		ndestinations++;

	NS_TRY(ns_weights_build(env, g, query->cost, 1, -1, &s.weights));
	NS_TRY(ns_distances_init(&s.distances, env, g, s.weights.weight,
							 load->avoided, ndestinations));
	for (size_t i = 0; i < query->ndemands;)
	{
		size_t		n = run_of(query, order, i);

		NS_TRY(send(&s, query, order + i, n));
		i += n;
	}
	return NS_OK;
}
