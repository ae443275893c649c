/*-------------------------------------------------------------------------
 *
 * plant.h
 *	  The plant as a derivation of risk sees it: which groups and units each
 *	  span, duct, cable and place belongs to, by the rules that are in force.
 *
 * A *unit* is what an event of a group hits or spares as a whole; a group has
 * one unit or several.  Units are numbered 0 .. nunits - 1: the first ngroups
 * of them are each group's first unit, so that the common group of one unit
 * needs no look-up, and the others follow.
 *
 * A derived group has the id ns_risk_id() makes of its kind and element:
 * negative, and the same as long as the element exists.
 *
 * A *lane* is what one segment of a cable runs in: a span, and a duct of it or
 * none.  The units of a lane are, in this order of reading: the span's own unit
 * or that of its bank's outermost duct; the span's others; the ducts' from the
 * innermost out.
 *
 * All memory is the region's.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_PLANT_H
#define NS_PLANT_H

#include "env.h"

/* ---- ids of derived groups ---- */

typedef enum NsRiskCode			/* never renumber: ids are made of them */
{
	NS_RISK_SPAN = 1,
	NS_RISK_DUCT,
	NS_RISK_CABLE,
	NS_RISK_STRUCTURE,
	NS_RISK_SITE,
	NS_RISK_POWER_FEED,
	NS_RISK_CORRIDOR,
	NS_RISK_CORRIDOR_SIDE,
	NS_RISK_CROSSING,
	NS_RISK_PROXIMITY,
	NS_RISK_HAZARD_AREA,
	NS_RISK_NCODES
} NsRiskCode;

#define NS_RISK_ELEMENT_BITS	59
#define NS_SPAN_ID_BITS			29
#define NS_STRETCH_BITS			24
#define NS_SIDE_BITS			2

static inline int64_t
ns_risk_id(NsRiskCode code, int64_t element)
{
	return -(int64_t) (((uint64_t) code << NS_RISK_ELEMENT_BITS) |
					   (uint64_t) element);
}

/* The parts of a derived group's id, which is below 0. */
static inline NsRiskCode
ns_risk_code(int64_t id)
{
	return (NsRiskCode) ((0 - (uint64_t) id) >> NS_RISK_ELEMENT_BITS);
}

static inline int64_t
ns_risk_element(int64_t id)
{
	return (int64_t) ((0 - (uint64_t) id) &
					  ((UINT64_C(1) << NS_RISK_ELEMENT_BITS) - 1));
}

static inline int64_t
ns_span_pair_id(int64_t a, int64_t b)
{
	return (a << NS_SPAN_ID_BITS) | b;
}

/* Of one stretch of a corridor; side 0 stands for all of it. */
static inline int64_t
ns_stretch_id(int64_t corridor, int64_t stretch, int side)
{
	return (((corridor << NS_STRETCH_BITS) | stretch) << NS_SIDE_BITS) | side;
}

/* ---- rules ---- */

typedef enum NsRiskRuleKind
{
	NS_RULE_SPAN,
	NS_RULE_DUCT_BANK,
	NS_RULE_DUCT,
	NS_RULE_CABLE,
	NS_RULE_STRUCTURE,
	NS_RULE_PASSAGE_OVER,
	NS_RULE_PASSAGE_UNDER,
	NS_RULE_PASSAGE_THROUGH,
	NS_RULE_SITE,
	NS_RULE_POWER_FEED,
	NS_RULE_POWER_FEED_BACKED,	/* the site draws on another, too */
	NS_RULE_CORRIDOR,
	NS_RULE_CORRIDOR_SIDE,
	NS_RULE_CROSSING,
	NS_RULE_PROXIMITY,
	NS_RULE_HAZARD_AREA,
	NS_NRULES
} NsRiskRuleKind;

typedef struct NsRiskRule
{
	bool		enabled;
	double		probability;	/* 0 .. 1, of a unit, given the event */
	double		distance_m;
	double		min_length_m;
} NsRiskRule;

/* ---- what a plant is built from ---- */

/* References are positions in the other arrays; -1 is none. */

typedef struct NsPlantSite
{
	int64_t		id;
} NsPlantSite;

typedef struct NsPlantFeed		/* a site draws on it */
{
	int64_t		id;
	int32_t		site;
} NsPlantFeed;

typedef struct NsPlantStructure
{
	int64_t		id;
	int32_t		site;
	bool		operational;
} NsPlantStructure;

typedef struct NsPlantSpan
{
	int64_t		id;
	int32_t		a;				/* structures */
	int32_t		z;
	uint8_t		side;			/* of its corridor: 1 left, 2 right, 3 median */
	bool		encased;
	bool		operational;	/* the span itself */
} NsPlantSpan;

typedef struct NsPlantDuct
{
	int64_t		id;
	int32_t		parent;			/* in the same span */
	int32_t		span;
} NsPlantDuct;

typedef struct NsPlantCable
{
	int64_t		id;
	bool		operational;
} NsPlantCable;

typedef enum NsPassage
{
	NS_PASSAGE_OVER,
	NS_PASSAGE_UNDER,
	NS_PASSAGE_THROUGH
} NsPassage;

typedef struct NsPlantPassage	/* a span over, under or through a structure */
{
	int32_t		span;
	int32_t		structure;
	NsPassage	passage;
} NsPlantPassage;

typedef struct NsPlantStretch	/* where a span runs along its corridor */
{
	int64_t		corridor_id;
	int32_t		span;
	int32_t		first;			/* stretches of the rule's length, from 0 */
	int32_t		last;
	int32_t		first_side;		/* by the length of the rule for sides */
	int32_t		last_side;
} NsPlantStretch;

typedef struct NsPlantPair		/* either span may be -1: not among those read */
{
	int64_t		id;				/* ns_span_pair_id() */
	int32_t		span[2];
	bool		crosses;
	bool		near;			/* by the rule in force */
} NsPlantPair;

typedef struct NsPlantHazard	/* a span touches it, or a node is in it */
{
	int64_t		area_id;
	int32_t		span;			/* -1: a node */
	int64_t		node_id;
} NsPlantHazard;

typedef struct NsLane
{
	int32_t		span;			/* -1: nothing rides in this lane */
	int32_t		duct;			/* -1: none */
} NsLane;

typedef struct NsPlantPlace		/* of a node */
{
	int64_t		node_id;
	int32_t		structure;
	int32_t		site;			/* its own, else its structure's */
	bool		passive;		/* needs no power */
} NsPlantPlace;

/* Any order; each element once, pairs and feeds of a site too. */
typedef struct NsPlantRows
{
	NsRiskRule	rule[NS_NRULES];
	const NsPlantSite *site;
	size_t		nsites;
	const NsPlantFeed *feed;
	size_t		nfeeds;
	const NsPlantStructure *structure;
	size_t		nstructures;
	const NsPlantSpan *span;
	size_t		nspans;
	const NsPlantDuct *duct;
	size_t		nducts;
	const NsPlantCable *cable;
	size_t		ncables;
	const NsPlantPassage *passage;
	size_t		npassages;
	const NsPlantStretch *stretch;
	size_t		nstretches;
	const NsPlantPair *pair;
	size_t		npairs;
	const NsPlantHazard *hazard;
	size_t		nhazards;
	const NsPlantPlace *place;
	size_t		nplaces;

	/*
	 * All that links ride in.  Where there is any, spans and ducts that none is
	 * in have no group, and groups are numbered along the lanes: a walk finds
	 * its groups close together.
	 */
	const NsLane *lane;
	size_t		nlanes;
} NsPlantRows;

/* ---- the plant ---- */

typedef struct NsSpanUnits
{
	int32_t		unit;			/* of the span itself */
	int32_t		start;			/* its others are span_list[start .. ], up to
								 * where those of the next span start */
} NsSpanUnits;

typedef struct NsDuctUnits
{
	int32_t		parent;			/* as in its row: what a walk needs is together */
	int32_t		unit;
	int32_t		bank;			/* of an outermost duct of an encased span */
} NsDuctUnits;

typedef struct NsPlant
{
	const NsPlantRows *rows;

	int32_t		ngroups;
	int64_t    *group_id;
	int32_t		nunits;
	int32_t    *unit_group;		/* of unit ngroups + i at [i] */
	double	   *unit_probability;	/* of all units */

	/* by position; a unit is -1 where no rule makes one */
	bool	   *ridden;			/* is a lane in the span? */
	NsSpanUnits *span;			/* nspans + 1 */
	int32_t    *span_list;		/* units other than its own, each once */
	NsDuctUnits *duct;
	int32_t    *cable_unit;
	int32_t    *place_start;	/* nplaces + 1: units at a node's place */
	int32_t    *place_list;
	bool	   *span_up;		/* it and both its structures operational */
} NsPlant;

static inline int32_t
ns_plant_unit_group(const NsPlant *plant, int32_t unit)
{
	return unit < plant->ngroups ? unit : plant->unit_group[unit - plant->ngroups];
}

/*
 * Find groups and units.  rows has to outlive the plant.  NS_BAD_INPUT where a
 * reference leads nowhere, ducts form a circle or an id does not fit into that
 * of a group.
 */
extern NsResult ns_plant_build(NsEnv *env, const NsPlantRows *rows,
							   NsPlant *plant);

/* ---- what rides in it ---- */

typedef struct NsRide			/* a link over consecutive segments of a cable */
{
	int32_t		cable;			/* -1: none, what rides is the lanes themselves */
	int32_t		lane;			/* the first, of all lanes */
	int32_t		nlanes;
} NsRide;

/*
 * All that rides: lanes in any number of runs, and for each link of a
 * derivation, by position, its rides.
 */
typedef struct NsRiding
{
	const NsPlant *plant;
	const NsLane *lane;
	size_t		nlanes;
	const NsRide *ride;
	const int32_t *ride_start;	/* by link, one more than there are */
	const int32_t *node_place;	/* by node of the derivation: place, or -1 */
} NsRiding;

#endif							/* NS_PLANT_H */
