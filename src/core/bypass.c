/*-------------------------------------------------------------------------
 *
 * bypass.c
 *	  Bypasses; see bypass.h.
 *
 * A question marks the links that it may not use, those protected and those of
 * the groups that count, and searches.  The cheapest way of all is the answer
 * where it has enough capacity, which it mostly has; else the most capacity is
 * found, and the cheapest way among those that have it.
 *
 *-------------------------------------------------------------------------
 */
#include "bypass.h"
#include "path_int.h"
#include "sort.h"
#include "two_ended.h"

/* Paths up to this many times the one found are expected to do. */
#define HEADROOM	16.0

/* A cost may be misstated by this part of it. */
#define PRECISION	1e-12

/* Costs at which two scales meet could call for them in turn. */
#define MAX_ROUNDS	8

/* Groups that are tried one by one, beside those that no way avoids. */
#define MAX_TRIALS	64

/* Capacities that are tried one by one. */
#define MAX_LEVELS	7

typedef struct Found			/* what a search has found */
{
	int64_t		distance;
	double		bottleneck;
	int32_t		nlinks;
	int32_t    *link;			/* room for nnodes */
} Found;

struct NsBypassWork
{
	const NsBypassQuery *query;
	NsTwoEnded	search;
	NsWeights	general;		/* for whatever a path can cost */
	NsWeights	weights;		/* by which the cells are filled */
	uint64_t   *ignored;		/* groups, as bits */
	double	   *level;			/* capacities of links, ascending, each once */
	int32_t		nlevels;

	/* of the question being answered */
	const NsBypassTask *task;
	uint32_t	stamp;
	uint32_t   *seen;			/* by group: is it in the list? */
	uint32_t   *at_end;			/* by group: does it take down an end? */
	int32_t    *group;			/* that count; room for all */
	bool	   *allowed;		/* may the way share it? parallel to group */
	bool	   *shared;			/* does it? likewise */
	int32_t		ngroups;
	Found		found;			/* the answer so far ... */
	Found		trial;			/* ... and ones that may be better */
	Found		wider;
	int32_t    *node;
	int32_t    *shared_srlg;
};

/* ---------- the workspace ---------- */

static void
fill_weights(NsBypassWork *b, const NsWeights *w)
{
	const NsGraph *g = b->search.graph;

	b->weights = *w;
	b->search.limit = w->limit;
	for (int32_t i = 0; i < g->nlinks; i++)
		b->search.cell[i].weight =
			ns_weight_of(w, ns_link_cost_of(g, b->query->cost, i));
}

static void
avoid_always(NsBypassWork *b)
{
	const NsGraph *g = b->search.graph;
	const NsBypassQuery *query = b->query;

	for (size_t i = 0; i < query->avoid_links.n; i++)
	{
		int32_t		link = ns_graph_find_link(g, query->avoid_links.id[i]);

		if (link >= 0)
			b->search.cell[link].dead = NS_DEAD_FOREVER;
	}
	for (size_t i = 0; i < query->avoid_srlgs.n; i++)
	{
		int32_t		srlg = ns_graph_find_srlg(g, query->avoid_srlgs.id[i]);
		NsNumbers	links = {NULL, 0};

		if (srlg >= 0)
			links = ns_srlg_links(g, srlg);
		for (int32_t j = 0; j < links.n; j++)
			b->search.cell[links.number[j]].dead = NS_DEAD_FOREVER;
	}
	for (size_t i = 0; i < query->ignore_srlgs.n; i++)
	{
		int32_t		srlg = ns_graph_find_srlg(g, query->ignore_srlgs.id[i]);

		if (srlg >= 0)
			ns_bit_set(b->ignored, srlg);
	}
}

static int
compare_capacities(const void *context, int32_t a, int32_t b)
{
	const double *capacity = context;

	return (capacity[a] > capacity[b]) - (capacity[a] < capacity[b]);
}

static NsResult
list_levels(NsBypassWork *b, NsEnv *env)
{
	const NsGraph *g = b->search.graph;
	const double *capacity = b->query->capacity;
	int32_t    *link;
	size_t		n = 0;

	if (capacity == NULL)
		return NS_OK;
	NS_NEED(link = ns_alloc_array(env, (size_t) g->nlinks, sizeof(int32_t)));
	NS_NEED(b->level = ns_alloc_array(env, (size_t) g->nlinks, sizeof(double)));
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		/* many links have the capacity of the one before */
		if (!isnan(capacity[i]) && (n == 0 || capacity[link[n - 1]] != capacity[i]))
			link[n++] = i;
	}
	NS_TRY(ns_sort(env, link, n, compare_capacities, capacity));
	for (size_t i = 0; i < n; i++)
	{
		if (b->nlevels == 0 || b->level[b->nlevels - 1] != capacity[link[i]])
			b->level[b->nlevels++] = capacity[link[i]];
	}
	return NS_OK;
}

NsResult
ns_bypass_open(NsEnv *env, const NsGraph *g, const NsBypassQuery *query,
			   NsBypassWork **work)
{
	size_t		nodes = (size_t) g->nnodes;
	size_t		groups = (size_t) g->nsrlgs;
	NsBypassWork *b = ns_alloc_zero(env, 1, sizeof(NsBypassWork));

	if (ns_missing_cost(g, query->cost) >= 0)
		return NS_MISSING_COST;
	NS_NEED(b);
	b->query = query;
	NS_TRY(ns_two_ended_init(&b->search, env, g));
	b->search.capacity = query->capacity;
	NS_NEED(b->ignored = ns_alloc_zero(env, ns_bits_words(g->nsrlgs), sizeof(uint64_t)));
	NS_NEED(b->seen = ns_alloc_zero(env, groups, sizeof(uint32_t)));
	NS_NEED(b->at_end = ns_alloc_zero(env, groups, sizeof(uint32_t)));
	NS_NEED(b->group = ns_alloc_array(env, groups, sizeof(int32_t)));
	NS_NEED(b->allowed = ns_alloc_array(env, groups, sizeof(bool)));
	NS_NEED(b->shared = ns_alloc_array(env, groups, sizeof(bool)));
	NS_NEED(b->shared_srlg = ns_alloc_array(env, groups, sizeof(int32_t)));
	NS_NEED(b->found.link = ns_alloc_array(env, nodes, sizeof(int32_t)));
	NS_NEED(b->trial.link = ns_alloc_array(env, nodes, sizeof(int32_t)));
	NS_NEED(b->wider.link = ns_alloc_array(env, nodes, sizeof(int32_t)));
	NS_NEED(b->node = ns_alloc_array(env, nodes + 1, sizeof(int32_t)));
	ns_weights_choose(g, query->cost, 1, -1, &b->general);
	fill_weights(b, &b->general);
	avoid_always(b);
	NS_TRY(list_levels(b, env));
	*work = b;
	return NS_OK;
}

/* ---------- which groups count ---------- */

static bool
reaches_thresholds(const NsBypassWork *b, float share, float probability)
{
	/* as float, as they are stored: 0.1 reaches 0.1 */
	return share >= (float) b->query->min_share &&
		probability >= (float) b->query->min_probability;
}

/* Position in an ascending list that has it. */
static int32_t
position(NsNumbers list, int32_t number)
{
	int32_t		low = 0;
	int32_t		high = list.n - 1;

	while (low < high)
	{
		int32_t		middle = low + (high - low) / 2;

		if (list.number[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Does the membership of this link in this group of its own count? */
static bool
membership_counts(const NsBypassWork *b, int32_t srlg, int32_t link)
{
	const NsGraph *g = b->search.graph;
	int32_t		i;

	if (b->query->min_share <= 0 && b->query->min_probability <= 0)
		return true;
	i = position(ns_srlg_links(g, srlg), link);
	return reaches_thresholds(b, ns_srlg_share(g, srlg)[i],
							  ns_srlg_probability(g, srlg)[i]);
}

/* Note the groups that take down this end. */
static void
note_end(NsBypassWork *b, int32_t node)
{
	const NsGraph *g = b->search.graph;
	NsNumbers	srlgs = ns_node_srlgs(g, node);

	for (int32_t i = 0; i < srlgs.n; i++)
	{
		int32_t		srlg = srlgs.number[i];
		int32_t		at = position(ns_srlg_nodes(g, srlg), node);

		if (ns_srlg_node_probability(g, srlg)[at] >= (float) b->query->min_probability)
			b->at_end[srlg] = b->stamp;
	}
}

/* List the groups of the links that are protected. */
static void
list_groups(NsBypassWork *b)
{
	const NsBypassTask *task = b->task;

	b->ngroups = 0;
	if (!b->query->srlg)
		return;
	note_end(b, task->src);
	note_end(b, task->dst);
	for (int32_t i = 0; i < task->nlinks; i++)
	{
		NsNumbers	srlgs = ns_link_srlgs(b->search.graph, task->link[i]);

		for (int32_t j = 0; j < srlgs.n; j++)
		{
			int32_t		srlg = srlgs.number[j];

			if (b->seen[srlg] == b->stamp || b->at_end[srlg] == b->stamp ||
				ns_bit_get(b->ignored, srlg) ||
				!membership_counts(b, srlg, task->link[i]))
				continue;
			b->seen[srlg] = b->stamp;
			b->allowed[b->ngroups] = false;
			b->group[b->ngroups++] = srlg;
		}
	}
}

static void
kill_group(NsBypassWork *b, int32_t srlg)
{
	const NsGraph *g = b->search.graph;
	NsNumbers	links = ns_srlg_links(g, srlg);
	const float *share = ns_srlg_share(g, srlg);
	const float *probability = ns_srlg_probability(g, srlg);

	for (int32_t i = 0; i < links.n; i++)
	{
		if (reaches_thresholds(b, share[i], probability[i]))
			ns_two_ended_kill(&b->search, links.number[i]);
	}
}

/* Leave alive what does not share a group, but for the groups allowed. */
static void
kill_shared(NsBypassWork *b)
{
	ns_two_ended_revive(&b->search);
	for (int32_t i = 0; i < b->task->nlinks; i++)
		ns_two_ended_kill(&b->search, b->task->link[i]);
	for (int32_t i = 0; i < b->ngroups; i++)
	{
		if (!b->allowed[i])
			kill_group(b, b->group[i]);
	}
}

/* Leave alive all but the links that are protected and those of one group. */
static void
kill_one(NsBypassWork *b, int32_t srlg)
{
	ns_two_ended_revive(&b->search);
	for (int32_t i = 0; i < b->task->nlinks; i++)
		ns_two_ended_kill(&b->search, b->task->link[i]);
	if (srlg >= 0)
		kill_group(b, srlg);
}

/* ---------- the cheapest way with the capacity there is ---------- */

static double
bottleneck_of(const NsBypassWork *b, const Found *found)
{
	double		least = NAN;

	if (b->query->capacity == NULL)
		return least;
	for (int32_t i = 0; i < found->nlinks; i++)
	{
		double		own = b->query->capacity[found->link[i]];

		if (!isnan(own) && !(own >= least))
			least = own;
	}
	return least;
}

/* Find the cheapest way over links of this capacity; negative: of any. */
static bool
cheapest(NsBypassWork *b, double capacity, Found *found)
{
	const NsBypassTask *task = b->task;

	found->distance = ns_two_ended_run(&b->search, task->src, task->dst, capacity);
	if (found->distance == NS_UNREACHED)
		return false;
	found->nlinks = ns_two_ended_path(&b->search, task->src, found->link);
	found->bottleneck = bottleneck_of(b, found);
	return true;
}

static void
swap_found(Found *a, Found *b)
{
	Found		c = *a;

	*a = *b;
	*b = c;
}

/* The first of the levels above a capacity. */
static int32_t
level_above(const NsBypassWork *b, double capacity)
{
	int32_t		low = 0;
	int32_t		high = b->nlevels;

	while (low < high)
	{
		int32_t		middle = low + (high - low) / 2;

		if (b->level[middle] <= capacity)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Find the widest way of more capacity than that and less than enough, where
 * links have few capacities in between: by trying these.
 */
static bool
wider_by_level(NsBypassWork *b, double least)
{
	int32_t		low = level_above(b, least);
	int32_t		high = low;
	int32_t		found = -1;
	int32_t		last = -1;

	while (high < b->nlevels && b->level[high] < b->task->need)
		high++;
	if (high - low > MAX_LEVELS)
		return false;
	while (low < high)
	{
		last = low + (high - low) / 2;
		if (cheapest(b, b->level[last], &b->wider))
			found = last, low = last + 1;
		else
			high = last;
	}
	return found >= 0 && (found == last || cheapest(b, b->level[found], &b->wider));
}

/* The same where they have many. */
static bool
wider_by_search(NsBypassWork *b, double least)
{
	double		widest;

	if (level_above(b, b->task->need) - level_above(b, least) <= MAX_LEVELS)
		return false;			/* they were tried */
	widest = ns_two_ended_widest(&b->search, b->task->src, b->task->dst, b->task->need);
	return widest > least && cheapest(b, widest, &b->wider);
}

/* The same, with enough capacity or the most there is. */
static bool
solve(NsBypassWork *b, Found *found)
{
	const double need = b->task->need;

	if (!cheapest(b, -1, found))
		return false;
	if (isnan(need) || isnan(found->bottleneck) || found->bottleneck >= need)
		return true;
	if (cheapest(b, need, &b->wider) || wider_by_level(b, found->bottleneck) ||
		wider_by_search(b, found->bottleneck))
		swap_found(found, &b->wider);
	return true;
}

/* Capacity of which no more is asked. */
static double
useful(const NsBypassWork *b, const Found *found)
{
	double		need = b->task->need;

	if (isnan(need) || isnan(found->bottleneck) || found->bottleneck >= need)
		return INFINITY;
	return found->bottleneck;
}

static bool
is_better(const NsBypassWork *b, const Found *x, const Found *y)
{
	double		wide[2] = {useful(b, x), useful(b, y)};

	if (wide[0] != wide[1])
		return wide[0] > wide[1];
	if (x->distance != y->distance)
		return x->distance < y->distance;
	return ns_compare_links(x->link, x->nlinks, y->link, y->nlinks) < 0;
}

/* ---------- what has to be shared ---------- */

/* Set the number of groups of each link of a group. */
static void
count_groups(NsBypassWork *b, bool begin)
{
	const NsGraph *g = b->search.graph;
	NsCell	   *cell = b->search.cell;

	for (int32_t i = 0; i < b->ngroups; i++)
	{
		NsNumbers	links = ns_srlg_links(g, b->group[i]);
		const float *share = ns_srlg_share(g, b->group[i]);
		const float *probability = ns_srlg_probability(g, b->group[i]);

		for (int32_t j = 0; j < links.n; j++)
		{
			if (!begin)
				cell[links.number[j]].groups = 0;
			else if (reaches_thresholds(b, share[j], probability[j]))
				cell[links.number[j]].groups++;
		}
	}
}

/* Note which of the listed groups the way shares. */
static void
note_shared(NsBypassWork *b, const Found *found)
{
	b->stamp++;
	for (int32_t i = 0; i < found->nlinks; i++)
	{
		NsNumbers	srlgs = ns_link_srlgs(b->search.graph, found->link[i]);

		for (int32_t j = 0; j < srlgs.n; j++)
		{
			if (b->seen[srlgs.number[j]] != b->stamp &&
				membership_counts(b, srlgs.number[j], found->link[i]))
				b->seen[srlgs.number[j]] = b->stamp;
		}
	}
	for (int32_t i = 0; i < b->ngroups; i++)
		b->shared[i] = b->seen[b->group[i]] == b->stamp;
}

/* Find a way that shares few groups; false where there is no way at all. */
static bool
fewest(NsBypassWork *b, Found *found)
{
	bool		any;

	kill_one(b, -1);
	count_groups(b, true);
	any = ns_two_ended_fewest(&b->search, b->task->src, b->task->dst);
	count_groups(b, false);
	if (any)
		found->nlinks = ns_two_ended_path(&b->search, b->task->src, found->link);
	return any;
}

/*
 * Allow the groups that no way avoids.  Only those that the way found shares
 * can be such, and of these only what each way around another one shares.
 */
static void
allow_unavoidable(NsBypassWork *b)
{
	note_shared(b, &b->found);
	memcpy(b->allowed, b->shared, (size_t) b->ngroups * sizeof(bool));
	for (int32_t i = 0; i < b->ngroups && !b->search.interrupted; i++)
	{
		if (!b->allowed[i])
			continue;
		kill_one(b, b->group[i]);
		if (!cheapest(b, -1, &b->trial))
			continue;
		note_shared(b, &b->trial);
		for (int32_t j = 0; j < b->ngroups; j++)
			b->allowed[j] = b->allowed[j] && b->shared[j];
	}
}

/* Allow one group more; false where that does not suffice, or there are many. */
static bool
allow_one_more(NsBypassWork *b)
{
	int32_t		more = 0;
	bool		any = false;

	for (int32_t i = 0; i < b->ngroups; i++)
		more += !b->allowed[i];
	if (more > MAX_TRIALS)
		return false;
	for (int32_t i = 0; i < b->ngroups && !b->search.interrupted; i++)
	{
		if (b->allowed[i])
			continue;
		b->allowed[i] = true;
		kill_shared(b);
		if (solve(b, &b->trial) &&
			(!any || is_better(b, &b->trial, &b->found)))
		{
			swap_found(&b->found, &b->trial);
			any = true;
		}
		b->allowed[i] = false;
	}
	return any;
}

/* There is no way that shares nothing. */
static bool
solve_shared(NsBypassWork *b)
{
	if (b->ngroups == 0 || !fewest(b, &b->found))
		return false;
	allow_unavoidable(b);
	kill_shared(b);
	if (solve(b, &b->trial))
	{
		swap_found(&b->found, &b->trial);
		return true;
	}
	if (allow_one_more(b))
		return true;
	if (b->search.interrupted || !fewest(b, &b->found))
		return false;
	note_shared(b, &b->found);
	memcpy(b->allowed, b->shared, (size_t) b->ngroups * sizeof(bool));
	kill_shared(b);
	return solve(b, &b->found);
}

/* ---------- answers ---------- */

static double
cost_of(const NsBypassWork *b, const Found *found)
{
	const NsGraph *g = b->search.graph;
	double		sum = 0;

	if (b->weights.exact && found->distance < b->weights.limit)
		return ns_weights_cost(&b->weights, found->distance);
	for (int32_t i = 0; i < found->nlinks; i++)
		sum += ns_link_cost_of(g, b->query->cost, found->link[i]);
	return sum;
}

static bool
answer(NsBypassWork *b)
{
	b->stamp++;
	list_groups(b);
	kill_shared(b);
	return solve(b, &b->found) ||
		(!b->query->strict && !b->search.interrupted && solve_shared(b));
}

/*
 * The answer, by weights fine enough for its cost: those for any path say
 * little of one that costs a millionth of some link.
 */
static bool
answer_finely(NsBypassWork *b)
{
	const NsGraph *g = b->search.graph;
	const NsCostKind kind = b->query->cost;
	bool		any = answer(b);

	for (int round = 1; any && !b->weights.exact && round < MAX_ROUNDS; round++)
	{
		double		cost = cost_of(b, &b->found);
		NsWeights	finer;

		if (cost == 0 || ns_weights_rounding(&b->weights, b->found.nlinks) <=
			PRECISION * cost)
			break;
		ns_weights_choose(g, kind, 1, HEADROOM * cost, &finer);
		if (ns_weights_same(&finer, &b->weights))
			break;
		fill_weights(b, &finer);
		any = answer(b);
	}
	return any;
}

static int
compare_srlgs(const NsGraph *g, int32_t a, int32_t b)
{
	int64_t		x = ns_srlg_id(g, a);
	int64_t		y = ns_srlg_id(g, b);

	return (x > y) - (x < y);
}

/* The groups shared, by id: few, so by insertion. */
static void
list_shared(NsBypassWork *b, NsBypass *bypass)
{
	int32_t    *list = b->shared_srlg;
	int32_t		n = 0;

	note_shared(b, &b->found);
	for (int32_t i = 0; i < b->ngroups; i++)
	{
		int32_t		at = n;

		if (!b->shared[i])
			continue;
		for (; at > 0 && compare_srlgs(b->search.graph, list[at - 1], b->group[i]) > 0; at--)
			list[at] = list[at - 1];
		list[at] = b->group[i];
		n++;
	}
	bypass->shared_srlg = list;
	bypass->nshared = n;
}

static void
make_bypass(NsBypassWork *b, NsBypass *bypass)
{
	const Found *found = &b->found;

	bypass->path = (NsPath) {
		.cost = cost_of(b, found),.nlinks = found->nlinks,
		.link = found->link,.node = b->node,.steps = b->search.steps
	};
	b->node[0] = b->task->src;
	for (int32_t i = 0; i < found->nlinks; i++)
		b->node[i + 1] = ns_other_end(b->search.graph, found->link[i], b->node[i]);
	bypass->bottleneck = found->bottleneck;
	list_shared(b, bypass);
}

NsResult
ns_bypass_find(NsBypassWork *work, const NsBypassTask *task, bool *found,
			   NsBypass *bypass)
{
	NsBypassWork *b = work;

	*found = false;
	if (b->search.env->interrupted(b->search.env->state))
		return NS_INTERRUPTED;
	if (task->src == task->dst)
		return NS_OK;
	b->task = task;
	*found = answer_finely(b);
	if (b->search.interrupted)
		return NS_INTERRUPTED;
	if (*found)
		make_bypass(b, bypass);
	if (!ns_weights_same(&b->weights, &b->general))
		fill_weights(b, &b->general);
	return NS_OK;
}

NsResult
ns_bypass_obstacles(NsBypassWork *work, const NsBypassTask *task, bool *cut,
					const int32_t **srlg, int32_t *nsrlgs)
{
	NsBypassWork *b = work;
	int32_t		n = 0;

	*nsrlgs = 0;
	*srlg = b->shared_srlg;
	b->task = task;
	b->stamp++;
	list_groups(b);
	kill_one(b, -1);
	*cut = task->src == task->dst || !cheapest(b, -1, &b->found);
	if (!*cut)
	{
		allow_unavoidable(b);
		for (int32_t i = 0; i < b->ngroups; i++)
		{
			if (b->allowed[i])
				b->shared_srlg[n++] = b->group[i];
		}
	}
	*nsrlgs = n;
	return b->search.interrupted ? NS_INTERRUPTED : NS_OK;
}
