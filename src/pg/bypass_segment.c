/*-------------------------------------------------------------------------
 *
 * bypass_segment.c
 *	  Segments of what tunnels ride on, as questions for bypasses.
 *
 * Which way a tunnel goes along its links follows from the links where there are
 * several, or a directed one; else from the node that its A end rides on.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "argument.h"
#include "bypass_segment.h"
#include "compat.h"
#include "id_set.h"
#include "query.h"

#define ID_ARRAY_QUERY(text, owner) \
	{.sql = text, .nargs = 1, .argtype = {INT8ARRAYOID}, \
	 .as_owner_of = owner, .by_array = true}

static NsQuery tunnels =
ID_ARRAY_QUERY("SELECT l.id, l.a_node_id, l.directed, l.capacity_gbps"
			   " FROM pg_catalog.unnest($1) AS u(id) JOIN netstate.link l"
			   " ON l.id OPERATOR(pg_catalog.=) u.id", NULL);

static NsQuery series =
ID_ARRAY_QUERY("SELECT s.link_id, s.member, s.seq, s.supporting_link_id"
			   " FROM pg_catalog.unnest($1) AS u(id) JOIN netstate.link_support s"
			   " ON s.link_id OPERATOR(pg_catalog.=) u.id"
			   " ORDER BY s.link_id, s.member, s.seq", "link_support");

/* A graph may leave out links that are not up. */
static NsQuery series_links =
ID_ARRAY_QUERY("SELECT l.id, l.network_id, l.a_node_id, l.z_node_id, l.directed"
			   " FROM pg_catalog.unnest($1) AS u(id) JOIN netstate.link l"
			   " ON l.id OPERATOR(pg_catalog.=) u.id", NULL);

/* What nodes ride on, at any depth. */
static NsQuery nodes_beneath =
ID_ARRAY_QUERY("WITH RECURSIVE beneath(id, node_id) AS ("
			   "SELECT n.id, n.supporting_node_id"
			   " FROM pg_catalog.unnest($1) AS u(id) JOIN netstate.node n"
			   " ON n.id OPERATOR(pg_catalog.=) u.id"
			   " UNION ALL SELECT b.id, n.supporting_node_id FROM beneath b"
			   " JOIN netstate.node n ON n.id OPERATOR(pg_catalog.=) b.node_id)"
			   " SELECT b.id, b.node_id FROM beneath b"
			   " WHERE b.node_id IS NOT NULL", "node");

typedef struct Tunnel
{
	int64		id;
	int64		a_node_id;
	bool		directed;
	double		capacity;
	int64		start;			/* node of the graph that its A end rides on,
								 * or 0 */
	size_t		first;			/* its rows of the series */
	size_t		nrows;
} Tunnel;

typedef struct SeriesRow
{
	int64		tunnel_id;
	int32		member;
	int32		seq;
	size_t		link;			/* of SegmentReader.link */
} SeriesRow;

typedef struct SeriesLink
{
	int64		end[2];
	bool		directed;
	bool		here;			/* is it in this network? */
	int32_t		number;			/* in the graph, or -1 */
} SeriesLink;

typedef struct SegmentReader
{
	EnvPg	   *env;
	const GraphRef *ref;
	IdSet		id;				/* of tunnels, beside the next */
	Tunnel	   *tunnel;
	bool	   *seen;
	SeriesRow  *row;
	size_t		nrows;
	size_t		room;
	IdSet		link_id;		/* of supporting links, beside the next */
	SeriesLink *link;
} SegmentReader;

/* ---- reading ---- */

static void
tunnel_row(const Datum *value, const bool *null, void *state)
{
	SegmentReader *r = state;
	size_t		at = id_set_place(&r->id, DatumGetInt64(value[0]));

	CHECK_FOR_INTERRUPTS();
	r->seen[at] = true;
	r->tunnel[at] = (Tunnel) {
		.id = DatumGetInt64(value[0]),.a_node_id = DatumGetInt64(value[1]),
		.directed = DatumGetBool(value[2]),
		.capacity = null[3] ? NAN : DatumGetFloat8(value[3])
	};
}

static void
series_row(const Datum *value, const bool *null, void *state)
{
	SegmentReader *r = state;
	int64		id = DatumGetInt64(value[0]);
	Tunnel	   *tunnel = &r->tunnel[id_set_place(&r->id, id)];

	CHECK_FOR_INTERRUPTS();
	r->row = env_pg_grow(&r->env->env, r->row, &r->room, r->nrows + 1,
						 sizeof(SeriesRow));
	if (tunnel->nrows++ == 0)
		tunnel->first = r->nrows;
	r->row[r->nrows++] = (SeriesRow) {
		.tunnel_id = id,.member = DatumGetInt32(value[1]),
		.seq = DatumGetInt32(value[2]),
		.link = id_set_place(&r->link_id, DatumGetInt64(value[3]))
	};
}

static void
series_link_row(const Datum *value, const bool *null, void *state)
{
	SegmentReader *r = state;
	int64		id = DatumGetInt64(value[0]);

	CHECK_FOR_INTERRUPTS();
	r->link[id_set_place(&r->link_id, id)] = (SeriesLink) {
		.end = {DatumGetInt64(value[2]), DatumGetInt64(value[3])},
		.directed = DatumGetBool(value[4]),
		.here = DatumGetInt64(value[1]) == r->ref->network_id,
		.number = ns_graph_find_link(r->ref->graph, id)
	};
}

typedef struct StartReader
{
	SegmentReader *r;
	IdSet		node;			/* A nodes, beside the next */
	int64	   *start;
} StartReader;

static void
start_row(const Datum *value, const bool *null, void *state)
{
	StartReader *s = state;
	int64		node = DatumGetInt64(value[1]);

	CHECK_FOR_INTERRUPTS();
	if (ns_graph_find_node_id(s->r->ref->graph, node) >= 0)
		s->start[id_set_place(&s->node, DatumGetInt64(value[0]))] = node;
}

static void
read_starts(SegmentReader *r)
{
	StartReader s = {.r = r};
	Datum		ids;
	size_t		i;

	id_set_make(&s.node, &r->env->env);
	for (i = 0; i < r->id.n; i++)
		id_set_add(&s.node, r->tunnel[i].a_node_id);
	s.start = env_pg_array(&r->env->env, s.node.n, sizeof(int64));
	memset(s.start, 0, s.node.n * sizeof(int64));
	ids = id_array(s.node.id, s.node.n, sizeof(int64));
	query_run(&nodes_beneath, &ids, start_row, &s);
	for (i = 0; i < r->id.n; i++)
		r->tunnel[i].start = s.start[id_set_place(&s.node, r->tunnel[i].a_node_id)];
}

static void
read_tunnels(SegmentReader *r, const BypassSegment *segment, size_t n)
{
	Datum		ids;
	size_t		i;

	id_set_make(&r->id, &r->env->env);
	for (i = 0; i < n; i++)
		id_set_add(&r->id, segment[i].tunnel_id);
	r->tunnel = env_pg_array(&r->env->env, r->id.n, sizeof(Tunnel));
	r->seen = env_pg_array(&r->env->env, r->id.n, sizeof(bool));
	memset(r->seen, 0, r->id.n * sizeof(bool));
	ids = id_array(r->id.id, r->id.n, sizeof(int64));
	query_run(&tunnels, &ids, tunnel_row, r);
	for (i = 0; i < r->id.n; i++)
		if (!r->seen[i])
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("link " INT64_FORMAT " does not exist", r->id.id[i]),
					 errhint("netstate.link has the links that there are.")));
	id_set_make(&r->link_id, &r->env->env);
	query_run(&series, &ids, series_row, r);
	r->link = env_pg_array(&r->env->env, r->link_id.n, sizeof(SeriesLink));
	memset(r->link, 0, r->link_id.n * sizeof(SeriesLink));
	ids = id_array(r->link_id.id, r->link_id.n, sizeof(int64));
	query_run(&series_links, &ids, series_link_row, r);
	read_starts(r);
}

/* ---- segments ---- */

pg_noreturn static void
no_series(const SegmentReader *r, const Tunnel *tunnel, const char *why)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("link " INT64_FORMAT " does not ride on one series of links of network \"%s\"",
					tunnel->id, argument_shown(r->ref->network)),
			 errdetail_internal("%s", why),
			 errhint("Only links with one member, all of it in this network, have segments.")));
}

/* Where a walk along the series from this node comes to, or 0. */
static int64
walk(const SegmentReader *r, const Tunnel *tunnel, int64 node, size_t nlinks)
{
	size_t		i;

	for (i = 0; i < nlinks; i++)
	{
		const SeriesLink *link = &r->link[r->row[tunnel->first + i].link];

		if (link->end[0] != node && (link->end[1] != node || link->directed))
			return 0;
		node = link->end[0] == node ? link->end[1] : link->end[0];
	}
	return node;
}

/* The node where the tunnel begins. */
static int64
find_start(const SegmentReader *r, const Tunnel *tunnel)
{
	const int64 *end = r->link[r->row[tunnel->first].link].end;
	bool		from_a = walk(r, tunnel, end[0], tunnel->nrows) != 0;
	bool		from_z = walk(r, tunnel, end[1], tunnel->nrows) != 0;

	if (!from_a && !from_z)
		no_series(r, tunnel, "Its supporting links do not meet.");
	if (from_a && from_z)
		return tunnel->start == end[1] ? end[1] : end[0];
	return from_a ? end[0] : end[1];
}

static void
check_series(const SegmentReader *r, const Tunnel *tunnel)
{
	size_t		i;

	if (tunnel->nrows == 0)
		no_series(r, tunnel, "It rides on nothing.");
	for (i = tunnel->first; i < tunnel->first + tunnel->nrows; i++)
	{
		if (r->row[i].member != r->row[tunnel->first].member)
			no_series(r, tunnel, "It has several members.");
		if (!r->link[r->row[i].link].here)
			no_series(r, tunnel, psprintf("Its supporting link of seq %d is not in that network.",
										  r->row[i].seq));
	}
}

/* The place of a seq in the series. */
static size_t
place_of(const SegmentReader *r, const Tunnel *tunnel, int32 seq)
{
	const SeriesRow *row = &r->row[tunnel->first];
	size_t		i;

	for (i = 0; i < tunnel->nrows; i++)
		if (row[i].seq == seq)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("link " INT64_FORMAT " has no supporting link of seq %d",
					tunnel->id, seq),
			 errdetail("Those that it has go from %d to %d.", row[0].seq,
					   row[tunnel->nrows - 1].seq),
			 errhint("netstate.link_support has them.")));
	return 0;
}

static void
make_task(const SegmentReader *r, const double *capacity,
		  BypassSegment *segment)
{
	const NsGraph *g = r->ref->graph;
	IdSet		ids = r->id;
	const Tunnel *tunnel = &r->tunnel[id_set_place(&ids, segment->tunnel_id)];
	NsBypassTask *task = &segment->task;
	double		need = tunnel->capacity;
	size_t		from;
	size_t		to;
	int32_t    *link;
	int64		start;
	size_t		i;

	check_series(r, tunnel);
	from = place_of(r, tunnel, segment->from_seq);
	to = place_of(r, tunnel, segment->to_seq);
	if (from > to)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a segment of link " INT64_FORMAT " ends before it begins",
						tunnel->id),
				 errdetail("It is asked for from seq %d to %d.",
						   segment->from_seq, segment->to_seq)));
	start = find_start(r, tunnel);
	task->src = ns_graph_find_node_id(g, walk(r, tunnel, start, from));
	task->dst = ns_graph_find_node_id(g, walk(r, tunnel, start, to + 1));
	task->nlinks = (int32_t) (to - from + 1);
	task->link = link = env_pg_array(&r->env->env, task->nlinks, sizeof(int32_t));
	segment->up = task->src >= 0 && task->dst >= 0;
	segment->directed = tunnel->directed;
	for (i = from; i <= to; i++)
	{
		link[i - from] = r->link[r->row[tunnel->first + i].link].number;
		segment->up = segment->up && link[i - from] >= 0 && ns_link_up(g, link[i - from]);
		if (isnan(tunnel->capacity) && link[i - from] >= 0)
			need = fmin(need, capacity[link[i - from]]);
	}
	task->need = need;
}

void
bypass_segments_read(EnvPg *env, const GraphRef *ref, const double *capacity,
					 BypassSegment *segment, size_t n)
{
	SegmentReader r = {.env = env,.ref = ref};
	size_t		i;

	if (n == 0)
		return;
	read_tunnels(&r, segment, n);
	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		make_task(&r, capacity, &segment[i]);
	}
}
