/*-------------------------------------------------------------------------
 *
 * test_flow.c
 *	  Without groups, k disjoint paths of least cost are a flow of least cost:
 *	  a second oracle, for graphs of up to 200 nodes.
 *
 * Every node is an entry and an exit with an arc between them, every direction
 * of a link an arc from exit to entry.  Two paths that use an undirected link
 * both ways could exchange their ends and use it not at all, so its directions
 * need not exclude each other here.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "net.h"
#include "verify.h"

#define BUDGET	INT64_C(5000000)

typedef struct FlowArc
{
	int32_t		to;
	int32_t		room;			/* capacity left */
	NetCost		cost;
} FlowArc;

/* Arc 2i + 1 is the way back of arc 2i. */
typedef struct FlowNet
{
	int32_t		nstates;
	int32_t		narcs;
	FlowArc    *arc;
	int32_t    *next;			/* arcs that leave the same state */
	int32_t    *first;
	NetCost    *distance;
	int32_t    *via;			/* arc by which a state was reached */
} FlowNet;

static void
add_one(FlowNet *f, int32_t from, FlowArc arc)
{
	f->arc[f->narcs] = arc;
	f->next[f->narcs] = f->first[from];
	f->first[from] = f->narcs++;
}

static void
add_arc(FlowNet *f, int32_t from, int32_t to, int32_t room, NetCost cost)
{
	add_one(f, from, (FlowArc) {to, room, cost});
	add_one(f, to, (FlowArc) {from, 0, -cost});
}

static FlowNet
flow_net(UnitEnv *u, const Net *net, const NsDisjointQuery *q)
{
	size_t		arcs = 4 * (size_t) net->nlinks + 2 * (size_t) net->nnodes;
	FlowNet		f = {.nstates = 2 * net->nnodes};

	f.arc = unit_alloc(u, arcs, sizeof(FlowArc));
	f.next = unit_alloc(u, arcs, sizeof(int32_t));
	f.first = unit_alloc(u, (size_t) f.nstates, sizeof(int32_t));
	f.distance = unit_alloc(u, (size_t) f.nstates, sizeof(NetCost));
	f.via = unit_alloc(u, (size_t) f.nstates, sizeof(int32_t));
	for (int32_t i = 0; i < f.nstates; i++)
		f.first[i] = -1;
	for (int32_t i = 0; i < net->nnodes; i++)
		add_arc(&f, 2 * i, 2 * i + 1, q->node && i != q->path.src &&
				i != q->path.dst ? 1 : q->k, 0);
	for (int32_t i = 0; i < net->nlinks; i++)
	{
		const NetLink *l = &net->link[i];
		NetCost		cost = net_cost(net, q->path.cost, i);

		if (!l->up)
			continue;
		add_arc(&f, 2 * l->a + 1, 2 * l->z, 1, cost);
		if (!l->directed)
			add_arc(&f, 2 * l->z + 1, 2 * l->a, 1, cost);
	}
	return f;
}

/* One more unit by the cheapest way (Bellman and Ford); false if none. */
static bool
augment(FlowNet *f, int32_t src, int32_t dst, NetCost *cost)
{
	bool		better = true;

	for (int32_t i = 0; i < f->nstates; i++)
		f->via[i] = -1;
	f->distance[src] = 0;
	while (better)
	{
		better = false;
		for (int32_t s = 0; s < f->nstates; s++)
			for (int32_t a = f->first[s]; a >= 0; a = f->next[a])
			{
				const FlowArc *arc = &f->arc[a];

				if ((s != src && f->via[s] < 0) || arc->room == 0 ||
					arc->to == src ||
					(f->via[arc->to] >= 0 &&
					 f->distance[arc->to] <= f->distance[s] + arc->cost))
					continue;
				f->distance[arc->to] = f->distance[s] + arc->cost;
				f->via[arc->to] = a;
				better = true;
			}
	}
	if (f->via[dst] < 0)
		return false;
	*cost += f->distance[dst];
	for (int32_t s = dst; s != src; s = f->arc[f->via[s] ^ 1].to)
	{
		f->arc[f->via[s]].room--;
		f->arc[f->via[s] ^ 1].room++;
	}
	return true;
}

static NetCost
exact_total(const Net *net, const NsDisjointQuery *q, const NsDisjointResult *r)
{
	NetCost		total = 0;

	for (int32_t p = 0; p < r->npaths; p++)
		for (int32_t i = 0; i < r->path[p].path.nlinks; i++)
			total += net_cost(net, q->path.cost, r->path[p].path.link[i]);
	return total;
}

static void
check(UnitEnv *u, const Net *net, const NsDisjointQuery *q)
{
	FlowNet		f = flow_net(u, net, q);
	NetCost		cost = 0;
	int32_t		units = 0;
	NsGraph    *g;
	NsDisjointResult r;
	double		ours;

	while (units < q->k &&
		   augment(&f, 2 * q->path.src + 1, 2 * q->path.dst, &cost))
		units++;
	if (!UNIT_CHECK(net_graph(u, net, &g) == NS_OK, "it does not build") ||
		!UNIT_CHECK(ns_disjoint_paths(&u->env, g, q, &r) == NS_OK, "it fails"))
		return;
	verify_disjoint(u, g, q, &r);
	UNIT_CHECK(r.status == (units == q->k ? NS_DISJOINT_FOUND : NS_DISJOINT_NONE),
			   "status %d, the flow is %d of %d", r.status, units, q->k);
	if (r.status != NS_DISJOINT_FOUND)
		return;

	/* sums of doubles, taken apart exactly, may differ in the last bits */
	ours = (double) exact_total(net, q, &r);
	if (UNIT_CHECK(r.optimal, "k = %d: not proven in %lld steps", q->k,
				   (long long) r.steps))
		UNIT_CHECK(verify_close(ours, (double) cost),
				   "k = %d, %s: cost %.17g, the flow's %.17g", q->k,
				   q->node ? "node" : "link", ours, (double) cost);
}

static void
test_random(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		int			n;
		NetShape	shape;
		Net			net;
		NsDisjointQuery q = {.strict = true,.budget = BUDGET};

		unit_case("random network", i);
		unit_env_init(&u);
		n = 4 + unit_below(197);
		shape = (NetShape) {
			.nodes = n,.links = n + unit_below(2 * n),
			.directed = unit_chance(0.5) ? 0 : unit_uniform(),
			.down = unit_chance(0.5) ? 0 : 0.2,
			.local = unit_chance(0.7)
		};
		net_random(&u, &shape, &net);
		q.k = 1 + unit_below(6);
		q.node = unit_chance(0.5);
		q.path.cost = (NsCostKind) unit_below(4);
		q.path.src = unit_below(n);
		do
			q.path.dst = unit_below(n);
		while (q.path.dst == q.path.src);
		check(&u, &net, &q);
		unit_env_drop(&u);
	}
}

int
main(void)
{
	unit_begin("flow");
	test_random(unit_cases(500, 10000));
	return unit_end();
}
