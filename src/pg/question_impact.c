/*-------------------------------------------------------------------------
 *
 * question_impact.c
 *	  What elements take down when they fail at once, worked out once for all
 *	  functions that tell of it.
 *
 * From the elements down to the links that fail with them (question_hit.c),
 * then up to all that rides on these, by src/core/impact.c.  What carries is
 * read past row-level security, as all risk is; the links that are shown are
 * those that the caller may see.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "error.h"
#include "graph_table.h"
#include "question_impact.h"

/* OFFSET 0: see question_hit.c. */
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
support_row(const GraphRow *row, void *state)
{
	Impact	   *impact = state;
	NsRiskSupport *support;

	impact->support = env_pg_grow(&impact->env->env, impact->support,
								  &impact->support_room, impact->nsupports + 1,
								  sizeof(NsRiskSupport));
	support = &impact->support[impact->nsupports++];
	support->link_id = graph_row_int64(row, SUPPORT_LINK_ID);
	support->member = graph_row_int32(row, SUPPORT_MEMBER);
	support->supporting_link_id = graph_row_int64(row, SUPPORT_SUPPORTING_LINK_ID);
}

static void
above_row(const GraphRow *row, void *state)
{
	id_set_add(state, graph_row_int64(row, SUPPORT_LINK_ID));
}

static void
capacity_row(const GraphRow *row, void *state)
{
	Impact	   *impact = state;
	NsImpactLink *link;

	impact->link = env_pg_grow(&impact->env->env, impact->link,
							   &impact->link_room, impact->nlinks + 1,
							   sizeof(NsImpactLink));
	link = &impact->link[impact->nlinks++];
	link->id = graph_row_int64(row, LINK_ID);
	link->level = graph_row_int16(row, LINK_LEVEL);
	link->capacity_gbps = graph_row_float8(row, LINK_CAPACITY_GBPS);
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

/*
 * The links that are hit and all that ride on them, with what else those ride
 * on.  Found by index, without SQL, as graphs are read; the rights have been
 * tested.
 */
static void
read_links(Impact *impact)
{
	NsEnv	   *env = &impact->env->env;
	IdSet	   *affected = &impact->affected;
	size_t		done;
	size_t		i;

	id_set_make(affected, env);
	id_set_make(&impact->all, env);
	for (i = 0; i < impact->hit.link.n; i++)
		id_set_add(affected, impact->hit.link.id[i]);
	for (done = 0; done < affected->n;)
	{
		size_t		from = done;

		done = affected->n;
		hit_look_up(env, GRAPH_LINK_SUPPORT, SUPPORT_SUPPORTING_LINK_ID,
					affected->id + from, done - from, above_row, affected);
	}
	hit_look_up(env, GRAPH_LINK_SUPPORT, SUPPORT_LINK_ID, affected->id,
				affected->n, support_row, impact);
	for (i = 0; i < affected->n; i++)
		id_set_add(&impact->all, affected->id[i]);
	for (i = 0; i < impact->nsupports; i++)
		id_set_add(&impact->all, impact->support[i].supporting_link_id);
	hit_look_up(env, GRAPH_LINK, LINK_ID, impact->all.id, impact->all.n,
				capacity_row, impact);
}

/* Read what rides on the links that are hit, and work out what it loses. */
static void
work_out(Impact *impact)
{
	NsEnv	   *env = &impact->env->env;
	NsImpactInput in;
	size_t		i;

	read_links(impact);
	if (impact->nlinks == 0)
		return;
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
