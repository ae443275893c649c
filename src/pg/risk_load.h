/*-------------------------------------------------------------------------
 *
 * risk_load.h
 *	  What the derivation of risk reads: links, all that lies beneath them,
 *	  and the memberships stated for any of these.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_RISK_LOAD_H
#define NS_RISK_LOAD_H

#include "drain_hit.h"
#include "env_pg.h"
#include "id_set.h"
#include "plant_read.h"
#include "risk.h"

/*
 * Rows read so far.  All arrays lie in the region of env; each has its count
 * and its room.  The first nown links are those asked about, the others lie
 * beneath them.
 */
typedef struct RiskRows
{
	NsEnv	   *env;
	NsRiskNode *node;
	size_t		nnodes;
	size_t		node_room;
	NsRiskLink *link;
	size_t		nlinks;
	size_t		link_room;
	NsRiskSupport *support;
	size_t		nsupports;
	size_t		support_room;
	NsRiskMember *member;
	size_t		nmembers;
	size_t		member_room;
	NsRiskSrlgNode *srlg_node;
	size_t		nsrlg_nodes;
	size_t		srlg_node_room;
	PlantNode  *place;			/* parallel to node, of those read here */
	size_t		place_room;
	PlantRead	plant;			/* beneath links and nodes, when derived */
	const DrainHit *drained;	/* what drains take; NULL: what they take now */
	size_t		nown;
	bool		want_units;
	bool		only_carried;	/* no memberships in groups of the plant */
} RiskRows;

/*
 * Fail with 42501 unless the caller may SELECT from every table that risk is
 * derived from.  Call it before anything below.
 */
extern void risk_load_check_rights(void);

/*
 * Room for one more row at the end of an array; raises what does not fit.
 * Nothing is drained of a new link.
 */
extern NsRiskNode *risk_load_new_node(RiskRows *rows, int64 id, int64 site_id,
									  int64 structure_id);
extern NsRiskLink *risk_load_new_link(RiskRows *rows);

/*
 * Begin with the links of these ids, or with all, that the caller may see.
 */
extern void risk_load_links(RiskRows *rows, const int64 *id, size_t n);
extern void risk_load_all_links(RiskRows *rows);

/* The same past row-level security: what they are worth is no secret. */
extern void risk_load_any_links(RiskRows *rows, const int64 *id, size_t n);

/*
 * Complete the rows: what lies beneath the links, the nodes (those of the own
 * links too, unless have_nodes says that they are there), the memberships.
 * Then derive.
 */
extern void risk_load_derive(RiskRows *rows, bool have_nodes,
							 NsRiskResult *result);

/* What they were derived from, once they have been. */
extern void risk_load_input(const RiskRows *rows, NsRiskInput *in);

/* Derive once more from rows that are complete, with other drains. */
extern void risk_load_derive_again(RiskRows *rows, const DrainHit *drained,
								   NsRiskResult *result);

/*
 * Put the memberships of the own links in groups of the plant before the others
 * in start and membership, for who reads them alike.
 */
extern void risk_load_combine(const RiskRows *rows, NsRiskResult *result);

/*
 * All links that may belong to one of these stated groups, or that rest on
 * these links and nodes: hit directly, at a node that is taken down, or riding
 * on such a link.  Sets *link_id to an array in the region.
 */
extern size_t risk_load_links_above(NsEnv *env, const int64 *srlg_id, size_t n,
									const IdSet *from_link,
									const IdSet *from_node, int64 **link_id);

#endif							/* NS_RISK_LOAD_H */
