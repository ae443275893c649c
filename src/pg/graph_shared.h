/*-------------------------------------------------------------------------
 *
 * graph_shared.h
 *	  Graphs in shared memory: one copy of each network's for all sessions.
 *
 * Only where the library is in shared_preload_libraries.  The memory is
 * netstate.cache_memory, taken when the server starts.  What is published is
 * never written again.  A version is held by the transactions that use it, and
 * goes when it has been replaced and the last of them has ended.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_SHARED_H
#define NS_GRAPH_SHARED_H

#include "datatype/timestamp.h"

#include "landmark.h"
#include "snapshot_key.h"

/* Called once, while the library is loaded. */
extern void graph_shared_define(void);

/* Is there shared memory for graphs? */
extern bool graph_shared_enabled(void);

/* One published version; in shared memory, read only. */
typedef struct SharedVersion SharedVersion;

typedef enum SharedFind
{
	SHARED_FOUND,				/* *version is held until the transaction ends */
	SHARED_BUILD,				/* none: build one, then publish it, or say
								 * that it failed; others wait meanwhile */
	SHARED_NEWER,				/* one that saw more than the snapshot does:
								 * build one for this transaction */
	SHARED_PRIVATE				/* none to be had: build one for yourself */
} SharedFind;

typedef struct SharedWish
{
	int64		network_id;
	uint64		fingerprint;	/* of the tables now */
	Snapshot	snapshot;
	uint64		useless;		/* number of a version that will not do, or 0 */
} SharedWish;

/*
 * The present version of a network, unless it saw what the snapshot does not.
 * Waits while another session builds it.
 */
extern SharedFind graph_shared_find(const SharedWish *wish,
									const SharedVersion **version);

/*
 * Hold this version again, if it is still the present one of its network: its
 * address and number, as of an earlier transaction.
 */
extern bool graph_shared_hold(int64 network_id, uint64 fingerprint,
							  uint64 number, const SharedVersion **version);

/* What a version is. */
extern const NsGraphBlock *graph_shared_block(const SharedVersion *version);
extern uint64 graph_shared_number(const SharedVersion *version);
extern TimestampTz graph_shared_built_at(const SharedVersion *version);
extern const int64 *graph_shared_below(const SharedVersion *version, size_t *n);
extern void graph_shared_key(const SharedVersion *version, SnapshotKey *key);

/* Landmarks of the version, by cost; NULL: none yet. */
extern void graph_shared_landmarks(const SharedVersion *version,
								   const NsLandmarks *landmark[NS_COSTS]);

/*
 * Sessions count the nodes that they settle without landmarks together, since
 * each of them may be short.  The sum so far.
 */
extern uint64 graph_shared_searched(const SharedVersion *version,
									NsCostKind cost, uint64 steps);

/*
 * Is it for the caller to see to landmarks of this version?  True once.
 */
extern bool graph_shared_claim_landmarks(const SharedVersion *version,
										 NsCostKind cost);

/* Add landmarks to a version that the caller holds, for all to use. */
extern void graph_shared_add_landmarks(const SharedVersion *version,
									   const NsLandmarks *landmarks);

/* What is to be published. */
typedef struct SharedOffer
{
	int64		network_id;
	uint64		fingerprint;
	const NsGraphBlock *block;
	const int64 *below;
	size_t		nbelow;
	SnapshotKey *key;
	const NsLandmarks *landmark[NS_COSTS];	/* NULL: none */
} SharedOffer;

/*
 * Copy it into shared memory and make it the present version, and hold it.
 * NULL where there is no room, or, *beaten, where a version is present that
 * this one is not newer than.
 */
extern const SharedVersion *graph_shared_publish(const SharedOffer *offer,
												 bool *beaten);

/* After SHARED_BUILD, published or not: let others go on. */
extern void graph_shared_build_end(void);

/*
 * May a worker be asked for, for this network?  True at most once in a while,
 * until a new version is published.
 */
extern bool graph_shared_may_ask(int64 network_id);

/* Bytes taken by all versions. */
extern Size graph_shared_bytes(void);

#endif							/* NS_GRAPH_SHARED_H */
