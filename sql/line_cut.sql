-- Lines cut in two and put together again: not a bit of what is not cut changes.
\pset null '(null)'

-- the nearest place, in a plane around the point: part, vertex, fraction
SELECT ST_AsText(g) AS line, ST_AsText(p) AS point, l.part, l.vertex, round(l.fraction::numeric, 6) AS fraction
FROM (VALUES
	(1, 'SRID=4326;LINESTRING(0 0, 1 0, 1 1)'::geometry, 'SRID=4326;POINT(0.4 0.1)'::geometry),
	(2, 'SRID=4326;LINESTRING(0 0, 1 0, 1 1)', 'SRID=4326;POINT(1.4 -0.1)'),
	(3, 'SRID=4326;LINESTRING(0 0, 1 0, 1 1)', 'SRID=4326;POINT(-5 0)'),
	(4, 'SRID=4326;LINESTRING(0 60, 2 61)', 'SRID=4326;POINT(1 60)'),
	(5, 'SRID=4326;MULTILINESTRING((179 0, 180 0), (-180 0, -179 0))', 'SRID=4326;POINT(-179.5 0.1)'),
	(6, 'SRID=4326;MULTILINESTRING((179 0, 180 0), (-180 0, -179 0))', 'SRID=4326;POINT(179.25 0.1)'),
	(7, 'SRID=4326;LINESTRING(3 3, 3 3)', 'SRID=4326;POINT(0 0)')) t (n, g, p), LATERAL netstate.line_place(g, p) l ORDER BY n;

-- cut at a share of the length, and joined
SELECT share, ST_AsText(c.before, 6) AS before, ST_AsText(c.after, 6) AS after, netstate.line_join(c.before, c.after)::bytea = g::bytea AS same
FROM (VALUES ('SRID=4326;LINESTRING(0 0, 1 0, 1 1)'::geometry), ('SRID=4326;MULTILINESTRING((179 0, 180 0), (-180 0, -179.5 0, -179 0.5))'),
	('SRID=4326;MULTILINESTRING((179 0, 180 0))')) t (g), unnest(ARRAY[0, 0.25, 0.75, 1]) share,
	LATERAL netstate.line_at(g, share) p, LATERAL netstate.line_cut(g, p.part, p.vertex, p.fraction) c
ORDER BY ST_AsText(g), share;

-- cut at a vertex: one at a corner stays, one on a straight line is left out
SELECT ST_AsText(c.before) AS before, ST_AsText(c.after) AS after, ST_AsText(netstate.line_join(c.before, c.after)) AS joined
FROM (VALUES (1, 'SRID=4326;LINESTRING(0 0, 1 0, 1 1)'::geometry, 1, 2), (2, 'SRID=4326;LINESTRING(0 0, 1 0, 2 0)', 1, 2),
	(3, 'SRID=4326;LINESTRING(0 0, 1 0, 0 0)', 1, 2), (4, 'SRID=4326;MULTILINESTRING((179 0, 180 0), (-180 0, -179 0))', 1, 2),
	(5, 'SRID=4326;MULTILINESTRING((179 0, 180 0), (-180 0, -179 0))', 2, 1), (6, 'SRID=4326;LINESTRING(0 0, 1 0)', 1, 1), (7, 'SRID=4326;LINESTRING(0 0, 1 0)', 1, 2)) t (n, g, part, vertex),
	LATERAL netstate.line_cut(g, part, vertex, 0) c ORDER BY n;

-- lines that do not quite meet, and that meet beyond the antimeridian
SELECT ST_AsText(netstate.line_join('SRID=4326;LINESTRING(0 0, 1 0)', 'SRID=4326;LINESTRING(1.1 0, 2 1)')) AS apart,
	ST_AsText(netstate.line_join('SRID=4326;LINESTRING(179 0, 180 0)', 'SRID=4326;LINESTRING(-180 0, -179 0)')) AS around;

-- at random
SELECT setseed(0.3);
SELECT count(*) AS lines, count(*) FILTER (WHERE netstate.line_join(c.before, c.after)::bytea <> g::bytea) AS changed,
	max(abs(ST_Length(c.before::geography) / ST_Length(g::geography) - share)) < 0.001 AS "cut where asked"
FROM (SELECT random() AS share, ST_SetSRID(ST_MakeLine(ARRAY(SELECT ST_MakePoint(-6 + random() * 0.1, 53 + random() * 0.1) FROM generate_series(0, 1 + i % 5))), 4326) AS g
	FROM generate_series(1, 1000) i) x,
	netstate.line_at(g, share) p, netstate.line_cut(g, p.part, p.vertex, p.fraction) c;
