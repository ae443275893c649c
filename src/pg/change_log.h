/*-------------------------------------------------------------------------
 *
 * change_log.h
 *	  The triggers that log what changes the graph, and what of it is not
 *	  logged yet.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_CHANGE_LOG_H
#define NS_CHANGE_LOG_H

#include "utils/snapshot.h"

/*
 * Statements under way in this backend that may have changed rows of the graph
 * which netstate.change_log does not show yet.  0: it shows all.
 */
extern int	change_log_pending(void);

/*
 * Does netstate.change_log, read under the snapshot, show every change of the
 * own transaction that the snapshot shows?  That of others it always does.
 *
 * Not while changes are pending; nor under a snapshot that is as old as the
 * own transaction's last row in the log (a cursor that was opened in the
 * middle of a statement shows some of its changes and none of its log); nor in
 * a parallel worker of a transaction that has written, which cannot know; nor
 * in a worker of logical replication, where a trigger may run between a row
 * and its log.
 */
extern bool change_log_covers(Snapshot snapshot);

/* At load: follow transactions. */
extern void change_log_define(void);

#endif							/* NS_CHANGE_LOG_H */
