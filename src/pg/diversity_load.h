/*-------------------------------------------------------------------------
 *
 * diversity_load.h
 *	  Disjoint groups as the tables have them, and what their members share.
 *
 * Groups, members and waivers are read under the active snapshot as the current
 * user may see them; what members share is derived as for every question about
 * risk (risk_load.h), whose rights the caller has tested.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_DIVERSITY_LOAD_H
#define NS_DIVERSITY_LOAD_H

#include "datatype/timestamp.h"

#include "diversity.h"
#include "env_pg.h"
#include "id_set.h"
#include "risk_load.h"

typedef enum DiverseMode
{
	DIVERSE_OFF,
	DIVERSE_MONITOR,
	DIVERSE_ENFORCE
} DiverseMode;

typedef struct DiverseGroup
{
	int64		id;
	const char *name;
	DiverseMode mode;
	int32		min_members;
	NsDiversityRule rule;		/* with the waivers in force */
	const TimestampTz *until;	/* beside rule.waived: when they expire */
	TimestampTz last;			/* the latest waiver that has expired; 0: none */
	const int64 *link_id;		/* members, ascending */
	size_t		nlinks;
} DiverseGroup;

typedef struct DiverseGroups
{
	NsEnv	   *env;
	DiverseGroup *group;		/* by id */
	size_t		n;
	size_t		room;

	/* private: rows as read */
	struct DiverseMember *member;
	size_t		nmembers;
	size_t		member_room;
	struct DiverseWaiver *waiver;
	size_t		nwaivers;
	size_t		waiver_room;
	TimestampTz now;
} DiverseGroups;

/* Which groups to read; ids NULL: all of at least this mode. */
typedef struct DiverseWanted
{
	const int64 *id;
	size_t		n;
	DiverseMode least;
} DiverseWanted;

/* The word of disjoint_group.mode, and of an element's kind. */
extern const char *diversity_mode_word(DiverseMode mode);
extern const char *diversity_kind_word(NsElementKind kind);

/* Read them; ids that are no groups are passed over. */
extern void diversity_load(DiverseGroups *groups, NsEnv *env,
						   const DiverseWanted *wanted);

/* One group and, of all its pairs in turn, what they share. */
typedef struct DiversePair
{
	int64		link_id[2];		/* the lower first */
	const NsShared *shared;
	size_t		nshared;
	size_t		counting;		/* elements that count */
} DiversePair;

typedef struct DiverseVisit
{
	/* a group is begun: so many of its members are there, so many are up */
	void		(*begin) (const DiverseGroup *group, size_t nlinks, size_t nup,
						  void *state);
	/* two members that share anything, waived or not */
	void		(*pair) (const DiverseGroup *group, const DiversePair *pair,
						 void *state);
	/* the group is done; may be NULL, and so may begin */
	void		(*end) (const DiverseGroup *group, void *state);
	void	   *state;
	Size		limit;			/* of memory; 0: netstate.memory_limit */
} DiverseVisit;

extern void diversity_visit(const DiverseGroups *groups,
							const DiverseVisit *visit);

#endif							/* NS_DIVERSITY_LOAD_H */
