/*-------------------------------------------------------------------------
 *
 * disjoint_fn.c
 *	  SQL functions disjoint_paths and disjoint_obstacles.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "error.h"
#include "guc.h"
#include "name.h"
#include "path_call.h"
#include "plant_read.h"

static void
check_ends_differ(const PathArgs *args)
{
	if (strcmp(args->src, args->dst) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("arguments \"src\" and \"dst\" must differ"),
				 errdetail("Both are \"%s\".", argument_shown(args->src)),
				 errhint("Ask for paths between two nodes.")));
}

/* What says which risks count: ignore_srlgs and the two after it. */
static void
read_risks(FunctionCallInfo fcinfo, int at, NsDisjointQuery *query)
{
	query->ignore_srlgs = argument_ids(fcinfo, at, "ignore_srlgs");
	query->min_probability = argument_fraction(fcinfo, at + 1,
											   "min_probability");
	query->min_share = argument_fraction(fcinfo, at + 2, "min_share");
}

/*
 * Nothing was found and nothing excluded: no row would say that it was, so
 * this is an error.
 */
static void
raise_unknown(const PathArgs *args, int32_t k, const NsDisjointResult *result)
{
	ereport(ERROR,
			(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
			 errmsg("the search for %d disjoint paths from \"%s\" to \"%s\" in network \"%s\" reached its limit",
					k, argument_shown(args->src), argument_shown(args->dst),
					argument_shown(args->network)),
			 errdetail("It took " INT64_FORMAT " steps and " INT64_FORMAT " branches, found no such paths, and did not exclude that there are some.",
					   result->steps, result->branches),
			 errhint("Raise netstate.search_budget, now %d, or allow shared risks with strict => false.",
					 guc_search_budget)));
}

#define DISJOINT_COLUMNS 10
static void
put_disjoint(PathCall *call, const NsDisjointResult *result)
{
	int32_t		i;

	for (i = 0; i < result->npaths; i++)
	{
		const NsDisjointPath *p = &result->path[i];
		MemoryContext old = path_call_row_begin(call);
		Datum		values[DISJOINT_COLUMNS];
		bool		nulls[DISJOINT_COLUMNS] = {0};

		values[0] = Int32GetDatum(i + 1);
		values[1] = path_call_cost(call, p->path.cost);
		values[2] = Int32GetDatum(p->path.nlinks);
		values[3] = path_call_nodes(call, p->path.node, p->path.nlinks + 1);
		values[4] = path_call_links(call, p->path.link, p->path.nlinks);
		values[5] = path_call_srlgs(call, p->shared_srlg, p->nshared_srlgs);
		values[6] = path_call_nodes(call, p->shared_node, p->nshared_nodes);
		values[7] = path_call_links(call, p->shared_link, p->nshared_links);
		values[8] = BoolGetDatum(result->optimal);
		values[9] = path_call_cost(call, result->lower_bound);
		path_call_row_end(call, old, values, nulls);
	}
}
#undef DISJOINT_COLUMNS

PG_FUNCTION_INFO_V1(netstate_disjoint_paths);

Datum
netstate_disjoint_paths(PG_FUNCTION_ARGS)
{
	PathArgs	args;
	PathCall	call;
	NsDisjointQuery query = {0};
	NsDisjointResult result;

	query.k = argument_int(fcinfo, 3, "k", 1, NS_MAX_DISJOINT);
	argument_disjoint(fcinfo, 4, &query.node, &query.srlg);
	query.strict = argument_bool(fcinfo, 5, "strict");
	argument_path(fcinfo, 6, 7, &args);
	read_risks(fcinfo, 9, &query);
	check_ends_differ(&args);
	query.budget = guc_search_budget;

	path_call_begin(&call, fcinfo, &args);
	query.path = call.query;
	error_check(ns_disjoint_paths(&call.scratch.env, call.ref.graph, &query,
								  &result),
				path_call_subject(&call));
	if (result.status == NS_DISJOINT_UNKNOWN)
		raise_unknown(&args, query.k, &result);
	if (result.status == NS_DISJOINT_FOUND)
		put_disjoint(&call, &result);
	path_call_end(&call);
	return (Datum) 0;
}

/*
 * The names of links or groups among the obstacles, by position in the list;
 * NULL for the others.
 */
static char **
names_of_kind(const GraphRef *ref, const NsObstacle *obstacle, int32_t n,
			  NsObstacleKind kind)
{
	const NsGraph *graph = ref->graph;
	int64	   *wanted = palloc_array(int64, n);
	char	  **found;
	char	  **name = palloc0_array(char *, n);
	int32_t		nwanted = 0;
	int32_t		i;

	for (i = 0; i < n; i++)
		if (obstacle[i].kind == kind)
			wanted[nwanted++] = kind == NS_OBSTACLE_LINK ?
				ns_link_id(graph, obstacle[i].number) :
				ns_srlg_id(graph, obstacle[i].number);
	if (kind != NS_OBSTACLE_LINK)
		found = name_of_srlgs(wanted, nwanted);
	else if (ref->network_id == PLANT_NETWORK_ID)
		found = name_of_spans(wanted, nwanted);
	else
		found = name_of_links(wanted, nwanted);
	for (i = n; i-- > 0;)
		if (obstacle[i].kind == kind)
			name[i] = found[--nwanted];
	return name;
}

#define OBSTACLE_COLUMNS 3
static void
put_obstacles(PathCall *call, const NsObstacle *obstacle, int32_t n)
{
	const NsGraph *graph = call->ref.graph;
	char	  **link_name = names_of_kind(&call->ref, obstacle, n, NS_OBSTACLE_LINK);
	char	  **srlg_name = names_of_kind(&call->ref, obstacle, n, NS_OBSTACLE_SRLG);
	int32_t		i;

	for (i = 0; i < n; i++)
	{
		MemoryContext old = path_call_row_begin(call);
		Datum		values[OBSTACLE_COLUMNS];
		bool		nulls[OBSTACLE_COLUMNS] = {0};
		const char *kind = "srlg";
		const char *name = srlg_name[i];
		int32_t		number = obstacle[i].number;
		int64		id = 0;

		switch (obstacle[i].kind)
		{
			case NS_OBSTACLE_SRLG:
				id = ns_srlg_id(graph, number);
				break;
			case NS_OBSTACLE_NODE:
				kind = "node";
				name = ns_node_name(graph, number);
				id = ns_node_id(graph, number);
				break;
			case NS_OBSTACLE_LINK:
				kind = "link";
				name = link_name[i];
				id = ns_link_id(graph, number);
				break;
		}
		values[0] = CStringGetTextDatum(kind);
		values[1] = Int64GetDatum(id);
		nulls[2] = name == NULL;
		values[2] = name == NULL ? (Datum) 0 : CStringGetTextDatum(name);
		path_call_row_end(call, old, values, nulls);
	}
}
#undef OBSTACLE_COLUMNS

PG_FUNCTION_INFO_V1(netstate_disjoint_obstacles);

Datum
netstate_disjoint_obstacles(PG_FUNCTION_ARGS)
{
	PathArgs	args;
	PathCall	call;
	NsDisjointQuery query = {0};
	NsObstacle *obstacle;
	int32_t		n;

	argument_disjoint(fcinfo, 3, &query.node, &query.srlg);
	argument_path(fcinfo, -1, 4, &args);
	read_risks(fcinfo, 6, &query);
	check_ends_differ(&args);
	query.k = 2;
	query.strict = true;
	query.budget = guc_search_budget;

	path_call_begin(&call, fcinfo, &args);
	query.path = call.query;
	error_check(ns_disjoint_obstacles(&call.scratch.env, call.ref.graph,
									  &query, &obstacle, &n),
				path_call_subject(&call));
	put_obstacles(&call, obstacle, n);
	path_call_end(&call);
	return (Datum) 0;
}
