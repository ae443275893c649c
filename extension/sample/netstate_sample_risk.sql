-- Sample network, part 4: shared risk link groups, all on the fibre.  Circuits
-- and bundles belong to them because of what they ride on.

-- Every fibre link is a risk to all that rides on it: a group of its name.
INSERT INTO netstate.srlg (network_id, name, kind, geom, mtbf_hours, mttr_hours)
SELECT link.network_id, link.name,
	CASE link.kind WHEN 'submarine' THEN 'cable' ELSE 'route' END,
	link.geom, link.mtbf_hours, link.mttr_hours
FROM netstate.link
WHERE link.network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_fibre')
ORDER BY link.id;

INSERT INTO netstate.srlg_member (srlg_id, link_id)
SELECT srlg.id, link.id
FROM netstate.srlg
JOIN netstate.link ON link.network_id = srlg.network_id AND link.name = srlg.name
WHERE srlg.network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_fibre');

-- What several fibre links share.  The value is the group's number in the
-- routers; the course says where the event strikes.

CREATE TEMPORARY TABLE sample_risk (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text, kind text, value bigint,
	mtbf_hours double precision, mttr_hours double precision,
	course text							-- WKT, longitude and latitude
);

CREATE TEMPORARY TABLE sample_risk_member (
	risk text, link text, probability double precision
);

-- Landings: beach manholes, ducts and stations that several cables share.
INSERT INTO pg_temp.sample_risk (name, kind, value, mtbf_hours, mttr_hours, course) VALUES
	('Long Island landings', 'landing', 101, 175000, 72, 'POINT(-72.87 40.8)'),
	('New Jersey landings', 'landing', 102, 175000, 72, 'POINT(-74.06 40.16)'),
	('Ocean City landing', 'landing', 103, 350000, 72, 'POINT(-75.08 38.34)'),
	('Virginia Beach landings', 'landing', 104, 175000, 72, 'POINT(-75.98 36.85)'),
	('Cornwall landings at Bude', 'landing', 105, 175000, 48, 'POINT(-4.55 50.83)'),
	('Castlefreke landing', 'landing', 106, 350000, 48, 'POINT(-8.95 51.56)'),
	('Marseille landings', 'landing', 107, 130000, 48, 'POINT(5.37 43.3)'),
	('Alexandria landings', 'landing', 108, 90000, 96, 'POINT(29.92 31.2)'),
	('Fortaleza landings east', 'landing', 109, 130000, 96, 'POINT(-38.45 -3.75)'),
	('Fortaleza landings west', 'landing', 119, 130000, 96, 'POINT(-38.53 -3.72)'),
	('Takapuna landings', 'landing', 120, 175000, 72, 'POINT(174.78 -36.79)'),
	('Sydney northern beaches', 'landing', 121, 175000, 72, 'POINT(151.3 -33.75)'),
	('Casablanca landings', 'landing', 122, 130000, 96, 'POINT(-7.67 33.6)'),
	('Praia Grande landings', 'landing', 110, 175000, 72, 'POINT(-46.41 -24.01)'),
	('Mumbai landings north', 'landing', 111, 90000, 72, 'POINT(72.81 19.13)'),
	('Mumbai landings south', 'landing', 118, 90000, 72, 'POINT(72.83 19.01)'),
	('Tuas landings', 'landing', 112, 350000, 48, 'POINT(103.64 1.29)'),
	('Changi landings', 'landing', 113, 350000, 48, 'POINT(103.99 1.39)'),
	('Chikura landings', 'landing', 114, 130000, 72, 'POINT(139.96 34.98)'),
	('Grover Beach landings', 'landing', 115, 260000, 72, 'POINT(-120.62 35.12)'),
	('Hermosa Beach landings', 'landing', 116, 260000, 72, 'POINT(-118.4 33.86)'),
	('Makaha landings', 'landing', 117, 260000, 96, 'POINT(-158.22 21.47)');

INSERT INTO pg_temp.sample_risk_member (risk, link, probability) VALUES
	('Long Island landings', 'Shirley - Bude', 1),
	('Long Island landings', 'Shirley - Killala', 1),
	('Long Island landings', 'New York - Shirley', 1),
	('New Jersey landings', 'Wall Township - Blaabjerg', 1),
	('New Jersey landings', 'Wall Township - Praia Grande', 1),
	('New Jersey landings', 'New York - Wall Township', 1),
	('Ocean City landing', 'Ocean City - Fastnet BU', 1),
	('Ocean City landing', 'New York - Ocean City', 1),
	('Ocean City landing', 'Ocean City - Ashburn', 1),
	('Virginia Beach landings', 'Virginia Beach - Sopelana', 1),
	('Virginia Beach landings', 'Virginia Beach - Le Porge', 1),
	('Virginia Beach landings', 'Virginia Beach - Fortaleza', 1),
	('Virginia Beach landings', 'Virginia Beach - Ashburn', 1),
	('Cornwall landings at Bude', 'Shirley - Bude', 1),
	('Cornwall landings at Bude', 'Castlefreke - Bude', 1),
	('Cornwall landings at Bude', 'Bude - London', 1),
	('Castlefreke landing', 'Fastnet BU - Castlefreke', 1),
	('Castlefreke landing', 'Castlefreke - Bude', 1),
	('Castlefreke landing', 'Castlefreke - Le Porge', 1),
	('Castlefreke landing', 'Castlefreke - Cork', 1),
	('Marseille landings', 'Marseille - Alexandria', 1),
	('Marseille landings', 'Marseille - Port Said', 1),
	('Marseille landings', 'Lisbon - Marseille', 1),
	('Marseille landings', 'Casablanca - Marseille', 1),
	('Alexandria landings', 'Marseille - Alexandria', 1),
	('Alexandria landings', 'Athens - Alexandria', 1),
	('Alexandria landings', 'Alexandria - Cairo', 1),
	('Alexandria landings', 'Alexandria - Zafarana', 1),
	('Fortaleza landings east', 'Sines - Fortaleza', 1),
	('Fortaleza landings east', 'Luanda - Fortaleza', 1),
	('Fortaleza landings east', 'Virginia Beach - Fortaleza', 1),
	('Fortaleza landings west', 'Miami - Fortaleza', 1),
	('Fortaleza landings west', 'Fortaleza - Praia Grande', 1),
	('Takapuna landings', 'Sydney - Takapuna', 1),
	('Takapuna landings', 'Takapuna - Makaha', 1),
	('Takapuna landings', 'Takapuna - Auckland', 1),
	('Sydney northern beaches', 'Sydney - Takapuna', 1),
	('Sydney northern beaches', 'Sydney - Muriwai', 1),
	('Casablanca landings', 'Lisbon - Casablanca', 1),
	('Casablanca landings', 'Casablanca - Lagos', 1),
	('Praia Grande landings', 'Fortaleza - Praia Grande', 1),
	('Praia Grande landings', 'Wall Township - Praia Grande', 1),
	('Praia Grande landings', 'Praia Grande - Las Toninas', 1),
	('Praia Grande landings', 'Praia Grande - Sao Paulo', 1),
	('Mumbai landings north', 'Jeddah - Mumbai', 1),
	('Mumbai landings north', 'Fujairah - Mumbai', 1),
	('Mumbai landings south', 'Dubai - Mumbai', 1),
	('Mumbai landings south', 'Mombasa - Mumbai', 1),
	('Mumbai landings south', 'Mumbai - Tuas', 1),
	('Tuas landings', 'Mtunzini - Tuas', 1),
	('Tuas landings', 'Mumbai - Tuas', 1),
	('Tuas landings', 'Chennai - Tuas', 1),
	('Tuas landings', 'Tuas - Singapore', 1),
	('Changi landings', 'Jakarta - Changi', 1),
	('Changi landings', 'Perth - Changi', 1),
	('Changi landings', 'Changi - Hong Kong', 1),
	('Changi landings', 'Changi - Nasugbu', 1),
	('Changi landings', 'Changi - Singapore', 1),
	('Chikura landings', 'Chikura - Nedonna Beach', 1),
	('Chikura landings', 'Chikura - Hermosa Beach', 1),
	('Chikura landings', 'Guam - Chikura', 1),
	('Chikura landings', 'Hong Kong - Chikura', 1),
	('Chikura landings', 'Toucheng - Chikura', 1),
	('Chikura landings', 'Chikura - Tokyo', 1),
	('Grover Beach landings', 'Shima - Grover Beach', 1),
	('Grover Beach landings', 'Daet - Grover Beach', 1),
	('Grover Beach landings', 'Kahe Point - Grover Beach', 1),
	('Hermosa Beach landings', 'Chikura - Hermosa Beach', 1),
	('Hermosa Beach landings', 'Makaha - Hermosa Beach', 1),
	('Hermosa Beach landings', 'Sydney - Hermosa Beach', 1),
	('Hermosa Beach landings', 'Valparaiso - Hermosa Beach', 1),
	('Hermosa Beach landings', 'Hermosa Beach - Los Angeles', 1),
	('Makaha landings', 'Makaha - Hermosa Beach', 1),
	('Makaha landings', 'Takapuna - Makaha', 1),
	('Makaha landings', 'Makaha - Honolulu', 1);

-- Straits: one anchor, one quake or one slide can reach what lies close together.
INSERT INTO pg_temp.sample_risk (name, kind, value, mtbf_hours, mttr_hours, course) VALUES
	('Strait of Gibraltar', 'strait', 201, 43800, 360,
		'POLYGON((-6.0 35.7, -5.2 35.7, -5.2 36.2, -6.0 36.2, -6.0 35.7))'),
	('Sicily Channel', 'strait', 202, 43800, 300,
		'POLYGON((10.5 36.0, 13.0 36.0, 13.0 38.2, 10.5 38.2, 10.5 36.0))'),
	('Bab el-Mandeb', 'strait', 203, 17500, 900,
		'POLYGON((42.3 11.8, 44.0 11.8, 44.0 14.0, 42.3 14.0, 42.3 11.8))'),
	('Red Sea', 'strait', 204, 26300, 900,
		'POLYGON((33.0 14.0, 42.5 14.0, 42.5 28.9, 33.0 28.9, 33.0 14.0))'),
	('Strait of Malacca', 'strait', 205, 17500, 360,
		'POLYGON((97.0 1.0, 103.5 1.0, 103.5 6.3, 97.0 6.3, 97.0 1.0))'),
	('Singapore Strait', 'strait', 206, 17500, 300,
		'POLYGON((103.9 1.2, 105.0 1.2, 105.0 1.6, 103.9 1.6, 103.9 1.2))'),
	('Sunda Strait', 'strait', 207, 87600, 600,
		'POLYGON((104.8 -6.8, 106.2 -6.8, 106.2 -5.6, 104.8 -5.6, 104.8 -6.8))'),
	('Gaspar Strait', 'strait', 208, 35000, 400,
		'POLYGON((106.5 -3.6, 107.6 -3.6, 107.6 -1.8, 106.5 -1.8, 106.5 -3.6))'),
	('Luzon Strait', 'strait', 209, 43800, 600,
		'POLYGON((119.8 20.4, 122.9 20.4, 122.9 22.2, 119.8 22.2, 119.8 20.4))'),
	('Taiwan Strait', 'strait', 210, 26300, 360,
		'POLYGON((117.0 21.5, 121.2 21.5, 121.2 26.0, 117.0 26.0, 117.0 21.5))'),
	('Dublin - Holyhead crossing', 'strait', 211, 87600, 240,
		'POLYGON((-6.0 53.2, -4.7 53.2, -4.7 53.5, -6.0 53.5, -6.0 53.2))'),
	('Channel', 'strait', 212, 43800, 240,
		'POLYGON((0.0 49.9, 1.6 49.9, 1.6 51.1, 0.0 51.1, 0.0 49.9))'),
	('Bass Strait', 'strait', 213, 87600, 500,
		'POLYGON((143.5 -40.8, 148.6 -40.8, 148.6 -38.6, 143.5 -38.6, 143.5 -40.8))');

INSERT INTO pg_temp.sample_risk_member (risk, link, probability) VALUES
	('Strait of Gibraltar', 'Lisbon - Marseille', 0.5),
	('Strait of Gibraltar', 'Casablanca - Marseille', 0.5),
	('Sicily Channel', 'Marseille - Alexandria', 0.5),
	('Sicily Channel', 'Marseille - Port Said', 0.5),
	('Bab el-Mandeb', 'Zafarana - Djibouti', 0.6),
	('Bab el-Mandeb', 'Jeddah - Mumbai', 0.6),
	('Red Sea', 'Suez - Jeddah', 0.3),
	('Red Sea', 'Aqaba - Jeddah', 0.3),
	('Red Sea', 'Zafarana - Djibouti', 0.3),
	('Red Sea', 'Jeddah - Mumbai', 0.3),
	('Strait of Malacca', 'Mtunzini - Tuas', 0.5),
	('Strait of Malacca', 'Mumbai - Tuas', 0.5),
	('Strait of Malacca', 'Chennai - Tuas', 0.5),
	('Singapore Strait', 'Jakarta - Changi', 0.5),
	('Singapore Strait', 'Perth - Changi', 0.5),
	('Singapore Strait', 'Changi - Hong Kong', 0.5),
	('Singapore Strait', 'Changi - Nasugbu', 0.5),
	('Sunda Strait', 'Jakarta - Perth', 0.7),
	('Sunda Strait', 'Perth - Changi', 0.7),
	('Sunda Strait', 'Chennai - Jakarta', 0.7),
	('Gaspar Strait', 'Jakarta - Changi', 0.5),
	('Gaspar Strait', 'Perth - Changi', 0.5),
	('Luzon Strait', 'Hong Kong - Chikura', 0.8),
	('Luzon Strait', 'Fangshan - Shima', 0.8),
	('Luzon Strait', 'Hong Kong - Fangshan', 0.5),
	('Taiwan Strait', 'Hong Kong - Toucheng', 0.4),
	('Taiwan Strait', 'Hong Kong - Fangshan', 0.2),
	('Dublin - Holyhead crossing', 'Dublin - Holyhead 1', 0.5),
	('Dublin - Holyhead crossing', 'Dublin - Holyhead 2', 0.5),
	('Channel', 'London - Paris (Dieppe)', 0.4),
	('Channel', 'London - Paris (tunnel)', 0.1),
	('Bass Strait', 'Sydney - Perth', 0.5),
	('Bass Strait', 'Melbourne - Stanley', 0.5),
	('Bass Strait', 'Inverloch - George Town', 0.5);

-- Seabed: trawling grounds, canyons, faults.
INSERT INTO pg_temp.sample_risk (name, kind, value, mtbf_hours, mttr_hours, course) VALUES
	('Rockall fishing ground', 'seabed', 301, 26300, 300,
		'POLYGON((-16.0 53.0, -4.5 53.0, -4.5 61.0, -16.0 61.0, -16.0 53.0))'),
	('Faroe - Shetland channel', 'seabed', 302, 26300, 300,
		'POLYGON((-9.0 59.0, 0.5 59.0, 0.5 61.5, -9.0 61.5, -9.0 59.0))'),
	('Grand Banks', 'seabed', 303, 87600, 400,
		'POLYGON((-57.0 40.5, -44.0 40.5, -44.0 48.5, -57.0 48.5, -57.0 40.5))'),
	('Gulf of Cadiz fault', 'seabed', 307, 260000, 700,
		'POLYGON((-10.5 34.3, -6.5 34.3, -6.5 37.0, -10.5 37.0, -10.5 34.3))'),
	('Guinea shelf', 'seabed', 305, 35000, 500,
		'POLYGON((-4.0 3.0, 3.5 3.0, 3.5 6.6, -4.0 6.6, -4.0 3.0))'),
	('Kanto trench fault', 'seabed', 306, 260000, 700,
		'POLYGON((138.0 32.0, 142.0 32.0, 142.0 35.0, 138.0 35.0, 138.0 32.0))');

INSERT INTO pg_temp.sample_risk_member (risk, link, probability) VALUES
	('Rockall fishing ground', 'Thorlakshofn - Galway', 0.4),
	('Rockall fishing ground', 'Seydisfjordur - Dunnet Bay', 0.4),
	('Faroe - Shetland channel', 'Seydisfjordur - Dunnet Bay', 0.4),
	('Faroe - Shetland channel', 'Landeyjar - Blaabjerg', 0.4),
	('Faroe - Shetland channel', 'Wall Township - Blaabjerg', 0.3),
	('Grand Banks', 'Shirley - Bude', 0.3),
	('Grand Banks', 'Shirley - Killala', 0.3),
	('Grand Banks', 'Halifax - Southport', 0.3),
	('Grand Banks', 'Wall Township - Blaabjerg', 0.3),
	('Gulf of Cadiz fault', 'Lisbon - Casablanca', 0.6),
	('Gulf of Cadiz fault', 'Casablanca - Marseille', 0.6),
	('Guinea shelf', 'Sines - Lagos', 0.7),
	('Guinea shelf', 'Casablanca - Lagos', 0.7),
	('Kanto trench fault', 'Hong Kong - Chikura', 0.5),
	('Kanto trench fault', 'Toucheng - Chikura', 0.5),
	('Kanto trench fault', 'Guam - Chikura', 0.5),
	('Kanto trench fault', 'Chikura - Nedonna Beach', 0.5),
	('Kanto trench fault', 'Chikura - Hermosa Beach', 0.5);

-- Cables of several segments: one power feed, one owner, one repair ship.
INSERT INTO pg_temp.sample_risk (name, kind, value, mtbf_hours, mttr_hours, course) VALUES
	('Fastnet cable', 'cable', 501, 35000, 480, NULL),
	('Africa West cable', 'cable', 502, 26300, 480, NULL),
	('Levant North cable', 'cable', 504, 35000, 480, NULL);

INSERT INTO pg_temp.sample_risk_member (risk, link, probability) VALUES
	('Fastnet cable', 'Ocean City - Fastnet BU', 1),
	('Fastnet cable', 'Fastnet BU - Castlefreke', 1),
	('Fastnet cable', 'Fastnet BU - Sines', 1),
	('Africa West cable', 'Sines - Lagos', 1),
	('Africa West cable', 'Lagos - Cape Town', 1),
	('Levant North cable', 'Genoa - Tel Aviv', 1),
	('Levant North cable', 'Tel Aviv - Aqaba', 1),
	('Levant North cable', 'Aqaba - Jeddah', 1);

-- Land: corridors, passes, crossings.
INSERT INTO pg_temp.sample_risk (name, kind, value, mtbf_hours, mttr_hours, course) VALUES
	('Egypt land bridge', 'land_bridge', 401, 43800, 120,
		'POLYGON((29.8 29.0, 32.7 29.0, 32.7 31.4, 29.8 31.4, 29.8 29.0))'),
	('I-80 rail corridor', 'corridor', 402, 87600, 12,
		'LINESTRING(-93.62 41.59, -95.94 41.26, -100.77 41.12)'),
	('I-5 corridor at Sacramento', 'corridor', 403, 87600, 12, 'POINT(-121.49 38.58)'),
	('Gary rail corridor', 'corridor', 404, 87600, 12,
		'LINESTRING(-87.00 41.55, -87.35 41.60, -87.63 41.88)'),
	('Richmond - Washington corridor', 'corridor', 405, 87600, 12,
		'LINESTRING(-77.46 38.30, -77.49 39.04)'),
	('Baltimore - Washington corridor', 'corridor', 406, 87600, 10,
		'LINESTRING(-76.61 39.29, -77.04 38.91)'),
	('Hudson crossing', 'corridor', 407, 130000, 10, 'POINT(-74.03 40.73)'),
	('Bordeaux corridor', 'corridor', 408, 87600, 12,
		'LINESTRING(0.69 47.39, 0.34 46.58, -0.58 44.84)'),
	('Rhone valley', 'corridor', 409, 70000, 16, 'LINESTRING(5.04 47.32, 4.84 45.76)'),
	('Alpine storm', 'hazard', 410, 87600, 96,
		'POLYGON((6.5 44.9, 14.5 44.9, 14.5 47.0, 6.5 47.0, 6.5 44.9))'),
	('Ligurian coast', 'corridor', 411, 87600, 24, 'LINESTRING(8.93 44.41, 9.19 45.46)'),
	('Docklands duct bank', 'corridor', 412, 87600, 10, 'POINT(-0.01 51.51)'),
	('Hellisheidi road', 'corridor', 413, 43800, 24, 'LINESTRING(-21.65 64.05, -21.40 64.02)');

INSERT INTO pg_temp.sample_risk_member (risk, link, probability) VALUES
	('Egypt land bridge', 'Alexandria - Cairo', 0.5),
	('Egypt land bridge', 'Cairo - Suez', 0.5),
	('Egypt land bridge', 'Alexandria - Zafarana', 0.5),
	('Egypt land bridge', 'Cairo - Zafarana', 0.5),
	('Egypt land bridge', 'Port Said - Suez', 0.5),
	('I-80 rail corridor', 'Chicago - Denver', 1),
	('I-80 rail corridor', 'Chicago - Salt Lake City', 1),
	('I-5 corridor at Sacramento', 'Salt Lake City - San Jose', 1),
	('I-5 corridor at Sacramento', 'San Jose - Seattle', 1),
	('Gary rail corridor', 'New York - Chicago', 1),
	('Gary rail corridor', 'Columbus - Chicago', 1),
	('Richmond - Washington corridor', 'Virginia Beach - Ashburn', 1),
	('Richmond - Washington corridor', 'Ashburn - Atlanta', 1),
	('Baltimore - Washington corridor', 'New York - Ashburn', 1),
	('Baltimore - Washington corridor', 'Ocean City - Ashburn', 1),
	('Hudson crossing', 'New York - Wall Township', 1),
	('Hudson crossing', 'New York - Ashburn', 1),
	('Hudson crossing', 'New York - Ocean City', 1),
	('Bordeaux corridor', 'Paris - Madrid', 1),
	('Bordeaux corridor', 'Paris - Le Porge', 1),
	('Rhone valley', 'Paris - Marseille', 1),
	('Rhone valley', 'Paris - Milan', 1),
	('Alpine storm', 'Zurich - Milan', 0.4),
	('Alpine storm', 'Vienna - Milan', 0.4),
	('Alpine storm', 'Paris - Milan', 0.4),
	('Ligurian coast', 'Marseille - Genoa', 0.5),
	('Ligurian coast', 'Genoa - Milan', 1),
	('Docklands duct bank', 'London - Lowestoft', 1),
	('Docklands duct bank', 'London - Paris (tunnel)', 1),
	('Hellisheidi road', 'Reykjavik - Landeyjar', 1),
	('Hellisheidi road', 'Reykjavik - Thorlakshofn', 1);

INSERT INTO netstate.srlg (network_id, name, kind, value, geom, mtbf_hours, mttr_hours)
SELECT (SELECT id FROM netstate.network WHERE name = 'backbone_fibre'),
	risk.name, risk.kind, risk.value, 'SRID=4326;' || risk.course,
	risk.mtbf_hours, risk.mttr_hours
FROM pg_temp.sample_risk AS risk
ORDER BY risk.id;

-- A name that is no group or no link makes a NULL here, and fails.
INSERT INTO netstate.srlg_member (srlg_id, link_id, probability)
SELECT
	(SELECT id FROM netstate.srlg
	 WHERE network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_fibre')
		AND name = member.risk),
	(SELECT id FROM netstate.link
	 WHERE network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_fibre')
		AND name = member.link),
	member.probability
FROM pg_temp.sample_risk_member AS member;

DROP TABLE pg_temp.sample_risk, pg_temp.sample_risk_member;

-- Power failures in two exchanges: all that ends there goes down, with the
-- optical and IP nodes above.
INSERT INTO netstate.srlg (network_id, name, kind, value, geom, mtbf_hours, mttr_hours)
SELECT node.network_id, node.name || ' exchange power', 'site',
	power.value, node.geom, 175000, 6
FROM (VALUES ('Marseille', 601), ('Dublin', 602)) AS power (node, value)
JOIN netstate.node
	ON node.network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_fibre')
	AND node.name = power.node
ORDER BY power.value;

INSERT INTO netstate.srlg_node (srlg_id, node_id)
SELECT srlg.id, node.id
FROM netstate.srlg
JOIN netstate.node ON node.network_id = srlg.network_id
	AND srlg.name = node.name || ' exchange power'
WHERE srlg.network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_fibre');
