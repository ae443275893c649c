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

#include "path.h"
#include "world.h"

#define CHANGED_AT_ONCE	6

/* Ids that a view has or had. */
typedef struct Seen
{
	int64_t		id[4096];
	int			n;
} Seen;

/* A world, and a view that is patched along with it. */
typedef struct Trial
{
	World		world;
	NsGraph		view;
	char	   *block_copy;		/* of the view's block */
	Seen		seen_node;
	Seen		seen_link;
} Trial;

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
expected_to_fit(const Trial *t, const NsGraphChange *c)
{
	bool		fits = true;

	for (size_t i = 0; i < c->nnodes; i++)
	{
		if (!c->node[i].exists)
			continue;
		fits &= may_be_added(&t->seen_node, c->node[i].node.id);
	}
	for (size_t i = 0; i < c->nlinks; i++)
	{
		if (!c->link[i].exists)
			continue;
		fits &= may_be_added(&t->seen_link, c->link[i].link.id);
	}
	return fits;
}

static void
see_rows(Trial *t)
{
	const World *w = &t->world;

	for (int i = 0; i < w->nnodes; i++)
	{
		const WorldNode *n = &w->node[i];

		if (n->exists)
			see(&t->seen_node, n->id);
	}
	for (int i = 0; i < w->nlinks; i++)
	{
		const WorldLink *l = &w->link[i];

		if (l->exists)
			see(&t->seen_link, l->row.id);
	}
}

static void
take_block(Trial *t, const NsGraphBlock *block)
{
	ns_graph_view(&t->view, block);
	t->block_copy = unit_alloc(&t->world.u, (size_t) block->bytes, 1);
	memcpy(t->block_copy, block, (size_t) block->bytes);
	t->seen_node.n = t->seen_link.n = 0;
	see_rows(t);
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

/* The same groups in any order, each list without duplicates. */
static bool
same_groups(const NsGraph *p, NsNumbers a, const NsGraph *f, NsNumbers b)
{
	bool		same = a.n == b.n;

	for (int32_t i = 0; same && i < a.n; i++)
	{
		int32_t		srlg = ns_graph_find_srlg(f, ns_srlg_id(p, a.number[i]));
		int32_t		j = 0;

		same = i == 0 || a.number[i - 1] < a.number[i];
		while (same && j < b.n && b.number[j] != srlg)
			j++;
		same = same && j < b.n;
	}
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
		UNIT_CHECK(same_groups(p, ns_node_srlgs(p, i), f, ns_node_srlgs(f, j)),
				   "groups of node %d", i);
	}
	UNIT_CHECK(present == f->nnodes, "%d nodes, not %d", present, f->nnodes);
	for (int i = 0; i < WORLD_NAMES; i++)
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
		UNIT_CHECK(same_groups(p, ns_link_srlgs(p, i), f, ns_link_srlgs(f, j)),
				   "groups of link %d", i);
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

		UNIT_CHECK(i == 0 || i >= p->block->nsrlgs || ns_srlg_id(p, i - 1) < id,
				   "groups out of order");
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
	int			a = world_existing_node(w);
	int			z = world_existing_node(w);
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

static void
check_rebuild(Trial *t, const NsGraphChange *c, const NsGraphBlock *fresh)
{
	NsGraphBlock *block;

	if (UNIT_CHECK(ns_graph_rebuild(&t->world.u.env, &t->view, c, &block) == NS_OK, "rebuild"))
		UNIT_CHECK(block->bytes == fresh->bytes &&
				   memcmp(block, fresh, (size_t) block->bytes) == 0,
				   "a rebuilt block differs from one built afresh");
}

static void
step(Trial *t)
{
	World	   *w = &t->world;
	Touched		touched = {0};
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
			world_change_node(w, &touched, between);
		else
			world_change_link(w, &touched, between);
	}
	c = world_change(w, &touched);
	fresh = world_block(w);
	if (fresh == NULL)
		return;
	fits = ns_graph_fits(&t->view, &c);
	UNIT_CHECK(fits == expected_to_fit(t, &c), "fits: %d", fits);
	if (!fits || unit_chance(0.1))
		check_rebuild(t, &c, fresh);
	if (!fits)
	{
		take_block(t, fresh);
		return;
	}
	rc = ns_graph_patch(&w->u.env, &t->view, &c);
	if (!UNIT_CHECK(rc == NS_OK, "patch: result %d", rc))
	{
		/* the view is of no use any more */
		take_block(t, fresh);
		return;
	}
	see_rows(t);
	ns_graph_view(&view, fresh);
	compare_totals(&t->view, &view);
	compare_nodes(w, &t->view, &view);
	compare_links(&t->view, &view);
	compare_groups(&t->view, &view);
	compare_answers(w, &t->view, &view);
	if (unit_chance(0.1))
		check_rebuild(t, NULL, fresh);
	UNIT_CHECK(memcmp(t->block_copy, t->view.block, (size_t) t->view.block->bytes) == 0,
			   "the patch wrote to the block");
}

static void
test_random(int cases)
{
	Trial	   *t;
	World	   *w;
	UnitEnv		u;

	unit_env_init(&u);
	t = unit_alloc(&u, 1, sizeof(Trial));
	w = &t->world;
	for (int i = 0; i < cases; i++)
	{
		NsGraphBlock *block;

		unit_case("random changes", i);
		world_random(w);
		block = world_block(w);
		if (block != NULL)
		{
			take_block(t, block);
			for (int j = 0; j < 30; j++)
				step(t);
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
	Trial	   *t;
	World	   *w;
	UnitEnv		u;
	UnitEnv		patches;
	NsGraphBlock *block;
	size_t		after_some = 0;

	unit_case("the same elements over and over", 0);
	unit_env_init(&u);
	t = unit_alloc(&u, 1, sizeof(Trial));
	w = &t->world;
	world_random(w);
	while (w->nlinks < 20)
		world_add_link(w, false);
	w->groups = 25;
	block = world_block(w);
	take_block(t, block);
	unit_env_init(&patches);
	for (int i = 0; i < 100000; i++)
	{
		WorldLink  *l = &w->link[i % 3];
		WorldNode  *n = &w->node[i % 2];
		NsLinkChange link;
		NsNodeChange node;
		NsGraphChange c = {&node, 1, &link, 1};

		world_random_link(w, l);
		world_random_downs(w, n);
		link = (NsLinkChange) {l->row, i % 7 != 0, l->member, l->nmembers};
		node = (NsNodeChange) {{n->id, i % 4 < 2 ? w->name[n->name] : i % 2 ? "x" : "y"},
			true, n->down, n->ndowns};
		if (ns_graph_fits(&t->view, &c) &&
			ns_graph_patch(&patches.env, &t->view, &c) != NS_OK)
			UNIT_CHECK(false, "patch %d fails", i);
		if (i == 50000)
			after_some = patches.bytes;
	}
	/* a list may still grow longer than it ever was, but that ends */
	UNIT_CHECK(patches.bytes <= after_some + after_some / 4, "%zu bytes after 50,000 patches, %zu after 100,000",
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
		world_add_link(w, false);
	a.block = world_block(w);
	for (int i = 0; i < 3; i++)
	{
		Touched		t = {0};

		for (int j = 0; j < 8; j++)
		{
			world_touch(t.link, &t.nlinks, world_add_link(w, false));
			world_touch(t.link, &t.nlinks, j);
			world_random_link(w, &w->link[j]);
		}
		world_touch(t.node, &t.nnodes, world_add_node(w, false));
		a.change[i] = world_change(w, &t);
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
