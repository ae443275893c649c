/*-------------------------------------------------------------------------
 *
 * test_path.c
 *	  Shortest and k shortest paths against the enumeration of all loopless
 *	  paths: same paths, same order.
 *
 * Where sums of costs are known exactly, the order is checked to the last tie;
 * else two costs that differ by less than 1e-9 may stand in either order.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "oracle.h"
#include "verify.h"

static NetShape
small_shape(void)
{
	return (NetShape) {
		.nodes = 2 + unit_below(7),.links = unit_below(15),
		.groups = unit_below(4),
		.directed = unit_chance(0.4) ? 0 : unit_chance(0.3) ? 1 : unit_uniform(),
		.down = unit_chance(0.5) ? 0 : 0.3,
		.members = 2,.partial = unit_chance(0.5),.local = unit_chance(0.5)
	};
}

/* Some of the ids, and one that is in no graph. */
static NsIdList
some_ids(UnitEnv *u, const int64_t *id, int n, double chance)
{
	int64_t    *list = unit_alloc(u, (size_t) n + 1, sizeof(int64_t));
	NsIdList	result = {list, 0};

	for (int i = 0; i < n; i++)
		if (unit_chance(chance))
			list[result.n++] = id[i];
	if (unit_chance(0.2))
		list[result.n++] = INT64_MAX;
	return result;
}

static void
random_query(UnitEnv *u, const Net *net, NsPathQuery *query)
{
	double		avoid = unit_chance(0.3) ? 0.15 : 0;

	*query = (NsPathQuery) {
		.src = unit_below(net->nnodes),.dst = unit_below(net->nnodes),
		.cost = (NsCostKind) unit_below(4),
		.avoid_links = some_ids(u, net->link_id, net->nlinks, avoid),
		.avoid_srlgs = some_ids(u, net->group_id, net->ngroups, avoid)
	};
}

static bool
is_exact(const Net *net, NsCostKind kind)
{
	return kind == NS_COST_HOPS || net->exact[kind];
}

static bool
same_path(const NsPath *path, const OraclePath *expected)
{
	return path->nlinks == expected->nlinks &&
		memcmp(path->link, expected->link,
			   (size_t) path->nlinks * sizeof(int32_t)) == 0;
}

static double
cost_of(const Net *net, const NsPathQuery *query, const OraclePath *path)
{
	double		cost = 0;

	for (int i = 0; i < path->nlinks; i++)
		cost += query->cost == NS_COST_HOPS ? 1
			: net->link[path->link[i]].cost[query->cost];
	return cost;
}

static bool
as_expected(const Net *net, const NsPathQuery *query, const NsPath *path,
			const OraclePath *expected)
{
	if (same_path(path, expected))
		return true;
	return !is_exact(net, query->cost) &&
		verify_close(path->cost, cost_of(net, query, expected));
}

static void
check_shortest(UnitEnv *u, const Net *net, const NsGraph *g,
			   const NsPathQuery *query, const OraclePaths *all)
{
	bool		found;
	NsPath		path;

	if (!UNIT_CHECK(ns_shortest_path(&u->env, g, query, &found, &path) == NS_OK,
					"shortest path fails") ||
		!UNIT_CHECK(found == (all->n > 0), "found: %d, of %d paths", found,
					all->n) || !found)
		return;
	verify_path(g, query, &path);
	UNIT_CHECK(as_expected(net, query, &path, &all->path[0]),
			   "another path is cheaper, shorter or of smaller ids: cost %.17g, "
			   "not %.17g", path.cost, cost_of(net, query, &all->path[0]));
}

static void
check_k(UnitEnv *u, const Net *net, const NsGraph *g, const NsPathQuery *query,
		const OraclePaths *all)
{
	int32_t		k = unit_chance(0.3) ? 100000 : 1 + unit_below(20);
	int32_t		n;
	NsPath	   *path;

	if (!UNIT_CHECK(ns_k_shortest_paths(&u->env, g, query, k, &path, &n) == NS_OK,
					"k shortest paths fail") ||
		!UNIT_CHECK(n == (all->n < k ? all->n : k), "%d of %d paths for k = %d",
					n, all->n, k))
		return;
	for (int32_t i = 0; i < n; i++)
	{
		verify_path(g, query, &path[i]);
		UNIT_CHECK(as_expected(net, query, &path[i], &all->path[i]),
				   "path %d of %d: cost %.17g, not %.17g, or another order",
				   i, n, path[i].cost, cost_of(net, query, &all->path[i]));
		for (int32_t j = 0; j < i; j++)
			UNIT_CHECK(path[i].nlinks != path[j].nlinks ||
					   memcmp(path[i].link, path[j].link,
							  (size_t) path[i].nlinks * sizeof(int32_t)) != 0,
					   "paths %d and %d are one", i, j);
	}
}

static void
test_random(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		NetShape	shape;
		Net			net;
		NsGraph    *g;
		NsPathQuery query;
		OraclePaths all;

		unit_case("random multigraph", i);
		unit_env_init(&u);
		shape = small_shape();
		net_random(&u, &shape, &net);
		random_query(&u, &net, &query);
		oracle_paths(&u, &net, &query, &all);
		if (UNIT_CHECK(net_graph(&u, &net, &g) == NS_OK, "it does not build"))
		{
			check_shortest(&u, &net, g, &query, &all);
			check_k(&u, &net, g, &query, &all);
		}
		unit_env_drop(&u);
	}
}

/* ---- special costs ---- */

/*
 * Three parallel links of these costs: which comes first, second, third?  With
 * a dead end behind them, a link that nobody uses and that is very dear.
 */
static void
parallel_beside(const char *what, const double cost[3], const int order[3],
				bool dead_end)
{
	UnitEnv		u;
	NsNodeInput node[] = {{1, "a"}, {2, "b"}, {3, "c"}};
	NsLinkInput link[4] = {[3] = {4, 2, 3, false, true, {1e60, 0, 0}}};
	NsGraphInput in = {.node = node,.nnodes = 3,.link = link,
	.nlinks = dead_end ? 4 : 3};
	NsPathQuery query = {.src = 0,.dst = 1};
	NsGraph    *g;
	NsPath		first;
	NsPath	   *path;
	bool		found;
	int32_t		n;

	unit_case(what, dead_end);
	unit_env_init(&u);
	for (int i = 0; i < 3; i++)
		link[i] = (NsLinkInput) {i + 1, 1, 2, false, true, {cost[i], 0, 0}};
	if (UNIT_CHECK(net_build(&u, &in, &g) == NS_OK &&
				   ns_shortest_path(&u.env, g, &query, &found, &first) == NS_OK &&
				   found, "it fails"))
		UNIT_CHECK(first.cost == cost[order[0]], "the shortest costs %g",
				   first.cost);
	if (UNIT_CHECK(net_build(&u, &in, &g) == NS_OK &&
				   ns_k_shortest_paths(&u.env, g, &query, 5, &path, &n) == NS_OK &&
				   n == 3, "it fails"))
		for (int i = 0; i < 3; i++)
			UNIT_CHECK(path[i].nlinks == 1 && path[i].link[0] == order[i] &&
					   path[i].cost == cost[order[i]],
					   "place %d has link %d of cost %g", i, path[i].link[0],
					   path[i].cost);
	unit_env_drop(&u);
}

static void
parallel(const char *what, const double cost[3], const int order[3])
{
	parallel_beside(what, cost, order, false);
	parallel_beside(what, cost, order, true);
}

static void
test_costs(void)
{
	parallel("far apart", (double[3]) {1e15, 1, 2}, (int[3]) {1, 2, 0});

	parallel("tiny costs", (double[3]) {3e-300, 1e-300, 2e-300},
			 (int[3]) {1, 2, 0});
	parallel("denormal costs", (double[3]) {1e-322, 5e-324, 5e-323},
			 (int[3]) {1, 2, 0});
	parallel("huge costs", (double[3]) {1e308, 1.5e308, 1e300},
			 (int[3]) {2, 0, 1});
	parallel("huge and tiny costs", (double[3]) {1e308, 1e-308, 1},
			 (int[3]) {1, 2, 0});
	parallel("equal costs", (double[3]) {0.1, 0.1, 0.1}, (int[3]) {0, 1, 2});
	parallel("no cost", (double[3]) {0, 0, 0}, (int[3]) {0, 1, 2});
	parallel("neighbouring doubles",
			 (double[3]) {nextafter(0.3, 1), 0.3, nextafter(0.3, 0)},
			 (int[3]) {2, 1, 0});
}

/* A missing cost is an error for its kind alone. */
static void
test_missing(void)
{
	UnitEnv		u;
	NsNodeInput node[] = {{1, "a"}, {2, "b"}, {3, "c"}};
	NsLinkInput link[] = {{1, 1, 2, false, true, {1, NAN, 1}}, {2, 2, 3, false, true, {1, 1, 1}}};
	NsGraphInput in = {.node = node,.nnodes = 3,.link = link,.nlinks = 2};
	NsPathQuery query = {.src = 1,.dst = 2};
	NsGraph    *g;

	unit_case("missing cost", 0);
	unit_env_init(&u);
	if (UNIT_CHECK(net_build(&u, &in, &g) == NS_OK, "it does not build"))
		for (int kind = 0; kind < 4; kind++)
		{
			bool		found;
			int32_t		n;
			NsPath		path;
			NsPath	   *paths;
			NsResult	expected = kind == NS_COST_LATENCY ? NS_MISSING_COST : NS_OK;

			query.cost = (NsCostKind) kind;
			UNIT_CHECK(ns_shortest_path(&u.env, g, &query, &found, &path) == expected,
					   "shortest path by cost %d", kind);
			UNIT_CHECK(ns_k_shortest_paths(&u.env, g, &query, 2, &paths, &n) == expected,
					   "k shortest paths by cost %d", kind);
		}
	unit_env_drop(&u);
}

/* ---- failures ---- */

typedef struct Job
{
	const NsGraph *g;
	NsPathQuery query;
	int32_t		k;				/* 0: shortest path */
} Job;

static NsResult
run_job(UnitEnv *u, void *state)
{
	const Job  *job = state;
	bool		found;
	int32_t		n;
	NsPath		path;
	NsPath	   *paths;

	return job->k == 0
		? ns_shortest_path(&u->env, job->g, &job->query, &found, &path)
		: ns_k_shortest_paths(&u->env, job->g, &job->query, job->k, &paths, &n);
}

static void
test_failures(void)
{
	UnitEnv		u;
	NetShape	shape = {.nodes = 1200,.links = 3000,.groups = 5,.members = 3};
	Net			net;
	NsGraph    *g;
	Job			job;

	unit_case("failing allocator", 0);
	unit_env_init(&u);
	net_random(&u, &shape, &net);
	UNIT_CHECK(net_graph(&u, &net, &g) == NS_OK, "it does not build");
	job = (Job) {g, {.src = 0,.dst = 1199}, 0};
	for (int kind = 0; kind < 4; kind++)
	{
		job.query.cost = (NsCostKind) kind;
		for (job.k = 0; job.k <= 30; job.k += 30)
			unit_fail_each(run_job, &job, true, 40);
	}
	unit_case("interrupts", 0);
	for (job.k = 0; job.k <= 30; job.k += 30)
		unit_fail_each(run_job, &job, false, 40);
	unit_env_drop(&u);
}

/* Memory for many paths grows with what they differ in. */
static void
test_memory(void)
{
	UnitEnv		u;
	UnitEnv		run;
	NetShape	shape = {.nodes = 3000,.links = 4000,.local = true};
	Net			net;
	Job			job = {.query = {.src = 0,.dst = 1500},.k = 500};
	NsGraph    *g;

	unit_case("memory of 500 paths", 0);
	unit_env_init(&u);
	unit_env_init(&run);
	net_random(&u, &shape, &net);
	net_costs(&net, NS_COST_METRIC, 7);
	for (int32_t i = 0; i + 1 < net.nnodes; i++)	/* connected */
	{
		net.link[i].a = i;
		net.link[i].z = i + 1;
	}
	if (UNIT_CHECK(net_graph(&u, &net, &g) == NS_OK, "it does not build"))
	{
		job.g = g;
		UNIT_CHECK(run_job(&run, &job) == NS_OK && run.bytes < 50000000,
				   "500 paths take %zu bytes", run.bytes);
	}
	unit_env_drop(&run);
	unit_env_drop(&u);
}

int
main(void)
{
	unit_begin("path");
	test_random(unit_cases(4000, 100000));
	test_costs();
	test_missing();
	test_failures();
	test_memory();
	return unit_end();
}
