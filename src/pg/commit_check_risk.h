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

#include "change_probe.h"
#include "commit_check_rule.h"

/* The links whose risk the transaction may have changed; begin with zeros. */
typedef struct CheckRisk
{
	bool		known;			/* the rest is */
	bool		all;			/* any link's */
	IdSet		link;			/* else these, with all that ride on them; some
								 * may be gone */
	Changes		changes;		/* private: as the log has them */
	size_t		nelements;		/* ... and how many of these are of the plant */
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

/* Add what rides on these nodes and links. */
extern void check_risk_follow(IdSet *node, IdSet *link);

/*
 * What few changes of spans and segments can have made shared: only two links
 * that are both in *near, unless one of them is in *direct (its own row, or one
 * of what it rides on, was changed).  False: nothing of the kind is known.
 */
extern bool check_risk_narrow(CheckRun *run, const CheckRisk *risk,
							  IdSet *direct, IdSet *near);

/* Groups in mode enforce that were touched hold. */
extern void check_groups(CheckRun *run, const CheckChange *changed,
						 CheckRisk *risk);

/* Drains in mode enforce that were touched hold. */
extern void check_drains(CheckRun *run, const CheckChange *changed,
						 CheckRisk *risk);

#endif							/* NS_COMMIT_CHECK_RISK_H */
