/*-------------------------------------------------------------------------
 *
 * line.c
 *	  Lines of longitudes and latitudes: made, measured, and points on them.
 *
 *-------------------------------------------------------------------------
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "line.h"

static double
cos_degrees(double latitude)
{
	return cos(latitude * (NS_PI / 180.0));
}

NsBox
ns_box_grown(const NsBox *box, double metres)
{
	/* a little more than needed, for rounding here and in the comparison */
	double		lat = metres * (1 + 1e-6) / NS_M_PER_DEGREE + 1e-9;
	double		pole = ns_max(fabs(box->south), fabs(box->north)) + lat;
	double		lon = pole < 89.9 ? lat / cos_degrees(pole) : 360;

	return (NsBox) {box->west - lon, box->south - lat,
		box->east + lon, box->north + lat};
}

static bool
point_is_valid(NsPoint p)
{
	/* false also for NaN */
	return p.lon >= -180 && p.lon <= 180 && p.lat >= -90 && p.lat <= 90;
}

static NsBox
segment_box(const NsPoint *p)
{
	return (NsBox) {ns_min(p[0].lon, p[1].lon), ns_min(p[0].lat, p[1].lat),
		ns_max(p[0].lon, p[1].lon), ns_max(p[0].lat, p[1].lat)};
}

static NsResult
make_tree(NsEnv *env, NsLine *line)
{
	NsResult	rc = ns_box_tree_begin(env, &line->tree, line->nsegments);

	if (rc != NS_OK)
		return rc;
	for (int32_t i = 0; i < line->nsegments; i++)
	{
		NsBox		box = segment_box(&line->point[ns_line_segment(line, i)]);

		ns_box_tree_add(&line->tree, i, &box);
	}
	ns_box_tree_end(&line->tree);
	line->box = line->tree.node[1];
	return NS_OK;
}

/* The plane's metres between two points of one segment. */
double
ns_point_distance(NsPoint a, NsPoint b)
{
	double		dx = remainder(b.lon - a.lon, 360.0) *
		cos_degrees((a.lat + b.lat) / 2);

	return hypot(dx, b.lat - a.lat) * NS_M_PER_DEGREE;
}

static NsResult
make_parts(NsEnv *env, const NsPoint *point, const int32_t *part,
		   int32_t nparts, NsLine *line)
{
	int32_t		n;

	memset(line, 0, sizeof(*line));
	if (nparts < 1 || part[0] != 0)
		return NS_BAD_INPUT;
	for (int32_t i = 0; i < nparts; i++)
	{
		if (part[i + 1] < part[i] || part[i + 1] - part[i] < 2)
			return NS_BAD_INPUT;
	}
	n = part[nparts];
	for (int32_t i = 0; i < n; i++)
	{
		if (!point_is_valid(point[i]))
			return NS_BAD_INPUT;
	}

	line->npoints = n;
	line->nparts = nparts;
	line->nsegments = n - nparts;
	line->point = ns_alloc_array(env, (size_t) n, sizeof(NsPoint));
	line->at = ns_alloc_array(env, (size_t) n, sizeof(double));
	line->part = ns_alloc_array(env, (size_t) nparts + 1, sizeof(int32_t));
	if (line->point == NULL || line->at == NULL || line->part == NULL)
		return NS_NO_MEMORY;
	memcpy(line->point, point, (size_t) n * sizeof(NsPoint));
	memcpy(line->part, part, ((size_t) nparts + 1) * sizeof(int32_t));
	if (nparts == 1)
		return NS_OK;

	line->segment = ns_alloc_array(env, (size_t) line->nsegments,
								   sizeof(int32_t));
	if (line->segment == NULL)
		return NS_NO_MEMORY;
	for (int32_t p = 0, next = 0; p < nparts; p++)
	{
		for (int32_t i = part[p]; i + 1 < part[p + 1]; i++)
			line->segment[next++] = i;
	}
	return NS_OK;
}

static void
measure(NsLine *line)
{
	int32_t		segment = 0;

	line->at[0] = 0;
	for (int32_t i = 1; i < line->npoints; i++)
	{
		line->at[i] = line->at[i - 1];
		if (ns_line_segment(line, segment) == i - 1)
		{
			line->at[i] += ns_point_distance(line->point[i - 1], line->point[i]);
			segment++;
		}
	}
}

/* A step of more than half a turn goes the other way round. */
static void
unwrap(NsLine *line)
{
	double		before = line->point[0].lon;
	double		turn = 0;
	int32_t		part = 1;

	for (int32_t i = 1; i < line->npoints; i++)
	{
		double		lon = line->point[i].lon;
		double		step = lon - before;

		before = lon;
		if (fabs(step) > 180)
			turn += step > 0 ? -360 : 360;
		line->point[i].lon += turn;
		if (i == line->part[part])
			part++;
		else if (fabs(step) > 180)
			line->jumps = true;
	}
}

NsResult
ns_line_make(NsEnv *env, const NsPoint *point, const int32_t *part,
			 int32_t nparts, NsLine *line)
{
	NsResult	rc = make_parts(env, point, part, nparts, line);

	if (rc != NS_OK)
		return rc;
	unwrap(line);
	measure(line);
	return make_tree(env, line);
}

NsResult
ns_area_make(NsEnv *env, const NsPoint *point, const int32_t *part,
			 int32_t nparts, NsArea *area)
{
	NsLine	   *ring = &area->ring;
	NsResult	rc = make_parts(env, point, part, nparts, ring);

	if (rc != NS_OK)
		return rc;
	for (int32_t i = 0; i < nparts; i++)
	{
		NsPoint		first = point[part[i]];
		NsPoint		last = point[part[i + 1] - 1];

		if (first.lon != last.lon || first.lat != last.lat)
			return NS_BAD_INPUT;
	}
	measure(ring);
	return make_tree(env, ring);
}

/* ---- along a line ---- */

/* In the plane of a point: from it to a segment, and where on that. */
typedef struct Nearest
{
	NsPoint		from;			/* turned to where the line is */
	double		scale;			/* cosine of its latitude */
	double		distance;		/* degrees of latitude, squared; the least */
	double		at;
} Nearest;

static void
try_segment(const NsLine *line, int32_t segment, Nearest *best)
{
	int32_t		i = ns_line_segment(line, segment);
	const NsPoint *p = &line->point[i];
	double		x = (p[0].lon - best->from.lon) * best->scale;
	double		y = p[0].lat - best->from.lat;
	double		dx = (p[1].lon - p[0].lon) * best->scale;
	double		dy = p[1].lat - p[0].lat;
	double		square = dx * dx + dy * dy;
	double		t = square > 0 ? -(x * dx + y * dy) / square : 0;
	double		distance;

	t = t > 1 ? 1 : t > 0 ? t : 0;
	x += t * dx;
	y += t * dy;
	distance = x * x + y * y;
	if (distance < best->distance)
	{
		best->distance = distance;
		best->at = line->at[i] + t * (line->at[i + 1] - line->at[i]);
	}
}

static double
box_distance(const NsBox *box, const Nearest *best)
{
	double		x = ns_max(0, ns_max(box->west - best->from.lon,
								 best->from.lon - box->east)) * best->scale;
	double		y = ns_max(0, ns_max(box->south - best->from.lat,
								 best->from.lat - box->north));

	return x * x + y * y;
}

/* No segment below the node is nearer than what is there already. */
static bool
is_further(const NsBox *box, const Nearest *best)
{
	return box_distance(box, best) >= best->distance;
}

static void
try_leaf(const NsLine *line, int32_t node, Nearest *best)
{
	int32_t		first = (node - line->tree.nleaves) * NS_TREE_LEAF;

	for (int32_t i = first; i < first + NS_TREE_LEAF && i < line->nsegments; i++)
		try_segment(line, i, best);
}

/*
 * The nearer half, again and again, leads to a segment that is near: no other
 * one need be tried but those nearer than it, or as near.
 */
static void
try_nearest_box(const NsLine *line, Nearest *best)
{
	const NsBoxTree *tree = &line->tree;
	int32_t		node = 1;

	while (node < tree->nleaves)
		node = 2 * node + (box_distance(&tree->node[2 * node + 1], best) <
						   box_distance(&tree->node[2 * node], best));
	try_leaf(line, node, best);
	best->distance = best->distance * (1 + 1e-12) + DBL_MIN;
}

static void
try_all(const NsLine *line, Nearest *best)
{
	const NsBoxTree *tree = &line->tree;
	int32_t		node = 1;

	try_nearest_box(line, best);
	while (node != 0)
	{
		if (is_further(&tree->node[node], best))
		{
			node = ns_box_tree_skip(node);
			continue;
		}
		if (node < tree->nleaves)
		{
			node *= 2;
			continue;
		}
		try_leaf(line, node, best);
		node = ns_box_tree_skip(node);
	}
}

double
ns_line_locate(const NsLine *line, NsPoint point, double *distance_m)
{
	Nearest		best = {point, cos_degrees(point.lat), INFINITY, 0};
	double		first = ceil((line->box.west - 180 - point.lon) / 360);
	double		last = floor((line->box.east + 180 - point.lon) / 360);

	for (double turn = first; turn <= last; turn++)
	{
		best.from.lon = point.lon + 360 * turn;
		try_all(line, &best);
	}
	if (distance_m != NULL)
		*distance_m = sqrt(best.distance) * NS_M_PER_DEGREE;
	return best.at;
}

NsPoint
ns_line_point(const NsLine *line, double metres)
{
	int32_t		low = 0;
	int32_t		high = line->npoints - 1;
	NsPoint		p;

	/* the last point that is not beyond, if any */
	while (low < high)
	{
		int32_t		middle = low + (high - low + 1) / 2;

		if (line->at[middle] <= metres)
			low = middle;
		else
			high = middle - 1;
	}
	p = line->point[low];
	if (low + 1 < line->npoints && metres > line->at[low])
	{
		double		t = (metres - line->at[low]) /
			(line->at[low + 1] - line->at[low]);

		p.lon += t * (line->point[low + 1].lon - p.lon);
		p.lat += t * (line->point[low + 1].lat - p.lat);
	}
	p.lon = remainder(p.lon, 360.0);
	return p;
}
