/*-------------------------------------------------------------------------
 *
 * question_group.c
 *	  What a group of shared risk stands for, by its id.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <stdlib.h>

#include "common/shortest_dec.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "question_group.h"

static const struct
{
	const char *kind;
	const char *element_kind;
}			derived[NS_RISK_NCODES] = {
	[NS_RISK_SPAN] = {"span", "span"},
	[NS_RISK_DUCT] = {"duct", "duct"},
	[NS_RISK_CABLE] = {"cable", "cable"},
	[NS_RISK_STRUCTURE] = {"structure", "structure"},
	[NS_RISK_SITE] = {"site", "site"},
	[NS_RISK_POWER_FEED] = {"power_feed", "power_feed"},
	[NS_RISK_CORRIDOR] = {"corridor", "corridor"},
	[NS_RISK_CORRIDOR_SIDE] = {"corridor_side", "corridor"},
	[NS_RISK_CROSSING] = {"crossing", "span_pair"},
	[NS_RISK_PROXIMITY] = {"proximity", "span_pair"},
	[NS_RISK_HAZARD_AREA] = {"hazard_area", "hazard_area"}
};

const char *
group_kind(int64_t srlg_id)
{
	return srlg_id < 0 && ns_risk_code(srlg_id) < NS_RISK_NCODES ?
		derived[ns_risk_code(srlg_id)].kind : NULL;
}

const char *
group_element(int64_t srlg_id, int64_t *element_id)
{
	*element_id = srlg_id;
	if (group_kind(srlg_id) == NULL)
		return "srlg";
	*element_id = ns_risk_element(srlg_id);
	if (ns_risk_code(srlg_id) == NS_RISK_CORRIDOR ||
		ns_risk_code(srlg_id) == NS_RISK_CORRIDOR_SIDE)
		*element_id >>= NS_STRETCH_BITS + NS_SIDE_BITS;
	return derived[ns_risk_code(srlg_id)].element_kind;
}

double
group_same_digits(float value)
{
	char		digits[FLOAT_SHORTEST_DECIMAL_LEN];

	if (value == 0 || value == 1)
		return value;
	float_to_shortest_decimal_buf(value, digits);
	return strtod(digits, NULL);
}

PG_FUNCTION_INFO_V1(netstate_risk_element);

Datum
netstate_risk_element(PG_FUNCTION_ARGS)
{
	int64		srlg_id = PG_GETARG_INT64(0);
	const char *kind = group_kind(srlg_id);
	int64		element_id;
	const char *element = group_element(srlg_id, &element_id);
	TupleDesc	desc;
	Datum		values[3];
	bool		nulls[3] = {0};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "netstate_risk_element() returns a row");
	nulls[0] = kind == NULL;
	values[0] = kind == NULL ? (Datum) 0 : CStringGetTextDatum(kind);
	values[1] = CStringGetTextDatum(element);
	values[2] = Int64GetDatum(element_id);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc),
													  values, nulls)));
}
