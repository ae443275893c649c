/*-------------------------------------------------------------------------
 *
 * drain_judge.h
 *	  What drains leave of disjoint groups and of demands.
 *
 * Judged is a set of drains, as if all of them, and no others, took their
 * elements out, with everything that is out of service now: what it leaves worse
 * than another set, a part of it, does.
 *
 * All is read under the active snapshot.  Whoever calls has tested the rights
 * on what risk is derived from; demands are those that the caller may see.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_DRAIN_JUDGE_H
#define NS_DRAIN_JUDGE_H

#include "datatype/timestamp.h"

#include "drain_hit.h"
#include "env_pg.h"
#include "redundancy.h"

typedef enum DrainMode
{
	DRAIN_OFF, DRAIN_MONITOR, DRAIN_ENFORCE
} DrainMode;

typedef struct JudgeDrain
{
	int64		id;				/* 0: one that is only thought of */
	TimestampTz from;
	TimestampTz to;				/* not included */
	bool		active;
	DrainMode	mode;
	size_t		first;			/* its elements in Judge.element */
	size_t		n;
} JudgeDrain;

typedef struct JudgeLoss
{
	bool		group;			/* else a demand */
	int64		id;				/* of the group or demand */
	int64		network_id;		/* of the demand */
	int32		left;			/* members that carry traffic */
	int32		wanted;			/* and how many there should be */
	NsLossKind	kind;			/* of a demand: what separates its ends */
	int64		cause_id;
} JudgeLoss;

typedef struct JudgeLosses
{
	JudgeLoss  *loss;			/* no more than Judge.most; in order */
	size_t		n;
	size_t		room;
	size_t		total;
} JudgeLosses;

typedef struct Judge
{
	NsEnv	   *env;
	size_t		most;			/* losses to be told one by one */
	TimestampTz now;
	JudgeDrain *drain;			/* not restored, by from and id */
	size_t		ndrains;
	size_t		drain_room;
	DrainElements elements;
} Judge;

/* Begin with all drains that are not restored; all lies in the region. */
extern void judge_begin(Judge *judge, NsEnv *env);

/* Add one that is only thought of; its place.  Its elements follow it. */
extern size_t judge_add(Judge *judge, TimestampTz from, TimestampTz to);
extern void judge_add_element(Judge *judge, int kind, int64 id);

/* Place of a drain by id, or -1. */
extern int64 judge_find(const Judge *judge, int64 id);

/*
 * Does the drain count at this instant?  When its time is; and when it has begun
 * already, until its end, or when that is over, until it is restored.
 */
extern bool judge_covers(const Judge *judge, const JudgeDrain *drain,
						 TimestampTz at);

/* The set of drains that count at an instant, in new room. */
extern bool *judge_set(const Judge *judge, TimestampTz at);

/*
 * The instants at which a drain begins, in from .. to (not included), that of
 * from itself among them; ascending, in new room.
 */
extern TimestampTz *judge_instants(const Judge *judge, TimestampTz from,
								   TimestampTz to, size_t *n);

/* Groups first, demands by id, the graver cause first. */
extern int	judge_order(const JudgeLoss *x, const JudgeLoss *y);

/* What "with" leaves worse than "without" does, a part of it. */
extern void judge_compare(Judge *judge, const bool *without, const bool *with,
						  JudgeLosses *losses);

#endif							/* NS_DRAIN_JUDGE_H */
