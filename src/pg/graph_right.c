/*-------------------------------------------------------------------------
 *
 * graph_right.c
 *	  May the caller be answered from a graph, and from which one?
 *
 * Privileges are tested at every call.  What the test found is kept for the
 * role that it was made for, until anything changes that it may rest on:
 * tables and their grants, roles, memberships, schemas.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "utils/inval.h"
#include "utils/rls.h"
#include "utils/syscache.h"

#include "graph_right.h"
#include "graph_table.h"
#include "query.h"
#include "risk_load.h"

static Oid	verdict_role = InvalidOid;	/* that may read all; else none */
static bool verdict_rows;		/* no table has row-level security at all */
static uint64 nforgotten;

static void
forget_verdict(Datum arg, int cache, uint32 hash)
{
	verdict_role = InvalidOid;
	nforgotten++;
}

void
graph_right_define(void)
{
	static const int cache[] = {RELOID, NAMESPACEOID, AUTHOID, AUTHMEMMEMROLE};
	int			i;

	for (i = 0; i < (int) lengthof(cache); i++)
		CacheRegisterSyscacheCallback(cache[i], forget_verdict, (Datum) 0);
}

/* Tables whose hidden rows are hidden from paths, too; then network plant's. */
static const char *const shown[] = {"network", "node", "link", "structure", "span"};

#define NSHOWN_ELSEWHERE 3

static bool
any_row_security(void)
{
	int			n = graph_table_has_plant() ? (int) lengthof(shown) : NSHOWN_ELSEWHERE;
	int			i;

	for (i = 0; i < n; i++)
	{
		HeapTuple	tuple = SearchSysCache1(RELOID,
											ObjectIdGetDatum(query_table(shown[i])));
		bool		security;

		if (!HeapTupleIsValid(tuple))
			return true;
		security = ((Form_pg_class) GETSTRUCT(tuple))->relrowsecurity;
		ReleaseSysCache(tuple);
		if (security)
			return true;
	}
	return false;
}

bool
graph_right_check(bool plant)
{
	int			i;

	if (verdict_role != GetUserId())
	{
		uint64		before = nforgotten;

		query_require_select("network");
		risk_load_check_rights();
		verdict_rows = !any_row_security();

		/* what changed while we looked may have changed what we saw */
		if (nforgotten == before)
			verdict_role = GetUserId();
	}
	if (verdict_rows)
		return true;

	/* depends on settings and on more than the role */
	for (i = plant ? NSHOWN_ELSEWHERE : 0;
		 i < (plant ? (int) lengthof(shown) : NSHOWN_ELSEWHERE); i++)
		if (check_enable_rls(query_table(shown[i]), InvalidOid,
							 false) == RLS_ENABLED)
			return false;
	return true;
}
