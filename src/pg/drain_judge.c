/*-------------------------------------------------------------------------
 *
 * drain_judge.c
 *	  What drains leave of disjoint groups and of demands.
 *
 * Two sets of drains are held against each other.  The links that either of them
 * hits, or that are drained now, and all that ride on these are derived twice
 * from the same rows.  Groups count their members from that.  For demands the
 * graph of their network serves as it is kept, with links taken away; where it
 * lacks links that only drains of now keep out, and the sets do not have these,
 * a block is made that has them.  What stands alone then is found by
 * src/core/redundancy.c.
 *
 * Memory: all in the region of the environment.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

#include "drain_judge.h"
#include "error.h"
#include "graph_cache.h"
#include "graph_scan.h"
#include "graph_table.h"
#include "id_map.h"
#include "query.h"
#include "risk_load.h"
#include "sort.h"

typedef struct LinkState		/* beside RiskRows.link, of the own links */
{
	bool		up[2];			/* without, with */
} LinkState;

typedef struct Compare
{
	Judge	   *judge;
	NsEnv	   *env;
	JudgeLosses *losses;
	DrainHit	hit[2];			/* without, with */
	IdSet		affected;		/* links that drains touch, now or in a set */
	IdSet		group;
	struct GroupCount *count;	/* beside group.id */
	size_t		ngroups;
	size_t		count_room;
	IdSet		own;			/* affected, and members of the groups */
	RiskRows	rows;
	LinkState  *state;
	NsIdMap		place;			/* of own links in rows.link */
	IdSet		lost;			/* links up without, and not with */
} Compare;

typedef struct GroupCount
{
	int64		id;
	int32		wanted;
	int32		members[2];		/* that carry traffic: without, with */
} GroupCount;

/* ---- drains ---- */

static NsQuery drains = {
	.sql = "SELECT d.id, pg_catalog.lower(d.during), pg_catalog.upper(d.during),"
	" d.state OPERATOR(pg_catalog.<>) 'requested',"
	" CASE d.mode WHEN 'off' THEN 0 WHEN 'monitor' THEN 1 ELSE 2 END"
	" FROM netstate.drain d WHERE d.state OPERATOR(pg_catalog.<>) 'restored'"
	" ORDER BY 2, 1",
	.as_owner_of = "drain"
};

static void
drain_row(const Datum *value, const bool *null, void *state)
{
	Judge	   *judge = state;
	JudgeDrain *drain;
	size_t		place = judge_add(judge, DatumGetTimestampTz(value[1]),
								  DatumGetTimestampTz(value[2]));

	drain = &judge->drain[place];
	drain->id = DatumGetInt64(value[0]);
	drain->active = DatumGetBool(value[3]);
	drain->mode = DatumGetInt32(value[4]);
}

void
judge_begin(Judge *judge, NsEnv *env)
{
	size_t		i;

	memset(judge, 0, sizeof(*judge));
	judge->env = env;
	judge->elements.env = env;
	judge->most = 1000;
	judge->now = GetCurrentTimestamp();
	query_run(&drains, NULL, drain_row, judge);
	for (i = 0; i < judge->ndrains; i++)
	{
		JudgeDrain *drain = &judge->drain[i];

		drain->first = judge->elements.n;
		drain_elements_read(&judge->elements, &drain->id, 1);
		drain->n = judge->elements.n - drain->first;
	}
}

size_t
judge_add(Judge *judge, TimestampTz from, TimestampTz to)
{
	JudgeDrain *drain;

	judge->drain = env_pg_grow(judge->env, judge->drain, &judge->drain_room,
							   judge->ndrains + 1, sizeof(JudgeDrain));
	drain = &judge->drain[judge->ndrains];
	memset(drain, 0, sizeof(*drain));
	drain->from = from;
	drain->to = to;
	drain->mode = DRAIN_ENFORCE;
	drain->first = judge->elements.n;
	return judge->ndrains++;
}

void
judge_add_element(Judge *judge, int kind, int64 id)
{
	drain_elements_add(&judge->elements, kind, id);
	judge->drain[judge->ndrains - 1].n++;
}

int64
judge_find(const Judge *judge, int64 id)
{
	size_t		i;

	for (i = 0; i < judge->ndrains; i++)
		if (judge->drain[i].id == id)
			return (int64) i;
	return -1;
}

bool
judge_covers(const Judge *judge, const JudgeDrain *drain, TimestampTz at)
{
	if (drain->from <= at && at < drain->to)
		return true;
	return drain->active && (at < drain->to || drain->to <= judge->now);
}

bool *
judge_set(const Judge *judge, TimestampTz at)
{
	bool	   *set = env_pg_array(judge->env, judge->ndrains, sizeof(bool));
	size_t		i;

	for (i = 0; i < judge->ndrains; i++)
		set[i] = judge_covers(judge, &judge->drain[i], at);
	return set;
}

static int
compare_instants(const void *a, const void *b)
{
	TimestampTz x = *(const TimestampTz *) a;
	TimestampTz y = *(const TimestampTz *) b;

	return (x > y) - (x < y);
}

TimestampTz *
judge_instants(const Judge *judge, TimestampTz from, TimestampTz to, size_t *n)
{
	TimestampTz *at = env_pg_array(judge->env, judge->ndrains + 1,
								   sizeof(TimestampTz));
	size_t		all = 0;
	size_t		kept = 0;
	size_t		i;

	at[all++] = from;
	for (i = 0; i < judge->ndrains; i++)
		if (judge->drain[i].from > from && judge->drain[i].from < to)
			at[all++] = judge->drain[i].from;
	qsort(at, all, sizeof(TimestampTz), compare_instants);
	for (i = 0; i < all; i++)
		if (kept == 0 || at[kept - 1] != at[i])
			at[kept++] = at[i];
	*n = kept;
	return at;
}

/* ---- links ---- */

static void
hit_set(Compare *c, const bool *set, DrainHit *hit)
{
	Judge	   *judge = c->judge;
	DrainElements list = {.env = c->env};
	size_t		i;
	size_t		j;

	for (i = 0; i < judge->ndrains; i++)
		for (j = 0; j < judge->drain[i].n && set[i]; j++)
		{
			const HitElement *e = &judge->elements.element[judge->drain[i].first + j];

			drain_elements_add(&list, e->kind, e->id);
		}
	drain_hit_elements(c->env, list.element, list.n, hit);
}

static void
above_row(const GraphRow *row, void *state)
{
	id_set_add(state, graph_row_int64(row, SUPPORT_LINK_ID));
}

static void
add_affected(Compare *c, const DrainHit *hit)
{
	size_t		i;

	for (i = 0; hit->any && i < hit->links.link.n; i++)
		id_set_add(&c->affected, hit->links.link.id[i]);
}

static void
find_affected(Compare *c)
{
	DrainHit	now;
	size_t		done;

	id_set_make(&c->affected, c->env);
	drain_hit_active(c->env, &now);
	add_affected(c, &c->hit[0]);
	add_affected(c, &c->hit[1]);
	add_affected(c, &now);
	for (done = 0; done < c->affected.n;)
	{
		size_t		from = done;

		done = c->affected.n;
		hit_look_up(c->env, GRAPH_LINK_SUPPORT, SUPPORT_SUPPORTING_LINK_ID,
					c->affected.id + from, done - from, above_row, &c->affected);
	}
}

/* ---- groups ---- */

static NsQuery groups = {
	.sql = "SELECT g.id, g.min_members FROM netstate.disjoint_group g"
	" WHERE g.id OPERATOR(pg_catalog.=) ANY ($1)"
	" AND g.mode OPERATOR(pg_catalog.<>) 'off' ORDER BY g.id",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.as_owner_of = "disjoint_group"
};

static void
group_of_member_row(const GraphRow *row, void *state)
{
	id_set_add(state, graph_row_int64(row, GROUP_MEMBER_GROUP_ID));
}

static void
group_row(const Datum *value, const bool *null, void *state)
{
	Compare    *c = state;

	c->count = env_pg_grow(c->env, c->count, &c->count_room, c->ngroups + 1,
						   sizeof(GroupCount));
	c->count[c->ngroups++] = (GroupCount) {DatumGetInt64(value[0]),
	DatumGetInt32(value[1]), {0, 0}};
}

static void
member_row(const GraphRow *row, void *state)
{
	id_set_add(state, graph_row_int64(row, GROUP_MEMBER_LINK_ID));
}

/* The groups with a link among the affected, and all their members. */
static void
find_groups(Compare *c)
{
	GraphLookUp look_up;
	Datum		ids;
	size_t		i;

	id_set_make(&c->group, c->env);
	id_set_make(&c->own, c->env);
	for (i = 0; i < c->affected.n; i++)
		id_set_add(&c->own, c->affected.id[i]);
	hit_look_up(c->env, GRAPH_DISJOINT_GROUP_MEMBER, GROUP_MEMBER_LINK_ID,
				c->affected.id, c->affected.n, group_of_member_row, &c->group);
	if (c->group.n == 0)
		return;
	ids = id_array(c->group.id, c->group.n, sizeof(int64));
	query_run(&groups, &ids, group_row, c);
	graph_look_up_begin(&look_up, GRAPH_DISJOINT_GROUP_MEMBER, GROUP_MEMBER_GROUP_ID);
	for (i = 0; i < c->ngroups; i++)
		graph_look_up(&look_up, Int64GetDatum(c->count[i].id), member_row, &c->own);
	graph_look_up_end(&look_up);
}

static void
derive_links(Compare *c)
{
	NsRiskResult result;
	int			which;
	size_t		i;

	id_set_make(&c->lost, c->env);
	c->rows.env = c->env;
	c->rows.only_carried = true;
	c->rows.drained = &c->hit[0];
	risk_load_any_links(&c->rows, c->own.id, c->own.n);
	c->state = env_pg_array(c->env, c->rows.nown, sizeof(LinkState));
	for (which = 0; which < 2; which++)
	{
		if (which == 0)
			risk_load_derive(&c->rows, false, &result);
		else
			risk_load_derive_again(&c->rows, &c->hit[1], &result);
		for (i = 0; i < c->rows.nown; i++)
			c->state[i].up[which] = result.up[i];
	}
	for (i = 0; i < c->rows.nown; i++)
		if (c->state[i].up[0] && !c->state[i].up[1])
			id_set_add(&c->lost, c->rows.link[i].id);
	if (c->rows.nown > 0)
		error_check(ns_id_map_make(c->env, &c->place, &c->rows.link[0].id,
								   c->rows.nown, sizeof(NsRiskLink)), "drains");
}

static bool
is_up(const Compare *c, int64 link_id, int which)
{
	int32_t		place = ns_id_map_find(&c->place, link_id);

	return place >= 0 && c->state[place].up[which];
}

static JudgeLoss *
lose(Compare *c)
{
	JudgeLosses *losses = c->losses;

	if (losses->total++ >= c->judge->most)
		return NULL;
	losses->loss = env_pg_grow(c->env, losses->loss, &losses->room,
							   losses->n + 1, sizeof(JudgeLoss));
	memset(&losses->loss[losses->n], 0, sizeof(JudgeLoss));
	return &losses->loss[losses->n++];
}

typedef struct Count
{
	const Compare *c;
	GroupCount *count;
} Count;

static void
count_row(const GraphRow *row, void *state)
{
	Count	   *count = state;
	int64		link_id = graph_row_int64(row, GROUP_MEMBER_LINK_ID);
	int			which;

	for (which = 0; which < 2; which++)
		count->count->members[which] += is_up(count->c, link_id, which);
}

static void
judge_groups(Compare *c)
{
	GraphLookUp look_up;
	size_t		i;

	if (c->ngroups == 0 || c->lost.n == 0)
		return;
	graph_look_up_begin(&look_up, GRAPH_DISJOINT_GROUP_MEMBER, GROUP_MEMBER_GROUP_ID);
	for (i = 0; i < c->ngroups; i++)
	{
		GroupCount *g = &c->count[i];
		Count		count = {c, g};
		JudgeLoss  *loss;

		graph_look_up(&look_up, Int64GetDatum(g->id), count_row, &count);
		/* too few before, and fewer still, is a loss, too */
		if (g->members[1] >= Min(g->wanted, g->members[0]) ||
			(loss = lose(c)) == NULL)
			continue;
		loss->group = true;
		loss->id = g->id;
		loss->left = g->members[1];
		loss->wanted = g->wanted;
	}
	graph_look_up_end(&look_up);
}

/* ---- demands ---- */

static NsQuery demands = {
	.sql = "SELECT d.id, d.src_node_id, d.dst_node_id FROM netstate.demand d"
	" WHERE d.network_id OPERATOR(pg_catalog.=) $1 ORDER BY d.id",
	.nargs = 1,
	.argtype = {INT8OID}
};

static NsQuery networks = {
	.sql = "SELECT n.id, n.name FROM netstate.network n"
	" WHERE n.id OPERATOR(pg_catalog.=) ANY ($1)"
	" AND EXISTS (SELECT FROM netstate.demand d"
	" WHERE d.network_id OPERATOR(pg_catalog.=) n.id) ORDER BY n.id",
	.nargs = 1,
	.argtype = {INT8ARRAYOID}
};

typedef struct Demand
{
	int64		id;
	NsImpactPair end;
} Demand;

typedef struct Network
{
	int64		id;
	char	   *name;
	Demand	   *demand;			/* later by ends */
	size_t		n;
	size_t		room;
	const NsGraph *g;
	NsEnv	   *env;
} Network;

typedef struct Networks
{
	NsEnv	   *env;
	Network    *network;
	size_t		n;
	size_t		room;
} Networks;

static void
network_of_link_row(const GraphRow *row, void *state)
{
	id_set_add(state, graph_row_int64(row, LINK_NETWORK_ID));
}

static void
network_row(const Datum *value, const bool *null, void *state)
{
	Networks   *all = state;
	text	   *name = DatumGetTextPP(value[1]);
	size_t		n = VARSIZE_ANY_EXHDR(name);
	Network    *network;

	all->network = env_pg_grow(all->env, all->network, &all->room, all->n + 1,
							   sizeof(Network));
	network = &all->network[all->n++];
	memset(network, 0, sizeof(*network));
	network->env = all->env;
	network->id = DatumGetInt64(value[0]);
	network->name = env_pg_array(all->env, n + 1, 1);
	memcpy(network->name, VARDATA_ANY(name), n);
	network->name[n] = '\0';
}

/* Demands without both ends in the graph are left out. */
static void
demand_row(const Datum *value, const bool *null, void *state)
{
	Network    *network = state;
	const NsGraph *g = network->g;
	NsImpactPair end = {
		ns_graph_find_node_id(g, DatumGetInt64(value[1])),
		ns_graph_find_node_id(g, DatumGetInt64(value[2]))
	};

	CHECK_FOR_INTERRUPTS();
	if (end.src < 0 || end.dst < 0)
		return;
	if (!g->directed && end.src > end.dst)
		end = (NsImpactPair) {end.dst, end.src};
	network->demand = env_pg_grow(network->env, network->demand, &network->room,
								  network->n + 1, sizeof(Demand));
	network->demand[network->n++] = (Demand) {DatumGetInt64(value[0]), end};
}

static int
compare_demands(const void *a, const void *b, void *arg)
{
	const Demand *x = a;
	const Demand *y = b;

	if (x->end.src != y->end.src)
		return (x->end.src > y->end.src) - (x->end.src < y->end.src);
	if (x->end.dst != y->end.dst)
		return (x->end.dst > y->end.dst) - (x->end.dst < y->end.dst);
	return (x->id > y->id) - (x->id < y->id);
}

/* A view in which the links are that only drains of now keep out. */
static const NsGraph *
revive(Compare *c, const Network *network, const NsGraph *g)
{
	GraphTouched touched = {0};
	GraphDelta	delta;
	NsGraphBlock *block;
	NsGraph    *view;
	int64	   *id = env_pg_array(c->env, c->affected.n, sizeof(int64));
	size_t		i;

	for (i = 0; i < c->affected.n; i++)
	{
		int32_t		link = ns_graph_find_link(g, c->affected.id[i]);

		if (link >= 0 && !ns_link_up(g, link) && is_up(c, c->affected.id[i], 0))
			id[touched.nlinks++] = c->affected.id[i];
	}
	if (touched.nlinks == 0)
		return g;
	touched.link = id;
	graph_scan_drained(c->env, network->id, &touched, &c->hit[0], &delta);
	error_check(ns_graph_rebuild(c->env, g, &delta.change, &block),
				"graph of a network");
	view = env_pg_array(c->env, 1, sizeof(NsGraph));
	ns_graph_view(view, block);
	return view;
}

static uint64_t *
gone(Compare *c, const NsGraph *g, int which)
{
	size_t		words = ns_bits_words(g->nlinks);
	uint64_t   *set = env_pg_array(c->env, words, sizeof(uint64_t));
	size_t		i;

	ns_bits_zero(set, words);
	for (i = 0; i < c->affected.n; i++)
	{
		int32_t		link = ns_graph_find_link(g, c->affected.id[i]);

		if (link >= 0 && !is_up(c, c->affected.id[i], which))
			ns_bit_set(set, link);
	}
	return set;
}

static int64
cause_id(const NsGraph *g, const NsLoss *loss)
{
	switch (loss->kind)
	{
		case NS_LOSS_LINK:
			return ns_link_id(g, loss->number);
		case NS_LOSS_NODE:
			return ns_node_id(g, loss->number);
		case NS_LOSS_SRLG:
			return ns_srlg_id(g, loss->number);
		default:
			return 0;
	}
}

/* Each pair of ends once; *first: its demands, one more than there are pairs. */
static NsImpactPair *
distinct_ends(const Network *network, size_t **first, size_t *npairs)
{
	NsImpactPair *pair = env_pg_array(network->env, network->n, sizeof(NsImpactPair));
	size_t	   *start = env_pg_array(network->env, network->n + 1, sizeof(size_t));
	size_t		n = 0;
	size_t		i;

	for (i = 0; i < network->n; i++)
	{
		const NsImpactPair *end = &network->demand[i].end;

		if (n > 0 && pair[n - 1].src == end->src && pair[n - 1].dst == end->dst)
			continue;
		start[n] = i;
		pair[n++] = *end;
	}
	start[n] = network->n;
	*first = start;
	*npairs = n;
	return pair;
}

static void
judge_network(Compare *c, Network *network)
{
	Datum		arg = Int64GetDatum(network->id);
	GraphRef	ref;
	NsImpactPair *pair;
	NsLoss	   *loss;
	size_t	   *first;
	size_t		npairs;
	size_t		total;
	size_t		n;
	size_t		i;
	size_t		j;

	graph_cache_get(network->name, &ref);
	network->g = revive(c, network, ref.graph);
	query_run(&demands, &arg, demand_row, network);
	if (network->n == 0)
		return;
	qsort_interruptible(network->demand, network->n, sizeof(Demand),
						compare_demands, NULL);
	pair = distinct_ends(network, &first, &npairs);
	error_check(ns_redundancy_lost(c->env, network->g, gone(c, network->g, 0),
								   gone(c, network->g, 1), pair, npairs,
								   c->judge->most, &loss, &total),
				"drains");
	n = Min(total, c->judge->most);
	c->losses->total += total - n;
	for (i = 0; i < n; i++)
		for (j = first[loss[i].pair]; j < first[loss[i].pair + 1]; j++)
		{
			JudgeLoss  *to = lose(c);

			if (to == NULL)
				continue;
			to->id = network->demand[j].id;
			to->network_id = network->id;
			to->kind = loss[i].kind;
			to->cause_id = cause_id(network->g, &loss[i]);
		}
}

static void
judge_demands(Compare *c)
{
	Networks	all = {.env = c->env};
	IdSet		network;
	Datum		ids;
	size_t		i;

	if (c->lost.n == 0)
		return;
	id_set_make(&network, c->env);
	hit_look_up(c->env, GRAPH_LINK, LINK_ID, c->lost.id, c->lost.n,
				network_of_link_row, &network);
	ids = id_array(network.id, network.n, sizeof(int64));
	query_run(&networks, &ids, network_row, &all);
	for (i = 0; i < all.n; i++)
		judge_network(c, &all.network[i]);
}

static void
compare(Compare *c, const bool *without, const bool *with)
{
	hit_set(c, without, &c->hit[0]);
	hit_set(c, with, &c->hit[1]);
	find_affected(c);
	if (c->affected.n == 0)
		return;
	find_groups(c);
	derive_links(c);
	judge_groups(c);
	judge_demands(c);
}

int
judge_order(const JudgeLoss *x, const JudgeLoss *y)
{
	if (x->group != y->group)
		return x->group ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->cause_id > y->cause_id) - (x->cause_id < y->cause_id);
}

static int
compare_losses(const void *a, const void *b, void *arg)
{
	return judge_order(a, b);
}

/* What is read goes with a region of its own; the losses stay. */
void
judge_compare(Judge *judge, const bool *without, const bool *with,
			  JudgeLosses *losses)
{
	MemoryContext caller = CurrentMemoryContext;
	EnvPg		scratch;
	JudgeLosses found = {0};
	Compare		c = {.judge = judge, .env = &scratch.env, .losses = &found};

	memset(losses, 0, sizeof(*losses));
	if (memcmp(without, with, judge->ndrains * sizeof(bool)) == 0)
		return;
	env_pg_make(&scratch, caller, "netstate drains");
	MemoryContextSwitchTo(scratch.context);
	compare(&c, without, with);
	if (found.n > 1)
		qsort_interruptible(found.loss, found.n, sizeof(JudgeLoss),
							compare_losses, NULL);
	MemoryContextSwitchTo(caller);
	*losses = found;
	losses->loss = env_pg_array(judge->env, found.n, sizeof(JudgeLoss));
	if (found.n > 0)
		memcpy(losses->loss, found.loss, found.n * sizeof(JudgeLoss));
	env_pg_drop(&scratch);
}
