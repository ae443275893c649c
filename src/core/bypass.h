/*-------------------------------------------------------------------------
 *
 * bypass.h
 *	  Bypasses: the cheapest way around links, that what takes them down leaves.
 *
 * A question names the links to protect, one or the several in series of a
 * tunnel's segment, and the nodes where their traffic leaves and comes back.
 * The bypass uses none of these links, and none that shares a group with one of
 * them.  Which groups count is as for disjoint paths: those whose memberships
 * reach the thresholds on both links, but for groups that take down one of the
 * two ends.
 *
 * Order of answers: the fewest groups shared (none, where strict), then enough
 * capacity, or the most there is, then cost, links and ids as in path.h.
 * Sharing the fewest groups is proven where the groups that no way avoids
 * suffice, or these and one more; else it is the least of what ways share when
 * each link's groups are added up.
 *
 * One workspace serves any number of questions about one graph: nothing is
 * cleared between them, and they take no memory of their own.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_BYPASS_H
#define NS_BYPASS_H

#include "path.h"

typedef struct NsBypassQuery
{
	NsCostKind	cost;
	NsIdList	avoid_links;
	NsIdList	avoid_srlgs;
	NsIdList	ignore_srlgs;
	bool		srlg;			/* else only the links themselves are avoided */
	bool		strict;
	double		min_probability;	/* memberships below do not count */
	double		min_share;
	const double *capacity;		/* by link, NaN: not known, and then enough; or
								 * NULL: of no link */
} NsBypassQuery;

typedef struct NsBypassTask
{
	int32_t		src;			/* where the traffic leaves the links */
	int32_t		dst;			/* and comes back */
	const int32_t *link;		/* that are protected */
	int32_t		nlinks;
	double		need;			/* so much capacity is enough; NaN: any is */
} NsBypassTask;

typedef struct NsBypass			/* good until the workspace is used again */
{
	NsPath		path;
	double		bottleneck;		/* least capacity on it; NaN: none is known */
	int32_t		nshared;		/* groups that count and that it shares ... */
	const int32_t *shared_srlg; /* ... in the order of ids */
} NsBypass;

typedef struct NsBypassWork NsBypassWork;

/* The query has to stay.  NS_MISSING_COST when a link has none. */
extern NsResult ns_bypass_open(NsEnv *env, const NsGraph *g,
							   const NsBypassQuery *query, NsBypassWork **work);

/* *found is false when there is none: proven. */
extern NsResult ns_bypass_find(NsBypassWork *work, const NsBypassTask *task,
							   bool *found, NsBypass *bypass);

/*
 * What stands in the way where there is none that shares nothing.  *cut: no way
 * is left without the links protected.  Else the groups each of which alone
 * takes down every way that is left, in no order; where there is none, several
 * do together.  The list is good as an answer is.
 */
extern NsResult ns_bypass_obstacles(NsBypassWork *work,
									const NsBypassTask *task, bool *cut,
									const int32_t **srlg, int32_t *nsrlgs);

#endif							/* NS_BYPASS_H */
