/*-------------------------------------------------------------------------
 *
 * box_tree.c
 *	  Making a tree of boxes.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>

#include "box_tree.h"

NsResult
ns_box_tree_begin(NsEnv *env, NsBoxTree *tree, int32_t nitems)
{
	int32_t		nleaves = 1;

	while ((int64_t) nleaves * NS_TREE_LEAF < nitems)
		nleaves *= 2;
	tree->nleaves = nleaves;
	tree->node = ns_alloc_array(env, 2 * (size_t) nleaves, sizeof(NsBox));
	if (tree->node == NULL)
		return NS_NO_MEMORY;
	for (int32_t i = 0; i < 2 * nleaves; i++)
		tree->node[i] = (NsBox) {INFINITY, INFINITY, -INFINITY, -INFINITY};
	return NS_OK;
}

void
ns_box_tree_end(NsBoxTree *tree)
{
	for (int32_t i = tree->nleaves - 1; i > 0; i--)
	{
		tree->node[i] = tree->node[2 * i];
		ns_box_add(&tree->node[i], &tree->node[2 * i + 1]);
	}
}
