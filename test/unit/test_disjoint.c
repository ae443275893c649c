/*-------------------------------------------------------------------------
 *
 * test_disjoint.c
 *	  Disjoint paths and obstacles against enumeration: all loopless paths,
 *	  then all sets of k of them.
 *
 * Where sums of costs are known exactly, the very same paths must come out;
 * else the same number of shared risks and, but for 1e-9, the same cost.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "oracle.h"
#include "verify.h"

#define PLENTY	INT64_C(1000000000)

/* What came out, to show that all kinds of cases are met. */
static struct
{
	long		found;
	long		none;
	long		shared;			/* not strict, and something is shared */
	long		gap;			/* of the runs with little budget */
	long		unknown;
} met;

typedef struct Trial
{
	UnitEnv		u;
	Net			net;
	NsGraph    *g;
	NsDisjointQuery query;
	OraclePaths all;
	OracleSet	best;
	bool		exact;
} Trial;

/* ---- random questions ---- */

static NsIdList
some_ids(UnitEnv *u, const int64_t *id, int n, double chance)
{
	int64_t    *list = unit_alloc(u, (size_t) n + 2, sizeof(int64_t));
	NsIdList	result = {list, 0};

	for (int i = 0; i < n; i++)
		if (unit_chance(chance))
			list[result.n++] = id[i];
	if (unit_chance(0.1))
		list[result.n++] = INT64_MAX;
	if (unit_chance(0.1) && result.n > 0)
	{
		list[result.n] = list[0];
		result.n++;
	}
	return result;
}

static double
some_threshold(void)
{
	static const double some[] = {0.1, 0.25, 0.3, 0.5, 0.7, 1};

	return unit_chance(0.7) ? 0 : some[unit_below(6)];
}

static void
random_query(Trial *t)
{
	const Net  *net = &t->net;
	double		avoid = unit_chance(0.2) ? 0.15 : 0;
	NsDisjointQuery *q = &t->query;

	*q = (NsDisjointQuery) {
		.path = {
			.src = unit_below(net->nnodes),
			.cost = (NsCostKind) unit_below(4),
			.avoid_links = some_ids(&t->u, net->link_id, net->nlinks, avoid),
			.avoid_srlgs = some_ids(&t->u, net->group_id, net->ngroups, avoid)
		},
		.k = unit_chance(0.1) ? 1 : 2 + unit_below(2),
		.node = unit_chance(0.4),.srlg = unit_chance(0.75),
		.strict = unit_chance(0.5),
		.ignore_srlgs = some_ids(&t->u, net->group_id, net->ngroups,
								 unit_chance(0.2) ? 0.4 : 0),
		.min_probability = some_threshold(),.min_share = some_threshold(),
		.budget = PLENTY
	};
	do
		q->path.dst = unit_below(net->nnodes);
	while (q->path.dst == q->path.src);
}

static bool
trial_init(Trial *t, int number)
{
	NetShape	shape;

	unit_case("random question", number);
	memset(t, 0, sizeof(*t));
	unit_env_init(&t->u);
	shape = (NetShape) {
		.nodes = 2 + unit_below(7),.links = 4 + unit_below(11),
		.groups = unit_below(unit_chance(0.3) ? 40 : 9),
		.directed = unit_chance(0.5) ? 0 : unit_chance(0.3) ? 1 : unit_uniform(),
		.down = unit_chance(0.7) ? 0 : 0.3,
		.members = 1 + unit_uniform() * (unit_chance(0.2) ? 5 : 2),
		.downs = unit_chance(0.3) ? 0.5 : 0,
		.partial = unit_chance(0.4),.local = unit_chance(0.4)
	};
	net_random(&t->u, &shape, &t->net);
	random_query(t);
	oracle_paths(&t->u, &t->net, &t->query.path, &t->all);
	oracle_count(&t->net, &t->query, &t->all);
	oracle_disjoint(&t->query, &t->all, &t->best);
	t->exact = t->query.path.cost == NS_COST_HOPS ||
		t->net.exact[t->query.path.cost];
	return UNIT_CHECK(net_graph(&t->u, &t->net, &t->g) == NS_OK,
					  "it does not build");
}

static double
cost_of(const Trial *t, const OracleSet *set)
{
	double		cost = 0;

	for (int i = 0; i < t->query.k; i++)
	{
		const OraclePath *p = &t->all.path[set->path[i]];

		for (int j = 0; j < p->nlinks; j++)
			cost += t->query.path.cost == NS_COST_HOPS ? 1
				: t->net.link[p->link[j]].cost[t->query.path.cost];
	}
	return cost;
}

/* ---- the answer ---- */

/* The answer as the oracle sees it; false when a path is none at all. */
static bool
read_answer(const Trial *t, const NsDisjointResult *r, OracleSet *set)
{
	int32_t		chosen[3];
	bool		ascending = true;

	for (int i = 0; i < r->npaths; i++)
	{
		const NsPath *path = &r->path[i].path;

		chosen[i] = oracle_find(&t->all, path->link, path->nlinks);
		if (!UNIT_CHECK(chosen[i] >= 0, "path %d is no path", i))
			return false;
		ascending &= i == 0 || chosen[i - 1] <= chosen[i];
	}
	if (t->exact)
		UNIT_CHECK(ascending, "the paths are not in order");
	oracle_evaluate(&t->query, &t->all, chosen, set);
	return true;
}

static bool
same_shared(const OracleSet *x, const OracleSet *y)
{
	return x->shared_groups == y->shared_groups &&
		x->shared_nodes == y->shared_nodes &&
		x->shared_links == y->shared_links;
}

static void
check_best(const Trial *t, const NsDisjointResult *r)
{
	OracleSet	set;

	if (!UNIT_CHECK(r->status == (t->best.found ? NS_DISJOINT_FOUND
								  : NS_DISJOINT_NONE),
					"status %d, but a set %s", r->status,
					t->best.found ? "exists" : "does not exist") ||
		r->status != NS_DISJOINT_FOUND || !read_answer(t, r, &set))
		return;
	UNIT_CHECK(r->optimal, "not proven optimal with plenty of budget");
	UNIT_CHECK(same_shared(&set, &t->best),
			   "shared groups, nodes, links %d, %d, %d; least is %d, %d, %d",
			   set.shared_groups, set.shared_nodes, set.shared_links,
			   t->best.shared_groups, t->best.shared_nodes,
			   t->best.shared_links);
	if (t->exact)
		UNIT_CHECK(oracle_compare(&t->all, &set, &t->best, t->query.k) == 0,
				   "cost %.17g, best %.17g; links %d, best %d; or other ids",
				   cost_of(t, &set), cost_of(t, &t->best), set.nlinks,
				   t->best.nlinks);
	else
		UNIT_CHECK(verify_close(cost_of(t, &set), cost_of(t, &t->best)),
				   "cost %.17g, best %.17g", cost_of(t, &set),
				   cost_of(t, &t->best));
	met.shared += set.shared_groups + set.shared_nodes + set.shared_links > 0;
}

/* With any budget: valid, bounded, and nothing claimed that is not so. */
static void
check_budget(Trial *t, int64_t budget)
{
	NsDisjointQuery query = t->query;
	NsDisjointResult r;
	OracleSet	set;

	query.budget = budget;
	if (!UNIT_CHECK(ns_disjoint_paths(&t->u.env, t->g, &query, &r) == NS_OK,
					"it fails with budget %lld", (long long) budget) ||
		!verify_disjoint(&t->u, t->g, &query, &r))
		return;
	met.unknown += r.status == NS_DISJOINT_UNKNOWN;
	if (r.status == NS_DISJOINT_NONE)
		UNIT_CHECK(!t->best.found, "no set claimed with budget %lld",
				   (long long) budget);
	if (r.status != NS_DISJOINT_FOUND || !read_answer(t, &r, &set))
		return;
	if (!UNIT_CHECK(t->best.found, "a set where there is none"))
		return;
	met.gap += !r.optimal;
	if (same_shared(&set, &t->best))
		UNIT_CHECK(r.lower_bound <= cost_of(t, &t->best) * (1 + 1e-9),
				   "lower bound %.17g above the optimum %.17g",
				   r.lower_bound, cost_of(t, &t->best));
	if (r.optimal)
		UNIT_CHECK(same_shared(&set, &t->best) &&
				   verify_close(cost_of(t, &set), cost_of(t, &t->best)),
				   "claimed optimal with budget %lld: cost %.17g, best %.17g",
				   (long long) budget, cost_of(t, &set),
				   cost_of(t, &t->best));
}

static void
check_obstacles(Trial *t)
{
	OracleObstacles expected = oracle_obstacles(&t->net, &t->query, &t->all);
	NsObstacle *o;
	int32_t		n;
	int			count = __builtin_popcountll(expected.groups) +
		__builtin_popcount(expected.nodes) + __builtin_popcount(expected.links);

	if (!UNIT_CHECK(ns_disjoint_obstacles(&t->u.env, t->g, &t->query, &o, &n) ==
					NS_OK, "obstacles fail"))
		return;
	UNIT_CHECK(n == count, "%d obstacles, not %d", n, count);
	for (int32_t i = 0; i < n; i++)
	{
		int32_t		number = o[i].number;
		bool		right = false;

		if (o[i].kind == NS_OBSTACLE_SRLG)
		{
			/* groups without a link that counts are not in the graph */
			for (int32_t group = 0; group < t->net.ngroups; group++)
				right |= (expected.groups >> group & 1) != 0 &&
					ns_srlg_id(t->g, number) == t->net.group_id[group];
		}
		else
			right = ((o[i].kind == NS_OBSTACLE_NODE ? expected.nodes
					  : expected.links) >> number & 1) != 0;
		UNIT_CHECK(right, "obstacle of kind %d, number %d, is none",
				   o[i].kind, number);
		UNIT_CHECK(i == 0 || o[i - 1].kind < o[i].kind ||
				   (o[i - 1].kind == o[i].kind && o[i - 1].number < number),
				   "obstacles are not in order");
	}
}

static bool
same_answer(const NsDisjointResult *x, const NsDisjointResult *y)
{
	bool		same = x->status == y->status && x->npaths == y->npaths &&
		x->steps == y->steps && x->branches == y->branches;

	for (int32_t i = 0; i < x->npaths && same; i++)
		same = x->path[i].path.nlinks == y->path[i].path.nlinks &&
			memcmp(x->path[i].path.link, y->path[i].path.link,
				   (size_t) x->path[i].path.nlinks * sizeof(int32_t)) == 0;
	return same;
}

static void
check_trial(Trial *t)
{
	NsDisjointResult r;
	NsDisjointResult again;

	check_obstacles(t);
	if (!UNIT_CHECK(ns_disjoint_paths(&t->u.env, t->g, &t->query, &r) == NS_OK,
					"it fails"))
		return;
	met.found += r.status == NS_DISJOINT_FOUND;
	met.none += r.status == NS_DISJOINT_NONE;
	verify_disjoint(&t->u, t->g, &t->query, &r);
	check_best(t, &r);
	if (unit_chance(0.2))
	{
		UNIT_CHECK(ns_disjoint_paths(&t->u.env, t->g, &t->query, &again) ==
				   NS_OK && same_answer(&r, &again),
				   "asked again, it answers otherwise");
	}
	check_budget(t, 1 + unit_below((int) (r.steps < 1000000 ? r.steps : 1000000) + 1));
	if (unit_chance(0.2))
		check_budget(t, 1 + unit_below(20));
}

/* The question and the answer expected, for a case that is repeated alone. */
static void
show_trial(const Trial *t)
{
	const NsDisjointQuery *q = &t->query;

	net_print(&t->net, q->path.cost);
	printf("  k %d, %d to %d, cost %d,%s%s%s, min_share %g, min_probability %g, "
		   "%zu, %zu and %zu ids to avoid and ignore\n", q->k, q->path.src,
		   q->path.dst, q->path.cost, q->node ? " node" : "",
		   q->srlg ? " srlg" : "", q->strict ? " strict" : "", q->min_share,
		   q->min_probability, q->path.avoid_links.n, q->path.avoid_srlgs.n,
		   q->ignore_srlgs.n);
	for (int i = 0; i < q->k && t->best.found; i++)
	{
		const OraclePath *p = &t->all.path[t->best.path[i]];

		printf("  path:");
		for (int j = 0; j < p->nlinks; j++)
			printf(" %d", p->link[j]);
		printf("\n");
	}
}

static void
test_random(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		static Trial t;
		bool		ok = trial_init(&t, i);

		if (cases == 1)
			show_trial(&t);
		if (ok)
			check_trial(&t);
		unit_env_drop(&t.u);
	}
	printf("disjoint: %ld found (%ld of them share), %ld have none; "
		   "with little budget: %ld gaps, %ld unknown\n", met.found,
		   met.shared, met.none, met.gap, met.unknown);
}

/* ---- a trap ---- */

/*
 * The classic trap: the cheapest path 0-1-2-3 blocks both detours, though two
 * disjoint paths exist.  Then a group that joins them, and one that does not
 * count.
 */
static void
test_trap(void)
{
	UnitEnv		u;
	NsNodeInput node[] = {{1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}};
	NsLinkInput link[] = {{1, 1, 2, false, true, {1, 1, 1}}, {2, 2, 3, false, true, {1, 1, 1}},
	{3, 3, 4, false, true, {1, 1, 1}}, {4, 1, 3, false, true, {5, 5, 5}},
	{5, 2, 4, false, true, {5, 5, 5}}};
	NsMembershipInput member[] = {{9, 1, 1, 1}, {9, 3, 1, 1}};
	NsSrlgNodeInput down[] = {{9, 1, 1}};
	int64_t		bridge = 2;
	NsGraphInput in = {.node = node,.nnodes = 4,.link = link,.nlinks = 5};
	NsDisjointQuery q = {.path = {.src = 0,.dst = 3},.k = 2,.srlg = true,
	.strict = true,.budget = PLENTY};
	NsDisjointResult r;
	NsGraph    *g;

	unit_case("the trap", 0);
	unit_env_init(&u);
	UNIT_CHECK(net_build(&u, &in, &g) == NS_OK &&
			   ns_disjoint_paths(&u.env, g, &q, &r) == NS_OK &&
			   r.status == NS_DISJOINT_FOUND && verify_total(&r) == 12,
			   "two detours cost 12");

	unit_case("a group that both need", 0);
	in.membership = member;
	in.nmemberships = 2;
	UNIT_CHECK(net_build(&u, &in, &g) == NS_OK &&
			   ns_disjoint_paths(&u.env, g, &q, &r) == NS_OK &&
			   r.status == NS_DISJOINT_NONE, "no pair avoids group 9");
	q.strict = false;
	UNIT_CHECK(ns_disjoint_paths(&u.env, g, &q, &r) == NS_OK &&
			   r.status == NS_DISJOINT_FOUND && r.path[0].nshared_srlgs == 0 &&
			   r.path[0].nshared_links == 1 && verify_total(&r) == 14,
			   "one link weighs less than one group");
	q.path.avoid_links = (NsIdList) {&bridge, 1};
	UNIT_CHECK(ns_disjoint_paths(&u.env, g, &q, &r) == NS_OK &&
			   r.status == NS_DISJOINT_FOUND && r.path[0].nshared_srlgs == 1 &&
			   r.path[1].nshared_srlgs == 1 && verify_total(&r) == 12,
			   "what is shared is group 9");
	q.budget = INT64_MAX;
	UNIT_CHECK(ns_disjoint_paths(&u.env, g, &q, &r) == NS_OK &&
			   r.status == NS_DISJOINT_FOUND && r.optimal,
			   "the largest budget is no budget");
	q.budget = PLENTY;
	q.path.avoid_links.n = 0;

	unit_case("a group that takes an end down", 0);
	q.strict = true;
	in.srlg_node = down;
	in.nsrlg_nodes = 1;
	UNIT_CHECK(net_build(&u, &in, &g) == NS_OK &&
			   ns_disjoint_paths(&u.env, g, &q, &r) == NS_OK &&
			   r.status == NS_DISJOINT_FOUND && verify_total(&r) == 12,
			   "no path survives the loss of its end");
	unit_env_drop(&u);
}

/* ---- limits ---- */

static void
expect_bad(UnitEnv *u, const NsGraph *g, const NsDisjointQuery *q,
		   const char *what)
{
	NsDisjointResult r;

	unit_case(what, 0);
	UNIT_CHECK(ns_disjoint_paths(&u->env, g, q, &r) == NS_BAD_INPUT,
			   "it is not refused");
}

/*
 * Over parallel links of cost 1, 2, 3, ..., of which the first four share two
 * groups: the cheapest k that share none cost what the first k + 2 cost without
 * numbers 2 and 4.
 */
static void
many_paths(UnitEnv *u, const NsGraph *g, int k, int64_t budget)
{
	NsDisjointQuery q = {.path = {.src = 0,.dst = 1},.k = k,.node = true,
	.srlg = true,.budget = budget};
	double		least = (k + 2) * (k + 3) / 2 - 2 - 4;
	NsDisjointResult r;

	for (int strict = 0; strict < 2; strict++)
	{
		unit_case(strict ? "many paths, strict" : "many paths, not strict", k);
		q.strict = strict != 0;
		if (!UNIT_CHECK(ns_disjoint_paths(&u->env, g, &q, &r) == NS_OK &&
						r.status == NS_DISJOINT_FOUND, "none found"))
			continue;
		verify_disjoint(u, g, &q, &r);
		UNIT_CHECK(r.lower_bound <= least, "lower bound %g above %g",
				   r.lower_bound, least);
		if (r.optimal || budget == PLENTY)
			UNIT_CHECK(verify_total(&r) == least && r.optimal, "cost %g, not %g",
					   verify_total(&r), least);
	}
}

static void
test_limits(void)
{
	UnitEnv		u;
	NsNodeInput node[] = {{1, "a"}, {2, "b"}};
	NsLinkInput link[70];
	NsMembershipInput member[] = {{0, 1, 1, 1}, {0, 2, 1, 1}, {1, 3, 1, 1},
	{1, 4, 1, 1}};
	NsGraphInput in = {.node = node,.nnodes = 2,.link = link,.nlinks = 70,
	.membership = member,.nmemberships = 4};
	NsDisjointQuery q = {.path = {.src = 0,.dst = 1},.k = 2,.strict = true,
	.budget = PLENTY};
	NsDisjointQuery bad = q;
	NsGraph    *g;

	unit_case("70 parallel links", 0);
	unit_env_init(&u);
	for (int i = 0; i < 70; i++)
		link[i] = (NsLinkInput) {i + 1, 1 + i % 2, 2 - i % 2, false, true,
		{i + 1, 1, 1}};
	UNIT_CHECK(net_build(&u, &in, &g) == NS_OK, "it does not build");
	many_paths(&u, g, 4, PLENTY);
	many_paths(&u, g, 8, PLENTY);
	many_paths(&u, g, NS_MAX_DISJOINT, 100000);

	bad.k = NS_MAX_DISJOINT + 1;
	expect_bad(&u, g, &bad, "k above the limit");
	bad.k = 0;
	expect_bad(&u, g, &bad, "k = 0");
	bad = q;
	bad.budget = 0;
	expect_bad(&u, g, &bad, "no budget");
	bad = q;
	bad.path.dst = bad.path.src;
	expect_bad(&u, g, &bad, "from a node to itself");
	bad.path.dst = 2;
	expect_bad(&u, g, &bad, "a node that is not there");
	unit_env_drop(&u);
}

/* ---- failures ---- */

typedef struct Job
{
	const NsGraph *g;
	NsDisjointQuery query;
	bool		obstacles;
} Job;

static NsResult
run_job(UnitEnv *u, void *state)
{
	const Job  *job = state;
	NsDisjointResult r;
	NsObstacle *o;
	int32_t		n;

	return job->obstacles
		? ns_disjoint_obstacles(&u->env, job->g, &job->query, &o, &n)
		: ns_disjoint_paths(&u->env, job->g, &job->query, &r);
}

static void
test_failures(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		static Trial t;
		Job			job;

		if (trial_init(&t, i))
		{
			job = (Job) {t.g, t.query, false};
			unit_case("failing allocator", i);
			unit_fail_each(run_job, &job, true, 30);
			unit_case("interrupts", i);
			unit_fail_each(run_job, &job, false, 30);
			job.obstacles = true;
			unit_fail_each(run_job, &job, true, 10);
			unit_fail_each(run_job, &job, false, 10);
		}
		unit_env_drop(&t.u);
	}
}

/* A grid with random groups: a search that takes long, stopped anywhere. */
static void
test_long_search(void)
{
	UnitEnv		u;
	NetShape	shape = {.nodes = 100,.links = 180,.groups = 60,.members = 4};
	Net			net;
	Job			job;
	NsGraph    *g;
	int32_t		n = 0;

	unit_case("a long search, interrupted", 0);
	unit_env_init(&u);
	net_random(&u, &shape, &net);
	for (int32_t y = 0; y < 10; y++)
		for (int32_t x = 0; x < 10; x++)
		{
			int32_t		here = 10 * y + x;

			if (x < 9)
				net.link[n++] = (NetLink) {.a = here,.z = here + 1,
				.cost = {1 + unit_below(9), 1, 1}};
			if (y < 9)
				net.link[n++] = (NetLink) {.a = here,.z = here + 10,
				.cost = {1 + unit_below(9), 1, 1}};
		}
	UNIT_CHECK(n == 180 && net_graph(&u, &net, &g) == NS_OK, "it does not build");
	job = (Job) {g, {.path = {.src = 0,.dst = 99},.k = 3,.srlg = true,
	.node = true,.strict = false,.budget = 200000}, false};
	unit_fail_each(run_job, &job, false, 20);
	unit_case("a long search without memory", 0);
	unit_fail_each(run_job, &job, true, 20);
	unit_env_drop(&u);
}

int
main(void)
{
	unit_begin("disjoint");
	test_random(unit_cases(10000, 100000));
	test_trap();
	test_limits();
	test_failures(30);
	test_long_search();
	return unit_end();
}
