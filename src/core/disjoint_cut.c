/*-------------------------------------------------------------------------
 *
 * disjoint_cut.c
 *	  Single risks that separate the ends.
 *
 *-------------------------------------------------------------------------
 */
#include "disjoint_int.h"

static void
sort_numbers(int32_t *list, int32_t n)
{
	for (int32_t i = 1; i < n; i++)
	{
		int32_t		x = list[i];
		int32_t		j = i;

		for (; j > 0 && list[j - 1] > x; j--)
			list[j] = list[j - 1];
		list[j] = x;
	}
}

/*
 * Every cut is used by the cheapest path.  A path without one of its risks
 * clears all risks that it avoids; no path without it makes it a cut.
 */
NsResult
find_cuts(Solver *s, bool first_only, int32_t **cuts, int32_t *ncuts)
{
	int32_t		n;

	*ncuts = 0;
	if (cheapest(s, s->setup->dead, ANY_WEIGHT) == NS_UNREACHED)
		return s->search->interrupted ? NS_INTERRUPTED : NS_BAD_INPUT;
	n = ns_search_path(s->search, s->src, s->path);
	n = risks_of_path(s, s->path, n, s->candidate);
	NS_NEED(*cuts = ns_alloc_array(s->env, (size_t) n, sizeof(int32_t)));
	while (n > 0)
	{
		int32_t		risk = take_largest(s, s->candidate, &n);

		ns_bits_copy(s->dead, s->setup->dead, s->risk->link_words);
		risk_kill(s->risk, risk, s->dead);
		if (cheapest(s, s->dead, ANY_WEIGHT) != NS_UNREACHED)
		{
			n = keep_common(s, s->candidate, n);
			continue;
		}
		if (s->search->interrupted)
			return NS_INTERRUPTED;
		(*cuts)[(*ncuts)++] = risk;
		if (first_only)
			break;
	}
	sort_numbers(*cuts, *ncuts);
	return NS_OK;
}
