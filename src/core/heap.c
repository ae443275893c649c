/*-------------------------------------------------------------------------
 *
 * heap.c
 *	  Binary heap of pointers.
 *
 *-------------------------------------------------------------------------
 */
#include "heap.h"

void
ns_heap_init(NsHeap *h, NsEnv *env, NsBefore before, const void *context)
{
	*h = (NsHeap) {.env = env,.before = before,.context = context};
}

NsResult
ns_heap_push(NsHeap *h, void *item)
{
	size_t		i = h->n;
	void	  **grown = ns_grow_array(h->env, h->item, &h->room, h->n + 1,
									  sizeof(void *));

	if (grown == NULL)
		return NS_NO_MEMORY;
	h->item = grown;
	h->n++;
	while (i > 0 && h->before(h->context, item, grown[(i - 1) / 2]))
	{
		grown[i] = grown[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	grown[i] = item;
	return NS_OK;
}

void *
ns_heap_pop(NsHeap *h)
{
	void	   *top = h->item[0];
	void	   *last = h->item[--h->n];
	size_t		i = 0;

	for (;;)
	{
		size_t		child = 2 * i + 1;

		if (child >= h->n)
			break;
		if (child + 1 < h->n &&
			h->before(h->context, h->item[child + 1], h->item[child]))
			child++;
		if (!h->before(h->context, h->item[child], last))
			break;
		h->item[i] = h->item[child];
		i = child;
	}
	h->item[i] = last;
	return top;
}
