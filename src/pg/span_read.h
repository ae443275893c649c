/*-------------------------------------------------------------------------
 *
 * span_read.h
 *	  Reads spans and where they end, to be compared with one another.
 *
 * Tables and indexes are read directly, past the executor: no right is asked
 * for, row-level security does not apply, and no plan that was made for a small
 * table is used on a large one.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_SPAN_READ_H
#define NS_SPAN_READ_H

#include "fmgr.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

#include "compat.h"
#include "id_map.h"
#include "id_set.h"
#include "line_join.h"

/* A table whose rows have an id and a geometry. */
typedef struct PlaceTable
{
	Relation	rel;
	Relation	id_index;
	AttrNumber	id;
	AttrNumber	geom;
	TupleTableSlot *slot;
} PlaceTable;

typedef struct SpanReader
{
	NsEnv	   *env;
	Snapshot	snapshot;

	/* What was read, each span once, in no particular order. */
	NsSpanLine *span;
	size_t		n;

	/* Private. */
	size_t		room;
	NsIdMap		number;			/* of a span's id */
	PlaceTable	spans;
	PlaceTable	structures;
	Relation	geom_index;
	AttrNumber	end[2];			/* columns with the structures */
	NsIdMap		place_number;	/* of a structure's id */
	NsPoint    *place;
	size_t		place_room;
	FmgrInfo	as_binary;
	MemoryContext row_context;	/* reset for each row */
} SpanReader;

/*
 * Read under a snapshot, which stays the caller's, into the region of env.
 * Close it before the snapshot goes; what was read stays.
 */
extern void span_reader_open(SpanReader *reader, NsEnv *env, Snapshot snapshot);
extern void span_reader_close(SpanReader *reader);

/* Read those of these spans that are there, and mark them as changed. */
extern void span_reader_add_changed(SpanReader *reader, const int64 *id,
									size_t n);

/* Read all that may be near one that is marked as changed. */
extern void span_reader_add_near(SpanReader *reader);

/* Read all there are; those in the set, or where it is NULL all, are changed. */
extern void span_reader_add_all(SpanReader *reader, const IdSet *changed);

/* Call for the id of each span that ends at the structure; twice if it may. */
extern void span_reader_ends_at(SpanReader *reader, int64 structure_id,
								void (*found) (void *state, int64 span_id),
								void *state);

/* 22023: a geometry is no line or point ("what") for us. */
pg_noreturn extern void span_refuse(const char *what);
extern void span_line_of(NsEnv *env, FmgrInfo *as_binary, Datum geom,
						 NsLine *line);
extern NsPoint span_point_of(FmgrInfo *as_binary, Datum geom);

/* A function of PostGIS, by the schema of its geometry type. */
extern Oid	span_postgis_function(Oid geometry, const char *name, int nargs,
								  const Oid *argtype);

/* Is the geometry in longitude and latitude?  WKB does not say. */
extern bool span_in_degrees(Oid geometry, Datum geom);

/* That which gives WKB. */
extern void span_as_binary(Oid geometry, FmgrInfo *as_binary);

/* The first valid index with this access method on this column, or NULL. */
extern Relation open_index_on(Relation rel, Oid method, AttrNumber column);

#endif							/* NS_SPAN_READ_H */
