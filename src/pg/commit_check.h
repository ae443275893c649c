/*-------------------------------------------------------------------------
 *
 * commit_check.h
 *	  What must hold at COMMIT: the queue of changes, and the one lock under
 *	  which they are proven.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_COMMIT_CHECK_H
#define NS_COMMIT_CHECK_H

#include "commit_check_rule.h"

/* Called once, when the library is loaded. */
extern void commit_check_define(void);

/* The statement that changes more things than this queues "all". */
#define COMMIT_CHECK_MOST_IDS 100000

/* netstate.commit_check, by position. */
enum
{
	QUEUE_XID, QUEUE_WHAT, QUEUE_IDS, QUEUE_COLUMNS
};

/*
 * A statement on a table of the graph was left before its end: prove all that
 * there is.  For the moment before COMMIT; does nothing where the trigger that
 * proves is disabled.
 */
extern void commit_check_left(void);

/*
 * The owner of a table of schema netstate becomes the current user, as foreign
 * key checks do it; *userid and *sec_context are for the way back.
 */
extern void commit_check_as_owner(Relation rel, Oid *userid,
								  int *sec_context);

/*
 * Of ids that a statement deleted, those of rows that it put in again: one
 * statement may do both, and then whatever refers to the row stays.  They come
 * first; how many.
 */
extern size_t commit_check_replaced(GraphTable table, int column, int64 *id,
									size_t n);

#endif							/* NS_COMMIT_CHECK_H */
