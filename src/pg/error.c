/*-------------------------------------------------------------------------
 *
 * error.c
 *	  What core answers, in words and SQLSTATE.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"

#include "error.h"

typedef struct ErrorWords
{
	NsResult	result;
	int			sqlstate;
	const char *message;		/* %s: the subject */
	const char *detail;
	const char *hint;
} ErrorWords;

static const ErrorWords error_words[] = {
	{NS_NO_MEMORY, ERRCODE_OUT_OF_MEMORY,
		"%s: out of memory",
		"A size does not fit the machine's memory.",
	"Ask for fewer paths or a smaller network."},
	{NS_INTERRUPTED, ERRCODE_QUERY_CANCELED,
		"%s: canceled",
		"The search was told to stop.",
	"Ask again."},
	{NS_TOO_LARGE, ERRCODE_PROGRAM_LIMIT_EXCEEDED,
		"%s is too large",
		"A graph holds at most 1073741824 nodes, links and memberships of each kind.",
	"Ask for a smaller network."},
	{NS_MISSING_COST, ERRCODE_INVALID_PARAMETER_VALUE,
		"%s has a link without the cost that was asked for",
		"Each link in service needs it.",
	"Set the cost, take the link out of service, or ask for another cost."},
	{NS_BAD_INPUT, ERRCODE_DATA_CORRUPTED,
		"%s: the tables contradict each other",
		"A row refers to one that is not there, or a link rides on itself.",
	"A trigger or a foreign key was disabled while rows were written; put it back and correct the rows."},
};

/*
 * Under a snapshot that stays, a row that another transaction has deleted since
 * is seen beside the one that the own transaction has put in its place: two
 * with one id, and nobody got round a key.
 */
static void
check_serializable(NsResult result, const char *subject)
{
	if (result != NS_BAD_INPUT || !IsolationUsesXactSnapshot() ||
		!TransactionIdIsValid(GetTopTransactionIdIfAny()))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not serialize access due to concurrent changes"),
			 errdetail("%s: what this transaction wrote does not go with rows that its snapshot still shows and another transaction has deleted.",
					   subject),
			 errhint("The transaction might succeed if retried.")));
}

void
error_check(NsResult result, const char *subject)
{
	size_t		i;

	if (result == NS_OK)
		return;
	check_serializable(result, subject);
	for (i = 0; i < lengthof(error_words); i++)
	{
		const ErrorWords *w = &error_words[i];

		if (w->result == result)
			ereport(ERROR,
					(errcode(w->sqlstate),
					 errmsg_internal(w->message, subject),
					 errdetail_internal("%s", w->detail),
					 errhint("%s", w->hint)));
	}
	elog(ERROR, "%s: unknown result %d", subject, (int) result);
}

void
error_too_large(const char *subject, size_t seen, size_t most)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("%s is too large", subject),
			 errdetail("It has %zu elements, and %zu fit.", seen, most),
			 errhint("Ask for fewer at a time.")));
}
