/*-------------------------------------------------------------------------
 *
 * contention_read.c
 *	  What contention is worked out from, beside load: the bypasses that are
 *	  provisioned, and how often risks strike.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "contention_read.h"
#include "id_set.h"
#include "plant.h"
#include "query.h"
#include "risk_load.h"
#include "search.h"

/* ---- bypasses ---- */

/* A node is where the nodes are that ride on it. */
#define BENEATH(node) \
	"WITH RECURSIVE beneath (id) AS (SELECT " node \
	" UNION SELECT n.supporting_node_id FROM beneath e JOIN netstate.node n" \
	" ON n.id OPERATOR(pg_catalog.=) e.id WHERE n.supporting_node_id IS NOT NULL)" \
	" SELECT e.id FROM beneath e"

static NsQuery bypasses_of_network = {
	.sql = "SELECT b.protected_link_id, b.bypass_link_id, t.directed,"
	" p.a_node_id OPERATOR(pg_catalog.=) ANY (ARRAY(" BENEATH("t.a_node_id") ")),"
	" p.z_node_id OPERATOR(pg_catalog.=) ANY (ARRAY(" BENEATH("t.a_node_id") "))"
	" FROM netstate.link p"
	" JOIN netstate.bypass b ON b.protected_link_id OPERATOR(pg_catalog.=) p.id"
	" JOIN netstate.link t ON t.id OPERATOR(pg_catalog.=) b.bypass_link_id"
	" WHERE p.network_id OPERATOR(pg_catalog.=) $1 AND b.from_seq IS NULL"
	" ORDER BY b.id",
	.nargs = 1,
	.argtype = {INT8OID}
};

static NsQuery supports_of_links = {
	.sql = "SELECT s.link_id, s.member, s.supporting_link_id"
	" FROM pg_catalog.unnest($1) AS u(id) JOIN netstate.link_support s"
	" ON s.link_id OPERATOR(pg_catalog.=) u.id"
	" ORDER BY s.link_id, s.member, s.seq",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.as_owner_of = "link_support",
	.by_array = true
};

typedef struct BypassRow
{
	int64		protected_link_id;
	int64		bypass_link_id;
	bool		directed;
	bool		from_end[2];	/* does it begin where A of the link is, or Z? */
} BypassRow;

typedef struct Support			/* by link, member and seq */
{
	int64		link_id;
	int32		member;
	int32_t		number;			/* in the graph, or -1 */
} Support;

typedef struct Bypasses
{
	EnvPg	   *env;
	const NsGraph *graph;
	BypassRow  *row;
	size_t		nrows;
	size_t		row_room;
	IdSet		ridden;			/* bypass links */
	bool	   *up;				/* by place in ridden */
	Support    *support;
	size_t		nsupports;
	size_t		support_room;
	NsTunnel   *tunnel;
	size_t		ntunnels;
	size_t		tunnel_room;
} Bypasses;

static void
bypass_row(const Datum *value, const bool *null, void *state)
{
	Bypasses   *b = state;

	CHECK_FOR_INTERRUPTS();
	b->row = env_pg_grow(&b->env->env, b->row, &b->row_room, b->nrows + 1,
						 sizeof(BypassRow));
	b->row[b->nrows++] = (BypassRow) {
		DatumGetInt64(value[0]), DatumGetInt64(value[1]),
		DatumGetBool(value[2]), {DatumGetBool(value[3]), DatumGetBool(value[4])}
	};
	id_set_add(&b->ridden, DatumGetInt64(value[1]));
}

static void
support_row(const Datum *value, const bool *null, void *state)
{
	Bypasses   *b = state;
	int32_t		link = ns_graph_find_link(b->graph, DatumGetInt64(value[2]));

	CHECK_FOR_INTERRUPTS();
	b->support = env_pg_grow(&b->env->env, b->support, &b->support_room,
							 b->nsupports + 1, sizeof(Support));
	b->support[b->nsupports++] = (Support) {
		DatumGetInt64(value[0]), DatumGetInt32(value[1]), link
	};
}

/* Which of them are in service, with all beneath them. */
static void
read_up(Bypasses *b)
{
	RiskRows	rows = {.env = &b->env->env};
	NsRiskResult derived;
	size_t		i;

	b->up = env_pg_array(&b->env->env, b->ridden.n, sizeof(bool));
	for (i = 0; i < b->ridden.n; i++)
		b->up[i] = false;
	risk_load_links(&rows, b->ridden.id, b->ridden.n);
	risk_load_derive(&rows, false, &derived);
	for (i = 0; i < rows.nown; i++)
		b->up[id_set_place(&b->ridden, rows.link[i].id)] = derived.up[i];
}

/* Where the supports of a link begin; they are in the order of its id. */
static size_t
first_support(const Bypasses *b, int64 link_id)
{
	size_t		low = 0;
	size_t		high = b->nsupports;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (b->support[middle].link_id < link_id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What a bypass rides on in this network: links in series. */
typedef struct Series
{
	int32_t    *link;
	int32_t		n;
	bool		broken;			/* some of them are elsewhere or hidden */
} Series;

/* Its first member; a bypass that rides on nothing may be of this network. */
static Series
series_of(Bypasses *b, int64 link_id)
{
	size_t		first = first_support(b, link_id);
	size_t		end = first;
	Series		series = {NULL, 0, false};
	size_t		i;

	while (end < b->nsupports && b->support[end].link_id == link_id &&
		   b->support[end].member == b->support[first].member)
		end++;
	series.link = env_pg_array(&b->env->env, end - first + 1, sizeof(int32_t));
	for (i = first; i < end; i++)
	{
		if (b->support[i].number >= 0)
			series.link[series.n++] = b->support[i].number;
	}
	series.broken = series.n > 0 && (size_t) series.n < end - first;
	if (first == end)
	{
		int32_t		own = ns_graph_find_link(b->graph, link_id);

		if (own >= 0)
			series.link[series.n++] = own;
	}
	return series;
}

/* Does the series lead from the beginning of a slot to its end? */
static bool
leads_along(const NsGraph *g, const Series *series, int32_t slot)
{
	const int32_t *end = ns_link_end(g, NS_SLOT_LINK(slot));
	int32_t		at = end[slot & 1];
	int32_t		i;

	if (series->broken)
		return false;
	for (i = 0; i < series->n; i++)
	{
		const int32_t *on = ns_link_end(g, series->link[i]);

		if (!ns_link_up(g, series->link[i]) ||
			(on[0] != at && (on[1] != at || ns_link_directed(g, series->link[i]))))
			return false;
		at = ns_other_end(g, series->link[i], at);
	}
	return series->n == 0 || at == end[!(slot & 1)];
}

static void
add_tunnel(Bypasses *b, int32_t slot, const Series *series, bool usable)
{
	b->tunnel = env_pg_grow(&b->env->env, b->tunnel, &b->tunnel_room,
							b->ntunnels + 1, sizeof(NsTunnel));
	usable = usable && leads_along(b->graph, series, slot);
	b->tunnel[b->ntunnels++] = (NsTunnel) {
		slot, usable ? series->n : 0, usable ? series->link : NULL
	};
}

/* The same links, the other way round. */
static Series
turned(Bypasses *b, const Series *series)
{
	Series		back = *series;
	int32_t		i;

	back.link = env_pg_array(&b->env->env, series->n + 1, sizeof(int32_t));
	for (i = 0; i < series->n; i++)
		back.link[i] = series->link[series->n - 1 - i];
	return back;
}

/* A bypass that begins at neither end protects nothing. */
static void
add_bypass(Bypasses *b, const BypassRow *row)
{
	int32_t		link = ns_graph_find_link(b->graph, row->protected_link_id);
	bool		up = b->up[id_set_place(&b->ridden, row->bypass_link_id)];
	Series		series;
	int			way;

	if (link < 0 || !ns_link_up(b->graph, link))
		return;
	series = series_of(b, row->bypass_link_id);
	for (way = 0; way < 2; way++)
	{
		Series		back;

		if (!row->from_end[way])
			continue;
		add_tunnel(b, NS_SLOT(link, way), &series, up);
		if (row->directed)
			continue;
		back = turned(b, &series);
		add_tunnel(b, NS_SLOT(link, !way), &back, up);
	}
}

NsTunnel *
contention_read_tunnels(EnvPg *env, const GraphRef *ref, size_t *n)
{
	Bypasses	b = {.env = env,.graph = ref->graph};
	Datum		arg = Int64GetDatum(ref->network_id);
	size_t		i;

	id_set_make(&b.ridden, &env->env);
	query_run(&bypasses_of_network, &arg, bypass_row, &b);
	*n = 0;
	if (b.nrows == 0)
		return NULL;
	arg = id_array(b.ridden.id, b.ridden.n, sizeof(int64));
	query_run(&supports_of_links, &arg, support_row, &b);
	read_up(&b);
	for (i = 0; i < b.nrows; i++)
	{
		CHECK_FOR_INTERRUPTS();
		add_bypass(&b, &b.row[i]);
	}
	*n = b.ntunnels;
	return b.tunnel;
}

/* ---- how often risks strike ---- */

static NsQuery stated_groups = {
	.sql = "SELECT s.id, s.mtbf_hours, s.mttr_hours"
	" FROM pg_catalog.unnest($1) AS u(id) JOIN netstate.srlg s"
	" ON s.id OPERATOR(pg_catalog.=) u.id",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.as_owner_of = "srlg",
	.by_array = true
};

static NsQuery spans = {
	.sql = "SELECT s.id, s.mtbf_hours, s.mttr_hours,"
	" COALESCE(s.length_m, s.drawn_m), s.encasement OPERATOR(pg_catalog.<>) 'none'"
	" FROM pg_catalog.unnest($1) AS u(id) JOIN netstate.span s"
	" ON s.id OPERATOR(pg_catalog.=) u.id",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.as_owner_of = "span",
	.by_array = true
};

static NsQuery rules = {
	.sql = "SELECT d.kind OPERATOR(pg_catalog.=) 'duct_bank',"
	" COALESCE(r.mtbf_hours_km, d.mtbf_hours_km), COALESCE(r.mttr_hours, d.mttr_hours)"
	" FROM netstate.risk_rule_default d LEFT JOIN netstate.risk_rule r"
	" ON r.kind OPERATOR(pg_catalog.=) d.kind"
	" WHERE d.kind OPERATOR(pg_catalog.=) ANY (ARRAY['span', 'duct_bank'])"
};

typedef struct Occurrences
{
	EnvPg	   *env;
	const NsGraph *graph;
	NsOccurrence *of;			/* by group */
	double		mtbf_hours_km;
	double		mttr_hours[2];	/* of a span, and of one with encasement */
} Occurrences;

static double
value_or(Datum value, bool null, double otherwise)
{
	return null ? otherwise : DatumGetFloat8(value);
}

static void
rule_row(const Datum *value, const bool *null, void *state)
{
	Occurrences *o = state;
	bool		bank = DatumGetBool(value[0]);

	o->mttr_hours[bank] = value_or(value[2], null[2], NAN);
	if (!bank)
		o->mtbf_hours_km = value_or(value[1], null[1], NAN);
}

static void
stated_row(const Datum *value, const bool *null, void *state)
{
	Occurrences *o = state;
	int32_t		group = ns_graph_find_srlg(o->graph, DatumGetInt64(value[0]));

	CHECK_FOR_INTERRUPTS();
	o->of[group] = (NsOccurrence) {
		value_or(value[1], null[1], NAN), value_or(value[2], null[2], NAN)
	};
}

/* As the view risk has it. */
static void
span_row(const Datum *value, const bool *null, void *state)
{
	Occurrences *o = state;
	int64		id = ns_risk_id(NS_RISK_SPAN, DatumGetInt64(value[0]));
	int32_t		group = ns_graph_find_srlg(o->graph, id);
	double		length_m = value_or(value[3], null[3], NAN);
	double		by_rule = length_m > 0 ? o->mtbf_hours_km * 1000 / length_m : NAN;

	CHECK_FOR_INTERRUPTS();
	o->of[group] = (NsOccurrence) {
		value_or(value[1], null[1], by_rule),
		value_or(value[2], null[2], o->mttr_hours[DatumGetBool(value[4])])
	};
}

static void
run_by_ids(NsQuery *query, const int64 *id, size_t n, QueryRowFn row, void *state)
{
	Datum		ids;

	if (n == 0)
		return;
	ids = id_array(id, n, sizeof(int64));
	query_run(query, &ids, row, state);
}

NsOccurrence *
contention_read_occurrences(EnvPg *env, const NsGraph *g)
{
	Occurrences o = {.env = env,.graph = g,.mtbf_hours_km = NAN,
	.mttr_hours = {NAN, NAN}};
	int64	   *stated = env_pg_array(&env->env, g->nsrlgs, sizeof(int64));
	int64	   *span = env_pg_array(&env->env, g->nsrlgs, sizeof(int64));
	size_t		nstated = 0;
	size_t		nspans = 0;
	int32_t		i;

	o.of = env_pg_array(&env->env, g->nsrlgs, sizeof(NsOccurrence));
	for (i = 0; i < g->nsrlgs; i++)
	{
		int64		id = ns_srlg_id(g, i);

		CHECK_FOR_INTERRUPTS();
		o.of[i] = (NsOccurrence) {NAN, NAN};
		if (id > 0)
			stated[nstated++] = id;
		else if (ns_risk_code(id) == NS_RISK_SPAN)
			span[nspans++] = ns_risk_element(id);
	}
	if (nspans > 0)
		query_run(&rules, NULL, rule_row, &o);
	run_by_ids(&stated_groups, stated, nstated, stated_row, &o);
	run_by_ids(&spans, span, nspans, span_row, &o);
	return o.of;
}
