-- Spans that cross or run near one another: what statements derive for their own
-- transaction, and what COMMIT stores, equal what follows from the spans.
\set VERBOSITY terse
BEGIN;
SET LOCAL statement_timeout = '100s';

-- As this transaction sees the pairs: its own stand in for those stored.
CREATE VIEW pg_temp.seen AS
	SELECT p.* FROM netstate.span_pair p
	WHERE NOT EXISTS (SELECT FROM netstate.span_pair_own o
		WHERE o.xid = pg_current_xact_id() AND (o.a_span_id, o.b_span_id) = (p.a_span_id, p.b_span_id))
	UNION ALL
	SELECT o.a_span_id, o.b_span_id, o.crosses, o.distance_m, o.run_m FROM netstate.span_pair_own o
	WHERE o.xid = pg_current_xact_id() AND o.run_m IS NOT NULL;

CREATE FUNCTION pg_temp.wrong() RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM (
		(TABLE pg_temp.seen EXCEPT ALL SELECT * FROM netstate.span_pair_derive())
		UNION ALL
		(SELECT * FROM netstate.span_pair_derive() EXCEPT ALL TABLE pg_temp.seen)) d $$;

CREATE FUNCTION pg_temp.at(x double precision, y double precision) RETURNS geometry LANGUAGE sql AS $$
	SELECT ST_SetSRID(ST_MakePoint(20 + x / 111194.9, y / 111194.9), 4326) $$;
CREATE FUNCTION pg_temp.line(x0 double precision, y0 double precision, x1 double precision, y1 double precision) RETURNS geometry LANGUAGE sql AS $$
	SELECT ST_MakeLine(pg_temp.at(x0, y0), pg_temp.at(x1, y1)) $$;

-- By hand, on the equator, in metres.
INSERT INTO netstate.structure (id, name, geom) VALUES
	(8801, 'p 1', pg_temp.at(0, 0)), (8802, 'p 2', pg_temp.at(100, 0)), (8803, 'p 3', pg_temp.at(50, -50)), (8804, 'p 4', pg_temp.at(50, 50));
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES
	(8801, 'along', 8801, 8802, pg_temp.line(0, 0, 100, 0)), (8802, 'across', 8803, 8804, pg_temp.line(50, -50, 50, 50)),
	(8803, 'beside', 8803, 8804, pg_temp.line(20, 2.999, 90, 2.999)), (8804, 'same way', 8801, 8802, pg_temp.line(0, 0, 100, 0)),
	(8805, 'corner', 8802, 8804, pg_temp.line(100, 0, 100, 60)), (8806, '26 m off', 8803, 8804, pg_temp.line(0, -26, 40, -26));
SELECT a_span_id, b_span_id, crosses, distance_m, run_m[2], run_m[3], run_m[5], run_m[25] FROM pg_temp.seen WHERE b_span_id BETWEEN 8801 AND 8806 ORDER BY 1, 2;
SELECT pg_temp.wrong();

-- Stored as soon as constraints are looked at, and nothing of its own is left.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
SELECT count(*) AS stored FROM netstate.span_pair WHERE b_span_id BETWEEN 8801 AND 8806;
SELECT count(*) AS own FROM netstate.span_pair_own;
SELECT pg_temp.wrong();

-- A structure that moves takes its shared place along.
UPDATE netstate.structure SET geom = pg_temp.at(70, 0) WHERE id = 8802;
SELECT crosses, run_m[25] FROM pg_temp.seen WHERE (a_span_id, b_span_id) = (8801, 8805);
SELECT pg_temp.wrong();
-- Deleted and put in again elsewhere, by one statement.
SAVEPOINT s;
WITH gone AS (DELETE FROM netstate.structure WHERE id = 8802 RETURNING *)
INSERT INTO netstate.structure (id, name, geom) SELECT id, name, pg_temp.at(95, 0) FROM gone;
SELECT crosses, run_m[25] FROM pg_temp.seen WHERE (a_span_id, b_span_id) = (8801, 8805);
SELECT pg_temp.wrong();
SET CONSTRAINTS ALL IMMEDIATE;
SELECT pg_temp.wrong(), (SELECT count(*) FROM netstate.span_pair_own) AS own;
ROLLBACK TO s;
-- What pairs do not depend on derives nothing.
SELECT count(*) AS before FROM netstate.span_pair_own \gset
UPDATE netstate.span SET status = 'cut', name = name || '.' WHERE id BETWEEN 8801 AND 8806;
UPDATE netstate.span SET geom = geom WHERE id BETWEEN 8801 AND 8806;
UPDATE netstate.structure SET status = 'cut' WHERE id = 8801;
SELECT count(*) = :before AS same FROM netstate.span_pair_own;

-- A savepoint's rollback takes what was derived along.
SAVEPOINT s;
UPDATE netstate.span SET geom = pg_temp.line(0, 500, 100, 500) WHERE id = 8801;
DELETE FROM netstate.span WHERE id = 8803;
SELECT pg_temp.wrong(), (SELECT count(*) FROM pg_temp.seen WHERE 8801 IN (a_span_id, b_span_id)) AS of_8801;
ROLLBACK TO s;
SELECT pg_temp.wrong(), (SELECT count(*) FROM pg_temp.seen WHERE 8801 IN (a_span_id, b_span_id)) > 0 AS of_8801;
UPDATE netstate.span SET id = 8810 WHERE id = 8801;
SELECT pg_temp.wrong(), (SELECT count(*) FROM pg_temp.seen WHERE 8801 IN (a_span_id, b_span_id)) AS of_8801;
SET CONSTRAINTS ALL IMMEDIATE;
SELECT pg_temp.wrong(), (SELECT count(*) FROM netstate.span_pair_own) AS own;
-- From now on each statement stores at once.
DELETE FROM netstate.span WHERE id = 8810;
SELECT pg_temp.wrong(), (SELECT count(*) FROM netstate.span_pair_own) AS own;
SET CONSTRAINTS ALL DEFERRED;

-- Over the antimeridian.
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES
	(8821, 'over', 8801, 8802, 'LINESTRING(179.999 -10, -179.999 -10)'), (8822, 'east of it', 8803, 8804, 'LINESTRING(-179.9999 -10.0001, -179.99 -10.0001)'),
	(8823, 'west of it', 8803, 8804, 'LINESTRING(179.99 -10.00015, 179.99999 -10.00015)'), (8824, 'across it', 8803, 8804, 'LINESTRING(180 -9, 180 -11)');
SELECT a_span_id, b_span_id, crosses, distance_m FROM pg_temp.seen WHERE b_span_id BETWEEN 8821 AND 8824 ORDER BY 1, 2;
SELECT pg_temp.wrong();

-- A grid of streets, so many at once that the tables are read from end to end, then
-- few and many changes of it.
INSERT INTO netstate.structure (id, name, geom)
SELECT 880000 + x * 100 + y, format('grid %s %s', x, y), ST_SetSRID(ST_MakePoint(11 + x * 0.0004 + y * 0.00002, 50 + y * 0.0003 + x % 3 * 0.00001), 4326)
FROM generate_series(0, 39) x, generate_series(0, 39) y;
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom)
SELECT 880000 + row_number() OVER (ORDER BY a.id, z.id), format('grid %s %s', a.id, z.id), a.id, z.id, ST_MakeLine(a.geom, z.geom)
FROM netstate.structure a JOIN netstate.structure z ON z.id IN (a.id + 1, a.id + 100) WHERE a.id BETWEEN 880000 AND 883939;
SELECT count(*) > 2000 AS large, pg_temp.wrong() FROM netstate.span WHERE id > 880000;
DO $$
BEGIN
	FOR i IN 1..30 LOOP
		UPDATE netstate.span SET geom = ST_Translate(geom, (i * 37 % 11 - 5) * 0.00003, (i * 53 % 7 - 3) * 0.00003)
			WHERE id BETWEEN 880000 + i * 97 AND 880000 + i * 97 + i % 4;
		DELETE FROM netstate.span WHERE id = 880000 + i * 89;
		IF i % 10 = 0 THEN
			SET CONSTRAINTS ALL IMMEDIATE;
			SET CONSTRAINTS ALL DEFERRED;
		END IF;
	END LOOP;
END $$;
SELECT pg_temp.wrong();
UPDATE netstate.span SET geom = ST_Translate(geom, 0, 0.00005) WHERE id > 880000 AND id % 2 = 0;
SELECT pg_temp.wrong();
UPDATE netstate.structure SET geom = ST_Translate(geom, 0, 0.00005) WHERE id > 880000 AND id % 5 = 0;
SELECT pg_temp.wrong();
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
SELECT pg_temp.wrong(), (SELECT count(*) FROM netstate.span_pair_own) AS own;
DELETE FROM netstate.span WHERE id > 880000;
SELECT pg_temp.wrong(), (SELECT count(*) FROM pg_temp.seen WHERE b_span_id > 880000) AS of_grid;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
SELECT count(*) AS stored FROM netstate.span_pair WHERE b_span_id > 880000;

-- All of them.
SAVEPOINT s;
SET LOCAL client_min_messages = warning;
TRUNCATE netstate.span CASCADE;
SELECT count(*) AS seen FROM pg_temp.seen;
SET CONSTRAINTS ALL IMMEDIATE;
SELECT count(*) AS stored FROM netstate.span_pair;
ROLLBACK TO s;
SELECT pg_temp.wrong();

-- Some spans alone.
SELECT count(*) = (SELECT count(*) FROM netstate.span_pair_derive() WHERE 8802 IN (a_span_id, b_span_id)) AS same
FROM netstate.span_pair_derive(ARRAY[8802]::bigint[]);
SELECT count(*) FROM netstate.span_pair_derive('{}');

-- Who may write a span needs no right on the pairs.
CREATE ROLE ns_span_writer;
GRANT USAGE ON SCHEMA netstate TO ns_span_writer;
GRANT SELECT, UPDATE ON netstate.span TO ns_span_writer;
GRANT SELECT ON netstate.structure TO ns_span_writer;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA netstate TO ns_span_writer;
SET LOCAL ROLE ns_span_writer;
UPDATE netstate.span SET geom = pg_temp.line(0, 3, 100, 3) WHERE id = 8804;
SET CONSTRAINTS ALL IMMEDIATE;
RESET ROLE;
SELECT pg_temp.wrong();

-- The trigger function is for its triggers alone.
SAVEPOINT s;
SELECT netstate.span_pair_change();
ROLLBACK TO s;
CREATE TRIGGER odd AFTER INSERT ON netstate.site FOR EACH ROW EXECUTE FUNCTION netstate.span_pair_change();
INSERT INTO netstate.site (name) VALUES ('x');
ROLLBACK TO s;
CREATE TRIGGER odd AFTER INSERT ON netstate.site REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION netstate.span_pair_change();
INSERT INTO netstate.site (name) VALUES ('x');
ROLLBACK TO s;
CREATE TRIGGER odd BEFORE DELETE ON netstate.span FOR EACH ROW EXECUTE FUNCTION netstate.split_antimeridian_trigger();
DELETE FROM netstate.span WHERE id = 8804;
ROLLBACK TO s;
CREATE TRIGGER odd BEFORE INSERT ON netstate.zone FOR EACH ROW EXECUTE FUNCTION netstate.split_antimeridian_trigger();
INSERT INTO netstate.zone (region_id, name) VALUES (1, 'x');
ROLLBACK;
