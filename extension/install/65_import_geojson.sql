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
