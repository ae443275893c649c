/*-------------------------------------------------------------------------
 *
 * difference.c
 *	  In how many elements do two views show different graphs?
 *
 * Numbers differ between views of the same graph, ids do not, and both are in
 * the same order: each kind of element is merged by id.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "difference.h"
#include "group_order.h"
#include "path_int.h"

#define INTERRUPT_MASK	1023

typedef struct Pair
{
	NsEnv	   *env;
	const NsGraph *a;
	const NsGraph *b;
} Pair;

/* A kind of element: how many numbers, which of them count, id, sameness. */
typedef struct Kind
{
	int32_t		(*count) (const NsGraph *g);
	bool		(*counts) (const NsGraph *g, int32_t number);
	int64_t		(*id) (const NsGraph *g, int32_t number);
	bool		(*same) (const Pair *pair, int32_t a, int32_t b);
} Kind;

static bool
same_cost(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static bool
same_ids(const Pair *pair, NsNumbers a, NsNumbers b,
		 int64_t (*id) (const NsGraph *g, int32_t number))
{
	if (a.n != b.n)
		return false;
	for (int32_t i = 0; i < a.n; i++)
	{
		if (id(pair->a, a.number[i]) != id(pair->b, b.number[i]))
			return false;
	}
	return true;
}

static bool
same_groups(const Pair *pair, NsNumbers a, NsNumbers b)
{
	return ns_groups_by_id(pair->env, pair->a, &a) == NS_OK &&
		ns_groups_by_id(pair->env, pair->b, &b) == NS_OK &&
		same_ids(pair, a, b, ns_srlg_id);
}

/* Two lists of fractions, as long as their numbers. */
static bool
same_fractions(const float *a, const float *b, int32_t n)
{
	for (int32_t i = 0; i < n; i++)
	{
		if (a[i] != b[i])
			return false;
	}
	return true;
}

static bool
same_arcs(const Pair *pair, NsArcs a, NsArcs b)
{
	if (a.n != b.n)
		return false;
	for (int32_t i = 0; i < a.n; i++)
	{
		if (ns_link_id(pair->a, a.arc[i].link) != ns_link_id(pair->b, b.arc[i].link) ||
			ns_node_id(pair->a, a.arc[i].node) != ns_node_id(pair->b, b.arc[i].node))
			return false;
	}
	return true;
}

static int32_t
count_nodes(const NsGraph *g)
{
	return g->nnodes;
}

static bool
same_node(const Pair *pair, int32_t a, int32_t b)
{
	const char *name = ns_node_name(pair->a, a);

	return strcmp(name, ns_node_name(pair->b, b)) == 0 &&
		ns_graph_find_node(pair->a, name) == a &&
		ns_graph_find_node(pair->b, name) == b &&
		same_arcs(pair, ns_out(pair->a, a), ns_out(pair->b, b)) &&
		same_arcs(pair, ns_in(pair->a, a), ns_in(pair->b, b)) &&
		same_groups(pair, ns_node_srlgs(pair->a, a), ns_node_srlgs(pair->b, b));
}

static int32_t
count_links(const NsGraph *g)
{
	return g->nlinks;
}

static bool
same_link(const Pair *pair, int32_t a, int32_t b)
{
	const int32_t *end_a = ns_link_end(pair->a, a);
	const int32_t *end_b = ns_link_end(pair->b, b);

	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
	{
		if (!same_cost(ns_link_cost(pair->a, (NsCostKind) kind, a),
					   ns_link_cost(pair->b, (NsCostKind) kind, b)))
			return false;
	}
	return ns_node_id(pair->a, end_a[0]) == ns_node_id(pair->b, end_b[0]) &&
		ns_node_id(pair->a, end_a[1]) == ns_node_id(pair->b, end_b[1]) &&
		ns_link_directed(pair->a, a) == ns_link_directed(pair->b, b) &&
		same_groups(pair, ns_link_srlgs(pair->a, a), ns_link_srlgs(pair->b, b));
}

static int32_t
count_srlgs(const NsGraph *g)
{
	return g->nsrlgs;
}

static bool
srlg_counts(const NsGraph *g, int32_t srlg)
{
	return ns_srlg_links(g, srlg).n > 0 || ns_srlg_nodes(g, srlg).n > 0;
}

static bool
same_srlg(const Pair *pair, int32_t a, int32_t b)
{
	NsNumbers	links = ns_srlg_links(pair->a, a);
	NsNumbers	nodes = ns_srlg_nodes(pair->a, a);

	return same_ids(pair, links, ns_srlg_links(pair->b, b), ns_link_id) &&
		same_ids(pair, nodes, ns_srlg_nodes(pair->b, b), ns_node_id) &&
		same_fractions(ns_srlg_share(pair->a, a), ns_srlg_share(pair->b, b),
					   links.n) &&
		same_fractions(ns_srlg_probability(pair->a, a),
					   ns_srlg_probability(pair->b, b), links.n) &&
		same_fractions(ns_srlg_node_probability(pair->a, a),
					   ns_srlg_node_probability(pair->b, b), nodes.n);
}

static const Kind node_kind = {count_nodes, ns_node_exists, ns_node_id, same_node};
static const Kind link_kind = {count_links, ns_link_up, ns_link_id, same_link};
static const Kind srlg_kind = {count_srlgs, srlg_counts, ns_srlg_id, same_srlg};

/* All numbers of a kind by ascending id. */
static NsResult
all_by_id(NsEnv *env, const Kind *kind, const NsGraph *g, NsNumbers *all)
{
	int32_t    *number = ns_alloc_array(env, (size_t) kind->count(g), sizeof(int32_t));

	if (number == NULL)
		return NS_NO_MEMORY;
	all->n = kind->count(g);
	all->number = number;
	for (int32_t i = 0; i < all->n; i++)
		number[i] = i;
	return kind == &srlg_kind ? ns_groups_by_id(env, g, all) : NS_OK;
}

/* The first place from here on whose number counts. */
static int32_t
next_of(const Kind *kind, const NsGraph *g, const NsNumbers *all, int32_t at)
{
	while (at < all->n && !kind->counts(g, all->number[at]))
		at++;
	return at;
}

static NsResult
compare_kind(NsEnv *env, const Pair *pair, const Kind *kind, int64_t *n)
{
	NsNumbers	all_a;
	NsNumbers	all_b;
	int32_t		a;
	int32_t		b;

	NS_TRY(all_by_id(env, kind, pair->a, &all_a));
	NS_TRY(all_by_id(env, kind, pair->b, &all_b));
	a = next_of(kind, pair->a, &all_a, 0);
	b = next_of(kind, pair->b, &all_b, 0);
	while (a < all_a.n || b < all_b.n)
	{
		int64_t		id_a = a < all_a.n ? kind->id(pair->a, all_a.number[a]) : INT64_MAX;
		int64_t		id_b = b < all_b.n ? kind->id(pair->b, all_b.number[b]) : INT64_MAX;

		if (id_a != id_b || !kind->same(pair, all_a.number[a], all_b.number[b]))
			(*n)++;
		if (id_a <= id_b)
			a = next_of(kind, pair->a, &all_a, a + 1);
		if (id_b <= id_a)
			b = next_of(kind, pair->b, &all_b, b + 1);
		if (((a ^ b) & INTERRUPT_MASK) == 0 && env->interrupted(env->state))
			return NS_INTERRUPTED;
	}
	return NS_OK;
}

static int64_t
missing_id(const NsGraph *g, int kind)
{
	int32_t		link = ns_missing_cost(g, (NsCostKind) kind);

	return link < 0 ? -1 : ns_link_id(g, link);
}

NsResult
ns_graph_differences(NsEnv *env, const NsGraph *a, const NsGraph *b, int64_t *n)
{
	const Kind *kind[] = {&node_kind, &link_kind, &srlg_kind};
	Pair		pair = {env, a, b};

	*n = 0;
	for (int i = 0; i < 3; i++)
	{
		NsResult	rc = compare_kind(env, &pair, kind[i], n);

		if (rc != NS_OK)
			return rc;
	}
	for (int i = 0; i < NS_STORED_COSTS; i++)
	{
		if (missing_id(a, i) != missing_id(b, i) ||
			a->cost_max[i] != b->cost_max[i] ||
			a->decimals[i] != b->decimals[i])
			(*n)++;
	}
	if (a->nup != b->nup || a->npresent != b->npresent ||
		a->nmemberships != b->nmemberships || a->directed != b->directed)
		(*n)++;
	return NS_OK;
}
