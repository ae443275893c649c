/*-------------------------------------------------------------------------
 *
 * test_line.c
 *	  Lines against brute force: near runs, distances and crossings by dense
 *	  sampling, places on lines by trying every segment; and by hand.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "line.h"
#include "unit.h"

#define MOST_POINTS 40

/* A frame in metres around a place, to draw in. */
typedef struct Frame
{
	NsPoint		origin;
	double		scale;
} Frame;

static Frame
frame_at(double lon, double lat)
{
	return (Frame) {{lon, lat}, cos(lat * NS_PI / 180)};
}

static NsPoint
at(const Frame *frame, double x, double y)
{
	NsPoint		p = {frame->origin.lon + x / (NS_M_PER_DEGREE * frame->scale),
	frame->origin.lat + y / NS_M_PER_DEGREE};

	p.lon = remainder(p.lon, 360.0);
	return p;
}

static NsLine
line_of(UnitEnv *u, const NsPoint *point, int n)
{
	NsLine		line;
	int32_t		part[2] = {0, n};

	if (ns_line_make(&u->env, point, part, 1, &line) != NS_OK)
		UNIT_CHECK(false, "a line of %d points is not made", n);
	return line;
}

static NsLinePair
pair_of(UnitEnv *u, const NsLine *a, const NsLine *b, const NsPoint *shared,
		int nshared)
{
	NsPairWork	work = {.env = &u->env};
	NsLinePair	pair;
	NsResult	rc = ns_line_pair(&work, a, b, shared, nshared, &pair);

	UNIT_CHECK(rc == NS_OK, "comparing gives %d", rc);
	return pair;
}

/* ---- brute force ---- */

/* Metres from a point to the nearest of the line, seen from the point. */
static double
slow_distance(const NsLine *line, NsPoint p)
{
	double		best = INFINITY;
	double		scale = cos(p.lat * NS_PI / 180);

	for (int i = 0; i < line->nsegments; i++)
	{
		const NsPoint *q = &line->point[ns_line_segment(line, i)];
		double		turn = 360 * rint((p.lon - q->lon) / 360);
		double		x = (q[0].lon + turn - p.lon) * scale;
		double		y = q[0].lat - p.lat;
		double		dx = (q[1].lon - q[0].lon) * scale;
		double		dy = q[1].lat - q[0].lat;
		double		square = dx * dx + dy * dy;
		double		t = square > 0 ? -(x * dx + y * dy) / square : 0;

		t = fmin(1, fmax(0, t));
		best = fmin(best, hypot(x + t * dx, y + t * dy));
	}
	return best * NS_M_PER_DEGREE;
}

typedef struct Slow
{
	double		run[NS_REACH_M];
	double		distance;
} Slow;

static void
slow_way(const NsLine *from, const NsLine *to, const NsPoint *shared,
		 int nshared, double step, Slow *slow)
{
	for (int i = 0; i < NS_REACH_M; i++)
		slow->run[i] = 0;
	slow->distance = INFINITY;
	for (int s = 0; s < from->nsegments; s++)
	{
		const NsPoint *p = &from->point[ns_line_segment(from, s)];
		double		length = ns_point_distance(p[0], p[1]);
		int			n = (int) (length / step) + 1;

		for (int k = 0; k < n; k++)
		{
			double		t = (k + 0.5) / n;
			NsPoint		here = {p[0].lon + t * (p[1].lon - p[0].lon),
			p[0].lat + t * (p[1].lat - p[0].lat)};
			double		distance = slow_distance(to, here);
			double		off = INFINITY;

			for (int i = 0; i < nshared; i++)
				off = fmin(off, ns_point_distance(here, shared[i]));
			if (off > NS_SHARED_M)
				slow->distance = fmin(slow->distance, distance);
			for (int d = 1; d <= NS_REACH_M; d++)
			{
				if (distance <= d && off > d)
					slow->run[d - 1] += length / n;
			}
		}
	}
}

/* The same by sampling, step metres apart; the runs may be off by `slack`. */
static void
check_pair(UnitEnv *u, const NsLine *a, const NsLine *b, const NsPoint *shared,
		   int nshared)
{
	double		step = 0.05;
	NsLinePair	pair = pair_of(u, a, b, shared, nshared);
	NsLinePair	again = pair_of(u, b, a, shared, nshared);
	Slow		there;
	Slow		back;
	double		distance;
	bool		near = pair.crosses;
	double		slack = step * 3 * (a->nsegments + b->nsegments) + 0.01;

	slow_way(a, b, shared, nshared, step, &there);
	slow_way(b, a, shared, nshared, step, &back);
	distance = fmin(there.distance, back.distance);
	for (int i = 0; i < NS_REACH_M; i++)
	{
		double		run = fmin(there.run[i], back.run[i]);

		UNIT_CHECK(fabs(run - pair.run_m[i]) <= slack,
				   "within %d m: %g, sampled %g", i + 1, pair.run_m[i], run);
		UNIT_CHECK(fabs(again.run_m[i] - pair.run_m[i]) <= 0.011,
				   "within %d m: %g, the other way round %g", i + 1,
				   pair.run_m[i], again.run_m[i]);
		near = near || pair.run_m[i] > 0;
	}
	UNIT_CHECK(pair.near == near, "near is not what the runs say");
	UNIT_CHECK(pair.crosses == (pair.distance_m == 0), "crosses at %g m",
			   pair.distance_m);
	if (pair.near)
		UNIT_CHECK(pair.distance_m <= distance + 0.001 &&
				   pair.distance_m >= distance - step,
				   "distance %g, sampled %g", pair.distance_m, distance);
	else
		UNIT_CHECK(isinf(pair.distance_m), "far, but %g", pair.distance_m);
}

/* ---- random lines ---- */

static NsLine
random_line(UnitEnv *u, const Frame *frame, double size, int most)
{
	NsPoint		point[MOST_POINTS];
	int			n = 2 + unit_below(most - 1);
	double		x = (unit_uniform() - 0.5) * size;
	double		y = (unit_uniform() - 0.5) * size;
	bool		grid = unit_chance(0.3);

	for (int i = 0; i < n; i++)
	{
		point[i] = at(frame, x, y);
		if (grid)
		{
			x += 20 * (unit_below(5) - 2);
			y += 20 * (unit_below(5) - 2);
		}
		else
		{
			x += (unit_uniform() - 0.5) * size;
			y += (unit_uniform() - 0.5) * size;
		}
		if (unit_chance(0.05))
			point[i] = point[unit_below(i + 1)];
	}
	return line_of(u, point, n);
}

static Frame
random_frame(void)
{
	static const double lons[] = {0, -6.26, 180, -180, 179.9999, 101.5};
	static const double lats[] = {0, 53.35, -41.3, 69.6, -85, 0.0001};

	return frame_at(lons[unit_below(6)], lats[unit_below(6)]);
}

static void
test_random_pairs(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		Frame		frame;
		double		size;
		int			most;
		NsLine		a;
		NsLine		b;
		NsPoint		shared[2];
		int			nshared;

		unit_case("random pair", i);
		unit_env_init(&u);
		frame = random_frame();
		size = unit_chance(0.3) ? 60 : 300;
		most = unit_chance(0.7) ? 3 : MOST_POINTS;
		nshared = unit_below(3);
		a = random_line(&u, &frame, size, most);
		b = random_line(&u, &frame, size, most);
		if (unit_chance(0.1))
			b = a;
		shared[0] = a.point[0];
		shared[1] = a.point[a.npoints - 1];
		for (int k = 0; k < 2; k++)
			shared[k].lon = remainder(shared[k].lon, 360.0);
		if (nshared > 0)		/* as spans of one structure are drawn */
		{
			NsPoint		point[MOST_POINTS];

			memcpy(point, b.point, sizeof(NsPoint) * (size_t) b.npoints);
			for (int k = 0; k < b.npoints; k++)
				point[k].lon = remainder(point[k].lon, 360.0);
			point[0] = shared[0];
			if (nshared > 1)
				point[b.npoints - 1] = shared[1];
			b = line_of(&u, point, b.npoints);
		}
		check_pair(&u, &a, &b, shared, nshared);
		unit_env_drop(&u);
	}
}

/* ---- by hand ---- */

static NsLine
straight(UnitEnv *u, const Frame *f, double x0, double y0, double x1, double y1)
{
	NsPoint		point[2] = {at(f, x0, y0), at(f, x1, y1)};

	return line_of(u, point, 2);
}

static void
check_near(double value, double wanted, double slack, const char *what)
{
	UNIT_CHECK(fabs(value - wanted) <= slack, "%s: %.4f, not %.4f", what,
			   value, wanted);
}

static void
hand_cases(UnitEnv *u, Frame f)
{
	NsLine		a = straight(u, &f, 0, 0, 100, 0);
	NsLine		b = straight(u, &f, 20, 2.9996, 80, 2.9996);
	NsPoint		corner[2] = {at(&f, 0, 0), at(&f, 100, 0)};
	NsLinePair	p = pair_of(u, &a, &b, NULL, 0);

	check_near(p.distance_m, 3, 0.001, "parallel, distance");
	check_near(p.run_m[1], 0, 0, "parallel, within 2");
	check_near(p.run_m[2], 60, 0.011, "parallel, within 3");
	check_near(p.run_m[4], 60, 0.011, "parallel, within 5: the shorter one");
	UNIT_CHECK(!p.crosses && p.near, "parallel lines cross or are far");

	b = straight(u, &f, 50, -60, 50, 40);
	p = pair_of(u, &a, &b, NULL, 0);
	UNIT_CHECK(p.crosses && p.distance_m == 0, "crossing lines do not cross");
	check_near(p.run_m[4], 10, 0.011, "crossing, within 5");
	check_near(p.run_m[24], 50, 0.011, "crossing, within 25");

	b = straight(u, &f, 0, 0, 0, 100);
	p = pair_of(u, &a, &b, corner, 1);
	UNIT_CHECK(!p.near && !p.crosses, "a right corner is near");
	p = pair_of(u, &a, &b, NULL, 0);
	UNIT_CHECK(p.crosses, "lines that touch do not cross");
	check_near(p.run_m[9], 10, 0.011, "corner of nothing, within 10");

	b = straight(u, &f, 0, 0, 50, 50 * sqrt(3));
	p = pair_of(u, &a, &b, corner, 1);
	UNIT_CHECK(!p.crosses, "a sharp corner crosses");
	check_near(p.run_m[24], 25 / sin(NS_PI / 3) - 25, 0.011, "sharp corner");
	check_near(p.distance_m, 5 * sin(NS_PI / 3), 0.002, "sharp corner, distance");

	b = straight(u, &f, 50, 2, 50, 90);
	p = pair_of(u, &a, &b, NULL, 0);
	check_near(p.distance_m, 2, 0.001, "a tee, distance");
	check_near(p.run_m[9], 8, 0.011, "a tee, within 10");

	/* both structures shared, near each other: no run is left at 25 m */
	a = straight(u, &f, 0, 0, 45, 0);
	corner[1] = at(&f, 45, 0);
	{
		NsPoint		bow[4] = {at(&f, 0, 0), at(&f, 5, 3), at(&f, 40, 3),
		at(&f, 45, 0)};

		b = line_of(u, bow, 4);
	}
	p = pair_of(u, &a, &b, corner, 2);
	UNIT_CHECK(p.near && !p.crosses, "two ways of 45 m are not near");
	check_near(p.run_m[24], 0, 0, "two ways, within 25");
	check_near(p.run_m[4], 35, 0.6, "two ways, within 5");

	/* the same line twice crosses; a point of a line too */
	a = straight(u, &f, 0, 0, 100, 0);
	p = pair_of(u, &a, &a, corner, 1);
	UNIT_CHECK(p.crosses, "a line does not cross itself");
	check_near(p.run_m[24], 75, 0.011, "itself, within 25");
	b = straight(u, &f, 30, 0.0001, 30, 0.0001);
	p = pair_of(u, &a, &b, NULL, 0);
	UNIT_CHECK(p.crosses && p.run_m[24] == 0, "a point on the line is beside it");
	b = straight(u, &f, 0, 26, 100, 26);
	UNIT_CHECK(!pair_of(u, &a, &b, NULL, 0).near, "26 m is near");
}

static void
test_hand(void)
{
	static const Frame places[] = {
		{{-6.26, 53.35}, 0}, {{180, 0}, 0}, {{-179.9996, -17}, 0},
		{{179.9995, 66}, 0}, {{10, 84}, 0}
	};

	for (int i = 0; i < 5; i++)
	{
		UnitEnv		u;

		unit_case("by hand", i);
		unit_env_init(&u);
		hand_cases(&u, frame_at(places[i].origin.lon, places[i].origin.lat));
		unit_env_drop(&u);
	}
}

/* A long line turned once around the world, against one at its start. */
static void
test_around(void)
{
	UnitEnv		u;
	NsPoint		point[9];
	NsPoint		other[2] = {{-0.001, 0.0001}, {0.001, 0.0001}};
	NsLine		a;
	NsLine		b;
	NsLinePair	p;

	unit_case("around the world", 0);
	unit_env_init(&u);
	for (int i = 0; i < 9; i++)
		point[i] = (NsPoint) {remainder(i * 45.0, 360.0), 0};
	a = line_of(&u, point, 9);
	b = line_of(&u, other, 2);
	p = pair_of(&u, &a, &b, NULL, 0);
	check_near(a.point[8].lon, 360, 0, "its end");
	check_near(p.distance_m, 0.0001 * NS_M_PER_DEGREE, 0.001, "distance");
	check_near(p.run_m[24], 0.002 * NS_M_PER_DEGREE, 0.011, "run");
	check_near(ns_line_length(&a), 360 * NS_M_PER_DEGREE, 1e-6, "length");
	unit_env_drop(&u);
}

/* ---- along a line ---- */

static void
test_along(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		Frame		frame;
		NsLine		line;
		NsPoint		p;
		NsPoint		found;
		double		metres;
		double		distance;

		unit_case("along a line", i);
		unit_env_init(&u);
		frame = random_frame();
		line = random_line(&u, &frame, 300, MOST_POINTS);
		p = at(&frame, (unit_uniform() - 0.5) * 400,
			   (unit_uniform() - 0.5) * 400);
		metres = ns_line_locate(&line, p, &distance);
		check_near(distance, slow_distance(&line, p), 1e-6, "nearest");
		found = ns_line_point(&line, metres);
		check_near(ns_point_distance(found, p), distance,
				   distance * 1e-3 + 1e-6, "the point there");
		UNIT_CHECK(fabs(found.lon) <= 180, "longitude %g", found.lon);

		metres = unit_uniform() * ns_line_length(&line);
		found = ns_line_point(&line, metres);
		check_near(slow_distance(&line, found), 0, 1e-6, "a point of the line");
		ns_line_locate(&line, found, &distance);
		check_near(distance, 0, 1e-6, "and found again");
		unit_env_drop(&u);
	}
}

static void
test_parts(void)
{
	UnitEnv		u;
	NsPoint		point[4] = {{179, 10}, {180, 10}, {-180, 10}, {-179, 10}};
	int32_t		part[3] = {0, 2, 4};
	NsLine		line;
	NsPoint		p;
	double		half = cos(10 * NS_PI / 180) * NS_M_PER_DEGREE;
	double		distance;

	unit_case("parts that meet at the antimeridian", 0);
	unit_env_init(&u);
	UNIT_CHECK(ns_line_make(&u.env, point, part, 2, &line) == NS_OK, "not made");
	check_near(line.point[3].lon, 181, 0, "unwrapped");
	check_near(ns_line_length(&line), 2 * half, 1e-6, "length");
	p = ns_line_point(&line, 1.5 * half);
	check_near(p.lon, -179.5, 1e-9, "three quarters along");
	check_near(ns_line_locate(&line, p, &distance), 1.5 * half, 1e-6, "and back");
	check_near(distance, 0, 1e-6, "and back, off");
	check_near(ns_line_point(&line, -5).lon, 179, 0, "before the start");
	check_near(ns_line_point(&line, 1e9).lon, -179, 1e-9, "beyond the end");
	check_near(ns_line_locate(&line, (NsPoint) {-178, 10}, NULL), 2 * half,
			   1e-6, "beyond the end");

	/* a step between parts has no length */
	point[2] = (NsPoint) {-170, 10};
	point[3] = (NsPoint) {-169, 10};
	UNIT_CHECK(ns_line_make(&u.env, point, part, 2, &line) == NS_OK, "not made");
	check_near(ns_line_length(&line), 2 * half, 1e-6, "length with a gap");
	check_near(ns_line_point(&line, 1.5 * half).lon, -169.5, 1e-9, "in part 2");
	{
		NsPoint		gap[2] = {{-175, 9}, {-175, 11}};
		NsLine		other = line_of(&u, gap, 2);

		UNIT_CHECK(!pair_of(&u, &line, &other, NULL, 0).near, "the gap is met");
	}
	unit_env_drop(&u);
}

static void
check_split(const NsPoint *point, int n, const NsPoint *wanted,
			const int32_t *part, int nparts)
{
	UnitEnv		u;
	NsLine		line;
	NsLineParts got;
	int32_t		ends[2] = {0, n};

	unit_env_init(&u);
	UNIT_CHECK(ns_line_make(&u.env, point, ends, 1, &line) == NS_OK &&
			   ns_line_split(&u.env, &line, &got) == NS_OK, "not split");
	UNIT_CHECK(got.nparts == nparts, "%d parts, not %d", got.nparts, nparts);
	for (int i = 0; i <= nparts && i <= got.nparts; i++)
		UNIT_CHECK(got.part[i] == part[i], "part %d begins at %d", i, got.part[i]);
	for (int i = 0; i < part[nparts] && i < got.part[got.nparts]; i++)
		UNIT_CHECK(fabs(got.point[i].lon - wanted[i].lon) < 1e-12 &&
				   fabs(got.point[i].lat - wanted[i].lat) < 1e-12,
				   "point %d is %g %g", i, got.point[i].lon, got.point[i].lat);
	unit_env_drop(&u);
}

#define CHECK_SPLIT(from, to, ...) \
	check_split(from, sizeof(from) / sizeof(NsPoint), to, \
				(int32_t[]) {__VA_ARGS__}, \
				(int) (sizeof((int32_t[]) {__VA_ARGS__}) / sizeof(int32_t)) - 1)

static void
test_split(void)
{
	static const NsPoint east[] = {{170, 0}, {-170, 10}};
	static const NsPoint east_cut[] = {{170, 0}, {180, 5}, {-180, 5}, {-170, 10}};
	static const NsPoint west[] = {{-179, 0}, {179, 2}, {178, 2}};
	static const NsPoint west_cut[] = {{-179, 0}, {-180, 1}, {180, 1}, {179, 2}, {178, 2}};
	static const NsPoint on[] = {{170, 0}, {180, 5}, {-170, 6}};
	static const NsPoint on_cut[] = {{170, 0}, {180, 5}, {-180, 5}, {-170, 6}};
	static const NsPoint begins[] = {{180, 0}, {-170, 1}, {-160, 1}};
	static const NsPoint begins_cut[] = {{-180, 0}, {-170, 1}, {-160, 1}};
	static const NsPoint along[] = {{180, 0}, {-180, 1}, {180, 2}, {-179, 3}};
	static const NsPoint along_cut[] = {{180, 0}, {180, 1}, {180, 2}, {-180, 2}, {-179, 3}};
	static const NsPoint to_and_fro[] = {{179, 0}, {-179, 0}, {179, 0}};
	static const NsPoint fro_cut[] = {{179, 0}, {180, 0}, {-180, 0}, {-179, 0},
	{-180, 0}, {180, 0}, {179, 0}};
	static const NsPoint ends[] = {{179, 0}, {-180, 1}};
	static const NsPoint ends_cut[] = {{179, 0}, {180, 1}};
	static const NsPoint none[] = {{-179, 0}, {0, 0}, {179, 0}};

	unit_case("split", 0);
	CHECK_SPLIT(east, east_cut, 0, 2, 4);
	CHECK_SPLIT(west, west_cut, 0, 2, 5);
	CHECK_SPLIT(on, on_cut, 0, 2, 4);
	CHECK_SPLIT(begins, begins_cut, 0, 3);
	CHECK_SPLIT(along, along_cut, 0, 3, 5);
	CHECK_SPLIT(to_and_fro, fro_cut, 0, 2, 5, 7);
	CHECK_SPLIT(ends, ends_cut, 0, 2);
	CHECK_SPLIT(none, none, 0, 3);
}

/* What is cut is the same line, and needs no cut. */
static void
test_random_split(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		NsPoint		point[MOST_POINTS];
		int			n;
		int32_t		part[2] = {0, 0};
		NsLine		line;
		NsLine		again;
		NsLineParts parts;

		unit_case("random split", i);
		unit_env_init(&u);
		n = part[1] = 2 + unit_below(MOST_POINTS - 1);
		for (int k = 0; k < n; k++)
			point[k] = (NsPoint) {unit_chance(0.3) ? 90 * (unit_below(5) - 2)
			: unit_uniform() * 360 - 180, unit_uniform() * 100 - 50};
		UNIT_CHECK(ns_line_make(&u.env, point, part, 1, &line) == NS_OK &&
				   ns_line_split(&u.env, &line, &parts) == NS_OK &&
				   ns_line_make(&u.env, parts.point, parts.part, parts.nparts,
								&again) == NS_OK, "not made");
		UNIT_CHECK(!again.jumps, "it still jumps");
		UNIT_CHECK(parts.nparts == 1 || line.jumps, "cut for nothing");

		/* a cut halves a segment: the cosine of its middle is another */
		for (int k = 0; k < n; k++)
		{
			double		distance;

			ns_line_locate(&again, point[k], &distance);
			check_near(distance, 0, 1e-3, "a corner");
		}
		for (int k = 0; k < again.npoints; k++)
		{
			double		distance;

			ns_line_locate(&line, again.point[k], &distance);
			check_near(distance, 0, 1e-3, "a corner of the parts");
		}
		unit_env_drop(&u);
	}
}

/* ---- areas ---- */

static void
test_area(void)
{
	/* a ring with a hole, and a bow tie, across nothing */
	NsPoint		point[] = {
		{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0},
		{4, 4}, {6, 4}, {6, 6}, {4, 6}, {4, 4},
		{20, 0}, {24, 4}, {24, 0}, {20, 4}, {20, 0},
		{178, 50}, {180, 50}, {180, 52}, {178, 52}, {178, 50},
		{-180, 50}, {-178, 50}, {-178, 52}, {-180, 52}, {-180, 50}
	};
	int32_t		part[] = {0, 5, 10, 15, 20, 25};
	static const struct
	{
		NsPoint		p;
		bool		inside;
	}			points[] = {
		{{2, 2}, true}, {{5, 5}, false}, {{4, 5}, true}, {{10, 10}, true},
		{{0, 5}, true}, {{-1, 0}, false}, {{-1, 10}, false}, {{11, 4}, false},
		{{20.5, 2}, true}, {{23.5, 2}, true}, {{22, 1}, false}, {{22, 3}, false},
		{{22, 2}, true}, {{180, 51}, true}, {{-180, 51}, true}, {{179, 51}, true},
		{{-179, 51}, true}, {{177, 51}, false}, {{-177, 51}, false}, {{5, 95}, false},
	};
	static const struct
	{
		NsPoint		p[2];
		bool		hits;
	}			lines[] = {
		{{{1, 1}, {2, 2}}, true}, {{{4.5, 4.5}, {5.5, 5.5}}, false},
		{{{-5, 5}, {15, 5}}, true}, {{{-5, 5}, {-1, 5}}, false},
		{{{12, 0}, {12, 10}}, false}, {{{22, 0}, {22, 1}}, false},
		{{{22, 0}, {22, 2}}, true}, {{{10, -5}, {10, 0}}, true},
		{{{177, 51}, {-177, 51}}, true}, {{{177, 55}, {-177, 55}}, false},
		{{{-179, 51}, {-179, 51.5}}, true}, {{{179, 51}, {179, 51.5}}, true},
		{{{-177, 51}, {179.5, 51}}, true}
	};
	UnitEnv		u;
	NsArea		area;

	unit_case("areas", 0);
	unit_env_init(&u);
	UNIT_CHECK(ns_area_make(&u.env, point, part, 5, &area) == NS_OK, "not made");
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		UNIT_CHECK(ns_area_contains(&area, points[i].p) == points[i].inside,
				   "point %zu is %sinside", i, points[i].inside ? "not " : "");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
	{
		NsLine		line = line_of(&u, lines[i].p, 2);
		bool		hits;

		UNIT_CHECK(ns_area_hits_line(&u.env, &area, &line, &hits) == NS_OK &&
				   hits == lines[i].hits,
				   "line %zu is %shit", i, lines[i].hits ? "not " : "");
	}
	point[4].lon = 1;
	UNIT_CHECK(ns_area_make(&u.env, point, part, 5, &area) == NS_BAD_INPUT,
			   "an open ring is accepted");
	unit_env_drop(&u);
}

/* A star with many corners against the test of every edge. */
static void
test_random_area(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		NsPoint		point[MOST_POINTS + 1];
		int			n;
		int32_t		part[2] = {0, 0};
		NsArea		area;

		unit_case("random area", i);
		unit_env_init(&u);
		n = 4 + unit_below(MOST_POINTS - 3);
		part[1] = n;
		for (int k = 0; k < n; k++)
			point[k] = (NsPoint) {unit_uniform() * 10, unit_uniform() * 10};
		point[n - 1] = point[0];
		UNIT_CHECK(ns_area_make(&u.env, point, part, 1, &area) == NS_OK,
				   "not made");
		for (int k = 0; k < 50; k++)
		{
			NsPoint		p = {unit_uniform() * 12 - 1, unit_uniform() * 12 - 1};
			NsPoint		q[2] = {p, {p.lon + unit_uniform(), p.lat + unit_uniform()}};
			NsLine		line = line_of(&u, q, 2);
			bool		inside = false;
			bool		met = false;
			bool		hits;

			for (int e = 0; e + 1 < n; e++)
			{
				NsPoint		from = point[e];
				NsPoint		to = point[e + 1];
				double		cross0;
				double		s;
				double		t;

				if ((from.lat > p.lat) != (to.lat > p.lat) &&
					from.lon + (p.lat - from.lat) / (to.lat - from.lat) *
					(to.lon - from.lon) > p.lon)
					inside = !inside;
				cross0 = (q[1].lon - p.lon) * (to.lat - from.lat) -
					(q[1].lat - p.lat) * (to.lon - from.lon);
				s = ((from.lon - p.lon) * (to.lat - from.lat) -
					 (from.lat - p.lat) * (to.lon - from.lon)) / cross0;
				t = ((from.lon - p.lon) * (q[1].lat - p.lat) -
					 (from.lat - p.lat) * (q[1].lon - p.lon)) / cross0;
				met = met || (s >= 0 && s <= 1 && t >= 0 && t <= 1);
			}
			UNIT_CHECK(ns_area_contains(&area, p) == inside, "point %d", k);
			UNIT_CHECK(ns_area_hits_line(&u.env, &area, &line, &hits) == NS_OK &&
					   hits == (inside || met), "line %d", k);
		}
		unit_env_drop(&u);
	}
}

/* ---- memory and interrupts ---- */

static NsResult
attempt_pair(UnitEnv *u, void *state)
{
	NsLine	   *line = state;
	NsPairWork	work = {.env = &u->env};
	NsLinePair	pair;
	NsLine		copy;
	NsResult	rc = ns_line_make(&u->env, line->point, line->part, line->nparts,
								  &copy);

	if (rc != NS_OK)
		return rc;
	return ns_line_pair(&work, line, &copy, NULL, 0, &pair);
}

/* The line in the boxes of all edges of a ring, and on none of these. */
static NsResult
attempt_area(UnitEnv *u, void *state)
{
	const NsLine *line = state;
	int32_t		part[2] = {0, line->npoints};
	NsPoint    *point = unit_alloc(u, (size_t) line->npoints, sizeof(NsPoint));
	NsArea		area;
	NsLine		beside;
	bool		hits;
	NsResult	rc;

	for (int32_t i = 0; i < line->npoints; i++)
		point[i] = (NsPoint) {line->point[i].lon + 0.9, line->point[i].lat};
	rc = ns_line_make(&u->env, point, part, 1, &beside);
	for (int32_t i = 0; i < line->npoints && rc == NS_OK; i++)
		point[i] = (NsPoint) {1 + (i % 2) * 1.0, 1 + (i % 2) * 2e-2 + i * 1e-7};
	if (rc != NS_OK)
		return rc;
	point[line->npoints - 1] = point[0];
	rc = ns_area_make(&u->env, point, part, 1, &area);
	if (rc == NS_OK)
		rc = ns_area_hits_line(&u->env, &area, &beside, &hits);
	UNIT_CHECK(rc != NS_OK || (!hits && u->checks > 100), "%d checks", (int) u->checks);
	return rc;
}

static void
test_failing(void)
{
	UnitEnv		u;
	NsPoint	   *point;
	NsLine		line;
	int			n = 4000;

	unit_case("no memory, interrupted", 0);
	unit_env_init(&u);
	point = unit_alloc(&u, (size_t) n, sizeof(NsPoint));
	for (int i = 0; i < n; i++)
		point[i] = (NsPoint) {1 + i * 1e-6, 1 + unit_uniform() * 1e-2};
	line = line_of(&u, point, n);
	unit_fail_each(attempt_pair, &line, true, 20);
	unit_fail_each(attempt_pair, &line, false, 5);
	unit_fail_each(attempt_area, &line, false, 5);
	unit_env_drop(&u);
}

int
main(void)
{
	unit_begin("line");
	test_hand();
	test_around();
	test_parts();
	test_split();
	test_random_split(unit_cases(500, 20000));
	test_area();
	test_failing();
	test_random_pairs(unit_cases(300, 5000));
	test_along(unit_cases(500, 20000));
	test_random_area(unit_cases(300, 5000));
	return unit_end();
}
