/*-------------------------------------------------------------------------
 *
 * graph_build_group.c
 *	  Fills in what a block says of groups.
 *
 * Rows are put in order by counting, first by element, then by group, then by
 * element again: both sides come out ascending without sorting.  Scratch stays
 * in the region.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "graph_build.h"
#include "path_int.h"

NsResult
ns_counts_to_starts(NsEnv *env, int32_t *start, int32_t n, int32_t **next)
{
	NS_NEED(*next = ns_alloc_array(env, (size_t) n, sizeof(int32_t)));
	for (int32_t i = 0; i < n; i++)
	{
		TICK(env, i);
		start[i + 1] += start[i];
		(*next)[i] = start[i];
	}
	return NS_OK;
}

/* Rows by element: as they are, or counted into a new array. */
static NsResult
order_rows(NsEnv *env, NsGroupRow **row, int32_t n, int32_t nelements,
		   int32_t *start)
{
	bool		ordered = true;
	int32_t    *next;
	NsGroupRow *sorted;

	memset(start, 0, ((size_t) nelements + 1) * sizeof(int32_t));
	for (int32_t i = 0; i < n; i++)
	{
		TICK(env, i);
		start[(*row)[i].element + 1]++;
		ordered = ordered && (i == 0 || (*row)[i - 1].element <= (*row)[i].element);
	}
	NS_TRY(ns_counts_to_starts(env, start, nelements, &next));
	if (ordered)
		return NS_OK;
	NS_NEED(sorted = ns_alloc_array(env, (size_t) n, sizeof(NsGroupRow)));
	for (int32_t i = 0; i < n; i++)
	{
		TICK(env, i);
		sorted[next[(*row)[i].element]++] = (*row)[i];
	}
	*row = sorted;
	return NS_OK;
}

/* The arrays of the block that hold such rows. */
typedef struct Relation
{
	int32_t    *element_start;
	int32_t    *element_srlg;
	int32_t    *srlg_start;
	int32_t    *srlg_element;
	float	   *share;			/* NULL: of no interest */
	float	   *probability;
} Relation;

static void
put_row(const Relation *to, int32_t *next, const NsGroupRow *row)
{
	int32_t		place = next[row->srlg]++;

	to->srlg_element[place] = row->element;
	to->probability[place] = row->probability;
	if (to->share != NULL)
		to->share[place] = row->share;
}

/* Rows of lists, and before those of each link its others, from start[link] on. */
static NsResult
put_listed(NsEnv *env, const NsListed *listed, const NsGroupRow *row,
		   const int32_t *start, const Relation *to, int32_t *next)
{
	const NsGroupLists *lists = listed->in->lists;
	uint32_t	ticks = 0;

	for (int32_t i = 0; i < (int32_t) listed->in->nlinks; i++)
	{
		int32_t		at = listed->link_order ? listed->link_order[i] : i;
		const NsGroupMember *m = lists->row + lists->start[at];
		size_t		n = listed->link_rows[at] > 0 ? lists->count[at] : 0;

		for (int32_t j = start[i]; j < start[i + 1]; j++)
			put_row(to, next, &row[j]);
		for (size_t j = 0; j < n; j++)
		{
			ticks++;
			TICK(env, ticks);
			if (m[j].share > 0)
				put_row(to, next, &(NsGroupRow) {
					i, listed->number[m[j].group], m[j].share, m[j].probability});
		}
	}
	return NS_OK;
}

/* How many rows each group has, a place further on. */
static NsResult
count_by_srlg(NsEnv *env, int32_t nsrlgs, const NsGroupRow *row, int32_t n,
			  const NsListed *listed, const Relation *to)
{
	memset(to->srlg_start, 0, ((size_t) nsrlgs + 1) * sizeof(int32_t));
	for (int32_t i = 0; i < n; i++)
	{
		TICK(env, i);
		to->srlg_start[row[i].srlg + 1]++;
	}
	for (int32_t i = 0; listed != NULL && i < listed->ngroups; i++)
	{
		int32_t		group = listed->order[i];

		TICK(env, i);
		to->srlg_start[listed->number[group] + 1] += listed->group_rows[group];
	}
	return NS_OK;
}

/* Add the rows that each link has in lists to its start. */
static void
start_listed(const NsListed *listed, const int32_t *start, int32_t *element_start)
{
	int32_t		before = 0;
	int32_t		n = (int32_t) listed->in->nlinks;

	for (int32_t i = 0; i < n; i++)
	{
		element_start[i] = start[i] + before;
		before += listed->link_rows[listed->link_order ? listed->link_order[i] : i];
	}
	element_start[n] = start[n] + before;
}

/*
 * Then elements: groups are taken in order, so that each element's come out
 * ascending, without sorting anything.
 */
static NsResult
fill_element_side(NsEnv *env, int32_t nsrlgs, int32_t nelements,
				  const Relation *to)
{
	int32_t    *next = ns_alloc_array(env, (size_t) nelements, sizeof(int32_t));

	NS_NEED(next);
	memcpy(next, to->element_start, (size_t) nelements * sizeof(int32_t));
	for (int32_t srlg = 0; srlg < nsrlgs; srlg++)
	{
		TICK(env, srlg);
		for (int32_t i = to->srlg_start[srlg]; i < to->srlg_start[srlg + 1]; i++)
		{
			int32_t		element = to->srlg_element[i];

			TICK(env, i);
			if (i > to->srlg_start[srlg] && to->srlg_element[i - 1] == element)
				return NS_BAD_INPUT;
			to->element_srlg[next[element]++] = srlg;
		}
	}
	return NS_OK;
}

/*
 * Groups first: rows are taken by element, so that each group's elements come
 * out ascending.
 */
static NsResult
fill_relation(NsEnv *env, int32_t nsrlgs, NsGroupRow *row, int32_t n,
			  int32_t nelements, const Relation *to)
{
	int32_t    *next;

	NS_TRY(order_rows(env, &row, n, nelements, to->element_start));
	NS_TRY(count_by_srlg(env, nsrlgs, row, n, NULL, to));
	NS_TRY(ns_counts_to_starts(env, to->srlg_start, nsrlgs, &next));
	for (int32_t i = 0; i < n; i++)
	{
		TICK(env, i);
		put_row(to, next, &row[i]);
	}
	return fill_element_side(env, nsrlgs, nelements, to);
}

/* The same with rows of lists. */
static NsResult
fill_with_lists(NsEnv *env, int32_t nsrlgs, NsGroupRow *row, int32_t n,
				const NsListed *listed, const Relation *to)
{
	int32_t		nlinks = (int32_t) listed->in->nlinks;
	int32_t    *start = ns_alloc_array(env, (size_t) nlinks + 1, sizeof(int32_t));
	int32_t    *next;

	NS_NEED(start);
	NS_TRY(order_rows(env, &row, n, nlinks, start));
	start_listed(listed, start, to->element_start);
	NS_TRY(count_by_srlg(env, nsrlgs, row, n, listed, to));
	NS_TRY(ns_counts_to_starts(env, to->srlg_start, nsrlgs, &next));
	NS_TRY(put_listed(env, listed, row, start, to, next));
	return fill_element_side(env, nsrlgs, nlinks, to);
}

static bool
same_links(const int32_t *start, const int32_t *link, int32_t a, int32_t b)
{
	int32_t		n = start[a + 1] - start[a];

	return n == start[b + 1] - start[b] &&
		memcmp(&link[start[a]], &link[start[b]],
			   (size_t) n * sizeof(int32_t)) == 0;
}

/* For each group the least group with exactly the same links, by hashing. */
static NsResult
fill_twins(NsEnv *env, NsGraphBlock *g)
{
	int32_t    *twin = ns_block_at(g, g->off_srlg_twin);
	const int32_t *start = ns_block_at(g, g->off_srlg_link_start);
	const int32_t *link = ns_block_at(g, g->off_srlg_link);
	size_t		slots = 16;
	int32_t    *table;

	while (slots < 2 * (size_t) g->nsrlgs)
		slots *= 2;
	NS_NEED(table = ns_alloc_array(env, slots, sizeof(int32_t)));
	memset(table, -1, slots * sizeof(int32_t));
	for (int32_t i = 0; i < g->nsrlgs; i++)
	{
		uint64_t	hash = UINT64_C(1469598103934665603);
		size_t		slot;

		for (int32_t j = start[i]; j < start[i + 1]; j++)
			hash = (hash ^ (uint64_t) link[j]) * UINT64_C(1099511628211);
		slot = (size_t) (hash ^ (hash >> 32)) & (slots - 1);
		if (i % 1024 == 0 && env->interrupted(env->state))
			return NS_INTERRUPTED;
		while (table[slot] >= 0 && !same_links(start, link, table[slot], i))
			slot = (slot + 1) & (slots - 1);
		if (table[slot] < 0)
			table[slot] = i;
		twin[i] = table[slot];
	}
	return NS_OK;
}

NsResult
ns_block_fill_groups(NsEnv *env, NsGraphBlock *g, const int64_t *srlg_id,
					 NsGroupRow *member, const NsListed *listed, NsGroupRow *down)
{
	Relation	links = {
		ns_block_at(g, g->off_link_srlg_start), ns_block_at(g, g->off_link_srlg),
		ns_block_at(g, g->off_srlg_link_start), ns_block_at(g, g->off_srlg_link),
		ns_block_at(g, g->off_share), ns_block_at(g, g->off_probability)
	};
	Relation	nodes = {
		ns_block_at(g, g->off_node_srlg_start), ns_block_at(g, g->off_node_srlg),
		ns_block_at(g, g->off_srlg_node_start), ns_block_at(g, g->off_srlg_node),
		NULL, ns_block_at(g, g->off_node_probability)
	};

	memcpy(ns_block_at(g, g->off_srlg_id), srlg_id,
		   (size_t) g->nsrlgs * sizeof(int64_t));
	if (listed->nrows > 0)
		NS_TRY(fill_with_lists(env, g->nsrlgs, member,
							   g->nmemberships - listed->nrows, listed, &links));
	else
		NS_TRY(fill_relation(env, g->nsrlgs, member, g->nmemberships, g->nlinks, &links));
	NS_TRY(fill_relation(env, g->nsrlgs, down, g->nsrlg_nodes, g->nnodes, &nodes));
	return fill_twins(env, g);
}
