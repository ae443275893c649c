-- Sample network, part 10: what rides in the plant of eu-west-1: pairs of
-- strands from building to building, circuits on them, bundles of circuits.
--
-- One row is one pair of strands from A to Z: `way` has its cables and, between
-- two of them, the structure where they are spliced.  Pairs A and B between two
-- buildings are sold as diverse, and most are.  Three links under the sea that
-- the backbone has already get their strands here.

CREATE TEMPORARY TABLE sample_pair (
	id integer GENERATED ALWAYS AS IDENTITY,
	network text DEFAULT 'dublin_fibre',
	a text, z text, label text,
	way text[],
	gbps double precision,				-- of the circuit on it, each direction
	load_gbps double precision,			-- of its bundle's load
	strands integer DEFAULT 2,
	via text							-- of its bundle, where that is another than of A and Z
);

INSERT INTO pg_temp.sample_pair (a, z, label, way, gbps, load_gbps) VALUES
	('Clonshaugh', 'Grange Castle', 'A', ARRAY['C101', 'Liffey Valley', 'C102'], 1600, 620),
	('Clonshaugh', 'Grange Castle', 'B',
		ARRAY['C201', 'Dublin meet-me room', 'C202', 'M50 J9 outer', 'C105'], 1600, 620),
	('Ballycoolin', 'Clondalkin', 'A', ARRAY['C110', 'M50 J7 median', 'C111'], 1600, 540),
	('Ballycoolin', 'Clondalkin', 'B', ARRAY['C107', 'Lucan', 'C109'], 1600, 540),
	('Clonshaugh', 'Tallaght', 'A', ARRAY['C114'], 1600, 580),
	('Clonshaugh', 'Tallaght', 'B', ARRAY['C201', 'Dublin meet-me room', 'C206'], 1600, 580),
	('Ballycoolin', 'Citywest', 'A', ARRAY['C110', 'M50 J9 outer', 'C112'], 1600, 490),
	('Ballycoolin', 'Citywest', 'B', ARRAY['C107', 'Lucan', 'C108', 'Milltown Cross', 'C113'], 1600, 490),
	('Citywest', 'Tallaght', 'A', ARRAY['C116'], 800, 260),
	('Citywest', 'Tallaght', 'B', ARRAY['C117'], 800, 260),
	('Grange Castle', 'Clondalkin', 'A', ARRAY['C118'], 800, 310),
	('Grange Castle', 'Clondalkin', 'B', ARRAY['C119'], 800, 310),
	('Profile Park', 'Grange Castle', 'A', ARRAY['C120'], 800, 240),
	('Profile Park', 'Grange Castle', 'B', ARRAY['C121'], 800, 240),
	('Mulhuddart', 'Ballycoolin', 'A', ARRAY['C122'], 800, 220),
	('Mulhuddart', 'Ballycoolin', 'B', ARRAY['C123'], 800, 220),
	('Belgard', 'Tallaght', 'A', ARRAY['C124'], 800, 200),
	('Belgard', 'Tallaght', 'B', ARRAY['C125'], 800, 200),
	('Clonshaugh', 'Sandyford', 'A', ARRAY['C115'], 400, 120),
	('Clonshaugh', 'Sandyford', 'B', ARRAY['C201', 'Dublin meet-me room', 'C208'], 400, 120),
	('Clonshaugh', 'Ballycoolin', NULL, ARRAY['C106'], 800, 330);

INSERT INTO pg_temp.sample_pair (a, z, label, way, gbps, load_gbps) VALUES
	('Dublin', 'Clonshaugh', 'A', ARRAY['C201'], 1600, 610),
	('Dublin', 'Clonshaugh', 'B', ARRAY['C203'], 1600, 610),
	('Dublin', 'Ballycoolin', 'A', ARRAY['C204'], 800, 300),
	('Dublin', 'Ballycoolin', 'B', ARRAY['C205'], 800, 300),
	('Dublin', 'Tallaght', 'A', ARRAY['C206'], 800, 290),
	('Dublin', 'Tallaght', 'B', ARRAY['C207'], 800, 290),
	('Dublin', 'Sandyford', 'A', ARRAY['C208'], 400, 130),
	('Dublin', 'Sandyford', 'B', ARRAY['C209'], 400, 130),
	('Dublin', 'Docklands', 'A', ARRAY['C210'], 800, 350),
	('Dublin', 'Docklands', 'B', ARRAY['C211'], 800, 350),
	('Dublin', 'Grange Castle', NULL, ARRAY['C202', 'M50 J9 outer', 'C105'], 800, 410),
	('Dublin', 'Citywest', NULL, ARRAY['C202', 'M50 J9 outer', 'C112'], 800, 280),
	('Parkwest', 'Dublin', 'A', ARRAY['C215', 'Bluebell', 'C202'], 400, 90),
	('Parkwest', 'Dublin', 'B', ARRAY['C216', 'Heuston', 'C207'], 400, 90),
	('Docklands', 'Clonshaugh', NULL, ARRAY['C212'], 400, 150),
	('Docklands', 'Poolbeg', 'A', ARRAY['C213'], 400, 80),
	('Docklands', 'Poolbeg', 'B', ARRAY['C214'], 400, 80),
	('Dublin', 'Portmarnock', NULL, ARRAY['C301'], NULL, NULL),
	('Dublin', 'Poolbeg', NULL, ARRAY['C302'], NULL, NULL),
	('Dublin', 'Portrane', NULL, ARRAY['C303'], NULL, NULL);

INSERT INTO pg_temp.sample_pair (a, z, label, way, gbps, load_gbps, via) VALUES
	('Clonshaugh', 'Grange Castle', 'C',
		ARRAY['C106', 'Ballycoolin meet-me room', 'C107', 'Lucan', 'C108'], 800, 210, 'via Lucan');

INSERT INTO pg_temp.sample_pair (network, a, z, label, way, strands) VALUES
	('backbone_fibre', 'Dublin', 'Holyhead', '1', ARRAY['C301', 'Portmarnock meet-me room', 'S1'], 8),
	('backbone_fibre', 'Dublin', 'Holyhead', '2', ARRAY['C302', 'Poolbeg meet-me room', 'S2'], 8),
	('backbone_fibre', 'Dublin', 'Southport', NULL, ARRAY['C303', 'Portrane meet-me room', 'S3'], 16);

-- Each hop goes from the end of the one before it, or from A, to the next
-- splice, or to Z; strands are taken in order, cable by cable.
CREATE TEMPORARY TABLE sample_hop AS
SELECT pair.id AS pair_id, hop.n / 2 + 1 AS seq, cable.id AS cable_id,
	hop.start, hop.finish,
	int4range(hop.first, hop.first + pair.strands) AS strands,
	int4range(least(start.seq, finish.seq), greatest(start.seq, finish.seq)) AS segments,
	-- The segments at its two ends, in the direction of the hop.
	CASE WHEN start.seq < finish.seq THEN start.seq ELSE start.seq - 1 END AS first_segment,
	CASE WHEN start.seq < finish.seq THEN finish.seq - 1 ELSE finish.seq END AS last_segment
FROM (
	SELECT pair.id, way.n, way.name AS cable,
		coalesce(lag(way.name) OVER (PARTITION BY pair.id ORDER BY way.n), pair.a || ' meet-me room') AS start,
		coalesce(lead(way.name) OVER (PARTITION BY pair.id ORDER BY way.n), pair.z || ' meet-me room') AS finish,
		(1 + sum(pair.strands) OVER (PARTITION BY way.name ORDER BY pair.id, way.n) - pair.strands)::integer AS first
	FROM pg_temp.sample_pair AS pair
	CROSS JOIN LATERAL unnest(pair.way) WITH ORDINALITY AS way (name, n)
) AS hop
JOIN pg_temp.sample_pair AS pair ON pair.id = hop.id
LEFT JOIN netstate.cable ON cable.name = hop.cable
-- A structure's number on a cable is that of the segment after it.
LEFT JOIN LATERAL (
	SELECT min(seq + (z = hop.start)::integer) AS seq FROM pg_temp.sample_segment
	WHERE cable = hop.cable AND hop.start IN (a, z)
) AS start ON true
LEFT JOIN LATERAL (
	SELECT min(seq + (z = hop.finish)::integer) AS seq FROM pg_temp.sample_segment
	WHERE cable = hop.cable AND hop.finish IN (a, z)
) AS finish ON true
WHERE hop.n % 2 = 1;

INSERT INTO netstate.network (name, layer) VALUES
	('dublin_fibre', 'fibre'), ('dublin_optical', 'optical'), ('dublin', 'ip');

INSERT INTO netstate.node (network_id, name, site_id, structure_id, geom)
SELECT (SELECT id FROM netstate.network WHERE name = 'dublin_fibre'),
	building.name, room.site_id, room.id, room.geom
FROM (
	SELECT finish.name, min(pair.id) AS id
	FROM pg_temp.sample_pair AS pair
	CROSS JOIN LATERAL (VALUES (pair.a), (pair.z)) AS finish (name)
	WHERE pair.network = 'dublin_fibre'
	GROUP BY finish.name
) AS building
LEFT JOIN netstate.structure AS room ON room.name = building.name || ' meet-me room'
ORDER BY building.id, building.name;

UPDATE netstate.node SET structure_id = room.id
FROM netstate.structure AS room
WHERE node.network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_fibre')
	AND node.name IN ('Dublin', 'Holyhead', 'Southport')
	AND room.name = node.name || ' meet-me room';

-- Routers stand on transponder shelves, these on fibre rooms, as in the backbone.
INSERT INTO netstate.node (network_id, name, site_id, supporting_node_id, geom)
SELECT (SELECT id FROM netstate.network WHERE name = 'dublin_optical'),
	fibre.name, fibre.site_id, fibre.id, fibre.geom
FROM netstate.node AS fibre
WHERE fibre.network_id = (SELECT id FROM netstate.network WHERE name = 'dublin_fibre')
	AND fibre.name NOT IN ('Portmarnock', 'Portrane')
ORDER BY fibre.id;

INSERT INTO netstate.node (network_id, name, site_id, supporting_node_id, geom)
SELECT (SELECT id FROM netstate.network WHERE name = 'dublin'),
	optical.name, optical.site_id, optical.id, optical.geom
FROM netstate.node AS optical
WHERE optical.network_id = (SELECT id FROM netstate.network WHERE name = 'dublin_optical')
ORDER BY optical.id;

-- A pair is as long as its spans and its slack.
INSERT INTO netstate.link (network_id, name, kind, a_node_id, z_node_id,
	metric, latency_us, length_km, capacity_gbps)
SELECT network.id, concat_ws(' ', pair.a || ' - ' || pair.z, pair.label), 'terrestrial',
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = pair.a),
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = pair.z),
	ceil(route.km), round((route.km * 4.9)::numeric, 1), route.km, 9600
FROM pg_temp.sample_pair AS pair
JOIN netstate.network ON network.name = pair.network
CROSS JOIN LATERAL (
	SELECT round((sum(coalesce(span.length_m, span.drawn_m) + segment.slack_m) / 1000)::numeric, 3)::double precision AS km
	FROM pg_temp.sample_hop AS hop
	JOIN netstate.cable_segment AS segment ON segment.cable_id = hop.cable_id
		AND segment.seq >= lower(hop.segments) AND segment.seq < upper(hop.segments)
	JOIN netstate.span ON span.id = segment.span_id
	WHERE hop.pair_id = pair.id
) AS route
WHERE pair.network = 'dublin_fibre'
ORDER BY pair.id;

INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments)
SELECT (SELECT link.id FROM netstate.link JOIN netstate.network ON network.id = link.network_id
		WHERE network.name = pair.network
			AND link.name = concat_ws(' ', pair.a || ' - ' || pair.z, pair.label)),
	hop.seq, hop.cable_id, hop.strands, hop.segments
FROM pg_temp.sample_hop AS hop
JOIN pg_temp.sample_pair AS pair ON pair.id = hop.pair_id
ORDER BY pair.id, hop.seq;

-- Cables are patched in meet-me rooms, and spliced elsewhere: one closure for
-- each two cables.
CREATE TEMPORARY TABLE sample_splice AS
SELECT structure.id AS structure_id, structure.kind = 'meet_me_room' AS patched,
	'SC ' || a_cable.name || ' ' || z_cable.name AS closure,
	a.cable_id AS a_cable_id, a.last_segment AS a_seq, a.strands AS a_strands,
	z.cable_id AS z_cable_id, z.first_segment AS z_seq, z.strands AS z_strands
FROM pg_temp.sample_hop AS a
JOIN pg_temp.sample_hop AS z ON z.pair_id = a.pair_id AND z.seq = a.seq + 1
JOIN netstate.structure ON structure.name = a.finish
JOIN netstate.cable AS a_cable ON a_cable.id = a.cable_id
JOIN netstate.cable AS z_cable ON z_cable.id = z.cable_id
ORDER BY a.pair_id, a.seq;

INSERT INTO netstate.splice_closure (structure_id, name)
SELECT DISTINCT structure_id, closure FROM pg_temp.sample_splice WHERE NOT patched ORDER BY closure;

INSERT INTO netstate.splice (structure_id, closure_id, kind, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands)
SELECT splice.structure_id, closure.id, CASE WHEN splice.patched THEN 'patch' ELSE 'fusion' END,
	splice.a_cable_id, splice.a_seq, splice.a_strands, splice.z_cable_id, splice.z_seq, splice.z_strands
FROM pg_temp.sample_splice AS splice
LEFT JOIN netstate.splice_closure AS closure ON closure.structure_id = splice.structure_id
	AND closure.name = splice.closure
ORDER BY closure.id, splice.a_cable_id, splice.a_strands;

-- One circuit on each pair, named like it; two more are regenerated on the way.
CREATE TEMPORARY TABLE sample_ring AS
SELECT id, a, z, label, via, gbps, load_gbps, ARRAY[concat_ws(' ', a || ' - ' || z, label)] AS route
FROM pg_temp.sample_pair
WHERE gbps IS NOT NULL
UNION ALL
VALUES (1000, 'Ballycoolin', 'Tallaght', 'A', NULL, 400, 110, ARRAY['Dublin - Ballycoolin B', 'Dublin - Tallaght A']),
	(1001, 'Ballycoolin', 'Tallaght', 'B', NULL, 400, 110, ARRAY['Ballycoolin - Citywest B', 'Citywest - Tallaght A']);

INSERT INTO netstate.link (network_id, name, kind, a_node_id, z_node_id,
	metric, latency_us, length_km, capacity_gbps)
SELECT network.id, concat_ws(' ', ring.a || ' - ' || ring.z, ring.label), 'circuit',
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = ring.a),
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = ring.z),
	ceil(beneath.km), round((beneath.km * 4.9)::numeric, 1), beneath.km, ring.gbps
FROM pg_temp.sample_ring AS ring
JOIN netstate.network ON network.name = 'dublin_optical'
CROSS JOIN LATERAL (
	SELECT round(sum(link.length_km)::numeric, 3)::double precision AS km
	FROM netstate.link
	WHERE link.network_id = (SELECT id FROM netstate.network WHERE name = 'dublin_fibre')
		AND link.name = ANY (ring.route)
) AS beneath
ORDER BY ring.id;

INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id)
SELECT link.id, 1, step.seq,
	(SELECT id FROM netstate.link
	 WHERE network_id = (SELECT id FROM netstate.network WHERE name = 'dublin_fibre')
		AND name = step.name)
FROM pg_temp.sample_ring AS ring
CROSS JOIN LATERAL unnest(ring.route) WITH ORDINALITY AS step (name, seq)
JOIN netstate.link
	ON link.network_id = (SELECT id FROM netstate.network WHERE name = 'dublin_optical')
	AND link.name = concat_ws(' ', ring.a || ' - ' || ring.z, ring.label);

INSERT INTO netstate.link (network_id, name, kind, a_node_id, z_node_id,
	metric, latency_us, length_km, capacity_gbps, load_gbps)
SELECT network.id, concat_ws(' ', ring.a || ' - ' || ring.z, ring.via), 'bundle',
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = ring.a),
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = ring.z),
	max(optical.metric), max(optical.latency_us), max(optical.length_km),
	sum(ring.gbps), sum(ring.load_gbps)
FROM pg_temp.sample_ring AS ring
JOIN netstate.network ON network.name = 'dublin'
JOIN netstate.link AS optical
	ON optical.network_id = (SELECT id FROM netstate.network WHERE name = 'dublin_optical')
	AND optical.name = concat_ws(' ', ring.a || ' - ' || ring.z, ring.label)
GROUP BY network.id, ring.a, ring.z, ring.via
ORDER BY min(ring.id);

INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id)
SELECT bundle.id, row_number() OVER (PARTITION BY bundle.id ORDER BY ring.id), 1, optical.id
FROM pg_temp.sample_ring AS ring
JOIN netstate.link AS bundle
	ON bundle.network_id = (SELECT id FROM netstate.network WHERE name = 'dublin')
	AND bundle.name = concat_ws(' ', ring.a || ' - ' || ring.z, ring.via)
JOIN netstate.link AS optical
	ON optical.network_id = (SELECT id FROM netstate.network WHERE name = 'dublin_optical')
	AND optical.name = concat_ws(' ', ring.a || ' - ' || ring.z, ring.label);

-- Between the zones, and from each of them to the world.
INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps, class)
SELECT network.id, demand.src || ' to ' || demand.dst,
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = demand.src),
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = demand.dst),
	demand.gbps, demand.class
FROM netstate.network
CROSS JOIN (VALUES
	('Clonshaugh', 'Grange Castle', 820, 'gold'),
	('Clonshaugh', 'Tallaght', 640, 'gold'),
	('Ballycoolin', 'Clondalkin', 560, 'gold'),
	('Ballycoolin', 'Citywest', 510, 'gold'),
	('Ballycoolin', 'Tallaght', 120, 'silver'),
	('Grange Castle', 'Citywest', 240, 'gold'),
	('Mulhuddart', 'Profile Park', 160, 'silver'),
	('Belgard', 'Grange Castle', 140, 'silver'),
	('Clonshaugh', 'Dublin', 540, 'gold'),
	('Grange Castle', 'Dublin', 420, 'gold'),
	('Tallaght', 'Dublin', 380, 'gold'),
	('Sandyford', 'Dublin', 90, 'silver'),
	('Docklands', 'Dublin', 260, 'gold'),
	('Parkwest', 'Dublin', 60, 'bronze'),
	('Docklands', 'Poolbeg', 70, 'bronze')
) AS demand (src, dst, gbps, class)
WHERE network.name = 'dublin';

DROP TABLE pg_temp.sample_ring, pg_temp.sample_splice, pg_temp.sample_hop, pg_temp.sample_pair,
	pg_temp.sample_segment;
