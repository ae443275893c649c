/*-------------------------------------------------------------------------
 *
 * risk_reason.c
 *	  SQL functions risk_id and risk_reason_rows: which group follows from an
 *	  element, and why a link belongs to a group.
 *
 * A reason is one place where the group's event can reach what lies beneath
 * the link: a segment of a cable, a node, a stated membership.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "argument.h"
#include "id_set.h"
#include "query.h"
#include "risk_load.h"

static const struct
{
	const char *kind;
	NsRiskCode	code;
}			group_kinds[] = {
	{"span", NS_RISK_SPAN},
	{"duct", NS_RISK_DUCT},
	{"cable", NS_RISK_CABLE},
	{"structure", NS_RISK_STRUCTURE},
	{"site", NS_RISK_SITE},
	{"power_feed", NS_RISK_POWER_FEED},
	{"corridor", NS_RISK_CORRIDOR},
	{"corridor_side", NS_RISK_CORRIDOR_SIDE},
	{"crossing", NS_RISK_CROSSING},
	{"proximity", NS_RISK_PROXIMITY},
	{"hazard_area", NS_RISK_HAZARD_AREA},
};

PG_FUNCTION_INFO_V1(netstate_risk_id);

Datum
netstate_risk_id(PG_FUNCTION_ARGS)
{
	const char *kind = argument_text(fcinfo, 0, "kind");
	int64		element = argument_id(fcinfo, 1, "element_id");
	int			i;

	if (element < 0 || element >= INT64CONST(1) << NS_RISK_ELEMENT_BITS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("element_id is out of range"),
				 errdetail("It is " INT64_FORMAT ", and ids of elements are 0 to 2^59 - 1.",
						   element),
				 errhint("Give the id of an element of the plant.")));
	for (i = 0; i < (int) lengthof(group_kinds); i++)
		if (strcmp(kind, group_kinds[i].kind) == 0)
			PG_RETURN_INT64(ns_risk_id(group_kinds[i].code, element));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown kind of group \"%s\"", argument_shown(kind)),
			 errdetail("No group of this kind follows from the plant."),
			 errhint("The kinds are: span, duct, cable, structure, site, power_feed, corridor, corridor_side, crossing, proximity, hazard_area.")));
}

/* ---- reasons ---- */

typedef struct Reason
{
	const char *rule;
	const char *element_kind;
	int64		element_id;
	int64		link_id;		/* beneath, or the link itself; 0: none */
	int64		cable_id;
	int32		seq;
	int64		node_id;
	double		probability;
} Reason;

typedef struct Ask
{
	ReturnSetInfo *rsinfo;
	const RiskRows *rows;
	int64		srlg_id;
	NsRiskCode	code;
	int32		group;			/* of the plant read; -1: not there */
} Ask;

#define REASON_COLUMNS 8

static void
put_reason(const Ask *ask, const Reason *r)
{
	Datum		values[REASON_COLUMNS];
	bool		nulls[REASON_COLUMNS] = {0};

	values[0] = CStringGetTextDatum(r->rule);
	values[1] = CStringGetTextDatum(r->element_kind);
	values[2] = Int64GetDatum(r->element_id);
	values[3] = Int64GetDatum(r->link_id);
	nulls[3] = r->link_id == 0;
	values[4] = Int64GetDatum(r->cable_id);
	nulls[4] = r->cable_id == 0;
	values[5] = Int32GetDatum(r->seq);
	nulls[5] = r->cable_id == 0;
	values[6] = Int64GetDatum(r->node_id);
	nulls[6] = r->node_id == 0;
	values[7] = Float8GetDatum(r->probability);
	tuplestore_putvalues(ask->rsinfo->setResult, ask->rsinfo->setDesc, values,
						 nulls);
}

static bool
is_of_group(const Ask *ask, int32 unit)
{
	return unit >= 0 &&
		ns_plant_unit_group(&ask->rows->plant.plant, unit) == ask->group;
}

/* The rule by which an event at a span reaches what lies in it. */
static const char *
span_rule(const Ask *ask, int32 span)
{
	const NsPlantRows *rows = &ask->rows->plant.rows;
	int64		element = ns_risk_element(ask->srlg_id);
	size_t		i;

	switch (ask->code)
	{
		case NS_RISK_SPAN:
			return plant_rule_word(rows->span[span].encased ? NS_RULE_DUCT_BANK
								   : NS_RULE_SPAN);
		case NS_RISK_STRUCTURE:
			if (rows->structure[rows->span[span].a].id == element ||
				rows->structure[rows->span[span].z].id == element)
				return plant_rule_word(NS_RULE_STRUCTURE);
			for (i = 0; i < rows->npassages; i++)
				if (rows->passage[i].span == span &&
					rows->structure[rows->passage[i].structure].id == element)
					return plant_rule_word(NS_RULE_PASSAGE_OVER + rows->passage[i].passage);
			return plant_rule_word(NS_RULE_STRUCTURE);
		case NS_RISK_SITE:
			return plant_rule_word(NS_RULE_SITE);
		case NS_RISK_CORRIDOR:
			return plant_rule_word(NS_RULE_CORRIDOR);
		case NS_RISK_CORRIDOR_SIDE:
			return plant_rule_word(NS_RULE_CORRIDOR_SIDE);
		case NS_RISK_CROSSING:
			return plant_rule_word(NS_RULE_CROSSING);
		case NS_RISK_PROXIMITY:
			return plant_rule_word(NS_RULE_PROXIMITY);
		default:
			return plant_rule_word(NS_RULE_HAZARD_AREA);
	}
}

static void
lane_reasons(const Ask *ask, int64 link_id, const NsRide *ride, int32 at)
{
	const PlantRead *read = &ask->rows->plant;
	const NsPlant *plant = &read->plant;
	const NsLane *lane = &read->lane[at];
	const NsPlantDuct *duct = read->rows.duct;
	Reason		r = {.link_id = link_id};
	int32		own = plant->span[lane->span].unit;
	int32		d;
	int32		i;

	r.cable_id = read->rows.cable[ride->cable].id;
	r.seq = read->segment[at].seq;
	r.element_kind = "span";
	r.element_id = read->rows.span[lane->span].id;
	if (own >= 0 && lane->duct >= 0 && read->rows.span[lane->span].encased)
	{
		for (d = lane->duct; duct[d].parent >= 0; d = duct[d].parent)
			CHECK_FOR_INTERRUPTS();
		own = plant->duct[d].bank;
	}
	if (is_of_group(ask, own))
	{
		r.rule = span_rule(ask, lane->span);
		r.probability = plant->unit_probability[own];
		put_reason(ask, &r);
	}
	for (i = plant->span[lane->span].start; i < plant->span[lane->span + 1].start; i++)
	{
		int32		unit = plant->span_list[i];

		if (!is_of_group(ask, unit))
			continue;
		r.rule = span_rule(ask, lane->span);
		r.probability = plant->unit_probability[unit];
		put_reason(ask, &r);
	}
	r.element_kind = "duct";
	for (d = lane->duct; d >= 0; d = duct[d].parent)
	{
		if (!is_of_group(ask, plant->duct[d].unit))
			continue;
		r.element_id = duct[lane->duct].id;
		r.rule = plant_rule_word(NS_RULE_DUCT);
		r.probability = plant->unit_probability[plant->duct[d].unit];
		put_reason(ask, &r);
	}
}

static void
ride_reasons(const Ask *ask)
{
	const PlantRead *read = &ask->rows->plant;
	size_t		i;

	for (i = 0; i < ask->rows->nlinks; i++)
	{
		int32		k;

		for (k = read->ride_start[i]; k < read->ride_start[i + 1]; k++)
		{
			const NsRide *ride = &read->ready_ride[k];
			int32		unit = read->plant.cable_unit[ride->cable];
			int32		l;

			CHECK_FOR_INTERRUPTS();
			if (is_of_group(ask, unit))
			{
				Reason		r = {.rule = plant_rule_word(NS_RULE_CABLE),
				.element_kind = "cable"};

				r.link_id = ask->rows->link[i].id;
				r.element_id = read->rows.cable[ride->cable].id;
				r.probability = read->plant.unit_probability[unit];
				put_reason(ask, &r);
			}
			for (l = 0; l < ride->nlanes; l++)
				lane_reasons(ask, ask->rows->link[i].id, ride, ride->lane + l);
		}
	}
}

static const char *
node_rule(const Ask *ask, double probability)
{
	switch (ask->code)
	{
		case NS_RISK_STRUCTURE:
			return plant_rule_word(NS_RULE_STRUCTURE);
		case NS_RISK_SITE:
			return plant_rule_word(NS_RULE_SITE);
		case NS_RISK_HAZARD_AREA:
			return plant_rule_word(NS_RULE_HAZARD_AREA);
		default:
			return NULL;		/* power: depends on the site's feeds */
	}
}

/* Does the site draw on more feeds than one? */
static bool
is_backed(const NsPlantRows *rows, int32 site)
{
	size_t		n = 0;
	size_t		i;

	for (i = 0; i < rows->nfeeds; i++)
		n += rows->feed[i].site == site;
	return n > 1;
}

static void
node_reasons(const Ask *ask)
{
	const PlantRead *read = &ask->rows->plant;
	size_t		i;

	for (i = 0; i < ask->rows->nnodes; i++)
	{
		int32		place = read->node_place[i];
		int32		k;

		CHECK_FOR_INTERRUPTS();
		if (place < 0)
			continue;
		for (k = read->plant.place_start[place];
			 k < read->plant.place_start[place + 1]; k++)
		{
			int32		unit = read->plant.place_list[k];
			Reason		r = {.element_kind = "node"};

			if (!is_of_group(ask, unit))
				continue;
			r.element_id = r.node_id = ask->rows->node[i].id;
			r.probability = read->plant.unit_probability[unit];
			r.rule = node_rule(ask, r.probability);
			if (r.rule == NULL)
				r.rule = plant_rule_word(is_backed(&read->rows, read->rows.place[place].site)
										 ? NS_RULE_POWER_FEED_BACKED : NS_RULE_POWER_FEED);
			put_reason(ask, &r);
		}
	}
}

static void
stated_reasons(const Ask *ask)
{
	size_t		i;

	for (i = 0; i < ask->rows->nmembers; i++)
	{
		const NsRiskMember *m = &ask->rows->member[i];
		Reason		r = {.rule = "stated",.element_kind = "link"};

		if (m->srlg_id != ask->srlg_id)
			continue;
		r.element_id = r.link_id = m->link_id;
		r.probability = m->probability;
		put_reason(ask, &r);
	}
	for (i = 0; i < ask->rows->nsrlg_nodes; i++)
	{
		const NsRiskSrlgNode *s = &ask->rows->srlg_node[i];
		Reason		r = {.rule = "stated",.element_kind = "node"};

		if (s->srlg_id != ask->srlg_id)
			continue;
		r.element_id = r.node_id = s->node_id;
		r.probability = s->probability;
		put_reason(ask, &r);
	}
}

static void
find_group(Ask *ask)
{
	const NsPlant *plant = &ask->rows->plant.plant;
	int32		i;

	ask->group = -1;
	for (i = 0; i < plant->ngroups; i++)
		if (plant->group_id[i] == ask->srlg_id)
			ask->group = i;
}

PG_FUNCTION_INFO_V1(netstate_risk_reason_rows);

Datum
netstate_risk_reason_rows(PG_FUNCTION_ARGS)
{
	int64		link_id = argument_id(fcinfo, 0, "link_id");
	int64		srlg_id = argument_id(fcinfo, 1, "srlg_id");
	MemoryContext caller = CurrentMemoryContext;
	RiskRows	rows = {0};
	NsRiskResult derived;
	EnvPg		env;
	Ask			ask = {.rows = &rows,.srlg_id = srlg_id};

	risk_load_check_rights();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	ask.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	env_pg_make(&env, caller, "netstate risk");
	MemoryContextSwitchTo(env.context);
	rows.env = &env.env;
	risk_load_links(&rows, &link_id, 1);
	if (rows.nown > 0)
	{
		risk_load_derive(&rows, false, &derived);
		if (srlg_id > 0)
			stated_reasons(&ask);
		else if (rows.plant.any)
		{
			ask.code = ns_risk_code(srlg_id);
			find_group(&ask);
			if (ask.group >= 0)
			{
				ride_reasons(&ask);
				node_reasons(&ask);
			}
		}
	}
	MemoryContextSwitchTo(caller);
	env_pg_drop(&env);
	return (Datum) 0;
}

/* ---- stretches ---- */

static NsQuery corridor_spans = {
	.sql = "SELECT s.id FROM netstate.span s WHERE s.corridor_id IS NOT NULL"
};

static void
corridor_span_row(const Datum *value, const bool *null, void *state)
{
	id_set_add(state, DatumGetInt64(value[0]));
}

#define STRETCH_COLUMNS 6

static void
put_stretch(ReturnSetInfo *rsinfo, const PlantRead *plant,
			const NsPlantStretch *s, bool of_side)
{
	const NsPlantSpan *span = &plant->rows.span[s->span];
	Datum		values[STRETCH_COLUMNS];
	bool		nulls[STRETCH_COLUMNS] = {0};

	values[0] = Int64GetDatum(span->id);
	values[1] = Int64GetDatum(s->corridor_id);
	values[2] = CStringGetTextDatum(of_side ? "corridor_side" : "corridor");
	values[3] = Int32GetDatum(of_side ? span->side : 0);
	values[4] = Int32GetDatum(of_side ? s->first_side : s->first);
	values[5] = Int32GetDatum(of_side ? s->last_side : s->last);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(netstate_span_stretches);

Datum
netstate_span_stretches(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	ReturnSetInfo *rsinfo;
	PlantRead	plant;
	IdSet		span;
	EnvPg		env;
	size_t		i;

	risk_load_check_rights();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	env_pg_make(&env, caller, "netstate stretches");
	MemoryContextSwitchTo(env.context);
	id_set_make(&span, &env.env);
	query_run(&corridor_spans, NULL, corridor_span_row, &span);
	if (span.n > 0)
	{
		plant_read_itself(&plant, &env.env, span.id, span.n, NULL, 0);
		for (i = 0; i < plant.rows.nstretches; i++)
		{
			const NsPlantStretch *s = &plant.rows.stretch[i];

			CHECK_FOR_INTERRUPTS();
			if (!id_set_has(&span, plant.rows.span[s->span].id))
				continue;
			put_stretch(rsinfo, &plant, s, false);
			if (plant.rows.span[s->span].side > 0)
				put_stretch(rsinfo, &plant, s, true);
		}
	}
	MemoryContextSwitchTo(caller);
	env_pg_drop(&env);
	return (Datum) 0;
}
