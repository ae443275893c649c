/*-------------------------------------------------------------------------
 *
 * box_tree.h
 *	  Boxes over runs of items that have boxes, to find those near a place.
 *
 * A complete binary tree in an array: node 1 is the root, the children of node
 * i are 2i and 2i + 1, and the last nleaves nodes each stand for
 * NS_TREE_LEAF items in a row.  Boxes are in degrees, closed.  A box that
 * holds nothing has west > east.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_BOX_TREE_H
#define NS_BOX_TREE_H

#include "env.h"

#define NS_TREE_LEAF 8

typedef struct NsBox
{
	double		west;
	double		south;
	double		east;
	double		north;
} NsBox;

typedef struct NsBoxTree
{
	NsBox	   *node;			/* [1 .. 2 * nleaves - 1] */
	int32_t		nleaves;		/* a power of two */
} NsBoxTree;

/* Of numbers that are none of them NaN; fmin() and fmax() are calls. */
static inline double
ns_min(double a, double b)
{
	return a < b ? a : b;
}

static inline double
ns_max(double a, double b)
{
	return a > b ? a : b;
}

static inline bool
ns_box_meets(const NsBox *a, const NsBox *b)
{
	return a->west <= b->east && b->west <= a->east &&
		a->south <= b->north && b->south <= a->north;
}

static inline void
ns_box_add(NsBox *box, const NsBox *other)
{
	if (other->west < box->west)
		box->west = other->west;
	if (other->south < box->south)
		box->south = other->south;
	if (other->east > box->east)
		box->east = other->east;
	if (other->north > box->north)
		box->north = other->north;
}

/*
 * Make a tree: begin, add the box of each item, end.  NS_NO_MEMORY.
 */
extern NsResult ns_box_tree_begin(NsEnv *env, NsBoxTree *tree, int32_t nitems);
extern void ns_box_tree_end(NsBoxTree *tree);

static inline void
ns_box_tree_add(NsBoxTree *tree, int32_t item, const NsBox *box)
{
	ns_box_add(&tree->node[tree->nleaves + item / NS_TREE_LEAF], box);
}

/* The node to look at after one that needs no look below it; 0 at the end. */
static inline int32_t
ns_box_tree_skip(int32_t node)
{
	while (node & 1)
		node >>= 1;
	return node == 0 ? 0 : node + 1;
}

/*
 * The first leaf at node or after it whose box meets the query; 0 when none
 * does.  Begin with node 1, go on with ns_box_tree_skip(leaf).
 */
static inline int32_t
ns_box_tree_leaf(const NsBoxTree *tree, int32_t node, const NsBox *query)
{
	while (node != 0)
	{
		if (!ns_box_meets(&tree->node[node], query))
			node = ns_box_tree_skip(node);
		else if (node >= tree->nleaves)
			return node;
		else
			node *= 2;
	}
	return 0;
}

#endif							/* NS_BOX_TREE_H */
