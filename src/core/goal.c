/*-------------------------------------------------------------------------
 *
 * goal.c
 *	  The search for one cheapest path; see goal.h.
 *
 * Labels are kept in the order in which their nodes were met.  A small graph
 * has a slot for every node, which is cleared faster than a hash is computed; a
 * large one a hash table that grows with the search.
 *
 *-------------------------------------------------------------------------
 */
#include "goal.h"

#define INTERRUPT_MASK	1023

#define SMALL_GRAPH		8192	/* nodes: slots for all */
#define FIRST_SLOTS_LOG	10
#define FIRST_LABELS	128
#define FIRST_ENTRIES	128

#define FEW_LINKS		65536	/* a bit for every link */

/* ---------- links to avoid ---------- */

static inline uint32_t
hash_link(int32_t link)
{
	uint32_t	hash = (uint32_t) link * UINT32_C(0x9e3779b1);

	return hash ^ hash >> 15;
}

static inline bool
is_dead(const NsLinkSet *set, int32_t link)
{
	uint32_t	i;

	if (!set->any)
		return false;
	if (set->bit != NULL)
		return ns_bit_get(set->bit, link);
	for (i = hash_link(link) & set->mask; set->slot[i] >= 0; i = (i + 1) & set->mask)
	{
		if (set->slot[i] == link)
			return true;
	}
	return false;
}

static void
avoid(NsLinkSet *set, int32_t link)
{
	uint32_t	i;

	set->any = true;
	if (set->bit != NULL)
	{
		ns_bit_set(set->bit, link);
		return;
	}
	for (i = hash_link(link) & set->mask; set->slot[i] >= 0; i = (i + 1) & set->mask)
	{
		if (set->slot[i] == link)
			return;
	}
	set->slot[i] = link;
}

static NsResult
make_link_set(NsGoal *q, size_t nlinks)
{
	NsLinkSet  *set = &q->dead;
	size_t		slots = 16;

	if (q->graph->nlinks <= FEW_LINKS)
	{
		NS_NEED(set->bit = ns_alloc_zero(q->env, ns_bits_words(q->graph->nlinks),
										 sizeof(uint64_t)));
		return NS_OK;
	}
	while (slots < 2 * nlinks)
		slots *= 2;
	NS_NEED(set->slot = ns_alloc_array(q->env, slots, sizeof(int32_t)));
	memset(set->slot, -1, slots * sizeof(int32_t));
	set->mask = (uint32_t) (slots - 1);
	return NS_OK;
}

static NsResult
find_dead(NsGoal *q)
{
	const NsGraph *g = q->graph;
	const NsIdList *links = &q->query->avoid_links;
	const NsIdList *srlgs = &q->query->avoid_srlgs;
	size_t		most = links->n < (size_t) g->nlinks ? links->n : (size_t) g->nlinks;

	if (links->n == 0 && srlgs->n == 0)
		return NS_OK;
	for (size_t i = 0; i < srlgs->n && most < (size_t) g->nlinks; i++)
	{
		int32_t		srlg = ns_graph_find_srlg(g, srlgs->id[i]);

		most += srlg < 0 ? 0 : (size_t) ns_srlg_links(g, srlg).n;
	}
	NS_TRY(make_link_set(q, most < (size_t) g->nlinks ? most : (size_t) g->nlinks));
	for (size_t i = 0; i < links->n; i++)
	{
		int32_t		link = ns_graph_find_link(g, links->id[i]);

		if (link >= 0)
			avoid(&q->dead, link);
	}
	for (size_t i = 0; i < srlgs->n; i++)
	{
		int32_t		srlg = ns_graph_find_srlg(g, srlgs->id[i]);
		NsNumbers	members = {NULL, 0};

		if (srlg >= 0)
			members = ns_srlg_links(g, srlg);
		for (int32_t j = 0; j < members.n; j++)
			avoid(&q->dead, members.number[j]);
	}
	return q->env->interrupted(q->env->state) ? NS_INTERRUPTED : NS_OK;
}

/* ---------- labels ---------- */

/* One piece of memory for all that a small search needs. */
static NsResult
table_init(NsGoal *q, NsGoalTable *t)
{
	size_t		n = (size_t) q->graph->nnodes;
	bool		small = n <= SMALL_GRAPH;
	size_t		slots = small ? n : (size_t) 1 << FIRST_SLOTS_LOG;
	char	   *memory;

	t->label_room = n < FIRST_LABELS ? n : FIRST_LABELS;
	t->heap_room = FIRST_ENTRIES;
	NS_NEED(memory = ns_alloc_array(q->env, 1,
									t->label_room * sizeof(NsGoalLabel) +
									t->heap_room * sizeof(NsHeapEntry) +
									slots * sizeof(int32_t)));
	t->label = (NsGoalLabel *) (void *) memory;
	memory += t->label_room * sizeof(NsGoalLabel);
	t->heap = (NsHeapEntry *) (void *) memory;
	memory += t->heap_room * sizeof(NsHeapEntry);
	t->slot = (int32_t *) (void *) memory;
	memset(t->slot, 0, slots * sizeof(int32_t));
	t->mask = small ? 0 : (uint32_t) slots - 1;
	t->shift = 32 - FIRST_SLOTS_LOG;
	t->nlabels = 0;
	t->nheap = 0;
	return NS_OK;
}

/* The same memory for another search. */
static void
table_clear(const NsGoal *q, NsGoalTable *t)
{
	size_t		slots = t->mask == 0 ? (size_t) q->graph->nnodes
		: (size_t) t->mask + 1;

	memset(t->slot, 0, slots * sizeof(int32_t));
	t->nlabels = 0;
	t->nheap = 0;
}

/* Where the label of a node is noted, or is to be. */
static inline int32_t *
find_slot(const NsGoalTable *t, int32_t node)
{
	uint32_t	i;

	if (t->mask == 0)
		return &t->slot[node];
	i = (uint32_t) node * UINT32_C(0x9e3779b1) >> t->shift;
	while (t->slot[i] != 0 && t->label[t->slot[i] - 1].node != node)
		i = (i + 1) & t->mask;
	return &t->slot[i];
}

static bool
grow_slots(NsGoal *q, NsGoalTable *t)
{
	size_t		slots = 4 * ((size_t) t->mask + 1);

	t->slot = ns_alloc_zero(q->env, slots, sizeof(int32_t));
	if (t->slot == NULL)
		return false;
	t->mask = (uint32_t) (slots - 1);
	t->shift -= 2;
	for (int32_t i = 0; i < t->nlabels; i++)
		*find_slot(t, t->label[i].node) = i + 1;
	return true;
}

/* A new label, for which find_slot() gave an empty slot; NULL: no memory. */
static inline NsGoalLabel *
add_label(NsGoal *q, NsGoalTable *t, int32_t *slot, int32_t node)
{
	NsGoalLabel *label;

	if ((size_t) t->nlabels == t->label_room)
	{
		label = ns_grow_array(q->env, t->label, &t->label_room,
							  (size_t) t->nlabels + 1, sizeof(NsGoalLabel));
		if (label == NULL)
			return NULL;
		t->label = label;
	}
	label = &t->label[t->nlabels++];
	label->node = node;
	*slot = t->nlabels;
	if (t->mask != 0 && (uint32_t) t->nlabels > t->mask / 2 && !grow_slots(q, t))
		return NULL;
	return label;
}

static inline bool
push(NsGoal *q, NsGoalTable *t, int64_t key, int32_t label)
{
	if (t->nheap == t->heap_room)
	{
		NsHeapEntry *heap = ns_grow_array(q->env, t->heap, &t->heap_room,
										  t->nheap + 1, sizeof(NsHeapEntry));

		if (heap == NULL)
			return false;
		t->heap = heap;
	}
	ns_node_heap_push(t->heap, &t->nheap, key, label);
	return true;
}

/* ---------- searches ---------- */

typedef enum Guide
{
	GUIDE_NONE,					/* bounds are 0 */
	GUIDE_LANDMARKS,
	GUIDE_REACH,				/* by the search forward */
	GUIDE_FORWARD				/* this is the search forward; bounds are 0 */
} Guide;

static inline bool
count_step(NsGoal *q)
{
	if ((++q->steps & INTERRUPT_MASK) == 0 &&
		q->env->interrupted(q->env->state))
		q->result = NS_INTERRUPTED;
	return q->result == NS_OK;
}

/* Lower bound of the distance that the search forward found, in weights. */
static inline int64_t
reach_bound(const NsGoal *q, int32_t node, int64_t limit)
{
	int32_t		number = *find_slot(&q->from_src, node);
	int64_t		distance = q->radius;
	double		bound;

	if (number > 0 && q->from_src.label[number - 1].distance < distance)
		distance = q->from_src.label[number - 1].distance;
	bound = (double) distance * q->reach_factor;
	return bound < (double) limit ? (int64_t) bound : limit;
}

static inline int64_t
bound_of(const NsGoal *q, const NsWeights *w, Guide guide, int32_t node)
{
	if (guide == GUIDE_LANDMARKS)
		return ns_landmark_bound(&q->landmark, node);
	if (guide == GUIDE_REACH)
		return reach_bound(q, node, w->limit);
	return 0;
}

static inline int64_t
weight_of(const NsGoal *q, const NsWeights *w, Guide guide, int32_t link)
{
	double		cost = ns_link_cost_of(q->graph, q->query->cost, link);
	double		scaled;

	if (guide != GUIDE_FORWARD)
		return ns_weight_of(w, cost);
	scaled = ns_weight_scaled(w, cost);
	return (int64_t) (scaled < w->largest ? scaled : w->largest);
}

/*
 * One search, inlined once for each guide.  Returns the distance of the end, or
 * NS_UNREACHED.
 */
static inline __attribute__((always_inline)) int64_t
search(NsGoal *q, NsGoalTable *t, const NsWeights *w, const Guide guide)
{
	const bool	forward = guide == GUIDE_FORWARD;
	const int32_t root = forward ? q->query->src : q->query->dst;
	const int32_t end = forward ? q->query->dst : q->query->src;
	const int64_t limit = w->limit;
	int64_t		best = NS_UNREACHED - 1;
	NsGoalLabel *label = add_label(q, t, find_slot(t, root), root);

	if (label == NULL)
	{
		q->result = NS_NO_MEMORY;
		return NS_UNREACHED;
	}
	label->distance = 0;
	label->bound = bound_of(q, w, guide, root);
	label->next = -1;
	if (root == end)
		return 0;
	if (!push(q, t, label->bound, 0))
		q->result = NS_NO_MEMORY;
	while (t->nheap > 0)
	{
		NsHeapEntry top = ns_node_heap_pop(t->heap, &t->nheap);
		int64_t		here = t->label[top.node].distance;
		int32_t		at = t->label[top.node].node;
		NsArcs		arcs;

		if (top.key > best)
			break;
		if (top.key != here + t->label[top.node].bound)
			continue;
		if (!count_step(q))
			return NS_UNREACHED;
		if (at == end)
		{
			/* without bounds, no node that is left is nearer than this one */
			if (guide == GUIDE_NONE || guide == GUIDE_FORWARD)
				break;
			continue;
		}
		arcs = forward ? ns_out(q->graph, at) : ns_in(q->graph, at);
		for (int32_t i = 0; i < arcs.n; i++)
		{
			const int32_t node = arcs.arc[i].node;
			const int32_t link = arcs.arc[i].link;
			int32_t    *slot;
			int64_t		distance;

			if (is_dead(&q->dead, link))
				continue;
			distance = here + weight_of(q, w, guide, link);
			if (distance > limit)
				distance = limit;
			slot = find_slot(t, node);
			if (*slot != 0)
			{
				label = &t->label[*slot - 1];
				if (distance >= label->distance)
				{
					/* an equal way with a smaller link id is the better one */
					if (distance == label->distance && link < label->next &&
						distance < limit)
						label->next = link;
					continue;
				}
				if (label->bound > best - distance)
					continue;
			}
			else
			{
				int64_t		bound;

				if (distance > best)
					continue;
				bound = bound_of(q, w, guide, node);
				if (bound > best - distance)
					continue;
				label = add_label(q, t, slot, node);
				if (label == NULL)
				{
					q->result = NS_NO_MEMORY;
					return NS_UNREACHED;
				}
				label->bound = bound;
			}
			label->distance = distance;
			label->next = link;
			if (node == end)
				best = distance;
			if (!push(q, t, distance + label->bound, (int32_t) (label - t->label)))
			{
				q->result = NS_NO_MEMORY;
				return NS_UNREACHED;
			}
		}
	}
	return best == NS_UNREACHED - 1 ? NS_UNREACHED : best;
}

/* Does any link lead out of the source? */
static bool
leads_out(const NsGoal *q)
{
	NsArcs		arcs = ns_out(q->graph, q->query->src);

	for (int32_t i = 0; i < arcs.n; i++)
	{
		if (!is_dead(&q->dead, arcs.arc[i].link))
			return true;
	}
	return false;
}

NsResult
ns_goal_init(NsGoal *q, NsEnv *env, const NsGraph *g, const NsPathQuery *query,
			 bool *hopeless)
{
	q->env = env;
	q->graph = g;
	q->query = query;
	q->dead = (NsLinkSet) {0};
	q->from_src.slot = NULL;
	q->from_dst.slot = NULL;
	q->reached = false;
	q->steps = 0;
	q->result = NS_OK;
	*hopeless = false;
	NS_TRY(find_dead(q));
	*hopeless = !ns_landmark_bound_init(&q->landmark, g, query->cost,
										query->src, query->dst) ||
		(query->src != query->dst && !leads_out(q));
	return NS_OK;
}

int64_t
ns_goal_reach(NsGoal *q, const NsWeights *w)
{
	q->result = table_init(q, &q->from_src);
	if (q->result != NS_OK)
		return NS_UNREACHED;
	q->radius = search(q, &q->from_src, w, GUIDE_FORWARD);
	q->reached = true;
	q->reach_cost = w->scale;
	q->reach_exponent = w->exponent;
	return q->result == NS_OK ? q->radius : NS_UNREACHED;
}

int64_t
ns_goal_run(NsGoal *q, const NsWeights *w)
{
	int64_t		distance;

	if (q->from_dst.slot != NULL)
		table_clear(q, &q->from_dst);
	else
		q->result = table_init(q, &q->from_dst);
	if (q->result != NS_OK)
		return NS_UNREACHED;
	if (q->landmark.landmarks != NULL)
	{
		ns_landmark_bound_scale(&q->landmark, q->query->cost, w);
		distance = search(q, &q->from_dst, w, GUIDE_LANDMARKS);
	}
	else if (q->reached)
	{
		/* a little less, so that no rounding makes it more */
		q->reach_factor = ldexp(w->scale / q->reach_cost,
								w->exponent - q->reach_exponent + w->hop_bits) *
			(1 - 0x1p-48);
		if (isinf(q->reach_factor))
			q->reach_factor = 0;
		distance = search(q, &q->from_dst, w, GUIDE_REACH);
	}
	else
		distance = search(q, &q->from_dst, w, GUIDE_NONE);
	return q->result == NS_OK ? distance : NS_UNREACHED;
}

/* ---------- the path ---------- */

static inline int32_t
next_link(const NsGoal *q, int32_t node)
{
	return q->from_dst.label[*find_slot(&q->from_dst, node) - 1].next;
}

int32_t
ns_goal_length(const NsGoal *q)
{
	int32_t		node = q->query->src;
	int32_t		n = 0;

	for (int32_t link = next_link(q, node); link >= 0; link = next_link(q, node))
	{
		node = ns_other_end(q->graph, link, node);
		n++;
	}
	return n;
}

void
ns_goal_path(const NsGoal *q, int32_t *link)
{
	int32_t		node = q->query->src;
	int32_t		next;

	while ((next = next_link(q, node)) >= 0)
	{
		*link++ = next;
		node = ns_other_end(q->graph, next, node);
	}
}
