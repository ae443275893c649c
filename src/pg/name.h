/*-------------------------------------------------------------------------
 *
 * name.h
 *	  Networks, nodes and links by name; the nearest name where one is not
 *	  known.
 *
 * All names are read as the caller may: a hint never shows a hidden row.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_NAME_H
#define NS_NAME_H

#include "graph.h"

/*
 * The id of a network, or error 42704.
 */
extern int64 name_find_network(const char *network);

/*
 * The number of a node of the graph, or error 42704.
 */
extern int32_t name_find_node(const NsGraph *graph, const char *network,
							  const char *node);

/*
 * Names of links, of spans (the links of network `plant`) or of groups, by
 * position in the list of ids: NULL for one that does not exist or that the
 * caller may not read.
 */
extern char **name_of_links(const int64 *id, size_t n);
extern char **name_of_spans(const int64 *id, size_t n);
extern char **name_of_srlgs(const int64 *id, size_t n);

/* The origin of groups, likewise. */
extern char **name_of_origins(const int64 *srlg_id, size_t n);

#endif							/* NS_NAME_H */
