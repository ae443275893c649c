/*-------------------------------------------------------------------------
 *
 * redundancy.c
 *	  What stands alone between two ends once more links are gone.
 *
 * A risk is a link, a node or a group, numbered in this order.  Where a risk
 * separates two ends without the links that are gone and does not with them,
 * each way round it leads over some of these links, and at least one of them
 * has no way round itself without that risk.  So what stands alone between the
 * ends of the links that are gone is all that can have become alone anywhere.
 * In an undirected graph the ends of these links fall into parts that are still
 * connected; what separates any two of a part separates one of them from a third,
 * or is that third.
 *
 * Memory: all from the region of the environment, O(graph + n).
 *
 *-------------------------------------------------------------------------
 */
#include "redundancy.h"

#include <string.h>

#define STEPS_A_CHECK	4096
#define WHOLE			(1 - 1e-6f)	/* shares are rounded */

#define NEED(pointer) \
	do { \
		if ((pointer) == NULL) \
			return NS_NO_MEMORY; \
	} while (0)
#define TRY(call) \
	do { \
		NsResult	try_ = (call); \
		if (try_ != NS_OK) \
			return try_; \
	} while (0)

typedef struct Work
{
	NsEnv	   *env;
	const NsGraph *g;
	const uint64_t *before;
	const uint64_t *after;
	const NsImpactPair *pair;
	size_t		npairs;
	size_t		words;			/* of a set of links */
	size_t		steps;

	uint64_t   *dead;			/* scratch: links that a search does not use */
	int32_t    *queue;
	int32_t    *seen;			/* by node: number of the search that met it */
	int32_t		search;
	NsArc	   *from;			/* by node: where it was met from */
	int32_t    *part[2];		/* by node: number of its part, -1: none */

	int32_t    *mark;			/* by risk: number of the path it is on */
	int32_t		path;
	int32_t    *list;			/* risks of paths so far */
	size_t		nlist;
	size_t		list_room;

	int32_t    *candidate;		/* risks to be tried */
	size_t		ncandidates;
	size_t		candidate_room;
	uint64_t   *tried;			/* risks that are among them */

	NsLoss	   *loss;
	size_t		loss_room;
	size_t		most;
	size_t		total;
} Work;

static bool
stopped(Work *w)
{
	return ++w->steps % STEPS_A_CHECK == 0 && w->env->interrupted(w->env->state);
}

/* ---- risks ---- */

static int32_t
risk_of_node(const Work *w, int32_t node)
{
	return w->g->nlinks + node;
}

static int32_t
risk_of_srlg(const Work *w, int32_t srlg)
{
	return w->g->nlinks + w->g->nnodes + srlg;
}

static NsLossKind
risk_kind(const Work *w, int32_t risk, int32_t *number)
{
	*number = risk;
	if (risk < w->g->nlinks)
		return NS_LOSS_LINK;
	*number -= w->g->nlinks;
	if (*number < w->g->nnodes)
		return NS_LOSS_NODE;
	*number -= w->g->nnodes;
	return NS_LOSS_SRLG;
}

/* Does the group take all of this link? */
static bool
takes_whole(const NsGraph *g, int32_t srlg, int32_t link)
{
	NsNumbers	links = ns_srlg_links(g, srlg);
	int32_t		low = 0;
	int32_t		high = links.n;

	while (low < high)
	{
		int32_t		middle = low + (high - low) / 2;

		if (links.number[middle] < link)
			low = middle + 1;
		else
			high = middle;
	}
	return low < links.n && links.number[low] == link &&
		ns_srlg_share(g, srlg)[low] >= WHOLE;
}

/* Is it one of the ends, or does it take one down? */
static bool
takes_end(const Work *w, int32_t risk, const NsImpactPair *pair)
{
	int32_t		number;
	NsLossKind	kind = risk_kind(w, risk, &number);
	NsNumbers	nodes;

	if (kind == NS_LOSS_NODE)
		return number == pair->src || number == pair->dst;
	if (kind != NS_LOSS_SRLG)
		return false;
	nodes = ns_srlg_nodes(w->g, number);
	for (int32_t i = 0; i < nodes.n; i++)
		if ((nodes.number[i] == pair->src || nodes.number[i] == pair->dst) &&
			ns_srlg_node_probability(w->g, number)[i] > 0)
			return true;
	return false;
}

/* dead := the links gone, and those that the risk takes; the node it is, or -1 */
static int32_t
kill(Work *w, const uint64_t *gone, int32_t risk)
{
	int32_t		number;

	ns_bits_copy(w->dead, gone, w->words);
	switch (risk_kind(w, risk, &number))
	{
		case NS_LOSS_LINK:
			ns_bit_set(w->dead, number);
			return -1;
		case NS_LOSS_SRLG:
			{
				NsNumbers	links = ns_srlg_links(w->g, number);
				const float *share = ns_srlg_share(w->g, number);

				for (int32_t i = 0; i < links.n; i++)
					if (share[i] >= WHOLE)
						ns_bit_set(w->dead, links.number[i]);
				return -1;
			}
		default:
			return number;
	}
}

/* ---- searches ---- */

/*
 * From src until dst is met (-1: all that can be), without the links of dead and
 * one node (-1: none).
 */
static NsResult
search(Work *w, const uint64_t *dead, int32_t without, int32_t src, int32_t dst,
	   bool *found)
{
	size_t		done = 0;
	size_t		n = 0;

	w->search++;
	*found = true;
	if (without >= 0)
		w->seen[without] = w->search;
	w->seen[src] = w->search;
	w->queue[n++] = src;
	while (done < n)
	{
		int32_t		node = w->queue[done++];
		NsArcs		arcs = ns_out(w->g, node);

		if (node == dst)
			return NS_OK;
		for (int32_t i = 0; i < arcs.n; i++)
		{
			NsArc		arc = arcs.arc[i];

			if (stopped(w))
				return NS_INTERRUPTED;
			if (w->seen[arc.node] == w->search || ns_bit_get(dead, arc.link))
				continue;
			w->seen[arc.node] = w->search;
			w->from[arc.node] = (NsArc) {node, arc.link};
			w->queue[n++] = arc.node;
		}
	}
	*found = dst < 0;
	return NS_OK;
}

/* Number the parts that an undirected graph falls into. */
static NsResult
find_parts(Work *w, const uint64_t *dead, int32_t without, int32_t *part)
{
	for (int32_t i = 0; i < w->g->nnodes; i++)
		part[i] = -1;
	for (int32_t i = 0; i < w->g->nnodes; i++)
	{
		size_t		done = 0;
		size_t		n = 0;

		if (part[i] >= 0 || i == without)
			continue;
		part[i] = i;
		w->queue[n++] = i;
		while (done < n)
		{
			NsArcs		arcs = ns_out(w->g, w->queue[done++]);

			for (int32_t j = 0; j < arcs.n; j++)
			{
				NsArc		arc = arcs.arc[j];

				if (stopped(w))
					return NS_INTERRUPTED;
				if (part[arc.node] >= 0 || arc.node == without ||
					ns_bit_get(dead, arc.link))
					continue;
				part[arc.node] = i;
				w->queue[n++] = arc.node;
			}
		}
	}
	return NS_OK;
}

/* ---- what stands alone between two nodes ---- */

static NsResult
note_risk(Work *w, int32_t risk, bool first)
{
	void	   *p;

	if (w->mark[risk] == w->path)
		return NS_OK;
	if (first)
	{
		p = ns_grow_array(w->env, w->list, &w->list_room, w->nlist + 1, sizeof(int32_t));
		NEED(p);
		w->list = p;
		w->list[w->nlist++] = risk;
	}
	w->mark[risk] = w->path;
	return NS_OK;
}

/* Mark the risks of the path that the last search found; the first: list them. */
static NsResult
mark_path(Work *w, int32_t src, int32_t dst, bool first)
{
	w->path++;
	for (int32_t node = dst; node != src; node = w->from[node].node)
	{
		int32_t		link = w->from[node].link;
		NsNumbers	srlgs = ns_link_srlgs(w->g, link);

		TRY(note_risk(w, link, first));
		if (node != dst)
			TRY(note_risk(w, risk_of_node(w, node), first));
		for (int32_t i = 0; i < srlgs.n; i++)
		{
			if (stopped(w))
				return NS_INTERRUPTED;
			if (takes_whole(w->g, srlgs.number[i], link))
				TRY(note_risk(w, risk_of_srlg(w, srlgs.number[i]), first));
		}
	}
	return NS_OK;
}

/*
 * Leave in list what separates src from dst without the links of gone; *found:
 * is there a path at all?  A path without one risk clears all that it avoids.
 */
static NsResult
find_alone(Work *w, const uint64_t *gone, int32_t src, int32_t dst, bool *found)
{
	size_t		kept = 0;

	w->nlist = 0;
	TRY(search(w, gone, -1, src, dst, found));
	if (!*found)
		return NS_OK;
	TRY(mark_path(w, src, dst, true));
	while (kept < w->nlist)
	{
		int32_t		risk = w->list[w->nlist - 1];
		int32_t		without = kill(w, gone, risk);
		bool		around;
		size_t		n = kept;

		TRY(search(w, w->dead, without, src, dst, &around));
		if (!around)
		{
			/* it stays, at the front */
			w->list[w->nlist - 1] = w->list[kept];
			w->list[kept++] = risk;
			continue;
		}
		TRY(mark_path(w, src, dst, false));
		for (size_t i = kept; i < w->nlist; i++)
			if (w->mark[w->list[i]] == w->path)
				w->list[n++] = w->list[i];
		w->nlist = n;
	}
	return NS_OK;
}

static NsResult
add_candidate(Work *w, int32_t risk)
{
	void	   *p;

	if (ns_bit_get(w->tried, risk))
		return NS_OK;
	ns_bit_set(w->tried, risk);
	p = ns_grow_array(w->env, w->candidate, &w->candidate_room,
					  w->ncandidates + 1, sizeof(int32_t));
	NEED(p);
	w->candidate = p;
	w->candidate[w->ncandidates++] = risk;
	return NS_OK;
}

static NsResult
add_between(Work *w, int32_t src, int32_t dst, bool *found)
{
	TRY(find_alone(w, w->after, src, dst, found));
	for (size_t i = 0; i < w->nlist && *found; i++)
		TRY(add_candidate(w, w->list[i]));
	return NS_OK;
}

static bool
is_lost(const Work *w, int32_t link)
{
	return ns_link_up(w->g, link) && ns_bit_get(w->after, link) &&
		!ns_bit_get(w->before, link);
}

/* ---- results ---- */

static NsResult
lose(Work *w, size_t pair, int32_t risk)
{
	NsLoss		loss = {(int32_t) pair, NS_LOSS_PATH, -1};
	void	   *p;

	if (w->total++ >= w->most)
		return NS_OK;
	if (risk >= 0)
		loss.kind = risk_kind(w, risk, &loss.number);
	p = ns_grow_array(w->env, w->loss, &w->loss_room, w->total, sizeof(NsLoss));
	NEED(p);
	w->loss = p;
	w->loss[w->total - 1] = loss;
	return NS_OK;
}

/* ---- undirected graphs ---- */

static NsResult
lose_paths(Work *w)
{
	TRY(find_parts(w, w->before, -1, w->part[0]));
	TRY(find_parts(w, w->after, -1, w->part[1]));
	for (size_t i = 0; i < w->npairs; i++)
	{
		const NsImpactPair *p = &w->pair[i];

		if (w->part[0][p->src] == w->part[0][p->dst] &&
			w->part[1][p->src] != w->part[1][p->dst])
			TRY(lose(w, i, -1));
	}
	return NS_OK;
}

/* Between the first end in each part, part[1] as it is after, and the others. */
static NsResult
add_candidates(Work *w)
{
	int32_t    *first = ns_alloc_array(w->env, (size_t) w->g->nnodes, sizeof(int32_t));
	uint64_t   *done = ns_alloc_zero(w->env, ns_bits_words(w->g->nnodes), sizeof(uint64_t));

	NEED(first);
	NEED(done);
	for (int32_t i = 0; i < w->g->nnodes; i++)
		first[i] = -1;
	for (int32_t link = 0; link < w->g->nlinks; link++)
	{
		if (stopped(w))
			return NS_INTERRUPTED;
		if (!is_lost(w, link))
			continue;
		for (int end = 0; end < 2; end++)
		{
			int32_t		node = ns_link_end(w->g, link)[end];
			int32_t		part = w->part[1][node];
			bool		found;

			if (ns_bit_get(done, node))
				continue;
			ns_bit_set(done, node);
			if (first[part] < 0)
			{
				first[part] = node;
				TRY(add_candidate(w, risk_of_node(w, node)));
			}
			else
				TRY(add_between(w, first[part], node, &found));
		}
	}
	return NS_OK;
}

static NsResult
try_candidate(Work *w, int32_t risk, const int32_t *after)
{
	int32_t    *with = w->part[0];
	int32_t    *without = w->part[1];
	int32_t		node = kill(w, w->after, risk);

	TRY(find_parts(w, w->dead, node, without));
	node = kill(w, w->before, risk);
	TRY(find_parts(w, w->dead, node, with));
	for (size_t i = 0; i < w->npairs; i++)
	{
		const NsImpactPair *p = &w->pair[i];

		if (stopped(w))
			return NS_INTERRUPTED;
		if (without[p->src] != without[p->dst] && with[p->src] == with[p->dst] &&
			after[p->src] == after[p->dst] && !takes_end(w, risk, p))
			TRY(lose(w, i, risk));
	}
	return NS_OK;
}

static NsResult
lose_undirected(Work *w)
{
	int32_t    *after = ns_alloc_array(w->env, (size_t) w->g->nnodes, sizeof(int32_t));

	NEED(after);
	TRY(lose_paths(w));
	memcpy(after, w->part[1], (size_t) w->g->nnodes * sizeof(int32_t));
	TRY(add_candidates(w));
	for (size_t i = 0; i < w->ncandidates; i++)
		TRY(try_candidate(w, w->candidate[i], after));
	return NS_OK;
}

/* ---- directed ones ---- */

/* Can anything have become alone? */
static NsResult
any_alone(Work *w, bool *any)
{
	*any = false;
	for (int32_t link = 0; link < w->g->nlinks && !*any; link++)
	{
		const int32_t *end = ns_link_end(w->g, link);
		bool		found;

		if (stopped(w))
			return NS_INTERRUPTED;
		if (!is_lost(w, link))
			continue;
		TRY(add_between(w, end[0], end[1], &found));
		*any = !found || w->ncandidates > 0;
		if (*any || ns_link_directed(w->g, link))
			continue;
		TRY(add_between(w, end[1], end[0], &found));
		*any = !found || w->ncandidates > 0;
	}
	return NS_OK;
}

static NsResult
lose_directed(Work *w)
{
	bool	   *before;
	bool	   *after;
	bool		any;

	TRY(ns_impact_connected(w->env, w->g, w->before, w->pair, w->npairs, &before));
	TRY(ns_impact_connected(w->env, w->g, w->after, w->pair, w->npairs, &after));
	TRY(any_alone(w, &any));
	for (size_t i = 0; i < w->npairs; i++)
	{
		const NsImpactPair *p = &w->pair[i];
		bool		found;

		if (!before[i])
			continue;
		if (!after[i])
			TRY(lose(w, i, -1));
		if (!after[i] || !any)
			continue;
		TRY(find_alone(w, w->after, p->src, p->dst, &found));
		for (size_t j = 0; j < w->nlist; j++)
		{
			int32_t		risk = w->list[j];
			int32_t		node;

			if (takes_end(w, risk, p))
				continue;
			node = kill(w, w->before, risk);
			TRY(search(w, w->dead, node, p->src, p->dst, &found));
			if (found)
				TRY(lose(w, i, risk));
		}
	}
	return NS_OK;
}

static NsResult
make_room(Work *w)
{
	size_t		nnodes = (size_t) w->g->nnodes;
	size_t		nrisks = (size_t) w->g->nlinks + nnodes + (size_t) w->g->nsrlgs;

	w->words = ns_bits_words(w->g->nlinks);
	NEED(w->dead = ns_alloc_array(w->env, w->words, sizeof(uint64_t)));
	NEED(w->queue = ns_alloc_array(w->env, nnodes, sizeof(int32_t)));
	NEED(w->seen = ns_alloc_zero(w->env, nnodes, sizeof(int32_t)));
	NEED(w->from = ns_alloc_array(w->env, nnodes, sizeof(NsArc)));
	NEED(w->part[0] = ns_alloc_array(w->env, nnodes, sizeof(int32_t)));
	NEED(w->part[1] = ns_alloc_array(w->env, nnodes, sizeof(int32_t)));
	NEED(w->mark = ns_alloc_zero(w->env, nrisks, sizeof(int32_t)));
	NEED(w->tried = ns_alloc_zero(w->env, (nrisks + 63) / 64, sizeof(uint64_t)));
	return NS_OK;
}

NsResult
ns_redundancy_lost(NsEnv *env, const NsGraph *g, const uint64_t *before,
				   const uint64_t *after, const NsImpactPair *pair, size_t n,
				   size_t most, NsLoss **loss, size_t *total)
{
	Work		w = {.env = env, .g = g, .before = before, .after = after,
	.pair = pair, .npairs = n, .most = most};
	NsResult	rc;

	*loss = NULL;
	*total = 0;
	if (n > INT32_MAX ||
		(int64_t) g->nlinks + g->nnodes + g->nsrlgs > INT32_MAX)
		return NS_TOO_LARGE;
	if ((rc = make_room(&w)) != NS_OK ||
		(rc = g->directed ? lose_directed(&w) : lose_undirected(&w)) != NS_OK)
		return rc;
	*loss = w.loss;
	*total = w.total;
	return NS_OK;
}
