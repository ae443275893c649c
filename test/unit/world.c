/*-------------------------------------------------------------------------
 *
 * world.c
 *	  Rows of a network that change; see world.h.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <string.h>

#include "world.h"

/* ---- rows ---- */

static double
random_cost(const World *w)
{
	static const double some[] = {0, 1, 2, 0.1, 0.25, 3.125, 1e-6, 7e9, 1e300, 5e-324};

	if (unit_chance(w->costs * 0.1))
		return NAN;
	if (unit_chance(w->costs))
		return some[unit_below(10)];
	if (unit_chance(w->costs))
		return unit_uniform();
	return unit_below(5);
}

static void
random_members(World *w, WorldLink *l)
{
	int64_t		group = unit_below(3);

	l->nmembers = 0;
	while (l->nmembers < WORLD_MEMBERS && group < w->groups && unit_chance(0.7))
	{
		l->member[l->nmembers++] = (NsMembershipInput) {group * 7 - 20, l->row.id,
			unit_chance(0.1) ? 0 : (float) (1 + unit_below(4)) / 4,
			(float) unit_below(5) / 4};
		group += 1 + unit_below(4);
	}
	for (int i = (int) l->nmembers - 1; i > 0; i--)
	{
		int			j = unit_below(i + 1);
		NsMembershipInput swap = l->member[i];

		l->member[i] = l->member[j];
		l->member[j] = swap;
	}
}

void
world_random_downs(World *w, WorldNode *n)
{
	int64_t		group = unit_below(w->groups + 1);

	n->ndowns = 0;
	while (n->ndowns < WORLD_DOWNS && group < w->groups && unit_chance(0.3))
	{
		n->down[n->ndowns++] = (NsSrlgNodeInput) {group * 7 - 20, n->id,
			(float) unit_below(4) / 4};
		group += 1 + unit_below(4);
	}
}

int
world_existing_node(const World *w)
{
	int			n = 0;
	int			i = 0;

	while (n++ < 1000 && !w->node[i = unit_below(w->nnodes)].exists);
	return w->node[i].exists ? i : -1;
}

/* Two different nodes; false where there are none. */
static bool
random_ends(const World *w, NsLinkInput *row)
{
	int			a = world_existing_node(w);
	int			z = world_existing_node(w);

	for (int i = 0; i < 100 && a == z; i++)
		z = world_existing_node(w);
	if (a < 0 || z < 0 || a == z)
		return false;
	row->a_node_id = w->node[a].id;
	row->z_node_id = w->node[z].id;
	return true;
}

bool
world_random_link(World *w, WorldLink *l)
{
	l->row.directed = unit_chance(0.3);
	l->row.up = unit_chance(0.8);
	for (int kind = 0; kind < NS_STORED_COSTS; kind++)
		l->row.cost[kind] = random_cost(w);
	random_members(w, l);
	return random_ends(w, &l->row);
}

/* Above the last one, or somewhere between. */
static int64_t
new_id(int64_t greatest, bool between, bool (*taken) (const World *w, int64_t id),
	   const World *w)
{
	int64_t		id = greatest + 1 + unit_below(5);

	for (int i = 0; between && i < 50; i++)
	{
		int64_t		other = unit_below((int) greatest + 1);

		if (!taken(w, other))
			return other;
	}
	return id;
}

static bool
node_taken(const World *w, int64_t id)
{
	for (int i = 0; i < w->nnodes; i++)
		if (w->node[i].id == id)
			return true;
	return false;
}

static bool
link_taken(const World *w, int64_t id)
{
	for (int i = 0; i < w->nlinks; i++)
		if (w->link[i].row.id == id)
			return true;
	return false;
}

static int
free_name(World *w)
{
	int			name;

	do
		name = unit_below(WORLD_NAMES);
	while (w->named[name]);
	w->named[name] = true;
	return name;
}

int
world_add_node(World *w, bool between)
{
	WorldNode  *n = &w->node[w->nnodes];
	int64_t		greatest = 10;

	if (w->nnodes == WORLD_NODES)
		return -1;
	for (int i = 0; i < w->nnodes; i++)
		greatest = w->node[i].id > greatest ? w->node[i].id : greatest;
	n->id = new_id(greatest, between, node_taken, w);
	n->name = free_name(w);
	n->exists = true;
	world_random_downs(w, n);
	return w->nnodes++;
}

int
world_add_link(World *w, bool between)
{
	WorldLink  *l = &w->link[w->nlinks];
	int64_t		greatest = 10;

	if (w->nlinks == WORLD_LINKS)
		return -1;
	for (int i = 0; i < w->nlinks; i++)
		greatest = w->link[i].row.id > greatest ? w->link[i].row.id : greatest;
	l->row.id = new_id(greatest, between, link_taken, w);
	if (!world_random_link(w, l))
		return -1;
	l->exists = true;
	return w->nlinks++;
}

void
world_random(World *w)
{
	int			nodes = 2 + unit_below(20);
	int			links = unit_below(50);

	memset(w, 0, sizeof(*w));
	unit_env_init(&w->u);
	for (int i = 0; i < WORLD_NAMES; i++)
		snprintf(w->name[i], sizeof(w->name[i]), "n%d", i);
	w->costs = unit_chance(0.5) ? 0 : unit_uniform();
	w->groups = unit_below(25);
	for (int i = 0; i < nodes; i++)
		world_add_node(w, false);
	for (int i = 0; i < links; i++)
		world_add_link(w, false);
}

/* A block from the rows in random order. */
NsGraphBlock *
world_block(World *w)
{
	NsNodeInput *node = unit_alloc(&w->u, WORLD_NODES, sizeof(*node));
	NsLinkInput *link = unit_alloc(&w->u, WORLD_LINKS, sizeof(*link));
	NsMembershipInput *member = unit_alloc(&w->u, WORLD_LINKS * WORLD_MEMBERS, sizeof(*member));
	NsSrlgNodeInput *down = unit_alloc(&w->u, WORLD_NODES * WORLD_DOWNS, sizeof(*down));
	NsGraphInput in = {.node = node,.link = link,.membership = member,.srlg_node = down};
	int32_t		order[WORLD_LINKS];
	NsGraphBlock *block = NULL;

	for (int i = 0; i < WORLD_LINKS; i++)
		order[i] = i;
	unit_shuffle(order, w->nlinks);
	for (int i = 0; i < w->nlinks; i++)
	{
		const WorldLink *l = &w->link[order[i]];

		if (!l->exists)
			continue;
		link[in.nlinks++] = l->row;
		for (size_t j = 0; j < l->nmembers; j++)
			member[in.nmemberships++] = l->member[j];
	}
	for (int i = 0; i < w->nnodes; i++)
	{
		const WorldNode *n = &w->node[w->nnodes - 1 - i];

		if (!n->exists)
			continue;
		node[in.nnodes++] = (NsNodeInput) {n->id, w->name[n->name]};
		for (size_t j = 0; j < n->ndowns; j++)
			down[in.nsrlg_nodes++] = n->down[j];
	}
	UNIT_CHECK(ns_graph_build(&w->u.env, &in, &block) == NS_OK, "it does not build");
	return block;
}

/* ---- changes ---- */

void
world_touch(int *list, int *n, int what)
{
	for (int i = 0; i < *n; i++)
		if (list[i] == what)
			return;
	if (what >= 0)
		list[(*n)++] = what;
}

static bool
node_is_used(const World *w, const WorldNode *n)
{
	for (int i = 0; i < w->nlinks; i++)
		if (w->link[i].exists &&
			(w->link[i].row.a_node_id == n->id || w->link[i].row.z_node_id == n->id))
			return true;
	return false;
}

/* Delete a node and its links, or bring one back. */
static void
delete_node(World *w, int i, Touched *t)
{
	WorldNode  *n = &w->node[i];

	if (!n->exists)
	{
		n->exists = true;
		n->name = free_name(w);
		world_random_downs(w, n);
		return;
	}
	for (int j = 0; j < w->nlinks; j++)
	{
		WorldLink  *l = &w->link[j];

		if (l->exists && (l->row.a_node_id == n->id || l->row.z_node_id == n->id))
		{
			world_touch(t->link, &t->nlinks, j);
			if (unit_chance(0.5) || !random_ends(w, &l->row))
				l->exists = false;
		}
	}
	if (node_is_used(w, n))
		return;
	n->exists = false;
	w->named[n->name] = false;
}

void
world_change_node(World *w, Touched *t, bool between)
{
	int			i = unit_below(w->nnodes);
	WorldNode  *n = &w->node[i];

	switch (unit_below(5))
	{
		case 0:
			i = world_add_node(w, between);
			break;
		case 1:
			delete_node(w, i, t);
			break;
		case 2:
			world_random_downs(w, n);
			break;
		case 3:
			if (n->exists)
			{
				w->named[n->name] = unit_chance(0.1);	/* or the name is used up */
				w->named[n->name] = false;
				n->name = free_name(w);
			}
			break;
		default:
			{
				int			j = world_existing_node(w);

				/* names change places */
				if (n->exists && j >= 0)
				{
					int			swap = n->name;

					n->name = w->node[j].name;
					w->node[j].name = swap;
					world_touch(t->node, &t->nnodes, j);
				}
			}
	}
	world_touch(t->node, &t->nnodes, i);
}

void
world_change_link(World *w, Touched *t, bool between)
{
	int			i = w->nlinks > 0 ? unit_below(w->nlinks) : 0;
	WorldLink  *l = &w->link[i];
	int			what = w->nlinks > 0 ? unit_below(9) : 0;

	if (what > 0 && !l->exists)
		what = 1;
	switch (what)
	{
		case 0:
			i = world_add_link(w, between);
			break;
		case 1:
			l->exists = l->exists ? false : world_random_link(w, l);
			break;
		case 2:
			l->row.up = !l->row.up;
			break;
		case 3:
			random_ends(w, &l->row);
			break;
		case 4:
			l->row.directed = !l->row.directed;
			break;
		case 5:
			random_members(w, l);
			break;
		case 6:
			if (l->nmembers > 0)
				l->member[0].share = 0.125f;
			break;
		default:
			l->row.cost[unit_below(NS_STORED_COSTS)] = random_cost(w);
			break;
	}
	world_touch(t->link, &t->nlinks, i);
}

static void *
copied(World *w, const void *from, size_t n, size_t size)
{
	void	   *to = unit_alloc(&w->u, n, size);

	memcpy(to, from, n * size);
	return to;
}

/* The present rows of these elements. */
NsGraphChange
world_change(World *w, const Touched *t)
{
	NsNodeChange *node = unit_alloc(&w->u, (size_t) t->nnodes, sizeof(*node));
	NsLinkChange *link = unit_alloc(&w->u, (size_t) t->nlinks + 1, sizeof(*link));
	NsGraphChange c = {node, (size_t) t->nnodes, link, (size_t) t->nlinks};

	for (int i = 0; i < t->nnodes; i++)
	{
		const WorldNode *n = &w->node[t->node[i]];

		node[i] = (NsNodeChange) {{n->id, n->exists ? w->name[n->name] : NULL},
			n->exists, copied(w, n->down, n->ndowns, sizeof(n->down[0])),
			n->ndowns};
	}
	for (int i = 0; i < t->nlinks; i++)
	{
		const WorldLink *l = &w->link[t->link[i]];

		link[i] = (NsLinkChange) {l->row, l->exists,
			copied(w, l->member, l->nmembers, sizeof(l->member[0])), l->nmembers};
	}
	/* an element that nobody has ever heard of */
	if (unit_chance(0.2))
		link[c.nlinks++] = (NsLinkChange) {.link = {.id = 123456789}};
	return c;
}
