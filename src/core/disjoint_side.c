/*-------------------------------------------------------------------------
 *
 * disjoint_side.c
 *	  Sides: one path each with its bans, and what follows from the bans.
 *
 * A side is shared by all branches that have not changed it, and copied before
 * it is changed (side_own).  Its memory goes back to the solver's list when
 * nobody refers to it.
 *
 * Propagation keeps every set of paths of weight <= s->most that exists below
 * the branch: a side's path is replaced when a ban kills it, and a risk that
 * the side cannot avoid within what the others leave of s->most is banned for
 * all others (forced use).
 *
 *-------------------------------------------------------------------------
 */
#include "disjoint_int.h"

/* ---------- memory ---------- */

Side *
side_new(Solver *s)
{
	const RiskTable *t = s->risk;
	Side	   *side = s->free_side;

	if (side != NULL)
		s->free_side = side->free_next;
	else
	{
		uint64_t   *bits;

		side = ns_alloc_zero(s->env, 1, sizeof(Side));
		bits = ns_alloc_array(s->env, t->link_words + 2 * t->words, sizeof(uint64_t));
		if (side == NULL || bits == NULL)
		{
			s->no_memory = true;
			return NULL;
		}
		side->dead = bits;
		side->ban = bits + t->link_words;
		side->must = side->ban + t->words;
	}
	side->refcount = 1;
	side->nlinks = 0;
	side->distance = 0;
	side->hash = 0;
	return side;
}

void
side_release(Solver *s, Side *side)
{
	if (--side->refcount == 0)
	{
		side->free_next = s->free_side;
		s->free_side = side;
	}
}

static bool
side_set_path(Solver *s, Side *side, const int32_t *link, int32_t nlinks)
{
	if (side->room < nlinks)
	{
		int32_t		room = nlinks + nlinks / 2 + 8;
		int32_t    *larger = ns_alloc_array(s->env, (size_t) room, sizeof(int32_t));

		if (larger == NULL)
		{
			s->no_memory = true;
			return false;
		}
		side->link = larger;
		side->room = room;
	}
	memcpy(side->link, link, (size_t) nlinks * sizeof(int32_t));
	side->nlinks = nlinks;
	return true;
}

/* The branch's side p, changeable: a copy where others refer to it too. */
Side *
side_own(Solver *s, Branch *b, int32_t p)
{
	Side	   *old = b->side[p];
	Side	   *copy;

	if (old->refcount == 1)
		return old;
	copy = side_new(s);
	if (copy == NULL || !side_set_path(s, copy, old->link, old->nlinks))
		return NULL;
	copy->distance = old->distance;
	copy->hash = old->hash;
	ns_bits_copy(copy->dead, old->dead, s->risk->link_words + 2 * s->risk->words);
	old->refcount--;
	b->side[p] = copy;
	return copy;
}

/* ---------- bans ---------- */

static uint64_t
mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

/* Interchangeable: the same bans and musts (and so the same path). */
bool
side_same(const Solver *s, const Side *a, const Side *b)
{
	return a == b ||
		(a->hash == b->hash &&
		 memcmp(a->ban, b->ban, 2 * s->risk->words * sizeof(uint64_t)) == 0);
}

void
side_ban(Solver *s, Side *side, int32_t risk)
{
	if (ns_bit_get(side->ban, risk))
		return;
	ns_bit_set(side->ban, risk);
	side->hash ^= mix(2 * (uint64_t) risk + 1);
	risk_kill(s->risk, risk, side->dead);
	ns_bit_set(s->core, risk);
}

void
side_must(Side *side, int32_t risk)
{
	if (ns_bit_get(side->must, risk))
		return;
	ns_bit_set(side->must, risk);
	side->hash ^= mix(2 * (uint64_t) risk + 2);
}

/* ---------- paths ---------- */

int64_t
cheapest(Solver *s, const uint64_t *dead, int64_t most)
{
	if (solver_stopped(s) || most < 0)
		return NS_UNREACHED;
	return ns_search_run(s->search, s->src, s->dst, dead, most);
}

bool
side_take_path(Solver *s, Side *side, int64_t distance)
{
	int32_t		n = ns_search_path(s->search, s->src, s->path);

	side->distance = distance;
	return side_set_path(s, side, s->path, n);
}

static bool
path_is_dead(const Side *side)
{
	for (int32_t i = 0; i < side->nlinks; i++)
	{
		if (ns_bit_get(side->dead, side->link[i]))
			return true;
	}
	return false;
}

/* A new mark for a pass over risks. */
static uint32_t
next_mark(Solver *s)
{
	if (++s->mark_stamp == 0)
	{
		memset(s->mark, 0, (size_t) s->risk->nrisks * sizeof(uint32_t));
		s->mark_stamp = 1;
	}
	return s->mark_stamp;
}

/* Call visit(risk) once for each risk of a link that is not off. */
#define FOR_EACH_RISK(s, l, risk, body) \
	do { \
		const RiskTable *each_t = (s)->risk; \
		int32_t		risk; \
		NsNumbers	each_srlgs = link_srlgs(each_t, (l)); \
		for (int32_t each_i = 0; each_i < each_srlgs.n; each_i++) \
		{ \
			risk = each_srlgs.number[each_i]; \
			if (!ns_bit_get((s)->off, risk)) \
				body \
		} \
		risk = each_t->first_link + (l); \
		if (!ns_bit_get((s)->off, risk)) \
			body \
		if (each_t->node_start != NULL) \
		{ \
			for (int each_end = 0; each_end < 2; each_end++) \
			{ \
				risk = each_t->first_node + \
					ns_link_end(each_t->graph, (l))[each_end]; \
				if (!ns_bit_get((s)->off, risk)) \
					body \
			} \
		} \
	} while (0)

int32_t
risks_of_path(Solver *s, const int32_t *link, int32_t nlinks, int32_t *list)
{
	uint32_t	mark = next_mark(s);
	int32_t		n = 0;

	for (int32_t i = 0; i < nlinks; i++)
	{
		FOR_EACH_RISK(s, link[i], risk,
		{
			if (s->mark[risk] != mark)
			{
				s->mark[risk] = mark;
				list[n++] = risk;
			}
		}
			);
	}
	return n;
}

int32_t
find_conflicts(Solver *s, const Branch *b)
{
	uint32_t	mark = next_mark(s);
	int32_t		n = 0;

	for (int32_t p = 0; p < s->k; p++)
	{
		uint64_t	me = UINT64_C(1) << p;

		for (int32_t i = 0; i < b->side[p]->nlinks; i++)
		{
			FOR_EACH_RISK(s, b->side[p]->link[i], risk,
			{
				if (s->mark[risk] != mark)
				{
					s->mark[risk] = mark;
					s->users[risk] = me;
				}
				else if (!(s->users[risk] & me))
				{
					/* the second side to use it makes the conflict */
					if ((s->users[risk] & (s->users[risk] - 1)) == 0)
						s->conflict[n++] = risk;
					s->users[risk] |= me;
				}
			}
				);
		}
	}
	return n;
}

bool
paths_conflict(Solver *s, const PathSet *set)
{
	uint32_t	mark = next_mark(s);

	for (int32_t p = 0; p < s->k; p++)
	{
		uint64_t	me = UINT64_C(1) << p;

		for (int32_t i = 0; i < set->nlinks[p]; i++)
		{
			FOR_EACH_RISK(s, set->link[p][i], risk,
			{
				if (s->mark[risk] == mark && s->users[risk] != me)
					return true;
				s->mark[risk] = mark;
				s->users[risk] = me;
			}
				);
		}
	}
	return false;
}

/* ---------- what follows from bans ---------- */

static int64_t
others_distance(const Solver *s, const Branch *b, int32_t p)
{
	int64_t		sum = 0;

	for (int32_t q = 0; q < s->k; q++)
	{
		if (q != p)
			sum += b->side[q]->distance;
	}
	return sum;
}

/* Is there a side other than p that may still use this risk? */
static bool
open_elsewhere(const Solver *s, const Branch *b, int32_t p, int32_t risk)
{
	for (int32_t q = 0; q < s->k; q++)
	{
		if (q != p && !ns_bit_get(b->side[q]->ban, risk))
			return true;
	}
	return false;
}

/* Every risk that the side has to use: is there still a way? */
static bool
musts_possible(const Solver *s, const Side *side)
{
	for (size_t w = 0; w < s->risk->words; w++)
	{
		for (uint64_t bits = side->must[w]; bits != 0; bits &= bits - 1)
		{
			int32_t		risk = (int32_t) (64 * w) + __builtin_ctzll(bits);
			int32_t		own;
			int32_t		n;
			const int32_t *link = risk_links(s->risk, risk, &own, &n);
			bool		alive = false;

			if (ns_bit_get(side->ban, risk))
				return false;
			for (int32_t i = 0; i < n && !alive; i++)
				alive = !ns_bit_get(side->dead, link[i]);
			if (!alive)
				return false;
		}
	}
	return true;
}

int32_t
keep_common(Solver *s, int32_t *list, int32_t n)
{
	uint32_t	mark = next_mark(s);
	int32_t		nlinks = ns_search_path(s->search, s->src, s->path);
	int32_t		kept = 0;

	for (int32_t i = 0; i < nlinks; i++)
	{
		FOR_EACH_RISK(s, s->path[i], risk,
		{
			s->mark[risk] = mark;
		}
			);
	}
	for (int32_t i = 0; i < n; i++)
	{
		if (s->mark[list[i]] == mark)
			list[kept++] = list[i];
	}
	return kept;
}

int32_t
take_largest(const Solver *s, int32_t *list, int32_t *n)
{
	int32_t		best = 0;
	int32_t		best_size = -1;
	int32_t		risk;

	for (int32_t i = 0; i < *n; i++)
	{
		int32_t		size = risk_size(s->risk, list[i]);

		if (size > best_size || (size == best_size && list[i] < list[best]))
		{
			best = i;
			best_size = size;
		}
	}
	risk = list[best];
	list[best] = list[--(*n)];
	return risk;
}

/*
 * Risks that side p cannot avoid are banned for all others.  One search without
 * a candidate either proves it forced, or is a witness that rules out every
 * candidate that it avoids as well.
 */
static bool
force_use(Solver *s, Branch *b, int32_t p, uint64_t *changed)
{
	int32_t		n = risks_of_path(s, b->side[p]->link, b->side[p]->nlinks,
								  s->candidate);
	int32_t		kept = 0;

	for (int32_t i = 0; i < n; i++)
	{
		if (open_elsewhere(s, b, p, s->candidate[i]))
			s->candidate[kept++] = s->candidate[i];
	}
	n = kept;
	while (n > 0)
	{
		int32_t		risk = take_largest(s, s->candidate, &n);

		ns_bits_copy(s->dead, b->side[p]->dead, s->risk->link_words);
		risk_kill(s->risk, risk, s->dead);
		if (cheapest(s, s->dead, s->most - others_distance(s, b, p)) != NS_UNREACHED)
		{
			n = keep_common(s, s->candidate, n);
			continue;
		}
		if (solver_stopped(s))
			return false;
		for (int32_t q = 0; q < s->k; q++)
		{
			Side	   *side;

			if (q == p || ns_bit_get(b->side[q]->ban, risk))
				continue;
			side = side_own(s, b, q);
			if (side == NULL)
				return false;
			side_ban(s, side, risk);
			*changed |= UINT64_C(1) << q;
		}
	}
	return true;
}

bool
propagate(Solver *s, Branch *b, uint64_t changed)
{
	while (changed != 0)
	{
		int32_t		p = __builtin_ctzll(changed);
		int64_t		others = others_distance(s, b, p);

		changed &= changed - 1;
		if (path_is_dead(b->side[p]))
		{
			int64_t		distance = cheapest(s, b->side[p]->dead, s->most - others);
			Side	   *side;

			if (distance == NS_UNREACHED)
				return false;
			side = side_own(s, b, p);
			if (side == NULL || !side_take_path(s, side, distance))
				return false;
		}
		b->bound = others + b->side[p]->distance;
		if (b->bound > s->most || !musts_possible(s, b->side[p]) ||
			!force_use(s, b, p, &changed) || out_of_budget(s))
			return false;
	}
	return true;
}
