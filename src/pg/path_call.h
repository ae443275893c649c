/*-------------------------------------------------------------------------
 *
 * path_call.h
 *	  What every SQL function on paths does: take the arguments, get the
 *	  graph, search in a region of its own, put out rows.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_PATH_CALL_H
#define NS_PATH_CALL_H

#include "funcapi.h"

#include "argument.h"
#include "env_pg.h"
#include "graph_cache.h"

typedef struct PathCall
{
	ReturnSetInfo *rsinfo;
	MemoryContext caller;
	MemoryContext context;		/* all of the call, below the caller's */
	GraphRef	ref;
	NsPathQuery query;
	EnvPg		scratch;		/* what core allocates */
	MemoryContext row_context;	/* reset after each row */
	Datum	   *node_name;		/* text by node number; 0: not made yet; NULL
								 * where the network is large */
} PathCall;

/*
 * Begin a call whose arguments have been read: gets the graph, checks that every
 * link has the cost.  Switches to the context of the call.
 */
extern void path_call_open(PathCall *call, FunctionCallInfo fcinfo,
						   const char *network, NsCostKind cost);

/* The same with two ends, which it finds, and links to avoid: a query. */
extern void path_call_begin(PathCall *call, FunctionCallInfo fcinfo,
							const PathArgs *args);

/* The subject of an error: network "x". */
extern const char *path_call_subject(const PathCall *call);

/*
 * A cost for a row.  Error 22003 when it is more than a double holds: the links
 * are finite each, but their sum need not be.
 */
extern Datum path_call_cost(const PathCall *call, double cost);

/* Arrays for a row. */
extern Datum path_call_nodes(PathCall *call, const int32_t *node, int32_t n);
extern Datum path_call_links(PathCall *call, const int32_t *link, int32_t n);
extern Datum path_call_srlgs(PathCall *call, const int32_t *srlg, int32_t n);

/*
 * Put out a row.  Make its values in row_context (path_call_row_begin
 * switches there); this switches back and resets it.
 */
extern MemoryContext path_call_row_begin(PathCall *call);
extern void path_call_row_end(PathCall *call, MemoryContext old,
							  Datum *values, bool *nulls);

/* Drop what the call made, and return to the caller's context. */
extern void path_call_end(PathCall *call);

#endif							/* NS_PATH_CALL_H */
