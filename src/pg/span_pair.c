/*-------------------------------------------------------------------------
 *
 * span_pair.c
 *	  Keeps netstate.span_pair, the pairs of spans that cross or run near.
 *
 * Two transactions that each insert a span do not see each other's.  So pairs
 * are derived twice: at the statement, under its snapshot, into span_pair_own,
 * for the transaction itself; and at COMMIT under the commit lock, by the
 * latest snapshot, into span_pair: of two that commit, the second sees both.
 *
 * What is to be derived at COMMIT is marked in span_pair_own too: the ids of the
 * spans that were changed, and of the structures that were moved, whose spans
 * are looked up then, as others may have come.  A savepoint's rollback takes
 * the marks along.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

#include "commit_check.h"
#include "compat.h"
#include "env_pg.h"
#include "error.h"
#include "query.h"
#include "span_pair.h"
#include "span_pair_table.h"
#include "span_read.h"

#define WATCHED_MOST 4

/* ---- deriving ---- */

/* The region of one derivation: no limit, since a COMMIT must not meet one. */
static void
make_region(EnvPg *region)
{
	env_pg_make(region, CurrentMemoryContext, "netstate span pairs");
	region->limit = SIZE_MAX / 2;
}

static void
change_make(SpanChange *change, NsEnv *env)
{
	memset(change, 0, sizeof(*change));
	id_set_make(&change->spans, env);
	id_set_make(&change->structures, env);
}

static void
add_span(void *state, int64 span_id)
{
	id_set_add(state, span_id);
}

/*
 * The pairs of the changed spans, by the snapshot.
 */
static void
derive(NsEnv *env, SpanChange *change, Snapshot snapshot, SpanPairSet *set)
{
	SpanReader	reader;
	NsPairWork	work = {.env = env};
	size_t		i;

	memset(set, 0, sizeof(*set));
	set->env = env;
	span_reader_open(&reader, env, snapshot);
	for (i = 0; i < change->structures.n && !change->all; i++)
		span_reader_ends_at(&reader, change->structures.id[i], add_span,
							&change->spans);
	if (span_change_is_large(change))
		span_reader_add_all(&reader, change->all ? NULL : &change->spans);
	else
	{
		span_reader_add_changed(&reader, change->spans.id, change->spans.n);
		span_reader_add_near(&reader);
	}
	if (reader.n > INT32_MAX)
		error_too_large("spans", reader.n, INT32_MAX);
	error_check(ns_span_join(&work, reader.span, (int32_t) reader.n,
							 span_pair_set_add, set),
				"pairs of spans");
	span_reader_close(&reader);
}

/* ---- at COMMIT ---- */

void
span_pair_complete(void)
{
	MemoryContext context;
	MemoryContext old;
	SpanChange	change;
	SpanPairSet set;
	EnvPg		region;
	Snapshot	snapshot;

	if (!TransactionIdIsValid(GetTopTransactionIdIfAny()))
		return;
	context = AllocSetContextCreate(CurrentMemoryContext,
									"netstate complete pairs",
									ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	snapshot = GetActiveSnapshot();
	make_region(&region);
	change_make(&change, &region.env);
	if (span_pair_read_marks(&change, snapshot))
	{
		derive(&region.env, &change, snapshot, &set);
		span_pair_read_stored(&set, &change, snapshot);
		span_pair_write_stored(&set);
		span_pair_drop_own(snapshot);
		CommandCounterIncrement();
	}
	PopActiveSnapshot();
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

/* ---- at the statement ---- */

pg_noreturn static void
refuse_call(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
			 errmsg("netstate.span_pair_change() was not called as its trigger"),
			 errdetail_internal("%s", detail),
			 errhint("The extension's own triggers call it; nothing else needs to.")));
}

/* The columns that pairs depend on, the id first; how many. */
static int
watched_columns(Relation rel, bool is_span, AttrNumber *number)
{
	static const char *const span[] = {"id", "geom", "a_structure_id", "z_structure_id"};
	static const char *const structure[] = {"id", "geom"};
	const char *const *name = is_span ? span : structure;
	int			n = is_span ? lengthof(span) : lengthof(structure);
	int			i;

	for (i = 0; i < n; i++)
	{
		number[i] = get_attnum(RelationGetRelid(rel), name[i]);
		if (number[i] <= 0)
			refuse_call(psprintf("Table \"%s\" has no column \"%s\".",
								 RelationGetRelationName(rel), name[i]));
	}
	return n;
}

static bool
same_values(Relation rel, const AttrNumber *number, int n,
			TupleTableSlot *before, TupleTableSlot *after)
{
	int			i;

	for (i = 0; i < n; i++)
	{
		Form_pg_attribute column = TupleDescAttr(RelationGetDescr(rel),
												 number[i] - 1);
		bool		null[2];
		Datum		value[2];

		value[0] = slot_getattr(before, number[i], &null[0]);
		value[1] = slot_getattr(after, number[i], &null[1]);
		if (null[0] || null[1])
		{
			if (null[0] != null[1])
				return false;
		}
		else if (!datum_image_eq(value[0], value[1], column->attbyval,
								 column->attlen))
			return false;
	}
	return true;
}

static TupleTableSlot *
open_transition(Tuplestorestate *store, Relation rel)
{
	if (store == NULL)
		return NULL;
	tuplestore_select_read_pointer(store,
								   tuplestore_alloc_read_pointer(store, EXEC_FLAG_REWIND));
	tuplestore_rescan(store);
	return MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsMinimalTuple);
}

static void
add_row(TupleTableSlot *slot, AttrNumber id, IdSet *changed)
{
	bool		null;
	Datum		value = slot_getattr(slot, id, &null);

	if (!null)
		id_set_add(changed, DatumGetInt64(value));
}

/*
 * Which rows a statement changed.  Both tables of an UPDATE hold its rows in
 * the same order; where they did not, more would be derived than was changed.
 */
static void
read_transitions(TriggerData *trigdata, bool is_span, IdSet *changed)
{
	Relation	rel = trigdata->tg_relation;
	TupleTableSlot *before = open_transition(trigdata->tg_oldtable, rel);
	TupleTableSlot *after = open_transition(trigdata->tg_newtable, rel);
	AttrNumber	number[WATCHED_MOST];
	int			n = watched_columns(rel, is_span, number);

	for (;;)
	{
		bool		has_before = before != NULL &&
			tuplestore_gettupleslot(trigdata->tg_oldtable, true, false, before);
		bool		has_after = after != NULL &&
			tuplestore_gettupleslot(trigdata->tg_newtable, true, false, after);

		CHECK_FOR_INTERRUPTS();
		if (!has_before && !has_after)
			break;
		if (has_before && has_after &&
			same_values(rel, number, n, before, after))
			continue;
		if (has_before)
			add_row(before, number[0], changed);
		if (has_after)
			add_row(after, number[0], changed);
	}
	if (before != NULL)
		ExecDropSingleTupleTableSlot(before);
	if (after != NULL)
		ExecDropSingleTupleTableSlot(after);
}

/* Derive what the statement changed for the transaction itself, and mark it. */
static void
derive_own(SpanChange *change, NsEnv *env)
{
	SpanPairSet set;
	Snapshot	snapshot;

	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	snapshot = GetActiveSnapshot();
	derive(env, change, snapshot, &set);
	span_pair_read_stored(&set, change, snapshot);
	span_pair_read_own(&set, change, snapshot);
	span_pair_write_own(&set, change, snapshot);
	PopActiveSnapshot();
	CommandCounterIncrement();
}

PG_FUNCTION_INFO_V1(netstate_span_pair_change);

Datum
netstate_span_pair_change(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	TriggerEvent event;
	bool		is_span;
	MemoryContext context;
	MemoryContext old;
	SpanChange	change;
	EnvPg		region;

	if (!CALLED_AS_TRIGGER(fcinfo))
		refuse_call("It was called as a function.");
	event = trigdata->tg_event & TRIGGER_EVENT_OPMASK;
	if (!TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
		TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) ||
		(event != TRIGGER_EVENT_TRUNCATE &&
		 ((event != TRIGGER_EVENT_INSERT && trigdata->tg_oldtable == NULL) ||
		  (event != TRIGGER_EVENT_DELETE && trigdata->tg_newtable == NULL))))
		refuse_call(psprintf("Trigger \"%s\" fires it otherwise than after each statement, with transition tables.",
							 trigdata->tg_trigger->tgname));
	is_span = RelationGetRelid(trigdata->tg_relation) == query_table("span");
	if (!is_span &&
		RelationGetRelid(trigdata->tg_relation) != query_table("structure"))
		refuse_call(psprintf("Trigger \"%s\" is on table \"%s\", on which no pair depends.",
							 trigdata->tg_trigger->tgname,
							 RelationGetRelationName(trigdata->tg_relation)));

	context = AllocSetContextCreate(CurrentMemoryContext, "netstate span change",
									ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	make_region(&region);
	change_make(&change, &region.env);
	if (event == TRIGGER_EVENT_TRUNCATE)
		change.all = true;
	else
		read_transitions(trigdata, is_span,
						 is_span ? &change.spans : &change.structures);
	if (event == TRIGGER_EVENT_DELETE)
		change.structures.n = commit_check_replaced(GRAPH_STRUCTURE, STRUCTURE_ID,
													change.structures.id,
													change.structures.n);
	if (change.all || change.spans.n > 0 || change.structures.n > 0)
		derive_own(&change, &region.env);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return PointerGetDatum(NULL);
}

/* ---- two lines ---- */

PG_FUNCTION_INFO_V1(netstate_line_pair);

/*
 * line_pair(a, b, shared, shared): NULL when nothing of them is near.
 */
Datum
netstate_line_pair(PG_FUNCTION_ARGS)
{
	EnvPg		region;
	NsPairWork	work;
	NsLine		line[2];
	NsPoint		shared[2];
	int			nshared = 0;
	NsLinePair	pair;
	Oid			geometry = get_fn_expr_argtype(fcinfo->flinfo, 0);
	FmgrInfo	as_binary;
	TupleDesc	tupdesc;
	Datum		value[3];
	bool		null[3] = {false, false, false};
	Datum		run[NS_REACH_M];
	int			i;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "line_pair() returns a row");
	env_pg_make(&region, CurrentMemoryContext, "netstate line pair");
	span_as_binary(geometry, &as_binary);
	for (i = 0; i < 4; i++)
		if (!PG_ARGISNULL(i) && !span_in_degrees(geometry, PG_GETARG_DATUM(i)))
			span_refuse(i < 2 ? "line" : "point");
	for (i = 0; i < 2; i++)
	{
		span_line_of(&region.env, &as_binary, PG_GETARG_DATUM(i), &line[i]);
		if (!PG_ARGISNULL(2 + i))
			shared[nshared++] = span_point_of(&as_binary, PG_GETARG_DATUM(2 + i));
	}
	work = (NsPairWork) {.env = &region.env};
	error_check(ns_line_pair(&work, &line[0], &line[1], shared, nshared, &pair),
				"lines");
	env_pg_drop(&region);
	if (!pair.near)
		PG_RETURN_NULL();

	value[0] = BoolGetDatum(pair.crosses);
	value[1] = Float8GetDatum(pair.distance_m);
	for (i = 0; i < NS_REACH_M; i++)
		run[i] = Float4GetDatum((float4) pair.run_m[i]);
	value[2] = PointerGetDatum(construct_array(run, NS_REACH_M, FLOAT4OID,
											   sizeof(float4), true, TYPALIGN_INT));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc),
													  value, null)));
}
