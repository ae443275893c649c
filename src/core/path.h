/*-------------------------------------------------------------------------
 *
 * path.h
 *	  Path questions on a graph: shortest, k shortest, disjoint, obstacles.
 *
 * Order of answers: the smaller cost, then fewer links, then the smaller
 * sequence of link ids from the source.  Costs are added in 64-bit fixed point
 * (weight.h), so equal sums are equal whatever the order of addition.
 *
 * All results lie in the environment's region.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_PATH_H
#define NS_PATH_H

#include "graph.h"

typedef struct NsIdList
{
	const int64_t *id;			/* any order, duplicates and ids that are not
								 * in the graph do no harm */
	size_t		n;
} NsIdList;

typedef struct NsPathQuery
{
	int32_t		src;			/* node number */
	int32_t		dst;
	NsCostKind	cost;
	NsIdList	avoid_links;
	NsIdList	avoid_srlgs;	/* no link of these groups is used */
} NsPathQuery;

typedef struct NsPath
{
	double		cost;			/* sum of the links' costs, in path order */
	int32_t		nlinks;
	int32_t    *link;			/* nlinks link numbers from src to dst */
	int32_t    *node;			/* nlinks + 1 node numbers */
	int64_t		steps;			/* set by ns_shortest_path alone */
} NsPath;

/*
 * The cheapest path.  *found is false when there is none.  src = dst: the
 * empty path, cost 0.  NS_MISSING_COST: see ns_missing_cost.
 *
 * Landmarks of the view (landmark.h) make it faster on a large graph, and never
 * change the answer.  path->steps says how many nodes were settled, whether a
 * path was found or not: landmarks are worth building once calls without them
 * have settled ns_landmarks_price() nodes.
 */
extern NsResult ns_shortest_path(NsEnv *env, const NsGraph *g,
								 const NsPathQuery *query,
								 bool *found, NsPath *path);

/*
 * The k cheapest loopless paths, in order; *npaths is less than k only when
 * no more exist.  Parallel links make different paths.
 */
extern NsResult ns_k_shortest_paths(NsEnv *env, const NsGraph *g,
									const NsPathQuery *query, int32_t k,
									NsPath **paths, int32_t *npaths);

/* ---- disjoint paths ---- */

#define NS_MAX_DISJOINT 64		/* the largest k */

typedef struct NsDisjointQuery
{
	NsPathQuery path;			/* src and dst differ */
	int32_t		k;				/* 1 .. NS_MAX_DISJOINT */
	bool		node;			/* inner nodes count as shared risk ... */
	bool		srlg;			/* ... and so do groups; links always do */
	bool		strict;
	NsIdList	ignore_srlgs;
	double		min_probability;	/* memberships below do not count */
	double		min_share;
	int64_t		budget;			/* search steps (nodes settled), > 0 */
} NsDisjointQuery;

typedef enum NsDisjointStatus
{
	NS_DISJOINT_FOUND,			/* paths are set */
	NS_DISJOINT_NONE,			/* proven: no such set exists */
	NS_DISJOINT_UNKNOWN			/* budget reached, none found, none excluded */
} NsDisjointStatus;

typedef struct NsDisjointPath
{
	NsPath		path;
	int32_t		nshared_srlgs;	/* what at least one other path uses too, asked
								 * for or not: */
	int32_t    *shared_srlg;	/* groups that count, in the order of ids */
	int32_t		nshared_nodes;
	int32_t    *shared_node;	/* inner nodes, in path order */
	int32_t		nshared_links;
	int32_t    *shared_link;	/* in path order */
} NsDisjointPath;

typedef struct NsDisjointResult
{
	NsDisjointStatus status;
	bool		optimal;		/* proven, to 1e-9 of the total cost */
	double		lower_bound;	/* proven, of the total cost */
	int32_t		npaths;			/* k, or 0 */
	NsDisjointPath *path;		/* in order of cost */
	int64_t		steps;			/* search steps spent */
	int64_t		branches;		/* nodes of the search tree expanded */
} NsDisjointResult;

/*
 * k paths that share no risk, of least total cost (strict); or that share the
 * fewest groups, then nodes, then links of those kinds that were asked for,
 * and among these of least total cost (not strict; the paths may coincide).
 *
 * Groups that take down the source or the destination do not count, nor do the
 * two ends as nodes.
 */
extern NsResult ns_disjoint_paths(NsEnv *env, const NsGraph *g,
								  const NsDisjointQuery *query,
								  NsDisjointResult *result);

typedef enum NsObstacleKind
{
	NS_OBSTACLE_SRLG,
	NS_OBSTACLE_NODE,
	NS_OBSTACLE_LINK
} NsObstacleKind;

typedef struct NsObstacle
{
	NsObstacleKind kind;
	int32_t		number;			/* of the group, node or link */
} NsObstacle;

/*
 * All risks (of the kinds asked for; links always) each of which alone
 * separates src from dst: in order of kind, then id.  None where no path
 * exists at all.  k, strict and budget of the query are not read.
 */
extern NsResult ns_disjoint_obstacles(NsEnv *env, const NsGraph *g,
									  const NsDisjointQuery *query,
									  NsObstacle **obstacles,
									  int32_t *nobstacles);

#endif							/* NS_PATH_H */
