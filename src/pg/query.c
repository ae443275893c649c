/*-------------------------------------------------------------------------
 *
 * query.c
 *	  Constant SQL with bound parameters, its rows handed over one by one.
 *
 * Rows go from the executor straight to the caller's function, through a
 * DestReceiver: nothing is copied or collected on the way.  Plans are kept for
 * the session; the plan cache replans them when a table changes, and when the
 * role or row-level security matters to them.
 *
 * Some tables are read as their owner: risks count whether or not row-level
 * security shows them to the caller.  Who calls must have tested the caller's
 * table privileges (query_require_select) before.  The role is switched as
 * foreign key checks switch it; on an error the abort of the (sub)transaction
 * switches it back.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "query.h"

#define SHORT_ARRAY 300			/* elements that single look-ups are best for */

typedef struct RowReceiver
{
	DestReceiver pub;			/* first: the executor sees just this */
	QueryRowFn	row;
	void	   *state;
} RowReceiver;

static bool
receiver_row(TupleTableSlot *slot, DestReceiver *self)
{
	RowReceiver *receiver = (RowReceiver *) self;

	slot_getallattrs(slot);
	receiver->row(slot->tts_values, slot->tts_isnull, receiver->state);
	return true;
}

static void
receiver_startup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
}

static void
receiver_nothing(DestReceiver *self)
{
}

Oid
query_table(const char *table)
{
	Oid			relid = get_relname_relid(table,
										  get_namespace_oid("netstate", false));

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table netstate.%s does not exist", table),
				 errhint("Run ALTER EXTENSION netstate UPDATE, or install the extension again.")));
	return relid;
}

bool
query_may_select(const char *table)
{
	return pg_class_aclcheck(query_table(table), GetUserId(),
							 ACL_SELECT) == ACLCHECK_OK;
}

void
query_require_select(const char *table)
{
	if (!query_may_select(table))
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, table);
}

static Oid
query_table_owner(const char *table)
{
	Oid			relid = query_table(table);
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relid);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

/*
 * The plan for these arguments, made at the first call: [0] as the plan cache
 * decides, or generic for a short array; [1] planned anew at each call, for a
 * long array, of which the planner must see the length.
 */
static SPIPlanPtr
query_plan(NsQuery *query, const Datum *arg)
{
	int			which = 0;
	int			options = 0;
	SPIPlanPtr	plan;

	if (query->by_array)
	{
		ArrayType  *array = DatumGetArrayTypeP(arg[0]);

		if (ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) > SHORT_ARRAY)
			which = 1;
		options = which ? CURSOR_OPT_CUSTOM_PLAN : CURSOR_OPT_GENERIC_PLAN;
	}
	if (query->plan[which] != NULL)
		return query->plan[which];

	plan = SPI_prepare_cursor(query->sql, query->nargs, query->argtype,
							  options);
	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", query->sql,
			 SPI_result_code_string(SPI_result));
	if (SPI_keepplan(plan) != 0)
		elog(ERROR, "could not keep the plan of \"%s\"", query->sql);
	query->plan[which] = plan;
	return plan;
}

static ParamListInfo
query_params(const NsQuery *query, const Datum *arg)
{
	ParamListInfo params = makeParamList(query->nargs);
	int			i;

	for (i = 0; i < query->nargs; i++)
	{
		params->params[i].value = arg[i];
		params->params[i].isnull = false;
		params->params[i].pflags = PARAM_FLAG_CONST;
		params->params[i].ptype = query->argtype[i];
	}
	return params;
}

uint64
query_run(NsQuery *query, const Datum *arg, QueryRowFn row, void *state)
{
	RowReceiver receiver = {0};
	SPIPlanPtr	plan;
	SPIExecuteOptions options = {0};
	Oid			save_userid;
	int			save_sec_context;
	uint64		nrows;
	int			rc;

	receiver.pub.receiveSlot = receiver_row;
	receiver.pub.rStartup = receiver_startup;
	receiver.pub.rShutdown = receiver_nothing;
	receiver.pub.rDestroy = receiver_nothing;
	receiver.pub.mydest = DestTuplestore;	/* any that keeps the rows */
	receiver.row = row;
	receiver.state = state;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	GetUserIdAndSecContext(&save_userid, &save_sec_context);
	if (query->as_owner_of != NULL)
		SetUserIdAndSecContext(query_table_owner(query->as_owner_of),
							   save_sec_context | SECURITY_LOCAL_USERID_CHANGE |
							   SECURITY_NOFORCE_RLS);
	plan = query_plan(query, arg);

	options.params = query_params(query, arg);
	options.read_only = !query->latest;
	options.dest = &receiver.pub;
	rc = SPI_execute_plan_extended(plan, &options);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "could not run \"%s\": %s", query->sql,
			 SPI_result_code_string(rc));
	nrows = SPI_processed;

	SetUserIdAndSecContext(save_userid, save_sec_context);
	SPI_finish();
	return nrows;
}
