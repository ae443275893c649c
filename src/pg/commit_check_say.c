/*-------------------------------------------------------------------------
 *
 * commit_check_say.c
 *	  Findings of the checks at COMMIT in words.
 *
 * Whoever commits a violation may not be allowed to read all that it is about.
 * So names are told only of tables that the caller may read and whose rows are
 * not hidden by row-level security; ids always are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/rls.h"

#include "argument.h"
#include "commit_check_rule.h"
#include "query.h"

#define NAME_QUERY(table) \
	{table, { \
		.sql = "SELECT x.name FROM netstate." table " x" \
		" WHERE x.id OPERATOR(pg_catalog.=) $1", \
		.nargs = 1, \
		.argtype = {INT8OID}, \
		.as_owner_of = table \
	}}

static struct
{
	const char *table;
	NsQuery		query;
}			name_queries[] = {
	NAME_QUERY("structure"),
	NAME_QUERY("span"),
	NAME_QUERY("cable"),
	NAME_QUERY("node"),
	NAME_QUERY("link"),
	NAME_QUERY("site"),
	NAME_QUERY("disjoint_group"),
	NAME_QUERY("drain"),
	NAME_QUERY("demand"),
	NAME_QUERY("srlg"),
	NAME_QUERY("duct"),
	NAME_QUERY("power_feed"),
	NAME_QUERY("corridor"),
	NAME_QUERY("hazard_area"),
};

/* What grows stays in the memory context that it was made in. */
static void
name_row(const Datum *value, const bool *null, void *state)
{
	if (!null[0])
		appendStringInfoString(state, TextDatumGetCString(value[0]));
}

char *
check_name(CheckRun *run, const char *table, int64 id)
{
	StringInfoData name;
	Datum		arg = Int64GetDatum(id);
	int			i;

	for (i = 0; i < (int) lengthof(name_queries); i++)
	{
		if (strcmp(name_queries[i].table, table) == 0)
			break;
	}
	if (i == lengthof(name_queries) ||
		pg_class_aclcheck(query_table(table), run->caller,
						  ACL_SELECT) != ACLCHECK_OK ||
		check_enable_rls(query_table(table), run->caller,
						 true) == RLS_ENABLED)
		return NULL;
	initStringInfo(&name);
	query_run(&name_queries[i].query, &arg, name_row, &name);
	return name.len == 0 ? NULL : name.data;
}

char *
check_describe(CheckRun *run, const char *table, int64 id)
{
	char	   *name = check_name(run, table, id);

	return name == NULL ? psprintf("%s " INT64_FORMAT, table, id)
		: psprintf("%s " INT64_FORMAT " (%s)", table, id, argument_shown(name));
}

void
check_report(CheckRun *run, const char *rule, const char *kind, int64 id,
			 const char *const text[3])
{
	CheckFinding finding = {
		.rule = rule,
		.kind = kind,
		.id = id,
		.name = check_name(run, kind, id),
		.message = text[0],
		.detail = text[1],
		.hint = text[2]
	};

	run->found(&finding, run->state);
}
