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

		if (srlg < 0)
			continue;
		for (int32_t j = ns_srlg_link_start(g)[srlg];
			 j < ns_srlg_link_start(g)[srlg + 1]; j++)
			ns_bit_set(setup->dead, ns_srlg_link(g)[j]);
	}
	return env->interrupted(env->state) ? NS_INTERRUPTED : NS_OK;
}

/*
 * A cost that few paths of interest exceed: some times that of the cheapest
 * path, which is found with weights of one path whose rounding does not matter
 * here.  Negative when there is no path.
 */
static NsResult
guess_dearest(NsEnv *env, const NsGraph *g, const NsPathQuery *query,
			  const uint64_t *dead, double *cost)
{
	NsWeights	w;
	NsSearch	s;
	int64_t		distance;

	NS_TRY(ns_weights_build(env, g, query->cost, 1, -1, &w));
	NS_TRY(ns_search_init(&s, env, g, &w));
	distance = ns_search_bounds(&s, query->src, query->dst, dead);
	if (s.interrupted)
		return NS_INTERRUPTED;
	*cost = distance == NS_UNREACHED ? -1
		: HEADROOM * ns_weights_cost(&w, distance);
	return NS_OK;
}

NsResult
ns_path_setup(NsEnv *env, const NsGraph *g, const NsPathQuery *query,
			  NsPathScope scope, NsPathSetup *setup)
{
	double		dearest = scope.dearest;

	if (query->cost != NS_COST_HOPS && g->missing[query->cost] >= 0)
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

NsResult
ns_path_make(NsEnv *env, const NsGraph *g, const NsPathQuery *query,
			 const int32_t *link, int32_t nlinks, NsPath *path)
{
	const double *cost = query->cost == NS_COST_HOPS ? NULL
		: ns_cost(g, query->cost);

	path->cost = 0;
	path->nlinks = nlinks;
	NS_NEED(path->link = ns_alloc_array(env, (size_t) nlinks, sizeof(int32_t)));
	NS_NEED(path->node = ns_alloc_array(env, (size_t) nlinks + 1, sizeof(int32_t)));
	path->node[0] = query->src;
	for (int32_t i = 0; i < nlinks; i++)
	{
		path->link[i] = link[i];
		path->node[i + 1] = ns_other_end(g, link[i], path->node[i]);
		path->cost += cost ? cost[link[i]] : 1.0;
	}
	return NS_OK;
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
	int32_t    *link;
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
	NS_NEED(link = ns_alloc_array(env, (size_t) g->nnodes, sizeof(int32_t)));
	*found = true;
	return ns_path_make(env, g, query, link,
						ns_search_path(&setup.search, query->src, link), path);
}
