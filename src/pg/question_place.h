/*-------------------------------------------------------------------------
 *
 * question_place.h
 *	  What lies in a hazard area, or along a stretch of a corridor.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_QUESTION_PLACE_H
#define NS_QUESTION_PLACE_H

#include "id_set.h"
#include "line.h"

/* Spans that touch one of these areas, and nodes in one. */
extern void place_hazards(NsEnv *env, const IdSet *area, IdSet *span,
						  IdSet *node);

/*
 * Spans of these groups, each of a stretch of a corridor or of a side of one;
 * by the rules in force, which say how long a stretch is.
 */
extern void place_stretches(NsEnv *env, const IdSet *group, IdSet *span);

/* A geometry as core has it. */
extern void place_line(NsEnv *env, Datum geometry, NsLine *line);

#endif							/* NS_QUESTION_PLACE_H */
