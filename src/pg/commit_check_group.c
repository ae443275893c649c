/*-------------------------------------------------------------------------
 *
 * commit_check_group.c
 *	  What must hold at COMMIT of disjoint groups.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commit_check_risk.h"

void
check_groups(CheckRun *run, const CheckChange *changed, CheckRisk *risk)
{
}
