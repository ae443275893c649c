/*-------------------------------------------------------------------------
 *
 * commit_check_touch.c
 *	  From what a transaction changed to what has to be proven, and proving it.
 *
 * Changes are followed upward: a span to the cables in it, a cable to its
 * splices and the links on its strands, a node to those that ride on it, to
 * their links and to what rides on these.  Few changes are followed through
 * indexes; for many, each table is read once.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "commit_check_rule.h"

const char *const check_what_word[CHANGED_NKINDS] = {
	[CHANGED_STRUCTURE] = "structure",
	[CHANGED_STRUCTURE_PLACE] = "structure_place",
	[CHANGED_SPAN] = "span",
	[CHANGED_SPAN_COURSE] = "span_course",
	[CHANGED_CABLE] = "cable",
	[CHANGED_SPLICE] = "splice",
	[CHANGED_NODE] = "node",
	[CHANGED_LINK] = "link",
	[CHANGED_STRAND_ASSIGNMENT] = "strand_assignment",
	[CHANGED_LINK_SUPPORT] = "link_support",
	[CHANGED_RISK] = "risk",
	[CHANGED_DISJOINT_GROUP] = "disjoint_group",
	[CHANGED_DISJOINT_GROUP_MEMBER] = "disjoint_group_member",
	[CHANGED_DRAIN] = "drain",
};

/* Few things are looked up, whatever it would cost to read all. */
#define FEW 64

/* ---- what was touched ---- */

typedef struct Follow
{
	int			key;			/* columns */
	int			ref;
	const IdSet *from;
	IdSet	   *to;
} Follow;

static void
follow_row(const GraphRow *row, void *state)
{
	Follow	   *follow = state;

	id_set_add(follow->to, graph_row_int64(row, follow->ref));
}

static void
follow_scanned(const GraphRow *row, void *state)
{
	Follow	   *follow = state;

	if (id_set_has(follow->from, graph_row_int64(row, follow->key)))
		follow_row(row, state);
}

void
check_follow(GraphTable table, int key, int ref, const IdSet *from, IdSet *to,
			 size_t at)
{
	Follow		follow = {key, ref, from, to};
	size_t		end = from->n;
	GraphLookUp look_up;

	if (at == end)
		return;
	if (end - at > FEW && graph_table_scan_is_cheaper(table, key, end - at))
	{
		graph_table_scan(table, follow_scanned, &follow);
		return;
	}
	graph_look_up_begin(&look_up, table, key);
	for (; at < end; at++)
	{
		CHECK_FOR_INTERRUPTS();
		graph_look_up(&look_up, Int64GetDatum(from->id[at]), follow_row, &follow);
	}
	graph_look_up_end(&look_up);
}

static void
follow(GraphTable table, int key, int ref, const IdSet *from, IdSet *to)
{
	check_follow(table, key, ref, from, to, 0);
}

static void
add_ids(IdSet *to, const IdSet *from)
{
	size_t		i;

	for (i = 0; i < from->n; i++)
		id_set_add(to, from->id[i]);
}

/* The links at these nodes, at those that ride on them, and what rides on it. */
static void
touch_nodes(IdSet *nodes, CheckTouched *touched, NsEnv *env)
{
	IdSet		links;
	size_t		done = 0;

	if (nodes->n == 0)
		return;
	while (done < nodes->n)
	{
		size_t		next = nodes->n;

		check_follow(GRAPH_NODE, NODE_SUPPORTING_NODE_ID, NODE_ID, nodes, nodes,
					 done);
		done = next;
	}
	id_set_make(&links, env);
	follow(GRAPH_LINK, LINK_A_NODE_ID, LINK_ID, nodes, &links);
	follow(GRAPH_LINK, LINK_Z_NODE_ID, LINK_ID, nodes, &links);
	add_ids(&touched->strand.ids, &links);
	add_ids(&touched->support.ids, &links);
	follow(GRAPH_LINK_SUPPORT, SUPPORT_SUPPORTING_LINK_ID, SUPPORT_LINK_ID,
		   &links, &touched->support.ids);
}

static void
touch_plant(const CheckChange *changed, CheckTouched *touched, NsEnv *env)
{
	IdSet	   *cables = &touched->route.ids;

	add_ids(cables, &changed[CHANGED_CABLE].ids);
	add_ids(&touched->splice.ids, &changed[CHANGED_SPLICE].ids);
	add_ids(&touched->joint.ids, &changed[CHANGED_SPLICE].ids);
	if (changed[CHANGED_SPAN].ids.n > 0)
		follow(GRAPH_CABLE_SEGMENT, SEGMENT_SPAN_ID, SEGMENT_CABLE_ID,
			   &changed[CHANGED_SPAN].ids, cables);
	follow(GRAPH_SPLICE, SPLICE_A_CABLE_ID, SPLICE_ID, cables, &touched->splice.ids);
	follow(GRAPH_SPLICE, SPLICE_Z_CABLE_ID, SPLICE_ID, cables, &touched->splice.ids);
	follow(GRAPH_STRAND_ASSIGNMENT, ASSIGNMENT_CABLE_ID, ASSIGNMENT_LINK_ID,
		   cables, &touched->strand.ids);
}

/* A structure's site: of the strands that end there, and of the nodes in it. */
static void
touch_structures(const IdSet *structures, IdSet *nodes, CheckTouched *touched,
				 NsEnv *env)
{
	IdSet		spans;
	IdSet		cables;

	if (structures->n == 0)
		return;
	id_set_make(&spans, env);
	id_set_make(&cables, env);
	follow(GRAPH_NODE, NODE_STRUCTURE_ID, NODE_ID, structures, nodes);
	follow(GRAPH_SPAN, SPAN_A_STRUCTURE_ID, SPAN_ID, structures, &spans);
	follow(GRAPH_SPAN, SPAN_Z_STRUCTURE_ID, SPAN_ID, structures, &spans);
	follow(GRAPH_CABLE_SEGMENT, SEGMENT_SPAN_ID, SEGMENT_CABLE_ID, &spans, &cables);
	follow(GRAPH_STRAND_ASSIGNMENT, ASSIGNMENT_CABLE_ID, ASSIGNMENT_LINK_ID,
		   &cables, &touched->strand.ids);
}

void
check_touch(CheckRun *run, const CheckChange *changed, CheckTouched *touched)
{
	NsEnv	   *env = &run->view.memory.env;
	bool		plant = changed[CHANGED_SPAN].all || changed[CHANGED_CABLE].all;
	bool		nodes = changed[CHANGED_STRUCTURE].all || changed[CHANGED_NODE].all;
	IdSet		node;

	memset(touched, 0, sizeof(*touched));
	touched->route.all = plant;
	touched->splice.all = plant || changed[CHANGED_SPLICE].all;
	touched->joint.all = changed[CHANGED_SPLICE].all;
	touched->strand.all = plant || nodes || changed[CHANGED_LINK].all ||
		changed[CHANGED_STRAND_ASSIGNMENT].all;
	touched->support.all = nodes || changed[CHANGED_LINK].all ||
		changed[CHANGED_LINK_SUPPORT].all;
	id_set_make(&touched->route.ids, env);
	id_set_make(&touched->splice.ids, env);
	id_set_make(&touched->joint.ids, env);
	id_set_make(&touched->strand.ids, env);
	id_set_make(&touched->support.ids, env);
	id_set_make(&node, env);

	touch_plant(changed, touched, env);
	touch_structures(&changed[CHANGED_STRUCTURE].ids, &node, touched, env);
	add_ids(&node, &changed[CHANGED_NODE].ids);
	touch_nodes(&node, touched, env);
	add_ids(&touched->strand.ids, &changed[CHANGED_STRAND_ASSIGNMENT].ids);
	add_ids(&touched->strand.ids, &changed[CHANGED_LINK].ids);
	add_ids(&touched->support.ids, &changed[CHANGED_LINK_SUPPORT].ids);
	add_ids(&touched->support.ids, &changed[CHANGED_LINK].ids);
	if (changed[CHANGED_LINK].ids.n > 0)
		follow(GRAPH_LINK_SUPPORT, SUPPORT_SUPPORTING_LINK_ID, SUPPORT_LINK_ID,
			   &changed[CHANGED_LINK].ids, &touched->support.ids);
}

/* ---- proving ---- */

static bool
worth_reading(GraphTable table, int column, const CheckSubjects *subjects,
			  size_t each)
{
	return subjects->all ||
		(subjects->ids.n * each > FEW &&
		 graph_table_scan_is_cheaper(table, column, subjects->ids.n * each));
}

/* Read whole what nearly all will be asked for of. */
static void
read_ahead(CheckView *view, const CheckTouched *touched)
{
	const CheckSubjects *route = &touched->route;
	const CheckSubjects *strand = &touched->strand;
	const CheckSubjects *support = &touched->support;

	/* a cable has some tens of segments */
	if (worth_reading(GRAPH_CABLE_SEGMENT, SEGMENT_CABLE_ID, route, 16) ||
		worth_reading(GRAPH_CABLE_SEGMENT, SEGMENT_CABLE_ID, strand, 4))
		check_view_read_list(view, CHECK_SEGMENTS);
	if (worth_reading(GRAPH_SPAN, SPAN_ID, route, 64) ||
		worth_reading(GRAPH_SPAN, SPAN_ID, strand, 4))
		check_view_read_things(view, CHECK_SPAN);
	if (worth_reading(GRAPH_CABLE, CABLE_ID, strand, 1) || touched->splice.all)
		check_view_read_things(view, CHECK_CABLE);
	if (worth_reading(GRAPH_STRAND_ASSIGNMENT, ASSIGNMENT_LINK_ID, strand, 1))
		check_view_read_list(view, CHECK_ASSIGNMENTS);
	if (worth_reading(GRAPH_LINK_SUPPORT, SUPPORT_LINK_ID, support, 1))
		check_view_read_list(view, CHECK_SUPPORTS);
	if (worth_reading(GRAPH_LINK, LINK_ID, strand, 1) ||
		worth_reading(GRAPH_LINK, LINK_ID, support, 3))
		check_view_read_things(view, CHECK_LINK);
	if (worth_reading(GRAPH_NODE, NODE_ID, strand, 2) ||
		worth_reading(GRAPH_NODE, NODE_ID, support, 6))
		check_view_read_things(view, CHECK_NODE);
	if (worth_reading(GRAPH_STRUCTURE, STRUCTURE_ID, strand, 1) ||
		worth_reading(GRAPH_STRUCTURE, STRUCTURE_ID, support, 4))
		check_view_read_things(view, CHECK_STRUCTURE);
}

static int
compare_ids(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return (x > y) - (x < y);
}

/* In order of id, so that the first finding does not depend on chance. */
static void
prove_each(CheckRun *run, CheckSubjects *subjects, CheckListKind list,
		   void (*rule) (CheckRun *, int64))
{
	size_t		n = subjects->ids.n;
	size_t		i;

	if (subjects->all)
	{
		const CheckItem *item = check_view_whole_list(&run->view, list, &n);

		for (i = 0; i < n; i++)
		{
			CHECK_FOR_INTERRUPTS();
			if (i == 0 || item[i].key != item[i - 1].key)
				rule(run, item[i].key);
		}
		return;
	}
	qsort(subjects->ids.id, n, sizeof(int64), compare_ids);
	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		rule(run, subjects->ids.id[i]);
	}
}

static void
splice_row(const GraphRow *row, void *state)
{
	check_splice(state, row);
}

static void
joint_row(const GraphRow *row, void *state)
{
	check_joint(state, row);
}

static void
prove_splices(CheckRun *run, CheckSubjects *subjects, GraphRowFn rule)
{
	GraphLookUp look_up;
	size_t		i;

	if (subjects->all)
		graph_table_scan(GRAPH_SPLICE, rule, run);
	else if (subjects->ids.n > 0)
	{
		qsort(subjects->ids.id, subjects->ids.n, sizeof(int64), compare_ids);
		graph_look_up_begin(&look_up, GRAPH_SPLICE, SPLICE_ID);
		for (i = 0; i < subjects->ids.n; i++)
			graph_look_up(&look_up, Int64GetDatum(subjects->ids.id[i]), rule, run);
		graph_look_up_end(&look_up);
	}
}

void
check_prove(CheckRun *run, CheckTouched *touched)
{
	id_set_make(&run->broken, &run->view.memory.env);
	read_ahead(&run->view, touched);
	prove_each(run, &touched->route, CHECK_SEGMENTS, check_route);
	prove_splices(run, &touched->splice, splice_row);
	prove_splices(run, &touched->joint, joint_row);
	prove_each(run, &touched->strand, CHECK_ASSIGNMENTS, check_strands);
	prove_each(run, &touched->support, CHECK_SUPPORTS, check_supports);
}
