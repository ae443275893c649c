/*-------------------------------------------------------------------------
 *
 * env_pg.h
 *	  The environment of src/core over a memory context.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_ENV_PG_H
#define NS_ENV_PG_H

#include "env.h"

typedef struct EnvPg
{
	NsEnv		env;			/* what core is handed; env.state is this */
	MemoryContext context;		/* the region */
	char	   *next;			/* free part of the newest block */
	char	   *end;
	Size		block_size;		/* of the next block */
	Size		used;			/* bytes taken from the context */
	Size		limit;			/* no more than these */
} EnvPg;

/*
 * Make a region: a child of the parent, dropped by env_pg_drop() or, on an
 * error, with its parent.  The name is a constant string.
 */
extern void env_pg_make(EnvPg *e, MemoryContext parent, const char *name);
extern void env_pg_drop(EnvPg *e);

/* ns_alloc_array() and ns_grow_array() for the backend: raise, never NULL. */
extern void *env_pg_array(NsEnv *env, size_t n, size_t size);
extern void *env_pg_grow(NsEnv *env, void *array, size_t *room, size_t need,
						 size_t size);

#endif							/* NS_ENV_PG_H */
