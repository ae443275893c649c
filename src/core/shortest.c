/*-------------------------------------------------------------------------
 *
 * shortest.c
 *	  The cheapest path, and what all path functions do before and after
 *	  their search.
 *
 *-------------------------------------------------------------------------
 */
#include "path_int.h"

/* Paths up to this many times the cheapest one's cost are expected to do. */
#define HEADROOM	16.0

/* Weights for a path this part as dear tell paths of a cost well apart. */
#define CHANGES_LITTLE	1e-6

static double
sum_of_costs(const NsGraph *g, NsCostKind kind, const int32_t *link,
			 int32_t nlinks)
{
	double		sum = 0;

	if (kind == NS_COST_HOPS)
		return nlinks;
	for (int32_t i = 0; i < nlinks; i++)
		sum += ns_link_cost(g, kind, link[i]);
	return sum;
}

static NsResult
avoid_set(NsEnv *env, const NsGraph *g, const NsPathQuery *query,
		  NsPathSetup *setup)
{
	setup->words = ns_bits_words(g->nlinks);
	NS_NEED(setup->dead = ns_alloc_zero(env, setup->words, sizeof(uint64_t)));
	for (size_t i = 0; i < query->avoid_links.n; i++)
	{
		int32_t		link = ns_graph_find_link(g, query->avoid_links.id[i]);

		if (link >= 0)
			ns_bit_set(setup->dead, link);
	}
	for (size_t i = 0; i < query->avoid_srlgs.n; i++)
	{
		int32_t		srlg = ns_graph_find_srlg(g, query->avoid_srlgs.id[i]);
		NsNumbers	links;

		if (srlg < 0)
			continue;
		links = ns_srlg_links(g, srlg);
		for (int32_t j = 0; j < links.n; j++)
			ns_bit_set(setup->dead, links.number[j]);
	}
	return env->interrupted(env->state) ? NS_INTERRUPTED : NS_OK;
}

/*
 * A cost that few paths of interest exceed: some times that of the cheapest
 * path.  Among links a million times dearer than that path the weights say
 * little of it; so whatever path they give is the dearest that matters to the
 * next, finer ones, until that changes little.  Negative when there is no path.
 */
static NsResult
guess_dearest(NsEnv *env, const NsGraph *g, const NsPathQuery *query,
			  const uint64_t *dead, double *dearest)
{
	int32_t    *link = ns_alloc_array(env, (size_t) g->nnodes, sizeof(int32_t));
	double		before;
	double		cost = -1;

	NS_NEED(link);
	do
	{
		NsWeights	w;
		NsSearch	s;
		int64_t		distance;

		before = cost;
		NS_TRY(ns_weights_build(env, g, query->cost, 1, before, &w));
		NS_TRY(ns_search_init(&s, env, g, &w));
		distance = ns_search_bounds(&s, query->src, query->dst, dead);
		if (distance != NS_UNREACHED)
			distance = ns_search_run(&s, query->src, query->dst, dead, distance);
		if (s.interrupted)
			return NS_INTERRUPTED;
		if (distance == NS_UNREACHED)
			break;
		cost = sum_of_costs(g, query->cost, link,
							ns_search_path(&s, query->src, link));
	} while (cost > 0 && (before < 0 || cost < before * CHANGES_LITTLE));
	*dearest = cost < 0 ? -1 : HEADROOM * cost;
	return NS_OK;
}

NsResult
ns_path_setup(NsEnv *env, const NsGraph *g, const NsPathQuery *query,
			  NsPathScope scope, NsPathSetup *setup)
{
	double		dearest = scope.dearest;

	if (ns_missing_cost(g, query->cost) >= 0)
		return NS_MISSING_COST;
	NS_TRY(avoid_set(env, g, query, setup));
	if (dearest == 0 && ns_weights_may_be_tight(g, query->cost, scope.k))
		NS_TRY(guess_dearest(env, g, query, setup->dead, &dearest));
	NS_TRY(ns_weights_build(env, g, query->cost, scope.k, dearest,
							&setup->weights));
	NS_TRY(ns_search_init(&setup->search, env, g, &setup->weights));

	setup->distance = ns_search_bounds(&setup->search, query->src,
									   scope.everywhere ? -1 : query->dst,
									   setup->dead);
	if (scope.everywhere)
		setup->distance = setup->search.bound[query->dst];
	return setup->search.interrupted ? NS_INTERRUPTED : NS_OK;
}

/*
 * The cost of a path: in exact form what its weights stand for, which is the
 * decimal sum and not, say, 0.30000000000000004; else the sum of doubles.
 */
static double
path_cost(const NsGraph *g, NsCostKind kind, const NsWeights *w,
		  const int32_t *link, int32_t nlinks)
{
	int64_t		sum = 0;

	for (int32_t i = 0; i < nlinks && sum < w->limit; i++)
		sum += w->weight[link[i]];
	return w->exact && sum < w->limit ? ns_weights_cost(w, sum)
		: sum_of_costs(g, kind, link, nlinks);
}

NsResult
ns_path_make(NsEnv *env, const NsGraph *g, const NsPathQuery *query,
			 const NsWeights *w, const NsLinkList *links, NsPath *path)
{
	path->cost = path_cost(g, query->cost, w, links->link, links->n);
	path->nlinks = links->n;
	NS_NEED(path->link = ns_alloc_array(env, (size_t) links->n, sizeof(int32_t)));
	NS_NEED(path->node = ns_alloc_array(env, (size_t) links->n + 1, sizeof(int32_t)));
	path->node[0] = query->src;
	for (int32_t i = 0; i < links->n; i++)
	{
		path->link[i] = links->link[i];
		path->node[i + 1] = ns_other_end(g, links->link[i], path->node[i]);
	}
	return NS_OK;
}

int
ns_path_compare(const NsPath *a, const NsPath *b)
{
	if (a->cost != b->cost)
		return a->cost < b->cost ? -1 : 1;
	if (a->nlinks != b->nlinks)
		return a->nlinks < b->nlinks ? -1 : 1;
	return ns_compare_links(a->link, a->nlinks, b->link, b->nlinks);
}

int
ns_compare_links(const int32_t *a, int32_t na, const int32_t *b, int32_t nb)
{
	int32_t		n = na < nb ? na : nb;

	for (int32_t i = 0; i < n; i++)
	{
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return (na > nb) - (na < nb);
}

NsResult
ns_shortest_path(NsEnv *env, const NsGraph *g, const NsPathQuery *query,
				 bool *found, NsPath *path)
{
	NsPathScope scope = {.k = 1,.dearest = 0,.everywhere = false};
	NsPathSetup setup;
	NsLinkList	links;
	int64_t		distance;

	*found = false;
	NS_TRY(ns_path_setup(env, g, query, scope, &setup));
	if (setup.distance == NS_UNREACHED)
		return NS_OK;

	/* the bounds are exact here: this walks the cheapest paths alone */
	distance = ns_search_run(&setup.search, query->src, query->dst, setup.dead,
							 setup.distance);
	if (setup.search.interrupted)
		return NS_INTERRUPTED;
	if (distance == NS_UNREACHED)
		return NS_BAD_INPUT;	/* cannot happen: the bounds came there */
	NS_NEED(links.link = ns_alloc_array(env, (size_t) g->nnodes, sizeof(int32_t)));
	links.n = ns_search_path(&setup.search, query->src, links.link);
	*found = true;
	return ns_path_make(env, g, query, &setup.weights, &links, path);
}
