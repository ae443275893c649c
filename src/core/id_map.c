/*-------------------------------------------------------------------------
 *
 * id_map.c
 *	  From ids to numbers: which element of an array has this id?
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "id_map.h"

#define MAX_IDS		((size_t) 1 << 30)
#define LEAST_SLOTS	16
#define TICK		65536		/* elements between interrupt checks */

static int64_t
id_at(const int64_t *id, size_t i, size_t stride)
{
	int64_t		value;

	memcpy(&value, (const char *) id + i * stride, sizeof(value));
	return value;
}

static NsResult
make_dense(NsEnv *env, NsIdMap *map, const int64_t *id, size_t n,
		   size_t stride)
{
	map->dense = ns_alloc_array(env, map->range, sizeof(int32_t));
	if (map->dense == NULL)
		return NS_NO_MEMORY;
	memset(map->dense, -1, map->range * sizeof(int32_t));
	for (size_t i = 0; i < n; i++)
	{
		uint64_t	place = (uint64_t) id_at(id, i, stride) - (uint64_t) map->first;

		if (map->dense[place] >= 0)
			return NS_BAD_INPUT;
		map->dense[place] = (int32_t) i;
		if (i % TICK == 0 && env->interrupted(env->state))
			return NS_INTERRUPTED;
	}
	return NS_OK;
}

/* The slot that holds the id, or the empty one where it belongs. */
static NsIdSlot *
slot_of(const NsIdMap *map, int64_t id)
{
	uint64_t	i = ns_id_map_hash(id) & map->mask;

	while (map->slot[i].number >= 0 && map->slot[i].id != id)
		i = (i + 1) & map->mask;
	return &map->slot[i];
}

/* Room for this many slots, a power of two, and everything put into them. */
static NsResult
resize(NsEnv *env, NsIdMap *map, size_t slots)
{
	NsIdMap		old = *map;

	map->slot = ns_alloc_array(env, slots, sizeof(NsIdSlot));
	if (map->slot == NULL)
		return NS_NO_MEMORY;
	map->mask = slots - 1;
	for (size_t i = 0; i < slots; i++)
		map->slot[i].number = -1;
	if (old.slot == NULL)
		return NS_OK;
	for (uint64_t i = 0; i <= old.mask; i++)
	{
		if (old.slot[i].number >= 0)
			*slot_of(map, old.slot[i].id) = old.slot[i];
		if (i % TICK == 0 && env->interrupted(env->state))
			return NS_INTERRUPTED;
	}
	return NS_OK;
}

static NsResult
make_hash(NsEnv *env, NsIdMap *map, const int64_t *id, size_t n,
		  size_t stride)
{
	size_t		slots = LEAST_SLOTS;
	NsResult	rc;

	while (slots < 2 * n)
		slots *= 2;
	if ((rc = resize(env, map, slots)) != NS_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
	{
		NsIdSlot   *slot = slot_of(map, id_at(id, i, stride));

		if (slot->number >= 0)
			return NS_BAD_INPUT;
		slot->id = id_at(id, i, stride);
		slot->number = (int32_t) i;
		if (i % TICK == 0 && env->interrupted(env->state))
			return NS_INTERRUPTED;
	}
	return NS_OK;
}

NsResult
ns_id_map_make(NsEnv *env, NsIdMap *map, const int64_t *id, size_t n,
			   size_t stride)
{
	int64_t		least = 0;
	int64_t		most = 0;

	memset(map, 0, sizeof(*map));
	if (n > MAX_IDS)
		return NS_TOO_LARGE;
	map->n = n;
	if (n == 0)
		return NS_OK;
	least = most = id_at(id, 0, stride);
	for (size_t i = 1; i < n; i++)
	{
		int64_t		value = id_at(id, i, stride);

		if (value < least)
			least = value;
		if (value > most)
			most = value;
		if (i % TICK == 0 && env->interrupted(env->state))
			return NS_INTERRUPTED;
	}
	map->first = least;
	map->range = (uint64_t) most - (uint64_t) least;
	if (map->range < 4 * (uint64_t) n)
	{
		map->range++;
		return make_dense(env, map, id, n, stride);
	}
	return make_hash(env, map, id, n, stride);
}

NsResult
ns_id_map_place(NsEnv *env, NsIdMap *map, int64_t id, int32_t *number)
{
	NsIdSlot   *slot;
	NsResult	rc;

	if (map->slot == NULL || 2 * (map->n + 1) > map->mask + 1)
	{
		rc = resize(env, map, map->slot == NULL ? LEAST_SLOTS : 2 * (map->mask + 1));
		if (rc != NS_OK)
			return rc;
	}
	slot = slot_of(map, id);
	if (slot->number < 0)
	{
		if (map->n >= MAX_IDS)
			return NS_TOO_LARGE;
		slot->id = id;
		slot->number = (int32_t) map->n++;
	}
	*number = slot->number;
	return NS_OK;
}
