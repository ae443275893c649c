/*-------------------------------------------------------------------------
 *
 * change_probe.c
 *	  What the change log holds that a key has not seen and a snapshot sees.
 *
 * One descent of the log's primary key (xid, seq) when there is nothing new.
 * A key whose xmin is held back by a long transaction would walk over all that
 * was logged since; so the walk leaps to the next transaction that matters
 * after a few that do not.
 *
 * Under SERIALIZABLE nothing that the key has not seen is leapt over: the scan
 * locks the range against writers yet to come, and meets the rows of those
 * running already, and so stands for the reading of all the tables that log
 * there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relscan.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "change_probe.h"
#include "compat.h"
#include "drain_hit.h"
#include "env_pg.h"
#include "graph_table.h"
#include "plant_above.h"
#include "plant_read.h"

#define LEAP_AFTER 8			/* rows passed over before a new descent */

/* Columns of change_log; its definition is ours alone and never altered. */
enum
{
	LOG_XID = 1,
	LOG_SEQ,
	LOG_NETWORK_ID,
	LOG_KIND,
	LOG_ID
};

typedef struct LogScan
{
	Relation	heap;
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
} LogScan;

static void
log_begin(LogScan *log, Snapshot snapshot, int nkeys)
{
	log->heap = graph_table_open(GRAPH_CHANGE_LOG);
	if (!log->heap->rd_indexvalid)
		list_free(RelationGetIndexList(log->heap));
	if (!OidIsValid(log->heap->rd_pkindex))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("table netstate.change_log has no primary key"),
				 errdetail("Changes are looked up by it."),
				 errhint("Install the extension again.")));
	log->index = index_open(log->heap->rd_pkindex, AccessShareLock);
	log->slot = table_slot_create(log->heap, NULL);
	log->scan = compat_index_beginscan(log->heap, log->index, snapshot, nkeys);
	log->scan->xs_want_itup = true;
}

static void
log_end(LogScan *log)
{
	index_endscan(log->scan);
	ExecDropSingleTupleTableSlot(log->slot);
	index_close(log->index, NoLock);
	graph_table_close(log->heap);
}

static void
log_from(LogScan *log, uint64 xid)
{
	ScanKeyData key;

	ScanKeyInit(&key, LOG_XID, BTGreaterEqualStrategyNumber, F_XID8GE,
				UInt64GetDatum(xid));
	index_rescan(log->scan, &key, 1, NULL, 0);
}

/* The xid of the next row by the index alone; false at the end. */
static bool
log_next(LogScan *log, uint64 *xid)
{
	bool		null;

	CHECK_FOR_INTERRUPTS();
	if (index_getnext_tid(log->scan, ForwardScanDirection) == NULL)
		return false;
	*xid = DatumGetUInt64(index_getattr(log->scan->xs_itup, LOG_XID,
										log->scan->xs_itupdesc, &null));
	return true;
}

static void
add_id(int64 **array, size_t *n, size_t *room, int64 id)
{
	/* runs of one object are common */
	if (*n > 0 && (*array)[*n - 1] == id)
		return;
	if (*n == *room)
	{
		*room = *room == 0 ? 16 : *room * 2;
		*array = *array == NULL ? palloc_array(int64, *room)
			: repalloc_array(*array, int64, *room);
	}
	(*array)[(*n)++] = id;
}

void
changes_add_node(Changes *changes, int64 id)
{
	add_id(&changes->node, &changes->nnodes, &changes->node_room, id);
}

void
changes_add_link(Changes *changes, int64 id)
{
	add_id(&changes->link, &changes->nlinks, &changes->link_room, id);
}

/* An element of the plant; its kind is a word of plant_elements_add(). */
typedef struct ChangedElement
{
	const char *kind;
	int64		id;
} ChangedElement;

static void
add_element(Changes *changes, const char *kind, int64 id)
{
	if (changes->nelements > 0 &&
		changes->element[changes->nelements - 1].kind == kind &&
		changes->element[changes->nelements - 1].id == id)
		return;
	if (changes->nelements == changes->element_room)
	{
		changes->element_room = changes->element_room == 0 ? 16 : changes->element_room * 2;
		changes->element = changes->element == NULL
			? palloc_array(ChangedElement, changes->element_room)
			: repalloc_array(changes->element, ChangedElement, changes->element_room);
	}
	changes->element[changes->nelements++] = (ChangedElement) {kind, id};
}

static void
add_drained(Changes *changes, int kind, int64 id)
{
	if (changes->ndrained == changes->drained_room)
	{
		changes->drained_room = changes->drained_room == 0 ? 16 : changes->drained_room * 2;
		changes->drained = changes->drained == NULL
			? palloc_array(HitElement, changes->drained_room)
			: repalloc_array(changes->drained, HitElement, changes->drained_room);
	}
	changes->drained[changes->ndrained++] = (HitElement) {kind, id};
}

/*
 * What the drains have now, and what they had: they may take it, or may have
 * taken it.
 */
static void
follow_drains(Changes *changes, int64 network_id, bool drained)
{
	DrainElements list = {0};
	HitLinks	hit;
	IdSet		span;
	EnvPg		env;
	size_t		i;

	if (changes->ndrains + changes->ndrained == 0)
		return;
	env_pg_make(&env, CurrentMemoryContext, "netstate changes of drains");
	list.env = &env.env;
	for (i = 0; i < changes->ndrains; i++)
	{
		bool		active = drain_is_active(changes->drain[i]);

		changes->drains = changes->drains || active;
		if (active || drained)
			drain_elements_read(&list, &changes->drain[i], 1);
	}
	for (i = 0; i < changes->ndrained; i++)
		drain_elements_add(&list, changes->drained[i].kind, changes->drained[i].id);
	id_set_make(&span, &env.env);
	if (list.n > 0)
	{
		hit_elements(&env.env, list.element, list.n, true, &hit, &span);
		for (i = 0; i < hit.link.n && network_id != PLANT_NETWORK_ID; i++)
			changes_add_link(changes, hit.link.id[i]);
	}
	for (i = 0; i < span.n && network_id == PLANT_NETWORK_ID; i++)
		changes_add_link(changes, span.id[i]);
	env_pg_drop(&env);
	changes->ndrains = changes->ndrained = 0;
}

const char *
changes_element(const Changes *changes, size_t i, int64 *id)
{
	*id = changes->element[i].id;
	return changes->element[i].kind;
}

void
changes_follow_plant(Changes *changes, int64 network_id)
{
	PlantElements elements;
	IdSet		link;
	IdSet		node;
	EnvPg		env;
	size_t		i;

	if (changes->nelements == 0)
		return;
	env_pg_make(&env, CurrentMemoryContext, "netstate changes of the plant");
	plant_elements_make(&elements, &env.env);
	id_set_make(&link, &env.env);
	id_set_make(&node, &env.env);
	for (i = 0; i < changes->nelements; i++)
		plant_elements_add(&elements, changes->element[i].kind,
						   changes->element[i].id);
	if (network_id == PLANT_NETWORK_ID)
		plant_complete(&elements);
	else
		plant_above(&elements, &link, &node);
	for (i = 0; i < link.n; i++)
		changes_add_link(changes, link.id[i]);
	for (i = 0; i < node.n; i++)
		changes_add_node(changes, node.id[i]);
	for (i = 0; i < elements.span.n && network_id == PLANT_NETWORK_ID; i++)
		changes_add_link(changes, elements.span.id[i]);
	for (i = 0; i < elements.structure.n && network_id == PLANT_NETWORK_ID; i++)
		changes_add_node(changes, elements.structure.id[i]);
	env_pg_drop(&env);
	changes->nelements = 0;
}

void
changes_follow(Changes *changes, int64 network_id, bool drained)
{
	changes_follow_plant(changes, network_id);
	follow_drains(changes, network_id, drained);
}

static bool
in_scope(const ProbeScope *scope, int64 network_id)
{
	size_t		i;

	if (scope->every || network_id == 0 || network_id == scope->network_id)
		return true;
	for (i = 0; i < scope->nbelow; i++)
		if (scope->below[i] == network_id)
			return true;
	return false;
}

static const char NETWORK_WORD[] = "network";
static const char NODE_WORD[] = "node";
static const char LINK_WORD[] = "link";
static const char DRAIN_WORD[] = "drain";

/* The kind that this word is of; NULL for "all". */
static const char *
kind_word(const char *word, size_t n)
{
	static const char *const words[] = {
		LINK_WORD, NODE_WORD, NETWORK_WORD, "span", "site", "structure",
		"cable", "cable_segment", "span_pair", DRAIN_WORD
	};
	size_t		i;

	for (i = 0; i < lengthof(words); i++)
		if (words[i][0] == word[0] && strlen(words[i]) == n &&
			memcmp(words[i], word, n) == 0)
			return words[i];
	return NULL;
}

/* A row of network DRAIN_NETWORK_ID: it matters where something was drained. */
static void
add_drained_row(Changes *changes, const char *word, size_t n, int64 id)
{
	int			kind = hit_kind(word, n);

	if (n == 6 && memcmp(word, "splice", n) == 0)
		add_element(changes, "cable_segment", id);
	else if (kind >= 0)
		add_drained(changes, kind, id);
	else
		changes->all = true;
}

/* Take in the row in the slot. */
static void
add_row(TupleTableSlot *slot, const ProbeScope *scope, Changes *changes)
{
	int64		network_id;
	int64		id;
	text	   *kind;
	const char *word;

	slot_getallattrs(slot);
	changes->nrows++;
	network_id = DatumGetInt64(slot->tts_values[LOG_NETWORK_ID - 1]);
	kind = DatumGetTextPP(slot->tts_values[LOG_KIND - 1]);
	id = DatumGetInt64(slot->tts_values[LOG_ID - 1]);
	word = kind_word(VARDATA_ANY(kind), VARSIZE_ANY_EXHDR(kind));

	if (word == NETWORK_WORD)
		changes->network = true;
	else if (!in_scope(scope, network_id))
		 /* a network that this one does not depend on */ ;
	else if (network_id == DRAIN_NETWORK_ID)
		add_drained_row(changes, VARDATA_ANY(kind), VARSIZE_ANY_EXHDR(kind), id);
	else if (word == DRAIN_WORD)
		add_id(&changes->drain, &changes->ndrains, &changes->drain_room, id);
	else if (word == NODE_WORD)
		changes_add_node(changes, id);
	else if (word == LINK_WORD)
		changes_add_link(changes, id);
	else if (word != NULL)
		add_element(changes, word, id);
	else
	{
		changes->all = true;
		if (network_id == 0)
			changes->network = true;
	}
	if (changes->nrows > scope->most)
	{
		changes->all = true;
		changes->network = true;
	}
}

/*
 * The least transaction whose rows the log still holds for sure.  As it is now:
 * a horizon later than the snapshot's own makes a build too many at worst, and
 * no serializable transaction comes to depend on one that prunes.
 */
static uint64
log_horizon(void)
{
	Relation	relation = graph_table_open(GRAPH_CHANGE_HORIZON);
	TableScanDesc scan = table_beginscan(relation, SnapshotSelf, 0, NULL);
	TupleTableSlot *slot = table_slot_create(relation, NULL);
	uint64		horizon = PG_UINT64_MAX;	/* no row: it holds nothing */
	bool		null;

	if (table_scan_getnextslot(scan, ForwardScanDirection, slot))
		horizon = DatumGetUInt64(slot_getattr(slot,
											  graph_table_column(GRAPH_CHANGE_HORIZON, CHANGE_HORIZON_XID),
											  &null));
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
	graph_table_close(relation);
	return horizon;
}

bool
change_probe(SnapshotKey *last, SnapshotKey *next, Snapshot snapshot,
			 const ProbeScope *scope, Changes *changes)
{
	bool		serializable = IsolationIsSerializable();
	uint64		own = snapshot_key_own_xid();
	uint64		xid = last->xmin;
	int			passed = 0;
	LogScan		log;

	if (last->xmin < log_horizon())
		return false;
	log_begin(&log, snapshot, 1);
	log_from(&log, xid);
	while (log_next(&log, &xid))
	{
		bool		new = xid != own && !snapshot_key_sees(last, xid);

		if (!new || (!serializable && !snapshot_key_sees(next, xid)))
		{
			if (xid >= next->xmax && !serializable)
				break;
			if (++passed < LEAP_AFTER)
				continue;
			passed = 0;
			do
			{
				xid = snapshot_key_next_unseen(last, xid + 1);
			} while (!serializable && xid < next->xmax &&
					 (xid == own || !snapshot_key_sees(next, xid)));
			log_from(&log, xid);
			continue;
		}
		passed = 0;
		if (!index_fetch_heap(log.scan, log.slot))
			continue;
		add_row(log.slot, scope, changes);
		if (changes->nrows > scope->most)
			break;
	}
	log_end(&log);
	return true;
}

size_t
change_probe_own(uint64 own, int64 *seq, Snapshot snapshot,
				 const ProbeScope *scope, Changes *changes)
{
	ScanKeyData key[2];
	size_t		n = 0;
	LogScan		log;

	log_begin(&log, snapshot, 2);
	ScanKeyInit(&key[0], LOG_XID, BTEqualStrategyNumber, F_XID8EQ,
				UInt64GetDatum(own));
	ScanKeyInit(&key[1], LOG_SEQ, BTGreaterStrategyNumber, F_INT8GT,
				Int64GetDatum(*seq));
	index_rescan(log.scan, key, 2, NULL, 0);
	while (index_getnext_slot(log.scan, ForwardScanDirection, log.slot))
	{
		bool		null;

		CHECK_FOR_INTERRUPTS();
		*seq = DatumGetInt64(slot_getattr(log.slot, LOG_SEQ, &null));
		add_row(log.slot, scope, changes);
		n++;
	}
	log_end(&log);
	return n;
}

static int
compare_ids(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return (x > y) - (x < y);
}

static size_t
sort_ids(int64 *id, size_t n)
{
	size_t		kept = 0;
	size_t		i;

	if (n < 2)
		return n;
	qsort(id, n, sizeof(int64), compare_ids);
	for (i = 0; i < n; i++)
		if (kept == 0 || id[kept - 1] != id[i])
			id[kept++] = id[i];
	return kept;
}

void
changes_finish(Changes *changes)
{
	changes->nnodes = sort_ids(changes->node, changes->nnodes);
	changes->nlinks = sort_ids(changes->link, changes->nlinks);
}
