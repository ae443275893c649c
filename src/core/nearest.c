/*-------------------------------------------------------------------------
 *
 * nearest.c
 *	  The cheapest path from any of some nodes to any of others, its cost alone.
 *
 * Dijkstra's search from all of the first at once, until one of the others is
 * settled.  The bits of doubles that are not negative are in the order of their
 * values, so the heap of integer keys serves.
 *
 *-------------------------------------------------------------------------
 */
#include "nearest.h"

#include <math.h>
#include <string.h>

#include "node_heap.h"

#define STEPS_A_CHECK 1024

static int64_t
key_of(double cost)
{
	int64_t		key;

	memcpy(&key, &cost, sizeof(key));
	return key;
}

NsResult
ns_nearest(NsEnv *env, const NsGraph *g, NsCostKind kind, NsNodeList from,
		   NsNodeList to, double *cost)
{
	size_t		nnodes = (size_t) g->nnodes;
	size_t		room = (size_t) g->narcs + from.n + 1;
	double	   *best = ns_alloc_array(env, nnodes, sizeof(double));
	bool	   *wanted = ns_alloc_zero(env, nnodes, sizeof(bool));
	NsHeapEntry *heap = ns_alloc_array(env, room, sizeof(NsHeapEntry));
	size_t		n = 0;
	size_t		steps = 0;

	*cost = INFINITY;
	if (best == NULL || wanted == NULL || heap == NULL)
		return NS_NO_MEMORY;
	for (size_t i = 0; i < nnodes; i++)
		best[i] = INFINITY;
	for (size_t i = 0; i < to.n; i++)
		wanted[to.node[i]] = true;
	for (size_t i = 0; i < from.n; i++)
	{
		if (best[from.node[i]] == 0)
			continue;
		best[from.node[i]] = 0;
		ns_node_heap_push(heap, &n, key_of(0), from.node[i]);
	}
	while (n > 0)
	{
		NsHeapEntry top = ns_node_heap_pop(heap, &n);
		NsArcs		arcs;

		if (++steps % STEPS_A_CHECK == 0 && env->interrupted(env->state))
			return NS_INTERRUPTED;
		if (top.key != key_of(best[top.node]))
			continue;			/* it has been improved since */
		if (wanted[top.node])
		{
			*cost = best[top.node];
			return NS_OK;
		}
		arcs = ns_out(g, top.node);
		for (int32_t i = 0; i < arcs.n; i++)
		{
			NsArc		arc = arcs.arc[i];
			double		there = best[top.node] + ns_link_cost_of(g, kind, arc.link);

			if (!(there < best[arc.node]))
				continue;
			best[arc.node] = there;
			ns_node_heap_push(heap, &n, key_of(there), arc.node);
		}
	}
	return NS_OK;
}
