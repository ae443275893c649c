-- Import of SNDlib network files in the library's XML format.
--
-- A network to design becomes a network to route on: nodes, links, what is
-- installed, and demands.  What could be bought (modules) is left out.

--| Internal to `import_sndlib`: the nodes of a document. Coordinates are places
--| only where the document calls them geographical.
CREATE FUNCTION netstate.sndlib_nodes(doc xml)
RETURNS netstate.document_node[]
LANGUAGE sql STABLE
RETURN ARRAY(
	SELECT ROW(btrim(x.id), netstate.document_label(x.id), NULL,
		CASE x.coordinates WHEN 'geographical' THEN x.lon END,
		CASE x.coordinates WHEN 'geographical' THEN x.lat END)::netstate.document_node
	FROM XMLTABLE(netstate.document_path('/network/networkStructure/nodes/node') PASSING doc COLUMNS
		ord FOR ORDINALITY,
		id text PATH '@id',
		coordinates text PATH '../@coordinatesType',
		lon text PATH netstate.document_path('coordinates/x'),
		lat text PATH netstate.document_path('coordinates/y')) AS x
	ORDER BY x.ord);
COMMENT ON FUNCTION netstate.sndlib_nodes(xml) IS
'Internal: the nodes of an SNDlib document.';

--| Internal to `import_sndlib`: the links of a document. The metric is the
--| routing cost, the capacity that of the preinstalled module.
CREATE FUNCTION netstate.sndlib_links(doc xml, directed boolean)
RETURNS netstate.document_link[]
LANGUAGE sql STABLE
RETURN ARRAY(
	SELECT ROW(coalesce(netstate.document_label(x.id), format('%s - %s', btrim(x.source, E' \t\r\n'), btrim(x.target, E' \t\r\n'))),
		netstate.document_label(x.id), btrim(x.source, E' \t\r\n'), btrim(x.target, E' \t\r\n'), directed, NULL,
		x.metric, NULL, NULL, x.capacity)::netstate.document_link
	FROM XMLTABLE(netstate.document_path('/network/networkStructure/links/link') PASSING doc COLUMNS
		ord FOR ORDINALITY,
		id text PATH '@id',
		source text PATH netstate.document_path('source'),
		target text PATH netstate.document_path('target'),
		metric text PATH netstate.document_path('routingCost'),
		capacity text PATH netstate.document_path('preInstalledModule/capacity')) AS x
	ORDER BY x.ord);
COMMENT ON FUNCTION netstate.sndlib_links(xml, boolean) IS
'Internal: the links of an SNDlib document.';

--| Internal to `import_sndlib`: the demands of a document.
CREATE FUNCTION netstate.sndlib_demands(doc xml)
RETURNS netstate.document_demand[]
LANGUAGE sql STABLE
RETURN ARRAY(
	SELECT ROW(coalesce(netstate.document_label(x.id), format('%s -> %s', btrim(x.source, E' \t\r\n'), btrim(x.target, E' \t\r\n'))),
		btrim(x.source, E' \t\r\n'), btrim(x.target, E' \t\r\n'), x.value, x.unit)::netstate.document_demand
	FROM XMLTABLE(netstate.document_path('/network/demands/demand') PASSING doc COLUMNS
		ord FOR ORDINALITY,
		id text PATH '@id',
		source text PATH netstate.document_path('source'),
		target text PATH netstate.document_path('target'),
		value text PATH netstate.document_path('demandValue'),
		unit text PATH netstate.document_path('routingUnit')) AS x
	ORDER BY x.ord);
COMMENT ON FUNCTION netstate.sndlib_demands(xml) IS
'Internal: the demands of an SNDlib document.';

--| Internal to `import_sndlib`: how many Gbit/s the document's unit is, by its
--| `meta/unit`, such as MBITPERSEC; NULL where it says nothing that is known.
CREATE FUNCTION netstate.sndlib_gbps_per_unit(doc xml)
RETURNS double precision
LANGUAGE sql STABLE
RETURN (
	SELECT u.gbps
	FROM XMLTABLE(netstate.document_path('/network/meta') PASSING doc COLUMNS
		unit text PATH netstate.document_path('unit')) AS x
	JOIN (VALUES ('', 1e-9), ('K', 1e-6), ('M', 1e-3), ('G', 1), ('T', 1e3)) AS u (prefix, gbps)
		ON upper(btrim(x.unit, E' \t\r\n')) IN (u.prefix || 'BITPERSEC', u.prefix || 'BITSPERSEC')
	LIMIT 1);
COMMENT ON FUNCTION netstate.sndlib_gbps_per_unit(xml) IS
'Internal: how many Gbit/s the unit of an SNDlib document is; NULL where it is not known.';

--| Internal to `import_sndlib`: checks, stores and reports demands.
--|
--| Errors: 22023 an end that is not a node of the document, a bad number.
CREATE FUNCTION netstate.store_demands(network_id bigint, nodes netstate.document_node[], demands netstate.document_demand[],
	gbps_per_unit double precision)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	node_ids bigint[] := netstate.stored_node_ids(network_id, nodes);
	named text[];
	bad record;
BEGIN
	SELECT d.id, d.src, d.dst INTO bad
	FROM unnest(demands) WITH ORDINALITY AS d (id, src, dst, value, unit, ord)
	LEFT JOIN unnest(nodes) AS a ON a.id = d.src
	LEFT JOIN unnest(nodes) AS z ON z.id = d.dst
	WHERE a.id IS NULL OR z.id IS NULL
	ORDER BY d.ord LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023',
			MESSAGE = format('demand "%s" ends at a node that the document does not have', left(bad.id, 60)),
			DETAIL = format('It goes from node id "%s" to "%s".', left(bad.src, 60), left(bad.dst, 60)),
			HINT = 'Both ends of a demand are ids of nodes in the same document.';
	END IF;
	SELECT d.id, d.value, d.unit INTO bad
	FROM unnest(demands) WITH ORDINALITY AS d (id, src, dst, value, unit, ord)
	WHERE coalesce(netstate.document_number(d.value), 'NaN') NOT BETWEEN 0 AND 1e15
		OR coalesce(netstate.document_number(d.unit), 1) NOT BETWEEN 0 AND 1e15
	ORDER BY d.ord LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('demand "%s" has no valid value', left(bad.id, 60)),
			DETAIL = format('The document says demandValue "%s", routingUnit "%s".', left(bad.value, 60), left(bad.unit, 60)),
			HINT = 'Each is a number from 0 to 1e15; routingUnit may be absent.';
	END IF;
	named := netstate.unique_names(ARRAY(
		SELECT d.id FROM unnest(demands) WITH ORDINALITY AS d (id, src, dst, value, unit, ord) ORDER BY d.ord));
	INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps)
	SELECT store_demands.network_id, d.named, a.node_id, z.node_id,
		(netstate.document_number(d.value)::numeric * coalesce(netstate.document_number(d.unit), 1)::numeric * gbps_per_unit::numeric)::float8
	FROM ROWS FROM (unnest(demands), unnest(named)) WITH ORDINALITY AS d (id, src, dst, value, unit, named, ord)
	JOIN ROWS FROM (unnest(nodes), unnest(node_ids)) AS a (id, label, name, lon, lat, node_id) ON a.id = d.src
	JOIN ROWS FROM (unnest(nodes), unnest(node_ids)) AS z (id, label, name, lon, lat, node_id) ON z.id = d.dst
	WHERE d.src <> d.dst
	ORDER BY d.ord;

	RETURN QUERY
	SELECT 'demand', 'imported', count(*) FILTER (WHERE d.src <> d.dst), NULL::text FROM unnest(demands) AS d;
	RETURN QUERY
	SELECT 'demand', 'left out', count(*), 'both ends are one node: ' || netstate.name_list(array_agg(d.id ORDER BY d.ord))
	FROM unnest(demands) WITH ORDINALITY AS d (id, src, dst, value, unit, ord)
	WHERE d.src = d.dst
	HAVING count(*) > 0;
END
$$;
COMMENT ON FUNCTION netstate.store_demands(bigint, netstate.document_node[], netstate.document_demand[], double precision) IS
'Internal: checks, stores and reports the demands of a document.';

--| Internal to `import_sndlib`: what a document has that no table holds.
CREATE FUNCTION netstate.sndlib_left_out(doc xml)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT v.item, 'left out', v.count, v.reason
	FROM XMLTABLE('/*' PASSING doc COLUMNS
		pixels bigint PATH 'count(*/*[local-name()="nodes"][not(@coordinatesType="geographical")]/*/*[local-name()="coordinates"])',
		modules bigint PATH 'count(*/*[local-name()="links"]/*/*/*[local-name()="addModule"])',
		installed bigint PATH 'count(*/*[local-name()="links"]/*/*[local-name()="preInstalledModule"]/*[local-name()="cost"])',
		setup bigint PATH 'count(*/*[local-name()="links"]/*/*[local-name()="setupCost"])',
		hops bigint PATH 'count(*[local-name()="demands"]/*/*[local-name()="maxPathLength"])',
		paths bigint PATH 'count(*[local-name()="demands"]/*/*[local-name()="admissiblePaths"])') AS x
	CROSS JOIN LATERAL (VALUES
		('coordinates', x.pixels, 'not geographical, so not a place'),
		('module', x.modules, 'capacity that could be bought, with its cost'),
		('module cost', x.installed, 'cost of the preinstalled module'),
		('setup cost', x.setup, 'cost of building the link'),
		('path length limit', x.hops, 'maxPathLength of a demand'),
		('admissible paths', x.paths, 'paths that a demand is confined to')) AS v (item, count, reason)
	WHERE v.count > 0;
END
$$;
COMMENT ON FUNCTION netstate.sndlib_left_out(xml) IS
'Internal: what an SNDlib document has that no table holds.';

--| Makes a network from an SNDlib network file in XML.
--|
--| - `network`: name of the network to make; it must not exist yet.
--| - `doc`: the document. In psql: `` \set doc `cat FILE` ``, then `:'doc'::xml`.
--|   PostgreSQL refuses malformed XML with the line number (2200N).
--| - `layer`: fibre, optical, ethernet, ip, te or fabric.
--| - `us_per_km`: latency of a km of fibre, in us.
--| - `directed`: whether each link leads from source to target only. SNDlib says
--|   this in its model files, not in the network.
--| - `gbps_per_unit`: Gbit/s in one of the document's units of capacity and
--|   demand. NULL: by the document's `meta/unit`; where it has none, 1.
--|
--| Capacity is that of the preinstalled module, the metric is the routing cost, a
--| demand is demandValue times routingUnit. Where none is given, length is that
--| of the great circle between geographical coordinates, latency is length times
--| `us_per_km`, and metric is the length rounded up.
--|
--| Returns one row for each kind of thing and what became of it: `imported`,
--| `derived` (made here), `adapted` (kept, with a change) or `left out`, how many,
--| and why. All or nothing: an error leaves no row.
--|
--| Errors: 22004 a null argument; 22023 another format, a DOCTYPE, no node, an
--| end that is no node, a bad number, a bad argument; 21000 an element twice that
--| may stand once; 23505 the network exists.
--|
--| Cost: linear; about 1 s for 161 nodes, 332 links and 14,311 demands, most of it
--| to store them.
CREATE FUNCTION netstate.import_sndlib(network text, doc xml, layer text DEFAULT 'ip', us_per_km double precision DEFAULT 4.9,
	directed boolean DEFAULT false, gbps_per_unit double precision DEFAULT NULL)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
DECLARE
	nodes netstate.document_node[];
	network_id bigint;
	factor double precision;
BEGIN
	PERFORM netstate.document_check(doc, 'network', 'http://sndlib.zib.de/network');
	IF directed IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = 'directed is null',
			DETAIL = 'It says whether a link leads from its source to its target only.',
			HINT = 'Give true or false; links of SNDlib networks are undirected unless it is true.';
	END IF;
	-- false for NaN and infinity too
	IF NOT (gbps_per_unit > 0 AND gbps_per_unit <= 1e9) THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'gbps_per_unit must be above 0 and at most 1e9',
			DETAIL = format('It is %s.', gbps_per_unit),
			HINT = 'For a document in Mbit/s it is 0.001.';
	END IF;
	factor := coalesce(gbps_per_unit, netstate.sndlib_gbps_per_unit(doc), 1);
	network_id := netstate.store_network(network, layer, us_per_km);
	nodes := netstate.document_node_names(netstate.sndlib_nodes(doc));
	RETURN QUERY SELECT * FROM netstate.store_nodes(network_id, nodes);
	RETURN QUERY SELECT * FROM netstate.store_document_links(network_id, nodes, netstate.sndlib_links(doc, directed), us_per_km, factor);
	RETURN QUERY SELECT * FROM netstate.store_demands(network_id, nodes, netstate.sndlib_demands(doc), factor);
	IF gbps_per_unit IS NULL AND netstate.sndlib_gbps_per_unit(doc) IS NULL THEN
		RETURN QUERY SELECT 'unit', 'adapted', 1::bigint, 'not given: numbers are taken as Gbit/s, see gbps_per_unit';
	END IF;
	RETURN QUERY SELECT * FROM netstate.sndlib_left_out(doc);
END
$$;
COMMENT ON FUNCTION netstate.import_sndlib(text, xml, text, double precision, boolean, double precision) IS
'Makes a network with its demands from an SNDlib network file; returns what was imported, derived, adapted and left out.';
