/*-------------------------------------------------------------------------
 *
 * patch_rebuild.c
 *	  A new block of what a view shows, with a change; see patch.h.
 *
 * The rows that the block would have been built from are written down again,
 * those of changed elements from the change, and a block is built from them.
 * Nodes and links come out in the order of their ids.
 *
 *-------------------------------------------------------------------------
 */
#include "path_int.h"
#include "patch_int.h"
#include "sort.h"

typedef struct Rebuild
{
	NsEnv	   *env;
	const NsGraph *g;
	const NsGraphChange *change;
	int32_t    *node_order;		/* the change's nodes by id */
	int32_t    *link_order;
	uint64_t   *node_changed;	/* by number in the view */
	uint64_t   *link_changed;
	NsNodeInput *node;
	NsLinkInput *link;
	NsMembershipInput *membership;
	NsSrlgNodeInput *down;
	NsGraphInput in;
} Rebuild;

static int
compare_nodes(const void *context, int32_t a, int32_t b)
{
	const NsNodeChange *change = context;

	return (change[a].node.id > change[b].node.id) -
		(change[a].node.id < change[b].node.id);
}

static int
compare_links(const void *context, int32_t a, int32_t b)
{
	const NsLinkChange *change = context;

	return (change[a].link.id > change[b].link.id) -
		(change[a].link.id < change[b].link.id);
}

static NsResult
order_changes(Rebuild *r)
{
	const NsGraphChange *c = r->change;

	NS_NEED(r->node_order = ns_alloc_array(r->env, c->nnodes, sizeof(int32_t)));
	NS_NEED(r->link_order = ns_alloc_array(r->env, c->nlinks, sizeof(int32_t)));
	NS_NEED(r->node_changed = ns_alloc_zero(r->env, ns_bits_words(r->g->nnodes), sizeof(uint64_t)));
	NS_NEED(r->link_changed = ns_alloc_zero(r->env, ns_bits_words(r->g->nlinks), sizeof(uint64_t)));
	for (size_t i = 0; i < c->nnodes; i++)
	{
		int32_t		node = ns_find_any_node(r->g, c->node[i].node.id);

		r->node_order[i] = (int32_t) i;
		if (node >= 0)
			ns_bit_set(r->node_changed, node);
	}
	for (size_t i = 0; i < c->nlinks; i++)
	{
		int32_t		link = ns_find_any_link(r->g, c->link[i].link.id);

		r->link_order[i] = (int32_t) i;
		if (link >= 0)
			ns_bit_set(r->link_changed, link);
	}
	NS_TRY(ns_sort(r->env, r->node_order, c->nnodes, compare_nodes, c->node));
	return ns_sort(r->env, r->link_order, c->nlinks, compare_links, c->link);
}

/* Nodes of the change up to this id come next. */
static void
take_changed_nodes(Rebuild *r, size_t *next, bool all, int64_t below)
{
	for (; *next < r->change->nnodes; (*next)++)
	{
		const NsNodeChange *c = &r->change->node[r->node_order[*next]];

		if (!all && c->node.id >= below)
			return;
		if (c->exists)
			r->node[r->in.nnodes++] = c->node;
	}
}

static NsResult
take_nodes(Rebuild *r)
{
	const NsGraph *g = r->g;
	size_t		next = 0;

	NS_NEED(r->node = ns_alloc_array(r->env, (size_t) g->nnodes + r->change->nnodes, sizeof(NsNodeInput)));
	for (int32_t i = 0; i < g->nnodes; i++)
	{
		int64_t		id = ns_node_id(g, i);

		take_changed_nodes(r, &next, false, id);
		if (!ns_bit_get(r->node_changed, i) && ns_node_exists(g, i))
			r->node[r->in.nnodes++] = (NsNodeInput) {id, ns_node_name(g, i)};
		if (i % 65536 == 65535 && r->env->interrupted(r->env->state))
			return NS_INTERRUPTED;
	}
	take_changed_nodes(r, &next, true, 0);
	r->in.node = r->node;
	return NS_OK;
}

static void
take_changed_links(Rebuild *r, size_t *next, bool all, int64_t below)
{
	for (; *next < r->change->nlinks; (*next)++)
	{
		const NsLinkChange *c = &r->change->link[r->link_order[*next]];

		if (!all && c->link.id >= below)
			return;
		if (c->exists)
			r->link[r->in.nlinks++] = c->link;
	}
}

static NsResult
take_links(Rebuild *r)
{
	const NsGraph *g = r->g;
	size_t		next = 0;

	NS_NEED(r->link = ns_alloc_array(r->env, (size_t) g->nlinks + r->change->nlinks, sizeof(NsLinkInput)));
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		int64_t		id = ns_link_id(g, i);
		NsLinkInput *link;

		take_changed_links(r, &next, false, id);
		if (i % 65536 == 65535 && r->env->interrupted(r->env->state))
			return NS_INTERRUPTED;
		if (ns_bit_get(r->link_changed, i) || !ns_link_exists(g, i))
			continue;
		link = &r->link[r->in.nlinks++];
		link->id = id;
		link->a_node_id = ns_node_id(g, ns_link_end(g, i)[0]);
		link->z_node_id = ns_node_id(g, ns_link_end(g, i)[1]);
		link->directed = ns_link_directed(g, i);
		link->up = ns_link_up(g, i);
		for (int kind = 0; kind < NS_STORED_COSTS; kind++)
			link->cost[kind] = ns_link_cost(g, kind, i);
	}
	take_changed_links(r, &next, true, 0);
	r->in.link = r->link;
	return NS_OK;
}

/* Memberships, and nodes taken down, of one group, but for changed elements. */
static void
take_group(Rebuild *r, int32_t srlg)
{
	const NsGraph *g = r->g;
	int64_t		id = ns_srlg_id(g, srlg);
	NsNumbers	links = ns_srlg_links(g, srlg);
	NsNumbers	nodes = ns_srlg_nodes(g, srlg);
	const float *share = ns_srlg_share(g, srlg);
	const float *probability = ns_srlg_probability(g, srlg);
	const float *down_probability = ns_srlg_node_probability(g, srlg);

	for (int32_t i = 0; i < links.n; i++)
	{
		if (!ns_bit_get(r->link_changed, links.number[i]))
			r->membership[r->in.nmemberships++] = (NsMembershipInput) {
				id, ns_link_id(g, links.number[i]), share[i], probability[i]
			};
	}
	for (int32_t i = 0; i < nodes.n; i++)
	{
		if (!ns_bit_get(r->node_changed, nodes.number[i]))
			r->down[r->in.nsrlg_nodes++] = (NsSrlgNodeInput) {
				id, ns_node_id(g, nodes.number[i]), down_probability[i]
			};
	}
}

static void
take_rows_of_change(Rebuild *r)
{
	for (size_t i = 0; i < r->change->nlinks; i++)
	{
		const NsLinkChange *c = &r->change->link[i];

		for (size_t j = 0; c->exists && c->link.up && j < c->nmemberships; j++)
		{
			r->membership[r->in.nmemberships] = c->membership[j];
			r->membership[r->in.nmemberships++].link_id = c->link.id;
		}
	}
	for (size_t i = 0; i < r->change->nnodes; i++)
	{
		const NsNodeChange *c = &r->change->node[i];

		for (size_t j = 0; c->exists && j < c->nsrlg_nodes; j++)
		{
			r->down[r->in.nsrlg_nodes] = c->srlg_node[j];
			r->down[r->in.nsrlg_nodes++].node_id = c->node.id;
		}
	}
}

static NsResult
take_groups(Rebuild *r)
{
	const NsGraph *g = r->g;
	size_t		members = (size_t) g->nmemberships;
	size_t		downs = (size_t) g->nsrlg_nodes;

	for (size_t i = 0; i < r->change->nlinks; i++)
		members += r->change->link[i].nmemberships;
	for (size_t i = 0; i < r->change->nnodes; i++)
		downs += r->change->node[i].nsrlg_nodes;
	NS_NEED(r->membership = ns_alloc_array(r->env, members, sizeof(NsMembershipInput)));
	NS_NEED(r->down = ns_alloc_array(r->env, downs, sizeof(NsSrlgNodeInput)));
	for (int32_t i = 0; i < g->nsrlgs; i++)
	{
		take_group(r, i);
		if (i % 1024 == 1023 && r->env->interrupted(r->env->state))
			return NS_INTERRUPTED;
	}
	take_rows_of_change(r);
	r->in.membership = r->membership;
	r->in.srlg_node = r->down;
	return NS_OK;
}

NsResult
ns_graph_rebuild(NsEnv *env, const NsGraph *g, const NsGraphChange *change,
				 NsGraphBlock **out)
{
	static const NsGraphChange nothing = {0};
	Rebuild		r = {.env = env,.g = g,.change = change ? change : &nothing};

	NS_TRY(order_changes(&r));
	NS_TRY(take_nodes(&r));
	NS_TRY(take_links(&r));
	NS_TRY(take_groups(&r));
	return ns_graph_build(env, &r.in, out);
}
