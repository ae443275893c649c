/*-------------------------------------------------------------------------
 *
 * antimeridian.c
 *	  Lines over the antimeridian, cut there before they are stored.
 *
 * Of PostGIS only WKB is used, in both directions.  What is no line in
 * longitude and latitude is handed back as it is: the tables' constraints say
 * what is wrong with it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "compat.h"
#include "env_pg.h"
#include "error.h"
#include "span_read.h"

#define SRID 4326
#define WKB_LINE 2
#define WKB_MULTI_LINE 5
#define HEADER_BYTES 9			/* byte order, type, count */

PG_FUNCTION_INFO_V1(netstate_split_antimeridian);
PG_FUNCTION_INFO_V1(netstate_split_antimeridian_trigger);

static char *
put_header(char *to, uint32 type, uint32 count)
{
#ifdef WORDS_BIGENDIAN
	*to++ = 0;
#else
	*to++ = 1;
#endif
	memcpy(to, &type, sizeof(type));
	memcpy(to + sizeof(type), &count, sizeof(count));
	return to + 2 * sizeof(uint32);
}

/* WKB of a line, or of lines where there are several parts. */
static bytea *
parts_wkb(const NsLineParts *parts)
{
	Size		points = parts->part[parts->nparts];
	Size		size = VARHDRSZ + HEADER_BYTES * ((Size) parts->nparts + 1) +
		points * sizeof(NsPoint);
	bytea	   *wkb = MemoryContextAllocHuge(CurrentMemoryContext, size);
	char	   *to = VARDATA(wkb);
	int			i;

	if (parts->nparts > 1)
		to = put_header(to, WKB_MULTI_LINE, parts->nparts);
	for (i = 0; i < parts->nparts; i++)
	{
		int			first = parts->part[i];
		int			n = parts->part[i + 1] - first;

		to = put_header(to, WKB_LINE, n);
		memcpy(to, &parts->point[first], n * sizeof(NsPoint));
		to += n * sizeof(NsPoint);
	}
	SET_VARSIZE(wkb, to - (char *) wkb);
	return wkb;
}

/* PostGIS's function, looked up once for each call that a statement prepares. */
static FmgrInfo *
as_binary_of(FmgrInfo *flinfo, Oid geometry)
{
	if (flinfo->fn_extra == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(flinfo->fn_mcxt);
		FmgrInfo   *as_binary = palloc(sizeof(FmgrInfo));

		span_as_binary(geometry, as_binary);
		flinfo->fn_extra = as_binary;
		MemoryContextSwitchTo(old);
	}
	return flinfo->fn_extra;
}

/* The geometry cut at the antimeridian, or as it is. */
static Datum
cut(FmgrInfo *flinfo, Oid geometry, Datum geom)
{
	static const Oid argtype[] = {BYTEAOID, INT4OID};
	EnvPg		region;
	FmgrInfo	from_wkb;
	bytea	   *wkb;
	NsLine		line;
	NsLineParts parts;
	NsResult	rc;

	wkb = DatumGetByteaPP(FunctionCall1(as_binary_of(flinfo, geometry), geom));
	env_pg_make(&region, CurrentMemoryContext, "netstate antimeridian");
	region.limit = SIZE_MAX / 2;
	rc = ns_line_from_wkb(&region.env, (const uint8_t *) VARDATA_ANY(wkb),
						  VARSIZE_ANY_EXHDR(wkb), &line);
	if (rc != NS_BAD_INPUT)
		error_check(rc, "line");
	if (rc == NS_OK && line.jumps && span_in_degrees(geometry, geom))
	{
		error_check(ns_line_split(&region.env, &line, &parts), "line");
		fmgr_info(span_postgis_function(geometry, "st_geomfromwkb", 2, argtype),
				  &from_wkb);
		geom = FunctionCall2(&from_wkb, PointerGetDatum(parts_wkb(&parts)),
							 Int32GetDatum(SRID));
	}
	env_pg_drop(&region);
	return geom;
}

Datum
netstate_split_antimeridian(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(cut(fcinfo->flinfo,
						get_fn_expr_argtype(fcinfo->flinfo, 0),
						PG_GETARG_DATUM(0)));
}

Datum
netstate_split_antimeridian_trigger(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	HeapTuple	tuple;
	TupleDesc	tupdesc;
	int			column;
	Datum		before;
	Datum		after;
	bool		null;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!TRIGGER_FIRED_BEFORE(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(trigdata->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("netstate.split_antimeridian_trigger() was not called as its trigger"),
				 errhint("The extension's own triggers call it; nothing else needs to.")));
	tupdesc = RelationGetDescr(trigdata->tg_relation);
	tuple = TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ?
		trigdata->tg_newtuple : trigdata->tg_trigtuple;
	column = SPI_fnumber(tupdesc, "geom");
	if (column <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("table \"%s\" has no column \"geom\"",
						RelationGetRelationName(trigdata->tg_relation)),
				 errhint("Drop the trigger \"%s\".",
						 trigdata->tg_trigger->tgname)));
	before = heap_getattr(tuple, column, tupdesc, &null);
	if (null)
		return PointerGetDatum(tuple);
	after = cut(fcinfo->flinfo, TupleDescAttr(tupdesc, column - 1)->atttypid,
				before);
	if (after != before)
	{
		null = false;
		tuple = heap_modify_tuple_by_cols(tuple, tupdesc, 1, &column, &after,
										  &null);
	}
	return PointerGetDatum(tuple);
}
