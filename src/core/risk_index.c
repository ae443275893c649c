/*-------------------------------------------------------------------------
 *
 * risk_index.c
 *	  Check the input of a derivation and turn its ids into positions.
 *
 * Supports come out topologically sorted, so that a derivation needs no
 * recursion.  Time O(rows log rows); memory O(rows), all from the region.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "risk_index.h"

/* ---- sorted rows ---- */

#define SHORT_RUN	16			/* sorted by insertion */

static inline bool
key_after(const NsRiskKey *x, const NsRiskKey *y)
{
	if (x->a != y->a)
		return x->a > y->a;
	if (x->b != y->b)
		return x->b > y->b;
	return x->c > y->c;
}

static inline bool
key_equal(const NsRiskKey *x, const NsRiskKey *y)
{
	return x->a == y->a && x->b == y->b && x->c == y->c;
}

static NsResult
sort_short_runs(NsRiskIndex *x, NsRiskKey *key, size_t n)
{
	for (size_t low = 0; low < n; low += SHORT_RUN)
	{
		size_t		high = low + SHORT_RUN < n ? low + SHORT_RUN : n;

		for (size_t i = low + 1; i < high; i++)
		{
			NsRiskKey	k = key[i];
			size_t		j = i;

			if (ns_risk_stopped(x))
				return NS_INTERRUPTED;
			for (; j > low && key_after(&key[j - 1], &k); j--)
				key[j] = key[j - 1];
			key[j] = k;
		}
	}
	return NS_OK;
}

/* Merge from[bound[0] .. bound[1]) and from[.. bound[2]) into the same of to. */
static NsResult
merge_keys(NsRiskIndex *x, const NsRiskKey *from, NsRiskKey *to,
		   const size_t bound[3])
{
	size_t		left = bound[0];
	size_t		right = bound[1];

	if (right == bound[2] || !key_after(&from[right - 1], &from[right]))
	{
		memcpy(&to[left], &from[left], (bound[2] - left) * sizeof(NsRiskKey));
		return ns_risk_stopped(x) ? NS_INTERRUPTED : NS_OK;
	}
	for (size_t i = left; i < bound[2]; i++)
	{
		if (ns_risk_stopped(x))
			return NS_INTERRUPTED;
		if (right == bound[2] ||
			(left < bound[1] && !key_after(&from[left], &from[right])))
			to[i] = from[left++];
		else
			to[i] = from[right++];
	}
	return NS_OK;
}

NsResult
ns_risk_sort(NsRiskIndex *x, NsRiskKey **key, size_t n)
{
	NsRiskKey  *from = *key;
	NsRiskKey  *to;
	NsResult	rc;
	size_t		i;

	for (i = 1; i < n && !key_after(&from[i - 1], &from[i]); i++)
	{
		if (ns_risk_stopped(x))
			return NS_INTERRUPTED;
	}
	if (i >= n)
		return NS_OK;
	to = ns_alloc_array(x->env, n, sizeof(NsRiskKey));
	if (to == NULL)
		return NS_NO_MEMORY;
	if ((rc = sort_short_runs(x, from, n)) != NS_OK)
		return rc;
	for (size_t width = SHORT_RUN; width < n; width *= 2)
	{
		NsRiskKey  *swap = from;

		for (size_t low = 0; low < n; low += 2 * width)
		{
			size_t		mid = low + width < n ? low + width : n;
			size_t		high = mid + width < n ? mid + width : n;

			if ((rc = merge_keys(x, from, to, (size_t[3]) {low, mid, high})) != NS_OK)
				return rc;
		}
		from = to;
		to = swap;
	}
	*key = from;
	return NS_OK;
}

/* The same, and NS_BAD_INPUT where two are equal. */
static NsResult
sort_unique(NsRiskIndex *x, NsRiskKey **key, size_t n)
{
	NsResult	rc = ns_risk_sort(x, key, n);

	for (size_t i = 1; i < n && rc == NS_OK; i++)
	{
		if (ns_risk_stopped(x))
			return NS_INTERRUPTED;
		if (key_equal(&(*key)[i - 1], &(*key)[i]))
			return NS_BAD_INPUT;
	}
	return rc;
}

static bool
fraction(double x)
{
	return x >= 0 && x <= 1;	/* false for NaN */
}

/* ---- nodes and links ---- */

static NsResult
index_ids(NsRiskIndex *x)
{
	const NsRiskInput *in = x->in;
	NsResult	rc = NS_OK;

	if (in->nnodes > 0)
		rc = ns_id_map_make(x->env, &x->node_map, &in->node[0].id, in->nnodes,
							sizeof(NsRiskNode));
	if (rc == NS_OK && in->nlinks > 0)
		rc = ns_id_map_make(x->env, &x->link_map, &in->link[0].id, in->nlinks,
							sizeof(NsRiskLink));
	return rc;
}

static NsResult
index_nodes(NsRiskIndex *x)
{
	const NsRiskInput *in = x->in;

	x->node_support = ns_alloc_array(x->env, in->nnodes, sizeof(int32_t));
	if (x->node_support == NULL)
		return NS_NO_MEMORY;
	for (size_t i = 0; i < in->nnodes; i++)
	{
		int64_t		id = in->node[i].supporting_node_id;

		if (ns_risk_stopped(x))
			return NS_INTERRUPTED;
		x->node_support[i] = -1;
		if (id == 0)
			continue;
		x->node_support[i] = ns_id_map_find(&x->node_map, id);
		if (x->node_support[i] < 0)
			return NS_BAD_INPUT;
	}
	return NS_OK;
}

static NsResult
index_links(NsRiskIndex *x)
{
	const NsRiskInput *in = x->in;

	x->link_node = ns_alloc_array(x->env, in->nlinks, 2 * sizeof(int32_t));
	if (x->link_node == NULL)
		return NS_NO_MEMORY;
	for (size_t i = 0; i < in->nlinks; i++)
	{
		const NsRiskLink *link = &in->link[i];

		if (ns_risk_stopped(x))
			return NS_INTERRUPTED;
		x->link_node[2 * i] = ns_id_map_find(&x->node_map, link->a_node_id);
		x->link_node[2 * i + 1] = ns_id_map_find(&x->node_map, link->z_node_id);
		if (x->link_node[2 * i] < 0 || x->link_node[2 * i + 1] < 0 ||
			link->capacity_gbps < 0 || isinf(link->capacity_gbps) ||
			!(link->drained >= 0 && link->drained <= 1))
			return NS_BAD_INPUT;
	}
	return NS_OK;
}

/* ---- supports ---- */

/* Count n[i] at start[i + 1] before; afterwards start[i] is where i begins. */
static void
counts_to_starts(int32_t *start, size_t n)
{
	for (size_t i = 0; i < n; i++)
		start[i + 1] += start[i];
}

/* Fill support_* from the sorted rows, and count the riders. */
static NsResult
fill_supports(NsRiskIndex *x, const NsRiskKey *key)
{
	const NsRiskInput *in = x->in;

	for (size_t i = 0; i < in->nsupports; i++)
	{
		int32_t		below = ns_id_map_find(&x->link_map, key[i].c);

		if (ns_risk_stopped(x))
			return NS_INTERRUPTED;
		if (below < 0)
			return NS_BAD_INPUT;
		x->support_link[i] = below;
		x->support_member[i] = (int32_t) key[i].b;
		x->support_start[key[i].a + 1]++;
		x->rider_start[below + 1]++;
	}
	counts_to_starts(x->support_start, in->nlinks);
	counts_to_starts(x->rider_start, in->nlinks);
	return NS_OK;
}

static NsResult
index_supports(NsRiskIndex *x)
{
	const NsRiskInput *in = x->in;
	NsRiskKey  *key = ns_alloc_array(x->env, in->nsupports, sizeof(NsRiskKey));
	NsResult	rc;

	x->support_link = ns_alloc_array(x->env, in->nsupports, sizeof(int32_t));
	x->support_member = ns_alloc_array(x->env, in->nsupports, sizeof(int32_t));
	x->rider = ns_alloc_array(x->env, in->nsupports, sizeof(int32_t));
	x->support_start = ns_alloc_zero(x->env, in->nlinks + 1, sizeof(int32_t));
	x->rider_start = ns_alloc_zero(x->env, in->nlinks + 1, sizeof(int32_t));
	if (key == NULL || x->support_link == NULL || x->support_member == NULL ||
		x->rider == NULL || x->support_start == NULL || x->rider_start == NULL)
		return NS_NO_MEMORY;
	for (size_t i = 0; i < in->nsupports; i++)
	{
		const NsRiskSupport *s = &in->support[i];
		int32_t		pos = ns_id_map_find(&x->link_map, s->link_id);

		if (ns_risk_stopped(x))
			return NS_INTERRUPTED;
		if (pos < 0)
			return NS_BAD_INPUT;
		key[i] = (NsRiskKey) {pos, s->member, s->supporting_link_id, (int32_t) i};
	}
	if ((rc = ns_risk_sort(x, &key, in->nsupports)) != NS_OK)
		return rc;
	return fill_supports(x, key);
}

/* Topological sort: a link comes when all that it rides on has come. */
static NsResult
order_links(NsRiskIndex *x)
{
	size_t		nlinks = x->in->nlinks;
	int32_t    *waits = ns_alloc_array(x->env, nlinks, sizeof(int32_t));
	int32_t    *fill = ns_alloc_array(x->env, nlinks, sizeof(int32_t));
	size_t		done = 0;

	x->order = ns_alloc_array(x->env, nlinks, sizeof(int32_t));
	if (waits == NULL || fill == NULL || x->order == NULL)
		return NS_NO_MEMORY;
	for (size_t i = 0; i < nlinks; i++)
		fill[i] = x->rider_start[i];
	for (size_t i = 0; i < nlinks; i++)
	{
		for (int32_t j = x->support_start[i]; j < x->support_start[i + 1]; j++)
		{
			if (ns_risk_stopped(x))
				return NS_INTERRUPTED;
			x->rider[fill[x->support_link[j]]++] = (int32_t) i;
		}
		waits[i] = x->support_start[i + 1] - x->support_start[i];
		if (waits[i] == 0)
			x->order[done++] = (int32_t) i;
	}
	for (size_t next = 0; next < done; next++)
	{
		int32_t		below = x->order[next];

		for (int32_t j = x->rider_start[below]; j < x->rider_start[below + 1]; j++)
		{
			if (ns_risk_stopped(x))
				return NS_INTERRUPTED;
			if (--waits[x->rider[j]] == 0)
				x->order[done++] = x->rider[j];
		}
	}
	return done == nlinks ? NS_OK : NS_BAD_INPUT;
}

/* ---- units ---- */

/* One key a unit: group, 0 for a link or 1 for a node, id of the element. */
static NsResult
unit_keys(NsRiskIndex *x, NsRiskKey **key)
{
	const NsRiskInput *in = x->in;
	size_t		n = in->nmembers + in->nsrlg_nodes;
	NsRiskKey  *k = ns_alloc_array(x->env, n, sizeof(NsRiskKey));

	if (k == NULL)
		return NS_NO_MEMORY;
	for (size_t i = 0; i < in->nmembers; i++)
	{
		const NsRiskMember *m = &in->member[i];

		if (ns_risk_stopped(x))
			return NS_INTERRUPTED;
		if (!fraction(m->share) || !fraction(m->probability))
			return NS_BAD_INPUT;
		k[i] = (NsRiskKey) {m->srlg_id, 0, m->link_id, (int32_t) i};
	}
	for (size_t i = 0; i < in->nsrlg_nodes; i++)
	{
		const NsRiskSrlgNode *m = &in->srlg_node[i];

		if (ns_risk_stopped(x))
			return NS_INTERRUPTED;
		if (!fraction(m->probability))
			return NS_BAD_INPUT;
		k[in->nmembers + i] = (NsRiskKey) {m->srlg_id, 1, m->node_id,
			(int32_t) i};
	}
	*key = k;
	return sort_unique(x, key, n);
}

static NsResult
alloc_units(NsRiskIndex *x)
{
	const NsRiskInput *in = x->in;
	size_t		n = in->nmembers + in->nsrlg_nodes;

	x->nunits = (int32_t) n;
	x->group_id = ns_alloc_array(x->env, n, sizeof(int64_t));
	x->unit_group = ns_alloc_array(x->env, n, sizeof(int32_t));
	x->unit_probability = ns_alloc_array(x->env, n, sizeof(double));
	x->unit_share = ns_alloc_array(x->env, n, sizeof(double));
	x->link_unit_start = ns_alloc_zero(x->env, in->nlinks + 1, sizeof(int32_t));
	x->link_unit = ns_alloc_array(x->env, in->nmembers, sizeof(int32_t));
	x->node_unit_start = ns_alloc_zero(x->env, in->nnodes + 1, sizeof(int32_t));
	x->node_unit = ns_alloc_array(x->env, in->nsrlg_nodes, sizeof(int32_t));
	if (x->group_id == NULL || x->unit_group == NULL ||
		x->unit_probability == NULL || x->unit_share == NULL ||
		x->link_unit_start == NULL || x->link_unit == NULL ||
		x->node_unit_start == NULL || x->node_unit == NULL)
		return NS_NO_MEMORY;
	return NS_OK;
}

/* Number the units and groups; element[u] is the position of u's element. */
static NsResult
number_units(NsRiskIndex *x, const NsRiskKey *key, int32_t *element)
{
	const NsRiskInput *in = x->in;

	for (int32_t u = 0; u < x->nunits; u++)
	{
		bool		node = key[u].b == 1;

		if (ns_risk_stopped(x))
			return NS_INTERRUPTED;
		element[u] = node ? ns_id_map_find(&x->node_map, key[u].c)
			: ns_id_map_find(&x->link_map, key[u].c);
		if (element[u] < 0)
			return NS_BAD_INPUT;
		if (u == 0 || key[u].a != key[u - 1].a)
			x->group_id[x->ngroups++] = key[u].a;
		x->unit_group[u] = x->ngroups - 1;
		x->unit_probability[u] = node ? in->srlg_node[key[u].pos].probability
			: in->member[key[u].pos].probability;
		x->unit_share[u] = node ? 1 : in->member[key[u].pos].share;
		if (node)
			x->node_unit_start[element[u] + 1]++;
		else
			x->link_unit_start[element[u] + 1]++;
	}
	counts_to_starts(x->node_unit_start, in->nnodes);
	counts_to_starts(x->link_unit_start, in->nlinks);
	return NS_OK;
}

static NsResult
index_units(NsRiskIndex *x)
{
	const NsRiskInput *in = x->in;
	NsRiskKey  *key;
	int32_t    *element;
	int32_t    *link_fill;
	int32_t    *node_fill;
	NsResult	rc;

	if ((rc = unit_keys(x, &key)) != NS_OK || (rc = alloc_units(x)) != NS_OK)
		return rc;
	element = ns_alloc_array(x->env, (size_t) x->nunits, sizeof(int32_t));
	link_fill = ns_alloc_array(x->env, in->nlinks, sizeof(int32_t));
	node_fill = ns_alloc_array(x->env, in->nnodes, sizeof(int32_t));
	if (element == NULL || link_fill == NULL || node_fill == NULL)
		return NS_NO_MEMORY;
	if ((rc = number_units(x, key, element)) != NS_OK)
		return rc;
	for (size_t i = 0; i < in->nlinks; i++)
		link_fill[i] = x->link_unit_start[i];
	for (size_t i = 0; i < in->nnodes; i++)
		node_fill[i] = x->node_unit_start[i];
	for (int32_t u = 0; u < x->nunits; u++)
	{
		if (ns_risk_stopped(x))
			return NS_INTERRUPTED;
		if (key[u].b == 1)
			x->node_unit[node_fill[element[u]]++] = u;
		else
			x->link_unit[link_fill[element[u]]++] = u;
	}
	return NS_OK;
}

NsResult
ns_risk_index(NsRiskIndex *x)
{
	const NsRiskInput *in = x->in;
	NsResult	rc;

	if (in->nnodes > NS_RISK_MAX_ROWS || in->nlinks > NS_RISK_MAX_ROWS ||
		in->nsupports > NS_RISK_MAX_ROWS || in->nmembers > NS_RISK_MAX_ROWS ||
		in->nsrlg_nodes > NS_RISK_MAX_ROWS - in->nmembers)
		return NS_TOO_LARGE;
	if ((rc = index_ids(x)) != NS_OK ||
		(rc = index_nodes(x)) != NS_OK ||
		(rc = index_links(x)) != NS_OK ||
		(rc = index_supports(x)) != NS_OK ||
		(rc = order_links(x)) != NS_OK)
		return rc;
	return index_units(x);
}
