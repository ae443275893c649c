/*-------------------------------------------------------------------------
 *
 * contention.h
 *	  What happens to load when a risk strikes and bypasses take over: which
 *	  links overflow, after one event or after two.
 *
 * An *event* is whatever takes the same part of the same links: all groups of
 * shared risk that do so, and a link by itself.  It strikes with all that it
 * can hit.  Of each link that it hits, the part `share` of the load in each
 * direction moves onto the bypass of that direction:
 *
 *	- the first tunnel given for it of which the event hits no link; where
 *	  tunnels are given but each is hit, nothing carries it;
 *	- else the path around that bypass.h gives for the link, to carry all of its
 *	  capacity, and that shares no group with it.  Back leads the same way, where
 *	  no link of the network is directed.
 *
 * Nothing carries the load of a link of which the event takes down an end.
 *
 * Two events are *uncorrelated* when they have no link in common.  Events come
 * as independent Poisson processes.  The bypasses of both are in use when the
 * second comes within the window of the first: until it is repaired, and no
 * longer than the network takes to compute its paths anew.  With rates r and
 * windows w that happens at the rate r1 * r2 * (w1 + w2), windows being short
 * beside the times between events.  An event of several groups comes as often
 * as all of them together.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_CONTENTION_H
#define NS_CONTENTION_H

#include "path.h"

/* One direction of a link: A to Z, and back. */
#define NS_SLOT(link, back)	(2 * (link) + (back))
#define NS_SLOT_LINK(slot)	((slot) / 2)

typedef struct NsOccurrence
{
	double		mtbf_hours;		/* > 0; NaN: unknown */
	double		mttr_hours;		/* >= 0; NaN: unknown, longer than the window */
} NsOccurrence;

typedef struct NsTunnel
{
	int32_t		slot;			/* what it protects */
	int32_t		nlinks;
	const int32_t *link;		/* in series; NULL: it is out of service */
} NsTunnel;

typedef struct NsContentionQuery
{
	NsCostKind	cost;
	NsIdList	avoid_links;	/* these have no load, and bypasses do not use them */
	NsIdList	avoid_srlgs;
	const double *load;			/* by slot, >= 0 */
	const double *capacity;		/* by link; NaN: unknown, nothing overflows */
	const NsTunnel *tunnel;		/* by slot, in the order of their use */
	size_t		ntunnels;
	const NsOccurrence *srlg;	/* by group; NULL: all unknown */
	const NsOccurrence *link;	/* of each link by itself, likewise */
	double		recompute_hours;	/* finite, >= 0 */
	int32_t		most;			/* pairs at most */
} NsContentionQuery;

typedef struct NsContentionEvent
{
	/* what strikes */
	int32_t    *srlg;			/* groups, in the order of ids */
	int32_t		nsrlgs;
	int32_t		link;			/* the link by itself, or -1 */

	/* what it hits: links up, with their shares, and nodes taken down */
	NsNumbers	hit;
	const float *share;
	NsNumbers	down;

	/* how often, and for how long its bypasses are in use: sums over those
	 * whose MTBF is known */
	double		per_hour;		/* NaN: of none is it known */
	double		in_window;		/* sum of rate times window */

	/* what comes of it */
	double		moved;			/* load that bypasses take */
	double		unprotected;	/* and that nothing carries */
	double		worst;			/* by how much a link overflows, or 0 */
	size_t		first_over;
	size_t		nover;
} NsContentionEvent;

typedef struct NsOver			/* a link that overflows */
{
	int32_t		slot;
	double		added;			/* by bypasses */
	double		over;			/* load above capacity */
} NsOver;

typedef struct NsOverPair
{
	int32_t		event[2];		/* the first one in the order of events */
	NsOver		over;
	double		rate;			/* an hour; NaN: unknown */
} NsOverPair;

typedef struct NsContention
{
	/* events that hit a link with load: the worst overflow first, then the
	 * most that nothing carries, then the most that moves */
	NsContentionEvent *event;
	int32_t		nevents;
	NsOver	   *over;			/* of each event [first_over, + nover), the worst
								 * first */
	size_t		nover;

	/* the likeliest, then the worst, then those of unknown rate; one for each
	 * link that overflows after both events and after neither alone */
	NsOverPair *pair;
	int32_t		npairs;
} NsContention;

/*
 * All in the region.  Time: one search for each link with load that is in a
 * group or by itself at risk, and the lengths of bypasses times memberships;
 * pairs are looked at in the order of their rank, as far as it takes.
 *
 * NS_MISSING_COST: see ns_missing_cost.
 */
extern NsResult ns_contention(NsEnv *env, const NsGraph *g,
							  const NsContentionQuery *query,
							  NsContention *result);

#endif							/* NS_CONTENTION_H */
