/*-------------------------------------------------------------------------
 *
 * commit_check_view.c
 *	  What the checks at COMMIT read.
 *
 * A commit that changed one row must not pay for more than a few look-ups, and
 * one that loaded a plant must not look up each row of it.  So everything is
 * read when it is asked for, unless the caller said before that it will ask for
 * most of a table.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "storage/lmgr.h"

#include "commit_check_view.h"
#include "error.h"

typedef struct ThingRef
{
	int			column;
	Oid			type;			/* InvalidOid: no more */
} ThingRef;

typedef struct ThingTable
{
	GraphTable	table;
	int			id;
	ThingRef	ref[CHECK_REFS];
} ThingTable;

static const ThingTable thing_tables[CHECK_NKINDS] = {
	[CHECK_STRUCTURE] = {GRAPH_STRUCTURE, STRUCTURE_ID, {
			[STRUCTURE_SITE] = {STRUCTURE_SITE_ID, INT8OID},
	}},
	[CHECK_SPAN] = {GRAPH_SPAN, SPAN_ID, {
			[SPAN_A] = {SPAN_A_STRUCTURE_ID, INT8OID},
			[SPAN_Z] = {SPAN_Z_STRUCTURE_ID, INT8OID},
	}},
	[CHECK_CABLE] = {GRAPH_CABLE, CABLE_ID, {
			[CABLE_STRANDS] = {CABLE_STRAND_COUNT, INT4OID},
	}},
	[CHECK_NODE] = {GRAPH_NODE, NODE_ID, {
			[NODE_NETWORK] = {NODE_NETWORK_ID, INT8OID},
			[NODE_SITE] = {NODE_SITE_ID, INT8OID},
			[NODE_STRUCTURE] = {NODE_STRUCTURE_ID, INT8OID},
			[NODE_SUPPORTING] = {NODE_SUPPORTING_NODE_ID, INT8OID},
	}},
	[CHECK_LINK] = {GRAPH_LINK, LINK_ID, {
			[LINK_NETWORK] = {LINK_NETWORK_ID, INT8OID},
			[LINK_A] = {LINK_A_NODE_ID, INT8OID},
			[LINK_Z] = {LINK_Z_NODE_ID, INT8OID},
			[LINK_IS_DIRECTED] = {LINK_DIRECTED, BOOLOID},
	}},
};

typedef struct ListTable
{
	GraphTable	table;
	int			key;
	int			member;			/* or -1 */
	int			seq;
	int			ref;
	int			strands;		/* or -1 */
	int			segments;		/* or -1 */
} ListTable;

static const ListTable list_tables[CHECK_NLISTS] = {
	[CHECK_SEGMENTS] = {GRAPH_CABLE_SEGMENT, SEGMENT_CABLE_ID, -1,
		SEGMENT_SEQ, SEGMENT_SPAN_ID, -1, -1},
	[CHECK_ASSIGNMENTS] = {GRAPH_STRAND_ASSIGNMENT, ASSIGNMENT_LINK_ID, -1,
		ASSIGNMENT_SEQ, ASSIGNMENT_CABLE_ID, ASSIGNMENT_STRANDS,
	ASSIGNMENT_SEGMENTS},
	[CHECK_SUPPORTS] = {GRAPH_LINK_SUPPORT, SUPPORT_LINK_ID, SUPPORT_MEMBER,
		SUPPORT_SEQ, SUPPORT_SUPPORTING_LINK_ID, -1, -1},
};

/* By which columns rows are looked up, here and by who finds what changed. */
static const struct
{
	GraphTable	table;
	int			column;
}			looked_up[] = {
	{GRAPH_STRUCTURE, STRUCTURE_ID},
	{GRAPH_SPAN, SPAN_ID},
	{GRAPH_CABLE, CABLE_ID},
	{GRAPH_CABLE_SEGMENT, SEGMENT_CABLE_ID},
	{GRAPH_CABLE_SEGMENT, SEGMENT_SPAN_ID},
	{GRAPH_STRAND_ASSIGNMENT, ASSIGNMENT_LINK_ID},
	{GRAPH_STRAND_ASSIGNMENT, ASSIGNMENT_CABLE_ID},
	{GRAPH_SPLICE, SPLICE_ID},
	{GRAPH_SPLICE, SPLICE_A_CABLE_ID},
	{GRAPH_SPLICE, SPLICE_Z_CABLE_ID},
	{GRAPH_NODE, NODE_ID},
	{GRAPH_NODE, NODE_STRUCTURE_ID},
	{GRAPH_NODE, NODE_SUPPORTING_NODE_ID},
	{GRAPH_LINK, LINK_ID},
	{GRAPH_LINK, LINK_A_NODE_ID},
	{GRAPH_LINK, LINK_Z_NODE_ID},
	{GRAPH_LINK_SUPPORT, SUPPORT_LINK_ID},
	{GRAPH_LINK_SUPPORT, SUPPORT_SUPPORTING_LINK_ID},
};

/* Indexes too: REINDEX locks one without its table. */
void
check_view_lock(void)
{
	int			i;

	for (i = 0; i < (int) lengthof(looked_up); i++)
	{
		Oid			index = graph_table_index(looked_up[i].table,
											  looked_up[i].column);

		if (OidIsValid(index))
			LockRelationOid(index, AccessShareLock);
	}
}

void
check_view_begin(CheckView *view)
{
	memset(view, 0, sizeof(*view));
	env_pg_make(&view->memory, CurrentMemoryContext, "netstate commit check");
}

void
check_view_end(CheckView *view)
{
	int			i;

	for (i = 0; i < CHECK_NKINDS; i++)
	{
		if (view->cache[i].open)
			graph_look_up_end(&view->cache[i].look_up);
	}
	for (i = 0; i < CHECK_NLISTS; i++)
	{
		if (view->list[i].open)
			graph_look_up_end(&view->list[i].look_up);
	}
	if (view->place_open)
		graph_place_end(&view->place);
	env_pg_drop(&view->memory);
}

/* The number of an id in a map that grows. */
static size_t
map_place(CheckView *view, NsIdMap *map, int64 id)
{
	int32_t		number = 0;

	error_check(ns_id_map_place(&view->memory.env, map, id, &number), "check");
	return number;
}

/* ---- single things ---- */

typedef struct ThingReader
{
	CheckView  *view;
	CheckKind	kind;
	CheckThing *thing;			/* NULL: all are read, into the cache */
} ThingReader;

/* Its place in the cache; "fresh" when it was not there. */
static CheckThing *
thing_place(CheckView *view, CheckKind kind, int64 id, bool *fresh)
{
	CheckCache *cache = &view->cache[kind];
	size_t		number = map_place(view, &cache->map, id);

	*fresh = number == cache->n;
	if (*fresh)
	{
		cache->thing = env_pg_grow(&view->memory.env, cache->thing,
								   &cache->room, cache->n + 1,
								   sizeof(CheckThing));
		memset(&cache->thing[cache->n++], 0, sizeof(CheckThing));
	}
	return &cache->thing[number];
}

static void
thing_row(const GraphRow *row, void *state)
{
	ThingReader *reader = state;
	const ThingTable *table = &thing_tables[reader->kind];
	CheckThing *thing = reader->thing;
	bool		fresh;
	int			i;

	if (thing == NULL)
		thing = thing_place(reader->view, reader->kind,
							graph_row_int64(row, table->id), &fresh);
	thing->found = true;
	for (i = 0; i < CHECK_REFS && OidIsValid(table->ref[i].type); i++)
	{
		int			column = table->ref[i].column;

		switch (table->ref[i].type)
		{
			case INT4OID:
				thing->ref[i] = graph_row_int32(row, column);
				break;
			case BOOLOID:
				thing->ref[i] = graph_row_bool(row, column);
				break;
			default:
				thing->ref[i] = graph_row_int64(row, column);
				break;
		}
	}
}

const CheckThing *
check_view_thing(CheckView *view, CheckKind kind, int64 id)
{
	static const CheckThing nothing = {.found = false};
	CheckCache *cache = &view->cache[kind];
	ThingReader reader = {view, kind, NULL};
	bool		fresh;

	if (id == 0)
		return &nothing;
	if (cache->whole)
	{
		int32_t		number = ns_id_map_find(&cache->map, id);

		return number < 0 ? &nothing : &cache->thing[number];
	}
	reader.thing = thing_place(view, kind, id, &fresh);
	if (fresh)
	{
		if (!cache->open)
		{
			MemoryContext before = MemoryContextSwitchTo(view->memory.context);

			graph_look_up_begin(&cache->look_up, thing_tables[kind].table,
								thing_tables[kind].id);
			cache->open = true;
			MemoryContextSwitchTo(before);
		}
		graph_look_up(&cache->look_up, Int64GetDatum(id), thing_row, &reader);
	}
	return reader.thing;
}

void
check_view_read_things(CheckView *view, CheckKind kind)
{
	ThingReader reader = {view, kind, NULL};

	if (view->cache[kind].whole)
		return;
	graph_table_scan(thing_tables[kind].table, thing_row, &reader);
	view->cache[kind].whole = true;
}

/* ---- lists ---- */

typedef struct ListReader
{
	CheckView  *view;
	CheckListKind kind;
} ListReader;

static void
list_row(const GraphRow *row, void *state)
{
	ListReader *reader = state;
	const ListTable *table = &list_tables[reader->kind];
	CheckList  *list = &reader->view->list[reader->kind];
	CheckItem  *item;

	list->item = env_pg_grow(&reader->view->memory.env, list->item,
							 &list->room, list->n + 1, sizeof(CheckItem));
	item = &list->item[list->n++];
	memset(item, 0, sizeof(*item));
	item->key = graph_row_int64(row, table->key);
	if (table->member >= 0)
		item->member = graph_row_int32(row, table->member);
	item->seq = graph_row_int32(row, table->seq);
	item->ref = graph_row_int64(row, table->ref);
	if (table->strands >= 0)
		graph_row_range(row, table->strands, &item->strand_from,
						&item->strand_to);
	if (table->segments >= 0)
		graph_row_range(row, table->segments, &item->segment_from,
						&item->segment_to);
}

static int
compare_items(const void *a, const void *b, void *arg)
{
	const CheckItem *x = a;
	const CheckItem *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->member != y->member)
		return x->member < y->member ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* Rows mostly come in order: a table is filled so, and an index is. */
static void
sort_items(CheckList *list)
{
	size_t		i;

	for (i = 1; i < list->n; i++)
	{
		if (compare_items(&list->item[i - 1], &list->item[i], NULL) > 0)
		{
			qsort_interruptible(list->item, list->n, sizeof(CheckItem),
								compare_items, NULL);
			return;
		}
	}
}

void
check_view_read_list(CheckView *view, CheckListKind kind)
{
	CheckList  *list = &view->list[kind];
	ListReader	reader = {view, kind};
	size_t		room = 0;
	size_t		i;

	if (list->whole)
		return;
	list->n = 0;
	graph_table_scan(list_tables[kind].table, list_row, &reader);
	sort_items(list);
	for (i = 0; i < list->n; i++)
	{
		if (i > 0 && list->item[i].key == list->item[i - 1].key)
			continue;
		map_place(view, &list->map, list->item[i].key);
		list->first = env_pg_grow(&view->memory.env, list->first, &room,
								  list->nkeys + 1, sizeof(size_t));
		list->first[list->nkeys++] = i;
	}
	list->whole = true;
}

const CheckItem *
check_view_whole_list(CheckView *view, CheckListKind kind, size_t *n)
{
	check_view_read_list(view, kind);
	*n = view->list[kind].n;
	return view->list[kind].item;
}

const CheckItem *
check_view_list(CheckView *view, CheckListKind kind, int64 key, size_t *n)
{
	CheckList  *list = &view->list[kind];
	ListReader	reader = {view, kind};

	*n = 0;
	if (list->whole)
	{
		int32_t		number = ns_id_map_find(&list->map, key);
		size_t		end;

		if (number < 0)
			return NULL;
		end = (size_t) number + 1 < list->nkeys ? list->first[number + 1] : list->n;
		*n = end - list->first[number];
		return &list->item[list->first[number]];
	}
	if (!list->open)
	{
		MemoryContext before = MemoryContextSwitchTo(view->memory.context);

		graph_look_up_begin(&list->look_up, list_tables[kind].table,
							list_tables[kind].key);
		list->open = true;
		MemoryContextSwitchTo(before);
	}
	list->n = 0;
	graph_look_up(&list->look_up, Int64GetDatum(key), list_row, &reader);
	sort_items(list);
	*n = list->n;
	return list->item;
}

/* ---- single segments ---- */

static void
segment_row(const GraphRow *row, void *state)
{
	*(int64 *) state = graph_row_int64(row, SEGMENT_SPAN_ID);
}

/* In a cable that was read whole; its seqs may have gaps. */
static int64
listed_segment(const CheckItem *item, size_t n, int32 seq)
{
	size_t		low = 0;
	size_t		high = n;

	if (seq >= 1 && (size_t) seq <= n && item[seq - 1].seq == seq)
		return item[seq - 1].ref;
	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (item[middle].seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && item[low].seq == seq ? item[low].ref : 0;
}

int64
check_view_segment(CheckView *view, int64 cable, int32 seq)
{
	size_t		number;
	size_t		known;

	if (seq < 1 || seq >= 1 << 20)
		return 0;
	if (view->list[CHECK_SEGMENTS].whole)
	{
		size_t		n;
		const CheckItem *item = check_view_list(view, CHECK_SEGMENTS, cable, &n);

		return listed_segment(item, n, seq);
	}

	known = view->segment_map.n;
	number = map_place(view, &view->segment_map, cable * (1 << 20) + seq);
	if (number == known)
	{
		view->segment_span = env_pg_grow(&view->memory.env, view->segment_span,
										 &view->segment_room, known + 1,
										 sizeof(int64));
		view->segment_span[number] = 0;
		if (!view->place_open)
		{
			MemoryContext before = MemoryContextSwitchTo(view->memory.context);

			graph_place_begin(&view->place, GRAPH_CABLE_SEGMENT,
							  SEGMENT_CABLE_ID, SEGMENT_SEQ);
			view->place_open = true;
			MemoryContextSwitchTo(before);
		}
		graph_place_look_up(&view->place, cable, seq, segment_row,
							&view->segment_span[number]);
	}
	return view->segment_span[number];
}
