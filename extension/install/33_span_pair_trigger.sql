-- How span_pair is kept, and what it should hold.

-- A transaction looks for its own pairs by either span.
CREATE INDEX span_pair_own_xid_b_span_id_idx ON netstate.span_pair_own (xid, b_span_id);

--| Trigger function: derives the pairs of the spans that a statement changed, or
--| whose structures it moved, into `span_pair_own`. They reach `span_pair` at
--| COMMIT.
CREATE FUNCTION netstate.span_pair_change() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_span_pair_change';

COMMENT ON FUNCTION netstate.span_pair_change() IS
	'Trigger function: derives the pairs of the spans that a statement changed.';

-- Not for logical replication: a subscriber is sent the pairs.
CREATE TRIGGER span_pair_insert AFTER INSERT ON netstate.span
	REFERENCING NEW TABLE AS after
	FOR EACH STATEMENT EXECUTE FUNCTION netstate.span_pair_change();
CREATE TRIGGER span_pair_update AFTER UPDATE ON netstate.span
	REFERENCING OLD TABLE AS before NEW TABLE AS after
	FOR EACH STATEMENT EXECUTE FUNCTION netstate.span_pair_change();
CREATE TRIGGER span_pair_delete AFTER DELETE ON netstate.span
	REFERENCING OLD TABLE AS before
	FOR EACH STATEMENT EXECUTE FUNCTION netstate.span_pair_change();
CREATE TRIGGER span_pair_truncate AFTER TRUNCATE ON netstate.span
	FOR EACH STATEMENT EXECUTE FUNCTION netstate.span_pair_change();
CREATE TRIGGER span_pair_update AFTER UPDATE ON netstate.structure
	REFERENCING OLD TABLE AS before NEW TABLE AS after
	FOR EACH STATEMENT EXECUTE FUNCTION netstate.span_pair_change();
-- One statement may delete a structure and put it in again elsewhere.
CREATE TRIGGER span_pair_delete AFTER DELETE ON netstate.structure
	REFERENCING OLD TABLE AS before
	FOR EACH STATEMENT EXECUTE FUNCTION netstate.span_pair_change();

COMMENT ON TRIGGER span_pair_insert ON netstate.span IS 'Derives pairs of spans.';
COMMENT ON TRIGGER span_pair_update ON netstate.span IS 'Derives pairs of spans.';
COMMENT ON TRIGGER span_pair_delete ON netstate.span IS 'Derives pairs of spans.';
COMMENT ON TRIGGER span_pair_truncate ON netstate.span IS 'Derives pairs of spans.';
COMMENT ON TRIGGER span_pair_update ON netstate.structure IS 'Derives pairs of spans.';
COMMENT ON TRIGGER span_pair_delete ON netstate.structure IS 'Derives pairs of spans.';

DO $do$
DECLARE
	postgis pg_catalog.name;
BEGIN
	SELECT n.nspname INTO STRICT postgis
	FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
	WHERE e.extname OPERATOR(pg_catalog.=) 'postgis';

	EXECUTE pg_catalog.format($sql$
--| How near two lines are to each other, as in `span_pair`: whether they cross,
--| their least distance in m, and how much of one lies within 1 to 25 m of the
--| other. What lies near one of the two shared points does not count. NULL when
--| nothing of them is within 25 m. 22023 for what is no line, or no point, in
--| longitude and latitude. Costs about 3 us, and 2 us for each two segments that
--| are near.
CREATE FUNCTION netstate.line_pair(a %1$I.geometry, b %1$I.geometry, shared %1$I.geometry DEFAULT NULL,
	also_shared %1$I.geometry DEFAULT NULL, OUT crosses boolean, OUT distance_m double precision, OUT run_m real[])
RETURNS record
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_line_pair';

COMMENT ON FUNCTION netstate.line_pair(%1$I.geometry, %1$I.geometry, %1$I.geometry, %1$I.geometry) IS
	'How near two lines are to each other, as in span_pair.';
	$sql$, postgis);

	-- 0.00023 degrees of latitude are a little over 25 m; 0.0002 more than that
	-- of longitude, and anything near a pole.  A box is grown by that, and
	-- looked for on both sides of the antimeridian.
	EXECUTE pg_catalog.format($sql$
--| What `span_pair` should hold, derived anew: the pairs of the given spans, or
--| of all. By a join of the spans' boxes in SQL, which shares with the triggers
--| only the measure of two lines, `line_pair`. Some 20 s for 300,000 spans; for a few
--| of them, 0.3 s: the table is read all the same.
CREATE FUNCTION netstate.span_pair_derive(spans bigint[] DEFAULT NULL)
RETURNS TABLE (a_span_id bigint, b_span_id bigint, crosses boolean, distance_m double precision, run_m real[])
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	WITH box AS (
		SELECT s.id, s.geom, s.a_structure_id, s.z_structure_id,
			%1$I.ST_XMin(%1$I.Box3D(s.geom)) AS west, %1$I.ST_XMax(%1$I.Box3D(s.geom)) AS east,
			%1$I.ST_YMin(%1$I.Box3D(s.geom)) - 0.00023 AS south, %1$I.ST_YMax(%1$I.Box3D(s.geom)) + 0.00023 AS north
		FROM netstate.span s
		WHERE spans IS NULL OR s.id = ANY (spans)
	), grown AS (
		SELECT x.id, x.geom, x.a_structure_id, x.z_structure_id, x.west - m.lon AS west, x.south,
			x.east + m.lon AS east, x.north
		FROM box x
		CROSS JOIN LATERAL (
			SELECT CASE WHEN greatest(abs(x.south), abs(x.north)) < 89.9
				THEN 0.00023 / cosd(greatest(abs(x.south), abs(x.north))) ELSE 360 END
		) m (lon)
	), candidate AS (
		SELECT DISTINCT least(x.id, y.id) AS a_id, greatest(x.id, y.id) AS b_id
		FROM grown x
		CROSS JOIN (VALUES (-360), (0), (360)) t (turn)
		JOIN netstate.span y
			ON y.geom OPERATOR(%1$I.&&) %1$I.ST_MakeEnvelope(x.west + t.turn, x.south, x.east + t.turn, x.north, 4326)
			AND y.id + 0 <> x.id + 0
		WHERE x.west + t.turn <= 180 AND x.east + t.turn >= -180
	)
	SELECT c.a_id, c.b_id, p.crosses, p.distance_m, p.run_m
	FROM candidate c
	JOIN netstate.span a ON a.id = c.a_id
	JOIN netstate.span b ON b.id = c.b_id
	JOIN netstate.structure sa ON sa.id = a.a_structure_id
	JOIN netstate.structure sz ON sz.id = a.z_structure_id
	CROSS JOIN LATERAL netstate.line_pair(a.geom, b.geom,
		CASE WHEN sa.id IN (b.a_structure_id, b.z_structure_id) THEN sa.geom END,
		CASE WHEN sz.id IN (b.a_structure_id, b.z_structure_id) THEN sz.geom END) p
	WHERE p.crosses IS NOT NULL;
END;

COMMENT ON FUNCTION netstate.span_pair_derive(bigint[]) IS
	'What span_pair should hold, derived anew.';
	$sql$, postgis);
END
$do$;
