/*-------------------------------------------------------------------------
 *
 * guc.c
 *	  The settings, in alphabetical order.
 *
 * Both bound what a call may cost its own session; neither weakens a rule, so
 * any user may set them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "utils/guc.h"

#include "guc.h"

int			guc_memory_limit = 2048;
int			guc_search_budget = 20000000;

void
guc_define(void)
{
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
