/*-------------------------------------------------------------------------
 *
 * question_group.h
 *	  What a group of shared risk stands for, by its id.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_QUESTION_GROUP_H
#define NS_QUESTION_GROUP_H

#include "plant.h"

/*
 * The kind of a derived group, and of the element that it stands for, whose id
 * is set; NULL and "srlg" for a stated one, which is an element of its own.
 */
extern const char *group_kind(int64_t srlg_id);
extern const char *group_element(int64_t srlg_id, int64_t *element_id);

/* A float as the double that is written with the same digits. */
extern double group_same_digits(float value);

#endif							/* NS_QUESTION_GROUP_H */
