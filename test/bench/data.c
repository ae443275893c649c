/*-------------------------------------------------------------------------
 *
 * data.c
 *	  Networks of the data directory as graphs; see data.h.
 *
 *-------------------------------------------------------------------------
 */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "data.h"

#define BLOCK_BYTES		((size_t) 1 << 20)
#define MADE_UP_COST	100.0

double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

static void *
must_alloc(size_t n, size_t size)
{
	void	   *p = calloc(n > 0 ? n : 1, size);

	if (p == NULL)
	{
		fprintf(stderr, "out of memory\n");
		exit(1);
	}
	return p;
}

/* ---- arena ---- */

static void *
arena_alloc(void *state, size_t size)
{
	Arena	   *a = state;
	size_t		need = (size + 15) & ~(size_t) 15;
	void	   *p;

	while (a->current != NULL && a->current->size - a->current->used < need &&
		   a->current->next != NULL)
		a->current = a->current->next;
	if (a->current == NULL || a->current->size - a->current->used < need)
	{
		size_t		bytes = need > BLOCK_BYTES ? need : BLOCK_BYTES;
		ArenaBlock *b = malloc(sizeof(ArenaBlock) + bytes);

		if (b == NULL)
			return NULL;
		*b = (ArenaBlock) {NULL, bytes, 0};
		if (a->current == NULL)
			a->first = b;
		else
			a->current->next = b;
		a->current = b;
	}
	p = a->current->bytes + a->current->used;
	a->current->used += need;
	a->bytes += need;
	return p;
}

void
arena_note_end(Arena *a)
{
	double		t = now();

	if (t - a->last_check > a->longest_gap)
		a->longest_gap = t - a->last_check;
	a->last_check = t;
}

static bool
arena_interrupted(void *state)
{
	Arena	   *a = state;

	arena_note_end(a);
	return a->deadline > 0 && a->last_check > a->deadline;
}

void
arena_init(Arena *a)
{
	memset(a, 0, sizeof(*a));
	a->env.alloc = arena_alloc;
	a->env.interrupted = arena_interrupted;
	a->env.state = a;
}

void
arena_reset(Arena *a, double seconds)
{
	for (ArenaBlock *b = a->first; b != NULL; b = b->next)
		b->used = 0;
	a->current = a->first;
	a->bytes = 0;
	a->last_check = now();
	a->deadline = seconds > 0 ? a->last_check + seconds : 0;
}

void
arena_free(Arena *a)
{
	for (ArenaBlock *b = a->first; b != NULL;)
	{
		ArenaBlock *next = b->next;

		free(b);
		b = next;
	}
	arena_init(a);
}

/* ---- CSV ---- */

#define MAX_FIELDS	16

typedef struct Csv
{
	FILE	   *file;
	char		path[1024];
	char	   *line;
	size_t		room;
	char	   *header;			/* names point into it */
	char	   *name[MAX_FIELDS];
	char	   *field[MAX_FIELDS];
	int			nnames;
} Csv;

/* Split in place; a field in quotes may hold commas. */
static int
split_fields(char *line, char **field)
{
	int			n = 0;
	char	   *p = line;

	while (n < MAX_FIELDS)
	{
		bool		quoted = *p == '"';

		field[n++] = quoted ? ++p : p;
		while (*p != '\0' && *p != '\n' && *p != '\r' &&
			   *p != (quoted ? '"' : ','))
			p++;
		if (quoted && *p == '"')
			*p++ = '\0';
		if (*p != ',')
			break;
		*p++ = '\0';
	}
	*p = '\0';
	return n;
}

static bool
csv_open(Csv *c, const char *directory, const char *network, const char *file)
{
	memset(c, 0, sizeof(*c));
	snprintf(c->path, sizeof(c->path), "%s/%s/%s", directory, network, file);
	c->file = fopen(c->path, "r");
	if (c->file == NULL)
		return false;
	if (getline(&c->line, &c->room, c->file) < 0)
	{
		fprintf(stderr, "%s is empty\n", c->path);
		exit(1);
	}
	c->header = strdup(c->line);
	c->nnames = split_fields(c->header, c->name);
	return true;
}

static bool
csv_next(Csv *c)
{
	int			n;

	if (getline(&c->line, &c->room, c->file) < 0)
		return false;
	n = split_fields(c->line, c->field);
	while (n < c->nnames)
		c->field[n++] = c->line + strlen(c->line);
	return true;
}

/* The field of this name in the present row, or NULL. */
static const char *
csv_get(const Csv *c, const char *name)
{
	for (int i = 0; i < c->nnames; i++)
		if (strcmp(c->name[i], name) == 0)
			return c->field[i];
	return NULL;
}

static int64_t
csv_id(const Csv *c, const char *name)
{
	const char *text = csv_get(c, name);
	char	   *end;
	int64_t		id = text == NULL ? 0 : strtoll(text, &end, 10);

	if (text == NULL || end == text || *end != '\0')
	{
		fprintf(stderr, "%s: bad %s \"%s\"\n", c->path, name,
				text == NULL ? "(no such column)" : text);
		exit(1);
	}
	return id;
}

static void
csv_close(Csv *c)
{
	fclose(c->file);
	free(c->line);
	free(c->header);
}

static void
csv_must_open(Csv *c, const char *directory, const char *network,
			  const char *file)
{
	if (!csv_open(c, directory, network, file))
	{
		fprintf(stderr, "cannot read %s\n", c->path);
		exit(1);
	}
}

/* ---- networks ---- */

const char *
data_problem(const char *directory)
{
	static char text[1200];
	Csv			c;

	if (csv_open(&c, directory, ".", "networks.csv"))
	{
		csv_close(&c);
		return NULL;
	}
	snprintf(text, sizeof(text), "no data: %s cannot be read", c.path);
	return text;
}

static bool
is_directed(const char *directory, const char *network)
{
	Csv			c;
	bool		directed = false;

	csv_must_open(&c, directory, ".", "networks.csv");
	while (csv_next(&c))
	{
		char		name[256];

		snprintf(name, sizeof(name), "%s/%s", csv_get(&c, "source"),
				 csv_get(&c, "network"));
		if (strcmp(name, network) == 0)
			directed = strcmp(csv_get(&c, "directed"), "1") == 0;
	}
	csv_close(&c);
	return directed;
}

static size_t
count_rows(const char *directory, const char *network, const char *file)
{
	Csv			c;
	size_t		n = 0;

	csv_must_open(&c, directory, network, file);
	while (csv_next(&c))
		n++;
	csv_close(&c);
	return n;
}

static double
link_cost(const Csv *c, size_t *nfilled)
{
	const char *cost = csv_get(c, "cost");
	const char *length = csv_get(c, "length_km");

	if (cost != NULL && *cost != '\0')
		return strtod(cost, NULL);
	if (length != NULL && *length != '\0')
		return strtod(length, NULL);
	(*nfilled)++;
	return MADE_UP_COST;
}

void
data_load(const char *directory, const char *network, Dataset *d)
{
	Csv			c;

	memset(d, 0, sizeof(*d));
	snprintf(d->network, sizeof(d->network), "%s", network);
	d->directed = is_directed(directory, network);
	d->node = must_alloc(count_rows(directory, network, "nodes.csv"),
						 sizeof(NsNodeInput));
	d->link = must_alloc(count_rows(directory, network, "links.csv"),
						 sizeof(NsLinkInput));
	csv_must_open(&c, directory, network, "nodes.csv");
	while (csv_next(&c))
	{
		int64_t		id = csv_id(&c, "id");
		char	   *name = must_alloc(24, 1);

		snprintf(name, 24, "%lld", (long long) id);
		d->node[d->nnodes++] = (NsNodeInput) {id, name};
	}
	csv_close(&c);
	csv_must_open(&c, directory, network, "links.csv");
	while (csv_next(&c))
	{
		NsLinkInput *l = &d->link[d->nlinks];

		*l = (NsLinkInput) {csv_id(&c, "id"), csv_id(&c, "src"),
			csv_id(&c, "dst"), d->directed, true, {NAN, NAN, NAN}};
		if (l->a_node_id == l->z_node_id)
			continue;			/* a loop is on no path */
		l->cost[NS_COST_METRIC] = link_cost(&c, &d->nfilled);
		d->nlinks++;
	}
	csv_close(&c);
}

int
data_sets(const char *directory, const char *network, char names[][64], int room)
{
	Csv			c;
	int			n = 0;

	if (!csv_open(&c, directory, network, "srlgs.csv"))
		return 0;
	while (csv_next(&c))
	{
		const char *set = csv_get(&c, "set");
		bool		seen = false;

		for (int i = n - 1; i >= 0 && !seen; i--)
			seen = strcmp(names[i], set) == 0;
		if (!seen && n < room)
			snprintf(names[n++], 64, "%s", set);
	}
	csv_close(&c);
	return n;
}

static int
compare_memberships(const void *a, const void *b)
{
	const NsMembershipInput *x = a;
	const NsMembershipInput *y = b;

	if (x->srlg_id != y->srlg_id)
		return x->srlg_id < y->srlg_id ? -1 : 1;
	return (x->link_id > y->link_id) - (x->link_id < y->link_id);
}

void
data_load_set(const char *directory, const char *set, Dataset *d)
{
	Csv			c;
	size_t		n = 0;

	free(d->membership);
	d->membership = must_alloc(count_rows(directory, d->network, "srlgs.csv"),
							   sizeof(NsMembershipInput));
	d->nmemberships = d->nsrlgs = 0;
	csv_must_open(&c, directory, d->network, "srlgs.csv");
	while (csv_next(&c))
		if (strcmp(csv_get(&c, "set"), set) == 0)
			d->membership[n++] = (NsMembershipInput) {csv_id(&c, "srlg"),
				csv_id(&c, "link"), 1, 1};
	csv_close(&c);
	qsort(d->membership, n, sizeof(NsMembershipInput), compare_memberships);
	for (size_t i = 0; i < n; i++)
	{
		if (i > 0 && compare_memberships(&d->membership[i - 1],
										 &d->membership[i]) == 0)
			continue;			/* a row twice */
		if (i == 0 || d->membership[i].srlg_id != d->membership[i - 1].srlg_id)
			d->nsrlgs++;
		d->membership[d->nmemberships++] = d->membership[i];
	}
}

int
data_pairs(const char *directory, const Dataset *d, const NsGraph *g,
		   Pair *pairs, int room)
{
	Csv			c;
	int			n = 0;

	if (!csv_open(&c, directory, d->network, "pairs.csv"))
		return 0;
	while (csv_next(&c) && n < room)
	{
		Pair		p = {ns_graph_find_node_id(g, csv_id(&c, "src")),
		ns_graph_find_node_id(g, csv_id(&c, "dst"))};

		if (p.src >= 0 && p.dst >= 0 && p.src != p.dst)
			pairs[n++] = p;
	}
	csv_close(&c);
	return n;
}

NsGraph *
data_graph(Arena *a, const Dataset *d)
{
	NsGraphInput in = {.node = d->node,.nnodes = d->nnodes,.link = d->link,
		.nlinks = d->nlinks,.membership = d->membership,
	.nmemberships = d->nmemberships};
	NsGraphBlock *block;
	NsGraph    *g;
	NsResult	rc = ns_graph_build(&a->env, &in, &block);

	if (rc != NS_OK)
	{
		fprintf(stderr, "%s does not build: result %d\n", d->network, rc);
		exit(1);
	}
	g = ns_alloc_array(&a->env, 1, sizeof(NsGraph));
	if (g == NULL)
		exit(1);
	ns_graph_view(g, block);
	return g;
}

void
data_free(Dataset *d)
{
	for (size_t i = 0; i < d->nnodes; i++)
		free((void *) d->node[i].name);
	free(d->node);
	free(d->link);
	free(d->membership);
	memset(d, 0, sizeof(*d));
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

int
data_networks(const char *data, const char *source, char **names, int room)
{
	char		path[1024];
	DIR		   *dir;
	struct dirent *entry;
	int			n = 0;

	snprintf(path, sizeof(path), "%s/%s", data, source);
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL && n < room)
	{
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", source, entry->d_name);
		names[n++] = strdup(path);
	}
	if (dir != NULL)
		closedir(dir);
	qsort(names, (size_t) n, sizeof(char *), compare_names);
	return n;
}
