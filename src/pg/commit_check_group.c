/*-------------------------------------------------------------------------
 *
 * commit_check_group.c
 *	  What must hold at COMMIT of disjoint groups: those in mode enforce that
 *	  the transaction touched share nothing that they must not.
 *
 * A transaction touches a group when it changes the group itself, its members
 * or waivers, or the risk of a member.  Which groups have a link is looked up
 * through the index, without SQL: most commits touch none.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/timestamp.h"

#include "commit_check_risk.h"
#include "diversity_say.h"

/* To derive so few groups is no more work than to leave some out. */
#define FEW_GROUPS 3

typedef struct GroupCheck
{
	CheckRun   *run;
	DiverseSay	say;
	const IdSet *left;			/* groups that are looked at; NULL: no matter */
} GroupCheck;

static void
enforced_row(const GraphRow *row, void *state)
{
	if (graph_row_is(row, DISJOINT_GROUP_MODE, "enforce", 7))
		id_set_add(state, graph_row_int64(row, DISJOINT_GROUP_ID));
}

/* Those in mode enforce of the groups touched; false: all may be. */
static bool
find_touched(CheckRun *run, const CheckChange *changed, CheckRisk *risk,
			 IdSet *enforced)
{
	const CheckChange *own = &changed[CHANGED_DISJOINT_GROUP];
	IdSet		group;
	size_t		i;
	GraphLookUp look_up;

	if (own->all)
		return false;
	check_risk_touch(run, changed, risk);
	if (risk->all)
		return false;
	id_set_make(&group, &run->view.memory.env);
	for (i = 0; i < own->ids.n; i++)
		id_set_add(&group, own->ids.id[i]);
	check_follow(GRAPH_DISJOINT_GROUP_MEMBER, GROUP_MEMBER_LINK_ID,
				 GROUP_MEMBER_GROUP_ID, &risk->link, &group, 0);
	if (group.n == 0)
		return true;
	graph_look_up_begin(&look_up, GRAPH_DISJOINT_GROUP, DISJOINT_GROUP_ID);
	for (i = 0; i < group.n; i++)
		graph_look_up(&look_up, Int64GetDatum(group.id[i]), enforced_row, enforced);
	graph_look_up_end(&look_up);
	return true;
}

/* ---- those that cannot have come to share anything ---- */

typedef struct Members
{
	const IdSet *near;
	size_t		nnear;			/* of the members of one group */
	bool		expired;		/* one of its waivers has */
	TimestampTz now;
} Members;

static void
member_row(const GraphRow *row, void *state)
{
	Members    *members = state;

	members->nnear += id_set_has(members->near,
								 graph_row_int64(row, GROUP_MEMBER_LINK_ID));
}

static void
waiver_row(const GraphRow *row, void *state)
{
	Members    *members = state;
	bool		null;

	if (DatumGetTimestampTz(graph_row_get(row, WAIVER_EXPIRES_AT, &null)) <= members->now)
		members->expired = true;
}

/*
 * Leave out of the groups those that the changes cannot have made share more
 * (check_risk_narrow()).  Groups that were changed themselves stay.
 */
static void
leave_out(CheckRun *run, const CheckChange *changed, const CheckRisk *risk,
		  IdSet *groups)
{
	NsEnv	   *env = &run->view.memory.env;
	Members		members = {.now = GetCurrentTimestamp()};
	bool		waivers = !graph_table_empty(GRAPH_WAIVER);
	IdSet		direct;
	IdSet		near;
	IdSet		sure;			/* groups that stay */
	IdSet		kept;
	GraphLookUp member;
	GraphLookUp waiver;
	size_t		i;

	if (!check_risk_narrow(run, risk, &direct, &near))
		return;
	members.near = &near;
	id_set_make(&sure, env);
	id_set_make(&kept, env);
	check_follow(GRAPH_DISJOINT_GROUP_MEMBER, GROUP_MEMBER_LINK_ID,
				 GROUP_MEMBER_GROUP_ID, &direct, &sure, 0);
	graph_look_up_begin(&member, GRAPH_DISJOINT_GROUP_MEMBER, GROUP_MEMBER_GROUP_ID);
	if (waivers)
		graph_look_up_begin(&waiver, GRAPH_WAIVER, WAIVER_GROUP_ID);
	for (i = 0; i < groups->n; i++)
	{
		Datum		id = Int64GetDatum(groups->id[i]);

		CHECK_FOR_INTERRUPTS();
		members.nnear = 0;
		members.expired = false;
		if (!id_set_has(&sure, groups->id[i]) &&
			!id_set_has(&changed[CHANGED_DISJOINT_GROUP].ids, groups->id[i]))
		{
			graph_look_up(&member, id, member_row, &members);
			if (waivers)
				graph_look_up(&waiver, id, waiver_row, &members);
			if (members.nnear < 2 && !members.expired)
				continue;
		}
		id_set_add(&kept, groups->id[i]);
	}
	graph_look_up_end(&member);
	if (waivers)
		graph_look_up_end(&waiver);
	*groups = kept;
}

/* ---- proving ---- */

static void
pair_found(const DiverseGroup *group, const DiversePair *pair, void *state)
{
	GroupCheck *check = state;

	if (pair->counting <= (size_t) group->rule.max_shared)
		return;
	if (check->left != NULL && !id_set_has(check->left, group->id))
		elog(PANIC, "group " INT64_FORMAT " was left out", group->id);
	diversity_say_pair(&check->say, group, pair, false);
}

static void
report(const DiverseSaid *said, void *state)
{
	GroupCheck *check = state;
	const char *const text[3] = {said->message, said->detail, said->hint};

	check_report(check->run, "disjoint_group", "disjoint_group",
				 said->group->id, text);
}

void
check_groups(CheckRun *run, const CheckChange *changed, CheckRisk *risk)
{
	NsEnv	   *env = &run->view.memory.env;
	GroupCheck	check = {.run = run};
	DiverseWanted wanted = {.least = DIVERSE_ENFORCE};
	DiverseVisit visit = {.pair = pair_found,.state = &check,
	.limit = SIZE_MAX / 2};		/* a COMMIT must not meet one */
	DiverseGroups groups;
	IdSet		enforced;
#ifdef NETSTATE_CHECK_NARROW
	IdSet		left;
#endif

	if (graph_table_empty(GRAPH_DISJOINT_GROUP_MEMBER))
		return;
	id_set_make(&enforced, env);
	if (find_touched(run, changed, risk, &enforced))
	{
#ifdef NETSTATE_CHECK_NARROW
		left = enforced;
		check.left = &left;
		leave_out(run, changed, risk, &left);
#else
		if (enforced.n > FEW_GROUPS)
			leave_out(run, changed, risk, &enforced);
#endif
		if (enforced.n == 0)
			return;
		wanted.id = enforced.id;
		wanted.n = enforced.n;
	}
	diversity_load(&groups, env, &wanted);
	diversity_say_begin(&check.say, env, run->caller);
	diversity_visit(&groups, &visit);
	diversity_say_end(&check.say, report, &check);
}
