/*-------------------------------------------------------------------------
 *
 * test_metamorphic.c
 *	  Graphs too large for the oracle: change the network in a way whose effect
 *	  on the answer is known, and ask again.
 *
 *	  other order of rows		the same block and answer to the last byte
 *	  other ids					the same costs
 *	  costs times a constant	costs times it
 *	  a link split in two		the same costs (strict)
 *	  a part out of reach		the same paths
 *	  a link not used is lost	the same costs
 *	  the other way round		the same costs (undirected)
 *	  one group counts less		not dearer, and still an answer (strict)
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "net.h"
#include "verify.h"

#define BUDGET		INT64_C(300000)

typedef struct Ask
{
	NsDisjointQuery query;		/* without lists of ids */
	int32_t		ignore;			/* number of a group, -1: none */
	int32_t		avoid;			/* number of a link, -1: none */
} Ask;

typedef struct Trial
{
	UnitEnv		u;
	Net			net;
	NsGraph    *g;
	Ask			ask;
	NsDisjointResult r;
	NsPath	   *k_path;			/* k shortest paths too */
	int32_t		nk;
} Trial;

static long proven;				/* cases where everything below applies */

/* ---- networks ---- */

static void
random_ask(Trial *t)
{
	const Net  *net = &t->net;

	t->ask.query = (NsDisjointQuery) {
		.path = {.src = unit_below(net->nnodes),.cost = (NsCostKind) unit_below(4)},
		.k = 2 + (unit_chance(0.3) ? 1 : 0),.node = unit_chance(0.3),
		.srlg = unit_chance(0.8),.strict = unit_chance(0.7),.budget = BUDGET
	};
	do
		t->ask.query.path.dst = unit_below(net->nnodes);
	while (t->ask.query.path.dst == t->ask.query.path.src);
	t->ask.ignore = net->ngroups > 0 && unit_chance(0.3)
		? unit_below(net->ngroups) : -1;
	t->ask.avoid = unit_chance(0.3) ? unit_below(net->nlinks) : -1;
}

static void
random_network(Trial *t)
{
	int			n = 50 + unit_below(151);
	NetShape	shape = {
		.nodes = n,.links = n + n / 2 + unit_below(n),.groups = unit_below(n / 2),
		.directed = unit_chance(0.6) ? 0 : unit_uniform(),
		.down = unit_chance(0.5) ? 0 : 0.1,.members = 2,
		.downs = unit_chance(0.3) ? 0.3 : 0,.partial = unit_chance(0.2),
		.local = unit_chance(0.8)
	};

	net_random(&t->u, &shape, &t->net);
	for (int32_t i = 0; i < n; i++)	/* a ring, so that it is connected */
	{
		t->net.link[i].a = i;
		t->net.link[i].z = (i + 1) % n;
		t->net.link[i].directed = false;
		t->net.link[i].up = true;
	}
}

static void *
copied(UnitEnv *u, const void *from, size_t n, size_t size)
{
	void	   *to = unit_alloc(u, n, size);

	if (n > 0)
		memcpy(to, from, n * size);
	return to;
}

/* A copy with room for more of everything. */
static Net
net_copy(UnitEnv *u, const Net *net, int more)
{
	Net			out = *net;
	size_t		nodes = (size_t) (net->nnodes + more);
	size_t		links = (size_t) (net->nlinks + more);

	out.node_id = unit_alloc(u, nodes, sizeof(int64_t));
	out.name = unit_alloc(u, nodes, sizeof(char *));
	out.link_id = unit_alloc(u, links, sizeof(int64_t));
	out.link = unit_alloc(u, links, sizeof(NetLink));
	out.group_id = copied(u, net->group_id, (size_t) net->ngroups, sizeof(int64_t));
	out.member = unit_alloc(u, (size_t) net->nmembers * 2 + 1, sizeof(NetMember));
	out.down = copied(u, net->down, (size_t) net->ndowns, sizeof(NetDown));
	memcpy(out.node_id, net->node_id, (size_t) net->nnodes * sizeof(int64_t));
	memcpy(out.name, net->name, (size_t) net->nnodes * sizeof(char *));
	memcpy(out.link_id, net->link_id, (size_t) net->nlinks * sizeof(int64_t));
	memcpy(out.link, net->link, (size_t) net->nlinks * sizeof(NetLink));
	if (net->nmembers > 0)
		memcpy(out.member, net->member, (size_t) net->nmembers * sizeof(NetMember));
	return out;
}

/* ---- questions ---- */

/* The lists live in ids[2], which has to outlast the query. */
static NsDisjointQuery
query_of(const Net *net, const Ask *ask, int64_t *ids)
{
	NsDisjointQuery q = ask->query;

	if (ask->ignore >= 0)
	{
		ids[0] = net->group_id[ask->ignore];
		q.ignore_srlgs = (NsIdList) {&ids[0], 1};
	}
	if (ask->avoid >= 0)
	{
		ids[1] = net->link_id[ask->avoid];
		q.path.avoid_links = (NsIdList) {&ids[1], 1};
	}
	return q;
}

static bool
answer(Trial *t, const Net *net, const Ask *ask, NsGraph **g,
	   NsDisjointResult *r)
{
	int64_t		ids[2];
	NsDisjointQuery q = query_of(net, ask, ids);

	return UNIT_CHECK(net_graph(&t->u, net, g) == NS_OK, "it does not build") &&
		UNIT_CHECK(ns_disjoint_paths(&t->u.env, *g, &q, r) == NS_OK, "it fails") &&
		verify_disjoint(&t->u, *g, &q, r);
}

static int32_t
shared_count(const NsDisjointResult *r, const NsGraph *g, int what)
{
	uint8_t    *seen;
	int32_t		n = 0;
	UnitEnv		u;

	unit_env_init(&u);
	seen = unit_alloc(&u, (size_t) (g->nsrlgs + g->nnodes + g->nlinks), 1);
	for (int32_t p = 0; p < r->npaths; p++)
	{
		const NsDisjointPath *path = &r->path[p];
		const int32_t *list = what == 0 ? path->shared_srlg
			: what == 1 ? path->shared_node : path->shared_link;
		int32_t		nlist = what == 0 ? path->nshared_srlgs
			: what == 1 ? path->nshared_nodes : path->nshared_links;

		for (int32_t i = 0; i < nlist; i++)
		{
			n += !seen[list[i]];
			seen[list[i]] = 1;
		}
	}
	unit_env_drop(&u);
	return n;
}

static bool
is_proof(const NsDisjointResult *r)
{
	return r->status == NS_DISJOINT_NONE ||
		(r->status == NS_DISJOINT_FOUND && r->optimal);
}

/* The same, but for the factor of costs; neither ran out of budget. */
static void
check_equal(const Trial *t, const NsGraph *g, const NsDisjointResult *r,
			double factor, const char *what)
{
	if (!is_proof(r))
		return;
	if (!UNIT_CHECK(r->status == t->r.status, "%s: status %d, not %d", what,
					r->status, t->r.status))
		return;
	UNIT_CHECK(verify_close(verify_total(r), factor * verify_total(&t->r)),
			   "%s: cost %.17g, not %.17g", what, verify_total(r),
			   factor * verify_total(&t->r));
	for (int i = 0; i < 3; i++)
	{
		if ((i == 0 && !t->ask.query.srlg) || (i == 1 && !t->ask.query.node))
			continue;
		UNIT_CHECK(shared_count(r, g, i) == shared_count(&t->r, t->g, i),
				   "%s: %d shared of kind %d, not %d", what,
				   shared_count(r, g, i), i, shared_count(&t->r, t->g, i));
	}
}

static bool
same_ids(const NsGraph *g, const NsPath *x, const NsGraph *h, const NsPath *y)
{
	bool		same = x->nlinks == y->nlinks;

	for (int32_t i = 0; i < x->nlinks && same; i++)
		same = ns_link_id(g, x->link[i]) == ns_link_id(h, y->link[i]);
	return same;
}

static void
check_same_paths(const Trial *t, const NsGraph *g, const NsDisjointResult *r,
				 const char *what)
{
	if (!UNIT_CHECK(r->status == t->r.status && r->npaths == t->r.npaths,
					"%s: status %d, not %d", what, r->status, t->r.status))
		return;
	for (int32_t i = 0; i < r->npaths; i++)
		UNIT_CHECK(same_ids(t->g, &t->r.path[i].path, g, &r->path[i].path),
				   "%s: path %d is another", what, i);
}

/* k shortest paths cost the same; the same paths where exactly is set. */
static void
check_k(Trial *t, const NsGraph *g, const Ask *ask, double factor,
		const char *what)
{
	NsPathQuery q = {.src = ask->query.path.src,.dst = ask->query.path.dst,
	.cost = ask->query.path.cost};
	NsPath	   *path;
	int32_t		n;

	if (!UNIT_CHECK(ns_k_shortest_paths(&t->u.env, g, &q, 8, &path, &n) == NS_OK,
					"%s: k shortest paths fail", what) ||
		!UNIT_CHECK(n == t->nk, "%s: %d shortest paths, not %d", what, n, t->nk))
		return;
	for (int32_t i = 0; i < n; i++)
		UNIT_CHECK(verify_close(path[i].cost, factor * t->k_path[i].cost),
				   "%s: shortest path %d costs %.17g, not %.17g", what, i,
				   path[i].cost, factor * t->k_path[i].cost);
}

/* ---- the changes ---- */

static void
other_order(Trial *t)
{
	NsGraph    *g;
	NsDisjointResult r;

	if (!answer(t, &t->net, &t->ask, &g, &r))
		return;
	UNIT_CHECK(g->block->bytes == t->g->block->bytes &&
			   memcmp(g->block, t->g->block, (size_t) g->block->bytes) == 0,
			   "other order of rows: another block");
	check_same_paths(t, g, &r, "other order of rows");
	UNIT_CHECK(r.steps == t->r.steps && r.branches == t->r.branches,
			   "other order of rows: %lld steps, not %lld",
			   (long long) r.steps, (long long) t->r.steps);
}

static int32_t *
random_numbers(UnitEnv *u, int32_t n)
{
	int32_t    *number = unit_alloc(u, (size_t) n, sizeof(int32_t));

	for (int32_t i = 0; i < n; i++)
		number[i] = i;
	unit_shuffle(number, n);
	return number;
}

static void
other_ids(Trial *t)
{
	Net			net = net_copy(&t->u, &t->net, 0);
	Ask			ask = t->ask;
	int32_t    *node = random_numbers(&t->u, net.nnodes);
	int32_t    *link = random_numbers(&t->u, net.nlinks);
	int32_t    *group = random_numbers(&t->u, net.ngroups);
	NsGraph    *g;
	NsDisjointResult r;

	for (int32_t i = 0; i < net.nnodes; i++)
		net.name[node[i]] = t->net.name[i];
	for (int32_t i = 0; i < net.nlinks; i++)
	{
		NetLink    *l = &net.link[link[i]];

		*l = t->net.link[i];
		l->a = node[l->a];
		l->z = node[l->z];
		if (!l->directed && unit_chance(0.5))
		{
			int32_t		swap = l->a;

			l->a = l->z;
			l->z = swap;
		}
	}
	for (int32_t i = 0; i < net.nmembers; i++)
	{
		net.member[i].group = group[net.member[i].group];
		net.member[i].link = link[net.member[i].link];
	}
	for (int32_t i = 0; i < net.ndowns; i++)
		net.down[i] = (NetDown) {group[net.down[i].group], node[net.down[i].node],
			net.down[i].probability};
	ask.query.path.src = node[ask.query.path.src];
	ask.query.path.dst = node[ask.query.path.dst];
	if (ask.ignore >= 0)
		ask.ignore = group[ask.ignore];
	if (ask.avoid >= 0)
		ask.avoid = link[ask.avoid];
	if (!answer(t, &net, &ask, &g, &r))
		return;
	check_equal(t, g, &r, 1, "other ids");
	check_k(t, g, &ask, 1, "other ids");
}

static void
scaled_costs(Trial *t)
{
	static const double factors[] = {2, 0.125, 1000, 7, 1e9};
	double		factor = factors[unit_below(5)];
	Net			net = net_copy(&t->u, &t->net, 0);
	NsGraph    *g;
	NsDisjointResult r;

	for (int32_t i = 0; i < net.nlinks; i++)
		for (int kind = 0; kind < NS_STORED_COSTS; kind++)
			net.link[i].cost[kind] *= factor;
	if (t->ask.query.path.cost == NS_COST_HOPS)
		factor = 1;
	if (!answer(t, &net, &t->ask, &g, &r))
		return;
	check_equal(t, g, &r, factor, "scaled costs");
	check_k(t, g, &t->ask, factor, "scaled costs");
}

/* A link of the answer where there is one; the second half has a new id. */
static void
split_link(Trial *t)
{
	Net			net = net_copy(&t->u, &t->net, 1);
	int32_t		link = unit_below(net.nlinks);
	int32_t		middle = net.nnodes;
	NetLink    *second = &net.link[net.nlinks];
	NsGraph    *g;
	NsDisjointResult r;

	if (!t->ask.query.strict || t->ask.query.path.cost == NS_COST_HOPS)
		return;
	if (t->r.npaths > 0 && unit_chance(0.7))
		link = t->r.path[0].path.link[0];
	if (link == t->ask.avoid)
		return;
	*second = net.link[link];
	second->a = middle;
	net.link[link].z = middle;
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
		second->cost[kind] = net.link[link].cost[kind] /= 2;
	net.link_id[net.nlinks] = net.link_id[net.nlinks - 1] + 1;
	net.node_id[middle] = net.node_id[middle - 1] + 1;
	net.name[middle] = "the middle of a link";
	for (int32_t i = 0; i < t->net.nmembers; i++)
		if (net.member[i].link == link)
		{
			net.member[net.nmembers] = net.member[i];
			net.member[net.nmembers++].link = net.nlinks;
		}
	net.nnodes++;
	net.nlinks++;
	if (answer(t, &net, &t->ask, &g, &r))
		check_equal(t, g, &r, 1, "a link split in two");
}

static void
unreachable_part(Trial *t)
{
	enum
	{
		MORE = 20
	};
	Net			net = net_copy(&t->u, &t->net, MORE);
	NsGraph    *g;
	NsDisjointResult r;

	for (int i = 0; i < MORE; i++)
	{
		char	   *name = unit_alloc(&t->u, 32, 1);

		snprintf(name, 32, "out of reach %d", i);
		net.name[t->net.nnodes + i] = name;
		net.node_id[t->net.nnodes + i] = net.node_id[t->net.nnodes - 1] + i + 1;
		net.link_id[t->net.nlinks + i] = net.link_id[t->net.nlinks - 1] + i + 1;
		net.link[t->net.nlinks + i] = (NetLink) {
			t->net.nnodes + i, t->net.nnodes + (i + 1 + unit_below(MORE - 1)) % MORE,
			t->net.link[0].directed, true, {1, 1, 1}, {1, 1, 1}
		};
	}
	for (int32_t i = 0; i < t->net.nmembers && i < MORE; i++)
	{
		net.member[net.nmembers] = net.member[i];
		net.member[net.nmembers++].link = t->net.nlinks + i;
	}
	net.nnodes += MORE;
	net.nlinks += MORE;
	if (!answer(t, &net, &t->ask, &g, &r) || !is_proof(&r))
		return;
	check_equal(t, g, &r, 1, "a part out of reach");
	check_k(t, g, &t->ask, 1, "a part out of reach");
}

static bool
is_used(const NsDisjointResult *r, int32_t link)
{
	for (int32_t p = 0; p < r->npaths; p++)
		for (int32_t i = 0; i < r->path[p].path.nlinks; i++)
			if (r->path[p].path.link[i] == link)
				return true;
	return false;
}

static void
unused_link(Trial *t)
{
	Ask			ask = t->ask;
	NsGraph    *g;
	NsDisjointResult r;

	if (ask.avoid >= 0)
		return;
	do
		ask.avoid = unit_below(t->net.nlinks);
	while (is_used(&t->r, ask.avoid));
	if (answer(t, &t->net, &ask, &g, &r))
		check_equal(t, g, &r, 1, "a link that was not used");
}

static void
other_way(Trial *t)
{
	Ask			ask = t->ask;
	NsGraph    *g;
	NsDisjointResult r;

	if (t->g->directed)
		return;
	ask.query.path.src = t->ask.query.path.dst;
	ask.query.path.dst = t->ask.query.path.src;
	if (!answer(t, &t->net, &ask, &g, &r))
		return;
	check_equal(t, g, &r, 1, "the other way round");
	check_k(t, g, &ask, 1, "the other way round");
}

static void
fewer_groups(Trial *t)
{
	Ask			ask = t->ask;
	NsGraph    *g;
	NsDisjointResult r;

	if (ask.ignore >= 0 || t->net.ngroups == 0 || !ask.query.strict)
		return;
	ask.ignore = unit_below(t->net.ngroups);
	if (!answer(t, &t->net, &ask, &g, &r) || !is_proof(&r) ||
		t->r.status != NS_DISJOINT_FOUND)
		return;
	UNIT_CHECK(r.status == NS_DISJOINT_FOUND &&
			   (verify_total(&r) <= verify_total(&t->r) ||
				verify_close(verify_total(&r), verify_total(&t->r))),
			   "without a group it costs %.17g, with it %.17g",
			   verify_total(&r), verify_total(&t->r));
}

static void
test_random(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		static Trial t;
		NsPathQuery q;

		unit_case("random network", i);
		memset(&t, 0, sizeof(t));
		unit_env_init(&t.u);
		random_network(&t);
		random_ask(&t);
		if (answer(&t, &t.net, &t.ask, &t.g, &t.r))
		{
			other_order(&t);
			q = (NsPathQuery) {.src = t.ask.query.path.src,
			.dst = t.ask.query.path.dst,.cost = t.ask.query.path.cost};
			if (is_proof(&t.r) &&
				UNIT_CHECK(ns_k_shortest_paths(&t.u.env, t.g, &q, 8, &t.k_path,
											   &t.nk) == NS_OK, "k shortest"))
			{
				proven++;
				other_ids(&t);
				scaled_costs(&t);
				split_link(&t);
				unreachable_part(&t);
				unused_link(&t);
				other_way(&t);
				fewer_groups(&t);
			}
		}
		unit_env_drop(&t.u);
	}
	printf("metamorphic: %ld of %d cases proven within the budget\n", proven,
		   cases);
	unit_case("most cases are proven", 0);
	UNIT_CHECK(proven * 10 >= cases * 7, "only %ld of %d", proven, cases);
}

int
main(void)
{
	unit_begin("metamorphic");
	test_random(unit_cases(200, 3000));
	return unit_end();
}
