/*-------------------------------------------------------------------------
 *
 * contention_event.c
 *	  The events of contention.h: groups of shared risk, and links by
 *	  themselves, that take the same part of the same links and the same nodes.
 *
 *-------------------------------------------------------------------------
 */
#include "contention_int.h"

#include <string.h>

#include "path_int.h"
#include "sort.h"

/* A group, or a link by itself: what it hits. */
typedef struct Risk
{
	int32_t		srlg;			/* -1: the link by itself */
	int32_t		link;			/* -1: the group */
	int64_t		id;				/* of either */
	uint64_t	hash;
	NsNumbers	hit;
	const float *share;
	NsNumbers	down;
} Risk;

typedef struct Risks
{
	Risk	   *risk;
	size_t		n;
	int32_t    *self;			/* by link: its number */
	float		whole;
} Risks;

static uint64_t
mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static uint64_t
hash_of(const Risk *r)
{
	uint64_t	hash = (uint64_t) r->hit.n;

	for (int32_t i = 0; i < r->hit.n; i++)
	{
		uint32_t	bits;

		memcpy(&bits, &r->share[i], sizeof(bits));
		hash = mix(hash, (uint64_t) r->hit.number[i] << 32 | bits);
	}
	for (int32_t i = 0; i < r->down.n; i++)
		hash = mix(hash, ~(uint64_t) r->down.number[i]);
	return hash;
}

/* Does it take anything? */
static bool
has_load(const NsContentionQuery *q, NsNumbers hit)
{
	for (int32_t i = 0; i < hit.n; i++)
		if (q->load[NS_SLOT(hit.number[i], 0)] > 0 ||
			q->load[NS_SLOT(hit.number[i], 1)] > 0)
			return true;
	return false;
}

static NsResult
collect(NsContentionWork *w, Risks *risks)
{
	const NsGraph *g = w->graph;
	size_t		room = (size_t) g->nsrlgs + (size_t) g->nlinks;

	NS_NEED(risks->risk = ns_alloc_array(w->env, room, sizeof(Risk)));
	NS_NEED(risks->self = ns_alloc_array(w->env, (size_t) g->nlinks, sizeof(int32_t)));
	risks->n = 0;
	for (int32_t i = 0; i < g->nsrlgs; i++)
	{
		Risk		r = {i, -1, ns_srlg_id(g, i), 0, ns_srlg_links(g, i),
		ns_srlg_share(g, i), ns_srlg_nodes(g, i)};

		if (ns_contention_stopped(w))
			return NS_INTERRUPTED;
		if (has_load(w->query, r.hit))
			risks->risk[risks->n++] = r;
	}
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		Risk		r = {-1, i, ns_link_id(g, i), 0, {&risks->self[i], 1},
		&risks->whole, {NULL, 0}};

		risks->self[i] = i;
		if (ns_link_up(g, i) && has_load(w->query, r.hit))
			risks->risk[risks->n++] = r;
	}
	for (size_t i = 0; i < risks->n; i++)
		risks->risk[i].hash = hash_of(&risks->risk[i]);
	return NS_OK;
}

/* ---- which are alike ---- */

static int
compare_numbers(NsNumbers a, NsNumbers b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return ns_compare_links(a.number, a.n, b.number, b.n);
}

/* By what they hit; 0: the same. */
static int
compare_hits(const Risk *a, const Risk *b)
{
	int			order;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	order = compare_numbers(a->hit, b->hit);
	for (int32_t i = 0; order == 0 && i < a->hit.n; i++)
		order = (a->share[i] > b->share[i]) - (a->share[i] < b->share[i]);
	return order != 0 ? order : compare_numbers(a->down, b->down);
}

/* Then groups by id, and the link by itself. */
static int
compare_risks(const void *context, int32_t i, int32_t j)
{
	const Risk *a = (const Risk *) context + i;
	const Risk *b = (const Risk *) context + j;
	int			order = compare_hits(a, b);

	if (order != 0)
		return order;
	if ((a->srlg < 0) != (b->srlg < 0))
		return a->srlg < 0 ? 1 : -1;
	return (a->id > b->id) - (a->id < b->id);
}

/* Events by their first risk, groups before links. */
typedef struct EventOrder
{
	const NsGraph *graph;
	const NsContentionEvent *event;
} EventOrder;

static int
compare_events(const void *context, int32_t i, int32_t j)
{
	const EventOrder *o = context;
	const NsContentionEvent *a = &o->event[i];
	const NsContentionEvent *b = &o->event[j];
	int64_t		x;
	int64_t		y;

	if ((a->nsrlgs == 0) != (b->nsrlgs == 0))
		return a->nsrlgs == 0 ? 1 : -1;
	x = a->nsrlgs > 0 ? ns_srlg_id(o->graph, a->srlg[0]) : a->link;
	y = b->nsrlgs > 0 ? ns_srlg_id(o->graph, b->srlg[0]) : b->link;
	return (x > y) - (x < y);
}

/* ---- events ---- */

/* Add how often a risk comes to its event. */
static void
add_rate(const NsContentionQuery *q, const Risk *r, NsContentionEvent *e)
{
	const NsOccurrence *known = r->srlg >= 0 ? q->srlg : q->link;
	double		window = q->recompute_hours;
	double		rate;

	if (known == NULL)
		return;
	known += r->srlg >= 0 ? r->srlg : r->link;
	if (isnan(known->mtbf_hours))
		return;
	rate = 1 / known->mtbf_hours;
	if (known->mttr_hours < window)
		window = known->mttr_hours;
	e->per_hour = isnan(e->per_hour) ? rate : e->per_hour + rate;
	e->in_window += rate * window;
}

/* The event of risks order[0 .. n - 1], which are alike. */
static NsContentionEvent
make_event(const NsContentionWork *w, const Risks *risks, const int32_t *order,
		   size_t n, int32_t *srlg)
{
	const Risk *first = &risks->risk[order[0]];
	NsContentionEvent e = {
		.srlg = srlg,.link = -1,
		.hit = first->hit,.share = first->share,.down = first->down,
		.per_hour = NAN
	};

	for (size_t i = 0; i < n; i++)
	{
		const Risk *r = &risks->risk[order[i]];

		if (r->srlg >= 0)
			srlg[e.nsrlgs++] = r->srlg;
		else
			e.link = r->link;
		add_rate(w->query, r, &e);
	}
	return e;
}

static NsResult
sort_events(NsContentionWork *w, NsContentionEvent *event, int32_t n)
{
	EventOrder	context = {w->graph, event};
	NsContentionEvent *sorted;
	int32_t    *order;

	NS_NEED(order = ns_alloc_array(w->env, (size_t) n, sizeof(int32_t)));
	NS_NEED(sorted = ns_alloc_array(w->env, (size_t) n, sizeof(NsContentionEvent)));
	for (int32_t i = 0; i < n; i++)
		order[i] = i;
	NS_TRY(ns_sort(w->env, order, (size_t) n, compare_events, &context));
	for (int32_t i = 0; i < n; i++)
		sorted[i] = event[order[i]];
	w->result->event = sorted;
	w->result->nevents = n;
	return NS_OK;
}

NsResult
ns_contention_events(NsContentionWork *w)
{
	Risks	   *kept;			/* of links by themselves, shares point into it */
	NsContentionEvent *event;
	int32_t    *order;
	int32_t    *srlg;
	int32_t		nevents = 0;

	NS_NEED(kept = ns_alloc_array(w->env, 1, sizeof(Risks)));
	kept->whole = 1;
	NS_TRY(collect(w, kept));
	NS_NEED(order = ns_alloc_array(w->env, kept->n, sizeof(int32_t)));
	NS_NEED(srlg = ns_alloc_array(w->env, kept->n, sizeof(int32_t)));
	NS_NEED(event = ns_alloc_array(w->env, kept->n, sizeof(NsContentionEvent)));
	for (size_t i = 0; i < kept->n; i++)
		order[i] = (int32_t) i;
	NS_TRY(ns_sort(w->env, order, kept->n, compare_risks, kept->risk));
	for (size_t i = 0; i < kept->n;)
	{
		size_t		n = 1;

		while (i + n < kept->n &&
			   compare_hits(&kept->risk[order[i]], &kept->risk[order[i + n]]) == 0)
			n++;
		event[nevents++] = make_event(w, kept, order + i, n, srlg + i);
		i += n;
	}
	return sort_events(w, event, nevents);
}
