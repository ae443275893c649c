/*-------------------------------------------------------------------------
 *
 * name.c
 *	  Networks, nodes and links by name; the nearest name where one is not
 *	  known.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#include "argument.h"
#include "id_set.h"
#include "name.h"
#include "plant_read.h"
#include "query.h"

/* Work for a hint is bounded: longer names and later ones are not compared. */
#define NEAREST_MAX_BYTES 255
#define NEAREST_MAX_NAMES 100000
#define NEAREST_MAX_DISTANCE 3

typedef struct Nearest
{
	const char *wanted;
	int			wanted_len;
	int			distance;		/* of the best so far; a worse one is no hint */
	int			noffered;
	char		best[NEAREST_MAX_BYTES + 1];	/* empty: none */
} Nearest;

static NsQuery network_by_name = {
	.sql = "SELECT n.id FROM netstate.network n"
	" WHERE n.name OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {TEXTOID}
};

static NsQuery network_names = {
	.sql = "SELECT n.name FROM netstate.network n"
};

static NsQuery link_by_name = {
	.sql = "SELECT l.id FROM netstate.link l"
	" WHERE l.network_id OPERATOR(pg_catalog.=) $1"
	" AND l.name OPERATOR(pg_catalog.=) $2",
	.nargs = 2,
	.argtype = {INT8OID, TEXTOID}
};

static NsQuery link_names = {
	.sql = "SELECT l.name FROM netstate.link l"
	" WHERE l.network_id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {INT8OID}
};

static NsQuery group_by_name = {
	.sql = "SELECT g.id FROM netstate.disjoint_group g"
	" WHERE g.name OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtype = {TEXTOID}
};

static NsQuery group_names = {
	.sql = "SELECT g.name FROM netstate.disjoint_group g"
};

#define NAME_OF(table, column) \
	"SELECT u.place, t." column " FROM pg_catalog.unnest($1)" \
	" WITH ORDINALITY AS u(id, place) JOIN netstate." table " t" \
	" ON t.id OPERATOR(pg_catalog.=) u.id"

static NsQuery link_name = {
	.sql = NAME_OF("link", "name"),
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.by_array = true
};

static NsQuery span_by_name = {
	.sql = "SELECT s.id FROM netstate.span s"
	" WHERE s.name OPERATOR(pg_catalog.=) $2 AND $1 IS NOT NULL",
	.nargs = 2,
	.argtype = {INT8OID, TEXTOID}
};

static NsQuery span_names = {
	.sql = "SELECT s.name FROM netstate.span s WHERE $1 IS NOT NULL",
	.nargs = 1,
	.argtype = {INT8OID}
};

static NsQuery span_name = {
	.sql = NAME_OF("span", "name"),
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.by_array = true
};

static NsQuery srlg_name = {
	.sql = "SELECT u.place, netstate.risk_name(u.id)"
	" FROM pg_catalog.unnest($1) WITH ORDINALITY AS u(id, place)",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.by_array = true
};

static NsQuery srlg_origin = {
	.sql = NAME_OF("srlg", "origin"),
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.by_array = true
};

static void
nearest_start(Nearest *n, const char *wanted)
{
	n->wanted = wanted;
	n->wanted_len = strlen(wanted);
	n->distance = Min(NEAREST_MAX_DISTANCE, n->wanted_len / 2) + 1;
	n->noffered = 0;
	n->best[0] = '\0';
}

static void
nearest_offer(Nearest *n, const char *name, int len)
{
	int			d;

	if (++n->noffered > NEAREST_MAX_NAMES ||
		n->wanted_len > NEAREST_MAX_BYTES || len > NEAREST_MAX_BYTES)
		return;
	if ((n->noffered & 0xff) == 0)
		CHECK_FOR_INTERRUPTS();

	if (pg_strncasecmp(name, n->wanted, len + 1) == 0)
		d = 0;
	else
		d = varstr_levenshtein_less_equal(n->wanted, n->wanted_len, name, len,
										  1, 1, 1, n->distance, true);

	/* Among equally near ones the first by name: hints repeat. */
	if (d < n->distance ||
		(d == n->distance && n->best[0] != '\0' && strcmp(name, n->best) < 0))
	{
		n->distance = d;
		memcpy(n->best, name, len);
		n->best[len] = '\0';
	}
}

static void
nearest_row(const Datum *value, const bool *null, void *state)
{
	char	   *name;

	if (null[0])
		return;
	name = TextDatumGetCString(value[0]);
	nearest_offer(state, name, strlen(name));
	pfree(name);
}

static int
nearest_hint(const Nearest *n)
{
	if (n->best[0] == '\0')
		return 0;
	return errhint("Perhaps you meant \"%s\".", n->best);
}

static void
id_row(const Datum *value, const bool *null, void *state)
{
	*(int64 *) state = DatumGetInt64(value[0]);
}

int64
name_find_network(const char *network)
{
	Datum		arg = CStringGetTextDatum(network);
	Nearest		nearest;
	int64		id;

	if (strcmp(network, "plant") == 0)
		return PLANT_NETWORK_ID;
	if (query_run(&network_by_name, &arg, id_row, &id) > 0)
		return id;

	nearest_start(&nearest, network);
	query_run(&network_names, NULL, nearest_row, &nearest);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("network \"%s\" does not exist", argument_shown(network)),
			 nearest_hint(&nearest)));
}

int32_t
name_find_node(const NsGraph *graph, const char *network, const char *node)
{
	int32_t		found = ns_graph_find_node(graph, node);
	Nearest		nearest;
	int32_t		i;

	if (found >= 0)
		return found;

	nearest_start(&nearest, node);
	for (i = 0; i < graph->nnodes; i++)
	{
		const char *name = ns_node_name(graph, i);

		if (!ns_node_exists(graph, i))
			continue;

		nearest_offer(&nearest, name, strlen(name));
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("node \"%s\" does not exist in network \"%s\"",
					argument_shown(node), argument_shown(network)),
			 nearest_hint(&nearest)));
}

typedef struct NameList
{
	MemoryContext context;
	char	  **name;
} NameList;

static void
name_row(const Datum *value, const bool *null, void *state)
{
	NameList   *list = state;
	MemoryContext old;

	if (null[1])
		return;
	old = MemoryContextSwitchTo(list->context);
	list->name[DatumGetInt64(value[0]) - 1] = TextDatumGetCString(value[1]);
	MemoryContextSwitchTo(old);
}

static char **
name_of(NsQuery *query, const int64 *id, size_t n)
{
	NameList	list;
	Datum		ids;

	if (n == 0)
		return NULL;
	ids = id_array(id, n, sizeof(int64));
	list.context = CurrentMemoryContext;
	list.name = palloc0_array(char *, n);
	query_run(query, &ids, name_row, &list);
	pfree(DatumGetPointer(ids));
	return list.name;
}

char	  **
name_of_links(const int64 *id, size_t n)
{
	return name_of(&link_name, id, n);
}

char	  **
name_of_spans(const int64 *id, size_t n)
{
	return name_of(&span_name, id, n);
}

/* May the caller read whatever a group may be named after, and how? */
static bool
may_name_groups(void)
{
	static const char *const tables[] = {
		"srlg", "span", "duct", "cable", "structure", "site", "power_feed",
		"corridor", "hazard_area", "risk_rule", "risk_rule_default",
		"risk_rule_in_force"
	};
	int			i;

	for (i = 0; i < (int) lengthof(tables); i++)
		if (!query_may_select(tables[i]))
			return false;
	return DatumGetBool(DirectFunctionCall2(has_function_privilege_name,
											CStringGetTextDatum("netstate.risk_name(bigint)"),
											CStringGetTextDatum("EXECUTE")));
}

char	  **
name_of_srlgs(const int64 *id, size_t n)
{
	if (!may_name_groups())
		return palloc0_array(char *, n);
	return name_of(&srlg_name, id, n);
}

char	  **
name_of_origins(const int64 *srlg_id, size_t n)
{
	if (!query_may_select("srlg"))
		return palloc0_array(char *, n);
	return name_of(&srlg_origin, srlg_id, n);
}

PG_FUNCTION_INFO_V1(netstate_link_id);

Datum
netstate_link_id(PG_FUNCTION_ARGS)
{
	const char *network = argument_text(fcinfo, 0, "network");
	const char *name = argument_text(fcinfo, 1, "name");
	bool		plant;
	Datum		arg[2];
	Nearest		nearest;
	int64		id;

	plant = strcmp(network, "plant") == 0;
	arg[0] = Int64GetDatum(name_find_network(network));
	arg[1] = CStringGetTextDatum(name);
	if (query_run(plant ? &span_by_name : &link_by_name, arg, id_row, &id) > 0)
		PG_RETURN_INT64(id);

	nearest_start(&nearest, name);
	query_run(plant ? &span_names : &link_names, arg, nearest_row, &nearest);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("link \"%s\" does not exist in network \"%s\"",
					argument_shown(name), argument_shown(network)),
			 nearest_hint(&nearest)));
}

PG_FUNCTION_INFO_V1(netstate_disjoint_group_id);

Datum
netstate_disjoint_group_id(PG_FUNCTION_ARGS)
{
	const char *name = argument_text(fcinfo, 0, "name");
	Datum		arg = CStringGetTextDatum(name);
	Nearest		nearest;
	int64		id;

	if (query_run(&group_by_name, &arg, id_row, &id) > 0)
		PG_RETURN_INT64(id);

	nearest_start(&nearest, name);
	query_run(&group_names, NULL, nearest_row, &nearest);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("disjoint group \"%s\" does not exist", argument_shown(name)),
			 nearest_hint(&nearest)));
}
