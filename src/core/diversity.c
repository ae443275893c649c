/*-------------------------------------------------------------------------
 *
 * diversity.c
 *	  What two links share that are to stay disjoint.
 *
 * A metro has thousands of groups of links, each link with hundreds of
 * memberships.  So nothing is sorted beforehand: the groups of the first link
 * of a pair are marked, and those of the second looked up there; whoever asks
 * for all pairs of a few links keeps the first one while the second changes.
 * What is beneath a link is found once.
 *
 *-------------------------------------------------------------------------
 */
#include "diversity.h"

#include <string.h>

#include "sort.h"

#define TICK 4096				/* elements between interrupt checks */

#define TRY(call) \
	do { \
		NsResult	try_result = (call); \
		if (try_result != NS_OK) \
			return try_result; \
	} while (0)

#define NEED(p) \
	do { \
		if ((p) == NULL) \
			return NS_NO_MEMORY; \
	} while (0)

static NsResult
tick(NsDiversity *d, size_t n)
{
	d->ticks += n;
	if (d->ticks < TICK)
		return NS_OK;
	d->ticks = 0;
	return d->env->interrupted(d->env->state) ? NS_INTERRUPTED : NS_OK;
}

/* ---- elements ---- */

NsElementKind
ns_srlg_element(int64_t srlg_id, int64_t *element_id)
{
	static const NsElementKind kind[NS_RISK_NCODES] = {
		[NS_RISK_SPAN] = NS_ELEMENT_SPAN,
		[NS_RISK_DUCT] = NS_ELEMENT_DUCT,
		[NS_RISK_CABLE] = NS_ELEMENT_CABLE,
		[NS_RISK_STRUCTURE] = NS_ELEMENT_STRUCTURE,
		[NS_RISK_SITE] = NS_ELEMENT_SITE,
		[NS_RISK_POWER_FEED] = NS_ELEMENT_POWER_FEED,
		[NS_RISK_CORRIDOR] = NS_ELEMENT_CORRIDOR,
		[NS_RISK_CORRIDOR_SIDE] = NS_ELEMENT_CORRIDOR,
		[NS_RISK_CROSSING] = NS_ELEMENT_SPAN_PAIR,
		[NS_RISK_PROXIMITY] = NS_ELEMENT_SPAN_PAIR,
		[NS_RISK_HAZARD_AREA] = NS_ELEMENT_HAZARD_AREA
	};
	NsRiskCode	code = srlg_id < 0 ? ns_risk_code(srlg_id) : 0;

	*element_id = srlg_id;
	if ((int) code < NS_RISK_SPAN || code >= NS_RISK_NCODES)
		return NS_ELEMENT_SRLG;
	*element_id = ns_risk_element(srlg_id);
	if (kind[code] == NS_ELEMENT_CORRIDOR)
		*element_id >>= NS_STRETCH_BITS + NS_SIDE_BITS;
	return kind[code];
}

/* ---- making ---- */

static NsResult
make_maps(NsDiversity *d)
{
	const NsRiskInput *in = d->in;

	if (in->nlinks > 0)
		TRY(ns_id_map_make(d->env, &d->link_map, &in->link[0].id, in->nlinks,
						   sizeof(NsRiskLink)));
	if (in->nnodes > 0)
		TRY(ns_id_map_make(d->env, &d->node_map, &in->node[0].id, in->nnodes,
						   sizeof(NsRiskNode)));
	return NS_OK;
}

/* What each link and each node rides on. */
static NsResult
make_support(NsDiversity *d)
{
	const NsRiskInput *in = d->in;
	int32_t    *next;

	NEED(d->support_start = ns_alloc_zero(d->env, in->nlinks + 2, sizeof(int32_t)));
	NEED(d->support = ns_alloc_array(d->env, in->nsupports, sizeof(int32_t)));
	NEED(d->node_below = ns_alloc_array(d->env, in->nnodes, sizeof(int32_t)));

	/* next[i] is where link i goes on while filling, its end afterwards */
	next = d->support_start + 1;
	for (size_t i = 0; i < in->nsupports; i++)
	{
		int32_t		link = ns_id_map_find(&d->link_map, in->support[i].link_id);

		if (link < 0)
			return NS_BAD_INPUT;
		next[link + 1]++;
	}
	for (size_t i = 0; i < in->nlinks; i++)
		next[i + 1] += next[i];
	for (size_t i = 0; i < in->nsupports; i++)
	{
		int32_t		link = ns_id_map_find(&d->link_map, in->support[i].link_id);
		int32_t		below = ns_id_map_find(&d->link_map,
										   in->support[i].supporting_link_id);

		if (below < 0)
			return NS_BAD_INPUT;
		d->support[next[link]++] = below;
		TRY(tick(d, 1));
	}
	for (size_t i = 0; i < in->nnodes; i++)
	{
		int64_t		below = in->node[i].supporting_node_id;

		d->node_below[i] = below == 0 ? -1 : ns_id_map_find(&d->node_map, below);
		TRY(tick(d, 1));
	}
	return NS_OK;
}

/* What takes down each node. */
static NsResult
make_ends(NsDiversity *d)
{
	const NsRiskResult *risk = d->risk;
	size_t	   *next;

	NEED(d->end_start = ns_alloc_zero(d->env, d->in->nnodes + 2, sizeof(size_t)));
	NEED(d->end = ns_alloc_array(d->env, risk->nsrlg_nodes, sizeof(NsRiskSrlgNode)));
	next = d->end_start + 1;
	for (size_t i = 0; i < risk->nsrlg_nodes; i++)
	{
		int32_t		node = ns_id_map_find(&d->node_map, risk->srlg_node[i].node_id);

		if (node < 0)
			return NS_BAD_INPUT;
		next[node + 1]++;
	}
	for (size_t i = 0; i < d->in->nnodes; i++)
		next[i + 1] += next[i];
	for (size_t i = 0; i < risk->nsrlg_nodes; i++)
	{
		d->end[next[ns_id_map_find(&d->node_map, risk->srlg_node[i].node_id)]++] =
			risk->srlg_node[i];
		TRY(tick(d, 1));
	}
	return NS_OK;
}

/* Groups of the plant have numbers; those that are stated get the next ones. */
static NsResult
make_groups(NsDiversity *d)
{
	const NsRiskResult *risk = d->risk;
	size_t		end = d->in->nown == 0 ? 0 : risk->start[d->in->nown];
	size_t		nplant = risk->plant.row == NULL ? 0 : (size_t) risk->plant.ngroups;
	int32_t		number;

	for (size_t i = 0; i < end; i++)
	{
		TRY(ns_id_map_place(d->env, &d->stated_map, risk->membership[i].srlg_id,
							&number));
		TRY(tick(d, 1));
	}
	NEED(d->group_mark = ns_alloc_zero(d->env, nplant + d->stated_map.n,
									   sizeof(int32_t)));
	d->marked = -1;
	return NS_OK;
}

NsResult
ns_diversity_make(NsEnv *env, const NsRiskInput *in, const NsRiskResult *risk,
				  NsDiversity *d)
{
	memset(d, 0, sizeof(*d));
	d->env = env;
	d->in = in;
	d->risk = risk;
	TRY(make_maps(d));
	TRY(make_support(d));
	TRY(make_ends(d));
	TRY(make_groups(d));
	NEED(d->stamp = ns_alloc_zero(env, in->nlinks, sizeof(int32_t)));
	NEED(d->node_stamp = ns_alloc_zero(env, in->nnodes, sizeof(int32_t)));
	NEED(d->beneath_start = ns_alloc_array(env, in->nown, sizeof(size_t)));
	NEED(d->beneath_count = ns_alloc_zero(env, in->nown, sizeof(size_t)));
	NEED(d->inner_start = ns_alloc_array(env, in->nown, sizeof(size_t)));
	NEED(d->inner_count = ns_alloc_zero(env, in->nown, sizeof(size_t)));
	for (size_t i = 0; i < in->nown; i++)
		d->beneath_start[i] = d->inner_start[i] = SIZE_MAX;
	return NS_OK;
}

/* ---- what is beneath a link ---- */

/* The next of two numbers for stamps: the first one free. */
static NsResult
new_walk(NsDiversity *d)
{
	if (d->walk > INT32_MAX - 2)
		return NS_TOO_LARGE;
	d->walk += 2;
	return NS_OK;
}

static NsResult
add_number(NsDiversity *d, int32_t **list, size_t *n, size_t *room, int32_t number)
{
	if (*n == *room)
		NEED(*list = ns_grow_array(d->env, *list, room, *n + 1, sizeof(int32_t)));
	(*list)[(*n)++] = number;
	return NS_OK;
}

/* Itself and all links beneath it. */
static NsResult
find_beneath(NsDiversity *d, int32_t link)
{
	size_t		start = d->nbeneath;

	if (d->beneath_start[link] != SIZE_MAX)
		return NS_OK;
	TRY(new_walk(d));
	d->stamp[link] = d->walk;
	TRY(add_number(d, &d->beneath, &d->nbeneath, &d->beneath_room, link));
	for (size_t at = start; at < d->nbeneath; at++)
	{
		int32_t		above = d->beneath[at];

		for (int32_t i = d->support_start[above]; i < d->support_start[above + 1]; i++)
		{
			int32_t		below = d->support[i];

			TRY(tick(d, 1));
			if (d->stamp[below] == d->walk)
				continue;
			d->stamp[below] = d->walk;
			TRY(add_number(d, &d->beneath, &d->nbeneath, &d->beneath_room, below));
		}
	}
	d->beneath_start[link] = start;
	d->beneath_count[link] = d->nbeneath - start;
	return NS_OK;
}

/* Stamp a node and all beneath it, up to one that has the stamp. */
static NsResult
stamp_node(NsDiversity *d, int64_t id, int32_t stamp, bool list)
{
	int32_t		node = ns_id_map_find(&d->node_map, id);

	while (node >= 0 && d->node_stamp[node] != stamp)
	{
		/* an own end, and what is beneath it is one, too */
		if (list && d->node_stamp[node] == stamp - 1)
			return NS_OK;
		d->node_stamp[node] = stamp;
		if (list)
			TRY(add_number(d, &d->inner, &d->ninner, &d->inner_room, node));
		node = d->node_below[node];
	}
	return NS_OK;
}

/* Its inner nodes: own ends are stamped first, with the lower number. */
static NsResult
find_inner(NsDiversity *d, int32_t link)
{
	size_t		start = d->ninner;

	if (d->inner_start[link] != SIZE_MAX)
		return NS_OK;
	TRY(find_beneath(d, link));
	TRY(new_walk(d));
	TRY(stamp_node(d, d->in->link[link].a_node_id, d->walk, false));
	TRY(stamp_node(d, d->in->link[link].z_node_id, d->walk, false));
	for (size_t i = 0; i < d->beneath_count[link]; i++)
	{
		const NsRiskLink *below =
			&d->in->link[d->beneath[d->beneath_start[link] + i]];

		TRY(stamp_node(d, below->a_node_id, d->walk + 1, true));
		TRY(stamp_node(d, below->z_node_id, d->walk + 1, true));
		TRY(tick(d, 1));
	}
	d->inner_start[link] = start;
	d->inner_count[link] = d->ninner - start;
	return NS_OK;
}

/* ---- what two share ---- */

/* Append it, with the waiver that it has. */
static NsResult
add_shared(NsDiversity *d, const NsDiversityRule *rule, NsElementKind kind,
		   int64_t element_id, int64_t srlg_id)
{
	NsShared   *s;

	if (d->nshared == d->shared_room)
		NEED(d->shared = ns_grow_array(d->env, d->shared, &d->shared_room,
									   d->nshared + 1, sizeof(NsShared)));
	s = &d->shared[d->nshared++];
	s->element.kind = kind;
	s->element.id = element_id;
	s->srlg_id = srlg_id;
	s->share[0] = s->share[1] = s->probability[0] = s->probability[1] = 1;
	s->waiver = -1;
	for (size_t i = 0; i < rule->nwaived && s->waiver < 0; i++)
		if (rule->waived[i].kind == kind && rule->waived[i].id == element_id)
			s->waiver = (int32_t) i;
	return NS_OK;
}

static NsResult
share_links(NsDiversity *d, int32_t a, int32_t b, const NsDiversityRule *rule)
{
	TRY(find_beneath(d, a));
	TRY(find_beneath(d, b));
	if (d->beneath_count[a] == 1 && d->beneath_count[b] == 1)
		return NS_OK;			/* just the two themselves */
	TRY(new_walk(d));
	for (size_t i = 0; i < d->beneath_count[a]; i++)
		d->stamp[d->beneath[d->beneath_start[a] + i]] = d->walk;
	for (size_t i = 0; i < d->beneath_count[b]; i++)
	{
		int32_t		link = d->beneath[d->beneath_start[b] + i];

		if (d->stamp[link] == d->walk)
			TRY(add_shared(d, rule, NS_ELEMENT_LINK, d->in->link[link].id, 0));
	}
	return tick(d, d->beneath_count[a] + d->beneath_count[b]);
}

static NsResult
share_nodes(NsDiversity *d, int32_t a, int32_t b, const NsDiversityRule *rule)
{
	TRY(find_inner(d, a));
	TRY(find_inner(d, b));
	TRY(new_walk(d));
	for (size_t i = 0; i < d->inner_count[a]; i++)
		d->node_stamp[d->inner[d->inner_start[a] + i]] = d->walk;
	for (size_t i = 0; i < d->inner_count[b]; i++)
	{
		int32_t		node = d->inner[d->inner_start[b] + i];

		if (d->node_stamp[node] == d->walk)
			TRY(add_shared(d, rule, NS_ELEMENT_NODE, d->in->node[node].id, 0));
	}
	return tick(d, d->inner_count[a] + d->inner_count[b]);
}

/* Does the group take down an end of the link, with a probability that counts? */
static bool
takes_down_end(const NsDiversity *d, int32_t link, int64_t srlg_id,
			   const NsDiversityRule *rule)
{
	const int64_t id[2] = {d->in->link[link].a_node_id, d->in->link[link].z_node_id};

	for (int side = 0; side < 2; side++)
	{
		int32_t		node = ns_id_map_find(&d->node_map, id[side]);

		if (node < 0)
			continue;
		for (size_t i = d->end_start[node]; i < d->end_start[node + 1]; i++)
			if (d->end[i].srlg_id == srlg_id && d->end[i].probability > 0 &&
				(float) d->end[i].probability >= (float) rule->min_probability)
				return true;
	}
	return false;
}

/* As float, as they are given: 0.1 reaches 0.1. */
static bool
counts(float share, float probability, const NsDiversityRule *rule)
{
	return share > 0 && share >= (float) rule->min_share &&
		probability >= (float) rule->min_probability;
}

/*
 * The memberships of a link: those in groups of the plant, then those stated.
 * Each is handed over by its number, with the number of its group.
 */
static size_t
count_memberships(const NsDiversity *d, int32_t link)
{
	return (d->risk->plant.row == NULL ? 0 : d->risk->plant.count[link]) +
		d->risk->start[link + 1] - d->risk->start[link];
}

static int32_t
membership_at(const NsDiversity *d, int32_t link, size_t i, NsDerivedMembership *m)
{
	const NsGroupLists *plant = &d->risk->plant;
	size_t		nplant = plant->row == NULL ? 0 : plant->count[link];

	if (i < nplant)
	{
		const NsGroupMember *row = &plant->row[plant->start[link] + i];

		m->srlg_id = plant->group_id[row->group];
		m->share = row->share;
		m->probability = row->probability;
		return row->group;
	}
	*m = d->risk->membership[d->risk->start[link] + i - nplant];
	return (plant->row == NULL ? 0 : plant->ngroups) +
		ns_id_map_find(&d->stated_map, m->srlg_id);
}

/* The groups of link a, unless they are marked already. */
static NsResult
mark_groups(NsDiversity *d, int32_t a)
{
	size_t		n = count_memberships(d, a);
	NsDerivedMembership m;

	if (d->marked == a)
		return NS_OK;
	for (size_t i = 0; i < d->ngroups_marked; i++)
		d->group_mark[d->group_of[i]] = 0;
	d->ngroups_marked = 0;
	d->marked = -1;
	for (size_t i = 0; i < n; i++)
	{
		int32_t		group = membership_at(d, a, i, &m);

		d->group_mark[group] = (int32_t) i + 1;
		TRY(add_number(d, &d->group_of, &d->ngroups_marked, &d->group_room, group));
	}
	d->marked = a;
	return tick(d, n);
}

static NsResult
share_groups(NsDiversity *d, int32_t a, int32_t b, const NsDiversityRule *rule)
{
	size_t		n = count_memberships(d, b);

	TRY(mark_groups(d, a));
	for (size_t i = 0; i < n; i++)
	{
		NsDerivedMembership of_a;
		NsDerivedMembership of_b;
		int32_t		mark = d->group_mark[membership_at(d, b, i, &of_b)];
		int64_t		element_id;
		NsElementKind kind;
		NsShared   *s;

		if (mark == 0 || !counts(of_b.share, of_b.probability, rule))
			continue;
		(void) membership_at(d, a, (size_t) mark - 1, &of_a);
		if (!counts(of_a.share, of_a.probability, rule) ||
			(takes_down_end(d, a, of_b.srlg_id, rule) &&
			 takes_down_end(d, b, of_b.srlg_id, rule)))
			continue;
		kind = ns_srlg_element(of_b.srlg_id, &element_id);
		TRY(add_shared(d, rule, kind, element_id, of_b.srlg_id));
		s = &d->shared[d->nshared - 1];
		s->share[0] = of_a.share;
		s->share[1] = of_b.share;
		s->probability[0] = of_a.probability;
		s->probability[1] = of_b.probability;
	}
	return tick(d, n);
}

static int
compare_elements(const NsElement *x, const NsElement *y)
{
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static int
compare_shared(const void *context, int32_t a, int32_t b)
{
	const NsShared *x = (const NsShared *) context + a;
	const NsShared *y = (const NsShared *) context + b;
	int			order = compare_elements(&x->element, &y->element);

	return order != 0 ? order : (x->srlg_id > y->srlg_id) - (x->srlg_id < y->srlg_id);
}

/* In order; links that share much share hundreds of elements. */
static NsResult
sort_shared(NsDiversity *d)
{
	int32_t    *order;
	NsShared   *sorted;

	if (d->nshared < 2)
		return NS_OK;
	NEED(order = ns_alloc_array(d->env, d->nshared, sizeof(int32_t)));
	NEED(sorted = ns_alloc_array(d->env, d->nshared, sizeof(NsShared)));
	for (size_t i = 0; i < d->nshared; i++)
		order[i] = (int32_t) i;
	TRY(ns_sort(d->env, order, d->nshared, compare_shared, d->shared));
	for (size_t i = 0; i < d->nshared; i++)
		sorted[i] = d->shared[order[i]];
	memcpy(d->shared, sorted, d->nshared * sizeof(NsShared));
	return NS_OK;
}

NsResult
ns_diversity_shared(NsDiversity *d, int32_t a, int32_t b,
					const NsDiversityRule *rule, const NsShared **shared,
					size_t *nshared, size_t *counting)
{
	d->nshared = 0;
	TRY(share_links(d, a, b, rule));
	if (rule->node)
		TRY(share_nodes(d, a, b, rule));
	if (rule->srlg)
		TRY(share_groups(d, a, b, rule));
	TRY(sort_shared(d));
	*counting = 0;
	for (size_t i = 0; i < d->nshared; i++)
		*counting += d->shared[i].waiver < 0 &&
			(i == 0 || compare_elements(&d->shared[i - 1].element,
										&d->shared[i].element) != 0);
	*shared = d->shared;
	*nshared = d->nshared;
	return NS_OK;
}
