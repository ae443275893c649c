/*-------------------------------------------------------------------------
 *
 * risk.h
 *	  Derivation of risk and of carried capacity, bottom up: a link belongs to
 *	  the shared risk link groups of all that it rides on.
 *
 * One rule for both.  Members of a link are parallel; the links of one member
 * are in series.  A member counts with c, the least of its supporting links'
 * capacity and the link's own (where any of these is unknown, for any member,
 * every member of that link counts 1), and keeps the least of what its
 * supporting links keep.  Then
 *
 *	   kept = least(1, sum(c * kept) / least(capacity, sum(c)))
 *
 * where an unknown capacity, or members that count 1, leave sum(c) as the
 * divisor; a divisor of 0 keeps 1.  A link with nothing beneath it keeps 1.
 * A capacity above 1e290 counts as 1e290, so that no sum is infinite.
 *
 *	share(link, group)	 1 - kept, when all that the group's event can hit is
 *						 hit; the greater of this and what is configured for
 *						 the link itself; 1 where it hits what the link itself
 *						 rides in (plant.h)
 *	carried(link)		 kept, when all that is not in service is hit; 0 where
 *						 a node beneath one of its ends is not in service, or a
 *						 cable, span or structure that the link itself rides in
 *						 is not operational.  The link's own status and its own
 *						 two nodes do not count.  No more than what drains leave
 *						 of the link itself: 1 - drained
 *
 * A node that an event takes down takes down the nodes that ride on it
 * (supporting_node_id) and all links at them: those links are members of the
 * group with share 1.
 *
 * probability(link, group): the event reaches the link through units: the
 * configured memberships, the nodes taken down, and those of the plant.  Units are hit
 * independently, so it is 1 - product of (1 - p) over the *distinct* units
 * beneath the link, its own included; never a product of derived memberships.
 * A unit beneath whose share at the link is 0 still counts.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_RISK_H
#define NS_RISK_H

#include "group_list.h"
#include "plant.h"

typedef struct NsRiskNode
{
	int64_t		id;
	int64_t		supporting_node_id; /* 0: none */
	bool		in_service;
} NsRiskNode;

typedef struct NsRiskLink
{
	int64_t		id;
	int64_t		a_node_id;
	int64_t		z_node_id;
	double		capacity_gbps;	/* NaN: unknown */
	bool		in_service;		/* its own status */
	double		drained;		/* part of it that drains take, 0 .. 1: they take
								 * it, one of its nodes or what it rides in */
} NsRiskLink;

typedef struct NsRiskSupport
{
	int64_t		link_id;
	int32_t		member;
	int64_t		supporting_link_id;
} NsRiskSupport;

typedef struct NsRiskMember		/* configured or learned */
{
	int64_t		srlg_id;
	int64_t		link_id;
	double		share;
	double		probability;
} NsRiskMember;

typedef struct NsRiskSrlgNode
{
	int64_t		srlg_id;
	int64_t		node_id;
	double		probability;
} NsRiskSrlgNode;

/*
 * The links asked about with everything beneath them, in any order.  Supports
 * are acyclic and name links that are present; nodes of all links, and all
 * nodes beneath those, are present.
 */
typedef struct NsRiskInput
{
	const NsRiskNode *node;
	size_t		nnodes;
	const NsRiskLink *link;
	size_t		nlinks;
	const NsRiskSupport *support;
	size_t		nsupports;
	const NsRiskMember *member;
	size_t		nmembers;
	const NsRiskSrlgNode *srlg_node;
	size_t		nsrlg_nodes;

	const NsRiding *riding;		/* what rides in the plant, or NULL */
	size_t		nown;			/* links, the first ones, whose memberships in
								 * groups of the plant are asked for */
	bool		want_units;		/* and their units */
} NsRiskInput;

typedef struct NsDerivedMembership
{
	int64_t		srlg_id;
	float		share;
	float		probability;
} NsDerivedMembership;

typedef struct NsRiskResult
{
	/* all by position in NsRiskInput.link */
	double	   *carried;		/* 0 .. 1 */
	bool	   *up;				/* in service, both nodes and all beneath them
								 * too, and carried > 0: is it in the graph? */
	size_t	   *start;			/* nlinks + 1: memberships of link i are ... */
	NsDerivedMembership *membership;	/* ... [start[i], start[i + 1]), by
										 * srlg_id */
	NsGroupLists plant;			/* those in groups of the plant, of the first
								 * nown links; by no order */
	size_t	   *unit_start;		/* nown + 1, if asked for: its units of the
								 * plant are ... */
	int32_t    *unit;			/* ... [unit_start[i], unit_start[i + 1]) */

	/* by position in NsRiskInput.node */
	bool	   *node_up;		/* it and all beneath it in service */

	/* groups that take down a node, derived upward too: configured ones by
	 * (srlg_id, node_id), then those of the plant; probability by units */
	NsRiskSrlgNode *srlg_node;
	size_t		nsrlg_nodes;
} NsRiskResult;

/*
 * NS_BAD_INPUT: a reference to what is not present, a cycle, an id or a row
 * twice, a share, probability or drained part outside 0 .. 1, a capacity below
 * 0 or infinite.
 */
extern NsResult ns_risk_derive(NsEnv *env, const NsRiskInput *in,
							   NsRiskResult *result);

#endif							/* NS_RISK_H */
