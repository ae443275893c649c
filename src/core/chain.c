/*-------------------------------------------------------------------------
 *
 * chain.c
 *	  Do things with two ends each, in a given order, make one way?
 *
 *-------------------------------------------------------------------------
 */
#include "chain.h"

static bool
may_enter(const NsChain *chain, int64_t entry, NsMeetFn meet, void *state)
{
	if (chain->anywhere)
		return true;
	for (int i = 0; i < chain->n; i++)
	{
		if (meet == 0 ? chain->at[i] == entry : meet(chain->at[i], entry, state))
			return true;
	}
	return false;
}

bool
ns_chain_step(NsChain *chain, const NsWay *way, int nways, NsMeetFn meet,
			  void *state)
{
	NsChain		next = {.anywhere = false};

	for (int i = 0; i < nways && i < NS_CHAIN_WAYS; i++)
	{
		if (may_enter(chain, way[i].from, meet, state) &&
			!(next.n == 1 && next.at[0] == way[i].to))
			next.at[next.n++] = way[i].to;
	}
	if (next.n == 0)
		return false;
	*chain = next;
	return true;
}

bool
ns_chain_step_between(NsChain *chain, int64_t a, int64_t z)
{
	NsWay		way[] = {{a, z}, {z, a}};

	return ns_chain_step(chain, way, 2, 0, 0);
}

bool
ns_chain_is_at(const NsChain *chain, int64_t place)
{
	return may_enter(chain, place, 0, 0);
}
