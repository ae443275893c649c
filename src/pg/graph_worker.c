/*-------------------------------------------------------------------------
 *
 * graph_worker.c
 *	  Work that sessions leave to a background worker, where the library is
 *	  preloaded.
 *
 * A patch that grows makes new sessions read more again before they can answer.
 * Making a new block costs as much as some hundred thousand look-ups, so it is
 * no session's query that waits for it.  The worker lives for one job: it
 * connects to the database of whoever asked, brings the graph up to date,
 * shares it, prunes the log, and ends.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "change_prune.h"
#include "graph_table.h"
#include "graph_version.h"
#include "graph_worker.h"

PGDLLEXPORT void netstate_worker_main(Datum arg);

/* What a worker is told. */
typedef struct WorkerJob
{
	int64		network_id;
	Oid			database;
	int			landmarks;		/* a cost, or -1: a new block */
} WorkerJob;

static bool
start_worker(int64 network_id, int landmarks)
{
	BackgroundWorker worker = {0};
	WorkerJob	job = {0};

	StaticAssertStmt(sizeof(job) <= BGW_EXTRALEN, "job does not fit");
	job.network_id = network_id;
	job.database = MyDatabaseId;
	job.landmarks = landmarks;
	worker.bgw_flags = BGWORKER_SHMEM_ACCESS |
		BGWORKER_BACKEND_DATABASE_CONNECTION;
	worker.bgw_start_time = BgWorkerStart_ConsistentState;
	worker.bgw_restart_time = BGW_NEVER_RESTART;
	strlcpy(worker.bgw_library_name, "netstate", BGW_MAXLEN);
	strlcpy(worker.bgw_function_name, "netstate_worker_main", BGW_MAXLEN);
	strlcpy(worker.bgw_name, "netstate graph", BGW_MAXLEN);
	strlcpy(worker.bgw_type, "netstate graph", BGW_MAXLEN);
	memcpy(worker.bgw_extra, &job, sizeof(job));
	return RegisterDynamicBackgroundWorker(&worker, NULL);
}

bool
graph_worker_ask(int64 network_id)
{
	if (!graph_shared_enabled())
		return false;
	return !graph_shared_may_ask(network_id) || start_worker(network_id, -1);
}

bool
graph_worker_ask_landmarks(int64 network_id, NsCostKind cost)
{
	return graph_shared_enabled() && start_worker(network_id, (int) cost);
}

/* Whatever is wrong, it is left to the sessions, who will say so. */
static void
do_job(const WorkerJob *job)
{
	bool		loggable;
	int			i;

	for (i = 0; i < GRAPH_NTABLES; i++)
		if (!graph_table_exists(i))
			return;
	for (i = 0; i < GRAPH_NLOGGED; i++)
		graph_table_close(graph_table_open(i));
	graph_table_fingerprint(&loggable);
	if (loggable && job->landmarks >= 0)
		graph_version_make_landmarks(job->network_id,
									 (NsCostKind) job->landmarks,
									 GetActiveSnapshot());
	else if (loggable && job->network_id != 0)
		graph_version_renew(job->network_id, GetActiveSnapshot());
	if (!RecoveryInProgress())
		change_prune_run(CHANGE_LOG_KEEP);
}

void
netstate_worker_main(Datum arg)
{
	WorkerJob	job;

	memcpy(&job, MyBgworkerEntry->bgw_extra, sizeof(job));
	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnectionByOid(job.database, InvalidOid, 0);

	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	pgstat_report_activity(STATE_RUNNING, "netstate: graph");
	do_job(&job);
	PopActiveSnapshot();
	CommitTransactionCommand();
	pgstat_report_activity(STATE_IDLE, NULL);
}
