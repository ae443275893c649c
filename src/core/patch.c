/*-------------------------------------------------------------------------
 *
 * patch.c
 *	  Applies a change to a view; see patch.h.
 *
 * In order: what is new gets its number (nodes, groups, links), then each node
 * and each link is brought to its new state, and last the totals that single
 * steps could not keep up to date are found again.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "patch_int.h"
#include "path_int.h"

/* The totals that have to be found again by a pass over the links. */
typedef struct Lost
{
	bool		missing[NS_STORED_COSTS];
} Lost;

/* ---------- does it fit? ---------- */

static bool
counts_as_member(const NsMembershipInput *m)
{
	return m->share > 0;
}

static bool
counts_as_down(const NsSrlgNodeInput *d)
{
	return d->probability > 0;
}

static bool
link_is_up(const NsLinkChange *c)
{
	return c->exists && c->link.up;
}

static bool
above_all_nodes(const NsGraph *g, int64_t id)
{
	return g->nnodes == 0 || id > ns_node_id(g, g->nnodes - 1);
}

static bool
above_all_links(const NsGraph *g, int64_t id)
{
	return g->nlinks == 0 || id > ns_link_id(g, g->nlinks - 1);
}

bool
ns_graph_fits(const NsGraph *g, const NsGraphChange *change)
{
	for (size_t i = 0; i < change->nnodes; i++)
	{
		const NsNodeChange *c = &change->node[i];

		if (!c->exists)
			continue;
		if (!above_all_nodes(g, c->node.id) &&
			ns_find_any_node(g, c->node.id) < 0)
			return false;
	}
	for (size_t i = 0; i < change->nlinks; i++)
	{
		const NsLinkChange *c = &change->link[i];

		if (c->exists && !above_all_links(g, c->link.id) &&
			ns_find_any_link(g, c->link.id) < 0)
			return false;
	}
	return true;
}

/* ---------- rows in order ---------- */

static void
sift_down(NsPatchRow *row, size_t at, size_t n)
{
	NsPatchRow	moving = row[at];

	for (size_t child; (child = 2 * at + 1) < n; at = child)
	{
		if (child + 1 < n && row[child + 1].key > row[child].key)
			child++;
		if (row[child].key <= moving.key)
			break;
		row[at] = row[child];
	}
	row[at] = moving;
}

/* By key, in place: a patch over and over must not take memory each time. */
static void
sort_rows(NsPatchRow *row, size_t n)
{
	size_t		i = 1;

	while (i < n && row[i - 1].key <= row[i].key)
		i++;
	if (i >= n)
		return;
	for (i = n / 2; i-- > 0;)
		sift_down(row, i, n);
	for (i = n; i-- > 1;)
	{
		NsPatchRow	greatest = row[0];

		row[0] = row[i];
		row[i] = greatest;
		sift_down(row, 0, i);
	}
}

static NsResult
push_row(NsEnv *env, NsPatch *p, size_t *n, NsPatchRow row)
{
	NS_NEED(p->row = ns_grow_array(env, p->row, &p->row_room, *n + 1, sizeof(NsPatchRow)));
	p->row[(*n)++] = row;
	return NS_OK;
}

/* ---------- what is new gets its number ---------- */

#define MAX_ELEMENTS	(INT32_C(1) << 30)

static NsResult
add_nodes(NsEnv *env, NsGraph *g, const NsGraphChange *change)
{
	NsPatch    *p = g->patch;
	size_t		n = 0;

	for (size_t i = 0; i < change->nnodes; i++)
	{
		int64_t		id = change->node[i].node.id;

		if (change->node[i].exists && ns_find_any_node(g, id) < 0)
			NS_TRY(push_row(env, p, &n, (NsPatchRow) {.key = id}));
	}
	if (n > (size_t) (MAX_ELEMENTS - g->nnodes))
		return NS_TOO_LARGE;
	sort_rows(p->row, n);
	for (size_t i = 0; i < n; i++)
	{
		if (!above_all_nodes(g, p->row[i].key))
			return NS_BAD_INPUT;
		NS_TRY(ns_patch_add_node(env, g, p->row[i].key));
	}
	return NS_OK;
}

static NsResult
add_links(NsEnv *env, NsGraph *g, const NsGraphChange *change)
{
	NsPatch    *p = g->patch;
	size_t		n = 0;

	for (size_t i = 0; i < change->nlinks; i++)
	{
		int64_t		id = change->link[i].link.id;

		if (change->link[i].exists && ns_find_any_link(g, id) < 0)
			NS_TRY(push_row(env, p, &n, (NsPatchRow) {.key = id}));
	}
	if (n > (size_t) (MAX_ELEMENTS - g->nlinks))
		return NS_TOO_LARGE;
	sort_rows(p->row, n);
	for (size_t i = 0; i < n; i++)
	{
		if (!above_all_links(g, p->row[i].key))
			return NS_BAD_INPUT;
		NS_TRY(ns_patch_add_link(env, g, p->row[i].key));
	}
	return NS_OK;
}

/* A group may be new by many rows. */
static NsResult
add_groups(NsEnv *env, NsGraph *g, const NsGraphChange *change)
{
	NsPatch    *p = g->patch;
	size_t		n = 0;

	for (size_t i = 0; i < change->nnodes; i++)
	{
		const NsNodeChange *c = &change->node[i];

		for (size_t j = 0; c->exists && j < c->nsrlg_nodes; j++)
		{
			if (counts_as_down(&c->srlg_node[j]) &&
				ns_graph_find_srlg(g, c->srlg_node[j].srlg_id) < 0)
				NS_TRY(push_row(env, p, &n, (NsPatchRow) {.key = c->srlg_node[j].srlg_id}));
		}
	}
	for (size_t i = 0; i < change->nlinks; i++)
	{
		const NsLinkChange *c = &change->link[i];

		for (size_t j = 0; link_is_up(c) && j < c->nmemberships; j++)
		{
			if (counts_as_member(&c->membership[j]) &&
				ns_graph_find_srlg(g, c->membership[j].srlg_id) < 0)
				NS_TRY(push_row(env, p, &n, (NsPatchRow) {.key = c->membership[j].srlg_id}));
		}
	}
	if (n > (size_t) (MAX_ELEMENTS - g->nsrlgs))
		return NS_TOO_LARGE;
	sort_rows(p->row, n);
	for (size_t i = 0; i < n; i++)
	{
		if (i > 0 && p->row[i].key == p->row[i - 1].key)
			continue;
		NS_TRY(ns_patch_add_srlg(env, g, p->row[i].key));
	}
	return NS_OK;
}

/* ---------- nodes ---------- */

/* Sorted rows with group numbers as keys: is any of them there twice? */
static bool
rows_are_sound(const NsPatchRow *row, size_t n)
{
	for (size_t i = 1; i < n; i++)
	{
		if (row[i - 1].key == row[i].key)
			return false;
	}
	return true;
}

/* Does the group take the node down just so? */
static bool
is_down(const NsGraph *g, int32_t srlg, int32_t node, const NsPatchRow *row)
{
	NsNumbers	nodes = ns_srlg_nodes(g, srlg);
	int32_t		at = ns_position(nodes.number, nodes.n, node);

	return at < nodes.n && nodes.number[at] == node &&
		ns_srlg_node_probability(g, srlg)[at] == row->probability;
}

/* Let these groups, in p->row, take the node down instead of those before. */
static NsResult
replace_downs(NsEnv *env, NsGraph *g, int32_t node, NsNodeRecord *r, size_t n)
{
	const NsPatchRow *row = g->patch->row;

	for (int32_t i = 0, j = 0; i < r->nsrlgs; i++)
	{
		while (j < (int32_t) n && row[j].key < r->srlg[i])
			j++;
		if (j == (int32_t) n || row[j].key != r->srlg[i])
			NS_TRY(ns_patch_drop_down(env, g, r->srlg[i], node));
	}
	NS_NEED(r->srlg = ns_grow_array(env, r->srlg, &r->srlg_room, n + 1, sizeof(int32_t)));
	r->nsrlgs = (int32_t) n;
	for (size_t i = 0; i < n; i++)
	{
		r->srlg[i] = (int32_t) row[i].key;
		if (!is_down(g, r->srlg[i], node, &row[i]))
			NS_TRY(ns_patch_put_down(env, g, r->srlg[i], node, &row[i]));
	}
	return NS_OK;
}

static NsResult
apply_node(NsEnv *env, NsGraph *g, const NsNodeChange *c)
{
	int32_t		node = ns_find_any_node(g, c->node.id);
	NsNodeRecord *r;
	size_t		n = 0;

	if (node < 0)
		return NS_OK;			/* neither there before nor now */
	NS_NEED(r = ns_patch_open_node(env, g, node));
	g->npresent += (int) c->exists - (int) r->exists;
	r->exists = c->exists;
	if (c->exists)
		NS_TRY(ns_patch_name(env, g, node, c->node.name));
	for (size_t i = 0; c->exists && i < c->nsrlg_nodes; i++)
	{
		const NsSrlgNodeInput *d = &c->srlg_node[i];

		if (counts_as_down(d))
			NS_TRY(push_row(env, g->patch, &n,
							(NsPatchRow) {ns_graph_find_srlg(g, d->srlg_id), 0, d->probability}));
	}
	sort_rows(g->patch->row, n);
	if (!rows_are_sound(g->patch->row, n))
		return NS_BAD_INPUT;
	return replace_downs(env, g, node, r, n);
}

/* ---------- eased links ---------- */

/* What a link that is up does to bounds that hold in the block. */
typedef enum Easing
{
	EASES_NOTHING,
	WEAKENS_BOUNDS,				/* a little cheaper: all bounds make up for it */
	IS_EASED					/* so much that others should not have to */
} Easing;

/* part becomes what is left of its costs in the block, at most 1 each. */
static Easing
easing(const NsGraph *g, int32_t link, const NsLinkRecord *r,
	   double part[NS_STORED_COSTS])
{
	const NsGraphBlock *block = g->block;
	const int32_t *end;
	double		least = 1;

	if (!r->up)
		return EASES_NOTHING;
	if (link >= block->nlinks || !(g->block_link_flag[link] & NS_LINK_UP))
		return IS_EASED;
	end = &g->block_link_end[2 * (size_t) link];
	if (r->end[0] != end[0] || r->end[1] != end[1] ||
		(!r->directed && (g->block_link_flag[link] & NS_LINK_DIRECTED)))
		return IS_EASED;
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
	{
		double		before = g->block_cost[(size_t) kind * (size_t) block->nlinks + (size_t) link];

		part[kind] = r->cost[kind] < before ? r->cost[kind] / before : 1;
		least = part[kind] < least ? part[kind] : least;
	}
	if (least < NS_EASED_PART)
		return IS_EASED;
	return least < 1 ? WEAKENS_BOUNDS : EASES_NOTHING;
}

/* Bounds are as strong as ever once no link weakens them any more. */
static void
update_weakness(NsGraph *g, NsLinkRecord *r, bool weakens,
				const double part[NS_STORED_COSTS])
{
	g->nweakening += (int) weakens - (int) r->weakens;
	r->weakens = weakens;
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
	{
		if (g->nweakening == 0)
			g->eased_part[kind] = 1;
		else if (weakens && part[kind] < g->eased_part[kind])
			g->eased_part[kind] = part[kind];
	}
}

/* The list again, after there were more of them than it has room for. */
static void
list_eased(NsGraph *g)
{
	int32_t		n = 0;

	for (uint32_t i = 0; i <= g->link.mask && n < NS_MAX_EASED; i++)
	{
		const NsLinkRecord *r = g->link.slot[i].record;

		if (g->link.slot[i].number >= 0 && r->eased)
			g->eased[n++] = g->link.slot[i].number;
	}
}

static void
update_eased(NsGraph *g, int32_t link, NsLinkRecord *r)
{
	double		part[NS_STORED_COSTS];
	Easing		how = easing(g, link, r, part);
	bool		eased = how == IS_EASED;

	update_weakness(g, r, how == WEAKENS_BOUNDS, part);
	if (eased == r->eased)
		return;
	r->eased = eased;
	if (eased)
	{
		if (g->neased < NS_MAX_EASED)
			g->eased[g->neased] = link;
		g->neased++;
	}
	else if (--g->neased <= NS_MAX_EASED)
		list_eased(g);
}

/* ---------- links ---------- */

static bool
same_cost(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

/* Costs of a link come into, or go out of, or change in the totals. */
static void
update_totals(NsGraph *g, const NsLinkRecord *before, const NsLinkRecord *after)
{
	NsPatch    *p = g->patch;

	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
	{
		if (before->up && after->up &&
			same_cost(before->cost[kind], after->cost[kind]))
			continue;
		if (before->up)
			ns_total_remove(&p->total[kind], before->cost[kind]);
		if (after->up)
			ns_total_add(&p->total[kind], after->cost[kind]);
	}
	g->nup += (int) after->up - (int) before->up;
	p->ndirected += (int) (after->up && after->directed) -
		(int) (before->up && before->directed);
}

/* The least link without a cost stays known, or is known to be lost. */
static void
update_missing(NsGraph *g, int32_t link, const NsLinkRecord *r, Lost *lost)
{
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
	{
		if (r->up && isnan(r->cost[kind]))
		{
			if (g->missing[kind] < 0 || link < g->missing[kind])
				g->missing[kind] = link;
		}
		else if (g->missing[kind] == link)
			lost->missing[kind] = true;
	}
}

/* The new state of a link's row, its groups left aside. */
static NsResult
read_link(const NsGraph *g, const NsLinkChange *c, NsLinkRecord *r)
{
	const NsLinkInput *in = &c->link;

	r->exists = c->exists;
	r->up = link_is_up(c);
	if (!c->exists)
		return NS_OK;
	r->end[0] = ns_graph_find_node_id(g, in->a_node_id);
	r->end[1] = ns_graph_find_node_id(g, in->z_node_id);
	if (r->end[0] < 0 || r->end[1] < 0 || r->end[0] == r->end[1])
		return NS_BAD_INPUT;
	r->directed = in->directed;
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
	{
		if (in->cost[kind] < 0 || isinf(in->cost[kind]))
			return NS_BAD_INPUT;
		r->cost[kind] = in->cost[kind];
	}
	return NS_OK;
}

/* Is the membership in the group's list just so? */
static bool
is_member(const NsGraph *g, int32_t srlg, int32_t link, const NsPatchRow *row)
{
	NsNumbers	links = ns_srlg_links(g, srlg);
	int32_t		at = ns_position(links.number, links.n, link);

	return at < links.n && links.number[at] == link &&
		ns_srlg_share(g, srlg)[at] == row->share &&
		ns_srlg_probability(g, srlg)[at] == row->probability;
}

/* Let the link be in these groups, in p->row, instead of those before. */
static NsResult
replace_members(NsEnv *env, NsGraph *g, int32_t link, NsLinkRecord *r,
				size_t n)
{
	const NsPatchRow *row = g->patch->row;

	for (int32_t i = 0, j = 0; i < r->nsrlgs; i++)
	{
		while (j < (int32_t) n && row[j].key < r->srlg[i])
			j++;
		if (j == (int32_t) n || row[j].key != r->srlg[i])
			NS_TRY(ns_patch_drop_member(env, g, r->srlg[i], link));
	}
	NS_NEED(r->srlg = ns_grow_array(env, r->srlg, &r->srlg_room, n + 1, sizeof(int32_t)));
	r->nsrlgs = (int32_t) n;
	for (size_t i = 0; i < n; i++)
	{
		r->srlg[i] = (int32_t) row[i].key;
		if (!is_member(g, r->srlg[i], link, &row[i]))
			NS_TRY(ns_patch_put_member(env, g, r->srlg[i], link, &row[i]));
	}
	return NS_OK;
}

static NsResult
apply_link(NsEnv *env, NsGraph *g, const NsLinkChange *c, Lost *lost)
{
	int32_t		link = ns_find_any_link(g, c->link.id);
	NsLinkRecord before;
	NsLinkRecord *r;
	size_t		n = 0;
	bool		same_arcs;

	if (link < 0)
		return NS_OK;			/* neither there before nor now */
	NS_NEED(r = ns_patch_open_link(env, g, link));
	before = *r;
	NS_TRY(read_link(g, c, r));
	same_arcs = before.up && r->up && before.directed == r->directed &&
		before.end[0] == r->end[0] && before.end[1] == r->end[1];
	if (before.up && !same_arcs)
		NS_TRY(ns_patch_remove_arcs(env, g, &before, link));
	if (r->up && !same_arcs)
		NS_TRY(ns_patch_add_arcs(env, g, r, link));
	update_totals(g, &before, r);
	update_missing(g, link, r, lost);
	update_eased(g, link, r);

	for (size_t i = 0; r->up && i < c->nmemberships; i++)
	{
		const NsMembershipInput *m = &c->membership[i];

		if (counts_as_member(m))
			NS_TRY(push_row(env, g->patch, &n,
							(NsPatchRow) {ns_graph_find_srlg(g, m->srlg_id), m->share, m->probability}));
	}
	sort_rows(g->patch->row, n);
	if (!rows_are_sound(g->patch->row, n))
		return NS_BAD_INPUT;
	return replace_members(env, g, link, r, n);
}

/* ---------- totals ---------- */

static NsResult
find_missing(NsEnv *env, NsGraph *g, NsCostKind kind)
{
	if (g->patch->total[kind].nmissing == 0)
	{
		g->missing[kind] = -1;
		return NS_OK;
	}
	while (!ns_link_up(g, g->missing[kind]) ||
		   !isnan(ns_link_cost(g, kind, g->missing[kind])))
	{
		if (++g->missing[kind] % 65536 == 0 && env->interrupted(env->state))
			return NS_INTERRUPTED;
	}
	return NS_OK;
}

static NsResult
find_max(NsEnv *env, NsGraph *g, NsCostKind kind)
{
	NsTotal    *t = &g->patch->total[kind];

	ns_total_max_reset(t);
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		double		cost = ns_link_cost(g, kind, i);

		if (ns_link_up(g, i) && !isnan(cost))
			ns_total_max_see(t, cost);
		if (i % 65536 == 65535 && env->interrupted(env->state))
			return NS_INTERRUPTED;
	}
	return NS_OK;
}

static NsResult
settle_totals(NsEnv *env, NsGraph *g, const Lost *lost)
{
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
	{
		const NsTotal *t = &g->patch->total[kind];

		if (lost->missing[kind])
			NS_TRY(find_missing(env, g, kind));
		if (ns_total_max_is_lost(t))
			NS_TRY(find_max(env, g, kind));
		g->cost_sum[kind] = ns_total_sum(t);
		g->cost_max[kind] = t->max;
		g->decimals[kind] = ns_total_decimals(t);
	}
	g->directed = g->patch->ndirected > 0;
	return NS_OK;
}

NsResult
ns_graph_patch(NsEnv *env, NsGraph *g, const NsGraphChange *change)
{
	Lost		lost = {0};

	NS_TRY(ns_patch_begin(env, g));
	NS_TRY(add_nodes(env, g, change));
	NS_TRY(add_groups(env, g, change));
	NS_TRY(add_links(env, g, change));
	for (size_t i = 0; i < change->nnodes; i++)
	{
		NS_TRY(apply_node(env, g, &change->node[i]));
		if (i % 1024 == 1023 && env->interrupted(env->state))
			return NS_INTERRUPTED;
	}
	for (size_t i = 0; i < change->nlinks; i++)
	{
		NS_TRY(apply_link(env, g, &change->link[i], &lost));
		if (i % 1024 == 1023 && env->interrupted(env->state))
			return NS_INTERRUPTED;
	}
	return settle_totals(env, g, &lost);
}

size_t
ns_graph_patch_size(const NsGraph *g)
{
	if (g->patch == NULL)
		return 0;
	return (size_t) g->node.n + (size_t) g->link.n + (size_t) g->srlg.n;
}
