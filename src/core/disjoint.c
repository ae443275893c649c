/*-------------------------------------------------------------------------
 *
 * disjoint.c
 *	  Entry points of the disjoint path solver: prepare the query, have it
 *	  solved, and report paths, proof and what is shared.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "disjoint_int.h"
#include "group_order.h"

/* Proven means proven to this part of the total cost. */
#define RELATIVE_GAP	1e-9

/* Costs that differ by many powers of ten take a few attempts. */
#define WEIGHTS_TRIED	4

typedef struct Run
{
	NsEnv	   *env;
	const NsGraph *graph;
	const NsDisjointQuery *query;
	RiskTable	risk;
	NsPathSetup setup;
	Solver		solver;
	bool		connected;		/* is there a path at all? */
	bool		none;			/* proven: no such set */
	bool		optimal;		/* proven, in weights */
	int64_t		bound;			/* proven, in weights */
} Run;

static NsResult
run_init(Run *r, double dearest)
{
	NsPathScope scope = {
		.k = r->query->k,.dearest = dearest,.everywhere = false
	};

	NS_TRY(ns_path_setup(r->env, r->graph, &r->query->path, scope, &r->setup));
	r->connected = r->setup.distance != NS_UNREACHED;
	r->none = !r->connected;
	r->optimal = false;
	r->bound = 0;
	if (r->none)
		return NS_OK;
	return solver_init(&r->solver, r->env, r->query, &r->setup, &r->risk);
}

static NsResult
run_strict(Run *r)
{
	SolveStatus status;

	NS_TRY(solve(&r->solver, &status, &r->bound));
	r->none = status == SOLVE_NONE;
	r->optimal = status == SOLVE_OPTIMAL;
	return NS_OK;
}

/* By how much, at most, do the weights misstate the cost of k paths? */
static double
rounding(const Run *r)
{
	return ns_weights_rounding(&r->setup.weights,
							   (int64_t) r->graph->npresent * r->query->k);
}

static double
total_cost(const Run *r)
{
	const PathSet *best = &r->solver.best;
	double		total = 0;

	for (int32_t p = 0; p < r->query->k; p++)
	{
		for (int32_t i = 0; i < best->nlinks[p]; i++)
			total += r->query->path.cost == NS_COST_HOPS ? 1
				: ns_link_cost(r->graph, r->query->path.cost, best->link[p][i]);
	}
	return total;
}

/*
 * Were the weights wrong for this answer: did it come to where they are cut
 * off, or are they too coarse to prove it although finer ones would do?  What
 * was found is then the dearest that matters in the next attempt.
 */
static bool
better_weights(const Run *r, double *dearest)
{
	double		before = *dearest;
	bool		cut = false;

	if (r->none || !r->solver.found)
		return false;
	for (int32_t p = 0; p < r->query->k; p++)
		cut = cut || r->solver.best.weight[p] >= r->setup.weights.limit;
	*dearest = total_cost(r);
	if (cut)
		return true;
	return *dearest > 0 && rounding(r) > RELATIVE_GAP * *dearest &&
		!(before > 0 && before <= 2 * *dearest);
}

/* ---------- report ---------- */

/* Which paths use each group, node and link; sets of paths as bits. */
typedef struct Usage
{
	uint64_t   *srlg;
	uint64_t   *node;
	uint64_t   *link;
} Usage;

static NsResult
find_usage(const Run *r, const NsDisjointResult *result, Usage *u)
{
	const RiskTable *t = &r->risk;

	NS_NEED(u->srlg = ns_alloc_zero(r->env, (size_t) r->graph->nsrlgs, sizeof(uint64_t)));
	NS_NEED(u->node = ns_alloc_zero(r->env, (size_t) r->graph->nnodes, sizeof(uint64_t)));
	NS_NEED(u->link = ns_alloc_zero(r->env, (size_t) r->graph->nlinks, sizeof(uint64_t)));
	for (int32_t p = 0; p < result->npaths; p++)
	{
		const NsPath *path = &result->path[p].path;
		uint64_t	me = UINT64_C(1) << p;

		for (int32_t i = 0; i < path->nlinks; i++)
		{
			int32_t		link = path->link[i];
			NsNumbers	srlgs;

			u->link[link] |= me;
			if (i > 0)
				u->node[path->node[i]] |= me;
			srlgs = link_srlgs(t, link);
			for (int32_t j = 0; j < srlgs.n; j++)
			{
				if (t->counts[srlgs.number[j]])
					u->srlg[srlgs.number[j]] |= me;
			}
		}
	}
	return NS_OK;
}

static bool
is_shared(uint64_t users)
{
	return (users & (users - 1)) != 0;
}

static NsResult
report_shared(const Run *r, const Usage *u, uint64_t me, NsDisjointPath *out)
{
	const NsPath *path = &out->path;
	NsNumbers	groups;
	size_t		n = (size_t) path->nlinks;

	NS_NEED(out->shared_link = ns_alloc_array(r->env, n, sizeof(int32_t)));
	NS_NEED(out->shared_node = ns_alloc_array(r->env, n, sizeof(int32_t)));
	out->nshared_srlgs = out->nshared_nodes = out->nshared_links = 0;
	for (int32_t i = 0; i < path->nlinks; i++)
	{
		if (is_shared(u->link[path->link[i]]))
			out->shared_link[out->nshared_links++] = path->link[i];
		if (i > 0 && is_shared(u->node[path->node[i]]))
			out->shared_node[out->nshared_nodes++] = path->node[i];
	}

	for (int32_t i = 0; i < r->graph->nsrlgs; i++)
	{
		if ((u->srlg[i] & me) && is_shared(u->srlg[i]))
			out->nshared_srlgs++;
	}
	NS_NEED(out->shared_srlg = ns_alloc_array(r->env, (size_t) out->nshared_srlgs, sizeof(int32_t)));
	n = 0;
	for (int32_t i = 0; i < r->graph->nsrlgs; i++)
	{
		if ((u->srlg[i] & me) && is_shared(u->srlg[i]))
			out->shared_srlg[n++] = i;
	}
	groups = (NsNumbers) {out->shared_srlg, out->nshared_srlgs};
	NS_TRY(ns_groups_by_id(r->env, r->graph, &groups));
	if (groups.n > 0 && groups.number != out->shared_srlg)
		memcpy(out->shared_srlg, groups.number, n * sizeof(int32_t));
	return NS_OK;
}

/* Where costs were rounded, their order may differ a little from the weights'. */
static void
order_by_cost(NsDisjointResult *result)
{
	for (int32_t i = 1; i < result->npaths; i++)
	{
		NsDisjointPath path = result->path[i];
		int32_t		j = i;

		for (; j > 0 && ns_path_compare(&path.path, &result->path[j - 1].path) < 0; j--)
			result->path[j] = result->path[j - 1];
		result->path[j] = path;
	}
}

static NsResult
report_paths(const Run *r, NsDisjointResult *result, double *total)
{
	const PathSet *best = &r->solver.best;
	Usage		usage;

	*total = 0;
	result->npaths = r->query->k;
	NS_NEED(result->path = ns_alloc_zero(r->env, (size_t) result->npaths, sizeof(NsDisjointPath)));
	for (int32_t p = 0; p < result->npaths; p++)
	{
		NsLinkList	links = {best->link[p], best->nlinks[p]};

		NS_TRY(ns_path_make(r->env, r->graph, &r->query->path,
							&r->setup.weights, &links, &result->path[p].path));
		*total += result->path[p].path.cost;
	}
	order_by_cost(result);
	NS_TRY(find_usage(r, result, &usage));
	for (int32_t p = 0; p < result->npaths; p++)
		NS_TRY(report_shared(r, &usage, UINT64_C(1) << p, &result->path[p]));
	return NS_OK;
}

static NsResult
report(const Run *r, NsDisjointResult *result)
{
	double		error = rounding(r);
	double		total;

	result->steps = r->setup.search.steps;
	if (r->none)
	{
		result->status = NS_DISJOINT_NONE;
		return NS_OK;
	}
	result->branches = r->solver.nbranches;
	result->lower_bound = ns_weights_cost(&r->setup.weights, r->bound) - error;
	if (!(result->lower_bound > 0))
		result->lower_bound = 0;
	if (!r->solver.found)
	{
		result->status = NS_DISJOINT_UNKNOWN;
		return NS_OK;
	}
	result->status = NS_DISJOINT_FOUND;
	NS_TRY(report_paths(r, result, &total));
	/*
	 * Nothing is below 0, whatever was rounded.  And where only ties were left
	 * when the budget ran out, the cost is proven all the same.
	 */
	result->optimal = (r->optimal && (error <= RELATIVE_GAP * total || total == 0)) ||
		(r->query->strict && result->lower_bound >= total * (1 - RELATIVE_GAP));
	if (result->optimal || result->lower_bound > total)
		result->lower_bound = total;
	return NS_OK;
}

/* ---------- entry points ---------- */

static bool
query_is_sound(const NsGraph *g, const NsDisjointQuery *query)
{
	return query->k >= 1 && query->k <= NS_MAX_DISJOINT && query->budget > 0 &&
		query->path.src >= 0 && query->path.src < g->nnodes &&
		query->path.dst >= 0 && query->path.dst < g->nnodes &&
		query->path.src != query->path.dst;
}

NsResult
ns_disjoint_paths(NsEnv *env, const NsGraph *g, const NsDisjointQuery *query,
				  NsDisjointResult *result)
{
	Run			r = {.env = env,.graph = g,.query = query};
	double		dearest = 0;

	*result = (NsDisjointResult) {.status = NS_DISJOINT_UNKNOWN};
	if (!query_is_sound(g, query))
		return NS_BAD_INPUT;
	NS_TRY(risk_table_build(env, g, query, &r.risk));
	for (int attempt = 0; attempt < WEIGHTS_TRIED; attempt++)
	{
		NS_TRY(run_init(&r, dearest));
		if (r.connected)
		{
			if (query->strict)
				NS_TRY(run_strict(&r));
			else
				NS_TRY(solve_relaxed(&r.solver, &r.optimal, &r.bound));
		}
		if (!better_weights(&r, &dearest))
			break;
	}
	return report(&r, result);
}

static bool
same_as_group(const RiskTable *t, int32_t srlg, int32_t risk)
{
	int32_t		own[2];
	int32_t		n[2];
	const int32_t *a = risk_links(t, srlg, &own[0], &n[0]);
	const int32_t *b = risk_links(t, risk, &own[1], &n[1]);

	return n[0] == n[1] && memcmp(a, b, (size_t) n[0] * sizeof(int32_t)) == 0;
}

/* Put the groups, which are all that is in the list yet, in the order of ids. */
static NsResult
order_obstacles(const Run *r, NsObstacle *list, int32_t n)
{
	int32_t    *number = ns_alloc_array(r->env, (size_t) n, sizeof(int32_t));
	NsNumbers	groups = {number, n};

	NS_NEED(number);
	for (int32_t i = 0; i < n; i++)
		number[i] = list[i].number;
	NS_TRY(ns_groups_by_id(r->env, r->graph, &groups));
	for (int32_t i = 0; i < n; i++)
		list[i].number = groups.number[i];
	return NS_OK;
}

/*
 * Groups: those found, and those that another risk stands for, which is found
 * in their place; then nodes, then links.
 */
static NsResult
list_obstacles(const Run *r, const int32_t *cuts, int32_t ncuts,
			   NsObstacle *list, int32_t *n)
{
	const RiskTable *t = &r->risk;
	int32_t		next = 0;		/* cuts are ascending, and so are groups */

	for (int32_t i = 0; r->query->srlg && i < t->first_link; i++)
	{
		bool		found = next < ncuts && cuts[next] == i;

		if (found)
			next++;
		else if (t->counts[i] && ns_bit_get(t->off, i))
		{
			for (int32_t j = 0; j < ncuts && !found; j++)
				found = same_as_group(t, i, cuts[j]);
		}
		if (found)
			list[(*n)++] = (NsObstacle) {NS_OBSTACLE_SRLG, i};
	}
	NS_TRY(order_obstacles(r, list, *n));
	for (int32_t j = 0; j < ncuts; j++)
	{
		if (cuts[j] >= t->first_node)
			list[(*n)++] = (NsObstacle) {NS_OBSTACLE_NODE, cuts[j] - t->first_node};
	}
	for (int32_t j = 0; j < ncuts; j++)
	{
		if (cuts[j] >= t->first_link && cuts[j] < t->first_node)
			list[(*n)++] = (NsObstacle) {NS_OBSTACLE_LINK, cuts[j] - t->first_link};
	}
	return NS_OK;
}

NsResult
ns_disjoint_obstacles(NsEnv *env, const NsGraph *g,
					  const NsDisjointQuery *query,
					  NsObstacle **obstacles, int32_t *nobstacles)
{
	NsDisjointQuery two = *query;
	Run			r = {.env = env,.graph = g,.query = &two};
	int32_t    *cuts;
	int32_t		ncuts;

	two.k = 2;
	two.budget = INT64_MAX;
	*obstacles = NULL;
	*nobstacles = 0;
	if (!query_is_sound(g, &two))
		return NS_BAD_INPUT;
	NS_TRY(risk_table_build(env, g, &two, &r.risk));
	NS_TRY(run_init(&r, 0));
	if (!r.connected)
		return NS_OK;
	NS_TRY(find_cuts(&r.solver, false, &cuts, &ncuts));
	NS_NEED(*obstacles = ns_alloc_array(env, (size_t) ncuts + (size_t) g->nsrlgs,
										sizeof(NsObstacle)));
	return list_obstacles(&r, cuts, ncuts, *obstacles, nobstacles);
}
