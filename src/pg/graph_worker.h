/*-------------------------------------------------------------------------
 *
 * graph_worker.h
 *	  Work that sessions leave to a background worker, where the library is
 *	  preloaded.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_WORKER_H
#define NS_GRAPH_WORKER_H

#include "graph.h"

/*
 * Have a new block of this network made and shared, and the log pruned.
 * network_id 0: the log alone.  False where no worker can be had.  Asked often
 * it does no more than once in a while.
 */
extern bool graph_worker_ask(int64 network_id);

/* Have landmarks made for the network's block in shared memory. */
extern bool graph_worker_ask_landmarks(int64 network_id, NsCostKind cost);

#endif							/* NS_GRAPH_WORKER_H */
