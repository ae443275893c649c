/*-------------------------------------------------------------------------
 *
 * graph_cache.c
 *	  The one door to a network's graph.
 *
 * Each session keeps two versions of a network's graph at most: the present
 * one, and while a transaction lasts one for a snapshot older than that.  They
 * are found by the network's name; a row of the log that says that a network
 * came, went or was renamed has the name looked up again.
 *
 * Not from here but read from the tables at the call, and kept by nobody, is
 * the graph of a caller from whom row-level security hides rows, and any graph
 * while the log may be silent: a trigger of it is not as it should be, or a
 * statement of this backend is under way whose changes are not logged yet.
 *
 * A graph in use is pinned, so that whatever runs meanwhile, a policy's
 * function say, neither changes nor drops it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "argument.h"
#include "change_log.h"
#include "compat.h"
#include "drain_hit.h"
#include "env_pg.h"
#include "error.h"
#include "graph_cache.h"
#include "graph_load.h"
#include "graph_right.h"
#include "graph_table.h"
#include "graph_version.h"
#include "guc.h"
#include "name.h"
#include "plant_read.h"

#define NAME_ROOM 2004			/* 500 characters of four bytes, and the end */

typedef struct CacheEntry
{
	char		name[NAME_ROOM];	/* hash key */
	GraphVersion now;
	GraphVersion older;			/* for an older snapshot; of one transaction */
	int			pins;
	uint64		used;			/* tick of the last use */
	int64		builds;
	int64		deltas;
	int64		hits;
} CacheEntry;

/* How a cost is called by users, and the column that holds it. */
static const struct
{
	const char *word;
	const char *column;
}			cost_words[NS_STORED_COSTS] = {
	[NS_COST_METRIC] = {"metric", "metric"},
	[NS_COST_LATENCY] = {"latency", "latency_us"},
	[NS_COST_LENGTH] = {"length", "length_km"},
};

static HTAB *entries;
static uint64 tick;

/* Has this transaction left anything behind that its end must undo? */
static bool touched;

/* The transaction that has locked the tables already. */
static LocalTransactionId locked_lxid = InvalidLocalTransactionId;
static LocalTransactionId plant_locked_lxid = InvalidLocalTransactionId;
static LocalTransactionId drains_locked_lxid = InvalidLocalTransactionId;

/* ---------- ends of transactions ---------- */

static void
cache_at_xact_end(XactEvent event, void *arg)
{
	HASH_SEQ_STATUS status;
	CacheEntry *entry;

	switch (event)
	{
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_PARALLEL_COMMIT:
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PARALLEL_ABORT:
		case XACT_EVENT_PREPARE:
			break;
		default:
			return;
	}
	locked_lxid = plant_locked_lxid = drains_locked_lxid =
		InvalidLocalTransactionId;
	if (!touched)
		return;
	touched = false;
	hash_seq_init(&status, entries);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		graph_version_transaction_ended(&entry->now);
		graph_version_drop(&entry->older);
	}
}

static void
cache_at_subxact_end(SubXactEvent event, SubTransactionId mySubid,
					 SubTransactionId parentSubid, void *arg)
{
	HASH_SEQ_STATUS status;
	CacheEntry *entry;

	if (event != SUBXACT_EVENT_ABORT_SUB)
		return;
	/* locks taken in it are gone */
	locked_lxid = plant_locked_lxid = drains_locked_lxid =
		InvalidLocalTransactionId;
	if (!touched)
		return;
	hash_seq_init(&status, entries);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		graph_version_sub_aborted(&entry->now, mySubid);
		graph_version_sub_aborted(&entry->older, mySubid);
	}
}

void
graph_cache_define(void)
{
	RegisterXactCallback(cache_at_xact_end, NULL);
	RegisterSubXactCallback(cache_at_subxact_end, NULL);
	graph_right_define();
	graph_shared_define();
}

/* ---------- entries ---------- */

static void
make_entries(void)
{
	HASHCTL		ctl = {0};

	ctl.keysize = NAME_ROOM;
	ctl.entrysize = sizeof(CacheEntry);
	ctl.hcxt = CacheMemoryContext;
	entries = hash_create("netstate graphs", 16, &ctl,
						  HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

/* The entry of a network; NULL where the name is longer than any can be. */
static CacheEntry *
find_entry(const char *network)
{
	CacheEntry *entry;
	bool		found;

	if (strlen(network) >= NAME_ROOM)
		return NULL;
	if (entries == NULL)
		make_entries();
	entry = hash_search(entries, network, HASH_FIND, NULL);
	if (entry != NULL)
		return entry;

	/* names of no network leave nothing behind */
	name_find_network(network);
	entry = hash_search(entries, network, HASH_ENTER, &found);
	memset((char *) entry + NAME_ROOM, 0, sizeof(CacheEntry) - NAME_ROOM);
	snapshot_key_init(&entry->now.key, CacheMemoryContext);
	snapshot_key_init(&entry->older.key, CacheMemoryContext);
	return entry;
}

static void
remove_entry(CacheEntry *entry)
{
	graph_version_drop(&entry->now);
	graph_version_drop(&entry->older);
	graph_version_free(&entry->now);
	graph_version_free(&entry->older);
	hash_search(entries, entry->name, HASH_REMOVE, NULL);
}

/*
 * Hold what this backend keeps to netstate.cache_memory: drop what was used
 * longest ago.  The entry in use stays, whatever it takes.
 */
static void
trim(const CacheEntry *in_use)
{
	Size		cap = (Size) guc_cache_memory * 1024 * 1024;

	for (;;)
	{
		HASH_SEQ_STATUS status;
		CacheEntry *entry;
		CacheEntry *victim = NULL;
		Size		bytes = 0;

		hash_seq_init(&status, entries);
		while ((entry = hash_seq_search(&status)) != NULL)
		{
			bytes += sizeof(CacheEntry) + graph_version_bytes(&entry->now) +
				graph_version_bytes(&entry->older);
			if (entry != in_use && entry->pins == 0 &&
				(victim == NULL || entry->used < victim->used))
				victim = entry;
		}
		if (bytes <= cap || victim == NULL)
			return;
		remove_entry(victim);
	}
}

/* ---------- getting a graph ---------- */

/*
 * Lock the tables as a query would, once a transaction: what has been answered
 * in it stays so, since no TRUNCATE or rewrite can pass.
 */
static void
lock_tables(void)
{
	if (locked_lxid == compat_local_xid())
		return;
	graph_table_lock();
	locked_lxid = compat_local_xid();
}

/* Those of the plant and of drains likewise, where the graph depends on them. */
static void
lock_below(const CacheEntry *entry)
{
	const GraphVersion *v = &entry->now;
	bool		plant = v->network_id == PLANT_NETWORK_ID;
	bool		drains = false;
	size_t		i;

	if (!v->valid)
		return;
	for (i = 0; i < v->nbelow; i++)
	{
		plant = plant || v->below[i] == PLANT_NETWORK_ID;
		drains = drains || v->below[i] == DRAIN_NETWORK_ID;
	}
	if (plant && plant_locked_lxid != compat_local_xid())
	{
		graph_table_lock_plant();
		plant_locked_lxid = compat_local_xid();
	}
	if (drains && drains_locked_lxid != compat_local_xid())
	{
		graph_table_lock_drains();
		drains_locked_lxid = compat_local_xid();
	}
}

void
graph_cache_read(const char *network, GraphRef *ref)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext graph_context;
	EnvPg		load;
	NsGraphBlock *built;
	NsGraphBlock *kept;
	NsGraph    *view;

	ref->network = network;
	ref->network_id = name_find_network(network);
	ref->entry = NULL;

	/* Rows and scratch go with "load"; what stays is the block. */
	env_pg_make(&load, caller, "netstate graph load");
	MemoryContextSwitchTo(load.context);
	built = graph_load(&load.env, ref->network_id, network);
	graph_context = AllocSetContextCreate(caller, "netstate graph",
										  ALLOCSET_DEFAULT_SIZES);
	kept = MemoryContextAllocExtended(graph_context, built->bytes,
									  MCXT_ALLOC_HUGE);
	memcpy(kept, built, built->bytes);
	MemoryContextSwitchTo(caller);
	env_pg_drop(&load);
	view = palloc_object(NsGraph);
	ns_graph_view(view, kept);
	ref->graph = view;
}

typedef struct Pin
{
	MemoryContextCallback callback;
	CacheEntry *entry;
} Pin;

static void
unpin(void *arg)
{
	((Pin *) arg)->entry->pins--;
}

/* Until the current memory context is reset, be it by an error. */
static void
pin(CacheEntry *entry)
{
	Pin		   *pin = palloc_object(Pin);

	pin->entry = entry;
	pin->callback.func = unpin;
	pin->callback.arg = pin;
	entry->pins++;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &pin->callback);
}

/*
 * Bring a version up to the snapshot, building it if need be.  False: the
 * snapshot is older than it.
 */
static bool
bring_up(CacheEntry *entry, GraphVersion *v, Snapshot snapshot)
{
	bool		renamed = false;
	bool		built = false;
	VersionUse	use = graph_version_use(v, snapshot, &renamed);

	if (use == VERSION_OLDER)
		return false;
	if (renamed || use == VERSION_BUILD)
	{
		int64		network_id;

		/* An error here, a network that is gone, leaves nothing to be found. */
		if (renamed && use != VERSION_BUILD)
			v->valid = false;
		network_id = name_find_network(entry->name);
		if (use != VERSION_BUILD && network_id == v->network_id)
			v->valid = true;
		else
		{
			graph_version_make(v, network_id, entry->name, snapshot, &built);
			use = built ? VERSION_BUILD : VERSION_DELTA;
			trim(entry);
		}
	}
	if (use == VERSION_HIT)
		entry->hits++;
	else if (use == VERSION_DELTA)
		entry->deltas++;
	else
		entry->builds++;
	if (v->own.n > 0 || v->own_block || v->own_name || v->passing ||
		v == &entry->older)
		touched = true;
	return true;
}

/* A graph that is pinned serves as it is, or not at all. */
static GraphVersion *
pinned_version(CacheEntry *entry, Snapshot snapshot)
{
	if (entry->now.valid && graph_version_is_hit(&entry->now, snapshot))
		return &entry->now;
	if (entry->older.valid && graph_version_is_hit(&entry->older, snapshot))
		return &entry->older;
	return NULL;
}

static GraphVersion *
find_version(CacheEntry *entry, Snapshot snapshot)
{
	if (entry->pins > 0)
		return pinned_version(entry, snapshot);
	if (bring_up(entry, &entry->now, snapshot))
		return &entry->now;
	if (!bring_up(entry, &entry->older, snapshot))
	{
		graph_version_drop(&entry->older);
		bring_up(entry, &entry->older, snapshot);
	}
	return &entry->older;
}

void
graph_cache_get(const char *network, GraphRef *ref)
{
	Snapshot	snapshot = GetActiveSnapshot();
	GraphVersion *v = NULL;
	CacheEntry *entry;
	bool		loggable;

	lock_tables();
	if (graph_right_check(strcmp(network, "plant") == 0) &&
		change_log_covers(snapshot) &&
		snapshot->snapshot_type == SNAPSHOT_MVCC)
	{
		graph_table_fingerprint(&loggable);
		entry = loggable ? find_entry(network) : NULL;
		if (entry != NULL)
		{
			lock_below(entry);
			v = find_version(entry, snapshot);
		}
	}
	if (v == NULL)
	{
		graph_cache_read(network, ref);
		return;
	}

	entry->used = ++tick;
	pin(entry);
	ref->network = entry->name;
	ref->network_id = v->network_id;
	ref->graph = &v->view;
	ref->entry = entry;
}

void
graph_cache_searched(const GraphRef *ref, NsCostKind cost, int64 steps)
{
	CacheEntry *entry = ref->entry;

	if (entry == NULL)
		return;
	if (graph_version_searched(ref->graph == &entry->now.view ? &entry->now
							   : &entry->older, cost, steps))
		trim(entry);
}

void
graph_cache_status(const GraphRef *ref, CacheStatus *status)
{
	const CacheEntry *entry = ref->entry;
	const GraphVersion *v;
	int			i;

	memset(status, 0, sizeof(*status));
	status->bytes = ref->graph->block->bytes;
	if (entry == NULL)
		return;
	v = ref->graph == &entry->now.view ? &entry->now : &entry->older;
	for (i = 0; i < NS_COSTS; i++)
		if (v->view.landmark[i] != NULL)
			status->landmark_bytes += v->view.landmark[i]->bytes;
	status->bytes += v->patched ? v->patch.used : 0;
	status->shared = v->shared != NULL;
	status->patched = v->patched ? ns_graph_patch_size(&v->view) : 0;
	status->builds = entry->builds;
	status->deltas = entry->deltas;
	status->hits = entry->hits;
	status->built_at = v->built_at;
	status->refreshed_at = v->refreshed_at;
}

int32_t
graph_cache_find_node(const GraphRef *ref, const char *node)
{
	return name_find_node(ref->graph, ref->network, node);
}

void
graph_cache_check_cost(const GraphRef *ref, NsCostKind cost)
{
	int32_t		missing;
	int64		id;
	const char *name;

	if (cost == NS_COST_HOPS)
		return;
	missing = ns_missing_cost(ref->graph, cost);
	if (missing < 0)
		return;

	id = ns_link_id(ref->graph, missing);
	name = name_of_links(&id, 1)[0];
	if (name == NULL)
		name = "";
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("link \"%s\" has no %s", argument_shown(name),
					cost_words[cost].column),
			 errdetail("It is link " INT64_FORMAT " of network \"%s\" and in service, and the cost asked for is %s.",
					   id, argument_shown(ref->network),
					   cost_words[cost].word),
			 errhint("Set its %s, take it out of service, or ask for another cost.",
					 cost_words[cost].column)));
}
