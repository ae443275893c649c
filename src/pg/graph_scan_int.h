/*-------------------------------------------------------------------------
 *
 * graph_scan_int.h
 *	  Private to graph_scan*.c: rows read so far, and what follows from them.
 *
 * Elements have positions.  First come the own ones, those asked about: nodes
 * and links of the network (all of them, or those that a change touches).
 * Then, in the order in which they were met, the others: links beneath own
 * links, nodes at the ends of links and beneath nodes.
 *
 * A link is simple when nothing is beneath it, the plant included, and no group
 * takes down any of its nodes: its memberships are the stated ones.  What the
 * other own links, the hard ones, belong to is left to ns_risk_derive().
 *
 * All arrays lie in the region of env; each that grows has its count and room.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_SCAN_INT_H
#define NS_GRAPH_SCAN_INT_H

#include "drain_hit.h"
#include "graph_scan.h"
#include "graph_table.h"
#include "id_map.h"
#include "plant_read.h"
#include "risk.h"

typedef struct ScanNode
{
	int64		id;
	int64		supporting_node_id; /* 0: none */
	int64		site_id;		/* 0: none, likewise */
	int64		structure_id;
	int32		below;			/* its position, or -1 */
	bool		present;		/* its row was read */
	bool		in_service;
	bool		up;				/* it and all beneath it in service */
	bool		grouped;		/* a group takes it down, or one beneath it */
	bool		needed;			/* for the derivation */
} ScanNode;

typedef struct ScanLink			/* of an own link, what its NsLinkInput lacks */
{
	double		capacity_gbps;
	double		drained;		/* the part that drains take */
	int32		end[2];			/* positions of its nodes; -1: not looked up */
	bool		in_service;
	bool		hard;
	bool		up;
} ScanLink;

typedef struct BelowLink		/* a link beneath */
{
	NsRiskLink	risk;
	bool		present;
} BelowLink;

/* Stated memberships of simple links, in pieces that grow up to a size. */
#define FIRST_MEMBER_PIECE	32
#define LAST_MEMBER_PIECE	8192

typedef struct SimpleMember
{
	int64		srlg_id;
	int32		link;
	float		share;
	float		probability;
} SimpleMember;

typedef struct MemberPiece
{
	struct MemberPiece *next;
	size_t		n;
	size_t		room;
	SimpleMember member[FLEXIBLE_ARRAY_MEMBER];
} MemberPiece;

/* The look-ups, each opened when first needed. */
typedef enum ScanLookUp
{
	NETWORK_BY_ID,
	NODE_BY_ID,
	NODE_BY_SUPPORTING_NODE,
	LINK_BY_ID,
	LINK_BY_A_NODE,
	LINK_BY_Z_NODE,
	SUPPORT_BY_LINK,
	SUPPORT_BY_SUPPORTING_LINK,
	MEMBER_BY_LINK,
	SRLG_NODE_BY_NODE,
	SCAN_NLOOK_UPS
} ScanLookUp;

typedef struct Scan
{
	NsEnv	   *env;
	int64		network_id;
	const DrainHit *drained;	/* what drains take; NULL: what they take now */
	GraphLookUp look_up[SCAN_NLOOK_UPS];
	bool		open[SCAN_NLOOK_UPS];

	NsNodeInput *own_node;
	size_t		nown_nodes;
	size_t		own_node_room;
	NsIdMap		own_node_map;
	NsLinkInput *own_link;
	ScanLink   *own;			/* parallel to own_link */
	size_t		nown_links;
	size_t		own_link_room;
	size_t		own_room;
	NsIdMap		own_link_map;

	ScanNode   *node;			/* own ones, then others */
	size_t		nnodes;
	size_t		node_room;
	NsIdMap		other_node_map; /* number: position - nown_nodes */
	BelowLink  *below;
	size_t		nbelow;
	size_t		below_room;
	NsIdMap		below_map;		/* number: position - nown_links */

	/* the rows being read: of elements from this position on */
	size_t		from;
	const NsIdMap *wanted;		/* number: position - from */
	int64		at;				/* or of the one at this position; else -1 */

	NsRiskSupport *support;
	size_t		nsupports;
	size_t		support_room;
	NsRiskMember *member;		/* of hard links and those beneath */
	size_t		nmembers;
	size_t		member_room;
	NsRiskSrlgNode *srlg_node;
	size_t		nsrlg_nodes;
	size_t		srlg_node_room;
	size_t		nhard;

	MemberPiece *piece;			/* of simple links, first and last */
	MemberPiece *last_piece;

	PlantRead	plant;			/* beneath links and nodes, by position */

	int64	   *network;		/* networks of what lies beneath */
	size_t		nnetworks;
	size_t		network_room;

	/* results */
	size_t	   *member_start;	/* nown_links + 1 */
	NsMembershipInput *membership;
	size_t	   *srlg_node_start;	/* nown_nodes + 1 */
	NsSrlgNodeInput *own_srlg_node;
	NsGroupLists lists;			/* of own links; row NULL: none */
} Scan;

/* Pointer to a new element at the end of one of the arrays. */
#define SCAN_NEW(scan, array, count, room) \
	((scan)->array = env_pg_grow((scan)->env, (scan)->array, &(scan)->room, \
								 (scan)->count + 1, \
								 sizeof(*(scan)->array)), \
	 &(scan)->array[(scan)->count++])

static inline bool
scan_in_service(const GraphRow *row, int column)
{
	return graph_row_is(row, column, "in_service", 10);
}

/* Position of a link, or -1. */
static inline int64
scan_link_position(const Scan *scan, int64 id)
{
	int32		number = ns_id_map_find(&scan->own_link_map, id);

	if (number >= 0)
		return number;
	number = ns_id_map_find(&scan->below_map, id);
	return number < 0 ? -1 : (int64) scan->nown_links + number;
}

static inline int64
scan_node_position(const Scan *scan, int64 id)
{
	int32		number = ns_id_map_find(&scan->own_node_map, id);

	if (number >= 0)
		return number;
	number = ns_id_map_find(&scan->other_node_map, id);
	return number < 0 ? -1 : (int64) scan->nown_nodes + number;
}

/* graph_scan.c: reading */

extern void scan_begin(Scan *scan, NsEnv *env, int64 network_id);
extern void scan_end(Scan *scan);

/* Append an own node or link: the row that the callback looks at. */
extern void scan_own_node(Scan *scan, const GraphRow *row);
extern void scan_own_link(Scan *scan, const GraphRow *row);

/* Own rows are complete: put them in the order of ids, and map them. */
extern void scan_own_complete(Scan *scan);

/* Number ids by place; an error where one is there twice. */
extern void scan_map_ids(Scan *scan, NsIdMap *map, const int64 *first,
						 size_t n, size_t stride);

extern void scan_look_up(Scan *scan, ScanLookUp which, int64 key,
						 GraphRowFn fn, void *state);

/*
 * Read the rows whose column names one of n ids, of elements from this
 * position on; the first id is at *id and they lie stride bytes apart.  map
 * tells their numbers, and may be NULL, as whoever has none has one made where
 * it is needed.  The callback may be called for other rows, too.
 */
typedef struct ScanIds
{
	const int64 *id;
	size_t		n;
	size_t		stride;
	size_t		from;
	const NsIdMap *map;
} ScanIds;

extern void scan_read(Scan *scan, ScanLookUp which, const ScanIds *ids,
					  GraphRowFn fn);

/* In a callback of scan_read(): which element does the row name?  Or -1. */
static inline int64
scan_position(const Scan *scan, const GraphRow *row, int column)
{
	int32		number;

	if (scan->at >= 0)
		return scan->at;
	number = ns_id_map_find(scan->wanted, graph_row_int64(row, column));
	return number < 0 ? -1 : (int64) scan->from + number;
}

/* Is the whole table cheaper to scan than to look so many ids up? */
extern bool scan_wants_all(ScanLookUp which, size_t n);

/* graph_scan_derive.c: the rest, from own rows to the results */
extern void scan_derive(Scan *scan);

#endif							/* NS_GRAPH_SCAN_INT_H */
