/*-------------------------------------------------------------------------
 *
 * change_write.c
 *	  The distinct objects that a statement changed, and their rows in
 *	  netstate.change_log.
 *
 * Rows go in through heap_insert() and index_insert(), past the executor: no
 * right is asked for and no trigger fires, but conflicts of serializable
 * transactions are found.  They carry the top transaction's number whatever
 * savepoint they are written in; the savepoint's rollback takes them along.
 *
 * A statement on very many objects logs the networks concerned instead.  Rows
 * of supports and memberships do not say their network: it is then looked up,
 * in whatever version of the link or node there is, as a cascade may have
 * deleted it already.  All versions count, so what is logged may be more than
 * what changed, and is never less.
 *
 * What a set collects lies in the memory context current at change_set_add().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/xid8.h"

#include "change_write.h"
#include "compat.h"
#include "query.h"

/* Columns of netstate.change_log, by position. */
#define LOG_XID 0
#define LOG_SEQ 1
#define LOG_NETWORK 2
#define LOG_KIND 3
#define LOG_ID 4
#define LOG_COLUMNS 5

#define WRITE_BATCH 64			/* rows per insertion */
#define IDS_ROOM 1024

static int64 last_seq;			/* of this transaction */
static CommandId last_command;

int64
change_write_count(void)
{
	return last_seq;
}

CommandId
change_write_command(void)
{
	return last_command;
}

void
change_write_reset(void)
{
	last_seq = 0;
	last_command = FirstCommandId;
}

static int
id_compare(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return (x > y) - (x < y);
}

/* In order, each once. */
static void
change_ids_sort(ChangeIds *ids)
{
	size_t		i;
	size_t		kept = 0;

	if (ids->n == 0)
		return;
	qsort(ids->id, ids->n, sizeof(int64), id_compare);
	for (i = 1; i < ids->n; i++)
	{
		if (ids->id[i] != ids->id[kept])
			ids->id[++kept] = ids->id[i];
	}
	ids->n = kept + 1;
}

static void
change_ids_add(ChangeIds *ids, int64 id)
{
	/* Most rows of a large statement are of one network. */
	if (ids->n > 0 && ids->id[ids->n - 1] == id)
		return;
	if (ids->n == ids->room)
	{
		change_ids_sort(ids);
		if (ids->room == 0)
		{
			ids->room = IDS_ROOM;
			ids->id = palloc_array(int64, ids->room);
		}
		else if (ids->n > ids->room / 2)
		{
			ids->room *= 2;
			ids->id = repalloc_huge(ids->id, mul_size(ids->room, sizeof(int64)));
		}
	}
	ids->id[ids->n++] = id;
}

void
change_set_start(ChangeSet *set, const char *kind, const char *home)
{
	set->kind = kind;
	set->home = home;
	set->n = 0;
	memset(set->slot, 0, sizeof(set->slot));
	set->many = false;
	memset(&set->ids, 0, sizeof(set->ids));
}

static void
add_to_many(ChangeSet *set, int64 network_id, int64 id)
{
	change_ids_add(&set->ids, set->home == NULL ? network_id : id);
}

void
change_set_add(ChangeSet *set, int64 network_id, int64 id)
{
	change_set_add_kind(set, set->kind, network_id, id);
}

void
change_set_add_kind(ChangeSet *set, const char *kind, int64 network_id,
					int64 id)
{
	uint64		hash;
	uint32		at;
	int			i;

	if (set->many)
	{
		add_to_many(set, network_id, id);
		return;
	}

	hash = ((uint64) id + (uint64) network_id * 31) * UINT64CONST(0x9e3779b97f4a7c15);
	for (at = hash >> 53; set->slot[at] != 0; at = (at + 1) % CHANGE_SLOTS)
	{
		const ChangedObject *present = &set->object[set->slot[at] - 1];

		if (present->id == id && present->network_id == network_id &&
			present->kind == kind)
			return;
	}
	if (set->n < CHANGE_MOST)
	{
		set->object[set->n].network_id = network_id;
		set->object[set->n].id = id;
		set->object[set->n].kind = kind;
		set->slot[at] = ++set->n;
		return;
	}

	set->many = true;
	for (i = 0; i < set->n; i++)
		add_to_many(set, set->object[i].network_id, set->object[i].id);
	add_to_many(set, network_id, id);
}

/* Rows of the log for n objects. */
static void
write_rows(const ChangedObject *object, int n)
{
	Relation	log = table_open(query_table("change_log"), RowExclusiveLock);
	CatalogIndexState indexes = CatalogOpenIndexes(log);
	TupleTableSlot *slot[WRITE_BATCH];
	int			nslots = Min(n, WRITE_BATCH);
	Datum		xid = FullTransactionIdGetDatum(GetTopFullTransactionId());
	const char *kind = object[0].kind;
	Datum		word = CStringGetTextDatum(kind);
	int			done;
	int			i;

	for (i = 0; i < nslots; i++)
		slot[i] = MakeSingleTupleTableSlot(RelationGetDescr(log),
										   &TTSOpsHeapTuple);
	for (done = 0; done < n; done += nslots)
	{
		nslots = Min(n - done, WRITE_BATCH);
		for (i = 0; i < nslots; i++)
		{
			if (object[done + i].kind != kind)
			{
				kind = object[done + i].kind;
				word = CStringGetTextDatum(kind);
			}
			ExecClearTuple(slot[i]);
			memset(slot[i]->tts_isnull, 0, LOG_COLUMNS * sizeof(bool));
			slot[i]->tts_values[LOG_XID] = xid;
			slot[i]->tts_values[LOG_SEQ] = Int64GetDatum(++last_seq);
			slot[i]->tts_values[LOG_NETWORK] = Int64GetDatum(object[done + i].network_id);
			slot[i]->tts_values[LOG_KIND] = word;
			slot[i]->tts_values[LOG_ID] = Int64GetDatum(object[done + i].id);
			ExecStoreVirtualTuple(slot[i]);
		}
		CatalogTuplesMultiInsertWithInfo(log, slot, nslots, indexes);
	}
	for (i = 0; i < Min(n, WRITE_BATCH); i++)
		ExecDropSingleTupleTableSlot(slot[i]);
	last_command = GetCurrentCommandId(false);

	CatalogCloseIndexes(indexes);
	table_close(log, NoLock);
}

void
change_write_all(void)
{
	ChangedObject all = {.kind = "all"};

	write_rows(&all, 1);
}

/*
 * The networks of all versions of these rows; 0 for an id without any.
 */
static void
find_networks(const char *home, const ChangeIds *ids, ChangeIds *networks)
{
	Relation	rel = table_open(query_table(home), AccessShareLock);
	AttrNumber	column = get_attnum(RelationGetRelid(rel), "network_id");
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
	ScanKeyData key;
	size_t		i;

	list_free(RelationGetIndexList(rel));	/* finds the primary key */
	if (!OidIsValid(rel->rd_pkindex) || column <= 0)
	{
		change_ids_add(networks, 0);
		table_close(rel, NoLock);
		return;
	}
	index = index_open(rel->rd_pkindex, AccessShareLock);
	scan = compat_index_beginscan(rel, index, SnapshotAny, 1);
	slot = table_slot_create(rel, NULL);
	for (i = 0; i < ids->n; i++)
	{
		bool		found = false;

		CHECK_FOR_INTERRUPTS();
		ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_INT8EQ,
					Int64GetDatum(ids->id[i]));
		index_rescan(scan, &key, 1, NULL, 0);
		while (index_getnext_slot(scan, ForwardScanDirection, slot))
		{
			bool		null;
			Datum		network = slot_getattr(slot, column, &null);

			change_ids_add(networks, null ? 0 : DatumGetInt64(network));
			found = true;
		}
		if (!found)
			change_ids_add(networks, 0);
	}
	ExecDropSingleTupleTableSlot(slot);
	index_endscan(scan);
	index_close(index, NoLock);
	table_close(rel, NoLock);
}

static void
write_networks(ChangeSet *set)
{
	ChangeIds	found = {0};
	ChangeIds  *networks = &set->ids;
	int			i;

	change_ids_sort(&set->ids);
	if (set->home != NULL)
	{
		find_networks(set->home, &set->ids, &found);
		change_ids_sort(&found);
		networks = &found;
	}

	/* Ids are positive, so that 0, every network, would be the first. */
	if (networks->n > CHANGE_MOST || networks->id[0] == 0)
	{
		change_write_all();
		return;
	}
	for (i = 0; i < (int) networks->n; i++)
	{
		set->object[i].network_id = networks->id[i];
		set->object[i].id = 0;
		set->object[i].kind = "all";
	}
	write_rows(set->object, networks->n);
}

void
change_set_write(ChangeSet *set)
{
	if (set->many)
		write_networks(set);
	else if (set->n > 0)
		write_rows(set->object, set->n);
}
