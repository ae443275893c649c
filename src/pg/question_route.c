/*-------------------------------------------------------------------------
 *
 * question_route.c
 *	  A link and all that lies beneath it, read in a handful of queries.
 *
 * All is read as the caller may: a route shows where things are, and nobody
 * sees here what he does not see in the tables.  What is hidden is missing, and
 * question_walk.c says so where it matters.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "error.h"
#include "id_set.h"
#include "query.h"
#include "question_route.h"

/*
 * OFFSET 0, here and below: the planner takes a recursion for a thousand rows
 * and would read whole tables.
 */
static NsQuery supports_beneath = {
	.sql = "WITH RECURSIVE down(id) AS ("
	" SELECT $1 UNION SELECT s.supporting_link_id FROM down CROSS JOIN LATERAL ("
	" SELECT t.supporting_link_id FROM netstate.link_support t"
	" WHERE t.link_id OPERATOR(pg_catalog.=) down.id OFFSET 0) s)"
	" SELECT s.link_id, s.member, s.supporting_link_id"
	" FROM down CROSS JOIN LATERAL (SELECT t.* FROM netstate.link_support t"
	" WHERE t.link_id OPERATOR(pg_catalog.=) down.id OFFSET 0) s"
	" ORDER BY s.link_id, s.member, s.seq",
	.nargs = 1,
	.argtype = {INT8OID}
};

static NsQuery links_shown = {
	.sql = "SELECT l.id, l.name, n.layer, l.status, l.a_node_id, l.z_node_id"
	" FROM pg_catalog.unnest($1) AS u(id)"
	" JOIN netstate.link l ON l.id OPERATOR(pg_catalog.=) u.id"
	" JOIN netstate.network n ON n.id OPERATOR(pg_catalog.=) l.network_id",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.by_array = true
};

static NsQuery nodes_beneath = {
	.sql = "WITH RECURSIVE down(id, supporting_node_id, structure_id) AS ("
	" SELECT n.id, n.supporting_node_id, n.structure_id"
	" FROM pg_catalog.unnest($1) AS u(id)"
	" JOIN netstate.node n ON n.id OPERATOR(pg_catalog.=) u.id"
	" UNION SELECT n.id, n.supporting_node_id, n.structure_id FROM down"
	" CROSS JOIN LATERAL (SELECT t.* FROM netstate.node t"
	" WHERE t.id OPERATOR(pg_catalog.=) down.supporting_node_id OFFSET 0) n)"
	" SELECT id, supporting_node_id, structure_id FROM down",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.by_array = true
};

/* With the segments just before and after, which show the cable's direction. */
static NsQuery strands_of_link = {
	.sql = "SELECT a.link_id, a.seq, a.cable_id, c.name, c.status,"
	" pg_catalog.lower(a.strands), pg_catalog.upper(a.strands),"
	" pg_catalog.upper(a.segments) OPERATOR(pg_catalog.-) pg_catalog.lower(a.segments),"
	" g.seq, g.span_id, s.name, s.status, s.a_structure_id, s.z_structure_id,"
	" x.name, y.name, x.status, y.status,"
	" COALESCE(s.length_m, s.drawn_m), g.slack_m, g.duct_id, a.strands,"
	" pg_catalog.lower(a.segments)"
	" FROM pg_catalog.unnest($1) AS u(id)"
	" JOIN netstate.strand_assignment a ON a.link_id OPERATOR(pg_catalog.=) u.id"
	" JOIN netstate.cable c ON c.id OPERATOR(pg_catalog.=) a.cable_id"
	" LEFT JOIN (netstate.cable_segment g"
	"  JOIN netstate.span s ON s.id OPERATOR(pg_catalog.=) g.span_id"
	"  JOIN netstate.structure x ON x.id OPERATOR(pg_catalog.=) s.a_structure_id"
	"  JOIN netstate.structure y ON y.id OPERATOR(pg_catalog.=) s.z_structure_id)"
	" ON g.cable_id OPERATOR(pg_catalog.=) a.cable_id"
	" AND g.seq OPERATOR(pg_catalog.>=)"
	"  (pg_catalog.lower(a.segments) OPERATOR(pg_catalog.-) 1)"
	" AND g.seq OPERATOR(pg_catalog.<=) pg_catalog.upper(a.segments)"
	" ORDER BY a.link_id, a.seq, g.seq",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.by_array = true
};

static NsQuery ducts_around = {
	.sql = "WITH RECURSIVE up(id, parent_id, name) AS ("
	" SELECT d.id, d.parent_id, d.name FROM pg_catalog.unnest($1) AS u(id)"
	" JOIN netstate.duct d ON d.id OPERATOR(pg_catalog.=) u.id"
	" UNION SELECT d.id, d.parent_id, d.name FROM up"
	" CROSS JOIN LATERAL (SELECT t.* FROM netstate.duct t"
	" WHERE t.id OPERATOR(pg_catalog.=) up.parent_id OFFSET 0) d)"
	" SELECT id, parent_id, name FROM up",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.by_array = true
};

#define SPLICES_BY(side) \
	" SELECT t.id, t.structure_id, c.name, t.kind, t.a_cable_id," \
	" t.a_seq, pg_catalog.lower(t.a_strands), pg_catalog.upper(t.a_strands)," \
	" t.z_cable_id, t.z_seq, pg_catalog.lower(t.z_strands)," \
	" pg_catalog.upper(t.z_strands)" \
	" FROM u JOIN netstate.splice t" \
	" ON t." side "_cable_id OPERATOR(pg_catalog.=) u.cable_id" \
	" AND t." side "_seq OPERATOR(pg_catalog.>=) u.first" \
	" AND t." side "_seq OPERATOR(pg_catalog.<=) u.last" \
	" LEFT JOIN netstate.splice_closure c" \
	" ON c.id OPERATOR(pg_catalog.=) t.closure_id"

/*
 * At either end of segments, of each cable from the first to the last; one of
 * two such segments comes twice.
 */
static NsQuery splices_at = {
	.sql = "WITH u AS (SELECT * FROM ROWS FROM (pg_catalog.unnest($1),"
	" pg_catalog.unnest($2), pg_catalog.unnest($3)) AS u(cable_id, first, last))"
	SPLICES_BY("a") " UNION ALL" SPLICES_BY("z"),
	.nargs = 3,
	.argtype = {INT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID},
	.by_array = true
};

#define NEW_ROW(route, array, count, room) \
	((route)->array = env_pg_grow((route)->env, (route)->array, \
								  &(route)->room, (route)->count + 1, \
								  sizeof(*(route)->array)), \
	 &(route)->array[(route)->count++])

/* A text that is kept; NULL for NULL. */
static char *
text_of(Route *route, Datum value, bool null)
{
	MemoryContext old;
	char	   *copy;

	if (null)
		return NULL;
	old = MemoryContextSwitchTo(route->context);
	copy = TextDatumGetCString(value);
	MemoryContextSwitchTo(old);
	return copy;
}

static int64
id_of(Datum value, bool null)
{
	return null ? 0 : DatumGetInt64(value);
}

static void
support_row(const Datum *value, const bool *null, void *state)
{
	Route	   *route = state;
	RouteSupport *s = NEW_ROW(route, support, nsupports, support_room);

	s->link_id = DatumGetInt64(value[0]);
	s->member = DatumGetInt32(value[1]);
	s->supporting_link_id = DatumGetInt64(value[2]);
}

static void
link_row(const Datum *value, const bool *null, void *state)
{
	Route	   *route = state;
	int32_t		place = ns_id_map_find(&route->link_place,
									   DatumGetInt64(value[0]));
	RouteLink  *link;

	if (place < 0)
		return;
	link = &route->link[place];
	link->name = text_of(route, value[1], null[1]);
	link->layer = text_of(route, value[2], null[2]);
	link->status = text_of(route, value[3], null[3]);
	link->a_node_id = DatumGetInt64(value[4]);
	link->z_node_id = DatumGetInt64(value[5]);
}

static void
node_row(const Datum *value, const bool *null, void *state)
{
	Route	   *route = state;
	RouteNode  *node = NEW_ROW(route, node, nnodes, node_room);

	node->id = DatumGetInt64(value[0]);
	node->supporting_node_id = id_of(value[1], null[1]);
	node->structure_id = id_of(value[2], null[2]);
}

static RouteStrands *
new_strands(Route *route, const Datum *value)
{
	RouteStrands *s = NEW_ROW(route, strands, nstrands, strands_room);
	MemoryContext old = MemoryContextSwitchTo(route->context);

	memset(s, 0, sizeof(*s));
	s->range = PointerGetDatum(PG_DETOAST_DATUM_COPY(value[21]));
	MemoryContextSwitchTo(old);
	s->link_id = DatumGetInt64(value[0]);
	s->seq = DatumGetInt32(value[1]);
	s->cable_id = DatumGetInt64(value[2]);
	s->cable = text_of(route, value[3], false);
	s->cable_status = text_of(route, value[4], false);
	s->lower = DatumGetInt32(value[5]);
	s->upper = DatumGetInt32(value[6]);
	s->nwanted = DatumGetInt32(value[7]);
	s->segment = route->nsegments;
	return s;
}

/* A segment with the strands on it; strands come without one, too. */
static void
segment_row(const Datum *value, const bool *null, void *state)
{
	Route	   *route = state;
	RouteStrands *strands = route->nstrands == 0 ? NULL :
		&route->strands[route->nstrands - 1];
	RouteSegment *s;
	int32		place;
	int			end;

	if (strands == NULL || strands->link_id != DatumGetInt64(value[0]) ||
		strands->seq != DatumGetInt32(value[1]))
		strands = new_strands(route, value);
	if (null[8])
		return;
	place = DatumGetInt32(value[8]) - DatumGetInt32(value[22]);
	if (place < 0 || place >= strands->nwanted)
	{
		for (end = 0; end < 2; end++)
			strands->beside[place >= 0][end] = DatumGetInt64(value[12 + end]);
		return;
	}
	strands->nsegments++;
	s = NEW_ROW(route, segment, nsegments, segment_room);
	memset(s, 0, sizeof(*s));
	s->cable_id = DatumGetInt64(value[2]);
	s->seq = DatumGetInt32(value[8]);
	s->span_id = DatumGetInt64(value[9]);
	s->span = text_of(route, value[10], false);
	s->span_status = text_of(route, value[11], false);
	for (end = 0; end < 2; end++)
	{
		s->structure[end] = DatumGetInt64(value[12 + end]);
		s->structure_name[end] = text_of(route, value[14 + end], false);
		s->structure_status[end] = text_of(route, value[16 + end], false);
	}
	s->length_m = DatumGetFloat8(value[18]);
	s->slack_m = DatumGetFloat8(value[19]);
	s->duct_id = id_of(value[20], null[20]);
}

static void
duct_row(const Datum *value, const bool *null, void *state)
{
	Route	   *route = state;
	RouteDuct  *duct = NEW_ROW(route, duct, nducts, duct_room);

	duct->id = DatumGetInt64(value[0]);
	duct->parent_id = id_of(value[1], null[1]);
	duct->name = text_of(route, value[2], false);
}

static void
splice_row(const Datum *value, const bool *null, void *state)
{
	Route	   *route = state;
	RouteSplice *s = NEW_ROW(route, splice, nsplices, splice_room);
	int			side;

	s->id = DatumGetInt64(value[0]);
	s->structure_id = DatumGetInt64(value[1]);
	s->closure = text_of(route, value[2], null[2]);
	s->kind = text_of(route, value[3], false);
	for (side = 0; side < 2; side++)
	{
		const Datum *v = &value[4 + 4 * side];

		s->cable_id[side] = DatumGetInt64(v[0]);
		s->seq[side] = DatumGetInt32(v[1]);
		s->lower[side] = DatumGetInt32(v[2]);
		s->upper[side] = DatumGetInt32(v[3]);
	}
}

static void
run(NsQuery *query, const int64 *id, size_t n, size_t stride,
	QueryRowFn row, Route *route)
{
	Datum		ids;

	if (n == 0)
		return;
	ids = id_array(id, n, stride);
	query_run(query, &ids, row, route);
	pfree(DatumGetPointer(ids));
}

/* The links, without what is read of them, and where their supports are. */
static void
place_links(Route *route, int64 link_id)
{
	IdSet		links;
	size_t		i;

	id_set_make(&links, route->env);
	id_set_add(&links, link_id);
	for (i = 0; i < route->nsupports; i++)
		id_set_add(&links, route->support[i].supporting_link_id);
	route->nlinks = links.n;
	route->link = env_pg_array(route->env, links.n, sizeof(RouteLink));
	memset(route->link, 0, links.n * sizeof(RouteLink));
	for (i = 0; i < links.n; i++)
		route->link[i].id = links.id[i];
	error_check(ns_id_map_make(route->env, &route->link_place,
							   &route->link[0].id, links.n, sizeof(RouteLink)),
				"route");
	for (i = route->nsupports; i-- > 0;)
	{
		int32_t		place = ns_id_map_find(&route->link_place,
										   route->support[i].link_id);

		route->link[place].support = i;
		route->link[place].nsupports++;
	}
}

static void
place_strands(Route *route)
{
	size_t		i;

	for (i = route->nstrands; i-- > 0;)
	{
		int32_t		place = ns_id_map_find(&route->link_place,
										   route->strands[i].link_id);

		route->link[place].strands = i;
		route->link[place].nstrands++;
	}
}

static void
load_nodes(Route *route)
{
	IdSet		ids;
	size_t		i;

	id_set_make(&ids, route->env);
	for (i = 0; i < route->nlinks; i++)
	{
		if (route->link[i].name == NULL)
			continue;
		id_set_add(&ids, route->link[i].a_node_id);
		id_set_add(&ids, route->link[i].z_node_id);
	}
	run(&nodes_beneath, ids.id, ids.n, sizeof(int64), node_row, route);
}

static void
load_ducts(Route *route)
{
	IdSet		ids;
	size_t		i;

	id_set_make(&ids, route->env);
	for (i = 0; i < route->nsegments; i++)
		if (route->segment[i].duct_id != 0)
			id_set_add(&ids, route->segment[i].duct_id);
	run(&ducts_around, ids.id, ids.n, sizeof(int64), duct_row, route);
}

static void
load_splices(Route *route)
{
	int64	   *cable = env_pg_array(route->env, route->nstrands, sizeof(int64));
	int64	   *first = env_pg_array(route->env, route->nstrands, sizeof(int64));
	int64	   *last = env_pg_array(route->env, route->nstrands, sizeof(int64));
	Datum		arg[3];
	size_t		n = 0;
	size_t		i;

	for (i = 0; i < route->nstrands; i++)
	{
		const RouteStrands *s = &route->strands[i];

		if (s->nsegments == 0)
			continue;
		cable[n] = s->cable_id;
		first[n] = route->segment[s->segment].seq;
		last[n++] = route->segment[s->segment + s->nsegments - 1].seq;
	}
	if (n == 0)
		return;
	arg[0] = id_array(cable, n, sizeof(int64));
	arg[1] = id_array(first, n, sizeof(int64));
	arg[2] = id_array(last, n, sizeof(int64));
	query_run(&splices_at, arg, splice_row, route);
}

void
route_load(Route *route, EnvPg *e, int64 link_id)
{
	Datum		arg = Int64GetDatum(link_id);

	memset(route, 0, sizeof(*route));
	route->env = &e->env;
	route->context = e->context;
	query_run(&supports_beneath, &arg, support_row, route);
	place_links(route, link_id);
	run(&links_shown, &route->link[0].id, route->nlinks, sizeof(RouteLink),
		link_row, route);
	if (route->link[0].name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("link with id %lld does not exist",
						(long long) link_id),
				 errhint("netstate.link_id(network, name) looks a link up by name.")));
	load_nodes(route);
	run(&strands_of_link, &route->link[0].id, route->nlinks,
		sizeof(RouteLink), segment_row, route);
	place_strands(route);
	load_ducts(route);
	load_splices(route);
}

char *
route_duct_name(const Route *route, int64 duct_id)
{
	char	   *name = NULL;
	size_t		i = 0;

	while (duct_id != 0 && i < route->nducts)
	{
		const RouteDuct *duct = &route->duct[i++];

		if (duct->id != duct_id)
			continue;
		name = name == NULL ? duct->name :
			psprintf("%s / %s", duct->name, name);
		duct_id = duct->parent_id;
		i = 0;
	}
	return name;
}

char *
route_structure_name(const RouteSegment *segment, int64 structure_id)
{
	int			end;

	for (end = 0; end < 2; end++)
		if (structure_id == segment->structure[end])
			return segment->structure_name[end];
	return NULL;
}
