/*-------------------------------------------------------------------------
 *
 * question_impact.h
 *	  What elements take down when they fail at once, worked out once for all
 *	  functions that tell of it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_QUESTION_IMPACT_H
#define NS_QUESTION_IMPACT_H

#include "env_pg.h"
#include "id_map.h"
#include "impact.h"
#include "query.h"
#include "question_hit.h"

typedef struct Impact
{
	EnvPg	   *env;
	HitLinks	hit;
	IdSet		affected;		/* what is hit, and all that rides on it */
	IdSet		all;			/* these, and all that they ride on */
	NsRiskSupport *support;
	size_t		nsupports;
	size_t		support_room;
	NsImpactLink *link;
	size_t		nlinks;
	size_t		link_room;
	NsIdMap		place;			/* of a link's id in link[] and share[] */
	double	   *share;
} Impact;

/*
 * Work it out; all lies in the region.  The caller has checked the kind and the
 * rights (question_hit.h).
 */
extern void impact_evaluate(Impact *impact, EnvPg *env, const char *kind,
							NsIdList ids);

/* The columns of the rows that impact_show() hands over. */
enum
{
	SHOWN_NETWORK, SHOWN_LAYER, SHOWN_LINK_ID, SHOWN_LINK, SHOWN_GBPS,
	SHOWN_NETWORK_ID
};

/*
 * The affected links that the caller may see, in order of level, network and
 * name.
 */
extern void impact_show(Impact *impact, QueryRowFn row, void *state);

/* What a link loses; negative where it is not among the affected. */
extern double impact_share(const Impact *impact, int64 link_id);

#endif							/* NS_QUESTION_IMPACT_H */
