/*-------------------------------------------------------------------------
 *
 * netstate.c
 *	  The module: what happens when the library is loaded.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#include "change_log.h"
#include "commit_check.h"
#include "compat.h"
#include "graph_cache.h"
#include "guc.h"

COMPAT_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	guc_define();
	change_log_define();
	commit_check_define();
	graph_cache_define();
}
