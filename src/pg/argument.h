/*-------------------------------------------------------------------------
 *
 * argument.h
 *	  The rules on arguments of the SQL functions, one check a rule.
 *
 * None of the functions is STRICT: a NULL argument is an error (22004), since
 * no row is an answer of its own ("proven that there is none").
 *
 * What they return lies in the current memory context.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_ARGUMENT_H
#define NS_ARGUMENT_H

#include "fmgr.h"

#include "path.h"

typedef struct PathArgs
{
	const char *network;
	const char *src;
	const char *dst;
	NsCostKind	cost;
	NsIdList	avoid_links;
	NsIdList	avoid_srlgs;
} PathArgs;

/* One argument, by position; the name is for the message. */
extern const char *argument_text(FunctionCallInfo fcinfo, int at,
								 const char *name);
extern int32 argument_int(FunctionCallInfo fcinfo, int at, const char *name,
						  int32 least, int32 most);
extern int64 argument_id(FunctionCallInfo fcinfo, int at, const char *name);
extern double argument_quantity(FunctionCallInfo fcinfo, int at,
								const char *name);
extern bool argument_bool(FunctionCallInfo fcinfo, int at, const char *name);
extern double argument_fraction(FunctionCallInfo fcinfo, int at,
								const char *name);
extern NsIdList argument_ids(FunctionCallInfo fcinfo, int at,
							 const char *name);
extern NsCostKind argument_cost(FunctionCallInfo fcinfo, int at);

/* The words link, node and srlg; link is implied. */
extern void argument_disjoint(FunctionCallInfo fcinfo, int at, bool *node,
							  bool *srlg);

/*
 * What all path functions take: network, src and dst at 0 to 2, cost at
 * cost_at (negative: the function has none, links are counted), avoid_links
 * and avoid_srlgs at avoid_at.
 */
extern void argument_path(FunctionCallInfo fcinfo, int cost_at, int avoid_at,
						  PathArgs *args);

/* A name as it stands in a message: cut where it is long. */
extern char *argument_shown(const char *name);

#endif							/* NS_ARGUMENT_H */
