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
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "change_row.h"
#include "plant_read.h"

#define WATCHED_MOST 10

typedef struct ChangeTable
{
	const char *name;
	const char *kind;			/* of the object that a row stands for */
	const char *id;				/* column with its id, or NULL: 0 */
	const char *second;			/* column with the low bits of its id, or NULL */
	int			shift;			/* how many these are */
	const char *network;		/* column with its network, or NULL */
	const char *home;			/* else the table that says its network, or
								 * NULL: the plant */
	bool		everywhere;		/* of all networks: nodes of any may lie there,
								 * whether or not it has plant beneath */
	const char *watched[WATCHED_MOST];	/* columns, id and network among them */

	/* Found by name; good while relid is the table's. */
	Oid			relid;
	AttrNumber	id_number;
	AttrNumber	second_number;
	AttrNumber	network_number;
	AttrNumber	number[WATCHED_MOST];
	int			nwatched;
	AttrNumber	last;			/* the greatest of all */
} ChangeTable;

static ChangeTable change_tables[] = {
	{.name = "network",.kind = "network",.id = "id",.network = "id",
	.watched = {"id", "name"}},
	{.name = "node",.kind = "node",.id = "id",.network = "network_id",
		.watched = {"id", "network_id", "name", "supporting_node_id", "status",
	"site_id", "structure_id", "geom"}},
	{.name = "link",.kind = "link",.id = "id",.network = "network_id",
		.watched = {"id", "network_id", "a_node_id", "z_node_id", "directed",
	"metric", "latency_us", "length_km", "capacity_gbps", "status"}},
	{.name = "link_support",.kind = "link",.id = "link_id",.home = "link",
	.watched = {"link_id", "member", "supporting_link_id"}},
	{.name = "srlg_member",.kind = "link",.id = "link_id",.home = "link",
	.watched = {"link_id", "srlg_id", "share", "probability"}},
	{.name = "srlg_node",.kind = "node",.id = "node_id",.home = "node",
	.watched = {"node_id", "srlg_id", "probability"}},

	/* the plant */
	{.name = "site",.kind = "site",.id = "id",.watched = {"id", "geom"}},
	{.name = "site_power_feed",.kind = "site",.id = "site_id",
	.watched = {"site_id", "power_feed_id"}},
	{.name = "structure",.kind = "structure",.id = "id",
	.watched = {"id", "site_id", "name", "status", "geom"}},
	{.name = "span",.kind = "span",.id = "id",
		.watched = {"id", "a_structure_id", "z_structure_id", "corridor_id",
	"side", "encasement", "geom", "length_m", "status"}},
	{.name = "span_crossing",.kind = "span",.id = "span_id",
	.watched = {"span_id", "structure_id", "passage"}},
	{.name = "duct",.kind = "span",.id = "span_id",
	.watched = {"id", "span_id", "parent_id"}},
	{.name = "cable",.kind = "cable",.id = "id",.watched = {"id", "status"}},
	{.name = "cable_segment",.kind = "cable_segment",.id = "cable_id",
		.second = "seq",.shift = 20,
	.watched = {"cable_id", "seq", "span_id", "duct_id"}},
	{.name = "strand_assignment",.kind = "link",.id = "link_id",.home = "link",
	.watched = {"link_id", "cable_id", "segments"}},
	{.name = "span_pair",.kind = "span_pair",.id = "a_span_id",
		.second = "b_span_id",.shift = 29,
	.watched = {"a_span_id", "b_span_id", "crosses", "run_m"}},
	{.name = "span_pair_own",.kind = "span_pair",.id = "a_span_id",
		.second = "b_span_id",.shift = 29,
	.watched = {"xid", "a_span_id", "b_span_id", "crosses", "run_m"}},
	{.name = "risk_rule_default",.kind = "all",
		.watched = {"kind", "enabled", "distance_m", "min_length_m",
	"probability"}},
	{.name = "risk_rule",.kind = "all",
		.watched = {"kind", "enabled", "distance_m", "min_length_m",
	"probability"}},
	{.name = "corridor",.kind = "all",.watched = {"id", "geom"}},
	{.name = "hazard_area",.kind = "all",.everywhere = true,.watched = {"id", "geom"}},
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
	table->id_number = table->second_number = table->network_number = 0;
	if (table->id != NULL)
		table->id_number = column_number(table, rel, table->id);
	if (table->second != NULL)
		table->second_number = column_number(table, rel, table->second);
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

/* The bits of the id that the second column has, be it an integer or bigint. */
static int64
low_bits(const ChangeTable *table, TupleTableSlot *row)
{
	int			i = table->second_number - 1;

	if (TupleDescAttr(row->tts_tupleDescriptor, i)->atttypid == INT4OID)
		return DatumGetInt32(row->tts_values[i]);
	return DatumGetInt64(row->tts_values[i]);
}

static void
add_object(const ChangeTable *table, TupleTableSlot *row, ChangeSet *set)
{
	int64		network_id = 0;
	int64		id = 0;

	if (table->network_number > 0)
		network_id = DatumGetInt64(row->tts_values[table->network_number - 1]);
	else if (table->home == NULL && !table->everywhere)
		network_id = PLANT_NETWORK_ID;
	if (table->id_number > 0)
		id = DatumGetInt64(row->tts_values[table->id_number - 1]);
	if (table->second_number > 0)
		id = (id << table->shift) | low_bits(table, row);
	change_set_add(set, network_id, id);
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
