/*-------------------------------------------------------------------------
 *
 * disjoint_risk.c
 *	  The risks of a query: groups above its thresholds, links, and nodes where
 *	  these count.
 *
 * Risks with the same links are one risk: the least number stands for all, the
 * others are off, and its price is that of all together.
 *
 *-------------------------------------------------------------------------
 */
#include "disjoint_int.h"

/*
 * Groups that do not count: ignored ones, and those that take down an end, with
 * a probability that counts.
 */
static NsResult
mark_counting(NsEnv *env, const NsGraph *g, const NsDisjointQuery *query,
			  RiskTable *t)
{
	NS_NEED(t->counts = ns_alloc_array(env, (size_t) g->nsrlgs, sizeof(bool)));
	for (int32_t i = 0; i < g->nsrlgs; i++)
	{
		NsNumbers	nodes = ns_srlg_nodes(g, i);

		t->counts[i] = true;
		for (int32_t j = 0; j < nodes.n; j++)
		{
			int32_t		node = nodes.number[j];

			if ((node == query->path.src || node == query->path.dst) &&
				ns_srlg_node_probability(g, i)[j] >= (float) query->min_probability)
				t->counts[i] = false;
		}
	}
	for (size_t i = 0; i < query->ignore_srlgs.n; i++)
	{
		int32_t		srlg = ns_graph_find_srlg(g, query->ignore_srlgs.id[i]);

		if (srlg >= 0)
			t->counts[srlg] = false;
	}
	return NS_OK;
}

/* Copy the memberships that reach the thresholds, both ways. */
static NsResult
apply_thresholds(NsEnv *env, const NsGraph *g, const NsDisjointQuery *query,
				 RiskTable *t)
{
	size_t		rows = (size_t) g->nmemberships;
	int32_t    *srlg_start = ns_alloc_zero(env, (size_t) g->nsrlgs + 1, sizeof(int32_t));
	int32_t    *srlg_link = ns_alloc_array(env, rows, sizeof(int32_t));
	int32_t    *link_start = ns_alloc_zero(env, (size_t) g->nlinks + 1, sizeof(int32_t));
	int32_t    *link_srlg = ns_alloc_array(env, rows, sizeof(int32_t));
	int32_t    *next = ns_alloc_array(env, (size_t) g->nlinks, sizeof(int32_t));
	int32_t		n = 0;

	NS_NEED(srlg_start);
	NS_NEED(srlg_link);
	NS_NEED(link_start);
	NS_NEED(link_srlg);
	NS_NEED(next);
	for (int32_t i = 0; i < g->nsrlgs; i++)
	{
		NsNumbers	links = ns_srlg_links(g, i);
		const float *share = ns_srlg_share(g, i);
		const float *probability = ns_srlg_probability(g, i);

		for (int32_t j = 0; j < links.n; j++)
		{
			/* as float, as they are stored: 0.1 reaches 0.1 */
			if (share[j] < (float) query->min_share ||
				probability[j] < (float) query->min_probability)
				continue;
			srlg_link[n++] = links.number[j];
			link_start[links.number[j] + 1]++;
		}
		srlg_start[i + 1] = n;
	}
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		link_start[i + 1] += link_start[i];
		next[i] = link_start[i];
	}
	for (int32_t i = 0; i < g->nsrlgs; i++)
	{
		for (int32_t j = srlg_start[i]; j < srlg_start[i + 1]; j++)
			link_srlg[next[srlg_link[j]]++] = i;
	}
	t->srlg_start = srlg_start;
	t->srlg_link = srlg_link;
	t->link_start = link_start;
	t->link_srlg = link_srlg;
	return NS_OK;
}

/* The links at each node, each once, ascending. */
static NsResult
list_node_links(NsEnv *env, const NsGraph *g, RiskTable *t)
{
	int32_t    *start = ns_alloc_zero(env, (size_t) g->nnodes + 2, sizeof(int32_t));

	NS_NEED(start);
	NS_NEED(t->node_link = ns_alloc_array(env, 2 * (size_t) g->nup, sizeof(int32_t)));

	/* start[i + 1] is where node i goes on while filling, its end afterwards */
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		const int32_t *end = ns_link_end(g, i);

		if (!ns_link_up(g, i))
			continue;
		start[end[0] + 2]++;
		start[end[1] + 2]++;
	}
	for (int32_t i = 0; i < g->nnodes; i++)
		start[i + 2] += start[i + 1];
	for (int32_t i = 0; i < g->nlinks; i++)
	{
		const int32_t *end = ns_link_end(g, i);

		if (!ns_link_up(g, i))
			continue;
		t->node_link[start[end[0] + 1]++] = i;
		t->node_link[start[end[1] + 1]++] = i;
	}
	t->node_start = start;
	return NS_OK;
}

static bool
same_set(const RiskTable *t, int32_t a, int32_t b)
{
	int32_t		own[2];
	int32_t		n[2];
	const int32_t *link[2];

	link[0] = risk_links(t, a, &own[0], &n[0]);
	link[1] = risk_links(t, b, &own[1], &n[1]);
	return n[0] == n[1] &&
		memcmp(link[0], link[1], (size_t) n[0] * sizeof(int32_t)) == 0;
}

/* Let risk b, which has the same links as a, be counted by a. */
static void
merge_into(RiskTable *t, int32_t a, int32_t b)
{
	t->price[a] += t->price[b];
	ns_bit_set(t->off, b);
}

/*
 * A group equal to a node's links: look at the groups of one of its links.
 * (Lists are ascending on both sides, so equal sets are equal arrays.)
 */
static void
merge_node(RiskTable *t, int32_t risk)
{
	int32_t		own;
	int32_t		n;
	const int32_t *link = risk_links(t, risk, &own, &n);
	NsNumbers	srlgs = link_srlgs(t, link[0]);

	for (int32_t i = 0; i < srlgs.n; i++)
	{
		int32_t		srlg = srlgs.number[i];

		if (!ns_bit_get(t->off, srlg) && same_set(t, srlg, risk))
		{
			merge_into(t, risk, srlg);
			return;
		}
	}
}

/*
 * Prices, and one number for equal risks.  Equal groups are known from the
 * graph, unless thresholds have changed them; then they stay apart, which is
 * slower but no less right.
 */
static NsResult
set_prices(NsEnv *env, RiskTable *t, const NsDisjointQuery *query,
		   bool thresholds)
{
	const NsGraph *g = t->graph;
	int32_t    *stands = ns_alloc_array(env, (size_t) g->nsrlgs, sizeof(int32_t));

	NS_NEED(stands);
	NS_NEED(t->off = ns_alloc_zero(env, t->words, sizeof(uint64_t)));
	NS_NEED(t->price = ns_alloc_array(env, (size_t) t->nrisks, sizeof(int64_t)));
	for (int32_t i = 0; i < t->nrisks; i++)
		t->price[i] = i < t->first_link ? PRICE_SRLG
			: i < t->first_node ? PRICE_LINK : PRICE_NODE;

	for (int32_t i = 0; i < g->nsrlgs; i++)
		stands[i] = -1;
	for (int32_t i = 0; i < g->nsrlgs; i++)
	{
		int32_t		n = risk_size(t, i);
		int32_t		twin = thresholds ? i : ns_srlg_twin(g, i);

		if (!query->srlg || !t->counts[i] || n == 0)
			ns_bit_set(t->off, i);
		else if (n == 1)
			merge_into(t, t->first_link + srlg_links(t, i).number[0], i);
		else if (stands[twin] < 0)
			stands[twin] = i;
		else
			merge_into(t, stands[twin], i);
	}
	for (int32_t i = t->first_node; i < t->nrisks; i++)
	{
		int32_t		node = i - t->first_node;

		if (node == query->path.src || node == query->path.dst ||
			risk_size(t, i) == 0)
			ns_bit_set(t->off, i);
		else if (risk_size(t, i) == 1)
			ns_bit_set(t->off, i);	/* a dead end: no path has it inside */
		else
			merge_node(t, i);
	}
	return NS_OK;
}

NsResult
risk_table_build(NsEnv *env, const NsGraph *g, const NsDisjointQuery *query,
				 RiskTable *t)
{
	bool		thresholds = query->min_share > 0 || query->min_probability > 0;

	*t = (RiskTable) {.graph = g};
	t->first_link = g->nsrlgs;
	t->first_node = t->first_link + g->nlinks;
	t->nrisks = t->first_node + (query->node ? g->nnodes : 0);
	t->words = ns_bits_words(t->nrisks);
	t->link_words = ns_bits_words(g->nlinks);

	NS_TRY(mark_counting(env, g, query, t));
	if (thresholds)
		NS_TRY(apply_thresholds(env, g, query, t));
	if (query->node)
		NS_TRY(list_node_links(env, g, t));
	return set_prices(env, t, query, thresholds);
}
