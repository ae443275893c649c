/*-------------------------------------------------------------------------
 *
 * query.h
 *	  Constant SQL with bound parameters, its rows handed over one by one.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_QUERY_H
#define NS_QUERY_H

#include "executor/spi.h"

#define QUERY_MAX_ARGS 3

/*
 * A query of this extension's own; declare it static.  The text names
 * everything with its schema and never contains a value.
 */
typedef struct NsQuery
{
	const char *sql;
	int			nargs;
	Oid			argtype[QUERY_MAX_ARGS];

	/*
	 * The table of schema netstate that it reads, as that table's owner and
	 * past row-level security; NULL: whatever it reads, as the caller may.
	 * Such a query reads no other table.
	 */
	const char *as_owner_of;

	/*
	 * False: under the active snapshot.  True: under a new one, which shows
	 * what the running statement has written so far (for triggers).
	 */
	bool		latest;

	/*
	 * The first argument is an array of any length.  A short one runs by a
	 * kept generic plan, a long one is worth a plan of its own.
	 */
	bool		by_array;

	/* Kept for the session; which one, see query_plan(). */
	SPIPlanPtr	plan[2];
} NsQuery;

/*
 * Called for each row; values and nulls by position in the select list, valid
 * until it returns.  The memory context that it is called in is short-lived.
 */
typedef void (*QueryRowFn) (const Datum *value, const bool *null, void *state);

/*
 * Run it.  Arguments must not be NULL.  Returns the number of rows.
 */
extern uint64 query_run(NsQuery *query, const Datum *arg, QueryRowFn row,
						void *state);

/*
 * OID of a table of schema netstate.
 */
extern Oid	query_table(const char *table);

/*
 * May the caller SELECT from the table?
 */
extern bool query_may_select(const char *table);

/*
 * Fail with 42501 unless the caller may SELECT from the table.
 */
extern void query_require_select(const char *table);

#endif							/* NS_QUERY_H */
