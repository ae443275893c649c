/*-------------------------------------------------------------------------
 *
 * env_pg.c
 *	  The environment of src/core over a memory context.
 *
 * Core frees nothing piece by piece, so small requests are cut from blocks:
 * no header and no rounding to a power of two for each.  Large ones go to the
 * context by themselves and may exceed 1 GB.  Each region is held to
 * netstate.memory_limit, so that a search ends with an error that names the
 * setting before the machine runs out of memory.
 *
 * Both callbacks leave by longjmp (ereport); core is written for that.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "env_pg.h"
#include "error.h"
#include "guc.h"

#define ENV_FIRST_BLOCK	((Size) 16 * 1024)
#define ENV_LAST_BLOCK	((Size) 1024 * 1024)

static void *env_pg_alloc(void *state, size_t size);
static bool env_pg_interrupted(void *state);

void
env_pg_make(EnvPg *e, MemoryContext parent, const char *name)
{
	memset(e, 0, sizeof(*e));
	e->env.alloc = env_pg_alloc;
	e->env.interrupted = env_pg_interrupted;
	e->env.state = e;
	e->context = AllocSetContextCreateInternal(parent, name,
											   ALLOCSET_DEFAULT_SIZES);
	e->block_size = ENV_FIRST_BLOCK;
	e->limit = (Size) guc_memory_limit * 1024 * 1024;
}

void
env_pg_drop(EnvPg *e)
{
	MemoryContextDelete(e->context);
	memset(e, 0, sizeof(*e));
}

/* Bytes from the context itself, counted. */
static void *
env_pg_take(EnvPg *e, Size size)
{
	if (size > e->limit - e->used)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("the call needs more memory than netstate.memory_limit allows"),
				 errdetail("It holds %zu MB of %d MB and asked for %zu bytes more.",
						   e->used / (1024 * 1024), guc_memory_limit, size),
				 errhint("Ask for fewer paths or a smaller network, or raise netstate.memory_limit.")));
	e->used += size;
	return MemoryContextAllocExtended(e->context, size, MCXT_ALLOC_HUGE);
}

static void *
env_pg_alloc(void *state, size_t size)
{
	EnvPg	   *e = state;
	void	   *p;

	/* Tested first, so that rounding up cannot overflow. */
	if (size > e->block_size / 4)
		return env_pg_take(e, size);

	size = MAXALIGN(size);
	if (size > (Size) (e->end - e->next))
	{
		e->next = env_pg_take(e, e->block_size);
		e->end = e->next + e->block_size;
		if (e->block_size < ENV_LAST_BLOCK)
			e->block_size *= 2;
	}
	p = e->next;
	e->next += size;
	return p;
}

static bool
env_pg_interrupted(void *state)
{
	CHECK_FOR_INTERRUPTS();
	return false;
}

void *
env_pg_array(NsEnv *env, size_t n, size_t size)
{
	void	   *p = ns_alloc_array(env, n, size);

	/* alloc() raises itself, so this is a size that does not fit. */
	if (p == NULL)
		error_check(NS_NO_MEMORY, "array");
	return p;
}

void *
env_pg_grow(NsEnv *env, void *array, size_t *room, size_t need, size_t size)
{
	void	   *p = ns_grow_array(env, array, room, need, size);

	if (p == NULL)
		error_check(NS_NO_MEMORY, "array");
	return p;
}
