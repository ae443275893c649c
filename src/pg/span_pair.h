/*-------------------------------------------------------------------------
 *
 * span_pair.h
 *	  Keeps netstate.span_pair, the pairs of spans that cross or run near.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_SPAN_PAIR_H
#define NS_SPAN_PAIR_H

/*
 * Bring span_pair to what follows from the spans that this transaction has
 * changed and everything that is committed.  The caller holds the commit lock,
 * and ACCESS SHARE on span and structure, ROW EXCLUSIVE on span_pair and
 * span_pair_own.  Without such a change it only looks for one.
 *
 * Writes span_pair and takes the transaction's rows of span_pair_own away;
 * waits for no other transaction.
 */
extern void span_pair_complete(void);

#endif							/* NS_SPAN_PAIR_H */
