/*-------------------------------------------------------------------------
 *
 * two_ended.h
 *	  Searches between two nodes, very many of them on one graph: from both ends
 *	  until they meet, and then on from the destination with what the search
 *	  from the source knows as bounds.
 *
 * The search from the destination ends it, for the reason given in search.h:
 * each node then knows its least best link towards the destination, and the
 * path is the least sequence of link ids among the cheapest.
 *
 * What a search needs of a link lies in one cell.  A link is dead for a search
 * when its cell's mark is not below the search's: so marks of searches before
 * are void, and a mark of UINT32_MAX stays.  Labels are void likewise.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_TWO_ENDED_H
#define NS_TWO_ENDED_H

#include "search.h"

#define NS_DEAD_FOREVER	UINT32_MAX

typedef struct NsCell
{
	int64_t		weight;
	uint32_t	dead;
	int32_t		groups;			/* that a way over it shares; see fewest */
} NsCell;

typedef struct NsTwoEnded
{
	NsEnv	   *env;
	const NsGraph *graph;
	const double *capacity;		/* by link, NaN: enough; or NULL */
	int64_t		limit;			/* sums are cut off here, see weight.h */

	NsCell	   *cell;			/* by link; whoever asks fills it */
	uint32_t	dead;			/* mark of the links dead now */

	/* private state */
	NsLabel    *from_src;
	NsLabel    *from_dst;
	NsHeapEntry *forward;		/* room for narcs + 1 entries each */
	NsHeapEntry *backward;
	uint32_t	stamp;
	int64_t		steps;

	bool		interrupted;	/* sticky; results are void once set */
} NsTwoEnded;

/* No link is dead; weights are not set. */
extern NsResult ns_two_ended_init(NsTwoEnded *s, NsEnv *env, const NsGraph *g);

/* From now on no link is dead but those forever. */
extern void ns_two_ended_revive(NsTwoEnded *s);

static inline void
ns_two_ended_kill(NsTwoEnded *s, int32_t link)
{
	if (s->cell[link].dead < s->dead)
		s->cell[link].dead = s->dead;
}

/*
 * Distance of the cheapest path from src to dst over links with at least this
 * capacity, else NS_UNREACHED.  The path is then read with ns_two_ended_path.
 */
extern int64_t ns_two_ended_run(NsTwoEnded *s, int32_t src, int32_t dst,
								double capacity);

/*
 * The greatest capacity, up to most, that a path has throughout; -1 where there
 * is no path.
 */
extern double ns_two_ended_widest(NsTwoEnded *s, int32_t src, int32_t dst,
								  double most);

/*
 * Find a path whose links' `groups` have the least sum, and about the least
 * cost among these; false where there is none.  Read it likewise.
 */
extern bool ns_two_ended_fewest(NsTwoEnded *s, int32_t src, int32_t dst);

/*
 * Links of the path found, from src to dst, into link (room for nnodes);
 * returns their number.
 */
extern int32_t ns_two_ended_path(const NsTwoEnded *s, int32_t src,
								 int32_t *link);

#endif							/* NS_TWO_ENDED_H */
