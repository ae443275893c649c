/*-------------------------------------------------------------------------
 *
 * commit_check_support.c
 *	  The rule on supports: the links of each member lead from where the link
 *	  begins to where it ends.
 *
 * A link and what it rides on have no node in common.  That the node at its A
 * end and the one where the first supporting link begins are the same place is
 * told by what the former rides on, else by their sites; where neither is
 * known, it is not judged.  The same holds where one member leads through links
 * of several networks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "chain.h"
#include "commit_check_rule.h"

#define SUPPORT_HINT "The links of a member, in order of seq, lead from the link's A node to its Z node; put all changes that belong together into one transaction."

static int64
network_of(CheckRun *run, int64 node)
{
	return check_view_ref(&run->view, CHECK_NODE, node, NODE_NETWORK);
}

/* What it rides on, or 0. */
static int64
beneath(CheckRun *run, int64 node)
{
	return check_view_ref(&run->view, CHECK_NODE, node, NODE_SUPPORTING);
}

static int64
site_of(CheckRun *run, int64 node)
{
	CheckThing	thing = *check_view_thing(&run->view, CHECK_NODE, node);

	if (thing.ref[NODE_SITE] != 0)
		return thing.ref[NODE_SITE];
	return check_view_ref(&run->view, CHECK_STRUCTURE,
						  thing.ref[NODE_STRUCTURE], STRUCTURE_SITE);
}

typedef enum Verdict
{
	MEETS,
	MEETS_NOT,
	NOT_TOLD
} Verdict;

/* By what the upper one rides on in the other's network. */
static Verdict
judge_beneath(CheckRun *run, int64 upper, int64 lower)
{
	int64		network = network_of(run, lower);
	Verdict		verdict = NOT_TOLD;
	int64		node = beneath(run, upper);
	int			i;

	for (i = 0; i < CHECK_LAYERS && node != 0; i++, node = beneath(run, node))
	{
		if (node == lower)
			return MEETS;
		if (network_of(run, node) == network)
			verdict = MEETS_NOT;
	}
	return verdict;
}

static Verdict
judge_sites(CheckRun *run, int64 x, int64 y)
{
	int64		site = site_of(run, x);
	int64		other = site_of(run, y);

	if (site == 0 || other == 0)
		return NOT_TOLD;
	return site == other ? MEETS : MEETS_NOT;
}

/* Do both ride on one node? */
static bool
share_node(CheckRun *run, int64 x, int64 y)
{
	int64		under = beneath(run, x);
	int			i;

	for (i = 0; i < CHECK_LAYERS && under != 0; i++, under = beneath(run, under))
	{
		int64		other = beneath(run, y);
		int			j;

		for (j = 0; j < CHECK_LAYERS && other != 0; j++, other = beneath(run, other))
		{
			if (other == under)
				return true;
		}
	}
	return false;
}

/* A node of the link itself, and one where a supporting link ends. */
static bool
ends_meet(int64 end, int64 node, void *state)
{
	CheckRun   *run = state;
	Verdict		verdict = judge_beneath(run, end, node);

	if (verdict == NOT_TOLD)
		verdict = judge_sites(run, end, node);
	return verdict != MEETS_NOT;
}

/* Nodes at which two supporting links end. */
static bool
nodes_meet(int64 x, int64 y, void *state)
{
	CheckRun   *run = state;
	Verdict		verdict;

	if (x == y)
		return true;
	if (network_of(run, x) == network_of(run, y))
		return false;
	verdict = judge_beneath(run, x, y);
	if (verdict == NOT_TOLD)
		verdict = judge_beneath(run, y, x);
	if (verdict == NOT_TOLD && share_node(run, x, y))
		verdict = MEETS;
	if (verdict == NOT_TOLD)
		verdict = judge_sites(run, x, y);
	return verdict != MEETS_NOT;
}

static const char *
describe_support(CheckRun *run, const CheckItem *item)
{
	CheckThing	link = *check_view_thing(&run->view, CHECK_LINK, item->ref);

	return psprintf("%s at seq %d leads %s %s %s %s",
					check_describe(run, "link", item->ref), item->seq,
					link.ref[LINK_IS_DIRECTED] ? "from" : "between",
					check_describe(run, "node", link.ref[LINK_A]),
					link.ref[LINK_IS_DIRECTED] ? "to" : "and",
					check_describe(run, "node", link.ref[LINK_Z]));
}

static void
report_support_gap(CheckRun *run, const CheckItem *item)
{
	const char *text[3];

	text[0] = psprintf("member %d of %s is not continuous", item->member,
					   check_describe(run, "link", item->key));
	text[1] = psprintf("In it %s, and %s.", describe_support(run, item - 1),
					   describe_support(run, item));
	text[2] = SUPPORT_HINT;
	check_report(run, "support_route", "link", item->key, text);
}

static void
report_support_end(CheckRun *run, const CheckItem *item, char end, int64 node)
{
	int64		under = beneath(run, node);
	int64		site = site_of(run, node);
	const char *text[3];
	const char *place = "";

	if (under != 0)
		place = psprintf(" which rides on %s,", check_describe(run, "node", under));
	else if (site != 0)
		place = psprintf(" which is at %s,", check_describe(run, "site", site));
	text[0] = psprintf("member %d of %s does not %s the link's %c node",
					   item->member, check_describe(run, "link", item->key),
					   end == 'A' ? "begin at" : "end at", end);
	text[1] = psprintf("That is %s,%s and %s.", check_describe(run, "node", node),
					   place, describe_support(run, item));
	text[2] = SUPPORT_HINT;
	check_report(run, "support_route", "link", item->key, text);
}

/* Supports of one member, n of them. */
static void
check_member(CheckRun *run, const CheckItem *item, size_t n, int64 a, int64 z)
{
	NsChain		chain;
	size_t		i;
	int			j;

	ns_chain_at(&chain, a);
	for (i = 0; i < n; i++)
	{
		const CheckThing *link = check_view_thing(&run->view, CHECK_LINK, item[i].ref);
		NsWay		way[2];
		int			nways = link->ref[LINK_IS_DIRECTED] ? 1 : 2;

		way[0] = (NsWay) {link->ref[LINK_A], link->ref[LINK_Z]};
		way[1] = (NsWay) {link->ref[LINK_Z], link->ref[LINK_A]};
		if (!ns_chain_step(&chain, way, nways, i == 0 ? ends_meet : nodes_meet, run))
		{
			if (i == 0)
				report_support_end(run, &item[i], 'A', a);
			else
				report_support_gap(run, &item[i]);
			return;
		}
	}
	for (j = 0; j < chain.n; j++)
	{
		if (ends_meet(z, chain.at[j], run))
			return;
	}
	report_support_end(run, &item[n - 1], 'Z', z);
}

void
check_supports(CheckRun *run, int64 link)
{
	size_t		n;
	size_t		i;
	size_t		next;
	const CheckItem *item = check_view_list(&run->view, CHECK_SUPPORTS, link, &n);
	int64		a;
	int64		z;

	if (n == 0)
		return;
	a = check_view_ref(&run->view, CHECK_LINK, link, LINK_A);
	z = check_view_ref(&run->view, CHECK_LINK, link, LINK_Z);
	for (i = 0; i < n; i = next)
	{
		for (next = i + 1; next < n && item[next].member == item[i].member; next++)
			;
		check_member(run, &item[i], next - i, a, z);
	}
}
