/*-------------------------------------------------------------------------
 *
 * disjoint_relax.c
 *	  Where not all risks can be avoided: share as little as possible.
 *
 * A set of waived risks (those that the paths may share) is good when the rest
 * can be avoided.  The cheapest good set is found by implicit hitting sets: each
 * proof that a set is not good names a *core*, the risks it rests on, and
 * whoever wants a good set has to waive one of the core.  Sets are taken up in
 * the order of what a good set made from them costs at least (cores that have
 * nothing in common have to be hit one by one), so the first good one has the
 * least price; all others of the same price are looked at too, for the least
 * weight.
 *
 * Why nothing is missed: let S be the risks shared by an answer.  A waived set
 * O that is a part of S and not good has a core that S must hit, so O plus one
 * risk of the core is again a part of S.  This ends at a good part of S, whose
 * price is at most that of S.
 *
 * Risks that alone separate the ends are shared by every answer: they are
 * waived beforehand and not counted in prices.
 *
 * Prices are lexicographic: one group outweighs all nodes, one node all links.
 * So it pays to ask first whether the groups alone can be avoided (with nodes
 * and links waived), then groups and nodes: the core of such a proof has dear
 * risks only.  A set that passed one of these stages need not be asked again,
 * nor need those made from it.
 *
 *-------------------------------------------------------------------------
 */
#include "disjoint_int.h"

#define CORES_KEPT		4096	/* more are not remembered, only used */
#define SHRINK_STEPS	400000	/* at most, to make one core smaller */

typedef enum Stage
{
	STAGE_SRLG,					/* nodes and links waived */
	STAGE_NODE,					/* links waived */
	STAGE_LINK					/* everything counts */
} Stage;

typedef struct Waiver
{
	int64_t		price;
	int64_t		least;			/* no good set made from this one is cheaper */
	int64_t		number;			/* order of creation */
	Stage		stage;			/* the first one not passed yet */
	uint64_t   *set;			/* risks */
} Waiver;

/* A proof that a set is not good unless it has one of these risks. */
typedef struct Core
{
	uint64_t   *set;
	int64_t		price;			/* of the cheapest of them */
	int32_t		size;
} Core;

typedef struct Relaxation
{
	Solver	   *s;
	const RiskTable *risk;
	size_t		words;
	uint64_t   *base;			/* off for every set: what does not count, cuts */

	NsHeap		waiting;		/* sets, the cheapest first */
	int64_t		nmade;

	uint64_t  **seen;			/* hash table of sets made */
	size_t		nslots;
	size_t		nseen;

	Core	   *core;			/* to be used again, the most telling first */
	int32_t		ncores;

	uint64_t   *scratch;
	uint64_t   *covered;
	uint64_t   *needed;
	int32_t    *list;			/* of risks */

	PathSet		best;			/* of price best_price */
	bool		found;
	int64_t		best_price;		/* of waived sets, cuts not counted */
} Relaxation;

/* ---------- sets ---------- */

static bool
sets_meet(const uint64_t *a, const uint64_t *b, size_t words)
{
	for (size_t i = 0; i < words; i++)
	{
		if (a[i] & b[i])
			return true;
	}
	return false;
}

static size_t
set_slot(const Relaxation *r, const uint64_t *set)
{
	uint64_t	hash = UINT64_C(1469598103934665603);

	for (size_t i = 0; i < r->words; i++)
	{
		hash = (hash ^ set[i]) * UINT64_C(1099511628211);
		hash ^= hash >> 29;
	}
	return (size_t) hash & (r->nslots - 1);
}

static NsResult
seen_insert(Relaxation *r, uint64_t *set)
{
	size_t		slot;

	if (2 * (r->nseen + 1) > r->nslots)
	{
		uint64_t  **old = r->seen;
		size_t		nold = r->nslots;

		r->nslots = nold == 0 ? 256 : 2 * nold;
		NS_NEED(r->seen = ns_alloc_zero(r->s->env, r->nslots, sizeof(uint64_t *)));
		r->nseen = 0;
		for (size_t i = 0; i < nold; i++)
		{
			if (old[i] != NULL)
				NS_TRY(seen_insert(r, old[i]));
		}
	}
	slot = set_slot(r, set);
	while (r->seen[slot] != NULL)
		slot = (slot + 1) & (r->nslots - 1);
	r->seen[slot] = set;
	r->nseen++;
	return NS_OK;
}

static bool
seen_before(const Relaxation *r, const uint64_t *set)
{
	size_t		slot;

	if (r->nslots == 0)
		return false;
	for (slot = set_slot(r, set); r->seen[slot] != NULL;
		 slot = (slot + 1) & (r->nslots - 1))
	{
		if (memcmp(r->seen[slot], set, r->words * sizeof(uint64_t)) == 0)
			return true;
	}
	return false;
}

/* ---------- sets that wait ---------- */

static bool
waiver_before(const void *context, const void *first, const void *second)
{
	const Waiver *a = first;
	const Waiver *b = second;

	(void) context;
	if (a->least != b->least)
		return a->least < b->least;
	return a->price != b->price ? a->price > b->price : a->number < b->number;
}

/*
 * What a good set made from this one costs at least: cores that have no risk in
 * common, and that it does not hit, have to be hit one by one.
 */
static int64_t
least_price(Relaxation *r, const uint64_t *set, int64_t price)
{
	ns_bits_copy(r->covered, set, r->words);
	for (int32_t i = 0; i < r->ncores; i++)
	{
		if (sets_meet(r->core[i].set, r->covered, r->words))
			continue;
		price += r->core[i].price;
		for (size_t w = 0; w < r->words; w++)
			r->covered[w] |= r->core[i].set[w];
	}
	return price;
}

/* A set that waits, with a copy of these risks; its price is to be filled in. */
static NsResult
waiver_make(Relaxation *r, const uint64_t *set, Waiver **made)
{
	Waiver	   *w = ns_alloc_zero(r->s->env, 1, sizeof(Waiver));

	NS_NEED(w);
	NS_NEED(w->set = ns_alloc_array(r->s->env, r->words, sizeof(uint64_t)));
	ns_bits_copy(w->set, set, r->words);
	w->number = r->nmade++;
	*made = w;
	return seen_insert(r, w->set);
}

/* One new set for each risk of the core. */
static NsResult
waive_each(Relaxation *r, const Waiver *w, const uint64_t *core)
{
	for (int32_t risk = 0; risk < r->risk->nrisks; risk++)
	{
		Waiver	   *next;
		int64_t		price;
		int64_t		least;

		if (!ns_bit_get(core, risk))
			continue;
		if (r->s->env->interrupted(r->s->env->state))
			return NS_INTERRUPTED;
		ns_bits_copy(r->scratch, w->set, r->words);
		ns_bit_set(r->scratch, risk);
		if (seen_before(r, r->scratch))
			continue;
		price = w->price + r->risk->price[risk];
		least = least_price(r, r->scratch, price);
		if (r->found && least > r->best_price)
			continue;
		NS_TRY(waiver_make(r, r->scratch, &next));
		next->price = price;
		next->least = least;
		next->stage = w->stage;
		NS_TRY(ns_heap_push(&r->waiting, next));
	}
	return NS_OK;
}

/* ---------- questions to the solver ---------- */

/* What is off when this set is waived and the stage's kinds count. */
static void
set_off(Relaxation *r, const uint64_t *set, Stage stage)
{
	const RiskTable *t = r->risk;
	int32_t		last = stage == STAGE_NODE ? t->first_node : t->nrisks;

	for (size_t i = 0; i < r->words; i++)
		r->s->off[i] = r->base[i] | set[i];
	if (stage != STAGE_LINK)
	{
		for (int32_t i = t->first_link; i < last; i++)
		{
			/* a link or node that stands for an equal group is a group */
			if (t->price[i] < PRICE_SRLG)
				ns_bit_set(r->s->off, i);
		}
	}
}

/* Is there any set of paths at all?  If not, r->s->core says why. */
static NsResult
ask_any(Relaxation *r, int64_t budget, SolveStatus *status)
{
	int64_t		whole = r->s->budget;
	int64_t		bound;
	NsResult	result;

	ns_bits_zero(r->s->core, r->words);
	solver_reset(r->s, ANY_WEIGHT);
	if (budget < whole - r->s->search->steps)
		r->s->budget = r->s->search->steps + budget;
	r->s->any_will_do = true;
	result = solve(r->s, status, &bound);
	r->s->any_will_do = false;
	r->s->budget = whole;
	return result;
}

/*
 * Risks of the core that were not found needed yet, the cheapest kind first;
 * returns how many.
 */
static int32_t
list_untried(const Relaxation *r, const uint64_t *core, int32_t *list)
{
	static const int64_t from[] = {0, PRICE_NODE, PRICE_SRLG, INT64_MAX};
	int32_t		n = 0;

	for (int kind = 0; kind < 3; kind++)
	{
		for (int32_t risk = 0; risk < r->risk->nrisks; risk++)
		{
			if (ns_bit_get(core, risk) && !ns_bit_get(r->needed, risk) &&
				r->risk->price[risk] >= from[kind] &&
				r->risk->price[risk] < from[kind + 1])
				list[n++] = risk;
		}
	}
	return n;
}

/*
 * Make a core smaller by trying without some of its risks: a few at a time,
 * more while that goes well.  Cheap risks go first, so that what is left is
 * dear to waive.  Every smaller core is proven in its turn.
 */
static NsResult
shrink(Relaxation *r, uint64_t *core)
{
	Solver	   *s = r->s;
	int64_t		end = s->search->steps + SHRINK_STEPS;
	int32_t		n;
	int32_t		some = 1;

	ns_bits_zero(r->needed, r->words);
	while ((n = list_untried(r, core, r->list)) > 0)
	{
		SolveStatus status;

		if (s->search->steps >= end || out_of_budget(s))
			return NS_OK;
		if (some > n)
			some = n;
		for (size_t i = 0; i < r->words; i++)
			s->off[i] = ~core[i];
		for (int32_t i = 0; i < some; i++)
			ns_bit_set(s->off, r->list[i]);
		NS_TRY(ask_any(r, end - s->search->steps, &status));
		if (status == SOLVE_NONE)
		{
			ns_bits_copy(core, s->core, r->words);
			some *= 2;
		}
		else if (some == 1)
			ns_bit_set(r->needed, r->list[0]);
		else
			some /= 2;
	}
	return NS_OK;
}

/* Keep a core: the dearest to hit first, then the smaller one. */
static NsResult
remember(Relaxation *r, const uint64_t *set)
{
	Core		core = {.price = INT64_MAX};
	int32_t		i;

	if (r->ncores == CORES_KEPT)
		return NS_OK;
	for (int32_t risk = 0; risk < r->risk->nrisks; risk++)
	{
		if (!ns_bit_get(set, risk))
			continue;
		core.size++;
		if (r->risk->price[risk] < core.price)
			core.price = r->risk->price[risk];
	}
	if (core.size == 0)
		return NS_OK;
	NS_NEED(core.set = ns_alloc_array(r->s->env, r->words, sizeof(uint64_t)));
	ns_bits_copy(core.set, set, r->words);
	for (i = r->ncores++; i > 0; i--)
	{
		const Core *before = &r->core[i - 1];

		if (before->price > core.price ||
			(before->price == core.price && before->size <= core.size))
			break;
		r->core[i] = *before;
	}
	r->core[i] = core;
	return NS_OK;
}

/* The first remembered core that this set does not hit, or NULL. */
static const uint64_t *
known_core(const Relaxation *r, const Waiver *w)
{
	for (int32_t i = 0; i < r->ncores; i++)
	{
		if (!sets_meet(r->core[i].set, w->set, r->words))
			return r->core[i].set;
	}
	return NULL;
}

/* ---------- the search over sets ---------- */

/*
 * Ask stage by stage whether the set is good.  *status: OPTIMAL, so far it is;
 * NONE, it is not, and r->s->core says why; BUDGET.
 */
static NsResult
pass_stages(Relaxation *r, Waiver *w, SolveStatus *status)
{
	*status = SOLVE_OPTIMAL;
	while (w->stage != STAGE_LINK)
	{
		set_off(r, w->set, w->stage);
		NS_TRY(ask_any(r, r->s->budget, status));
		if (*status != SOLVE_OPTIMAL)
			return NS_OK;
		w->stage++;
		if (w->stage == STAGE_NODE && r->risk->node_start == NULL)
			w->stage = STAGE_LINK;
	}
	return NS_OK;
}

static void
take_best(Relaxation *r, int64_t price)
{
	path_set_copy(r->s->k, &r->best, &r->s->best);
	r->found = true;
	r->best_price = price;
}

/*
 * Take up one set.  *status: OPTIMAL, it was good (r->best is up to date); NONE,
 * it was not, or not better; BUDGET.
 */
static NsResult
try_waiver(Relaxation *r, Waiver *w, SolveStatus *status, int64_t *bound)
{
	Solver	   *s = r->s;
	const uint64_t *core = known_core(r, w);

	*status = SOLVE_NONE;
	if (core == NULL)
	{
		NS_TRY(pass_stages(r, w, status));
		if (*status == SOLVE_OPTIMAL)
		{
			set_off(r, w->set, STAGE_LINK);
			ns_bits_zero(s->core, r->words);
			solver_reset(s, r->found ? r->best.total : ANY_WEIGHT);
			NS_TRY(solve(s, status, bound));
			if (s->found &&
				(!r->found || path_set_better(s->k, &s->best, &r->best)))
				take_best(r, w->price);
		}
		if (*status != SOLVE_NONE || r->found)
			return NS_OK;
		ns_bits_copy(r->scratch, s->core, r->words);
		NS_NEED(core = ns_alloc_array(s->env, r->words, sizeof(uint64_t)));
		ns_bits_copy((uint64_t *) core, r->scratch, r->words);
		NS_TRY(shrink(r, (uint64_t *) core));
		NS_TRY(remember(r, core));
	}
	return waive_each(r, w, core);
}

/* ---------- when the budget does not suffice ---------- */

/* Make the links that share a risk with this path dearer. */
static void
penalise(Solver *s, const int32_t *path, int32_t nlinks, int64_t *penalty)
{
	int32_t		nrisks = risks_of_path(s, path, nlinks, s->candidate);

	for (int32_t i = 0; i < nrisks; i++)
	{
		int32_t		own;
		int32_t		n;
		const int32_t *link = risk_links(s->risk, s->candidate[i], &own, &n);
		int64_t		price = s->risk->price[s->candidate[i]];
		int64_t		add = price >= PRICE_SRLG ? 10000
			: price >= PRICE_NODE ? 100 : 10;

		for (int32_t j = 0; j < n; j++)
		{
			if (penalty[link[j]] < INT64_C(1) << 30)
				penalty[link[j]] += add;
		}
	}
}

/*
 * Some set of paths: the cheapest one, then each time a path that meets as few
 * risks of those before as a sum over links can tell.
 */
static NsResult
fall_back(Relaxation *r, PathSet *set)
{
	Solver	   *s = r->s;
	NsSearch   *search = s->search;
	const NsSearch saved = *search;
	size_t		nlinks = (size_t) s->graph->nlinks;
	int64_t    *penalty = ns_alloc_array(s->env, nlinks, sizeof(int64_t));
	NsResult	result = NS_OK;

	NS_NEED(penalty);
	NS_NEED(search->bound = ns_alloc_zero(s->env, (size_t) s->graph->nnodes, sizeof(int64_t)));
	for (size_t i = 0; i < nlinks; i++)
		penalty[i] = 1;
	ns_bits_copy(s->off, r->base, r->words);
	for (int32_t p = 0; p < s->k && result == NS_OK; p++)
	{
		if (cheapest(s, s->setup->dead, ANY_WEIGHT) == NS_UNREACHED)
			result = s->search->interrupted ? NS_INTERRUPTED : NS_BAD_INPUT;
		else
		{
			set->nlinks[p] = ns_search_path(search, s->src, set->link[p]);
			set->weight[p] = 0;
			for (int32_t i = 0; i < set->nlinks[p]; i++)
				set->weight[p] += saved.weight[set->link[p][i]];
			penalise(s, set->link[p], set->nlinks[p], penalty);
			search->weight = penalty;
			search->limit = ANY_WEIGHT / 2;
		}
	}
	search->weight = saved.weight;
	search->limit = saved.limit;
	search->bound = saved.bound;
	path_set_order(s->k, set);
	return result;
}

static NsResult
relaxation_init(Relaxation *r, Solver *s)
{
	Waiver	   *nothing;
	int32_t    *cuts;
	int32_t		ncuts;

	*r = (Relaxation) {.s = s,.risk = s->risk,.words = s->risk->words};
	NS_TRY(find_cuts(s, false, &cuts, &ncuts));
	NS_NEED(r->base = ns_alloc_array(s->env, r->words, sizeof(uint64_t)));
	NS_NEED(r->scratch = ns_alloc_zero(s->env, r->words, sizeof(uint64_t)));
	NS_NEED(r->covered = ns_alloc_array(s->env, r->words, sizeof(uint64_t)));
	NS_NEED(r->needed = ns_alloc_array(s->env, r->words, sizeof(uint64_t)));
	NS_NEED(r->list = ns_alloc_array(s->env, (size_t) s->risk->nrisks, sizeof(int32_t)));
	NS_NEED(r->core = ns_alloc_array(s->env, CORES_KEPT, sizeof(Core)));
	ns_bits_copy(r->base, s->risk->off, r->words);
	for (int32_t i = 0; i < ncuts; i++)
		ns_bit_set(r->base, cuts[i]);
	s->no_cuts = true;
	NS_TRY(path_set_make(s->env, s->k, s->graph->nnodes, &r->best));

	ns_heap_init(&r->waiting, s->env, waiver_before, NULL);
	NS_TRY(waiver_make(r, r->scratch, &nothing));
	nothing->stage = s->query->srlg ? STAGE_SRLG
		: s->query->node ? STAGE_NODE : STAGE_LINK;
	return ns_heap_push(&r->waiting, nothing);
}

NsResult
solve_relaxed(Solver *s, bool *optimal, int64_t *bound)
{
	Relaxation	r;

	*optimal = true;
	NS_TRY(relaxation_init(&r, s));
	while (r.waiting.n > 0)
	{
		Waiver	   *w = ns_heap_pop(&r.waiting);
		int64_t		least = least_price(&r, w->set, w->price);
		SolveStatus status;

		if (r.found && w->least > r.best_price)
			break;
		if (least > w->least)
		{
			/* cores found since say more: it waits for its turn */
			w->least = least;
			NS_TRY(ns_heap_push(&r.waiting, w));
			continue;
		}
		NS_TRY(try_waiver(&r, w, &status, bound));
		if (status == SOLVE_BUDGET || out_of_budget(s))
		{
			*optimal = false;
			break;
		}
	}

	/* a lower bound that holds whatever has to be shared */
	*bound = *optimal ? r.best.total : s->k * s->setup->distance;
	if (!r.found)
	{
		*optimal = false;
		NS_TRY(fall_back(&r, &r.best));
		*bound = s->k * s->setup->distance;
	}
	path_set_copy(s->k, &s->best, &r.best);
	s->found = true;
	s->upper = s->best.total;
	return s->search->interrupted ? NS_INTERRUPTED : NS_OK;
}
