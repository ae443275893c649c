/*-------------------------------------------------------------------------
 *
 * bypass_audit.h
 *	  All bypasses that there are, with what is derived of them and of what they
 *	  protect.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_BYPASS_AUDIT_H
#define NS_BYPASS_AUDIT_H

#include "bypass.h"
#include "id_set.h"
#include "risk_load.h"

typedef struct AuditLink
{
	int64		id;
	int64		network_id;
	const char *name;
} AuditLink;

typedef struct AuditBypass
{
	int64		protected_link_id;
	int32		from_seq;		/* 0: the whole link */
	int32		to_seq;
	int64		bypass_link_id;
	bool		directed;		/* the bypass */
	size_t		first;			/* links protected: [first, first + n) of */
	size_t		n;				/* BypassAudit.part */
} AuditBypass;

typedef struct AuditNetwork
{
	int64		id;
	const char *name;
} AuditNetwork;

typedef struct AuditEnd			/* a group takes down a node */
{
	int64		node_id;
	int64		srlg_id;
} AuditEnd;

typedef struct BypassAudit
{
	EnvPg	   *env;
	AuditBypass *bypass;		/* by what they protect */
	size_t		nbypasses;
	size_t		bypass_room;
	int64	   *part;			/* ids of links */
	size_t		nparts;
	size_t		part_room;
	IdSet		link_id;		/* of protected links and bypasses ... */
	AuditLink  *link;			/* ... beside it */
	size_t		link_room;
	AuditNetwork *network;		/* whose links have bypasses */
	size_t		nnetworks;
	size_t		network_room;

	/* derived */
	RiskRows	rows;
	NsRiskResult derived;
	IdSet		place;			/* of links among the rows */
	IdSet		node_place;
	AuditEnd   *end;			/* by node, then group */
	size_t		nends;
	size_t	   *support;		/* places of links beneath, ... */
	size_t	   *support_start;	/* ... by place of the link above */
	bool	   *parallel;		/* by place: does it have several members? */
} BypassAudit;

/*
 * Read and derive all, as the caller may and under the active snapshot.  42501
 * without SELECT on the tables.
 */
extern void audit_read(EnvPg *env, BypassAudit *audit);

/* A link with a bypass, a bypass, or any link of the networks. */
extern const AuditLink *audit_link(const BypassAudit *audit, int64 id);

/* Is what is protected up, and the bypass? */
extern bool audit_is_up(const BypassAudit *audit, const AuditBypass *b);
extern bool audit_bypass_is_up(const BypassAudit *audit, const AuditBypass *b);

/* Does it lead from the link's A to its Z (or back), as far as can be told? */
extern bool audit_leads(const BypassAudit *audit, const AuditBypass *b,
						bool reverse);

/* Has the whole link a bypass from A to Z, and one from Z to A? */
extern void audit_has(const BypassAudit *audit, int64 link_id, bool has[2]);

extern bool audit_rides_on_protected(const BypassAudit *audit,
									 const AuditBypass *b);

/* Groups that count and that it shares with what it protects, ascending. */
extern size_t audit_shared_groups(const BypassAudit *audit,
								  const AuditBypass *b, int64 **group);

/* What should be carried, and what the bypass carries; NaN: not known. */
extern void audit_capacities(const BypassAudit *audit, const AuditBypass *b,
							 double *need, double *carries);

#endif							/* NS_BYPASS_AUDIT_H */
