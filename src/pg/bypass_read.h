/*-------------------------------------------------------------------------
 *
 * bypass_read.h
 *	  What questions about bypasses need beside the graph: what is left of the
 *	  links' capacities.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_BYPASS_READ_H
#define NS_BYPASS_READ_H

#include "bypass.h"
#include "env_pg.h"
#include "graph_cache.h"

/*
 * Capacity by number of the link: what all beneath it leaves; NaN where it is
 * not known.  Read as the caller may, under the active snapshot; it lies in the
 * region.
 */
extern double *bypass_read_capacity(EnvPg *env, const GraphRef *ref);

#endif							/* NS_BYPASS_READ_H */
