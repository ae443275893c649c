/*-------------------------------------------------------------------------
 *
 * commit_check_run.c
 *	  The check at COMMIT: under one lock for all commits that need it, with
 *	  the newest snapshot, what the transaction changed is proven.
 *
 * Why it holds: two transactions that each leave the plant right may together
 * leave it wrong.  PostgreSQL releases locks only after a commit has become
 * visible; so whoever holds this lock sees, under a snapshot that is taken
 * after it was got, all that was proven before, and nobody else can prove
 * anything until its own commit is visible.  The snapshot that a deferred
 * trigger is given is older than the wait for the lock, at READ COMMITTED too;
 * it is never used here.
 *
 * What is still to be proven stands in netstate.commit_check and nowhere else.
 * The first event of a transaction takes all its rows; for the others their row
 * is gone.  The rollback of a savepoint brings rows back, a change after an
 * early check adds new ones.
 *
 * Under the lock nothing waits for another transaction, save for the lock on an
 * index or table that somebody rebuilds; all that is read is locked before.
 * lock_timeout is set for what is left.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/xid8.h"

#include "commit_check.h"
#include "commit_check_risk.h"
#include "compat.h"
#include "query.h"
#include "span_pair.h"

/*
 * SQL's advisory locks end in 1 or 2: nobody can hold this one, or look as if.
 */
#define LOCK_MAGIC 0x6e657473	/* "nets" */
#define LOCK_CLASS 7

#define LOCK_TIMEOUT_MS 1000	/* once the commit lock is held */

static void
commit_lock_tag(LOCKTAG *tag)
{
	SET_LOCKTAG_ADVISORY(*tag, MyDatabaseId, LOCK_MAGIC, 1, LOCK_CLASS);
}

/*
 * Each check asks anew: after the rollback of a savepoint it is not held.
 * NETSTATE_BROKEN_LOCK makes a library whose checks prove nothing, for tests.
 */
static void
take_commit_lock(void)
{
#ifndef NETSTATE_BROKEN_LOCK
	LOCKTAG		tag;

	commit_lock_tag(&tag);
	LockAcquire(&tag, ExclusiveLock, false, false);
#endif
}

/*
 * A prepared transaction would keep the lock for as long as it is left, and
 * with it every other COMMIT.
 */
static void
transaction_event(XactEvent event, void *arg)
{
	LOCKTAG		tag;

	if (event != XACT_EVENT_PRE_PREPARE)
		return;
	commit_lock_tag(&tag);
	if (compat_lock_held_by_me(&tag, ExclusiveLock))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot PREPARE a transaction that changed what netstate checks at COMMIT"),
				 errdetail("It holds the lock under which such changes are proven, and a prepared transaction would keep it."),
				 errhint("Use COMMIT.")));
}

void
commit_check_define(void)
{
	RegisterXactCallback(transaction_event, NULL);
}

/* ---- the queue ---- */

static void
add_row(HeapTuple tuple, TupleDesc desc, CheckChange *changed)
{
	bool		null;
	Datum		value = heap_getattr(tuple, QUEUE_WHAT + 1, desc, &null);
	char	   *word = null ? NULL : TextDatumGetCString(value);
	ArrayType  *ids;
	int			what;
	int			n;
	int			i;

	for (what = 0; word != NULL && what < CHANGED_NKINDS; what++)
	{
		if (strcmp(word, check_what_word[what]) == 0)
			break;
	}
	if (word == NULL || what == CHANGED_NKINDS)
		return;					/* for a later version */
	value = heap_getattr(tuple, QUEUE_IDS + 1, desc, &null);
	if (null || what == CHANGED_RISK)
	{
		changed[what].all = true;
		return;
	}
	ids = DatumGetArrayTypeP(value);
	n = ArrayGetNItems(ARR_NDIM(ids), ARR_DIMS(ids));
	for (i = 0; i < n; i++)
		id_set_add(&changed[what].ids, ((int64 *) id_array_data(ids))[i]);
}

/*
 * What the transaction has queued.  Rows are found by SnapshotSelf: that takes
 * no predicate locks, and all rows of this number are the transaction's own.
 */
static void
read_queue(Relation rel, bool take, CheckRun *run, CheckChange *changed)
{
	Oid			index = get_relname_relid("commit_check_xid_idx",
										  RelationGetNamespace(rel));
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	int			i;

	for (i = 0; i < CHANGED_NKINDS; i++)
	{
		changed[i].all = false;
		id_set_make(&changed[i].ids, &run->view.memory.env);
	}
	ScanKeyInit(&key, QUEUE_XID + 1, BTEqualStrategyNumber, F_XID8EQ,
				FullTransactionIdGetDatum(GetTopFullTransactionId()));
	scan = systable_beginscan(rel, index, OidIsValid(index), SnapshotSelf, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		CHECK_FOR_INTERRUPTS();
		add_row(tuple, RelationGetDescr(rel), changed);
		if (take)
			simple_heap_delete(rel, &tuple->t_self);
	}
	systable_endscan(scan);
}

/* ---- the check ---- */

static void
raise_finding(const CheckFinding *finding, void *state)
{
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg_internal("%s", finding->message),
			 errdetail_internal("%s", finding->detail),
			 errhint("%s", finding->hint),
			 err_generic_string(PG_DIAG_SCHEMA_NAME, "netstate"),
			 err_generic_string(PG_DIAG_CONSTRAINT_NAME, finding->rule)));
}

static void
begin_run(CheckRun *run, CheckFoundFn found, void *state)
{
	memset(run, 0, sizeof(*run));
	check_view_begin(&run->view);
	run->caller = GetUserId();
	run->found = found;
	run->state = state;
}

/* Routes: what was changed and what rests on it leads on without a gap. */
static void
prove_routes(CheckRun *run, const CheckChange *changed)
{
	CheckTouched touched;

	check_touch(run, changed, &touched);
	check_prove(run, &touched);
}

/*
 * Intent: what the changes leave of diversity.  By a snapshot of its own, which
 * shows the pairs of spans that this check itself has completed.
 */
static void
prove_intent(CheckRun *run, const CheckChange *changed)
{
	CheckRisk	risk = {0};

	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	check_groups(run, changed, &risk);
	check_drains(run, changed, &risk);
	PopActiveSnapshot();
}

/* Names are found in pg_catalog alone, and no lock is waited for long. */
static void
pin_settings(void)
{
	char		timeout[16];

	if (set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET,
						  PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false) <= 0)
		elog(ERROR, "could not set search_path");
	if (LockTimeout > 0 && LockTimeout < LOCK_TIMEOUT_MS)
		return;
	snprintf(timeout, sizeof(timeout), "%d", LOCK_TIMEOUT_MS);
	if (set_config_option("lock_timeout", timeout, PGC_USERSET, PGC_S_SESSION,
						  GUC_ACTION_SAVE, true, 0, false) <= 0)
		elog(ERROR, "could not set lock_timeout");
}

/* Whoever had to wait in vain has done nothing wrong. */
static void
say_retry(void *arg)
{
	int			code = geterrcode();

	if (code == ERRCODE_T_R_DEADLOCK_DETECTED)
		errhint("Run the transaction again. SET CONSTRAINTS ... IMMEDIATE keeps the lock of all such commits until its transaction ends: change nothing after it.");
	else if (code == ERRCODE_LOCK_NOT_AVAILABLE)
		errhint("Run the transaction again: others were proving their changes, or hold what this check reads.");
}

/* All that a check may write or read of pairs, locked before the commit lock. */
static void
lock_pairs(void)
{
	LockRelationOid(query_table("span_pair"), RowExclusiveLock);
	LockRelationOid(query_table("span_pair_own"), RowExclusiveLock);
	LockRelationOid(query_table("change_log"), RowExclusiveLock);
}

/* Prove what is queued; or, where nobody knows what was changed, all. */
static void
run_check(Relation rel, bool all)
{
	CheckRun	run;
	CheckChange changed[CHANGED_NKINDS];
	bool		pairs;			/* may follow from what was changed */
	bool		intent;			/* may be touched by it */
	int			what;
	Oid			userid;
	int			sec_context;
	int			nest;
	MemoryContext before;
	ErrorContextCallback context = {error_context_stack, say_retry, NULL};

	error_context_stack = &context;
	begin_run(&run, raise_finding, NULL);
	before = MemoryContextSwitchTo(run.view.memory.context);
	read_queue(rel, true, &run, changed);
	for (what = 0; what < CHANGED_NKINDS && all; what++)
		changed[what].all = true;
	pairs = check_any_change(&changed[CHANGED_SPAN]) ||
		check_any_change(&changed[CHANGED_SPAN_COURSE]) ||
		check_any_change(&changed[CHANGED_STRUCTURE_PLACE]);
	intent = check_touches_intent(changed);
	check_view_lock();
	if (pairs)
		lock_pairs();
	if (intent)
		check_risk_lock();

	take_commit_lock();

	commit_check_as_owner(rel, &userid, &sec_context);
	nest = NewGUCNestLevel();
	pin_settings();
	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	prove_routes(&run, changed);
	if (pairs)
		span_pair_complete();
	if (intent)
		prove_intent(&run, changed);
	PopActiveSnapshot();
	AtEOXact_GUC(true, nest);
	SetUserIdAndSecContext(userid, sec_context);
	MemoryContextSwitchTo(before);
	check_view_end(&run.view);
	error_context_stack = context.previous;
}

/*
 * Its triggers never came to queue what the statement changed, and the events of
 * deferred triggers are over.
 */
void
commit_check_left(void)
{
	Relation	rel = table_open(query_table("commit_check"), RowExclusiveLock);
	const TriggerDesc *triggers = rel->trigdesc;
	int			i;

	for (i = 0; triggers != NULL && i < triggers->numtriggers; i++)
		if (strcmp(triggers->triggers[i].tgname, "commit_check_run") == 0 &&
			triggers->triggers[i].tgenabled != TRIGGER_DISABLED)
			break;
	if (triggers != NULL && i < triggers->numtriggers)
	{
		/* the last statement's snapshot is gone */
		PushActiveSnapshot(GetTransactionSnapshot());
		run_check(rel, true);
		PopActiveSnapshot();
	}
	table_close(rel, NoLock);
}

/* Does the row of this event still stand, or has an earlier one taken it? */
static bool
row_stands(Relation rel, HeapTuple tuple)
{
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	bool		stands = table_tuple_fetch_row_version(rel, &tuple->t_self,
													   SnapshotSelf, slot);

	ExecDropSingleTupleTableSlot(slot);
	return stands;
}

pg_noreturn static void
refuse_call(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
			 errmsg("netstate.commit_check_run() was not called as its trigger"),
			 errdetail_internal("%s", detail),
			 errhint("The extension's own trigger calls it; nothing else needs to.")));
}

PG_FUNCTION_INFO_V1(netstate_commit_check_run);

Datum
netstate_commit_check_run(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		refuse_call("It was called as a function.");
	if (!TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) ||
		RelationGetRelid(trigdata->tg_relation) != query_table("commit_check"))
		refuse_call(psprintf("Trigger \"%s\" fires it otherwise than for each row inserted into netstate.commit_check.",
							 trigdata->tg_trigger->tgname));
	if (row_stands(trigdata->tg_relation, trigdata->tg_trigtuple))
		run_check(trigdata->tg_relation, false);
	return PointerGetDatum(NULL);
}

/* ---- the same, to be looked at ---- */

#define PENDING_COLUMNS 7

static Datum
text_or_null(const char *text, bool *null)
{
	*null = text == NULL;
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

static void
put_finding(const CheckFinding *finding, void *state)
{
	ReturnSetInfo *rsinfo = state;
	Datum		value[PENDING_COLUMNS];
	bool		null[PENDING_COLUMNS] = {0};

	value[0] = CStringGetTextDatum(finding->rule);
	value[1] = CStringGetTextDatum(finding->kind);
	value[2] = Int64GetDatum(finding->id);
	value[3] = text_or_null(finding->name, &null[3]);
	value[4] = CStringGetTextDatum(finding->message);
	value[5] = CStringGetTextDatum(finding->detail);
	value[6] = CStringGetTextDatum(finding->hint);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, value, null);
}

PG_FUNCTION_INFO_V1(netstate_check_pending);

Datum
netstate_check_pending(PG_FUNCTION_ARGS)
{
	CheckRun	run;
	CheckChange changed[CHANGED_NKINDS];
	Oid			userid;
	int			sec_context;
	MemoryContext before;
	Relation	rel;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!FullTransactionIdIsValid(GetTopFullTransactionIdIfAny()))
		return (Datum) 0;		/* has changed nothing */

	rel = table_open(query_table("commit_check"), AccessShareLock);
	begin_run(&run, put_finding, fcinfo->resultinfo);
	before = MemoryContextSwitchTo(run.view.memory.context);
	read_queue(rel, false, &run, changed);
	commit_check_as_owner(rel, &userid, &sec_context);
	PushActiveSnapshot(GetLatestSnapshot());
	prove_routes(&run, changed);
	if (check_touches_intent(changed))
		prove_intent(&run, changed);
	PopActiveSnapshot();
	SetUserIdAndSecContext(userid, sec_context);
	MemoryContextSwitchTo(before);
	check_view_end(&run.view);
	table_close(rel, AccessShareLock);
	return (Datum) 0;
}
