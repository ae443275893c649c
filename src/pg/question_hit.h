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

/* Number of a kind of element that can be hit, by a word of n bytes; or -1. */
extern int	hit_kind(const char *word, size_t n);
extern const char *hit_kind_word(int kind);

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

typedef struct HitElement
{
	int			kind;			/* by hit_kind() */
	int64		id;
} HitElement;

/*
 * The same for elements of any kinds, hit together; and the spans that are hit
 * with them (NULL: do not tell).  Wide: all that these elements and any others
 * may take down together: a feed, what draws on it and on others, too.
 */
extern void hit_elements(NsEnv *env, const HitElement *element, size_t n,
						 bool wide, HitLinks *hit, IdSet *span);

/*
 * Look the rows of n ids up by index, without SQL; in the order of the ids,
 * since neighbours often lie together.  The rights have been tested.
 */
extern void hit_look_up(NsEnv *env, GraphTable table, int column,
						const int64 *id, size_t n, GraphRowFn row,
						void *state);

#endif							/* NS_QUESTION_HIT_H */
