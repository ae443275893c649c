/*-------------------------------------------------------------------------
 *
 * env.h
 *	  What src/core is handed by whoever runs it: memory, an interrupt
 *	  check, and the codes it answers with.
 *
 * src/core never prints, exits, longjmps or allocates by itself.  All its
 * memory comes from the environment's region and is never freed piece by
 * piece: the caller drops the region (a MemoryContext in the backend, an
 * arena elsewhere).  Hence alloc() may throw, as palloc does, and core leaves
 * nothing behind; or it may return NULL, and core returns NS_NO_MEMORY.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_ENV_H
#define NS_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum NsResult
{
	NS_OK = 0,
	NS_NO_MEMORY,				/* alloc() returned NULL */
	NS_INTERRUPTED,				/* interrupted() returned true */
	NS_TOO_LARGE,				/* an input or a size exceeds what indices hold */
	NS_MISSING_COST,			/* a link lacks the cost that was asked for */
	NS_BAD_INPUT				/* the caller broke a contract of a header */
} NsResult;

typedef struct NsEnv
{
	/* Uninitialised memory, aligned for any type; NULL or throw when short. */
	void	   *(*alloc) (void *state, size_t size);

	/* Called at least every millisecond; may throw, or return true to stop. */
	bool		(*interrupted) (void *state);

	void	   *state;			/* handed to both */
} NsEnv;

/*
 * Room for n elements of the given size, or NULL (also when n * size does not
 * fit).  n may be 0: the pointer is then valid but must not be read.
 */
extern void *ns_alloc_array(NsEnv *env, size_t n, size_t size);

/* The same, filled with zero bytes. */
extern void *ns_alloc_zero(NsEnv *env, size_t n, size_t size);

/*
 * Grow an array to hold at least need elements; *room is its present size in
 * elements.  The old array stays in the region, so growth doubles.  NULL when
 * memory is short (the old array is then still valid).
 */
extern void *ns_grow_array(NsEnv *env, void *array, size_t *room, size_t need,
						   size_t size);

#endif							/* NS_ENV_H */
