/*-------------------------------------------------------------------------
 *
 * change_prune.h
 *	  Deleting old rows of netstate.change_log.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_CHANGE_PRUNE_H
#define NS_CHANGE_PRUNE_H

/* Rows that the log is to hold, about. */
#define CHANGE_LOG_KEEP 100000

/*
 * Before a transaction commits that logged so many rows: perhaps delete a few
 * of the oldest.  Waits for nobody; does nothing where it could fail.
 */
extern void change_prune_at_commit(int64 logged);

/*
 * Delete all but about the newest "keep" rows.  The number deleted; 0 as well
 * where another transaction is pruning.  Call it in a transaction that may
 * write, at READ COMMITTED, as any user: it asks for no right.
 */
extern int64 change_prune_run(int64 keep);

#endif							/* NS_CHANGE_PRUNE_H */
