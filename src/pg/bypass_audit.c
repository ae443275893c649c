/*-------------------------------------------------------------------------
 *
 * bypass_audit.c
 *	  All bypasses that there are, with what is derived of them and of what they
 *	  protect.
 *
 * Links are read as the caller may see them: a bypass of which he may not see
 * both is not judged.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "bypass_audit.h"
#include "query.h"

static NsQuery bypasses = {
	.sql = "SELECT b.protected_link_id, COALESCE(b.from_seq, 0),"
	" COALESCE(b.to_seq, 0), b.bypass_link_id, p.network_id, p.name, n.name,"
	" t.network_id, t.name, t.directed FROM netstate.bypass b"
	" JOIN netstate.link p ON p.id OPERATOR(pg_catalog.=) b.protected_link_id"
	" JOIN netstate.network n ON n.id OPERATOR(pg_catalog.=) p.network_id"
	" JOIN netstate.link t ON t.id OPERATOR(pg_catalog.=) b.bypass_link_id"
	" ORDER BY b.protected_link_id, b.from_seq NULLS FIRST, b.to_seq, b.bypass_link_id"
};

static NsQuery segment_links = {
	.sql = "SELECT s.link_id, s.seq, s.supporting_link_id"
	" FROM pg_catalog.unnest($1) AS u(id) JOIN netstate.link_support s"
	" ON s.link_id OPERATOR(pg_catalog.=) u.id"
	" ORDER BY s.link_id, s.seq",
	.nargs = 1,.argtype = {INT8ARRAYOID},
	.as_owner_of = "link_support",.by_array = true
};

static NsQuery links_of_networks = {
	.sql = "SELECT l.id, l.network_id, l.name"
	" FROM pg_catalog.unnest($1) AS u(id) JOIN netstate.link l"
	" ON l.network_id OPERATOR(pg_catalog.=) u.id",
	.nargs = 1,.argtype = {INT8ARRAYOID},.by_array = true
};

/* ---- reading ---- */

static void
add_link(BypassAudit *a, Datum id, Datum network_id, Datum name)
{
	size_t		at = id_set_place(&a->link_id, DatumGetInt64(id));
	MemoryContext old;

	a->link = env_pg_grow(&a->env->env, a->link, &a->link_room, a->link_id.n,
						  sizeof(AuditLink));
	old = MemoryContextSwitchTo(a->env->context);
	a->link[at] = (AuditLink) {
		.id = DatumGetInt64(id),.network_id = DatumGetInt64(network_id),
		.name = TextDatumGetCString(name)
	};
	MemoryContextSwitchTo(old);
}

static void
add_network(BypassAudit *a, int64 id, Datum name)
{
	MemoryContext old;
	size_t		i;

	for (i = 0; i < a->nnetworks; i++)
		if (a->network[i].id == id)
			return;
	a->network = env_pg_grow(&a->env->env, a->network, &a->network_room,
							 a->nnetworks + 1, sizeof(AuditNetwork));
	old = MemoryContextSwitchTo(a->env->context);
	a->network[a->nnetworks].id = id;
	a->network[a->nnetworks++].name = TextDatumGetCString(name);
	MemoryContextSwitchTo(old);
}

static void
bypass_row(const Datum *value, const bool *null, void *state)
{
	BypassAudit *a = state;
	AuditBypass *b;

	CHECK_FOR_INTERRUPTS();
	a->bypass = env_pg_grow(&a->env->env, a->bypass, &a->bypass_room,
							a->nbypasses + 1, sizeof(AuditBypass));
	b = &a->bypass[a->nbypasses++];
	*b = (AuditBypass) {
		.protected_link_id = DatumGetInt64(value[0]),
		.from_seq = DatumGetInt32(value[1]),.to_seq = DatumGetInt32(value[2]),
		.bypass_link_id = DatumGetInt64(value[3]),
		.directed = DatumGetBool(value[9])
	};
	add_link(a, value[0], value[4], value[5]);
	add_link(a, value[3], value[7], value[8]);
	if (b->from_seq == 0)
		add_network(a, DatumGetInt64(value[4]), value[6]);
}

static void
name_row(const Datum *value, const bool *null, void *state)
{
	CHECK_FOR_INTERRUPTS();
	add_link(state, value[0], value[1], value[2]);
}

static void
add_part(BypassAudit *a, AuditBypass *b, int64 id)
{
	a->part = env_pg_grow(&a->env->env, a->part, &a->part_room, a->nparts + 1,
						  sizeof(int64));
	if (b->n++ == 0)
		b->first = a->nparts;
	a->part[a->nparts++] = id;
}

typedef struct SegmentLink
{
	int64		tunnel_id;
	int32		seq;
	int64		id;
} SegmentLink;

typedef struct SegmentLinks
{
	NsEnv	   *env;
	SegmentLink *link;
	size_t		n;
	size_t		room;
} SegmentLinks;

static void
segment_row(const Datum *value, const bool *null, void *state)
{
	SegmentLinks *s = state;

	CHECK_FOR_INTERRUPTS();
	s->link = env_pg_grow(s->env, s->link, &s->room, s->n + 1, sizeof(SegmentLink));
	s->link[s->n++] = (SegmentLink) {
		DatumGetInt64(value[0]), DatumGetInt32(value[1]), DatumGetInt64(value[2])
	};
}

/*
 * The links of whole links and of segments.  Both lists are in the order of the
 * tunnels' ids.
 */
static void
read_parts(BypassAudit *a)
{
	SegmentLinks s = {.env = &a->env->env};
	IdSet		tunnel;
	size_t		at = 0;
	size_t		i;
	size_t		j;

	id_set_make(&tunnel, &a->env->env);
	for (i = 0; i < a->nbypasses; i++)
		if (a->bypass[i].from_seq > 0)
			id_set_add(&tunnel, a->bypass[i].protected_link_id);
	if (tunnel.n > 0)
	{
		Datum		ids = id_array(tunnel.id, tunnel.n, sizeof(int64));

		query_run(&segment_links, &ids, segment_row, &s);
	}
	for (i = 0; i < a->nbypasses; i++)
	{
		AuditBypass *b = &a->bypass[i];

		CHECK_FOR_INTERRUPTS();
		if (b->from_seq == 0)
		{
			add_part(a, b, b->protected_link_id);
			continue;
		}
		while (at < s.n && s.link[at].tunnel_id < b->protected_link_id)
			at++;
		for (j = at; j < s.n && s.link[j].tunnel_id == b->protected_link_id; j++)
			if (s.link[j].seq >= b->from_seq && s.link[j].seq <= b->to_seq)
				add_part(a, b, s.link[j].id);
	}
}

/* ---- deriving ---- */

static int
compare_memberships(const void *a, const void *b, void *unused)
{
	int64		x = ((const NsDerivedMembership *) a)->srlg_id;
	int64		y = ((const NsDerivedMembership *) b)->srlg_id;

	return (x > y) - (x < y);
}

static int
compare_ends(const void *a, const void *b, void *unused)
{
	const AuditEnd *x = a;
	const AuditEnd *y = b;

	if (x->node_id != y->node_id)
		return x->node_id < y->node_id ? -1 : 1;
	return (x->srlg_id > y->srlg_id) - (x->srlg_id < y->srlg_id);
}

/* The groups that take down the ends of bypasses. */
static void
note_ends(BypassAudit *a)
{
	const NsRiskResult *d = &a->derived;
	IdSet		wanted;
	size_t		i;

	id_set_make(&wanted, &a->env->env);
	for (i = 0; i < a->nbypasses; i++)
		if (id_set_has(&a->place, a->bypass[i].bypass_link_id))
		{
			const NsRiskLink *link = &a->rows.link[id_set_place(&a->place, a->bypass[i].bypass_link_id)];

			id_set_add(&wanted, link->a_node_id);
			id_set_add(&wanted, link->z_node_id);
		}
	a->end = env_pg_array(&a->env->env, d->nsrlg_nodes, sizeof(AuditEnd));
	for (i = 0; i < d->nsrlg_nodes; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (d->srlg_node[i].probability > 0 && id_set_has(&wanted, d->srlg_node[i].node_id))
			a->end[a->nends++] = (AuditEnd) {d->srlg_node[i].node_id, d->srlg_node[i].srlg_id};
	}
	qsort_interruptible(a->end, a->nends, sizeof(AuditEnd), compare_ends, NULL);
}

/* What each link rides on, by places. */
static void
note_supports(BypassAudit *a)
{
	size_t	   *next;
	int32	   *member;
	size_t		i;

	member = env_pg_array(&a->env->env, a->rows.nlinks, sizeof(int32));
	memset(member, 0, a->rows.nlinks * sizeof(int32));
	a->parallel = env_pg_array(&a->env->env, a->rows.nlinks, sizeof(bool));
	memset(a->parallel, 0, a->rows.nlinks * sizeof(bool));
	a->support_start = env_pg_array(&a->env->env, a->rows.nlinks + 2, sizeof(size_t));
	memset(a->support_start, 0, (a->rows.nlinks + 2) * sizeof(size_t));
	a->support = env_pg_array(&a->env->env, a->rows.nsupports, sizeof(size_t));
	next = a->support_start + 1;
	for (i = 0; i < a->rows.nsupports; i++)
		next[id_set_place(&a->place, a->rows.support[i].link_id) + 1]++;
	for (i = 0; i < a->rows.nlinks; i++)
		next[i + 1] += next[i];
	for (i = 0; i < a->rows.nsupports; i++)
	{
		const NsRiskSupport *s = &a->rows.support[i];
		size_t		above = id_set_place(&a->place, s->link_id);

		CHECK_FOR_INTERRUPTS();
		a->support[next[above]++] = id_set_place(&a->place, s->supporting_link_id);
		if (member[above] != 0 && member[above] != s->member)
			a->parallel[above] = true;
		member[above] = s->member;
	}
}

static void
derive(BypassAudit *a)
{
	IdSet		own;
	size_t		i;

	id_set_make(&own, &a->env->env);
	for (i = 0; i < a->link_id.n; i++)
		id_set_add(&own, a->link_id.id[i]);
	for (i = 0; i < a->nparts; i++)
		id_set_add(&own, a->part[i]);
	a->rows.env = &a->env->env;
	risk_load_links(&a->rows, own.id, own.n);
	risk_load_derive(&a->rows, false, &a->derived);
	risk_load_combine(&a->rows, &a->derived);
	id_set_make(&a->place, &a->env->env);
	for (i = 0; i < a->rows.nlinks; i++)
		id_set_add(&a->place, a->rows.link[i].id);
	id_set_make(&a->node_place, &a->env->env);
	for (i = 0; i < a->rows.nnodes; i++)
		id_set_add(&a->node_place, a->rows.node[i].id);
	for (i = 0; i < a->rows.nown; i++)
		qsort_interruptible(a->derived.membership + a->derived.start[i],
							a->derived.start[i + 1] - a->derived.start[i],
							sizeof(NsDerivedMembership), compare_memberships, NULL);
	note_ends(a);
	note_supports(a);
}

void
audit_read(EnvPg *env, BypassAudit *audit)
{
	Datum		networks;

	memset(audit, 0, sizeof(*audit));
	audit->env = env;
	query_require_select("bypass");
	query_require_select("network");
	risk_load_check_rights();
	id_set_make(&audit->link_id, &env->env);
	query_run(&bypasses, NULL, bypass_row, audit);
	if (audit->nbypasses == 0)
		return;
	read_parts(audit);
	derive(audit);
	if (audit->nnetworks == 0)
		return;
	networks = id_array(&audit->network[0].id, audit->nnetworks, sizeof(AuditNetwork));
	query_run(&links_of_networks, &networks, name_row, audit);
}

/* ---- questions ---- */

/* The sets only find here what they have: nothing is added. */
static size_t
place_in(const IdSet *set, int64 id)
{
	IdSet		found = *set;

	Assert(id_set_has(set, id));
	return id_set_place(&found, id);
}

const AuditLink *
audit_link(const BypassAudit *audit, int64 id)
{
	return &audit->link[place_in(&audit->link_id, id)];
}

bool
audit_is_up(const BypassAudit *audit, const AuditBypass *b)
{
	size_t		i;

	for (i = b->first; i < b->first + b->n; i++)
		if (!id_set_has(&audit->place, audit->part[i]) ||
			!audit->derived.up[place_in(&audit->place, audit->part[i])])
			return false;
	return b->n > 0;
}

bool
audit_bypass_is_up(const BypassAudit *audit, const AuditBypass *b)
{
	return audit->derived.up[place_in(&audit->place, b->bypass_link_id)];
}

/* Is the node that one, or does it ride on it, as far as can be told? */
static bool
stands_on(const BypassAudit *audit, int64 node, int64 lower, bool other_network)
{
	const NsRiskNode *at = &audit->rows.node[place_in(&audit->node_place, node)];

	if (node == lower)
		return true;
	if (at->supporting_node_id == 0)
		return other_network;
	while (at->supporting_node_id != 0)
	{
		if (at->supporting_node_id == lower)
			return true;
		at = &audit->rows.node[place_in(&audit->node_place, at->supporting_node_id)];
	}
	return false;
}

bool
audit_leads(const BypassAudit *audit, const AuditBypass *b, bool reverse)
{
	const NsRiskLink *protected = &audit->rows.link[place_in(&audit->place, b->protected_link_id)];
	const NsRiskLink *bypass = &audit->rows.link[place_in(&audit->place, b->bypass_link_id)];
	bool		other = audit_link(audit, b->protected_link_id)->network_id !=
		audit_link(audit, b->bypass_link_id)->network_id;
	int64		from = reverse ? protected->z_node_id : protected->a_node_id;
	int64		to = reverse ? protected->a_node_id : protected->z_node_id;

	if (stands_on(audit, bypass->a_node_id, from, other) &&
		stands_on(audit, bypass->z_node_id, to, other))
		return true;
	return !b->directed && stands_on(audit, bypass->a_node_id, to, other) &&
		stands_on(audit, bypass->z_node_id, from, other);
}

void
audit_has(const BypassAudit *audit, int64 link_id, bool has[2])
{
	size_t		low = 0;
	size_t		high = audit->nbypasses;

	has[0] = has[1] = false;
	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (audit->bypass[middle].protected_link_id < link_id)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < audit->nbypasses &&
		 audit->bypass[low].protected_link_id == link_id; low++)
	{
		const AuditBypass *b = &audit->bypass[low];

		if (b->from_seq > 0)
			continue;
		has[0] = has[0] || audit_leads(audit, b, false);
		has[1] = has[1] || audit_leads(audit, b, true);
	}
}

static bool
is_part(const BypassAudit *audit, const AuditBypass *b, int64 id)
{
	size_t		i;

	for (i = b->first; i < b->first + b->n; i++)
		if (audit->part[i] == id)
			return true;
	return false;
}

/* No deeper than there are layers. */
static bool
rides_on_part(const BypassAudit *audit, const AuditBypass *b, size_t place)
{
	size_t		i;

	CHECK_FOR_INTERRUPTS();
	if (is_part(audit, b, audit->rows.link[place].id))
		return true;
	for (i = audit->support_start[place]; i < audit->support_start[place + 1]; i++)
		if (rides_on_part(audit, b, audit->support[i]))
			return true;
	return false;
}

bool
audit_rides_on_protected(const BypassAudit *audit, const AuditBypass *b)
{
	return rides_on_part(audit, b, place_in(&audit->place, b->bypass_link_id));
}

/* Is the link in the group, with a share? */
static bool
is_member(const BypassAudit *audit, size_t place, int64 srlg_id)
{
	NsDerivedMembership key = {.srlg_id = srlg_id};
	const NsDerivedMembership *first = audit->derived.membership + audit->derived.start[place];
	size_t		n = audit->derived.start[place + 1] - audit->derived.start[place];
	size_t		low = 0;

	while (low < n)
	{
		size_t		middle = low + (n - low) / 2;

		if (compare_memberships(&first[middle], &key, NULL) == 0)
			return first[middle].share > 0;
		if (first[middle].srlg_id < srlg_id)
			low = middle + 1;
		else
			n = middle;
	}
	return false;
}

static bool
takes_down_end(const BypassAudit *audit, int64 node_id, int64 srlg_id)
{
	AuditEnd	key = {node_id, srlg_id};
	size_t		low = 0;
	size_t		high = audit->nends;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;
		int			order = compare_ends(&audit->end[middle], &key, NULL);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

size_t
audit_shared_groups(const BypassAudit *audit, const AuditBypass *b,
					int64 **group)
{
	size_t		place = place_in(&audit->place, b->bypass_link_id);
	const NsRiskLink *bypass = &audit->rows.link[place];
	size_t		first = audit->derived.start[place];
	size_t		rows = audit->derived.start[place + 1] - first;
	size_t		n = 0;
	size_t		i;
	size_t		j;

	*group = palloc_array(int64, rows);
	for (i = first; i < first + rows; i++)
	{
		const NsDerivedMembership *m = &audit->derived.membership[i];

		if (m->share <= 0)
			continue;
		for (j = b->first; j < b->first + b->n; j++)
			if (is_member(audit, place_in(&audit->place, audit->part[j]), m->srlg_id))
				break;
		if (j < b->first + b->n &&
			!takes_down_end(audit, bypass->a_node_id, m->srlg_id) &&
			!takes_down_end(audit, bypass->z_node_id, m->srlg_id))
			(*group)[n++] = m->srlg_id;
	}
	return n;
}

static double
capacity_of(const BypassAudit *audit, size_t place)
{
	return audit->rows.link[place].capacity_gbps * audit->derived.carried[place];
}

void
audit_capacities(const BypassAudit *audit, const AuditBypass *b, double *need,
				 double *carries)
{
	size_t		place = place_in(&audit->place, b->bypass_link_id);
	double		least = NAN;
	size_t		i;

	for (i = b->first; i < b->first + b->n; i++)
		least = fmin(least, capacity_of(audit, place_in(&audit->place, audit->part[i])));
	*need = capacity_of(audit, place_in(&audit->place, b->protected_link_id));
	if (isnan(*need))
		*need = least;
	*carries = capacity_of(audit, place);
	/* members in parallel carry more than each */
	if (audit->parallel[place])
		return;
	for (i = audit->support_start[place]; i < audit->support_start[place + 1]; i++)
		*carries = fmin(*carries, capacity_of(audit, audit->support[i]));
}
