/*-------------------------------------------------------------------------
 *
 * test_redundancy.c
 *	  What stands alone once more links are gone, against each risk tried with
 *	  each pair of ends.
 *
 *-------------------------------------------------------------------------
 */
#include "redundancy.h"

#include <string.h>

#include "net.h"
#include "unit.h"

#define PAIRS	12
#define WORDS	8

typedef struct Case
{
	Net			net;
	NsGraph    *g;
	uint64_t	before[WORDS];
	uint64_t	after[WORDS];
	NsImpactPair pair[PAIRS];
} Case;

/* Does a way lead from src to dst, without these links and this node? */
static bool
leads(const NsGraph *g, const uint64_t *gone, int32_t without, int32_t src,
	  int32_t dst)
{
	bool		met[64] = {0};
	bool		more = true;

	met[src] = true;
	while (more)
	{
		more = false;
		for (int32_t i = 0; i < g->nlinks; i++)
		{
			const int32_t *end = ns_link_end(g, i);

			if (!ns_link_up(g, i) || ns_bit_get(gone, i) ||
				end[0] == without || end[1] == without)
				continue;
			if (met[end[0]] && !met[end[1]])
				more = met[end[1]] = true;
			if (met[end[1]] && !met[end[0]] && !ns_link_directed(g, i))
				more = met[end[0]] = true;
		}
	}
	return met[dst];
}

/* Without what this risk takes, too. */
static bool
leads_without(const NsGraph *g, const uint64_t *gone, NsLossKind kind,
			  int32_t number, const NsImpactPair *p)
{
	uint64_t	dead[WORDS];
	NsNumbers	links;

	memcpy(dead, gone, sizeof(dead));
	if (kind == NS_LOSS_LINK)
		ns_bit_set(dead, number);
	if (kind == NS_LOSS_SRLG)
	{
		links = ns_srlg_links(g, number);
		for (int32_t i = 0; i < links.n; i++)
			if (ns_srlg_share(g, number)[i] == 1)
				ns_bit_set(dead, links.number[i]);
	}
	return leads(g, dead, kind == NS_LOSS_NODE ? number : -1, p->src, p->dst);
}

static bool
takes_end(const NsGraph *g, NsLossKind kind, int32_t number,
		  const NsImpactPair *p)
{
	NsNumbers	nodes;
	bool		takes = false;

	if (kind == NS_LOSS_NODE)
		return number == p->src || number == p->dst;
	if (kind != NS_LOSS_SRLG)
		return false;
	nodes = ns_srlg_nodes(g, number);
	for (int32_t i = 0; i < nodes.n; i++)
		takes |= ns_srlg_node_probability(g, number)[i] > 0 &&
			(nodes.number[i] == p->src || nodes.number[i] == p->dst);
	return takes;
}

static bool
is_lost(const Case *c, int32_t pair, NsLossKind kind, int32_t number)
{
	const NsImpactPair *p = &c->pair[pair];

	if (!leads(c->g, c->before, -1, p->src, p->dst))
		return false;
	if (!leads(c->g, c->after, -1, p->src, p->dst))
		return kind == NS_LOSS_PATH;
	if (kind == NS_LOSS_PATH || takes_end(c->g, kind, number, p))
		return false;
	return leads_without(c->g, c->before, kind, number, p) &&
		!leads_without(c->g, c->after, kind, number, p);
}

static void
compare(const Case *c, const NsLoss *loss, size_t n)
{
	int32_t		numbers[] = {1, c->g->nlinks, c->g->nnodes, c->g->nsrlgs};
	size_t		right = 0;

	for (int32_t pair = 0; pair < PAIRS; pair++)
		for (NsLossKind kind = NS_LOSS_PATH; kind <= NS_LOSS_SRLG; kind++)
			for (int32_t i = 0; i < numbers[kind]; i++)
				right += is_lost(c, pair, kind, i);
	UNIT_CHECK(n == right, "%zu are lost, not %zu", n, right);
	for (size_t i = 0; i < n; i++)
		UNIT_CHECK(is_lost(c, loss[i].pair, loss[i].kind, loss[i].number),
				   "pair %d does not lose %d %d", loss[i].pair,
				   (int) loss[i].kind, loss[i].number);
}

static bool
random_case(UnitEnv *u, Case *c)
{
	NetShape	shape = {0};

	memset(c, 0, sizeof(*c));
	shape.nodes = 2 + unit_below(10);
	shape.links = unit_below(24);
	shape.groups = unit_below(8);
	shape.members = 3;
	shape.downs = 0.5;
	shape.partial = unit_chance(0.3);
	shape.local = unit_chance(0.5);
	shape.directed = unit_chance(0.6) ? 0 : unit_uniform();
	shape.down = 0.1;
	net_random(u, &shape, &c->net);
	if (!UNIT_CHECK(net_graph(u, &c->net, &c->g) == NS_OK, "no graph"))
		return false;
	for (int32_t j = 0; j < c->g->nlinks; j++)
	{
		if (unit_chance(0.2))
			ns_bit_set(c->after, j);
		if (ns_bit_get(c->after, j) && unit_chance(0.3))
			ns_bit_set(c->before, j);
	}
	for (int j = 0; j < PAIRS; j++)
		c->pair[j] = (NsImpactPair) {unit_below(c->g->nnodes), unit_below(c->g->nnodes)};
	return true;
}

static void
test_lost(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		static Case c;
		UnitEnv		u;
		NsLoss	   *loss;
		size_t		total;
		size_t		few;

		unit_case("what stands alone", i);
		unit_env_init(&u);
		if (random_case(&u, &c) &&
			UNIT_CHECK(ns_redundancy_lost(&u.env, c.g, c.before, c.after, c.pair,
										  PAIRS, SIZE_MAX, &loss, &total) == NS_OK,
					   "it fails"))
		{
			compare(&c, loss, total);
			UNIT_CHECK(ns_redundancy_lost(&u.env, c.g, c.before, c.after, c.pair,
										  PAIRS, 1, &loss, &few) == NS_OK &&
					   few == total, "one asked for: %zu, not %zu", few, total);
		}
		unit_env_drop(&u);
	}
}

static NsResult
attempt(UnitEnv *u, void *state)
{
	const Case *c = state;
	NsLoss	   *loss;
	size_t		total;

	return ns_redundancy_lost(&u->env, c->g, c->before, c->after, c->pair, PAIRS,
							  SIZE_MAX, &loss, &total);
}

static void
test_failures(void)
{
	static Case c;
	UnitEnv		u;

	unit_case("short of memory, and stopped", 0);
	unit_env_init(&u);
	if (random_case(&u, &c))
	{
		unit_fail_each(attempt, &c, true, 100);
		unit_fail_each(attempt, &c, false, 100);
	}
	unit_env_drop(&u);
}

int
main(void)
{
	unit_begin("redundancy");
	test_lost(unit_cases(3000, 200000));
	test_failures();
	return unit_end();
}
