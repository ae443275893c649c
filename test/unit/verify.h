/*-------------------------------------------------------------------------
 *
 * verify.h
 *	  Is an answer what it claims to be?  Checks that need no oracle, so they
 *	  serve graphs of any size.  Each reports by UNIT_CHECK and returns whether
 *	  all held.
 *
 *-------------------------------------------------------------------------
 */
#ifndef VERIFY_H
#define VERIFY_H

#include "path.h"
#include "unit.h"

/* Are two costs equal but for rounding? */
extern bool verify_close(double a, double b);

/* A loopless path from src to dst, of its cost, with no avoided link. */
extern bool verify_path(const NsGraph *g, const NsPathQuery *query,
						const NsPath *path);

/*
 * k such paths in order of cost, each with exactly what it shares, asked for or
 * not; under strict, nothing that was asked for.
 */
extern bool verify_disjoint(UnitEnv *u, const NsGraph *g,
							const NsDisjointQuery *query,
							const NsDisjointResult *result);

/* Would this group count if groups are asked for? */
extern bool verify_group_counts(const NsGraph *g, const NsDisjointQuery *query,
								int32_t group);

/* Sum of the paths' costs. */
extern double verify_total(const NsDisjointResult *result);

#endif							/* VERIFY_H */
