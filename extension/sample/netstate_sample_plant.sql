-- Sample network, part 6: the plant of eu-west-1, roads first.
--
-- Everything that spans run between is a point with a name (sample_point);
-- everything that spans run along is a road (sample_road), a row of such names.
-- Part 7 adds local streets as roads of the same kind; part 8 makes structures
-- and spans of both.  Between two points of a road there is a manhole (a pole,
-- where the line is aerial) about every `spacing` metres.  So a street that
-- crosses another has a structure there, unless it passes over or under it.
--
-- Junctions are where they are in Dublin, to some hundred metres, from general
-- knowledge; which of them has fibre, and whose, is made up.

-- One more data centre a zone.
INSERT INTO netstate.site (zone_id, name, kind, geom)
SELECT (SELECT zone.id FROM netstate.zone
		JOIN netstate.region ON region.id = zone.region_id
		WHERE region.name = 'eu-west-1' AND zone.name = place.zone),
	place.name, 'data_centre',
	'SRID=4326;POINT(' || place.longitude || ' ' || place.latitude || ')'
FROM (VALUES
	('euw1-az1', 'Mulhuddart', 53.4085, -6.4060),
	('euw1-az2', 'Profile Park', 53.3105, -6.4240),
	('euw1-az3', 'Belgard', 53.3050, -6.3860)
) AS place (zone, name, latitude, longitude);

-- Exchanges and landing stations belong to no zone.
INSERT INTO netstate.site (name, kind, geom)
SELECT place.name, place.kind,
	'SRID=4326;POINT(' || place.longitude || ' ' || place.latitude || ')'
FROM (VALUES
	('Docklands', 'exchange', 53.3545, -6.2360),
	('Parkwest', 'exchange', 53.3335, -6.3640),
	('Sandyford', 'exchange', 53.2790, -6.2105),
	('Portmarnock', 'cable_landing', 53.4255, -6.1330),
	('Poolbeg', 'cable_landing', 53.3390, -6.2000),
	('Portrane', 'cable_landing', 53.4930, -6.1120)
) AS place (name, kind, latitude, longitude);

-- The port substation feeds the exchange in the city and the one in Docklands.
INSERT INTO netstate.power_feed (name) VALUES
	('Dublin city substation'), ('Dublin port substation'), ('Dublin bay substation');

INSERT INTO netstate.site_power_feed (site_id, power_feed_id)
SELECT (SELECT id FROM netstate.site WHERE name = draw.site AND kind = draw.kind),
	(SELECT id FROM netstate.power_feed WHERE name = draw.feed)
FROM (VALUES
	('Mulhuddart', 'data_centre', 'Dublin north substation'),
	('Mulhuddart', 'data_centre', 'Dublin airport substation'),
	('Profile Park', 'data_centre', 'Dublin west substation'),
	('Profile Park', 'data_centre', 'Dublin canal substation'),
	('Belgard', 'data_centre', 'Dublin west substation'),
	('Belgard', 'data_centre', 'Dublin south substation'),
	('Dublin', 'metro', 'Dublin city substation'),
	('Dublin', 'metro', 'Dublin port substation'),
	('Docklands', 'exchange', 'Dublin port substation'),
	('Parkwest', 'exchange', 'Dublin canal substation'),
	('Sandyford', 'exchange', 'Dublin bay substation'),
	('Portmarnock', 'cable_landing', 'Dublin airport substation'),
	('Poolbeg', 'cable_landing', 'Dublin port substation'),
	('Portrane', 'cable_landing', 'Dublin airport substation')
) AS draw (site, kind, feed);

CREATE TEMPORARY TABLE sample_point (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text PRIMARY KEY,
	latitude double precision, longitude double precision,
	kind text DEFAULT 'vault',
	site text							-- whose building it is in
);

CREATE TEMPORARY TABLE sample_road (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text PRIMARY KEY,
	points text[],
	spacing integer DEFAULT 160,		-- metres between manholes
	kind text DEFAULT 'trench',
	encasement text DEFAULT 'none',
	side text,							-- of the M50
	course text							-- way points of a road with one leg
);

-- Junctions north of the Liffey, within the M50.
INSERT INTO pg_temp.sample_point (name, latitude, longitude) VALUES
	('N32 Clonshaugh', 53.4090, -6.2065), ('Belcamp', 53.4050, -6.1920),
	('Clarehall', 53.3998, -6.1790), ('Baldoyle', 53.3990, -6.1270),
	('Sutton Cross', 53.3890, -6.1100), ('Portmarnock Village', 53.4235, -6.1400),
	('Malahide', 53.4500, -6.1560), ('Balgriffin', 53.4080, -6.1710),
	('Kinsealy', 53.4270, -6.1780), ('Priorswood', 53.3990, -6.2090),
	('Coolock', 53.3895, -6.1975), ('Artane', 53.3810, -6.2070),
	('Donnycarney', 53.3735, -6.2190), ('Fairview', 53.3635, -6.2345),
	('Clontarf', 53.3620, -6.2080), ('Dollymount', 53.3660, -6.1760),
	('Five Lamps', 53.3562, -6.2455), ('Connolly', 53.3515, -6.2495),
	('Talbot Street', 53.3507, -6.2555), ('Santry', 53.3965, -6.2445),
	('Whitehall', 53.3830, -6.2455), ('Drumcondra', 53.3690, -6.2565),
	('Dorset Street', 53.3595, -6.2640), ('Parnell', 53.3528, -6.2632),
	('Abbey Street', 53.3487, -6.2608), ('Ballymun', 53.3965, -6.2650),
	('Glasnevin', 53.3740, -6.2715), ('Phibsborough', 53.3608, -6.2735),
	('Finglas', 53.3890, -6.2985), ('Cabra Cross', 53.3650, -6.3050),
	('Ashtown', 53.3750, -6.3330), ('Castleknock', 53.3745, -6.3580),
	('Stoneybatter', 53.3545, -6.2860), ('East Wall', 53.3565, -6.2275),
	('Port Tunnel north', 53.3925, -6.2350), ('Port Tunnel south', 53.3585, -6.2265),
	('Point', 53.3480, -6.2275), ('North Wall', 53.3477, -6.2420),
	('North Wall shaft', 53.34760, -6.24135),
	('Custom House', 53.3484, -6.2535), ('OConnell Bridge north', 53.3477, -6.2594),
	('Ormond Quay', 53.3463, -6.2675), ('Arran Quay', 53.3469, -6.2785),
	('Wolfe Tone Quay', 53.3476, -6.2910);

-- South of it.
INSERT INTO pg_temp.sample_point (name, latitude, longitude) VALUES
	('Burgh Quay', 53.3467, -6.2588), ('City Quay', 53.3470, -6.2520),
	('Rogersons Quay', 53.3463, -6.2415), ('Rogersons Quay shaft', 53.34618, -6.24085),
	('Ringsend', 53.3432, -6.2265), ('Wellington Quay', 53.3453, -6.2665),
	('Merchants Quay', 53.3452, -6.2772), ('Heuston', 53.3464, -6.2925),
	('Islandbridge', 53.3440, -6.3105), ('Chapelizod', 53.3470, -6.3435),
	('Palmerstown', 53.3495, -6.3720), ('Kilmainham', 53.3400, -6.3040),
	('Inchicore', 53.3375, -6.3225), ('Bluebell', 53.3290, -6.3400),
	('Walkinstown', 53.3200, -6.3240), ('Crumlin', 53.3245, -6.3090),
	('Dolphins Barn', 53.3335, -6.2915), ('Leonards Corner', 53.3312, -6.2750),
	('Portobello', 53.3300, -6.2650), ('Harolds Cross', 53.3230, -6.2790),
	('Terenure', 53.3095, -6.2850), ('Rathfarnham', 53.2985, -6.2860),
	('Templeogue', 53.3000, -6.3090), ('Greenhills', 53.3080, -6.3310),
	('Rathmines', 53.3215, -6.2655), ('Milltown', 53.3090, -6.2500),
	('Dundrum', 53.2920, -6.2460), ('Sandyford Village', 53.2765, -6.2230),
	('Burton Hall', 53.2800, -6.2050), ('Ranelagh', 53.3255, -6.2555),
	('Leeson Street Bridge', 53.3315, -6.2540), ('Stephens Green', 53.3380, -6.2600),
	('College Green', 53.3443, -6.2600), ('Christchurch', 53.3433, -6.2715),
	('Westland Row', 53.3430, -6.2500), ('Merrion Square', 53.3395, -6.2470),
	('Ballsbridge', 53.3290, -6.2310), ('Donnybrook', 53.3205, -6.2350),
	('Belfield', 53.3085, -6.2190), ('Stillorgan', 53.2890, -6.1990),
	('Foxrock', 53.2660, -6.1690), ('Poolbeg Road', 53.3400, -6.2090),
	('Sandymount', 53.3290, -6.2150), ('Merrion Gates', 53.3165, -6.2050),
	('Blackrock', 53.3015, -6.1780), ('Dun Laoghaire', 53.2935, -6.1360),
	('Cherry Orchard', 53.3400, -6.3640), ('Park West', 53.3290, -6.3610);

-- Outside the M50.
INSERT INTO pg_temp.sample_point (name, latitude, longitude) VALUES
	('Airport', 53.4265, -6.2360), ('Stockhole', 53.4190, -6.2010),
	('Swords', 53.4590, -6.2200), ('Donabate', 53.4870, -6.1520),
	('St Margarets', 53.4330, -6.2970), ('Kilshane Cross', 53.4250, -6.3300),
	('Ballycoolin Cross', 53.4160, -6.3530), ('Snugborough', 53.3995, -6.3690),
	('Tyrrelstown', 53.4190, -6.3850), ('Damastown', 53.4150, -6.4080),
	('Hollystown', 53.4220, -6.3650), ('Blanchardstown', 53.3900, -6.3860),
	('Mulhuddart Village', 53.4030, -6.3980), ('Clonsilla', 53.3835, -6.4200),
	('Lucan Bridge north', 53.3630, -6.4490), ('Lucan', 53.3575, -6.4490),
	('Liffey Valley', 53.3530, -6.3990), ('Lucan Bypass', 53.3500, -6.4330),
	('Adamstown', 53.3390, -6.4590), ('Milltown Cross', 53.3190, -6.4640),
	('Balgaddy', 53.3420, -6.4220), ('Fonthill', 53.3400, -6.3990),
	('Ninth Lock', 53.3305, -6.3925), ('Clondalkin Village', 53.3205, -6.3960),
	('Deansrath', 53.3225, -6.4080), ('Kilcarbery', 53.3215, -6.4230),
	('Nangor Gate', 53.3215, -6.4330), ('Kilcarbery Lane', 53.3165, -6.4230),
	('Newlands Cross', 53.3120, -6.3930), ('Kingswood', 53.3010, -6.4120),
	('Citywest Interchange', 53.2905, -6.4300), ('Baldonnel', 53.3000, -6.4590),
	('Fortunestown', 53.2860, -6.4150), ('Jobstown', 53.2770, -6.4050),
	('Saggart', 53.2790, -6.4440), ('Belgard Road', 53.3010, -6.3760),
	('Cookstown', 53.2950, -6.3730), ('Tallaght Village', 53.2885, -6.3560),
	('Whitestown', 53.2862, -6.3660), ('Oldbawn', 53.2790, -6.3560);

-- The M50, from the M1 round to the N11.  What it leads past is a waypoint;
-- what it meets is an interchange, where its three fibre lines are joined.
CREATE TEMPORARY TABLE sample_motorway (
	seq integer GENERATED ALWAYS AS IDENTITY,
	name text, latitude double precision, longitude double precision, interchange boolean
);

INSERT INTO pg_temp.sample_motorway (name, latitude, longitude, interchange) VALUES
	('M50 J3', 53.4090, -6.2300, true),
	('M50 J4', 53.4075, -6.2665, true),
	('M50 J5', 53.4040, -6.3080, true),
	('M50 Abbotstown', 53.3945, -6.3440, false),
	('M50 J6', 53.3805, -6.3690, true),
	('M50 West-Link north', 53.3635, -6.3790, false),
	('M50 West-Link south', 53.3590, -6.3805, false),
	('M50 J7', 53.3530, -6.3830, true),
	('M50 Cherry Orchard', 53.3350, -6.3800, false),
	('M50 J9', 53.3185, -6.3690, true),
	('M50 J10', 53.3085, -6.3560, true),
	('M50 J11', 53.2945, -6.3340, true),
	('M50 J12', 53.2845, -6.3050, true),
	('M50 Edmondstown', 53.2735, -6.2760, false),
	('M50 J13', 53.2705, -6.2500, true),
	('M50 J14', 53.2685, -6.2150, true),
	('M50 J15', 53.2520, -6.1800, true);

INSERT INTO netstate.corridor (name, kind, geom)
SELECT 'M50', 'motorway',
	'SRID=4326;LINESTRING(' || string_agg(longitude || ' ' || latitude, ', ' ORDER BY seq) || ')'
FROM pg_temp.sample_motorway;

-- The lines run 18 m apart.  Seen from the M1 the city lies to the left.  A
-- degree is 66,500 m of longitude here, and 111,300 m of latitude.
INSERT INTO pg_temp.sample_point (name, latitude, longitude, kind)
SELECT line.name,
	line.latitude + lane.metres * line.dx / line.norm / 111300,
	line.longitude - lane.metres * line.dy / line.norm / 66500,
	'manhole'
FROM (
	SELECT seq, name || ' ' AS name, latitude, longitude, dx, dy, sqrt(dx * dx + dy * dy) AS norm
	FROM (
		SELECT *,
			(lead(longitude, 1, longitude) OVER w - lag(longitude, 1, longitude) OVER w) * 66500 AS dx,
			(lead(latitude, 1, latitude) OVER w - lag(latitude, 1, latitude) OVER w) * 111300 AS dy
		FROM pg_temp.sample_motorway
		WINDOW w AS (ORDER BY seq)
	) AS step
) AS way
CROSS JOIN (VALUES ('inner', 18.0), ('median', 0), ('outer', -18)) AS lane (name, metres)
CROSS JOIN LATERAL (SELECT way.name || lane.name AS name, way.latitude, way.longitude, way.dx, way.dy, way.norm) AS line
ORDER BY way.seq, lane.metres;

INSERT INTO pg_temp.sample_road (name, points, spacing, encasement, side)
SELECT 'M50 ' || lane.name, array_agg(way.name || ' ' || lane.name ORDER BY way.seq), 280,
	'prefabricated', lane.side
FROM pg_temp.sample_motorway AS way
CROSS JOIN (VALUES ('inner', 'left'), ('median', 'median'), ('outer', 'right')) AS lane (name, side)
GROUP BY lane.name, lane.side
ORDER BY lane.name;

INSERT INTO pg_temp.sample_road (name, points, kind)
SELECT name || ' underpass', ARRAY[name || ' inner', name || ' median', name || ' outer'], 'bore'
FROM pg_temp.sample_motorway
WHERE interchange
ORDER BY seq;

-- Main roads north of the Liffey.
INSERT INTO pg_temp.sample_road (name, points) VALUES
	('N32', ARRAY['M50 J3 inner', 'N32 Clonshaugh', 'Belcamp', 'Clarehall']),
	('Moyne Road', ARRAY['Clarehall', 'Baldoyle']),
	('Coast Road', ARRAY['Baldoyle', 'Portmarnock Village', 'Malahide']),
	('Malahide Road', ARRAY['Fairview', 'Donnycarney', 'Artane', 'Coolock', 'Clarehall', 'Balgriffin',
		'Kinsealy', 'Malahide']),
	('Clontarf Road', ARRAY['Fairview', 'Clontarf', 'Dollymount', 'Sutton Cross', 'Baldoyle']),
	('Swords Road', ARRAY['Drumcondra', 'Whitehall', 'Santry', 'M50 J3 inner']),
	('Oscar Traynor Road', ARRAY['Santry', 'Port Tunnel north', 'Priorswood', 'Coolock']),
	('Santry Avenue', ARRAY['Ballymun', 'Santry']),
	('Griffith Avenue', ARRAY['Glasnevin', 'Drumcondra']),
	('Collins Avenue', ARRAY['Whitehall', 'Donnycarney']),
	('Ballymun Road', ARRAY['Phibsborough', 'Glasnevin', 'Ballymun', 'M50 J4 inner']),
	('Finglas Road', ARRAY['Glasnevin', 'Finglas', 'M50 J5 inner']),
	('Tolka Valley Road', ARRAY['Finglas', 'Ashtown']),
	('Navan Road', ARRAY['Stoneybatter', 'Cabra Cross', 'Ashtown', 'Castleknock', 'M50 J6 inner']),
	('North Circular Road', ARRAY['Stoneybatter', 'Phibsborough', 'Dorset Street', 'Five Lamps']),
	('Dorset Street Lower', ARRAY['Parnell', 'Dorset Street', 'Drumcondra']),
	('Amiens Street', ARRAY['Custom House', 'Connolly', 'Five Lamps', 'Fairview']),
	('Talbot Street West', ARRAY['Talbot Street', 'Connolly']),
	('OConnell Street', ARRAY['OConnell Bridge north', 'Abbey Street', 'Parnell']),
	('Blackhall Place', ARRAY['Arran Quay', 'Stoneybatter']),
	('Infirmary Road', ARRAY['Stoneybatter', 'Wolfe Tone Quay']),
	('East Wall Road', ARRAY['Fairview', 'East Wall', 'Point']),
	('Alfie Byrne Road', ARRAY['East Wall', 'Port Tunnel south']);

-- And south of it.
INSERT INTO pg_temp.sample_road (name, points) VALUES
	('Westmoreland Street', ARRAY['Burgh Quay', 'College Green', 'Stephens Green']),
	('Dame Street', ARRAY['College Green', 'Christchurch']),
	('Parliament Street', ARRAY['Wellington Quay', 'Christchurch']),
	('Winetavern Street', ARRAY['Merchants Quay', 'Christchurch']),
	('Jamess Street', ARRAY['Christchurch', 'Kilmainham']),
	('Clanbrassil Street', ARRAY['Christchurch', 'Leonards Corner', 'Harolds Cross', 'Terenure', 'Rathfarnham']),
	('Pearse Street', ARRAY['College Green', 'Westland Row', 'Ringsend']),
	('Lombard Street', ARRAY['City Quay', 'Westland Row', 'Merrion Square', 'Ballsbridge']),
	('Camden Street', ARRAY['Stephens Green', 'Portobello', 'Rathmines', 'Terenure']),
	('Leeson Street', ARRAY['Stephens Green', 'Leeson Street Bridge', 'Donnybrook']),
	('Canal Road', ARRAY['Leonards Corner', 'Portobello', 'Leeson Street Bridge']),
	('South Circular Road', ARRAY['Islandbridge', 'Kilmainham', 'Dolphins Barn', 'Leonards Corner']),
	('Con Colbert Road', ARRAY['Heuston', 'Islandbridge']),
	('Military Road', ARRAY['Heuston', 'Kilmainham']),
	('Chapelizod Bypass', ARRAY['Islandbridge', 'Chapelizod', 'Palmerstown', 'M50 J7 inner']),
	('Le Fanu Road', ARRAY['Chapelizod', 'Cherry Orchard']),
	('Park West Avenue', ARRAY['Cherry Orchard', 'Park West']),
	('Nangor Road East', ARRAY['Park West', 'Bluebell']),
	('Naas Road', ARRAY['Kilmainham', 'Inchicore', 'Bluebell', 'M50 J9 inner']),
	('Long Mile Road', ARRAY['Bluebell', 'Walkinstown']),
	('Drimnagh Road', ARRAY['Dolphins Barn', 'Crumlin', 'Walkinstown']),
	('Ballymount Road', ARRAY['Walkinstown', 'M50 J10 inner']),
	('Greenhills Road', ARRAY['Walkinstown', 'Greenhills', 'Templeogue']),
	('Templeogue Road', ARRAY['Terenure', 'Templeogue', 'M50 J11 inner']),
	('Ballyboden Road', ARRAY['Rathfarnham', 'M50 J12 inner']),
	('Grange Road', ARRAY['Rathfarnham', 'Dundrum']),
	('Orwell Road', ARRAY['Rathmines', 'Milltown']),
	('Dundrum Road', ARRAY['Leeson Street Bridge', 'Ranelagh', 'Milltown', 'Dundrum']),
	('Ballinteer Road', ARRAY['Dundrum', 'M50 J13 inner']),
	('Sandyford Road', ARRAY['Dundrum', 'Sandyford Village', 'M50 J14 inner']),
	('Stillorgan Road', ARRAY['Donnybrook', 'Belfield', 'Stillorgan', 'Foxrock']),
	('Leopardstown Road', ARRAY['Stillorgan', 'Burton Hall']),
	('Anglesea Road', ARRAY['Ballsbridge', 'Donnybrook']),
	('Merrion Road', ARRAY['Ballsbridge', 'Merrion Gates']),
	('Rock Road', ARRAY['Merrion Gates', 'Blackrock', 'Dun Laoghaire']),
	('Strand Road', ARRAY['Ringsend', 'Sandymount', 'Merrion Gates']),
	('South Bank Road', ARRAY['Ringsend', 'Poolbeg Road']),
	('Newtownpark Avenue', ARRAY['Blackrock', 'Stillorgan']),
	('Kill Avenue', ARRAY['Foxrock', 'Dun Laoghaire']),
	('Brennanstown Road', ARRAY['Foxrock', 'M50 J15 inner']);

-- Outside the M50.  Country roads have poles.
INSERT INTO pg_temp.sample_road (name, points, spacing, kind) VALUES
	('M1', ARRAY['M50 J3 outer', 'Airport', 'Swords'], 250, 'trench'),
	('R108', ARRAY['M50 J4 outer', 'St Margarets'], 250, 'trench'),
	('N2', ARRAY['M50 J5 outer', 'Kilshane Cross'], 250, 'trench'),
	('N3', ARRAY['M50 J6 outer', 'Blanchardstown', 'Mulhuddart Village'], 160, 'trench'),
	('N4', ARRAY['M50 J7 outer', 'Liffey Valley', 'Lucan Bypass', 'Lucan'], 160, 'trench'),
	('N7', ARRAY['M50 J9 outer', 'Newlands Cross', 'Kingswood', 'Citywest Interchange'], 200, 'trench'),
	('N81', ARRAY['M50 J11 outer', 'Tallaght Village', 'Whitestown', 'Jobstown'], 200, 'trench'),
	('Belcamp Lane', ARRAY['Belcamp', 'Stockhole', 'Airport'], 60, 'aerial'),
	('Naul Road', ARRAY['Airport', 'St Margarets'], 250, 'trench'),
	('St Margarets Road', ARRAY['St Margarets', 'Kilshane Cross'], 200, 'trench'),
	('Newpark Road', ARRAY['Kilshane Cross', 'Ballycoolin Cross'], 160, 'trench'),
	('Ballycoolin Road', ARRAY['Ballycoolin Cross', 'Hollystown', 'Tyrrelstown'], 160, 'trench'),
	('Damastown Avenue', ARRAY['Tyrrelstown', 'Damastown'], 160, 'trench'),
	('Powerstown Road', ARRAY['Tyrrelstown', 'Mulhuddart Village'], 160, 'trench'),
	('Snugborough Road', ARRAY['Snugborough', 'Blanchardstown'], 160, 'trench'),
	('Clonsilla Road', ARRAY['Blanchardstown', 'Clonsilla'], 160, 'trench'),
	('Ongar Road', ARRAY['Mulhuddart Village', 'Clonsilla'], 160, 'trench'),
	('Lucan Road', ARRAY['Clonsilla', 'Lucan Bridge north'], 250, 'trench'),
	('Newcastle Road', ARRAY['Lucan', 'Adamstown', 'Milltown Cross'], 60, 'aerial'),
	('Baldonnel Road', ARRAY['Milltown Cross', 'Baldonnel', 'Citywest Interchange'], 250, 'trench'),
	('Fonthill Road', ARRAY['Liffey Valley', 'Fonthill'], 160, 'trench'),
	('Ninth Lock Road', ARRAY['Fonthill', 'Ninth Lock', 'Clondalkin Village'], 160, 'trench'),
	('Monastery Road', ARRAY['M50 J9 outer', 'Clondalkin Village'], 160, 'trench'),
	('Nangor Road', ARRAY['Clondalkin Village', 'Deansrath', 'Kilcarbery', 'Nangor Gate'], 160, 'trench'),
	('Kilcarbery Avenue', ARRAY['Kilcarbery', 'Kilcarbery Lane'], 160, 'trench'),
	('Outer Ring Road', ARRAY['Lucan Bypass', 'Balgaddy', 'Nangor Gate'], 200, 'trench'),
	('Fonthill Road South', ARRAY['Newlands Cross', 'Clondalkin Village'], 160, 'trench'),
	('Belgard Road North', ARRAY['Newlands Cross', 'Belgard Road', 'Cookstown', 'Tallaght Village'], 160, 'trench'),
	('Ballymount Avenue', ARRAY['M50 J10 outer', 'Belgard Road'], 160, 'trench'),
	('Fortunestown Lane', ARRAY['Citywest Interchange', 'Fortunestown', 'Cookstown'], 160, 'trench'),
	('Blessington Road', ARRAY['Fortunestown', 'Jobstown'], 160, 'trench'),
	('Garters Lane', ARRAY['Saggart', 'Jobstown'], 200, 'trench'),
	('Whitestown Way', ARRAY['Whitestown', 'Oldbawn'], 160, 'trench'),
	('Firhouse Road', ARRAY['M50 J12 outer', 'Oldbawn', 'Tallaght Village'], 160, 'trench'),
	('Portrane Road', ARRAY['Swords', 'Donabate'], 60, 'aerial');

-- Quays: ducts cast in concrete.
INSERT INTO pg_temp.sample_road (name, points, spacing, encasement) VALUES
	('North Wall Quay', ARRAY['Point', 'North Wall'], 120, 'cast'),
	('Custom House Quay', ARRAY['North Wall', 'Custom House'], 120, 'cast'),
	('Eden Quay', ARRAY['Custom House', 'OConnell Bridge north'], 120, 'cast'),
	('Bachelors Walk', ARRAY['OConnell Bridge north', 'Ormond Quay'], 120, 'cast'),
	('Inns Quay', ARRAY['Ormond Quay', 'Arran Quay'], 120, 'cast'),
	('Ellis Quay', ARRAY['Arran Quay', 'Wolfe Tone Quay'], 120, 'cast'),
	('Sir John Rogersons Quay', ARRAY['Ringsend', 'Rogersons Quay'], 120, 'cast'),
	('Georges Quay', ARRAY['Rogersons Quay', 'City Quay', 'Burgh Quay'], 120, 'cast'),
	('Aston Quay', ARRAY['Burgh Quay', 'Wellington Quay'], 120, 'cast'),
	('Essex Quay', ARRAY['Wellington Quay', 'Merchants Quay'], 120, 'cast'),
	('Victoria Quay', ARRAY['Merchants Quay', 'Heuston'], 120, 'cast'),
	('North Wall shaft', ARRAY['North Wall', 'North Wall shaft'], 120, 'cast'),
	('Rogersons Quay shaft', ARRAY['Rogersons Quay', 'Rogersons Quay shaft'], 120, 'cast');

-- Over the Liffey by its bridges, and under it beside one of them.
INSERT INTO pg_temp.sample_road (name, points, spacing, kind) VALUES
	('Tom Clarke Bridge', ARRAY['Point', 'Ringsend'], 1000, 'bridge'),
	('Samuel Beckett Bridge', ARRAY['North Wall', 'Rogersons Quay'], 1000, 'bridge'),
	('Samuel Beckett Bridge bore', ARRAY['North Wall shaft', 'Rogersons Quay shaft'], 1000, 'bore'),
	('Talbot Memorial Bridge', ARRAY['Custom House', 'City Quay'], 1000, 'bridge'),
	('OConnell Bridge', ARRAY['OConnell Bridge north', 'Burgh Quay'], 1000, 'bridge'),
	('Grattan Bridge', ARRAY['Ormond Quay', 'Wellington Quay'], 1000, 'bridge'),
	('Father Mathew Bridge', ARRAY['Arran Quay', 'Merchants Quay'], 1000, 'bridge'),
	('Sean Heuston Bridge', ARRAY['Wolfe Tone Quay', 'Heuston'], 1000, 'bridge'),
	('Lucan Bridge', ARRAY['Lucan Bridge north', 'Lucan'], 1000, 'bridge'),
	('Dublin Port Tunnel', ARRAY['Port Tunnel south', 'Port Tunnel north'], 800, 'tunnel');
