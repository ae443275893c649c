/*-------------------------------------------------------------------------
 *
 * contention_read.h
 *	  What contention is worked out from, beside load: the bypasses that are
 *	  provisioned, and how often risks strike.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_CONTENTION_READ_H
#define NS_CONTENTION_READ_H

#include "contention.h"
#include "env_pg.h"
#include "graph_cache.h"

/*
 * The bypasses of whole links of the network, as the caller may see them, in the
 * order of their ids.  One that is out of service, or that does not lead along
 * links up from one end of what it protects to the other, has no links (NULL);
 * one that rides on nothing of this network has 0 of them.
 */
extern NsTunnel *contention_read_tunnels(EnvPg *env, const GraphRef *ref,
										 size_t *n);

/*
 * How often each group of the graph strikes and for how long, by number.  Read
 * past row-level security: a risk is never hidden.
 */
extern NsOccurrence *contention_read_occurrences(EnvPg *env,
												 const NsGraph *g);

#endif							/* NS_CONTENTION_READ_H */
