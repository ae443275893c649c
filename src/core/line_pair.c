/*-------------------------------------------------------------------------
 *
 * line_pair.c
 *	  Do two lines cross, how near do they come, and how far do they run near?
 *
 * Exact, not sampled.  What of a segment lies within d of another segment is
 * one interval, since the distance to a convex set is convex along a segment;
 * its ends are those of the intervals within d of the other's two end points
 * and beside it.  Of the intervals of all segments of the other line the union
 * is taken, and what lies within d of a shared point is taken away.
 *
 * Positions on a segment are fractions t, 0 .. 1 of it.  Each pair of segments
 * has a plane of its own: its origin is where the first segment begins, its
 * scale the cosine of the latitude in the middle of what both have in common.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>

#include "line.h"

#define SHARED_MOST 2
#define STEPS_PER_CHECK 20000

/* Of a segment, what lies within [d - 1] of something; low > high: nothing. */
typedef struct NsReach
{
	double		low[NS_REACH_M];
	double		high[NS_REACH_M];
} NsReach;

typedef struct Vector
{
	double		x;
	double		y;
} Vector;

/* One line against another. */
typedef struct Direction
{
	NsPairWork *work;
	const NsLine *from;			/* of which the metres are counted */
	const NsLine *to;
	const NsPoint *shared;
	int			nshared;
	double		first_turn;		/* full turns that bring `to` beside `from` */
	double		last_turn;
	double		distance;
	double		run[NS_REACH_M];
} Direction;

/* A segment of `from`, while `to` is searched for what is near it. */
typedef struct Here
{
	const NsPoint *p;			/* [0] and [1] */
	NsReach		shared[SHARED_MOST];
	int			nshared;		/* of shared points within NS_REACH_M */
	double		open[SHARED_MOST + 1][2];	/* outside NS_SHARED_M of them */
	int			nopen;
	size_t		nreach;			/* in work->reach */
	int			whole;			/* from this d - 1 on all of it is near */
} Here;

static inline Vector
minus(Vector a, Vector b)
{
	return (Vector) {a.x - b.x, a.y - b.y};
}

static inline double
dot(Vector a, Vector b)
{
	return a.x * b.x + a.y * b.y;
}

static inline double
cross(Vector a, Vector b)
{
	return a.x * b.y - a.y * b.x;
}

static inline Vector
along(Vector a, double t)
{
	return (Vector) {a.x * t, a.y * t};
}

static inline double
plane_scale(double latitude)
{
	return cos(latitude * (NS_PI / 180.0));
}

/* In the plane with its origin in `origin`; degrees of difference to metres. */
static inline Vector
in_plane(NsPoint origin, NsPoint p, double scale)
{
	return (Vector) {(p.lon - origin.lon) * scale * NS_M_PER_DEGREE,
		(p.lat - origin.lat) * NS_M_PER_DEGREE};
}

static double
point_to_segment(Vector p, Vector from, Vector to)
{
	Vector		way = minus(to, from);
	Vector		off = minus(p, from);
	double		square = dot(way, way);
	double		t = square > 0 ? dot(off, way) / square : 0;

	t = t > 1 ? 1 : t > 0 ? t : 0;
	off = minus(off, along(way, t));
	return sqrt(dot(off, off));
}

static double
segment_to_segment(Vector a0, Vector a1, Vector b0, Vector b1)
{
	Vector		a = minus(a1, a0);
	Vector		b = minus(b1, b0);
	double		side0 = cross(a, minus(b0, a0));
	double		side1 = cross(a, minus(b1, a0));
	double		side2 = cross(b, minus(a0, b0));
	double		side3 = cross(b, minus(a1, b0));

	if (side0 * side1 < 0 && side2 * side3 < 0)
		return 0;
	return ns_min(ns_min(point_to_segment(a0, b0, b1), point_to_segment(a1, b0, b1)),
				ns_min(point_to_segment(b0, a0, a1), point_to_segment(b1, a0, a1)));
}

/* ---- intervals ---- */

/* Widen the interval to hold another, of the same convex set. */
static inline void
widen(double *low, double *high, double other_low, double other_high)
{
	if (other_low > other_high)
		return;
	*low = ns_min(*low, other_low);
	*high = ns_max(*high, other_high);
}

/* t * a within d of c: around `middle`, `off` metres away there. */
static inline void
near_point(double middle, double off, double length, double d,
		   double *low, double *high)
{
	double		half;

	if (off > d)
		return;
	half = sqrt(d * d - off * off) / length;
	widen(low, high, middle - half, middle + half);
}

/* Where f0 + f1 * t lies within least .. most. */
static inline void
within(double f0, double f1, double least, double most,
	   double *low, double *high)
{
	double		t0;
	double		t1;

	if (f1 == 0)
	{
		if (f0 < least || f0 > most)
		{
			*low = INFINITY;
			*high = -INFINITY;
		}
		return;
	}
	t0 = (least - f0) / f1;
	t1 = (most - f0) / f1;
	*low = ns_max(*low, ns_min(t0, t1));
	*high = ns_min(*high, ns_max(t0, t1));
}

static void
clear_reach(NsReach *reach)
{
	for (int i = 0; i < NS_REACH_M; i++)
	{
		reach->low[i] = INFINITY;
		reach->high[i] = -INFINITY;
	}
}

static void
clip_reach(NsReach *reach, int first, int end)
{
	for (int i = first; i < end; i++)
	{
		reach->low[i] = ns_max(reach->low[i], 0);
		reach->high[i] = ns_min(reach->high[i], 1);
	}
}

/* Of the segment from the origin to a (longer than 0), what is near a point. */
static void
reach_of_point(Vector a, Vector point, NsReach *reach)
{
	double		square = dot(a, a);
	double		length = sqrt(square);
	double		middle = dot(a, point) / square;
	double		off = fabs(cross(a, point)) / length;

	clear_reach(reach);
	for (int i = 0; i < NS_REACH_M; i++)
		near_point(middle, off, length, i + 1,
				   &reach->low[i], &reach->high[i]);
	clip_reach(reach, 0, NS_REACH_M);
}

/*
 * Of the segment from the origin to a (longer than 0), what is near the segment
 * b0 - b1, at the distances first + 1 .. end.
 */
static void
reach_of_segment(Vector a, Vector b0, Vector b1, int first, int end,
				 NsReach *reach)
{
	double		square = dot(a, a);
	double		length = sqrt(square);
	double		middle0 = dot(a, b0) / square;
	double		middle1 = dot(a, b1) / square;
	double		off0 = fabs(cross(a, b0)) / length;
	double		off1 = fabs(cross(a, b1)) / length;
	Vector		b = minus(b1, b0);
	double		b_square = dot(b, b);
	double		beside_low = -INFINITY;
	double		beside_high = INFINITY;
	double		aside0 = 0;		/* distance from b's line: aside0 + t * aside1 */
	double		aside1 = 0;

	if (b_square > 0)
	{
		double		b_length = sqrt(b_square);

		within(-dot(b0, b) / b_square, dot(a, b) / b_square, 0, 1,
			   &beside_low, &beside_high);
		aside0 = cross(b0, b) / b_length;
		aside1 = -cross(a, b) / b_length;
	}
	else						/* beside a point there is nothing */
	{
		beside_low = INFINITY;
		beside_high = -INFINITY;
	}

	clear_reach(reach);
	for (int i = first; i < end; i++)
	{
		double		low = beside_low;
		double		high = beside_high;

		near_point(middle0, off0, length, i + 1,
				   &reach->low[i], &reach->high[i]);
		near_point(middle1, off1, length, i + 1,
				   &reach->low[i], &reach->high[i]);
		within(aside0, aside1, -(i + 1.0), i + 1.0, &low, &high);
		widen(&reach->low[i], &reach->high[i], low, high);
	}
	clip_reach(reach, first, end);
}

/* Heap sort of n pairs by their first number. */
static void
sort_bounds(double *bound, size_t n)
{
	size_t		start = n / 2;
	size_t		end = n;

	while (end > 1)
	{
		size_t		root;
		double		low;
		double		high;

		if (start > 0)
			start--;
		else
		{
			double		swap0 = bound[0];
			double		swap1 = bound[1];

			end--;
			bound[0] = bound[2 * end];
			bound[1] = bound[2 * end + 1];
			bound[2 * end] = swap0;
			bound[2 * end + 1] = swap1;
		}
		root = start;
		low = bound[2 * root];
		high = bound[2 * root + 1];
		while (2 * root + 1 < end)
		{
			size_t		child = 2 * root + 1;

			if (child + 1 < end && bound[2 * child + 2] > bound[2 * child])
				child++;
			if (bound[2 * child] <= low)
				break;
			bound[2 * root] = bound[2 * child];
			bound[2 * root + 1] = bound[2 * child + 1];
			root = child;
		}
		bound[2 * root] = low;
		bound[2 * root + 1] = high;
	}
}

/* How much of 0 .. 1 the n intervals cover together; orders them. */
static double
covered(double *bound, size_t n)
{
	double		sum = 0;
	double		end = 0;

	if (n > 1)
		sort_bounds(bound, n);
	for (size_t i = 0; i < n; i++)
	{
		double		low = ns_max(bound[2 * i], end);

		if (bound[2 * i + 1] > low)
		{
			sum += bound[2 * i + 1] - low;
			end = bound[2 * i + 1];
		}
	}
	return sum;
}

/* Add the intervals at distance i + 1 to the bounds; how many there are then. */
static size_t
add_bounds(double *bound, size_t n, const NsReach *reach, size_t nreach, int i)
{
	for (size_t r = 0; r < nreach; r++)
	{
		if (reach[r].low[i] < reach[r].high[i])
		{
			bound[2 * n] = reach[r].low[i];
			bound[2 * n + 1] = reach[r].high[i];
			n++;
		}
	}
	return n;
}

/* ---- a segment ---- */

/* What of the segment is near shared points, and what is open to crossings. */
static void
start_here(const Direction *way, Here *here)
{
	double		bound[2 * SHARED_MOST];
	size_t		n = 0;
	double		end = 0;

	here->nshared = 0;
	here->nreach = 0;
	here->whole = NS_REACH_M;
	for (int i = 0; i < way->nshared; i++)
	{
		NsPoint		s = way->shared[i];
		double		scale = plane_scale(s.lat);
		Vector		a = in_plane(here->p[0], here->p[1], scale);
		Vector		at;

		s.lon -= 360 * rint((s.lon - here->p[0].lon) / 360);
		at = in_plane(here->p[0], s, scale);
		if (dot(a, a) > 0)
			reach_of_point(a, at, &here->shared[here->nshared]);
		else
		{
			/* a point that is no segment has no metres, but a place */
			clear_reach(&here->shared[here->nshared]);
			if (dot(at, at) <= NS_SHARED_M * NS_SHARED_M)
			{
				here->shared[here->nshared].low[NS_SHARED_M - 1] = 0;
				here->shared[here->nshared].high[NS_SHARED_M - 1] = 1;
			}
		}
		here->nshared++;
	}

	here->nopen = 0;
	n = add_bounds(bound, 0, here->shared, (size_t) here->nshared,
				   NS_SHARED_M - 1);
	sort_bounds(bound, n);
	for (size_t i = 0; i < n; i++)
	{
		if (bound[2 * i] > end)
		{
			here->open[here->nopen][0] = end;
			here->open[here->nopen++][1] = bound[2 * i];
		}
		end = ns_max(end, bound[2 * i + 1]);
	}
	if (end < 1)
	{
		here->open[here->nopen][0] = end;
		here->open[here->nopen++][1] = 1;
	}
}

/* The segment against one of the other line, turned to beside it. */
static NsResult
meet_segment(Direction *way, Here *here, const NsPoint *q, double turn)
{
	NsPairWork *work = way->work;
	NsPoint		q0 = {q[0].lon + turn, q[0].lat};
	NsPoint		q1 = {q[1].lon + turn, q[1].lat};
	const NsPoint *p = here->p;
	double		south = ns_max(ns_min(p[0].lat, p[1].lat), ns_min(q0.lat, q1.lat));
	double		north = ns_min(ns_max(p[0].lat, p[1].lat), ns_max(q0.lat, q1.lat));
	double		scale = plane_scale((south + north) / 2);
	Vector		a = in_plane(p[0], p[1], scale);
	Vector		b0 = in_plane(p[0], q0, scale);
	Vector		b1 = in_plane(p[0], q1, scale);
	double		distance = segment_to_segment((Vector) {0, 0}, a, b0, b1);
	NsReach    *reach;
	int			first;

	if (distance > NS_REACH_M)
		return NS_OK;
	for (int i = 0; i < here->nopen && way->distance > 0; i++)
	{
		double		d = distance;

		if (here->open[i][0] > 0 || here->open[i][1] < 1)
			d = segment_to_segment(along(a, here->open[i][0]),
								   along(a, here->open[i][1]), b0, b1);
		way->distance = ns_min(way->distance, d);
	}

	first = distance > 1 ? (int) ceil(distance) - 1 : 0;
	if (first >= here->whole || dot(a, a) <= 0)
		return NS_OK;
	reach = ns_grow_array(work->env, work->reach, &work->reach_room,
						  here->nreach + 1, sizeof(NsReach));
	if (reach == NULL)
		return NS_NO_MEMORY;
	work->reach = reach;
	reach += here->nreach++;
	reach_of_segment(a, b0, b1, first, here->whole, reach);
	while (here->whole > first &&
		   reach->low[here->whole - 1] <= 0 && reach->high[here->whole - 1] >= 1)
		here->whole--;
	return NS_OK;
}

/* Add to the runs what of the segment is near. */
static NsResult
count_metres(Direction *way, const Here *here)
{
	NsPairWork *work = way->work;
	double		length = ns_point_distance(here->p[0], here->p[1]);
	size_t		most = here->nreach + SHARED_MOST;
	double	   *bound;

	if (here->nreach == 0)
		return NS_OK;
	bound = ns_grow_array(work->env, work->bound, &work->bound_room,
						  most * 2, sizeof(double));
	if (bound == NULL)
		return NS_NO_MEMORY;
	work->bound = bound;

	for (int i = 0; i < NS_REACH_M; i++)
	{
		size_t		n = add_bounds(bound, 0, here->shared,
								   (size_t) here->nshared, i);
		double		without = covered(bound, n);
		double		all = 1;

		if (i < here->whole)
		{
			n = add_bounds(bound, n, work->reach, here->nreach, i);
			all = covered(bound, n);
		}
		way->run[i] += (all - without) * length;
	}
	return NS_OK;
}

/* Count steps; is it time to ask, and is the answer to stop? */
static bool
stopped(NsPairWork *work, int steps)
{
	work->steps += steps;
	if (work->steps <= STEPS_PER_CHECK)
		return false;
	work->steps = 0;
	return work->env->interrupted(work->env->state);
}

/* A leaf of `to` against the segment. */
static NsResult
meet_leaf(Direction *way, Here *here, int32_t leaf, const NsBox *query,
		  double turn)
{
	const NsLine *to = way->to;
	int32_t		first = (leaf - to->tree.nleaves) * NS_TREE_LEAF;

	if (stopped(way->work, NS_TREE_LEAF))
		return NS_INTERRUPTED;
	for (int32_t i = first; i < first + NS_TREE_LEAF && i < to->nsegments; i++)
	{
		const NsPoint *q = &to->point[ns_line_segment(to, i)];
		NsResult	rc;

		if (ns_min(q[0].lon, q[1].lon) > query->east ||
			ns_max(q[0].lon, q[1].lon) < query->west ||
			ns_min(q[0].lat, q[1].lat) > query->north ||
			ns_max(q[0].lat, q[1].lat) < query->south)
			continue;
		rc = meet_segment(way, here, q, turn);
		if (rc != NS_OK)
			return rc;
		if (here->whole == 0 && way->distance == 0)
			break;
	}
	return NS_OK;
}

static NsResult
meet_line(Direction *way, const NsPoint *p)
{
	NsBox		box = {ns_min(p[0].lon, p[1].lon), ns_min(p[0].lat, p[1].lat),
		ns_max(p[0].lon, p[1].lon), ns_max(p[0].lat, p[1].lat)};
	Here		here;
	bool		started = false;

	box = ns_box_grown(&box, NS_REACH_M);
	for (double turn = way->first_turn; turn <= way->last_turn; turn++)
	{
		NsBox		query = {box.west - 360 * turn, box.south,
			box.east - 360 * turn, box.north};
		int32_t		leaf = ns_box_tree_leaf(&way->to->tree, 1, &query);

		/* a line may wind round the earth many times, and meet in none */
		if (stopped(way->work, 1))
			return NS_INTERRUPTED;
		for (; leaf != 0;
			 leaf = ns_box_tree_leaf(&way->to->tree, ns_box_tree_skip(leaf), &query))
		{
			NsResult	rc;

			if (!started)
			{
				here.p = p;
				start_here(way, &here);
				started = true;
			}
			rc = meet_leaf(way, &here, leaf, &query, 360 * turn);
			if (rc != NS_OK)
				return rc;
			if (here.whole == 0 && way->distance == 0)
				return count_metres(way, &here);
		}
	}
	return started ? count_metres(way, &here) : NS_OK;
}

/* ---- lines ---- */

static NsResult
go(Direction *way)
{
	const NsLine *from = way->from;
	NsBox		query = ns_box_grown(&way->to->box, NS_REACH_M);

	if (way->first_turn > way->last_turn)
		return NS_OK;
	query.west += 360 * way->first_turn;
	query.east += 360 * way->last_turn;
	for (int32_t leaf = ns_box_tree_leaf(&from->tree, 1, &query); leaf != 0;
		 leaf = ns_box_tree_leaf(&from->tree, ns_box_tree_skip(leaf), &query))
	{
		int32_t		first = (leaf - from->tree.nleaves) * NS_TREE_LEAF;

		for (int32_t i = first; i < first + NS_TREE_LEAF && i < from->nsegments; i++)
		{
			NsResult	rc = meet_line(way, &from->point[ns_line_segment(from, i)]);

			if (rc != NS_OK)
				return rc;
		}
	}
	return NS_OK;
}

/* Full turns of b that bring it to where it may be near a. */
static void
find_turns(Direction *way)
{
	NsBox		from = ns_box_grown(&way->from->box, NS_REACH_M);
	const NsBox *to = &way->to->box;

	way->first_turn = ceil((from.west - to->east) / 360);
	way->last_turn = floor((from.east - to->west) / 360);
	if (from.south > to->north || from.north < to->south)
		way->last_turn = way->first_turn - 1;
}

static double
rounded(double metres, double parts)
{
	return rint(metres * parts) / parts;
}

static double
longest(const double *run)
{
	double		most = 0;

	for (int i = 0; i < NS_REACH_M; i++)
		most = ns_max(most, run[i]);
	return most;
}

NsResult
ns_line_pair(NsPairWork *work, const NsLine *a, const NsLine *b,
			 const NsPoint *shared, int nshared, NsLinePair *result)
{
	Direction	there = {.work = work, .from = a, .to = b, .shared = shared,
		.nshared = nshared, .distance = INFINITY};
	Direction	back = {.work = work, .from = b, .to = a, .shared = shared,
		.nshared = nshared, .distance = INFINITY};
	NsResult	rc;

	*result = (NsLinePair) {.distance_m = INFINITY};
	if (nshared < 0 || nshared > SHARED_MOST)
		return NS_BAD_INPUT;
	find_turns(&there);
	rc = go(&there);
	if (rc != NS_OK)
		return rc;

	/* Meeting is mutual, and the lesser run counts: it can become no more. */
	if (there.distance > 0.01 && longest(there.run) < 0.005)
		return NS_OK;
	find_turns(&back);
	rc = go(&back);
	if (rc != NS_OK)
		return rc;

	for (int i = 0; i < NS_REACH_M; i++)
		result->run_m[i] = rounded(ns_min(there.run[i], back.run[i]), 100);
	result->distance_m = rounded(ns_min(there.distance, back.distance), 1000);
	result->crosses = result->distance_m == 0;
	result->near = result->crosses || longest(result->run_m) > 0;
	if (!result->near)
		*result = (NsLinePair) {.distance_m = INFINITY};
	return NS_OK;
}
