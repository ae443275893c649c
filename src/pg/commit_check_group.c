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

#include "commit_check_risk.h"
#include "diversity_say.h"

typedef struct GroupCheck
{
	CheckRun   *run;
	DiverseSay	say;
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

static void
pair_found(const DiverseGroup *group, const DiversePair *pair, void *state)
{
	GroupCheck *check = state;

	if (pair->counting > (size_t) group->rule.max_shared)
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

	if (graph_table_empty(GRAPH_DISJOINT_GROUP_MEMBER))
		return;
	id_set_make(&enforced, env);
	if (find_touched(run, changed, risk, &enforced))
	{
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
