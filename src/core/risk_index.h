/*-------------------------------------------------------------------------
 *
 * risk_index.h
 *	  Private to risk*.c: the input of a derivation as arrays by position.
 *
 * A position is an index in NsRiskInput.node or .link.  A unit is a configured
 * membership or a node taken down.  Units are numbered by (group, kind, element
 * id), groups by id: the units of one group lie together, and no number depends
 * on the order of the input.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_RISK_INDEX_H
#define NS_RISK_INDEX_H

#include "id_map.h"
#include "risk.h"

#define NS_RISK_MAX_ROWS	((size_t) 1 << 30)
#define NS_RISK_TICK		4096	/* elements between interrupt checks */

typedef struct NsRiskKey		/* a row as sorted */
{
	int64_t		a;
	int64_t		b;
	int64_t		c;
	int32_t		pos;
} NsRiskKey;

typedef struct NsRiskIndex
{
	NsEnv	   *env;
	const NsRiskInput *in;
	size_t		ticks;

	NsIdMap		node_map;		/* positions by id */
	NsIdMap		link_map;
	int32_t    *node_support;	/* position, or -1 */
	int32_t    *link_node;		/* positions of A and Z of each link */

	int32_t    *support_start;	/* by link: its rows of support_* */
	int32_t    *support_link;	/* by (link, member, supporting link id) */
	int32_t    *support_member;
	int32_t    *rider_start;	/* by link: the links that ride on it */
	int32_t    *rider;
	int32_t    *order;			/* links, supporting ones first */

	int32_t		nunits;
	int32_t		ngroups;
	int64_t    *group_id;
	int32_t    *unit_group;
	double	   *unit_probability;
	double	   *unit_share;
	int32_t    *link_unit_start;	/* by link: its own units, ascending */
	int32_t    *link_unit;
	int32_t    *node_unit_start;
	int32_t    *node_unit;
} NsRiskIndex;

/* Once per element of any loop that can be long: is the caller to stop? */
static inline bool
ns_risk_stopped(NsRiskIndex *x)
{
	if (++x->ticks < NS_RISK_TICK)
		return false;
	x->ticks = 0;
	return x->env->interrupted(x->env->state);
}

/* Stable sort by (a, b, c); *key may be a new array afterwards. */
extern NsResult ns_risk_sort(NsRiskIndex *x, NsRiskKey **key, size_t n);

/* Fill all arrays; env and in are set.  Errors as ns_risk_derive(). */
extern NsResult ns_risk_index(NsRiskIndex *x);

#endif							/* NS_RISK_INDEX_H */
