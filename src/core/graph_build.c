/*-------------------------------------------------------------------------
 *
 * graph_build.c
 *	  Builds the flat block of a graph.
 *
 * First everything is numbered, in scratch arrays: nodes and links by id, then
 * the memberships that count, then their groups.  Then the block is laid out,
 * one allocation, and filled.  Rows that come in order are taken as they come;
 * others are put in order first.  Scratch stays in the region until the caller
 * drops it.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "graph_build.h"
#include "id_map.h"
#include "patch_int.h"
#include "path_int.h"
#include "sort.h"

#define MAX_ELEMENTS	(INT32_C(1) << 30)

typedef struct Builder
{
	NsEnv	   *env;
	const NsGraphInput *in;
	int32_t    *node_order;		/* input positions by id; NULL: as they come */
	int32_t    *link_order;
	NsIdMap		node_map;		/* by input position */
	NsIdMap		link_map;		/* likewise, made when needed */
	bool		has_link_map;
	int32_t    *node_number;	/* of an input position; NULL: the same */
	int32_t    *link_number;
	int32_t		narcs;
	int32_t		nup;
	int32_t		ndirected;

	NsIdMap		srlg_map;		/* numbers in the order of arrival; of lists,
								 * none */
	NsGroupRow *member;
	int32_t		nmemberships;	/* not those of lists */
	NsGroupRow *down;
	int32_t		nsrlg_nodes;
	NsListed	listed;
	int64_t    *srlg_id;		/* ascending */
	int32_t		nsrlgs;
} Builder;

/* ---------- nodes and links ---------- */

typedef struct Ids
{
	const char *first;			/* the first id; the others */
	size_t		stride;			/* lie so many bytes apart */
} Ids;

static int64_t
id_at(const Ids *ids, size_t i)
{
	int64_t		id;

	memcpy(&id, ids->first + i * ids->stride, sizeof(id));
	return id;
}

static int
compare_ids(const void *context, int32_t a, int32_t b)
{
	int64_t		x = id_at(context, (size_t) a);
	int64_t		y = id_at(context, (size_t) b);

	return (x > y) - (x < y);
}

/*
 * Input positions in the order of ids, and the inverse; NULL both where they
 * come in that order.  NS_BAD_INPUT: an id twice.
 */
static NsResult
order_by_id(NsEnv *env, const Ids *ids, size_t n, int32_t **order,
			int32_t **number)
{
	size_t		ascending = 1;

	*order = *number = NULL;
	while (ascending < n && id_at(ids, ascending - 1) < id_at(ids, ascending))
	{
		TICK(env, ascending);
		ascending++;
	}
	if (ascending >= n)
		return NS_OK;
	NS_NEED(*order = ns_alloc_array(env, n, sizeof(int32_t)));
	NS_NEED(*number = ns_alloc_array(env, n, sizeof(int32_t)));
	for (size_t i = 0; i < n; i++)
		(*order)[i] = (int32_t) i;
	NS_TRY(ns_sort(env, *order, n, compare_ids, ids));
	for (size_t i = 0; i < n; i++)
	{
		TICK(env, i);
		if (i > 0 && id_at(ids, (size_t) (*order)[i - 1]) == id_at(ids, (size_t) (*order)[i]))
			return NS_BAD_INPUT;
		(*number)[(*order)[i]] = (int32_t) i;
	}
	return NS_OK;
}

static inline const NsNodeInput *
node_at(const Builder *b, int32_t node)
{
	return &b->in->node[b->node_order ? b->node_order[node] : node];
}

static inline const NsLinkInput *
link_at(const Builder *b, int32_t link)
{
	return &b->in->link[b->link_order ? b->link_order[link] : link];
}

static NsResult
number_elements(Builder *b)
{
	const NsGraphInput *in = b->in;
	Ids			ids;

	if (in->nlinks > 0)
	{
		ids = (Ids) {(const char *) &in->link[0].id, sizeof(NsLinkInput)};
		NS_TRY(order_by_id(b->env, &ids, in->nlinks, &b->link_order, &b->link_number));
	}
	if (in->nnodes == 0)
		return NS_OK;
	ids = (Ids) {(const char *) &in->node[0].id, sizeof(NsNodeInput)};
	NS_TRY(order_by_id(b->env, &ids, in->nnodes, &b->node_order, &b->node_number));
	return ns_id_map_make(b->env, &b->node_map, &in->node[0].id, in->nnodes,
						  sizeof(NsNodeInput));
}

static inline int32_t
find_node(const Builder *b, int64_t id)
{
	int32_t		at = ns_id_map_find(&b->node_map, id);

	return at < 0 || b->node_number == NULL ? at : b->node_number[at];
}

static bool
costs_are_sound(const NsLinkInput *link)
{
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
	{
		if (link->cost[kind] < 0 || isinf(link->cost[kind]))
			return false;
	}
	return true;
}

/* How much room the links will need; their ends are seen to when filled in. */
static NsResult
count_links(Builder *b)
{
	int64_t		narcs = 0;

	for (size_t i = 0; i < b->in->nlinks; i++)
	{
		const NsLinkInput *link = &b->in->link[i];

		TICK(b->env, i);
		if (!costs_are_sound(link))
			return NS_BAD_INPUT;
		if (!link->up)
			continue;
		b->nup++;
		b->ndirected += link->directed;
		narcs += link->directed ? 1 : 2;
	}
	if (narcs > MAX_ELEMENTS)
		return NS_TOO_LARGE;
	b->narcs = (int32_t) narcs;
	return NS_OK;
}

/* ---------- memberships ---------- */

/*
 * Input position of a link, or -1.  Rows mostly come by link, in the order of
 * links: then it is that of the row before, or the next one.
 */
static NsResult
find_link(Builder *b, int64_t id, int32_t before, int32_t *at)
{
	const NsLinkInput *link = b->in->link;
	int32_t		n = (int32_t) b->in->nlinks;

	for (*at = before; *at >= 0 && *at < n && *at < before + 2; (*at)++)
	{
		if (link[*at].id == id)
			return NS_OK;
	}
	if (!b->has_link_map && n > 0)
		NS_TRY(ns_id_map_make(b->env, &b->link_map, &link[0].id, b->in->nlinks,
							  sizeof(NsLinkInput)));
	b->has_link_map = true;
	*at = ns_id_map_find(&b->link_map, id);
	return NS_OK;
}

/* Keep the rows whose link is up. */
static NsResult
select_memberships(Builder *b)
{
	const NsGraphInput *in = b->in;
	const NsGroupRow *before = NULL;	/* of the same group, often */
	int64_t		before_id = 0;
	int32_t		at = 0;

	NS_NEED(b->member = ns_alloc_array(b->env, in->nmemberships,
									   sizeof(NsGroupRow)));
	for (size_t i = 0; i < in->nmemberships; i++)
	{
		const NsMembershipInput *m = &in->membership[i];
		int32_t		found;
		NsGroupRow *row = &b->member[b->nmemberships];

		TICK(b->env, i);
		if (!(m->share > 0))
			continue;
		NS_TRY(find_link(b, m->link_id, at, &found));
		if (found < 0)
			continue;
		at = found;
		if (!in->link[at].up)
			continue;
		row->element = b->link_number ? b->link_number[at] : at;
		row->share = m->share;
		row->probability = m->probability;
		if (before != NULL && before_id == m->srlg_id)
			row->srlg = before->srlg;
		else
			NS_TRY(ns_id_map_place(b->env, &b->srlg_map, m->srlg_id, &row->srlg));
		before = row;
		before_id = m->srlg_id;
		b->nmemberships++;
	}
	return NS_OK;
}

/* Keep the rows whose node is there. */
static NsResult
select_downs(Builder *b)
{
	const NsGraphInput *in = b->in;

	NS_NEED(b->down = ns_alloc_array(b->env, in->nsrlg_nodes, sizeof(NsGroupRow)));
	for (size_t i = 0; i < in->nsrlg_nodes; i++)
	{
		const NsSrlgNodeInput *d = &in->srlg_node[i];
		int32_t		node;
		NsGroupRow *row = &b->down[b->nsrlg_nodes];

		TICK(b->env, i);
		if (!(d->probability > 0) || (node = find_node(b, d->node_id)) < 0)
			continue;
		row->element = node;
		row->share = 1;
		row->probability = d->probability;
		NS_TRY(ns_id_map_place(b->env, &b->srlg_map, d->srlg_id, &row->srlg));
		b->nsrlg_nodes++;
	}
	return NS_OK;
}

/* Ids of the groups that rows name, by number of arrival. */
static NsResult
arrived_ids(Builder *b, int64_t **out)
{
	int64_t    *id = ns_alloc_array(b->env, b->srlg_map.n, sizeof(int64_t));

	NS_NEED(id);
	for (size_t i = 0; b->srlg_map.n > 0 && i <= b->srlg_map.mask; i++)
	{
		TICK(b->env, i);
		if (b->srlg_map.slot[i].number >= 0)
			id[b->srlg_map.slot[i].number] = b->srlg_map.slot[i].id;
	}
	*out = id;
	return NS_OK;
}

/* Merge ids that arrived, in this order (NULL: ascending), with those of lists. */
static NsResult
merge_srlgs(Builder *b, const int64_t *id, const int32_t *order, int32_t *rank)
{
	NsListed   *listed = &b->listed;
	int32_t		n = (int32_t) b->srlg_map.n;
	int32_t		i = 0;
	int32_t		j = 0;

	NS_NEED(b->srlg_id = ns_alloc_array(b->env, (size_t) n + (size_t) listed->ngroups,
										sizeof(int64_t)));
	while (i < n || j < listed->ngroups)
	{
		int32_t		arrived = i < n ? (order ? order[i] : i) : -1;
		int32_t		group = j < listed->ngroups ? listed->order[j] : -1;
		int64_t		a = arrived < 0 ? INT64_MAX : id[arrived];
		int64_t		g = group < 0 ? INT64_MAX : listed->in->lists->group_id[group];

		TICK(b->env, b->nsrlgs);
		b->srlg_id[b->nsrlgs] = a < g ? a : g;
		if (arrived >= 0 && a <= g)
		{
			rank[arrived] = b->nsrlgs;
			i++;
		}
		if (group >= 0 && g <= a)
		{
			listed->number[group] = b->nsrlgs;
			j++;
		}
		b->nsrlgs++;
	}
	return NS_OK;
}

/* Number the groups by their ids. */
static NsResult
number_srlgs(Builder *b)
{
	size_t		n = b->srlg_map.n;
	int64_t    *id;
	int32_t    *order;
	int32_t    *rank;
	Ids			ids;

	NS_TRY(ns_listed_count(b->env, &b->listed));
	NS_TRY(arrived_ids(b, &id));
	ids = (Ids) {(const char *) id, sizeof(int64_t)};
	NS_TRY(order_by_id(b->env, &ids, n, &order, &rank));
	if (order == NULL && b->listed.ngroups == 0)
	{
		b->nsrlgs = (int32_t) n;
		b->srlg_id = id;
		return NS_OK;
	}
	if (rank == NULL)
		NS_NEED(rank = ns_alloc_array(b->env, n, sizeof(int32_t)));
	NS_TRY(merge_srlgs(b, id, order, rank));
	for (int32_t i = 0; i < b->nmemberships; i++)
	{
		TICK(b->env, i);
		b->member[i].srlg = rank[b->member[i].srlg];
	}
	for (int32_t i = 0; i < b->nsrlg_nodes; i++)
	{
		TICK(b->env, i);
		b->down[i].srlg = rank[b->down[i].srlg];
	}
	return NS_OK;
}

/* ---------- the block ---------- */

static uint64_t
take(uint64_t *bytes, uint64_t n, uint64_t size)
{
	uint64_t	offset = *bytes;

	*bytes += (n * size + 7) / 8 * 8;
	return offset;
}

/* At most half of the slots are taken. */
static uint32_t
name_mask(size_t nnodes)
{
	uint32_t	slots = 4;

	while (slots < 2 * nnodes)
		slots *= 2;
	return slots - 1;
}

/* Offsets of all arrays; counts are below 2^31, so 64 bits never overflow. */
static void
lay_out(const Builder *b, NsGraphBlock *g, uint64_t name_bytes)
{
	uint64_t	n = (uint64_t) b->in->nnodes;
	uint64_t	m = (uint64_t) b->in->nlinks;
	uint64_t	groups = (uint64_t) b->nsrlgs;
	uint64_t	rows = (uint64_t) b->nmemberships + (uint64_t) b->listed.nrows;
	uint64_t	downs = (uint64_t) b->nsrlg_nodes;
	uint64_t	bytes = 0;

	take(&bytes, 1, sizeof(NsGraphBlock));
	g->name_mask = name_mask(b->in->nnodes);
	g->off_node_id = take(&bytes, n, 8);
	g->off_node_name = take(&bytes, n, 8);
	g->off_name_slot = take(&bytes, (uint64_t) g->name_mask + 1, 4);
	g->off_link_id = take(&bytes, m, 8);
	g->off_link_end = take(&bytes, 2 * m, 4);
	g->off_link_flag = take(&bytes, m, 1);
	g->off_cost = take(&bytes, NS_STORED_COSTS * m, 8);
	g->off_out_start = take(&bytes, n + 1, 4);
	g->off_out_arc = take(&bytes, (uint64_t) b->narcs, sizeof(NsArc));
	g->off_in_start = g->off_out_start;
	g->off_in_arc = g->off_out_arc;
	if (b->ndirected > 0)
	{
		g->off_in_start = take(&bytes, n + 1, 4);
		g->off_in_arc = take(&bytes, (uint64_t) b->narcs, sizeof(NsArc));
	}
	g->off_srlg_id = take(&bytes, groups, 8);
	g->off_srlg_twin = take(&bytes, groups, 4);
	g->off_link_srlg_start = take(&bytes, m + 1, 4);
	g->off_link_srlg = take(&bytes, rows, 4);
	g->off_srlg_link_start = take(&bytes, groups + 1, 4);
	g->off_srlg_link = take(&bytes, rows, 4);
	g->off_share = take(&bytes, rows, 4);
	g->off_probability = take(&bytes, rows, 4);
	g->off_srlg_node_start = take(&bytes, groups + 1, 4);
	g->off_srlg_node = take(&bytes, downs, 4);
	g->off_node_probability = take(&bytes, downs, 4);
	g->off_node_srlg_start = take(&bytes, n + 1, 4);
	g->off_node_srlg = take(&bytes, downs, 4);
	g->bytes = bytes + name_bytes;

	g->magic = NS_GRAPH_MAGIC;
	g->version = NS_GRAPH_VERSION;
	g->nnodes = (int32_t) n;
	g->nlinks = (int32_t) m;
	g->nup = b->nup;
	g->ndirected = b->ndirected;
	g->narcs = b->narcs;
	g->nsrlgs = b->nsrlgs;
	g->nmemberships = b->nmemberships + b->listed.nrows;
	g->nsrlg_nodes = b->nsrlg_nodes;
}

/*
 * The block, its arrays not filled in.  What lies between two arrays is set to
 * zero, so that equal graphs are equal bytes.
 */
static NsResult
make_block(const Builder *b, uint64_t name_bytes, NsGraphBlock **out)
{
	NsGraphBlock head = {0};
	const uint64_t *offset = &head.off_node_id;
	NsGraphBlock *g;

	lay_out(b, &head, name_bytes);
	NS_NEED(g = ns_alloc_array(b->in->block_env ? b->in->block_env : b->env,
							   (size_t) head.bytes, 1));
	memset(ns_block_at(g, head.bytes - name_bytes - 8), 0, 8);
	for (; offset <= &head.off_node_srlg; offset++)
		memset(ns_block_at(g, *offset - 8), 0, 8);
	memcpy(g, &head, sizeof(head));
	*out = g;
	return NS_OK;
}

static NsResult
fill_nodes(const Builder *b, NsGraphBlock *g, uint64_t name_bytes)
{
	uint64_t	position = g->bytes - name_bytes;
	int64_t    *id = ns_block_at(g, g->off_node_id);
	uint64_t   *name = ns_block_at(g, g->off_node_name);
	int32_t    *slot = ns_block_at(g, g->off_name_slot);

	memset(slot, -1, ((size_t) g->name_mask + 1) * sizeof(int32_t));
	for (int32_t i = 0; i < g->nnodes; i++)
	{
		const NsNodeInput *node = node_at(b, i);
		size_t		length = strlen(node->name) + 1;
		uint32_t	place = (uint32_t) ns_name_hash(node->name) & g->name_mask;

		TICK(b->env, i);
		id[i] = node->id;
		name[i] = position;
		memcpy(ns_block_at(g, position), node->name, length);
		position += length;
		while (slot[place] >= 0)
			place = (place + 1) & g->name_mask;
		slot[place] = i;
	}
	return NS_OK;
}

static void
fill_costs(NsGraphBlock *g, int32_t i, const NsLinkInput *link)
{
	double	   *cost = ns_block_at(g, g->off_cost);

	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
	{
		double		c = link->cost[kind];

		cost[(size_t) kind * (size_t) g->nlinks + (size_t) i] = c;
		if (!link->up)
			continue;
		ns_total_add(&g->total[kind], c);
		if (isnan(c) && g->missing[kind] < 0)
			g->missing[kind] = i;
	}
}

static NsResult
fill_links(const Builder *b, NsGraphBlock *g)
{
	int64_t    *id = ns_block_at(g, g->off_link_id);
	int32_t    *end = ns_block_at(g, g->off_link_end);
	uint8_t    *flag = ns_block_at(g, g->off_link_flag);

	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
		g->missing[kind] = -1;
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		const NsLinkInput *link = link_at(b, i);
		int32_t		a = find_node(b, link->a_node_id);
		int32_t		z = find_node(b, link->z_node_id);

		TICK(b->env, i);
		if (a < 0 || z < 0 || a == z)
			return NS_BAD_INPUT;
		id[i] = link->id;
		end[2 * (size_t) i] = a;
		end[2 * (size_t) i + 1] = z;
		flag[i] = (uint8_t) ((link->directed ? NS_LINK_DIRECTED : 0) |
							 (link->up ? NS_LINK_UP : 0));
		fill_costs(g, i, link);
	}
	return NS_OK;
}

/*
 * Arcs by the node they leave (out) or enter; at each node by link number,
 * because links are taken in order.
 */
static NsResult
fill_arcs(const Builder *b, NsGraphBlock *g, bool out)
{
	int32_t    *start = ns_block_at(g, out ? g->off_out_start : g->off_in_start);
	NsArc	   *arc = ns_block_at(g, out ? g->off_out_arc : g->off_in_arc);
	const uint8_t *flag = ns_block_at(g, g->off_link_flag);
	const int32_t *end = ns_block_at(g, g->off_link_end);
	int32_t    *next;

	memset(start, 0, ((size_t) g->nnodes + 1) * sizeof(int32_t));
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		TICK(b->env, i);
		if (!(flag[i] & NS_LINK_UP))
			continue;
		start[end[2 * (size_t) i + (out ? 0 : 1)] + 1]++;
		if (!(flag[i] & NS_LINK_DIRECTED))
			start[end[2 * (size_t) i + (out ? 1 : 0)] + 1]++;
	}
	NS_TRY(ns_counts_to_starts(b->env, start, g->nnodes, &next));
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		int32_t		from = end[2 * (size_t) i + (out ? 0 : 1)];
		int32_t		to = end[2 * (size_t) i + (out ? 1 : 0)];

		TICK(b->env, i);
		if (!(flag[i] & NS_LINK_UP))
			continue;
		arc[next[from]++] = (NsArc) {.node = to,.link = i};
		if (!(flag[i] & NS_LINK_DIRECTED))
			arc[next[to]++] = (NsArc) {.node = from,.link = i};
	}
	return NS_OK;
}

NsResult
ns_graph_build(NsEnv *env, const NsGraphInput *in, NsGraphBlock **out)
{
	Builder		b = {.env = env,.in = in};
	uint64_t	name_bytes = 0;
	NsGraphBlock *g;

	if (in->nnodes > MAX_ELEMENTS || in->nlinks > MAX_ELEMENTS ||
		in->nmemberships > MAX_ELEMENTS ||
		ns_listed_rows(in) > MAX_ELEMENTS - in->nmemberships || in->nsrlg_nodes > MAX_ELEMENTS)
		return NS_TOO_LARGE;
	NS_TRY(number_elements(&b));
	NS_TRY(count_links(&b));
	NS_TRY(select_memberships(&b));
	NS_TRY(select_downs(&b));
	b.listed.in = in;
	b.listed.link_order = b.link_order;
	NS_TRY(number_srlgs(&b));

	for (size_t i = 0; i < in->nnodes; i++)
	{
		TICK(env, i);
		name_bytes += strlen(in->node[i].name) + 1;
	}
	NS_TRY(make_block(&b, name_bytes, &g));
	NS_TRY(fill_nodes(&b, g, name_bytes));
	NS_TRY(fill_links(&b, g));
	NS_TRY(fill_arcs(&b, g, true));
	if (b.ndirected > 0)
		NS_TRY(fill_arcs(&b, g, false));
	NS_TRY(ns_block_fill_groups(env, g, b.srlg_id, b.member, &b.listed, b.down));
	*out = g;
	return NS_OK;
}
