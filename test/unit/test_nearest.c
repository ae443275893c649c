/*-------------------------------------------------------------------------
 *
 * test_nearest.c
 *	  The cheapest path from any of some nodes to any of others, against the
 *	  shortest path of each pair.
 *
 *-------------------------------------------------------------------------
 */
#include "nearest.h"

#include <math.h>
#include <string.h>

#include "net.h"
#include "path.h"
#include "unit.h"

#define MAX_NODES 16

typedef struct Case
{
	Net			net;
	NsGraph    *g;
	NsCostKind	kind;
	int32_t		from[MAX_NODES];
	int32_t		to[MAX_NODES];
	NsNodeList	from_list;
	NsNodeList	to_list;
} Case;

static void
random_case(UnitEnv *u, Case *c)
{
	NetShape	shape = {0};

	memset(c, 0, sizeof(*c));
	shape.nodes = 2 + unit_below(MAX_NODES - 2);
	shape.links = unit_below(3 * shape.nodes);
	shape.directed = unit_chance(0.5) ? 0 : unit_uniform();
	shape.down = 0.1;
	net_random(u, &shape, &c->net);
	c->kind = (NsCostKind) unit_below(NS_COSTS);
	UNIT_CHECK(net_graph(u, &c->net, &c->g) == NS_OK, "no graph");
	c->from_list = (NsNodeList) {c->from, (size_t) unit_below(4)};
	c->to_list = (NsNodeList) {c->to, (size_t) unit_below(4)};
	for (int i = 0; i < 4; i++)
	{
		c->from[i] = unit_below(c->g->nnodes);
		c->to[i] = unit_below(c->g->nnodes);
	}
}

static double
by_pairs(UnitEnv *u, const Case *c)
{
	double		least = INFINITY;

	for (size_t i = 0; i < c->from_list.n; i++)
		for (size_t j = 0; j < c->to_list.n; j++)
		{
			NsPathQuery query = {.src = c->from[i],.dst = c->to[j],.cost = c->kind};
			NsPath		path;
			bool		found;

			if (ns_shortest_path(&u->env, c->g, &query, &found, &path) == NS_OK && found)
				least = fmin(least, path.cost);
		}
	return least;
}

static NsResult
attempt(UnitEnv *u, void *state)
{
	const Case *c = state;
	double		cost;

	return ns_nearest(&u->env, c->g, c->kind, c->from_list, c->to_list, &cost);
}

int
main(void)
{
	int			cases = unit_cases(2000, 50000);

	unit_begin("nearest");
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		Case		c;
		double		cost;

		unit_case("least of all pairs", i);
		unit_env_init(&u);
		random_case(&u, &c);
		if (ns_missing_cost(c.g, c.kind) >= 0)
			UNIT_CHECK(true, "nothing to compare");
		else if (UNIT_CHECK(ns_nearest(&u.env, c.g, c.kind, c.from_list,
									   c.to_list, &cost) == NS_OK, "it fails"))
		{
			double		want = by_pairs(&u, &c);

			UNIT_CHECK(cost == want || fabs(cost - want) <= 1e-9 * fabs(want),
					   "%.17g, not %.17g", cost, want);
		}
		if (i == 0)
			unit_fail_each(attempt, &c, true, 20);
		unit_env_drop(&u);
	}
	return unit_end();
}
