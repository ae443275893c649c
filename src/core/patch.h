/*-------------------------------------------------------------------------
 *
 * patch.h
 *	  Changes of a view: what has changed since its block was made.
 *
 * A patch belongs to one view and lies in private memory; nothing is ever
 * written to the block.  A changed element keeps its number, and an added one
 * gets the next, so numbers stay in the order of ids only if the ids of added
 * elements are above all others of their kind: a change for which that holds
 * *fits*.  For any other a new block is made.
 *
 * A view with a patch reads as the view of a block made afresh would, except
 * that what was deleted keeps its number: a link that is not up, a node that no
 * name finds and no link touches, a group without links and nodes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_PATCH_H
#define NS_PATCH_H

#include "graph.h"

typedef struct NsLinkChange
{
	NsLinkInput link;			/* when it does not exist: only id is read */
	bool		exists;
	const NsMembershipInput *membership;	/* all of the link (link_id is not
											 * read), a group at most once; read
											 * only when it is up */
	size_t		nmemberships;
} NsLinkChange;

typedef struct NsNodeChange
{
	NsNodeInput node;			/* when it does not exist: only id is read */
	bool		exists;
	const NsSrlgNodeInput *srlg_node;	/* all of the node (node_id is not
										 * read), a group at most once */
	size_t		nsrlg_nodes;
} NsNodeChange;

/*
 * Elements in any order, each id once.  After the change every link that exists
 * has two ends that exist.  An element that does not exist, and is not in the
 * view either, is ignored.
 */
typedef struct NsGraphChange
{
	const NsNodeChange *node;
	size_t		nnodes;
	const NsLinkChange *link;
	size_t		nlinks;
} NsGraphChange;

/* Are all ids of nodes and links that are new in it above all others? */
extern bool ns_graph_fits(const NsGraph *g, const NsGraphChange *change);

/*
 * Apply a change that fits.  Memory comes from the environment's region, which
 * has to live as long as the view; strings are copied.  Room is used again, so
 * patches of the same elements over and over need no more of it.
 *
 * Time: of the size of the change, and of the arc and group lists touched.  A
 * pass over all links where the last of the dearest ones is lost, or the first
 * one without a cost while there are others.
 *
 * NS_BAD_INPUT as ns_graph_build, or the change does not fit.  Whatever ends it
 * other than NS_OK, an exception of the environment included, leaves the view
 * unusable.
 */
extern NsResult ns_graph_patch(NsEnv *env, NsGraph *g,
							   const NsGraphChange *change);

/*
 * A new block of what the view shows, with a change (NULL: none), which need
 * not fit.  The view stays as it is.
 */
extern NsResult ns_graph_rebuild(NsEnv *env, const NsGraph *g,
								 const NsGraphChange *change,
								 NsGraphBlock **out);

/* Elements that the patch holds: nodes, links and groups. */
extern size_t ns_graph_patch_size(const NsGraph *g);

#endif							/* NS_PATCH_H */
