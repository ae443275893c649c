/*-------------------------------------------------------------------------
 *
 * graph_table.c
 *	  The tables that a graph is made from, read directly.
 *
 * What is known of a table (its OID, the numbers of its columns, the index for
 * each) is kept in a static array, and forgotten by a relcache callback that
 * does nothing else.  It is good only while the table is locked: opening locks
 * first, which takes in invalidations, and then looks whether it still knows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "env_pg.h"
#include "graph_table.h"
#include "graph_table_names.h"
#include "query.h"

/*
 * A look-up through an index costs about as much as scanning this many rows;
 * a row more that the same look-up finds, as this many.
 */
#define ROWS_PER_LOOK_UP	12
#define ROWS_PER_FOUND		5

typedef struct KnownIndex
{
	Oid			oid;			/* or InvalidOid */
	int			ncolumns;
	TransactionId check_xmin;	/* usable once this precedes TransactionXmin */
} KnownIndex;

typedef struct KnownTable
{
	Oid			relid;			/* InvalidOid: to be found again */
	bool		plain;
	AttrNumber	column[GRAPH_MAX_COLUMNS];
	bool		indexed;		/* indexes were looked for, too */
	KnownIndex	index[GRAPH_MAX_COLUMNS];
} KnownTable;

static KnownTable known_tables[GRAPH_NTABLES];
static Oid	lock_relid[GRAPH_NLOGGED];	/* as known.relid, of locking alone */
static uint64 invalidations = 0;	/* so far */
static bool callbacks_registered = false;

/* ---- what is known, and forgetting it ---- */

const char *
graph_table_name(GraphTable table)
{
	return graph_table_names[table].name;
}

const char *
graph_table_column_name(GraphTable table, int column)
{
	return graph_table_names[table].column[column].name;
}

static void
forget_table(Datum arg, Oid relid)
{
	int			i;

	invalidations++;
	for (i = 0; i < GRAPH_NTABLES; i++)
	{
		if (relid == InvalidOid || known_tables[i].relid == relid)
			known_tables[i].relid = InvalidOid;
	}
	for (i = 0; i < GRAPH_NLOGGED; i++)
	{
		if (relid == InvalidOid || lock_relid[i] == relid)
			lock_relid[i] = InvalidOid;
	}
	graph_fingerprint_invalidate(relid);
}

/* A schema may have got another name. */
static void
forget_names(Datum arg, int cacheid, uint32 hashvalue)
{
	forget_table(arg, InvalidOid);
}

void
graph_table_watch(void)
{
	if (callbacks_registered)
		return;
	CacheRegisterRelcacheCallback(forget_table, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACEOID, forget_names, (Datum) 0);
	callbacks_registered = true;
}

static AttrNumber
column_number(Relation relation, const GraphColumnName *column)
{
	TupleDesc	desc = RelationGetDescr(relation);
	int			i;

	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attr = TupleDescAttr(desc, i);

		if (attr->attisdropped || strcmp(NameStr(attr->attname), column->name) != 0)
			continue;
		if (attr->atttypid == column->type || column->type == InvalidOid)
			return attr->attnum;
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column %s of table netstate.%s has another type than it should have",
						column->name, RelationGetRelationName(relation)),
				 errdetail("It has type %s, and %s is expected.",
						   format_type_be(attr->atttypid),
						   format_type_be(column->type)),
				 errhint("Give it its type back, or install the extension again.")));
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("column %s of table netstate.%s does not exist",
					column->name, RelationGetRelationName(relation)),
			 errdetail("Graphs are read from it."),
			 errhint("Run ALTER EXTENSION netstate UPDATE, or install the extension again.")));
	return InvalidAttrNumber;
}

/*
 * Does the index hold all rows in which its first column is not NULL?
 */
static bool
index_is_whole(HeapTuple tuple)
{
	bool		isnull;
	Datum		source;
	List	   *predicate;
	NullTest   *test;

	source = SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indpred, &isnull);
	if (isnull)
		return true;
	predicate = (List *) stringToNode(TextDatumGetCString(source));
	if (!IsA(predicate, List))
		predicate = list_make1(predicate);
	if (list_length(predicate) != 1 || !IsA(linitial(predicate), NullTest))
		return false;
	test = linitial(predicate);
	return test->nulltesttype == IS_NOT_NULL && IsA(test->arg, Var) &&
		((Var *) test->arg)->varattno ==
		((Form_pg_index) GETSTRUCT(tuple))->indkey.values[0];
}

static Oid
equality_of(Oid type)
{
	switch (type)
	{
		case INT8OID:
			return F_INT8EQ;
		case TEXTOID:
			return F_TEXTEQ;
		case XID8OID:
			return F_XID8EQ;
		default:
			return InvalidOid;
	}
}

/* Is it a btree, and its first column found by the type's own equality? */
static bool
index_finds(Oid oid, HeapTuple tuple, Oid type)
{
	HeapTuple	class = SearchSysCache1(RELOID, ObjectIdGetDatum(oid));
	bool		isnull;
	Datum		value;
	Oid			family;
	Oid			operator;
	Oid			am;

	if (!HeapTupleIsValid(class))
		return false;
	am = ((Form_pg_class) GETSTRUCT(class))->relam;
	ReleaseSysCache(class);
	value = SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indclass, &isnull);
	if (am != BTREE_AM_OID || isnull)
		return false;
	family = get_opclass_family(((oidvector *) DatumGetPointer(value))->values[0]);
	operator = get_opfamily_member(family, type, type, BTEqualStrategyNumber);
	return OidIsValid(operator) && get_opcode(operator) == equality_of(type);
}

/* Note the index at the column that it begins with, if it is the best. */
static void
note_index(KnownTable *known, const GraphTableNames *names, Oid oid)
{
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(oid));
	Form_pg_index form;
	int			i;

	if (!HeapTupleIsValid(tuple))
		return;
	form = (Form_pg_index) GETSTRUCT(tuple);
	for (i = 0; i < GRAPH_MAX_COLUMNS && names->column[i].name != NULL; i++)
	{
		KnownIndex *index = &known->index[i];
		TransactionId check_xmin = InvalidTransactionId;

		if (form->indkey.values[0] != known->column[i])
			continue;
		if (!form->indisvalid || !form->indisready || !form->indislive ||
			!index_finds(oid, tuple, names->column[i].type) ||
			!index_is_whole(tuple))
			break;
		if (form->indcheckxmin)
			check_xmin = HeapTupleHeaderGetXmin(tuple->t_data);
		if (OidIsValid(index->oid) &&
			(TransactionIdIsValid(check_xmin) > TransactionIdIsValid(index->check_xmin) ||
			 (TransactionIdIsValid(check_xmin) == TransactionIdIsValid(index->check_xmin) &&
			  form->indnatts >= index->ncolumns)))
			break;
		index->oid = oid;
		index->ncolumns = form->indnatts;
		index->check_xmin = check_xmin;
		break;
	}
	ReleaseSysCache(tuple);
}

/*
 * Find out about a table that is locked.  It is good for now even where an
 * invalidation came meanwhile, but not for the next time.
 */
static void
fill_known(KnownTable *known, const GraphTableNames *names, Relation relation)
{
	uint64		before = invalidations;
	int			i;

	known->plain = relation->rd_rel->relkind == RELKIND_RELATION &&
		!relation->rd_rel->relhassubclass;
	known->indexed = false;
	for (i = 0; i < GRAPH_MAX_COLUMNS && names->column[i].name != NULL; i++)
		known->column[i] = column_number(relation, &names->column[i]);
	known->relid = before == invalidations ? RelationGetRelid(relation) : InvalidOid;
}

Relation
graph_table_open(GraphTable table)
{
	KnownTable *known = &known_tables[table];
	const char *name = graph_table_names[table].name;

	graph_table_watch();
	for (;;)
	{
		Oid			relid = known->relid;
		Relation	relation;

		CHECK_FOR_INTERRUPTS();
		if (!OidIsValid(relid))
			relid = query_table(name);
		relation = try_table_open(relid, AccessShareLock);
		if (relation == NULL)
		{
			known->relid = InvalidOid;
			continue;
		}
		if (known->relid == relid)
			return relation;

		/* Locking took in what others did: is it still called so? */
		if (query_table(name) == relid)
		{
			fill_known(known, &graph_table_names[table], relation);
			return relation;
		}
		table_close(relation, AccessShareLock);
	}
}

static void
lock_tables(int from, int to)
{
	int			i;

	graph_table_watch();
	for (i = from; i < to; i++)
	{
		for (;;)
		{
			Oid			relid = lock_relid[i];

			CHECK_FOR_INTERRUPTS();
			if (!OidIsValid(relid))
				relid = query_table(graph_table_names[i].name);
			LockRelationOid(relid, AccessShareLock);

			/* Locking took in what others did: is it still called so? */
			if (lock_relid[i] == relid || query_table(graph_table_names[i].name) == relid)
			{
				lock_relid[i] = relid;
				break;
			}
			UnlockRelationOid(relid, AccessShareLock);
		}
	}
}

void
graph_table_lock(void)
{
	lock_tables(0, GRAPH_NLOCKED);
}

void
graph_table_lock_plant(void)
{
	lock_tables(GRAPH_NLOCKED, GRAPH_NPLANT);
}

void
graph_table_lock_drains(void)
{
	lock_tables(GRAPH_NPLANT, GRAPH_NLOGGED);
}

void
graph_table_close(Relation relation)
{
	table_close(relation, NoLock);
}

bool
graph_table_exists(GraphTable table)
{
	Oid			namespace = get_namespace_oid("netstate", true);

	return OidIsValid(namespace) &&
		OidIsValid(get_relname_relid(graph_table_names[table].name, namespace));
}

bool
graph_table_has_plant(void)
{
	return graph_table_exists(GRAPH_RISK_RULE_DEFAULT);
}

bool
graph_table_plain(GraphTable table)
{
	graph_table_close(graph_table_open(table));
	return known_tables[table].plain;
}

AttrNumber
graph_table_column(GraphTable table, int column)
{
	graph_table_close(graph_table_open(table));
	return known_tables[table].column[column];
}

/* Of a table that is open; its indexes are found when first asked for. */
static Oid
usable_index(GraphTable table, Relation relation, int column)
{
	KnownTable *known = &known_tables[table];
	const KnownIndex *index = &known->index[column];

	if (!known->indexed)
	{
		List	   *indexes = RelationGetIndexList(relation);
		ListCell   *cell;

		memset(known->index, 0, sizeof(known->index));
		foreach(cell, indexes)
			note_index(known, &graph_table_names[table], lfirst_oid(cell));
		list_free(indexes);
		known->indexed = true;
	}
	if (TransactionIdIsValid(index->check_xmin) &&
		!TransactionIdPrecedes(index->check_xmin, TransactionXmin))
		return InvalidOid;
	return index->oid;
}

Oid
graph_table_index(GraphTable table, int column)
{
	Relation	relation = graph_table_open(table);
	Oid			index = usable_index(table, relation, column);

	graph_table_close(relation);
	return index;
}

/* ---- values ---- */

double
graph_row_float8(const GraphRow *row, int column)
{
	bool		null;
	Datum		value = graph_row_get(row, column, &null);

	return null ? NAN : DatumGetFloat8(value);
}

bool
graph_row_is(const GraphRow *row, int column, const char *word, size_t n)
{
	bool		null;
	Datum		value = graph_row_get(row, column, &null);
	text	   *t;
	bool		same;

	if (null)
		return false;
	t = DatumGetTextPP(value);
	same = (size_t) VARSIZE_ANY_EXHDR(t) == n && memcmp(VARDATA_ANY(t), word, n) == 0;
	if ((Pointer) t != DatumGetPointer(value))
		pfree(t);
	return same;
}

char *
graph_row_name(const GraphRow *row, int column, NsEnv *env)
{
	bool		null;
	Datum		value = graph_row_get(row, column, &null);
	text	   *t = null ? NULL : DatumGetTextPP(value);
	size_t		n = null ? 0 : VARSIZE_ANY_EXHDR(t);
	char	   *copy = env->alloc(env->state, n + 1);

	if (!null)
		memcpy(copy, VARDATA_ANY(t), n);
	copy[n] = '\0';
	if (!null && (Pointer) t != DatumGetPointer(value))
		pfree(t);
	return copy;
}

/* ---- reading ---- */

void
graph_table_scan(GraphTable table, GraphRowFn fn, void *state)
{
	Relation	relation = graph_table_open(table);
	AttrNumber	column[GRAPH_MAX_COLUMNS];
	TupleTableSlot *slot = table_slot_create(relation, NULL);
	GraphRow	row = {slot, column};
	TableScanDesc scan;

	/* What is known may be forgotten and found again while rows are read. */
	memcpy(column, known_tables[table].column, sizeof(column));
	scan = table_beginscan_strat(relation, GetActiveSnapshot(), 0, NULL,
								 true, false);
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		CHECK_FOR_INTERRUPTS();
		fn(&row, state);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	graph_table_close(relation);
}

static void
init_key(GraphLookUp *look_up, AttrNumber number, Oid collation)
{
	Oid			type = graph_table_names[look_up->table].column[look_up->column].type;

	ScanKeyEntryInitialize(&look_up->key, 0, number, BTEqualStrategyNumber,
						   InvalidOid, collation, equality_of(type), (Datum) 0);
}

void
graph_look_up_begin(GraphLookUp *look_up, GraphTable table, int column)
{
	Oid			index;

	look_up->table = table;
	look_up->column = column;
	look_up->relation = graph_table_open(table);
	look_up->slot = table_slot_create(look_up->relation, NULL);
	look_up->index = NULL;
	index = usable_index(table, look_up->relation, column);
	if (OidIsValid(index))
	{
		look_up->index = index_open(index, AccessShareLock);
		look_up->scan = compat_index_beginscan(look_up->relation,
											   look_up->index,
											   GetActiveSnapshot(), 1);
		init_key(look_up, 1, look_up->index->rd_indcollation[0]);
	}
	else
	{
		AttrNumber	number = known_tables[table].column[column];

		init_key(look_up, number,
				 TupleDescAttr(RelationGetDescr(look_up->relation),
							   number - 1)->attcollation);
	}
}

void
graph_look_up_rescan(GraphLookUp *look_up, ScanKey key, int nkeys,
					 GraphRowFn fn, void *state)
{
	AttrNumber	column[GRAPH_MAX_COLUMNS];
	GraphRow	row = {look_up->slot, column};

	memcpy(column, known_tables[look_up->table].column, sizeof(column));
	index_rescan(look_up->scan, key, nkeys, NULL, 0);
	while (index_getnext_slot(look_up->scan, ForwardScanDirection,
							  look_up->slot))
	{
		CHECK_FOR_INTERRUPTS();
		fn(&row, state);
	}
}

void
graph_look_up(GraphLookUp *look_up, Datum key, GraphRowFn fn, void *state)
{
	AttrNumber	column[GRAPH_MAX_COLUMNS];
	GraphRow	row = {look_up->slot, column};
	TableScanDesc scan;

	look_up->key.sk_argument = key;
	if (look_up->index != NULL)
	{
		graph_look_up_rescan(look_up, &look_up->key, 1, fn, state);
		return;
	}
	memcpy(column, known_tables[look_up->table].column, sizeof(column));
	scan = table_beginscan_strat(look_up->relation, GetActiveSnapshot(),
								 1, &look_up->key, true, false);
	while (table_scan_getnextslot(scan, ForwardScanDirection, look_up->slot))
	{
		CHECK_FOR_INTERRUPTS();
		fn(&row, state);
	}
	table_endscan(scan);
}

void
graph_look_up_end(GraphLookUp *look_up)
{
	ExecDropSingleTupleTableSlot(look_up->slot);
	if (look_up->index != NULL)
	{
		index_endscan(look_up->scan);
		index_close(look_up->index, NoLock);
	}
	graph_table_close(look_up->relation);
}

void
graph_table_look_up(GraphTable table, int column, int64 key, GraphRowFn fn,
					void *state)
{
	GraphLookUp look_up;

	graph_look_up_begin(&look_up, table, column);
	graph_look_up(&look_up, Int64GetDatum(key), fn, state);
	graph_look_up_end(&look_up);
}

/* ---- which way is cheaper ---- */

static double
rows_of(Relation relation)
{
	BlockNumber pages;
	double		rows;
	double		all_visible;

	table_relation_estimate_size(relation, NULL, &pages, &rows, &all_visible);
	return rows;
}

bool
graph_table_empty(GraphTable table)
{
	Relation	relation = graph_table_open(table);
	bool		empty = RelationGetNumberOfBlocks(relation) == 0;

	graph_table_close(relation);
	return empty;
}

double
graph_table_rows(GraphTable table)
{
	Relation	relation = graph_table_open(table);
	double		rows = rows_of(relation);

	graph_table_close(relation);
	return rows;
}

bool
graph_table_scan_is_cheaper(GraphTable table, int column, size_t look_ups)
{
	if (!OidIsValid(graph_table_index(table, column)))
		return true;

	/* So few are cheaper than to find out. */
	if (look_ups <= 16)
		return false;
	return (double) look_ups * ROWS_PER_LOOK_UP > graph_table_rows(table);
}

bool
graph_table_scan_for(GraphTable table, int column, int64 key)
{
	GraphLookUp look_up;
	double		most;
	double		n = 0;

	graph_look_up_begin(&look_up, table, column);
	most = rows_of(look_up.relation) / ROWS_PER_FOUND;
	if (look_up.index == NULL)
		n = most + 1;
	else
	{
		look_up.key.sk_argument = Int64GetDatum(key);
		index_rescan(look_up.scan, &look_up.key, 1, NULL, 0);
		while (n <= most &&
			   index_getnext_tid(look_up.scan, ForwardScanDirection) != NULL)
		{
			CHECK_FOR_INTERRUPTS();
			n++;
		}
	}
	graph_look_up_end(&look_up);
	return n > most;
}
