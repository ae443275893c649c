-- The groups of shared risk with names, and why a link belongs to one.
\set VERBOSITY terse
BEGIN;
INSERT INTO netstate.power_feed (id, name) VALUES (8801, 'rv feed'), (8802, 'rv other feed');
INSERT INTO netstate.site (id, name) VALUES (8801, 'rv site'), (8802, 'rv dark site');
INSERT INTO netstate.site_power_feed VALUES (8801, 8801), (8801, 8802), (8802, 8801);
INSERT INTO netstate.structure (id, name, site_id, geom) VALUES (8801, 'rv a', 8801, 'SRID=4326;POINT(30 50)'),
	(8802, 'rv m', NULL, 'SRID=4326;POINT(30.01 50)'), (8803, 'rv z', 8802, 'SRID=4326;POINT(30.02 50)'),
	(8804, 'rv bridge', NULL, 'SRID=4326;POINT(30.005 50)'), (8805, 'rv y', NULL, 'SRID=4326;POINT(30.015 50.001)'),
	(8806, 'rv x', NULL, 'SRID=4326;POINT(30.015 49.999)');
INSERT INTO netstate.corridor (id, name, geom) VALUES (8801, 'rv road', 'SRID=4326;LINESTRING(29.99 50, 30.05 50)');
INSERT INTO netstate.hazard_area (id, name, geom) VALUES (8801, 'rv flood', 'SRID=4326;POLYGON((30.011 49.9, 30.05 49.9, 30.05 50.1, 30.011 50.1, 30.011 49.9))');
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, encasement, corridor_id, side, geom, length_m) VALUES
	(8801, 'rv bank', 8801, 8802, 'cast', 8801, 'left', 'SRID=4326;LINESTRING(30 50, 30.01 50)', 800),
	(8802, 'rv trench', 8802, 8803, 'none', NULL, NULL, 'SRID=4326;LINESTRING(30.01 50, 30.02 50)', NULL),
	(8803, 'rv across', 8805, 8806, 'none', NULL, NULL, 'SRID=4326;LINESTRING(30.015 50.001, 30.015 49.999)', NULL);
INSERT INTO netstate.span_crossing VALUES (8801, 8804, 'under');
INSERT INTO netstate.duct (id, span_id, parent_id, name) VALUES (8801, 8801, NULL, 'bank 1'), (8802, 8801, 8801, 'inner'), (8803, 8801, NULL, 'bank 2');
INSERT INTO netstate.cable (id, name, strand_count) VALUES (8801, 'rv cable', 4);
INSERT INTO netstate.cable_segment (cable_id, seq, span_id, duct_id) VALUES (8801, 1, 8801, 8802), (8801, 2, 8802, NULL);
INSERT INTO netstate.network (id, name, layer) VALUES (8801, 'rv fibre', 'fibre'), (8802, 'rv ip', 'ip');
INSERT INTO netstate.node (id, network_id, name, site_id, structure_id) VALUES (8801, 8801, 'rv a', 8801, 8801), (8802, 8801, 'rv z', 8802, 8803);
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES (8803, 8802, 'rv A', 8801), (8804, 8802, 'rv Z', 8802);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (8801, 8801, 'rv az', 8801, 8802), (8802, 8802, 'rv AZ', 8803, 8804);
INSERT INTO netstate.strand_assignment VALUES (8801, 1, 8801, '[1,3)', '[1,3)');
INSERT INTO netstate.link_support (link_id, supporting_link_id) VALUES (8802, 8801);
INSERT INTO netstate.srlg (id, name) VALUES (8801, 'rv stated');
INSERT INTO netstate.srlg_member (srlg_id, link_id, probability) VALUES (8801, 8801, 0.25);
INSERT INTO netstate.srlg_node (srlg_id, node_id, probability) VALUES (8801, 8804, 0.5);
SET CONSTRAINTS ALL IMMEDIATE;

-- Every membership of the upper link, with its reasons: each has one at least, and
-- its probability is that of them together.
SELECT g.kind, g.name, round(m.probability::numeric, 6) AS probability, r.rule, r.element_kind, r.element, r.under_link, r.cable, r.seq, r.probability AS here
FROM netstate.memberships(ARRAY[8802]) m
JOIN netstate.risk g ON g.id = m.srlg_id
LEFT JOIN netstate.risk_reason(8802, m.srlg_id) r ON true
ORDER BY g.kind COLLATE "C", g.name COLLATE "C", r.seq, r.element_kind, r.element;

-- Not a member; no such link, no such group.
SELECT count(*) FROM netstate.risk_reason(8802, netstate.risk_id('duct', 8803));
SELECT count(*) FROM netstate.risk_reason(8899, netstate.risk_id('duct', 8801));
SELECT id, count(r) FROM unnest(ARRAY[0, -1, 9223372036854775807, -9223372036854775808, 8899]) id LEFT JOIN netstate.risk_reason(8802, id) r ON true GROUP BY id ORDER BY id;
SELECT netstate.risk_reason(NULL, 1);
ROLLBACK;

-- Names, of whatever number; NULL where there is nothing of that id.
SELECT id FROM unnest(ARRAY[0, -1, 1, 9223372036854775807, -9223372036854775807, -9223372036854775808, NULL]
	|| ARRAY(SELECT -(code::bigint << 59) - element FROM generate_series(1, 15) code, unnest(ARRAY[0, 576460752303423486]) element)) id
WHERE netstate.risk_name(id) IS NOT NULL AND id NOT IN (SELECT g.id FROM netstate.risk g);

-- Ids that cannot be.
SELECT netstate.risk_id('span', -1);
SELECT netstate.risk_id('span', 576460752303423488);
SELECT netstate.risk_id('spam', 1);
SELECT netstate.risk_id('span', NULL);
