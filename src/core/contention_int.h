/*-------------------------------------------------------------------------
 *
 * contention_int.h
 *	  What the files of contention share among themselves.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_CONTENTION_INT_H
#define NS_CONTENTION_INT_H

#include <math.h>

#include "bypass.h"
#include "contention.h"

/*
 * A share as it was meant: the decimal of at most six digits that this float
 * stands for, if there is one.
 */
static inline double
ns_contention_share(float share)
{
	double		decimal = round((double) share * 1e6) / 1e6;

	return (float) decimal == share ? decimal : (double) share;
}

/* What rounding may make of a link that is just full. */
#define NS_FULL_PART	1e-9

typedef struct NsWay			/* a bypass of one slot */
{
	const int32_t *slot;		/* in series */
	int32_t		n;
	bool		found;
	bool		known;			/* has it been looked for? */
} NsWay;

typedef struct NsContentionWork
{
	NsEnv	   *env;
	const NsGraph *graph;
	const NsContentionQuery *query;
	NsContention *result;

	/* tunnels of each slot: tunnel[first_tunnel[slot] .. first_tunnel[slot + 1]) */
	size_t	   *first_tunnel;	/* NULL: there are none */
	NsWay	   *tunnel;

	/* paths around, as they are asked for */
	NsBypassQuery around_query;
	NsBypassWork *around_work;
	NsWay	   *around;			/* by slot */

	/* of the event looked at */
	uint32_t   *hit_stamp;		/* by link */
	uint32_t	stamp;
	double	   *added;			/* by slot */
	int32_t    *touched;		/* slots with something added */
	int32_t		ntouched;
	int64_t		steps;
} NsContentionWork;

/* contention_event.c: the events, in the order of their least ids. */
extern NsResult ns_contention_events(NsContentionWork *w);

/* contention.c */

/* Number the links that an event hits; the stamp is theirs until the next. */
extern void ns_contention_mark(NsContentionWork *w, const NsContentionEvent *e);

/*
 * The bypass of a slot while the links with the present stamp are hit; *found
 * is NULL where nothing carries it.
 */
extern NsResult ns_contention_bypass(NsContentionWork *w, int32_t slot,
									 const NsWay **found);

/* Does the event take down an end of the link? */
extern bool ns_contention_ends(const NsContentionWork *w,
							   const NsContentionEvent *e, int32_t link);

/*
 * Move the load of one event: fills added and touched, which the caller clears
 * with ns_contention_clear(), and the event's sums.
 */
extern NsResult ns_contention_move(NsContentionWork *w, NsContentionEvent *e);
extern void ns_contention_clear(NsContentionWork *w);

/* By how much a slot overflows with so much more; <= 0: it does not. */
extern double ns_contention_over(const NsContentionWork *w, int32_t slot,
								 double added);

/* Should the work stop?  Asked often, it looks now and then. */
extern bool ns_contention_stopped(NsContentionWork *w);

/* contention_pair.c */
extern NsResult ns_contention_pairs(NsContentionWork *w);

#endif							/* NS_CONTENTION_INT_H */
