/*-------------------------------------------------------------------------
 *
 * test_env.c
 *	  Allocation that cannot overflow, the sort, the heap, and sets of bits.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "bitset.h"
#include "heap.h"
#include "sort.h"
#include "unit.h"

static void
test_alloc(void)
{
	UnitEnv		u;
	char	   *p;
	int32_t    *array = NULL;
	size_t		room = 0;
	int64_t		calls;

	unit_case("allocation", 0);
	unit_env_init(&u);
	UNIT_CHECK(ns_alloc_array(&u.env, SIZE_MAX / 2, 4) == NULL &&
			   ns_alloc_zero(&u.env, SIZE_MAX / 2, 4) == NULL &&
			   u.allocs == 0, "a size that overflows is asked for");
	UNIT_CHECK(ns_alloc_array(&u.env, 0, 8) != NULL &&
			   ns_alloc_zero(&u.env, 0, 8) != NULL, "nothing is no error");
	p = ns_alloc_zero(&u.env, 100, 3);
	for (int i = 0; p != NULL && i < 300; i++)
		UNIT_CHECK(p[i] == 0, "byte %d is not zero", i);

	for (int i = 0; i < 1000; i++)
	{
		int32_t    *grown = ns_grow_array(&u.env, array, &room, (size_t) i + 1,
										  sizeof(int32_t));

		if (!UNIT_CHECK(grown != NULL && room > (size_t) i, "it does not grow"))
			break;
		array = grown;
		array[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		UNIT_CHECK(array[i] == i, "element %d is lost", i);
	calls = u.allocs;
	UNIT_CHECK(ns_grow_array(&u.env, array, &room, room, sizeof(int32_t)) == array &&
			   u.allocs == calls, "what is large enough grows");
	UNIT_CHECK(ns_grow_array(&u.env, array, &room, SIZE_MAX, sizeof(int32_t)) == NULL &&
			   ns_grow_array(&u.env, array, &room, SIZE_MAX / 4, sizeof(int32_t)) == NULL &&
			   array[999] == 999, "a size that overflows is granted");
	unit_env_drop(&u);
}

static int
compare_keys(const void *context, int32_t a, int32_t b)
{
	const int32_t *key = context;

	return key[a] - key[b];
}

/* Ordered, stable and complete, for keys with many ties. */
static void
test_sort(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		int			n = 0;
		int32_t		key[600];
		int32_t		item[600];

		unit_case("sort", i);
		unit_env_init(&u);
		n = unit_below(600);
		for (int j = 0; j < n; j++)
		{
			key[j] = unit_below(1 + unit_below(100));
			item[j] = j;
		}
		UNIT_CHECK(ns_sort(&u.env, item, (size_t) n, compare_keys, key) == NS_OK,
				   "it fails");
		for (int j = 1; j < n; j++)
			UNIT_CHECK(key[item[j - 1]] < key[item[j]] ||
					   (key[item[j - 1]] == key[item[j]] && item[j - 1] < item[j]),
					   "items %d and %d of %d are not in order", j - 1, j, n);
		unit_env_drop(&u);
	}
}

static bool
less(const void *context, const void *a, const void *b)
{
	(void) context;
	return *(const int32_t *) a < *(const int32_t *) b;
}

/* Pushed and popped at random, the least always comes first. */
static void
test_heap(int cases)
{
	for (int i = 0; i < cases; i++)
	{
		UnitEnv		u;
		NsHeap		h;
		int32_t		value[500];
		int			npushed = 0;
		bool		out[500] = {false};

		unit_case("heap", i);
		unit_env_init(&u);
		ns_heap_init(&h, &u.env, less, NULL);
		while (npushed < 500 || h.n > 0)
		{
			int			least = -1;
			int32_t    *top;

			if (npushed < 500 && (h.n == 0 || unit_chance(0.6)))
			{
				value[npushed] = unit_below(1000) * 500 + npushed;
				UNIT_CHECK(ns_heap_push(&h, &value[npushed]) == NS_OK, "push");
				npushed++;
				continue;
			}
			for (int j = 0; j < npushed; j++)
				if (!out[j] && (least < 0 || value[j] < value[least]))
					least = j;
			top = ns_heap_pop(&h);
			UNIT_CHECK(top == &value[least], "%d comes before %d", *top,
					   value[least]);
			out[top - value] = true;
		}
		unit_env_drop(&u);
	}
}

static void
test_find(void)
{
	static const int64_t id[] = {INT64_MIN, -7, 0, 5, 6, INT64_MAX};

	unit_case("look-up of ids", 0);
	for (int32_t n = 0; n <= 6; n++)
		for (int32_t i = 0; i < 6; i++)
			UNIT_CHECK(ns_find_id(id, n, id[i]) == (i < n ? i : -1),
					   "id %d of %d", i, n);
	UNIT_CHECK(ns_find_id(id, 6, 1) == -1 && ns_find_id(id, 6, 7) == -1,
			   "an id that is not there");
}

static void
test_bits(void)
{
	uint64_t	set[4] = {0};
	uint64_t	copy[4];

	unit_case("sets of bits", 0);
	UNIT_CHECK(ns_bits_words(0) == 0 && ns_bits_words(64) == 1 &&
			   ns_bits_words(65) == 2 && ns_bits_words(256) == 4, "words");
	for (int32_t i = 0; i < 256; i += 3)
		ns_bit_set(set, i);
	ns_bit_clear(set, 63);
	ns_bits_copy(copy, set, 4);
	for (int32_t i = 0; i < 256; i++)
		UNIT_CHECK(ns_bit_get(copy, i) == (i % 3 == 0 && i != 63), "bit %d", i);
	UNIT_CHECK(ns_bits_count(copy, 4) == 85, "%d bits", ns_bits_count(copy, 4));
	ns_bits_zero(copy, 4);
	UNIT_CHECK(ns_bits_count(copy, 4) == 0, "bits are left");
}

int
main(void)
{
	unit_begin("env");
	test_alloc();
	test_sort(unit_cases(200, 5000));
	test_heap(unit_cases(20, 500));
	test_find();
	test_bits();
	return unit_end();
}
