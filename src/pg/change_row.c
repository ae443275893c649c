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
#include "drain_hit.h"
#include "plant_read.h"

#define WATCHED_MOST 10

typedef struct ChangeTable
{
	const char *name;
	const char *kind;			/* of the object that a row stands for */
	const char *id;				/* column with its id, or NULL: 0 */
	const char *second;			/* column with the low bits of its id, or NULL */
	int			shift;			/* how many these are */
	const char *other_id;		/* columns of one more object, or NULL */
	const char *other_second;
	const char *element_kind;	/* columns of an element that an old row stands
								 * for, or NULL; a new one stands for its id */
	const char *element_id;
	const char *network;		/* column with its network, or NULL */
	const char *home;			/* else the table that says its network, or
								 * NULL: the plant */
	bool		everywhere;		/* of all networks: nodes of any may lie there,
								 * whether or not it has plant beneath */
	bool		drained;		/* of what something is drained of */
	const char *watched[WATCHED_MOST];	/* columns, id and network among them */

	/* Found by name; good while relid is the table's. */
	Oid			relid;
	AttrNumber	id_number;
	AttrNumber	second_number;
	AttrNumber	other_id_number;
	AttrNumber	other_second_number;
	AttrNumber	element_kind_number;
	AttrNumber	element_id_number;
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
	{.name = "site",.kind = "site",.id = "id",.watched = {"id", "zone_id", "geom"}},
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
	.watched = {"link_id", "cable_id", "strands", "segments"}},
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

	/* drains, and what matters to nothing else */
	{.name = "drain",.kind = "drain",.id = "id",.everywhere = true,
	.watched = {"id", "state"}},
	{.name = "drain_element",.kind = "drain",.id = "drain_id",.everywhere = true,
		.element_kind = "kind",.element_id = "element_id",
	.watched = {"drain_id", "kind", "element_id"}},
	{.name = "zone",.kind = "zone",.id = "id",.drained = true,
	.watched = {"id", "region_id"}},
	{.name = "splice",.kind = "splice",.id = "a_cable_id",.second = "a_seq",
		.shift = 20,.other_id = "z_cable_id",.other_second = "z_seq",
		.drained = true,.watched = {"closure_id", "a_cable_id", "a_seq",
	"a_strands", "z_cable_id", "z_seq", "z_strands"}},
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

/* 0 where there is no name. */
static AttrNumber
named_number(ChangeTable *table, Relation rel, const char *name)
{
	return name == NULL ? 0 : column_number(table, rel, name);
}

static void
find_columns(ChangeTable *table, Relation rel)
{
	int			i;

	table->last = 0;
	table->id_number = named_number(table, rel, table->id);
	table->second_number = named_number(table, rel, table->second);
	table->other_id_number = named_number(table, rel, table->other_id);
	table->other_second_number = named_number(table, rel, table->other_second);
	table->element_kind_number = named_number(table, rel, table->element_kind);
	table->element_id_number = named_number(table, rel, table->element_id);
	table->network_number = named_number(table, rel, table->network);
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

/* The id in one column, or in this and, be it an integer or bigint, a second. */
static int64
id_in(const ChangeTable *table, TupleTableSlot *row, AttrNumber first,
	  AttrNumber second)
{
	int64		id = first == 0 ? 0 : DatumGetInt64(row->tts_values[first - 1]);
	int64		low;

	if (second == 0)
		return id;
	if (TupleDescAttr(row->tts_tupleDescriptor, second - 1)->atttypid == INT4OID)
		low = DatumGetInt32(row->tts_values[second - 1]);
	else
		low = DatumGetInt64(row->tts_values[second - 1]);
	return (id << table->shift) | low;
}

static void
add_object(const ChangeTable *table, TupleTableSlot *row, ChangeSet *set)
{
	int64		network_id = 0;

	if (table->network_number > 0)
		network_id = DatumGetInt64(row->tts_values[table->network_number - 1]);
	else if (table->drained)
		network_id = DRAIN_NETWORK_ID;
	else if (table->home == NULL && !table->everywhere)
		network_id = PLANT_NETWORK_ID;
	change_set_add(set, network_id,
				   id_in(table, row, table->id_number, table->second_number));
	if (table->other_id_number > 0)
		change_set_add(set, network_id,
					   id_in(table, row, table->other_id_number,
							 table->other_second_number));
}

/*
 * The element that a drain no longer has.  It matters only where something was
 * drained; what the drain has now is found by the drain itself.
 */
static void
add_element(const ChangeTable *table, TupleTableSlot *row, ChangeSet *set)
{
	text	   *word = DatumGetTextPP(row->tts_values[table->element_kind_number - 1]);
	int			kind = hit_kind(VARDATA_ANY(word), VARSIZE_ANY_EXHDR(word));

	change_set_add_kind(set, kind < 0 ? "all" : hit_kind_word(kind),
						DRAIN_NETWORK_ID,
						DatumGetInt64(row->tts_values[table->element_id_number - 1]));
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
	if (before != NULL && table->element_id_number > 0)
		add_element(table, before, set);
	else if (before != NULL)
		add_object(table, before, set);
	if (after != NULL)
		add_object(table, after, set);
}
