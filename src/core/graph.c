/*-------------------------------------------------------------------------
 *
 * graph.c
 *	  Builds the flat block of a graph, and looks things up in a view of it.
 *
 * Building has two phases.  First everything is brought into scratch arrays in
 * the block's own numbering (order of ids); then the block is laid out, one
 * allocation, and filled.  Scratch stays in the region until the caller drops
 * it.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "patch_int.h"
#include "sort.h"

#define MAX_ELEMENTS	(INT32_C(1) << 30)

/* Scratch of a build: the input in the block's numbering. */
typedef struct Builder
{
	NsEnv	   *env;
	const NsGraphInput *in;

	int32_t    *node_order;		/* input position of node 0, 1, ... */
	int64_t    *node_id;
	int32_t    *link_order;
	int64_t    *link_id;
	int32_t    *link_end;		/* A, Z */
	int32_t		narcs;
	int32_t		nup;
	int32_t		ndirected;

	/* memberships that count, in input order, then groups */
	int32_t		nmemberships;
	int32_t    *member_row;		/* input position */
	int32_t    *member_link;
	int32_t    *member_srlg;
	int32_t		nsrlg_nodes;
	int32_t    *down_row;		/* input position in srlg_node */
	int32_t    *down_node;
	int32_t    *down_srlg;
	int32_t		nsrlgs;
	int64_t    *srlg_id;
} Builder;

#define NEED(p) \
	do { \
		if ((p) == NULL) \
			return NS_NO_MEMORY; \
	} while (0)

#define TRY(call) \
	do { \
		NsResult	try_result = (call); \
		if (try_result != NS_OK) \
			return try_result; \
	} while (0)

/* ---------- ids and numbers ---------- */

static int
compare_ids(const void *context, int32_t a, int32_t b)
{
	const int64_t *id = context;

	return (id[a] > id[b]) - (id[a] < id[b]);
}

static int32_t *
identity_order(NsEnv *env, size_t n)
{
	int32_t    *order = ns_alloc_array(env, n, sizeof(int32_t));

	if (order != NULL)
	{
		for (size_t i = 0; i < n; i++)
			order[i] = (int32_t) i;
	}
	return order;
}

/*
 * Sort the ids in raw; *order gives the input position of each number and
 * *sorted the ids by number.  Duplicates are NS_BAD_INPUT.
 */
static NsResult
number_by_id(NsEnv *env, const int64_t *raw, size_t n, int32_t **order,
			 int64_t **sorted)
{
	NEED(*order = identity_order(env, n));
	TRY(ns_sort(env, *order, n, compare_ids, raw));
	NEED(*sorted = ns_alloc_array(env, n, sizeof(int64_t)));
	for (size_t i = 0; i < n; i++)
	{
		(*sorted)[i] = raw[(*order)[i]];
		if (i > 0 && (*sorted)[i] == (*sorted)[i - 1])
			return NS_BAD_INPUT;
	}
	return NS_OK;
}

static NsResult
number_nodes(Builder *b)
{
	const NsGraphInput *in = b->in;
	int64_t    *raw = ns_alloc_array(b->env, in->nnodes, sizeof(int64_t));

	NEED(raw);
	for (size_t i = 0; i < in->nnodes; i++)
		raw[i] = in->node[i].id;
	return number_by_id(b->env, raw, in->nnodes, &b->node_order, &b->node_id);
}

static NsResult
number_links(Builder *b)
{
	const NsGraphInput *in = b->in;
	int64_t    *raw = ns_alloc_array(b->env, in->nlinks, sizeof(int64_t));
	int64_t		narcs = 0;

	NEED(raw);
	for (size_t i = 0; i < in->nlinks; i++)
		raw[i] = in->link[i].id;
	TRY(number_by_id(b->env, raw, in->nlinks, &b->link_order, &b->link_id));

	NEED(b->link_end = ns_alloc_array(b->env, in->nlinks, 2 * sizeof(int32_t)));
	for (size_t i = 0; i < in->nlinks; i++)
	{
		const NsLinkInput *link = &in->link[b->link_order[i]];
		int32_t		a = ns_find_id(b->node_id, (int32_t) in->nnodes,
								   link->a_node_id);
		int32_t		z = ns_find_id(b->node_id, (int32_t) in->nnodes,
								   link->z_node_id);

		if (a < 0 || z < 0 || a == z)
			return NS_BAD_INPUT;
		for (int kind = 0; kind < NS_STORED_COSTS; kind++)
		{
			if (link->cost[kind] < 0 || isinf(link->cost[kind]))
				return NS_BAD_INPUT;
		}
		b->link_end[2 * i] = a;
		b->link_end[2 * i + 1] = z;
		if (link->up)
		{
			b->nup++;
			b->ndirected += link->directed;
			narcs += link->directed ? 1 : 2;
		}
		if (i % 65536 == 0 && b->env->interrupted(b->env->state))
			return NS_INTERRUPTED;
	}
	if (narcs > MAX_ELEMENTS)
		return NS_TOO_LARGE;
	b->narcs = (int32_t) narcs;
	return NS_OK;
}

static bool
is_up(const Builder *b, int32_t link)
{
	return b->in->link[b->link_order[link]].up;
}

/*
 * Keep the rows whose link is up, or whose node is in the graph; groups are not
 * numbered yet.
 */
static NsResult
select_memberships(Builder *b)
{
	const NsGraphInput *in = b->in;

	NEED(b->member_row = ns_alloc_array(b->env, in->nmemberships, sizeof(int32_t)));
	NEED(b->member_link = ns_alloc_array(b->env, in->nmemberships, sizeof(int32_t)));
	for (size_t i = 0; i < in->nmemberships; i++)
	{
		int32_t		link;

		if (!(in->membership[i].share > 0))
			continue;
		link = ns_find_id(b->link_id, (int32_t) in->nlinks,
						  in->membership[i].link_id);
		if (link < 0 || !is_up(b, link))
			continue;
		b->member_row[b->nmemberships] = (int32_t) i;
		b->member_link[b->nmemberships++] = link;
		if (i % 65536 == 0 && b->env->interrupted(b->env->state))
			return NS_INTERRUPTED;
	}

	NEED(b->down_row = ns_alloc_array(b->env, in->nsrlg_nodes, sizeof(int32_t)));
	NEED(b->down_node = ns_alloc_array(b->env, in->nsrlg_nodes, sizeof(int32_t)));
	for (size_t i = 0; i < in->nsrlg_nodes; i++)
	{
		int32_t		node;

		if (!(in->srlg_node[i].probability > 0))
			continue;
		node = ns_find_id(b->node_id, (int32_t) in->nnodes,
						  in->srlg_node[i].node_id);
		if (node < 0)
			continue;
		b->down_row[b->nsrlg_nodes] = (int32_t) i;
		b->down_node[b->nsrlg_nodes++] = node;
	}
	return NS_OK;
}

/* Number the groups of the selected rows, and name each row's group by it. */
static NsResult
number_srlgs(Builder *b)
{
	size_t		rows = (size_t) b->nmemberships + (size_t) b->nsrlg_nodes;
	int64_t    *raw = ns_alloc_array(b->env, rows, sizeof(int64_t));
	int32_t    *order = identity_order(b->env, rows);

	NEED(raw);
	NEED(order);
	for (int32_t i = 0; i < b->nmemberships; i++)
		raw[i] = b->in->membership[b->member_row[i]].srlg_id;
	for (int32_t i = 0; i < b->nsrlg_nodes; i++)
		raw[b->nmemberships + i] = b->in->srlg_node[b->down_row[i]].srlg_id;
	TRY(ns_sort(b->env, order, rows, compare_ids, raw));

	NEED(b->srlg_id = ns_alloc_array(b->env, rows, sizeof(int64_t)));
	NEED(b->member_srlg = ns_alloc_array(b->env, (size_t) b->nmemberships, sizeof(int32_t)));
	NEED(b->down_srlg = ns_alloc_array(b->env, (size_t) b->nsrlg_nodes, sizeof(int32_t)));
	for (size_t i = 0; i < rows; i++)
	{
		int64_t		id = raw[order[i]];

		if (b->nsrlgs == 0 || b->srlg_id[b->nsrlgs - 1] != id)
			b->srlg_id[b->nsrlgs++] = id;
		if (order[i] < b->nmemberships)
			b->member_srlg[order[i]] = b->nsrlgs - 1;
		else
			b->down_srlg[order[i] - b->nmemberships] = b->nsrlgs - 1;
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
	uint64_t	rows = (uint64_t) b->nmemberships;
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
	g->off_srlg_node = take(&bytes, (uint64_t) b->nsrlg_nodes, 4);
	g->off_node_probability = take(&bytes, (uint64_t) b->nsrlg_nodes, 4);
	g->off_node_srlg_start = take(&bytes, n + 1, 4);
	g->off_node_srlg = take(&bytes, (uint64_t) b->nsrlg_nodes, 4);
	g->bytes = bytes + name_bytes;

	g->magic = NS_GRAPH_MAGIC;
	g->version = NS_GRAPH_VERSION;
	g->nnodes = (int32_t) n;
	g->nlinks = (int32_t) m;
	g->narcs = b->narcs;
	g->nsrlgs = b->nsrlgs;
	g->nmemberships = b->nmemberships;
	g->nsrlg_nodes = b->nsrlg_nodes;
	g->nup = b->nup;
	g->ndirected = b->ndirected;
}

/* A writable array of the block under construction. */
static void *
at(NsGraphBlock *g, uint64_t offset)
{
	return (char *) g + offset;
}

static NsResult
fill_nodes(const Builder *b, NsGraphBlock *g, uint64_t name_bytes)
{
	uint64_t	position = g->bytes - name_bytes;
	uint64_t   *name = at(g, g->off_node_name);
	int32_t    *slot = at(g, g->off_name_slot);

	memcpy(at(g, g->off_node_id), b->node_id, b->in->nnodes * sizeof(int64_t));
	memset(slot, -1, ((size_t) g->name_mask + 1) * sizeof(int32_t));
	for (int32_t i = 0; i < g->nnodes; i++)
	{
		const char *text = b->in->node[b->node_order[i]].name;
		size_t		length = strlen(text) + 1;
		uint32_t	place = (uint32_t) ns_name_hash(text) & g->name_mask;

		name[i] = position;
		memcpy(at(g, position), text, length);
		position += length;
		while (slot[place] >= 0)
			place = (place + 1) & g->name_mask;
		slot[place] = i;
		if (i % 65536 == 0 && b->env->interrupted(b->env->state))
			return NS_INTERRUPTED;
	}
	return NS_OK;
}

static NsResult
fill_links(const Builder *b, NsGraphBlock *g)
{
	double	   *cost = at(g, g->off_cost);
	uint8_t    *flag = at(g, g->off_link_flag);

	memcpy(at(g, g->off_link_id), b->link_id, b->in->nlinks * sizeof(int64_t));
	memcpy(at(g, g->off_link_end), b->link_end,
		   b->in->nlinks * 2 * sizeof(int32_t));
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
		g->missing[kind] = -1;
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		const NsLinkInput *link = &b->in->link[b->link_order[i]];

		flag[i] = (uint8_t) ((link->directed ? NS_LINK_DIRECTED : 0) |
							 (link->up ? NS_LINK_UP : 0));
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
		if (i % 65536 == 0 && b->env->interrupted(b->env->state))
			return NS_INTERRUPTED;
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
	int32_t    *start = at(g, out ? g->off_out_start : g->off_in_start);
	NsArc	   *arc = at(g, out ? g->off_out_arc : g->off_in_arc);
	const uint8_t *flag = at(g, g->off_link_flag);
	int32_t    *next = ns_alloc_array(b->env, (size_t) g->nnodes, sizeof(int32_t));

	NEED(next);
	memset(start, 0, ((size_t) g->nnodes + 1) * sizeof(int32_t));
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		const int32_t *end = &b->link_end[2 * i];

		if (!(flag[i] & NS_LINK_UP))
			continue;
		start[end[out ? 0 : 1] + 1]++;
		if (!(flag[i] & NS_LINK_DIRECTED))
			start[end[out ? 1 : 0] + 1]++;
	}
	for (int32_t i = 0; i < g->nnodes; i++)
	{
		start[i + 1] += start[i];
		next[i] = start[i];
	}
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		int32_t		from = b->link_end[2 * i + (out ? 0 : 1)];
		int32_t		to = b->link_end[2 * i + (out ? 1 : 0)];

		if (!(flag[i] & NS_LINK_UP))
			continue;
		arc[next[from]++] = (NsArc) {.node = to,.link = i};
		if (!(flag[i] & NS_LINK_DIRECTED))
			arc[next[to]++] = (NsArc) {.node = from,.link = i};
		if (i % 65536 == 0 && b->env->interrupted(b->env->state))
			return NS_INTERRUPTED;
	}
	return NS_OK;
}

/*
 * One side of a relation: start and position of the rows of each key, stable.
 * *rows lists row numbers by key.
 */
static NsResult
bucket(NsEnv *env, const int32_t *key, int32_t nrows, int32_t nkeys,
	   int32_t *start, int32_t **rows)
{
	int32_t    *next = ns_alloc_array(env, (size_t) nkeys, sizeof(int32_t));

	NEED(next);
	NEED(*rows = ns_alloc_array(env, (size_t) nrows, sizeof(int32_t)));
	memset(start, 0, ((size_t) nkeys + 1) * sizeof(int32_t));
	for (int32_t i = 0; i < nrows; i++)
		start[key[i] + 1]++;
	for (int32_t i = 0; i < nkeys; i++)
	{
		start[i + 1] += start[i];
		next[i] = start[i];
	}
	for (int32_t i = 0; i < nrows; i++)
		(*rows)[next[key[i]]++] = i;
	return env->interrupted(env->state) ? NS_INTERRUPTED : NS_OK;
}

/*
 * Memberships both ways.  Rows are first put in the order of their links; a
 * stable pass by group then leaves each group's links ascending, and a second
 * one back leaves each link's groups ascending.
 */
static NsResult
fill_memberships(const Builder *b, NsGraphBlock *g)
{
	int32_t    *group_start = at(g, g->off_srlg_link_start);
	int32_t    *group_link = at(g, g->off_srlg_link);
	int32_t    *link_start = at(g, g->off_link_srlg_start);
	int32_t    *link_group = at(g, g->off_link_srlg);
	float	   *share = at(g, g->off_share);
	float	   *probability = at(g, g->off_probability);
	int32_t		n = g->nmemberships;
	int32_t    *by_link;
	int32_t    *by_group;
	int32_t    *key = ns_alloc_array(b->env, (size_t) n, sizeof(int32_t));
	int32_t    *group_of = ns_alloc_array(b->env, (size_t) n, sizeof(int32_t));

	NEED(key);
	NEED(group_of);
	memcpy(at(g, g->off_srlg_id), b->srlg_id,
		   (size_t) g->nsrlgs * sizeof(int64_t));
	TRY(bucket(b->env, b->member_link, n, g->nlinks, link_start, &by_link));
	for (int32_t i = 0; i < n; i++)
		key[i] = b->member_srlg[by_link[i]];
	TRY(bucket(b->env, key, n, g->nsrlgs, group_start, &by_group));
	for (int32_t i = 0; i < n; i++)
	{
		int32_t		row = by_link[by_group[i]];
		const NsMembershipInput *in = &b->in->membership[b->member_row[row]];

		group_link[i] = b->member_link[row];
		group_of[i] = b->member_srlg[row];
		share[i] = in->share;
		probability[i] = in->probability;
		if (i > 0 && group_of[i] == group_of[i - 1] &&
			group_link[i] == group_link[i - 1])
			return NS_BAD_INPUT;
	}
	TRY(bucket(b->env, group_link, n, g->nlinks, link_start, &by_link));
	for (int32_t i = 0; i < n; i++)
		link_group[i] = group_of[by_link[i]];
	return NS_OK;
}

/* The same for nodes. */
static NsResult
fill_srlg_nodes(const Builder *b, NsGraphBlock *g)
{
	int32_t    *group_start = at(g, g->off_srlg_node_start);
	int32_t    *group_node = at(g, g->off_srlg_node);
	int32_t    *node_start = at(g, g->off_node_srlg_start);
	int32_t    *node_group = at(g, g->off_node_srlg);
	float	   *probability = at(g, g->off_node_probability);
	int32_t    *key = ns_alloc_array(b->env, (size_t) g->nsrlg_nodes, sizeof(int32_t));
	int32_t    *group_of = ns_alloc_array(b->env, (size_t) g->nsrlg_nodes, sizeof(int32_t));
	int32_t    *by_node;
	int32_t    *by_group;

	NEED(key);
	NEED(group_of);
	TRY(bucket(b->env, b->down_node, g->nsrlg_nodes, g->nnodes, node_start, &by_node));
	for (int32_t i = 0; i < g->nsrlg_nodes; i++)
		key[i] = b->down_srlg[by_node[i]];
	TRY(bucket(b->env, key, g->nsrlg_nodes, g->nsrlgs, group_start, &by_group));
	for (int32_t i = 0; i < g->nsrlg_nodes; i++)
	{
		int32_t		row = by_node[by_group[i]];

		group_node[i] = b->down_node[row];
		group_of[i] = b->down_srlg[row];
		probability[i] = b->in->srlg_node[b->down_row[row]].probability;
	}
	TRY(bucket(b->env, group_node, g->nsrlg_nodes, g->nnodes, node_start, &by_node));
	for (int32_t i = 0; i < g->nsrlg_nodes; i++)
		node_group[i] = group_of[by_node[i]];
	return NS_OK;
}

static bool
same_links(const int32_t *start, const int32_t *link, int32_t a, int32_t b)
{
	int32_t		n = start[a + 1] - start[a];

	return n == start[b + 1] - start[b] &&
		memcmp(&link[start[a]], &link[start[b]],
			   (size_t) n * sizeof(int32_t)) == 0;
}

/* For each group the least group with exactly the same links, by hashing. */
static NsResult
fill_twins(const Builder *b, NsGraphBlock *g)
{
	int32_t    *twin = at(g, g->off_srlg_twin);
	const int32_t *start = at(g, g->off_srlg_link_start);
	const int32_t *link = at(g, g->off_srlg_link);
	size_t		slots = 16;
	int32_t    *table;

	while (slots < 2 * (size_t) g->nsrlgs)
		slots *= 2;
	NEED(table = ns_alloc_array(b->env, slots, sizeof(int32_t)));
	memset(table, -1, slots * sizeof(int32_t));
	for (int32_t i = 0; i < g->nsrlgs; i++)
	{
		uint64_t	hash = UINT64_C(1469598103934665603);
		size_t		slot;

		for (int32_t j = start[i]; j < start[i + 1]; j++)
			hash = (hash ^ (uint64_t) link[j]) * UINT64_C(1099511628211);
		slot = (size_t) (hash ^ (hash >> 32)) & (slots - 1);
		if (i % 1024 == 0 && b->env->interrupted(b->env->state))
			return NS_INTERRUPTED;
		while (table[slot] >= 0 && !same_links(start, link, table[slot], i))
			slot = (slot + 1) & (slots - 1);
		if (table[slot] < 0)
			table[slot] = i;
		twin[i] = table[slot];
	}
	return NS_OK;
}

NsResult
ns_graph_build(NsEnv *env, const NsGraphInput *in, NsGraphBlock **out)
{
	Builder		b = {.env = env,.in = in};
	NsGraphBlock head = {0};
	uint64_t	name_bytes = 0;
	NsGraphBlock *g;

	if (in->nnodes > MAX_ELEMENTS || in->nlinks > MAX_ELEMENTS ||
		in->nmemberships > MAX_ELEMENTS || in->nsrlg_nodes > MAX_ELEMENTS)
		return NS_TOO_LARGE;
	TRY(number_nodes(&b));
	TRY(number_links(&b));
	TRY(select_memberships(&b));
	TRY(number_srlgs(&b));

	for (size_t i = 0; i < in->nnodes; i++)
		name_bytes += strlen(in->node[i].name) + 1;
	lay_out(&b, &head, name_bytes);
	NEED(g = ns_alloc_zero(env, (size_t) head.bytes, 1));
	*g = head;

	TRY(fill_nodes(&b, g, name_bytes));
	TRY(fill_links(&b, g));
	TRY(fill_arcs(&b, g, true));
	if (b.ndirected > 0)
		TRY(fill_arcs(&b, g, false));
	TRY(fill_memberships(&b, g));
	TRY(fill_srlg_nodes(&b, g));
	TRY(fill_twins(&b, g));
	*out = g;
	return NS_OK;
}

/* ---------- the view ---------- */

static void
view_arrays(NsGraph *g, const NsGraphBlock *b)
{
	g->block = b;
	g->block_node_id = ns_block_array(b, b->off_node_id);
	g->block_link_id = ns_block_array(b, b->off_link_id);
	g->block_srlg_id = ns_block_array(b, b->off_srlg_id);
	g->block_link_end = ns_block_array(b, b->off_link_end);
	g->block_link_flag = ns_block_array(b, b->off_link_flag);
	g->block_cost = ns_block_array(b, b->off_cost);
	g->block_srlg_twin = ns_block_array(b, b->off_srlg_twin);
	g->out_start = ns_block_array(b, b->off_out_start);
	g->out_arc = ns_block_array(b, b->off_out_arc);
	g->in_start = ns_block_array(b, b->off_in_start);
	g->in_arc = ns_block_array(b, b->off_in_arc);
	g->link_srlg_start = ns_block_array(b, b->off_link_srlg_start);
	g->link_srlg = ns_block_array(b, b->off_link_srlg);
	g->srlg_link_start = ns_block_array(b, b->off_srlg_link_start);
	g->srlg_link = ns_block_array(b, b->off_srlg_link);
	g->share = ns_block_array(b, b->off_share);
	g->probability = ns_block_array(b, b->off_probability);
	g->srlg_node_start = ns_block_array(b, b->off_srlg_node_start);
	g->srlg_node = ns_block_array(b, b->off_srlg_node);
	g->node_probability = ns_block_array(b, b->off_node_probability);
	g->node_srlg_start = ns_block_array(b, b->off_node_srlg_start);
	g->node_srlg = ns_block_array(b, b->off_node_srlg);
}

void
ns_graph_view(NsGraph *g, const NsGraphBlock *block)
{
	*g = (NsGraph) {
		.nnodes = block->nnodes,.nlinks = block->nlinks,
		.nsrlgs = block->nsrlgs,.npresent = block->nnodes,.nup = block->nup,
		.narcs = block->narcs,.nmemberships = block->nmemberships,
		.nsrlg_nodes = block->nsrlg_nodes,.directed = block->ndirected > 0
	};
	view_arrays(g, block);
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
	{
		g->cost_sum[kind] = ns_total_sum(&block->total[kind]);
		g->cost_max[kind] = block->total[kind].max;
		g->decimals[kind] = ns_total_decimals(&block->total[kind]);
		g->missing[kind] = block->missing[kind];
	}
}

/* ---------- look-up ---------- */

/* Number of an id: in the block, or among those that the patch added. */
static int32_t
find_number(const int64_t *block_id, int32_t nblock, const NsAddedIds *added,
			int32_t n, int64_t id)
{
	int32_t		number = ns_find_id(block_id, nblock, id);

	if (number >= 0 || n == nblock)
		return number;
	number = ns_find_id(added->id, n - nblock, id);
	return number < 0 ? -1 : nblock + number;
}

int32_t
ns_find_any_node(const NsGraph *g, int64_t id)
{
	return find_number(g->block_node_id, g->block->nnodes,
					   g->patch ? &g->patch->added_node : NULL, g->nnodes, id);
}

int32_t
ns_find_any_link(const NsGraph *g, int64_t id)
{
	return find_number(g->block_link_id, g->block->nlinks,
					   g->patch ? &g->patch->added_link : NULL, g->nlinks, id);
}

int32_t
ns_graph_find_node_id(const NsGraph *g, int64_t id)
{
	int32_t		node = ns_find_any_node(g, id);

	return node >= 0 && ns_node_exists(g, node) ? node : -1;
}

int32_t
ns_graph_find_link(const NsGraph *g, int64_t id)
{
	int32_t		link = ns_find_any_link(g, id);

	return link >= 0 && ns_link_exists(g, link) ? link : -1;
}

int32_t
ns_graph_find_srlg(const NsGraph *g, int64_t id)
{
	return find_number(g->block_srlg_id, g->block->nsrlgs,
					   g->patch ? &g->patch->added_srlg : NULL, g->nsrlgs, id);
}

/* A node that has this name by the patch, not by the block; or -1. */
static int32_t
find_new_name(const NsGraph *g, const char *name, uint64_t hash)
{
	int32_t		node = g->patch->bucket[(uint32_t) hash & g->patch->bucket_mask];

	while (node >= 0)
	{
		const NsNodeRecord *r = ns_node_record(g, node);

		if (r->exists && strcmp(r->name, name) == 0)
			return node;
		node = r->next_by_name;
	}
	return -1;
}

int32_t
ns_graph_find_node(const NsGraph *g, const char *name)
{
	const int32_t *slot = ns_block_array(g->block, g->block->off_name_slot);
	uint32_t	mask = g->block->name_mask;
	uint64_t	hash = ns_name_hash(name);

	if (g->patch != NULL)
	{
		int32_t		node = find_new_name(g, name, hash);

		if (node >= 0)
			return node;
	}
	for (uint32_t i = (uint32_t) hash & mask; slot[i] >= 0; i = (i + 1) & mask)
	{
		if (strcmp(ns_block_name(g->block, slot[i]), name) != 0)
			continue;
		if (ns_is_patched(g, &g->node, slot[i]) &&
			(ns_node_record(g, slot[i])->renamed ||
			 !ns_node_record(g, slot[i])->exists))
			return -1;
		return slot[i];
	}
	return -1;
}
