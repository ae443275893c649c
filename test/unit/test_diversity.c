/*-------------------------------------------------------------------------
 *
 * test_diversity.c
 *	  What two links share, against the definition of diversity.h taken word by
 *	  word on random layers of links.
 *
 * Groups with ids below 0 are handed over as those of the plant.
 *
 *-------------------------------------------------------------------------
 */
#include "diversity.h"

#include <math.h>
#include <string.h>

#include "unit.h"

#define MAX_NODES	16
#define MAX_LINKS	16
#define MAX_ROWS	96
#define NGROUPS		10
#define MAX_SHARED	64

static int64_t group_id[NGROUPS];

typedef struct Case
{
	NsRiskNode	node[MAX_NODES];
	NsRiskLink	link[MAX_LINKS];
	NsRiskSupport support[MAX_ROWS];
	NsRiskMember member[MAX_ROWS];
	NsRiskSrlgNode down[MAX_ROWS];
	NsRiskInput in;

	NsRiskResult whole;			/* as derived */
	NsRiskResult split;			/* those of the plant in lists */
	NsElement	waived[4];
	NsDiversityRule rule;
} Case;

/* ---- random cases ---- */

static void
make_group_ids(void)
{
	const int64_t id[NGROUPS] = {
		1, 2, 500000,
		ns_risk_id(NS_RISK_SPAN, 7), ns_risk_id(NS_RISK_SITE, 7),
		ns_risk_id(NS_RISK_CORRIDOR, ns_stretch_id(7, 0, 0)),
		ns_risk_id(NS_RISK_CORRIDOR, ns_stretch_id(7, 3, 0)),
		ns_risk_id(NS_RISK_CORRIDOR_SIDE, ns_stretch_id(7, 3, 2)),
		ns_risk_id(NS_RISK_CROSSING, ns_span_pair_id(3, 4)),
		ns_risk_id(NS_RISK_PROXIMITY, ns_span_pair_id(3, 4))
	};

	memcpy(group_id, id, sizeof(id));
}

static double
some_fraction(void)
{
	static const double some[] = {0, 0.1, 0.25, 0.5, 0.9};

	return unit_chance(0.5) ? 1 : some[unit_below(5)];
}

static void
random_rows(Case *c)
{
	int			nnodes = 2 + unit_below(MAX_NODES - 1);
	int			nlinks = 2 + unit_below(MAX_LINKS - 1);

	memset(c, 0, sizeof(*c));
	for (int i = 0; i < nnodes; i++)
	{
		int			beneath = unit_below(i + 1);

		c->node[i] = (NsRiskNode) {100 + i, 0, true};
		if (4 * beneath / nnodes < 4 * i / nnodes && unit_chance(0.7))
			c->node[i].supporting_node_id = 100 + beneath;
	}
	for (int i = 0; i < nlinks; i++)
	{
		/* those asked about, the first ones, may ride on each other */
		c->link[i] = (NsRiskLink) {500 + 3 * i, 100 + unit_below(nnodes),
			100 + unit_below(nnodes), unit_chance(0.5) ? 100 : NAN, true, 0};
		for (int j = unit_below(4); j > 0 && i < nlinks - 1 && c->in.nsupports < MAX_ROWS; j--)
			c->support[c->in.nsupports++] = (NsRiskSupport) {500 + 3 * i, j,
				500 + 3 * (i + 1 + unit_below(nlinks - 1 - i))};
	}
	for (int g = 0; g < NGROUPS; g++)
	{
		for (int i = 0; i < nlinks && c->in.nmembers < MAX_ROWS; i++)
			if (unit_chance(0.12))
				c->member[c->in.nmembers++] = (NsRiskMember) {group_id[g],
					c->link[i].id, some_fraction(), some_fraction()};
		for (int i = 0; i < nnodes && c->in.nsrlg_nodes < MAX_ROWS; i++)
			if (unit_chance(0.05))
				c->down[c->in.nsrlg_nodes++] = (NsRiskSrlgNode) {group_id[g],
					c->node[i].id, some_fraction()};
	}
	c->in.node = c->node;
	c->in.nnodes = (size_t) nnodes;
	c->in.link = c->link;
	c->in.nlinks = (size_t) nlinks;
	c->in.nown = 1 + (size_t) unit_below(nlinks);
	c->in.support = c->support;
	c->in.member = c->member;
	c->in.srlg_node = c->down;
}

static void
random_rule(Case *c)
{
	static const NsElement some[] = {
		{NS_ELEMENT_SPAN, 7}, {NS_ELEMENT_CORRIDOR, 7}, {NS_ELEMENT_SRLG, 1},
		{NS_ELEMENT_SITE, 7}, {NS_ELEMENT_LINK, 503}, {NS_ELEMENT_NODE, 101}
	};

	c->rule = (NsDiversityRule) {unit_chance(0.5), unit_chance(0.8),
		unit_chance(0.5) ? 0 : some_fraction(), unit_chance(0.5) ? 0 : some_fraction(),
		0, c->waived, (size_t) unit_below(4)};
	for (size_t i = 0; i < c->rule.nwaived; i++)
		c->waived[i] = some[unit_below(6)];
}

/* Put the groups of the plant into lists, with numbers in another order. */
static void
split(UnitEnv *u, Case *c)
{
	const NsRiskResult *w = &c->whole;
	size_t		end = w->start[c->in.nlinks];
	NsGroupMember *row = unit_alloc(u, end + 1, sizeof(NsGroupMember));
	size_t	   *start = unit_alloc(u, c->in.nlinks, sizeof(size_t));
	size_t	   *count = unit_alloc(u, c->in.nlinks, sizeof(size_t));
	int64_t    *id = unit_alloc(u, NGROUPS, sizeof(int64_t));
	NsDerivedMembership *stated = unit_alloc(u, end + 1, sizeof(NsDerivedMembership));
	size_t	   *stated_start = unit_alloc(u, c->in.nlinks + 1, sizeof(size_t));
	size_t		n = 0;
	size_t		nstated = 0;

	for (int g = 0; g < NGROUPS; g++)
		id[g] = group_id[NGROUPS - 1 - g];
	for (size_t i = 0; i < c->in.nlinks; i++)
	{
		start[i] = n;
		stated_start[i] = nstated;
		for (size_t j = w->start[i]; j < w->start[i + 1]; j++)
		{
			const NsDerivedMembership *m = &w->membership[j];
			int32_t		g = 0;

			while (id[g] != m->srlg_id)
				g++;
			if (m->srlg_id > 0)
				stated[nstated++] = *m;
			else if (i < c->in.nown)
				row[n++] = (NsGroupMember) {g, m->share, m->probability};
		}
		count[i] = n - start[i];
	}
	stated_start[c->in.nlinks] = nstated;
	c->split = *w;
	c->split.membership = stated;
	c->split.start = stated_start;
	if (n > 0 || unit_chance(0.5))
		c->split.plant = (NsGroupLists) {id, NGROUPS, row, start, count};
}

/* ---- the definition ---- */

static const NsRiskNode *
node_of(const Case *c, int64_t id)
{
	for (size_t i = 0; i < c->in.nnodes; i++)
		if (c->node[i].id == id)
			return &c->node[i];
	return NULL;
}

/* Is link "below" in S(x)? */
static bool
rides_on(const Case *c, int64_t x, int64_t below)
{
	if (x == below)
		return true;
	for (size_t i = 0; i < c->in.nsupports; i++)
		if (c->support[i].link_id == x &&
			rides_on(c, c->support[i].supporting_link_id, below))
			return true;
	return false;
}

/* Is the node this one, or beneath it? */
static bool
is_beneath(const Case *c, int64_t from, int64_t id)
{
	while (from != 0 && from != id)
		from = node_of(c, from)->supporting_node_id;
	return from == id;
}

static bool
is_inner(const Case *c, const NsRiskLink *x, int64_t id)
{
	if (is_beneath(c, x->a_node_id, id) || is_beneath(c, x->z_node_id, id))
		return false;
	for (size_t i = 0; i < c->in.nlinks; i++)
		if (rides_on(c, x->id, c->link[i].id) &&
			(is_beneath(c, c->link[i].a_node_id, id) ||
			 is_beneath(c, c->link[i].z_node_id, id)))
			return true;
	return false;
}

/* Its membership, if it counts. */
static const NsDerivedMembership *
counting_member(const Case *c, size_t link, int64_t group)
{
	for (size_t i = c->whole.start[link]; i < c->whole.start[link + 1]; i++)
	{
		const NsDerivedMembership *m = &c->whole.membership[i];

		if (m->srlg_id == group && m->share > 0 &&
			m->share >= (float) c->rule.min_share &&
			m->probability >= (float) c->rule.min_probability)
			return m;
	}
	return NULL;
}

static bool
takes_end(const Case *c, const NsRiskLink *x, int64_t group)
{
	for (size_t i = 0; i < c->whole.nsrlg_nodes; i++)
	{
		const NsRiskSrlgNode *s = &c->whole.srlg_node[i];

		if (s->srlg_id == group && s->probability > 0 &&
			(float) s->probability >= (float) c->rule.min_probability &&
			(s->node_id == x->a_node_id || s->node_id == x->z_node_id))
			return true;
	}
	return false;
}

static NsElement
element_of(int64_t group)
{
	int64_t		e = ns_risk_element(group);

	if (group > 0)
		return (NsElement) {NS_ELEMENT_SRLG, group};
	switch (ns_risk_code(group))
	{
		case NS_RISK_SPAN:
			return (NsElement) {NS_ELEMENT_SPAN, e};
		case NS_RISK_SITE:
			return (NsElement) {NS_ELEMENT_SITE, e};
		case NS_RISK_CORRIDOR:
		case NS_RISK_CORRIDOR_SIDE:
			return (NsElement) {NS_ELEMENT_CORRIDOR, e >> 26};
		default:
			return (NsElement) {NS_ELEMENT_SPAN_PAIR, e};
	}
}

static size_t
oracle(const Case *c, size_t a, size_t b, NsShared *out)
{
	const NsRiskLink *x = &c->link[a];
	const NsRiskLink *y = &c->link[b];
	size_t		n = 0;

	for (size_t i = 0; i < c->in.nlinks; i++)
		if (rides_on(c, x->id, c->link[i].id) && rides_on(c, y->id, c->link[i].id))
			out[n++] = (NsShared) {{NS_ELEMENT_LINK, c->link[i].id}, 0, {1, 1}, {1, 1}, -1};
	for (size_t i = 0; i < c->in.nnodes && c->rule.node; i++)
		if (is_inner(c, x, c->node[i].id) && is_inner(c, y, c->node[i].id))
			out[n++] = (NsShared) {{NS_ELEMENT_NODE, c->node[i].id}, 0, {1, 1}, {1, 1}, -1};
	for (int g = 0; g < NGROUPS && c->rule.srlg; g++)
	{
		const NsDerivedMembership *of_x = counting_member(c, a, group_id[g]);
		const NsDerivedMembership *of_y = counting_member(c, b, group_id[g]);

		if (of_x != NULL && of_y != NULL &&
			!(takes_end(c, x, group_id[g]) && takes_end(c, y, group_id[g])))
			out[n++] = (NsShared) {element_of(group_id[g]), group_id[g],
				{of_x->share, of_y->share}, {of_x->probability, of_y->probability}, -1};
	}
	return n;
}

static bool
is_waived(const Case *c, NsElement e)
{
	for (size_t i = 0; i < c->rule.nwaived; i++)
		if (c->waived[i].kind == e.kind && c->waived[i].id == e.id)
			return true;
	return false;
}

/* ---- comparison ---- */

static int
order_of(const NsShared *x, const NsShared *y)
{
	if (x->element.kind != y->element.kind)
		return x->element.kind < y->element.kind ? -1 : 1;
	if (x->element.id != y->element.id)
		return x->element.id < y->element.id ? -1 : 1;
	return (x->srlg_id > y->srlg_id) - (x->srlg_id < y->srlg_id);
}

static void
check_pair(Case *c, NsDiversity *d, size_t a, size_t b)
{
	NsShared	expected[MAX_SHARED];
	size_t		n = oracle(c, a, b, expected);
	size_t		counting;
	size_t		nwant = 0;
	const NsShared *shared;
	size_t		nshared;

	for (size_t i = 0; i < n; i++)
	{
		bool		again = false;

		for (size_t j = 0; j < i; j++)
			again = again || (expected[j].element.kind == expected[i].element.kind &&
							  expected[j].element.id == expected[i].element.id);
		nwant += !again && !is_waived(c, expected[i].element);
	}
	if (!UNIT_CHECK(ns_diversity_shared(d, (int32_t) a, (int32_t) b, &c->rule, &shared,
										&nshared, &counting) == NS_OK, "it fails"))
		return;
	UNIT_CHECK(nshared == n && counting == nwant,
			   "links %zu and %zu share %zu, of which %zu count, not %zu and %zu",
			   a, b, nshared, counting, n, nwant);
	for (size_t i = 0; i < nshared; i++)
	{
		const NsShared *s = &shared[i];
		size_t		j = 0;

		UNIT_CHECK(i == 0 || order_of(&shared[i - 1], s) < 0, "not in order");
		while (j < n && order_of(&expected[j], s) != 0)
			j++;
		if (!UNIT_CHECK(j < n, "links %zu and %zu do not share %d %lld", a, b,
						(int) s->element.kind, (long long) s->element.id))
			continue;
		UNIT_CHECK(memcmp(s->share, expected[j].share, sizeof(s->share)) == 0 &&
				   memcmp(s->probability, expected[j].probability,
						  sizeof(s->probability)) == 0, "other shares or probabilities");
		UNIT_CHECK((s->waiver >= 0) == is_waived(c, s->element), "waived: %d",
				   s->waiver);
	}
}

static void
test_random(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		static Case c;
		NsDiversity d;
		UnitEnv		u;

		unit_case("random layers", i);
		unit_env_init(&u);
		random_rows(&c);
		if (UNIT_CHECK(ns_risk_derive(&u.env, &c.in, &c.whole) == NS_OK, "no derivation"))
		{
			split(&u, &c);
			UNIT_CHECK(ns_diversity_make(&u.env, &c.in, &c.split, &d) == NS_OK, "it fails");
			for (size_t a = 0; a < c.in.nown; a++)
				for (size_t b = 0; b < c.in.nown; b++)
				{
					random_rule(&c);
					if (a != b)
						check_pair(&c, &d, a, b);
				}
		}
		unit_env_drop(&u);
	}
}

/* ---- failures ---- */

static NsResult
attempt(UnitEnv *u, void *state)
{
	Case	   *c = state;
	NsDiversity d;
	const NsShared *shared;
	size_t		n;
	size_t		counting;
	NsResult	result = ns_diversity_make(&u->env, &c->in, &c->split, &d);

	if (result == NS_OK)
		result = ns_diversity_shared(&d, 0, 1, &c->rule, &shared, &n, &counting);
	return result;
}

static void
test_failures(void)
{
	static Case c;
	UnitEnv		u;

	unit_case("memory that ends, and interruptions", 0);
	unit_env_init(&u);
	do
	{
		random_rows(&c);
	} while (c.in.nown < 2 || c.in.nsupports < 4);
	c.rule = (NsDiversityRule) {true, true, 0, 0, 0, NULL, 0};
	if (UNIT_CHECK(ns_risk_derive(&u.env, &c.in, &c.whole) == NS_OK, "no derivation"))
	{
		split(&u, &c);
		unit_fail_each(attempt, &c, true, 200);
		unit_fail_each(attempt, &c, false, 20);
	}
	unit_env_drop(&u);
}

int
main(void)
{
	unit_begin("diversity");
	make_group_ids();
	test_random(unit_cases(2000, 100000));
	test_failures();
	return unit_end();
}
