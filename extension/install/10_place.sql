-- Places: regions, their zones, sites and what feeds them.
--
-- PostGIS may live in any schema, and that schema must not be searched: it is
-- usually public, where others may create things.  So its type and functions
-- are named here, once, with the schema that pg_extension gives.  Tables take
-- their geometry column from two shapes by LIKE; 90_dump.sql drops the shapes.

DO $do$
DECLARE
	postgis pg_catalog.name;
BEGIN
	SELECT n.nspname INTO STRICT postgis
	FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
	WHERE e.extname OPERATOR(pg_catalog.=) 'postgis';

	EXECUTE pg_catalog.format($sql$
		CREATE TABLE netstate.with_point (geom %1$I.geometry(Point, 4326));
		CREATE TABLE netstate.with_shape (geom %1$I.geometry(Geometry, 4326));
	$sql$, postgis);

	-- The gates call no GEOS function: that library crashes on some of what
	-- they keep out.  A length is NaN when any coordinate is, which the
	-- bounding box does not show.  Each call has the very argument types of its
	-- function (ST_XMin takes a box): where a cast were needed, a function that
	-- somebody made in PostGIS's schema for a geometry would be called instead.
	EXECUTE pg_catalog.format($sql$
--| Internal to the tables: whether a geometry may stand in a `Point` column:
--| one point that is not empty, SRID 4326, longitude -180 to 180, latitude -90
--| to 90, finite. NULL for NULL. The tables' CHECK constraints call it; costs
--| about 1 us.
CREATE FUNCTION netstate.valid_point(geom %1$I.geometry) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_valid_geometry';

--| Internal: the tests of `valid_point`, of a geometry that is given.
CREATE FUNCTION netstate.valid_point_given(geom %1$I.geometry) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
		WHEN geom IS NULL THEN NULL
		WHEN %1$I.ST_IsEmpty(geom) THEN false
		WHEN %1$I.ST_GeometryType(geom) = 'ST_Point'
			THEN %1$I.ST_SRID(geom) = 4326
				AND %1$I.ST_X(geom) BETWEEN -180 AND 180
				AND %1$I.ST_Y(geom) BETWEEN -90 AND 90
		ELSE false
	END;
	$sql$, postgis);

	EXECUTE pg_catalog.format($sql$
--| Internal to the tables: whether a geometry may be the course of a link: a
--| `LineString`, or a `MultiLineString` (split at the antimeridian); not empty,
--| without empty or one-point parts, SRID 4326, every longitude -180 to 180 and
--| latitude -90 to 90, finite, at most 100,000 vertices. NULL for NULL. The
--| tables' CHECK constraints call it; costs about 1 us and 0.5 us per vertex.
CREATE FUNCTION netstate.valid_line(geom %1$I.geometry) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_valid_geometry';

--| Internal: the tests of `valid_line`, of a geometry that is given.
CREATE FUNCTION netstate.valid_line_given(geom %1$I.geometry) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
		WHEN geom IS NULL THEN NULL
		WHEN %1$I.ST_IsEmpty(geom) OR %1$I.ST_NPoints(geom) > 100000 THEN false
		WHEN %1$I.ST_GeometryType(geom) = 'ST_LineString'
			THEN %1$I.ST_NPoints(geom) >= 2
		WHEN %1$I.ST_GeometryType(geom) = 'ST_MultiLineString'
			THEN %1$I.ST_AsText(geom, 0) !~ 'EMPTY|\([^,()]*\)'
		ELSE false
	END
	AND %1$I.ST_SRID(geom) = 4326
	AND %1$I.ST_XMin(%1$I.Box3D(geom)) >= -180 AND %1$I.ST_XMax(%1$I.Box3D(geom)) <= 180
	AND %1$I.ST_YMin(%1$I.Box3D(geom)) >= -90 AND %1$I.ST_YMax(%1$I.Box3D(geom)) <= 90
	AND %1$I.ST_Length(geom) < 'Infinity';
	$sql$, postgis);

	EXECUTE pg_catalog.format($sql$
--| Internal to the tables: whether a geometry may be an area: a `Polygon` or
--| `MultiPolygon`; not empty, without empty parts or rings, SRID 4326, every
--| longitude -180 to 180 and latitude -90 to 90, finite, at most 100,000
--| vertices. NULL for NULL. The tables' CHECK constraints call it; costs about
--| 1 us per vertex.
CREATE FUNCTION netstate.valid_area(geom %1$I.geometry) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_valid_geometry';

--| Internal: the tests of `valid_area`, of a geometry that is given.
CREATE FUNCTION netstate.valid_area_given(geom %1$I.geometry) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
		WHEN geom IS NULL THEN NULL
		WHEN %1$I.ST_IsEmpty(geom) OR %1$I.ST_NPoints(geom) > 100000 THEN false
		WHEN %1$I.ST_GeometryType(geom) = 'ST_Polygon'
			OR %1$I.ST_GeometryType(geom) = 'ST_MultiPolygon'
			THEN %1$I.ST_AsText(geom, 0) !~ 'EMPTY|\([^,()]*\)'
		ELSE false
	END
	AND %1$I.ST_SRID(geom) = 4326
	AND %1$I.ST_XMin(%1$I.Box3D(geom)) >= -180 AND %1$I.ST_XMax(%1$I.Box3D(geom)) <= 180
	AND %1$I.ST_YMin(%1$I.Box3D(geom)) >= -90 AND %1$I.ST_YMax(%1$I.Box3D(geom)) <= 90
	AND %1$I.ST_Perimeter(geom) < 'Infinity';
	$sql$, postgis);

	EXECUTE pg_catalog.format($sql$
		COMMENT ON FUNCTION netstate.valid_point_given(%1$I.geometry) IS
			'Internal: the tests of valid_point.';
		COMMENT ON FUNCTION netstate.valid_line_given(%1$I.geometry) IS
			'Internal: the tests of valid_line.';
		COMMENT ON FUNCTION netstate.valid_area_given(%1$I.geometry) IS
			'Internal: the tests of valid_area.';
		COMMENT ON FUNCTION netstate.valid_point(%1$I.geometry) IS
			'Internal: whether a geometry is one finite point in SRID 4326, within range.';
		COMMENT ON FUNCTION netstate.valid_line(%1$I.geometry) IS
			'Internal: whether a geometry is a finite line in SRID 4326, within range and without empty parts.';
		COMMENT ON FUNCTION netstate.valid_area(%1$I.geometry) IS
			'Internal: whether a geometry is a finite area in SRID 4326, within range and without empty parts.';
	$sql$, postgis);
END
$do$;

--| Internal to the tables: whether a text may be a name: 1 to 500 characters,
--| no blank, tab or line end at either end. NULL for NULL. The tables' CHECK
--| constraints call it.
CREATE FUNCTION netstate.valid_name(name text) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_valid_name';

COMMENT ON FUNCTION netstate.valid_name(text) IS
	'Internal: whether a text is 1 to 500 characters long with no blanks around it.';

--| Internal to the tables: whether a quantity is finite and not negative. NULL
--| for NULL, which stands for unknown. The tables' CHECK constraints call it.
CREATE FUNCTION netstate.valid_quantity(quantity double precision) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_valid_quantity';

COMMENT ON FUNCTION netstate.valid_quantity(double precision) IS
	'Internal: whether a quantity is finite and not negative.';

--| Regions: the largest places, each with zones that fail independently.
CREATE TABLE netstate.region (
	id bigint GENERATED BY DEFAULT AS IDENTITY,
	name text NOT NULL,
	CONSTRAINT region_pkey PRIMARY KEY (id),
	CONSTRAINT region_name_is_unique UNIQUE (name),
	CONSTRAINT region_id_is_positive CHECK (id > 0),
	CONSTRAINT region_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name))
);

COMMENT ON TABLE netstate.region IS 'Regions: the largest places, each with zones that fail independently.';
COMMENT ON COLUMN netstate.region.id IS 'Key.';
COMMENT ON COLUMN netstate.region.name IS 'Name, unique; 1 to 500 characters.';

--| Zones of a region, such as availability zones: each fails on its own.
--| A region with zones cannot be deleted (23503).
CREATE TABLE netstate.zone (
	id bigint GENERATED BY DEFAULT AS IDENTITY,
	region_id bigint NOT NULL,
	name text NOT NULL,
	CONSTRAINT zone_pkey PRIMARY KEY (id),
	CONSTRAINT zone_name_is_unique_in_region UNIQUE (region_id, name),
	CONSTRAINT zone_is_in_region FOREIGN KEY (region_id)
		REFERENCES netstate.region (id),
	CONSTRAINT zone_id_is_positive CHECK (id > 0),
	CONSTRAINT zone_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name))
);

COMMENT ON TABLE netstate.zone IS 'Zones of a region: each fails on its own.';
COMMENT ON COLUMN netstate.zone.id IS 'Key.';
COMMENT ON COLUMN netstate.zone.region_id IS 'Region that the zone is in.';
COMMENT ON COLUMN netstate.zone.name IS 'Name, unique in the region; 1 to 500 characters.';

--| Sites: buildings, metros, cable landings, branching units. `zone_id` is NULL
--| for a site outside every zone. A zone with sites cannot be deleted, nor a
--| site with nodes (23503).
CREATE TABLE netstate.site (
	id bigint GENERATED BY DEFAULT AS IDENTITY,
	zone_id bigint,
	name text NOT NULL,
	kind text,
	LIKE netstate.with_point,
	CONSTRAINT site_pkey PRIMARY KEY (id),
	CONSTRAINT site_name_is_unique_in_zone UNIQUE NULLS NOT DISTINCT (zone_id, name),
	CONSTRAINT site_is_in_zone FOREIGN KEY (zone_id)
		REFERENCES netstate.zone (id),
	CONSTRAINT site_id_is_positive CHECK (id > 0),
	CONSTRAINT site_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name)),
	CONSTRAINT site_kind_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(kind)),
	CONSTRAINT site_geom_is_point_in_range CHECK (netstate.valid_point(geom))
);

CREATE INDEX site_geom_idx ON netstate.site USING gist (geom);

COMMENT ON TABLE netstate.site IS 'Sites: buildings, metros, cable landings, branching units.';
COMMENT ON COLUMN netstate.site.id IS 'Key.';
COMMENT ON COLUMN netstate.site.zone_id IS 'Zone that the site is in; NULL outside every zone.';
COMMENT ON COLUMN netstate.site.name IS 'Name, unique in the zone, or among sites without one; 1 to 500 characters.';
COMMENT ON COLUMN netstate.site.kind IS 'Kind, any word, such as pop, data_centre, exchange, cable_landing, metro.';
COMMENT ON COLUMN netstate.site.geom IS 'Place: a point in longitude and latitude (SRID 4326), degrees.';

--| Power feeds: supplies that several sites may share, and lose together. A feed
--| that sites use cannot be deleted (23503).
CREATE TABLE netstate.power_feed (
	id bigint GENERATED BY DEFAULT AS IDENTITY,
	name text NOT NULL,
	CONSTRAINT power_feed_pkey PRIMARY KEY (id),
	CONSTRAINT power_feed_name_is_unique UNIQUE (name),
	CONSTRAINT power_feed_id_is_positive CHECK (id > 0),
	CONSTRAINT power_feed_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name))
);

COMMENT ON TABLE netstate.power_feed IS 'Power feeds: supplies that several sites may share, and lose together.';
COMMENT ON COLUMN netstate.power_feed.id IS 'Key.';
COMMENT ON COLUMN netstate.power_feed.name IS 'Name, unique; 1 to 500 characters.';

--| Which feeds a site draws on. The rows go with their site.
CREATE TABLE netstate.site_power_feed (
	site_id bigint NOT NULL,
	power_feed_id bigint NOT NULL,
	CONSTRAINT site_power_feed_pkey PRIMARY KEY (site_id, power_feed_id),
	CONSTRAINT site_power_feed_is_of_site FOREIGN KEY (site_id)
		REFERENCES netstate.site (id) ON DELETE CASCADE,
	CONSTRAINT site_power_feed_is_from_power_feed FOREIGN KEY (power_feed_id)
		REFERENCES netstate.power_feed (id)
);

CREATE INDEX site_power_feed_power_feed_id_idx ON netstate.site_power_feed (power_feed_id);

COMMENT ON TABLE netstate.site_power_feed IS 'Which power feeds a site draws on.';
COMMENT ON COLUMN netstate.site_power_feed.site_id IS 'Site that draws.';
COMMENT ON COLUMN netstate.site_power_feed.power_feed_id IS 'Feed that it draws on.';

