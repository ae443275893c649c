/*-------------------------------------------------------------------------
 *
 * question_route.h
 *	  A link followed down to its strands, in order, from one end to the other.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_QUESTION_ROUTE_H
#define NS_QUESTION_ROUTE_H

#include "env_pg.h"
#include "id_map.h"

typedef struct RouteLink
{
	int64		id;
	char	   *name;			/* NULL: the caller may not see the link */
	char	   *layer;
	char	   *status;
	int64		a_node_id;
	int64		z_node_id;
	size_t		support;		/* the first one's place, */
	size_t		nsupports;		/* in order of member and seq */
	size_t		strands;		/* the first assignment's place, */
	size_t		nstrands;		/* in order of seq */
} RouteLink;

typedef struct RouteSupport
{
	int64		link_id;
	int32		member;
	int64		supporting_link_id;
} RouteSupport;

/* Strands of one cable over consecutive segments. */
typedef struct RouteStrands
{
	int64		link_id;
	int32		seq;
	int64		cable_id;
	char	   *cable;
	char	   *cable_status;
	int32		lower;			/* strands: lower .. upper - 1 */
	int32		upper;
	Datum		range;			/* the same, as int4range */
	int32		nwanted;		/* segments that it is assigned */
	size_t		segment;		/* place of the first that is there, */
	size_t		nsegments;		/* in order of seq */
	int64		beside[2][2];	/* structures of the cable's segments before and
								 * after these; 0: none */
} RouteStrands;

typedef struct RouteSegment
{
	int64		cable_id;
	int64		seq;			/* in the cable */
	int64		span_id;
	char	   *span;
	char	   *span_status;
	int64		structure[2];	/* at the span's A and Z */
	char	   *structure_name[2];
	char	   *structure_status[2];
	double		length_m;		/* as built, else as drawn */
	double		slack_m;
	int64		duct_id;		/* 0: none */
} RouteSegment;

typedef struct RouteDuct
{
	int64		id;
	int64		parent_id;		/* 0: none */
	char	   *name;
} RouteDuct;

typedef struct RouteSplice
{
	int64		id;
	int64		structure_id;
	char	   *closure;		/* NULL: none */
	char	   *kind;
	int64		cable_id[2];	/* sides a and z */
	int64		seq[2];
	int32		lower[2];
	int32		upper[2];
} RouteSplice;

typedef struct RouteNode
{
	int64		id;
	int64		supporting_node_id; /* 0: none */
	int64		structure_id;	/* 0: none */
} RouteNode;

typedef enum RouteKind
{
	ROUTE_LINK, ROUTE_CABLE, ROUTE_SPAN, ROUTE_SPLICE,
	ROUTE_JOINT					/* strands end and go on in others, and how is
								 * not recorded */
} RouteKind;

typedef struct RouteStep
{
	RouteKind	kind;
	int			depth;			/* 0: the link asked about */
	int32		member;			/* of the link above, or 0 */
	const RouteLink *link;
	const RouteStrands *strands;	/* for all but ROUTE_LINK */
	const RouteSegment *segment;	/* ROUTE_SPAN; else the one before */
	const RouteSplice *splice;
	bool		backward;		/* against the order of the cable's segments */
	int64		from;			/* structures, in the order of the walk; 0: not */
	int64		to;				/* known */
	double		start_m;		/* from where the walk began */
	double		end_m;
} RouteStep;

typedef struct Route
{
	NsEnv	   *env;
	MemoryContext context;		/* the region's */
	RouteLink  *link;
	size_t		nlinks;
	size_t		link_room;
	NsIdMap		link_place;
	RouteSupport *support;
	size_t		nsupports;
	size_t		support_room;
	RouteStrands *strands;
	size_t		nstrands;
	size_t		strands_room;
	RouteSegment *segment;
	size_t		nsegments;
	size_t		segment_room;
	RouteDuct  *duct;
	size_t		nducts;
	size_t		duct_room;
	RouteSplice *splice;
	size_t		nsplices;
	size_t		splice_room;
	RouteNode  *node;
	size_t		nnodes;
	size_t		node_room;
	RouteStep  *step;
	size_t		nsteps;
	size_t		step_room;
} Route;

/*
 * Read a link and all that lies beneath it, as the caller may; e is a region
 * for all of it.  42704 where there is no such link, 42501 without SELECT on
 * one of the tables.
 */
extern void route_load(Route *route, EnvPg *e, int64 link_id);

/*
 * Walk it from its A end, or from its Z end, and leave the steps in the route.
 * Each member of a link begins at the same distance.
 */
extern void route_walk(Route *route, bool from_z);

/* The names of a duct and of those that it lies in, outermost first. */
extern char *route_duct_name(const Route *route, int64 duct_id);

/* The name of a structure at an end of this segment. */
extern char *route_structure_name(const RouteSegment *segment,
								  int64 structure_id);

#endif							/* NS_QUESTION_ROUTE_H */
