/*-------------------------------------------------------------------------
 *
 * graph_plant.h
 *	  The graph of network `plant`: structures are its nodes, spans its links.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_PLANT_H
#define NS_GRAPH_PLANT_H

#include "graph_scan.h"

/* As graph_scan_network() and graph_scan_touched(), under the same contract. */
extern void graph_plant_scan(NsEnv *env, GraphRead *out);
extern void graph_plant_touched(NsEnv *env, const GraphTouched *touched,
								GraphDelta *out);

/*
 * The same by SQL, of the structures and spans that the caller may see.  A span
 * of which an end is hidden is left out.
 */
extern void graph_plant_load(NsEnv *env, NsGraphInput *in);

#endif							/* NS_GRAPH_PLANT_H */
