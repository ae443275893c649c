/*-------------------------------------------------------------------------
 *
 * diversity_say.h
 *	  What members of disjoint groups share, in words.
 *
 * Names are told only of tables that the caller may read and whose rows
 * row-level security does not hide from it; ids always are.  So whoever commits
 * a violation learns what it is about, and nothing else.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_DIVERSITY_SAY_H
#define NS_DIVERSITY_SAY_H

#include "diversity_load.h"

/* So many elements are named of one group; the rest is counted. */
#define DIVERSE_SAID 10

/* All fields private. */
typedef struct DiverseSay
{
	NsEnv	   *env;
	Oid			caller;
	struct SaidGroup *group;
	size_t		ngroups;
	size_t		group_room;
	struct SaidPair *pair;
	size_t		npairs;
	size_t		pair_room;
	NsElement  *element;		/* of pairs, one after another */
	size_t		nelements;
	size_t		element_room;
	struct SaidNames *names;	/* by kind of element, once looked up */
} DiverseSay;

typedef struct DiverseSaid
{
	const DiverseGroup *group;
	const char *message;
	const char *detail;
	const char *hint;
} DiverseSaid;

typedef void (*DiverseSaidFn) (const DiverseSaid *said, void *state);

extern void diversity_say_begin(DiverseSay *say, NsEnv *env, Oid caller);

/*
 * Note a pair: the elements that count, or those that are waived.  Pairs of one
 * group follow each other, and the group outlives this.
 */
extern void diversity_say_pair(DiverseSay *say, const DiverseGroup *group,
							   const DiversePair *pair, bool waived);

/* Look up the names, then hand out each group that has pairs, in order. */
extern void diversity_say_end(DiverseSay *say, DiverseSaidFn fn, void *state);

/* 'disjoint group 7 (name)' */
extern char *diversity_say_group(const DiverseGroup *group, Oid caller);

#endif							/* NS_DIVERSITY_SAY_H */
