/*-------------------------------------------------------------------------
 *
 * graph_shared.c
 *	  Graphs in shared memory; see graph_shared.h.
 *
 * One fixed piece of the main shared memory: a header, a table of networks in
 * dynahash, and a DSA area in place that never grows beyond its piece.  So the
 * cap holds by construction, every process has the memory at the same address
 * from its start, and nothing is left behind by a process that dies: that
 * makes the postmaster set up all shared memory anew.
 *
 * The lock: shared to look up and to hold, exclusive to change the table.  A
 * version that is not present any more gains no holders, so that whoever drops
 * the last hold frees it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "storage/condition_variable.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/shmem.h"
#include "utils/dsa.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "compat.h"
#include "graph_shared.h"
#include "guc.h"

#define SHARED_MAGIC	UINT32_C(0x4e535348)
#define SHARED_VERSION	1
#define MAX_NETWORKS	16384	/* in the table, of all databases */
#define FIRST_NETWORKS	256
#define WAIT_MS			200		/* between looks at a builder that is silent */
#define WAIT_CLASS_MASK	UINT32_C(0xff000000)
#define ASK_MS			10000	/* between two workers for one network */
#define MOST_BYTES		(area_size() / 64 * 63) /* rest: the area's own books */

typedef struct NetworkTag
{
	int64		network_id;
	Oid			database;
	Oid			unused;			/* no padding in a hash key */
} NetworkTag;

typedef struct NetworkEntry
{
	NetworkTag	tag;
	uint64		fingerprint;	/* of the tables that the version is from */
	dsa_pointer version;		/* InvalidDsaPointer: none */
	uint64		number;			/* of the version */
	int			builder;		/* pid, 0: nobody builds */
	pg_atomic_uint64 used;		/* tick of the last use */
	TimestampTz asked_at;		/* when a worker was asked for, 0: not since
								 * the version was published */
} NetworkEntry;

struct SharedVersion
{
	uint32		magic;
	uint32		format;
	dsa_pointer self;
	pg_atomic_uint32 holders;
	bool		present;
	uint64		number;
	Size		bytes;
	TimestampTz built_at;
	uint64		xmin;			/* the key */
	uint64		xmax;
	bool		recovery;
	uint32		nrunning;
	Size		off_running;
	Size		nbelow;
	Size		off_below;
	Size		off_block;
	dsa_pointer landmark[NS_COSTS];
	pg_atomic_uint32 claimed;	/* costs that somebody sees to landmarks for */
	pg_atomic_uint64 searched[NS_COSTS];	/* nodes settled without them */
};

typedef struct SharedHeader
{
	uint32		magic;
	uint32		format;
	LWLock	   *lock;
	int			dsa_tranche;
	ConditionVariable built;
	uint64		last_number;
	pg_atomic_uint64 tick;
	Size		bytes;			/* of all versions */
} SharedHeader;

static SharedHeader *header;	/* NULL: not preloaded */
static HTAB *networks;
static void *area_place;
static dsa_area *area;

static shmem_request_hook_type next_request_hook;
static shmem_startup_hook_type next_startup_hook;

/* Versions that this transaction holds. */
static SharedVersion **held;
static int	nheld;
static int	held_room;

/* The network that this process builds. */
static NetworkTag building;
static bool is_building;

static Size
area_size(void)
{
	return mul_size((Size) guc_cache_memory, 1024 * 1024);
}

static void
shared_request(void)
{
	if (next_request_hook)
		next_request_hook();
	RequestAddinShmemSpace(add_size(MAXALIGN(sizeof(SharedHeader)),
									add_size(area_size(),
											 hash_estimate_size(MAX_NETWORKS,
																sizeof(NetworkEntry)))));
	RequestNamedLWLockTranche("netstate", 1);
}

static void
shared_startup(void)
{
	HASHCTL		ctl = {0};
	bool		found;

	if (next_startup_hook)
		next_startup_hook();

	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	header = ShmemInitStruct("netstate graphs",
							 add_size(MAXALIGN(sizeof(SharedHeader)),
									  area_size()), &found);
	area_place = (char *) header + MAXALIGN(sizeof(SharedHeader));
	if (!found)
	{
		dsa_area   *fresh;

		memset(header, 0, sizeof(*header));
		header->magic = SHARED_MAGIC;
		header->format = SHARED_VERSION;
		header->lock = &(GetNamedLWLockTranche("netstate"))->lock;
		header->dsa_tranche = LWLockNewTrancheId();
		ConditionVariableInit(&header->built);
		pg_atomic_init_u64(&header->tick, 0);

		fresh = dsa_create_in_place(area_place, area_size(),
									header->dsa_tranche, NULL);
		dsa_pin(fresh);
		dsa_set_size_limit(fresh, area_size());
		dsa_detach(fresh);
	}
	ctl.keysize = sizeof(NetworkTag);
	ctl.entrysize = sizeof(NetworkEntry);
	networks = ShmemInitHash("netstate networks", FIRST_NETWORKS, MAX_NETWORKS,
							 &ctl, HASH_ELEM | HASH_BLOBS);
	LWLockRelease(AddinShmemInitLock);
}

bool
graph_shared_enabled(void)
{
	return header != NULL;
}

static NetworkTag
tag_of(int64 network_id)
{
	NetworkTag	tag = {0};

	tag.network_id = network_id;
	tag.database = MyDatabaseId;
	return tag;
}

static void
entry_init(NetworkEntry *entry)
{
	entry->version = InvalidDsaPointer;
	entry->fingerprint = 0;
	entry->number = 0;
	entry->builder = 0;
	entry->asked_at = 0;
	pg_atomic_init_u64(&entry->used, 0);
}

/* ---------- holding versions ---------- */

/* With the lock held exclusively. */
static void
free_version(SharedVersion *version)
{
	int			i;

	header->bytes -= version->bytes;
	for (i = 0; i < NS_COSTS; i++)
		if (DsaPointerIsValid(version->landmark[i]))
			dsa_free(area, version->landmark[i]);
	version->magic = 0;
	dsa_free(area, version->self);
}

static void
release_all(void)
{
	while (nheld > 0)
	{
		SharedVersion *version = held[--nheld];
		bool		last;

		LWLockAcquire(header->lock, LW_SHARED);
		last = pg_atomic_sub_fetch_u32(&version->holders, 1) == 0 &&
			!version->present;
		LWLockRelease(header->lock);
		if (last)
		{
			LWLockAcquire(header->lock, LW_EXCLUSIVE);
			free_version(version);
			LWLockRelease(header->lock);
		}
	}
}

static void
clear_builder(void)
{
	NetworkEntry *entry;

	if (!is_building)
		return;
	is_building = false;
	LWLockAcquire(header->lock, LW_EXCLUSIVE);
	entry = hash_search(networks, &building, HASH_FIND, NULL);
	if (entry != NULL && entry->builder == MyProcPid)
	{
		entry->builder = 0;
		/* nothing to share came of it: no network, perhaps, but of ours */
		if (!DsaPointerIsValid(entry->version))
			hash_search(networks, &building, HASH_REMOVE, NULL);
	}
	LWLockRelease(header->lock);
	ConditionVariableBroadcast(&header->built);
}

static void
shared_at_xact_end(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_PARALLEL_COMMIT:
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PARALLEL_ABORT:
		case XACT_EVENT_PREPARE:
			clear_builder();
			release_all();
			break;
		default:
			break;
	}
}

static void
shared_at_exit(int code, Datum arg)
{
	clear_builder();
	release_all();
}

/* Once in each process that uses the area. */
static void
shared_attach(void)
{
	MemoryContext old;

	if (area != NULL)
		return;
	LWLockRegisterTranche(header->dsa_tranche, "netstate graphs");
	old = MemoryContextSwitchTo(TopMemoryContext);
	area = dsa_attach_in_place(area_place, NULL);
	dsa_pin_mapping(area);
	MemoryContextSwitchTo(old);
	RegisterXactCallback(shared_at_xact_end, NULL);
	before_shmem_exit(shared_at_exit, 0);
}

/* Room to hold one more: made first, so that holding cannot fail. */
static void
reserve_hold(void)
{
	if (nheld < held_room)
		return;
	held_room = held_room == 0 ? 16 : held_room * 2;
	if (held == NULL)
		held = MemoryContextAlloc(TopMemoryContext,
								  mul_size(held_room, sizeof(*held)));
	else
		held = repalloc_array(held, SharedVersion *, held_room);
}

/* With the lock held. */
static SharedVersion *
hold_entry(NetworkEntry *entry)
{
	SharedVersion *version = dsa_get_address(area, entry->version);
	int			i;

	pg_atomic_write_u64(&entry->used,
						pg_atomic_add_fetch_u64(&header->tick, 1));
	for (i = nheld; i-- > 0;)
		if (held[i] == version)
			return version;
	pg_atomic_add_fetch_u32(&version->holders, 1);
	held[nheld++] = version;
	return version;
}

/*
 * Free the version that was used longest ago, of those that nobody holds.
 * With the lock held exclusively.
 */
static bool
evict_one(void)
{
	HASH_SEQ_STATUS status;
	NetworkEntry *entry;
	NetworkEntry *victim = NULL;

	hash_seq_init(&status, networks);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		SharedVersion *version;

		if (!DsaPointerIsValid(entry->version))
			continue;
		version = dsa_get_address(area, entry->version);
		if (pg_atomic_read_u32(&version->holders) == 0 &&
			(victim == NULL || pg_atomic_read_u64(&entry->used) <
			 pg_atomic_read_u64(&victim->used)))
			victim = entry;
	}
	if (victim == NULL)
		return false;
	free_version(dsa_get_address(area, victim->version));
	victim->version = InvalidDsaPointer;
	if (victim->builder == 0)
		hash_search(networks, &victim->tag, HASH_REMOVE, NULL);
	return true;
}

bool
graph_shared_hold(int64 network_id, uint64 fingerprint, uint64 number,
				  const SharedVersion **version)
{
	NetworkTag	tag = tag_of(network_id);
	NetworkEntry *entry;
	bool		present;

	shared_attach();
	reserve_hold();
	LWLockAcquire(header->lock, LW_SHARED);
	entry = hash_search(networks, &tag, HASH_FIND, NULL);
	present = entry != NULL && DsaPointerIsValid(entry->version) &&
		entry->fingerprint == fingerprint && entry->number == number;
	if (present)
		*version = hold_entry(entry);
	LWLockRelease(header->lock);
	return present;
}

/*
 * Does a builder wait for a lock, of an index being rebuilt?  It may be ours,
 * and no deadlock detector knows of those who wait for the builder.
 */
static bool
waits_for_lock(int builder)
{
	PGPROC	   *proc = BackendPidGetProc(builder);

	return proc != NULL &&
		(*(volatile uint32 *) &proc->wait_event_info & WAIT_CLASS_MASK) == PG_WAIT_LOCK;
}

SharedFind
graph_shared_find(const SharedWish *wish, const SharedVersion **version)
{
	NetworkTag	tag = tag_of(wish->network_id);
	SharedFind	result;

	shared_attach();
	reserve_hold();
	for (;;)
	{
		NetworkEntry *entry;
		int			builder;
		bool		found;

		LWLockAcquire(header->lock, LW_EXCLUSIVE);
		do
		{
			entry = hash_search(networks, &tag, HASH_ENTER_NULL, &found);
		} while (entry == NULL && evict_one());
		if (entry == NULL)
		{
			LWLockRelease(header->lock);
			result = SHARED_PRIVATE;
			break;
		}
		if (!found)
			entry_init(entry);
		if (DsaPointerIsValid(entry->version) &&
			entry->fingerprint == wish->fingerprint &&
			entry->number != wish->useless)
		{
			*version = hold_entry(entry);
			LWLockRelease(header->lock);
			result = SHARED_FOUND;
			break;
		}
		if (entry->builder == 0)
		{
			entry->builder = MyProcPid;
			building = tag;
			is_building = true;
			LWLockRelease(header->lock);
			result = SHARED_BUILD;
			break;
		}
		builder = entry->builder;
		LWLockRelease(header->lock);
		if (waits_for_lock(builder))
		{
			result = SHARED_PRIVATE;
			break;
		}
		ConditionVariableTimedSleep(&header->built, WAIT_MS,
									PG_WAIT_EXTENSION);
	}
	ConditionVariableCancelSleep();

	if (result == SHARED_FOUND)
	{
		SnapshotKey key;

		snapshot_key_init(&key, CurrentMemoryContext);
		graph_shared_key(*version, &key);
		if (snapshot_key_newer(&key, wish->snapshot))
			result = SHARED_NEWER;
		snapshot_key_free(&key);
	}
	return result;
}

void
graph_shared_build_end(void)
{
	clear_builder();
}

/* ---------- versions ---------- */

static inline const char *
version_at(const SharedVersion *version, Size offset)
{
	return (const char *) version + offset;
}

const NsGraphBlock *
graph_shared_block(const SharedVersion *version)
{
	return (const NsGraphBlock *) version_at(version, version->off_block);
}

uint64
graph_shared_number(const SharedVersion *version)
{
	return version->number;
}

TimestampTz
graph_shared_built_at(const SharedVersion *version)
{
	return version->built_at;
}

const int64 *
graph_shared_below(const SharedVersion *version, size_t *n)
{
	*n = version->nbelow;
	return (const int64 *) version_at(version, version->off_below);
}

void
graph_shared_key(const SharedVersion *version, SnapshotKey *key)
{
	snapshot_key_restore(key, version->xmin, version->xmax, version->recovery,
						 (const TransactionId *) version_at(version, version->off_running),
						 version->nrunning);
}

/* With the lock held exclusively. */
static dsa_pointer
allocate(Size bytes)
{
	dsa_pointer p;

	do
	{
		p = dsa_allocate_extended(area, bytes,
								  DSA_ALLOC_HUGE | DSA_ALLOC_NO_OOM);
	} while (!DsaPointerIsValid(p) && evict_one());
	return p;
}

static SharedVersion *
allocate_version(Size bytes)
{
	dsa_pointer p;
	SharedVersion *version = NULL;

	/* what does not fit into all of it need not drive all others out first */
	if (bytes > MOST_BYTES)
		return NULL;
	LWLockAcquire(header->lock, LW_EXCLUSIVE);
	p = allocate(bytes);
	if (DsaPointerIsValid(p))
	{
		header->bytes += bytes;
		version = dsa_get_address(area, p);
		memset(version, 0, sizeof(*version));
		version->magic = SHARED_MAGIC;
		version->format = SHARED_VERSION;
		version->self = p;
		version->bytes = bytes;
		version->number = ++header->last_number;
	}
	LWLockRelease(header->lock);
	return version;
}

static void
fill_version(SharedVersion *version, const SharedOffer *offer)
{
	const SnapshotKey *key = offer->key;
	int			i;

	pg_atomic_init_u32(&version->holders, 0);
	pg_atomic_init_u32(&version->claimed, 0);
	for (i = 0; i < NS_COSTS; i++)
		pg_atomic_init_u64(&version->searched[i], 0);
	version->built_at = GetCurrentTimestamp();
	version->xmin = key->xmin;
	version->xmax = key->xmax;
	version->recovery = key->recovery;
	version->nbelow = offer->nbelow;
	if (offer->nbelow > 0)
		memcpy((char *) version + version->off_below, offer->below,
			   offer->nbelow * sizeof(int64));
	version->nrunning =
		snapshot_key_save(key, (TransactionId *) ((char *) version +
												  version->off_running));
	memcpy((char *) version + version->off_block, offer->block,
		   offer->block->bytes);
}

/*
 * Make it the present one unless what is there is as new.  With the lock held
 * exclusively.
 */
static bool
install_version(SharedVersion *version, const SharedOffer *offer)
{
	NetworkTag	tag = tag_of(offer->network_id);
	NetworkEntry *entry = hash_search(networks, &tag, HASH_FIND, NULL);

	if (entry == NULL)
		return false;
	if (DsaPointerIsValid(entry->version))
	{
		SharedVersion *old = dsa_get_address(area, entry->version);

		if (entry->fingerprint == offer->fingerprint &&
			(old->xmax > version->xmax ||
			 (old->xmax == version->xmax && old->nrunning <= version->nrunning)))
			return false;
		old->present = false;
		if (pg_atomic_read_u32(&old->holders) == 0)
			free_version(old);
	}
	version->present = true;
	entry->version = version->self;
	entry->number = version->number;
	entry->fingerprint = offer->fingerprint;
	entry->asked_at = 0;
	hold_entry(entry);
	return true;
}

/* Copied before anybody else can see the version, or added while it is held. */
static void
add_landmarks(SharedVersion *version, const NsLandmarks *landmarks)
{
	dsa_pointer p;

	LWLockAcquire(header->lock, LW_EXCLUSIVE);
	p = allocate(landmarks->bytes);
	if (DsaPointerIsValid(p))
	{
		/* counted with the version, by whom it is freed */
		version->bytes += landmarks->bytes;
		header->bytes += landmarks->bytes;
	}
	LWLockRelease(header->lock);
	if (!DsaPointerIsValid(p))
		return;

	memcpy(dsa_get_address(area, p), landmarks, landmarks->bytes);
	LWLockAcquire(header->lock, LW_EXCLUSIVE);
	if (DsaPointerIsValid(version->landmark[landmarks->kind]))
	{
		version->bytes -= landmarks->bytes;
		header->bytes -= landmarks->bytes;
		dsa_free(area, p);
	}
	else
		version->landmark[landmarks->kind] = p;
	LWLockRelease(header->lock);
}

void
graph_shared_add_landmarks(const SharedVersion *version,
						   const NsLandmarks *landmarks)
{
	add_landmarks(unconstify(SharedVersion *, version), landmarks);
}

void
graph_shared_landmarks(const SharedVersion *version,
					   const NsLandmarks *landmark[NS_COSTS])
{
	int			i;

	LWLockAcquire(header->lock, LW_SHARED);
	for (i = 0; i < NS_COSTS; i++)
		landmark[i] = DsaPointerIsValid(version->landmark[i])
			? dsa_get_address(area, version->landmark[i]) : NULL;
	LWLockRelease(header->lock);
}

uint64
graph_shared_searched(const SharedVersion *version, NsCostKind cost,
					  uint64 steps)
{
	SharedVersion *v = unconstify(SharedVersion *, version);

	return pg_atomic_add_fetch_u64(&v->searched[cost], (int64) steps);
}

bool
graph_shared_claim_landmarks(const SharedVersion *version, NsCostKind cost)
{
	SharedVersion *v = unconstify(SharedVersion *, version);
	uint32		bit = UINT32_C(1) << cost;

	return (pg_atomic_fetch_or_u32(&v->claimed, bit) & bit) == 0;
}

const SharedVersion *
graph_shared_publish(const SharedOffer *offer, bool *beaten)
{
	SharedVersion *version;
	Size		off_running = MAXALIGN(sizeof(SharedVersion));
	Size		off_below;
	Size		off_block;
	int			i;

	*beaten = false;
	shared_attach();
	reserve_hold();
	off_below = add_size(off_running,
						 MAXALIGN(mul_size(offer->key->nrunning + 1,
										   sizeof(TransactionId))));
	off_block = add_size(off_below, mul_size(offer->nbelow, sizeof(int64)));
	version = allocate_version(add_size(off_block, offer->block->bytes));
	if (version == NULL)
		return NULL;
	version->off_running = off_running;
	version->off_below = off_below;
	version->off_block = off_block;

	/* nothing from here on can fail and leave the memory behind */
	fill_version(version, offer);
	for (i = 0; i < NS_COSTS; i++)
		if (offer->landmark[i] != NULL)
			add_landmarks(version, offer->landmark[i]);
	LWLockAcquire(header->lock, LW_EXCLUSIVE);
	if (!install_version(version, offer))
	{
		free_version(version);
		version = NULL;
		*beaten = true;
	}
	LWLockRelease(header->lock);
	return version;
}

bool
graph_shared_may_ask(int64 network_id)
{
	NetworkTag	tag = tag_of(network_id);
	TimestampTz now = GetCurrentTimestamp();
	NetworkEntry *entry;
	bool		may = false;

	LWLockAcquire(header->lock, LW_EXCLUSIVE);
	entry = hash_search(networks, &tag, HASH_FIND, NULL);
	if (entry != NULL)
	{
		may = entry->asked_at == 0 ||
			TimestampDifferenceExceeds(entry->asked_at, now, ASK_MS);
		if (may)
			entry->asked_at = now;
	}
	LWLockRelease(header->lock);
	return may;
}

Size
graph_shared_bytes(void)
{
	Size		bytes;

	if (header == NULL)
		return 0;
	LWLockAcquire(header->lock, LW_SHARED);
	bytes = header->bytes;
	LWLockRelease(header->lock);
	return bytes;
}

void
graph_shared_define(void)
{
	if (!process_shared_preload_libraries_in_progress)
		return;
	next_request_hook = shmem_request_hook;
	shmem_request_hook = shared_request;
	next_startup_hook = shmem_startup_hook;
	shmem_startup_hook = shared_startup;
}
