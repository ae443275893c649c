/*-------------------------------------------------------------------------
 *
 * chain.h
 *	  Do things with two ends each, in a given order, make one way?
 *
 * The route of a cable, the strands of a link and the links that one rides on
 * are all told as a list of pieces without directions: each may be walked one
 * way or the other, or one way only.  They make a way when every piece can be
 * entered where the one before was left.  Where the first is entered is not
 * known, so both its ends are tried at once; after each piece at most as many
 * places are left as the piece has ways.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_CHAIN_H
#define NS_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#define NS_CHAIN_WAYS 2

/* One way through a piece. */
typedef struct NsWay
{
	int64_t		from;
	int64_t		to;
} NsWay;

/* Where the walk may have come to. */
typedef struct NsChain
{
	bool		anywhere;		/* not known: it may go on from any place */
	int			n;
	int64_t		at[NS_CHAIN_WAYS];
} NsChain;

/* May a walk go on at "entry" after a piece that ends at "exit"? */
typedef bool (*NsMeetFn) (int64_t exit, int64_t entry, void *state);

static inline void
ns_chain_anywhere(NsChain *chain)
{
	chain->anywhere = true;
	chain->n = 0;
}

static inline void
ns_chain_at(NsChain *chain, int64_t place)
{
	chain->anywhere = false;
	chain->n = 1;
	chain->at[0] = place;
}

/*
 * Walk one piece, which has up to NS_CHAIN_WAYS ways.  False: it can't be
 * entered from where the walk may be; the chain is left as it was.  Without a
 * function places meet when they are the same.
 */
extern bool ns_chain_step(NsChain *chain, const NsWay *way, int nways,
						  NsMeetFn meet, void *state);

/* The same where the piece can be walked from either end. */
extern bool ns_chain_step_between(NsChain *chain, int64_t a, int64_t z);

/* May the walk have come to this place? */
extern bool ns_chain_is_at(const NsChain *chain, int64_t place);

#endif							/* NS_CHAIN_H */
