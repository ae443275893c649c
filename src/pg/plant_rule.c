/*-------------------------------------------------------------------------
 *
 * plant_rule.c
 *	  The rules by which groups follow from the plant: as shipped, overridden
 *	  column by column by the operator's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "utils/builtins.h"

#include "graph_table.h"
#include "plant_read.h"

static const char *const rule_words[NS_NRULES] = {
	[NS_RULE_SPAN] = "span",
	[NS_RULE_DUCT_BANK] = "duct_bank",
	[NS_RULE_DUCT] = "duct",
	[NS_RULE_CABLE] = "cable",
	[NS_RULE_STRUCTURE] = "structure",
	[NS_RULE_PASSAGE_OVER] = "passage_over",
	[NS_RULE_PASSAGE_UNDER] = "passage_under",
	[NS_RULE_PASSAGE_THROUGH] = "passage_through",
	[NS_RULE_SITE] = "site",
	[NS_RULE_POWER_FEED] = "power_feed",
	[NS_RULE_POWER_FEED_BACKED] = "power_feed_backed",
	[NS_RULE_CORRIDOR] = "corridor",
	[NS_RULE_CORRIDOR_SIDE] = "corridor_side",
	[NS_RULE_CROSSING] = "crossing",
	[NS_RULE_PROXIMITY] = "proximity",
	[NS_RULE_HAZARD_AREA] = "hazard_area",
};

int
plant_rule_kind(const char *word, size_t n)
{
	int			i;

	for (i = 0; i < NS_NRULES; i++)
		if (strlen(rule_words[i]) == n && memcmp(rule_words[i], word, n) == 0)
			return i;
	return -1;
}

const char *
plant_rule_word(NsRiskRuleKind kind)
{
	return rule_words[kind];
}

static void
take(double *to, const GraphRow *row, int column)
{
	double		value = graph_row_float8(row, column);

	if (!isnan(value))
		*to = value;
}

static void
rule_row(const GraphRow *row, void *state)
{
	NsRiskRule *rules = state;
	bool		null;
	Datum		word = graph_row_get(row, RULE_KIND, &null);
	text	   *t = DatumGetTextPP(word);
	int			kind = plant_rule_kind(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t));
	NsRiskRule *rule;
	Datum		enabled;

	if ((Pointer) t != DatumGetPointer(word))
		pfree(t);
	if (kind < 0)
		return;
	rule = &rules[kind];
	enabled = graph_row_get(row, RULE_ENABLED, &null);
	if (!null)
		rule->enabled = DatumGetBool(enabled);
	take(&rule->probability, row, RULE_PROBABILITY);
	take(&rule->distance_m, row, RULE_DISTANCE_M);
	take(&rule->min_length_m, row, RULE_MIN_LENGTH_M);
}

void
plant_read_rules(NsRiskRule *rule)
{
	memset(rule, 0, NS_NRULES * sizeof(NsRiskRule));
	graph_table_scan(GRAPH_RISK_RULE_DEFAULT, rule_row, rule);
	graph_table_scan(GRAPH_RISK_RULE, rule_row, rule);
}
