-- Sample network, part 3: circuits on the fibre, and the bundles that routers
-- make of them.
--
-- One row is one circuit: its bundle runs from A to Z, and the circuit rides on
-- the fibre links in `route`, in order from A.  The bundles are the links of the
-- network `backbone`; their circuits are links of `backbone_optical`, named
-- like the bundle with #1, #2 ... behind.

CREATE TEMPORARY TABLE sample_circuit (
	id integer GENERATED ALWAYS AS IDENTITY,
	a text, z text, label text,			-- label: tells parallel bundles apart
	member integer,
	gbps double precision,				-- each direction
	load_gbps double precision,			-- of its bundle's load
	route text[],
	status text DEFAULT 'in_service'
);

-- North America.
INSERT INTO pg_temp.sample_circuit (a, z, label, member, gbps, load_gbps, route) VALUES
	('New York', 'Ashburn', NULL, 1, 3200, 920, ARRAY['New York - Ashburn']),
	('New York', 'Ashburn', NULL, 2, 3200, 920,
		ARRAY['New York - Ocean City', 'Ocean City - Ashburn']),
	('New York', 'Chicago', NULL, 1, 2400, 1230, ARRAY['New York - Chicago']),
	('New York', 'Toronto', NULL, 1, 1600, 510, ARRAY['New York - Toronto']),
	('New York', 'Montreal', NULL, 1, 800, 210, ARRAY['New York - Montreal']),
	('Toronto', 'Chicago', NULL, 1, 1200, 610, ARRAY['Toronto - Chicago']),
	('Ashburn', 'Columbus', NULL, 1, 2400, 990, ARRAY['Ashburn - Columbus']),
	('Columbus', 'Chicago', NULL, 1, 2400, 1380, ARRAY['Columbus - Chicago']),
	('Ashburn', 'Atlanta', NULL, 1, 2400, 830, ARRAY['Ashburn - Atlanta']),
	('Atlanta', 'Miami', NULL, 1, 1600, 780, ARRAY['Atlanta - Miami']),
	('Atlanta', 'Dallas', NULL, 1, 1600, 920, ARRAY['Atlanta - Dallas']),
	('Miami', 'Dallas', NULL, 1, 1200, 280, ARRAY['Miami - Dallas']),
	('Chicago', 'Denver', NULL, 1, 1600, 920, ARRAY['Chicago - Denver']),
	('Chicago', 'Salt Lake City', NULL, 1, 1600, 380, ARRAY['Chicago - Salt Lake City']),
	('Chicago', 'Seattle', NULL, 1, 1200, 590, ARRAY['Chicago - Seattle']),
	('Denver', 'Dallas', NULL, 1, 1200, 740, ARRAY['Denver - Dallas']),
	('Denver', 'Salt Lake City', NULL, 1, 1200, NULL, ARRAY['Denver - Salt Lake City']),
	('Salt Lake City', 'San Jose', NULL, 1, 2400, NULL, ARRAY['Salt Lake City - San Jose']),
	('Dallas', 'Los Angeles', NULL, 1, 2400, 800, ARRAY['Dallas - Los Angeles']),
	('San Jose', 'Los Angeles', NULL, 1, 3200, 1960, ARRAY['San Jose - Los Angeles']),
	('San Jose', 'Los Angeles', NULL, 2, 1600, 980,
		ARRAY['Grover Beach - San Jose', 'Grover Beach - Los Angeles']),
	('San Jose', 'Seattle', NULL, 1, 1600, 870, ARRAY['San Jose - Seattle']),
	('Dallas', 'Queretaro', NULL, 1, 800, 440, ARRAY['Dallas - Queretaro']),
	('Los Angeles', 'Queretaro', NULL, 1, 400, 180, ARRAY['Los Angeles - Queretaro']),
	('Honolulu', 'Los Angeles', NULL, 1, 800, 460,
		ARRAY['Makaha - Honolulu', 'Makaha - Hermosa Beach', 'Hermosa Beach - Los Angeles']),
	('Honolulu', 'San Jose', NULL, 1, 800, 410,
		ARRAY['Kahe Point - Honolulu', 'Kahe Point - Grover Beach', 'Grover Beach - San Jose']);

-- Atlantic.
INSERT INTO pg_temp.sample_circuit (a, z, label, member, gbps, load_gbps, route) VALUES
	('Dublin', 'New York', NULL, 1, 1200, 530,
		ARRAY['Killala - Dublin', 'Shirley - Killala', 'New York - Shirley']),
	('Cork', 'Ashburn', NULL, 1, 6400, 1950,
		ARRAY['Castlefreke - Cork', 'Fastnet BU - Castlefreke', 'Ocean City - Fastnet BU',
		'Ocean City - Ashburn']),
	('Cork', 'New York', NULL, 1, 6400, 3020,
		ARRAY['Castlefreke - Cork', 'Fastnet BU - Castlefreke', 'Ocean City - Fastnet BU',
		'New York - Ocean City']),
	('London', 'New York', NULL, 1, 3200, 1830,
		ARRAY['Bude - London', 'Shirley - Bude', 'New York - Shirley']),
	('Manchester', 'Montreal', NULL, 1, 800, 210,
		ARRAY['Southport - Manchester', 'Halifax - Southport', 'Halifax - Montreal']),
	('Madrid', 'Ashburn', NULL, 1, 3200, 1110,
		ARRAY['Madrid - Sopelana', 'Virginia Beach - Sopelana', 'Virginia Beach - Ashburn']),
	('Paris', 'Ashburn', NULL, 1, 4800, NULL,
		ARRAY['Paris - Le Porge', 'Virginia Beach - Le Porge', 'Virginia Beach - Ashburn']),
	('Copenhagen', 'New York', NULL, 1, 1600, NULL,
		ARRAY['Blaabjerg - Copenhagen', 'Wall Township - Blaabjerg', 'New York - Wall Township']),
	('Lisbon', 'Fortaleza', NULL, 1, 1200, 670, ARRAY['Sines - Lisbon', 'Sines - Fortaleza']),
	('Cork', 'Lisbon', NULL, 1, 3200, NULL,
		ARRAY['Castlefreke - Cork', 'Fastnet BU - Castlefreke', 'Fastnet BU - Sines',
		'Sines - Lisbon']);

-- Ireland and Great Britain.
INSERT INTO pg_temp.sample_circuit (a, z, label, member, gbps, load_gbps, route) VALUES
	('Dublin', 'Cork', NULL, 1, 3200, 1230, ARRAY['Cork - Dublin 1']),
	('Dublin', 'Cork', NULL, 2, 3200, 1230, ARRAY['Cork - Dublin 2']),
	('Dublin', 'Manchester', NULL, 1, 1600, 900,
		ARRAY['Dublin - Holyhead 2', 'Holyhead - Manchester']),
	('Dublin', 'Manchester', NULL, 2, 1600, 900,
		ARRAY['Dublin - Southport', 'Southport - Manchester']),
	('Dublin', 'London', NULL, 1, 2400, 840,
		ARRAY['Dublin - Holyhead 1', 'Holyhead - Manchester', 'Manchester - London 1']),
	('Cork', 'London', NULL, 1, 1600, 470,
		ARRAY['Castlefreke - Cork', 'Castlefreke - Bude', 'Bude - London']),
	('Manchester', 'London', NULL, 1, 3200, NULL, ARRAY['Manchester - London 1']),
	('Manchester', 'London', NULL, 2, 1600, NULL, ARRAY['Manchester - London 2']),
	('Reykjavik', 'Manchester', NULL, 1, 200, NULL,
		ARRAY['Reykjavik - Seydisfjordur', 'Seydisfjordur - Dunnet Bay',
		'Dunnet Bay - Manchester']),
	('Reykjavik', 'Copenhagen', NULL, 1, 400, 100,
		ARRAY['Reykjavik - Landeyjar', 'Landeyjar - Blaabjerg', 'Blaabjerg - Copenhagen']),
	('Reykjavik', 'Dublin', NULL, 1, 800, 180,
		ARRAY['Reykjavik - Thorlakshofn', 'Thorlakshofn - Galway', 'Galway - Dublin']),
	('Cork', 'Paris', NULL, 1, 3200, NULL,
		ARRAY['Castlefreke - Cork', 'Castlefreke - Le Porge', 'Paris - Le Porge']);

-- Continental Europe.
INSERT INTO pg_temp.sample_circuit (a, z, label, member, gbps, load_gbps, route) VALUES
	('London', 'Paris', NULL, 1, 3200, 740, ARRAY['London - Paris (tunnel)']),
	('London', 'Paris', NULL, 2, 3200, 740, ARRAY['London - Paris (Dieppe)']),
	('London', 'Amsterdam', NULL, 1, 3200, 870,
		ARRAY['London - Lowestoft', 'Lowestoft - Amsterdam']),
	('Paris', 'Amsterdam', NULL, 1, 3200, 1200, ARRAY['Paris - Amsterdam']),
	('Paris', 'Frankfurt', NULL, 1, 3200, 1050, ARRAY['Paris - Frankfurt']),
	('Paris', 'Madrid', NULL, 1, 1600, 750, ARRAY['Paris - Madrid']),
	('Paris', 'Marseille', NULL, 1, 3200, 1840, ARRAY['Paris - Marseille']),
	('Amsterdam', 'Frankfurt', NULL, 1, 4800, NULL, ARRAY['Amsterdam - Frankfurt']),
	('Amsterdam', 'Hamburg', NULL, 1, 1600, 770, ARRAY['Amsterdam - Hamburg']),
	('Frankfurt', 'Hamburg', NULL, 1, 1600, 420, ARRAY['Frankfurt - Hamburg']),
	('Frankfurt', 'Vienna', NULL, 1, 1600, 740, ARRAY['Frankfurt - Vienna']),
	('Frankfurt', 'Zurich', NULL, 1, 1600, 840, ARRAY['Frankfurt - Zurich']),
	('Zurich', 'Milan', NULL, 1, 1600, 760, ARRAY['Zurich - Milan']),
	('Vienna', 'Milan', NULL, 1, 1200, 690, ARRAY['Vienna - Milan']),
	('Marseille', 'Milan', NULL, 1, 1600, 720, ARRAY['Marseille - Genoa', 'Genoa - Milan']),
	('Paris', 'Milan', NULL, 1, 1600, 770, ARRAY['Paris - Milan']),
	('Vienna', 'Warsaw', NULL, 1, 800, 290, ARRAY['Vienna - Warsaw']),
	('Hamburg', 'Warsaw', NULL, 1, 800, 180, ARRAY['Hamburg - Warsaw']),
	('Vienna', 'Istanbul', NULL, 1, 800, NULL, ARRAY['Vienna - Istanbul']),
	('Milan', 'Athens', NULL, 1, 800, NULL, ARRAY['Milan - Bari', 'Bari - Athens']),
	('Athens', 'Istanbul', NULL, 1, 400, 200, ARRAY['Athens - Istanbul']),
	('Madrid', 'Lisbon', NULL, 1, 1600, NULL, ARRAY['Madrid - Lisbon 1']),
	('Madrid', 'Lisbon', NULL, 2, 800, NULL, ARRAY['Madrid - Lisbon 2']),
	('Madrid', 'Marseille', NULL, 1, 1600, 870, ARRAY['Madrid - Marseille']),
	('Lisbon', 'Marseille', NULL, 1, 800, 230, ARRAY['Lisbon - Marseille']),
	('Hamburg', 'Copenhagen', NULL, 1, 1600, 900, ARRAY['Hamburg - Copenhagen']),
	('Hamburg', 'Copenhagen', NULL, 2, 800, 450,
		ARRAY['Hamburg - Blaabjerg', 'Blaabjerg - Copenhagen']),
	('Copenhagen', 'Stockholm', NULL, 1, 1600, 470, ARRAY['Copenhagen - Stockholm']),
	('Stockholm', 'Helsinki', NULL, 1, 800, 480, ARRAY['Stockholm - Helsinki']),
	('Helsinki', 'Hamburg', NULL, 1, 800, NULL, ARRAY['Helsinki - Rostock', 'Rostock - Hamburg']);

-- South America.
INSERT INTO pg_temp.sample_circuit (a, z, label, member, gbps, load_gbps, route) VALUES
	('Miami', 'Fortaleza', NULL, 1, 1200, 480, ARRAY['Miami - Fortaleza']),
	('Ashburn', 'Fortaleza', NULL, 1, 1600, NULL,
		ARRAY['Virginia Beach - Ashburn', 'Virginia Beach - Fortaleza']),
	('New York', 'Sao Paulo', NULL, 1, 1600, 490,
		ARRAY['New York - Wall Township', 'Wall Township - Praia Grande',
		'Praia Grande - Sao Paulo']),
	('Fortaleza', 'Sao Paulo', NULL, 1, 1200, 310,
		ARRAY['Fortaleza - Praia Grande', 'Praia Grande - Sao Paulo']),
	('Fortaleza', 'Sao Paulo', 'via Belo Horizonte', 1, 800, 460, ARRAY['Fortaleza - Sao Paulo']),
	('Sao Paulo', 'Buenos Aires', NULL, 1, 800, 370,
		ARRAY['Praia Grande - Sao Paulo', 'Praia Grande - Las Toninas',
		'Las Toninas - Buenos Aires']),
	('Sao Paulo', 'Buenos Aires', 'via Porto Alegre', 1, 400, 90,
		ARRAY['Sao Paulo - Buenos Aires']),
	('Buenos Aires', 'Santiago', NULL, 1, 800, 350, ARRAY['Buenos Aires - Santiago']),
	('Santiago', 'Los Angeles', NULL, 1, 1200, 600,
		ARRAY['Valparaiso - Santiago', 'Valparaiso - Hermosa Beach',
		'Hermosa Beach - Los Angeles']),
	('Santiago', 'Lima', NULL, 1, 400, 120, ARRAY['Valparaiso - Santiago', 'Valparaiso - Lima']),
	('Lima', 'Bogota', NULL, 1, 400, 170, ARRAY['Lima - Buenaventura', 'Buenaventura - Bogota']),
	('Bogota', 'Miami', NULL, 1, 400, 180, ARRAY['Cartagena - Bogota', 'Miami - Cartagena']);

-- Africa and Middle East.
INSERT INTO pg_temp.sample_circuit (a, z, label, member, gbps, load_gbps, route) VALUES
	('Lisbon', 'Casablanca', NULL, 1, 400, 220, ARRAY['Lisbon - Casablanca']),
	('Casablanca', 'Marseille', NULL, 1, 400, 230, ARRAY['Casablanca - Marseille']),
	('Lisbon', 'Lagos', NULL, 1, 1200, NULL, ARRAY['Sines - Lisbon', 'Sines - Lagos']),
	('Casablanca', 'Lagos', NULL, 1, 400, 240, ARRAY['Casablanca - Lagos']),
	('Lagos', 'Cape Town', NULL, 1, 1200, 370, ARRAY['Lagos - Cape Town']),
	('Fortaleza', 'Cape Town', NULL, 1, 400, 220,
		ARRAY['Luanda - Fortaleza', 'Luanda - Cape Town']),
	('Cape Town', 'Johannesburg', NULL, 1, 1600, 630, ARRAY['Johannesburg - Cape Town']),
	('Johannesburg', 'Nairobi', NULL, 1, 800, 190,
		ARRAY['Mtunzini - Johannesburg', 'Mombasa - Mtunzini', 'Mombasa - Nairobi']),
	('Nairobi', 'Cairo', NULL, 1, 200, 100,
		ARRAY['Djibouti - Nairobi', 'Zafarana - Djibouti', 'Cairo - Zafarana']),
	('Nairobi', 'Mumbai', NULL, 1, 400, 160, ARRAY['Mombasa - Nairobi', 'Mombasa - Mumbai']),
	('Marseille', 'Cairo', NULL, 1, 1600, 990,
		ARRAY['Marseille - Alexandria', 'Alexandria - Cairo']),
	('Athens', 'Cairo', NULL, 1, 400, 130,
		ARRAY['Athens - Alexandria', 'Alexandria - Zafarana', 'Cairo - Zafarana']),
	('Marseille', 'Jeddah', NULL, 1, 1600, 660,
		ARRAY['Marseille - Port Said', 'Port Said - Suez', 'Suez - Jeddah']),
	('Cairo', 'Jeddah', NULL, 1, 800, NULL, ARRAY['Cairo - Suez', 'Suez - Jeddah']),
	('Milan', 'Jeddah', NULL, 1, 2400, NULL,
		ARRAY['Genoa - Milan', 'Genoa - Tel Aviv', 'Tel Aviv - Aqaba', 'Aqaba - Jeddah']),
	('Jeddah', 'Dubai', NULL, 1, 1200, 480, ARRAY['Jeddah - Dubai']),
	('Jeddah', 'Mumbai', NULL, 1, 1600, NULL, ARRAY['Jeddah - Mumbai']),
	('Istanbul', 'Dubai', NULL, 1, 400, 100, ARRAY['Istanbul - Al Faw', 'Al Faw - Dubai']),
	('Dubai', 'Mumbai', NULL, 1, 800, 300, ARRAY['Dubai - Mumbai']),
	('Dubai', 'Mumbai', 'via Fujairah', 1, 800, 260,
		ARRAY['Dubai - Fujairah', 'Fujairah - Mumbai']),
	('Dubai', 'Perth', NULL, 1, 400, 110, ARRAY['Dubai - Fujairah', 'Fujairah - Perth']);

-- Asia.
INSERT INTO pg_temp.sample_circuit (a, z, label, member, gbps, load_gbps, route) VALUES
	('Mumbai', 'Chennai', NULL, 1, 1600, NULL, ARRAY['Mumbai - Chennai 1']),
	('Mumbai', 'Chennai', NULL, 2, 1600, NULL, ARRAY['Mumbai - Chennai 2']),
	('Mumbai', 'Singapore', NULL, 1, 1200, 390, ARRAY['Mumbai - Tuas', 'Tuas - Singapore']),
	('Chennai', 'Singapore', NULL, 1, 1600, 980, ARRAY['Chennai - Tuas', 'Tuas - Singapore']),
	('Chennai', 'Jakarta', NULL, 1, 800, 300, ARRAY['Chennai - Jakarta']),
	('Johannesburg', 'Singapore', NULL, 1, 400, 170,
		ARRAY['Mtunzini - Johannesburg', 'Mtunzini - Tuas', 'Tuas - Singapore']),
	('Jakarta', 'Singapore', NULL, 1, 1600, 520, ARRAY['Jakarta - Changi', 'Changi - Singapore']),
	('Jakarta', 'Perth', NULL, 1, 800, 390, ARRAY['Jakarta - Perth']),
	('Singapore', 'Perth', NULL, 1, 1200, 470, ARRAY['Changi - Singapore', 'Perth - Changi']),
	('Singapore', 'Hong Kong', NULL, 1, 2400, 1440,
		ARRAY['Changi - Singapore', 'Changi - Hong Kong']),
	('Singapore', 'Manila', NULL, 1, 1200, 510,
		ARRAY['Changi - Singapore', 'Changi - Nasugbu', 'Nasugbu - Manila']),
	('Hong Kong', 'Manila', NULL, 1, 800, 350, ARRAY['Hong Kong - Nasugbu', 'Nasugbu - Manila']),
	('Hong Kong', 'Taipei', NULL, 1, 1200, 460, ARRAY['Hong Kong - Fangshan', 'Fangshan - Taipei']),
	('Hong Kong', 'Taipei', NULL, 2, 1200, 460, ARRAY['Hong Kong - Toucheng', 'Toucheng - Taipei']),
	('Hong Kong', 'Tokyo', NULL, 1, 2400, 720, ARRAY['Hong Kong - Chikura', 'Chikura - Tokyo']),
	('Taipei', 'Tokyo', NULL, 1, 1200, 380,
		ARRAY['Toucheng - Taipei', 'Toucheng - Chikura', 'Chikura - Tokyo']),
	('Taipei', 'Tokyo', 'via Shima', 1, 1200, 700,
		ARRAY['Fangshan - Taipei', 'Fangshan - Shima', 'Shima - Tokyo']),
	('Taipei', 'Seoul', NULL, 1, 800, 190,
		ARRAY['Toucheng - Taipei', 'Toucheng - Busan', 'Busan - Seoul 1']),
	('Seoul', 'Tokyo', NULL, 1, 1200, 570,
		ARRAY['Busan - Seoul 2', 'Busan - Shima', 'Shima - Tokyo']);

-- Pacific and Oceania.
INSERT INTO pg_temp.sample_circuit (a, z, label, member, gbps, load_gbps, route) VALUES
	('Manila', 'Tokyo', NULL, 1, 800, 440,
		ARRAY['Daet - Manila', 'Daet - Guam', 'Guam - Chikura', 'Chikura - Tokyo']),
	('Manila', 'San Jose', NULL, 1, 1200, 630,
		ARRAY['Daet - Manila', 'Daet - Grover Beach', 'Grover Beach - San Jose']),
	('Tokyo', 'Seattle', NULL, 1, 1200, 610,
		ARRAY['Chikura - Tokyo', 'Chikura - Nedonna Beach', 'Nedonna Beach - Seattle']),
	('Tokyo', 'San Jose', NULL, 1, 1200, 420,
		ARRAY['Shima - Tokyo', 'Shima - Grover Beach', 'Grover Beach - San Jose']),
	('Tokyo', 'Los Angeles', NULL, 1, 1600, 700,
		ARRAY['Chikura - Tokyo', 'Chikura - Hermosa Beach', 'Hermosa Beach - Los Angeles']),
	('Sydney', 'Tokyo', NULL, 1, 800, NULL,
		ARRAY['Sydney - Guam', 'Guam - Chikura', 'Chikura - Tokyo']),
	('Sydney', 'Los Angeles', NULL, 1, 1200, 300,
		ARRAY['Sydney - Hermosa Beach', 'Hermosa Beach - Los Angeles']),
	('Sydney', 'Melbourne', NULL, 1, 1600, 450, ARRAY['Sydney - Melbourne 1']),
	('Sydney', 'Melbourne', NULL, 2, 800, 230, ARRAY['Sydney - Melbourne 2']),
	('Sydney', 'Perth', NULL, 1, 800, NULL, ARRAY['Sydney - Perth']),
	('Melbourne', 'Perth', NULL, 1, 800, NULL, ARRAY['Melbourne - Perth']),
	('Sydney', 'Auckland', NULL, 1, 800, 230, ARRAY['Sydney - Takapuna', 'Takapuna - Auckland']),
	('Sydney', 'Auckland', 'via Muriwai', 1, 800, 470,
		ARRAY['Sydney - Muriwai', 'Muriwai - Auckland']),
	('Auckland', 'Honolulu', NULL, 1, 800, 320,
		ARRAY['Takapuna - Auckland', 'Takapuna - Makaha', 'Makaha - Honolulu']),
	('Melbourne', 'Hobart', NULL, 1, 400, 90, ARRAY['Melbourne - Stanley', 'Stanley - Hobart']),
	('Sydney', 'Hobart', NULL, 1, 400, NULL,
		ARRAY['Sydney - Melbourne 2', 'Inverloch - Melbourne', 'Inverloch - George Town',
		'George Town - Hobart']);

-- On fibre that is not built yet.
UPDATE pg_temp.sample_circuit SET status = 'planned'
WHERE (a, z) IN (('Cork', 'Lisbon'), ('Cork', 'Paris'));

INSERT INTO netstate.link (network_id, name, kind, a_node_id, z_node_id,
	metric, latency_us, length_km, capacity_gbps, status)
SELECT network.id,
	concat_ws(' ', circuit.a || ' - ' || circuit.z, circuit.label, '#' || circuit.member),
	'circuit',
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = circuit.a),
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = circuit.z),
	ceil(route.length_km / 10),
	round((route.length_km * 4.9)::numeric, 1),
	route.length_km,
	circuit.gbps,
	circuit.status
FROM pg_temp.sample_circuit AS circuit
JOIN netstate.network ON network.name = 'backbone_optical'
CROSS JOIN LATERAL (
	SELECT round(sum(link.length_km)::numeric, 1)::double precision AS length_km
	FROM netstate.link
	WHERE link.network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_fibre')
		AND link.name = ANY (circuit.route)
) AS route
ORDER BY circuit.id;

-- A name in a route that is no fibre link makes a NULL here, and fails.
INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id)
SELECT link.id, 1, step.seq,
	(SELECT id FROM netstate.link
	 WHERE network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_fibre')
		AND name = step.name)
FROM pg_temp.sample_circuit AS circuit
CROSS JOIN LATERAL unnest(circuit.route) WITH ORDINALITY AS step (name, seq)
JOIN netstate.link
	ON link.network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_optical')
	AND link.name = concat_ws(' ', circuit.a || ' - ' || circuit.z, circuit.label,
		'#' || circuit.member);

-- A bundle is as long as its longest circuit: packets are spread over all.
INSERT INTO netstate.link (network_id, name, kind, a_node_id, z_node_id,
	metric, latency_us, length_km, capacity_gbps, load_gbps, status)
SELECT network.id, concat_ws(' ', circuit.a || ' - ' || circuit.z, circuit.label), 'bundle',
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = circuit.a),
	(SELECT id FROM netstate.node WHERE network_id = network.id AND name = circuit.z),
	max(optical.metric), max(optical.latency_us), max(optical.length_km),
	sum(circuit.gbps), sum(circuit.load_gbps), circuit.status
FROM pg_temp.sample_circuit AS circuit
JOIN netstate.network ON network.name = 'backbone'
JOIN netstate.link AS optical
	ON optical.network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_optical')
	AND optical.name = concat_ws(' ', circuit.a || ' - ' || circuit.z, circuit.label,
		'#' || circuit.member)
GROUP BY network.id, circuit.a, circuit.z, circuit.label, circuit.status
ORDER BY min(circuit.id);

INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id)
SELECT bundle.id, circuit.member, 1, optical.id
FROM pg_temp.sample_circuit AS circuit
JOIN netstate.link AS bundle
	ON bundle.network_id = (SELECT id FROM netstate.network WHERE name = 'backbone')
	AND bundle.name = concat_ws(' ', circuit.a || ' - ' || circuit.z, circuit.label)
JOIN netstate.link AS optical
	ON optical.network_id = (SELECT id FROM netstate.network WHERE name = 'backbone_optical')
	AND optical.name = concat_ws(' ', circuit.a || ' - ' || circuit.z, circuit.label,
		'#' || circuit.member);

DROP TABLE pg_temp.sample_circuit;
