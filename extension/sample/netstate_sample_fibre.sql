-- Sample network, part 2: fibre.  Cables under the sea and routes on land, each
-- one a link from A to Z whose course is drawn through way points.
--
-- Length is as built: the course as drawn and some more, for slack at sea and
-- for the bends of roads and railways.  What is crossed at the antimeridian is
-- split there.

CREATE TEMPORARY TABLE sample_fibre (
	id integer GENERATED ALWAYS AS IDENTITY,
	a text, z text, label text,			-- label: tells parallel links apart
	tbps double precision,				-- each direction
	length_km double precision,
	kind text DEFAULT 'submarine',
	status text DEFAULT 'in_service',
	course text							-- WKT, longitude and latitude
);

-- Under the sea: North Atlantic.
INSERT INTO pg_temp.sample_fibre (a, z, label, tbps, length_km, course) VALUES
	('Ocean City', 'Fastnet BU', NULL, 320, 3285.7,
		'LINESTRING(-75.08 38.34, -74 38.1, -70 39, -62 40.6, -50 42, -39.5 45.8)'),
	('Fastnet BU', 'Castlefreke', NULL, 320, 2440.3,
		'LINESTRING(-39.5 45.8, -30 48.8, -20 50.6, -12 51.3, -9.2 51.45, -8.95 51.56)'),
	('Fastnet BU', 'Sines', NULL, 160, 2843.5,
		'LINESTRING(-39.5 45.8, -30 43, -18 39.6, -10.5 38.1, -8.87 37.95)'),
	('Shirley', 'Bude', NULL, 160, 5717.3,
		'LINESTRING(-72.87 40.8, -72.6 40.5, -66 40.6, -55 42.2, -50 42.6, -40 46.8, -25 50,
		-12 50.6, -7 50.4, -5.5 50.7, -4.55 50.83)'),
	('Shirley', 'Killala', NULL, 60, 5277.8,
		'LINESTRING(-72.87 40.8, -72.5 40.4, -66 41.2, -55 43.4, -45 47.8, -30 52.2, -15 54.3,
		-10.3 54.6, -9.3 54.45, -9.22 54.22)'),
	('Virginia Beach', 'Sopelana', NULL, 200, 6423.4,
		'LINESTRING(-75.98 36.85, -74 36.6, -65 37.8, -50 41, -35 43.6, -20 44.8, -10 44.6,
		-4.5 43.9, -2.99 43.38)'),
	('Virginia Beach', 'Le Porge', NULL, 250, 6500.1,
		'LINESTRING(-75.98 36.85, -74 36.9, -65 38.4, -50 41.6, -35 44.6, -20 46.2, -8 46, -3
		45.2, -1.3 44.9, -1.09 44.87)'),
	('Wall Township', 'Blaabjerg', NULL, 108, 6642.7,
		'LINESTRING(-74.06 40.16, -72 39.9, -60 42, -48 46.5, -38 51.5, -25 56.5, -10 59.6, -3
		59.7, 0 59.3, 4.5 57, 7.5 55.8, 8.17 55.75)'),
	('Halifax', 'Southport', NULL, 40, 4874.6,
		'LINESTRING(-63.58 44.65, -62.5 44.2, -55 44.6, -47 47.5, -30 53, -15 55.6, -8.5 55.7,
		-6.4 55.45, -5.93 55.25, -5.45 54.8, -5.2 54.3, -4.9 53.9, -3.8 53.7, -3.01 53.65)');

-- Under the sea: North Sea, Irish Sea, Channel, Baltic.
INSERT INTO pg_temp.sample_fibre (a, z, label, tbps, length_km, course) VALUES
	('Seydisfjordur', 'Dunnet Bay', NULL, 24, 1016.9,
		'LINESTRING(-14.01 65.26, -13.2 65.2, -10.5 63.8, -8.2 61, -5 59.2, -3.6 58.75, -3.36
		58.61)'),
	('Landeyjar', 'Blaabjerg', NULL, 32, 1945.8,
		'LINESTRING(-20.3 63.53, -19.9 63.1, -14 62.3, -7.5 60.8, -3.5 59.75, 0 59.2, 4.5 57.2,
		7.3 55.9, 8.17 55.75)'),
	('Thorlakshofn', 'Galway', NULL, 108, 1553.7,
		'LINESTRING(-21.37 63.86, -21.3 63.3, -18 60, -14.8 57, -12 54.5, -10.6 53.2, -9.9
		53.05, -9.05 53.27)'),
	('Dublin', 'Holyhead', '1', 48, 116.0,
		'LINESTRING(-6.26 53.35, -6 53.4, -5.3 53.4, -4.63 53.31)'),
	('Dublin', 'Holyhead', '2', 48, 115.0,
		'LINESTRING(-6.26 53.35, -6 53.3, -5.3 53.3, -4.63 53.31)'),
	('Dublin', 'Southport', NULL, 96, 231.8,
		'LINESTRING(-6.26 53.35, -6 53.45, -4.8 53.62, -3.6 53.65, -3.01 53.65)'),
	('Castlefreke', 'Bude', NULL, 96, 344.0,
		'LINESTRING(-8.95 51.56, -8.7 51.4, -6.8 51, -5.2 50.85, -4.55 50.83)'),
	('Castlefreke', 'Le Porge', NULL, 192, 1028.2,
		'LINESTRING(-8.95 51.56, -8.8 51.3, -7.4 49.6, -6.4 48.2, -3.8 46.5, -1.9 45, -1.09
		44.87)'),
	('Lowestoft', 'Amsterdam', NULL, 192, 231.9,
		'LINESTRING(1.75 52.48, 2.6 52.45, 4.3 52.42, 4.9 52.37)'),
	('London', 'Paris', '(Dieppe)', 192, 413.1,
		'LINESTRING(-0.13 51.51, -0.14 50.82, 0.5 50.3, 1.08 49.93, 1.1 49.44, 2.35 48.86)'),
	('Stockholm', 'Helsinki', NULL, 48, 448.3,
		'LINESTRING(18.07 59.33, 18.9 59.6, 20 59.6, 22.5 59.6, 24.5 59.9, 24.94 60.17)'),
	('Helsinki', 'Rostock', NULL, 96, 1199.7,
		'LINESTRING(24.94 60.17, 24.6 59.8, 22 59.3, 20 58.2, 19.6 56.8, 17.5 55.6, 15 54.75,
		13.4 54.9, 12.3 54.4, 12.14 54.09)');

-- Under the sea: South Atlantic and the Americas.
INSERT INTO pg_temp.sample_fibre (a, z, label, tbps, length_km, course) VALUES
	('Sines', 'Fortaleza', NULL, 100, 5854.8,
		'LINESTRING(-8.87 37.95, -11 37, -18 30.5, -20.5 28, -27 17, -31 6, -36.5 -1, -38.2
		-3.2, -38.53 -3.73)'),
	('Luanda', 'Fortaleza', NULL, 40, 6057.2,
		'LINESTRING(13.23 -8.84, 11 -8.6, 0 -7.5, -14 -6.5, -32 -2.6, -37.5 -3, -38.53 -3.73)'),
	('Miami', 'Fortaleza', NULL, 72, 6156.9,
		'LINESTRING(-80.19 25.76, -79.7 26.6, -78 27.6, -73.5 26, -66 21.5, -59 17.5, -55 12,
		-48 5.5, -41 -0.5, -38.6 -3.2, -38.53 -3.73)'),
	('Virginia Beach', 'Fortaleza', NULL, 138, 6314.0,
		'LINESTRING(-75.98 36.85, -74 35.8, -66 30, -56 18, -46 6, -40 -0.5, -38.3 -3.2, -38.53
		-3.73)'),
	('Fortaleza', 'Praia Grande', NULL, 138, 3432.8,
		'LINESTRING(-38.53 -3.73, -36.5 -4.3, -34 -6.5, -33.9 -9, -36.5 -14, -37.5 -18, -39.5
		-22, -42 -24, -45.5 -24.5, -46.41 -24.01)'),
	('Wall Township', 'Praia Grande', NULL, 72, 10466.8,
		'LINESTRING(-74.06 40.16, -72.5 38.5, -60.5 31, -48 12, -31 1, -30.5 -6, -33 -12, -36
		-19.5, -40.5 -24, -45.5 -24.8, -46.41 -24.01)'),
	('Praia Grande', 'Las Toninas', NULL, 48, 1903.5,
		'LINESTRING(-46.41 -24.01, -46.2 -25, -48 -28.5, -51 -33, -53.5 -35.6, -56.7 -36.49)'),
	('Miami', 'Cartagena', NULL, 30, 2667.6,
		'LINESTRING(-80.19 25.76, -79.9 25.4, -80.2 24.4, -82 23.9, -84.5 23.6, -85.6 21.9,
		-84.5 20.5, -80.5 16.8, -76.5 12, -75.51 10.39)'),
	('Valparaiso', 'Lima', NULL, 48, 2699.1,
		'LINESTRING(-71.62 -33.05, -72.5 -32, -72.5 -26, -72 -20, -77.4 -13.2, -77.04 -12.05)'),
	('Lima', 'Buenaventura', NULL, 48, 2331.9,
		'LINESTRING(-77.04 -12.05, -77.9 -11.8, -80.2 -8.5, -81.8 -5, -82 -2, -80.6 1.5, -78.5
		3.5, -77.03 3.88)'),
	('Valparaiso', 'Hermosa Beach', NULL, 72, 9447.8,
		'LINESTRING(-71.62 -33.05, -74 -31, -84 -18, -96 -1, -108 14, -115 24.5, -118.4 30.5,
		-119.3 32.5, -119 33.5, -118.4 33.86)');

-- Under the sea: Mediterranean and Africa.
INSERT INTO pg_temp.sample_fibre (a, z, label, tbps, length_km, course) VALUES
	('Lisbon', 'Casablanca', NULL, 48, 726.5,
		'LINESTRING(-9.14 38.72, -9.9 38.4, -10 36.5, -8.6 34.4, -7.59 33.57)'),
	('Casablanca', 'Marseille', NULL, 48, 2022.2,
		'LINESTRING(-7.59 33.57, -7.6 34.3, -6.8 35.7, -5.7 35.9, -4.4 35.9, -1.8 36.2, 1.5
		37.2, 5.6 39.3, 5.9 42, 5.37 43.3)'),
	('Lisbon', 'Marseille', NULL, 64, 2245.2,
		'LINESTRING(-9.14 38.72, -9.9 38.4, -9.6 36.5, -7.5 36, -5.6 35.95, -4.5 36.1, -2 36.4,
		1 37.6, 5 39.5, 5.4 42, 5.37 43.3)'),
	('Marseille', 'Alexandria', NULL, 72, 3011.8,
		'LINESTRING(5.37 43.3, 5.6 42.3, 6.8 39.5, 8 38.2, 10.3 37.8, 11.5 37.3, 12.9 36.4, 14
		35.2, 20 34.4, 26 33.2, 29.4 31.8, 29.92 31.2)'),
	('Marseille', 'Port Said', NULL, 120, 3292.3,
		'LINESTRING(5.37 43.3, 5.9 42.2, 7.3 39.6, 8.1 38, 10.4 38, 11.6 37.4, 13.1 36.2, 14.1
		35, 20 33.8, 26 32.6, 31.5 32, 32.4 31.6, 32.3 31.26)'),
	('Athens', 'Alexandria', NULL, 40, 1231.2,
		'LINESTRING(23.73 37.98, 23.45 37.3, 23.6 36.4, 22.9 35.3, 23.2 34.4, 27 32.6, 29.5
		31.6, 29.92 31.2)'),
	('Genoa', 'Tel Aviv', NULL, 218, 3156.3,
		'LINESTRING(8.93 44.41, 8.9 43.8, 9.6 43.2, 9.85 42.3, 10.5 40.8, 12 39, 14.8 38.7,
		15.65 38.25, 15.6 37.7, 17 36.4, 23.5 34.3, 28 33.6, 34 32.4, 34.77 32.07)'),
	('Bari', 'Athens', NULL, 48, 1131.0,
		'LINESTRING(16.87 41.12, 18.2 40.9, 18.9 40.2, 19.2 39.3, 20 37.9, 20.6 37, 22.2 36.2,
		22.75 36.35, 23.3 36.35, 23.5 37.2, 23.73 37.98)'),
	('Sines', 'Lagos', NULL, 144, 6578.2,
		'LINESTRING(-8.87 37.95, -10.5 37, -13.5 33, -19.5 30, -20 24, -20.5 17, -18.8 11,
		-14.5 6.5, -9 3.2, -2 3.8, 2.5 5.4, 3.38 6.52)'),
	('Casablanca', 'Lagos', NULL, 48, 6124.7,
		'LINESTRING(-7.59 33.57, -9.5 33.4, -11.2 30.5, -12.6 29, -13.4 28.3, -15.5 26.2, -17.8
		21.5, -18.2 15, -17.8 11, -13.8 6.8, -8.8 3.5, -2 4.1, 2.8 5.7, 3.38 6.52)'),
	('Lagos', 'Cape Town', NULL, 144, 5189.9,
		'LINESTRING(3.38 6.52, 3.2 5.2, 3.8 0, 6.5 -4, 10 -12, 9.5 -20, 13 -28, 17.3 -33.3,
		18.42 -33.92)'),
	('Luanda', 'Cape Town', NULL, 40, 3219.5,
		'LINESTRING(13.23 -8.84, 12.4 -9.5, 11 -14, 10.8 -18, 13.2 -24, 14.8 -29, 17.4 -33.2,
		18.42 -33.92)');

-- Under the sea: Red Sea, Gulf, Indian Ocean.
INSERT INTO pg_temp.sample_fibre (a, z, label, tbps, length_km, course) VALUES
	('Suez', 'Jeddah', NULL, 96, 1256.2,
		'LINESTRING(32.55 29.97, 32.55 29.7, 33 28.8, 33.6 28.1, 34 27.7, 35.2 26.3, 37.5 22.9,
		38.6 21.6, 39.19 21.49)'),
	('Aqaba', 'Jeddah', NULL, 218, 1124.9,
		'LINESTRING(35.01 29.53, 34.75 28.9, 34.55 28, 35.4 26.6, 37.3 23.4, 38.5 21.7, 39.19
		21.49)'),
	('Zafarana', 'Djibouti', NULL, 96, 2408.5,
		'LINESTRING(32.65 29.12, 32.95 28.9, 33.6 28.15, 34.1 27.6, 35.8 25.5, 38.2 21, 40.5
		16.8, 41.3 15.2, 42.4 13.9, 43.2 12.75, 43.35 12.4, 43.5 11.8, 43.15 11.59)'),
	('Jeddah', 'Mumbai', NULL, 120, 4659.0,
		'LINESTRING(39.19 21.49, 38.7 20.8, 40.9 16.2, 42.5 13.9, 43.3 12.6, 43.7 12.2, 46
		12.4, 52 13.5, 60 15.5, 68 18, 72.5 18.8, 72.88 19.08)'),
	('Al Faw', 'Dubai', NULL, 48, 939.6,
		'LINESTRING(48.47 29.97, 48.9 29.4, 50.3 28, 51.8 26.9, 53.5 25.8, 54.9 25.6, 55.27 25.2)'),
	('Dubai', 'Mumbai', NULL, 64, 2254.9,
		'LINESTRING(55.27 25.2, 55.2 25.6, 56 26.3, 56.5 26.5, 56.8 26.2, 57 25.4, 60 23.8, 66
		21.3, 72.4 19, 72.88 19.08)'),
	('Fujairah', 'Mumbai', NULL, 96, 1954.5,
		'LINESTRING(56.33 25.13, 57.5 24.6, 61 23, 67 20.5, 72.3 18.9, 72.88 19.08)'),
	('Mombasa', 'Mtunzini', NULL, 64, 3328.5,
		'LINESTRING(39.67 -4.05, 40.5 -4.8, 41.5 -10.5, 41.9 -14.5, 41.2 -17, 38.5 -21, 36.5
		-24.8, 33.2 -28, 31.75 -28.95)'),
	('Mombasa', 'Mumbai', NULL, 48, 4697.8,
		'LINESTRING(39.67 -4.05, 41 -3.8, 50 0.5, 60 8, 70 16.5, 72.4 18.6, 72.88 19.08)'),
	('Mtunzini', 'Tuas', NULL, 48, 9455.1,
		'LINESTRING(31.75 -28.95, 33.5 -29.3, 46 -28, 57 -21.5, 75 -8, 90 4, 94.5 6.3, 96.5 6,
		98.5 5, 99.9 3.9, 101 2.7, 102 1.95, 103.2 1.15, 103.64 1.29)'),
	('Mumbai', 'Tuas', NULL, 96, 4997.2,
		'LINESTRING(72.88 19.08, 71.8 18, 73.6 12.5, 76 7.5, 79.5 5.3, 81.5 5.2, 90 5.8, 95
		6.2, 97.5 5.6, 99.9 3.8, 101.1 2.6, 102.1 1.85, 103.2 1.1, 103.64 1.29)'),
	('Chennai', 'Tuas', NULL, 96, 3118.2,
		'LINESTRING(80.27 13.08, 82 11.5, 88 8, 94 6.4, 96 6.2, 98.3 5.2, 99.8 4, 101 2.8, 102
		2, 103.2 1.2, 103.64 1.29)'),
	('Chennai', 'Jakarta', NULL, 64, 4143.1,
		'LINESTRING(80.27 13.08, 82.5 10.5, 90 2, 97 -5, 100.5 -7, 104.6 -6.7, 105.4 -6.3,
		105.85 -5.92, 106.1 -5.75, 106.7 -5.95, 106.85 -6.21)'),
	('Fujairah', 'Perth', NULL, 48, 9564.4,
		'LINESTRING(56.33 25.13, 57.5 24.7, 60.5 22.8, 64 15, 70.5 2, 76 -3, 95 -22, 112 -31,
		115.2 -31.95, 115.86 -31.95)');

-- Under the sea: South-East and East Asia.
INSERT INTO pg_temp.sample_fibre (a, z, label, tbps, length_km, course) VALUES
	('Jakarta', 'Changi', NULL, 96, 1077.6,
		'LINESTRING(106.85 -6.21, 106.9 -5.7, 107.2 -4, 107.1 -2.5, 106.3 -0.8, 105.2 0.7,
		104.9 1.35, 104.3 1.32, 103.99 1.39)'),
	('Jakarta', 'Perth', NULL, 60, 3575.5,
		'LINESTRING(106.85 -6.21, 106.5 -5.9, 105.85 -5.93, 105.2 -6.4, 104.4 -7.5, 106.5 -12,
		111.5 -22, 112.5 -28, 114.6 -31.6, 115.86 -31.95)'),
	('Perth', 'Changi', NULL, 72, 4576.2,
		'LINESTRING(115.86 -31.95, 115.2 -31.8, 112.3 -28.2, 111 -22, 105.3 -12, 104 -7.6,
		105.1 -6.45, 105.85 -5.9, 106.6 -5.3, 107.3 -4, 107.15 -2.55, 106.2 -0.7, 105.2 0.8,
		104.85 1.38, 104.3 1.33, 103.99 1.39)'),
	('Changi', 'Hong Kong', NULL, 160, 2871.1,
		'LINESTRING(103.99 1.39, 104.4 1.35, 104.7 2.2, 106 5, 110 9.5, 113.5 15, 114.4 20,
		114.3 21.9, 114.17 22.32)'),
	('Changi', 'Nasugbu', NULL, 96, 2587.3,
		'LINESTRING(103.99 1.39, 104.4 1.36, 104.9 2.5, 107 6, 112 10, 116 13.5, 119.5 14,
		120.63 14.07)'),
	('Hong Kong', 'Nasugbu', NULL, 72, 1248.6,
		'LINESTRING(114.17 22.32, 114.4 21.8, 116 18.5, 118.8 15.3, 120.1 14.2, 120.63 14.07)'),
	('Hong Kong', 'Fangshan', NULL, 96, 755.3,
		'LINESTRING(114.17 22.32, 114.5 21.9, 117 21.6, 119.8 22, 120.66 22.26)'),
	('Hong Kong', 'Toucheng', NULL, 96, 1134.2,
		'LINESTRING(114.17 22.32, 114.6 21.95, 117.5 22.4, 119.2 24.2, 120.3 25.3, 121.6 25.6,
		122.2 25.2, 121.82 24.86)'),
	('Hong Kong', 'Chikura', NULL, 144, 3455.3,
		'LINESTRING(114.17 22.32, 114.5 21.7, 117.5 20.8, 120.8 21, 122.8 21.5, 127.5 23.8, 134
		29.5, 139 32.8, 140.1 34.7, 139.96 34.98)'),
	('Fangshan', 'Shima', NULL, 96, 2407.2,
		'LINESTRING(120.66 22.26, 120.6 21.8, 121.3 21.4, 123 22, 128 25, 133 30.5, 136.6 33.6,
		136.83 34.33)'),
	('Toucheng', 'Chikura', NULL, 96, 2288.9,
		'LINESTRING(121.82 24.86, 122.7 24.7, 124.5 25.5, 126.5 25.6, 131 28.5, 137 32.4, 139.9
		34.5, 139.96 34.98)'),
	('Toucheng', 'Busan', NULL, 72, 1444.2,
		'LINESTRING(121.82 24.86, 122.6 25.3, 125 28.5, 127.6 32.8, 128.9 34.7, 129.08 35.18)'),
	('Busan', 'Shima', NULL, 72, 1627.0,
		'LINESTRING(129.08 35.18, 128.5 34, 128 32.5, 129 30.8, 130.2 29.8, 132.5 30.8, 135
		32.8, 136.7 33.7, 136.83 34.33)');

-- Under the sea: Pacific.
INSERT INTO pg_temp.sample_fibre (a, z, label, tbps, length_km, course) VALUES
	('Daet', 'Guam', NULL, 64, 2491.5,
		'LINESTRING(122.96 14.11, 123.8 14.6, 128 14.2, 138 13.6, 144.2 13.4, 144.69 13.47)'),
	('Guam', 'Chikura', NULL, 64, 2598.9,
		'LINESTRING(144.69 13.47, 144.2 14.5, 142.9 22, 143 27.5, 141 33.5, 140.3 34.6, 139.96
		34.98)'),
	('Chikura', 'Nedonna Beach', NULL, 60, 8140.6,
		'MULTILINESTRING((139.96 34.98, 141 35, 150 39.5, 165 44.8, 180 47.6), (-180 47.6, -165
		48.6, -145 48.3, -128 46.4, -123.94 45.64))'),
	('Chikura', 'Hermosa Beach', NULL, 80, 9334.7,
		'MULTILINESTRING((139.96 34.98, 141 34.6, 155 39.6, 170 43, 180 44.2), (-180 44.2, -165
		44.6, -145 42.4, -130 38, -122.5 34.2, -120.5 33.7, -118.9 33.75, -118.4 33.86))'),
	('Shima', 'Grover Beach', NULL, 60, 9491.9,
		'MULTILINESTRING((136.83 34.33, 137.2 33.4, 142 33.8, 155 38.5, 170 41.8, 180 42.9),
		(-180 42.9, -165 43.4, -145 41.6, -130 37.6, -122 35.2, -120.62 35.12))'),
	('Daet', 'Grover Beach', NULL, 108, 11910.3,
		'MULTILINESTRING((122.96 14.11, 124 15, 135 22, 150 29.5, 170 35.8, 180 37.6), (-180
		37.6, -165 39, -145 38.8, -130 36.8, -122 35.1, -120.62 35.12))'),
	('Makaha', 'Hermosa Beach', NULL, 48, 4366.0,
		'LINESTRING(-158.22 21.47, -158.5 21.8, -155 23.5, -140 29, -125 33.2, -120.5 33.6,
		-119 33.7, -118.4 33.86)'),
	('Sydney', 'Guam', NULL, 48, 5979.2,
		'LINESTRING(151.21 -33.87, 152.5 -33, 155 -27, 156.5 -20, 156 -12, 153.9 -7.2, 153.8
		-5.2, 153.5 -3, 150 5, 146 11.5, 144.9 13, 144.69 13.47)'),
	('Kahe Point', 'Grover Beach', NULL, 48, 4249.3,
		'LINESTRING(-158.13 21.35, -158.7 21.5, -158.6 21.9, -155 24.2, -140 30.5, -125 34.6,
		-121.2 34.95, -120.62 35.12)'),
	('Sydney', 'Takapuna', NULL, 48, 2541.5,
		'LINESTRING(151.21 -33.87, 151.4 -33.72, 160 -34.4, 170 -34, 172.4 -33.7, 174.5 -34.8,
		175.2 -36.2, 174.78 -36.79)'),
	('Sydney', 'Muriwai', NULL, 48, 2601.9,
		'LINESTRING(151.21 -33.87, 151.4 -33.78, 152.5 -35, 160 -38.5, 169 -40, 173 -38.4,
		174.2 -37, 174.43 -36.83)'),
	('Takapuna', 'Makaha', NULL, 48, 7413.6,
		'MULTILINESTRING((174.78 -36.79, 175.2 -36.3, 176.2 -34.5, 180 -27.5), (-180 -27.5,
		-176.9 -18.5, -174.2 -14, -168.5 -5, -163 8, -159.5 18, -158.5 21.2, -158.22 21.47))'),
	('Sydney', 'Hermosa Beach', NULL, 72, 12872.2,
		'MULTILINESTRING((151.21 -33.87, 152 -33.5, 160 -30.3, 172 -26.5, 180 -25), (-180 -25,
		-173 -23.5, -165 -15, -152 0, -135 19, -123 31, -120.3 32.7, -119.1 33, -118.95 33.55,
		-118.4 33.86))'),
	('Sydney', 'Perth', NULL, 36, 4342.7,
		'LINESTRING(151.21 -33.87, 151 -35, 150.6 -37.5, 148.5 -38.9, 146.5 -39.35, 143.9
		-39.3, 140 -38.9, 134 -37, 124 -36.3, 117 -36.2, 114.4 -34.8, 115.2 -32.3, 115.86
		-31.95)'),
	('Melbourne', 'Stanley', NULL, 16, 374.3,
		'LINESTRING(144.96 -37.81, 144.6 -38.4, 144.6 -39.2, 145.2 -40.4, 145.3 -40.76)'),
	('Inverloch', 'George Town', NULL, 16, 316.2,
		'LINESTRING(145.73 -38.63, 145.9 -39.4, 146.6 -40.6, 146.83 -41.1)');

-- On land: North America.
INSERT INTO pg_temp.sample_fibre (a, z, label, tbps, length_km, kind, course) VALUES
	('New York', 'Shirley', NULL, 200, 111.4, 'terrestrial',
		'LINESTRING(-74.01 40.71, -73.5 40.75, -72.87 40.8)'),
	('New York', 'Wall Township', NULL, 200, 77.8, 'terrestrial',
		'LINESTRING(-74.01 40.71, -74.2 40.45, -74.06 40.16)'),
	('New York', 'Ashburn', NULL, 300, 416.8, 'terrestrial',
		'LINESTRING(-74.01 40.71, -75.16 39.95, -76.61 39.29, -77.04 38.91, -77.49 39.04)'),
	('New York', 'Ocean City', NULL, 320, 374.0, 'terrestrial',
		'LINESTRING(-74.01 40.71, -74.76 40.22, -75.55 39.74, -75.52 39.16, -75.08 38.34)'),
	('Ocean City', 'Ashburn', NULL, 320, 266.9, 'terrestrial',
		'LINESTRING(-75.08 38.34, -75.6 38.36, -76.5 38.97, -77.04 38.91, -77.49 39.04)'),
	('Virginia Beach', 'Ashburn', NULL, 300, 356.3, 'terrestrial',
		'LINESTRING(-75.98 36.85, -77.44 37.54, -77.46 38.3, -77.49 39.04)'),
	('Ashburn', 'Atlanta', NULL, 200, 995.6, 'terrestrial',
		'LINESTRING(-77.49 39.04, -78.48 38.03, -79.79 36.07, -80.84 35.23, -84.39 33.75)'),
	('Atlanta', 'Miami', NULL, 100, 1112.8, 'terrestrial',
		'LINESTRING(-84.39 33.75, -83.63 32.84, -81.66 30.33, -80.61 28.08, -80.19 25.76)'),
	('Atlanta', 'Dallas', NULL, 150, 1337.9, 'terrestrial',
		'LINESTRING(-84.39 33.75, -86.8 33.52, -90.18 32.3, -93.75 32.52, -96.8 32.78)'),
	('Miami', 'Dallas', NULL, 80, 2348.3, 'terrestrial',
		'LINESTRING(-80.19 25.76, -81.38 28.54, -84.28 30.44, -88.04 30.69, -90.07 29.95,
		-95.37 29.76, -96.8 32.78)'),
	('Ashburn', 'Columbus', NULL, 200, 570.6, 'terrestrial',
		'LINESTRING(-77.49 39.04, -79 39.65, -80.72 40.06, -83 39.96)'),
	('Columbus', 'Chicago', NULL, 200, 507.6, 'terrestrial',
		'LINESTRING(-83 39.96, -85.14 41.08, -87 41.5, -87.35 41.6, -87.63 41.88)'),
	('New York', 'Chicago', NULL, 200, 1280.5, 'terrestrial',
		'LINESTRING(-74.01 40.71, -76.88 41, -81.69 41.5, -83.55 41.65, -87 41.55, -87.35 41.6,
		-87.63 41.88)'),
	('New York', 'Toronto', NULL, 100, 823.5, 'terrestrial',
		'LINESTRING(-74.01 40.71, -73.76 42.65, -76.15 43.05, -78.88 42.89, -79.38 43.65)'),
	('New York', 'Montreal', NULL, 80, 601.5, 'terrestrial',
		'LINESTRING(-74.01 40.71, -73.76 42.65, -73.45 44.7, -73.57 45.5)'),
	('Toronto', 'Chicago', NULL, 100, 837.9, 'terrestrial',
		'LINESTRING(-79.38 43.65, -81.25 42.98, -83.05 42.33, -85.59 42.29, -86.85 41.72,
		-87.35 41.6, -87.63 41.88)'),
	('Halifax', 'Montreal', NULL, 60, 1115.0, 'terrestrial',
		'LINESTRING(-63.58 44.65, -64.78 46.09, -66.64 45.96, -68.33 47.37, -71.21 46.81,
		-73.57 45.5)'),
	('Chicago', 'Denver', NULL, 150, 1650.2, 'terrestrial',
		'LINESTRING(-87.63 41.88, -93.62 41.59, -95.94 41.26, -100.77 41.12, -102.3 41, -104.99
		39.74)'),
	('Chicago', 'Salt Lake City', NULL, 150, 2261.9, 'terrestrial',
		'LINESTRING(-87.63 41.88, -93.62 41.59, -95.94 41.26, -100.77 41.12, -104.82 41.14,
		-109.2 41.58, -111.89 40.76)'),
	('Chicago', 'Seattle', NULL, 120, 3201.4, 'terrestrial',
		'LINESTRING(-87.63 41.88, -93.27 44.98, -96.79 46.88, -100.78 46.81, -108.5 45.78, -112
		46.6, -117.43 47.66, -122.33 47.61)'),
	('Denver', 'Dallas', NULL, 120, 1262.8, 'terrestrial',
		'LINESTRING(-104.99 39.74, -104.61 38.25, -101.83 35.22, -96.8 32.78)'),
	('Denver', 'Salt Lake City', NULL, 120, 760.3, 'terrestrial',
		'LINESTRING(-104.99 39.74, -108.55 39.06, -110.81 39.6, -111.89 40.76)'),
	('Salt Lake City', 'San Jose', NULL, 150, 1146.6, 'terrestrial',
		'LINESTRING(-111.89 40.76, -115.76 40.83, -119.81 39.53, -121.49 38.58, -121.89 37.34)'),
	('Dallas', 'Los Angeles', NULL, 150, 2261.8, 'terrestrial',
		'LINESTRING(-96.8 32.78, -102.08 32, -106.49 31.76, -112.07 33.45, -118.24 34.05)'),
	('San Jose', 'Los Angeles', NULL, 200, 576.2, 'terrestrial',
		'LINESTRING(-121.89 37.34, -120 36.6, -119.02 35.37, -118.24 34.05)'),
	('San Jose', 'Seattle', NULL, 120, 1312.4, 'terrestrial',
		'LINESTRING(-121.89 37.34, -121.49 38.58, -122.39 40.59, -123.09 44.05, -122.68 45.52,
		-122.33 47.61)'),
	('Nedonna Beach', 'Seattle', NULL, 100, 398.7, 'terrestrial',
		'LINESTRING(-123.94 45.64, -122.98 45.52, -122.68 45.52, -122.9 47.04, -122.33 47.61)'),
	('Grover Beach', 'San Jose', NULL, 150, 314.1, 'terrestrial',
		'LINESTRING(-120.62 35.12, -120.66 35.28, -121.2 36.2, -121.89 37.34)'),
	('Grover Beach', 'Los Angeles', NULL, 150, 294.4, 'terrestrial',
		'LINESTRING(-120.62 35.12, -120.44 34.95, -119.7 34.42, -119 34.22, -118.24 34.05)'),
	('Hermosa Beach', 'Los Angeles', NULL, 250, 31.0, 'terrestrial',
		'LINESTRING(-118.4 33.86, -118.24 34.05)'),
	('Makaha', 'Honolulu', NULL, 100, 57.7, 'terrestrial',
		'LINESTRING(-158.22 21.47, -158.1 21.44, -158 21.48, -157.86 21.31)'),
	('Kahe Point', 'Honolulu', NULL, 100, 34.1, 'terrestrial',
		'LINESTRING(-158.13 21.35, -158.03 21.33, -157.86 21.31)'),
	('Dallas', 'Queretaro', NULL, 80, 1624.3, 'terrestrial',
		'LINESTRING(-96.8 32.78, -97.74 30.27, -99.51 27.51, -100.32 25.69, -100.98 22.15,
		-100.39 20.59)'),
	('Los Angeles', 'Queretaro', NULL, 60, 2727.3, 'terrestrial',
		'LINESTRING(-118.24 34.05, -114.62 32.7, -110.97 29.07, -107.39 24.81, -106.42 23.25,
		-103.35 20.67, -100.39 20.59)');

-- On land: South America.
INSERT INTO pg_temp.sample_fibre (a, z, label, tbps, length_km, kind, course) VALUES
	('Cartagena', 'Bogota', NULL, 40, 841.6, 'terrestrial',
		'LINESTRING(-75.51 10.39, -75.57 6.24, -74.07 4.71)'),
	('Buenaventura', 'Bogota', NULL, 40, 465.7, 'terrestrial',
		'LINESTRING(-77.03 3.88, -76.53 3.45, -75.24 4.44, -74.07 4.71)'),
	('Praia Grande', 'Sao Paulo', NULL, 200, 67.8, 'terrestrial',
		'LINESTRING(-46.41 -24.01, -46.55 -23.8, -46.63 -23.55)'),
	('Fortaleza', 'Sao Paulo', NULL, 60, 2666.5, 'terrestrial',
		'LINESTRING(-38.53 -3.73, -40.5 -9.4, -40.84 -14.86, -43.94 -19.92, -46.63 -23.55)'),
	('Sao Paulo', 'Buenos Aires', NULL, 40, 2401.2, 'terrestrial',
		'LINESTRING(-46.63 -23.55, -49.27 -25.43, -51.23 -30.03, -57.08 -29.76, -60 -33, -58.38
		-34.6)'),
	('Las Toninas', 'Buenos Aires', NULL, 80, 335.0, 'terrestrial',
		'LINESTRING(-56.7 -36.49, -57.68 -36.31, -58.38 -34.6)'),
	('Buenos Aires', 'Santiago', NULL, 60, 1401.9, 'terrestrial',
		'LINESTRING(-58.38 -34.6, -60.64 -32.95, -64.35 -33.12, -68.85 -32.89, -70.08 -32.83,
		-70.67 -33.45)'),
	('Valparaiso', 'Santiago', NULL, 120, 120.3, 'terrestrial',
		'LINESTRING(-71.62 -33.05, -71.2 -33.3, -70.67 -33.45)');

-- On land: Europe.
INSERT INTO pg_temp.sample_fibre (a, z, label, tbps, length_km, kind, course) VALUES
	('Reykjavik', 'Seydisfjordur', NULL, 48, 524.2, 'terrestrial',
		'LINESTRING(-21.94 64.15, -21.92 64.54, -20.9 65.35, -18.09 65.68, -16.9 65.6, -14.4
		65.26, -14.01 65.26)'),
	('Reykjavik', 'Landeyjar', NULL, 48, 134.6, 'terrestrial',
		'LINESTRING(-21.94 64.15, -21 63.94, -20.22 63.75, -20.3 63.53)'),
	('Reykjavik', 'Thorlakshofn', NULL, 120, 55.8, 'terrestrial',
		'LINESTRING(-21.94 64.15, -21.65 64.05, -21.4 64.02, -21.37 63.86)'),
	('Killala', 'Dublin', NULL, 60, 275.2, 'terrestrial',
		'LINESTRING(-9.22 54.22, -9.15 54, -7.95 53.43, -6.26 53.35)'),
	('Galway', 'Dublin', NULL, 120, 210.3, 'terrestrial',
		'LINESTRING(-9.05 53.27, -7.94 53.42, -6.26 53.35)'),
	('Castlefreke', 'Cork', NULL, 320, 58.0, 'terrestrial',
		'LINESTRING(-8.95 51.56, -8.85 51.62, -8.6 51.8, -8.47 51.9)'),
	('Cork', 'Dublin', '1', 320, 252.6, 'terrestrial',
		'LINESTRING(-8.47 51.9, -7.8 52.67, -6.8 53.1, -6.26 53.35)'),
	('Cork', 'Dublin', '2', 320, 287.8, 'terrestrial',
		'LINESTRING(-8.47 51.9, -7.11 52.26, -6.45 52.6, -6.12 53, -6.26 53.35)'),
	('Dunnet Bay', 'Manchester', NULL, 48, 721.2, 'terrestrial',
		'LINESTRING(-3.36 58.61, -4.22 57.48, -3.44 56.4, -4.25 55.86, -2.94 54.89, -2.24 53.48)'),
	('Holyhead', 'Manchester', NULL, 96, 191.5, 'terrestrial',
		'LINESTRING(-4.63 53.31, -3.83 53.28, -2.89 53.19, -2.24 53.48)'),
	('Southport', 'Manchester', NULL, 160, 65.5, 'terrestrial',
		'LINESTRING(-3.01 53.65, -2.64 53.55, -2.24 53.48)'),
	('Manchester', 'London', '1', 320, 309.7, 'terrestrial',
		'LINESTRING(-2.24 53.48, -1.9 52.48, -0.13 51.51)'),
	('Manchester', 'London', '2', 160, 354.6, 'terrestrial',
		'LINESTRING(-2.24 53.48, -1.47 53.38, -1.13 52.64, -0.25 52.57, -0.13 51.51)'),
	('Bude', 'London', NULL, 320, 390.9, 'terrestrial',
		'LINESTRING(-4.55 50.83, -3.53 50.72, -2.59 51.45, -0.97 51.45, -0.13 51.51)'),
	('London', 'Paris', '(tunnel)', 320, 433.3, 'terrestrial',
		'LINESTRING(-0.13 51.51, 0.88 51.15, 1.18 51.1, 1.81 50.93, 2.3 49.89, 2.35 48.86)'),
	('London', 'Lowestoft', NULL, 192, 196.1, 'terrestrial',
		'LINESTRING(-0.13 51.51, 0.89 51.89, 1.15 52.06, 1.75 52.48)'),
	('Paris', 'Le Porge', NULL, 250, 601.5, 'terrestrial',
		'LINESTRING(2.35 48.86, 0.69 47.39, 0.34 46.58, -0.58 44.84, -1.09 44.87)'),
	('Paris', 'Madrid', NULL, 160, 1216.3, 'terrestrial',
		'LINESTRING(2.35 48.86, 0.69 47.39, 0.34 46.58, -0.58 44.84, -1.79 43.34, -3.7 42.34,
		-3.7 40.42)'),
	('Paris', 'Marseille', NULL, 200, 798.5, 'terrestrial',
		'LINESTRING(2.35 48.86, 5.04 47.32, 4.84 45.76, 4.81 43.95, 5.37 43.3)'),
	('Paris', 'Amsterdam', NULL, 320, 529.1, 'terrestrial',
		'LINESTRING(2.35 48.86, 3.06 50.63, 4.35 50.85, 4.4 51.22, 4.9 52.37)'),
	('Paris', 'Frankfurt', NULL, 320, 565.2, 'terrestrial',
		'LINESTRING(2.35 48.86, 4.03 49.26, 6.18 49.12, 7 49.24, 8.68 50.11)'),
	('Amsterdam', 'Frankfurt', NULL, 320, 421.5, 'terrestrial',
		'LINESTRING(4.9 52.37, 6.08 51.99, 6.96 50.94, 8.68 50.11)'),
	('Amsterdam', 'Hamburg', NULL, 200, 462.3, 'terrestrial',
		'LINESTRING(4.9 52.37, 6.9 52.27, 8.05 52.28, 8.81 53.08, 9.99 53.55)'),
	('Frankfurt', 'Hamburg', NULL, 200, 445.6, 'terrestrial',
		'LINESTRING(8.68 50.11, 9.5 51.31, 9.73 52.37, 9.99 53.55)'),
	('Frankfurt', 'Vienna', NULL, 200, 683.8, 'terrestrial',
		'LINESTRING(8.68 50.11, 11.08 49.45, 13.43 48.57, 14.29 48.31, 16.37 48.21)'),
	('Frankfurt', 'Zurich', NULL, 200, 416.2, 'terrestrial',
		'LINESTRING(8.68 50.11, 8.4 49.01, 7.59 47.56, 8.54 47.37)'),
	('Zurich', 'Milan', NULL, 160, 255.2, 'terrestrial',
		'LINESTRING(8.54 47.37, 8.6 46.65, 8.95 46.19, 9.19 45.46)'),
	('Paris', 'Milan', NULL, 160, 883.4, 'terrestrial',
		'LINESTRING(2.35 48.86, 5.04 47.32, 4.84 45.76, 6.7 45.15, 7.68 45.07, 9.19 45.46)'),
	('Vienna', 'Milan', NULL, 120, 770.0, 'terrestrial',
		'LINESTRING(16.37 48.21, 14.31 46.62, 13.58 46.5, 12.33 45.49, 9.19 45.46)'),
	('Marseille', 'Genoa', NULL, 200, 352.7, 'terrestrial',
		'LINESTRING(5.37 43.3, 7.27 43.7, 8.93 44.41)'),
	('Genoa', 'Milan', NULL, 250, 141.4, 'terrestrial',
		'LINESTRING(8.93 44.41, 8.85 44.9, 9.19 45.46)'),
	('Milan', 'Bari', NULL, 96, 889.5, 'terrestrial',
		'LINESTRING(9.19 45.46, 11.34 44.49, 13.51 43.62, 14.21 42.46, 16.87 41.12)'),
	('Vienna', 'Warsaw', NULL, 120, 702.3, 'terrestrial',
		'LINESTRING(16.37 48.21, 16.61 49.2, 18.26 49.83, 19.94 50.06, 21.01 52.23)'),
	('Hamburg', 'Warsaw', NULL, 120, 852.3, 'terrestrial',
		'LINESTRING(9.99 53.55, 13.41 52.52, 16.93 52.41, 21.01 52.23)'),
	('Vienna', 'Istanbul', NULL, 96, 1507.6, 'terrestrial',
		'LINESTRING(16.37 48.21, 19.04 47.5, 20.46 44.81, 23.32 42.7, 26.55 41.67, 28.98 41.01)'),
	('Athens', 'Istanbul', NULL, 64, 966.9, 'terrestrial',
		'LINESTRING(23.73 37.98, 22.43 38.9, 22.94 40.64, 25.87 40.85, 28.98 41.01)'),
	('Madrid', 'Sopelana', NULL, 200, 390.6, 'terrestrial',
		'LINESTRING(-3.7 40.42, -3.7 42.34, -2.93 43.26, -2.99 43.38)'),
	('Madrid', 'Marseille', NULL, 160, 1037.3, 'terrestrial',
		'LINESTRING(-3.7 40.42, -0.88 41.65, 2.17 41.39, 2.9 42.7, 3.88 43.61, 5.37 43.3)'),
	('Madrid', 'Lisbon', '1', 160, 580.8, 'terrestrial',
		'LINESTRING(-3.7 40.42, -6.97 38.88, -9.14 38.72)'),
	('Madrid', 'Lisbon', '2', 96, 675.6, 'terrestrial',
		'LINESTRING(-3.7 40.42, -5.66 40.97, -7.27 40.54, -8.43 40.21, -9.14 38.72)'),
	('Sines', 'Lisbon', NULL, 250, 113.7, 'terrestrial',
		'LINESTRING(-8.87 37.95, -8.89 38.52, -9.14 38.72)'),
	('Hamburg', 'Copenhagen', NULL, 200, 325.5, 'terrestrial',
		'LINESTRING(9.99 53.55, 11.23 54.5, 11.35 54.65, 12.57 55.68)'),
	('Hamburg', 'Blaabjerg', NULL, 160, 309.8, 'terrestrial',
		'LINESTRING(9.99 53.55, 9.42 54.78, 8.45 55.48, 8.17 55.75)'),
	('Blaabjerg', 'Copenhagen', NULL, 160, 326.9, 'terrestrial',
		'LINESTRING(8.17 55.75, 9.47 55.49, 10.4 55.4, 11.14 55.34, 12.57 55.68)'),
	('Copenhagen', 'Stockholm', NULL, 160, 635.6, 'terrestrial',
		'LINESTRING(12.57 55.68, 13 55.6, 14.16 57.78, 15.62 58.41, 18.07 59.33)'),
	('Rostock', 'Hamburg', NULL, 96, 184.7, 'terrestrial',
		'LINESTRING(12.14 54.09, 11.42 53.63, 9.99 53.55)');

-- On land: Africa and Middle East.
INSERT INTO pg_temp.sample_fibre (a, z, label, tbps, length_km, kind, course) VALUES
	('Alexandria', 'Cairo', NULL, 120, 202.8, 'terrestrial',
		'LINESTRING(29.92 31.2, 30.6 30.6, 31.24 30.04)'),
	('Cairo', 'Suez', NULL, 96, 145.8, 'terrestrial',
		'LINESTRING(31.24 30.04, 32.55 29.97)'),
	('Alexandria', 'Zafarana', NULL, 96, 418.8, 'terrestrial',
		'LINESTRING(29.92 31.2, 30.5 30.3, 31.2 29.5, 32.65 29.12)'),
	('Cairo', 'Zafarana', NULL, 96, 196.5, 'terrestrial',
		'LINESTRING(31.24 30.04, 31.6 29.6, 32.65 29.12)'),
	('Port Said', 'Suez', NULL, 120, 166.8, 'terrestrial',
		'LINESTRING(32.3 31.26, 32.27 30.6, 32.55 29.97)'),
	('Tel Aviv', 'Aqaba', NULL, 218, 319.8, 'terrestrial',
		'LINESTRING(34.77 32.07, 34.79 31.25, 34.95 29.62, 35.01 29.53)'),
	('Jeddah', 'Dubai', NULL, 120, 2005.6, 'terrestrial',
		'LINESTRING(39.19 21.49, 40.42 21.27, 46.68 24.71, 51.5 24.1, 54.37 24.45, 55.27 25.2)'),
	('Istanbul', 'Al Faw', NULL, 48, 2501.2, 'terrestrial',
		'LINESTRING(28.98 41.01, 32.86 39.93, 37.38 37.07, 43.13 36.34, 44.36 33.31, 47.78
		30.51, 48.47 29.97)'),
	('Dubai', 'Fujairah', NULL, 160, 123.8, 'terrestrial',
		'LINESTRING(55.27 25.2, 55.9 25.2, 56.33 25.13)'),
	('Djibouti', 'Nairobi', NULL, 32, 2057.0, 'terrestrial',
		'LINESTRING(43.15 11.59, 41.87 9.6, 38.75 9.02, 38 4, 37.6 0.5, 36.82 -1.29)'),
	('Mombasa', 'Nairobi', NULL, 96, 501.9, 'terrestrial',
		'LINESTRING(39.67 -4.05, 38.56 -3.4, 36.82 -1.29)'),
	('Mtunzini', 'Johannesburg', NULL, 96, 690.1, 'terrestrial',
		'LINESTRING(31.75 -28.95, 30.38 -29.6, 29 -28.2, 28.05 -26.2)'),
	('Johannesburg', 'Cape Town', NULL, 96, 1430.1, 'terrestrial',
		'LINESTRING(28.05 -26.2, 26.21 -29.12, 22.58 -32.36, 18.42 -33.92)');

-- On land: Asia.
INSERT INTO pg_temp.sample_fibre (a, z, label, tbps, length_km, kind, course) VALUES
	('Mumbai', 'Chennai', '1', 96, 1287.3, 'terrestrial',
		'LINESTRING(72.88 19.08, 73.86 18.52, 77.59 12.97, 80.27 13.08)'),
	('Mumbai', 'Chennai', '2', 96, 1292.3, 'terrestrial',
		'LINESTRING(72.88 19.08, 75.9 17.66, 78.49 17.38, 79.99 14.44, 80.27 13.08)'),
	('Tuas', 'Singapore', NULL, 200, 26.4, 'terrestrial',
		'LINESTRING(103.64 1.29, 103.82 1.35)'),
	('Changi', 'Singapore', NULL, 300, 24.3, 'terrestrial',
		'LINESTRING(103.99 1.39, 103.82 1.35)'),
	('Nasugbu', 'Manila', NULL, 120, 90.5, 'terrestrial',
		'LINESTRING(120.63 14.07, 120.95 14.33, 120.98 14.6)'),
	('Daet', 'Manila', NULL, 120, 284.3, 'terrestrial',
		'LINESTRING(122.96 14.11, 121.62 13.94, 120.98 14.6)'),
	('Fangshan', 'Taipei', NULL, 120, 405.3, 'terrestrial',
		'LINESTRING(120.66 22.26, 120.31 22.63, 120.68 24.15, 121.57 25.03)'),
	('Toucheng', 'Taipei', NULL, 160, 37.9, 'terrestrial',
		'LINESTRING(121.82 24.86, 121.57 25.03)'),
	('Busan', 'Seoul', '1', 160, 392.9, 'terrestrial',
		'LINESTRING(129.08 35.18, 128.6 35.87, 127.39 36.35, 126.98 37.57)'),
	('Busan', 'Seoul', '2', 160, 539.5, 'terrestrial',
		'LINESTRING(129.08 35.18, 126.9 35.16, 127.1 36.8, 126.98 37.57)'),
	('Shima', 'Tokyo', NULL, 160, 418.4, 'terrestrial',
		'LINESTRING(136.83 34.33, 136.91 35.18, 138.38 34.98, 139.69 35.68)'),
	('Chikura', 'Tokyo', NULL, 250, 131.5, 'terrestrial',
		'LINESTRING(139.96 34.98, 140.11 35.6, 139.69 35.68)');

-- On land: Oceania.
INSERT INTO pg_temp.sample_fibre (a, z, label, tbps, length_km, kind, course) VALUES
	('Sydney', 'Melbourne', '1', 120, 814.1, 'terrestrial',
		'LINESTRING(151.21 -33.87, 149.13 -35.28, 146.92 -36.08, 144.96 -37.81)'),
	('Sydney', 'Melbourne', '2', 96, 913.2, 'terrestrial',
		'LINESTRING(151.21 -33.87, 150.89 -34.42, 149.9 -37.07, 147.62 -37.83, 144.96 -37.81)'),
	('Melbourne', 'Perth', NULL, 60, 3291.4, 'terrestrial',
		'LINESTRING(144.96 -37.81, 138.6 -34.93, 137.77 -32.49, 133.67 -32.13, 128.9 -31.7,
		121.47 -30.75, 115.86 -31.95)'),
	('Inverloch', 'Melbourne', NULL, 32, 136.4, 'terrestrial',
		'LINESTRING(145.73 -38.63, 144.96 -37.81)'),
	('Takapuna', 'Auckland', NULL, 100, 8.7, 'terrestrial',
		'LINESTRING(174.78 -36.79, 174.76 -36.85)'),
	('Muriwai', 'Auckland', NULL, 100, 36.9, 'terrestrial',
		'LINESTRING(174.43 -36.83, 174.76 -36.85)'),
	('Stanley', 'Hobart', NULL, 32, 374.1, 'terrestrial',
		'LINESTRING(145.3 -40.76, 145.91 -41.05, 147.14 -41.44, 147.33 -42.88)'),
	('George Town', 'Hobart', NULL, 32, 232.2, 'terrestrial',
		'LINESTRING(146.83 -41.1, 147.14 -41.44, 147.33 -42.88)');

-- Not built yet: Fastnet's branch to Portugal, and Cork to Biscay.
UPDATE pg_temp.sample_fibre SET status = 'planned'
WHERE (a, z) IN (('Fastnet BU', 'Sines'), ('Castlefreke', 'Le Porge'));

-- Light takes 4.9 us a km.  Faults: at sea one a year in 7,000 km, two weeks to
-- mend; on land one a year in 2,300 km, half a day.
INSERT INTO netstate.link (network_id, name, kind, a_node_id, z_node_id,
	metric, latency_us, length_km, capacity_gbps, status, geom, mtbf_hours, mttr_hours)
SELECT network.id, concat_ws(' ', fibre.a || ' - ' || fibre.z, fibre.label), fibre.kind,
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = fibre.a),
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = fibre.z),
	ceil(fibre.length_km / 10),
	round((fibre.length_km * 4.9)::numeric, 1),
	fibre.length_km,
	fibre.tbps * 1000,
	fibre.status,
	'SRID=4326;' || fibre.course,
	round(CASE fibre.kind WHEN 'submarine' THEN 60000000 ELSE 20000000 END / fibre.length_km),
	CASE fibre.kind WHEN 'submarine' THEN 360 ELSE 12 END
FROM pg_temp.sample_fibre AS fibre
JOIN netstate.network ON network.name = 'backbone_fibre'
ORDER BY fibre.id;

DROP TABLE pg_temp.sample_fibre;
