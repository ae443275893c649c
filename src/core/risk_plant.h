/*-------------------------------------------------------------------------
 *
 * risk_plant.h
 *	  Private to risk*.c: memberships in the groups of the plant.
 *
 * These groups have many more units than configured ones, and a link beneath
 * another has hundreds.  So no sets are kept and merged: a link's groups are
 * found by walking all that it rides on.  Only a link that may keep a part of
 * its capacity (one with parallel members) and that others ride on is worked
 * out once and kept.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_RISK_PLANT_H
#define NS_RISK_PLANT_H

#include "risk_index.h"

typedef struct NsPlantMembers	/* of the own links or nodes, one after another */
{
	NsGroupMember *row;
	size_t		n;
	size_t		room;
	size_t	   *start;			/* by position: rows of link i are ... */
	size_t	   *count;			/* ... [start[i], start[i] + count[i]) */

	int32_t    *unit;			/* distinct units, if asked for, likewise */
	size_t		nunits;
	size_t		unit_room;
	size_t	   *unit_start;
	size_t	   *unit_count;
} NsPlantMembers;

/* Which links have all of the plant beneath their own rides operational? */
extern NsResult ns_risk_plant_up(NsRiskIndex *x, bool **link_up);

/* Is the place of a node operational, as far as it is known? */
extern bool ns_risk_place_up(const NsRiskIndex *x, int32_t node);

/* Memberships of the first nown links; of all nodes, with share 1. */
extern NsResult ns_risk_plant_links(NsRiskIndex *x, NsPlantMembers *out);
extern NsResult ns_risk_plant_nodes(NsRiskIndex *x, NsPlantMembers *out);

#endif							/* NS_RISK_PLANT_H */
