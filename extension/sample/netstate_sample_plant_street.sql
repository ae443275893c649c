-- Sample network, part 7: the plant of eu-west-1, local streets and buildings.
--
-- A district is a grid of streets bent into the place between the main roads:
-- `across` from its south to its north, `along` from its west to its east, with
-- the corners given.  Each crossing of two streets is a point, so each street
-- is a road like those of part 6.

CREATE TEMPORARY TABLE sample_district (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text,
	corners double precision[],			-- latitude, longitude: SW, SE, NE, NW
	across text[], along text[],
	encasement text DEFAULT 'none'
);

INSERT INTO pg_temp.sample_district (name, corners, across, along, encasement) VALUES
	('North Wall', ARRAY[53.3486, -6.2385, 53.3486, -6.2295, 53.3528, -6.2290, 53.3522, -6.2345],
		ARRAY['Mayor Street', 'Northbank Lane', 'Sheriff Street', 'Church Road', 'Ravensdale Road'],
		ARRAY['Park Lane', 'New Wapping Street', 'Castleforbes Road', 'Abercorn Street', 'Irvine Terrace',
			'Blythe Avenue', 'Merchants Road'], 'prefabricated');

INSERT INTO pg_temp.sample_district (name, corners, across, along) VALUES
	('Killester', ARRAY[53.3690, -6.2000, 53.3730, -6.1600, 53.3860, -6.1650, 53.3800, -6.1950],
		ARRAY['Vernon Avenue', 'Sybil Hill Road', 'Howth Road', 'Brookwood Avenue', 'Gracefield Road',
			'Edenmore Avenue'],
		ARRAY['Castle Avenue', 'Dunluce Road', 'Mount Prospect Avenue', 'Furry Park Road', 'All Saints Road',
			'Watermill Road', 'Raheny Park', 'Main Street Raheny', 'Foxfield Road']),
	('Beaumont', ARRAY[53.3835, -6.2280, 53.3835, -6.2120, 53.3925, -6.2070, 53.3905, -6.2270],
		ARRAY['Beaumont Road', 'Shantalla Road', 'Montrose Park', 'Ardlea Road', 'Kilmore Road'],
		ARRAY['Elm Mount Avenue', 'Celtic Park Avenue', 'Larkhill Road', 'Skelly Lane', 'Coolatree Road',
			'Lorcan Avenue']),
	('Cabra', ARRAY[53.3660, -6.2960, 53.3660, -6.2790, 53.3760, -6.2830, 53.3780, -6.3050],
		ARRAY['Annamoe Road', 'Faussagh Avenue', 'Quarry Road', 'Fassaugh Road', 'Carnlough Road', 'Broombridge Road'],
		ARRAY['Ratoath Road', 'Dingle Road', 'Killala Road', 'Bannow Road', 'Leix Road', 'Saint Attracta Road',
			'Connaught Street']),
	('Ballymun', ARRAY[53.3780, -6.2640, 53.3780, -6.2500, 53.3930, -6.2490, 53.3930, -6.2620],
		ARRAY['Home Farm Road', 'Rosmini Gardens', 'Collins Avenue West', 'Shanowen Road', 'Shanliss Road',
			'Coultry Road'],
		ARRAY['Albert College Drive', 'Glasnevin Avenue', 'Gaeltacht Park', 'Iveragh Road', 'Ellenfield Road']),
	('Drimnagh', ARRAY[53.3265, -6.3250, 53.3300, -6.3050, 53.3355, -6.3060, 53.3330, -6.3250],
		ARRAY['Errigal Road', 'Mourne Road', 'Galtymore Road', 'Benbulbin Road', 'Davitt Road'],
		ARRAY['Slievemore Road', 'Keeper Road', 'Curlew Road', 'Mangerton Road', 'Brandon Road', 'Sperrin Road']),
	('Kimmage', ARRAY[53.3070, -6.3180, 53.3130, -6.2900, 53.3260, -6.2890, 53.3180, -6.3120],
		ARRAY['Wellington Lane', 'Whitehall Road', 'Cromwellsfort Road', 'Kimmage Road West', 'Saint Agnes Road',
			'Sundrive Road'],
		ARRAY['Limekiln Lane', 'Muckross Avenue', 'Stannaway Road', 'Bangor Road', 'Clogher Road', 'Ravensdale Park',
			'Larkfield Avenue', 'Poddle Park']),
	('Goatstown', ARRAY[53.2900, -6.2380, 53.2900, -6.2120, 53.3060, -6.2250, 53.3070, -6.2430],
		ARRAY['Taney Road', 'Mount Anville Road', 'Birchfield Park', 'Larchfield Road', 'Farmhill Road',
			'Roebuck Road'],
		ARRAY['Churchtown Road', 'Bird Avenue', 'Goatstown Road', 'Friarsland Road', 'Trimleston Avenue',
			'Fosters Avenue']),
	('Carpenterstown', ARRAY[53.3680, -6.4100, 53.3680, -6.3880, 53.3820, -6.3860, 53.3810, -6.4120],
		ARRAY['Luttrellstown Road', 'Carpenterstown Road', 'Diswellstown Road', 'Coolmine Road', 'Roselawn Road',
			'Delwood Road'],
		ARRAY['Porterstown Road', 'Riverwood Road', 'Sheepmoor Way', 'Laurel Lodge Road', 'Castleknock Road',
			'Beech Park Avenue', 'Auburn Avenue']),
	('Lucan South', ARRAY[53.3290, -6.4560, 53.3300, -6.4380, 53.3450, -6.4340, 53.3470, -6.4500],
		ARRAY['Adamstown Avenue', 'Station Road', 'Griffeen Avenue', 'Griffeen Road', 'Esker Road', 'Hillcrest Road'],
		ARRAY['Tandys Lane', 'Dodsboro Road', 'Superquinn Way', 'Willsbrook Road', 'Esker Lane', 'Elm Way']),
	('Springfield', ARRAY[53.2810, -6.4020, 53.2870, -6.3770, 53.2915, -6.3790, 53.2865, -6.4050],
		ARRAY['Cloonmore Road', 'Fettercairn Road', 'Brookfield Road', 'Maplewood Road', 'Airton Road'],
		ARRAY['Rossfield Avenue', 'Kilmartin Drive', 'Cookstown Way', 'Katherine Tynan Road', 'Virginia Drive',
			'Alderwood Avenue', 'Springfield Avenue']),
	('Swords', ARRAY[53.4540, -6.2500, 53.4540, -6.2240, 53.4680, -6.2240, 53.4680, -6.2500],
		ARRAY['Boroimhe Road', 'Forster Way', 'Bridge Street Swords', 'Brackenstown Road', 'Glen Ellan Road',
			'Oldtown Avenue'],
		ARRAY['Rathbeale Road', 'Murrough Road', 'Applewood Main Street', 'Castle Grange Road', 'Watery Lane',
			'North Street Swords']),
	('Monkstown', ARRAY[53.2790, -6.1750, 53.2840, -6.1540, 53.2930, -6.1500, 53.2930, -6.1760],
		ARRAY['Deansgrange Road', 'Abbey Road', 'Monkstown Avenue', 'Carrickbrennan Road', 'Alma Road'],
		ARRAY['Stradbrook Road', 'Rowanbyrn', 'Brookville Park', 'Mounttown Road', 'York Road', 'Tivoli Road']);

-- u and v are the place in the grid, 0 to 1; streets swing out by some metres.
INSERT INTO pg_temp.sample_point (name, latitude, longitude, kind)
SELECT along.name || ' / ' || across.name,
	(1 - v) * ((1 - u) * corners[1] + u * corners[3]) + v * ((1 - u) * corners[7] + u * corners[5])
		+ 0.0002 * sin(7 * u + district.id),
	(1 - v) * ((1 - u) * corners[2] + u * corners[4]) + v * ((1 - u) * corners[8] + u * corners[6])
		+ 0.0003 * sin(6 * v + district.id),
	'manhole'
FROM pg_temp.sample_district AS district
CROSS JOIN LATERAL unnest(across) WITH ORDINALITY AS across (name, i)
CROSS JOIN LATERAL unnest(along) WITH ORDINALITY AS along (name, i)
CROSS JOIN LATERAL (
	SELECT (along.i - 1)::double precision / (cardinality(district.along) - 1) AS u,
		(across.i - 1)::double precision / (cardinality(district.across) - 1) AS v
) AS place
ORDER BY district.id, across.i, along.i;

INSERT INTO pg_temp.sample_road (name, points, spacing, kind, encasement)
SELECT street.name,
	ARRAY(SELECT CASE street.runs WHEN 'across' THEN other.name || ' / ' || street.name
			ELSE street.name || ' / ' || other.name END
		FROM unnest(CASE street.runs WHEN 'across' THEN district.along ELSE district.across END)
			WITH ORDINALITY AS other (name, i)
		ORDER BY other.i),
	1000, 'trench', district.encasement
FROM pg_temp.sample_district AS district
CROSS JOIN LATERAL (
	SELECT name, i, 'across' AS runs FROM unnest(district.across) WITH ORDINALITY AS s (name, i)
	UNION ALL
	SELECT name, i, 'along' FROM unnest(district.along) WITH ORDINALITY AS s (name, i)
) AS street
ORDER BY district.id, street.runs, street.i;

-- Where a district meets the main roads.
INSERT INTO pg_temp.sample_road (name, points) VALUES
	('Mayor Square', ARRAY['Park Lane / Mayor Street', 'North Wall']),
	('Point Square', ARRAY['Merchants Road / Mayor Street', 'Point']),
	('Vernon Avenue West', ARRAY['Castle Avenue / Vernon Avenue', 'Clontarf']),
	('Edenmore Avenue West', ARRAY['Castle Avenue / Edenmore Avenue', 'Artane']),
	('Kilbarrack Road', ARRAY['Foxfield Road / Vernon Avenue', 'Dollymount']),
	('Beaumont Road South', ARRAY['Lorcan Avenue / Beaumont Road', 'Artane']),
	('Annamoe Terrace', ARRAY['Connaught Street / Annamoe Road', 'Phibsborough']),
	('Dunsink Lane', ARRAY['Ratoath Road / Broombridge Road', 'Finglas']),
	('Home Farm Road West', ARRAY['Albert College Drive / Home Farm Road', 'Glasnevin']),
	('Coultry Road West', ARRAY['Albert College Drive / Coultry Road', 'Ballymun']),
	('Davitt Road West', ARRAY['Slievemore Road / Davitt Road', 'Inchicore']),
	('Errigal Road West', ARRAY['Slievemore Road / Errigal Road', 'Walkinstown']),
	('Wellington Lane South', ARRAY['Limekiln Lane / Wellington Lane', 'Greenhills']),
	('Sundrive Road East', ARRAY['Poddle Park / Sundrive Road', 'Harolds Cross']),
	('Taney Road West', ARRAY['Churchtown Road / Taney Road', 'Dundrum']),
	('Fosters Avenue North', ARRAY['Fosters Avenue / Roebuck Road', 'Belfield']),
	('Delwood Road East', ARRAY['Auburn Avenue / Delwood Road', 'Blanchardstown']),
	('Hillcrest Road North', ARRAY['Elm Way / Hillcrest Road', 'Lucan Bypass']),
	('Adamstown Avenue West', ARRAY['Tandys Lane / Adamstown Avenue', 'Adamstown']),
	('Airton Road East', ARRAY['Springfield Avenue / Airton Road', 'Cookstown']),
	('Rossfield Avenue West', ARRAY['Rossfield Avenue / Cloonmore Road', 'Jobstown']),
	('Malahide Road Swords', ARRAY['North Street Swords / Boroimhe Road', 'Swords']),
	('Alma Road West', ARRAY['Stradbrook Road / Alma Road', 'Blackrock']),
	('Tivoli Road East', ARRAY['Tivoli Road / Alma Road', 'Dun Laoghaire']);

DROP TABLE pg_temp.sample_district;

-- Buildings.  Each has a meet-me room, where its nodes stand, and an entrance
-- for each way out; a riser leads to each, a lead-in from there to the road.
-- Sea cables come ashore in beach manholes.
INSERT INTO pg_temp.sample_point (name, latitude, longitude, kind) VALUES
	('Portmarnock beach', 53.4290, -6.1210, 'beach_manhole'),
	('Sandymount Strand beach', 53.3370, -6.1900, 'beach_manhole'),
	('Portrane beach', 53.4945, -6.1000, 'beach_manhole'),
	('Soldiers Point beach', 53.3190, -4.6400, 'beach_manhole'),
	('Porth Dafarch beach', 53.2880, -4.6520, 'beach_manhole'),
	('Ainsdale beach', 53.6480, -3.0350, 'beach_manhole');

CREATE TEMPORARY TABLE sample_entrance (
	id integer GENERATED ALWAYS AS IDENTITY,
	site text, latitude double precision, longitude double precision,
	side text, way text					-- the way out, and the point it leads to
);

INSERT INTO pg_temp.sample_entrance (site, latitude, longitude, side, way) VALUES
	('Clonshaugh', 53.406, -6.205, 'north', 'N32 Clonshaugh'),
	('Clonshaugh', 53.406, -6.205, 'south', 'Priorswood'),
	('Clonshaugh', 53.406, -6.205, 'east', 'Belcamp'),
	('Ballycoolin', 53.412, -6.362, 'east', 'Ballycoolin Cross'),
	('Ballycoolin', 53.412, -6.362, 'south', 'Snugborough'),
	('Ballycoolin', 53.412, -6.362, 'west', 'Tyrrelstown'),
	('Mulhuddart', 53.4085, -6.406, 'north', 'Damastown'),
	('Mulhuddart', 53.4085, -6.406, 'east', 'Mulhuddart Village'),
	('Grange Castle', 53.319, -6.437, 'east', 'Nangor Gate'),
	('Grange Castle', 53.319, -6.437, 'south', 'Kilcarbery Lane'),
	('Grange Castle', 53.319, -6.437, 'west', 'Milltown Cross'),
	('Grange Castle', 53.319, -6.437, 'north', 'Balgaddy'),
	('Clondalkin', 53.327, -6.402, 'north', 'Fonthill'),
	('Clondalkin', 53.327, -6.402, 'south', 'Clondalkin Village'),
	('Clondalkin', 53.327, -6.402, 'west', 'Balgaddy'),
	('Profile Park', 53.3105, -6.424, 'north', 'Kilcarbery Lane'),
	('Profile Park', 53.3105, -6.424, 'west', 'Milltown Cross'),
	('Profile Park', 53.3105, -6.424, 'south', 'Kingswood'),
	('Citywest', 53.284, -6.436, 'north', 'Citywest Interchange'),
	('Citywest', 53.284, -6.436, 'west', 'Baldonnel'),
	('Citywest', 53.284, -6.436, 'east', 'Fortunestown'),
	('Citywest', 53.284, -6.436, 'south', 'Saggart'),
	('Tallaght', 53.290, -6.368, 'north', 'Cookstown'),
	('Tallaght', 53.290, -6.368, 'east', 'Tallaght Village'),
	('Tallaght', 53.290, -6.368, 'south', 'Whitestown'),
	('Belgard', 53.305, -6.386, 'north', 'Newlands Cross'),
	('Belgard', 53.305, -6.386, 'east', 'Belgard Road'),
	('Dublin', 53.35, -6.26, 'north', 'Parnell'),
	('Dublin', 53.35, -6.26, 'east', 'Talbot Street'),
	('Dublin', 53.35, -6.26, 'south', 'Abbey Street'),
	('Docklands', 53.3545, -6.236, 'east', 'East Wall'),
	('Docklands', 53.3545, -6.236, 'south', 'North Wall'),
	('Parkwest', 53.3335, -6.364, 'north', 'Cherry Orchard'),
	('Parkwest', 53.3335, -6.364, 'south', 'Park West'),
	('Sandyford', 53.279, -6.2105, 'west', 'Sandyford Village'),
	('Sandyford', 53.279, -6.2105, 'east', 'Burton Hall'),
	('Portmarnock', 53.4255, -6.133, 'west', 'Portmarnock Village'),
	('Portmarnock', 53.4255, -6.133, 'east', 'Portmarnock beach'),
	('Poolbeg', 53.339, -6.2, 'west', 'Poolbeg Road'),
	('Poolbeg', 53.339, -6.2, 'east', 'Sandymount Strand beach'),
	('Portrane', 53.493, -6.112, 'west', 'Donabate'),
	('Portrane', 53.493, -6.112, 'east', 'Portrane beach'),
	('Holyhead', 53.31, -4.63, 'north', 'Soldiers Point beach'),
	('Holyhead', 53.31, -4.63, 'south', 'Porth Dafarch beach'),
	('Southport', 53.65, -3.01, 'west', 'Ainsdale beach');

INSERT INTO pg_temp.sample_point (name, latitude, longitude, kind, site)
SELECT site || ' meet-me room', latitude, longitude, 'meet_me_room', site
FROM pg_temp.sample_entrance
GROUP BY site, latitude, longitude
ORDER BY min(id);

INSERT INTO pg_temp.sample_point (name, latitude, longitude, kind, site)
SELECT site || ' entrance ' || entrance.side,
	entrance.latitude + metres.north / 111300, entrance.longitude + metres.east / 66500,
	'building_entrance', site
FROM pg_temp.sample_entrance AS entrance
JOIN (VALUES ('north', 60.0, 0.0), ('south', -60, 0), ('east', 0, 60), ('west', 0, -60))
	AS metres (side, north, east) ON metres.side = entrance.side
ORDER BY entrance.id;

INSERT INTO pg_temp.sample_road (name, points, spacing, kind)
SELECT site || ' riser ' || side, ARRAY[site || ' meet-me room', site || ' entrance ' || side], 1000, 'riser'
FROM pg_temp.sample_entrance
ORDER BY id;

INSERT INTO pg_temp.sample_road (name, points)
SELECT site || ' lead-in ' || side, ARRAY[site || ' entrance ' || side, way]
FROM pg_temp.sample_entrance
ORDER BY id;

INSERT INTO pg_temp.sample_road (name, points, spacing, kind, course) VALUES
	('Irish Sea central', ARRAY['Portmarnock beach', 'Soldiers Point beach'], 1000000, 'submarine',
		'-6 53.4, -5.3 53.4'),
	('Irish Sea south', ARRAY['Sandymount Strand beach', 'Porth Dafarch beach'], 1000000, 'submarine',
		'-6 53.3, -5.3 53.3'),
	('Irish Sea north', ARRAY['Portrane beach', 'Ainsdale beach'], 1000000, 'submarine',
		'-6 53.5, -4.8 53.62, -3.6 53.65');

DROP TABLE pg_temp.sample_entrance;
