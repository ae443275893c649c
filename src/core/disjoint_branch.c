/*-------------------------------------------------------------------------
 *
 * disjoint_branch.c
 *	  Best-first search over conflicts: exact, and proof when there is nothing.
 *
 * At the root all sides take the cheapest path.  While two sides use the same
 * risk, the branch splits: for each side p, "only p may use it" (every other
 * side bans it); all children but the first also demand that p does use it, so
 * that no set of paths is below two children.  Sides with the same bans are
 * interchangeable, and one child stands for all of them.
 *
 * Invariant: every set of paths of weight <= s->most that has not been offered
 * is below exactly one branch in the heap.  Hence the least bound in the heap is
 * a lower bound, a branch without conflict that comes out first is optimal, and
 * an empty heap is a proof.
 *
 * Sets of equal weight are searched too, for the least sequence of link ids,
 * as long as that costs no more than TIE_STEPS or what the proof itself took.
 *
 *-------------------------------------------------------------------------
 */
#include "disjoint_int.h"

#define CONFLICTS_TRIED		64	/* at most, to choose one */
#define ROOT_CONFLICTS		3	/* the same at the root of a pair */
#define LOOK_AHEAD_AFTER	4	/* branches expanded without any set found */
#define TIE_STEPS			50000

/* ---------- sets of paths ---------- */

NsResult
path_set_make(NsEnv *env, int32_t k, int32_t nnodes, PathSet *set)
{
	set->total = 0;
	NS_NEED(set->weight = ns_alloc_array(env, (size_t) k, sizeof(int64_t)));
	NS_NEED(set->nlinks = ns_alloc_array(env, (size_t) k, sizeof(int32_t)));
	NS_NEED(set->link = ns_alloc_array(env, (size_t) k, sizeof(int32_t *)));
	for (int32_t i = 0; i < k; i++)
		NS_NEED(set->link[i] = ns_alloc_array(env, (size_t) nnodes, sizeof(int32_t)));
	return NS_OK;
}

static int
compare_paths(const PathSet *a, int32_t i, const PathSet *b, int32_t j)
{
	if (a->weight[i] != b->weight[j])
		return a->weight[i] < b->weight[j] ? -1 : 1;
	if (a->nlinks[i] != b->nlinks[j])
		return a->nlinks[i] < b->nlinks[j] ? -1 : 1;
	return ns_compare_links(a->link[i], a->nlinks[i], b->link[j], b->nlinks[j]);
}

void
path_set_order(int32_t k, PathSet *set)
{
	set->total = 0;
	for (int32_t i = 0; i < k; i++)
	{
		set->total += set->weight[i];
		for (int32_t j = i; j > 0 && compare_paths(set, j - 1, set, j) > 0; j--)
		{
			int64_t		weight = set->weight[j];
			int32_t		nlinks = set->nlinks[j];
			int32_t    *link = set->link[j];

			set->weight[j] = set->weight[j - 1];
			set->nlinks[j] = set->nlinks[j - 1];
			set->link[j] = set->link[j - 1];
			set->weight[j - 1] = weight;
			set->nlinks[j - 1] = nlinks;
			set->link[j - 1] = link;
		}
	}
}

void
path_set_copy(int32_t k, PathSet *to, const PathSet *from)
{
	to->total = from->total;
	for (int32_t i = 0; i < k; i++)
	{
		to->weight[i] = from->weight[i];
		to->nlinks[i] = from->nlinks[i];
		memcpy(to->link[i], from->link[i],
			   (size_t) from->nlinks[i] * sizeof(int32_t));
	}
}

bool
path_set_better(int32_t k, const PathSet *a, const PathSet *b)
{
	if (a->total != b->total)
		return a->total < b->total;
	for (int32_t i = 0; i < k; i++)
	{
		int			order = ns_compare_links(a->link[i], a->nlinks[i],
											 b->link[i], b->nlinks[i]);

		if (order != 0)
			return order < 0;
	}
	return false;
}

/* s->trial is a set without conflict: keep it if it is the best so far. */
static void
offer(Solver *s)
{
	path_set_order(s->k, &s->trial);
	if (s->trial.total > s->most ||
		(s->found && !path_set_better(s->k, &s->trial, &s->best)))
		return;
	path_set_copy(s->k, &s->best, &s->trial);
	s->found = true;
	s->upper = s->best.total;
	if (s->upper < s->most)
		s->most = s->upper;
}

static void
trial_take(Solver *s, int32_t p, int64_t weight, const int32_t *link,
		   int32_t nlinks)
{
	s->trial.weight[p] = weight;
	s->trial.nlinks[p] = nlinks;
	memcpy(s->trial.link[p], link, (size_t) nlinks * sizeof(int32_t));
}

static void
offer_branch(Solver *s, const Branch *b)
{
	for (int32_t p = 0; p < s->k; p++)
		trial_take(s, p, b->side[p]->distance, b->side[p]->link,
				   b->side[p]->nlinks);
	offer(s);
}

/* ---------- branches ---------- */

static Branch *
branch_new(Solver *s)
{
	Branch	   *b = s->free_branch;

	if (b != NULL)
		s->free_branch = b->free_next;
	else
	{
		b = ns_alloc_array(s->env, 1, sizeof(Branch) +
						   (size_t) s->k * sizeof(Side *));
		if (b == NULL)
		{
			s->no_memory = true;
			return NULL;
		}
	}
	b->number = s->nbranches++;
	return b;
}

static void
branch_release(Solver *s, Branch *b)
{
	for (int32_t p = 0; p < s->k; p++)
		side_release(s, b->side[p]);
	b->free_next = s->free_branch;
	s->free_branch = b;
}

static Branch *
branch_copy(Solver *s, const Branch *from)
{
	Branch	   *b = branch_new(s);

	if (b == NULL)
		return NULL;
	b->bound = from->bound;
	b->depth = from->depth + 1;
	for (int32_t p = 0; p < s->k; p++)
	{
		b->side[p] = from->side[p];
		b->side[p]->refcount++;
	}
	return b;
}

/* The deeper one first among equal bounds: it is nearer to an answer. */
static bool
branch_before(const void *context, const void *first, const void *second)
{
	const Branch *a = first;
	const Branch *b = second;

	(void) context;
	if (a->bound != b->bound)
		return a->bound < b->bound;
	if (a->depth != b->depth)
		return a->depth > b->depth;
	return a->number < b->number;
}

static void
branch_push(Solver *s, Branch *b)
{
	if (ns_heap_push(&s->waiting, b) != NS_OK)
		s->no_memory = true;
}

/* ---------- a quick upper bound ---------- */

/*
 * Keep the path of one side, and let each other take the cheapest path without
 * the risks of those before it.
 */
static void
greedy_from(Solver *s, const Branch *b, int32_t first)
{
	int64_t		rest = b->bound;
	int64_t		sum = 0;

	ns_bits_zero(s->dead_kept, s->risk->link_words);
	for (int32_t i = 0; i < s->k; i++)
	{
		int32_t		p = i == 0 ? first : (i <= first ? i - 1 : i);
		Side	   *side = b->side[p];
		int64_t		weight = side->distance;
		int32_t		nlinks = side->nlinks;
		const int32_t *link = side->link;
		int32_t		nrisks;

		rest -= side->distance;
		if (i > 0)
		{
			for (size_t w = 0; w < s->risk->link_words; w++)
				s->dead[w] = side->dead[w] | s->dead_kept[w];
			weight = cheapest(s, s->dead, s->most - sum - rest);
			if (weight == NS_UNREACHED)
				return;
			nlinks = ns_search_path(s->search, s->src, s->path);
			link = s->path;
		}
		sum += weight;
		trial_take(s, p, weight, link, nlinks);
		if (i == s->k - 1)
			break;
		nrisks = risks_of_path(s, link, nlinks, s->candidate);
		for (int32_t j = 0; j < nrisks; j++)
			risk_kill(s->risk, s->candidate[j], s->dead_kept);
	}
	offer(s);
}

static void
greedy(Solver *s, const Branch *b)
{
	for (int32_t p = 0; p < s->k && !not_proven(s); p++)
	{
		bool		twin = false;

		for (int32_t q = 0; q < p && !twin; q++)
			twin = side_same(s, b->side[p], b->side[q]);
		if (!twin)
			greedy_from(s, b, p);
	}
}

/* ---------- splitting ---------- */

/* May side p be "the only one that uses it", and does no earlier side stand for it? */
static bool
is_child(const Solver *s, const Branch *b, int32_t p, int32_t risk)
{
	if (ns_bit_get(b->side[p]->ban, risk))
		return false;
	for (int32_t q = 0; q < p; q++)
	{
		if (side_same(s, b->side[p], b->side[q]))
			return false;
	}
	return true;
}

/* The child in which only side p may use the risk; NULL if it closes. */
static Branch *
child_make(Solver *s, const Branch *b, int32_t p, int32_t risk, bool first)
{
	Branch	   *child = branch_copy(s, b);
	uint64_t	changed = 0;
	bool		open = child != NULL;

	for (int32_t q = 0; open && q < s->k; q++)
	{
		Side	   *side;

		if (q == p ? first : ns_bit_get(child->side[q]->ban, risk))
			continue;
		side = side_own(s, child, q);
		open = side != NULL;
		if (!open)
			break;
		if (q == p)
			side_must(side, risk);
		else
		{
			side_ban(s, side, risk);
			changed |= UINT64_C(1) << q;
		}
	}
	if (open && propagate(s, child, changed))
		return child;
	if (child != NULL)
		branch_release(s, child);
	return NULL;
}

typedef struct Choice
{
	int32_t		risk;			/* -1: the branch is closed */
	int32_t		nopen;			/* children that may hold a set */
	int32_t		only;			/* the side of the one open child */
	int64_t		least;			/* bound of the cheapest open child */
	double		gain;
} Choice;

/*
 * What splitting at this risk would give, by one search a side that uses it.
 */
static Choice
rate_conflict(Solver *s, const Branch *b, int32_t risk)
{
	Choice		c = {.risk = risk,.nopen = 0,.only = -1,.least = ANY_WEIGHT};
	int64_t		rise[NS_MAX_DISJOINT];

	for (int32_t q = 0; q < s->k; q++)
	{
		Side	   *side = b->side[q];
		int64_t		distance;

		rise[q] = 0;
		if (!(s->users[risk] & (UINT64_C(1) << q)))
			continue;
		if (q > 0 && b->side[q - 1] == side)
		{
			rise[q] = rise[q - 1];
			continue;
		}
		ns_bits_copy(s->dead, side->dead, s->risk->link_words);
		risk_kill(s->risk, risk, s->dead);
		distance = cheapest(s, s->dead, s->most - (b->bound - side->distance));
		rise[q] = distance == NS_UNREACHED ? ANY_WEIGHT : distance - side->distance;
	}
	for (int32_t p = 0; p < s->k; p++)
	{
		int64_t		bound = b->bound;

		if (!is_child(s, b, p, risk))
			continue;
		for (int32_t q = 0; q < s->k && bound <= s->most; q++)
		{
			if (q != p)
				bound = rise[q] == ANY_WEIGHT ? ANY_WEIGHT : bound + rise[q];
		}
		if (bound > s->most)
			continue;
		c.nopen++;
		c.only = p;
		c.gain += (double) (bound - b->bound);
		if (bound < c.least)
			c.least = bound;
	}
	return c;
}

/* Fewer open children, then the dearer cheapest child, then dearer children. */
static bool
better_choice(const Choice *a, const Choice *b)
{
	if (a->nopen != b->nopen)
		return a->nopen < b->nopen;
	if (a->least != b->least)
		return a->least > b->least;
	return a->gain > b->gain;
}

/*
 * At the root of a pair both sides are alike: every conflict leaves one child,
 * and all are on the same path.  The largest few say enough.
 */
static int32_t
keep_largest(Solver *s, int32_t nconflicts)
{
	int32_t		largest[ROOT_CONFLICTS];

	if (nconflicts <= ROOT_CONFLICTS)
		return nconflicts;
	for (int32_t i = 0; i < ROOT_CONFLICTS; i++)
		largest[i] = take_largest(s, s->conflict, &nconflicts);
	memcpy(s->conflict, largest, sizeof(largest));
	return ROOT_CONFLICTS;
}

static Choice
choose(Solver *s, const Branch *b, int32_t nconflicts)
{
	Choice		best = {.risk = -1,.nopen = INT32_MAX};

	if (s->k == 2 && b->depth == 0)
		nconflicts = keep_largest(s, nconflicts);
	if (nconflicts > CONFLICTS_TRIED)
		nconflicts = CONFLICTS_TRIED;
	for (int32_t i = 0; i < nconflicts && !not_proven(s); i++)
	{
		Choice		c = rate_conflict(s, b, s->conflict[i]);

		if (better_choice(&c, &best))
			best = c;
		if (best.nopen == 0)
		{
			/* the searches banned it on every user: the proof rests on it */
			ns_bit_set(s->core, best.risk);
			best.risk = -1;
			break;
		}
	}
	return best;
}

/* ---------- look-ahead ---------- */

/* Children of one split, made and propagated. */
typedef struct Split
{
	Branch	   *child[NS_MAX_DISJOINT];
	int32_t		n;
	double		score;
} Split;

static void
split_release(Solver *s, Split *split)
{
	for (int32_t i = 0; i < split->n; i++)
		branch_release(s, split->child[i]);
	split->n = 0;
}

static void
split_make(Solver *s, const Branch *b, int32_t risk, Split *split)
{
	bool		first = true;

	split->n = 0;
	for (int32_t p = 0; p < s->k && !not_proven(s); p++)
	{
		Branch	   *child;

		if (!is_child(s, b, p, risk))
			continue;
		child = child_make(s, b, p, risk, first);
		first = false;
		if (child != NULL)
			split->child[split->n++] = child;
	}
}

static int32_t
count_dead(const Solver *s, const Branch *b)
{
	int32_t		n = 0;

	for (int32_t p = 0; p < s->k; p++)
		n += ns_bits_count(b->side[p]->dead, s->risk->link_words);
	return n;
}

/* Product over the children of what they lose in links and gain in bound. */
static double
split_score(const Solver *s, const Branch *b, const Split *split)
{
	double		score = 1;

	for (int32_t i = 0; i < split->n; i++)
	{
		double		rise = (double) (split->child[i]->bound - b->bound) /
			(double) (b->bound + 1) * s->graph->nup;

		score *= 1 + rise + count_dead(s, split->child[i]) - count_dead(s, b);
	}
	return score;
}

/*
 * Try every conflict in full.  *best is left with the children of the best one:
 * none, when some conflict closes the branch; one, when it leaves no choice.
 */
static void
look_ahead(Solver *s, const Branch *b, int32_t nconflicts, Split *best)
{
	best->n = -1;
	if (nconflicts > CONFLICTS_TRIED)
		nconflicts = CONFLICTS_TRIED;
	for (int32_t i = 0; i < nconflicts && !not_proven(s); i++)
	{
		Split		split;

		split_make(s, b, s->conflict[i], &split);
		if (not_proven(s))
		{
			split_release(s, &split);
			break;
		}
		split.score = split_score(s, b, &split);
		if (best->n < 0 || split.n < 2 || split.score > best->score)
		{
			if (best->n > 0)
				split_release(s, best);
			*best = split;
			if (split.n < 2)
				return;
		}
		else
			split_release(s, &split);
	}
	if (best->n < 0)
		best->n = 0;
}

/* ---------- the search ---------- */

/*
 * Replace a branch by its children.  Conflicts that leave one child only are
 * followed at once.  Consumes b.
 */
static void
expand(Solver *s, Branch *b)
{
	Split		split;

	for (;;)
	{
		int32_t		nconflicts = find_conflicts(s, b);

		if (nconflicts == 0 || not_proven(s))
		{
			branch_push(s, b);
			return;
		}
		if (!s->found && s->expanded > LOOK_AHEAD_AFTER)
			look_ahead(s, b, nconflicts, &split);
		else
		{
			Choice		c = choose(s, b, nconflicts);

			split.n = 0;
			if (c.risk >= 0 && c.nopen == 1)
			{
				Branch	   *child = child_make(s, b, c.only, c.risk, true);

				/* every user without it is dearer than most, or cut off */
				ns_bit_set(s->core, c.risk);
				if (child != NULL)
					split.child[split.n++] = child;
			}
			else if (c.risk >= 0 && !not_proven(s))
				split_make(s, b, c.risk, &split);
		}
		if (not_proven(s) || split.n != 1)
			break;
		branch_release(s, b);
		b = split.child[0];
	}

	if (not_proven(s))
	{
		/* an unfinished split proves nothing: the branch stays as it was */
		split_release(s, &split);
		branch_push(s, b);
		return;
	}
	for (int32_t i = 0; i < split.n; i++)
		branch_push(s, split.child[i]);
	branch_release(s, b);
}

static Branch *
make_root(Solver *s)
{
	Branch	   *b;
	Side	   *side;
	int64_t		distance = cheapest(s, s->setup->dead, s->most);

	if (distance == NS_UNREACHED)
		return NULL;
	b = branch_new(s);
	side = side_new(s);
	if (b == NULL || side == NULL)
		return NULL;
	ns_bits_copy(side->dead, s->setup->dead, s->risk->link_words);
	ns_bits_zero(side->ban, 2 * s->risk->words);
	if (!side_take_path(s, side, distance))
		return NULL;
	side->refcount = s->k;
	for (int32_t p = 0; p < s->k; p++)
		b->side[p] = side;
	b->bound = s->k * distance;
	b->depth = 0;
	return b;
}

/*
 * Once the least weight is proven, go on among equal sets for a while; then
 * only what is strictly better would count, and there is nothing such.
 */
static bool
ties_worth_it(const Solver *s, const Branch *b, int64_t *steps_at_proof)
{
	int64_t		allowed;

	if (!s->found || (b->bound < s->upper && s->floor < s->upper))
		return true;
	if (*steps_at_proof < 0)
		*steps_at_proof = s->search->steps;
	allowed = *steps_at_proof > TIE_STEPS ? *steps_at_proof : TIE_STEPS;
	return s->search->steps - *steps_at_proof <= allowed;
}

static void
search_tree(Solver *s, SolveStatus *status, int64_t *bound)
{
	int64_t		steps_at_proof = -1;

	while (s->waiting.n > 0)
	{
		Branch	   *b = ns_heap_pop(&s->waiting);

		if (b->bound > s->most || !ties_worth_it(s, b, &steps_at_proof))
		{
			branch_release(s, b);
			break;
		}
		*bound = b->bound > s->floor ? b->bound : s->floor;
		if (find_conflicts(s, b) == 0)
		{
			offer_branch(s, b);
			branch_release(s, b);
			if (s->any_will_do)
				break;
			continue;
		}
		if (not_proven(s))
		{
			/* with ties left alone, what was found is proven */
			*status = s->found && *bound >= s->upper ? SOLVE_OPTIMAL
				: SOLVE_BUDGET;
			branch_release(s, b);
			return;
		}
		s->expanded++;
		if ((s->expanded > 1 && s->expanded <= 8) || s->expanded % 8 == 0)
			greedy(s, b);	/* that of the root has been tried */
		if (s->any_will_do && s->found)
		{
			branch_release(s, b);
			break;
		}
		if (b->bound > s->most)
			branch_release(s, b);
		else
			expand(s, b);
	}
	*status = s->found ? SOLVE_OPTIMAL : SOLVE_NONE;
	if (s->found)
		*bound = s->upper;
}

/*
 * Does one risk separate the ends alone?  Not asked where a set has been found:
 * then none does.
 */
static NsResult
look_for_cut(Solver *s, bool *cut)
{
	int32_t    *cuts;
	int32_t		ncuts = 0;

	if (s->k > 1)
		NS_TRY(find_cuts(s, true, &cuts, &ncuts));
	*cut = ncuts > 0;
	if (*cut)
		ns_bit_set(s->core, cuts[0]);
	return NS_OK;
}

NsResult
solve(Solver *s, SolveStatus *status, int64_t *bound)
{
	Branch	   *root;

	*status = SOLVE_NONE;
	*bound = 0;
	s->floor = 0;
	s->expanded = 0;
	if (s->k > 2)
	{
		FlowStatus	flow;

		NS_TRY(cheapest_flow(s, &flow));
		if (flow == FLOW_NONE || (flow == FLOW_FOUND && s->trial.total > s->most))
			return NS_OK;
		if (flow == FLOW_FOUND)
			s->floor = s->trial.total;
		if (!paths_conflict(s, &s->trial))
			offer(s);
		if (s->any_will_do && s->found)
		{
			*status = SOLVE_OPTIMAL;
			return NS_OK;
		}
	}
	root = make_root(s);
	if (root != NULL)
	{
		bool		cut = false;

		branch_push(s, root);
		greedy(s, root);
		if (!s->found && !s->no_cuts && !solver_stopped(s))
			NS_TRY(look_for_cut(s, &cut));
		if (!cut)
			search_tree(s, status, bound);
	}
	while (s->waiting.n > 0)
		branch_release(s, ns_heap_pop(&s->waiting));
	if (s->no_memory)
		return NS_NO_MEMORY;
	return s->search->interrupted ? NS_INTERRUPTED : NS_OK;
}

void
solver_reset(Solver *s, int64_t most)
{
	s->found = false;
	s->upper = ANY_WEIGHT;
	s->most = most;
}

NsResult
solver_init(Solver *s, NsEnv *env, const NsDisjointQuery *query,
			NsPathSetup *setup, const RiskTable *risk)
{
	size_t		nrisks = (size_t) risk->nrisks;
	size_t		nnodes = (size_t) risk->graph->nnodes;

	*s = (Solver) {
		.env = env,.graph = risk->graph,.query = query,.setup = setup,
			.search = &setup->search,.risk = risk,.src = query->path.src,
			.dst = query->path.dst,.k = query->k,.budget = query->budget
	};
	solver_reset(s, ANY_WEIGHT);
	ns_heap_init(&s->waiting, env, branch_before, NULL);
	NS_NEED(s->off = ns_alloc_array(env, risk->words, sizeof(uint64_t)));
	ns_bits_copy(s->off, risk->off, risk->words);
	NS_NEED(s->core = ns_alloc_zero(env, risk->words, sizeof(uint64_t)));
	NS_NEED(s->dead = ns_alloc_array(env, risk->link_words, sizeof(uint64_t)));
	NS_NEED(s->dead_kept = ns_alloc_array(env, risk->link_words, sizeof(uint64_t)));
	NS_NEED(s->path = ns_alloc_array(env, nnodes, sizeof(int32_t)));
	NS_NEED(s->mark = ns_alloc_zero(env, nrisks, sizeof(uint32_t)));
	NS_NEED(s->candidate = ns_alloc_array(env, nrisks, sizeof(int32_t)));
	NS_NEED(s->conflict = ns_alloc_array(env, nrisks, sizeof(int32_t)));
	NS_NEED(s->users = ns_alloc_array(env, nrisks, sizeof(uint64_t)));
	NS_TRY(path_set_make(env, s->k, risk->graph->nnodes, &s->best));
	return path_set_make(env, s->k, risk->graph->nnodes, &s->trial);
}
