/*-------------------------------------------------------------------------
 *
 * data.h
 *	  Networks of the data directory as graphs, and an environment with a
 *	  deadline, for the benchmarks.
 *
 * The directory has <source>/<network>/{nodes,links,srlgs,pairs}.csv and
 * networks.csv; its README says what the columns mean.
 *
 *-------------------------------------------------------------------------
 */
#ifndef DATA_H
#define DATA_H

#include "path.h"

/* ---- environment: an arena that is emptied, not freed, between queries ---- */

typedef struct ArenaBlock
{
	struct ArenaBlock *next;
	size_t		size;
	size_t		used;
	_Alignas(max_align_t) char bytes[];
} ArenaBlock;

typedef struct Arena
{
	NsEnv		env;
	ArenaBlock *first;
	ArenaBlock *current;
	size_t		bytes;			/* handed out since the last reset */
	double		deadline;		/* seconds of the clock; 0: none */
	double		last_check;
	double		longest_gap;	/* between two checks, over all queries */
} Arena;

extern void arena_init(Arena *a);
extern void arena_reset(Arena *a, double seconds);	/* deadline from now */
extern void arena_note_end(Arena *a);	/* count the time since the last check */
extern void arena_free(Arena *a);

/*
 * Seconds that this thread has run.  Not the wall clock: a machine that does
 * other work as well would show its scheduler's slices and not the solver.
 */
extern double now(void);

/* ---- networks ---- */

typedef struct Pair
{
	int32_t		src;			/* node numbers */
	int32_t		dst;
} Pair;

typedef struct Dataset
{
	char		network[256];	/* <source>/<network> */
	bool		directed;
	NsNodeInput *node;
	size_t		nnodes;
	NsLinkInput *link;
	size_t		nlinks;
	size_t		nfilled;		/* links that got a made-up cost */
	NsMembershipInput *membership;
	size_t		nmemberships;
	size_t		nsrlgs;
} Dataset;

/* Why the directory cannot be used, or NULL. */
extern const char *data_problem(const char *directory);

/* Names of the networks of one source, sorted; returns how many. */
extern int	data_networks(const char *directory, const char *source,
						  char **names, int room);

/*
 * Nodes and links.  The metric is the cost column where there is one, else
 * length_km, else 100.  Exits with a message when a file is not as expected.
 */
extern void data_load(const char *directory, const char *network, Dataset *d);

/* Names of the SRLG sets of a network, each once; returns how many. */
extern int	data_sets(const char *directory, const char *network,
					  char names[][64], int room);

/* The memberships of one set instead of those held. */
extern void data_load_set(const char *directory, const char *set, Dataset *d);

/* Pairs of pairs.csv, as node numbers of the graph; returns how many. */
extern int	data_pairs(const char *directory, const Dataset *d,
					   const NsGraph *g, Pair *pairs, int room);

extern NsGraph *data_graph(Arena *a, const Dataset *d);
extern void data_free(Dataset *d);

#endif							/* DATA_H */
