/*-------------------------------------------------------------------------
 *
 * diversity_load.c
 *	  Disjoint groups as the tables have them, and what their members share.
 *
 * Risk is derived for the members of many groups at once: they ride on the same
 * plant, and reading it is most of the work.  So groups are taken in batches of
 * as many links as fit into memory easily, each with a region of its own.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "diversity_load.h"
#include "error.h"
#include "query.h"

#define SUBJECT "disjoint groups"

/* Links of one batch, and as many more as its last group has. */
#define BATCH_LINKS 65536

typedef struct DiverseMember
{
	int64		group_id;
	int64		link_id;
} DiverseMember;

typedef struct DiverseWaiver
{
	int64		group_id;
	NsElement	element;
	TimestampTz until;
} DiverseWaiver;

/* ---- words ---- */

static const char *const mode_word[] = {
	[DIVERSE_OFF] = "off",
	[DIVERSE_MONITOR] = "monitor",
	[DIVERSE_ENFORCE] = "enforce"
};

static const char *const kind_word[NS_NELEMENTS] = {
	[NS_ELEMENT_LINK] = "link",
	[NS_ELEMENT_NODE] = "node",
	[NS_ELEMENT_SRLG] = "srlg",
	[NS_ELEMENT_SITE] = "site",
	[NS_ELEMENT_POWER_FEED] = "power_feed",
	[NS_ELEMENT_STRUCTURE] = "structure",
	[NS_ELEMENT_CORRIDOR] = "corridor",
	[NS_ELEMENT_SPAN] = "span",
	[NS_ELEMENT_SPAN_PAIR] = "span_pair",
	[NS_ELEMENT_DUCT] = "duct",
	[NS_ELEMENT_CABLE] = "cable",
	[NS_ELEMENT_HAZARD_AREA] = "hazard_area"
};

const char *
diversity_mode_word(DiverseMode mode)
{
	return mode_word[mode];
}

const char *
diversity_kind_word(NsElementKind kind)
{
	return kind_word[kind];
}

/* The place of a word; -1 for another. */
static int
find_word(const char *const *words, int n, Datum value)
{
	text	   *t = DatumGetTextPP(value);
	int			i;

	for (i = 0; i < n; i++)
		if (strlen(words[i]) == VARSIZE_ANY_EXHDR(t) &&
			memcmp(words[i], VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)) == 0)
			return i;
	return -1;
}

/* ---- rows ---- */

#define GROUP_COLUMNS \
	"g.id, g.name, g.mode," \
	" 'node' OPERATOR(pg_catalog.=) ANY (g.disjoint)," \
	" 'srlg' OPERATOR(pg_catalog.=) ANY (g.disjoint)," \
	" g.min_members, g.min_probability, g.min_share, g.max_shared"
#define MEMBER_COLUMNS "g.group_id, g.link_id"
#define WAIVER_COLUMNS "g.group_id, g.element_kind, g.element_id, g.expires_at"

#define ALL_QUERY(columns, table) \
	{.sql = "SELECT " columns " FROM netstate." table " g"}
#define BY_GROUP_QUERY(columns, table, column) \
	{.sql = "SELECT " columns " FROM pg_catalog.unnest($1) AS u(id)" \
	 " JOIN netstate." table " g ON g." column " OPERATOR(pg_catalog.=) u.id", \
	 .nargs = 1, .argtype = {INT8ARRAYOID}, .by_array = true}

static NsQuery all_groups = ALL_QUERY(GROUP_COLUMNS, "disjoint_group");
static NsQuery all_members = ALL_QUERY(MEMBER_COLUMNS, "disjoint_group_member");
static NsQuery all_waivers = ALL_QUERY(WAIVER_COLUMNS, "waiver");
static NsQuery groups_by_id = BY_GROUP_QUERY(GROUP_COLUMNS, "disjoint_group", "id");
static NsQuery members_by_group =
BY_GROUP_QUERY(MEMBER_COLUMNS, "disjoint_group_member", "group_id");
static NsQuery waivers_by_group = BY_GROUP_QUERY(WAIVER_COLUMNS, "waiver", "group_id");

#define NEW_ROW(groups, array, count, room) \
	((groups)->array = env_pg_grow((groups)->env, (groups)->array, &(groups)->room, \
								   (groups)->count + 1, sizeof(*(groups)->array)), \
	 &(groups)->array[(groups)->count++])

/* A copy in the region; the row's own text is gone with the row. */
static const char *
keep_text(NsEnv *env, Datum value)
{
	text	   *t = DatumGetTextPP(value);
	size_t		n = VARSIZE_ANY_EXHDR(t);
	char	   *copy = env_pg_array(env, n + 1, 1);

	memcpy(copy, VARDATA_ANY(t), n);
	copy[n] = '\0';
	return copy;
}

static void
group_row(const Datum *value, const bool *null, void *state)
{
	DiverseGroups *groups = state;
	DiverseGroup *g = NEW_ROW(groups, group, n, room);
	int			mode = find_word(mode_word, lengthof(mode_word), value[2]);

	memset(g, 0, sizeof(*g));
	g->id = DatumGetInt64(value[0]);
	g->name = keep_text(groups->env, value[1]);
	g->mode = mode < 0 ? DIVERSE_ENFORCE : mode;
	g->rule.node = DatumGetBool(value[3]);
	g->rule.srlg = DatumGetBool(value[4]);
	g->min_members = DatumGetInt32(value[5]);
	g->rule.min_probability = DatumGetFloat8(value[6]);
	g->rule.min_share = DatumGetFloat8(value[7]);
	g->rule.max_shared = DatumGetInt32(value[8]);
}

static void
member_row(const Datum *value, const bool *null, void *state)
{
	DiverseGroups *groups = state;
	DiverseMember *m = NEW_ROW(groups, member, nmembers, member_room);

	m->group_id = DatumGetInt64(value[0]);
	m->link_id = DatumGetInt64(value[1]);
}

static void
waiver_row(const Datum *value, const bool *null, void *state)
{
	DiverseGroups *groups = state;
	int			kind = find_word(kind_word, lengthof(kind_word), value[1]);
	DiverseWaiver *w;

	if (kind < 0)
		return;
	w = NEW_ROW(groups, waiver, nwaivers, waiver_room);
	w->group_id = DatumGetInt64(value[0]);
	w->element.kind = kind;
	w->element.id = DatumGetInt64(value[2]);
	w->until = DatumGetTimestampTz(value[3]);
}

static int
compare_groups(const void *a, const void *b, void *arg)
{
	const DiverseGroup *x = a;
	const DiverseGroup *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int
compare_members(const void *a, const void *b, void *arg)
{
	const DiverseMember *x = a;
	const DiverseMember *y = b;

	if (x->group_id != y->group_id)
		return x->group_id < y->group_id ? -1 : 1;
	return (x->link_id > y->link_id) - (x->link_id < y->link_id);
}

static int
compare_waivers(const void *a, const void *b, void *arg)
{
	const DiverseWaiver *x = a;
	const DiverseWaiver *y = b;

	if (x->group_id != y->group_id)
		return x->group_id < y->group_id ? -1 : 1;
	return (x->until > y->until) - (x->until < y->until);
}

/* Give each group its members and its waivers, all in the order of groups. */
static void
hand_out(DiverseGroups *groups)
{
	int64	   *link_id = env_pg_array(groups->env, groups->nmembers, sizeof(int64));
	NsElement  *waived = env_pg_array(groups->env, groups->nwaivers, sizeof(NsElement));
	TimestampTz *until = env_pg_array(groups->env, groups->nwaivers, sizeof(TimestampTz));
	size_t		m = 0;
	size_t		w = 0;
	size_t		nwaived = 0;
	size_t		i;

	for (i = 0; i < groups->n; i++)
	{
		DiverseGroup *g = &groups->group[i];

		CHECK_FOR_INTERRUPTS();
		while (m < groups->nmembers && groups->member[m].group_id < g->id)
			m++;
		g->link_id = &link_id[m];
		for (; m < groups->nmembers && groups->member[m].group_id == g->id; m++)
		{
			link_id[m] = groups->member[m].link_id;
			g->nlinks++;
		}
		while (w < groups->nwaivers && groups->waiver[w].group_id < g->id)
			w++;
		g->rule.waived = &waived[nwaived];
		g->until = &until[nwaived];
		for (; w < groups->nwaivers && groups->waiver[w].group_id == g->id; w++)
		{
			if (groups->waiver[w].until <= groups->now)
			{
				g->last = groups->waiver[w].until;
				continue;
			}
			waived[nwaived] = groups->waiver[w].element;
			until[nwaived++] = groups->waiver[w].until;
			g->rule.nwaived++;
		}
	}
}

void
diversity_load(DiverseGroups *groups, NsEnv *env, const DiverseWanted *wanted)
{
	Datum		ids = (Datum) 0;
	IdSet		distinct;
	bool		all = wanted->id == NULL;
	size_t		kept = 0;
	size_t		i;

	memset(groups, 0, sizeof(*groups));
	groups->env = env;
	groups->now = GetCurrentTimestamp();
	if (!all && wanted->n == 0)
		return;
	id_set_make(&distinct, env);
	for (i = 0; i < wanted->n && !all; i++)
		id_set_add(&distinct, wanted->id[i]);
	if (!all)
		ids = id_array(distinct.id, distinct.n, sizeof(int64));
	query_run(all ? &all_groups : &groups_by_id, &ids, group_row, groups);
	qsort_interruptible(groups->group, groups->n, sizeof(DiverseGroup),
						compare_groups, NULL);
	for (i = 0; i < groups->n; i++)
		if (groups->group[i].mode >= wanted->least)
			groups->group[kept++] = groups->group[i];
	groups->n = kept;
	if (groups->n == 0)
		return;
	query_run(all ? &all_members : &members_by_group, &ids, member_row, groups);
	query_run(all ? &all_waivers : &waivers_by_group, &ids, waiver_row, groups);
	qsort_interruptible(groups->member, groups->nmembers, sizeof(DiverseMember),
						compare_members, NULL);
	qsort_interruptible(groups->waiver, groups->nwaivers, sizeof(DiverseWaiver),
						compare_waivers, NULL);
	hand_out(groups);
}

/* ---- what members share ---- */

typedef struct Batch
{
	EnvPg		env;
	RiskRows	rows;
	NsRiskInput in;
	NsRiskResult derived;
	NsDiversity diversity;
	NsIdMap		place;			/* of own links */
} Batch;

static void
derive(Batch *batch, const IdSet *link)
{
	RiskRows   *rows = &batch->rows;

	rows->env = &batch->env.env;
	risk_load_links(rows, link->id, link->n);
	risk_load_derive(rows, false, &batch->derived);
	risk_load_input(rows, &batch->in);
	if (rows->nown > 0)
		error_check(ns_id_map_make(rows->env, &batch->place, &rows->link[0].id,
								   rows->nown, sizeof(NsRiskLink)), SUBJECT);
	error_check(ns_diversity_make(rows->env, &batch->in, &batch->derived,
								  &batch->diversity), SUBJECT);
}

/* The places of a group's members; who may not be seen is not there. */
static size_t
find_places(Batch *batch, const DiverseGroup *group, int32 *place, size_t *nup)
{
	size_t		n = 0;
	size_t		i;

	*nup = 0;
	for (i = 0; i < group->nlinks; i++)
	{
		place[n] = ns_id_map_find(&batch->place, group->link_id[i]);
		if (place[n] < 0)
			continue;
		*nup += batch->derived.up[place[n]];
		n++;
	}
	return n;
}

static void
visit_group(Batch *batch, const DiverseGroup *group, const DiverseVisit *visit)
{
	int32	   *place = env_pg_array(&batch->env.env, group->nlinks, sizeof(int32));
	DiversePair pair;
	size_t		nup;
	size_t		n = find_places(batch, group, place, &nup);
	size_t		i;
	size_t		j;

	if (visit->begin != NULL)
		visit->begin(group, n, nup, visit->state);
	for (i = 0; i < n; i++)
		for (j = i + 1; j < n; j++)
		{
			CHECK_FOR_INTERRUPTS();
			error_check(ns_diversity_shared(&batch->diversity, place[i], place[j],
											&group->rule, &pair.shared,
											&pair.nshared, &pair.counting), SUBJECT);
			if (pair.nshared == 0)
				continue;
			pair.link_id[0] = batch->in.link[place[i]].id;
			pair.link_id[1] = batch->in.link[place[j]].id;
			visit->pair(group, &pair, visit->state);
		}
	if (visit->end != NULL)
		visit->end(group, visit->state);
}

void
diversity_visit(const DiverseGroups *groups, const DiverseVisit *visit)
{
	size_t		first = 0;
	size_t		next;

	while (first < groups->n)
	{
		MemoryContext before;
		Batch		batch = {0};
		IdSet		link;
		size_t		i;

		env_pg_make(&batch.env, CurrentMemoryContext, "netstate disjoint groups");
		if (visit->limit > 0)
			batch.env.limit = visit->limit;
		before = MemoryContextSwitchTo(batch.env.context);
		id_set_make(&link, &batch.env.env);
		for (next = first; next < groups->n && link.n < BATCH_LINKS; next++)
			for (i = 0; i < groups->group[next].nlinks; i++)
				id_set_add(&link, groups->group[next].link_id[i]);
		derive(&batch, &link);
		MemoryContextSwitchTo(before);
		for (i = first; i < next; i++)
			visit_group(&batch, &groups->group[i], visit);
		env_pg_drop(&batch.env);
		first = next;
	}
}
