/*-------------------------------------------------------------------------
 *
 * commit_check_plant.c
 *	  Rules on cables, splices and strands: a route leads from structure to
 *	  structure, and strands from a link's A end to its Z end.
 *
 * Spans have no direction of their own, so a route is walked with both ends of
 * its first span tried at once (chain.h).  The stretch of a cable that an
 * assignment takes has the direction that the cable's whole route gives it;
 * one or two segments next to each of its ends tell, as long as not all spans
 * there lie between the same two structures.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "chain.h"
#include "commit_check_rule.h"
#include "graph_place.h"

#define SPLICE_HINT "A splice joins the ends of two segments, in the structure where both end."
#define ROUTE_HINT "Consecutive segments lie in spans that share a structure, so that the route can be walked; put all changes of a route into one transaction."
#define STRAND_HINT "The assignments of a link, in order of seq, lead from its A node to its Z node; put all changes that belong together into one transaction."

typedef struct Ends
{
	int64		a;
	int64		z;
} Ends;

static Ends
span_ends(CheckRun *run, int64 span)
{
	const CheckThing *thing = check_view_thing(&run->view, CHECK_SPAN, span);
	Ends		ends = {thing->ref[SPAN_A], thing->ref[SPAN_Z]};

	return ends;
}

static bool
has_end(Ends ends, int64 structure)
{
	return ends.a == structure || ends.z == structure;
}

/* ---- the route of a cable ---- */

static void
report_gap(CheckRun *run, int64 cable, const CheckItem *item, size_t n,
		   size_t at)
{
	const char *text[3];

	text[0] = psprintf("segments of %s are not numbered 1, 2, 3 and so on",
					   check_describe(run, "cable", cable));
	text[1] = psprintf("It has segment %d, and no segment %zu.",
					   item[at].seq, at + 1);
	text[2] = psprintf("Number its segments from 1 to %zu, in order of the route, before COMMIT.",
					   n);
	check_report(run, "cable_route", "cable", cable, text);
}

static void
report_route(CheckRun *run, int64 cable, const CheckItem *item, size_t at)
{
	const CheckItem *before = &item[at - 1];
	Ends		ends = span_ends(run, item[at].ref);
	const char *text[3];
	const char *why;

	/* Before the next call, which may read other items. */
	if (has_end(span_ends(run, before->ref), ends.a) ||
		has_end(span_ends(run, before->ref), ends.z))
		why = "meet only at the structure where the former begins";
	else
		why = "share no structure";
	text[0] = psprintf("route of %s is not continuous",
					   check_describe(run, "cable", cable));
	text[1] = psprintf("Segment %d in %s and segment %d in %s %s.",
					   before->seq, check_describe(run, "span", before->ref),
					   item[at].seq, check_describe(run, "span", item[at].ref),
					   why);
	text[2] = ROUTE_HINT;
	check_report(run, "cable_route", "cable", cable, text);
}

void
check_route(CheckRun *run, int64 cable)
{
	NsChain		chain;
	size_t		n;
	size_t		i;
	const CheckItem *item = check_view_list(&run->view, CHECK_SEGMENTS, cable, &n);

	ns_chain_anywhere(&chain);
	for (i = 0; i < n; i++)
	{
		Ends		ends = span_ends(run, item[i].ref);

		if (item[i].seq != (int32) i + 1)
		{
			id_set_add(&run->broken, cable);
			report_gap(run, cable, item, n, i);
			return;
		}
		if (!ns_chain_step_between(&chain, ends.a, ends.z))
		{
			id_set_add(&run->broken, cable);
			report_route(run, cable, item, i);
			return;
		}
	}
}

/* ---- stretches of it ---- */

static int64
other_end(Ends ends, int64 structure)
{
	return ends.a == structure ? ends.z : ends.a;
}

/*
 * Where the route leaves a segment, as told by the segments after it (step 1),
 * or where it enters it, as told by those before it (step -1).  0: all lie
 * between the same two structures, up to the cable's end; -1: they do not meet.
 */
static int64
told_by(CheckRun *run, int64 cable, int32 seq, int step)
{
	Ends		first = span_ends(run, check_view_segment(&run->view, cable, seq));
	bool		turned = false;

	for (;;)
	{
		int64		span;
		Ends		next;
		bool		a;
		bool		z;

		CHECK_FOR_INTERRUPTS();
		seq += step;
		span = check_view_segment(&run->view, cable, seq);
		if (span == 0)
			return 0;
		next = span_ends(run, span);
		a = has_end(next, first.a);
		z = has_end(next, first.z);
		if (!a && !z)
			return -1;
		if (a != z)
			return a != turned ? first.a : first.z;
		turned = !turned;
	}
}

/*
 * The ways through a stretch of a cable; none where they cannot be told, since
 * the route is broken.
 */
static int
stretch_ways(CheckRun *run, int64 cable, int32 first, int32 last, NsWay *way)
{
	Ends		begin = span_ends(run, check_view_segment(&run->view, cable, first));
	Ends		end = span_ends(run, check_view_segment(&run->view, cable, last));
	int64		entry;
	int64		exit;

	if (id_set_has(&run->broken, cable))
		return 0;
	if (first == last)
	{
		way[0] = (NsWay) {begin.a, begin.z};
		way[1] = (NsWay) {begin.z, begin.a};
		return 2;
	}

	exit = told_by(run, cable, first, 1);
	entry = exit > 0 ? other_end(begin, exit) : told_by(run, cable, first, -1);
	if (entry == 0 && exit == 0)
	{
		/* to and fro between two structures, from either */
		bool		odd = (last - first) % 2 == 0;

		way[0] = (NsWay) {begin.a, odd ? begin.z : begin.a};
		way[1] = (NsWay) {begin.z, odd ? begin.a : begin.z};
		return 2;
	}
	exit = told_by(run, cable, last, -1);
	exit = exit > 0 ? other_end(end, exit) : told_by(run, cable, last, 1);
	if (entry <= 0 || exit <= 0)
		return 0;
	way[0] = (NsWay) {entry, exit};
	way[1] = (NsWay) {exit, entry};
	return 2;
}

/* ---- where a link's ends are ---- */

typedef struct Place
{
	int64		node;			/* that says it */
	int64		structure;		/* or 0 */
	int64		site;			/* or 0, where there is no structure */
} Place;

/* As the node says, else the nearest node that it rides on. */
static Place
node_place(CheckRun *run, int64 node)
{
	Place		site = {0};
	int			i;

	for (i = 0; i < CHECK_LAYERS && node != 0; i++)
	{
		CheckThing	thing = *check_view_thing(&run->view, CHECK_NODE, node);

		if (thing.ref[NODE_STRUCTURE] != 0)
			return (Place) {node, thing.ref[NODE_STRUCTURE], 0};
		if (site.site == 0 && thing.ref[NODE_SITE] != 0)
			site = (Place) {node, 0, thing.ref[NODE_SITE]};
		node = thing.ref[NODE_SUPPORTING];
	}
	return site;
}

/* Both by structure, or a site with a structure. */
static bool
place_meets(int64 place, int64 structure, void *state)
{
	CheckRun   *run = state;
	int64		site;

	/* sites are told apart by a minus, ids being positive */
	if (place > 0)
		return place == structure;
	site = check_view_ref(&run->view, CHECK_STRUCTURE, structure, STRUCTURE_SITE);
	return site == 0 || site == -place;
}

static void
start_at(NsChain *chain, Place place)
{
	if (place.structure != 0)
		ns_chain_at(chain, place.structure);
	else if (place.site != 0)
		ns_chain_at(chain, -place.site);
	else
		ns_chain_anywhere(chain);
}

static bool
ends_at(CheckRun *run, const NsChain *chain, Place place)
{
	int64		end = place.structure != 0 ? place.structure : -place.site;
	int			i;

	if (chain->anywhere || end == 0)
		return true;
	for (i = 0; i < chain->n; i++)
	{
		if (place_meets(end, chain->at[i], run))
			return true;
	}
	return false;
}

/* ---- strands ---- */

static const char *
describe_item(CheckRun *run, const CheckItem *item)
{
	const char *cable = check_describe(run, "cable", item->ref);

	if (item->segment_from == item->segment_to - 1)
		return psprintf("assignment %d (%s, segment %d)", item->seq, cable,
						item->segment_from);
	return psprintf("assignment %d (%s, segments %d to %d)", item->seq, cable,
					item->segment_from, item->segment_to - 1);
}

/* Are there such strands and segments? */
static bool
check_range(CheckRun *run, const CheckItem *item)
{
	CheckView  *view = &run->view;
	int64		strands = check_view_ref(view, CHECK_CABLE, item->ref, CABLE_STRANDS);
	const char *text[3];

	if (item->strand_from < 1 || item->strand_to - 1 > strands)
	{
		text[0] = psprintf("%s uses strand %d of %s, whose strand_count is " INT64_FORMAT,
						   check_describe(run, "link", item->key),
						   item->strand_from < 1 ? item->strand_from : item->strand_to - 1,
						   check_describe(run, "cable", item->ref), strands);
		text[1] = psprintf("Its assignment %d takes strands %d to %d.",
						   item->seq, item->strand_from, item->strand_to - 1);
		text[2] = "Strands are counted from 1 to the cable's strand_count; move the link to others, or correct the count.";
		check_report(run, "strand_range", "link", item->key, text);
		return false;
	}
	if (check_view_segment(view, item->ref, item->segment_from) == 0 ||
		check_view_segment(view, item->ref, item->segment_to - 1) == 0)
	{
		size_t		n;
		const CheckItem *segment = check_view_list(view, CHECK_SEGMENTS, item->ref, &n);

		text[0] = psprintf("%s uses segment %d of %s, whose last segment is %d",
						   check_describe(run, "link", item->key),
						   item->segment_from < 1 ? item->segment_from : item->segment_to - 1,
						   check_describe(run, "cable", item->ref),
						   n == 0 ? 0 : segment[n - 1].seq);
		text[1] = psprintf("Its assignment %d takes segments %d to %d.",
						   item->seq, item->segment_from, item->segment_to - 1);
		text[2] = "Change the assignments in the transaction that changes the cable's segments.";
		check_report(run, "strand_range", "link", item->key, text);
		return false;
	}
	return true;
}

static const char *
describe_ways(CheckRun *run, const NsWay *way)
{
	if (way->from == way->to)
		return psprintf("returns to %s", check_describe(run, "structure", way->from));
	return psprintf("leads between %s and %s",
					check_describe(run, "structure", way->from),
					check_describe(run, "structure", way->to));
}

static void
report_strand_end(CheckRun *run, const CheckItem *item, const NsWay *way,
				  char end, Place place)
{
	const char *text[3];

	text[0] = psprintf("strands of %s do not %s its %c node",
					   check_describe(run, "link", item->key),
					   end == 'A' ? "begin at" : "end at", end);
	text[1] = psprintf("It %s in %s, as %s says, and its %s %s %s.",
					   end == 'A' ? "begins" : "ends",
					   place.structure != 0 ? check_describe(run, "structure", place.structure)
					   : check_describe(run, "site", place.site),
					   check_describe(run, "node", place.node),
					   end == 'A' ? "first" : "last", describe_item(run, item),
					   describe_ways(run, way));
	text[2] = STRAND_HINT;
	check_report(run, "strand_route", "link", item->key, text);
}

static void
report_strand_gap(CheckRun *run, const CheckItem *item, const NsWay *way)
{
	const char *text[3];
	NsWay		before[2];

	stretch_ways(run, item[-1].ref, item[-1].segment_from,
				 item[-1].segment_to - 1, before);
	text[0] = psprintf("strands of %s are not continuous",
					   check_describe(run, "link", item->key));
	text[1] = psprintf("Its %s %s, and %s %s.",
					   describe_item(run, item - 1), describe_ways(run, before),
					   describe_item(run, item), describe_ways(run, way));
	text[2] = STRAND_HINT;
	check_report(run, "strand_route", "link", item->key, text);
}

void
check_strands(CheckRun *run, int64 link)
{
	CheckView  *view = &run->view;
	Place		a;
	Place		z;
	NsChain		chain;
	NsWay		way[2];
	size_t		n;
	size_t		i;
	const CheckItem *item = check_view_list(view, CHECK_ASSIGNMENTS, link, &n);

	if (n == 0)
		return;
	a = node_place(run, check_view_ref(view, CHECK_LINK, link, LINK_A));
	z = node_place(run, check_view_ref(view, CHECK_LINK, link, LINK_Z));
	start_at(&chain, a);
	for (i = 0; i < n; i++)
	{
		int			nways = 0;

		if (check_range(run, &item[i]))
			nways = stretch_ways(run, item[i].ref, item[i].segment_from,
								 item[i].segment_to - 1, way);
		if (nways == 0)
			ns_chain_anywhere(&chain);
		else if (!ns_chain_step(&chain, way, nways, i == 0 ? place_meets : NULL, run))
		{
			if (i == 0)
				report_strand_end(run, &item[i], way, 'A', a);
			else
				report_strand_gap(run, &item[i], way);
			return;
		}
	}
	if (!ends_at(run, &chain, z))
		report_strand_end(run, &item[n - 1], way, 'Z', z);
}

/* ---- splices ---- */

typedef struct SpliceSide
{
	int			cable;			/* columns */
	int			seq;
	int			strands;
} SpliceSide;

static void
check_splice_side(CheckRun *run, const GraphRow *row, const SpliceSide *side)
{
	int64		splice = graph_row_int64(row, SPLICE_ID);
	int64		structure = graph_row_int64(row, SPLICE_STRUCTURE_ID);
	int64		cable = graph_row_int64(row, side->cable);
	int32		seq = graph_row_int32(row, side->seq);
	int64		count = check_view_ref(&run->view, CHECK_CABLE, cable, CABLE_STRANDS);
	int64		span = check_view_segment(&run->view, cable, seq);
	int32		from = 1;
	int32		to = 1;
	const char *text[3];

	graph_row_range(row, side->strands, &from, &to);
	if (span == 0)
		text[0] = psprintf("splice " INT64_FORMAT " joins segment %d of %s, which has no such segment",
						   splice, seq, check_describe(run, "cable", cable));
	else if (!has_end(span_ends(run, span), structure))
		text[0] = psprintf("splice " INT64_FORMAT " joins segment %d of %s, which does not end there",
						   splice, seq, check_describe(run, "cable", cable));
	else if (from < 1 || to - 1 > count)
		text[0] = psprintf("splice " INT64_FORMAT " joins strand %d of %s, whose strand_count is " INT64_FORMAT,
						   splice, from < 1 ? from : to - 1,
						   check_describe(run, "cable", cable), count);
	else
		return;
	text[1] = psprintf("The splice is in %s.", check_describe(run, "structure", structure));
	text[2] = SPLICE_HINT;
	check_report(run, "splice", "splice", splice, text);
}

static const SpliceSide splice_sides[] = {
	{SPLICE_A_CABLE_ID, SPLICE_A_SEQ, SPLICE_A_STRANDS},
	{SPLICE_Z_CABLE_ID, SPLICE_Z_SEQ, SPLICE_Z_STRANDS}
};

void
check_splice(CheckRun *run, const GraphRow *row)
{
	check_splice_side(run, row, &splice_sides[0]);
	check_splice_side(run, row, &splice_sides[1]);
}

/* Ends of strands in a splice, and another that joins one of them. */
typedef struct Joint
{
	int64		splice;
	int64		structure;
	int64		cable;
	int32		seq;
	int32		from;
	int32		to;				/* the first that is not in it */
	const SpliceSide *other_side;
	int64		other;			/* the least id; 0: none */
	int32		strand;			/* the first that both have */
} Joint;

static void
joined_row(const GraphRow *row, void *state)
{
	Joint	   *joint = state;
	int64		id = graph_row_int64(row, SPLICE_ID);
	int32		from;
	int32		to;

	if (id == joint->splice || (joint->other != 0 && id > joint->other) ||
		graph_row_int64(row, SPLICE_STRUCTURE_ID) != joint->structure ||
		!graph_row_range(row, joint->other_side->strands, &from, &to) ||
		from >= joint->to || to <= joint->from)
		return;
	joint->other = id;
	joint->strand = Max(from, joint->from);
}

static void
report_joint(CheckRun *run, const Joint *joint)
{
	const char *text[3];

	text[0] = psprintf("splice " INT64_FORMAT " joins strand %d of segment %d of %s, which is in splice " INT64_FORMAT " already",
					   joint->splice, joint->strand, joint->seq,
					   check_describe(run, "cable", joint->cable), joint->other);
	text[1] = psprintf("Both are in %s, and it is on the A side of one and on the Z side of the other.",
					   check_describe(run, "structure", joint->structure));
	text[2] = "A strand's end is in one splice at most, on either side of it.";
	check_report(run, "splice", "splice", joint->splice, text);
}

/*
 * Constraints keep a strand's end from two A sides, and from two Z sides; not
 * from one of each.
 */
void
check_joint(CheckRun *run, const GraphRow *row)
{
	int			i;

	for (i = 0; i < 2; i++)
	{
		const SpliceSide *side = &splice_sides[i];
		Joint		joint = {.other_side = &splice_sides[1 - i]};
		GraphPlace	place;

		joint.splice = graph_row_int64(row, SPLICE_ID);
		joint.structure = graph_row_int64(row, SPLICE_STRUCTURE_ID);
		joint.cable = graph_row_int64(row, side->cable);
		joint.seq = graph_row_int32(row, side->seq);
		if (!graph_row_range(row, side->strands, &joint.from, &joint.to))
			continue;
		graph_place_begin(&place, GRAPH_SPLICE, joint.other_side->cable,
						  joint.other_side->seq);
		graph_place_look_up(&place, joint.cable, joint.seq, joined_row, &joint);
		graph_place_end(&place);
		if (joint.other != 0)
			report_joint(run, &joint);
	}
}
