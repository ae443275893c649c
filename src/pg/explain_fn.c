/*-------------------------------------------------------------------------
 *
 * explain_fn.c
 *	  SQL functions behind the explanations: what two links share, which groups
 *	  a new way for one of them has to keep out of, and the groups of links and
 *	  nodes of a graph.
 *
 * What counts as shared is decided in src/core/diversity.c alone.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "argument.h"
#include "compat.h"
#include "diversity_load.h"
#include "env_pg.h"
#include "graph_cache.h"
#include "id_set.h"
#include "name.h"
#include "question_group.h"
#include "risk_load.h"

pg_noreturn static void
refuse_link(int64 id)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("link with id " INT64_FORMAT " does not exist", id),
			 errhint("netstate.link_id(network, name) looks a link up by name.")));
}

/* The two links of a question; they differ. */
static void
two_links(FunctionCallInfo fcinfo, int64 *link_id)
{
	link_id[0] = argument_id(fcinfo, 0, "link_a");
	link_id[1] = argument_id(fcinfo, 1, "link_b");
	if (link_id[0] == link_id[1])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("arguments \"link_a\" and \"link_b\" must differ"),
				 errdetail("Both are " INT64_FORMAT ".", link_id[0]),
				 errhint("netstate.explain_link() asks about one link and all that it is to be disjoint from.")));
}

/* ---- what two links share ---- */

#define SHARED_COLUMNS 7

typedef struct SharedAsk
{
	ReturnSetInfo *rsinfo;
	int64		link_id[2];		/* as asked for */
	int			first;			/* side of a in a pair, whose lower id is first */
	size_t		nlinks;			/* of the two, there are */
} SharedAsk;

static void
begin_pair(const DiverseGroup *group, size_t nlinks, size_t nup, void *state)
{
	((SharedAsk *) state)->nlinks = nlinks;
}

static void
put_pair(const DiverseGroup *group, const DiversePair *pair, void *state)
{
	const SharedAsk *ask = state;
	int			a = ask->first;
	size_t		i;

	for (i = 0; i < pair->nshared; i++)
	{
		const NsShared *s = &pair->shared[i];
		Datum		value[SHARED_COLUMNS];
		bool		null[SHARED_COLUMNS] = {0};

		CHECK_FOR_INTERRUPTS();
		value[0] = CStringGetTextDatum(diversity_kind_word(s->element.kind));
		value[1] = Int64GetDatum(s->element.id);
		value[2] = Int64GetDatum(s->srlg_id);
		null[2] = s->srlg_id == 0;
		value[3] = Float8GetDatum(group_same_digits(s->share[a]));
		value[4] = Float8GetDatum(group_same_digits(s->share[1 - a]));
		value[5] = Float8GetDatum(group_same_digits(s->probability[a]));
		value[6] = Float8GetDatum(group_same_digits(s->probability[1 - a]));
		tuplestore_putvalues(ask->rsinfo->setResult, ask->rsinfo->setDesc,
							 value, null);
	}
}

/* One group of the two, made up for the question. */
static void
visit_pair(NsEnv *env, DiverseGroup *group, SharedAsk *ask)
{
	int64		ordered[2] = {
		Min(ask->link_id[0], ask->link_id[1]),
		Max(ask->link_id[0], ask->link_id[1])
	};
	DiverseGroups groups = {0};
	DiverseVisit visit = {0};

	ask->first = ordered[0] == ask->link_id[0] ? 0 : 1;
	group->name = "";
	group->link_id = ordered;
	group->nlinks = 2;
	groups.env = env;
	groups.group = group;
	groups.n = 1;
	visit.begin = begin_pair;
	visit.pair = put_pair;
	visit.state = ask;
	diversity_visit(&groups, &visit);
}

PG_FUNCTION_INFO_V1(netstate_link_shared);

Datum
netstate_link_shared(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	SharedAsk	ask = {0};
	DiverseGroup group = {0};
	EnvPg		env;

	two_links(fcinfo, ask.link_id);
	argument_disjoint(fcinfo, 2, &group.rule.node, &group.rule.srlg);
	group.rule.min_probability = argument_fraction(fcinfo, 3, "min_probability");
	group.rule.min_share = argument_fraction(fcinfo, 4, "min_share");
	risk_load_check_rights();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	ask.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	env_pg_make(&env, caller, "netstate shared");
	MemoryContextSwitchTo(env.context);
	visit_pair(&env.env, &group, &ask);
	if (ask.nlinks < 2)
		refuse_link(name_of_links(ask.link_id, 1)[0] == NULL ? ask.link_id[0]
					: ask.link_id[1]);
	MemoryContextSwitchTo(caller);
	env_pg_drop(&env);
	return (Datum) 0;
}

/* ---- what one of them has to keep out of ---- */

/* The groups that take down one of these nodes, likely enough. */
static void
add_end_groups(const NsRiskResult *derived, const NsRiskLink *link,
			   double min_probability, IdSet *groups)
{
	size_t		i;

	for (i = 0; i < derived->nsrlg_nodes; i++)
	{
		const NsRiskSrlgNode *s = &derived->srlg_node[i];

		CHECK_FOR_INTERRUPTS();
		if ((s->node_id == link->a_node_id || s->node_id == link->z_node_id) &&
			s->probability > 0 && s->probability >= min_probability)
			id_set_add(groups, s->srlg_id);
	}
}

PG_FUNCTION_INFO_V1(netstate_link_avoid);

/*
 * The groups of link b that link a has to keep out of to share none with it:
 * all of which b loses enough, but those that take down an end of both.
 */
Datum
netstate_link_avoid(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	ReturnSetInfo *rsinfo;
	int64		link_id[2];
	double		min_probability;
	double		min_share;
	RiskRows	rows = {0};
	NsRiskResult derived;
	IdSet		end[2];
	size_t		place[2];
	EnvPg		env;
	size_t		side;
	size_t		i;

	link_id[0] = argument_id(fcinfo, 0, "link_a");
	link_id[1] = argument_id(fcinfo, 1, "link_b");
	min_probability = argument_fraction(fcinfo, 2, "min_probability");
	min_share = argument_fraction(fcinfo, 3, "min_share");
	risk_load_check_rights();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	env_pg_make(&env, caller, "netstate avoid");
	MemoryContextSwitchTo(env.context);
	rows.env = &env.env;
	risk_load_links(&rows, link_id, 2);
	risk_load_derive(&rows, false, &derived);
	risk_load_combine(&rows, &derived);
	for (side = 0; side < 2; side++)
	{
		for (i = 0; i < rows.nown && rows.link[i].id != link_id[side]; i++)
			;
		if (i == rows.nown)
			refuse_link(link_id[side]);
		place[side] = i;
		id_set_make(&end[side], &env.env);
		add_end_groups(&derived, &rows.link[i], min_probability, &end[side]);
	}
	for (i = derived.start[place[1]]; i < derived.start[place[1] + 1]; i++)
	{
		const NsDerivedMembership *m = &derived.membership[i];
		Datum		value = Int64GetDatum(m->srlg_id);
		bool		null = false;

		CHECK_FOR_INTERRUPTS();
		if (m->share <= 0 || m->share < min_share ||
			m->probability < min_probability ||
			(id_set_has(&end[0], m->srlg_id) && id_set_has(&end[1], m->srlg_id)))
			continue;
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, &value, &null);
	}
	MemoryContextSwitchTo(caller);
	env_pg_drop(&env);
	return (Datum) 0;
}

/* ---- groups in a graph ---- */

static void
put_groups(ReturnSetInfo *rsinfo, const NsGraph *g, NsNumbers groups, int64 of)
{
	int32_t		i;

	for (i = 0; i < groups.n; i++)
	{
		Datum		value[2];
		bool		null[2] = {0};

		value[0] = Int64GetDatum(of);
		value[1] = Int64GetDatum(ns_srlg_id(g, groups.number[i]));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, value, null);
	}
}

PG_FUNCTION_INFO_V1(netstate_graph_groups);

/* The groups of these links, and those that take down these nodes. */
Datum
netstate_graph_groups(PG_FUNCTION_ARGS)
{
	const char *network = argument_text(fcinfo, 0, "network");
	NsIdList	links = argument_ids(fcinfo, 1, "links");
	NsIdList	nodes = argument_ids(fcinfo, 2, "nodes");
	ReturnSetInfo *rsinfo;
	GraphRef	ref;
	size_t		i;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	graph_cache_get(network, &ref);
	for (i = 0; i < links.n; i++)
	{
		int32_t		link = ns_graph_find_link(ref.graph, links.id[i]);

		CHECK_FOR_INTERRUPTS();
		if (link >= 0)
			put_groups(rsinfo, ref.graph, ns_link_srlgs(ref.graph, link), links.id[i]);
	}
	for (i = 0; i < nodes.n; i++)
	{
		int32_t		node = ns_graph_find_node_id(ref.graph, nodes.id[i]);

		CHECK_FOR_INTERRUPTS();
		if (node >= 0)
			put_groups(rsinfo, ref.graph, ns_node_srlgs(ref.graph, node), nodes.id[i]);
	}
	return (Datum) 0;
}
