/*-------------------------------------------------------------------------
 *
 * node_heap.h
 *	  The heap of shortest-path searches: numbers by key, four children each.
 *
 * Lazy: an improved number is pushed again, and whoever pops tells a stale
 * entry by its key.  So it needs room for as many entries as a search can
 * improve numbers, plus one; the caller provides it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_NODE_HEAP_H
#define NS_NODE_HEAP_H

#include "env.h"

typedef struct NsHeapEntry
{
	int64_t		key;
	int32_t		node;
} NsHeapEntry;

static inline void
ns_node_heap_push(NsHeapEntry *heap, size_t *n, int64_t key, int32_t node)
{
	size_t		i = (*n)++;

	while (i > 0)
	{
		size_t		parent = (i - 1) / 4;

		if (heap[parent].key <= key)
			break;
		heap[i] = heap[parent];
		i = parent;
	}
	heap[i].key = key;
	heap[i].node = node;
}

static inline NsHeapEntry
ns_node_heap_pop(NsHeapEntry *heap, size_t *n)
{
	NsHeapEntry top = heap[0];
	NsHeapEntry last = heap[--(*n)];
	size_t		i = 0;

	for (;;)
	{
		size_t		child = 4 * i + 1;
		size_t		least = child;
		size_t		end = child + 4 < *n ? child + 4 : *n;

		if (child >= *n)
			break;
		for (size_t j = child + 1; j < end; j++)
		{
			if (heap[j].key < heap[least].key)
				least = j;
		}
		if (heap[least].key >= last.key)
			break;
		heap[i] = heap[least];
		i = least;
	}
	heap[i] = last;
	return top;
}

#endif							/* NS_NODE_HEAP_H */
