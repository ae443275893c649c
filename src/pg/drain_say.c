/*-------------------------------------------------------------------------
 *
 * drain_say.c
 *	  What drains leave, in words.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "drain_say.h"
#include "plant.h"

#define MOST_NAMED 10

const char *
drain_cause_kind(const JudgeLoss *loss)
{
	static const char *const kind[] = {
		[NS_LOSS_PATH] = "",
		[NS_LOSS_LINK] = "link",
		[NS_LOSS_NODE] = "node",
		[NS_LOSS_SRLG] = "srlg"
	};

	return loss->group ? "" : kind[loss->kind];
}

static char *
say_derived_group(CheckRun *run, int64 id)
{
	static const char *const table[NS_RISK_NCODES] = {
		[NS_RISK_SPAN] = "span",
		[NS_RISK_DUCT] = "duct",
		[NS_RISK_CABLE] = "cable",
		[NS_RISK_STRUCTURE] = "structure",
		[NS_RISK_SITE] = "site",
		[NS_RISK_POWER_FEED] = "power_feed",
		[NS_RISK_CORRIDOR] = "corridor",
		[NS_RISK_CORRIDOR_SIDE] = "corridor",
		[NS_RISK_CROSSING] = "span_pair",
		[NS_RISK_PROXIMITY] = "span_pair",
		[NS_RISK_HAZARD_AREA] = "hazard_area"
	};
	NsRiskCode	code = ns_risk_code(id);
	int64		element = ns_risk_element(id);

	if (code >= NS_RISK_NCODES || table[code] == NULL)
		return psprintf("group " INT64_FORMAT, id);
	if (code == NS_RISK_CORRIDOR || code == NS_RISK_CORRIDOR_SIDE)
		return psprintf("a stretch of %s",
						check_describe(run, "corridor",
									   element >> (NS_STRETCH_BITS + NS_SIDE_BITS)));
	return check_describe(run, table[code], element);
}

char *
drain_say_cause(CheckRun *run, const JudgeLoss *loss)
{
	if (loss->kind == NS_LOSS_SRLG && loss->cause_id < 0)
		return say_derived_group(run, loss->cause_id);
	return check_describe(run, drain_cause_kind(loss), loss->cause_id);
}

size_t
drain_same_subject(const JudgeLoss *loss, size_t n)
{
	size_t		same = 1;

	while (same < n && loss[same].group == loss->group && loss[same].id == loss->id)
		same++;
	return same;
}

/* The first ten, and how many more there are. */
static char *
say_causes(CheckRun *run, const JudgeLoss *loss, size_t n)
{
	StringInfoData list;
	size_t		i;

	initStringInfo(&list);
	for (i = 0; i < n && i < MOST_NAMED; i++)
		appendStringInfo(&list, "%s%s", i == 0 ? "" : ", ",
						 drain_say_cause(run, &loss[i]));
	if (n > MOST_NAMED)
		appendStringInfo(&list, " and %zu others", n - MOST_NAMED);
	return list.data;
}

char *
drain_say_loss(CheckRun *run, int64 drain_id, TimestampTz at,
			   const JudgeLoss *loss, size_t n)
{
	char	   *drain = drain_id == 0 ? pstrdup("a drain")
		: check_describe(run, "drain", drain_id);
	const char *when = timestamptz_to_str(at);

	if (loss->group)
		return psprintf("%s leaves %s with %d of %d members that carry traffic at %s",
						drain, check_describe(run, "disjoint_group", loss->id),
						loss->left, loss->wanted, when);
	if (loss->kind == NS_LOSS_PATH)
		return psprintf("%s leaves %s without a path at %s", drain,
						check_describe(run, "demand", loss->id), when);
	return psprintf(n == 1 ? "%s leaves %s to %s alone at %s"
					: "%s leaves %s to each of %s alone at %s", drain,
					check_describe(run, "demand", loss->id),
					say_causes(run, loss, n), when);
}

char *
drain_say_left(CheckRun *run, const JudgeLoss *loss, size_t more)
{
	char	   *left;

	if (loss->group)
		left = psprintf("It asks for at least %d, and has %d then.",
						loss->wanted, loss->left);
	else if (loss->kind == NS_LOSS_PATH)
		left = pstrdup("Nothing connects its ends then.");
	else
		left = psprintf("Its ends lose each other then with %s.",
						drain_say_cause(run, loss));
	if (more > 0)
		left = psprintf("%s More such losses: %zu.", left, more);
	return left;
}
