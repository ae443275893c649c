/*-------------------------------------------------------------------------
 *
 * plant_geometry.c
 *	  What follows from where the plant lies: stretches of corridors, hazard
 *	  areas.
 *
 * PostgreSQL's GiST indexes find what may touch, by boxes; core measures.  No
 * geometry reaches GEOS.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "env_pg.h"
#include "error.h"
#include "graph_table.h"
#include "id_set.h"
#include "line.h"
#include "plant_read_int.h"
#include "query.h"


/* A stretch further on than this has no number; no corridor is so long. */
#define LAST_STRETCH	((1 << NS_STRETCH_BITS) - 1)

/* ---- geometry from rows ---- */

bytea *
plant_binary_form(Datum geometry)
{
	static Oid	send = InvalidOid;

	if (!OidIsValid(send))
	{
		bool		varlena;

		getTypeBinaryOutputInfo(get_atttype(query_table("span"),
											get_attnum(query_table("span"), "geom")),
								&send, &varlena);
	}
	return OidSendFunctionCall(send, geometry);
}

static void
line_of(NsEnv *env, Datum geometry, NsLine *line)
{
	bytea	   *wkb = plant_binary_form(geometry);

	error_check(ns_line_from_wkb(env, (const uint8 *) VARDATA_ANY(wkb),
								 VARSIZE_ANY_EXHDR(wkb), line), PLANT_SUBJECT);
	pfree(wkb);
}

const char *
plant_with_postgis(const char *sql)
{
	Oid			type = get_atttype(query_table("span"),
								   get_attnum(query_table("span"), "geom"));
	const char *schema = NULL;
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	StringInfoData text;
	const char *p;

	if (HeapTupleIsValid(tuple))
	{
		schema = get_namespace_name(((Form_pg_type) GETSTRUCT(tuple))->typnamespace);
		ReleaseSysCache(tuple);
	}
	if (schema == NULL)
		elog(ERROR, "type of netstate.span.geom has no schema");
	initStringInfo(&text);
	for (p = sql; *p != '\0'; p++)
	{
		if (p[0] == '%' && p[1] == 's')
		{
			appendStringInfoString(&text, quote_identifier(schema));
			p++;
		}
		else
			appendStringInfoChar(&text, *p);
	}
	return MemoryContextStrdup(TopMemoryContext, text.data);
}


/* ---- corridors ---- */

typedef struct Corridors
{
	PlantRead  *p;
	NsIdMap		map;
	NsLine	   *line;			/* by number */
} Corridors;

static NsQuery corridor_lines = {
	.sql = "SELECT c.id, c.geom FROM pg_catalog.unnest($1) AS u(id)"
	" JOIN netstate.corridor c ON c.id OPERATOR(pg_catalog.=) u.id",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.as_owner_of = "corridor",
	.by_array = true
};

static void
corridor_row(const Datum *value, const bool *null, void *state)
{
	Corridors  *c = state;
	int32		number = ns_id_map_find(&c->map, DatumGetInt64(value[0]));

	if (number >= 0)
		line_of(c->p->env, value[1], &c->line[number]);
}

/* Number of the stretch that this many metres along lie in. */
static int32
stretch_at(double metres, double length)
{
	double		number = floor(metres / length);

	if (number < 0)
		return 0;
	return number > LAST_STRETCH ? LAST_STRETCH : (int32) number;
}

void
plant_note_ends(PlantRead *p, int32 span, Datum geometry)
{
	CorridorSpan *c = PLANT_NEW(p, corridor_span, p->ncorridor_spans, corridor_span_room);
	NsLine		line;

	line_of(p->env, geometry, &line);
	c->span = span;
	c->end[0] = line.point[0];
	c->end[1] = line.point[line.npoints - 1];
}

static void
add_stretch(Corridors *c, const CorridorSpan *s)
{
	PlantRead  *p = c->p;
	const NsRiskRule *rule = p->rows.rule;
	int64		corridor_id = p->raw_span[s->span].corridor_id;
	int32		number = ns_id_map_find(&c->map, corridor_id);
	NsPlantStretch *stretch;
	double		from;
	double		to;

	if (number < 0 || c->line[number].npoints == 0)
		error_check(NS_BAD_INPUT, PLANT_SUBJECT);
	from = ns_line_locate(&c->line[number], s->end[0], NULL);
	to = ns_line_locate(&c->line[number], s->end[1], NULL);
	if (from > to)
	{
		double		swap = from;

		from = to;
		to = swap;
	}
	p->stretch = env_pg_grow(p->env, p->stretch, &p->stretch_room,
							 p->rows.nstretches + 1, sizeof(NsPlantStretch));
	stretch = &p->stretch[p->rows.nstretches++];
	stretch->corridor_id = corridor_id;
	stretch->span = s->span;
	stretch->first = stretch_at(from, rule[NS_RULE_CORRIDOR].distance_m);
	stretch->last = stretch_at(to, rule[NS_RULE_CORRIDOR].distance_m);
	stretch->first_side = stretch_at(from, rule[NS_RULE_CORRIDOR_SIDE].distance_m);
	stretch->last_side = stretch_at(to, rule[NS_RULE_CORRIDOR_SIDE].distance_m);
}

void
plant_read_stretches(PlantRead *p)
{
	Corridors	c = {.p = p};
	IdSet		corridor;
	Datum		ids;
	size_t		i;

	if (!p->rows.rule[NS_RULE_CORRIDOR].enabled &&
		!p->rows.rule[NS_RULE_CORRIDOR_SIDE].enabled)
		return;
	id_set_make(&corridor, p->env);
	for (i = 0; i < p->ncorridor_spans; i++)
		id_set_add(&corridor, p->raw_span[p->corridor_span[i].span].corridor_id);
	if (corridor.n == 0)
		return;
	error_check(ns_id_map_make(p->env, &c.map, corridor.id, corridor.n,
							   sizeof(int64)), PLANT_SUBJECT);
	c.line = ns_alloc_zero(p->env, corridor.n, sizeof(NsLine));
	ids = id_array(corridor.id, corridor.n, sizeof(int64));
	query_run(&corridor_lines, &ids, corridor_row, &c);
	for (i = 0; i < p->ncorridor_spans; i++)
	{
		CHECK_FOR_INTERRUPTS();
		add_stretch(&c, &p->corridor_span[i]);
	}
}

typedef struct AlongRead
{
	PlantRead	p;
	IdSet		span;			/* parallel to p.raw_span */
} AlongRead;

static void
along_row(const GraphRow *row, void *state)
{
	AlongRead  *read = state;
	PlantRead  *p = &read->p;
	bool		null;
	Datum		geometry = graph_row_get(row, SPAN_GEOM, &null);
	size_t		at = read->span.n;

	if (null || !id_set_add(&read->span, graph_row_int64(row, SPAN_ID)))
		return;
	p->raw_span = env_pg_grow(p->env, p->raw_span, &p->raw_span_room, at + 1,
							  sizeof(RawSpan));
	p->raw_span[at].corridor_id = graph_row_int64(row, SPAN_CORRIDOR_ID);
	plant_note_ends(p, (int32) at, geometry);
}

static bool
on_one_stretch(const NsPlantStretch *a, const NsPlantStretch *b)
{
	return (a->first <= b->last && b->first <= a->last) ||
		(a->first_side <= b->last_side && b->first_side <= a->last_side);
}

void
plant_along(NsEnv *env, int64 corridor_id, const IdSet *span, IdSet *along)
{
	AlongRead	read = {.p = {.env = env}};
	const NsPlantStretch *stretch;
	size_t		n;
	size_t		i;
	size_t		j;

	plant_read_rules(read.p.rows.rule);
	if (!read.p.rows.rule[NS_RULE_CORRIDOR].enabled &&
		!read.p.rows.rule[NS_RULE_CORRIDOR_SIDE].enabled)
		return;
	id_set_make(&read.span, env);
	graph_table_look_up(GRAPH_SPAN, SPAN_CORRIDOR_ID, corridor_id, along_row, &read);
	plant_read_stretches(&read.p);
	stretch = read.p.stretch;
	n = read.p.rows.nstretches;
	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!id_set_has(span, read.span.id[stretch[i].span]))
			continue;
		for (j = 0; j < n; j++)
			if (on_one_stretch(&stretch[i], &stretch[j]))
				id_set_add(along, read.span.id[stretch[j].span]);
	}
}

/* ---- hazard areas ---- */

typedef struct Touching			/* boxes that meet */
{
	int64		area_id;
	int32		span;			/* or -1 */
	int64		node_id;
	NsLine		line;
	NsPoint		point;
} Touching;

typedef struct Hazards
{
	PlantRead  *p;
	Touching   *touching;
	size_t		n;
	size_t		room;
	IdSet		area;
	NsIdMap		map;
	NsArea	   *shape;
} Hazards;

#define HAZARD_QUERY(owner) \
	{.nargs = 1, .argtype = {INT8ARRAYOID}, .as_owner_of = owner, .by_array = true}

static NsQuery spans_near_areas = HAZARD_QUERY("span");
static NsQuery all_near_areas = {.as_owner_of = "span"};
static NsQuery nodes_near_areas = HAZARD_QUERY("node");
static NsQuery structures_near_areas = HAZARD_QUERY("structure");
static NsQuery area_shapes = {
	.sql = "SELECT h.id, h.geom FROM pg_catalog.unnest($1) AS u(id)"
	" JOIN netstate.hazard_area h ON h.id OPERATOR(pg_catalog.=) u.id",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.as_owner_of = "hazard_area",
	.by_array = true
};

static void
prepare_hazard_queries(void)
{
	if (nodes_near_areas.sql != NULL)
		return;
	spans_near_areas.sql =
		plant_with_postgis("SELECT h.id, s.id, s.geom FROM pg_catalog.unnest($1) AS u(id)"
					 " JOIN netstate.span s ON s.id OPERATOR(pg_catalog.=) u.id"
					 " JOIN netstate.hazard_area h ON h.geom OPERATOR(%s.&&) s.geom");
	all_near_areas.sql =
		plant_with_postgis("SELECT h.id, s.id, s.geom FROM netstate.hazard_area h"
					 " JOIN netstate.span s ON s.geom OPERATOR(%s.&&) h.geom");
	structures_near_areas.sql =
		plant_with_postgis("SELECT h.id, t.id, t.geom FROM pg_catalog.unnest($1) AS u(id)"
						   " JOIN netstate.structure t ON t.id OPERATOR(pg_catalog.=) u.id"
						   " JOIN netstate.hazard_area h ON h.geom OPERATOR(%s.&&) t.geom");
	nodes_near_areas.sql =
		plant_with_postgis("SELECT h.id, n.id, p.geom FROM pg_catalog.unnest($1) AS u(id)"
					 " JOIN netstate.node n ON n.id OPERATOR(pg_catalog.=) u.id"
					 " LEFT JOIN netstate.structure t ON t.id OPERATOR(pg_catalog.=) n.structure_id"
					 " LEFT JOIN netstate.site s"
					 " ON s.id OPERATOR(pg_catalog.=) COALESCE(n.site_id, t.site_id)"
					 " CROSS JOIN LATERAL (SELECT COALESCE(n.geom, t.geom, s.geom) AS geom) p"
					 " JOIN netstate.hazard_area h ON h.geom OPERATOR(%s.&&) p.geom");
}

static Touching *
new_touching(Hazards *h, int64 area_id)
{
	Touching   *t;

	h->touching = env_pg_grow(h->p->env, h->touching, &h->room, h->n + 1,
							  sizeof(Touching));
	t = &h->touching[h->n++];
	memset(t, 0, sizeof(*t));
	t->area_id = area_id;
	t->span = -1;
	id_set_add(&h->area, area_id);
	return t;
}

static void
touching_span_row(const Datum *value, const bool *null, void *state)
{
	Hazards    *h = state;
	int32		span = ns_id_map_find(&h->p->span_map, DatumGetInt64(value[1]));
	Touching   *t;

	if (span < 0)
		return;
	t = new_touching(h, DatumGetInt64(value[0]));
	t->span = span;
	line_of(h->p->env, value[2], &t->line);
}

static void
touching_node_row(const Datum *value, const bool *null, void *state)
{
	Hazards    *h = state;
	Touching   *t = new_touching(h, DatumGetInt64(value[0]));
	bytea	   *wkb = plant_binary_form(value[2]);

	t->node_id = DatumGetInt64(value[1]);
	error_check(ns_point_from_wkb((const uint8 *) VARDATA_ANY(wkb),
								  VARSIZE_ANY_EXHDR(wkb), &t->point), PLANT_SUBJECT);
}

static void
shape_row(const Datum *value, const bool *null, void *state)
{
	Hazards    *h = state;
	int32		number = ns_id_map_find(&h->map, DatumGetInt64(value[0]));
	bytea	   *wkb;

	if (number < 0)
		return;
	wkb = plant_binary_form(value[1]);
	error_check(ns_area_from_wkb(h->p->env, (const uint8 *) VARDATA_ANY(wkb),
								 VARSIZE_ANY_EXHDR(wkb), &h->shape[number]),
				PLANT_SUBJECT);
}

static void
measure(Hazards *h)
{
	PlantRead  *p = h->p;
	size_t		i;

	for (i = 0; i < h->n; i++)
	{
		const Touching *t = &h->touching[i];
		const NsArea *area = &h->shape[ns_id_map_find(&h->map, t->area_id)];
		NsPlantHazard *hazard;
		bool		hits;

		CHECK_FOR_INTERRUPTS();
		if (t->span < 0)
			hits = ns_area_contains(area, t->point);
		else
			error_check(ns_area_hits_line(p->env, area, &t->line, &hits),
						PLANT_SUBJECT);
		if (!hits)
			continue;
		p->hazard = env_pg_grow(p->env, p->hazard, &p->hazard_room,
								p->rows.nhazards + 1, sizeof(NsPlantHazard));
		hazard = &p->hazard[p->rows.nhazards++];
		hazard->area_id = t->area_id;
		hazard->span = t->span;
		hazard->node_id = t->node_id;
	}
}

void
plant_read_hazards(PlantRead *p, const PlantNode *node, size_t nnodes)
{
	Hazards		h = {.p = p};
	Datum		ids;

	if (!p->hazards || !p->rows.rule[NS_RULE_HAZARD_AREA].enabled)
		return;
	prepare_hazard_queries();
	id_set_make(&h.area, p->env);
	if (p->whole)
		query_run(&all_near_areas, NULL, touching_span_row, &h);
	else if (p->rows.nspans > 0)
	{
		ids = id_array(&p->span[0].id, p->rows.nspans, sizeof(NsPlantSpan));
		query_run(&spans_near_areas, &ids, touching_span_row, &h);
	}
	if (nnodes > 0)
	{
		ids = id_array(&node[0].id, nnodes, sizeof(PlantNode));
		query_run(p->itself ? &structures_near_areas : &nodes_near_areas, &ids,
				  touching_node_row, &h);
	}
	if (h.area.n == 0)
		return;
	error_check(ns_id_map_make(p->env, &h.map, h.area.id, h.area.n, sizeof(int64)),
				PLANT_SUBJECT);
	h.shape = ns_alloc_zero(p->env, h.area.n, sizeof(NsArea));
	ids = id_array(h.area.id, h.area.n, sizeof(int64));
	query_run(&area_shapes, &ids, shape_row, &h);
	measure(&h);
}
