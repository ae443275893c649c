/*-------------------------------------------------------------------------
 *
 * topology_trigger.c
 *	  The trigger that fills the copied levels of nodes, links and supports,
 *	  and says in words what the tables' CHECK would refuse.
 *
 * The copies stand in composite foreign keys, which are what keeps them true;
 * the trigger only spares users from writing them.  So it may miss a row to
 * copy from (one that comes later in the same COPY of a restore): it then
 * leaves what was given, or sets a level that no row has, and the foreign key
 * judges.
 *
 * Look-ups run as the tables' owner, so that row-level security hides nothing
 * from them, and under a new snapshot, which shows rows that the same
 * statement wrote before.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "argument.h"
#include "compat.h"
#include "name.h"
#include "query.h"

/* Levels that no row has: above all, for a row's own, and below all. */
#define NO_LEVEL_ABOVE	PG_INT16_MAX
#define NO_LEVEL_BELOW	(-1)

static NsQuery network_level = {
	.sql = "SELECT n.level FROM netstate.network n"
	" WHERE n.id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID},
	.as_owner_of = "network",
	.latest = true
};

static NsQuery node_level = {
	.sql = "SELECT n.level FROM netstate.node n"
	" WHERE n.id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID},
	.as_owner_of = "node",
	.latest = true
};

static NsQuery link_level = {
	.sql = "SELECT l.level FROM netstate.link l"
	" WHERE l.id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID},
	.as_owner_of = "link",
	.latest = true
};

typedef struct LevelRule
{
	const char *table;
	const char *key;			/* column that refers to a parent */
	const char *copy;			/* column that holds the parent's level */
	NsQuery    *parent;
	int16		no_level;		/* when there is no parent and no value */
} LevelRule;

static const LevelRule level_rules[] = {
	{"node", "network_id", "level", &network_level, NO_LEVEL_ABOVE},
	{"node", "supporting_node_id", "supporting_level", &node_level, NO_LEVEL_BELOW},
	{"link", "network_id", "level", &network_level, NO_LEVEL_ABOVE},
	{"link_support", "link_id", "link_level", &link_level, NO_LEVEL_ABOVE},
	{"link_support", "supporting_link_id", "supporting_level", &link_level, NO_LEVEL_BELOW},
};

/*
 * The network looked up last.  Good within one command of one transaction:
 * whoever changes a network's level starts a new command.
 */
static struct
{
	LocalTransactionId lxid;
	CommandId	cid;
	int64		id;
	int16		level;
}			last_network;

static void
level_row(const Datum *value, const bool *null, void *state)
{
	*(int16 *) state = DatumGetInt16(value[0]);
}

/* The level of the parent; false when there is none. */
static bool
parent_level(NsQuery *parent, int64 id, int16 *level)
{
	Datum		arg = Int64GetDatum(id);
	LocalTransactionId lxid = compat_local_xid();

	if (parent == &network_level && last_network.id == id &&
		last_network.lxid == lxid && LocalTransactionIdIsValid(lxid) &&
		last_network.cid == GetCurrentCommandId(false))
	{
		*level = last_network.level;
		return true;
	}

	if (query_run(parent, &arg, level_row, level) == 0)
		return false;

	if (parent == &network_level)
	{
		last_network.lxid = lxid;
		last_network.cid = GetCurrentCommandId(false);
		last_network.id = id;
		last_network.level = *level;
	}
	return true;
}

static int
column_number(Relation rel, const char *name)
{
	int			number = SPI_fnumber(RelationGetDescr(rel), name);

	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table netstate.%s has no column \"%s\"",
						RelationGetRelationName(rel), name),
				 errhint("Run ALTER EXTENSION netstate UPDATE, or install the extension again.")));
	return number;
}

/* The row with one copied level filled. */
static HeapTuple
apply_rule(const LevelRule *rule, Relation rel, HeapTuple tuple)
{
	TupleDesc	desc = RelationGetDescr(rel);
	int			copy = column_number(rel, rule->copy);
	bool		key_null;
	bool		copy_null;
	bool		new_null = false;
	Datum		key;
	Datum		old_level;
	Datum		new_level;
	int16		level;

	key = heap_getattr(tuple, column_number(rel, rule->key), desc, &key_null);
	old_level = heap_getattr(tuple, copy, desc, &copy_null);

	if (key_null)
		new_null = true;
	else if (!parent_level(rule->parent, DatumGetInt64(key), &level))
	{
		if (!copy_null)
			return tuple;
		level = rule->no_level;
	}

	new_level = new_null ? (Datum) 0 : Int16GetDatum(level);
	if (new_null == copy_null &&
		(new_null || DatumGetInt16(old_level) == level))
		return tuple;
	return heap_modify_tuple_by_cols(tuple, desc, 1, &copy, &new_level,
									 &new_null);
}

/*
 * The CHECK of the table says the same of every row; this says it in words,
 * with the names that the caller may read.
 */
typedef struct UpwardRule
{
	const char *table;
	const char *kind;			/* of what rides: link or node */
	const char *rider;			/* column with its id */
	const char *rider_level;
	const char *support;		/* column with the id of what it rides on */
	const char *support_level;
	const char *constraint;
} UpwardRule;

static const UpwardRule upward_rules[] = {
	{"node", "node", "id", "level", "supporting_node_id", "supporting_level",
	"node_rides_on_lower_layer"},
	{"link_support", "link", "link_id", "link_level", "supporting_link_id",
	"supporting_level", "link_support_rides_on_lower_layer"},
};

/*
 * "link 12 (Cork - Ashburn)", or without the name where it can't be read.  A
 * cascade runs as the table's owner, who may read what the caller may not.
 */
static char *
describe(const char *kind, int64 id)
{
	char	   *name = NULL;

	if (strcmp(kind, "link") == 0 && !InLocalUserIdChange() &&
		query_may_select("link"))
		name = name_of_links(&id, 1)[0];
	return name == NULL ? psprintf("%s " INT64_FORMAT, kind, id)
		: psprintf("%s " INT64_FORMAT " (%s)", kind, id, argument_shown(name));
}

static int64
column_value(Relation rel, HeapTuple tuple, const char *column, bool level,
			 bool *isnull)
{
	bool		null;
	Datum		value = heap_getattr(tuple, column_number(rel, column),
									 RelationGetDescr(rel), &null);

	*isnull = *isnull || null;
	return null ? 0 : level ? DatumGetInt16(value) : DatumGetInt64(value);
}

static void
refuse_upward(const UpwardRule *rule, Relation rel, HeapTuple tuple)
{
	bool		unknown = false;
	int64		level = column_value(rel, tuple, rule->rider_level, true, &unknown);
	int64		below = column_value(rel, tuple, rule->support_level, true, &unknown);
	int64		rider = column_value(rel, tuple, rule->rider, false, &unknown);
	int64		support = column_value(rel, tuple, rule->support, false, &unknown);

	if (unknown || below < level || level == NO_LEVEL_ABOVE)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("%s cannot ride on %s", describe(rule->kind, rider),
					describe(rule->kind, support)),
			 errdetail("It is on level " INT64_FORMAT ", and what it would ride on is on level " INT64_FORMAT ".",
					   level, below),
			 errhint("Let it ride on a %s of a network in a lower layer; netstate.network has the level of each.",
					 rule->kind),
			 errtableconstraint(rel, rule->constraint)));
}

static void
check_called_as_trigger(FunctionCallInfo fcinfo)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	TriggerEvent event;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("netstate.fill_level() was not called as a trigger"),
				 errdetail("It was called as a function."),
				 errhint("The extension's own triggers call it; nothing else needs to.")));
	event = trigdata->tg_event;
	if (!TRIGGER_FIRED_BEFORE(event) || !TRIGGER_FIRED_FOR_ROW(event) ||
		!(TRIGGER_FIRED_BY_INSERT(event) || TRIGGER_FIRED_BY_UPDATE(event)))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("netstate.fill_level() must be fired before INSERT or UPDATE, for each row"),
				 errdetail("Trigger \"%s\" fires it otherwise.",
						   trigdata->tg_trigger->tgname),
				 errhint("The extension's own triggers call it; nothing else needs to.")));
	if (RelationGetNamespace(trigdata->tg_relation) !=
		get_namespace_oid("netstate", false))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("netstate.fill_level() serves the tables of schema netstate alone"),
				 errdetail("Trigger \"%s\" is on table \"%s\".",
						   trigdata->tg_trigger->tgname,
						   RelationGetRelationName(trigdata->tg_relation)),
				 errhint("The extension's own triggers call it; nothing else needs to.")));
}

PG_FUNCTION_INFO_V1(netstate_fill_level);

Datum
netstate_fill_level(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata;
	HeapTuple	tuple;
	int			i;

	check_called_as_trigger(fcinfo);
	trigdata = (TriggerData *) fcinfo->context;
	tuple = TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ?
		trigdata->tg_newtuple : trigdata->tg_trigtuple;

	for (i = 0; i < (int) lengthof(level_rules); i++)
	{
		if (strcmp(RelationGetRelationName(trigdata->tg_relation),
				   level_rules[i].table) == 0)
			tuple = apply_rule(&level_rules[i], trigdata->tg_relation, tuple);
	}
	for (i = 0; i < (int) lengthof(upward_rules); i++)
	{
		if (strcmp(RelationGetRelationName(trigdata->tg_relation),
				   upward_rules[i].table) == 0)
			refuse_upward(&upward_rules[i], trigdata->tg_relation, tuple);
	}
	return PointerGetDatum(tuple);
}
