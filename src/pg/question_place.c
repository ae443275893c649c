/*-------------------------------------------------------------------------
 *
 * question_place.c
 *	  What lies in a hazard area, or along a stretch of a corridor.
 *
 * Indexes find what may touch, by boxes; core measures, as it does when groups
 * are derived, so that both find the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "env_pg.h"
#include "error.h"
#include "plant_read.h"
#include "query.h"
#include "question_place.h"

#define SUBJECT		"impact"

typedef struct Hazard
{
	NsEnv	   *env;
	int64	   *area_id;
	NsArea	   *area;
	size_t		nareas;
	IdSet	   *span;
	IdSet	   *node;
} Hazard;

#define BY_IDS(text, owner) \
	{.sql = text, .nargs = 1, .argtype = {INT8ARRAYOID}, \
	 .as_owner_of = owner, .by_array = true}

static NsQuery area_shapes =
BY_IDS("SELECT h.id, h.geom FROM pg_catalog.unnest($1) AS u(id)"
	   " JOIN netstate.hazard_area h ON h.id OPERATOR(pg_catalog.=) u.id",
	   "hazard_area");
static NsQuery near_spans =
BY_IDS("SELECT s.area_id, s.id, s.geom FROM netstate.hazard_spans($1) AS s",
	   "hazard_area");
static NsQuery near_nodes =
BY_IDS("SELECT n.area_id, n.id, n.geom FROM netstate.hazard_nodes($1) AS n",
	   "hazard_area");
static NsQuery spans_of_corridor =
BY_IDS("SELECT s.id, s.corridor_id, s.side FROM pg_catalog.unnest($1) AS u(id)"
	   " JOIN netstate.span s ON s.corridor_id OPERATOR(pg_catalog.=) u.id",
	   "span");

void
place_line(NsEnv *env, Datum geometry, NsLine *line)
{
	bytea	   *wkb = plant_binary_form(geometry);

	error_check(ns_line_from_wkb(env, (const uint8_t *) VARDATA_ANY(wkb),
								 VARSIZE_ANY_EXHDR(wkb), line), SUBJECT);
	pfree(wkb);
}

/* ---- hazard areas ---- */

static void
area_row(const Datum *value, const bool *null, void *state)
{
	Hazard	   *h = state;
	bytea	   *wkb = plant_binary_form(value[1]);

	h->area_id[h->nareas] = DatumGetInt64(value[0]);
	error_check(ns_area_from_wkb(h->env, (const uint8_t *) VARDATA_ANY(wkb),
								 VARSIZE_ANY_EXHDR(wkb), &h->area[h->nareas++]),
				SUBJECT);
	pfree(wkb);
}

static const NsArea *
area_of(const Hazard *h, int64 id)
{
	size_t		i = 0;

	while (h->area_id[i] != id)
		i++;
	return &h->area[i];
}

static void
near_span_row(const Datum *value, const bool *null, void *state)
{
	Hazard	   *h = state;
	NsLine		line;
	bool		hits;

	CHECK_FOR_INTERRUPTS();
	if (id_set_has(h->span, DatumGetInt64(value[1])))
		return;
	place_line(h->env, value[2], &line);
	error_check(ns_area_hits_line(h->env, area_of(h, DatumGetInt64(value[0])),
								  &line, &hits), SUBJECT);
	if (hits)
		id_set_add(h->span, DatumGetInt64(value[1]));
}

static void
near_node_row(const Datum *value, const bool *null, void *state)
{
	Hazard	   *h = state;
	bytea	   *wkb = plant_binary_form(value[2]);
	NsPoint		point;

	CHECK_FOR_INTERRUPTS();
	error_check(ns_point_from_wkb((const uint8_t *) VARDATA_ANY(wkb),
								  VARSIZE_ANY_EXHDR(wkb), &point), SUBJECT);
	pfree(wkb);
	if (ns_area_contains(area_of(h, DatumGetInt64(value[0])), point))
		id_set_add(h->node, DatumGetInt64(value[1]));
}

void
place_hazards(NsEnv *env, const IdSet *area, IdSet *span, IdSet *node)
{
	Hazard		h = {.env = env, .span = span, .node = node};
	Datum		ids;

	if (area->n == 0)
		return;
	h.area_id = env_pg_array(env, area->n, sizeof(int64));
	h.area = env_pg_array(env, area->n, sizeof(NsArea));
	ids = id_array(area->id, area->n, sizeof(int64));
	query_run(&area_shapes, &ids, area_row, &h);
	query_run(&near_spans, &ids, near_span_row, &h);
	query_run(&near_nodes, &ids, near_node_row, &h);
	pfree(DatumGetPointer(ids));
}

/* ---- stretches of corridors ---- */

static void
corridor_span_row(const Datum *value, const bool *null, void *state)
{
	id_set_add(state, DatumGetInt64(value[0]));
}

/* Is one of the stretches from first to last, on this side, among the groups? */
static bool
has_stretch(const IdSet *group, NsRiskCode code, int64 corridor_id,
			int32 first, int32 last, int side)
{
	int32		n;

	for (n = first; n <= last; n++)
		if (id_set_has(group, ns_risk_id(code, ns_stretch_id(corridor_id, n, side))))
			return true;
	return false;
}

void
place_stretches(NsEnv *env, const IdSet *group, IdSet *span)
{
	PlantRead	p;
	IdSet		candidate;
	IdSet		corridor;
	Datum		ids;
	size_t		i;

	if (group->n == 0)
		return;
	id_set_make(&corridor, env);
	for (i = 0; i < group->n; i++)
		id_set_add(&corridor, ns_risk_element(group->id[i]) >>
				   (NS_STRETCH_BITS + NS_SIDE_BITS));
	ids = id_array(corridor.id, corridor.n, sizeof(int64));
	id_set_make(&candidate, env);
	query_run(&spans_of_corridor, &ids, corridor_span_row, &candidate);
	pfree(DatumGetPointer(ids));
	if (candidate.n == 0)
		return;
	plant_read_itself(&p, env, candidate.id, candidate.n, NULL, 0);
	for (i = 0; i < p.rows.nstretches; i++)
	{
		const NsPlantStretch *s = &p.stretch[i];
		int			side = p.span[s->span].side;

		CHECK_FOR_INTERRUPTS();
		if (has_stretch(group, NS_RISK_CORRIDOR, s->corridor_id, s->first,
						s->last, 0) ||
			(side != 0 &&
			 has_stretch(group, NS_RISK_CORRIDOR_SIDE, s->corridor_id,
						 s->first_side, s->last_side, side)))
			id_set_add(span, p.span[s->span].id);
	}
}
