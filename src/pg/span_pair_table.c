/*-------------------------------------------------------------------------
 *
 * span_pair_table.c
 *	  What netstate.span_pair and netstate.span_pair_own hold of some spans,
 *	  held against what they should hold, and brought to that.
 *
 * Rows are read and written directly, past the executor: no right is asked for
 * and no trigger fires.  span_pair is written at COMMIT under the commit lock
 * alone, and a transaction's own rows by itself alone: nothing here ever waits
 * for another transaction.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/xid8.h"

#include "change_write.h"
#include "compat.h"
#include "env_pg.h"
#include "error.h"
#include "plant_read.h"
#include "query.h"
#include "span_pair_table.h"
#include "span_read.h"

/* Columns of span_pair; span_pair_own has xid before them. */
#define PAIR_A 0
#define PAIR_B 1
#define PAIR_CROSSES 2
#define PAIR_DISTANCE 3
#define PAIR_RUN 4
#define PAIR_COLUMNS 5

#define WRITE_BATCH 64			/* rows per insertion */

/* One of the two tables, open. */
typedef struct PairTable
{
	Relation	rel;
	Relation	a_index;		/* (xid,) a, b */
	Relation	b_index;		/* (xid,) b */
	TupleTableSlot *slot;
	int			first;			/* column of a */
	Snapshot	snapshot;
} PairTable;

/* ---- pairs in memory ---- */

static SpanPair *
pair_of(SpanPairSet *set, int64 a, int64 b)
{
	int32		number;

	error_check(ns_id_map_place(set->env, &set->number, ns_span_pair_id(a, b), &number),
				"pairs of spans");
	if ((size_t) number == set->n)
	{
		set->pair = env_pg_grow(set->env, set->pair, &set->room, set->n + 1,
								sizeof(SpanPair));
		memset(&set->pair[set->n], 0, sizeof(SpanPair));
		set->pair[set->n].a = a;
		set->pair[set->n].b = b;
		set->n++;
	}
	return &set->pair[number];
}

NsResult
span_pair_set_add(void *state, const NsSpanLine *a, const NsSpanLine *b,
				  const NsLinePair *pair)
{
	SpanPair   *p = pair_of(state, a->id, b->id);
	int			i;

	p->wanted = true;
	p->crosses = pair->crosses;
	p->distance_m = pair->distance_m;
	for (i = 0; i < NS_REACH_M; i++)
		p->run_m[i] = (float4) pair->run_m[i];
	return NS_OK;
}

/*
 * What is written past the executor fires no trigger, those of the change log
 * included: the pairs are logged here.
 */
static ChangeSet logged;

static void
log_start(void)
{
	change_set_start(&logged, "span_pair", NULL);
}

static void
log_pair(int64 a, int64 b)
{
	change_set_add(&logged, PLANT_NETWORK_ID, ns_span_pair_id(a, b));
}

/* ---- reading ---- */

static void
open_table(PairTable *table, const char *name, LOCKMODE mode, Snapshot snapshot)
{
	table->rel = table_open(query_table(name), mode);
	table->first = RelationGetNumberOfAttributes(table->rel) - PAIR_COLUMNS;
	table->snapshot = snapshot;
	table->slot = table_slot_create(table->rel, NULL);
	list_free(RelationGetIndexList(table->rel));	/* finds the primary key */
	if (!OidIsValid(table->rel->rd_pkindex))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("table netstate.%s has no primary key", name),
				 errhint("Run ALTER EXTENSION netstate UPDATE, or install the extension again.")));
	table->a_index = index_open(table->rel->rd_pkindex, AccessShareLock);
	table->b_index = NULL;
}

/* The index on b, after those columns that stand before a. */
static void
open_b_index(PairTable *table)
{
	List	   *list = RelationGetIndexList(table->rel);
	ListCell   *cell;

	foreach(cell, list)
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);

		if (index->rd_index->indisvalid && !index->rd_index->indcheckxmin &&
			index->rd_rel->relam == BTREE_AM_OID &&
			index->rd_index->indnkeyatts > table->first &&
			index->rd_index->indkey.values[table->first] ==
			table->first + PAIR_B + 1 &&
			(table->first == 0 || index->rd_index->indkey.values[0] == 1))
		{
			table->b_index = index;
			break;
		}
		index_close(index, AccessShareLock);
	}
	list_free(list);
	if (table->b_index == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("table netstate.%s has no usable index on b_span_id",
						RelationGetRelationName(table->rel)),
				 errhint("REINDEX the table.")));
}

static void
close_table(PairTable *table)
{
	if (table->b_index != NULL)
		index_close(table->b_index, NoLock);
	index_close(table->a_index, NoLock);
	ExecDropSingleTupleTableSlot(table->slot);
	table_close(table->rel, NoLock);
}

static int64
slot_id(const PairTable *table, int column)
{
	return DatumGetInt64(table->slot->tts_values[table->first + column]);
}

/* Is the row as the pair was derived?  A row without runs: the pair is gone. */
static bool
same_as_row(const PairTable *table, const SpanPair *pair)
{
	const Datum *value = &table->slot->tts_values[table->first];
	const bool *null = &table->slot->tts_isnull[table->first];
	ArrayType  *run;
	bool		same;

	if (!pair->wanted || null[PAIR_RUN])
		return !pair->wanted && null[PAIR_RUN];
	if (null[PAIR_DISTANCE] || null[PAIR_CROSSES] ||
		DatumGetFloat8(value[PAIR_DISTANCE]) != pair->distance_m ||
		DatumGetBool(value[PAIR_CROSSES]) != pair->crosses)
		return false;
	run = DatumGetArrayTypeP(value[PAIR_RUN]);
	same = ARR_NDIM(run) == 1 && ARR_DIMS(run)[0] == NS_REACH_M &&
		ARR_LBOUND(run)[0] == 1 && ARR_ELEMTYPE(run) == FLOAT4OID &&
		!ARR_HASNULL(run) &&
		memcmp(id_array_data(run), pair->run_m, sizeof(pair->run_m)) == 0;
	if ((Pointer) run != DatumGetPointer(value[PAIR_RUN]))
		pfree(run);
	return same;
}

/* The row in the slot is one of a pair. */
static void
note_row(SpanPairSet *set, PairTable *table)
{
	SpanPair   *pair = pair_of(set, slot_id(table, PAIR_A),
							   slot_id(table, PAIR_B));

	if (table->first == 0)
	{
		pair->stored = true;
		pair->stored_same = same_as_row(table, pair);
		pair->stored_at = table->slot->tts_tid;
	}
	else
	{
		pair->own = true;
		pair->own_same = same_as_row(table, pair);
		pair->own_at = table->slot->tts_tid;
	}
}

/* Note the rows with this span as what the scan's index is on. */
static void
note_rows_of(SpanPairSet *set, PairTable *table, IndexScanDesc scan, int64 id)
{
	ScanKeyData key[2];

	if (table->first > 0)
		ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, F_XID8EQ,
					FullTransactionIdGetDatum(GetTopFullTransactionId()));
	ScanKeyInit(&key[table->first], table->first + 1, BTEqualStrategyNumber,
				F_INT8EQ, Int64GetDatum(id));
	index_rescan(scan, key, table->first + 1, NULL, 0);
	while (index_getnext_slot(scan, ForwardScanDirection, table->slot))
	{
		slot_getallattrs(table->slot);
		if (slot_id(table, PAIR_A) > 0)
			note_row(set, table);
	}
}

/* Is the row in the slot one of the pairs of these spans? */
static bool
concerns(const PairTable *table, const SpanChange *change)
{
	return slot_id(table, PAIR_A) > 0 &&
		(change->all ||
		 id_set_has(&change->spans, slot_id(table, PAIR_A)) ||
		 id_set_has(&change->spans, slot_id(table, PAIR_B)));
}

static void
read_few(SpanPairSet *set, PairTable *table, const SpanChange *change)
{
	int			side;

	open_b_index(table);
	for (side = 0; side < 2; side++)
	{
		IndexScanDesc scan = compat_index_beginscan(table->rel,
													side ? table->b_index : table->a_index,
													table->snapshot,
													table->first + 1);
		size_t		i;

		for (i = 0; i < change->spans.n; i++)
		{
			CHECK_FOR_INTERRUPTS();
			note_rows_of(set, table, scan, change->spans.id[i]);
		}
		index_endscan(scan);
	}
}

void
span_pair_read_stored(SpanPairSet *set, const SpanChange *change,
					  Snapshot snapshot)
{
	PairTable	table;

	open_table(&table, "span_pair", AccessShareLock, snapshot);
	if (span_change_is_large(change))
	{
		TableScanDesc scan = table_beginscan(table.rel, snapshot, 0, NULL);

		while (table_scan_getnextslot(scan, ForwardScanDirection, table.slot))
		{
			CHECK_FOR_INTERRUPTS();
			slot_getallattrs(table.slot);
			if (concerns(&table, change))
				note_row(set, &table);
		}
		table_endscan(scan);
	}
	else
		read_few(set, &table, change);
	close_table(&table);
}

/* Begin to read the running transaction's own. */
static IndexScanDesc
begin_own(PairTable *table, LOCKMODE mode, Snapshot snapshot)
{
	IndexScanDesc scan;
	ScanKeyData key;

	open_table(table, "span_pair_own", mode, snapshot);
	scan = compat_index_beginscan(table->rel, table->a_index, snapshot, 1);
	ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_XID8EQ,
				FullTransactionIdGetDatum(GetTopFullTransactionId()));
	index_rescan(scan, &key, 1, NULL, 0);
	return scan;
}

void
span_pair_read_own(SpanPairSet *set, const SpanChange *change,
				   Snapshot snapshot)
{
	PairTable	table;

	if (span_change_is_large(change))
	{
		IndexScanDesc scan = begin_own(&table, AccessShareLock, snapshot);

		while (index_getnext_slot(scan, ForwardScanDirection, table.slot))
		{
			CHECK_FOR_INTERRUPTS();
			slot_getallattrs(table.slot);
			if (concerns(&table, change))
				note_row(set, &table);
		}
		index_endscan(scan);
	}
	else
	{
		open_table(&table, "span_pair_own", AccessShareLock, snapshot);
		read_few(set, &table, change);
	}
	close_table(&table);
}

bool
span_pair_read_marks(SpanChange *change, Snapshot snapshot)
{
	PairTable	table;
	IndexScanDesc scan;
	bool		any = false;

	if (!TransactionIdIsValid(GetTopTransactionIdIfAny()))
		return false;
	scan = begin_own(&table, AccessShareLock, snapshot);
	while (index_getnext_slot(scan, ForwardScanDirection, table.slot))
	{
		int64		mark;
		int64		id;

		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(table.slot);
		mark = slot_id(&table, PAIR_A);
		id = slot_id(&table, PAIR_B);
		if (mark > SPAN_MARK_SPAN)
			break;				/* they come in order */
		any = true;
		if (mark == SPAN_MARK_ALL)
			change->all = true;
		else
			id_set_add(mark == SPAN_MARK_SPAN ? &change->spans : &change->structures,
					   id);
	}
	index_endscan(scan);
	close_table(&table);
	return any;
}

void
span_pair_drop_own(Snapshot snapshot)
{
	PairTable	table;
	IndexScanDesc scan = begin_own(&table, RowExclusiveLock, snapshot);

	log_start();
	while (index_getnext_slot(scan, ForwardScanDirection, table.slot))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(table.slot);
		if (slot_id(&table, PAIR_A) > 0)
			log_pair(slot_id(&table, PAIR_A), slot_id(&table, PAIR_B));
		simple_heap_delete(table.rel, &table.slot->tts_tid);
	}
	index_endscan(scan);
	close_table(&table);
	change_set_write(&logged);
}

/* ---- writing ---- */

/* Rows on their way into a table, in batches. */
typedef struct Writer
{
	Relation	rel;
	CatalogIndexState indexes;
	int			first;
	Datum		xid;
	TupleTableSlot *slot[WRITE_BATCH];
	int			n;
	MemoryContext context;		/* of the values, reset after each batch */
} Writer;

static void
writer_open(Writer *writer, const char *name)
{
	memset(writer, 0, sizeof(*writer));
	writer->rel = table_open(query_table(name), RowExclusiveLock);
	writer->indexes = CatalogOpenIndexes(writer->rel);
	writer->first = RelationGetNumberOfAttributes(writer->rel) - PAIR_COLUMNS;
	writer->xid = FullTransactionIdGetDatum(GetTopFullTransactionId());
	writer->context = AllocSetContextCreate(CurrentMemoryContext,
											"netstate pairs",
											ALLOCSET_DEFAULT_SIZES);
}

static void
writer_flush(Writer *writer)
{
	if (writer->n > 0)
		CatalogTuplesMultiInsertWithInfo(writer->rel, writer->slot, writer->n,
										 writer->indexes);
	writer->n = 0;
	MemoryContextReset(writer->context);
}

static void
writer_close(Writer *writer)
{
	int			i;

	writer_flush(writer);
	for (i = 0; i < WRITE_BATCH && writer->slot[i] != NULL; i++)
		ExecDropSingleTupleTableSlot(writer->slot[i]);
	MemoryContextDelete(writer->context);
	CatalogCloseIndexes(writer->indexes);
	table_close(writer->rel, NoLock);
}

/* real[] that lies in the writer's context. */
static Datum
run_array(const float4 *run_m)
{
	Size		size = ARR_OVERHEAD_NONULLS(1) + NS_REACH_M * sizeof(float4);
	ArrayType  *array = palloc0(size);

	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->elemtype = FLOAT4OID;
	ARR_DIMS(array)[0] = NS_REACH_M;
	ARR_LBOUND(array)[0] = 1;
	memcpy(id_array_data(array), run_m, NS_REACH_M * sizeof(float4));
	return PointerGetDatum(array);
}

static void
fill_row(Writer *writer, int64 a, int64 b, const SpanPair *pair, Datum *value,
		 bool *null)
{
	MemoryContext old = MemoryContextSwitchTo(writer->context);
	bool		there = pair != NULL && pair->wanted;
	int			first = writer->first;

	memset(null, 0, (first + PAIR_COLUMNS) * sizeof(bool));
	value[0] = writer->xid;		/* overwritten where there is none */
	value[first + PAIR_A] = Int64GetDatum(a);
	value[first + PAIR_B] = Int64GetDatum(b);
	value[first + PAIR_CROSSES] = BoolGetDatum(there && pair->crosses);
	value[first + PAIR_DISTANCE] = there ? Float8GetDatum(pair->distance_m) : 0;
	value[first + PAIR_RUN] = there ? run_array(pair->run_m) : 0;
	null[first + PAIR_DISTANCE] = !there;
	null[first + PAIR_RUN] = !there;
	MemoryContextSwitchTo(old);
}

static void
writer_insert(Writer *writer, int64 a, int64 b, const SpanPair *pair)
{
	TupleTableSlot *slot = writer->slot[writer->n];

	if (slot == NULL)
		slot = writer->slot[writer->n] =
			MakeSingleTupleTableSlot(RelationGetDescr(writer->rel),
									 &TTSOpsHeapTuple);
	ExecClearTuple(slot);
	fill_row(writer, a, b, pair, slot->tts_values, slot->tts_isnull);
	ExecStoreVirtualTuple(slot);
	writer->n++;
	if (writer->n == WRITE_BATCH)
		writer_flush(writer);
}

static void
writer_update(Writer *writer, ItemPointer at, const SpanPair *pair)
{
	Datum		value[PAIR_COLUMNS + 1];
	bool		null[PAIR_COLUMNS + 1];
	HeapTuple	tuple;

	fill_row(writer, pair->a, pair->b, pair, value, null);
	tuple = heap_form_tuple(RelationGetDescr(writer->rel), value, null);
	CatalogTupleUpdateWithInfo(writer->rel, at, tuple, writer->indexes);
	heap_freetuple(tuple);
}

void
span_pair_write_stored(SpanPairSet *set)
{
	Writer		writer;
	size_t		i;

	log_start();
	writer_open(&writer, "span_pair");
	for (i = 0; i < set->n; i++)
	{
		SpanPair   *pair = &set->pair[i];

		CHECK_FOR_INTERRUPTS();
		if (pair->wanted ? pair->stored_same : !pair->stored)
			continue;
		if (!pair->wanted)
			simple_heap_delete(writer.rel, &pair->stored_at);
		else if (!pair->stored)
			writer_insert(&writer, pair->a, pair->b, pair);
		else
			writer_update(&writer, &pair->stored_at, pair);
		log_pair(pair->a, pair->b);
	}
	writer_close(&writer);
	change_set_write(&logged);
}

/* Of what a large statement changed, what is not marked yet. */
static void
mark_many(Writer *writer, const SpanChange *change, Snapshot snapshot)
{
	SpanChange	marked = {.all = false};
	size_t		i;

	id_set_make(&marked.spans, change->spans.env);
	id_set_make(&marked.structures, change->spans.env);
	span_pair_read_marks(&marked, snapshot);

	if (change->all && !marked.all)
		writer_insert(writer, SPAN_MARK_ALL, SPAN_MARK_STRUCTURE, NULL);
	for (i = 0; i < change->structures.n; i++)
	{
		if (id_set_add(&marked.structures, change->structures.id[i]))
			writer_insert(writer, SPAN_MARK_STRUCTURE,
						  change->structures.id[i], NULL);
	}
	for (i = 0; i < change->spans.n; i++)
	{
		if (id_set_add(&marked.spans, change->spans.id[i]))
			writer_insert(writer, SPAN_MARK_SPAN, change->spans.id[i], NULL);
	}
}

/* The same of few things, whatever else the transaction has marked. */
static void
mark_few(Writer *writer, int64 mark, const IdSet *ids, Snapshot snapshot)
{
	PairTable	table;
	IndexScanDesc scan;
	ScanKeyData key[3];
	size_t		i;

	open_table(&table, "span_pair_own", AccessShareLock, snapshot);
	scan = compat_index_beginscan(table.rel, table.a_index, snapshot, 3);
	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, F_XID8EQ, writer->xid);
	ScanKeyInit(&key[1], 2, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(mark));
	for (i = 0; i < ids->n; i++)
	{
		ScanKeyInit(&key[2], 3, BTEqualStrategyNumber, F_INT8EQ,
					Int64GetDatum(ids->id[i]));
		index_rescan(scan, key, 3, NULL, 0);
		if (!index_getnext_slot(scan, ForwardScanDirection, table.slot))
			writer_insert(writer, mark, ids->id[i], NULL);
	}
	index_endscan(scan);
	close_table(&table);
}

void
span_pair_write_own(SpanPairSet *set, const SpanChange *change,
					Snapshot snapshot)
{
	Writer		writer;
	size_t		i;

	log_start();
	writer_open(&writer, "span_pair_own");
	if (span_change_is_large(change))
		mark_many(&writer, change, snapshot);
	else
	{
		mark_few(&writer, SPAN_MARK_STRUCTURE, &change->structures, snapshot);
		mark_few(&writer, SPAN_MARK_SPAN, &change->spans, snapshot);
	}
	for (i = 0; i < set->n; i++)
	{
		SpanPair   *pair = &set->pair[i];

		CHECK_FOR_INTERRUPTS();
		if (pair->own ? pair->own_same
			: pair->wanted ? pair->stored && pair->stored_same : !pair->stored)
			continue;
		if (pair->own)
			writer_update(&writer, &pair->own_at, pair);
		else
			writer_insert(&writer, pair->a, pair->b, pair);
		log_pair(pair->a, pair->b);
	}
	writer_close(&writer);
	change_set_write(&logged);
}
