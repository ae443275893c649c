/*-------------------------------------------------------------------------
 *
 * contention.c
 *	  What happens to load when a risk strikes and bypasses take over: bypasses,
 *	  and single events.
 *
 * The path around a link avoids all groups of the link.  An event that hits the
 * link, and leaves it its ends, is one of them: so the path is the same for each
 * event, and is looked for once.
 *
 *-------------------------------------------------------------------------
 */
#include "contention_int.h"

#include <string.h>

#include "path_int.h"
#include "sort.h"

#define INTERRUPT_MASK	1023

bool
ns_contention_stopped(NsContentionWork *w)
{
	return (++w->steps & INTERRUPT_MASK) == 0 &&
		w->env->interrupted(w->env->state);
}

/* ---- bypasses ---- */

/* Links from a node on, as slots. */
static const int32_t *
slots_of(NsContentionWork *w, int32_t from, const int32_t *link, int32_t n)
{
	int32_t    *slot = ns_alloc_array(w->env, (size_t) n, sizeof(int32_t));

	for (int32_t i = 0; i < n && slot != NULL; i++)
	{
		bool		back = ns_link_end(w->graph, link[i])[0] != from;

		slot[i] = NS_SLOT(link[i], back);
		from = ns_other_end(w->graph, link[i], from);
	}
	return slot;
}

/* Slots of the way back. */
static const int32_t *
turned(NsContentionWork *w, const NsWay *b)
{
	int32_t    *slot = ns_alloc_array(w->env, (size_t) b->n, sizeof(int32_t));

	for (int32_t i = 0; i < b->n && slot != NULL; i++)
		slot[i] = b->slot[b->n - 1 - i] ^ 1;
	return slot;
}

/* The path around a slot. */
static NsResult
search_around(NsContentionWork *w, int32_t slot)
{
	int32_t		link = NS_SLOT_LINK(slot);
	const int32_t *end = ns_link_end(w->graph, link);
	NsBypassTask task = {
		.src = end[slot & 1],.dst = end[!(slot & 1)],
		.link = &link,.nlinks = 1,.need = w->query->capacity[link]
	};
	NsWay	   *way = &w->around[slot];
	NsBypass	bypass;

	way->known = true;
	if (ns_contention_stopped(w))
		return NS_INTERRUPTED;
	NS_TRY(ns_bypass_find(w->around_work, &task, &way->found, &bypass));
	if (!way->found)
		return NS_OK;
	way->n = bypass.path.nlinks;
	NS_NEED(way->slot = slots_of(w, task.src, bypass.path.link, way->n));
	return NS_OK;
}

/* Where no link is directed, the way back is the way there, turned. */
static NsResult
find_around(NsContentionWork *w, int32_t slot)
{
	int32_t		there = slot & ~1;

	if (w->graph->directed)
		return search_around(w, slot);
	NS_TRY(search_around(w, there));
	w->around[there + 1] = w->around[there];
	if (w->around[there].found)
		NS_NEED(w->around[there + 1].slot = turned(w, &w->around[there]));
	return NS_OK;
}

static bool
is_hit(const NsContentionWork *w, const NsWay *b)
{
	for (int32_t i = 0; i < b->n; i++)
		if (w->hit_stamp[NS_SLOT_LINK(b->slot[i])] == w->stamp)
			return true;
	return false;
}

NsResult
ns_contention_bypass(NsContentionWork *w, int32_t slot, const NsWay **found)
{
	size_t		first = w->first_tunnel == NULL ? 0 : w->first_tunnel[slot];
	size_t		end = w->first_tunnel == NULL ? 0 : w->first_tunnel[slot + 1];

	*found = NULL;
	for (size_t i = first; i < end; i++)
		if (w->tunnel[i].found && !is_hit(w, &w->tunnel[i]))
		{
			*found = &w->tunnel[i];
			return NS_OK;
		}
	if (first < end)
		return NS_OK;
	if (!w->around[slot].known)
		NS_TRY(find_around(w, slot));
	if (w->around[slot].found && !is_hit(w, &w->around[slot]))
		*found = &w->around[slot];
	return NS_OK;
}

static int
compare_tunnels(const void *context, int32_t i, int32_t j)
{
	const NsTunnel *a = (const NsTunnel *) context + i;
	const NsTunnel *b = (const NsTunnel *) context + j;

	return (a->slot > b->slot) - (a->slot < b->slot);
}

static NsResult
take_tunnels(NsContentionWork *w)
{
	const NsContentionQuery *q = w->query;
	size_t		nslots = 2 * (size_t) w->graph->nlinks;
	int32_t    *order;

	if (q->ntunnels == 0)
		return NS_OK;
	NS_NEED(order = ns_alloc_array(w->env, q->ntunnels, sizeof(int32_t)));
	NS_NEED(w->tunnel = ns_alloc_zero(w->env, q->ntunnels, sizeof(NsWay)));
	NS_NEED(w->first_tunnel = ns_alloc_zero(w->env, nslots + 1, sizeof(size_t)));
	for (size_t i = 0; i < q->ntunnels; i++)
	{
		order[i] = (int32_t) i;
		w->first_tunnel[q->tunnel[i].slot + 1]++;
	}
	for (size_t i = 0; i < nslots; i++)
		w->first_tunnel[i + 1] += w->first_tunnel[i];
	NS_TRY(ns_sort(w->env, order, q->ntunnels, compare_tunnels, q->tunnel));
	for (size_t i = 0; i < q->ntunnels; i++)
	{
		const NsTunnel *t = &q->tunnel[order[i]];
		const int32_t *end = ns_link_end(w->graph, NS_SLOT_LINK(t->slot));
		NsWay	   *b = &w->tunnel[i];

		b->known = true;
		b->found = t->link != NULL;
		b->n = b->found ? t->nlinks : 0;
		if (b->found)
			NS_NEED(b->slot = slots_of(w, end[t->slot & 1], t->link, b->n));
	}
	return NS_OK;
}

/* ---- one event ---- */

void
ns_contention_mark(NsContentionWork *w, const NsContentionEvent *e)
{
	if (++w->stamp == 0)
	{
		memset(w->hit_stamp, 0, (size_t) w->graph->nlinks * sizeof(uint32_t));
		w->stamp = 1;
	}
	for (int32_t i = 0; i < e->hit.n; i++)
		w->hit_stamp[e->hit.number[i]] = w->stamp;
}

bool
ns_contention_ends(const NsContentionWork *w, const NsContentionEvent *e,
				   int32_t link)
{
	const int32_t *end = ns_link_end(w->graph, link);

	for (int32_t i = 0; i < e->down.n; i++)
		if (e->down.number[i] == end[0] || e->down.number[i] == end[1])
			return true;
	return false;
}

static void
add_to(NsContentionWork *w, const NsWay *b, double gbps)
{
	for (int32_t i = 0; i < b->n; i++)
	{
		int32_t		slot = b->slot[i];

		if (w->added[slot] == 0)
			w->touched[w->ntouched++] = slot;
		w->added[slot] += gbps;
	}
}

NsResult
ns_contention_move(NsContentionWork *w, NsContentionEvent *e)
{
	e->moved = e->unprotected = 0;
	ns_contention_mark(w, e);
	for (int32_t i = 0; i < e->hit.n; i++)
	{
		int32_t		link = e->hit.number[i];
		bool		ends = e->down.n > 0 && ns_contention_ends(w, e, link);

		for (int back = 0; back < 2; back++)
		{
			int32_t		slot = NS_SLOT(link, back);
			double		gbps = ns_contention_share(e->share[i]) * w->query->load[slot];
			const NsWay *bypass = NULL;

			if (gbps == 0)
				continue;
			if (ns_contention_stopped(w))
				return NS_INTERRUPTED;
			if (!ends)
				NS_TRY(ns_contention_bypass(w, slot, &bypass));
			if (bypass == NULL)
			{
				e->unprotected += gbps;
				continue;
			}
			e->moved += gbps;
			add_to(w, bypass, gbps);
		}
	}
	return NS_OK;
}

void
ns_contention_clear(NsContentionWork *w)
{
	for (int32_t i = 0; i < w->ntouched; i++)
		w->added[w->touched[i]] = 0;
	w->ntouched = 0;
}

double
ns_contention_over(const NsContentionWork *w, int32_t slot, double added)
{
	double		capacity = w->query->capacity[NS_SLOT_LINK(slot)];
	double		over = w->query->load[slot] + added - capacity;

	return over > NS_FULL_PART * capacity ? over : 0;
}

/* ---- all events by themselves ---- */

static int
compare_over(const void *context, int32_t i, int32_t j)
{
	const NsOver *a = (const NsOver *) context + i;
	const NsOver *b = (const NsOver *) context + j;

	if (a->over != b->over)
		return a->over > b->over ? -1 : 1;
	return (a->slot > b->slot) - (a->slot < b->slot);
}

/* Put the links that overflow beside those of other events. */
static NsResult
note_over(NsContentionWork *w, NsContentionEvent *e, size_t *room)
{
	NsContention *r = w->result;
	int32_t    *order = w->touched;
	NsOver	   *over;
	int32_t		n = 0;

	e->first_over = r->nover;
	e->nover = 0;
	e->worst = 0;
	if (w->ntouched == 0)
		return NS_OK;
	NS_NEED(r->over = ns_grow_array(w->env, r->over, room,
									r->nover + (size_t) w->ntouched, sizeof(NsOver)));
	over = r->over + r->nover;
	for (int32_t i = 0; i < w->ntouched; i++)
	{
		int32_t		slot = w->touched[i];
		double		by = ns_contention_over(w, slot, w->added[slot]);

		if (by > 0)
			over[n++] = (NsOver) {slot, w->added[slot], by};
	}
	ns_contention_clear(w);
	e->nover = (size_t) n;
	r->nover += (size_t) n;
	if (n == 0)
		return NS_OK;

	/* touched has served, and has room for the order */
	for (int32_t i = 0; i < n; i++)
		order[i] = i;
	NS_TRY(ns_sort(w->env, order, (size_t) n, compare_over, over));
	e->worst = over[order[0]].over;
	NS_NEED(over = ns_alloc_array(w->env, (size_t) n, sizeof(NsOver)));
	for (int32_t i = 0; i < n; i++)
		over[i] = r->over[e->first_over + (size_t) order[i]];
	memcpy(r->over + e->first_over, over, (size_t) n * sizeof(NsOver));
	return NS_OK;
}

static int
compare_events(const void *context, int32_t i, int32_t j)
{
	const NsContentionEvent *a = (const NsContentionEvent *) context + i;
	const NsContentionEvent *b = (const NsContentionEvent *) context + j;

	if (a->worst != b->worst)
		return a->worst > b->worst ? -1 : 1;
	if (a->unprotected != b->unprotected)
		return a->unprotected > b->unprotected ? -1 : 1;
	if (a->moved != b->moved)
		return a->moved > b->moved ? -1 : 1;
	return (i > j) - (i < j);
}

/* Put the events into the order of contention.h, and pairs after them. */
static NsResult
order_events(NsContentionWork *w)
{
	NsContention *r = w->result;
	size_t		n = (size_t) r->nevents;
	NsContentionEvent *sorted;
	int32_t    *order;
	int32_t    *place;

	NS_NEED(order = ns_alloc_array(w->env, n, sizeof(int32_t)));
	NS_NEED(place = ns_alloc_array(w->env, n, sizeof(int32_t)));
	NS_NEED(sorted = ns_alloc_array(w->env, n, sizeof(NsContentionEvent)));
	for (size_t i = 0; i < n; i++)
		order[i] = (int32_t) i;
	NS_TRY(ns_sort(w->env, order, n, compare_events, r->event));
	for (size_t i = 0; i < n; i++)
	{
		sorted[i] = r->event[order[i]];
		place[order[i]] = (int32_t) i;
	}
	r->event = sorted;
	for (int32_t i = 0; i < r->npairs; i++)
	{
		int32_t		a = place[r->pair[i].event[0]];
		int32_t		b = place[r->pair[i].event[1]];

		r->pair[i].event[0] = a < b ? a : b;
		r->pair[i].event[1] = a < b ? b : a;
	}
	return NS_OK;
}

static NsResult
begin(NsContentionWork *w)
{
	const NsGraph *g = w->graph;
	size_t		nlinks = (size_t) g->nlinks;

	w->around_query = (NsBypassQuery) {
		.cost = w->query->cost,
		.avoid_links = w->query->avoid_links,
		.avoid_srlgs = w->query->avoid_srlgs,
		.srlg = true,.strict = true,.capacity = w->query->capacity
	};
	NS_TRY(ns_bypass_open(w->env, g, &w->around_query, &w->around_work));
	NS_NEED(w->around = ns_alloc_zero(w->env, 2 * nlinks, sizeof(NsWay)));
	NS_NEED(w->hit_stamp = ns_alloc_zero(w->env, nlinks, sizeof(uint32_t)));
	NS_NEED(w->added = ns_alloc_zero(w->env, 2 * nlinks, sizeof(double)));
	NS_NEED(w->touched = ns_alloc_array(w->env, 2 * nlinks, sizeof(int32_t)));
	return take_tunnels(w);
}

NsResult
ns_contention(NsEnv *env, const NsGraph *g, const NsContentionQuery *query,
			  NsContention *result)
{
	NsContentionWork w = {.env = env,.graph = g,.query = query,.result = result};
	size_t		room = 0;

	*result = (NsContention) {.nevents = 0};
	if (ns_missing_cost(g, query->cost) >= 0)
		return NS_MISSING_COST;
	NS_TRY(begin(&w));
	NS_TRY(ns_contention_events(&w));
	for (int32_t i = 0; i < result->nevents; i++)
	{
		NS_TRY(ns_contention_move(&w, &result->event[i]));
		NS_TRY(note_over(&w, &result->event[i], &room));
	}
	if (query->most > 0)
		NS_TRY(ns_contention_pairs(&w));
	return order_events(&w);
}
