/*-------------------------------------------------------------------------
 *
 * bitset.h
 *	  Sets of small numbers as arrays of 64-bit words.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_BITSET_H
#define NS_BITSET_H

#include <string.h>

#include "env.h"

static inline size_t
ns_bits_words(int32_t n)
{
	return ((size_t) n + 63) / 64;
}

static inline bool
ns_bit_get(const uint64_t *set, int32_t i)
{
	return (set[(uint32_t) i / 64] >> ((uint32_t) i % 64)) & 1;
}

static inline void
ns_bit_set(uint64_t *set, int32_t i)
{
	set[(uint32_t) i / 64] |= UINT64_C(1) << ((uint32_t) i % 64);
}

static inline void
ns_bit_clear(uint64_t *set, int32_t i)
{
	set[(uint32_t) i / 64] &= ~(UINT64_C(1) << ((uint32_t) i % 64));
}

static inline void
ns_bits_copy(uint64_t *to, const uint64_t *from, size_t words)
{
	memcpy(to, from, words * sizeof(uint64_t));
}

static inline void
ns_bits_zero(uint64_t *set, size_t words)
{
	memset(set, 0, words * sizeof(uint64_t));
}

static inline int32_t
ns_bits_count(const uint64_t *set, size_t words)
{
	int32_t		n = 0;

	for (size_t i = 0; i < words; i++)
		n += __builtin_popcountll(set[i]);
	return n;
}

#endif							/* NS_BITSET_H */
