/*-------------------------------------------------------------------------
 *
 * change_log.c
 *	  The triggers that log what changes the graph, and what of it is not
 *	  logged yet.
 *
 * A statement's changes are logged when it ends, from its transition tables.
 * Until then a function called in the middle of it (by a user's row trigger)
 * may see changes that the log does not show, so a BEFORE STATEMENT trigger
 * notes that a statement is under way, and the log's trigger strikes the note
 * off.  PostgreSQL fires both once for the same set of transition tables,
 * whatever cascades add to it.
 *
 * A note that nobody strikes off is of a statement that failed, which the
 * abort of its (sub)transaction forgets; or of one that changed rows and never
 * fired its AFTER triggers: SPI stops an UPDATE ... RETURNING at the row limit
 * that its caller gave, or somebody disabled the trigger.  What such a
 * statement changed is not known, so before the transaction commits "all of
 * every network" is logged.
 *
 * Logical replication fires row triggers only.  The one for it leaves rows to
 * the statement's trigger where a statement is under way: the copy of a new
 * table in a subscription is one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

#include "change_log.h"
#include "change_prune.h"
#include "change_row.h"
#include "change_write.h"
#include "commit_check.h"
#include "compat.h"

#define NOTES_ROOM 16

/* Statements of one kind on one table, begun in one subtransaction. */
typedef struct Note
{
	SubTransactionId subid;
	Oid			relid;
	TriggerEvent event;
	int			n;
} Note;

static Note *note;				/* in TopMemoryContext */
static int	nnotes;
static int	notes_room;
static int	pending;			/* sum of their n */

static ChangeSet changed;

int
change_log_pending(void)
{
	return pending;
}

bool
change_log_covers(Snapshot snapshot)
{
	if (snapshot->curcid == FirstCommandId)
		return true;			/* it shows no own change at all */
	if (pending > 0 ||
		SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA)
		return false;
	if (IsParallelWorker())
		return !TransactionIdIsValid(GetTopTransactionIdIfAny());
	return change_write_count() == 0 ||
		snapshot->curcid > change_write_command();
}

static Note *
find_note(Oid relid, TriggerEvent event)
{
	SubTransactionId subid = GetCurrentSubTransactionId();
	int			i;

	for (i = nnotes - 1; i >= 0; i--)
	{
		if (note[i].relid == relid && note[i].event == event &&
			note[i].subid == subid)
			return &note[i];
	}
	return NULL;
}

static void
drop_note(int i)
{
	pending -= note[i].n;
	nnotes--;
	memmove(&note[i], &note[i + 1], (nnotes - i) * sizeof(Note));
}

static void
statement_begins(Oid relid, TriggerEvent event)
{
	Note	   *present = find_note(relid, event);

	if (present == NULL)
	{
		if (nnotes == notes_room)
		{
			int			room = Max(NOTES_ROOM, notes_room * 2);

			if (note == NULL)
				note = MemoryContextAlloc(TopMemoryContext,
										  mul_size(room, sizeof(Note)));
			else
				note = repalloc(note, mul_size(room, sizeof(Note)));
			notes_room = room;
		}
		present = &note[nnotes++];
		present->subid = GetCurrentSubTransactionId();
		present->relid = relid;
		present->event = event;
		present->n = 0;
	}
	present->n++;
	pending++;
}

static void
statement_is_logged(Oid relid, TriggerEvent event)
{
	Note	   *present = find_note(relid, event);

	if (present == NULL)
		return;					/* its begin trigger is disabled */
	if (present->n == 1)
		drop_note(present - note);
	else
	{
		present->n--;
		pending--;
	}
}

/*
 * Log what statements changed that never came to log it.  The transaction may
 * have dropped the extension since, and has to commit all the same.
 */
static void
log_rest(void)
{
	Oid			schema;

	if (pending == 0)
		return;
	schema = get_namespace_oid("netstate", true);
	if (OidIsValid(schema) &&
		OidIsValid(get_relname_relid("change_log", schema)))
	{
		/* who writes has a snapshot, and the last statement's is gone */
		PushActiveSnapshot(GetTransactionSnapshot());
		change_write_all();
		PopActiveSnapshot();
	}
}

/*
 * Nor did they come to queue it for the check at COMMIT: a statement that
 * returns rows was left before its end (PL/Perl and PL/Python can), or the
 * triggers of the log are disabled, from which the check knows what to look at.
 */
static void
prove_rest(void)
{
	Oid			schema;

	if (pending == 0)
		return;
	schema = get_namespace_oid("netstate", true);
	if (OidIsValid(schema) &&
		OidIsValid(get_relname_relid("commit_check", schema)))
		commit_check_left();
}

static void
transaction_event(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
			log_rest();
			prove_rest();
			if (change_write_count() > 0)
				change_prune_at_commit(change_write_count());
			break;
		case XACT_EVENT_PRE_PREPARE:
			log_rest();
			break;
		case XACT_EVENT_PARALLEL_PRE_COMMIT:
			break;
		default:
			nnotes = 0;
			pending = 0;
			change_write_reset();
			break;
	}
}

static void
subtransaction_event(SubXactEvent event, SubTransactionId subid,
					 SubTransactionId parent, void *arg)
{
	int			i;

	if (event != SUBXACT_EVENT_ABORT_SUB && event != SUBXACT_EVENT_COMMIT_SUB)
		return;
	for (i = nnotes - 1; i >= 0; i--)
	{
		if (note[i].subid != subid)
			continue;
		if (event == SUBXACT_EVENT_ABORT_SUB)
			drop_note(i);
		else
			note[i].subid = parent;
	}
}

void
change_log_define(void)
{
	change_row_define();
	RegisterXactCallback(transaction_event, NULL);
	RegisterSubXactCallback(subtransaction_event, NULL);
}

pg_noreturn static void
refuse_call(const char *function, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
			 errmsg("netstate.%s() was not called as its trigger", function),
			 errdetail_internal("%s", detail),
			 errhint("The extension's own triggers call it; nothing else needs to.")));
}

/* The trigger that called; 39P01 unless it is one of those meant. */
static TriggerData *
called_by(FunctionCallInfo fcinfo, const char *function, bool before, bool row)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		refuse_call(function, "It was called as a function.");
	if ((before ? TRIGGER_FIRED_BEFORE(trigdata->tg_event) != 0
		 : TRIGGER_FIRED_AFTER(trigdata->tg_event) != 0) &&
		(TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) != 0) == row)
		return trigdata;
	refuse_call(function,
				psprintf("Trigger \"%s\" fires it otherwise than %s and for each %s.",
						 trigdata->tg_trigger->tgname,
						 before ? "before" : "after",
						 row ? "row" : "statement"));
}

static const struct ChangeTable *
called_on(TriggerData *trigdata, const char *function)
{
	const struct ChangeTable *table = change_table(trigdata->tg_relation);

	if (table == NULL)
		refuse_call(function,
					psprintf("Trigger \"%s\" is on table \"%s\", which is none of the graph's.",
							 trigdata->tg_trigger->tgname,
							 RelationGetRelationName(trigdata->tg_relation)));
	return table;
}

PG_FUNCTION_INFO_V1(netstate_change_log_begin);

Datum
netstate_change_log_begin(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = called_by(fcinfo, "change_log_begin", true, false);

	called_on(trigdata, "change_log_begin");
	statement_begins(RelationGetRelid(trigdata->tg_relation),
					 trigdata->tg_event & TRIGGER_EVENT_OPMASK);
	return PointerGetDatum(NULL);
}

/* Read a transition table from its beginning. */
static TupleTableSlot *
open_transition(Tuplestorestate *store, Relation rel)
{
	int			pointer = tuplestore_alloc_read_pointer(store, EXEC_FLAG_REWIND);

	tuplestore_select_read_pointer(store, pointer);
	tuplestore_rescan(store);
	return MakeSingleTupleTableSlot(RelationGetDescr(rel),
									&TTSOpsMinimalTuple);
}

/*
 * What a statement changed.  Both tables of an UPDATE hold its rows in the same
 * order; where they did not, more would be logged than was changed.
 */
static void
read_transitions(TriggerData *trigdata, const struct ChangeTable *table)
{
	Tuplestorestate *old_store = trigdata->tg_oldtable;
	Tuplestorestate *new_store = trigdata->tg_newtable;
	TupleTableSlot *before = NULL;
	TupleTableSlot *after = NULL;

	if (old_store != NULL)
		before = open_transition(old_store, trigdata->tg_relation);
	if (new_store != NULL)
		after = open_transition(new_store, trigdata->tg_relation);
	for (;;)
	{
		bool		has_before = before != NULL &&
			tuplestore_gettupleslot(old_store, true, false, before);
		bool		has_after = after != NULL &&
			tuplestore_gettupleslot(new_store, true, false, after);

		CHECK_FOR_INTERRUPTS();
		if (!has_before && !has_after)
			break;
		change_row_add(table, has_before ? before : NULL,
					   has_after ? after : NULL, &changed);
	}
	if (before != NULL)
		ExecDropSingleTupleTableSlot(before);
	if (after != NULL)
		ExecDropSingleTupleTableSlot(after);
}

PG_FUNCTION_INFO_V1(netstate_change_log_write);

Datum
netstate_change_log_write(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = called_by(fcinfo, "change_log_write", false, false);
	const struct ChangeTable *table = called_on(trigdata, "change_log_write");
	TriggerEvent event = trigdata->tg_event & TRIGGER_EVENT_OPMASK;

	if ((event != TRIGGER_EVENT_TRUNCATE && event != TRIGGER_EVENT_INSERT &&
		 trigdata->tg_oldtable == NULL) ||
		(event != TRIGGER_EVENT_TRUNCATE && event != TRIGGER_EVENT_DELETE &&
		 trigdata->tg_newtable == NULL))
		refuse_call("change_log_write",
					psprintf("Trigger \"%s\" has no transition tables.",
							 trigdata->tg_trigger->tgname));

	if (event == TRIGGER_EVENT_TRUNCATE)
		change_write_all();
	else
	{
		change_table_start(table, &changed);
		read_transitions(trigdata, table);
		change_set_write(&changed);
	}
	statement_is_logged(RelationGetRelid(trigdata->tg_relation), event);
	return PointerGetDatum(NULL);
}

PG_FUNCTION_INFO_V1(netstate_change_log_apply);

Datum
netstate_change_log_apply(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = called_by(fcinfo, "change_log_apply", false, true);
	const struct ChangeTable *table = called_on(trigdata, "change_log_apply");
	TriggerEvent event = trigdata->tg_event & TRIGGER_EVENT_OPMASK;
	TupleTableSlot *first = trigdata->tg_trigslot;

	if (find_note(RelationGetRelid(trigdata->tg_relation), event) != NULL)
		return PointerGetDatum(NULL);

	change_table_start(table, &changed);
	if (event == TRIGGER_EVENT_INSERT)
		change_row_add(table, NULL, first, &changed);
	else if (event == TRIGGER_EVENT_DELETE)
		change_row_add(table, first, NULL, &changed);
	else
		change_row_add(table, first, trigdata->tg_newslot, &changed);
	change_set_write(&changed);
	return PointerGetDatum(NULL);
}

PG_FUNCTION_INFO_V1(netstate_change_log_guard);

Datum
netstate_change_log_guard(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		refuse_call("change_log_guard", "It was called as a function.");
	if (SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA &&
		TRIGGER_FIRED_BEFORE(trigdata->tg_event) &&
		TRIGGER_FIRED_FOR_ROW(trigdata->tg_event))
		return PointerGetDatum(NULL);	/* the row is dropped */
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("table netstate.%s is written by the triggers of the graph alone",
					RelationGetRelationName(trigdata->tg_relation)),
			 errdetail("Trigger \"%s\" refuses everything else.",
					   trigdata->tg_trigger->tgname),
			 errhint("netstate.prune_change_log() deletes old rows.")));
}
