/*-------------------------------------------------------------------------
 *
 * graph_scan.c
 *	  Reads a network's graph by direct scans of the tables.
 *
 * Here: own rows, and how rows are found.  A few are looked up through an
 * index, many by one scan of the table from which the callback picks: which is
 * cheaper is told from the number of ids and the size of the table.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "env_pg.h"
#include "error.h"
#include "graph_plant.h"
#include "graph_scan_int.h"
#include "sort.h"

/* Room for more rows than this is not taken on the word of an estimate. */
#define MOST_FIRST_ROOM	(2 * 1024 * 1024)

static const struct
{
	GraphTable	table;
	int			column;
}			look_ups[SCAN_NLOOK_UPS] = {
	[NETWORK_BY_ID] = {GRAPH_NETWORK, NETWORK_ID},
	[NODE_BY_ID] = {GRAPH_NODE, NODE_ID},
	[NODE_BY_SUPPORTING_NODE] = {GRAPH_NODE, NODE_SUPPORTING_NODE_ID},
	[LINK_BY_ID] = {GRAPH_LINK, LINK_ID},
	[LINK_BY_A_NODE] = {GRAPH_LINK, LINK_A_NODE_ID},
	[LINK_BY_Z_NODE] = {GRAPH_LINK, LINK_Z_NODE_ID},
	[SUPPORT_BY_LINK] = {GRAPH_LINK_SUPPORT, SUPPORT_LINK_ID},
	[SUPPORT_BY_SUPPORTING_LINK] = {GRAPH_LINK_SUPPORT, SUPPORT_SUPPORTING_LINK_ID},
	[MEMBER_BY_LINK] = {GRAPH_SRLG_MEMBER, MEMBER_LINK_ID},
	[SRLG_NODE_BY_NODE] = {GRAPH_SRLG_NODE, SRLG_NODE_NODE_ID},
};

void
scan_begin(Scan *scan, NsEnv *env, int64 network_id)
{
	memset(scan, 0, sizeof(*scan));
	scan->env = env;
	scan->network_id = network_id;
}

void
scan_end(Scan *scan)
{
	int			i;

	for (i = 0; i < SCAN_NLOOK_UPS; i++)
	{
		if (scan->open[i])
			graph_look_up_end(&scan->look_up[i]);
		scan->open[i] = false;
	}
}

/* ---- finding rows ---- */

void
scan_look_up(Scan *scan, ScanLookUp which, int64 key, GraphRowFn fn,
			 void *state)
{
	if (!scan->open[which])
	{
		graph_look_up_begin(&scan->look_up[which], look_ups[which].table,
							look_ups[which].column);
		scan->open[which] = true;
	}
	graph_look_up(&scan->look_up[which], Int64GetDatum(key), fn, state);
}

bool
scan_wants_all(ScanLookUp which, size_t n)
{
	return graph_table_scan_is_cheaper(look_ups[which].table,
									   look_ups[which].column, n);
}

void
scan_read(Scan *scan, ScanLookUp which, const ScanIds *ids, GraphRowFn fn)
{
	NsIdMap		made;
	size_t		i;

	if (ids->n == 0)
		return;
	scan->from = ids->from;
	if (scan_wants_all(which, ids->n))
	{
		scan->wanted = ids->map;
		if (ids->map == NULL)
		{
			scan_map_ids(scan, &made, ids->id, ids->n, ids->stride);
			scan->wanted = &made;
		}
		scan->at = -1;
		graph_table_scan(look_ups[which].table, fn, scan);
		return;
	}
	for (i = 0; i < ids->n; i++)
	{
		scan->at = (int64) (ids->from + i);
		scan_look_up(scan, which,
					 *(const int64 *) ((const char *) ids->id + i * ids->stride),
					 fn, scan);
	}
}

/* ---- own rows ---- */

void
scan_own_node(Scan *scan, const GraphRow *row)
{
	ScanNode   *node = SCAN_NEW(scan, node, nnodes, node_room);
	NsNodeInput *own = SCAN_NEW(scan, own_node, nown_nodes, own_node_room);

	memset(node, 0, sizeof(*node));
	node->in_service = scan_in_service(row, NODE_STATUS);
	node->id = graph_row_int64(row, NODE_ID);
	node->supporting_node_id = graph_row_int64(row, NODE_SUPPORTING_NODE_ID);
	node->site_id = graph_row_int64(row, NODE_SITE_ID);
	node->structure_id = graph_row_int64(row, NODE_STRUCTURE_ID);
	node->below = -1;
	node->present = true;
	own->id = node->id;
	own->name = graph_row_name(row, NODE_NAME, scan->env);
}

void
scan_own_link(Scan *scan, const GraphRow *row)
{
	NsLinkInput *link = SCAN_NEW(scan, own_link, nown_links, own_link_room);
	ScanLink   *own;

	scan->own = env_pg_grow(scan->env, scan->own, &scan->own_room,
							scan->nown_links, sizeof(ScanLink));
	own = &scan->own[scan->nown_links - 1];
	own->in_service = scan_in_service(row, LINK_STATUS);
	own->hard = false;
	own->up = false;
	own->end[0] = own->end[1] = -1;
	own->drained = 0;
	own->capacity_gbps = graph_row_float8(row, LINK_CAPACITY_GBPS);
	link->id = graph_row_int64(row, LINK_ID);
	link->a_node_id = graph_row_int64(row, LINK_A_NODE_ID);
	link->z_node_id = graph_row_int64(row, LINK_Z_NODE_ID);
	link->directed = graph_row_bool(row, LINK_DIRECTED);
	link->cost[NS_COST_METRIC] = graph_row_float8(row, LINK_METRIC);
	link->cost[NS_COST_LATENCY] = graph_row_float8(row, LINK_LATENCY_US);
	link->cost[NS_COST_LENGTH] = graph_row_float8(row, LINK_LENGTH_KM);
}

static void
network_node_row(const GraphRow *row, void *state)
{
	Scan	   *scan = state;

	if (graph_row_int64(row, NODE_NETWORK_ID) == scan->network_id)
		scan_own_node(scan, row);
}

static void
network_link_row(const GraphRow *row, void *state)
{
	Scan	   *scan = state;

	if (graph_row_int64(row, LINK_NETWORK_ID) == scan->network_id)
		scan_own_link(scan, row);
}

/* ---- their order ---- */

static bool
ids_ascend(const int64 *first, size_t n, size_t stride)
{
	size_t		i;

	for (i = 1; i < n; i++)
	{
		const char *p = (const char *) first + i * stride;

		CHECK_FOR_INTERRUPTS();
		if (*(const int64 *) p <= *(const int64 *) (p - stride))
			return false;
	}
	return true;
}

typedef struct IdOrder
{
	const int64 *first;
	size_t		stride;
} IdOrder;

static int
compare_ids(const void *context, int32_t a, int32_t b)
{
	const IdOrder *order = context;
	int64		x = *(const int64 *) ((const char *) order->first + a * order->stride);
	int64		y = *(const int64 *) ((const char *) order->first + b * order->stride);

	return (x > y) - (x < y);
}

/* Positions by ascending id; walks the map where that is an array. */
static int32 *
positions_by_id(Scan *scan, const NsIdMap *map, const int64 *first,
				size_t stride)
{
	int32	   *position = env_pg_array(scan->env, map->n, sizeof(int32));
	IdOrder		order = {first, stride};
	size_t		n = 0;
	uint64		i;

	if (map->dense != NULL)
	{
		for (i = 0; i < map->range; i++)
		{
			CHECK_FOR_INTERRUPTS();
			if (map->dense[i] >= 0)
				position[n++] = map->dense[i];
		}
		return position;
	}
	for (i = 0; i < map->n; i++)
		position[i] = (int32) i;
	error_check(ns_sort(scan->env, position, map->n, compare_ids, &order),
				"list of ids");
	return position;
}

/* The elements of an array, each size bytes, in this order, in new room. */
static void *
in_order(Scan *scan, const void *array, const int32 *position, size_t n,
		 size_t size)
{
	char	   *to = env_pg_array(scan->env, n, size);
	size_t		i;

	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		memcpy(to + i * size, (const char *) array + position[i] * size, size);
	}
	return to;
}

void
scan_map_ids(Scan *scan, NsIdMap *map, const int64 *first, size_t n, size_t stride)
{
	CHECK_FOR_INTERRUPTS();
	error_check(ns_id_map_make(scan->env, map, first, n, stride),
				"list of ids");
}

void
scan_own_complete(Scan *scan)
{
	size_t		n = scan->nown_nodes;
	int32	   *position;

	scan_map_ids(scan, &scan->own_node_map, (const int64 *) scan->own_node, n,
				 sizeof(NsNodeInput));
	if (!ids_ascend((const int64 *) scan->own_node, n, sizeof(NsNodeInput)))
	{
		position = positions_by_id(scan, &scan->own_node_map,
								   (const int64 *) scan->own_node,
								   sizeof(NsNodeInput));
		scan->own_node = in_order(scan, scan->own_node, position, n,
								  sizeof(NsNodeInput));
		scan->node = in_order(scan, scan->node, position, n, sizeof(ScanNode));
		scan->own_node_room = scan->node_room = n;
		scan_map_ids(scan, &scan->own_node_map, (const int64 *) scan->own_node, n,
					 sizeof(NsNodeInput));
	}

	n = scan->nown_links;
	scan_map_ids(scan, &scan->own_link_map, (const int64 *) scan->own_link, n,
				 sizeof(NsLinkInput));
	if (!ids_ascend((const int64 *) scan->own_link, n, sizeof(NsLinkInput)))
	{
		position = positions_by_id(scan, &scan->own_link_map,
								   (const int64 *) scan->own_link,
								   sizeof(NsLinkInput));
		scan->own_link = in_order(scan, scan->own_link, position, n,
								  sizeof(NsLinkInput));
		scan->own = in_order(scan, scan->own, position, n, sizeof(ScanLink));
		scan->own_link_room = scan->own_room = n;
		scan_map_ids(scan, &scan->own_link_map, (const int64 *) scan->own_link, n,
					 sizeof(NsLinkInput));
	}
}

/* ---- a whole network ---- */

/* Room for about as many rows as the table has. */
static size_t
first_room(GraphTable table)
{
	double		rows = graph_table_rows(table) * 1.02 + 64;

	return rows < MOST_FIRST_ROOM ? (size_t) rows : MOST_FIRST_ROOM;
}

static void
read_nodes(Scan *scan)
{
	size_t		room;

	if (!graph_table_scan_for(GRAPH_NODE, NODE_NETWORK_ID, scan->network_id))
	{
		graph_table_look_up(GRAPH_NODE, NODE_NETWORK_ID, scan->network_id,
							network_node_row, scan);
		return;
	}
	room = first_room(GRAPH_NODE);
	scan->node = env_pg_array(scan->env, room, sizeof(ScanNode));
	scan->own_node = env_pg_array(scan->env, room, sizeof(NsNodeInput));
	scan->node_room = scan->own_node_room = room;
	graph_table_scan(GRAPH_NODE, network_node_row, scan);
}

static void
read_links(Scan *scan)
{
	size_t		room;

	if (!graph_table_scan_for(GRAPH_LINK, LINK_NETWORK_ID, scan->network_id))
	{
		graph_table_look_up(GRAPH_LINK, LINK_NETWORK_ID, scan->network_id,
							network_link_row, scan);
		return;
	}
	room = first_room(GRAPH_LINK);
	scan->own_link = env_pg_array(scan->env, room, sizeof(NsLinkInput));
	scan->own = env_pg_array(scan->env, room, sizeof(ScanLink));
	scan->own_link_room = scan->own_room = room;
	graph_table_scan(GRAPH_LINK, network_link_row, scan);
}

void
graph_scan_network(NsEnv *env, int64 network_id, GraphRead *out)
{
	Scan		scan;

	if (network_id == PLANT_NETWORK_ID)
	{
		graph_plant_scan(env, out);
		return;
	}
	scan_begin(&scan, env, network_id);
	read_nodes(&scan);
	read_links(&scan);
	scan_own_complete(&scan);
	scan_derive(&scan);
	scan_end(&scan);

	memset(out, 0, sizeof(*out));
	if (scan.lists.row != NULL)
	{
		out->lists = scan.lists;
		out->in.lists = &out->lists;
	}
	out->in.node = scan.own_node;
	out->in.nnodes = scan.nown_nodes;
	out->in.link = scan.own_link;
	out->in.nlinks = scan.nown_links;
	out->in.membership = scan.membership;
	out->in.nmemberships = scan.member_start[scan.nown_links];
	out->in.srlg_node = scan.own_srlg_node;
	out->in.nsrlg_nodes = scan.srlg_node_start[scan.nown_nodes];
	out->below = scan.network;
	out->nbelow = scan.nnetworks;
}
