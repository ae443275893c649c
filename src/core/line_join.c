/*-------------------------------------------------------------------------
 *
 * line_join.c
 *	  Of many spans, those that cross or run near one another.
 *
 * The spans are put in the order of a curve that fills the plane, so that a
 * tree of boxes over runs of them is tight, and the tree is searched with the
 * grown box of each changed span: beside where it is, and a full turn to either
 * side of that.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>

#include "line_join.h"
#include "sort.h"

#define STEPS_PER_CHECK 5000

typedef struct Join
{
	NsPairWork *work;
	const NsSpanLine *span;
	int32_t		n;
	int32_t    *order;			/* along the curve */
	NsBox	   *box;			/* of span[order[i]] */
	int32_t    *seen;			/* 1 + the place of who met it last */
	NsBoxTree	tree;
	NsPairFound found;
	void	   *state;
} Join;

/* The bits of x at the even places. */
static uint64_t
spread(uint32_t x)
{
	uint64_t	v = x;

	v = (v | v << 16) & UINT64_C(0x0000FFFF0000FFFF);
	v = (v | v << 8) & UINT64_C(0x00FF00FF00FF00FF);
	v = (v | v << 4) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	v = (v | v << 2) & UINT64_C(0x3333333333333333);
	v = (v | v << 1) & UINT64_C(0x5555555555555555);
	return v;
}

static uint64_t
curve_place(const NsBox *box)
{
	double		lon = remainder((box->west + box->east) / 2, 360.0);
	double		lat = (box->south + box->north) / 2;
	uint32_t	x = (uint32_t) ((lon + 180) / 360 * 4294967295.0);
	uint32_t	y = (uint32_t) ((lat + 90) / 180 * 4294967295.0);

	return spread(x) | spread(y) << 1;
}

static int
compare_places(const void *context, int32_t a, int32_t b)
{
	const uint64_t *place = context;

	return (place[a] > place[b]) - (place[a] < place[b]);
}

static NsResult
order_spans(Join *join)
{
	NsEnv	   *env = join->work->env;
	size_t		n = (size_t) join->n;
	uint64_t   *place = ns_alloc_array(env, n, sizeof(uint64_t));
	NsResult	rc;

	join->order = ns_alloc_array(env, n, sizeof(int32_t));
	join->box = ns_alloc_array(env, n, sizeof(NsBox));
	join->seen = ns_alloc_zero(env, n, sizeof(int32_t));
	if (place == NULL || join->order == NULL || join->box == NULL ||
		join->seen == NULL)
		return NS_NO_MEMORY;
	for (int32_t i = 0; i < join->n; i++)
	{
		place[i] = curve_place(&join->span[i].line.box);
		join->order[i] = i;
	}
	rc = ns_sort(env, join->order, n, compare_places, place);
	if (rc != NS_OK)
		return rc;
	rc = ns_box_tree_begin(env, &join->tree, join->n);
	if (rc != NS_OK)
		return rc;
	for (int32_t i = 0; i < join->n; i++)
	{
		join->box[i] = join->span[join->order[i]].line.box;
		ns_box_tree_add(&join->tree, i, &join->box[i]);
	}
	ns_box_tree_end(&join->tree);
	return NS_OK;
}

NsResult
ns_span_pair(NsPairWork *work, const NsSpanLine *a, const NsSpanLine *b,
			 NsLinePair *pair)
{
	NsPoint		shared[2];
	int			nshared = 0;

	for (int i = 0; i < 2; i++)
	{
		if (a->end[i] == b->end[0] || a->end[i] == b->end[1])
			shared[nshared++] = a->place[i];
	}
	return ns_line_pair(work, &a->line, &b->line, shared, nshared, pair);
}

static NsResult
try_pair(Join *join, const NsSpanLine *a, const NsSpanLine *b)
{
	NsLinePair	pair;
	NsResult	rc;

	if (a->id > b->id)
	{
		const NsSpanLine *swap = a;

		a = b;
		b = swap;
	}
	rc = ns_span_pair(join->work, a, b, &pair);
	if (rc != NS_OK || !pair.near)
		return rc;
	return join->found(join->state, a, b, &pair);
}

/* The pairs of the span at a place in the order with those in a box. */
static NsResult
try_near(Join *join, int32_t at, const NsBox *query)
{
	const NsSpanLine *span = &join->span[join->order[at]];
	NsPairWork *work = join->work;

	for (int32_t leaf = ns_box_tree_leaf(&join->tree, 1, query); leaf != 0;
		 leaf = ns_box_tree_leaf(&join->tree, ns_box_tree_skip(leaf), query))
	{
		int32_t		first = (leaf - join->tree.nleaves) * NS_TREE_LEAF;

		work->steps += NS_TREE_LEAF;
		if (work->steps > STEPS_PER_CHECK)
		{
			work->steps = 0;
			if (work->env->interrupted(work->env->state))
				return NS_INTERRUPTED;
		}
		for (int32_t i = first; i < first + NS_TREE_LEAF && i < join->n; i++)
		{
			const NsSpanLine *other = &join->span[join->order[i]];
			NsResult	rc;

			if (!ns_box_meets(&join->box[i], query) ||
				join->seen[i] == at + 1 || i == at ||
				(other->changed && other->id < span->id))
				continue;
			join->seen[i] = at + 1;
			rc = try_pair(join, span, other);
			if (rc != NS_OK)
				return rc;
		}
	}
	return NS_OK;
}

static NsResult
try_span(Join *join, int32_t at)
{
	const NsBox *all = &join->tree.node[1];
	NsBox		box = ns_box_grown(&join->box[at], NS_REACH_M);
	double		first = ceil((all->west - box.east) / 360);
	double		last = floor((all->east - box.west) / 360);

	for (double turn = first; turn <= last; turn++)
	{
		NsBox		query = {box.west + 360 * turn, box.south,
			box.east + 360 * turn, box.north};
		NsResult	rc = try_near(join, at, &query);

		if (rc != NS_OK)
			return rc;
	}
	return NS_OK;
}

NsResult
ns_span_join(NsPairWork *work, const NsSpanLine *span, int32_t n,
			 NsPairFound found, void *state)
{
	Join		join = {.work = work, .span = span, .n = n, .found = found,
		.state = state};
	NsResult	rc;

	if (n < 2)
		return NS_OK;
	rc = order_spans(&join);
	for (int32_t i = 0; i < n && rc == NS_OK; i++)
	{
		if (span[join.order[i]].changed)
			rc = try_span(&join, i);
	}
	return rc;
}
