/*-------------------------------------------------------------------------
 *
 * snapshot_key.c
 *	  A copy of what a snapshot sees; see snapshot_key.h.
 *
 * In recovery a snapshot lists what runs in subxip, top-level ids and some of
 * their subtransactions'; the latter do no harm here, since only top-level ids
 * are ever asked about, and a top-level id is never left out of that list.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/memutils.h"

#include "compat.h"
#include "snapshot_key.h"

#define FIRST_ROOM 16

static inline const TransactionId *
snapshot_running(Snapshot snapshot, uint32 *n)
{
	if (snapshot->takenDuringRecovery)
	{
		*n = (uint32) snapshot->subxcnt;
		return snapshot->subxip;
	}
	*n = snapshot->xcnt;
	return snapshot->xip;
}

/* The full id of an xid at most 2^31 below a full one. */
static inline uint64
full_below(uint64 full, TransactionId xid)
{
	return full - (uint32) ((TransactionId) full - xid);
}

uint64
snapshot_key_own_xid(void)
{
	return U64FromFullTransactionId(GetTopFullTransactionIdIfAny());
}

void
snapshot_key_init(SnapshotKey *key, MemoryContext context)
{
	memset(key, 0, sizeof(*key));
	key->context = context;
}

void
snapshot_key_free(SnapshotKey *key)
{
	if (key->running != NULL)
		pfree(key->running);
	snapshot_key_init(key, key->context);
}

static void
key_room(SnapshotKey *key, uint32 n)
{
	uint32		room = Max(key->room, FIRST_ROOM);

	if (n <= key->room)
		return;
	while (room < n)
		room *= 2;
	if (key->running != NULL)
		pfree(key->running);
	key->running = NULL;
	key->room = 0;
	key->running = MemoryContextAlloc(key->context,
									  mul_size(room, sizeof(TransactionId)));
	key->room = room;
}

void
snapshot_key_take(SnapshotKey *key, Snapshot snapshot)
{
	uint64		next = U64FromFullTransactionId(ReadNextFullTransactionId());
	uint32		n;
	const TransactionId *running = snapshot_running(snapshot, &n);

#ifdef NETSTATE_BROKEN_KEY

	/*
	 * A key that forgets what was running: for the test that shows that a
	 * wrong key would be noticed.  Never built otherwise.
	 */
	n = 0;
#endif
	key_room(key, n);
	if (n > 0)
		memcpy(key->running, running, n * sizeof(TransactionId));
	key->nrunning = n;
	key->sorted = n < 2;
	key->raw_xmin = snapshot->xmin;
	key->raw_xmax = snapshot->xmax;
	key->recovery = snapshot->takenDuringRecovery;
	key->xmax = full_below(next, snapshot->xmax);
#ifdef NETSTATE_BROKEN_KEY
	key->xmin = key->xmax;
#else
	key->xmin = full_below(key->xmax, snapshot->xmin);
#endif
	key->own = snapshot_key_own_xid();
	key->curcid = snapshot->curcid;
	key->lxid = compat_local_xid();
}

void
snapshot_key_copy(SnapshotKey *to, const SnapshotKey *from)
{
	MemoryContext context = to->context;
	TransactionId *running;
	uint32		room;

	key_room(to, from->nrunning);
	running = to->running;
	room = to->room;
	*to = *from;
	to->context = context;
	to->running = running;
	to->room = room;
	if (from->nrunning > 0)
		memcpy(running, from->running,
			   from->nrunning * sizeof(TransactionId));
}

uint32
snapshot_key_save(const SnapshotKey *key, TransactionId *running)
{
	uint32		n = key->nrunning;

	if (n > 0)
		memcpy(running, key->running, n * sizeof(TransactionId));
	if (key->own != 0 && key->own < key->xmax)
		running[n++] = (TransactionId) key->own;
	return n;
}

void
snapshot_key_restore(SnapshotKey *key, uint64 xmin, uint64 xmax, bool recovery,
					 const TransactionId *running, uint32 nrunning)
{
	key_room(key, nrunning);
	if (nrunning > 0)
		memcpy(key->running, running, nrunning * sizeof(TransactionId));
	key->nrunning = nrunning;
	key->sorted = nrunning < 2;
	key->raw_xmin = (TransactionId) xmin;
	key->raw_xmax = (TransactionId) xmax;
	key->recovery = recovery;
	key->xmin = xmin;
	key->xmax = xmax;
	key->own = 0;
	key->curcid = 0;
	key->lxid = InvalidLocalTransactionId;
}

bool
snapshot_key_same(const SnapshotKey *key, Snapshot snapshot)
{
	uint32		n;
	const TransactionId *running = snapshot_running(snapshot, &n);

	/*
	 * A running array that was sorted may differ in order alone: then a probe
	 * finds nothing new, and the key is taken again.
	 */
	return snapshot->xmin == key->raw_xmin &&
		snapshot->xmax == key->raw_xmax &&
		snapshot->takenDuringRecovery == key->recovery &&
		n == key->nrunning && snapshot_key_own_xid() == key->own &&
		(n == 0 ||
		 memcmp(running, key->running, n * sizeof(TransactionId)) == 0);
}

static int
compare_xids(const void *a, const void *b)
{
	TransactionId x = *(const TransactionId *) a;
	TransactionId y = *(const TransactionId *) b;

	/* all within 2^31 of each other */
	return x == y ? 0 : (int32) (x - y) < 0 ? -1 : 1;
}

static void
key_sort(SnapshotKey *key)
{
	if (key->sorted)
		return;
	qsort(key->running, key->nrunning, sizeof(TransactionId), compare_xids);
	key->sorted = true;
}

/* Position of the first running transaction at or after xid. */
static uint32
key_position(SnapshotKey *key, uint64 xid)
{
	uint32		low = 0;
	uint32		high;

	key_sort(key);
	high = key->nrunning;
	while (low < high)
	{
		uint32		middle = low + (high - low) / 2;

		if (full_below(key->xmax, key->running[middle]) < xid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
snapshot_key_sees(SnapshotKey *key, uint64 xid)
{
	uint32		at;

	if (xid >= key->xmax || xid == key->own)
		return false;
	if (xid < key->xmin)
		return true;
	at = key_position(key, xid);
	return at == key->nrunning ||
		full_below(key->xmax, key->running[at]) != xid;
}

uint64
snapshot_key_next_unseen(SnapshotKey *key, uint64 xid)
{
	uint64		next;
	uint32		at;

	if (xid >= key->xmax)
		return xid;
	at = key_position(key, xid);
	next = at < key->nrunning ? full_below(key->xmax, key->running[at])
		: key->xmax;
	if (key->own >= xid && key->own != 0 && key->own < next)
		next = key->own;
	return Min(next, key->xmax);
}

/* Is one of these, running elsewhere, in the sight of the key? */
static bool
sees_any(SnapshotKey *key, const TransactionId *running, uint32 n,
		 uint64 xmax)
{
	uint32		i;

	for (i = 0; i < n; i++)
		if (snapshot_key_sees(key, full_below(xmax, running[i])))
			return true;
	return false;
}

bool
snapshot_key_newer(SnapshotKey *key, Snapshot snapshot)
{
	uint64		next = U64FromFullTransactionId(ReadNextFullTransactionId());
	uint64		xmax = full_below(next, snapshot->xmax);
	uint32		n;
	const TransactionId *running = snapshot_running(snapshot, &n);

	if (xmax < key->xmax)
		return true;
	if (full_below(next, snapshot->xmin) >= key->xmax)
		return false;
	return sees_any(key, running, n, xmax);
}

bool
snapshot_key_newer_than_key(SnapshotKey *a, SnapshotKey *b)
{
	if (b->xmax < a->xmax)
		return true;
	if (b->own != 0 && snapshot_key_sees(a, b->own))
		return true;
	if (b->xmin >= a->xmax)
		return false;
	return sees_any(a, b->running, b->nrunning, b->xmax);
}
