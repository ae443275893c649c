\echo Use "CREATE EXTENSION netstate CASCADE" to load this file. \quit

-- Every name below is qualified; nothing is looked up by search_path.
SET LOCAL search_path = pg_catalog, pg_temp;

-- Created here, not by the control file, so that a schema which somebody else
-- made and owns makes CREATE EXTENSION fail instead of being used.
CREATE SCHEMA netstate;
COMMENT ON SCHEMA netstate IS 'Network state: topology, shared risk, demand and the functions that answer from them.';

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

-- The plant in the ground: structures, and the spans of trench, pole line or
-- seabed between them, with the ducts that lie there.
--
-- Ids of plant are bounded so that the group that follows from an element can
-- have an id computed from the element's: 2^59 for most, 2^29 for spans, two of
-- which make a pair, 2^31 for corridors, which are cut into stretches.

-- Places are elements of risk, too.
ALTER TABLE netstate.region ADD CONSTRAINT region_id_is_below_2_to_the_59 CHECK (id < 576460752303423488);
ALTER TABLE netstate.zone ADD CONSTRAINT zone_id_is_below_2_to_the_59 CHECK (id < 576460752303423488);
ALTER TABLE netstate.site ADD CONSTRAINT site_id_is_below_2_to_the_59 CHECK (id < 576460752303423488);
ALTER TABLE netstate.power_feed ADD CONSTRAINT power_feed_id_is_below_2_to_the_59 CHECK (id < 576460752303423488);

--| Structures: manholes, handholes, poles, vaults, cabinets, building entrances,
--| bridges, tunnels: what spans run between, and over, under or through. The
--| name is unique in all the plant: it is the name of the node in network
--| `plant`. What is not `operational` takes down what ends there. A structure at
--| which spans end, nodes stand or cables are spliced cannot be deleted (23503).
CREATE TABLE netstate.structure (
	id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 576460752303423487),
	site_id bigint,
	name text NOT NULL,
	kind text,
	LIKE netstate.with_point,
	status text NOT NULL DEFAULT 'operational',
	CONSTRAINT structure_pkey PRIMARY KEY (id),
	CONSTRAINT structure_name_is_unique UNIQUE (name),
	CONSTRAINT structure_is_at_site FOREIGN KEY (site_id)
		REFERENCES netstate.site (id),
	CONSTRAINT structure_id_is_positive CHECK (id > 0),
	CONSTRAINT structure_id_is_below_2_to_the_59 CHECK (id < 576460752303423488),
	CONSTRAINT structure_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name)),
	CONSTRAINT structure_kind_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(kind)),
	CONSTRAINT structure_geom_is_point_in_range CHECK (netstate.valid_point(geom)),
	CONSTRAINT structure_status_is_known CHECK (status OPERATOR(pg_catalog.=) ANY (
		ARRAY['proposed', 'planned', 'under_construction', 'operational', 'cut', 'inactive', 'decommissioned']))
);

ALTER TABLE netstate.structure ALTER COLUMN geom SET NOT NULL;
CREATE INDEX structure_site_id_idx ON netstate.structure (site_id) WHERE site_id IS NOT NULL;
CREATE INDEX structure_geom_idx ON netstate.structure USING gist (geom);

COMMENT ON TABLE netstate.structure IS 'Structures of the plant: manholes, poles, building entrances, bridges, tunnels.';
COMMENT ON COLUMN netstate.structure.id IS 'Key, below 2^59.';
COMMENT ON COLUMN netstate.structure.site_id IS 'Site that the structure belongs to, such as the building of an entrance, or NULL.';
COMMENT ON COLUMN netstate.structure.name IS 'Name, unique in all the plant; 1 to 500 characters.';
COMMENT ON COLUMN netstate.structure.kind IS 'Kind, any word, such as manhole, handhole, pole, vault, cabinet, building_entrance, bridge, tunnel.';
COMMENT ON COLUMN netstate.structure.geom IS 'Place: a point in longitude and latitude (SRID 4326), degrees.';
COMMENT ON COLUMN netstate.structure.status IS 'What the operator says of it: proposed, planned, under_construction, operational, cut, inactive or decommissioned.';

--| Corridors: roads, railways, rivers, rights of way that several spans follow,
--| cut into stretches from the start of the line. A corridor that spans follow
--| cannot be deleted (23503).
CREATE TABLE netstate.corridor (
	id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 2147483647),
	name text NOT NULL,
	kind text,
	LIKE netstate.with_shape,
	CONSTRAINT corridor_pkey PRIMARY KEY (id),
	CONSTRAINT corridor_name_is_unique UNIQUE (name),
	CONSTRAINT corridor_id_is_positive CHECK (id > 0),
	CONSTRAINT corridor_id_is_below_2_to_the_31 CHECK (id < 2147483648),
	CONSTRAINT corridor_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name)),
	CONSTRAINT corridor_kind_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(kind)),
	CONSTRAINT corridor_geom_is_line_in_range_without_empty_parts CHECK (netstate.valid_line(geom))
);

ALTER TABLE netstate.corridor ALTER COLUMN geom SET NOT NULL;
CREATE INDEX corridor_geom_idx ON netstate.corridor USING gist (geom);

COMMENT ON TABLE netstate.corridor IS 'Corridors that spans follow: roads, railways, rivers, rights of way.';
COMMENT ON COLUMN netstate.corridor.id IS 'Key, below 2^31.';
COMMENT ON COLUMN netstate.corridor.name IS 'Name, unique; 1 to 500 characters.';
COMMENT ON COLUMN netstate.corridor.kind IS 'Kind, any word, such as motorway, railway, river.';
COMMENT ON COLUMN netstate.corridor.geom IS 'Course: LineString, or MultiLineString split at the antimeridian, SRID 4326, degrees; stretches are counted from its start.';

--| Hazard areas: flood plains, earthquake zones, war zones: what lies in one is
--| struck by one event.
CREATE TABLE netstate.hazard_area (
	id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 576460752303423487),
	name text NOT NULL,
	kind text,
	LIKE netstate.with_shape,
	CONSTRAINT hazard_area_pkey PRIMARY KEY (id),
	CONSTRAINT hazard_area_name_is_unique UNIQUE (name),
	CONSTRAINT hazard_area_id_is_positive CHECK (id > 0),
	CONSTRAINT hazard_area_id_is_below_2_to_the_59 CHECK (id < 576460752303423488),
	CONSTRAINT hazard_area_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name)),
	CONSTRAINT hazard_area_kind_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(kind)),
	CONSTRAINT hazard_area_geom_is_area_in_range_without_empty_parts CHECK (netstate.valid_area(geom))
);

ALTER TABLE netstate.hazard_area ALTER COLUMN geom SET NOT NULL;
CREATE INDEX hazard_area_geom_idx ON netstate.hazard_area USING gist (geom);

COMMENT ON TABLE netstate.hazard_area IS 'Hazard areas: what lies in one is struck by one event.';
COMMENT ON COLUMN netstate.hazard_area.id IS 'Key, below 2^59.';
COMMENT ON COLUMN netstate.hazard_area.name IS 'Name, unique; 1 to 500 characters.';
COMMENT ON COLUMN netstate.hazard_area.kind IS 'Kind, any word, such as flood, earthquake, fishing.';
COMMENT ON COLUMN netstate.hazard_area.geom IS 'Polygon or MultiPolygon, SRID 4326, degrees.';

--| Spans: trench, bore, pole line or seabed between two structures, the smallest
--| part of the plant that one digger cuts. It runs from A to Z. `length_m` is as
--| built, NULL where nobody measured; `drawn_m` is what the line on the map
--| measures. Deleting a span deletes its ducts and crossings; one that cables
--| lie in cannot be deleted (23503).
CREATE TABLE netstate.span (
	id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 536870911),
	name text NOT NULL,
	a_structure_id bigint NOT NULL,
	z_structure_id bigint NOT NULL,
	kind text,
	corridor_id bigint,
	side text,
	encasement text NOT NULL DEFAULT 'none',
	LIKE netstate.with_shape,
	length_m double precision,
	status text NOT NULL DEFAULT 'operational',
	mtbf_hours double precision,
	mttr_hours double precision,
	CONSTRAINT span_pkey PRIMARY KEY (id),
	CONSTRAINT span_name_is_unique UNIQUE (name),
	CONSTRAINT span_a_structure_is_in_plant FOREIGN KEY (a_structure_id)
		REFERENCES netstate.structure (id),
	CONSTRAINT span_z_structure_is_in_plant FOREIGN KEY (z_structure_id)
		REFERENCES netstate.structure (id),
	CONSTRAINT span_follows_corridor FOREIGN KEY (corridor_id)
		REFERENCES netstate.corridor (id),
	CONSTRAINT span_ends_differ CHECK (a_structure_id <> z_structure_id),
	CONSTRAINT span_id_is_positive CHECK (id > 0),
	CONSTRAINT span_id_is_below_2_to_the_29 CHECK (id < 536870912),
	CONSTRAINT span_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name)),
	CONSTRAINT span_kind_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(kind)),
	CONSTRAINT span_side_is_known CHECK (side OPERATOR(pg_catalog.=) ANY (
		ARRAY['left', 'right', 'median'])),
	CONSTRAINT span_side_is_of_a_corridor CHECK (side IS NULL OR corridor_id IS NOT NULL),
	CONSTRAINT span_encasement_is_known CHECK (encasement OPERATOR(pg_catalog.=) ANY (
		ARRAY['none', 'cast', 'prefabricated'])),
	CONSTRAINT span_geom_is_line_in_range_without_empty_parts CHECK (netstate.valid_line(geom)),
	CONSTRAINT span_length_m_is_finite_and_not_negative CHECK (netstate.valid_quantity(length_m)),
	CONSTRAINT span_status_is_known CHECK (status OPERATOR(pg_catalog.=) ANY (
		ARRAY['proposed', 'planned', 'under_construction', 'operational', 'cut', 'inactive', 'decommissioned'])),
	CONSTRAINT span_mtbf_hours_is_finite_and_positive
		CHECK (netstate.valid_quantity(mtbf_hours) AND mtbf_hours > 0),
	CONSTRAINT span_mttr_hours_is_finite_and_not_negative
		CHECK (netstate.valid_quantity(mttr_hours))
);

ALTER TABLE netstate.span ALTER COLUMN geom SET NOT NULL;

-- A stored column is computed before the CHECKs are looked at: what they refuse
-- must not get as far as PostGIS.  Not by geography: that would look for the
-- spheroid in a table, and refuse an edge that is half a circle.
DO $do$
BEGIN
	EXECUTE (SELECT pg_catalog.format($sql$
		ALTER TABLE netstate.span ADD COLUMN drawn_m double precision GENERATED ALWAYS AS (
			CASE WHEN netstate.valid_line(geom) THEN
				%1$I.ST_LengthSpheroid(geom, 'SPHEROID["WGS 84",6378137,298.257223563]'::%1$I.spheroid) END) STORED
	$sql$, n.nspname)
	FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
	WHERE e.extname OPERATOR(pg_catalog.=) 'postgis');
END
$do$;

CREATE INDEX span_a_structure_id_idx ON netstate.span (a_structure_id);
CREATE INDEX span_z_structure_id_idx ON netstate.span (z_structure_id);
CREATE INDEX span_corridor_id_idx ON netstate.span (corridor_id) WHERE corridor_id IS NOT NULL;
CREATE INDEX span_geom_idx ON netstate.span USING gist (geom);

COMMENT ON TABLE netstate.span IS 'Spans: trench, bore, pole line or seabed between two structures.';
COMMENT ON COLUMN netstate.span.id IS 'Key, below 2^29.';
COMMENT ON COLUMN netstate.span.name IS 'Name, unique in all the plant; 1 to 500 characters.';
COMMENT ON COLUMN netstate.span.a_structure_id IS 'Structure at the A end, where the line starts.';
COMMENT ON COLUMN netstate.span.z_structure_id IS 'Structure at the Z end, where the line ends.';
COMMENT ON COLUMN netstate.span.kind IS 'Kind, any word, such as trench, bore, aerial, bridge, tunnel, submarine, direct_buried.';
COMMENT ON COLUMN netstate.span.corridor_id IS 'Corridor that the span follows, or NULL.';
COMMENT ON COLUMN netstate.span.side IS 'Side of the corridor, in the direction of the corridor''s line: left, right or median; NULL where it is not known.';
COMMENT ON COLUMN netstate.span.encasement IS 'What holds the ducts together: none, cast (in concrete on the spot) or prefabricated.';
COMMENT ON COLUMN netstate.span.geom IS 'Course from A to Z: LineString, or MultiLineString split at the antimeridian, SRID 4326, degrees.';
COMMENT ON COLUMN netstate.span.length_m IS 'Length as built, m; NULL: as drawn.';
COMMENT ON COLUMN netstate.span.status IS 'What the operator says of it: proposed, planned, under_construction, operational, cut, inactive or decommissioned.';
COMMENT ON COLUMN netstate.span.mtbf_hours IS 'Mean time between cuts of the whole span, hours; NULL: by its length and the rule.';
COMMENT ON COLUMN netstate.span.mttr_hours IS 'Mean time to repair, hours; NULL: the rule''s.';
COMMENT ON COLUMN netstate.span.drawn_m IS 'Length as drawn: of the line on the spheroid, m. Follows from geom.';

--| Which spans run over, under or through a structure, such as a bridge or a
--| tunnel. Goes with its span.
CREATE TABLE netstate.span_crossing (
	span_id bigint NOT NULL,
	structure_id bigint NOT NULL,
	passage text NOT NULL,
	CONSTRAINT span_crossing_pkey PRIMARY KEY (span_id, structure_id),
	CONSTRAINT span_crossing_is_of_span FOREIGN KEY (span_id)
		REFERENCES netstate.span (id) ON DELETE CASCADE,
	CONSTRAINT span_crossing_is_at_structure FOREIGN KEY (structure_id)
		REFERENCES netstate.structure (id),
	CONSTRAINT span_crossing_passage_is_known CHECK (passage OPERATOR(pg_catalog.=) ANY (
		ARRAY['over', 'under', 'through']))
);

CREATE INDEX span_crossing_structure_id_idx ON netstate.span_crossing (structure_id);

COMMENT ON TABLE netstate.span_crossing IS 'Which spans run over, under or through a structure, such as a bridge or a tunnel.';
COMMENT ON COLUMN netstate.span_crossing.span_id IS 'Span that passes.';
COMMENT ON COLUMN netstate.span_crossing.structure_id IS 'Structure that it passes.';
COMMENT ON COLUMN netstate.span_crossing.passage IS 'How: over, under or through.';

--| Ducts of a span, in one another to any depth: conduit, subduct, microduct. A
--| duct lies in at most one other of its span. `depth` (1 for the outermost) and
--| `parent_depth` are copies that a trigger fills: a duct is one deeper than what
--| it lies in, so nothing lies in itself, however indirectly (23514). Ducts go
--| with their span; one that holds others or a cable cannot be deleted alone
--| (23503).
CREATE TABLE netstate.duct (
	id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 576460752303423487),
	span_id bigint NOT NULL,
	parent_id bigint,
	name text NOT NULL,
	kind text,
	depth smallint NOT NULL,
	parent_depth smallint,
	CONSTRAINT duct_pkey PRIMARY KEY (id),
	CONSTRAINT duct_name_is_unique_in_what_it_lies_in UNIQUE NULLS NOT DISTINCT (span_id, parent_id, name),
	CONSTRAINT duct_id_with_span UNIQUE (id, span_id),
	CONSTRAINT duct_id_with_span_and_depth UNIQUE (id, span_id, depth),
	CONSTRAINT duct_is_in_span FOREIGN KEY (span_id)
		REFERENCES netstate.span (id) ON DELETE CASCADE,
	CONSTRAINT duct_is_in_duct_of_its_span FOREIGN KEY (parent_id, span_id, parent_depth)
		REFERENCES netstate.duct (id, span_id, depth) ON UPDATE CASCADE,
	CONSTRAINT duct_is_one_deeper_than_what_it_lies_in CHECK (
		CASE WHEN parent_id IS NULL THEN depth = 1 AND parent_depth IS NULL
			ELSE parent_depth IS NOT NULL AND parent_depth >= 1 AND depth = parent_depth + 1 END),
	CONSTRAINT duct_id_is_positive CHECK (id > 0),
	CONSTRAINT duct_id_is_below_2_to_the_59 CHECK (id < 576460752303423488),
	CONSTRAINT duct_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name)),
	CONSTRAINT duct_kind_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(kind))
);

CREATE INDEX duct_parent_id_idx ON netstate.duct (parent_id) WHERE parent_id IS NOT NULL;

COMMENT ON TABLE netstate.duct IS 'Ducts of a span, in one another to any depth.';
COMMENT ON COLUMN netstate.duct.id IS 'Key, below 2^59.';
COMMENT ON COLUMN netstate.duct.span_id IS 'Span that the duct is laid in.';
COMMENT ON COLUMN netstate.duct.parent_id IS 'Duct of the same span that it lies in; NULL for an outermost one.';
COMMENT ON COLUMN netstate.duct.name IS 'Name, unique in the duct that it lies in, or among the outermost of the span; 1 to 500 characters.';
COMMENT ON COLUMN netstate.duct.kind IS 'Kind, any word, such as conduit, subduct, microduct.';
COMMENT ON COLUMN netstate.duct.depth IS 'How many ducts deep: 1 for an outermost one. Filled by a trigger.';
COMMENT ON COLUMN netstate.duct.parent_depth IS 'Copy of the depth of the duct that it lies in, filled by a trigger.';

--| Trigger function that fills `depth` and `parent_depth` of a duct from the duct
--| that it lies in. Whatever was given is overwritten, except where that duct is
--| not there: then a given `parent_depth` is kept (while a dump is restored, a
--| duct may come before what it lies in), and a NULL becomes 32766, which no duct
--| has. Either way the foreign key judges it (23503). A duct that would lie in
--| itself is refused in words (23514), and so is a nesting deeper than 32,767
--| (54000).
CREATE FUNCTION netstate.fill_depth() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_fill_depth';

COMMENT ON FUNCTION netstate.fill_depth() IS
	'Trigger function: fills the copied depths of a duct.';

CREATE TRIGGER fill_depth BEFORE INSERT
	OR UPDATE OF span_id, parent_id, depth, parent_depth ON netstate.duct
	FOR EACH ROW EXECUTE FUNCTION netstate.fill_depth();

COMMENT ON TRIGGER fill_depth ON netstate.duct IS 'Fills depth and parent_depth.';
-- Cables, the route of each through spans and ducts, and where strands of two
-- cables are joined.
--
-- That the segments of a cable have no gap and lead on from one another, and
-- that a splice names strands and segments that are there, is proven at COMMIT.

--| Cables. `strand_count` is the number of strands, 1 to 100,000. Deleting a
--| cable deletes its segments; one with assigned or spliced strands cannot be
--| deleted (23503).
CREATE TABLE netstate.cable (
	id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 549755813887),
	name text NOT NULL,
	strand_count integer NOT NULL,
	status text NOT NULL DEFAULT 'operational',
	CONSTRAINT cable_pkey PRIMARY KEY (id),
	CONSTRAINT cable_name_is_unique UNIQUE (name),
	CONSTRAINT cable_id_is_positive CHECK (id > 0),
	CONSTRAINT cable_id_is_below_2_to_the_39 CHECK (id < 549755813888),
	CONSTRAINT cable_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name)),
	CONSTRAINT cable_strand_count_is_1_to_100000 CHECK (strand_count BETWEEN 1 AND 100000),
	CONSTRAINT cable_status_is_known CHECK (status OPERATOR(pg_catalog.=) ANY (
		ARRAY['proposed', 'planned', 'under_construction', 'operational', 'cut', 'inactive', 'decommissioned']))
);

COMMENT ON TABLE netstate.cable IS 'Cables.';
COMMENT ON COLUMN netstate.cable.id IS 'Key, below 2^39.';
COMMENT ON COLUMN netstate.cable.name IS 'Name, unique in all the plant; 1 to 500 characters.';
COMMENT ON COLUMN netstate.cable.strand_count IS 'Number of strands, counted from 1.';
COMMENT ON COLUMN netstate.cable.status IS 'What the operator says of it: proposed, planned, under_construction, operational, cut, inactive or decommissioned.';

--| The route of a cable: the spans it lies in, in order, and the duct in each.
--| `seq` is 1, 2, 3 and so on from the cable's A end. Each segment starts at the
--| structure where the one before it ends. The key is deferrable, so that one
--| statement may move all segments along. Goes with its cable.
CREATE TABLE netstate.cable_segment (
	cable_id bigint NOT NULL,
	seq integer NOT NULL,
	span_id bigint NOT NULL,
	duct_id bigint,
	slack_m double precision NOT NULL DEFAULT 0,
	CONSTRAINT cable_segment_pkey PRIMARY KEY (cable_id, seq) DEFERRABLE INITIALLY IMMEDIATE,
	CONSTRAINT cable_segment_is_of_cable FOREIGN KEY (cable_id)
		REFERENCES netstate.cable (id) ON DELETE CASCADE,
	CONSTRAINT cable_segment_lies_in_span FOREIGN KEY (span_id)
		REFERENCES netstate.span (id),
	CONSTRAINT cable_segment_lies_in_duct_of_its_span FOREIGN KEY (duct_id, span_id)
		REFERENCES netstate.duct (id, span_id),
	CONSTRAINT cable_segment_seq_is_1_to_1048575 CHECK (seq BETWEEN 1 AND 1048575),
	CONSTRAINT cable_segment_slack_m_is_finite_and_not_negative CHECK (netstate.valid_quantity(slack_m))
);

-- A deferrable key identifies no row to logical replication.
ALTER TABLE netstate.cable_segment REPLICA IDENTITY FULL;

CREATE INDEX cable_segment_span_id_idx ON netstate.cable_segment (span_id);
CREATE INDEX cable_segment_duct_id_idx ON netstate.cable_segment (duct_id) WHERE duct_id IS NOT NULL;

COMMENT ON TABLE netstate.cable_segment IS 'The route of each cable: the spans, and ducts in them, that it lies in, in order.';
COMMENT ON COLUMN netstate.cable_segment.cable_id IS 'Cable.';
COMMENT ON COLUMN netstate.cable_segment.seq IS 'Place in the route: 1, 2, 3 and so on from the cable''s A end.';
COMMENT ON COLUMN netstate.cable_segment.span_id IS 'Span that it lies in.';
COMMENT ON COLUMN netstate.cable_segment.duct_id IS 'Innermost duct of that span that it lies in; NULL: in none.';
COMMENT ON COLUMN netstate.cable_segment.slack_m IS 'Cable beyond the length of the span: loops and coils, m.';

--| Splice closures: the housings in which strands are spliced.
CREATE TABLE netstate.splice_closure (
	id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 576460752303423487),
	structure_id bigint NOT NULL,
	name text NOT NULL,
	CONSTRAINT splice_closure_pkey PRIMARY KEY (id),
	CONSTRAINT splice_closure_name_is_unique_in_structure UNIQUE (structure_id, name),
	CONSTRAINT splice_closure_id_with_structure UNIQUE (id, structure_id),
	CONSTRAINT splice_closure_is_in_structure FOREIGN KEY (structure_id)
		REFERENCES netstate.structure (id),
	CONSTRAINT splice_closure_id_is_positive CHECK (id > 0),
	CONSTRAINT splice_closure_id_is_below_2_to_the_59 CHECK (id < 576460752303423488),
	CONSTRAINT splice_closure_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name))
);

COMMENT ON TABLE netstate.splice_closure IS 'Splice closures: the housings in which strands are spliced.';
COMMENT ON COLUMN netstate.splice_closure.id IS 'Key, below 2^59.';
COMMENT ON COLUMN netstate.splice_closure.structure_id IS 'Structure that it is in.';
COMMENT ON COLUMN netstate.splice_closure.name IS 'Name, unique in the structure; 1 to 500 characters.';

--| Splices: a range of strands at the end of one segment joined, strand by
--| strand, to as many at the end of another; `a_seq` and `z_seq` are the segments
--| that end at the structure. A strand's end is in one splice at most (23P01).
CREATE TABLE netstate.splice (
	id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 576460752303423487),
	structure_id bigint NOT NULL,
	closure_id bigint,
	kind text NOT NULL DEFAULT 'fusion',
	a_cable_id bigint NOT NULL,
	a_seq integer NOT NULL,
	a_strands int4range NOT NULL,
	z_cable_id bigint NOT NULL,
	z_seq integer NOT NULL,
	z_strands int4range NOT NULL,
	CONSTRAINT splice_pkey PRIMARY KEY (id),
	CONSTRAINT splice_is_in_structure FOREIGN KEY (structure_id)
		REFERENCES netstate.structure (id),
	CONSTRAINT splice_is_in_closure_of_its_structure FOREIGN KEY (closure_id, structure_id)
		REFERENCES netstate.splice_closure (id, structure_id),
	CONSTRAINT splice_a_cable_is_in_plant FOREIGN KEY (a_cable_id)
		REFERENCES netstate.cable (id),
	CONSTRAINT splice_z_cable_is_in_plant FOREIGN KEY (z_cable_id)
		REFERENCES netstate.cable (id),
	CONSTRAINT splice_a_strand_end_is_spliced_once EXCLUDE USING gist (
		structure_id WITH =, a_cable_id WITH =, a_seq WITH =, a_strands WITH &&) DEFERRABLE INITIALLY IMMEDIATE,
	CONSTRAINT splice_z_strand_end_is_spliced_once EXCLUDE USING gist (
		structure_id WITH =, z_cable_id WITH =, z_seq WITH =, z_strands WITH &&) DEFERRABLE INITIALLY IMMEDIATE,
	CONSTRAINT splice_ends_differ CHECK (
		a_cable_id <> z_cable_id OR a_seq <> z_seq OR NOT a_strands && z_strands),
	CONSTRAINT splice_id_is_positive CHECK (id > 0),
	CONSTRAINT splice_id_is_below_2_to_the_59 CHECK (id < 576460752303423488),
	CONSTRAINT splice_kind_is_known CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['fusion', 'patch'])),
	CONSTRAINT splice_a_seq_is_1_to_1048575 CHECK (a_seq BETWEEN 1 AND 1048575),
	CONSTRAINT splice_z_seq_is_1_to_1048575 CHECK (z_seq BETWEEN 1 AND 1048575),
	CONSTRAINT splice_a_strands_are_from_1_to_100000 CHECK (
		a_strands <@ int4range '[1,100001)' AND NOT pg_catalog.isempty(a_strands)),
	CONSTRAINT splice_z_strands_are_from_1_to_100000 CHECK (
		z_strands <@ int4range '[1,100001)' AND NOT pg_catalog.isempty(z_strands)),
	CONSTRAINT splice_strands_are_as_many_on_both_sides CHECK (
		pg_catalog.upper(a_strands) - pg_catalog.lower(a_strands)
			= pg_catalog.upper(z_strands) - pg_catalog.lower(z_strands))
);

CREATE INDEX splice_structure_id_idx ON netstate.splice (structure_id);
CREATE INDEX splice_closure_id_idx ON netstate.splice (closure_id) WHERE closure_id IS NOT NULL;
CREATE INDEX splice_a_cable_id_idx ON netstate.splice (a_cable_id, a_seq);
CREATE INDEX splice_z_cable_id_idx ON netstate.splice (z_cable_id, z_seq);

COMMENT ON TABLE netstate.splice IS 'Splices: strands at the end of one cable segment joined to as many of another.';
COMMENT ON COLUMN netstate.splice.id IS 'Key, below 2^59.';
COMMENT ON COLUMN netstate.splice.structure_id IS 'Structure where both segments end.';
COMMENT ON COLUMN netstate.splice.closure_id IS 'Closure in that structure, or NULL.';
COMMENT ON COLUMN netstate.splice.kind IS 'Kind: fusion or patch.';
COMMENT ON COLUMN netstate.splice.a_cable_id IS 'Cable on one side.';
COMMENT ON COLUMN netstate.splice.a_seq IS 'Segment of that cable that ends at the structure.';
COMMENT ON COLUMN netstate.splice.a_strands IS 'Strands of that cable, counted from 1.';
COMMENT ON COLUMN netstate.splice.z_cable_id IS 'Cable on the other side.';
COMMENT ON COLUMN netstate.splice.z_seq IS 'Segment of that cable that ends at the structure.';
COMMENT ON COLUMN netstate.splice.z_strands IS 'Strands of that cable, as many, joined in order.';
-- Topology: networks in layers, their nodes and links, and what rides on what.
--
-- Each node, link and support carries copies of the levels it depends on, in
-- composite foreign keys.  So "rides on a lower layer" is a CHECK on one row,
-- and no interleaving of transactions can make a cycle.  What is refused to
-- delete is NO ACTION, not RESTRICT: it is judged at the end of the statement,
-- when the cascades from a network have gone through.

--| Networks, one row per network and layer. `level` orders the layers: what
--| rides on something is on a higher level than it. Changing the layer of a
--| network moves its nodes and links along, and is refused (23514) where a
--| support would no longer lead downward. Deleting a network deletes its nodes,
--| links, groups and demands, unless something in another network rides on
--| them (23503): the upper network goes first. The name and the layer `plant`
--| are reserved (23514).
CREATE TABLE netstate.network (
	id bigint GENERATED BY DEFAULT AS IDENTITY,
	name text NOT NULL,
	layer text NOT NULL,
	level smallint NOT NULL GENERATED ALWAYS AS (
		CASE
			WHEN layer = 'plant' THEN 0
			WHEN layer = 'fibre' THEN 1
			WHEN layer = 'optical' THEN 2
			WHEN layer = 'ethernet' THEN 3
			WHEN layer = 'ip' THEN 4
			WHEN layer = 'fabric' THEN 4
			WHEN layer = 'te' THEN 5
			ELSE -1		-- refused by network_layer_is_known
		END) STORED,
	CONSTRAINT network_pkey PRIMARY KEY (id),
	CONSTRAINT network_name_is_unique UNIQUE (name),
	CONSTRAINT network_id_with_level UNIQUE (id, level),
	CONSTRAINT network_id_is_positive CHECK (id > 0),
	CONSTRAINT network_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name)),
	CONSTRAINT network_layer_is_known CHECK (layer OPERATOR(pg_catalog.=) ANY (
		ARRAY['plant', 'fibre', 'optical', 'ethernet', 'ip', 'te', 'fabric'])),
	CONSTRAINT network_plant_is_reserved CHECK (name <> 'plant' AND layer <> 'plant')
);

COMMENT ON TABLE netstate.network IS 'Networks, each in one layer.';
COMMENT ON COLUMN netstate.network.id IS 'Key.';
COMMENT ON COLUMN netstate.network.name IS 'Name, unique; 1 to 500 characters; not plant.';
COMMENT ON COLUMN netstate.network.layer IS 'Layer: fibre, optical, ethernet, ip, te or fabric.';
COMMENT ON COLUMN netstate.network.level IS 'Rank of the layer: fibre 1, optical 2, ethernet 3, ip and fabric 4, te 5. Follows from the layer.';

--| Nodes: amplifier huts, ROADMs, switches, routers. A node may ride on one
--| node of a lower layer (`supporting_node_id`), and fails with it. `level` and
--| `supporting_level` are copies that a trigger fills. A node at which links or
--| demands end, or on which another node rides, cannot be deleted (23503).
CREATE TABLE netstate.node (
	id bigint GENERATED BY DEFAULT AS IDENTITY,
	network_id bigint NOT NULL,
	name text NOT NULL,
	site_id bigint,
	structure_id bigint,
	supporting_node_id bigint,
	status text NOT NULL DEFAULT 'in_service',
	LIKE netstate.with_point,
	level smallint NOT NULL,
	supporting_level smallint,
	CONSTRAINT node_pkey PRIMARY KEY (id),
	CONSTRAINT node_name_is_unique_in_network UNIQUE (network_id, name),
	CONSTRAINT node_id_with_level UNIQUE (id, level),
	CONSTRAINT node_id_with_network UNIQUE (network_id, id),
	CONSTRAINT node_is_in_network FOREIGN KEY (network_id, level)
		REFERENCES netstate.network (id, level) ON UPDATE CASCADE ON DELETE CASCADE,
	CONSTRAINT node_is_at_site FOREIGN KEY (site_id)
		REFERENCES netstate.site (id),
	CONSTRAINT node_is_in_structure FOREIGN KEY (structure_id)
		REFERENCES netstate.structure (id),
	CONSTRAINT node_rides_on_node FOREIGN KEY (supporting_node_id, supporting_level)
		REFERENCES netstate.node (id, level) MATCH FULL ON UPDATE CASCADE,
	CONSTRAINT node_rides_on_lower_layer CHECK (supporting_level < level),
	CONSTRAINT node_id_is_positive CHECK (id > 0),
	CONSTRAINT node_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name)),
	CONSTRAINT node_status_is_known CHECK (status OPERATOR(pg_catalog.=) ANY (
		ARRAY['planned', 'in_service', 'failed', 'retired'])),
	CONSTRAINT node_geom_is_point_in_range CHECK (netstate.valid_point(geom))
);

CREATE INDEX node_site_id_idx ON netstate.node (site_id) WHERE site_id IS NOT NULL;
CREATE INDEX node_structure_id_idx ON netstate.node (structure_id) WHERE structure_id IS NOT NULL;
CREATE INDEX node_supporting_node_id_idx ON netstate.node (supporting_node_id)
	WHERE supporting_node_id IS NOT NULL;
CREATE INDEX node_geom_idx ON netstate.node USING gist (geom);

COMMENT ON TABLE netstate.node IS 'Nodes of a network.';
COMMENT ON COLUMN netstate.node.id IS 'Key.';
COMMENT ON COLUMN netstate.node.network_id IS 'Network that the node is in.';
COMMENT ON COLUMN netstate.node.name IS 'Name, unique in the network; 1 to 500 characters.';
COMMENT ON COLUMN netstate.node.site_id IS 'Site that the node stands at, or NULL.';
COMMENT ON COLUMN netstate.node.structure_id IS 'Structure of the plant that the node stands in, or NULL.';
COMMENT ON COLUMN netstate.node.supporting_node_id IS 'Node of a lower layer that this one rides on and fails with, or NULL.';
COMMENT ON COLUMN netstate.node.status IS 'What the operator says of it: planned, in_service, failed or retired.';
COMMENT ON COLUMN netstate.node.geom IS 'Place: a point in longitude and latitude (SRID 4326), degrees.';
COMMENT ON COLUMN netstate.node.level IS 'Copy of the network''s level, filled by a trigger.';
COMMENT ON COLUMN netstate.node.supporting_level IS 'Copy of the supporting node''s level, filled by a trigger.';

--| Links: whatever carries traffic between two nodes of one network, be it the
--| strands of a pair, a wavelength, a bundle or a tunnel. Parallel links are
--| several rows. An undirected link is one piece of fibre: one metric, the
--| capacity in each direction; a directed one leads from A to Z only. NULL in a
--| quantity means unknown. `level` is a copy that a trigger fills. Deleting a
--| link deletes its supports and memberships; a link that others ride on cannot
--| be deleted (23503).
CREATE TABLE netstate.link (
	id bigint GENERATED BY DEFAULT AS IDENTITY,
	network_id bigint NOT NULL,
	name text NOT NULL,
	kind text,
	a_node_id bigint NOT NULL,
	z_node_id bigint NOT NULL,
	directed boolean NOT NULL DEFAULT false,
	metric double precision,
	latency_us double precision,
	length_km double precision,
	capacity_gbps double precision,
	load_gbps double precision,
	status text NOT NULL DEFAULT 'in_service',
	LIKE netstate.with_shape,
	mtbf_hours double precision,
	mttr_hours double precision,
	level smallint NOT NULL,
	CONSTRAINT link_pkey PRIMARY KEY (id),
	CONSTRAINT link_name_is_unique_in_network UNIQUE (network_id, name),
	CONSTRAINT link_id_with_level UNIQUE (id, level),
	CONSTRAINT link_is_in_network FOREIGN KEY (network_id, level)
		REFERENCES netstate.network (id, level) ON UPDATE CASCADE ON DELETE CASCADE,
	CONSTRAINT link_a_node_is_in_its_network FOREIGN KEY (network_id, a_node_id)
		REFERENCES netstate.node (network_id, id),
	CONSTRAINT link_z_node_is_in_its_network FOREIGN KEY (network_id, z_node_id)
		REFERENCES netstate.node (network_id, id),
	CONSTRAINT link_ends_differ CHECK (a_node_id <> z_node_id),
	CONSTRAINT link_id_is_positive CHECK (id > 0),
	CONSTRAINT link_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name)),
	CONSTRAINT link_kind_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(kind)),
	CONSTRAINT link_metric_is_finite_and_not_negative
		CHECK (netstate.valid_quantity(metric)),
	CONSTRAINT link_latency_us_is_finite_and_not_negative
		CHECK (netstate.valid_quantity(latency_us)),
	CONSTRAINT link_length_km_is_finite_and_not_negative
		CHECK (netstate.valid_quantity(length_km)),
	CONSTRAINT link_capacity_gbps_is_finite_and_not_negative
		CHECK (netstate.valid_quantity(capacity_gbps)),
	CONSTRAINT link_load_gbps_is_finite_and_not_negative
		CHECK (netstate.valid_quantity(load_gbps)),
	CONSTRAINT link_mtbf_hours_is_finite_and_positive
		CHECK (netstate.valid_quantity(mtbf_hours) AND mtbf_hours > 0),
	CONSTRAINT link_mttr_hours_is_finite_and_not_negative
		CHECK (netstate.valid_quantity(mttr_hours)),
	CONSTRAINT link_status_is_known CHECK (status OPERATOR(pg_catalog.=) ANY (
		ARRAY['planned', 'in_service', 'failed', 'retired'])),
	CONSTRAINT link_geom_is_line_in_range_without_empty_parts CHECK (netstate.valid_line(geom))
);

CREATE INDEX link_a_node_id_idx ON netstate.link (a_node_id);
CREATE INDEX link_z_node_id_idx ON netstate.link (z_node_id);
CREATE INDEX link_geom_idx ON netstate.link USING gist (geom);

COMMENT ON TABLE netstate.link IS 'Links: whatever carries traffic between two nodes of one network.';
COMMENT ON COLUMN netstate.link.id IS 'Key.';
COMMENT ON COLUMN netstate.link.network_id IS 'Network that the link and both its ends are in.';
COMMENT ON COLUMN netstate.link.name IS 'Name, unique in the network; 1 to 500 characters.';
COMMENT ON COLUMN netstate.link.kind IS 'Kind, any word, such as submarine, wavelength, bundle, tunnel.';
COMMENT ON COLUMN netstate.link.a_node_id IS 'Node at the A end: where a directed link begins.';
COMMENT ON COLUMN netstate.link.z_node_id IS 'Node at the Z end: where a directed link leads to.';
COMMENT ON COLUMN netstate.link.directed IS 'Whether it leads from A to Z only.';
COMMENT ON COLUMN netstate.link.metric IS 'Routing metric, no unit; the cost that paths use unless told otherwise.';
COMMENT ON COLUMN netstate.link.latency_us IS 'Latency one way, microseconds.';
COMMENT ON COLUMN netstate.link.length_km IS 'Length, km.';
COMMENT ON COLUMN netstate.link.capacity_gbps IS 'Capacity in each direction, Gbit/s.';
COMMENT ON COLUMN netstate.link.load_gbps IS 'Load of the busier direction, Gbit/s.';
COMMENT ON COLUMN netstate.link.status IS 'What the operator says of it: planned, in_service, failed or retired.';
COMMENT ON COLUMN netstate.link.geom IS 'Course from A to Z: LineString, or MultiLineString split at the antimeridian, SRID 4326, degrees.';
COMMENT ON COLUMN netstate.link.mtbf_hours IS 'Mean time between failures of the link itself, hours.';
COMMENT ON COLUMN netstate.link.mttr_hours IS 'Mean time to repair, hours.';
COMMENT ON COLUMN netstate.link.level IS 'Copy of the network''s level, filled by a trigger.';

--| What a link rides on. Members of a link are parallel (the circuits of a
--| bundle, a primary and its 1+1 partner); the links of one member, in order of
--| `seq`, are in series. The supporting link is always in a lower layer (23514),
--| so nothing can ride on itself, however indirectly. Levels are copies that a
--| trigger fills.
CREATE TABLE netstate.link_support (
	link_id bigint NOT NULL,
	member integer NOT NULL DEFAULT 1,
	seq integer NOT NULL DEFAULT 1,
	supporting_link_id bigint NOT NULL,
	link_level smallint NOT NULL,
	supporting_level smallint NOT NULL,
	CONSTRAINT link_support_pkey PRIMARY KEY (link_id, member, seq),
	CONSTRAINT link_support_is_of_link FOREIGN KEY (link_id, link_level)
		REFERENCES netstate.link (id, level) ON UPDATE CASCADE ON DELETE CASCADE,
	CONSTRAINT link_support_rides_on_link FOREIGN KEY (supporting_link_id, supporting_level)
		REFERENCES netstate.link (id, level) ON UPDATE CASCADE,
	CONSTRAINT link_support_rides_on_lower_layer CHECK (supporting_level < link_level),
	CONSTRAINT link_support_member_is_positive CHECK (member >= 1),
	CONSTRAINT link_support_seq_is_positive CHECK (seq >= 1)
);

CREATE INDEX link_support_supporting_link_id_idx ON netstate.link_support (supporting_link_id);

COMMENT ON TABLE netstate.link_support IS 'What a link rides on: parallel members, each a series of links in a lower layer.';
COMMENT ON COLUMN netstate.link_support.link_id IS 'Link that rides.';
COMMENT ON COLUMN netstate.link_support.member IS 'Number of the member, 1 or more; members are parallel.';
COMMENT ON COLUMN netstate.link_support.seq IS 'Place in the member''s series, 1 or more, counted from A.';
COMMENT ON COLUMN netstate.link_support.supporting_link_id IS 'Link of a lower layer that it rides on.';
COMMENT ON COLUMN netstate.link_support.link_level IS 'Copy of the link''s level, filled by a trigger.';
COMMENT ON COLUMN netstate.link_support.supporting_level IS 'Copy of the supporting link''s level, filled by a trigger.';

--| Trigger function that fills the copied levels: `level` of a node or link from
--| its network, `supporting_level` of a node from the node it rides on (NULL
--| where it rides on none), `link_level` and `supporting_level` of a support
--| from its two links. Whatever was given is overwritten, except where the row
--| to copy from is not there: then a value that was given is kept (while a dump
--| is restored, a node may come before the node it rides on), and a NULL becomes
--| 32767 for the row's own level and -1 for a supporting one, which no row has.
--| Either way the foreign key judges it, and names what is missing (23503).
CREATE FUNCTION netstate.fill_level() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_fill_level';

COMMENT ON FUNCTION netstate.fill_level() IS
	'Trigger function: fills the copied levels of a node, link or support.';

-- Columns are listed, so that an update of load or status costs no look-up; a
-- copy that went stale by another way would be refused by its foreign key.
CREATE TRIGGER fill_level BEFORE INSERT
	OR UPDATE OF network_id, level, supporting_node_id, supporting_level ON netstate.node
	FOR EACH ROW EXECUTE FUNCTION netstate.fill_level();
CREATE TRIGGER fill_level BEFORE INSERT
	OR UPDATE OF network_id, level ON netstate.link
	FOR EACH ROW EXECUTE FUNCTION netstate.fill_level();
CREATE TRIGGER fill_level BEFORE INSERT
	OR UPDATE OF link_id, link_level, supporting_link_id, supporting_level ON netstate.link_support
	FOR EACH ROW EXECUTE FUNCTION netstate.fill_level();

COMMENT ON TRIGGER fill_level ON netstate.node IS 'Fills level and supporting_level.';
COMMENT ON TRIGGER fill_level ON netstate.link IS 'Fills level.';
COMMENT ON TRIGGER fill_level ON netstate.link_support IS 'Fills link_level and supporting_level.';

--| The id of the link `name` in `network`. Fails with 42704 where the network
--| or the link is unknown, the nearest name as hint; with 22004 where an
--| argument is NULL. One index look-up.
CREATE FUNCTION netstate.link_id(network text, name text) RETURNS bigint
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_link_id';

COMMENT ON FUNCTION netstate.link_id(text, text) IS
	'The id of a link, by the names of its network and its own.';

-- Strands: which strands of which cables a link is made of.
--
-- That strands and segments are there, and lead from the link's A end to its Z
-- end without a gap, is proven at COMMIT.

--| Which strands a link runs on, segment by segment of its cables: in order of
--| `seq`, these are in series with each other and with what the link rides on.
--| No strand of a segment is assigned twice (23P01), under every interleaving of
--| transactions. Goes with its link; a cable with assigned strands cannot be
--| deleted (23503).
CREATE TABLE netstate.strand_assignment (
	link_id bigint NOT NULL,
	seq integer NOT NULL,
	cable_id bigint NOT NULL,
	strands int4range NOT NULL,
	segments int4range NOT NULL,
	CONSTRAINT strand_assignment_pkey PRIMARY KEY (link_id, seq),
	CONSTRAINT strand_assignment_is_of_link FOREIGN KEY (link_id)
		REFERENCES netstate.link (id) ON DELETE CASCADE,
	CONSTRAINT strand_assignment_is_in_cable FOREIGN KEY (cable_id)
		REFERENCES netstate.cable (id),
	CONSTRAINT strand_assignment_strand_of_segment_is_assigned_once EXCLUDE USING gist (
		cable_id WITH =, strands WITH &&, segments WITH &&) DEFERRABLE INITIALLY IMMEDIATE,
	CONSTRAINT strand_assignment_seq_is_positive CHECK (seq >= 1),
	CONSTRAINT strand_assignment_strands_are_from_1_to_100000 CHECK (
		strands <@ int4range '[1,100001)' AND NOT pg_catalog.isempty(strands)),
	CONSTRAINT strand_assignment_segments_are_from_1_to_1048575 CHECK (
		segments <@ int4range '[1,1048576)' AND NOT pg_catalog.isempty(segments))
);

CREATE INDEX strand_assignment_cable_id_idx ON netstate.strand_assignment (cable_id);

COMMENT ON TABLE netstate.strand_assignment IS 'Which strands a link runs on, along which segments of which cables.';
COMMENT ON COLUMN netstate.strand_assignment.link_id IS 'Link that runs on them.';
COMMENT ON COLUMN netstate.strand_assignment.seq IS 'Place in the series, 1 or more, counted from the link''s A end.';
COMMENT ON COLUMN netstate.strand_assignment.cable_id IS 'Cable.';
COMMENT ON COLUMN netstate.strand_assignment.strands IS 'Strands of the cable, such as [1,3) for strands 1 and 2.';
COMMENT ON COLUMN netstate.strand_assignment.segments IS 'Segments of the cable, by their seq, such as [1,4) for 1, 2 and 3.';
-- Rules of the risk that follows from the plant: which kinds of groups there
-- are, how likely their event hits what it can hit, and how often it happens.

--| The rules as shipped, one for each kind of group that follows from the plant;
--| `source` says where the figures come from. Belongs to the extension: an update
--| may change it, and no dump holds it. To differ, put a row in `risk_rule`.
CREATE TABLE netstate.risk_rule_default (
	kind text NOT NULL,
	enabled boolean NOT NULL,
	distance_m double precision,
	min_length_m double precision,
	probability double precision NOT NULL,
	mtbf_hours_km double precision,
	mttr_hours double precision,
	source text NOT NULL,
	CONSTRAINT risk_rule_default_pkey PRIMARY KEY (kind),
	CONSTRAINT risk_rule_default_kind_is_known CHECK (kind OPERATOR(pg_catalog.=) ANY (
		ARRAY['span', 'duct_bank', 'duct', 'cable', 'structure', 'passage_over', 'passage_under', 'passage_through',
			'site', 'power_feed', 'power_feed_backed', 'corridor', 'corridor_side', 'crossing', 'proximity', 'hazard_area'])),
	CONSTRAINT risk_rule_default_distance_m_is_as_its_kind_has_it CHECK (
		CASE WHEN kind OPERATOR(pg_catalog.=) ANY (ARRAY['corridor', 'corridor_side'])
			THEN distance_m IS NOT NULL AND distance_m BETWEEN 10 AND 1000000
		WHEN kind = 'proximity'
			THEN distance_m IS NOT NULL AND distance_m BETWEEN 1 AND 25 AND distance_m = pg_catalog.trunc(distance_m)
		ELSE distance_m IS NULL END),
	CONSTRAINT risk_rule_default_min_length_m_is_of_proximity CHECK (
		CASE WHEN kind = 'proximity' THEN min_length_m IS NOT NULL AND netstate.valid_quantity(min_length_m)
		ELSE min_length_m IS NULL END),
	CONSTRAINT risk_rule_default_probability_is_0_to_1 CHECK (probability BETWEEN 0 AND 1),
	CONSTRAINT risk_rule_default_mtbf_hours_km_is_finite_and_positive
		CHECK (netstate.valid_quantity(mtbf_hours_km) AND mtbf_hours_km > 0),
	CONSTRAINT risk_rule_default_mttr_hours_is_finite_and_not_negative CHECK (netstate.valid_quantity(mttr_hours))
);

COMMENT ON TABLE netstate.risk_rule_default IS 'Rules of the risk that follows from the plant, as shipped.';
COMMENT ON COLUMN netstate.risk_rule_default.kind IS 'What the rule is for: a kind of group, or a circumstance of one, such as passage_over.';
COMMENT ON COLUMN netstate.risk_rule_default.enabled IS 'Whether there are such groups.';
COMMENT ON COLUMN netstate.risk_rule_default.distance_m IS 'corridor, corridor_side: length of a stretch, m; proximity: how near is near, whole m, 1 to 25.';
COMMENT ON COLUMN netstate.risk_rule_default.min_length_m IS 'proximity: how long two spans run that near, at least, m.';
COMMENT ON COLUMN netstate.risk_rule_default.probability IS 'That a thing which the event can hit is hit, 0 to 1.';
COMMENT ON COLUMN netstate.risk_rule_default.mtbf_hours_km IS 'Mean time between such events on 1 km, hours; NULL: not known.';
COMMENT ON COLUMN netstate.risk_rule_default.mttr_hours IS 'Mean time to repair after one, hours; NULL: not known.';
COMMENT ON COLUMN netstate.risk_rule_default.source IS 'Where the figures come from.';

--| The operator's rules: a row overrides the shipped rule of its kind, column by
--| column; NULL stands for what is shipped. Nothing is rewritten when a rule
--| changes: groups are derived when they are asked for.
CREATE TABLE netstate.risk_rule (
	kind text NOT NULL,
	enabled boolean,
	distance_m double precision,
	min_length_m double precision,
	probability double precision,
	mtbf_hours_km double precision,
	mttr_hours double precision,
	source text,
	CONSTRAINT risk_rule_pkey PRIMARY KEY (kind),
	CONSTRAINT risk_rule_overrides_a_shipped_one FOREIGN KEY (kind)
		REFERENCES netstate.risk_rule_default (kind),
	CONSTRAINT risk_rule_distance_m_is_as_its_kind_has_it CHECK (
		CASE WHEN kind OPERATOR(pg_catalog.=) ANY (ARRAY['corridor', 'corridor_side'])
			THEN distance_m BETWEEN 10 AND 1000000
		WHEN kind = 'proximity'
			THEN distance_m BETWEEN 1 AND 25 AND distance_m = pg_catalog.trunc(distance_m)
		ELSE distance_m IS NULL END),
	CONSTRAINT risk_rule_min_length_m_is_of_proximity CHECK (
		CASE WHEN kind = 'proximity' THEN netstate.valid_quantity(min_length_m)
		ELSE min_length_m IS NULL END),
	CONSTRAINT risk_rule_probability_is_0_to_1 CHECK (probability BETWEEN 0 AND 1),
	CONSTRAINT risk_rule_mtbf_hours_km_is_finite_and_positive
		CHECK (netstate.valid_quantity(mtbf_hours_km) AND mtbf_hours_km > 0),
	CONSTRAINT risk_rule_mttr_hours_is_finite_and_not_negative CHECK (netstate.valid_quantity(mttr_hours))
);

COMMENT ON TABLE netstate.risk_rule IS 'The operator''s rules of the risk that follows from the plant.';
COMMENT ON COLUMN netstate.risk_rule.kind IS 'What the rule is for, as in risk_rule_default.';
COMMENT ON COLUMN netstate.risk_rule.enabled IS 'Whether there are such groups; NULL: as shipped.';
COMMENT ON COLUMN netstate.risk_rule.distance_m IS 'corridor, corridor_side: length of a stretch, 10 m to 1,000 km; proximity: how near is near, whole m, 1 to 25; NULL: as shipped.';
COMMENT ON COLUMN netstate.risk_rule.min_length_m IS 'proximity: how long two spans run that near, at least, m; NULL: as shipped.';
COMMENT ON COLUMN netstate.risk_rule.probability IS 'That a thing which the event can hit is hit, 0 to 1; NULL: as shipped.';
COMMENT ON COLUMN netstate.risk_rule.mtbf_hours_km IS 'Mean time between such events on 1 km, hours; NULL: as shipped.';
COMMENT ON COLUMN netstate.risk_rule.mttr_hours IS 'Mean time to repair after one, hours; NULL: as shipped.';
COMMENT ON COLUMN netstate.risk_rule.source IS 'Where the operator''s figures come from; NULL: as shipped.';

--| The rules in force: those shipped, overridden by the operator's.
CREATE VIEW netstate.risk_rule_in_force WITH (security_invoker = true) AS
SELECT d.kind,
	COALESCE(r.enabled, d.enabled) AS enabled,
	COALESCE(r.distance_m, d.distance_m) AS distance_m,
	COALESCE(r.min_length_m, d.min_length_m) AS min_length_m,
	COALESCE(r.probability, d.probability) AS probability,
	COALESCE(r.mtbf_hours_km, d.mtbf_hours_km) AS mtbf_hours_km,
	COALESCE(r.mttr_hours, d.mttr_hours) AS mttr_hours,
	COALESCE(r.source, d.source) AS source
FROM netstate.risk_rule_default d
LEFT JOIN netstate.risk_rule r ON r.kind = d.kind;

COMMENT ON VIEW netstate.risk_rule_in_force IS 'The rules of the risk that follows from the plant: those shipped, overridden by the operator''s.';
COMMENT ON COLUMN netstate.risk_rule_in_force.kind IS 'What the rule is for.';
COMMENT ON COLUMN netstate.risk_rule_in_force.enabled IS 'Whether there are such groups.';
COMMENT ON COLUMN netstate.risk_rule_in_force.distance_m IS 'corridor, corridor_side: length of a stretch, m; proximity: how near is near, m.';
COMMENT ON COLUMN netstate.risk_rule_in_force.min_length_m IS 'proximity: how long two spans run that near, at least, m.';
COMMENT ON COLUMN netstate.risk_rule_in_force.probability IS 'That a thing which the event can hit is hit, 0 to 1.';
COMMENT ON COLUMN netstate.risk_rule_in_force.mtbf_hours_km IS 'Mean time between such events on 1 km, hours.';
COMMENT ON COLUMN netstate.risk_rule_in_force.mttr_hours IS 'Mean time to repair after one, hours.';
COMMENT ON COLUMN netstate.risk_rule_in_force.source IS 'Where the figures come from.';

-- 4.39 cuts a year on 1,000 sheath miles: 1609.344 km / 4.39 * 8,760 h.
INSERT INTO netstate.risk_rule_default (kind, enabled, distance_m, min_length_m, probability, mtbf_hours_km, mttr_hours, source) VALUES
	('span', true, NULL, NULL, 1, 3211000, 12, 'Probability chosen: a cut takes all that lies bare in the trench. Cuts: 4.39 a year per 1,000 sheath miles, D. Crawford, Fiber Optic Cable Dig-ups: Causes and Cures, in the FCC''s Network Reliability: A Report to the Nation (1993). Repair 12 h: M. To and P. Neusy, IEEE JSAC 12(1), 1994. Both as later books and papers quote them, such as W. D. Grover, Mesh-Based Survivable Networks (2003), chapter 3; not looked up in the originals.'),
	('duct_bank', true, NULL, NULL, 0.5, NULL, 12, 'Probability chosen: of the ducts of a bank that is struck, how many are broken is not published. Repair 12 h as for span. Cuts: those of span.'),
	('duct', true, NULL, NULL, 1, NULL, 12, 'Chosen: what lies in a duct that breaks is cut. Repair 12 h as for span.'),
	('cable', true, NULL, NULL, 1, NULL, 12, 'Chosen: a cable that is cut loses every strand. Repair 12 h as for span.'),
	('structure', true, NULL, NULL, 1, NULL, NULL, 'Chosen: fire, flood or a vehicle takes all that ends in a manhole or at a pole.'),
	('passage_over', true, NULL, NULL, 1, NULL, NULL, 'Chosen: what a bridge carries goes with it.'),
	('passage_under', true, NULL, NULL, 0.5, NULL, NULL, 'Chosen: what lies in the ground or water below a bridge may outlive it.'),
	('passage_through', true, NULL, NULL, 1, NULL, NULL, 'Chosen: a fire in a tunnel takes all that is in it (Howard Street Tunnel, Baltimore, 18 July 2001, where the fibre in it burnt, and links along the coast with it).'),
	('site', true, NULL, NULL, 1, NULL, NULL, 'Chosen: the event is the loss of the whole building.'),
	('power_feed', true, NULL, NULL, 1, NULL, NULL, 'Chosen: the event is the loss of the feed for longer than batteries and generators last, which are not in the plant. That power is the leading cause of significant outages of data centres (43 %): Uptime Institute, Annual Outage Analysis 2022.'),
	('power_feed_backed', true, NULL, NULL, 0.05, NULL, NULL, 'Chosen: that the change to the other feed fails. Uptime Institute, Annual Outage Analysis 2022, names UPS first among the causes of power outages, and gives no rate for each transfer.'),
	('corridor', true, 1000, NULL, 0.25, NULL, 12, 'Chosen: landslides, floods and wrecks take a road or railway whole at times, and one side of it more often. Repair 12 h as for span.'),
	('corridor_side', true, 1000, NULL, 1, NULL, 12, 'Chosen: works along one side of a road take all that lies on that side. Repair 12 h as for span.'),
	('crossing', true, NULL, NULL, 0.5, NULL, 12, 'Chosen: whoever digs where two lines cross strikes either, by their depths. That excavation is what damages them: Common Ground Alliance, DIRT Report (yearly). Repair 12 h as for span.'),
	('proximity', true, 5, 20, 0.5, NULL, 12, 'Chosen: 5 m is about what an excavator reaches from one stand. That digging without notice to the owners of lines, too near to their marks, or where they are not marked or marked wrongly causes most of the damage: Common Ground Alliance, DIRT Report (yearly). Repair 12 h as for span.'),
	('hazard_area', true, NULL, NULL, 1, NULL, NULL, 'Chosen: the event is one that strikes the whole area; an area where it need not do so can be told by risk_rule.');

--| Trigger function: drops a row that logical replication brings. The shipped
--| rules belong to the extension of each server.
CREATE FUNCTION netstate.drop_applied_row() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS 'BEGIN RETURN NULL; END';

COMMENT ON FUNCTION netstate.drop_applied_row() IS
	'Trigger function: drops a row that logical replication brings.';

CREATE TRIGGER drop_applied_row BEFORE INSERT OR UPDATE OR DELETE ON netstate.risk_rule_default
	FOR EACH ROW EXECUTE FUNCTION netstate.drop_applied_row();

ALTER TABLE netstate.risk_rule_default ENABLE REPLICA TRIGGER drop_applied_row;

COMMENT ON TRIGGER drop_applied_row ON netstate.risk_rule_default IS
	'Drops rows that logical replication brings.';
-- Risk: shared risk link groups as people and routers state them, and what
-- follows from them for every link above.

--| Shared risk link groups that people configured or routers reported: links
--| that one event takes down together. `network_id` is the domain that numbers
--| the group: its name and its value are unique there, and it is deleted with
--| the network. Members may be links of any network. NULL stands for a group
--| that spans networks. Links that ride on a member belong to the group too;
--| that is not stored, `risk_member` shows it.
CREATE TABLE netstate.srlg (
	id bigint GENERATED BY DEFAULT AS IDENTITY,
	network_id bigint,
	name text NOT NULL,
	kind text NOT NULL DEFAULT 'srlg',
	origin text NOT NULL DEFAULT 'configured',
	value bigint,
	LIKE netstate.with_shape,
	mtbf_hours double precision,
	mttr_hours double precision,
	CONSTRAINT srlg_pkey PRIMARY KEY (id),
	CONSTRAINT srlg_name_is_unique_in_network UNIQUE NULLS NOT DISTINCT (network_id, name),
	CONSTRAINT srlg_value_is_unique_in_network UNIQUE (network_id, value),
	CONSTRAINT srlg_is_in_network FOREIGN KEY (network_id)
		REFERENCES netstate.network (id) ON DELETE CASCADE,
	CONSTRAINT srlg_id_is_positive CHECK (id > 0),
	CONSTRAINT srlg_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name)),
	CONSTRAINT srlg_kind_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(kind)),
	CONSTRAINT srlg_origin_is_known CHECK (origin OPERATOR(pg_catalog.=) ANY (
		ARRAY['configured', 'learned'])),
	CONSTRAINT srlg_value_is_32_bits_unsigned CHECK (value BETWEEN 0 AND 4294967295),
	CONSTRAINT srlg_geom_is_point_line_or_area_in_range CHECK (
		netstate.valid_point(geom) OR netstate.valid_line(geom) OR netstate.valid_area(geom)),
	CONSTRAINT srlg_mtbf_hours_is_finite_and_positive
		CHECK (netstate.valid_quantity(mtbf_hours) AND mtbf_hours > 0),
	CONSTRAINT srlg_mttr_hours_is_finite_and_not_negative
		CHECK (netstate.valid_quantity(mttr_hours))
);

CREATE INDEX srlg_geom_idx ON netstate.srlg USING gist (geom);

COMMENT ON TABLE netstate.srlg IS 'Shared risk link groups: links that one event takes down together, as people or routers say.';
COMMENT ON COLUMN netstate.srlg.id IS 'Key, above 0.';
COMMENT ON COLUMN netstate.srlg.network_id IS 'Network whose domain numbers the group; NULL for one that spans networks.';
COMMENT ON COLUMN netstate.srlg.name IS 'Name, unique in the network, or among groups without one; 1 to 500 characters.';
COMMENT ON COLUMN netstate.srlg.kind IS 'Kind, any word, such as conduit, strait, landing, building.';
COMMENT ON COLUMN netstate.srlg.origin IS 'Who says so: configured by people, learned from routers.';
COMMENT ON COLUMN netstate.srlg.value IS 'SRLG value as routers signal it, 0 to 4294967295; unique in the network.';
COMMENT ON COLUMN netstate.srlg.geom IS 'Where the event strikes: point, line or area, SRID 4326, degrees.';
COMMENT ON COLUMN netstate.srlg.mtbf_hours IS 'Mean time between such events, hours.';
COMMENT ON COLUMN netstate.srlg.mttr_hours IS 'Mean time to repair after one, hours.';

--| The links that a group hits directly. Goes with its group and with its link.
CREATE TABLE netstate.srlg_member (
	srlg_id bigint NOT NULL,
	link_id bigint NOT NULL,
	share double precision NOT NULL DEFAULT 1,
	probability double precision NOT NULL DEFAULT 1,
	CONSTRAINT srlg_member_pkey PRIMARY KEY (srlg_id, link_id),
	CONSTRAINT srlg_member_is_of_srlg FOREIGN KEY (srlg_id)
		REFERENCES netstate.srlg (id) ON DELETE CASCADE,
	CONSTRAINT srlg_member_is_link FOREIGN KEY (link_id)
		REFERENCES netstate.link (id) ON DELETE CASCADE,
	CONSTRAINT srlg_member_share_is_0_to_1 CHECK (share BETWEEN 0 AND 1),
	CONSTRAINT srlg_member_probability_is_0_to_1 CHECK (probability BETWEEN 0 AND 1)
);

CREATE INDEX srlg_member_link_id_idx ON netstate.srlg_member (link_id);

COMMENT ON TABLE netstate.srlg_member IS 'The links that a shared risk link group hits directly.';
COMMENT ON COLUMN netstate.srlg_member.srlg_id IS 'Group.';
COMMENT ON COLUMN netstate.srlg_member.link_id IS 'Link that its event can hit.';
COMMENT ON COLUMN netstate.srlg_member.share IS 'Part of the link''s capacity that is lost when it is hit, 0 to 1.';
COMMENT ON COLUMN netstate.srlg_member.probability IS 'That the link is hit, given the event, 0 to 1.';

--| The nodes that a group's event takes down, with all links at them. A path
--| that starts or ends at such a node does not count the group: no path
--| survives its own end (rows with probability 0, or below the question's
--| `min_probability`, have no such effect). Goes with its group and with its node.
CREATE TABLE netstate.srlg_node (
	srlg_id bigint NOT NULL,
	node_id bigint NOT NULL,
	probability double precision NOT NULL DEFAULT 1,
	CONSTRAINT srlg_node_pkey PRIMARY KEY (srlg_id, node_id),
	CONSTRAINT srlg_node_is_of_srlg FOREIGN KEY (srlg_id)
		REFERENCES netstate.srlg (id) ON DELETE CASCADE,
	CONSTRAINT srlg_node_is_node FOREIGN KEY (node_id)
		REFERENCES netstate.node (id) ON DELETE CASCADE,
	CONSTRAINT srlg_node_probability_is_0_to_1 CHECK (probability BETWEEN 0 AND 1)
);

CREATE INDEX srlg_node_node_id_idx ON netstate.srlg_node (node_id);

COMMENT ON TABLE netstate.srlg_node IS 'The nodes that the event of a shared risk link group takes down.';
COMMENT ON COLUMN netstate.srlg_node.srlg_id IS 'Group.';
COMMENT ON COLUMN netstate.srlg_node.node_id IS 'Node that its event can take down.';
COMMENT ON COLUMN netstate.srlg_node.probability IS 'That the node goes down, given the event, 0 to 1.';

--| All memberships of `links` (NULL: of every link), stated and derived: a link
--| belongs to the groups of all that it rides on, down to the span and the duct
--| that its strands lie in. One row per group and link:
--| `share` is the part of the link's capacity that is lost when all that the
--| event can hit is hit, `probability` that the link loses anything, given the
--| event. `origin` is the group's: `configured`, `learned`, or `derived` for one
--| that follows from the plant, whose id is below 0. Rows with share 0 are kept. Links that do not
--| exist give no rows; a NULL in the array fails with 22004. Reads what lies
--| beneath the links asked for.
CREATE FUNCTION netstate.memberships(links bigint[] DEFAULT NULL)
RETURNS TABLE (srlg_id bigint, link_id bigint, origin text,
	share double precision, probability double precision)
LANGUAGE c STABLE PARALLEL SAFE ROWS 10000
AS 'MODULE_PATHNAME', 'netstate_memberships';

COMMENT ON FUNCTION netstate.memberships(bigint[]) IS
	'All memberships of these links in shared risk link groups, stated and risen from what they ride on.';

--| All links that belong to the groups of elements, with the columns of
--| `memberships`. `kind` is the kind of the elements that `ids` name: `srlg` for
--| groups by their own ids, stated (above 0) or derived (below 0); or `site`,
--| `power_feed`, `structure`, `corridor`, `span`, `span_pair`, `duct`, `cable`,
--| `hazard_area` for the groups that follow from these. An unknown kind fails
--| with 22023, a NULL with 22004; an id that does not exist gives no rows.
CREATE FUNCTION netstate.members(kind text, ids bigint[])
RETURNS TABLE (srlg_id bigint, link_id bigint, origin text,
	share double precision, probability double precision)
LANGUAGE c STABLE PARALLEL SAFE ROWS 1000
AS 'MODULE_PATHNAME', 'netstate_members';

COMMENT ON FUNCTION netstate.members(text, bigint[]) IS
	'All links that belong to these elements, stated and risen.';

--| What is left of `links` (NULL: of every link) by all that lies beneath them:
--| `carried`, 0 to 1, is the part of the capacity that remains when everything
--| beneath that is not in service, or not operational, is taken away; `up` says whether paths use the
--| link: it, both its nodes and what they ride on are in service and `carried`
--| is above 0. Links that do not exist give no rows; a NULL in the array fails
--| with 22004.
CREATE FUNCTION netstate.carried(links bigint[] DEFAULT NULL)
RETURNS TABLE (link_id bigint, carried double precision, up boolean)
LANGUAGE c STABLE PARALLEL SAFE ROWS 10000
AS 'MODULE_PATHNAME', 'netstate_carried';

COMMENT ON FUNCTION netstate.carried(bigint[]) IS
	'What is left of the capacity of these links by all that lies beneath them, and whether paths use them.';

--| All memberships of all links, stated and risen. Derives everything at each
--| reading; for a few links call `memberships`, for a few groups `members`.
CREATE VIEW netstate.risk_member WITH (security_invoker = true) AS
SELECT srlg_id, link_id, origin, share, probability
FROM netstate.memberships(NULL);

COMMENT ON VIEW netstate.risk_member IS 'All memberships of all links in groups of shared risk, stated and risen from what they ride on.';
COMMENT ON COLUMN netstate.risk_member.srlg_id IS 'Group.';
COMMENT ON COLUMN netstate.risk_member.link_id IS 'Link that belongs to it.';
COMMENT ON COLUMN netstate.risk_member.origin IS 'Who says so of the group: configured or learned; derived: it follows from the plant.';
COMMENT ON COLUMN netstate.risk_member.share IS 'Part of the link''s capacity lost when all that the event can hit is hit, 0 to 1.';
COMMENT ON COLUMN netstate.risk_member.probability IS 'That the link loses anything, given the event, 0 to 1.';

--| What every link is worth by all that lies beneath it: `carried` 0 to 1, and
--| whether paths use it. For a few links call the function `carried`.
CREATE VIEW netstate.link_state WITH (security_invoker = true) AS
SELECT link_id, carried, up
FROM netstate.carried(NULL);

COMMENT ON VIEW netstate.link_state IS 'What is left of every link by all that lies beneath it, and whether paths use it.';
COMMENT ON COLUMN netstate.link_state.link_id IS 'Link.';
COMMENT ON COLUMN netstate.link_state.carried IS 'Part of its capacity that all beneath it leaves, 0 to 1.';
COMMENT ON COLUMN netstate.link_state.up IS 'Whether paths use it: it, its nodes and what they ride on in service, carried above 0.';

-- Spans that cross or run near one another: the one thing about the plant that
-- costs too much to derive each time it is asked for.  No foreign keys: what is
-- written at COMMIT must wait for nobody.

--| Pairs of spans that cross, or that run within 25 m of each other elsewhere
--| than at a structure where both end. Kept as spans change, written at COMMIT,
--| by the extension alone. A transaction's own changes stand in `span_pair_own`
--| until then. In no dump: a restore derives it anew.
CREATE TABLE netstate.span_pair (
	a_span_id bigint NOT NULL,
	b_span_id bigint NOT NULL,
	crosses boolean NOT NULL,
	distance_m double precision NOT NULL,
	run_m real[] NOT NULL,
	CONSTRAINT span_pair_pkey PRIMARY KEY (a_span_id, b_span_id),
	CONSTRAINT span_pair_is_in_order CHECK (a_span_id < b_span_id),
	CONSTRAINT span_pair_distance_m_is_finite_and_not_negative CHECK (netstate.valid_quantity(distance_m)),
	CONSTRAINT span_pair_run_m_is_for_1_to_25_m CHECK (pg_catalog.cardinality(run_m) = 25)
);

CREATE INDEX span_pair_b_span_id_idx ON netstate.span_pair (b_span_id);

COMMENT ON TABLE netstate.span_pair IS 'Pairs of spans that cross or run within 25 m of each other.';
COMMENT ON COLUMN netstate.span_pair.a_span_id IS 'Span with the lower id.';
COMMENT ON COLUMN netstate.span_pair.b_span_id IS 'Span with the higher id.';
COMMENT ON COLUMN netstate.span_pair.crosses IS 'Whether their lines meet more than 5 m away from every structure where both end.';
COMMENT ON COLUMN netstate.span_pair.distance_m IS 'Least distance more than 5 m away from such structures, m.';
COMMENT ON COLUMN netstate.span_pair.run_m IS 'run_m[d], d from 1 to 25: how much of one lies within d metres of the other, and not within d metres of such a structure, m; of the one that it is less of.';

--| Pairs that running transactions have changed, each under its own number;
--| such a row stands in for that of `span_pair`. Written and taken away by the
--| extension alone.
CREATE TABLE netstate.span_pair_own (
	xid xid8 NOT NULL,
	a_span_id bigint NOT NULL,
	b_span_id bigint NOT NULL,
	crosses boolean NOT NULL,
	distance_m double precision,
	run_m real[],
	CONSTRAINT span_pair_own_pkey PRIMARY KEY (xid, a_span_id, b_span_id),
	CONSTRAINT span_pair_own_is_in_order CHECK (a_span_id < b_span_id),
	CONSTRAINT span_pair_own_distance_m_is_finite_and_not_negative CHECK (netstate.valid_quantity(distance_m)),
	CONSTRAINT span_pair_own_run_m_is_for_1_to_25_m CHECK (pg_catalog.cardinality(run_m) = 25)
);

COMMENT ON TABLE netstate.span_pair_own IS 'Pairs of spans that running transactions have changed.';
COMMENT ON COLUMN netstate.span_pair_own.xid IS 'Transaction that changed it.';
COMMENT ON COLUMN netstate.span_pair_own.a_span_id IS 'Span with the lower id.';
COMMENT ON COLUMN netstate.span_pair_own.b_span_id IS 'Span with the higher id.';
COMMENT ON COLUMN netstate.span_pair_own.crosses IS 'As in span_pair.';
COMMENT ON COLUMN netstate.span_pair_own.distance_m IS 'As in span_pair; NULL: the pair is no more.';
COMMENT ON COLUMN netstate.span_pair_own.run_m IS 'As in span_pair; NULL: the pair is no more.';
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
--| only the measure of two lines, `line_pair`. Some 20 s for 300,000 spans.
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
-- Lines cut in two and put together again, for split_span and merge_span.
--
-- A place on a line is a part (1 but for a MultiLineString), a vertex of it, and
-- the fraction of the way to the next vertex, below 1.  Lines are taken apart
-- and put together point by point: what is not cut stays as it was drawn, to the
-- last bit, and no GEOS function is called.

DO $do$
DECLARE
	postgis pg_catalog.name;
BEGIN
	SELECT n.nspname INTO STRICT postgis
	FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
	WHERE e.extname OPERATOR(pg_catalog.=) 'postgis';

	EXECUTE pg_catalog.format($sql$
--| Internal to `split_span`: the straight pieces of a line, with their lengths
--| on the spheroid. A piece with one point ends each part.
CREATE FUNCTION netstate.line_piece(geom %1$I.geometry)
RETURNS TABLE (part integer, vertex integer, x double precision, y double precision,
	next_x double precision, next_y double precision, length_m double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT p.part, p.vertex, %1$I.ST_X(p.here), %1$I.ST_Y(p.here), %1$I.ST_X(p.next), %1$I.ST_Y(p.next),
		%1$I.ST_LengthSpheroid(%1$I.ST_MakeLine(p.here, p.next), 'SPHEROID["WGS 84",6378137,298.257223563]'::%1$I.spheroid)
	FROM (SELECT d.part, d.vertex, d.here, lead(d.here) OVER (PARTITION BY d.part ORDER BY d.vertex) AS next
		FROM (SELECT CASE WHEN cardinality(o.path) = 2 THEN o.path[1] ELSE 1 END AS part,
				o.path[cardinality(o.path)] AS vertex, o.geom AS here
			FROM %1$I.ST_DumpPoints(line_piece.geom) o) d) p;
END;

--| Internal to `split_span`: the place on a line that is nearest to a point, in
--| a plane around that point.
CREATE FUNCTION netstate.line_place(geom %1$I.geometry, point %1$I.geometry,
	OUT part integer, OUT vertex integer, OUT fraction double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT f.part, CASE WHEN f.t < 1 THEN f.vertex ELSE f.vertex + 1 END, CASE WHEN f.t < 1 THEN f.t ELSE 0 END
	FROM (SELECT d.part, d.vertex, d.dx, d.dy, d.px, d.py,
			COALESCE(greatest(0, least(1, (d.px * d.dx + d.py * d.dy) / nullif(d.dx * d.dx + d.dy * d.dy, 0))), 0) AS t
		FROM (SELECT s.part, s.vertex, (s.next_x - s.x) * c.scale AS dx, s.next_y - s.y AS dy,
				(c.x - s.x - 360 * round((c.x - s.x) / 360)) * c.scale AS px, c.y - s.y AS py
			FROM netstate.line_piece(line_place.geom) s,
				(SELECT %1$I.ST_X(point) AS x, %1$I.ST_Y(point) AS y, cos(radians(%1$I.ST_Y(point))) AS scale) c
			WHERE s.next_x IS NOT NULL) d) f
	ORDER BY (f.px - f.t * f.dx) ^ 2::double precision + (f.py - f.t * f.dy) ^ 2::double precision, f.part, f.vertex
	LIMIT 1;
END;

--| Internal to `split_span`: the place on a line that has this share of its
--| length before it.
CREATE FUNCTION netstate.line_at(geom %1$I.geometry, share double precision,
	OUT part integer, OUT vertex integer, OUT fraction double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT f.part, CASE WHEN f.t < 1 THEN f.vertex ELSE f.vertex + 1 END, CASE WHEN f.t < 1 THEN f.t ELSE 0 END
	FROM (SELECT s.part, s.vertex, s.before, s.length_m, s.total,
			greatest(0, (share * s.total - s.before) / nullif(s.length_m, 0)) AS t
		FROM (SELECT p.part, p.vertex, p.length_m, sum(p.length_m) OVER () AS total,
				COALESCE(sum(p.length_m) OVER (ORDER BY p.part, p.vertex
					ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
			FROM netstate.line_piece(line_at.geom) p WHERE p.next_x IS NOT NULL) s
		WHERE s.length_m > 0) f
	WHERE f.before + f.length_m >= share * f.total
	ORDER BY f.part, f.vertex
	LIMIT 1;
END;

--| Internal to `split_span`: a line cut at a place. Both are NULL where the
--| place is an end of the line.
CREATE FUNCTION netstate.line_cut(geom %1$I.geometry, part integer, vertex integer, fraction double precision,
	OUT before %1$I.geometry, OUT after %1$I.geometry)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH piece AS (
		SELECT s.part, s.vertex, s.x, s.y, s.next_x, s.next_y FROM netstate.line_piece(line_cut.geom) s),
	cut AS (
		SELECT p.x + fraction * (p.next_x - p.x) AS x, p.y + fraction * (p.next_y - p.y) AS y,
			p.x AS from_x, p.y AS from_y, p.next_x AS to_x, p.next_y AS to_y
		FROM piece p WHERE fraction > 0 AND p.part = line_cut.part AND p.vertex = line_cut.vertex),
	-- a cut so near to a vertex that it is the vertex
	place AS (
		SELECT line_cut.vertex + CASE WHEN EXISTS (SELECT FROM cut c WHERE c.x = c.to_x AND c.y = c.to_y) THEN 1 ELSE 0 END AS vertex,
			(SELECT c.x FROM cut c WHERE (c.x, c.y) <> (c.to_x, c.to_y) AND (c.x, c.y) <> (c.from_x, c.from_y)) AS x,
			(SELECT c.y FROM cut c WHERE (c.x, c.y) <> (c.to_x, c.to_y) AND (c.x, c.y) <> (c.from_x, c.from_y)) AS y),
	point AS (
		SELECT s.second, s.part, s.vertex::double precision AS vertex, s.x, s.y
		FROM (SELECT false AS second, p.part, p.vertex, p.x, p.y FROM piece p, place
			WHERE (p.part, p.vertex) <= (line_cut.part, place.vertex)
			UNION ALL
			SELECT true, p.part, p.vertex, p.x, p.y FROM piece p, place
			WHERE (p.part, p.vertex) > (line_cut.part, place.vertex)
				OR (place.x IS NULL AND p.part = line_cut.part AND p.vertex = place.vertex)) s
		UNION ALL
		SELECT h.second, line_cut.part, place.vertex + 0.5, place.x, place.y
		FROM place, (VALUES (false), (true)) h (second) WHERE place.x IS NOT NULL),
	line AS (
		SELECT p.second, p.part,
			%1$I.ST_MakeLine(%1$I.ST_SetSRID(%1$I.ST_MakePoint(p.x, p.y), 4326) ORDER BY p.vertex) AS geom
		FROM point p GROUP BY p.second, p.part HAVING count(*) > 1),
	half AS (
		SELECT l.second,
			CASE WHEN %1$I.ST_GeometryType(line_cut.geom) = 'ST_MultiLineString'
				THEN %1$I.ST_Multi(%1$I.ST_Collect(l.geom ORDER BY l.part))
				ELSE (array_agg(l.geom))[1] END AS geom
		FROM line l GROUP BY l.second)
	SELECT a.geom, b.geom FROM half a, half b WHERE NOT a.second AND b.second
	UNION ALL
	SELECT NULL, NULL WHERE (SELECT count(*) FROM half) < 2;
END;

--| Internal to `merge_span`: two lines, one after the other. Where the first ends
--| where the second starts, on a straight line, that vertex is left out.
CREATE FUNCTION netstate.line_join(first %1$I.geometry, second %1$I.geometry) RETURNS %1$I.geometry
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH point AS (
		SELECT row_number() OVER (ORDER BY s.second, s.part, s.vertex) AS n, s.second, s.part, s.x, s.y,
			lag(s.x) OVER w AS last_x, lag(s.y) OVER w AS last_y, lead(s.x) OVER w AS next_x, lead(s.y) OVER w AS next_y,
			lag(s.part) OVER w AS last_part, lead(s.part) OVER w AS next_part,
			lag(s.second) OVER w AS last_second, lead(s.second) OVER w AS next_second
		FROM (SELECT false AS second, p.part, p.vertex, p.x, p.y FROM netstate.line_piece(first) p
			UNION ALL
			SELECT true, p.part, p.vertex, p.x, p.y FROM netstate.line_piece(line_join.second) p) s
		WINDOW w AS (ORDER BY s.second, s.part, s.vertex)),
	-- The second's first point is left out where it is the first's last one, and
	-- that one too where it lies on the way from its neighbour to the next.
	joined AS (
		SELECT p.n, p.x, p.y, p.last_x, p.last_y, p.second, p.part, p.last_second, p.last_part, p.next_second,
			p.second AND NOT p.last_second AND (p.x, p.y) = (p.last_x, p.last_y) AS again,
			lead(p.next_x) OVER (ORDER BY p.n) AS beyond_x, lead(p.next_y) OVER (ORDER BY p.n) AS beyond_y,
			lead(p.next_part) OVER (ORDER BY p.n) AS beyond_part, lead(p.part) OVER (ORDER BY p.n) AS next_part,
			(p.x, p.y) = (p.next_x, p.next_y) AS next_is_again
		FROM point p),
	kept AS (
		SELECT j.n, j.x, j.y,
			-- begins a part: the first of all, one that began a part, one beyond the antimeridian
			CASE WHEN j.n = 1 THEN true
				WHEN j.second = j.last_second THEN j.part <> j.last_part
				ELSE abs(j.x - j.last_x) > 180 END AS begins
		FROM joined j
		WHERE NOT COALESCE(j.again, false)
			AND NOT COALESCE(j.next_second AND NOT j.second AND j.next_is_again
				AND j.last_part = j.part AND j.beyond_part = j.next_part
				AND (j.x - j.last_x) * (j.beyond_x - j.x) + (j.y - j.last_y) * (j.beyond_y - j.y) > 0
				AND abs((j.x - j.last_x) * (j.beyond_y - j.last_y) - (j.y - j.last_y) * (j.beyond_x - j.last_x))
					<= 1e-12::double precision * sqrt((j.beyond_x - j.last_x) ^ 2::double precision
						+ (j.beyond_y - j.last_y) ^ 2::double precision), false)),
	line AS (
		SELECT k.part, %1$I.ST_MakeLine(%1$I.ST_SetSRID(%1$I.ST_MakePoint(k.x, k.y), 4326) ORDER BY k.n) AS geom
		FROM (SELECT p.n, p.x, p.y, count(*) FILTER (WHERE p.begins) OVER (ORDER BY p.n) AS part FROM kept p) k
		GROUP BY k.part)
	SELECT CASE WHEN count(*) > 1 OR %1$I.ST_GeometryType(first) = 'ST_MultiLineString'
			OR %1$I.ST_GeometryType(line_join.second) = 'ST_MultiLineString'
		THEN %1$I.ST_Multi(%1$I.ST_Collect(l.geom ORDER BY l.part))
		ELSE (array_agg(l.geom))[1] END
	FROM line l;
END;

		COMMENT ON FUNCTION netstate.line_piece(%1$I.geometry) IS
			'Internal: the straight pieces of a line.';
		COMMENT ON FUNCTION netstate.line_place(%1$I.geometry, %1$I.geometry) IS
			'Internal: the place on a line that is nearest to a point.';
		COMMENT ON FUNCTION netstate.line_at(%1$I.geometry, double precision) IS
			'Internal: the place on a line that has a share of its length before it.';
		COMMENT ON FUNCTION netstate.line_cut(%1$I.geometry, integer, integer, double precision) IS
			'Internal: a line cut at a place.';
		COMMENT ON FUNCTION netstate.line_join(%1$I.geometry, %1$I.geometry) IS
			'Internal: two lines, one after the other.';
	$sql$, postgis);
END
$do$;
-- All groups of shared risk, stated and derived, with names; and why a link
-- belongs to one.

--| The id of the group that follows from an element of the plant: below 0, made
--| from the group's kind and the element, and so the same as long as the element
--| is there. `kind`: `span`, `duct`, `cable`, `structure`, `site`, `power_feed`
--| or `hazard_area` with the element's id; `crossing` or `proximity` with
--| a_span_id * 2^29 + b_span_id, the lower id first; `corridor` with
--| (corridor_id * 2^24 + stretch) * 4, `corridor_side` with that plus 1 for left,
--| 2 for right, 3 for median, where stretches count from 0 at the corridor's
--| start. It does not look whether there is such an element. Fails with 22023 for
--| another kind or an id out of range, with 22004 for a NULL.
CREATE FUNCTION netstate.risk_id(kind text, element_id bigint) RETURNS bigint
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_risk_id';

COMMENT ON FUNCTION netstate.risk_id(text, bigint) IS
	'The id of the group that follows from an element of the plant.';

--| The pairs of spans that cross or run near each other, as the running
--| transaction sees them: those of `span_pair`, and its own new ones.
CREATE VIEW netstate.span_pair_now WITH (security_invoker = true) AS
SELECT p.a_span_id, p.b_span_id, p.crosses, p.distance_m, p.run_m
FROM netstate.span_pair p
WHERE NOT EXISTS (
	SELECT FROM netstate.span_pair_own o
	WHERE o.xid = pg_catalog.pg_current_xact_id_if_assigned()
		AND o.a_span_id = p.a_span_id AND o.b_span_id = p.b_span_id)
UNION ALL
SELECT o.a_span_id, o.b_span_id, o.crosses, o.distance_m, o.run_m
FROM netstate.span_pair_own o
WHERE o.xid = pg_catalog.pg_current_xact_id_if_assigned() AND o.run_m IS NOT NULL;

COMMENT ON VIEW netstate.span_pair_now IS 'Pairs of spans that cross or run near each other, as the running transaction sees them.';
COMMENT ON COLUMN netstate.span_pair_now.a_span_id IS 'Span with the lower id.';
COMMENT ON COLUMN netstate.span_pair_now.b_span_id IS 'Span with the higher id.';
COMMENT ON COLUMN netstate.span_pair_now.crosses IS 'As in span_pair.';
COMMENT ON COLUMN netstate.span_pair_now.distance_m IS 'As in span_pair.';
COMMENT ON COLUMN netstate.span_pair_now.run_m IS 'As in span_pair.';

--| Where spans run along their corridors: of each span that has one, the first
--| and the last stretch, by the length in force, for the rules `corridor` (side
--| 0) and `corridor_side` (1 left, 2 right, 3 median; only spans with a side).
CREATE FUNCTION netstate.span_stretches()
RETURNS TABLE (span_id bigint, corridor_id bigint, kind text, side integer,
	first_stretch integer, last_stretch integer)
LANGUAGE c STABLE PARALLEL SAFE ROWS 1000
AS 'MODULE_PATHNAME', 'netstate_span_stretches';

COMMENT ON FUNCTION netstate.span_stretches() IS
	'Where spans run along their corridors, in stretches.';

--| The name of a group: of a stated one its own, of a derived one that of its
--| element: a span, a cable, 'span / duct', 'corridor, 3000 m to 4000 m, left',
--| 'one span x the other'. NULL where there is no such group or element. Looks
--| it up by key.
CREATE FUNCTION netstate.risk_name(srlg_id bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE
		WHEN g.id > 0 THEN (SELECT e.name FROM netstate.srlg e WHERE e.id = g.id)
		WHEN g.code = 1 THEN (SELECT e.name FROM netstate.span e WHERE e.id = g.element)
		WHEN g.code = 2 THEN (
			SELECT s.name || ' / ' || e.name
			FROM netstate.duct e JOIN netstate.span s ON s.id = e.span_id WHERE e.id = g.element)
		WHEN g.code = 3 THEN (SELECT e.name FROM netstate.cable e WHERE e.id = g.element)
		WHEN g.code = 4 THEN (SELECT e.name FROM netstate.structure e WHERE e.id = g.element)
		WHEN g.code = 5 THEN (SELECT e.name FROM netstate.site e WHERE e.id = g.element)
		WHEN g.code = 6 THEN (SELECT e.name FROM netstate.power_feed e WHERE e.id = g.element)
		WHEN g.code = 7 OR g.code = 8 THEN (
			SELECT pg_catalog.format('%s, %s m to %s m%s', e.name,
				(g.element >> 2 & 16777215) * r.distance_m, ((g.element >> 2 & 16777215) + 1) * r.distance_m,
				(ARRAY['', ', left', ', right', ', median'])[1 + (g.element & 3)])
			FROM netstate.corridor e, netstate.risk_rule_in_force r
			WHERE e.id = g.element >> 26
				AND r.kind = CASE g.code WHEN 7 THEN 'corridor' ELSE 'corridor_side' END)
		WHEN g.code = 9 OR g.code = 10 THEN (
			SELECT a.name || ' x ' || b.name
			FROM netstate.span a, netstate.span b
			WHERE a.id = g.element >> 29 AND b.id = g.element & 536870911)
		WHEN g.code = 11 THEN (SELECT e.name FROM netstate.hazard_area e WHERE e.id = g.element)
	END
	-- the least bigint has no opposite, and is no group
	FROM (SELECT i.id, (-i.id) >> 59 AS code, (-i.id) & 576460752303423487 AS element
		FROM (SELECT nullif(srlg_id, -9223372036854775808) AS id) AS i) AS g;
END;

COMMENT ON FUNCTION netstate.risk_name(bigint) IS
	'The name of a group of shared risk, stated or derived.';

--| All groups of shared risk, one row each: the rows of `srlg`, whose element is
--| the group itself, and those that follow from the plant by the rules in force,
--| with ids below 0. A derived group is there whether or not anything belongs to
--| it; `members(element_kind, ARRAY[element_id])` says what does. Its
--| `mtbf_hours` is the span's own, else the rule's for a km over the span's
--| length. Reads all the plant; for one group ask `risk_name`.
CREATE VIEW netstate.risk WITH (security_invoker = true) AS
SELECT g.id, g.name, g.kind, g.origin, 'srlg'::text AS element_kind, g.id AS element_id,
	g.mtbf_hours, g.mttr_hours
FROM netstate.srlg g
UNION ALL
SELECT netstate.risk_id('span', e.id), e.name, 'span', 'derived', 'span', e.id,
	COALESCE(e.mtbf_hours, (
		SELECT d.mtbf_hours_km FROM netstate.risk_rule_in_force d WHERE d.kind = 'span')
		* 1000 / NULLIF(COALESCE(e.length_m, e.drawn_m), 0)),
	COALESCE(e.mttr_hours, r.mttr_hours)
FROM netstate.span e
JOIN netstate.risk_rule_in_force r
	ON r.kind = CASE e.encasement WHEN 'none' THEN 'span' ELSE 'duct_bank' END AND r.enabled
UNION ALL
SELECT netstate.risk_id('duct', e.id), s.name || ' / ' || e.name, 'duct', 'derived', 'duct', e.id,
	NULL, r.mttr_hours
FROM netstate.duct e
JOIN netstate.span s ON s.id = e.span_id
JOIN netstate.risk_rule_in_force r ON r.kind = 'duct' AND r.enabled
UNION ALL
SELECT netstate.risk_id('cable', e.id), e.name, 'cable', 'derived', 'cable', e.id, NULL, r.mttr_hours
FROM netstate.cable e
JOIN netstate.risk_rule_in_force r ON r.kind = 'cable' AND r.enabled
UNION ALL
SELECT netstate.risk_id('structure', e.id), e.name, 'structure', 'derived', 'structure', e.id,
	NULL, (SELECT r.mttr_hours FROM netstate.risk_rule_in_force r WHERE r.kind = 'structure')
FROM netstate.structure e
WHERE EXISTS (
	SELECT FROM netstate.risk_rule_in_force r
	WHERE r.enabled AND r.kind IN ('structure', 'passage_over', 'passage_under', 'passage_through'))
UNION ALL
SELECT netstate.risk_id('site', e.id), e.name, 'site', 'derived', 'site', e.id, NULL, r.mttr_hours
FROM netstate.site e
JOIN netstate.risk_rule_in_force r ON r.kind = 'site' AND r.enabled
UNION ALL
SELECT netstate.risk_id('power_feed', e.id), e.name, 'power_feed', 'derived', 'power_feed', e.id,
	NULL, (SELECT r.mttr_hours FROM netstate.risk_rule_in_force r WHERE r.kind = 'power_feed')
FROM netstate.power_feed e
WHERE EXISTS (
	SELECT FROM netstate.risk_rule_in_force r
	WHERE r.enabled AND r.kind IN ('power_feed', 'power_feed_backed'))
UNION ALL
SELECT DISTINCT netstate.risk_id(r.kind, (e.corridor_id << 26) | (k::bigint << 2) | e.side),
	netstate.risk_name(netstate.risk_id(r.kind, (e.corridor_id << 26) | (k::bigint << 2) | e.side)),
	r.kind, 'derived', 'corridor', e.corridor_id, NULL::double precision, r.mttr_hours
FROM netstate.span_stretches() e
JOIN netstate.risk_rule_in_force r ON r.kind = e.kind AND r.enabled
CROSS JOIN LATERAL pg_catalog.generate_series(e.first_stretch, e.last_stretch) k
UNION ALL
SELECT netstate.risk_id('crossing', (p.a_span_id << 29) | p.b_span_id), a.name || ' x ' || b.name,
	'crossing', 'derived', 'span_pair', (p.a_span_id << 29) | p.b_span_id, NULL, r.mttr_hours
FROM netstate.span_pair_now p
JOIN netstate.span a ON a.id = p.a_span_id
JOIN netstate.span b ON b.id = p.b_span_id
JOIN netstate.risk_rule_in_force r ON r.kind = 'crossing' AND r.enabled
WHERE p.crosses
UNION ALL
SELECT netstate.risk_id('proximity', (p.a_span_id << 29) | p.b_span_id), a.name || ' x ' || b.name,
	'proximity', 'derived', 'span_pair', (p.a_span_id << 29) | p.b_span_id, NULL, r.mttr_hours
FROM netstate.span_pair_now p
JOIN netstate.span a ON a.id = p.a_span_id
JOIN netstate.span b ON b.id = p.b_span_id
JOIN netstate.risk_rule_in_force r ON r.kind = 'proximity' AND r.enabled
WHERE p.run_m[r.distance_m::integer] > 0 AND p.run_m[r.distance_m::integer] >= r.min_length_m
UNION ALL
SELECT netstate.risk_id('hazard_area', e.id), e.name, 'hazard_area', 'derived', 'hazard_area', e.id,
	NULL, r.mttr_hours
FROM netstate.hazard_area e
JOIN netstate.risk_rule_in_force r ON r.kind = 'hazard_area' AND r.enabled;

COMMENT ON VIEW netstate.risk IS 'All groups of shared risk, stated and derived.';
COMMENT ON COLUMN netstate.risk.id IS 'Id of the group; below 0 where it follows from the plant.';
COMMENT ON COLUMN netstate.risk.name IS 'Name of the group.';
COMMENT ON COLUMN netstate.risk.kind IS 'Kind of the group: of a stated one any word, of a derived one the kind of element, corridor_side, crossing or proximity.';
COMMENT ON COLUMN netstate.risk.origin IS 'Who says so: configured, learned; derived: it follows from the plant.';
COMMENT ON COLUMN netstate.risk.element_kind IS 'Kind of the element that the group stands for.';
COMMENT ON COLUMN netstate.risk.element_id IS 'Id of the element that the group stands for.';
COMMENT ON COLUMN netstate.risk.mtbf_hours IS 'Mean time between such events, hours.';
COMMENT ON COLUMN netstate.risk.mttr_hours IS 'Mean time to repair after one, hours.';

--| Internal to `risk_reason`, which adds names.
CREATE FUNCTION netstate.risk_reason_rows(link_id bigint, srlg_id bigint)
RETURNS TABLE (rule text, element_kind text, element_id bigint, under_link_id bigint,
	cable_id bigint, seq integer, node_id bigint, probability double precision)
LANGUAGE c STABLE PARALLEL SAFE ROWS 10
AS 'MODULE_PATHNAME', 'netstate_risk_reason_rows';

COMMENT ON FUNCTION netstate.risk_reason_rows(bigint, bigint) IS
	'Internal: what risk_reason says, without names.';

--| Why a link belongs to a group: one row for each place where the group's event
--| reaches what lies beneath the link. `rule` is the kind of the `risk_rule`, or
--| `stated` for a membership that somebody entered; `element_kind`, `element_id`
--| and `element` what is reached there: a span, duct, cable, node or link;
--| `under_link` the link beneath (or the link itself) whose strands lie there,
--| `cable` and `seq` the segment; `probability` that this place is hit, given the
--| event. No rows where the link does not belong to the group. Costs about as
--| much as `memberships` of the link.
CREATE FUNCTION netstate.risk_reason(link_id bigint, srlg_id bigint)
RETURNS TABLE (rule text, element_kind text, element_id bigint, element text,
	under_link_id bigint, under_link text, cable_id bigint, cable text, seq integer,
	probability double precision)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT r.rule, r.element_kind, r.element_id,
		CASE r.element_kind
			WHEN 'span' THEN (SELECT e.name FROM netstate.span e WHERE e.id = r.element_id)
			WHEN 'duct' THEN (SELECT e.name FROM netstate.duct e WHERE e.id = r.element_id)
			WHEN 'cable' THEN (SELECT e.name FROM netstate.cable e WHERE e.id = r.element_id)
			WHEN 'node' THEN (SELECT e.name FROM netstate.node e WHERE e.id = r.element_id)
			WHEN 'link' THEN (SELECT e.name FROM netstate.link e WHERE e.id = r.element_id)
		END,
		r.under_link_id, l.name, r.cable_id, c.name, r.seq, r.probability
	FROM netstate.risk_reason_rows(risk_reason.link_id, risk_reason.srlg_id) r
	LEFT JOIN netstate.link l ON l.id = r.under_link_id
	LEFT JOIN netstate.cable c ON c.id = r.cable_id
	ORDER BY r.under_link_id, r.cable_id, r.seq, r.element_kind, r.element_id;
END;

COMMENT ON FUNCTION netstate.risk_reason(bigint, bigint) IS
	'Why a link belongs to a group of shared risk: the elements and the rule.';
-- A structure put into a span, and taken out again: all that lies in the span,
-- and every strand that runs in it, follows.
--
-- Segments keep their numbers in order: splitting numbers all that come after
-- one higher, in ranges, too.  The keys that this moves about are deferrable.
-- Rows that lie in the span are locked against others first; what somebody adds
-- all the same is judged at COMMIT, as every route is.

--| Internal to `split_span` and `merge_span`: the first ten of a list, and how
--| many more there are.
CREATE FUNCTION netstate.first_ten(items text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_to_string(items[1:10], ', ')
		|| CASE WHEN cardinality(items) > 10 THEN format(' and %s more', cardinality(items) - 10) ELSE '' END;
END;

COMMENT ON FUNCTION netstate.first_ten(text[]) IS
	'Internal: the first ten of a list, and how many more there are.';

--| Internal to `split_span` and `merge_span`: how often either of two things
--| happens (`sign` 1), or, of something that happens every `a` hours, a part of
--| it every `b` hours, the rest (-1). Reckoned exactly and rounded once, so that
--| a rest of more than twice `a` and its part give `a` again, to the last bit.
CREATE FUNCTION netstate.mtbf_of(a double precision, b double precision, sign integer) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	-- Both as integers, in units of a power of 2.
	SELECT CASE WHEN least(mtbf_of.a, mtbf_of.b) < 1e-200::double precision OR greatest(mtbf_of.a, mtbf_of.b) > 1e+200::double precision
			THEN 1 / (1 / mtbf_of.a + sign / mtbf_of.b)
		WHEN i.b + sign * i.a <= 0 THEN 1e+200::double precision
		ELSE (i.a * i.b / (i.b + sign * i.a))::double precision * 2::double precision ^ (e.a - 52)::double precision END
	FROM (SELECT floor(ln(mtbf_of.a) / ln(2::double precision))::integer - 1 AS a,
			floor(ln(mtbf_of.b) / ln(2::double precision))::integer - 1 AS b) e,
		LATERAL (SELECT round((mtbf_of.a * 2::double precision ^ (52 - e.a)::double precision)::bigint, 30) AS a,
			(mtbf_of.b * 2::double precision ^ (52 - e.b)::double precision)::bigint * 2::numeric ^ (e.b - e.a)::numeric AS b) i;
END;

COMMENT ON FUNCTION netstate.mtbf_of(double precision, double precision, integer) IS
	'Internal: mean time between events of two kinds together, or of the rest.';

--| Internal to `split_span` and `merge_span`: the segments in a span, and whether
--| each runs from the span's A to its Z. The route says so: a segment ends where
--| the next one starts. Where it does not (a cable that is all in spans between
--| the same two structures), the first segment is taken to run from A to Z.
CREATE FUNCTION netstate.segments_in(span_id bigint)
RETURNS TABLE (cable_id bigint, seq integer, forward boolean)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT s.cable_id, s.seq,
		CASE
			-- what leads on from here is n segments further; each between turns back
			WHEN next.seq IS NOT NULL AND (p.z_structure_id IN (next.a, next.z) OR p.a_structure_id IN (next.a, next.z))
				THEN (p.z_structure_id IN (next.a, next.z)) = ((next.seq - s.seq) % 2 = 1)
			WHEN last.seq IS NOT NULL AND (p.z_structure_id IN (last.a, last.z) OR p.a_structure_id IN (last.a, last.z))
				THEN (p.a_structure_id IN (last.a, last.z)) = ((s.seq - last.seq) % 2 = 1)
			ELSE (SELECT f.a_structure_id = p.a_structure_id
				FROM netstate.cable_segment c JOIN netstate.span f ON f.id = c.span_id
				WHERE c.cable_id = s.cable_id ORDER BY c.seq LIMIT 1) = (s.seq % 2 = 1)
		END
	FROM netstate.cable_segment s
	JOIN netstate.span p ON p.id = s.span_id
	LEFT JOIN LATERAL (
		SELECT c.seq, x.a_structure_id AS a, x.z_structure_id AS z
		FROM netstate.cable_segment c JOIN netstate.span x ON x.id = c.span_id
		WHERE c.cable_id = s.cable_id AND c.seq > s.seq
		AND (least(x.a_structure_id, x.z_structure_id), greatest(x.a_structure_id, x.z_structure_id))
			<> (least(p.a_structure_id, p.z_structure_id), greatest(p.a_structure_id, p.z_structure_id))
		ORDER BY c.seq LIMIT 1) next ON true
	LEFT JOIN LATERAL (
		SELECT c.seq, x.a_structure_id AS a, x.z_structure_id AS z
		FROM netstate.cable_segment c JOIN netstate.span x ON x.id = c.span_id
		WHERE c.cable_id = s.cable_id AND c.seq < s.seq
		AND (least(x.a_structure_id, x.z_structure_id), greatest(x.a_structure_id, x.z_structure_id))
			<> (least(p.a_structure_id, p.z_structure_id), greatest(p.a_structure_id, p.z_structure_id))
		ORDER BY c.seq DESC LIMIT 1) last ON true
	WHERE s.span_id = segments_in.span_id;
END;

COMMENT ON FUNCTION netstate.segments_in(bigint) IS
	'Internal: the cable segments in a span, and whether each runs from its A to its Z.';

--| Internal to `split_span` and `merge_span`: the ducts of two spans that
--| correspond: of one name, in ducts that correspond.
CREATE FUNCTION netstate.duct_pairs(first_span_id bigint, second_span_id bigint)
RETURNS TABLE (first_id bigint, second_id bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
	WITH RECURSIVE pair (first_id, second_id) AS (
		SELECT f.id, s.id FROM netstate.duct f JOIN netstate.duct s ON s.name = f.name
		WHERE f.span_id = first_span_id AND s.span_id = second_span_id AND f.parent_id IS NULL AND s.parent_id IS NULL
		UNION ALL
		SELECT f.id, s.id FROM pair p
		JOIN netstate.duct f ON f.parent_id = p.first_id
		JOIN netstate.duct s ON s.parent_id = p.second_id AND s.name = f.name)
	SELECT p.first_id, p.second_id FROM pair p;
END;

COMMENT ON FUNCTION netstate.duct_pairs(bigint, bigint) IS
	'Internal: the ducts of two spans that correspond, by their names.';

--| Puts a structure into a span, and gives the id of the new span. The span keeps
--| its id, its name and what is between its A and the structure; the new one,
--| called `name`, leads from there to its Z. The cut is `at_m` metres along the
--| span, as built where `length_m` says so, else as drawn; without `at_m` it is
--| the place on the line that is nearest to the structure. The line is not drawn
--| anew: it ends at the cut, wherever the structure is.
--|
--| Both halves have the kind, corridor, side, encasement, status and repair time
--| of the whole; as-built length and `mtbf_hours` are divided by length. Ducts are
--| in both, in one another as before. Each segment in the span becomes two, in the
--| cable's direction of travel (slack stays in the first half), and all that
--| names segments by number follows: `strand_assignment.segments`, `splice.a_seq`
--| and `z_seq`. So every link runs where it ran. Crossings go with the half that
--| passes the structure, by the place nearest to it; both halves have one that is
--| at the cut.
--|
--| Fails with 22004 where one of the first two arguments is NULL, 42704 where the
--| span or the structure does not exist, 22023 where the structure is an end of
--| the span, or the cut would be at its end or beyond; 23505 where the name is
--| taken (without `name` it is the span's and the structure's). Runs with the
--| caller's rights. Costs some 5 ms (70 ms for the first in a session), and 0.1 ms
--| for each segment and assignment that is numbered anew.
CREATE FUNCTION netstate.split_span(span_id bigint, structure_id bigint,
	at_m double precision DEFAULT NULL, name text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	old netstate.span;
	structure netstate.structure;
	cut record;
	half record;
	new_id bigint;
	whole_m double precision;
	second_m double precision;
	part double precision;
	longer_mtbf double precision;
	shorter_mtbf double precision;
	hit_cable bigint[];
	hit_seq integer[];
	hit_forward boolean[];
	missing text := CASE WHEN split_span.span_id IS NULL THEN 'span_id' WHEN split_span.structure_id IS NULL THEN 'structure_id' END;
	deep integer := 1;
BEGIN
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('argument "%s" must not be NULL', missing),
			HINT = 'Name the span and the structure by their ids.';
	END IF;
	SELECT * INTO old FROM netstate.span x WHERE x.id = split_span.span_id FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_object',
			MESSAGE = format('span %s does not exist', split_span.span_id),
			HINT = 'netstate.span has the spans that there are.';
	END IF;
	SELECT * INTO structure FROM netstate.structure x WHERE x.id = split_span.structure_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_object',
			MESSAGE = format('structure %s does not exist', split_span.structure_id),
			HINT = 'Insert it into netstate.structure first.';
	END IF;
	IF structure.id IN (old.a_structure_id, old.z_structure_id) THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('span %s ends at structure %s already', old.id, structure.id),
			DETAIL = format('It leads from structure %s to structure %s.', old.a_structure_id, old.z_structure_id),
			HINT = 'Name the structure that comes between them.';
	END IF;

	whole_m := COALESCE(nullif(old.length_m, 0), old.drawn_m);
	IF NOT at_m > 0 OR NOT at_m < whole_m THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('span %s cannot be cut at %s m', old.id, at_m),
			DETAIL = format('It is %s m long.', whole_m),
			HINT = 'Give a distance from its A, above 0 and below its length.';
	END IF;
	IF at_m IS NULL THEN
		SELECT p.part, p.vertex, p.fraction INTO cut FROM netstate.line_place(old.geom, structure.geom) p;
	ELSE
		SELECT p.part, p.vertex, p.fraction INTO cut FROM netstate.line_at(old.geom, at_m / whole_m) p;
	END IF;
	SELECT h.before, h.after INTO half FROM netstate.line_cut(old.geom, cut.part, cut.vertex, cut.fraction) h;
	IF half.before IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('span %s cannot be cut at its end', old.id),
			DETAIL = format('No place along its line is nearer to structure %s than an end.', structure.id),
			HINT = 'Say with at_m how many metres along the span the structure comes.';
	END IF;
	PERFORM FROM netstate.cable c WHERE c.id IN (
		SELECT s.cable_id FROM netstate.cable_segment s WHERE s.span_id = old.id) ORDER BY c.id FOR UPDATE;
	SELECT COALESCE(array_agg(s.cable_id ORDER BY s.cable_id, s.seq), '{}'), array_agg(s.seq ORDER BY s.cable_id, s.seq),
		array_agg(s.forward ORDER BY s.cable_id, s.seq)
	INTO hit_cable, hit_seq, hit_forward FROM netstate.segments_in(old.id) s;

	-- The greater half is rounded, the other the exact rest: so the two add up to
	-- the whole, to the last bit.
	part := COALESCE((SELECT sum(p.length_m) FROM netstate.line_piece(half.before) p) / nullif(old.drawn_m, 0), 0.5);
	second_m := CASE WHEN part >= 0.5 THEN old.length_m - old.length_m * part ELSE old.length_m * (1 - part) END;
	longer_mtbf := old.mtbf_hours / greatest(part, 1 - part);
	shorter_mtbf := netstate.mtbf_of(old.mtbf_hours, longer_mtbf, -1);
	UPDATE netstate.span x SET z_structure_id = structure.id, geom = half.before,
		length_m = old.length_m - second_m, mtbf_hours = CASE WHEN part >= 0.5 THEN longer_mtbf ELSE shorter_mtbf END
	WHERE x.id = old.id;
	INSERT INTO netstate.span (name, a_structure_id, z_structure_id, kind, corridor_id, side, encasement, geom, length_m, status, mtbf_hours, mttr_hours)
	VALUES (COALESCE(split_span.name, rtrim(left(old.name || ' from ' || structure.name, 500))), structure.id, old.z_structure_id,
		old.kind, old.corridor_id, old.side, old.encasement, half.after, second_m, old.status,
		CASE WHEN part >= 0.5 THEN shorter_mtbf ELSE longer_mtbf END, old.mttr_hours)
	RETURNING id INTO new_id;

	-- Ducts, from the outermost inwards.
	LOOP
		INSERT INTO netstate.duct (span_id, parent_id, name, kind)
		SELECT new_id, p.second_id, d.name, d.kind
		FROM netstate.duct d
		LEFT JOIN netstate.duct_pairs(old.id, new_id) p ON p.first_id = d.parent_id
		WHERE d.span_id = old.id AND d.depth = deep ORDER BY d.id;
		EXIT WHEN NOT FOUND;
		deep := deep + 1;
	END LOOP;

	-- Splices while the segments still have their old numbers.  A strand ends at
	-- the segment that comes second where that one is at its structure.
	UPDATE netstate.splice x SET a_seq = x.a_seq + n.a, z_seq = x.z_seq + n.z
	FROM (SELECT s.id,
			(SELECT count(*) FROM unnest(hit_cable, hit_seq, hit_forward) h (cable_id, seq, forward)
				WHERE h.cable_id = s.a_cable_id AND (h.seq < s.a_seq OR h.seq = s.a_seq
					AND s.structure_id = CASE WHEN h.forward THEN old.z_structure_id ELSE old.a_structure_id END)) AS a,
			(SELECT count(*) FROM unnest(hit_cable, hit_seq, hit_forward) h (cable_id, seq, forward)
				WHERE h.cable_id = s.z_cable_id AND (h.seq < s.z_seq OR h.seq = s.z_seq
					AND s.structure_id = CASE WHEN h.forward THEN old.z_structure_id ELSE old.a_structure_id END)) AS z
		FROM netstate.splice s WHERE s.a_cable_id = ANY (hit_cable) OR s.z_cable_id = ANY (hit_cable)) n
	WHERE x.id = n.id AND n.a + n.z > 0;
	UPDATE netstate.strand_assignment x SET segments = int4range((lower(x.segments) + n.lo)::integer, (upper(x.segments) + n.hi)::integer)
	FROM (SELECT a.link_id, a.seq, count(*) FILTER (WHERE h.seq < lower(a.segments)) AS lo, count(*) AS hi
		FROM netstate.strand_assignment a
		JOIN unnest(hit_cable, hit_seq) h (cable_id, seq) ON h.cable_id = a.cable_id AND h.seq < upper(a.segments)
		WHERE a.cable_id = ANY (hit_cable)
		GROUP BY a.link_id, a.seq) n
	WHERE x.link_id = n.link_id AND x.seq = n.seq;
	UPDATE netstate.cable_segment x SET seq = x.seq + n.shift
	FROM (SELECT s.cable_id, s.seq, count(*) FILTER (WHERE h.seq < s.seq OR NOT h.forward)::integer AS shift
		FROM netstate.cable_segment s
		JOIN unnest(hit_cable, hit_seq, hit_forward) h (cable_id, seq, forward) ON h.cable_id = s.cable_id AND h.seq <= s.seq
		WHERE s.cable_id = ANY (hit_cable)
		GROUP BY s.cable_id, s.seq) n
	WHERE x.cable_id = n.cable_id AND x.seq = n.seq AND n.shift > 0;
	INSERT INTO netstate.cable_segment (cable_id, seq, span_id, duct_id)
	SELECT s.cable_id, s.seq + CASE WHEN h.forward THEN 1 ELSE -1 END, new_id, p.second_id
	FROM (SELECT u.cable_id, u.forward,
			u.seq + row_number() OVER (PARTITION BY u.cable_id ORDER BY u.seq) - CASE WHEN u.forward THEN 1 ELSE 0 END AS seq
		FROM unnest(hit_cable, hit_seq, hit_forward) u (cable_id, seq, forward)) h
	JOIN netstate.cable_segment s ON s.cable_id = h.cable_id AND s.seq = h.seq
	LEFT JOIN netstate.duct_pairs(old.id, new_id) p ON p.first_id = s.duct_id;

	-- Crossings.
	INSERT INTO netstate.span_crossing (span_id, structure_id, passage)
	SELECT new_id, c.structure_id, c.passage
	FROM netstate.span_crossing c JOIN netstate.structure x ON x.id = c.structure_id,
		LATERAL netstate.line_place(old.geom, x.geom) p
	WHERE c.span_id = old.id AND (p.part, p.vertex, p.fraction) >= (cut.part, cut.vertex, cut.fraction);
	DELETE FROM netstate.span_crossing c
	USING netstate.structure x, LATERAL netstate.line_place(old.geom, x.geom) p
	WHERE c.span_id = old.id AND x.id = c.structure_id
	AND (p.part, p.vertex, p.fraction) > (cut.part, cut.vertex, cut.fraction);
	RETURN new_id;
END
$$;

COMMENT ON FUNCTION netstate.split_span(bigint, bigint, double precision, text) IS
	'Puts a structure into a span; ducts, cables, strands and splices follow. Gives the id of the new second half.';

--| Internal to `merge_span`: the cable segments that become one: of two that
--| follow each other in a cable, one in the first span and one in the second;
--| `second_seq` is the number of the latter of the two. Where three or more follow
--| each other in these spans they are taken two by two.
CREATE FUNCTION netstate.segment_pairs(first_span_id bigint, second_span_id bigint)
RETURNS TABLE (cable_id bigint, second_seq integer, first_duct_id bigint, second_duct_id bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT p.cable_id, max(p.seq), min(p.duct_id) FILTER (WHERE p.span_id = first_span_id),
		min(p.duct_id) FILTER (WHERE p.span_id = second_span_id)
	FROM (SELECT r.cable_id, r.seq, r.span_id, r.duct_id, r.run,
			(row_number() OVER (PARTITION BY r.cable_id, r.run ORDER BY r.seq) - 1) / 2 AS pair
		FROM (SELECT s.cable_id, s.seq, s.span_id, s.duct_id,
				s.seq - row_number() OVER (PARTITION BY s.cable_id ORDER BY s.seq) AS run
			FROM netstate.cable_segment s WHERE s.span_id IN (first_span_id, second_span_id)) r) p
	GROUP BY p.cable_id, p.run, p.pair
	HAVING count(*) = 2 AND count(DISTINCT p.span_id) = 2;
END;

COMMENT ON FUNCTION netstate.segment_pairs(bigint, bigint) IS
	'Internal: the cable segments that become one when two spans do.';

--| Internal to `merge_span`: why two spans that follow each other cannot become
--| one, in words; NULL where they can.
CREATE FUNCTION netstate.merge_obstacle(first_span_id bigint, second_span_id bigint) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT COALESCE(
		(SELECT 'They differ in ' || netstate.first_ten(array_agg(d.what ORDER BY d.n)) || '.'
		FROM unnest(ARRAY['kind', 'corridor_id', 'side', 'encasement', 'status', 'mttr_hours', 'mtbf_hours'],
			ARRAY[f.kind IS DISTINCT FROM s.kind, f.corridor_id IS DISTINCT FROM s.corridor_id, f.side IS DISTINCT FROM s.side,
				f.encasement <> s.encasement, f.status <> s.status, f.mttr_hours IS DISTINCT FROM s.mttr_hours,
				(f.mtbf_hours IS NULL) <> (s.mtbf_hours IS NULL)]) WITH ORDINALITY d (what, differs, n)
		WHERE d.differs HAVING count(*) > 0),
		(SELECT format('Spans end at structure %s: %s.', s.a_structure_id, netstate.first_ten(array_agg(x.id::text ORDER BY x.id)))
		FROM netstate.span x WHERE (x.a_structure_id = s.a_structure_id OR x.z_structure_id = s.a_structure_id)
		AND x.id NOT IN (f.id, s.id) HAVING count(*) > 0),
		(SELECT format('Splice closures are in structure %s: %s.', s.a_structure_id, netstate.first_ten(array_agg(x.id::text ORDER BY x.id)))
		FROM netstate.splice_closure x WHERE x.structure_id = s.a_structure_id HAVING count(*) > 0),
		(SELECT format('Splices are in structure %s: %s.', s.a_structure_id, netstate.first_ten(array_agg(x.id::text ORDER BY x.id)))
		FROM netstate.splice x WHERE x.structure_id = s.a_structure_id HAVING count(*) > 0),
		(SELECT format('Cables end or turn at structure %s: %s.', s.a_structure_id, netstate.first_ten(array_agg(x.cable_id::text ORDER BY x.cable_id)))
		FROM (SELECT c.cable_id FROM netstate.cable_segment c WHERE c.span_id IN (f.id, s.id) GROUP BY c.cable_id
			HAVING count(*) <> 2 * (SELECT count(*) FROM netstate.segment_pairs(f.id, s.id) p WHERE p.cable_id = c.cable_id)) x
		HAVING count(*) > 0),
		(SELECT format('Strands of links end at structure %s: of links %s.', s.a_structure_id, netstate.first_ten(array_agg(x.link_id::text ORDER BY x.link_id)))
		FROM (SELECT DISTINCT a.link_id FROM netstate.strand_assignment a
			JOIN netstate.segment_pairs(f.id, s.id) p ON p.cable_id = a.cable_id
			WHERE (p.second_seq <@ a.segments) <> (p.second_seq - 1 <@ a.segments)) x
		HAVING count(*) > 0),
		(SELECT format('Ducts of one span have no like in the other, or are of another kind: %s.', netstate.first_ten(array_agg(d.id::text ORDER BY d.id)))
		FROM netstate.duct d WHERE d.span_id IN (f.id, s.id) AND d.id NOT IN (
			SELECT unnest(ARRAY[p.first_id, p.second_id]) FROM netstate.duct_pairs(f.id, s.id) p
			JOIN netstate.duct x ON x.id = p.first_id JOIN netstate.duct y ON y.id = p.second_id
			WHERE x.kind IS NOT DISTINCT FROM y.kind)
		HAVING count(*) > 0),
		(SELECT format('Cables lie in one duct before structure %s and in another after it: %s.', s.a_structure_id,
			netstate.first_ten(array_agg(DISTINCT p.cable_id::text)))
		FROM netstate.segment_pairs(f.id, s.id) p
		LEFT JOIN netstate.duct_pairs(f.id, s.id) d ON d.first_id = p.first_duct_id
		WHERE p.second_duct_id IS DISTINCT FROM d.second_id HAVING count(*) > 0),
		(SELECT format('They pass structures in different ways: %s.', netstate.first_ten(array_agg(x.structure_id::text ORDER BY x.structure_id)))
		FROM netstate.span_crossing x JOIN netstate.span_crossing y ON y.structure_id = x.structure_id AND y.passage <> x.passage
		WHERE x.span_id = f.id AND y.span_id = s.id HAVING count(*) > 0))
	FROM netstate.span f, netstate.span s WHERE f.id = first_span_id AND s.id = second_span_id;
END;

COMMENT ON FUNCTION netstate.merge_obstacle(bigint, bigint) IS
	'Internal: why two spans that follow each other cannot become one.';

--| Takes the structure between two spans out of the plant's routes: the first
--| span, which keeps its id, then leads to the second's Z, and the second is no
--| more. Undoes `split_span`: after both, every row is what it was. Gives the
--| first span's id. The structure itself stays.
--|
--| Lengths add up (as drawn where one has none), and so do the rates of cuts.
--| A vertex at the join that lies on a straight line is left out.
--|
--| Fails with 22004 where an argument is NULL, 42704 where a span does not exist,
--| 22023 where the second does not start where the first ends, or ends where the
--| first starts; with 55000 where something ends at the structure between them:
--| another span, a cable, a link's strands, a splice, a splice closure; where
--| their kind, corridor, side, encasement, status, repair time or `mtbf_hours`
--| (one known, one not) differ, or their ducts, or the ducts that a cable lies in,
--| or how they pass another structure. Runs with the caller's rights. Costs what
--| `split_span` does.
CREATE FUNCTION netstate.merge_span(first_span_id bigint, second_span_id bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	first netstate.span;
	second netstate.span;
	hit_cable bigint[];
	hit_seq integer[];
	why text;
	missing text := CASE WHEN first_span_id IS NULL THEN 'first_span_id' WHEN second_span_id IS NULL THEN 'second_span_id' END;
BEGIN
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('argument "%s" must not be NULL', missing),
			HINT = 'Name both spans by their ids.';
	END IF;
	PERFORM FROM netstate.span x WHERE x.id IN (first_span_id, second_span_id) ORDER BY x.id FOR UPDATE;
	SELECT * INTO first FROM netstate.span x WHERE x.id = first_span_id;
	SELECT * INTO second FROM netstate.span x WHERE x.id = second_span_id;
	IF first.id IS NULL OR second.id IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_object',
			MESSAGE = format('span %s does not exist', CASE WHEN first.id IS NULL THEN first_span_id ELSE second_span_id END),
			HINT = 'netstate.span has the spans that there are.';
	END IF;
	IF first.z_structure_id <> second.a_structure_id OR first.a_structure_id = second.z_structure_id THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('span %s does not lead on from span %s', second.id, first.id),
			DETAIL = format('The first leads from structure %s to %s, the second from %s to %s.',
				first.a_structure_id, first.z_structure_id, second.a_structure_id, second.z_structure_id),
			HINT = CASE WHEN second.z_structure_id = first.a_structure_id AND first.z_structure_id <> second.a_structure_id
				THEN 'Name them in the other order.'
				ELSE 'The second starts at the structure where the first ends, and ends elsewhere.' END;
	END IF;
	PERFORM FROM netstate.structure x WHERE x.id = first.z_structure_id FOR UPDATE;
	PERFORM FROM netstate.cable c WHERE c.id IN (
		SELECT s.cable_id FROM netstate.cable_segment s WHERE s.span_id IN (first.id, second.id)) ORDER BY c.id FOR UPDATE;

	why := netstate.merge_obstacle(first.id, second.id);
	IF why IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('spans %s and %s cannot become one', first.id, second.id),
			DETAIL = why,
			HINT = format('Only spans that are alike become one, and nothing may end at structure %s.', first.z_structure_id);
	END IF;

	-- The second of each two segments, by number: it goes.
	SELECT COALESCE(array_agg(p.cable_id ORDER BY p.cable_id, p.second_seq), '{}'), array_agg(p.second_seq ORDER BY p.cable_id, p.second_seq)
	INTO hit_cable, hit_seq FROM netstate.segment_pairs(first.id, second.id) p;
	UPDATE netstate.splice x SET a_seq = x.a_seq - n.a, z_seq = x.z_seq - n.z
	FROM (SELECT s.id,
			(SELECT count(*) FROM unnest(hit_cable, hit_seq) h (cable_id, seq) WHERE h.cable_id = s.a_cable_id AND h.seq <= s.a_seq) AS a,
			(SELECT count(*) FROM unnest(hit_cable, hit_seq) h (cable_id, seq) WHERE h.cable_id = s.z_cable_id AND h.seq <= s.z_seq) AS z
		FROM netstate.splice s WHERE s.a_cable_id = ANY (hit_cable) OR s.z_cable_id = ANY (hit_cable)) n
	WHERE x.id = n.id AND n.a + n.z > 0;
	UPDATE netstate.strand_assignment x SET segments = int4range((lower(x.segments) - n.lo)::integer, (upper(x.segments) - n.hi)::integer)
	FROM (SELECT a.link_id, a.seq, count(*) FILTER (WHERE h.seq < lower(a.segments)) AS lo, count(*) AS hi
		FROM netstate.strand_assignment a
		JOIN unnest(hit_cable, hit_seq) h (cable_id, seq) ON h.cable_id = a.cable_id AND h.seq < upper(a.segments)
		WHERE a.cable_id = ANY (hit_cable)
		GROUP BY a.link_id, a.seq) n
	WHERE x.link_id = n.link_id AND x.seq = n.seq;

	-- What stays is the segment in the first span, with the slack of both.
	UPDATE netstate.cable_segment x SET slack_m = x.slack_m + s.slack_m
	FROM netstate.segment_pairs(first.id, second.id) p
	JOIN netstate.cable_segment s ON s.cable_id = p.cable_id AND s.seq IN (p.second_seq - 1, p.second_seq) AND s.span_id = second.id
	WHERE x.cable_id = p.cable_id AND x.seq IN (p.second_seq - 1, p.second_seq) AND x.span_id = first.id AND s.slack_m > 0;
	DELETE FROM netstate.cable_segment s WHERE s.span_id = second.id;
	UPDATE netstate.cable_segment x SET seq = x.seq - n.shift
	FROM (SELECT s.cable_id, s.seq, count(*)::integer AS shift
		FROM netstate.cable_segment s
		JOIN unnest(hit_cable, hit_seq) h (cable_id, seq) ON h.cable_id = s.cable_id AND h.seq <= s.seq
		WHERE s.cable_id = ANY (hit_cable)
		GROUP BY s.cable_id, s.seq) n
	WHERE x.cable_id = n.cable_id AND x.seq = n.seq;

	INSERT INTO netstate.span_crossing (span_id, structure_id, passage)
	SELECT first.id, c.structure_id, c.passage FROM netstate.span_crossing c
	WHERE c.span_id = second.id
	AND NOT EXISTS (SELECT FROM netstate.span_crossing f WHERE f.span_id = first.id AND f.structure_id = c.structure_id);
	DELETE FROM netstate.span x WHERE x.id = second.id;
	UPDATE netstate.span x SET z_structure_id = second.z_structure_id, geom = netstate.line_join(first.geom, second.geom),
		length_m = CASE WHEN first.length_m IS NOT NULL OR second.length_m IS NOT NULL
			THEN COALESCE(first.length_m, first.drawn_m) + COALESCE(second.length_m, second.drawn_m) END,
		mtbf_hours = netstate.mtbf_of(least(first.mtbf_hours, second.mtbf_hours), greatest(first.mtbf_hours, second.mtbf_hours), 1)
	WHERE x.id = first.id;
	RETURN first.id;
END
$$;

COMMENT ON FUNCTION netstate.merge_span(bigint, bigint) IS
	'Makes one span of two that follow each other; ducts, cables, strands and splices follow. Undoes split_span.';
-- Demand: the traffic that a network is asked to carry.

--| Traffic demands between two nodes of one network. Goes with its network; a
--| node at which a demand ends cannot be deleted (23503).
CREATE TABLE netstate.demand (
	id bigint GENERATED BY DEFAULT AS IDENTITY,
	network_id bigint NOT NULL,
	name text NOT NULL,
	src_node_id bigint NOT NULL,
	dst_node_id bigint NOT NULL,
	gbps double precision NOT NULL,
	class text,
	CONSTRAINT demand_pkey PRIMARY KEY (id),
	CONSTRAINT demand_name_is_unique_in_network UNIQUE (network_id, name),
	CONSTRAINT demand_is_in_network FOREIGN KEY (network_id)
		REFERENCES netstate.network (id) ON DELETE CASCADE,
	CONSTRAINT demand_src_node_is_in_its_network FOREIGN KEY (network_id, src_node_id)
		REFERENCES netstate.node (network_id, id),
	CONSTRAINT demand_dst_node_is_in_its_network FOREIGN KEY (network_id, dst_node_id)
		REFERENCES netstate.node (network_id, id),
	CONSTRAINT demand_ends_differ CHECK (src_node_id <> dst_node_id),
	CONSTRAINT demand_id_is_positive CHECK (id > 0),
	CONSTRAINT demand_name_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(name)),
	CONSTRAINT demand_class_is_1_to_500_characters_without_outer_blanks CHECK (netstate.valid_name(class)),
	CONSTRAINT demand_gbps_is_finite_and_not_negative
		CHECK (netstate.valid_quantity(gbps))
);

CREATE INDEX demand_src_node_id_idx ON netstate.demand (src_node_id);
CREATE INDEX demand_dst_node_id_idx ON netstate.demand (dst_node_id);

COMMENT ON TABLE netstate.demand IS 'Traffic that a network is asked to carry between two of its nodes.';
COMMENT ON COLUMN netstate.demand.id IS 'Key.';
COMMENT ON COLUMN netstate.demand.network_id IS 'Network that carries it.';
COMMENT ON COLUMN netstate.demand.name IS 'Name, unique in the network; 1 to 500 characters.';
COMMENT ON COLUMN netstate.demand.src_node_id IS 'Node where the traffic enters.';
COMMENT ON COLUMN netstate.demand.dst_node_id IS 'Node where it leaves.';
COMMENT ON COLUMN netstate.demand.gbps IS 'Traffic from source to destination, Gbit/s.';
COMMENT ON COLUMN netstate.demand.class IS 'Class of service, any word, or NULL.';

-- Paths: questions on one network's graph, answered in C from the rows that
-- the query's own snapshot shows.

--| The cheapest path from node `src` to node `dst` of `network`, one row or none.
--|
--| `cost` is what is added up: `metric` (default), `latency` (us), `length` (km)
--| or `hops`. Links in `avoid_links`, and all links of the groups in
--| `avoid_srlgs`, are not used; ids that do not exist do no harm. Links count
--| that are up (`link_state`): in service with both nodes, and with something
--| left of all that they ride on. Among equal costs: fewer links, then the
--| smaller sequence of link ids. `src = dst` gives the empty path.
--|
--| Returns `cost`, `hops` (number of links), `nodes` (names, from `src` to `dst`)
--| and `links` (ids, in order).
--|
--| Errors: 42704 unknown network or node, with the nearest name; 22023 a link in
--| service without the cost asked for (it is named), or an argument out of
--| range; 22004 an argument or an element is NULL; 22003 the cost of the path is
--| more than a double holds; 42501 no SELECT on the tables; 53400
--| `netstate.memory_limit` or `netstate.cache_memory` reached. Time: a look at the
--| graph, a few microseconds when nothing has changed, and a search that visits
--| a small part of a large network.
CREATE FUNCTION netstate.shortest_path(
	network text,
	src text,
	dst text,
	cost text DEFAULT 'metric',
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}')
RETURNS TABLE (cost double precision, hops integer, nodes text[], links bigint[])
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 1
AS 'MODULE_PATHNAME', 'netstate_shortest_path';

COMMENT ON FUNCTION netstate.shortest_path(text, text, text, text, bigint[], bigint[]) IS
	'The cheapest path between two nodes of a network: cost, number of links, names of nodes, ids of links.';

--| The `k` (1 to 100,000) cheapest paths without loops from node `src` to node
--| `dst` of `network`, in order of cost; fewer rows only when no more exist.
--| Parallel links make different paths. The other arguments, the columns after
--| `path` (1, 2, ...) and the errors are those of `shortest_path`. `src = dst`
--| gives the empty path alone.
--|
--| Time: a look at the graph, then about k times (path length) short searches.
CREATE FUNCTION netstate.k_shortest_paths(
	network text,
	src text,
	dst text,
	k integer,
	cost text DEFAULT 'metric',
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}')
RETURNS TABLE (path integer, cost double precision, hops integer, nodes text[], links bigint[])
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 10
AS 'MODULE_PATHNAME', 'netstate_k_shortest_paths';

COMMENT ON FUNCTION netstate.k_shortest_paths(text, text, text, integer, text, bigint[], bigint[]) IS
	'The k cheapest loopless paths between two nodes of a network, in order of cost.';

--| `k` (1 to 64) paths from node `src` to node `dst` of `network` that share no
--| risk, of least total cost: exact.
--|
--| `disjoint` lists what they must not share: `link` (implied: each link is a risk
--| of its own), `node` (all but the two ends), `srlg` (groups, stated or risen
--| from what a link rides on). Groups that take down `src` or `dst` itself do not
--| count, nor do those in `ignore_srlgs`, nor memberships below `min_probability`
--| or `min_share` (0 to 1) or with a share of 0.
--|
--| `strict` (default): no rows mean that it is *proven* that no such paths exist.
--| With `strict => false` the paths may share what they must: the fewest groups,
--| then nodes, then links, that at least two of them use, and then the least
--| cost; they may coincide, and no rows mean that there is no path at all.
--|
--| Returns `path` (1, 2, ... in order of cost), `cost`, `hops`, `nodes`, `links`
--| as `shortest_path` does; `shared_srlgs`, `shared_nodes`, `shared_links`: what
--| this path shares with another of them; and, the same in every row, `optimal`
--| (proven, to 1e-9 of the cost) and `lower_bound`, below which no total cost
--| can be. A search that reaches `netstate.search_budget` gives the best paths
--| found with `optimal` false.
--|
--| Errors: those of `shortest_path`; 22023 `src = dst`, an unknown word in
--| `disjoint`, `k` or a threshold out of range; 53400 the budget was reached
--| before any paths were found or excluded (the hint says what to raise).
--|
--| Time: a look at the graph, then below a millisecond for a few hundred nodes;
--| the question is NP-hard, so the budget bounds the worst case.
CREATE FUNCTION netstate.disjoint_paths(
	network text,
	src text,
	dst text,
	k integer DEFAULT 2,
	disjoint text[] DEFAULT '{link,srlg}',
	strict boolean DEFAULT true,
	cost text DEFAULT 'metric',
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}',
	ignore_srlgs bigint[] DEFAULT '{}',
	min_probability double precision DEFAULT 0,
	min_share double precision DEFAULT 0)
RETURNS TABLE (path integer, cost double precision, hops integer, nodes text[], links bigint[],
	shared_srlgs bigint[], shared_nodes text[], shared_links bigint[],
	optimal boolean, lower_bound double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 2
AS 'MODULE_PATHNAME', 'netstate_disjoint_paths';

COMMENT ON FUNCTION netstate.disjoint_paths(text, text, text, integer, text[], boolean, text, bigint[], bigint[], bigint[], double precision, double precision) IS
	'Paths between two nodes of a network that share no link, node or risk group, of least total cost.';

--| What stands alone between node `src` and node `dst` of `network`: each group,
--| node or link that every path uses, so that no two paths can avoid sharing it.
--|
--| The arguments are those of `disjoint_paths`; there is no `cost`, since it does
--| not matter. Groups are listed where `disjoint` has `srlg`, nodes where it has
--| `node`, links always. Empty does not mean that disjoint paths exist: two
--| groups may stand in the way together. Empty too where no path exists at all.
--|
--| Returns `kind` (`srlg`, `node` or `link`), `id` and `name` (NULL for a group
--| that the caller may not read), in order of kind and id. Ask what remains when
--| the cutting groups are left aside with `disjoint_paths(..., ignore_srlgs =>
--| array(SELECT id FROM netstate.disjoint_obstacles(...) WHERE kind = 'srlg'))`.
--|
--| Errors: those of `disjoint_paths`, except for the cost and the budget. Time:
--| a look at the graph, then a few searches.
CREATE FUNCTION netstate.disjoint_obstacles(
	network text,
	src text,
	dst text,
	disjoint text[] DEFAULT '{link,srlg}',
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}',
	ignore_srlgs bigint[] DEFAULT '{}',
	min_probability double precision DEFAULT 0,
	min_share double precision DEFAULT 0)
RETURNS TABLE (kind text, id bigint, name text)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 10
AS 'MODULE_PATHNAME', 'netstate_disjoint_obstacles';

COMMENT ON FUNCTION netstate.disjoint_obstacles(text, text, text, text[], bigint[], bigint[], bigint[], double precision, double precision) IS
	'Each group, node or link that alone separates two nodes of a network.';
-- The graph that paths are answered from: what it holds, and whether it is
-- what the tables hold.

--| What the functions on paths are answered from, for `network`, right now and
--| for this caller: one row.
--|
--| `nodes`, `links` (those that are up), `srlgs` (groups with such links) and
--| `total_metric` (of the links that have one) describe the graph; `bytes` is
--| what it takes, names included, and `landmark_bytes` what the landmarks take
--| that lead searches in it, once they are made. `shared` says whether its block is the one in shared memory
--| that all sessions use, `patched` how many nodes, links and groups have changed
--| since that block was made. `builds`, `deltas` and `hits` count, for this
--| session, how often the graph was got whole, brought up to date by what had
--| changed, or right as it was. `built_at` is when the block was read from the
--| tables, `refreshed_at` when a change was taken in last; both are NULL where
--| the graph is not kept: a caller from whom row-level security hides rows, or
--| triggers of the log that are not in place.
--|
--| Errors: 42704 unknown network, with the nearest name; 22004 NULL; 42501 no
--| SELECT on the tables; 53400 the graph is larger than a limit. Time: that of a
--| path function's look at the graph, and a walk over its links.
CREATE FUNCTION netstate.graph_status(
	network text,
	OUT nodes integer,
	OUT links integer,
	OUT srlgs integer,
	OUT total_metric double precision,
	OUT bytes bigint,
	OUT landmark_bytes bigint,
	OUT builds bigint,
	OUT deltas bigint,
	OUT hits bigint,
	OUT shared boolean,
	OUT patched bigint,
	OUT built_at timestamptz,
	OUT refreshed_at timestamptz)
RETURNS record
LANGUAGE c STABLE PARALLEL SAFE COST 10000
AS 'MODULE_PATHNAME', 'netstate_graph_status';

COMMENT ON FUNCTION netstate.graph_status(text) IS
	'What the functions on paths are answered from: the size of a network''s graph, and how it came.';

--| In how many nodes, links and groups the graph that this caller is answered
--| from differs from one read from the tables under the same snapshot. It is
--| always 0; any other answer is a bug, or a superuser changed rows past the
--| triggers. Errors: those of `graph_status`. Time: reading the whole network.
CREATE FUNCTION netstate.graph_check(network text) RETURNS bigint
LANGUAGE c STABLE PARALLEL SAFE COST 1000000
AS 'MODULE_PATHNAME', 'netstate_graph_check';

COMMENT ON FUNCTION netstate.graph_check(text) IS
	'In how many elements the graph that is kept differs from the tables: always 0.';
-- Questions to the plant: what rides on an element, where a link runs, where on
-- it a fault lies.

-- PostGIS may live in any schema (see 10_place.sql), so what needs its
-- functions is made with that schema's name in it.
DO $do$
DECLARE
	postgis pg_catalog.name;
BEGIN
	SELECT n.nspname INTO STRICT postgis
	FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
	WHERE e.extname OPERATOR(pg_catalog.=) 'postgis';

	EXECUTE pg_catalog.format($sql$
--| Internal to `impact`: the spans that may touch these hazard areas, by the boxes
--| around them.
CREATE FUNCTION netstate.hazard_spans(ids bigint[])
RETURNS TABLE (area_id bigint, id bigint, geom %1$I.geometry)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT h.id, s.id, s.geom
	FROM netstate.hazard_area AS h
	JOIN netstate.span AS s ON s.geom OPERATOR(%1$I.&&) h.geom
	WHERE h.id = ANY (ids);
END;

--| Internal to `impact`: the nodes that may lie in these hazard areas, by the boxes
--| around them: at their own place, else that of their structure, else that of
--| their site.
CREATE FUNCTION netstate.hazard_nodes(ids bigint[])
RETURNS TABLE (area_id bigint, id bigint, geom %1$I.geometry)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT h.id, n.id, n.geom
	FROM netstate.hazard_area AS h
	JOIN netstate.node AS n ON n.geom OPERATOR(%1$I.&&) h.geom
	WHERE h.id = ANY (ids)
	UNION ALL
	SELECT h.id, n.id, t.geom
	FROM netstate.hazard_area AS h
	JOIN netstate.structure AS t ON t.geom OPERATOR(%1$I.&&) h.geom
	JOIN netstate.node AS n ON n.structure_id = t.id
	WHERE h.id = ANY (ids) AND n.geom IS NULL
	UNION ALL
	SELECT h.id, n.id, t.geom
	FROM netstate.hazard_area AS h
	JOIN netstate.site AS t ON t.geom OPERATOR(%1$I.&&) h.geom
	JOIN netstate.node AS n ON n.site_id = t.id
	WHERE h.id = ANY (ids) AND n.geom IS NULL AND n.structure_id IS NULL;
END;

--| Where on the map so many metres of strand from an end of a link are: what a
--| reflectometer (OTDR) measures, made a place to dig. One row.
--|
--| The strands are followed from the link's A end, or with `from_end => 'z'` from
--| its Z end, counting each span as built (`length_m`, else as drawn) and the
--| slack of each segment, which lies at the end of the segment in the order of
--| the cable's `seq`. A link of a higher layer will do where it rides on single
--| links all the way down.
--|
--| - `geom`: the point, on the span's line; where the span was built longer or
--|   shorter than drawn, in proportion.
--| - `span_id`, `span`, and `span_m`: metres, as built, from the span's A end;
--|   `cable_id`, `cable`, and `segment`, the segment's `seq`; `duct_id`, `duct`.
--| - `structure_id`, `structure`: the nearer end of the span, and `structure_m`,
--|   the metres of span to it. `in_slack`: it lies in the slack at that structure.
--| - `slack_m`, `splices`: slack and joints on the way there, recorded or not.
--| - What runs there: `cables`, `links` (of all layers), and `gbps_lost` in the
--|   network that loses most; `impact('span', ARRAY[span_id])` lists all.
--|
--| Errors: 42704 unknown link; 22023 the route is shorter (the detail says how
--| long), has parallel members, a gap or no strands, or an argument is out of
--| range; 22004 NULL; 42501 as for `impact`. Time: about 2 ms.
CREATE FUNCTION netstate.fault_location(
	link_id bigint,
	distance_m double precision,
	from_end text DEFAULT 'a')
RETURNS TABLE (geom %1$I.geometry, span_id bigint, span text, span_m double precision,
	cable_id bigint, cable text, segment integer, duct_id bigint, duct text,
	structure_id bigint, structure text, structure_m double precision, in_slack boolean,
	slack_m double precision, splices integer, cables bigint, links bigint, gbps_lost double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 20000 ROWS 1
AS 'MODULE_PATHNAME', 'netstate_fault_location';

		COMMENT ON FUNCTION netstate.fault_location(bigint, double precision, text) IS
			'Where on the map so many metres of strand from an end of a link are, and what runs there.';
		COMMENT ON FUNCTION netstate.hazard_spans(bigint[]) IS
			'Internal: the spans that may touch these hazard areas.';
		COMMENT ON FUNCTION netstate.hazard_nodes(bigint[]) IS
			'Internal: the nodes that may lie in these hazard areas.';
	$sql$, postgis);
END
$do$;

--| All that rides on these elements, when all of them fail at once: one row for
--| each link of every layer, from the strands in the ground to the tunnels on
--| top, in order of layer, network and name.
--|
--| `kind` is the kind of the elements that `ids` name, and what fails with them:
--|
--| | kind | fails |
--| | --- | --- |
--| | `span`, `span_pair` | the strands of all cables there |
--| | `corridor` | its spans |
--| | `duct` | what lies in it and in the ducts that it holds |
--| | `cable` | all its strands |
--| | `splice_closure` | the strands that are spliced there |
--| | `structure` | the spans that end there or run over, under or through it; the nodes there |
--| | `site`, `zone`, `region` | the spans that end in their structures, the nodes there |
--| | `power_feed` | the nodes in sites that have no feed left |
--| | `hazard_area` | spans that touch it, nodes in it |
--| | `node`, `link` | the node with all that rides on it; the link |
--| | `srlg` | what the group says; of a group that follows from the plant, its element |
--|
--| `share`, 0 to 1, is the part of the link's capacity that is lost, by the rule
--| of shares (docs/risk.md); 0 stands for a link that loses nothing because what
--| is left beneath it suffices. `gbps_lost` is that of its capacity, NULL where
--| the capacity is unknown. Shares are worked out from the elements upward, all
--| at once: a 1+1 pair loses nothing to one span and everything to two. What has
--| failed already is not counted; `link_state` knows that.
--|
--| Ids that do not exist are passed over; an unknown kind fails with 22023, a
--| NULL with 22004, and without SELECT on the tables of the plant, of links and
--| of risk with 42501. Shown are the links that the caller may see. Time: 1 ms
--| for a span, and about 5 us for each row.
CREATE FUNCTION netstate.impact(kind text, ids bigint[])
RETURNS TABLE (network text, layer text, link_id bigint, link text,
	share double precision, gbps_lost double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 100
AS 'MODULE_PATHNAME', 'netstate_impact';

COMMENT ON FUNCTION netstate.impact(text, bigint[]) IS
	'All links, of every layer, that lose capacity when these elements fail at once, and how much.';

--| What the failure of these elements costs each network: one row for each
--| network with a link in `impact(kind, ids)`, whose arguments these are.
--|
--| - `links_hit`: links that lose anything; `links_down`: those that lose all.
--| - `gbps_lost`: the sum over its links, NULL where no capacity is known. Layers
--|   carry the same traffic, one on the other: do not add them.
--| - `demands_lost`, `demand_gbps_lost`: demands whose ends a path connects now,
--|   and none does without the links that are down.
--|
--| Errors: those of `impact` and, where a network has links that are down, those
--| of `graph_status`. Time: that of `impact`, a look at the graph of each such
--| network and a walk through it.
CREATE FUNCTION netstate.impact_by_layer(kind text, ids bigint[])
RETURNS TABLE (network text, layer text, links_hit bigint, links_down bigint,
	gbps_lost double precision, demands_lost bigint, demand_gbps_lost double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 100000 ROWS 5
AS 'MODULE_PATHNAME', 'netstate_impact_by_layer';

COMMENT ON FUNCTION netstate.impact_by_layer(text, bigint[]) IS
	'What the failure of these elements costs each network: links, capacity and demands.';

--| A link followed down to its strands, from its A end to its Z end: what it
--| rides on, the cables, and each span with its duct; recursively.
--|
--| - `ord`: 1, 2, 3 and so on; `depth`: 0 for the link itself.
--| - `layer`: that of a link, or `plant`; `member`: of the link above.
--| - `element_kind`: `link`, `cable`, `span` or `splice`; `element_id` and
--|   `element`: which one. Of a splice the name of its closure.
--| - `duct_id` and `duct`: of a span, with the names of the ducts around it,
--|   outermost first. `strands`: of the cable.
--| - `from_structure`, `to_structure`: in the direction of the walk, which follows
--|   from where the strands lead, not from how the span was drawn.
--| - `length_m`: of a span as built, else as drawn; of a cable and of a link the
--|   length of strand, slack included (NULL for a link with parallel members).
--|   `slack_m`: on the segment. `cumulative_m`: length of strand from the link's
--|   A end to the end of this row; each member begins where its link does.
--| - `status`: of a link, cable or span; of a splice its kind, `fusion` or
--|   `patch`, or `joint not recorded` where the strands go on in others and no
--|   splice says how.
--|
--| Fails with 42704 where there is no such link, 22004 for NULL. Shown is what
--| the caller may see in the tables. Time: below a millisecond for 25 rows.
CREATE FUNCTION netstate.trace(link_id bigint)
RETURNS TABLE (ord integer, depth integer, layer text, member integer,
	element_kind text, element_id bigint, element text, duct_id bigint, duct text,
	strands int4range, from_structure text, to_structure text,
	length_m double precision, slack_m double precision, cumulative_m double precision,
	status text)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 50
AS 'MODULE_PATHNAME', 'netstate_trace';

COMMENT ON FUNCTION netstate.trace(bigint) IS
	'A link followed down to its strands, span by span, from its A end to its Z end.';
-- Questions about risk that elements of the plant spread: what two links share,
-- where most of a network comes together, whether two zones are independent.

--| What a group of shared risk stands for, by its id alone: `kind` of the group
--| (NULL for one that is stated, whose kind stands in `srlg`), and the element.
--| The group need not exist. NULL for NULL.
CREATE FUNCTION netstate.risk_element(srlg_id bigint, OUT kind text, OUT element_kind text, OUT element_id bigint)
RETURNS record
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_risk_element';

COMMENT ON FUNCTION netstate.risk_element(bigint) IS
	'What a group of shared risk stands for, by its id alone.';

--| Internal to `shared_risk`: the groups that two links are both in, what each
--| stands for, and how likely an event of it hits both.
CREATE FUNCTION netstate.shared_risk_groups(link_a bigint, link_b bigint)
RETURNS TABLE (srlg_id bigint, kind text, element_kind text, element_id bigint,
	share_a double precision, share_b double precision,
	probability_a double precision, probability_b double precision,
	probability_both double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 20
AS 'MODULE_PATHNAME', 'netstate_shared_risk_groups';

COMMENT ON FUNCTION netstate.shared_risk_groups(bigint, bigint) IS
	'Internal: the groups that two links are both in.';

--| What two links share: each group of shared risk, stated or derived, that takes
--| capacity from both; the likeliest first. No rows: no event that is known takes
--| from both.
--|
--| - `srlg_id`, `name`, `kind`, `origin`: the group; `element_kind` and
--|   `element_id` what it stands for.
--| - `share_a`, `share_b`: the part of each link's capacity that is lost;
--|   `probability_a`, `probability_b`: that it loses any, given the event.
--| - `probability_both`: that both do. From the units that the event hits
--|   independently (docs/risk.md), counted once where both links have them: never
--|   the product of the two.
--| - `hours_per_year`: hours in which both are hit, on average, by how often the
--|   event comes and how long it lasts; NULL where that is unknown.
--|
--| Fails with 42704 for a link that does not exist, 22023 for one link with
--| itself, 22004 for NULL, 42501 without SELECT on the tables that risk is
--| derived from. Time: that of `memberships` of both.
CREATE FUNCTION netstate.shared_risk(link_a bigint, link_b bigint)
RETURNS TABLE (srlg_id bigint, name text, kind text, origin text,
	element_kind text, element_id bigint,
	share_a double precision, share_b double precision,
	probability_a double precision, probability_b double precision,
	probability_both double precision, hours_per_year double precision)
LANGUAGE sql STABLE PARALLEL SAFE COST 20000 ROWS 20
BEGIN ATOMIC
	-- By key: the view risk would have to make all groups first.
	SELECT g.srlg_id, netstate.risk_name(g.srlg_id), coalesce(t.kind, g.kind), coalesce(t.origin, 'derived'),
		g.element_kind, g.element_id, g.share_a, g.share_b, g.probability_a, g.probability_b, g.probability_both,
		8760 / coalesce(t.mtbf_hours, s.mtbf_hours, d.mtbf_hours_km * 1000 / nullif(coalesce(s.length_m, s.drawn_m), 0))
			* CASE WHEN t.id IS NOT NULL THEN t.mttr_hours ELSE coalesce(s.mttr_hours, r.mttr_hours) END * g.probability_both
	FROM netstate.shared_risk_groups($1, $2) AS g
	LEFT JOIN netstate.srlg AS t ON t.id = g.srlg_id
	LEFT JOIN netstate.span AS s ON g.kind = 'span' AND s.id = g.element_id
	LEFT JOIN netstate.risk_rule_in_force AS d ON d.kind = 'span'
	LEFT JOIN netstate.risk_rule_in_force AS r ON r.kind = CASE WHEN s.encasement <> 'none' THEN 'duct_bank' ELSE g.kind END
	WHERE g.share_a > 0 AND g.share_b > 0
	ORDER BY g.probability_both DESC, g.element_kind, g.element_id, g.srlg_id;
END;

COMMENT ON FUNCTION netstate.shared_risk(bigint, bigint) IS
	'The groups of shared risk that take capacity from both of two links, and how likely they hit both.';

--| Internal to `risk_concentration`: the groups on which most of a network rides.
CREATE FUNCTION netstate.risk_concentration_groups(network text, by text, most integer)
RETURNS TABLE (place integer, srlg_id bigint, kind text, element_kind text, element_id bigint,
	links bigint, gbps double precision, demands bigint, demand_gbps double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 1000000 ROWS 20
AS 'MODULE_PATHNAME', 'netstate_risk_concentration_groups';

COMMENT ON FUNCTION netstate.risk_concentration_groups(text, text, integer) IS
	'Internal: the groups on which most of a network rides.';

--| Where most of `network` comes together: the `most` (1 to 1,000,000) groups of
--| shared risk, stated or derived, that most of it rides on, the largest first.
--| `by` says what is measured: `capacity` (default), `links` or `demands`.
--|
--| - `place`: 1, 2, 3 and so on; `srlg_id`, `name`, `kind`: the group;
--|   `element_kind` and `element_id` what it stands for.
--| - `stands_out`: `crossing` for two spans that cross and for a structure that
--|   spans run over, under or through, such as a bridge; `ocean_landing` for a
--|   site or structure whose kind says that cables land there (`cable_landing`,
--|   `landing_station`, `beach_manhole`).
--| - `links`: how many of the network's links lose anything; `gbps`: how much in
--|   all, share times capacity (NULL where no capacity is known).
--| - `demands`, `demand_gbps`: demands whose cheapest path by metric (by hops,
--|   where a link lacks it) uses one of these links.
--|
--| Errors: 42704 unknown network, with the nearest name; 22023 an unknown measure
--| or `most` out of range; 22004 NULL; 42501 without SELECT on the tables that
--| risk is derived from. Time: that of deriving all risk of the network, and a
--| search for each demand.
CREATE FUNCTION netstate.risk_concentration(
	network text,
	by text DEFAULT 'capacity',
	most integer DEFAULT 20)
RETURNS TABLE (place integer, srlg_id bigint, name text, kind text,
	element_kind text, element_id bigint, stands_out text,
	links bigint, gbps double precision, demands bigint, demand_gbps double precision)
LANGUAGE sql STABLE PARALLEL SAFE COST 1000000 ROWS 20
BEGIN ATOMIC
	SELECT g.place, g.srlg_id, netstate.risk_name(g.srlg_id), coalesce(r.kind, g.kind), g.element_kind, g.element_id,
		CASE
			WHEN g.kind = 'crossing' THEN 'crossing'
			WHEN coalesce(s.kind, t.kind) IN ('cable_landing', 'landing_station', 'cable_landing_station', 'beach_manhole')
				THEN 'ocean_landing'
			WHEN EXISTS (SELECT FROM netstate.span_crossing AS c
					WHERE g.element_kind = 'structure' AND c.structure_id = g.element_id)
				THEN 'crossing'
		END,
		g.links, g.gbps, g.demands, g.demand_gbps
	FROM netstate.risk_concentration_groups($1, $2, $3) AS g
	LEFT JOIN netstate.srlg AS r ON r.id = g.srlg_id
	LEFT JOIN netstate.site AS s ON g.element_kind = 'site' AND s.id = g.element_id
	LEFT JOIN netstate.structure AS t ON g.element_kind = 'structure' AND t.id = g.element_id
	ORDER BY g.place;
END;

COMMENT ON FUNCTION netstate.risk_concentration(text, text, integer) IS
	'The groups of shared risk that most of a network rides on; crossings and ocean landings are marked.';
-- Are two zones independent of each other?

-- PostGIS may live in any schema (see 10_place.sql).
DO $do$
DECLARE
	postgis pg_catalog.name;
BEGIN
	SELECT n.nspname INTO STRICT postgis
	FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
	WHERE e.extname OPERATOR(pg_catalog.=) 'postgis';

	EXECUTE pg_catalog.format($sql$
--| Internal to `zone_independence`: metres between the two nearest sites of two
--| zones, NULL where no place is known.
CREATE FUNCTION netstate.zone_distance(zone_a bigint, zone_b bigint) RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT min(%1$I.ST_Distance(%1$I.geography(a.geom), %1$I.geography(b.geom)))
	FROM netstate.site AS a, netstate.site AS b
	WHERE a.zone_id = $1 AND b.zone_id = $2;
END;

		COMMENT ON FUNCTION netstate.zone_distance(bigint, bigint) IS
			'Internal: metres between the two nearest sites of two zones.';
	$sql$, postgis);
END
$do$;

--| Internal to `zone_independence`: the nodes of a network that lie in a zone: at
--| their own site, else that of their structure, else where the node stands that
--| they ride on.
CREATE FUNCTION netstate.zone_nodes(network text)
RETURNS TABLE (node_id bigint, name text, status text, zone_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	WITH RECURSIVE placed (node_id, name, status, site_id, supporting_node_id) AS (
		SELECT n.id, n.name, n.status, coalesce(n.site_id, s.site_id), n.supporting_node_id
		FROM netstate.network AS w
		JOIN netstate.node AS n ON n.network_id = w.id
		LEFT JOIN netstate.structure AS s ON s.id = n.structure_id
		WHERE w.name = $1
		UNION ALL
		SELECT p.node_id, p.name, p.status, coalesce(n.site_id, s.site_id), n.supporting_node_id
		FROM placed AS p
		JOIN netstate.node AS n ON n.id = p.supporting_node_id
		LEFT JOIN netstate.structure AS s ON s.id = n.structure_id
		WHERE p.site_id IS NULL
	)
	SELECT p.node_id, p.name, p.status, t.zone_id
	FROM placed AS p JOIN netstate.site AS t ON t.id = p.site_id
	WHERE t.zone_id IS NOT NULL;
END;

COMMENT ON FUNCTION netstate.zone_nodes(text) IS
	'Internal: the nodes of a network that lie in a zone, and in which.';

--| Internal to `zone_independence`: the least latency over a path from one of some
--| nodes to one of others, us; NULL where there is no path, or where a link that
--| is up has no latency. One search, however many nodes there are.
CREATE FUNCTION netstate.least_latency(network text, from_nodes bigint[], to_nodes bigint[]) RETURNS double precision
LANGUAGE c STABLE PARALLEL SAFE COST 10000
AS 'MODULE_PATHNAME', 'netstate_least_latency';

COMMENT ON FUNCTION netstate.least_latency(text, bigint[], bigint[]) IS
	'Internal: the least latency from one of some nodes to one of others, us.';

--| Internal to `zone_independence`: what takes capacity from the links by which
--| zones of a network reach each other and the rest: groups of shared risk, nodes
--| at the other end, and links that they ride on.
CREATE FUNCTION netstate.zone_exposure(network text)
RETURNS TABLE (srlg_id bigint, element_kind text, element_id bigint,
	zone_id bigint, to_zone_id bigint, link_id bigint, gbps double precision, share double precision)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10000
BEGIN ATOMIC
	WITH RECURSIVE placed AS MATERIALIZED (
		SELECT n.node_id, n.zone_id FROM netstate.zone_nodes($1) AS n
	), way (link_id, zone_id, to_zone_id, to_node_id, gbps) AS MATERIALIZED (
		SELECT l.id, f.zone_id, t.zone_id, e.to_id, l.capacity_gbps
		FROM netstate.network AS w
		JOIN netstate.link AS l ON l.network_id = w.id AND l.status = 'in_service'
		JOIN netstate.node AS a ON a.id = l.a_node_id AND a.status = 'in_service'
		JOIN netstate.node AS z ON z.id = l.z_node_id AND z.status = 'in_service'
		CROSS JOIN LATERAL (VALUES (a.id, z.id), (z.id, a.id)) AS e (from_id, to_id)
		JOIN placed AS f ON f.node_id = e.from_id
		LEFT JOIN placed AS t ON t.node_id = e.to_id
		WHERE w.name = $1 AND f.zone_id IS DISTINCT FROM t.zone_id
	), beneath (link_id, zone_id, below_id) AS (
		SELECT y.link_id, y.zone_id, s.supporting_link_id
		FROM way AS y JOIN netstate.link_support AS s ON s.link_id = y.link_id
		UNION
		SELECT b.link_id, b.zone_id, s.supporting_link_id
		FROM beneath AS b JOIN netstate.link_support AS s ON s.link_id = b.below_id
	), common AS MATERIALIZED (
		SELECT b.below_id FROM beneath AS b GROUP BY b.below_id HAVING count(DISTINCT b.zone_id) > 1
	), lost (srlg_id, element_kind, element_id, link_id, share) AS (
		SELECT m.srlg_id, NULL, NULL::bigint, m.link_id, m.share
		FROM netstate.memberships(ARRAY(SELECT DISTINCT y.link_id FROM way AS y)) AS m
		WHERE m.share > 0
		UNION ALL
		SELECT NULL, 'node', y.to_node_id, y.link_id, 1 FROM way AS y
		UNION ALL
		SELECT NULL, 'link', c.below_id, i.link_id, i.share
		FROM common AS c CROSS JOIN LATERAL netstate.impact('link', ARRAY[c.below_id]) AS i
		WHERE i.share > 0
	)
	SELECT x.srlg_id, x.element_kind, x.element_id, y.zone_id, y.to_zone_id, y.link_id, y.gbps, x.share
	FROM way AS y LEFT JOIN lost AS x ON x.link_id = y.link_id;
END;

COMMENT ON FUNCTION netstate.zone_exposure(text) IS
	'Internal: what takes capacity from the links by which zones of a network reach each other and the rest.';

--| Are zones independent? For each two zones in which nodes of `network` lie,
--| what takes capacity from both at once, towards the rest of the network: links
--| between the two do not count, for they help neither to reach anything else.
--| One row for each pair of zones and common element, the worst first; one row
--| with NULLs for a pair that has none.
--|
--| - `region_a`, `zone_a`, `region_b`, `zone_b`: the pair.
--| - `independent`: nothing is common to both; NULL where a zone has no link
--|   towards the rest. `distance_m`: between their nearest sites; `distance_met`:
--|   at least `min_distance_m` (NULL: none was asked for, or no place is known).
--|   `latency_us`: of the shortest path by latency between their nodes;
--|   `latency_met`: at most `max_latency_us`. NULL where there is no path or a
--|   link that is up has no latency.
--| - `element_kind`, `element_id`, `element`: what is common: the element of a
--|   group of shared risk (`srlg_id`, `kind`), a power feed among them; a `node`
--|   that both are linked to; a `link` that links of both ride on.
--| - `share_a`, `share_b`: the part of each zone's capacity towards the rest that
--|   its loss takes (of its links, where a capacity is unknown); `gbps_a`,
--|   `gbps_b`: how much that is, NULL where unknown.
--|
--| Links count that are in service with both their nodes. Errors: 42704 unknown
--| network, with the nearest name; 22023 an argument is negative or not finite;
--| 22004 `network` or `max_latency_us` is NULL; 42501 no SELECT on the tables.
--| Time: memberships of all links that leave a zone, and a search for each two
--| zones.
CREATE FUNCTION netstate.zone_independence(
	network text,
	max_latency_us double precision DEFAULT 2000,
	min_distance_m double precision DEFAULT NULL)
RETURNS TABLE (region_a text, zone_a text, region_b text, zone_b text,
	independent boolean, distance_m double precision, distance_met boolean,
	latency_us double precision, latency_met boolean,
	srlg_id bigint, kind text, element_kind text, element_id bigint, element text,
	share_a double precision, share_b double precision,
	gbps_a double precision, gbps_b double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000
SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	named CONSTANT text := network;
	wanted text;
	given float8;
BEGIN
	IF named IS NULL OR max_latency_us IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('argument "%s" must not be null', CASE WHEN named IS NULL THEN 'network' ELSE 'max_latency_us' END),
			HINT = CASE WHEN named IS NULL THEN 'Give a value.' ELSE 'Leave it out to use its default.' END;
	END IF;
	FOR wanted, given IN VALUES ('max_latency_us', max_latency_us), ('min_distance_m', min_distance_m) LOOP
		IF NOT given >= 0 OR given IN ('NaN', 'Infinity') THEN
			RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('argument "%s" must be finite and not negative', wanted),
				DETAIL = format('It is %s.', given);
		END IF;
	END LOOP;
	-- Fails where there is no such network, and names the nearest.
	PERFORM g.nodes FROM netstate.graph_status(named) AS g;

	RETURN QUERY
	WITH zoned AS MATERIALIZED (
		SELECT z.id, z.name, r.name AS region, array_agg(n.node_id) AS nodes
		FROM netstate.zone_nodes(named) AS n
		JOIN netstate.zone AS z ON z.id = n.zone_id
		JOIN netstate.region AS r ON r.id = z.region_id
		GROUP BY z.id, z.name, r.name
	), pair AS MATERIALIZED (
		SELECT a.id AS a, b.id AS b, a.region AS region_a, a.name AS zone_a, b.region AS region_b, b.name AS zone_b,
			netstate.zone_distance(a.id, b.id) AS distance_m, netstate.least_latency(named, a.nodes, b.nodes) AS latency_us
		FROM zoned AS a JOIN zoned AS b ON (a.region, a.name, a.id) < (b.region, b.name, b.id)
	), exposure AS MATERIALIZED (
		SELECT * FROM netstate.zone_exposure(named)
	), towards AS MATERIALIZED (	-- capacity from one zone to another, or to none
		SELECT x.zone_id, x.to_zone_id, sum(x.gbps) AS gbps, count(*) AS links, count(x.gbps) AS known
		FROM (SELECT DISTINCT e.zone_id, e.to_zone_id, e.link_id, e.gbps FROM exposure AS e) AS x
		GROUP BY x.zone_id, x.to_zone_id
	), lost AS MATERIALIZED (
		SELECT e.srlg_id, e.element_kind, e.element_id, e.zone_id, e.to_zone_id,
			sum(e.share * e.gbps) AS gbps, sum(e.share) AS links
		FROM exposure AS e WHERE e.share > 0
		GROUP BY e.srlg_id, e.element_kind, e.element_id, e.zone_id, e.to_zone_id
	), total AS MATERIALIZED (		-- of each pair, from each side towards the rest
		SELECT p.a, p.b, side.own AS zone_id, sum(t.gbps) AS gbps, sum(t.links) AS links, sum(t.known) AS known
		FROM pair AS p CROSS JOIN LATERAL (VALUES (p.a, p.b), (p.b, p.a)) AS side (own, other)
		JOIN towards AS t ON t.zone_id = side.own AND t.to_zone_id IS DISTINCT FROM side.other
		GROUP BY p.a, p.b, side.own
	), taken AS MATERIALIZED (
		SELECT p.a, p.b, side.own AS zone_id, l.srlg_id, l.element_kind, l.element_id, sum(l.gbps) AS gbps, sum(l.links) AS links
		FROM pair AS p CROSS JOIN LATERAL (VALUES (p.a, p.b), (p.b, p.a)) AS side (own, other)
		JOIN lost AS l ON l.zone_id = side.own AND l.to_zone_id IS DISTINCT FROM side.other
		GROUP BY p.a, p.b, side.own, l.srlg_id, l.element_kind, l.element_id
	), measured AS MATERIALIZED (
		SELECT k.*, CASE WHEN t.known = t.links AND t.gbps > 0 THEN k.gbps / t.gbps ELSE k.links / t.links END AS share
		FROM taken AS k JOIN total AS t USING (a, b, zone_id)
	), common AS MATERIALIZED (		-- grouped, not joined: the planner cannot know how many there are
		SELECT m.a, m.b, m.srlg_id, m.element_kind, m.element_id,
			max(m.share) FILTER (WHERE m.zone_id = m.a) AS share_a, max(m.share) FILTER (WHERE m.zone_id = m.b) AS share_b,
			max(m.gbps) FILTER (WHERE m.zone_id = m.a) AS gbps_a, max(m.gbps) FILTER (WHERE m.zone_id = m.b) AS gbps_b
		FROM measured AS m
		GROUP BY m.a, m.b, m.srlg_id, m.element_kind, m.element_id
		HAVING count(*) = 2
	)
	SELECT p.region_a, p.zone_a, p.region_b, p.zone_b,
		CASE WHEN (SELECT count(*) FROM total AS t WHERE t.a = p.a AND t.b = p.b) = 2 THEN c.a IS NULL END,
		p.distance_m, p.distance_m >= min_distance_m,
		p.latency_us, p.latency_us <= max_latency_us,
		c.srlg_id, coalesce(g.kind, d.kind), coalesce(c.element_kind, d.element_kind), coalesce(c.element_id, d.element_id),
		coalesce(netstate.risk_name(c.srlg_id), n.name, l.name), c.share_a, c.share_b, c.gbps_a, c.gbps_b
	FROM pair AS p
	LEFT JOIN common AS c ON c.a = p.a AND c.b = p.b
	LEFT JOIN LATERAL netstate.risk_element(c.srlg_id) AS d ON true
	LEFT JOIN netstate.srlg AS g ON g.id = c.srlg_id
	LEFT JOIN netstate.node AS n ON c.element_kind = 'node' AND n.id = c.element_id
	LEFT JOIN netstate.link AS l ON c.element_kind = 'link' AND l.id = c.element_id
	ORDER BY p.region_a, p.zone_a, p.region_b, p.zone_b,
		least(c.share_a, c.share_b) DESC NULLS LAST, c.share_a + c.share_b DESC, 12, 13, c.srlg_id;
END
$function$;

COMMENT ON FUNCTION netstate.zone_independence(text, double precision, double precision) IS
	'For each two zones of a network: what takes capacity from both at once, their distance and their latency.';
-- Import: what the readers of Topology Zoo GraphML and of SNDlib networks share.
--
-- PostgreSQL's own XML parses.  A format's functions turn a document into arrays of three row types, which
-- hold what the document says, as text.  From there one set of functions serves
-- both formats: it checks numbers, makes names unique, stores, and reports.
-- Nothing is written before the document is known to be of the right format,
-- and any error undoes the whole statement, so no rows of a bad document stay.
--
-- XMLTABLE reads each kind of element once.  Paths go by local name, because
-- both formats are found with and without their namespace.

CREATE TYPE netstate.document_node AS (id text, label text, name text, lon text, lat text);
COMMENT ON TYPE netstate.document_node IS
'A node as a document gives it: its id and label there, the name it gets here, and its place in degrees.';

CREATE TYPE netstate.document_link AS (id text, name text, a text, z text, directed boolean, status text,
	metric text, length_km text, latency_us text, capacity text);
COMMENT ON TYPE netstate.document_link IS
'A link as a document gives it: ends are node ids of the document, capacity is in the document''s unit.';

CREATE TYPE netstate.document_demand AS (id text, src text, dst text, value text, unit text);
COMMENT ON TYPE netstate.document_demand IS
'A demand as a document gives it: ends are node ids of the document, value times unit is in the document''s unit.';

-- Small helpers ---------------------------------------------------------------

--| Great-circle length in km between two places, on a sphere of radius
--| 6371.0088 km (the mean radius of the Earth).
--|
--| - `a_lon`, `a_lat`, `z_lon`, `z_lat`: degrees, WGS 84.
--|
--| NULL where any argument is NULL. A fibre is longer than this: routes bend.
CREATE FUNCTION netstate.great_circle_km(a_lon float8, a_lat float8, z_lon float8, z_lat float8)
RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN 2 * 6371.0088 * asin(least(1, sqrt(
	power(sind((z_lat - a_lat) / 2), 2)
	+ cosd(a_lat) * cosd(z_lat) * power(sind((z_lon - a_lon) / 2), 2))));
COMMENT ON FUNCTION netstate.great_circle_km(float8, float8, float8, float8) IS
'Great-circle length in km between two places given in degrees.';

--| Internal to the importers: a list of names as one line, at most ten of them,
--| the rest counted.
CREATE FUNCTION netstate.name_list(items text[])
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
	SELECT string_agg(format('"%s"', left(i.item, 60)), ', ' ORDER BY i.n) FILTER (WHERE i.n <= 10)
		|| CASE WHEN count(*) > 10 THEN format(' and %s more', count(*) - 10) ELSE '' END
	FROM unnest(items) WITH ORDINALITY AS i (item, n));
COMMENT ON FUNCTION netstate.name_list(text[]) IS
'Internal: names as one line, at most ten, the rest counted.';

--| Internal to the importers: a label with white space at its ends removed and
--| inside reduced to single spaces, cut to 200 characters so that names made of
--| two fit; NULL when nothing is left. One that is cut ends in `...`.
CREATE FUNCTION netstate.document_label(label text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
	SELECT CASE WHEN char_length(b.label) > 200 THEN left(b.label, 197) || '...' ELSE nullif(b.label, '') END
	FROM (SELECT btrim(regexp_replace(document_label.label, E'[ \t\r\n]+', ' ', 'g'))) AS b (label));
COMMENT ON FUNCTION netstate.document_label(text) IS
'Internal: a label without surplus white space, at most 200 characters; NULL when empty.';

--| Internal to the importers: a number as a document writes it. NULL when there
--| is none, NaN when it is something else; so one range check finds both what
--| is no number and what is out of range.
CREATE FUNCTION netstate.document_number(value text)
RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- the bounds on its length and exponent keep the cast from failing
RETURN CASE
	WHEN btrim(value, E' \t\r\n') = '' THEN NULL
	WHEN char_length(value) <= 80
		AND btrim(value, E' \t\r\n') ~ '^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,2})?$'
		THEN btrim(value, E' \t\r\n')::float8
	WHEN value IS NOT NULL THEN 'NaN'::float8
	END;
COMMENT ON FUNCTION netstate.document_number(text) IS
'Internal: a document''s number; NULL when there is none, NaN when it is not one.';

--| Internal to the importers: a path of element names as an XPath by local
--| name, so that it finds elements in a namespace and without one.
CREATE FUNCTION netstate.document_path(path text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(path, '(^|/)([A-Za-z]+)', E'\\1*[local-name()="\\2"]', 'g');
COMMENT ON FUNCTION netstate.document_path(text) IS
'Internal: a path of element names as an XPath by local name.';

--| Internal to the importers: names made unique. The second of equal names gets
--| ` #2`, and so on; the same list always gives the same names.
CREATE FUNCTION netstate.unique_names(names text[])
RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	repeated boolean;
	fixed text[];
BEGIN
	-- A number just added may make a name that another already has.  Each round
	-- makes the names it changes longer, and different from each other, so it ends.
	LOOP
		SELECT array_agg(CASE WHEN c.copy = 1 THEN c.name ELSE format('%s #%s', c.name, c.copy) END ORDER BY c.n),
			bool_or(c.copy > 1)
		INTO fixed, repeated
		FROM (SELECT u.name, u.n, row_number() OVER (PARTITION BY u.name ORDER BY u.n) AS copy
			FROM unnest(names) WITH ORDINALITY AS u (name, n)) AS c;
		EXIT WHEN repeated IS NOT TRUE;
		names := fixed;
	END LOOP;
	RETURN names;
END
$$;
COMMENT ON FUNCTION netstate.unique_names(text[]) IS
'Internal: names made unique by numbering repeats.';

-- What both formats share -----------------------------------------------------

--| Internal to the importers: refuses what is not a document of the format.
--|
--| - `root`: the root element of the format, `graphml` or `network`.
--| - `namespace`: the start of the format's namespace; none is accepted too.
--|
--| Errors: 22004 no document; 22023 not a document, a DOCTYPE, another format.
CREATE FUNCTION netstate.document_check(doc xml, root text, namespace text)
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- white space, comments and processing instructions, then the DOCTYPE
	doctype CONSTANT text := '^(?:[[:space:]]|<!--(?:[^-]|-[^-])*-->|<[?](?:[^?]|[?]+[^?>])*[?]+>)*<!DOCTYPE';
	seen record;
BEGIN
	IF doc IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = 'document is null',
			HINT = 'In psql, read a file with \set doc `cat FILE` and pass :''doc''::xml.';
	END IF;
	IF doc IS NOT DOCUMENT THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'not an XML document',
			DETAIL = format('It begins with "%s".', left(netstate.document_label(doc::text), 40)),
			HINT = 'A document is one root element; nothing stands before it, not even a byte order mark.';
	END IF;
	IF doc::text ~ doctype THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'document has a DOCTYPE',
			DETAIL = 'A document type can declare entities that expand or point elsewhere.',
			HINT = 'Remove the DOCTYPE; neither GraphML nor SNDlib needs one.';
	END IF;
	SELECT x.name, x.namespace INTO seen
	FROM XMLTABLE('/*' PASSING doc COLUMNS
		name text PATH 'local-name()', namespace text PATH 'namespace-uri()') AS x;
	IF seen.name <> root OR seen.namespace <> '' AND NOT starts_with(seen.namespace, document_check.namespace) THEN
		RAISE EXCEPTION USING ERRCODE = '22023',
			MESSAGE = CASE root WHEN 'graphml' THEN 'not a GraphML document' ELSE 'not an SNDlib network' END,
			DETAIL = format('Its root element is "%s"%s.', left(seen.name, 60),
				CASE seen.namespace WHEN '' THEN '' ELSE format(' in namespace "%s"', left(seen.namespace, 60)) END),
			HINT = CASE
				WHEN seen.name = 'graphml' THEN 'Use netstate.import_graphml.'
				WHEN seen.name = 'network' THEN 'Use netstate.import_sndlib.'
				ELSE 'GraphML has the root element "graphml" (netstate.import_graphml), an SNDlib network "network" (netstate.import_sndlib).'
				END;
	END IF;
END
$$;
COMMENT ON FUNCTION netstate.document_check(xml, text, text) IS
'Internal: refuses what is not a document of the expected format.';

--| Internal to the importers: creates the network that an import fills and
--| returns its id.
--|
--| Errors: 22004 a null argument; 22023 a layer or `us_per_km` that is none;
--| 23505 a network of that name exists.
CREATE FUNCTION netstate.store_network(network text, layer text, us_per_km float8)
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	network_id bigint;
BEGIN
	IF network IS NULL OR layer IS NULL OR us_per_km IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = format('%s is null',
			CASE WHEN network IS NULL THEN 'network' WHEN layer IS NULL THEN 'layer' ELSE 'us_per_km' END);
	END IF;
	IF layer NOT IN ('fibre', 'optical', 'ethernet', 'ip', 'te', 'fabric') THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('cannot import into layer "%s"', left(layer, 60)),
			HINT = 'The layer is one of fibre, optical, ethernet, ip, te, fabric.';
	END IF;
	-- false for NaN and infinity too
	IF NOT (us_per_km > 0 AND us_per_km <= 1000) THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'us_per_km must be above 0 and at most 1000',
			DETAIL = format('It is %s.', us_per_km),
			HINT = 'Light needs about 4.9 us for a km of fibre.';
	END IF;
	INSERT INTO netstate.network (name, layer)
	VALUES (store_network.network, store_network.layer)
	ON CONFLICT (name) DO NOTHING
	RETURNING id INTO network_id;
	IF network_id IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '23505', CONSTRAINT = 'network_name_is_unique', MESSAGE = format('network "%s" exists already', left(network, 60)),
			DETAIL = 'An import makes a new network; it never adds to one.',
			HINT = format('Choose another name, or remove it: DELETE FROM netstate.network WHERE name = %L;', network);
	END IF;
	RETURN network_id;
END
$$;
COMMENT ON FUNCTION netstate.store_network(text, text, float8) IS
'Internal: creates the network that an import fills.';

--| Internal to the importers: checks the nodes of a document and names them.
--|
--| A node is named by its label. Without one it is named by its id; where the
--| label is `None` or others have it too, the id is added: `None (12)`.
--|
--| Errors: 22023 no node at all, a node without an id, an id twice, a place
--| that is none.
CREATE FUNCTION netstate.document_node_names(nodes netstate.document_node[])
RETURNS netstate.document_node[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	named text[];
	bad record;
BEGIN
	IF cardinality(nodes) = 0 THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'document has no nodes',
			HINT = 'Nodes are read from graphml/graph/node, or from network/networkStructure/nodes/node.';
	END IF;
	SELECT n.id, count(*) AS copies INTO bad
	FROM unnest(nodes) AS n
	GROUP BY n.id
	HAVING count(*) > 1 OR netstate.document_label(n.id) IS NULL
	ORDER BY n.id NULLS FIRST LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = CASE WHEN netstate.document_label(bad.id) IS NULL
			THEN 'a node has no id' ELSE format('node id "%s" is not unique', left(bad.id, 60)) END,
			DETAIL = format('Nodes of the document like it: %s.', bad.copies);
	END IF;
	SELECT n.id, n.label, n.lon, n.lat INTO bad
	FROM unnest(nodes) WITH ORDINALITY AS n (id, label, name, lon, lat, ord)
	WHERE NOT coalesce(netstate.document_number(n.lon) BETWEEN -180 AND 180, true)
		OR NOT coalesce(netstate.document_number(n.lat) BETWEEN -90 AND 90, true)
		OR (netstate.document_number(n.lon) IS NULL) <> (netstate.document_number(n.lat) IS NULL)
	ORDER BY n.ord LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('node "%s" has no valid place', left(bad.id, 60)),
			DETAIL = format('Its label is "%s", its longitude "%s", its latitude "%s".',
				left(bad.label, 60), left(bad.lon, 60), left(bad.lat, 60)),
			HINT = 'Longitude is -180 to 180, latitude -90 to 90 degrees; a node without a place has neither.';
	END IF;
	named := netstate.unique_names(ARRAY(
		SELECT CASE
			WHEN n.label IS NULL THEN netstate.document_label(n.id)
			WHEN n.label = 'None' OR count(*) OVER (PARTITION BY n.label) > 1 THEN format('%s (%s)', n.label, netstate.document_label(n.id))
			ELSE n.label END
		FROM unnest(nodes) WITH ORDINALITY AS n (id, label, name, lon, lat, ord)
		ORDER BY n.ord));
	RETURN ARRAY(
		SELECT ROW(n.id, n.label, n.named, n.lon, n.lat)::netstate.document_node
		FROM ROWS FROM (unnest(nodes), unnest(named)) WITH ORDINALITY AS n (id, label, name, lon, lat, named, ord)
		ORDER BY n.ord);
END
$$;
COMMENT ON FUNCTION netstate.document_node_names(netstate.document_node[]) IS
'Internal: checks the nodes of a document and gives them unique names.';

--| Internal to the importers: stores the nodes of a document and reports.
CREATE FUNCTION netstate.store_nodes(network_id bigint, nodes netstate.document_node[])
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
SET extra_float_digits = 1
AS $$
#variable_conflict use_column
BEGIN
	-- The text becomes a geometry by the assignment cast of PostGIS, wherever
	-- its schema is.
	INSERT INTO netstate.node (network_id, name, geom)
	SELECT store_nodes.network_id, n.name,
		'SRID=4326;POINT(' || netstate.document_number(n.lon) || ' ' || netstate.document_number(n.lat) || ')'
	FROM unnest(nodes) WITH ORDINALITY AS n (id, label, name, lon, lat, ord)
	ORDER BY n.ord;

	RETURN QUERY
	SELECT 'node', 'imported', cardinality(nodes)::bigint, NULL::text;
	RETURN QUERY
	SELECT 'node', 'adapted', count(*), w.why
		|| CASE WHEN count(*) < cardinality(nodes) THEN ': ' || netstate.name_list(array_agg(n.name ORDER BY n.ord)) ELSE '' END
	FROM (SELECT u.*, count(*) OVER (PARTITION BY u.label) AS same
		FROM unnest(nodes) WITH ORDINALITY AS u (id, label, name, lon, lat, ord)) AS n
	CROSS JOIN LATERAL (VALUES
		(1, netstate.document_number(n.lon) IS NULL, 'without a place, geom is NULL'),
		(2, n.label IS NULL, 'without a label, named by its id'),
		(3, n.label = 'None', 'labelled None, its id added'),
		(4, n.label <> 'None' AND n.same > 1, 'label not unique, its id added'),
		(5, char_length(n.label) = 200 AND n.label LIKE '%...', 'label cut to 200 characters')) AS w (seq, applies, why)
	WHERE w.applies
	GROUP BY w.seq, w.why
	ORDER BY w.seq;
END
$$;
COMMENT ON FUNCTION netstate.store_nodes(bigint, netstate.document_node[]) IS
'Internal: stores the nodes of a document and reports.';

--| Internal to the importers: the keys of stored nodes, in the order of `nodes`.
CREATE FUNCTION netstate.stored_node_ids(network_id bigint, nodes netstate.document_node[])
RETURNS bigint[]
LANGUAGE sql STABLE
-- One look-up for each: the statistics know nothing of rows just stored, and a
-- join planned by them may go through all nodes for each node.
RETURN ARRAY(
	SELECT (SELECT n.id FROM netstate.node AS n WHERE n.network_id = stored_node_ids.network_id AND n.name = u.name)
	FROM unnest(nodes) WITH ORDINALITY AS u (id, label, name, lon, lat, ord)
	ORDER BY u.ord);
COMMENT ON FUNCTION netstate.stored_node_ids(bigint, netstate.document_node[]) IS
'Internal: the keys of stored nodes, in the order of the document.';

--| Internal to the importers: checks the links of a document.
--|
--| Errors: 22023 an end that is not a node of the document, a number that is
--| none or negative.
CREATE FUNCTION netstate.document_link_check(nodes netstate.document_node[], links netstate.document_link[])
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	unknown text[];
	bad record;
BEGIN
	unknown := ARRAY(
		SELECT l.id
		FROM unnest(links) WITH ORDINALITY AS l (id, name, a, z, directed, status,
			metric, length_km, latency_us, capacity, ord)
		LEFT JOIN unnest(nodes) AS a ON a.id = l.a
		LEFT JOIN unnest(nodes) AS z ON z.id = l.z
		WHERE a.id IS NULL OR z.id IS NULL
		ORDER BY l.ord);
	IF cardinality(unknown) > 0 THEN
		SELECT l.a, l.z INTO bad
		FROM unnest(links) AS l WHERE l.id = unknown[1] LIMIT 1;
		RAISE EXCEPTION USING ERRCODE = '22023',
			MESSAGE = format('link "%s" ends at a node that the document does not have', left(unknown[1], 60)),
			DETAIL = format('It goes from node id "%s" to "%s". Links like it: %s.',
				left(bad.a, 60), left(bad.z, 60), netstate.name_list(unknown)),
			HINT = 'Both ends of a link are ids of nodes in the same document.';
	END IF;
	SELECT l.id, v.what, v.value INTO bad
	FROM unnest(links) WITH ORDINALITY AS l (id, name, a, z, directed, status,
		metric, length_km, latency_us, capacity, ord)
	CROSS JOIN LATERAL (VALUES (1, 'metric', l.metric), (2, 'length', l.length_km),
		(3, 'latency', l.latency_us), (4, 'capacity', l.capacity)) AS v (seq, what, value)
	WHERE NOT coalesce(netstate.document_number(v.value) BETWEEN 0 AND 1e15, true)
	ORDER BY l.ord, v.seq LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('link "%s" has no valid %s', left(bad.id, 60), bad.what),
			DETAIL = format('The document says "%s".', left(bad.value, 60)),
			HINT = 'It is a number from 0 to 1e15, or not given.';
	END IF;
END
$$;
COMMENT ON FUNCTION netstate.document_link_check(netstate.document_node[], netstate.document_link[]) IS
'Internal: checks the links of a document.';

--| Internal to the importers: names the links of a document, self-loops left
--| out. A link without a name is named by its ends: `A - B`, or `A -> B` where
--| it is directed; links that are parallel to it follow as `A - B #2`, `#3`.
CREATE FUNCTION netstate.document_link_names(nodes netstate.document_node[], links netstate.document_link[])
RETURNS netstate.document_link[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	kept netstate.document_link[];
	named text[];
BEGIN
	kept := ARRAY(
		SELECT ROW(l.id, l.name, l.a, l.z, l.directed, l.status, l.metric, l.length_km, l.latency_us, l.capacity)::netstate.document_link
		FROM unnest(links) WITH ORDINALITY AS l (id, name, a, z, directed, status,
			metric, length_km, latency_us, capacity, ord)
		WHERE l.a <> l.z
		ORDER BY l.ord);
	-- an undirected link drawn the other way is parallel all the same
	named := netstate.unique_names(ARRAY(
		SELECT coalesce(l.name, CASE WHEN l.directed THEN format('%s -> %s', a.name, z.name)
			ELSE first_value(format('%s - %s', a.name, z.name)) OVER (
				PARTITION BY l.directed, least(l.a, l.z), greatest(l.a, l.z) ORDER BY l.ord) END)
		FROM unnest(kept) WITH ORDINALITY AS l (id, name, a, z, directed, status,
			metric, length_km, latency_us, capacity, ord)
		JOIN unnest(nodes) AS a ON a.id = l.a
		JOIN unnest(nodes) AS z ON z.id = l.z
		ORDER BY l.ord));
	RETURN ARRAY(
		SELECT ROW(l.id, l.named, l.a, l.z, l.directed, l.status, l.metric, l.length_km, l.latency_us, l.capacity)::netstate.document_link
		FROM ROWS FROM (unnest(kept), unnest(named)) WITH ORDINALITY AS l (id, name, a, z, directed, status,
			metric, length_km, latency_us, capacity, named, ord)
		ORDER BY l.ord);
END
$$;
COMMENT ON FUNCTION netstate.document_link_names(netstate.document_node[], netstate.document_link[]) IS
'Internal: gives the links of a document unique names, self-loops left out.';

--| Internal to the importers: stores named links.
--|
--| Length is the document's, else the great circle between the ends, to the
--| metre; latency is the document's, else length times `us_per_km`. One rule
--| gives all metrics, so that they compare: the document's where each link has
--| one above 0, else the length rounded up where each link has one, else 1.
CREATE FUNCTION netstate.store_links(network_id bigint, nodes netstate.document_node[], links netstate.document_link[],
	us_per_km float8, gbps_per_unit float8)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	node_ids bigint[];
BEGIN
	node_ids := netstate.stored_node_ids(network_id, nodes);
	WITH place AS MATERIALIZED (
		SELECT u.id, u.node_id, netstate.document_number(u.lon) AS lon, netstate.document_number(u.lat) AS lat
		FROM ROWS FROM (unnest(nodes), unnest(node_ids)) AS u (id, label, name, lon, lat, node_id)
	), given AS MATERIALIZED (
		SELECT l.ord, l.name, a.node_id AS a_node_id, z.node_id AS z_node_id, l.directed, l.status,
			netstate.document_number(l.metric) AS metric,
			coalesce(netstate.document_number(l.length_km),
				round(netstate.great_circle_km(a.lon, a.lat, z.lon, z.lat)::numeric, 3)::float8) AS length_km,
			netstate.document_number(l.latency_us) AS latency_us,
			(netstate.document_number(l.capacity)::numeric * gbps_per_unit::numeric)::float8 AS capacity_gbps
		FROM unnest(links) WITH ORDINALITY AS l (id, name, a, z, directed, status,
			metric, length_km, latency_us, capacity, ord)
		JOIN place AS a ON a.id = l.a
		JOIN place AS z ON z.id = l.z
	), rule AS (
		SELECT bool_and(metric IS NOT NULL AND metric > 0) AS by_metric, bool_and(length_km IS NOT NULL) AS by_length
		FROM given
	)
	INSERT INTO netstate.link (network_id, name, a_node_id, z_node_id, directed, status,
		metric, length_km, latency_us, capacity_gbps)
	SELECT store_links.network_id, g.name, g.a_node_id, g.z_node_id, g.directed, coalesce(g.status, 'in_service'),
		CASE WHEN r.by_metric THEN g.metric WHEN r.by_length THEN greatest(ceil(g.length_km), 1) ELSE 1 END,
		g.length_km,
		coalesce(g.latency_us, round((g.length_km * us_per_km)::numeric, 3)::float8),
		g.capacity_gbps
	FROM given AS g CROSS JOIN rule AS r
	ORDER BY g.ord;
END
$$;
COMMENT ON FUNCTION netstate.store_links(bigint, netstate.document_node[], netstate.document_link[], float8, float8) IS
'Internal: stores the named links of a document with length, latency, metric and capacity.';

--| Internal to the importers: what was done with each kind of link, and why.
CREATE FUNCTION netstate.stored_link_report(network_id bigint, links netstate.document_link[], kept netstate.document_link[],
	us_per_km float8)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT 'link', 'imported', cardinality(kept)::bigint, NULL::text;
	RETURN QUERY
	WITH stored AS (
		SELECT k.*, s.length_km AS stored_km, s.latency_us AS stored_us, s.capacity_gbps,
			row_number() OVER (PARTITION BY s.directed,
				CASE WHEN s.directed THEN s.a_node_id ELSE least(s.a_node_id, s.z_node_id) END,
				CASE WHEN s.directed THEN s.z_node_id ELSE greatest(s.a_node_id, s.z_node_id) END ORDER BY k.ord) AS copy,
			bool_and(coalesce(netstate.document_number(k.metric) > 0, false)) OVER () AS by_metric,
			bool_and(s.length_km IS NOT NULL) OVER () AS by_length
		FROM unnest(kept) WITH ORDINALITY AS k (id, name, a, z, directed, status,
			metric, length_km, latency_us, capacity, ord)
		CROSS JOIN LATERAL (
			SELECT t.* FROM netstate.link AS t
			WHERE t.network_id = stored_link_report.network_id AND t.name = k.name
			OFFSET 0) AS s
	)
	SELECT 'link', w.outcome, count(*),
		w.why || CASE WHEN w.outcome = 'adapted' AND count(*) < cardinality(kept)
			THEN ': ' || netstate.name_list(array_agg(s.name ORDER BY s.ord)) ELSE '' END
	FROM stored AS s
	CROSS JOIN LATERAL (VALUES
		(1, 'derived', netstate.document_number(s.length_km) IS NULL AND s.stored_km IS NOT NULL,
			'length_km on the great circle between its ends'),
		(2, 'derived', netstate.document_number(s.latency_us) IS NULL AND s.stored_us IS NOT NULL,
			format('latency_us at %s us per km', us_per_km)),
		(3, 'derived', NOT s.by_metric AND s.by_length, 'metric from length_km, rounded up'),
		(4, 'derived', NOT s.by_metric AND NOT s.by_length, 'metric 1, as not every link has a length'),
		(5, 'adapted', s.copy > 1, 'parallel to an earlier link, kept'),
		(6, 'adapted', s.stored_km IS NULL, 'without a length, as an end has no place'),
		(7, 'adapted', s.capacity_gbps IS NULL, 'without a capacity, capacity_gbps is NULL'),
		(8, 'adapted', s.status = 'planned', 'not built yet, status is planned')) AS w (seq, outcome, applies, why)
	WHERE w.applies
	GROUP BY w.seq, w.outcome, w.why
	ORDER BY w.seq;
	RETURN QUERY
	SELECT 'link', 'left out', count(*), 'self-loop, both ends are one node: ' || netstate.name_list(array_agg(l.id ORDER BY l.ord))
	FROM unnest(links) WITH ORDINALITY AS l (id, name, a, z, directed, status,
		metric, length_km, latency_us, capacity, ord)
	WHERE l.a = l.z
	HAVING count(*) > 0;
END
$$;
COMMENT ON FUNCTION netstate.stored_link_report(bigint, netstate.document_link[], netstate.document_link[], float8) IS
'Internal: what was done with each kind of link, and why.';

--| Internal to the importers: two directed links of a network that lead to and
--| fro between the same nodes are taken as one piece of fibre, and get a group
--| of kind `fibre` of their own. The first one way goes with the first the other
--| way, and so on.
CREATE FUNCTION netstate.store_link_pairs(network_id bigint)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	there bigint[];
	back bigint[];
BEGIN
	SELECT array_agg(p.there ORDER BY p.there), array_agg(p.back ORDER BY p.there) INTO there, back
	FROM (
		SELECT min(l.id) AS there, max(l.id) AS back
		FROM (
			SELECT d.id, d.a_node_id, d.z_node_id,
				row_number() OVER (PARTITION BY d.a_node_id, d.z_node_id ORDER BY d.id) AS copy
			FROM netstate.link AS d
			WHERE d.network_id = store_link_pairs.network_id AND d.directed) AS l
		GROUP BY least(l.a_node_id, l.z_node_id), greatest(l.a_node_id, l.z_node_id), l.copy
		HAVING count(*) = 2) AS p;
	IF there IS NULL THEN
		RETURN;
	END IF;
	INSERT INTO netstate.srlg (network_id, name, kind)
	SELECT store_link_pairs.network_id, (SELECT l.name FROM netstate.link AS l WHERE l.id = u.id), 'fibre'
	FROM unnest(there) WITH ORDINALITY AS u (id, ord)
	ORDER BY u.ord;
	INSERT INTO netstate.srlg_member (srlg_id, link_id)
	SELECT (SELECT g.id FROM netstate.srlg AS g JOIN netstate.link AS l ON l.id = u.there
			WHERE g.network_id = store_link_pairs.network_id AND g.name = l.name), e.link_id
	FROM unnest(there, back) AS u (there, back)
	CROSS JOIN LATERAL (VALUES (u.there), (u.back)) AS e (link_id);
	RETURN QUERY
	SELECT 'srlg', 'derived', cardinality(there)::bigint, 'a directed link and the one back are one piece of fibre';
END
$$;
COMMENT ON FUNCTION netstate.store_link_pairs(bigint) IS
'Internal: a group for each pair of directed links that are one piece of fibre.';

--| Internal to the importers: checks, names, stores and reports the links of a
--| document.
CREATE FUNCTION netstate.store_document_links(network_id bigint, nodes netstate.document_node[], links netstate.document_link[],
	us_per_km double precision, gbps_per_unit double precision)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	kept netstate.document_link[];
BEGIN
	PERFORM netstate.document_link_check(nodes, links);
	kept := netstate.document_link_names(nodes, links);
	PERFORM netstate.store_links(network_id, nodes, kept, us_per_km, gbps_per_unit);
	RETURN QUERY SELECT * FROM netstate.stored_link_report(network_id, links, kept, us_per_km);
	RETURN QUERY SELECT * FROM netstate.store_link_pairs(network_id);
END
$$;
COMMENT ON FUNCTION netstate.store_document_links(bigint, netstate.document_node[], netstate.document_link[], double precision, double precision) IS
'Internal: checks, names, stores and reports the links of a document.';
-- Import of GraphML, above all the files of the Internet Topology Zoo.
--
-- Attributes are found by the names that the document's keys declare, never by
-- the ids of the keys, which differ from file to file.

--| Internal to `import_graphml`: where the document keeps what is read. GraphML
--| declares its attributes as keys; this finds the key of each by its
--| `attr.name`, letter case aside, and gives per attribute its id, the XPath of
--| its value, and its default.
CREATE FUNCTION netstate.graphml_keys(doc xml)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	keys jsonb;
BEGIN
	WITH declared AS MATERIALIZED (
		SELECT x.ord, x.id, coalesce(x.element, 'all') AS element, lower(coalesce(x.name, x.id)) AS name, x.initial
		FROM XMLTABLE(netstate.document_path('/graphml/key') PASSING doc COLUMNS
			ord FOR ORDINALITY, id text PATH '@id', element text PATH '@for', name text PATH '@attr.name',
			initial text PATH netstate.document_path('default')) AS x
		WHERE strpos(x.id, '"') = 0 OR strpos(x.id, '''') = 0
	)
	SELECT jsonb_object_agg(r.role, jsonb_build_object('id', k.id, 'initial', k.initial, 'path',
		-- an id with both kinds of quote cannot be put into an XPath: its
		-- key is not read, and reported like others that are not
		CASE WHEN k.id IS NULL THEN '*[false()]'
			ELSE format(CASE WHEN strpos(k.id, '"') = 0 THEN '%s[@key="%s"][1]' ELSE '%s[@key=''%s''][1]' END,
				netstate.document_path('data'), k.id) END))
	INTO keys
	FROM (VALUES
		('label', 'node', ARRAY['label', 'name']),
		('lon', 'node', ARRAY['longitude', 'lon']),
		('lat', 'node', ARRAY['latitude', 'lat']),
		('id', 'edge', ARRAY['id']),
		('status', 'edge', ARRAY['linkstatus']),
		('capacity', 'edge', ARRAY['linkspeedraw']),
		('metric', 'edge', ARRAY['metric']),
		('length', 'edge', ARRAY['length_km']),
		('latency', 'edge', ARRAY['latency_us'])) AS r (role, element, names)
	LEFT JOIN LATERAL (
		SELECT d.id, d.initial
		FROM declared AS d
		WHERE d.name = ANY (r.names) AND d.element IN (r.element, 'all')
		ORDER BY array_position(r.names, d.name), d.ord
		LIMIT 1) AS k ON true;
	RETURN keys;
END
$$;
COMMENT ON FUNCTION netstate.graphml_keys(xml) IS
'Internal: the keys of a GraphML document that are read.';

--| Internal to `import_graphml`: refuses what a flat graph cannot hold.
--|
--| Errors: 22023 no graph or several, a graph inside a node, an edge direction
--| that is none.
CREATE FUNCTION netstate.graphml_check(doc xml)
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	seen record;
BEGIN
	SELECT x.* INTO seen
	FROM XMLTABLE('/*' PASSING doc COLUMNS
		graphs bigint PATH 'count(*[local-name()="graph"])',
		nested bigint PATH 'count(*[local-name()="graph"]/*/*[local-name()="graph"])',
		direction text PATH '*[local-name()="graph"][1]/@edgedefault') AS x;
	IF seen.graphs <> 1 OR seen.nested > 0 THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'document is not one flat graph',
			DETAIL = format('It has %s graphs, and %s within nodes or edges.', seen.graphs, seen.nested),
			HINT = 'Import each graph as a document and a network of its own.';
	END IF;
	IF coalesce(seen.direction, 'undirected') NOT IN ('directed', 'undirected') THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'graph has an unknown edgedefault',
			DETAIL = format('It is "%s".', left(seen.direction, 60)),
			HINT = 'It is directed or undirected.';
	END IF;
	SELECT x.* INTO seen
	FROM XMLTABLE(netstate.document_path('/graphml/graph/edge') PASSING doc COLUMNS
		id text PATH '@id', source text PATH '@source', target text PATH '@target', direction text PATH '@directed') AS x
	WHERE x.direction NOT IN ('true', 'false', '1', '0')
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023',
			MESSAGE = format('link "%s" has an unknown direction', left(coalesce(seen.id, seen.source || ' - ' || seen.target), 60)),
			DETAIL = format('Its attribute directed is "%s".', left(seen.direction, 60)),
			HINT = 'It is true or false.';
	END IF;
END
$$;
COMMENT ON FUNCTION netstate.graphml_check(xml) IS
'Internal: refuses a GraphML document that is not one flat graph.';

--| Internal to `import_graphml`: the nodes of a document.
CREATE FUNCTION netstate.graphml_nodes(doc xml, keys jsonb)
RETURNS netstate.document_node[]
LANGUAGE sql STABLE
RETURN ARRAY(
	SELECT ROW(x.id, netstate.document_label(x.label), NULL, x.lon, x.lat)::netstate.document_node
	FROM XMLTABLE(netstate.document_path('/graphml/graph/node') PASSING doc COLUMNS
		ord FOR ORDINALITY,
		id text PATH '@id',
		label text PATH (keys #>> '{label,path}') DEFAULT (keys #>> '{label,initial}'),
		lon text PATH (keys #>> '{lon,path}') DEFAULT (keys #>> '{lon,initial}'),
		lat text PATH (keys #>> '{lat,path}') DEFAULT (keys #>> '{lat,initial}')) AS x
	ORDER BY x.ord);
COMMENT ON FUNCTION netstate.graphml_nodes(xml, jsonb) IS
'Internal: the nodes of a GraphML document.';

--| Internal to `import_graphml`: the edges of a document. An edge's id is its
--| XML id, else its attribute named `id`, else its ends.
CREATE FUNCTION netstate.graphml_links(doc xml, keys jsonb)
RETURNS netstate.document_link[]
LANGUAGE sql STABLE
RETURN ARRAY(
	SELECT ROW(
		coalesce(netstate.document_label(x.xml_id), netstate.document_label(x.id), format('%s - %s', x.source, x.target)),
		NULL, x.source, x.target,
		coalesce(x.direction, CASE x.initial WHEN 'directed' THEN 'true' ELSE 'false' END) IN ('true', '1'),
		CASE WHEN lower(netstate.document_label(x.status)) IN ('future', 'planned', 'planning', 'proposed') THEN 'planned' END,
		x.metric, x.length_km, x.latency_us, x.capacity)::netstate.document_link
	FROM XMLTABLE(netstate.document_path('/graphml/graph/edge') PASSING doc COLUMNS
		ord FOR ORDINALITY,
		xml_id text PATH '@id',
		source text PATH '@source',
		target text PATH '@target',
		direction text PATH '@directed',
		initial text PATH '../@edgedefault',
		id text PATH (keys #>> '{id,path}') DEFAULT (keys #>> '{id,initial}'),
		status text PATH (keys #>> '{status,path}') DEFAULT (keys #>> '{status,initial}'),
		metric text PATH (keys #>> '{metric,path}') DEFAULT (keys #>> '{metric,initial}'),
		length_km text PATH (keys #>> '{length,path}') DEFAULT (keys #>> '{length,initial}'),
		latency_us text PATH (keys #>> '{latency,path}') DEFAULT (keys #>> '{latency,initial}'),
		capacity text PATH (keys #>> '{capacity,path}') DEFAULT (keys #>> '{capacity,initial}')) AS x
	ORDER BY x.ord);
COMMENT ON FUNCTION netstate.graphml_links(xml, jsonb) IS
'Internal: the edges of a GraphML document.';

--| Internal to `import_graphml`: what a document has that no table holds.
CREATE FUNCTION netstate.graphml_left_out(doc xml, keys jsonb)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT v.item, 'left out', v.count, v.reason
	FROM XMLTABLE('/*' PASSING doc COLUMNS
		hyperedges bigint PATH 'count(*[local-name()="graph"]/*[local-name()="hyperedge"])',
		ports bigint PATH 'count(*[local-name()="graph"]/*/*[local-name()="port"])') AS x
	CROSS JOIN LATERAL (VALUES
		('hyperedge', x.hyperedges, 'a link has two ends'),
		('port', x.ports, 'links end at nodes')) AS v (item, count, reason)
	WHERE v.count > 0;
	RETURN QUERY
	SELECT coalesce(x.element, 'all') || ' attribute', 'left out', count(*),
		'not read: ' || netstate.name_list(array_agg(coalesce(x.name, x.id, '') ORDER BY lower(coalesce(x.name, x.id)) COLLATE "C", x.ord))
	FROM XMLTABLE(netstate.document_path('/graphml/key') PASSING doc COLUMNS
		ord FOR ORDINALITY, id text PATH '@id', element text PATH '@for', name text PATH '@attr.name') AS x
	WHERE NOT EXISTS (SELECT FROM jsonb_each(keys) AS k WHERE k.value ->> 'id' = x.id)
	GROUP BY coalesce(x.element, 'all')
	ORDER BY array_position(ARRAY['node', 'edge', 'graph'], coalesce(x.element, 'all')), 1;
END
$$;
COMMENT ON FUNCTION netstate.graphml_left_out(xml, jsonb) IS
'Internal: what a GraphML document has that no table holds.';

--| Makes a network from a GraphML document, such as those of the Internet
--| Topology Zoo.
--|
--| - `network`: name of the network to make; it must not exist yet.
--| - `doc`: the document, one flat graph. In psql: `` \set doc `cat FILE` ``, then
--|   `:'doc'::xml`. PostgreSQL refuses malformed XML with the line number (2200N).
--| - `layer`: fibre, optical, ethernet, ip, te or fabric.
--| - `us_per_km`: latency of a km of fibre, in us.
--|
--| Read are the node attributes label (or name), Longitude, Latitude and the edge
--| attributes LinkSpeedRaw (bit/s), LinkStatus, id, metric, length_km,
--| latency_us. Where none is given, length is that of the great circle, latency
--| is length times `us_per_km`, and metric is the length rounded up.
--|
--| Returns one row for each kind of thing and what became of it: `imported`,
--| `derived` (made here), `adapted` (kept, with a change) or `left out`, how many,
--| and why. All or nothing: an error leaves no row.
--|
--| Errors: 22004 a null argument; 22023 another format, a DOCTYPE, no node, an
--| end that is no node, a bad number, a bad argument; 21000 an element twice that
--| may stand once; 23505 the network exists.
--|
--| Cost: linear; about 4 s for 20,000 nodes and 20,000 links, most of it to store
--| them.
CREATE FUNCTION netstate.import_graphml(network text, doc xml, layer text DEFAULT 'ip', us_per_km double precision DEFAULT 4.9)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
DECLARE
	keys jsonb;
	nodes netstate.document_node[];
	network_id bigint;
BEGIN
	PERFORM netstate.document_check(doc, 'graphml', 'http://graphml.graphdrawing.org/');
	PERFORM netstate.graphml_check(doc);
	network_id := netstate.store_network(network, layer, us_per_km);
	keys := netstate.graphml_keys(doc);
	nodes := netstate.document_node_names(netstate.graphml_nodes(doc, keys));
	RETURN QUERY SELECT * FROM netstate.store_nodes(network_id, nodes);
	RETURN QUERY SELECT * FROM netstate.store_document_links(network_id, nodes, netstate.graphml_links(doc, keys), us_per_km, 1e-9);
	RETURN QUERY SELECT * FROM netstate.graphml_left_out(doc, keys);
END
$$;
COMMENT ON FUNCTION netstate.import_graphml(text, xml, text, double precision) IS
'Makes a network from a GraphML document, such as those of the Internet Topology Zoo; returns what was imported, derived, adapted and left out.';
-- Import of SNDlib network files in the library's XML format.
--
-- A network to design becomes a network to route on: nodes, links, what is
-- installed, and demands.  What could be bought (modules) is left out.

--| Internal to `import_sndlib`: the nodes of a document. Coordinates are places
--| only where the document calls them geographical.
CREATE FUNCTION netstate.sndlib_nodes(doc xml)
RETURNS netstate.document_node[]
LANGUAGE sql STABLE
RETURN ARRAY(
	SELECT ROW(btrim(x.id), netstate.document_label(x.id), NULL,
		CASE x.coordinates WHEN 'geographical' THEN x.lon END,
		CASE x.coordinates WHEN 'geographical' THEN x.lat END)::netstate.document_node
	FROM XMLTABLE(netstate.document_path('/network/networkStructure/nodes/node') PASSING doc COLUMNS
		ord FOR ORDINALITY,
		id text PATH '@id',
		coordinates text PATH '../@coordinatesType',
		lon text PATH netstate.document_path('coordinates/x'),
		lat text PATH netstate.document_path('coordinates/y')) AS x
	ORDER BY x.ord);
COMMENT ON FUNCTION netstate.sndlib_nodes(xml) IS
'Internal: the nodes of an SNDlib document.';

--| Internal to `import_sndlib`: the links of a document. The metric is the
--| routing cost, the capacity that of the preinstalled module.
CREATE FUNCTION netstate.sndlib_links(doc xml, directed boolean)
RETURNS netstate.document_link[]
LANGUAGE sql STABLE
RETURN ARRAY(
	SELECT ROW(coalesce(netstate.document_label(x.id), format('%s - %s', btrim(x.source, E' \t\r\n'), btrim(x.target, E' \t\r\n'))),
		netstate.document_label(x.id), btrim(x.source, E' \t\r\n'), btrim(x.target, E' \t\r\n'), directed, NULL,
		x.metric, NULL, NULL, x.capacity)::netstate.document_link
	FROM XMLTABLE(netstate.document_path('/network/networkStructure/links/link') PASSING doc COLUMNS
		ord FOR ORDINALITY,
		id text PATH '@id',
		source text PATH netstate.document_path('source'),
		target text PATH netstate.document_path('target'),
		metric text PATH netstate.document_path('routingCost'),
		capacity text PATH netstate.document_path('preInstalledModule/capacity')) AS x
	ORDER BY x.ord);
COMMENT ON FUNCTION netstate.sndlib_links(xml, boolean) IS
'Internal: the links of an SNDlib document.';

--| Internal to `import_sndlib`: the demands of a document.
CREATE FUNCTION netstate.sndlib_demands(doc xml)
RETURNS netstate.document_demand[]
LANGUAGE sql STABLE
RETURN ARRAY(
	SELECT ROW(coalesce(netstate.document_label(x.id), format('%s -> %s', btrim(x.source, E' \t\r\n'), btrim(x.target, E' \t\r\n'))),
		btrim(x.source, E' \t\r\n'), btrim(x.target, E' \t\r\n'), x.value, x.unit)::netstate.document_demand
	FROM XMLTABLE(netstate.document_path('/network/demands/demand') PASSING doc COLUMNS
		ord FOR ORDINALITY,
		id text PATH '@id',
		source text PATH netstate.document_path('source'),
		target text PATH netstate.document_path('target'),
		value text PATH netstate.document_path('demandValue'),
		unit text PATH netstate.document_path('routingUnit')) AS x
	ORDER BY x.ord);
COMMENT ON FUNCTION netstate.sndlib_demands(xml) IS
'Internal: the demands of an SNDlib document.';

--| Internal to `import_sndlib`: how many Gbit/s the document's unit is, by its
--| `meta/unit`, such as MBITPERSEC; NULL where it says nothing that is known.
CREATE FUNCTION netstate.sndlib_gbps_per_unit(doc xml)
RETURNS double precision
LANGUAGE sql STABLE
RETURN (
	SELECT u.gbps
	FROM XMLTABLE(netstate.document_path('/network/meta') PASSING doc COLUMNS
		unit text PATH netstate.document_path('unit')) AS x
	JOIN (VALUES ('', 1e-9), ('K', 1e-6), ('M', 1e-3), ('G', 1), ('T', 1e3)) AS u (prefix, gbps)
		ON upper(btrim(x.unit, E' \t\r\n')) IN (u.prefix || 'BITPERSEC', u.prefix || 'BITSPERSEC')
	LIMIT 1);
COMMENT ON FUNCTION netstate.sndlib_gbps_per_unit(xml) IS
'Internal: how many Gbit/s the unit of an SNDlib document is; NULL where it is not known.';

--| Internal to `import_sndlib`: checks, stores and reports demands.
--|
--| Errors: 22023 an end that is not a node of the document, a bad number.
CREATE FUNCTION netstate.store_demands(network_id bigint, nodes netstate.document_node[], demands netstate.document_demand[],
	gbps_per_unit double precision)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	node_ids bigint[] := netstate.stored_node_ids(network_id, nodes);
	named text[];
	bad record;
BEGIN
	SELECT d.id, d.src, d.dst INTO bad
	FROM unnest(demands) WITH ORDINALITY AS d (id, src, dst, value, unit, ord)
	LEFT JOIN unnest(nodes) AS a ON a.id = d.src
	LEFT JOIN unnest(nodes) AS z ON z.id = d.dst
	WHERE a.id IS NULL OR z.id IS NULL
	ORDER BY d.ord LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023',
			MESSAGE = format('demand "%s" ends at a node that the document does not have', left(bad.id, 60)),
			DETAIL = format('It goes from node id "%s" to "%s".', left(bad.src, 60), left(bad.dst, 60)),
			HINT = 'Both ends of a demand are ids of nodes in the same document.';
	END IF;
	SELECT d.id, d.value, d.unit INTO bad
	FROM unnest(demands) WITH ORDINALITY AS d (id, src, dst, value, unit, ord)
	WHERE coalesce(netstate.document_number(d.value), 'NaN') NOT BETWEEN 0 AND 1e15
		OR coalesce(netstate.document_number(d.unit), 1) NOT BETWEEN 0 AND 1e15
	ORDER BY d.ord LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('demand "%s" has no valid value', left(bad.id, 60)),
			DETAIL = format('The document says demandValue "%s", routingUnit "%s".', left(bad.value, 60), left(bad.unit, 60)),
			HINT = 'Each is a number from 0 to 1e15; routingUnit may be absent.';
	END IF;
	named := netstate.unique_names(ARRAY(
		SELECT d.id FROM unnest(demands) WITH ORDINALITY AS d (id, src, dst, value, unit, ord) ORDER BY d.ord));
	INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps)
	SELECT store_demands.network_id, d.named, a.node_id, z.node_id,
		(netstate.document_number(d.value)::numeric * coalesce(netstate.document_number(d.unit), 1)::numeric * gbps_per_unit::numeric)::float8
	FROM ROWS FROM (unnest(demands), unnest(named)) WITH ORDINALITY AS d (id, src, dst, value, unit, named, ord)
	JOIN ROWS FROM (unnest(nodes), unnest(node_ids)) AS a (id, label, name, lon, lat, node_id) ON a.id = d.src
	JOIN ROWS FROM (unnest(nodes), unnest(node_ids)) AS z (id, label, name, lon, lat, node_id) ON z.id = d.dst
	WHERE d.src <> d.dst
	ORDER BY d.ord;

	RETURN QUERY
	SELECT 'demand', 'imported', count(*) FILTER (WHERE d.src <> d.dst), NULL::text FROM unnest(demands) AS d;
	RETURN QUERY
	SELECT 'demand', 'left out', count(*), 'both ends are one node: ' || netstate.name_list(array_agg(d.id ORDER BY d.ord))
	FROM unnest(demands) WITH ORDINALITY AS d (id, src, dst, value, unit, ord)
	WHERE d.src = d.dst
	HAVING count(*) > 0;
END
$$;
COMMENT ON FUNCTION netstate.store_demands(bigint, netstate.document_node[], netstate.document_demand[], double precision) IS
'Internal: checks, stores and reports the demands of a document.';

--| Internal to `import_sndlib`: what a document has that no table holds.
CREATE FUNCTION netstate.sndlib_left_out(doc xml)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT v.item, 'left out', v.count, v.reason
	FROM XMLTABLE('/*' PASSING doc COLUMNS
		pixels bigint PATH 'count(*/*[local-name()="nodes"][not(@coordinatesType="geographical")]/*/*[local-name()="coordinates"])',
		modules bigint PATH 'count(*/*[local-name()="links"]/*/*/*[local-name()="addModule"])',
		installed bigint PATH 'count(*/*[local-name()="links"]/*/*[local-name()="preInstalledModule"]/*[local-name()="cost"])',
		setup bigint PATH 'count(*/*[local-name()="links"]/*/*[local-name()="setupCost"])',
		hops bigint PATH 'count(*[local-name()="demands"]/*/*[local-name()="maxPathLength"])',
		paths bigint PATH 'count(*[local-name()="demands"]/*/*[local-name()="admissiblePaths"])') AS x
	CROSS JOIN LATERAL (VALUES
		('coordinates', x.pixels, 'not geographical, so not a place'),
		('module', x.modules, 'capacity that could be bought, with its cost'),
		('module cost', x.installed, 'cost of the preinstalled module'),
		('setup cost', x.setup, 'cost of building the link'),
		('path length limit', x.hops, 'maxPathLength of a demand'),
		('admissible paths', x.paths, 'paths that a demand is confined to')) AS v (item, count, reason)
	WHERE v.count > 0;
END
$$;
COMMENT ON FUNCTION netstate.sndlib_left_out(xml) IS
'Internal: what an SNDlib document has that no table holds.';

--| Makes a network from an SNDlib network file in XML.
--|
--| - `network`: name of the network to make; it must not exist yet.
--| - `doc`: the document. In psql: `` \set doc `cat FILE` ``, then `:'doc'::xml`.
--|   PostgreSQL refuses malformed XML with the line number (2200N).
--| - `layer`: fibre, optical, ethernet, ip, te or fabric.
--| - `us_per_km`: latency of a km of fibre, in us.
--| - `directed`: whether each link leads from source to target only. SNDlib says
--|   this in its model files, not in the network.
--| - `gbps_per_unit`: Gbit/s in one of the document's units of capacity and
--|   demand. NULL: by the document's `meta/unit`; where it has none, 1.
--|
--| Capacity is that of the preinstalled module, the metric is the routing cost, a
--| demand is demandValue times routingUnit. Where none is given, length is that
--| of the great circle between geographical coordinates, latency is length times
--| `us_per_km`, and metric is the length rounded up.
--|
--| Returns one row for each kind of thing and what became of it: `imported`,
--| `derived` (made here), `adapted` (kept, with a change) or `left out`, how many,
--| and why. All or nothing: an error leaves no row.
--|
--| Errors: 22004 a null argument; 22023 another format, a DOCTYPE, no node, an
--| end that is no node, a bad number, a bad argument; 21000 an element twice that
--| may stand once; 23505 the network exists.
--|
--| Cost: linear; about 1 s for 161 nodes, 332 links and 14,311 demands, most of it
--| to store them.
CREATE FUNCTION netstate.import_sndlib(network text, doc xml, layer text DEFAULT 'ip', us_per_km double precision DEFAULT 4.9,
	directed boolean DEFAULT false, gbps_per_unit double precision DEFAULT NULL)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
DECLARE
	nodes netstate.document_node[];
	network_id bigint;
	factor double precision;
BEGIN
	PERFORM netstate.document_check(doc, 'network', 'http://sndlib.zib.de/network');
	IF directed IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = 'directed is null',
			DETAIL = 'It says whether a link leads from its source to its target only.',
			HINT = 'Give true or false; links of SNDlib networks are undirected unless it is true.';
	END IF;
	-- false for NaN and infinity too
	IF NOT (gbps_per_unit > 0 AND gbps_per_unit <= 1e9) THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'gbps_per_unit must be above 0 and at most 1e9',
			DETAIL = format('It is %s.', gbps_per_unit),
			HINT = 'For a document in Mbit/s it is 0.001.';
	END IF;
	factor := coalesce(gbps_per_unit, netstate.sndlib_gbps_per_unit(doc), 1);
	network_id := netstate.store_network(network, layer, us_per_km);
	nodes := netstate.document_node_names(netstate.sndlib_nodes(doc));
	RETURN QUERY SELECT * FROM netstate.store_nodes(network_id, nodes);
	RETURN QUERY SELECT * FROM netstate.store_document_links(network_id, nodes, netstate.sndlib_links(doc, directed), us_per_km, factor);
	RETURN QUERY SELECT * FROM netstate.store_demands(network_id, nodes, netstate.sndlib_demands(doc), factor);
	IF gbps_per_unit IS NULL AND netstate.sndlib_gbps_per_unit(doc) IS NULL THEN
		RETURN QUERY SELECT 'unit', 'adapted', 1::bigint, 'not given: numbers are taken as Gbit/s, see gbps_per_unit';
	END IF;
	RETURN QUERY SELECT * FROM netstate.sndlib_left_out(doc);
END
$$;
COMMENT ON FUNCTION netstate.import_sndlib(text, xml, text, double precision, boolean, double precision) IS
'Makes a network with its demands from an SNDlib network file; returns what was imported, derived, adapted and left out.';
-- Import of plant: what the readers of GeoJSON and of the Open Fibre Data
-- Standard share, and the gate before PostGIS.
--
-- A format's reader turns a document into an array of items, which hold what the
-- document says.  From there one set of functions serves all formats: it reads
-- words, checks, finds the ends of spans, and stores.  What is wrong with an item
-- is written into its `problem`; nothing is written to a table before every item
-- has been looked at, and an import with a problem stops unless it is told to
-- leave such items out.
--
-- PostGIS parses no geometry before `geojson_problem` has found it sound: on some
-- malformed GeoJSON it takes the server down.

CREATE TYPE netstate.document_item AS (ord bigint, place text, object text, id text, name text,
	kind text, status text, site text, zone text, region text, a text, z text, corridor text, side text,
	encasement text, length_m text, mtbf_hours text, mttr_hours text, strand_count text, parts jsonb, shape jsonb,
	remarks text[], problem text);
COMMENT ON TYPE netstate.document_item IS
'An object of the plant as a document gives it: where it stands there, what it is, its words and geometry as read, what was made of it, and why it is refused.';

-- The gate --------------------------------------------------------------------

--| Internal to the importers: whether a JSON value is a position: two or three
--| numbers, longitude -180 to 180, latitude -90 to 90, of a size that a double
--| has.
CREATE FUNCTION netstate.geojson_position_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN jsonb_typeof(value) <> 'array' THEN false
	WHEN jsonb_array_length(value) NOT IN (2, 3) THEN false
	WHEN jsonb_typeof(value -> 0) <> 'number' OR jsonb_typeof(value -> 1) <> 'number'
		OR jsonb_typeof(value -> 2) <> 'number' THEN false
	ELSE (value -> 0)::numeric BETWEEN -180 AND 180 AND (value -> 1)::numeric BETWEEN -90 AND 90
		AND NOT jsonb_path_exists(value, 'strict $[0 to 1] ? (@ > -1e-300 && @ < 1e-300 && @ != 0)')
	END;
COMMENT ON FUNCTION netstate.geojson_position_is_valid(jsonb) IS
'Internal: whether a JSON value is a position in range.';

--| Internal to the importers: whether a JSON array is a list of 2 to 100,000
--| positions.
CREATE FUNCTION netstate.geojson_line_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN jsonb_array_length(value) NOT BETWEEN 2 AND 100000 THEN false
	WHEN jsonb_path_exists(value, 'strict $[*] ? (@.type() != "array")') THEN false
	WHEN jsonb_path_exists(value, 'strict $[*] ? (@.size() < 2 || @.size() > 3)') THEN false
	WHEN jsonb_path_exists(value, 'strict $[*][*] ? (@.type() != "number")') THEN false
	WHEN jsonb_path_exists(value, 'strict $[*] ? (@[0] < -180 || @[0] > 180 || @[1] < -90 || @[1] > 90)') THEN false
	ELSE NOT jsonb_path_exists(value, 'strict $[*][0 to 1] ? (@ > -1e-300 && @ < 1e-300 && @ != 0)')
	END;
COMMENT ON FUNCTION netstate.geojson_line_is_valid(jsonb) IS
'Internal: whether a JSON array is a list of positions in range.';

--| Internal to the importers: the lists of positions of a GeoJSON geometry: its
--| lines or rings, one of one position for a point. NULL where the geometry is
--| not nested as its type wants, or has no such list.
CREATE FUNCTION netstate.geojson_parts(geometry jsonb)
RETURNS jsonb[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	coordinates CONSTANT jsonb := geometry -> 'coordinates';
	parts jsonb[];
BEGIN
	CASE geometry ->> 'type'
		WHEN 'Point' THEN
			parts := ARRAY[jsonb_build_array(coordinates)];
		WHEN 'LineString' THEN
			parts := ARRAY[coordinates];
		WHEN 'MultiLineString', 'Polygon' THEN
			parts := ARRAY(SELECT e.value FROM jsonb_array_elements(coordinates) AS e);
		WHEN 'MultiPolygon' THEN
			IF EXISTS (SELECT FROM jsonb_array_elements(coordinates) AS e
				WHERE jsonb_typeof(e.value) <> 'array' OR e.value = '[]') THEN
				RETURN NULL;
			END IF;
			parts := ARRAY(SELECT r.value FROM jsonb_array_elements(coordinates) AS e, jsonb_array_elements(e.value) AS r);
		ELSE
			RETURN NULL;
	END CASE;
	IF EXISTS (SELECT FROM unnest(parts) AS p (part) WHERE jsonb_typeof(p.part) <> 'array' OR p.part = '[]') THEN
		RETURN NULL;
	END IF;
	RETURN nullif(parts, '{}');
END
$$;
COMMENT ON FUNCTION netstate.geojson_parts(jsonb) IS
'Internal: the lines or rings of a GeoJSON geometry as lists of positions.';

--| Internal to the importers: what is wrong with a GeoJSON geometry, in words;
--| NULL when nothing is. What passes is of one of the types, nested as its type
--| wants, of 2 or 3 numbers at each vertex, in range, with at most 100,000
--| vertices; lines have two vertices or more, rings four and are closed.
--|
--| - `geometry`: any JSON at all, also NULL.
--| - `types`: the types that are wanted.
CREATE FUNCTION netstate.geojson_problem(geometry jsonb, types text[])
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	parts jsonb[];
	bad record;
BEGIN
	IF geometry IS NULL OR geometry = 'null' THEN
		RETURN 'has no geometry';
	ELSIF jsonb_typeof(geometry) <> 'object' THEN
		RETURN 'its geometry is not an object';
	ELSIF jsonb_typeof(geometry -> 'type') IS DISTINCT FROM 'string' THEN
		RETURN 'its geometry has no type';
	ELSIF geometry ->> 'type' <> ALL (types) THEN
		RETURN format('its geometry is of type "%s", not %s', left(geometry ->> 'type', 60), array_to_string(types, ' or '));
	ELSIF jsonb_typeof(geometry -> 'coordinates') IS DISTINCT FROM 'array' THEN
		RETURN 'its geometry has no coordinates';
	ELSIF geometry -> 'coordinates' = '[]' THEN
		RETURN 'its geometry is empty';
	END IF;
	-- most are sound: these tests are cheap, what fails them is looked at closely
	IF geometry ->> 'type' = 'Point' AND netstate.geojson_position_is_valid(geometry -> 'coordinates')
		OR geometry ->> 'type' = 'LineString' AND netstate.geojson_line_is_valid(geometry -> 'coordinates') THEN
		RETURN NULL;
	END IF;
	parts := netstate.geojson_parts(geometry);
	IF parts IS NULL THEN
		RETURN format('its coordinates are not nested as those of a %s, or a part is empty', geometry ->> 'type');
	END IF;
	SELECT sum(jsonb_array_length(p.part)) AS vertices, min(jsonb_array_length(p.part)) AS fewest INTO bad
	FROM unnest(parts) AS p (part);
	IF bad.vertices > 100000 THEN
		RETURN format('its geometry has %s vertices, more than 100000', bad.vertices);
	END IF;
	SELECT p.n AS part, v.n, v.value INTO bad
	FROM unnest(parts) WITH ORDINALITY AS p (part, n)
	CROSS JOIN LATERAL jsonb_array_elements(p.part) WITH ORDINALITY AS v (value, n)
	WHERE NOT netstate.geojson_position_is_valid(v.value)
	ORDER BY p.n, v.n LIMIT 1;
	IF FOUND THEN
		RETURN format('vertex %s%s is not a longitude -180 to 180 and a latitude -90 to 90: %s%s', bad.n,
			CASE WHEN cardinality(parts) > 1 THEN format(' of part %s', bad.part) ELSE '' END, left(bad.value::text, 60),
			CASE WHEN netstate.geojson_position_is_valid(CASE WHEN jsonb_typeof(bad.value) = 'array'
				THEN jsonb_build_array(bad.value -> 1, bad.value -> 0) END)
				THEN ' (longitude comes first: are they exchanged?)' ELSE '' END);
	END IF;
	IF geometry ->> 'type' LIKE '%LineString' AND EXISTS (
		SELECT FROM unnest(parts) AS p (part) WHERE jsonb_array_length(p.part) < 2) THEN
		RETURN 'its line has a part of one vertex';
	ELSIF geometry ->> 'type' LIKE '%Polygon' AND EXISTS (
		SELECT FROM unnest(parts) AS p (part) WHERE jsonb_array_length(p.part) < 4 OR p.part -> 0 <> p.part -> -1) THEN
		RETURN 'its polygon has a ring that is not closed, or of less than four vertices';
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION netstate.geojson_problem(jsonb, text[]) IS
'Internal: what is wrong with a GeoJSON geometry, in words; NULL when nothing is.';

--| Internal to the importers: a line cut where it passes the antimeridian, as
--| RFC 7946 wants: where two vertices in a row are more than 180 degrees of
--| longitude apart. The latitude there is between theirs.
--|
--| - `parts`: lists of positions that the gate passed.
CREATE FUNCTION netstate.geojson_cut_at_antimeridian(parts jsonb[])
RETURNS jsonb[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
	WITH vertex AS (
		SELECT p.part, v.n, (v.value -> 0)::float8 AS lon, (v.value -> 1)::float8 AS lat
		FROM unnest(parts) WITH ORDINALITY AS p (value, part)
		CROSS JOIN LATERAL jsonb_array_elements(p.value) WITH ORDINALITY AS v (value, n)
	), step AS (
		SELECT v.*, lag(v.lon) OVER w AS before_lon, lag(v.lat) OVER w AS before_lat,
			abs(v.lon - lag(v.lon) OVER w) > 180 IS TRUE AS passes
		FROM vertex AS v
		WINDOW w AS (PARTITION BY v.part ORDER BY v.n)
	), cut AS (
		SELECT s.*, sum(s.passes::int) OVER (PARTITION BY s.part ORDER BY s.n) AS piece,
			CASE WHEN s.passes THEN s.before_lat + (s.lat - s.before_lat)
				* (CASE WHEN abs(s.before_lon) = 180 THEN 0 ELSE (180 - abs(s.before_lon)) / (360 - abs(s.lon - s.before_lon)) END)
			END AS cut_lat
		FROM step AS s
	), whole AS (
		SELECT c.part, c.piece, c.n::numeric AS n, c.lon, c.lat FROM cut AS c
		UNION ALL
		SELECT c.part, c.piece - 1, c.n - 0.5, 180 * sign(c.before_lon), CASE WHEN abs(c.lon) = 180 THEN c.lat ELSE c.cut_lat END
		FROM cut AS c
		-- from 180 to -180 it leads along the antimeridian
		WHERE c.passes AND (abs(c.before_lon) < 180 OR abs(c.lon) = 180 AND c.lat <> c.before_lat)
		UNION ALL
		SELECT c.part, c.piece, c.n - 0.5, 180 * sign(c.lon), c.cut_lat FROM cut AS c
		WHERE c.passes AND abs(c.lon) < 180
	)
	SELECT array_agg(l.positions ORDER BY l.part, l.piece)
	FROM (
		SELECT w.part, w.piece, jsonb_agg(jsonb_build_array(w.lon, w.lat) ORDER BY w.n) AS positions
		FROM whole AS w
		GROUP BY w.part, w.piece
		-- what only touched the antimeridian with its first or last vertex
		HAVING count(*) > 1) AS l);
COMMENT ON FUNCTION netstate.geojson_cut_at_antimeridian(jsonb[]) IS
'Internal: a line cut where it passes the antimeridian.';

--| Internal to the importers: a list of positions without what stands third in
--| them.
CREATE FUNCTION netstate.geojson_flat(part jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN EXISTS (SELECT FROM jsonb_array_elements(part) AS v WHERE jsonb_array_length(v.value) > 2)
		THEN (SELECT jsonb_agg(v.value - 2 ORDER BY v.n) FROM jsonb_array_elements(part) WITH ORDINALITY AS v (value, n))
	ELSE part
	END;
COMMENT ON FUNCTION netstate.geojson_flat(jsonb) IS
'Internal: a list of positions without heights.';

--| Internal to the importers: a geometry that the gate passed, with nothing but
--| its type and its coordinates of two numbers each, and a line cut at the
--| antimeridian; NULL for a line that is nothing but one place there.
CREATE FUNCTION netstate.geojson_shape(geometry jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
AS $$
DECLARE
	kind CONSTANT text := geometry ->> 'type';
	coordinates CONSTANT jsonb := geometry -> 'coordinates';
	parts jsonb[];
BEGIN
	IF kind = 'Point' THEN
		RETURN jsonb_build_object('type', kind, 'coordinates', coordinates - 2);
	-- most lines have no heights, and do not get near the antimeridian on both sides
	ELSIF kind = 'LineString' AND NOT jsonb_path_exists(coordinates, 'strict $[*] ? (@.size() > 2)')
		AND NOT (jsonb_path_exists(coordinates, 'strict $[*][0] ? (@ < 0)') AND jsonb_path_exists(coordinates, 'strict $[*][0] ? (@ > 0)')
			AND jsonb_path_exists(coordinates, 'strict $[*][0] ? (@ < -90 || @ > 90)')) THEN
		RETURN jsonb_build_object('type', kind, 'coordinates', coordinates);
	ELSIF kind = 'MultiPolygon' THEN
		RETURN jsonb_build_object('type', kind, 'coordinates', (
			SELECT jsonb_agg((SELECT jsonb_agg(netstate.geojson_flat(r.value) ORDER BY r.n)
				FROM jsonb_array_elements(e.value) WITH ORDINALITY AS r (value, n)) ORDER BY e.n)
			FROM jsonb_array_elements(coordinates) WITH ORDINALITY AS e (value, n)));
	END IF;
	parts := ARRAY(SELECT netstate.geojson_flat(p.part)
		FROM unnest(netstate.geojson_parts(geometry)) WITH ORDINALITY AS p (part, n) ORDER BY p.n);
	IF kind <> 'Polygon' AND EXISTS (
		SELECT FROM unnest(parts) AS p (part)
		CROSS JOIN LATERAL (SELECT abs((v.value -> 0)::float8 - lag((v.value -> 0)::float8) OVER (ORDER BY v.n)) AS degrees
			FROM jsonb_array_elements(p.part) WITH ORDINALITY AS v (value, n)) AS step
		WHERE step.degrees > 180) THEN
		parts := netstate.geojson_cut_at_antimeridian(parts);
		RETURN CASE WHEN parts IS NULL THEN NULL
			WHEN cardinality(parts) = 1 THEN jsonb_build_object('type', 'LineString', 'coordinates', parts[1])
			ELSE jsonb_build_object('type', 'MultiLineString', 'coordinates', to_jsonb(parts)) END;
	END IF;
	RETURN jsonb_build_object('type', kind,
		'coordinates', CASE WHEN kind = 'LineString' THEN parts[1] ELSE to_jsonb(parts) END);
END
$$;
COMMENT ON FUNCTION netstate.geojson_shape(jsonb) IS
'Internal: a geometry that the gate passed, without heights, cut at the antimeridian.';

--| Internal to the importers: a line from its other end.
CREATE FUNCTION netstate.geojson_reversed(shape jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object('type', shape -> 'type', 'coordinates', CASE
	WHEN shape ->> 'type' = 'LineString'
		THEN (SELECT jsonb_agg(v.value ORDER BY v.n DESC) FROM jsonb_array_elements(shape -> 'coordinates') WITH ORDINALITY AS v (value, n))
	ELSE (
		SELECT jsonb_agg((SELECT jsonb_agg(v.value ORDER BY v.n DESC) FROM jsonb_array_elements(l.value) WITH ORDINALITY AS v (value, n)) ORDER BY l.n DESC)
		FROM jsonb_array_elements(shape -> 'coordinates') WITH ORDINALITY AS l (value, n))
	END);
COMMENT ON FUNCTION netstate.geojson_reversed(jsonb) IS
'Internal: a line from its other end.';

DO $do$
BEGIN
	EXECUTE (SELECT pg_catalog.replace($sql$
--| Internal to the importers: a shape as PostGIS has it. Only what
--| `geojson_shape` returned may come here.
CREATE FUNCTION netstate.geojson_geometry(shape jsonb)
RETURNS postgis_schema.geometry
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN postgis_schema.ST_SetSRID(postgis_schema.ST_GeomFromGeoJSON(shape::text), 4326);
COMMENT ON FUNCTION netstate.geojson_geometry(jsonb) IS
'Internal: a shape as PostGIS has it.';

--| Internal: a geometry of a table as GeoJSON, each number with all its digits;
--| NULL for what no table would hold.
CREATE FUNCTION netstate.geometry_geojson(geom postgis_schema.geometry)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
	WHEN netstate.valid_point(geom) OR netstate.valid_line(geom) OR netstate.valid_area(geom)
		THEN postgis_schema.ST_AsGeoJSON(geom, 400, 0)::jsonb
	END;
COMMENT ON FUNCTION netstate.geometry_geojson(postgis_schema.geometry) IS
'Internal: a geometry of a table as GeoJSON.';

--| Internal to the importers: whether the tables accept a shape as the geometry
--| of such an object.
CREATE FUNCTION netstate.shape_is_valid(object text, shape jsonb)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN object IN ('site', 'structure') THEN netstate.valid_point(netstate.geojson_geometry(shape))
	WHEN object IN ('span', 'corridor') THEN netstate.valid_line(netstate.geojson_geometry(shape))
	ELSE netstate.valid_area(netstate.geojson_geometry(shape))
	END;
COMMENT ON FUNCTION netstate.shape_is_valid(text, jsonb) IS
'Internal: whether the tables accept a shape as the geometry of such an object.';

--| Internal to the importers: where structures of the plant stand, by name.
CREATE FUNCTION netstate.structure_places(names text[])
RETURNS TABLE (name text, lon double precision, lat double precision)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT s.name, postgis_schema.ST_X(s.geom), postgis_schema.ST_Y(s.geom)
	FROM netstate.structure AS s
	WHERE s.name = ANY (names);
END;
COMMENT ON FUNCTION netstate.structure_places(text[]) IS
'Internal: where structures of the plant stand, by name.';

--| Internal to the importers: structures of the plant in a box of degrees.
CREATE FUNCTION netstate.structures_in_box(west double precision, south double precision, east double precision, north double precision)
RETURNS TABLE (name text, lon double precision, lat double precision)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT s.name, postgis_schema.ST_X(s.geom), postgis_schema.ST_Y(s.geom)
	FROM netstate.structure AS s
	WHERE s.geom OPERATOR(postgis_schema.&&) postgis_schema.ST_MakeEnvelope(west, south, east, north, 4326);
END;
COMMENT ON FUNCTION netstate.structures_in_box(double precision, double precision, double precision, double precision) IS
'Internal: structures of the plant in a box of degrees.';
	$sql$, 'postgis_schema', pg_catalog.quote_ident(n.nspname))
	FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
	WHERE e.extname OPERATOR(pg_catalog.=) 'postgis');
END
$do$;

-- Words -----------------------------------------------------------------------

--| Internal to the importers: the status that a word stands for, letter case,
--| blanks, `_` and `-` aside; NULL for an unknown word. docs/vocabulary.md lists
--| the words.
CREATE FUNCTION netstate.plant_status(word text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
	SELECT CASE
		WHEN w.word = 'proposed' THEN 'proposed'
		WHEN w.word IN ('planned', 'planning', 'future') THEN 'planned'
		WHEN w.word IN ('underconstruction', 'construction', 'building') THEN 'under_construction'
		WHEN w.word IN ('operational', 'active', 'live', 'existing', 'inservice', 'inuse') THEN 'operational'
		WHEN w.word IN ('cut', 'broken', 'damaged') THEN 'cut'
		WHEN w.word IN ('inactive', 'outofservice', 'notinuse') THEN 'inactive'
		WHEN w.word IN ('decommissioned', 'abandoned', 'removed', 'retired') THEN 'decommissioned'
		END
	FROM (SELECT lower(regexp_replace(plant_status.word, E'[ _\t\r\n-]+', '', 'g'))) AS w (word));
COMMENT ON FUNCTION netstate.plant_status(text) IS
'Internal: the status that a word of a document stands for; NULL for an unknown word.';

--| Internal to the importers: what a text of a document means for a column of
--| words: without white space around it, lower case, `_` between words.
CREATE FUNCTION netstate.plant_word(word text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN nullif(lower(regexp_replace(btrim(word, E' \t\r\n'), '[ _-]+', '_', 'g')), '');
COMMENT ON FUNCTION netstate.plant_word(text) IS
'Internal: a word of a document in lower case, with _ between its parts.';

--| Internal to the importers: the ducts of a property `ducts`, a list of objects
--| with name, kind and ducts within; `path` has the names from the outermost.
CREATE FUNCTION netstate.document_ducts(ducts jsonb)
RETURNS TABLE (path text[], depth int, n bigint, duct jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH RECURSIVE tree AS (
		SELECT ARRAY[e.value ->> 'name'] AS path, 1 AS depth, e.n, e.value AS duct
		FROM jsonb_array_elements(CASE WHEN jsonb_typeof(ducts) = 'array' THEN ducts END) WITH ORDINALITY AS e (value, n)
		UNION ALL
		SELECT t.path || (e.value ->> 'name'), t.depth + 1, e.n, e.value
		FROM tree AS t
		CROSS JOIN LATERAL jsonb_array_elements(
			CASE WHEN jsonb_typeof(t.duct -> 'ducts') = 'array' THEN t.duct -> 'ducts' END) WITH ORDINALITY AS e (value, n)
		WHERE t.depth < 65
	)
	SELECT t.path, t.depth, t.n, t.duct FROM tree AS t;
END;
COMMENT ON FUNCTION netstate.document_ducts(jsonb) IS
'Internal: the ducts of a property ducts, with the names of what they lie in.';

--| Internal to the importers: what is wrong with the ducts and the crossings of a
--| span, in words; NULL when nothing is.
CREATE FUNCTION netstate.span_parts_problem(parts jsonb)
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	bad record;
BEGIN
	IF parts IS NULL THEN
		RETURN NULL;
	ELSIF jsonb_typeof(parts -> 'ducts') NOT IN ('array', 'null') THEN
		RETURN 'its ducts are not a list';
	ELSIF jsonb_typeof(parts -> 'crossings') NOT IN ('array', 'null') THEN
		RETURN 'its crossings are not a list';
	END IF;
	SELECT d.duct, d.depth, d.path, d.same INTO bad
	FROM (SELECT t.*, count(*) OVER (PARTITION BY t.path) AS same FROM netstate.document_ducts(parts -> 'ducts') AS t) AS d
	WHERE jsonb_typeof(d.duct) <> 'object' OR jsonb_typeof(d.duct -> 'name') IS DISTINCT FROM 'string'
		OR NOT netstate.valid_name(d.duct ->> 'name') OR jsonb_typeof(d.duct -> 'kind') NOT IN ('string', 'null')
		OR NOT netstate.valid_name(d.duct ->> 'kind') OR jsonb_typeof(d.duct -> 'ducts') NOT IN ('array', 'null')
		OR d.same > 1 OR d.depth > 64
	ORDER BY d.path, d.n LIMIT 1;
	IF FOUND THEN
		RETURN CASE
			WHEN bad.depth > 64 THEN 'its ducts are nested deeper than 64'
			WHEN bad.same > 1 AND bad.path[bad.depth] IS NOT NULL THEN format('its ducts have two named "%s" in one', left(bad.path[bad.depth], 60))
			ELSE format('a duct is not an object with a name and, where given, a kind and ducts: %s', left(bad.duct::text, 60)) END;
	END IF;
	IF coalesce(parts -> 'crossings', 'null') IN ('null', '[]') THEN
		RETURN NULL;
	END IF;
	SELECT c.crossing INTO bad
	FROM (
		SELECT e.value AS crossing, e.n, count(*) OVER (PARTITION BY e.value ->> 'structure') AS same
		FROM jsonb_array_elements(CASE WHEN jsonb_typeof(parts -> 'crossings') = 'array' THEN parts -> 'crossings' END)
			WITH ORDINALITY AS e (value, n)) AS c
	WHERE jsonb_typeof(c.crossing -> 'structure') IS DISTINCT FROM 'string' OR c.same > 1
		OR (c.crossing ->> 'passage' IN ('over', 'under', 'through')) IS NOT TRUE
	ORDER BY c.n LIMIT 1;
	IF FOUND THEN
		RETURN format('a crossing is not an object with a structure, given once, and a passage that is over, under or through: %s',
			left(bad.crossing::text, 60));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION netstate.span_parts_problem(jsonb) IS
'Internal: what is wrong with the ducts and crossings of a span of a document.';

--| Internal to the importers: what is wrong with the words and numbers of an item
--| that `plant_words` has read, in words; NULL when nothing is. `word` is the item as the
--| document has it.
CREATE FUNCTION netstate.item_word_problem(item netstate.document_item, word netstate.document_item)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN item.name IS NULL AND item.object <> 'span' THEN 'has no name'
	WHEN NOT netstate.valid_name(item.name) THEN 'its name is longer than 500 characters'
	WHEN NOT netstate.valid_name(item.kind) THEN 'its kind is longer than 500 characters'
	WHEN item.status IS NULL AND btrim(word.status, E' \t\r\n') <> ''
		THEN format('its status "%s" is not known', left(word.status, 60))
	WHEN item.side NOT IN ('left', 'right', 'median')
		THEN format('its side "%s" is not left, right or median', left(word.side, 60))
	WHEN item.side IS NOT NULL AND item.corridor IS NULL THEN 'has a side but no corridor'
	WHEN item.encasement NOT IN ('none', 'cast', 'prefabricated')
		THEN format('its encasement "%s" is not none, cast or prefabricated', left(word.encasement, 60))
	WHEN NOT coalesce(netstate.document_number(item.length_m) BETWEEN 0 AND 1e8, true)
		THEN format('its length "%s" is not a number of metres from 0 to 1e8', left(item.length_m, 60))
	WHEN NOT coalesce(netstate.document_number(item.mtbf_hours) > 0 AND netstate.document_number(item.mtbf_hours) <= 1e15, true)
		THEN format('its mtbf_hours "%s" is not a number above 0 and at most 1e15', left(item.mtbf_hours, 60))
	WHEN NOT coalesce(netstate.document_number(item.mttr_hours) BETWEEN 0 AND 1e15, true)
		THEN format('its mttr_hours "%s" is not a number from 0 to 1e15', left(item.mttr_hours, 60))
	WHEN NOT coalesce(netstate.document_number(item.strand_count) BETWEEN 0 AND 100000
			AND netstate.document_number(item.strand_count) = floor(netstate.document_number(item.strand_count)), true)
		THEN format('its number of fibres "%s" is not a whole number from 0 to 100000', left(item.strand_count, 60))
	ELSE netstate.span_parts_problem(item.parts)
	END;
COMMENT ON FUNCTION netstate.item_word_problem(netstate.document_item, netstate.document_item) IS
'Internal: what is wrong with the words and numbers of an item, in words; NULL when nothing is.';

--| Internal to the importers: what is wrong with the geometry of an item, in
--| words; NULL when nothing is. Only a site may have none.
CREATE FUNCTION netstate.item_shape_problem(object text, shape jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN object = 'site' AND coalesce(shape, 'null') = 'null' THEN NULL
	WHEN object IN ('site', 'structure') THEN netstate.geojson_problem(shape, ARRAY['Point'])
	WHEN object IN ('span', 'corridor') THEN netstate.geojson_problem(shape, ARRAY['LineString', 'MultiLineString'])
	ELSE netstate.geojson_problem(shape, ARRAY['Polygon', 'MultiPolygon'])
	END;
COMMENT ON FUNCTION netstate.item_shape_problem(text, jsonb) IS
'Internal: what is wrong with the geometry of an item, in words; NULL when nothing is.';

--| Internal to the importers: items with their words read and their geometry
--| passed through the gate.
CREATE FUNCTION netstate.plant_words(items netstate.document_item[])
RETURNS netstate.document_item[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
BEGIN
	RETURN ARRAY(
		SELECT CASE WHEN v.problem IS NULL THEN jsonb_populate_record(r.item, jsonb_build_object('shape', g.shape))
			ELSE jsonb_populate_record(i, jsonb_build_object('problem', v.problem)) END
		FROM unnest(items) AS i
		CROSS JOIN LATERAL (SELECT jsonb_populate_record(i, jsonb_build_object(
			'name', nullif(btrim(i.name, E' \t\r\n'), ''),
			'kind', nullif(btrim(i.kind, E' \t\r\n'), ''),
			'site', nullif(btrim(i.site, E' \t\r\n'), ''),
			'zone', nullif(btrim(i.zone, E' \t\r\n'), ''),
			'region', nullif(btrim(i.region, E' \t\r\n'), ''),
			'a', nullif(btrim(i.a, E' \t\r\n'), ''),
			'z', nullif(btrim(i.z, E' \t\r\n'), ''),
			'corridor', nullif(btrim(i.corridor, E' \t\r\n'), ''),
			'status', netstate.plant_status(i.status),
			'side', netstate.plant_word(i.side),
			'encasement', netstate.plant_word(i.encasement))) OFFSET 0) AS r (item)
		CROSS JOIN LATERAL (SELECT coalesce(i.problem, netstate.item_word_problem(r.item, i), netstate.item_shape_problem(i.object, i.shape)) OFFSET 0) AS p (problem)
		CROSS JOIN LATERAL (SELECT CASE WHEN p.problem IS NULL THEN netstate.geojson_shape(nullif(i.shape, 'null')) END OFFSET 0) AS g (shape)
		CROSS JOIN LATERAL (SELECT coalesce(p.problem, CASE WHEN NOT coalesce(netstate.shape_is_valid(i.object, g.shape), i.object = 'site')
			THEN 'its geometry is not one that the plant may have' END) OFFSET 0) AS v (problem)
		ORDER BY i.ord);
END
$$;
COMMENT ON FUNCTION netstate.plant_words(netstate.document_item[]) IS
'Internal: items with their words read and their geometry passed through the gate.';
-- Import of plant, continued: names, the ends of spans, and what is stored.
--
-- An item that is refused here takes with it what refers to it: a span at a
-- refused structure has no end.  So the steps go from what others refer to
-- outwards, and each looks only at items that have no problem yet.

--| Internal to the importers: the site of such a name: in the zone and region
--| that are given; else outside every zone; else the only one of that name. NULL
--| where there is none, or several.
CREATE FUNCTION netstate.site_named(name text, zone text, region text)
RETURNS bigint
LANGUAGE sql STABLE
RETURN (
	SELECT CASE WHEN count(*) = 1 OR min(f.rank) = 0 THEN (array_agg(f.id ORDER BY f.rank))[1] END
	FROM (
		SELECT s.id, CASE WHEN s.zone_id IS NULL THEN 0 ELSE 1 END AS rank
		FROM netstate.site AS s
		LEFT JOIN netstate.zone AS z ON z.id = s.zone_id
		LEFT JOIN netstate.region AS r ON r.id = z.region_id
		WHERE s.name = site_named.name
			AND coalesce(z.name = site_named.zone, site_named.zone IS NULL)
			AND coalesce(r.name = site_named.region, site_named.region IS NULL)) AS f);
COMMENT ON FUNCTION netstate.site_named(text, text, text) IS
'Internal: the site of such a name, in the zone and region that are given.';

--| Internal to the importers: refuses items whose name others of the document
--| have, or the plant; structures whose site is nowhere, spans whose corridor is.
--| Spans without a name are left alone: `plant_ends` names them.
CREATE FUNCTION netstate.plant_names(items netstate.document_item[])
RETURNS netstate.document_item[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	same CONSTANT text := 'its name is that of %s, too';
	exists_already CONSTANT text := 'a %s of its name exists already';
BEGIN
	items := ARRAY(
		SELECT CASE WHEN n.problem IS NULL AND n.refusal IS NOT NULL
			THEN jsonb_populate_record(n.item, jsonb_build_object('problem', n.refusal)) ELSE n.item END
		FROM (
			SELECT i AS item, i.ord, i.problem, CASE
				WHEN i.name IS NULL THEN NULL
				WHEN i.place <> first_value(i.place) OVER w THEN format(same, first_value(i.place) OVER w)
				WHEN i.object = 'structure' AND EXISTS (SELECT FROM netstate.structure AS s WHERE s.name = i.name) THEN format(exists_already, i.object)
				WHEN i.object = 'span' AND EXISTS (SELECT FROM netstate.span AS s WHERE s.name = i.name) THEN format(exists_already, i.object)
				WHEN i.object = 'span' AND netstate.document_number(i.strand_count) > 0
					AND EXISTS (SELECT FROM netstate.cable AS c WHERE c.name = i.name) THEN format(exists_already, 'cable')
				WHEN i.object = 'corridor' AND EXISTS (SELECT FROM netstate.corridor AS c WHERE c.name = i.name) THEN format(exists_already, i.object)
				WHEN i.object = 'hazard_area' AND EXISTS (SELECT FROM netstate.hazard_area AS h WHERE h.name = i.name) THEN format(exists_already, 'hazard area')
				WHEN i.object = 'site' AND EXISTS (
					SELECT FROM netstate.site AS s
					LEFT JOIN netstate.zone AS z ON z.id = s.zone_id
					LEFT JOIN netstate.region AS r ON r.id = z.region_id
					WHERE s.name = i.name AND z.name IS NOT DISTINCT FROM i.zone AND r.name IS NOT DISTINCT FROM i.region)
					THEN format(exists_already, i.object)
				WHEN i.object = 'site' AND num_nonnulls(i.zone, i.region) = 1 THEN 'its zone is given without a region, or a region without a zone'
				WHEN i.object = 'site' AND i.zone IS NOT NULL AND NOT EXISTS (
					SELECT FROM netstate.zone AS z JOIN netstate.region AS r ON r.id = z.region_id WHERE z.name = i.zone AND r.name = i.region)
					THEN format('its zone "%s" of region "%s" does not exist', left(i.zone, 60), left(i.region, 60))
				END AS refusal
			FROM unnest(items) AS i
			WINDOW w AS (PARTITION BY i.problem IS NULL, i.object, i.name,
				CASE WHEN i.object = 'site' THEN ARRAY[i.region, i.zone] END ORDER BY i.ord)) AS n
		ORDER BY n.ord);
	RETURN ARRAY(
		SELECT CASE WHEN n.problem IS NULL AND n.refusal IS NOT NULL
			THEN jsonb_populate_record(n.item, jsonb_build_object('problem', n.refusal)) ELSE n.item END
		FROM (
			SELECT i AS item, i.ord, i.problem, CASE
				WHEN i.object = 'structure' AND i.site IS NOT NULL AND NOT coalesce(i.parts ? 'make_site', false) AND NOT EXISTS (
					SELECT FROM unnest(items) AS s WHERE s.object = 'site' AND s.problem IS NULL AND s.name = i.site
						AND coalesce(s.zone = i.zone, i.zone IS NULL) AND coalesce(s.region = i.region, i.region IS NULL))
					AND netstate.site_named(i.site, i.zone, i.region) IS NULL
					THEN format('its site "%s" is not in the document, and not one in the plant', left(i.site, 60))
				WHEN i.object = 'span' AND i.corridor IS NOT NULL AND NOT EXISTS (
					SELECT FROM unnest(items) AS c WHERE c.object = 'corridor' AND c.problem IS NULL AND c.name = i.corridor)
					AND NOT EXISTS (SELECT FROM netstate.corridor AS c WHERE c.name = i.corridor)
					THEN format('its corridor "%s" is neither in the document nor in the plant', left(i.corridor, 60))
				END AS refusal
			FROM unnest(items) AS i) AS n
		ORDER BY n.ord);
END
$$;
COMMENT ON FUNCTION netstate.plant_names(netstate.document_item[]) IS
'Internal: refuses items whose name is taken, or that refer to a site or corridor that is nowhere.';

CREATE TYPE netstate.document_end AS (ord bigint, at_z boolean, structure text, lon double precision, lat double precision);
COMMENT ON TYPE netstate.document_end IS
'An end of a span as a document gives it: which, the structure by name, and the vertex there.';

CREATE TYPE netstate.resolved_end AS (ord bigint, at_z boolean, name text, distance_m double precision, near text[], lon double precision, lat double precision);
COMMENT ON TYPE netstate.resolved_end IS
'An end of a span: the name of its structure, how far the line ends from it, those equally near where none was named, and where it stands.';

--| Internal to the importers: the ends of the spans that have no problem.
CREATE FUNCTION netstate.document_ends(items netstate.document_item[])
RETURNS netstate.document_end[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(
	SELECT ROW(i.ord, e.at_z, CASE WHEN e.at_z THEN i.z ELSE i.a END,
		(e.vertex ->> 0)::float8, (e.vertex ->> 1)::float8)::netstate.document_end
	FROM unnest(items) AS i
	CROSS JOIN LATERAL (VALUES (false, 0), (true, -1)) AS v (at_z, n)
	CROSS JOIN LATERAL (SELECT v.at_z, CASE WHEN i.shape ->> 'type' = 'LineString' THEN i.shape -> 'coordinates' -> v.n
		ELSE i.shape -> 'coordinates' -> v.n -> v.n END) AS e (at_z, vertex)
	WHERE i.object = 'span' AND i.problem IS NULL
	ORDER BY i.ord, e.at_z);
COMMENT ON FUNCTION netstate.document_ends(netstate.document_item[]) IS
'Internal: the ends of the spans that have no problem.';

--| Internal to the importers: ends that name no structure, each with the nearest
--| structure of the document or the plant within `tolerance_m`.
--|
--| Structures of the document are found by cells: bands of latitude as high as
--| the tolerance, each cut into cells at least as wide; those of the plant by
--| the index. A place near the antimeridian is looked for on both sides.
CREATE FUNCTION netstate.nearest_ends(items netstate.document_item[], ends netstate.document_end[], tolerance_m double precision)
RETURNS netstate.resolved_end[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	-- degrees of latitude; a degree is never shorter than 110,567 m
	high CONSTANT float8 := greatest(tolerance_m, 0.001) / 110000;
BEGIN
	RETURN ARRAY(
		-- materialized, so that they are joined by both of their keys
		WITH band AS MATERIALIZED (
			SELECT e.ord, e.at_z, e.lon, e.lat, e.lon + t.turn AS turned_lon, floor(e.lat / high) + d.n AS band,
				high / greatest(cosd(least(90, high * greatest(abs(floor(e.lat / high) + d.n), abs(floor(e.lat / high) + d.n + 1)))), 1e-6) AS wide
			FROM unnest(ends) AS e
			CROSS JOIN (VALUES (-1), (0), (1)) AS d (n)
			JOIN (VALUES (-360), (0), (360)) AS t (turn) ON t.turn = 0 OR abs(e.lon + t.turn) < 181
			WHERE e.structure IS NULL
		), looked AS MATERIALIZED (
			SELECT b.ord, b.at_z, b.lon, b.lat, b.band, floor(b.turned_lon / b.wide) + d.n AS cell
			FROM band AS b
			CROSS JOIN (VALUES (-1), (0), (1)) AS d (n)
		), cell AS MATERIALIZED (
			SELECT p.name, p.lon, p.lat, floor(p.lat / high) AS band,
				floor(p.lon * greatest(cosd(least(90, high * greatest(abs(floor(p.lat / high)), abs(floor(p.lat / high) + 1)))), 1e-6) / high) AS cell
			FROM (SELECT i.name, (i.shape -> 'coordinates' ->> 0)::float8 AS lon, (i.shape -> 'coordinates' ->> 1)::float8 AS lat
				FROM unnest(items) AS i
				WHERE i.object = 'structure' AND i.problem IS NULL) AS p
		), candidate AS MATERIALIZED (
			SELECT l.ord, l.at_z, c.name, c.lon, c.lat, l.lon AS end_lon, l.lat AS end_lat
			FROM looked AS l
			JOIN cell AS c ON c.band = l.band AND c.cell = l.cell
			UNION
			SELECT b.ord, b.at_z, s.name, s.lon, s.lat, b.lon, b.lat
			FROM band AS b
			CROSS JOIN LATERAL netstate.structures_in_box(b.turned_lon - b.wide, b.lat - high, b.turned_lon + b.wide, b.lat + high) AS s
			WHERE b.band = floor(b.lat / high)
		), measured AS (
			SELECT c.*, 1000 * netstate.great_circle_km(c.end_lon, c.end_lat, c.lon, c.lat) AS distance_m FROM candidate AS c
		), best AS (
			SELECT m.*, rank() OVER (PARTITION BY m.ord, m.at_z ORDER BY m.distance_m) AS rank
			FROM measured AS m
			WHERE m.distance_m <= tolerance_m
		)
		SELECT ROW(b.ord, b.at_z, min(b.name), min(b.distance_m), array_agg(b.name ORDER BY b.name), min(b.lon), min(b.lat))::netstate.resolved_end
		FROM best AS b
		WHERE b.rank = 1
		GROUP BY b.ord, b.at_z);
END
$$;
COMMENT ON FUNCTION netstate.nearest_ends(netstate.document_item[], netstate.document_end[], double precision) IS
'Internal: ends that name no structure, each with the nearest within a tolerance.';

--| Internal to the importers: ends that name a structure, each with the one of
--| the document, or else of the plant.
CREATE FUNCTION netstate.named_ends(items netstate.document_item[], ends netstate.document_end[])
RETURNS netstate.resolved_end[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN ARRAY(
		WITH plant AS (
			SELECT p.name, p.lon, p.lat
			FROM netstate.structure_places(ARRAY(SELECT DISTINCT e.structure FROM unnest(ends) AS e WHERE e.structure IS NOT NULL)) AS p
		), place AS (
			SELECT i.name,
				(i.shape -> 'coordinates' ->> 0)::float8 AS lon, (i.shape -> 'coordinates' ->> 1)::float8 AS lat
			FROM unnest(items) AS i
			WHERE i.object = 'structure' AND i.problem IS NULL
		)
		SELECT ROW(e.ord, e.at_z, coalesce(d.name, p.name),
			1000 * netstate.great_circle_km(e.lon, e.lat, coalesce(d.lon, p.lon), coalesce(d.lat, p.lat)),
			NULL, coalesce(d.lon, p.lon), coalesce(d.lat, p.lat))::netstate.resolved_end
		FROM unnest(ends) AS e
		LEFT JOIN place AS d ON d.name = e.structure
		LEFT JOIN plant AS p ON p.name = e.structure
		WHERE e.structure IS NOT NULL AND coalesce(d.name, p.name) IS NOT NULL);
END
$$;
COMMENT ON FUNCTION netstate.named_ends(netstate.document_item[], netstate.document_end[]) IS
'Internal: ends that name a structure, each with that structure.';

--| Internal to the importers: why an end of a span is none, in words; NULL where
--| it is one.
CREATE FUNCTION netstate.end_problem(given netstate.document_end, found netstate.resolved_end, tolerance_m double precision)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN found.name IS NULL AND given.structure IS NOT NULL
		THEN format('its %s end, structure "%s", is neither in the document nor in the plant',
			CASE WHEN given.at_z THEN 'Z' ELSE 'A' END, left(given.structure, 60))
	WHEN found.name IS NULL
		THEN format('its %s end names no structure, and none is within %s m of %s %s',
			CASE WHEN given.at_z THEN 'Z' ELSE 'A' END, tolerance_m, given.lon, given.lat)
	WHEN cardinality(found.near) > 1
		THEN format('its %s end names no structure, and several are equally near: %s',
			CASE WHEN given.at_z THEN 'Z' ELSE 'A' END, netstate.name_list(found.near))
	END;
COMMENT ON FUNCTION netstate.end_problem(netstate.document_end, netstate.resolved_end, double precision) IS
'Internal: why an end of a span is none, in words; NULL where it is one.';

--| Internal to the importers: spans with the names of their structures as ends,
--| drawn from A to Z; those that have no ends refused.
CREATE FUNCTION netstate.plant_ends(items netstate.document_item[], tolerance_m double precision)
RETURNS netstate.document_item[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET extra_float_digits = 1
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	ends CONSTANT netstate.document_end[] := netstate.document_ends(items);
	found CONSTANT netstate.resolved_end[] := netstate.named_ends(items, ends) || netstate.nearest_ends(items, ends, tolerance_m);
	far CONSTANT float8 := greatest(tolerance_m, 100);
BEGIN
	RETURN ARRAY(
		WITH pair AS (
			SELECT a.ord, fa.name AS a_name, fz.name AS z_name, a.structure IS NULL OR z.structure IS NULL AS found_near,
				coalesce(netstate.end_problem(a, fa, tolerance_m), netstate.end_problem(z, fz, tolerance_m),
					CASE WHEN fa.name = fz.name THEN format('both its ends are structure "%s"', left(fa.name, 60)) END) AS problem,
				-- the line the other way round, in m
				fa.distance_m + fz.distance_m - d.to_z - d.to_a > 0.001 AS backwards,
				least(greatest(fa.distance_m, fz.distance_m), greatest(d.to_z, d.to_a)) > far AS far_off
			FROM unnest(ends) AS a
			JOIN unnest(ends) AS z ON z.ord = a.ord AND z.at_z
			LEFT JOIN unnest(found) AS fa ON fa.ord = a.ord AND NOT fa.at_z
			LEFT JOIN unnest(found) AS fz ON fz.ord = a.ord AND fz.at_z
			CROSS JOIN LATERAL (VALUES (1000 * netstate.great_circle_km(a.lon, a.lat, fz.lon, fz.lat),
				1000 * netstate.great_circle_km(z.lon, z.lat, fa.lon, fa.lat))) AS d (to_z, to_a)
			WHERE NOT a.at_z
		)
		SELECT CASE
			WHEN p.ord IS NULL THEN i
			WHEN p.problem IS NOT NULL THEN jsonb_populate_record(i, jsonb_build_object('problem', p.problem))
			ELSE jsonb_populate_record(i, jsonb_build_object('a', p.a_name, 'z', p.z_name,
				'shape', CASE WHEN p.backwards THEN netstate.geojson_reversed(i.shape) ELSE i.shape END,
				'remarks', to_jsonb(i.remarks || array_remove(ARRAY[
					CASE WHEN p.found_near THEN format('derived|an end not named, the nearest structure within %s m taken', tolerance_m) END,
					CASE WHEN p.backwards THEN 'adapted|drawn from Z to A, turned round' END,
					CASE WHEN p.far_off THEN format('adapted|its line ends more than %s m from its structure', far) END], NULL))))
			END
		FROM unnest(items) AS i
		LEFT JOIN pair AS p ON p.ord = i.ord
		ORDER BY i.ord);
END
$$;
COMMENT ON FUNCTION netstate.plant_ends(netstate.document_item[], double precision) IS
'Internal: spans with the names of their structures, drawn from A to Z; those without ends refused.';

--| Internal to the importers: names spans without a name by their ends, `A - B`,
--| parallel ones `A - B #2` and so on; refuses spans whose crossings are at no
--| structure.
CREATE FUNCTION netstate.plant_span_names(items netstate.document_item[])
RETURNS netstate.document_item[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	spans CONSTANT netstate.document_item[] := ARRAY(
		SELECT i FROM unnest(items) AS i WHERE i.object = 'span' AND i.problem IS NULL ORDER BY i.name IS NULL, i.ord);
	named CONSTANT text[] := netstate.unique_names(ARRAY(
		SELECT coalesce(s.name, format('%s - %s', s.a, s.z))
		FROM unnest(spans) WITH ORDINALITY AS s ORDER BY s.ordinality));
	crossed text[] := ARRAY(
		SELECT DISTINCT c.value ->> 'structure'
		FROM unnest(spans) AS s
		CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN jsonb_typeof(s.parts -> 'crossings') = 'array' THEN s.parts -> 'crossings' END) AS c);
BEGIN
	-- what is nowhere
	crossed := ARRAY(
		SELECT c.name FROM unnest(crossed) AS c (name)
		WHERE NOT EXISTS (SELECT FROM netstate.structure AS t WHERE t.name = c.name)
		EXCEPT
		SELECT i.name FROM unnest(items) AS i WHERE i.object = 'structure' AND i.problem IS NULL);
	RETURN ARRAY(
		SELECT CASE WHEN s.ord IS NULL THEN i
			WHEN m.name IS NOT NULL THEN jsonb_populate_record(i, jsonb_build_object('problem',
				format('crosses structure "%s", which is neither in the document nor in the plant', left(m.name, 60))))
			WHEN i.name IS NOT NULL THEN i
			ELSE jsonb_populate_record(i, jsonb_build_object('name', s.name,
				'problem', CASE WHEN NOT netstate.valid_name(s.name) THEN 'has no name, and one of its ends'' names is longer than 500 characters'
					WHEN EXISTS (SELECT FROM netstate.span AS t WHERE t.name = s.name)
						OR netstate.document_number(i.strand_count) > 0 AND EXISTS (SELECT FROM netstate.cable AS t WHERE t.name = s.name)
						THEN format('has no name, and "%s" exists already', left(s.name, 60)) END,
				'remarks', to_jsonb(i.remarks || ARRAY['derived|without a name, named by its ends']))) END
		FROM unnest(items) AS i
		LEFT JOIN (SELECT t.ord, t.named AS name
			FROM ROWS FROM (unnest(spans), unnest(named)) AS t (ord, place, object, id, name, kind, status, site, zone, region, a, z, corridor,
				side, encasement, length_m, mtbf_hours, mttr_hours, strand_count, parts, shape, remarks, problem, named)) AS s ON s.ord = i.ord
		LEFT JOIN LATERAL (
			SELECT c.value ->> 'structure' AS name
			FROM jsonb_array_elements(CASE WHEN cardinality(crossed) > 0 AND jsonb_typeof(i.parts -> 'crossings') = 'array' THEN i.parts -> 'crossings' END) AS c
			WHERE c.value ->> 'structure' = ANY (crossed)
			LIMIT 1) AS m ON s.ord IS NOT NULL
		ORDER BY i.ord);
END
$$;
COMMENT ON FUNCTION netstate.plant_span_names(netstate.document_item[]) IS
'Internal: names spans without a name by their ends, and refuses those that cross no structure.';

--| Internal to the importers: items with everything read and resolved, each that
--| cannot be stored with its problem.
--|
--| Errors: 22004 no tolerance; 22023 a tolerance that is none.
CREATE FUNCTION netstate.plant_resolved(items netstate.document_item[], tolerance_m double precision)
RETURNS netstate.document_item[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF tolerance_m IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = 'tolerance_m is null',
			HINT = 'Give the metres within which a line that names no structure may end; 0 where it ends at the very place.';
	-- false for NaN and infinity too
	ELSIF NOT (tolerance_m >= 0 AND tolerance_m <= 1000) THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'tolerance_m must be from 0 to 1000',
			DETAIL = format('It is %s.', tolerance_m),
			HINT = 'It is the distance in metres within which a line that names no structure may end.';
	END IF;
	RETURN netstate.plant_span_names(netstate.plant_ends(netstate.plant_names(netstate.plant_words(items)), tolerance_m));
END
$$;
COMMENT ON FUNCTION netstate.plant_resolved(netstate.document_item[], double precision) IS
'Internal: items with everything read and resolved, each that cannot be stored with its problem.';

--| Internal to the importers: stops an import that has refused items.
--|
--| Errors: 22023.
CREATE FUNCTION netstate.plant_refuse(items netstate.document_item[], lister text)
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
	refused record;
BEGIN
	SELECT count(*) AS count,
		string_agg(format('%s %s%s', r.place, coalesce('"' || left(r.name, 60) || '" ', ''), r.problem), '; ' ORDER BY r.n) FILTER (WHERE r.n <= 10)
			|| CASE WHEN count(*) > 10 THEN format('; and %s more', count(*) - 10) ELSE '' END AS list
	INTO refused
	FROM (SELECT i.place, i.name, i.problem, row_number() OVER (ORDER BY i.ord) AS n FROM unnest(items) AS i WHERE i.problem IS NOT NULL) AS r;
	IF refused.count > 0 THEN
		RAISE EXCEPTION USING ERRCODE = '22023',
			MESSAGE = format('%s of %s objects of the document cannot be imported', refused.count, cardinality(items)),
			DETAIL = refused.list || '.',
			HINT = format('netstate.%s lists all of them; skip_refused => true imports the others.', lister);
	END IF;
END
$$;
COMMENT ON FUNCTION netstate.plant_refuse(netstate.document_item[], text) IS
'Internal: stops an import that has refused items.';
-- Import of plant from GeoJSON (RFC 7946), and what is stored of any document.

--| Internal to the importers: stores the ducts of the spans among the items, the
--| outermost first.
CREATE FUNCTION netstate.store_ducts(items netstate.document_item[])
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	stored bigint := 0;
	level int := 0;
	made bigint;
BEGIN
	items := ARRAY(SELECT i FROM unnest(items) AS i WHERE i.object = 'span' AND i.problem IS NULL AND jsonb_typeof(i.parts -> 'ducts') = 'array' ORDER BY i.ord);
	LOOP
		level := level + 1;
		INSERT INTO netstate.duct (span_id, parent_id, name, kind)
		SELECT s.id, netstate.duct_at(s.id, d.path[:level - 1]), d.path[level], d.duct ->> 'kind'
		FROM unnest(items) AS i
		CROSS JOIN LATERAL (SELECT t.id FROM netstate.span AS t WHERE t.name = i.name OFFSET 0) AS s
		CROSS JOIN LATERAL netstate.document_ducts(i.parts -> 'ducts') AS d
		WHERE d.depth = level
		ORDER BY i.ord, d.path[:level - 1], d.n;
		GET DIAGNOSTICS made = ROW_COUNT;
		EXIT WHEN made = 0;
		stored := stored + made;
	END LOOP;
	RETURN stored;
END
$$;
COMMENT ON FUNCTION netstate.store_ducts(netstate.document_item[]) IS
'Internal: stores the ducts of the spans among the items.';

--| Internal to the importers: the duct of a span by the names of the ducts from
--| the outermost to itself; NULL for no name, or where there is none.
CREATE FUNCTION netstate.duct_at(span bigint, path text[])
RETURNS bigint
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_id bigint;
	duct_name text;
BEGIN
	FOREACH duct_name IN ARRAY path LOOP
		SELECT d.id INTO found_id
		FROM netstate.duct AS d
		WHERE d.span_id = span AND d.name = duct_name
			AND (d.parent_id = found_id OR found_id IS NULL AND d.parent_id IS NULL);
		IF NOT FOUND THEN
			RETURN NULL;
		END IF;
	END LOOP;
	RETURN found_id;
END
$$;
COMMENT ON FUNCTION netstate.duct_at(bigint, text[]) IS
'Internal: the duct of a span by the names of the ducts from the outermost to itself.';

--| Internal to the importers: stores the places among the items: sites,
--| corridors, hazard areas, structures.
CREATE FUNCTION netstate.store_places(items netstate.document_item[])
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	INSERT INTO netstate.site (zone_id, name, kind, geom)
	SELECT (SELECT z.id FROM netstate.zone AS z JOIN netstate.region AS r ON r.id = z.region_id WHERE z.name = i.zone AND r.name = i.region),
		i.name, i.kind, netstate.geojson_geometry(i.shape)
	FROM unnest(items) AS i
	WHERE i.object = 'site' AND i.problem IS NULL
	ORDER BY i.ord;
	INSERT INTO netstate.site (name, kind, geom)
	SELECT i.site, i.parts ->> 'make_site', netstate.geojson_geometry(i.shape)
	FROM unnest(items) AS i
	WHERE i.object = 'structure' AND i.problem IS NULL AND i.parts ? 'make_site'
	ORDER BY i.ord;
	INSERT INTO netstate.corridor (name, kind, geom)
	SELECT i.name, i.kind, netstate.geojson_geometry(i.shape)
	FROM unnest(items) AS i
	WHERE i.object = 'corridor' AND i.problem IS NULL
	ORDER BY i.ord;
	INSERT INTO netstate.hazard_area (name, kind, geom)
	SELECT i.name, i.kind, netstate.geojson_geometry(i.shape)
	FROM unnest(items) AS i
	WHERE i.object = 'hazard_area' AND i.problem IS NULL
	ORDER BY i.ord;
	INSERT INTO netstate.structure (site_id, name, kind, geom, status)
	SELECT CASE WHEN i.site IS NOT NULL THEN netstate.site_named(i.site, i.zone, i.region) END,
		i.name, i.kind, netstate.geojson_geometry(i.shape), coalesce(i.status, 'operational')
	FROM unnest(items) AS i
	WHERE i.object = 'structure' AND i.problem IS NULL
	ORDER BY i.ord;
END
$$;
COMMENT ON FUNCTION netstate.store_places(netstate.document_item[]) IS
'Internal: stores the sites, corridors, hazard areas and structures among the items.';

--| Internal to the importers: stores the spans among the items, with what they
--| cross and the cables that lie in them.
CREATE FUNCTION netstate.store_spans(items netstate.document_item[])
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	items := ARRAY(SELECT i FROM unnest(items) AS i WHERE i.object = 'span' AND i.problem IS NULL ORDER BY i.ord);
	INSERT INTO netstate.span (name, a_structure_id, z_structure_id, kind, corridor_id, side, encasement, geom, length_m, status, mtbf_hours, mttr_hours)
	SELECT i.name, (SELECT s.id FROM netstate.structure AS s WHERE s.name = i.a), (SELECT s.id FROM netstate.structure AS s WHERE s.name = i.z),
		i.kind, (SELECT c.id FROM netstate.corridor AS c WHERE c.name = i.corridor), i.side, coalesce(i.encasement, 'none'),
		netstate.geojson_geometry(i.shape), netstate.document_number(i.length_m), coalesce(i.status, 'operational'),
		netstate.document_number(i.mtbf_hours), netstate.document_number(i.mttr_hours)
	FROM unnest(items) AS i
	ORDER BY i.ord;
	INSERT INTO netstate.span_crossing (span_id, structure_id, passage)
	SELECT (SELECT s.id FROM netstate.span AS s WHERE s.name = i.name), (SELECT s.id FROM netstate.structure AS s WHERE s.name = c.value ->> 'structure'),
		c.value ->> 'passage'
	FROM unnest(items) AS i
	CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN jsonb_typeof(i.parts -> 'crossings') = 'array' THEN i.parts -> 'crossings' END) WITH ORDINALITY AS c (value, n)
	ORDER BY i.ord, c.n;
	INSERT INTO netstate.cable (name, strand_count, status)
	SELECT i.name, netstate.document_number(i.strand_count)::int, coalesce(i.status, 'operational')
	FROM unnest(items) AS i
	WHERE netstate.document_number(i.strand_count) > 0
	ORDER BY i.ord;
	INSERT INTO netstate.cable_segment (cable_id, seq, span_id)
	SELECT (SELECT c.id FROM netstate.cable AS c WHERE c.name = i.name), 1, (SELECT s.id FROM netstate.span AS s WHERE s.name = i.name)
	FROM unnest(items) AS i
	WHERE netstate.document_number(i.strand_count) > 0
	ORDER BY i.ord;
END
$$;
COMMENT ON FUNCTION netstate.store_spans(netstate.document_item[]) IS
'Internal: stores the spans among the items, with what they cross and the cables in them.';

--| Internal to the importers: stores the items that have no problem and says what
--| became of all of them.
CREATE FUNCTION netstate.store_plant(items netstate.document_item[])
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	ducts bigint;
BEGIN
	PERFORM netstate.store_places(items);
	PERFORM netstate.store_spans(items);
	ducts := netstate.store_ducts(items);
	RETURN QUERY
	SELECT v.item, 'imported', v.count, NULL::text
	FROM (
		SELECT count(*) FILTER (WHERE i.object = 'site' OR i.parts ? 'make_site') AS sites, count(*) FILTER (WHERE i.object = 'corridor') AS corridors,
			count(*) FILTER (WHERE i.object = 'hazard_area') AS areas, count(*) FILTER (WHERE i.object = 'structure') AS structures,
			count(*) FILTER (WHERE i.object = 'span') AS spans, count(*) FILTER (WHERE netstate.document_number(i.strand_count) > 0) AS cables,
			sum(CASE WHEN i.object = 'span' AND jsonb_typeof(i.parts -> 'crossings') = 'array' THEN jsonb_array_length(i.parts -> 'crossings') END) AS crossings
		FROM unnest(items) AS i
		WHERE i.problem IS NULL) AS c
	CROSS JOIN LATERAL (VALUES (1, 'site', c.sites), (2, 'corridor', c.corridors), (3, 'hazard area', c.areas),
		(4, 'structure', c.structures), (5, 'span', c.spans), (6, 'crossing', c.crossings), (7, 'duct', ducts), (8, 'cable', c.cables)) AS v (seq, item, count)
	WHERE v.count > 0
	ORDER BY v.seq;
	RETURN QUERY
	SELECT replace(i.object, '_', ' '), split_part(r.remark, '|', 1), count(*), substr(r.remark, strpos(r.remark, '|') + 1)
		|| CASE WHEN r.remark LIKE 'adapted%' THEN ': ' || netstate.name_list(array_agg(i.name ORDER BY i.ord)) ELSE '' END
	FROM unnest(items) AS i
	CROSS JOIN LATERAL unnest(i.remarks) AS r (remark)
	WHERE i.problem IS NULL
	GROUP BY i.object, r.remark
	ORDER BY i.object DESC, r.remark;
	RETURN QUERY
	SELECT replace(i.object, '_', ' '), 'refused', 1::bigint, concat_ws(' ', i.place, '"' || left(i.name, 60) || '"', i.problem)
	FROM unnest(items) AS i
	WHERE i.problem IS NOT NULL
	ORDER BY i.ord;
END
$$;
COMMENT ON FUNCTION netstate.store_plant(netstate.document_item[]) IS
'Internal: stores the items that have no problem and says what became of all of them.';

--| Internal to the importers: refuses what is not a GeoJSON FeatureCollection in
--| longitude and latitude.
--|
--| Errors: 22004 no document; 22023 another format, another reference system, no
--| feature.
CREATE FUNCTION netstate.geojson_check(document jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	crs CONSTANT text := document #>> '{crs,properties,name}';
BEGIN
	IF document IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = 'document is null',
			HINT = 'In psql, read a file with \set doc `cat FILE` and pass :''doc''::jsonb.';
	ELSIF jsonb_typeof(document) <> 'object' OR jsonb_typeof(document -> 'type') IS DISTINCT FROM 'string'
		OR document ->> 'type' <> 'FeatureCollection' OR jsonb_typeof(document -> 'features') IS DISTINCT FROM 'array' THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'not a GeoJSON FeatureCollection',
			DETAIL = format('It begins with "%s".', left(document::text, 60)),
			HINT = CASE WHEN jsonb_typeof(document) = 'object' AND (document ? 'networks' OR document ? 'nodes')
				THEN 'Use netstate.import_ofds.' ELSE 'It is an object of type FeatureCollection with a list of features.' END;
	ELSIF jsonb_typeof(document -> 'crs') IN ('object', 'string') AND (crs ~* '^(urn:ogc:def:crs:)?(ogc:[0-9.]*:crs84|epsg:[0-9.]*:?4326)$') IS NOT TRUE THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'document is in another coordinate reference system',
			DETAIL = format('Its crs is "%s".', left(coalesce(crs, document ->> 'crs'), 60)),
			HINT = 'Coordinates are longitude and latitude in WGS 84; ogr2ogr -t_srs EPSG:4326 turns others into these.';
	ELSIF document -> 'features' = '[]' THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'document has no features',
			HINT = 'Its list of features is empty.';
	END IF;
END
$$;
COMMENT ON FUNCTION netstate.geojson_check(jsonb) IS
'Internal: refuses what is not a GeoJSON FeatureCollection in longitude and latitude.';

--| Internal to `import_geojson`: the property names that it reads, in lower case.
CREATE FUNCTION netstate.geojson_keys()
RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY['object', 'featuretype', 'name', 'label', 'title', 'kind', 'type', 'structure_kind', 'structure_type', 'span_kind', 'span_type', 'status',
	'site', 'location', 'facility', 'zone', 'region', 'a_structure', 'from', 'start', 'source', 'a', 'z_structure', 'to', 'end', 'target', 'z',
	'corridor', 'side', 'encasement', 'length_m', 'length', 'mtbf_hours', 'mttr_hours'];
COMMENT ON FUNCTION netstate.geojson_keys() IS
'Internal: the property names that import_geojson reads.';

--| Internal to `import_geojson`: the features of a document as items.
CREATE FUNCTION netstate.geojson_items(document jsonb, hazard_areas boolean)
RETURNS netstate.document_item[]
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	is_text CONSTANT text[] := ARRAY['string', 'number', 'null'];
BEGIN
	RETURN ARRAY(
		SELECT ROW(f.n, format('features[%s]', f.n - 1), coalesce(o.object, 'feature'),
			coalesce(g.name, f.value ->> 'id'), coalesce(g.name, f.value ->> 'id'),
			coalesce(p.props ->> 'kind', p.props ->> 'structure_kind', p.props ->> 'span_kind', p.props ->> 'structure_type', p.props ->> 'span_type', p.props ->> 'type'),
			p.props ->> 'status', coalesce(p.props ->> 'site', p.props ->> 'location', p.props ->> 'facility'),
			p.props ->> 'zone', p.props ->> 'region',
			coalesce(p.props ->> 'a_structure', p.props ->> 'from', p.props ->> 'start', p.props ->> 'source', p.props ->> 'a'),
			coalesce(p.props ->> 'z_structure', p.props ->> 'to', p.props ->> 'end', p.props ->> 'target', p.props ->> 'z'),
			p.props ->> 'corridor', p.props ->> 'side', p.props ->> 'encasement',
			coalesce(p.props ->> 'length_m', p.props ->> 'length'), p.props ->> 'mtbf_hours', p.props ->> 'mttr_hours',
			NULL, CASE WHEN p.props ?| ARRAY['ducts', 'crossings'] THEN jsonb_build_object('ducts', p.props -> 'ducts', 'crossings', p.props -> 'crossings') END,
			f.value -> 'geometry', NULL,
			CASE
				WHEN jsonb_typeof(f.value) <> 'object' OR f.value ->> 'type' IS DISTINCT FROM 'Feature' THEN 'is not a Feature'
				WHEN jsonb_typeof(f.value -> 'properties') NOT IN ('object', 'null') THEN 'its properties are not an object'
				WHEN jsonb_typeof(f.value -> 'id') <> ALL (is_text) THEN 'its id is not a text or a number'
				WHEN w.key IS NOT NULL THEN format('its property "%s" is not a text or a number', w.key)
				WHEN o.object IS NULL AND g.word IS NOT NULL
					THEN format('its object "%s" is not site, corridor, structure, span or hazard_area', left(g.word, 60))
				WHEN o.object IS NULL AND g.type IN ('Polygon', 'MultiPolygon')
					THEN 'is a polygon; hazard_areas => true takes polygons as hazard areas'
				WHEN o.object IS NULL THEN coalesce(
					netstate.geojson_problem(f.value -> 'geometry', ARRAY['Point', 'LineString', 'MultiLineString']), 'is no object of the plant')
				END)::netstate.document_item
		FROM jsonb_array_elements(document -> 'features') WITH ORDINALITY AS f (value, n)
		CROSS JOIN LATERAL (SELECT coalesce(jsonb_object_agg(lower(e.key), e.value), '{}') AS props
			FROM jsonb_each(CASE WHEN jsonb_typeof(f.value -> 'properties') = 'object' THEN f.value -> 'properties' END) AS e) AS p
		CROSS JOIN LATERAL (SELECT coalesce(p.props ->> 'name', p.props ->> 'label', p.props ->> 'title'),
			netstate.plant_word(coalesce(p.props ->> 'object', p.props ->> 'featuretype')),
			CASE WHEN jsonb_typeof(f.value -> 'geometry') = 'object' THEN f.value #>> '{geometry,type}' END) AS g (name, word, type)
		CROSS JOIN LATERAL (SELECT CASE
			WHEN g.word IN ('site', 'corridor', 'structure', 'span', 'hazard_area') THEN g.word
			WHEN g.word = 'node' THEN 'structure'
			WHEN g.word IS NOT NULL THEN NULL
			WHEN g.type = 'Point' THEN 'structure'
			WHEN g.type IN ('LineString', 'MultiLineString') THEN 'span'
			WHEN g.type IN ('Polygon', 'MultiPolygon') AND hazard_areas THEN 'hazard_area'
			END) AS o (object)
		LEFT JOIN LATERAL (SELECT e.key FROM jsonb_each(p.props) AS e
			WHERE e.key = ANY (netstate.geojson_keys()) AND jsonb_typeof(e.value) <> ALL (is_text)
			ORDER BY e.key LIMIT 1) AS w ON true
		ORDER BY f.n);
END
$$;
COMMENT ON FUNCTION netstate.geojson_items(jsonb, boolean) IS
'Internal: the features of a GeoJSON document as items.';

--| Internal to `import_geojson`: the properties that are not read.
CREATE FUNCTION netstate.geojson_left_out(document jsonb)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT 'property', 'left out', count(*), 'not read: ' || netstate.name_list(array_agg(k.key ORDER BY k.key))
	FROM (
		SELECT DISTINCT e.key
		FROM jsonb_array_elements(document -> 'features') AS f
		CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(f.value -> 'properties') = 'object' THEN f.value -> 'properties' END) AS e
		WHERE lower(e.key) <> ALL (netstate.geojson_keys() || ARRAY['ducts', 'crossings'])) AS k
	HAVING count(*) > 0;
END
$$;
COMMENT ON FUNCTION netstate.geojson_left_out(jsonb) IS
'Internal: the properties of a GeoJSON document that are not read.';

--| What of a GeoJSON document `import_geojson` with these arguments would refuse:
--| one row for each feature, in the document's order. Nothing is stored.
--|
--| - `document`, `hazard_areas`, `tolerance_m`: as of `import_geojson`.
--|
--| - `place`: where the feature stands in the document, counted from 0.
--| - `object`: what it would be: site, corridor, structure, span, hazard_area; or
--|   feature where that is not known.
--|
--| Errors: 22004, 22023 for the document and the arguments.
CREATE FUNCTION netstate.geojson_refusals(document jsonb, hazard_areas boolean DEFAULT false, tolerance_m double precision DEFAULT 1)
RETURNS TABLE (place text, object text, name text, problem text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	PERFORM netstate.geojson_check(document);
	RETURN QUERY
	SELECT i.place, i.object, i.name, i.problem
	FROM unnest(netstate.plant_resolved(netstate.geojson_items(document, hazard_areas IS TRUE), tolerance_m)) AS i
	WHERE i.problem IS NOT NULL
	ORDER BY i.ord;
END
$$;
COMMENT ON FUNCTION netstate.geojson_refusals(jsonb, boolean, double precision) IS
'What of a GeoJSON document import_geojson would refuse, and why; stores nothing.';

--| Adds to the plant what a GeoJSON FeatureCollection has: points become
--| structures, lines spans, polygons hazard areas.
--|
--| - `document`: the document. In psql: `` \set doc `cat FILE` ``, then
--|   `:'doc'::jsonb`. PostgreSQL refuses malformed JSON (22P02).
--| - `hazard_areas`: whether polygons are hazard areas; else they are refused.
--| - `tolerance_m`: how far, in m, a line may end from a structure that it does
--|   not name; 0 to 1,000. The line stays as drawn.
--| - `skip_refused`: store the rest where some features cannot be stored.
--|
--| docs/import_plant.md lists the properties that are read. What exists already
--| is never changed.
--|
--| Returns one row for each kind of thing and what became of it: `imported`,
--| `derived` (made here), `adapted` (kept, with a change), `left out`, and one for
--| each feature that was `refused`. All or nothing: an error leaves no row.
--|
--| Errors: 22004 a null argument; 22023 another format, no feature, a bad
--| argument, features that cannot be stored (all of them: `geojson_refusals`).
--|
--| Cost: linear.
CREATE FUNCTION netstate.import_geojson(document jsonb, hazard_areas boolean DEFAULT false, tolerance_m double precision DEFAULT 1,
	skip_refused boolean DEFAULT false)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
DECLARE
	items netstate.document_item[];
BEGIN
	PERFORM netstate.geojson_check(document);
	IF num_nulls(hazard_areas, skip_refused) > 0 THEN
		RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = format('%s is null', CASE WHEN hazard_areas IS NULL THEN 'hazard_areas' ELSE 'skip_refused' END),
			HINT = 'Give true or false.';
	END IF;
	items := netstate.plant_resolved(netstate.geojson_items(document, hazard_areas), tolerance_m);
	IF NOT skip_refused THEN
		PERFORM netstate.plant_refuse(items, 'geojson_refusals');
	END IF;
	RETURN QUERY SELECT * FROM netstate.store_plant(items);
	RETURN QUERY SELECT * FROM netstate.geojson_left_out(document);
END
$$;
COMMENT ON FUNCTION netstate.import_geojson(jsonb, boolean, double precision, boolean) IS
'Adds to the plant what a GeoJSON FeatureCollection has; returns what was imported, derived, adapted, left out and refused.';
-- Import of plant from the Open Fibre Data Standard, version 0.3: a package of
-- networks, one network, or its GeoJSON form.

--| Internal to `import_ofds`: refuses what is not of the Open Fibre Data Standard.
--|
--| Errors: 22004 no document; 22023 another format, another reference system.
CREATE FUNCTION netstate.ofds_check(document jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	crs jsonb;
	collection jsonb;
BEGIN
	IF document IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = 'document is null',
			HINT = 'In psql, read a file with \set doc `cat FILE` and pass :''doc''::jsonb.';
	ELSIF jsonb_typeof(document) = 'array' AND document <> '[]' OR document ->> 'type' = 'FeatureCollection' THEN
		FOR collection IN
			SELECT e.value FROM jsonb_array_elements(CASE WHEN jsonb_typeof(document) = 'array' THEN document ELSE jsonb_build_array(document) END) AS e
		LOOP
			PERFORM netstate.geojson_check(collection);
		END LOOP;
		RETURN;
	ELSIF NOT coalesce(jsonb_typeof(document -> 'networks') = 'array' OR jsonb_typeof(document -> 'nodes') = 'array'
		OR jsonb_typeof(document -> 'spans') = 'array', false) THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'not a network package of the Open Fibre Data Standard',
			DETAIL = format('It begins with "%s".', left(document::text, 60)),
			HINT = 'It is an object with a list networks; one network with nodes and spans; or its GeoJSON form, one FeatureCollection or a list of them.';
	END IF;
	SELECT n.value -> 'crs' INTO crs
	FROM jsonb_array_elements(CASE WHEN jsonb_typeof(document -> 'networks') = 'array' THEN document -> 'networks' ELSE jsonb_build_array(document) END) AS n
	WHERE jsonb_typeof(n.value) = 'object' AND n.value -> 'crs' IS NOT NULL
		AND (n.value #>> '{crs,name}' ~* '^urn:ogc:def:crs:(ogc:[0-9.]*:crs84|epsg:[0-9.]*:4326)$') IS NOT TRUE
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'document is in another coordinate reference system',
			DETAIL = format('The crs of a network is %s.', left(crs::text, 120)),
			HINT = 'The standard allows urn:ogc:def:crs:OGC::CRS84 alone: longitude and latitude in WGS 84.';
	END IF;
END
$$;
COMMENT ON FUNCTION netstate.ofds_check(jsonb) IS
'Internal: refuses what is not of the Open Fibre Data Standard.';

--| Internal to `import_ofds`: the nodes and spans of a document in any of its
--| forms, with where each stands, its network, and its geometry.
CREATE FUNCTION netstate.ofds_objects(document jsonb)
RETURNS TABLE (ord bigint, place text, network text, object text, value jsonb, geometry jsonb)
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	IF jsonb_typeof(document) = 'array' OR document ->> 'type' = 'FeatureCollection' THEN
		RETURN QUERY
		SELECT row_number() OVER (ORDER BY c.n, f.n),
			CASE WHEN jsonb_typeof(document) = 'array' THEN format('[%s].', c.n - 1) ELSE '' END || format('features[%s]', f.n - 1),
			coalesce(f.value #>> '{properties,network,id}', ''), CASE
				WHEN f.value #>> '{properties,featureType}' IN ('node', 'span') THEN f.value #>> '{properties,featureType}'
				WHEN f.value -> 'properties' ?| ARRAY['start', 'end'] OR f.value #>> '{geometry,type}' IN ('LineString', 'MultiLineString') THEN 'span'
				ELSE 'node' END,
			f.value -> 'properties', f.value -> 'geometry'
		FROM jsonb_array_elements(CASE WHEN jsonb_typeof(document) = 'array' THEN document ELSE jsonb_build_array(document) END) WITH ORDINALITY AS c (value, n)
		CROSS JOIN LATERAL jsonb_array_elements(c.value -> 'features') WITH ORDINALITY AS f (value, n);
		RETURN;
	END IF;
	RETURN QUERY
	SELECT row_number() OVER (ORDER BY n.n, l.list, e.n),
		CASE WHEN document ? 'networks' THEN format('networks[%s].', n.n - 1) ELSE '' END || format('%s[%s]', l.list, e.n - 1),
		n.n::text, l.object, e.value, CASE WHEN jsonb_typeof(e.value) = 'object' THEN e.value -> l.geometry END
	FROM jsonb_array_elements(CASE WHEN jsonb_typeof(document -> 'networks') = 'array' THEN document -> 'networks' ELSE jsonb_build_array(document) END)
		WITH ORDINALITY AS n (value, n)
	CROSS JOIN (VALUES ('nodes', 'node', 'location'), ('spans', 'span', 'route')) AS l (list, object, geometry)
	CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN jsonb_typeof(n.value -> l.list) = 'array' THEN n.value -> l.list END) WITH ORDINALITY AS e (value, n);
END
$$;
COMMENT ON FUNCTION netstate.ofds_objects(jsonb) IS
'Internal: the nodes and spans of a document of the Open Fibre Data Standard in any of its forms.';

--| Internal to `import_ofds`: a code of the standard as a word: `dataCentre` is
--| `data_centre`.
CREATE FUNCTION netstate.ofds_word(code text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN netstate.plant_word(regexp_replace(code, '([a-z0-9])([A-Z])', '\1_\2', 'g'));
COMMENT ON FUNCTION netstate.ofds_word(text) IS
'Internal: a code of the Open Fibre Data Standard as a word.';

--| Internal: a word as a code of the Open Fibre Data Standard: `data_centre` is
--| `dataCentre`. What is not such a word stays.
CREATE FUNCTION netstate.ofds_code(word text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN word ~ '^[a-z0-9]+(_[a-z0-9]+)+$'
	THEN split_part(word, '_', 1) || replace(initcap(replace(substr(word, strpos(word, '_') + 1), '_', ' ')), ' ', '')
	ELSE word END;
COMMENT ON FUNCTION netstate.ofds_code(text) IS
'Internal: a word as a code of the Open Fibre Data Standard.';

--| Internal: the types of node that are a site of their own: a building that
--| people work in or that powers equipment. Other types are kinds of structure.
CREATE FUNCTION netstate.ofds_site_kinds()
RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY['pop', 'data_centre', 'exchange', 'cable_landing', 'ixp', 'repeater_site', 'add_drop_site'];
COMMENT ON FUNCTION netstate.ofds_site_kinds() IS
'Internal: the types of node of the Open Fibre Data Standard that are a site of their own.';

--| Internal to `import_ofds`: the kind of span that deployment means. A
--| description of one word in lower case is the kind.
CREATE FUNCTION netstate.ofds_span_kind(span jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN span #>> '{deploymentDetails,description}' ~ '^[a-z][a-z0-9_]{0,59}$' THEN span #>> '{deploymentDetails,description}'
	WHEN span -> 'deployment' = '["aboveGround"]' THEN 'above_ground'
	WHEN span -> 'deployment' = '["belowGround"]' THEN 'below_ground'
	END;
COMMENT ON FUNCTION netstate.ofds_span_kind(jsonb) IS
'Internal: the kind of span that deployment in the Open Fibre Data Standard means.';

--| Internal to `import_ofds`: what is wrong with the fields of a node or span, in
--| words; NULL when nothing is.
CREATE FUNCTION netstate.ofds_problem(object text, value jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN jsonb_typeof(value) IS DISTINCT FROM 'object' THEN 'is not an object'
	WHEN (jsonb_typeof(value -> 'id') IN ('string', 'number')) IS NOT TRUE OR btrim(value ->> 'id') = '' THEN 'has no id'
	WHEN jsonb_typeof(value -> 'name') <> 'string' THEN 'its name is not a text'
	WHEN jsonb_typeof(value -> 'status') <> 'string' THEN 'its status is not a text'
	WHEN object = 'node' AND (jsonb_typeof(value -> 'type') <> 'array' OR jsonb_path_exists(value, '$.type[*] ? (@.type() != "string")'))
		THEN 'its type is not a list of texts'
	WHEN object = 'span' AND jsonb_typeof(value -> 'start') NOT IN ('string', 'object') THEN 'its start is not an id'
	WHEN object = 'span' AND jsonb_typeof(value -> 'end') NOT IN ('string', 'object') THEN 'its end is not an id'
	WHEN object = 'span' AND jsonb_typeof(value -> 'fibreCount') <> 'number' THEN 'its fibreCount is not a number'
	WHEN object = 'span' AND NOT coalesce(jsonb_typeof(value -> 'fibreLength') = 'number' AND netstate.document_number(value ->> 'fibreLength') >= 0
		AND netstate.document_number(value ->> 'fibreLength') <= 1e15, value -> 'fibreLength' IS NULL)
		THEN 'its fibreLength is not a number of kilometres'
	END;
COMMENT ON FUNCTION netstate.ofds_problem(text, jsonb) IS
'Internal: what is wrong with the fields of a node or span of the Open Fibre Data Standard.';

--| Internal to `import_ofds`: the nodes of a document as items: structures, some
--| with a site to make. `id` is network and id as the document has them.
CREATE FUNCTION netstate.ofds_nodes(document jsonb)
RETURNS netstate.document_item[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	named netstate.document_item[];
	names text[];
BEGIN
	named := ARRAY(
		SELECT ROW(n.ord, n.place, 'structure', jsonb_build_array(n.network, n.value ->> 'id')::text,
			CASE WHEN n.label IS NULL THEN n.value ->> 'id'
				WHEN count(*) OVER (PARTITION BY n.label) > 1 THEN format('%s (%s)', n.label, n.value ->> 'id') ELSE n.label END,
			t.kind, n.value ->> 'status', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
			CASE WHEN t.site_kind IS NOT NULL THEN jsonb_build_object('make_site', t.site_kind) END, n.geometry,
			array_remove(ARRAY[
				CASE WHEN n.label IS NULL THEN 'derived|without a name, named by its id'
					WHEN count(*) OVER (PARTITION BY n.label) > 1 THEN 'adapted|name not unique, its id added' END,
				CASE WHEN t.types > num_nonnulls(t.kind, t.site_kind) THEN 'adapted|of several types, one or two kept' END,
				CASE WHEN n.value ->> 'status' IS NULL THEN 'derived|without a status, taken as operational' END], NULL),
			coalesce(netstate.ofds_problem('node', n.value), CASE WHEN n.place <> first_value(n.place) OVER (PARTITION BY n.network, n.value ->> 'id' ORDER BY n.ord)
				THEN format('its id is that of %s, too', first_value(n.place) OVER (PARTITION BY n.network, n.value ->> 'id' ORDER BY n.ord)) END)
			)::netstate.document_item
		FROM (SELECT o.*, nullif(btrim(o.value ->> 'name', E' \t\r\n'), '') AS label FROM netstate.ofds_objects(document) AS o WHERE o.object = 'node') AS n
		CROSS JOIN LATERAL (
			SELECT count(*) AS types,
				(array_agg(w.word ORDER BY e.n) FILTER (WHERE w.word = ANY (netstate.ofds_site_kinds())))[1] AS site_kind,
				(array_agg(w.word ORDER BY e.n) FILTER (WHERE w.word <> ALL (netstate.ofds_site_kinds())))[1] AS kind
			FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof(n.value -> 'type') = 'array' THEN n.value -> 'type' END) WITH ORDINALITY AS e (code, n)
			CROSS JOIN LATERAL (VALUES (netstate.ofds_word(e.code))) AS w (word)) AS t
		ORDER BY n.ord);
	names := netstate.unique_names(ARRAY(SELECT i.name FROM unnest(named) AS i ORDER BY i.ord));
	RETURN ARRAY(
		SELECT jsonb_populate_record(i.item, jsonb_build_object('name', CASE WHEN (i.item).name IS NOT NULL THEN u.name END,
			'site', CASE WHEN (i.item).parts ? 'make_site' THEN u.name END,
			'parts', CASE WHEN NOT EXISTS (SELECT FROM netstate.site AS s WHERE s.name = u.name) THEN (i.item).parts END))
		FROM (SELECT t AS item, row_number() OVER (ORDER BY t.ord) AS n FROM unnest(named) AS t) AS i
		JOIN unnest(names) WITH ORDINALITY AS u (name, n) ON u.n = i.n
		ORDER BY i.n);
END
$$;
COMMENT ON FUNCTION netstate.ofds_nodes(jsonb) IS
'Internal: the nodes of a document of the Open Fibre Data Standard as items.';

--| Internal to `import_ofds`: the spans of a document as items, each end with the
--| name that its node got. Spans of another medium than fibre are left out.
CREATE FUNCTION netstate.ofds_spans(document jsonb, nodes netstate.document_item[])
RETURNS netstate.document_item[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN ARRAY(
		SELECT ROW(s.ord, s.place, 'span', s.value ->> 'id', s.label, netstate.ofds_span_kind(s.value), s.value ->> 'status', NULL, NULL, NULL,
			coalesce(a.name, s.value #>> '{start,name}'), coalesce(z.name, s.value #>> '{end,name}'), NULL, NULL, NULL, NULL, NULL, NULL,
			s.value ->> 'fibreCount', jsonb_build_object('fibre_km', s.value -> 'fibreLength'), s.geometry,
			array_remove(ARRAY[
				CASE WHEN s.value ->> 'status' IS NULL THEN 'derived|without a status, taken as operational' END,
				CASE WHEN s.value ? 'deployment' AND netstate.ofds_span_kind(s.value) IS NULL THEN 'adapted|deployment is not one of the two, kind is NULL' END], NULL),
			coalesce(netstate.ofds_problem('span', s.value),
				CASE WHEN a.name IS NULL AND s.a IS NOT NULL AND s.value #>> '{start,name}' IS NULL THEN format('its start "%s" is no node of the document that can be imported', left(s.a, 60))
					WHEN z.name IS NULL AND s.z IS NOT NULL AND s.value #>> '{end,name}' IS NULL THEN format('its end "%s" is no node of the document that can be imported', left(s.z, 60)) END)
			)::netstate.document_item
		FROM (SELECT o.*, nullif(btrim(o.value ->> 'name', E' \t\r\n'), '') AS label,
				CASE WHEN jsonb_typeof(o.value -> 'start') = 'object' THEN o.value #>> '{start,id}' ELSE o.value ->> 'start' END AS a,
				CASE WHEN jsonb_typeof(o.value -> 'end') = 'object' THEN o.value #>> '{end,id}' ELSE o.value ->> 'end' END AS z
			FROM netstate.ofds_objects(document) AS o
			WHERE o.object = 'span' AND NOT netstate.ofds_other_medium(o.value)) AS s
		LEFT JOIN unnest(nodes) AS a ON a.id = jsonb_build_array(s.network, s.a)::text AND a.problem IS NULL
		LEFT JOIN unnest(nodes) AS z ON z.id = jsonb_build_array(s.network, s.z)::text AND z.problem IS NULL
		ORDER BY s.ord);
END
$$;
COMMENT ON FUNCTION netstate.ofds_spans(jsonb, netstate.document_item[]) IS
'Internal: the spans of a document of the Open Fibre Data Standard as items.';

--| Internal to `import_ofds`: whether a span says that it is not of fibre.
CREATE FUNCTION netstate.ofds_other_medium(span jsonb)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(jsonb_typeof(span -> 'transmissionMedium') = 'array' AND span -> 'transmissionMedium' <> '[]'
	AND NOT span -> 'transmissionMedium' ? 'fibre', false);
COMMENT ON FUNCTION netstate.ofds_other_medium(jsonb) IS
'Internal: whether a span of the Open Fibre Data Standard says that it is not of fibre.';

--| Internal to the importers: how long a line is as drawn, on the sphere, in m.
CREATE FUNCTION netstate.shape_length_m(shape jsonb)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
	SELECT 1000 * sum(netstate.great_circle_km(s.a_lon, s.a_lat, s.lon, s.lat))
	FROM unnest(netstate.geojson_parts(shape)) AS p (part)
	CROSS JOIN LATERAL (
		SELECT (v.value ->> 0)::float8 AS lon, (v.value ->> 1)::float8 AS lat,
			lag((v.value ->> 0)::float8) OVER (ORDER BY v.n) AS a_lon, lag((v.value ->> 1)::float8) OVER (ORDER BY v.n) AS a_lat
		FROM jsonb_array_elements(p.part) WITH ORDINALITY AS v (value, n)) AS s);
COMMENT ON FUNCTION netstate.shape_length_m(jsonb) IS
'Internal: how long a line is as drawn, on the sphere, in m.';

--| Internal to `import_ofds`: all that a document has as items, read and
--| resolved. A length of fibre is that of the span as built, unless it is more
--| than ten times what is drawn.
CREATE FUNCTION netstate.ofds_items(document jsonb, tolerance_m double precision)
RETURNS netstate.document_item[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET extra_float_digits = 1
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	nodes CONSTANT netstate.document_item[] := netstate.plant_words(netstate.ofds_nodes(document));
	items netstate.document_item[] := nodes || netstate.ofds_spans(document, nodes);
BEGIN
	items := netstate.plant_resolved(items, tolerance_m);
	RETURN ARRAY(
		SELECT CASE
			WHEN i.problem IS NOT NULL OR i.object <> 'span' OR i.parts ->> 'fibre_km' IS NULL THEN i
			WHEN (i.parts ->> 'fibre_km')::numeric * 1000 > 10 * netstate.shape_length_m(i.shape)::numeric
				THEN jsonb_populate_record(i, jsonb_build_object('remarks',
					to_jsonb(i.remarks || ARRAY['adapted|fibreLength in kilometres is more than ten times what is drawn, length_m is NULL'])))
			ELSE jsonb_populate_record(i, jsonb_build_object('length_m', ((i.parts ->> 'fibre_km')::numeric * 1000)::float8::text))
			END
		FROM unnest(items) AS i
		ORDER BY i.ord);
END
$$;
COMMENT ON FUNCTION netstate.ofds_items(jsonb, double precision) IS
'Internal: all that a document of the Open Fibre Data Standard has as items, read and resolved.';

--| Internal to `import_ofds`: what a document has that no table holds.
CREATE FUNCTION netstate.ofds_left_out(document jsonb)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT 'span', 'left out', count(*), 'of another medium than fibre: '
		|| netstate.name_list(array_agg(coalesce(o.value ->> 'name', o.value ->> 'id', o.place) ORDER BY o.ord))
	FROM netstate.ofds_objects(document) AS o
	WHERE o.object = 'span' AND netstate.ofds_other_medium(o.value)
	HAVING count(*) > 0;
	RETURN QUERY
	SELECT 'phase', 'left out', count(*), 'no table holds phases: ' || netstate.name_list(array_agg(p.phase ORDER BY p.phase))
	FROM (
		SELECT DISTINCT coalesce(o.value #>> '{phase,name}', o.value #>> '{phase,id}') AS phase
		FROM netstate.ofds_objects(document) AS o
		WHERE jsonb_typeof(o.value -> 'phase') = 'object') AS p
	WHERE p.phase IS NOT NULL
	HAVING count(*) > 0;
	RETURN QUERY
	SELECT f.object || ' field', 'left out', count(*), 'not read: ' || netstate.name_list(array_agg(f.key ORDER BY f.key))
	FROM (
		SELECT DISTINCT o.object, e.key
		FROM netstate.ofds_objects(document) AS o
		CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(o.value) = 'object' THEN o.value END) AS e
		WHERE e.key <> ALL (ARRAY['id', 'name', 'status', 'phase', 'featureType', 'network']
			|| CASE o.object WHEN 'node' THEN ARRAY['location', 'type']
				ELSE ARRAY['start', 'end', 'directed', 'route', 'deployment', 'deploymentDetails', 'fibreCount', 'fibreLength', 'transmissionMedium'] END)) AS f
	GROUP BY f.object
	ORDER BY f.object;
	RETURN QUERY
	SELECT 'network field', 'left out', count(*), 'not read: ' || netstate.name_list(array_agg(f.key ORDER BY f.key))
	FROM (
		SELECT DISTINCT e.key
		FROM jsonb_array_elements(CASE WHEN jsonb_typeof(document -> 'networks') = 'array' THEN document -> 'networks'
			WHEN document ? 'nodes' OR document ? 'spans' THEN jsonb_build_array(document) END) AS n
		CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(n.value) = 'object' THEN n.value END) AS e
		WHERE e.key <> ALL (ARRAY['id', 'nodes', 'spans', 'crs', 'links'])) AS f
	HAVING count(*) > 0;
END
$$;
COMMENT ON FUNCTION netstate.ofds_left_out(jsonb) IS
'Internal: what a document of the Open Fibre Data Standard has that no table holds.';

--| What of a document of the Open Fibre Data Standard `import_ofds` would refuse:
--| one row for each node or span, in the document's order. Nothing is stored.
--|
--| - `document`, `tolerance_m`: as of `import_ofds`.
--|
--| - `place`: where it stands in the document, counted from 0.
--| - `object`: what it would be, structure or span.
--|
--| Errors: 22004, 22023 for the document and the arguments.
CREATE FUNCTION netstate.ofds_refusals(document jsonb, tolerance_m double precision DEFAULT 1)
RETURNS TABLE (place text, object text, name text, problem text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	PERFORM netstate.ofds_check(document);
	RETURN QUERY
	SELECT i.place, i.object, i.name, i.problem
	FROM unnest(netstate.ofds_items(document, tolerance_m)) AS i
	WHERE i.problem IS NOT NULL
	ORDER BY i.ord;
END
$$;
COMMENT ON FUNCTION netstate.ofds_refusals(jsonb, double precision) IS
'What of a document of the Open Fibre Data Standard import_ofds would refuse, and why; stores nothing.';

--| Adds to the plant what a document of the Open Fibre Data Standard has, version
--| 0.3: nodes become structures, those that are buildings sites as well, spans
--| become spans, a number of fibres a cable in its span.
--|
--| - `document`: a network package, one network, or the GeoJSON form: a
--|   FeatureCollection, or a JSON list of several, such as nodes and spans.
--| - `tolerance_m`: how far, in m, a span without a start or end may end from a
--|   structure; 0 to 1,000.
--| - `skip_refused`: store the rest where some objects cannot be stored.
--|
--| docs/import_plant.md says what becomes of each field. What exists already is
--| never changed.
--|
--| Returns one row for each kind of thing and what became of it: `imported`,
--| `derived` (made here), `adapted` (kept, with a change), `left out`, and one for
--| each object that was `refused`. All or nothing: an error leaves no row.
--|
--| Errors: 22004 a null argument; 22023 another format, nothing in it, a bad
--| argument, objects that cannot be stored (all of them: `ofds_refusals`).
--|
--| Cost: linear.
CREATE FUNCTION netstate.import_ofds(document jsonb, tolerance_m double precision DEFAULT 1, skip_refused boolean DEFAULT false)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
DECLARE
	items netstate.document_item[];
BEGIN
	PERFORM netstate.ofds_check(document);
	IF skip_refused IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = 'skip_refused is null', HINT = 'Give true or false.';
	END IF;
	items := netstate.ofds_items(document, tolerance_m);
	IF cardinality(items) = 0 THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'document has no nodes or spans',
			HINT = 'Networks too large for one document keep them elsewhere, behind links; import those.';
	ELSIF NOT skip_refused THEN
		PERFORM netstate.plant_refuse(items, 'ofds_refusals');
	END IF;
	RETURN QUERY SELECT * FROM netstate.store_plant(items);
	RETURN QUERY SELECT * FROM netstate.ofds_left_out(document);
END
$$;
COMMENT ON FUNCTION netstate.import_ofds(jsonb, double precision, boolean) IS
'Adds to the plant what a document of the Open Fibre Data Standard has; returns what was imported, derived, adapted, left out and refused.';
-- Export of the plant as GeoJSON and in the words of the Open Fibre Data
-- Standard.  What is exported can be imported again by 65_import_geojson.sql and
-- 66_import_ofds.sql: each names here what that reads.

--| Internal to `export_geojson`: the ducts of a span that lie in one of its ducts,
--| or the outermost ones, with the ducts in them; NULL where there are none.
CREATE FUNCTION netstate.duct_tree(span bigint, parent bigint)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN (
		SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', d.name, 'kind', d.kind, 'ducts', netstate.duct_tree(span, d.id))) ORDER BY d.id)
		FROM netstate.duct AS d
		WHERE d.span_id = span AND (d.parent_id = parent OR parent IS NULL AND d.parent_id IS NULL));
END
$$;
COMMENT ON FUNCTION netstate.duct_tree(bigint, bigint) IS
'Internal: the ducts of a span that lie in one of its ducts, with the ducts in them.';

--| Internal to `export_geojson`: the places of the plant as features: sites that
--| structures belong to, corridors, structures, hazard areas; those in `objects`.
CREATE FUNCTION netstate.place_features(objects text[])
RETURNS TABLE (seq int, id bigint, properties jsonb, geometry jsonb)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT 1, s.id, jsonb_build_object('object', 'site', 'name', s.name, 'kind', s.kind, 'zone', z.name, 'region', r.name),
		netstate.geometry_geojson(s.geom)
	FROM netstate.site AS s
	LEFT JOIN netstate.zone AS z ON z.id = s.zone_id
	LEFT JOIN netstate.region AS r ON r.id = z.region_id
	WHERE 'site' = ANY (objects) AND EXISTS (SELECT FROM netstate.structure AS t WHERE t.site_id = s.id)
	UNION ALL
	SELECT 2, c.id, jsonb_build_object('object', 'corridor', 'name', c.name, 'kind', c.kind), netstate.geometry_geojson(c.geom)
	FROM netstate.corridor AS c
	WHERE 'corridor' = ANY (objects)
	UNION ALL
	SELECT 3, t.id, jsonb_build_object('object', 'structure', 'name', t.name, 'kind', t.kind, 'status', t.status,
			'site', s.name, 'zone', z.name, 'region', r.name), netstate.geometry_geojson(t.geom)
	FROM netstate.structure AS t
	LEFT JOIN netstate.site AS s ON s.id = t.site_id
	LEFT JOIN netstate.zone AS z ON z.id = s.zone_id
	LEFT JOIN netstate.region AS r ON r.id = z.region_id
	WHERE 'structure' = ANY (objects)
	UNION ALL
	SELECT 5, h.id, jsonb_build_object('object', 'hazard_area', 'name', h.name, 'kind', h.kind), netstate.geometry_geojson(h.geom)
	FROM netstate.hazard_area AS h
	WHERE 'hazard_area' = ANY (objects);
END;
COMMENT ON FUNCTION netstate.place_features(text[]) IS
'Internal: sites, corridors, structures and hazard areas as parts of GeoJSON features.';

--| Internal to `export_geojson`: the spans of the plant as features.
CREATE FUNCTION netstate.span_features()
RETURNS TABLE (seq int, id bigint, properties jsonb, geometry jsonb)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT 4, s.id, jsonb_build_object('object', 'span', 'name', s.name, 'kind', s.kind, 'status', s.status,
			'a_structure', a.name, 'z_structure', z.name, 'corridor', c.name, 'side', s.side, 'encasement', nullif(s.encasement, 'none'),
			'length_m', s.length_m, 'mtbf_hours', s.mtbf_hours, 'mttr_hours', s.mttr_hours,
			'crossings', (SELECT jsonb_agg(jsonb_build_object('structure', t.name, 'passage', x.passage) ORDER BY t.name)
				FROM netstate.span_crossing AS x JOIN netstate.structure AS t ON t.id = x.structure_id WHERE x.span_id = s.id),
			'ducts', CASE WHEN EXISTS (SELECT FROM netstate.duct AS d WHERE d.span_id = s.id) THEN netstate.duct_tree(s.id, NULL) END),
		netstate.geometry_geojson(s.geom)
	FROM netstate.span AS s
	JOIN netstate.structure AS a ON a.id = s.a_structure_id
	JOIN netstate.structure AS z ON z.id = s.z_structure_id
	LEFT JOIN netstate.corridor AS c ON c.id = s.corridor_id;
END;
COMMENT ON FUNCTION netstate.span_features() IS
'Internal: the spans of the plant as parts of GeoJSON features.';

--| The plant as a GeoJSON FeatureCollection: sites that structures belong to,
--| corridors, structures, spans with their crossings and ducts, hazard areas.
--| `import_geojson` reads it back; coordinates keep all digits.
--|
--| - `objects`: which of these; all by default.
--|
--| Cables, splices and what rides on them are not in it: GeoJSON has no word for
--| them.
--|
--| Errors: 22004 `objects` is NULL; 22023 an unknown object; 54000 more than
--| jsonb holds (256 MB).
--|
--| Cost: linear.
CREATE FUNCTION netstate.export_geojson(objects text[] DEFAULT ARRAY['site', 'corridor', 'structure', 'span', 'hazard_area'])
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	unknown text;
BEGIN
	IF objects IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = 'objects is null', HINT = 'Leave it away to export all of the plant.';
	END IF;
	SELECT coalesce(o.object, 'NULL') INTO unknown
	FROM unnest(objects) AS o (object)
	WHERE (o.object IN ('site', 'corridor', 'structure', 'span', 'hazard_area')) IS NOT TRUE
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('cannot export "%s"', left(unknown, 60)),
			DETAIL = 'It is among the objects to export.',
			HINT = 'The objects are site, corridor, structure, span, hazard_area.';
	END IF;
	RETURN jsonb_build_object('type', 'FeatureCollection', 'features', coalesce((
		SELECT jsonb_agg(jsonb_build_object('type', 'Feature', 'properties', jsonb_strip_nulls(f.properties),
			'geometry', f.geometry) ORDER BY f.seq, f.id)
		FROM (
			SELECT p.seq, p.id, p.properties, p.geometry FROM netstate.place_features(objects) AS p
			UNION ALL
			SELECT s.seq, s.id, s.properties, s.geometry FROM netstate.span_features() AS s WHERE 'span' = ANY (objects)) AS f), '[]'));
END
$$;
COMMENT ON FUNCTION netstate.export_geojson(text[]) IS
'The plant as a GeoJSON FeatureCollection.';

--| Internal to `export_ofds`: a status as the standard has it: `cut`, which it
--| does not have, is `inactive`.
CREATE FUNCTION netstate.ofds_status(status text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE status WHEN 'cut' THEN 'inactive' ELSE netstate.ofds_code(status) END;
COMMENT ON FUNCTION netstate.ofds_status(text) IS
'Internal: a status as the Open Fibre Data Standard has it.';

--| Internal to `export_ofds`: a line as one list of positions, as the standard
--| wants it. One that is cut at the antimeridian leads from 180 to -180, where
--| the import cuts it again.
CREATE FUNCTION netstate.ofds_route(shape jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN shape ->> 'type' = 'LineString' THEN shape
	ELSE jsonb_build_object('type', 'LineString', 'coordinates', (
		SELECT jsonb_agg(v.value ORDER BY p.n, v.n)
		FROM jsonb_array_elements(shape -> 'coordinates') WITH ORDINALITY AS p (value, n)
		CROSS JOIN LATERAL jsonb_array_elements(p.value) WITH ORDINALITY AS v (value, n)))
	END;
COMMENT ON FUNCTION netstate.ofds_route(jsonb) IS
'Internal: a line as one list of positions.';

--| Internal to `export_ofds`: how a span of such a kind is deployed; NULL where the
--| kind does not say.
CREATE FUNCTION netstate.ofds_deployment(kind text)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN kind IN ('above_ground', 'aerial', 'bridge') THEN '["aboveGround"]'::jsonb
	WHEN kind IN ('below_ground', 'trench', 'bore', 'tunnel', 'direct_buried', 'conduit', 'duct', 'duct_bank') THEN '["belowGround"]'::jsonb
	END;
COMMENT ON FUNCTION netstate.ofds_deployment(text) IS
'Internal: how a span of such a kind is deployed, in the codes of the Open Fibre Data Standard.';

--| Internal to `export_ofds`: structures as nodes.
CREATE FUNCTION netstate.ofds_export_nodes()
RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('id', t.id::text, 'name', t.name, 'status', netstate.ofds_status(t.status),
		'location', netstate.geometry_geojson(t.geom),
		'type', nullif(to_jsonb(array_remove(ARRAY[
			CASE WHEN s.kind = ANY (netstate.ofds_site_kinds()) THEN netstate.ofds_code(s.kind) END,
			CASE WHEN t.kind IS DISTINCT FROM s.kind THEN netstate.ofds_code(t.kind) END], NULL)), '[]'::jsonb))) ORDER BY t.id)
	FROM netstate.structure AS t
	LEFT JOIN netstate.site AS s ON s.id = t.site_id;
END;
COMMENT ON FUNCTION netstate.ofds_export_nodes() IS
'Internal: structures as nodes of the Open Fibre Data Standard.';

--| Internal to `export_ofds`: spans, with the strands of the cables in them that
--| are not decommissioned.
CREATE FUNCTION netstate.ofds_export_spans()
RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('id', s.id::text, 'name', s.name, 'status', netstate.ofds_status(s.status),
		'start', s.a_structure_id::text, 'end', s.z_structure_id::text, 'directed', false,
		'route', netstate.ofds_route(netstate.geometry_geojson(s.geom)),
		'transmissionMedium', CASE WHEN f.strands > 0 THEN '["fibre"]'::jsonb END,
		'deployment', netstate.ofds_deployment(s.kind),
		'deploymentDetails', CASE WHEN s.kind NOT IN ('above_ground', 'below_ground') THEN jsonb_build_object('description', s.kind) END,
		'fibreCount', f.strands, 'fibreLength', trim_scale(s.length_m::text::numeric / 1000))) ORDER BY s.id)
	FROM netstate.span AS s
	CROSS JOIN LATERAL (
		SELECT sum(c.strand_count) AS strands
		FROM netstate.cable AS c
		WHERE c.status <> 'decommissioned'
			AND c.id IN (SELECT g.cable_id FROM netstate.cable_segment AS g WHERE g.span_id = s.id)) AS f;
END;
COMMENT ON FUNCTION netstate.ofds_export_spans() IS
'Internal: spans as those of the Open Fibre Data Standard.';

--| The plant as a network package of the Open Fibre Data Standard, version 0.3,
--| of one network: structures as nodes, spans, the strands in each.
--|
--| - `id`: the network's identifier. The standard wants the same for every
--|   version of the data, so choose one and keep it.
--| - `name`: the network's name.
--|
--| `import_ofds` reads it back. The standard has no words for ducts, corridors,
--| crossings, hazard areas, encasement and the route of a cable; `cut` is
--| exported as `inactive`.
--|
--| Errors: 22004 `id` is NULL; 54000 more than jsonb holds (256 MB).
--|
--| Cost: linear.
CREATE FUNCTION netstate.export_ofds(id uuid, name text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
BEGIN
	IF id IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = 'id is null',
			HINT = 'SELECT gen_random_uuid() makes one; keep it for every export of this network.';
	END IF;
	RETURN jsonb_build_object('networks', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('id', id, 'name', name,
		'nodes', netstate.ofds_export_nodes(), 'spans', netstate.ofds_export_spans(),
		'crs', jsonb_build_object('name', 'urn:ogc:def:crs:OGC::CRS84', 'uri', 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'),
		'links', jsonb_build_array(jsonb_build_object('rel', 'describedby',
			'href', 'https://raw.githubusercontent.com/Open-Telecoms-Data/open-fibre-data-standard/0__3__0/schema/network-schema.json'))))));
END
$$;
COMMENT ON FUNCTION netstate.export_ofds(uuid, text) IS
'The plant as a network package of the Open Fibre Data Standard, version 0.3.';
-- Views that other programs write plant to by names: GDAL's ogr2ogr reads some
-- eighty formats and writes rows of a table.  Words and ends mean what they mean
-- in a document; what the tables check, they check.

DO $do$
BEGIN
	EXECUTE (SELECT pg_catalog.replace($sql$
--| Internal to the staging views: where a line starts and where it ends. What
--| `valid_line` refuses must not come here.
CREATE FUNCTION netstate.line_ends(geom postgis_schema.geometry)
RETURNS TABLE (a_lon double precision, a_lat double precision, z_lon double precision, z_lat double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT postgis_schema.ST_X(e.a), postgis_schema.ST_Y(e.a), postgis_schema.ST_X(e.z), postgis_schema.ST_Y(e.z)
	FROM (SELECT postgis_schema.ST_StartPoint(postgis_schema.ST_GeometryN(geom, 1)) AS a,
		postgis_schema.ST_EndPoint(postgis_schema.ST_GeometryN(geom, postgis_schema.ST_NumGeometries(geom))) AS z) AS e;
END;
COMMENT ON FUNCTION netstate.line_ends(postgis_schema.geometry) IS
'Internal: where a line starts and ends.';
	$sql$, 'postgis_schema', pg_catalog.quote_ident(n.nspname))
	FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
	WHERE e.extname OPERATOR(pg_catalog.=) 'postgis');
END
$do$;

--| Internal to the staging views: refuses a row.
--|
--| Errors: 22023.
CREATE FUNCTION netstate.stage_refuse(object text, name text, problem text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = '22023',
		MESSAGE = format('%s %scannot be stored', object, coalesce('"' || left(name, 60) || '" ', '')),
		DETAIL = format('The row: %s.', problem),
		HINT = 'docs/import_plant.md says what the columns of the staging views mean.';
END
$$;
COMMENT ON FUNCTION netstate.stage_refuse(text, text, text) IS
'Internal: refuses a row of a staging view.';

--| Internal to the staging views: the structure at an end of a span: the one that
--| is named, else the nearest within 1 m; and how far it is from there, in m.
--|
--| Errors: 22023 there is none, or several are equally near.
CREATE FUNCTION netstate.stage_end(span text, at_end text, structure text, end_lon double precision, end_lat double precision)
RETURNS netstate.resolved_end
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
AS $$
#variable_conflict use_variable
DECLARE
	tolerance_m CONSTANT float8 := 1;
	high CONSTANT float8 := tolerance_m / 110000;
	wide CONSTANT float8 := high / greatest(cosd(least(90, abs(end_lat) + high)), 1e-6);
	found netstate.resolved_end;
BEGIN
	IF structure IS NOT NULL THEN
		SELECT NULL, NULL, p.name, 1000 * netstate.great_circle_km(end_lon, end_lat, p.lon, p.lat), NULL, p.lon, p.lat INTO found
		FROM netstate.structure_places(ARRAY[structure]) AS p;
	ELSE
		SELECT NULL, NULL, min(n.name), min(n.distance_m), array_agg(n.name ORDER BY n.name), min(n.lon), min(n.lat) INTO found
		FROM (
			SELECT s.name, s.lon, s.lat, d.distance_m, rank() OVER (ORDER BY d.distance_m) AS rank
			FROM (VALUES (-360), (0), (360)) AS t (turn)
			CROSS JOIN LATERAL netstate.structures_in_box(end_lon + t.turn - wide, end_lat - high, end_lon + t.turn + wide, end_lat + high) AS s
			CROSS JOIN LATERAL (SELECT 1000 * netstate.great_circle_km(end_lon, end_lat, s.lon, s.lat)) AS d (distance_m)
			WHERE (t.turn = 0 OR abs(end_lon + t.turn) < 181) AND d.distance_m <= tolerance_m) AS n
		WHERE n.rank = 1
		HAVING count(*) > 0;
	END IF;
	IF found.name IS NULL OR cardinality(found.near) > 1 THEN
		PERFORM netstate.stage_refuse('span', span,
			netstate.end_problem(ROW(1, at_end = 'Z', structure, end_lon, end_lat)::netstate.document_end, found, tolerance_m));
	END IF;
	RETURN found;
END
$$;
COMMENT ON FUNCTION netstate.stage_end(text, text, text, double precision, double precision) IS
'Internal: the structure at an end of a span: the one that is named, else the nearest within 1 m.';

--| Structures by names, for programs that write rows: GDAL's ogr2ogr and others.
--| An INSERT adds a structure; `site` is the name of a site that exists. Words
--| are read as by `import_geojson`. 22023 where
--| the row cannot be read; the tables' own errors where it cannot be stored.
CREATE VIEW netstate.staging_structure WITH (security_invoker = true) AS
SELECT t.name, t.kind, t.status, s.name AS site, t.geom
FROM netstate.structure AS t
LEFT JOIN netstate.site AS s ON s.id OPERATOR(pg_catalog.=) t.site_id;

COMMENT ON VIEW netstate.staging_structure IS 'Structures by names, to write to from other programs.';
COMMENT ON COLUMN netstate.staging_structure.name IS 'Name, unique in all the plant.';
COMMENT ON COLUMN netstate.staging_structure.kind IS 'Kind, any word.';
COMMENT ON COLUMN netstate.staging_structure.status IS 'Status, or a synonym; NULL: operational.';
COMMENT ON COLUMN netstate.staging_structure.site IS 'Name of the site that the structure belongs to, or NULL.';
COMMENT ON COLUMN netstate.staging_structure.geom IS 'Place: a point in longitude and latitude (SRID 4326), degrees.';

--| Spans by names, for programs that write rows: GDAL's ogr2ogr and others. An
--| INSERT adds a span; an end that is NULL is the structure within 1 m of where
--| the line ends; a span without a name is named by its ends. Words are read as
--| by `import_geojson`. 22023 where
--| the row cannot be read; the tables' own errors where it cannot be stored.
CREATE VIEW netstate.staging_span WITH (security_invoker = true) AS
SELECT s.name, s.kind, a.name AS a_structure, z.name AS z_structure, s.length_m, c.name AS corridor, s.side, s.encasement, s.status, s.geom
FROM netstate.span AS s
JOIN netstate.structure AS a ON a.id OPERATOR(pg_catalog.=) s.a_structure_id
JOIN netstate.structure AS z ON z.id OPERATOR(pg_catalog.=) s.z_structure_id
LEFT JOIN netstate.corridor AS c ON c.id OPERATOR(pg_catalog.=) s.corridor_id;

COMMENT ON VIEW netstate.staging_span IS 'Spans by names, to write to from other programs.';
COMMENT ON COLUMN netstate.staging_span.name IS 'Name, unique in all the plant; NULL: made of the names of its ends.';
COMMENT ON COLUMN netstate.staging_span.kind IS 'Kind, any word.';
COMMENT ON COLUMN netstate.staging_span.a_structure IS 'Name of the structure at the A end; NULL: the one within 1 m of the line''s start.';
COMMENT ON COLUMN netstate.staging_span.z_structure IS 'Name of the structure at the Z end; NULL: the one within 1 m of the line''s end.';
COMMENT ON COLUMN netstate.staging_span.length_m IS 'Length as built, m; NULL: as drawn.';
COMMENT ON COLUMN netstate.staging_span.corridor IS 'Name of the corridor that it follows, or NULL.';
COMMENT ON COLUMN netstate.staging_span.side IS 'Side of the corridor: left, right or median, or NULL.';
COMMENT ON COLUMN netstate.staging_span.encasement IS 'none, cast or prefabricated; NULL: none.';
COMMENT ON COLUMN netstate.staging_span.status IS 'Status, or a synonym; NULL: operational.';
COMMENT ON COLUMN netstate.staging_span.geom IS 'Course: LineString or MultiLineString in longitude and latitude (SRID 4326), degrees.';

--| Trigger function of `staging_structure`: stores the row.
CREATE FUNCTION netstate.stage_structure() RETURNS trigger
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	blank CONSTANT text := E' \t\r\n';
	new_status CONSTANT text := CASE WHEN btrim(NEW.status, blank) <> '' THEN netstate.plant_status(NEW.status) ELSE 'operational' END;
	new_site CONSTANT text := nullif(btrim(NEW.site, blank), '');
	new_site_id CONSTANT bigint := CASE WHEN new_site IS NOT NULL THEN netstate.site_named(new_site, NULL, NULL) END;
BEGIN
	IF new_status IS NULL THEN
		PERFORM netstate.stage_refuse('structure', NEW.name, format('its status "%s" is not known', left(NEW.status, 60)));
	ELSIF new_site IS NOT NULL AND new_site_id IS NULL THEN
		PERFORM netstate.stage_refuse('structure', NEW.name, format('there is no site "%s", or more than one', left(new_site, 60)));
	END IF;
	INSERT INTO netstate.structure (site_id, name, kind, geom, status)
	VALUES (new_site_id, nullif(btrim(NEW.name, blank), ''), nullif(btrim(NEW.kind, blank), ''), NEW.geom, new_status);
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION netstate.stage_structure() IS
'Trigger function: stores a row of staging_structure.';

--| Trigger function of `staging_span`: stores the row.
CREATE FUNCTION netstate.stage_span() RETURNS trigger
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
AS $$
DECLARE
	blank CONSTANT text := E' \t\r\n';
	new_status CONSTANT text := CASE WHEN btrim(NEW.status, blank) <> '' THEN netstate.plant_status(NEW.status) ELSE 'operational' END;
	new_corridor CONSTANT text := nullif(btrim(NEW.corridor, blank), '');
	new_corridor_id CONSTANT bigint := (SELECT c.id FROM netstate.corridor AS c WHERE c.name = new_corridor);
	new_name text := nullif(btrim(NEW.name, blank), '');
	line record;
	a netstate.resolved_end;
	z netstate.resolved_end;
	copy int := 1;
BEGIN
	-- the gate first: what it refuses gets no further
	IF netstate.valid_line(NEW.geom) IS NOT TRUE THEN
		PERFORM netstate.stage_refuse('span', new_name, 'its geometry is not a line in range');
	ELSIF new_status IS NULL THEN
		PERFORM netstate.stage_refuse('span', new_name, format('its status "%s" is not known', left(NEW.status, 60)));
	ELSIF new_corridor IS NOT NULL AND new_corridor_id IS NULL THEN
		PERFORM netstate.stage_refuse('span', new_name, format('there is no corridor "%s"', left(new_corridor, 60)));
	END IF;
	SELECT * INTO line FROM netstate.line_ends(NEW.geom);
	a := netstate.stage_end(new_name, 'A', nullif(btrim(NEW.a_structure, blank), ''), line.a_lon, line.a_lat);
	z := netstate.stage_end(new_name, 'Z', nullif(btrim(NEW.z_structure, blank), ''), line.z_lon, line.z_lat);
	-- drawn from Z to A
	IF a.distance_m + z.distance_m - 0.001 > 1000 * (netstate.great_circle_km(line.a_lon, line.a_lat, z.lon, z.lat)
		+ netstate.great_circle_km(line.z_lon, line.z_lat, a.lon, a.lat)) THEN
		NEW.geom := netstate.geojson_geometry(netstate.geojson_reversed(netstate.geometry_geojson(NEW.geom)));
	END IF;
	WHILE new_name IS NULL OR copy > 1 AND EXISTS (SELECT FROM netstate.span AS s WHERE s.name = new_name) LOOP
		new_name := concat(a.name, ' - ', z.name, CASE WHEN copy > 1 THEN ' #' || copy END);
		copy := copy + 1;
	END LOOP;
	INSERT INTO netstate.span (name, a_structure_id, z_structure_id, kind, corridor_id, side, encasement, geom, length_m, status)
	VALUES (new_name, (SELECT s.id FROM netstate.structure AS s WHERE s.name = a.name), (SELECT s.id FROM netstate.structure AS s WHERE s.name = z.name),
		nullif(btrim(NEW.kind, blank), ''), new_corridor_id, netstate.plant_word(NEW.side), coalesce(netstate.plant_word(NEW.encasement), 'none'),
		NEW.geom, NEW.length_m, new_status);
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION netstate.stage_span() IS
'Trigger function: stores a row of staging_span.';

CREATE TRIGGER stage_structure INSTEAD OF INSERT ON netstate.staging_structure
	FOR EACH ROW EXECUTE FUNCTION netstate.stage_structure();

COMMENT ON TRIGGER stage_structure ON netstate.staging_structure IS 'Stores the row as a structure.';

CREATE TRIGGER stage_span INSTEAD OF INSERT ON netstate.staging_span
	FOR EACH ROW EXECUTE FUNCTION netstate.stage_span();

COMMENT ON TRIGGER stage_span ON netstate.staging_span IS 'Stores the row as a span.';
-- The change log: which objects of the graph each transaction changed.
--
-- The graphs that path functions keep are brought up to date from it.  Its
-- triggers write past the executor: who may write a link needs no right on the
-- log.  No row of it is in a dump: the COPYs of a restore are logged as any
-- other, under numbers of the server that they run on.

--| Which objects that paths depend on were changed by which transaction. The
--| triggers `change_log_...` of the tables write it, one row per object and
--| statement, in the statement's transaction; nothing else can (42501). What no
--| path depends on, such as `load_gbps` or `geom`, is not logged. A statement
--| that changes more than 1,000 objects, or truncates a table, writes rows of
--| kind `all` instead. Old rows go by themselves, see `change_horizon`.
CREATE TABLE netstate.change_log (
	xid xid8 NOT NULL,
	seq bigint NOT NULL,
	network_id bigint NOT NULL,
	kind text NOT NULL,
	id bigint NOT NULL,
	CONSTRAINT change_log_pkey PRIMARY KEY (xid, seq),
	CONSTRAINT change_log_kind_is_known CHECK (kind OPERATOR(pg_catalog.=) ANY (
		ARRAY['network', 'node', 'link', 'site', 'structure', 'span', 'cable', 'cable_segment', 'span_pair', 'all']))
);

COMMENT ON TABLE netstate.change_log IS 'Which objects that paths depend on were changed by which transaction.';
COMMENT ON COLUMN netstate.change_log.xid IS 'Transaction that changed it; for a change within a savepoint the whole transaction.';
COMMENT ON COLUMN netstate.change_log.seq IS 'Number within the transaction, ascending.';
COMMENT ON COLUMN netstate.change_log.network_id IS 'Network of the object where the changed row says it, else 0; in a row of kind all 0 stands for every network; -1 for what is of the plant.';
COMMENT ON COLUMN netstate.change_log.kind IS 'Kind of the object: network, node, link, an element of the plant; all: anything of the network may have changed.';
COMMENT ON COLUMN netstate.change_log.id IS 'Id of the object; 0 in a row of kind all. A link''s supports, memberships and strands count as the link; a segment of a cable is cable_id * 2^20 + seq, a pair of spans a_span_id * 2^29 + b_span_id.';

--| How far back `change_log` reaches, in its one row. The transactions that
--| write the log delete its oldest rows, in small batches just before they
--| commit, once it holds more than 100,000; they wait for nobody, and leave it
--| to the next when another one is at it. Transactions above READ COMMITTED do
--| not; where all are, call `prune_change_log` at times.
CREATE TABLE netstate.change_horizon (
	xid xid8 NOT NULL,
	CONSTRAINT change_horizon_pkey PRIMARY KEY (xid)
);

COMMENT ON TABLE netstate.change_horizon IS 'How far back change_log reaches; one row.';
COMMENT ON COLUMN netstate.change_horizon.xid IS 'Rows of change_log with a lower xid may be gone.';

-- What the graph tables hold came after these triggers: every change is logged.
INSERT INTO netstate.change_horizon (xid) VALUES ('0');

--| Trigger function: notes that a statement begins to change a table of the
--| graph. Until its changes are logged, and where they never are until the
--| transaction ends, this backend answers from the tables alone.
CREATE FUNCTION netstate.change_log_begin() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_change_log_begin';

COMMENT ON FUNCTION netstate.change_log_begin() IS
	'Trigger function: notes that a statement begins to change a table of the graph.';

--| Trigger function: logs what a statement changed.
CREATE FUNCTION netstate.change_log_write() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_change_log_write';

COMMENT ON FUNCTION netstate.change_log_write() IS
	'Trigger function: logs what a statement changed.';

--| Trigger function: logs a row that logical replication changed, which fires
--| no trigger of statements.
CREATE FUNCTION netstate.change_log_apply() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_change_log_apply';

COMMENT ON FUNCTION netstate.change_log_apply() IS
	'Trigger function: logs a row that logical replication changed.';

--| Trigger function: keeps the change log to its own triggers. Rows that
--| logical replication brings are dropped without a word: they tell of
--| transactions of another server.
CREATE FUNCTION netstate.change_log_guard() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_change_log_guard';

COMMENT ON FUNCTION netstate.change_log_guard() IS
	'Trigger function: keeps the change log to its own triggers.';

-- ENABLE ALWAYS: whoever sets session_replication_role changes the graph too.
-- An apply worker of logical replication fires triggers of rows alone.
DO $do$
DECLARE
	changed pg_catalog.text;
BEGIN
	FOREACH changed IN ARRAY ARRAY['network', 'node', 'link', 'link_support', 'srlg_member', 'srlg_node',
		'site', 'site_power_feed', 'structure', 'span', 'span_crossing', 'duct', 'cable', 'cable_segment',
		'strand_assignment', 'span_pair', 'span_pair_own', 'risk_rule_default', 'risk_rule', 'corridor', 'hazard_area'] LOOP
		EXECUTE pg_catalog.format($sql$
			CREATE TRIGGER change_log_begin
				BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON netstate.%1$I
				FOR EACH STATEMENT EXECUTE FUNCTION netstate.change_log_begin();
			CREATE TRIGGER change_log_insert AFTER INSERT ON netstate.%1$I
				REFERENCING NEW TABLE AS new_row
				FOR EACH STATEMENT EXECUTE FUNCTION netstate.change_log_write();
			CREATE TRIGGER change_log_update AFTER UPDATE ON netstate.%1$I
				REFERENCING OLD TABLE AS old_row NEW TABLE AS new_row
				FOR EACH STATEMENT EXECUTE FUNCTION netstate.change_log_write();
			CREATE TRIGGER change_log_delete AFTER DELETE ON netstate.%1$I
				REFERENCING OLD TABLE AS old_row
				FOR EACH STATEMENT EXECUTE FUNCTION netstate.change_log_write();
			CREATE TRIGGER change_log_truncate AFTER TRUNCATE ON netstate.%1$I
				FOR EACH STATEMENT EXECUTE FUNCTION netstate.change_log_write();
			CREATE TRIGGER change_log_apply AFTER INSERT OR UPDATE OR DELETE ON netstate.%1$I
				FOR EACH ROW EXECUTE FUNCTION netstate.change_log_apply();

			ALTER TABLE netstate.%1$I
				ENABLE ALWAYS TRIGGER change_log_begin,
				ENABLE ALWAYS TRIGGER change_log_insert,
				ENABLE ALWAYS TRIGGER change_log_update,
				ENABLE ALWAYS TRIGGER change_log_delete,
				ENABLE ALWAYS TRIGGER change_log_truncate,
				ENABLE REPLICA TRIGGER change_log_apply;

			COMMENT ON TRIGGER change_log_begin ON netstate.%1$I IS
				'Notes that a statement begins to change the table.';
			COMMENT ON TRIGGER change_log_insert ON netstate.%1$I IS
				'Logs what a statement inserted.';
			COMMENT ON TRIGGER change_log_update ON netstate.%1$I IS
				'Logs what a statement updated.';
			COMMENT ON TRIGGER change_log_delete ON netstate.%1$I IS
				'Logs what a statement deleted.';
			COMMENT ON TRIGGER change_log_truncate ON netstate.%1$I IS
				'Logs that the table was truncated.';
			COMMENT ON TRIGGER change_log_apply ON netstate.%1$I IS
				'Logs a row that logical replication changed.';
		$sql$, changed);
	END LOOP;

	FOREACH changed IN ARRAY ARRAY['change_log', 'change_horizon'] LOOP
		EXECUTE pg_catalog.format($sql$
			CREATE TRIGGER change_log_guard BEFORE INSERT OR UPDATE OR DELETE ON netstate.%1$I
				FOR EACH ROW EXECUTE FUNCTION netstate.change_log_guard();
			CREATE TRIGGER change_log_guard_truncate BEFORE TRUNCATE ON netstate.%1$I
				FOR EACH STATEMENT EXECUTE FUNCTION netstate.change_log_guard();

			ALTER TABLE netstate.%1$I
				ENABLE ALWAYS TRIGGER change_log_guard,
				ENABLE ALWAYS TRIGGER change_log_guard_truncate;

			COMMENT ON TRIGGER change_log_guard ON netstate.%1$I IS
				'Refuses whatever the log''s own triggers did not write.';
			COMMENT ON TRIGGER change_log_guard_truncate ON netstate.%1$I IS
				'Refuses TRUNCATE.';
		$sql$, changed);
	END LOOP;
END
$do$;

--| Deletes old rows of `change_log`: all but about the newest `keep`, whole
--| transactions at a time, and none of a transaction that is as new as the
--| oldest one running. Gives the number of rows deleted; 0 where another
--| transaction is pruning. Needs the right to DELETE from `change_log`, else
--| fails with 42501; with 22023 where `keep` is negative, 22004 where it is
--| NULL. The log is pruned by itself by transactions at READ COMMITTED; this is
--| for a timer where there are none. Call it at READ COMMITTED. Costs about
--| 2 us per row.
CREATE FUNCTION netstate.prune_change_log(keep bigint DEFAULT 100000) RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'netstate_prune_change_log';

COMMENT ON FUNCTION netstate.prune_change_log(bigint) IS
	'Deletes all but about the newest rows of the change log.';
-- What must hold at COMMIT: that routes of cables, strands of links and what
-- links ride on lead from somewhere to somewhere without a gap.
--
-- Statements queue what they change here; the deferred trigger of the queue
-- proves it, under one lock for all commits that need one.

--| What running transactions have changed and not proven yet. Triggers
--| `commit_check_...` of the tables write it, one row a statement, and the check
--| at COMMIT takes the rows away again; `check_pending` tells what that check
--| would say. A statement that changes nothing that is checked (`load_gbps`,
--| `status`) queues nothing. Unlogged: after a crash nothing is pending.
CREATE UNLOGGED TABLE netstate.commit_check (
	xid xid8 NOT NULL,
	what text NOT NULL,
	ids bigint[]
);

CREATE INDEX commit_check_xid_idx ON netstate.commit_check (xid);

COMMENT ON TABLE netstate.commit_check IS 'What running transactions have changed and not proven yet.';
COMMENT ON COLUMN netstate.commit_check.xid IS 'Transaction that changed it.';
COMMENT ON COLUMN netstate.commit_check.what IS 'Kind of what was changed: structure (its site), structure_place, span (its ends), span_course, cable, splice, node, link, strand_assignment or link_support (of links).';
COMMENT ON COLUMN netstate.commit_check.ids IS 'Ids of these; NULL stands for all of the kind.';

--| Trigger function: queues what a statement changed.
CREATE FUNCTION netstate.commit_check_queue() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_commit_check_queue';

COMMENT ON FUNCTION netstate.commit_check_queue() IS
	'Trigger function: queues what a statement changed, for the check at COMMIT.';

--| Trigger function: proves what the transaction has queued. Fails with 23514,
--| naming the object, where it does not hold. At COMMIT, or as soon as `SET
--| CONSTRAINTS ALL IMMEDIATE` asks for it; from then on the transaction holds
--| the lock under which all such commits are proven one by one, and cannot be
--| prepared (0A000).
CREATE FUNCTION netstate.commit_check_run() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_commit_check_run';

COMMENT ON FUNCTION netstate.commit_check_run() IS
	'Trigger function: proves what the transaction has changed.';

--| Trigger function: keeps the queue to its own triggers. Everything else that
--| inserts, updates, deletes or truncates fails with 42501, whatever rights it
--| has.
CREATE FUNCTION netstate.commit_check_guard() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_commit_check_guard';

COMMENT ON FUNCTION netstate.commit_check_guard() IS
	'Trigger function: keeps the queue of the check at COMMIT to its own triggers.';

CREATE TRIGGER commit_check_guard BEFORE INSERT OR UPDATE OR DELETE ON netstate.commit_check
	FOR EACH ROW EXECUTE FUNCTION netstate.commit_check_guard();
CREATE TRIGGER commit_check_guard_truncate BEFORE TRUNCATE ON netstate.commit_check
	FOR EACH STATEMENT EXECUTE FUNCTION netstate.commit_check_guard();

COMMENT ON TRIGGER commit_check_guard ON netstate.commit_check IS
	'Refuses whatever the queue''s own triggers did not write.';
COMMENT ON TRIGGER commit_check_guard_truncate ON netstate.commit_check IS
	'Refuses TRUNCATE.';

CREATE CONSTRAINT TRIGGER commit_check_run AFTER INSERT ON netstate.commit_check
	DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION netstate.commit_check_run();

COMMENT ON TRIGGER commit_check_run ON netstate.commit_check IS
	'Proves at COMMIT what the transaction has changed.';

ALTER TABLE netstate.commit_check
	ENABLE ALWAYS TRIGGER commit_check_guard,
	ENABLE ALWAYS TRIGGER commit_check_guard_truncate,
	ENABLE ALWAYS TRIGGER commit_check_run;

-- New structures, cables, nodes and links have nothing on them yet, and what
-- something rides on cannot be deleted, save by a statement that puts it in
-- again (a cable's segments go with it).  ENABLE ALWAYS: whoever sets
-- session_replication_role is checked too.
DO $do$
DECLARE
	changed pg_catalog.record;
	event pg_catalog.text;
BEGIN
	FOR changed IN
		SELECT *
		FROM (VALUES
			('structure', ARRAY['update', 'delete']),
			('span', ARRAY['insert', 'update', 'delete', 'truncate']),
			('cable', ARRAY['update']),
			('cable_segment', ARRAY['insert', 'update', 'delete', 'truncate']),
			('splice', ARRAY['insert', 'update']),
			('node', ARRAY['update', 'delete']),
			('link', ARRAY['update', 'delete']),
			('strand_assignment', ARRAY['insert', 'update', 'delete']),
			('link_support', ARRAY['insert', 'update', 'delete'])) AS t (name, events)
	LOOP
		FOREACH event IN ARRAY changed.events LOOP
			EXECUTE pg_catalog.format($sql$
				CREATE TRIGGER commit_check_%2$s AFTER %2$s ON netstate.%1$I %3$s
					FOR EACH STATEMENT EXECUTE FUNCTION netstate.commit_check_queue();
				ALTER TABLE netstate.%1$I ENABLE ALWAYS TRIGGER commit_check_%2$s;
				COMMENT ON TRIGGER commit_check_%2$s ON netstate.%1$I IS
					'Queues for the check at COMMIT what a statement changed.';
			$sql$, changed.name, event, CASE event
				WHEN 'insert' THEN 'REFERENCING NEW TABLE AS new_row'
				WHEN 'update' THEN 'REFERENCING OLD TABLE AS old_row NEW TABLE AS new_row'
				WHEN 'delete' THEN 'REFERENCING OLD TABLE AS old_row'
				ELSE '' END);
		END LOOP;
	END LOOP;
END
$do$;

--| What the check at COMMIT would find wrong now with what this transaction has
--| changed, a row for each finding; no rows: nothing. Takes no lock and proves
--| nothing: others may change what it rests on before the COMMIT. `rule` is
--| `cable_route` (the segments of a cable are numbered from 1 without gaps, and
--| lead from structure to structure), `splice` (both segments end in the
--| splice's structure and have such strands), `strand_range` and `strand_route`
--| (the strands and segments of a link's assignments exist, and lead from its A
--| node to its Z node), or `support_route` (the links of each member lead from
--| the link's A node to its Z node). `message`, `detail` and `hint` are those of
--| the error; `name` is NULL where the caller may not read it.
CREATE FUNCTION netstate.check_pending()
RETURNS TABLE (rule text, element_kind text, element_id bigint, name text,
	message text, detail text, hint text)
LANGUAGE c VOLATILE PARALLEL UNSAFE ROWS 10
AS 'MODULE_PATHNAME', 'netstate_check_pending';

COMMENT ON FUNCTION netstate.check_pending() IS
	'What the check at COMMIT would find wrong with what this transaction has changed.';
-- What a dump holds, and who may do what: last, when every object is there.

-- The shapes of 10_place.sql have served.
DROP TABLE netstate.with_point, netstate.with_shape;

-- What users wrote is dumped, with the sequences that number it, and nothing
-- else.  pg_dump orders the tables by their foreign keys.  The change log is of
-- no use to another server: it numbers transactions of this one, and a restore
-- logs what it copies.
SELECT pg_catalog.pg_extension_config_dump('netstate.region', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.region_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.zone', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.zone_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.site', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.site_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.power_feed', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.power_feed_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.site_power_feed', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.structure', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.structure_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.corridor', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.corridor_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.hazard_area', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.hazard_area_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.span', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.span_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.span_crossing', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.duct', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.duct_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.cable', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.cable_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.cable_segment', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.splice_closure', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.splice_closure_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.splice', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.splice_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.network', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.network_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.node', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.node_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.link', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.link_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.link_support', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.strand_assignment', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.risk_rule', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.srlg', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.srlg_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.srlg_member', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.srlg_node', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.demand', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.demand_id_seq', '');

-- Nothing is open to everybody; docs/topology.md gives the GRANTs.
REVOKE ALL ON SCHEMA netstate FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA netstate FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA netstate FROM PUBLIC;
REVOKE ALL ON ALL ROUTINES IN SCHEMA netstate FROM PUBLIC;
