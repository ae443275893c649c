/*-------------------------------------------------------------------------
 *
 * commit_check_risk.c
 *	  The links whose risk a transaction may have changed, for the checks at
 *	  COMMIT of groups and drains.
 *
 * The change log names every object that risk follows from and that the
 * transaction changed; these are followed upward as the tables are now.  That
 * is enough: where something no longer rides on what changed, its own row was
 * changed, too, and is in the log.  Rows of a savepoint that was rolled back
 * are not seen, just as their changes.
 *
 * Rows that an earlier check of the transaction has looked at (SET CONSTRAINTS
 * ... IMMEDIATE) are looked at again: others may have committed meanwhile, but
 * not what is proven under the same lock, so this only costs time.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/snapmgr.h"

#include "change_probe.h"
#include "commit_check_risk.h"
#include "query.h"

/* Whoever changed more objects one by one has "all" looked at. */
#define MOST_CHANGES 100000

/*
 * Risk follows from whatever of these was changed, and so a row of CHANGED_RISK
 * beside it would say nothing.
 */
static const CheckWhat implies_risk[] = {
	CHANGED_STRUCTURE, CHANGED_STRUCTURE_PLACE, CHANGED_SPAN,
	CHANGED_SPAN_COURSE, CHANGED_CABLE, CHANGED_NODE, CHANGED_LINK,
	CHANGED_STRAND_ASSIGNMENT, CHANGED_LINK_SUPPORT, CHANGED_RISK
};

static bool
changes_risk(const CheckChange *changed)
{
	int			i;

	for (i = 0; i < (int) lengthof(implies_risk); i++)
		if (check_any_change(&changed[implies_risk[i]]))
			return true;
	return false;
}

bool
check_touches_intent(const CheckChange *changed)
{
	if (!changes_risk(changed) &&
		!check_any_change(&changed[CHANGED_DISJOINT_GROUP]) &&
		!check_any_change(&changed[CHANGED_DISJOINT_GROUP_MEMBER]) &&
		!check_any_change(&changed[CHANGED_DRAIN]))
		return false;

	/* objects of an older version know no intent */
	return graph_table_exists(GRAPH_DISJOINT_GROUP);
}

void
check_risk_lock(void)
{
	graph_table_lock();
	graph_table_lock_plant();
	LockRelationOid(query_table("change_log"), AccessShareLock);
	LockRelationOid(query_table("disjoint_group"), AccessShareLock);
	LockRelationOid(query_table("disjoint_group_member"), AccessShareLock);
	LockRelationOid(query_table("waiver"), AccessShareLock);
	graph_table_lock_drains();
	LockRelationOid(query_table("demand"), AccessShareLock);
}

void
check_risk_follow(IdSet *node, IdSet *link)
{
	size_t		done;
	size_t		next;

	for (done = 0; done < node->n; done = next)
	{
		next = node->n;
		check_follow(GRAPH_NODE, NODE_SUPPORTING_NODE_ID, NODE_ID, node, node,
					 done);
	}
	check_follow(GRAPH_LINK, LINK_A_NODE_ID, LINK_ID, node, link, 0);
	check_follow(GRAPH_LINK, LINK_Z_NODE_ID, LINK_ID, node, link, 0);
	for (done = 0; done < link->n; done = next)
	{
		next = link->n;
		check_follow(GRAPH_LINK_SUPPORT, SUPPORT_SUPPORTING_LINK_ID,
					 SUPPORT_LINK_ID, link, link, done);
	}
}

void
check_risk_touch(CheckRun *run, const CheckChange *changed, CheckRisk *risk)
{
	ProbeScope	scope = {.every = true,.most = MOST_CHANGES};
	Changes		changes = {0};
	int64		seq = 0;
	IdSet		node;
	size_t		i;

	if (risk->known)
		return;
	risk->known = true;
	id_set_make(&risk->link, &run->view.memory.env);
	if (!changes_risk(changed))
		return;
	change_probe_own(U64FromFullTransactionId(GetTopFullTransactionId()), &seq,
					 SnapshotSelf, &scope, &changes);
	risk->all = changes.all;
	if (risk->all)
		return;
	risk->changes = changes;
	risk->nelements = changes.nelements;
	changes.node = NULL;		/* its own from here on */
	changes.link = NULL;
	changes.nnodes = changes.node_room = changes.nlinks = changes.link_room = 0;
	changes_follow_plant(&changes, 0);
	for (i = 0; i < risk->changes.nnodes; i++)
		changes_add_node(&changes, risk->changes.node[i]);
	for (i = 0; i < risk->changes.nlinks; i++)
		changes_add_link(&changes, risk->changes.link[i]);
	id_set_make(&node, &run->view.memory.env);
	for (i = 0; i < changes.nnodes; i++)
		id_set_add(&node, changes.node[i]);
	for (i = 0; i < changes.nlinks; i++)
		id_set_add(&risk->link, changes.link[i]);
	check_risk_follow(&node, &risk->link);
}
