/*-------------------------------------------------------------------------
 *
 * guc.c
 *	  The settings, in alphabetical order.
 *
 * Limits of one call bound what it may cost its own session and weaken no rule,
 * so any user may set them.  What bounds the cache is the administrator's: with
 * the library preloaded it is the size of a piece of shared memory, set at the
 * server's start.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "miscadmin.h"
#include "utils/guc.h"

#include "guc.h"

int			guc_cache_memory = 512;
int			guc_memory_limit = 2048;
int			guc_search_budget = 20000000;

void
guc_define(void)
{
	DefineCustomIntVariable("netstate.cache_memory",
							"Sets the memory for the graphs that are kept.",
							"With the library in shared_preload_libraries it is shared memory, taken at the start for all sessions; else the most that each session keeps.",
							&guc_cache_memory,
							512, 1, 1024 * 1024,
							process_shared_preload_libraries_in_progress ?
							PGC_POSTMASTER : PGC_SUSET, GUC_UNIT_MB,
							NULL, NULL, NULL);

	DefineCustomIntVariable("netstate.memory_limit",
							"Sets the most memory that one call may take for its graph and its search.",
							"A call that needs more fails with SQLSTATE 53400.",
							&guc_memory_limit,
							2048, 1, 1024 * 1024,
							PGC_USERSET, GUC_UNIT_MB,
							NULL, NULL, NULL);

	DefineCustomIntVariable("netstate.search_budget",
							"Sets the number of steps that a search for disjoint paths may take.",
							"A step settles one node. The search then gives the best paths found, marked as not proven optimal.",
							&guc_search_budget,
							20000000, 1000, INT_MAX,
							PGC_USERSET, 0,
							NULL, NULL, NULL);

	MarkGUCPrefixReserved("netstate");
}
