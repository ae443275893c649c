-- The plant: what the tables take, what they refuse and by which rule.
\set VERBOSITY terse
\pset null '(null)'
BEGIN;

-- Every constraint that some statement below broke.
CREATE TEMP TABLE broke (name text PRIMARY KEY);

-- Runs a statement: 'ok' and the number of rows, or the SQLSTATE with the
-- constraint or the column that refused it.
CREATE FUNCTION pg_temp.attempt(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	affected bigint;
	broken text;
	bare text;
BEGIN
	EXECUTE statement;
	GET DIAGNOSTICS affected = ROW_COUNT;
	RETURN 'ok ' || affected;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME, bare = COLUMN_NAME;
	INSERT INTO broke VALUES (broken) ON CONFLICT DO NOTHING;
	RETURN concat_ws(' ', SQLSTATE, nullif(broken, ''), nullif(bare, ''));
END $$;

-- The sequences begin beyond the ids that are given here.
DO $$
DECLARE
	numbered text;
BEGIN
	FOREACH numbered IN ARRAY ARRAY['structure', 'corridor', 'hazard_area', 'span', 'duct', 'cable', 'splice_closure', 'splice'] LOOP
		EXECUTE format('ALTER TABLE netstate.%I ALTER COLUMN id RESTART WITH 5001', numbered);
	END LOOP;
END $$;

INSERT INTO netstate.site (id, name) VALUES (1001, 'pop');
INSERT INTO netstate.structure (id, site_id, name, kind, geom) VALUES
	(1, 1001, 'entrance', 'building_entrance', 'POINT(-6.26 53.35)'), (2, NULL, 'manhole 2', NULL, 'POINT(-6.25 53.35)'),
	(3, NULL, 'manhole 3', NULL, 'POINT(-6.24 53.35)'), (4, NULL, 'bridge', 'bridge', 'POINT(-6.245 53.35)');
INSERT INTO netstate.corridor (id, name, kind, geom) VALUES (1, 'N11', 'road', 'LINESTRING(-6.26 53.35, -6.2 53.3)');
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES
	(1, 'span 1', 1, 2, 'LINESTRING(-6.26 53.35, -6.25 53.35)'), (2, 'span 2', 2, 3, 'LINESTRING(-6.25 53.35, -6.24 53.35)');

-- what a column is when nobody says
SELECT status, kind, side, encasement, length_m, mtbf_hours, round(drawn_m) AS drawn_m FROM netstate.span WHERE id = 1;

-- names, kinds and statuses: the same rules in every table
SELECT n, what, pg_temp.attempt(statement)
FROM (VALUES
	(1, 'structure, empty name', $$INSERT INTO netstate.structure (name, geom) VALUES ('', 'POINT(0 0)')$$),
	(2, 'structure, name again', $$INSERT INTO netstate.structure (name, geom) VALUES ('bridge', 'POINT(0 0)')$$),
	(3, 'structure, no name', $$INSERT INTO netstate.structure (geom) VALUES ('POINT(0 0)')$$),
	(4, 'structure, empty kind', $$INSERT INTO netstate.structure (name, kind, geom) VALUES ('x', '', 'POINT(0 0)')$$),
	(5, 'structure, unknown status', $$INSERT INTO netstate.structure (name, status, geom) VALUES ('x', 'in_service', 'POINT(0 0)')$$),
	(6, 'structure, no status', $$INSERT INTO netstate.structure (name, status, geom) VALUES ('x', NULL, 'POINT(0 0)')$$),
	(7, 'structure, no place', $$INSERT INTO netstate.structure (name) VALUES ('x')$$),
	(8, 'structure of no site', $$INSERT INTO netstate.structure (name, site_id, geom) VALUES ('x', -1, 'POINT(0 0)')$$),
	(9, 'corridor, name 1 MB', $$INSERT INTO netstate.corridor (name, geom) VALUES (repeat('x', 1048576), 'LINESTRING(0 0, 1 1)')$$),
	(10, 'corridor, name again', $$INSERT INTO netstate.corridor (name, geom) VALUES ('N11', 'LINESTRING(0 0, 1 1)')$$),
	(11, 'corridor, blank kind', $$INSERT INTO netstate.corridor (name, kind, geom) VALUES ('x', ' ', 'LINESTRING(0 0, 1 1)')$$),
	(12, 'corridor, no course', $$INSERT INTO netstate.corridor (name) VALUES ('x')$$),
	(13, 'hazard area', $$INSERT INTO netstate.hazard_area (name, kind, geom) VALUES ('flood', 'flood', 'POLYGON((0 0, 1 0, 1 1, 0 0))')$$),
	(14, 'hazard area, name again', $$INSERT INTO netstate.hazard_area (name, geom) VALUES ('flood', 'POLYGON((0 0, 1 0, 1 1, 0 0))')$$),
	(15, 'hazard area, blank after name', $$INSERT INTO netstate.hazard_area (name, geom) VALUES ('x ', 'POLYGON((0 0, 1 0, 1 1, 0 0))')$$),
	(16, 'hazard area, empty kind', $$INSERT INTO netstate.hazard_area (name, kind, geom) VALUES ('x', '', 'POLYGON((0 0, 1 0, 1 1, 0 0))')$$),
	(17, 'hazard area, no area', $$INSERT INTO netstate.hazard_area (name) VALUES ('x')$$),
	(18, 'span, name again', $$INSERT INTO netstate.span (name, a_structure_id, z_structure_id, geom) VALUES ('span 1', 1, 2, 'LINESTRING(0 0, 1 1)')$$),
	(19, 'span, empty name', $$UPDATE netstate.span SET name = '' WHERE id = 1$$),
	(20, 'span, empty kind', $$UPDATE netstate.span SET kind = '' WHERE id = 1$$),
	(21, 'span, unknown status', $$UPDATE netstate.span SET status = 'CUT' WHERE id = 1$$),
	(22, 'span, no status', $$UPDATE netstate.span SET status = NULL WHERE id = 1$$),
	(23, 'cable, empty name', $$INSERT INTO netstate.cable (name, strand_count) VALUES ('', 12)$$),
	(24, 'cable, unknown status', $$INSERT INTO netstate.cable (name, strand_count, status) VALUES ('x', 12, 'lit')$$),
	(25, 'cable', $$INSERT INTO netstate.cable (id, name, strand_count) VALUES (1, 'cable 1', 100000), (2, 'cable 2', 1), (3, 'cable 3', 12)$$),
	(26, 'cable, name again', $$INSERT INTO netstate.cable (name, strand_count) VALUES ('cable 1', 12)$$),
	(27, 'closure, empty name', $$INSERT INTO netstate.splice_closure (structure_id, name) VALUES (2, '')$$),
	(28, 'closure', $$INSERT INTO netstate.splice_closure (id, structure_id, name) VALUES (1, 2, 'A'), (2, 3, 'A')$$),
	(29, 'closure, name again', $$INSERT INTO netstate.splice_closure (structure_id, name) VALUES (2, 'A')$$),
	(30, 'closure, nowhere', $$INSERT INTO netstate.splice_closure (structure_id, name) VALUES (-1, 'A')$$)
) t (n, what, statement) ORDER BY n;

SELECT of, count(*) FILTER (WHERE pg_temp.attempt(format('UPDATE netstate.%s SET status = %L WHERE id = 1', of, status)) = 'ok 1') AS statuses
FROM unnest(ARRAY['structure', 'span', 'cable']) of,
	unnest(ARRAY['proposed', 'planned', 'under_construction', 'cut', 'inactive', 'decommissioned', 'operational']) status
GROUP BY of ORDER BY of;

-- ids leave room for the ids of groups
SELECT of, most, pg_temp.attempt(format(statement, 0)) AS "0", pg_temp.attempt(format(statement, most)) AS most,
	pg_temp.attempt(format(statement, most + 1)) AS "one more"
FROM (VALUES
	('region', 2::numeric ^ 59 - 1, $$INSERT INTO netstate.region (id, name) VALUES (%1$s, 'id %1$s')$$),
	('zone', 2::numeric ^ 59 - 1, $$INSERT INTO netstate.zone (id, region_id, name) SELECT %1$s, min(id), 'id %1$s' FROM netstate.region$$),
	('site', 2::numeric ^ 59 - 1, $$INSERT INTO netstate.site (id, name) VALUES (%1$s, 'id %1$s')$$),
	('power_feed', 2::numeric ^ 59 - 1, $$INSERT INTO netstate.power_feed (id, name) VALUES (%1$s, 'id %1$s')$$),
	('structure', 2::numeric ^ 59 - 1, $$INSERT INTO netstate.structure (id, name, geom) VALUES (%1$s, 'id %1$s', 'POINT(0 0)')$$),
	('corridor', 2::numeric ^ 31 - 1, $$INSERT INTO netstate.corridor (id, name, geom) VALUES (%1$s, 'id %1$s', 'LINESTRING(0 0, 1 1)')$$),
	('hazard_area', 2::numeric ^ 59 - 1, $$INSERT INTO netstate.hazard_area (id, name, geom) VALUES (%1$s, 'id %1$s', 'POLYGON((0 0, 1 0, 1 1, 0 0))')$$),
	('span', 2::numeric ^ 29 - 1, $$INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES (%1$s, 'id %1$s', 1, 2, 'LINESTRING(0 0, 1 1)')$$),
	('duct', 2::numeric ^ 59 - 1, $$INSERT INTO netstate.duct (id, span_id, name) VALUES (%1$s, 1, 'id %1$s')$$),
	('cable', 2::numeric ^ 39 - 1, $$INSERT INTO netstate.cable (id, name, strand_count) VALUES (%1$s, 'id %1$s', 1)$$),
	('splice_closure', 2::numeric ^ 59 - 1, $$INSERT INTO netstate.splice_closure (id, structure_id, name) VALUES (%1$s, 2, 'id %1$s')$$),
	('splice', 2::numeric ^ 59 - 1, $$INSERT INTO netstate.splice (id, structure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands) VALUES (%1$s, 2, 1, 9, int4range((1 + abs(%1$s) %% 3)::integer, (2 + abs(%1$s) %% 3)::integer), 3, 9, int4range((1 + abs(%1$s) %% 3)::integer, (2 + abs(%1$s) %% 3)::integer))$$)
) t (of, m, statement), LATERAL (SELECT m::bigint AS most) x;
SELECT s.seqrelid::regclass, s.seqmax FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
WHERE c.relnamespace = 'netstate'::regnamespace AND s.seqmax < 2 ^ 63 - 1 ORDER BY 1;

SELECT of, pg_temp.attempt(format('UPDATE netstate.%s SET id = (SELECT max(id) FROM netstate.%1$s)', of)) AS "an id again"
FROM unnest(ARRAY['structure', 'corridor', 'hazard_area', 'span', 'cable', 'splice_closure']) of;
DELETE FROM netstate.splice;

-- spans
SELECT n, what, pg_temp.attempt('UPDATE netstate.span SET ' || changed || ' WHERE id = 1')
FROM (VALUES
	(1, 'from itself to itself', 'z_structure_id = a_structure_id'),
	(2, 'from nowhere', 'a_structure_id = -1'),
	(3, 'to nowhere', 'z_structure_id = -1'),
	(4, 'no A', 'a_structure_id = NULL'),
	(5, 'no Z', 'z_structure_id = NULL'),
	(6, 'along no corridor', 'corridor_id = -1'),
	(7, 'a side of nothing', $$side = 'left'$$),
	(8, 'a side', $$side = 'left', corridor_id = 1$$),
	(9, 'the corridor goes, the side stays', 'corridor_id = NULL'),
	(10, 'an unknown side', $$side = 'Left'$$),
	(11, 'the median', $$side = 'median'$$),
	(12, 'the right', $$side = 'right'$$),
	(13, 'unknown encasement', $$encasement = 'steel'$$),
	(14, 'no encasement', 'encasement = NULL'),
	(15, 'cast', $$encasement = 'cast'$$),
	(16, 'prefabricated', $$encasement = 'prefabricated'$$),
	(17, 'no longer', 'length_m = -1'),
	(18, 'endless', $$length_m = 'Infinity'$$),
	(19, 'length NaN', $$length_m = 'NaN'$$),
	(20, 'length 0', 'length_m = 0'),
	(21, 'MTBF 0', 'mtbf_hours = 0'),
	(22, 'MTBF NaN', $$mtbf_hours = 'NaN'$$),
	(23, 'MTTR -1', 'mttr_hours = -1'),
	(24, 'MTTR infinite', $$mttr_hours = '-Infinity'$$),
	(25, 'MTBF and MTTR', 'mtbf_hours = 1e300, mttr_hours = 0'),
	(26, 'drawn by hand', 'drawn_m = 5')
) t (n, what, changed) ORDER BY n;

-- no geometry gets anywhere that the gates refuse, whatever would measure it
SELECT n, what, pg_temp.attempt(format($$INSERT INTO netstate.span (name, a_structure_id, z_structure_id, geom) VALUES ('g%s', 1, 2, %s)$$, n, geom)) AS span,
	pg_temp.attempt(format($$INSERT INTO netstate.corridor (name, geom) VALUES ('g%s', %s)$$, n, geom)) AS corridor,
	pg_temp.attempt(format($$INSERT INTO netstate.hazard_area (name, geom) VALUES ('g%s', %s)$$, n, geom)) AS hazard_area,
	pg_temp.attempt(format($$INSERT INTO netstate.structure (name, geom) VALUES ('g%s', %s)$$, n, geom)) AS structure
FROM (VALUES
	(1, 'none', 'NULL'),
	(2, 'line', $$'LINESTRING(0 0, 1 1)'$$),
	(3, 'lines split at the antimeridian', $$'MULTILINESTRING((179 0, 180 0), (-180 0, -179 0))'$$),
	(4, 'area', $$'POLYGON((0 0, 1 0, 1 1, 0 0))'$$),
	(5, 'point', $$'POINT(0 0)'$$),
	(6, 'empty line', $$'LINESTRING EMPTY'$$),
	(7, 'empty point', $$'POINT EMPTY'$$),
	(8, 'one empty part', $$'MULTILINESTRING((0 0, 1 1), EMPTY)'$$),
	(9, 'NaN', $$ST_SetSRID(ST_MakeLine(ST_MakePoint(0, 'NaN'), ST_MakePoint(1, 1)), 4326)$$),
	(10, 'infinite', $$ST_SetSRID(ST_MakeLine(ST_MakePoint(0, 0), ST_MakePoint('Infinity', 1)), 4326)$$),
	(11, 'NaN point', $$ST_SetSRID(ST_MakePoint('NaN', 0), 4326)$$),
	(12, 'metres', $$'LINESTRING(683000 5993000, 683001 5993001)'$$),
	(13, 'another SRID', $$'SRID=3857;LINESTRING(0 0, 1 1)'$$),
	(14, 'curve', $$'CIRCULARSTRING(0 0, 1 1, 2 0)'$$),
	(15, 'collection', $$'GEOMETRYCOLLECTION(LINESTRING(0 0, 1 1))'$$),
	(16, '100,001 vertices', $$(SELECT ST_SetSRID(ST_MakeLine(ST_MakePoint(i / 1e6, 0) ORDER BY i), 4326) FROM generate_series(1, 100001) i)$$),
	(17, 'both poles, and around', $$'LINESTRING(-180 -90, 180 90, 0 90, 0 -90)'$$),
	(18, 'twice the same point', $$'LINESTRING(0 0, 0 0)'$$),
	(19, 'antipodes', $$'LINESTRING(0 0, 180 0)'$$)
) t (n, what, geom) ORDER BY n;
SELECT name, round(drawn_m::numeric, 3) AS drawn_m FROM netstate.span WHERE name LIKE 'g%' ORDER BY name;
UPDATE netstate.span SET geom = 'LINESTRING(0 0, 1 0)' WHERE name = 'g2' RETURNING round(drawn_m::numeric, 3) AS drawn_m;

-- crossings
SELECT n, what, pg_temp.attempt('INSERT INTO netstate.span_crossing VALUES (' || row || ')')
FROM (VALUES
	(1, 'over', $$1, 4, 'over'$$),
	(2, 'again', $$1, 4, 'under'$$),
	(3, 'beside', $$2, 4, 'beside'$$),
	(4, 'of no span', $$-1, 4, 'over'$$),
	(5, 'at nothing', $$2, -1, 'over'$$),
	(6, 'no word', $$2, 4, NULL$$),
	(7, 'under', $$2, 4, 'under'$$),
	(8, 'through', $$2, 3, 'through'$$)
) t (n, what, row) ORDER BY n;

-- cables and their routes
SELECT n, what, pg_temp.attempt(statement)
FROM (VALUES
	(1, 'no strands', $$INSERT INTO netstate.cable (name, strand_count) VALUES ('x', 0)$$),
	(2, 'too many strands', $$INSERT INTO netstate.cable (name, strand_count) VALUES ('x', 100001)$$),
	(3, 'strands unknown', $$INSERT INTO netstate.cable (name) VALUES ('x')$$),
	(4, 'ducts', $$INSERT INTO netstate.duct (id, span_id, parent_id, name) VALUES (1, 1, NULL, 'a'), (2, 2, NULL, 'a'), (3, 1, 1, 'b')$$),
	(5, 'two segments', $$INSERT INTO netstate.cable_segment VALUES (1, 1, 1, 3, 0), (1, 2, 2, NULL, 12.5)$$),
	(6, 'a place again', $$INSERT INTO netstate.cable_segment VALUES (1, 2, 1, NULL, 0)$$),
	(7, 'place 0', $$INSERT INTO netstate.cable_segment VALUES (1, 0, 1, NULL, 0)$$),
	(8, 'the last place', $$INSERT INTO netstate.cable_segment VALUES (2, 1048575, 1, NULL, 0)$$),
	(9, 'beyond', $$INSERT INTO netstate.cable_segment VALUES (2, 1048576, 1, NULL, 0)$$),
	(10, 'of no cable', $$INSERT INTO netstate.cable_segment VALUES (-1, 1, 1, NULL, 0)$$),
	(11, 'in no span', $$INSERT INTO netstate.cable_segment VALUES (3, 1, -1, NULL, 0)$$),
	(12, 'in no duct', $$INSERT INTO netstate.cable_segment VALUES (3, 1, 1, -1, 0)$$),
	(13, 'in a duct elsewhere', $$INSERT INTO netstate.cable_segment VALUES (3, 1, 1, 2, 0)$$),
	(14, 'slack -1', $$INSERT INTO netstate.cable_segment VALUES (3, 1, 1, NULL, -1)$$),
	(15, 'slack NaN', $$INSERT INTO netstate.cable_segment VALUES (3, 1, 1, NULL, 'NaN')$$),
	(16, 'slack unknown', $$INSERT INTO netstate.cable_segment VALUES (3, 1, 1, NULL, NULL)$$),
	(17, 'all move along at once', $$UPDATE netstate.cable_segment SET seq = seq + 1 WHERE cable_id = 1$$),
	(18, 'and back', $$UPDATE netstate.cable_segment SET seq = seq - 1 WHERE cable_id = 1$$),
	(19, 'the duct of a cable moves', $$UPDATE netstate.duct SET span_id = 2, parent_id = NULL WHERE id = 3$$)
) t (n, what, statement) ORDER BY n;

-- splices
SELECT n, what, pg_temp.attempt('INSERT INTO netstate.splice (id, structure_id, closure_id, kind, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands) VALUES (' || row || ')')
FROM (VALUES
	(1, 'two strands', $$1, 2, 1, 'fusion', 1, 1, '[1,3)', 3, 1, '[1,3)'$$),
	(2, 'in a closure elsewhere', $$2, 2, 2, 'fusion', 1, 1, '[5,6)', 3, 1, '[5,6)'$$),
	(3, 'nowhere', $$2, -1, NULL, 'fusion', 1, 1, '[5,6)', 3, 1, '[5,6)'$$),
	(4, 'by glue', $$2, 2, NULL, 'glue', 1, 1, '[5,6)', 3, 1, '[5,6)'$$),
	(5, 'of no cable', $$2, 2, NULL, 'fusion', -1, 1, '[5,6)', 3, 1, '[5,6)'$$),
	(6, 'to no cable', $$2, 2, NULL, 'fusion', 1, 1, '[5,6)', -1, 1, '[5,6)'$$),
	(7, 'segment 0', $$2, 2, NULL, 'fusion', 1, 0, '[5,6)', 3, 1, '[5,6)'$$),
	(8, 'segment 2^20', $$2, 2, NULL, 'fusion', 1, 1, '[5,6)', 3, 1048576, '[5,6)'$$),
	(9, 'no strands', $$2, 2, NULL, 'fusion', 1, 1, 'empty', 3, 1, 'empty'$$),
	(10, 'strand 0', $$2, 2, NULL, 'fusion', 1, 1, '[0,2)', 3, 1, '[5,7)'$$),
	(11, 'strands without an end', $$2, 2, NULL, 'fusion', 1, 1, '[5,6)', 3, 1, '[5,)'$$),
	(12, 'strands without a beginning', $$2, 2, NULL, 'fusion', 1, 1, '(,6)', 3, 1, '[5,6)'$$),
	(13, 'two to one', $$2, 2, NULL, 'fusion', 1, 1, '[5,7)', 3, 1, '[5,6)'$$),
	(14, 'an end again on the A side', $$2, 2, NULL, 'fusion', 1, 1, '[2,3)', 3, 1, '[5,6)'$$),
	(15, 'an end again on the Z side', $$2, 2, NULL, 'fusion', 1, 1, '[5,6)', 3, 1, '[2,3)'$$),
	(16, 'an end to itself', $$2, 2, NULL, 'fusion', 1, 1, '[5,7)', 1, 1, '[6,8)'$$),
	(17, 'patched', $$2, 2, NULL, 'patch', 1, 1, '[5,7)', 3, 1, '[5,7)'$$),
	(18, 'the other end of the segment', $$3, 1, NULL, 'patch', 1, 1, '[1,3)', 3, 1, '[1,3)'$$),
	(19, 'on in the same cable', $$4, 2, 1, 'fusion', 1, 1, '[8,9)', 1, 2, '[8,9)'$$),
	(20, 'its id again', $$4, 2, 1, 'fusion', 1, 1, '[9,10)', 1, 2, '[9,10)'$$),
	(21, 'no kind', $$5, 2, 1, NULL, 1, 1, '[9,10)', 1, 2, '[9,10)'$$)
) t (n, what, row) ORDER BY n;

-- strands of links
INSERT INTO netstate.network (id, name, layer) VALUES (1001, 'fibre', 'fibre');
INSERT INTO netstate.node (id, network_id, name, structure_id) VALUES (1001, 1001, 'a', 1), (1002, 1001, 'z', 3);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (1001, 1001, '1', 1001, 1002), (1002, 1001, '2', 1001, 1002);
SELECT n, what, pg_temp.attempt('INSERT INTO netstate.strand_assignment VALUES (' || row || ')')
FROM (VALUES
	(1, 'a pair along two segments', $$1001, 1, 1, '[1,3)', '[1,3)'$$),
	(2, 'a strand to another link', $$1002, 1, 1, '[2,4)', '[2,3)'$$),
	(3, 'to the same link', $$1001, 2, 1, '[1,2)', '[1,2)'$$),
	(4, 'the next strands', $$1002, 1, 1, '[3,5)', '[1,3)'$$),
	(5, 'the same strands of the next segments', $$1002, 2, 1, '[1,3)', '[3,4)'$$),
	(6, 'the same strands of another cable', $$1002, 3, 3, '[1,3)', '[1,3)'$$),
	(7, 'a place again', $$1002, 3, 3, '[5,6)', '[1,2)'$$),
	(8, 'place 0', $$1002, 0, 3, '[5,6)', '[1,2)'$$),
	(9, 'of no link', $$-1, 1, 3, '[5,6)', '[1,2)'$$),
	(10, 'of no cable', $$1002, 4, -1, '[5,6)', '[1,2)'$$),
	(11, 'no strand', $$1002, 4, 3, 'empty', '[1,2)'$$),
	(12, 'strand 0', $$1002, 4, 3, '[0,1)', '[1,2)'$$),
	(13, 'every strand from 5', $$1002, 4, 3, '[5,)', '[1,2)'$$),
	(14, 'every strand', $$1002, 4, 3, '(,)', '[1,2)'$$),
	(15, 'strand 100,001', $$1002, 4, 3, '[100001,100002)', '[1,2)'$$),
	(16, 'no segment', $$1002, 4, 3, '[5,6)', '[2,2)'$$),
	(17, 'segment 0', $$1002, 4, 3, '[5,6)', '[0,2)'$$),
	(18, 'every segment', $$1002, 4, 3, '[5,6)', '(,)'$$),
	(19, 'segment 2^20', $$1002, 4, 3, '[5,6)', '[1,1048577)'$$),
	(20, 'strands unknown', $$1002, 4, 3, NULL, '[1,2)'$$),
	(21, 'segments unknown', $$1002, 4, 3, '[5,6)', NULL$$)
) t (n, what, row) ORDER BY n;

-- rules
SELECT n, what, pg_temp.attempt('INSERT INTO netstate.risk_rule (kind, enabled, distance_m, min_length_m, probability, mtbf_hours_km, mttr_hours, source) VALUES (' || row || ')')
FROM (VALUES
	(1, 'off', $$'span', false, NULL, NULL, NULL, NULL, NULL, NULL$$),
	(2, 'again', $$'span', true, NULL, NULL, NULL, NULL, NULL, NULL$$),
	(3, 'of no kind', $$'moon', true, NULL, NULL, NULL, NULL, NULL, NULL$$),
	(4, 'a distance where there is none', $$'duct', NULL, 5, NULL, NULL, NULL, NULL, NULL$$),
	(5, 'a length where there is none', $$'duct', NULL, NULL, 5, NULL, NULL, NULL, NULL$$),
	(6, 'near is 0 m', $$'proximity', NULL, 0, NULL, NULL, NULL, NULL, NULL$$),
	(7, 'near is 26 m', $$'proximity', NULL, 26, NULL, NULL, NULL, NULL, NULL$$),
	(8, 'near is 5.5 m', $$'proximity', NULL, 5.5, NULL, NULL, NULL, NULL, NULL$$),
	(9, 'near is NaN', $$'proximity', NULL, 'NaN', NULL, NULL, NULL, NULL, NULL$$),
	(10, 'length -1', $$'proximity', NULL, 10, -1, NULL, NULL, NULL, NULL$$),
	(11, 'near is 10 m', $$'proximity', NULL, 10, 0, 0.25, NULL, 0, 'ours'$$),
	(12, 'stretches of 9 m', $$'corridor', NULL, 9, NULL, NULL, NULL, NULL, NULL$$),
	(13, 'stretches without end', $$'corridor', NULL, 'Infinity', NULL, NULL, NULL, NULL, NULL$$),
	(14, 'stretches of 500 m', $$'corridor', NULL, 500, NULL, NULL, NULL, NULL, NULL$$),
	(15, 'probability 1.1', $$'cable', NULL, NULL, NULL, 1.1, NULL, NULL, NULL$$),
	(16, 'probability NaN', $$'cable', NULL, NULL, NULL, 'NaN', NULL, NULL, NULL$$),
	(17, 'MTBF 0', $$'cable', NULL, NULL, NULL, NULL, 0, NULL, NULL$$),
	(18, 'MTTR -1', $$'cable', NULL, NULL, NULL, NULL, NULL, -1, NULL$$),
	(19, 'a rule of the shipped ones goes', $$'site', NULL, NULL, NULL, NULL, NULL, NULL, NULL$$)
) t (n, what, row) ORDER BY n;
SELECT n, what, pg_temp.attempt(statement)
FROM (VALUES
	(1, 'a shipped rule that an operator''s overrides', $$DELETE FROM netstate.risk_rule_default WHERE kind = 'site'$$),
	(2, 'of another kind', $$UPDATE netstate.risk_rule_default SET kind = 'moon' WHERE kind = 'duct'$$),
	(3, 'without a distance', $$UPDATE netstate.risk_rule_default SET distance_m = NULL WHERE kind = 'proximity'$$),
	(4, 'without a length', $$UPDATE netstate.risk_rule_default SET min_length_m = NULL WHERE kind = 'proximity'$$),
	(5, 'probability -1', $$UPDATE netstate.risk_rule_default SET probability = -1$$),
	(6, 'MTBF infinite', $$UPDATE netstate.risk_rule_default SET mtbf_hours_km = 'Infinity'$$),
	(7, 'MTTR -1', $$UPDATE netstate.risk_rule_default SET mttr_hours = -1$$),
	(8, 'again', $$INSERT INTO netstate.risk_rule_default SELECT * FROM netstate.risk_rule_default$$)
) t (n, what, statement) ORDER BY n;
SELECT f.* FROM netstate.risk_rule_in_force f JOIN netstate.risk_rule r USING (kind) WHERE kind = 'proximity';
SELECT f.kind, f.enabled, f.distance_m, f.probability = d.probability AND f.source = d.source AS "else as shipped"
FROM netstate.risk_rule_in_force f JOIN netstate.risk_rule_default d USING (kind) WHERE kind IN ('span', 'corridor', 'duct') ORDER BY kind;
SELECT count(*) AS rules, count(*) FILTER (WHERE source ~ 'hosen|, (19|20)[0-9]{2}|\([12][0-9]{3}\)') AS "with a source",
	count(*) FILTER (WHERE enabled) AS enabled
FROM netstate.risk_rule_default;

-- pairs
SELECT n, what, pg_temp.attempt('INSERT INTO netstate.' || row)
FROM (VALUES
	(1, 'a pair', $$span_pair VALUES (600000001, 600000002, true, 0, array_fill(0::real, ARRAY[25]))$$),
	(2, 'again', $$span_pair VALUES (600000001, 600000002, true, 0, array_fill(0::real, ARRAY[25]))$$),
	(3, 'the wrong way round', $$span_pair VALUES (600000002, 600000001, true, 0, array_fill(0::real, ARRAY[25]))$$),
	(4, 'with itself', $$span_pair VALUES (600000001, 600000001, true, 0, array_fill(0::real, ARRAY[25]))$$),
	(5, 'distance -1', $$span_pair VALUES (600000001, 600000003, true, -1, array_fill(0::real, ARRAY[25]))$$),
	(6, '24 lengths', $$span_pair VALUES (600000001, 600000003, true, 0, array_fill(0::real, ARRAY[24]))$$),
	(7, 'own, no more', $$span_pair_own VALUES ('9', 600000001, 600000002, false, NULL, NULL)$$),
	(8, 'own, again', $$span_pair_own VALUES ('9', 600000001, 600000002, false, NULL, NULL)$$),
	(9, 'own, the wrong way round', $$span_pair_own VALUES ('9', 600000002, 600000001, false, NULL, NULL)$$),
	(10, 'own, distance NaN', $$span_pair_own VALUES ('9', 600000001, 600000003, false, 'NaN', NULL)$$),
	(11, 'own, 26 lengths', $$span_pair_own VALUES ('9', 600000001, 600000003, false, 1, array_fill(0::real, ARRAY[26]))$$)
) t (n, what, row) ORDER BY n;

-- what goes, and what stays because something is in it
SELECT n, what, pg_temp.attempt(statement)
FROM (VALUES
	(1, 'a site with a structure', $$DELETE FROM netstate.site WHERE id = 1001$$),
	(2, 'a structure where a span starts and a node stands', $$DELETE FROM netstate.structure WHERE id = 1$$),
	(3, 'a bridge that spans pass', $$DELETE FROM netstate.structure WHERE id = 4$$),
	(4, 'a corridor that a span follows', $$DELETE FROM netstate.corridor WHERE id = 1$$),
	(5, 'a span with a cable', $$DELETE FROM netstate.span WHERE id = 1$$),
	(6, 'a duct with a cable', $$DELETE FROM netstate.duct WHERE id = 3$$),
	(7, 'a duct with a duct', $$DELETE FROM netstate.duct WHERE id = 1$$),
	(8, 'a closure with a splice', $$DELETE FROM netstate.splice_closure WHERE id = 1$$),
	(9, 'a cable with splices', $$DELETE FROM netstate.cable WHERE id = 1$$),
	(10, 'the splices', $$DELETE FROM netstate.splice$$),
	(11, 'a cable with strands that links run on', $$DELETE FROM netstate.cable WHERE id = 1$$),
	(12, 'these links', $$DELETE FROM netstate.link WHERE network_id = 1001$$),
	(13, 'the cables', $$DELETE FROM netstate.cable$$),
	(14, 'a span', $$DELETE FROM netstate.span WHERE id = 1$$)
) t (n, what, statement) ORDER BY n;
SELECT (SELECT count(*) FROM netstate.strand_assignment) AS assignments, (SELECT count(*) FROM netstate.cable_segment) AS segments,
	(SELECT count(*) FROM netstate.duct WHERE span_id = 1) AS ducts, (SELECT count(*) FROM netstate.span_crossing WHERE span_id = 1) AS crossings;
SELECT pg_temp.attempt($$UPDATE netstate.node SET structure_id = -1 WHERE id = 1001$$);

-- Which constraints nothing above broke: those alone that a key makes true, and
-- those of ducts (sql/duct.sql).
SELECT k.conrelid::regclass, k.conname
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = 'netstate'::regnamespace
AND (c.relname IN ('structure', 'corridor', 'hazard_area', 'span', 'span_crossing', 'cable', 'cable_segment', 'splice_closure',
		'splice', 'strand_assignment', 'risk_rule', 'risk_rule_default', 'span_pair', 'span_pair_own')
	OR k.conname LIKE '%\_is\_below\_2\_%' AND c.relname <> 'duct' OR k.conname = 'node_is_in_structure')
AND k.contype IN ('c', 'f', 'u', 'x', 'p') AND k.conname NOT IN (SELECT name FROM broke)
ORDER BY 1, 2;
ROLLBACK;
