/*-------------------------------------------------------------------------
 *
 * graph_scan_touched.c
 *	  Reads again what follows in one network from changes of any.
 *
 * Changes are mapped upward under the active snapshot: from a node to the
 * links at it and the nodes that ride on it, from a link to the links that
 * ride on it.  Whatever rides on something is on a higher level, so the way
 * ends at the network's own level: nothing in the network rides on anything
 * of that level or above.
 *
 * What is mapped to is what the tables say now.  That is enough: where
 * something no longer rides on what changed, its own row or support was
 * changed, too, and so it is touched itself.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "env_pg.h"
#include "error.h"
#include "graph_plant.h"
#include "graph_scan_int.h"

typedef struct IdList			/* without duplicates, in order of arrival */
{
	NsIdMap		map;
	int64	   *id;
	size_t		n;
	size_t		room;
} IdList;

typedef struct Touch
{
	Scan		scan;
	NsEnv	   *env;
	IdList		node;			/* those touched, then those met */
	IdList		link;
	int64	   *gone_node;		/* touched, and not in the network */
	size_t		ngone_nodes;
	size_t		gone_node_room;
	int64	   *gone_link;
	size_t		ngone_links;
	size_t		gone_link_room;

	bool		level_known;
	int16		level;			/* of the network */

	/* of the row just looked up */
	bool		own;			/* in the network */
	bool		beneath;		/* on a lower level than the network */
} Touch;

static void
add_id(Touch *touch, IdList *list, int64 id)
{
	int32		number;

	error_check(ns_id_map_place(touch->env, &list->map, id, &number),
				"list of changes");
	if ((size_t) number < list->n)
		return;
	list->id = env_pg_grow(touch->env, list->id, &list->room, list->n + 1,
						   sizeof(int64));
	list->id[list->n++] = id;
}

static void
level_row(const GraphRow *row, void *state)
{
	Touch	   *touch = state;

	touch->level = graph_row_int16(row, NETWORK_LEVEL);
}

/* Can anything in the network ride on what is on this level? */
static bool
is_beneath(Touch *touch, int16 level)
{
	if (!touch->level_known)
	{
		touch->level = PG_INT16_MIN;
		scan_look_up(&touch->scan, NETWORK_BY_ID, touch->scan.network_id,
					 level_row, touch);
		touch->level_known = true;
	}
	return level < touch->level;
}

/* ---- what one row leads to ---- */

static void
node_row(const GraphRow *row, void *state)
{
	Touch	   *touch = state;

	touch->own = graph_row_int64(row, NODE_NETWORK_ID) == touch->scan.network_id;
	if (touch->own)
		scan_own_node(&touch->scan, row);
	else
		touch->beneath = is_beneath(touch, graph_row_int16(row, NODE_LEVEL));
}

static void
link_row(const GraphRow *row, void *state)
{
	Touch	   *touch = state;

	touch->own = graph_row_int64(row, LINK_NETWORK_ID) == touch->scan.network_id;
	if (touch->own)
		scan_own_link(&touch->scan, row);
	else
		touch->beneath = is_beneath(touch, graph_row_int16(row, LINK_LEVEL));
}

static void
riding_node_row(const GraphRow *row, void *state)
{
	Touch	   *touch = state;

	add_id(touch, &touch->node, graph_row_int64(row, NODE_ID));
}

static void
link_at_node_row(const GraphRow *row, void *state)
{
	Touch	   *touch = state;

	add_id(touch, &touch->link, graph_row_int64(row, LINK_ID));
}

static void
riding_link_row(const GraphRow *row, void *state)
{
	Touch	   *touch = state;

	add_id(touch, &touch->link, graph_row_int64(row, SUPPORT_LINK_ID));
}

static void
follow_nodes(Touch *touch, size_t ntouched)
{
	Scan	   *scan = &touch->scan;
	size_t		i;

	for (i = 0; i < touch->node.n; i++)
	{
		int64		id = touch->node.id[i];

		CHECK_FOR_INTERRUPTS();
		touch->own = touch->beneath = false;
		scan_look_up(scan, NODE_BY_ID, id, node_row, touch);
		if (touch->own || touch->beneath)
		{
			scan_look_up(scan, LINK_BY_A_NODE, id, link_at_node_row, touch);
			scan_look_up(scan, LINK_BY_Z_NODE, id, link_at_node_row, touch);
		}
		if (touch->beneath)
			scan_look_up(scan, NODE_BY_SUPPORTING_NODE, id, riding_node_row,
						 touch);
		if (!touch->own && i < ntouched)
			*SCAN_NEW(touch, gone_node, ngone_nodes, gone_node_room) = id;
	}
}

static void
follow_links(Touch *touch, size_t ntouched)
{
	Scan	   *scan = &touch->scan;
	size_t		i;

	for (i = 0; i < touch->link.n; i++)
	{
		int64		id = touch->link.id[i];

		CHECK_FOR_INTERRUPTS();
		touch->own = touch->beneath = false;
		scan_look_up(scan, LINK_BY_ID, id, link_row, touch);
		if (touch->beneath)
			scan_look_up(scan, SUPPORT_BY_SUPPORTING_LINK, id,
						 riding_link_row, touch);
		if (!touch->own && i < ntouched)
			*SCAN_NEW(touch, gone_link, ngone_links, gone_link_room) = id;
	}
}

/* ---- results ---- */

static void
take_nodes(const Touch *touch, NsGraphChange *change)
{
	const Scan *scan = &touch->scan;
	size_t		n = scan->nown_nodes + touch->ngone_nodes;
	NsNodeChange *node = env_pg_array(scan->env, n, sizeof(NsNodeChange));
	size_t		i;

	memset(node, 0, n * sizeof(NsNodeChange));
	for (i = 0; i < scan->nown_nodes; i++)
	{
		size_t		start = scan->srlg_node_start[i];

		node[i].node = scan->own_node[i];
		node[i].exists = true;
		node[i].nsrlg_nodes = scan->srlg_node_start[i + 1] - start;
		if (node[i].nsrlg_nodes > 0)
			node[i].srlg_node = &scan->own_srlg_node[start];
	}
	for (i = 0; i < touch->ngone_nodes; i++)
		node[scan->nown_nodes + i].node.id = touch->gone_node[i];
	change->node = node;
	change->nnodes = n;
}

/* The stated ones, and those in groups of the plant. */
static void
take_link_memberships(const Scan *scan, size_t i, NsLinkChange *link)
{
	size_t		start = scan->member_start[i];
	size_t		n = scan->member_start[i + 1] - start;
	size_t		nlisted = scan->lists.row == NULL ? 0 : scan->lists.count[i];
	NsMembershipInput *all;

	if (n + nlisted == 0)
		return;
	link->nmemberships = n + nlisted;
	if (nlisted == 0)
	{
		link->membership = &scan->membership[start];
		return;
	}
	all = env_pg_array(scan->env, n + nlisted, sizeof(NsMembershipInput));
	memcpy(all, graph_scan_listed(scan->env, &scan->lists, i),
		   nlisted * sizeof(NsMembershipInput));
	if (n > 0)
		memcpy(all + nlisted, &scan->membership[start],
			   n * sizeof(NsMembershipInput));
	link->membership = all;
}

static void
take_links(const Touch *touch, NsGraphChange *change)
{
	const Scan *scan = &touch->scan;
	size_t		n = scan->nown_links + touch->ngone_links;
	NsLinkChange *link = env_pg_array(scan->env, n, sizeof(NsLinkChange));
	size_t		i;

	memset(link, 0, n * sizeof(NsLinkChange));
	for (i = 0; i < scan->nown_links; i++)
	{
		link[i].link = scan->own_link[i];
		link[i].exists = true;
		take_link_memberships(scan, i, &link[i]);
	}
	for (i = 0; i < touch->ngone_links; i++)
		link[scan->nown_links + i].link.id = touch->gone_link[i];
	change->link = link;
	change->nlinks = n;
}

void
graph_scan_touched(NsEnv *env, int64 network_id, const GraphTouched *touched,
				   GraphDelta *out)
{
	graph_scan_drained(env, network_id, touched, NULL, out);
}

void
graph_scan_drained(NsEnv *env, int64 network_id, const GraphTouched *touched,
				   const DrainHit *drained, GraphDelta *out)
{
	Touch		touch;
	size_t		nnodes;
	size_t		nlinks;
	size_t		i;

	if (network_id == PLANT_NETWORK_ID)
	{
		graph_plant_touched(env, touched, out);
		return;
	}
	memset(&touch, 0, sizeof(touch));
	touch.env = env;
	scan_begin(&touch.scan, env, network_id);
	touch.scan.drained = drained;
	for (i = 0; i < touched->nnodes; i++)
		add_id(&touch, &touch.node, touched->node[i]);
	for (i = 0; i < touched->nlinks; i++)
		add_id(&touch, &touch.link, touched->link[i]);
	nnodes = touch.node.n;
	nlinks = touch.link.n;
	follow_nodes(&touch, nnodes);
	follow_links(&touch, nlinks);

	scan_own_complete(&touch.scan);
	scan_derive(&touch.scan);
	scan_end(&touch.scan);

	memset(out, 0, sizeof(*out));
	take_nodes(&touch, &out->change);
	take_links(&touch, &out->change);
	out->below = touch.scan.network;
	out->nbelow = touch.scan.nnetworks;
}
