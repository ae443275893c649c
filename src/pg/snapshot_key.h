/*-------------------------------------------------------------------------
 *
 * snapshot_key.h
 *	  A copy of what a snapshot sees, kept after the snapshot is gone.
 *
 * Only top-level transactions count: a change is visible when its top-level
 * transaction is.  Transactions are full (64-bit) ids.  A key sees every
 * transaction below xmax that is neither running in it nor its own.  The own
 * transaction, whose changes a snapshot sees up to curcid, is never *seen* by
 * a key: once it has ended, whoever holds the key finds it new.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_SNAPSHOT_KEY_H
#define NS_SNAPSHOT_KEY_H

#include "access/transam.h"
#include "storage/lock.h"
#include "utils/snapshot.h"

typedef struct SnapshotKey
{
	uint64		xmin;			/* all below are seen */
	uint64		xmax;			/* none from here on is */
	uint64		own;			/* own transaction, 0: none had an id */
	CommandId	curcid;			/* own commands below are in */
	LocalTransactionId lxid;	/* local transaction that took it */
	TransactionId raw_xmin;		/* as the snapshot has them */
	TransactionId raw_xmax;
	bool		recovery;
	bool		sorted;			/* is running ascending? */
	uint32		nrunning;
	uint32		room;
	TransactionId *running;		/* allocated in context */
	MemoryContext context;
} SnapshotKey;

/* An empty key whose array will live in this context. */
extern void snapshot_key_init(SnapshotKey *key, MemoryContext context);
extern void snapshot_key_free(SnapshotKey *key);

/* Make it a copy of what the snapshot sees. */
extern void snapshot_key_take(SnapshotKey *key, Snapshot snapshot);
extern void snapshot_key_copy(SnapshotKey *to, const SnapshotKey *from);

/*
 * To and from other memory.  What is saved lists the own transaction as
 * running; room for nrunning + 1.
 */
extern uint32 snapshot_key_save(const SnapshotKey *key, TransactionId *running);
extern void snapshot_key_restore(SnapshotKey *key, uint64 xmin, uint64 xmax,
								 bool recovery, const TransactionId *running,
								 uint32 nrunning);

/*
 * Does the snapshot see just what the key sees, own changes of other commands
 * aside?  Exact when true; false may only mean that it takes a longer look.
 */
extern bool snapshot_key_same(const SnapshotKey *key, Snapshot snapshot);

/*
 * Is anything in the key's sight that the snapshot does not see?  (Own commands
 * aside.)  When in doubt true.
 */
extern bool snapshot_key_newer(SnapshotKey *key, Snapshot snapshot);

/* The same of two keys: does a see anything that b does not? */
extern bool snapshot_key_newer_than_key(SnapshotKey *a, SnapshotKey *b);

/* Does the key see the transaction? */
extern bool snapshot_key_sees(SnapshotKey *key, uint64 xid);

/*
 * The least transaction from xid on that the key does not see; at or above
 * xmax: xid itself.
 */
extern uint64 snapshot_key_next_unseen(SnapshotKey *key, uint64 xid);

/* The own transaction's full id, 0 when it has none. */
extern uint64 snapshot_key_own_xid(void);

#endif							/* NS_SNAPSHOT_KEY_H */
