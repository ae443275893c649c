/*-------------------------------------------------------------------------
 *
 * group_order.c
 *	  Groups by their ids, where their numbers do not say it.
 *
 *-------------------------------------------------------------------------
 */
#include "group_order.h"
#include "path_int.h"
#include "sort.h"

typedef struct Order				/* numbers of a graph's groups by id */
{
	const NsGraph *g;
	const int32_t *number;
} Order;

static int
compare_groups(const void *context, int32_t a, int32_t b)
{
	const Order *order = context;
	int64_t		x = ns_srlg_id(order->g, order->number[a]);
	int64_t		y = ns_srlg_id(order->g, order->number[b]);

	return (x > y) - (x < y);
}

NsResult
ns_groups_by_id(NsEnv *env, const NsGraph *g, NsNumbers *list)
{
	Order		order = {g, list->number};
	int32_t    *sorted;

	if (list->n == 0 || list->number[list->n - 1] < g->block->nsrlgs)
		return NS_OK;
	sorted = ns_alloc_array(env, (size_t) list->n, sizeof(int32_t));
	if (sorted == NULL)
		return NS_NO_MEMORY;
	for (int32_t i = 0; i < list->n; i++)
		sorted[i] = i;
	NS_TRY(ns_sort(env, sorted, (size_t) list->n, compare_groups, &order));
	for (int32_t i = 0; i < list->n; i++)
		sorted[i] = list->number[sorted[i]];
	list->number = sorted;
	return NS_OK;
}
