/*-------------------------------------------------------------------------
 *
 * net.c
 *	  Random networks for the tests; see net.h.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "net.h"

/* Ascending ids with random gaps; the first may be negative for groups. */
static int64_t *
random_ids(UnitEnv *u, int n, bool negative)
{
	int64_t    *id = unit_alloc(u, (size_t) n, sizeof(int64_t));
	int64_t		last = negative ? -1000 : 0;
	int			gap = unit_chance(0.2) ? 1000000000 : 9;

	for (int i = 0; i < n; i++)
		id[i] = last += 1 + unit_below(gap);
	return id;
}

static char **
random_names(UnitEnv *u, const Net *net)
{
	char	  **name = unit_alloc(u, (size_t) net->nnodes, sizeof(char *));

	/* Unique by the number at the end, in no order that ids have. */
	for (int32_t i = 0; i < net->nnodes; i++)
	{
		name[i] = unit_alloc(u, 16, 1);
		snprintf(name[i], 16, "%c%c-%d", 'a' + unit_below(26),
				 'A' + unit_below(26), (int) i);
	}
	return name;
}

static void
random_links(const NetShape *shape, Net *net)
{
	for (int32_t i = 0; i < net->nlinks; i++)
	{
		NetLink    *link = &net->link[i];

		link->a = unit_below(net->nnodes);
		do
		{
			if (shape->local && unit_chance(0.9))
				link->z = (link->a + unit_below(7) + 2 * net->nnodes - 3) % net->nnodes;
			else
				link->z = unit_below(net->nnodes);
		} while (link->z == link->a);
		link->directed = unit_chance(shape->directed);
		link->up = shape->down == 0 || !unit_chance(shape->down);
	}
}

static float
random_fraction(bool partial)
{
	static const float some[] = {0, 0.1f, 0.25f, 0.3f, 0.5f, 0.7f, 1};

	if (!partial || unit_chance(0.5))
		return 1;
	return some[unit_below(7)];
}

static int
random_count(double mean)
{
	int			n = (int) mean;

	n = unit_below(2 * n + 1);
	return n + (unit_chance(mean - (int) mean) ? 1 : 0);
}

/* Links of one group: anywhere, near each other, or those of the group before. */
static void
random_members(const NetShape *shape, Net *net, int32_t group)
{
	int			first = unit_below(net->nlinks);
	int			n = random_count(shape->members);
	bool		twin = group > 0 && unit_chance(0.1);
	int32_t		before = net->nmembers;
	uint8_t		in[4096] = {0};

	for (int i = 0; i < n && !twin; i++)
		in[shape->local ? (first + unit_below(2 * n)) % net->nlinks
		   : unit_below(net->nlinks)] = 1;
	for (int32_t i = 0; i < before && twin; i++)
		if (net->member[i].group == group - 1)
			in[net->member[i].link] = 1;
	for (int32_t i = 0; i < net->nlinks; i++)
		if (in[i])
			net->member[net->nmembers++] = (NetMember) {group, i,
				random_fraction(shape->partial),
				random_fraction(shape->partial)};
}

static void
random_groups(UnitEnv *u, const NetShape *shape, Net *net)
{
	net->member = unit_alloc(u, (size_t) net->ngroups * (size_t) net->nlinks,
							 sizeof(NetMember));
	net->down = unit_alloc(u, (size_t) net->ngroups * (size_t) net->nnodes,
						   sizeof(NetDown));
	for (int32_t group = 0; group < net->ngroups; group++)
	{
		int			n = random_count(shape->downs);

		if (net->nlinks > 0)
			random_members(shape, net, group);
		for (int32_t i = 0; i < net->nnodes && n > 0; i++)
			if (unit_chance((double) n / net->nnodes))
				net->down[net->ndowns++] = (NetDown) {group, i,
					random_fraction(shape->partial)};
	}
}

void
net_random(UnitEnv *u, const NetShape *shape, Net *net)
{
	memset(net, 0, sizeof(*net));
	net->nnodes = shape->nodes;
	net->nlinks = shape->links;
	net->ngroups = shape->groups;
	net->node_id = random_ids(u, net->nnodes, false);
	net->link_id = random_ids(u, net->nlinks, false);
	net->group_id = random_ids(u, net->ngroups, true);
	net->name = random_names(u, net);
	net->link = unit_alloc(u, (size_t) net->nlinks, sizeof(NetLink));
	random_links(shape, net);
	random_groups(u, shape, net);
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
		net_costs(net, kind, unit_below(NET_COST_FAMILIES));
}

/* A double in [1e-7, 2^30] as an integer: no bit of it is below 2^-80. */
static NetCost
all_bits(double x)
{
	int			exponent;
	double		mantissa = frexp(x, &exponent);

	if (x == 0)
		return 0;
	return (NetCost) ldexp(mantissa, 53) << (exponent - 53 + 80);
}

void
net_costs(Net *net, NsCostKind kind, int family)
{
	double		pool[3] = {unit_uniform(), sqrt(2), unit_uniform() * 3};

	net->exact[kind] = family <= 7;
	for (int32_t i = 0; i < net->nlinks; i++)
	{
		double	   *cost = &net->link[i].cost[kind];
		NetCost    *exact = &net->link[i].exact[kind];
		int			n;

		switch (family)
		{
			case 0:				/* ties and zeros */
				*cost = n = unit_below(3);
				*exact = n;
				break;
			case 1:
				*cost = n = 1 + unit_below(5);
				*exact = n;
				break;
			case 2:
				*cost = 0;
				*exact = 0;
				break;
			case 3:				/* 0.1 + 0.2 is 0.3 */
				n = unit_below(8);
				*cost = n / 10.0;
				*exact = n;
				break;
			case 4:
				n = unit_below(100000);
				*cost = n / 1000.0;
				*exact = n;
				break;
			case 5:				/* six digits, as metres of a long haul */
				n = unit_below(2000000000);
				*cost = n / 1000000.0;
				*exact = n;
				break;
			case 6:				/* large and small together */
				n = unit_below(3);
				*exact = n == 0 ? unit_below(3) : n == 1 ? 1000000007 : 1;
				*cost = (double) *exact;
				break;
			case 7:
				*exact = 1 + unit_below(1000000000);
				*cost = (double) *exact;
				break;
			case 8:				/* irrational */
				*cost = unit_uniform() * 100 + 1e-6;
				*exact = all_bits(*cost);
				break;
			case 9:				/* irrational, with ties */
				*cost = pool[unit_below(3)] + 1e-6;
				*exact = all_bits(*cost);
				break;
			case 10:			/* fifteen decades */
				*cost = pow(10, unit_uniform() * 15 - 6);
				*exact = all_bits(*cost);
				break;
			default:			/* irrational among zeros */
				*cost = unit_chance(0.3) ? 0 : 0.1 + unit_uniform();
				*exact = all_bits(*cost);
				break;
		}
	}
}

NetCost
net_cost(const Net *net, NsCostKind kind, int32_t link)
{
	return kind == NS_COST_HOPS ? 1 : net->link[link].exact[kind];
}

/* 0 .. n-1, shuffled or not. */
static int32_t *
row_order(UnitEnv *u, int n, bool shuffled)
{
	int32_t    *order = unit_alloc(u, (size_t) n, sizeof(int32_t));

	for (int i = 0; i < n; i++)
		order[i] = i;
	if (shuffled)
		unit_shuffle(order, n);
	return order;
}

void
net_input(UnitEnv *u, const Net *net, bool shuffled, NsGraphInput *input)
{
	int32_t    *order;
	NsNodeInput *node = unit_alloc(u, (size_t) net->nnodes, sizeof(*node));
	NsLinkInput *link = unit_alloc(u, (size_t) net->nlinks, sizeof(*link));
	NsMembershipInput *member = unit_alloc(u, (size_t) net->nmembers, sizeof(*member));
	NsSrlgNodeInput *down = unit_alloc(u, (size_t) net->ndowns, sizeof(*down));

	order = row_order(u, net->nnodes, shuffled);
	for (int32_t i = 0; i < net->nnodes; i++)
		node[i] = (NsNodeInput) {net->node_id[order[i]], net->name[order[i]]};
	order = row_order(u, net->nlinks, shuffled);
	for (int32_t i = 0; i < net->nlinks; i++)
	{
		const NetLink *l = &net->link[order[i]];

		link[i] = (NsLinkInput) {net->link_id[order[i]], net->node_id[l->a],
			net->node_id[l->z], l->directed, l->up,
		{l->cost[0], l->cost[1], l->cost[2]}};
	}
	order = row_order(u, net->nmembers, shuffled);
	for (int32_t i = 0; i < net->nmembers; i++)
	{
		const NetMember *m = &net->member[order[i]];

		member[i] = (NsMembershipInput) {net->group_id[m->group],
			net->link_id[m->link], m->share, m->probability};
	}
	order = row_order(u, net->ndowns, shuffled);
	for (int32_t i = 0; i < net->ndowns; i++)
		down[i] = (NsSrlgNodeInput) {net->group_id[net->down[order[i]].group],
			net->node_id[net->down[order[i]].node],
			net->down[order[i]].probability};

	*input = (NsGraphInput) {
		node, (size_t) net->nnodes, link, (size_t) net->nlinks,
		member, (size_t) net->nmembers, down, (size_t) net->ndowns, NULL, NULL
	};
}

NsResult
net_build(UnitEnv *u, const NsGraphInput *input, NsGraph **g)
{
	NsGraphBlock *block;
	NsResult	rc = ns_graph_build(&u->env, input, &block);

	if (rc != NS_OK)
		return rc;
	*g = unit_alloc(u, 1, sizeof(NsGraph));
	ns_graph_view(*g, block);
	return NS_OK;
}

NsResult
net_graph(UnitEnv *u, const Net *net, NsGraph **g)
{
	NsGraphInput input;

	net_input(u, net, true, &input);
	return net_build(u, &input, g);
}

void
net_print(const Net *net, NsCostKind kind)
{
	for (int32_t i = 0; i < net->nlinks; i++)
	{
		const NetLink *l = &net->link[i];

		printf("  link %d (id %lld)%s: %d %s %d cost %.17g\n", (int) i,
			   (long long) net->link_id[i], l->up ? "" : " not up", (int) l->a,
			   l->directed ? "->" : "--", (int) l->z,
			   kind == NS_COST_HOPS ? 1 : l->cost[kind]);
	}
	for (int32_t i = 0; i < net->nmembers; i++)
		printf("  group %d (id %lld): link %d share %g probability %g\n",
			   (int) net->member[i].group,
			   (long long) net->group_id[net->member[i].group],
			   (int) net->member[i].link, (double) net->member[i].share,
			   (double) net->member[i].probability);
	for (int32_t i = 0; i < net->ndowns; i++)
		printf("  group %d takes down node %d\n", (int) net->down[i].group,
			   (int) net->down[i].node);
}
