-- Geometry that nobody should draw, at every column and every function that takes
-- one: refused by a constraint or an error of its own, never by the server.
\set VERBOSITY terse
BEGIN;
SET LOCAL statement_timeout = '100s';

CREATE FUNCTION pg_temp.attempt(statement text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;

CREATE TEMP TABLE hostile (name text, geom geometry);
INSERT INTO hostile VALUES
	('point NaN', ST_SetSRID(ST_MakePoint('NaN', 1), 4326)), ('point infinite', ST_SetSRID(ST_MakePoint(1, 'Infinity'), 4326)),
	('point huge', 'SRID=4326;POINT(1e308 -1e308)'), ('point out of range', 'SRID=4326;POINT(180.001 0)'),
	('point empty', 'SRID=4326;POINT EMPTY'), ('point Z', 'SRID=4326;POINT Z (1 1 1)'), ('point M', 'SRID=4326;POINT M (1 1 1)'),
	('points, one empty', 'SRID=4326;MULTIPOINT((0 0), EMPTY)'), ('points', 'SRID=4326;MULTIPOINT((0 0), (1 1))'),
	('line NaN', ST_SetSRID(ST_MakeLine(ST_MakePoint(0, 0), ST_MakePoint('NaN', 'NaN')), 4326)),
	('line NaN inside', ST_SetSRID(ST_MakeLine(ARRAY[ST_MakePoint(0, 0), ST_MakePoint('NaN', 0), ST_MakePoint(1, 0)]), 4326)),
	('line infinite', ST_SetSRID(ST_MakeLine(ST_MakePoint(0, 0), ST_MakePoint('-Infinity', 0)), 4326)),
	('line huge', 'SRID=4326;LINESTRING(0 0, 1e308 1e308)'), ('line tiny', 'SRID=4326;LINESTRING(0 0, 5e-324 5e-324)'),
	('line out of range', 'SRID=4326;LINESTRING(0 0, 0 90.001)'), ('line empty', 'SRID=4326;LINESTRING EMPTY'),
	('lines empty', 'SRID=4326;MULTILINESTRING EMPTY'), ('lines, one empty', 'SRID=4326;MULTILINESTRING((0 0, 1 1), EMPTY)'),
	('line of one point', ST_SetSRID(ST_MakeLine(ARRAY[ST_MakePoint(0, 0)]), 4326)),
	('lines, one of one point', ST_SetSRID(ST_Collect(ST_MakeLine(ARRAY[ST_MakePoint(0, 0)]), 'LINESTRING(0 0, 1 1)'), 4326)),
	('line of no length', 'SRID=4326;LINESTRING(1 1, 1 1)'), ('line Z', 'SRID=4326;LINESTRING Z (0 0 0, 1 1 1)'),
	('line ZM', 'SRID=4326;LINESTRING ZM (0 0 0 0, 1 1 1 1)'),
	('line of 100,001 points', ST_SetSRID(ST_MakeLine(ARRAY(SELECT ST_MakePoint(i * 1e-4, 0) FROM generate_series(0, 100000) i)), 4326)),
	('line over the antimeridian', 'SRID=4326;LINESTRING(179 0, -179 0)'),
	('line to and fro over it', 'SRID=4326;LINESTRING(180 0, -180 0, 180 1, -179 1, 179 1)'),
	('line over the pole', 'SRID=4326;LINESTRING(0 90, 180 90, -90 90, 0 89)'),
	('area NaN', ST_SetSRID(ST_MakePolygon(ST_MakeLine(ARRAY[ST_MakePoint(0, 0), ST_MakePoint('NaN', 'NaN'), ST_MakePoint(1, 1), ST_MakePoint(0, 0)])), 4326)),
	('area empty', 'SRID=4326;POLYGON EMPTY'), ('areas, one empty', 'SRID=4326;MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), EMPTY)'),
	('bow tie', 'SRID=4326;POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))'), ('area of no area', 'SRID=4326;POLYGON((0 0, 0 0, 0 0, 0 0))'),
	('hole outside', 'SRID=4326;POLYGON((0 0, 1 0, 1 1, 0 0), (5 5, 6 5, 6 6, 5 5))'),
	('polar ring', 'SRID=4326;POLYGON((-180 -90, -180 -60, 180 -60, 180 -90, -180 -90))'),
	('ring around the pole', 'SRID=4326;POLYGON((0 80, 90 80, 180 80, -90 80, 0 80))'),
	('curve', 'SRID=4326;CIRCULARSTRING(0 0, 1 1, 2 0)'), ('compound curve', 'SRID=4326;COMPOUNDCURVE((0 0, 1 1), CIRCULARSTRING(1 1, 2 2, 3 1))'),
	('curve polygon', 'SRID=4326;CURVEPOLYGON(CIRCULARSTRING(0 0, 1 1, 2 0, 1 -1, 0 0))'),
	('TIN', 'SRID=4326;TIN(((0 0, 0 1, 1 1, 0 0)))'), ('triangle', 'SRID=4326;TRIANGLE((0 0, 0 1, 1 1, 0 0))'),
	('surface', 'SRID=4326;POLYHEDRALSURFACE(((0 0, 0 1, 1 1, 0 0)))'),
	('collection', 'SRID=4326;GEOMETRYCOLLECTION(POINT(0 0), GEOMETRYCOLLECTION EMPTY)'), ('collection empty', 'SRID=4326;GEOMETRYCOLLECTION EMPTY'),
	('other SRID', 'SRID=3857;LINESTRING(0 0, 1 1)'), ('no SRID', 'LINESTRING(0 0, 1 1)'), ('point of another SRID', 'SRID=3857;POINT(0 0)');

-- What each kind of column takes of them.  They agree with the gate, but for lines
-- over the antimeridian, which are cut.
CREATE TEMP TABLE target (name text, kind text, statement text);
INSERT INTO netstate.site (id, name) VALUES (7701, 'geometry');
INSERT INTO netstate.network (id, name, layer) VALUES (7701, 'geometry', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES (7701, 7701, 'a'), (7702, 7701, 'z');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (7701, 7701, 'az', 7701, 7702);
INSERT INTO netstate.structure (id, name, geom) VALUES (7701, 'g a', 'POINT(0 0)'), (7702, 'g z', 'POINT(1 1)');
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES (7701, 'g az', 7701, 7702, 'LINESTRING(0 0, 1 1)');
INSERT INTO netstate.corridor (id, name, geom) VALUES (7701, 'g', 'LINESTRING(0 0, 1 1)');
INSERT INTO netstate.hazard_area (id, name, geom) VALUES (7701, 'g', 'POLYGON((0 0, 1 0, 1 1, 0 0))');
INSERT INTO netstate.srlg (id, name, kind, origin) VALUES (7701, 'g', 'conduit', 'configured');
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- Every column of a table that holds geometry: what is added later is tried, too.
INSERT INTO target
SELECT c.relname || '.' || a.attname,
	CASE WHEN c.relname IN ('site', 'node', 'structure') THEN 'point' WHEN c.relname IN ('link', 'span', 'corridor') THEN 'line'
		WHEN c.relname = 'srlg' THEN 'line or area' ELSE 'area' END,
	format('UPDATE netstate.%I SET %I = $1 WHERE id = 7701', c.relname, a.attname)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'netstate'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'geometry'::regtype;
SELECT name, kind FROM target ORDER BY name COLLATE "C";

CREATE TEMP TABLE outcome AS
SELECT t.name AS target, t.kind, h.name,
	pg_temp.attempt(replace(t.statement, '$1', quote_literal(h.geom::text) || '::geometry')) AS state
FROM target t CROSS JOIN hostile h;
SELECT state, count(*) > 0 AS some FROM outcome GROUP BY state ORDER BY state;
SELECT kind, name FROM outcome WHERE state = 'ok' GROUP BY kind, name, (SELECT count(*) FROM target t WHERE t.kind = outcome.kind)
	HAVING count(*) = (SELECT count(*) FROM target t WHERE t.kind = outcome.kind) ORDER BY kind, name COLLATE "C";
-- Nothing is taken by one column and refused by another of its kind.
SELECT o.kind, o.name FROM outcome o GROUP BY o.kind, o.name HAVING count(DISTINCT o.state = 'ok') > 1;

-- Lines over the antimeridian are cut, in every such table.
UPDATE netstate.span SET geom = 'LINESTRING(179 0, -179 2)' WHERE id = 7701;
UPDATE netstate.link SET geom = 'LINESTRING(179 0, -179 2)' WHERE id = 7701;
UPDATE netstate.corridor SET geom = 'LINESTRING(179 0, -179 2)' WHERE id = 7701;
SELECT 'span' AS of, ST_AsText(geom), round(drawn_m::numeric, -3) AS drawn_m FROM netstate.span WHERE id = 7701
UNION ALL SELECT 'link', ST_AsText(geom), NULL FROM netstate.link WHERE id = 7701
UNION ALL SELECT 'corridor', ST_AsText(geom), NULL FROM netstate.corridor WHERE id = 7701;
INSERT INTO netstate.corridor (id, name, geom) VALUES (7702, 'g 2', 'MULTILINESTRING((1 1, 2 2), (-170 0, 175 0, 170 0, -175 0))')
	RETURNING ST_AsText(geom);
SELECT ST_AsText(netstate.split_antimeridian(geom)) = ST_AsText(geom) AS same, count(*) > 0 AS some
FROM hostile WHERE name NOT IN ('line over the antimeridian', 'line to and fro over it', 'line over the pole') GROUP BY 1;
SELECT ST_AsText(netstate.split_antimeridian('SRID=4326;LINESTRING(180 0, -180 0, 180 1, -179 1, 179 1)'));
SELECT netstate.split_antimeridian(NULL) IS NULL AS null_is_null;
SELECT ST_AsEWKT(netstate.split_antimeridian(geom)) FROM (VALUES ('SRID=3857;LINESTRING(170 0, -170 0)'::geometry), ('LINESTRING(170 0, -170 0)')) g (geom);

-- Every function that takes geometry, with each of them as each argument.
CREATE TEMP TABLE called AS
SELECT DISTINCT p.oid::regprocedure::text AS function, h.name,
	pg_temp.attempt(format('SELECT * FROM netstate.%I(%s)', p.proname,
		(SELECT string_agg(CASE WHEN t.type = 'geometry'::regtype
				THEN quote_literal(CASE WHEN t.ord = i THEN h.geom ELSE 'SRID=4326;LINESTRING(0 0, 1 1)'::geometry END::text) || '::geometry'
				ELSE 'NULL::' || t.type::regtype END, ', ' ORDER BY t.ord)
			FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY t (type, ord)))) AS state
FROM pg_proc p
CROSS JOIN LATERAL generate_series(1, p.pronargs) i
CROSS JOIN hostile h	-- the large one is in tables above
WHERE h.name <> 'line of 100,001 points' AND p.pronamespace = 'netstate'::regnamespace AND p.prokind = 'f' AND (p.proargtypes::oid[])[i - 1] = 'geometry'::regtype;
SELECT count(DISTINCT function) >= 8 AS functions FROM called;
-- Those that call themselves internal are handed what a table holds; of them, too,
-- none may take the server down.
SELECT function, name, state FROM called
WHERE state NOT IN ('ok', '22023') AND obj_description(function::regprocedure) NOT LIKE 'Internal%';

-- Pairs of lines that are no such thing, and of some that are odd.
SELECT netstate.line_pair('SRID=4326;LINESTRING(1 1, 1 1)', 'SRID=4326;LINESTRING(0 1, 2 1)') IS NOT NULL AS near;
SELECT netstate.line_pair('SRID=4326;LINESTRING(0 90, 180 90)', 'SRID=4326;LINESTRING(90 90, -90 90)') IS NOT NULL AS near;
SELECT crosses, distance_m, run_m[25] FROM netstate.line_pair('SRID=4326;LINESTRING(179.999 0, -179.999 0)', 'SRID=4326;LINESTRING(-179.9995 1, -179.9995 -1)');
SELECT function, name, state FROM called WHERE function LIKE '%line_pair%' AND name IN ('other SRID', 'no SRID') GROUP BY 1, 2, 3 ORDER BY 2, 3;
SELECT netstate.line_pair(geom, 'SRID=4326;LINESTRING(0 0, 1 1)') FROM hostile WHERE name = 'line NaN';
ROLLBACK;
