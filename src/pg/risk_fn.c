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

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "argument.h"
#include "id_set.h"
#include "name.h"
#include "plant_above.h"
#include "question_group.h"
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

/* ---- which groups are asked for ---- */

/* Kinds of elements whose groups members() finds, and these groups' kinds. */
static const struct
{
	const char *kind;
	NsRiskCode	code[2];
	int			shift;			/* from a group's element to the id */
}			member_kinds[] = {
	{"srlg", {0, 0}, 0},
	{"site", {NS_RISK_SITE, 0}, 0},
	{"power_feed", {NS_RISK_POWER_FEED, 0}, 0},
	{"structure", {NS_RISK_STRUCTURE, 0}, 0},
	{"corridor", {NS_RISK_CORRIDOR, NS_RISK_CORRIDOR_SIDE}, NS_STRETCH_BITS + NS_SIDE_BITS},
	{"span", {NS_RISK_SPAN, 0}, 0},
	{"span_pair", {NS_RISK_CROSSING, NS_RISK_PROXIMITY}, 0},
	{"duct", {NS_RISK_DUCT, 0}, 0},
	{"cable", {NS_RISK_CABLE, 0}, 0},
	{"hazard_area", {NS_RISK_HAZARD_AREA, 0}, 0},
};

typedef struct Wanted
{
	int			kind;			/* of member_kinds */
	int64	   *id;				/* ascending */
	size_t		n;
} Wanted;

static bool
is_wanted(const Wanted *wanted, int64 srlg_id)
{
	int64		id = srlg_id;

	if (wanted == NULL)
		return true;
	if (wanted->kind > 0)
	{
		NsRiskCode	code = srlg_id < 0 ? ns_risk_code(srlg_id) : 0;

		if (code == 0 || (code != member_kinds[wanted->kind].code[0] &&
						  code != member_kinds[wanted->kind].code[1]))
			return false;
		id = ns_risk_element(srlg_id) >> member_kinds[wanted->kind].shift;
	}
	return bsearch(&id, wanted->id, wanted->n, sizeof(int64), compare_ids) != NULL;
}

static int
find_kind(const char *kind)
{
	int			i;

	for (i = 0; i < (int) lengthof(member_kinds); i++)
		if (strcmp(kind, member_kinds[i].kind) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown kind of element \"%s\"", argument_shown(kind)),
			 errdetail("No group follows from an element of this kind."),
			 errhint("The kinds are: srlg, site, power_feed, structure, corridor, span, span_pair, duct, cable, hazard_area.")));
	return -1;
}

#define MEMBERSHIP_COLUMNS 5

static void
put_membership(RiskCall *call, int64 link_id, const NsDerivedMembership *m,
			   const char *origin)
{
	Datum		values[MEMBERSHIP_COLUMNS];
	bool		nulls[MEMBERSHIP_COLUMNS] = {0};

	values[0] = Int64GetDatum(m->srlg_id);
	values[1] = Int64GetDatum(link_id);
	nulls[2] = origin == NULL;
	values[2] = origin == NULL ? (Datum) 0 : CStringGetTextDatum(origin);
	values[3] = Float8GetDatum(group_same_digits(m->share));
	values[4] = Float8GetDatum(group_same_digits(m->probability));
	tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc, values,
						 nulls);
	if (origin != NULL)
		pfree(DatumGetPointer(values[2]));
}

/* Of one own link in groups of the plant. */
static void
put_derived(RiskCall *call, size_t link, const Wanted *wanted)
{
	const NsGroupLists *plant = &call->derived.plant;
	size_t		i;

	if (plant->row == NULL)
		return;
	for (i = plant->start[link]; i < plant->start[link] + plant->count[link]; i++)
	{
		NsDerivedMembership m;

		CHECK_FOR_INTERRUPTS();
		m.srlg_id = plant->group_id[plant->row[i].group];
		m.share = plant->row[i].share;
		m.probability = plant->row[i].probability;
		if (is_wanted(wanted, m.srlg_id))
			put_membership(call, call->rows.link[link].id, &m, "derived");
	}
}

/*
 * Emit the memberships of the own links, of all groups or just of those wanted.
 */
static void
put_memberships(RiskCall *call, const Wanted *wanted)
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
		put_derived(call, i, wanted);
		for (j = derived->start[i]; j < derived->start[i + 1]; j++)
		{
			CHECK_FOR_INTERRUPTS();
			if (is_wanted(wanted, derived->membership[j].srlg_id))
				put_membership(call, call->rows.link[i].id,
							   &derived->membership[j], origin[place[j]]);
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
	put_memberships(&call, NULL);
	risk_end(&call);
	return (Datum) 0;
}

/* Links that may belong to the groups wanted, and more. */
static void
links_above(RiskCall *call, const Wanted *wanted, IdSet *link)
{
	NsEnv	   *env = &call->env.env;
	PlantElements elements;
	IdSet		node;
	size_t		stated = 0;		/* ids up to here are of derived groups */
	int64	   *above;
	size_t		n;
	size_t		i;

	plant_elements_make(&elements, env);
	id_set_make(&node, env);
	for (i = 0; i < wanted->n; i++)
	{
		if (wanted->kind > 0)
			plant_elements_add(&elements, member_kinds[wanted->kind].kind,
							   wanted->id[i]);
		else if (wanted->id[i] < 0)
		{
			plant_elements_of_group(&elements, wanted->id[i]);
			stated = i + 1;
		}
	}
	plant_above(&elements, link, &node);
	n = risk_load_links_above(env, wanted->id + stated,
							  wanted->kind > 0 ? 0 : wanted->n - stated,
							  link, &node, &above);
	for (i = 0; i < n; i++)
		id_set_add(link, above[i]);
}

PG_FUNCTION_INFO_V1(netstate_members);

Datum
netstate_members(PG_FUNCTION_ARGS)
{
	const char *kind = argument_text(fcinfo, 0, "kind");
	NsIdList	ids = argument_ids(fcinfo, 1, "ids");
	Wanted		wanted = {.kind = find_kind(kind),.n = ids.n};
	RiskCall	call;
	IdSet		link;

	risk_begin(&call, fcinfo);
	id_set_make(&link, &call.env.env);
	wanted.id = env_pg_array(&call.env.env, ids.n, sizeof(int64));
	memcpy(wanted.id, ids.id, ids.n * sizeof(int64));
	qsort_interruptible(wanted.id, ids.n, sizeof(int64), compare_ids_arg, NULL);

	links_above(&call, &wanted, &link);
	risk_load_links(&call.rows, link.id, link.n);
	risk_load_derive(&call.rows, false, &call.derived);
	put_memberships(&call, &wanted);
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
