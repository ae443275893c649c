/*-------------------------------------------------------------------------
 *
 * line_wkb.c
 *	  Lines, areas and points from WKB.
 *
 * Every count is held against the bytes that are left before it is believed:
 * a point takes 16 bytes, a ring at least 4, a geometry at least 9.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "line.h"

#define WKB_POINT 1
#define WKB_LINE 2
#define WKB_POLYGON 3
#define WKB_MULTI_LINE 5
#define WKB_MULTI_POLYGON 6

#define WKB_HAS_SRID UINT32_C(0x20000000)

#define POINT_BYTES 16
#define RING_BYTES 4
#define GEOMETRY_BYTES 9

typedef struct Reader
{
	const uint8_t *next;
	size_t		left;
	bool		big_endian;
} Reader;

/* What was read so far: parts of a line or rings of an area. */
typedef struct Parts
{
	NsPoint    *point;			/* room for all that the bytes may hold */
	int32_t    *part;
	int32_t		npoints;
	int32_t		nparts;
	size_t		part_room;
	NsEnv	   *env;
} Parts;

static uint64_t
read_bytes(const Reader *r, int n)
{
	uint64_t	value = 0;

	for (int i = 0; i < n; i++)
		value |= (uint64_t) r->next[i] << 8 * (r->big_endian ? n - 1 - i : i);
	return value;
}

static bool
read_uint32(Reader *r, uint32_t *value)
{
	if (r->left < 4)
		return false;
	*value = (uint32_t) read_bytes(r, 4);
	r->next += 4;
	r->left -= 4;
	return true;
}

/* Caller has made sure of the bytes. */
static double
read_double(Reader *r)
{
	uint64_t	bits = read_bytes(r, 8);
	double		value;

	memcpy(&value, &bits, sizeof(value));
	r->next += 8;
	r->left -= 8;
	return value;
}

static bool
read_count(Reader *r, size_t bytes_each, int32_t *count)
{
	uint32_t	n;

	if (!read_uint32(r, &n) || n > r->left / bytes_each || n > INT32_MAX / 2)
		return false;
	*count = (int32_t) n;
	return true;
}

/* Byte order, type and perhaps SRID. */
static bool
read_header(Reader *r, uint32_t *type)
{
	uint32_t	srid;

	if (r->left < 1 || *r->next > 1)
		return false;
	r->big_endian = *r->next == 0;
	r->next++;
	r->left--;
	if (!read_uint32(r, type))
		return false;
	if (*type & WKB_HAS_SRID)
	{
		*type &= ~WKB_HAS_SRID;
		return read_uint32(r, &srid);
	}
	return true;
}

static NsResult
read_part(Reader *r, Parts *parts)
{
	int32_t		n;
	int32_t    *part;

	if (!read_count(r, POINT_BYTES, &n))
		return NS_BAD_INPUT;
	part = ns_grow_array(parts->env, parts->part, &parts->part_room,
						 (size_t) parts->nparts + 2, sizeof(int32_t));
	if (part == NULL)
		return NS_NO_MEMORY;
	parts->part = part;
	part[parts->nparts++] = parts->npoints;
	for (int32_t i = 0; i < n; i++)
	{
		NsPoint    *p = &parts->point[parts->npoints++];

		p->lon = read_double(r);
		p->lat = read_double(r);
	}
	part[parts->nparts] = parts->npoints;
	return NS_OK;
}

/* The rings of a polygon, or the one part of a line. */
static NsResult
read_simple(Reader *r, uint32_t type, Parts *parts)
{
	int32_t		n = 1;

	if (type == WKB_POLYGON)
	{
		if (!read_count(r, RING_BYTES, &n) || n == 0)
			return NS_BAD_INPUT;
	}
	for (int32_t i = 0; i < n; i++)
	{
		NsResult	rc = read_part(r, parts);

		if (rc != NS_OK)
			return rc;
	}
	return NS_OK;
}

static NsResult
read_parts(Reader *r, uint32_t simple, uint32_t multi, Parts *parts)
{
	uint32_t	type;
	int32_t		n = 1;
	NsResult	rc = NS_OK;

	parts->point = ns_alloc_array(parts->env, r->left / POINT_BYTES,
								  sizeof(NsPoint));
	if (parts->point == NULL)
		return NS_NO_MEMORY;
	if (!read_header(r, &type) || (type != simple && type != multi))
		return NS_BAD_INPUT;
	if (type == simple)
		rc = read_simple(r, simple, parts);
	else
	{
		if (!read_count(r, GEOMETRY_BYTES, &n))
			return NS_BAD_INPUT;
		for (int32_t i = 0; i < n && rc == NS_OK; i++)
		{
			if (!read_header(r, &type) || type != simple)
				return NS_BAD_INPUT;
			rc = read_simple(r, simple, parts);
		}
	}
	if (rc == NS_OK && (r->left != 0 || parts->nparts == 0))
		return NS_BAD_INPUT;
	return rc;
}

NsResult
ns_line_from_wkb(NsEnv *env, const uint8_t *wkb, size_t size, NsLine *line)
{
	Reader		r = {wkb, size, false};
	Parts		parts = {.env = env};
	NsResult	rc = read_parts(&r, WKB_LINE, WKB_MULTI_LINE, &parts);

	if (rc != NS_OK)
		return rc;
	return ns_line_make(env, parts.point, parts.part, parts.nparts, line);
}

NsResult
ns_area_from_wkb(NsEnv *env, const uint8_t *wkb, size_t size, NsArea *area)
{
	Reader		r = {wkb, size, false};
	Parts		parts = {.env = env};
	NsResult	rc = read_parts(&r, WKB_POLYGON, WKB_MULTI_POLYGON, &parts);

	if (rc != NS_OK)
		return rc;
	return ns_area_make(env, parts.point, parts.part, parts.nparts, area);
}

NsResult
ns_point_from_wkb(const uint8_t *wkb, size_t size, NsPoint *point)
{
	Reader		r = {wkb, size, false};
	uint32_t	type;

	if (!read_header(&r, &type) || type != WKB_POINT || r.left != POINT_BYTES)
		return NS_BAD_INPUT;
	point->lon = read_double(&r);
	point->lat = read_double(&r);

	/* an empty point is written as NaN */
	if (!(point->lon >= -180 && point->lon <= 180 &&
		  point->lat >= -90 && point->lat <= 90))
		return NS_BAD_INPUT;
	return NS_OK;
}
