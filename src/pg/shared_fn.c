/*-------------------------------------------------------------------------
 *
 * shared_fn.c
 *	  SQL function shared_risk_groups: which groups two links are both in, and
 *	  how likely an event of each hits both.
 *
 * An event reaches a link through units, and two links may have units in
 * common; so the joint probability is worked out from the units of both, and
 * never from their two memberships:
 *
 *	   P(both) = P(a) + P(b) - P(a or b),
 *	   P(a or b) = 1 - product of (1 - p) over the union of their units.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "argument.h"
#include "id_set.h"
#include "question_group.h"
#include "risk_load.h"

typedef struct SharedGroup
{
	int64		id;
	double		share[2];
	double		hit[3];			/* that a unit of a, of b, of either is hit */
} SharedGroup;

typedef struct SharedCall
{
	ReturnSetInfo *rsinfo;
	MemoryContext caller;
	EnvPg		env;
	RiskRows	rows;
	NsRiskResult derived;
	int64		link_id[2];
	size_t		place[2];		/* of a and b among the links */
	IdSet		ids;			/* groups of a */
	SharedGroup *group;			/* beside ids.id */
	bool	   *in_b;
} SharedCall;

/* Count a unit of a group that is beneath a, b or both. */
static void
count_unit(SharedCall *call, int64 group_id, double p, bool of_a, bool of_b)
{
	SharedGroup *group;

	if ((!of_a && !of_b) || !id_set_has(&call->ids, group_id))
		return;
	group = &call->group[id_set_place(&call->ids, group_id)];
	if (of_a)
		group->hit[0] += p * (1 - group->hit[0]);
	if (of_b)
		group->hit[1] += p * (1 - group->hit[1]);
	group->hit[2] += p * (1 - group->hit[2]);
}

/* The groups that both are in. */
static void
find_groups(SharedCall *call)
{
	const NsRiskResult *d = &call->derived;
	size_t		n = d->start[call->place[0] + 1] - d->start[call->place[0]];
	size_t		side;
	size_t		i;

	id_set_make(&call->ids, &call->env.env);
	call->group = env_pg_array(&call->env.env, n, sizeof(SharedGroup));
	call->in_b = env_pg_array(&call->env.env, n, sizeof(bool));
	memset(call->in_b, 0, n * sizeof(bool));
	for (side = 0; side < 2; side++)
		for (i = d->start[call->place[side]];
			 i < d->start[call->place[side] + 1]; i++)
		{
			const NsDerivedMembership *m = &d->membership[i];
			size_t		place;

			CHECK_FOR_INTERRUPTS();
			if (side == 1 && !id_set_has(&call->ids, m->srlg_id))
				continue;
			place = id_set_place(&call->ids, m->srlg_id);
			if (side == 0)
				call->group[place] = (SharedGroup) {m->srlg_id, {0, 0}, {0, 0, 0}};
			else
				call->in_b[place] = true;
			call->group[place].share[side] = group_same_digits(m->share);
		}
}

/* Units of the plant, which come listed for each link. */
static void
count_plant_units(SharedCall *call)
{
	const NsRiskResult *d = &call->derived;
	const NsPlant *plant = &call->rows.plant.plant;
	IdSet		of_b;
	size_t		i;

	if (!call->rows.plant.any)
		return;
	id_set_make(&of_b, &call->env.env);
	for (i = d->unit_start[call->place[1]];
		 i < d->unit_start[call->place[1] + 1]; i++)
		id_set_add(&of_b, d->unit[i]);
	for (i = d->unit_start[call->place[0]];
		 i < d->unit_start[call->place[0] + 1]; i++)
	{
		int32_t		unit = d->unit[i];
		bool		both = id_set_has(&of_b, unit);

		CHECK_FOR_INTERRUPTS();
		count_unit(call, plant->group_id[ns_plant_unit_group(plant, unit)],
				   plant->unit_probability[unit], true, both);
		if (both)
			of_b.id[id_set_place(&of_b, unit)] = -1;
	}
	for (i = 0; i < of_b.n; i++)
		if (of_b.id[i] >= 0)
			count_unit(call,
					   plant->group_id[ns_plant_unit_group(plant, (int32_t) of_b.id[i])],
					   plant->unit_probability[of_b.id[i]], false, true);
}

/* The links beneath one of the two, itself included, and their nodes. */
typedef struct Beneath
{
	IdSet		link;
	IdSet		node;
} Beneath;

static void
find_beneath(SharedCall *call, size_t side, Beneath *beneath)
{
	const RiskRows *rows = &call->rows;
	size_t		before;
	size_t		i;

	id_set_make(&beneath->link, &call->env.env);
	id_set_make(&beneath->node, &call->env.env);
	id_set_add(&beneath->link, call->link_id[side]);
	do
	{
		before = beneath->link.n;
		for (i = 0; i < rows->nsupports; i++)
			if (id_set_has(&beneath->link, rows->support[i].link_id))
				id_set_add(&beneath->link, rows->support[i].supporting_link_id);
		CHECK_FOR_INTERRUPTS();
	} while (beneath->link.n > before);
	for (i = 0; i < rows->nlinks; i++)
	{
		if (!id_set_has(&beneath->link, rows->link[i].id))
			continue;
		id_set_add(&beneath->node, rows->link[i].a_node_id);
		id_set_add(&beneath->node, rows->link[i].z_node_id);
	}
	do
	{
		before = beneath->node.n;
		for (i = 0; i < rows->nnodes; i++)
			if (rows->node[i].supporting_node_id != 0 &&
				id_set_has(&beneath->node, rows->node[i].id))
				id_set_add(&beneath->node, rows->node[i].supporting_node_id);
		CHECK_FOR_INTERRUPTS();
	} while (beneath->node.n > before);
}

/* Units that somebody stated: memberships, and nodes taken down. */
static void
count_stated_units(SharedCall *call)
{
	const RiskRows *rows = &call->rows;
	Beneath		of[2];
	size_t		i;

	if (rows->nmembers == 0 && rows->nsrlg_nodes == 0)
		return;
	for (i = 0; i < 2; i++)
		find_beneath(call, i, &of[i]);
	for (i = 0; i < rows->nmembers; i++)
		count_unit(call, rows->member[i].srlg_id, rows->member[i].probability,
				   id_set_has(&of[0].link, rows->member[i].link_id),
				   id_set_has(&of[1].link, rows->member[i].link_id));
	for (i = 0; i < rows->nsrlg_nodes; i++)
		count_unit(call, rows->srlg_node[i].srlg_id,
				   rows->srlg_node[i].probability,
				   id_set_has(&of[0].node, rows->srlg_node[i].node_id),
				   id_set_has(&of[1].node, rows->srlg_node[i].node_id));
}

#define SHARED_COLUMNS 9
static void
put_groups(SharedCall *call)
{
	size_t		i;

	for (i = 0; i < call->ids.n; i++)
	{
		const SharedGroup *group = &call->group[i];
		const char *kind = group_kind(group->id);
		int64		element_id;
		double		both = group->hit[0] + group->hit[1] - group->hit[2];
		Datum		values[SHARED_COLUMNS];
		bool		nulls[SHARED_COLUMNS] = {0};

		CHECK_FOR_INTERRUPTS();
		if (!call->in_b[i])
			continue;
		values[0] = Int64GetDatum(group->id);
		nulls[1] = kind == NULL;
		values[1] = kind == NULL ? (Datum) 0 : CStringGetTextDatum(kind);
		values[2] = CStringGetTextDatum(group_element(group->id, &element_id));
		values[3] = Int64GetDatum(element_id);
		values[4] = Float8GetDatum(group->share[0]);
		values[5] = Float8GetDatum(group->share[1]);
		values[6] = Float8GetDatum(group->hit[0]);
		values[7] = Float8GetDatum(group->hit[1]);
		values[8] = Float8GetDatum(Max(both, 0));
		tuplestore_putvalues(call->rsinfo->setResult, call->rsinfo->setDesc,
							 values, nulls);
	}
}
#undef SHARED_COLUMNS

/* Where the two links are among those read; they have to be there. */
static void
find_links(SharedCall *call)
{
	size_t		side;
	size_t		i;

	for (side = 0; side < 2; side++)
	{
		for (i = 0; i < call->rows.nown; i++)
			if (call->rows.link[i].id == call->link_id[side])
				break;
		if (i == call->rows.nown)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("link with id %lld does not exist",
							(long long) call->link_id[side]),
					 errhint("netstate.link_id(network, name) looks a link up by name.")));
		call->place[side] = i;
	}
}

PG_FUNCTION_INFO_V1(netstate_shared_risk_groups);

Datum
netstate_shared_risk_groups(PG_FUNCTION_ARGS)
{
	SharedCall	call;

	memset(&call, 0, sizeof(call));
	call.link_id[0] = argument_id(fcinfo, 0, "link_a");
	call.link_id[1] = argument_id(fcinfo, 1, "link_b");
	if (call.link_id[0] == call.link_id[1])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("arguments \"link_a\" and \"link_b\" must differ"),
				 errdetail("Both are %lld.", (long long) call.link_id[0]),
				 errhint("netstate.memberships() gives the groups of one link.")));
	risk_load_check_rights();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	call.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	call.caller = CurrentMemoryContext;
	env_pg_make(&call.env, CurrentMemoryContext, "netstate shared risk");
	MemoryContextSwitchTo(call.env.context);
	call.rows.env = &call.env.env;
	call.rows.want_units = true;
	risk_load_links(&call.rows, call.link_id, 2);
	find_links(&call);
	risk_load_derive(&call.rows, false, &call.derived);
	risk_load_combine(&call.rows, &call.derived);
	find_groups(&call);
	count_plant_units(&call);
	count_stated_units(&call);
	put_groups(&call);
	MemoryContextSwitchTo(call.caller);
	env_pg_drop(&call.env);
	return (Datum) 0;
}
