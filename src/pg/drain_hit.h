/*-------------------------------------------------------------------------
 *
 * drain_hit.h
 *	  Which links and spans drains take out of service.
 *
 * All is read under the active snapshot, past privileges and row-level
 * security: a drain may be hidden from somebody, but not that his link is out.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_DRAIN_HIT_H
#define NS_DRAIN_HIT_H

#include "question_hit.h"

/*
 * The network of the change log's rows about what only matters to a graph that
 * was read while something was drained; such a graph has it among the networks
 * that it rests on.
 */
#define DRAIN_NETWORK_ID	INT64CONST(-2)

typedef struct DrainHit
{
	bool		any;			/* else nothing is drained, and the rest not set */
	HitLinks	links;			/* hit at once, and the part of each that is lost */
	IdSet		span;
} DrainHit;

/* What all drains take that are draining or drained. */
extern void drain_hit_active(NsEnv *env, DrainHit *hit);

/* What these elements take together. */
extern void drain_hit_elements(NsEnv *env, const HitElement *element, size_t n,
							   DrainHit *hit);

/* The part of a link that is lost, 0 .. 1. */
static inline double
drain_hit_lost(const DrainHit *hit, int64 link_id)
{
	int64		place = hit->any ? id_set_find(&hit->links.link, link_id) : -1;

	return place < 0 ? 0 : hit->links.lost[place];
}

static inline bool
drain_hit_span(const DrainHit *hit, int64 span_id)
{
	return hit->any && id_set_has(&hit->span, span_id);
}

/* ---- elements ---- */

typedef struct DrainElements	/* a list that grows, in the region */
{
	NsEnv	   *env;
	HitElement *element;
	size_t		n;
	size_t		room;
} DrainElements;

extern void drain_elements_add(DrainElements *list, int kind, int64 id);

/* Add the elements of n drains. */
extern void drain_elements_read(DrainElements *list, const int64 *drain_id,
								size_t n);

/* Is this drain there, and draining or drained? */
extern bool drain_is_active(int64 drain_id);

#endif							/* NS_DRAIN_HIT_H */
