-- Sample network, part 9: the cables of eu-west-1.
--
-- A cable is a route of points; the road between two of them that follow each
-- other gives its spans.  Where there is no such road the segment has no span,
-- and fails.  `duct` says in which of a span's ducts the cable lies, the ducts
-- that hold no others counted round: two cables in one trench need not share one.

CREATE TEMPORARY TABLE sample_cable (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text PRIMARY KEY,
	strands integer, duct integer,
	route text[]
);

-- Between the data centres.
INSERT INTO pg_temp.sample_cable (name, strands, duct, route) VALUES
	('C101', 432, 1, ARRAY['Clonshaugh meet-me room', 'Clonshaugh entrance north', 'N32 Clonshaugh', 'M50 J3 inner',
		'M50 J3 median', 'M50 J3 outer', 'M50 J4 outer', 'M50 J5 outer', 'M50 Abbotstown outer', 'M50 J6 outer',
		'M50 West-Link north outer', 'M50 West-Link south outer', 'M50 J7 outer', 'Liffey Valley']),
	('C102', 288, 1, ARRAY['Liffey Valley', 'Fonthill', 'Ninth Lock', 'Clondalkin Village', 'Deansrath', 'Kilcarbery',
		'Nangor Gate', 'Grange Castle entrance east', 'Grange Castle meet-me room']),
	('C105', 288, 2, ARRAY['M50 J9 outer', 'Clondalkin Village', 'Deansrath', 'Kilcarbery', 'Kilcarbery Lane',
		'Grange Castle entrance south', 'Grange Castle meet-me room']),
	('C106', 288, 1, ARRAY['Clonshaugh meet-me room', 'Clonshaugh entrance east', 'Belcamp', 'Stockhole', 'Airport',
		'St Margarets', 'Kilshane Cross', 'Ballycoolin Cross', 'Ballycoolin entrance east', 'Ballycoolin meet-me room']),
	('C107', 288, 1, ARRAY['Ballycoolin meet-me room', 'Ballycoolin entrance west', 'Tyrrelstown', 'Mulhuddart Village',
		'Clonsilla', 'Lucan Bridge north', 'Lucan']),
	('C108', 144, 1, ARRAY['Lucan', 'Adamstown', 'Milltown Cross', 'Grange Castle entrance west',
		'Grange Castle meet-me room']),
	('C109', 144, 2, ARRAY['Lucan', 'Lucan Bypass', 'Balgaddy', 'Clondalkin entrance west', 'Clondalkin meet-me room']),
	('C110', 288, 2, ARRAY['Ballycoolin meet-me room', 'Ballycoolin entrance south', 'Snugborough', 'Blanchardstown',
		'M50 J6 outer', 'M50 J6 median', 'M50 West-Link north median', 'M50 West-Link south median', 'M50 J7 median',
		'M50 Cherry Orchard median', 'M50 J9 median', 'M50 J9 outer']),
	('C111', 144, 2, ARRAY['M50 J7 median', 'M50 J7 outer', 'Liffey Valley', 'Fonthill', 'Clondalkin entrance north',
		'Clondalkin meet-me room']),
	('C112', 288, 1, ARRAY['M50 J9 outer', 'Newlands Cross', 'Kingswood', 'Citywest Interchange',
		'Citywest entrance north', 'Citywest meet-me room']),
	('C113', 144, 1, ARRAY['Milltown Cross', 'Baldonnel', 'Citywest entrance west', 'Citywest meet-me room']),
	('C114', 432, 3, ARRAY['Clonshaugh meet-me room', 'Clonshaugh entrance north', 'N32 Clonshaugh', 'M50 J3 inner',
		'M50 J3 median', 'M50 J4 median', 'M50 J5 median', 'M50 Abbotstown median', 'M50 J6 median',
		'M50 West-Link north median', 'M50 West-Link south median', 'M50 J7 median', 'M50 Cherry Orchard median',
		'M50 J9 median', 'M50 J10 median', 'M50 J11 median', 'M50 J11 outer', 'Tallaght Village',
		'Tallaght entrance east', 'Tallaght meet-me room']),
	('C115', 216, 4, ARRAY['Clonshaugh meet-me room', 'Clonshaugh entrance north', 'N32 Clonshaugh', 'M50 J3 inner',
		'M50 J4 inner', 'M50 J5 inner', 'M50 Abbotstown inner', 'M50 J6 inner', 'M50 West-Link north inner',
		'M50 West-Link south inner', 'M50 J7 inner', 'M50 Cherry Orchard inner', 'M50 J9 inner', 'M50 J10 inner',
		'M50 J11 inner', 'M50 J12 inner', 'M50 Edmondstown inner', 'M50 J13 inner', 'M50 J14 inner',
		'Sandyford Village', 'Sandyford entrance west', 'Sandyford meet-me room']),
	('C116', 96, 1, ARRAY['Citywest meet-me room', 'Citywest entrance east', 'Fortunestown', 'Cookstown',
		'Tallaght entrance north', 'Tallaght meet-me room']),
	('C117', 96, 1, ARRAY['Citywest meet-me room', 'Citywest entrance south', 'Saggart', 'Jobstown', 'Whitestown',
		'Tallaght entrance south', 'Tallaght meet-me room']),
	('C118', 144, 1, ARRAY['Grange Castle meet-me room', 'Grange Castle entrance north', 'Balgaddy',
		'Clondalkin entrance west', 'Clondalkin meet-me room']),
	('C119', 144, 2, ARRAY['Grange Castle meet-me room', 'Grange Castle entrance east', 'Nangor Gate', 'Kilcarbery',
		'Deansrath', 'Clondalkin Village', 'Clondalkin entrance south', 'Clondalkin meet-me room']),
	('C120', 96, 1, ARRAY['Profile Park meet-me room', 'Profile Park entrance north', 'Kilcarbery Lane',
		'Grange Castle entrance south', 'Grange Castle meet-me room']),
	('C121', 96, 1, ARRAY['Profile Park meet-me room', 'Profile Park entrance west', 'Milltown Cross',
		'Grange Castle entrance west', 'Grange Castle meet-me room']),
	('C122', 96, 1, ARRAY['Mulhuddart meet-me room', 'Mulhuddart entrance north', 'Damastown', 'Tyrrelstown',
		'Ballycoolin entrance west', 'Ballycoolin meet-me room']),
	('C123', 96, 1, ARRAY['Mulhuddart meet-me room', 'Mulhuddart entrance east', 'Mulhuddart Village',
		'Blanchardstown', 'Snugborough', 'Ballycoolin entrance south', 'Ballycoolin meet-me room']),
	('C124', 96, 1, ARRAY['Belgard meet-me room', 'Belgard entrance east', 'Belgard Road', 'Cookstown',
		'Tallaght entrance north', 'Tallaght meet-me room']),
	('C125', 96, 1, ARRAY['Belgard meet-me room', 'Belgard entrance north', 'Newlands Cross', 'M50 J9 outer',
		'M50 J10 outer', 'M50 J11 outer', 'Tallaght Village', 'Tallaght entrance east', 'Tallaght meet-me room']);

-- From the exchange in the city.
INSERT INTO pg_temp.sample_cable (name, strands, duct, route) VALUES
	('C201', 288, 2, ARRAY['Clonshaugh meet-me room', 'Clonshaugh entrance south', 'Priorswood', 'Coolock', 'Artane',
		'Donnycarney', 'Fairview', 'Five Lamps', 'Connolly', 'Talbot Street', 'Dublin entrance east',
		'Dublin meet-me room']),
	('C202', 864, 1, ARRAY['Dublin meet-me room', 'Dublin entrance south', 'Abbey Street', 'OConnell Bridge north',
		'Ormond Quay', 'Arran Quay', 'Wolfe Tone Quay', 'Heuston', 'Kilmainham', 'Inchicore', 'Bluebell',
		'M50 J9 inner', 'M50 J9 median', 'M50 J9 outer']),
	('C203', 288, 1, ARRAY['Dublin meet-me room', 'Dublin entrance north', 'Parnell', 'Dorset Street', 'Drumcondra',
		'Whitehall', 'Santry', 'M50 J3 inner', 'N32 Clonshaugh', 'Clonshaugh entrance north',
		'Clonshaugh meet-me room']),
	('C204', 288, 2, ARRAY['Dublin meet-me room', 'Dublin entrance north', 'Parnell', 'Dorset Street', 'Phibsborough',
		'Glasnevin', 'Finglas', 'M50 J5 inner', 'M50 J5 median', 'M50 J5 outer', 'Kilshane Cross',
		'Ballycoolin Cross', 'Ballycoolin entrance east', 'Ballycoolin meet-me room']),
	('C205', 288, 3, ARRAY['Dublin meet-me room', 'Dublin entrance south', 'Abbey Street', 'OConnell Bridge north',
		'Ormond Quay', 'Arran Quay', 'Stoneybatter', 'Cabra Cross', 'Ashtown', 'Castleknock', 'M50 J6 inner',
		'M50 J6 median', 'M50 J6 outer', 'Blanchardstown', 'Snugborough', 'Ballycoolin entrance south',
		'Ballycoolin meet-me room']),
	('C206', 288, 2, ARRAY['Dublin meet-me room', 'Dublin entrance south', 'Abbey Street', 'OConnell Bridge north',
		'Burgh Quay', 'College Green', 'Christchurch', 'Leonards Corner', 'Harolds Cross', 'Terenure',
		'Rathfarnham', 'M50 J12 inner', 'M50 J12 median', 'M50 J12 outer', 'Oldbawn', 'Whitestown',
		'Tallaght entrance south', 'Tallaght meet-me room']),
	('C207', 288, 1, ARRAY['Dublin meet-me room', 'Dublin entrance north', 'Parnell', 'Dorset Street', 'Phibsborough',
		'Stoneybatter', 'Wolfe Tone Quay', 'Heuston', 'Kilmainham', 'Dolphins Barn', 'Crumlin', 'Walkinstown',
		'M50 J10 inner', 'M50 J10 median', 'M50 J10 outer', 'Belgard Road', 'Cookstown', 'Tallaght entrance north',
		'Tallaght meet-me room']),
	('C208', 216, 1, ARRAY['Dublin meet-me room', 'Dublin entrance east', 'Talbot Street', 'Connolly', 'Custom House',
		'City Quay', 'Westland Row', 'Merrion Square', 'Ballsbridge', 'Donnybrook', 'Belfield', 'Stillorgan',
		'Burton Hall', 'Sandyford entrance east', 'Sandyford meet-me room']),
	('C209', 216, 1, ARRAY['Dublin meet-me room', 'Dublin entrance south', 'Abbey Street', 'OConnell Bridge north',
		'Burgh Quay', 'College Green', 'Stephens Green', 'Leeson Street Bridge', 'Ranelagh', 'Milltown', 'Dundrum',
		'Sandyford Village', 'Sandyford entrance west', 'Sandyford meet-me room']),
	('C210', 144, 2, ARRAY['Dublin meet-me room', 'Dublin entrance east', 'Talbot Street', 'Connolly', 'Custom House',
		'North Wall', 'Docklands entrance south', 'Docklands meet-me room']),
	('C211', 144, 1, ARRAY['Dublin meet-me room', 'Dublin entrance north', 'Parnell', 'Dorset Street', 'Five Lamps',
		'Fairview', 'East Wall', 'Docklands entrance east', 'Docklands meet-me room']),
	('C212', 96, 1, ARRAY['Docklands meet-me room', 'Docklands entrance east', 'East Wall', 'Port Tunnel south',
		'Port Tunnel north', 'Santry', 'M50 J3 inner', 'N32 Clonshaugh', 'Clonshaugh entrance north',
		'Clonshaugh meet-me room']),
	('C213', 96, 1, ARRAY['Docklands meet-me room', 'Docklands entrance south', 'North Wall', 'Rogersons Quay',
		'Ringsend', 'Poolbeg Road', 'Poolbeg entrance west', 'Poolbeg meet-me room']),
	('C214', 96, 2, ARRAY['Docklands meet-me room', 'Docklands entrance south', 'North Wall', 'North Wall shaft',
		'Rogersons Quay shaft', 'Rogersons Quay', 'City Quay', 'Westland Row', 'Ringsend', 'Poolbeg Road',
		'Poolbeg entrance west', 'Poolbeg meet-me room']),
	('C215', 96, 1, ARRAY['Parkwest meet-me room', 'Parkwest entrance south', 'Park West', 'Bluebell']),
	('C216', 96, 1, ARRAY['Parkwest meet-me room', 'Parkwest entrance north', 'Cherry Orchard', 'Chapelizod',
		'Islandbridge', 'Heuston']);

-- To the cable landings, and under the sea.
INSERT INTO pg_temp.sample_cable (name, strands, duct, route) VALUES
	('C301', 96, 1, ARRAY['Dublin meet-me room', 'Dublin entrance east', 'Talbot Street', 'Connolly', 'Five Lamps',
		'Fairview', 'Clontarf', 'Dollymount', 'Sutton Cross', 'Baldoyle', 'Portmarnock Village',
		'Portmarnock entrance west', 'Portmarnock meet-me room']),
	('C302', 96, 2, ARRAY['Dublin meet-me room', 'Dublin entrance south', 'Abbey Street', 'OConnell Bridge north',
		'Burgh Quay', 'College Green', 'Westland Row', 'Ringsend', 'Poolbeg Road', 'Poolbeg entrance west',
		'Poolbeg meet-me room']),
	('C303', 96, 2, ARRAY['Dublin meet-me room', 'Dublin entrance north', 'Parnell', 'Dorset Street', 'Drumcondra',
		'Whitehall', 'Santry', 'M50 J3 inner', 'M50 J3 median', 'M50 J3 outer', 'Airport', 'Swords', 'Donabate',
		'Portrane entrance west', 'Portrane meet-me room']),
	('S1', 24, 1, ARRAY['Portmarnock meet-me room', 'Portmarnock entrance east', 'Portmarnock beach',
		'Soldiers Point beach', 'Holyhead entrance north', 'Holyhead meet-me room']),
	('S2', 24, 1, ARRAY['Poolbeg meet-me room', 'Poolbeg entrance east', 'Sandymount Strand beach',
		'Porth Dafarch beach', 'Holyhead entrance south', 'Holyhead meet-me room']),
	('S3', 48, 1, ARRAY['Portrane meet-me room', 'Portrane entrance east', 'Portrane beach', 'Ainsdale beach',
		'Southport entrance west', 'Southport meet-me room']);

-- Every local street has a cable of its own, dark so far.
INSERT INTO pg_temp.sample_cable (name, strands, duct, route)
SELECT 'D' || lpad((row_number() OVER (ORDER BY id))::text, 3, '0') || ' ' || name,
	24 * (1 + cardinality(points) % 4), 1, points
FROM pg_temp.sample_road
WHERE points[1] LIKE '% / %' AND cardinality(points) > 2;

INSERT INTO netstate.cable (name, strand_count)
SELECT name, strands FROM pg_temp.sample_cable ORDER BY id;

-- A segment runs from `a` to `z` as the cable goes.
CREATE TEMPORARY TABLE sample_segment AS
SELECT hop.cable, hop.duct,
	row_number() OVER (PARTITION BY hop.cable
		ORDER BY hop.n, CASE WHEN leg.a = hop.a THEN span.n ELSE - span.n END)::integer AS seq,
	span.name AS span,
	CASE WHEN leg.a = hop.a THEN span.a ELSE span.z END AS a,
	CASE WHEN leg.a = hop.a THEN span.z ELSE span.a END AS z
FROM (
	SELECT cable.name AS cable, cable.duct, n, point AS a,
		lead(point) OVER (PARTITION BY cable.id ORDER BY n) AS z
	FROM pg_temp.sample_cable AS cable
	CROSS JOIN LATERAL unnest(cable.route) WITH ORDINALITY AS route (point, n)
) AS hop
LEFT JOIN pg_temp.sample_leg AS leg ON (leg.a, leg.z) IN ((hop.a, hop.z), (hop.z, hop.a))
LEFT JOIN pg_temp.sample_span AS span ON span.leg_id = leg.id
WHERE hop.z IS NOT NULL;

CREATE TEMPORARY TABLE sample_duct AS
SELECT duct.span_id, duct.id,
	row_number() OVER (PARTITION BY duct.span_id ORDER BY duct.depth DESC, duct.id) - 1 AS n,
	count(*) OVER (PARTITION BY duct.span_id) AS ducts
FROM netstate.duct
WHERE NOT EXISTS (SELECT FROM netstate.duct AS inner_duct WHERE inner_duct.parent_id = duct.id)
	AND duct.span_id IN (SELECT span.id FROM pg_temp.sample_span AS piece
		JOIN netstate.span ON span.name = piece.name);

-- A coil of slack in every eighth structure.
INSERT INTO netstate.cable_segment (cable_id, seq, span_id, duct_id, slack_m)
SELECT cable.id, segment.seq, span.id, duct.id, CASE WHEN segment.seq % 8 = 0 THEN 15 ELSE 0 END
FROM pg_temp.sample_segment AS segment
LEFT JOIN netstate.cable ON cable.name = segment.cable
LEFT JOIN netstate.span ON span.name = segment.span
LEFT JOIN pg_temp.sample_duct AS duct ON duct.span_id = span.id AND duct.n = segment.duct % duct.ducts
ORDER BY cable.id, segment.seq;

DROP TABLE pg_temp.sample_cable, pg_temp.sample_duct, pg_temp.sample_span, pg_temp.sample_leg,
	pg_temp.sample_road, pg_temp.sample_point, pg_temp.sample_motorway;
