/*-------------------------------------------------------------------------
 *
 * change_write.h
 *	  The distinct objects that a statement changed, and their rows in
 *	  netstate.change_log.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NS_CHANGE_WRITE_H
#define NS_CHANGE_WRITE_H

/* A statement that changes more objects logs networks instead. */
#define CHANGE_MOST 1000

/* Hash slots: a power of two, at least twice as many. */
#define CHANGE_SLOTS 2048

typedef struct ChangedObject
{
	int64		network_id;		/* 0: the row does not say */
	int64		id;
	const char *kind;			/* a constant: network, node, link ... */
} ChangedObject;

/* Ids with few duplicates, or none after change_ids_sort(). */
typedef struct ChangeIds
{
	int64	   *id;
	size_t		n;
	size_t		room;
} ChangeIds;

/*
 * What one statement changed.  Large, so declare it static: filling one runs
 * no code of anybody else's that could come back to it.
 */
typedef struct ChangeSet
{
	const char *kind;			/* of objects unless they say theirs */
	const char *home;			/* table that says their network; NULL: the
								 * rows say it */
	int			n;
	ChangedObject object[CHANGE_MOST];
	int16		slot[CHANGE_SLOTS]; /* 1 + its place; 0: free */
	bool		many;			/* more than CHANGE_MOST: only what follows */
	ChangeIds	ids;			/* of networks; with a home, of the objects */
} ChangeSet;

extern void change_set_start(ChangeSet *set, const char *kind,
							 const char *home);

/* Once more is once. */
extern void change_set_add(ChangeSet *set, int64 network_id, int64 id);
extern void change_set_add_kind(ChangeSet *set, const char *kind,
								int64 network_id, int64 id);

/* Log what the set holds, if anything. */
extern void change_set_write(ChangeSet *set);

/* Log that anything of every network may have changed. */
extern void change_write_all(void);

/* Rows that this transaction logged, those rolled back included. */
extern int64 change_write_count(void);

/* The command that logged last in this transaction; count must be above 0. */
extern CommandId change_write_command(void);

/* The transaction is over. */
extern void change_write_reset(void);

#endif							/* NS_CHANGE_WRITE_H */
