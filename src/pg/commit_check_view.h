/*-------------------------------------------------------------------------
 *
 * commit_check_view.h
 *	  What the checks at COMMIT read: single things by id, and the ordered
 *	  lists of a cable or a link.
 *
 * All reading is under the snapshot that is active when a view begins, past
 * privileges and row-level security.  What was read is kept until the view
 * ends, in a memory context of its own; nothing changes meanwhile, as the
 * snapshot does not.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_COMMIT_CHECK_VIEW_H
#define NS_COMMIT_CHECK_VIEW_H

#include "env_pg.h"
#include "graph_place.h"
#include "id_map.h"

/* ---- single things ---- */

typedef enum CheckKind
{
	CHECK_STRUCTURE,
	CHECK_SPAN,
	CHECK_CABLE,
	CHECK_NODE,
	CHECK_LINK,
	CHECK_NKINDS
} CheckKind;

/* What a thing refers to, by kind; 0 stands for NULL. */
enum
{
	STRUCTURE_SITE
};

enum
{
	SPAN_A, SPAN_Z
};

enum
{
	CABLE_STRANDS
};

enum
{
	NODE_NETWORK, NODE_SITE, NODE_STRUCTURE, NODE_SUPPORTING
};

enum
{
	LINK_NETWORK, LINK_A, LINK_Z, LINK_IS_DIRECTED
};

#define CHECK_REFS 4

typedef struct CheckThing
{
	bool		found;
	int64		ref[CHECK_REFS];
} CheckThing;

/* ---- lists ---- */

typedef enum CheckListKind
{
	CHECK_SEGMENTS,				/* of a cable */
	CHECK_ASSIGNMENTS,			/* of a link */
	CHECK_SUPPORTS,				/* of a link */
	CHECK_NLISTS
} CheckListKind;

/* One row; lists are ordered by key, member and seq. */
typedef struct CheckItem
{
	int64		key;			/* cable or link that it is of */
	int32		member;			/* of supports, else 0 */
	int32		seq;
	int64		ref;			/* span, cable, supporting link */
	int32		strand_from;	/* of assignments: from <= strand < to */
	int32		strand_to;
	int32		segment_from;
	int32		segment_to;
} CheckItem;

/* ---- the view ---- */

typedef struct CheckCache
{
	NsIdMap		map;
	CheckThing *thing;
	size_t		n;
	size_t		room;
	bool		whole;			/* what is not here does not exist */
	bool		open;
	GraphLookUp look_up;
} CheckCache;

typedef struct CheckList
{
	CheckItem  *item;			/* whole: of all keys; else of one */
	size_t		n;
	size_t		room;
	bool		whole;
	NsIdMap		map;			/* whole: numbers of the keys */
	size_t	   *first;			/* ... and the first item of each */
	size_t		nkeys;
	bool		open;
	GraphLookUp look_up;
} CheckList;

/* All fields private but memory. */
typedef struct CheckView
{
	EnvPg		memory;
	CheckCache	cache[CHECK_NKINDS];
	CheckList	list[CHECK_NLISTS];

	/* single segments of cables that were not read whole */
	NsIdMap		segment_map;
	int64	   *segment_span;
	size_t		segment_room;
	bool		place_open;
	GraphPlace	place;
} CheckView;

/* Lock what a view reads with ACCESS SHARE to the end of the transaction. */
extern void check_view_lock(void);

extern void check_view_begin(CheckView *view);
extern void check_view_end(CheckView *view);

/* Read all of a table at once: so much will be asked for that it is cheaper. */
extern void check_view_read_things(CheckView *view, CheckKind kind);
extern void check_view_read_list(CheckView *view, CheckListKind kind);

/* A thing; its place moves when others are read. */
extern const CheckThing *check_view_thing(CheckView *view, CheckKind kind,
										  int64 id);

/* One reference of it, 0 also where the thing does not exist. */
static inline int64
check_view_ref(CheckView *view, CheckKind kind, int64 id, int ref)
{
	return check_view_thing(view, kind, id)->ref[ref];
}

/* The list of a cable or link, good until the next one of its kind is read. */
extern const CheckItem *check_view_list(CheckView *view, CheckListKind kind,
										int64 key, size_t *n);

/* All of a kind that was read whole, in order. */
extern const CheckItem *check_view_whole_list(CheckView *view,
											  CheckListKind kind, size_t *n);

/* The span of one segment; 0 where the cable has no such segment. */
extern int64 check_view_segment(CheckView *view, int64 cable, int32 seq);

#endif							/* NS_COMMIT_CHECK_VIEW_H */
