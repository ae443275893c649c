/*-------------------------------------------------------------------------
 *
 * commit_check_risk.h
 *	  The checks at COMMIT of what rests on derived risk: disjoint groups and
 *	  drains.  Which of them a transaction's changes touch follows from its own
 *	  rows in netstate.change_log, mapped upward.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_COMMIT_CHECK_RISK_H
#define NS_COMMIT_CHECK_RISK_H

#include "commit_check_rule.h"

/* The links whose risk the transaction may have changed; begin with zeros. */
typedef struct CheckRisk
{
	bool		known;			/* the rest is */
	bool		all;			/* any link's */
	IdSet		link;			/* else these, with all that ride on them; some
								 * may be gone */
} CheckRisk;

/* Can such changes matter to groups or drains? */
extern bool check_touches_intent(const CheckChange *changed);

/* Lock what is read below with ACCESS SHARE to the end of the transaction. */
extern void check_risk_lock(void);

/*
 * Find them, unless they are known: whoever has no group or drain at all need
 * not ask.  This and the checks read under the active snapshot, as the tables'
 * owner.
 */
extern void check_risk_touch(CheckRun *run, const CheckChange *changed,
							 CheckRisk *risk);

/* Groups in mode enforce that were touched hold. */
extern void check_groups(CheckRun *run, const CheckChange *changed,
						 CheckRisk *risk);

/* Drains in mode enforce that were touched hold. */
extern void check_drains(CheckRun *run, const CheckChange *changed,
						 CheckRisk *risk);

#endif							/* NS_COMMIT_CHECK_RISK_H */
