/*-------------------------------------------------------------------------
 *
 * id_set.h
 *	  A list of ids without duplicates, in order of arrival, that grows.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_ID_SET_H
#define NS_ID_SET_H

#include "utils/array.h"

#include "env.h"

struct id_hash;

typedef struct IdSet
{
	NsEnv	   *env;			/* where the list lies */
	struct id_hash *hash;		/* in the memory context of its making */
	int64	   *id;
	size_t		n;
	size_t		room;
} IdSet;

extern void id_set_make(IdSet *set, NsEnv *env);

/* Append it unless it is there; true when it was appended. */
extern bool id_set_add(IdSet *set, int64 id);

/* Append it unless it is there; its place in the list. */
extern size_t id_set_place(IdSet *set, int64 id);

extern bool id_set_has(const IdSet *set, int64 id);

/* Its place in the list, or -1. */
extern int64 id_set_find(const IdSet *set, int64 id);

/*
 * Where the elements of an array without nulls begin.  (The server's
 * ARR_DATA_PTR does not compile under -Wsign-compare.)
 */
static inline void *
id_array_data(ArrayType *array)
{
	Size		offset = ARR_OVERHEAD_NONULLS(ARR_NDIM(array));

	if (ARR_HASNULL(array))
		offset = array->dataoffset;
	return (char *) array + offset;
}

/* bigint[] of n ids that lie stride bytes apart. */
extern Datum id_array(const int64 *first, size_t n, size_t stride);

#endif							/* NS_ID_SET_H */
