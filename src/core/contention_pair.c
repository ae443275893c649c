/*-------------------------------------------------------------------------
 *
 * contention_pair.c
 *	  Which two events overflow a link that neither does alone, and how often.
 *
 * First, what the two events that add most to a link add to it: where that
 * fits, nothing more is kept of the link.  Elsewhere the events are kept that
 * could overflow it with some other, by rate and by what they add, and pairs
 * are tried in that order as long as one could still be among the first.
 *
 *-------------------------------------------------------------------------
 */
#include "contention_int.h"

#include "path_int.h"
#include "sort.h"

/* What the two largest additions to a slot are, and whose is the larger. */
typedef struct Largest
{
	double		first;
	double		second;
	int32_t		event;
} Largest;

typedef struct Addition
{
	int32_t		event;
	int32_t		slot;
	double		added;
	double		per_hour;		/* -1: unknown */
} Addition;

typedef struct Pairs
{
	NsContentionWork *work;
	Largest    *largest;		/* by slot */
	Addition   *addition;
	size_t		n;
	size_t		room;

	/* the best so far, the worst of them on top */
	NsOverPair *pair;
	int32_t		npairs;

	/* of the slot looked at */
	const Addition *at;			/* in the order of trial */
	int32_t    *run_end;		/* of those of one rate */
	int32_t		nat;
	double		slack;			/* what still fits */
} Pairs;

/* ---- what each event adds ---- */

static void
note_largest(Pairs *p, int32_t event)
{
	const NsContentionWork *w = p->work;

	for (int32_t i = 0; i < w->ntouched; i++)
	{
		int32_t		slot = w->touched[i];
		double		added = w->added[slot];
		Largest    *l = &p->largest[slot];

		if (ns_contention_over(w, slot, added) > 0)
			continue;			/* it does so alone */
		if (added > l->first)
			*l = (Largest) {added, l->first, event};
		else if (added > l->second)
			l->second = added;
	}
}

/* Keep what could overflow a slot with what another event adds. */
static NsResult
keep_additions(Pairs *p, int32_t event)
{
	const NsContentionWork *w = p->work;
	double		per_hour = w->result->event[event].per_hour;

	for (int32_t i = 0; i < w->ntouched; i++)
	{
		int32_t		slot = w->touched[i];
		double		added = w->added[slot];
		const Largest *l = &p->largest[slot];
		double		other = l->event == event ? l->second : l->first;

		if (other == 0 || ns_contention_over(w, slot, added) > 0 ||
			!(ns_contention_over(w, slot, added + other) > 0))
			continue;
		NS_NEED(p->addition = ns_grow_array(w->env, p->addition, &p->room,
											p->n + 1, sizeof(Addition)));
		p->addition[p->n++] = (Addition) {event, slot, added,
		isnan(per_hour) ? -1 : per_hour};
	}
	return NS_OK;
}

static NsResult
collect(Pairs *p)
{
	NsContentionWork *w = p->work;
	size_t		nslots = 2 * (size_t) w->graph->nlinks;

	NS_NEED(p->largest = ns_alloc_zero(w->env, nslots, sizeof(Largest)));
	for (int turn = 0; turn < 2; turn++)
		for (int32_t i = 0; i < w->result->nevents; i++)
		{
			NS_TRY(ns_contention_move(w, &w->result->event[i]));
			if (turn == 0)
				note_largest(p, i);
			else
				NS_TRY(keep_additions(p, i));
			ns_contention_clear(w);
		}
	return NS_OK;
}

/* ---- the best pairs ---- */

/* Rates that differ by rounding alone are equal. */
static float
rank_of(double rate)
{
	return isnan(rate) ? -1.0f : (float) rate;
}

/* < 0: a comes before b. */
static int
compare_pairs(const NsOverPair *a, const NsOverPair *b)
{
	float		x = rank_of(a->rate);
	float		y = rank_of(b->rate);

	if (x != y)
		return x > y ? -1 : 1;
	if (a->over.over != b->over.over)
		return a->over.over > b->over.over ? -1 : 1;
	for (int i = 0; i < 2; i++)
		if (a->event[i] != b->event[i])
			return a->event[i] < b->event[i] ? -1 : 1;
	return (a->over.slot > b->over.slot) - (a->over.slot < b->over.slot);
}

/* Let the pair at the top sink to its place. */
static void
sink(Pairs *p)
{
	NsOverPair	pair = p->pair[0];
	int32_t		i = 0;

	for (;;)
	{
		int32_t		child = 2 * i + 1;

		if (child >= p->npairs)
			break;
		if (child + 1 < p->npairs &&
			compare_pairs(&p->pair[child + 1], &p->pair[child]) > 0)
			child++;
		if (compare_pairs(&pair, &p->pair[child]) >= 0)
			break;
		p->pair[i] = p->pair[child];
		i = child;
	}
	p->pair[i] = pair;
}

static void
rise(Pairs *p, int32_t i)
{
	NsOverPair	pair = p->pair[i];

	while (i > 0 && compare_pairs(&pair, &p->pair[(i - 1) / 2]) > 0)
	{
		p->pair[i] = p->pair[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	p->pair[i] = pair;
}

static bool
is_full(const Pairs *p)
{
	return p->npairs == p->work->query->most;
}

/* Is it among the best so far? */
static bool
is_wanted(const Pairs *p, const NsOverPair *pair)
{
	return !is_full(p) || compare_pairs(pair, &p->pair[0]) < 0;
}

static void
take(Pairs *p, const NsOverPair *pair)
{
	if (is_full(p))
	{
		p->pair[0] = *pair;
		sink(p);
		return;
	}
	p->pair[p->npairs] = *pair;
	rise(p, p->npairs++);
}

/* ---- one pair ---- */

static bool
have_link_in_common(NsContentionWork *w, const NsContentionEvent *a,
					const NsContentionEvent *b)
{
	ns_contention_mark(w, a);
	for (int32_t i = 0; i < b->hit.n; i++)
		if (w->hit_stamp[b->hit.number[i]] == w->stamp)
			return true;
	return false;
}

/*
 * What an event adds to the slot while another takes links as well: its bypasses
 * that the other hits carry nothing.  Its own bypass stays where it was.
 */
static NsResult
added_beside(NsContentionWork *w, const NsContentionEvent *e,
			 const NsContentionEvent *other, int32_t slot, double *added)
{
	*added = 0;
	for (int32_t i = 0; i < e->hit.n; i++)
		for (int back = 0; back < 2; back++)
		{
			int32_t		from = NS_SLOT(e->hit.number[i], back);
			double		gbps = ns_contention_share(e->share[i]) * w->query->load[from];
			const NsWay *bypass;
			bool		here = false;
			bool		cut = false;

			if (gbps == 0 || ns_contention_ends(w, e, e->hit.number[i]))
				continue;
			ns_contention_mark(w, e);
			NS_TRY(ns_contention_bypass(w, from, &bypass));
			if (bypass == NULL)
				continue;
			ns_contention_mark(w, other);
			for (int32_t j = 0; j < bypass->n; j++)
			{
				here |= bypass->slot[j] == slot;
				cut |= w->hit_stamp[NS_SLOT_LINK(bypass->slot[j])] == w->stamp;
			}
			if (here && !cut)
				*added += gbps;
		}
	return NS_OK;
}

static NsResult
try_pair(Pairs *p, const Addition *x, const Addition *y)
{
	NsContentionWork *w = p->work;
	const NsContentionEvent *a = &w->result->event[x->event];
	const NsContentionEvent *b = &w->result->event[y->event];
	bool		swap = x->event > y->event;
	NsOverPair	pair = {
		.event = {swap ? y->event : x->event, swap ? x->event : y->event},
		.over = {x->slot, x->added + y->added, x->added + y->added - p->slack},
		.rate = a->per_hour * b->in_window + b->per_hour * a->in_window
	};
	double		more[2];

	if (!is_wanted(p, &pair) || have_link_in_common(w, a, b))
		return NS_OK;
	NS_TRY(added_beside(w, a, b, x->slot, &more[0]));
	NS_TRY(added_beside(w, b, a, x->slot, &more[1]));
	pair.over.added = swap ? more[1] + more[0] : more[0] + more[1];
	pair.over.over = ns_contention_over(w, x->slot, pair.over.added);
	if (more[0] > 0 && more[1] > 0 && pair.over.over > 0 && is_wanted(p, &pair))
		take(p, &pair);
	return NS_OK;
}

/* ---- the pairs of a slot ---- */

/*
 * Pairs of i with those after it.  *last: no pair of a later one can be among
 * the best by its rate.
 */
static NsResult
try_with(Pairs *p, int32_t i, bool *last)
{
	NsContentionWork *w = p->work;
	const Addition *x = &p->at[i];
	double		window = 2 * w->query->recompute_hours * (1 + 1e-12);

	for (int32_t j = i + 1; j < p->nat;)
	{
		const Addition *y = &p->at[j];
		double		over = x->added + y->added - p->slack;
		bool		known = x->per_hour >= 0 && y->per_hour >= 0;
		float		rank = known ? (float) (window * x->per_hour * y->per_hour) : -1;

		if (ns_contention_stopped(w))
			return NS_INTERRUPTED;
		if (is_full(p) && rank < rank_of(p->pair[0].rate))
		{
			*last = j == i + 1;
			return NS_OK;
		}
		if (over <= 0 || (is_full(p) && rank == rank_of(p->pair[0].rate) &&
						  over < p->pair[0].over.over))
		{
			/* within a rate, those that follow add less */
			j = p->run_end[j];
			continue;
		}
		NS_TRY(try_pair(p, x, y));
		j++;
	}
	return NS_OK;
}

/* By slot; known rates first, the highest first; then what adds most. */
static int
compare_additions(const void *context, int32_t i, int32_t j)
{
	const Addition *a = (const Addition *) context + i;
	const Addition *b = (const Addition *) context + j;

	if (a->slot != b->slot)
		return a->slot < b->slot ? -1 : 1;
	if (a->per_hour != b->per_hour)
		return a->per_hour > b->per_hour ? -1 : 1;
	if (a->added != b->added)
		return a->added > b->added ? -1 : 1;
	return (a->event > b->event) - (a->event < b->event);
}

static NsResult
try_slot(Pairs *p)
{
	const NsContentionWork *w = p->work;
	int32_t		slot = p->at[0].slot;
	bool		last = false;

	p->slack = w->query->capacity[NS_SLOT_LINK(slot)] - w->query->load[slot];
	for (int32_t i = p->nat - 1; i >= 0; i--)
		p->run_end[i] = i + 1 < p->nat && p->at[i + 1].per_hour == p->at[i].per_hour
			? p->run_end[i + 1] : i + 1;
	for (int32_t i = 0; i + 1 < p->nat && !last; i++)
		NS_TRY(try_with(p, i, &last));
	return NS_OK;
}

static NsResult
try_all(Pairs *p)
{
	NsContentionWork *w = p->work;
	Addition   *sorted;
	int32_t    *order;

	NS_NEED(order = ns_alloc_array(w->env, p->n, sizeof(int32_t)));
	NS_NEED(sorted = ns_alloc_array(w->env, p->n, sizeof(Addition)));
	NS_NEED(p->run_end = ns_alloc_array(w->env, p->n, sizeof(int32_t)));
	for (size_t i = 0; i < p->n; i++)
		order[i] = (int32_t) i;
	NS_TRY(ns_sort(w->env, order, p->n, compare_additions, p->addition));
	for (size_t i = 0; i < p->n; i++)
		sorted[i] = p->addition[order[i]];
	for (size_t i = 0; i < p->n; i += (size_t) p->nat)
	{
		p->at = sorted + i;
		p->nat = 1;
		while (i + (size_t) p->nat < p->n && p->at[p->nat].slot == p->at[0].slot)
			p->nat++;
		NS_TRY(try_slot(p));
	}
	return NS_OK;
}

static int
compare_places(const void *context, int32_t i, int32_t j)
{
	return compare_pairs((const NsOverPair *) context + i,
						 (const NsOverPair *) context + j);
}

NsResult
ns_contention_pairs(NsContentionWork *w)
{
	Pairs		p = {.work = w};
	int32_t    *order;
	NsOverPair *sorted;

	NS_TRY(collect(&p));
	if (p.n > (size_t) INT32_MAX / 2)
		return NS_TOO_LARGE;
	NS_NEED(p.pair = ns_alloc_array(w->env, (size_t) w->query->most, sizeof(NsOverPair)));
	NS_TRY(try_all(&p));
	NS_NEED(order = ns_alloc_array(w->env, (size_t) p.npairs, sizeof(int32_t)));
	NS_NEED(sorted = ns_alloc_array(w->env, (size_t) p.npairs, sizeof(NsOverPair)));
	for (int32_t i = 0; i < p.npairs; i++)
		order[i] = i;
	NS_TRY(ns_sort(w->env, order, (size_t) p.npairs, compare_places, p.pair));
	for (int32_t i = 0; i < p.npairs; i++)
		sorted[i] = p.pair[order[i]];
	w->result->pair = sorted;
	w->result->npairs = p.npairs;
	return NS_OK;
}
