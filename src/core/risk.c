/*-------------------------------------------------------------------------
 *
 * risk.c
 *	  Derivation of memberships and of carried capacity; the rules are in
 *	  risk.h, the numbering of units in risk_index.h.
 *
 * A set of units is an ascending array of numbers.  A link's set is the union
 * of its own units, those of its two nodes (each node's set includes the nodes
 * beneath it) and those of its supporting links.  Links are taken in
 * topological order, so that whatever lies beneath is done first.
 *
 * Memory: all from the region.  Scratch is bounded by the largest link; what
 * is kept is each set once (a set that equals a part of it is shared), and a
 * share for each (link, group).  Time O(rows log rows + total size of sets *
 * log(supports of one link)).
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "risk_bundle.h"
#include "risk_plant.h"

#define POOL_BYTES	((size_t) 64 * 1024)

typedef struct UnitSet
{
	const int32_t *unit;		/* ascending */
	int32_t		n;
} UnitSet;

typedef struct GroupShare
{
	double		share;
	int32_t		group;
} GroupShare;

typedef struct LinkRisk
{
	UnitSet		set;
	const GroupShare *share;	/* ascending groups: those of the set */
	int32_t		nshares;
} LinkRisk;

typedef struct Derive
{
	NsRiskIndex x;
	NsRiskResult *result;

	char	   *pool;			/* room for small arrays that are kept */
	size_t		pool_left;

	bool	   *plant_up;		/* by link; NULL: nothing rides in the plant */

	UnitSet    *node_set;		/* by node, with what is beneath */
	LinkRisk   *risk;			/* by link */

	/* scratch of the merge: runs of ascending units, end to end */
	int32_t    *run[2];
	size_t		run_room[2];
	size_t		nrun;			/* units in run[0] */
	size_t	   *bound;			/* ends of the runs */
	size_t		bound_room;
	size_t		nbounds;
	UnitSet		widest;			/* the largest run since the last merge */

	/* scratch of the shares, by group */
	double	   *worst;			/* within one member */
	double	   *lost;			/* over all members */
	int32_t    *touched;		/* groups with worst > 0 */
} Derive;

/* Room that is kept; small pieces share a block of the region. */
static void *
keep(Derive *d, size_t n, size_t size)
{
	size_t		bytes;
	char	   *p;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX - 15)
		return NULL;
	bytes = bytes == 0 ? 16 : (bytes + 15) & ~(size_t) 15;
	if (bytes > POOL_BYTES / 8)
		return ns_alloc_array(d->x.env, bytes, 1);
	if (bytes > d->pool_left)
	{
		p = ns_alloc_array(d->x.env, POOL_BYTES, 1);
		if (p == NULL)
			return NULL;
		d->pool = p;
		d->pool_left = POOL_BYTES;
	}
	p = d->pool;
	d->pool += bytes;
	d->pool_left -= bytes;
	return p;
}

/* ---- union of sets ---- */

static void
clear_runs(Derive *d)
{
	d->nrun = 0;
	d->nbounds = 0;
	d->widest = (UnitSet) {NULL, 0};
}

static NsResult
add_run(Derive *d, const int32_t *unit, int32_t n)
{
	void	   *p;

	if (n == 0)
		return NS_OK;
	p = ns_grow_array(d->x.env, d->run[0], &d->run_room[0],
					  d->nrun + (size_t) n, sizeof(int32_t));
	if (p == NULL)
		return NS_NO_MEMORY;
	d->run[0] = p;
	p = ns_grow_array(d->x.env, d->bound, &d->bound_room, d->nbounds + 1,
					  sizeof(size_t));
	if (p == NULL)
		return NS_NO_MEMORY;
	d->bound = p;
	memcpy(d->run[0] + d->nrun, unit, (size_t) n * sizeof(int32_t));
	d->nrun += (size_t) n;
	d->bound[d->nbounds++] = d->nrun;
	if (n > d->widest.n)
		d->widest = (UnitSet) {unit, n};
	return NS_OK;
}

/*
 * Merge run[0][lo..mid) and [mid..hi) into run[1] from out on, each unit once;
 * *end is where the new run ends.
 */
static NsResult
merge_pair(Derive *d, const size_t bound[3], size_t out, size_t *end)
{
	const int32_t *from = d->run[0];
	int32_t    *to = d->run[1];
	size_t		i = bound[0];
	size_t		j = bound[1];

	while (i < bound[1] || j < bound[2])
	{
		if (ns_risk_stopped(&d->x))
			return NS_INTERRUPTED;
		if (j == bound[2] || (i < bound[1] && from[i] < from[j]))
			to[out++] = from[i++];
		else
		{
			if (i < bound[1] && from[i] == from[j])
				i++;
			to[out++] = from[j++];
		}
	}
	*end = out;
	return NS_OK;
}

/* Merge all runs into one, left in run[0]; then keep it as a set. */
static NsResult
merge_runs(Derive *d, UnitSet *set)
{
	void	   *p = ns_grow_array(d->x.env, d->run[1], &d->run_room[1], d->nrun,
								  sizeof(int32_t));
	int32_t    *unit;

	if (p == NULL && d->nrun > 0)
		return NS_NO_MEMORY;
	d->run[1] = p;
	while (d->nbounds > 1)
	{
		int32_t    *swap = d->run[0];
		size_t		room = d->run_room[0];
		size_t		lo = 0;
		size_t		out = 0;
		size_t		nbounds = 0;

		for (size_t i = 0; i < d->nbounds; i += 2)
		{
			size_t		mid = d->bound[i];
			size_t		hi = i + 1 < d->nbounds ? d->bound[i + 1] : mid;

			if (merge_pair(d, (size_t[3]) {lo, mid, hi}, out, &out) != NS_OK)
				return NS_INTERRUPTED;
			d->bound[nbounds++] = out;
			lo = hi;
		}
		d->nbounds = nbounds;
		d->nrun = out;
		d->run[0] = d->run[1];
		d->run_room[0] = d->run_room[1];
		d->run[1] = swap;
		d->run_room[1] = room;
	}

	*set = d->widest;			/* a part as large as the whole is the whole */
	if (d->nrun == (size_t) set->n)
		return NS_OK;
	unit = keep(d, d->nrun, sizeof(int32_t));
	if (unit == NULL)
		return NS_NO_MEMORY;
	memcpy(unit, d->run[0], d->nrun * sizeof(int32_t));
	*set = (UnitSet) {unit, (int32_t) d->nrun};
	return NS_OK;
}

/*
 * Probability that at least one unit of the group is hit, from set->unit[*i]
 * on; *i moves to the next group.
 */
static double
group_probability(const Derive *d, const UnitSet *set, int32_t *i)
{
	int32_t		group = d->x.unit_group[set->unit[*i]];
	double		p = 0;

	for (; *i < set->n && d->x.unit_group[set->unit[*i]] == group; (*i)++)
		p += d->x.unit_probability[set->unit[*i]] * (1 - p);
	return p < 1 ? p : 1;
}

static int32_t
count_groups(const Derive *d, const UnitSet *set)
{
	int32_t		n = 0;

	for (int32_t i = 0; i < set->n; i++)
		n += i == 0 ||
			d->x.unit_group[set->unit[i]] != d->x.unit_group[set->unit[i - 1]];
	return n;
}

/* ---- nodes ---- */

static NsResult
derive_node(Derive *d, int32_t node)
{
	int32_t		below = d->x.node_support[node];
	int32_t		start = d->x.node_unit_start[node];
	NsResult	rc;

	d->result->node_up[node] = d->x.in->node[node].in_service &&
		(below < 0 || d->result->node_up[below]) &&
		ns_risk_place_up(&d->x, node);
	clear_runs(d);
	rc = add_run(d, d->x.node_unit + start, d->x.node_unit_start[node + 1] - start);
	if (rc == NS_OK && below >= 0)
		rc = add_run(d, d->node_set[below].unit, d->node_set[below].n);
	if (rc == NS_OK)
		rc = merge_runs(d, &d->node_set[node]);
	return rc;
}

/* A node after the one beneath it: walk each chain down, then back up. */
static NsResult
derive_nodes(Derive *d)
{
	enum
	{
		UNSEEN, OPEN, DONE
	};
	size_t		nnodes = d->x.in->nnodes;
	uint8_t    *state = ns_alloc_zero(d->x.env, nnodes, 1);
	int32_t    *chain = ns_alloc_array(d->x.env, nnodes, sizeof(int32_t));

	if (state == NULL || chain == NULL)
		return NS_NO_MEMORY;
	for (size_t i = 0; i < nnodes; i++)
	{
		int32_t		n = 0;
		int32_t		node;

		for (node = (int32_t) i; node >= 0 && state[node] == UNSEEN;
			 node = d->x.node_support[node])
		{
			if (ns_risk_stopped(&d->x))
				return NS_INTERRUPTED;
			state[node] = OPEN;
			chain[n++] = node;
		}
		if (node >= 0 && state[node] == OPEN)
			return NS_BAD_INPUT;
		while (n > 0)
		{
			NsResult	rc = derive_node(d, chain[--n]);

			if (rc != NS_OK)
				return rc;
			state[chain[n]] = DONE;
		}
	}
	return NS_OK;
}

/* Append the groups of the plant that take down a node. */
static NsResult
emit_plant_nodes(Derive *d)
{
	NsRiskResult *result = d->result;
	NsPlantMembers members;
	NsRiskSrlgNode *row;
	size_t		n = result->nsrlg_nodes;
	NsResult	rc = ns_risk_plant_nodes(&d->x, &members);

	if (rc != NS_OK)
		return rc;
	if (members.n > NS_RISK_MAX_ROWS - n)
		return NS_TOO_LARGE;
	row = ns_alloc_array(d->x.env, n + members.n, sizeof(NsRiskSrlgNode));
	if (row == NULL)
		return NS_NO_MEMORY;
	if (n > 0)
		memcpy(row, result->srlg_node, n * sizeof(NsRiskSrlgNode));
	for (size_t i = 0; i < d->x.in->nnodes; i++)
	{
		const NsGroupMember *m = members.row + members.start[i];

		if (ns_risk_stopped(&d->x))
			return NS_INTERRUPTED;
		for (size_t j = 0; j < members.count[i]; j++)
			row[n++] = (NsRiskSrlgNode) {d->x.in->riding->plant->group_id[m[j].group],
				d->x.in->node[i].id, m[j].probability};
	}
	result->srlg_node = row;
	result->nsrlg_nodes = n;
	return NS_OK;
}

/* The groups that take down a node, as a result sorted by group and node. */
static NsResult
emit_nodes(Derive *d)
{
	NsRiskResult *result = d->result;
	NsRiskSrlgNode *row;
	NsRiskKey  *key;
	size_t		n = 0;
	NsResult	rc;

	for (size_t i = 0; i < d->x.in->nnodes; i++)
	{
		if (ns_risk_stopped(&d->x))
			return NS_INTERRUPTED;
		n += (size_t) count_groups(d, &d->node_set[i]);
	}
	if (n > NS_RISK_MAX_ROWS)
		return NS_TOO_LARGE;
	row = ns_alloc_array(d->x.env, n, sizeof(NsRiskSrlgNode));
	key = ns_alloc_array(d->x.env, n, sizeof(NsRiskKey));
	result->srlg_node = ns_alloc_array(d->x.env, n, sizeof(NsRiskSrlgNode));
	if (row == NULL || key == NULL || result->srlg_node == NULL)
		return NS_NO_MEMORY;
	result->nsrlg_nodes = n;
	n = 0;
	for (size_t i = 0; i < d->x.in->nnodes; i++)
	{
		const UnitSet *set = &d->node_set[i];

		for (int32_t j = 0; j < set->n; n++)
		{
			int64_t		group = d->x.group_id[d->x.unit_group[set->unit[j]]];

			if (ns_risk_stopped(&d->x))
				return NS_INTERRUPTED;
			key[n] = (NsRiskKey) {group, d->x.in->node[i].id, 0, (int32_t) n};
			row[n] = (NsRiskSrlgNode) {group, d->x.in->node[i].id,
				group_probability(d, set, &j)};
		}
	}
	if ((rc = ns_risk_sort(&d->x, &key, n)) != NS_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
	{
		if (ns_risk_stopped(&d->x))
			return NS_INTERRUPTED;
		result->srlg_node[i] = row[key[i].pos];
	}
	return d->x.in->riding == NULL ? NS_OK : emit_plant_nodes(d);
}

/* ---- links ---- */

static bool
ends_up(const Derive *d, int32_t link)
{
	return d->result->node_up[d->x.link_node[2 * link]] &&
		d->result->node_up[d->x.link_node[2 * link + 1]];
}

static double
derive_carried(const Derive *d, const NsRiskBundle *b)
{
	double		most = 1 - d->x.in->link[b->link].drained;
	double		left = 0;
	double		carried;

	if ((d->plant_up != NULL && !d->plant_up[b->link]) || most < NS_RISK_SNAP)
		return 0;
	for (int end = 0; end < 2; end++)
	{
		int32_t		below = d->x.node_support[d->x.link_node[2 * b->link + end]];

		if (below >= 0 && !d->result->node_up[below])
			return 0;
	}
	for (int32_t i = d->x.support_start[b->link];
		 i < d->x.support_start[b->link + 1];)
	{
		NsRiskBundleMember		m = ns_risk_member_at(&d->x, b, i);
		double		kept = 1;

		for (; i < m.end; i++)
		{
			int32_t		below = d->x.support_link[i];
			double		part = d->result->up[below]
				? d->result->carried[below] : 0;

			if (part < kept)
				kept = part;
		}
		left += m.c * kept;
	}
	carried = ns_risk_part_kept(b, left);
	return carried < most ? carried : most;
}

/* The union of all units at the link's nodes, of its own and beneath it. */
static NsResult
derive_set(Derive *d, int32_t link)
{
	int32_t		start = d->x.link_unit_start[link];
	NsResult	rc;

	clear_runs(d);
	rc = add_run(d, d->x.link_unit + start, d->x.link_unit_start[link + 1] - start);
	for (int end = 0; end < 2 && rc == NS_OK; end++)
	{
		const UnitSet *set = &d->node_set[d->x.link_node[2 * link + end]];

		rc = add_run(d, set->unit, set->n);
	}
	for (int32_t i = d->x.support_start[link];
		 i < d->x.support_start[link + 1] && rc == NS_OK; i++)
	{
		const UnitSet *set = &d->risk[d->x.support_link[i]].set;

		rc = ns_risk_stopped(&d->x) ? NS_INTERRUPTED : add_run(d, set->unit, set->n);
	}
	if (rc == NS_OK)
		rc = merge_runs(d, &d->risk[link].set);
	return rc;
}

/* Add to lost[] what each group takes from one member. */
static NsResult
lose_member(Derive *d, const NsRiskBundleMember *m)
{
	int32_t		ntouched = 0;

	for (int32_t i = m->begin; i < m->end; i++)
	{
		const LinkRisk *below = &d->risk[d->x.support_link[i]];

		for (int32_t j = 0; j < below->nshares; j++)
		{
			const GroupShare *gs = &below->share[j];

			if (ns_risk_stopped(&d->x))
				return NS_INTERRUPTED;
			if (gs->share <= d->worst[gs->group])
				continue;
			if (d->worst[gs->group] == 0)
				d->touched[ntouched++] = gs->group;
			d->worst[gs->group] = gs->share;
		}
	}
	for (int32_t i = 0; i < ntouched; i++)
	{
		d->lost[d->touched[i]] += m->c * d->worst[d->touched[i]];
		d->worst[d->touched[i]] = 0;
	}
	return NS_OK;
}

/* worst[] := what is configured for the link itself, 1 where a node goes. */
static NsResult
own_shares(Derive *d, int32_t link)
{
	for (int32_t i = d->x.link_unit_start[link];
		 i < d->x.link_unit_start[link + 1]; i++)
	{
		int32_t		u = d->x.link_unit[i];

		d->worst[d->x.unit_group[u]] = d->x.unit_share[u];
	}
	for (int end = 0; end < 2; end++)
	{
		const UnitSet *set = &d->node_set[d->x.link_node[2 * link + end]];

		for (int32_t i = 0; i < set->n; i++)
		{
			if (ns_risk_stopped(&d->x))
				return NS_INTERRUPTED;
			d->worst[d->x.unit_group[set->unit[i]]] = 1;
		}
	}
	return NS_OK;
}

/* worst[] and lost[] are all 0 before and after. */
static NsResult
derive_shares(Derive *d, const NsRiskBundle *b)
{
	LinkRisk   *risk = &d->risk[b->link];
	GroupShare *gs;
	NsResult	rc = NS_OK;

	for (int32_t i = d->x.support_start[b->link];
		 i < d->x.support_start[b->link + 1] && rc == NS_OK;)
	{
		NsRiskBundleMember		m = ns_risk_member_at(&d->x, b, i);

		rc = lose_member(d, &m);
		i = m.end;
	}
	if (rc == NS_OK)
		rc = own_shares(d, b->link);
	if (rc != NS_OK)
		return rc;

	risk->nshares = count_groups(d, &risk->set);
	gs = keep(d, (size_t) risk->nshares, sizeof(GroupShare));
	if (gs == NULL)
		return NS_NO_MEMORY;
	risk->share = gs;
	for (int32_t i = 0; i < risk->set.n; i++)
	{
		int32_t		group = d->x.unit_group[risk->set.unit[i]];
		double		share;

		if (ns_risk_stopped(&d->x))
			return NS_INTERRUPTED;
		if (i > 0 && group == d->x.unit_group[risk->set.unit[i - 1]])
			continue;
		share = 1 - ns_risk_part_kept(b, b->sum - d->lost[group]);
		if (d->worst[group] > share)
			share = d->worst[group];
		*gs++ = (GroupShare) {share, group};
		d->lost[group] = 0;
		d->worst[group] = 0;
	}
	return NS_OK;
}

static NsResult
derive_links(Derive *d)
{
	NsRiskResult *result = d->result;
	size_t		ngroups = (size_t) d->x.ngroups;

	d->worst = ns_alloc_zero(d->x.env, ngroups, sizeof(double));
	d->lost = ns_alloc_zero(d->x.env, ngroups, sizeof(double));
	d->touched = ns_alloc_array(d->x.env, ngroups, sizeof(int32_t));
	if (d->worst == NULL || d->lost == NULL || d->touched == NULL)
		return NS_NO_MEMORY;
	for (size_t i = 0; i < d->x.in->nlinks; i++)
	{
		int32_t		link = d->x.order[i];
		NsRiskBundle		b = ns_risk_bundle_of(&d->x, link);
		NsResult	rc;

		if (ns_risk_stopped(&d->x))
			return NS_INTERRUPTED;
		result->carried[link] = derive_carried(d, &b);
		result->up[link] = d->x.in->link[link].in_service && ends_up(d, link) &&
			result->carried[link] > 0;
		if ((rc = derive_set(d, link)) != NS_OK ||
			(rc = derive_shares(d, &b)) != NS_OK)
			return rc;
	}
	return NS_OK;
}

/* The memberships of a link that are not of the plant. */
static NsResult
emit_link(Derive *d, int32_t link, NsDerivedMembership *row)
{
	const LinkRisk *risk = &d->risk[link];
	int32_t		unit = 0;

	for (int32_t j = 0; j < risk->nshares; j++)
	{
		if (ns_risk_stopped(&d->x))
			return NS_INTERRUPTED;
		row[j].srlg_id = d->x.group_id[risk->share[j].group];
		row[j].share = (float) risk->share[j].share;
		row[j].probability = (float) group_probability(d, &risk->set, &unit);
	}
	return NS_OK;
}

static NsResult
emit_units(Derive *d, const NsPlantMembers *plant)
{
	NsRiskResult *result = d->result;
	size_t		nown = d->x.in->nown;
	size_t		n = 0;

	result->unit_start = ns_alloc_array(d->x.env, nown + 1, sizeof(size_t));
	result->unit = ns_alloc_array(d->x.env, plant->nunits, sizeof(int32_t));
	if (result->unit_start == NULL || result->unit == NULL)
		return NS_NO_MEMORY;
	for (size_t i = 0; i < nown; i++)
	{
		result->unit_start[i] = n;
		if (plant->unit_count[i] > 0)
			memcpy(result->unit + n, plant->unit + plant->unit_start[i],
				   plant->unit_count[i] * sizeof(int32_t));
		n += plant->unit_count[i];
	}
	result->unit_start[nown] = n;
	return NS_OK;
}

static NsResult
emit_links(Derive *d)
{
	NsRiskResult *result = d->result;
	size_t		nlinks = d->x.in->nlinks;
	NsPlantMembers plant = {0};
	size_t		n = 0;
	NsResult	rc = NS_OK;

	if (d->x.in->riding != NULL)
		rc = ns_risk_plant_links(&d->x, &plant);
	if (rc == NS_OK && d->x.in->riding != NULL && d->x.in->want_units)
		rc = emit_units(d, &plant);
	if (rc != NS_OK)
		return rc;
	for (size_t i = 0; i < nlinks; i++)
	{
		result->start[i] = n;
		n += (size_t) d->risk[i].nshares;
	}
	result->start[nlinks] = n;
	result->membership = ns_alloc_array(d->x.env, n, sizeof(NsDerivedMembership));
	if (result->membership == NULL)
		return NS_NO_MEMORY;
	for (size_t i = 0; i < nlinks && rc == NS_OK; i++)
		rc = emit_link(d, (int32_t) i, result->membership + result->start[i]);
	if (d->x.in->riding != NULL)
		result->plant = (NsGroupLists) {d->x.in->riding->plant->group_id,
			d->x.in->riding->plant->ngroups, plant.row, plant.start, plant.count};
	return rc;
}

static NsResult
alloc_result(Derive *d)
{
	const NsRiskInput *in = d->x.in;
	NsRiskResult *result = d->result;

	memset(result, 0, sizeof(*result));
	result->carried = ns_alloc_array(d->x.env, in->nlinks, sizeof(double));
	result->up = ns_alloc_zero(d->x.env, in->nlinks, sizeof(bool));
	result->start = ns_alloc_array(d->x.env, in->nlinks + 1, sizeof(size_t));
	result->node_up = ns_alloc_zero(d->x.env, in->nnodes, sizeof(bool));
	d->node_set = ns_alloc_zero(d->x.env, in->nnodes, sizeof(UnitSet));
	d->risk = ns_alloc_zero(d->x.env, in->nlinks, sizeof(LinkRisk));
	if (result->carried == NULL || result->up == NULL ||
		result->start == NULL || result->node_up == NULL ||
		d->node_set == NULL || d->risk == NULL)
		return NS_NO_MEMORY;
	return NS_OK;
}

NsResult
ns_risk_derive(NsEnv *env, const NsRiskInput *in, NsRiskResult *result)
{
	Derive		d = {.x = {.env = env, .in = in}, .result = result};
	NsResult	rc;

	if ((rc = ns_risk_index(&d.x)) != NS_OK ||
		(rc = alloc_result(&d)) != NS_OK ||
		(in->riding != NULL &&
		 (rc = ns_risk_plant_up(&d.x, &d.plant_up)) != NS_OK) ||
		(rc = derive_nodes(&d)) != NS_OK ||
		(rc = emit_nodes(&d)) != NS_OK ||
		(rc = derive_links(&d)) != NS_OK)
		return rc;
	return emit_links(&d);
}
