/*-------------------------------------------------------------------------
 *
 * verify.c
 *	  Is an answer what it claims to be?  See verify.h.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>

#include "verify.h"

bool
verify_close(double a, double b)
{
	return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static bool
has_id(const NsIdList *list, int64_t id)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->id[i] == id)
			return true;
	return false;
}

static bool
link_avoided(const NsGraph *g, const NsPathQuery *query, int32_t link)
{
	NsNumbers	srlgs = ns_link_srlgs(g, link);

	if (has_id(&query->avoid_links, ns_link_id(g, link)))
		return true;
	for (int32_t i = 0; i < srlgs.n; i++)
		if (has_id(&query->avoid_srlgs, ns_srlg_id(g, srlgs.number[i])))
			return true;
	return false;
}

/* Does link number i of the path lead from its node i to its node i + 1? */
static bool
link_leads(const NsGraph *g, const NsPath *path, int32_t i)
{
	const int32_t *end = ns_link_end(g, path->link[i]);

	if (end[0] == path->node[i] && end[1] == path->node[i + 1])
		return true;
	return !ns_link_directed(g, path->link[i]) &&
		end[1] == path->node[i] && end[0] == path->node[i + 1];
}

bool
verify_path(const NsGraph *g, const NsPathQuery *query, const NsPath *path)
{
	double		cost = 0;
	bool		ok = true;

	ok &= UNIT_CHECK(path->node[0] == query->src &&
					 path->node[path->nlinks] == query->dst,
					 "the path leads from %d to %d, not from %d to %d",
					 path->node[0], path->node[path->nlinks], query->src,
					 query->dst);
	for (int32_t i = 0; i < path->nlinks; i++)
	{
		int32_t		link = path->link[i];

		if (!UNIT_CHECK(link >= 0 && link < g->nlinks, "link %d", link))
			return false;
		ok &= UNIT_CHECK(link_leads(g, path, i),
						 "link %d does not lead from node %d to %d", link,
						 path->node[i], path->node[i + 1]);
		ok &= UNIT_CHECK(ns_link_up(g, link), "link %d is not up", link);
		ok &= UNIT_CHECK(!link_avoided(g, query, link),
						 "link %d was to be avoided", link);
		for (int32_t j = 0; j <= i; j++)
			ok &= UNIT_CHECK(path->node[j] != path->node[i + 1],
							 "node %d twice on a path", path->node[j]);
		cost += query->cost == NS_COST_HOPS ? 1 : ns_link_cost(g, query->cost, link);
	}
	/* 0.1 + 0.2 is 0.3 there, and a little more in doubles */
	ok &= UNIT_CHECK(path->cost == cost ||
					 fabs(path->cost - cost) <= 1e-12 * cost,
					 "cost %.17g, but the links' sum is %.17g", path->cost, cost);
	return ok;
}

double
verify_total(const NsDisjointResult *result)
{
	double		total = 0;

	for (int32_t i = 0; i < result->npaths; i++)
		total += result->path[i].path.cost;
	return total;
}

/* ---- what is shared ---- */

bool
verify_group_counts(const NsGraph *g, const NsDisjointQuery *query,
					int32_t group)
{
	NsNumbers	nodes = ns_srlg_nodes(g, group);

	if (has_id(&query->ignore_srlgs, ns_srlg_id(g, group)))
		return false;
	for (int32_t i = 0; i < nodes.n; i++)
		if ((nodes.number[i] == query->path.src ||
			 nodes.number[i] == query->path.dst) &&
			ns_srlg_node_probability(g, group)[i] >= (float) query->min_probability)
			return false;
	return true;
}

/* Does row number `row` of a group reach the thresholds? */
static bool
member_counts(const NsGraph *g, const NsDisjointQuery *query, int32_t group,
			  int32_t row)
{
	return ns_srlg_share(g, group)[row] >= (float) query->min_share &&
		ns_srlg_probability(g, group)[row] >= (float) query->min_probability;
}

static bool
path_uses_group(const NsGraph *g, const NsDisjointQuery *query,
				const NsPath *path, int32_t group)
{
	NsNumbers	links = ns_srlg_links(g, group);

	for (int32_t row = 0; row < links.n; row++)
		for (int32_t i = 0; i < path->nlinks; i++)
			if (path->link[i] == links.number[row] &&
				member_counts(g, query, group, row))
				return true;
	return false;
}

/* How many paths use each link, inner node and group that counts. */
typedef struct Uses
{
	int32_t    *link;
	int32_t    *node;
	int32_t    *group;
} Uses;

static void
count_uses(const NsGraph *g, const NsDisjointQuery *query,
		   const NsDisjointResult *result, Uses *uses)
{
	for (int32_t p = 0; p < result->npaths; p++)
	{
		const NsPath *path = &result->path[p].path;

		for (int32_t i = 0; i < path->nlinks; i++)
		{
			uses->link[path->link[i]]++;
			if (i > 0)
				uses->node[path->node[i]]++;
		}
		for (int32_t group = 0; group < g->nsrlgs; group++)
			if (path_uses_group(g, query, path, group) &&
				verify_group_counts(g, query, group))
				uses->group[group]++;
	}
}

static bool
verify_shared(const NsGraph *g, const NsDisjointQuery *query,
			  const NsDisjointPath *dp, const Uses *uses)
{
	const NsPath *path = &dp->path;
	int32_t		nlinks = 0;
	int32_t		nnodes = 0;
	int32_t		ngroups = 0;
	bool		ok = true;

	for (int32_t i = 0; i < path->nlinks; i++)
	{
		if (uses->link[path->link[i]] > 1)
		{
			ok &= nlinks < dp->nshared_links &&
				dp->shared_link[nlinks] == path->link[i];
			nlinks++;
		}
		if (i > 0 && uses->node[path->node[i]] > 1)
		{
			ok &= nnodes < dp->nshared_nodes &&
				dp->shared_node[nnodes] == path->node[i];
			nnodes++;
		}
	}
	for (int32_t group = 0; group < g->nsrlgs; group++)
	{
		if (uses->group[group] < 2 || !path_uses_group(g, query, path, group))
			continue;
		ok &= ngroups < dp->nshared_srlgs && dp->shared_srlg[ngroups] == group;
		ngroups++;
	}
	ok &= nlinks == dp->nshared_links && nnodes == dp->nshared_nodes &&
		ngroups == dp->nshared_srlgs;
	ok = UNIT_CHECK(ok, "shared groups, nodes, links are %d, %d, %d; "
					"the answer lists %d, %d, %d or others", ngroups, nnodes,
					nlinks, dp->nshared_srlgs, dp->nshared_nodes,
					dp->nshared_links);
	if (query->strict)
		ok &= UNIT_CHECK(nlinks + (query->node ? nnodes : 0) +
						 (query->srlg ? ngroups : 0) == 0,
						 "strict, but %d groups, %d nodes, %d links are shared",
						 ngroups, nnodes, nlinks);
	return ok;
}

bool
verify_disjoint(UnitEnv *u, const NsGraph *g, const NsDisjointQuery *query,
				const NsDisjointResult *result)
{
	Uses		uses;
	double		total = verify_total(result);
	bool		ok = true;

	if (result->status != NS_DISJOINT_FOUND)
		return UNIT_CHECK(result->npaths == 0, "%d paths though none is found",
						  result->npaths);
	if (!UNIT_CHECK(result->npaths == query->k, "%d paths, not %d",
					result->npaths, query->k))
		return false;
	for (int32_t i = 0; i < result->npaths; i++)
	{
		double		cost = result->path[i].path.cost;

		ok &= verify_path(g, &query->path, &result->path[i].path);
		if (i > 0)
			ok &= UNIT_CHECK(cost >= result->path[i - 1].path.cost ||
							 verify_close(cost, result->path[i - 1].path.cost),
							 "path %d is cheaper than the one before it", i);
	}
	ok &= UNIT_CHECK(result->lower_bound <= total ||
					 verify_close(result->lower_bound, total),
					 "lower bound %.17g above the cost %.17g",
					 result->lower_bound, total);
	if (result->optimal)
		ok &= UNIT_CHECK(verify_close(result->lower_bound, total),
						 "optimal, but the bound is %.17g of %.17g",
						 result->lower_bound, total);

	uses.link = unit_alloc(u, (size_t) g->nlinks, sizeof(int32_t));
	uses.node = unit_alloc(u, (size_t) g->nnodes, sizeof(int32_t));
	uses.group = unit_alloc(u, (size_t) g->nsrlgs, sizeof(int32_t));
	count_uses(g, query, result, &uses);
	for (int32_t i = 0; i < result->npaths && ok; i++)
		ok &= verify_shared(g, query, &result->path[i], &uses);
	return ok;
}
