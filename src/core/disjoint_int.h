/*-------------------------------------------------------------------------
 *
 * disjoint_int.h
 *	  What the files of the disjoint path solver share.
 *
 *	  disjoint.c		entry points: prepare, solve, report
 *	  disjoint_risk.c	the risks of a query: which links each one takes
 *	  disjoint_cut.c	single risks that separate the ends
 *	  disjoint_flow.c	k link- or node-disjoint paths of least cost
 *	  disjoint_side.c	one path under its bans, and what follows from them
 *	  disjoint_branch.c	best-first search over conflicts: exact, with proof
 *	  disjoint_relax.c	the fewest risks shared where not all can be avoided
 *
 * Words.  A *risk* is a set of links: a group, all links at a node, or one
 * link.  A *side* is one of the k paths with what it may not use.  A risk is
 * *off* when it does not count; sides may share it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_DISJOINT_INT_H
#define NS_DISJOINT_INT_H

#include "heap.h"
#include "path_int.h"

/* ---------- risks (disjoint_risk.c) ---------- */

/*
 * Risks are numbered: groups as in the graph, then links, then (only where
 * nodes count) nodes.
 */
typedef struct RiskTable
{
	const NsGraph *graph;
	int32_t		first_link;		/* = number of groups */
	int32_t		first_node;
	int32_t		nrisks;
	size_t		words;			/* of a set of risks */
	size_t		link_words;		/* of a set of links */

	/* memberships above the thresholds both ways; NULL: the graph's */
	int32_t    *srlg_start;
	int32_t    *srlg_link;
	int32_t    *link_start;
	int32_t    *link_srlg;
	int32_t    *node_start;		/* links at each node; NULL: nodes don't count */
	int32_t    *node_link;

	bool	   *counts;			/* by group: not ignored, takes down no end */
	uint64_t   *off;			/* not looked at: does not count, equal to
								 * another risk, or made of no link */

	/*
	 * What sharing a risk costs where sharing is allowed: groups, nodes and
	 * links that it stands for (equal risks are one), packed so that one group
	 * outweighs all nodes and one node all links.
	 */
	int64_t    *price;
} RiskTable;

/* No sum of weights comes near this. */
#define ANY_WEIGHT	(INT64_C(1) << 62)

#define PRICE_LINK	INT64_C(1)
#define PRICE_NODE	(INT64_C(1) << 21)
#define PRICE_SRLG	(INT64_C(1) << 42)

extern NsResult risk_table_build(NsEnv *env, const NsGraph *g,
								 const NsDisjointQuery *query, RiskTable *t);

static inline NsNumbers
srlg_links(const RiskTable *t, int32_t srlg)
{
	return NS_UNLIKELY(t->srlg_start != NULL)
		? ns_numbers_at(t->srlg_start, t->srlg_link, srlg)
		: ns_srlg_links(t->graph, srlg);
}

static inline NsNumbers
link_srlgs(const RiskTable *t, int32_t link)
{
	return NS_UNLIKELY(t->link_start != NULL)
		? ns_numbers_at(t->link_start, t->link_srlg, link)
		: ns_link_srlgs(t->graph, link);
}

/* The links of a risk; a single link is written to *own. */
static inline const int32_t *
risk_links(const RiskTable *t, int32_t risk, int32_t *own, int32_t *n)
{
	if (risk < t->first_link)
	{
		NsNumbers	links = srlg_links(t, risk);

		*n = links.n;
		return links.number;
	}
	if (risk < t->first_node)
	{
		*own = risk - t->first_link;
		*n = 1;
		return own;
	}
	risk -= t->first_node;
	*n = t->node_start[risk + 1] - t->node_start[risk];
	return &t->node_link[t->node_start[risk]];
}

static inline int32_t
risk_size(const RiskTable *t, int32_t risk)
{
	int32_t		own;
	int32_t		n;

	risk_links(t, risk, &own, &n);
	return n;
}

static inline void
risk_kill(const RiskTable *t, int32_t risk, uint64_t *dead)
{
	int32_t		own;
	int32_t		n;
	const int32_t *link = risk_links(t, risk, &own, &n);

	for (int32_t i = 0; i < n; i++)
		ns_bit_set(dead, link[i]);
}

/* ---------- the solver's state ---------- */

/* One path and what it may not use.  Shared between branches, see refcount. */
typedef struct Side
{
	struct Side *free_next;		/* while unused */
	int32_t		refcount;
	int32_t		nlinks;
	int32_t		room;			/* of link */
	int32_t    *link;			/* the cheapest path under the bans */
	int64_t		distance;
	uint64_t	hash;			/* of ban and must, for finding twins */
	uint64_t   *dead;			/* links of banned risks, and avoided ones */
	uint64_t   *ban;			/* risks */
	uint64_t   *must;			/* risks that this path has to use */
} Side;

typedef struct Branch
{
	struct Branch *free_next;	/* while unused */
	int64_t		bound;			/* sum of the sides' distances */
	int32_t		depth;
	int64_t		number;			/* order of creation */
	Side	   *side[];			/* k of them */
} Branch;

/* k paths, not necessarily of a branch. */
typedef struct PathSet
{
	int64_t		total;			/* weight */
	int64_t    *weight;			/* by path */
	int32_t    *nlinks;
	int32_t   **link;			/* room for nnodes each */
} PathSet;

typedef struct Solver
{
	NsEnv	   *env;
	const NsGraph *graph;
	const NsDisjointQuery *query;
	NsPathSetup *setup;
	NsSearch   *search;			/* = &setup->search */
	const RiskTable *risk;
	int32_t		src;
	int32_t		dst;
	int32_t		k;
	int64_t		budget;			/* search steps; see out_of_budget */

	/* the problem at hand: what does not count in it */
	uint64_t   *off;
	bool		any_will_do;	/* stop at the first set found */
	bool		no_cuts;		/* no risk that counts separates the ends alone */

	/* the best set found, and what is still worth finding */
	bool		found;
	int64_t		upper;			/* = best.total */
	int64_t		most;			/* look for sets up to this weight */
	int64_t		floor;			/* no set weighs less */
	PathSet		best;			/* in order of weight, links, sequence */
	PathSet		trial;			/* scratch */

	/* every risk banned on the way: what the proof rests on */
	uint64_t   *core;

	/* memory of sides and branches not in use */
	Side	   *free_side;
	Branch	   *free_branch;
	NsHeap		waiting;		/* branches, the least bound first */
	int64_t		nbranches;		/* made */
	int64_t		expanded;
	bool		no_memory;		/* sticky, like search->interrupted */

	/* scratch */
	uint64_t   *dead;			/* link_words */
	uint64_t   *dead_kept;		/* link_words */
	int32_t    *path;			/* nnodes */
	uint32_t   *mark;			/* by risk: stamp of the last pass */
	uint32_t	mark_stamp;
	int32_t    *candidate;		/* by risk */
	int32_t    *conflict;		/* by risk */
	uint64_t   *users;			/* by risk: sides that use it */
	struct Flow *flow;			/* of cheapest_flow, made when first needed */
} Solver;

/* Must the solver stop, for a reason that is not a proof? */
static inline bool
solver_stopped(const Solver *s)
{
	return s->no_memory || s->search->interrupted;
}

static inline bool
out_of_budget(const Solver *s)
{
	return s->search->steps >= s->budget;
}

extern NsResult solver_init(Solver *s, NsEnv *env, const NsDisjointQuery *query,
							NsPathSetup *setup, const RiskTable *risk);

/* ---------- cuts (disjoint_cut.c) ---------- */

/*
 * Risks not in s->off each of which alone separates the ends, ascending, in
 * *cuts; with first_only at most one.  There must be a path.
 */
extern NsResult find_cuts(Solver *s, bool first_only, int32_t **cuts,
						  int32_t *ncuts);

/*
 * Witness intersection: take the largest risk out of the list, and keep those
 * risks of a list that the path found last uses too.
 */
extern int32_t take_largest(const Solver *s, int32_t *list, int32_t *n);
extern int32_t keep_common(Solver *s, int32_t *list, int32_t n);

/* ---------- flow (disjoint_flow.c) ---------- */

typedef enum FlowStatus
{
	FLOW_FOUND,					/* the cheapest such paths are in s->trial */
	FLOW_SOME,					/* some are, not the cheapest: weights are too
								 * large to be added */
	FLOW_NONE					/* none exist: a least cut is in s->core */
} FlowStatus;

/*
 * The cheapest k paths that share no link (and no node, where these count) but
 * those off; groups do not matter.
 */
extern NsResult cheapest_flow(Solver *s, FlowStatus *status);

/* ---------- sides (disjoint_side.c) ---------- */

extern Side *side_new(Solver *s);
extern Side *side_own(Solver *s, Branch *b, int32_t p);
extern void side_release(Solver *s, Side *side);
extern bool side_same(const Solver *s, const Side *a, const Side *b);
extern void side_ban(Solver *s, Side *side, int32_t risk);
extern void side_must(Side *side, int32_t risk);

/* The cheapest path under these dead links, of weight at most most. */
extern int64_t cheapest(Solver *s, const uint64_t *dead, int64_t most);

/* A path found last by cheapest() becomes that of the side. */
extern bool side_take_path(Solver *s, Side *side, int64_t distance);

/*
 * All that follows from the bans of the sides in changed.  False: nothing below
 * this branch is worth finding (or the solver has stopped).
 */
extern bool propagate(Solver *s, Branch *b, uint64_t changed);

/* Is the bound of no use because the search has stopped or spent its budget? */
static inline bool
not_proven(const Solver *s)
{
	return solver_stopped(s) || out_of_budget(s);
}

/* Risks used by two sides or more, not off: in s->conflict, users in s->users. */
extern int32_t find_conflicts(Solver *s, const Branch *b);

/* Do two of these paths use the same risk that is not off? */
extern bool paths_conflict(Solver *s, const PathSet *set);

/*
 * Risks of a path that are not off, each once, into list; returns how many.
 */
extern int32_t risks_of_path(Solver *s, const int32_t *link, int32_t nlinks,
							 int32_t *list);

/* ---------- search (disjoint_branch.c) ---------- */

typedef enum SolveStatus
{
	SOLVE_OPTIMAL,				/* s->upper is the least weight */
	SOLVE_NONE,					/* proven: no set of weight <= most */
	SOLVE_BUDGET				/* stopped; s->found says whether any */
} SolveStatus;

/*
 * The best k paths that share nothing but what is in s->off, of weight at most
 * s->most; s->best is replaced where a better set is found.  *bound is a proven
 * lower bound of the weight.
 */
extern NsResult solve(Solver *s, SolveStatus *status, int64_t *bound);

/* Forget what was found, and look for sets up to this weight. */
extern void solver_reset(Solver *s, int64_t most);

extern NsResult path_set_make(NsEnv *env, int32_t k, int32_t nnodes,
							  PathSet *set);

/* Put the paths in order and set their total. */
extern void path_set_order(int32_t k, PathSet *set);
extern void path_set_copy(int32_t k, PathSet *to, const PathSet *from);

/* Is a better than b: less in total, else the smaller sequence of links? */
extern bool path_set_better(int32_t k, const PathSet *a, const PathSet *b);

/* ---------- relaxation (disjoint_relax.c) ---------- */

/*
 * Least price of what is shared, then least weight.  *optimal: both proven.
 * *bound: a proven lower bound of the weight of any set that shares no more.
 */
extern NsResult solve_relaxed(Solver *s, bool *optimal, int64_t *bound);

#endif							/* NS_DISJOINT_INT_H */
