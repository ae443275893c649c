/*-------------------------------------------------------------------------
 *
 * change_probe.h
 *	  What the change log holds that a key has not seen and a snapshot sees.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_CHANGE_PROBE_H
#define NS_CHANGE_PROBE_H

#include "snapshot_key.h"

/* For whom to look. */
typedef struct ProbeScope
{
	bool		every;			/* of every network, not of one */
	int64		network_id;
	const int64 *below;			/* networks that its graph depends on */
	size_t		nbelow;
	size_t		most;			/* rows to collect before giving up: all */
} ProbeScope;

typedef struct Changes
{
	/* ids, ascending and each once, allocated in the current context */
	int64	   *node;
	size_t		nnodes;
	size_t		node_room;
	int64	   *link;
	size_t		nlinks;
	size_t		link_room;

	struct ChangedElement *element; /* of the plant, as the log has them */
	size_t		nelements;
	size_t		element_room;

	int64	   *drain;			/* drains, likewise */
	size_t		ndrains;
	size_t		drain_room;
	struct HitElement *drained; /* elements that were drained */
	size_t		ndrained;
	size_t		drained_room;
	bool		drains;			/* one of the drains is active */

	bool		all;			/* anything may have changed */
	bool		network;		/* a network came, went or was renamed */
	size_t		nrows;			/* rows looked at that were new */
} Changes;

/*
 * Rows of transactions that the next key sees and the last one did not; own
 * ones are left to change_probe_own.  False: the log does not reach back to
 * the key, and nothing is known.
 */
extern bool change_probe(SnapshotKey *last, SnapshotKey *next,
						 Snapshot snapshot, const ProbeScope *scope,
						 Changes *changes);

/*
 * Rows of the own transaction with a seq above *seq, which is moved on.
 * Returns how many there were, of whatever network.
 */
extern size_t change_probe_own(uint64 own, int64 *seq, Snapshot snapshot,
							   const ProbeScope *scope, Changes *changes);

/* Add an id by hand. */
extern void changes_add_node(Changes *changes, int64 id);
extern void changes_add_link(Changes *changes, int64 id);

/*
 * Put the nodes and links that rest on the elements of the plant in their place,
 * as the tables show it under the active snapshot.  For network PLANT_NETWORK_ID
 * these are the structures and spans themselves.
 */
extern void changes_follow_plant(Changes *changes, int64 network_id);

/*
 * The same, and those that drains take or took.  Was anything drained before?
 * Else a drain matters only if it is active now.
 */
extern void changes_follow(Changes *changes, int64 network_id, bool drained);

/* The kind, a word of plant_elements_add(), and the id of the i-th element. */
extern const char *changes_element(const Changes *changes, size_t i, int64 *id);

/* Sort the ids and drop what is there twice. */
extern void changes_finish(Changes *changes);

#endif							/* NS_CHANGE_PROBE_H */
