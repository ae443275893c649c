/*-------------------------------------------------------------------------
 *
 * error.h
 *	  What core answers, in words and SQLSTATE.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_ERROR_H
#define NS_ERROR_H

#include "compat.h"
#include "env.h"

/*
 * Raise the error that a result stands for; subject says what it befell, such
 * as 'network "backbone"'.  Not for NS_MISSING_COST, which the caller can name
 * better.
 */
extern void error_check(NsResult result, const char *subject);

/* 54000: more elements than fit. */
pg_noreturn extern void error_too_large(const char *subject, size_t seen,
										size_t most);

#endif							/* NS_ERROR_H */
