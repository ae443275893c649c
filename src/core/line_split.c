/*-------------------------------------------------------------------------
 *
 * line_split.c
 *	  A line cut at the antimeridian.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>

#include "line.h"

typedef struct Split
{
	NsLineParts *out;
	int32_t		npoints;
	double		turn;			/* 360 times this brings it to -180 .. 180 */
} Split;

static void
split_add(Split *split, NsPoint p)
{
	p.lon = ns_max(-180, ns_min(180, p.lon - 360 * split->turn));
	split->out->point[split->npoints++] = p;
}

/* Begin a part, instead of the present one if that has just one point. */
static void
split_begin(Split *split, NsPoint p)
{
	NsLineParts *out = split->out;

	if (out->nparts > 0 && split->npoints - out->part[out->nparts - 1] == 1)
		split->npoints--;
	else
		out->nparts++;
	out->part[out->nparts - 1] = split->npoints;
	split_add(split, p);
}

/* Go on from p to q, which may lie beyond the edge of the turn. */
static void
split_step(Split *split, NsPoint p, NsPoint q)
{
	double		edge = 360 * split->turn + (q.lon > p.lon ? 180 : -180);

	if (q.lon > p.lon ? q.lon > edge : q.lon < edge)
	{
		NsPoint		cut = {edge, p.lat};

		if (p.lon != edge)
		{
			cut.lat += (edge - p.lon) / (q.lon - p.lon) * (q.lat - p.lat);
			split_add(split, cut);
		}
		split->turn += q.lon > p.lon ? 1 : -1;
		split_begin(split, cut);
	}
	split_add(split, q);
}

NsResult
ns_line_split(NsEnv *env, const NsLine *line, NsLineParts *out)
{
	Split		split = {.out = out};

	/* a segment is no longer than half a turn: at most one cut in each */
	out->nparts = 0;
	out->point = ns_alloc_array(env, (size_t) line->npoints +
								2 * (size_t) line->nsegments, sizeof(NsPoint));
	out->part = ns_alloc_array(env, (size_t) line->nparts +
							   (size_t) line->nsegments + 1, sizeof(int32_t));
	if (out->point == NULL || out->part == NULL)
		return NS_NO_MEMORY;
	for (int32_t i = 0; i < line->nparts; i++)
	{
		NsPoint		first = line->point[line->part[i]];

		split.turn = rint(first.lon / 360);
		split_begin(&split, first);
		for (int32_t k = line->part[i] + 1; k < line->part[i + 1]; k++)
			split_step(&split, line->point[k - 1], line->point[k]);
	}
	out->part[out->nparts] = split.npoints;
	return NS_OK;
}
