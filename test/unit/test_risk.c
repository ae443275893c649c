/*-------------------------------------------------------------------------
 *
 * test_risk.c
 *	  Derived memberships and carried capacity, against the definition of
 *	  risk.h taken word by word (risk_oracle.c) on random layers of links.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "risk_oracle.h"
#include "unit.h"

#define MAX_NODES	24
#define MAX_LINKS	24
#define MAX_ROWS	RISK_ORACLE_ROWS

typedef struct Case
{
	NsRiskNode	node[MAX_NODES];
	NsRiskLink	link[MAX_LINKS];
	NsRiskSupport support[MAX_ROWS];
	NsRiskMember member[MAX_ROWS];
	NsRiskSrlgNode down[MAX_ROWS];
	NsRiskInput in;
} Case;

/* ---- comparison ---- */

static bool
near(double x, double y)
{
	return fabs(x - y) < 1e-6;
}

static void
check_link(const NsRiskInput *in, const NsRiskResult *r, size_t i,
		   const int64_t *group, int ngroups)
{
	const NsRiskLink *link = &in->link[i];
	double		carried = risk_carried(in, link);
	size_t		row = r->start[i];
	bool		up = link->in_service && !risk_node_down(in, link->a_node_id) &&
		!risk_node_down(in, link->z_node_id) && carried > 1e-9;

	UNIT_CHECK(near(r->carried[i], carried), "link %lld carries %.17g, not %.17g",
			   (long long) link->id, r->carried[i], carried);
	UNIT_CHECK(r->up[i] == up, "link %lld is up: %d, not %d",
			   (long long) link->id, r->up[i], up);
	for (int g = 0; g < ngroups; g++)
	{
		RiskQuestion	q = {.in = in,.group = group[g]};
		double		probability = risk_probability(&q, link->id);
		double		share = 1 - risk_kept_below(&q, link);
		const NsDerivedMembership *m = &r->membership[row];

		if (probability < 0)
			continue;
		if (!UNIT_CHECK(row < r->start[i + 1] && m->srlg_id == group[g],
						"link %lld is not in group %lld or not in order",
						(long long) link->id, (long long) group[g]))
			return;
		UNIT_CHECK(near((double) m->share, share) &&
				   (m->share == 0) == (share < 1e-9),
				   "link %lld, group %lld: share %.9g, not %.17g",
				   (long long) link->id, (long long) group[g],
				   (double) m->share, share);
		UNIT_CHECK(near((double) m->probability, probability),
				   "link %lld, group %lld: probability %.9g, not %.17g",
				   (long long) link->id, (long long) group[g],
				   (double) m->probability, probability);
		row++;
	}
	UNIT_CHECK(row == r->start[i + 1], "link %lld has %zu memberships too many",
			   (long long) link->id, r->start[i + 1] - row);
}

static void
check_nodes(const NsRiskInput *in, const NsRiskResult *r, const int64_t *group,
			int ngroups)
{
	size_t		expected = 0;

	for (size_t i = 0; i < in->nnodes; i++)
	{
		UNIT_CHECK(r->node_up[i] == !risk_node_down(in, in->node[i].id),
				   "node %lld is up: %d", (long long) in->node[i].id,
				   r->node_up[i]);
		for (int g = 0; g < ngroups; g++)
			expected += risk_node_hit(in, group[g], in->node[i].id);
	}
	UNIT_CHECK(r->nsrlg_nodes == expected, "%zu nodes taken down, not %zu",
			   r->nsrlg_nodes, expected);
	for (size_t i = 0; i < r->nsrlg_nodes; i++)
	{
		const NsRiskSrlgNode *row = &r->srlg_node[i];
		const NsRiskSrlgNode *before = &r->srlg_node[i == 0 ? 0 : i - 1];

		UNIT_CHECK(risk_node_hit(in, row->srlg_id, row->node_id) &&
				   near(row->probability,
						risk_node_probability(in, row->srlg_id, row->node_id)),
				   "group %lld takes node %lld down with probability %g",
				   (long long) row->srlg_id, (long long) row->node_id,
				   row->probability);
		UNIT_CHECK(i == 0 || before->srlg_id < row->srlg_id ||
				   (before->srlg_id == row->srlg_id &&
					before->node_id < row->node_id), "rows are not in order");
	}
}

/* ---- random cases ---- */

static double
some_fraction(void)
{
	static const double some[] = {0, 0.1, 0.25, 0.5, 1.0 / 3, 0.9, 1};

	return unit_chance(0.3) ? 1 : some[unit_below(7)];
}

static double
some_capacity(void)
{
	static const double some[] = {100, 100, 100, 400, 10, 40, 0, 0.1, 0.7};

	return unit_chance(0.07) ? NAN : some[unit_below(9)];
}

/* Layer of the i-th of n elements, from 0; riders are in higher layers. */
static int
layer_of(int i, int n)
{
	return 4 * i / n;
}

static void
random_elements(Case *c, int nnodes, int nlinks)
{
	double		healthy = unit_chance(0.3) ? 1 : 0.9;

	for (int i = 0; i < nnodes; i++)
	{
		int			beneath = unit_below(i + 1);

		c->node[i] = (NsRiskNode) {100 + i, 0, unit_chance(healthy)};
		if (layer_of(beneath, nnodes) < layer_of(i, nnodes))
			c->node[i].supporting_node_id = 100 + beneath;
	}
	for (int i = 0; i < nlinks; i++)
		c->link[i] = (NsRiskLink) {500 + 3 * i, 100 + unit_below(nnodes),
			100 + unit_below(nnodes), some_capacity(), unit_chance(healthy),
		unit_chance(0.8) ? 0 : unit_chance(0.5) ? 1 : unit_uniform()};
}

static int
random_supports(Case *c, int nlinks)
{
	int			n = 0;

	for (int i = 0; i < nlinks; i++)
	{
		int			rows = unit_below(5);

		for (int j = 0; j < rows && n < MAX_ROWS; j++)
		{
			int			beneath = unit_below(i + 1);

			if (layer_of(beneath, nlinks) < layer_of(i, nlinks))
				c->support[n++] = (NsRiskSupport) {c->link[i].id,
					unit_below(4) - 1, c->link[beneath].id};
		}
	}
	return n;
}

static int
random_members(Case *c, const int64_t *group, int ngroups, int nlinks)
{
	int			n = 0;

	for (int g = 0; g < ngroups; g++)
		for (int i = 0; i < nlinks && n < MAX_ROWS; i++)
			if (unit_chance(0.15))
				c->member[n++] = (NsRiskMember) {group[g], c->link[i].id,
					some_fraction(), some_fraction()};
	return n;
}

static int
random_downs(Case *c, const int64_t *group, int ngroups, int nnodes)
{
	int			n = 0;

	for (int g = 0; g < ngroups; g++)
		for (int i = 0; i < nnodes && n < MAX_ROWS; i++)
			if (unit_chance(0.03))
				c->down[n++] = (NsRiskSrlgNode) {group[g], c->node[i].id,
					some_fraction()};
	return n;
}

#define SHUFFLE_ROWS(array, n) \
	do { \
		for (int row = (int) (n) - 1; row > 0; row--) \
		{ \
			int			with = unit_below(row + 1); \
			__typeof__((array)[0]) swap = (array)[row]; \
			(array)[row] = (array)[with]; \
			(array)[with] = swap; \
		} \
	} while (0)

static void
shuffle(Case *c)
{
	SHUFFLE_ROWS(c->node, c->in.nnodes);
	SHUFFLE_ROWS(c->link, c->in.nlinks);
	SHUFFLE_ROWS(c->support, c->in.nsupports);
	SHUFFLE_ROWS(c->member, c->in.nmembers);
	SHUFFLE_ROWS(c->down, c->in.nsrlg_nodes);
}

static void
random_case(Case *c, const int64_t *group, int ngroups)
{
	int			nnodes = 1 + unit_below(MAX_NODES);
	int			nlinks = 1 + unit_below(MAX_LINKS);

	random_elements(c, nnodes, nlinks);
	c->in = (NsRiskInput) {
		.node = c->node,.nnodes = (size_t) nnodes,
		.link = c->link,.nlinks = (size_t) nlinks,
		.support = c->support,.nsupports = (size_t) random_supports(c, nlinks),
		.member = c->member,.srlg_node = c->down
	};
	c->in.nmembers = (size_t) random_members(c, group, ngroups, nlinks);
	c->in.nsrlg_nodes = (size_t) random_downs(c, group, ngroups, nnodes);
	shuffle(c);
}

/* The same for the same rows in another order, to the last bit. */
static void
check_order(UnitEnv *u, const Case *c, const NsRiskResult *r)
{
	Case		other = *c;
	NsRiskResult s;

	other.in.node = other.node;
	other.in.link = other.link;
	other.in.support = other.support;
	other.in.member = other.member;
	other.in.srlg_node = other.down;
	shuffle(&other);
	if (!UNIT_CHECK(ns_risk_derive(&u->env, &other.in, &s) == NS_OK,
					"shuffled rows fail"))
		return;
	for (size_t i = 0; i < c->in.nlinks; i++)
	{
		size_t		j = (size_t) (risk_link_of(&other.in, c->link[i].id) - other.link);
		size_t		n = r->start[i + 1] - r->start[i];

		UNIT_CHECK(r->carried[i] == s.carried[j] && r->up[i] == s.up[j] &&
				   n == s.start[j + 1] - s.start[j] &&
				   memcmp(&r->membership[r->start[i]],
						  &s.membership[s.start[j]],
						  n * sizeof(NsDerivedMembership)) == 0,
				   "link %lld depends on the order of rows",
				   (long long) c->link[i].id);
	}
}

static void
test_random(int cases)
{
	static const int64_t group[] = {-9, -2, 1, 2, 7, 1000000000000};

	for (int i = 0; i < cases; i++)
	{
		static Case c;
		UnitEnv		u;
		NsRiskResult r;

		unit_case("random layers", i);
		unit_env_init(&u);
		random_case(&c, group, 6);
		if (UNIT_CHECK(ns_risk_derive(&u.env, &c.in, &r) == NS_OK, "it fails"))
		{
			UNIT_CHECK(r.start[0] == 0, "memberships start at %zu", r.start[0]);
			for (size_t j = 0; j < c.in.nlinks; j++)
				check_link(&c.in, &r, j, group, 6);
			check_nodes(&c.in, &r, group, 6);
			check_order(&u, &c, &r);
		}
		unit_env_drop(&u);
	}
}

/* ---- the examples of the design ---- */

/* Four circuits (ids 1 .. 4) and what rides on them (10 and 11). */
typedef struct Example
{
	UnitEnv		u;
	NsRiskNode	node[2];
	NsRiskLink	link[6];
	NsRiskSupport support[8];
	NsRiskMember member[4];
	NsRiskInput in;
	NsRiskResult r;
} Example;

static void
example_init(Example *e, const char *name)
{
	unit_case(name, 0);
	memset(e, 0, sizeof(*e));
	unit_env_init(&e->u);
	for (int i = 0; i < 2; i++)
		e->node[i] = (NsRiskNode) {i + 1, 0, true};
	for (int i = 0; i < 6; i++)
		e->link[i] = (NsRiskLink) {i < 4 ? i + 1 : i + 6, 1, 2, 100, true, 0};
	e->in = (NsRiskInput) {.node = e->node,.nnodes = 2,.link = e->link,
	.nlinks = 6,.support = e->support,.member = e->member};
}

static void
ride(Example *e, int64_t link, int32_t member, int64_t beneath)
{
	e->support[e->in.nsupports++] = (NsRiskSupport) {link, member, beneath};
}

static void
belong(Example *e, int64_t group, int64_t link, double share, double probability)
{
	e->member[e->in.nmembers++] = (NsRiskMember) {group, link, share, probability};
}

/* Of the first group of the link at this position. */
static void
expect(Example *e, size_t link, float share, double probability)
{
	const NsDerivedMembership *m;

	if (e->r.start == NULL &&
		!UNIT_CHECK(ns_risk_derive(&e->u.env, &e->in, &e->r) == NS_OK, "it fails"))
		return;
	m = &e->r.membership[e->r.start[link]];
	UNIT_CHECK(e->r.start[link + 1] - e->r.start[link] == 1 &&
			   m->share == share && near((double) m->probability, probability),
			   "share %.9g, not %.9g; probability %.9g, not %.9g",
			   (double) m->share, (double) share, (double) m->probability,
			   probability);
}

static void
test_bundle(void)
{
	Example		e;

	example_init(&e, "four equal circuits lose a quarter each");
	e.link[4].capacity_gbps = 400;
	for (int i = 1; i <= 4; i++)
		ride(&e, 10, i, i);
	belong(&e, 7, 3, 1, 0.5);
	e.link[0].in_service = false;
	expect(&e, 4, 0.25f, 0.5);
	UNIT_CHECK(e.r.carried[4] == 0.75 && e.r.up[4], "carried %g", e.r.carried[4]);
	UNIT_CHECK(e.r.carried[0] == 1 && !e.r.up[0], "the circuit itself");
	unit_env_drop(&e.u);

	example_init(&e, "what a drain takes is not carried");
	e.link[4].capacity_gbps = 400;
	for (int i = 1; i <= 4; i++)
		ride(&e, 10, i, i);
	ride(&e, 11, 1, 10);
	belong(&e, 7, 3, 1, 0.5);
	e.link[0].drained = 1;
	e.link[1].drained = 0.5;
	expect(&e, 4, 0.25f, 0.5);
	UNIT_CHECK(e.r.carried[0] == 0 && !e.r.up[0], "taken whole");
	UNIT_CHECK(e.r.carried[1] == 0.5 && e.r.up[1], "in part");
	UNIT_CHECK(e.r.carried[4] == 0.625 && e.r.up[4], "carried %g", e.r.carried[4]);
	UNIT_CHECK(e.r.carried[5] == 0.625 && e.r.up[5], "carried %g", e.r.carried[5]);
	unit_env_drop(&e.u);

	example_init(&e, "members of unknown capacity count alike");
	e.link[4].capacity_gbps = NAN;
	e.link[0].capacity_gbps = 1;
	for (int i = 1; i <= 4; i++)
		ride(&e, 10, i, i);
	belong(&e, 7, 1, 1, 0.5);
	belong(&e, 7, 3, 0.5, 0.5);
	expect(&e, 4, 0.375f, 0.75);
	unit_env_drop(&e.u);

	example_init(&e, "capacities near the largest double");
	for (int i = 0; i < 5; i++)
		e.link[i].capacity_gbps = 1.7e308;
	for (int i = 1; i <= 4; i++)
		ride(&e, 10, i, i);
	ride(&e, 11, 1, 10);
	ride(&e, 11, 2, 1);
	belong(&e, 7, 3, 1, 0.5);
	belong(&e, 7, 4, 1, 0.5);
	expect(&e, 4, 0, 0.75);
	expect(&e, 5, 0, 0.75);
	UNIT_CHECK(e.r.carried[4] == 1 && e.r.carried[5] == 1, "carried %g, %g",
			   e.r.carried[4], e.r.carried[5]);
	unit_env_drop(&e.u);

	example_init(&e, "rounding leaves no trace of a share");
	e.link[0].capacity_gbps = 0.7;
	e.link[1].capacity_gbps = 0.1;
	e.link[2].capacity_gbps = 0.8;
	e.link[4].capacity_gbps = 0.8;
	for (int i = 1; i <= 3; i++)
		ride(&e, 10, i, i);
	belong(&e, 7, 3, 1, 1);
	expect(&e, 4, 0, 1);
	unit_env_drop(&e.u);
}

static void
test_series(void)
{
	Example		e;

	example_init(&e, "1+1 loses nothing to one cut, all to both");
	ride(&e, 10, 1, 1);
	ride(&e, 10, 2, 2);
	ride(&e, 11, 1, 1);
	ride(&e, 11, 2, 2);
	belong(&e, 7, 1, 1, 0.5);
	expect(&e, 4, 0, 0.5);
	e.r.start = NULL;
	belong(&e, 7, 2, 1, 0.5);
	expect(&e, 4, 1, 0.75);
	unit_env_drop(&e.u);

	example_init(&e, "a tunnel loses as much as its worst link");
	for (int i = 1; i <= 4; i++)
		ride(&e, 10, 1, i);
	belong(&e, 7, 2, 0.5, 0.1);
	belong(&e, 7, 3, 0.25, 0.1);
	expect(&e, 4, 0.5f, 0.19);
	unit_env_drop(&e.u);

	example_init(&e, "one unit reached by many ways is hit once");
	ride(&e, 10, 1, 1);
	ride(&e, 10, 1, 2);
	ride(&e, 10, 2, 1);
	ride(&e, 11, 1, 10);
	ride(&e, 11, 2, 1);
	ride(&e, 11, 3, 1);
	belong(&e, 7, 1, 1, 0.5);
	expect(&e, 5, 1, 0.5);
	unit_env_drop(&e.u);

	example_init(&e, "what is configured for the link itself counts if greater");
	ride(&e, 10, 1, 1);
	ride(&e, 10, 2, 2);
	ride(&e, 11, 1, 10);
	belong(&e, 7, 1, 1, 0.5);
	belong(&e, 7, 10, 0.1, 0.5);
	expect(&e, 4, 0.1f, 0.75);
	expect(&e, 5, 0.1f, 0.75);
	unit_env_drop(&e.u);

	example_init(&e, "small probabilities add up");
	ride(&e, 10, 1, 1);
	ride(&e, 10, 1, 2);
	belong(&e, 7, 1, 1, 1e-12);
	belong(&e, 7, 2, 1, 1e-12);
	expect(&e, 4, 1, 2e-12);
	UNIT_CHECK(fabs((double) e.r.membership[e.r.start[4]].probability - 2e-12) <
			   1e-18, "probability %g",
			   (double) e.r.membership[e.r.start[4]].probability);
	unit_env_drop(&e.u);
}

/* ---- bad input ---- */

static void
expect_result(Example *e, const char *what, NsResult expected)
{
	NsResult	rc;

	unit_case(what, 1);
	rc = ns_risk_derive(&e->u.env, &e->in, &e->r);
	UNIT_CHECK(rc == expected, "result %d, not %d", rc, expected);
}

static void
test_bad_input(void)
{
	NsRiskSrlgNode down[] = {{9, 1, 1}, {9, 1, 1}};
	Example		e;

	example_init(&e, "good input");
	ride(&e, 10, 1, 1);
	ride(&e, 11, 1, 10);
	belong(&e, 7, 1, 1, 1);
	e.in.srlg_node = down;
	e.in.nsrlg_nodes = 1;
	UNIT_CHECK(ns_risk_derive(&e.u.env, &e.in, &e.r) == NS_OK, "it fails");
	e.in.nsrlg_nodes = 2;
	expect_result(&e, "a node of a group twice", NS_BAD_INPUT);
	e.in.nsrlg_nodes = 1;
	down[0].node_id = 3;
	expect_result(&e, "a group's node that is not there", NS_BAD_INPUT);
	down[0].node_id = 1;

	ride(&e, 1, 1, 11);
	expect_result(&e, "a cycle of three links", NS_BAD_INPUT);
	e.support[2].supporting_link_id = 1;
	expect_result(&e, "a link on itself", NS_BAD_INPUT);
	e.support[2].supporting_link_id = 77;
	expect_result(&e, "a supporting link that is not there", NS_BAD_INPUT);
	e.support[2] = (NsRiskSupport) {77, 1, 1};
	expect_result(&e, "a supported link that is not there", NS_BAD_INPUT);
	e.support[2] = (NsRiskSupport) {11, 1, 10};
	expect_result(&e, "the same support twice in one member", NS_OK);
	e.in.nsupports = 2;

	e.node[0].supporting_node_id = 2;
	expect_result(&e, "a node on a node", NS_OK);
	e.node[1].supporting_node_id = 1;
	expect_result(&e, "a cycle of nodes", NS_BAD_INPUT);
	e.node[1].supporting_node_id = 2;
	expect_result(&e, "a node on itself", NS_BAD_INPUT);
	e.node[1].supporting_node_id = 5;
	expect_result(&e, "a supporting node that is not there", NS_BAD_INPUT);
	e.node[1].supporting_node_id = 0;

	e.node[1].id = 1;
	expect_result(&e, "a node id twice", NS_BAD_INPUT);
	e.node[1].id = 2;
	e.link[5].id = 1;
	expect_result(&e, "a link id twice", NS_BAD_INPUT);
	e.link[5].id = 11;
	e.link[5].z_node_id = 8;
	expect_result(&e, "an end that is not there", NS_BAD_INPUT);
	e.link[5].z_node_id = 2;
	belong(&e, 7, 1, 1, 1);
	expect_result(&e, "a membership twice", NS_BAD_INPUT);
	e.member[1].link_id = 99;
	expect_result(&e, "a member that is not there", NS_BAD_INPUT);
	e.member[1] = (NsRiskMember) {7, 2, NAN, 1};
	expect_result(&e, "a share that is no number", NS_BAD_INPUT);
	e.member[1] = (NsRiskMember) {7, 2, 1, 1.5};
	expect_result(&e, "a probability above 1", NS_BAD_INPUT);
	e.in.nmembers = SIZE_MAX;
	expect_result(&e, "too many rows", NS_TOO_LARGE);
	e.in = (NsRiskInput) {0};
	expect_result(&e, "nothing at all", NS_OK);
	unit_env_drop(&e.u);
}

/* ---- size and failures ---- */

static NsResult
derive(UnitEnv *u, void *state)
{
	NsRiskResult r;

	return ns_risk_derive(&u->env, state, &r);
}

static void
test_failures(void)
{
	static const int64_t group[] = {1, 2, 3};
	static Case c;

	unit_case("failing allocator", 0);
	do
		random_case(&c, group, 3);
	while (c.in.nmembers < 5 || c.in.nsupports < 5 || c.in.nsrlg_nodes == 0);
	unit_fail_each(derive, &c.in, true, 1000);
}

/* 20,000 links, each riding on two of the layer beneath, four layers. */
static void
test_layers(void)
{
	enum
	{
		LAYER = 5000, LAYERS = 4, MEMBERS = 2000
	};
	UnitEnv		u;
	NsRiskNode	node[2] = {{1, 0, true}, {2, 0, true}};
	NsRiskLink *link;
	NsRiskSupport *support;
	NsRiskMember *member;
	NsRiskInput in = {.node = node,.nnodes = 2};
	NsRiskResult r;

	unit_case("four layers of 5,000 links", 0);
	unit_env_init(&u);
	link = unit_alloc(&u, LAYERS * LAYER, sizeof(*link));
	support = unit_alloc(&u, 2 * LAYERS * LAYER, sizeof(*support));
	member = unit_alloc(&u, MEMBERS, sizeof(*member));
	in.link = link;
	in.support = support;
	in.member = member;
	for (int i = 0; i < LAYERS * LAYER; i++)
	{
		link[in.nlinks++] = (NsRiskLink) {i + 1, 1, 2, 10, true, 0};
		for (int j = 0; j < 2 && i >= LAYER; j++)
			support[in.nsupports++] = (NsRiskSupport) {i + 1, j,
				i / LAYER * LAYER - unit_below(LAYER)};
	}
	for (int i = 0; i < MEMBERS; i++)
		member[in.nmembers++] = (NsRiskMember) {i / 2, i + 1, 1, 0.01};
	UNIT_CHECK(ns_risk_derive(&u.env, &in, &r) == NS_OK, "it fails");
	UNIT_CHECK(u.checks > 5, "only %lld interrupt checks", (long long) u.checks);
	UNIT_CHECK(u.bytes < 40000000, "it takes %zu bytes", u.bytes);
	unit_case("interrupts", 0);
	unit_fail_each(derive, &in, false, 20);
	unit_env_drop(&u);
}

/* A chain of 100,000 links and one of nodes: no recursion anywhere. */
static void
test_depth(void)
{
	enum
	{
		DEPTH = 100000
	};
	UnitEnv		u;
	NsRiskNode *node;
	NsRiskLink *link;
	NsRiskSupport *support;
	NsRiskMember member = {1, 1, 0.5, 0.5};
	NsRiskSrlgNode down = {2, 1, 0.5};
	NsRiskInput in = {.nnodes = DEPTH,.nlinks = DEPTH,.nsupports = DEPTH - 1,
		.member = &member,.nmembers = 1,.srlg_node = &down,.nsrlg_nodes = 1
	};
	NsRiskResult r;

	unit_case("a chain of 100,000 links", 0);
	unit_env_init(&u);
	in.node = node = unit_alloc(&u, DEPTH, sizeof(*node));
	in.link = link = unit_alloc(&u, DEPTH, sizeof(*link));
	in.support = support = unit_alloc(&u, DEPTH, sizeof(*support));
	for (int i = 0; i < DEPTH; i++)
	{
		node[i] = (NsRiskNode) {i + 1, i, true};
		link[i] = (NsRiskLink) {i + 1, DEPTH, DEPTH, 10, true, 0};
		if (i > 0)
			support[i - 1] = (NsRiskSupport) {i + 1, 1, i};
	}
	if (UNIT_CHECK(ns_risk_derive(&u.env, &in, &r) == NS_OK, "it fails"))
	{
		const NsDerivedMembership *m = &r.membership[r.start[DEPTH - 1]];

		UNIT_CHECK(m[0].share == 0.5f && m[0].probability == 0.5f &&
				   m[1].share == 1 && m[1].probability == 0.5f,
				   "the top of the chain");
		UNIT_CHECK(r.nsrlg_nodes == DEPTH, "%zu nodes taken down", r.nsrlg_nodes);
	}
	unit_env_drop(&u);
}

int
main(void)
{
	unit_begin("risk");
	test_random(unit_cases(1000, 20000));
	test_bundle();
	test_series();
	test_bad_input();
	test_failures();
	test_layers();
	test_depth();
	return unit_end();
}
