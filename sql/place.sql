-- Places: what the tables take, what they refuse and by which rule.
\set VERBOSITY terse
\pset null '(null)'
BEGIN;

-- Runs a statement: 'ok' and the number of rows, or the SQLSTATE with the
-- constraint or the column that refused it.
CREATE FUNCTION pg_temp.attempt(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	affected bigint;
	broken text;
	bare text;
BEGIN
	EXECUTE statement;
	GET DIAGNOSTICS affected = ROW_COUNT;
	RETURN 'ok ' || affected;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME, bare = COLUMN_NAME;
	RETURN concat_ws(' ', SQLSTATE, nullif(broken, ''), nullif(bare, ''));
END $$;

-- names
INSERT INTO netstate.region (id, name) VALUES (1001, 'eu-west-1'), (1002, 'us-east-1');
INSERT INTO netstate.zone (id, region_id, name) VALUES (1001, 1001, 'a'), (1002, 1001, 'b'), (1003, 1002, 'a');
SELECT what, pg_temp.attempt(format('INSERT INTO netstate.region (name) VALUES (%L)', name))
FROM (VALUES
	(1, 'plain', 'ap-south-1'),
	(2, 'blank within', 'Asia and Pacific'),
	(3, 'other scripts', 'Éire 東京'),
	(4, '500 characters of four bytes', (SELECT string_agg(chr(65536 + (i * 7919) % 60000), '') FROM generate_series(1, 500) i)),
	(5, 'again', 'eu-west-1'),
	(6, 'NULL', NULL),
	(7, 'empty', ''),
	(8, 'blank', ' '),
	(9, 'blank before', ' x'),
	(10, 'blank after', 'x '),
	(11, 'tab after', E'x\t'),
	(12, 'line end before', E'\nx'),
	(13, '501 characters', repeat('x', 501)),
	(14, '1 MB', repeat('x', 1048576)),
	(15, '1 MB that does not compress', (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 32768) i))
) t (n, what, name) ORDER BY n;

-- the same rule on every table with a name or a word
SELECT what, pg_temp.attempt(statement)
FROM (VALUES
	(1, 'zone, empty', $$INSERT INTO netstate.zone (region_id, name) VALUES (1001, '')$$),
	(2, 'zone, again in its region', $$INSERT INTO netstate.zone (region_id, name) VALUES (1001, 'a')$$),
	(3, 'zone of no region', $$INSERT INTO netstate.zone (region_id, name) VALUES (-1, 'a')$$),
	(4, 'zone without a region', $$INSERT INTO netstate.zone (name) VALUES ('a')$$),
	(5, 'site, empty', $$INSERT INTO netstate.site (name) VALUES ('')$$),
	(6, 'site, 1 MB', $$INSERT INTO netstate.site (name) VALUES (repeat('x', 1048576))$$),
	(7, 'site, empty kind', $$INSERT INTO netstate.site (name, kind) VALUES ('x', '')$$),
	(8, 'site of no zone', $$INSERT INTO netstate.site (zone_id, name) VALUES (-1, 'x')$$),
	(9, 'site in a zone', $$INSERT INTO netstate.site (zone_id, name) VALUES (1001, 'x')$$),
	(10, 'site of that name outside zones', $$INSERT INTO netstate.site (name) VALUES ('x')$$),
	(11, 'site, again in its zone', $$INSERT INTO netstate.site (zone_id, name) VALUES (1001, 'x')$$),
	(12, 'site, again outside zones', $$INSERT INTO netstate.site (name) VALUES ('x')$$),
	(13, 'power feed, empty', $$INSERT INTO netstate.power_feed (name) VALUES ('')$$),
	(14, 'power feed', $$INSERT INTO netstate.power_feed (name) VALUES ('grid north')$$),
	(15, 'power feed, again', $$INSERT INTO netstate.power_feed (name) VALUES ('grid north')$$)
) t (n, what, statement) ORDER BY n;

-- points
SELECT what, pg_temp.attempt(format('INSERT INTO netstate.site (name, geom) VALUES (%L, %s)', 'point ' || n, geom))
FROM (VALUES
	(1, 'none', 'NULL'),
	(2, 'Dublin', $$'SRID=4326;POINT(-6.26 53.35)'$$),
	(3, 'no SRID: taken as 4326', $$'POINT(-6.26 53.35)'$$),
	(4, 'corners', $$'POINT(-180 -90)'$$),
	(5, 'other corners', $$'POINT(180 90)'$$),
	(6, 'empty', $$'POINT EMPTY'$$),
	(7, 'latitude 91', $$'POINT(0 91)'$$),
	(8, 'latitude -91', $$'POINT(0 -91)'$$),
	(9, 'longitude 181', $$'POINT(181 0)'$$),
	(10, 'metres', $$'SRID=4326;POINT(683000 5993000)'$$),
	(11, 'NaN x', $$ST_SetSRID(ST_MakePoint('NaN', 0), 4326)$$),
	(12, 'NaN y', $$ST_SetSRID(ST_MakePoint(0, 'NaN'), 4326)$$),
	(13, 'infinite', $$ST_SetSRID(ST_MakePoint('Infinity', 0), 4326)$$),
	(14, 'minus infinite', $$ST_SetSRID(ST_MakePoint(0, '-Infinity'), 4326)$$),
	(15, 'other SRID', $$'SRID=3857;POINT(0 0)'$$),
	(16, '3D', $$'SRID=4326;POINT Z (0 0 0)'$$),
	(17, 'measured', $$'SRID=4326;POINT M (0 0 0)'$$),
	(18, 'line', $$'SRID=4326;LINESTRING(0 0, 1 1)'$$),
	(19, 'two points', $$'SRID=4326;MULTIPOINT(0 0, 1 1)'$$),
	(20, 'collection', $$'SRID=4326;GEOMETRYCOLLECTION(POINT(0 0))'$$)
) t (n, what, geom) ORDER BY n;

-- the gates themselves answer for any geometry, and never fail
SELECT what, netstate.valid_point(geom) AS point, netstate.valid_line(geom) AS line,
	netstate.valid_area(geom) AS area
FROM (VALUES
	(1, 'NULL', NULL::geometry),
	(2, 'point', 'SRID=4326;POINT(0 0)'),
	(3, 'point without SRID', 'POINT(0 0)'),
	(4, 'line', 'SRID=4326;LINESTRING(0 0, 1 1)'),
	(5, 'lines', 'SRID=4326;MULTILINESTRING((0 0, 1 1), (2 2, 3 3))'),
	(6, 'area', 'SRID=4326;POLYGON((0 0, 1 0, 1 1, 0 0))'),
	(7, 'areas', 'SRID=4326;MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))'),
	(8, 'areas, one empty', 'SRID=4326;MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), EMPTY)'),
	(10, 'area with NaN', ST_SetSRID(ST_MakePolygon(ST_MakeLine(ARRAY[ST_MakePoint(0, 0), ST_MakePoint('NaN', 1), ST_MakePoint(1, 1), ST_MakePoint(0, 0)])), 4326)),
	(11, 'area beyond the pole', 'SRID=4326;POLYGON((0 0, 1 0, 1 91, 0 0))'),
	(12, 'empty area', 'SRID=4326;POLYGON EMPTY'),
	(13, 'empty collection', 'SRID=4326;GEOMETRYCOLLECTION EMPTY'),
	(14, 'points, one empty', 'SRID=4326;MULTIPOINT((0 0), EMPTY)'),
	(15, 'curve', 'SRID=4326;CIRCULARSTRING(0 0, 1 1, 2 0)'),
	(16, 'triangle', 'SRID=4326;TRIANGLE((0 0, 1 0, 1 1, 0 0))'),
	(17, 'surface', 'SRID=4326;TIN(((0 0, 1 0, 1 1, 0 0)))')
) t (n, what, geom) ORDER BY n;

-- An empty ring: some versions of PostGIS refuse to read it, some drop it, the
-- gate refuses it else.  So it is never taken as it is.
CREATE FUNCTION pg_temp.taken(wkb text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	RETURN netstate.valid_area(wkb::geometry) AND wkb::geometry::text = wkb;
EXCEPTION WHEN OTHERS THEN
	RETURN false;
END $$;
SELECT pg_temp.taken('0103000020E6100000010000000400000000000000000000000000000000000000000000000000F03F0000000000000000000000000000F03F000000000000F03F00000000000000000000000000000000') AS area,
	pg_temp.taken('0103000020E6100000020000000400000000000000000000000000000000000000000000000000F03F0000000000000000000000000000F03F000000000000F03F0000000000000000000000000000000000000000') AS area_and_empty_ring;

SELECT v, netstate.valid_quantity(v)
FROM unnest(ARRAY[0, 1e-300, 1e308, -1e-300, 'NaN', 'Infinity', '-Infinity', NULL]::float8[])
	WITH ORDINALITY u (v, n) ORDER BY n;

-- feeds and deletion: what something else stands on stays
INSERT INTO netstate.site (id, zone_id, name) VALUES (1000, 1002, 'dub-1');
INSERT INTO netstate.power_feed (id, name) VALUES (1000, 'grid south');
INSERT INTO netstate.site_power_feed VALUES (1000, 1000);
INSERT INTO netstate.network (id, name, layer) VALUES (1000, 'place test', 'ip');
INSERT INTO netstate.node (id, network_id, name, site_id) VALUES (1000, 1000, 'r1', 1000);
SELECT what, pg_temp.attempt(statement)
FROM (VALUES
	(1, 'feed, again', 'INSERT INTO netstate.site_power_feed VALUES (1000, 1000)'),
	(2, 'feed of no site', 'INSERT INTO netstate.site_power_feed VALUES (-1, 1000)'),
	(3, 'feed that is none', 'INSERT INTO netstate.site_power_feed VALUES (1000, -1)'),
	(4, 'region with zones', 'DELETE FROM netstate.region WHERE id = 1001'),
	(5, 'zone with sites', 'DELETE FROM netstate.zone WHERE id = 1002'),
	(6, 'site with nodes', 'DELETE FROM netstate.site WHERE id = 1000'),
	(7, 'feed in use', 'DELETE FROM netstate.power_feed WHERE id = 1000'),
	(8, 'node', 'DELETE FROM netstate.node WHERE id = 1000'),
	(9, 'site without nodes', 'DELETE FROM netstate.site WHERE id = 1000'),
	(10, 'its feed, free now', 'DELETE FROM netstate.power_feed WHERE id = 1000'),
	(11, 'its zone', 'DELETE FROM netstate.zone WHERE id = 1002'),
	(12, 'a region free of zones', 'DELETE FROM netstate.region WHERE id = (SELECT id FROM netstate.region WHERE name = ''ap-south-1'')')
) t (n, what, statement) ORDER BY n;
SELECT count(*) AS feeds_of_the_deleted_site FROM netstate.site_power_feed WHERE site_id = 1000;

-- the message names the table and the rule; a long value is cut short
\set VERBOSITY default
SAVEPOINT a;
INSERT INTO netstate.power_feed (id, name) VALUES (1001, repeat('x', 1048576));
ROLLBACK TO a;
INSERT INTO netstate.site (id, name, geom) VALUES (1001, 'north of the pole', 'POINT(0 91)');
ROLLBACK;
