/*-------------------------------------------------------------------------
 *
 * own_change.c
 *	  The objects of a kept graph that the own transaction has changed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/memutils.h"

#include "own_change.h"

static int
compare_own(const void *a, const void *b)
{
	const OwnChange *x = a;
	const OwnChange *y = b;

	if (x->link != y->link)
		return x->link ? 1 : -1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->sub > y->sub) - (x->sub < y->sub);
}

/* One entry an object is enough, that of the latest subtransaction. */
static void
merge(OwnChanges *own)
{
	size_t		kept = 0;
	size_t		i;

	if (own->n > 1)
		qsort(own->change, own->n, sizeof(OwnChange), compare_own);
	for (i = 0; i < own->n; i++)
	{
		OwnChange	next = own->change[i];
		OwnChange  *last = kept > 0 ? &own->change[kept - 1] : NULL;

		if (last != NULL && last->link == next.link && last->id == next.id)
		{
			next.stale = next.stale || last->stale;
			*last = next;
		}
		else
			own->change[kept++] = next;
	}
	own->n = kept;
}

static void
make_room(OwnChanges *own)
{
	size_t		room = own->room == 0 ? 16 : own->room * 2;

	if (own->change == NULL)
		own->change = MemoryContextAlloc(CacheMemoryContext,
										 mul_size(room, sizeof(OwnChange)));
	else
		own->change = repalloc_array(own->change, OwnChange, room);
	own->room = room;
}

static void
remember(OwnChanges *own, int64 id, bool link, SubTransactionId sub)
{
	OwnChange  *last = own->n > 0 ? &own->change[own->n - 1] : NULL;

	if (last != NULL && last->id == id && last->link == link && !last->stale)
	{
		last->sub = sub;
		return;
	}
	if (own->n == own->room)
	{
		merge(own);
		if (own->n >= own->room / 2)
			make_room(own);
	}
	own->change[own->n++] = (OwnChange)
	{
		.id = id, .sub = sub, .link = link, .stale = false
	};
}

void
own_change_remember(OwnChanges *own, const Changes *changes)
{
	SubTransactionId sub = GetCurrentSubTransactionId();
	size_t		i;

	for (i = 0; i < changes->nnodes; i++)
		remember(own, changes->node[i], false, sub);
	for (i = 0; i < changes->nlinks; i++)
		remember(own, changes->link[i], true, sub);
}

void
own_change_spoil(OwnChanges *own, SubTransactionId sub)
{
	size_t		i;

	/* a subtransaction that began later lies within this one */
	for (i = 0; i < own->n; i++)
		if (own->change[i].sub >= sub)
			own->change[i].stale = own->stale = true;
}

void
own_change_add_stale(const OwnChanges *own, Changes *changes)
{
	size_t		i;

	for (i = 0; own->stale && i < own->n; i++)
	{
		if (!own->change[i].stale)
			continue;
		if (own->change[i].link)
			changes_add_link(changes, own->change[i].id);
		else
			changes_add_node(changes, own->change[i].id);
	}
}

void
own_change_settle(OwnChanges *own, bool in_transaction)
{
	SubTransactionId sub = GetCurrentSubTransactionId();
	size_t		kept = 0;
	size_t		i;

	if (!own->stale)
		return;
	own->stale = false;
	for (i = 0; i < own->n; i++)
	{
		OwnChange	change = own->change[i];

		if (change.stale && !in_transaction)
			continue;
		if (change.stale)
			change.sub = sub;
		change.stale = false;
		own->change[kept++] = change;
	}
	own->n = kept;
}

void
own_change_clear(OwnChanges *own)
{
	own->n = 0;
	own->stale = false;
}

void
own_change_free(OwnChanges *own)
{
	if (own->change != NULL)
		pfree(own->change);
	memset(own, 0, sizeof(*own));
}
