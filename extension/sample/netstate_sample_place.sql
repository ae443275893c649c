-- Sample network, part 1: Region, zones, sites, power feeds, networks, nodes.
--
-- Each metro is a node in all three networks: a router (backbone) on a
-- transponder shelf (backbone_optical) on a fibre room (backbone_fibre).
-- Landings and the branching unit are nodes of the fibre network alone.

INSERT INTO netstate.region (name) VALUES ('eu-west-1');

INSERT INTO netstate.zone (region_id, name)
SELECT (SELECT id FROM netstate.region WHERE name = 'eu-west-1'), zone.name
FROM (VALUES ('euw1-az1'), ('euw1-az2'), ('euw1-az3')) AS zone (name);

-- Two data centres a zone, around Dublin.
INSERT INTO netstate.site (zone_id, name, kind, geom)
SELECT (SELECT zone.id FROM netstate.zone
		JOIN netstate.region ON region.id = zone.region_id
		WHERE region.name = 'eu-west-1' AND zone.name = place.zone),
	place.name, 'data_centre',
	'SRID=4326;POINT(' || place.longitude || ' ' || place.latitude || ')'
FROM (VALUES
	('euw1-az1', 'Clonshaugh', 53.406, -6.205),
	('euw1-az1', 'Ballycoolin', 53.412, -6.362),
	('euw1-az2', 'Grange Castle', 53.319, -6.437),
	('euw1-az2', 'Clondalkin', 53.327, -6.402),
	('euw1-az3', 'Citywest', 53.284, -6.436),
	('euw1-az3', 'Tallaght', 53.290, -6.368)
) AS place (zone, name, latitude, longitude);

-- Zones 2 and 3 both hang on the substation in the west: the sample's own
-- example of zones that are less independent than they look.
INSERT INTO netstate.power_feed (name) VALUES
	('Dublin north substation'), ('Dublin airport substation'),
	('Dublin west substation'), ('Dublin canal substation'),
	('Dublin south substation');

INSERT INTO netstate.site_power_feed (site_id, power_feed_id)
SELECT (SELECT id FROM netstate.site WHERE kind = 'data_centre' AND name = draw.site),
	(SELECT id FROM netstate.power_feed WHERE name = draw.feed)
FROM (VALUES
	('Clonshaugh', 'Dublin north substation'),
	('Clonshaugh', 'Dublin airport substation'),
	('Ballycoolin', 'Dublin north substation'),
	('Ballycoolin', 'Dublin airport substation'),
	('Grange Castle', 'Dublin west substation'),
	('Grange Castle', 'Dublin canal substation'),
	('Clondalkin', 'Dublin west substation'),
	('Clondalkin', 'Dublin canal substation'),
	('Citywest', 'Dublin west substation'),
	('Citywest', 'Dublin south substation'),
	('Tallaght', 'Dublin west substation'),
	('Tallaght', 'Dublin south substation')
) AS draw (site, feed);

-- Metros, landings and the branching unit: sites outside every zone.

CREATE TEMPORARY TABLE sample_place (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text, kind text, latitude text, longitude text
);

-- Metros: North America.
INSERT INTO pg_temp.sample_place (name, kind, latitude, longitude) VALUES
	('New York', 'metro', 40.71, -74.01),
	('Ashburn', 'metro', 39.04, -77.49),
	('Atlanta', 'metro', 33.75, -84.39),
	('Miami', 'metro', 25.76, -80.19),
	('Columbus', 'metro', 39.96, -83.00),
	('Chicago', 'metro', 41.88, -87.63),
	('Dallas', 'metro', 32.78, -96.80),
	('Denver', 'metro', 39.74, -104.99),
	('Salt Lake City', 'metro', 40.76, -111.89),
	('Los Angeles', 'metro', 34.05, -118.24),
	('San Jose', 'metro', 37.34, -121.89),
	('Seattle', 'metro', 47.61, -122.33),
	('Toronto', 'metro', 43.65, -79.38),
	('Montreal', 'metro', 45.50, -73.57),
	('Queretaro', 'metro', 20.59, -100.39),
	('Honolulu', 'metro', 21.31, -157.86);

-- Metros: South America.
INSERT INTO pg_temp.sample_place (name, kind, latitude, longitude) VALUES
	('Bogota', 'metro', 4.71, -74.07),
	('Lima', 'metro', -12.05, -77.04),
	('Santiago', 'metro', -33.45, -70.67),
	('Buenos Aires', 'metro', -34.60, -58.38),
	('Sao Paulo', 'metro', -23.55, -46.63),
	('Fortaleza', 'metro', -3.73, -38.53);

-- Metros: Europe.
INSERT INTO pg_temp.sample_place (name, kind, latitude, longitude) VALUES
	('Reykjavik', 'metro', 64.15, -21.94),
	('Dublin', 'metro', 53.35, -6.26),
	('Cork', 'metro', 51.90, -8.47),
	('Manchester', 'metro', 53.48, -2.24),
	('London', 'metro', 51.51, -0.13),
	('Paris', 'metro', 48.86, 2.35),
	('Amsterdam', 'metro', 52.37, 4.90),
	('Frankfurt', 'metro', 50.11, 8.68),
	('Hamburg', 'metro', 53.55, 9.99),
	('Copenhagen', 'metro', 55.68, 12.57),
	('Stockholm', 'metro', 59.33, 18.07),
	('Helsinki', 'metro', 60.17, 24.94),
	('Warsaw', 'metro', 52.23, 21.01),
	('Vienna', 'metro', 48.21, 16.37),
	('Zurich', 'metro', 47.37, 8.54),
	('Milan', 'metro', 45.46, 9.19),
	('Marseille', 'metro', 43.30, 5.37),
	('Madrid', 'metro', 40.42, -3.70),
	('Lisbon', 'metro', 38.72, -9.14),
	('Athens', 'metro', 37.98, 23.73),
	('Istanbul', 'metro', 41.01, 28.98);

-- Metros: Africa and Middle East.
INSERT INTO pg_temp.sample_place (name, kind, latitude, longitude) VALUES
	('Casablanca', 'metro', 33.57, -7.59),
	('Lagos', 'metro', 6.52, 3.38),
	('Cape Town', 'metro', -33.92, 18.42),
	('Johannesburg', 'metro', -26.20, 28.05),
	('Nairobi', 'metro', -1.29, 36.82),
	('Cairo', 'metro', 30.04, 31.24),
	('Jeddah', 'metro', 21.49, 39.19),
	('Dubai', 'metro', 25.20, 55.27);

-- Metros: Asia.
INSERT INTO pg_temp.sample_place (name, kind, latitude, longitude) VALUES
	('Mumbai', 'metro', 19.08, 72.88),
	('Chennai', 'metro', 13.08, 80.27),
	('Singapore', 'metro', 1.35, 103.82),
	('Jakarta', 'metro', -6.21, 106.85),
	('Hong Kong', 'metro', 22.32, 114.17),
	('Taipei', 'metro', 25.03, 121.57),
	('Manila', 'metro', 14.60, 120.98),
	('Seoul', 'metro', 37.57, 126.98),
	('Tokyo', 'metro', 35.68, 139.69);

-- Metros: Oceania.
INSERT INTO pg_temp.sample_place (name, kind, latitude, longitude) VALUES
	('Perth', 'metro', -31.95, 115.86),
	('Melbourne', 'metro', -37.81, 144.96),
	('Hobart', 'metro', -42.88, 147.33),
	('Sydney', 'metro', -33.87, 151.21),
	('Auckland', 'metro', -36.85, 174.76);

-- Cable landings: North America.
INSERT INTO pg_temp.sample_place (name, kind, latitude, longitude) VALUES
	('Halifax', 'cable_landing', 44.65, -63.58),
	('Shirley', 'cable_landing', 40.80, -72.87),
	('Wall Township', 'cable_landing', 40.16, -74.06),
	('Ocean City', 'cable_landing', 38.34, -75.08),
	('Virginia Beach', 'cable_landing', 36.85, -75.98),
	('Nedonna Beach', 'cable_landing', 45.64, -123.94),
	('Grover Beach', 'cable_landing', 35.12, -120.62),
	('Hermosa Beach', 'cable_landing', 33.86, -118.40),
	('Makaha', 'cable_landing', 21.47, -158.22),
	('Kahe Point', 'cable_landing', 21.35, -158.13);

-- Cable landings: South America.
INSERT INTO pg_temp.sample_place (name, kind, latitude, longitude) VALUES
	('Cartagena', 'cable_landing', 10.39, -75.51),
	('Buenaventura', 'cable_landing', 3.88, -77.03),
	('Valparaiso', 'cable_landing', -33.05, -71.62),
	('Las Toninas', 'cable_landing', -36.49, -56.70),
	('Praia Grande', 'cable_landing', -24.01, -46.41);

-- Cable landings: Europe.
INSERT INTO pg_temp.sample_place (name, kind, latitude, longitude) VALUES
	('Seydisfjordur', 'cable_landing', 65.26, -14.01),
	('Landeyjar', 'cable_landing', 63.53, -20.30),
	('Thorlakshofn', 'cable_landing', 63.86, -21.37),
	('Killala', 'cable_landing', 54.22, -9.22),
	('Galway', 'cable_landing', 53.27, -9.05),
	('Castlefreke', 'cable_landing', 51.56, -8.95),
	('Dunnet Bay', 'cable_landing', 58.61, -3.36),
	('Holyhead', 'cable_landing', 53.31, -4.63),
	('Southport', 'cable_landing', 53.65, -3.01),
	('Bude', 'cable_landing', 50.83, -4.55),
	('Lowestoft', 'cable_landing', 52.48, 1.75),
	('Blaabjerg', 'cable_landing', 55.75, 8.17),
	('Rostock', 'cable_landing', 54.09, 12.14),
	('Le Porge', 'cable_landing', 44.87, -1.09),
	('Sopelana', 'cable_landing', 43.38, -2.99),
	('Sines', 'cable_landing', 37.95, -8.87),
	('Genoa', 'cable_landing', 44.41, 8.93),
	('Bari', 'cable_landing', 41.12, 16.87);

-- Cable landings: Africa and Middle East.
INSERT INTO pg_temp.sample_place (name, kind, latitude, longitude) VALUES
	('Alexandria', 'cable_landing', 31.20, 29.92),
	('Port Said', 'cable_landing', 31.26, 32.30),
	('Suez', 'cable_landing', 29.97, 32.55),
	('Zafarana', 'cable_landing', 29.12, 32.65),
	('Tel Aviv', 'cable_landing', 32.07, 34.77),
	('Aqaba', 'cable_landing', 29.53, 35.01),
	('Al Faw', 'cable_landing', 29.97, 48.47),
	('Fujairah', 'cable_landing', 25.13, 56.33),
	('Djibouti', 'cable_landing', 11.59, 43.15),
	('Mombasa', 'cable_landing', -4.05, 39.67),
	('Mtunzini', 'cable_landing', -28.95, 31.75),
	('Luanda', 'cable_landing', -8.84, 13.23);

-- Cable landings: Asia.
INSERT INTO pg_temp.sample_place (name, kind, latitude, longitude) VALUES
	('Tuas', 'cable_landing', 1.29, 103.64),
	('Changi', 'cable_landing', 1.39, 103.99),
	('Nasugbu', 'cable_landing', 14.07, 120.63),
	('Daet', 'cable_landing', 14.11, 122.96),
	('Fangshan', 'cable_landing', 22.26, 120.66),
	('Toucheng', 'cable_landing', 24.86, 121.82),
	('Busan', 'cable_landing', 35.18, 129.08),
	('Shima', 'cable_landing', 34.33, 136.83),
	('Chikura', 'cable_landing', 34.98, 139.96),
	('Guam', 'cable_landing', 13.47, 144.69);

-- Cable landings: Oceania.
INSERT INTO pg_temp.sample_place (name, kind, latitude, longitude) VALUES
	('Inverloch', 'cable_landing', -38.63, 145.73),
	('Stanley', 'cable_landing', -40.76, 145.30),
	('George Town', 'cable_landing', -41.10, 146.83),
	('Takapuna', 'cable_landing', -36.79, 174.78),
	('Muriwai', 'cable_landing', -36.83, 174.43);

-- At sea.
INSERT INTO pg_temp.sample_place (name, kind, latitude, longitude) VALUES
	('Fastnet BU', 'branching_unit', 45.80, -39.50);

INSERT INTO netstate.site (name, kind, geom)
SELECT name, kind, 'SRID=4326;POINT(' || longitude || ' ' || latitude || ')'
FROM pg_temp.sample_place
ORDER BY id;

INSERT INTO netstate.network (name, layer) VALUES
	('backbone_fibre', 'fibre'),
	('backbone_optical', 'optical'),
	('backbone', 'ip');

INSERT INTO netstate.node (network_id, name, site_id, geom)
SELECT (SELECT id FROM netstate.network WHERE name = 'backbone_fibre'),
	place.name, site.id, site.geom
FROM pg_temp.sample_place AS place
JOIN netstate.site ON site.zone_id IS NULL AND site.name = place.name
ORDER BY place.id;

INSERT INTO netstate.node (network_id, name, site_id, supporting_node_id, geom)
SELECT (SELECT id FROM netstate.network WHERE name = 'backbone_optical'),
	fibre.name, fibre.site_id, fibre.id, fibre.geom
FROM netstate.node AS fibre
JOIN pg_temp.sample_place AS place ON place.name = fibre.name
WHERE fibre.network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_fibre')
	AND place.kind = 'metro'
ORDER BY place.id;

INSERT INTO netstate.node (network_id, name, site_id, supporting_node_id, geom)
SELECT (SELECT id FROM netstate.network WHERE name = 'backbone'),
	optical.name, optical.site_id, optical.id, optical.geom
FROM netstate.node AS optical
WHERE optical.network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_optical')
ORDER BY optical.id;

DROP TABLE pg_temp.sample_place;
