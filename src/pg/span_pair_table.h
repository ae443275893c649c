/*-------------------------------------------------------------------------
 *
 * span_pair_table.h
 *	  What netstate.span_pair and netstate.span_pair_own hold of some spans,
 *	  held against what they should hold, and brought to that.
 *
 * span_pair_own has more rows than those of pairs: a transaction marks there
 * what it changed, with an "a" that is no span's id, SPAN_MARK_..., and the
 * changed thing as "b".  Whoever reads the pairs finds no pair with such ids.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_SPAN_PAIR_TABLE_H
#define NS_SPAN_PAIR_TABLE_H

#include "storage/itemptr.h"
#include "utils/snapshot.h"

#include "id_map.h"
#include "id_set.h"
#include "line_join.h"

#define SPAN_MARK_SPAN INT64CONST(0)	/* b is a span that was changed */
#define SPAN_MARK_STRUCTURE INT64CONST(-1)	/* a structure that was moved */
#define SPAN_MARK_ALL INT64CONST(-2)	/* anything; b is SPAN_MARK_STRUCTURE */

typedef struct SpanPair
{
	int64		a;
	int64		b;
	bool		wanted;			/* near, as derived now */
	bool		stored;			/* in span_pair ... */
	bool		stored_same;	/* ... as derived, if wanted */
	bool		own;			/* in span_pair_own ... */
	bool		own_same;		/* ... as derived, or as gone */
	bool		crosses;
	float4		run_m[NS_REACH_M];
	double		distance_m;
	ItemPointerData stored_at;
	ItemPointerData own_at;
} SpanPair;

typedef struct SpanPairSet
{
	NsEnv	   *env;
	SpanPair   *pair;
	size_t		n;
	size_t		room;
	NsIdMap		number;
} SpanPairSet;

/* The spans that changed; all: any may have, the ids do not matter. */
typedef struct SpanChange
{
	IdSet		spans;
	IdSet		structures;		/* moved; their spans are among those */
	bool		all;
} SpanChange;

/* More than so many changed spans: tables are read from end to end. */
#define SPAN_CHANGE_MANY 2000

static inline bool
span_change_is_large(const SpanChange *change)
{
	return change->all || change->spans.n > SPAN_CHANGE_MANY;
}

/* Add a pair as derived; an NsPairFound, with the set as state. */
extern NsResult span_pair_set_add(void *set, const NsSpanLine *a,
								  const NsSpanLine *b, const NsLinePair *pair);

/* Find what is stored, and in the running transaction's own, of these spans. */
extern void span_pair_read_stored(SpanPairSet *set, const SpanChange *change,
								  Snapshot snapshot);
extern void span_pair_read_own(SpanPairSet *set, const SpanChange *change,
							   Snapshot snapshot);

/* Bring span_pair to what is wanted, knowing what is stored. */
extern void span_pair_write_stored(SpanPairSet *set);

/* Bring span_pair_own to it, knowing both, and mark what was changed. */
extern void span_pair_write_own(SpanPairSet *set, const SpanChange *change,
								Snapshot snapshot);

/* The running transaction's marks; false when it has none. */
extern bool span_pair_read_marks(SpanChange *change, Snapshot snapshot);

/* Delete all of the running transaction's own. */
extern void span_pair_drop_own(Snapshot snapshot);

#endif							/* NS_SPAN_PAIR_TABLE_H */
