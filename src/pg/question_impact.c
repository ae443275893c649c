/*-------------------------------------------------------------------------
 *
 * question_impact.c
 *	  What elements take down when they fail at once, worked out once for all
 *	  functions that tell of it.
 *
 * From the elements down to the links that fail with them (question_hit.c),
 * then up to all that rides on these, by src/core/impact.c.  What carries is
 * read as the tables' owner, as all risk is; the links that are shown are those
 * that the caller may see.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "error.h"
#include "question_impact.h"

/*
 * All supports of the links and of what rides on them.  OFFSET 0, here and
 * below: see question_hit.c.
 */
static NsQuery supports_above = {
	.sql = "WITH RECURSIVE up(id) AS ("
	" SELECT u.id FROM pg_catalog.unnest($1) AS u(id)"
	" UNION SELECT s.link_id FROM up CROSS JOIN LATERAL ("
	" SELECT t.link_id FROM netstate.link_support t"
	" WHERE t.supporting_link_id OPERATOR(pg_catalog.=) up.id OFFSET 0) s)"
	" SELECT s.link_id, s.member, s.supporting_link_id"
	" FROM up CROSS JOIN LATERAL (SELECT t.* FROM netstate.link_support t"
	" WHERE t.link_id OPERATOR(pg_catalog.=) up.id OFFSET 0) s",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.as_owner_of = "link_support",
	.by_array = true
};

static NsQuery capacities = {
	.sql = "SELECT l.id, l.level, l.capacity_gbps"
	" FROM pg_catalog.unnest($1) AS u(id) CROSS JOIN LATERAL ("
	" SELECT t.* FROM netstate.link t"
	" WHERE t.id OPERATOR(pg_catalog.=) u.id OFFSET 0) l",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.as_owner_of = "link",
	.by_array = true
};

static NsQuery shown_links = {
	.sql = "SELECT n.name, n.layer, l.id, l.name, l.capacity_gbps, l.network_id"
	" FROM pg_catalog.unnest($1) AS u(id)"
	" CROSS JOIN LATERAL (SELECT t.* FROM netstate.link t"
	" WHERE t.id OPERATOR(pg_catalog.=) u.id OFFSET 0) l"
	" JOIN netstate.network n ON n.id OPERATOR(pg_catalog.=) l.network_id"
	" ORDER BY n.level, n.name COLLATE pg_catalog.\"C\","
	" l.name COLLATE pg_catalog.\"C\"",
	.nargs = 1,
	.argtype = {INT8ARRAYOID},
	.by_array = true
};

static void
support_row(const Datum *value, const bool *null, void *state)
{
	Impact	   *impact = state;
	NsRiskSupport *support;

	impact->support = env_pg_grow(&impact->env->env, impact->support,
								&impact->support_room, impact->nsupports + 1,
								sizeof(NsRiskSupport));
	support = &impact->support[impact->nsupports++];
	support->link_id = DatumGetInt64(value[0]);
	support->member = DatumGetInt32(value[1]);
	support->supporting_link_id = DatumGetInt64(value[2]);
}

static void
capacity_row(const Datum *value, const bool *null, void *state)
{
	Impact	   *impact = state;
	NsImpactLink *link;

	impact->link = env_pg_grow(&impact->env->env, impact->link, &impact->link_room,
							 impact->nlinks + 1, sizeof(NsImpactLink));
	link = &impact->link[impact->nlinks++];
	link->id = DatumGetInt64(value[0]);
	link->level = DatumGetInt16(value[1]);
	link->capacity_gbps = null[2] ? NAN : DatumGetFloat8(value[2]);
	link->lost = 0;
}

static void
run_by_ids(NsQuery *query, const IdSet *ids, QueryRowFn row, void *state)
{
	Datum		array;

	if (ids->n == 0)
		return;
	CHECK_FOR_INTERRUPTS();
	array = id_array(ids->id, ids->n, sizeof(int64));
	query_run(query, &array, row, state);
	pfree(DatumGetPointer(array));
}

/* Read what rides on the links that are hit, and work out what it loses. */
static void
work_out(Impact *impact)
{
	NsEnv	   *env = &impact->env->env;
	NsImpactInput in;
	size_t		i;

	id_set_make(&impact->affected, env);
	id_set_make(&impact->all, env);
	run_by_ids(&supports_above, &impact->hit.link, support_row, impact);
	for (i = 0; i < impact->hit.link.n; i++)
		id_set_add(&impact->affected, impact->hit.link.id[i]);
	for (i = 0; i < impact->nsupports; i++)
		id_set_add(&impact->affected, impact->support[i].link_id);
	for (i = 0; i < impact->affected.n; i++)
		id_set_add(&impact->all, impact->affected.id[i]);
	for (i = 0; i < impact->nsupports; i++)
		id_set_add(&impact->all, impact->support[i].supporting_link_id);

	run_by_ids(&capacities, &impact->all, capacity_row, impact);
	error_check(ns_id_map_make(env, &impact->place, &impact->link[0].id,
							   impact->nlinks, sizeof(NsImpactLink)), "impact");
	for (i = 0; i < impact->hit.link.n; i++)
	{
		int32_t		place = ns_id_map_find(&impact->place, impact->hit.link.id[i]);

		if (place >= 0)
			impact->link[place].lost = impact->hit.lost[i];
	}
	in = (NsImpactInput) {impact->link, impact->nlinks, impact->support,
	impact->nsupports};
	error_check(ns_impact_shares(env, &in, &impact->share), "impact");
}

void
impact_evaluate(Impact *impact, EnvPg *env, const char *kind, NsIdList ids)
{
	memset(impact, 0, sizeof(*impact));
	impact->env = env;
	hit_links(&env->env, kind, ids, &impact->hit);
	work_out(impact);
}

void
impact_show(Impact *impact, QueryRowFn row, void *state)
{
	run_by_ids(&shown_links, &impact->affected, row, state);
}

double
impact_share(const Impact *impact, int64 link_id)
{
	int32_t		place = ns_id_map_find(&impact->place, link_id);

	return place < 0 ? -1 : impact->share[place];
}
