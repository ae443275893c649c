-- Import: what comes in from GraphML and SNDlib documents, what is derived,
-- adapted and left out; what is refused, and that a refusal leaves no row.
\set VERBOSITY terse
\pset null '(null)'

CREATE TEMP TABLE document (name text PRIMARY KEY, doc text NOT NULL);

-- The keys stand in an order, and have ids, that are not the Topology Zoo's.
-- Nodes: one without a place, None twice, a label twice, no label, an empty
-- label, a label in CDATA, one with an entity, one beyond ASCII, one whose label
-- is the name that another gets. Edges: parallel ones, one of them drawn the
-- other way, a self-loop, a planned one, one that gives all numbers itself.
INSERT INTO document VALUES ('zoo', $doc$<?xml version="1.0" encoding="utf-8"?>
<!-- a comment that says <!DOCTYPE -->
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key attr.name="LinkStatus" attr.type="string" for="edge" id="d9"/>
  <key attr.name="LinkSpeedRaw" attr.type="double" for="edge" id="d8"/>
  <key attr.name="Latitude" attr.type="double" for="node" id="d7"/>
  <key attr.name="Country" attr.type="string" for="node" id="d6"/>
  <key attr.name="id" attr.type="string" for="edge" id="d5"/>
  <key attr.name="label" attr.type="string" for="node" id="d4"/>
  <key attr.name="Longitude" attr.type="double" for="node" id="d3"/>
  <key attr.name="label" attr.type="string" for="graph" id="d2"/>
  <key attr.name="metric" attr.type="double" for="edge" id="m"/>
  <key attr.name="length_km" attr.type="double" for="edge" id="l"/>
  <key attr.name="latency_us" attr.type="double" for="edge" id="u"/>
  <graph edgedefault="undirected">
    <data key="d2">Test</data>
    <node id="0"><data key="d3">-6.26</data><data key="d4">Dublin</data><data key="d7">53.35</data><data key="d6">IE</data></node>
    <node id="1"><data key="d7">51.9</data><data key="d4">
      Cork   City
    </data><data key="d3">-8.47</data></node>
    <node id="2"><data key="d4">None</data></node>
    <node id="3"><data key="d4">None</data><data key="d7">52.66</data><data key="d3">-8.63</data></node>
    <node id="4"><data key="d4">Galway</data><data key="d7">53.27</data><data key="d3">-9.06</data></node>
    <node id="5"><data key="d4">Galway</data><data key="d7">53.28</data><data key="d3">-9.07</data></node>
    <node id="6"><data key="d7">54.27</data><data key="d3">-8.48</data></node>
    <node id="7"><data key="d4"> </data><data key="d7">54.6</data><data key="d3">-5.93</data></node>
    <node id="8"><data key="d4"><![CDATA[R&D <lab>]]></data><data key="d7">52.26</data><data key="d3">-7.11</data></node>
    <node id="9"><data key="d4">AT&amp;T</data><data key="d7">+40.7e0</data><data key="d3"> -74.0 </data></node>
    <node id="10"><data key="d4">K&#246;ln</data><data key="d7">50.94</data><data key="d3">6.96</data></node>
    <node id="11"><data key="d4">None (3)</data><data key="d7">51.5</data><data key="d3">-.13</data></node>
    <edge source="0" target="1"><data key="d5">e1</data><data key="d8">10000000000.0</data></edge>
    <edge source="0" target="1"><data key="d8">2500000000.0</data><data key="d5">e2</data></edge>
    <edge source="1" target="0"><data key="d8">155000000</data><data key="d5">e3</data></edge>
    <edge source="4" target="4"><data key="d5">loop</data></edge>
    <edge source="2" target="3"><data key="d5">e4</data></edge>
    <edge source="5" target="4" id="x5"><data key="d9">Future</data></edge>
    <edge source="10" target="9"><data key="d8">1e11</data><data key="l">8000</data><data key="u">41234.5</data><data key="m">77</data></edge>
    <edge source="6" target="7"/>
    <edge source="3" target="11"/>
  </graph>
</graphml>$doc$);

INSERT INTO document VALUES ('design', $doc$<?xml version="1.0" encoding="ISO-8859-1"?>
<network xmlns="http://sndlib.zib.de/network" version="1.0">
 <meta><unit>MBITPERSEC</unit></meta>
 <networkStructure>
  <nodes coordinatesType="geographical">
   <node id="Oslo"><coordinates><x>10.75</x><y>59.91</y></coordinates></node>
   <node id="Bergen"><coordinates><x>5.32</x><y>60.39</y></coordinates></node>
   <node id="Troms&#248;"><coordinates><x>18.96</x><y>69.65</y></coordinates></node>
   <node id="Anywhere"/>
  </nodes>
  <links>
   <link id="L1"><source>Oslo</source><target>Bergen</target>
    <preInstalledModule><capacity>10000.0</capacity><cost>0.0</cost></preInstalledModule>
    <additionalModules>
     <addModule><capacity>40000.0</capacity><cost>133.0</cost></addModule>
     <addModule><capacity>100000.0</capacity><cost>300.0</cost></addModule>
    </additionalModules>
    <routingCost>12.5</routingCost><setupCost>9</setupCost></link>
   <link id="L2"><source> Bergen
    </source><target>Oslo</target><routingCost>3</routingCost></link>
   <link id="L3"><source>Oslo</source><target>Troms&#248;</target><routingCost>1</routingCost></link>
   <link id="L4"><source>Oslo</source><target>Anywhere</target><routingCost>2</routingCost></link>
   <link id="L5"><source>Oslo</source><target>Oslo</target><routingCost>1</routingCost></link>
  </links>
 </networkStructure>
 <demands>
  <demand id="D1"><source>Oslo</source><target>Bergen</target><demandValue>2500.0</demandValue></demand>
  <demand id="D2"><source>Bergen</source><target>Oslo</target><routingUnit>155</routingUnit><demandValue>4</demandValue><maxPathLength>3</maxPathLength></demand>
  <demand id="D3"><source>Oslo</source><target>Oslo</target><demandValue>1</demandValue></demand>
  <demand id="D1"><source>Troms&#248;</source><target>Oslo</target><demandValue>0</demandValue>
   <admissiblePaths><admissiblePath id="P"><linkId>L3</linkId></admissiblePath></admissiblePaths></demand>
 </demands>
</network>$doc$);

-- Rows that an import writes.
CREATE FUNCTION pg_temp.rows_in_tables() RETURNS bigint
LANGUAGE sql AS $$
	SELECT (SELECT count(*) FROM netstate.network) + (SELECT count(*) FROM netstate.node) + (SELECT count(*) FROM netstate.link)
		+ (SELECT count(*) FROM netstate.demand) + (SELECT count(*) FROM netstate.srlg) + (SELECT count(*) FROM netstate.srlg_member)
$$;
SELECT pg_temp.rows_in_tables() AS rows_before \gset

-- Runs a statement and says how it was refused; the rows that it left.
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	before bigint := pg_temp.rows_in_tables();
	detail text;
	hint text;
	answer text;
BEGIN
	BEGIN
		EXECUTE statement;
		RETURN 'accepted';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		answer := concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''), nullif(hint, ''));
	END;
	RETURN answer || CASE WHEN pg_temp.rows_in_tables() <> before THEN ' | ROWS WERE LEFT' ELSE '' END;
END $$;

-- A GraphML document around nodes and edges.
CREATE FUNCTION pg_temp.graphml(inside text, direction text DEFAULT 'undirected') RETURNS xml
LANGUAGE sql AS $$
	SELECT format('<graphml><key id="x" for="node" attr.name="Longitude"/><key id="y" for="node" attr.name="Latitude"/>'
		'<key id="c" for="edge" attr.name="LinkSpeedRaw"/><key id="k" for="edge" attr.name="length_km"/>'
		'<key id="n" for="node" attr.name="label"/><graph edgedefault="%s">%s</graph></graphml>', direction, inside)::xml
$$;

-- An SNDlib document around nodes, links and demands.
CREATE FUNCTION pg_temp.sndlib(nodes text, links text DEFAULT '', demands text DEFAULT '', coordinates text DEFAULT 'geographical') RETURNS xml
LANGUAGE sql AS $$
	SELECT format('<network><networkStructure><nodes coordinatesType="%s">%s</nodes><links>%s</links></networkStructure>'
		'<demands>%s</demands></network>', coordinates, nodes, links, demands)::xml
$$;

-- Length by another formula, through unit vectors.
CREATE FUNCTION pg_temp.angle_km(a_lon float8, a_lat float8, z_lon float8, z_lat float8) RETURNS float8
LANGUAGE sql AS $$
	SELECT 6371.0088 * 2 * asin(sqrt(
		power(cos(radians(a_lat)) * cos(radians(a_lon)) - cos(radians(z_lat)) * cos(radians(z_lon)), 2)
		+ power(cos(radians(a_lat)) * sin(radians(a_lon)) - cos(radians(z_lat)) * sin(radians(z_lon)), 2)
		+ power(sin(radians(a_lat)) - sin(radians(z_lat)), 2)) / 2)
$$;

-- 1. a bad document changes nothing, also where its last edge is what is bad
SELECT outcome FROM netstate.import_graphml('bad', (SELECT replace(doc, 'target="11"', 'target="12"') FROM document WHERE name = 'zoo')::xml);
SELECT pg_temp.rows_in_tables() - :rows_before AS rows_left;

BEGIN;

-- 2. GraphML: the report
SELECT item, outcome, count, reason
FROM netstate.import_graphml('zoo', (SELECT doc FROM document WHERE name = 'zoo')::xml) WITH ORDINALITY AS r (item, outcome, count, reason, n)
ORDER BY n;

CREATE TEMP VIEW zoo_node AS
SELECT n.* FROM netstate.node n JOIN netstate.network w ON w.id = n.network_id WHERE w.name = 'zoo';
CREATE TEMP VIEW zoo_link AS
SELECT l.*, a.name AS a_name, z.name AS z_name,
	ST_X(a.geom) AS a_lon, ST_Y(a.geom) AS a_lat, ST_X(z.geom) AS z_lon, ST_Y(z.geom) AS z_lat
FROM netstate.link l JOIN netstate.network w ON w.id = l.network_id
JOIN netstate.node a ON a.id = l.a_node_id JOIN netstate.node z ON z.id = l.z_node_id
WHERE w.name = 'zoo';

-- names, in the order of the document (ASCII only, whatever the client reads)
SELECT replace(name, U&'\00F6', '(o umlaut)') AS node, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM zoo_node ORDER BY id;
SELECT replace(name, U&'\00F6', '(o umlaut)') AS link, directed, status, capacity_gbps, metric, length_km, latency_us
FROM zoo_link ORDER BY id;

-- counts agree with those of another way to count
SELECT (SELECT count(*) FROM zoo_node) = cardinality(xpath('//*[local-name()="node"]', doc::xml)) AS all_nodes,
	(SELECT count(*) FROM zoo_link) = cardinality(xpath('//*[local-name()="edge"][@source != @target]', doc::xml)) AS all_links,
	(SELECT count(*) FROM zoo_node WHERE geom IS NOT NULL) = cardinality(xpath('//*[local-name()="node"][*/@key="d3"]', doc::xml)) AS all_places
FROM document WHERE name = 'zoo';

-- lengths agree with another formula to the metre, latencies with lengths
SELECT count(*) AS links, count(length_km) AS with_length,
	bool_and(abs(length_km - pg_temp.angle_km(a_lon, a_lat, z_lon, z_lat)) <= 0.00051) AS length_agrees,
	bool_and(abs(latency_us - 4.9 * length_km) <= 0.00051) AS latency_agrees,
	bool_and((length_km IS NULL) = (a_lon IS NULL OR z_lon IS NULL)) AS none_invented
FROM zoo_link WHERE length_km IS DISTINCT FROM 8000;

-- the same document gives the same rows under any settings
SAVEPOINT settings;
SET LOCAL standard_conforming_strings = off;
SET LOCAL escape_string_warning = off;
SET LOCAL extra_float_digits = -15;
SET LOCAL xmloption = document;
SET LOCAL transform_null_equals = on;
SET LOCAL plpgsql.variable_conflict = 'error';
SET LOCAL plpgsql.extra_errors = 'all';
SET LOCAL search_path = '';
SELECT pg_catalog.count(*) AS report_rows
FROM netstate.import_graphml('again', (SELECT doc FROM pg_temp.document WHERE name = 'zoo')::pg_catalog.xml);
SELECT pg_catalog.count(*) AS nodes_that_differ
FROM (SELECT name, geom::pg_catalog.text FROM pg_temp.zoo_node
	EXCEPT SELECT n.name, n.geom::pg_catalog.text FROM netstate.node n JOIN netstate.network w ON w.id = n.network_id WHERE w.name = 'again') d;
SELECT pg_catalog.count(*) AS links_that_differ
FROM (SELECT name, metric, length_km, latency_us, capacity_gbps FROM pg_temp.zoo_link
	EXCEPT SELECT l.name, l.metric, l.length_km, l.latency_us, l.capacity_gbps
	FROM netstate.link l JOIN netstate.network w ON w.id = l.network_id WHERE w.name = 'again') d;
ROLLBACK TO settings;

-- 3. GraphML: arguments, keys and directions
-- layer and latency are the caller's
SELECT count(*) FROM netstate.import_graphml('fibres', pg_temp.graphml('<node id="a"><data key="x">1</data><data key="y">2</data></node>'
	'<node id="b"><data key="x">3</data><data key="y">4</data></node><edge source="a" target="b"/>'), 'fibre', us_per_km => 5.5);
SELECT w.layer, l.latency_us = round((5.5 * l.length_km)::numeric, 3) AS latency_agrees, l.metric = ceil(l.length_km) AS metric_agrees
FROM netstate.network w JOIN netstate.link l ON l.network_id = w.id WHERE w.name = 'fibres';

-- one place for both ends: length 0, metric 1
SELECT count(*) FROM netstate.import_graphml('one place', pg_temp.graphml('<node id="a"><data key="x">1</data><data key="y">2</data></node>'
	'<node id="b"><data key="x">1</data><data key="y">2</data></node><edge source="a" target="b"/>'));
SELECT l.length_km, l.latency_us, l.metric FROM netstate.link l JOIN netstate.network w ON w.id = l.network_id WHERE w.name = 'one place';

-- across the antimeridian it is the short way; pole to pole half the circle
SELECT count(*) FROM netstate.import_graphml('far', pg_temp.graphml('<node id="a"><data key="x">179</data><data key="y">0</data></node>'
	'<node id="b"><data key="x">-179</data><data key="y">0</data></node><node id="n"><data key="x">0</data><data key="y">90</data></node>'
	'<node id="s"><data key="x">0</data><data key="y">-90</data></node><edge source="a" target="b"/><edge source="n" target="s"/>'));
SELECT l.name, l.length_km FROM netstate.link l JOIN netstate.network w ON w.id = l.network_id WHERE w.name = 'far' ORDER BY l.id;

-- a default of a key, a key by its id, a key for all, a key that cannot be quoted
SELECT item, outcome, count, reason FROM netstate.import_graphml('defaults', $$<graphml>
	<key id="name" for="node"/><key id="a'b" for="all" attr.name="LONGITUDE"><default>7</default></key>
	<key id='q"q' attr.name="Latitude"><default>8</default></key><key id="z'&quot;" for="node" attr.name="label"/>
	<graph><node id="1"><data key="name">One</data></node><node id="2"><data key="a'b">9</data><data key='q"q'>10</data></node>
	<hyperedge/><node id="3"><port name="p"/></node></graph></graphml>$$) WITH ORDINALITY r (item, outcome, count, reason, n) ORDER BY n;
SELECT n.name, ST_X(n.geom) AS lon, ST_Y(n.geom) AS lat
FROM netstate.node n JOIN netstate.network w ON w.id = n.network_id WHERE w.name = 'defaults' ORDER BY n.id;

-- directed: a way there and a way back are one piece of fibre, pair by pair
SELECT item, outcome, count, reason FROM netstate.import_graphml('arcs', pg_temp.graphml(
	'<node id="a"/><node id="b"/><node id="c"/><edge source="a" target="b"/><edge source="b" target="a"/><edge source="b" target="a"/>'
	'<edge source="a" target="c"/><edge source="c" target="a" directed="false"/><edge source="a" target="b"/><edge source="a" target="b"/>', 'directed'))
	WITH ORDINALITY r (item, outcome, count, reason, n) ORDER BY n;
SELECT l.name, l.directed FROM netstate.link l JOIN netstate.network w ON w.id = l.network_id WHERE w.name = 'arcs' ORDER BY l.id;
SELECT g.name, g.kind, g.origin, array_agg(l.name ORDER BY l.id) AS members
FROM netstate.srlg g JOIN netstate.network w ON w.id = g.network_id
JOIN netstate.srlg_member m ON m.srlg_id = g.id JOIN netstate.link l ON l.id = m.link_id
WHERE w.name = 'arcs' GROUP BY g.id ORDER BY g.id;

-- names: collisions of made names end, long labels are cut, lists name ten
SELECT count(*) FROM netstate.import_graphml('names', pg_temp.graphml(
	'<node id="1"><data key="n">A</data></node><node id="2"><data key="n">A</data></node><node id="3"><data key="n">A (1)</data></node>'
	'<node id="4"><data key="n">A (1) #2</data></node><node id="A (2)"/><node id="5"><data key="n">' || repeat('x', 1000) || '</data></node>'
	'<node id="6"><data key="n">' || repeat('x', 1001) || '</data></node><edge source="5" target="6"/>'));
SELECT left(n.name, 20) AS name, char_length(n.name) FROM netstate.node n JOIN netstate.network w ON w.id = n.network_id WHERE w.name = 'names' ORDER BY n.id;
SELECT r.reason FROM netstate.import_graphml('loops', pg_temp.graphml('<node id="a"/>'
	|| (SELECT string_agg(format('<edge id="e%s" source="a" target="a"/>', i), '' ORDER BY i) FROM generate_series(1, 12) i))) r
WHERE r.outcome = 'left out' AND r.item = 'link';

-- 4. SNDlib: the report, and what is stored
SELECT item, outcome, count, reason
FROM netstate.import_sndlib('design', (SELECT doc FROM document WHERE name = 'design')::xml) WITH ORDINALITY AS r (item, outcome, count, reason, n)
ORDER BY n;
SELECT l.name, l.directed, l.metric, l.capacity_gbps,
	abs(l.length_km - pg_temp.angle_km(ST_X(a.geom), ST_Y(a.geom), ST_X(z.geom), ST_Y(z.geom))) <= 0.00051 AS length_agrees
FROM netstate.link l JOIN netstate.network w ON w.id = l.network_id
JOIN netstate.node a ON a.id = l.a_node_id JOIN netstate.node z ON z.id = l.z_node_id
WHERE w.name = 'design' ORDER BY l.id;
SELECT d.name, replace(a.name, U&'\00F8', '(o slash)') AS src, z.name AS dst, d.gbps
FROM netstate.demand d JOIN netstate.network w ON w.id = d.network_id
JOIN netstate.node a ON a.id = d.src_node_id JOIN netstate.node z ON z.id = d.dst_node_id
WHERE w.name = 'design' ORDER BY d.id;
SELECT (SELECT count(*) FROM netstate.node n JOIN netstate.network w ON w.id = n.network_id WHERE w.name = 'design')
		= cardinality(xpath('//*[local-name()="node"]', doc::xml)) AS all_nodes,
	(SELECT count(*) FROM netstate.demand d JOIN netstate.network w ON w.id = d.network_id WHERE w.name = 'design')
		= cardinality(xpath('//*[local-name()="demand"][*[local-name()="source"] != *[local-name()="target"]]', doc::xml)) AS all_demands
FROM document WHERE name = 'design';

-- directed, and a unit of the caller's; the links between Oslo and Bergen are a pair
SELECT item, outcome, count, reason
FROM netstate.import_sndlib('directed', (SELECT doc FROM document WHERE name = 'design')::xml, directed => true, gbps_per_unit => 2)
	WITH ORDINALITY AS r (item, outcome, count, reason, n)
WHERE item IN ('srlg', 'unit') ORDER BY n;
SELECT bool_and(l.directed) AS all_directed, max(l.capacity_gbps) AS capacity FROM netstate.link l JOIN netstate.network w ON w.id = l.network_id WHERE w.name = 'directed';

-- pixels are no places: no length, no latency, metric 1; units are told by the document or taken as Gbit/s
SELECT item, outcome, count, reason FROM netstate.import_sndlib('pixels', pg_temp.sndlib(
	'<node id="a"><coordinates><x>700</x><y>500</y></coordinates></node><node id="b"><coordinates><x>1</x><y>2</y></coordinates></node>',
	'<link><source>a</source><target>b</target></link>', '<demand><source>a</source><target>b</target><demandValue>3</demandValue></demand>', 'pixel'))
	WITH ORDINALITY r (item, outcome, count, reason, n) ORDER BY n;
SELECT l.name, l.metric, l.length_km, l.latency_us, d.name AS demand, d.gbps FROM netstate.network w
JOIN netstate.link l ON l.network_id = w.id JOIN netstate.demand d ON d.network_id = w.id WHERE w.name = 'pixels';
SELECT unit, netstate.sndlib_gbps_per_unit(format('<network><meta><unit>%s</unit></meta></network>', unit)::xml) AS gbps
FROM unnest(ARRAY['BITSPERSEC', 'KBITPERSEC', ' MbitPerSec ', 'GBITPERSEC', 'TBITSPERSEC', 'furlong', '']) WITH ORDINALITY AS u (unit, n) ORDER BY n;

-- 5. what is refused
-- malformed: PostgreSQL says the line
CREATE FUNCTION pg_temp.malformed(doc text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM netstate.import_graphml('malformed', doc::xml);
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' ', SQLSTATE, substring(detail FROM '^line [0-9]+'));
END $$;
SELECT what, pg_temp.malformed(doc) FROM (VALUES
	(1, 'wrong end tag', E'<graphml>\n<graph>\n</graphs>\n</graphml>'),
	(2, 'no end', E'<graphml>\n<graph>'),
	(3, 'two attributes of one name', E'<graphml>\n\n<graph id="a" id="b"/></graphml>'),
	(4, 'unknown entity', E'<graphml>\n&eacute;</graphml>'),
	(5, 'control character', E'<graphml>\n' || chr(1) || '</graphml>'),
	(6, 'a million levels', repeat('<a>', 1000000)),
	(7, 'entities that multiply', '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">'
		'<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">'
		'<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;">]><a>&h;</a>'),
	(8, 'byte order mark and declaration', U&'\FEFF<?xml version="1.0"?><graphml/>')
) t (n, what, doc) ORDER BY n;

-- cut off anywhere, a document is refused or, where what is cut is white space, whole
SELECT count(*) AS cuts, count(*) FILTER (WHERE answer LIKE '2200N%') AS malformed, count(*) FILTER (WHERE answer LIKE '22023%') AS refused
FROM (SELECT pg_temp.malformed(left(doc, cut)) AS answer FROM document, generate_series(0, char_length(doc) - 1, 23) AS cut WHERE name = 'zoo') t;

-- of another format
SELECT what, pg_temp.refusal(format('SELECT netstate.%s(''other'', %L)', reader, doc)) FROM (VALUES
	(1, 'no document', 'import_graphml', NULL),
	(2, 'no document', 'import_sndlib', NULL),
	(3, 'SNDlib as GraphML', 'import_graphml', (SELECT doc FROM document WHERE name = 'design')),
	(4, 'GraphML as SNDlib', 'import_sndlib', (SELECT doc FROM document WHERE name = 'zoo')),
	(5, 'another root', 'import_graphml', '<gexf/>'),
	(6, 'another namespace', 'import_graphml', '<graphml xmlns="urn:else"/>'),
	(7, 'text', 'import_graphml', '  just text  '),
	(8, 'nothing', 'import_sndlib', ''),
	(9, 'two roots', 'import_graphml', '<graphml/><graphml/>'),
	(11, 'DOCTYPE', 'import_graphml', '<?xml version="1.0"?><!-- a --><?b c?> <!DOCTYPE graphml><graphml/>'),
	(12, 'external entity', 'import_sndlib', '<!DOCTYPE network [<!ENTITY x SYSTEM "file:///etc/passwd">]><network>&x;</network>'),
	(13, 'no graph', 'import_graphml', '<graphml/>'),
	(14, 'two graphs', 'import_graphml', '<graphml><graph/><graph/></graphml>'),
	(15, 'graph in a node', 'import_graphml', '<graphml><graph><node id="a"><graph/></node></graph></graphml>'),
	(16, 'empty graph', 'import_graphml', '<graphml><graph/></graphml>'),
	(17, 'empty network', 'import_sndlib', '<network/>')
) t (n, what, reader, doc) ORDER BY n;

-- libxml2's version decides whether a byte order mark is taken; what is bad is
-- refused with the same state either way
SELECT left(pg_temp.refusal(format('SELECT netstate.import_graphml(''other'', %L)', U&'\FEFF<graphml/>')), 5) AS state;

-- bad GraphML content
SELECT what, pg_temp.refusal(format('SELECT netstate.import_graphml(''bad'', %L)', doc)) FROM (VALUES
	(1, 'latitude 91', pg_temp.graphml('<node id="a"><data key="x">1</data><data key="y">91</data></node>')),
	(2, 'longitude 540', pg_temp.graphml('<node id="a"><data key="x">540</data><data key="y">1</data></node>')),
	(3, 'NaN', pg_temp.graphml('<node id="a"><data key="x">NaN</data><data key="y">1</data></node>')),
	(4, 'text', pg_temp.graphml('<node id="a"><data key="x">12 W</data><data key="y">1</data></node>')),
	(5, 'infinite', pg_temp.graphml('<node id="a"><data key="x">1e999</data><data key="y">1</data></node>')),
	(6, 'many digits', pg_temp.graphml('<node id="a"><data key="x">' || repeat('1', 100000) || '</data><data key="y">1</data></node>')),
	(7, 'half a place', pg_temp.graphml('<node id="a"><data key="x">1</data></node>')),
	(8, 'no id', pg_temp.graphml('<node/>')),
	(9, 'an empty id', pg_temp.graphml('<node id="a"/><node id=" "/>')),
	(10, 'an id twice', pg_temp.graphml('<node id="a"/><node id="b"/><node id="a"/>')),
	(11, 'unknown target', pg_temp.graphml('<node id="a"/><edge id="e7" source="a" target="zz"/><edge source="yy" target="a"/>')),
	(12, 'no source', pg_temp.graphml('<node id="a"/><edge target="a"/>')),
	(13, 'negative capacity', pg_temp.graphml('<node id="a"/><node id="b"/><edge source="a" target="b"><data key="c">-1</data></edge>')),
	(14, 'capacity text', pg_temp.graphml('<node id="a"/><node id="b"/><edge source="a" target="b"><data key="c">10G</data></edge>')),
	(15, 'length NaN', pg_temp.graphml('<node id="a"/><node id="b"/><edge source="a" target="b"><data key="k">nan</data></edge>')),
	(16, 'edgedefault', pg_temp.graphml('<node id="a"/>', 'both')),
	(17, 'direction of an edge', pg_temp.graphml('<node id="a"/><node id="b"/><edge source="a" target="b" directed="maybe"/>')),
	(18, 'default of a key', '<graphml><key id="d" attr.name="Latitude" for="node"><default>north</default></key><graph><node id="a"/></graph></graphml>')
) t (n, what, doc) ORDER BY n;

-- bad SNDlib content
SELECT what, pg_temp.refusal(format('SELECT netstate.import_sndlib(''bad'', %L)', doc)) FROM (VALUES
	(1, 'latitude 91', pg_temp.sndlib('<node id="a"><coordinates><x>1</x><y>91</y></coordinates></node>')),
	(2, 'no latitude', pg_temp.sndlib('<node id="a"><coordinates><x>1</x></coordinates></node>')),
	(3, 'two longitudes', pg_temp.sndlib('<node id="a"><coordinates><x>1</x><x>1</x><y>1</y></coordinates></node>')),
	(4, 'link to nowhere', pg_temp.sndlib('<node id="a"/>', '<link id="L"><source>a</source><target>b</target></link>')),
	(5, 'link without target', pg_temp.sndlib('<node id="a"/>', '<link id="L"><source>a</source></link>')),
	(6, 'negative cost', pg_temp.sndlib('<node id="a"/><node id="b"/>', '<link id="L"><source>a</source><target>b</target><routingCost>-1</routingCost></link>')),
	(7, 'demand to nowhere', pg_temp.sndlib('<node id="a"/>', '', '<demand id="D"><source>a</source><target>b</target><demandValue>1</demandValue></demand>')),
	(8, 'demand without value', pg_temp.sndlib('<node id="a"/><node id="b"/>', '', '<demand id="D"><source>a</source><target>b</target></demand>')),
	(9, 'negative demand', pg_temp.sndlib('<node id="a"/><node id="b"/>', '', '<demand id="D"><source>a</source><target>b</target><demandValue>-1</demandValue></demand>')),
	(10, 'unit of a demand', pg_temp.sndlib('<node id="a"/><node id="b"/>', '', '<demand id="D"><source>a</source><target>b</target><demandValue>1</demandValue><routingUnit>x</routingUnit></demand>'))
) t (n, what, doc) ORDER BY n;

-- bad arguments
SELECT what, pg_temp.refusal(statement) FROM (VALUES
	(1, 'network exists', $$SELECT netstate.import_graphml('zoo', pg_temp.graphml('<node id="a"/>'))$$),
	(2, 'no name', $$SELECT netstate.import_graphml(NULL, pg_temp.graphml('<node id="a"/>'))$$),
	(3, 'no layer', $$SELECT netstate.import_graphml('x', pg_temp.graphml('<node id="a"/>'), NULL)$$),
	(4, 'no latency', $$SELECT netstate.import_graphml('x', pg_temp.graphml('<node id="a"/>'), us_per_km => NULL)$$),
	(5, 'unknown layer', $$SELECT netstate.import_graphml('x', pg_temp.graphml('<node id="a"/>'), 'mpls')$$),
	(6, 'layer plant', $$SELECT netstate.import_sndlib('x', pg_temp.sndlib('<node id="a"/>'), 'plant')$$),
	(7, 'latency 0', $$SELECT netstate.import_graphml('x', pg_temp.graphml('<node id="a"/>'), us_per_km => 0)$$),
	(8, 'latency NaN', $$SELECT netstate.import_graphml('x', pg_temp.graphml('<node id="a"/>'), us_per_km => 'NaN')$$),
	(9, 'latency infinite', $$SELECT netstate.import_sndlib('x', pg_temp.sndlib('<node id="a"/>'), us_per_km => 'Infinity')$$),
	(10, 'no direction', $$SELECT netstate.import_sndlib('x', pg_temp.sndlib('<node id="a"/>'), directed => NULL)$$),
	(11, 'unit 0', $$SELECT netstate.import_sndlib('x', pg_temp.sndlib('<node id="a"/>'), gbps_per_unit => 0)$$),
	(12, 'unit NaN', $$SELECT netstate.import_sndlib('x', pg_temp.sndlib('<node id="a"/>'), gbps_per_unit => 'NaN')$$)
) t (n, what, statement) ORDER BY n;
SELECT what, split_part(pg_temp.refusal(statement), ' | ', 1) AS sqlstate FROM (VALUES
	(1, 'empty name', $$SELECT netstate.import_graphml('', pg_temp.graphml('<node id="a"/>'))$$),
	(2, 'reserved name', $$SELECT netstate.import_graphml('plant', pg_temp.graphml('<node id="a"/>'))$$),
	(3, '1 MB name', $$SELECT netstate.import_graphml(repeat('x', 1048576), pg_temp.graphml('<node id="a"/>'))$$)
) t (n, what, statement) ORDER BY n;

-- 6. the caller's rights
CREATE ROLE regress_import_reader;
GRANT USAGE ON SCHEMA netstate TO regress_import_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA netstate TO regress_import_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA netstate TO regress_import_reader;
SET LOCAL ROLE regress_import_reader;
DO $$
BEGIN
	PERFORM netstate.import_graphml('x', '<graphml><graph><node id="a"/></graph></graphml>');
EXCEPTION WHEN insufficient_privilege THEN
	RAISE NOTICE 'a reader may not import';
END $$;
RESET ROLE;
GRANT INSERT ON netstate.network, netstate.node, netstate.link TO regress_import_reader;
SET LOCAL ROLE regress_import_reader;
SELECT item, outcome, count FROM netstate.import_graphml('x', '<graphml><graph><node id="a"/></graph></graphml>')
	WITH ORDINALITY r (item, outcome, count, reason, n) ORDER BY n;
RESET ROLE;

-- 7. generated documents: whatever is in, comes out
SELECT setseed(0.4);
CREATE TEMP TABLE made AS
SELECT g.n, pg_temp.graphml(
	(SELECT string_agg(format('<node id="%s"><data key="n">L%s</data>%s</node>', i, i % 7,
			CASE WHEN random() < 0.8 THEN format('<data key="y">%s</data><data key="x">%s</data>', random() * 180 - 90, random() * 360 - 180) END), '')
		FROM generate_series(1, 20) i)
	|| (SELECT string_agg(format('<edge source="%s" target="%s"/>', 1 + floor(random() * 20), 1 + floor(random() * 20)), '') FROM generate_series(1, 40) i),
	CASE WHEN g.n % 2 = 0 THEN 'directed' ELSE 'undirected' END) AS doc
FROM generate_series(1, 20) AS g (n);
SELECT count(*) > 0 AS imported FROM made CROSS JOIN LATERAL netstate.import_graphml('made ' || n, doc);
SELECT count(*) AS documents,
	bool_and((SELECT count(*) FROM netstate.node x WHERE x.network_id = w.id) = 20) AS all_nodes,
	bool_and((SELECT count(*) FROM netstate.link l WHERE l.network_id = w.id) = cardinality(xpath('//edge[@source != @target]', doc))) AS all_links,
	bool_and((SELECT bool_and((l.length_km IS NULL) = (a.geom IS NULL OR z.geom IS NULL)
			AND (l.length_km IS NULL OR abs(l.length_km - pg_temp.angle_km(ST_X(a.geom), ST_Y(a.geom), ST_X(z.geom), ST_Y(z.geom))) <= 0.0006))
		FROM netstate.link l JOIN netstate.node a ON a.id = l.a_node_id JOIN netstate.node z ON z.id = l.z_node_id WHERE l.network_id = w.id)) AS length_agrees,
	bool_and((SELECT coalesce(bool_and(members = 2), true) FROM (SELECT count(*) AS members FROM netstate.srlg g JOIN netstate.srlg_member m ON m.srlg_id = g.id
		WHERE g.network_id = w.id GROUP BY g.id) t)) AS pairs_are_two
FROM made JOIN netstate.network w ON w.name = 'made ' || n;

ROLLBACK;
SELECT pg_temp.rows_in_tables() - :rows_before AS rows_left;
