/*-------------------------------------------------------------------------
 *
 * plant.c
 *	  From rows of the plant and the rules in force to groups and units.
 *
 * Groups first, kind by kind, so that each one's number is its first unit's.
 * Then the other units, and which units each span and place has: gathered as
 * pairs in the order of the rows, and put into lists by counting.
 *
 * Time and memory O(rows), plus one for each stretch that a span runs along.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "id_map.h"
#include "plant.h"

#define TICK			4096
#define MAX_ROWS		((size_t) 1 << 28)
#define MAX_STRETCH		((int32_t) 1 << NS_STRETCH_BITS)

typedef struct ElementUnit
{
	int32_t		element;
	int32_t		unit;
} ElementUnit;

typedef struct UnitList			/* grows */
{
	ElementUnit *pair;
	size_t		n;
	size_t		room;
} UnitList;

typedef struct Build
{
	NsEnv	   *env;
	const NsPlantRows *rows;
	NsPlant    *plant;
	size_t		ticks;

	size_t		group_room;
	size_t		probability_room;
	size_t		unit_room;

	/* groups by position, or -1 */
	bool		any_structure;	/* is a rule in force that makes one? */
	int32_t    *structure_group;
	int32_t    *site_group;
	int32_t    *crossing_group;
	int32_t    *proximity_group;
	int32_t    *feed_group;		/* by row of feed */
	NsIdMap		other;			/* by id: feeds, stretches, hazard areas */
	int32_t    *other_group;
	size_t		other_room;

	bool	   *first_taken;	/* by group: is its first unit somebody's? */
	NsIdMap		shared;			/* units with a key of their own, by key */
	int32_t    *shared_unit;
	size_t		shared_room;

	UnitList	of_span;
	UnitList	of_place;
	int32_t    *feed_unit;		/* by row of feed */
	int32_t    *nfeeds;			/* by site */
} Build;

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

static inline bool
stopped(Build *b)
{
	if (++b->ticks < TICK)
		return false;
	b->ticks = 0;
	return b->env->interrupted(b->env->state);
}

static bool
in_force(const Build *b, NsRiskRuleKind kind)
{
	return b->rows->rule[kind].enabled;
}

static double
probability(const Build *b, NsRiskRuleKind kind)
{
	return b->rows->rule[kind].probability;
}

/* ---- groups ---- */

static NsResult
new_group(Build *b, NsRiskCode code, int64_t element, int32_t *group)
{
	NsPlant    *plant = b->plant;
	size_t		n = (size_t) plant->ngroups;

	if (element < 0 || element >= INT64_C(1) << NS_RISK_ELEMENT_BITS)
		return NS_BAD_INPUT;
	if (stopped(b))
		return NS_INTERRUPTED;
	NEED(plant->group_id = ns_grow_array(b->env, plant->group_id,
										 &b->group_room, n + 1, sizeof(int64_t)));
	plant->group_id[n] = ns_risk_id(code, element);
	*group = (int32_t) n;
	plant->ngroups++;
	return NS_OK;
}

/* The group of an element that several rows name. */
static NsResult
other_group(Build *b, NsRiskCode code, int64_t element, int32_t *group)
{
	int64_t		id = ns_risk_id(code, element);
	int32_t		number = ns_id_map_find(&b->other, id);

	if (number < 0)
	{
		TRY(new_group(b, code, element, group));
		TRY(ns_id_map_place(b->env, &b->other, id, &number));
		NEED(b->other_group = ns_grow_array(b->env, b->other_group,
											&b->other_room, (size_t) number + 1,
											sizeof(int32_t)));
		b->other_group[number] = *group;
	}
	*group = b->other_group[number];
	return NS_OK;
}

static int32_t *
no_groups(Build *b, size_t n)
{
	int32_t    *group = ns_alloc_array(b->env, n, sizeof(int32_t));

	for (size_t i = 0; group != NULL && i < n; i++)
		group[i] = -1;
	return group;
}

static NsResult
begin_groups(Build *b)
{
	const NsPlantRows *rows = b->rows;
	NsPlant    *plant = b->plant;

	NEED(plant->ridden = ns_alloc_zero(b->env, rows->nspans, sizeof(bool)));
	NEED(plant->span = ns_alloc_array(b->env, rows->nspans + 1, sizeof(NsSpanUnits)));
	NEED(plant->duct = ns_alloc_array(b->env, rows->nducts, sizeof(NsDuctUnits)));
	for (size_t i = 0; i <= rows->nspans; i++)
		plant->span[i] = (NsSpanUnits) {-1, 0};
	for (size_t i = 0; i < rows->nducts; i++)
		plant->duct[i] = (NsDuctUnits) {rows->duct[i].parent, -1, -1};
	NEED(plant->cable_unit = no_groups(b, rows->ncables));
	NEED(b->structure_group = no_groups(b, rows->nstructures));
	b->any_structure = in_force(b, NS_RULE_STRUCTURE) ||
		in_force(b, NS_RULE_PASSAGE_OVER) ||
		in_force(b, NS_RULE_PASSAGE_UNDER) ||
		in_force(b, NS_RULE_PASSAGE_THROUGH);
	return NS_OK;
}

static NsResult
structure_group(Build *b, int32_t structure)
{
	if (structure < 0 || (size_t) structure >= b->rows->nstructures)
		return NS_BAD_INPUT;
	if (!b->any_structure || b->structure_group[structure] >= 0)
		return NS_OK;
	return new_group(b, NS_RISK_STRUCTURE, b->rows->structure[structure].id,
					 &b->structure_group[structure]);
}

static NsResult
span_groups(Build *b, int32_t span)
{
	const NsPlantSpan *row = &b->rows->span[span];

	b->plant->ridden[span] = true;
	if (in_force(b, row->encased ? NS_RULE_DUCT_BANK : NS_RULE_SPAN))
		TRY(new_group(b, NS_RISK_SPAN, row->id, &b->plant->span[span].unit));
	TRY(structure_group(b, row->a));
	return structure_group(b, row->z);
}

/* Of a duct and of those around it. */
static NsResult
duct_groups(Build *b, int32_t duct)
{
	const NsPlantRows *rows = b->rows;
	NsDuctUnits *units = b->plant->duct;

	for (; duct >= 0 && in_force(b, NS_RULE_DUCT); duct = rows->duct[duct].parent)
	{
		if ((size_t) duct >= rows->nducts)
			return NS_BAD_INPUT;
		if (units[duct].unit >= 0)
			break;
		TRY(new_group(b, NS_RISK_DUCT, rows->duct[duct].id, &units[duct].unit));
	}
	return NS_OK;
}

static NsResult
groups_along_lanes(Build *b)
{
	const NsPlantRows *rows = b->rows;

	for (size_t i = 0; i < rows->nlanes; i++)
	{
		const NsLane *lane = &rows->lane[i];

		if (stopped(b))
			return NS_INTERRUPTED;
		if (lane->span < 0)
			continue;
		if ((size_t) lane->span >= rows->nspans)
			return NS_BAD_INPUT;
		if (!b->plant->ridden[lane->span])
			TRY(span_groups(b, lane->span));
		TRY(duct_groups(b, lane->duct));
	}
	return NS_OK;
}

static NsResult
span_and_duct_groups(Build *b)
{
	const NsPlantRows *rows = b->rows;
	NsPlant    *plant = b->plant;

	TRY(groups_along_lanes(b));
	for (size_t i = 0; i < rows->nspans && rows->nlanes == 0; i++)
		TRY(span_groups(b, (int32_t) i));
	for (size_t i = 0; i < rows->nducts && rows->nlanes == 0; i++)
		TRY(duct_groups(b, (int32_t) i));
	for (size_t i = 0; i < rows->ncables && in_force(b, NS_RULE_CABLE); i++)
		TRY(new_group(b, NS_RISK_CABLE, rows->cable[i].id, &plant->cable_unit[i]));
	return NS_OK;
}

static NsResult
place_groups(Build *b)
{
	const NsPlantRows *rows = b->rows;

	NEED(b->site_group = no_groups(b, rows->nsites));
	NEED(b->feed_group = no_groups(b, rows->nfeeds));
	NEED(b->nfeeds = ns_alloc_zero(b->env, rows->nsites, sizeof(int32_t)));
	for (size_t i = 0; i < rows->nstructures; i++)
		TRY(structure_group(b, (int32_t) i));
	for (size_t i = 0; i < rows->nsites && in_force(b, NS_RULE_SITE); i++)
		TRY(new_group(b, NS_RISK_SITE, rows->site[i].id, &b->site_group[i]));
	for (size_t i = 0; i < rows->nfeeds; i++)
	{
		if (rows->feed[i].site < 0 || (size_t) rows->feed[i].site >= rows->nsites)
			return NS_BAD_INPUT;
		b->nfeeds[rows->feed[i].site]++;
	}
	for (size_t i = 0; i < rows->nfeeds; i++)
		if (in_force(b, b->nfeeds[rows->feed[i].site] > 1
					 ? NS_RULE_POWER_FEED_BACKED : NS_RULE_POWER_FEED))
			TRY(other_group(b, NS_RISK_POWER_FEED, rows->feed[i].id,
							&b->feed_group[i]));
	return NS_OK;
}

static NsResult
pair_groups(Build *b)
{
	const NsPlantRows *rows = b->rows;

	NEED(b->crossing_group = no_groups(b, rows->npairs));
	NEED(b->proximity_group = no_groups(b, rows->npairs));
	for (size_t i = 0; i < rows->npairs; i++)
	{
		const NsPlantPair *pair = &rows->pair[i];

		if (pair->crosses && in_force(b, NS_RULE_CROSSING))
			TRY(new_group(b, NS_RISK_CROSSING, pair->id, &b->crossing_group[i]));
		if (pair->near && in_force(b, NS_RULE_PROXIMITY))
			TRY(new_group(b, NS_RISK_PROXIMITY, pair->id, &b->proximity_group[i]));
	}
	return NS_OK;
}

static NsResult
stretch_groups(Build *b)
{
	const NsPlantRows *rows = b->rows;
	int32_t		group;

	for (size_t i = 0; i < rows->nstretches; i++)
	{
		const NsPlantStretch *s = &rows->stretch[i];
		uint8_t		side;

		if (s->span < 0 || (size_t) s->span >= rows->nspans ||
			s->first < 0 || s->last >= MAX_STRETCH ||
			s->first_side < 0 || s->last_side >= MAX_STRETCH)
			return NS_BAD_INPUT;
		side = rows->span[s->span].side;
		for (int32_t k = s->first; k <= s->last && in_force(b, NS_RULE_CORRIDOR); k++)
			TRY(other_group(b, NS_RISK_CORRIDOR,
							ns_stretch_id(s->corridor_id, k, 0), &group));
		for (int32_t k = s->first_side;
			 k <= s->last_side && side > 0 && in_force(b, NS_RULE_CORRIDOR_SIDE); k++)
			TRY(other_group(b, NS_RISK_CORRIDOR_SIDE,
							ns_stretch_id(s->corridor_id, k, side), &group));
	}
	for (size_t i = 0; i < rows->nhazards && in_force(b, NS_RULE_HAZARD_AREA); i++)
		TRY(other_group(b, NS_RISK_HAZARD_AREA, rows->hazard[i].area_id, &group));
	return NS_OK;
}

/* ---- units ---- */

/* A unit of its own, with the probability of a rule. */
static NsResult
new_unit(Build *b, int32_t group, NsRiskRuleKind kind, int32_t *unit)
{
	NsPlant    *plant = b->plant;
	size_t		extra = (size_t) (plant->nunits - plant->ngroups);

	if (stopped(b))
		return NS_INTERRUPTED;
	if (!b->first_taken[group])
	{
		b->first_taken[group] = true;
		plant->unit_probability[group] = probability(b, kind);
		*unit = group;
		return NS_OK;
	}
	NEED(plant->unit_group = ns_grow_array(b->env, plant->unit_group,
										   &b->unit_room, extra + 1,
										   sizeof(int32_t)));
	NEED(plant->unit_probability = ns_grow_array(b->env, plant->unit_probability,
												 &b->probability_room,
												 (size_t) plant->nunits + 1,
												 sizeof(double)));
	plant->unit_group[extra] = group;
	plant->unit_probability[plant->nunits] = probability(b, kind);
	*unit = plant->nunits++;
	return NS_OK;
}

/* The unit that all have who name this part (0 .. 3) of the group. */
static NsResult
shared_unit(Build *b, int32_t group, int part, NsRiskRuleKind kind, int32_t *unit)
{
	int64_t		key = ((int64_t) group << 2) | part;
	int32_t		number = ns_id_map_find(&b->shared, key);

	if (number < 0)
	{
		TRY(new_unit(b, group, kind, unit));
		TRY(ns_id_map_place(b->env, &b->shared, key, &number));
		NEED(b->shared_unit = ns_grow_array(b->env, b->shared_unit,
											&b->shared_room, (size_t) number + 1,
											sizeof(int32_t)));
		b->shared_unit[number] = *unit;
	}
	*unit = b->shared_unit[number];
	return NS_OK;
}

static NsResult
add_unit(Build *b, UnitList *list, int32_t element, int32_t unit)
{
	NEED(list->pair = ns_grow_array(b->env, list->pair, &list->room,
									list->n + 1, sizeof(ElementUnit)));
	list->pair[list->n++] = (ElementUnit) {element, unit};
	return NS_OK;
}

static NsResult
begin_units(Build *b)
{
	NsPlant    *plant = b->plant;

	plant->nunits = plant->ngroups;
	NEED(b->first_taken = ns_alloc_zero(b->env, (size_t) plant->ngroups,
										sizeof(bool)));
	NEED(plant->unit_probability = ns_grow_array(b->env, NULL,
												 &b->probability_room,
												 (size_t) plant->ngroups + 1,
												 sizeof(double)));
	return NS_OK;
}

/* A span has one for itself; a bank another for each outermost duct. */
static NsResult
span_and_duct_units(Build *b)
{
	const NsPlantRows *rows = b->rows;
	NsPlant    *plant = b->plant;

	for (size_t i = 0; i < rows->nspans; i++)
		if (plant->span[i].unit >= 0)
			TRY(new_unit(b, plant->span[i].unit, rows->span[i].encased
						 ? NS_RULE_DUCT_BANK : NS_RULE_SPAN, &plant->span[i].unit));
	for (size_t i = 0; i < rows->ncables; i++)
		if (plant->cable_unit[i] >= 0)
			TRY(new_unit(b, plant->cable_unit[i], NS_RULE_CABLE,
						 &plant->cable_unit[i]));
	for (size_t i = 0; i < rows->nducts; i++)
	{
		const NsPlantDuct *duct = &rows->duct[i];

		if (duct->span < 0 || (size_t) duct->span >= rows->nspans ||
			duct->parent < -1 || duct->parent >= (int64_t) rows->nducts)
			return NS_BAD_INPUT;
		if (plant->duct[i].unit >= 0)
			TRY(new_unit(b, plant->duct[i].unit, NS_RULE_DUCT,
						 &plant->duct[i].unit));
		if (duct->parent < 0 && rows->span[duct->span].encased &&
			plant->span[duct->span].unit >= 0)
			TRY(new_unit(b, plant->span[duct->span].unit, NS_RULE_DUCT_BANK,
						 &plant->duct[i].bank));
	}
	return NS_OK;
}

/* Units of structures, sites and feeds; none for a group not in force. */
static NsResult
place_units(Build *b, int32_t *structure_unit, int32_t *site_unit)
{
	const NsPlantRows *rows = b->rows;

	for (size_t i = 0; i < rows->nstructures; i++)
	{
		structure_unit[i] = -1;
		if (b->structure_group[i] >= 0 && in_force(b, NS_RULE_STRUCTURE))
			TRY(new_unit(b, b->structure_group[i], NS_RULE_STRUCTURE,
						 &structure_unit[i]));
	}
	for (size_t i = 0; i < rows->nsites; i++)
	{
		site_unit[i] = -1;
		if (b->site_group[i] >= 0)
			TRY(new_unit(b, b->site_group[i], NS_RULE_SITE, &site_unit[i]));
	}
	NEED(b->feed_unit = no_groups(b, rows->nfeeds));
	for (size_t i = 0; i < rows->nfeeds; i++)
		if (b->feed_group[i] >= 0)
			TRY(new_unit(b, b->feed_group[i],
						 b->nfeeds[rows->feed[i].site] > 1
						 ? NS_RULE_POWER_FEED_BACKED : NS_RULE_POWER_FEED,
						 &b->feed_unit[i]));
	return NS_OK;
}

static NsResult
spans_at_places(Build *b, const int32_t *structure_unit, const int32_t *site_unit)
{
	static const NsRiskRuleKind passage_rule[] = {
		[NS_PASSAGE_OVER] = NS_RULE_PASSAGE_OVER,
		[NS_PASSAGE_UNDER] = NS_RULE_PASSAGE_UNDER,
		[NS_PASSAGE_THROUGH] = NS_RULE_PASSAGE_THROUGH,
	};
	const NsPlantRows *rows = b->rows;

	for (size_t i = 0; i < rows->nspans; i++)
	{
		int32_t		end[2] = {rows->span[i].a, rows->span[i].z};
		int32_t		site[2];

		if (stopped(b))
			return NS_INTERRUPTED;
		for (int k = 0; k < 2 && b->plant->ridden[i]; k++)
		{
			if (end[k] < 0 || (size_t) end[k] >= rows->nstructures)
				return NS_BAD_INPUT;
			site[k] = rows->structure[end[k]].site;
			if (site[k] < -1 || site[k] >= (int64_t) rows->nsites)
				return NS_BAD_INPUT;
			if (structure_unit[end[k]] >= 0)
				TRY(add_unit(b, &b->of_span, (int32_t) i, structure_unit[end[k]]));
			if (site[k] >= 0 && site_unit[site[k]] >= 0 &&
				(k == 0 || site[0] != site[1]))
				TRY(add_unit(b, &b->of_span, (int32_t) i, site_unit[site[k]]));
		}
	}
	for (size_t i = 0; i < rows->npassages; i++)
	{
		const NsPlantPassage *p = &rows->passage[i];
		int32_t		unit;

		if (p->span < 0 || (size_t) p->span >= rows->nspans ||
			p->structure < 0 || (size_t) p->structure >= rows->nstructures)
			return NS_BAD_INPUT;
		if (!in_force(b, passage_rule[p->passage]))
			continue;
		TRY(shared_unit(b, b->structure_group[p->structure], p->passage,
						passage_rule[p->passage], &unit));
		TRY(add_unit(b, &b->of_span, p->span, unit));
	}
	return NS_OK;
}

static NsResult
spans_in_pairs(Build *b)
{
	for (size_t i = 0; i < b->rows->npairs; i++)
	{
		const NsPlantPair *pair = &b->rows->pair[i];

		for (int k = 0; k < 2; k++)
		{
			int32_t		span = pair->span[k];
			int32_t		unit;

			if (span < 0)
				continue;
			if ((size_t) span >= b->rows->nspans)
				return NS_BAD_INPUT;
			if (b->crossing_group[i] >= 0)
			{
				TRY(new_unit(b, b->crossing_group[i], NS_RULE_CROSSING, &unit));
				TRY(add_unit(b, &b->of_span, span, unit));
			}
			if (b->proximity_group[i] >= 0)
			{
				TRY(new_unit(b, b->proximity_group[i], NS_RULE_PROXIMITY, &unit));
				TRY(add_unit(b, &b->of_span, span, unit));
			}
		}
	}
	return NS_OK;
}

static NsResult
spans_in_stretches(Build *b)
{
	const NsPlantRows *rows = b->rows;
	int32_t		group;
	int32_t		unit;

	for (size_t i = 0; i < rows->nstretches; i++)
	{
		const NsPlantStretch *s = &rows->stretch[i];
		uint8_t		side = rows->span[s->span].side;

		for (int32_t k = s->first; k <= s->last && in_force(b, NS_RULE_CORRIDOR); k++)
		{
			TRY(other_group(b, NS_RISK_CORRIDOR,
							ns_stretch_id(s->corridor_id, k, 0), &group));
			TRY(shared_unit(b, group, side & 3, NS_RULE_CORRIDOR, &unit));
			TRY(add_unit(b, &b->of_span, s->span, unit));
		}
		for (int32_t k = s->first_side;
			 k <= s->last_side && side > 0 && in_force(b, NS_RULE_CORRIDOR_SIDE); k++)
		{
			TRY(other_group(b, NS_RISK_CORRIDOR_SIDE,
							ns_stretch_id(s->corridor_id, k, side), &group));
			TRY(shared_unit(b, group, side & 3, NS_RULE_CORRIDOR_SIDE, &unit));
			TRY(add_unit(b, &b->of_span, s->span, unit));
		}
	}
	return NS_OK;
}

static NsResult
units_in_hazards(Build *b, const NsIdMap *place_map)
{
	const NsPlantRows *rows = b->rows;

	for (size_t i = 0; i < rows->nhazards && in_force(b, NS_RULE_HAZARD_AREA); i++)
	{
		const NsPlantHazard *h = &rows->hazard[i];
		int32_t		place = h->span >= 0 ? -1 : ns_id_map_find(place_map, h->node_id);
		int32_t		group;
		int32_t		unit;

		if (h->span >= (int64_t) rows->nspans || (h->span < 0 && place < 0))
			return NS_BAD_INPUT;
		TRY(other_group(b, NS_RISK_HAZARD_AREA, h->area_id, &group));
		TRY(new_unit(b, group, NS_RULE_HAZARD_AREA, &unit));
		if (h->span >= 0)
			TRY(add_unit(b, &b->of_span, h->span, unit));
		else
			TRY(add_unit(b, &b->of_place, place, unit));
	}
	return NS_OK;
}

static NsResult
units_of_places(Build *b, const int32_t *structure_unit, const int32_t *site_unit)
{
	const NsPlantRows *rows = b->rows;
	int32_t    *start = ns_alloc_zero(b->env, rows->nsites + 1, sizeof(int32_t));
	int32_t    *feed = ns_alloc_array(b->env, rows->nfeeds, sizeof(int32_t));

	NEED(start);
	NEED(feed);
	for (size_t i = 0; i < rows->nfeeds; i++)
		start[rows->feed[i].site + 1]++;
	for (size_t i = 0; i < rows->nsites; i++)
		start[i + 1] += start[i];
	for (size_t i = rows->nfeeds; i > 0; i--)
	{
		int32_t		site = rows->feed[i - 1].site;

		feed[start[site] + --b->nfeeds[site]] = b->feed_unit[i - 1];
	}
	for (size_t i = 0; i < rows->nplaces; i++)
	{
		const NsPlantPlace *p = &rows->place[i];

		if (stopped(b))
			return NS_INTERRUPTED;
		if (p->structure >= (int64_t) rows->nstructures ||
			p->site >= (int64_t) rows->nsites)
			return NS_BAD_INPUT;
		if (p->structure >= 0 && structure_unit[p->structure] >= 0)
			TRY(add_unit(b, &b->of_place, (int32_t) i, structure_unit[p->structure]));
		if (p->site < 0)
			continue;
		if (site_unit[p->site] >= 0)
			TRY(add_unit(b, &b->of_place, (int32_t) i, site_unit[p->site]));
		for (int32_t k = start[p->site]; k < start[p->site + 1] && !p->passive; k++)
			if (feed[k] >= 0)
				TRY(add_unit(b, &b->of_place, (int32_t) i, feed[k]));
	}
	return NS_OK;
}

/* Pairs to lists by element, in the order in which they came. */
static NsResult
lists(Build *b, const UnitList *from, size_t n, int32_t **start, int32_t **list)
{
	int32_t    *s = ns_alloc_zero(b->env, n + 1, sizeof(int32_t));
	int32_t    *fill = ns_alloc_array(b->env, n, sizeof(int32_t));
	int32_t    *unit = ns_alloc_array(b->env, from->n, sizeof(int32_t));

	NEED(s);
	NEED(fill);
	NEED(unit);
	if (from->n > (size_t) INT32_MAX)
		return NS_TOO_LARGE;
	for (size_t i = 0; i < from->n; i++)
		s[from->pair[i].element + 1]++;
	for (size_t i = 0; i < n; i++)
	{
		s[i + 1] += s[i];
		fill[i] = s[i];
	}
	for (size_t i = 0; i < from->n; i++)
	{
		if (stopped(b))
			return NS_INTERRUPTED;
		unit[fill[from->pair[i].element]++] = from->pair[i].unit;
	}
	*start = s;
	*list = unit;
	return NS_OK;
}

static NsResult
check_ducts(Build *b)
{
	const NsPlantRows *rows = b->rows;

	/* The walk out of a duct is as long as there are ducts, at most. */
	for (size_t i = 0; i < rows->nducts; i++)
	{
		size_t		depth = 0;

		for (int32_t d = rows->duct[i].parent; d >= 0; d = rows->duct[d].parent)
		{
			if (stopped(b))
				return NS_INTERRUPTED;
			if (++depth > rows->nducts || rows->duct[d].span != rows->duct[i].span)
				return NS_BAD_INPUT;
		}
	}
	return NS_OK;
}

static NsResult
all_units(Build *b)
{
	const NsPlantRows *rows = b->rows;
	NsPlant    *plant = b->plant;
	int32_t    *structure_unit = ns_alloc_array(b->env, rows->nstructures,
												sizeof(int32_t));
	int32_t    *site_unit = ns_alloc_array(b->env, rows->nsites, sizeof(int32_t));
	NsIdMap		place_map = {0};
	int32_t    *span_start;

	NEED(structure_unit);
	NEED(site_unit);
	if (rows->nplaces > 0)
		TRY(ns_id_map_make(b->env, &place_map, &rows->place[0].node_id,
						   rows->nplaces, sizeof(NsPlantPlace)));
	TRY(begin_units(b));
	TRY(span_and_duct_units(b));
	TRY(check_ducts(b));
	TRY(place_units(b, structure_unit, site_unit));
	TRY(spans_at_places(b, structure_unit, site_unit));
	TRY(spans_in_pairs(b));
	TRY(spans_in_stretches(b));
	TRY(units_in_hazards(b, &place_map));
	TRY(units_of_places(b, structure_unit, site_unit));
	TRY(lists(b, &b->of_span, rows->nspans, &span_start, &plant->span_list));
	for (size_t i = 0; i <= rows->nspans; i++)
		plant->span[i].start = span_start[i];
	return lists(b, &b->of_place, rows->nplaces, &plant->place_start,
				 &plant->place_list);
}

static NsResult
spans_up(Build *b)
{
	const NsPlantRows *rows = b->rows;
	bool	   *up = ns_alloc_array(b->env, rows->nspans, sizeof(bool));

	NEED(up);
	for (size_t i = 0; i < rows->nspans; i++)
	{
		const NsPlantSpan *span = &rows->span[i];

		if (stopped(b))
			return NS_INTERRUPTED;
		up[i] = b->plant->ridden[i] && span->operational &&
			rows->structure[span->a].operational &&
			rows->structure[span->z].operational;
	}
	b->plant->span_up = up;
	return NS_OK;
}

NsResult
ns_plant_build(NsEnv *env, const NsPlantRows *rows, NsPlant *plant)
{
	Build		b = {.env = env, .rows = rows, .plant = plant};

	memset(plant, 0, sizeof(*plant));
	plant->rows = rows;
	if (rows->nspans > MAX_ROWS || rows->nducts > MAX_ROWS ||
		rows->nstructures > MAX_ROWS || rows->npairs > MAX_ROWS ||
		rows->nplaces > MAX_ROWS)
		return NS_TOO_LARGE;
	TRY(begin_groups(&b));
	TRY(span_and_duct_groups(&b));
	TRY(place_groups(&b));
	TRY(pair_groups(&b));
	TRY(stretch_groups(&b));
	TRY(all_units(&b));
	return spans_up(&b);
}
