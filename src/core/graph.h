/*-------------------------------------------------------------------------
 *
 * graph.h
 *	  One network's graph as one flat block of indices.
 *
 * The block holds no pointers, only offsets from its own start, so that the
 * same bytes work in a backend, in a file or in shared memory.  It is written
 * once by ns_graph_build() and only read afterwards.
 *
 * Nodes, links and groups are numbered 0 .. n-1 in the order of their ids, so
 * the block (and with it every answer) does not depend on the order in which
 * rows were read, and comparing two link numbers compares their ids.
 *
 * An arc is one direction of a link: an undirected link has two, a directed
 * one has one.  Parallel links are links of their own.
 *
 * A shared risk link group (SRLG) is kept with the memberships whose share is
 * greater than 0; those with share 0 lose nothing to the event, and no path
 * function counts them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_H
#define NS_GRAPH_H

#include "env.h"

typedef enum NsCostKind
{
	NS_COST_METRIC,
	NS_COST_LATENCY,			/* microseconds */
	NS_COST_LENGTH,				/* kilometres */
	NS_COST_HOPS				/* 1 a link; not stored */
} NsCostKind;

#define NS_STORED_COSTS 3		/* all kinds before NS_COST_HOPS */

/* ---- what a graph is built from (arrays in any order) ---- */

typedef struct NsNodeInput
{
	int64_t		id;
	const char *name;			/* NUL-terminated, unique in the network */
} NsNodeInput;

typedef struct NsLinkInput
{
	int64_t		id;
	int64_t		a_node_id;
	int64_t		z_node_id;
	bool		directed;		/* from A to Z only */
	double		cost[NS_STORED_COSTS];	/* finite, >= 0; NaN: not given */
} NsLinkInput;

typedef struct NsMembershipInput
{
	int64_t		srlg_id;
	int64_t		link_id;		/* a link that is not in the graph: ignored */
	float		share;			/* 0 .. 1; 0: ignored */
	float		probability;	/* 0 .. 1 */
} NsMembershipInput;

typedef struct NsSrlgNodeInput
{
	int64_t		srlg_id;
	int64_t		node_id;		/* a node that is not in the graph: ignored */
	float		probability;	/* 0 .. 1; 0: ignored */
} NsSrlgNodeInput;

typedef struct NsGraphInput
{
	const NsNodeInput *node;
	size_t		nnodes;
	const NsLinkInput *link;	/* just those that carry traffic */
	size_t		nlinks;
	const NsMembershipInput *membership;	/* one row a (group, link) */
	size_t		nmemberships;
	const NsSrlgNodeInput *srlg_node;	/* nodes that a group takes down */
	size_t		nsrlg_nodes;
} NsGraphInput;

/* ---- the block ---- */

#define NS_GRAPH_MAGIC		UINT32_C(0x4e534752)
#define NS_GRAPH_VERSION	1

typedef struct NsGraph
{
	uint32_t	magic;
	uint32_t	version;
	uint64_t	bytes;			/* of the whole block */
	int32_t		nnodes;
	int32_t		nlinks;
	int32_t		narcs;			/* in each direction's list */
	int32_t		nsrlgs;
	int32_t		nmemberships;
	int32_t		nsrlg_nodes;
	int32_t		directed;		/* does any directed link exist? */
	int32_t		missing[NS_STORED_COSTS];	/* least link without it, or -1 */
	double		cost_sum[NS_STORED_COSTS];	/* over all links */
	double		cost_max[NS_STORED_COSTS];
	int32_t		decimals[NS_STORED_COSTS];	/* digits that write every cost
											 * exactly, 0 .. 6; else -1 */
	uint64_t	off_node_id;	/* int64[nnodes], ascending */
	uint64_t	off_node_name;	/* uint64[nnodes]: offset in the block */
	uint64_t	off_node_by_name;	/* int32[nnodes], by strcmp of the name */
	uint64_t	off_link_id;	/* int64[nlinks], ascending */
	uint64_t	off_link_end;	/* int32[2 * nlinks]: A, Z */
	uint64_t	off_link_directed;	/* uint8[nlinks] */
	uint64_t	off_cost;		/* double[3][nlinks] */
	uint64_t	off_out_start;	/* int32[nnodes + 1] */
	uint64_t	off_out_arc;	/* NsArc[narcs]: head, link */
	uint64_t	off_in_start;	/* int32[nnodes + 1]; as out if undirected */
	uint64_t	off_in_arc;		/* NsArc[narcs]: tail, link */
	uint64_t	off_srlg_id;	/* int64[nsrlgs], ascending */
	uint64_t	off_srlg_twin;	/* int32[nsrlgs]: least group of equal links */
	uint64_t	off_link_srlg_start;	/* int32[nlinks + 1] */
	uint64_t	off_link_srlg;	/* int32[nmemberships], ascending a link */
	uint64_t	off_srlg_link_start;	/* int32[nsrlgs + 1] */
	uint64_t	off_srlg_link;	/* int32[nmemberships], ascending a group */
	uint64_t	off_share;		/* float[nmemberships], as off_srlg_link */
	uint64_t	off_probability;	/* float[nmemberships], as off_srlg_link */
	uint64_t	off_srlg_node_start;	/* int32[nsrlgs + 1] */
	uint64_t	off_srlg_node;	/* int32[nsrlg_nodes], ascending a group */
	uint64_t	off_node_probability;	/* float[nsrlg_nodes], likewise */
} NsGraph;

typedef struct NsArc
{
	int32_t		node;			/* the other end */
	int32_t		link;
} NsArc;

#define NS_GRAPH_ARRAY(type, name, offset) \
	static inline const type * \
	name(const NsGraph *g) \
	{ \
		return (const type *) (const void *) ((const char *) g + g->offset); \
	}

NS_GRAPH_ARRAY(int64_t, ns_node_id, off_node_id)
NS_GRAPH_ARRAY(uint64_t, ns_node_name_offset, off_node_name)
NS_GRAPH_ARRAY(int32_t, ns_node_by_name, off_node_by_name)
NS_GRAPH_ARRAY(int64_t, ns_link_id, off_link_id)
NS_GRAPH_ARRAY(int32_t, ns_link_end, off_link_end)
NS_GRAPH_ARRAY(uint8_t, ns_link_directed, off_link_directed)
NS_GRAPH_ARRAY(int32_t, ns_out_start, off_out_start)
NS_GRAPH_ARRAY(NsArc, ns_out_arc, off_out_arc)
NS_GRAPH_ARRAY(int32_t, ns_in_start, off_in_start)
NS_GRAPH_ARRAY(NsArc, ns_in_arc, off_in_arc)
NS_GRAPH_ARRAY(int64_t, ns_srlg_id, off_srlg_id)
NS_GRAPH_ARRAY(int32_t, ns_srlg_twin, off_srlg_twin)
NS_GRAPH_ARRAY(int32_t, ns_link_srlg_start, off_link_srlg_start)
NS_GRAPH_ARRAY(int32_t, ns_link_srlg, off_link_srlg)
NS_GRAPH_ARRAY(int32_t, ns_srlg_link_start, off_srlg_link_start)
NS_GRAPH_ARRAY(int32_t, ns_srlg_link, off_srlg_link)
NS_GRAPH_ARRAY(float, ns_share, off_share)
NS_GRAPH_ARRAY(float, ns_probability, off_probability)
NS_GRAPH_ARRAY(int32_t, ns_srlg_node_start, off_srlg_node_start)
NS_GRAPH_ARRAY(int32_t, ns_srlg_node, off_srlg_node)
NS_GRAPH_ARRAY(float, ns_node_probability, off_node_probability)

/* The name of a node, NUL-terminated, inside the block. */
static inline const char *
ns_node_name(const NsGraph *g, int32_t node)
{
	return (const char *) g + ns_node_name_offset(g)[node];
}

/* The stored costs of one kind, by link; not for NS_COST_HOPS. */
static inline const double *
ns_cost(const NsGraph *g, NsCostKind kind)
{
	return (const double *) (const void *) ((const char *) g + g->off_cost)
		+ (size_t) kind * (size_t) g->nlinks;
}

/*
 * Build the block in the environment's region; *out is its start and
 * (*out)->bytes its size.  Time O(rows log rows).
 *
 * NS_BAD_INPUT: an id twice, a link whose end is not among the nodes or whose
 * ends are one node, a cost that is negative or infinite.  NS_TOO_LARGE: more
 * than 2^30 nodes, links or memberships.
 */
extern NsResult ns_graph_build(NsEnv *env, const NsGraphInput *in, NsGraph **out);

/* Number of the element with this id (or name), or -1. */
extern int32_t ns_graph_find_node(const NsGraph *g, const char *name);
extern int32_t ns_graph_find_node_id(const NsGraph *g, int64_t id);
extern int32_t ns_graph_find_link(const NsGraph *g, int64_t id);
extern int32_t ns_graph_find_srlg(const NsGraph *g, int64_t id);

#endif							/* NS_GRAPH_H */
