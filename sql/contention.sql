-- What bypasses do to links when risks strike, on a network that is small enough
-- to answer by hand. The search itself is held against all paths by unit tests.
\pset null '(null)'
BEGIN;
-- A statement's error: SQLSTATE, message, detail and hint.
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	said text;
	more text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, more = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, said, nullif(more, ''), nullif(hint, ''));
END $$;

-- a and b are joined directly and by way of c, d and e; each way has room for 100.
INSERT INTO netstate.network (id, name, layer) VALUES (5801, 'c fibre', 'fibre'), (5804, 'c ip', 'ip'), (5805, 'c te', 'te');
INSERT INTO netstate.node (id, network_id, name) VALUES
	(580101, 5801, 'a'), (580102, 5801, 'c'),
	(580401, 5804, 'a'), (580402, 5804, 'b'), (580403, 5804, 'c'), (580404, 5804, 'd'), (580405, 5804, 'e');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, capacity_gbps) VALUES
	(580411, 5804, 'ab', 580401, 580402, 1, 100),
	(580412, 5804, 'ac', 580401, 580403, 1, 100), (580413, 5804, 'bc', 580402, 580403, 1, 100),
	(580414, 5804, 'ad', 580401, 580404, 2, 100), (580415, 5804, 'db', 580404, 580402, 2, 100),
	(580416, 5804, 'ae', 580401, 580405, 3, 100), (580417, 5804, 'eb', 580405, 580402, 3, NULL);
INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps) VALUES
	(5804, 'ab', 580401, 580402, 60), (5804, 'ba', 580402, 580401, 6), (5804, 'ac', 580401, 580403, 50),
	(5804, 'bc', 580402, 580403, 10), (5804, 'ad', 580401, 580404, 30), (5804, 'ae', 580401, 580405, 20);

-- Names in place of ids; a derived group by its name, too.
CREATE FUNCTION pg_temp.contention(arguments text) RETURNS TABLE (event text, second text,
	moved float8, unprotected float8, over text, a_to_z boolean, load float8, added float8, capacity float8, by float8, probability text)
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
		SELECT concat_ws(' + ', (SELECT string_agg(netstate.risk_name(g), ' + ' ORDER BY g) FROM unnest(c.srlgs) g), l.name),
			nullif(concat_ws(' + ', (SELECT string_agg(netstate.risk_name(g), ' + ' ORDER BY g) FROM unnest(c.second_srlgs) g), m.name), ''),
			c.moved_gbps, c.unprotected_gbps, o.name, c.a_to_z, c.load_gbps, c.added_gbps, c.capacity_gbps, c.over_gbps,
			to_char(c.probability, '9.9999EEEE')
		FROM netstate.bypass_contention(%s) WITH ORDINALITY AS c
		LEFT JOIN netstate.link l ON l.id = c.link_id LEFT JOIN netstate.link m ON m.id = c.second_link_id
		LEFT JOIN netstate.link o ON o.id = c.over_link_id ORDER BY c.ordinality$q$, arguments);
END $$;

-- ab moves onto ac and cb, and ac overflows; all others fit
SELECT * FROM pg_temp.contention($$'c ip'$$);

-- a trench with ab and bc: both go by d then, also when one of them fails by itself
INSERT INTO netstate.srlg (id, network_id, name, mtbf_hours, mttr_hours) VALUES (5801, 5804, 'trench', 8760, 12);
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (5801, 580411), (5801, 580413);
SELECT * FROM pg_temp.contention($$'c ip'$$);
-- half of each
UPDATE netstate.srlg_member SET share = 0.5 WHERE srlg_id = 5801;
SELECT * FROM pg_temp.contention($$'c ip', most => 0$$) c WHERE c.event LIKE 'trench%';
-- a share of 0 takes nothing
UPDATE netstate.srlg_member SET share = 0 WHERE srlg_id = 5801;
SELECT * FROM pg_temp.contention($$'c ip', most => 0$$) c WHERE c.event LIKE 'trench%' OR c.over IS NOT NULL;
UPDATE netstate.srlg_member SET share = 1 WHERE srlg_id = 5801;
-- a group that takes an end with it: nothing carries what its links carried, and
-- the path around does not have to avoid it
INSERT INTO netstate.srlg (id, network_id, name) VALUES (5802, 5804, 'building b'), (5803, 5804, 'the same as bc');
INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (5802, 580402);
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (5803, 580413);
SELECT * FROM pg_temp.contention($$'c ip', most => 0$$) c WHERE c.event ~ 'building|same';
DELETE FROM netstate.srlg WHERE id IN (5802, 5803);

-- ---- two events ----

-- What ac, ad and ae carry goes by way of b; each fits beside the 60 on ab, no two
-- of them do. Nothing of ad's comes to ab while the trench is cut. What is known to
-- be likely comes first.
UPDATE netstate.demand SET gbps = 35 WHERE network_id = 5804 AND name = 'ac';
UPDATE netstate.link SET mtbf_hours = 876, mttr_hours = 0.05 WHERE id = 580414;
UPDATE netstate.link SET mtbf_hours = 8760, mttr_hours = 12 WHERE id = 580416;
SELECT * FROM pg_temp.contention($$'c ip'$$);
-- r1 * r2 * (w1 + w2) an hour; the second window ends with the repair, 3 minutes
SELECT c.probability / (1 - exp(-8760 * (1 / 8760.0 * 1 / 876.0 * (300 / 3600.0 + 0.05)))) BETWEEN 1 - 1e-9 AND 1 + 1e-9 AS as_stated
FROM netstate.bypass_contention('c ip') c WHERE c.second_srlgs IS NOT NULL AND c.probability IS NOT NULL ORDER BY c.probability DESC LIMIT 1;
SELECT c.probability / (1 - exp(-8760 * (1 / 8760.0 * 1 / 876.0 * (60 + 60) / 3600.0))) BETWEEN 1 - 1e-9 AND 1 + 1e-9 AS shorter
FROM netstate.bypass_contention('c ip', recompute_s => 60) c WHERE c.second_srlgs IS NOT NULL AND c.probability IS NOT NULL ORDER BY c.probability DESC LIMIT 1;
SELECT count(*) AS pairs, max(c.probability) AS at_once FROM netstate.bypass_contention('c ip', recompute_s => 0) c WHERE c.second_srlgs IS NOT NULL;
SELECT count(*) FILTER (WHERE c.second_srlgs IS NOT NULL) AS pairs FROM netstate.bypass_contention('c ip', most => 1) c;
SELECT count(*) FILTER (WHERE c.second_srlgs IS NOT NULL) AS pairs FROM netstate.bypass_contention('c ip', most => 0) c;

-- ---- what-ifs, and load that is given ----

SELECT * FROM pg_temp.contention($$'c ip', most => 0, avoid_links => '{580411}'$$);
SELECT * FROM pg_temp.contention($$'c ip', most => 0, avoid_srlgs => '{5801}'$$);
SELECT * FROM pg_temp.contention($$'c ip', 'hops', most => 0$$);
UPDATE netstate.link SET load_gbps = 90 WHERE id = 580411;
SELECT * FROM pg_temp.contention($$'c ip', most => 0$$) c WHERE c.event = 'ab';
SELECT * FROM pg_temp.contention($$'c ip', most => 0, given => false$$) c WHERE c.event = 'ab';
UPDATE netstate.link SET load_gbps = NULL WHERE id = 580411;

-- ---- bypasses that are provisioned ----

INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES
	(580501, 5805, 'a', 580401), (580502, 5805, 'b', 580402), (580503, 5805, 'd', 580404);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, directed) VALUES
	(580511, 5805, 'by c', 580501, 580502, true), (580512, 5805, 'by d', 580502, 580501, true), (580513, 5805, 'by e', 580501, 580502, false);
INSERT INTO netstate.link_support (link_id, seq, supporting_link_id) VALUES
	(580511, 1, 580412), (580511, 2, 580413), (580512, 1, 580415), (580512, 2, 580414), (580513, 1, 580416), (580513, 2, 580417);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
UPDATE netstate.link SET capacity_gbps = 10 WHERE id IN (580412, 580413, 580414, 580415, 580416, 580417);
CREATE FUNCTION pg_temp.where_to(named text) RETURNS TABLE (over text, a_to_z boolean, added float8, unprotected float8)
LANGUAGE sql AS $$
	SELECT c.over, c.a_to_z, c.added, c.unprotected FROM pg_temp.contention($q$'c ip', most => 0$q$) c WHERE c.event = $1 ORDER BY c.over
$$;
-- there by c, back on the path around, by d; c shares the trench
INSERT INTO netstate.bypass (protected_link_id, bypass_link_id) VALUES (580411, 580511);
SELECT * FROM pg_temp.where_to('ab');
SELECT * FROM pg_temp.where_to('trench');
-- back by d, too, which is its own way
INSERT INTO netstate.bypass (protected_link_id, bypass_link_id) VALUES (580411, 580512);
SELECT * FROM pg_temp.where_to('ab');
-- and by e where c is hit, both ways, since that tunnel has both
INSERT INTO netstate.bypass (protected_link_id, bypass_link_id) VALUES (580411, 580513);
SELECT * FROM pg_temp.where_to('ab');
SELECT * FROM pg_temp.where_to('trench');
-- out of service: the next one
UPDATE netstate.link SET status = 'failed' WHERE id = 580511;
SELECT * FROM pg_temp.where_to('ab');
-- no other one left: nothing carries it
UPDATE netstate.link SET status = 'failed' WHERE id = 580513;
SELECT * FROM pg_temp.where_to('ab');
UPDATE netstate.link SET status = 'in_service' WHERE id IN (580511, 580513);
-- a segment's bypass does not protect the whole; one that leads elsewhere nothing
DELETE FROM netstate.bypass WHERE protected_link_id = 580411;
INSERT INTO netstate.bypass (protected_link_id, from_seq, to_seq, bypass_link_id) VALUES (580411, 1, 1, 580511);
INSERT INTO netstate.bypass (protected_link_id, bypass_link_id) VALUES (580414, 580511);
SELECT * FROM pg_temp.where_to('ab');
SELECT * FROM pg_temp.where_to('ad');
DELETE FROM netstate.bypass WHERE protected_link_id IN (580411, 580414);
-- another link of the network itself, and a tunnel that rides on nothing here
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, capacity_gbps) VALUES (580418, 5804, 'ba 2', 580402, 580401, 99, 10);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (580514, 5805, 'elsewhere', 580501, 580502);
INSERT INTO netstate.bypass (protected_link_id, bypass_link_id) VALUES (580411, 580418);
SELECT * FROM pg_temp.where_to('ab');
UPDATE netstate.bypass SET bypass_link_id = 580514 WHERE bypass_link_id = 580418;
SELECT * FROM pg_temp.where_to('ab');
DELETE FROM netstate.bypass WHERE protected_link_id = 580411;

-- ---- capacity that is left, groups of the plant ----

INSERT INTO netstate.structure (id, name, geom) VALUES (5801, 'c s1', 'POINT(10 50)'), (5802, 'c s2', 'POINT(10.1 50)');
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom, length_m) VALUES (5801, 'c span', 5801, 5802, 'LINESTRING(10 50, 10.1 50)', 8000);
INSERT INTO netstate.cable (id, name, strand_count) VALUES (5801, 'c cable', 12);
INSERT INTO netstate.cable_segment (cable_id, seq, span_id) VALUES (5801, 1, 5801);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps) VALUES
	(580111, 5801, 'f1', 580101, 580102, 100), (580112, 5801, 'f2', 580101, 580102, 100);
UPDATE netstate.node SET structure_id = CASE id WHEN 580101 THEN 5801 ELSE 5802 END WHERE id IN (580101, 580102);
UPDATE netstate.node SET supporting_node_id = CASE id WHEN 580401 THEN 580101 ELSE 580102 END WHERE id IN (580401, 580403);
INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments) VALUES (580111, 1, 5801, '[1,3)', '[1,2)'), (580112, 1, 5801, '[3,5)', '[1,2)');
INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) VALUES (580412, 1, 1, 580111), (580412, 2, 1, 580112);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
UPDATE netstate.link SET capacity_gbps = 100, metric = 1 WHERE id IN (580412, 580413, 580414, 580415, 580416, 580417, 580418);
-- the span with its cable is one event with the link itself; its rate is that of all that are known
SELECT c.event, c.moved, c.unprotected FROM pg_temp.contention($$'c ip', most => 0$$) c WHERE c.event LIKE '%c span%';
SELECT abs(c.probability - (1 - exp(-8760 / r.mtbf_hours))) < 1e-12 AS of_the_span
FROM netstate.bypass_contention('c ip', most => 0) c, netstate.risk r
WHERE r.element_kind = 'span' AND r.element_id = 5801 AND r.id = ANY (c.srlgs);
UPDATE netstate.span SET mtbf_hours = 1000 WHERE id = 5801;
SELECT to_char(c.probability, '0.999999') AS own FROM netstate.bypass_contention('c ip', most => 0) c WHERE netstate.risk_id('span', 5801) = ANY (c.srlgs);
-- every group and link with load is in one event
SELECT count(DISTINCT (c.srlgs, c.link_id)) AS events, count(DISTINCT u.id) AS risks, count(u.id) AS memberships
FROM (SELECT DISTINCT c.srlgs, c.link_id FROM netstate.bypass_contention('c ip', most => 0) c) c
CROSS JOIN LATERAL unnest(c.srlgs || array_remove(ARRAY[c.link_id], NULL)) u (id);

-- ---- what bypass_paths gives is what overflows ----

-- Random networks in which nothing has room: each link on the path around is over,
-- in the direction of the path. Groups overlap, so that many links have no bypass.
CREATE FUNCTION pg_temp.dice(seed text, sides integer) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
	SELECT ('x' || substr(md5(seed), 1, 7))::bit(28)::integer % sides
$$;
INSERT INTO netstate.network (id, name, layer) SELECT 5820 + n, 'c random ' || n, 'ip' FROM generate_series(1, 15) n;
INSERT INTO netstate.node (id, network_id, name)
SELECT 582000 + 20 * n + i, 5820 + n, 'n' || i FROM generate_series(1, 15) n, generate_series(0, 7) i;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, capacity_gbps, load_gbps)
SELECT 582000 + 20 * n + l, 5820 + n, 'l' || l, 582000 + 20 * n + a, 582000 + 20 * n + (a + d) % 8, 1 + pg_temp.dice('c metric ' || n || '/' || l, 4), 0, 1
FROM generate_series(1, 15) n, generate_series(1, 16) l,
	LATERAL (SELECT pg_temp.dice('c a ' || n || '/' || l, 8) AS a, 1 + pg_temp.dice('c z ' || n || '/' || l, 7) AS d) e;
INSERT INTO netstate.srlg (id, network_id, name) SELECT 582000 + 20 * n + g, 5820 + n, 'g' || g FROM generate_series(1, 15) n, generate_series(1, 5) g;
INSERT INTO netstate.srlg_member (srlg_id, link_id)
SELECT 582000 + 20 * n + g, 582000 + 20 * n + l FROM generate_series(1, 15) n, generate_series(1, 5) g, generate_series(1, 16) l
WHERE pg_temp.dice('c member ' || n || '/' || g || '/' || l, 6) = 0;
INSERT INTO netstate.srlg_node (srlg_id, node_id) SELECT 582000 + 20 * n + 1, 582000 + 20 * n + 3 FROM generate_series(1, 15) n;
SELECT count(*) AS links, count(*) FILTER (WHERE b.links IS NULL) > 5 AS some_without, count(*) FILTER (WHERE b.hops > 2) > 20 AS some_long,
	count(*) FILTER (WHERE e.there IS DISTINCT FROM b.sorted OR e.back IS DISTINCT FROM b.sorted
		OR e.unprotected_gbps <> CASE WHEN b.links IS NULL THEN 2 ELSE 0 END) AS differ
FROM netstate.network w
CROSS JOIN LATERAL (
	SELECT c.link_id, c.unprotected_gbps,
		array_agg(c.over_link_id ORDER BY c.over_link_id) FILTER (WHERE c.a_to_z = (o.a_node_id = ANY (s.way) AND array_position(s.way, o.a_node_id) < array_position(s.way, o.z_node_id))) AS there,
		array_agg(c.over_link_id ORDER BY c.over_link_id) FILTER (WHERE c.a_to_z <> (o.a_node_id = ANY (s.way) AND array_position(s.way, o.a_node_id) < array_position(s.way, o.z_node_id))) AS back
	FROM netstate.bypass_contention(w.name, most => 0) c
	LEFT JOIN netstate.link o ON o.id = c.over_link_id
	LEFT JOIN LATERAL (SELECT ARRAY(SELECT n.id FROM unnest(p.nodes) WITH ORDINALITY AS u (name, ord)
			JOIN netstate.node n ON n.network_id = w.id AND n.name = u.name ORDER BY u.ord) AS way
		FROM netstate.bypass_paths(w.name, ARRAY[c.link_id]) p) s ON true
	WHERE c.link_id IS NOT NULL GROUP BY c.link_id, c.unprotected_gbps) e
LEFT JOIN LATERAL (SELECT p.*, ARRAY(SELECT u.id FROM unnest(p.links) u (id) ORDER BY u.id) AS sorted
	FROM netstate.bypass_paths(w.name, ARRAY[e.link_id]) p) b ON true
WHERE w.id BETWEEN 5821 AND 5835;

-- Provisioned, each bypass takes what it would have taken.
CREATE TEMP TABLE before AS
SELECT w.id, c.srlgs, c.link_id, c.moved_gbps, c.unprotected_gbps FROM netstate.network w
CROSS JOIN LATERAL netstate.bypass_contention(w.name, most => 0) c WHERE w.id BETWEEN 5821 AND 5835
GROUP BY w.id, c.srlgs, c.link_id, c.moved_gbps, c.unprotected_gbps;
INSERT INTO netstate.network (id, name, layer) SELECT 5840 + n, 'c te ' || n, 'te' FROM generate_series(1, 15) n;
SELECT count(b.bypass_link_id) > 200 AS provisioned
FROM generate_series(1, 15) n CROSS JOIN LATERAL netstate.provision_bypasses('c random ' || n, 'c te ' || n) b;
SELECT count(*) > 200 AS events, count(*) FILTER (WHERE b.id IS NULL OR a.id IS NULL) AS differ
FROM before b
FULL JOIN (
	SELECT DISTINCT w.id, c.srlgs, c.link_id, c.moved_gbps, c.unprotected_gbps FROM netstate.network w
	CROSS JOIN LATERAL netstate.bypass_contention(w.name, most => 0) c WHERE w.id BETWEEN 5821 AND 5835) a
	ON (a.id, a.srlgs, a.moved_gbps, a.unprotected_gbps) = (b.id, b.srlgs, b.moved_gbps, b.unprotected_gbps)
	AND a.link_id IS NOT DISTINCT FROM b.link_id;

-- ---- refused ----

SELECT query, pg_temp.refusal('SELECT count(*) FROM netstate.bypass_contention(' || query || ')') AS refusal
FROM unnest(ARRAY[
	$$'c pi'$$, $$NULL$$, $$'c ip', 'price'$$, $$'c ip', 'length'$$, $$'c ip', recompute_s => -1$$, $$'c ip', recompute_s => 'infinity'$$,
	$$'c ip', recompute_s => NULL$$, $$'c ip', most => -1$$, $$'c ip', most => 1000001$$, $$'c ip', avoid_links => NULL$$,
	$$'c ip', avoid_srlgs => '{NULL}'$$, $$'c ip', given => NULL$$]) WITH ORDINALITY AS q (query, n) ORDER BY n;
CREATE ROLE regress_ns_contention;
GRANT USAGE ON SCHEMA netstate TO regress_ns_contention;
GRANT SELECT ON ALL TABLES IN SCHEMA netstate TO regress_ns_contention;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA netstate TO regress_ns_contention;
SET ROLE regress_ns_contention;
SELECT count(*) > 5 AS answers FROM netstate.bypass_contention('c ip');
RESET ROLE;
REVOKE SELECT ON netstate.bypass FROM regress_ns_contention;
SET ROLE regress_ns_contention;
SELECT pg_temp.refusal($$SELECT netstate.bypass_contention('c ip')$$);
RESET ROLE;
-- how often a group strikes is not hidden with its name
GRANT SELECT ON netstate.bypass TO regress_ns_contention;
ALTER TABLE netstate.srlg ENABLE ROW LEVEL SECURITY;
SET ROLE regress_ns_contention;
SELECT c.srlgs, c.probability IS NULL AS unknown FROM netstate.bypass_contention('c ip', most => 0) c WHERE 5801 = ANY (c.srlgs);
RESET ROLE;
ROLLBACK;
