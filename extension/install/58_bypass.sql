-- Bypasses: the ways around links, the tunnels made of them, and which of those
-- do not protect.

--| A bypass for each of these links of `network`, or for every link where `links`
--| is NULL: the cheapest path from the link's A to its Z that avoids the link and
--| every link that shares a group with it. One row a link, in order of
--| `link_id`; **no row: there is none**, which is proven, or the link is not up
--| (`link_state`), or not in the network.
--|
--| `disjoint`, `ignore_srlgs`, `min_probability` and `min_share` say which groups
--| count, as in `disjoint_paths`: not those that take down one of the link's two
--| ends, since no bypass helps there. `link` is implied; `node` asks for nothing
--| more, since a link has no inner nodes. Without `srlg` only the link itself is
--| avoided. `cost`, `avoid_links` and `avoid_srlgs` are those of
--| `shortest_path`, and so is the order among equal costs.
--|
--| *Capacity* (`capacity_gbps` times `carried`) comes before cost: the cheapest
--| path that carries what the link carries; where there is none, the path that
--| carries most, and the cheapest among these. A capacity that is not known is
--| taken for enough, on either side.
--|
--| `strict => false` gives a path where every one shares something: that with the
--| fewest groups shared, then capacity, then cost. That there are no fewer is
--| proven where the groups that no path avoids suffice, or these and one more;
--| else the number is that of a path along which the shared groups of each link
--| add up to the least. No row then means that there is no other path at all.
--|
--| `reverse => true` asks for the paths from Z to A; links that are `directed` have
--| none. In a network without directed links they are those from A to Z, read
--| from their ends, but for ties.
--|
--| Returns `link_id`; `cost`, `hops`, `nodes` and `links` as `shortest_path` does;
--| `bottleneck_gbps`, the least capacity on the path (NULL: none is known); and
--| `shared_srlgs`, the groups that it shares with the link.
--|
--| Errors: those of `shortest_path`; 22023 an unknown word in `disjoint`, or a
--| threshold out of range. Time: a look at the graph, a scan of the network's
--| links for their capacities, then some microseconds a link. See docs/bypass.md.
CREATE FUNCTION netstate.bypass_paths(
	network text,
	links bigint[] DEFAULT NULL,
	disjoint text[] DEFAULT '{link,srlg}',
	strict boolean DEFAULT true,
	cost text DEFAULT 'metric',
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}',
	ignore_srlgs bigint[] DEFAULT '{}',
	min_probability double precision DEFAULT 0,
	min_share double precision DEFAULT 0,
	reverse boolean DEFAULT false)
RETURNS TABLE (link_id bigint, cost double precision, hops integer, nodes text[], links bigint[],
	bottleneck_gbps double precision, shared_srlgs bigint[])
LANGUAGE c STABLE PARALLEL SAFE COST 100000 ROWS 1000
AS 'MODULE_PATHNAME', 'netstate_bypass_paths';

COMMENT ON FUNCTION netstate.bypass_paths(text, bigint[], text[], boolean, text, bigint[], bigint[], bigint[], double precision, double precision, boolean) IS
	'A path around each link of a network that what takes the link down leaves.';

--| Bypasses of segments: for each tunnel of `tunnels`, from the node where its
--| supporting link of the seq in `from_seqs` begins to the one where that in
--| `to_seqs` ends (the three are parallel), the cheapest path in `network` that
--| avoids these supporting links and every link that shares a group with one of
--| them. A segment of one link is what protects a tunnel from the loss of that
--| link, one of two from that of the node between (RFC 4090).
--|
--| A tunnel is any link that rides on links of `network` in one series; `seq` is
--| that of `link_support`. Its own capacity is what a path should carry; where
--| that is not known, the least of the segment's links. All else is as in
--| `bypass_paths`: one row a segment, in the order asked, if there is a bypass and
--| all links of the segment are up; `reverse => true` leads from the segment's end
--| to its start, and no tunnel that is directed has such.
--|
--| Errors: those of `bypass_paths`; 22023 the three lists are not of one length, a
--| tunnel does not ride on one series of links of `network`, or has no such
--| segment; 42704 a link does not exist. Time: as `bypass_paths`.
CREATE FUNCTION netstate.segment_bypass_paths(
	network text,
	tunnels bigint[],
	from_seqs integer[],
	to_seqs integer[],
	disjoint text[] DEFAULT '{link,srlg}',
	strict boolean DEFAULT true,
	cost text DEFAULT 'metric',
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}',
	ignore_srlgs bigint[] DEFAULT '{}',
	min_probability double precision DEFAULT 0,
	min_share double precision DEFAULT 0,
	reverse boolean DEFAULT false)
RETURNS TABLE (tunnel_id bigint, from_seq integer, to_seq integer, cost double precision, hops integer,
	nodes text[], links bigint[], bottleneck_gbps double precision, shared_srlgs bigint[])
LANGUAGE c STABLE PARALLEL SAFE COST 100000 ROWS 1000
AS 'MODULE_PATHNAME', 'netstate_segment_bypass_paths';

COMMENT ON FUNCTION netstate.segment_bypass_paths(text, bigint[], integer[], integer[], text[], boolean, text, bigint[], bigint[], bigint[], double precision, double precision, boolean) IS
	'A path around each of these segments of what tunnels ride on.';

--| Makes bypass tunnels in network `into_network` for links of `network`, or for
--| segments of tunnels, and keeps them up to date: what there is and still right
--| and best is not touched, what is not is led another way, what is missing is
--| made, what protects nothing any more is taken away. Run it after a change, or
--| from time to time; without a change it writes nothing.
--|
--| - `links`: the links to protect; NULL: all of `network`. Those that are not up
--|   keep what they have: now it is needed.
--| - `from_seqs` and `to_seqs`, given together: `links` are tunnels that ride on
--|   `network`, and these segments of them are protected
--|   (`segment_bypass_paths`).
--| - The other arguments are those of `bypass_paths`.
--|
--| A bypass is a link of kind `bypass`, directed: one for each direction in which
--| the protected link carries traffic. It rides on the links of its path, in order of
--| `seq`, and is in `bypass` with what it protects. Its ends are the nodes of
--| `into_network` whose `supporting_node_id` are the ends of the path; where
--| there is none, one is made. `metric`, `latency_us` and `length_km` are those
--| of the path, `capacity_gbps` is its bottleneck. In a network without directed
--| links the way back is the same way. **Links of kind `bypass` in `into_network`
--| are this function's own**: with `links` NULL those that protect nothing are
--| deleted.
--|
--| Returns for each link or segment and direction what was done: `action` is
--| `kept`, `changed` (led another way, or its figures set), `made`, `removed` or `none`
--| (there is no bypass, see `bypass_violations`).
--|
--| All in one transaction, proven at its COMMIT. Two that run at once for one
--| `into_network` wait for each other (at isolation levels above READ COMMITTED
--| the second one may fail with 23505 or 40001: try again). Needs the
--| rights to read what paths rest on, and to write `node`, `link`,
--| `link_support` and `bypass`.
--|
--| Errors: those of `bypass_paths` and `segment_bypass_paths`; 42704 there is no
--| network `into_network`; 22023 it is not in a layer above that of `network`,
--| `network` is `plant`, or one of `from_seqs` and `to_seqs` is given alone.
CREATE FUNCTION netstate.provision_bypasses(
	network text,
	into_network text,
	links bigint[] DEFAULT NULL,
	disjoint text[] DEFAULT '{link,srlg}',
	strict boolean DEFAULT true,
	cost text DEFAULT 'metric',
	avoid_links bigint[] DEFAULT '{}',
	avoid_srlgs bigint[] DEFAULT '{}',
	ignore_srlgs bigint[] DEFAULT '{}',
	min_probability double precision DEFAULT 0,
	min_share double precision DEFAULT 0,
	from_seqs integer[] DEFAULT NULL,
	to_seqs integer[] DEFAULT NULL)
RETURNS TABLE (link_id bigint, from_seq integer, to_seq integer, reverse boolean,
	action text, bypass_link_id bigint, bypass text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	lower_id bigint := (SELECT n.id FROM netstate.network n WHERE n.name = provision_bypasses.network);
	upper netstate.network;
	one_way boolean;
	segments boolean := from_seqs IS NOT NULL;
	-- parallel: what is judged, in one direction each
	key_link bigint[];
	key_from integer[];
	key_to integer[];
	key_reverse boolean[];
	key_path text[];			-- ids of links; NULL: there is no bypass
	key_src bigint[];
	key_dst bigint[];
	key_gbps double precision[];
	key_tunnel bigint[];
	key_action text[];
	found jsonb;
	gone bigint[];
BEGIN
	SELECT * INTO upper FROM netstate.network n WHERE n.name = into_network;
	IF into_network IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'argument "into_network" must not be null',
			HINT = 'Name the network of the tunnels.';
	ELSIF upper.id IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_object',
			MESSAGE = format('network "%s" does not exist', left(into_network, 100)),
			HINT = 'Make a network of layer te for the tunnels.';
	ELSIF network = 'plant' THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'nothing can ride on network "plant" directly',
			DETAIL = 'Its spans are not links.',
			HINT = 'Name the network of the links to protect.';
	ELSIF upper.level <= (SELECT n.level FROM netstate.network n WHERE n.id = lower_id) THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('network "%s" is not in a layer above network "%s"', left(into_network, 100), left(network, 100)),
			DETAIL = format('It is in layer %s.', upper.layer),
			HINT = 'Tunnels ride on links of a lower layer; layer te is above all.';
	ELSIF (from_seqs IS NULL) <> (to_seqs IS NULL) OR segments AND links IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'arguments "links", "from_seqs" and "to_seqs" belong together',
			HINT = 'Give all three for segments of tunnels, and only "links", or none, for links.';
	END IF;
	-- a lock of its own: whoever waited sees what the other one has made
	PERFORM pg_advisory_xact_lock(hashtextextended('netstate.provision_bypasses', upper.id));

	-- ---- what there is to be ----
	one_way := EXISTS (SELECT FROM netstate.link l WHERE l.network_id = lower_id AND l.directed);
	IF segments THEN
		SELECT jsonb_agg(jsonb_build_object('l', p.tunnel_id, 'f', p.from_seq, 't', p.to_seq, 'r', p.back,
			'p', p.links, 'n', p.nodes, 'g', p.bottleneck_gbps)) INTO found
		FROM (SELECT p.*, false AS back FROM netstate.segment_bypass_paths(network, links, from_seqs, to_seqs, disjoint, strict,
				cost, avoid_links, avoid_srlgs, ignore_srlgs, min_probability, min_share) p
			UNION ALL SELECT p.*, true FROM netstate.segment_bypass_paths(network, links, from_seqs, to_seqs, disjoint, strict,
				cost, avoid_links, avoid_srlgs, ignore_srlgs, min_probability, min_share, true) p WHERE one_way) p;
		SELECT array_agg(l.id ORDER BY l.id, s.f, s.t, d.r), array_agg(s.f ORDER BY l.id, s.f, s.t, d.r),
			array_agg(s.t ORDER BY l.id, s.f, s.t, d.r), array_agg(d.r ORDER BY l.id, s.f, s.t, d.r)
		INTO key_link, key_from, key_to, key_reverse
		FROM (SELECT DISTINCT * FROM unnest(links, from_seqs, to_seqs) AS s (id, f, t)) s
		JOIN netstate.link l ON l.id = s.id
		CROSS JOIN (VALUES (false), (true)) d (r)
		WHERE NOT (d.r AND l.directed)
		AND (SELECT bool_and(c.up) FROM netstate.carried(ARRAY(
			SELECT u.supporting_link_id FROM netstate.link_support u WHERE u.link_id = l.id AND u.seq BETWEEN s.f AND s.t)) c);
	ELSE
		SELECT jsonb_agg(jsonb_build_object('l', p.link_id, 'r', p.back, 'p', p.links, 'n', p.nodes, 'g', p.bottleneck_gbps)) INTO found
		FROM (SELECT p.*, false AS back FROM netstate.bypass_paths(network, links, disjoint, strict,
				cost, avoid_links, avoid_srlgs, ignore_srlgs, min_probability, min_share) p
			UNION ALL SELECT p.*, true FROM netstate.bypass_paths(network, links, disjoint, strict,
				cost, avoid_links, avoid_srlgs, ignore_srlgs, min_probability, min_share, true) p WHERE one_way) p;
		WITH asked AS (
			SELECT l.id, l.directed, f.id IS NOT NULL AS has
			FROM netstate.link l
			LEFT JOIN (SELECT DISTINCT (e ->> 'l')::bigint AS id FROM jsonb_array_elements(found) e) f ON f.id = l.id
			WHERE l.network_id = lower_id AND (links IS NULL OR l.id = ANY (links))
		)
		SELECT array_agg(a.id ORDER BY a.id, d.r), array_agg(NULL::integer), array_agg(NULL::integer), array_agg(d.r ORDER BY a.id, d.r)
		INTO key_link, key_from, key_to, key_reverse
		FROM asked a CROSS JOIN (VALUES (false), (true)) d (r)
		WHERE NOT (d.r AND a.directed)
		AND (a.has OR a.id IN (SELECT c.link_id FROM netstate.carried(ARRAY(SELECT b.id FROM asked b WHERE NOT b.has)) c WHERE c.up));
	END IF;
	-- where no link has a direction, the way back is the way there
	SELECT array_agg(CASE WHEN k.r AND NOT one_way THEN f.back ELSE f.path END ORDER BY k.i),
		array_agg(CASE WHEN k.r AND NOT one_way THEN f.dst ELSE f.src END ORDER BY k.i),
		array_agg(CASE WHEN k.r AND NOT one_way THEN f.src ELSE f.dst END ORDER BY k.i), array_agg(f.gbps ORDER BY k.i)
	INTO key_path, key_src, key_dst, key_gbps
	FROM unnest(key_link, key_from, key_to, key_reverse) WITH ORDINALITY AS k (l, f, t, r, i)
	LEFT JOIN (
		SELECT (e ->> 'l')::bigint AS l, (e ->> 'f')::integer AS f, (e ->> 't')::integer AS t, (e ->> 'r')::boolean AS r,
			(SELECT array_agg(x.id ORDER BY x.i)::text FROM jsonb_array_elements_text(e -> 'p') WITH ORDINALITY x (id, i)) AS path,
			(SELECT array_agg(x.id ORDER BY x.i DESC)::text FROM jsonb_array_elements_text(e -> 'p') WITH ORDINALITY x (id, i)) AS back,
			(e ->> 'g')::double precision AS gbps, a.id AS src, z.id AS dst
		FROM jsonb_array_elements(found) e
		JOIN netstate.node a ON a.network_id = lower_id AND a.name = e -> 'n' ->> 0
		JOIN netstate.node z ON z.network_id = lower_id AND z.name = e -> 'n' ->> -1
	) f ON f.l = k.l AND f.f IS NOT DISTINCT FROM k.f AND f.t IS NOT DISTINCT FROM k.t AND f.r = (k.r AND one_way);

	-- ---- what there is: of several alike the first is kept ----
	-- (a network that statistics do not know yet is no way to look a link or node up
	-- again and again: IS NOT DISTINCT FROM uses no index)
	SELECT array_agg(h.id ORDER BY k.i) INTO key_tunnel
	FROM unnest(key_link, key_from, key_to, key_src, key_dst) WITH ORDINALITY AS k (l, f, t, src, dst, i)
	LEFT JOIN LATERAL (
		SELECT b.id FROM netstate.bypass p
		JOIN netstate.link b ON b.id = p.bypass_link_id AND b.network_id IS NOT DISTINCT FROM upper.id AND b.kind = 'bypass'
		JOIN netstate.node a ON a.id = b.a_node_id AND a.supporting_node_id = k.src
		JOIN netstate.node z ON z.id = b.z_node_id AND z.supporting_node_id = k.dst
		WHERE p.protected_link_id = k.l AND p.from_seq IS NOT DISTINCT FROM k.f AND p.to_seq IS NOT DISTINCT FROM k.t AND b.directed
		ORDER BY b.id LIMIT 1
	) h ON true;
	RETURN QUERY
	WITH stale AS (
		SELECT b.id, b.name, p.protected_link_id, p.from_seq, p.to_seq
		FROM netstate.link b LEFT JOIN netstate.bypass p ON p.bypass_link_id = b.id
		WHERE b.network_id = upper.id AND b.kind = 'bypass' AND b.id NOT IN (SELECT k.id FROM unnest(key_tunnel) AS k (id) WHERE k.id IS NOT NULL)
		AND (p.id IS NULL AND links IS NULL OR (p.protected_link_id, coalesce(p.from_seq, 0), coalesce(p.to_seq, 0)) IN (
			SELECT k.l, coalesce(k.f, 0), coalesce(k.t, 0) FROM unnest(key_link, key_from, key_to) AS k (l, f, t)))
	), deleted AS (
		DELETE FROM netstate.link b USING stale s WHERE b.id = s.id
	)
	SELECT s.protected_link_id, s.from_seq, s.to_seq, NULL::boolean, 'removed', s.id, s.name FROM stale s ORDER BY s.id;

	-- ---- nodes, tunnels, what they ride on ----
	INSERT INTO netstate.node (network_id, name, supporting_node_id, geom)
	SELECT upper.id, CASE WHEN EXISTS (SELECT FROM netstate.node o WHERE o.network_id = upper.id AND o.name = n.name)
		THEN left(n.name, 470) || ' #' || n.id ELSE n.name END, n.id, n.geom
	FROM netstate.node n
	WHERE n.id IN (SELECT unnest(key_src || key_dst))
	AND NOT EXISTS (SELECT FROM netstate.node o WHERE o.network_id = upper.id AND o.supporting_node_id = n.id)
	ORDER BY n.id;
	WITH figure AS (
		SELECT k.i, k.tunnel, k.path, k.gbps, sum(l.metric::numeric)::float8 AS metric,
			sum(l.latency_us::numeric)::float8 AS latency, sum(l.length_km::numeric)::float8 AS length,
			bool_and(l.metric IS NOT NULL) AS has_metric, bool_and(l.latency_us IS NOT NULL) AS has_latency, bool_and(l.length_km IS NOT NULL) AS has_length
		FROM unnest(key_tunnel, key_path, key_gbps) WITH ORDINALITY AS k (tunnel, path, gbps, i)
		CROSS JOIN LATERAL unnest(k.path::bigint[]) AS s (id) JOIN netstate.link l ON l.id = s.id
		GROUP BY k.i, k.tunnel, k.path, k.gbps
	), missing AS (
		SELECT k.i, left('bypass ' || l.name, 440) || CASE WHEN k.f IS NULL THEN '' ELSE ' ' || k.f || '-' || k.t END ||
			CASE WHEN k.r THEN ' reverse' ELSE '' END AS name, k.l, k.src, k.dst
		FROM unnest(key_link, key_from, key_to, key_reverse, key_tunnel, key_path, key_src, key_dst)
			WITH ORDINALITY AS k (l, f, t, r, tunnel, path, src, dst, i)
		JOIN netstate.link l ON l.id = k.l WHERE k.tunnel IS NULL AND k.path IS NOT NULL
	), named AS (
		SELECT n.i, CASE WHEN count(*) OVER (PARTITION BY n.name) > 1
				OR n.name IN (SELECT o.name FROM netstate.link o WHERE o.network_id = upper.id) THEN n.name || ' #' || n.l ELSE n.name END AS name, n.src, n.dst
		FROM missing n
	), made AS (
		INSERT INTO netstate.link (network_id, name, kind, a_node_id, z_node_id, directed, metric, latency_us, length_km, capacity_gbps)
		SELECT upper.id, n.name, 'bypass', a.id, z.id, true, CASE WHEN f.has_metric THEN f.metric END,
			CASE WHEN f.has_latency THEN f.latency END, CASE WHEN f.has_length THEN f.length END, f.gbps
		FROM named n JOIN figure f ON f.i = n.i
		CROSS JOIN LATERAL (SELECT min(o.id) AS id FROM netstate.node o WHERE o.network_id IS NOT DISTINCT FROM upper.id AND o.supporting_node_id = n.src) a
		CROSS JOIN LATERAL (SELECT min(o.id) AS id FROM netstate.node o WHERE o.network_id IS NOT DISTINCT FROM upper.id AND o.supporting_node_id = n.dst) z
		ORDER BY n.i
		RETURNING id, name
	), changed AS (
		UPDATE netstate.link t SET metric = CASE WHEN f.has_metric THEN f.metric END, latency_us = CASE WHEN f.has_latency THEN f.latency END,
			length_km = CASE WHEN f.has_length THEN f.length END, capacity_gbps = f.gbps
		FROM figure f WHERE t.id = f.tunnel AND (t.metric, t.latency_us, t.length_km, t.capacity_gbps) IS DISTINCT FROM
			(CASE WHEN f.has_metric THEN f.metric END, CASE WHEN f.has_latency THEN f.latency END, CASE WHEN f.has_length THEN f.length END, f.gbps)
		RETURNING t.id
	)
	SELECT array_agg(coalesce(k.tunnel, m.id) ORDER BY k.i), array_agg(CASE WHEN k.path IS NULL THEN 'none' WHEN k.tunnel IS NULL THEN 'made'
		WHEN c.id IS NOT NULL THEN 'changed' ELSE 'kept' END ORDER BY k.i)
	INTO key_tunnel, key_action
	FROM unnest(key_tunnel, key_path) WITH ORDINALITY AS k (tunnel, path, i)
	LEFT JOIN named n ON n.i = k.i
	LEFT JOIN made m ON m.name = n.name
	LEFT JOIN changed c ON c.id = k.tunnel;
	-- those that ride on something else, and those that ride on nothing yet
	SELECT array_agg(k.tunnel) INTO gone
	FROM unnest(key_tunnel, key_path) AS k (tunnel, path)
	WHERE k.path IS NOT NULL AND k.path IS DISTINCT FROM (
		SELECT array_agg(s.supporting_link_id ORDER BY s.member, s.seq)::text FROM netstate.link_support s WHERE s.link_id = k.tunnel
		HAVING min(s.member) = max(s.member));
	DELETE FROM netstate.link_support s USING unnest(gone) AS g (id) WHERE s.link_id = g.id;
	INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id)
	SELECT k.tunnel, 1, s.seq, s.id
	FROM unnest(key_tunnel, key_path) AS k (tunnel, path) JOIN unnest(gone) AS g (id) ON g.id = k.tunnel
	CROSS JOIN LATERAL unnest(k.path::bigint[]) WITH ORDINALITY AS s (id, seq);
	INSERT INTO netstate.bypass (protected_link_id, from_seq, to_seq, bypass_link_id)
	SELECT k.l, k.f, k.t, k.tunnel
	FROM unnest(key_link, key_from, key_to, key_tunnel, key_action) WITH ORDINALITY AS k (l, f, t, tunnel, action, i) WHERE k.action = 'made' ORDER BY k.i;
	RETURN QUERY
	SELECT k.l, k.f, k.t, k.r, CASE WHEN k.action = 'kept' AND g.id IS NOT NULL THEN 'changed' ELSE k.action END, k.tunnel, b.name
	FROM unnest(key_link, key_from, key_to, key_reverse, key_tunnel, key_action) WITH ORDINALITY AS k (l, f, t, r, tunnel, action, i)
	LEFT JOIN unnest(gone) AS g (id) ON g.id = k.tunnel
	LEFT JOIN netstate.link b ON b.id = k.tunnel ORDER BY k.i;
END
$$;

COMMENT ON FUNCTION netstate.provision_bypasses(text, text, bigint[], text[], boolean, text, bigint[], bigint[], bigint[], double precision, double precision, integer[], integer[]) IS
	'Makes bypass tunnels for links of a network, or for segments of tunnels, and keeps them up to date.';

--| What does not hold of bypasses, a row for each finding, as in `violation`;
--| `policy` is `bypass`, `mode` is `monitor`, the subject is the link that is to be
--| protected, or the tunnel whose segment is. In networks where some link has a
--| bypass, every link that is up is to have one in each direction; where nothing
--| is provisioned, nothing is missing. `detail` says:
--|
--| - *no bypass is possible*, and what stands in the way: the groups each of which
--|   all other paths share, or that no other path leads there;
--| - *it has no bypass*: there could be one;
--| - a bypass *shares* a group with what it protects, of those that count
--|   (`bypass_paths`), or *rides on what it protects*;
--| - it *carries* less than what it protects;
--| - it *is out of service*; it *does not lead* from one end to the other; it
--|   protects a segment that is no more.
--|
--| What is not up is not judged. Fails with 42501 without SELECT on what risk is
--| derived from, `bypass` and `network`. Cost: one derivation of risk for all
--| bypasses and what they protect, and some microseconds for each link without.
CREATE FUNCTION netstate.bypass_violations()
RETURNS TABLE (policy text, mode text, network_id bigint, vpc_id bigint,
	subject_kind text, subject_id bigint, subject text, detail text, hint text,
	waived_until timestamptz)
LANGUAGE c STABLE PARALLEL SAFE COST 1000000 ROWS 10
AS 'MODULE_PATHNAME', 'netstate_bypass_violations';

COMMENT ON FUNCTION netstate.bypass_violations() IS
	'Links without a bypass, and bypasses that do not protect.';

