-- The demo: questions to the sample network, and their answers.
--
-- Runs in psql, in a database that has the extension and the sample network,
-- and leaves all as it was.  Where it shows what is refused, it says so by
-- \set ON_ERROR_STOP off, once a statement.

\pset border 1
\pset null '-'

\echo
\echo '1. What is in the network?'
\echo '   Routers in 65 cities, their links, the circuits these ride on, and the fibre beneath.'
\echo

SELECT w.name AS network, w.layer,
	(SELECT count(*) FROM netstate.node AS n WHERE n.network_id = w.id) AS nodes,
	(SELECT count(*) FROM netstate.link AS l WHERE l.network_id = w.id) AS links
FROM netstate.network AS w
ORDER BY w.level DESC;

\echo '2. What is the fastest way from Montreal to Dublin?'
\echo

SELECT array_to_string(nodes, ' > ') AS path, round(cost::numeric / 1000, 1) AS ms
FROM netstate.shortest_path('backbone', 'Montreal', 'Dublin', cost => 'latency');

\echo '3. Which risks does that path run? Nobody wrote these at the routers: they rise from the fibre.'
\echo

SELECT l.name AS link, s.kind, s.name AS risk
FROM netstate.shortest_path('backbone', 'Montreal', 'Dublin', cost => 'latency') AS p,
	netstate.memberships(p.links) AS m
JOIN netstate.link AS l ON l.id = m.link_id
JOIN netstate.srlg AS s ON s.id = m.srlg_id
ORDER BY l.name, s.kind, s.name;

\echo '4. It needs a backup that shares none of them, but for the exchange in Dublin where both end.'
\echo '   Is there one beside it? No: whoever takes the fastest path first is trapped.'
\echo

SELECT array_to_string(b.nodes, ' > ') AS backup, round(b.cost::numeric / 1000, 1) AS ms
FROM netstate.shortest_path('backbone', 'Montreal', 'Dublin', cost => 'latency') AS p,
	netstate.shortest_path('backbone', 'Montreal', 'Dublin', cost => 'latency',
		avoid_links => p.links,
		avoid_srlgs => ARRAY(
			SELECT m.srlg_id
			FROM netstate.memberships(p.links) AS m
			JOIN netstate.srlg AS s ON s.id = m.srlg_id
			WHERE s.name <> 'Dublin exchange power')) AS b;

\echo '5. Which two paths share no risk, and are the fastest such two together?'
\echo '   "optimal" is a proof: no other two share nothing and take less.'
\echo

SELECT path, array_to_string(nodes, ' > ') AS nodes, round(cost::numeric / 1000, 1) AS ms,
	cardinality(shared_srlgs) AS risks_shared, optimal
FROM netstate.disjoint_paths('backbone', 'Montreal', 'Dublin', cost => 'latency')
ORDER BY path;

\echo '6. And from London to Cairo? No rows: it is proven that no two such paths exist.'
\echo

SELECT path, array_to_string(nodes, ' > ') AS nodes
FROM netstate.disjoint_paths('backbone', 'London', 'Cairo', cost => 'latency')
ORDER BY path;

\echo '7. What stands in the way?'
\echo

SELECT kind, name
FROM netstate.disjoint_obstacles('backbone', 'London', 'Cairo')
ORDER BY kind, name;

\echo '8. What is the best that remains, sharing as little as possible?'
\echo

SELECT p.path, array_to_string(p.nodes, ' > ') AS nodes, round(p.cost::numeric / 1000, 1) AS ms,
	ARRAY(SELECT s.name FROM netstate.srlg AS s WHERE s.id = ANY (p.shared_srlgs) ORDER BY s.name) AS shared
FROM netstate.disjoint_paths('backbone', 'London', 'Cairo', cost => 'latency', strict => false) AS p
ORDER BY p.path;

\echo '9. What if the Fastnet cable were cut off the coast of Ireland? A transaction that is never committed.'
\echo '   One piece of fibre fails; whatever rides on it goes with it.'
\echo

BEGIN;

UPDATE netstate.link SET status = 'failed'
WHERE network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_fibre')
	AND name = 'Fastnet BU - Castlefreke';

SELECT w.name AS network, l.name AS link_down, l.capacity_gbps AS gbps
FROM netstate.link_state AS state
JOIN netstate.link AS l ON l.id = state.link_id AND l.status = 'in_service'
JOIN netstate.network AS w ON w.id = l.network_id
WHERE NOT state.up
ORDER BY w.level, l.name;

\echo '10. Do two paths from Montreal to Dublin remain that share nothing? While it is cut:'
\echo

SELECT path, array_to_string(nodes, ' > ') AS nodes, round(cost::numeric / 1000, 1) AS ms
FROM netstate.disjoint_paths('backbone', 'Montreal', 'Dublin', cost => 'latency')
ORDER BY path;

ROLLBACK;

\echo '    After ROLLBACK, as before:'
\echo

SELECT path, array_to_string(nodes, ' > ') AS nodes, round(cost::numeric / 1000, 1) AS ms
FROM netstate.disjoint_paths('backbone', 'Montreal', 'Dublin', cost => 'latency')
ORDER BY path;

\echo '11. Beneath the region lies its plant: Dublin, street by street, and the sea cables that land there.'
\echo

SELECT kind, count(*) AS spans, round(sum(drawn_m) / 1000) AS km,
	(SELECT count(DISTINCT cable_id) FROM netstate.cable_segment
	 WHERE span_id = ANY (array_agg(span.id))) AS cables
FROM netstate.span
GROUP BY kind
ORDER BY km DESC;

\echo '12. Two circuits from Clonshaugh to Grange Castle are sold as diverse: A by the motorway, B through'
\echo '    the city, on other cables, in other ducts, with other entrances. What do they share?'
\echo

SELECT kind, count(*) AS shared, max(probability_both) AS probability_both
FROM netstate.shared_risk(
	netstate.link_id('dublin_optical', 'Clonshaugh - Grange Castle A'),
	netstate.link_id('dublin_optical', 'Clonshaugh - Grange Castle B'))
GROUP BY kind
ORDER BY shared DESC, kind;

\echo '    Two buildings with their rooms and feeds, where both end. And a trench: where, and in which ducts?'
\echo

SELECT a.element AS span, round(a.length_m) AS metres,
	a.duct AS duct_of_a, b.duct AS duct_of_b
FROM netstate.trace(netstate.link_id('dublin_optical', 'Clonshaugh - Grange Castle A')) AS a
JOIN netstate.trace(netstate.link_id('dublin_optical', 'Clonshaugh - Grange Castle B')) AS b
	USING (element_kind, element_id)
WHERE element_kind = 'span'
ORDER BY span;

\echo '13. Nobody wrote a group for it. Why is the bundle over both at risk there?'
\echo

SELECT rule, element, under_link AS beneath, cable, seq AS segment, probability
FROM netstate.risk_reason(
	netstate.link_id('dublin', 'Clonshaugh - Grange Castle'),
	netstate.risk_id('span', (SELECT id FROM netstate.span WHERE name = 'Nangor Road 007')))
ORDER BY beneath;

\echo '14. Which two circuits share nothing?'
\echo

SELECT p.path, l.name AS circuit, l.length_km AS km, p.optimal
FROM netstate.disjoint_paths('dublin_optical', 'Clonshaugh', 'Grange Castle') AS p
JOIN netstate.link AS l ON l.id = p.links[1]
ORDER BY p.path;

\echo '    And if one were to be built: which two routes through the streets share nothing?'
\echo

SELECT path, round(cost) AS metres, hops AS spans, nodes[2] AS leaves_by, nodes[cardinality(nodes) - 1] AS arrives_by
FROM netstate.disjoint_paths('plant', 'Sandyford meet-me room', 'Belgard meet-me room')
ORDER BY path;

\echo '15. The light of circuit A ends after 21400 m, says the reflectometer. Where does one dig?'
\echo

SELECT span, structure AS nearest, round(structure_m) AS metres_from_there, cable, links AS links_hit,
	ST_AsText(geom, 5) AS place
FROM netstate.fault_location(
	netstate.link_id('dublin_optical', 'Clonshaugh - Grange Castle A'), 21400);

\echo '16. A digger was there. A transaction that is never committed: what is down, and what is left?'
\echo

BEGIN;

UPDATE netstate.span SET status = 'cut' WHERE name = 'Nangor Road 007';

SELECT w.name AS network, l.name AS link, l.capacity_gbps AS gbps, state.carried
FROM netstate.link_state AS state
JOIN netstate.link AS l ON l.id = state.link_id
JOIN netstate.network AS w ON w.id = l.network_id
WHERE state.carried < 1 AND w.name IN ('dublin', 'dublin_optical')
ORDER BY w.level, l.name;

\echo '    The bundle over A and B is gone. How does its traffic go now?'
\echo

SELECT array_to_string(nodes, ' > ') AS path, (SELECT name FROM netstate.link WHERE id = links[1]) AS by
FROM netstate.shortest_path('dublin', 'Clonshaugh', 'Grange Castle');

ROLLBACK;

\echo '17. What is refused? A metric below zero:'
\echo

\set ON_ERROR_STOP off
UPDATE netstate.link SET metric = -1 WHERE name = 'Dublin - Cork';
\set ON_ERROR_STOP on

\echo
\echo '    fibre that rides on the link it carries:'
\echo

\set ON_ERROR_STOP off
INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id)
VALUES (netstate.link_id('backbone_fibre', 'Fastnet BU - Castlefreke'), 1, 1,
	netstate.link_id('backbone', 'Cork - New York'));
\set ON_ERROR_STOP on

\echo
\echo '    a strand that another circuit runs on:'
\echo

\set ON_ERROR_STOP off
UPDATE netstate.strand_assignment AS mine SET strands = other.strands
FROM netstate.strand_assignment AS other
WHERE mine.link_id = netstate.link_id('dublin_fibre', 'Dublin - Citywest') AND mine.seq = 1
	AND other.link_id = netstate.link_id('dublin_fibre', 'Dublin - Grange Castle') AND other.seq = 1;
\set ON_ERROR_STOP on

\echo
\echo '    a cable with a hole in its route, at COMMIT:'
\echo

\set ON_ERROR_STOP off
DELETE FROM netstate.cable_segment
WHERE cable_id = (SELECT id FROM netstate.cable WHERE name = 'C102') AND seq = 7;
\set ON_ERROR_STOP on

\echo
\echo '    and a question about a city that is not there:'
\echo

\set ON_ERROR_STOP off
SELECT * FROM netstate.shortest_path('backbone', 'Dubln', 'Cork');
\set ON_ERROR_STOP on

\echo
\echo '18. Diversity as a promise: circuits A and C from Clonshaugh to Grange Castle are to share nothing, from now on.'
\echo

BEGIN;
INSERT INTO netstate.disjoint_group (name, mode) VALUES ('Clonshaugh - Grange Castle', 'enforce');
INSERT INTO netstate.disjoint_group_member (group_id, link_id)
SELECT netstate.disjoint_group_id('Clonshaugh - Grange Castle'), netstate.link_id('dublin_optical', 'Clonshaugh - Grange Castle ' || circuit)
FROM unnest('{A,C}'::text[]) AS circuit;
COMMIT;

\echo '    Somebody moves C onto the fibre of B. Nothing about the group, and it is refused, at COMMIT:'
\echo

\set ON_ERROR_STOP off
UPDATE netstate.link_support SET supporting_link_id = netstate.link_id('dublin_fibre', 'Clonshaugh - Grange Castle B')
WHERE link_id = netstate.link_id('dublin_optical', 'Clonshaugh - Grange Castle C');
\set ON_ERROR_STOP on

\echo
\echo '19. Why? The move once more, in a transaction that is never committed. What would it break?'
\echo

BEGIN;

UPDATE netstate.link_support SET supporting_link_id = netstate.link_id('dublin_fibre', 'Clonshaugh - Grange Castle B')
WHERE link_id = netstate.link_id('dublin_optical', 'Clonshaugh - Grange Castle C');

SELECT what, change, subject_kind AS kind, subject, left(after, 60) AS after
FROM netstate.what_if_diff('dublin_optical');

\echo '    What would A and C share, and where does it lie? The first three, and how many more:'
\echo

SELECT place, kind, name, replace(detail, 'Clonshaugh - Grange Castle ', '') AS why
FROM netstate.explain_group('Clonshaugh - Grange Castle')
WHERE part = 'shared' AND place <= 3;

SELECT kind, count(*) AS shared
FROM netstate.explain_group('Clonshaugh - Grange Castle')
WHERE part = 'shared'
GROUP BY kind
ORDER BY kind;

\echo '    And which ways would be clear? Over fibre that is there, on free strands, in a new cable:'
\echo

SELECT DISTINCT ON (kind) kind, right(link, 1) AS circuit, name AS network, detail, cost AS metres
FROM netstate.explain_group('Clonshaugh - Grange Castle')
WHERE part = 'fix'
ORDER BY kind, place;

ROLLBACK;

\echo '20. Is every guard in place? No rows: it is, and nothing is violated.'
\echo

SELECT what, object, detail FROM netstate.self_check();

\echo '    Back to where the demo began:'
\echo

DELETE FROM netstate.disjoint_group WHERE name = 'Clonshaugh - Grange Castle';
