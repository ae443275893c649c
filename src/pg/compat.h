/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  Every difference between the supported PostgreSQL releases (15.18 and
 *	  later).  No other file tests PG_VERSION_NUM.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_COMPAT_H
#define NS_COMPAT_H

#include "pgstat.h"
#include "storage/proc.h"

/* Since 16 what is in a varlena is no longer told by postgres.h. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* The number of this backend's transaction; never reused within a session. */
#if PG_VERSION_NUM >= 170000
#define compat_local_xid()	(MyProc->vxid.lxid)
#else
#define compat_local_xid()	(MyProc->lxid)
#endif

/* 18 can name the module and its version in pg_get_loaded_modules(). */
#if PG_VERSION_NUM >= 180000
#define COMPAT_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "netstate")
#else
#define COMPAT_MODULE_MAGIC PG_MODULE_MAGIC
#endif

/* 18 counts the index searches of EXPLAIN. */
#if PG_VERSION_NUM >= 180000
#define compat_index_beginscan(heap, index, snapshot, nkeys) \
	index_beginscan(heap, index, snapshot, NULL, nkeys, 0)
#else
#define compat_index_beginscan(heap, index, snapshot, nkeys) \
	index_beginscan(heap, index, snapshot, nkeys, 0)
#endif

/* 18 spells it as C11 does, before the declaration. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn pg_attribute_noreturn()
#endif

/* Since 16 errors of a type can be soft. */
#if PG_VERSION_NUM >= 160000
#define compat_make_range(cache, lower, upper) \
	make_range(cache, lower, upper, false, NULL)
#else
#define compat_make_range(cache, lower, upper) \
	make_range(cache, lower, upper, false)
#endif

/* 17 can ask for that lock or a stronger one. */
#if PG_VERSION_NUM >= 170000
#define compat_lock_held_by_me(tag, mode) LockHeldByMe(tag, mode, false)
#else
#define compat_lock_held_by_me(tag, mode) LockHeldByMe(tag, mode)
#endif

/* Has the own transaction given the relation a new file?  See utils/rel.h. */
#if PG_VERSION_NUM >= 160000
#define compat_rewritten_here(rel) ((rel)->rd_firstRelfilelocatorSubid != InvalidSubTransactionId)
#else
#define compat_rewritten_here(rel) ((rel)->rd_firstRelfilenodeSubid != InvalidSubTransactionId)
#endif

/* Rows of a table, as its counters have it. */
#if PG_VERSION_NUM >= 160000
#define compat_live_tuples(counts) ((counts)->live_tuples)
#else
#define compat_live_tuples(counts) ((counts)->n_live_tuples)
#endif

/* Pin the page of a relation in the buffer that had it, if that still has it. */
#if PG_VERSION_NUM >= 160000
#define compat_read_recent_buffer(rel, block, buffer) \
	ReadRecentBuffer((rel)->rd_locator, MAIN_FORKNUM, block, buffer)
#else
#define compat_read_recent_buffer(rel, block, buffer) \
	ReadRecentBuffer((rel)->rd_node, MAIN_FORKNUM, block, buffer)
#endif

#endif							/* NS_COMPAT_H */
