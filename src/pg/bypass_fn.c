/*-------------------------------------------------------------------------
 *
 * bypass_fn.c
 *	  SQL functions bypass_paths and segment_bypass_paths.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "bypass_read.h"
#include "bypass_segment.h"
#include "error.h"
#include "id_set.h"
#include "path_call.h"

/* ---- arguments ---- */

/* What both functions take, from disjoint to min_share. */
static void
read_query(FunctionCallInfo fcinfo, int at, NsBypassQuery *query)
{
	bool		node;

	argument_disjoint(fcinfo, at, &node, &query->srlg);
	query->strict = argument_bool(fcinfo, at + 1, "strict");
	query->cost = argument_cost(fcinfo, at + 2);
	query->avoid_links = argument_ids(fcinfo, at + 3, "avoid_links");
	query->avoid_srlgs = argument_ids(fcinfo, at + 4, "avoid_srlgs");
	query->ignore_srlgs = argument_ids(fcinfo, at + 5, "ignore_srlgs");
	query->min_probability = argument_fraction(fcinfo, at + 6, "min_probability");
	query->min_share = argument_fraction(fcinfo, at + 7, "min_share");
}

static int
compare_numbers(const void *a, const void *b, void *unused)
{
	int32_t		x = *(const int32_t *) a;
	int32_t		y = *(const int32_t *) b;

	return (x > y) - (x < y);
}

/* The links asked about that are up, ascending, each once; all where NULL. */
static int32_t *
read_links(PathCall *call, FunctionCallInfo fcinfo, int at, size_t *n)
{
	const NsGraph *g = call->ref.graph;
	bool		all = PG_ARGISNULL(at);
	NsIdList	ids = {0};
	int32_t    *link;
	size_t		room;
	size_t		kept = 0;
	size_t		i;

	if (!all)
		ids = argument_ids(fcinfo, at, "links");
	room = all ? (size_t) g->nlinks : ids.n;
	link = env_pg_array(&call->scratch.env, room, sizeof(int32_t));
	for (i = 0; i < room; i++)
	{
		int32_t		number = all ? (int32_t) i : ns_graph_find_link(g, ids.id[i]);

		CHECK_FOR_INTERRUPTS();
		if (number >= 0 && ns_link_up(g, number))
			link[kept++] = number;
	}
	*n = kept;
	if (all || kept == 0)
		return link;
	qsort_interruptible(link, kept, sizeof(int32_t), compare_numbers, NULL);
	*n = 1;
	for (i = 1; i < kept; i++)
		if (link[i] != link[*n - 1])
			link[(*n)++] = link[i];
	return link;
}

/* ---- rows ---- */

#define BYPASS_COLUMNS 6		/* cost, hops, nodes, links, bottleneck, shared */

static void
bypass_values(PathCall *call, const NsBypass *bypass, Datum *values,
			  bool *nulls)
{
	const NsPath *path = &bypass->path;

	values[0] = path_call_cost(call, path->cost);
	values[1] = Int32GetDatum(path->nlinks);
	values[2] = path_call_nodes(call, path->node, path->nlinks + 1);
	values[3] = path_call_links(call, path->link, path->nlinks);
	values[4] = Float8GetDatum(bypass->bottleneck);
	nulls[4] = isnan(bypass->bottleneck);
	values[5] = path_call_srlgs(call, bypass->shared_srlg, bypass->nshared);
}

static void
put_bypass(PathCall *call, int32_t link, const NsBypass *bypass)
{
	MemoryContext old = path_call_row_begin(call);
	Datum		values[1 + BYPASS_COLUMNS];
	bool		nulls[1 + BYPASS_COLUMNS] = {0};

	values[0] = Int64GetDatum(ns_link_id(call->ref.graph, link));
	bypass_values(call, bypass, values + 1, nulls + 1);
	path_call_row_end(call, old, values, nulls);
}

/* ---- links ---- */

PG_FUNCTION_INFO_V1(netstate_bypass_paths);

Datum
netstate_bypass_paths(PG_FUNCTION_ARGS)
{
	const char *network = argument_text(fcinfo, 0, "network");
	NsBypassQuery query = {0};
	NsBypassWork *work;
	PathCall	call;
	bool		reverse;
	int32_t    *link;
	size_t		n;
	size_t		i;

	read_query(fcinfo, 2, &query);
	reverse = argument_bool(fcinfo, 10, "reverse");
	path_call_open(&call, fcinfo, network, query.cost);
	link = read_links(&call, fcinfo, 1, &n);
	query.capacity = bypass_read_capacity(&call.scratch, &call.ref);
	error_check(ns_bypass_open(&call.scratch.env, call.ref.graph, &query, &work),
				path_call_subject(&call));
	for (i = 0; i < n; i++)
	{
		const int32_t *end = ns_link_end(call.ref.graph, link[i]);
		NsBypassTask task = {
			.src = end[reverse],.dst = end[!reverse],
			.link = &link[i],.nlinks = 1,.need = query.capacity[link[i]]
		};
		NsBypass	bypass;
		bool		found;

		if (reverse && ns_link_directed(call.ref.graph, link[i]))
			continue;
		error_check(ns_bypass_find(work, &task, &found, &bypass),
					path_call_subject(&call));
		if (found)
			put_bypass(&call, link[i], &bypass);
	}
	path_call_end(&call);
	return (Datum) 0;
}

/* ---- segments ---- */

/* The integers of an argument beside the list of tunnels. */
static const int32 *
read_seqs(FunctionCallInfo fcinfo, int at, const char *name, size_t n)
{
	ArrayType  *array;
	size_t		seen;

	if (PG_ARGISNULL(at))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", name),
				 errhint("Give a seq for each tunnel.")));
	array = PG_GETARG_ARRAYTYPE_P(at);
	seen = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not contain nulls", name),
				 errhint("Give a seq for each tunnel.")));
	if (ARR_NDIM(array) > 1 || seen != n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" must be as long as \"tunnels\"", name),
				 errdetail("It has %zu elements, not %zu.", seen, n),
				 errhint("Give a seq for each tunnel.")));
	return id_array_data(array);
}

static void
put_segment(PathCall *call, const BypassSegment *segment,
			const NsBypass *bypass)
{
	MemoryContext old = path_call_row_begin(call);
	Datum		values[3 + BYPASS_COLUMNS];
	bool		nulls[3 + BYPASS_COLUMNS] = {0};

	values[0] = Int64GetDatum(segment->tunnel_id);
	values[1] = Int32GetDatum(segment->from_seq);
	values[2] = Int32GetDatum(segment->to_seq);
	bypass_values(call, bypass, values + 3, nulls + 3);
	path_call_row_end(call, old, values, nulls);
}

PG_FUNCTION_INFO_V1(netstate_segment_bypass_paths);

Datum
netstate_segment_bypass_paths(PG_FUNCTION_ARGS)
{
	const char *network = argument_text(fcinfo, 0, "network");
	NsIdList	tunnels = argument_ids(fcinfo, 1, "tunnels");
	const int32 *from = read_seqs(fcinfo, 2, "from_seqs", tunnels.n);
	const int32 *to = read_seqs(fcinfo, 3, "to_seqs", tunnels.n);
	NsBypassQuery query = {0};
	NsBypassWork *work;
	BypassSegment *segment;
	PathCall	call;
	bool		reverse;
	size_t		i;

	read_query(fcinfo, 4, &query);
	reverse = argument_bool(fcinfo, 12, "reverse");
	path_call_open(&call, fcinfo, network, query.cost);
	query.capacity = bypass_read_capacity(&call.scratch, &call.ref);
	segment = env_pg_array(&call.scratch.env, tunnels.n, sizeof(BypassSegment));
	for (i = 0; i < tunnels.n; i++)
		segment[i] = (BypassSegment) {
			.tunnel_id = tunnels.id[i],.from_seq = from[i],.to_seq = to[i]
		};
	bypass_segments_read(&call.scratch, &call.ref, query.capacity, segment,
						 tunnels.n);
	error_check(ns_bypass_open(&call.scratch.env, call.ref.graph, &query, &work),
				path_call_subject(&call));
	for (i = 0; i < tunnels.n; i++)
	{
		NsBypassTask task = segment[i].task;
		NsBypass	bypass;
		bool		found;

		if (!segment[i].up || (reverse && segment[i].directed))
			continue;
		if (reverse)
		{
			task.src = segment[i].task.dst;
			task.dst = segment[i].task.src;
		}
		error_check(ns_bypass_find(work, &task, &found, &bypass),
					path_call_subject(&call));
		if (found)
			put_segment(&call, &segment[i], &bypass);
	}
	path_call_end(&call);
	return (Datum) 0;
}
