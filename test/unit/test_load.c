/*-------------------------------------------------------------------------
 *
 * test_load.c
 *	  Distances to one node against sums relaxed until nothing changes; load of
 *	  links against all cheapest paths, enumerated.
 *
 *-------------------------------------------------------------------------
 */
#include "load.h"

#include <math.h>
#include <string.h>

#include "distance.h"
#include "oracle.h"

#define MAX_DEMANDS	12

/* ---- distances ---- */

/* Weights of the links relaxed until nothing changes. */
static int64_t *
relax_all(UnitEnv *u, const NsGraph *g, const int64_t *weight,
		  const uint64_t *dead, int32_t dst)
{
	int64_t    *d = unit_alloc(u, (size_t) g->nnodes, sizeof(int64_t));
	bool		changed = true;

	for (int32_t i = 0; i < g->nnodes; i++)
		d[i] = i == dst ? 0 : NS_FAR;
	while (changed)
	{
		changed = false;
		for (int32_t link = 0; link < g->nlinks; link++)
		{
			const int32_t *end = ns_link_end(g, link);

			if (!ns_link_up(g, link) || (dead != NULL && ns_bit_get(dead, link)))
				continue;
			for (int way = 0; way < (ns_link_directed(g, link) ? 1 : 2); way++)
				if (d[end[!way]] + weight[link] < d[end[way]])
				{
					d[end[way]] = d[end[!way]] + weight[link];
					changed = true;
				}
		}
	}
	return d;
}

static void
compare_distances(UnitEnv *u, const NsGraph *g, const uint64_t *dead, int32_t runs)
{
	NsWeights	w;
	NsDistances d;

	if (!UNIT_CHECK(ns_weights_build(&u->env, g, NS_COST_METRIC, 1, -1, &w) == NS_OK,
					"no weights") ||
		!UNIT_CHECK(ns_distances_init(&d, &u->env, g, w.weight, dead, runs) == NS_OK,
					"it fails"))
		return;
	for (int i = 0; i < 5; i++)
	{
		int32_t		dst = unit_below(g->nnodes);
		int64_t    *right = relax_all(u, g, w.weight, dead, dst);

		UNIT_CHECK(ns_distances_run(&d, dst) == NS_OK, "a run fails");
		for (int32_t node = 0; node < g->nnodes; node++)
			if (!UNIT_CHECK(ns_distance(&d, node) == right[node],
							"%d of %d nodes out; from %d to %d: %lld, not %lld",
							d.nout, d.nnodes, node, dst,
							(long long) ns_distance(&d, node), (long long) right[node]))
				return;
	}
}

static void
test_distances(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		NetShape	shape = {0};
		Net			net;
		NsGraph    *g;
		uint64_t	dead[64] = {0};

		unit_case("distances", i);
		unit_env_init(&u);
		shape.nodes = 2 + unit_below(unit_chance(0.3) ? 200 : 40);
		shape.links = unit_below(shape.nodes * (unit_chance(0.3) ? 12 : 2));
		shape.directed = unit_chance(0.5) ? 0 : unit_uniform();
		shape.down = unit_chance(0.5) ? 0 : 0.1;
		shape.local = unit_chance(0.5);
		net_random(&u, &shape, &net);
		for (int j = 0; j < shape.links; j++)
			if (unit_chance(0.1))
				ns_bit_set(dead, j);
		if (UNIT_CHECK(net_graph(&u, &net, &g) == NS_OK, "no graph"))
			compare_distances(&u, g, unit_chance(0.5) ? NULL : dead,
							  unit_chance(0.3) ? 1 : 1 + unit_below(5000));
		unit_env_drop(&u);
	}
}

/* All nodes of a grid go, and of a clique that is too dense none may. */
static void
test_taken_out(void)
{
	for (int i = 0; i < 2; i++)
	{
		UnitEnv		u;
		NetShape	shape = {.nodes = 49,.links = i == 0 ? 84 : 1176};
		Net			net;
		NsGraph    *g;
		NsWeights	w;
		NsDistances d;
		int32_t		n = 0;

		unit_case("a grid and a clique", i);
		unit_env_init(&u);
		net_random(&u, &shape, &net);
		for (int32_t a = 0; a < 49; a++)
			for (int32_t z = a + 1; z < 49; z++)
				if (i == 1 || z == a + 7 || (z == a + 1 && z % 7 != 0))
				{
					net.link[n].a = a;
					net.link[n++].z = z;
				}
		if (UNIT_CHECK(n == shape.links && net_graph(&u, &net, &g) == NS_OK, "no graph"))
		{
			compare_distances(&u, g, NULL, 100000);
			ns_weights_build(&u.env, g, NS_COST_METRIC, 1, -1, &w);
			ns_distances_init(&d, &u.env, g, w.weight, NULL, 1000000);
			UNIT_CHECK(d.nout == 49, "%d are taken out", d.nout);
			ns_distances_init(&d, &u.env, g, w.weight, NULL, 1);
			UNIT_CHECK(d.nout < 49, "%d are taken out for one run", d.nout);
		}
		unit_env_drop(&u);
	}
}

/* ---- load ---- */

typedef struct Case
{
	Net			net;
	NsGraph    *g;
	NsDemand	demand[MAX_DEMANDS];
	NsLoadQuery query;
	int64_t		avoid_link[3];
	int64_t		avoid_srlg[2];
} Case;

static bool
random_case(UnitEnv *u, Case *c)
{
	NetShape	shape = {0};

	shape.nodes = 2 + unit_below(7);
	shape.links = unit_below(15);
	shape.groups = unit_below(4);
	shape.members = 2;
	shape.directed = unit_chance(0.5) ? 0 : unit_uniform();
	shape.down = unit_chance(0.5) ? 0 : 0.1;
	memset(c, 0, sizeof(*c));
	net_random(u, &shape, &c->net);
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
		net_costs(&c->net, kind, unit_below(8));
	if (!UNIT_CHECK(net_graph(u, &c->net, &c->g) == NS_OK, "no graph"))
		return false;
	c->query = (NsLoadQuery) {
		.cost = (NsCostKind) unit_below(NS_COSTS),
		.avoid_links = {c->avoid_link, 0},.avoid_srlgs = {c->avoid_srlg, 0},
		.demand = c->demand,.ndemands = (size_t) unit_below(MAX_DEMANDS + 1)
	};
	for (int i = 0; i < 3 && c->net.nlinks > 0 && unit_chance(0.3); i++)
		c->avoid_link[c->query.avoid_links.n++] =
			unit_chance(0.8) ? c->net.link_id[unit_below(c->net.nlinks)] : -77;
	for (int i = 0; i < 2 && c->net.ngroups > 0 && unit_chance(0.3); i++)
		c->avoid_srlg[c->query.avoid_srlgs.n++] =
			c->net.group_id[unit_below(c->net.ngroups)];
	for (size_t i = 0; i < c->query.ndemands; i++)
	{
		int32_t		src = unit_below(c->net.nnodes);

		c->demand[i] = (NsDemand) {src,
			(src + 1 + unit_below(c->net.nnodes - 1)) % c->net.nnodes,
			unit_chance(0.1) ? 0 : unit_below(1000) / 10.0};
	}
	return true;
}

/* The cheapest paths from a node: of each, its first link; and the fewest links. */
typedef struct Choice
{
	OraclePaths paths;
	int32_t		n;				/* that are as cheap as the first */
} Choice;

static Choice
cheapest(UnitEnv *u, const Case *c, int32_t src, int32_t dst)
{
	NsPathQuery query = {
		.src = src,.dst = dst,.cost = c->query.cost,
		.avoid_links = c->query.avoid_links,.avoid_srlgs = c->query.avoid_srlgs
	};
	Choice		choice = {.n = 0};

	oracle_paths(u, &c->net, &query, &choice.paths);
	while (choice.n < choice.paths.n &&
		   choice.paths.path[choice.n].cost == choice.paths.path[0].cost)
		choice.n++;
	return choice;
}

/*
 * Send so much from a node on, by the words of load.h: over each link that a
 * cheapest path begins with; of those that cost nothing, where the next node's
 * shortest among its cheapest has one link less.
 */
static void
pass_on(UnitEnv *u, const Case *c, int32_t node, int32_t dst, double gbps,
		double *load)
{
	Choice		here;
	uint32_t	next = 0;
	int			n = 0;

	if (node == dst)
		return;
	here = cheapest(u, c, node, dst);
	for (int32_t i = 0; i < here.n; i++)
	{
		int32_t		link = here.paths.path[i].link[0];
		int32_t		other = c->net.link[link].a == node ? c->net.link[link].z : c->net.link[link].a;

		if (net_cost(&c->net, c->query.cost, link) == 0)
		{
			Choice		there = cheapest(u, c, other, dst);
			int32_t		hops = other == dst ? 0 : there.paths.path[0].nlinks;

			if (hops >= here.paths.path[0].nlinks)
				continue;
		}
		next |= 1u << link;
	}
	for (int32_t i = 0; i < c->net.nlinks; i++)
		n += next >> i & 1;
	for (int32_t i = 0; i < c->net.nlinks; i++)
	{
		const NetLink *l = &c->net.link[i];

		if (!(next >> i & 1))
			continue;
		load[2 * i + (l->a != node)] += gbps / n;
		pass_on(u, c, l->a == node ? l->z : l->a, dst, gbps / n, load);
	}
}

static void
check_load(UnitEnv *u, const Case *c, const NsLoad *load)
{
	double		right[64] = {0};

	for (size_t i = 0; i < c->query.ndemands; i++)
	{
		const NsDemand *d = &c->demand[i];
		bool		routed = cheapest(u, c, d->src, d->dst).n > 0;

		UNIT_CHECK(load->routed[i] == routed, "demand %zu: routed %d", i, load->routed[i]);
		if (routed)
			pass_on(u, c, d->src, d->dst, d->gbps, right);
	}
	for (int32_t i = 0; i < 2 * c->net.nlinks; i++)
		UNIT_CHECK(fabs(load->gbps[i] - right[i]) <= 1e-9 * (1 + right[i]),
				   "link %d, way %d: %.17g, not %.17g", i / 2, i % 2, load->gbps[i], right[i]);
}

static void
test_load(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		Case		c;
		NsLoad		load;
		NsLoad		again;

		unit_case("load", i);
		unit_env_init(&u);
		if (random_case(&u, &c) &&
			UNIT_CHECK(ns_load(&u.env, c.g, &c.query, &load) == NS_OK, "it fails"))
		{
			check_load(&u, &c, &load);

			/* the order of demands is no matter, to the last bit */
			for (int j = (int) c.query.ndemands - 1; j > 0; j--)
			{
				int			with = unit_below(j + 1);
				NsDemand	swap = c.demand[j];

				c.demand[j] = c.demand[with];
				c.demand[with] = swap;
			}
			ns_load(&u.env, c.g, &c.query, &again);
			UNIT_CHECK(memcmp(load.gbps, again.gbps, (size_t) c.net.nlinks * 2 * sizeof(double)) == 0,
					   "another order of demands gives another sum");
		}
		unit_env_drop(&u);
	}
}

/* A square with a diagonal of two parallel links, by hand. */
static void
test_square(void)
{
	static const int32_t end[6][2] = {{0, 1}, {1, 2}, {0, 3}, {3, 2}, {0, 2}, {0, 2}};
	static const double want[6] = {4, 4, 4, 4, 4, 4};
	UnitEnv		u;
	NetShape	shape = {.nodes = 4,.links = 6};
	Net			net;
	NsGraph    *g;
	NsDemand	demand = {0, 2, 16};
	NsLoadQuery query = {.cost = NS_COST_METRIC,.demand = &demand,.ndemands = 1};
	NsLoad		load;

	unit_case("a square with a diagonal", 0);
	unit_env_init(&u);
	net_random(&u, &shape, &net);
	for (int i = 0; i < 6; i++)
	{
		net.link[i].a = end[i][0];
		net.link[i].z = end[i][1];
		net.link[i].cost[NS_COST_METRIC] = i < 4 ? 0.1 : 0.2;
	}
	if (UNIT_CHECK(net_graph(&u, &net, &g) == NS_OK, "no graph") &&
		UNIT_CHECK(ns_load(&u.env, g, &query, &load) == NS_OK, "it fails"))
		for (int i = 0; i < 6; i++)
		{
			UNIT_CHECK(load.gbps[2 * i] == want[i], "link %d: %g", i, load.gbps[2 * i]);
			UNIT_CHECK(load.gbps[2 * i + 1] == 0, "link %d: %g back", i, load.gbps[2 * i + 1]);
		}
	net.link[3].cost[NS_COST_METRIC] = NAN;
	if (UNIT_CHECK(net_graph(&u, &net, &g) == NS_OK, "no graph"))
		UNIT_CHECK(ns_load(&u.env, g, &query, &load) == NS_MISSING_COST, "a cost is missing");
	unit_env_drop(&u);
}

/* ---- short of memory, and stopped ---- */

static NsResult
attempt(UnitEnv *u, void *state)
{
	Case	   *c = state;
	NsLoad		load;

	return ns_load(&u->env, c->g, &c->query, &load);
}

static void
test_failures(void)
{
	UnitEnv		u;
	Case		c;

	unit_case("short of memory, and stopped", 0);
	unit_env_init(&u);
	do
	{
		if (!random_case(&u, &c))
			return;
	} while (c.query.ndemands < 5 || c.net.nlinks < 8);
	unit_fail_each(attempt, &c, true, 100);
	unit_fail_each(attempt, &c, false, 100);
	unit_env_drop(&u);
}

int
main(void)
{
	unit_begin("load");
	test_distances(unit_cases(1000, 50000));
	test_taken_out();
	test_load(unit_cases(2000, 100000));
	test_square();
	test_failures();
	return unit_end();
}
