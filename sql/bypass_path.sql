-- bypass_paths: the ways around links.
\pset null '(null)'
\set VERBOSITY terse
BEGIN;

-- a ring a, b, c, d; across it ac, dear and wide, and bd; e at d alone
INSERT INTO netstate.network (id, name, layer) VALUES (5801, 'way', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES
	(58001, 5801, 'a'), (58002, 5801, 'b'), (58003, 5801, 'c'), (58004, 5801, 'd'), (58005, 5801, 'e');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, capacity_gbps, directed) VALUES
	(58001, 5801, 'ab', 58001, 58002, 1, 100, false), (58002, 5801, 'bc', 58002, 58003, 1, 100, false),
	(58003, 5801, 'cd', 58003, 58004, 1, 40, false), (58004, 5801, 'da', 58004, 58001, 1, 40, false),
	(58005, 5801, 'ac', 58001, 58003, 10, 400, false), (58006, 5801, 'bd', 58002, 58004, 2, NULL, false),
	(58007, 5801, 'de', 58004, 58005, 1, 100, false);

-- nothing but the link itself: 40 is less than ab carries, so the dear way
SELECT * FROM netstate.bypass_paths('way');
-- what is not known is enough
UPDATE netstate.link SET capacity_gbps = NULL WHERE id IN (58001, 58003, 58004);
SELECT * FROM netstate.bypass_paths('way', '{58001,58003,58007,58001,-1}');
UPDATE netstate.link SET capacity_gbps = 40 WHERE id IN (58003, 58004);
UPDATE netstate.link SET capacity_gbps = 1000 WHERE id = 58001;
-- nothing carries as much: the widest, not the cheapest
SELECT * FROM netstate.bypass_paths('way', '{58001}');

-- groups: stated of links, and one that takes down an end
INSERT INTO netstate.srlg (id, network_id, name) VALUES (5801, 5801, 'west'), (5802, 5801, 'town of b'), (5803, 5801, 'east');
INSERT INTO netstate.srlg_member (srlg_id, link_id, share, probability) VALUES
	(5801, 58001, 1, 1), (5801, 58005, 0.5, 0.25), (5803, 58001, 1, 1), (5803, 58003, 1, 1);
INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (5802, 58002);
-- every link at b belongs to its town, which does not count at b's own links
SELECT link_id, links, shared_srlgs FROM netstate.bypass_paths('way', '{58001,58002}');
SELECT 'west alone', links FROM netstate.bypass_paths('way', '{58001}', ignore_srlgs => '{5803}')
UNION ALL SELECT 'likely alone', links FROM netstate.bypass_paths('way', '{58001}', min_probability => 0.5)
UNION ALL SELECT 'whole alone', links FROM netstate.bypass_paths('way', '{58001}', min_share => 0.75)
UNION ALL SELECT 'the link alone', links FROM netstate.bypass_paths('way', '{58001}', disjoint => '{link}')
UNION ALL SELECT 'no group', links FROM netstate.bypass_paths('way', '{58001}', ignore_srlgs => '{5801,5803}')
UNION ALL SELECT 'without bd', links FROM netstate.bypass_paths('way', '{58001}', avoid_links => '{58006}');
-- there: with bd away, everything shares something
SELECT * FROM netstate.bypass_paths('way', '{58001}', strict => false, avoid_links => '{58006}');
SELECT * FROM netstate.bypass_paths('way', '{58001}', strict => false, avoid_links => '{58006,58005}');
SELECT count(*) AS rows FROM netstate.bypass_paths('way', '{58001}', strict => false, avoid_links => '{58006,58005,58004}');
-- a link in no group
SELECT link_id, links FROM netstate.bypass_paths('way', '{58004}', cost => 'hops');

-- what is left of a capacity counts: a bundle of two that has lost one
INSERT INTO netstate.network (id, name, layer) VALUES (5802, 'way optical', 'optical');
INSERT INTO netstate.node (id, network_id, name) VALUES (58021, 5802, 'b'), (58022, 5802, 'd');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps) VALUES
	(58021, 5802, 'one', 58021, 58022, 50), (58022, 5802, 'two', 58021, 58022, 50);
UPDATE netstate.node SET supporting_node_id = id + 19 WHERE id = 58002;
UPDATE netstate.node SET supporting_node_id = id + 18 WHERE id = 58004;
INSERT INTO netstate.link_support (link_id, member, supporting_link_id) VALUES (58006, 1, 58021), (58006, 2, 58022);
UPDATE netstate.link SET capacity_gbps = 100 WHERE id IN (58006, 58003);
SELECT links, bottleneck_gbps FROM netstate.bypass_paths('way', '{58003}', disjoint => '{link}');
UPDATE netstate.link SET status = 'failed' WHERE id = 58021;
SELECT links, bottleneck_gbps FROM netstate.bypass_paths('way', '{58003}', disjoint => '{link}', avoid_links => '{58005}');
-- a link that is not up has none, and is in none
UPDATE netstate.link SET status = 'failed' WHERE id = 58022;
SELECT count(*) AS rows, bool_or(58006 = ANY (links)) AS used FROM netstate.bypass_paths('way', disjoint => '{link}') WHERE link_id = 58006 OR 58006 = ANY (links);

-- directed links: each direction by itself
UPDATE netstate.link SET directed = true WHERE id IN (58002, 58003);
SELECT link_id, nodes FROM netstate.bypass_paths('way', disjoint => '{link}', cost => 'hops');
SELECT link_id, nodes FROM netstate.bypass_paths('way', disjoint => '{link}', cost => 'hops', reverse => true);

-- the plant, too
SELECT count(*) AS bad FROM netstate.bypass_paths('plant', cost => 'length') b WHERE b.link_id = ANY (b.links);

-- ---- what is refused ----
SAVEPOINT s;
SELECT count(*) FROM netstate.bypass_paths('wya');
ROLLBACK TO s;
SELECT count(*) FROM netstate.bypass_paths(NULL);
ROLLBACK TO s;
SELECT count(*) FROM netstate.bypass_paths('way', '{1,NULL}');
ROLLBACK TO s;
SELECT count(*) FROM netstate.bypass_paths('way', cost => 'latency');
ROLLBACK TO s;
SELECT count(*) FROM netstate.bypass_paths('way', cost => 'price');
ROLLBACK TO s;
SELECT count(*) FROM netstate.bypass_paths('way', disjoint => '{span}');
ROLLBACK TO s;
SELECT count(*) FROM netstate.bypass_paths('way', min_share => 1.5);
ROLLBACK TO s;
SELECT count(*) FROM netstate.bypass_paths('way', strict => NULL);
ROLLBACK TO s;
SELECT count(*) FROM netstate.bypass_paths('way', reverse => NULL);
ROLLBACK TO s;
CREATE ROLE way_reader;
GRANT USAGE ON SCHEMA netstate TO way_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA netstate TO way_reader;
SET LOCAL ROLE way_reader;
SELECT count(*) FROM netstate.bypass_paths('way');
ROLLBACK;
