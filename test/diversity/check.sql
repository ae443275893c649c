-- One look at all groups, in one statement, so under one snapshot: what the oracle
-- says of them, what netstate says, and where the two differ.

CREATE FUNCTION diversity_test.show(what text, lines text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT format('%s: %s rows differ: %s', what, cardinality(lines), array_to_string(lines[1 : 4], ' ')) WHERE cardinality(lines) > 0 $$;

-- disjoint_group_shared() has one row for each link, node and group of risk that two
-- members share.
CREATE FUNCTION diversity_test.shared_differs(want diversity_test.share[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY
	WITH got AS (
		SELECT s.group_id, s.link_a, s.link_b, s.element_kind, s.element_id, s.srlg_id, s.share_a, s.share_b, s.probability_a, s.probability_b, coalesce(s.srlg_id, 0) AS of_risk
		FROM netstate.disjoint_group_shared() s),
	wanted AS (
		SELECT w.*, coalesce(w.srlg_id, 0) AS of_risk FROM unnest(want) w)
	SELECT diversity_test.show('disjoint_group_shared()', array_agg(format('%s not %s', g, w)))
	FROM wanted w FULL JOIN got g USING (group_id, link_a, link_b, element_kind, element_id, of_risk)
	WHERE w.doubt IS NOT TRUE AND (w.group_id IS NULL OR g.group_id IS NULL
		OR (abs(g.share_a - coalesce(w.share_a, 1)) + abs(g.share_b - coalesce(w.share_b, 1)) + abs(g.probability_a - coalesce(w.probability_a, 1))
			+ abs(g.probability_b - coalesce(w.probability_b, 1)) < 4e-6) IS NOT TRUE);
	RETURN QUERY
	SELECT diversity_test.show('waived_until', array_agg(s::text))
	FROM netstate.disjoint_group_shared() s
	LEFT JOIN netstate.waiver w ON (w.group_id, w.element_kind, w.element_id) = (s.group_id, s.element_kind, s.element_id) AND w.expires_at > clock_timestamp() - interval '3 seconds'
	WHERE s.waived_until <> w.expires_at OR w.expires_at IS NULL AND s.waived_until > clock_timestamp()
		OR s.waived_until IS NULL AND w.expires_at > clock_timestamp() + interval '3 seconds';
	-- some groups, asked for by id
	RETURN QUERY
	WITH asked AS (SELECT ARRAY(SELECT g.id FROM netstate.disjoint_group g WHERE g.id % 3 = 1) AS ids)
	SELECT diversity_test.show('groups by id', array_agg(x::text))
	FROM asked a, LATERAL (
		(SELECT s.group_id, s.link_a, s.link_b, s.element_kind, s.element_id, s.srlg_id FROM netstate.disjoint_group_shared(a.ids) s
			EXCEPT ALL SELECT s.group_id, s.link_a, s.link_b, s.element_kind, s.element_id, s.srlg_id FROM netstate.disjoint_group_shared() s WHERE s.group_id = ANY (a.ids))
		UNION ALL
		(SELECT s.group_id, s.link_a, s.link_b, s.element_kind, s.element_id, s.srlg_id FROM netstate.disjoint_group_shared() s WHERE s.group_id = ANY (a.ids)
			EXCEPT ALL SELECT s.group_id, s.link_a, s.link_b, s.element_kind, s.element_id, s.srlg_id FROM netstate.disjoint_group_shared(a.ids) s)) x;
END $$;

-- disjoint_group_violations() shows the groups that are violated, but for those that
-- are off; those that a waiver keeps whole only until then; those of too few members.
CREATE FUNCTION diversity_test.violations_differ(want diversity_test.share[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY
	WITH got AS MATERIALIZED (SELECT v.policy, v.mode, v.subject_id AS group_id, v.waived_until FROM netstate.disjoint_group_violations() v),
	lasting AS MATERIALIZED (SELECT DISTINCT v.group_id FROM diversity_test.violated(want, '-2 seconds') v JOIN netstate.disjoint_group g ON g.id = v.group_id WHERE g.mode <> 'off' AND NOT v.doubt),
	soon AS MATERIALIZED (SELECT DISTINCT v.group_id FROM diversity_test.violated(want, '5 seconds') v),
	ever AS MATERIALIZED (SELECT DISTINCT v.group_id FROM diversity_test.violated(want, '1000 years') v),
	doubt AS MATERIALIZED (SELECT DISTINCT w.group_id FROM unnest(want) w WHERE w.doubt),
	up AS MATERIALIZED (SELECT c.link_id FROM plant_test.carried() c WHERE c.up),
	few AS MATERIALIZED (
		SELECT g.id AS group_id FROM netstate.disjoint_group g LEFT JOIN netstate.disjoint_group_member m ON m.group_id = g.id
		WHERE g.mode <> 'off' GROUP BY g.id HAVING count(*) FILTER (WHERE m.link_id IN (SELECT u.link_id FROM up u)) < g.min_members)
	SELECT diversity_test.show('violations', array_agg(x)) FROM (
		SELECT format('lacks group %s', l.group_id) AS x FROM lasting l WHERE l.group_id NOT IN (SELECT g.group_id FROM got g WHERE g.policy = 'disjoint_group' AND g.waived_until IS NULL)
		UNION ALL
		SELECT format('has group %s', g.group_id) FROM got g
		WHERE g.policy = 'disjoint_group' AND g.group_id NOT IN (SELECT d.group_id FROM doubt d)
			AND CASE WHEN g.waived_until IS NULL THEN g.group_id NOT IN (SELECT w.group_id FROM soon w) ELSE g.group_id NOT IN (SELECT w.group_id FROM ever w) END
		UNION ALL
		SELECT format('says %s of %s', g.mode, g.group_id) FROM got g JOIN netstate.disjoint_group d ON d.id = g.group_id WHERE g.mode <> d.mode OR d.mode = 'off'
		UNION ALL
		SELECT format('lacks or has too few in group %s', coalesce(f.group_id, g.group_id)) FROM few f FULL JOIN (SELECT m.group_id FROM got m WHERE m.policy = 'disjoint_group_members') g USING (group_id)
		WHERE f.group_id IS NULL OR g.group_id IS NULL) v;
END $$;

-- Whatever group of risk two members share is in shared_risk() of the two.
CREATE FUNCTION diversity_test.shared_risk_differs(want diversity_test.share[]) RETURNS SETOF text
LANGUAGE sql STABLE AS $$
	WITH pair AS MATERIALIZED (SELECT DISTINCT w.link_a, w.link_b FROM unnest(want) w WHERE NOT w.doubt AND w.srlg_id IS NOT NULL ORDER BY 1, 2 LIMIT 10),
	risk AS MATERIALIZED (SELECT p.link_a, p.link_b, r.srlg_id FROM pair p, netstate.shared_risk(p.link_a, p.link_b) r)
	SELECT diversity_test.show('shared_risk', array_agg(w::text))
	FROM unnest(want) w JOIN pair p USING (link_a, link_b)
	WHERE w.srlg_id IS NOT NULL AND NOT w.doubt AND (w.link_a, w.link_b, w.srlg_id) NOT IN (SELECT r.link_a, r.link_b, r.srlg_id FROM risk r)
$$;

-- `now`, `soon` and `ever`: enforced groups that are violated by the waivers of this
-- moment, where those that end in the next seconds no longer count, and where all
-- count that were ever given.  `pending`: what check_pending() finds.  `share`: what
-- each group shares, as a number.
CREATE FUNCTION diversity_test.look(place text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	-- whatever netstate is asked comes first: the oracle must not help
	pending bigint[] := ARRAY(SELECT DISTINCT c.element_id FROM netstate.check_pending() c WHERE c.rule = 'disjoint_group' ORDER BY 1);
	others text[] := ARRAY(SELECT DISTINCT c.rule FROM netstate.check_pending() c WHERE c.rule <> 'disjoint_group' ORDER BY 1);
	share diversity_test.share[] := ARRAY(SELECT s FROM diversity_test.shared() s);
	enforced bigint[] := ARRAY(SELECT g.id FROM netstate.disjoint_group g WHERE g.mode = 'enforce');
BEGIN
	RETURN 'LOOK ' || json_build_object('place', place, 'pending', pending, 'others', others,
		'enforced', cardinality(enforced),
		'doubt', ARRAY(SELECT DISTINCT s.group_id FROM unnest(share) s WHERE s.doubt),
		'now', ARRAY(SELECT v.group_id FROM diversity_test.violated(share) v WHERE v.group_id = ANY (enforced) ORDER BY 1),
		'soon', ARRAY(SELECT v.group_id FROM diversity_test.violated(share, '5 seconds') v WHERE v.group_id = ANY (enforced) ORDER BY 1),
		'ever', ARRAY(SELECT v.group_id FROM diversity_test.violated(share, '-1000 years') v WHERE v.group_id = ANY (enforced) ORDER BY 1),
		'all', (SELECT count(*) FROM diversity_test.violated(share)),
		'share', (SELECT json_object_agg(x.group_id, x.n) FROM (
			SELECT s.group_id, sum(hashtext(format('%s %s %s %s', s.link_a, s.link_b, s.element_kind, s.element_id))::bigint) AS n
			FROM (SELECT DISTINCT u.group_id, u.link_a, u.link_b, u.element_kind, u.element_id FROM unnest(share) u) s GROUP BY s.group_id) x),
		'differ', ARRAY(SELECT x.d FROM (SELECT d FROM diversity_test.shared_differs(share) d UNION ALL SELECT d FROM diversity_test.violations_differ(share) d
			UNION ALL SELECT d FROM diversity_test.shared_risk_differs(share) d) x WHERE x.d IS NOT NULL));
END $$;
