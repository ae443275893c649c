/*-------------------------------------------------------------------------
 *
 * impact.c
 *	  What links lose when some of them are hit at once, and which nodes can
 *	  then no longer reach each other.
 *
 * Memory: all from the region of the environment.
 *
 *-------------------------------------------------------------------------
 */
#include "impact.h"

#include <math.h>

#include "id_map.h"
#include "sort.h"

#define MOST_CAPACITY	1e290	/* as in risk.c, and so is SNAP */
#define SNAP			1e-9
#define MOST_ROWS		((size_t) 1 << 30)
#define STEPS_A_CHECK	4096	/* well below a millisecond */

typedef struct Impact
{
	NsEnv	   *env;
	const NsImpactInput *in;
	int32_t    *below;			/* by support: position of the supporting link */
	int32_t    *start;			/* nlinks + 1: supports of link i in order ... */
	int32_t    *order;			/* ... are order[start[i] .. start[i + 1]) */
	double	   *share;
} Impact;

static bool
stopped(NsEnv *env, size_t step)
{
	return step % STEPS_A_CHECK == 0 && env->interrupted(env->state);
}

static double
capacity_of(const Impact *m, int32_t link)
{
	double		capacity = m->in->link[link].capacity_gbps;

	return capacity > MOST_CAPACITY ? MOST_CAPACITY : capacity;
}

static NsResult
check_links(const Impact *m)
{
	for (size_t i = 0; i < m->in->nlinks; i++)
	{
		const NsImpactLink *link = &m->in->link[i];

		if (stopped(m->env, i))
			return NS_INTERRUPTED;
		if (!(link->lost >= 0 && link->lost <= 1) ||
			link->capacity_gbps < 0 || isinf(link->capacity_gbps))
			return NS_BAD_INPUT;
	}
	return NS_OK;
}

static int
compare_members(const void *context, int32_t a, int32_t b)
{
	const NsRiskSupport *support = context;

	return (support[a].member > support[b].member) -
		(support[a].member < support[b].member);
}

/* Order the supports by link, and those of one link by member. */
static NsResult
index_supports(Impact *m)
{
	size_t		nlinks = m->in->nlinks;
	size_t		nsupports = m->in->nsupports;
	int32_t    *above = ns_alloc_array(m->env, nsupports, sizeof(int32_t));
	NsIdMap		map;
	NsResult	rc;

	m->below = ns_alloc_array(m->env, nsupports, sizeof(int32_t));
	m->order = ns_alloc_array(m->env, nsupports, sizeof(int32_t));
	m->start = ns_alloc_zero(m->env, nlinks + 2, sizeof(int32_t));
	if (above == NULL || m->below == NULL || m->order == NULL || m->start == NULL)
		return NS_NO_MEMORY;
	rc = ns_id_map_make(m->env, &map, &m->in->link[0].id, nlinks,
						sizeof(NsImpactLink));
	if (rc != NS_OK)
		return rc;

	/* start[i + 2] counts, and becomes start[i + 1] as the supports are put. */
	for (size_t i = 0; i < nsupports; i++)
	{
		const NsRiskSupport *s = &m->in->support[i];

		if (stopped(m->env, i))
			return NS_INTERRUPTED;
		above[i] = ns_id_map_find(&map, s->link_id);
		m->below[i] = ns_id_map_find(&map, s->supporting_link_id);
		if (above[i] < 0 || m->below[i] < 0 ||
			m->in->link[m->below[i]].level >= m->in->link[above[i]].level)
			return NS_BAD_INPUT;
		m->start[above[i] + 2]++;
	}
	for (size_t i = 2; i < nlinks + 2; i++)
		m->start[i] += m->start[i - 1];
	for (size_t i = 0; i < nsupports; i++)
		m->order[m->start[above[i] + 1]++] = (int32_t) i;

	for (size_t i = 0; i < nlinks && rc == NS_OK; i++)
	{
		size_t		n = (size_t) (m->start[i + 1] - m->start[i]);

		if (stopped(m->env, i))
			return NS_INTERRUPTED;
		if (n > 1)
			rc = ns_sort(m->env, m->order + m->start[i], n, compare_members,
						 m->in->support);
	}
	return rc;
}

/* The members of one link as they are gone through, each once. */
typedef struct Bundle
{
	int32_t		link;
	bool		known;			/* every capacity is */
	double		sum;			/* of what members count with */
	double		left;			/* of that, what is kept */
} Bundle;

/* Count the member whose supports begin at place; where the next begins. */
static int32_t
count_member(const Impact *m, Bundle *b, int32_t place)
{
	const NsRiskSupport *support = m->in->support;
	int32_t		member = support[m->order[place]].member;
	double		c = capacity_of(m, b->link);
	double		kept = 1;

	for (; place < m->start[b->link + 1] &&
		 support[m->order[place]].member == member; place++)
	{
		int32_t		below = m->below[m->order[place]];
		double		capacity = capacity_of(m, below);

		if (capacity < c)
			c = capacity;
		if (1 - m->share[below] < kept)
			kept = 1 - m->share[below];
	}
	if (!b->known)
		c = 1;
	b->sum += c;
	b->left += c * kept;
	return place;
}

/* What a link loses, those beneath it being done. */
static double
share_of(const Impact *m, int32_t link)
{
	double		capacity = capacity_of(m, link);
	Bundle		b = {link, !isnan(capacity), 0, 0};
	double		divisor;
	double		share;

	for (int32_t i = m->start[link]; i < m->start[link + 1] && b.known; i++)
		b.known = !isnan(capacity_of(m, m->below[m->order[i]]));
	for (int32_t i = m->start[link]; i < m->start[link + 1];)
		i = count_member(m, &b, i);

	divisor = b.known && capacity < b.sum ? capacity : b.sum;
	share = divisor > 0 ? 1 - b.left / divisor : 0;
	if (share < SNAP)
		share = 0;
	else if (share > 1 - SNAP)
		share = 1;
	return share > m->in->link[link].lost ? share : m->in->link[link].lost;
}

static int
compare_levels(const void *context, int32_t a, int32_t b)
{
	const NsImpactLink *link = context;

	return (link[a].level > link[b].level) - (link[a].level < link[b].level);
}

NsResult
ns_impact_shares(NsEnv *env, const NsImpactInput *in, double **share)
{
	Impact		m = {.env = env, .in = in};
	int32_t    *upward;
	NsResult	rc;

	if (in->nlinks > MOST_ROWS || in->nsupports > MOST_ROWS)
		return NS_TOO_LARGE;
	m.share = ns_alloc_array(env, in->nlinks, sizeof(double));
	upward = ns_alloc_array(env, in->nlinks, sizeof(int32_t));
	if (m.share == NULL || upward == NULL)
		return NS_NO_MEMORY;
	*share = m.share;
	if (in->nlinks == 0)
		return in->nsupports == 0 ? NS_OK : NS_BAD_INPUT;

	for (size_t i = 0; i < in->nlinks; i++)
		upward[i] = (int32_t) i;
	if ((rc = check_links(&m)) != NS_OK ||
		(rc = index_supports(&m)) != NS_OK ||
		(rc = ns_sort(env, upward, in->nlinks, compare_levels, in->link)) != NS_OK)
		return rc;
	for (size_t i = 0; i < in->nlinks; i++)
	{
		if (stopped(env, i))
			return NS_INTERRUPTED;
		m.share[upward[i]] = share_of(&m, upward[i]);
	}
	return NS_OK;
}

/* ---- who reaches whom ---- */

typedef struct Reach
{
	NsEnv	   *env;
	const NsGraph *g;
	const uint64_t *gone;
	int32_t    *from;			/* by node: the number of the search that reached
								 * it, or 0 */
	int32_t    *queue;
} Reach;

/* Mark all that src reaches with a number of this search. */
static NsResult
search(Reach *r, int32_t src, int32_t number)
{
	size_t		done = 0;
	size_t		n = 0;
	size_t		steps = 0;

	r->from[src] = number;
	r->queue[n++] = src;
	while (done < n)
	{
		NsArcs		arcs = ns_out(r->g, r->queue[done++]);

		for (int32_t i = 0; i < arcs.n; i++)
		{
			NsArc		arc = arcs.arc[i];

			if (stopped(r->env, ++steps))
				return NS_INTERRUPTED;
			if (r->from[arc.node] == number ||
				(r->gone != NULL && ns_bit_get(r->gone, arc.link)))
				continue;
			r->from[arc.node] = number;
			r->queue[n++] = arc.node;
		}
	}
	return NS_OK;
}

static int
compare_sources(const void *context, int32_t a, int32_t b)
{
	const NsImpactPair *pair = context;

	return (pair[a].src > pair[b].src) - (pair[a].src < pair[b].src);
}

NsResult
ns_impact_connected(NsEnv *env, const NsGraph *g, const uint64_t *gone,
					const NsImpactPair *pair, size_t n, bool **connected)
{
	size_t		nnodes = (size_t) g->nnodes;
	Reach		r = {.env = env, .g = g, .gone = gone};
	int32_t    *order = ns_alloc_array(env, n, sizeof(int32_t));
	int32_t		number = 0;
	NsResult	rc;

	if (n > MOST_ROWS)
		return NS_TOO_LARGE;
	r.from = ns_alloc_zero(env, nnodes, sizeof(int32_t));
	r.queue = ns_alloc_array(env, nnodes, sizeof(int32_t));
	*connected = ns_alloc_array(env, n, sizeof(bool));
	if (order == NULL || r.from == NULL || r.queue == NULL || *connected == NULL)
		return NS_NO_MEMORY;
	for (size_t i = 0; i < n; i++)
		order[i] = (int32_t) i;
	if ((rc = ns_sort(env, order, n, compare_sources, pair)) != NS_OK)
		return rc;

	for (size_t i = 0; i < n; i++)
	{
		const NsImpactPair *p = &pair[order[i]];
		bool		searched = g->directed
			? i > 0 && pair[order[i - 1]].src == p->src
			: r.from[p->src] != 0;

		if (!searched && (rc = search(&r, p->src, ++number)) != NS_OK)
			return rc;
		(*connected)[order[i]] = r.from[p->dst] != 0 &&
			r.from[p->dst] == (g->directed ? number : r.from[p->src]);
	}
	return NS_OK;
}
