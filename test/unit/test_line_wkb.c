/*-------------------------------------------------------------------------
 *
 * test_line_wkb.c
 *	  WKB: what is well formed is read, everything else refused, and nothing
 *	  is read beyond the bytes given (a sanitizer watches).
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "line.h"
#include "unit.h"

#define SRID_FLAG 0x20000000u

typedef struct Writer
{
	uint8_t		byte[4096];
	size_t		n;
	bool		big;
	bool		srid;
} Writer;

static void
put(Writer *w, uint64_t value, int n)
{
	for (int i = 0; i < n; i++)
		w->byte[w->n++] = (uint8_t) (value >> 8 * (w->big ? n - 1 - i : i));
}

static void
put_double(Writer *w, double value)
{
	uint64_t	bits;

	memcpy(&bits, &value, sizeof(bits));
	put(w, bits, 8);
}

static void
put_header(Writer *w, uint32_t type)
{
	put(w, w->big ? 0 : 1, 1);
	put(w, w->srid ? type | SRID_FLAG : type, 4);
	if (w->srid)
		put(w, 4326, 4);
}

static void
put_points(Writer *w, const double *xy, int n)
{
	put(w, (uint64_t) n, 4);
	for (int i = 0; i < 2 * n; i++)
		put_double(w, xy[i]);
}

/* The reader gets a piece of just that size, so that no byte after it is read. */
static NsResult
read_as(UnitEnv *u, char what, const uint8_t *byte, size_t n, void *result)
{
	uint8_t    *copy = ns_alloc_array(&u->env, n, 1);

	memcpy(copy, byte, n);
	if (what == 'l')
		return ns_line_from_wkb(&u->env, copy, n, result);
	if (what == 'a')
		return ns_area_from_wkb(&u->env, copy, n, result);
	return ns_point_from_wkb(copy, n, result);
}

static const double square[] = {0, 0, 1, 0, 1, 1, 0, 1, 0, 0};

static void
write_one(Writer *w, uint32_t type)
{
	put_header(w, type);
	switch (type)
	{
		case 1:
			put_double(w, -6.25);
			put_double(w, 53.5);
			break;
		case 2:
			put_points(w, square, 5);
			break;
		case 3:
			put(w, 2, 4);
			put_points(w, square, 5);
			put_points(w, square, 5);
			break;
		default:
			put(w, 2, 4);
			write_one(w, type - 3);
			w->big = !w->big;	/* each may have an order of its own */
			write_one(w, type - 3);
			w->big = !w->big;
	}
}

static void
test_good(void)
{
	for (int i = 0; i < 4; i++)
	{
		UnitEnv		u;
		Writer		w = {.big = i & 1, .srid = i & 2};
		NsLine		line;
		NsArea		area;
		NsPoint		point;

		unit_case("well formed", i);
		unit_env_init(&u);
		write_one(&w, 1);
		UNIT_CHECK(read_as(&u, 'p', w.byte, w.n, &point) == NS_OK &&
				   point.lon == -6.25 && point.lat == 53.5, "point");
		w.n = 0;
		write_one(&w, 2);
		UNIT_CHECK(read_as(&u, 'l', w.byte, w.n, &line) == NS_OK &&
				   line.nparts == 1 && line.npoints == 5 &&
				   line.point[2].lon == 1 && line.point[2].lat == 1, "line");
		UNIT_CHECK(read_as(&u, 'a', w.byte, w.n, &area) == NS_BAD_INPUT &&
				   read_as(&u, 'p', w.byte, w.n, &point) == NS_BAD_INPUT,
				   "a line as something else");
		w.n = 0;
		write_one(&w, 5);
		UNIT_CHECK(read_as(&u, 'l', w.byte, w.n, &line) == NS_OK &&
				   line.nparts == 2 && line.npoints == 10 && line.part[1] == 5 &&
				   line.nsegments == 8 && ns_line_segment(&line, 4) == 5 &&
				   line.point[7].lon == 1 && line.point[7].lat == 1, "lines");
		w.n = 0;
		write_one(&w, 3);
		UNIT_CHECK(read_as(&u, 'a', w.byte, w.n, &area) == NS_OK &&
				   area.ring.nparts == 2 && area.ring.npoints == 10, "polygon");
		w.n = 0;
		write_one(&w, 6);
		UNIT_CHECK(read_as(&u, 'a', w.byte, w.n, &area) == NS_OK &&
				   area.ring.nparts == 4 && area.ring.npoints == 20, "polygons");
		UNIT_CHECK(read_as(&u, 'l', w.byte, w.n, &line) == NS_BAD_INPUT,
				   "polygons as a line");
		unit_env_drop(&u);
	}
}

/* Every prefix, one byte more, and each byte changed: no crash, no overrun. */
static void
test_broken(void)
{
	static const uint32_t types[] = {1, 2, 3, 5, 6};
	static const char kinds[] = {'p', 'l', 'a', 'l', 'a'};

	for (int t = 0; t < 5; t++)
	{
		Writer		w = {.big = t & 1};
		union
		{
			NsLine		line;
			NsArea		area;
			NsPoint		point;
		}			got;

		unit_case("broken", t);
		write_one(&w, types[t]);
		for (size_t n = 0; n <= w.n + 1; n++)
		{
			UnitEnv		u;

			unit_env_init(&u);
			if (n != w.n)
				UNIT_CHECK(read_as(&u, kinds[t], w.byte, n, &got) == NS_BAD_INPUT,
						   "%zu bytes of %zu are accepted", n, w.n);
			unit_env_drop(&u);
		}
		for (size_t at = 0; at < w.n; at++)
		{
			for (int change = 0; change < 12; change++)
			{
				static const uint8_t with[] = {0, 1, 0x7f, 0x80, 0xff, 2, 3, 5, 6, 7, 0x20, 16};
				UnitEnv		u;
				uint8_t		before = w.byte[at];
				NsResult	rc;

				unit_env_init(&u);
				w.byte[at] = with[change];
				rc = read_as(&u, kinds[t], w.byte, w.n, &got);
				UNIT_CHECK(rc == NS_OK || rc == NS_BAD_INPUT, "result %d", rc);
				w.byte[at] = before;
				unit_env_drop(&u);
			}
		}
	}
}

static void
refuse(const char *name, char what, const Writer *w)
{
	UnitEnv		u;
	union
	{
		NsLine		line;
		NsArea		area;
		NsPoint		point;
	}			got;

	unit_env_init(&u);
	UNIT_CHECK(read_as(&u, what, w->byte, w->n, &got) == NS_BAD_INPUT,
			   "accepted: %s", name);
	unit_env_drop(&u);
}

static void
test_hostile(void)
{
	static const double bad[] = {NAN, INFINITY, -INFINITY, 180.0000001, 1e308};
	Writer		w;

	unit_case("hostile", 0);
	for (int i = 0; i < 5; i++)
	{
		for (int at = 0; at < 4; at++)
		{
			double		xy[] = {0, 0, 1, 1};

			xy[at] = bad[i];
			w = (Writer) {.n = 0};
			put_header(&w, 2);
			put_points(&w, xy, 2);
			refuse("a bad coordinate of a line", 'l', &w);
			w = (Writer) {.n = 0};
			put_header(&w, 1);
			put_double(&w, xy[at & ~1]);
			put_double(&w, xy[at | 1]);
			refuse("a bad coordinate of a point", 'p', &w);
		}
	}

	/* counts that the bytes do not hold, and that overflow when multiplied */
	for (int bits = 0; bits < 32; bits++)
	{
		uint32_t	count = (UINT32_C(1) << bits) + 2;

		for (uint32_t type = 2; type <= 6; type++)
		{
			w = (Writer) {.n = 0};
			put_header(&w, type);
			put(&w, count, 4);
			put_points(&w, square, 1);
			refuse("a count too large", type == 3 || type == 6 ? 'a' : 'l', &w);
		}
	}

	for (int n = 0; n < 2; n++)
	{
		w = (Writer) {.n = 0};
		put_header(&w, 2);
		put_points(&w, square, n);
		refuse("a line of no or one point", 'l', &w);
		w = (Writer) {.n = 0};
		put_header(&w, 5);
		put(&w, 2, 4);
		write_one(&w, 2);
		put_header(&w, 2);
		put_points(&w, square, n);
		refuse("a part of no or one point", 'l', &w);
	}
	w = (Writer) {.n = 0};
	put_header(&w, 5);
	put(&w, 0, 4);
	refuse("no parts", 'l', &w);
	w.n = 0;
	put_header(&w, 3);
	put(&w, 0, 4);
	refuse("no rings", 'a', &w);
	w.n = 0;
	put_header(&w, 3);
	put(&w, 1, 4);
	put_points(&w, square, 4);
	refuse("an open ring", 'a', &w);
	w.n = 0;
	put_header(&w, 5);
	put(&w, 1, 4);
	write_one(&w, 3);
	refuse("a polygon among lines", 'l', &w);
	w.n = 0;
	put_header(&w, 5);
	put(&w, 1, 4);
	write_one(&w, 5);
	refuse("lines in lines", 'l', &w);

	/* Z, M, ZM in either way of writing them; curves, TIN, collections */
	{
		static const uint32_t types[] = {1002, 2002, 3002, 0x80000002, 0x40000002,
		0xC0000002, 8, 9, 10, 11, 12, 15, 16, 17, 7, 0, 4, 0xffffffff};

		for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		{
			w = (Writer) {.n = 0};
			put_header(&w, types[i]);
			put_points(&w, square, 5);
			refuse("another type", 'l', &w);
			refuse("another type", 'a', &w);
			refuse("another type", 'p', &w);
		}
	}
}

static void
test_random(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		uint8_t		byte[200];
		size_t		n;
		union
		{
			NsLine		line;
			NsArea		area;
			NsPoint		point;
		}			got;
		NsResult	rc;

		unit_case("random bytes", i);
		unit_env_init(&u);
		n = (size_t) unit_below(200);
		for (size_t k = 0; k < n; k++)
			byte[k] = unit_chance(0.5) ? (uint8_t) unit_below(7)
				: (uint8_t) unit_random();
		rc = read_as(&u, "lap"[unit_below(3)], byte, n, &got);
		UNIT_CHECK(rc == NS_OK || rc == NS_BAD_INPUT, "result %d", rc);
		unit_env_drop(&u);
	}
}

static NsResult
attempt_read(UnitEnv *u, void *state)
{
	Writer	   *w = state;
	NsLine		line;

	return ns_line_from_wkb(&u->env, w->byte, w->n, &line);
}

int
main(void)
{
	Writer		w = {.n = 0};

	unit_begin("line wkb");
	test_good();
	test_broken();
	test_hostile();
	test_random(unit_cases(20000, 1000000));
	unit_case("no memory", 0);
	write_one(&w, 5);
	unit_fail_each(attempt_read, &w, true, 20);
	return unit_end();
}
