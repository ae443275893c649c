-- Lines over the antimeridian are stored in two parts, so that boxes, indexes and
-- maps have them where they are.

--| Trigger function: cuts `geom` at the antimeridian.
CREATE FUNCTION netstate.split_antimeridian_trigger() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_split_antimeridian_trigger';

COMMENT ON FUNCTION netstate.split_antimeridian_trigger() IS
	'Trigger function: cuts geom at the antimeridian.';

DO $do$
DECLARE
	lined pg_catalog.text;
BEGIN
	EXECUTE (SELECT pg_catalog.format($sql$
--| A line cut at the antimeridian: where two neighbouring points are more than 180
--| degrees of longitude apart, the way between them is meant to be the shorter
--| one, and the line comes back as a `MultiLineString` with a point at 180 and
--| one at -180 there. Everything else comes back as it is, also what is no line
--| or not in longitude and latitude. `span`, `corridor` and `link` are cut so as
--| they are written. Costs about 1 us.
CREATE FUNCTION netstate.split_antimeridian(geom %1$I.geometry) RETURNS %1$I.geometry
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_split_antimeridian';

COMMENT ON FUNCTION netstate.split_antimeridian(%1$I.geometry) IS
	'A line cut at the antimeridian.';
	$sql$, n.nspname)
	FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
	WHERE e.extname OPERATOR(pg_catalog.=) 'postgis');

	FOREACH lined IN ARRAY ARRAY['span', 'corridor', 'link'] LOOP
		EXECUTE pg_catalog.format($sql$
			CREATE TRIGGER split_antimeridian BEFORE INSERT OR UPDATE OF geom ON netstate.%1$I
				FOR EACH ROW WHEN (new.geom IS NOT NULL)
				EXECUTE FUNCTION netstate.split_antimeridian_trigger();
			COMMENT ON TRIGGER split_antimeridian ON netstate.%1$I IS 'Cuts geom at the antimeridian.';
		$sql$, lined);
	END LOOP;
END
$do$;
