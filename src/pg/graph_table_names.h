/*-------------------------------------------------------------------------
 *
 * graph_table_names.h
 *	  What the tables that a graph is made from, and their columns, are called
 *	  in the catalogs.  Private to graph_table.c.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_TABLE_NAMES_H
#define NS_GRAPH_TABLE_NAMES_H

#include "graph_table.h"

typedef struct GraphColumnName
{
	const char *name;			/* NULL: no more columns */
	Oid			type;
} GraphColumnName;

typedef struct GraphTableNames
{
	const char *name;
	GraphColumnName column[GRAPH_MAX_COLUMNS];
} GraphTableNames;

/* By table; its columns by their numbers in graph_table.h. */
extern const GraphTableNames graph_table_names[GRAPH_NTABLES];

#endif							/* NS_GRAPH_TABLE_NAMES_H */
