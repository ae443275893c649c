/*-------------------------------------------------------------------------
 *
 * span_read.c
 *	  Reads spans and where they end, to be compared with one another.
 *
 * A few spans are read by their ids, and what is near them by the index on
 * geom; where many changed, both tables are read from end to end.  Of PostGIS
 * only its WKB and its index are used, nothing that reaches GEOS.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/genam.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "compat.h"
#include "env_pg.h"
#include "error.h"
#include "query.h"
#include "span_read.h"

#define SRID 4326

/* ---- PostGIS ---- */

Oid
span_postgis_function(Oid geometry, const char *name, int nargs, const Oid *argtype)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(geometry));
	Oid			schema;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", geometry);
	schema = ((Form_pg_type) GETSTRUCT(tuple))->typnamespace;
	ReleaseSysCache(tuple);
	return LookupFuncName(list_make2(makeString(get_namespace_name(schema)),
									 makeString(pstrdup(name))),
						  nargs, argtype, false);
}

void
span_as_binary(Oid geometry, FmgrInfo *as_binary)
{
	fmgr_info(span_postgis_function(geometry, "st_asbinary", 1, &geometry),
			  as_binary);
}

bool
span_in_degrees(Oid geometry, Datum geom)
{
	Oid			srid = span_postgis_function(geometry, "st_srid", 1, &geometry);

	return DatumGetInt32(OidFunctionCall1(srid, geom)) == SRID;
}

pg_noreturn void
span_refuse(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("geometry is no %s in longitude and latitude", what),
			 errhint("netstate.valid_%s() says what is one.", what)));
}

void
span_line_of(NsEnv *env, FmgrInfo *as_binary, Datum geom, NsLine *line)
{
	bytea	   *wkb = DatumGetByteaPP(FunctionCall1(as_binary, geom));
	NsResult	rc = ns_line_from_wkb(env, (const uint8_t *) VARDATA_ANY(wkb),
									  VARSIZE_ANY_EXHDR(wkb), line);

	if (rc == NS_BAD_INPUT)
		span_refuse("line");
	error_check(rc, "line");
}

NsPoint
span_point_of(FmgrInfo *as_binary, Datum geom)
{
	bytea	   *wkb = DatumGetByteaPP(FunctionCall1(as_binary, geom));
	NsPoint		point;

	if (ns_point_from_wkb((const uint8_t *) VARDATA_ANY(wkb),
						  VARSIZE_ANY_EXHDR(wkb), &point) != NS_OK)
		span_refuse("point");
	return point;
}

/* ---- tables ---- */

Relation
open_index_on(Relation rel, Oid method, AttrNumber column)
{
	List	   *list = RelationGetIndexList(rel);
	Relation	found = NULL;
	ListCell   *cell;

	foreach(cell, list)
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);

		if (index->rd_rel->relam == method &&
			index->rd_index->indkey.values[0] == column &&
			index->rd_index->indisvalid && !index->rd_index->indcheckxmin &&
			RelationGetIndexPredicate(index) == NIL)
		{
			found = index;
			break;
		}
		index_close(index, AccessShareLock);
	}
	list_free(list);
	return found;
}

static AttrNumber
column_number(Relation rel, const char *name)
{
	AttrNumber	number = get_attnum(RelationGetRelid(rel), name);

	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table netstate.%s has no column \"%s\"",
						RelationGetRelationName(rel), name),
				 errhint("Run ALTER EXTENSION netstate UPDATE, or install the extension again.")));
	return number;
}

static void
open_table(PlaceTable *table, const char *name)
{
	table->rel = table_open(query_table(name), AccessShareLock);
	table->id = column_number(table->rel, "id");
	table->geom = column_number(table->rel, "geom");
	table->id_index = open_index_on(table->rel, BTREE_AM_OID, table->id);
	if (table->id_index == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("table netstate.%s has no usable index on id", name),
				 errhint("REINDEX the table.")));
	table->slot = table_slot_create(table->rel, NULL);
}

static void
close_table(PlaceTable *table)
{
	ExecDropSingleTupleTableSlot(table->slot);
	index_close(table->id_index, NoLock);
	table_close(table->rel, NoLock);
}

void
span_reader_open(SpanReader *reader, NsEnv *env, Snapshot snapshot)
{
	Form_pg_attribute geom;

	memset(reader, 0, sizeof(*reader));
	reader->env = env;
	reader->snapshot = snapshot;
	open_table(&reader->spans, "span");
	open_table(&reader->structures, "structure");
	reader->geom_index = open_index_on(reader->spans.rel, GIST_AM_OID,
									   reader->spans.geom);
	reader->end[0] = column_number(reader->spans.rel, "a_structure_id");
	reader->end[1] = column_number(reader->spans.rel, "z_structure_id");
	geom = TupleDescAttr(RelationGetDescr(reader->spans.rel),
						 reader->spans.geom - 1);
	span_as_binary(geom->atttypid, &reader->as_binary);
	reader->row_context = AllocSetContextCreate(CurrentMemoryContext,
												"netstate span",
												ALLOCSET_DEFAULT_SIZES);
}

void
span_reader_close(SpanReader *reader)
{
	MemoryContextDelete(reader->row_context);
	if (reader->geom_index != NULL)
		index_close(reader->geom_index, NoLock);
	close_table(&reader->structures);
	close_table(&reader->spans);
}

static int64
slot_int64(TupleTableSlot *slot, AttrNumber column)
{
	bool		null;
	Datum		value = slot_getattr(slot, column, &null);

	return null ? 0 : DatumGetInt64(value);
}

/* ---- structures ---- */

static void
keep_place(SpanReader *reader, int64 id, NsPoint point)
{
	int32		number;

	error_check(ns_id_map_place(reader->env, &reader->place_number, id, &number),
				"structures");
	reader->place = env_pg_grow(reader->env, reader->place, &reader->place_room,
								(size_t) number + 1, sizeof(NsPoint));
	reader->place[number] = point;
}

static void
read_place(SpanReader *reader, TupleTableSlot *slot)
{
	MemoryContext old = MemoryContextSwitchTo(reader->row_context);
	bool		null;
	Datum		geom = slot_getattr(slot, reader->structures.geom, &null);

	if (!null)
		keep_place(reader, slot_int64(slot, reader->structures.id),
				   span_point_of(&reader->as_binary, geom));
	MemoryContextSwitchTo(old);
	MemoryContextReset(reader->row_context);
}

/* Where a structure is; false if there is none, which no foreign key allows. */
static bool
place_of(SpanReader *reader, int64 id, NsPoint *point)
{
	PlaceTable *table = &reader->structures;
	int32		number = ns_id_map_find(&reader->place_number, id);

	if (number < 0)
	{
		IndexScanDesc scan = compat_index_beginscan(table->rel, table->id_index,
													reader->snapshot, 1);
		ScanKeyData key;

		ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(id));
		index_rescan(scan, &key, 1, NULL, 0);
		if (index_getnext_slot(scan, ForwardScanDirection, table->slot))
			read_place(reader, table->slot);
		index_endscan(scan);
		number = ns_id_map_find(&reader->place_number, id);
	}
	if (number >= 0)
		*point = reader->place[number];
	return number >= 0;
}

static void
read_all_places(SpanReader *reader)
{
	PlaceTable *table = &reader->structures;
	TableScanDesc scan = table_beginscan(table->rel, reader->snapshot, 0, NULL);

	while (table_scan_getnextslot(scan, ForwardScanDirection, table->slot))
	{
		CHECK_FOR_INTERRUPTS();
		read_place(reader, table->slot);
	}
	table_endscan(scan);
}

/* ---- spans ---- */

/* Keep the span in the slot, unless it is there already. */
static void
read_span(SpanReader *reader, bool changed)
{
	TupleTableSlot *slot = reader->spans.slot;
	int64		id = slot_int64(slot, reader->spans.id);
	NsSpanLine *span;
	MemoryContext old;
	bool		null;
	Datum		geom;
	int32		number = ns_id_map_find(&reader->number, id);
	int			i;

	if (number >= 0)
	{
		reader->span[number].changed |= changed;
		return;
	}
	geom = slot_getattr(slot, reader->spans.geom, &null);
	if (null)
		return;
	error_check(ns_id_map_place(reader->env, &reader->number, id, &number),
				"spans");
	reader->span = env_pg_grow(reader->env, reader->span, &reader->room,
							   (size_t) number + 1, sizeof(NsSpanLine));
	reader->n = (size_t) number + 1;
	span = &reader->span[number];
	span->id = id;
	span->changed = changed;

	old = MemoryContextSwitchTo(reader->row_context);
	span_line_of(reader->env, &reader->as_binary, geom, &span->line);
	MemoryContextSwitchTo(old);
	MemoryContextReset(reader->row_context);

	for (i = 0; i < 2; i++)
	{
		span->end[i] = slot_int64(slot, reader->end[i]);
		if (!place_of(reader, span->end[i], &span->place[i]))
			span->end[i] = -id - i; /* nobody else's */
	}
}

void
span_reader_add_changed(SpanReader *reader, const int64 *id, size_t n)
{
	PlaceTable *table = &reader->spans;
	IndexScanDesc scan = compat_index_beginscan(table->rel, table->id_index,
												reader->snapshot, 1);
	ScanKeyData key;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_INT8EQ,
					Int64GetDatum(id[i]));
		index_rescan(scan, &key, 1, NULL, 0);
		if (index_getnext_slot(scan, ForwardScanDirection, table->slot))
			read_span(reader, true);
	}
	index_endscan(scan);
}

void
span_reader_add_all(SpanReader *reader, const IdSet *changed)
{
	PlaceTable *table = &reader->spans;
	TableScanDesc scan;

	read_all_places(reader);
	scan = table_beginscan(table->rel, reader->snapshot, 0, NULL);
	while (table_scan_getnextslot(scan, ForwardScanDirection, table->slot))
	{
		CHECK_FOR_INTERRUPTS();
		read_span(reader, changed == NULL ||
				  id_set_has(changed, slot_int64(table->slot, table->id)));
	}
	table_endscan(scan);
}

/* Read the spans that meet a box, in degrees as they are stored. */
static void
read_box(SpanReader *reader, IndexScanDesc scan, FmgrInfo *envelope,
		 RegProcedure overlaps, const NsBox *box)
{
	ScanKeyData key;
	Datum		query;

	query = FunctionCall5(envelope, Float8GetDatum(box->west),
						  Float8GetDatum(box->south), Float8GetDatum(box->east),
						  Float8GetDatum(box->north), Int32GetDatum(SRID));
	ScanKeyEntryInitialize(&key, 0, 1, RTOverlapStrategyNumber, InvalidOid,
						   InvalidOid, overlaps, query);
	index_rescan(scan, &key, 1, NULL, 0);
	while (index_getnext_slot(scan, ForwardScanDirection, reader->spans.slot))
	{
		CHECK_FOR_INTERRUPTS();
		read_span(reader, false);
	}
	pfree(DatumGetPointer(query));
}

void
span_reader_add_near(SpanReader *reader)
{
	static const Oid argtype[] = {FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, INT4OID};
	Relation	rel = reader->spans.rel;
	Oid			geometry = TupleDescAttr(RelationGetDescr(rel),
										 reader->spans.geom - 1)->atttypid;
	size_t		n = reader->n;
	IndexScanDesc scan;
	FmgrInfo	envelope;
	RegProcedure overlaps;
	size_t		i;

	if (reader->geom_index == NULL)
	{
		IdSet		none;

		id_set_make(&none, reader->env);
		span_reader_add_all(reader, &none);
		return;
	}
	fmgr_info(span_postgis_function(geometry, "st_makeenvelope", 5, argtype),
			  &envelope);
	overlaps = get_opcode(get_opfamily_member(reader->geom_index->rd_opfamily[0],
											  geometry, geometry,
											  RTOverlapStrategyNumber));
	scan = compat_index_beginscan(rel, reader->geom_index, reader->snapshot, 1);
	for (i = 0; i < n; i++)
	{
		NsBox		box;
		double		turn;

		if (!reader->span[i].changed)
			continue;
		box = ns_box_grown(&reader->span[i].line.box, NS_REACH_M);
		for (turn = ceil((-180 - box.east) / 360);
			 turn <= floor((180 - box.west) / 360); turn++)
		{
			NsBox		turned = {box.west + 360 * turn, box.south,
				box.east + 360 * turn, box.north};

			read_box(reader, scan, &envelope, overlaps, &turned);
		}
	}
	index_endscan(scan);
}

void
span_reader_ends_at(SpanReader *reader, int64 structure_id,
					void (*found) (void *state, int64 span_id), void *state)
{
	PlaceTable *table = &reader->spans;
	int			i;

	for (i = 0; i < 2; i++)
	{
		Relation	index = open_index_on(table->rel, BTREE_AM_OID,
										  reader->end[i]);
		IndexScanDesc scan;
		ScanKeyData key;

		if (index == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("table netstate.span has no usable index on its structures"),
					 errhint("REINDEX the table.")));
		scan = compat_index_beginscan(table->rel, index, reader->snapshot, 1);
		ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_INT8EQ,
					Int64GetDatum(structure_id));
		index_rescan(scan, &key, 1, NULL, 0);
		while (index_getnext_slot(scan, ForwardScanDirection, table->slot))
			found(state, slot_int64(table->slot, table->id));
		index_endscan(scan);
		index_close(index, NoLock);
	}
}
