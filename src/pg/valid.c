/*-------------------------------------------------------------------------
 *
 * valid.c
 *	  What the tables' CHECK constraints call.
 *
 * In C, because each statement prepares all constraints of its table anew, and
 * of an SQL function that means to read, analyze and inline its body: half the
 * time of a one-row UPDATE of a link.  The tests of a geometry are SQL all the
 * same, since only SQL reaches PostGIS's functions; they are called where there
 * is a geometry to test.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/namespace.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"

#define NAME_MOST 500			/* characters */

PG_FUNCTION_INFO_V1(netstate_valid_name);
PG_FUNCTION_INFO_V1(netstate_valid_quantity);
PG_FUNCTION_INFO_V1(netstate_valid_geometry);

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Datum
netstate_valid_name(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	const char *data = VARDATA_ANY(name);
	int			bytes = VARSIZE_ANY_EXHDR(name);

	PG_RETURN_BOOL(bytes > 0 && !is_blank(data[0]) &&
				   !is_blank(data[bytes - 1]) &&
				   pg_mbstrlen_with_len(data, bytes) <= NAME_MOST);
}

Datum
netstate_valid_quantity(PG_FUNCTION_ARGS)
{
	float8		quantity = PG_GETARG_FLOAT8(0);

	PG_RETURN_BOOL(isfinite(quantity) && quantity >= 0);
}

/*
 * valid_point, valid_line and valid_area: asks valid_..._given, which is looked
 * up once for each constraint that a statement prepares.
 */
static FmgrInfo *
given_function(FunctionCallInfo fcinfo)
{
	FmgrInfo   *given = fcinfo->flinfo->fn_extra;
	Oid			self = fcinfo->flinfo->fn_oid;
	Oid		   *argtypes;
	int			nargs;
	char	   *name;

	if (given != NULL)
		return given;
	get_func_signature(self, &argtypes, &nargs);
	name = psprintf("%s_given", get_func_name(self));
	given = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(FmgrInfo));
	fmgr_info_cxt(LookupFuncName(list_make2(makeString("netstate"),
											makeString(name)),
								 nargs, argtypes, false),
				  given, fcinfo->flinfo->fn_mcxt);
	fcinfo->flinfo->fn_extra = given;
	return given;
}

Datum
netstate_valid_geometry(PG_FUNCTION_ARGS)
{
	LOCAL_FCINFO(call, 1);
	Datum		valid;

	InitFunctionCallInfoData(*call, given_function(fcinfo), 1, InvalidOid,
							 NULL, NULL);
	call->args[0] = fcinfo->args[0];
	valid = FunctionCallInvoke(call);
	if (call->isnull)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(valid);
}
