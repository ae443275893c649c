/*-------------------------------------------------------------------------
 *
 * violation_fn.c
 *	  SQL function check_violations: the rules of the check at COMMIT, asked of
 *	  everything that the active snapshot shows.
 *
 * The rules are those of commit_check_rule.h, the same functions that COMMIT
 * calls.  Nothing is locked beyond what a query locks, and nothing is written.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "commit_check_rule.h"
#include "query.h"

/* Columns of view violation. */
enum
{
	VIOLATION_POLICY, VIOLATION_MODE, VIOLATION_NETWORK_ID, VIOLATION_VPC_ID,
	VIOLATION_SUBJECT_KIND, VIOLATION_SUBJECT_ID, VIOLATION_SUBJECT,
	VIOLATION_DETAIL, VIOLATION_HINT, VIOLATION_WAIVED_UNTIL,
	VIOLATION_COLUMNS
};

typedef struct ViolationCall
{
	ReturnSetInfo *rsinfo;
	CheckRun	run;
} ViolationCall;

/* "strands of x end there" and "It ends at y." as two sentences. */
static char *
sentences(const char *message, const char *detail)
{
	char	   *text = psprintf("%s. %s", message, detail);

	text[0] = pg_ascii_toupper((unsigned char) text[0]);
	return text;
}

static void
put_finding(const CheckFinding *finding, void *state)
{
	ViolationCall *call = state;
	Datum		value[VIOLATION_COLUMNS] = {0};
	bool		null[VIOLATION_COLUMNS] = {0};
	int64		network = 0;

	if (strcmp(finding->kind, "link") == 0)
		network = check_view_ref(&call->run.view, CHECK_LINK, finding->id,
								 LINK_NETWORK);
	value[VIOLATION_POLICY] = CStringGetTextDatum(finding->rule);
	value[VIOLATION_MODE] = CStringGetTextDatum("enforce");
	value[VIOLATION_NETWORK_ID] = Int64GetDatum(network);
	null[VIOLATION_NETWORK_ID] = network == 0;
	null[VIOLATION_VPC_ID] = true;
	value[VIOLATION_SUBJECT_KIND] = CStringGetTextDatum(finding->kind);
	value[VIOLATION_SUBJECT_ID] = Int64GetDatum(finding->id);
	null[VIOLATION_SUBJECT] = finding->name == NULL;
	if (finding->name != NULL)
		value[VIOLATION_SUBJECT] = CStringGetTextDatum(finding->name);
	value[VIOLATION_DETAIL] = CStringGetTextDatum(sentences(finding->message,
															finding->detail));
	value[VIOLATION_HINT] = CStringGetTextDatum(finding->hint);
	null[VIOLATION_WAIVED_UNTIL] = true;
	tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc,
						 value, null);
}

PG_FUNCTION_INFO_V1(netstate_check_violations);

Datum
netstate_check_violations(PG_FUNCTION_ARGS)
{
	static const char *const needed[] = {
		"structure", "span", "cable", "cable_segment", "splice",
		"strand_assignment", "node", "link", "link_support"
	};
	MemoryContext caller = CurrentMemoryContext;
	ViolationCall call;
	CheckTouched touched;
	int			i;

	for (i = 0; i < (int) lengthof(needed); i++)
		query_require_select(needed[i]);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	memset(&call, 0, sizeof(call));
	call.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	check_view_begin(&call.run.view);
	call.run.caller = GetUserId();
	call.run.found = put_finding;
	call.run.state = &call;
	MemoryContextSwitchTo(call.run.view.memory.context);
	memset(&touched, 0, sizeof(touched));
	touched.route.all = touched.splice.all = touched.joint.all = true;
	touched.strand.all = touched.support.all = true;
	check_prove(&call.run, &touched);
	MemoryContextSwitchTo(caller);
	check_view_end(&call.run.view);
	return (Datum) 0;
}
