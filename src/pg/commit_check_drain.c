/*-------------------------------------------------------------------------
 *
 * commit_check_drain.c
 *	  What must hold at COMMIT of drains.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commit_check_risk.h"

void
check_drains(CheckRun *run, const CheckChange *changed, CheckRisk *risk)
{
}
