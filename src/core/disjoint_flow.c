/*-------------------------------------------------------------------------
 *
 * disjoint_flow.c
 *	  k paths that share no link (nor node, where these count), groups left
 *	  aside: a flow of least cost.
 *
 * It answers at once what has no groups, and says much where there are: no flow
 * of k is a proof that there is no set, its cost is a lower bound of any set,
 * and its paths are a first set when they happen to share no group.
 *
 * Successive shortest paths: Dijkstra's algorithm on what the flow leaves, with
 * potentials that keep costs from being negative.  Every node is split in two,
 * an entry and an exit, so that a node can have a capacity; a state is 2 * node
 * for the entry and 2 * node + 1 for the exit.
 *
 * The directions of a link are counted apart, though it is one risk: two paths
 * that use it both ways could as well exchange their ends and use it not at
 * all, which costs less, so a flow of least cost never does.
 *
 *-------------------------------------------------------------------------
 */
#include "disjoint_int.h"

typedef struct Flow
{
	Solver	   *s;
	const NsGraph *graph;
	int32_t    *link_flow;		/* by 2 * link: from A, and + 1: from Z */
	int32_t    *node_flow;
	int64_t    *potential;		/* by state */
	int64_t    *distance;		/* by state, beyond the potentials */
	int32_t    *from;			/* by state: where it was reached from, or -1 */
	int32_t    *via;			/* by state: the link used, or -1 */
	NsHeapEntry *heap;
	size_t		nheap;
	bool		count;			/* links count 1 each, whatever they cost */
	bool		too_dear;		/* something costs more than can be added */
} Flow;

/* Sums of three such numbers do not overflow. */
#define MOST_DISTANCE	(INT64_C(1) << 60)

static int32_t
link_capacity(const Flow *f, int32_t link)
{
	if (ns_bit_get(f->s->setup->dead, link))
		return 0;
	return ns_bit_get(f->s->off, f->s->risk->first_link + link) ? f->s->k : 1;
}

static int32_t
node_capacity(const Flow *f, int32_t node)
{
	return f->s->risk->node_start == NULL ||
		ns_bit_get(f->s->off, f->s->risk->first_node + node) ? f->s->k : 1;
}

/* Flow on the link from this node on. */
static int32_t *
flow_from(const Flow *f, int32_t link, int32_t node)
{
	bool		from_z = ns_link_end(f->graph, link)[0] != node;

	return &f->link_flow[2 * (size_t) link + from_z];
}

/* State `to` can be reached from state `from` at this cost. */
static void
reach(Flow *f, int32_t from, int32_t to, int32_t via, int64_t cost)
{
	int64_t		distance = f->distance[from] + cost +
		f->potential[from] - f->potential[to];

	if (distance > MOST_DISTANCE - f->potential[to])
	{
		f->too_dear = true;
		return;
	}
	if (distance >= f->distance[to])
		return;
	f->distance[to] = distance;
	f->from[to] = from;
	f->via[to] = via;
	ns_node_heap_push(f->heap, &f->nheap, distance, to);
}

/* All states that follow from one. */
static void
flow_expand(Flow *f, int32_t state)
{
	const NsGraph *g = f->graph;
	int32_t		node = state / 2;
	bool		exit = state % 2 == 1;
	NsArcs		arcs = exit ? ns_out(g, node) : ns_in(g, node);

	/* from an exit along a link; from an entry back along flow that came in */
	for (int32_t i = 0; i < arcs.n; i++)
	{
		int32_t		link = arcs.arc[i].link;
		int32_t		other = arcs.arc[i].node;
		int64_t		weight = f->count ? 1 : f->s->search->weight[link];

		if (exit && *flow_from(f, link, node) < link_capacity(f, link))
			reach(f, state, 2 * other, link, weight);
		if (!exit && *flow_from(f, link, other) > 0)
			reach(f, state, 2 * other + 1, link, -weight);
	}
	if (!exit && f->node_flow[node] < node_capacity(f, node))
		reach(f, state, state + 1, -1, 0);
	if (exit && f->node_flow[node] > 0)
		reach(f, state, state - 1, -1, 0);
}

/* The cheapest way to send one more: was the destination's entry reached? */
static bool
flow_search(Flow *f)
{
	int32_t		states = 2 * f->graph->nnodes;
	int32_t		origin = 2 * f->s->src + 1;
	int32_t		target = 2 * f->s->dst;

	for (int32_t i = 0; i < states; i++)
	{
		f->distance[i] = NS_UNREACHED;
		f->from[i] = -1;
	}
	f->nheap = 0;
	f->distance[origin] = 0;
	f->from[origin] = origin;
	ns_node_heap_push(f->heap, &f->nheap, 0, origin);
	while (f->nheap > 0)
	{
		NsHeapEntry top = ns_node_heap_pop(f->heap, &f->nheap);

		if (top.key != f->distance[top.node])
			continue;
		if ((++f->s->search->steps & 1023) == 0 &&
			f->s->env->interrupted(f->s->env->state))
		{
			f->s->search->interrupted = true;
			return false;
		}
		if (top.node == target)
			break;
		flow_expand(f, top.node);
	}
	if (f->distance[target] == NS_UNREACHED)
		return false;

	/* what lies beyond the target moves with it: costs stay non-negative */
	for (int32_t i = 0; i < states; i++)
		f->potential[i] += f->distance[i] < f->distance[target]
			? f->distance[i] : f->distance[target];
	return true;
}

static void
flow_augment(Flow *f)
{
	int32_t		state = 2 * f->s->dst;
	int32_t		origin = 2 * f->s->src + 1;

	while (state != origin)
	{
		int32_t		from = f->from[state];
		int32_t		link = f->via[state];

		if (link < 0)
			f->node_flow[state / 2] += state % 2 == 1 ? 1 : -1;
		else if (from % 2 == 1)
			(*flow_from(f, link, from / 2))++;
		else
			(*flow_from(f, link, state / 2))--;
		state = from;
	}
}

/* The full elements between what the last search reached and the rest. */
static void
flow_cut(const Flow *f)
{
	const NsGraph *g = f->graph;
	const RiskTable *t = f->s->risk;

	for (int32_t i = 0; i < g->nlinks; i++)
	{
		int32_t		a = ns_link_end(g, i)[0];
		int32_t		z = ns_link_end(g, i)[1];
		bool		forth = f->from[2 * a + 1] >= 0 && f->from[2 * z] < 0;
		bool		back = !ns_link_directed(g, i) &&
			f->from[2 * z + 1] >= 0 && f->from[2 * a] < 0;

		if ((forth || back) && ns_link_up(g, i) && link_capacity(f, i) > 0)
			ns_bit_set(f->s->core, t->first_link + i);
	}
	for (int32_t i = 0; t->node_start != NULL && i < g->nnodes; i++)
	{
		if (f->from[2 * i] >= 0 && f->from[2 * i + 1] < 0)
			ns_bit_set(f->s->core, t->first_node + i);
	}
}

/*
 * Take the flow apart into paths.  It has no circles, for these would cost
 * something, so each walk along it ends at the destination.
 */
static void
flow_paths(Flow *f, PathSet *set)
{
	const NsGraph *g = f->graph;

	for (int32_t p = 0; p < f->s->k; p++)
	{
		int32_t		node = f->s->src;

		set->nlinks[p] = 0;
		set->weight[p] = 0;
		while (node != f->s->dst)
		{
			const NsArc *arc = ns_out(g, node).arc;
			int32_t		link;

			while (*flow_from(f, arc->link, node) == 0)
				arc++;
			link = arc->link;
			(*flow_from(f, link, node))--;
			set->link[p][set->nlinks[p]++] = link;
			set->weight[p] += f->s->search->weight[link];
			if (set->weight[p] > f->s->search->limit)
				set->weight[p] = f->s->search->limit;
			node = arc->node;
		}
	}
	path_set_order(f->s->k, set);
}

static NsResult
flow_make(Solver *s)
{
	size_t		nnodes = (size_t) s->graph->nnodes;
	size_t		room = 2 * (size_t) s->graph->narcs + 2 * nnodes + 1;
	Flow	   *f = ns_alloc_zero(s->env, 1, sizeof(Flow));

	NS_NEED(f);
	f->s = s;
	f->graph = s->graph;
	NS_NEED(f->link_flow = ns_alloc_array(s->env, 2 * (size_t) s->graph->nlinks, sizeof(int32_t)));
	NS_NEED(f->node_flow = ns_alloc_array(s->env, nnodes, sizeof(int32_t)));
	NS_NEED(f->potential = ns_alloc_array(s->env, 2 * nnodes, sizeof(int64_t)));
	NS_NEED(f->distance = ns_alloc_array(s->env, 2 * nnodes, sizeof(int64_t)));
	NS_NEED(f->from = ns_alloc_array(s->env, 2 * nnodes, sizeof(int32_t)));
	NS_NEED(f->via = ns_alloc_array(s->env, 2 * nnodes, sizeof(int32_t)));
	NS_NEED(f->heap = ns_alloc_array(s->env, room, sizeof(NsHeapEntry)));
	s->flow = f;
	return NS_OK;
}

/* Send k, each by the cheapest way that is left; false: so many cannot go. */
static bool
flow_send(Flow *f)
{
	Solver	   *s = f->s;

	memset(f->link_flow, 0, 2 * (size_t) s->graph->nlinks * sizeof(int32_t));
	memset(f->node_flow, 0, (size_t) s->graph->nnodes * sizeof(int32_t));
	f->too_dear = false;

	/* distances from the source are fit for the first potentials */
	for (int32_t i = 0; i < s->graph->nnodes; i++)
		f->potential[2 * i] = f->potential[2 * i + 1] =
			f->count ? 0 : s->search->bound[i];
	for (int32_t i = 0; i < s->k; i++)
	{
		if (!flow_search(f))
			return false;
		flow_augment(f);
	}
	return true;
}

NsResult
cheapest_flow(Solver *s, FlowStatus *status)
{
	Flow	   *f;

	if (s->flow == NULL)
		NS_TRY(flow_make(s));
	f = s->flow;
	f->count = false;
	*status = flow_send(f) ? FLOW_FOUND : FLOW_NONE;
	if (*status == FLOW_NONE && f->too_dear && !s->search->interrupted)
	{
		/* then at least: can so many go at all? */
		f->count = true;
		*status = flow_send(f) ? FLOW_SOME : FLOW_NONE;
	}
	if (s->search->interrupted)
		return NS_INTERRUPTED;
	if (*status == FLOW_NONE)
		flow_cut(f);
	else
		flow_paths(f, &s->trial);
	return NS_OK;
}
