-- Lines cut in two and put together again, for split_span and merge_span.
--
-- A place on a line is a part (1 but for a MultiLineString), a vertex of it, and
-- the fraction of the way to the next vertex, below 1.  Lines are taken apart
-- and put together point by point: what is not cut stays as it was drawn, to the
-- last bit, and no GEOS function is called.

DO $do$
DECLARE
	postgis pg_catalog.name;
BEGIN
	SELECT n.nspname INTO STRICT postgis
	FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
	WHERE e.extname OPERATOR(pg_catalog.=) 'postgis';

	EXECUTE pg_catalog.format($sql$
--| Internal to `split_span`: the straight pieces of a line, with their lengths
--| on the spheroid. A piece with one point ends each part.
CREATE FUNCTION netstate.line_piece(geom %1$I.geometry)
RETURNS TABLE (part integer, vertex integer, x double precision, y double precision,
	next_x double precision, next_y double precision, length_m double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT p.part, p.vertex, %1$I.ST_X(p.here), %1$I.ST_Y(p.here), %1$I.ST_X(p.next), %1$I.ST_Y(p.next),
		%1$I.ST_LengthSpheroid(%1$I.ST_MakeLine(p.here, p.next), 'SPHEROID["WGS 84",6378137,298.257223563]'::%1$I.spheroid)
	FROM (SELECT d.part, d.vertex, d.here, lead(d.here) OVER (PARTITION BY d.part ORDER BY d.vertex) AS next
		FROM (SELECT CASE WHEN cardinality(o.path) = 2 THEN o.path[1] ELSE 1 END AS part,
				o.path[cardinality(o.path)] AS vertex, o.geom AS here
			FROM %1$I.ST_DumpPoints(line_piece.geom) o) d) p;
END;

--| Internal to `split_span`: the place on a line that is nearest to a point, in
--| a plane around that point.
CREATE FUNCTION netstate.line_place(geom %1$I.geometry, point %1$I.geometry,
	OUT part integer, OUT vertex integer, OUT fraction double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT f.part, CASE WHEN f.t < 1 THEN f.vertex ELSE f.vertex + 1 END, CASE WHEN f.t < 1 THEN f.t ELSE 0 END
	FROM (SELECT d.part, d.vertex, d.dx, d.dy, d.px, d.py,
			COALESCE(greatest(0, least(1, (d.px * d.dx + d.py * d.dy) / nullif(d.dx * d.dx + d.dy * d.dy, 0))), 0) AS t
		FROM (SELECT s.part, s.vertex, (s.next_x - s.x) * c.scale AS dx, s.next_y - s.y AS dy,
				(c.x - s.x - 360 * round((c.x - s.x) / 360)) * c.scale AS px, c.y - s.y AS py
			FROM netstate.line_piece(line_place.geom) s,
				(SELECT %1$I.ST_X(point) AS x, %1$I.ST_Y(point) AS y, cos(radians(%1$I.ST_Y(point))) AS scale) c
			WHERE s.next_x IS NOT NULL) d) f
	ORDER BY (f.px - f.t * f.dx) ^ 2::double precision + (f.py - f.t * f.dy) ^ 2::double precision, f.part, f.vertex
	LIMIT 1;
END;

--| Internal to `split_span`: the place on a line that has this share of its
--| length before it.
CREATE FUNCTION netstate.line_at(geom %1$I.geometry, share double precision,
	OUT part integer, OUT vertex integer, OUT fraction double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT f.part, CASE WHEN f.t < 1 THEN f.vertex ELSE f.vertex + 1 END, CASE WHEN f.t < 1 THEN f.t ELSE 0 END
	FROM (SELECT s.part, s.vertex, s.before, s.length_m, s.total,
			greatest(0, (share * s.total - s.before) / nullif(s.length_m, 0)) AS t
		FROM (SELECT p.part, p.vertex, p.length_m, sum(p.length_m) OVER () AS total,
				COALESCE(sum(p.length_m) OVER (ORDER BY p.part, p.vertex
					ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
			FROM netstate.line_piece(line_at.geom) p WHERE p.next_x IS NOT NULL) s
		WHERE s.length_m > 0) f
	WHERE f.before + f.length_m >= share * f.total
	ORDER BY f.part, f.vertex
	LIMIT 1;
END;

--| Internal to `split_span`: a line cut at a place. Both are NULL where the
--| place is an end of the line.
CREATE FUNCTION netstate.line_cut(geom %1$I.geometry, part integer, vertex integer, fraction double precision,
	OUT before %1$I.geometry, OUT after %1$I.geometry)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH piece AS (
		SELECT s.part, s.vertex, s.x, s.y, s.next_x, s.next_y FROM netstate.line_piece(line_cut.geom) s),
	cut AS (
		SELECT p.x + fraction * (p.next_x - p.x) AS x, p.y + fraction * (p.next_y - p.y) AS y,
			p.x AS from_x, p.y AS from_y, p.next_x AS to_x, p.next_y AS to_y
		FROM piece p WHERE fraction > 0 AND p.part = line_cut.part AND p.vertex = line_cut.vertex),
	-- a cut so near to a vertex that it is the vertex
	place AS (
		SELECT line_cut.vertex + CASE WHEN EXISTS (SELECT FROM cut c WHERE c.x = c.to_x AND c.y = c.to_y) THEN 1 ELSE 0 END AS vertex,
			(SELECT c.x FROM cut c WHERE (c.x, c.y) <> (c.to_x, c.to_y) AND (c.x, c.y) <> (c.from_x, c.from_y)) AS x,
			(SELECT c.y FROM cut c WHERE (c.x, c.y) <> (c.to_x, c.to_y) AND (c.x, c.y) <> (c.from_x, c.from_y)) AS y),
	point AS (
		SELECT s.second, s.part, s.vertex::double precision AS vertex, s.x, s.y
		FROM (SELECT false AS second, p.part, p.vertex, p.x, p.y FROM piece p, place
			WHERE (p.part, p.vertex) <= (line_cut.part, place.vertex)
			UNION ALL
			SELECT true, p.part, p.vertex, p.x, p.y FROM piece p, place
			WHERE (p.part, p.vertex) > (line_cut.part, place.vertex)
				OR (place.x IS NULL AND p.part = line_cut.part AND p.vertex = place.vertex)) s
		UNION ALL
		SELECT h.second, line_cut.part, place.vertex + 0.5, place.x, place.y
		FROM place, (VALUES (false), (true)) h (second) WHERE place.x IS NOT NULL),
	line AS (
		SELECT p.second, p.part,
			%1$I.ST_MakeLine(%1$I.ST_SetSRID(%1$I.ST_MakePoint(p.x, p.y), 4326) ORDER BY p.vertex) AS geom
		FROM point p GROUP BY p.second, p.part HAVING count(*) > 1),
	half AS (
		SELECT l.second,
			CASE WHEN %1$I.ST_GeometryType(line_cut.geom) = 'ST_MultiLineString'
				THEN %1$I.ST_Multi(%1$I.ST_Collect(l.geom ORDER BY l.part))
				ELSE (array_agg(l.geom))[1] END AS geom
		FROM line l GROUP BY l.second)
	SELECT a.geom, b.geom FROM half a, half b WHERE NOT a.second AND b.second
	UNION ALL
	SELECT NULL, NULL WHERE (SELECT count(*) FROM half) < 2;
END;

--| Internal to `merge_span`: two lines, one after the other. Where the first ends
--| where the second starts, on a straight line, that vertex is left out.
CREATE FUNCTION netstate.line_join(first %1$I.geometry, second %1$I.geometry) RETURNS %1$I.geometry
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH point AS (
		SELECT row_number() OVER (ORDER BY s.second, s.part, s.vertex) AS n, s.second, s.part, s.x, s.y,
			lag(s.x) OVER w AS last_x, lag(s.y) OVER w AS last_y, lead(s.x) OVER w AS next_x, lead(s.y) OVER w AS next_y,
			lag(s.part) OVER w AS last_part, lead(s.part) OVER w AS next_part,
			lag(s.second) OVER w AS last_second, lead(s.second) OVER w AS next_second
		FROM (SELECT false AS second, p.part, p.vertex, p.x, p.y FROM netstate.line_piece(first) p
			UNION ALL
			SELECT true, p.part, p.vertex, p.x, p.y FROM netstate.line_piece(line_join.second) p) s
		WINDOW w AS (ORDER BY s.second, s.part, s.vertex)),
	-- The second's first point is left out where it is the first's last one, and
	-- that one too where it lies on the way from its neighbour to the next.
	joined AS (
		SELECT p.n, p.x, p.y, p.last_x, p.last_y, p.second, p.part, p.last_second, p.last_part, p.next_second,
			p.second AND NOT p.last_second AND (p.x, p.y) = (p.last_x, p.last_y) AS again,
			lead(p.next_x) OVER (ORDER BY p.n) AS beyond_x, lead(p.next_y) OVER (ORDER BY p.n) AS beyond_y,
			lead(p.next_part) OVER (ORDER BY p.n) AS beyond_part, lead(p.part) OVER (ORDER BY p.n) AS next_part,
			(p.x, p.y) = (p.next_x, p.next_y) AS next_is_again
		FROM point p),
	kept AS (
		SELECT j.n, j.x, j.y,
			-- begins a part: the first of all, one that began a part, one beyond the antimeridian
			CASE WHEN j.n = 1 THEN true
				WHEN j.second = j.last_second THEN j.part <> j.last_part
				ELSE abs(j.x - j.last_x) > 180 END AS begins
		FROM joined j
		WHERE NOT COALESCE(j.again, false)
			AND NOT COALESCE(j.next_second AND NOT j.second AND j.next_is_again
				AND j.last_part = j.part AND j.beyond_part = j.next_part
				AND (j.x - j.last_x) * (j.beyond_x - j.x) + (j.y - j.last_y) * (j.beyond_y - j.y) > 0
				AND abs((j.x - j.last_x) * (j.beyond_y - j.last_y) - (j.y - j.last_y) * (j.beyond_x - j.last_x))
					<= 1e-12::double precision * sqrt((j.beyond_x - j.last_x) ^ 2::double precision
						+ (j.beyond_y - j.last_y) ^ 2::double precision), false)),
	line AS (
		SELECT k.part, %1$I.ST_MakeLine(%1$I.ST_SetSRID(%1$I.ST_MakePoint(k.x, k.y), 4326) ORDER BY k.n) AS geom
		FROM (SELECT p.n, p.x, p.y, count(*) FILTER (WHERE p.begins) OVER (ORDER BY p.n) AS part FROM kept p) k
		GROUP BY k.part)
	SELECT CASE WHEN count(*) > 1 OR %1$I.ST_GeometryType(first) = 'ST_MultiLineString'
			OR %1$I.ST_GeometryType(line_join.second) = 'ST_MultiLineString'
		THEN %1$I.ST_Multi(%1$I.ST_Collect(l.geom ORDER BY l.part))
		ELSE (array_agg(l.geom))[1] END
	FROM line l;
END;

		COMMENT ON FUNCTION netstate.line_piece(%1$I.geometry) IS
			'Internal: the straight pieces of a line.';
		COMMENT ON FUNCTION netstate.line_place(%1$I.geometry, %1$I.geometry) IS
			'Internal: the place on a line that is nearest to a point.';
		COMMENT ON FUNCTION netstate.line_at(%1$I.geometry, double precision) IS
			'Internal: the place on a line that has a share of its length before it.';
		COMMENT ON FUNCTION netstate.line_cut(%1$I.geometry, integer, integer, double precision) IS
			'Internal: a line cut at a place.';
		COMMENT ON FUNCTION netstate.line_join(%1$I.geometry, %1$I.geometry) IS
			'Internal: two lines, one after the other.';
	$sql$, postgis);
END
$do$;
