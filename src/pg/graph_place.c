/*-------------------------------------------------------------------------
 *
 * graph_place.c
 *	  Look-ups by a key of two columns.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/rangetypes.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

#include "compat.h"
#include "graph_place.h"

typedef struct PlaceFilter
{
	int			second;
	int32		from;
	int32		to;
	GraphRowFn	fn;
	void	   *state;
} PlaceFilter;

void
graph_place_begin(GraphPlace *place, GraphTable table, int column, int second)
{
	GraphLookUp *look_up = &place->look_up;

	graph_look_up_begin(look_up, table, column);
	place->second = second;
	place->in_index = look_up->index != NULL &&
		look_up->index->rd_index->indnkeyatts >= 2 &&
		look_up->index->rd_index->indkey.values[1] ==
		graph_table_column(table, second);
	if (place->in_index)
	{
		index_endscan(look_up->scan);
		look_up->scan = compat_index_beginscan(look_up->relation,
											   look_up->index,
											   GetActiveSnapshot(), 3);
	}
}

static void
place_filter(const GraphRow *row, void *state)
{
	PlaceFilter *filter = state;

	int32		at = graph_row_int32(row, filter->second);

	if (at >= filter->from && at <= filter->to)
		filter->fn(row, filter->state);
}

void
graph_place_look_up(GraphPlace *place, int64 key, int32 at, GraphRowFn fn,
					void *state)
{
	graph_place_range(place, key, at, at, fn, state);
}

void
graph_place_range(GraphPlace *place, int64 key, int32 from, int32 to,
				  GraphRowFn fn, void *state)
{
	GraphLookUp *look_up = &place->look_up;
	PlaceFilter filter = {place->second, from, to, fn, state};
	ScanKeyData both[3];

	if (!place->in_index)
	{
		graph_look_up(look_up, Int64GetDatum(key), place_filter, &filter);
		return;
	}
	both[0] = look_up->key;
	both[0].sk_argument = Int64GetDatum(key);
	ScanKeyInit(&both[1], 2, BTGreaterEqualStrategyNumber, F_INT4GE,
				Int32GetDatum(from));
	ScanKeyInit(&both[2], 2, BTLessEqualStrategyNumber, F_INT4LE,
				Int32GetDatum(to));
	graph_look_up_rescan(look_up, both, 3, fn, state);
}

void
graph_place_end(GraphPlace *place)
{
	graph_look_up_end(&place->look_up);
}

bool
graph_row_range(const GraphRow *row, int column, int32 *lower, int32 *upper)
{
	bool		null;
	Datum		value = graph_row_get(row, column, &null);
	RangeType  *range;
	RangeBound	from;
	RangeBound	to;
	bool		empty;

	if (null)
		return false;
	range = DatumGetRangeTypeP(value);
	range_deserialize(lookup_type_cache(RangeTypeGetOid(range),
										TYPECACHE_RANGE_INFO),
					  range, &from, &to, &empty);
	if (!empty)
	{
		*lower = from.infinite ? PG_INT32_MIN : DatumGetInt32(from.val);
		*upper = to.infinite ? PG_INT32_MAX : DatumGetInt32(to.val);
	}
	if ((Pointer) range != DatumGetPointer(value))
		pfree(range);
	return !empty;
}
