/*-------------------------------------------------------------------------
 *
 * landmark.c
 *	  Bounds of one query by landmarks; see landmark.h.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>

#include "landmark.h"

static const void *
array_of(const NsLandmarks *l, uint64_t offset)
{
	return (const char *) l + offset;
}

static NsLandmarkRow
no_row(void)
{
	return (NsLandmarkRow) {{{0}}};
}

/* Rows of the ends of eased links, and how near the source may be to them. */
static void
add_ends(NsLandmarkBound *b, const NsGraph *g)
{
	int32_t		approach = NS_LANDMARK_NO_WAY;

	for (int32_t i = 0; i < 2 * g->neased; i++)
	{
		int32_t		node = ns_link_end(g, g->eased[i / 2])[i % 2];
		int32_t		d;

		if (node >= b->nnodes)
			continue;
		b->end[b->nends] = b->row[b->place[node]];
		d = b->new_source ? 0
			: ns_landmark_difference(&b->source, &b->end[b->nends], b->directed);
		b->nends++;
		if (d < approach)
			approach = d;
	}
	b->approach = b->nends > 0 ? approach : 0;
}

/* Is there a landmark that one of them reaches or is reached by, one not? */
static bool
apart(const NsLandmarkBound *b, int32_t src, int32_t dst)
{
	const int32_t *s = (const int32_t *) &b->row[b->place[src]];
	const int32_t *d = (const int32_t *) &b->row[b->place[dst]];

	for (int i = 0; i < NS_LANDMARK_LANES; i++)
	{
		bool		no_source = abs(s[i]) == NS_LANDMARK_NO_WAY;
		bool		no_destination = abs(d[i]) == NS_LANDMARK_NO_WAY;

		if (no_source == no_destination)
			continue;
		/* what the landmark reaches, src can, and who reaches src, dst */
		if (!b->directed ||
			(i < NS_LANDMARK_LANES / 2 ? no_destination : no_source))
			return true;
	}
	return false;
}

bool
ns_landmark_bound_init(NsLandmarkBound *b, const NsGraph *g, NsCostKind kind,
					   int32_t src, int32_t dst)
{
	const NsLandmarks *l = g->landmark[kind];

	b->landmarks = NULL;
	if (l == NULL || l->count == 0 || l->nnodes != g->block->nnodes ||
		l->narcs != g->block->narcs || g->neased > NS_MAX_EASED)
		return true;
	b->landmarks = l;
	b->place = array_of(l, l->off_place);
	b->number = array_of(l, l->off_number);
	b->start = array_of(l, l->off_start);
	b->arc = array_of(l, l->off_arc);
	b->row = array_of(l, l->off_row);
	b->nnodes = l->nnodes;
	b->directed = l->directed;
	b->new_source = src >= l->nnodes;
	b->source = b->new_source ? no_row() : b->row[b->place[src]];
	b->nends = 0;
	b->part = g->eased_part[kind];
	add_ends(b, g);
	return g->neased > 0 || src >= l->nnodes || dst >= l->nnodes ||
		!apart(b, src, dst);
}

void
ns_landmark_bound_scale(NsLandmarkBound *b, NsCostKind kind, const NsWeights *w)
{
	double		ratio = w->scale / b->landmarks->scale;
	double		units;

	b->limit = w->limit;
	b->whole = 0;
	if (kind == NS_COST_HOPS)
		b->whole = ns_weight_of(w, 1);
	else if (b->landmarks->exact && w->exact && ratio >= 1 && b->part == 1)
		b->whole = (int64_t) ratio << w->hop_bits;
	if (b->whole > 0)
	{
		b->most = w->limit / b->whole + 1;
		return;
	}
	/* a little less, so that no rounding makes it more */
	b->factor = ldexp(ratio * b->part, w->exponent + w->hop_bits) * (1 - 0x1p-48);
	units = (double) w->limit / b->factor;
	b->most = units < 0x1p62 ? (int64_t) units + 1 : INT64_MAX;
	if (isinf(b->factor))
		b->factor = 0;			/* any unit is more than the limit */
}
