/*-------------------------------------------------------------------------
 *
 * graph_plant.c
 *	  The graph of network `plant`: structures are its nodes, spans its links.
 *
 * A span's metric is its length in metres, as built or else as drawn; its
 * length the same in kilometres, its latency that of light in fibre.  A span is
 * up when it and both its structures are operational and no drain takes it.
 * What it runs in, beside
 * or under decides its groups, as those of a link that rides in it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"

#include "drain_hit.h"
#include "env_pg.h"
#include "error.h"
#include "graph_plant.h"
#include "graph_table.h"
#include "id_map.h"
#include "plant_read.h"
#include "query.h"
#include "risk.h"

#define SUBJECT		"network \"plant\""

/* Light in fibre: 299,792.458 km/s over a group index of 1.468. */
#define US_PER_KM	4.9

typedef struct Rows
{
	NsEnv	   *env;
	NsNodeInput *node;
	size_t		nnodes;
	size_t		node_room;
	NsLinkInput *link;
	size_t		nlinks;
	size_t		link_room;
} Rows;

typedef struct Derived
{
	PlantRead	plant;
	NsRiskResult result;
	NsSrlgNodeInput *srlg_node;
	size_t		nsrlg_nodes;
	int64		below;			/* DRAIN_NETWORK_ID, where ... */
	size_t		nbelow;			/* ... something is drained: 1, else 0 */
} Derived;

/* ---- rows ---- */

static void
add_node(Rows *rows, int64 id, const char *name)
{
	NsNodeInput *node;

	rows->node = env_pg_grow(rows->env, rows->node, &rows->node_room,
							 rows->nnodes + 1, sizeof(NsNodeInput));
	node = &rows->node[rows->nnodes++];
	node->id = id;
	node->name = name;
}

static NsLinkInput *
add_link(Rows *rows, int64 id, double metres)
{
	NsLinkInput *link;

	rows->link = env_pg_grow(rows->env, rows->link, &rows->link_room,
							 rows->nlinks + 1, sizeof(NsLinkInput));
	link = &rows->link[rows->nlinks++];
	link->id = id;
	link->directed = false;
	link->up = false;
	link->cost[NS_COST_METRIC] = metres;
	link->cost[NS_COST_LENGTH] = metres / 1000;
	link->cost[NS_COST_LATENCY] = metres / 1000 * US_PER_KM;
	return link;
}

static void
structure_row(const GraphRow *row, void *state)
{
	Rows	   *rows = state;

	add_node(rows, graph_row_int64(row, STRUCTURE_ID),
			 graph_row_name(row, STRUCTURE_NAME, rows->env));
}

static void
span_row(const GraphRow *row, void *state)
{
	double		metres = graph_row_float8(row, SPAN_LENGTH_M);
	NsLinkInput *link;

	if (isnan(metres))
		metres = graph_row_float8(row, SPAN_DRAWN_M);
	link = add_link(state, graph_row_int64(row, SPAN_ID), metres);
	link->a_node_id = graph_row_int64(row, SPAN_A_STRUCTURE_ID);
	link->z_node_id = graph_row_int64(row, SPAN_Z_STRUCTURE_ID);
	link->up = graph_row_is(row, SPAN_STATUS, "operational", 11);
}

/* ---- risk ---- */

/* Spans that drains take are not up. */
static void
drain_spans(Rows *rows, Derived *d)
{
	DrainHit	drained;
	size_t		i;

	d->below = DRAIN_NETWORK_ID;
	drain_hit_active(rows->env, &drained);
	d->nbelow = drained.any ? 1 : 0;
	for (i = 0; i < rows->nlinks && drained.any; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (drain_hit_span(&drained, rows->link[i].id))
			rows->link[i].up = false;
	}
}

/* Links as read are up by their own status; results by position of links. */
static void
derive(Rows *rows, Derived *d)
{
	NsEnv	   *env = rows->env;
	int64	   *span_id = env_pg_array(env, rows->nlinks, sizeof(int64));
	int64	   *structure_id = env_pg_array(env, rows->nnodes, sizeof(int64));
	NsRiskLink *link = env_pg_array(env, rows->nlinks, sizeof(NsRiskLink));
	NsRiskInput in = {0};
	NsRiskNode *node;
	size_t		i;

	drain_spans(rows, d);
	for (i = 0; i < rows->nlinks; i++)
	{
		CHECK_FOR_INTERRUPTS();
		link[i].drained = 0;
		link[i].id = span_id[i] = rows->link[i].id;
		link[i].a_node_id = rows->link[i].a_node_id;
		link[i].z_node_id = rows->link[i].z_node_id;
		link[i].capacity_gbps = NAN;
		link[i].in_service = rows->link[i].up;
	}
	for (i = 0; i < rows->nnodes; i++)
		structure_id[i] = rows->node[i].id;
	plant_read_itself(&d->plant, env, span_id, rows->nlinks, structure_id,
					  rows->nnodes);
	node = ns_alloc_zero(env, d->plant.rows.nstructures, sizeof(NsRiskNode));
	for (i = 0; i < d->plant.rows.nstructures; i++)
	{
		node[i].id = d->plant.rows.structure[i].id;
		node[i].in_service = d->plant.rows.structure[i].operational;
	}
	in.link = link;
	in.nlinks = in.nown = rows->nlinks;
	in.node = node;
	in.nnodes = d->plant.rows.nstructures;
	in.riding = &d->plant.riding;
	error_check(ns_risk_derive(env, &in, &d->result), SUBJECT);
	for (i = 0; i < rows->nlinks; i++)
		rows->link[i].up = d->result.up[i];
}

static void
take_downs(const Rows *rows, Derived *d)
{
	size_t		i;

	d->nsrlg_nodes = d->result.nsrlg_nodes;
	d->srlg_node = env_pg_array(rows->env, d->nsrlg_nodes, sizeof(NsSrlgNodeInput));
	for (i = 0; i < d->nsrlg_nodes; i++)
	{
		d->srlg_node[i].srlg_id = d->result.srlg_node[i].srlg_id;
		d->srlg_node[i].node_id = d->result.srlg_node[i].node_id;
		d->srlg_node[i].probability = (float) d->result.srlg_node[i].probability;
	}
}

static void
take_input(const Rows *rows, const Derived *d, NsGraphInput *in)
{
	in->node = rows->node;
	in->nnodes = rows->nnodes;
	in->link = rows->link;
	in->nlinks = rows->nlinks;
	in->lists = &d->result.plant;
	in->srlg_node = d->srlg_node;
	in->nsrlg_nodes = d->nsrlg_nodes;
}

static int
compare_links(const void *a, const void *b)
{
	int64		x = ((const NsLinkInput *) a)->id;
	int64		y = ((const NsLinkInput *) b)->id;

	return (x > y) - (x < y);
}

static int
compare_nodes(const void *a, const void *b)
{
	int64		x = ((const NsNodeInput *) a)->id;
	int64		y = ((const NsNodeInput *) b)->id;

	return (x > y) - (x < y);
}

void
graph_plant_scan(NsEnv *env, GraphRead *out)
{
	Rows		rows = {.env = env};
	Derived    *d = env_pg_array(env, 1, sizeof(Derived));

	graph_table_scan(GRAPH_STRUCTURE, structure_row, &rows);
	graph_table_scan(GRAPH_SPAN, span_row, &rows);
	if (rows.nnodes > 1)
		qsort(rows.node, rows.nnodes, sizeof(NsNodeInput), compare_nodes);
	if (rows.nlinks > 1)
		qsort(rows.link, rows.nlinks, sizeof(NsLinkInput), compare_links);
	derive(&rows, d);
	take_downs(&rows, d);
	memset(out, 0, sizeof(*out));
	take_input(&rows, d, &out->in);
	out->below = &d->below;
	out->nbelow = d->nbelow;
}

/* ---- changes ---- */

/* Which of the ids asked for were not read? */
static int64 *
missing(NsEnv *env, const int64 *id, size_t n, const int64 *read, size_t nread,
		size_t stride, size_t *nmissing)
{
	int64	   *out = env_pg_array(env, n, sizeof(int64));
	NsIdMap		map = {0};
	size_t		i;

	if (nread > 0)
		error_check(ns_id_map_make(env, &map, read, nread, stride), SUBJECT);
	*nmissing = 0;
	for (i = 0; i < n; i++)
		if (ns_id_map_find(&map, id[i]) < 0)
			out[(*nmissing)++] = id[i];
	return out;
}

static void
take_nodes(const Rows *rows, const Derived *d, const GraphTouched *touched,
		   NsGraphChange *change)
{
	size_t		ngone;
	int64	   *gone = missing(rows->env, touched->node, touched->nnodes,
							   rows->nnodes > 0 ? &rows->node[0].id : NULL,
							   rows->nnodes, sizeof(NsNodeInput), &ngone);
	NsNodeChange *node = ns_alloc_zero(rows->env, rows->nnodes + ngone,
									   sizeof(NsNodeChange));
	NsIdMap		map = {0};
	size_t		i;

	if (rows->nnodes > 0)
		error_check(ns_id_map_make(rows->env, &map, &rows->node[0].id,
								   rows->nnodes, sizeof(NsNodeInput)), SUBJECT);
	for (i = 0; i < rows->nnodes; i++)
	{
		node[i].node = rows->node[i];
		node[i].exists = true;
	}
	/* those of one node lie together */
	for (i = 0; i < d->nsrlg_nodes; i++)
	{
		int32		at = ns_id_map_find(&map, d->srlg_node[i].node_id);

		CHECK_FOR_INTERRUPTS();
		if (at < 0)
			continue;
		if (node[at].nsrlg_nodes++ == 0)
			node[at].srlg_node = &d->srlg_node[i];
	}
	for (i = 0; i < ngone; i++)
		node[rows->nnodes + i].node.id = gone[i];
	change->node = node;
	change->nnodes = rows->nnodes + ngone;
}

static void
take_links(const Rows *rows, const Derived *d, const GraphTouched *touched,
		   NsGraphChange *change)
{
	size_t		ngone;
	int64	   *gone = missing(rows->env, touched->link, touched->nlinks,
							   rows->nlinks > 0 ? &rows->link[0].id : NULL,
							   rows->nlinks, sizeof(NsLinkInput), &ngone);
	NsLinkChange *link = ns_alloc_zero(rows->env, rows->nlinks + ngone,
									   sizeof(NsLinkChange));
	size_t		i;

	for (i = 0; i < rows->nlinks; i++)
	{
		link[i].link = rows->link[i];
		link[i].exists = true;
		link[i].membership = graph_scan_listed(rows->env, &d->result.plant, i);
		link[i].nmemberships = d->result.plant.count[i];
	}
	for (i = 0; i < ngone; i++)
		link[rows->nlinks + i].link.id = gone[i];
	change->link = link;
	change->nlinks = rows->nlinks + ngone;
}

void
graph_plant_touched(NsEnv *env, const GraphTouched *touched, GraphDelta *out)
{
	Rows		rows = {.env = env};
	Derived    *d = env_pg_array(env, 1, sizeof(Derived));
	GraphLookUp look_up;
	size_t		i;

	graph_look_up_begin(&look_up, GRAPH_STRUCTURE, STRUCTURE_ID);
	for (i = 0; i < touched->nnodes; i++)
		graph_look_up(&look_up, Int64GetDatum(touched->node[i]), structure_row, &rows);
	graph_look_up_end(&look_up);
	graph_look_up_begin(&look_up, GRAPH_SPAN, SPAN_ID);
	for (i = 0; i < touched->nlinks; i++)
		graph_look_up(&look_up, Int64GetDatum(touched->link[i]), span_row, &rows);
	graph_look_up_end(&look_up);
	derive(&rows, d);
	take_downs(&rows, d);
	memset(out, 0, sizeof(*out));
	take_nodes(&rows, d, touched, &out->change);
	take_links(&rows, d, touched, &out->change);
	out->below = &d->below;
	out->nbelow = d->nbelow;
}

/* ---- as the caller sees it ---- */

static NsQuery visible_structures = {
	.sql = "SELECT s.id, s.name FROM netstate.structure s"
};

static NsQuery visible_spans = {
	.sql = "SELECT s.id, s.a_structure_id, s.z_structure_id,"
	" COALESCE(s.length_m, s.drawn_m), s.status OPERATOR(pg_catalog.=) 'operational'"
	" FROM netstate.span s"
};

static void
visible_structure_row(const Datum *value, const bool *null, void *state)
{
	Rows	   *rows = state;
	text	   *name = DatumGetTextPP(value[1]);
	size_t		n = VARSIZE_ANY_EXHDR(name);
	char	   *copy = env_pg_array(rows->env, n + 1, 1);

	memcpy(copy, VARDATA_ANY(name), n);
	copy[n] = '\0';
	add_node(rows, DatumGetInt64(value[0]), copy);
}

static void
visible_span_row(const Datum *value, const bool *null, void *state)
{
	NsLinkInput *link = add_link(state, DatumGetInt64(value[0]),
								 DatumGetFloat8(value[3]));

	link->a_node_id = DatumGetInt64(value[1]);
	link->z_node_id = DatumGetInt64(value[2]);
	link->up = DatumGetBool(value[4]);
}

static void
drop_spans_of_hidden_structures(Rows *rows)
{
	NsIdMap		map = {0};
	size_t		n = 0;
	size_t		i;

	if (rows->nnodes > 0)
		error_check(ns_id_map_make(rows->env, &map, &rows->node[0].id,
								   rows->nnodes, sizeof(NsNodeInput)), SUBJECT);
	for (i = 0; i < rows->nlinks; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (ns_id_map_find(&map, rows->link[i].a_node_id) >= 0 &&
			ns_id_map_find(&map, rows->link[i].z_node_id) >= 0)
			rows->link[n++] = rows->link[i];
	}
	rows->nlinks = n;
}

void
graph_plant_load(NsEnv *env, NsGraphInput *in)
{
	Rows		rows = {.env = env};
	Derived    *d = env_pg_array(env, 1, sizeof(Derived));

	query_run(&visible_structures, NULL, visible_structure_row, &rows);
	query_run(&visible_spans, NULL, visible_span_row, &rows);
	drop_spans_of_hidden_structures(&rows);
	derive(&rows, d);
	take_downs(&rows, d);
	take_input(&rows, d, in);
}
