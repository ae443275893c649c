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
