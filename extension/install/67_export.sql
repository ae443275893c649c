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
