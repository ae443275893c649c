/*-------------------------------------------------------------------------
 *
 * question_walk.c
 *	  A link's route walked from one end to the other, step by step.
 *
 * Nothing in the tables says which way strands run along a cable, nor which
 * way a link beneath leads; it follows from where they begin and end.  A cable's
 * segments lead from structure to structure; strands run along them in the
 * order of seq or against it, so that they begin where the walk is and end where
 * it goes on.  A link beneath begins at the node that the node at hand rides on.
 *
 * Slack lies at the end of its segment, in the order of the cable's seq.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "question_route.h"

/* What the walk is in the middle of. */
typedef struct Walk
{
	Route	   *route;
	double		at_m;
} Walk;

/* A way along the segments of some strands. */
typedef struct Way
{
	bool		backward;
	int64		start;			/* structure; 0: the segments do not lead on */
	int64		end;
} Way;

static RouteStep *
new_step(Walk *walk, RouteKind kind, int depth)
{
	Route	   *route = walk->route;
	RouteStep  *step;

	CHECK_FOR_INTERRUPTS();
	route->step = env_pg_grow(route->env, route->step, &route->step_room,
							  route->nsteps + 1, sizeof(RouteStep));
	step = &route->step[route->nsteps++];
	memset(step, 0, sizeof(*step));
	step->kind = kind;
	step->depth = depth;
	step->start_m = walk->at_m;
	step->end_m = walk->at_m;
	return step;
}

/* ---- structures along a cable ---- */

static int64
other_end(const RouteSegment *segment, int64 structure)
{
	if (segment->structure[0] == structure)
		return segment->structure[1];
	if (segment->structure[1] == structure)
		return segment->structure[0];
	return 0;
}

/* The segment that comes i-th, and where it is left when entered at start. */
static RouteSegment *
segment_at(const Route *route, const RouteStrands *s, bool backward, size_t i)
{
	return &route->segment[s->segment + (backward ? s->nsegments - 1 - i : i)];
}

static int64
way_end(const Route *route, const RouteStrands *s, bool backward, int64 start)
{
	int64		at = start;
	size_t		i;

	for (i = 0; i < s->nsegments && at != 0; i++)
		at = other_end(segment_at(route, s, backward, i), at);
	return at;
}

/* Does a way of these strands begin or end here?  Their first or last span does. */
static bool
touches(const Route *route, const RouteStrands *s, int64 structure)
{
	return s->nsegments > 0 && structure != 0 &&
		(other_end(segment_at(route, s, false, 0), structure) != 0 ||
		 other_end(segment_at(route, s, true, 0), structure) != 0);
}

/*
 * Where a cable's only segment here begins, in the order of seq: as the segments
 * beside it say, and without any, at the span's A end.
 */
static int64
single_start(const RouteStrands *s, const RouteSegment *segment)
{
	int			end;

	for (end = 0; end < 2; end++)
	{
		int64		structure = segment->structure[end];

		if (structure == s->beside[1][0] || structure == s->beside[1][1])
			return segment->structure[1 - end];
	}
	for (end = 0; end < 2; end++)
	{
		int64		structure = segment->structure[end];

		if (structure == s->beside[0][0] || structure == s->beside[0][1])
			return structure;
	}
	return segment->structure[0];
}

/*
 * The way that begins here, if any does, and rather one that ends where the
 * next strands begin, or at the structure where all is to end.
 */
static Way
choose_way(const Route *route, const RouteStrands *s, int64 here,
		   const RouteStrands *next, int64 last)
{
	Way			best = {false, 0, 0};
	int			best_score = -1;
	int			i;

	if (s->nsegments == 0)
		return best;
	for (i = 0; i < 4; i++)
	{
		Way			way = {i / 2 == 1, 0, 0};
		int			score;

		way.start = segment_at(route, s, way.backward, 0)->structure[i % 2];
		way.end = way_end(route, s, way.backward, way.start);
		if (way.end == 0)
			continue;
		score = 4 * (way.start == here) +
			2 * (next != NULL ? touches(route, next, way.end) : way.end == last);
		if (s->nsegments == 1)
			score += (way.backward ? way.end : way.start) ==
				single_start(s, segment_at(route, s, false, 0));
		if (score > best_score)
		{
			best = way;
			best_score = score;
		}
	}
	return best;
}

/* ---- splices ---- */

static bool
side_is(const RouteSplice *splice, int side, const RouteStrands *s,
		const RouteSegment *segment)
{
	return splice->cable_id[side] == segment->cable_id &&
		splice->seq[side] == segment->seq &&
		splice->lower[side] < s->upper && s->lower < splice->upper[side];
}

typedef struct Passed			/* where the walk has just been */
{
	const RouteStrands *strands;
	const RouteSegment *segment;
} Passed;

/*
 * The splices between the segment before and this one, at the structure here.
 * Strands that go on in the same cable need none; others do.
 */
static void
pass_joint(Walk *walk, int depth, const Passed *before, const Passed *after,
		   int64 here)
{
	const Route *route = walk->route;
	bool		found = false;
	size_t		i;

	for (i = 0; i < route->nsplices; i++)
	{
		const RouteSplice *splice = &route->splice[i];
		bool		seen = false;
		size_t		j;
		RouteStep  *step;

		if (splice->structure_id != here)
			continue;
		if (!(side_is(splice, 0, before->strands, before->segment) &&
			  side_is(splice, 1, after->strands, after->segment)) &&
			!(side_is(splice, 1, before->strands, before->segment) &&
			  side_is(splice, 0, after->strands, after->segment)))
			continue;
		for (j = 0; j < i && !seen; j++)	/* read from both its sides */
			seen = route->splice[j].id == splice->id;
		if (seen)
			continue;
		found = true;
		step = new_step(walk, ROUTE_SPLICE, depth);
		step->splice = splice;
		step->strands = before->strands;
		step->segment = before->segment;
		step->from = step->to = here;
	}
	if (!found && before->strands != after->strands)
	{
		RouteStep  *step = new_step(walk, ROUTE_JOINT, depth);

		step->strands = before->strands;
		step->segment = before->segment;
		step->from = step->to = here;
	}
}

/* ---- the walk ---- */

/* Along the segments of some strands; before is where the walk comes from. */
static void
walk_strands(Walk *walk, const RouteStrands *s, Way way, int depth,
			 Passed *before)
{
	Route	   *route = walk->route;
	size_t		cable = route->nsteps;
	int64		here = way.start;
	size_t		i;

	for (i = 0; i < s->nsegments; i++)
	{
		const RouteSegment *segment = segment_at(route, s, way.backward, i);
		Passed		after = {s, segment};
		RouteStep  *step;

		if (before->segment != NULL)
			pass_joint(walk, depth, before, &after, here);
		if (i == 0)
		{
			cable = route->nsteps;
			new_step(walk, ROUTE_CABLE, depth)->strands = s;
		}
		step = new_step(walk, ROUTE_SPAN, depth + 1);
		step->strands = s;
		step->segment = segment;
		step->backward = way.backward;
		step->from = here;
		step->to = here = here == 0 ? 0 : other_end(segment, here);
		walk->at_m += segment->length_m + segment->slack_m;
		step->end_m = walk->at_m;
		*before = after;
	}
	if (s->nsegments == 0)
		new_step(walk, ROUTE_CABLE, depth)->strands = s;
	route->step[cable].from = way.start;
	route->step[cable].to = way.end;
	route->step[cable].backward = way.backward;
	route->step[cable].end_m = walk->at_m;
}

static const RouteNode *
node_of(const Route *route, int64 id)
{
	size_t		i;

	for (i = 0; i < route->nnodes; i++)
		if (route->node[i].id == id)
			return &route->node[i];
	return NULL;
}

/* The structure where a node stands, or the one that it rides on; or 0. */
static int64
structure_of(const Route *route, int64 node_id)
{
	const RouteNode *node;

	for (node = node_of(route, node_id); node != NULL;
		 node = node_of(route, node->supporting_node_id))
		if (node->structure_id != 0)
			return node->structure_id;
	return 0;
}

/* Is it this node, or one that the node rides on? */
static bool
rides_on(const Route *route, int64 node_id, int64 beneath)
{
	const RouteNode *node;

	for (node = node_of(route, node_id); node != NULL;
		 node = node_of(route, node->supporting_node_id))
		if (node->id == beneath)
			return true;
	return node_id == beneath;
}

/* A link's own strands, all of which are in series. */
static void
walk_own(Walk *walk, const RouteLink *link, bool from_z, int depth)
{
	Route	   *route = walk->route;
	int64		here = structure_of(route, from_z ? link->z_node_id : link->a_node_id);
	int64		last = structure_of(route, from_z ? link->a_node_id : link->z_node_id);
	Passed		before = {NULL, NULL};
	size_t		i;

	for (i = 0; i < link->nstrands; i++)
	{
		size_t		place = link->strands +
			(from_z ? link->nstrands - 1 - i : i);
		const RouteStrands *s = &route->strands[place];
		const RouteStrands *next = i + 1 == link->nstrands ? NULL :
			from_z ? s - 1 : s + 1;
		Way			way = choose_way(route, s, here, next, last);

		walk_strands(walk, s, way, depth, &before);
		here = way.end;
	}
}

static void walk_link(Walk *walk, const RouteLink *link, bool from_z,
					  int depth, int32 member);

static const RouteLink *
link_beneath(const Route *route, size_t support)
{
	return &route->link[ns_id_map_find(&route->link_place,
									   route->support[support].supporting_link_id)];
}

static bool
meets(const RouteLink *link, int64 node)
{
	return link->a_node_id == node || link->z_node_id == node;
}

/*
 * Is this link to be walked from its Z end, when the walk is at the node (or
 * at one that rides on it) and goes on over next?
 */
static bool
leads_back(const Route *route, const RouteLink *link, int64 node,
		   const RouteLink *next)
{
	if (rides_on(route, node, link->a_node_id))
		return false;
	if (rides_on(route, node, link->z_node_id))
		return true;
	return next != NULL && !meets(next, link->z_node_id) &&
		meets(next, link->a_node_id);
}

/* The links of one member, from support first on; n of them, in series. */
static void
walk_member(Walk *walk, const RouteLink *above, size_t first, size_t n,
			bool from_z, int depth)
{
	const Route *route = walk->route;
	int64		node = from_z ? above->z_node_id : above->a_node_id;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		size_t		place = from_z ? first + n - 1 - i : first + i;
		const RouteLink *link = link_beneath(route, place);
		const RouteLink *next = i + 1 == n ? NULL :
			link_beneath(route, from_z ? place - 1 : place + 1);
		bool		back = leads_back(route, link, node, next);

		walk_link(walk, link, back, depth, route->support[first].member);
		node = back ? link->a_node_id : link->z_node_id;
	}
}

static void
walk_link(Walk *walk, const RouteLink *link, bool from_z, int depth,
		  int32 member)
{
	Route	   *route = walk->route;
	size_t		self = route->nsteps;
	size_t		stop = link->support + link->nsupports;
	RouteStep  *step = new_step(walk, ROUTE_LINK, depth);
	double		start;
	double		furthest;
	size_t		i;

	check_stack_depth();
	step->link = link;
	step->member = member;
	step->backward = from_z;
	walk_own(walk, link, from_z, depth + 1);
	start = furthest = walk->at_m;
	for (i = link->support; i < stop;)
	{
		size_t		n = 1;

		while (i + n < stop &&
			   route->support[i + n].member == route->support[i].member)
			n++;
		walk->at_m = start;
		walk_member(walk, link, i, n, from_z, depth + 1);
		if (walk->at_m > furthest)
			furthest = walk->at_m;
		i += n;
	}
	walk->at_m = furthest;
	route->step[self].end_m = walk->at_m;
}

void
route_walk(Route *route, bool from_z)
{
	Walk		walk = {route, 0};

	route->nsteps = 0;
	walk_link(&walk, &route->link[0], from_z, 0, 0);
}
