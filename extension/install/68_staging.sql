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
