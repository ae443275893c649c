-- Views that other programs write plant to by names: GDAL's ogr2ogr reads some
-- eighty formats and writes rows of a table.  Each row goes the way of a feature
-- of a document, so that words and ends mean the same.

--| Internal to the staging views: stores one item, or says what is wrong with it.
--|
--| Errors: 22023.
CREATE FUNCTION netstate.stage_item(item netstate.document_item)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
AS $$
#variable_conflict use_column
DECLARE
	items netstate.document_item[] := netstate.plant_resolved(ARRAY[item], 1);
BEGIN
	IF items[1].problem IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22023',
			MESSAGE = format('%s %scannot be stored', item.object, coalesce('"' || left(items[1].name, 60) || '" ', '')),
			DETAIL = format('The row: %s.', items[1].problem),
			HINT = 'docs/import_plant.md says what the columns of the staging views mean.';
	END IF;
	IF item.object = 'span' THEN
		PERFORM netstate.store_spans(items);
	ELSE
		PERFORM netstate.store_places(items);
	END IF;
END
$$;
COMMENT ON FUNCTION netstate.stage_item(netstate.document_item) IS
'Internal: stores one item, or says what is wrong with it.';

--| Structures by names, for programs that write rows: GDAL's ogr2ogr and others.
--| An INSERT adds a structure; `site` is the name of a site that exists. Words
--| are read as by `import_geojson`. 22023 where the row cannot be stored.
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
--| by `import_geojson`. 22023 where the row cannot be stored.
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
	item netstate.document_item;
BEGIN
	item := jsonb_populate_record(NULL::netstate.document_item, jsonb_build_object('ord', 1, 'place', 'row',
		'object', 'structure', 'id', NEW.name, 'name', NEW.name, 'kind', NEW.kind, 'status', NEW.status, 'site', NEW.site,
		-- the gate first: what it refuses gets no further
		'shape', CASE WHEN netstate.valid_point(NEW.geom) THEN netstate.geometry_geojson(NEW.geom) END,
		'problem', CASE WHEN NOT netstate.valid_point(NEW.geom) THEN 'has a geometry that is not a point in range' END));
	PERFORM netstate.stage_item(item);
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION netstate.stage_structure() IS
'Trigger function: stores a row of staging_structure.';

--| Trigger function of `staging_span`: stores the row.
CREATE FUNCTION netstate.stage_span() RETURNS trigger
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	item netstate.document_item;
BEGIN
	item := jsonb_populate_record(NULL::netstate.document_item, jsonb_build_object('ord', 1, 'place', 'row',
		'object', 'span', 'id', NEW.name, 'name', NEW.name, 'kind', NEW.kind, 'status', NEW.status,
		'a', NEW.a_structure, 'z', NEW.z_structure, 'corridor', NEW.corridor, 'side', NEW.side, 'encasement', NEW.encasement, 'length_m', NEW.length_m,
		'shape', CASE WHEN netstate.valid_line(NEW.geom) THEN netstate.geometry_geojson(NEW.geom) END,
		'problem', CASE WHEN NOT netstate.valid_line(NEW.geom) THEN 'has a geometry that is not a line in range' END));
	PERFORM netstate.stage_item(item);
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
