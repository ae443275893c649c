/*-------------------------------------------------------------------------
 *
 * diversity.h
 *	  What two links share that are to stay disjoint.
 *
 * With S(x) = link x and all links beneath it, two links a and b share
 *
 *	 link	a link that is in S(a) and in S(b)
 *	 node	a node that is an inner node of both.  Inner nodes of x: those at the
 *			links in S(x) and all nodes beneath these, without x's own ends: its
 *			two nodes and all nodes beneath these
 *	 srlg	a group of both by the one derivation (risk.h), of which a share above
 *			0 is lost and the group's thresholds are reached on both sides; but not
 *			one that takes down an end of a and an end of b, with a probability
 *			above 0 that reaches min_probability: what does, leaves neither
 *
 * Links always count, nodes and groups where the rule asks for them.  What is
 * shared is an *element*: the link, the node, the stated group, or what a derived
 * group follows from, so that all stretches of one corridor are one element.  A
 * rule's waiver takes its element out of the count.  More elements than
 * max_shared are a violation.
 *
 * This is the one place where that is decided, for COMMIT, functions and views.
 * All memory is the region's.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_DIVERSITY_H
#define NS_DIVERSITY_H

#include "id_map.h"
#include "risk.h"

typedef enum NsElementKind	/* in the order in which they are told */
{
	NS_ELEMENT_LINK,
	NS_ELEMENT_NODE,
	NS_ELEMENT_SRLG,			/* a stated group */
	NS_ELEMENT_SPAN,
	NS_ELEMENT_SPAN_PAIR,
	NS_ELEMENT_DUCT,
	NS_ELEMENT_CABLE,
	NS_ELEMENT_STRUCTURE,
	NS_ELEMENT_SITE,
	NS_ELEMENT_CORRIDOR,
	NS_ELEMENT_POWER_FEED,
	NS_ELEMENT_HAZARD_AREA,
	NS_NELEMENTS
} NsElementKind;

/* The element that a group stands for, and its id. */
extern NsElementKind ns_srlg_element(int64_t srlg_id, int64_t *element_id);

typedef struct NsElement
{
	NsElementKind kind;
	int64_t		id;
} NsElement;

typedef struct NsDiversityRule	/* of a group of links */
{
	bool		node;
	bool		srlg;
	double		min_probability;
	double		min_share;
	int32_t		max_shared;
	const NsElement *waived;	/* in force, in any order */
	size_t		nwaived;
} NsDiversityRule;

typedef struct NsShared			/* one link, node or group */
{
	NsElement	element;
	int64_t		srlg_id;		/* 0: a link or node */
	float		share[2];		/* of a and of b; 1 of a link or node */
	float		probability[2];
	int32_t		waiver;			/* its place in waived; -1: it counts */
} NsShared;

/* All fields private. */
typedef struct NsDiversity
{
	NsEnv	   *env;
	const NsRiskInput *in;
	const NsRiskResult *risk;
	size_t		ticks;

	NsIdMap		link_map;		/* positions by id */
	NsIdMap		node_map;
	int32_t    *support_start;	/* by link: positions of what it rides on */
	int32_t    *support;
	int32_t    *node_below;		/* by node: position of what it rides on, or -1 */
	size_t	   *end_start;		/* by node: what takes it down */
	NsRiskSrlgNode *end;
	NsIdMap		stated_map;		/* numbers of stated groups, after the plant's */

	int32_t    *stamp;			/* by link, by node: seen in this walk */
	int32_t    *node_stamp;
	int32_t		walk;

	/* of each own link once asked for, one after another */
	size_t	   *beneath_start;	/* SIZE_MAX: not asked for yet */
	size_t	   *beneath_count;
	int32_t    *beneath;
	size_t		nbeneath;
	size_t		beneath_room;
	size_t	   *inner_start;
	size_t	   *inner_count;
	int32_t    *inner;
	size_t		ninner;
	size_t		inner_room;

	/* of the link that was the first of a pair last */
	int32_t		marked;			/* -1: none */
	int32_t    *group_mark;		/* by group: 1 + its row, if of this link */
	int32_t    *group_of;		/* numbers of groups marked */
	size_t		ngroups_marked;
	size_t		group_room;

	NsShared   *shared;			/* of the pair asked for last */
	size_t		nshared;
	size_t		shared_room;
} NsDiversity;

/*
 * Begin with a derivation; in and risk have to outlive it, and risk is as
 * ns_risk_derive() left it.
 */
extern NsResult ns_diversity_make(NsEnv *env, const NsRiskInput *in,
								  const NsRiskResult *risk, NsDiversity *d);

/*
 * What own links a and b, by position, share: *shared in the order of kind,
 * element and group, good until the next call; *counting how many different
 * elements of it count.
 */
extern NsResult ns_diversity_shared(NsDiversity *d, int32_t a, int32_t b,
									const NsDiversityRule *rule,
									const NsShared **shared, size_t *nshared,
									size_t *counting);

#endif							/* NS_DIVERSITY_H */
