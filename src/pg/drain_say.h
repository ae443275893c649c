/*-------------------------------------------------------------------------
 *
 * drain_say.h
 *	  What drains leave, in words.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_DRAIN_SAY_H
#define NS_DRAIN_SAY_H

#include "commit_check_rule.h"
#include "drain_judge.h"

#define DRAIN_HINT "Choose another time (netstate.drain_window() proposes one), take fewer elements, or set the mode of the drain to monitor."

/* Names are those that run->caller may read; the rest of run is not looked at. */

/*
 * 'drain 7 (works) leaves ... at ...', without a period: the first of n losses,
 * all of one group or demand, and what else separates the demand's ends.
 */
extern char *drain_say_loss(CheckRun *run, int64 drain_id, TimestampTz at,
							const JudgeLoss *loss, size_t n);

/* How many of n losses, from the first one on, are of the same subject? */
extern size_t drain_same_subject(const JudgeLoss *loss, size_t n);

/* What is left, a sentence; more: how many losses there are besides. */
extern char *drain_say_left(CheckRun *run, const JudgeLoss *loss, size_t more);

/* Kind of what separates the ends of a demand: '', 'link', 'node', 'srlg' */
extern const char *drain_cause_kind(const JudgeLoss *loss);

/* It in words: 'link 5 (a - b)'; of a group of the plant its element. */
extern char *drain_say_cause(CheckRun *run, const JudgeLoss *loss);

#endif							/* NS_DRAIN_SAY_H */
