/*-------------------------------------------------------------------------
 *
 * net.h
 *	  Random networks for the tests, with costs known exactly.
 *
 * Elements are numbered in the order of their ids, so a number here is the
 * number in the graph built from it; rows are handed over in random order.
 *
 * exact[] holds each cost as an integer in a unit that belongs to the network,
 * so that the oracle compares sums without rounding; where a cost has no such
 * integer (exact is false), sums that are nearly equal cannot be told apart.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NET_H
#define NET_H

#include "graph.h"
#include "unit.h"

typedef __int128 NetCost;

typedef struct NetLink
{
	int32_t		a;
	int32_t		z;
	bool		directed;
	bool		up;
	double		cost[NS_STORED_COSTS];
	NetCost		exact[NS_STORED_COSTS];
} NetLink;

typedef struct NetMember
{
	int32_t		group;
	int32_t		link;
	float		share;
	float		probability;
} NetMember;

typedef struct NetDown			/* a node that a group takes down */
{
	int32_t		group;
	int32_t		node;
	float		probability;
} NetDown;

typedef struct Net
{
	int32_t		nnodes;
	int32_t		nlinks;
	int32_t		ngroups;
	int32_t		nmembers;
	int32_t		ndowns;
	int64_t    *node_id;		/* ascending */
	int64_t    *link_id;
	int64_t    *group_id;
	char	  **name;
	NetLink    *link;
	NetMember  *member;			/* by (group, link), no two alike */
	NetDown    *down;
	bool		exact[NS_STORED_COSTS]; /* is the order of sums certain? */
} Net;

/* What a random network is to be like; at most 4096 links. */
typedef struct NetShape
{
	int			nodes;
	int			links;
	int			groups;
	double		directed;		/* part of the links */
	double		down;			/* part of the links that is not up */
	double		members;		/* of a group, on average */
	double		downs;			/* of a group, on average */
	bool		partial;		/* shares and probabilities other than 1 */
	bool		local;			/* links join near nodes, groups near links */
} NetShape;

/* Families of costs: ties, zeros, decimals, irrationals, extremes. */
#define NET_COST_FAMILIES 12

extern void net_random(UnitEnv *u, const NetShape *shape, Net *net);

/* Draw all costs of one kind from one family. */
extern void net_costs(Net *net, NsCostKind kind, int family);

/* Cost of a link in exact units; 1 for hops. */
extern NetCost net_cost(const Net *net, NsCostKind kind, int32_t link);

/* Rows in random order; or in order when shuffled is false. */
extern void net_input(UnitEnv *u, const Net *net, bool shuffled,
					  NsGraphInput *input);

/* A block of these rows, and a view of it. */
extern NsResult net_build(UnitEnv *u, const NsGraphInput *input, NsGraph **g);

/* The graph, from memory of the environment's own region. */
extern NsResult net_graph(UnitEnv *u, const Net *net, NsGraph **g);

/* Print the network, to show a failing case. */
extern void net_print(const Net *net, NsCostKind kind);

#endif							/* NET_H */
