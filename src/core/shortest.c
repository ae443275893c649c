/*-------------------------------------------------------------------------
 *
 * shortest.c
 *	  The cheapest path, and what the other path functions do before and
 *	  after their search.
 *
 *-------------------------------------------------------------------------
 */
#include "goal.h"

/* Paths up to this many times the cheapest one's cost are expected to do. */
#define HEADROOM	16.0

/* By how much landmarks usually fall short of a cost. */
#define LANDMARK_MISSES	1.03

/* Distances of so many units a node of the graph are not far from the cost. */
#define TELLS_WELL	64

/* Costs at which two scales meet could call for them in turn. */
#define MAX_ROUNDS	64

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
 * path.  Negative when there is none.
 */
static NsResult
guess_dearest(NsEnv *env, const NsGraph *g, const NsPathQuery *query,
			  double *dearest)
{
	NsPath		path;
	bool		found;

	NS_TRY(ns_shortest_path(env, g, query, &found, &path));
	*dearest = found ? HEADROOM * path.cost : -1;
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
		NS_TRY(guess_dearest(env, g, query, &dearest));
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
		sum += ns_weight_of(w, ns_link_cost_of(g, kind, link[i]));
	return w->exact && sum < w->limit ? ns_weights_cost(w, sum)
		: sum_of_costs(g, kind, link, nlinks);
}

NsResult
ns_path_make(NsEnv *env, const NsGraph *g, const NsPathQuery *query,
			 const NsWeights *w, const NsLinkList *links, NsPath *path)
{
	path->cost = path_cost(g, query->cost, w, links->link, links->n);
	path->nlinks = links->n;
	path->steps = 0;
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

/* ---------- one path ---------- */

/* The path found last, of this distance by the weights. */
static NsResult
goal_path(const NsGoal *q, const NsWeights *w, int64_t distance, NsPath *path)
{
	size_t		n = (size_t) ns_goal_length(q);

	NS_NEED(path->link = ns_alloc_array(q->env, 2 * n + 1, sizeof(int32_t)));
	path->node = path->link + n;
	path->nlinks = (int32_t) n;
	ns_goal_path(q, path->link, path->node);
	path->cost = w->exact && distance < w->limit ? ns_weights_cost(w, distance)
		: sum_of_costs(q->graph, q->query->cost, path->link, path->nlinks);
	return NS_OK;
}

/*
 * Weights to begin with, where those for any path are not fine enough or not
 * exact: by the bound that landmarks give, else by a search forward, which
 * gives bounds to the search proper as well.  False: there is no path.
 */
static bool
first_weights(NsGoal *q, NsWeights *w)
{
	const NsGraph *g = q->graph;
	const NsCostKind kind = q->query->cost;
	double		dearest;

	if (q->query->src == q->query->dst)
		return true;
	if (q->landmark.landmarks != NULL)
		dearest = ns_landmark_cost(&q->landmark, q->dst) * LANDMARK_MISSES;
	else
	{
		int64_t		distance = ns_goal_reach(q, w);

		if (distance == NS_UNREACHED)
			return false;
		/* each link was rounded down by less than 1 */
		if (distance / g->nnodes < TELLS_WELL)
			distance += g->nnodes;
		dearest = ns_weights_cost(w, distance);
	}
	if (dearest > 0)
		ns_weights_choose(g, kind, 1, HEADROOM * dearest, w);
	return true;
}

/*
 * Where weights depend on how dear paths are, those count that suit the path
 * that they give: so it is no matter where the search for them begins.  (Among
 * links a million times dearer than the path, weights for any path say little
 * of it.)
 */
static NsResult
find_path(NsGoal *q, bool *found, NsPath *path)
{
	const NsGraph *g = q->graph;
	const NsCostKind kind = q->query->cost;
	NsWeights	w;

	ns_weights_choose(g, kind, 1, -1, &w);
	if (ns_weights_may_be_tight(g, kind, 1) && !first_weights(q, &w))
		return q->result;
	for (int round = 1;; round++)
	{
		NsWeights	last = w;
		int64_t		distance = ns_goal_run(q, &w);

		if (distance == NS_UNREACHED)
			return q->result;
		NS_TRY(goal_path(q, &w, distance, path));
		if ((w.exact && !w.tight) || path->cost == 0)
			break;				/* no weights tell of less */
		ns_weights_choose(g, kind, 1, HEADROOM * path->cost, &w);
		if (ns_weights_same(&w, &last) || round == MAX_ROUNDS)
			break;
	}
	*found = true;
	return NS_OK;
}

NsResult
ns_shortest_path(NsEnv *env, const NsGraph *g, const NsPathQuery *query,
				 bool *found, NsPath *path)
{
	NsGoal		q;
	NsResult	result;
	bool		hopeless;

	*found = false;
	path->steps = 0;
	if (ns_missing_cost(g, query->cost) >= 0)
		return NS_MISSING_COST;
	NS_TRY(ns_goal_init(&q, env, g, query, &hopeless));
	if (hopeless)
		return NS_OK;
	result = find_path(&q, found, path);
	path->steps = q.steps;
	return result;
}
