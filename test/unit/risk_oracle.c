/*-------------------------------------------------------------------------
 *
 * risk_oracle.c
 *	  Shares and probabilities by the definition of risk.h, word by word.
 *
 * Recurses over the input as it stands: for one link and one group (or for
 * what is out of service) it asks what is kept, and lists the units beneath.
 * It is exponential in depth and shares no idea with the solver.
 *
 *-------------------------------------------------------------------------
 */
#include "risk_oracle.h"

#include <math.h>

static const NsRiskNode *
node_of(const NsRiskInput *in, int64_t id)
{
	for (size_t i = 0; i < in->nnodes; i++)
		if (in->node[i].id == id)
			return &in->node[i];
	return NULL;
}

const NsRiskLink *
risk_link_of(const NsRiskInput *in, int64_t id)
{
	for (size_t i = 0; i < in->nlinks; i++)
		if (in->link[i].id == id)
			return &in->link[i];
	return NULL;
}

/* Is this node, or one beneath it, out of service? */
bool
risk_node_down(const NsRiskInput *in, int64_t id)
{
	for (; id != 0; id = node_of(in, id)->supporting_node_id)
		if (!node_of(in, id)->in_service)
			return true;
	return false;
}

/* Does the group take this node, or one beneath it, down? */
bool
risk_node_hit(const NsRiskInput *in, int64_t group, int64_t id)
{
	for (; id != 0; id = node_of(in, id)->supporting_node_id)
		for (size_t i = 0; i < in->nsrlg_nodes; i++)
			if (in->srlg_node[i].srlg_id == group &&
				in->srlg_node[i].node_id == id)
				return true;
	return false;
}

static double kept_by_members(const RiskQuestion *q, const NsRiskLink *link);

/* As a supporting link is seen from above. */
double
risk_kept_below(const RiskQuestion *q, const NsRiskLink *link)
{
	double		kept = kept_by_members(q, link);

	if (q->service)
		return link->in_service && !risk_node_down(q->in, link->a_node_id) &&
			!risk_node_down(q->in, link->z_node_id) ? kept : 0;
	for (size_t i = 0; i < q->in->nmembers; i++)
		if (q->in->member[i].srlg_id == q->group &&
			q->in->member[i].link_id == link->id)
			kept = fmin(kept, 1 - q->in->member[i].share);
	if (risk_node_hit(q->in, q->group, link->a_node_id) ||
		risk_node_hit(q->in, q->group, link->z_node_id))
		kept = 0;
	return kept;
}

static double
kept_by_members(const RiskQuestion *q, const NsRiskLink *link)
{
	const NsRiskInput *in = q->in;
	bool		unknown = isnan(link->capacity_gbps);
	double		sum_c = 0;
	double		sum_kept = 0;
	double		divisor;

	for (size_t i = 0; i < in->nsupports; i++)
		if (in->support[i].link_id == link->id)
			unknown |= isnan(risk_link_of(in, in->support[i].supporting_link_id)->capacity_gbps);
	for (size_t i = 0; i < in->nsupports; i++)
	{
		int32_t		member = in->support[i].member;
		double		c = unknown ? 1 : link->capacity_gbps;
		double		kept = 1;
		bool		first = in->support[i].link_id == link->id;

		for (size_t j = 0; j < i && first; j++)
			first = in->support[j].link_id != link->id ||
				in->support[j].member != member;
		if (!first)
			continue;
		for (size_t j = i; j < in->nsupports; j++)
		{
			const NsRiskLink *below;

			if (in->support[j].link_id != link->id ||
				in->support[j].member != member)
				continue;
			below = risk_link_of(in, in->support[j].supporting_link_id);
			kept = fmin(kept, risk_kept_below(q, below));
			if (!unknown)
				c = fmin(c, below->capacity_gbps);
		}
		sum_c += c;
		sum_kept += c * kept;
	}
	divisor = unknown ? sum_c : fmin(link->capacity_gbps, sum_c);
	sum_kept = divisor == 0 ? 1 : fmin(1, sum_kept / divisor);
	return q->service ? fmin(sum_kept, 1 - link->drained) : sum_kept;
}

double
risk_carried(const NsRiskInput *in, const NsRiskLink *link)
{
	RiskQuestion	q = {.in = in,.service = true};
	int64_t		end[] = {link->a_node_id, link->z_node_id};

	for (int i = 0; i < 2; i++)
	{
		int64_t		below = node_of(in, end[i])->supporting_node_id;

		if (below != 0 && risk_node_down(in, below))
			return 0;
	}
	return kept_by_members(&q, link);
}

/* Mark the units (rows of member and srlg_node) of a group beneath a link. */
static void
mark_units(const RiskQuestion *q, int64_t id, bool *member, bool *down)
{
	const NsRiskInput *in = q->in;
	const NsRiskLink *link = risk_link_of(in, id);
	int64_t		end[] = {link->a_node_id, link->z_node_id};

	for (size_t i = 0; i < in->nmembers; i++)
		if (in->member[i].link_id == id && in->member[i].srlg_id == q->group)
			member[i] = true;
	for (int e = 0; e < 2; e++)
		for (int64_t n = end[e]; n != 0; n = node_of(in, n)->supporting_node_id)
			for (size_t i = 0; i < in->nsrlg_nodes; i++)
				if (in->srlg_node[i].node_id == n &&
					in->srlg_node[i].srlg_id == q->group)
					down[i] = true;
	for (size_t i = 0; i < in->nsupports; i++)
		if (in->support[i].link_id == id)
			mark_units(q, in->support[i].supporting_link_id, member, down);
}

/* Probability that any unit of the group beneath is hit; -1 without a unit. */
double
risk_probability(const RiskQuestion *q, int64_t id)
{
	bool		member[RISK_ORACLE_ROWS] = {false};
	bool		down[RISK_ORACLE_ROWS] = {false};
	double		none = 1;
	bool		any = false;

	mark_units(q, id, member, down);
	for (size_t i = 0; i < q->in->nmembers; i++)
		if (member[i])
		{
			any = true;
			none *= 1 - q->in->member[i].probability;
		}
	for (size_t i = 0; i < q->in->nsrlg_nodes; i++)
		if (down[i])
		{
			any = true;
			none *= 1 - q->in->srlg_node[i].probability;
		}
	return any ? 1 - none : -1;
}

double
risk_node_probability(const NsRiskInput *in, int64_t group, int64_t node)
{
	double		none = 1;

	for (; node != 0; node = node_of(in, node)->supporting_node_id)
		for (size_t i = 0; i < in->nsrlg_nodes; i++)
			if (in->srlg_node[i].srlg_id == group &&
				in->srlg_node[i].node_id == node)
				none *= 1 - in->srlg_node[i].probability;
	return 1 - none;
}
