/*-------------------------------------------------------------------------
 *
 * risk_oracle.h
 *	  The questions of risk.h answered straight from their definitions.
 *
 * For inputs whose ids are all there, of at most RISK_ORACLE_ROWS rows a kind.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RISK_ORACLE_H
#define RISK_ORACLE_H

#include "risk.h"

#define RISK_ORACLE_ROWS	96

typedef struct RiskQuestion			/* what is kept when this is hit? */
{
	const NsRiskInput *in;
	bool		service;		/* all that is out of service; else ... */
	int64_t		group;			/* ... this group's event */
} RiskQuestion;

/* NULL when there is none of this id. */
extern const NsRiskLink *risk_link_of(const NsRiskInput *in, int64_t id);

/* Is this node, or one beneath it, out of service? */
extern bool risk_node_down(const NsRiskInput *in, int64_t id);

/* Does the group take this node, or one beneath it, down? */
extern bool risk_node_hit(const NsRiskInput *in, int64_t group, int64_t id);

/* What a link keeps, as a link that rides on it sees it. */
extern double risk_kept_below(const RiskQuestion *q, const NsRiskLink *link);

/* What everything beneath a link leaves of it. */
extern double risk_carried(const NsRiskInput *in, const NsRiskLink *link);

/* That any unit of the group beneath is hit; -1 without a unit. */
extern double risk_probability(const RiskQuestion *q, int64_t id);

/* That the group takes this node, or one beneath it, down. */
extern double risk_node_probability(const NsRiskInput *in, int64_t group,
									int64_t node);

#endif							/* RISK_ORACLE_H */
