/*-------------------------------------------------------------------------
 *
 * group_order.h
 *	  Groups by their ids, where their numbers do not say it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GROUP_ORDER_H
#define NS_GROUP_ORDER_H

#include "graph.h"

/*
 * Ascending numbers of groups, as another list in the order of their ids.  It
 * is the same list unless a patch added some of them.
 */
extern NsResult ns_groups_by_id(NsEnv *env, const NsGraph *g, NsNumbers *list);

#endif							/* NS_GROUP_ORDER_H */
