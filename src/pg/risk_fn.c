/*-------------------------------------------------------------------------
 *
 * risk_fn.c
 *	  SQL functions on derived risk: memberships, members, carried.
 *
 * All three derive at each call, from the links asked about and what lies
 * beneath these.  They show the links that the caller may see, with all their
 * memberships.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <stdlib.h>

#include "common/shortest_dec.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "argument.h"
#include "id_set.h"
#include "name.h"
#include "risk_load.h"

typedef struct RiskCall
{
	ReturnSetInfo *rsinfo;
	MemoryContext caller;
	EnvPg		env;
	RiskRows	rows;
	NsRiskResult derived;
} RiskCall;

static void
risk_begin(RiskCall *call, FunctionCallInfo fcinfo)
{
	memset(call, 0, sizeof(*call));
	risk_load_check_rights();
	/* A descriptor made anew would stay until the end of the query. */
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	call->rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	call->caller = CurrentMemoryContext;
	env_pg_make(&call->env, CurrentMemoryContext, "netstate risk");
	MemoryContextSwitchTo(call->env.context);
	call->rows.env = &call->env.env;
}

static void
risk_end(RiskCall *call)
{
	MemoryContextSwitchTo(call->caller);
	env_pg_drop(&call->env);
}

/* The links of the argument, or all where it is NULL. */
static void
risk_links(RiskCall *call, FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		risk_load_all_links(&call->rows);
	else
	{
		NsIdList	links = argument_ids(fcinfo, 0, "links");

		risk_load_links(&call->rows, links.id, links.n);
	}
	risk_load_derive(&call->rows, false, &call->derived);
}

/* A float4 as the float8 that is written with the same digits. */
static double
same_digits(float value)
{
	char		digits[FLOAT_SHORTEST_DECIMAL_LEN];

	float_to_shortest_decimal_buf(value, digits);
	return strtod(digits, NULL);
}

static int
compare_ids(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return (x > y) - (x < y);
}

static int
compare_ids_arg(const void *a, const void *b, void *unused)
{
	return compare_ids(a, b);
}

/*
 * Emit the memberships of the own links, of all groups or just of some (in
 * ascending order).
 */
#define MEMBERSHIP_COLUMNS 5
static void
put_memberships(RiskCall *call, const int64 *only, size_t nonly)
{
	const NsRiskResult *derived = &call->derived;
	IdSet		group;
	char	  **origin;
	size_t	   *place;			/* of the membership's group in the set */
	size_t		n = derived->start[call->rows.nown];
	size_t		i;
	size_t		j;

	/* One look-up a group, not one a membership. */
	id_set_make(&group, &call->env.env);
	place = env_pg_array(&call->env.env, n, sizeof(size_t));
	for (j = 0; j < n; j++)
	{
		CHECK_FOR_INTERRUPTS();
		place[j] = id_set_place(&group, derived->membership[j].srlg_id);
	}
	origin = name_of_origins(group.id, group.n);

	for (i = 0; i < call->rows.nown; i++)
	{
		for (j = derived->start[i]; j < derived->start[i + 1]; j++)
		{
			const NsDerivedMembership *m = &derived->membership[j];
			Datum		values[MEMBERSHIP_COLUMNS];
			bool		nulls[MEMBERSHIP_COLUMNS] = {0};
			const char *word = origin[place[j]];

			CHECK_FOR_INTERRUPTS();
			if (only != NULL &&
				bsearch(&m->srlg_id, only, nonly, sizeof(int64),
						compare_ids) == NULL)
				continue;
			values[0] = Int64GetDatum(m->srlg_id);
			values[1] = Int64GetDatum(call->rows.link[i].id);
			nulls[2] = word == NULL;
			values[2] = word == NULL ? (Datum) 0 : CStringGetTextDatum(word);
			values[3] = Float8GetDatum(same_digits(m->share));
			values[4] = Float8GetDatum(same_digits(m->probability));
			tuplestore_putvalues(call->rsinfo->setResult,
								 call->rsinfo->setDesc, values, nulls);
			if (word != NULL)
				pfree(DatumGetPointer(values[2]));
		}
	}
}
#undef MEMBERSHIP_COLUMNS

PG_FUNCTION_INFO_V1(netstate_memberships);

Datum
netstate_memberships(PG_FUNCTION_ARGS)
{
	RiskCall	call;

	risk_begin(&call, fcinfo);
	risk_links(&call, fcinfo);
	put_memberships(&call, NULL, 0);
	risk_end(&call);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(netstate_members);

Datum
netstate_members(PG_FUNCTION_ARGS)
{
	const char *kind = argument_text(fcinfo, 0, "kind");
	NsIdList	ids = argument_ids(fcinfo, 1, "ids");
	RiskCall	call;
	int64	   *group;
	int64	   *link;
	size_t		nlinks;

	if (strcmp(kind, "srlg") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown kind of element \"%s\"",
						argument_shown(kind)),
				 errhint("The kinds are: srlg.")));

	risk_begin(&call, fcinfo);
	group = env_pg_array(&call.env.env, ids.n, sizeof(int64));
	memcpy(group, ids.id, ids.n * sizeof(int64));
	qsort_interruptible(group, ids.n, sizeof(int64), compare_ids_arg, NULL);

	nlinks = risk_load_links_above(&call.env.env, group, ids.n, &link);
	risk_load_links(&call.rows, link, nlinks);
	risk_load_derive(&call.rows, false, &call.derived);
	put_memberships(&call, group, ids.n);
	risk_end(&call);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(netstate_carried);

#define CARRIED_COLUMNS 3
Datum
netstate_carried(PG_FUNCTION_ARGS)
{
	RiskCall	call;
	size_t		i;

	risk_begin(&call, fcinfo);
	risk_links(&call, fcinfo);
	for (i = 0; i < call.rows.nown; i++)
	{
		Datum		values[CARRIED_COLUMNS];
		bool		nulls[CARRIED_COLUMNS] = {0};

		CHECK_FOR_INTERRUPTS();
		values[0] = Int64GetDatum(call.rows.link[i].id);
		values[1] = Float8GetDatum(call.derived.carried[i]);
		values[2] = BoolGetDatum(call.derived.up[i]);
		tuplestore_putvalues(call.rsinfo->setResult, call.rsinfo->setDesc,
							 values, nulls);
	}
	risk_end(&call);
	return (Datum) 0;
}
#undef CARRIED_COLUMNS
