/*-------------------------------------------------------------------------
 *
 * oracle.h
 *	  The path questions of path.h answered by enumeration, straight from their
 *	  definitions and from the network as drawn: no graph block, no search.
 *
 * For networks of at most 16 nodes, 32 links and 64 groups.
 *
 *-------------------------------------------------------------------------
 */
#ifndef ORACLE_H
#define ORACLE_H

#include "net.h"
#include "path.h"

#define ORACLE_NODES	16

typedef struct OraclePath
{
	NetCost		cost;
	int32_t		nlinks;
	int32_t		link[ORACLE_NODES];
	uint32_t	links;			/* as bits */
	uint32_t	nodes;			/* inner ones */
	uint64_t	groups;			/* those that count, see oracle_count */
} OraclePath;

typedef struct OraclePaths
{
	OraclePath *path;			/* all loopless ones, in the order of path.h */
	int32_t		n;
	size_t		room;
} OraclePaths;

typedef struct OracleSet		/* what path.h asks to be least, in this order */
{
	bool		found;
	int			shared_groups;	/* 0 unless asked for */
	int			shared_nodes;
	int			shared_links;
	NetCost		cost;
	int			nlinks;
	int32_t		path[3];		/* positions in OraclePaths, ascending */
} OracleSet;

extern void oracle_paths(UnitEnv *u, const Net *net, const NsPathQuery *query,
						 OraclePaths *paths);

/* Which groups of each path count for this question (OraclePath.groups). */
extern void oracle_count(const Net *net, const NsDisjointQuery *query,
						 OraclePaths *paths);

/* The best set of query->k <= 3 paths; oracle_count() was called. */
extern void oracle_disjoint(const NsDisjointQuery *query,
							const OraclePaths *paths, OracleSet *best);

/* The set of these paths (positions, ascending), whether it is good or not. */
extern void oracle_evaluate(const NsDisjointQuery *query,
							const OraclePaths *paths, const int32_t *chosen,
							OracleSet *set);

/* Which of two sets comes first (< 0)? */
extern int	oracle_compare(const OraclePaths *paths, const OracleSet *x,
						   const OracleSet *y, int k);

/* Position of the path of these links, or -1. */
extern int32_t oracle_find(const OraclePaths *paths, const int32_t *link,
						   int32_t nlinks);

/* Obstacles as bits; *groups, *nodes and *links. */
typedef struct OracleObstacles
{
	uint64_t	groups;
	uint32_t	nodes;
	uint32_t	links;
} OracleObstacles;

extern OracleObstacles oracle_obstacles(const Net *net,
										const NsDisjointQuery *query,
										const OraclePaths *paths);

#endif							/* ORACLE_H */
