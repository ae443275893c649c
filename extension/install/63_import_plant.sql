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
