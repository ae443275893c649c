/*-------------------------------------------------------------------------
 *
 * test_patch.c
 *	  Patches of views: after any changes a patched view is that of a block
 *	  built afresh from the same rows.
 *
 * The rows stand in a World, which knows nothing of numbers.  Elements are
 * compared by id, since what was deleted keeps its number in a patched view.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "net.h"
#include "patch.h"
#include "path.h"

#define MAX_NODES		60
#define MAX_LINKS		120
#define MAX_MEMBERS		10
#define MAX_DOWNS		4
#define NAMES			80
#define CHANGED_AT_ONCE	6

typedef struct WorldNode
{
	int64_t		id;
	int			name;			/* "n<name>" */
	bool		exists;
	NsSrlgNodeInput down[MAX_DOWNS];
	size_t		ndowns;
} WorldNode;

typedef struct WorldLink
{
	NsLinkInput row;
	bool		exists;
	NsMembershipInput member[MAX_MEMBERS];
	size_t		nmembers;
} WorldLink;

/* Ids that a view has or had. */
typedef struct Seen
{
	int64_t		id[4096];
	int			n;
} Seen;

typedef struct World
{
	UnitEnv		u;
	WorldNode	node[MAX_NODES];
	int			nnodes;
	WorldLink	link[MAX_LINKS];
	int			nlinks;
	char		name[NAMES][16];
	bool		named[NAMES];
	double		costs;			/* which costs there are */
	int			groups;
	NsGraph		view;
	char	   *block_copy;		/* of the view's block */
	Seen		seen_node;
	Seen		seen_link;
	Seen		seen_srlg;
} World;

/* ---- rows ---- */

static double
random_cost(const World *w)
{
	static const double some[] = {0, 1, 2, 0.1, 0.25, 3.125, 1e-6, 7e9, 1e300, 5e-324};

	if (unit_chance(w->costs * 0.1))
		return NAN;
	if (unit_chance(w->costs))
		return some[unit_below(10)];
	if (unit_chance(w->costs))
		return unit_uniform();
	return unit_below(5);
}

static void
random_members(World *w, WorldLink *l)
{
	int64_t		group = unit_below(3);

	l->nmembers = 0;
	while (l->nmembers < MAX_MEMBERS && group < w->groups && unit_chance(0.7))
	{
		l->member[l->nmembers++] = (NsMembershipInput) {group * 7 - 20, l->row.id,
			unit_chance(0.1) ? 0 : (float) (1 + unit_below(4)) / 4,
			(float) unit_below(5) / 4};
		group += 1 + unit_below(4);
	}
	for (int i = (int) l->nmembers - 1; i > 0; i--)
	{
		int			j = unit_below(i + 1);
		NsMembershipInput swap = l->member[i];

		l->member[i] = l->member[j];
		l->member[j] = swap;
	}
}

static void
random_downs(World *w, WorldNode *n)
{
	int64_t		group = unit_below(w->groups + 1);

	n->ndowns = 0;
	while (n->ndowns < MAX_DOWNS && group < w->groups && unit_chance(0.3))
	{
		n->down[n->ndowns++] = (NsSrlgNodeInput) {group * 7 - 20, n->id,
			(float) unit_below(4) / 4};
		group += 1 + unit_below(4);
	}
}

static int
existing_node(const World *w)
{
	int			n = 0;
	int			i = 0;

	while (n++ < 1000 && !w->node[i = unit_below(w->nnodes)].exists);
	return w->node[i].exists ? i : -1;
}

/* Two different nodes; false where there are none. */
static bool
random_ends(const World *w, NsLinkInput *row)
{
	int			a = existing_node(w);
	int			z = existing_node(w);

	for (int i = 0; i < 100 && a == z; i++)
		z = existing_node(w);
	if (a < 0 || z < 0 || a == z)
		return false;
	row->a_node_id = w->node[a].id;
	row->z_node_id = w->node[z].id;
	return true;
}

static bool
random_link(World *w, WorldLink *l)
{
	l->row.directed = unit_chance(0.3);
	l->row.up = unit_chance(0.8);
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
		l->row.cost[kind] = random_cost(w);
	random_members(w, l);
	return random_ends(w, &l->row);
}

/* Above the last one, or somewhere between. */
static int64_t
new_id(int64_t greatest, bool between, bool (*taken) (const World *w, int64_t id),
	   const World *w)
{
	int64_t		id = greatest + 1 + unit_below(5);

	for (int i = 0; between && i < 50; i++)
	{
		int64_t		other = unit_below((int) greatest + 1);

		if (!taken(w, other))
			return other;
	}
	return id;
}

static bool
node_taken(const World *w, int64_t id)
{
	for (int i = 0; i < w->nnodes; i++)
		if (w->node[i].id == id)
			return true;
	return false;
}

static bool
link_taken(const World *w, int64_t id)
{
	for (int i = 0; i < w->nlinks; i++)
		if (w->link[i].row.id == id)
			return true;
	return false;
}

static int
free_name(World *w)
{
	int			name;

	do
		name = unit_below(NAMES);
	while (w->named[name]);
	w->named[name] = true;
	return name;
}

static int
add_node(World *w, bool between)
{
	WorldNode  *n = &w->node[w->nnodes];
	int64_t		greatest = 10;

	if (w->nnodes == MAX_NODES)
		return -1;
	for (int i = 0; i < w->nnodes; i++)
		greatest = w->node[i].id > greatest ? w->node[i].id : greatest;
	n->id = new_id(greatest, between, node_taken, w);
	n->name = free_name(w);
	n->exists = true;
	random_downs(w, n);
	return w->nnodes++;
}

static int
add_link(World *w, bool between)
{
	WorldLink  *l = &w->link[w->nlinks];
	int64_t		greatest = 10;

	if (w->nlinks == MAX_LINKS)
		return -1;
	for (int i = 0; i < w->nlinks; i++)
		greatest = w->link[i].row.id > greatest ? w->link[i].row.id : greatest;
	l->row.id = new_id(greatest, between, link_taken, w);
	if (!random_link(w, l))
		return -1;
	l->exists = true;
	return w->nlinks++;
}

static void
world_random(World *w)
{
	int			nodes = 2 + unit_below(20);
	int			links = unit_below(50);

	memset(w, 0, sizeof(*w));
	unit_env_init(&w->u);
	for (int i = 0; i < NAMES; i++)
		snprintf(w->name[i], sizeof(w->name[i]), "n%d", i);
	w->costs = unit_chance(0.5) ? 0 : unit_uniform();
	w->groups = unit_below(25);
	for (int i = 0; i < nodes; i++)
		add_node(w, false);
	for (int i = 0; i < links; i++)
		add_link(w, false);
}

/* A block from the rows in random order. */
static NsGraphBlock *
world_block(World *w)
{
	NsNodeInput *node = unit_alloc(&w->u, MAX_NODES, sizeof(*node));
	NsLinkInput *link = unit_alloc(&w->u, MAX_LINKS, sizeof(*link));
	NsMembershipInput *member = unit_alloc(&w->u, MAX_LINKS * MAX_MEMBERS, sizeof(*member));
	NsSrlgNodeInput *down = unit_alloc(&w->u, MAX_NODES * MAX_DOWNS, sizeof(*down));
	NsGraphInput in = {.node = node,.link = link,.membership = member,.srlg_node = down};
	int32_t		order[MAX_LINKS];
	NsGraphBlock *block = NULL;

	for (int i = 0; i < MAX_LINKS; i++)
		order[i] = i;
	unit_shuffle(order, w->nlinks);
	for (int i = 0; i < w->nlinks; i++)
	{
		const WorldLink *l = &w->link[order[i]];

		if (!l->exists)
			continue;
		link[in.nlinks++] = l->row;
		for (size_t j = 0; j < l->nmembers; j++)
			member[in.nmemberships++] = l->member[j];
	}
	for (int i = 0; i < w->nnodes; i++)
	{
		const WorldNode *n = &w->node[w->nnodes - 1 - i];

		if (!n->exists)
			continue;
		node[in.nnodes++] = (NsNodeInput) {n->id, w->name[n->name]};
		for (size_t j = 0; j < n->ndowns; j++)
			down[in.nsrlg_nodes++] = n->down[j];
	}
	UNIT_CHECK(ns_graph_build(&w->u.env, &in, &block) == NS_OK, "it does not build");
	return block;
}

/* ---- what the view has seen ---- */

static bool
seen_before(const Seen *s, int64_t id)
{
	for (int i = 0; i < s->n; i++)
		if (s->id[i] == id)
			return true;
	return false;
}

/* Known, or above all that are known. */
static bool
may_be_added(const Seen *s, int64_t id)
{
	for (int i = 0; i < s->n; i++)
		if (s->id[i] > id)
			return seen_before(s, id);
	return true;
}

static void
see(Seen *s, int64_t id)
{
	if (!seen_before(s, id))
		s->id[s->n++] = id;
}

static bool
expected_to_fit(const World *w, const NsGraphChange *c)
{
	bool		fits = true;

	for (size_t i = 0; i < c->nnodes; i++)
	{
		if (!c->node[i].exists)
			continue;
		fits &= may_be_added(&w->seen_node, c->node[i].node.id);
		for (size_t j = 0; j < c->node[i].nsrlg_nodes; j++)
			if (c->node[i].srlg_node[j].probability > 0)
				fits &= may_be_added(&w->seen_srlg, c->node[i].srlg_node[j].srlg_id);
	}
	for (size_t i = 0; i < c->nlinks; i++)
	{
		if (!c->link[i].exists)
			continue;
		fits &= may_be_added(&w->seen_link, c->link[i].link.id);
		for (size_t j = 0; c->link[i].link.up && j < c->link[i].nmemberships; j++)
			if (c->link[i].membership[j].share > 0)
				fits &= may_be_added(&w->seen_srlg, c->link[i].membership[j].srlg_id);
	}
	return fits;
}

static void
see_rows(World *w)
{
	for (int i = 0; i < w->nnodes; i++)
	{
		const WorldNode *n = &w->node[i];

		if (n->exists)
			see(&w->seen_node, n->id);
		for (size_t j = 0; n->exists && j < n->ndowns; j++)
			if (n->down[j].probability > 0)
				see(&w->seen_srlg, n->down[j].srlg_id);
	}
	for (int i = 0; i < w->nlinks; i++)
	{
		const WorldLink *l = &w->link[i];

		if (l->exists)
			see(&w->seen_link, l->row.id);
		for (size_t j = 0; l->exists && l->row.up && j < l->nmembers; j++)
			if (l->member[j].share > 0)
				see(&w->seen_srlg, l->member[j].srlg_id);
	}
}

static void
take_block(World *w, const NsGraphBlock *block)
{
	ns_graph_view(&w->view, block);
	w->block_copy = unit_alloc(&w->u, (size_t) block->bytes, 1);
	memcpy(w->block_copy, block, (size_t) block->bytes);
	w->seen_node.n = w->seen_link.n = w->seen_srlg.n = 0;
	see_rows(w);
}

/* ---- comparison ---- */

static bool
same_double(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static void
compare_totals(const NsGraph *p, const NsGraph *f)
{
	UNIT_CHECK(p->npresent == f->nnodes && p->nup == f->nup &&
			   p->narcs == f->narcs && p->nmemberships == f->nmemberships &&
			   p->nsrlg_nodes == f->nsrlg_nodes && p->directed == f->directed,
			   "counts: %d %d %d %d %d %d, not %d %d %d %d %d %d",
			   p->npresent, p->nup, p->narcs, p->nmemberships, p->nsrlg_nodes,
			   p->directed, f->nnodes, f->nup, f->narcs, f->nmemberships,
			   f->nsrlg_nodes, f->directed);
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
	{
		int32_t		mp = ns_missing_cost(p, kind);
		int32_t		mf = ns_missing_cost(f, kind);

		UNIT_CHECK(p->cost_sum[kind] == f->cost_sum[kind] &&
				   p->cost_max[kind] == f->cost_max[kind] &&
				   p->decimals[kind] == f->decimals[kind],
				   "sum, greatest, decimals: %g %g %d, not %g %g %d",
				   p->cost_sum[kind], p->cost_max[kind], p->decimals[kind],
				   f->cost_sum[kind], f->cost_max[kind], f->decimals[kind]);
		UNIT_CHECK(mp < 0 ? mf < 0 : mf >= 0 && ns_link_id(p, mp) == ns_link_id(f, mf),
				   "missing cost: link %d, not %d", mp, mf);
	}
}

static bool
same_arcs(const NsGraph *p, NsArcs a, const NsGraph *f, NsArcs b)
{
	bool		same = a.n == b.n;

	for (int32_t i = 0; same && i < a.n; i++)
		same = ns_link_id(p, a.arc[i].link) == ns_link_id(f, b.arc[i].link) &&
			ns_node_id(p, a.arc[i].node) == ns_node_id(f, b.arc[i].node);
	return same;
}

static bool
same_numbers(const NsGraph *p, NsNumbers a, const NsGraph *f, NsNumbers b,
			 int64_t (*id) (const NsGraph *, int32_t))
{
	bool		same = a.n == b.n;

	for (int32_t i = 0; same && i < a.n; i++)
		same = id(p, a.number[i]) == id(f, b.number[i]);
	return same;
}

static void
compare_nodes(const World *w, const NsGraph *p, const NsGraph *f)
{
	int32_t		present = 0;

	for (int32_t i = 0; i < p->nnodes; i++)
	{
		int64_t		id = ns_node_id(p, i);
		int32_t		j = ns_graph_find_node_id(f, id);
		NsArcIndex	out = ns_out_index(p);
		NsArcIndex	in = ns_in_index(p);

		UNIT_CHECK(i == 0 || ns_node_id(p, i - 1) < id, "nodes out of order");
		if (!UNIT_CHECK(ns_node_exists(p, i) == (j >= 0), "existence of node %d", i))
			continue;
		UNIT_CHECK(ns_graph_find_node_id(p, id) == (j >= 0 ? i : -1),
				   "look-up of node %d", i);
		if (j < 0)
		{
			UNIT_CHECK(ns_out(p, i).n + ns_in(p, i).n + ns_node_srlgs(p, i).n == 0,
					   "deleted node %d has something", i);
			continue;
		}
		present++;
		UNIT_CHECK(strcmp(ns_node_name(p, i), ns_node_name(f, j)) == 0 &&
				   ns_graph_find_node(p, ns_node_name(p, i)) == i,
				   "name of node %d", i);
		UNIT_CHECK(same_arcs(p, ns_out(p, i), f, ns_out(f, j)) &&
				   same_arcs(p, ns_in(p, i), f, ns_in(f, j)) &&
				   same_arcs(p, ns_arcs_at(&out, p, i), f, ns_out(f, j)) &&
				   same_arcs(p, ns_arcs_at(&in, p, i), f, ns_in(f, j)),
				   "arcs of node %d", i);
		UNIT_CHECK(same_numbers(p, ns_node_srlgs(p, i), f, ns_node_srlgs(f, j),
								ns_srlg_id), "groups of node %d", i);
	}
	UNIT_CHECK(present == f->nnodes, "%d nodes, not %d", present, f->nnodes);
	for (int i = 0; i < NAMES; i++)
	{
		int32_t		a = ns_graph_find_node(p, w->name[i]);
		int32_t		b = ns_graph_find_node(f, w->name[i]);

		UNIT_CHECK(a < 0 ? b < 0 : b >= 0 && ns_node_id(p, a) == ns_node_id(f, b),
				   "name %s", w->name[i]);
	}
}

static void
compare_links(const NsGraph *p, const NsGraph *f)
{
	int32_t		present = 0;

	for (int32_t i = 0; i < p->nlinks; i++)
	{
		int64_t		id = ns_link_id(p, i);
		int32_t		j = ns_graph_find_link(f, id);

		UNIT_CHECK(i == 0 || ns_link_id(p, i - 1) < id, "links out of order");
		if (!UNIT_CHECK(ns_link_exists(p, i) == (j >= 0), "existence of link %d", i))
			continue;
		UNIT_CHECK(ns_graph_find_link(p, id) == (j >= 0 ? i : -1),
				   "look-up of link %d", i);
		if (j < 0)
		{
			UNIT_CHECK(!ns_link_up(p, i) && ns_link_srlgs(p, i).n == 0,
					   "deleted link %d has something", i);
			continue;
		}
		present++;
		UNIT_CHECK(ns_link_up(p, i) == ns_link_up(f, j) &&
				   ns_link_directed(p, i) == ns_link_directed(f, j) &&
				   ns_node_id(p, ns_link_end(p, i)[0]) == ns_node_id(f, ns_link_end(f, j)[0]) &&
				   ns_node_id(p, ns_link_end(p, i)[1]) == ns_node_id(f, ns_link_end(f, j)[1]),
				   "row of link %d", i);
		for (int kind = 0; kind < NS_STORED_COSTS; kind++)
			UNIT_CHECK(same_double(ns_link_cost(p, kind, i), ns_link_cost(f, kind, j)),
					   "cost %d of link %d", kind, i);
		UNIT_CHECK(same_numbers(p, ns_link_srlgs(p, i), f, ns_link_srlgs(f, j),
								ns_srlg_id), "groups of link %d", i);
	}
	UNIT_CHECK(present == f->nlinks, "%d links, not %d", present, f->nlinks);
}

static void
compare_groups(const NsGraph *p, const NsGraph *f)
{
	int32_t		present = 0;

	for (int32_t i = 0; i < p->nsrlgs; i++)
	{
		int64_t		id = ns_srlg_id(p, i);
		int32_t		j = ns_graph_find_srlg(f, id);
		NsNumbers	links = ns_srlg_links(p, i);
		NsNumbers	nodes = ns_srlg_nodes(p, i);
		int32_t		twin = ns_srlg_twin(p, i);

		UNIT_CHECK(i == 0 || ns_srlg_id(p, i - 1) < id, "groups out of order");
		UNIT_CHECK(ns_graph_find_srlg(p, id) == i, "look-up of group %d", i);
		UNIT_CHECK(same_numbers(p, links, p, ns_srlg_links(p, twin), ns_link_id) &&
				   ns_srlg_twin(p, twin) == twin && twin <= i, "twin of group %d", i);
		if (j < 0)
		{
			UNIT_CHECK(links.n + nodes.n == 0, "group %d has something", i);
			continue;
		}
		present++;
		UNIT_CHECK(same_numbers(p, links, f, ns_srlg_links(f, j), ns_link_id) &&
				   same_numbers(p, nodes, f, ns_srlg_nodes(f, j), ns_node_id),
				   "links and nodes of group %d", i);
		for (int32_t k = 0; k < links.n && k < ns_srlg_links(f, j).n; k++)
			UNIT_CHECK(ns_srlg_share(p, i)[k] == ns_srlg_share(f, j)[k] &&
					   ns_srlg_probability(p, i)[k] == ns_srlg_probability(f, j)[k],
					   "shares of group %d", i);
		for (int32_t k = 0; k < nodes.n && k < ns_srlg_nodes(f, j).n; k++)
			UNIT_CHECK(ns_srlg_node_probability(p, i)[k] == ns_srlg_node_probability(f, j)[k],
					   "probabilities of group %d", i);
	}
	UNIT_CHECK(present == f->nsrlgs, "%d groups, not %d", present, f->nsrlgs);
}

/* ---- answers ---- */

static bool
same_path(const NsGraph *p, const NsPath *x, const NsGraph *f, const NsPath *y)
{
	bool		same = x->nlinks == y->nlinks && x->cost == y->cost;

	for (int32_t i = 0; same && i < x->nlinks; i++)
		same = ns_link_id(p, x->link[i]) == ns_link_id(f, y->link[i]) &&
			ns_node_id(p, x->node[i]) == ns_node_id(f, y->node[i]);
	return same;
}

static void
compare_disjoint(World *w, const NsGraph *p, const NsGraph *f,
				 NsDisjointQuery q, NsDisjointQuery fq)
{
	NsDisjointResult r = {0};
	NsDisjointResult fr = {0};
	NsObstacle *o;
	NsObstacle *fo;
	int32_t		n = 0;
	int32_t		fn = 0;
	bool		same;
	NsResult	rc = ns_disjoint_paths(&w->u.env, p, &q, &r);

	UNIT_CHECK(ns_disjoint_paths(&w->u.env, f, &fq, &fr) == rc, "result %d", rc);
	if (rc != NS_OK)
		return;
	same = r.status == fr.status && r.npaths == fr.npaths &&
		r.optimal == fr.optimal && r.lower_bound == fr.lower_bound;
	for (int32_t i = 0; same && i < r.npaths; i++)
	{
		const NsDisjointPath *x = &r.path[i];
		const NsDisjointPath *y = &fr.path[i];

		same = same_path(p, &x->path, f, &y->path) &&
			same_numbers(p, (NsNumbers) {x->shared_srlg, x->nshared_srlgs},
						 f, (NsNumbers) {y->shared_srlg, y->nshared_srlgs}, ns_srlg_id) &&
			same_numbers(p, (NsNumbers) {x->shared_link, x->nshared_links},
						 f, (NsNumbers) {y->shared_link, y->nshared_links}, ns_link_id);
	}
	UNIT_CHECK(same, "disjoint paths differ: k %d strict %d, status %d %d, bound %.17g %.17g",
			   q.k, q.strict, r.status, fr.status, r.lower_bound, fr.lower_bound);
	UNIT_CHECK(ns_disjoint_obstacles(&w->u.env, p, &q, &o, &n) == NS_OK &&
			   ns_disjoint_obstacles(&w->u.env, f, &fq, &fo, &fn) == NS_OK, "obstacles");
	same = n == fn;
	for (int32_t i = 0; same && i < n; i++)
		same = o[i].kind == fo[i].kind &&
			(o[i].kind == NS_OBSTACLE_SRLG ?
			 ns_srlg_id(p, o[i].number) == ns_srlg_id(f, fo[i].number) :
			 o[i].kind == NS_OBSTACLE_NODE ?
			 ns_node_id(p, o[i].number) == ns_node_id(f, fo[i].number) :
			 ns_link_id(p, o[i].number) == ns_link_id(f, fo[i].number));
	UNIT_CHECK(same, "obstacles differ: %d, not %d", n, fn);
}

static void
compare_answers(World *w, const NsGraph *p, const NsGraph *f)
{
	int			a = existing_node(w);
	int			z = existing_node(w);
	int64_t		avoid[2] = {w->nlinks > 0 ? w->link[unit_below(w->nlinks)].row.id : 1,
	7 * unit_below(10) - 20};
	NsPathQuery q = {.cost = unit_below(4),.avoid_links = {avoid, unit_below(2)},
	.avoid_srlgs = {avoid + 1, unit_below(2)}};
	NsPathQuery fq = q;
	NsPath		path;
	NsPath		fpath;
	NsPath	   *paths;
	NsPath	   *fpaths;
	bool		found = false;
	bool		ffound = false;
	int32_t		n = 0;
	int32_t		fn = 0;
	NsResult	rc;

	if (a < 0 || z < 0 || a == z)
		return;
	q.src = ns_graph_find_node_id(p, w->node[a].id);
	q.dst = ns_graph_find_node_id(p, w->node[z].id);
	fq.src = ns_graph_find_node_id(f, w->node[a].id);
	fq.dst = ns_graph_find_node_id(f, w->node[z].id);
	rc = ns_shortest_path(&w->u.env, p, &q, &found, &path);
	UNIT_CHECK(ns_shortest_path(&w->u.env, f, &fq, &ffound, &fpath) == rc &&
			   found == ffound && (!found || same_path(p, &path, f, &fpath)),
			   "shortest path differs");
	rc = ns_k_shortest_paths(&w->u.env, p, &q, 4, &paths, &n);
	UNIT_CHECK(ns_k_shortest_paths(&w->u.env, f, &fq, 4, &fpaths, &fn) == rc &&
			   n == fn, "%d shortest paths, not %d", n, fn);
	for (int32_t i = 0; i < n && i < fn; i++)
		UNIT_CHECK(same_path(p, &paths[i], f, &fpaths[i]), "shortest path %d differs", i);
	compare_disjoint(w, p, f,
					 (NsDisjointQuery) {.path = q,.k = 2,.node = avoid[0] % 2,
						 .srlg = true,.strict = avoid[1] % 2,.budget = 1000000,
						 .min_share = a % 3 == 0 ? 0.5 : 0},
					 (NsDisjointQuery) {.path = fq,.k = 2,.node = avoid[0] % 2,
						 .srlg = true,.strict = avoid[1] % 2,.budget = 1000000,
						 .min_share = a % 3 == 0 ? 0.5 : 0});
}

/* ---- changes ---- */

/* Elements that a step touched, as positions in the world. */
typedef struct Touched
{
	int			node[MAX_NODES];
	int			nnodes;
	int			link[MAX_LINKS];
	int			nlinks;
} Touched;

static void
touch(int *list, int *n, int what)
{
	for (int i = 0; i < *n; i++)
		if (list[i] == what)
			return;
	if (what >= 0)
		list[(*n)++] = what;
}

static bool
node_is_used(const World *w, const WorldNode *n)
{
	for (int i = 0; i < w->nlinks; i++)
		if (w->link[i].exists &&
			(w->link[i].row.a_node_id == n->id || w->link[i].row.z_node_id == n->id))
			return true;
	return false;
}

/* Delete a node and its links, or bring one back. */
static void
delete_node(World *w, int i, Touched *t)
{
	WorldNode  *n = &w->node[i];

	if (!n->exists)
	{
		n->exists = true;
		n->name = free_name(w);
		random_downs(w, n);
		return;
	}
	for (int j = 0; j < w->nlinks; j++)
	{
		WorldLink  *l = &w->link[j];

		if (l->exists && (l->row.a_node_id == n->id || l->row.z_node_id == n->id))
		{
			touch(t->link, &t->nlinks, j);
			if (unit_chance(0.5) || !random_ends(w, &l->row))
				l->exists = false;
		}
	}
	if (node_is_used(w, n))
		return;
	n->exists = false;
	w->named[n->name] = false;
}

static void
change_node(World *w, Touched *t, bool between)
{
	int			i = unit_below(w->nnodes);
	WorldNode  *n = &w->node[i];

	switch (unit_below(5))
	{
		case 0:
			i = add_node(w, between);
			break;
		case 1:
			delete_node(w, i, t);
			break;
		case 2:
			random_downs(w, n);
			break;
		case 3:
			if (n->exists)
			{
				w->named[n->name] = unit_chance(0.1);	/* or the name is used up */
				w->named[n->name] = false;
				n->name = free_name(w);
			}
			break;
		default:
			{
				int			j = existing_node(w);

				/* names change places */
				if (n->exists && j >= 0)
				{
					int			swap = n->name;

					n->name = w->node[j].name;
					w->node[j].name = swap;
					touch(t->node, &t->nnodes, j);
				}
			}
	}
	touch(t->node, &t->nnodes, i);
}

static void
change_link(World *w, Touched *t, bool between)
{
	int			i = w->nlinks > 0 ? unit_below(w->nlinks) : 0;
	WorldLink  *l = &w->link[i];
	int			what = w->nlinks > 0 ? unit_below(9) : 0;

	if (what > 0 && !l->exists)
		what = 1;
	switch (what)
	{
		case 0:
			i = add_link(w, between);
			break;
		case 1:
			l->exists = l->exists ? false : random_link(w, l);
			break;
		case 2:
			l->row.up = !l->row.up;
			break;
		case 3:
			random_ends(w, &l->row);
			break;
		case 4:
			l->row.directed = !l->row.directed;
			break;
		case 5:
			random_members(w, l);
			break;
		case 6:
			if (l->nmembers > 0)
				l->member[0].share = 0.125f;
			break;
		default:
			l->row.cost[unit_below(NS_STORED_COSTS)] = random_cost(w);
			break;
	}
	touch(t->link, &t->nlinks, i);
}

static void *
copied(World *w, const void *from, size_t n, size_t size)
{
	void	   *to = unit_alloc(&w->u, n, size);

	memcpy(to, from, n * size);
	return to;
}

/* The present rows of these elements. */
static NsGraphChange
change_of(World *w, const Touched *t)
{
	NsNodeChange *node = unit_alloc(&w->u, (size_t) t->nnodes, sizeof(*node));
	NsLinkChange *link = unit_alloc(&w->u, (size_t) t->nlinks + 1, sizeof(*link));
	NsGraphChange c = {node, (size_t) t->nnodes, link, (size_t) t->nlinks};

	for (int i = 0; i < t->nnodes; i++)
	{
		const WorldNode *n = &w->node[t->node[i]];

		node[i] = (NsNodeChange) {{n->id, n->exists ? w->name[n->name] : NULL},
			n->exists, copied(w, n->down, n->ndowns, sizeof(n->down[0])),
			n->ndowns};
	}
	for (int i = 0; i < t->nlinks; i++)
	{
		const WorldLink *l = &w->link[t->link[i]];

		link[i] = (NsLinkChange) {l->row, l->exists,
			copied(w, l->member, l->nmembers, sizeof(l->member[0])), l->nmembers};
	}
	/* an element that nobody has ever heard of */
	if (unit_chance(0.2))
		link[c.nlinks++] = (NsLinkChange) {.link = {.id = 123456789}};
	return c;
}

static void
check_rebuild(World *w, const NsGraphChange *c, const NsGraphBlock *fresh)
{
	NsGraphBlock *block;

	if (UNIT_CHECK(ns_graph_rebuild(&w->u.env, &w->view, c, &block) == NS_OK, "rebuild"))
		UNIT_CHECK(block->bytes == fresh->bytes &&
				   memcmp(block, fresh, (size_t) block->bytes) == 0,
				   "a rebuilt block differs from one built afresh");
}

static void
step(World *w)
{
	Touched		t = {0};
	int			n = 1 + (unit_chance(0.5) ? 0 : unit_below(CHANGED_AT_ONCE));
	bool		between = unit_chance(0.02);
	NsGraphChange c;
	NsGraphBlock *fresh;
	NsGraph		view;
	NsResult	rc;
	bool		fits;

	for (int i = 0; i < n; i++)
	{
		if (unit_chance(0.3))
			change_node(w, &t, between);
		else
			change_link(w, &t, between);
	}
	c = change_of(w, &t);
	fresh = world_block(w);
	if (fresh == NULL)
		return;
	fits = ns_graph_fits(&w->view, &c);
	UNIT_CHECK(fits == expected_to_fit(w, &c), "fits: %d", fits);
	if (!fits || unit_chance(0.1))
		check_rebuild(w, &c, fresh);
	if (!fits)
	{
		take_block(w, fresh);
		return;
	}
	rc = ns_graph_patch(&w->u.env, &w->view, &c);
	if (!UNIT_CHECK(rc == NS_OK, "patch: result %d", rc))
	{
		/* the view is of no use any more */
		take_block(w, fresh);
		return;
	}
	see_rows(w);
	ns_graph_view(&view, fresh);
	compare_totals(&w->view, &view);
	compare_nodes(w, &w->view, &view);
	compare_links(&w->view, &view);
	compare_groups(&w->view, &view);
	compare_answers(w, &w->view, &view);
	if (unit_chance(0.1))
		check_rebuild(w, NULL, fresh);
	UNIT_CHECK(memcmp(w->block_copy, w->view.block, (size_t) w->view.block->bytes) == 0,
			   "the patch wrote to the block");
}

static void
test_random(int cases)
{
	World	   *w;
	UnitEnv		u;

	unit_env_init(&u);
	w = unit_alloc(&u, 1, sizeof(World));
	for (int i = 0; i < cases; i++)
	{
		NsGraphBlock *block;

		unit_case("random changes", i);
		world_random(w);
		block = world_block(w);
		if (block != NULL)
		{
			take_block(w, block);
			for (int j = 0; j < 30; j++)
				step(w);
		}
		unit_env_drop(&w->u);
	}
	unit_env_drop(&u);
}

/* ---- memory ---- */

/* Changes of the same few elements over and over. */
static void
test_memory(void)
{
	World	   *w;
	UnitEnv		u;
	UnitEnv		patches;
	NsGraphBlock *block;
	size_t		after_some = 0;

	unit_case("the same elements over and over", 0);
	unit_env_init(&u);
	w = unit_alloc(&u, 1, sizeof(World));
	world_random(w);
	while (w->nlinks < 20)
		add_link(w, false);
	w->groups = 25;
	block = world_block(w);
	take_block(w, block);
	unit_env_init(&patches);
	for (int i = 0; i < 100000; i++)
	{
		WorldLink  *l = &w->link[i % 3];
		WorldNode  *n = &w->node[i % 2];
		NsLinkChange link;
		NsNodeChange node;
		NsGraphChange c = {&node, 1, &link, 1};

		random_link(w, l);
		random_downs(w, n);
		link = (NsLinkChange) {l->row, i % 7 != 0, l->member, l->nmembers};
		node = (NsNodeChange) {{n->id, i % 4 < 2 ? w->name[n->name] : i % 2 ? "x" : "y"},
			true, n->down, n->ndowns};
		if (ns_graph_fits(&w->view, &c) &&
			ns_graph_patch(&patches.env, &w->view, &c) != NS_OK)
			UNIT_CHECK(false, "patch %d fails", i);
		if (i == 50000)
			after_some = patches.bytes;
	}
	UNIT_CHECK(patches.bytes == after_some, "%zu bytes after 50,000 patches, %zu after 100,000",
			   after_some, patches.bytes);
	unit_env_drop(&patches);
	unit_env_drop(&w->u);
	unit_env_drop(&u);
}

/* ---- bad changes ---- */

static void
expect(NsResult expected, const NsGraphBlock *block, const NsGraphChange *c,
	   const char *what)
{
	UnitEnv		u;
	NsGraph		view;
	NsResult	rc;

	unit_case(what, 0);
	unit_env_init(&u);
	ns_graph_view(&view, block);
	rc = ns_graph_patch(&u.env, &view, c);
	UNIT_CHECK(rc == expected, "result %d, not %d", rc, expected);
	unit_env_drop(&u);
}

static void
test_bad(void)
{
	UnitEnv		u;
	NsNodeInput node[] = {{5, "a"}, {6, "b"}};
	NsLinkInput link[] = {{5, 5, 6, false, true, {1, 1, 1}}};
	NsGraphInput in = {.node = node,.nnodes = 2,.link = link,.nlinks = 1};
	NsMembershipInput member[] = {{1, 5, 1, 1}, {1, 5, 1, 1}};
	NsSrlgNodeInput down[] = {{2, 5, 1}, {2, 5, 1}};
	NsLinkChange l = {link[0], true, NULL, 0};
	NsNodeChange n = {node[0], true, NULL, 0};
	NsGraphChange c = {&n, 1, &l, 1};
	NsGraphBlock *block;

	unit_env_init(&u);
	unit_case("bad changes", 0);
	UNIT_CHECK(ns_graph_build(&u.env, &in, &block) == NS_OK, "build");
	expect(NS_OK, block, &c, "nothing has changed");
	l.link.z_node_id = 5;
	expect(NS_BAD_INPUT, block, &c, "a loop");
	l.link.z_node_id = 7;
	expect(NS_BAD_INPUT, block, &c, "an end that is not there");
	l.link = link[0];
	l.link.cost[1] = -1;
	expect(NS_BAD_INPUT, block, &c, "a negative cost");
	l.link.cost[1] = INFINITY;
	expect(NS_BAD_INPUT, block, &c, "an infinite cost");
	l.link = link[0];
	l.membership = member;
	l.nmemberships = 2;
	expect(NS_BAD_INPUT, block, &c, "a membership twice");
	l.nmemberships = 1;
	n.srlg_node = down;
	n.nsrlg_nodes = 2;
	expect(NS_BAD_INPUT, block, &c, "a node down twice");
	n.nsrlg_nodes = 1;
	n.node.id = 4;
	UNIT_CHECK(true, "a check");
	expect(NS_BAD_INPUT, block, &c, "a node that does not fit");
	n.node.id = 5;
	n.exists = false;
	expect(NS_BAD_INPUT, block, &c, "an end that is deleted");
	l.link.id = 4;
	n.exists = true;
	expect(NS_BAD_INPUT, block, &c, "a link that does not fit");
	unit_env_drop(&u);
}

/* ---- failures ---- */

typedef struct Attempt
{
	const NsGraphBlock *block;
	NsGraphChange change[3];
	bool		rebuild;
} Attempt;

static NsResult
attempt(UnitEnv *u, void *state)
{
	const Attempt *a = state;
	NsGraph		view;
	NsGraphBlock *block;

	ns_graph_view(&view, a->block);
	if (a->rebuild)
		return ns_graph_rebuild(&u->env, &view, &a->change[0], &block);
	for (int i = 0; i < 3; i++)
	{
		NsResult	rc = ns_graph_patch(&u->env, &view, &a->change[i]);

		if (rc != NS_OK)
			return rc;
	}
	return NS_OK;
}

static void
test_failures(void)
{
	UnitEnv		u;
	World	   *w;
	Attempt		a = {0};

	unit_case("failing allocator", 0);
	unit_env_init(&u);
	w = unit_alloc(&u, 1, sizeof(World));
	world_random(w);
	w->groups = 25;
	w->costs = 0;
	while (w->nlinks < 10)
		add_link(w, false);
	a.block = world_block(w);
	for (int i = 0; i < 3; i++)
	{
		Touched		t = {0};

		for (int j = 0; j < 8; j++)
		{
			touch(t.link, &t.nlinks, add_link(w, false));
			touch(t.link, &t.nlinks, j);
			random_link(w, &w->link[j]);
		}
		touch(t.node, &t.nnodes, add_node(w, false));
		a.change[i] = change_of(w, &t);
		/* groups that are new have ids above all */
		for (size_t j = 0; j < a.change[i].nlinks; j++)
		{
			const NsLinkChange *l = &a.change[i].link[j];

			for (size_t k = 0; k < l->nmemberships; k++)
				((NsMembershipInput *) l->membership)[k].srlg_id += 1000 * (i + 1);
		}
		for (size_t j = 0; j < a.change[i].node->nsrlg_nodes; j++)
			((NsSrlgNodeInput *) a.change[i].node->srlg_node)[j].srlg_id += 1000 * (i + 1);
	}
	unit_fail_each(attempt, &a, true, 1000);
	a.rebuild = true;
	unit_fail_each(attempt, &a, true, 1000);
	unit_case("interrupts", 0);
	unit_fail_each(attempt, &a, false, 1000);
	unit_env_drop(&w->u);
	unit_env_drop(&u);
}

int
main(void)
{
	unit_begin("patch");
	test_random(unit_cases(300, 5000));
	test_memory();
	test_bad();
	test_failures();
	return unit_end();
}
