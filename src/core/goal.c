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

/* Where a node's slot is, or where looking for it begins. */
static inline int32_t *
first_slot(const NsGoalTable *t, int32_t node)
{
	return t->mask == 0 ? &t->slot[node]
		: &t->slot[(uint32_t) node * UINT32_C(0x9e3779b1) >> t->shift];
}

/* Where the label of a node is noted, or is to be. */
static inline int32_t *
find_slot(const NsGoalTable *t, int32_t node)
{
	int32_t    *slot = first_slot(t, node);

	if (t->mask == 0)
		return slot;
	while (*slot != 0 && t->label[*slot - 1].node != node)
		slot = &t->slot[(uint32_t) (slot - t->slot + 1) & t->mask];
	return slot;
}

static NsResult
grow_slots(NsGoal *q, NsGoalTable *t)
{
	size_t		slots = 4 * ((size_t) t->mask + 1);
	int32_t    *slot = ns_alloc_zero(q->env, slots, sizeof(int32_t));

	NS_NEED(slot);
	t->slot = slot;
	t->mask = (uint32_t) (slots - 1);
	t->shift -= 2;
	for (int32_t i = 0; i < t->nlabels; i++)
		*find_slot(t, t->label[i].node) = i + 1;
	return NS_OK;
}

/*
 * Make room for so many more labels and entries of the heap.  The table stays
 * sound when there is no memory.
 */
static NsResult
grow_table(NsGoal *q, NsGoalTable *t, size_t more)
{
	NsGoalLabel *label = ns_grow_array(q->env, t->label, &t->label_room,
									   (size_t) t->nlabels + more,
									   sizeof(NsGoalLabel));
	NsHeapEntry *heap;

	NS_NEED(label);
	t->label = label;
	heap = ns_grow_array(q->env, t->heap, &t->heap_room, t->nheap + more,
						 sizeof(NsHeapEntry));
	NS_NEED(heap);
	t->heap = heap;
	while (t->mask != 0 && (size_t) t->nlabels + more > t->mask / 2)
		NS_TRY(grow_slots(q, t));
	return NS_OK;
}

static inline bool
has_room(const NsGoalTable *t, size_t more)
{
	return (size_t) t->nlabels + more <= t->label_room &&
		t->nheap + more <= t->heap_room &&
		(t->mask == 0 || (size_t) t->nlabels + more <= t->mask / 2);
}

/* ---------- searches ---------- */

typedef enum Guide
{
	GUIDE_NONE,					/* bounds are 0 */
	GUIDE_LANDMARKS,
	GUIDE_REACH,				/* by the search forward */
	GUIDE_FORWARD				/* this is the search forward; bounds are 0 */
} Guide;

/* Below this many nodes, two searches are no faster than one. */
#define MEET_NODES		200

static inline bool
count_step(NsGoal *q)
{
	if ((++q->steps & INTERRUPT_MASK) == 0 &&
		q->env->interrupted(q->env->state))
		q->result = NS_INTERRUPTED;
	return q->result == NS_OK;
}

/* Lower bound of the distance by the search forward, in weights. */
static inline int64_t
reach_bound(const NsGoal *q, int32_t node, int64_t limit)
{
	int32_t		number = *find_slot(&q->from_src, node);
	int64_t		distance = q->radius;
	double		bound;

	if (number > 0 && q->from_src.label[number - 1].distance < distance)
		distance = q->from_src.label[number - 1].distance;
	if (q->reach_exact)
		return distance;
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

/* What every step of a search reads, kept at hand. */
typedef struct Search
{
	NsGoal	   *q;
	NsGoalTable *t;
	NsWeights	w;
	NsArcIndex	arcs;
	NsCostIndex cost;
	int32_t		end;			/* the search is over when it comes here */
	int64_t		best;			/* its distance so far */
} Search;

static inline int64_t
weight_of(const Search *s, Guide guide, double cost)
{
	double		scaled;

	if (guide != GUIDE_FORWARD || s->w.exact)
		return ns_weight_of(&s->w, cost);
	scaled = ns_weight_scaled(&s->w, cost);
	return (int64_t) (scaled < s->w.largest ? scaled : s->w.largest);
}

/* An arc on the way to the node that is being settled. */
typedef struct Step
{
	int32_t		node;			/* at its other end */
	int32_t		link;
	int32_t		to;				/* label of the node being settled */
	int64_t		here;			/* and its distance */
} Step;

/*
 * Come by a node by an arc of this cost (negative: not looked up yet).  There
 * is room for a label and an entry of the heap.
 */
static inline __attribute__((always_inline)) void
relax(Search *s, Guide guide, Step step, double cost)
{
	NsGoalTable *t = s->t;
	int32_t    *slot = find_slot(t, step.node);
	NsGoalLabel *label = *slot != 0 ? &t->label[*slot - 1] : NULL;
	int64_t		distance;
	int64_t		bound;

	/* weights are positive, but not those rounded down */
	if (label != NULL && guide != GUIDE_FORWARD && label->distance <= step.here)
		return;
	if (cost < 0)
		cost = ns_cost_at(&s->cost, s->q->graph, step.link);
	distance = step.here + weight_of(s, guide, cost);
	if (distance > s->w.limit)
		distance = s->w.limit;
	if (label != NULL)
	{
		if (distance >= label->distance)
		{
			/* an equal way with a smaller link id is the better one */
			if (distance == label->distance && step.link < label->next &&
				distance < s->w.limit)
			{
				label->next = step.link;
				label->next_label = step.to;
			}
			return;
		}
		if (label->bound > s->best - distance)
			return;
	}
	else
	{
		if (distance > s->best)
			return;
		bound = bound_of(s->q, &s->w, guide, step.node);
		if (bound > s->best - distance)
			return;
		label = &t->label[t->nlabels++];
		*slot = t->nlabels;
		label->node = step.node;
		label->bound = bound;
	}
	label->distance = distance;
	label->next = step.link;
	label->next_label = step.to;
	if (step.node == s->end)
		s->best = distance;
	ns_node_heap_push(t->heap, &t->nheap, distance + label->bound,
					  (int32_t) (label - t->label));
}

/* The table has, or gets, room for what so many arcs may lead to. */
static inline bool
reserve(Search *s, int32_t narcs)
{
	if (!has_room(s->t, (size_t) narcs))
		s->q->result = grow_table(s->q, s->t, (size_t) narcs);
	return s->q->result == NS_OK;
}

/* All arcs of a node that is settled, as the view has them. */
static inline __attribute__((always_inline)) bool
expand(Search *s, Guide guide, int32_t number, Step step)
{
	const bool	any_dead = s->q->dead.any;
	NsArcs		arcs = ns_arcs_at(&s->arcs, s->q->graph, number);

	if (!reserve(s, arcs.n))
		return false;
	for (int32_t i = 0; i < arcs.n; i++)
	{
		step.link = arcs.arc[i].link;
		step.node = arcs.arc[i].node;
		if (guide == GUIDE_LANDMARKS)
			step.node = ns_landmark_place(&s->q->landmark, step.node);
		if (!any_dead || !is_dead(&s->q->dead, step.link))
			relax(s, guide, step, -1);
	}
	return true;
}

/* The same by the landmarks' own arcs, for a place that no patch has changed. */
static inline __attribute__((always_inline)) bool
expand_near(Search *s, int32_t place, Step step)
{
	const NsLandmarkBound *landmark = &s->q->landmark;
	const bool	any_dead = s->q->dead.any;
	const NsNearArc *arc = landmark->arc + landmark->start[place];
	const NsNearArc *end = landmark->arc + landmark->start[place + 1];

	if (!reserve(s, (int32_t) (end - arc)))
		return false;
	for (const NsNearArc *a = arc; a < end; a++)
	{
		ns_landmark_fetch(landmark, a->place);
		__builtin_prefetch(first_slot(s->t, a->place));
	}
	for (; arc < end; arc++)
	{
		double		cost = arc->cost;

		step.node = arc->place;
		step.link = arc->link;
		if (any_dead && is_dead(&s->q->dead, step.link))
			continue;
		if (ns_cost_is_patched(&s->cost, step.link))
			cost = -1;
		relax(s, GUIDE_LANDMARKS, step, cost);
	}
	return true;
}

/* Put the root of a search into its table, which is empty. */
static inline __attribute__((always_inline)) void
search_begin(Search *s, NsGoal *q, NsGoalTable *t, const NsWeights *w,
			 Guide guide)
{
	const bool	forward = guide == GUIDE_FORWARD;
	const int32_t root = forward ? q->src : q->dst;

	*s = (Search) {
		.q = q,.t = t,.w = *w,
		.arcs = forward ? ns_out_index(q->graph) : ns_in_index(q->graph),
		.cost = ns_cost_index(q->graph, q->query->cost),
		.end = forward ? q->dst : q->src,
		.best = NS_UNREACHED - 1
	};
	t->label[t->nlabels++] = (NsGoalLabel) {
		.node = root,.next = -1,.bound = bound_of(q, w, guide, root)
	};
	*find_slot(t, root) = 1;
	ns_node_heap_push(t->heap, &t->nheap, t->label[0].bound, 0);
}

/*
 * Settle the next node and return it; -1 when there is none, or an error.
 * Without bounds there is none after the end of the search: no node that is
 * left is nearer.
 */
static inline __attribute__((always_inline)) int32_t
settle(Search *s, Guide guide)
{
	NsGoalTable *t = s->t;

	while (t->nheap > 0)
	{
		NsHeapEntry top = ns_node_heap_pop(t->heap, &t->nheap);
		const NsGoalLabel *label = &t->label[top.node];
		int64_t		here = label->distance;
		int32_t		node = label->node;
		Step		step = {.to = top.node,.here = here};
		int32_t		number = node;

		if (top.key > s->best)
			return -1;
		if (top.key != here + label->bound)
			continue;
		if (!count_step(s->q))
			return -1;
		if (node == s->end)
		{
			if (guide == GUIDE_NONE || guide == GUIDE_FORWARD)
				return -1;
			continue;
		}
		if (guide == GUIDE_LANDMARKS)
		{
			const NsLandmarkBound *landmark = &s->q->landmark;

			if (s->arcs.patched != NULL)
				number = ns_landmark_number(landmark, node);
			if (!ns_arcs_are_patched(&s->arcs, number))
				return expand_near(s, node, step) ? node : -1;
		}
		return expand(s, guide, number, step) ? node : -1;
	}
	return -1;
}

/* The distance of a node that was come by, or NS_UNREACHED. */
static inline int64_t
distance_of(const NsGoalTable *t, int32_t node)
{
	int32_t		number = *find_slot(t, node);

	return number > 0 ? t->label[number - 1].distance : NS_UNREACHED;
}

static inline __attribute__((always_inline)) int64_t
search(NsGoal *q, const NsWeights *w, Guide guide)
{
	Search		s;

	search_begin(&s, q, &q->from_dst, w, guide);
	while (settle(&s, guide) >= 0);
	return distance_of(&q->from_dst, q->src);
}

/* The length of the way over a node that both searches have come by. */
static int64_t
over(const NsGoal *q, int32_t node)
{
	int64_t		from_src = distance_of(&q->from_src, node);
	int64_t		from_dst = distance_of(&q->from_dst, node);

	return from_src == NS_UNREACHED || from_dst == NS_UNREACHED
		? NS_UNREACHED : from_src + from_dst;
}

/*
 * Search from both ends in turn, until one search settles a node that the other
 * has come by.  Returns the length of the way over that node, on the source's
 * side by weights rounded down where they are not exact; NS_UNREACHED: there is
 * none.  Sets the radius, within which distances from the source are known.
 */
static int64_t
meet(NsGoal *q, Search *backward)
{
	Search		forward;
	int64_t		length = NS_UNREACHED;

	search_begin(&forward, q, &q->from_src, &backward->w, GUIDE_FORWARD);
	while (length == NS_UNREACHED)
	{
		int32_t		node = settle(&forward, GUIDE_FORWARD);

		length = over(q, node < 0 ? forward.end : node);
		if (node < 0 || length != NS_UNREACHED)
			break;
		node = settle(backward, GUIDE_NONE);
		length = over(q, node < 0 ? backward->end : node);
		if (node < 0)
			break;
	}
	q->radius = q->from_src.nheap > 0 ? q->from_src.heap[0].key
		: forward.w.limit;
	return length;
}

/* Go on with bounds where the searches have met; the way is no longer than best. */
static int64_t
go_on(NsGoal *q, Search *s, int64_t best)
{
	NsGoalTable *t = s->t;
	size_t		n = t->nheap;

	q->reach_exact = true;
	s->best = best;
	t->nheap = 0;
	for (size_t i = 0; i < n; i++)
	{
		NsHeapEntry entry = t->heap[i];
		NsGoalLabel *label = &t->label[entry.node];

		if (entry.key != label->distance)
			continue;
		label->bound = reach_bound(q, label->node, s->w.limit);
		ns_node_heap_push(t->heap, &t->nheap, label->distance + label->bound,
						  entry.node);
	}
	while (settle(s, GUIDE_REACH) >= 0);
	return distance_of(t, q->src);
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
	q->src = query->src;
	q->dst = query->dst;
	q->from_src.slot = NULL;
	q->from_dst.slot = NULL;
	q->steps = 0;
	q->result = NS_OK;
	*hopeless = false;
	NS_TRY(find_dead(q));
	*hopeless = !ns_landmark_bound_init(&q->landmark, g, query->cost,
										query->src, query->dst) ||
		(query->src != query->dst && !leads_out(q));
	if (q->landmark.landmarks != NULL)
	{
		q->src = ns_landmark_place(&q->landmark, query->src);
		q->dst = ns_landmark_place(&q->landmark, query->dst);
	}
	return NS_OK;
}

int64_t
ns_goal_reach(NsGoal *q, const NsWeights *w)
{
	Search		backward;
	int64_t		length;

	q->result = table_init(q, &q->from_src);
	if (q->result == NS_OK)
		q->result = table_init(q, &q->from_dst);
	if (q->result != NS_OK)
		return NS_UNREACHED;
	search_begin(&backward, q, &q->from_dst, w, GUIDE_NONE);
	length = meet(q, &backward);
	q->reached = *w;
	q->reach_exact = false;
	return q->result == NS_OK ? length : NS_UNREACHED;
}

/* From both ends, by the same weights all the way. */
static int64_t
search_both(NsGoal *q, const NsWeights *w)
{
	Search		backward;
	int64_t		length;

	q->result = table_init(q, &q->from_src);
	if (q->result != NS_OK)
		return NS_UNREACHED;
	search_begin(&backward, q, &q->from_dst, w, GUIDE_NONE);
	length = meet(q, &backward);
	return q->result == NS_OK && length != NS_UNREACHED
		? go_on(q, &backward, length) : NS_UNREACHED;
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
		distance = search(q, w, GUIDE_LANDMARKS);
	}
	else if (q->from_src.slot != NULL)
	{
		/* a little less, so that no rounding makes it more */
		q->reach_factor = ldexp(w->scale / q->reached.scale,
								w->exponent - q->reached.exponent + w->hop_bits) *
			(1 - 0x1p-48);
		if (isinf(q->reach_factor))
			q->reach_factor = 0;
		distance = search(q, w, GUIDE_REACH);
	}
	else if (q->graph->nnodes >= MEET_NODES && w->exact)
		distance = search_both(q, w);
	else
		distance = search(q, w, GUIDE_NONE);
	return q->result == NS_OK ? distance : NS_UNREACHED;
}

/* ---------- the path ---------- */

static const NsGoalLabel *
label_of_source(const NsGoal *q)
{
	return &q->from_dst.label[*find_slot(&q->from_dst, q->src) - 1];
}

int32_t
ns_goal_length(const NsGoal *q)
{
	const NsGoalLabel *label = label_of_source(q);
	int32_t		n = 0;

	for (; label->next >= 0; label = &q->from_dst.label[label->next_label])
		n++;
	return n;
}

void
ns_goal_path(const NsGoal *q, int32_t *link, int32_t *node)
{
	const NsGoalLabel *label = label_of_source(q);

	for (;; label = &q->from_dst.label[label->next_label])
	{
		*node++ = q->landmark.landmarks == NULL ? label->node
			: ns_landmark_number(&q->landmark, label->node);
		if (label->next < 0)
			return;
		*link++ = label->next;
	}
}
