/*-------------------------------------------------------------------------
 *
 * diversity_say.c
 *	  What members of disjoint groups share, in words.
 *
 * An audit may have thousands of groups to tell about; so all names of a kind
 * are looked up at once, when it is known which.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/rls.h"
#include "utils/timestamp.h"

#include "argument.h"
#include "diversity_say.h"
#include "query.h"

typedef struct SaidGroup
{
	const DiverseGroup *group;
	size_t		first;			/* of its pairs */
	size_t		nsaid;			/* elements named */
} SaidGroup;

typedef struct SaidPair
{
	int64		link_id[2];
	size_t		first;			/* of its elements */
	size_t		nsaid;
	size_t		nelements;		/* that there are */
	bool		waived;
} SaidPair;

typedef struct SaidNames
{
	IdSet		ids;
	const char **name;			/* beside ids; NULL: not to be told */
} SaidNames;

#define NAME_QUERY(kind, table) \
	[kind] = {.sql = "SELECT x.id, x.name FROM pg_catalog.unnest($1) AS u(id)" \
		" JOIN netstate." table " x ON x.id OPERATOR(pg_catalog.=) u.id", \
		.nargs = 1, .argtype = {INT8ARRAYOID}, .as_owner_of = table, \
		.by_array = true}

static NsQuery name_query[NS_NELEMENTS] = {
	NAME_QUERY(NS_ELEMENT_LINK, "link"),
	NAME_QUERY(NS_ELEMENT_NODE, "node"),
	NAME_QUERY(NS_ELEMENT_SRLG, "srlg"),
	NAME_QUERY(NS_ELEMENT_SITE, "site"),
	NAME_QUERY(NS_ELEMENT_POWER_FEED, "power_feed"),
	NAME_QUERY(NS_ELEMENT_STRUCTURE, "structure"),
	NAME_QUERY(NS_ELEMENT_CORRIDOR, "corridor"),
	NAME_QUERY(NS_ELEMENT_SPAN, "span"),
	NAME_QUERY(NS_ELEMENT_DUCT, "duct"),
	NAME_QUERY(NS_ELEMENT_CABLE, "cable"),
	NAME_QUERY(NS_ELEMENT_HAZARD_AREA, "hazard_area")
};

/* As a reader says it. */
static const char *const spoken[NS_NELEMENTS] = {
	[NS_ELEMENT_LINK] = "link",
	[NS_ELEMENT_NODE] = "node",
	[NS_ELEMENT_SRLG] = "risk group",
	[NS_ELEMENT_SITE] = "site",
	[NS_ELEMENT_POWER_FEED] = "power feed",
	[NS_ELEMENT_STRUCTURE] = "structure",
	[NS_ELEMENT_CORRIDOR] = "corridor",
	[NS_ELEMENT_SPAN] = "span",
	[NS_ELEMENT_DUCT] = "duct",
	[NS_ELEMENT_CABLE] = "cable",
	[NS_ELEMENT_HAZARD_AREA] = "hazard area"
};

/* ---- names ---- */

static bool
may_be_told(const char *table, Oid caller)
{
	Oid			relid = query_table(table);

	return pg_class_aclcheck(relid, caller, ACL_SELECT) == ACLCHECK_OK &&
		check_enable_rls(relid, caller, true) != RLS_ENABLED;
}

typedef struct NameReader
{
	NsEnv	   *env;
	SaidNames  *names;
} NameReader;

static void
name_row(const Datum *value, const bool *null, void *state)
{
	NameReader *reader = state;
	char	   *name = argument_shown(TextDatumGetCString(value[1]));
	size_t		n = strlen(name) + 1;
	char	   *copy = env_pg_array(reader->env, n, 1);

	memcpy(copy, name, n);
	reader->names->name[id_set_place(&reader->names->ids,
									 DatumGetInt64(value[0]))] = copy;
}

static void
look_up_names(DiverseSay *say, NsElementKind kind)
{
	NameReader	reader = {say->env, &say->names[kind]};
	IdSet	   *ids = &reader.names->ids;
	Datum		arg;

	reader.names->name = env_pg_array(say->env, ids->n, sizeof(char *));
	memset(reader.names->name, 0, ids->n * sizeof(char *));
	if (ids->n == 0 || !may_be_told(name_query[kind].as_owner_of, say->caller))
		return;
	arg = id_array(ids->id, ids->n, sizeof(int64));
	query_run(&name_query[kind], &arg, name_row, &reader);
}

static void
want_name(DiverseSay *say, NsElementKind kind, int64 id)
{
	id_set_add(&say->names[kind].ids, id);
}

static void
want_element(DiverseSay *say, const NsElement *e)
{
	if (e->kind != NS_ELEMENT_SPAN_PAIR)
		want_name(say, e->kind, e->id);
	else
	{
		want_name(say, NS_ELEMENT_SPAN, e->id >> NS_SPAN_ID_BITS);
		want_name(say, NS_ELEMENT_SPAN,
				  e->id & ((INT64CONST(1) << NS_SPAN_ID_BITS) - 1));
	}
}

static void
look_up_all(DiverseSay *say)
{
	size_t		i;
	int			kind;

	say->names = env_pg_array(say->env, NS_NELEMENTS, sizeof(SaidNames));
	for (kind = 0; kind < NS_NELEMENTS; kind++)
		id_set_make(&say->names[kind].ids, say->env);
	for (i = 0; i < say->npairs; i++)
	{
		want_name(say, NS_ELEMENT_LINK, say->pair[i].link_id[0]);
		want_name(say, NS_ELEMENT_LINK, say->pair[i].link_id[1]);
	}
	for (i = 0; i < say->nelements; i++)
		want_element(say, &say->element[i]);
	for (kind = 0; kind < NS_NELEMENTS; kind++)
		if (kind != NS_ELEMENT_SPAN_PAIR)
			look_up_names(say, kind);
}

/* ---- noting ---- */

void
diversity_say_begin(DiverseSay *say, NsEnv *env, Oid caller)
{
	memset(say, 0, sizeof(*say));
	say->env = env;
	say->caller = caller;
}

static SaidGroup *
said_group(DiverseSay *say, const DiverseGroup *group)
{
	SaidGroup  *said;

	if (say->ngroups > 0 && say->group[say->ngroups - 1].group == group)
		return &say->group[say->ngroups - 1];
	say->group = env_pg_grow(say->env, say->group, &say->group_room,
							 say->ngroups + 1, sizeof(SaidGroup));
	said = &say->group[say->ngroups++];
	said->group = group;
	said->first = say->npairs;
	said->nsaid = 0;
	return said;
}

static bool
same_element(const NsElement *a, const NsElement *b)
{
	return a->kind == b->kind && a->id == b->id;
}

void
diversity_say_pair(DiverseSay *say, const DiverseGroup *group,
				   const DiversePair *pair, bool waived)
{
	SaidGroup  *said = said_group(say, group);
	SaidPair   *p;
	size_t		i;

	say->pair = env_pg_grow(say->env, say->pair, &say->pair_room,
							say->npairs + 1, sizeof(SaidPair));
	p = &say->pair[say->npairs++];
	memset(p, 0, sizeof(*p));
	p->link_id[0] = pair->link_id[0];
	p->link_id[1] = pair->link_id[1];
	p->first = say->nelements;
	p->waived = waived;
	for (i = 0; i < pair->nshared; i++)
	{
		const NsShared *s = &pair->shared[i];

		if ((s->waiver >= 0) != waived ||
			(i > 0 && same_element(&s->element, &pair->shared[i - 1].element)))
			continue;
		p->nelements++;
		if (said->nsaid == DIVERSE_SAID)
			continue;
		said->nsaid++;
		p->nsaid++;
		say->element = env_pg_grow(say->env, say->element, &say->element_room,
								   say->nelements + 1, sizeof(NsElement));
		say->element[say->nelements++] = s->element;
	}
}

/* ---- words ---- */

static void
say_thing(DiverseSay *say, StringInfo text, NsElementKind kind, int64 id)
{
	SaidNames  *names = &say->names[kind];
	const char *name = names->name[id_set_place(&names->ids, id)];

	appendStringInfo(text, "%s " INT64_FORMAT, spoken[kind], id);
	if (name != NULL)
		appendStringInfo(text, " (%s)", name);
}

static void
say_element(DiverseSay *say, StringInfo text, const NsElement *e)
{
	if (e->kind != NS_ELEMENT_SPAN_PAIR)
	{
		say_thing(say, text, e->kind, e->id);
		return;
	}
	appendStringInfoString(text, "the meeting of ");
	say_thing(say, text, NS_ELEMENT_SPAN, e->id >> NS_SPAN_ID_BITS);
	appendStringInfoString(text, " and ");
	say_thing(say, text, NS_ELEMENT_SPAN,
			  e->id & ((INT64CONST(1) << NS_SPAN_ID_BITS) - 1));
}

static void
say_pair(DiverseSay *say, StringInfo text, const SaidPair *p)
{
	size_t		i;

	if (text->len == 0)
		appendStringInfoString(text, "Link ");
	else
		appendStringInfoString(text, "; link ");
	for (i = 0; i < 2; i++)
	{
		SaidNames  *names = &say->names[NS_ELEMENT_LINK];
		const char *name = names->name[id_set_place(&names->ids, p->link_id[i])];

		appendStringInfo(text, "%s" INT64_FORMAT, i == 0 ? "" : " and link ",
						 p->link_id[i]);
		if (name != NULL)
			appendStringInfo(text, " (%s)", name);
	}
	appendStringInfoString(text, " share ");
	for (i = 0; i < p->nsaid; i++)
	{
		if (i > 0)
			appendStringInfoString(text, i + 1 == p->nelements ? " and " : ", ");
		say_element(say, text, &say->element[p->first + i]);
	}
	if (p->nsaid < p->nelements)
		appendStringInfo(text, " and %zu more", p->nelements - p->nsaid);
	if (p->waived)
		appendStringInfoString(text, ", which is waived");
}

char *
diversity_say_group(const DiverseGroup *group, Oid caller)
{
	if (!may_be_told("disjoint_group", caller))
		return psprintf("disjoint group " INT64_FORMAT, group->id);
	return psprintf("disjoint group " INT64_FORMAT " (%s)", group->id,
					argument_shown(group->name));
}

static void
say_group(DiverseSay *say, const SaidGroup *said, size_t end,
		  DiverseSaidFn fn, void *state)
{
	const DiverseGroup *group = said->group;
	StringInfoData text;
	DiverseSaid out = {.group = group};
	size_t		i;

	initStringInfo(&text);
	for (i = said->first; i < end && say->pair[i].nsaid > 0; i++)
		say_pair(say, &text, &say->pair[i]);
	if (i < end)
		appendStringInfo(&text, "; so do %zu more pairs", end - i);
	appendStringInfoChar(&text, '.');
	if (group->rule.max_shared > 0)
		appendStringInfo(&text, " Two links of the group may share %d.",
						 group->rule.max_shared);
	if (group->last != 0)
		appendStringInfo(&text, " A waiver expired on %s.",
						 timestamptz_to_str(group->last));
	out.message = psprintf("links of %s share what they must not",
						   diversity_say_group(group, say->caller));
	out.detail = text.data;
	out.hint = "Lead one of them another way, waive what they may share, or set the group's mode to monitor. If others changed the plant meanwhile, look at it and run the transaction again.";
	fn(&out, state);
	pfree(text.data);
	pfree(unconstify(char *, out.message));
}

void
diversity_say_end(DiverseSay *say, DiverseSaidFn fn, void *state)
{
	size_t		i;

	if (say->ngroups == 0)
		return;
	look_up_all(say);
	for (i = 0; i < say->ngroups; i++)
	{
		CHECK_FOR_INTERRUPTS();
		say_group(say, &say->group[i],
				  i + 1 < say->ngroups ? say->group[i + 1].first : say->npairs,
				  fn, state);
	}
}
