/*-------------------------------------------------------------------------
 *
 * patch_record.c
 *	  Records of changed elements: opened, added, and their lists edited.
 *
 * All memory comes from the environment's region; see patch_int.h.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "patch_int.h"
#include "path_int.h"

#define FIRST_SLOTS		64
#define FIRST_BUCKETS	16

/* ---------- tables of records ---------- */

static NsResult
make_slots(NsEnv *env, NsPatched *kind, uint32_t slots)
{
	NS_NEED(kind->slot = ns_alloc_array(env, slots, sizeof(NsPatchSlot)));
	for (uint32_t i = 0; i < slots; i++)
		kind->slot[i] = (NsPatchSlot) {.number = -1};
	kind->mask = slots - 1;
	return NS_OK;
}

static void
put_slot(NsPatched *kind, int32_t number, void *record)
{
	uint32_t	i = ns_patch_place(kind, number);

	while (kind->slot[i].number >= 0)
		i = (i + 1) & kind->mask;
	kind->slot[i] = (NsPatchSlot) {number, record};
}

/* A page that nothing is ever written to. */
static const uint64_t no_bits[NS_PATCH_PAGE / 64];

/* Pages for so many numbers, all of them empty. */
static NsResult
make_table(NsEnv *env, NsPatched *kind, int32_t numbers)
{
	kind->npages = (size_t) numbers / NS_PATCH_PAGE + 1;
	NS_NEED(kind->page = ns_alloc_array(env, kind->npages, sizeof(uint64_t *)));
	for (size_t i = 0; i < kind->npages; i++)
		kind->page[i] = no_bits;
	return make_slots(env, kind, FIRST_SLOTS);
}

static NsResult
set_bit(NsEnv *env, NsPatched *kind, int32_t number)
{
	size_t		page = (size_t) number / NS_PATCH_PAGE;

	if (page >= kind->npages)
	{
		/* the next number, for which there is no page yet */
		size_t		room = kind->npages;

		NS_NEED(kind->page = ns_grow_array(env, kind->page, &room, page + 1, sizeof(uint64_t *)));
		for (; kind->npages < room; kind->npages++)
			kind->page[kind->npages] = no_bits;
	}
	if (kind->page[page] == no_bits)
		NS_NEED(kind->page[page] = ns_alloc_zero(env, NS_PATCH_PAGE / 64, sizeof(uint64_t)));

	/* a page of our own, and so not constant */
	ns_bit_set((uint64_t *) kind->page[page], number % NS_PATCH_PAGE);
	return NS_OK;
}

/* An empty record for a number that has none. */
static void *
new_record(NsEnv *env, NsPatched *kind, int32_t number, size_t size)
{
	void	   *record = ns_alloc_zero(env, 1, size);

	if (record == NULL)
		return NULL;
	if (2 * (uint32_t) kind->n > kind->mask)
	{
		NsPatchSlot *old = kind->slot;
		uint32_t	slots = kind->mask + 1;

		if (make_slots(env, kind, 2 * slots) != NS_OK)
			return NULL;
		for (uint32_t i = 0; i < slots; i++)
		{
			if (old[i].number >= 0)
				put_slot(kind, old[i].number, old[i].record);
		}
	}
	put_slot(kind, number, record);
	kind->n++;
	return set_bit(env, kind, number) == NS_OK ? record : NULL;
}

NsResult
ns_patch_begin(NsEnv *env, NsGraph *g)
{
	NsPatch    *p = g->patch;

	if (p != NULL)
		return NS_OK;
	NS_NEED(p = ns_alloc_zero(env, 1, sizeof(NsPatch)));
	memcpy(p->total, g->block->total, sizeof(p->total));
	p->ndirected = g->block->ndirected;
	NS_NEED(p->bucket = ns_alloc_array(env, FIRST_BUCKETS, sizeof(int32_t)));
	memset(p->bucket, -1, FIRST_BUCKETS * sizeof(int32_t));
	p->bucket_mask = FIRST_BUCKETS - 1;
	NS_TRY(make_table(env, &g->node, g->nnodes));
	NS_TRY(make_table(env, &g->link, g->nlinks));
	NS_TRY(make_table(env, &g->srlg, g->nsrlgs));
	g->patch = p;
	return NS_OK;
}

/* ---------- copies of what the block has ---------- */

static NsResult
copy_arcs(NsEnv *env, NsArcs from, NsArc **arc, int32_t *n, size_t *room)
{
	NS_NEED(*arc = ns_grow_array(env, NULL, room, (size_t) from.n + 1, sizeof(NsArc)));
	memcpy(*arc, from.arc, (size_t) from.n * sizeof(NsArc));
	*n = from.n;
	return NS_OK;
}

static NsResult
copy_numbers(NsEnv *env, NsNumbers from, int32_t **number, int32_t *n,
			 size_t *room)
{
	NS_NEED(*number = ns_grow_array(env, NULL, room, (size_t) from.n + 1, sizeof(int32_t)));
	memcpy(*number, from.number, (size_t) from.n * sizeof(int32_t));
	*n = from.n;
	return NS_OK;
}

static NsResult
copy_node(NsEnv *env, const NsGraph *g, int32_t node, NsNodeRecord *r)
{
	r->id = ns_node_id(g, node);
	r->name = ns_node_name(g, node);
	r->exists = true;
	r->next_by_name = -1;
	NS_TRY(copy_arcs(env, ns_out(g, node), &r->out, &r->nout, &r->out_room));
	NS_TRY(copy_arcs(env, ns_in(g, node), &r->in, &r->nin, &r->in_room));
	return copy_numbers(env, ns_node_srlgs(g, node), &r->srlg, &r->nsrlgs,
						&r->srlg_room);
}

static NsResult
copy_link(NsEnv *env, const NsGraph *g, int32_t link, NsLinkRecord *r)
{
	r->id = ns_link_id(g, link);
	r->end[0] = ns_link_end(g, link)[0];
	r->end[1] = ns_link_end(g, link)[1];
	r->directed = ns_link_directed(g, link);
	r->up = ns_link_up(g, link);
	r->exists = true;
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
		r->cost[kind] = ns_link_cost(g, kind, link);
	return copy_numbers(env, ns_link_srlgs(g, link), &r->srlg, &r->nsrlgs,
						&r->srlg_room);
}

/* Room for so many rows in three arrays side by side. */
static NsResult
grow_members(NsEnv *env, NsSrlgRecord *r, int32_t need)
{
	size_t		room[3] = {r->link_room, r->link_room, r->link_room};

	NS_NEED(r->link = ns_grow_array(env, r->link, &room[0], (size_t) need, sizeof(int32_t)));
	NS_NEED(r->share = ns_grow_array(env, r->share, &room[1], (size_t) need, sizeof(float)));
	NS_NEED(r->probability = ns_grow_array(env, r->probability, &room[2], (size_t) need, sizeof(float)));
	r->link_room = room[0];
	return NS_OK;
}

static NsResult
grow_downs(NsEnv *env, NsSrlgRecord *r, int32_t need)
{
	size_t		room[2] = {r->node_room, r->node_room};

	NS_NEED(r->node = ns_grow_array(env, r->node, &room[0], (size_t) need, sizeof(int32_t)));
	NS_NEED(r->node_probability = ns_grow_array(env, r->node_probability, &room[1], (size_t) need, sizeof(float)));
	r->node_room = room[0];
	return NS_OK;
}

static NsResult
copy_srlg(NsEnv *env, const NsGraph *g, int32_t srlg, NsSrlgRecord *r)
{
	NsNumbers	links = ns_srlg_links(g, srlg);
	NsNumbers	nodes = ns_srlg_nodes(g, srlg);

	r->id = ns_srlg_id(g, srlg);
	r->nlinks = links.n;
	r->nnodes = nodes.n;
	NS_TRY(grow_members(env, r, links.n + 1));
	NS_TRY(grow_downs(env, r, nodes.n + 1));
	memcpy(r->link, links.number, (size_t) links.n * sizeof(int32_t));
	memcpy(r->share, ns_srlg_share(g, srlg), (size_t) links.n * sizeof(float));
	memcpy(r->probability, ns_srlg_probability(g, srlg),
		   (size_t) links.n * sizeof(float));
	memcpy(r->node, nodes.number, (size_t) nodes.n * sizeof(int32_t));
	memcpy(r->node_probability, ns_srlg_node_probability(g, srlg),
		   (size_t) nodes.n * sizeof(float));
	return NS_OK;
}

/* ---------- opening ---------- */

/*
 * What stands in the block is copied before the bit is set, since the accessors
 * that copy it look at the bit.
 */
#define OPEN(kind, number, type, copy) \
	type		fresh = {0}; \
	type	   *record; \
	if (ns_page_bit(g->kind.page, number)) \
		return (type *) ns_patch_slot_record(&g->kind, number); \
	if (copy(env, g, number, &fresh) != NS_OK) \
		return NULL; \
	record = new_record(env, &g->kind, number, sizeof(type)); \
	if (record != NULL) \
		*record = fresh; \
	return record

NsNodeRecord *
ns_patch_open_node(NsEnv *env, NsGraph *g, int32_t node)
{
	OPEN(node, node, NsNodeRecord, copy_node);
}

NsLinkRecord *
ns_patch_open_link(NsEnv *env, NsGraph *g, int32_t link)
{
	OPEN(link, link, NsLinkRecord, copy_link);
}

NsSrlgRecord *
ns_patch_open_srlg(NsEnv *env, NsGraph *g, int32_t srlg)
{
	OPEN(srlg, srlg, NsSrlgRecord, copy_srlg);
}

/* ---------- adding ---------- */

static NsResult
add_id(NsEnv *env, NsAddedIds *added, int32_t n, int64_t id)
{
	NS_NEED(added->id = ns_grow_array(env, added->id, &added->room, (size_t) n + 1, sizeof(int64_t)));
	added->id[n] = id;
	return NS_OK;
}

NsResult
ns_patch_add_node(NsEnv *env, NsGraph *g, int64_t id)
{
	NsNodeRecord *r;

	NS_TRY(add_id(env, &g->patch->added_node, g->nnodes - g->block->nnodes, id));
	NS_NEED(r = new_record(env, &g->node, g->nnodes, sizeof(NsNodeRecord)));
	r->id = id;
	r->name = "";
	r->next_by_name = -1;
	g->nnodes++;
	return NS_OK;
}

NsResult
ns_patch_add_link(NsEnv *env, NsGraph *g, int64_t id)
{
	NsLinkRecord *r;

	NS_TRY(add_id(env, &g->patch->added_link, g->nlinks - g->block->nlinks, id));
	NS_NEED(r = new_record(env, &g->link, g->nlinks, sizeof(NsLinkRecord)));
	r->id = id;
	g->nlinks++;
	return NS_OK;
}

NsResult
ns_patch_add_srlg(NsEnv *env, NsGraph *g, int64_t id)
{
	NsSrlgRecord *r;

	int32_t		number;

	NS_TRY(ns_id_map_place(env, &g->patch->added_srlg, id, &number));
	if (number != g->nsrlgs - g->block->nsrlgs)
		return NS_BAD_INPUT;
	NS_NEED(r = new_record(env, &g->srlg, g->nsrlgs, sizeof(NsSrlgRecord)));
	r->id = id;
	r->regrouped = true;
	g->nsrlgs++;
	return NS_OK;
}

/* ---------- names ---------- */

static NsNodeRecord *
named_node(const NsGraph *g, int32_t node)
{
	return ns_patch_slot_record(&g->node, node);
}

static void
link_name(NsGraph *g, int32_t node)
{
	NsPatch    *p = g->patch;
	NsNodeRecord *r = named_node(g, node);
	uint32_t	bucket = (uint32_t) ns_name_hash(r->name) & p->bucket_mask;

	r->next_by_name = p->bucket[bucket];
	p->bucket[bucket] = node;
}

static void
unlink_name(NsGraph *g, int32_t node)
{
	NsPatch    *p = g->patch;
	NsNodeRecord *r = named_node(g, node);
	int32_t    *at = &p->bucket[(uint32_t) ns_name_hash(r->name) & p->bucket_mask];

	while (*at != node)
		at = &named_node(g, *at)->next_by_name;
	*at = r->next_by_name;
	r->next_by_name = -1;
	r->renamed = false;
	p->nnames--;
}

/* Twice the buckets; the names move over. */
static NsResult
grow_buckets(NsEnv *env, NsGraph *g)
{
	NsPatch    *p = g->patch;
	int32_t    *old = p->bucket;
	uint32_t	n = p->bucket_mask + 1;

	NS_NEED(p->bucket = ns_alloc_array(env, 2 * (size_t) n, sizeof(int32_t)));
	memset(p->bucket, -1, 2 * (size_t) n * sizeof(int32_t));
	p->bucket_mask = 2 * n - 1;
	for (uint32_t i = 0; i < n; i++)
	{
		int32_t		next;

		for (int32_t node = old[i]; node >= 0; node = next)
		{
			next = named_node(g, node)->next_by_name;
			link_name(g, node);
		}
	}
	return NS_OK;
}

NsResult
ns_patch_name(NsEnv *env, NsGraph *g, int32_t node, const char *name)
{
	NsNodeRecord *r = named_node(g, node);
	const char *of_block = node < g->block->nnodes ?
		ns_block_name(g->block, node) : NULL;
	size_t		bytes = strlen(name) + 1;

	if (r->renamed)
	{
		if (strcmp(r->name, name) == 0)
			return NS_OK;
		unlink_name(g, node);
	}
	if (of_block != NULL && strcmp(of_block, name) == 0)
	{
		r->name = of_block;
		return NS_OK;
	}
	NS_NEED(r->own_name = ns_grow_array(env, r->own_name, &r->name_room, bytes, 1));
	memcpy(r->own_name, name, bytes);
	r->name = r->own_name;
	r->renamed = true;
	if ((uint32_t) g->patch->nnames > g->patch->bucket_mask)
		NS_TRY(grow_buckets(env, g));
	link_name(g, node);
	g->patch->nnames++;
	return NS_OK;
}

/* ---------- arcs ---------- */

static int32_t
arc_position(const NsArc *arc, int32_t n, int32_t link)
{
	int32_t		low = 0;
	int32_t		high = n;

	while (low < high)
	{
		int32_t		middle = low + (high - low) / 2;

		if (arc[middle].link < link)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A place for one arc more, in the order of links. */
static NsResult
insert_arc(NsEnv *env, NsArc **arc, int32_t *n, size_t *room, NsArc added)
{
	int32_t		at = arc_position(*arc, *n, added.link);

	NS_NEED(*arc = ns_grow_array(env, *arc, room, (size_t) *n + 1, sizeof(NsArc)));
	memmove(*arc + at + 1, *arc + at, (size_t) (*n - at) * sizeof(NsArc));
	(*arc)[at] = added;
	(*n)++;
	return NS_OK;
}

static void
remove_arc(NsArc *arc, int32_t *n, int32_t link)
{
	int32_t		at = arc_position(arc, *n, link);

	memmove(arc + at, arc + at + 1, (size_t) (*n - at - 1) * sizeof(NsArc));
	(*n)--;
}

NsResult
ns_patch_add_arcs(NsEnv *env, NsGraph *g, const NsLinkRecord *r, int32_t link)
{
	for (int from = 0; from < (r->directed ? 1 : 2); from++)
	{
		int32_t		tail = r->end[from];
		int32_t		head = r->end[1 - from];
		NsNodeRecord *n;

		NS_NEED(n = ns_patch_open_node(env, g, tail));
		NS_TRY(insert_arc(env, &n->out, &n->nout, &n->out_room,
						  (NsArc) {.node = head,.link = link}));
		NS_NEED(n = ns_patch_open_node(env, g, head));
		NS_TRY(insert_arc(env, &n->in, &n->nin, &n->in_room,
						  (NsArc) {.node = tail,.link = link}));
		g->narcs++;
	}
	return NS_OK;
}

NsResult
ns_patch_remove_arcs(NsEnv *env, NsGraph *g, const NsLinkRecord *r,
					 int32_t link)
{
	for (int from = 0; from < (r->directed ? 1 : 2); from++)
	{
		NsNodeRecord *n;

		NS_NEED(n = ns_patch_open_node(env, g, r->end[from]));
		remove_arc(n->out, &n->nout, link);
		NS_NEED(n = ns_patch_open_node(env, g, r->end[1 - from]));
		remove_arc(n->in, &n->nin, link);
		g->narcs--;
	}
	return NS_OK;
}

/* ---------- groups ---------- */

/* Open or close a gap of one in an array of four-byte elements. */
static void
open_gap(void *array, int32_t at, int32_t n)
{
	char	   *p = (char *) array + 4 * (size_t) at;

	memmove(p + 4, p, 4 * (size_t) (n - at));
}

static void
close_gap(void *array, int32_t at, int32_t n)
{
	char	   *p = (char *) array + 4 * (size_t) at;

	memmove(p, p + 4, 4 * (size_t) (n - at - 1));
}

NsResult
ns_patch_put_member(NsEnv *env, NsGraph *g, int32_t srlg, int32_t link,
					const NsPatchRow *row)
{
	NsSrlgRecord *r = ns_patch_open_srlg(env, g, srlg);
	int32_t		at;

	NS_NEED(r);
	at = ns_position(r->link, r->nlinks, link);
	if (at == r->nlinks || r->link[at] != link)
	{
		NS_TRY(grow_members(env, r, r->nlinks + 1));
		open_gap(r->link, at, r->nlinks);
		open_gap(r->share, at, r->nlinks);
		open_gap(r->probability, at, r->nlinks);
		r->link[at] = link;
		r->nlinks++;
		r->regrouped = true;
		g->nmemberships++;
	}
	r->share[at] = row->share;
	r->probability[at] = row->probability;
	return NS_OK;
}

NsResult
ns_patch_drop_member(NsEnv *env, NsGraph *g, int32_t srlg, int32_t link)
{
	NsSrlgRecord *r = ns_patch_open_srlg(env, g, srlg);
	int32_t		at;

	NS_NEED(r);
	at = ns_position(r->link, r->nlinks, link);
	close_gap(r->link, at, r->nlinks);
	close_gap(r->share, at, r->nlinks);
	close_gap(r->probability, at, r->nlinks);
	r->nlinks--;
	r->regrouped = true;
	g->nmemberships--;
	return NS_OK;
}

NsResult
ns_patch_put_down(NsEnv *env, NsGraph *g, int32_t srlg, int32_t node,
				  const NsPatchRow *row)
{
	NsSrlgRecord *r = ns_patch_open_srlg(env, g, srlg);
	int32_t		at;

	NS_NEED(r);
	at = ns_position(r->node, r->nnodes, node);
	if (at == r->nnodes || r->node[at] != node)
	{
		NS_TRY(grow_downs(env, r, r->nnodes + 1));
		open_gap(r->node, at, r->nnodes);
		open_gap(r->node_probability, at, r->nnodes);
		r->node[at] = node;
		r->nnodes++;
		g->nsrlg_nodes++;
	}
	r->node_probability[at] = row->probability;
	return NS_OK;
}

NsResult
ns_patch_drop_down(NsEnv *env, NsGraph *g, int32_t srlg, int32_t node)
{
	NsSrlgRecord *r = ns_patch_open_srlg(env, g, srlg);
	int32_t		at;

	NS_NEED(r);
	at = ns_position(r->node, r->nnodes, node);
	close_gap(r->node, at, r->nnodes);
	close_gap(r->node_probability, at, r->nnodes);
	r->nnodes--;
	g->nsrlg_nodes--;
	return NS_OK;
}
