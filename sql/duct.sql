-- Ducts: their depth follows from what they lie in, to any depth, and nothing
-- lies in itself.
\set VERBOSITY terse
\set SHOW_CONTEXT never
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

-- Ducts whose depth is not what walking up to the outermost says: always none.
CREATE FUNCTION pg_temp.wrong() RETURNS TABLE (id bigint, depth smallint, steps bigint)
LANGUAGE sql AS $$
	WITH RECURSIVE up (id, above, steps) AS (
		SELECT d.id, d.parent_id, 1 FROM netstate.duct d
		UNION ALL SELECT u.id, d.parent_id, u.steps + 1 FROM up u JOIN netstate.duct d ON d.id = u.above WHERE u.steps < 1000)
	SELECT d.id, d.depth, max(u.steps) FROM netstate.duct d JOIN up u ON u.id = d.id GROUP BY d.id
	HAVING d.depth <> max(u.steps) OR d.parent_depth IS DISTINCT FROM (SELECT p.depth FROM netstate.duct p WHERE p.id = d.parent_id)
$$;

INSERT INTO netstate.structure (id, name, geom) VALUES (1001, 'a', 'POINT(0 0)'), (1002, 'z', 'POINT(1 0)');
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES
	(1001, 'one', 1001, 1002, 'LINESTRING(0 0, 1 0)'), (1002, 'two', 1001, 1002, 'LINESTRING(0 0, 0 1, 1 0)');
ALTER TABLE netstate.duct ALTER COLUMN id RESTART WITH 5001;

SELECT n, what, pg_temp.attempt('INSERT INTO netstate.duct (id, span_id, parent_id, name, kind, depth, parent_depth) VALUES (' || row || ')')
FROM (VALUES
	(1, 'outermost', $$1001, 1001, NULL, 'A', 'conduit', NULL, NULL$$),
	(2, 'in it', $$1002, 1001, 1001, 'B', 'subduct', NULL, NULL$$),
	(3, 'in that', $$1003, 1001, 1002, 'C', 'microduct', NULL, NULL$$),
	(4, 'beside', $$1004, 1001, NULL, 'D', NULL, NULL, NULL$$),
	(5, 'false depths are put right', $$1005, 1001, 1003, 'E', NULL, 9, 8$$),
	(6, 'an outermost one, too', $$1006, 1001, NULL, 'F', NULL, 9, 8$$),
	(7, 'its id again', $$1001, 1001, NULL, 'G', NULL, NULL, NULL$$),
	(8, 'a name again among the outermost', $$1007, 1001, NULL, 'A', NULL, NULL, NULL$$),
	(9, 'a name again in a duct', $$1007, 1001, 1001, 'B', NULL, NULL, NULL$$),
	(10, 'that name elsewhere', $$1007, 1001, 1004, 'B', NULL, NULL, NULL$$),
	(11, 'that name in another span', $$1008, 1002, NULL, 'A', NULL, NULL, NULL$$),
	(12, 'in no span', $$1009, -1, NULL, 'A', NULL, NULL, NULL$$),
	(13, 'in a duct of another span', $$1009, 1002, 1001, 'x', NULL, NULL, NULL$$),
	(14, 'in no duct', $$1009, 1001, -1, 'x', NULL, NULL, NULL$$),
	(15, 'in no duct, depth given', $$1009, 1001, -1, 'x', NULL, 2, 1$$),
	(16, 'in itself', $$1009, 1001, 1009, 'x', NULL, NULL, NULL$$),
	(17, 'in itself, depth given', $$1009, 1001, 1009, 'x', NULL, 2, 1$$),
	(18, 'in no duct of depth -5', $$1009, 1001, -1, 'x', NULL, -4, -5$$),
	(19, 'in no duct of depth 32767', $$1009, 1001, -1, 'x', NULL, NULL, 32767$$),
	(20, 'empty name', $$1009, 1001, NULL, '', NULL, NULL, NULL$$),
	(21, 'no name', $$1009, 1001, NULL, NULL, NULL, NULL, NULL$$),
	(22, 'empty kind', $$1009, 1001, NULL, 'x', '', NULL, NULL$$),
	(23, 'no span', $$1009, NULL, NULL, 'x', NULL, NULL, NULL$$),
	(24, 'id -1', $$-1, 1001, NULL, 'x', NULL, NULL, NULL$$),
	(25, 'id 2^59', $$576460752303423488, 1001, NULL, 'x', NULL, NULL, NULL$$)
) t (n, what, row) ORDER BY n;
SELECT id, parent_id, name, depth, parent_depth FROM netstate.duct ORDER BY id;

-- changes
CREATE FUNCTION pg_temp.depths() RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT string_agg(format('%s:%s', right(id::text, 1), depth), ' ' ORDER BY id) FROM netstate.duct
$$;
SELECT n, what, pg_temp.attempt('UPDATE netstate.duct SET ' || changed), pg_temp.depths()
FROM (VALUES
	(1, 'into another, with all that is in it', 'parent_id = 1004 WHERE id = 1001'),
	(2, 'into itself', 'parent_id = id WHERE id = 1001'),
	(3, 'into what lies in it', 'parent_id = 1002 WHERE id = 1001'),
	(4, 'into what lies deep in it', 'parent_id = 1005 WHERE id = 1004'),
	(5, 'depth by hand', 'depth = 7, parent_depth = 6 WHERE id = 1003'),
	(6, 'parent depth by hand', 'parent_depth = 9 WHERE id = 1003'),
	(7, 'out', 'parent_id = NULL WHERE id = 1002'),
	(8, 'two at once into each other', 'parent_id = CASE id WHEN 1002 THEN 1006 ELSE 1002 END WHERE id IN (1002, 1006)'),
	(9, 'two at once', 'parent_id = 1002 WHERE id IN (1006, 1001)'),
	(10, 'one to another span, alone', 'span_id = 1002 WHERE id = 1003'),
	(11, 'with all that is in it', $$span_id = 1002, name = 'B2' WHERE id = 1002$$),
	(12, 'two of three', 'parent_id = 1008 WHERE id IN (1002, 1003)')
) t (n, what, changed) ORDER BY n;
SELECT id, span_id, parent_id, depth FROM netstate.duct ORDER BY id;
SELECT * FROM pg_temp.wrong();

-- Which constraints nothing above broke: those alone that a key makes true.
SELECT k.conname FROM pg_constraint k WHERE k.conrelid = 'netstate.duct'::regclass
AND k.conname NOT IN (SELECT name FROM broke) ORDER BY 1;
ROLLBACK;

-- what the errors say
\set VERBOSITY default
BEGIN;
INSERT INTO netstate.structure (id, name, geom) VALUES (1001, 'a', 'POINT(0 0)'), (1002, 'z', 'POINT(1 0)');
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES (1001, 'one', 1001, 1002, 'LINESTRING(0 0, 1 0)');
INSERT INTO netstate.duct (id, span_id, parent_id, name) VALUES (1001, 1001, NULL, 'A'), (1002, 1001, 1001, 'B'), (1003, 1001, 1002, 'C');
SAVEPOINT s;
UPDATE netstate.duct SET parent_id = 1003 WHERE id = 1001;
ROLLBACK TO s;
UPDATE netstate.duct SET parent_id = 1001 WHERE id = 1001;
ROLLBACK TO s;
SELECT netstate.fill_depth();
ROLLBACK TO s;
CREATE TRIGGER late AFTER INSERT ON netstate.duct FOR EACH ROW EXECUTE FUNCTION netstate.fill_depth();
INSERT INTO netstate.duct (span_id, name) VALUES (1001, 'x');
ROLLBACK TO s;
CREATE TRIGGER elsewhere BEFORE INSERT ON netstate.cable FOR EACH ROW EXECUTE FUNCTION netstate.fill_depth();
INSERT INTO netstate.cable (name, strand_count) VALUES ('x', 1);
ROLLBACK TO s;

-- 50 deep, in any order that a dump may have them in, moved as a whole
\set VERBOSITY terse
INSERT INTO netstate.duct (id, span_id, parent_id, name, depth, parent_depth)
SELECT 2000 + i, 1001, CASE WHEN i > 1 THEN 1999 + i END, 'n', i, nullif(i - 1, 0) FROM generate_series(50, 1, -1) i;
SELECT max(depth) AS deepest FROM netstate.duct;
UPDATE netstate.duct SET parent_id = 1003 WHERE id = 2001;
SELECT max(depth) AS deepest, count(DISTINCT depth) AS depths FROM netstate.duct;
UPDATE netstate.duct SET parent_id = NULL WHERE id = 2025;
SELECT max(depth) AS deepest, count(DISTINCT depth) AS depths FROM netstate.duct;
SAVEPOINT s;
UPDATE netstate.duct SET parent_id = 2050 WHERE id = 2025;
ROLLBACK TO s;
DELETE FROM netstate.duct WHERE id = 2026;
ROLLBACK TO s;
DELETE FROM netstate.span WHERE id = 1001;
SELECT count(*) FROM netstate.duct;
ROLLBACK TO s;

-- random changes: whatever is taken leaves every depth right; what is refused
-- would have made a ring
DO $$
DECLARE
	d bigint;
	p bigint;
	refused integer := 0;
	ring boolean;
BEGIN
	PERFORM setseed(0.4);
	FOR i IN 1 .. 300 LOOP
		SELECT id INTO d FROM netstate.duct ORDER BY random() LIMIT 1;
		SELECT id INTO p FROM netstate.duct ORDER BY random() LIMIT 1;
		IF random() < 0.1 THEN p := NULL; END IF;
		ring := p IN (WITH RECURSIVE below (id) AS (
				SELECT d UNION SELECT x.id FROM below b JOIN netstate.duct x ON x.parent_id = b.id)
			SELECT id FROM below);
		BEGIN
			UPDATE netstate.duct SET parent_id = p, name = 'r' || i WHERE id = d;
			ASSERT ring IS NOT TRUE, format('%s in %s was taken', d, p);
		EXCEPTION WHEN check_violation THEN
			ASSERT ring, format('%s in %s was refused', d, p);
			refused := refused + 1;
		END;
	END LOOP;
	ASSERT refused BETWEEN 10 AND 290, refused;
	ASSERT NOT EXISTS (WITH RECURSIVE up (id, above, steps) AS (
			SELECT x.id, x.parent_id, 1 FROM netstate.duct x
			UNION ALL SELECT u.id, x.parent_id, u.steps + 1 FROM up u JOIN netstate.duct x ON x.id = u.above)
		SELECT FROM netstate.duct x WHERE x.depth <> (SELECT max(u.steps) FROM up u WHERE u.id = x.id));
END $$;
ROLLBACK;

-- deeper than a smallint counts
BEGIN;
INSERT INTO netstate.structure (id, name, geom) VALUES (1001, 'a', 'POINT(0 0)'), (1002, 'z', 'POINT(1 0)');
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES (1001, 'one', 1001, 1002, 'LINESTRING(0 0, 1 0)');
INSERT INTO netstate.duct (id, span_id, parent_id, name, depth, parent_depth)
SELECT 10000 + i, 1001, CASE WHEN i > 1 THEN 9999 + i END, 'n', i, nullif(i - 1, 0) FROM generate_series(1, 32767) i;
INSERT INTO netstate.duct (span_id, parent_id, name) VALUES (1001, 42767, 'too deep');
ROLLBACK;
