/*-------------------------------------------------------------------------
 *
 * test_chain.c
 *	  Do pieces in a given order make one way?  Against all directions of all
 *	  pieces, tried one by one.
 *
 *-------------------------------------------------------------------------
 */
#include "chain.h"
#include "unit.h"

#define MOST 8

typedef struct Piece
{
	NsWay		way[NS_CHAIN_WAYS];
	int			nways;
} Piece;

/* Places 10 and 11 are as good as 1: they stand for places in other networks. */
static bool
meet(int64_t exit, int64_t entry, void *state)
{
	++*(int *) state;
	return exit == entry || (exit >= 10 && entry == 1) || (entry >= 10 && exit == 1);
}

/*
 * Which places may be reached, after how many pieces does it end?  By trying
 * each choice of ways.
 */
static int
try_all(const Piece *piece, int n, int64_t start, NsMeetFn fn, bool *reached,
		int64_t most)
{
	int			calls = 0;
	int			furthest = 0;

	for (int64_t place = 0; place <= most; place++)
		reached[place] = false;
	for (unsigned choice = 0; choice < 1u << n; choice++)
	{
		int64_t		at = start;
		int			i;

		for (i = 0; i < n; i++)
		{
			int			w = (choice >> i) & 1;

			if (w >= piece[i].nways)
				break;
			if (at >= 0 && !(fn ? fn(at, piece[i].way[w].from, &calls)
							 : at == piece[i].way[w].from))
				break;
			at = piece[i].way[w].to;
		}
		if (i > furthest)
			furthest = i;
		if (i == n && at >= 0)
			reached[at] = true;
	}
	return furthest;
}

static void
random_case(int number)
{
	Piece		piece[MOST];
	int			n = unit_below(MOST + 1);
	int			places = 2 + unit_below(4);
	NsMeetFn	fn = unit_chance(0.3) ? meet : NULL;
	int64_t		start = unit_chance(0.5) ? -1 : unit_below(places);
	bool		reached[12];
	NsChain		chain;
	int			calls = 0;
	int			i;
	int			furthest;

	unit_case("chain", number);
	for (i = 0; i < n; i++)
	{
		int64_t		a = unit_below(places);
		int64_t		z = unit_below(places);

		if (fn && unit_chance(0.2))
			a = 10 + unit_below(2);
		piece[i].way[0] = (NsWay) {a, z};
		piece[i].way[1] = (NsWay) {z, a};
		piece[i].nways = unit_chance(0.2) ? 1 : 2;
	}
	furthest = try_all(piece, n, start, fn, reached, 11);

	if (start < 0)
		ns_chain_anywhere(&chain);
	else
		ns_chain_at(&chain, start);
	for (i = 0; i < n; i++)
	{
		NsChain		before = chain;

		if (!ns_chain_step(&chain, piece[i].way, piece[i].nways, fn, &calls))
		{
			UNIT_CHECK(before.n == chain.n && before.anywhere == chain.anywhere,
					   "a step that fails changes the chain");
			break;
		}
		if (piece[i].nways == 2 && fn == NULL)
			UNIT_CHECK(ns_chain_step_between(&before, piece[i].way[0].from,
											 piece[i].way[0].to) &&
					   before.n == chain.n, "step_between differs from step");
	}
	UNIT_CHECK(i == furthest, "ends after %d pieces, not %d", i, furthest);
	if (i < n || n == 0)
		return;
	for (int64_t place = 0; place <= 11; place++)
		UNIT_CHECK(ns_chain_is_at(&chain, place) == reached[place],
				   "place %d after %d pieces", (int) place, n);
}

int
main(void)
{
	int			cases = unit_cases(3000, 300000);

	unit_begin("chain");
	for (int i = 0; i < cases; i++)
		random_case(i);
	return unit_end();
}
