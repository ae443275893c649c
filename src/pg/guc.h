/*-------------------------------------------------------------------------
 *
 * guc.h
 *	  The settings; docs/settings.md describes each.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_GUC_H
#define NS_GUC_H

extern int	guc_cache_memory;	/* MB */
extern int	guc_memory_limit;	/* megabytes a call may take */
extern int	guc_search_budget;	/* steps of one disjoint search */

extern void guc_define(void);

#endif							/* NS_GUC_H */
