/*-------------------------------------------------------------------------
 *
 * risk_load.c
 *	  What the derivation of risk reads: links, all that lies beneath them,
 *	  and the memberships stated for any of these.
 *
 * The links asked about are read as the caller may see them.  All else is read
 * as the tables' owner, once the caller's table privileges have been tested:
 * row-level security may hide a trench from somebody, but not the risk that
 * his link runs through it.
 *
 * Supports lead from a level to a lower one, so the descent ends after as many
 * rounds as there are layers; each round is one query on an array of ids.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "error.h"
#include "graph_table.h"
#include "id_set.h"
#include "query.h"
#include "risk_load.h"

#define LINK_COLUMNS \
	"l.id, l.a_node_id, l.z_node_id, l.capacity_gbps," \
	" l.status OPERATOR(pg_catalog.=) 'in_service'"

#define BY_ID(table, alias, column) \
	" FROM pg_catalog.unnest($1) AS u(id) JOIN netstate." table " " alias \
	" ON " alias "." column " OPERATOR(pg_catalog.=) u.id"

#define ID_ARRAY_QUERY(text, owner) \
	{.sql = text, .nargs = 1, .argtype = {INT8ARRAYOID}, \
	 .as_owner_of = owner, .by_array = true}

static NsQuery own_links =
ID_ARRAY_QUERY("SELECT " LINK_COLUMNS BY_ID("link", "l", "id"), NULL);

static NsQuery all_links = {
	.sql = "SELECT " LINK_COLUMNS " FROM netstate.link l"
};

static NsQuery links_beneath =
ID_ARRAY_QUERY("SELECT " LINK_COLUMNS BY_ID("link", "l", "id"), "link");

static NsQuery supports =
ID_ARRAY_QUERY("SELECT s.link_id, s.member, s.supporting_link_id"
			   BY_ID("link_support", "s", "link_id"), "link_support");

static NsQuery nodes_beneath =
ID_ARRAY_QUERY("SELECT n.id, n.supporting_node_id,"
			   " n.status OPERATOR(pg_catalog.=) 'in_service',"
			   " n.site_id, n.structure_id"
			   BY_ID("node", "n", "id"), "node");

static NsQuery members =
ID_ARRAY_QUERY("SELECT m.srlg_id, m.link_id, m.share, m.probability"
			   BY_ID("srlg_member", "m", "link_id"), "srlg_member");

static NsQuery srlg_nodes =
ID_ARRAY_QUERY("SELECT s.srlg_id, s.node_id, s.probability"
			   BY_ID("srlg_node", "s", "node_id"), "srlg_node");

/* Upward, for risk_load_links_above(). */
static NsQuery links_of_srlg =
ID_ARRAY_QUERY("SELECT m.link_id" BY_ID("srlg_member", "m", "srlg_id"),
			   "srlg_member");
static NsQuery nodes_of_srlg =
ID_ARRAY_QUERY("SELECT s.node_id" BY_ID("srlg_node", "s", "srlg_id"),
			   "srlg_node");
static NsQuery nodes_above =
ID_ARRAY_QUERY("SELECT n.id" BY_ID("node", "n", "supporting_node_id"), "node");
static NsQuery links_from_a =
ID_ARRAY_QUERY("SELECT l.id" BY_ID("link", "l", "a_node_id"), "link");
static NsQuery links_to_z =
ID_ARRAY_QUERY("SELECT l.id" BY_ID("link", "l", "z_node_id"), "link");
static NsQuery links_above =
ID_ARRAY_QUERY("SELECT s.link_id"
			   BY_ID("link_support", "s", "supporting_link_id"),
			   "link_support");

void
risk_load_check_rights(void)
{
	static const char *const stated[] = {
		"node", "link", "link_support", "srlg_member", "srlg_node"
	};
	static const char *const plant[] = {
		"strand_assignment", "cable", "cable_segment", "duct", "span",
		"span_crossing", "span_pair", "span_pair_own", "structure", "corridor",
		"hazard_area", "site", "site_power_feed", "risk_rule",
		"risk_rule_default"
	};
	int			i;

	for (i = 0; i < (int) lengthof(stated); i++)
		query_require_select(stated[i]);
	for (i = 0; i < (int) lengthof(plant) && graph_table_has_plant(); i++)
		query_require_select(plant[i]);
}

/* Pointer to a new element at the end of one of the arrays. */
#define NEW_ROW(rows, array, count, room) \
	((rows)->array = env_pg_grow((rows)->env, (rows)->array, &(rows)->room, \
								 (rows)->count + 1, \
								 sizeof(*(rows)->array)), \
	 &(rows)->array[(rows)->count++])

NsRiskNode *
risk_load_new_node(RiskRows *rows, int64 id, int64 site_id, int64 structure_id)
{
	NsRiskNode *node = NEW_ROW(rows, node, nnodes, node_room);
	PlantNode  *place;

	rows->place = env_pg_grow(rows->env, rows->place, &rows->place_room,
							  rows->nnodes, sizeof(PlantNode));
	place = &rows->place[rows->nnodes - 1];
	place->id = node->id = id;
	place->site_id = site_id;
	place->structure_id = structure_id;
	return node;
}

NsRiskLink *
risk_load_new_link(RiskRows *rows)
{
	NsRiskLink *link = NEW_ROW(rows, link, nlinks, link_room);

	link->drained = 0;
	return link;
}

static void
link_row(const Datum *value, const bool *null, void *state)
{
	NsRiskLink *link = risk_load_new_link(state);

	link->id = DatumGetInt64(value[0]);
	link->a_node_id = DatumGetInt64(value[1]);
	link->z_node_id = DatumGetInt64(value[2]);
	link->capacity_gbps = null[3] ? NAN : DatumGetFloat8(value[3]);
	link->in_service = DatumGetBool(value[4]);
}

static void
node_row(const Datum *value, const bool *null, void *state)
{
	NsRiskNode *node;

	node = risk_load_new_node(state, DatumGetInt64(value[0]),
							  null[3] ? 0 : DatumGetInt64(value[3]),
							  null[4] ? 0 : DatumGetInt64(value[4]));
	node->supporting_node_id = null[1] ? 0 : DatumGetInt64(value[1]);
	node->in_service = DatumGetBool(value[2]);
}

static void
support_row(const Datum *value, const bool *null, void *state)
{
	RiskRows   *rows = state;
	NsRiskSupport *support = NEW_ROW(rows, support, nsupports, support_room);

	support->link_id = DatumGetInt64(value[0]);
	support->member = DatumGetInt32(value[1]);
	support->supporting_link_id = DatumGetInt64(value[2]);
}

static void
member_row(const Datum *value, const bool *null, void *state)
{
	RiskRows   *rows = state;
	NsRiskMember *member = NEW_ROW(rows, member, nmembers, member_room);

	member->srlg_id = DatumGetInt64(value[0]);
	member->link_id = DatumGetInt64(value[1]);
	member->share = DatumGetFloat8(value[2]);
	member->probability = DatumGetFloat8(value[3]);
}

static void
srlg_node_row(const Datum *value, const bool *null, void *state)
{
	RiskRows   *rows = state;
	NsRiskSrlgNode *s = NEW_ROW(rows, srlg_node, nsrlg_nodes, srlg_node_room);

	s->srlg_id = DatumGetInt64(value[0]);
	s->node_id = DatumGetInt64(value[1]);
	s->probability = DatumGetFloat8(value[2]);
}

static void
id_row(const Datum *value, const bool *null, void *state)
{
	id_set_add(state, DatumGetInt64(value[0]));
}

/* Run a query on n ids that lie stride bytes apart. */
static void
run_by_id(NsQuery *query, const int64 *first, size_t n, size_t stride,
		  QueryRowFn row, void *state)
{
	Datum		ids;

	if (n == 0)
		return;
	ids = id_array(first, n, stride);
	query_run(query, &ids, row, state);
	pfree(DatumGetPointer(ids));
}

static void
load_links(RiskRows *rows, NsQuery *query, const int64 *id, size_t n)
{
	IdSet		distinct;
	size_t		i;

	id_set_make(&distinct, rows->env);
	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		id_set_add(&distinct, id[i]);
	}
	run_by_id(query, distinct.id, distinct.n, sizeof(int64), link_row, rows);
	rows->nown = rows->nlinks;
}

void
risk_load_links(RiskRows *rows, const int64 *id, size_t n)
{
	load_links(rows, &own_links, id, n);
}

void
risk_load_any_links(RiskRows *rows, const int64 *id, size_t n)
{
	load_links(rows, &links_beneath, id, n);
}

void
risk_load_all_links(RiskRows *rows)
{
	query_run(&all_links, NULL, link_row, rows);
	rows->nown = rows->nlinks;
}

/* Append all links beneath those that are there, and their supports. */
static void
add_links_beneath(RiskRows *rows)
{
	IdSet		known = {0};
	size_t		first = 0;		/* links whose supports are yet to be read */
	size_t		i;

	while (first < rows->nlinks)
	{
		size_t		old_supports = rows->nsupports;
		size_t		old_ids;

		run_by_id(&supports, &rows->link[first].id, rows->nlinks - first,
				  sizeof(NsRiskLink), support_row, rows);
		if (rows->nsupports == old_supports)
			return;

		if (known.hash == NULL)
		{
			id_set_make(&known, rows->env);
			for (i = 0; i < rows->nlinks; i++)
			{
				CHECK_FOR_INTERRUPTS();
				id_set_add(&known, rows->link[i].id);
			}
		}
		old_ids = known.n;
		for (i = old_supports; i < rows->nsupports; i++)
		{
			CHECK_FOR_INTERRUPTS();
			id_set_add(&known, rows->support[i].supporting_link_id);
		}

		first = rows->nlinks;
		run_by_id(&links_beneath, known.id + old_ids, known.n - old_ids,
				  sizeof(int64), link_row, rows);
	}
}

/*
 * Append the nodes that are still missing: ends of links, from number
 * first_link on, and nodes that others ride on.
 */
static void
add_nodes(RiskRows *rows, size_t first_link)
{
	IdSet		known;
	size_t		first_node = 0; /* nodes yet to be looked beneath */
	size_t		i;

	/* Common, and then the set need not be filled: all is there. */
	if (first_link == rows->nlinks)
	{
		for (i = 0; i < rows->nnodes; i++)
			if (rows->node[i].supporting_node_id != 0)
				break;
		if (i == rows->nnodes)
			return;
	}

	id_set_make(&known, rows->env);
	for (i = 0; i < rows->nnodes; i++)
	{
		CHECK_FOR_INTERRUPTS();
		id_set_add(&known, rows->node[i].id);
	}

	for (;;)
	{
		size_t		old_ids = known.n;

		for (i = first_link; i < rows->nlinks; i++)
		{
			CHECK_FOR_INTERRUPTS();
			id_set_add(&known, rows->link[i].a_node_id);
			id_set_add(&known, rows->link[i].z_node_id);
		}
		first_link = rows->nlinks;
		for (i = first_node; i < rows->nnodes; i++)
			if (rows->node[i].supporting_node_id != 0)
				id_set_add(&known, rows->node[i].supporting_node_id);
		first_node = rows->nnodes;

		if (known.n == old_ids)
			return;
		run_by_id(&nodes_beneath, known.id + old_ids, known.n - old_ids,
				  sizeof(int64), node_row, rows);
	}
}

/* Note what drains take of each link. */
static void
drain_links(RiskRows *rows)
{
	DrainHit	active;
	const DrainHit *hit = rows->drained;
	size_t		i;

	if (hit == NULL)
	{
		drain_hit_active(rows->env, &active);
		hit = &active;
	}
	for (i = 0; i < rows->nlinks && hit->any; i++)
	{
		CHECK_FOR_INTERRUPTS();
		rows->link[i].drained = drain_hit_lost(hit, rows->link[i].id);
	}
}

void
risk_load_input(const RiskRows *rows, NsRiskInput *in)
{
	memset(in, 0, sizeof(*in));
	in->node = rows->node;
	in->nnodes = rows->nnodes;
	in->nown = rows->nown;
	in->want_units = rows->want_units;
	in->riding = rows->plant.any ? &rows->plant.riding : NULL;
	in->link = rows->link;
	in->nlinks = rows->nlinks;
	in->support = rows->support;
	in->nsupports = rows->nsupports;
	in->member = rows->member;
	in->nmembers = rows->nmembers;
	in->srlg_node = rows->srlg_node;
	in->nsrlg_nodes = rows->nsrlg_nodes;
}

static void
derive(RiskRows *rows, NsRiskResult *result)
{
	NsRiskInput in;

	risk_load_input(rows, &in);
	if (rows->only_carried)
		in.nown = 0;
	error_check(ns_risk_derive(rows->env, &in, result),
				"derivation of shared risk");
}

void
risk_load_derive(RiskRows *rows, bool have_nodes, NsRiskResult *result)
{
	PlantLinks	links;

	add_links_beneath(rows);
	drain_links(rows);
	add_nodes(rows, have_nodes ? rows->nown : 0);
	if (rows->nlinks > 0)
		run_by_id(&members, &rows->link[0].id, rows->nlinks,
				  sizeof(NsRiskLink), member_row, rows);
	if (rows->nnodes > 0)
		run_by_id(&srlg_nodes, &rows->node[0].id, rows->nnodes,
				  sizeof(NsRiskNode), srlg_node_row, rows);

	links.id = rows->nlinks > 0 ? &rows->link[0].id : NULL;
	links.n = rows->nlinks;
	links.stride = sizeof(NsRiskLink);
	plant_read(&rows->plant, rows->env, &links, rows->place, rows->nnodes);
	derive(rows, result);
}

void
risk_load_derive_again(RiskRows *rows, const DrainHit *drained,
					   NsRiskResult *result)
{
	size_t		i;

	for (i = 0; i < rows->nlinks; i++)
		rows->link[i].drained = 0;
	rows->drained = drained;
	drain_links(rows);
	derive(rows, result);
}

void
risk_load_combine(const RiskRows *rows, NsRiskResult *result)
{
	const NsGroupLists *plant = &result->plant;
	size_t		n = result->start[rows->nown];
	NsDerivedMembership *all;
	size_t	   *start;
	size_t		i;
	size_t		j;

	if (plant->row == NULL)
		return;
	for (i = 0; i < rows->nown; i++)
		n += plant->count[i];
	all = env_pg_array(rows->env, n, sizeof(NsDerivedMembership));
	start = env_pg_array(rows->env, rows->nown + 1, sizeof(size_t));
	n = 0;
	for (i = 0; i < rows->nown; i++)
	{
		start[i] = n;
		for (j = 0; j < plant->count[i]; j++)
		{
			const NsGroupMember *m = &plant->row[plant->start[i] + j];

			CHECK_FOR_INTERRUPTS();
			all[n].srlg_id = plant->group_id[m->group];
			all[n].share = m->share;
			all[n++].probability = m->probability;
		}
		for (j = result->start[i]; j < result->start[i + 1]; j++)
			all[n++] = result->membership[j];
	}
	start[rows->nown] = n;
	result->start = start;
	result->membership = all;
}

size_t
risk_load_links_above(NsEnv *env, const int64 *srlg_id, size_t n,
					  const IdSet *from_link, const IdSet *from_node,
					  int64 **link_id)
{
	IdSet		node;
	IdSet		link;
	size_t		done;
	size_t		i;

	id_set_make(&node, env);
	id_set_make(&link, env);
	for (i = 0; i < from_link->n; i++)
		id_set_add(&link, from_link->id[i]);
	for (i = 0; i < from_node->n; i++)
		id_set_add(&node, from_node->id[i]);

	run_by_id(&links_of_srlg, srlg_id, n, sizeof(int64), id_row, &link);
	run_by_id(&nodes_of_srlg, srlg_id, n, sizeof(int64), id_row, &node);
	for (done = 0; done < node.n;)
	{
		size_t		from = done;

		done = node.n;
		run_by_id(&nodes_above, node.id + from, done - from, sizeof(int64),
				  id_row, &node);
	}
	run_by_id(&links_from_a, node.id, node.n, sizeof(int64), id_row, &link);
	run_by_id(&links_to_z, node.id, node.n, sizeof(int64), id_row, &link);
	for (done = 0; done < link.n;)
	{
		size_t		from = done;

		done = link.n;
		run_by_id(&links_above, link.id + from, done - from, sizeof(int64),
				  id_row, &link);
	}
	*link_id = link.id;
	return link.n;
}
