-- Import of GraphML, above all the files of the Internet Topology Zoo.
--
-- Attributes are found by the names that the document's keys declare, never by
-- the ids of the keys, which differ from file to file.

--| Internal to `import_graphml`: where the document keeps what is read. GraphML
--| declares its attributes as keys; this finds the key of each by its
--| `attr.name`, letter case aside, and gives per attribute its id, the XPath of
--| its value, and its default.
CREATE FUNCTION netstate.graphml_keys(doc xml)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	keys jsonb;
BEGIN
	WITH declared AS MATERIALIZED (
		SELECT x.ord, x.id, coalesce(x.element, 'all') AS element, lower(coalesce(x.name, x.id)) AS name, x.initial
		FROM XMLTABLE(netstate.document_path('/graphml/key') PASSING doc COLUMNS
			ord FOR ORDINALITY, id text PATH '@id', element text PATH '@for', name text PATH '@attr.name',
			initial text PATH netstate.document_path('default')) AS x
		WHERE strpos(x.id, '"') = 0 OR strpos(x.id, '''') = 0
	)
	SELECT jsonb_object_agg(r.role, jsonb_build_object('id', k.id, 'initial', k.initial, 'path',
		-- an id with both kinds of quote cannot be put into an XPath: its
		-- key is not read, and reported like others that are not
		CASE WHEN k.id IS NULL THEN '*[false()]'
			ELSE format(CASE WHEN strpos(k.id, '"') = 0 THEN '%s[@key="%s"][1]' ELSE '%s[@key=''%s''][1]' END,
				netstate.document_path('data'), k.id) END))
	INTO keys
	FROM (VALUES
		('label', 'node', ARRAY['label', 'name']),
		('lon', 'node', ARRAY['longitude', 'lon']),
		('lat', 'node', ARRAY['latitude', 'lat']),
		('id', 'edge', ARRAY['id']),
		('status', 'edge', ARRAY['linkstatus']),
		('capacity', 'edge', ARRAY['linkspeedraw']),
		('metric', 'edge', ARRAY['metric']),
		('length', 'edge', ARRAY['length_km']),
		('latency', 'edge', ARRAY['latency_us'])) AS r (role, element, names)
	LEFT JOIN LATERAL (
		SELECT d.id, d.initial
		FROM declared AS d
		WHERE d.name = ANY (r.names) AND d.element IN (r.element, 'all')
		ORDER BY array_position(r.names, d.name), d.ord
		LIMIT 1) AS k ON true;
	RETURN keys;
END
$$;
COMMENT ON FUNCTION netstate.graphml_keys(xml) IS
'Internal: the keys of a GraphML document that are read.';

--| Internal to `import_graphml`: refuses what a flat graph cannot hold.
--|
--| Errors: 22023 no graph or several, a graph inside a node, an edge direction
--| that is none.
CREATE FUNCTION netstate.graphml_check(doc xml)
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	seen record;
BEGIN
	SELECT x.* INTO seen
	FROM XMLTABLE('/*' PASSING doc COLUMNS
		graphs bigint PATH 'count(*[local-name()="graph"])',
		nested bigint PATH 'count(*[local-name()="graph"]/*/*[local-name()="graph"])',
		direction text PATH '*[local-name()="graph"][1]/@edgedefault') AS x;
	IF seen.graphs <> 1 OR seen.nested > 0 THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'document is not one flat graph',
			DETAIL = format('It has %s graphs, and %s within nodes or edges.', seen.graphs, seen.nested),
			HINT = 'Import each graph as a document and a network of its own.';
	END IF;
	IF coalesce(seen.direction, 'undirected') NOT IN ('directed', 'undirected') THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'graph has an unknown edgedefault',
			DETAIL = format('It is "%s".', left(seen.direction, 60)),
			HINT = 'It is directed or undirected.';
	END IF;
	SELECT x.* INTO seen
	FROM XMLTABLE(netstate.document_path('/graphml/graph/edge') PASSING doc COLUMNS
		id text PATH '@id', source text PATH '@source', target text PATH '@target', direction text PATH '@directed') AS x
	WHERE x.direction NOT IN ('true', 'false', '1', '0')
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023',
			MESSAGE = format('link "%s" has an unknown direction', left(coalesce(seen.id, seen.source || ' - ' || seen.target), 60)),
			DETAIL = format('Its attribute directed is "%s".', left(seen.direction, 60)),
			HINT = 'It is true or false.';
	END IF;
END
$$;
COMMENT ON FUNCTION netstate.graphml_check(xml) IS
'Internal: refuses a GraphML document that is not one flat graph.';

--| Internal to `import_graphml`: the nodes of a document.
CREATE FUNCTION netstate.graphml_nodes(doc xml, keys jsonb)
RETURNS netstate.document_node[]
LANGUAGE sql STABLE
RETURN ARRAY(
	SELECT ROW(x.id, netstate.document_label(x.label), NULL, x.lon, x.lat)::netstate.document_node
	FROM XMLTABLE(netstate.document_path('/graphml/graph/node') PASSING doc COLUMNS
		ord FOR ORDINALITY,
		id text PATH '@id',
		label text PATH (keys #>> '{label,path}') DEFAULT (keys #>> '{label,initial}'),
		lon text PATH (keys #>> '{lon,path}') DEFAULT (keys #>> '{lon,initial}'),
		lat text PATH (keys #>> '{lat,path}') DEFAULT (keys #>> '{lat,initial}')) AS x
	ORDER BY x.ord);
COMMENT ON FUNCTION netstate.graphml_nodes(xml, jsonb) IS
'Internal: the nodes of a GraphML document.';

--| Internal to `import_graphml`: the edges of a document. An edge's id is its
--| XML id, else its attribute named `id`, else its ends.
CREATE FUNCTION netstate.graphml_links(doc xml, keys jsonb)
RETURNS netstate.document_link[]
LANGUAGE sql STABLE
RETURN ARRAY(
	SELECT ROW(
		coalesce(netstate.document_label(x.xml_id), netstate.document_label(x.id), format('%s - %s', x.source, x.target)),
		NULL, x.source, x.target,
		coalesce(x.direction, CASE x.initial WHEN 'directed' THEN 'true' ELSE 'false' END) IN ('true', '1'),
		CASE WHEN lower(netstate.document_label(x.status)) IN ('future', 'planned', 'planning', 'proposed') THEN 'planned' END,
		x.metric, x.length_km, x.latency_us, x.capacity)::netstate.document_link
	FROM XMLTABLE(netstate.document_path('/graphml/graph/edge') PASSING doc COLUMNS
		ord FOR ORDINALITY,
		xml_id text PATH '@id',
		source text PATH '@source',
		target text PATH '@target',
		direction text PATH '@directed',
		initial text PATH '../@edgedefault',
		id text PATH (keys #>> '{id,path}') DEFAULT (keys #>> '{id,initial}'),
		status text PATH (keys #>> '{status,path}') DEFAULT (keys #>> '{status,initial}'),
		metric text PATH (keys #>> '{metric,path}') DEFAULT (keys #>> '{metric,initial}'),
		length_km text PATH (keys #>> '{length,path}') DEFAULT (keys #>> '{length,initial}'),
		latency_us text PATH (keys #>> '{latency,path}') DEFAULT (keys #>> '{latency,initial}'),
		capacity text PATH (keys #>> '{capacity,path}') DEFAULT (keys #>> '{capacity,initial}')) AS x
	ORDER BY x.ord);
COMMENT ON FUNCTION netstate.graphml_links(xml, jsonb) IS
'Internal: the edges of a GraphML document.';

--| Internal to `import_graphml`: what a document has that no table holds.
CREATE FUNCTION netstate.graphml_left_out(doc xml, keys jsonb)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT v.item, 'left out', v.count, v.reason
	FROM XMLTABLE('/*' PASSING doc COLUMNS
		hyperedges bigint PATH 'count(*[local-name()="graph"]/*[local-name()="hyperedge"])',
		ports bigint PATH 'count(*[local-name()="graph"]/*/*[local-name()="port"])') AS x
	CROSS JOIN LATERAL (VALUES
		('hyperedge', x.hyperedges, 'a link has two ends'),
		('port', x.ports, 'links end at nodes')) AS v (item, count, reason)
	WHERE v.count > 0;
	RETURN QUERY
	SELECT coalesce(x.element, 'all') || ' attribute', 'left out', count(*),
		'not read: ' || netstate.name_list(array_agg(coalesce(x.name, x.id, '') ORDER BY lower(coalesce(x.name, x.id)) COLLATE "C", x.ord))
	FROM XMLTABLE(netstate.document_path('/graphml/key') PASSING doc COLUMNS
		ord FOR ORDINALITY, id text PATH '@id', element text PATH '@for', name text PATH '@attr.name') AS x
	WHERE NOT EXISTS (SELECT FROM jsonb_each(keys) AS k WHERE k.value ->> 'id' = x.id)
	GROUP BY coalesce(x.element, 'all')
	ORDER BY array_position(ARRAY['node', 'edge', 'graph'], coalesce(x.element, 'all')), 1;
END
$$;
COMMENT ON FUNCTION netstate.graphml_left_out(xml, jsonb) IS
'Internal: what a GraphML document has that no table holds.';

--| Makes a network from a GraphML document, such as those of the Internet
--| Topology Zoo.
--|
--| - `network`: name of the network to make; it must not exist yet.
--| - `doc`: the document, one flat graph. In psql: `` \set doc `cat FILE` ``, then
--|   `:'doc'::xml`. PostgreSQL refuses malformed XML with the line number (2200N).
--| - `layer`: fibre, optical, ethernet, ip, te or fabric.
--| - `us_per_km`: latency of a km of fibre, in us.
--|
--| Read are the node attributes label (or name), Longitude, Latitude and the edge
--| attributes LinkSpeedRaw (bit/s), LinkStatus, id, metric, length_km,
--| latency_us. Where none is given, length is that of the great circle, latency
--| is length times `us_per_km`, and metric is the length rounded up.
--|
--| Returns one row for each kind of thing and what became of it: `imported`,
--| `derived` (made here), `adapted` (kept, with a change) or `left out`, how many,
--| and why. All or nothing: an error leaves no row.
--|
--| Errors: 22004 a null argument; 22023 another format, a DOCTYPE, no node, an
--| end that is no node, a bad number, a bad argument; 21000 an element twice that
--| may stand once; 23505 the network exists.
--|
--| Cost: linear; about 4 s for 20,000 nodes and 20,000 links, most of it to store
--| them.
CREATE FUNCTION netstate.import_graphml(network text, doc xml, layer text DEFAULT 'ip', us_per_km double precision DEFAULT 4.9)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
DECLARE
	keys jsonb;
	nodes netstate.document_node[];
	network_id bigint;
BEGIN
	PERFORM netstate.document_check(doc, 'graphml', 'http://graphml.graphdrawing.org/');
	PERFORM netstate.graphml_check(doc);
	network_id := netstate.store_network(network, layer, us_per_km);
	keys := netstate.graphml_keys(doc);
	nodes := netstate.document_node_names(netstate.graphml_nodes(doc, keys));
	RETURN QUERY SELECT * FROM netstate.store_nodes(network_id, nodes);
	RETURN QUERY SELECT * FROM netstate.store_document_links(network_id, nodes, netstate.graphml_links(doc, keys), us_per_km, 1e-9);
	RETURN QUERY SELECT * FROM netstate.graphml_left_out(doc, keys);
END
$$;
COMMENT ON FUNCTION netstate.import_graphml(text, xml, text, double precision) IS
'Makes a network from a GraphML document, such as those of the Internet Topology Zoo; returns what was imported, derived, adapted and left out.';
