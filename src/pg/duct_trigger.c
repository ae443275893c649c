/*-------------------------------------------------------------------------
 *
 * duct_trigger.c
 *	  The trigger that fills the copied depths of ducts, and refuses a duct that
 *	  would lie in itself.
 *
 * As with levels (topology_trigger.c) the copy stands in a composite foreign
 * key, which is what keeps it true: a duct is one deeper than what it lies in,
 * so under no interleaving of transactions can ducts lie in one another in a
 * ring.  What would make one goes round the ring in cascades, each with a depth
 * greater by one; so an update looks for itself above, and says it in words.
 *
 * Look-ups run as the table's owner, past row-level security, and under a new
 * snapshot, which shows what the statement and its cascades have written and
 * what others have committed while it waited.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "query.h"

/* The depth of a duct that is not there: no duct has it, since none is in it. */
#define NO_DEPTH	(PG_INT16_MAX - 1)

static NsQuery duct_depth = {
	.sql = "SELECT d.depth FROM netstate.duct d"
	" WHERE d.id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID},
	.as_owner_of = "duct",
	.latest = true
};

/* Up from duct $1: does duct $2 come?  UNION ends a ring that is there. */
static NsQuery duct_above = {
	.sql = "WITH RECURSIVE above (id) AS ("
	" SELECT $1 UNION"
	" SELECT d.parent_id FROM above a JOIN netstate.duct d ON d.id OPERATOR(pg_catalog.=) a.id"
	" WHERE d.parent_id IS NOT NULL AND a.id OPERATOR(pg_catalog.<>) $2)"
	" SELECT a.id FROM above a WHERE a.id OPERATOR(pg_catalog.=) $2",
	.nargs = 2,
	.argtype = {INT8OID, INT8OID},
	.as_owner_of = "duct",
	.latest = true
};

typedef struct DuctColumns
{
	int			id;
	int			parent_id;
	int			depth;
	int			parent_depth;
} DuctColumns;

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

static void
depth_row(const Datum *value, const bool *null, void *state)
{
	*(int16 *) state = DatumGetInt16(value[0]);
}

static void
no_row(const Datum *value, const bool *null, void *state)
{
}

static void
refuse_ring(Relation rel, int64 id, int64 parent)
{
	Datum		arg[2] = {Int64GetDatum(parent), Int64GetDatum(id)};

	if (query_run(&duct_above, arg, no_row, NULL) == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("duct " INT64_FORMAT " cannot lie in duct " INT64_FORMAT,
					id, parent),
			 id == parent ?
			 errdetail("That is the same duct.") :
			 errdetail("That one lies in duct " INT64_FORMAT ", directly or by others between.", id),
			 errhint("Take one of them out first: set its parent_id to NULL."),
			 errtableconstraint(rel, "duct_is_one_deeper_than_what_it_lies_in")));
}

static void
check_called_as_trigger(FunctionCallInfo fcinfo)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("netstate.fill_depth() was not called as a trigger"),
				 errdetail("It was called as a function."),
				 errhint("The extension's own trigger calls it; nothing else needs to.")));
	if (!TRIGGER_FIRED_BEFORE(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(trigdata->tg_event) ||
		RelationGetNamespace(trigdata->tg_relation) != get_namespace_oid("netstate", false) ||
		strcmp(RelationGetRelationName(trigdata->tg_relation), "duct") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("netstate.fill_depth() must be fired before INSERT or UPDATE of netstate.duct, for each row"),
				 errdetail("Trigger \"%s\" on table \"%s\" fires it otherwise.",
						   trigdata->tg_trigger->tgname,
						   RelationGetRelationName(trigdata->tg_relation)),
				 errhint("The extension's own trigger calls it; nothing else needs to.")));
}

/* The depth of what a duct lies in, given what its row says of it. */
static int16
parent_depth_of(int64 parent, Datum given, bool given_null)
{
	Datum		arg = Int64GetDatum(parent);
	int16		depth;

	if (query_run(&duct_depth, &arg, depth_row, &depth) == 0)
		depth = given_null ? NO_DEPTH : DatumGetInt16(given);
	if (depth == PG_INT16_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("ducts are nested more than %d deep", PG_INT16_MAX),
				 errdetail("Duct " INT64_FORMAT " is that deep already.", parent),
				 errhint("Take some of the ducts around it away.")));
	return depth;
}

PG_FUNCTION_INFO_V1(netstate_fill_depth);

Datum
netstate_fill_depth(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata;
	Relation	rel;
	HeapTuple	tuple;
	TupleDesc	desc;
	DuctColumns column;
	int64		parent;
	bool		id_null;
	bool		parent_null;
	bool		given_null;
	Datum		id;
	Datum		given;
	int			number[2];
	Datum		value[2];
	bool		null[2];

	check_called_as_trigger(fcinfo);
	trigdata = (TriggerData *) fcinfo->context;
	rel = trigdata->tg_relation;
	desc = RelationGetDescr(rel);
	tuple = TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ?
		trigdata->tg_newtuple : trigdata->tg_trigtuple;
	column.id = column_number(rel, "id");
	column.parent_id = column_number(rel, "parent_id");
	column.depth = column_number(rel, "depth");
	column.parent_depth = column_number(rel, "parent_depth");

	id = heap_getattr(tuple, column.id, desc, &id_null);
	parent = DatumGetInt64(heap_getattr(tuple, column.parent_id, desc, &parent_null));
	given = heap_getattr(tuple, column.parent_depth, desc, &given_null);

	number[0] = column.depth;
	number[1] = column.parent_depth;
	null[0] = false;
	null[1] = parent_null;
	if (parent_null)
	{
		value[0] = Int16GetDatum(1);
		value[1] = (Datum) 0;
	}
	else
	{
		int16		depth;

		/* A row that is new has nothing in it yet. */
		if (!id_null && (TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ||
						 DatumGetInt64(id) == parent))
			refuse_ring(rel, DatumGetInt64(id), parent);
		depth = parent_depth_of(parent, given, given_null);
		value[0] = Int16GetDatum(depth + 1);
		value[1] = Int16GetDatum(depth);
	}
	return PointerGetDatum(heap_modify_tuple_by_cols(tuple, desc, 2, number,
													 value, null));
}
