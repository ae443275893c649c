/*-------------------------------------------------------------------------
 *
 * area.c
 *	  What lies in an area.
 *
 * Whatever the rings do (cross, overlap, touch), a point is inside when a ray
 * from it eastwards crosses their edges an odd number of times, or when it lies
 * on one of them.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>

#include "line.h"

#define STEPS_PER_CHECK 20000	/* edges looked at */

/* > 0: r is left of the way from p to q; 0: on the line through them. */
static double
turn_of(NsPoint p, NsPoint q, NsPoint r)
{
	return (q.lon - p.lon) * (r.lat - p.lat) - (q.lat - p.lat) * (r.lon - p.lon);
}

static bool
in_box_of(NsPoint p, NsPoint q, NsPoint r)
{
	return r.lon >= ns_min(p.lon, q.lon) && r.lon <= ns_max(p.lon, q.lon) &&
		r.lat >= ns_min(p.lat, q.lat) && r.lat <= ns_max(p.lat, q.lat);
}

static bool
segments_meet(const NsPoint *a, const NsPoint *b)
{
	double		a0 = turn_of(b[0], b[1], a[0]);
	double		a1 = turn_of(b[0], b[1], a[1]);
	double		b0 = turn_of(a[0], a[1], b[0]);
	double		b1 = turn_of(a[0], a[1], b[1]);

	if (((a0 > 0 && a1 < 0) || (a0 < 0 && a1 > 0)) &&
		((b0 > 0 && b1 < 0) || (b0 < 0 && b1 > 0)))
		return true;
	return (a0 == 0 && in_box_of(b[0], b[1], a[0])) ||
		(a1 == 0 && in_box_of(b[0], b[1], a[1])) ||
		(b0 == 0 && in_box_of(a[0], a[1], b[0])) ||
		(b1 == 0 && in_box_of(a[0], a[1], b[1]));
}

/* Counts the edges that were looked at. */
static bool
contains(const NsArea *area, NsPoint p, int64_t *steps)
{
	const NsLine *ring = &area->ring;
	NsBox		ray = {p.lon, p.lat, INFINITY, p.lat};
	bool		inside = false;

	for (int32_t leaf = ns_box_tree_leaf(&ring->tree, 1, &ray); leaf != 0;
		 leaf = ns_box_tree_leaf(&ring->tree, ns_box_tree_skip(leaf), &ray))
	{
		int32_t		first = (leaf - ring->tree.nleaves) * NS_TREE_LEAF;

		*steps += NS_TREE_LEAF;
		for (int32_t i = first; i < first + NS_TREE_LEAF && i < ring->nsegments; i++)
		{
			const NsPoint *q = &ring->point[ns_line_segment(ring, i)];
			double		turn = turn_of(q[0], q[1], p);

			if (turn == 0 && in_box_of(q[0], q[1], p))
				return true;
			if ((q[0].lat > p.lat) != (q[1].lat > p.lat) &&
				(q[1].lat > q[0].lat ? turn > 0 : turn < 0))
				inside = !inside;
		}
	}
	return inside;
}

static bool
contains_turned(const NsArea *area, NsPoint point, int64_t *steps)
{
	point.lon = remainder(point.lon, 360.0);
	if (contains(area, point, steps))
		return true;

	/* the antimeridian has two longitudes */
	if (fabs(point.lon) != 180)
		return false;
	point.lon = -point.lon;
	return contains(area, point, steps);
}

bool
ns_area_contains(const NsArea *area, NsPoint point)
{
	int64_t		steps = 0;

	return contains_turned(area, point, &steps);
}

static bool
edge_meets(const NsArea *area, const NsPoint *segment, int64_t *steps)
{
	const NsLine *ring = &area->ring;
	NsBox		box = {ns_min(segment[0].lon, segment[1].lon),
		ns_min(segment[0].lat, segment[1].lat),
		ns_max(segment[0].lon, segment[1].lon),
	ns_max(segment[0].lat, segment[1].lat)};

	for (int32_t leaf = ns_box_tree_leaf(&ring->tree, 1, &box); leaf != 0;
		 leaf = ns_box_tree_leaf(&ring->tree, ns_box_tree_skip(leaf), &box))
	{
		int32_t		first = (leaf - ring->tree.nleaves) * NS_TREE_LEAF;

		*steps += NS_TREE_LEAF;
		for (int32_t i = first; i < first + NS_TREE_LEAF && i < ring->nsegments; i++)
		{
			if (segments_meet(segment, &ring->point[ns_line_segment(ring, i)]))
				return true;
		}
	}
	return false;
}

/* Is it time to ask, and is the answer to stop? */
static bool
stopped(NsEnv *env, int64_t *steps)
{
	if (++*steps < STEPS_PER_CHECK)
		return false;
	*steps = 0;
	return env->interrupted(env->state);
}

/* A line that meets no edge lies inside or outside with all of a part. */
static NsResult
part_inside(NsEnv *env, const NsArea *area, const NsLine *line, int64_t *steps,
			bool *hits)
{
	for (int32_t i = 0; i < line->nparts && !*hits; i++)
	{
		*hits = contains_turned(area, line->point[line->part[i]], steps);
		if (stopped(env, steps))
			return NS_INTERRUPTED;
	}
	return NS_OK;
}

NsResult
ns_area_hits_line(NsEnv *env, const NsArea *area, const NsLine *line, bool *hits)
{
	double		first = ceil((area->ring.box.west - line->box.east) / 360);
	double		last = floor((area->ring.box.east - line->box.west) / 360);
	int64_t		steps = 0;
	NsResult	rc;

	*hits = false;
	rc = part_inside(env, area, line, &steps, hits);
	for (double turn = first; rc == NS_OK && turn <= last && !*hits; turn++)
	{
		for (int32_t i = 0; i < line->nsegments && !*hits; i++)
		{
			const NsPoint *p = &line->point[ns_line_segment(line, i)];
			NsPoint		turned[2] = {{p[0].lon + 360 * turn, p[0].lat},
			{p[1].lon + 360 * turn, p[1].lat}};

			*hits = edge_meets(area, turned, &steps);
			if (stopped(env, &steps))
				return NS_INTERRUPTED;
		}
	}
	return rc;
}
