-- Import: what the readers of Topology Zoo GraphML and of SNDlib networks share.
--
-- PostgreSQL's own XML parses.  A format's functions turn a document into arrays of three row types, which
-- hold what the document says, as text.  From there one set of functions serves
-- both formats: it checks numbers, makes names unique, stores, and reports.
-- Nothing is written before the document is known to be of the right format,
-- and any error undoes the whole statement, so no rows of a bad document stay.
--
-- XMLTABLE reads each kind of element once.  Paths go by local name, because
-- both formats are found with and without their namespace.

CREATE TYPE netstate.document_node AS (id text, label text, name text, lon text, lat text);
COMMENT ON TYPE netstate.document_node IS
'A node as a document gives it: its id and label there, the name it gets here, and its place in degrees.';

CREATE TYPE netstate.document_link AS (id text, name text, a text, z text, directed boolean, status text,
	metric text, length_km text, latency_us text, capacity text);
COMMENT ON TYPE netstate.document_link IS
'A link as a document gives it: ends are node ids of the document, capacity is in the document''s unit.';

CREATE TYPE netstate.document_demand AS (id text, src text, dst text, value text, unit text);
COMMENT ON TYPE netstate.document_demand IS
'A demand as a document gives it: ends are node ids of the document, value times unit is in the document''s unit.';

-- Small helpers ---------------------------------------------------------------

--| Great-circle length in km between two places, on a sphere of radius
--| 6371.0088 km (the mean radius of the Earth).
--|
--| - `a_lon`, `a_lat`, `z_lon`, `z_lat`: degrees, WGS 84.
--|
--| NULL where any argument is NULL. A fibre is longer than this: routes bend.
CREATE FUNCTION netstate.great_circle_km(a_lon float8, a_lat float8, z_lon float8, z_lat float8)
RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN 2 * 6371.0088 * asin(least(1, sqrt(
	power(sind((z_lat - a_lat) / 2), 2)
	+ cosd(a_lat) * cosd(z_lat) * power(sind((z_lon - a_lon) / 2), 2))));
COMMENT ON FUNCTION netstate.great_circle_km(float8, float8, float8, float8) IS
'Great-circle length in km between two places given in degrees.';

--| Internal to the importers: a list of names as one line, at most ten of them,
--| the rest counted.
CREATE FUNCTION netstate.name_list(items text[])
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
	SELECT string_agg(format('"%s"', left(i.item, 60)), ', ' ORDER BY i.n) FILTER (WHERE i.n <= 10)
		|| CASE WHEN count(*) > 10 THEN format(' and %s more', count(*) - 10) ELSE '' END
	FROM unnest(items) WITH ORDINALITY AS i (item, n));
COMMENT ON FUNCTION netstate.name_list(text[]) IS
'Internal: names as one line, at most ten, the rest counted.';

--| Internal to the importers: a label with white space at its ends removed and
--| inside reduced to single spaces, cut to 200 characters so that names made of
--| two fit; NULL when nothing is left. One that is cut ends in `...`.
CREATE FUNCTION netstate.document_label(label text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
	SELECT CASE WHEN char_length(b.label) > 200 THEN left(b.label, 197) || '...' ELSE nullif(b.label, '') END
	FROM (SELECT btrim(regexp_replace(document_label.label, E'[ \t\r\n]+', ' ', 'g'))) AS b (label));
COMMENT ON FUNCTION netstate.document_label(text) IS
'Internal: a label without surplus white space, at most 200 characters; NULL when empty.';

--| Internal to the importers: a number as a document writes it. NULL when there
--| is none, NaN when it is something else; so one range check finds both what
--| is no number and what is out of range.
CREATE FUNCTION netstate.document_number(value text)
RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- the bounds on its length and exponent keep the cast from failing
RETURN CASE
	WHEN btrim(value, E' \t\r\n') = '' THEN NULL
	WHEN char_length(value) <= 80
		AND btrim(value, E' \t\r\n') ~ '^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,2})?$'
		THEN btrim(value, E' \t\r\n')::float8
	WHEN value IS NOT NULL THEN 'NaN'::float8
	END;
COMMENT ON FUNCTION netstate.document_number(text) IS
'Internal: a document''s number; NULL when there is none, NaN when it is not one.';

--| Internal to the importers: a path of element names as an XPath by local
--| name, so that it finds elements in a namespace and without one.
CREATE FUNCTION netstate.document_path(path text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(path, '(^|/)([A-Za-z]+)', E'\\1*[local-name()="\\2"]', 'g');
COMMENT ON FUNCTION netstate.document_path(text) IS
'Internal: a path of element names as an XPath by local name.';

--| Internal to the importers: names made unique. The second of equal names gets
--| ` #2`, and so on; the same list always gives the same names.
CREATE FUNCTION netstate.unique_names(names text[])
RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	repeated boolean;
	fixed text[];
BEGIN
	-- A number just added may make a name that another already has.  Each round
	-- makes the names it changes longer, and different from each other, so it ends.
	LOOP
		SELECT array_agg(CASE WHEN c.copy = 1 THEN c.name ELSE format('%s #%s', c.name, c.copy) END ORDER BY c.n),
			bool_or(c.copy > 1)
		INTO fixed, repeated
		FROM (SELECT u.name, u.n, row_number() OVER (PARTITION BY u.name ORDER BY u.n) AS copy
			FROM unnest(names) WITH ORDINALITY AS u (name, n)) AS c;
		EXIT WHEN repeated IS NOT TRUE;
		names := fixed;
	END LOOP;
	RETURN names;
END
$$;
COMMENT ON FUNCTION netstate.unique_names(text[]) IS
'Internal: names made unique by numbering repeats.';

-- What both formats share -----------------------------------------------------

--| Internal to the importers: refuses what is not a document of the format.
--|
--| - `root`: the root element of the format, `graphml` or `network`.
--| - `namespace`: the start of the format's namespace; none is accepted too.
--|
--| Errors: 22004 no document; 22023 not a document, a DOCTYPE, another format.
CREATE FUNCTION netstate.document_check(doc xml, root text, namespace text)
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- white space, comments and processing instructions, then the DOCTYPE
	doctype CONSTANT text := '^(?:[[:space:]]|<!--(?:[^-]|-[^-])*-->|<[?](?:[^?]|[?]+[^?>])*[?]+>)*<!DOCTYPE';
	seen record;
BEGIN
	IF doc IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = 'document is null',
			HINT = 'In psql, read a file with \set doc `cat FILE` and pass :''doc''::xml.';
	END IF;
	IF doc IS NOT DOCUMENT THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'not an XML document',
			DETAIL = format('It begins with "%s".', left(netstate.document_label(doc::text), 40)),
			HINT = 'A document is one root element; nothing stands before it, not even a byte order mark.';
	END IF;
	IF doc::text ~ doctype THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'document has a DOCTYPE',
			DETAIL = 'A document type can declare entities that expand or point elsewhere.',
			HINT = 'Remove the DOCTYPE; neither GraphML nor SNDlib needs one.';
	END IF;
	SELECT x.name, x.namespace INTO seen
	FROM XMLTABLE('/*' PASSING doc COLUMNS
		name text PATH 'local-name()', namespace text PATH 'namespace-uri()') AS x;
	IF seen.name <> root OR seen.namespace <> '' AND NOT starts_with(seen.namespace, document_check.namespace) THEN
		RAISE EXCEPTION USING ERRCODE = '22023',
			MESSAGE = CASE root WHEN 'graphml' THEN 'not a GraphML document' ELSE 'not an SNDlib network' END,
			DETAIL = format('Its root element is "%s"%s.', left(seen.name, 60),
				CASE seen.namespace WHEN '' THEN '' ELSE format(' in namespace "%s"', left(seen.namespace, 60)) END),
			HINT = CASE
				WHEN seen.name = 'graphml' THEN 'Use netstate.import_graphml.'
				WHEN seen.name = 'network' THEN 'Use netstate.import_sndlib.'
				ELSE 'GraphML has the root element "graphml" (netstate.import_graphml), an SNDlib network "network" (netstate.import_sndlib).'
				END;
	END IF;
END
$$;
COMMENT ON FUNCTION netstate.document_check(xml, text, text) IS
'Internal: refuses what is not a document of the expected format.';

--| Internal to the importers: creates the network that an import fills and
--| returns its id.
--|
--| Errors: 22004 a null argument; 22023 a layer or `us_per_km` that is none;
--| 23505 a network of that name exists.
CREATE FUNCTION netstate.store_network(network text, layer text, us_per_km float8)
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	network_id bigint;
BEGIN
	IF network IS NULL OR layer IS NULL OR us_per_km IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22004', MESSAGE = format('%s is null',
			CASE WHEN network IS NULL THEN 'network' WHEN layer IS NULL THEN 'layer' ELSE 'us_per_km' END);
	END IF;
	IF layer NOT IN ('fibre', 'optical', 'ethernet', 'ip', 'te', 'fabric') THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('cannot import into layer "%s"', left(layer, 60)),
			HINT = 'The layer is one of fibre, optical, ethernet, ip, te, fabric.';
	END IF;
	-- false for NaN and infinity too
	IF NOT (us_per_km > 0 AND us_per_km <= 1000) THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'us_per_km must be above 0 and at most 1000',
			DETAIL = format('It is %s.', us_per_km),
			HINT = 'Light needs about 4.9 us for a km of fibre.';
	END IF;
	INSERT INTO netstate.network (name, layer)
	VALUES (store_network.network, store_network.layer)
	ON CONFLICT (name) DO NOTHING
	RETURNING id INTO network_id;
	IF network_id IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '23505', CONSTRAINT = 'network_name_is_unique', MESSAGE = format('network "%s" exists already', left(network, 60)),
			DETAIL = 'An import makes a new network; it never adds to one.',
			HINT = format('Choose another name, or remove it: DELETE FROM netstate.network WHERE name = %L;', network);
	END IF;
	RETURN network_id;
END
$$;
COMMENT ON FUNCTION netstate.store_network(text, text, float8) IS
'Internal: creates the network that an import fills.';

--| Internal to the importers: checks the nodes of a document and names them.
--|
--| A node is named by its label. Without one it is named by its id; where the
--| label is `None` or others have it too, the id is added: `None (12)`.
--|
--| Errors: 22023 no node at all, a node without an id, an id twice, a place
--| that is none.
CREATE FUNCTION netstate.document_node_names(nodes netstate.document_node[])
RETURNS netstate.document_node[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	named text[];
	bad record;
BEGIN
	IF cardinality(nodes) = 0 THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'document has no nodes',
			HINT = 'Nodes are read from graphml/graph/node, or from network/networkStructure/nodes/node.';
	END IF;
	SELECT n.id, count(*) AS copies INTO bad
	FROM unnest(nodes) AS n
	GROUP BY n.id
	HAVING count(*) > 1 OR netstate.document_label(n.id) IS NULL
	ORDER BY n.id NULLS FIRST LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = CASE WHEN netstate.document_label(bad.id) IS NULL
			THEN 'a node has no id' ELSE format('node id "%s" is not unique', left(bad.id, 60)) END,
			DETAIL = format('Nodes of the document like it: %s.', bad.copies);
	END IF;
	SELECT n.id, n.label, n.lon, n.lat INTO bad
	FROM unnest(nodes) WITH ORDINALITY AS n (id, label, name, lon, lat, ord)
	WHERE NOT coalesce(netstate.document_number(n.lon) BETWEEN -180 AND 180, true)
		OR NOT coalesce(netstate.document_number(n.lat) BETWEEN -90 AND 90, true)
		OR (netstate.document_number(n.lon) IS NULL) <> (netstate.document_number(n.lat) IS NULL)
	ORDER BY n.ord LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('node "%s" has no valid place', left(bad.id, 60)),
			DETAIL = format('Its label is "%s", its longitude "%s", its latitude "%s".',
				left(bad.label, 60), left(bad.lon, 60), left(bad.lat, 60)),
			HINT = 'Longitude is -180 to 180, latitude -90 to 90 degrees; a node without a place has neither.';
	END IF;
	named := netstate.unique_names(ARRAY(
		SELECT CASE
			WHEN n.label IS NULL THEN netstate.document_label(n.id)
			WHEN n.label = 'None' OR count(*) OVER (PARTITION BY n.label) > 1 THEN format('%s (%s)', n.label, netstate.document_label(n.id))
			ELSE n.label END
		FROM unnest(nodes) WITH ORDINALITY AS n (id, label, name, lon, lat, ord)
		ORDER BY n.ord));
	RETURN ARRAY(
		SELECT ROW(n.id, n.label, n.named, n.lon, n.lat)::netstate.document_node
		FROM ROWS FROM (unnest(nodes), unnest(named)) WITH ORDINALITY AS n (id, label, name, lon, lat, named, ord)
		ORDER BY n.ord);
END
$$;
COMMENT ON FUNCTION netstate.document_node_names(netstate.document_node[]) IS
'Internal: checks the nodes of a document and gives them unique names.';

--| Internal to the importers: stores the nodes of a document and reports.
CREATE FUNCTION netstate.store_nodes(network_id bigint, nodes netstate.document_node[])
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
SET extra_float_digits = 1
AS $$
#variable_conflict use_column
BEGIN
	-- The text becomes a geometry by the assignment cast of PostGIS, wherever
	-- its schema is.
	INSERT INTO netstate.node (network_id, name, geom)
	SELECT store_nodes.network_id, n.name,
		'SRID=4326;POINT(' || netstate.document_number(n.lon) || ' ' || netstate.document_number(n.lat) || ')'
	FROM unnest(nodes) WITH ORDINALITY AS n (id, label, name, lon, lat, ord)
	ORDER BY n.ord;

	RETURN QUERY
	SELECT 'node', 'imported', cardinality(nodes)::bigint, NULL::text;
	RETURN QUERY
	SELECT 'node', 'adapted', count(*), w.why
		|| CASE WHEN count(*) < cardinality(nodes) THEN ': ' || netstate.name_list(array_agg(n.name ORDER BY n.ord)) ELSE '' END
	FROM (SELECT u.*, count(*) OVER (PARTITION BY u.label) AS same
		FROM unnest(nodes) WITH ORDINALITY AS u (id, label, name, lon, lat, ord)) AS n
	CROSS JOIN LATERAL (VALUES
		(1, netstate.document_number(n.lon) IS NULL, 'without a place, geom is NULL'),
		(2, n.label IS NULL, 'without a label, named by its id'),
		(3, n.label = 'None', 'labelled None, its id added'),
		(4, n.label <> 'None' AND n.same > 1, 'label not unique, its id added'),
		(5, char_length(n.label) = 200 AND n.label LIKE '%...', 'label cut to 200 characters')) AS w (seq, applies, why)
	WHERE w.applies
	GROUP BY w.seq, w.why
	ORDER BY w.seq;
END
$$;
COMMENT ON FUNCTION netstate.store_nodes(bigint, netstate.document_node[]) IS
'Internal: stores the nodes of a document and reports.';

--| Internal to the importers: the keys of stored nodes, in the order of `nodes`.
CREATE FUNCTION netstate.stored_node_ids(network_id bigint, nodes netstate.document_node[])
RETURNS bigint[]
LANGUAGE sql STABLE
-- One look-up for each: the statistics know nothing of rows just stored, and a
-- join planned by them may go through all nodes for each node.
RETURN ARRAY(
	SELECT (SELECT n.id FROM netstate.node AS n WHERE n.network_id = stored_node_ids.network_id AND n.name = u.name)
	FROM unnest(nodes) WITH ORDINALITY AS u (id, label, name, lon, lat, ord)
	ORDER BY u.ord);
COMMENT ON FUNCTION netstate.stored_node_ids(bigint, netstate.document_node[]) IS
'Internal: the keys of stored nodes, in the order of the document.';

--| Internal to the importers: checks the links of a document.
--|
--| Errors: 22023 an end that is not a node of the document, a number that is
--| none or negative.
CREATE FUNCTION netstate.document_link_check(nodes netstate.document_node[], links netstate.document_link[])
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	unknown text[];
	bad record;
BEGIN
	unknown := ARRAY(
		SELECT l.id
		FROM unnest(links) WITH ORDINALITY AS l (id, name, a, z, directed, status,
			metric, length_km, latency_us, capacity, ord)
		LEFT JOIN unnest(nodes) AS a ON a.id = l.a
		LEFT JOIN unnest(nodes) AS z ON z.id = l.z
		WHERE a.id IS NULL OR z.id IS NULL
		ORDER BY l.ord);
	IF cardinality(unknown) > 0 THEN
		SELECT l.a, l.z INTO bad
		FROM unnest(links) AS l WHERE l.id = unknown[1] LIMIT 1;
		RAISE EXCEPTION USING ERRCODE = '22023',
			MESSAGE = format('link "%s" ends at a node that the document does not have', left(unknown[1], 60)),
			DETAIL = format('It goes from node id "%s" to "%s". Links like it: %s.',
				left(bad.a, 60), left(bad.z, 60), netstate.name_list(unknown)),
			HINT = 'Both ends of a link are ids of nodes in the same document.';
	END IF;
	SELECT l.id, v.what, v.value INTO bad
	FROM unnest(links) WITH ORDINALITY AS l (id, name, a, z, directed, status,
		metric, length_km, latency_us, capacity, ord)
	CROSS JOIN LATERAL (VALUES (1, 'metric', l.metric), (2, 'length', l.length_km),
		(3, 'latency', l.latency_us), (4, 'capacity', l.capacity)) AS v (seq, what, value)
	WHERE NOT coalesce(netstate.document_number(v.value) BETWEEN 0 AND 1e15, true)
	ORDER BY l.ord, v.seq LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('link "%s" has no valid %s', left(bad.id, 60), bad.what),
			DETAIL = format('The document says "%s".', left(bad.value, 60)),
			HINT = 'It is a number from 0 to 1e15, or not given.';
	END IF;
END
$$;
COMMENT ON FUNCTION netstate.document_link_check(netstate.document_node[], netstate.document_link[]) IS
'Internal: checks the links of a document.';

--| Internal to the importers: names the links of a document, self-loops left
--| out. A link without a name is named by its ends: `A - B`, or `A -> B` where
--| it is directed; links that are parallel to it follow as `A - B #2`, `#3`.
CREATE FUNCTION netstate.document_link_names(nodes netstate.document_node[], links netstate.document_link[])
RETURNS netstate.document_link[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	kept netstate.document_link[];
	named text[];
BEGIN
	kept := ARRAY(
		SELECT ROW(l.id, l.name, l.a, l.z, l.directed, l.status, l.metric, l.length_km, l.latency_us, l.capacity)::netstate.document_link
		FROM unnest(links) WITH ORDINALITY AS l (id, name, a, z, directed, status,
			metric, length_km, latency_us, capacity, ord)
		WHERE l.a <> l.z
		ORDER BY l.ord);
	-- an undirected link drawn the other way is parallel all the same
	named := netstate.unique_names(ARRAY(
		SELECT coalesce(l.name, CASE WHEN l.directed THEN format('%s -> %s', a.name, z.name)
			ELSE first_value(format('%s - %s', a.name, z.name)) OVER (
				PARTITION BY l.directed, least(l.a, l.z), greatest(l.a, l.z) ORDER BY l.ord) END)
		FROM unnest(kept) WITH ORDINALITY AS l (id, name, a, z, directed, status,
			metric, length_km, latency_us, capacity, ord)
		JOIN unnest(nodes) AS a ON a.id = l.a
		JOIN unnest(nodes) AS z ON z.id = l.z
		ORDER BY l.ord));
	RETURN ARRAY(
		SELECT ROW(l.id, l.named, l.a, l.z, l.directed, l.status, l.metric, l.length_km, l.latency_us, l.capacity)::netstate.document_link
		FROM ROWS FROM (unnest(kept), unnest(named)) WITH ORDINALITY AS l (id, name, a, z, directed, status,
			metric, length_km, latency_us, capacity, named, ord)
		ORDER BY l.ord);
END
$$;
COMMENT ON FUNCTION netstate.document_link_names(netstate.document_node[], netstate.document_link[]) IS
'Internal: gives the links of a document unique names, self-loops left out.';

--| Internal to the importers: stores named links.
--|
--| Length is the document's, else the great circle between the ends, to the
--| metre; latency is the document's, else length times `us_per_km`. One rule
--| gives all metrics, so that they compare: the document's where each link has
--| one above 0, else the length rounded up where each link has one, else 1.
CREATE FUNCTION netstate.store_links(network_id bigint, nodes netstate.document_node[], links netstate.document_link[],
	us_per_km float8, gbps_per_unit float8)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	node_ids bigint[];
BEGIN
	node_ids := netstate.stored_node_ids(network_id, nodes);
	WITH place AS MATERIALIZED (
		SELECT u.id, u.node_id, netstate.document_number(u.lon) AS lon, netstate.document_number(u.lat) AS lat
		FROM ROWS FROM (unnest(nodes), unnest(node_ids)) AS u (id, label, name, lon, lat, node_id)
	), given AS MATERIALIZED (
		SELECT l.ord, l.name, a.node_id AS a_node_id, z.node_id AS z_node_id, l.directed, l.status,
			netstate.document_number(l.metric) AS metric,
			coalesce(netstate.document_number(l.length_km),
				round(netstate.great_circle_km(a.lon, a.lat, z.lon, z.lat)::numeric, 3)::float8) AS length_km,
			netstate.document_number(l.latency_us) AS latency_us,
			(netstate.document_number(l.capacity)::numeric * gbps_per_unit::numeric)::float8 AS capacity_gbps
		FROM unnest(links) WITH ORDINALITY AS l (id, name, a, z, directed, status,
			metric, length_km, latency_us, capacity, ord)
		JOIN place AS a ON a.id = l.a
		JOIN place AS z ON z.id = l.z
	), rule AS (
		SELECT bool_and(metric IS NOT NULL AND metric > 0) AS by_metric, bool_and(length_km IS NOT NULL) AS by_length
		FROM given
	)
	INSERT INTO netstate.link (network_id, name, a_node_id, z_node_id, directed, status,
		metric, length_km, latency_us, capacity_gbps)
	SELECT store_links.network_id, g.name, g.a_node_id, g.z_node_id, g.directed, coalesce(g.status, 'in_service'),
		CASE WHEN r.by_metric THEN g.metric WHEN r.by_length THEN greatest(ceil(g.length_km), 1) ELSE 1 END,
		g.length_km,
		coalesce(g.latency_us, round((g.length_km * us_per_km)::numeric, 3)::float8),
		g.capacity_gbps
	FROM given AS g CROSS JOIN rule AS r
	ORDER BY g.ord;
END
$$;
COMMENT ON FUNCTION netstate.store_links(bigint, netstate.document_node[], netstate.document_link[], float8, float8) IS
'Internal: stores the named links of a document with length, latency, metric and capacity.';

--| Internal to the importers: what was done with each kind of link, and why.
CREATE FUNCTION netstate.stored_link_report(network_id bigint, links netstate.document_link[], kept netstate.document_link[],
	us_per_km float8)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT 'link', 'imported', cardinality(kept)::bigint, NULL::text;
	RETURN QUERY
	WITH stored AS (
		SELECT k.*, s.length_km AS stored_km, s.latency_us AS stored_us, s.capacity_gbps,
			row_number() OVER (PARTITION BY s.directed,
				CASE WHEN s.directed THEN s.a_node_id ELSE least(s.a_node_id, s.z_node_id) END,
				CASE WHEN s.directed THEN s.z_node_id ELSE greatest(s.a_node_id, s.z_node_id) END ORDER BY k.ord) AS copy,
			bool_and(coalesce(netstate.document_number(k.metric) > 0, false)) OVER () AS by_metric,
			bool_and(s.length_km IS NOT NULL) OVER () AS by_length
		FROM unnest(kept) WITH ORDINALITY AS k (id, name, a, z, directed, status,
			metric, length_km, latency_us, capacity, ord)
		CROSS JOIN LATERAL (
			SELECT t.* FROM netstate.link AS t
			WHERE t.network_id = stored_link_report.network_id AND t.name = k.name
			OFFSET 0) AS s
	)
	SELECT 'link', w.outcome, count(*),
		w.why || CASE WHEN w.outcome = 'adapted' AND count(*) < cardinality(kept)
			THEN ': ' || netstate.name_list(array_agg(s.name ORDER BY s.ord)) ELSE '' END
	FROM stored AS s
	CROSS JOIN LATERAL (VALUES
		(1, 'derived', netstate.document_number(s.length_km) IS NULL AND s.stored_km IS NOT NULL,
			'length_km on the great circle between its ends'),
		(2, 'derived', netstate.document_number(s.latency_us) IS NULL AND s.stored_us IS NOT NULL,
			format('latency_us at %s us per km', us_per_km)),
		(3, 'derived', NOT s.by_metric AND s.by_length, 'metric from length_km, rounded up'),
		(4, 'derived', NOT s.by_metric AND NOT s.by_length, 'metric 1, as not every link has a length'),
		(5, 'adapted', s.copy > 1, 'parallel to an earlier link, kept'),
		(6, 'adapted', s.stored_km IS NULL, 'without a length, as an end has no place'),
		(7, 'adapted', s.capacity_gbps IS NULL, 'without a capacity, capacity_gbps is NULL'),
		(8, 'adapted', s.status = 'planned', 'not built yet, status is planned')) AS w (seq, outcome, applies, why)
	WHERE w.applies
	GROUP BY w.seq, w.outcome, w.why
	ORDER BY w.seq;
	RETURN QUERY
	SELECT 'link', 'left out', count(*), 'self-loop, both ends are one node: ' || netstate.name_list(array_agg(l.id ORDER BY l.ord))
	FROM unnest(links) WITH ORDINALITY AS l (id, name, a, z, directed, status,
		metric, length_km, latency_us, capacity, ord)
	WHERE l.a = l.z
	HAVING count(*) > 0;
END
$$;
COMMENT ON FUNCTION netstate.stored_link_report(bigint, netstate.document_link[], netstate.document_link[], float8) IS
'Internal: what was done with each kind of link, and why.';

--| Internal to the importers: two directed links of a network that lead to and
--| fro between the same nodes are taken as one piece of fibre, and get a group
--| of kind `fibre` of their own. The first one way goes with the first the other
--| way, and so on.
CREATE FUNCTION netstate.store_link_pairs(network_id bigint)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	there bigint[];
	back bigint[];
BEGIN
	SELECT array_agg(p.there ORDER BY p.there), array_agg(p.back ORDER BY p.there) INTO there, back
	FROM (
		SELECT min(l.id) AS there, max(l.id) AS back
		FROM (
			SELECT d.id, d.a_node_id, d.z_node_id,
				row_number() OVER (PARTITION BY d.a_node_id, d.z_node_id ORDER BY d.id) AS copy
			FROM netstate.link AS d
			WHERE d.network_id = store_link_pairs.network_id AND d.directed) AS l
		GROUP BY least(l.a_node_id, l.z_node_id), greatest(l.a_node_id, l.z_node_id), l.copy
		HAVING count(*) = 2) AS p;
	IF there IS NULL THEN
		RETURN;
	END IF;
	INSERT INTO netstate.srlg (network_id, name, kind)
	SELECT store_link_pairs.network_id, (SELECT l.name FROM netstate.link AS l WHERE l.id = u.id), 'fibre'
	FROM unnest(there) WITH ORDINALITY AS u (id, ord)
	ORDER BY u.ord;
	INSERT INTO netstate.srlg_member (srlg_id, link_id)
	SELECT (SELECT g.id FROM netstate.srlg AS g JOIN netstate.link AS l ON l.id = u.there
			WHERE g.network_id = store_link_pairs.network_id AND g.name = l.name), e.link_id
	FROM unnest(there, back) AS u (there, back)
	CROSS JOIN LATERAL (VALUES (u.there), (u.back)) AS e (link_id);
	RETURN QUERY
	SELECT 'srlg', 'derived', cardinality(there)::bigint, 'a directed link and the one back are one piece of fibre';
END
$$;
COMMENT ON FUNCTION netstate.store_link_pairs(bigint) IS
'Internal: a group for each pair of directed links that are one piece of fibre.';

--| Internal to the importers: checks, names, stores and reports the links of a
--| document.
CREATE FUNCTION netstate.store_document_links(network_id bigint, nodes netstate.document_node[], links netstate.document_link[],
	us_per_km double precision, gbps_per_unit double precision)
RETURNS TABLE (item text, outcome text, count bigint, reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	kept netstate.document_link[];
BEGIN
	PERFORM netstate.document_link_check(nodes, links);
	kept := netstate.document_link_names(nodes, links);
	PERFORM netstate.store_links(network_id, nodes, kept, us_per_km, gbps_per_unit);
	RETURN QUERY SELECT * FROM netstate.stored_link_report(network_id, links, kept, us_per_km);
	RETURN QUERY SELECT * FROM netstate.store_link_pairs(network_id);
END
$$;
COMMENT ON FUNCTION netstate.store_document_links(bigint, netstate.document_node[], netstate.document_link[], double precision, double precision) IS
'Internal: checks, names, stores and reports the links of a document.';
