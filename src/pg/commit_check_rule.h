/*-------------------------------------------------------------------------
 *
 * commit_check_rule.h
 *	  What must hold at COMMIT, one function a rule; and for what of it a
 *	  transaction's changes have to be looked at.
 *
 * COMMIT and check_pending() call the same rules; they differ in what is done
 * with a finding.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_COMMIT_CHECK_RULE_H
#define NS_COMMIT_CHECK_RULE_H

#include "commit_check_view.h"
#include "id_set.h"

/* More layers than there are: rows past their foreign keys may make a ring. */
#define CHECK_LAYERS 16

/* ---- what was changed: the rows of commit_check ---- */

typedef enum CheckWhat
{
	CHANGED_STRUCTURE,			/* its site */
	CHANGED_STRUCTURE_PLACE,	/* geometry alone */
	CHANGED_SPAN,				/* ends */
	CHANGED_SPAN_COURSE,		/* geometry alone: what runs there leads on */
	CHANGED_CABLE,				/* strands, segments */
	CHANGED_SPLICE,
	CHANGED_NODE,				/* structure, site, what it rides on */
	CHANGED_LINK,				/* ends, direction */
	CHANGED_STRAND_ASSIGNMENT,	/* of these links */
	CHANGED_LINK_SUPPORT,		/* of these links */
	CHANGED_RISK,				/* whatever the change log has; see below */
	CHANGED_DISJOINT_GROUP,		/* itself, its links or waivers */
	CHANGED_DISJOINT_GROUP_MEMBER,	/* it lost links, or wants more: nothing that
									 * could make it share */
	CHANGED_DRAIN,
	CHANGED_NKINDS
} CheckWhat;

/* The word for it in commit_check.what. */
extern const char *const check_what_word[CHANGED_NKINDS];

typedef struct CheckChange
{
	bool		all;			/* anything of this kind may have changed; of
								 * CHANGED_RISK, anything at all */
	IdSet		ids;
} CheckChange;

static inline bool
check_any_change(const CheckChange *change)
{
	return change->all || change->ids.n > 0;
}

/* ---- what is to be proven ---- */

typedef struct CheckSubjects
{
	bool		all;
	IdSet		ids;
} CheckSubjects;

typedef struct CheckTouched
{
	CheckSubjects route;		/* cables */
	CheckSubjects splice;		/* splices */
	CheckSubjects joint;		/* splices: are others at their strands? */
	CheckSubjects strand;		/* links: their strands */
	CheckSubjects support;		/* links: what they ride on */
} CheckTouched;

/* ---- findings ---- */

typedef struct CheckFinding
{
	const char *rule;
	const char *kind;			/* of the element, a table's name */
	int64		id;
	const char *name;			/* NULL: none, or the caller may not read it */
	const char *message;
	const char *detail;
	const char *hint;
} CheckFinding;

typedef void (*CheckFoundFn) (const CheckFinding *finding, void *state);

typedef struct CheckRun
{
	CheckView	view;
	Oid			caller;			/* whose rights decide about names */
	CheckFoundFn found;			/* may leave by an error */
	void	   *state;
	IdSet		broken;			/* cables whose route is no way */
} CheckRun;

/*
 * Add column "ref" of the rows whose column "key" is one of these ids, from the
 * given place in their list on.
 */
extern void check_follow(GraphTable table, int key, int ref, const IdSet *from,
						 IdSet *to, size_t at);

/* Found in "changed"; then proven. */
extern void check_touch(CheckRun *run, const CheckChange *changed,
						CheckTouched *touched);
extern void check_prove(CheckRun *run, CheckTouched *touched);

/* ---- the rules ---- */

extern void check_route(CheckRun *run, int64 cable);
extern void check_splice(CheckRun *run, const GraphRow *row);
extern void check_joint(CheckRun *run, const GraphRow *row);
extern void check_strands(CheckRun *run, int64 link);
extern void check_supports(CheckRun *run, int64 link);

/* ---- words ---- */

/* The name alone, or NULL. */
extern char *check_name(CheckRun *run, const char *table, int64 id);

/* 'cable 7 (DUB 12)', or without the name where the caller may not read it. */
extern char *check_describe(CheckRun *run, const char *table, int64 id);

/* Hand a finding out; the message was made by psprintf() or is a constant. */
extern void check_report(CheckRun *run, const char *rule, const char *kind,
						 int64 id, const char *const text[3]);

#endif							/* NS_COMMIT_CHECK_RULE_H */
