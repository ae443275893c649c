/*-------------------------------------------------------------------------
 *
 * graph_build.h
 *	  What the files that build a block share.
 *
 *	  graph_build.c			numbers everything, lays the block out, fills it in
 *	  graph_build_group.c	fills in groups
 *	  graph_build_listed.c	memberships that come as lists
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_BUILD_H
#define NS_GRAPH_BUILD_H

#include "graph.h"

#define TICK_MASK		65535	/* cheap steps between interrupt checks */

/* Every so many steps: does anyone want this to stop? */
#define TICK(env, i) \
	do { \
		if (((i) & TICK_MASK) == TICK_MASK && (env)->interrupted((env)->state)) \
			return NS_INTERRUPTED; \
	} while (0)

/* An element is in a group. */
typedef struct NsGroupRow
{
	int32_t		element;		/* link or node number */
	int32_t		srlg;			/* in the order of arrival, later of ids */
	float		share;
	float		probability;
} NsGroupRow;

/*
 * Memberships that come as lists.  They count where the link is up and the
 * share above 0.
 */
typedef struct NsListed
{
	const NsGraphInput *in;
	const int32_t *link_order;	/* input positions by number; NULL: the same */
	int32_t    *link_rows;		/* by input position: how many count */
	int32_t    *group_rows;		/* by group of the lists, likewise */
	int32_t    *order;			/* groups that have any, by id */
	int32_t		ngroups;		/* so many */
	int32_t		nrows;			/* 0: there are none, nor any array here */
	int32_t    *number;			/* by group: the one that it gets */
} NsListed;

/* At most so many count. */
extern size_t ns_listed_rows(const NsGraphInput *in);

/* From in to all but number, which gets room. */
extern NsResult ns_listed_count(NsEnv *env, NsListed *listed);

/* A writable array of the block under construction. */
static inline void *
ns_block_at(NsGraphBlock *g, uint64_t offset)
{
	return (char *) g + offset;
}

/* Counts of 0 .. n - 1, each in the place after its own, become starts. */
extern NsResult ns_counts_to_starts(NsEnv *env, int32_t *start, int32_t n,
									int32_t **next);

/*
 * Fill in all that the block says of groups: their ids, which links and nodes
 * they have and which these are in, and their twins.  Rows, with those of the
 * lists, are as many as the block has room for, in any order.  NS_BAD_INPUT: a row is there twice.
 */
extern NsResult ns_block_fill_groups(NsEnv *env, NsGraphBlock *g,
									 const int64_t *srlg_id,
									 NsGroupRow *member, const NsListed *listed,
									 NsGroupRow *down);

#endif							/* NS_GRAPH_BUILD_H */
