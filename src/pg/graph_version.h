/*-------------------------------------------------------------------------
 *
 * graph_version.h
 *	  One graph of one network and the snapshot that it is right for.
 *
 * A version is a block, in shared memory or in this process, with a private
 * patch of all that has changed since, and a key: the snapshot under which
 * block and patch together are what the tables hold.  For a newer snapshot it
 * asks the change log what is new, and reads just that again.
 *
 * Own uncommitted changes are in the patch too, each remembered with the
 * subtransaction in which it was read: when that is rolled back, and when the
 * transaction ends in whatever way, the object is read again.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_VERSION_H
#define NS_GRAPH_VERSION_H

#include "datatype/timestamp.h"

#include "env_pg.h"
#include "graph_shared.h"
#include "own_change.h"
#include "patch.h"

typedef struct GraphVersion
{
	bool		valid;
	int64		network_id;
	uint64		fingerprint;	/* of the tables that it was read from */

	const SharedVersion *shared;	/* holds the block, else base does */
	uint64		shared_number;
	LocalTransactionId held_lxid;	/* transaction that holds it */
	MemoryContext base;			/* private block, or NULL */
	const NsGraphBlock *block;
	bool		passing;		/* private though a newer one is shared: of this
								 * transaction */
	TimestampTz built_at;
	TimestampTz refreshed_at;	/* of the last change taken in */

	EnvPg		patch;			/* memory of the view's patch */
	bool		patched;		/* is there any? */
	NsGraph		view;

	MemoryContext landmarks;	/* private ones of the block, or NULL */
	Size		landmark_bytes;
	int64		plain_steps[NS_COSTS];	/* of searches without any */
	bool		landmarks_asked[NS_COSTS];	/* somebody is making them */

	int64	   *below;			/* networks that the graph depends on */
	size_t		nbelow;
	size_t		below_room;

	SnapshotKey key;
	LocalTransactionId probed_lxid; /* transaction that asked the log last */

	uint64		own_xid;		/* own transaction, for which: */
	int64		own_seq;		/* its rows of the log are in, up to here */
	OwnChanges	own;			/* in the patch */
	bool		own_block;		/* the block itself holds own changes */
	SubTransactionId own_block_sub;
	bool		own_name;		/* its network was found by a name that the own
								 * transaction gave or took */
	SubTransactionId own_name_sub;
} GraphVersion;

typedef enum VersionUse
{
	VERSION_HIT,				/* it is right as it is */
	VERSION_DELTA,				/* it is right now */
	VERSION_BUILD,				/* build it anew */
	VERSION_OLDER				/* the snapshot is older than the version */
} VersionUse;

/*
 * Bring it up to the snapshot.  *network is set where a network may have come,
 * gone or been renamed since.  Not to be called while somebody uses the graph.
 */
extern VersionUse graph_version_use(GraphVersion *v, Snapshot snapshot,
									bool *network);

/* Is it right as it is, without touching it? */
extern bool graph_version_is_hit(const GraphVersion *v, Snapshot snapshot);

/*
 * Make it the graph of this network: found in shared memory, or read.  *built
 * tells which.
 */
extern void graph_version_make(GraphVersion *v, int64 network_id,
							   const char *network, Snapshot snapshot,
							   bool *built);

/*
 * Make a new block of a network's graph as the snapshot sees it, and share it:
 * for the background worker.
 */
extern void graph_version_renew(int64 network_id, Snapshot snapshot);

/*
 * A search for a cheapest path settled so many nodes.  When searches without
 * landmarks have settled as many as it takes to make them, they are made: by
 * the worker where the block is shared, else here: true then.
 */
extern bool graph_version_searched(GraphVersion *v, NsCostKind cost,
								   int64 steps);

/* Make landmarks of a network's shared block, for the background worker. */
extern void graph_version_make_landmarks(int64 network_id, NsCostKind cost,
										 Snapshot snapshot);

/* Drop the graph; and whatever else it holds. */
extern void graph_version_drop(GraphVersion *v);
extern void graph_version_free(GraphVersion *v);

/* Bytes that it takes in this process. */
extern Size graph_version_bytes(const GraphVersion *v);

/* What has to happen at the end of a transaction or subtransaction. */
extern void graph_version_transaction_ended(GraphVersion *v);
extern void graph_version_sub_aborted(GraphVersion *v, SubTransactionId sub);

/* The graph of a network, read from the tables, in the region of block_env. */
extern NsGraphBlock *graph_version_read(NsEnv *env, NsEnv *block_env,
										int64 network_id, const char *network,
										int64 **below, size_t *nbelow);

#endif							/* NS_GRAPH_VERSION_H */
