/*-------------------------------------------------------------------------
 *
 * graph_fingerprint.c
 *	  Has anything been done to the logged tables that change_log cannot tell?
 *
 * Whatever lets rows change without a row in the log changes a row of pg_class
 * or pg_trigger: a new relfilenode, a trigger disabled.  Each version of such
 * a row has its own xmin and place, so a hash of these is a new one even where
 * the row is as before in the end.  What VACUUM and ANALYZE write to pg_class
 * is written in place and keeps xmin; only xmin is looked at there.  A column
 * that gets another name changes neither, so these are taken in by number.
 *
 * The raw xmin is taken, which freezing leaves as it is.
 *
 * The catalogs are read as they are now.  A snapshot may be older: then rows
 * may have changed unlogged after it and before a trigger was enabled again,
 * and what is read under it could not be brought up to date by the log.  So
 * the xids behind the rows are kept, and compared with the active snapshot at
 * each call; mostly all are older than anything that runs.  Under a snapshot
 * that shows the trigger enabled, whatever had been done before is shown, too:
 * enabling waits for whoever has the table open for writing.
 *
 * A snapshot may also be newer than the last invalidation that has come: a
 * commit is visible a moment before it is told.  ACCESS SHARE holds off all
 * that matters but what is done to triggers and children, so the rows of these
 * are kept by their places, and looked at under each new snapshot.  Mostly a
 * look at their pages is enough: whatever is done to a row gives its page
 * another LSN, and one that nobody had begun to change by then shows the row to
 * every later snapshot.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "storage/bufmgr.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "graph_table.h"

/* The triggers of the log on each of them, and how each must be enabled. */
static const struct
{
	const char *name;
	char		enabled;
}			log_triggers[] = {
	{"change_log_apply", TRIGGER_FIRES_ON_REPLICA},
	{"change_log_begin", TRIGGER_FIRES_ALWAYS},
	{"change_log_delete", TRIGGER_FIRES_ALWAYS},
	{"change_log_insert", TRIGGER_FIRES_ALWAYS},
	{"change_log_truncate", TRIGGER_FIRES_ALWAYS},
	{"change_log_update", TRIGGER_FIRES_ALWAYS},
};

/* What is hashed of a table and of a trigger; no padding. */
typedef struct TablePrint
{
	Oid			relid;
	Oid			filenumber;
	TransactionId xmin;
	uint32		children;
} TablePrint;

typedef struct TriggerPrint
{
	Oid			oid;
	Oid			function;
	TransactionId xmin;
	uint32		enabled;
	uint32		block;
	uint32		offset;
} TriggerPrint;

/* With invalidations coming and coming no graph is kept. */
#define MOST_TRIES	3

static bool print_valid = false;	/* the rest is */
static bool print_clean;		/* nothing came since reading began */
static Oid	print_relid[GRAPH_NPRINTED];
static uint64 print_hash;
static bool print_loggable;

/* The rows' xids, of those that are not frozen. */
#define MOST_XIDS	(GRAPH_NPRINTED + GRAPH_NLOGGED * lengthof(log_triggers))

static TransactionId print_xid[MOST_XIDS];
static int	print_nxids;
static TransactionId print_newest;
static CommandId print_own_command; /* the last one behind an own row */

/* Where the rows are. */
typedef struct PrintPlace
{
	Oid			catalog;
	ItemPointerData tid;
	TransactionId xmin;
} PrintPlace;

static PrintPlace print_place[MOST_XIDS];
static int	print_nplaces;

/* Their pages as they were when the rows were last looked at. */
typedef struct PrintPage
{
	Oid			catalog;
	BlockNumber block;
	Buffer		buffer;			/* that had it then */
	XLogRecPtr	lsn;
} PrintPage;

static PrintPage print_page[MOST_XIDS];
static int	print_npages;
static bool pages_settled = false;	/* any snapshot shows all rows on these */

/*
 * Of the snapshot that was last found to show them.  What runs between xmin and
 * xmax only ever gets less, so that the same number is the same transactions,
 * the own one aside.
 */
static bool seen_any = false;
static TransactionId seen_own;
static TransactionId seen_xmin;
static TransactionId seen_xmax;
static uint32 seen_xcnt;
static int32 seen_subxcnt;
static CommandId seen_curcid;

void
graph_fingerprint_invalidate(Oid relid)
{
	int			i;

	/* rows of a catalog may have moved */
	if (relid == InvalidOid || relid == TriggerRelationId ||
		relid == RelationRelationId)
		print_valid = print_clean = false;
	for (i = 0; i < GRAPH_NPRINTED && (print_valid || print_clean); i++)
		if (relid == print_relid[i])
			print_valid = print_clean = false;
}

static void
note_xid(HeapTuple tuple)
{
	TransactionId xid = HeapTupleHeaderGetRawXmin(tuple->t_data);
	PrintPlace *place = &print_place[print_nplaces++];
	int			i;

	place->catalog = tuple->t_tableOid;
	place->tid = tuple->t_self;
	place->xmin = xid;
	if (HeapTupleHeaderXminFrozen(tuple->t_data) || !TransactionIdIsNormal(xid))
		return;
	if (TransactionIdIsCurrentTransactionId(xid))
		print_own_command = Max(print_own_command,
								HeapTupleHeaderGetCmin(tuple->t_data));
	for (i = 0; i < print_nxids; i++)
		if (print_xid[i] == xid)
			return;
	if (print_nxids == 0 || TransactionIdFollows(xid, print_newest))
		print_newest = xid;
	print_xid[print_nxids++] = xid;
}

/* Does the snapshot show all rows that were taken in? */
static bool
print_is_visible(Snapshot snapshot)
{
	int			i;

	if (print_nxids == 0 || TransactionIdPrecedes(print_newest, snapshot->xmin))
		return true;
	for (i = 0; i < print_nxids; i++)
	{
		if (TransactionIdIsCurrentTransactionId(print_xid[i]))
		{
			if (print_own_command >= snapshot->curcid)
				return false;
		}
		else if (XidInMVCCSnapshot(print_xid[i], snapshot))
			return false;
	}
	return true;
}

static bool
place_is_visible(const PrintPlace *place, Buffer buffer, Snapshot snapshot,
				 bool *settled)
{
	Page		page = BufferGetPage(buffer);
	OffsetNumber offset = ItemPointerGetOffsetNumber(&place->tid);
	HeapTupleData tuple;
	ItemId		item;

	if (offset > PageGetMaxOffsetNumber(page))
		return false;
	item = PageGetItemId(page, offset);
	if (!ItemIdIsNormal(item))
		return false;
	tuple.t_data = (HeapTupleHeader) PageGetItem(page, item);
	tuple.t_len = ItemIdGetLength(item);
	tuple.t_tableOid = place->catalog;
	tuple.t_self = place->tid;
	if ((tuple.t_data->t_infomask & HEAP_XMAX_INVALID) == 0 &&
		!HEAP_XMAX_IS_LOCKED_ONLY(tuple.t_data->t_infomask))
		*settled = false;
	return HeapTupleHeaderGetRawXmin(tuple.t_data) == place->xmin &&
		HeapTupleSatisfiesVisibility(&tuple, snapshot, buffer);
}

/* Pin a page and lock it; kept is where it was the last time, or invalid. */
static Buffer
open_page(Relation relation, BlockNumber block, Buffer kept)
{
	Buffer		buffer = kept;

	if (!BufferIsValid(kept) ||
		!compat_read_recent_buffer(relation, block, kept))
		buffer = ReadBuffer(relation, block);
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	return buffer;
}

/* Are the pages of a catalog as they were when all rows on them were settled? */
static bool
pages_are_same(Oid catalog, Relation relation)
{
	bool		same = true;
	int			i;

	for (i = 0; i < print_npages && same; i++)
	{
		PrintPage  *page = &print_page[i];

		if (page->catalog != catalog)
			continue;
		page->buffer = open_page(relation, page->block, page->buffer);
		same = PageGetLSN(BufferGetPage(page->buffer)) == page->lsn;
		UnlockReleaseBuffer(page->buffer);
	}
	return same;
}

/*
 * Are the rows of a catalog that were taken in those that the snapshot shows?
 * Notes their pages, and whether all the rows are settled: nobody has deleted
 * or changed any, committed or not.
 */
static bool
rows_are_visible(Oid catalog, Relation relation, Snapshot snapshot,
				 bool *settled)
{
	PrintPage  *page = NULL;
	bool		visible = true;
	int			i;

	for (i = 0; i < print_nplaces && visible; i++)
	{
		const PrintPlace *place = &print_place[i];
		BlockNumber block = ItemPointerGetBlockNumber(&place->tid);

		if (place->catalog != catalog)
			continue;
		if (page == NULL || page->block != block)
		{
			if (page != NULL)
				UnlockReleaseBuffer(page->buffer);
			page = &print_page[print_npages++];
			page->catalog = catalog;
			page->block = block;
			page->buffer = open_page(relation, block, InvalidBuffer);
			page->lsn = PageGetLSN(BufferGetPage(page->buffer));
		}
		visible = place_is_visible(place, page->buffer, snapshot, settled);
	}
	if (page != NULL)
		UnlockReleaseBuffer(page->buffer);
	return visible;
}

/* Are all the rows that were taken in those that the snapshot shows? */
static bool
places_are_visible(Snapshot snapshot)
{
	/* locking takes in invalidations: then they may be elsewhere */
	Relation	triggers = table_open(TriggerRelationId, AccessShareLock);
	Relation	tables = table_open(RelationRelationId, AccessShareLock);
	bool		visible = print_valid;
	bool		settled = true;

	if (visible &&
		!(pages_settled && pages_are_same(TriggerRelationId, triggers) &&
		  pages_are_same(RelationRelationId, tables)))
	{
		print_npages = 0;
		visible = rows_are_visible(TriggerRelationId, triggers, snapshot, &settled) &&
			rows_are_visible(RelationRelationId, tables, snapshot, &settled);
		pages_settled = visible && settled;
	}
	table_close(tables, AccessShareLock);
	table_close(triggers, AccessShareLock);
	return visible;
}

/* The same, but nothing is looked at twice for one snapshot. */
static bool
snapshot_shows_print(Snapshot snapshot)
{
	TransactionId own = GetTopTransactionIdIfAny();

	if (!print_is_visible(snapshot))
		return false;
	if (seen_any && seen_own == own && seen_xmin == snapshot->xmin &&
		seen_xmax == snapshot->xmax && seen_xcnt == snapshot->xcnt &&
		seen_subxcnt == snapshot->subxcnt && seen_curcid == snapshot->curcid)
		return true;
	if (!places_are_visible(snapshot))
	{
		print_valid = false;
		return false;
	}
	seen_any = true;
	seen_own = own;
	seen_xmin = snapshot->xmin;
	seen_xmax = snapshot->xmax;
	seen_xcnt = snapshot->xcnt;
	seen_subxcnt = snapshot->subxcnt;
	seen_curcid = snapshot->curcid;
	return true;
}

/* Take in the triggers of the log on one table; false: not all are as due. */
static bool
print_triggers(Oid relid, uint64 *hash)
{
	Relation	catalog = table_open(TriggerRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	size_t		good = 0;

	ScanKeyInit(&key, Anum_pg_trigger_tgrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, TriggerRelidNameIndexId, true, NULL, 1,
							  &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_trigger form = (Form_pg_trigger) GETSTRUCT(tuple);
		TriggerPrint print;
		size_t		i;

		for (i = 0; i < lengthof(log_triggers); i++)
			if (strcmp(NameStr(form->tgname), log_triggers[i].name) == 0)
				break;
		if (i == lengthof(log_triggers))
			continue;
		note_xid(tuple);
		print.oid = form->oid;
		print.function = form->tgfoid;
		print.xmin = HeapTupleHeaderGetRawXmin(tuple->t_data);
		print.enabled = (uint32) form->tgenabled;
		print.block = ItemPointerGetBlockNumber(&tuple->t_self);
		print.offset = ItemPointerGetOffsetNumber(&tuple->t_self);
		*hash = hash_bytes_extended((unsigned char *) &print, sizeof(print),
									*hash);
		if (form->tgenabled == log_triggers[i].enabled ||
			form->tgenabled == TRIGGER_FIRES_ALWAYS)
			good++;
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return good == lengthof(log_triggers);
}

/* Take in where its columns stand, which may have changed names. */
static void
print_columns(GraphTable table, Oid relid, uint64 *hash)
{
	int			i;

	for (i = 0; i < GRAPH_MAX_COLUMNS; i++)
	{
		const char *name = graph_table_column_name(table, i);
		AttrNumber	number = name == NULL ? InvalidAttrNumber
			: get_attnum(relid, name);

		*hash = hash_bytes_extended((unsigned char *) &number, sizeof(number),
									*hash);
	}
}

/* Take in one table; false: its changes are not all logged. */
static bool
print_table(GraphTable table, Oid relid, uint64 *hash)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Form_pg_class form;
	TablePrint	print = {0};
	bool		plain;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_class) GETSTRUCT(tuple);
	plain = form->relkind == RELKIND_RELATION && !form->relhassubclass;
	print.relid = relid;
	print.filenumber = form->relfilenode;
	print.xmin = HeapTupleHeaderGetRawXmin(tuple->t_data);
	print.children = form->relhassubclass;
	note_xid(tuple);
	ReleaseSysCache(tuple);
	*hash = hash_bytes_extended((unsigned char *) &print, sizeof(print), *hash);
	print_columns(table, relid, hash);
	return (table >= GRAPH_NLOGGED || print_triggers(relid, hash)) && plain;
}

static int
compare_places(const void *a, const void *b)
{
	const PrintPlace *x = a;
	const PrintPlace *y = b;

	if (x->catalog != y->catalog)
		return x->catalog < y->catalog ? -1 : 1;
	return ItemPointerCompare((ItemPointer) &x->tid, (ItemPointer) &y->tid);
}

/* Read all anew; valid unless an invalidation of what was read comes meanwhile. */
static void
take_print(void)
{
	Oid			namespace = get_namespace_oid("netstate", true);
	bool		missing = false;
	int			i;

	print_valid = false;
	print_clean = true;
	print_hash = 0;
	print_loggable = true;
	print_nxids = 0;
	print_nplaces = 0;
	print_own_command = 0;
	pages_settled = false;
	seen_any = false;
	for (i = 0; i < GRAPH_NPRINTED; i++)
	{
		Oid			relid = InvalidOid;

		if (OidIsValid(namespace))
			relid = get_relname_relid(graph_table_name(i), namespace);
		print_relid[i] = relid;
		if (i == GRAPH_DRAIN && !OidIsValid(relid))
		{
			/* objects of a version without drains; the next one alters others */
			for (; i + 1 < GRAPH_NLOGGED; i++)
				print_relid[i + 1] = InvalidOid;
			continue;
		}
		missing = missing || !OidIsValid(relid);
		print_loggable = OidIsValid(relid) &&
			print_table(i, relid, &print_hash) && print_loggable;
	}

	qsort(print_place, print_nplaces, sizeof(PrintPlace), compare_places);

	/* No invalidation of a table that is known will tell of its coming. */
	print_valid = print_clean && !missing;
}

uint64
graph_table_fingerprint(bool *loggable)
{
	bool		shown = false;
	int			try;

	graph_table_watch();
	AcceptInvalidationMessages();
	for (try = 0; try < MOST_TRIES && !shown; try++)
	{
		if (!print_valid)
			take_print();
		shown = !ActiveSnapshotSet() ||
			snapshot_shows_print(GetActiveSnapshot());
		if (print_valid || !print_loggable)
			break;
	}
	*loggable = print_loggable && shown;
	return print_hash;
}
