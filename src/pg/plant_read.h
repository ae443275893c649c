/*-------------------------------------------------------------------------
 *
 * plant_read.h
 *	  Reads the plant that links ride in and nodes stand in, for a derivation
 *	  of risk.
 *
 * Reads under the active snapshot, past row-level security: whoever calls has
 * tested the caller's privileges.  All results lie in the region of env.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_PLANT_READ_H
#define NS_PLANT_READ_H

#include "id_map.h"
#include "id_set.h"
#include "line.h"
#include "plant.h"

/* The network of the change log's rows about the plant, and of its graph. */
#define PLANT_NETWORK_ID	INT64CONST(-1)

typedef struct PlantLinks		/* ids, each once, stride bytes apart */
{
	const int64 *id;
	size_t		n;
	size_t		stride;
} PlantLinks;

typedef struct PlantNode
{
	int64		id;
	int64		site_id;		/* 0: none */
	int64		structure_id;	/* 0: none */
} PlantNode;

typedef struct RawSpan			/* what of a span names others */
{
	int64		a_structure_id;
	int64		z_structure_id;
	int64		corridor_id;
} RawSpan;

typedef struct RawSegment
{
	int64		span_id;
	int64		duct_id;
	int32		cable;
	int32		seq;
} RawSegment;

typedef struct RawRide
{
	int64		cable_id;
	int32		link;
	int32		seq;
	int32		from;			/* segments, both included */
	int32		to;
} RawRide;

typedef struct RawDuct
{
	int64		span_id;
	int64		parent_id;
} RawDuct;

typedef struct RawPair			/* of span_pair, or of the own transaction */
{
	int64		span_id[2];
	bool		crosses;
	bool		near;
	bool		own;
} RawPair;

typedef struct CorridorSpan		/* one that runs along a corridor */
{
	int32		span;
	NsPoint		end[2];
} CorridorSpan;

/* Fields of no interest but to plant_read*.c, up to the results. */
typedef struct PlantRead
{
	NsEnv	   *env;
	bool		whole;			/* all tables are read from end to end */
	size_t		at;				/* position of what is looked up */
	const NsIdMap *wanted;		/* else: positions of ids */
	size_t		nread;			/* rows of the elements looked up */
	bool		hazards;		/* there are hazard areas */
	bool		itself;			/* spans are the links, structures the nodes */

	RawRide    *ride;
	size_t		nrides;
	size_t		ride_room;
	RawSegment *segment;
	size_t		nsegments;
	size_t		segment_room;
	RawSpan    *raw_span;		/* parallel to rows.span */
	size_t		raw_span_room;
	RawDuct    *raw_duct;
	size_t		raw_duct_room;
	int64	   *structure_site_id;
	size_t		structure_site_room;
	RawPair    *pair;
	size_t		npairs;
	size_t		pair_room;
	NsIdMap		own_pair;
	struct
	{
		int64		span_id;
		int64		structure_id;
		NsPassage	passage;
	}		   *crossing;
	size_t		ncrossings;
	size_t		crossing_room;

	NsIdMap		site_map;
	NsIdMap		structure_map;
	NsIdMap		span_map;
	NsIdMap		duct_map;
	NsIdMap		cable_map;

	NsPlantSite *site;
	size_t		site_room;
	NsPlantFeed *feed;
	size_t		feed_room;
	NsPlantStructure *structure;
	size_t		structure_room;
	NsPlantSpan *span;
	size_t		span_room;
	NsPlantDuct *duct;
	size_t		duct_room;
	NsPlantCable *cable;
	size_t		cable_room;
	CorridorSpan *corridor_span;
	size_t		ncorridor_spans;
	size_t		corridor_span_room;
	NsPlantStretch *stretch;
	size_t		stretch_room;
	NsPlantHazard *hazard;
	size_t		hazard_room;
	NsPlantPlace *place;

	bool	   *covered;		/* by segment: does a ride cover it? */
	uint8	   *ridden;			/* bits by id of a span, from ridden_first on;
								 * NULL: all are read */
	int64		ridden_first;
	uint64		ridden_range;
	NsLane	   *lane;
	int32	   *ride_start;		/* by link, one more than there are */
	NsRide	   *ready_ride;
	int32	   *node_place;		/* by node; -1: none */

	/* results */
	NsPlantRows rows;
	NsPlant		plant;
	NsRiding	riding;			/* by position of the links and nodes given */
	bool		any;			/* else: no link rides in it, no node stands in
								 * a place, and the rest is not set */
} PlantRead;

extern void plant_read(PlantRead *p, NsEnv *env, const PlantLinks *links,
					   const PlantNode *node, size_t nnodes);

/*
 * The plant for its own sake: link i is span_id[i], node i is structure i of
 * rows.structure, among them structure_id[0 .. nstructures - 1] and the spans'
 * ends.  All ids are of rows that exist.
 */
extern void plant_read_itself(PlantRead *p, NsEnv *env,
							  const int64 *span_id, size_t nspans,
							  const int64 *structure_id, size_t nstructures);

/*
 * The same riding for a part of the links and nodes: at position i of the new
 * one what was at link[i] and node[i].
 */
extern void plant_riding_select(const PlantRead *p, const int32 *link,
								size_t nlinks, const int32 *node,
								size_t nnodes, NsRiding *riding);

/* The rules in force. */
extern void plant_read_rules(NsRiskRule *rule);

/* A word of a risk_rule's kind; -1 for another. */
extern int	plant_rule_kind(const char *word, size_t n);
extern const char *plant_rule_word(NsRiskRuleKind kind);

/* ---- plant_geometry.c ---- */

/* The well-known binary form, by the type's own send function. */
extern bytea *plant_binary_form(Datum geometry);

/*
 * Add the spans that run along a corridor where one of these does, by the
 * stretches of the rules in force.
 */
extern void plant_along(NsEnv *env, int64 corridor_id, const IdSet *span,
						IdSet *along);

/* The query with the schema of PostGIS for each %s, kept for the process. */
extern const char *plant_with_postgis(const char *sql);

#endif							/* NS_PLANT_READ_H */
