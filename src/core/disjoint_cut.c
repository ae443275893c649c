/*-------------------------------------------------------------------------
 *
 * disjoint_cut.c
 *	  What can be proven without a search tree: single risks that separate the
 *	  ends, and too small a flow for k paths.
 *
 *-------------------------------------------------------------------------
 */
#include "disjoint_int.h"

static void
sort_numbers(int32_t *list, int32_t n)
{
	for (int32_t i = 1; i < n; i++)
	{
		int32_t		x = list[i];
		int32_t		j = i;

		for (; j > 0 && list[j - 1] > x; j--)
			list[j] = list[j - 1];
		list[j] = x;
	}
}

/*
 * Every cut is used by the cheapest path.  A path without one of its risks
 * clears all risks that it avoids; no path without it makes it a cut.
 */
NsResult
find_cuts(Solver *s, bool first_only, int32_t **cuts, int32_t *ncuts)
{
	int32_t		n;

	*ncuts = 0;
	if (cheapest(s, s->setup->dead, ANY_WEIGHT) == NS_UNREACHED)
		return s->search->interrupted ? NS_INTERRUPTED : NS_BAD_INPUT;
	n = ns_search_path(s->search, s->src, s->path);
	n = risks_of_path(s, s->path, n, s->candidate);
	NS_NEED(*cuts = ns_alloc_array(s->env, (size_t) n, sizeof(int32_t)));
	while (n > 0)
	{
		int32_t		risk = take_largest(s, s->candidate, &n);

		ns_bits_copy(s->dead, s->setup->dead, s->risk->link_words);
		risk_kill(s->risk, risk, s->dead);
		if (cheapest(s, s->dead, ANY_WEIGHT) != NS_UNREACHED)
		{
			n = keep_common(s, s->candidate, n);
			continue;
		}
		if (s->search->interrupted)
			return NS_INTERRUPTED;
		(*cuts)[(*ncuts)++] = risk;
		if (first_only)
			break;
	}
	sort_numbers(*cuts, *ncuts);
	return NS_OK;
}

/* ---------- maximum flow ---------- */

/*
 * Augmenting paths by breadth-first search.  Every node is split in two, an
 * entry and an exit, so that a node can have a capacity; a state is 2 * node
 * for the entry and 2 * node + 1 for the exit.
 */
typedef struct Flow
{
	Solver	   *s;
	const NsGraph *graph;
	int32_t    *link_flow;		/* by 2 * link: from A, and + 1: from Z */
	int32_t    *node_flow;
	int32_t    *from;			/* by state: where it was reached from, or -1 */
	int32_t    *via;			/* by state: the link used, or -1 */
	int32_t    *queue;
} Flow;

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

/*
 * Flow on the link from this node on.  The directions of a link are counted
 * apart, though it is one risk: two paths that use it both ways could as well
 * exchange their ends and use it not at all.
 */
static int32_t *
flow_from(const Flow *f, int32_t link, int32_t node)
{
	bool		from_z = ns_link_end(f->graph)[2 * (size_t) link] != node;

	return &f->link_flow[2 * (size_t) link + from_z];
}

static void
reach(Flow *f, int32_t state, int32_t from, int32_t via, int32_t *tail)
{
	if (f->from[state] >= 0)
		return;
	f->from[state] = from;
	f->via[state] = via;
	f->queue[(*tail)++] = state;
}

/* All states that follow from one. */
static void
flow_expand(Flow *f, int32_t state, int32_t *tail)
{
	const NsGraph *g = f->graph;
	int32_t		node = state / 2;
	bool		exit = state % 2 == 1;
	const int32_t *start = exit ? ns_out_start(g) : ns_in_start(g);
	const NsArc *arc = exit ? ns_out_arc(g) : ns_in_arc(g);

	/* from an exit along a link; from an entry back along flow that came in */
	for (int32_t i = start[node]; i < start[node + 1]; i++)
	{
		int32_t		link = arc[i].link;
		int32_t		other = arc[i].node;

		if (exit && *flow_from(f, link, node) < link_capacity(f, link))
			reach(f, 2 * other, state, link, tail);
		if (!exit && *flow_from(f, link, other) > 0)
			reach(f, 2 * other + 1, state, link, tail);
	}
	if (!exit && f->node_flow[node] < node_capacity(f, node))
		reach(f, state + 1, state, -1, tail);
	if (exit && f->node_flow[node] > 0)
		reach(f, state - 1, state, -1, tail);
}

/* One more path: true if the destination's entry was reached. */
static bool
flow_search(Flow *f)
{
	int32_t		head = 0;
	int32_t		tail = 0;

	for (int32_t i = 0; i < 2 * f->graph->nnodes; i++)
		f->from[i] = -1;
	reach(f, 2 * f->s->src + 1, 2 * f->s->src + 1, -1, &tail);
	while (head < tail && f->from[2 * f->s->dst] < 0)
	{
		if ((head & 1023) == 0 && f->s->env->interrupted(f->s->env->state))
		{
			f->s->search->interrupted = true;
			return false;
		}
		flow_expand(f, f->queue[head++], &tail);
		f->s->search->steps++;
	}
	return f->from[2 * f->s->dst] >= 0;
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
		int32_t		a = ns_link_end(g)[2 * (size_t) i];
		int32_t		z = ns_link_end(g)[2 * (size_t) i + 1];
		bool		forth = f->from[2 * a + 1] >= 0 && f->from[2 * z] < 0;
		bool		back = !ns_link_directed(g)[i] &&
			f->from[2 * z + 1] >= 0 && f->from[2 * a] < 0;

		if ((forth || back) && link_capacity(f, i) > 0)
			ns_bit_set(f->s->core, t->first_link + i);
	}
	for (int32_t i = 0; t->node_start != NULL && i < g->nnodes; i++)
	{
		if (f->from[2 * i] >= 0 && f->from[2 * i + 1] < 0)
			ns_bit_set(f->s->core, t->first_node + i);
	}
}

static NsResult
flow_make(Solver *s)
{
	size_t		states = 2 * (size_t) s->graph->nnodes;
	Flow	   *f = ns_alloc_array(s->env, 1, sizeof(Flow));

	NS_NEED(f);
	f->s = s;
	f->graph = s->graph;
	NS_NEED(f->link_flow = ns_alloc_array(s->env, 2 * (size_t) s->graph->nlinks, sizeof(int32_t)));
	NS_NEED(f->node_flow = ns_alloc_array(s->env, (size_t) s->graph->nnodes, sizeof(int32_t)));
	NS_NEED(f->from = ns_alloc_array(s->env, states, sizeof(int32_t)));
	NS_NEED(f->via = ns_alloc_array(s->env, states, sizeof(int32_t)));
	NS_NEED(f->queue = ns_alloc_array(s->env, states, sizeof(int32_t)));
	s->flow = f;
	return NS_OK;
}

NsResult
enough_flow(Solver *s, bool *enough)
{
	if (s->flow == NULL)
		NS_TRY(flow_make(s));
	memset(s->flow->link_flow, 0, 2 * (size_t) s->graph->nlinks * sizeof(int32_t));
	memset(s->flow->node_flow, 0, (size_t) s->graph->nnodes * sizeof(int32_t));

	*enough = true;
	for (int32_t i = 0; i < s->k; i++)
	{
		if (flow_search(s->flow))
		{
			flow_augment(s->flow);
			continue;
		}
		if (s->search->interrupted)
			return NS_INTERRUPTED;
		flow_cut(s->flow);
		*enough = false;
		break;
	}
	return NS_OK;
}
