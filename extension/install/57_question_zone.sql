-- Are two zones independent of each other?

-- PostGIS may live in any schema (see 10_place.sql).
DO $do$
DECLARE
	postgis pg_catalog.name;
BEGIN
	SELECT n.nspname INTO STRICT postgis
	FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
	WHERE e.extname OPERATOR(pg_catalog.=) 'postgis';

	EXECUTE pg_catalog.format($sql$
--| Internal to `zone_independence`: metres between the two nearest sites of two
--| zones, NULL where no place is known.
CREATE FUNCTION netstate.zone_distance(zone_a bigint, zone_b bigint) RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT min(%1$I.ST_Distance(%1$I.geography(a.geom), %1$I.geography(b.geom)))
	FROM netstate.site AS a, netstate.site AS b
	WHERE a.zone_id = $1 AND b.zone_id = $2;
END;

		COMMENT ON FUNCTION netstate.zone_distance(bigint, bigint) IS
			'Internal: metres between the two nearest sites of two zones.';
	$sql$, postgis);
END
$do$;

--| Internal to `zone_independence`: the nodes of a network that lie in a zone: at
--| their own site, else that of their structure, else where the node stands that
--| they ride on.
CREATE FUNCTION netstate.zone_nodes(network text)
RETURNS TABLE (node_id bigint, name text, status text, zone_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	WITH RECURSIVE placed (node_id, name, status, site_id, supporting_node_id) AS (
		SELECT n.id, n.name, n.status, coalesce(n.site_id, s.site_id), n.supporting_node_id
		FROM netstate.network AS w
		JOIN netstate.node AS n ON n.network_id = w.id
		LEFT JOIN netstate.structure AS s ON s.id = n.structure_id
		WHERE w.name = $1
		UNION ALL
		SELECT p.node_id, p.name, p.status, coalesce(n.site_id, s.site_id), n.supporting_node_id
		FROM placed AS p
		JOIN netstate.node AS n ON n.id = p.supporting_node_id
		LEFT JOIN netstate.structure AS s ON s.id = n.structure_id
		WHERE p.site_id IS NULL
	)
	SELECT p.node_id, p.name, p.status, t.zone_id
	FROM placed AS p JOIN netstate.site AS t ON t.id = p.site_id
	WHERE t.zone_id IS NOT NULL;
END;

COMMENT ON FUNCTION netstate.zone_nodes(text) IS
	'Internal: the nodes of a network that lie in a zone, and in which.';

--| Internal to `zone_independence`: the least latency over a path from one of some
--| nodes to one of others, us; NULL where there is no path, or where a link that
--| is up has no latency. One search, however many nodes there are.
CREATE FUNCTION netstate.least_latency(network text, from_nodes bigint[], to_nodes bigint[]) RETURNS double precision
LANGUAGE c STABLE PARALLEL SAFE COST 10000
AS 'MODULE_PATHNAME', 'netstate_least_latency';

COMMENT ON FUNCTION netstate.least_latency(text, bigint[], bigint[]) IS
	'Internal: the least latency from one of some nodes to one of others, us.';

--| Internal to `zone_independence`: what takes capacity from the links by which
--| zones of a network reach each other and the rest: groups of shared risk, nodes
--| at the other end, and links that they ride on.
CREATE FUNCTION netstate.zone_exposure(network text)
RETURNS TABLE (srlg_id bigint, element_kind text, element_id bigint,
	zone_id bigint, to_zone_id bigint, link_id bigint, gbps double precision, share double precision)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10000
BEGIN ATOMIC
	WITH RECURSIVE placed AS MATERIALIZED (
		SELECT n.node_id, n.zone_id FROM netstate.zone_nodes($1) AS n
	), way (link_id, zone_id, to_zone_id, to_node_id, gbps) AS MATERIALIZED (
		SELECT l.id, f.zone_id, t.zone_id, e.to_id, l.capacity_gbps
		FROM netstate.network AS w
		JOIN netstate.link AS l ON l.network_id = w.id AND l.status = 'in_service'
		JOIN netstate.node AS a ON a.id = l.a_node_id AND a.status = 'in_service'
		JOIN netstate.node AS z ON z.id = l.z_node_id AND z.status = 'in_service'
		CROSS JOIN LATERAL (VALUES (a.id, z.id), (z.id, a.id)) AS e (from_id, to_id)
		JOIN placed AS f ON f.node_id = e.from_id
		LEFT JOIN placed AS t ON t.node_id = e.to_id
		WHERE w.name = $1 AND f.zone_id IS DISTINCT FROM t.zone_id
	), beneath (link_id, zone_id, below_id) AS (
		SELECT y.link_id, y.zone_id, s.supporting_link_id
		FROM way AS y JOIN netstate.link_support AS s ON s.link_id = y.link_id
		UNION
		SELECT b.link_id, b.zone_id, s.supporting_link_id
		FROM beneath AS b JOIN netstate.link_support AS s ON s.link_id = b.below_id
	), common AS MATERIALIZED (
		SELECT b.below_id FROM beneath AS b GROUP BY b.below_id HAVING count(DISTINCT b.zone_id) > 1
	), lost (srlg_id, element_kind, element_id, link_id, share) AS (
		SELECT m.srlg_id, NULL, NULL::bigint, m.link_id, m.share
		FROM netstate.memberships(ARRAY(SELECT DISTINCT y.link_id FROM way AS y)) AS m
		WHERE m.share > 0
		UNION ALL
		SELECT NULL, 'node', y.to_node_id, y.link_id, 1 FROM way AS y
		UNION ALL
		SELECT NULL, 'link', c.below_id, i.link_id, i.share
		FROM common AS c CROSS JOIN LATERAL netstate.impact('link', ARRAY[c.below_id]) AS i
		WHERE i.share > 0
	)
	SELECT x.srlg_id, x.element_kind, x.element_id, y.zone_id, y.to_zone_id, y.link_id, y.gbps, x.share
	FROM way AS y LEFT JOIN lost AS x ON x.link_id = y.link_id;
END;

COMMENT ON FUNCTION netstate.zone_exposure(text) IS
	'Internal: what takes capacity from the links by which zones of a network reach each other and the rest.';

--| Are zones independent? For each two zones in which nodes of `network` lie,
--| what takes capacity from both at once, towards the rest of the network: links
--| between the two do not count, for they help neither to reach anything else.
--| One row for each pair of zones and common element, the worst first; one row
--| with NULLs for a pair that has none.
--|
--| - `region_a`, `zone_a`, `region_b`, `zone_b`: the pair.
--| - `independent`: nothing is common to both; NULL where a zone has no link
--|   towards the rest. `distance_m`: between their nearest sites; `distance_met`:
--|   at least `min_distance_m` (NULL: none was asked for, or no place is known).
--|   `latency_us`: of the shortest path by latency between their nodes;
--|   `latency_met`: at most `max_latency_us`. NULL where there is no path or a
--|   link that is up has no latency.
--| - `element_kind`, `element_id`, `element`: what is common: the element of a
--|   group of shared risk (`srlg_id`, `kind`), a power feed among them; a `node`
--|   that both are linked to; a `link` that links of both ride on.
--| - `share_a`, `share_b`: the part of each zone's capacity towards the rest that
--|   its loss takes (of its links, where a capacity is unknown); `gbps_a`,
--|   `gbps_b`: how much that is, NULL where unknown.
--|
--| Links count that are in service with both their nodes. Errors: 42704 unknown
--| network, with the nearest name; 22023 an argument is negative or not finite;
--| 22004 `network` or `max_latency_us` is NULL; 42501 no SELECT on the tables.
--| Time: memberships of all links that leave a zone, and a search for each two
--| zones.
CREATE FUNCTION netstate.zone_independence(
	network text,
	max_latency_us double precision DEFAULT 2000,
	min_distance_m double precision DEFAULT NULL)
RETURNS TABLE (region_a text, zone_a text, region_b text, zone_b text,
	independent boolean, distance_m double precision, distance_met boolean,
	latency_us double precision, latency_met boolean,
	srlg_id bigint, kind text, element_kind text, element_id bigint, element text,
	share_a double precision, share_b double precision,
	gbps_a double precision, gbps_b double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000
SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	named CONSTANT text := network;
	wanted text;
	given float8;
BEGIN
	IF named IS NULL OR max_latency_us IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('argument "%s" must not be null', CASE WHEN named IS NULL THEN 'network' ELSE 'max_latency_us' END),
			HINT = CASE WHEN named IS NULL THEN 'Give a value.' ELSE 'Leave it out to use its default.' END;
	END IF;
	FOR wanted, given IN VALUES ('max_latency_us', max_latency_us), ('min_distance_m', min_distance_m) LOOP
		IF NOT given >= 0 OR given IN ('NaN', 'Infinity') THEN
			RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('argument "%s" must be finite and not negative', wanted),
				DETAIL = format('It is %s.', given);
		END IF;
	END LOOP;
	-- Fails where there is no such network, and names the nearest.
	PERFORM g.nodes FROM netstate.graph_status(named) AS g;

	RETURN QUERY
	WITH zoned AS MATERIALIZED (
		SELECT z.id, z.name, r.name AS region, array_agg(n.node_id) AS nodes
		FROM netstate.zone_nodes(named) AS n
		JOIN netstate.zone AS z ON z.id = n.zone_id
		JOIN netstate.region AS r ON r.id = z.region_id
		GROUP BY z.id, z.name, r.name
	), pair AS MATERIALIZED (
		SELECT a.id AS a, b.id AS b, a.region AS region_a, a.name AS zone_a, b.region AS region_b, b.name AS zone_b,
			netstate.zone_distance(a.id, b.id) AS distance_m, netstate.least_latency(named, a.nodes, b.nodes) AS latency_us
		FROM zoned AS a JOIN zoned AS b ON (a.region, a.name, a.id) < (b.region, b.name, b.id)
	), exposure AS MATERIALIZED (
		SELECT * FROM netstate.zone_exposure(named)
	), towards AS MATERIALIZED (	-- capacity from one zone to another, or to none
		SELECT x.zone_id, x.to_zone_id, sum(x.gbps) AS gbps, count(*) AS links, count(x.gbps) AS known
		FROM (SELECT DISTINCT e.zone_id, e.to_zone_id, e.link_id, e.gbps FROM exposure AS e) AS x
		GROUP BY x.zone_id, x.to_zone_id
	), lost AS MATERIALIZED (
		SELECT e.srlg_id, e.element_kind, e.element_id, e.zone_id, e.to_zone_id,
			sum(e.share * e.gbps) AS gbps, sum(e.share) AS links
		FROM exposure AS e WHERE e.share > 0
		GROUP BY e.srlg_id, e.element_kind, e.element_id, e.zone_id, e.to_zone_id
	), total AS MATERIALIZED (		-- of each pair, from each side towards the rest
		SELECT p.a, p.b, side.own AS zone_id, sum(t.gbps) AS gbps, sum(t.links) AS links, sum(t.known) AS known
		FROM pair AS p CROSS JOIN LATERAL (VALUES (p.a, p.b), (p.b, p.a)) AS side (own, other)
		JOIN towards AS t ON t.zone_id = side.own AND t.to_zone_id IS DISTINCT FROM side.other
		GROUP BY p.a, p.b, side.own
	), taken AS MATERIALIZED (
		SELECT p.a, p.b, side.own AS zone_id, l.srlg_id, l.element_kind, l.element_id, sum(l.gbps) AS gbps, sum(l.links) AS links
		FROM pair AS p CROSS JOIN LATERAL (VALUES (p.a, p.b), (p.b, p.a)) AS side (own, other)
		JOIN lost AS l ON l.zone_id = side.own AND l.to_zone_id IS DISTINCT FROM side.other
		GROUP BY p.a, p.b, side.own, l.srlg_id, l.element_kind, l.element_id
	), measured AS MATERIALIZED (
		SELECT k.*, CASE WHEN t.known = t.links AND t.gbps > 0 THEN k.gbps / t.gbps ELSE k.links / t.links END AS share
		FROM taken AS k JOIN total AS t USING (a, b, zone_id)
	), common AS MATERIALIZED (		-- grouped, not joined: the planner cannot know how many there are
		SELECT m.a, m.b, m.srlg_id, m.element_kind, m.element_id,
			max(m.share) FILTER (WHERE m.zone_id = m.a) AS share_a, max(m.share) FILTER (WHERE m.zone_id = m.b) AS share_b,
			max(m.gbps) FILTER (WHERE m.zone_id = m.a) AS gbps_a, max(m.gbps) FILTER (WHERE m.zone_id = m.b) AS gbps_b
		FROM measured AS m
		GROUP BY m.a, m.b, m.srlg_id, m.element_kind, m.element_id
		HAVING count(*) = 2
	)
	SELECT p.region_a, p.zone_a, p.region_b, p.zone_b,
		CASE WHEN (SELECT count(*) FROM total AS t WHERE t.a = p.a AND t.b = p.b) = 2 THEN c.a IS NULL END,
		p.distance_m, p.distance_m >= min_distance_m,
		p.latency_us, p.latency_us <= max_latency_us,
		c.srlg_id, coalesce(g.kind, d.kind), coalesce(c.element_kind, d.element_kind), coalesce(c.element_id, d.element_id),
		coalesce(netstate.risk_name(c.srlg_id), n.name, l.name), c.share_a, c.share_b, c.gbps_a, c.gbps_b
	FROM pair AS p
	LEFT JOIN common AS c ON c.a = p.a AND c.b = p.b
	LEFT JOIN LATERAL netstate.risk_element(c.srlg_id) AS d ON true
	LEFT JOIN netstate.srlg AS g ON g.id = c.srlg_id
	LEFT JOIN netstate.node AS n ON c.element_kind = 'node' AND n.id = c.element_id
	LEFT JOIN netstate.link AS l ON c.element_kind = 'link' AND l.id = c.element_id
	ORDER BY p.region_a, p.zone_a, p.region_b, p.zone_b,
		least(c.share_a, c.share_b) DESC NULLS LAST, c.share_a + c.share_b DESC, 12, 13, c.srlg_id;
END
$function$;

COMMENT ON FUNCTION netstate.zone_independence(text, double precision, double precision) IS
	'For each two zones of a network: what takes capacity from both at once, their distance and their latency.';
