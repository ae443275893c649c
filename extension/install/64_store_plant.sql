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
