/*-------------------------------------------------------------------------
 *
 * patch_int.h
 *	  What the files that know the inside of a patch share.
 *
 *	  graph.c			looks ids and names up, in block and patch
 *	  patch.c			applies a change to a view
 *	  patch_record.c	the records of changed elements, and their lists
 *	  patch_rebuild.c	a new block of a view and a change
 *
 * A record is made when an element is changed for the first time (opened) and
 * stays where it is; its lists grow by doubling and never shrink.  So what a
 * patch holds depends on the elements changed and on the greatest sizes that
 * they had, not on how often they were changed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_PATCH_INT_H
#define NS_PATCH_INT_H

#include "id_map.h"
#include "patch.h"

/* Ids of added elements, ascending: numbers n of the block, n + 1, ... */
typedef struct NsAddedIds
{
	int64_t    *id;
	size_t		room;
} NsAddedIds;

/* One row of a list that is being put in order. */
typedef struct NsPatchRow
{
	int64_t		key;			/* an id, or a number */
	float		share;
	float		probability;
} NsPatchRow;

typedef struct NsPatch
{
	NsTotal		total[NS_STORED_COSTS]; /* over the links up */
	int32_t		ndirected;		/* links up */
	NsAddedIds	added_node;
	NsAddedIds	added_link;
	NsIdMap		added_srlg;		/* in order of arrival, likewise */

	/* names that the block does not have: first node by hash, or -1 */
	int32_t    *bucket;
	uint32_t	bucket_mask;
	int32_t		nnames;

	NsPatchRow *row;			/* scratch */
	size_t		row_room;
} NsPatch;

static inline uint64_t
ns_name_hash(const char *name)
{
	uint64_t	hash = UINT64_C(1469598103934665603);

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char) *name) * UINT64_C(1099511628211);
	return hash ^ (hash >> 32);
}

/* The name that the block has for one of its nodes. */
static inline const char *
ns_block_name(const NsGraphBlock *block, int32_t node)
{
	const uint64_t *name = ns_block_array(block, block->off_node_name);

	return (const char *) block + name[node];
}

/* As the functions of graph.h, and what was deleted is found as well. */
extern int32_t ns_find_any_node(const NsGraph *g, int64_t id);
extern int32_t ns_find_any_link(const NsGraph *g, int64_t id);

/* ---------- records (patch_record.c) ---------- */

/* The patch of a view, made if it has none. */
extern NsResult ns_patch_begin(NsEnv *env, NsGraph *g);

/* The record of an element to be changed; NULL: out of memory. */
extern NsNodeRecord *ns_patch_open_node(NsEnv *env, NsGraph *g, int32_t node);
extern NsLinkRecord *ns_patch_open_link(NsEnv *env, NsGraph *g, int32_t link);
extern NsSrlgRecord *ns_patch_open_srlg(NsEnv *env, NsGraph *g, int32_t srlg);

/*
 * A new element with the next number and an id above all others, with an empty
 * record: a node or link that does not exist yet, a group without anything.
 */
extern NsResult ns_patch_add_node(NsEnv *env, NsGraph *g, int64_t id);
extern NsResult ns_patch_add_link(NsEnv *env, NsGraph *g, int64_t id);
extern NsResult ns_patch_add_srlg(NsEnv *env, NsGraph *g, int64_t id);

/* Give a node with a record a name, copied. */
extern NsResult ns_patch_name(NsEnv *env, NsGraph *g, int32_t node,
							  const char *name);

/* The arcs of a link come to, or go from, the nodes that it joins. */
extern NsResult ns_patch_add_arcs(NsEnv *env, NsGraph *g,
								  const NsLinkRecord *r, int32_t link);
extern NsResult ns_patch_remove_arcs(NsEnv *env, NsGraph *g,
									 const NsLinkRecord *r, int32_t link);

/*
 * A link (node) comes to a group, or goes from it, or has another share or
 * probability there: the group's side alone.
 */
extern NsResult ns_patch_put_member(NsEnv *env, NsGraph *g, int32_t srlg,
									int32_t link, const NsPatchRow *row);
extern NsResult ns_patch_drop_member(NsEnv *env, NsGraph *g, int32_t srlg,
									 int32_t link);
extern NsResult ns_patch_put_down(NsEnv *env, NsGraph *g, int32_t srlg,
								  int32_t node, const NsPatchRow *row);
extern NsResult ns_patch_drop_down(NsEnv *env, NsGraph *g, int32_t srlg,
								   int32_t node);

/* First position in an ascending list whose number is not below this one. */
static inline int32_t
ns_position(const int32_t *list, int32_t n, int32_t number)
{
	int32_t		low = 0;
	int32_t		high = n;

	while (low < high)
	{
		int32_t		middle = low + (high - low) / 2;

		if (list[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

#endif							/* NS_PATCH_INT_H */
