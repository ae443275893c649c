-- Drains: what they take, in plain SQL, and random changes of them.

-- The elements of active drains.  A group of the plant stands for its element.
CREATE VIEW plant_test.drain_part AS
WITH stated AS (
	SELECT e.kind, e.element_id AS id FROM netstate.drain d JOIN netstate.drain_element e ON e.drain_id = d.id WHERE d.state IN ('draining', 'drained'))
SELECT s.kind, s.id FROM stated s WHERE s.kind <> 'srlg' OR s.id > 0
UNION
SELECT CASE g.kind WHEN 'power_feed' THEN 'feed of a group' ELSE g.element_kind END, g.element_id
FROM stated s CROSS JOIN plant_test.element(s.id) g WHERE s.kind = 'srlg' AND s.id < 0;

CREATE VIEW plant_test.drained_site AS
SELECT s.id FROM netstate.site s LEFT JOIN netstate.zone z ON z.id = s.zone_id
JOIN plant_test.drain_part p ON (p.kind, p.id) IN (('site', s.id), ('zone', z.id), ('region', z.region_id));

-- Sites without any feed left, and those that a feed's group is said to take.
CREATE VIEW plant_test.dark_site AS
SELECT f.site_id AS id FROM netstate.site_power_feed f GROUP BY f.site_id
HAVING bool_and(EXISTS (SELECT FROM plant_test.drain_part p WHERE (p.kind, p.id) = ('power_feed', f.power_feed_id)))
UNION
SELECT f.site_id FROM netstate.site_power_feed f JOIN plant_test.drain_part p ON (p.kind, p.id) = ('feed of a group', f.power_feed_id);

CREATE VIEW plant_test.drained_span AS
SELECT s.id FROM netstate.span s JOIN plant_test.drain_part p ON (p.kind, p.id) IN (('span', s.id), ('corridor', s.corridor_id),
	('structure', s.a_structure_id), ('structure', s.z_structure_id))
	OR p.kind = 'span_pair' AND s.id IN (p.id >> 29, p.id & (1::bigint << 29) - 1)
	OR p.kind = 'structure' AND EXISTS (SELECT FROM netstate.span_crossing c WHERE (c.span_id, c.structure_id) = (s.id, p.id))
	OR p.kind = 'hazard_area' AND EXISTS (SELECT FROM netstate.hazard_area h WHERE h.id = p.id AND ST_Intersects(h.geom, s.geom))
UNION
SELECT s.id FROM netstate.span s JOIN netstate.structure t ON t.id IN (s.a_structure_id, s.z_structure_id) JOIN plant_test.drained_site d ON d.id = t.site_id;

CREATE VIEW plant_test.drained_node AS
WITH hit AS (
	SELECT n.node_id AS id FROM plant_test.node_place n JOIN plant_test.drain_part p ON (p.kind, p.id) IN (('node', n.node_id), ('structure', n.structure_id))
		OR p.kind = 'hazard_area' AND EXISTS (SELECT FROM netstate.hazard_area h WHERE h.id = p.id AND ST_Intersects(h.geom, n.geom))
	UNION
	SELECT n.node_id FROM plant_test.node_place n JOIN (TABLE plant_test.drained_site UNION TABLE plant_test.dark_site) s ON s.id = n.site_id
	UNION
	SELECT g.node_id FROM netstate.srlg_node g JOIN plant_test.drain_part p ON (p.kind, p.id) = ('srlg', g.srlg_id))
SELECT DISTINCT o.node_id AS id FROM hit h JOIN plant_test.node_on o ON o.on_id = h.id;

-- Links with the part that is lost.
CREATE VIEW plant_test.drained AS
SELECT link_id, max(lost) AS lost FROM (
	SELECT l.link_id, 1::float8 AS lost FROM plant_test.lane l JOIN plant_test.drained_span s ON s.id = l.span_id
	UNION ALL
	SELECT l.link_id, 1 FROM plant_test.lane l JOIN plant_test.duct_in d USING (duct_id) JOIN plant_test.drain_part p ON (p.kind, p.id) = ('duct', d.in_id)
	UNION ALL
	SELECT a.link_id, 1 FROM netstate.strand_assignment a JOIN plant_test.drain_part p ON (p.kind, p.id) = ('cable', a.cable_id)
	UNION ALL
	SELECT a.link_id, 1 FROM netstate.splice x
	JOIN plant_test.drain_part p ON (p.kind, p.id) = ('splice_closure', x.closure_id)
	CROSS JOIN LATERAL (VALUES (x.a_cable_id, x.a_seq, x.a_strands), (x.z_cable_id, x.z_seq, x.z_strands)) e (cable_id, seq, strands)
	JOIN netstate.strand_assignment a ON a.cable_id = e.cable_id AND a.segments @> e.seq AND a.strands && e.strands
	UNION ALL
	SELECT l.id, 1 FROM netstate.link l JOIN plant_test.drained_node n ON n.id IN (l.a_node_id, l.z_node_id)
	UNION ALL
	SELECT m.link_id, m.share FROM netstate.srlg_member m JOIN plant_test.drain_part p ON (p.kind, p.id) = ('srlg', m.srlg_id)
	UNION ALL
	SELECT p.id, 1 FROM plant_test.drain_part p WHERE p.kind = 'link') x
GROUP BY link_id;

-- An element of some kind, mostly one that exists.
CREATE FUNCTION plant_test.some_element(OUT kind text, OUT id bigint) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	pair record;
BEGIN
	kind := plant_test.one_of('{region,zone,site,power_feed,power_feed,structure,corridor,span,span,span_pair,duct,cable,splice_closure,hazard_area,node,link,link,srlg,derived}'::text[]);
	IF kind = 'span_pair' THEN
		id := (coalesce(plant_test.some('span'), 1) << 29) | coalesce(plant_test.some('span'), 1);
	ELSIF kind = 'derived' THEN
		kind := 'srlg';
		id := (SELECT netstate.risk_id(k, coalesce(plant_test.some(k), 1)) FROM plant_test.one_of('{span,duct,cable,structure,site,power_feed,hazard_area}'::text[]) k);
	ELSE
		id := plant_test.some(kind);
	END IF;
	id := coalesce(id, 1);
END $$;

CREATE FUNCTION plant_test.change_drain() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	what text := plant_test.one_of('{add,add,add active,state,state,state,state,all restored,element,element,no element,other element,delete,place,place,zone,splice,no splice,strands}'::text[]);
	drain bigint := plant_test.some('drain');
	element record;
	start timestamptz := now() + plant_test.dice(100) * '1 hour'::interval;
BEGIN
	SELECT * INTO element FROM plant_test.some_element();
	CASE what
		WHEN 'add', 'add active' THEN
			INSERT INTO netstate.drain (name, during, state, mode, owner)
			VALUES (plant_test.name('drain'), tstzrange(start, start + '1 hour'), CASE what WHEN 'add' THEN 'requested' ELSE 'drained' END, 'off', 'test')
			RETURNING id INTO drain;
			INSERT INTO netstate.drain_element SELECT drain, e.kind, e.id FROM generate_series(0, plant_test.dice(3)), plant_test.some_element() e ON CONFLICT DO NOTHING;
		WHEN 'state' THEN UPDATE netstate.drain SET state = plant_test.one_of('{requested,draining,drained,drained,restored}'::text[]) WHERE id = drain;
		WHEN 'all restored' THEN UPDATE netstate.drain SET state = 'restored' WHERE plant_test.chance(0.8);
		WHEN 'element' THEN INSERT INTO netstate.drain_element SELECT d.id, element.kind, element.id FROM netstate.drain d WHERE d.id = drain;
		WHEN 'no element' THEN DELETE FROM netstate.drain_element WHERE drain_id = drain AND plant_test.chance(0.6);
		WHEN 'other element' THEN UPDATE netstate.drain_element SET kind = element.kind, element_id = element.id
			WHERE (drain_id, kind, element_id) = (SELECT x.drain_id, x.kind, x.element_id FROM netstate.drain_element x WHERE x.drain_id = drain ORDER BY x.kind, x.element_id LIMIT 1);
		WHEN 'delete' THEN DELETE FROM netstate.drain WHERE id = drain;
		WHEN 'place' THEN UPDATE netstate.site SET zone_id = CASE WHEN plant_test.chance(0.8) THEN plant_test.some('zone') END WHERE id = (SELECT plant_test.some('site'));
		WHEN 'zone' THEN UPDATE netstate.zone SET region_id = plant_test.some('region') WHERE id = (SELECT plant_test.some('zone'));
		WHEN 'splice' THEN
			INSERT INTO netstate.splice (structure_id, closure_id, kind, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands)
			SELECT c.structure_id, c.id, 'fusion', a.cable_id, a.seq, int4range(1, 1 + 2 * n), z.cable_id, z.seq, int4range(1, 1 + 2 * n)
			FROM netstate.splice_closure c, plant_test.segment_at(c.structure_id) a, plant_test.segment_at(c.structure_id) z, plant_test.dice(3) m, LATERAL (SELECT m + 1 AS n) k
			WHERE c.id = (SELECT plant_test.some('splice_closure')) AND (a.cable_id, a.seq) <> (z.cable_id, z.seq)
			ORDER BY random() LIMIT 1;
		WHEN 'no splice' THEN DELETE FROM netstate.splice WHERE plant_test.chance(0.3);
		WHEN 'strands' THEN UPDATE netstate.strand_assignment SET strands = int4range(lower(strands) + 1, upper(strands) + 1)
			WHERE link_id = (SELECT a.link_id FROM netstate.strand_assignment a ORDER BY random() LIMIT 1);
	END CASE;
	RETURN format('drain: %s (%s; %s %s)', what, drain, element.kind, element.id);
END $$;

-- Segments of cables that end in a structure.
CREATE FUNCTION plant_test.segment_at(structure bigint) RETURNS TABLE (cable_id bigint, seq integer) LANGUAGE sql STABLE AS $$
	SELECT c.cable_id, c.seq FROM netstate.cable_segment c JOIN netstate.span s ON s.id = c.span_id WHERE structure IN (s.a_structure_id, s.z_structure_id)
$$;
