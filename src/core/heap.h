/*-------------------------------------------------------------------------
 *
 * heap.h
 *	  A heap of pointers, the first in a caller's order on top.
 *
 * For what waits in some order while a search goes on.  (The searches' own
 * heap of numbers is in node_heap.h: it is the innermost loop of everything.)
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_HEAP_H
#define NS_HEAP_H

#include "env.h"

/* Does item a come out before item b?  A strict order of all items. */
typedef bool (*NsBefore) (const void *context, const void *a, const void *b);

typedef struct NsHeap
{
	NsEnv	   *env;
	NsBefore	before;
	const void *context;
	void	  **item;			/* item[0] is the first */
	size_t		n;
	size_t		room;
} NsHeap;

extern void ns_heap_init(NsHeap *h, NsEnv *env, NsBefore before,
						 const void *context);

/* NS_NO_MEMORY leaves the heap as it was. */
extern NsResult ns_heap_push(NsHeap *h, void *item);

/* Take out the first; the heap must not be empty. */
extern void *ns_heap_pop(NsHeap *h);

#endif							/* NS_HEAP_H */
