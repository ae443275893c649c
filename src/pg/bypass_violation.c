/*-------------------------------------------------------------------------
 *
 * bypass_violation.c
 *	  SQL function bypass_violations: which links have no bypass, and which
 *	  bypasses do not protect.
 *
 * One derivation of risk covers all that is protected and all that protects.
 * Whether there could be a bypass is asked of the networks' graphs.
 *
 * Memory: all lives in the region "netstate bypass", which goes when the call
 * ends.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "bypass_audit.h"
#include "error.h"
#include "graph_cache.h"
#include "name.h"

#define NAMED 10				/* elements that a detail names */

#define HINT_PROVISION "Run provision_bypasses, or add a row to netstate.bypass."
#define HINT_AGAIN "Run provision_bypasses again."

typedef struct ViolationCall
{
	ReturnSetInfo *rsinfo;
	MemoryContext caller;
	EnvPg		env;
	BypassAudit audit;
} ViolationCall;

/* ---- rows ---- */

enum
{
	V_POLICY, V_MODE, V_NETWORK_ID, V_VPC_ID, V_SUBJECT_KIND, V_SUBJECT_ID,
	V_SUBJECT, V_DETAIL, V_HINT, V_WAIVED_UNTIL, V_COLUMNS
};

static void
put(ViolationCall *call, const AuditLink *link, const char *detail,
	const char *hint)
{
	Datum		value[V_COLUMNS] = {0};
	bool		null[V_COLUMNS] = {0};

	value[V_POLICY] = CStringGetTextDatum("bypass");
	value[V_MODE] = CStringGetTextDatum("monitor");
	value[V_NETWORK_ID] = Int64GetDatum(link->network_id);
	null[V_VPC_ID] = true;
	value[V_SUBJECT_KIND] = CStringGetTextDatum("link");
	value[V_SUBJECT_ID] = Int64GetDatum(link->id);
	value[V_SUBJECT] = CStringGetTextDatum(link->name);
	value[V_DETAIL] = CStringGetTextDatum(detail);
	value[V_HINT] = CStringGetTextDatum(hint);
	null[V_WAIVED_UNTIL] = true;
	tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc, value, null);
}

/* "group 5 (x), group 6 and 3 more": at most ten. */
static char *
list_groups(const int64 *id, size_t n)
{
	char	  **name = name_of_srlgs(id, Min(n, NAMED));
	StringInfoData text;
	size_t		i;

	initStringInfo(&text);
	for (i = 0; i < Min(n, NAMED); i++)
	{
		appendStringInfo(&text, "%sgroup " INT64_FORMAT, i > 0 ? ", " : "", id[i]);
		if (name[i] != NULL)
			appendStringInfo(&text, " (%s)", name[i]);
	}
	if (n > NAMED)
		appendStringInfo(&text, " and %zu more", n - NAMED);
	return text.data;
}

/* ---- bypasses that there are ---- */

/* What a detail begins with. */
static char *
bypass_shown(const BypassAudit *audit, const AuditBypass *b)
{
	const AuditLink *tunnel = audit_link(audit, b->bypass_link_id);

	if (b->from_seq == 0)
		return psprintf("Bypass " INT64_FORMAT " (%s)", tunnel->id, tunnel->name);
	return psprintf("Bypass " INT64_FORMAT " (%s) of segment %d to %d",
					tunnel->id, tunnel->name, b->from_seq, b->to_seq);
}

static void
judge_bypass(ViolationCall *call, const AuditBypass *b)
{
	const BypassAudit *audit = &call->audit;
	const AuditLink *protected = audit_link(audit, b->protected_link_id);
	const char *shown;
	double		need;
	double		carries;
	int64	   *group;
	size_t		n;

	shown = bypass_shown(audit, b);
	if (b->n == 0)
		put(call, protected, psprintf("%s protects nothing: there is no such segment.", shown),
			"Take the row out of netstate.bypass, and provision the segments that there are.");
	if (!audit_is_up(audit, b))
		return;
	if (!audit_bypass_is_up(audit, b))
		put(call, protected, psprintf("%s is out of service.", shown),
			"Bring it up, or lead it another way with provision_bypasses.");
	if (b->from_seq == 0 && !audit_leads(audit, b, false) && !audit_leads(audit, b, true))
		put(call, protected, psprintf("%s does not lead from one end of the link to the other.", shown),
			"Take the row out of netstate.bypass, or mend the ends of the bypass.");
	if (audit_rides_on_protected(audit, b))
		put(call, protected, psprintf("%s rides on what it protects.", shown), HINT_AGAIN);
	n = audit_shared_groups(audit, b, &group);
	if (n > 0)
		put(call, protected, psprintf("%s shares %s.", shown, list_groups(group, n)), HINT_AGAIN);
	audit_capacities(audit, b, &need, &carries);
	if (carries < need && audit_bypass_is_up(audit, b))
		put(call, protected, psprintf("%s carries %g Gbit/s of %g.", shown, carries, need),
			"Add capacity along it, or run provision_bypasses again.");
}

/* ---- links without one ---- */

typedef struct Without
{
	ViolationCall *call;
	const GraphRef *ref;
	NsBypassWork *work;
} Without;

static void
judge_possible(const Without *w, const AuditLink *link, const NsBypassTask *task,
			   const char *direction)
{
	NsBypass	bypass;
	bool		found;
	bool		cut;
	const int32_t *srlg;
	int32_t		n;
	int64	   *id;
	int32_t		i;
	const char *why;

	error_check(ns_bypass_find(w->work, task, &found, &bypass), "network");
	if (found)
	{
		put(w->call, link, psprintf("It has no bypass%s.", direction), HINT_PROVISION);
		return;
	}
	error_check(ns_bypass_obstacles(w->work, task, &cut, &srlg, &n), "network");
	id = palloc_array(int64, n);
	for (i = 0; i < n; i++)
		id[i] = ns_srlg_id(w->ref->graph, srlg[i]);
	if (cut)
		why = "no other path leads there";
	else if (n == 0)
		why = "its groups together take down all other paths";
	else
		why = psprintf("all other paths share %s", list_groups(id, n));
	put(w->call, link, psprintf("No bypass is possible%s: %s.", direction, why),
		"Add a link that shares none of its groups; provision_bypasses(strict => false) takes the least shared.");
}

/* The links of a network with bypasses that have none themselves. */
static void
judge_network(ViolationCall *call, const char *network)
{
	NsBypassQuery query = {.cost = NS_COST_HOPS,.srlg = true,.strict = true};
	GraphRef	ref;
	Without		w = {.call = call,.ref = &ref};
	int32_t		link;

	graph_cache_get(network, &ref);
	error_check(ns_bypass_open(&call->env.env, ref.graph, &query, &w.work), network);
	for (link = 0; link < ref.graph->nlinks; link++)
	{
		const int32_t *end = ns_link_end(ref.graph, link);
		int64		id = ns_link_id(ref.graph, link);
		bool		one_way;
		bool		has[2];
		int			reverse;

		CHECK_FOR_INTERRUPTS();
		if (!ns_link_up(ref.graph, link))
			continue;
		one_way = ns_link_directed(ref.graph, link);
		audit_has(&call->audit, id, has);
		for (reverse = 0; reverse < (one_way ? 1 : 2); reverse++)
		{
			NsBypassTask task = {
				.src = end[reverse],.dst = end[!reverse],
				.link = &link,.nlinks = 1,.need = NAN
			};

			if (has[reverse])
				continue;
			/* one row for both directions, where nothing has one */
			if (reverse == 1 && !has[0] && !ref.graph->directed)
				continue;
			judge_possible(&w, audit_link(&call->audit, id), &task,
						   one_way || (!ref.graph->directed && !has[1] && !has[0]) ? ""
						   : reverse ? " from Z to A" : " from A to Z");
		}
	}
}

PG_FUNCTION_INFO_V1(netstate_bypass_violations);

Datum
netstate_bypass_violations(PG_FUNCTION_ARGS)
{
	ViolationCall call = {0};
	size_t		i;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	call.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	call.caller = CurrentMemoryContext;
	env_pg_make(&call.env, CurrentMemoryContext, "netstate bypass");
	MemoryContextSwitchTo(call.env.context);
	audit_read(&call.env, &call.audit);
	for (i = 0; i < call.audit.nbypasses; i++)
	{
		CHECK_FOR_INTERRUPTS();
		judge_bypass(&call, &call.audit.bypass[i]);
	}
	for (i = 0; i < call.audit.nnetworks; i++)
		judge_network(&call, call.audit.network[i].name);
	MemoryContextSwitchTo(call.caller);
	env_pg_drop(&call.env);
	return (Datum) 0;
}
