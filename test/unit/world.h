/*-------------------------------------------------------------------------
 *
 * world.h
 *	  Rows of a network that change, for the tests of patches.
 *
 * A world knows nothing of numbers: elements have ids, and stay in its arrays
 * when they are deleted.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WORLD_H
#define WORLD_H

#include "patch.h"
#include "unit.h"

#define WORLD_NODES		60
#define WORLD_LINKS		120
#define WORLD_MEMBERS		10
#define WORLD_DOWNS		4
#define WORLD_NAMES			80

typedef struct WorldNode
{
	int64_t		id;
	int			name;			/* "n<name>" */
	bool		exists;
	NsSrlgNodeInput down[WORLD_DOWNS];
	size_t		ndowns;
} WorldNode;

typedef struct WorldLink
{
	NsLinkInput row;
	bool		exists;
	NsMembershipInput member[WORLD_MEMBERS];
	size_t		nmembers;
} WorldLink;

typedef struct World
{
	UnitEnv		u;
	WorldNode	node[WORLD_NODES];
	int			nnodes;
	WorldLink	link[WORLD_LINKS];
	int			nlinks;
	char		name[WORLD_NAMES][16];
	bool		named[WORLD_NAMES];
	double		costs;			/* part of costs that are anything but 0 .. 4 */
	int			groups;
} World;

/* A new environment, and some rows. */
extern void world_random(World *w);

/* A block from the rows in random order; NULL: it does not build. */
extern NsGraphBlock *world_block(World *w);

/* A new element with an id above all others, or between; its place, or -1. */
extern int	world_add_node(World *w, bool between);
extern int	world_add_link(World *w, bool between);

/* Other rows for the same id.  False: there are no two nodes to join. */
extern bool world_random_link(World *w, WorldLink *l);
extern void world_random_downs(World *w, WorldNode *n);

/* The place of a random node that exists, or -1. */
extern int	world_existing_node(const World *w);

/* Elements that a step touched, as positions in the world. */
typedef struct Touched
{
	int			node[WORLD_NODES];
	int			nnodes;
	int			link[WORLD_LINKS];
	int			nlinks;
} Touched;

/* Add a place (-1: nothing) to a list, once. */
extern void world_touch(int *list, int *n, int what);

/* Change something at random, and note what. */
extern void world_change_node(World *w, Touched *t, bool between);
extern void world_change_link(World *w, Touched *t, bool between);

/* The present rows of what was touched, copied. */
extern NsGraphChange world_change(World *w, const Touched *t);

#endif							/* WORLD_H */
