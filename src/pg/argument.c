/*-------------------------------------------------------------------------
 *
 * argument.c
 *	  The rules on arguments of the SQL functions, one check a rule.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/syscache.h"

#include "argument.h"
#include "id_set.h"

#define SHOWN_CHARS 64

char *
argument_shown(const char *name)
{
	int			len = strlen(name);
	int			cut = pg_mbcharcliplen(name, len, SHOWN_CHARS);

	if (cut == len)
		return pstrdup(name);
	return psprintf("%.*s...", cut, name);
}

/* Has the function a default for this argument? */
static bool
has_default(FunctionCallInfo fcinfo, int at)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID,
										ObjectIdGetDatum(fcinfo->flinfo->fn_oid));
	Form_pg_proc proc;
	bool		result;

	if (!HeapTupleIsValid(tuple))
		return false;
	proc = (Form_pg_proc) GETSTRUCT(tuple);
	result = at >= proc->pronargs - proc->pronargdefaults;
	ReleaseSysCache(tuple);
	return result;
}

static void
check_not_null(FunctionCallInfo fcinfo, int at, const char *name)
{
	if (PG_ARGISNULL(at))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", name),
				 has_default(fcinfo, at) ?
				 errhint("Leave it out to use its default.") :
				 errhint("Give a value.")));
}

static void
check_array(ArrayType *array, const char *name)
{
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" must be a one-dimensional array", name),
				 errdetail("It has %d dimensions.", ARR_NDIM(array)),
				 errhint("Use unnest() and array_agg() to flatten it.")));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not contain nulls", name),
				 errhint("Use array_remove(array, NULL) to drop them.")));
}

const char *
argument_text(FunctionCallInfo fcinfo, int at, const char *name)
{
	check_not_null(fcinfo, at, name);
	return text_to_cstring(PG_GETARG_TEXT_PP(at));
}

int32
argument_int(FunctionCallInfo fcinfo, int at, const char *name, int32 least,
			 int32 most)
{
	int32		value;

	check_not_null(fcinfo, at, name);
	value = PG_GETARG_INT32(at);
	if (value < least || value > most)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" must be between %d and %d",
						name, least, most),
				 errdetail("It is %d.", value)));
	return value;
}

int64
argument_id(FunctionCallInfo fcinfo, int at, const char *name)
{
	check_not_null(fcinfo, at, name);
	return PG_GETARG_INT64(at);
}

double
argument_quantity(FunctionCallInfo fcinfo, int at, const char *name)
{
	double		value;

	check_not_null(fcinfo, at, name);
	value = PG_GETARG_FLOAT8(at);
	if (!isfinite(value) || value < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" must be finite and not negative", name),
				 errdetail("It is %s.", float8out_internal(value))));
	return value;
}

bool
argument_bool(FunctionCallInfo fcinfo, int at, const char *name)
{
	check_not_null(fcinfo, at, name);
	return PG_GETARG_BOOL(at);
}

double
argument_fraction(FunctionCallInfo fcinfo, int at, const char *name)
{
	double		value;

	check_not_null(fcinfo, at, name);
	value = PG_GETARG_FLOAT8(at);

	/* Written so that NaN fails too. */
	if (!(value >= 0.0 && value <= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" must be between 0 and 1", name),
				 errdetail("It is %s.", float8out_internal(value))));
	return value;
}

NsIdList
argument_ids(FunctionCallInfo fcinfo, int at, const char *name)
{
	ArrayType  *array;
	NsIdList	list;

	check_not_null(fcinfo, at, name);
	array = PG_GETARG_ARRAYTYPE_P(at);
	check_array(array, name);
	list.id = id_array_data(array);
	list.n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	return list;
}

NsCostKind
argument_cost(FunctionCallInfo fcinfo, int at)
{
	const char *word = argument_text(fcinfo, at, "cost");

	if (strcmp(word, "metric") == 0)
		return NS_COST_METRIC;
	if (strcmp(word, "latency") == 0)
		return NS_COST_LATENCY;
	if (strcmp(word, "length") == 0)
		return NS_COST_LENGTH;
	if (strcmp(word, "hops") == 0)
		return NS_COST_HOPS;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown cost \"%s\"", argument_shown(word)),
			 errhint("The costs are metric, latency, length and hops.")));
}

void
argument_disjoint(FunctionCallInfo fcinfo, int at, bool *node, bool *srlg)
{
	ArrayType  *array;
	Datum	   *word;
	int			nwords;
	int			i;

	check_not_null(fcinfo, at, "disjoint");
	array = PG_GETARG_ARRAYTYPE_P(at);
	check_array(array, "disjoint");
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT,
					  &word, NULL, &nwords);

	*node = false;
	*srlg = false;
	for (i = 0; i < nwords; i++)
	{
		char	   *s = TextDatumGetCString(word[i]);

		if (strcmp(s, "node") == 0)
			*node = true;
		else if (strcmp(s, "srlg") == 0)
			*srlg = true;
		else if (strcmp(s, "link") != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("unknown kind of disjointness \"%s\"",
							argument_shown(s)),
					 errhint("The kinds are link, node and srlg; link is implied.")));
		pfree(s);
	}
}

void
argument_path(FunctionCallInfo fcinfo, int cost_at, int avoid_at,
			  PathArgs *args)
{
	args->network = argument_text(fcinfo, 0, "network");
	args->src = argument_text(fcinfo, 1, "src");
	args->dst = argument_text(fcinfo, 2, "dst");
	args->cost = cost_at < 0 ? NS_COST_HOPS : argument_cost(fcinfo, cost_at);
	args->avoid_links = argument_ids(fcinfo, avoid_at, "avoid_links");
	args->avoid_srlgs = argument_ids(fcinfo, avoid_at + 1, "avoid_srlgs");
}
