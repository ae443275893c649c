-- What the plant says of shared risk, carried capacity and ends, in plain SQL:
-- a second derivation, from the words of docs/risk.md, that shares nothing with
-- the one in C.  Slow, and only for small plants.
--
-- A *unit* is what an event of a group hits or spares as a whole.  Groups have
-- the ids that netstate gives them: -((code << 59) | element).
--
-- `doubt` marks groups that a hand's breadth decides (where along its corridor a
-- span ends); they are left out of comparisons.

CREATE SCHEMA plant_test;

CREATE FUNCTION plant_test.group_id(code integer, element bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT -((code::bigint << 59) | element) $$;

CREATE AGGREGATE plant_test.product (float8) (SFUNC = float8mul, STYPE = float8, INITCOND = '1');

CREATE VIEW plant_test.rule AS SELECT * FROM netstate.risk_rule_in_force WHERE enabled;

-- A transaction's own pairs stand in for those at COMMIT.
CREATE VIEW plant_test.pair AS
SELECT p.a_span_id, p.b_span_id, p.crosses, p.run_m, p.distance_m
FROM netstate.span_pair p
WHERE NOT EXISTS (SELECT FROM netstate.span_pair_own o
	WHERE o.xid = pg_current_xact_id_if_assigned() AND (o.a_span_id, o.b_span_id) = (p.a_span_id, p.b_span_id))
UNION ALL
SELECT o.a_span_id, o.b_span_id, o.crosses, o.run_m, o.distance_m
FROM netstate.span_pair_own o
WHERE o.xid = pg_current_xact_id_if_assigned() AND o.run_m IS NOT NULL;

-- Metres along its corridor at which a span begins and ends.
CREATE FUNCTION plant_test.along(corridor geometry, place geometry) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$
	SELECT ST_LineLocatePoint(line, ST_Scale(place, k * cos(radians(ST_Y(ST_StartPoint(corridor)))), k)) * ST_Length(line)
	FROM (SELECT 111195.0802335329 AS k) c,
		LATERAL (SELECT ST_Scale(corridor, k * cos(radians(ST_Y(ST_StartPoint(corridor)))), k) AS line) l
$$;

CREATE VIEW plant_test.stretch AS
SELECT s.id AS span_id, s.corridor_id, s.side, r.kind, n AS stretch, r.probability,
	n < floor((least(a, z) + 0.5) / r.distance_m) OR n > floor((greatest(a, z) - 0.5) / r.distance_m) AS doubt
FROM netstate.span s
JOIN netstate.corridor c ON c.id = s.corridor_id
JOIN plant_test.rule r ON r.kind = 'corridor' OR r.kind = 'corridor_side' AND s.side IS NOT NULL
CROSS JOIN LATERAL (SELECT plant_test.along(c.geom, ST_StartPoint(s.geom)) AS a, plant_test.along(c.geom, ST_EndPoint(s.geom)) AS z) p
CROSS JOIN generate_series(greatest(0, floor((least(a, z) - 0.5) / r.distance_m)::integer), floor((greatest(a, z) + 0.5) / r.distance_m)::integer) n;

-- What each span belongs to, but for the group that it is itself.
CREATE VIEW plant_test.span_unit AS
SELECT plant_test.group_id(4, x.structure_id) AS group_id, x.span_id, 'structure' AS unit, r.probability, false AS doubt
FROM (SELECT id AS span_id, a_structure_id AS structure_id FROM netstate.span UNION SELECT id, z_structure_id FROM netstate.span) x
JOIN plant_test.rule r ON r.kind = 'structure'
UNION ALL
SELECT plant_test.group_id(4, c.structure_id), c.span_id, c.passage, r.probability, false
FROM netstate.span_crossing c JOIN plant_test.rule r ON r.kind = 'passage_' || c.passage
UNION
SELECT plant_test.group_id(5, t.site_id), s.id, 'site', r.probability, false
FROM netstate.span s JOIN netstate.structure t ON t.id IN (s.a_structure_id, s.z_structure_id) JOIN plant_test.rule r ON r.kind = 'site'
WHERE t.site_id IS NOT NULL
UNION ALL
SELECT CASE kind WHEN 'corridor' THEN plant_test.group_id(7, (corridor_id << 26) | (stretch << 2))
		ELSE plant_test.group_id(8, (corridor_id << 26) | (stretch << 2) | array_position('{left,right,median}', side)) END,
	span_id, coalesce(side, 'no side'), probability, doubt
FROM plant_test.stretch
UNION ALL
SELECT plant_test.group_id(9, (p.a_span_id << 29) | p.b_span_id), s.id, 'span ' || s.id, r.probability, false
FROM plant_test.pair p JOIN netstate.span s ON s.id IN (p.a_span_id, p.b_span_id) JOIN plant_test.rule r ON r.kind = 'crossing'
WHERE p.crosses
UNION ALL
SELECT plant_test.group_id(10, (p.a_span_id << 29) | p.b_span_id), s.id, 'span ' || s.id, r.probability, false
FROM plant_test.pair p JOIN netstate.span s ON s.id IN (p.a_span_id, p.b_span_id) JOIN plant_test.rule r ON r.kind = 'proximity'
WHERE p.run_m[r.distance_m::integer] > 0 AND p.run_m[r.distance_m::integer] >= r.min_length_m
UNION ALL
SELECT plant_test.group_id(11, h.id), s.id, 'span ' || s.id, r.probability, false
FROM netstate.hazard_area h JOIN netstate.span s ON ST_Intersects(h.geom, s.geom) JOIN plant_test.rule r ON r.kind = 'hazard_area';

-- A span itself: of a bank, each outermost duct is hit or spared by itself.
CREATE FUNCTION plant_test.own_unit(span_id bigint, outermost_duct_id bigint)
RETURNS TABLE (group_id bigint, unit text, probability float8) LANGUAGE sql STABLE AS $$
	SELECT plant_test.group_id(1, s.id),
		CASE WHEN s.encasement = 'none' OR outermost_duct_id IS NULL THEN 'span' ELSE 'duct ' || outermost_duct_id END, r.probability
	FROM netstate.span s JOIN plant_test.rule r ON r.kind = CASE s.encasement WHEN 'none' THEN 'span' ELSE 'duct_bank' END
	WHERE s.id = span_id
$$;

-- Each duct with all that it lies in, itself included.
CREATE VIEW plant_test.duct_in AS
WITH RECURSIVE up AS (
	SELECT id AS duct_id, id AS in_id, parent_id FROM netstate.duct
	UNION ALL
	SELECT u.duct_id, d.id, d.parent_id FROM up u JOIN netstate.duct d ON d.id = u.parent_id)
SELECT duct_id, in_id, parent_id IS NULL AS outermost FROM up;

-- What a link itself runs in, segment by segment.  Before COMMIT there may be
-- segments that are assigned, and not there.
CREATE VIEW plant_test.lane AS
SELECT DISTINCT a.link_id, a.cable_id, c.span_id, c.duct_id
FROM netstate.strand_assignment a LEFT JOIN netstate.cable_segment c ON c.cable_id = a.cable_id AND a.segments @> c.seq;

CREATE VIEW plant_test.lane_unit AS
SELECT DISTINCT u.group_id, l.link_id, u.unit, u.probability, u.doubt
FROM plant_test.lane l JOIN plant_test.span_unit u USING (span_id)
UNION
SELECT o.group_id, l.link_id, o.unit, o.probability, false
FROM plant_test.lane l
LEFT JOIN plant_test.duct_in d ON d.duct_id = l.duct_id AND d.outermost
CROSS JOIN plant_test.own_unit(l.span_id, d.in_id) o
UNION
SELECT plant_test.group_id(2, d.in_id), l.link_id, 'duct', r.probability, false
FROM plant_test.lane l JOIN plant_test.duct_in d USING (duct_id) JOIN plant_test.rule r ON r.kind = 'duct'
UNION
SELECT plant_test.group_id(3, l.cable_id), l.link_id, 'cable', r.probability, false
FROM plant_test.lane l JOIN plant_test.rule r ON r.kind = 'cable';

-- Where nodes stand, and what takes them down there.
CREATE VIEW plant_test.node_place AS
SELECT n.id AS node_id, n.structure_id, coalesce(n.site_id, t.site_id) AS site_id,
	coalesce(n.geom, t.geom, (SELECT s.geom FROM netstate.site s WHERE s.id = n.site_id)) AS geom
FROM netstate.node n LEFT JOIN netstate.structure t ON t.id = n.structure_id;

CREATE VIEW plant_test.place_unit AS
SELECT plant_test.group_id(4, p.structure_id) AS group_id, p.node_id, 'structure' AS unit, r.probability
FROM plant_test.node_place p JOIN plant_test.rule r ON r.kind = 'structure'
WHERE p.structure_id IS NOT NULL
UNION ALL
SELECT plant_test.group_id(5, p.site_id), p.node_id, 'site', r.probability
FROM plant_test.node_place p JOIN plant_test.rule r ON r.kind = 'site'
WHERE p.site_id IS NOT NULL
UNION ALL
SELECT plant_test.group_id(6, f.power_feed_id), p.node_id, 'site ' || p.site_id, r.probability
FROM plant_test.node_place p
JOIN netstate.site_power_feed f USING (site_id)
JOIN plant_test.rule r ON r.kind = CASE (SELECT count(*) FROM netstate.site_power_feed x WHERE x.site_id = p.site_id)
	WHEN 1 THEN 'power_feed' ELSE 'power_feed_backed' END
UNION ALL
SELECT plant_test.group_id(11, h.id), p.node_id, 'node ' || p.node_id, r.probability
FROM plant_test.node_place p JOIN netstate.hazard_area h ON ST_Intersects(h.geom, p.geom) JOIN plant_test.rule r ON r.kind = 'hazard_area'
UNION ALL
SELECT srlg_id, node_id, 'node ' || node_id, probability FROM netstate.srlg_node;

-- Nodes with all that they ride on, themselves included.
CREATE VIEW plant_test.node_on AS
WITH RECURSIVE down AS (
	SELECT id AS node_id, id AS on_id, supporting_node_id FROM netstate.node
	UNION ALL
	SELECT d.node_id, n.id, n.supporting_node_id FROM down d JOIN netstate.node n ON n.id = d.supporting_node_id)
SELECT node_id, on_id FROM down;

CREATE VIEW plant_test.node_unit AS
SELECT DISTINCT u.group_id, d.node_id, u.unit, u.probability
FROM plant_test.node_on d JOIN plant_test.place_unit u ON u.node_id = d.on_id;

-- The groups that take down a node: no path that ends there counts them.
CREATE VIEW plant_test.node_group AS
SELECT group_id, node_id, 1 - plant_test.product(1 - probability) AS probability
FROM plant_test.node_unit GROUP BY group_id, node_id;

-- All that a link is hit through by itself: its plant, its nodes, what is stated.
CREATE VIEW plant_test.link_unit AS
SELECT group_id, link_id, unit, 1::float8 AS share, probability, doubt FROM plant_test.lane_unit
UNION
SELECT u.group_id, l.id, u.unit, 1, u.probability, false
FROM netstate.link l JOIN plant_test.node_unit u ON u.node_id IN (l.a_node_id, l.z_node_id)
UNION ALL
SELECT srlg_id, link_id, 'link ' || link_id, share, probability, false FROM netstate.srlg_member;

-- Links with all that they ride on, themselves included.
CREATE VIEW plant_test.link_on AS
WITH RECURSIVE down AS (
	SELECT id AS link_id, id AS on_id FROM netstate.link
	UNION
	SELECT d.link_id, s.supporting_link_id FROM down d JOIN netstate.link_support s ON s.link_id = d.on_id)
SELECT link_id, on_id FROM down;

-- Members of links: what each counts with, and what it rides on.
CREATE VIEW plant_test.member AS
SELECT link_id, level, member, CASE WHEN known THEN counts ELSE 1 END AS counts, rides_on,
	capacity, known
FROM (
	SELECT l.id AS link_id, l.level, s.member, l.capacity_gbps AS capacity,
		least(l.capacity_gbps, min(b.capacity_gbps)) AS counts, array_agg(b.id) AS rides_on,
		bool_and(bool_and(l.capacity_gbps IS NOT NULL AND b.capacity_gbps IS NOT NULL)) OVER (PARTITION BY l.id) AS known
	FROM netstate.link l JOIN netstate.link_support s ON s.link_id = l.id JOIN netstate.link b ON b.id = s.supporting_link_id
	GROUP BY l.id, s.member) x;

CREATE TYPE plant_test.loss AS (group_id bigint, link_id bigint, share float8);

-- Shares, layer by layer from below.
CREATE FUNCTION plant_test.losses() RETURNS SETOF plant_test.loss
LANGUAGE plpgsql STABLE AS $$
DECLARE
	own plant_test.loss[] := ARRAY(SELECT ROW(u.group_id, u.link_id, max(u.share))::plant_test.loss FROM plant_test.link_unit u GROUP BY u.group_id, u.link_id);
	lost plant_test.loss[] := '{}';
BEGIN
	FOR at_level IN 1 .. 5 LOOP
		lost := lost || ARRAY(
			WITH below AS MATERIALIZED (SELECT * FROM unnest(lost)),
			member AS MATERIALIZED (SELECT * FROM plant_test.member m WHERE m.level = at_level),
			hit AS (	-- what each member loses to each group
				SELECT b.group_id, m.link_id, m.member, max(b.share) AS share
				FROM member m JOIN below b ON b.link_id = ANY (m.rides_on)
				GROUP BY b.group_id, m.link_id, m.member),
			left_over AS (
				SELECT g.group_id, m.link_id, sum(m.counts * (1 - coalesce(h.share, 0))) AS kept,
					CASE WHEN bool_and(m.known) THEN least(max(m.capacity), sum(m.counts)) ELSE sum(m.counts) END AS whole
				FROM (SELECT DISTINCT hit.group_id, hit.link_id FROM hit) g
				JOIN member m USING (link_id)
				LEFT JOIN hit h ON (h.group_id, h.link_id, h.member) = (g.group_id, m.link_id, m.member)
				GROUP BY g.group_id, m.link_id)
			SELECT ROW(x.group_id, x.link_id, max(x.share))::plant_test.loss
			FROM (
				SELECT e.group_id, e.link_id, CASE WHEN e.whole <= 0 THEN 0 ELSE greatest(0, 1 - e.kept / e.whole) END AS share FROM left_over e
				UNION ALL
				SELECT o.group_id, o.link_id, o.share FROM unnest(own) o JOIN netstate.link l ON l.id = o.link_id WHERE l.level = at_level) x
			GROUP BY x.group_id, x.link_id);
	END LOOP;
	RETURN QUERY SELECT * FROM unnest(lost);
END $$;

-- All memberships of all links.
CREATE FUNCTION plant_test.memberships()
RETURNS TABLE (srlg_id bigint, link_id bigint, origin text, share float8, probability float8, doubt boolean)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH unit AS MATERIALIZED (SELECT * FROM plant_test.link_unit),
	beneath AS (
		SELECT DISTINCT d.link_id, u.group_id, u.unit, u.probability, u.doubt
		FROM plant_test.link_on d JOIN unit u ON u.link_id = d.on_id),
	chance AS (
		SELECT b.link_id, b.group_id, 1 - plant_test.product(1 - b.probability) AS probability, bool_or(b.doubt) AS doubt
		FROM beneath b GROUP BY b.link_id, b.group_id)
	SELECT c.group_id, c.link_id, coalesce(g.origin, 'derived'), coalesce(l.share, 0), c.probability,
		bool_or(c.doubt) OVER (PARTITION BY c.group_id)
	FROM chance c
	LEFT JOIN plant_test.losses() l ON (l.group_id, l.link_id) = (c.group_id, c.link_id)
	LEFT JOIN netstate.srlg g ON g.id = c.group_id;
END $$;

-- Nodes that are up, with all that they ride on and the structures they stand in.
CREATE VIEW plant_test.node_up AS
SELECT n.id, bool_and(b.status = 'in_service' AND coalesce(t.status = 'operational', true)) AS up
FROM netstate.node n
JOIN plant_test.node_on d ON d.node_id = n.id
JOIN netstate.node b ON b.id = d.on_id
LEFT JOIN netstate.structure t ON t.id = b.structure_id
GROUP BY n.id;

CREATE TYPE plant_test.state AS (link_id bigint, carried float8, up boolean);

-- What is left of links, layer by layer from below.
CREATE FUNCTION plant_test.carried() RETURNS SETOF plant_test.state
LANGUAGE plpgsql STABLE AS $$
DECLARE
	state plant_test.state[] := '{}';
	gone bigint[];	-- links of which drains take a part (drain.sql)
	part_lost float8[];
BEGIN
	SELECT array_agg(d.link_id), array_agg(d.lost) INTO gone, part_lost FROM plant_test.drained d;
	FOR at_level IN 1 .. 5 LOOP
		state := state || ARRAY(
			WITH below AS MATERIALIZED (SELECT * FROM unnest(state)),
			node_up AS MATERIALIZED (SELECT * FROM plant_test.node_up),
			drained AS MATERIALIZED (SELECT * FROM unnest(gone, part_lost) u (link_id, lost)),
			broken AS MATERIALIZED (	-- links whose own plant is out of use
				SELECT l.link_id FROM plant_test.lane l
				JOIN netstate.cable c ON c.id = l.cable_id
				LEFT JOIN netstate.span s ON s.id = l.span_id
				LEFT JOIN netstate.structure t ON t.id IN (s.a_structure_id, s.z_structure_id)
				WHERE 'operational' <> ANY (ARRAY[c.status, s.status, t.status])
				UNION
				SELECT l.id FROM netstate.link l
				JOIN netstate.node n ON n.id IN (l.a_node_id, l.z_node_id)
				JOIN node_up u ON u.id = n.supporting_node_id
				WHERE NOT u.up),
			kept AS (
				SELECT m.link_id, m.counts, m.known, m.capacity,
					(SELECT min(CASE WHEN b.up THEN b.carried ELSE 0 END) FROM below b WHERE b.link_id = ANY (m.rides_on)) AS kept
				FROM plant_test.member m WHERE m.level = at_level),
			part AS (
				SELECT k.link_id, sum(k.counts * k.kept) AS kept, CASE WHEN bool_and(k.known) THEN least(max(k.capacity), sum(k.counts)) ELSE sum(k.counts) END AS whole
				FROM kept k GROUP BY k.link_id),
			link AS (
				SELECT l.id, l.status = 'in_service' AND a.up AND z.up AS fit,
					CASE WHEN l.id IN (SELECT b.link_id FROM broken b) THEN 0
						WHEN p.link_id IS NULL OR p.whole <= 0 THEN 1
						WHEN p.kept / p.whole < 1e-9 THEN 0
						ELSE least(1, p.kept / p.whole) END AS kept,
					coalesce((SELECT 1 - d.lost FROM drained d WHERE d.link_id = l.id), 1) AS most
				FROM netstate.link l
				JOIN node_up a ON a.id = l.a_node_id
				JOIN node_up z ON z.id = l.z_node_id
				LEFT JOIN part p ON p.link_id = l.id
				WHERE l.level = at_level)
			SELECT ROW(x.id, least(x.kept, x.most), x.fit AND least(x.kept, x.most) > 0)::plant_test.state FROM link x);
	END LOOP;
	RETURN QUERY SELECT * FROM unnest(state);
END $$;
