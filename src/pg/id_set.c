/*-------------------------------------------------------------------------
 *
 * id_set.c
 *	  A list of ids without duplicates, in order of arrival, that grows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/memutils.h"

#include "env_pg.h"
#include "error.h"
#include "id_set.h"

typedef struct IdEntry
{
	int64		id;
	size_t		place;			/* in the list */
	char		status;			/* for simplehash */
} IdEntry;

static inline uint32
id_hash_key(int64 id)
{
	uint64		h = (uint64) id * UINT64CONST(0x9e3779b97f4a7c15);

	return (uint32) (h >> 32);
}

#define SH_PREFIX id
#define SH_ELEMENT_TYPE IdEntry
#define SH_KEY_TYPE int64
#define SH_KEY id
#define SH_HASH_KEY(tb, key) id_hash_key(key)
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

void
id_set_make(IdSet *set, NsEnv *env)
{
	memset(set, 0, sizeof(*set));
	set->env = env;
	set->hash = id_create(CurrentMemoryContext, 256, NULL);
}

size_t
id_set_place(IdSet *set, int64 id)
{
	bool		found;
	IdEntry    *entry = id_insert(set->hash, id, &found);

	if (found)
		return entry->place;
	entry->place = set->n;
	set->id = env_pg_grow(set->env, set->id, &set->room, set->n + 1,
						  sizeof(int64));
	set->id[set->n] = id;
	return set->n++;
}

bool
id_set_add(IdSet *set, int64 id)
{
	size_t		before = set->n;

	return id_set_place(set, id) == before;
}

bool
id_set_has(const IdSet *set, int64 id)
{
	return id_lookup(set->hash, id) != NULL;
}

int64
id_set_find(const IdSet *set, int64 id)
{
	const IdEntry *entry = id_lookup(set->hash, id);

	return entry == NULL ? -1 : (int64) entry->place;
}

Datum
id_array(const int64 *first, size_t n, size_t stride)
{
	ArrayType  *array;
	int64	   *to;
	size_t		i;

	if (n > MaxArraySize)
		error_too_large("list of ids", n, MaxArraySize);

	array = palloc(ARR_OVERHEAD_NONULLS(1) + n * sizeof(int64));
	SET_VARSIZE(array, ARR_OVERHEAD_NONULLS(1) + n * sizeof(int64));
	array->ndim = 1;
	array->dataoffset = 0;
	array->elemtype = INT8OID;
	ARR_DIMS(array)[0] = n;
	ARR_LBOUND(array)[0] = 1;
	to = id_array_data(array);
	for (i = 0; i < n; i++)
		to[i] = *(const int64 *) ((const char *) first + i * stride);
	return PointerGetDatum(array);
}
