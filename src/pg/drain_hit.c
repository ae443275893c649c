/*-------------------------------------------------------------------------
 *
 * drain_hit.c
 *	  Which links and spans drains take out of service.
 *
 * Without any row in the table of drains this is a look at its size; without
 * an active one two look-ups by its state.  The way from elements to links is
 * that of impact (question_hit.c), for all elements of all active drains at
 * once: two feeds that two drains take leave a site dark.
 *
 * A database whose objects are of a version before 0.4.0 has no drains.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "drain_hit.h"
#include "env_pg.h"

static const char *const active_states[] = {"draining", "drained"};

static void
id_row(const GraphRow *row, void *state)
{
	id_set_add(state, graph_row_int64(row, DRAIN_ID));
}

static void
active_row(const GraphRow *row, void *state)
{
	size_t		i;

	for (i = 0; i < lengthof(active_states); i++)
		if (graph_row_is(row, DRAIN_STATE, active_states[i],
						 strlen(active_states[i])))
			*(bool *) state = true;
}

bool
drain_is_active(int64 drain_id)
{
	bool		active = false;

	graph_table_look_up(GRAPH_DRAIN, DRAIN_ID, drain_id, active_row, &active);
	return active;
}

void
drain_elements_add(DrainElements *list, int kind, int64 id)
{
	list->element = env_pg_grow(list->env, list->element, &list->room,
								list->n + 1, sizeof(HitElement));
	list->element[list->n++] = (HitElement) {kind, id};
}

static void
element_row(const GraphRow *row, void *state)
{
	bool		null;
	text	   *word = DatumGetTextPP(graph_row_get(row, DRAIN_ELEMENT_KIND, &null));
	int			kind = hit_kind(VARDATA_ANY(word), VARSIZE_ANY_EXHDR(word));

	if (kind >= 0)
		drain_elements_add(state, kind,
						   graph_row_int64(row, DRAIN_ELEMENT_ELEMENT_ID));
}

void
drain_elements_read(DrainElements *list, const int64 *drain_id, size_t n)
{
	GraphLookUp look_up;
	size_t		i;

	if (n == 0)
		return;
	graph_look_up_begin(&look_up, GRAPH_DRAIN_ELEMENT, DRAIN_ELEMENT_DRAIN_ID);
	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		graph_look_up(&look_up, Int64GetDatum(drain_id[i]), element_row, list);
	}
	graph_look_up_end(&look_up);
}

/* The drains that are active. */
static void
find_active(IdSet *drain)
{
	GraphLookUp look_up;
	size_t		i;

	graph_look_up_begin(&look_up, GRAPH_DRAIN, DRAIN_STATE);
	for (i = 0; i < lengthof(active_states); i++)
		graph_look_up(&look_up, CStringGetTextDatum(active_states[i]), id_row,
					  drain);
	graph_look_up_end(&look_up);
}

void
drain_hit_elements(NsEnv *env, const HitElement *element, size_t n,
				   DrainHit *hit)
{
	hit->any = true;
	id_set_make(&hit->span, env);
	hit_elements(env, element, n, false, &hit->links, &hit->span);
}

void
drain_hit_active(NsEnv *env, DrainHit *hit)
{
	DrainElements list = {.env = env};
	IdSet		drain;

	hit->any = false;
	if (!graph_table_exists(GRAPH_DRAIN) || graph_table_empty(GRAPH_DRAIN))
		return;
	id_set_make(&drain, env);
	find_active(&drain);
	if (drain.n == 0)
		return;
	drain_elements_read(&list, drain.id, drain.n);
	drain_hit_elements(env, list.element, list.n, hit);
}
