/*-------------------------------------------------------------------------
 *
 * load_read.h
 *	  What load is worked out from: the links of a network with what is left of
 *	  their capacity, its demands, and the load that was given.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_LOAD_READ_H
#define NS_LOAD_READ_H

#include "env_pg.h"
#include "graph_cache.h"
#include "load.h"

/* By number of the link in the graph; NaN: not known.  Of links up. */
typedef struct LoadLinks
{
	double	   *capacity_gbps;	/* what all beneath the link leaves of it */
	double	   *given_gbps;		/* load_gbps */
	double	   *mtbf_hours;		/* of the link itself */
	double	   *mttr_hours;
} LoadLinks;

/* In the order of ids; demands with an end that the caller can't see are left out. */
typedef struct LoadDemands
{
	NsDemand   *demand;
	int64	   *id;
	size_t		n;
} LoadDemands;

/*
 * Both read as the caller may, under the active snapshot; all lies in the
 * region.  42501 without SELECT on the tables.
 */
extern void load_read_links(EnvPg *env, const GraphRef *ref, LoadLinks *links);
extern void load_read_demands(EnvPg *env, const GraphRef *ref,
							  LoadDemands *demands);

/*
 * Put the load that was given in the place of that of demands.  It is that of
 * the busier direction, whichever that is: so it counts in both.
 */
extern void load_take_given(const GraphRef *ref, const LoadLinks *links,
							NsLoad *load);

#endif							/* NS_LOAD_READ_H */
