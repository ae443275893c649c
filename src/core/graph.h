/*-------------------------------------------------------------------------
 *
 * graph.h
 *	  One network's graph: a flat block of indices, and views of it.
 *
 * The *block* holds no pointers, only offsets from its own start, so that the
 * same bytes work in a backend, in a file or in shared memory.  It is written
 * once by ns_graph_build() and only read afterwards.
 *
 * A *view* (NsGraph) is what everything else reads: a block, and optionally a
 * private patch (patch.h) of what has changed since the block was made.  It is
 * small and lies in private memory; the block has to outlive it.  All reading
 * goes through the accessors below, one element at a time.
 *
 * Nodes, links and groups are numbered 0 .. n-1 in the order of their ids, so
 * that no answer depends on the order in which rows were read, and comparing
 * two link numbers compares their ids.  Groups that a patch added come after
 * the block's in the order of their arrival: no answer depends on the order of
 * groups.
 *
 * All links are in the graph.  Those that are not *up* (carry no traffic) have
 * no arcs and no memberships, and count in no total.
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

#include "bitset.h"
#include "group_list.h"
#include "total.h"

typedef enum NsCostKind
{
	NS_COST_METRIC,
	NS_COST_LATENCY,			/* microseconds */
	NS_COST_LENGTH,				/* kilometres */
	NS_COST_HOPS				/* 1 a link; not stored */
} NsCostKind;

#define NS_STORED_COSTS 3		/* all kinds before NS_COST_HOPS */
#define NS_COSTS		4

#define NS_MAX_EASED	4		/* links that landmarks can make up for */
#define NS_EASED_PART	0.25	/* of a cost; what is above weakens all bounds */

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
	bool		up;				/* does it carry traffic? */
	double		cost[NS_STORED_COSTS];	/* finite, >= 0; NaN: not given */
} NsLinkInput;

typedef struct NsMembershipInput
{
	int64_t		srlg_id;
	int64_t		link_id;		/* a link that is not in the graph, or not
								 * up: ignored */
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
	const NsLinkInput *link;	/* up or not */
	size_t		nlinks;
	const NsMembershipInput *membership;	/* one row a (group, link) */
	size_t		nmemberships;
	const NsSrlgNodeInput *srlg_node;	/* nodes that a group takes down */
	size_t		nsrlg_nodes;
	const NsGroupLists *lists;	/* more memberships, by position of the links;
								 * of other groups than those above.  Or NULL */
	NsEnv	   *block_env;		/* where the block goes; NULL: with the rest */
} NsGraphInput;

/* ---- the block ---- */

#define NS_GRAPH_MAGIC		UINT32_C(0x4e534752)
#define NS_GRAPH_VERSION	2

typedef struct NsGraphBlock
{
	uint32_t	magic;
	uint32_t	version;
	uint64_t	bytes;			/* of the whole block */
	int32_t		nnodes;
	int32_t		nlinks;
	int32_t		nup;			/* links that are up */
	int32_t		ndirected;		/* of these: directed */
	int32_t		narcs;			/* in each direction's list */
	int32_t		nsrlgs;
	int32_t		nmemberships;
	int32_t		nsrlg_nodes;
	int32_t		missing[NS_STORED_COSTS];	/* least link up without it, or -1 */
	uint32_t	name_mask;		/* slots of the table of names, less 1 */
	NsTotal		total[NS_STORED_COSTS]; /* over the links up */
	uint64_t	off_node_id;	/* int64[nnodes], ascending */
	uint64_t	off_node_name;	/* uint64[nnodes]: offset in the block */
	uint64_t	off_name_slot;	/* int32[name_mask + 1]: node by hash, or -1 */
	uint64_t	off_link_id;	/* int64[nlinks], ascending */
	uint64_t	off_link_end;	/* int32[2 * nlinks]: A, Z */
	uint64_t	off_link_flag;	/* uint8[nlinks]: NS_LINK_* */
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
	uint64_t	off_node_srlg_start;	/* int32[nnodes + 1] */
	uint64_t	off_node_srlg;	/* int32[nsrlg_nodes], ascending a node */
} NsGraphBlock;

#define NS_LINK_DIRECTED	1
#define NS_LINK_UP			2

typedef struct NsArc
{
	int32_t		node;			/* the other end */
	int32_t		link;
} NsArc;

/* ---- elements of a patch: what stands in place of the block's ---- */

typedef struct NsNodeRecord
{
	int64_t		id;
	const char *name;
	bool		exists;			/* false: deleted, names do not find it */
	bool		renamed;		/* in the patch's table of names */
	int32_t		next_by_name;	/* in the same bucket of that table, or -1 */
	int32_t		nout;
	int32_t		nin;
	int32_t		nsrlgs;
	NsArc	   *out;
	NsArc	   *in;
	int32_t    *srlg;			/* groups that take it down */
	char	   *own_name;
	size_t		out_room;
	size_t		in_room;
	size_t		srlg_room;
	size_t		name_room;
} NsNodeRecord;

typedef struct NsLinkRecord
{
	int64_t		id;
	int32_t		end[2];
	bool		directed;
	bool		up;
	bool		exists;			/* false: deleted; then it is not up either */
	bool		eased;			/* see NsGraph.eased */
	bool		weakens;		/* see NsGraph.nweakening */
	double		cost[NS_STORED_COSTS];
	int32_t		nsrlgs;
	int32_t    *srlg;
	size_t		srlg_room;
} NsLinkRecord;

typedef struct NsSrlgRecord
{
	int64_t		id;
	bool		regrouped;		/* not the links that the block has */
	int32_t		nlinks;
	int32_t		nnodes;
	int32_t    *link;
	float	   *share;
	float	   *probability;
	int32_t    *node;
	float	   *node_probability;
	size_t		link_room;		/* of link, share and probability */
	size_t		node_room;
} NsSrlgRecord;

typedef struct NsPatchSlot
{
	int32_t		number;			/* -1: free */
	void	   *record;
} NsPatchSlot;

/*
 * The patched elements of one kind.  Whether a number has a record stands in
 * pages of bits; pages without any bit are one and the same, so that a patch of
 * few elements of very many begins at once.
 */
#define NS_PATCH_PAGE	4096	/* bits of a page */

typedef struct NsPatched
{
	const uint64_t **page;		/* by number / NS_PATCH_PAGE */
	size_t		npages;
	NsPatchSlot *slot;			/* records by hash of the number */
	uint32_t	mask;			/* slots, less 1 */
	int32_t		n;				/* records */
} NsPatched;

static inline bool
ns_page_bit(const uint64_t *const *page, int32_t number)
{
	return ns_bit_get(page[(uint32_t) number / NS_PATCH_PAGE],
					  number % NS_PATCH_PAGE);
}

/* ---- the view ---- */

typedef struct NsGraph
{
	/* numbers in use */
	int32_t		nnodes;
	int32_t		nlinks;
	int32_t		nsrlgs;			/* some may have lost all that they had */

	int32_t		npresent;		/* nodes that were not deleted */
	int32_t		nup;			/* links that are up */
	int32_t		narcs;			/* of these, in each direction's lists */
	int32_t		nmemberships;
	int32_t		nsrlg_nodes;
	bool		directed;		/* is a directed link up? */

	/* over the links up */
	double		cost_sum[NS_STORED_COSTS];
	double		cost_max[NS_STORED_COSTS];
	int32_t		decimals[NS_STORED_COSTS];	/* digits that write every cost
											 * exactly, 0 .. 6; else -1 */
	int32_t		missing[NS_STORED_COSTS];	/* see ns_missing_cost */

	/*
	 * Landmarks of the block, by cost; NULL: none.  Set by whoever has them,
	 * kept by patches.  Eased are the links up that the block has not up, or
	 * more than NS_EASED_PART dearer in some cost, or only one way; more than
	 * there is room for make landmarks useless.  All other links cost at least
	 * eased_part, 1 or less, of what they cost in the block; it grows only when
	 * none of them (nweakening) costs less than there, and is 1 then.
	 */
	const struct NsLandmarks *landmark[NS_COSTS];
	double		eased_part[NS_COSTS];
	int32_t		nweakening;
	int32_t		neased;
	int32_t		eased[NS_MAX_EASED];

	/* private to the accessors and to patch.c: arrays of the block, ... */
	const NsGraphBlock *block;
	const int64_t *block_node_id;
	const int64_t *block_link_id;
	const int64_t *block_srlg_id;
	const int32_t *block_link_end;
	const uint8_t *block_link_flag;
	const double *block_cost;
	const int32_t *out_start;
	const NsArc *out_arc;
	const int32_t *in_start;
	const NsArc *in_arc;
	const int32_t *link_srlg_start;
	const int32_t *link_srlg;
	const int32_t *srlg_link_start;
	const int32_t *srlg_link;
	const float *share;
	const float *probability;
	const int32_t *srlg_node_start;
	const int32_t *srlg_node;
	const float *node_probability;
	const int32_t *node_srlg_start;
	const int32_t *node_srlg;
	const int32_t *block_srlg_twin;

	/* ... and what is in their place */
	struct NsPatch *patch;		/* NULL: nothing */
	NsPatched	node;
	NsPatched	link;
	NsPatched	srlg;
} NsGraph;

/* A view of the block without a patch. */
extern void ns_graph_view(NsGraph *g, const NsGraphBlock *block);

/* ---- accessors ---- */

/* Slices of arrays; good until the view is patched. */
typedef struct NsArcs
{
	const NsArc *arc;
	int32_t		n;
} NsArcs;

typedef struct NsNumbers
{
	const int32_t *number;
	int32_t		n;
} NsNumbers;

/* An array of the block. */
static inline const void *
ns_block_array(const NsGraphBlock *block, uint64_t offset)
{
	return (const char *) block + offset;
}

#define NS_UNLIKELY(x)	__builtin_expect((x) != 0, 0)

static inline bool
ns_is_patched(const NsGraph *g, const NsPatched *kind, int32_t number)
{
	return NS_UNLIKELY(g->patch != NULL) && ns_page_bit(kind->page, number);
}

/* Where the search for a number's record begins. */
static inline uint32_t
ns_patch_place(const NsPatched *kind, int32_t number)
{
	uint32_t	hash = (uint32_t) number * UINT32_C(0x9e3779b1);

	return (hash ^ hash >> 15) & kind->mask;
}

/* The record of a number that is patched. */
static inline void *
ns_patch_slot_record(const NsPatched *kind, int32_t number)
{
	uint32_t	i = ns_patch_place(kind, number);

	while (kind->slot[i].number != number)
		i = (i + 1) & kind->mask;
	return kind->slot[i].record;
}

static inline const NsNodeRecord *
ns_node_record(const NsGraph *g, int32_t node)
{
	return (const NsNodeRecord *) ns_patch_slot_record(&g->node, node);
}

static inline const NsLinkRecord *
ns_link_record(const NsGraph *g, int32_t link)
{
	return (const NsLinkRecord *) ns_patch_slot_record(&g->link, link);
}

static inline const NsSrlgRecord *
ns_srlg_record(const NsGraph *g, int32_t srlg)
{
	return (const NsSrlgRecord *) ns_patch_slot_record(&g->srlg, srlg);
}

static inline NsNumbers
ns_numbers_at(const int32_t *start, const int32_t *number, int32_t at)
{
	return (NsNumbers) {number + start[at], start[at + 1] - start[at]};
}

/* Nodes. */

static inline int64_t
ns_node_id(const NsGraph *g, int32_t node)
{
	if (ns_is_patched(g, &g->node, node))
		return ns_node_record(g, node)->id;
	return g->block_node_id[node];
}

/* NUL-terminated. */
static inline const char *
ns_node_name(const NsGraph *g, int32_t node)
{
	if (ns_is_patched(g, &g->node, node))
		return ns_node_record(g, node)->name;
	return (const char *) g->block +
		((const uint64_t *) ns_block_array(g->block, g->block->off_node_name))[node];
}

/* A node that was deleted keeps its number. */
static inline bool
ns_node_exists(const NsGraph *g, int32_t node)
{
	return !ns_is_patched(g, &g->node, node) || ns_node_record(g, node)->exists;
}

/* Groups that take the node down, ascending. */
static inline NsNumbers
ns_node_srlgs(const NsGraph *g, int32_t node)
{
	if (ns_is_patched(g, &g->node, node))
	{
		const NsNodeRecord *r = ns_node_record(g, node);

		return (NsNumbers) {r->srlg, r->nsrlgs};
	}
	return ns_numbers_at(g->node_srlg_start, g->node_srlg, node);
}

/* Arcs of links up that leave the node, ascending by link. */
static inline NsArcs
ns_out(const NsGraph *g, int32_t node)
{
	int32_t		start;

	if (ns_is_patched(g, &g->node, node))
	{
		const NsNodeRecord *r = ns_node_record(g, node);

		return (NsArcs) {r->out, r->nout};
	}
	start = g->out_start[node];
	return (NsArcs) {g->out_arc + start, g->out_start[node + 1] - start};
}

/* Arcs of links up that enter the node, ascending by link. */
static inline NsArcs
ns_in(const NsGraph *g, int32_t node)
{
	int32_t		start;

	if (ns_is_patched(g, &g->node, node))
	{
		const NsNodeRecord *r = ns_node_record(g, node);

		return (NsArcs) {r->in, r->nin};
	}
	start = g->in_start[node];
	return (NsArcs) {g->in_arc + start, g->in_start[node + 1] - start};
}

/*
 * The same for loops over very many nodes: what the accessors above read from
 * the view each time, kept at hand.
 */
typedef struct NsArcIndex
{
	const int32_t *start;
	const NsArc *arc;
	const uint64_t *const *patched; /* pages; NULL: no patch */
	bool		out;
} NsArcIndex;

static inline NsArcIndex
ns_out_index(const NsGraph *g)
{
	return (NsArcIndex) {g->out_start, g->out_arc, g->node.page, true};
}

static inline NsArcIndex
ns_in_index(const NsGraph *g)
{
	return (NsArcIndex) {g->in_start, g->in_arc, g->node.page, false};
}

/* Are these arcs other than the block's? */
static inline bool
ns_arcs_are_patched(const NsArcIndex *index, int32_t node)
{
	return NS_UNLIKELY(index->patched != NULL) &&
		ns_page_bit(index->patched, node);
}

static inline NsArcs
ns_arcs_at(const NsArcIndex *index, const NsGraph *g, int32_t node)
{
	int32_t		start;

	if (ns_arcs_are_patched(index, node))
		return index->out ? ns_out(g, node) : ns_in(g, node);
	start = index->start[node];
	return (NsArcs) {index->arc + start, index->start[node + 1] - start};
}

/* Links. */

static inline int64_t
ns_link_id(const NsGraph *g, int32_t link)
{
	if (ns_is_patched(g, &g->link, link))
		return ns_link_record(g, link)->id;
	return g->block_link_id[link];
}

/* The two ends, A and Z. */
static inline const int32_t *
ns_link_end(const NsGraph *g, int32_t link)
{
	if (ns_is_patched(g, &g->link, link))
		return ns_link_record(g, link)->end;
	return &g->block_link_end[2 * (size_t) link];
}

static inline bool
ns_link_directed(const NsGraph *g, int32_t link)
{
	if (ns_is_patched(g, &g->link, link))
		return ns_link_record(g, link)->directed;
	return (g->block_link_flag[link] & NS_LINK_DIRECTED) != 0;
}

static inline bool
ns_link_up(const NsGraph *g, int32_t link)
{
	if (ns_is_patched(g, &g->link, link))
		return ns_link_record(g, link)->up;
	return (g->block_link_flag[link] & NS_LINK_UP) != 0;
}

/* A link that was deleted keeps its number, and is not up. */
static inline bool
ns_link_exists(const NsGraph *g, int32_t link)
{
	return !ns_is_patched(g, &g->link, link) || ns_link_record(g, link)->exists;
}

/* A stored cost: not for NS_COST_HOPS.  NaN where it is not given. */
static inline double
ns_link_cost(const NsGraph *g, NsCostKind kind, int32_t link)
{
	if (ns_is_patched(g, &g->link, link))
		return ns_link_record(g, link)->cost[kind];
	return g->block_cost[(size_t) kind * (size_t) g->block->nlinks + (size_t) link];
}

/* Groups of a link, ascending; none when it is not up. */
static inline NsNumbers
ns_link_srlgs(const NsGraph *g, int32_t link)
{
	if (ns_is_patched(g, &g->link, link))
	{
		const NsLinkRecord *r = ns_link_record(g, link);

		return (NsNumbers) {r->srlg, r->nsrlgs};
	}
	return ns_numbers_at(g->link_srlg_start, g->link_srlg, link);
}

/* The same for any kind. */
static inline double
ns_link_cost_of(const NsGraph *g, NsCostKind kind, int32_t link)
{
	return kind == NS_COST_HOPS ? 1 : ns_link_cost(g, kind, link);
}

/* The same for loops over very many links. */
typedef struct NsCostIndex
{
	const double *cost;			/* NULL: hops */
	const uint64_t *const *patched; /* pages; NULL: no patch */
	NsCostKind	kind;
} NsCostIndex;

static inline NsCostIndex
ns_cost_index(const NsGraph *g, NsCostKind kind)
{
	NsCostIndex index = {NULL, g->link.page, kind};

	if (kind != NS_COST_HOPS)
		index.cost = g->block_cost + (size_t) kind * (size_t) g->block->nlinks;
	return index;
}

static inline bool
ns_cost_is_patched(const NsCostIndex *index, int32_t link)
{
	return NS_UNLIKELY(index->patched != NULL) &&
		ns_page_bit(index->patched, link);
}

static inline double
ns_cost_at(const NsCostIndex *index, const NsGraph *g, int32_t link)
{
	if (index->cost == NULL)
		return 1;
	if (ns_cost_is_patched(index, link))
		return ns_link_record(g, link)->cost[index->kind];
	return index->cost[link];
}

/* The least link up without this cost, or -1. */
static inline int32_t
ns_missing_cost(const NsGraph *g, NsCostKind kind)
{
	return kind == NS_COST_HOPS ? -1 : g->missing[kind];
}

/* Groups. */

static inline int64_t
ns_srlg_id(const NsGraph *g, int32_t srlg)
{
	if (ns_is_patched(g, &g->srlg, srlg))
		return ns_srlg_record(g, srlg)->id;
	return g->block_srlg_id[srlg];
}

/* Links of a group, ascending. */
static inline NsNumbers
ns_srlg_links(const NsGraph *g, int32_t srlg)
{
	if (ns_is_patched(g, &g->srlg, srlg))
	{
		const NsSrlgRecord *r = ns_srlg_record(g, srlg);

		return (NsNumbers) {r->link, r->nlinks};
	}
	return ns_numbers_at(g->srlg_link_start, g->srlg_link, srlg);
}

/* Beside ns_srlg_links: what each link loses, and how likely. */
static inline const float *
ns_srlg_share(const NsGraph *g, int32_t srlg)
{
	if (ns_is_patched(g, &g->srlg, srlg))
		return ns_srlg_record(g, srlg)->share;
	return &g->share[g->srlg_link_start[srlg]];
}

static inline const float *
ns_srlg_probability(const NsGraph *g, int32_t srlg)
{
	if (ns_is_patched(g, &g->srlg, srlg))
		return ns_srlg_record(g, srlg)->probability;
	return &g->probability[g->srlg_link_start[srlg]];
}

/* Nodes that a group takes down, ascending; and beside them, how likely. */
static inline NsNumbers
ns_srlg_nodes(const NsGraph *g, int32_t srlg)
{
	if (ns_is_patched(g, &g->srlg, srlg))
	{
		const NsSrlgRecord *r = ns_srlg_record(g, srlg);

		return (NsNumbers) {r->node, r->nnodes};
	}
	return ns_numbers_at(g->srlg_node_start, g->srlg_node, srlg);
}

static inline const float *
ns_srlg_node_probability(const NsGraph *g, int32_t srlg)
{
	if (ns_is_patched(g, &g->srlg, srlg))
		return ns_srlg_record(g, srlg)->node_probability;
	return &g->node_probability[g->srlg_node_start[srlg]];
}

/*
 * A group of equal links that stands for all such: the least one.  Where links
 * of this group or of that one were changed by the patch, the group itself,
 * though another may have the same links.
 */
static inline int32_t
ns_srlg_twin(const NsGraph *g, int32_t srlg)
{
	int32_t		twin;

	if (ns_is_patched(g, &g->srlg, srlg) && ns_srlg_record(g, srlg)->regrouped)
		return srlg;
	twin = g->block_srlg_twin[srlg];
	if (ns_is_patched(g, &g->srlg, twin) && ns_srlg_record(g, twin)->regrouped)
		return srlg;
	return twin;
}

/* ---- making and searching ---- */

/*
 * Build the block in the environment's region; *out is its start and
 * (*out)->bytes its size.  Time O(rows) where rows come in the order of their
 * ids, and memberships by link; else O(rows log rows).
 *
 * NS_BAD_INPUT: an id twice, a link whose end is not among the nodes or whose
 * ends are one node, a cost that is negative or infinite.  NS_TOO_LARGE: more
 * than 2^30 nodes, links or memberships.
 */
extern NsResult ns_graph_build(NsEnv *env, const NsGraphInput *in,
							   NsGraphBlock **out);

/*
 * Number of the element with this id (or name), or -1.  A node or link that was
 * deleted is not found.
 */
extern int32_t ns_graph_find_node(const NsGraph *g, const char *name);
extern int32_t ns_graph_find_node_id(const NsGraph *g, int64_t id);
extern int32_t ns_graph_find_link(const NsGraph *g, int64_t id);
extern int32_t ns_graph_find_srlg(const NsGraph *g, int64_t id);

#endif							/* NS_GRAPH_H */
