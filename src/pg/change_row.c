/*-------------------------------------------------------------------------
 *
 * change_row.c
 *	  What a changed row of a graph table means for the graph.
 *
 * For each table: which object a row stands for, and on which of its columns
 * the graph depends.  Columns are found by name and their numbers kept until a
 * relcache invalidation of the table; the callback only clears a flag.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/tupdesc.h"
#include "catalog/namespace.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "change_row.h"

#define WATCHED_MOST 10

typedef struct ChangeTable
{
	const char *name;
	const char *kind;			/* of the object that a row stands for */
	const char *id;				/* column with its id */
	const char *network;		/* column with its network, or NULL */
	const char *home;			/* else the table that says its network */
	const char *watched[WATCHED_MOST];	/* columns, id and network among them */

	/* Found by name; good while relid is the table's. */
	Oid			relid;
	AttrNumber	id_number;
	AttrNumber	network_number;
	AttrNumber	number[WATCHED_MOST];
	int			nwatched;
	AttrNumber	last;			/* the greatest of all */
} ChangeTable;

static ChangeTable change_tables[] = {
	{.name = "network",.kind = "network",.id = "id",.network = "id",
	.watched = {"id", "name"}},
	{.name = "node",.kind = "node",.id = "id",.network = "network_id",
	.watched = {"id", "network_id", "name", "supporting_node_id", "status"}},
	{.name = "link",.kind = "link",.id = "id",.network = "network_id",
		.watched = {"id", "network_id", "a_node_id", "z_node_id", "directed",
	"metric", "latency_us", "length_km", "capacity_gbps", "status"}},
	{.name = "link_support",.kind = "link",.id = "link_id",.home = "link",
	.watched = {"link_id", "member", "supporting_link_id"}},
	{.name = "srlg_member",.kind = "link",.id = "link_id",.home = "link",
	.watched = {"link_id", "srlg_id", "share", "probability"}},
	{.name = "srlg_node",.kind = "node",.id = "node_id",.home = "node",
	.watched = {"node_id", "srlg_id", "probability"}},
};

static void
forget_tables(Datum arg, Oid relid)
{
	int			i;

	for (i = 0; i < (int) lengthof(change_tables); i++)
	{
		if (relid == InvalidOid || change_tables[i].relid == relid)
			change_tables[i].relid = InvalidOid;
	}
}

void
change_row_define(void)
{
	CacheRegisterRelcacheCallback(forget_tables, (Datum) 0);
}

static AttrNumber
column_number(ChangeTable *table, Relation rel, const char *name)
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
find_columns(ChangeTable *table, Relation rel)
{
	int			i;

	table->last = 0;
	table->id_number = column_number(table, rel, table->id);
	table->network_number = 0;
	if (table->network != NULL)
		table->network_number = column_number(table, rel, table->network);
	for (i = 0; i < WATCHED_MOST && table->watched[i] != NULL; i++)
		table->number[i] = column_number(table, rel, table->watched[i]);
	table->nwatched = i;
}

const ChangeTable *
change_table(Relation rel)
{
	Oid			relid = RelationGetRelid(rel);
	int			i;

	for (i = 0; i < (int) lengthof(change_tables); i++)
	{
		if (change_tables[i].relid == relid)
			return &change_tables[i];
	}

	if (RelationGetNamespace(rel) != get_namespace_oid("netstate", true))
		return NULL;
	for (i = 0; i < (int) lengthof(change_tables); i++)
	{
		if (strcmp(RelationGetRelationName(rel), change_tables[i].name) == 0)
		{
			find_columns(&change_tables[i], rel);
			change_tables[i].relid = relid;
			return &change_tables[i];
		}
	}
	return NULL;
}

void
change_table_start(const ChangeTable *table, ChangeSet *set)
{
	change_set_start(set, table->kind, table->home);
}

static bool
same_value(const ChangeTable *table, int watched, TupleTableSlot *before,
		   TupleTableSlot *after)
{
	int			i = table->number[watched] - 1;
	Form_pg_attribute column = TupleDescAttr(before->tts_tupleDescriptor, i);

	if (before->tts_isnull[i] || after->tts_isnull[i])
		return before->tts_isnull[i] && after->tts_isnull[i];
	return datum_image_eq(before->tts_values[i], after->tts_values[i],
						  column->attbyval, column->attlen);
}

static void
add_object(const ChangeTable *table, TupleTableSlot *row, ChangeSet *set)
{
	int64		network_id = 0;

	if (table->network_number > 0)
		network_id = DatumGetInt64(row->tts_values[table->network_number - 1]);
	change_set_add(set, network_id,
				   DatumGetInt64(row->tts_values[table->id_number - 1]));
}

void
change_row_add(const ChangeTable *table, TupleTableSlot *before,
			   TupleTableSlot *after, ChangeSet *set)
{
	int			i;

	if (before != NULL)
		slot_getsomeattrs(before, table->last);
	if (after != NULL)
		slot_getsomeattrs(after, table->last);
	if (before != NULL && after != NULL)
	{
		for (i = 0; i < table->nwatched; i++)
		{
			if (!same_value(table, i, before, after))
				break;
		}
		if (i == table->nwatched)
			return;
	}
	if (before != NULL)
		add_object(table, before, set);
	if (after != NULL)
		add_object(table, after, set);
}
