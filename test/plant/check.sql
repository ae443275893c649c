-- Comparison of what netstate answers with the oracle, in one statement, so under
-- one snapshot.  Each function gives what differs, at most a few lines of it.

CREATE FUNCTION plant_test.show(what text, lines text[], rows bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT format('%s: %s rows differ: %s', what, rows, array_to_string(lines, ' ')) $$;

-- What netstate says of these memberships, beside the oracle's.  Shares and
-- probabilities are stored as float4.
CREATE TYPE plant_test.membership AS (srlg_id bigint, link_id bigint, origin text, share float8, probability float8);

CREATE FUNCTION plant_test.compare(what text, got plant_test.membership[], want plant_test.membership[], doubtful bigint[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY
	WITH differ AS (
		SELECT format('(%s, %s, %s, %s, %s) not (%s, %s, %s, %s, %s)', g.srlg_id, g.link_id, g.origin, g.share, g.probability, w.srlg_id, w.link_id, w.origin, w.share, w.probability) AS line
		FROM unnest(got) g FULL JOIN unnest(want) w USING (srlg_id, link_id)
		WHERE (g.origin = w.origin AND abs(g.share - w.share) < 1e-6 AND abs(g.probability - w.probability) < 1e-6
				AND (g.share = 0) = (w.share < 1e-9)) IS NOT TRUE
			AND NOT coalesce(g.srlg_id, w.srlg_id) = ANY (doubtful))
	SELECT plant_test.show(what, (array_agg(line ORDER BY line))[1 : 4], count(*)) FROM differ HAVING count(*) > 0
	UNION ALL
	SELECT what || ': the same membership twice' FROM unnest(got) g GROUP BY g.srlg_id, g.link_id HAVING count(*) > 1;
END $$;

-- The element that a group stands for.
CREATE FUNCTION plant_test.element(group_id bigint, OUT kind text, OUT element_kind text, OUT element_id bigint)
LANGUAGE sql IMMUTABLE AS $$
	SELECT k, CASE WHEN k IN ('crossing', 'proximity') THEN 'span_pair' WHEN k IN ('corridor', 'corridor_side') THEN 'corridor' ELSE k END,
		CASE WHEN k IN ('corridor', 'corridor_side') THEN e >> 26 ELSE e END
	FROM (SELECT CASE WHEN group_id > 0 THEN 'srlg' ELSE ('{span,duct,cable,structure,site,power_feed,corridor,corridor_side,crossing,proximity,hazard_area}'::text[])[(-group_id) >> 59] END AS k,
		CASE WHEN group_id > 0 THEN group_id ELSE (-group_id) & ((1::bigint << 59) - 1) END AS e) x
$$;

-- Memberships by link, by element and in the views.
CREATE FUNCTION plant_test.memberships_differ(pick integer) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	want plant_test.membership[];
	doubtful bigint[];
	kinds text[];	-- the elements of what is wanted
	elements bigint[];
	few bigint[] := ARRAY(SELECT l.id FROM netstate.link l WHERE hashint8(l.id + pick) % 4 = 0);
	by_kind record;
BEGIN
	SELECT array_agg(ROW(m.srlg_id, m.link_id, m.origin, m.share, m.probability)::plant_test.membership),
		coalesce(array_agg(m.srlg_id) FILTER (WHERE m.doubt), '{}')
	INTO want, doubtful FROM plant_test.memberships() m;
	WITH element AS MATERIALIZED (SELECT g.srlg_id, e.* FROM (SELECT DISTINCT w.srlg_id FROM unnest(want) w) g, plant_test.element(g.srlg_id) e)
	SELECT array_agg(e.element_kind ORDER BY w.n), array_agg(e.element_id ORDER BY w.n)
	INTO kinds, elements FROM unnest(want) WITH ORDINALITY w (srlg_id, link_id, origin, share, probability, n) JOIN element e USING (srlg_id);
	RETURN QUERY SELECT plant_test.compare('memberships(NULL)',
		ARRAY(SELECT m::plant_test.membership FROM netstate.memberships(NULL) m), want, doubtful);
	RETURN QUERY SELECT plant_test.compare(format('memberships(%L)', few),
		ARRAY(SELECT m::plant_test.membership FROM netstate.memberships(few) m),
		ARRAY(SELECT w::plant_test.membership FROM unnest(want) w WHERE w.link_id = ANY (few)), doubtful);
	RETURN QUERY SELECT plant_test.compare('risk_member',
		ARRAY(SELECT ROW(m.srlg_id, m.link_id, m.origin, m.share, m.probability)::plant_test.membership FROM netstate.risk_member m), want, doubtful);
	FOR by_kind IN
		SELECT w.element_kind, array_agg(DISTINCT w.element_id) AS ids
		FROM unnest(kinds, elements) w (element_kind, element_id)
		WHERE hashint8(w.element_id + pick) % 2 = 0
		GROUP BY w.element_kind ORDER BY w.element_kind
	LOOP
		RETURN QUERY SELECT plant_test.compare(format('members(%L, %L)', by_kind.element_kind, by_kind.ids),
			ARRAY(SELECT m::plant_test.membership FROM netstate.members(by_kind.element_kind, by_kind.ids) m),
			ARRAY(SELECT ROW(w.srlg_id, w.link_id, w.origin, w.share, w.probability)::plant_test.membership
				FROM unnest(want, kinds, elements) w (srlg_id, link_id, origin, share, probability, element_kind, element_id)
				WHERE w.element_kind = by_kind.element_kind AND w.element_id = ANY (by_kind.ids)), doubtful);
	END LOOP;
	RETURN QUERY
	WITH ids AS (SELECT ARRAY(SELECT DISTINCT w.srlg_id FROM unnest(want) w WHERE hashint8(w.srlg_id + pick) % 4 = 0 ORDER BY 1) AS ids)
	SELECT plant_test.compare('members of groups',
		ARRAY(SELECT m::plant_test.membership FROM netstate.members('srlg', ids) m),
		ARRAY(SELECT w::plant_test.membership FROM unnest(want) w WHERE w.srlg_id = ANY (ids)), doubtful) FROM ids;
	-- memberships have reasons: none likelier than all, which are no likelier together
	RETURN QUERY
	WITH reason AS (
		SELECT w.srlg_id, w.link_id, w.probability, count(r.rule) AS reasons, max(r.probability) AS most, 1 - plant_test.product(1 - r.probability) AS all_apart
		FROM (SELECT * FROM unnest(want) x WHERE NOT x.srlg_id = ANY (doubtful) ORDER BY hashint8(x.srlg_id + x.link_id + pick), x.srlg_id LIMIT 12) w
		LEFT JOIN LATERAL netstate.risk_reason(w.link_id, w.srlg_id) r ON true
		GROUP BY w.srlg_id, w.link_id, w.probability)
	SELECT plant_test.show('risk_reason', (array_agg(x::text))[1 : 4], count(*)) FROM reason x
	WHERE NOT (x.reasons > 0 AND x.most < x.probability + 1e-6 AND x.all_apart > x.probability - 1e-6)
	HAVING count(*) > 0;
	-- the groups themselves
	RETURN QUERY
	WITH named AS (
		SELECT w.srlg_id, CASE WHEN w.srlg_id > 0 THEN g.kind ELSE e.kind END AS kind, e.element_kind, e.element_id
		FROM (SELECT DISTINCT x.srlg_id FROM unnest(want) x) w CROSS JOIN plant_test.element(w.srlg_id) e LEFT JOIN netstate.srlg g ON g.id = w.srlg_id)
	SELECT plant_test.show('risk', (array_agg(format('%s is (%s, %s, %s) not (%s, %s, %s)', n.srlg_id, r.kind, r.element_kind, r.element_id, n.kind, n.element_kind, n.element_id)))[1 : 4], count(*))
	FROM named n LEFT JOIN netstate.risk r ON r.id = n.srlg_id
	WHERE (r.kind, r.element_kind, r.element_id) IS DISTINCT FROM (n.kind, n.element_kind, n.element_id) AND NOT n.srlg_id = ANY (doubtful)
	HAVING count(*) > 0;
END $$;

CREATE FUNCTION plant_test.carried_differs(pick integer) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	want plant_test.state[] := ARRAY(SELECT c FROM plant_test.carried() c);
	few bigint[] := ARRAY(SELECT l.id FROM netstate.link l WHERE hashint8(l.id + pick) % 4 = 1);
BEGIN
	RETURN QUERY
	WITH got AS (
		SELECT 'link_state' AS what, g.link_id, g.carried, g.up, true AS whole FROM netstate.link_state g
		UNION ALL
		SELECT format('carried(%L)', few), g.link_id, g.carried, g.up, false FROM netstate.carried(few) g),
	asked AS (
		SELECT 'link_state' AS what, w.* FROM unnest(want) w
		UNION ALL
		SELECT format('carried(%L)', few), w.* FROM unnest(want) w WHERE w.link_id = ANY (few))
	SELECT plant_test.show(what, (array_agg(format('%s has (%s, %s) not (%s, %s)', link_id, g.carried, g.up, a.carried, a.up) ORDER BY link_id))[1 : 4], count(*))
	FROM got g FULL JOIN asked a USING (what, link_id)
	WHERE (abs(g.carried - a.carried) < 1e-9 AND g.up = a.up) IS NOT TRUE
	GROUP BY what;
END $$;

-- A span is a link of network `plant`.
CREATE VIEW plant_test.span_group AS
SELECT group_id AS srlg_id, span_id AS link_id, 1::float8 AS share, 1 - plant_test.product(1 - probability) AS probability, bool_or(doubt) AS doubt
FROM (SELECT * FROM plant_test.span_unit
	UNION ALL
	SELECT o.group_id, s.id, o.unit, o.probability, false FROM netstate.span s CROSS JOIN plant_test.own_unit(s.id, NULL) o) u
GROUP BY group_id, span_id;

-- What takes down a structure, as an end of a path.
CREATE VIEW plant_test.structure_group AS
SELECT plant_test.group_id(4, t.id) AS group_id, t.id AS node_id, r.probability FROM netstate.structure t JOIN plant_test.rule r ON r.kind = 'structure'
UNION ALL
SELECT plant_test.group_id(5, t.site_id), t.id, r.probability FROM netstate.structure t JOIN plant_test.rule r ON r.kind = 'site' WHERE t.site_id IS NOT NULL
UNION ALL
SELECT plant_test.group_id(11, h.id), t.id, r.probability
FROM netstate.hazard_area h JOIN netstate.structure t ON ST_Intersects(h.geom, t.geom) JOIN plant_test.rule r ON r.kind = 'hazard_area';

CREATE TYPE plant_test.path AS (path integer, links bigint[], shared_srlgs bigint[], shared_links bigint[], optimal boolean);

-- Two paths share the groups to which links of both belong, but for those that
-- take down an end; and strict gives paths just where they share nothing.
CREATE FUNCTION plant_test.paths_differ(asked_id bigint, asked text, src record, dst record, least_probability float8, least_share float8) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	path plant_test.path[] := ARRAY(
		SELECT ROW(p.path, p.links, p.shared_srlgs, p.shared_links, p.optimal)::plant_test.path
		FROM netstate.disjoint_paths(asked, src.name, dst.name, strict => false, cost => 'hops', min_probability => least_probability, min_share => least_share) p
		ORDER BY p.path);
	strict_rows bigint := (SELECT count(*)
		FROM netstate.disjoint_paths(asked, src.name, dst.name, strict => true, cost => 'hops', min_probability => least_probability, min_share => least_share) p);
	what text := format('%s from %s to %s, from probability %s and share %s on', asked, src.name, dst.name, least_probability, least_share);
	shared bigint[];
	want bigint[];
	doubtful bigint[];
BEGIN
	IF cardinality(path) = 0 THEN
		RETURN CASE WHEN strict_rows > 0 THEN what || ': paths only where strict' END;
	END IF;
	WITH membership AS MATERIALIZED (
		SELECT m.srlg_id, m.link_id, m.share, m.probability, m.doubt FROM plant_test.memberships() m WHERE asked_id > 0
		UNION ALL
		SELECT s.* FROM plant_test.span_group s WHERE asked_id < 0),
	ends AS (
		SELECT g.group_id, g.probability FROM plant_test.node_group g WHERE asked_id > 0 AND g.node_id IN (src.id, dst.id)
		UNION ALL
		SELECT g.group_id, g.probability FROM plant_test.structure_group g WHERE asked_id < 0 AND g.node_id IN (src.id, dst.id)),
	used AS (
		SELECT p.path, unnest(p.links) AS link_id FROM unnest(path) p),
	both_use AS (
		SELECT m.srlg_id
		FROM membership m JOIN used u USING (link_id)
		WHERE m.share > 1e-9 AND m.share > least_share - 1e-6 AND m.probability > least_probability - 1e-6
			AND NOT EXISTS (SELECT FROM ends e WHERE e.group_id = m.srlg_id AND e.probability > 0 AND e.probability > least_probability - 1e-6)
		GROUP BY m.srlg_id HAVING count(DISTINCT u.path) = 2),
	unsure AS (
		SELECT DISTINCT m.srlg_id FROM membership m WHERE m.doubt)
	SELECT ARRAY(SELECT b.srlg_id FROM both_use b EXCEPT SELECT v.srlg_id FROM unsure v ORDER BY 1),
		ARRAY(SELECT x FROM unnest(path) p, unnest(p.shared_srlgs) x EXCEPT SELECT v.srlg_id FROM unsure v ORDER BY 1),
		ARRAY(SELECT v.srlg_id FROM unsure v)
	INTO want, shared, doubtful;
	IF shared <> want THEN
		RETURN format('%s: paths %s share %s, not %s', what, path, shared, want);
	END IF;
	IF path[1].optimal AND (strict_rows > 0) <> (cardinality(path[1].shared_srlgs) + cardinality(path[1].shared_links) = 0) THEN
		RETURN format('%s: strict gives %s rows, without it paths %s', what, strict_rows, path);
	END IF;
	RETURN NULL;
END $$;

-- The cost of the cheapest route in the plant, round by round.
CREATE FUNCTION plant_test.route_cost(src bigint, dst bigint) RETURNS float8
LANGUAGE plpgsql STABLE AS $$
DECLARE
	structure bigint[] := ARRAY[src];
	cost float8[] := '{0}';
	before float8[];
BEGIN
	WHILE cost IS DISTINCT FROM before LOOP
		before := cost;
		WITH near AS MATERIALIZED (SELECT * FROM unnest(structure, cost) u (id, cost)),
		step AS (
			SELECT CASE WHEN n.id = s.a_structure_id THEN s.z_structure_id ELSE s.a_structure_id END AS id, n.cost + coalesce(s.length_m, s.drawn_m) AS cost
			FROM near n
			JOIN netstate.span s ON n.id IN (s.a_structure_id, s.z_structure_id) AND s.status = 'operational'
				AND NOT EXISTS (SELECT FROM netstate.structure t WHERE t.id IN (s.a_structure_id, s.z_structure_id) AND t.status <> 'operational')
				AND s.id NOT IN (TABLE plant_test.drained_span)
			UNION ALL SELECT * FROM near),
		best AS (SELECT s.id, min(s.cost) AS cost FROM step s GROUP BY s.id)
		SELECT array_agg(b.id ORDER BY b.id), array_agg(b.cost ORDER BY b.id) INTO structure, cost FROM best b;
	END LOOP;
	RETURN cost[array_position(structure, dst)];
END $$;

-- The kept graph of each network against one that is read, and answers in one
-- of them.
CREATE FUNCTION plant_test.graph_differs(pick integer) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	asked record;
	src record;
	dst record;
	n bigint;
	cost float8;
	want float8;
BEGIN
	FOR asked IN SELECT w.id, w.name FROM netstate.network w UNION ALL SELECT -1, 'plant' ORDER BY 1 LOOP
		n := netstate.graph_check(asked.name);
		IF n <> 0 THEN
			RETURN NEXT format('graph_check(%L) gives %s', asked.name, n);
		END IF;
	END LOOP;
	FOR asked IN
		SELECT w.id, w.name, (SELECT count(*) FROM netstate.link l JOIN plant_test.carried() c ON c.link_id = l.id WHERE l.network_id = w.id AND c.up) AS links
		FROM netstate.network w ORDER BY hashint8(w.id + pick), w.id LIMIT 1
	LOOP
		n := (SELECT g.links FROM netstate.graph_status(asked.name) g);
		IF n <> asked.links THEN
			RETURN NEXT format('%L has %s links, not %s', asked.name, n, asked.links);
		END IF;
		SELECT v.id, v.name INTO src FROM netstate.node v WHERE v.network_id = asked.id ORDER BY hashint8(v.id + pick), v.id LIMIT 1;
		SELECT v.id, v.name INTO dst FROM netstate.node v WHERE v.network_id = asked.id AND v.id <> src.id ORDER BY hashint8(v.id + pick) DESC, v.id LIMIT 1;
		CONTINUE WHEN dst.id IS NULL;
		RETURN QUERY SELECT x FROM plant_test.paths_differ(asked.id, asked.name, src, dst, ('{0,0,0.3,0.6}'::float8[])[1 + pick % 4], ('{0,0,0,0.4}'::float8[])[1 + pick / 4 % 4]) x WHERE x IS NOT NULL;
	END LOOP;

	SELECT t.id, t.name INTO src FROM netstate.structure t ORDER BY hashint8(t.id + pick), t.id LIMIT 1;
	SELECT t.id, t.name INTO dst FROM netstate.structure t WHERE t.id <> src.id ORDER BY hashint8(t.id + pick) DESC, t.id LIMIT 1;
	IF dst.id IS NULL THEN
		RETURN;
	END IF;
	cost := (SELECT p.cost FROM netstate.shortest_path('plant', src.name, dst.name) p);
	want := plant_test.route_cost(src.id, dst.id);
	IF (cost IS NULL) <> (want IS NULL) OR abs(cost - want) > 1e-4 THEN
		RETURN NEXT format('plant from %s to %s costs %s, not %s', src.name, dst.name, cost, want);
	END IF;
	RETURN QUERY SELECT x FROM plant_test.paths_differ(-1, 'plant', src, dst, ('{0,0,0.3,0.6}'::float8[])[1 + pick % 4], 0) x WHERE x IS NOT NULL;
END $$;

-- Everything, or what `pick` chooses of it: 'right', or what is wrong.  Whatever
-- is asked of netstate comes before the oracle, which must not help.
CREATE FUNCTION plant_test.check(pick integer, graphs boolean DEFAULT true) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	wrong text;
BEGIN
	IF graphs THEN
		wrong := (SELECT string_agg(x, '; ') FROM plant_test.graph_differs(pick) x);
	END IF;
	wrong := concat_ws('; ', wrong, (SELECT string_agg(x, '; ') FROM plant_test.memberships_differ(pick) x),
		(SELECT string_agg(x, '; ') FROM plant_test.carried_differs(pick) x));
	RETURN coalesce('WRONG ' || nullif(wrong, ''), 'right');
END $$;

-- The graphs alone: what readers beside writers can afford to ask.
CREATE FUNCTION plant_test.check_graph(pick integer) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	asked text := (SELECT name FROM (SELECT id, name FROM netstate.network UNION ALL SELECT -1, 'plant') w ORDER BY hashint8(id + pick), id LIMIT 1);
	n bigint := netstate.graph_check(asked);
BEGIN
	RETURN CASE n WHEN 0 THEN 'right' ELSE format('WRONG graph_check(%L) gives %s', asked, n) END;
END $$;
