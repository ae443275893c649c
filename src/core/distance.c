/*-------------------------------------------------------------------------
 *
 * distance.c
 *	  Distances of all nodes to one destination, for many destinations in turn.
 *
 * While nodes are taken out, the pairs of nodes that are joined stand in a pool
 * of edges, and each node has a list of its edges.  What leads to a node that
 * is gone stays in the lists of others, until there is more of that than of the
 * rest.
 *
 *-------------------------------------------------------------------------
 */
#include "distance.h"

#include <string.h>

#include "path_int.h"

#define MOST_NEIGHBOURS 128		/* of a node that is taken out */
#define INTERRUPT_MASK	1023

typedef struct Edge
{
	int32_t		end[2];
	int64_t		weight[2];		/* from end[0] to end[1], and back */
} Edge;

typedef struct Entry			/* of a node's list */
{
	int32_t		node;			/* at the other end */
	int32_t		edge;
} Entry;

typedef struct Neighbours
{
	Entry	   *entry;
	size_t		n;
	size_t		room;
	int32_t		degree;			/* entries whose node is not gone */
} Neighbours;

typedef struct Elimination
{
	NsEnv	   *env;
	int32_t		nnodes;
	Edge	   *edge;
	size_t		nedges;
	size_t		edge_room;
	size_t		live;			/* edges between nodes that are not gone */
	size_t		most_live;
	Neighbours *list;			/* by node */
	bool	   *gone;

	/* nodes by degree: stacks, linked through entries of a pool */
	int32_t		top[MOST_NEIGHBOURS + 1];	/* -1: empty */
	Entry	   *waiting;		/* node, and the entry beneath */
	size_t		nwaiting;
	size_t		waiting_room;

	double		work;			/* entries looked at */
	double		most_work;
} Elimination;

/* ---- edges ---- */

/* The edge between two nodes, or NULL. */
static Edge *
find_edge(Elimination *e, int32_t a, int32_t b)
{
	const Neighbours *list = &e->list[a];

	if (e->list[b].n < list->n)
	{
		list = &e->list[b];
		b = a;
	}
	e->work += (double) list->n;
	for (size_t i = 0; i < list->n; i++)
		if (list->entry[i].node == b)
			return &e->edge[list->entry[i].edge];
	return NULL;
}

/* Leave out what leads to nodes that are gone. */
static void
compact(Elimination *e, Neighbours *list)
{
	size_t		n = 0;

	e->work += (double) list->n;
	for (size_t i = 0; i < list->n; i++)
		if (!e->gone[list->entry[i].node])
			list->entry[n++] = list->entry[i];
	list->n = n;
}

static NsResult
add_entry(Elimination *e, int32_t node, int32_t other, int32_t edge)
{
	Neighbours *list = &e->list[node];

	if (list->n > 2 * (size_t) list->degree + 8)
		compact(e, list);
	NS_NEED(list->entry = ns_grow_array(e->env, list->entry, &list->room,
										list->n + 1, sizeof(Entry)));
	list->entry[list->n++] = (Entry) {other, edge};
	list->degree++;
	return NS_OK;
}

/* A way from a to b of this weight, and one back; NS_FAR: none. */
static NsResult
join(Elimination *e, int32_t a, int32_t b, int64_t there, int64_t back)
{
	Edge	   *edge = find_edge(e, a, b);

	if (edge == NULL)
	{
		if (e->nedges >= INT32_MAX)
			return NS_TOO_LARGE;
		NS_NEED(e->edge = ns_grow_array(e->env, e->edge, &e->edge_room,
										e->nedges + 1, sizeof(Edge)));
		edge = &e->edge[e->nedges];
		*edge = (Edge) {{a, b}, {NS_FAR, NS_FAR}};
		NS_TRY(add_entry(e, a, b, (int32_t) e->nedges));
		NS_TRY(add_entry(e, b, a, (int32_t) e->nedges));
		e->nedges++;
		e->live++;
	}
	if (edge->end[0] != a)
	{
		int64_t		swap = there;

		there = back;
		back = swap;
	}
	if (there < edge->weight[0])
		edge->weight[0] = there;
	if (back < edge->weight[1])
		edge->weight[1] = back;
	return NS_OK;
}

static NsResult
read_edges(Elimination *e, const NsGraph *g, const int64_t *weight,
		   const uint64_t *dead)
{
	for (int32_t link = 0; link < g->nlinks; link++)
	{
		const int32_t *end = ns_link_end(g, link);

		if ((link & INTERRUPT_MASK) == 0 && e->env->interrupted(e->env->state))
			return NS_INTERRUPTED;
		if (!ns_link_up(g, link) || (dead != NULL && ns_bit_get(dead, link)))
			continue;
		NS_TRY(join(e, end[0], end[1], weight[link],
					ns_link_directed(g, link) ? NS_FAR : weight[link]));
	}
	return NS_OK;
}

/* ---- taking out ---- */

/* Have a node wait under its degree. */
static NsResult
wait_by_degree(Elimination *e, int32_t node)
{
	int32_t		degree = e->list[node].degree;

	if (degree > MOST_NEIGHBOURS)
		return NS_OK;
	NS_NEED(e->waiting = ns_grow_array(e->env, e->waiting, &e->waiting_room,
									   e->nwaiting + 1, sizeof(Entry)));
	e->waiting[e->nwaiting] = (Entry) {node, e->top[degree]};
	e->top[degree] = (int32_t) e->nwaiting++;
	return NS_OK;
}

/* The next node to take out, or -1. */
static int32_t
next_node(Elimination *e)
{
	for (int32_t degree = 0; degree <= MOST_NEIGHBOURS; degree++)
		while (e->top[degree] >= 0)
		{
			Entry		top = e->waiting[e->top[degree]];

			e->top[degree] = top.edge;
			if (!e->gone[top.node] && e->list[top.node].degree == degree)
				return top.node;
		}
	return -1;
}

/* Arcs of its up list, to nodes for now, and arcs in its place. */
static NsResult
take_out(Elimination *e, int32_t node, NsUpArc *up)
{
	Neighbours *list = &e->list[node];
	size_t		n;

	compact(e, list);
	n = list->n;
	for (size_t i = 0; i < n; i++)
	{
		const Edge *edge = &e->edge[list->entry[i].edge];
		bool		out = edge->end[0] == node;

		up[i] = (NsUpArc) {list->entry[i].node, edge->weight[!out], edge->weight[out]};
	}
	e->gone[node] = true;
	e->live -= n;
	for (size_t i = 0; i < n; i++)
		e->list[up[i].place].degree--;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
		{
			int64_t		there = up[i].back + up[j].there;
			int64_t		back = up[j].back + up[i].there;

			if (there < NS_FAR || back < NS_FAR)
				NS_TRY(join(e, up[i].place, up[j].place,
							there < NS_FAR ? there : NS_FAR,
							back < NS_FAR ? back : NS_FAR));
		}
	for (size_t i = 0; i < n; i++)
		NS_TRY(wait_by_degree(e, up[i].place));
	return NS_OK;
}

/* All that pays; up arcs lead to nodes yet. */
static NsResult
eliminate(Elimination *e, NsDistances *d)
{
	size_t		room = 0;
	int32_t		node;

	for (int32_t i = e->nnodes - 1; i >= 0; i--)
		NS_TRY(wait_by_degree(e, i));
	while (e->work < e->most_work && e->live <= e->most_live &&
		   (node = next_node(e)) >= 0)
	{
		size_t		n = d->up_start[d->nout];

		if (e->env->interrupted(e->env->state))
			return NS_INTERRUPTED;
		NS_NEED(d->up = ns_grow_array(e->env, d->up, &room,
									  n + MOST_NEIGHBOURS, sizeof(NsUpArc)));
		NS_TRY(take_out(e, node, d->up + n));
		d->place[node] = d->nout++;
		d->up_start[d->nout] = n + (size_t) e->list[node].degree;
	}
	return NS_OK;
}

/* ---- what has stayed ---- */

static NsResult
make_core(Elimination *e, NsDistances *d)
{
	int32_t		ncore = 0;
	size_t		n = 0;

	for (int32_t i = 0; i < e->nnodes; i++)
	{
		if (e->gone[i])
			continue;
		d->place[i] = d->nout + ncore++;
		compact(e, &e->list[i]);
		n += e->list[i].n;
	}
	NS_NEED(d->core_start = ns_alloc_array(e->env, (size_t) ncore + 1, sizeof(size_t)));
	NS_NEED(d->core = ns_alloc_array(e->env, n, sizeof(NsCoreArc)));
	NS_NEED(d->heap = ns_alloc_array(e->env, n + (size_t) ncore + 1, sizeof(NsHeapEntry)));
	n = 0;
	ncore = 0;
	for (int32_t i = 0; i < e->nnodes; i++)
	{
		const Neighbours *list = &e->list[i];

		if (e->gone[i])
			continue;
		d->core_start[ncore++] = n;
		for (size_t j = 0; j < list->n; j++)
		{
			const Edge *edge = &e->edge[list->entry[j].edge];
			int64_t		into = edge->weight[edge->end[1] == i ? 0 : 1];

			if (into < NS_FAR)
				d->core[n++] = (NsCoreArc) {d->place[list->entry[j].node], into};
		}
	}
	d->core_start[ncore] = n;
	return NS_OK;
}

NsResult
ns_distances_init(NsDistances *d, NsEnv *env, const NsGraph *g,
				  const int64_t *weight, const uint64_t *dead, int32_t runs)
{
	size_t		nnodes = (size_t) g->nnodes;
	Elimination e = {.env = env,.nnodes = g->nnodes};

	*d = (NsDistances) {.env = env,.nnodes = g->nnodes};
	memset(e.top, -1, sizeof(e.top));
	NS_NEED(e.list = ns_alloc_zero(env, nnodes, sizeof(Neighbours)));
	NS_NEED(e.gone = ns_alloc_zero(env, nnodes, sizeof(bool)));
	NS_NEED(d->place = ns_alloc_array(env, nnodes, sizeof(int32_t)));
	NS_NEED(d->at = ns_alloc_array(env, nnodes, sizeof(int64_t)));
	NS_NEED(d->up_start = ns_alloc_zero(env, nnodes + 1, sizeof(size_t)));
	NS_TRY(read_edges(&e, g, weight, dead));

	/* reading the edges is no part of it */
	e.work = 0;
	e.most_work = (double) runs * (double) (nnodes + 2 * e.live);
	e.most_live = e.live + e.live / 2;
	NS_TRY(eliminate(&e, d));
	NS_TRY(make_core(&e, d));
	for (size_t i = 0; i < d->up_start[d->nout]; i++)
		d->up[i].place = d->place[d->up[i].place];
	return NS_OK;
}

/* ---- one destination ---- */

/* From the destination to all nodes above it. */
static void
walk_up(NsDistances *d, int32_t from)
{
	for (int32_t i = from; i < d->nout; i++)
	{
		if (d->at[i] >= NS_FAR)
			continue;
		for (size_t j = d->up_start[i]; j < d->up_start[i + 1]; j++)
		{
			const NsUpArc *arc = &d->up[j];
			int64_t		distance = d->at[i] + arc->back;

			if (distance < d->at[arc->place])
				d->at[arc->place] = distance;
		}
	}
}

/* Among those that stayed, from all that have a distance. */
static NsResult
search_core(NsDistances *d)
{
	size_t		n = 0;
	size_t		steps = 0;

	for (int32_t i = d->nout; i < d->nnodes; i++)
		if (d->at[i] < NS_FAR)
			ns_node_heap_push(d->heap, &n, d->at[i], i);
	while (n > 0)
	{
		NsHeapEntry top = ns_node_heap_pop(d->heap, &n);
		size_t		at = (size_t) (top.node - d->nout);

		if (top.key != d->at[top.node])
			continue;
		if ((++steps & INTERRUPT_MASK) == 0 && d->env->interrupted(d->env->state))
			return NS_INTERRUPTED;
		for (size_t j = d->core_start[at]; j < d->core_start[at + 1]; j++)
		{
			const NsCoreArc *arc = &d->core[j];
			int64_t		distance = top.key + arc->weight;

			if (distance >= d->at[arc->place])
				continue;
			d->at[arc->place] = distance;
			ns_node_heap_push(d->heap, &n, distance, arc->place);
		}
	}
	return NS_OK;
}

static NsResult
sweep_down(NsDistances *d)
{
	for (int32_t i = d->nout - 1; i >= 0; i--)
	{
		int64_t		least = d->at[i];

		for (size_t j = d->up_start[i]; j < d->up_start[i + 1]; j++)
		{
			int64_t		distance = d->up[j].there + d->at[d->up[j].place];

			least = distance < least ? distance : least;
		}
		d->at[i] = least;
		if ((i & INTERRUPT_MASK) == 0 && d->env->interrupted(d->env->state))
			return NS_INTERRUPTED;
	}
	return NS_OK;
}

NsResult
ns_distances_run(NsDistances *d, int32_t dst)
{
	for (int32_t i = 0; i < d->nnodes; i++)
		d->at[i] = NS_FAR;
	d->at[d->place[dst]] = 0;
	walk_up(d, d->place[dst]);
	NS_TRY(search_core(d));
	return sweep_down(d);
}
