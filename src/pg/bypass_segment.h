/*-------------------------------------------------------------------------
 *
 * bypass_segment.h
 *	  Segments of what tunnels ride on, as questions for bypasses.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_BYPASS_SEGMENT_H
#define NS_BYPASS_SEGMENT_H

#include "bypass.h"
#include "env_pg.h"
#include "graph_cache.h"

typedef struct BypassSegment
{
	int64		tunnel_id;		/* these three are set by whoever asks */
	int32		from_seq;
	int32		to_seq;

	bool		directed;		/* the tunnel */
	bool		up;				/* all links of the segment */
	NsBypassTask task;			/* along the tunnel */
} BypassSegment;

/*
 * Complete n segments; what they refer to lies in the region.  42704 where there
 * is no such tunnel, or the caller may not see it; 22023 where it does not ride
 * on links of this graph in one series, or has no such segment.
 */
extern void bypass_segments_read(EnvPg *env, const GraphRef *ref,
								 const double *capacity,
								 BypassSegment *segment, size_t n);

#endif							/* NS_BYPASS_SEGMENT_H */
