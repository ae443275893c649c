/*-------------------------------------------------------------------------
 *
 * test_impact.c
 *	  What links lose when several are hit at once, against the definition of
 *	  risk.h taken word by word (risk_oracle.c); who reaches whom, against the
 *	  closure of all steps.
 *
 *-------------------------------------------------------------------------
 */
#include "impact.h"

#include <math.h>
#include <string.h>

#include "net.h"
#include "risk_oracle.h"
#include "unit.h"

#define MAX_LINKS	24
#define MAX_ROWS	RISK_ORACLE_ROWS
#define GROUP		7			/* the one event, for the oracle */

typedef struct Case
{
	NsImpactLink link[MAX_LINKS];
	NsRiskSupport support[MAX_ROWS];
	NsImpactInput in;

	/* the same for the oracle: what is hit is one group */
	NsRiskNode	node;
	NsRiskLink	risk_link[MAX_LINKS];
	NsRiskMember member[MAX_LINKS];
	NsRiskInput risk;
} Case;

static double
some_capacity(void)
{
	static const double some[] = {100, 100, 100, 400, 10, 40, 0, 0.1, 0.7, 1e300};

	return unit_chance(0.07) ? NAN : some[unit_below(10)];
}

static void
mirror(Case *c)
{
	c->node = (NsRiskNode) {1, 0, true};
	c->risk = (NsRiskInput) {
		.node = &c->node,.nnodes = 1,
		.link = c->risk_link,.nlinks = c->in.nlinks,
		.support = c->support,.nsupports = c->in.nsupports,
		.member = c->member
	};
	for (size_t i = 0; i < c->in.nlinks; i++)
	{
		const NsImpactLink *link = &c->link[i];

		c->risk_link[i] = (NsRiskLink) {link->id, 1, 1,
			fmin(link->capacity_gbps, 1e290), true, link->lost};
		if (isnan(link->capacity_gbps))
			c->risk_link[i].capacity_gbps = NAN;
		if (link->lost > 0)
			c->member[c->risk.nmembers++] =
				(NsRiskMember) {GROUP, link->id, link->lost, 1};
	}
}

static void
random_case(Case *c)
{
	int			nlinks = 1 + unit_below(MAX_LINKS);
	double		hit = unit_uniform();

	memset(c, 0, sizeof(*c));
	for (int i = 0; i < nlinks; i++)
		c->link[i] = (NsImpactLink) {500 + 7 * ((5 * i) % 29), 3 * i / nlinks,
			some_capacity(),
			unit_chance(0.7) ? unit_chance(hit) : unit_uniform()};
	c->in = (NsImpactInput) {.link = c->link,.nlinks = (size_t) nlinks,.support = c->support};
	for (int i = 0; i < nlinks; i++)
		for (int rows = unit_below(6); rows > 0 && c->in.nsupports < MAX_ROWS; rows--)
		{
			int			below = unit_below(nlinks);

			if (c->link[below].level < c->link[i].level)
				c->support[c->in.nsupports++] = (NsRiskSupport) {c->link[i].id,
					unit_below(4) - 1, c->link[below].id};
		}
	for (int i = nlinks - 1; i > 0; i--)
	{
		int			with = unit_below(i + 1);
		NsImpactLink swap = c->link[i];

		c->link[i] = c->link[with];
		c->link[with] = swap;
	}
	for (int i = (int) c->in.nsupports - 1; i > 0; i--)
	{
		int			with = unit_below(i + 1);
		NsRiskSupport swap = c->support[i];

		c->support[i] = c->support[with];
		c->support[with] = swap;
	}
	mirror(c);
}

static void
test_shares(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		static Case c;
		RiskQuestion q = {.in = &c.risk,.group = GROUP};
		UnitEnv		u;
		double	   *share;

		unit_case("shares of random layers", i);
		unit_env_init(&u);
		random_case(&c);
		if (UNIT_CHECK(ns_impact_shares(&u.env, &c.in, &share) == NS_OK, "it fails"))
			for (size_t j = 0; j < c.in.nlinks; j++)
			{
				double		right = 1 - risk_kept_below(&q, &c.risk_link[j]);
				double		drained = 1 - risk_carried(&c.risk, &c.risk_link[j]);

				UNIT_CHECK(fabs(share[j] - right) < 1e-8,
						   "link %lld loses %.17g, not %.17g",
						   (long long) c.link[j].id, share[j], right);
				UNIT_CHECK(fabs(share[j] - drained) < 1e-8,
						   "link %lld loses %.17g, and %.17g when drained",
						   (long long) c.link[j].id, share[j], drained);
			}
		unit_env_drop(&u);
	}
}

/* The example of the documentation: a 1+1 pair, a bundle, a tunnel on it. */
static void
test_pair(void)
{
	static const struct
	{
		double		lost[2];
		double		pair;
		double		bundle;
	}			want[] = {{{0, 0}, 0, 0}, {{1, 0}, 0, 0.25}, {{0, 1}, 0, 0.25}, {{1, 1}, 1, 0.5}};

	for (int i = 0; i < 4; i++)
	{
		NsImpactLink link[] = {
			{1, 1, 100, want[i].lost[0]}, {2, 1, 100, want[i].lost[1]},
			{3, 1, 100, 0}, {4, 1, 100, 0},
			{10, 4, 100, 0}, {11, 4, 400, 0}, {12, 5, 50, 0},
		};
		NsRiskSupport support[] = {
			{10, 1, 1}, {10, 2, 2}, {11, 1, 1}, {11, 2, 2}, {11, 3, 3},
			{11, 4, 4}, {12, 1, 11}, {12, 1, 10},
		};
		NsImpactInput in = {link, 7, support, 8};
		UnitEnv		u;
		double	   *share;

		unit_case("a pair and a bundle", i);
		unit_env_init(&u);
		if (UNIT_CHECK(ns_impact_shares(&u.env, &in, &share) == NS_OK, "it fails"))
		{
			UNIT_CHECK(share[4] == want[i].pair, "the pair loses %g", share[4]);
			UNIT_CHECK(share[5] == want[i].bundle, "the bundle loses %g", share[5]);
			UNIT_CHECK(share[6] == fmax(want[i].pair, want[i].bundle),
					   "the tunnel loses %g", share[6]);
		}
		unit_env_drop(&u);
	}
}

static void
test_refused(void)
{
	static const NsImpactLink fine[] = {{1, 1, 100, 1}, {2, 2, NAN, 0}};
	static const NsRiskSupport rides = {2, 1, 1};

	for (int i = 0; i < 9; i++)
	{
		NsImpactLink link[2];
		NsRiskSupport support = rides;
		NsImpactInput in = {link, 2, &support, 1};
		UnitEnv		u;
		double	   *share;
		NsResult	rc;

		unit_case("what is refused", i);
		unit_env_init(&u);
		memcpy(link, fine, sizeof(fine));
		if (i == 1)
			link[1].id = 1;
		else if (i == 2)
			support.link_id = 3;
		else if (i == 3)
			support.supporting_link_id = 3;
		else if (i == 4)
			link[1].level = 1;
		else if (i == 5)
			link[0].lost = 1.5;
		else if (i == 6)
			link[0].lost = NAN;
		else if (i == 7)
			link[0].capacity_gbps = -1;
		else if (i == 8)
			link[0].capacity_gbps = INFINITY;
		rc = ns_impact_shares(&u.env, &in, &share);
		UNIT_CHECK(rc == (i == 0 ? NS_OK : NS_BAD_INPUT), "it gives %d", (int) rc);
		unit_env_drop(&u);
	}
}

/* ---- who reaches whom ---- */

/* reach[a * n + z]: does some series of steps lead from a to z? */
static bool *
closure(UnitEnv *u, const NsGraph *g, const uint64_t *gone)
{
	int32_t		n = g->nnodes;
	bool	   *reach = unit_alloc(u, (size_t) (n * n), sizeof(bool));

	for (int32_t i = 0; i < g->nlinks; i++)
	{
		const int32_t *end = ns_link_end(g, i);

		if (!ns_link_up(g, i) || (gone != NULL && ns_bit_get(gone, i)))
			continue;
		reach[end[0] * n + end[1]] = true;
		if (!ns_link_directed(g, i))
			reach[end[1] * n + end[0]] = true;
	}
	for (int32_t k = 0; k < n; k++)
		for (int32_t a = 0; a < n; a++)
			for (int32_t z = 0; z < n; z++)
				reach[a * n + z] |= reach[a * n + k] && reach[k * n + z];
	return reach;
}

static void
test_connected(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		NetShape	shape = {0};
		Net			net;
		NsGraph    *g;
		uint64_t	gone[8] = {0};
		NsImpactPair pair[40];
		bool	   *connected;

		unit_case("who reaches whom", i);
		unit_env_init(&u);
		shape.nodes = 2 + unit_below(14);
		shape.links = unit_below(30);
		shape.directed = unit_chance(0.5) ? 0 : unit_uniform();
		shape.down = 0.1;
		net_random(&u, &shape, &net);
		if (!UNIT_CHECK(net_graph(&u, &net, &g) == NS_OK, "no graph"))
			continue;
		for (int32_t j = 0; j < g->nlinks; j++)
			if (unit_chance(0.3))
				ns_bit_set(gone, j);
		for (int j = 0; j < 40; j++)
			pair[j] = (NsImpactPair) {unit_below(g->nnodes), unit_below(g->nnodes)};
		for (int with = 0; with < 2; with++)
		{
			const uint64_t *left_out = with ? gone : NULL;
			const bool *reach = closure(&u, g, left_out);

			if (UNIT_CHECK(ns_impact_connected(&u.env, g, left_out, pair, 40,
											   &connected) == NS_OK, "it fails"))
				for (int j = 0; j < 40; j++)
					UNIT_CHECK(connected[j] ==
							   (pair[j].src == pair[j].dst ||
								reach[pair[j].src * g->nnodes + pair[j].dst]),
							   "from %d to %d: %d", pair[j].src, pair[j].dst,
							   connected[j]);
		}
		unit_env_drop(&u);
	}
}

/* ---- short of memory, and stopped ---- */

static NsResult
attempt_shares(UnitEnv *u, void *state)
{
	double	   *share;

	return ns_impact_shares(&u->env, &((Case *) state)->in, &share);
}

static void
test_failures(void)
{
	static Case c;

	unit_case("short of memory, and stopped", 0);
	do
		random_case(&c);
	while (c.in.nsupports < 10);
	unit_fail_each(attempt_shares, &c, true, 100);
	unit_fail_each(attempt_shares, &c, false, 100);
}

int
main(void)
{
	unit_begin("impact");
	test_shares(unit_cases(2000, 200000));
	test_pair();
	test_refused();
	test_connected(unit_cases(500, 20000));
	test_failures();
	return unit_end();
}
