/*-------------------------------------------------------------------------
 *
 * sort.c
 *	  Bottom-up merge sort.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "sort.h"

static bool
sort_is_ordered(const int32_t *item, size_t n, NsCompare compare,
				const void *context)
{
	for (size_t i = 1; i < n; i++)
	{
		if (compare(context, item[i - 1], item[i]) > 0)
			return false;
	}
	return true;
}

/* Merge from[low .. middle) and from[middle .. high) into to[low .. high). */
static void
sort_merge(const int32_t *from, int32_t *to, const size_t range[3],
		   NsCompare compare, const void *context)
{
	size_t		left = range[0];
	size_t		right = range[1];

	for (size_t i = range[0]; i < range[2]; i++)
	{
		if (right >= range[2] ||
			(left < range[1] && compare(context, from[left], from[right]) <= 0))
			to[i] = from[left++];
		else
			to[i] = from[right++];
	}
}

NsResult
ns_sort(NsEnv *env, int32_t *item, size_t n, NsCompare compare,
		const void *context)
{
	int32_t    *from = item;
	int32_t    *to;

	if (n < 2 || sort_is_ordered(item, n, compare, context))
		return NS_OK;
	to = ns_alloc_array(env, n, sizeof(int32_t));
	if (to == NULL)
		return NS_NO_MEMORY;

	for (size_t width = 1; width < n; width *= 2)
	{
		int32_t    *swap = from;

		for (size_t low = 0; low < n; low += 2 * width)
		{
			size_t		range[3] = {low, low + width, low + 2 * width};

			if (range[1] > n)
				range[1] = n;
			if (range[2] > n)
				range[2] = n;
			sort_merge(from, to, range, compare, context);
			if (low % 65536 == 0 && env->interrupted(env->state))
				return NS_INTERRUPTED;
		}
		from = to;
		to = swap;
	}
	if (from != item)
		memcpy(item, from, n * sizeof(int32_t));
	return NS_OK;
}
