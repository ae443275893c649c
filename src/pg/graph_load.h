/*-------------------------------------------------------------------------
 *
 * graph_load.h
 *	  Reads one network's graph from the tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_LOAD_H
#define NS_GRAPH_LOAD_H

#include "graph.h"

/*
 * Read it under the active snapshot.  The rows and the block lie in the region
 * of env; whoever keeps the block copies it out.
 */
extern NsGraphBlock *graph_load(NsEnv *env, int64 network_id,
								const char *network);

#endif							/* NS_GRAPH_LOAD_H */
