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

--| All memberships of `links` (NULL: of every link), stated and risen: a link
--| belongs to the groups of all that it rides on. One row per group and link:
--| `share` is the part of the link's capacity that is lost when all that the
--| event can hit is hit, `probability` that the link loses anything, given the
--| event. `origin` is the group's. Rows with share 0 are kept. Links that do not
--| exist give no rows; a NULL in the array fails with 22004. Reads what lies
--| beneath the links asked for.
CREATE FUNCTION netstate.memberships(links bigint[] DEFAULT NULL)
RETURNS TABLE (srlg_id bigint, link_id bigint, origin text,
	share double precision, probability double precision)
LANGUAGE c STABLE PARALLEL SAFE ROWS 10000
AS 'MODULE_PATHNAME', 'netstate_memberships';

COMMENT ON FUNCTION netstate.memberships(bigint[]) IS
	'All memberships of these links in shared risk link groups, stated and risen from what they ride on.';

--| All links that belong to elements, with the columns of `memberships`. `kind`
--| is the kind of the elements that `ids` name; in this version `srlg`. An
--| unknown kind fails with 22023, a NULL with 22004; an id that does not exist
--| gives no rows.
CREATE FUNCTION netstate.members(kind text, ids bigint[])
RETURNS TABLE (srlg_id bigint, link_id bigint, origin text,
	share double precision, probability double precision)
LANGUAGE c STABLE PARALLEL SAFE ROWS 1000
AS 'MODULE_PATHNAME', 'netstate_members';

COMMENT ON FUNCTION netstate.members(text, bigint[]) IS
	'All links that belong to these elements, stated and risen.';

--| What is left of `links` (NULL: of every link) by all that lies beneath them:
--| `carried`, 0 to 1, is the part of the capacity that remains when everything
--| beneath that is not in service is taken away; `up` says whether paths use the
--| link: it, both its nodes and what they ride on are in service and `carried`
--| is above 0. Links that do not exist give no rows; a NULL in the array fails
--| with 22004.
CREATE FUNCTION netstate.carried(links bigint[] DEFAULT NULL)
RETURNS TABLE (link_id bigint, carried double precision, up boolean)
LANGUAGE c STABLE PARALLEL SAFE ROWS 10000
AS 'MODULE_PATHNAME', 'netstate_carried';

COMMENT ON FUNCTION netstate.carried(bigint[]) IS
	'What is left of the capacity of these links by all that lies beneath them, and whether paths use them.';

--| All groups of shared risk, one row each. In this version these are the rows
--| of `srlg`, whose element is the group itself.
CREATE VIEW netstate.risk WITH (security_invoker = true) AS
SELECT id, name, kind, origin, 'srlg'::text AS element_kind, id AS element_id,
	mtbf_hours, mttr_hours
FROM netstate.srlg;

COMMENT ON VIEW netstate.risk IS 'All groups of shared risk.';
COMMENT ON COLUMN netstate.risk.id IS 'Id of the group.';
COMMENT ON COLUMN netstate.risk.name IS 'Name of the group.';
COMMENT ON COLUMN netstate.risk.kind IS 'Kind of the group, any word.';
COMMENT ON COLUMN netstate.risk.origin IS 'Who says so: configured or learned.';
COMMENT ON COLUMN netstate.risk.element_kind IS 'Kind of the element that the group stands for.';
COMMENT ON COLUMN netstate.risk.element_id IS 'Id of the element that the group stands for.';
COMMENT ON COLUMN netstate.risk.mtbf_hours IS 'Mean time between such events, hours.';
COMMENT ON COLUMN netstate.risk.mttr_hours IS 'Mean time to repair after one, hours.';

--| All memberships of all links, stated and risen. Derives everything at each
--| reading; for a few links call `memberships`, for a few groups `members`.
CREATE VIEW netstate.risk_member WITH (security_invoker = true) AS
SELECT srlg_id, link_id, origin, share, probability
FROM netstate.memberships(NULL);

COMMENT ON VIEW netstate.risk_member IS 'All memberships of all links in groups of shared risk, stated and risen from what they ride on.';
COMMENT ON COLUMN netstate.risk_member.srlg_id IS 'Group.';
COMMENT ON COLUMN netstate.risk_member.link_id IS 'Link that belongs to it.';
COMMENT ON COLUMN netstate.risk_member.origin IS 'Who says so of the group: configured or learned.';
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
		ARRAY['network', 'node', 'link', 'all']))
);

COMMENT ON TABLE netstate.change_log IS 'Which objects that paths depend on were changed by which transaction.';
COMMENT ON COLUMN netstate.change_log.xid IS 'Transaction that changed it; for a change within a savepoint the whole transaction.';
COMMENT ON COLUMN netstate.change_log.seq IS 'Number within the transaction, ascending.';
COMMENT ON COLUMN netstate.change_log.network_id IS 'Network of the object where the changed row says it, else 0; in a row of kind all 0 stands for every network.';
COMMENT ON COLUMN netstate.change_log.kind IS 'Kind of the object: network, node, link; all: anything of the network may have changed.';
COMMENT ON COLUMN netstate.change_log.id IS 'Id of the object; 0 in a row of kind all. A link''s supports and memberships count as the link.';

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
	FOREACH changed IN ARRAY ARRAY['network', 'node', 'link', 'link_support', 'srlg_member', 'srlg_node'] LOOP
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
SELECT pg_catalog.pg_extension_config_dump('netstate.network', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.network_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.node', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.node_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.link', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.link_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.link_support', '');
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
