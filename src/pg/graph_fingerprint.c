/*-------------------------------------------------------------------------
 *
 * graph_fingerprint.c
 *	  Has anything been done to the logged tables that change_log cannot tell?
 *
 * Whatever lets rows change without a row in the log changes a row of pg_class
 * or pg_trigger: a new relfilenode, a trigger disabled.  Each version of such
 * a row has its own xmin and place, so a hash of these is a new one even where
 * the row is as before in the end.  What VACUUM and ANALYZE write to pg_class
 * is written in place and keeps xmin; only xmin is looked at there.
 *
 * The raw xmin is taken, which freezing leaves as it is.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "graph_table.h"

static const char *const table_names[GRAPH_NTABLES] = {
	[GRAPH_NETWORK] = "network",
	[GRAPH_NODE] = "node",
	[GRAPH_LINK] = "link",
	[GRAPH_LINK_SUPPORT] = "link_support",
	[GRAPH_SRLG_MEMBER] = "srlg_member",
	[GRAPH_SRLG_NODE] = "srlg_node",
	[GRAPH_CHANGE_LOG] = "change_log",
	[GRAPH_CHANGE_HORIZON] = "change_horizon",
};

/* The triggers of the log on each of them, and how each must be enabled. */
static const struct
{
	const char *name;
	char		enabled;
}			log_triggers[] = {
	{"change_log_apply", TRIGGER_FIRES_ON_REPLICA},
	{"change_log_begin", TRIGGER_FIRES_ALWAYS},
	{"change_log_delete", TRIGGER_FIRES_ALWAYS},
	{"change_log_insert", TRIGGER_FIRES_ALWAYS},
	{"change_log_truncate", TRIGGER_FIRES_ALWAYS},
	{"change_log_update", TRIGGER_FIRES_ALWAYS},
};

/* What is hashed of a table and of a trigger; no padding. */
typedef struct TablePrint
{
	Oid			relid;
	Oid			filenumber;
	TransactionId xmin;
	uint32		children;
} TablePrint;

typedef struct TriggerPrint
{
	Oid			oid;
	Oid			function;
	TransactionId xmin;
	uint32		enabled;
	uint32		block;
	uint32		offset;
} TriggerPrint;

static bool print_valid = false;	/* the rest is */
static Oid	print_relid[GRAPH_NTABLES];
static uint64 print_hash;
static bool print_loggable;

void
graph_fingerprint_invalidate(Oid relid)
{
	int			i;

	for (i = 0; i < GRAPH_NTABLES && print_valid; i++)
		if (relid == InvalidOid || relid == print_relid[i])
			print_valid = false;
}

/* Take in the triggers of the log on one table; false: not all are as due. */
static bool
print_triggers(Oid relid, uint64 *hash)
{
	Relation	catalog = table_open(TriggerRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	size_t		good = 0;

	ScanKeyInit(&key, Anum_pg_trigger_tgrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, TriggerRelidNameIndexId, true, NULL, 1,
							  &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_trigger form = (Form_pg_trigger) GETSTRUCT(tuple);
		TriggerPrint print;
		size_t		i;

		for (i = 0; i < lengthof(log_triggers); i++)
			if (strcmp(NameStr(form->tgname), log_triggers[i].name) == 0)
				break;
		if (i == lengthof(log_triggers))
			continue;
		print.oid = form->oid;
		print.function = form->tgfoid;
		print.xmin = HeapTupleHeaderGetRawXmin(tuple->t_data);
		print.enabled = (uint32) form->tgenabled;
		print.block = ItemPointerGetBlockNumber(&tuple->t_self);
		print.offset = ItemPointerGetOffsetNumber(&tuple->t_self);
		*hash = hash_bytes_extended((unsigned char *) &print, sizeof(print),
									*hash);
		if (form->tgenabled == log_triggers[i].enabled ||
			form->tgenabled == TRIGGER_FIRES_ALWAYS)
			good++;
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return good == lengthof(log_triggers);
}

/* Take in one table; false: its changes are not all logged. */
static bool
print_table(GraphTable table, Oid relid, uint64 *hash)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Form_pg_class form;
	TablePrint	print = {0};
	bool		plain;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_class) GETSTRUCT(tuple);
	plain = form->relkind == RELKIND_RELATION && !form->relhassubclass;
	print.relid = relid;
	print.filenumber = form->relfilenode;
	print.xmin = HeapTupleHeaderGetRawXmin(tuple->t_data);
	print.children = form->relhassubclass;
	ReleaseSysCache(tuple);
	*hash = hash_bytes_extended((unsigned char *) &print, sizeof(print), *hash);
	return (table >= GRAPH_NLOGGED || print_triggers(relid, hash)) && plain;
}

uint64
graph_table_fingerprint(bool *loggable)
{
	graph_table_watch();
	AcceptInvalidationMessages();
	while (!print_valid)
	{
		Oid			namespace;
		bool		missing = false;
		int			i;

		/* An invalidation that comes meanwhile takes this back. */
		memset(print_relid, 0, sizeof(print_relid));
		print_valid = true;
		print_hash = 0;
		print_loggable = true;
		namespace = get_namespace_oid("netstate", true);
		for (i = 0; i < GRAPH_NTABLES; i++)
		{
			Oid			relid = InvalidOid;

			if (OidIsValid(namespace))
				relid = get_relname_relid(table_names[i], namespace);
			print_relid[i] = relid;
			missing = missing || !OidIsValid(relid);
			print_loggable = OidIsValid(relid) &&
				print_table(i, relid, &print_hash) && print_loggable;
		}
		if (missing)
		{
			/* Its coming will be told by no invalidation of a known table. */
			print_valid = false;
			break;
		}
	}
	*loggable = print_loggable;
	return print_hash;
}
