-- Pairs of spans: those that are kept against those derived anew, and against
-- what PostGIS finds in a plane.

-- A plane in metres, around a place.
CREATE FUNCTION plant_test.plane(geom geometry, here geometry) RETURNS geometry LANGUAGE sql IMMUTABLE AS $$
	SELECT ST_SetSRID(ST_Scale(ST_Translate(geom, -ST_X(here), -ST_Y(here)), 111195.0802335329 * cos(radians(ST_Y(here))), 111195.0802335329), 0)
$$;

-- Metres of `line` within `near` of the other, further than `far` from all that
-- is shared.
CREATE FUNCTION plant_test.run(line geometry, other geometry, shared geometry, near float8, far float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
	SELECT ST_Length(ST_Difference(ST_Intersection(line, ST_Buffer(other, near, 64)), coalesce(ST_Buffer(shared, far, 64), 'POLYGON EMPTY')))
$$;

-- What the pair should be, from below and from above: 2 mm and 1 in 1,000 of the
-- distance decide.
CREATE FUNCTION plant_test.pair_bound(a bigint, b bigint, metres integer[], slack float8)
RETURNS TABLE (crosses boolean, distance_m float8, run_m float8[]) LANGUAGE sql STABLE AS $$
	WITH line AS (
		SELECT plant_test.plane(s.geom, here) AS s, plant_test.plane(t.geom, here) AS t,
			(SELECT ST_Collect(plant_test.plane(x.geom, here)) FROM netstate.structure x
				WHERE x.id IN (s.a_structure_id, s.z_structure_id) AND x.id IN (t.a_structure_id, t.z_structure_id)) AS shared
		FROM netstate.span s, netstate.span t, ST_ClosestPoint(s.geom, t.geom) here WHERE s.id = a AND t.id = b),
	apart AS (
		SELECT ST_Difference(s, coalesce(ST_Buffer(shared, 5 - slack, 64), 'POLYGON EMPTY')) AS s, ST_Difference(t, coalesce(ST_Buffer(shared, 5 - slack, 64), 'POLYGON EMPTY')) AS t FROM line)
	SELECT NOT ST_IsEmpty(ST_Difference(ST_Intersection(l.s, l.t), coalesce(ST_Buffer(l.shared, 5 - slack, 64), 'POLYGON EMPTY'))),
		least(ST_Distance(p.s, l.t), ST_Distance(l.s, p.t)),
		ARRAY(SELECT least(plant_test.run(l.s, l.t, l.shared, d * (1 + slack / 2) + slack, d * (1 - slack / 2) - slack),
				plant_test.run(l.t, l.s, l.shared, d * (1 + slack / 2) + slack, d * (1 - slack / 2) - slack)) FROM unnest(metres) WITH ORDINALITY u (d, n) ORDER BY n)
	FROM line l, apart p
$$;

-- Spans that are as near as any rule may ask, of those and at the distances that
-- `pick` chooses; none so long that a plane is too flat.
CREATE FUNCTION plant_test.geometry_differs(pick integer) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	metres integer[] := ARRAY[25, 5, 1 + pick % 25];
BEGIN
	RETURN QUERY
	SELECT plant_test.show('geometry', (array_agg(format('(%s, %s): %s from %s to %s', s.id, t.id, p, least_of, most_of)))[1 : 2], count(*))
	FROM netstate.span s JOIN netstate.span t ON s.id < t.id AND ST_DWithin(s.geom, t.geom, 26 / 66400.0) AND greatest(s.drawn_m, t.drawn_m) < 2000
	CROSS JOIN LATERAL plant_test.pair_bound(s.id, t.id, metres, -0.002) least_of
	CROSS JOIN LATERAL plant_test.pair_bound(s.id, t.id, metres, 0.002) most_of
	LEFT JOIN plant_test.pair p ON (p.a_span_id, p.b_span_id) = (s.id, t.id)
	WHERE hashint8(s.id + t.id + pick) % 8 = 0
		AND NOT CASE WHEN p.a_span_id IS NULL THEN NOT least_of.crosses AND 0.02 > ALL (least_of.run_m)
			ELSE (p.crosses OR NOT least_of.crosses) AND (NOT p.crosses OR most_of.crosses OR most_of.distance_m < 0.001)
				AND (p.crosses OR 0 < ANY (p.run_m))
				AND (p.distance_m > most_of.distance_m - 0.01 AND (p.distance_m < least_of.distance_m + 0.01 OR least_of.distance_m IS NULL)
					OR p.crosses)
				AND NOT EXISTS (SELECT FROM generate_subscripts(metres, 1) i
					WHERE p.run_m[metres[i]] < least_of.run_m[i] - 0.05 OR p.run_m[metres[i]] > most_of.run_m[i] + 0.05) END
	HAVING count(*) > 0;
END $$;

-- The pairs that are kept, or that the transaction has, are those of the spans
-- that are there.
CREATE FUNCTION plant_test.pairs_differ() RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY
	SELECT plant_test.show('span_pair', (array_agg(format('%s not %s', p, d)))[1 : 4], count(*))
	FROM plant_test.pair p FULL JOIN netstate.span_pair_derive() d USING (a_span_id, b_span_id)
	WHERE (p.crosses, p.distance_m, p.run_m) IS DISTINCT FROM (d.crosses, d.distance_m, d.run_m)
	HAVING count(*) > 0;
END $$;

CREATE FUNCTION plant_test.check_pairs(pick integer) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT coalesce('WRONG ' || string_agg(x, '; '), 'right')
	FROM (SELECT plant_test.pairs_differ() UNION ALL SELECT plant_test.geometry_differs(pick)) u (x)
$$;
