/*-------------------------------------------------------------------------
 *
 * commit_check_drain.c
 *	  What must hold at COMMIT of drains: one in mode enforce leaves groups
 *	  their members, and demands more than one thing between their ends.
 *
 * Held against each other are, at each instant at which a drain begins, all
 * drains that count then, and those of them that the transaction did not change.
 * What is worse by that is the transaction's doing; it is refused where a drain
 * in mode enforce has a part in it.  What was bad before, by a cut say, is no
 * reason to refuse another drain.
 *
 * A group that was changed is held against the drains that are there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "commit_check_risk.h"
#include "drain_say.h"
#include "query.h"

typedef struct DrainCheck
{
	CheckRun   *run;
	Judge		judge;
	bool	   *changed;		/* by drain */
	bool		any_changed;
	bool		any_enforced;
} DrainCheck;

/* ---- elements ---- */

/*
 * Where there is nothing of a kind, a dump may be on its way in, table by table:
 * what it names comes later.
 */
#define MISSING(table) \
	{table, { \
		.sql = "SELECT u.id FROM pg_catalog.unnest($1) AS u(id)" \
		" WHERE NOT EXISTS (SELECT FROM netstate." table " x" \
		" WHERE x.id OPERATOR(pg_catalog.=) u.id)" \
		" AND EXISTS (SELECT FROM netstate." table ")", \
		.nargs = 1, \
		.argtype = {INT8ARRAYOID}, \
		.as_owner_of = table, \
		.by_array = true \
	}}

static struct
{
	const char *kind;
	NsQuery		query;
}			missing_queries[] = {
	MISSING("region"), MISSING("zone"), MISSING("site"), MISSING("power_feed"),
	MISSING("structure"), MISSING("corridor"), MISSING("span"), MISSING("duct"),
	MISSING("cable"), MISSING("splice_closure"), MISSING("hazard_area"),
	MISSING("node"), MISSING("link"), MISSING("srlg"),
};

static void
missing_row(const Datum *value, const bool *null, void *state)
{
	*(int64 *) state = DatumGetInt64(value[0]);
}

/* Each element of a drain was changed with is there; else report one. */
static void
check_elements(DrainCheck *check, const JudgeDrain *drain)
{
	size_t		i;
	int			q;

	for (q = 0; q < (int) lengthof(missing_queries); q++)
	{
		const char *kind = missing_queries[q].kind;
		IdSet		ids;
		int64		missing = 0;
		Datum		array;

		id_set_make(&ids, check->judge.env);
		for (i = 0; i < drain->n; i++)
		{
			const HitElement *e = &check->judge.elements.element[drain->first + i];

			if (strcmp(hit_kind_word(e->kind), kind) == 0 && e->id > 0)
				id_set_add(&ids, e->id);
		}
		if (ids.n == 0)
			continue;
		array = id_array(ids.id, ids.n, sizeof(int64));
		query_run(&missing_queries[q].query, &array, missing_row, &missing);
		if (missing != 0)
			check_report(check->run, "drain_element", "drain", drain->id,
						 (const char *const[]) {
							 psprintf("%s names an element that does not exist",
									  check_describe(check->run, "drain", drain->id)),
							 psprintf("There is no %s " INT64_FORMAT ".", kind, missing),
							 "Name elements by kind and id, as netstate.impact() takes them."
						 });
	}
}

/* ---- who is to blame ---- */

/* The first of some losses that is among others, too; or NULL. */
static const JudgeLoss *
common_loss(const JudgeLosses *a, const JudgeLosses *b)
{
	size_t		i = 0;
	size_t		j = 0;

	while (i < a->n && j < b->n)
	{
		int			order = judge_order(&a->loss[i], &b->loss[j]);

		if (order == 0)
			return &a->loss[i];
		if (order < 0)
			i++;
		else
			j++;
	}
	return NULL;
}

static void
report(DrainCheck *check, size_t drain, TimestampTz at, const JudgeLoss *loss,
	   size_t total)
{
	int64		id = check->judge.drain[drain].id;

	check_report(check->run, "drain", "drain", id, (const char *const[]) {
				 drain_say_loss(check->run, id, at, loss, 1),
				 drain_say_left(check->run, loss, total - 1),
				 DRAIN_HINT
	});
}

/*
 * Has this drain a part in one of these losses?  It has where one would not be
 * without it; and, of those changed, where it alone would do.
 */
static bool
blame(DrainCheck *check, size_t drain, TimestampTz at, const bool *without,
	  const bool *with, const JudgeLosses *losses)
{
	Judge	   *judge = &check->judge;
	bool	   *set = env_pg_array(judge->env, judge->ndrains, sizeof(bool));
	JudgeLosses own;
	const JudgeLoss *loss;

	memcpy(set, with, judge->ndrains * sizeof(bool));
	set[drain] = false;
	judge_compare(judge, set, with, &own);
	loss = common_loss(losses, &own);
	if (loss == NULL && check->changed[drain])
	{
		memcpy(set, without, judge->ndrains * sizeof(bool));
		set[drain] = true;
		judge_compare(judge, without, set, &own);
		loss = common_loss(losses, &own);
	}
	if (loss == NULL)
		return false;
	report(check, drain, at, loss, losses->total);
	return true;
}

static void
check_instant(DrainCheck *check, TimestampTz at)
{
	Judge	   *judge = &check->judge;
	bool	   *with = judge_set(judge, at);
	bool	   *without = env_pg_array(judge->env, judge->ndrains, sizeof(bool));
	JudgeLosses losses;
	bool		changed = false;
	bool		enforced = false;
	int			round;
	size_t		i;

	for (i = 0; i < judge->ndrains; i++)
	{
		without[i] = with[i] && !check->changed[i];
		changed = changed || (with[i] && check->changed[i]);
		enforced = enforced || (with[i] && judge->drain[i].mode == DRAIN_ENFORCE);
	}
	if (!changed || !enforced)
		return;
	judge_compare(judge, without, with, &losses);
	for (round = 0; round < 2 && losses.n > 0; round++)
		for (i = 0; i < judge->ndrains; i++)
			if (with[i] && judge->drain[i].mode == DRAIN_ENFORCE &&
				check->changed[i] == (round == 0) &&
				blame(check, i, at, without, with, &losses))
				return;
}

/* ---- groups that were changed ---- */

static bool
group_changed(const CheckChange *changed, int64 id)
{
	return changed[CHANGED_DISJOINT_GROUP].all ||
		changed[CHANGED_DISJOINT_GROUP_MEMBER].all ||
		id_set_has(&changed[CHANGED_DISJOINT_GROUP].ids, id) ||
		id_set_has(&changed[CHANGED_DISJOINT_GROUP_MEMBER].ids, id);
}

static const JudgeLoss *
changed_group(const JudgeLosses *losses, const CheckChange *changed)
{
	size_t		i;

	for (i = 0; i < losses->n; i++)
		if (losses->loss[i].group && group_changed(changed, losses->loss[i].id))
			return &losses->loss[i];
	return NULL;
}

static void
check_drain_groups(DrainCheck *check, size_t drain, const CheckChange *changed)
{
	Judge	   *judge = &check->judge;
	const JudgeDrain *d = &judge->drain[drain];
	size_t		n;
	TimestampTz *at = judge_instants(judge, d->from, d->to, &n);
	size_t		i;

	for (i = 0; i < n; i++)
	{
		bool	   *with = judge_set(judge, at[i]);
		bool	   *without = env_pg_array(judge->env, judge->ndrains, sizeof(bool));
		const JudgeLoss *loss;
		JudgeLosses losses;

		CHECK_FOR_INTERRUPTS();
		memcpy(without, with, judge->ndrains * sizeof(bool));
		without[drain] = false;
		judge_compare(judge, without, with, &losses);
		loss = changed_group(&losses, changed);
		if (loss != NULL)
		{
			report(check, drain, at[i], loss, 1);
			return;
		}
	}
}

/* Do all drains together leave these groups what they want?  Then each does. */
static void
check_changed_groups(DrainCheck *check, const CheckChange *changed)
{
	Judge	   *judge = &check->judge;
	bool	   *none = env_pg_array(judge->env, judge->ndrains, sizeof(bool));
	bool	   *all = env_pg_array(judge->env, judge->ndrains, sizeof(bool));
	JudgeLosses losses;
	size_t		i;

	memset(none, false, judge->ndrains * sizeof(bool));
	memset(all, true, judge->ndrains * sizeof(bool));
	judge_compare(judge, none, all, &losses);
	if (losses.total <= losses.n && changed_group(&losses, changed) == NULL)
		return;
	for (i = 0; i < judge->ndrains; i++)
		if (judge->drain[i].mode == DRAIN_ENFORCE)
			check_drain_groups(check, i, changed);
}

/* ---- all together ---- */

static void
begin(DrainCheck *check, CheckRun *run, const CheckChange *changed)
{
	const CheckChange *own = &changed[CHANGED_DRAIN];
	Judge	   *judge = &check->judge;
	size_t		i;

	check->run = run;
	check->any_changed = check->any_enforced = false;
	judge_begin(judge, &run->view.memory.env);
	judge->most = SIZE_MAX / sizeof(JudgeLoss);	/* what is left out is not refused */
	check->changed = env_pg_array(judge->env, judge->ndrains, sizeof(bool));
	for (i = 0; i < judge->ndrains; i++)
	{
		check->changed[i] = own->all || id_set_has(&own->ids, judge->drain[i].id);
		check->any_changed = check->any_changed || check->changed[i];
		check->any_enforced = check->any_enforced ||
			judge->drain[i].mode == DRAIN_ENFORCE;
	}
}

void
check_drains(CheckRun *run, const CheckChange *changed, CheckRisk *risk)
{
	bool		groups = check_any_change(&changed[CHANGED_DISJOINT_GROUP]) ||
		check_any_change(&changed[CHANGED_DISJOINT_GROUP_MEMBER]);
	DrainCheck	check;
	TimestampTz *at;
	size_t		n;
	size_t		i;

	if ((!groups && !check_any_change(&changed[CHANGED_DRAIN])) ||
		!graph_table_exists(GRAPH_DRAIN) || graph_table_empty(GRAPH_DRAIN))
		return;
	begin(&check, run, changed);
	for (i = 0; i < check.judge.ndrains; i++)
		if (check.changed[i])
			check_elements(&check, &check.judge.drain[i]);
	if (!check.any_enforced)
		return;
	if (check.any_changed)
	{
		at = judge_instants(&check.judge, DT_NOBEGIN, DT_NOEND, &n);
		for (i = 1; i < n; i++)
			check_instant(&check, at[i]);
		check_instant(&check, check.judge.now);
	}
	if (groups)
		check_changed_groups(&check, changed);
}
