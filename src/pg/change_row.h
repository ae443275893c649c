/*-------------------------------------------------------------------------
 *
 * change_row.h
 *	  What a changed row of a graph table means for the graph.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_CHANGE_ROW_H
#define NS_CHANGE_ROW_H

#include "executor/tuptable.h"
#include "utils/relcache.h"

#include "change_write.h"

struct ChangeTable;

/*
 * The description of a table of the graph; NULL for any other table.  Valid
 * until the caller's trigger function returns.
 */
extern const struct ChangeTable *change_table(Relation rel);

extern void change_table_start(const struct ChangeTable *table,
							   ChangeSet *set);

/*
 * Add the objects that a row concerned before and after the change, unless
 * nothing of it matters to the graph.  NULL: there was, or is, no row.
 */
extern void change_row_add(const struct ChangeTable *table,
						   TupleTableSlot *before, TupleTableSlot *after,
						   ChangeSet *set);

/* At load: notice when tables change. */
extern void change_row_define(void);

#endif							/* NS_CHANGE_ROW_H */
