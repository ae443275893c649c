/*-------------------------------------------------------------------------
 *
 * drain_fn.c
 *	  SQL functions drain_violations, drain_effect and drain_window.
 *
 * Sets of drains that count at several instants are judged once.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

#include "argument.h"
#include "commit_check_rule.h"
#include "compat.h"
#include "drain_say.h"
#include "query.h"
#include "risk_load.h"

typedef struct DrainCall
{
	ReturnSetInfo *rsinfo;
	MemoryContext caller;
	EnvPg		env;
	Judge		judge;
	CheckRun	run;			/* for names alone */
} DrainCall;

static void
begin(DrainCall *call, FunctionCallInfo fcinfo)
{
	static const char *const tables[] = {
		"network", "drain", "drain_element", "disjoint_group",
		"disjoint_group_member", "demand"
	};
	size_t		i;

	memset(call, 0, sizeof(*call));
	for (i = 0; i < lengthof(tables); i++)
		query_require_select(tables[i]);
	risk_load_check_rights();
	hit_check_rights();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	call->rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	call->caller = CurrentMemoryContext;
	env_pg_make(&call->env, CurrentMemoryContext, "netstate drains");
	MemoryContextSwitchTo(call->env.context);
	call->run.caller = GetUserId();
	judge_begin(&call->judge, &call->env.env);
	call->judge.now = GetCurrentStatementStartTimestamp();
}

static void
end(DrainCall *call)
{
	MemoryContextSwitchTo(call->caller);
	env_pg_drop(&call->env);
}

static Datum
text_or_null(const char *text, bool *null)
{
	*null = text == NULL;
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

/* What one drain leaves worse at an instant than all others that count then. */
static void
judge_drain(Judge *judge, size_t drain, TimestampTz at, JudgeLosses *losses)
{
	bool	   *with = judge_set(judge, at);
	bool	   *without = env_pg_array(judge->env, judge->ndrains, sizeof(bool));

	with[drain] = true;
	memcpy(without, with, judge->ndrains * sizeof(bool));
	without[drain] = false;
	judge_compare(judge, without, with, losses);
}

/* ---- drain_violations ---- */

#define VIOLATION_COLUMNS 10

static void
put_violation(DrainCall *call, const JudgeDrain *drain, int64 network_id,
			  const char *detail, const char *hint)
{
	Datum		value[VIOLATION_COLUMNS] = {0};
	bool		null[VIOLATION_COLUMNS] = {0};

	value[0] = CStringGetTextDatum("drain");
	value[1] = CStringGetTextDatum(drain->mode == DRAIN_ENFORCE ? "enforce" : "monitor");
	value[2] = Int64GetDatum(network_id);
	null[2] = network_id == 0;
	null[3] = true;
	value[4] = CStringGetTextDatum("drain");
	value[5] = Int64GetDatum(drain->id);
	value[6] = text_or_null(check_name(&call->run, "drain", drain->id), &null[6]);
	value[7] = CStringGetTextDatum(detail);
	value[8] = CStringGetTextDatum(hint);
	null[9] = true;
	tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc, value, null);
}
#undef VIOLATION_COLUMNS

static bool
told(const JudgeLoss *loss, const JudgeLosses *before)
{
	size_t		i;

	for (i = 0; i < before->n; i++)
		if (before->loss[i].group == loss->group && before->loss[i].id == loss->id)
			return true;
	return false;
}

/* Each group and demand once, at the first instant of the drain that loses it. */
static void
show_drain(DrainCall *call, size_t drain)
{
	Judge	   *judge = &call->judge;
	const JudgeDrain *d = &judge->drain[drain];
	JudgeLosses all = {0};
	size_t		n;
	TimestampTz *at = judge_instants(judge, d->from, d->to, &n);
	size_t		same;
	size_t		i;
	size_t		j;

	for (i = 0; i < n; i++)
	{
		JudgeLosses losses;

		CHECK_FOR_INTERRUPTS();
		judge_drain(judge, drain, at[i], &losses);
		for (j = 0; j < losses.n; j += same)
		{
			const JudgeLoss *loss = &losses.loss[j];

			same = drain_same_subject(loss, losses.n - j);
			if (told(loss, &all))
				continue;
			all.loss = env_pg_grow(judge->env, all.loss, &all.room, all.n + 1,
								   sizeof(JudgeLoss));
			all.loss[all.n++] = *loss;
			put_violation(call, d, loss->network_id,
						  psprintf("%s.", drain_say_loss(&call->run, d->id, at[i],
														 loss, same)),
						  DRAIN_HINT);
		}
	}
}

/* Is anything lost with all drains at once?  If not, nothing is with some. */
static bool
any_loss(Judge *judge)
{
	bool	   *none = env_pg_array(judge->env, judge->ndrains, sizeof(bool));
	bool	   *all = env_pg_array(judge->env, judge->ndrains, sizeof(bool));
	JudgeLosses losses;

	memset(none, false, judge->ndrains * sizeof(bool));
	memset(all, true, judge->ndrains * sizeof(bool));
	judge_compare(judge, none, all, &losses);
	return losses.total > 0;
}

PG_FUNCTION_INFO_V1(netstate_drain_violations);

Datum
netstate_drain_violations(PG_FUNCTION_ARGS)
{
	DrainCall	call;
	size_t		i;

	begin(&call, fcinfo);
	if (any_loss(&call.judge))
		for (i = 0; i < call.judge.ndrains; i++)
			if (call.judge.drain[i].mode != DRAIN_OFF)
				show_drain(&call, i);
	end(&call);
	return (Datum) 0;
}

/* ---- elements as arguments ---- */

static void
refuse_null(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("argument \"%s\" must not be null", name),
			 errhint("Give a value.")));
}

/*
 * Arguments kinds and ids from "at" on: as many kinds as ids, or one for all.
 * They are elements of a drain that is only thought of; its place.
 */
static size_t
add_thought(DrainCall *call, FunctionCallInfo fcinfo, int at, TimestampTz from,
			TimestampTz to)
{
	NsIdList	ids = argument_ids(fcinfo, at + 1, "ids");
	ArrayType  *kinds;
	Datum	   *kind;
	int			nkinds;
	size_t		place;
	size_t		i;

	if (PG_ARGISNULL(at))
		refuse_null("kinds");
	kinds = PG_GETARG_ARRAYTYPE_P(at);
	if (ARR_NDIM(kinds) > 1 || array_contains_nulls(kinds))
		ereport(ERROR,
				(errcode(array_contains_nulls(kinds) ? ERRCODE_NULL_VALUE_NOT_ALLOWED :
						 ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"kinds\" must be a list of words"),
				 errhint("Give a kind for each id, or one for all.")));
	deconstruct_array(kinds, TEXTOID, -1, false, TYPALIGN_INT, &kind, NULL, &nkinds);
	if (nkinds != 1 && (size_t) nkinds != ids.n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d kinds do not go with %zu ids", nkinds, ids.n),
				 errhint("Give a kind for each id, or one for all.")));
	for (i = 0; i < (size_t) nkinds; i++)
		hit_check_kind(TextDatumGetCString(kind[i]));
	place = judge_add(&call->judge, from, to);
	for (i = 0; i < ids.n; i++)
	{
		const char *word = TextDatumGetCString(kind[nkinds == 1 ? 0 : i]);

		judge_add_element(&call->judge, hit_kind(word, strlen(word)), ids.id[i]);
	}
	return place;
}

/* ---- drain_effect ---- */

#define EFFECT_COLUMNS 10

static void
put_effect(DrainCall *call, TimestampTz at, const JudgeLoss *loss)
{
	const char *kind = loss->group ? "disjoint_group" : "demand";
	const char *cause = drain_cause_kind(loss);
	Datum		value[EFFECT_COLUMNS] = {0};
	bool		null[EFFECT_COLUMNS] = {0};

	value[0] = TimestampTzGetDatum(at);
	value[1] = CStringGetTextDatum(kind);
	value[2] = Int64GetDatum(loss->id);
	value[3] = text_or_null(check_name(&call->run, kind, loss->id), &null[3]);
	null[4] = loss->group;
	value[4] = Int64GetDatum(loss->network_id);
	null[5] = null[6] = !loss->group;
	value[5] = Int32GetDatum(loss->left);
	value[6] = Int32GetDatum(loss->wanted);
	null[7] = null[8] = null[9] = *cause == '\0';
	if (*cause != '\0')
	{
		value[7] = CStringGetTextDatum(cause);
		value[8] = Int64GetDatum(loss->cause_id);
		value[9] = CStringGetTextDatum(drain_say_cause(&call->run, loss));
	}
	tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc, value, null);
}
#undef EFFECT_COLUMNS

static NsQuery drain_times = {
	.sql = "SELECT pg_catalog.lower(d.during), pg_catalog.upper(d.during)"
	" FROM netstate.drain d WHERE d.id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID}
};

static void
times_row(const Datum *value, const bool *null, void *state)
{
	((TimestampTz *) state)[0] = DatumGetTimestampTz(value[0]);
	((TimestampTz *) state)[1] = DatumGetTimestampTz(value[1]);
}

/* A drain by its id; one that is restored as if it were not. */
static size_t
find_drain(DrainCall *call, int64 id)
{
	Judge	   *judge = &call->judge;
	int64		place = judge_find(judge, id);
	Datum		arg = Int64GetDatum(id);
	TimestampTz time[2];
	size_t		before;

	if (query_run(&drain_times, &arg, times_row, time) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("drain " INT64_FORMAT " does not exist", id),
				 errhint("The table netstate.drain lists all.")));
	if (place >= 0)
		return (size_t) place;
	place = (int64) judge_add(judge, time[0], time[1]);
	before = judge->elements.n;
	drain_elements_read(&judge->elements, &id, 1);
	judge->drain[place].n = judge->elements.n - before;
	return (size_t) place;
}

PG_FUNCTION_INFO_V1(netstate_drain_effect);

Datum
netstate_drain_effect(PG_FUNCTION_ARGS)
{
	DrainCall	call;
	TimestampTz *at;
	size_t		drain;
	size_t		n;
	size_t		i;
	size_t		j;

	begin(&call, fcinfo);
	if (PG_ARGISNULL(0) == (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("either a drain or kinds, ids and during are to be given"),
				 errhint("Name one drain, or elements and a time.")));
	if (!PG_ARGISNULL(0))
		drain = find_drain(&call, PG_GETARG_INT64(0));
	else
	{
		RangeType  *range = PG_GETARG_RANGE_P(3);
		RangeBound	lower;
		RangeBound	upper;
		bool		empty;

		range_deserialize(range_get_typcache(fcinfo, RangeTypeGetOid(range)),
						  range, &lower, &upper, &empty);
		if (empty || lower.infinite || upper.infinite)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"during\" must be bounded and not empty"),
					 errhint("Give it a start and an end.")));
		drain = add_thought(&call, fcinfo, 1, DatumGetTimestampTz(lower.val),
							DatumGetTimestampTz(upper.val));
	}
	at = judge_instants(&call.judge, call.judge.drain[drain].from,
						call.judge.drain[drain].to, &n);
	for (i = 0; i < n; i++)
	{
		JudgeLosses losses;

		CHECK_FOR_INTERRUPTS();
		judge_drain(&call.judge, drain, at[i], &losses);
		for (j = 0; j < losses.n; j++)
			put_effect(&call, at[i], &losses.loss[j]);
	}
	end(&call);
	return (Datum) 0;
}

/* ---- drain_window ---- */

typedef struct Verdict			/* of a set of other drains */
{
	const bool *set;
	bool		good;
} Verdict;

typedef struct Window
{
	DrainCall  *call;
	size_t		drain;
	Verdict    *verdict;
	size_t		n;
	size_t		room;
} Window;

/* Does the drain leave nothing worse at this instant? */
static bool
good_instant(Window *w, TimestampTz at)
{
	Judge	   *judge = &w->call->judge;
	bool	   *set = judge_set(judge, at);
	JudgeLosses losses;
	size_t		i;

	CHECK_FOR_INTERRUPTS();
	set[w->drain] = false;
	for (i = 0; i < w->n; i++)
		if (memcmp(w->verdict[i].set, set, judge->ndrains * sizeof(bool)) == 0)
			return w->verdict[i].good;
	judge_drain(judge, w->drain, at, &losses);
	w->verdict = env_pg_grow(judge->env, w->verdict, &w->room, w->n + 1,
							 sizeof(Verdict));
	w->verdict[w->n++] = (Verdict) {set, losses.total == 0};
	return losses.total == 0;
}

static bool
good_window(Window *w, TimestampTz from, TimestampTz to)
{
	size_t		n;
	TimestampTz *at = judge_instants(&w->call->judge, from, to, &n);
	size_t		i;

	for (i = 0; i < n; i++)
		if (!good_instant(w, at[i]))
			return false;
	return true;
}

static void
put_window(DrainCall *call, FunctionCallInfo fcinfo, TimestampTz from,
		   TimestampTz to)
{
	RangeBound	lower = {.val = TimestampTzGetDatum(from),.inclusive = true,.lower = true};
	RangeBound	upper = {.val = TimestampTzGetDatum(to)};
	Datum		value[1];
	bool		null[1] = {false};

	value[0] = RangeTypePGetDatum(compat_make_range(lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO),
													&lower, &upper));
	tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc, value, null);
}

static TimestampTz
plus(TimestampTz at, Datum interval)
{
	return DatumGetTimestampTz(DirectFunctionCall2(timestamptz_pl_interval,
												   TimestampTzGetDatum(at), interval));
}

static int
compare_times(const void *a, const void *b)
{
	TimestampTz x = *(const TimestampTz *) a;
	TimestampTz y = *(const TimestampTz *) b;

	return (x > y) - (x < y);
}

/* When a window can begin: at once, and when another drain is over. */
static TimestampTz *
starts(const Judge *judge, TimestampTz first, size_t *n)
{
	TimestampTz *start = env_pg_array(judge->env, judge->ndrains + 1,
									  sizeof(TimestampTz));
	size_t		i;

	*n = 0;
	start[(*n)++] = first;
	for (i = 0; i < judge->ndrains; i++)
		if (judge->drain[i].to > first)
			start[(*n)++] = judge->drain[i].to;
	qsort(start, *n, sizeof(TimestampTz), compare_times);
	return start;
}

static void
find_windows(Window *w, FunctionCallInfo fcinfo, TimestampTz first,
			 TimestampTz last, int most)
{
	size_t		n;
	TimestampTz *start = starts(&w->call->judge, first, &n);
	TimestampTz free_from = first;
	size_t		i;

	for (i = 0; i < n && most > 0; i++)
	{
		TimestampTz to = plus(start[i], PG_GETARG_DATUM(2));

		if (to > last)
			return;
		if (start[i] < free_from || !good_window(w, start[i], to))
			continue;
		put_window(w->call, fcinfo, start[i], to);
		free_from = to;
		most--;
	}
}

PG_FUNCTION_INFO_V1(netstate_drain_window);

Datum
netstate_drain_window(PG_FUNCTION_ARGS)
{
	static const char *const name[] = {"kinds", "ids", "duration", "earliest", "latest"};
	DrainCall	call;
	Window		window = {.call = &call};
	TimestampTz first;
	TimestampTz last;
	int			most = argument_int(fcinfo, 5, "most", 1, 1000);
	int			i;

	for (i = 0; i < (int) lengthof(name); i++)
		if (PG_ARGISNULL(i))
			refuse_null(name[i]);
	first = PG_GETARG_TIMESTAMPTZ(3);
	last = PG_GETARG_TIMESTAMPTZ(4);
	if (TIMESTAMP_NOT_FINITE(first) || TIMESTAMP_NOT_FINITE(last) ||
		plus(first, PG_GETARG_DATUM(2)) <= first)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a window needs a duration above 0, and finite times"),
				 errhint("Give duration as an interval, such as '2 hours'.")));
	begin(&call, fcinfo);
	window.drain = add_thought(&call, fcinfo, 0, first, first);
	find_windows(&window, fcinfo, first, last, most);
	end(&call);
	return (Datum) 0;
}
