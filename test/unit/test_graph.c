/*-------------------------------------------------------------------------
 *
 * test_graph.c
 *	  The graph block: what is in it, whatever the order of the rows.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "net.h"

static NetShape
random_shape(void)
{
	return (NetShape) {
		.nodes = 2 + unit_below(30),.links = unit_below(60),
		.groups = unit_below(unit_chance(0.3) ? 60 : 12),
		.directed = unit_chance(0.5) ? 0 : unit_uniform(),
		.down = unit_chance(0.5) ? 0 : unit_uniform(),
		.members = unit_uniform() * (unit_chance(0.3) ? 30 : 6),.downs = unit_uniform(),
		.partial = unit_chance(0.5),.local = unit_chance(0.5)
	};
}

static void
check_elements(const Net *net, const NsGraph *g)
{
	int32_t		nup = 0;

	UNIT_CHECK(g->block->magic == NS_GRAPH_MAGIC &&
			   g->block->version == NS_GRAPH_VERSION,
			   "magic %x, version %u", g->block->magic, g->block->version);
	UNIT_CHECK(g->nnodes == net->nnodes && g->nlinks == net->nlinks,
			   "%d nodes, %d links; %d, %d were given", g->nnodes, g->nlinks,
			   net->nnodes, net->nlinks);
	for (int32_t i = 0; i < net->nnodes; i++)
	{
		UNIT_CHECK(ns_node_id(g, i) == net->node_id[i], "id of node %d", i);
		UNIT_CHECK(strcmp(ns_node_name(g, i), net->name[i]) == 0,
				   "name of node %d", i);
		UNIT_CHECK(ns_graph_find_node(g, net->name[i]) == i &&
				   ns_graph_find_node_id(g, net->node_id[i]) == i,
				   "look-up of node %d", i);
	}
	for (int32_t i = 0; i < net->nlinks; i++)
	{
		const NetLink *l = &net->link[i];

		UNIT_CHECK(ns_link_id(g, i) == net->link_id[i] &&
				   ns_graph_find_link(g, net->link_id[i]) == i,
				   "id of link %d", i);
		UNIT_CHECK(ns_link_end(g, i)[0] == l->a &&
				   ns_link_end(g, i)[1] == l->z &&
				   ns_link_directed(g, i) == l->directed &&
				   ns_link_up(g, i) == l->up,
				   "ends of link %d", i);
		nup += l->up;
		for (int kind = 0; kind < NS_STORED_COSTS; kind++)
			UNIT_CHECK(ns_link_cost(g, kind, i) == l->cost[kind],
					   "cost %d of link %d", kind, i);
	}
	UNIT_CHECK(g->nup == nup, "%d links are up, not %d", g->nup, nup);
	UNIT_CHECK(ns_graph_find_node(g, "") < 0 &&
			   ns_graph_find_node(g, "no such node") < 0 &&
			   ns_graph_find_node_id(g, -5) < 0 &&
			   ns_graph_find_link(g, INT64_MAX) < 0 &&
			   ns_graph_find_srlg(g, INT64_MIN) < 0,
			   "something that is not there is found");
}

/* Each arc stands once at its node, and nothing else does. */
static void
check_arcs(const Net *net, const NsGraph *g, bool out)
{
	int32_t		narcs = 0;
	int32_t		total = 0;

	for (int32_t i = 0; i < net->nlinks; i++)
	{
		const NetLink *l = &net->link[i];
		int			expected = !l->up ? 0 : l->directed ? 1 : 2;
		int			seen = 0;

		narcs += expected;
		for (int32_t n = 0; n < g->nnodes; n++)
		{
			NsArcs		arcs = out ? ns_out(g, n) : ns_in(g, n);

			for (int32_t j = 0; j < arcs.n; j++)
			{
				bool		forth = n == (out ? l->a : l->z) &&
					arcs.arc[j].node == (out ? l->z : l->a);
				bool		back = !l->directed && n == (out ? l->z : l->a) &&
					arcs.arc[j].node == (out ? l->a : l->z);

				UNIT_CHECK(j == 0 || arcs.arc[j - 1].link < arcs.arc[j].link,
						   "arcs of node %d are not ascending", n);
				if (arcs.arc[j].link != i)
					continue;
				UNIT_CHECK(forth || back, "arc of link %d at node %d", i, n);
				seen++;
			}
		}
		UNIT_CHECK(seen == expected, "link %d has %d arcs", i, seen);
	}
	for (int32_t n = 0; n < g->nnodes; n++)
		total += (out ? ns_out(g, n) : ns_in(g, n)).n;
	UNIT_CHECK(total == narcs && g->narcs == narcs,
			   "%d arcs (%d at nodes), not %d", g->narcs, total, narcs);
}

static void
check_memberships(const Net *net, const NsGraph *g)
{
	int32_t		n = 0;
	int32_t		by_group = 0;
	int32_t		by_link = 0;
	int32_t		ndowns = 0;

	for (int32_t i = 0; i < net->nmembers; i++)
	{
		const NetMember *m = &net->member[i];
		int32_t		group = ns_graph_find_srlg(g, net->group_id[m->group]);
		bool		from_group = false;
		bool		from_link = false;

		if (m->share > 0 && net->link[m->link].up &&
			UNIT_CHECK(group >= 0, "group %d is lost", m->group))
		{
			NsNumbers	links = ns_srlg_links(g, group);
			NsNumbers	srlgs = ns_link_srlgs(g, m->link);

			n++;
			for (int32_t j = 0; j < links.n; j++)
				from_group |= links.number[j] == m->link &&
					ns_srlg_share(g, group)[j] == m->share &&
					ns_srlg_probability(g, group)[j] == m->probability;
			for (int32_t j = 0; j < srlgs.n; j++)
				from_link |= srlgs.number[j] == group;
			UNIT_CHECK(from_group && from_link,
					   "link %d of group %d is not in it", m->link, m->group);
		}
	}
	for (int32_t group = 0; group < g->nsrlgs; group++)
	{
		NsNumbers	links = ns_srlg_links(g, group);

		by_group += links.n;
		for (int32_t j = 1; j < links.n; j++)
			UNIT_CHECK(links.number[j - 1] < links.number[j],
					   "links of group %d are not ascending", group);
		UNIT_CHECK(group == 0 || ns_srlg_id(g, group - 1) < ns_srlg_id(g, group),
				   "groups are not ascending");
	}
	for (int32_t i = 0; i < g->nlinks; i++)
		by_link += ns_link_srlgs(g, i).n;
	UNIT_CHECK(n == g->nmemberships && by_group == n && by_link == n,
			   "%d memberships (%d by group, %d by link), not %d",
			   g->nmemberships, by_group, by_link, n);
	for (int32_t i = 0; i < net->ndowns; i++)
	{
		int32_t		group = ns_graph_find_srlg(g, net->group_id[net->down[i].group]);
		bool		counts = net->down[i].probability > 0;
		NsNumbers	nodes = {0};
		NsNumbers	srlgs = ns_node_srlgs(g, net->down[i].node);
		bool		found = false;
		bool		from_node = false;

		ndowns += counts;
		if (group >= 0)
			nodes = ns_srlg_nodes(g, group);
		for (int32_t j = 0; j < nodes.n; j++)
			found |= nodes.number[j] == net->down[i].node &&
				ns_srlg_node_probability(g, group)[j] == net->down[i].probability;
		for (int32_t j = 0; j < srlgs.n; j++)
			from_node |= srlgs.number[j] == group;
		UNIT_CHECK(found == counts && from_node == counts,
				   "group %d does not take node %d down",
				   net->down[i].group, net->down[i].node);
	}
	UNIT_CHECK(g->nsrlg_nodes == ndowns, "%d nodes taken down, not %d",
			   g->nsrlg_nodes, ndowns);
}

static bool
same_links(const NsGraph *g, int32_t a, int32_t b)
{
	NsNumbers	x = ns_srlg_links(g, a);
	NsNumbers	y = ns_srlg_links(g, b);

	if (x.n != y.n)
		return false;
	for (int32_t i = 0; i < x.n; i++)
		if (x.number[i] != y.number[i])
			return false;
	return true;
}

static void
check_twins(const NsGraph *g)
{
	for (int32_t group = 0; group < g->nsrlgs; group++)
	{
		int32_t		least = 0;

		while (!same_links(g, least, group))
			least++;
		UNIT_CHECK(ns_srlg_twin(g, group) == least,
				   "twin of group %d is %d, not %d", group,
				   ns_srlg_twin(g, group), least);
	}
}

/* Rows in any order give the same bytes, and the block can be moved. */
static void
check_order(UnitEnv *u, const Net *net, const NsGraph *g)
{
	NsGraph    *other;
	size_t		bytes = (size_t) g->block->bytes;
	NsGraphBlock *moved = unit_alloc(u, bytes, 1);
	NsGraph		view;

	if (UNIT_CHECK(net_graph(u, net, &other) == NS_OK, "second build"))
		UNIT_CHECK(other->block->bytes == bytes &&
				   memcmp(other->block, g->block, bytes) == 0,
				   "the block depends on the order of rows");
	memcpy(moved, g->block, bytes);
	ns_graph_view(&view, moved);
	check_elements(net, &view);
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

		unit_case("random graph", i);
		unit_env_init(&u);
		shape = random_shape();
		net_random(&u, &shape, &net);
		if (UNIT_CHECK(net_graph(&u, &net, &g) == NS_OK, "it does not build"))
		{
			check_elements(&net, g);
			check_arcs(&net, g, true);
			check_arcs(&net, g, false);
			check_memberships(&net, g);
			check_twins(g);
			check_order(&u, &net, g);
		}
		unit_env_drop(&u);
	}
}

/* ---- decimals ---- */

static void
test_decimals(void)
{
	static const struct
	{
		double		cost[2];
		int			digits;
	}			sample[] = {
		{{0, 0}, 0}, {{7, 1e9}, 0}, {{0.1, 3}, 1}, {{0.25, 0.1}, 2},
		{{0.1, 0.000001}, 6}, {{1.5, 0.0000005}, -1}, {{1.0 / 3, 1}, -1},
		{{1e300, 1}, -1}, {{123456.789, 1}, 3}, {{5e-324, 1}, -1}
	};

	for (size_t i = 0; i < sizeof(sample) / sizeof(sample[0]); i++)
	{
		UnitEnv		u;
		NsGraph    *g;
		NsNodeInput node[] = {{1, "a"}, {2, "b"}};
		NsLinkInput link[] = {{1, 1, 2, false, true, {sample[i].cost[0], NAN, 0}},
		{2, 2, 1, true, true, {sample[i].cost[1], 1, 0}}};
		NsGraphInput in = {.node = node,.nnodes = 2,.link = link,.nlinks = 2};

		unit_case("decimals", (int) i);
		unit_env_init(&u);
		if (UNIT_CHECK(net_build(&u, &in, &g) == NS_OK, "build"))
		{
			UNIT_CHECK(g->decimals[NS_COST_METRIC] == sample[i].digits,
					   "%g and %g have %d digits, not %d", sample[i].cost[0],
					   sample[i].cost[1], sample[i].digits,
					   g->decimals[NS_COST_METRIC]);
			UNIT_CHECK(g->missing[NS_COST_METRIC] == -1 &&
					   g->missing[NS_COST_LATENCY] == 0,
					   "missing costs: %d, %d", g->missing[NS_COST_METRIC],
					   g->missing[NS_COST_LATENCY]);
			UNIT_CHECK(g->cost_sum[0] == sample[i].cost[0] + sample[i].cost[1] &&
					   g->cost_max[0] == fmax(sample[i].cost[0], sample[i].cost[1]),
					   "sum or maximum of costs");
			UNIT_CHECK(g->directed, "a directed link is not noticed");
		}
		unit_env_drop(&u);
	}
}

/* ---- bad input ---- */

static void
expect(NsResult expected, const NsGraphInput *in, const char *what)
{
	UnitEnv		u;
	NsGraphBlock *block;
	NsResult	rc;

	unit_case(what, 0);
	unit_env_init(&u);
	rc = ns_graph_build(&u.env, in, &block);
	UNIT_CHECK(rc == expected, "result %d, not %d", rc, expected);
	unit_env_drop(&u);
}

static void
test_bad_input(void)
{
	NsNodeInput node[] = {{1, "a"}, {2, "b"}, {3, "c"}};
	NsLinkInput link[] = {{1, 1, 2, false, true, {1, 1, 1}}, {2, 2, 3, false, true, {1, 1, 1}}};
	NsMembershipInput member[] = {{5, 1, 1, 1}, {5, 2, 1, 1}, {6, 99, 1, 1},
	{7, 1, 0, 1}};
	NsSrlgNodeInput down[] = {{5, 1, 1}, {5, 77, 1}};
	const NsGraphInput good = {node, 3, link, 2, member, 4, down, 2, NULL, NULL};
	NsGraphInput in = good;

	expect(NS_OK, &good, "good input");
	in = (NsGraphInput) {0};
	expect(NS_OK, &in, "nothing at all");
	in = good;
	in.nlinks = in.nmemberships = 0;
	expect(NS_OK, &in, "nodes alone");

	node[2].id = 1;
	expect(NS_BAD_INPUT, &good, "a node id twice");
	node[2].id = 3;
	link[1].id = 1;
	expect(NS_BAD_INPUT, &good, "a link id twice");
	link[1].id = 2;
	link[1].z_node_id = 4;
	expect(NS_BAD_INPUT, &good, "an end that is not there");
	link[1].z_node_id = 2;
	expect(NS_BAD_INPUT, &good, "a loop");
	link[1].z_node_id = 3;
	member[1] = member[0];
	expect(NS_BAD_INPUT, &good, "a membership twice");
	member[1].link_id = 2;
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
	{
		link[0].cost[kind] = -1e-300;
		expect(NS_BAD_INPUT, &good, "a negative cost");
		link[0].cost[kind] = INFINITY;
		expect(NS_BAD_INPUT, &good, "an infinite cost");
		link[0].cost[kind] = NAN;
		expect(NS_OK, &good, "a missing cost");
		link[0].cost[kind] = 1;
	}
	in = good;
	in.nlinks = (size_t) 1 << 31;
	expect(NS_TOO_LARGE, &in, "too many links");
	in = good;
	in.nnodes = SIZE_MAX;
	expect(NS_TOO_LARGE, &in, "too many nodes");
}

/* ---- failures ---- */

static NsResult
build(UnitEnv *u, void *state)
{
	NsGraphBlock *block;

	return ns_graph_build(&u->env, state, &block);
}

static void
test_failures(void)
{
	UnitEnv		u;
	NetShape	shape = {.nodes = 40,.links = 90,.groups = 20,.directed = 0.3,
	.members = 5,.downs = 1,.partial = true};
	Net			net;
	NsGraphInput in;

	unit_case("failing allocator", 0);
	unit_env_init(&u);
	net_random(&u, &shape, &net);
	net_input(&u, &net, true, &in);
	unit_fail_each(build, &in, true, 1000);
	unit_case("interrupts", 0);
	unit_fail_each(build, &in, false, 1000);
	unit_env_drop(&u);
}

int
main(void)
{
	unit_begin("graph");
	test_random(unit_cases(300, 5000));
	test_decimals();
	test_bad_input();
	test_failures();
	return unit_end();
}
