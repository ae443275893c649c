/*-------------------------------------------------------------------------
 *
 * line.h
 *	  Lines and areas in longitude and latitude: how near two lines run, where
 *	  on a line a point lies, what an area covers.
 *
 * Distances are in metres, on a sphere of NS_EARTH_RADIUS_M, in the plane that
 * touches it where the things compared are: x = longitude * cos(latitude there)
 * and y = latitude, times NS_M_PER_DEGREE.  That is exact to a millionth over
 * the distances that matter here (25 m) up to latitude 85; a line is compared
 * segment by segment, so its own extent does not matter.
 *
 * A line's longitudes are unwrapped: no two neighbours, nor the end of one part
 * and the start of the next, are more than 180 degrees apart, so they may leave
 * -180 .. 180.  Lines meet whatever full turns lie between them.  An area is
 * flat, as drawn, within -180 .. 180: one across the antimeridian is two
 * polygons.
 *
 * Everything made here lies in the caller's region.  Nothing is changed once it
 * is made: any number of readers may share it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_LINE_H
#define NS_LINE_H

#include "box_tree.h"

#define NS_PI 3.14159265358979323846
#define NS_EARTH_RADIUS_M 6371008.8
#define NS_M_PER_DEGREE (NS_EARTH_RADIUS_M * NS_PI / 180.0)

/* The largest distance at which lines are near, and how many are told apart. */
#define NS_REACH_M 25

/* Lines meet at their common structure when they do so within this of it. */
#define NS_SHARED_M 5

typedef struct NsPoint
{
	double		lon;
	double		lat;
} NsPoint;

/*
 * Segment i goes from point ns_line_segment(line, i) to the next one.
 */
typedef struct NsLine
{
	NsPoint    *point;
	double	   *at;				/* metres from the line's start to each point;
								 * a step from part to part has none */
	int32_t    *part;			/* first point of each; [nparts] is npoints */
	int32_t    *segment;		/* NULL: segment i begins at point i */
	int32_t		npoints;
	int32_t		nparts;
	int32_t		nsegments;
	bool		jumps;			/* neighbours of a part were drawn more than
								 * 180 degrees of longitude apart */
	NsBox		box;
	NsBoxTree	tree;			/* over the segments */
} NsLine;

/* Closed rings, of one polygon or many: inside is even-odd over all of them. */
typedef struct NsArea
{
	NsLine		ring;			/* a part each; longitudes as drawn */
} NsArea;

static inline int32_t
ns_line_segment(const NsLine *line, int32_t i)
{
	return line->segment == NULL ? i : line->segment[i];
}

/* A box that holds whatever lies within metres of this one. */
extern NsBox ns_box_grown(const NsBox *box, double metres);

/* ---- making (line.c, line_wkb.c) ---- */

/*
 * A line of these parts: part[i] is the first point of part i, part[nparts]
 * the number of points.  NS_BAD_INPUT: no part, a part of less than two points,
 * a coordinate that is not finite or out of range.  The arrays are copied.
 */
extern NsResult ns_line_make(NsEnv *env, const NsPoint *point,
							 const int32_t *part, int32_t nparts,
							 NsLine *line);

/* An area of these rings, each with its last point equal to its first. */
extern NsResult ns_area_make(NsEnv *env, const NsPoint *point,
							 const int32_t *part, int32_t nparts,
							 NsArea *area);

/*
 * From WKB, of either byte order, with or without an SRID, two-dimensional:
 * LineString or MultiLineString, Polygon or MultiPolygon, Point.  NS_BAD_INPUT:
 * anything else, a length that does not fit, bytes left over, and what the
 * functions above refuse.  The bytes may come from anybody.
 */
extern NsResult ns_line_from_wkb(NsEnv *env, const uint8_t *wkb, size_t size,
								 NsLine *line);
extern NsResult ns_area_from_wkb(NsEnv *env, const uint8_t *wkb, size_t size,
								 NsArea *area);
extern NsResult ns_point_from_wkb(const uint8_t *wkb, size_t size,
								  NsPoint *point);

/* ---- splitting (line_split.c) ---- */

typedef struct NsLineParts
{
	NsPoint    *point;			/* longitudes -180 .. 180 */
	int32_t    *part;			/* as ns_line_make() takes them */
	int32_t		nparts;
} NsLineParts;

/*
 * The line cut wherever it crosses the antimeridian: no two neighbours of a
 * part are more than 180 degrees apart, and each cut has a point on both sides.
 */
extern NsResult ns_line_split(NsEnv *env, const NsLine *line,
							  NsLineParts *parts);

/* ---- along a line (line.c) ---- */

static inline double
ns_line_length(const NsLine *line)
{
	return line->at[line->npoints - 1];
}

/*
 * Metres from the line's start to its point that is nearest to the given one
 * (the first of several).  *distance_m, unless NULL, gets how near.
 */
extern double ns_line_locate(const NsLine *line, NsPoint point,
							 double *distance_m);

/* The point so many metres from the start; at most one of the line's ends. */
extern NsPoint ns_line_point(const NsLine *line, double metres);

/* Metres between two points that are not far apart. */
extern double ns_point_distance(NsPoint a, NsPoint b);

/* ---- areas (area.c) ---- */

/* Inside or on the edge. */
extern bool ns_area_contains(const NsArea *area, NsPoint point);

/* Do they share a point?  NS_INTERRUPTED. */
extern NsResult ns_area_hits_line(NsEnv *env, const NsArea *area,
								  const NsLine *line, bool *hits);

/* ---- two lines (line_pair.c) ---- */

typedef struct NsLinePair
{
	/*
	 * They cross, or a run is not 0; all below is false, INFINITY and 0 if not.
	 */
	bool		near;

	/* They meet further than NS_SHARED_M from every shared point. */
	bool		crosses;

	/*
	 * The least distance of a point of either, further than NS_SHARED_M from
	 * every shared point, to the other; to the millimetre.  0 if they cross.
	 */
	double		distance_m;

	/*
	 * [d - 1]: metres of the one that lie within d metres of the other, and
	 * further than d from every shared point; of both directions the lesser,
	 * to the centimetre.  It may fall with d where points are shared.
	 */
	double		run_m[NS_REACH_M];
} NsLinePair;

/* Scratch that many calls use in turn; begin with {.env = env}. */
typedef struct NsPairWork
{
	NsEnv	   *env;
	struct NsReach *reach;
	double	   *bound;
	size_t		reach_room;
	size_t		bound_room;
	int64_t		steps;			/* since the last interrupt check */
} NsPairWork;

/*
 * Compare two lines; shared[0 .. nshared - 1], at most two, are the places of
 * the structures that both end at.  The same lines in the same order give the
 * same bits.  NS_NO_MEMORY, NS_INTERRUPTED.
 */
extern NsResult ns_line_pair(NsPairWork *work, const NsLine *a,
							 const NsLine *b, const NsPoint *shared,
							 int nshared, NsLinePair *result);

#endif							/* NS_LINE_H */
