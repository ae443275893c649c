/*-------------------------------------------------------------------------
 *
 * graph.c
 *	  Views of a graph's block, and looking things up in them.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "patch_int.h"
#include "sort.h"

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
	for (int kind = 0; kind < NS_COSTS; kind++)
		g->eased_part[kind] = 1;
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
	int32_t		number = ns_find_id(g->block_srlg_id, g->block->nsrlgs, id);

	if (number >= 0 || g->nsrlgs == g->block->nsrlgs)
		return number;
	number = ns_id_map_find(&g->patch->added_srlg, id);
	return number < 0 ? -1 : g->block->nsrlgs + number;
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
