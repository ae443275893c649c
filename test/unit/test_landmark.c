/*-------------------------------------------------------------------------
 *
 * test_landmark.c
 *	  Landmarks never change an answer: cheapest paths with them against those
 *	  without, against the enumeration of all paths, and against the search of
 *	  the k cheapest paths; on blocks and on patched views.
 *
 * Bounds are checked against the distances themselves as well: an answer may be
 * right by luck.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "landmark.h"
#include "oracle.h"
#include "patch.h"
#include "path_int.h"
#include "verify.h"

/* ---- questions ---- */

/* Some of the ids, and one that is in no graph. */
static NsIdList
some_ids(UnitEnv *u, const int64_t *id, int n, double chance)
{
	int64_t    *list = unit_alloc(u, (size_t) n + 1, sizeof(int64_t));
	NsIdList	result = {list, 0};

	for (int i = 0; i < n; i++)
		if (unit_chance(chance))
			list[result.n++] = id[i];
	if (unit_chance(0.2))
		list[result.n++] = INT64_MAX;
	return result;
}

static NsPathQuery
random_query(UnitEnv *u, const Net *net, const NsGraph *g, NsCostKind kind)
{
	double		avoid = unit_chance(0.3) ? 0.1 : 0;

	return (NsPathQuery) {
		.src = unit_below(g->nnodes),.dst = unit_below(g->nnodes),.cost = kind,
		.avoid_links = some_ids(u, net->link_id, net->nlinks, avoid),
		.avoid_srlgs = some_ids(u, net->group_id, net->ngroups, avoid)
	};
}

static bool
set_landmarks(UnitEnv *u, NsGraph *g, NsCostKind kind)
{
	NsLandmarks *landmarks;

	if (!UNIT_CHECK(ns_landmarks_build(&u->env, g, kind, &landmarks) == NS_OK,
					"landmarks are not built"))
		return false;
	UNIT_CHECK(landmarks->magic == NS_LANDMARK_MAGIC &&
			   landmarks->nnodes == g->nnodes, "the head is wrong");
	g->landmark[kind] = landmarks;
	return true;
}

/* ---- comparisons ---- */

static bool
same_links(const NsPath *a, const NsPath *b)
{
	return a->nlinks == b->nlinks &&
		memcmp(a->link, b->link, (size_t) a->nlinks * sizeof(int32_t)) == 0;
}

/* The same answer with the view's landmarks and without, which is returned. */
static bool
check_same(UnitEnv *u, const NsGraph *g, const NsPathQuery *query, NsPath *plain)
{
	NsGraph		without = *g;
	NsPath		guided;
	bool		found_plain;
	bool		found;

	memset(without.landmark, 0, sizeof(without.landmark));
	if (!UNIT_CHECK(ns_shortest_path(&u->env, &without, query, &found_plain,
									 plain) == NS_OK &&
					ns_shortest_path(&u->env, g, query, &found,
									 &guided) == NS_OK, "it fails"))
		return false;
	UNIT_CHECK(found == found_plain, "found: %d, %d without landmarks", found,
			   found_plain);
	if (!found || !found_plain)
		return false;
	verify_path(g, query, plain);
	verify_path(g, query, &guided);
	UNIT_CHECK(same_links(&guided, plain) && guided.cost == plain->cost,
			   "another path: cost %.17g, %d links; without landmarks %.17g, %d",
			   guided.cost, guided.nlinks, plain->cost, plain->nlinks);
	return true;
}

/* The first of the k cheapest paths, found by another search. */
static void
check_first(UnitEnv *u, const NsGraph *g, const NsPathQuery *query, bool exact,
			const NsPath *path)
{
	NsPath	   *first;
	int32_t		n;

	if (!UNIT_CHECK(ns_k_shortest_paths(&u->env, g, query, 1, &first, &n) == NS_OK &&
					n == 1, "k shortest paths fail"))
		return;
	UNIT_CHECK(exact ? same_links(path, first) : verify_close(path->cost, first->cost),
			   "not the first of all: cost %.17g, %d links; first %.17g, %d",
			   path->cost, path->nlinks, first->cost, first->nlinks);
}

/* No bound is above the distance, and none is lost where costs are whole. */
static void
check_bounds(UnitEnv *u, const NsGraph *g, NsCostKind kind, int32_t src)
{
	NsGraph		without = *g;

	memset(without.landmark, 0, sizeof(without.landmark));
	for (int32_t dst = 0; dst < g->nnodes; dst++)
	{
		NsPathQuery query = {.src = src,.dst = dst,.cost = kind};
		NsLandmarkBound b;
		NsPath		path;
		double		bound;
		bool		found;
		bool		open = ns_landmark_bound_init(&b, g, kind, src, dst);

		if (!UNIT_CHECK(ns_shortest_path(&u->env, &without, &query, &found,
										 &path) == NS_OK, "it fails"))
			return;
		UNIT_CHECK(open || !found, "there is a way to %d", dst);
		if (b.landmarks == NULL || !found)
			continue;
		bound = ns_landmark_cost(&b, ns_landmark_place(&b, dst));
		UNIT_CHECK(bound <= path.cost * (1 + 1e-12),
				   "bound of %d is %.17g, the distance %.17g", dst, bound,
				   path.cost);
	}
}

/* ---- random networks ---- */

static void
test_oracle(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		NetShape	shape;
		Net			net;
		NsGraph    *g;
		NsPathQuery query;
		OraclePaths all;
		NsCostKind	kind;
		NsPath		path;

		unit_case("small multigraph", i);
		unit_env_init(&u);
		shape = (NetShape) {
			.nodes = 2 + unit_below(8),.links = unit_below(16),
			.groups = unit_below(4),.members = 2,
			.directed = unit_chance(0.5) ? 0 : unit_uniform(),
			.down = unit_chance(0.5) ? 0 : 0.3,.local = unit_chance(0.5)
		};
		kind = (NsCostKind) unit_below(NS_COSTS);
		net_random(&u, &shape, &net);
		if (UNIT_CHECK(net_graph(&u, &net, &g) == NS_OK, "it does not build") &&
			set_landmarks(&u, g, kind))
		{
			query = random_query(&u, &net, g, kind);
			oracle_paths(&u, &net, &query, &all);
			if (check_same(&u, g, &query, &path))
			{
				const OraclePath *best = &all.path[0];
				bool		exact = kind == NS_COST_HOPS || net.exact[kind];

				UNIT_CHECK(all.n > 0 && (!exact ||
										 (path.nlinks == best->nlinks &&
										  memcmp(path.link, best->link,
												 (size_t) path.nlinks * sizeof(int32_t)) == 0)),
						   "not the best path: cost %.17g", path.cost);
			}
			else
				UNIT_CHECK(all.n == 0, "%d paths are missed", all.n);
			check_bounds(&u, g, kind, query.src);
		}
		unit_env_drop(&u);
	}
}

static NetShape
large_shape(void)
{
	int			nodes = 20 + unit_below(200);

	return (NetShape) {
		.nodes = nodes,.links = (int) (nodes * (0.7 + 2 * unit_uniform())),
		.groups = unit_below(10),.members = 3,
		.directed = unit_chance(0.5) ? 0 : unit_chance(0.5) ? 1 : unit_uniform(),
		.down = unit_chance(0.5) ? 0 : 0.2,.local = unit_chance(0.7)
	};
}

static void
test_random(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		NetShape	shape;
		Net			net;
		NsGraph    *g;
		NsCostKind	kind;

		unit_case("larger multigraph", i);
		unit_env_init(&u);
		shape = large_shape();
		kind = (NsCostKind) unit_below(NS_COSTS);
		net_random(&u, &shape, &net);
		if (UNIT_CHECK(net_graph(&u, &net, &g) == NS_OK, "it does not build") &&
			set_landmarks(&u, g, kind))
		{
			for (int j = 0; j < 20; j++)
			{
				NsPathQuery query = random_query(&u, &net, g, kind);
				NsPath		path;

				if (check_same(&u, g, &query, &path))
					check_first(&u, g, &query,
								kind == NS_COST_HOPS || net.exact[kind], &path);
			}
			check_bounds(&u, g, kind, unit_below(g->nnodes));
		}
		unit_env_drop(&u);
	}
}

/* ---- patched views ---- */

/* A link of the view as it is, to be changed. */
static NsLinkInput
link_row(const NsGraph *g, int32_t link)
{
	NsLinkInput row = {
		.id = ns_link_id(g, link),.directed = ns_link_directed(g, link),
		.up = ns_link_up(g, link),
		.a_node_id = ns_node_id(g, ns_link_end(g, link)[0]),
		.z_node_id = ns_node_id(g, ns_link_end(g, link)[1])
	};

	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
		row.cost[kind] = ns_link_cost(g, (NsCostKind) kind, link);
	return row;
}

static NsLinkInput
changed_link(const NsGraph *g)
{
	NsLinkInput row = link_row(g, unit_below(g->nlinks));
	int			what = unit_below(10);
	int32_t		node;

	if (what < 6)
		for (int kind = 0; kind < NS_STORED_COSTS; kind++)
			row.cost[kind] *= what < 3 ? 2 : 0.5;
	else if (what < 8)
		row.up = !row.up;
	else if (what < 9)
		row.directed = !row.directed;
	else
	{
		node = unit_below(g->nnodes);
		if (ns_node_id(g, node) != row.z_node_id)
			row.a_node_id = ns_node_id(g, node);
	}
	return row;
}

static NsLinkInput
added_link(const NsGraph *g, int64_t id)
{
	int32_t		a = unit_below(g->nnodes);
	int32_t		z = (a + 1 + unit_below(g->nnodes - 1)) % g->nnodes;

	return (NsLinkInput) {
		.id = id,.a_node_id = ns_node_id(g, a),.z_node_id = ns_node_id(g, z),
		.directed = unit_chance(0.2),.up = unit_chance(0.9),
		.cost = {unit_below(3), unit_uniform(), unit_below(100) / 8.0}
	};
}

/* One change: of a link, of a new link, or of a new node with two links. */
static NsResult
change_once(UnitEnv *u, NsGraph *g)
{
	int64_t		id = g->nlinks == 0 ? 1 : ns_link_id(g, g->nlinks - 1) + 1;
	NsLinkChange link[2] = {{.exists = true}, {.exists = true}};
	NsNodeChange node = {.node = {0, "new"},.exists = true};
	NsGraphChange change = {.link = link,.nlinks = 1};
	int			what = unit_below(10);

	if (what < 8 && g->nlinks > 0)
		link[0].link = changed_link(g);
	else if (what < 9)
		link[0].link = added_link(g, id);
	else
	{
		node.node.id = ns_node_id(g, g->nnodes - 1) + 1;
		change.node = &node;
		change.nnodes = 1;
		change.nlinks = 2;
		for (int i = 0; i < 2; i++)
		{
			link[i].link = added_link(g, id + i);
			link[i].link.a_node_id = node.node.id;
		}
	}
	return ns_graph_patch(&u->env, g, &change);
}

/* Of a cost in the block, at most 1. */
static double
part_left(const NsGraph *g, const NsGraph *block, int kind, int32_t link)
{
	double		now = ns_link_cost(g, (NsCostKind) kind, link);
	double		before = ns_link_cost(block, (NsCostKind) kind, link);

	return now < before ? now / before : 1;
}

/* As the view has it, by looking at every link. */
static void
check_eased(UnitEnv *u, const NsGraph *g)
{
	NsGraph		block;
	int32_t		n = 0;
	int32_t		nweakening = 0;

	(void) u;
	ns_graph_view(&block, g->block);
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		bool		eased = ns_link_up(g, i);
		bool		listed = false;
		bool		weakens = false;

		if (eased && i < block.nlinks && ns_link_up(&block, i))
		{
			const int32_t *end = ns_link_end(g, i);
			const int32_t *before = ns_link_end(&block, i);

			eased = end[0] != before[0] || end[1] != before[1] ||
				(ns_link_directed(&block, i) && !ns_link_directed(g, i));
			for (int kind = 0; kind < NS_STORED_COSTS; kind++)
				eased |= part_left(g, &block, kind, i) < NS_EASED_PART;
			for (int kind = 0; kind < NS_STORED_COSTS && !eased; kind++)
			{
				weakens |= part_left(g, &block, kind, i) < 1;
				UNIT_CHECK(g->eased_part[kind] <= part_left(g, &block, kind, i),
						   "link %d has %.17g left of cost %d", i,
						   part_left(g, &block, kind, i), kind);
			}
		}
		n += eased;
		nweakening += weakens;
		for (int32_t j = 0; j < g->neased && j < NS_MAX_EASED; j++)
			listed |= g->eased[j] == i;
		if (g->neased <= NS_MAX_EASED)
			UNIT_CHECK(eased == listed, "link %d is %seased", i, eased ? "" : "not ");
	}
	UNIT_CHECK(n == g->neased, "%d eased links, not %d", g->neased, n);
	UNIT_CHECK(nweakening == g->nweakening, "%d links weaken bounds, not %d",
			   g->nweakening, nweakening);
	for (int kind = 0; kind < NS_COSTS && nweakening == 0; kind++)
		UNIT_CHECK(g->eased_part[kind] == 1, "bounds are weak for nothing: %.17g",
				   g->eased_part[kind]);
}

static void
test_patched(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		NetShape	shape;
		Net			net;
		NsGraph    *g;
		NsCostKind	kind;
		int			changes;

		unit_case("patched view", i);
		unit_env_init(&u);
		shape = large_shape();
		kind = (NsCostKind) unit_below(NS_COSTS);
		changes = 1 + unit_below(12);
		net_random(&u, &shape, &net);
		if (!UNIT_CHECK(net_graph(&u, &net, &g) == NS_OK, "it does not build") ||
			!set_landmarks(&u, g, kind))
			changes = 0;
		for (int j = 0; j < changes; j++)
		{
			if (!UNIT_CHECK(change_once(&u, g) == NS_OK, "it does not patch"))
				break;
			check_eased(&u, g);
			for (int k = 0; k < 8; k++)
			{
				NsPathQuery query = random_query(&u, &net, g, kind);
				NsPath		path;

				check_same(&u, g, &query, &path);
			}
			check_bounds(&u, g, kind, unit_chance(0.3) ? g->nnodes - 1
						 : unit_below(g->nnodes));
		}
		unit_env_drop(&u);
	}
}

/* Bring some links to a part of their costs, or back to what the block has. */
static bool
cost_part(UnitEnv *u, NsGraph *g, const int32_t *link, int n, double part)
{
	NsGraph		block;
	NsLinkChange c[8] = {{.exists = true}};
	NsGraphChange change = {.link = c,.nlinks = (size_t) n};

	ns_graph_view(&block, g->block);
	for (int i = 0; i < n; i++)
	{
		c[i] = (NsLinkChange) {.link = link_row(&block, link[i]),.exists = true};
		for (int kind = 0; kind < NS_STORED_COSTS; kind++)
			c[i].link.cost[kind] *= part;
	}
	return UNIT_CHECK(ns_graph_patch(&u->env, g, &change) == NS_OK, "it does not patch");
}

/* A what-if that is rolled back leaves bounds as strong as they were. */
static void
test_taken_back(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		NetShape	shape;
		Net			net;
		NsGraph    *g;
		int32_t		link[8];
		int			n = 0;

		unit_case("taken back", i);
		unit_env_init(&u);
		shape = large_shape();
		net_random(&u, &shape, &net);
		if (UNIT_CHECK(net_graph(&u, &net, &g) == NS_OK, "it does not build"))
		{
			for (int32_t j = unit_below(3); j < g->nlinks && n < 8; j += 1 + unit_below(9))
			{
				NsLinkInput row = link_row(g, j);

				if (row.up && row.cost[0] > 0 && row.cost[1] > 0 && row.cost[2] > 0)
					link[n++] = j;
			}
			if (cost_part(&u, g, link, n, unit_chance(0.5) ? 0.5 : 0.9))
				check_eased(&u, g);
			UNIT_CHECK(g->nweakening == n, "%d of %d links weaken bounds", g->nweakening, n);
			if (unit_chance(0.5) && cost_part(&u, g, link, n, 0.1))
				check_eased(&u, g);
			if (cost_part(&u, g, link, n, unit_chance(0.3) ? 3 : 1))
				check_eased(&u, g);
			UNIT_CHECK(g->nweakening == 0 && g->neased == 0 &&
					   g->eased_part[NS_COST_METRIC] == 1, "bounds stay weak");
		}
		unit_env_drop(&u);
	}
}

/* ---- a graph large enough for hash tables ---- */

typedef struct Grid
{
	int32_t		side;
	int32_t		nnodes;
	int32_t		nlinks;
	NsNodeInput *node;
	NsLinkInput *link;
} Grid;

static void
add_link(Grid *grid, int32_t a, int32_t z)
{
	NsLinkInput *l = &grid->link[grid->nlinks++];

	*l = (NsLinkInput) {
		.id = grid->nlinks,.a_node_id = a + 1,.z_node_id = z + 1,.up = true,
		.cost = {1, 1 + unit_uniform(), (1 + unit_below(100)) / 100.0}
	};
}

/* Every node joined to the next in its row and column by so many links. */
static void
make_grid(UnitEnv *u, int32_t side, int links, Grid *grid)
{
	*grid = (Grid) {.side = side,.nnodes = side * side};
	grid->node = unit_alloc(u, (size_t) grid->nnodes, sizeof(NsNodeInput));
	grid->link = unit_alloc(u, 2 * (size_t) grid->nnodes * (size_t) links, sizeof(NsLinkInput));
	for (int32_t i = 0; i < grid->nnodes; i++)
	{
		char	   *name = unit_alloc(u, 16, 1);

		snprintf(name, 16, "%d", (int) i);
		grid->node[i] = (NsNodeInput) {i + 1, name};
	}
	for (int k = 0; k < links; k++)
		for (int32_t i = 0; i < grid->nnodes; i++)
		{
			if (i % side + 1 < side)
				add_link(grid, i, i + 1);
			if (i + side < grid->nnodes)
				add_link(grid, i, i + side);
		}
}

/* Most links around a node and some others, so that a set of them is large. */
static NsIdList
many_ids(UnitEnv *u, const Grid *grid)
{
	int64_t    *id = unit_alloc(u, (size_t) grid->nlinks, sizeof(int64_t));
	NsIdList	list = {id, 0};
	double		chance = unit_chance(0.5) ? 0 : 0.3 * unit_uniform();

	for (int32_t i = 0; i < grid->nlinks && chance > 0; i++)
		if (unit_chance(chance))
			id[list.n++] = grid->link[i].id;
	return list;
}

static void
test_grid(int cases)
{
	UnitEnv		u;
	Grid		grid;
	NsGraphInput in;
	NsGraph    *g;

	unit_case("grid", 0);
	unit_env_init(&u);
	make_grid(&u, 110, 3, &grid);
	in = (NsGraphInput) {.node = grid.node,.nnodes = (size_t) grid.nnodes,
	.link = grid.link,.nlinks = (size_t) grid.nlinks};
	UNIT_CHECK(grid.nlinks > 65536, "it is too small");
	if (UNIT_CHECK(net_build(&u, &in, &g) == NS_OK, "it does not build") &&
		set_landmarks(&u, g, NS_COST_METRIC) &&
		set_landmarks(&u, g, NS_COST_LATENCY) &&
		set_landmarks(&u, g, NS_COST_LENGTH) &&
		set_landmarks(&u, g, NS_COST_HOPS))
		for (int i = 0; i < cases; i++)
		{
			UnitEnv		run;
			NsPathQuery query;
			NsPath		path;

			unit_case("way through a grid", i);
			unit_env_init(&run);
			query = (NsPathQuery) {
				.src = unit_below(g->nnodes),.dst = unit_below(g->nnodes),
				.cost = (NsCostKind) unit_below(NS_COSTS),
				.avoid_links = many_ids(&run, &grid)
			};
			if (check_same(&run, g, &query, &path))
				check_first(&run, g, &query, query.cost != NS_COST_LATENCY, &path);
			unit_env_drop(&run);
		}
	unit_env_drop(&u);
}

/* Landmarks are worth it: a search with them settles few nodes. */
static void
test_worth(void)
{
	UnitEnv		u;
	Grid		grid;
	NsGraphInput in;
	NsGraph    *g;
	int64_t		plain = 0;
	int64_t		guided = 0;

	unit_case("nodes settled", 0);
	unit_env_init(&u);
	make_grid(&u, 100, 1, &grid);
	in = (NsGraphInput) {.node = grid.node,.nnodes = (size_t) grid.nnodes,
	.link = grid.link,.nlinks = (size_t) grid.nlinks};
	if (UNIT_CHECK(net_build(&u, &in, &g) == NS_OK, "it does not build"))
		for (int i = 0; i < 100; i++)
		{
			NsPathQuery query = {.src = unit_below(g->nnodes),
				.dst = unit_below(g->nnodes),.cost = NS_COST_LATENCY};
			NsPath		path;
			bool		found;

			g->landmark[query.cost] = NULL;
			ns_shortest_path(&u.env, g, &query, &found, &path);
			plain += path.steps;
			if (i == 0 && !set_landmarks(&u, g, query.cost))
				break;
			if (i > 0)
				g->landmark[query.cost] = g->landmark[NS_COST_HOPS];
			else
				g->landmark[NS_COST_HOPS] = g->landmark[query.cost];
			ns_shortest_path(&u.env, g, &query, &found, &path);
			guided += path.steps;
		}
	UNIT_CHECK(guided < plain / 8, "%lld nodes settled, %lld without landmarks",
			   (long long) guided, (long long) plain);
	unit_env_drop(&u);
}

/* ---- special graphs ---- */

static void
test_special(void)
{
	UnitEnv		u;
	NsGraph    *g;
	NsNodeInput node[] = {{1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}};
	NsLinkInput link[] = {
		{1, 1, 2, false, true, {1e300, 5e-324, NAN}},
		{2, 2, 3, false, true, {1e-300, 0, 1}},
		{3, 1, 3, false, true, {1, 1e308, 1}}
	};
	NsGraphInput in = {.node = node,.nnodes = 4,.link = link,.nlinks = 3};
	NsLandmarks *landmarks;

	unit_case("graph without anything", 0);
	unit_env_init(&u);
	if (UNIT_CHECK(net_build(&u, &(NsGraphInput) {0}, &g) == NS_OK, "it does not build"))
		UNIT_CHECK(ns_landmarks_build(&u.env, g, NS_COST_HOPS, &landmarks) == NS_OK &&
				   landmarks->count == 0, "it fails");

	unit_case("extreme costs", 0);
	if (UNIT_CHECK(net_build(&u, &in, &g) == NS_OK, "it does not build") &&
		set_landmarks(&u, g, NS_COST_METRIC) &&
		set_landmarks(&u, g, NS_COST_LATENCY))
	{
		for (int i = 0; i < 32; i++)
		{
			NsPathQuery query = {.src = i % 4,.dst = i / 4 % 4,.cost = (NsCostKind) (i / 16)};
			NsPath		path;

			check_same(&u, g, &query, &path);
		}
		UNIT_CHECK(ns_landmarks_build(&u.env, g, NS_COST_LENGTH, &landmarks) ==
				   NS_MISSING_COST, "a missing cost does no harm");
	}
	unit_env_drop(&u);
}

/* ---- failures ---- */

typedef struct Job
{
	NsGraph    *g;
	NsPathQuery query;
	bool		build;
} Job;

static NsResult
run_job(UnitEnv *u, void *state)
{
	const Job  *job = state;
	NsLandmarks *landmarks;
	NsPath		path;
	bool		found;

	return job->build
		? ns_landmarks_build(&u->env, job->g, job->query.cost, &landmarks)
		: ns_shortest_path(&u->env, job->g, &job->query, &found, &path);
}

static void
test_failures(void)
{
	UnitEnv		u;
	Grid		grid;
	NsGraphInput in;
	NsGraph    *g;
	Job			job;
	int64_t		avoid[] = {1, 2};

	unit_case("failing allocator", 0);
	unit_env_init(&u);
	make_grid(&u, 95, 4, &grid);
	in = (NsGraphInput) {.node = grid.node,.nnodes = (size_t) grid.nnodes,
	.link = grid.link,.nlinks = (size_t) grid.nlinks};
	if (!UNIT_CHECK(net_build(&u, &in, &g) == NS_OK, "it does not build"))
		return;
	job = (Job) {g, {.src = 0,.dst = grid.nnodes - 1,.cost = NS_COST_LATENCY,
		.avoid_links = {avoid, 2}}, true};
	unit_fail_each(run_job, &job, true, 40);
	unit_case("interrupts", 0);
	unit_fail_each(run_job, &job, false, 40);
	job.build = false;
	for (int i = 0; i < 2; i++)
	{
		unit_case("search with a failing allocator", i);
		unit_fail_each(run_job, &job, true, 40);
		unit_case("interrupts of a search", i);
		unit_fail_each(run_job, &job, false, 40);
		set_landmarks(&u, g, NS_COST_LATENCY);
	}
	unit_env_drop(&u);
}

int
main(void)
{
	unit_begin("landmark");
	test_oracle(unit_cases(3000, 60000));
	test_random(unit_cases(200, 5000));
	test_patched(unit_cases(150, 4000));
	test_taken_back(unit_cases(100, 3000));
	test_grid(unit_cases(12, 300));
	test_worth();
	test_special();
	test_failures();
	return unit_end();
}
