/*-------------------------------------------------------------------------
 *
 * question_hit.h
 *	  From elements of any kind down to the links that fail with them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_QUESTION_HIT_H
#define NS_QUESTION_HIT_H

#include "graph_table.h"
#include "id_set.h"
#include "path.h"

/*
 * Links that elements take down at once: their own plant, one of their nodes or
 * the link itself is hit.  Links that merely ride on these are not among them.
 */
typedef struct HitLinks
{
	IdSet		link;
	double	   *lost;			/* beside link.id: 1, or less where a group says
								 * so */
} HitLinks;

/* Is it a kind of element that can be hit?  Else fail with 22023. */
extern void hit_check_kind(const char *kind);

/*
 * Fail with 42501 unless the caller may SELECT from every table that is read
 * between an element and a link.
 */
extern void hit_check_rights(void);

/*
 * The links that these elements take down.  Ids that do not exist are passed
 * over.  All lies in the region of env.
 */
extern void hit_links(NsEnv *env, const char *kind, NsIdList ids,
					  HitLinks *hit);

/*
 * Look the rows of n ids up by index, without SQL; in the order of the ids,
 * since neighbours often lie together.  The rights have been tested.
 */
extern void hit_look_up(NsEnv *env, GraphTable table, int column,
						const int64 *id, size_t n, GraphRowFn row,
						void *state);

#endif							/* NS_QUESTION_HIT_H */
