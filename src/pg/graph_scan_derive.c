/*-------------------------------------------------------------------------
 *
 * graph_scan_derive.c
 *	  From own nodes and links to what lies beneath them, which links are up,
 *	  and what groups they belong to.
 *
 * Only links in service are looked into: no other one is up, and no link of a
 * network rides on another link of it.
 *
 * Supports lead from a level to a lower one, so the descent ends after as many
 * rounds as there are layers.  A round takes the rows of the positions that
 * the round before has added.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "env_pg.h"
#include "error.h"
#include "graph_scan_int.h"

#define SUBJECT		"derivation of shared risk"

/* A map that is complete is made afresh from here on: dense, if it can be. */
#define MANY		1000

/* Nodes ride on lower levels, and levels are small numbers. */
#define MOST_LEVELS	(2 * PG_INT16_MAX)

static void
note_network(Scan *scan, int64 network_id)
{
	size_t		i;

	if (network_id == scan->network_id)
		return;
	for (i = scan->nnetworks; i > 0; i--)
		if (scan->network[i - 1] == network_id)
			return;
	*SCAN_NEW(scan, network, nnetworks, network_room) = network_id;
}

/* ---- links beneath ---- */

static void
support_row(const GraphRow *row, void *state)
{
	Scan	   *scan = state;
	int64		position = scan_position(scan, row, SUPPORT_LINK_ID);
	NsRiskSupport *support;
	int32		number;

	if (position < 0)
		return;
	if (position < (int64) scan->nown_links)
	{
		if (!scan->own[position].in_service)
			return;
		scan->own[position].hard = true;
	}
	support = SCAN_NEW(scan, support, nsupports, support_room);
	support->link_id = graph_row_int64(row, SUPPORT_LINK_ID);
	support->member = graph_row_int32(row, SUPPORT_MEMBER);
	support->supporting_link_id = graph_row_int64(row, SUPPORT_SUPPORTING_LINK_ID);
	if (ns_id_map_find(&scan->own_link_map, support->supporting_link_id) >= 0)
		error_check(NS_BAD_INPUT, SUBJECT);
	error_check(ns_id_map_place(scan->env, &scan->below_map,
								support->supporting_link_id, &number),
				SUBJECT);
	if ((size_t) number == scan->nbelow)
	{
		BelowLink  *below = SCAN_NEW(scan, below, nbelow, below_room);

		memset(below, 0, sizeof(*below));
		below->risk.id = support->supporting_link_id;
	}
}

static void
below_link_row(const GraphRow *row, void *state)
{
	Scan	   *scan = state;
	int64		position = scan_position(scan, row, LINK_ID);
	BelowLink  *below;

	if (position < 0)
		return;
	below = &scan->below[position - scan->nown_links];
	below->risk.in_service = scan_in_service(row, LINK_STATUS);
	below->risk.a_node_id = graph_row_int64(row, LINK_A_NODE_ID);
	below->risk.z_node_id = graph_row_int64(row, LINK_Z_NODE_ID);
	below->risk.capacity_gbps = graph_row_float8(row, LINK_CAPACITY_GBPS);
	below->present = true;
	note_network(scan, graph_row_int64(row, LINK_NETWORK_ID));
}

static void
read_links_beneath(Scan *scan)
{
	ScanIds		ids;
	size_t		first = 0;		/* number beneath of the round's first link */
	size_t		i;

	ids.id = (const int64 *) scan->own_link;
	ids.n = scan->nown_links;
	ids.stride = sizeof(NsLinkInput);
	ids.from = 0;
	ids.map = &scan->own_link_map;
	scan_read(scan, SUPPORT_BY_LINK, &ids, support_row);
	while (first < scan->nbelow)
	{
		size_t		n = scan->nbelow - first;

		/* The array may move while it grows, but the ids stay readable. */
		ids.id = &scan->below[first].risk.id;
		ids.n = n;
		ids.stride = sizeof(BelowLink);
		ids.from = scan->nown_links + first;
		ids.map = NULL;
		scan_read(scan, LINK_BY_ID, &ids, below_link_row);
		for (i = first; i < first + n; i++)
			if (!scan->below[i].present)
				error_check(NS_BAD_INPUT, SUBJECT);
		scan_read(scan, SUPPORT_BY_LINK, &ids, support_row);
		first += n;
	}
	if (scan->nbelow > MANY)
		scan_map_ids(scan, &scan->below_map, &scan->below[0].risk.id,
					 scan->nbelow, sizeof(BelowLink));
}

/* ---- nodes ---- */

/* Position of a node; a new one where it was not met before. */
static int32
place_node(Scan *scan, int64 id)
{
	int32		number = ns_id_map_find(&scan->own_node_map, id);
	ScanNode   *node;

	if (number >= 0)
		return number;
	error_check(ns_id_map_place(scan->env, &scan->other_node_map, id, &number),
				SUBJECT);
	if (scan->nown_nodes + number == scan->nnodes)
	{
		node = SCAN_NEW(scan, node, nnodes, node_room);
		memset(node, 0, sizeof(*node));
		node->id = id;
		node->below = -1;
	}
	return (int32) (scan->nown_nodes + number);
}

static void
other_node_row(const GraphRow *row, void *state)
{
	Scan	   *scan = state;
	int64		position = scan_position(scan, row, NODE_ID);
	ScanNode   *node;

	if (position < 0)
		return;
	node = &scan->node[position];
	node->in_service = scan_in_service(row, NODE_STATUS);
	node->supporting_node_id = graph_row_int64(row, NODE_SUPPORTING_NODE_ID);
	node->site_id = graph_row_int64(row, NODE_SITE_ID);
	node->structure_id = graph_row_int64(row, NODE_STRUCTURE_ID);
	node->present = true;
	note_network(scan, graph_row_int64(row, NODE_NETWORK_ID));
}

static void
place_ends(Scan *scan)
{
	size_t		i;

	for (i = 0; i < scan->nown_links; i++)
	{
		ScanLink   *own = &scan->own[i];

		CHECK_FOR_INTERRUPTS();
		if (!own->in_service)
			continue;
		own->end[0] = place_node(scan, scan->own_link[i].a_node_id);
		own->end[1] = place_node(scan, scan->own_link[i].z_node_id);
	}
	for (i = 0; i < scan->nbelow; i++)
	{
		CHECK_FOR_INTERRUPTS();
		place_node(scan, scan->below[i].risk.a_node_id);
		place_node(scan, scan->below[i].risk.z_node_id);
	}
}

/* Ends of links, nodes beneath own nodes, nodes beneath those. */
static void
read_other_nodes(Scan *scan)
{
	ScanIds		ids;
	size_t		done = 0;
	size_t		i;

	place_ends(scan);
	for (;;)
	{
		/* Of those met here, the row is yet to be read. */
		for (i = done; i < scan->nnodes && scan->node[i].present; i++)
		{
			int64		id = scan->node[i].supporting_node_id;

			CHECK_FOR_INTERRUPTS();
			if (id != 0)
			{
				int32		below = place_node(scan, id);	/* may move them */

				scan->node[i].below = below;
			}
		}
		done = i;
		if (done == scan->nnodes)
			break;
		ids.id = &scan->node[done].id;
		ids.n = scan->nnodes - done;
		ids.stride = sizeof(ScanNode);
		ids.from = done;
		ids.map = NULL;
		scan_read(scan, NODE_BY_ID, &ids, other_node_row);
		for (i = done; i < scan->nnodes; i++)
			if (!scan->node[i].present)
				error_check(NS_BAD_INPUT, SUBJECT);
	}
	if (scan->nnodes - scan->nown_nodes > MANY)
		scan_map_ids(scan, &scan->other_node_map,
					 &scan->node[scan->nown_nodes].id,
					 scan->nnodes - scan->nown_nodes, sizeof(ScanNode));
}

static void
srlg_node_row(const GraphRow *row, void *state)
{
	Scan	   *scan = state;
	int64		id = graph_row_int64(row, SRLG_NODE_NODE_ID);
	int64		position = scan_node_position(scan, id);
	NsRiskSrlgNode *s;

	if (position < 0)
		return;
	scan->node[position].grouped = true;
	s = SCAN_NEW(scan, srlg_node, nsrlg_nodes, srlg_node_room);
	s->srlg_id = graph_row_int64(row, SRLG_NODE_SRLG_ID);
	s->node_id = id;
	s->probability = graph_row_float8(row, SRLG_NODE_PROBABILITY);
}

static void
read_srlg_nodes(Scan *scan)
{
	size_t		i;

	if (scan->nnodes == 0)
		return;
	if (scan_wants_all(SRLG_NODE_BY_NODE, scan->nnodes))
		graph_table_scan(GRAPH_SRLG_NODE, srlg_node_row, scan);
	else
		for (i = 0; i < scan->nnodes; i++)
			scan_look_up(scan, SRLG_NODE_BY_NODE, scan->node[i].id,
						 srlg_node_row, scan);
}

/* ---- the plant ---- */

/* Ids of own links in service, and of those beneath. */
static void
read_plant(Scan *scan)
{
	size_t		nlinks = scan->nown_links + scan->nbelow;
	int64	   *id = env_pg_array(scan->env, nlinks, sizeof(int64));
	PlantNode  *node = env_pg_array(scan->env, scan->nnodes, sizeof(PlantNode));
	PlantLinks	links = {id, nlinks, sizeof(int64)};
	PlantRead  *plant = &scan->plant;
	size_t		i;

	for (i = 0; i < scan->nown_links; i++)
		id[i] = scan->own_link[i].id;
	for (i = 0; i < scan->nbelow; i++)
		id[scan->nown_links + i] = scan->below[i].risk.id;
	for (i = 0; i < scan->nnodes; i++)
	{
		node[i].id = scan->node[i].id;
		node[i].site_id = scan->node[i].site_id;
		node[i].structure_id = scan->node[i].structure_id;
	}
	plant_read(plant, scan->env, &links, node, scan->nnodes);
	if (!plant->any)
		return;

	note_network(scan, PLANT_NETWORK_ID);
	for (i = 0; i < scan->nown_links; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (scan->own[i].in_service && plant->ride_start[i] < plant->ride_start[i + 1])
			scan->own[i].hard = true;
	}
	for (i = 0; i < scan->nnodes; i++)
	{
		int32		place = plant->node_place[i];
		int32		structure;

		CHECK_FOR_INTERRUPTS();
		if (place < 0)
			continue;
		if (plant->plant.place_start[place] < plant->plant.place_start[place + 1])
			scan->node[i].grouped = true;
		structure = plant->rows.place[place].structure;
		if (structure >= 0 && !plant->rows.structure[structure].operational)
			scan->node[i].in_service = false;
	}
}

/* ---- drains ---- */

/*
 * Note what drains take of each link.  A graph that was read while something
 * was drained notes that, whether or not it lost anything.
 */
static void
read_drains(Scan *scan)
{
	DrainHit	active;
	const DrainHit *hit = scan->drained;
	size_t		i;

	if (hit == NULL)
	{
		drain_hit_active(scan->env, &active);
		hit = &active;
	}
	if (!hit->any)
		return;
	note_network(scan, DRAIN_NETWORK_ID);
	for (i = 0; i < hit->links.link.n; i++)
	{
		int64		position = scan_link_position(scan, hit->links.link.id[i]);

		CHECK_FOR_INTERRUPTS();
		if (position >= (int64) scan->nown_links)
			scan->below[position - scan->nown_links].risk.drained = hit->links.lost[i];
		else if (position >= 0)
			scan->own[position].drained = hit->links.lost[i];
	}
}

/* Which nodes are up, and which does a group take down? */
static void
derive_nodes(Scan *scan)
{
	size_t		i;

	for (i = 0; i < scan->nnodes; i++)
	{
		ScanNode   *node = &scan->node[i];
		int32		below = node->below;
		int			level = 0;

		CHECK_FOR_INTERRUPTS();
		node->up = node->in_service;
		for (; below >= 0; below = scan->node[below].below)
		{
			node->up = node->up && scan->node[below].in_service;
			node->grouped = node->grouped || scan->node[below].grouped;
			if (++level > MOST_LEVELS)
				error_check(NS_BAD_INPUT, SUBJECT);
		}
		node->needed = node->grouped || i >= scan->nown_nodes;
	}
}

/* ---- links ---- */

static void
derive_simple_links(Scan *scan)
{
	size_t		i;

	for (i = 0; i < scan->nown_links; i++)
	{
		ScanLink   *own = &scan->own[i];
		ScanNode   *a;
		ScanNode   *z;

		CHECK_FOR_INTERRUPTS();
		if (!own->in_service)
			continue;
		a = &scan->node[own->end[0]];
		z = &scan->node[own->end[1]];
		own->hard = own->hard || a->grouped || z->grouped;
		if (own->hard)
		{
			scan->nhard++;
			a->needed = z->needed = true;
		}
		else
			own->up = a->up && z->up && own->drained < 1;
	}
}

static SimpleMember *
new_member(Scan *scan)
{
	MemberPiece *last = scan->last_piece;
	MemberPiece *piece;
	size_t		room;

	if (last != NULL && last->n < last->room)
		return &last->member[last->n++];

	room = last == NULL ? FIRST_MEMBER_PIECE
		: Min(2 * last->room, LAST_MEMBER_PIECE);
	piece = env_pg_array(scan->env, 1, offsetof(MemberPiece, member) +
						 room * sizeof(SimpleMember));
	piece->next = NULL;
	piece->n = 1;
	piece->room = room;
	if (last == NULL)
		scan->piece = piece;
	else
		last->next = piece;
	scan->last_piece = piece;
	return &piece->member[0];
}

/* A stated membership of a simple link; rows with share 0 do not count. */
static void
keep_member(Scan *scan, int64 link, const GraphRow *row)
{
	double		probability = graph_row_float8(row, MEMBER_PROBABILITY);
	double		share = graph_row_float8(row, MEMBER_SHARE);
	SimpleMember *member;

	if (!(share >= 0 && share <= 1 && probability >= 0 && probability <= 1))
		error_check(NS_BAD_INPUT, SUBJECT);
	if (share == 0)
		return;
	member = new_member(scan);
	member->srlg_id = graph_row_int64(row, MEMBER_SRLG_ID);
	member->link = (int32) link;
	member->share = (float) share;
	member->probability = (float) probability;
	scan->member_start[link + 1]++;
}

static void
member_row(const GraphRow *row, void *state)
{
	Scan	   *scan = state;
	int64		id = graph_row_int64(row, MEMBER_LINK_ID);
	int64		position = scan_link_position(scan, id);
	NsRiskMember *member;

	if (position < 0)
		return;
	if (position < (int64) scan->nown_links && !scan->own[position].hard)
	{
		if (scan->own[position].up)
			keep_member(scan, position, row);
		return;
	}
	member = SCAN_NEW(scan, member, nmembers, member_room);
	member->srlg_id = graph_row_int64(row, MEMBER_SRLG_ID);
	member->link_id = id;
	member->share = graph_row_float8(row, MEMBER_SHARE);
	member->probability = graph_row_float8(row, MEMBER_PROBABILITY);
}

static void
read_members(Scan *scan)
{
	size_t		i;

	if (scan_wants_all(MEMBER_BY_LINK, scan->nown_links + scan->nbelow))
	{
		graph_table_scan(GRAPH_SRLG_MEMBER, member_row, scan);
		return;
	}
	for (i = 0; i < scan->nown_links; i++)
		if (scan->own[i].up || scan->own[i].hard)
			scan_look_up(scan, MEMBER_BY_LINK, scan->own_link[i].id,
						 member_row, scan);
	for (i = 0; i < scan->nbelow; i++)
		scan_look_up(scan, MEMBER_BY_LINK, scan->below[i].risk.id,
					 member_row, scan);
}

/* ---- what is left to the derivation ---- */

/* Hard own links by position, then those beneath; *at: their positions. */
static NsRiskLink *
risk_links(Scan *scan, int32 **at)
{
	size_t		room = scan->nhard + scan->nbelow;
	NsRiskLink *link = env_pg_array(scan->env, room, sizeof(NsRiskLink));
	size_t		n = 0;
	size_t		i;

	*at = env_pg_array(scan->env, room, sizeof(int32));

	for (i = 0; i < scan->nown_links; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!scan->own[i].hard)
			continue;
		link[n].id = scan->own_link[i].id;
		link[n].a_node_id = scan->own_link[i].a_node_id;
		link[n].z_node_id = scan->own_link[i].z_node_id;
		link[n].capacity_gbps = scan->own[i].capacity_gbps;
		link[n].drained = scan->own[i].drained;
		(*at)[n] = (int32) i;
		link[n++].in_service = true;
	}
	for (i = 0; i < scan->nbelow; i++)
	{
		(*at)[n] = (int32) (scan->nown_links + i);
		link[n++] = scan->below[i].risk;
	}
	return link;
}

static NsRiskNode *
risk_nodes(Scan *scan, size_t *nnodes, int32 **at)
{
	NsRiskNode *node;
	size_t		n = 0;
	size_t		i;

	for (i = 0; i < scan->nnodes; i++)
		n += scan->node[i].needed;
	node = env_pg_array(scan->env, n, sizeof(NsRiskNode));
	*at = env_pg_array(scan->env, n, sizeof(int32));
	*nnodes = n;
	n = 0;
	for (i = 0; i < scan->nnodes; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!scan->node[i].needed)
			continue;
		(*at)[n] = (int32) i;
		node[n].id = scan->node[i].id;
		node[n].supporting_node_id = scan->node[i].supporting_node_id;
		node[n++].in_service = scan->node[i].in_service;
	}
	return node;
}

static void
derive_hard_links(Scan *scan, NsRiskResult *result)
{
	NsRiskInput in = {0};
	NsRiding	riding;
	int32	   *link_at;
	int32	   *node_at;
	size_t		n = 0;
	size_t		i;
	size_t		j;

	in.link = risk_links(scan, &link_at);
	in.nlinks = scan->nhard + scan->nbelow;
	in.node = risk_nodes(scan, &in.nnodes, &node_at);
	in.nown = scan->nhard;
	if (scan->plant.any)
	{
		plant_riding_select(&scan->plant, link_at, in.nlinks, node_at, in.nnodes,
							&riding);
		in.riding = &riding;
	}
	in.support = scan->support;
	in.nsupports = scan->nsupports;
	in.member = scan->member;
	in.nmembers = scan->nmembers;
	in.srlg_node = scan->srlg_node;
	in.nsrlg_nodes = scan->nsrlg_nodes;
	error_check(ns_risk_derive(scan->env, &in, result), SUBJECT);

	for (i = 0; i < scan->nown_links; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!scan->own[i].hard)
			continue;
		scan->own[i].up = result->up[n];
		if (result->up[n])
			for (j = result->start[n]; j < result->start[n + 1]; j++)
				scan->member_start[i + 1] += result->membership[j].share > 0;
		n++;
	}
}

/* ---- results ---- */

static void
take_memberships(Scan *scan, const NsRiskResult *result)
{
	size_t		n = scan->nown_links;
	size_t	   *next = env_pg_array(scan->env, n, sizeof(size_t));
	const MemberPiece *piece;
	size_t		hard = 0;
	size_t		i;
	size_t		j;

	for (i = 0; i < n; i++)
	{
		scan->member_start[i + 1] += scan->member_start[i];
		next[i] = scan->member_start[i];
	}
	scan->membership = env_pg_array(scan->env, scan->member_start[n],
									sizeof(NsMembershipInput));
	for (piece = scan->piece; piece != NULL; piece = piece->next)
	{
		CHECK_FOR_INTERRUPTS();
		for (i = 0; i < piece->n; i++)
		{
			const SimpleMember *from = &piece->member[i];
			NsMembershipInput *to = &scan->membership[next[from->link]++];

			to->srlg_id = from->srlg_id;
			to->link_id = scan->own_link[from->link].id;
			to->share = from->share;
			to->probability = from->probability;
		}
	}
	for (i = 0; i < n && scan->nhard > 0; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!scan->own[i].hard)
			continue;
		for (j = result->start[hard]; j < result->start[hard + 1]; j++)
		{
			const NsDerivedMembership *from = &result->membership[j];
			NsMembershipInput *to;

			if (!scan->own[i].up || !(from->share > 0))
				continue;
			to = &scan->membership[next[i]++];
			to->srlg_id = from->srlg_id;
			to->link_id = scan->own_link[i].id;
			to->share = from->share;
			to->probability = from->probability;
		}
		hard++;
	}
}

/* The lists of hard links, as lists of all own ones. */
static void
take_lists(Scan *scan, const NsRiskResult *result)
{
	size_t	   *start;
	size_t	   *count;
	size_t		hard = 0;
	size_t		i;

	if (result->plant.row == NULL)
		return;
	start = ns_alloc_zero(scan->env, scan->nown_links, sizeof(size_t));
	count = ns_alloc_zero(scan->env, scan->nown_links, sizeof(size_t));
	for (i = 0; i < scan->nown_links; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!scan->own[i].hard)
			continue;
		start[i] = result->plant.start[hard];
		count[i] = result->plant.count[hard++];
	}
	scan->lists = result->plant;
	scan->lists.start = start;
	scan->lists.count = count;
}

NsMembershipInput *
graph_scan_listed(NsEnv *env, const NsGroupLists *lists, size_t link)
{
	size_t		n = lists->row == NULL ? 0 : lists->count[link];
	NsMembershipInput *membership = env_pg_array(env, n, sizeof(NsMembershipInput));
	size_t		i;

	for (i = 0; i < n; i++)
	{
		const NsGroupMember *m = &lists->row[lists->start[link] + i];

		membership[i].srlg_id = lists->group_id[m->group];
		membership[i].share = m->share;
		membership[i].probability = m->probability;
	}
	return membership;
}

/* The groups that take down own nodes, node by node. */
static void
take_srlg_nodes(Scan *scan, const NsRiskResult *result)
{
	size_t		n = scan->nown_nodes;
	size_t	   *next;
	size_t		i;

	scan->srlg_node_start = ns_alloc_zero(scan->env, n + 1, sizeof(size_t));
	if (result->nsrlg_nodes == 0)
		return;
	next = env_pg_array(scan->env, n, sizeof(size_t));
	for (i = 0; i < result->nsrlg_nodes; i++)
	{
		int32		own = ns_id_map_find(&scan->own_node_map,
										 result->srlg_node[i].node_id);

		CHECK_FOR_INTERRUPTS();
		if (own >= 0)
			scan->srlg_node_start[own + 1]++;
	}
	for (i = 0; i < n; i++)
	{
		scan->srlg_node_start[i + 1] += scan->srlg_node_start[i];
		next[i] = scan->srlg_node_start[i];
	}
	scan->own_srlg_node = env_pg_array(scan->env, scan->srlg_node_start[n],
									   sizeof(NsSrlgNodeInput));
	for (i = 0; i < result->nsrlg_nodes; i++)
	{
		const NsRiskSrlgNode *from = &result->srlg_node[i];
		int32		own = ns_id_map_find(&scan->own_node_map, from->node_id);
		NsSrlgNodeInput *to;

		CHECK_FOR_INTERRUPTS();
		if (own < 0)
			continue;
		to = &scan->own_srlg_node[next[own]++];
		to->srlg_id = from->srlg_id;
		to->node_id = from->node_id;
		to->probability = (float) from->probability;
	}
}

void
scan_derive(Scan *scan)
{
	NsRiskResult result = {0};
	size_t		i;

	scan->member_start = ns_alloc_zero(scan->env, scan->nown_links + 1,
									   sizeof(size_t));
	read_links_beneath(scan);
	read_other_nodes(scan);
	read_srlg_nodes(scan);
	read_plant(scan);
	read_drains(scan);
	derive_nodes(scan);
	derive_simple_links(scan);
	read_members(scan);
	if (scan->nhard > 0 || scan->nsrlg_nodes > 0 || scan->plant.any)
		derive_hard_links(scan, &result);
	take_memberships(scan, &result);
	take_lists(scan, &result);
	take_srlg_nodes(scan, &result);
	for (i = 0; i < scan->nown_links; i++)
		scan->own_link[i].up = scan->own[i].up;
}
