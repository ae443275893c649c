/*-------------------------------------------------------------------------
 *
 * env.c
 *	  Overflow-checked allocation from the environment's region.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "env.h"

void *
ns_alloc_array(NsEnv *env, size_t n, size_t size)
{
	size_t		bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return env->alloc(env->state, bytes > 0 ? bytes : 1);
}

void *
ns_alloc_zero(NsEnv *env, size_t n, size_t size)
{
	void	   *p = ns_alloc_array(env, n, size);

	if (p != NULL)
		memset(p, 0, n * size);
	return p;
}

void *
ns_grow_array(NsEnv *env, void *array, size_t *room, size_t need, size_t size)
{
	size_t		larger = *room < 16 ? 16 : *room;
	void	   *p;

	if (need <= *room)
		return array;
	while (larger < need)
	{
		if (__builtin_mul_overflow(larger, (size_t) 2, &larger))
			return NULL;
	}
	p = ns_alloc_array(env, larger, size);
	if (p == NULL)
		return NULL;
	if (*room > 0)
		memcpy(p, array, *room * size);
	*room = larger;
	return p;
}
