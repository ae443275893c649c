/*-------------------------------------------------------------------------
 *
 * disjoint_group_fn.c
 *	  SQL functions on disjoint groups: disjoint_group_shared and
 *	  disjoint_group_violation_rows.
 *
 * The same load and the same decision as at COMMIT (diversity_load.h).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "argument.h"
#include "diversity_say.h"
#include "query.h"
#include "question_group.h"

typedef struct GroupCall
{
	ReturnSetInfo *rsinfo;
	MemoryContext caller;
	EnvPg		env;
	DiverseGroups groups;
	DiverseSay	say;			/* groups that do not hold ... */
	DiverseSay	waived;			/* ... and those that do until a waiver expires */
	TimestampTz first;			/* the first waiver in use of the group at hand to
								 * expire; 0: none */
	TimestampTz *until;			/* beside groups.group: the same, when done */
	bool		broken;			/* the group at hand does not hold */
} GroupCall;

static void
begin_call(GroupCall *call, FunctionCallInfo fcinfo, const DiverseWanted *wanted)
{
	memset(call, 0, sizeof(*call));
	risk_load_check_rights();
	query_require_select("disjoint_group");
	query_require_select("disjoint_group_member");
	query_require_select("waiver");
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	call->rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	call->caller = CurrentMemoryContext;
	env_pg_make(&call->env, CurrentMemoryContext, "netstate disjoint groups");
	MemoryContextSwitchTo(call->env.context);
	diversity_load(&call->groups, &call->env.env, wanted);
}

static void
end_call(GroupCall *call)
{
	MemoryContextSwitchTo(call->caller);
	env_pg_drop(&call->env);
}

/* ---- disjoint_group_shared ---- */

#define SHARED_COLUMNS 11
static void
put_pair(const DiverseGroup *group, const DiversePair *pair, void *state)
{
	GroupCall  *call = state;
	size_t		i;

	for (i = 0; i < pair->nshared; i++)
	{
		const NsShared *s = &pair->shared[i];
		Datum		values[SHARED_COLUMNS];
		bool		nulls[SHARED_COLUMNS] = {0};

		CHECK_FOR_INTERRUPTS();
		values[0] = Int64GetDatum(group->id);
		values[1] = Int64GetDatum(pair->link_id[0]);
		values[2] = Int64GetDatum(pair->link_id[1]);
		values[3] = CStringGetTextDatum(diversity_kind_word(s->element.kind));
		values[4] = Int64GetDatum(s->element.id);
		nulls[5] = s->srlg_id == 0;
		values[5] = Int64GetDatum(s->srlg_id);
		nulls[6] = s->waiver < 0;
		values[6] = nulls[6] ? (Datum) 0 : TimestampTzGetDatum(group->until[s->waiver]);
		values[7] = Float8GetDatum(group_same_digits(s->share[0]));
		values[8] = Float8GetDatum(group_same_digits(s->share[1]));
		values[9] = Float8GetDatum(group_same_digits(s->probability[0]));
		values[10] = Float8GetDatum(group_same_digits(s->probability[1]));
		tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc,
							 values, nulls);
		pfree(DatumGetPointer(values[3]));
	}
}
#undef SHARED_COLUMNS

PG_FUNCTION_INFO_V1(netstate_disjoint_group_shared);

Datum
netstate_disjoint_group_shared(PG_FUNCTION_ARGS)
{
	DiverseWanted wanted = {.least = DIVERSE_OFF};
	DiverseVisit visit = {.pair = put_pair};
	GroupCall	call;

	if (!PG_ARGISNULL(0))
	{
		NsIdList	ids = argument_ids(fcinfo, 0, "groups");
		static const int64 none = 0;

		wanted.id = ids.n == 0 ? &none : ids.id;
		wanted.n = ids.n;
	}
	begin_call(&call, fcinfo, &wanted);
	visit.state = &call;
	diversity_visit(&call.groups, &visit);
	end_call(&call);
	return (Datum) 0;
}

/* ---- disjoint_group_violation_rows ---- */

#define VIOLATION_COLUMNS 7
static void
put_violation(GroupCall *call, const char *policy, const DiverseGroup *group,
			  const char *detail, const char *hint)
{
	Datum		values[VIOLATION_COLUMNS];
	bool		nulls[VIOLATION_COLUMNS] = {0};
	TimestampTz until = call->until == NULL ? 0
		: call->until[group - call->groups.group];

	values[0] = CStringGetTextDatum(policy);
	values[1] = CStringGetTextDatum(diversity_mode_word(group->mode));
	values[2] = Int64GetDatum(group->id);
	values[3] = CStringGetTextDatum(group->name);
	values[4] = CStringGetTextDatum(detail);
	values[5] = CStringGetTextDatum(hint);
	nulls[6] = until == 0;
	values[6] = TimestampTzGetDatum(until);
	tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc, values,
						 nulls);
}
#undef VIOLATION_COLUMNS

/* Too few members is told at once; what they share when all is known. */
static void
members_begin(const DiverseGroup *group, size_t nlinks, size_t nup, void *state)
{
	GroupCall  *call = state;
	char	   *detail;

	call->broken = false;
	call->first = 0;
	if (nlinks < group->nlinks || nup >= (size_t) group->min_members)
		return;					/* hidden from the caller: nobody knows */
	if (group->nlinks < (size_t) group->min_members)
		detail = psprintf("It has %zu %s, and %d are wanted.", group->nlinks,
						  group->nlinks == 1 ? "link" : "links", group->min_members);
	else
		detail = psprintf("Of its %zu links %zu carry traffic, and %d are wanted.",
						  group->nlinks, nup, group->min_members);
	put_violation(call, "disjoint_group_members", group, detail,
				  "Add links to the group, put those in service again that it has, or lower min_members.");
	pfree(detail);
}

/*
 * Of a pair that holds only thanks to waivers: when the first one expires that
 * it cannot do without.
 */
static TimestampTz
held_until(const DiverseGroup *group, const DiversePair *pair)
{
	size_t		spare = group->rule.max_shared - pair->counting;
	TimestampTz *until = palloc_array(TimestampTz, pair->nshared);
	TimestampTz found;
	size_t		n = 0;
	size_t		i;
	size_t		j;

	for (i = 0; i < pair->nshared; i++)
	{
		const NsShared *s = &pair->shared[i];
		const NsShared *last = i == 0 ? NULL : &pair->shared[i - 1];
		TimestampTz t;

		if (s->waiver < 0 || (last != NULL && last->waiver == s->waiver))
			continue;
		t = group->until[s->waiver];
		for (j = n++; j > 0 && until[j - 1] > t; j--)
			until[j] = until[j - 1];
		until[j] = t;
	}
	found = n > spare ? until[spare] : 0;
	pfree(until);
	return found;
}

static void
pair_found(const DiverseGroup *group, const DiversePair *pair, void *state)
{
	GroupCall  *call = state;
	TimestampTz until;

	if (pair->counting > (size_t) group->rule.max_shared)
	{
		call->broken = true;
		diversity_say_pair(&call->say, group, pair, false);
		return;
	}
	until = held_until(group, pair);
	if (until == 0)
		return;
	if (call->first == 0 || until < call->first)
		call->first = until;
	diversity_say_pair(&call->waived, group, pair, true);
}

static void
group_done(const DiverseGroup *group, void *state)
{
	GroupCall  *call = state;

	if (!call->broken)
		call->until[group - call->groups.group] = call->first;
}

static void
put_said(const DiverseSaid *said, void *state)
{
	put_violation(state, "disjoint_group", said->group, said->detail, said->hint);
}

/* A group that does not hold has been told, with what counts. */
static void
put_waived(const DiverseSaid *said, void *state)
{
	GroupCall  *call = state;

	if (call->until[said->group - call->groups.group] != 0)
		put_violation(call, "disjoint_group", said->group, said->detail,
					  "Lead one of them another way before the waiver expires, or extend it.");
}

PG_FUNCTION_INFO_V1(netstate_disjoint_group_violation_rows);

Datum
netstate_disjoint_group_violation_rows(PG_FUNCTION_ARGS)
{
	DiverseWanted wanted = {.least = DIVERSE_MONITOR};
	DiverseVisit visit = {.begin = members_begin,.pair = pair_found,.end = group_done};
	GroupCall	call;
	TimestampTz *until;

	begin_call(&call, fcinfo, &wanted);
	visit.state = &call;
	until = env_pg_array(&call.env.env, call.groups.n, sizeof(TimestampTz));
	memset(until, 0, call.groups.n * sizeof(TimestampTz));
	diversity_say_begin(&call.say, &call.env.env, GetUserId());
	diversity_say_begin(&call.waived, &call.env.env, GetUserId());
	call.until = until;
	diversity_visit(&call.groups, &visit);
	diversity_say_end(&call.say, put_said, &call);
	diversity_say_end(&call.waived, put_waived, &call);
	end_call(&call);
	return (Datum) 0;
}
