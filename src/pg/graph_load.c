/*-------------------------------------------------------------------------
 *
 * graph_load.c
 *	  Reads one network's graph from the tables.
 *
 * Nodes and links are those that the caller may see; what lies beneath them,
 * and their risks, are read past row-level security (risk_load.c).  A link of
 * which an end is hidden is left out: a path could not name that end.
 *
 * Only links in service are read, since no link of a network rides on another
 * link of it.  Which of these are up, and in which groups, core derives.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/rls.h"

#include "argument.h"
#include "env_pg.h"
#include "error.h"
#include "graph_load.h"
#include "graph_plant.h"
#include "id_set.h"
#include "query.h"
#include "risk_load.h"

typedef struct GraphRows
{
	RiskRows	risk;
	NsNodeInput *node;			/* position as in risk.node */
	size_t		node_room;
	NsLinkInput *link;			/* position as in risk.link */
	size_t		link_room;
} GraphRows;

static NsQuery network_nodes = {
	.sql = "SELECT n.id, n.supporting_node_id,"
	" n.status OPERATOR(pg_catalog.=) 'in_service', n.name,"
	" n.site_id, n.structure_id"
	" FROM netstate.node n WHERE n.network_id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID}
};

static NsQuery network_links = {
	.sql = "SELECT l.id, l.a_node_id, l.z_node_id, l.directed,"
	" l.metric, l.latency_us, l.length_km, l.capacity_gbps"
	" FROM netstate.link l WHERE l.network_id OPERATOR(pg_catalog.=) $1"
	" AND l.status OPERATOR(pg_catalog.=) 'in_service'",
	.nargs = 1,
	.argtype = {INT8OID}
};

static char *
copy_name(NsEnv *env, Datum value)
{
	text	   *name = DatumGetTextPP(value);
	size_t		len = VARSIZE_ANY_EXHDR(name);
	char	   *copy = env_pg_array(env, len + 1, 1);

	memcpy(copy, VARDATA_ANY(name), len);
	copy[len] = '\0';
	return copy;
}

static void
node_row(const Datum *value, const bool *null, void *state)
{
	GraphRows  *rows = state;
	NsRiskNode *node;
	NsNodeInput *named;

	node = risk_load_new_node(&rows->risk, DatumGetInt64(value[0]),
							  null[4] ? 0 : DatumGetInt64(value[4]),
							  null[5] ? 0 : DatumGetInt64(value[5]));
	node->supporting_node_id = null[1] ? 0 : DatumGetInt64(value[1]);
	node->in_service = DatumGetBool(value[2]);

	rows->node = env_pg_grow(rows->risk.env, rows->node, &rows->node_room,
							 rows->risk.nnodes, sizeof(NsNodeInput));
	named = &rows->node[rows->risk.nnodes - 1];
	named->id = node->id;
	named->name = copy_name(rows->risk.env, value[3]);
}

static void
link_row(const Datum *value, const bool *null, void *state)
{
	GraphRows  *rows = state;
	NsRiskLink *risk = risk_load_new_link(&rows->risk);
	NsLinkInput *link;
	int			i;

	rows->link = env_pg_grow(rows->risk.env, rows->link, &rows->link_room,
							 rows->risk.nlinks, sizeof(NsLinkInput));
	link = &rows->link[rows->risk.nlinks - 1];
	link->id = DatumGetInt64(value[0]);
	link->a_node_id = DatumGetInt64(value[1]);
	link->z_node_id = DatumGetInt64(value[2]);
	link->directed = DatumGetBool(value[3]);
	link->up = true;			/* links that are not are dropped below */
	for (i = 0; i < NS_STORED_COSTS; i++)
		link->cost[i] = null[4 + i] ? NAN : DatumGetFloat8(value[4 + i]);

	risk->id = link->id;
	risk->a_node_id = link->a_node_id;
	risk->z_node_id = link->z_node_id;
	risk->capacity_gbps = null[7] ? NAN : DatumGetFloat8(value[7]);
	risk->in_service = true;
}

/* Drop the links of which an end is not among the nodes. */
static void
drop_links_of_hidden_nodes(GraphRows *rows)
{
	IdSet		visible;
	size_t		nkept = 0;
	size_t		i;

	id_set_make(&visible, rows->risk.env);
	for (i = 0; i < rows->risk.nnodes; i++)
		id_set_add(&visible, rows->risk.node[i].id);
	for (i = 0; i < rows->risk.nlinks; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!id_set_has(&visible, rows->link[i].a_node_id) ||
			!id_set_has(&visible, rows->link[i].z_node_id))
			continue;
		rows->risk.link[nkept] = rows->risk.link[i];
		rows->link[nkept++] = rows->link[i];
	}
	rows->risk.nlinks = nkept;
}

/*
 * Keep the links that are up, and hand over their memberships by link.
 */
static void
take_derived(GraphRows *rows, const NsRiskResult *derived, NsGraphInput *in)
{
	NsEnv	   *env = rows->risk.env;
	NsMembershipInput *membership;
	NsSrlgNodeInput *srlg_node;
	size_t		nlinks = 0;
	size_t		n = 0;
	size_t		i;
	size_t		j;

	NsGroupLists *lists = env_pg_array(env, 1, sizeof(NsGroupLists));
	size_t	   *start = env_pg_array(env, rows->risk.nown, sizeof(size_t));
	size_t	   *count = env_pg_array(env, rows->risk.nown, sizeof(size_t));

	membership = env_pg_array(env, derived->start[rows->risk.nown],
							  sizeof(NsMembershipInput));
	*lists = derived->plant;
	lists->start = start;
	lists->count = count;
	for (i = 0; i < rows->risk.nown; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!derived->up[i])
			continue;
		for (j = derived->start[i]; j < derived->start[i + 1]; j++)
		{
			membership[n].srlg_id = derived->membership[j].srlg_id;
			membership[n].link_id = rows->link[i].id;
			membership[n].share = derived->membership[j].share;
			membership[n].probability = derived->membership[j].probability;
			n++;
		}
		if (lists->row != NULL)
		{
			start[nlinks] = derived->plant.start[i];
			count[nlinks] = derived->plant.count[i];
		}
		rows->link[nlinks++] = rows->link[i];
	}

	srlg_node = env_pg_array(env, derived->nsrlg_nodes,
							 sizeof(NsSrlgNodeInput));
	for (i = 0; i < derived->nsrlg_nodes; i++)
	{
		srlg_node[i].srlg_id = derived->srlg_node[i].srlg_id;
		srlg_node[i].node_id = derived->srlg_node[i].node_id;
		srlg_node[i].probability = derived->srlg_node[i].probability;
	}

	in->link = rows->link;
	in->nlinks = nlinks;
	in->membership = membership;
	in->nmemberships = n;
	in->srlg_node = srlg_node;
	in->nsrlg_nodes = derived->nsrlg_nodes;
	in->lists = lists;
}

NsGraphBlock *
graph_load(NsEnv *env, int64 network_id, const char *network)
{
	GraphRows	rows = {0};
	NsGraphInput in = {0};
	NsRiskResult derived;
	NsGraphBlock *graph;
	Datum		arg = Int64GetDatum(network_id);

	risk_load_check_rights();
	if (network_id == PLANT_NETWORK_ID)
	{
		graph_plant_load(env, &in);
		error_check(ns_graph_build(env, &in, &graph), "network \"plant\"");
		return graph;
	}
	rows.risk.env = env;
	query_run(&network_nodes, &arg, node_row, &rows);
	query_run(&network_links, &arg, link_row, &rows);
	if (check_enable_rls(query_table("node"), InvalidOid, true) == RLS_ENABLED)
		drop_links_of_hidden_nodes(&rows);
	rows.risk.nown = rows.risk.nlinks;

	in.node = rows.node;
	in.nnodes = rows.risk.nnodes;
	risk_load_derive(&rows.risk, true, &derived);
	take_derived(&rows, &derived, &in);
	error_check(ns_graph_build(env, &in, &graph),
				psprintf("network \"%s\"", argument_shown(network)));
	return graph;
}
