/*-------------------------------------------------------------------------
 *
 * path_int.h
 *	  What the path functions of src/core share among themselves.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_PATH_INT_H
#define NS_PATH_INT_H

#include "path.h"
#include "search.h"

/* Hand on whatever is not NS_OK. */
#define NS_TRY(call) \
	do { \
		NsResult	try_result = (call); \
		if (try_result != NS_OK) \
			return try_result; \
	} while (0)

/* Memory that could not be had ends the function. */
#define NS_NEED(p) \
	do { \
		if ((p) == NULL) \
			return NS_NO_MEMORY; \
	} while (0)

/*
 * Weights, a search and the links to avoid, ready for the query.  Without a
 * stated dearest path the weights suit paths a few times as dear as the
 * cheapest, where that makes them finer (it takes one more search).
 * *distance is that of the cheapest path, NS_UNREACHED where there is none.
 * The bounds are set: up to the destination, or everywhere.
 */
typedef struct NsPathSetup
{
	NsWeights	weights;
	NsSearch	search;
	uint64_t   *dead;			/* links to avoid */
	size_t		words;			/* of dead */
	int64_t		distance;
} NsPathSetup;

typedef struct NsPathScope
{
	int32_t		k;				/* paths whose costs are added */
	double		dearest;		/* cost of a path that matters; 0: not known,
								 * negative: whatever a path can cost */
	bool		everywhere;		/* bounds for all nodes, not just up to dst */
} NsPathScope;

extern NsResult ns_path_setup(NsEnv *env, const NsGraph *g,
							  const NsPathQuery *query, NsPathScope scope,
							  NsPathSetup *setup);

typedef struct NsLinkList
{
	int32_t    *link;
	int32_t		n;
} NsLinkList;

/* A path of these links from src, copied, with its nodes and its cost. */
extern NsResult ns_path_make(NsEnv *env, const NsGraph *g,
							 const NsPathQuery *query, const NsWeights *w,
							 const NsLinkList *links, NsPath *path);

/* < 0, 0, > 0: the order of path.h, by the costs that are reported. */
extern int	ns_path_compare(const NsPath *a, const NsPath *b);

/* < 0, 0, > 0: which sequence of link numbers comes first? */
extern int	ns_compare_links(const int32_t *a, int32_t na,
							 const int32_t *b, int32_t nb);

#endif							/* NS_PATH_INT_H */
