/*-------------------------------------------------------------------------
 *
 * test_contention.c
 *	  What bypasses do to links, against the words of contention.h: all paths
 *	  enumerated, each group and each link an event of its own, all pairs tried.
 *
 *-------------------------------------------------------------------------
 */
#include "contention.h"

#include <math.h>
#include <string.h>

#include "oracle.h"

#define MAX_LINKS	20
#define MAX_SLOTS	(2 * MAX_LINKS)
#define MAX_TUNNELS	8
#define MAX_RISKS	40
#define ROOM		20000		/* pairs of risks and slots */

typedef struct Case
{
	Net			net;
	NsGraph    *g;
	NsContentionQuery query;
	double		load[MAX_SLOTS];
	double		capacity[MAX_LINKS];
	int64_t		avoid_link[MAX_LINKS];
	uint32_t	avoided;
	NsTunnel	tunnel[MAX_TUNNELS];
	int32_t		tunnel_link[MAX_TUNNELS][ORACLE_NODES];
	NsOccurrence srlg[MAX_RISKS];
	NsOccurrence link[MAX_LINKS];
} Case;

/* ---- what is asked ---- */

static NsOccurrence
some_occurrence(void)
{
	static const double mtbf[] = {100, 8760, 8760, 8760, 50000};
	static const double mttr[] = {0, 0.05, 4, 12};

	return (NsOccurrence) {unit_chance(0.4) ? NAN : mtbf[unit_below(5)],
		unit_chance(0.3) ? NAN : mttr[unit_below(4)]};
}

/* Some path that leads along a slot, or one that is out of service. */
static void
add_tunnel(UnitEnv *u, Case *c)
{
	NsTunnel   *t = &c->tunnel[c->query.ntunnels];
	int32_t		link = unit_below(c->net.nlinks);
	bool		back = unit_chance(0.5);
	NsPathQuery query = {
		.src = back ? c->net.link[link].z : c->net.link[link].a,
		.dst = back ? c->net.link[link].a : c->net.link[link].z,
		.cost = NS_COST_HOPS
	};
	OraclePaths all = {0};

	*t = (NsTunnel) {.slot = NS_SLOT(link, back)};
	oracle_paths(u, &c->net, &query, &all);
	if (all.n > 0 && unit_chance(0.9))
	{
		const OraclePath *path = &all.path[unit_below(all.n)];

		memcpy(c->tunnel_link[c->query.ntunnels], path->link, sizeof(path->link));
		t->link = c->tunnel_link[c->query.ntunnels];
		t->nlinks = path->nlinks;
	}
	c->query.ntunnels++;
}

static bool
random_case(UnitEnv *u, Case *c)
{
	NetShape	shape = {0};
	bool		avoids;

	shape.nodes = 2 + unit_below(6);
	shape.links = 1 + unit_below(14);
	shape.groups = unit_below(8);
	shape.members = 1 + 2 * unit_uniform();
	shape.downs = unit_chance(0.5) ? 0 : 0.7;
	shape.directed = unit_chance(0.6) ? 0 : unit_uniform();
	shape.down = unit_chance(0.6) ? 0 : 0.1;
	shape.partial = unit_chance(0.5);
	memset(c, 0, sizeof(*c));
	net_random(u, &shape, &c->net);
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
		net_costs(&c->net, kind, unit_below(8));
	if (!UNIT_CHECK(net_graph(u, &c->net, &c->g) == NS_OK, "no graph"))
		return false;
	c->query = (NsContentionQuery) {
		.cost = (NsCostKind) unit_below(NS_COSTS),
		.avoid_links = {c->avoid_link, 0},
		.load = c->load,.capacity = c->capacity,.tunnel = c->tunnel,
		.srlg = unit_chance(0.1) ? NULL : c->srlg,
		.link = unit_chance(0.1) ? NULL : c->link,
		.recompute_hours = unit_chance(0.1) ? 0 : 300.0 / 3600,
		.most = unit_chance(0.5) ? 10000 : unit_below(10)
	};
	avoids = unit_chance(0.3);
	for (int32_t i = 0; i < c->net.nlinks; i++)
	{
		bool		gone = avoids && unit_chance(0.1);

		if (gone)
		{
			c->avoid_link[c->query.avoid_links.n++] = c->net.link_id[i];
			c->avoided |= 1u << i;
		}
		c->capacity[i] = unit_chance(0.1) ? NAN : 10.0 * unit_below(8);
		c->link[i] = some_occurrence();
		for (int back = 0; back < (c->net.link[i].directed ? 1 : 2); back++)
			if (c->net.link[i].up && !gone && unit_chance(0.7))
				c->load[NS_SLOT(i, back)] = 5.0 * unit_below(8);
	}
	for (int32_t i = 0; i < c->net.ngroups; i++)
		c->srlg[i] = some_occurrence();
	for (int i = unit_chance(0.5) ? 0 : unit_below(MAX_TUNNELS); i > 0; i--)
		add_tunnel(u, c);
	return true;
}

/* ---- one risk, by the words ---- */

typedef struct Risk
{
	int32_t		group;			/* -1: the link by itself */
	int32_t		link;
	uint32_t	hit;			/* links */
	float		share[MAX_LINKS];
	uint32_t	down;			/* nodes */
	double		added[MAX_SLOTS];
	double		moved;
	double		unprotected;
	int32_t		event;			/* of the answer */
} Risk;

/* Does the path around a link have to avoid the group? */
static bool
group_counts(const Case *c, int32_t group, int32_t link)
{
	const NetLink *l = &c->net.link[link];

	for (int32_t i = 0; i < c->net.ndowns; i++)
	{
		const NetDown *d = &c->net.down[i];

		if (d->group == group && d->probability > 0 && (d->node == l->a || d->node == l->z))
			return false;
	}
	return true;
}

static uint32_t
group_links(const Case *c, int32_t group)
{
	uint32_t	links = 0;

	for (int32_t i = 0; i < c->net.nmembers; i++)
	{
		const NetMember *m = &c->net.member[i];

		if (m->group == group && m->share > 0 && c->net.link[m->link].up)
			links |= 1u << m->link;
	}
	return links;
}

/* Links that the path around this one has to avoid. */
static uint32_t
links_around(const Case *c, int32_t link)
{
	uint32_t	dead = 1u << link | c->avoided;

	for (int32_t i = 0; i < c->net.ngroups; i++)
		if (group_links(c, i) >> link & 1 && group_counts(c, i, link))
			dead |= group_links(c, i);
	return dead;
}

/* Capacity that a path has for a link, of which no more than its own is asked. */
static double
width_for(const Case *c, const OraclePath *path, int32_t link)
{
	double		least = INFINITY;

	for (int32_t i = 0; i < path->nlinks; i++)
		least = fmin(least, c->capacity[path->link[i]]);
	return isnan(c->capacity[link]) || least >= c->capacity[link] ? INFINITY : least;
}

/* The path around a slot; *found false: none. */
static OraclePath
path_around(UnitEnv *u, const Case *c, int32_t slot, bool *found)
{
	const NetLink *l = &c->net.link[NS_SLOT_LINK(slot)];
	bool		turn = !c->g->directed && (slot & 1) == 1;
	bool		back = turn ? false : slot & 1;
	NsPathQuery query = {.src = back ? l->z : l->a,.dst = back ? l->a : l->z,
	.cost = c->query.cost};
	uint32_t	dead = links_around(c, NS_SLOT_LINK(slot));
	OraclePaths all = {0};
	OraclePath	path = {0};
	double		widest = -1;

	oracle_paths(u, &c->net, &query, &all);
	*found = false;
	for (int32_t i = 0; i < all.n; i++)
	{
		double		wide = width_for(c, &all.path[i], NS_SLOT_LINK(slot));

		if ((all.path[i].links & dead) != 0 || wide <= widest)
			continue;
		*found = true;
		widest = wide;
		path = all.path[i];
	}
	for (int32_t i = 0; turn && *found && i < path.nlinks / 2; i++)
	{
		int32_t		swap = path.link[i];

		path.link[i] = path.link[path.nlinks - 1 - i];
		path.link[path.nlinks - 1 - i] = swap;
	}
	return path;
}

/* The bypass of a slot while these links are hit. */
static OraclePath
bypass_of(UnitEnv *u, const Case *c, int32_t slot, uint32_t hit, bool *found)
{
	bool		any = false;

	*found = false;
	for (size_t i = 0; i < c->query.ntunnels; i++)
	{
		const NsTunnel *t = &c->tunnel[i];
		OraclePath	path = {.nlinks = t->nlinks};

		if (t->slot != slot)
			continue;
		any = true;
		for (int32_t j = 0; j < t->nlinks; j++)
		{
			path.link[j] = t->link[j];
			path.links |= 1u << t->link[j];
		}
		if (t->link == NULL || (path.links & hit) != 0)
			continue;
		*found = true;
		return path;
	}
	return any ? (OraclePath) {0} : path_around(u, c, slot, found);
}

static void
load_path(const Case *c, const OraclePath *path, int32_t slot, double gbps,
		  double *added)
{
	const NetLink *l = &c->net.link[NS_SLOT_LINK(slot)];
	int32_t		node = slot & 1 ? l->z : l->a;

	for (int32_t i = 0; i < path->nlinks; i++)
	{
		const NetLink *on = &c->net.link[path->link[i]];

		added[NS_SLOT(path->link[i], on->a != node)] += gbps;
		node = on->a == node ? on->z : on->a;
	}
}

/* What it adds where, leaving out bypasses that cross cut. */
static void
strike(UnitEnv *u, const Case *c, Risk *r, uint32_t cut, double *added)
{
	r->moved = r->unprotected = 0;
	memset(added, 0, MAX_SLOTS * sizeof(double));
	for (int32_t slot = 0; slot < 2 * c->net.nlinks; slot++)
	{
		int32_t		link = NS_SLOT_LINK(slot);
		const NetLink *l = &c->net.link[link];
		double		gbps = round(r->share[link] * 100) / 100 * c->load[slot];
		bool		found = false;
		OraclePath	path;

		if (!(r->hit >> link & 1) || gbps == 0)
			continue;
		if (!(r->down >> l->a & 1) && !(r->down >> l->z & 1))
			path = bypass_of(u, c, slot, r->hit, &found);
		if (!found)
		{
			r->unprotected += gbps;
			continue;
		}
		r->moved += gbps;
		if ((path.links & cut) == 0)
			load_path(c, &path, slot, gbps, added);
	}
}

static int
make_risks(UnitEnv *u, const Case *c, Risk *risk)
{
	int			n = 0;

	for (int32_t i = 0; i < c->net.ngroups + c->net.nlinks; i++)
	{
		Risk	   *r = &risk[n];

		memset(r, 0, sizeof(*r));
		r->group = i < c->net.ngroups ? i : -1;
		r->link = i - c->net.ngroups;
		r->event = -1;
		if (r->group >= 0)
		{
			r->hit = group_links(c, i);
			for (int32_t j = 0; j < c->net.nmembers; j++)
				if (c->net.member[j].group == i)
					r->share[c->net.member[j].link] = c->net.member[j].share;
			for (int32_t j = 0; j < c->net.ndowns; j++)
				if (c->net.down[j].group == i && c->net.down[j].probability > 0)
					r->down |= 1u << c->net.down[j].node;
		}
		else if (c->net.link[r->link].up)
		{
			r->hit = 1u << r->link;
			r->share[r->link] = 1;
		}
		strike(u, c, r, 0, r->added);
		if (r->moved + r->unprotected > 0)
			n++;
	}
	return n;
}

static double
overflow(const Case *c, int32_t slot, double added)
{
	double		capacity = c->capacity[NS_SLOT_LINK(slot)];
	double		over = c->load[slot] + added - capacity;

	return !isnan(capacity) && over > 1e-9 * capacity ? over : 0;
}

/* ---- single events ---- */

static bool
near(double a, double b)
{
	return fabs(a - b) <= 1e-9 * (1 + fabs(b));
}

/* Find the event that a risk belongs to; it must be just one. */
static void
find_event(const Case *c, const NsContention *answer, Risk *r)
{
	for (int32_t i = 0; i < answer->nevents; i++)
	{
		const NsContentionEvent *e = &answer->event[i];
		bool		here = r->group < 0 && e->link == r->link;

		for (int32_t j = 0; j < e->nsrlgs; j++)
			here |= r->group >= 0 &&
				ns_srlg_id(c->g, e->srlg[j]) == c->net.group_id[r->group];
		if (here && UNIT_CHECK(r->event < 0, "group %d, link %d: in two events",
							   r->group, r->link))
			r->event = i;
	}
	UNIT_CHECK(r->event >= 0, "group %d, link %d: in no event", r->group, r->link);
}

static void
check_event(const Case *c, const NsContention *answer, const Risk *r)
{
	const NsContentionEvent *e = &answer->event[r->event];
	size_t		nover = 0;
	double		worst = 0;

	UNIT_CHECK(near(e->moved, r->moved) && near(e->unprotected, r->unprotected),
			   "group %d, link %d: %g moves, %g does not; not %g and %g", r->group,
			   r->link, e->moved, e->unprotected, r->moved, r->unprotected);
	for (int32_t slot = 0; slot < 2 * c->net.nlinks; slot++)
	{
		double		over = r->added[slot] > 0 ? overflow(c, slot, r->added[slot]) : 0;

		if (over == 0)
			continue;
		nover++;
		worst = fmax(worst, over);
		for (size_t i = 0;; i++)
		{
			const NsOver *o = &answer->over[e->first_over + i];

			if (!UNIT_CHECK(i < e->nover, "slot %d overflows by %g", slot, over))
				break;
			if (o->slot != slot)
				continue;
			UNIT_CHECK(near(o->over, over) && near(o->added, r->added[slot]),
					   "slot %d: %g above, not %g", slot, o->over, over);
			break;
		}
	}
	UNIT_CHECK(e->nover == nover && near(e->worst, worst), "%zu slots overflow, not %zu (worst %g, not %g)",
			   e->nover, nover, e->worst, worst);
}

/* Risks alike are one event; its rate is the sum of theirs. */
static void
check_events(const Case *c, const NsContention *answer, Risk *risk, int n)
{
	int32_t		nevents = 0;

	for (int i = 0; i < n; i++)
	{
		bool		first = true;

		find_event(c, answer, &risk[i]);
		for (int j = 0; j < i; j++)
		{
			bool		alike = risk[i].hit == risk[j].hit && risk[i].down == risk[j].down;

			for (int32_t l = 0; l < c->net.nlinks; l++)
				alike = alike && (!(risk[i].hit >> l & 1) || risk[i].share[l] == risk[j].share[l]);
			UNIT_CHECK(alike == (risk[i].event == risk[j].event),
					   "alike %d: events %d and %d", alike, risk[i].event, risk[j].event);
			first = first && !alike;
		}
		nevents += first;
	}
	UNIT_CHECK(answer->nevents == nevents, "%d events, not %d", answer->nevents, nevents);
	for (int i = 0; i < n; i++)
		if (risk[i].event >= 0)
			check_event(c, answer, &risk[i]);
	for (int32_t i = 0; i < answer->nevents; i++)
	{
		const NsContentionEvent *e = &answer->event[i];
		double		rate = NAN;
		double		in_window = 0;

		for (int j = 0; j < n; j++)
		{
			bool		group = risk[j].group >= 0;
			const NsOccurrence *o = group ? c->query.srlg : c->query.link;

			if (risk[j].event != i || o == NULL)
				continue;
			o += group ? ns_graph_find_srlg(c->g, c->net.group_id[risk[j].group]) : risk[j].link;
			if (isnan(o->mtbf_hours))
				continue;
			rate = (isnan(rate) ? 0 : rate) + 1 / o->mtbf_hours;
			in_window += fmin(o->mttr_hours, c->query.recompute_hours) / o->mtbf_hours;
		}
		UNIT_CHECK(isnan(rate) ? isnan(e->per_hour) : near(e->per_hour, rate),
				   "event %d: %g an hour, not %g", i, e->per_hour, rate);
		UNIT_CHECK(fabs(e->in_window - in_window) < 1e-12, "event %d: %g in the window, not %g",
				   i, e->in_window, in_window);
		UNIT_CHECK(i == 0 || e[-1].worst >= e->worst, "event %d is worse than the one before", i);
	}
}

/* ---- pairs ---- */

typedef struct Pair
{
	int32_t		event[2];
	int32_t		slot;
	double		over;
	double		rate;
	bool		seen;
} Pair;

/* All there are, in no order. */
static int
all_pairs(UnitEnv *u, const Case *c, const NsContention *answer, Risk *risk, int n,
		  Pair *pair)
{
	int			npairs = 0;

	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
		{
			const NsContentionEvent *e = &answer->event[risk[i].event];
			const NsContentionEvent *f = &answer->event[risk[j].event];
			double		mine[MAX_SLOTS];
			double		other[MAX_SLOTS];
			bool		first = true;

			/* one risk stands for each event */
			for (int k = 0; k < i; k++)
				first = first && risk[k].event != risk[i].event;
			for (int k = 0; k < j; k++)
				first = first && risk[k].event != risk[j].event;
			if (!first || risk[i].event >= risk[j].event || (risk[i].hit & risk[j].hit) != 0)
				continue;
			strike(u, c, &risk[i], risk[j].hit, mine);
			strike(u, c, &risk[j], risk[i].hit, other);
			for (int32_t slot = 0; slot < 2 * c->net.nlinks; slot++)
			{
				double		over = overflow(c, slot, mine[slot] + other[slot]);

				if (mine[slot] == 0 || other[slot] == 0 || over == 0 ||
					overflow(c, slot, risk[i].added[slot]) > 0 ||
					overflow(c, slot, risk[j].added[slot]) > 0)
					continue;
				pair[npairs++] = (Pair) {{risk[i].event, risk[j].event}, slot, over,
				e->per_hour * f->in_window + f->per_hour * e->in_window, false};
			}
		}
	return npairs;
}

/* Is a before b, for certain? */
static bool
is_before(const Pair *a, const Pair *b)
{
	if (isnan(a->rate) != isnan(b->rate))
		return isnan(b->rate);
	if (!isnan(a->rate) && fabs(a->rate - b->rate) > 1e-6 * b->rate)
		return a->rate > b->rate;
	return a->over > b->over + 1e-9;
}

static void
check_pairs(const Case *c, const NsContention *answer, Pair *pair, int n)
{
	int32_t		most = c->query.most;

	if (!UNIT_CHECK(answer->npairs == (n < most ? n : most), "%d pairs of %d, at most %d",
					answer->npairs, n, most))
		return;
	for (int32_t i = 0; i < answer->npairs; i++)
	{
		const NsOverPair *o = &answer->pair[i];
		Pair		given = {{o->event[0], o->event[1]}, o->over.slot, o->over.over, o->rate, false};
		int			at = 0;

		while (at < n && (pair[at].event[0] != given.event[0] ||
						  pair[at].event[1] != given.event[1] || pair[at].slot != given.slot))
			at++;
		if (!UNIT_CHECK(at < n && !pair[at].seen, "pair %d, %d, slot %d: not one, or again",
						given.event[0], given.event[1], given.slot))
			continue;
		pair[at].seen = true;
		UNIT_CHECK(near(given.over, pair[at].over) && (isnan(given.rate) ? isnan(pair[at].rate) :
													   fabs(given.rate - pair[at].rate) <= 1e-12),
				   "pair: %g above, rate %g, not %g and %g", given.over, given.rate,
				   pair[at].over, pair[at].rate);
		if (i > 0)
		{
			const NsOverPair *p = &answer->pair[i - 1];
			Pair		before = {{0, 0}, 0, p->over.over, p->rate, false};

			UNIT_CHECK(!is_before(&given, &before), "pair %d comes too late", i);
		}
	}
	/* none that was left out is before the last one */
	for (int at = 0; at < n && answer->npairs > 0; at++)
	{
		const NsOverPair *o = &answer->pair[answer->npairs - 1];
		Pair		last = {{0, 0}, 0, o->over.over, o->rate, false};

		UNIT_CHECK(pair[at].seen || !is_before(&pair[at], &last), "a pair is left out");
	}
}

static int	seen_over;
static int	seen_pairs;

static void
test_contention(int cases)
{
	static Risk risk[MAX_RISKS];
	static Pair pair[ROOM];

	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		Case		c;
		NsContention answer;

		unit_case("contention", i);
		unit_env_init(&u);
		if (random_case(&u, &c) &&
			UNIT_CHECK(ns_contention(&u.env, c.g, &c.query, &answer) == NS_OK, "it fails"))
		{
			int			n = make_risks(&u, &c, risk);

			check_events(&c, &answer, risk, n);
			seen_over += (int) answer.nover;
			seen_pairs += answer.npairs;
			check_pairs(&c, &answer, pair, all_pairs(&u, &c, &answer, risk, n, pair));
		}
		unit_env_drop(&u);
	}
	unit_case("there was something to find", 0);
	UNIT_CHECK(seen_over > cases / 2 && seen_pairs > cases / 2, "%d and %d", seen_over, seen_pairs);
}

/* ---- short of memory, and stopped ---- */

static NsResult
attempt(UnitEnv *u, void *state)
{
	Case	   *c = state;
	NsContention answer;

	return ns_contention(&u->env, c->g, &c->query, &answer);
}

static void
test_failures(void)
{
	UnitEnv		u;
	Case		c;
	NsContention answer;

	unit_case("short of memory, and stopped", 0);
	unit_env_init(&u);
	do
	{
		if (!random_case(&u, &c))
			return;
		ns_contention(&u.env, c.g, &c.query, &answer);
	} while (c.query.ntunnels == 0 || answer.npairs == 0 || answer.nover == 0);
	unit_fail_each(attempt, &c, true, 100);
	unit_fail_each(attempt, &c, false, 100);
	unit_env_drop(&u);
}

int
main(void)
{
	unit_begin("contention");
	test_contention(unit_cases(1000, 50000));
	test_failures();
	return unit_end();
}
