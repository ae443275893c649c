/*-------------------------------------------------------------------------
 *
 * graph_build_listed.c
 *	  Memberships that come as lists: how many there are, in which groups.
 *
 * A metro has millions of them.  So they are counted where they stand, and go
 * from there to their places in the block; no row is written down in between.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "graph_build.h"
#include "path_int.h"
#include "sort.h"

/* Ids of derived groups have their kind in the highest bits. */
#define KINDS		32
#define KIND_SHIFT	59

size_t
ns_listed_rows(const NsGraphInput *in)
{
	size_t		n = 0;

	if (in->lists == NULL || in->lists->row == NULL)
		return 0;
	for (size_t i = 0; i < in->nlinks; i++)
		n += in->link[i].up ? in->lists->count[i] : 0;
	return n;
}

static NsResult
count_rows(NsEnv *env, NsListed *listed)
{
	const NsGraphInput *in = listed->in;
	const NsGroupLists *lists = in->lists;

	NS_NEED(listed->link_rows = ns_alloc_zero(env, in->nlinks, sizeof(int32_t)));
	NS_NEED(listed->group_rows = ns_alloc_zero(env, (size_t) lists->ngroups,
											   sizeof(int32_t)));
	for (size_t i = 0; i < in->nlinks; i++)
	{
		const NsGroupMember *m = lists->row + lists->start[i];
		int32_t		n = 0;

		if (!in->link[i].up)
			continue;
		for (size_t j = 0; j < lists->count[i]; j++)
		{
			TICK(env, j);
			if (!(m[j].share > 0))
				continue;
			listed->group_rows[m[j].group]++;
			n++;
		}
		listed->link_rows[i] = n;
		TICK(env, i);
	}
	return NS_OK;
}

static int
compare_groups(const void *context, int32_t a, int32_t b)
{
	const int64_t *id = context;

	return (id[a] > id[b]) - (id[a] < id[b]);
}

static unsigned
kind_of(int64_t id)
{
	return (unsigned) (((uint64_t) id ^ (UINT64_C(1) << 63)) >> KIND_SHIFT);
}

/*
 * Put groups of one kind in the order of their ids.  These are mostly of
 * neighbours: then an array over their range does it.
 */
static NsResult
order_kind(NsEnv *env, const int64_t *id, int32_t *group, size_t n)
{
	int64_t		least = INT64_MAX;
	int64_t		most = INT64_MIN;
	uint64_t	range;
	int32_t    *at;
	size_t		kept = 0;

	for (size_t i = 0; i < n; i++)
	{
		TICK(env, i);
		least = id[group[i]] < least ? id[group[i]] : least;
		most = id[group[i]] > most ? id[group[i]] : most;
	}
	range = n == 0 ? 0 : (uint64_t) most - (uint64_t) least;
	if (n == 0 || range >= 8 * (uint64_t) n)
		return ns_sort(env, group, n, compare_groups, id);
	NS_NEED(at = ns_alloc_array(env, (size_t) range + 1, sizeof(int32_t)));
	memset(at, -1, ((size_t) range + 1) * sizeof(int32_t));
	for (size_t i = 0; i < n; i++)
	{
		TICK(env, i);
		at[(uint64_t) id[group[i]] - (uint64_t) least] = group[i];
	}
	for (uint64_t i = 0; i <= range; i++)
	{
		TICK(env, i);
		if (at[i] >= 0)
			group[kept++] = at[i];
	}
	return NS_OK;
}

/* Groups that have rows, by id: kind by kind. */
static NsResult
order_groups(NsEnv *env, NsListed *listed)
{
	const int64_t *id = listed->in->lists->group_id;
	int32_t		ngroups = listed->in->lists->ngroups;
	size_t		start[KINDS + 1] = {0};
	size_t		next[KINDS];

	for (int32_t i = 0; i < ngroups; i++)
	{
		TICK(env, i);
		start[kind_of(id[i]) + 1] += listed->group_rows[i] > 0;
	}
	for (int k = 0; k < KINDS; k++)
	{
		start[k + 1] += start[k];
		next[k] = start[k];
	}
	listed->ngroups = (int32_t) start[KINDS];
	NS_NEED(listed->order = ns_alloc_array(env, start[KINDS], sizeof(int32_t)));
	for (int32_t i = 0; i < ngroups; i++)
	{
		TICK(env, i);
		if (listed->group_rows[i] > 0)
			listed->order[next[kind_of(id[i])]++] = i;
	}
	for (int k = 0; k < KINDS; k++)
		NS_TRY(order_kind(env, id, listed->order + start[k],
						  start[k + 1] - start[k]));
	return NS_OK;
}

NsResult
ns_listed_count(NsEnv *env, NsListed *listed)
{
	if (ns_listed_rows(listed->in) == 0)
		return NS_OK;
	NS_TRY(count_rows(env, listed));
	for (size_t i = 0; i < listed->in->nlinks; i++)
		listed->nrows += listed->link_rows[i];
	NS_NEED(listed->number = ns_alloc_array(env, (size_t) listed->in->lists->ngroups,
											sizeof(int32_t)));
	return order_groups(env, listed);
}
