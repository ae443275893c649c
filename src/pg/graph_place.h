/*-------------------------------------------------------------------------
 *
 * graph_place.h
 *	  Look-ups by a key of two columns, such as a cable and the number of a
 *	  segment; and what an int4range holds.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GRAPH_PLACE_H
#define NS_GRAPH_PLACE_H

#include "graph_table.h"

/* An open look-up; all fields private. */
typedef struct GraphPlace
{
	GraphLookUp look_up;
	int			second;			/* column */
	bool		in_index;		/* the index has both */
} GraphPlace;

/*
 * Look rows up by a bigint column and an integer one, through a btree index
 * that begins with both; where there is none, all rows of the first are looked
 * through.
 */
extern void graph_place_begin(GraphPlace *place, GraphTable table, int column,
							  int second);
extern void graph_place_look_up(GraphPlace *place, int64 key, int32 at,
								GraphRowFn fn, void *state);

/* The same for all from .. to, both included. */
extern void graph_place_range(GraphPlace *place, int64 key, int32 from,
							  int32 to, GraphRowFn fn, void *state);
extern void graph_place_end(GraphPlace *place);

/*
 * The bounds of an int4range, as 'lower <= x < upper'; false where it is NULL
 * or empty.  A bound that is missing is the least or the greatest integer.
 */
extern bool graph_row_range(const GraphRow *row, int column, int32 *lower,
							int32 *upper);

#endif							/* NS_GRAPH_PLACE_H */
