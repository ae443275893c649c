/*-------------------------------------------------------------------------
 *
 * id_map.h
 *	  From ids to numbers: which element of an array has this id?
 *
 * Where the ids lie close together (at most four times as far apart as there
 * are elements), the map is an array by id, one load for each look-up;
 * otherwise it is a hash table with open addressing.  All memory lies in the
 * region of the environment.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_ID_MAP_H
#define NS_ID_MAP_H

#include "env.h"

typedef struct NsIdSlot
{
	int64_t		id;
	int32_t		number;			/* -1: empty */
} NsIdSlot;

typedef struct NsIdMap
{
	size_t		n;				/* ids that it holds */
	int64_t		first;			/* dense: the least id, ... */
	uint64_t	range;			/* ... how many ids from there on, ... */
	int32_t    *dense;			/* ... and their numbers, or -1 */
	uint64_t	mask;			/* else: slots - 1, a power of two less 1 */
	NsIdSlot   *slot;
} NsIdMap;

/*
 * Number n ids 0 .. n-1; the first one is at *id and they lie stride bytes
 * apart.  NS_BAD_INPUT when one is there twice, NS_TOO_LARGE above 2^30.
 */
extern NsResult ns_id_map_make(NsEnv *env, NsIdMap *map, const int64_t *id,
							   size_t n, size_t stride);

/*
 * The number of an id; when it is not there yet, it gets the next one (the
 * number of ids so far).  For a map that is all zeros at first, not for one
 * that ns_id_map_make() filled.
 */
extern NsResult ns_id_map_place(NsEnv *env, NsIdMap *map, int64_t id,
								int32_t *number);

static inline uint64_t
ns_id_map_hash(int64_t id)
{
	uint64_t	hash = (uint64_t) id * UINT64_C(0x9e3779b97f4a7c15);

	return hash ^ (hash >> 32);
}

/* The number of an id, or -1. */
static inline int32_t
ns_id_map_find(const NsIdMap *map, int64_t id)
{
	if (map->dense != NULL)
	{
		uint64_t	place = (uint64_t) id - (uint64_t) map->first;

		return place < map->range ? map->dense[place] : -1;
	}
	if (map->slot == NULL)
		return -1;
	for (uint64_t i = ns_id_map_hash(id);; i++)
	{
		const NsIdSlot *slot = &map->slot[i & map->mask];

		if (slot->number < 0 || slot->id == id)
			return slot->number;
	}
}

#endif							/* NS_ID_MAP_H */
