/*-------------------------------------------------------------------------
 *
 * question_hit.c
 *	  From elements of any kind down to the links that fail with them.
 *
 * Elements are taken together, each kind once and the larger ones first: what a
 * zone holds are sites, what a site holds are structures and nodes, what ends
 * at a structure are spans, and so on down to segments of cables, to the
 * strands assigned on them, and to links.  So what two elements have in common
 * is hit once.
 *
 * All is read as the tables' owner, once the caller's privileges have been
 * tested: row-level security may hide a trench from somebody, but not that his
 * link runs through it.  Each step is one query on arrays of ids, and none
 * where there are no ids.
 *
 * Memory: all lists lie in the region of the environment.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"

#include "argument.h"
#include "env_pg.h"
#include "graph_place.h"
#include "plant.h"
#include "query.h"
#include "question_hit.h"
#include "question_place.h"

typedef enum HitKind
{
	HIT_REGION, HIT_ZONE, HIT_SITE, HIT_POWER_FEED, HIT_STRUCTURE,
	HIT_CORRIDOR, HIT_SPAN, HIT_SPAN_PAIR, HIT_DUCT, HIT_CABLE,
	HIT_SPLICE_CLOSURE, HIT_HAZARD_AREA, HIT_NODE, HIT_LINK, HIT_SRLG,
	HIT_NKINDS
} HitKind;

static const char *const hit_kinds[HIT_NKINDS] = {
	"region", "zone", "site", "power_feed", "structure",
	"corridor", "span", "span_pair", "duct", "cable",
	"splice_closure", "hazard_area", "node", "link", "srlg"
};

static const char *const hit_tables[] = {
	"zone", "site", "site_power_feed", "structure", "corridor", "span",
	"span_crossing", "duct", "cable", "cable_segment", "splice", "hazard_area",
	"strand_assignment", "node", "link", "link_support", "srlg_member",
	"srlg_node"
};

/* Strands at the end of a segment. */
typedef struct HitStrands
{
	int64		cable;
	int64		seq;
	int32		lower;
	int32		upper;			/* the first that is not hit */
} HitStrands;

typedef struct Hit
{
	NsEnv	   *env;
	IdSet		element[HIT_SRLG];	/* by kind */
	IdSet		group;			/* stated ones */
	IdSet		stretch;		/* groups of a stretch of a corridor */
	IdSet		unlit;		/* sites whose feeds are judged by the group's
								 * event: they go dark, other feeds or not */
	HitStrands *strands;
	size_t		nstrands;
	size_t		strands_room;
	HitLinks   *links;
	size_t		lost_room;
} Hit;

/*
 * OFFSET 0, here and below: by index, however many ids there are.  The planner
 * takes a recursion for a thousand rows, and prices a row in memory as one on
 * disk, and would read whole tables.
 */
#define BY_ID(columns, table, column) \
	"SELECT " columns " FROM pg_catalog.unnest($1) AS u(id)" \
	" CROSS JOIN LATERAL (SELECT t.* FROM netstate." table " t" \
	" WHERE t." column " OPERATOR(pg_catalog.=) u.id OFFSET 0) t"

#define ID_QUERY(text, owner) \
	{.sql = text, .nargs = 1, .argtype = {INT8ARRAYOID}, \
	 .as_owner_of = owner, .by_array = true}

static NsQuery zones_of_region =
ID_QUERY(BY_ID("t.id", "zone", "region_id"), "zone");
static NsQuery sites_of_zone =
ID_QUERY(BY_ID("t.id", "site", "zone_id"), "site");
static NsQuery sites_of_feed =
ID_QUERY(BY_ID("t.site_id", "site_power_feed", "power_feed_id"),
		 "site_power_feed");
static NsQuery feeds_of_site =
ID_QUERY(BY_ID("t.site_id, t.power_feed_id", "site_power_feed", "site_id"),
		 "site_power_feed");
static NsQuery structures_of_site =
ID_QUERY(BY_ID("t.id", "structure", "site_id"), "structure");
static NsQuery nodes_of_site =
ID_QUERY(BY_ID("t.id", "node", "site_id"), "node");
static NsQuery nodes_of_structure =
ID_QUERY(BY_ID("t.id, t.site_id IS NULL", "node", "structure_id"), "node");
static NsQuery spans_of_structure =
ID_QUERY(BY_ID("t.id", "span", "a_structure_id") " UNION ALL "
		 BY_ID("t.id", "span", "z_structure_id"), "span");
static NsQuery spans_passing =
ID_QUERY(BY_ID("t.span_id", "span_crossing", "structure_id"), "span_crossing");
static NsQuery spans_of_corridor =
ID_QUERY(BY_ID("t.id", "span", "corridor_id"), "span");
static NsQuery ducts_within =
ID_QUERY("WITH RECURSIVE down(id) AS ("
		 " SELECT u.id FROM pg_catalog.unnest($1) AS u(id)"
		 " UNION SELECT s.id FROM down CROSS JOIN LATERAL ("
		 " SELECT t.id FROM netstate.duct t"
		 " WHERE t.parent_id OPERATOR(pg_catalog.=) down.id OFFSET 0) s)"
		 " SELECT down.id FROM down", "duct");
static NsQuery segments_of_duct =
ID_QUERY(BY_ID("t.cable_id, t.seq", "cable_segment", "duct_id"),
		 "cable_segment");
static NsQuery splices_of_closure =
ID_QUERY(BY_ID("t.a_cable_id, t.a_seq, pg_catalog.lower(t.a_strands),"
			   " pg_catalog.upper(t.a_strands), t.z_cable_id, t.z_seq,"
			   " pg_catalog.lower(t.z_strands), pg_catalog.upper(t.z_strands)",
			   "splice", "closure_id"), "splice");
static NsQuery links_of_cable =
ID_QUERY(BY_ID("t.link_id", "strand_assignment", "cable_id"),
		 "strand_assignment");

static NsQuery nodes_above =
ID_QUERY("WITH RECURSIVE up(id) AS ("
		 " SELECT u.id FROM pg_catalog.unnest($1) AS u(id)"
		 " UNION SELECT s.id FROM up CROSS JOIN LATERAL ("
		 " SELECT t.id FROM netstate.node t"
		 " WHERE t.supporting_node_id OPERATOR(pg_catalog.=) up.id OFFSET 0) s)"
		 " SELECT up.id FROM up", "node");
static NsQuery links_at_node =
ID_QUERY(BY_ID("t.id", "link", "a_node_id") " UNION ALL "
		 BY_ID("t.id", "link", "z_node_id"), "link");
static NsQuery links_of_group =
ID_QUERY(BY_ID("t.link_id, t.share", "srlg_member", "srlg_id"),
		 "srlg_member");
static NsQuery nodes_of_group =
ID_QUERY(BY_ID("t.node_id", "srlg_node", "srlg_id"), "srlg_node");

int
hit_kind(const char *word, size_t n)
{
	int			i;

	for (i = 0; i < HIT_NKINDS; i++)
		if (strlen(hit_kinds[i]) == n && memcmp(word, hit_kinds[i], n) == 0)
			return i;
	return -1;
}

const char *
hit_kind_word(int kind)
{
	return hit_kinds[kind];
}

void
hit_check_kind(const char *kind)
{
	if (hit_kind(kind, strlen(kind)) >= 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown kind of element \"%s\"", argument_shown(kind)),
			 errhint("The kinds are: region, zone, site, power_feed, structure, corridor, span, span_pair, duct, cable, splice_closure, hazard_area, node, link, srlg.")));
}

void
hit_check_rights(void)
{
	size_t		i;

	for (i = 0; i < lengthof(hit_tables); i++)
		query_require_select(hit_tables[i]);
}

/* ---- what the rows of each query are ---- */

static void
id_row(const Datum *value, const bool *null, void *state)
{
	id_set_add(state, DatumGetInt64(value[0]));
}

/* A node whose place is that of its structure. */
static void
placed_node_row(const Datum *value, const bool *null, void *state)
{
	if (DatumGetBool(value[1]))
		id_set_add(state, DatumGetInt64(value[0]));
}

static void
run(NsQuery *query, const IdSet *ids, QueryRowFn row, void *state)
{
	Datum		array;

	if (ids->n == 0)
		return;
	CHECK_FOR_INTERRUPTS();
	array = id_array(ids->id, ids->n, sizeof(int64));
	query_run(query, &array, row, state);
	pfree(DatumGetPointer(array));
}

/* Add to the elements of one kind what those of another lead to. */
static void
add(Hit *hit, NsQuery *query, HitKind from, HitKind to)
{
	run(query, &hit->element[from], id_row, &hit->element[to]);
}

static void
add_link(Hit *hit, int64 id, double lost)
{
	HitLinks   *links = hit->links;
	size_t		place = id_set_place(&links->link, id);
	size_t		old_room = hit->lost_room;

	links->lost = env_pg_grow(hit->env, links->lost, &hit->lost_room,
							  links->link.n, sizeof(double));
	if (hit->lost_room > old_room)
		memset(links->lost + old_room, 0,
			   (hit->lost_room - old_room) * sizeof(double));
	if (lost > links->lost[place])
		links->lost[place] = lost;
}

static void
link_row(const Datum *value, const bool *null, void *state)
{
	add_link(state, DatumGetInt64(value[0]), 1);
}

static void
group_link_row(const Datum *value, const bool *null, void *state)
{
	add_link(state, DatumGetInt64(value[0]), DatumGetFloat8(value[1]));
}

static void
add_strands(Hit *hit, int64 cable, int32 seq, int32 lower, int32 upper)
{
	hit->strands = env_pg_grow(hit->env, hit->strands, &hit->strands_room,
							   hit->nstrands + 1, sizeof(HitStrands));
	hit->strands[hit->nstrands++] = (HitStrands) {cable, seq, lower, upper};
}

static void
segment_row(const Datum *value, const bool *null, void *state)
{
	add_strands(state, DatumGetInt64(value[0]), DatumGetInt32(value[1]),
				0, PG_INT32_MAX);
}

/* The same, found by index without SQL: this is what most questions end at. */
static void
span_segment_row(const GraphRow *row, void *state)
{
	add_strands(state, graph_row_int64(row, SEGMENT_CABLE_ID),
				graph_row_int32(row, SEGMENT_SEQ), 0, PG_INT32_MAX);
}

static int
compare_ids(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return (x > y) - (x < y);
}

void
hit_look_up(NsEnv *env, GraphTable table, int column, const int64 *id,
			size_t n, GraphRowFn row, void *state)
{
	GraphLookUp look_up;
	int64	   *sorted;
	size_t		i;

	if (n == 0)
		return;
	sorted = env_pg_array(env, n, sizeof(int64));
	memcpy(sorted, id, n * sizeof(int64));
	qsort(sorted, n, sizeof(int64), compare_ids);
	graph_look_up_begin(&look_up, table, column);
	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		graph_look_up(&look_up, Int64GetDatum(sorted[i]), row, state);
	}
	graph_look_up_end(&look_up);
}

static void
splice_row(const Datum *value, const bool *null, void *state)
{
	int			side;

	for (side = 0; side < 8; side += 4)
		add_strands(state, DatumGetInt64(value[side]),
					DatumGetInt32(value[side + 1]),
					DatumGetInt32(value[side + 2]),
					DatumGetInt32(value[side + 3]));
}

/* By cable, then segment. */
static int
compare_strands(const void *a, const void *b)
{
	const HitStrands *x = a;
	const HitStrands *y = b;

	if (x->cable != y->cable)
		return x->cable < y->cable ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* An assignment: is one of its segments hit where its strands are? */
static void
assignment_row(const GraphRow *row, void *state)
{
	Hit		   *hit = state;
	HitStrands	first = {.cable = graph_row_int64(row, ASSIGNMENT_CABLE_ID)};
	size_t		low = 0;
	size_t		high = hit->nstrands;
	int32		from;
	int32		to;
	int32		lower;
	int32		upper;

	if (!graph_row_range(row, ASSIGNMENT_SEGMENTS, &from, &to) ||
		!graph_row_range(row, ASSIGNMENT_STRANDS, &lower, &upper))
		return;
	first.seq = from;
	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (compare_strands(&hit->strands[middle], &first) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < hit->nstrands; low++)
	{
		const HitStrands *s = &hit->strands[low];

		if (s->cable != first.cable || s->seq >= to)
			return;
		if (lower >= s->upper || s->lower >= upper)
			continue;
		add_link(hit, graph_row_int64(row, ASSIGNMENT_LINK_ID), 1);
		return;
	}
}

/* ---- power ---- */

typedef struct Power
{
	const IdSet *feed;			/* that are hit */
	IdSet		lit;			/* sites with another one */
} Power;

static void
feed_row(const Datum *value, const bool *null, void *state)
{
	Power	   *power = state;

	if (!id_set_has(power->feed, DatumGetInt64(value[1])))
		id_set_add(&power->lit, DatumGetInt64(value[0]));
}

/*
 * Feeds take down the nodes, and nothing that is passive, in sites without any
 * other feed.
 */
static void
cut_power(Hit *hit)
{
	Power		power = {&hit->element[HIT_POWER_FEED], {0}};
	IdSet		drawing;
	IdSet		dark;
	IdSet		structure;
	size_t		i;

	if (power.feed->n == 0 && hit->unlit.n == 0)
		return;
	id_set_make(&power.lit, hit->env);
	id_set_make(&drawing, hit->env);
	id_set_make(&dark, hit->env);
	id_set_make(&structure, hit->env);
	run(&sites_of_feed, power.feed, id_row, &drawing);
	run(&feeds_of_site, &drawing, feed_row, &power);
	for (i = 0; i < drawing.n; i++)
		if (!id_set_has(&power.lit, drawing.id[i]))
			id_set_add(&dark, drawing.id[i]);
	for (i = 0; i < hit->unlit.n; i++)
		id_set_add(&dark, hit->unlit.id[i]);

	run(&nodes_of_site, &dark, id_row, &hit->element[HIT_NODE]);
	run(&structures_of_site, &dark, id_row, &structure);
	run(&nodes_of_structure, &structure, placed_node_row,
		&hit->element[HIT_NODE]);
}

/* ---- groups and pairs ---- */

static void
add_pair(Hit *hit, int64 pair)
{
	id_set_add(&hit->element[HIT_SPAN], pair >> NS_SPAN_ID_BITS);
	id_set_add(&hit->element[HIT_SPAN],
			   pair & ((INT64CONST(1) << NS_SPAN_ID_BITS) - 1));
}

/* A group that follows from an element is hit as all of that element. */
static void
add_derived_group(Hit *hit, int64 id)
{
	static const HitKind kind[NS_RISK_NCODES] = {
		[NS_RISK_SPAN] = HIT_SPAN,
		[NS_RISK_DUCT] = HIT_DUCT,
		[NS_RISK_CABLE] = HIT_CABLE,
		[NS_RISK_STRUCTURE] = HIT_STRUCTURE,
		[NS_RISK_SITE] = HIT_SITE,
		[NS_RISK_HAZARD_AREA] = HIT_HAZARD_AREA
	};
	NsRiskCode	code = ns_risk_code(id);
	int64		element = ns_risk_element(id);

	if (code == NS_RISK_CORRIDOR || code == NS_RISK_CORRIDOR_SIDE)
		id_set_add(&hit->stretch, id);
	else if (code == NS_RISK_CROSSING || code == NS_RISK_PROXIMITY)
		add_pair(hit, element);
	else if (code == NS_RISK_POWER_FEED)
	{
		IdSet		feed;

		id_set_make(&feed, hit->env);
		id_set_add(&feed, element);
		run(&sites_of_feed, &feed, id_row, &hit->unlit);
	}
	else if (code < NS_RISK_NCODES && kind[code] != HIT_REGION)
		id_set_add(&hit->element[kind[code]], element);
}

static void
add_element(Hit *hit, HitKind kind, int64 id)
{
	if (kind == HIT_SPAN_PAIR)
	{
		if (id > 0)
			add_pair(hit, id);
	}
	else if (kind != HIT_SRLG)
		id_set_add(&hit->element[kind], id);
	else if (id > 0)
		id_set_add(&hit->group, id);
	else
		add_derived_group(hit, id);
}

/* ---- all together ---- */

/*
 * What the group of a site takes down, and no more: not what only passes its
 * structures, nor nodes in them that are said to be elsewhere.
 */
static void
lose_sites(Hit *hit)
{
	IdSet		within;

	id_set_make(&within, hit->env);
	add(hit, &nodes_of_site, HIT_SITE, HIT_NODE);
	run(&structures_of_site, &hit->element[HIT_SITE], id_row, &within);
	run(&nodes_of_structure, &within, placed_node_row, &hit->element[HIT_NODE]);
	run(&spans_of_structure, &within, id_row, &hit->element[HIT_SPAN]);
}

/* Down to the spans, ducts and cables; nodes on the way. */
static void
descend_places(Hit *hit)
{
	IdSet	   *node = &hit->element[HIT_NODE];

	add(hit, &zones_of_region, HIT_REGION, HIT_ZONE);
	add(hit, &sites_of_zone, HIT_ZONE, HIT_SITE);
	cut_power(hit);
	lose_sites(hit);
	run(&nodes_of_structure, &hit->element[HIT_STRUCTURE], id_row, node);
	run(&nodes_of_group, &hit->group, id_row, node);
	add(hit, &spans_of_structure, HIT_STRUCTURE, HIT_SPAN);
	add(hit, &spans_passing, HIT_STRUCTURE, HIT_SPAN);
	add(hit, &spans_of_corridor, HIT_CORRIDOR, HIT_SPAN);
	place_stretches(hit->env, &hit->stretch, &hit->element[HIT_SPAN]);
	place_hazards(hit->env, &hit->element[HIT_HAZARD_AREA],
				  &hit->element[HIT_SPAN], node);
	add(hit, &ducts_within, HIT_DUCT, HIT_DUCT);
	hit_look_up(hit->env, GRAPH_CABLE_SEGMENT, SEGMENT_SPAN_ID,
				hit->element[HIT_SPAN].id, hit->element[HIT_SPAN].n,
				span_segment_row, hit);
	run(&segments_of_duct, &hit->element[HIT_DUCT], segment_row, hit);
	run(&splices_of_closure, &hit->element[HIT_SPLICE_CLOSURE], splice_row, hit);
}

/* The links on strands that are hit. */
static void
add_links_of_strands(Hit *hit)
{
	IdSet		cable;
	size_t		i;

	run(&links_of_cable, &hit->element[HIT_CABLE], link_row, hit);
	if (hit->nstrands == 0)
		return;
	qsort(hit->strands, hit->nstrands, sizeof(HitStrands), compare_strands);
	id_set_make(&cable, hit->env);
	for (i = 0; i < hit->nstrands; i++)
		id_set_add(&cable, hit->strands[i].cable);
	/*
	 * All assignments of a cable, held against the segments that are hit: the
	 * index of the constraint that keeps strands apart would find them segment
	 * by segment, and takes longer for one than this for a hundred rows.
	 */
	hit_look_up(hit->env, GRAPH_STRAND_ASSIGNMENT, ASSIGNMENT_CABLE_ID, cable.id,
				cable.n, assignment_row, hit);
}

static void
hit_begin(Hit *hit, NsEnv *env, HitLinks *links)
{
	int			i;

	memset(hit, 0, sizeof(*hit));
	memset(links, 0, sizeof(*links));
	hit->env = env;
	hit->links = links;
	id_set_make(&links->link, env);
	for (i = 0; i < HIT_SRLG; i++)
		id_set_make(&hit->element[i], env);
	id_set_make(&hit->group, env);
	id_set_make(&hit->stretch, env);
	id_set_make(&hit->unlit, env);
}

static void
hit_finish(Hit *hit)
{
	IdSet		node;
	size_t		i;

	id_set_make(&node, hit->env);
	descend_places(hit);
	add_links_of_strands(hit);
	run(&nodes_above, &hit->element[HIT_NODE], id_row, &node);
	run(&links_at_node, &node, link_row, hit);
	run(&links_of_group, &hit->group, group_link_row, hit);
	for (i = 0; i < hit->element[HIT_LINK].n; i++)
		add_link(hit, hit->element[HIT_LINK].id[i], 1);
}

void
hit_links(NsEnv *env, const char *kind, NsIdList ids, HitLinks *links)
{
	int			which = hit_kind(kind, strlen(kind));
	Hit			hit;
	size_t		i;

	hit_begin(&hit, env, links);
	for (i = 0; i < ids.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		add_element(&hit, which, ids.id[i]);
	}
	hit_finish(&hit);
}

void
hit_elements(NsEnv *env, const HitElement *element, size_t n, bool wide,
			 HitLinks *links, IdSet *span)
{
	Hit			hit;
	size_t		i;

	hit_begin(&hit, env, links);
	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		add_element(&hit, element[i].kind, element[i].id);
	}
	if (wide)
		run(&sites_of_feed, &hit.element[HIT_POWER_FEED], id_row, &hit.unlit);
	hit_finish(&hit);
	for (i = 0; span != NULL && i < hit.element[HIT_SPAN].n; i++)
		id_set_add(span, hit.element[HIT_SPAN].id[i]);
}
