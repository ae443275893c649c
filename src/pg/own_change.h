/*-------------------------------------------------------------------------
 *
 * own_change.h
 *	  The objects of a kept graph that the own transaction has changed.
 *
 * Each is remembered with the subtransaction in which it was read last, which
 * is the one that changed it or lies within that.  When one of these is rolled
 * back, and when the transaction ends in whatever way, it is stale: it has to
 * be read again, which is right at any time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_OWN_CHANGE_H
#define NS_OWN_CHANGE_H

#include "change_probe.h"

typedef struct OwnChange
{
	int64		id;
	SubTransactionId sub;
	bool		link;			/* else a node */
	bool		stale;
} OwnChange;

typedef struct OwnChanges
{
	OwnChange  *change;			/* in CacheMemoryContext */
	size_t		n;
	size_t		room;
	bool		stale;			/* is any of them? */
} OwnChanges;

/* These objects were changed by the own transaction, and have been read. */
extern void own_change_remember(OwnChanges *own, const Changes *changes);

/* All, or those of this subtransaction and what lies within it, are stale. */
extern void own_change_spoil(OwnChanges *own, SubTransactionId sub);

/* Add what is stale to what has to be read. */
extern void own_change_add_stale(const OwnChanges *own, Changes *changes);

/*
 * What was stale has been read again: while the own transaction goes on it may
 * still be an own change, afterwards it is as everybody sees it.
 */
extern void own_change_settle(OwnChanges *own, bool in_transaction);

extern void own_change_clear(OwnChanges *own);
extern void own_change_free(OwnChanges *own);

#endif							/* NS_OWN_CHANGE_H */
