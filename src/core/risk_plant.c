/*-------------------------------------------------------------------------
 *
 * risk_plant.c
 *	  Memberships of links and nodes in the groups of the plant.
 *
 * A link is *plain* when whatever hits anything that it rides on takes all of
 * it: it has no members, or one, all links of which are plain.  The groups of a
 * link that is not plain, and their shares, are kept where another link rides
 * on it.
 *
 * State by group is kept for the groups of the walk, one after another; where
 * that of a group is, is told by an array that is right if what it leads to is
 * of this group: so nothing is cleared between walks, and little touched.  Links are taken in topological order, which the index
 * has; walks down plain links use a stack of their own, no recursion.
 *
 * Time: for each own link, the number of units that it meets on its way down.
 * Memory: O(groups + units) of scratch, what is kept, the result.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "risk_bundle.h"
#include "risk_plant.h"

#define NEED(pointer) \
	do { \
		if ((pointer) == NULL) \
			return NS_NO_MEMORY; \
	} while (0)
#define TRY(call) \
	do { \
		NsResult	try_ = (call); \
		if (try_ != NS_OK) \
			return try_; \
	} while (0)

typedef struct GroupState
{
	double		lost;			/* capacity, over the members so far */
	double		worst;			/* lost part of the member being walked */
	double		probability;	/* that a unit seen so far is hit */
	int32_t		group;
	int32_t		member;			/* that worst is of; -1: no unit met yet */
} GroupState;

typedef struct GroupShare
{
	int32_t		group;
	double		share;
} GroupShare;

typedef struct Kept				/* of a link that is not plain */
{
	int32_t    *unit;
	size_t		nunits;
	GroupShare *share;
	size_t		nshares;
} Kept;

#define FETCH_LANES		16		/* whose units and groups are asked for at once */

#define SEVERAL		255			/* or their only one's probability is rare */

typedef struct Walk
{
	NsRiskIndex *x;
	const NsRiding *riding;
	const NsPlant *plant;

	bool	   *plain;			/* by link */
	Kept	   *kept;			/* by link */
	int32_t    *link_member;	/* by link: number of the member that met it */

	int32_t    *at;				/* by group: where its state is, if it is there:
								 * nothing is cleared between walks */
	int32_t    *unit_walk;		/* by unit: walk that met it; only of groups
								 * with several */
	uint8_t    *several;		/* by group: SEVERAL units; else a position in
								 * likely */
	double		likely[SEVERAL];	/* probabilities that units have, each once */
	int			nlikely;
	int32_t		walk;
	int32_t		member;			/* number of the member being walked */
	bool		own;			/* no member: the link itself */
	double		c;				/* what the member counts with */

	GroupState *touched;		/* groups of the walk, in order of meeting */
	int32_t		ntouched;
	int32_t    *unit;			/* its distinct units, in order of meeting */
	size_t		nunits;
	size_t		unit_room;

	int32_t    *stack;
	size_t		stack_room;
} Walk;

#define SAMPLE_LINKS	1024	/* whose rows tell how many all will have */

/* What is lost of a group hit at the link itself: more than any capacity. */
#define ALL_LOST	HUGE_VAL

/* Rules give few probabilities: a byte for each group stays near. */
static uint8_t
likely_as(Walk *w, double probability)
{
	int			i = 0;

	while (i < w->nlikely && w->likely[i] != probability)
		i++;
	if (i == SEVERAL)
		return SEVERAL;
	if (i == w->nlikely)
		w->likely[w->nlikely++] = probability;
	return (uint8_t) i;
}

static NsResult
walk_begin(Walk *w, NsRiskIndex *x)
{
	const NsRiskInput *in = x->in;
	const NsPlant *plant = in->riding->plant;
	size_t		ngroups = (size_t) plant->ngroups;

	memset(w, 0, sizeof(*w));
	w->x = x;
	w->riding = in->riding;
	w->plant = plant;
	NEED(w->plain = ns_alloc_zero(x->env, in->nlinks, sizeof(bool)));
	NEED(w->kept = ns_alloc_zero(x->env, in->nlinks, sizeof(Kept)));
	NEED(w->link_member = ns_alloc_zero(x->env, in->nlinks, sizeof(int32_t)));
	NEED(w->at = ns_alloc_zero(x->env, ngroups, sizeof(int32_t)));
	NEED(w->several = ns_alloc_array(x->env, ngroups, sizeof(uint8_t)));
	NEED(w->unit_walk = ns_alloc_zero(x->env, (size_t) plant->nunits,
									  sizeof(int32_t)));
	NEED(w->touched = ns_alloc_array(x->env, ngroups, sizeof(GroupState)));
	for (int32_t g = 0; g < plant->ngroups; g++)
		w->several[g] = likely_as(w, plant->unit_probability[g]);
	for (int32_t u = plant->ngroups; u < plant->nunits; u++)
		w->several[plant->unit_group[u - plant->ngroups]] = SEVERAL;
	return NS_OK;
}

static void
walk_start(Walk *w)
{
	w->walk++;
	w->ntouched = 0;
	w->nunits = 0;
	w->own = true;
	w->member++;
}

static inline GroupState *
touch(Walk *w, int32_t group)
{
	int32_t		at = w->at[group];

	if (at >= w->ntouched || w->touched[at].group != group)
	{
		w->at[group] = at = w->ntouched++;
		w->touched[at] = (GroupState) {.group = group, .member = -1};
	}
	return &w->touched[at];
}

/* A unit is beneath the link that is walked. */
static NsResult
meet_unit(Walk *w, int32_t unit, GroupState *gs, int32_t group)
{
	uint8_t		several = w->several[group];
	double		p;

	if (several == SEVERAL)
	{
		if (w->unit_walk[unit] == w->walk)
			return NS_OK;
		w->unit_walk[unit] = w->walk;
		p = w->plant->unit_probability[unit];
	}
	else if (gs->member >= 0)
		return NS_OK;			/* the only unit, met before */
	else
		p = w->likely[several];
	if (gs->member < 0)
		gs->member = 0;
	gs->probability += p * (1 - gs->probability);
	if (w->nunits == w->unit_room)
		NEED(w->unit = ns_grow_array(w->x->env, w->unit, &w->unit_room,
									 w->nunits + 1, sizeof(int32_t)));
	w->unit[w->nunits++] = unit;
	return NS_OK;
}

/* A group takes this part of the member being walked. */
static inline void
lose(Walk *w, GroupState *gs, double part)
{
	if (gs->member != w->member)
	{
		gs->member = w->member;
		gs->worst = 0;
	}
	if (part <= gs->worst)
		return;
	if (w->own)
		gs->lost = ALL_LOST;
	else
		gs->lost += w->c * (part - gs->worst);
	gs->worst = part;
}

/* An event of the unit's group takes all of the member. */
static inline NsResult
hit(Walk *w, int32_t unit)
{
	int32_t		group;
	GroupState *gs;

	if (unit < 0)
		return NS_OK;
	group = ns_plant_unit_group(w->plant, unit);
	gs = touch(w, group);
	TRY(meet_unit(w, unit, gs, group));
	lose(w, gs, 1);
	return NS_OK;
}

static NsResult
hit_lane(Walk *w, const NsLane *lane)
{
	const NsPlant *plant = w->plant;
	const NsDuctUnits *duct = plant->duct;
	const NsSpanUnits *span = &plant->span[lane->span];
	int32_t		own = span->unit;

	if (lane->duct >= 0)
	{
		int32_t		outermost = lane->duct;

		while (duct[outermost].parent >= 0)
			outermost = duct[outermost].parent;
		if (duct[outermost].bank >= 0)
			own = duct[outermost].bank;
	}
	TRY(hit(w, own));
	for (int32_t i = span[0].start; i < span[1].start; i++)
		TRY(hit(w, plant->span_list[i]));
	for (int32_t d = lane->duct; d >= 0; d = duct[d].parent)
		TRY(hit(w, duct[d].unit));
	return NS_OK;
}

static inline void
fetch_group(const Walk *w, int32_t unit)
{
	if (unit >= 0 && unit < w->plant->ngroups)
		__builtin_prefetch(&w->at[unit], 1);
}

/*
 * What a lane's units and their groups are lies all over the memory, so that a
 * walk would wait for each.  Ask for all of it before it is needed.
 */
static void
fetch_lanes(const Walk *w, const NsLane *lane, int32_t n)
{
	const NsPlant *plant = w->plant;

	for (int32_t k = 0; k < n; k++)
	{
		__builtin_prefetch(&plant->span[lane[k].span]);
		if (lane[k].duct >= 0)
			__builtin_prefetch(&plant->duct[lane[k].duct]);
	}
	for (int32_t k = 0; k < n; k++)
	{
		const NsSpanUnits *span = &plant->span[lane[k].span];

		__builtin_prefetch(&plant->span_list[span->start]);
		fetch_group(w, span->unit);
		if (lane[k].duct >= 0)
		{
			const NsDuctUnits *duct = &plant->duct[lane[k].duct];

			fetch_group(w, duct->unit);
			if (duct->parent >= 0)
				__builtin_prefetch(&plant->duct[duct->parent]);
		}
	}
	for (int32_t k = 0; k < n; k++)
	{
		const NsSpanUnits *span = &plant->span[lane[k].span];

		for (int32_t i = span[0].start; i < span[1].start && i < span[0].start + 4; i++)
			fetch_group(w, plant->span_list[i]);
		if (lane[k].duct >= 0 && plant->duct[lane[k].duct].parent >= 0)
			fetch_group(w, plant->duct[plant->duct[lane[k].duct].parent].unit);
	}
}

static NsResult
hit_node(Walk *w, int32_t node)
{
	for (; node >= 0; node = w->x->node_support[node])
	{
		int32_t		place = w->riding->node_place[node];

		if (ns_risk_stopped(w->x))
			return NS_INTERRUPTED;
		if (place < 0)
			continue;
		for (int32_t i = w->plant->place_start[place];
			 i < w->plant->place_start[place + 1]; i++)
			TRY(hit(w, w->plant->place_list[i]));
	}
	return NS_OK;
}

/* What the link itself rides in, and the places of its ends. */
static NsResult
hit_own(Walk *w, int32_t link)
{
	const NsRiding *riding = w->riding;

	for (int32_t i = riding->ride_start[link]; i < riding->ride_start[link + 1]; i++)
	{
		const NsRide *ride = &riding->ride[i];

		if (ride->cable >= 0)
			TRY(hit(w, w->plant->cable_unit[ride->cable]));
		for (int32_t k = 0; k < ride->nlanes; k++)
		{
			int32_t		left = ride->nlanes - k;

			if (k % FETCH_LANES == 0)
				fetch_lanes(w, &riding->lane[ride->lane + k],
							left < FETCH_LANES ? left : FETCH_LANES);
			if (ns_risk_stopped(w->x))
				return NS_INTERRUPTED;
			TRY(hit_lane(w, &riding->lane[ride->lane + k]));
		}
	}
	TRY(hit_node(w, w->x->link_node[2 * link]));
	return hit_node(w, w->x->link_node[2 * link + 1]);
}

static NsResult
meet_kept(Walk *w, const Kept *kept)
{
	for (size_t i = 0; i < kept->nunits; i++)
	{
		int32_t		group = ns_plant_unit_group(w->plant, kept->unit[i]);

		if (ns_risk_stopped(w->x))
			return NS_INTERRUPTED;
		TRY(meet_unit(w, kept->unit[i], touch(w, group), group));
	}
	for (size_t i = 0; i < kept->nshares; i++)
		lose(w, touch(w, kept->share[i].group), kept->share[i].share);
	return NS_OK;
}

static NsResult
push(Walk *w, size_t *n, int32_t link)
{
	if (w->link_member[link] == w->member)
		return NS_OK;
	w->link_member[link] = w->member;
	NEED(w->stack = ns_grow_array(w->x->env, w->stack, &w->stack_room, *n + 1,
								  sizeof(int32_t)));
	w->stack[(*n)++] = link;
	return NS_OK;
}

/* All that hits these supporting links, [begin, end) of the index. */
static NsResult
walk_beneath(Walk *w, int32_t begin, int32_t end)
{
	const NsRiskIndex *x = w->x;
	size_t		n = 0;

	/* In this order the first of them is met first. */
	for (int32_t i = end; i > begin; i--)
		TRY(push(w, &n, x->support_link[i - 1]));
	while (n > 0)
	{
		int32_t		link = w->stack[--n];

		if (ns_risk_stopped(w->x))
			return NS_INTERRUPTED;
		if (!w->plain[link])
		{
			TRY(meet_kept(w, &w->kept[link]));
			continue;
		}
		TRY(hit_own(w, link));
		for (int32_t i = x->support_start[link + 1]; i > x->support_start[link]; i--)
			TRY(push(w, &n, x->support_link[i - 1]));
	}
	return NS_OK;
}

/* All that hits a link: touched and unit are its groups and units. */
static NsResult
walk_link(Walk *w, const NsRiskBundle *b)
{
	const NsRiskIndex *x = w->x;

	walk_start(w);
	TRY(hit_own(w, b->link));
	for (int32_t i = x->support_start[b->link]; i < x->support_start[b->link + 1];)
	{
		NsRiskBundleMember m = ns_risk_member_at(x, b, i);

		w->own = false;
		w->c = m.c;
		w->member++;
		TRY(walk_beneath(w, m.begin, m.end));
		i = m.end;
	}
	return NS_OK;
}

static double
share_of(const NsRiskBundle *b, const GroupState *gs)
{
	if (gs->lost == ALL_LOST)
		return 1;
	return 1 - ns_risk_part_kept(b, b->sum - gs->lost);
}

static NsResult
keep_link(Walk *w, const NsRiskBundle *b)
{
	NsEnv	   *env = w->x->env;
	Kept	   *kept = &w->kept[b->link];

	NEED(kept->unit = ns_alloc_array(env, w->nunits, sizeof(int32_t)));
	memcpy(kept->unit, w->unit, w->nunits * sizeof(int32_t));
	kept->nunits = w->nunits;
	NEED(kept->share = ns_alloc_array(env, (size_t) w->ntouched, sizeof(GroupShare)));
	for (int32_t i = 0; i < w->ntouched; i++)
	{
		double		share = share_of(b, &w->touched[i]);

		if (share > 0)
			kept->share[kept->nshares++] = (GroupShare) {w->touched[i].group, share};
	}
	return NS_OK;
}

static NsResult
put_rows(Walk *w, NsPlantMembers *out, int32_t at, const NsRiskBundle *b)
{
	size_t		n = (size_t) w->ntouched;
	NsGroupMember *row;

	if (out->n + n > NS_RISK_MAX_ROWS)
		return NS_TOO_LARGE;
	NEED(out->row = ns_grow_array(w->x->env, out->row, &out->room,
								  out->n + n + 1,
								  sizeof(NsGroupMember)));
	out->start[at] = out->n;
	out->count[at] = n;
	row = out->row + out->n;
	for (size_t i = 0; i < n; i++)
	{
		const GroupState *gs = &w->touched[i];

		row[i].group = gs->group;
		row[i].share = b == NULL ? 1 : (float) share_of(b, gs);
		row[i].probability = (float) (gs->probability < 1 ? gs->probability : 1);
	}
	out->n += n;
	if (!w->x->in->want_units)
		return NS_OK;
	NEED(out->unit = ns_grow_array(w->x->env, out->unit, &out->unit_room,
								   out->nunits + w->nunits + 1, sizeof(int32_t)));
	out->unit_start[at] = out->nunits;
	out->unit_count[at] = w->nunits;
	memcpy(out->unit + out->nunits, w->unit, w->nunits * sizeof(int32_t));
	out->nunits += w->nunits;
	return NS_OK;
}

static NsResult
put_begin(NsRiskIndex *x, NsPlantMembers *out, size_t n)
{
	memset(out, 0, sizeof(*out));
	NEED(out->start = ns_alloc_zero(x->env, n, sizeof(size_t)));
	NEED(out->count = ns_alloc_zero(x->env, n, sizeof(size_t)));
	NEED(out->unit_start = ns_alloc_zero(x->env, n, sizeof(size_t)));
	NEED(out->unit_count = ns_alloc_zero(x->env, n, sizeof(size_t)));
	return NS_OK;
}

/* Whatever hits something beneath it takes all of it? */
static bool
is_plain(const Walk *w, const NsRiskBundle *b)
{
	const NsRiskIndex *x = w->x;
	int32_t		start = x->support_start[b->link];
	int32_t		stop = x->support_start[b->link + 1];

	if (start == stop)
		return true;
	if (!(b->divisor > 0) ||
		x->support_member[start] != x->support_member[stop - 1])
		return false;
	for (int32_t i = start; i < stop; i++)
		if (!w->plain[x->support_link[i]])
			return false;
	return true;
}

/*
 * Room for the rows of all own links, by what the first of them took: growing
 * step by step would touch twice the memory.
 */
static NsResult
reserve_rows(NsRiskIndex *x, NsPlantMembers *out, size_t ndone)
{
	size_t		need = (size_t) ((double) out->n * (double) x->in->nown /
								 (double) ndone * 1.1) + 1;

	if (ndone != SAMPLE_LINKS || need > NS_RISK_MAX_ROWS || need <= out->room)
		return NS_OK;
	NEED(out->row = ns_grow_array(x->env, out->row, &out->room, need,
								  sizeof(NsGroupMember)));
	return NS_OK;
}

NsResult
ns_risk_plant_links(NsRiskIndex *x, NsPlantMembers *out)
{
	const NsRiskInput *in = x->in;
	size_t		ndone = 0;
	Walk		w;

	TRY(put_begin(x, out, in->nlinks));
	TRY(walk_begin(&w, x));
	for (size_t i = 0; i < in->nlinks; i++)
	{
		int32_t		link = x->order[i];
		NsRiskBundle b = ns_risk_bundle_of(x, link);
		bool		own = (size_t) link < in->nown;
		bool		keep;

		if (ns_risk_stopped(x))
			return NS_INTERRUPTED;
		w.plain[link] = is_plain(&w, &b);
		keep = !w.plain[link] && x->rider_start[link] < x->rider_start[link + 1];
		if (!own && !keep)
			continue;
		TRY(walk_link(&w, &b));
		if (keep)
			TRY(keep_link(&w, &b));
		if (own)
		{
			TRY(put_rows(&w, out, link, &b));
			TRY(reserve_rows(x, out, ++ndone));
		}
	}
	return NS_OK;
}

NsResult
ns_risk_plant_nodes(NsRiskIndex *x, NsPlantMembers *out)
{
	Walk		w;

	TRY(put_begin(x, out, x->in->nnodes));
	TRY(walk_begin(&w, x));
	for (size_t i = 0; i < x->in->nnodes; i++)
	{
		walk_start(&w);
		TRY(hit_node(&w, (int32_t) i));
		TRY(put_rows(&w, out, (int32_t) i, NULL));
	}
	return NS_OK;
}

bool
ns_risk_place_up(const NsRiskIndex *x, int32_t node)
{
	const NsRiding *riding = x->in->riding;
	const NsPlantRows *rows;
	int32_t		place;

	if (riding == NULL || (place = riding->node_place[node]) < 0)
		return true;
	rows = riding->plant->rows;
	return rows->place[place].structure < 0 ||
		rows->structure[rows->place[place].structure].operational;
}

NsResult
ns_risk_plant_up(NsRiskIndex *x, bool **link_up)
{
	const NsRiding *riding = x->in->riding;
	const NsPlant *plant = riding->plant;
	bool	   *up = ns_alloc_array(x->env, x->in->nlinks, sizeof(bool));

	NEED(up);
	for (size_t i = 0; i < x->in->nlinks; i++)
	{
		up[i] = true;
		for (int32_t k = riding->ride_start[i]; k < riding->ride_start[i + 1]; k++)
		{
			const NsRide *ride = &riding->ride[k];

			if (ride->cable >= 0)
				up[i] = up[i] && plant->rows->cable[ride->cable].operational;
			for (int32_t l = 0; l < ride->nlanes && up[i]; l++)
			{
				if (ns_risk_stopped(x))
					return NS_INTERRUPTED;
				up[i] = plant->span_up[riding->lane[ride->lane + l].span];
			}
		}
	}
	*link_up = up;
	return NS_OK;
}
