/*-------------------------------------------------------------------------
 *
 * kshortest.c
 *	  The k cheapest loopless paths: Yen's algorithm from the destination's
 *	  end, with Lawler's saving.
 *
 * All paths other than those found so far fall into classes: a class keeps the
 * last links of a found path (its *tail*, from some node on to the
 * destination) and forbids the links by which found paths with the same tail
 * enter that node.  The best path of each class waits in a heap; taking out the
 * best of all splits its class at every node before the tail.  Working from the
 * destination lets one forward tree from the source guide every search, and
 * lets the backward search (search.h) give the least sequence of link ids of
 * each class, so that the order among equal costs is exact.
 *
 * Lawler's saving: the nodes inside a path's own tail were split when its
 * parent was taken, so only those before it are searched again.
 *
 * Memory is O(k * length^2) links at worst: every path found leaves up to one
 * waiting path a node, of which only the part before its tail is stored.
 *
 *-------------------------------------------------------------------------
 */
#include "heap.h"
#include "path_int.h"
#include "sort.h"

/*
 * A path: its own links from the source to the node where it deviates, then the
 * last `kept` links of the parent.
 */
typedef struct Candidate
{
	int64_t		weight;			/* of the whole path */
	int32_t		parent;			/* number of a path found, or -1 */
	int32_t		kept;			/* links shared with the parent's end */
	int32_t		nown;
	int32_t    *own;
} Candidate;

typedef struct Found
{
	int64_t		weight;
	int32_t		nlinks;
	int32_t    *link;
	int32_t		kept;			/* of the candidate that it was */
} Found;

typedef struct Yen
{
	NsEnv	   *env;
	const NsGraph *graph;
	const NsPathQuery *query;
	NsPathSetup setup;

	Found	   *found;
	size_t		found_room;
	int32_t		nfound;
	int32_t		k;

	NsHeap		waiting;		/* candidates, the best first */

	uint64_t   *dead;			/* setup.dead and the links forbidden now */
	int32_t    *scratch;		/* links of a path, room for nnodes */
	int32_t    *blocked;		/* nodes of the tail, room for nnodes + 1 */
	int32_t    *same;			/* paths found with this tail, room for k */
} Yen;

/* ---------- order of candidates ---------- */

static int32_t
candidate_link(const Yen *y, const Candidate *c, int32_t i)
{
	const Found *parent;

	if (i < c->nown)
		return c->own[i];
	parent = &y->found[c->parent];
	return parent->link[parent->nlinks - c->kept + i - c->nown];
}

/*
 * Does a come before b?  Equal weights mean equally many links only where the
 * weights hold the count, so the lengths are compared too.
 */
static bool
comes_before(const void *yen, const void *first, const void *second)
{
	const Yen  *y = yen;
	const Candidate *a = first;
	const Candidate *b = second;
	int32_t		na = a->nown + a->kept;
	int32_t		nb = b->nown + b->kept;

	if (a->weight != b->weight)
		return a->weight < b->weight;
	if (na != nb)
		return na < nb;
	for (int32_t i = 0; i < na; i++)
	{
		int32_t		la = candidate_link(y, a, i);
		int32_t		lb = candidate_link(y, b, i);

		if (la != lb)
			return la < lb;
	}
	return false;
}

/* ---------- classes ---------- */

/* Make a candidate a path found, written out in full. */
static NsResult
accept(Yen *y, const Candidate *c)
{
	Found	   *found = ns_grow_array(y->env, y->found, &y->found_room,
									  (size_t) y->nfound + 1, sizeof(Found));
	Found	   *f;

	NS_NEED(found);
	y->found = found;
	f = &found[y->nfound];
	f->weight = c->weight;
	f->kept = c->kept;
	f->nlinks = c->nown + c->kept;
	NS_NEED(f->link = ns_alloc_array(y->env, (size_t) f->nlinks, sizeof(int32_t)));
	for (int32_t i = 0; i < f->nlinks; i++)
		f->link[i] = candidate_link(y, c, i);
	y->nfound++;
	return NS_OK;
}

/*
 * The class whose paths keep the last `kept` links of path number parent, with
 * the links forbidden in y->dead: queue its best path, if it has any.
 */
static NsResult
search_class(Yen *y, int32_t parent, int32_t kept, int64_t tail_weight)
{
	NsSearch   *s = &y->setup.search;
	Candidate  *c;
	int64_t		distance;

	distance = ns_search_run_blocked(s, y->query->src, y->blocked[kept],
									 y->dead, NS_UNREACHED - 1, y->blocked,
									 kept);
	if (s->interrupted)
		return NS_INTERRUPTED;
	if (distance == NS_UNREACHED)
		return NS_OK;
	NS_NEED(c = ns_alloc_array(y->env, 1, sizeof(Candidate)));
	c->weight = distance + tail_weight;
	c->parent = parent;
	c->kept = kept;
	c->nown = ns_search_path(s, y->query->src, y->scratch);
	NS_NEED(c->own = ns_alloc_array(y->env, (size_t) c->nown, sizeof(int32_t)));
	memcpy(c->own, y->scratch, (size_t) c->nown * sizeof(int32_t));
	return ns_heap_push(&y->waiting, c);
}

/*
 * Split the class of a path just accepted: at every node from the one where its
 * own tail begins back to the node after the source.  The paths found that
 * have the same tail are followed along, so that nothing is compared twice.
 */
static NsResult
split(Yen *y, int32_t number)
{
	const Found *f = &y->found[number];
	int32_t    *same = y->same;
	int32_t		nsame = y->nfound;
	int64_t		tail_weight = 0;
	int32_t		node = y->query->dst;

	for (int32_t i = 0; i < nsame; i++)
		same[i] = i;
	for (int32_t kept = 0; kept < f->nlinks; kept++)
	{
		int32_t		link = f->link[f->nlinks - kept - 1];
		int32_t		nleft = 0;

		y->blocked[kept] = node;
		ns_bits_copy(y->dead, y->setup.dead, y->setup.words);
		for (int32_t i = 0; i < nsame; i++)
		{
			const Found *other = &y->found[same[i]];
			int32_t		entry = other->link[other->nlinks - kept - 1];

			ns_bit_set(y->dead, entry);
			if (entry == link)
				same[nleft++] = same[i];
		}
		nsame = nleft;
		if (kept >= f->kept)
			NS_TRY(search_class(y, number, kept, tail_weight));
		tail_weight += y->setup.weights.weight[link];
		node = ns_other_end(y->graph, link, node);
	}
	return NS_OK;
}

static NsResult
yen_init(Yen *y, NsEnv *env, const NsGraph *g, const NsPathQuery *query,
		 int32_t k, double dearest)
{
	NsPathScope scope = {.k = 1,.dearest = dearest,.everywhere = true};

	NS_TRY(ns_path_setup(env, g, query, scope, &y->setup));
	y->env = env;
	y->graph = g;
	y->query = query;
	y->found = NULL;
	y->found_room = 0;
	ns_heap_init(&y->waiting, env, comes_before, y);
	y->nfound = 0;
	y->k = k;
	NS_NEED(y->dead = ns_alloc_array(env, y->setup.words, sizeof(uint64_t)));
	NS_NEED(y->scratch = ns_alloc_array(env, (size_t) g->nnodes, sizeof(int32_t)));
	NS_NEED(y->blocked = ns_alloc_array(env, (size_t) g->nnodes + 1, sizeof(int32_t)));
	NS_NEED(y->same = ns_alloc_array(env, (size_t) k, sizeof(int32_t)));
	return NS_OK;
}

/* Run to the end; *cut says that weights cut off at the limit played a part. */
static NsResult
yen_run(Yen *y, bool *cut)
{
	*cut = false;
	if (y->setup.distance == NS_UNREACHED)
		return NS_OK;

	/* the class of all paths: no tail, nothing forbidden */
	y->blocked[0] = y->query->dst;
	ns_bits_copy(y->dead, y->setup.dead, y->setup.words);
	NS_TRY(search_class(y, -1, 0, 0));
	while (y->nfound < y->k && y->waiting.n > 0)
	{
		const Candidate *best = ns_heap_pop(&y->waiting);

		if (y->setup.weights.tight && best->weight >= y->setup.weights.limit)
		{
			*cut = true;
			return NS_OK;
		}
		NS_TRY(accept(y, best));
		if (y->nfound < y->k)
			NS_TRY(split(y, y->nfound - 1));
	}
	return NS_OK;
}

static int
compare_found(const void *context, int32_t a, int32_t b)
{
	const NsPath *path = context;

	return ns_path_compare(&path[a], &path[b]);
}

/* Where costs were rounded, their order may differ a little from the weights'. */
static NsResult
report(const Yen *y, NsPath **paths)
{
	size_t		n = (size_t) y->nfound;
	NsPath	   *path = ns_alloc_array(y->env, n, sizeof(NsPath));
	int32_t    *order = ns_alloc_array(y->env, n, sizeof(int32_t));

	NS_NEED(path);
	NS_NEED(order);
	NS_NEED(*paths = ns_alloc_array(y->env, n, sizeof(NsPath)));
	for (size_t i = 0; i < n; i++)
	{
		NsLinkList	links = {y->found[i].link, y->found[i].nlinks};

		NS_TRY(ns_path_make(y->env, y->graph, y->query, &y->setup.weights,
							&links, &path[i]));
		order[i] = (int32_t) i;
	}
	NS_TRY(ns_sort(y->env, order, n, compare_found, path));
	for (size_t i = 0; i < n; i++)
		(*paths)[i] = path[order[i]];
	return NS_OK;
}

NsResult
ns_k_shortest_paths(NsEnv *env, const NsGraph *g, const NsPathQuery *query,
					int32_t k, NsPath **paths, int32_t *npaths)
{
	Yen			y;
	double		dearest = 0;
	bool		cut;

	*npaths = 0;
	do
	{
		NS_TRY(yen_init(&y, env, g, query, k, dearest));
		NS_TRY(yen_run(&y, &cut));
		/* the next weights reach much farther, until they reach all */
		dearest = ns_weights_cost(&y.setup.weights, y.setup.weights.limit) * 65536;
	} while (cut);

	NS_TRY(report(&y, paths));
	*npaths = y.nfound;
	return NS_OK;
}
