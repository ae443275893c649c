/*-------------------------------------------------------------------------
 *
 * commit_check.c
 *	  The triggers that queue what a statement changed, for the checks at
 *	  COMMIT.
 *
 * Which columns the rules depend on is listed here; a statement that changes
 * others (a load, a status) queues nothing, and so its transaction does not
 * take the commit lock.  What is queued is a row of netstate.commit_check: a
 * savepoint's rollback takes it away together with what it tells of.
 *
 * The row goes in by SPI, so that its deferred trigger is queued, and without
 * firing triggers there and then: where constraints were set to IMMEDIATE, the
 * check then runs after all else that the statement does, its cascades
 * included.
 *
 * A worker of logical replication queues nothing: the publisher has proven it.
 * (A subscription's first copy of a table does fire triggers of statements.)
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "replication/logicalworker.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"
#include "utils/xid8.h"

#include "commit_check.h"
#include "compat.h"
#include "query.h"

#define WATCHED_MOST 8
#define IDS_ROOM 64

/* Events of a table. */
#define ON_INSERT	1
#define ON_UPDATE	2
#define ON_DELETE	4
#define ON_TRUNCATE	8

typedef struct WatchedTable
{
	const char *name;
	CheckWhat	what;			/* a row's change means the change of such a thing */
	int			on;				/* these events alone; 0: all that fire */
	bool		parent;			/* others refer to it: nothing does once a row
								 * is deleted, unless it was put in again */
	GraphTable	table;			/* of parents, with the column of the id */
	int			id_column;
	const char *column[WATCHED_MOST];	/* the first one has its id */
	const char *rising;			/* a column that may grow without more ado */
	const char *state;			/* of a drain: one that has begun goes on */

	/* Found by name; good while relid is the table's. */
	Oid			relid;
	int			n;
	AttrNumber	number[WATCHED_MOST];
	AttrNumber	rising_number;
	AttrNumber	state_number;
	AttrNumber	last;			/* the greatest of them */
} WatchedTable;

#define PARENT(of, id) .parent = true, .table = of, .id_column = id

/*
 * Entries of one table follow each other.  What risk follows from is queued as
 * CHANGED_RISK where no other entry of the table speaks of it: the others imply
 * it (check_implies_risk()).  What can only take risk away is not queued.
 */
static WatchedTable watched_tables[] = {
	{.name = "structure",.what = CHANGED_STRUCTURE,PARENT(GRAPH_STRUCTURE, STRUCTURE_ID),
		.column = {"id", "site_id"}},
	{.name = "structure",.what = CHANGED_STRUCTURE_PLACE,PARENT(GRAPH_STRUCTURE, STRUCTURE_ID),
		.column = {"id", "geom"}},
	{.name = "span",.what = CHANGED_SPAN,PARENT(GRAPH_SPAN, SPAN_ID),
		.column = {"id", "a_structure_id", "z_structure_id"}},
	{.name = "span",.what = CHANGED_SPAN_COURSE,.column = {"id", "geom"}},
	{.name = "span",.what = CHANGED_RISK,.on = ON_UPDATE,
		.column = {"id", "corridor_id", "side", "encasement"}},
	{.name = "cable",.what = CHANGED_CABLE,.column = {"id", "strand_count"}},
	{.name = "cable_segment",.what = CHANGED_CABLE,.column = {"cable_id", "seq", "span_id"}},
	{.name = "cable_segment",.what = CHANGED_RISK,.on = ON_UPDATE,
		.column = {"cable_id", "duct_id"}},
	{.name = "splice",.what = CHANGED_SPLICE,.column = {"id", "structure_id", "a_cable_id", "a_seq",
	"a_strands", "z_cable_id", "z_seq", "z_strands"}},
	{.name = "strand_assignment",.what = CHANGED_STRAND_ASSIGNMENT,.column = {"link_id", "seq",
	"cable_id", "strands", "segments"}},
	{.name = "node",.what = CHANGED_NODE,PARENT(GRAPH_NODE, NODE_ID),
		.column = {"id", "network_id", "site_id", "structure_id",
	"supporting_node_id"}},
	{.name = "node",.what = CHANGED_RISK,.on = ON_UPDATE,.column = {"id", "geom"}},
	{.name = "link",.what = CHANGED_LINK,PARENT(GRAPH_LINK, LINK_ID),
		.column = {"id", "network_id", "a_node_id", "z_node_id",
	"directed"}},
	{.name = "link",.what = CHANGED_RISK,.on = ON_UPDATE,.column = {"id", "capacity_gbps"}},
	{.name = "link_support",.what = CHANGED_LINK_SUPPORT,.column = {"link_id", "member", "seq",
	"supporting_link_id"}},

	/* what else risk follows from */
	{.name = "site",.what = CHANGED_RISK,.column = {"id", "geom"}},
	{.name = "site_power_feed",.what = CHANGED_RISK,.column = {"site_id", "power_feed_id"}},
	{.name = "span_crossing",.what = CHANGED_RISK,
	.column = {"span_id", "structure_id", "passage"}},
	{.name = "duct",.what = CHANGED_RISK,.column = {"id", "span_id", "parent_id"}},
	{.name = "corridor",.what = CHANGED_RISK,.column = {"id", "geom"}},
	{.name = "hazard_area",.what = CHANGED_RISK,.column = {"id", "geom"}},
	{.name = "srlg_member",.what = CHANGED_RISK,.column = {"link_id", "srlg_id", "share",
	"probability"}},
	{.name = "srlg_node",.what = CHANGED_RISK,.column = {"node_id", "srlg_id", "probability"}},
	{.name = "risk_rule",.what = CHANGED_RISK,.column = {"kind", "enabled", "distance_m",
	"min_length_m", "probability"}},
	{.name = "risk_rule_default",.what = CHANGED_RISK,.column = {"kind", "enabled", "distance_m",
	"min_length_m", "probability"}},

	/* intent */
	{.name = "disjoint_group",.what = CHANGED_DISJOINT_GROUP,.column = {"id", "disjoint", "mode",
	"min_probability", "min_share", "max_shared"}},
	{.name = "disjoint_group",.what = CHANGED_DISJOINT_GROUP_MEMBER,.on = ON_UPDATE,
		.column = {"id", "min_members"}},
	{.name = "disjoint_group_member",.what = CHANGED_DISJOINT_GROUP,.on = ON_INSERT | ON_UPDATE,
		.column = {"group_id", "link_id"}},
	{.name = "disjoint_group_member",.what = CHANGED_DISJOINT_GROUP_MEMBER,
		.on = ON_DELETE | ON_TRUNCATE,.column = {"group_id", "link_id"}},
	{.name = "waiver",.what = CHANGED_DISJOINT_GROUP,.column = {"group_id", "element_kind",
	"element_id"},.rising = "expires_at"},
	{.name = "drain",.what = CHANGED_DRAIN,.column = {"id", "during", "mode"},.state = "state"},
	{.name = "drain_element",.what = CHANGED_DRAIN,.column = {"drain_id", "kind", "element_id"}},
};

/* ---- tables ---- */

static void
forget_tables(Datum arg, Oid relid)
{
	int			i;

	for (i = 0; i < (int) lengthof(watched_tables); i++)
	{
		if (relid == InvalidOid || watched_tables[i].relid == relid)
			watched_tables[i].relid = InvalidOid;
	}
}

static AttrNumber
find_column(WatchedTable *table, Relation rel, const char *name)
{
	AttrNumber	number = get_attnum(RelationGetRelid(rel), name);

	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table netstate.%s has no column \"%s\"",
						table->name, name),
				 errhint("Run ALTER EXTENSION netstate UPDATE, or install the extension again.")));
	table->last = Max(table->last, number);
	return number;
}

static void
find_columns(WatchedTable *table, Relation rel)
{
	int			i;

	table->last = 0;
	for (i = 0; i < WATCHED_MOST && table->column[i] != NULL; i++)
		table->number[i] = find_column(table, rel, table->column[i]);
	table->n = i;
	if (table->rising != NULL)
		table->rising_number = find_column(table, rel, table->rising);
	if (table->state != NULL)
		table->state_number = find_column(table, rel, table->state);
	table->relid = RelationGetRelid(rel);
}

/*
 * What is watched of a table, from this entry on; NULL: nothing.  In order:
 * a relation may be forgotten between the one entry of it and the next, and
 * then no later entry may stand in for one before it.
 */
static const WatchedTable *
watched_table(Relation rel, int from)
{
	static bool registered = false;
	int			i;

	if (!registered)
	{
		CacheRegisterRelcacheCallback(forget_tables, (Datum) 0);
		registered = true;
	}
	for (i = from; i < (int) lengthof(watched_tables); i++)
	{
		WatchedTable *table = &watched_tables[i];

		if (table->relid == RelationGetRelid(rel))
			return table;
		if (!OidIsValid(table->relid) &&
			strcmp(RelationGetRelationName(rel), table->name) == 0 &&
			RelationGetNamespace(rel) == get_namespace_oid("netstate", true))
		{
			find_columns(table, rel);
			return table;
		}
	}
	return NULL;
}

/* ---- what a statement changed ---- */

typedef struct Changed
{
	int64	   *id;
	size_t		n;
	size_t		room;
	size_t		most;			/* more than these are "all" */
	bool		all;
	bool		any;			/* something, and what is no matter here */
} Changed;

static int
compare_ids(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return (x > y) - (x < y);
}

/* In order, each once. */
static void
sort_changed(Changed *changed)
{
	size_t		kept = 0;
	size_t		i;

	if (changed->n == 0)
		return;
	qsort(changed->id, changed->n, sizeof(int64), compare_ids);
	for (i = 1; i < changed->n; i++)
	{
		if (changed->id[i] != changed->id[kept])
			changed->id[++kept] = changed->id[i];
	}
	changed->n = kept + 1;
}

static void
add_changed(Changed *changed, int64 id)
{
	/* Rows of one cable or link mostly follow each other. */
	if (changed->all || (changed->n > 0 && changed->id[changed->n - 1] == id))
		return;
	if (changed->n == changed->room)
	{
		sort_changed(changed);
		if (changed->n > changed->most)
		{
			changed->all = true;
			return;
		}
		if (changed->room == 0)
		{
			changed->room = IDS_ROOM;
			changed->id = palloc_array(int64, changed->room);
		}
		else if (changed->n > changed->room / 2)
		{
			changed->room *= 2;
			changed->id = repalloc_array(changed->id, int64, changed->room);
		}
	}
	changed->id[changed->n++] = id;
}

/* A value that was not changed is stored as it was, out of line or not. */
static bool
same_value(Form_pg_attribute column, Datum before, Datum after)
{
	if (column->attlen == -1)
	{
		const void *x = DatumGetPointer(before);
		const void *y = DatumGetPointer(after);

		if (VARSIZE_ANY(x) == VARSIZE_ANY(y) && memcmp(x, y, VARSIZE_ANY(x)) == 0)
			return true;
	}
	return datum_image_eq(before, after, column->attbyval, column->attlen);
}

/*
 * Has the drain neither begun nor come back?  That it is over takes nothing
 * away, and one that is draining is bound to be drained.
 */
static bool
same_state(Datum before, Datum after)
{
	char	   *x = TextDatumGetCString(before);
	char	   *y = TextDatumGetCString(after);
	bool		begun = strcmp(x, "draining") == 0 || strcmp(x, "drained") == 0;

	return strcmp(x, y) == 0 || strcmp(y, "restored") == 0 ||
		(begun && (strcmp(y, "draining") == 0 || strcmp(y, "drained") == 0));
}

static bool
same_row(const WatchedTable *table, TupleTableSlot *before,
		 TupleTableSlot *after)
{
	int			i;

	for (i = 0; i < table->n; i++)
	{
		int			at = table->number[i] - 1;

		if (before->tts_isnull[at] != after->tts_isnull[at] ||
			(!before->tts_isnull[at] &&
			 !same_value(TupleDescAttr(before->tts_tupleDescriptor, at),
						 before->tts_values[at], after->tts_values[at])))
			return false;
	}
	if (table->state != NULL &&
		!same_state(before->tts_values[table->state_number - 1],
					after->tts_values[table->state_number - 1]))
		return false;
	return table->rising == NULL ||
		DatumGetTimestampTz(before->tts_values[table->rising_number - 1]) <=
		DatumGetTimestampTz(after->tts_values[table->rising_number - 1]);
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

static bool
next_row(const WatchedTable *table, Tuplestorestate *store,
		 TupleTableSlot *slot)
{
	if (slot == NULL || !tuplestore_gettupleslot(store, true, false, slot))
		return false;
	slot_getsomeattrs(slot, table->last);
	return true;
}

/*
 * Both tables of an UPDATE hold its rows in the same order; where they did not,
 * more would be queued than was changed.
 */
static void
read_transitions(TriggerData *trigdata, const WatchedTable *table,
				 Changed *changed)
{
	TupleTableSlot *before = open_transition(trigdata->tg_oldtable,
											 trigdata->tg_relation);
	TupleTableSlot *after = open_transition(trigdata->tg_newtable,
											trigdata->tg_relation);
	int			id = table->number[0] - 1;

	for (;;)
	{
		bool		has_before = next_row(table, trigdata->tg_oldtable, before);
		bool		has_after = next_row(table, trigdata->tg_newtable, after);

		CHECK_FOR_INTERRUPTS();
		if (!has_before && !has_after)
			break;
		if (has_before && has_after && same_row(table, before, after))
			continue;
		if (table->what == CHANGED_RISK)
		{
			changed->any = true;
			break;
		}
		if (has_before)
			add_changed(changed, DatumGetInt64(before->tts_values[id]));
		if (has_after)
			add_changed(changed, DatumGetInt64(after->tts_values[id]));
	}
	if (before != NULL)
		ExecDropSingleTupleTableSlot(before);
	if (after != NULL)
		ExecDropSingleTupleTableSlot(after);
}

/*
 * By SnapshotSelf: it shows what the statement itself put in, and takes no
 * predicate locks.
 */
size_t
commit_check_replaced(GraphTable table, int column, int64 *id, size_t n)
{
	Oid			oid = n == 0 ? InvalidOid : graph_table_index(table, column);
	Relation	rel;
	Relation	index;
	TupleTableSlot *slot;
	IndexScanDesc scan;
	ScanKeyData key;
	size_t		kept = 0;
	size_t		i;

	if (!OidIsValid(oid))
		return n;				/* all may be */
	rel = graph_table_open(table);
	index = index_open(oid, AccessShareLock);
	slot = table_slot_create(rel, NULL);
	scan = compat_index_beginscan(rel, index, SnapshotSelf, 1);
	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(id[i]));
		index_rescan(scan, &key, 1, NULL, 0);
		if (index_getnext_slot(scan, ForwardScanDirection, slot))
			id[kept++] = id[i];
	}
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	index_close(index, NoLock);
	graph_table_close(rel);
	return kept;
}

/* ---- the queue ---- */

void
commit_check_as_owner(Relation rel, Oid *userid, int *sec_context)
{
	GetUserIdAndSecContext(userid, sec_context);
	SetUserIdAndSecContext(rel->rd_rel->relowner,
						   *sec_context | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_NOFORCE_RLS);
}

static void
queue(CheckWhat what, const Changed *changed)
{
	static SPIPlanPtr plan = NULL;
	Relation	rel = table_open(query_table("commit_check"), RowExclusiveLock);
	Datum		value[QUEUE_COLUMNS];
	char		null[QUEUE_COLUMNS] = {' ', ' ', ' '};
	Oid			userid;
	int			sec_context;
	int			rc;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	commit_check_as_owner(rel, &userid, &sec_context);
	if (plan == NULL)
	{
		Oid			type[QUEUE_COLUMNS] = {XID8OID, TEXTOID, INT8ARRAYOID};
		SPIPlanPtr	made;

		made = SPI_prepare_cursor("INSERT INTO netstate.commit_check (xid, what, ids)"
								  " VALUES ($1, $2, $3)",
								  QUEUE_COLUMNS, type, CURSOR_OPT_GENERIC_PLAN);
		if (made == NULL || SPI_keepplan(made) != 0)
			elog(ERROR, "could not prepare to queue changes");
		plan = made;
	}
	value[QUEUE_XID] = FullTransactionIdGetDatum(GetTopFullTransactionId());
	value[QUEUE_WHAT] = CStringGetTextDatum(check_what_word[what]);
	if (changed->all)
	{
		null[QUEUE_IDS] = 'n';
		value[QUEUE_IDS] = (Datum) 0;
	}
	else if (changed->n == 0)
		value[QUEUE_IDS] = PointerGetDatum(construct_empty_array(INT8OID));
	else
		value[QUEUE_IDS] = id_array(changed->id, changed->n, sizeof(int64));
	rc = SPI_execute_snapshot(plan, value, null, InvalidSnapshot,
							  InvalidSnapshot, false, false, 0);
	if (rc != SPI_OK_INSERT)
		elog(ERROR, "could not queue changes: %s", SPI_result_code_string(rc));
	SetUserIdAndSecContext(userid, sec_context);
	SPI_finish();
	table_close(rel, NoLock);
}

pg_noreturn static void
refuse_call(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
			 errmsg("netstate.commit_check_queue() was not called as its trigger"),
			 errdetail_internal("%s", detail),
			 errhint("The extension's own triggers call it; nothing else needs to.")));
}

/*
 * Nothing rests on what is new, nor on what is gone for good.  A span is queued
 * for its course all the same.
 */
static void
queue_changes(TriggerData *trigdata, const WatchedTable *table)
{
	Changed		changed = {.most = COMMIT_CHECK_MOST_IDS};
	bool		gone = table->parent && TRIGGER_FIRED_BY_DELETE(trigdata->tg_event);

	if (table->parent && (TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) ||
						  TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event)))
		return;
	if (TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event))
		changed.all = true;
	else
	{
		if (gone)
			changed.most = SIZE_MAX;
		read_transitions(trigdata, table, &changed);
		sort_changed(&changed);
		if (gone)
			changed.n = commit_check_replaced(table->table, table->id_column,
											  changed.id, changed.n);
		changed.all |= changed.n > COMMIT_CHECK_MOST_IDS;
	}
	if (changed.all || changed.any || changed.n > 0)
		queue(table->what, &changed);
}

static bool
fires_on(const WatchedTable *table, TriggerEvent event)
{
	int			on = event == TRIGGER_EVENT_INSERT ? ON_INSERT
		: event == TRIGGER_EVENT_UPDATE ? ON_UPDATE
		: event == TRIGGER_EVENT_DELETE ? ON_DELETE : ON_TRUNCATE;

	return table->on == 0 || (table->on & on) != 0;
}

PG_FUNCTION_INFO_V1(netstate_commit_check_queue);

Datum
netstate_commit_check_queue(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	const WatchedTable *table;
	TriggerEvent event;

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
	table = watched_table(trigdata->tg_relation, 0);
	if (table == NULL)
		refuse_call(psprintf("Trigger \"%s\" is on table \"%s\", of which nothing is checked.",
							 trigdata->tg_trigger->tgname,
							 RelationGetRelationName(trigdata->tg_relation)));
	if (IsLogicalWorker())
		return PointerGetDatum(NULL);

	for (;;)
	{
		int			next = table - watched_tables + 1;

		if (fires_on(table, event))
			queue_changes(trigdata, table);
		if (next == lengthof(watched_tables) ||
			strcmp(watched_tables[next].name, table->name) != 0)
			break;
		table = watched_table(trigdata->tg_relation, next);
	}
	return PointerGetDatum(NULL);
}

PG_FUNCTION_INFO_V1(netstate_commit_check_guard);

/*
 * The queue is what keeps the checks from being gone round, and rights on it may
 * have been given with rights on all tables.  Only queue() inserts as the owner
 * with that role switched locally; what the check takes away, no trigger sees.
 */
Datum
netstate_commit_check_guard(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("netstate.commit_check_guard() was not called as its trigger"),
				 errdetail("It was called as a function."),
				 errhint("The extension's own triggers call it; nothing else needs to.")));
	if (TRIGGER_FIRED_BEFORE(trigdata->tg_event) &&
		TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) &&
		TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) &&
		InLocalUserIdChange() &&
		GetUserId() == trigdata->tg_relation->rd_rel->relowner)
		return PointerGetDatum(trigdata->tg_trigtuple);
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("table netstate.%s is written by the triggers of the plant alone",
					RelationGetRelationName(trigdata->tg_relation)),
			 errdetail("Trigger \"%s\" refuses everything else.",
					   trigdata->tg_trigger->tgname),
			 errhint("netstate.check_pending() shows what the check at COMMIT would find wrong.")));
}
