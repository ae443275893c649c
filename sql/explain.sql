-- Why links are not disjoint, and the ways out.
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '-'
-- Structures w and e, 1 km apart; three streets: north, middle, south. Cables in
-- north and middle; the south has none.
INSERT INTO netstate.structure (id, name, geom)
SELECT 9000 + i, n, ST_SetSRID(ST_MakePoint(x, y), 4326)
FROM (VALUES (1, 'ep w', 0.0, 20.0), (2, 'ep e', 0.01, 20.0), (3, 'ep nw', 0.0, 20.003), (4, 'ep ne', 0.01, 20.003),
	(5, 'ep sw', 0.0, 19.996), (6, 'ep se', 0.01, 19.996), (7, 'ep m', 0.005, 20.0)) v (i, n, x, y);
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom, length_m)
SELECT 9000 + v.i, v.n, a.id, z.id, ST_MakeLine(a.geom, z.geom), v.m
FROM (VALUES (1, 'ep middle 1', 9001, 9007, 500), (2, 'ep middle 2', 9007, 9002, 500), (3, 'ep nw', 9001, 9003, 300), (4, 'ep north', 9003, 9004, 1000), (5, 'ep ne', 9004, 9002, 300),
	(6, 'ep sw', 9001, 9005, 100), (7, 'ep south', 9005, 9006, 900), (8, 'ep se', 9006, 9002, 100)) v (i, n, a, z, m)
JOIN netstate.structure a ON a.id = v.a JOIN netstate.structure z ON z.id = v.z;
INSERT INTO netstate.cable (id, name, strand_count) VALUES (9001, 'EPM', 12), (9002, 'EPN', 4), (9003, 'EPM 2', 12);
INSERT INTO netstate.cable_segment (cable_id, seq, span_id) VALUES (9001, 1, 9001), (9001, 2, 9002), (9003, 1, 9001), (9003, 2, 9002),
	(9002, 1, 9003), (9002, 2, 9004), (9002, 3, 9005);
INSERT INTO netstate.network (id, name, layer) VALUES (9001, 'ep fibre', 'fibre'), (9002, 'ep optical', 'optical');
INSERT INTO netstate.node (id, network_id, name, structure_id) VALUES (9001, 9001, 'w', 9001), (9002, 9001, 'e', 9002);
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES (9011, 9002, 'w', 9001), (9012, 9002, 'e', 9002);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, length_km, metric) VALUES
	(9001, 9001, 'ep f1', 9001, 9002, 1, 1), (9002, 9001, 'ep f2', 9001, 9002, 1, 1),
	(9011, 9002, 'ep a', 9011, 9012, 1, 1), (9012, 9002, 'ep b', 9011, 9012, 1, 1);
INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments) VALUES (9001, 1, 9001, '[1,3)', '[1,3)'), (9002, 1, 9003, '[1,3)', '[1,3)');
INSERT INTO netstate.link_support (link_id, supporting_link_id) VALUES (9011, 9001), (9012, 9002);
INSERT INTO netstate.disjoint_group (id, name, disjoint) VALUES (9001, 'ep group', '{link,node,srlg}');
INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (9001, 9011), (9001, 9012);

-- two circuits in one street, in cables of their own
SELECT element_kind, element_id, netstate.risk_name(srlg_id) AS name, share_a, share_b FROM netstate.link_shared(9011, 9012) ORDER BY 1, 2;
SELECT part, place, link, other, kind, name, detail FROM netstate.explain_group('ep group') WHERE part = 'shared' ORDER BY place;
SELECT part, place, link, kind, name, detail FROM netstate.explain_group('ep group') WHERE part = 'separates' ORDER BY place;
SELECT place, link, other, kind, name, detail, cost, links, shares FROM netstate.explain_group('ep group') WHERE part = 'fix' ORDER BY place;
-- the same of any two links, and of one link
SELECT count(*) FROM (SELECT part, place, link_id, other_id, kind, id, detail, cost, links, shares FROM netstate.explain_group('ep group') WHERE part <> 'separates'
	EXCEPT SELECT part, place, link_id, other_id, kind, id, detail, cost, links, shares FROM netstate.explain_links(9011, 9012, '{link,node,srlg}')) x;
SELECT count(*) FROM (SELECT part, link_id, other_id, kind, id, detail, cost, links, shares FROM netstate.explain_link(9012)
	EXCEPT SELECT part, link_id, other_id, kind, id, detail, cost, links, shares FROM netstate.explain_group('ep group')) x;
-- fewer strands are free: the way goes elsewhere
BEGIN;
UPDATE netstate.cable SET strand_count = 1 WHERE id = 9002;
SELECT place, link, kind, detail, cost FROM netstate.explain_group('ep group') WHERE part = 'fix' ORDER BY place;
ROLLBACK;
-- no street but one: what would still be shared is said
BEGIN;
DELETE FROM netstate.cable_segment WHERE cable_id = 9002;
DELETE FROM netstate.span WHERE id IN (9004, 9006, 9008);
SELECT part, place, link, kind, id, name, detail, cost, shares FROM netstate.explain_group('ep group') WHERE part <> 'shared' ORDER BY part, place;
ROLLBACK;

-- what is proposed holds: a over the free strands of the north, or b in a new cable in the south
BEGIN;
UPDATE netstate.strand_assignment SET cable_id = 9002, segments = '[1,4)' WHERE link_id = 9001;
SELECT count(*) AS shared FROM netstate.link_shared(9011, 9012, '{link,node,srlg}');
SELECT * FROM netstate.explain_group('ep group');
SET CONSTRAINTS ALL IMMEDIATE;
ROLLBACK;
BEGIN;
INSERT INTO netstate.cable (id, name, strand_count) VALUES (9004, 'EPS', 12);
INSERT INTO netstate.cable_segment (cable_id, seq, span_id)
SELECT 9004, u.seq, u.id
FROM netstate.explain_group('ep group') e, unnest(e.links) WITH ORDINALITY u (id, seq)
WHERE e.part = 'fix' AND e.kind = 'spans' AND e.link_id = 9012;
UPDATE netstate.strand_assignment SET cable_id = 9004, segments = '[1,4)' WHERE link_id = 9002;
SELECT count(*) AS shared FROM netstate.link_shared(9011, 9012, '{link,node,srlg}');
SET CONSTRAINTS ALL IMMEDIATE;
ROLLBACK;

-- a waiver is not in the way, and one that has expired is
BEGIN;
INSERT INTO netstate.waiver (group_id, element_kind, element_id, owner, expires_at)
SELECT 9001, 'span', 9001, 'ep', now() + interval '1 day';
SELECT count(*) FROM netstate.explain_group('ep group') WHERE part = 'shared';
UPDATE netstate.waiver SET expires_at = now() - interval '1 day' WHERE group_id = 9001;
SELECT count(*) FROM netstate.explain_group('ep group') WHERE part = 'shared';
ROLLBACK;

-- where no way keeps out of all, one that keeps out of what matters most
SELECT kind, cost, links, detail, ARRAY(SELECT netstate.risk_name(u) FROM unnest(shares) u) AS shares
FROM netstate.explain_ways(9011, 9012, 2, netstate.full_spans(2), ARRAY[netstate.risk_id('span', 9001), netstate.risk_id('span', 9004), netstate.risk_id('span', 9007), netstate.risk_id('structure', 9006)],
	ARRAY[netstate.risk_id('span', 9001)], '{9001,9002,9011,9012}') ORDER BY cost;

-- a link in no group, and two nodes
DELETE FROM netstate.disjoint_group_member WHERE link_id = 9012;
SELECT part, place, link, kind, name, detail, cost, shares FROM netstate.explain_link(9012);
SELECT part, place, kind, id, name, detail, cost, links, shares FROM netstate.explain_pair('ep optical', 'w', 'e');
SELECT part, place, kind, id, name, detail FROM netstate.explain_pair('plant', 'ep w', 'ep e');
SELECT part, place, kind, id, name, detail FROM netstate.explain_pair('plant', 'ep w', 'ep m', '{link}');
INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (9001, 9012);

-- half of the capacity of one is shared, all of the other
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps) VALUES (9013, 9002, 'ep c', 9011, 9012, 200);
UPDATE netstate.link SET capacity_gbps = 100 WHERE id IN (9001, 9002, 9012);
INSERT INTO netstate.link_support (link_id, member, supporting_link_id) VALUES (9013, 1, 9001), (9013, 2, 9002);
SELECT element_kind, element_id, share_a, share_b FROM netstate.link_shared(9012, 9013) WHERE element_kind = 'link';
SELECT element_kind, netstate.risk_name(srlg_id), share_a, share_b FROM netstate.link_shared(9012, 9013) WHERE element_kind = 'cable';
SELECT element_kind, netstate.risk_name(srlg_id), share_a, share_b FROM netstate.link_shared(9013, 9012) WHERE element_kind = 'cable';
SELECT count(*) FROM netstate.link_shared(9013, 9012, min_share => 0.6) WHERE element_kind = 'cable';
DELETE FROM netstate.link WHERE id = 9013;

-- errors
SELECT * FROM netstate.explain_group('ep gruop');
SELECT * FROM netstate.explain_group(NULL);
SELECT * FROM netstate.explain_link(NULL);
SELECT * FROM netstate.explain_link(9999);
SELECT * FROM netstate.explain_links(9011, 9011);
SELECT * FROM netstate.explain_links(9011, NULL);
SELECT * FROM netstate.explain_links(9011, 9999);
SELECT * FROM netstate.explain_links(9998, 9011);
SELECT * FROM netstate.explain_links(9011, 9012, '{spans}');
SELECT * FROM netstate.explain_links(9011, 9012, min_share => 2);
SELECT * FROM netstate.explain_pair('ep opticla', 'w', 'e');
SELECT * FROM netstate.explain_pair('ep optical', 'w', 'w');
SELECT * FROM netstate.explain_pair('ep optical', 'w', NULL);
SELECT netstate.disjoint_group_id('ep grup');
SELECT netstate.disjoint_group_id('ep group');
CREATE ROLE ep_nobody;
GRANT USAGE ON SCHEMA netstate TO ep_nobody;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA netstate TO ep_nobody;
SET ROLE ep_nobody;
SELECT * FROM netstate.explain_links(9011, 9012);
SELECT * FROM netstate.explain_group('ep group');
SELECT * FROM netstate.explain_pair('ep optical', 'w', 'e');
RESET ROLE;
DROP OWNED BY ep_nobody;
DROP ROLE ep_nobody;

BEGIN;
DELETE FROM netstate.disjoint_group WHERE id = 9001;
DELETE FROM netstate.network WHERE id = 9002;
DELETE FROM netstate.network WHERE id = 9001;
DELETE FROM netstate.cable WHERE id BETWEEN 9001 AND 9003;
DELETE FROM netstate.span WHERE id BETWEEN 9001 AND 9008;
DELETE FROM netstate.structure WHERE id BETWEEN 9001 AND 9007;
COMMIT;
