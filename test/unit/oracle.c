/*-------------------------------------------------------------------------
 *
 * oracle.c
 *	  The path questions of path.h answered by enumeration; see oracle.h.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "oracle.h"

static bool
in_list(const NsIdList *list, int64_t id)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->id[i] == id)
			return true;
	return false;
}

/* ---- all loopless paths ---- */

typedef struct Walk
{
	UnitEnv    *u;
	const Net  *net;
	const NsPathQuery *query;
	uint32_t	dead;			/* links not to be used */
	uint32_t	visited;		/* nodes, the source included */
	OraclePath	path;			/* so far */
	OraclePaths *all;
} Walk;

static void
walk_from(Walk *w, int32_t node)
{
	if (node == w->query->dst)
	{
		OraclePaths *all = w->all;

		all->path = ns_grow_array(&w->u->env, all->path, &all->room,
								  (size_t) all->n + 1, sizeof(OraclePath));
		all->path[all->n] = w->path;
		all->path[all->n++].nodes &= ~(1u << node);
		return;
	}
	for (int32_t i = 0; i < w->net->nlinks; i++)
	{
		const NetLink *l = &w->net->link[i];
		OraclePath	before = w->path;
		int32_t		next;

		if (!l->up)
			continue;
		if (l->a == node)
			next = l->z;
		else if (l->z == node && !l->directed)
			next = l->a;
		else
			continue;
		if ((w->dead >> i & 1) || (w->visited >> next & 1))
			continue;
		w->visited |= 1u << next;
		w->path.cost += net_cost(w->net, w->query->cost, i);
		w->path.link[w->path.nlinks++] = i;
		w->path.links |= 1u << i;
		w->path.nodes |= 1u << next;
		walk_from(w, next);
		w->path = before;
		w->visited &= ~(1u << next);
	}
}

static int
compare_sequences(const OraclePath *x, const OraclePath *y)
{
	for (int i = 0; i < x->nlinks && i < y->nlinks; i++)
		if (x->link[i] != y->link[i])
			return x->link[i] < y->link[i] ? -1 : 1;
	return x->nlinks - y->nlinks;
}

static int
compare_paths(const void *a, const void *b)
{
	const OraclePath *x = a;
	const OraclePath *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	if (x->nlinks != y->nlinks)
		return x->nlinks - y->nlinks;
	return compare_sequences(x, y);
}

void
oracle_paths(UnitEnv *u, const Net *net, const NsPathQuery *query,
			 OraclePaths *paths)
{
	Walk		w = {.u = u,.net = net,.query = query,.all = paths};

	for (int32_t i = 0; i < net->nlinks; i++)
		if (in_list(&query->avoid_links, net->link_id[i]))
			w.dead |= 1u << i;
	for (int32_t i = 0; i < net->nmembers; i++)
		if (net->member[i].share > 0 &&
			in_list(&query->avoid_srlgs, net->group_id[net->member[i].group]))
			w.dead |= 1u << net->member[i].link;
	memset(paths, 0, sizeof(*paths));
	w.visited = 1u << query->src;
	walk_from(&w, query->src);
	if (paths->n > 0)
		qsort(paths->path, (size_t) paths->n, sizeof(OraclePath), compare_paths);
}

/* ---- sets of paths ---- */

/*
 * Links of the group whose loss the question counts.  A threshold is compared
 * as the graph keeps shares: as a float.
 */
static uint32_t
links_of_group(const Net *net, const NsDisjointQuery *query, int32_t group)
{
	uint32_t	links = 0;

	for (int32_t i = 0; i < net->nmembers; i++)
	{
		const NetMember *m = &net->member[i];

		if (m->group == group && m->share > 0 &&
			m->share >= (float) query->min_share &&
			m->probability >= (float) query->min_probability)
			links |= 1u << m->link;
	}
	return links;
}

static bool
group_counts(const Net *net, const NsDisjointQuery *query, int32_t group)
{
	if (!query->srlg || in_list(&query->ignore_srlgs, net->group_id[group]))
		return false;
	for (int32_t i = 0; i < net->ndowns; i++)
		if (net->down[i].group == group &&
			net->down[i].probability > 0 &&
			net->down[i].probability >= (float) query->min_probability &&
			(net->down[i].node == query->path.src ||
			 net->down[i].node == query->path.dst))
			return false;
	return true;
}

void
oracle_count(const Net *net, const NsDisjointQuery *query, OraclePaths *paths)
{
	for (int32_t i = 0; i < paths->n; i++)
		paths->path[i].groups = 0;
	for (int32_t g = 0; g < net->ngroups; g++)
	{
		uint32_t	links;

		if (!group_counts(net, query, g))
			continue;
		links = links_of_group(net, query, g);
		for (int32_t i = 0; i < paths->n; i++)
			if (paths->path[i].links & links)
				paths->path[i].groups |= UINT64_C(1) << g;
	}
}

int
oracle_compare(const OraclePaths *paths, const OracleSet *x, const OracleSet *y,
			   int k)
{
	if (x->shared_groups != y->shared_groups)
		return x->shared_groups - y->shared_groups;
	if (x->shared_nodes != y->shared_nodes)
		return x->shared_nodes - y->shared_nodes;
	if (x->shared_links != y->shared_links)
		return x->shared_links - y->shared_links;
	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	if (x->nlinks != y->nlinks)
		return x->nlinks - y->nlinks;
	for (int i = 0; i < k; i++)
	{
		int			c = compare_sequences(&paths->path[x->path[i]],
										  &paths->path[y->path[i]]);

		if (c != 0)
			return c;
	}
	return 0;
}

/* Bits that at least two of the first k have. */
static uint64_t
in_two(const uint64_t *bits, int k)
{
	uint64_t	once = 0;
	uint64_t	twice = 0;

	for (int i = 0; i < k; i++)
	{
		twice |= once & bits[i];
		once |= bits[i];
	}
	return twice;
}

void
oracle_evaluate(const NsDisjointQuery *query, const OraclePaths *paths,
				const int32_t *chosen, OracleSet *set)
{
	uint64_t	groups[3];
	uint64_t	nodes[3];
	uint64_t	links[3];

	*set = (OracleSet) {.found = true};
	for (int i = 0; i < query->k; i++)
	{
		const OraclePath *p = &paths->path[chosen[i]];

		groups[i] = p->groups;
		nodes[i] = p->nodes;
		links[i] = p->links;
		set->cost += p->cost;
		set->nlinks += p->nlinks;
		set->path[i] = chosen[i];
	}
	set->shared_groups = __builtin_popcountll(in_two(groups, query->k));
	if (query->node)
		set->shared_nodes = __builtin_popcountll(in_two(nodes, query->k));
	set->shared_links = __builtin_popcountll(in_two(links, query->k));
}

static void
consider(const NsDisjointQuery *query, const OraclePaths *paths,
		 const int32_t *chosen, OracleSet *best)
{
	OracleSet	set;

	oracle_evaluate(query, paths, chosen, &set);
	if (query->strict && set.shared_groups + set.shared_nodes +
		set.shared_links > 0)
		return;
	if (!best->found || oracle_compare(paths, &set, best, query->k) < 0)
		*best = set;
}

void
oracle_disjoint(const NsDisjointQuery *query, const OraclePaths *paths,
				OracleSet *best)
{
	int32_t		i[3];

	memset(best, 0, sizeof(*best));
	for (i[0] = 0; i[0] < paths->n; i[0]++)
	{
		if (query->k == 1)
			consider(query, paths, i, best);
		for (i[1] = i[0]; i[1] < paths->n && query->k > 1; i[1]++)
		{
			if (query->k == 2)
				consider(query, paths, i, best);
			for (i[2] = i[1]; i[2] < paths->n && query->k > 2; i[2]++)
				consider(query, paths, i, best);
		}
	}
}

int32_t
oracle_find(const OraclePaths *paths, const int32_t *link, int32_t nlinks)
{
	for (int32_t i = 0; i < paths->n; i++)
		if (paths->path[i].nlinks == nlinks &&
			memcmp(paths->path[i].link, link,
				   (size_t) nlinks * sizeof(int32_t)) == 0)
			return i;
	return -1;
}

/* ---- obstacles ---- */

OracleObstacles
oracle_obstacles(const Net *net, const NsDisjointQuery *query,
				 const OraclePaths *paths)
{
	OracleObstacles all = {0, 0, 0};
	uint32_t	inner = ((1u << net->nnodes) - 1) &
		~(1u << query->path.src) & ~(1u << query->path.dst);

	if (paths->n == 0)
		return all;

	/* an obstacle is what every path uses */
	all.links = ~0u;
	all.nodes = query->node ? inner : 0;
	all.groups = query->srlg ? ~UINT64_C(0) : 0;
	for (int32_t i = 0; i < paths->n; i++)
	{
		all.links &= paths->path[i].links;
		all.nodes &= paths->path[i].nodes;
		all.groups &= paths->path[i].groups;
	}
	return all;
}
