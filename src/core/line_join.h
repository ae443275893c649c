/*-------------------------------------------------------------------------
 *
 * line_join.h
 *	  Of many spans, those that cross or run near one another.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_LINE_JOIN_H
#define NS_LINE_JOIN_H

#include "line.h"

typedef struct NsSpanLine
{
	int64_t		id;
	int64_t		end[2];			/* ids of the structures at A and Z */
	NsPoint		place[2];		/* where those are */
	NsLine		line;
	bool		changed;		/* look for the pairs of this one */
} NsSpanLine;

/* A pair that is near; a has the lower id.  Anything but NS_OK ends the join. */
typedef NsResult (*NsPairFound) (void *state, const NsSpanLine *a,
								 const NsSpanLine *b, const NsLinePair *pair);

/*
 * Compare two spans, of which a has the lower id: what lies at a structure
 * where both end does not count.
 */
extern NsResult ns_span_pair(NsPairWork *work, const NsSpanLine *a,
							 const NsSpanLine *b, NsLinePair *pair);

/*
 * Every pair of spans of which at least one is marked as changed, each once,
 * in no particular order.  Ids must differ.  About n log n and a comparison for
 * each two whose boxes are within NS_REACH_M.
 */
extern NsResult ns_span_join(NsPairWork *work, const NsSpanLine *span,
							 int32_t n, NsPairFound found, void *state);

#endif							/* NS_LINE_JOIN_H */
