/*-------------------------------------------------------------------------
 *
 * landmark.h
 *	  Distances from a few nodes to all, as lower bounds of other distances.
 *
 * No way from s to v costs less than d(L, v) - d(L, s) or d(s, L) - d(v, L),
 * whatever the landmark L.  A search that heads for s passes by most of a
 * graph with them (A*, landmarks and the triangle inequality: ALT).
 *
 * Distances are kept as whole numbers of a unit: every cost is rounded down to
 * units before it is added.  So two nodes that a link joins never differ by
 * more than its cost, and bounds are consistent however coarse the unit is.
 *
 * Nodes that are numbered far apart may be near each other, and a search reads
 * what lies around its way.  So the block has the graph once more, with nodes in
 * an order of their own, by their *places*: near nodes have near places, and
 * all that a search reads of them lies on few pages.  A node that was added by
 * a patch has its number for a place.
 *
 * NsLandmarks is one flat block without pointers, written once, that may lie
 * in shared memory.  It is for the graph block that it was built from; a search
 * takes what a patch has changed from the view instead.  Rows stay true when
 * costs rise and links go.  Where some have become cheaper, all bounds shrink to
 * the least part that is left of any cost.  What was added since, or is cheaper
 * than that should go, is the view's list of eased links: a way that uses such
 * links reaches the first of their ends and leaves from the last one, which
 * bounds it as well.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_LANDMARK_H
#define NS_LANDMARK_H

#include "weight.h"

#define NS_LANDMARK_MAGIC	UINT32_C(0x4e534c4d)
#define NS_LANDMARK_VERSION	1

/* Distances of a node.  Directed: the second half, negative, to landmarks. */
#define NS_LANDMARK_LANES	16

#define NS_LANDMARK_FAR		(INT32_C(1) << 30)	/* this and whatever is more */
#define NS_LANDMARK_NO_WAY	(NS_LANDMARK_FAR + 1)

/* An arc that enters a node. */
typedef struct NsNearArc
{
	int32_t		place;			/* of its tail */
	int32_t		link;
	double		cost;
} NsNearArc;

typedef struct NsLandmarks
{
	uint32_t	magic;
	uint32_t	version;
	uint64_t	bytes;			/* of the whole block */
	int32_t		nnodes;
	int32_t		narcs;
	int32_t		kind;			/* NsCostKind */
	int32_t		count;			/* of landmarks; as many lanes, or twice */
	int32_t		directed;
	int32_t		exact;			/* are all costs whole numbers of units? */
	double		scale;			/* units in a cost of 1 */
	int64_t		steps;			/* nodes settled to build it */
	uint64_t	off_landmark;	/* int32[count]: node numbers */
	uint64_t	off_place;		/* int32[nnodes]: by node number */
	uint64_t	off_number;		/* int32[nnodes]: by place, as all below */
	uint64_t	off_start;		/* int32[nnodes + 1] */
	uint64_t	off_arc;		/* NsNearArc[narcs] */
	uint64_t	off_row;		/* int32[nnodes][NS_LANDMARK_LANES] */
} NsLandmarks;

/*
 * Build the block in the environment's region; g has no patch.  It takes 72
 * bytes a node and 16 an arc, and the time of about 30 searches over the whole
 * graph.  NS_MISSING_COST when a link has none.
 */
extern NsResult ns_landmarks_build(NsEnv *env, const NsGraph *g,
								   NsCostKind kind, NsLandmarks **out);

/* Nodes that a build settles, about. */
extern int64_t ns_landmarks_price(const NsGraph *g);

/* ---- bounds of one query ---- */

typedef int32_t NsLanes __attribute__((vector_size(16), aligned(4), may_alias));

/* The distances of one node. */
typedef struct NsLandmarkRow
{
	NsLanes		lane[NS_LANDMARK_LANES / 4];
} NsLandmarkRow;

typedef struct NsLandmarkBound
{
	const NsLandmarks *landmarks;	/* NULL: none, and nothing below is set */
	const int32_t *place;
	const int32_t *number;
	const int32_t *start;
	const NsNearArc *arc;
	const NsLandmarkRow *row;
	int32_t		nnodes;			/* that have a row */
	bool		directed;
	bool		new_source;		/* it has none */
	NsLandmarkRow source;
	int32_t		nends;			/* of eased links, those with a row */
	NsLandmarkRow end[2 * NS_MAX_EASED];
	int32_t		approach;		/* least bound from the source to them */
	double		part;			/* of their distances that are left */

	/* from units to weights */
	int64_t		whole;			/* factor where it is a whole number, else 0 */
	double		factor;
	int64_t		most;			/* units from which on it is the limit */
	int64_t		limit;
} NsLandmarkBound;

/*
 * Bounds from src by the view's landmarks of this kind, where it has them and
 * not too much has been eased.  False: there is no way at all to dst.
 */
extern bool ns_landmark_bound_init(NsLandmarkBound *b, const NsGraph *g,
								   NsCostKind kind, int32_t src, int32_t dst);

/* The weights that bounds are to be in. */
extern void ns_landmark_bound_scale(NsLandmarkBound *b, NsCostKind kind,
									const NsWeights *w);

/* The greatest difference of two rows. */
static inline int32_t
ns_landmark_difference(const NsLandmarkRow *from, const NsLandmarkRow *to,
					   bool directed)
{
	NsLanes		most = {0, 0, 0, 0};

	for (int i = 0; i < NS_LANDMARK_LANES / 4; i++)
	{
		NsLanes		d = to->lane[i] - from->lane[i];
		NsLanes		sign = d >> 31;
		NsLanes		more;

		if (!directed)
			d = (d ^ sign) - sign;
		more = d > most;
		most = (d & more) | (most & ~more);
	}
	for (int i = 1; i < 4; i++)
	{
		if (most[i] > most[0])
			most[0] = most[i];
	}
	return most[0];
}

static inline int32_t
ns_landmark_place(const NsLandmarkBound *b, int32_t node)
{
	return node < b->nnodes ? b->place[node] : node;
}

static inline int32_t
ns_landmark_number(const NsLandmarkBound *b, int32_t place)
{
	return place < b->nnodes ? b->number[place] : place;
}

/* The row of a place will be needed soon. */
static inline void
ns_landmark_fetch(const NsLandmarkBound *b, int32_t place)
{
	if (place < b->nnodes)
		__builtin_prefetch(&b->row[place]);
}

/* Least cost of a way from the source to a place, in units. */
static inline int64_t
ns_landmark_units(const NsLandmarkBound *b, int32_t place)
{
	const NsLandmarkRow *row;
	int64_t		most;
	int32_t		rest = INT32_MAX;

	if (place >= b->nnodes)
		return b->approach;
	row = &b->row[place];
	most = b->new_source ? INT64_MAX
		: ns_landmark_difference(&b->source, row, b->directed);
	if (b->nends == 0 || most <= b->approach)
		return most;
	for (int32_t i = 0; i < b->nends; i++)
	{
		int32_t		d = ns_landmark_difference(&b->end[i], row, b->directed);

		if (d < rest)
			rest = d;
	}
	return most < (int64_t) b->approach + rest ? most
		: (int64_t) b->approach + rest;
}

/* The same as a cost. */
static inline double
ns_landmark_cost(const NsLandmarkBound *b, int32_t place)
{
	return (double) ns_landmark_units(b, place) * b->part / b->landmarks->scale;
}

/* The same as a sum of weights. */
static inline int64_t
ns_landmark_bound(const NsLandmarkBound *b, int32_t place)
{
	int64_t		units = ns_landmark_units(b, place);

	if (units >= b->most)
		return b->limit;
	return b->whole > 0 ? units * b->whole
		: (int64_t) ((double) units * b->factor);
}

#endif							/* NS_LANDMARK_H */
