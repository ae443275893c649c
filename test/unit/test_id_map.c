/*-------------------------------------------------------------------------
 *
 * test_id_map.c
 *	  From ids to numbers, with ids close together and far apart.
 *
 *-------------------------------------------------------------------------
 */
#include "id_map.h"
#include "unit.h"

typedef struct Element			/* ids do not lie side by side */
{
	int64_t		id;
	char		other[16];
} Element;

typedef struct Ids
{
	Element	   *element;
	int			n;
} Ids;

/* Ids that are all different: a random one, then steps of 1 .. most. */
static Ids
random_ids(UnitEnv *u, int n, int most, int64_t first)
{
	Ids			ids = {unit_alloc(u, (size_t) n + 1, sizeof(Element)), n};
	int32_t    *order = unit_alloc(u, (size_t) n + 1, sizeof(int32_t));

	for (int i = 0; i < n; i++)
		order[i] = i;
	unit_shuffle(order, n);
	for (int i = 0; i < n; i++)
	{
		ids.element[order[i]].id = first;
		first += 1 + unit_below(most);
	}
	return ids;
}

static void
check_map(const NsIdMap *map, const Ids *ids)
{
	for (int i = 0; i < ids->n; i++)
	{
		int64_t		id = ids->element[i].id;

		UNIT_CHECK(ns_id_map_find(map, id) == i, "id %lld is not number %d",
				   (long long) id, i);
	}
	for (int i = 0; i < 200; i++)
	{
		int64_t		id = (int64_t) unit_random();
		bool		there = false;

		if (i % 2 == 0 && ids->n > 0)
			id = (int64_t) ((uint64_t) ids->element[unit_below(ids->n)].id +
							(uint64_t) unit_below(5) - 2);
		for (int j = 0; j < ids->n && !there; j++)
			there = ids->element[j].id == id;
		UNIT_CHECK((ns_id_map_find(map, id) >= 0) == there,
				   "id %lld is %sthere", (long long) id, there ? "" : "not ");
	}
}

static NsResult
attempt_make(UnitEnv *u, void *state)
{
	const Ids  *ids = state;
	NsIdMap		map;
	NsResult	rc = ns_id_map_make(&u->env, &map, &ids->element[0].id,
									(size_t) ids->n, sizeof(Element));

	if (rc == NS_OK)
		check_map(&map, ids);
	return rc;
}

static NsResult
attempt_place(UnitEnv *u, void *state)
{
	const Ids  *ids = state;
	NsIdMap		map = {0};

	for (int round = 0; round < 2; round++)
	{
		for (int i = 0; i < ids->n; i++)
		{
			int32_t		number;
			NsResult	rc = ns_id_map_place(&u->env, &map,
											 ids->element[i].id, &number);

			if (rc != NS_OK)
				return rc;
			UNIT_CHECK(number == i, "number %d is %d", i, number);
		}
	}
	check_map(&map, ids);
	return NS_OK;
}

int
main(void)
{
	int			cases = unit_cases(200, 5000);

	unit_begin("id map");
	for (int i = 0; i < cases; i++)
	{
		static const int64_t firsts[] = {1, INT64_MIN, -300, INT64_MAX - 400000};
		UnitEnv		u;
		Ids			ids;
		int			n = unit_below(3) == 0 ? unit_below(5) : unit_below(300);

		unit_case("ids", i);
		unit_env_init(&u);
		ids = random_ids(&u, n, unit_chance(0.5) ? 2 : 1000, firsts[unit_below(4)]);
		unit_fail_each(attempt_make, &ids, true, 20);
		unit_fail_each(attempt_place, &ids, true, 20);
		unit_fail_each(attempt_make, &ids, false, 20);
		if (n > 1)
		{
			NsIdMap		map;

			ids.element[0].id = ids.element[1 + unit_below(n - 1)].id;
			UNIT_CHECK(ns_id_map_make(&u.env, &map, &ids.element[0].id,
									  (size_t) n, sizeof(Element)) == NS_BAD_INPUT,
					   "an id twice is accepted");
		}
		unit_env_drop(&u);
	}
	return unit_end();
}
