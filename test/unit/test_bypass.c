/*-------------------------------------------------------------------------
 *
 * test_bypass.c
 *	  Bypasses against enumeration: all loopless paths between the two nodes,
 *	  each judged by the words of bypass.h.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "bypass.h"
#include "oracle.h"
#include "verify.h"

static struct					/* what came out: all kinds are to be met */
{
	long		found;
	long		none;
	long		shared;
	long		unproven;
	long		narrow;			/* less than enough */
	long		detour;			/* not the cheapest, for its capacity */
} met;

typedef struct Trial
{
	UnitEnv		u;
	Net			net;
	NsGraph    *g;
	NsBypassQuery query;
	NsBypassTask task;
	int32_t		protected[2];
	uint64_t	groups;			/* of these that count */
	OraclePaths all;
} Trial;

static NsIdList
some_ids(UnitEnv *u, const int64_t *id, int n, double chance)
{
	int64_t    *list = unit_alloc(u, (size_t) n + 1, sizeof(int64_t));
	NsIdList	result = {list, 0};

	for (int i = 0; i < n; i++)
		if (unit_chance(chance))
			list[result.n++] = id[i];
	if (unit_chance(0.1))
		list[result.n++] = INT64_MAX;
	return result;
}

static double
some_threshold(void)
{
	static const double some[] = {0.1, 0.25, 0.3, 0.5, 0.7, 1};

	return unit_chance(0.7) ? 0 : some[unit_below(6)];
}

static bool
listed(const NsIdList *list, int64_t id)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->id[i] == id)
			return true;
	return false;
}

static bool
reaches(const NsBypassQuery *query, const NetMember *m)
{
	return m->share > 0 && m->share >= (float) query->min_share &&
		m->probability >= (float) query->min_probability;
}

static bool
group_counts(const Trial *t, int32_t group)
{
	const Net  *net = &t->net;

	if (!t->query.srlg || listed(&t->query.ignore_srlgs, net->group_id[group]))
		return false;
	for (int32_t i = 0; i < net->ndowns; i++)
	{
		const NetDown *down = &net->down[i];

		if (down->group == group && down->probability > 0 &&
			(down->node == t->task.src || down->node == t->task.dst) &&
			down->probability >= (float) t->query.min_probability)
			return false;
	}
	return true;
}

/* Groups that count and that one of these links is in. */
static uint64_t
groups_of(const Trial *t, const int32_t *link, int32_t n)
{
	const Net  *net = &t->net;
	uint64_t	groups = 0;

	for (int32_t i = 0; i < net->nmembers; i++)
	{
		const NetMember *m = &net->member[i];

		for (int32_t j = 0; j < n; j++)
			if (m->link == link[j] && net->link[link[j]].up &&
				reaches(&t->query, m) && group_counts(t, m->group))
				groups |= UINT64_C(1) << m->group;
	}
	return groups;
}

/* ---- a random question ---- */

static void
random_capacities(Trial *t)
{
	int			n = t->net.nlinks;
	double	   *capacity = unit_alloc(&t->u, (size_t) n, sizeof(double));
	int			kinds = 1 + unit_below(unit_chance(0.3) ? 40 : 4);

	for (int i = 0; i < n; i++)
		capacity[i] = unit_chance(0.1) ? NAN : 10.5 * unit_below(kinds + 1);
	t->query.capacity = unit_chance(0.2) ? NULL : capacity;
	t->task.need = unit_chance(0.2) ? NAN : capacity[t->protected[0]];
}

/* A link, or two in series that need not be up. */
static void
random_task(Trial *t)
{
	const Net  *net = &t->net;
	const NetLink *first = &net->link[t->protected[0] = unit_below(net->nlinks)];
	bool		reverse = unit_chance(0.3);

	t->task = (NsBypassTask) {
		.src = reverse ? first->z : first->a,.dst = reverse ? first->a : first->z,
		.link = t->protected,.nlinks = 1
	};
	for (int32_t i = 0; i < net->nlinks && unit_chance(0.9); i++)
	{
		const NetLink *second = &net->link[i];

		if (i == t->protected[0] || (second->a != t->task.dst && second->z != t->task.dst) ||
			unit_chance(0.5))
			continue;
		t->protected[1] = i;
		t->task.nlinks = 2;
		t->task.dst = second->a == t->task.dst ? second->z : second->a;
		break;
	}
}

static bool
trial_init(Trial *t, int number)
{
	NetShape	shape;
	double		avoid;

	unit_case("random bypass", number);
	memset(t, 0, sizeof(*t));
	unit_env_init(&t->u);
	shape = (NetShape) {
		.nodes = 2 + unit_below(7),.links = 4 + unit_below(14),
		.groups = unit_below(unit_chance(0.5) ? 40 : 9),
		.directed = unit_chance(0.5) ? 0 : unit_chance(0.3) ? 1 : unit_uniform(),
		.down = unit_chance(0.7) ? 0 : 0.3,
		.members = 1 + unit_uniform() * (unit_chance(0.2) ? 5 : 2),
		.downs = unit_chance(0.3) ? 0.5 : 0,
		.partial = unit_chance(0.4),.local = unit_chance(0.4)
	};
	net_random(&t->u, &shape, &t->net);
	avoid = unit_chance(0.2) ? 0.15 : 0;
	t->query = (NsBypassQuery) {
		.cost = (NsCostKind) unit_below(4),
		.avoid_links = some_ids(&t->u, t->net.link_id, t->net.nlinks, avoid),
		.avoid_srlgs = some_ids(&t->u, t->net.group_id, t->net.ngroups, avoid),
		.ignore_srlgs = some_ids(&t->u, t->net.group_id, t->net.ngroups,
								 unit_chance(0.2) ? 0.4 : 0),
		.srlg = unit_chance(0.9),.strict = unit_chance(0.5),
		.min_probability = some_threshold(),.min_share = some_threshold()
	};
	random_task(t);
	random_capacities(t);
	if (net_graph(&t->u, &t->net, &t->g) != NS_OK)
		return UNIT_CHECK(false, "the graph is not built");
	t->groups = groups_of(t, t->protected, t->task.nlinks);
	return t->task.src != t->task.dst;
}

/* ---- what is right ---- */

static double
bottleneck(const Trial *t, const int32_t *link, int32_t n)
{
	double		least = NAN;

	for (int32_t i = 0; i < n && t->query.capacity != NULL; i++)
		least = fmin(least, t->query.capacity[link[i]]);
	return least;
}

/* Capacity as far as it is of use. */
static double
useful(const Trial *t, const OraclePath *p)
{
	double		width = bottleneck(t, p->link, p->nlinks);

	return isnan(width) || isnan(t->task.need) || width >= t->task.need
		? INFINITY : width;
}

typedef struct Right
{
	const OraclePath *path;		/* NULL: there is none */
	int			nshared;
	bool		proven;			/* by what bypass.h promises */
} Right;

static Right
right_answer(const Trial *t)
{
	Right		right = {NULL, 0, false};
	uint64_t	unavoidable = ~UINT64_C(0);
	int			least;

	for (int32_t i = 0; i < t->all.n; i++)
	{
		const OraclePath *p = &t->all.path[i];
		uint64_t	shared = groups_of(t, p->link, p->nlinks) & t->groups;
		int			n = __builtin_popcountll(shared);
		double		gain;

		if (p->links & (1u << t->protected[0]) ||
			(t->task.nlinks > 1 && p->links & (1u << t->protected[1])))
			continue;
		unavoidable &= shared;
		if (t->query.strict && n > 0)
			continue;
		gain = right.path == NULL ? 1 : useful(t, p) - useful(t, right.path);
		if (right.path == NULL || n < right.nshared ||
			(n == right.nshared && gain > 0))
		{
			right.path = p;
			right.nshared = n;
		}
	}
	least = __builtin_popcountll(unavoidable);
	right.proven = right.nshared <= least + 1;
	return right;
}

static void
check_shared(const Trial *t, const NsBypass *b)
{
	uint64_t	shared = groups_of(t, b->path.link, b->path.nlinks) & t->groups;
	int64_t		last = INT64_MIN;

	UNIT_CHECK(b->nshared == __builtin_popcountll(shared),
			   "%d groups are said to be shared, not %d", b->nshared,
			   __builtin_popcountll(shared));
	for (int32_t i = 0; i < b->nshared; i++)
	{
		int64_t		id = ns_srlg_id(t->g, b->shared_srlg[i]);
		bool		is = false;

		for (int32_t j = 0; j < t->net.ngroups; j++)
			is = is || (t->net.group_id[j] == id && (shared >> j & 1));
		UNIT_CHECK(is, "group %ld is not shared", (long) id);
		UNIT_CHECK(id > last, "shared groups are not in order");
		last = id;
	}
}

/* What no way around avoids, where there is any way. */
static void
check_obstacles(const Trial *t, NsBypassWork *work)
{
	uint64_t	right = ~UINT64_C(0);
	uint64_t	seen = 0;
	bool		right_cut = true;
	bool		cut;
	const int32_t *srlg;
	int32_t		n;

	for (int32_t i = 0; i < t->all.n; i++)
	{
		const OraclePath *p = &t->all.path[i];

		if (p->links & (1u << t->protected[0]) ||
			(t->task.nlinks > 1 && p->links & (1u << t->protected[1])))
			continue;
		right_cut = false;
		right &= groups_of(t, p->link, p->nlinks) & t->groups;
	}
	UNIT_CHECK(ns_bypass_obstacles(work, &t->task, &cut, &srlg, &n) == NS_OK, "fails");
	UNIT_CHECK(cut == right_cut, "cut %d, not %d", cut, right_cut);
	for (int32_t i = 0; i < n; i++)
		for (int32_t j = 0; j < t->net.ngroups; j++)
			if (t->net.group_id[j] == ns_srlg_id(t->g, srlg[i]))
				seen |= UINT64_C(1) << j;
	UNIT_CHECK(right_cut ? n == 0 : seen == right, "obstacles %lx, not %lx",
			   (unsigned long) seen, (unsigned long) right);
}

static bool
same_number(double a, double b)
{
	return (isnan(a) && isnan(b)) || a == b;
}

static void
check_path(const Trial *t, const NsBypass *b)
{
	const OraclePaths *all = &t->all;
	int32_t		at = oracle_find(all, b->path.link, b->path.nlinks);

	UNIT_CHECK(at >= 0, "this is no path");
	if (at < 0)
		return;
	UNIT_CHECK(b->path.node[0] == t->task.src &&
			   b->path.node[b->path.nlinks] == t->task.dst, "it has other ends");
	UNIT_CHECK(same_number(b->bottleneck, bottleneck(t, b->path.link, b->path.nlinks)),
			   "bottleneck %g", b->bottleneck);
}

static void
check_best(const Trial *t, const NsBypass *b, const Right *right)
{
	int32_t		at = oracle_find(&t->all, b->path.link, b->path.nlinks);
	int32_t		best = (int32_t) (right->path - t->all.path);
	double		cost = 0;
	double		least = 0;

	if (at < 0)
		return;
	UNIT_CHECK(b->nshared >= right->nshared, "fewer shared than there can be");
	if (!right->proven)
	{
		met.unproven++;
		return;
	}
	UNIT_CHECK(b->nshared == right->nshared, "%d groups shared, not %d",
			   b->nshared, right->nshared);
	UNIT_CHECK(useful(t, &t->all.path[at]) == useful(t, right->path),
			   "capacity %g, not %g", useful(t, &t->all.path[at]),
			   useful(t, right->path));
	if (t->query.cost == NS_COST_HOPS || t->net.exact[t->query.cost])
	{
		UNIT_CHECK(at == best, "path %d came out, %d is the best", at, best);
		return;
	}
	for (int32_t i = 0; i < b->path.nlinks; i++)
		cost += t->net.link[b->path.link[i]].cost[t->query.cost];
	for (int32_t i = 0; i < right->path->nlinks; i++)
		least += t->net.link[right->path->link[i]].cost[t->query.cost];
	UNIT_CHECK(cost <= least * (1 + 1e-9), "cost %g, not %g", cost, least);
}

static void
check_answer(Trial *t, bool found, const NsBypass *b)
{
	Right		right;

	oracle_paths(&t->u, &t->net, &(NsPathQuery) {
		.src = t->task.src,.dst = t->task.dst,.cost = t->query.cost,
		.avoid_links = t->query.avoid_links,.avoid_srlgs = t->query.avoid_srlgs
	}, &t->all);
	right = right_answer(t);
	UNIT_CHECK(found == (right.path != NULL), "found %d, there is %d", found,
			   right.path != NULL);
	met.found += found;
	met.none += !found;
	if (!found || right.path == NULL)
		return;
	met.shared += b->nshared > 0;
	met.narrow += isfinite(useful(t, right.path));
	met.detour += right.path != t->all.path;
	check_path(t, b);
	check_shared(t, b);
	check_best(t, b, &right);
}

static void
random_bypasses(void)
{
	int			cases = unit_cases(20000, 1000000);

	for (int i = 0; i < cases; i++)
	{
		Trial		t;
		NsBypassWork *work;
		NsBypass	bypass;
		bool		found;

		if (trial_init(&t, i))
		{
			NsResult	result = ns_bypass_open(&t.u.env, t.g, &t.query, &work);

			if (result == NS_MISSING_COST)
				UNIT_CHECK(ns_missing_cost(t.g, t.query.cost) >= 0, "no cost is missing");
			else
			{
				/* once for what it leaves behind, once for the answer */
				for (int round = 0; round < 2; round++)
					UNIT_CHECK(ns_bypass_find(work, &t.task, &found, &bypass) == NS_OK,
							   "fails");
				check_answer(&t, found, &bypass);
				check_obstacles(&t, work);
			}
		}
		else
			UNIT_CHECK(true, "nothing to ask");
		unit_env_drop(&t.u);
	}
	printf("%ld found, %ld none, %ld share, %ld unproven, %ld narrow, %ld not the cheapest\n",
		   met.found, met.none, met.shared, met.unproven, met.narrow, met.detour);
	unit_case("all kinds were met", 0);
	UNIT_CHECK(cases < 20000 || (met.found > 0 && met.none > 0 && met.shared > 0 &&
								 met.unproven > 0 && met.narrow > 0 && met.detour > 0),
			   "some kind was not");
}

/* ---- the whole of a larger network, asked by one workspace ---- */

static void
against_shortest(int number)
{
	UnitEnv		u;
	Net			net;
	NsGraph    *g;
	NsBypassQuery query = {.srlg = true,.strict = true};
	NsBypassWork *work;
	NetShape	shape = {
		.nodes = 300,.links = 380 + unit_below(400),.groups = 200,.members = 4,
		.directed = number % 3 == 0 ? 0.3 : 0,.down = 0.02,.local = number % 2 == 0
	};

	unit_case("all links of a network, against one path each", number);
	unit_env_init(&u);
	net_random(&u, &shape, &net);
	query.cost = number % 4 == 0 ? NS_COST_HOPS : NS_COST_METRIC;
	net_costs(&net, NS_COST_METRIC, number % NET_COST_FAMILIES);
	if (number % 5 == 4)
	{
		/* weights for any path tell nothing of the others */
		net.link[0].cost[NS_COST_METRIC] = 1e30;
		net.exact[NS_COST_METRIC] = false;
	}
	if (net_graph(&u, &net, &g) != NS_OK || ns_missing_cost(g, query.cost) >= 0 ||
		ns_bypass_open(&u.env, g, &query, &work) != NS_OK)
	{
		UNIT_CHECK(ns_missing_cost(g, query.cost) >= 0, "cannot be opened");
		unit_env_drop(&u);
		return;
	}
	for (int32_t link = 0; link < g->nlinks; link++)
	{
		const int32_t *end = ns_link_end(g, link);
		NsBypassTask task = {end[0], end[1], &link, 1, NAN};
		NsNumbers	srlgs = ns_link_srlgs(g, link);
		int64_t		avoid = ns_link_id(g, link);
		int64_t    *group = unit_alloc(&u, (size_t) srlgs.n + 1, sizeof(int64_t));
		NsPathQuery path = {
			.src = end[0],.dst = end[1],.cost = query.cost,
			.avoid_links = {&avoid, 1},.avoid_srlgs = {group, (size_t) srlgs.n}
		};
		NsBypass	bypass;
		NsPath		right;
		bool		found;
		bool		any;

		for (int32_t i = 0; i < srlgs.n; i++)
			group[i] = ns_srlg_id(g, srlgs.number[i]);
		UNIT_CHECK(ns_bypass_find(work, &task, &found, &bypass) == NS_OK &&
				   ns_shortest_path(&u.env, g, &path, &any, &right) == NS_OK,
				   "fails");
		UNIT_CHECK(found == any, "link %d: found %d, there is %d", link, found, any);
		if (!found || !any)
			continue;
		if (query.cost == NS_COST_HOPS || net.exact[query.cost])
			UNIT_CHECK(bypass.path.nlinks == right.nlinks &&
					   memcmp(bypass.path.link, right.link,
							  (size_t) right.nlinks * sizeof(int32_t)) == 0,
					   "link %d: another path", link);
		UNIT_CHECK(fabs(bypass.path.cost - right.cost) <= 1e-9 * right.cost,
				   "link %d: cost %g, not %g", link, bypass.path.cost, right.cost);
	}
	unit_env_drop(&u);
}

/* ---- memory that is short, and being stopped ---- */

static NsResult
attempt(UnitEnv *u, void *state)
{
	Net		   *net = state;
	NsGraph    *g;
	NsBypassQuery query = {.srlg = true};
	NsBypassWork *work;
	NsResult	result = net_graph(u, net, &g);

	if (result == NS_OK)
		result = ns_bypass_open(&u->env, g, &query, &work);
	for (int32_t link = 0; result == NS_OK && link < g->nlinks; link++)
	{
		const int32_t *end = ns_link_end(g, link);
		NsBypassTask task = {end[0], end[1], &link, 1, NAN};
		NsBypass	bypass;
		bool		found;

		result = ns_bypass_find(work, &task, &found, &bypass);
	}
	return result;
}

static void
failures(void)
{
	UnitEnv		u;
	Net			net;
	NetShape	shape = {
		.nodes = 200,.links = 300,.groups = 150,.members = 6,.local = true
	};

	unit_env_init(&u);
	unit_case("memory is short", 0);
	net_random(&u, &shape, &net);
	net_costs(&net, NS_COST_METRIC, 0);
	unit_fail_each(attempt, &net, true, 200);
	unit_case("stopped", 0);
	unit_fail_each(attempt, &net, false, 100);
	unit_env_drop(&u);
}

int
main(void)
{
	int			cases = unit_cases(40, 2000);

	unit_begin("bypass");
	random_bypasses();
	for (int i = 0; i < cases; i++)
		against_shortest(i);
	failures();
	return unit_end();
}
