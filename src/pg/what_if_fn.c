/*-------------------------------------------------------------------------
 *
 * what_if_fn.c
 *	  SQL function what_if_before: a question asked under the active snapshot
 *	  as if the own transaction had changed nothing.
 *
 * A snapshot shows the own transaction's changes up to a command, curcid.  A
 * copy of it whose curcid is the first command shows none of them, and of all
 * others' just what the original shows.  STABLE functions, and all that reads
 * under the active snapshot, answer from it as from any other; so do kept
 * graphs, for which it is an older snapshot.
 *
 * That rests on the old rows being there: what the own transaction deleted is
 * there until it ends, but not in a table that it gave a new file.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "query.h"

#define STATE_ARGS 5
#define STATE_COLUMNS 11

pg_noreturn static void
refuse_rewritten(Relation relation)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("what was before this transaction is gone"),
			 errdetail("It has truncated, rewritten or indexed anew \"%s\".",
					   RelationGetRelationName(relation)),
			 errhint("Try with DELETE in place of TRUNCATE, and without DDL.")));
}

/* Has this transaction given it, or an index of it, a new file? */
static void
check_file(Oid relid)
{
	Relation	relation = relation_open(relid, AccessShareLock);
	List	   *indexes = RelationGetIndexList(relation);
	ListCell   *cell;

	/* made by this transaction: nothing was there before */
	if (relation->rd_createSubid == InvalidSubTransactionId)
	{
		if (compat_rewritten_here(relation))
			refuse_rewritten(relation);
		foreach(cell, indexes)
		{
			Relation	index = relation_open(lfirst_oid(cell), AccessShareLock);

			if (compat_rewritten_here(index) ||
				index->rd_createSubid != InvalidSubTransactionId)
				refuse_rewritten(index);
			relation_close(index, AccessShareLock);
		}
	}
	list_free(indexes);
	relation_close(relation, AccessShareLock);
}

static NsQuery tables = {
	.sql = "SELECT c.oid FROM pg_catalog.pg_class c"
	" WHERE c.relnamespace OPERATOR(pg_catalog.=) 'netstate'::pg_catalog.regnamespace"
	" AND c.relkind OPERATOR(pg_catalog.=) 'r'::pg_catalog.\"char\""
};

typedef struct Tables
{
	MemoryContext context;		/* of the list */
	List	   *relid;
} Tables;

static void
table_row(const Datum *value, const bool *null, void *state)
{
	Tables	   *found = state;
	MemoryContext before = MemoryContextSwitchTo(found->context);

	found->relid = lappend_oid(found->relid, DatumGetObjectId(value[0]));
	MemoryContextSwitchTo(before);
}

static void
check_files(void)
{
	Tables		found = {CurrentMemoryContext, NIL};
	ListCell   *cell;

	query_run(&tables, NULL, table_row, &found);
	foreach(cell, found.relid)
		check_file(lfirst_oid(cell));
	list_free(found.relid);
}

PG_FUNCTION_INFO_V1(netstate_what_if_before);

Datum
netstate_what_if_before(PG_FUNCTION_ARGS)
{
	Oid			type[STATE_ARGS] = {
		TEXTOID, TEXTARRAYOID, TEXTARRAYOID, TEXTOID, TEXTARRAYOID
	};
	Datum		value[STATE_ARGS];
	char		null[STATE_ARGS];
	ReturnSetInfo *rsinfo;
	uint64		i;
	int			j;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	check_files();
	for (j = 0; j < STATE_ARGS; j++)
	{
		null[j] = PG_ARGISNULL(j) ? 'n' : ' ';
		value[j] = PG_ARGISNULL(j) ? (Datum) 0 : PG_GETARG_DATUM(j);
	}

	/* a copy of its own, so that nobody else's changes with it */
	PushCopiedSnapshot(GetActiveSnapshot());
	GetActiveSnapshot()->curcid = FirstCommandId;
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	if (SPI_execute_with_args("SELECT s.what, s.network_name, s.src_node, s.dst_node, s.policy,"
							  " s.subject_kind, s.subject_id, s.subject, s.state, s.total, s.links"
							  " FROM netstate.what_if_state($1, $2, $3, $4, $5, false) s",
							  STATE_ARGS, type, value, null, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not ask what was before");
	for (i = 0; i < SPI_processed; i++)
	{
		Datum		column[STATE_COLUMNS];
		bool		is_null[STATE_COLUMNS];

		CHECK_FOR_INTERRUPTS();
		heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, column,
						  is_null);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, column, is_null);
	}
	SPI_finish();
	PopActiveSnapshot();
	return (Datum) 0;
}
