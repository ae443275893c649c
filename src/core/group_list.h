/*-------------------------------------------------------------------------
 *
 * group_list.h
 *	  Memberships of many links in groups that a table numbers.
 *
 * A metro has millions of them; so a row names its group by number, and the
 * rows of a link lie together.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GROUP_LIST_H
#define NS_GROUP_LIST_H

#include <stddef.h>
#include <stdint.h>

typedef struct NsGroupMember
{
	int32_t		group;
	float		share;			/* 0 .. 1 */
	float		probability;	/* 0 .. 1 */
} NsGroupMember;

typedef struct NsGroupLists
{
	const int64_t *group_id;	/* by number; each once */
	int32_t		ngroups;
	const NsGroupMember *row;	/* NULL: there are none */
	const size_t *start;		/* by link: its rows are ... */
	const size_t *count;		/* ... [start[i], start[i] + count[i]) */
} NsGroupLists;

#endif							/* NS_GROUP_LIST_H */
