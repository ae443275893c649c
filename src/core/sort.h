/*-------------------------------------------------------------------------
 *
 * sort.h
 *	  Stable sort of an array of numbers by a caller's order.
 *
 * Not qsort(): the C library's may call malloc, and is not stable.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_SORT_H
#define NS_SORT_H

#include "env.h"

/* Does element a come before (< 0), with (0) or after (> 0) element b? */
typedef int (*NsCompare) (const void *context, int32_t a, int32_t b);

/*
 * Sort item[0 .. n-1].  O(n) when already in order, else O(n log n) with n
 * numbers of scratch from the region.
 */
extern NsResult ns_sort(NsEnv *env, int32_t *item, size_t n,
						NsCompare compare, const void *context);

/* Position of key in an ascending array of n ids, or -1. */
static inline int32_t
ns_find_id(const int64_t *id, int32_t n, int64_t key)
{
	int32_t		low = 0;
	int32_t		high = n;

	while (low < high)
	{
		int32_t		middle = low + (high - low) / 2;

		if (id[middle] < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && id[low] == key ? low : -1;
}

#endif							/* NS_SORT_H */
