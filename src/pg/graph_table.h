/*-------------------------------------------------------------------------
 *
 * graph_table.h
 *	  The tables that a graph is made from, read directly: without SQL, plans
 *	  or executor.
 *
 * Nothing here tests privileges or row-level security: whoever calls has done
 * so.  All reading is under the active snapshot, as a query would read, with
 * the predicate locks that SERIALIZABLE needs.  A table is locked with ACCESS
 * SHARE to the end of the transaction, as by a query, so that a TRUNCATE
 * cannot pass under what was read.
 *
 * OIDs, column numbers and indexes are found by name once and kept until a
 * relcache invalidation of the table: columns may have been added, dropped or
 * stand in another order, and indexes may have any name or be missing.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_TABLE_H
#define NS_GRAPH_TABLE_H

#include "access/genam.h"
#include "access/relscan.h"
#include "executor/tuptable.h"
#include "utils/rel.h"

#include "env.h"

typedef enum GraphTable
{
	GRAPH_NETWORK,
	GRAPH_NODE,
	GRAPH_LINK,
	GRAPH_LINK_SUPPORT,
	GRAPH_SRLG_MEMBER,
	GRAPH_SRLG_NODE,
	GRAPH_SITE,
	GRAPH_SITE_POWER_FEED,
	GRAPH_STRUCTURE,
	GRAPH_SPAN,
	GRAPH_CABLE,
	GRAPH_CABLE_SEGMENT,
	GRAPH_STRAND_ASSIGNMENT,
	GRAPH_SPAN_CROSSING,
	GRAPH_DUCT,
	GRAPH_SPAN_PAIR,
	GRAPH_SPAN_PAIR_OWN,
	GRAPH_RISK_RULE_DEFAULT,
	GRAPH_RISK_RULE,
	GRAPH_CORRIDOR,
	GRAPH_HAZARD_AREA,
	GRAPH_DRAIN,
	GRAPH_DRAIN_ELEMENT,
	GRAPH_ZONE,
	GRAPH_SPLICE,
	GRAPH_CHANGE_LOG,
	GRAPH_CHANGE_HORIZON,
	GRAPH_DISJOINT_GROUP,
	GRAPH_DISJOINT_GROUP_MEMBER,
	GRAPH_WAIVER,
	GRAPH_NTABLES
} GraphTable;

#define GRAPH_NLOCKED 6			/* those that every graph is made from */
#define GRAPH_NPLANT ((int) GRAPH_DRAIN)	/* and those of the plant */
#define GRAPH_NLOGGED ((int) GRAPH_CHANGE_LOG)	/* and those that tell what is
												 * drained */
#define GRAPH_NPRINTED ((int) GRAPH_DISJOINT_GROUP) /* those that every version of
													 * the objects with a plant
													 * has */

/* The columns that are read, by table. */
enum
{
	NETWORK_ID, NETWORK_NAME, NETWORK_LEVEL
};

enum
{
	NODE_ID, NODE_NETWORK_ID, NODE_NAME, NODE_SUPPORTING_NODE_ID, NODE_STATUS,
	NODE_LEVEL, NODE_SITE_ID, NODE_STRUCTURE_ID
};

enum
{
	LINK_ID, LINK_NETWORK_ID, LINK_A_NODE_ID, LINK_Z_NODE_ID, LINK_DIRECTED,
	LINK_METRIC, LINK_LATENCY_US, LINK_LENGTH_KM, LINK_CAPACITY_GBPS,
	LINK_STATUS, LINK_LEVEL
};

enum
{
	SUPPORT_LINK_ID, SUPPORT_MEMBER, SUPPORT_SUPPORTING_LINK_ID, SUPPORT_SEQ
};

enum
{
	MEMBER_SRLG_ID, MEMBER_LINK_ID, MEMBER_SHARE, MEMBER_PROBABILITY
};

enum
{
	SRLG_NODE_SRLG_ID, SRLG_NODE_NODE_ID, SRLG_NODE_PROBABILITY
};

enum
{
	CHANGE_LOG_XID, CHANGE_LOG_SEQ, CHANGE_LOG_NETWORK_ID, CHANGE_LOG_KIND,
	CHANGE_LOG_ID
};

enum
{
	CHANGE_HORIZON_XID
};

enum
{
	STRUCTURE_ID, STRUCTURE_SITE_ID, STRUCTURE_STATUS, STRUCTURE_NAME
};

enum
{
	SPAN_ID, SPAN_A_STRUCTURE_ID, SPAN_Z_STRUCTURE_ID, SPAN_CORRIDOR_ID,
	SPAN_SIDE, SPAN_ENCASEMENT, SPAN_STATUS, SPAN_LENGTH_M, SPAN_DRAWN_M,
	SPAN_GEOM
};

enum
{
	CABLE_ID, CABLE_STRAND_COUNT, CABLE_STATUS
};

enum
{
	SEGMENT_CABLE_ID, SEGMENT_SEQ, SEGMENT_SPAN_ID, SEGMENT_DUCT_ID
};

enum
{
	SPLICE_ID, SPLICE_STRUCTURE_ID, SPLICE_A_CABLE_ID, SPLICE_A_SEQ,
	SPLICE_A_STRANDS, SPLICE_Z_CABLE_ID, SPLICE_Z_SEQ, SPLICE_Z_STRANDS
};

enum
{
	ASSIGNMENT_LINK_ID, ASSIGNMENT_SEQ, ASSIGNMENT_CABLE_ID,
	ASSIGNMENT_STRANDS, ASSIGNMENT_SEGMENTS
};

enum
{
	SITE_ID
};

enum
{
	SITE_POWER_FEED_SITE_ID, SITE_POWER_FEED_POWER_FEED_ID
};

enum
{
	CROSSING_SPAN_ID, CROSSING_STRUCTURE_ID, CROSSING_PASSAGE
};

enum
{
	DUCT_ID, DUCT_SPAN_ID, DUCT_PARENT_ID
};

enum
{
	PAIR_A_SPAN_ID, PAIR_B_SPAN_ID, PAIR_CROSSES, PAIR_RUN_M
};

enum
{
	PAIR_OWN_XID, PAIR_OWN_A_SPAN_ID, PAIR_OWN_B_SPAN_ID, PAIR_OWN_CROSSES,
	PAIR_OWN_RUN_M
};

enum
{
	RULE_KIND, RULE_ENABLED, RULE_DISTANCE_M, RULE_MIN_LENGTH_M,
	RULE_PROBABILITY
};

enum
{
	CORRIDOR_ID
};

enum
{
	HAZARD_AREA_ID
};

enum
{
	DISJOINT_GROUP_ID, DISJOINT_GROUP_DISJOINT, DISJOINT_GROUP_MODE,
	DISJOINT_GROUP_MIN_MEMBERS, DISJOINT_GROUP_MIN_PROBABILITY,
	DISJOINT_GROUP_MIN_SHARE, DISJOINT_GROUP_MAX_SHARED
};

enum
{
	DRAIN_ID, DRAIN_STATE
};

enum
{
	GROUP_MEMBER_GROUP_ID, GROUP_MEMBER_LINK_ID
};

enum
{
	DRAIN_ELEMENT_DRAIN_ID, DRAIN_ELEMENT_KIND, DRAIN_ELEMENT_ELEMENT_ID
};

enum
{
	WAIVER_GROUP_ID, WAIVER_ELEMENT_KIND, WAIVER_ELEMENT_ID, WAIVER_EXPIRES_AT
};

enum
{
	ZONE_ID
};

#define GRAPH_MAX_COLUMNS 11

/* ---- opening ---- */

/*
 * Open it with ACCESS SHARE, which stays when it is closed again.  42P01 where
 * the extension lacks it (an older version of its objects).
 */
extern Relation graph_table_open(GraphTable table);
extern void graph_table_close(Relation relation);

/*
 * Lock the tables that every graph is made from, or those of the plant, or those
 * of drains, with ACCESS SHARE to the end of the transaction, as opening them
 * would; nothing is read of them but their names.  42P01 as above.
 */
extern void graph_table_lock(void);
extern void graph_table_lock_plant(void);
extern void graph_table_lock_drains(void);

/* Does it exist? */
extern bool graph_table_exists(GraphTable table);

/*
 * Are the tables of the plant there?  Not in a database whose objects are of a
 * version before 0.3.0: nothing rides in it then.
 */
extern bool graph_table_has_plant(void);

/*
 * Is it what the extension made, a table without others that inherit from it?
 * Otherwise what is here would read less than a query does.
 */
extern bool graph_table_plain(GraphTable table);

/* The number of a column, or the index for it (see graph_look_up_begin()). */
extern AttrNumber graph_table_column(GraphTable table, int column);
extern Oid	graph_table_index(GraphTable table, int column);

/* ---- rows ---- */

/*
 * A row while a callback looks at it.  Columns are deformed as they are asked
 * for, so a callback asks first for the one that it filters by.
 */
typedef struct GraphRow
{
	TupleTableSlot *slot;
	const AttrNumber *column;	/* numbers of the columns above */
} GraphRow;

typedef void (*GraphRowFn) (const GraphRow *row, void *state);

static inline Datum
graph_row_get(const GraphRow *row, int column, bool *null)
{
	return slot_getattr(row->slot, row->column[column], null);
}

/* A bigint; 0 for NULL. */
static inline int64
graph_row_int64(const GraphRow *row, int column)
{
	bool		null;
	Datum		value = graph_row_get(row, column, &null);

	return null ? 0 : DatumGetInt64(value);
}

static inline int32
graph_row_int32(const GraphRow *row, int column)
{
	bool		null;
	Datum		value = graph_row_get(row, column, &null);

	return null ? 0 : DatumGetInt32(value);
}

static inline int16
graph_row_int16(const GraphRow *row, int column)
{
	bool		null;
	Datum		value = graph_row_get(row, column, &null);

	return null ? 0 : DatumGetInt16(value);
}

static inline bool
graph_row_bool(const GraphRow *row, int column)
{
	bool		null;
	Datum		value = graph_row_get(row, column, &null);

	return !null && DatumGetBool(value);
}

/* A double precision; NaN for NULL. */
extern double graph_row_float8(const GraphRow *row, int column);

/* Is the text in this column this word of n bytes? */
extern bool graph_row_is(const GraphRow *row, int column, const char *word,
						 size_t n);

/* The text in this column, NUL-terminated, in the region. */
extern char *graph_row_name(const GraphRow *row, int column, NsEnv *env);

/* ---- reading ---- */

/* Call it for each row, in the order in which they lie. */
extern void graph_table_scan(GraphTable table, GraphRowFn fn, void *state);

/* An open look-up by one column; all fields private. */
typedef struct GraphLookUp
{
	GraphTable	table;
	int			column;
	Relation	relation;
	Relation	index;			/* NULL: there is none, rows are filtered */
	IndexScanDesc scan;
	TupleTableSlot *slot;
	ScanKeyData key;
} GraphLookUp;

/*
 * Look rows up by the value of a bigint or text column, through a btree index
 * that begins with it: valid, ready, and whole or for what is not NULL.  Where
 * there is none, each look-up reads the table.
 */
extern void graph_look_up_begin(GraphLookUp *look_up, GraphTable table,
								int column);
extern void graph_look_up(GraphLookUp *look_up, Datum key, GraphRowFn fn,
						  void *state);
extern void graph_look_up_end(GraphLookUp *look_up);

/* Through the index of a look-up that has one, by keys of the caller's. */
extern void graph_look_up_rescan(GraphLookUp *look_up, ScanKey key, int nkeys,
								 GraphRowFn fn, void *state);

/* All three for one bigint. */
extern void graph_table_look_up(GraphTable table, int column, int64 key,
								GraphRowFn fn, void *state);

/* Has it no page at all? */
extern bool graph_table_empty(GraphTable table);

/* About how many rows the table has. */
extern double graph_table_rows(GraphTable table);

/* Is one scan cheaper than so many look-ups by this column? */
extern bool graph_table_scan_is_cheaper(GraphTable table, int column,
										size_t look_ups);

/*
 * Is it cheaper to scan the table for the rows with this value than to look
 * them up?  Counts them in the index, no further than where it is clear.
 */
extern bool graph_table_scan_for(GraphTable table, int column, int64 key);

/* ---- has anything been done to the tables? ---- */

/*
 * A number that is another one after any DDL on a logged table that could let
 * rows change without a row in change_log: TRUNCATE, a rewrite, DROP and
 * CREATE EXTENSION, a trigger of the log disabled (and enabled again), dropped
 * or replaced, a column with another name.  It stays the same under VACUUM and
 * ANALYZE.
 *
 * *loggable: all triggers of the log are there and fire always, no table has
 * others that inherit from it, and the active snapshot shows it so: what is
 * read under it can be brought up to date by the log.
 *
 * It reads the catalogs only after an invalidation.  What is held off by ACCESS
 * SHARE cannot be missed; what is not, ALTER TABLE ... DISABLE TRIGGER, counts
 * for *loggable from the snapshot that shows it, though its invalidation may
 * come a moment later.
 */
extern uint64 graph_table_fingerprint(bool *loggable);

/*
 * Private to the two files behind this header: names in the catalogs (NULL: no
 * such column); have invalidations told, and tell of one (of all tables:
 * InvalidOid).
 */
extern const char *graph_table_name(GraphTable table);
extern const char *graph_table_column_name(GraphTable table, int column);
extern void graph_table_watch(void);
extern void graph_fingerprint_invalidate(Oid relid);

#endif							/* NS_GRAPH_TABLE_H */
