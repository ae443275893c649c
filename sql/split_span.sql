-- split_span and merge_span: whatever lies in a span stays where it was, and one
-- undoes the other.
\set VERBOSITY terse
\set SHOW_CONTEXT never
BEGIN;

-- ---- one span, by eye ----
ALTER TABLE netstate.span ALTER COLUMN id RESTART WITH 5001;
ALTER TABLE netstate.duct ALTER COLUMN id RESTART WITH 5001;
INSERT INTO netstate.structure (id, name, geom) VALUES
	(1001, 'a', 'POINT(-6.26 53.35)'), (1002, 'z', 'POINT(-6.22 53.35)'), (1003, 'beyond', 'POINT(-6.2 53.35)'),
	(1004, 'new', 'POINT(-6.25 53.3501)'), (1005, 'bridge', 'POINT(-6.255 53.35)'), (1006, 'tunnel', 'POINT(-6.23 53.35)'), (1007, 'next', 'POINT(-6.24 53.3499)');
INSERT INTO netstate.corridor (id, name, geom) VALUES (1001, 'road', 'LINESTRING(-6.27 53.35, -6.2 53.35)');
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, kind, corridor_id, side, encasement, length_m, status, mtbf_hours, mttr_hours, geom) VALUES
	(1001, 'az', 1001, 1002, 'trench', 1001, 'left', 'cast', 2800, 'planned', 90000, 5, 'LINESTRING(-6.26 53.35, -6.22 53.35)'),
	(1002, 'zb', 1002, 1003, NULL, NULL, NULL, 'none', NULL, 'operational', NULL, NULL, 'LINESTRING(-6.22 53.35, -6.2 53.35)');
INSERT INTO netstate.span_crossing VALUES (1001, 1005, 'over'), (1001, 1006, 'through');
INSERT INTO netstate.duct (id, span_id, parent_id, name, kind) VALUES
	(1001, 1001, NULL, 'bank', 'conduit'), (1002, 1001, 1001, '1', 'subduct'), (1003, 1001, 1001, '2', 'subduct'), (1004, 1001, 1002, '1', 'microduct');
-- cable 1 runs a z beyond, cable 2 beyond z a
INSERT INTO netstate.cable (id, name, strand_count) VALUES (1001, 'cable 1', 12), (1002, 'cable 2', 12);
INSERT INTO netstate.cable_segment VALUES (1001, 1, 1001, 1004, 30), (1001, 2, 1002, NULL, 5), (1002, 1, 1002, NULL, 0), (1002, 2, 1001, 1003, 7);
INSERT INTO netstate.splice_closure (id, structure_id, name) VALUES (1001, 1002, 'A');
INSERT INTO netstate.splice (id, structure_id, closure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands) VALUES
	(1001, 1002, 1001, 1001, 1, '[1,3)', 1002, 2, '[1,3)'), (1002, 1002, NULL, 1001, 2, '[5,6)', 1002, 1, '[5,6)'), (1003, 1001, NULL, 1001, 1, '[7,8)', 1002, 2, '[7,8)');
INSERT INTO netstate.network (id, name, layer) VALUES (1001, 'fibre', 'fibre');
INSERT INTO netstate.node (id, network_id, name, structure_id) VALUES (1001, 1001, 'a', 1001), (1002, 1001, 'z', 1002), (1003, 1001, 'beyond', 1003);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (1001, 1001, 'whole', 1001, 1003), (1002, 1001, 'first', 1001, 1002), (1003, 1001, 'last', 1002, 1003);
INSERT INTO netstate.strand_assignment VALUES (1001, 1, 1001, '[3,5)', '[1,3)'), (1002, 1, 1001, '[5,6)', '[1,2)'), (1003, 1, 1001, '[5,6)', '[2,3)'), (1003, 2, 1002, '[1,2)', '[1,2)');

-- All that a plant holds.
CREATE FUNCTION pg_temp.plant() RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT string_agg(x, E'\n' ORDER BY x COLLATE "C") FROM (
		SELECT 'structure ' || t::text FROM netstate.structure t UNION ALL SELECT 'span ' || t::text FROM netstate.span t
		UNION ALL SELECT 'span_crossing ' || t::text FROM netstate.span_crossing t UNION ALL SELECT 'duct ' || t::text FROM netstate.duct t
		UNION ALL SELECT 'cable ' || t::text FROM netstate.cable t UNION ALL SELECT 'cable_segment ' || t::text FROM netstate.cable_segment t
		UNION ALL SELECT 'splice_closure ' || t::text FROM netstate.splice_closure t UNION ALL SELECT 'splice ' || t::text FROM netstate.splice t
		UNION ALL SELECT 'strand_assignment ' || t::text FROM netstate.strand_assignment t) q (x)
$$;
CREATE TEMP TABLE before AS SELECT pg_temp.plant() AS plant;

SELECT netstate.split_span(1001, 1004) AS "the new span";
SELECT name, a_structure_id AS a, z_structure_id AS z, kind, corridor_id, side, encasement, round(length_m) AS length_m, round(drawn_m) AS drawn_m, status,
	round(mtbf_hours) AS mtbf_hours, mttr_hours, ST_AsText(geom, 6) AS geom
FROM netstate.span ORDER BY name;
SELECT s.name AS span, d.name AS duct, d.kind, p.name AS "in", d.depth FROM netstate.duct d JOIN netstate.span s ON s.id = d.span_id LEFT JOIN netstate.duct p ON p.id = d.parent_id
ORDER BY s.name, d.depth, p.name, d.name;
SELECT c.cable_id, c.seq, s.name AS span, d.depth, d.name AS duct, c.slack_m FROM netstate.cable_segment c JOIN netstate.span s ON s.id = c.span_id LEFT JOIN netstate.duct d ON d.id = c.duct_id
ORDER BY c.cable_id, c.seq;
SELECT id, structure_id, a_seq, z_seq FROM netstate.splice ORDER BY id;
SELECT * FROM netstate.strand_assignment ORDER BY link_id, seq;
SELECT s.name AS span, x.name AS structure, c.passage FROM netstate.span_crossing c JOIN netstate.span s ON s.id = c.span_id JOIN netstate.structure x ON x.id = c.structure_id ORDER BY 1, 2;

-- once more, in the new half, by metres; then both undone
SELECT netstate.split_span(s.id, 1007, 700, 'third') IS NOT NULL AS split FROM netstate.span s WHERE s.name = 'az from new';
SELECT name, round(length_m) AS length_m FROM netstate.span ORDER BY name;
SELECT netstate.merge_span(x.id, y.id) = x.id AS merged FROM netstate.span x, netstate.span y WHERE x.name = 'az from new' AND y.name = 'third';
SELECT netstate.merge_span(x.id, y.id) = 1001 AS merged FROM netstate.span x, netstate.span y WHERE x.name = 'az' AND y.name = 'az from new';
SELECT pg_temp.plant() = plant AS "as before" FROM before;

-- ---- what is refused ----
\set VERBOSITY default
SAVEPOINT s;
SELECT netstate.split_span(NULL, 1004);
ROLLBACK TO s;
SELECT netstate.split_span(1001, NULL);
ROLLBACK TO s;
SELECT netstate.split_span(-1, 1004);
ROLLBACK TO s;
SELECT netstate.split_span(1001, -1);
ROLLBACK TO s;
SELECT netstate.split_span(1001, 1002);
ROLLBACK TO s;
SELECT netstate.split_span(1001, 1003);
ROLLBACK TO s;
SELECT netstate.split_span(1001, 1003, 2800);
ROLLBACK TO s;
SELECT netstate.split_span(1001, 1003, at_m => 0);
ROLLBACK TO s;
SELECT netstate.split_span(1001, 1003, 'NaN');
ROLLBACK TO s;
SELECT netstate.split_span(1001, 1003, -1);
ROLLBACK TO s;
SELECT netstate.split_span(1001, 1004, name => 'zb');
ROLLBACK TO s;
SELECT netstate.split_span(1001, 1004, name => ' ');
ROLLBACK TO s;
SELECT netstate.merge_span(NULL, 1002);
ROLLBACK TO s;
SELECT netstate.merge_span(1001, NULL);
ROLLBACK TO s;
SELECT netstate.merge_span(1001, -1);
ROLLBACK TO s;
SELECT netstate.merge_span(1002, 1001);
ROLLBACK TO s;
SELECT netstate.merge_span(1001, 1001);
ROLLBACK TO s;
SELECT netstate.merge_span(1001, 1002);
ROLLBACK TO s;

-- one thing after another that ends between the two halves
SELECT netstate.split_span(1001, 1004, name => 'half') AS half \gset
SAVEPOINT s;
CREATE FUNCTION pg_temp.why(statement text, half bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE replace(statement, ':half', half::text);
	RETURN 'ok ' || (netstate.merge_span(1001, half) = 1001);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN SQLSTATE || ' ' || replace(SQLERRM, half::text, ':half') || ': ' || regexp_replace(detail, '\m(half|' || half || ')\M', ':half');
END $$;
SELECT what, pg_temp.why(statement, :half)
FROM (VALUES
	(1, 'another span', $$INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES (2001, 'side street', 1004, 1007, 'LINESTRING(0 0, 1 1)')$$),
	(2, 'twelve', $$INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) SELECT i, i, 1007, 1004, 'LINESTRING(0 0, 1 1)' FROM generate_series(2001, 2012) i$$),
	(3, 'a closure', $$INSERT INTO netstate.splice_closure (id, structure_id, name) VALUES (2001, 1004, 'B')$$),
	(4, 'a splice', $$INSERT INTO netstate.splice (id, structure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands) VALUES (2001, 1004, 1001, 1, '[9,10)', 1002, 3, '[9,10)')$$),
	(5, 'a cable', $$INSERT INTO netstate.cable (id, name, strand_count) VALUES (2001, 'short', 2); INSERT INTO netstate.cable_segment VALUES (2001, 1, :half, NULL, 0)$$),
	(6, 'a cable that turns', $$INSERT INTO netstate.cable (id, name, strand_count) VALUES (2001, 'turns', 2); INSERT INTO netstate.cable_segment VALUES (2001, 1, 1001, NULL, 0), (2001, 2, 1001, NULL, 0)$$),
	(7, 'a link', $$INSERT INTO netstate.node (id, network_id, name, structure_id) VALUES (2001, 1001, 'new', 1004);
		INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (2001, 1001, 'to new', 1001, 2001); INSERT INTO netstate.strand_assignment VALUES (2001, 1, 1001, '[12,13)', '[1,2)')$$),
	(8, 'a duct', $$INSERT INTO netstate.duct (id, span_id, name) VALUES (2001, :half, 'other')$$),
	(9, 'a duct of another kind', $$UPDATE netstate.duct SET kind = 'pipe' WHERE id = 1004$$),
	(10, 'a duct in another', $$INSERT INTO netstate.duct (id, span_id, parent_id, name) VALUES (2001, 1001, 1003, '1')$$),
	(11, 'a cable that changes ducts', $$UPDATE netstate.cable_segment SET duct_id = 1001 WHERE cable_id = 1001 AND seq = 1$$),
	(12, 'a cable that leaves its duct', $$UPDATE netstate.cable_segment SET duct_id = NULL WHERE cable_id = 1001 AND seq = 1$$),
	(13, 'a passage', $$INSERT INTO netstate.span_crossing VALUES (1001, 1006, 'under')$$),
	(14, 'a status', $$UPDATE netstate.span SET status = 'cut' WHERE id = :half$$),
	(15, 'more', $$UPDATE netstate.span SET kind = NULL, corridor_id = NULL, side = NULL, encasement = 'none', mttr_hours = 6, mtbf_hours = NULL WHERE id = 1001$$),
	(16, 'a node', $$INSERT INTO netstate.node (id, network_id, name, structure_id) VALUES (2001, 1001, 'new', 1004)$$)
) t (n, what, statement) ORDER BY n;
ROLLBACK TO s;
ROLLBACK;

-- ---- random plants, split and merged at random ----
BEGIN;
ALTER TABLE netstate.span ALTER COLUMN id RESTART WITH 5001;
ALTER TABLE netstate.duct ALTER COLUMN id RESTART WITH 5000001;
CREATE TEMP TABLE fixed (structure_id bigint);
CREATE TEMP TABLE original (span_id bigint, of bigint);

-- The walk of a cable, tried from either end of its first span, by what follows.
CREATE FUNCTION pg_temp.walk(c bigint, OUT seq integer, OUT leaves bigint, OUT reaches bigint) RETURNS SETOF record
LANGUAGE plpgsql AS $$
DECLARE
	here bigint;
	s record;
	good boolean;
BEGIN
	FOR attempt IN 1 .. 2 LOOP
		SELECT CASE attempt WHEN 1 THEN x.a_structure_id ELSE x.z_structure_id END INTO here
		FROM netstate.cable_segment g JOIN netstate.span x ON x.id = g.span_id WHERE g.cable_id = c AND g.seq = 1;
		good := true;
		FOR s IN SELECT x.a_structure_id AS a, x.z_structure_id AS z FROM netstate.cable_segment g JOIN netstate.span x ON x.id = g.span_id WHERE g.cable_id = c ORDER BY g.seq LOOP
			good := good AND here IN (s.a, s.z);
			here := CASE here WHEN s.a THEN s.z ELSE s.a END;
		END LOOP;
		CONTINUE WHEN NOT good;
		SELECT CASE attempt WHEN 1 THEN x.a_structure_id ELSE x.z_structure_id END INTO here
		FROM netstate.cable_segment g JOIN netstate.span x ON x.id = g.span_id WHERE g.cable_id = c AND g.seq = 1;
		FOR s IN SELECT g.seq AS q, x.a_structure_id AS a, x.z_structure_id AS z FROM netstate.cable_segment g JOIN netstate.span x ON x.id = g.span_id WHERE g.cable_id = c ORDER BY g.seq LOOP
			seq := s.q;
			leaves := here;
			reaches := CASE here WHEN s.a THEN s.z ELSE s.a END;
			here := reaches;
			RETURN NEXT;
		END LOOP;
		RETURN;
	END LOOP;
	RAISE 'cable % has no walk', c;
END $$;

-- All that splitting must not change: of each cable, link and splice the way
-- past the structures that were there at first, ducts by their names, lengths.
CREATE FUNCTION pg_temp.course() RETURNS text LANGUAGE sql VOLATILE AS $$
	WITH step AS (
		SELECT c.id AS cable, w.seq, w.leaves, w.reaches, g.span_id, g.duct_id, g.slack_m, o.of
		FROM netstate.cable c CROSS JOIN LATERAL pg_temp.walk(c.id) w
		JOIN netstate.cable_segment g ON g.cable_id = c.id AND g.seq = w.seq JOIN original o ON o.span_id = g.span_id JOIN netstate.span s ON s.id = g.span_id),
	nest AS (
		WITH RECURSIVE up (id, above, path) AS (
			SELECT d.id, d.parent_id, d.name || coalesce('/' || d.kind, '') FROM netstate.duct d
			UNION ALL SELECT u.id, d.parent_id, d.name || coalesce('/' || d.kind, '') || '>' || u.path FROM up u JOIN netstate.duct d ON d.id = u.above)
		SELECT id, path FROM up WHERE above IS NULL)
	SELECT string_agg(x, E'\n' ORDER BY x) FROM (
		SELECT format('cable %s: %s, slack %s', cable, string_agg(format('%s in %s %s', leaves, of, (SELECT path FROM nest WHERE id = duct_id)), ', ' ORDER BY seq)
				FILTER (WHERE leaves IN (SELECT * FROM fixed)),
			sum(slack_m))
		FROM step GROUP BY cable
		UNION ALL
		SELECT format('segment %s of cable %s is continuous', seq, cable) FROM step t
		WHERE seq > 1 AND leaves <> (SELECT u.reaches FROM step u WHERE u.cable = t.cable AND u.seq = t.seq - 1)
		UNION ALL
		SELECT format('cable %s has gaps', cable) FROM step GROUP BY cable HAVING count(*) <> max(seq)
		UNION ALL
		SELECT format('duct of cable %s changes', cable) FROM step t JOIN step u USING (cable) WHERE u.seq = t.seq + 1 AND t.reaches NOT IN (SELECT * FROM fixed)
		AND (SELECT path FROM nest WHERE id = t.duct_id) IS DISTINCT FROM (SELECT path FROM nest WHERE id = u.duct_id)
		UNION ALL
		SELECT format('link %s.%s: %s of %s from %s to %s, past %s', a.link_id, a.seq, a.strands, a.cable_id,
			(SELECT t.leaves FROM step t WHERE t.cable = a.cable_id AND t.seq = lower(a.segments)),
			(SELECT t.reaches FROM step t WHERE t.cable = a.cable_id AND t.seq = upper(a.segments) - 1),
			(SELECT string_agg(t.reaches::text, ' ' ORDER BY t.seq) FROM step t WHERE t.cable = a.cable_id AND t.seq <@ a.segments AND t.reaches IN (SELECT * FROM fixed)))
		FROM netstate.strand_assignment a
		UNION ALL
		SELECT format('splice %s at %s: %s in %s to %s in %s', x.id, x.structure_id, x.a_strands, t.of, x.z_strands, u.of)
			|| CASE WHEN x.structure_id IN (t.leaves, t.reaches) AND x.structure_id IN (u.leaves, u.reaches) THEN '' ELSE ' astray' END
		FROM netstate.splice x JOIN step t ON t.cable = x.a_cable_id AND t.seq = x.a_seq JOIN step u ON u.cable = x.z_cable_id AND u.seq = x.z_seq
		UNION ALL
		SELECT format('span %s: %s m, every %s h', of, round(sum(length_m)::numeric, 6), round((1 / sum(1 / mtbf_hours))::numeric, 3))
		FROM netstate.span s JOIN original o ON o.span_id = s.id GROUP BY of
		UNION ALL
		SELECT DISTINCT format('span %s passes %s %s', o.of, c.passage, c.structure_id) FROM netstate.span_crossing c JOIN original o USING (span_id)
		UNION ALL
		SELECT DISTINCT format('span %s has duct %s', o.of, n.path) FROM netstate.duct d JOIN original o USING (span_id) JOIN nest n ON n.id = d.id) q (x)
$$;
CREATE FUNCTION pg_temp.plant() RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT string_agg(x, E'\n' ORDER BY x COLLATE "C") FROM (
		SELECT 'span ' || t::text FROM netstate.span t
		UNION ALL SELECT 'span_crossing ' || t::text FROM netstate.span_crossing t UNION ALL SELECT 'duct ' || t::text FROM netstate.duct t
		UNION ALL SELECT 'cable ' || t::text FROM netstate.cable t UNION ALL SELECT 'cable_segment ' || t::text FROM netstate.cable_segment t
		UNION ALL SELECT 'splice_closure ' || t::text FROM netstate.splice_closure t UNION ALL SELECT 'splice ' || t::text FROM netstate.splice t
		UNION ALL SELECT 'strand_assignment ' || t::text FROM netstate.strand_assignment t) q (x)
$$;

-- A random plant: walks turn back, go twice through a span, and lie in any duct.
CREATE FUNCTION pg_temp.grow(seed double precision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	here bigint;
	leg record;
	duct bigint;
	steps integer;
BEGIN
	PERFORM setseed(seed);
	DELETE FROM netstate.network;
	DELETE FROM netstate.splice;
	DELETE FROM netstate.cable;
	DELETE FROM netstate.span;
	DELETE FROM netstate.structure;
	INSERT INTO netstate.structure (id, name, geom)
	SELECT i, 's ' || i, ST_SetSRID(ST_MakePoint(-6.3 + random() * 0.1, 53.3 + random() * 0.1), 4326) FROM generate_series(1, 6) i;
	-- materialized: read again, it would draw again
	WITH r AS MATERIALIZED (
		SELECT i, 1 + floor(random() * 6)::integer AS p, 1 + floor(random() * 5)::integer AS q FROM generate_series(1, 9) i)
	INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, kind, length_m, mtbf_hours, geom)
	SELECT r.i, 'span ' || r.i, a.id, z.id, 'k' || r.i % 3, CASE WHEN r.i % 3 > 0 THEN random() * 1000 END,
		CASE WHEN r.i % 2 = 0 THEN round((1000 + random() * 100000)::numeric, 3) END,
		ST_MakeLine(a.geom || ARRAY(SELECT ST_SetSRID(ST_MakePoint(-6.3 + random() * 0.1, 53.3 + random() * 0.1), 4326) FROM generate_series(1, r.i % 4)) || z.geom)
	FROM r
	JOIN netstate.structure a ON a.id = r.p JOIN netstate.structure z ON z.id = 1 + (r.p + r.q - 1) % 6;
	INSERT INTO netstate.duct (id, span_id, name, kind) SELECT s.id * 100 + d, s.id, 'd' || d, CASE WHEN d = 1 THEN 'bank' END FROM netstate.span s, generate_series(1, 2) d WHERE s.id > 2;
	INSERT INTO netstate.duct (id, span_id, parent_id, name) SELECT d.id * 10 + k, d.span_id, d.id, 'd' || k FROM netstate.duct d, generate_series(1, 2) k WHERE random() < 0.7;
	INSERT INTO netstate.duct (id, span_id, parent_id, name) SELECT d.id * 10 + k, d.span_id, d.id, 'd' || k FROM netstate.duct d, generate_series(1, 2) k WHERE d.depth = 2 AND random() < 0.5;
	INSERT INTO netstate.span_crossing SELECT s.id, t.id, (ARRAY['over', 'under', 'through'])[1 + floor(random() * 3)::integer]
	FROM netstate.span s, netstate.structure t WHERE random() < 0.2;
	FOR c IN 1 .. 8 LOOP
		INSERT INTO netstate.cable (id, name, strand_count) VALUES (c, 'cable ' || c, 24);
		here := (SELECT a_structure_id FROM netstate.span ORDER BY random() LIMIT 1);
		steps := 1 + floor(random() * 7)::integer;
		FOR q IN 1 .. steps LOOP
			SELECT * INTO leg FROM netstate.span x WHERE here IN (x.a_structure_id, x.z_structure_id) ORDER BY random() LIMIT 1;
			SELECT d.id INTO duct FROM netstate.duct d WHERE d.span_id = leg.id AND random() < 0.5 ORDER BY random() LIMIT 1;
			INSERT INTO netstate.cable_segment VALUES (c, q, leg.id, duct, floor(random() * 3) * 10);
			here := CASE here WHEN leg.a_structure_id THEN leg.z_structure_id ELSE leg.a_structure_id END;
		END LOOP;
	END LOOP;
	INSERT INTO netstate.network (id, name, layer) VALUES (1, 'f', 'fibre');
	INSERT INTO netstate.node (id, network_id, name) VALUES (1, 1, 'a'), (2, 1, 'z');
	INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) SELECT i, 1, i, 1, 2 FROM generate_series(1, 40) i;
	FOR i IN 1 .. 40 LOOP
		BEGIN
			INSERT INTO netstate.strand_assignment
			SELECT i, 1, c, int4range(f, f + 2), int4range(g, least(n + 1, g + l))
			FROM (SELECT x.cable_id AS c, count(*)::integer AS n, 1 + floor(random() * 4)::integer AS f, 1 + floor(random() * count(*))::integer AS g, 1 + floor(random() * 4)::integer AS l
				FROM netstate.cable_segment x GROUP BY 1 ORDER BY random() LIMIT 1) r;
			INSERT INTO netstate.splice (id, structure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands)
			SELECT i, t.id, g.cable_id, g.seq, int4range(k, k + 1), h.cable_id, h.seq, int4range(k, k + 1)
			FROM netstate.structure t, netstate.cable_segment g, netstate.span p, netstate.cable_segment h, netstate.span r, (SELECT 1 + floor(random() * 20)::integer AS k) k
			WHERE p.id = g.span_id AND t.id IN (p.a_structure_id, p.z_structure_id) AND r.id = h.span_id AND t.id IN (r.a_structure_id, r.z_structure_id)
			ORDER BY random() LIMIT 1;
		EXCEPTION WHEN exclusion_violation OR check_violation THEN
			NULL;
		END;
	END LOOP;
	TRUNCATE fixed, original;
	INSERT INTO fixed SELECT id FROM netstate.structure;
	INSERT INTO original SELECT id, id FROM netstate.span;
END $$;

DO $$
DECLARE
	plants text[];
	undo bigint[];
	half bigint;
	s record;
	course text;
	now text;
	splits integer := 0;
	drawn double precision;
BEGIN
	FOR world IN 1 .. 25 LOOP
		PERFORM pg_temp.grow(world / 100.0);
		drawn := (SELECT sum(drawn_m) FROM netstate.span);
		course := pg_temp.course();
		plants := ARRAY[pg_temp.plant()];
		undo := '{}';
		-- up to four splits, each where the last one left off or elsewhere
		FOR i IN 1 .. 4 LOOP
			SELECT x.id, x.drawn_m, COALESCE(x.length_m, x.drawn_m) AS m INTO s FROM netstate.span x ORDER BY random() LIMIT 1;
			INSERT INTO netstate.structure (id, name, geom)
			SELECT 100 + i, 'new ' || i, ST_LineInterpolatePoint(x.geom, 0.1 + 0.8 * random()) FROM netstate.span x WHERE x.id = s.id
			ON CONFLICT (id) DO UPDATE SET geom = excluded.geom;
			half := netstate.split_span(s.id, 100 + i, CASE WHEN random() < 0.5 THEN s.m * (0.01 + 0.98 * random()) END);
			splits := splits + 1;
			INSERT INTO original SELECT half, of FROM original WHERE span_id = s.id;
			now := pg_temp.course();
			IF now <> course THEN
				RAISE 'world %: after split % of span % at %:%was %is %', world, i, s.id, 100 + i, E'\n', course, now;
			END IF;
			-- a line that is straight on the map is not the shortest on the ground
			ASSERT abs(drawn - (SELECT sum(drawn_m) FROM netstate.span)) < 0.1;
			undo := undo || ARRAY[s.id, half];
			plants := plants || pg_temp.plant();
		END LOOP;
		FOR i IN REVERSE 4 .. 1 LOOP
			PERFORM netstate.merge_span(undo[2 * i - 1], undo[2 * i]);
			now := pg_temp.plant();
			IF now <> plants[i] THEN
				RAISE 'world %: after merge %:% was % is %', world, i, E'\n', plants[i], now;
			END IF;
			DELETE FROM original WHERE span_id = undo[2 * i];
			IF pg_temp.course() <> course THEN
				RAISE 'world %: after merge %', world, i;
			END IF;
		END LOOP;
	END LOOP;
	RAISE NOTICE '% splits', splits;
END $$;
ROLLBACK;
