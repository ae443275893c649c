/*-------------------------------------------------------------------------
 *
 * change_prune.c
 *	  Deleting old rows of netstate.change_log.
 *
 * Who deletes holds a lock on the one row of netstate.change_horizon, taken
 * only if it is free, and raises it above all that he deletes.  It never goes
 * above the oldest transaction running, so that a graph just read is never
 * behind it.  A transaction with more rows than a batch loses them batch by
 * batch: what lies below the horizon may be gone, or not yet.  Such rows are
 * of the last number below it alone, which is where the next batch begins, so
 * that index entries of rows long deleted are not met again.
 *
 * A commit that deletes, deletes at least twice what was logged in its session
 * since the last time, so that the log shrinks to its size whoever writes.  Just before the commit, so that the
 * lock is held for a moment only.
 *
 * Scans see what is committed (SnapshotSelf): they take no predicate locks, so
 * that no serializable transaction fails for them.  The wrong answer that such
 * a scan may give beside writers is to miss a row.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relation.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "common/pg_prng.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "replication/logicalworker.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/xid8.h"

#include "change_prune.h"
#include "compat.h"

#define PRUNE_EVERY 256			/* rows logged */
#define ROWS_PER_PAGE 128		/* at most */

/* Rows by the server's counters, and what this backend did since. */
static int64 counted;
static int64 since_counted;

/* netstate.change_log and the locked row of netstate.change_horizon. */
typedef struct Prune
{
	Relation	log;
	Relation	index;			/* on xid, seq */
	Relation	horizon;
	TupleTableSlot *row;		/* of horizon */
	uint64		below;			/* the horizon that it says */
	uint64		oldest;			/* transaction running */
	bool		interruptible;
} Prune;

/* The first column of a row. */
static uint64
xid_of(TupleTableSlot *slot)
{
	bool		null;
	Datum		value = slot_getattr(slot, 1, &null);

	return null ? 0 : U64FromFullTransactionId(DatumGetFullTransactionId(value));
}

/* A table of ours, or NULL where it is not there or would have to be waited for. */
static Relation
open_if_free(const char *table)
{
	Oid			schema = get_namespace_oid("netstate", true);
	Oid			relid = InvalidOid;

	if (OidIsValid(schema))
		relid = get_relname_relid(table, schema);
	if (!OidIsValid(relid) ||
		!ConditionalLockRelationOid(relid, RowExclusiveLock))
		return NULL;
	return try_relation_open(relid, NoLock);
}

/*
 * Lock the horizon's row and read it; false where somebody else has it.  The
 * horizon only rises, so the row is the last in its index, and versions that
 * VACUUM has yet to remove are not met.
 */
static bool
lock_horizon(Prune *prune)
{
	Relation	index = index_open(prune->horizon->rd_pkindex, AccessShareLock);
	IndexScanDesc scan = compat_index_beginscan(prune->horizon, index,
												SnapshotSelf, 0);
	bool		found;
	ItemPointerData tid;
	TM_FailureData failure;

	index_rescan(scan, NULL, 0, NULL, 0);
	found = index_getnext_slot(scan, BackwardScanDirection, prune->row);
	if (found)
		tid = prune->row->tts_tid;
	ExecClearTuple(prune->row);
	index_endscan(scan);
	index_close(index, NoLock);
	if (!found ||
		table_tuple_lock(prune->horizon, &tid, SnapshotSelf, prune->row,
						 GetCurrentCommandId(false), LockTupleExclusive,
						 LockWaitSkip, TUPLE_LOCK_FLAG_FIND_LAST_VERSION,
						 &failure) != TM_Ok)
		return false;
	prune->below = xid_of(prune->row);
	return true;
}

/* The oldest transaction running, as a full number. */
static uint64
oldest_running(void)
{
	TransactionId xmin = GetLatestSnapshot()->xmin;
	FullTransactionId next = ReadNextFullTransactionId();
	uint32		behind = XidFromFullTransactionId(next) - xmin;

	return U64FromFullTransactionId(next) - behind;
}

static void
raise_horizon(Prune *prune, uint64 below)
{
	HeapTuple	tuple;
	Datum		value = FullTransactionIdGetDatum(FullTransactionIdFromU64(below));
	bool		null = false;
	ItemPointerData tid = prune->row->tts_tid;

	if (below <= prune->below)
		return;
	tuple = heap_form_tuple(RelationGetDescr(prune->horizon), &value, &null);
	CatalogTupleUpdate(prune->horizon, &tid, tuple);
	heap_freetuple(tuple);
}

/* Delete up to "most" rows of transactions before "limit", the oldest first. */
static int64
delete_rows(Prune *prune, uint64 limit, int64 most)
{
	uint64		first = prune->below > 0 ? prune->below - 1 : 0;
	uint64		below = prune->below;
	CommandId	command = GetCurrentCommandId(true);
	TupleTableSlot *slot = table_slot_create(prune->log, NULL);
	IndexScanDesc scan = compat_index_beginscan(prune->log, prune->index,
												SnapshotSelf, 1);
	ScanKeyData key;
	int64		deleted = 0;

	ScanKeyInit(&key, 1, BTGreaterEqualStrategyNumber, F_XID8GE,
				FullTransactionIdGetDatum(FullTransactionIdFromU64(first)));
	index_rescan(scan, &key, 1, NULL, 0);
	while (deleted < most &&
		   index_getnext_slot(scan, ForwardScanDirection, slot))
	{
		uint64		xid = xid_of(slot);
		TM_FailureData failure;

		if (prune->interruptible)
			CHECK_FOR_INTERRUPTS();
		if (xid >= limit)
			break;
		if (table_tuple_delete(prune->log, &slot->tts_tid, command, SnapshotSelf,
							   InvalidSnapshot, false, &failure, false) != TM_Ok)
			continue;			/* somebody did, past the horizon's lock */
		below = Max(below, xid + 1);
		deleted++;
	}
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	raise_horizon(prune, below);
	return deleted;
}

/* The transaction of the row that is the keep-th from the end, or 0. */
static uint64
find_limit(Prune *prune, int64 keep)
{
	TupleTableSlot *slot;
	IndexScanDesc scan;
	uint64		limit = 0;

	if (keep == 0)
		return prune->oldest;
	slot = table_slot_create(prune->log, NULL);
	scan = compat_index_beginscan(prune->log, prune->index, SnapshotSelf, 0);
	index_rescan(scan, NULL, 0, NULL, 0);
	while (index_getnext_slot(scan, BackwardScanDirection, slot))
	{
		CHECK_FOR_INTERRUPTS();
		if (--keep > 0)
			continue;
		limit = xid_of(slot);
		break;
	}
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	return Min(limit, prune->oldest);
}

static bool
prune_begin(Prune *prune, bool interruptible)
{
	memset(prune, 0, sizeof(*prune));
	prune->interruptible = interruptible;
	prune->log = open_if_free("change_log");
	if (prune->log == NULL)
		return false;
	prune->horizon = open_if_free("change_horizon");
	if (prune->horizon == NULL)
		return false;
	list_free(RelationGetIndexList(prune->log));	/* finds the primary key */
	list_free(RelationGetIndexList(prune->horizon));
	return OidIsValid(prune->log->rd_pkindex) &&
		OidIsValid(prune->horizon->rd_pkindex);
}

static bool
prune_lock(Prune *prune)
{
	prune->index = index_open(prune->log->rd_pkindex, AccessShareLock);
	prune->row = table_slot_create(prune->horizon, NULL);
	if (!lock_horizon(prune))
		return false;
	prune->oldest = oldest_running();
	return true;
}

/* Locks stay until the transaction ends. */
static void
prune_end(Prune *prune)
{
	if (prune->row != NULL)
		ExecDropSingleTupleTableSlot(prune->row);
	if (prune->index != NULL)
		index_close(prune->index, NoLock);
	if (prune->horizon != NULL)
		relation_close(prune->horizon, NoLock);
	if (prune->log != NULL)
		relation_close(prune->log, NoLock);
}

/*
 * Rows beyond CHANGE_LOG_KEEP, about.  By the file's size at first, which costs
 * nothing.  The server's counters follow within a second, so that between two
 * looks at the same count what this backend did itself is added.
 */
static int64
surplus(Relation log, int64 logged)
{
	int64		room = (int64) RelationGetNumberOfBlocks(log) * ROWS_PER_PAGE;
	PgStat_StatTabEntry *counts;

	if (room <= CHANGE_LOG_KEEP)
		return 0;
	counts = pgstat_fetch_stat_tabentry(RelationGetRelid(log));
	if (counts == NULL || !pgstat_track_counts)
		return room / 2 - CHANGE_LOG_KEEP;	/* dead rows among them */
	if (compat_live_tuples(counts) != counted)
	{
		counted = compat_live_tuples(counts);
		since_counted = 0;
	}
	since_counted += logged;
	return counted + since_counted - CHANGE_LOG_KEEP;
}

/*
 * Many sessions log few rows each, so the first time is left to chance.
 */
void
change_prune_at_commit(int64 logged)
{
	static int64 until_next = -1;
	Prune		prune;

	if (until_next < 0)
		until_next = pg_prng_uint64_range(&pg_global_prng_state, 0,
										  PRUNE_EVERY - 1);
	until_next -= logged;
	if (until_next > 0)
		return;
	until_next = PRUNE_EVERY;
	if (IsolationUsesXactSnapshot() || IsLogicalWorker())
		return;

	/* who writes has a snapshot, and the last statement's is gone */
	PushActiveSnapshot(GetTransactionSnapshot());
	if (prune_begin(&prune, false) && surplus(prune.log, logged + PRUNE_EVERY) > 0 &&
		prune_lock(&prune))
		since_counted -= delete_rows(&prune, prune.oldest,
									 2 * (logged + PRUNE_EVERY));
	prune_end(&prune);
	PopActiveSnapshot();
}

int64
change_prune_run(int64 keep)
{
	Prune		prune;
	int64		deleted = 0;

	if (prune_begin(&prune, true) && prune_lock(&prune))
		deleted = delete_rows(&prune, find_limit(&prune, keep), PG_INT64_MAX);
	prune_end(&prune);
	CommandCounterIncrement();	/* the next call sees what this one did */
	return deleted;
}

PG_FUNCTION_INFO_V1(netstate_prune_change_log);

Datum
netstate_prune_change_log(PG_FUNCTION_ARGS)
{
	int64		keep;
	Oid			relid = get_relname_relid("change_log",
										  get_namespace_oid("netstate", false));

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument keep of prune_change_log() is NULL"),
				 errhint("Give the number of rows that the log is to hold, or leave the argument out.")));
	keep = PG_GETARG_INT64(0);
	if (keep < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument keep of prune_change_log() is negative"),
				 errdetail("It is " INT64_FORMAT ".", keep),
				 errhint("Give the number of rows that the log is to hold, 0 or more.")));
	if (OidIsValid(relid) &&
		pg_class_aclcheck(relid, GetUserId(), ACL_DELETE) != ACLCHECK_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to prune netstate.change_log"),
				 errdetail("It needs the right to DELETE from it."),
				 errhint("Let the owner call it, or GRANT DELETE ON netstate.change_log.")));
	PreventCommandIfReadOnly("prune_change_log()");
	PreventCommandDuringRecovery("prune_change_log()");
	PG_RETURN_INT64(change_prune_run(keep));
}
