/*-------------------------------------------------------------------------
 *
 * graph_version.c
 *	  One graph of one network and the snapshot that it is right for; see
 *	  graph_version.h.
 *
 * Landmarks belong to the block: those of a shared block lie beside it, a worker
 * makes them, and they go with it; those of a private block are made here, once
 * its searches have cost as much as making them does.
 *
 * Memory: a private block, its landmarks and the patch have a context each,
 * below CacheMemoryContext; what is read on the way lies in a region that goes when
 * the call ends.  A block read from the tables is built in the context that it
 * is kept in, and that is kept when it is complete.  While a patch is being
 * applied the version is not valid, so that an error leaves nothing half-done
 * behind.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "argument.h"
#include "compat.h"
#include "drain_hit.h"
#include "error.h"
#include "graph_scan.h"
#include "graph_table.h"
#include "graph_version.h"
#include "graph_worker.h"
#include "guc.h"

/*
 * Reading a changed object again costs about as much as reading ten in a whole
 * build; and a log this far behind is not worth its walk.
 */
#define MOST_CHANGES(graph) (1000 + (size_t) (graph)->nlinks / 16)
#define MOST_ROWS(graph) (10 * MOST_CHANGES(graph))

/* From so many patched elements on a new block is worth asking for, or making. */
#define PATCH_WORTH_ASKING(graph) (64 + (size_t) (graph)->nlinks / 4096)
#define PATCH_WORTH_A_BLOCK(graph) (1024 + (size_t) (graph)->nlinks / 64)

/*
 * When the transaction ends, each of its own changes is to be read again, though
 * nobody else has changed it.  Taking the shared block anew costs reading what
 * the log has gained since that was made instead, which a worker keeps short; so
 * a few objects are worth keeping the patch for, many are not.
 */
#define MANY_OWN_CHANGES 8

/* ---------- dropping ---------- */

static void
drop_patch(GraphVersion *v)
{
	if (v->patched)
		env_pg_drop(&v->patch);
	v->patched = false;
}

static void
drop_base(GraphVersion *v)
{
	if (v->base != NULL)
		MemoryContextDelete(v->base);
	if (v->landmarks != NULL)
		MemoryContextDelete(v->landmarks);
	v->base = NULL;
	v->landmarks = NULL;
	v->landmark_bytes = 0;
	memset(v->plain_steps, 0, sizeof(v->plain_steps));
	memset(v->landmarks_asked, 0, sizeof(v->landmarks_asked));
	v->shared = NULL;
	v->block = NULL;
}

void
graph_version_drop(GraphVersion *v)
{
	v->valid = false;
	drop_patch(v);
	drop_base(v);
	own_change_clear(&v->own);
	v->own_xid = 0;
	v->own_block = false;
	v->own_name = false;
	v->passing = false;
	v->nbelow = 0;
	v->probed_lxid = InvalidLocalTransactionId;
}

void
graph_version_free(GraphVersion *v)
{
	graph_version_drop(v);
	own_change_free(&v->own);
	if (v->below != NULL)
		pfree(v->below);
	v->below = NULL;
	v->below_room = 0;
	snapshot_key_free(&v->key);
}

Size
graph_version_bytes(const GraphVersion *v)
{
	Size		bytes = 0;

	if (!v->valid)
		return 0;
	if (v->base != NULL)
		bytes += v->block->bytes;
	bytes += v->landmark_bytes;
	if (v->patched)
		bytes += v->patch.used;
	return bytes;
}

/* ---------- ends of transactions ---------- */

void
graph_version_transaction_ended(GraphVersion *v)
{
	if (v->own_block || v->own_name || v->passing)
		graph_version_drop(v);

	/* the shared block is nearer than many objects to be read again */
	if (v->shared != NULL && v->own.n > MANY_OWN_CHANGES)
		graph_version_drop(v);
	own_change_spoil(&v->own, InvalidSubTransactionId);
	v->own_xid = 0;
}

void
graph_version_sub_aborted(GraphVersion *v, SubTransactionId sub)
{
	if ((v->own_block && v->own_block_sub >= sub) ||
		(v->own_name && v->own_name_sub >= sub))
		graph_version_drop(v);
	own_change_spoil(&v->own, sub);
}

/* ---------- blocks ---------- */

static void
set_below(GraphVersion *v, const int64 *below, size_t n, bool add)
{
	size_t		i;
	size_t		j;

	if (!add)
		v->nbelow = 0;
	for (i = 0; i < n; i++)
	{
		for (j = 0; j < v->nbelow; j++)
			if (v->below[j] == below[i])
				break;
		if (j < v->nbelow)
			continue;
		if (v->nbelow == v->below_room)
		{
			size_t		room = v->below_room == 0 ? 8 : v->below_room * 2;

			if (v->below == NULL)
				v->below = MemoryContextAlloc(CacheMemoryContext,
											  mul_size(room, sizeof(int64)));
			else
				v->below = repalloc_array(v->below, int64, room);
			v->below_room = room;
		}
		v->below[v->nbelow++] = below[i];
	}
}

/* Nothing is drained now: what only matters where something is, no longer does. */
static void
forget_drains(GraphVersion *v, const int64 *below, size_t n)
{
	size_t		kept = 0;
	size_t		i;

	for (i = 0; i < n; i++)
		if (below[i] == DRAIN_NETWORK_ID)
			return;
	for (i = 0; i < v->nbelow; i++)
		if (v->below[i] != DRAIN_NETWORK_ID)
			v->below[kept++] = v->below[i];
	v->nbelow = kept;
}

static void
check_cap(const NsGraphBlock *block, const char *network)
{
	Size		cap = (Size) guc_cache_memory * 1024 * 1024;

	if (block->bytes > cap)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("the graph of network \"%s\" is larger than netstate.cache_memory",
						argument_shown(network)),
				 errdetail("It takes %zu kB; netstate.cache_memory is %d MB.",
						   (Size) (block->bytes + 1023) / 1024,
						   guc_cache_memory),
				 errhint("Raise netstate.cache_memory to at least %zu MB.",
						 (Size) (block->bytes / (1024 * 1024) + 1))));
}

/* Keep a block that lies in this context, alone. */
static void
keep_block(GraphVersion *v, MemoryContext base, const NsGraphBlock *block)
{
	MemoryContextSetParent(base, CacheMemoryContext);
	drop_patch(v);
	drop_base(v);
	v->base = base;
	v->block = block;
	v->built_at = GetCurrentTimestamp();
	ns_graph_view(&v->view, v->block);
}

/* Keep a copy of the block in this process. */
static void
keep_copy(GraphVersion *v, const NsGraphBlock *block)
{
	MemoryContext base = AllocSetContextCreate(CurrentMemoryContext,
											   "netstate graph",
											   ALLOCSET_START_SMALL_SIZES);
	NsGraphBlock *copy = MemoryContextAllocExtended(base, block->bytes,
													MCXT_ALLOC_HUGE);

	memcpy(copy, block, block->bytes);
	keep_block(v, base, copy);
}

/* Use the block of a shared version, as of its key. */
static void
take_shared(GraphVersion *v, const SharedVersion *shared)
{
	const int64 *below;
	size_t		nbelow;

	v->valid = false;
	drop_patch(v);
	drop_base(v);
	below = graph_shared_below(shared, &nbelow);
	set_below(v, below, nbelow, false);
	graph_shared_key(shared, &v->key);
	v->shared = shared;
	v->shared_number = graph_shared_number(shared);
	v->held_lxid = compat_local_xid();
	v->block = graph_shared_block(shared);
	v->built_at = graph_shared_built_at(shared);
	ns_graph_view(&v->view, v->block);
	graph_shared_landmarks(shared, v->view.landmark);
	own_change_clear(&v->own);
	v->own_block = false;
	v->own_xid = 0;
	v->probed_lxid = InvalidLocalTransactionId;
	v->valid = true;
}

/* ---------- landmarks ---------- */

static NsLandmarks *
build_landmarks(NsEnv *env, const NsGraphBlock *block, NsCostKind cost)
{
	NsGraph		view;
	NsLandmarks *landmarks;

	ns_graph_view(&view, block);
	error_check(ns_landmarks_build(env, &view, cost, &landmarks),
				"landmarks of a network");
	return landmarks;
}

/* Landmarks of a private block are private. */
static void
keep_landmarks(GraphVersion *v, NsCostKind cost)
{
	MemoryContext caller = CurrentMemoryContext;
	NsLandmarks *built;
	NsLandmarks *copy;
	EnvPg		scratch;

	env_pg_make(&scratch, caller, "netstate landmarks");
	built = build_landmarks(&scratch.env, v->block, cost);
	if (v->landmarks == NULL)
		v->landmarks = AllocSetContextCreate(CacheMemoryContext,
											 "netstate landmarks",
											 ALLOCSET_START_SMALL_SIZES);
	copy = MemoryContextAllocExtended(v->landmarks, built->bytes,
									  MCXT_ALLOC_HUGE);
	memcpy(copy, built, built->bytes);
	v->landmark_bytes += built->bytes;
	v->view.landmark[cost] = copy;
	env_pg_drop(&scratch);
}

static void
share_landmarks(const SharedVersion *shared, NsCostKind cost)
{
	EnvPg		scratch;

	env_pg_make(&scratch, CurrentMemoryContext, "netstate landmarks");
	graph_shared_add_landmarks(shared,
							   build_landmarks(&scratch.env,
											   graph_shared_block(shared),
											   cost));
	env_pg_drop(&scratch);
}

/* Does a link of the block lack the cost?  Then landmarks can't be had. */
static bool
block_lacks(const GraphVersion *v, NsCostKind cost)
{
	return cost != NS_COST_HOPS && v->block->missing[cost] >= 0;
}

bool
graph_version_searched(GraphVersion *v, NsCostKind cost, int64 steps)
{
	if (v->view.landmark[cost] != NULL || block_lacks(v, cost))
		return false;
	v->plain_steps[cost] += steps;
	if (v->plain_steps[cost] < ns_landmarks_price(&v->view) &&
		(v->shared == NULL || v->landmarks_asked[cost] ||
		 graph_shared_searched(v->shared, cost, steps) <
		 (uint64) ns_landmarks_price(&v->view)))
		return false;
	v->plain_steps[cost] = 0;
	if (v->shared == NULL)
	{
		keep_landmarks(v, cost);
		return true;
	}
	graph_shared_landmarks(v->shared, v->view.landmark);
	if (v->view.landmark[cost] != NULL)
		return false;

	/*
	 * A worker makes them for the present block.  A transaction that holds an
	 * older one for long waits in vain, and at length makes its own.
	 */
	if (!v->landmarks_asked[cost] &&
		(!graph_shared_claim_landmarks(v->shared, cost) ||
		 graph_worker_ask_landmarks(v->network_id, cost)))
		v->landmarks_asked[cost] = true;
	else
	{
		share_landmarks(v->shared, cost);
		graph_shared_landmarks(v->shared, v->view.landmark);
	}
	return false;
}

/*
 * Give the block to all, if it holds nothing that is not theirs to see.  True:
 * the version uses the published copy now.
 */
static bool
publish(GraphVersion *v, NsEnv *env, const NsGraphBlock *block)
{
	const SharedVersion *shared;
	SharedOffer offer = {0};
	LocalTransactionId probed = v->probed_lxid;
	int			i;

	if (!graph_shared_enabled() || v->own_block || v->own.n > 0 || v->passing)
		return false;
	offer.network_id = v->network_id;
	offer.fingerprint = v->fingerprint;
	offer.block = block;
	offer.below = v->below;
	offer.nbelow = v->nbelow;
	offer.key = &v->key;

	/* what the block before had is missed by all until it is there again */
	for (i = 0; i < NS_COSTS; i++)
		if (v->block != NULL && v->view.landmark[i] != NULL &&
			(i == NS_COST_HOPS || block->missing[i] < 0))
			offer.landmark[i] = build_landmarks(env, block, i);
	shared = graph_shared_publish(&offer, &v->passing);
	if (shared == NULL)
		return false;
	take_shared(v, shared);
	v->probed_lxid = probed;
	return true;
}

/* ---------- building ---------- */

NsGraphBlock *
graph_version_read(NsEnv *env, NsEnv *block_env, int64 network_id,
				   const char *network, int64 **below, size_t *nbelow)
{
	GraphRead	read = {0};
	NsGraphBlock *block;

	graph_scan_network(env, network_id, &read);
	read.in.block_env = block_env;
	error_check(ns_graph_build(env, &read.in, &block),
				psprintf("network \"%s\"", argument_shown(network)));
	*below = read.below;
	*nbelow = read.nbelow;
	return block;
}

/* Has the own transaction logged anything yet?  Its rows are all in then. */
static void
note_own_block(GraphVersion *v, Snapshot snapshot)
{
	ProbeScope	scope = {.network_id = v->network_id,.most = SIZE_MAX};
	Changes		changes = {0};

	v->own_xid = snapshot_key_own_xid();
	v->own_seq = PG_INT64_MIN;
	v->own_block = v->own_xid != 0 &&
		change_probe_own(v->own_xid, &v->own_seq, snapshot, &scope,
						 &changes) > 0;
	v->own_block_sub = GetCurrentSubTransactionId();
}

static void
build(GraphVersion *v, const char *network, Snapshot snapshot)
{
	MemoryContext caller = CurrentMemoryContext;
	EnvPg		load;
	EnvPg		kept;
	NsGraphBlock *block;
	int64	   *below;
	size_t		nbelow;

	env_pg_make(&load, caller, "netstate graph load");
	env_pg_make(&kept, caller, "netstate graph");
	MemoryContextSwitchTo(load.context);
	block = graph_version_read(&load.env, &kept.env, v->network_id, network,
							   &below, &nbelow);
	check_cap(block, network);
	note_own_block(v, snapshot);
	set_below(v, below, nbelow, false);
	snapshot_key_take(&v->key, snapshot);
	own_change_clear(&v->own);
	v->probed_lxid = compat_local_xid();
	if (publish(v, &load.env, block))
		env_pg_drop(&kept);
	else
	{
		keep_block(v, kept.context, block);
		v->valid = true;
	}
	v->refreshed_at = v->built_at;
	MemoryContextSwitchTo(caller);
	env_pg_drop(&load);
}

void
graph_version_make(GraphVersion *v, int64 network_id, const char *network,
				   Snapshot snapshot, bool *built)
{
	uint64		useless = 0;
	bool		loggable;

	for (;;)
	{
		const SharedVersion *shared;
		SharedWish	wish;
		volatile SharedFind found = SHARED_PRIVATE;
		bool		renamed;

		graph_version_drop(v);
		v->network_id = network_id;
		v->fingerprint = graph_table_fingerprint(&loggable);
		wish.network_id = network_id;
		wish.fingerprint = v->fingerprint;
		wish.snapshot = snapshot;
		wish.useless = useless;
		if (graph_shared_enabled())
			found = graph_shared_find(&wish, &shared);
		if (found == SHARED_FOUND)
		{
			VersionUse	use;

			take_shared(v, shared);
			v->refreshed_at = v->built_at;
			use = graph_version_use(v, snapshot, &renamed);
			*built = false;
			if (use == VERSION_HIT || use == VERSION_DELTA)
				return;
			useless = graph_shared_number(shared);
			continue;
		}

		v->passing = found == SHARED_NEWER;
		PG_TRY();
		{
			build(v, network, snapshot);
		}
		PG_FINALLY();
		{
			if (found == SHARED_BUILD)
				graph_shared_build_end();
		}
		PG_END_TRY();
		*built = true;
		return;
	}
}

/* ---------- refreshing ---------- */

/*
 * Make a block of view and changes, and share it where one may.  False as
 * patch_view().
 */
static bool
renew_block(GraphVersion *v, NsEnv *env, const NsGraphChange *change)
{
	NsGraphBlock *block;
	NsResult	rc = ns_graph_rebuild(env, &v->view, change, &block);

	if (rc == NS_BAD_INPUT)
		return false;
	error_check(rc, "graph of a network");
	if (v->own_xid != 0 && v->own.n > 0)
	{
		v->own_block = true;
		v->own_block_sub = GetCurrentSubTransactionId();
	}
	if (!publish(v, env, block))
		keep_copy(v, block);
	return true;
}

/*
 * A patch that has grown gets a new block: from a worker, in time, where new
 * sessions would have to patch theirs as much; in any case when it has grown
 * large.
 */
static void
tend_patch(GraphVersion *v, NsEnv *env)
{
	size_t		size = ns_graph_patch_size(&v->view);

	/* own changes are no others' to start from, and mostly rolled back */
	if (v->own.n > 0 || v->own_block)
		return;
	if (v->shared != NULL && size > PATCH_WORTH_ASKING(&v->view))
		graph_worker_ask(v->network_id);
	if (size > PATCH_WORTH_A_BLOCK(&v->view))
		renew_block(v, env, NULL);
}

void
graph_version_renew(int64 network_id, Snapshot snapshot)
{
	GraphVersion v;
	EnvPg		scratch;
	bool		built;

	memset(&v, 0, sizeof(v));
	snapshot_key_init(&v.key, CurrentMemoryContext);
	graph_version_make(&v, network_id, "", snapshot, &built);
	env_pg_make(&scratch, CurrentMemoryContext, "netstate graph delta");
	if (v.patched)
		renew_block(&v, &scratch.env, NULL);
	env_pg_drop(&scratch);
	graph_version_free(&v);
}

void
graph_version_make_landmarks(int64 network_id, NsCostKind cost,
							 Snapshot snapshot)
{
	GraphVersion v;
	bool		built;

	memset(&v, 0, sizeof(v));
	snapshot_key_init(&v.key, CurrentMemoryContext);
	graph_version_make(&v, network_id, "", snapshot, &built);
	if (v.shared != NULL && v.view.landmark[cost] == NULL &&
		!block_lacks(&v, cost))
		share_landmarks(v.shared, cost);
	graph_version_free(&v);
}

/*
 * Patch the view.  False: what was read again does not go with it, as where
 * somebody got round the foreign keys; then all has to be read.
 */
static bool
patch_view(GraphVersion *v, const NsGraphChange *change)
{
	NsResult	rc;

	if (!v->patched)
	{
		env_pg_make(&v->patch, CacheMemoryContext, "netstate graph patch");
		v->patched = true;
	}
	rc = ns_graph_patch(&v->patch.env, &v->view, change);
	if (rc == NS_BAD_INPUT)
		return false;
	error_check(rc, "graph of a network");
	return true;
}

/*
 * Read the changed objects again and patch the view.  The version is not valid
 * from the first change to the last, and is what it was if reading fails.
 */
static bool
apply(GraphVersion *v, Changes *changes, const Changes *own, int64 own_seq,
	  const SnapshotKey *next)
{
	GraphTouched touched;
	GraphDelta	delta = {0};
	EnvPg		scratch;
	MemoryContext caller = CurrentMemoryContext;
	bool		applied = true;

	changes_finish(changes);
	env_pg_make(&scratch, caller, "netstate graph delta");
	MemoryContextSwitchTo(scratch.context);
	touched.node = changes->node;
	touched.nnodes = changes->nnodes;
	touched.link = changes->link;
	touched.nlinks = changes->nlinks;
	graph_scan_touched(&scratch.env, v->network_id, &touched, &delta);

	v->valid = false;
	v->own_xid = next->own;
	v->own_seq = own_seq;
	set_below(v, delta.below, delta.nbelow, true);
	if (v->own_xid == 0)		/* what is done here may be undone */
		forget_drains(v, delta.below, delta.nbelow);
	own_change_settle(&v->own, v->own_xid != 0);
	own_change_remember(&v->own, own);
	snapshot_key_copy(&v->key, next);
	if (!ns_graph_fits(&v->view, &delta.change))
		applied = renew_block(v, &scratch.env, &delta.change);
	else if ((applied = patch_view(v, &delta.change)))
		tend_patch(v, &scratch.env);
	v->refreshed_at = GetCurrentTimestamp();
	v->valid = applied;
	MemoryContextSwitchTo(caller);
	env_pg_drop(&scratch);
	return applied;
}

/* Is it what it was when it was read, and is its block still there? */
static bool
still_there(GraphVersion *v)
{
	bool		loggable;

	if (!v->valid || v->fingerprint != graph_table_fingerprint(&loggable))
		return false;
	if (v->shared == NULL || v->held_lxid == compat_local_xid())
		return true;
	if (!graph_shared_hold(v->network_id, v->fingerprint, v->shared_number,
						   &v->shared))
		return false;
	v->held_lxid = compat_local_xid();
	graph_shared_landmarks(v->shared, v->view.landmark);
	return true;
}

bool
graph_version_is_hit(const GraphVersion *v, Snapshot snapshot)
{
	LocalTransactionId lxid = compat_local_xid();

	if (v->own.stale || (v->shared != NULL && v->held_lxid != lxid))
		return false;
	if (IsolationIsSerializable() && v->probed_lxid != lxid)
		return false;
	if (!snapshot_key_same(&v->key, snapshot))
		return false;
	return v->key.own == 0 ||
		(v->key.lxid == lxid && v->key.curcid == snapshot->curcid);
}

/* Does the version hold own changes of commands that the snapshot is before? */
static bool
before_own(const GraphVersion *v, Snapshot snapshot)
{
	return (v->own.n > 0 || v->own_block) && v->own_xid != 0 &&
		v->key.lxid == compat_local_xid() &&
		snapshot->curcid < v->key.curcid;
}

/* Was anything drained when the version was read? */
static bool
has_drains(const GraphVersion *v)
{
	size_t		i;

	for (i = 0; i < v->nbelow; i++)
		if (v->below[i] == DRAIN_NETWORK_ID)
			return true;
	return false;
}

/* Make links and nodes of what the log says of the plant and of drains. */
static void
follow(GraphVersion *v, Changes *changes)
{
	static const int64 drains = DRAIN_NETWORK_ID;

	changes_follow(changes, v->network_id, has_drains(v));
	if (changes->drains)
		set_below(v, &drains, 1, true);
}

VersionUse
graph_version_use(GraphVersion *v, Snapshot snapshot, bool *network)
{
	ProbeScope	scope = {0};
	SnapshotKey next;
	Changes		changes = {0};
	Changes		own = {0};
	uint64		own_xid = snapshot_key_own_xid();
	int64		own_seq;
	size_t		i;

	*network = false;
	if (!still_there(v))
		return VERSION_BUILD;
	if (graph_version_is_hit(v, snapshot))
		return VERSION_HIT;
	if (before_own(v, snapshot) || snapshot_key_newer(&v->key, snapshot))
		return VERSION_OLDER;

	scope.network_id = v->network_id;
	scope.below = v->below;
	scope.nbelow = v->nbelow;
	scope.most = MOST_ROWS(&v->view);
	snapshot_key_init(&next, CurrentMemoryContext);
	snapshot_key_take(&next, snapshot);
	if (!snapshot_key_same(&v->key, snapshot) ||
		(IsolationIsSerializable() && v->probed_lxid != compat_local_xid()))
	{
		if (!change_probe(&v->key, &next, snapshot, &scope, &changes))
			return VERSION_BUILD;
		v->probed_lxid = compat_local_xid();
	}

	own_seq = own_xid == v->own_xid ? v->own_seq : PG_INT64_MIN;
	if (own_xid != 0)
		change_probe_own(own_xid, &own_seq, snapshot, &scope, &own);
	if (!changes.all && !own.all)
	{
		follow(v, &changes);
		follow(v, &own);
	}
	changes_finish(&own);
	*network = changes.network || own.network;
	if (own.network)
	{
		v->own_name = true;
		v->own_name_sub = GetCurrentSubTransactionId();
	}
	if (changes.all || own.all)
		return VERSION_BUILD;
	for (i = 0; i < own.nnodes; i++)
		changes_add_node(&changes, own.node[i]);
	for (i = 0; i < own.nlinks; i++)
		changes_add_link(&changes, own.link[i]);
	own_change_add_stale(&v->own, &changes);
	if (changes.nnodes + changes.nlinks > MOST_CHANGES(&v->view))
		return VERSION_BUILD;

	if (changes.nnodes + changes.nlinks == 0)
	{
		v->own_xid = own_xid;
		v->own_seq = own_seq;
		snapshot_key_copy(&v->key, &next);
		snapshot_key_free(&next);
		return VERSION_HIT;
	}
	if (!apply(v, &changes, &own, own_seq, &next))
		return VERSION_BUILD;
	snapshot_key_free(&next);
	return VERSION_DELTA;
}
