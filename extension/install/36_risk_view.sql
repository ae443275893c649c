-- All groups of shared risk, stated and derived, with names; and why a link
-- belongs to one.

--| The id of the group that follows from an element of the plant: below 0, made
--| from the group's kind and the element, and so the same as long as the element
--| is there. `kind`: `span`, `duct`, `cable`, `structure`, `site`, `power_feed`
--| or `hazard_area` with the element's id; `crossing` or `proximity` with
--| a_span_id * 2^29 + b_span_id, the lower id first; `corridor` with
--| (corridor_id * 2^24 + stretch) * 4, `corridor_side` with that plus 1 for left,
--| 2 for right, 3 for median, where stretches count from 0 at the corridor's
--| start. It does not look whether there is such an element. Fails with 22023 for
--| another kind or an id out of range, with 22004 for a NULL.
CREATE FUNCTION netstate.risk_id(kind text, element_id bigint) RETURNS bigint
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_risk_id';

COMMENT ON FUNCTION netstate.risk_id(text, bigint) IS
	'The id of the group that follows from an element of the plant.';

--| The pairs of spans that cross or run near each other, as the running
--| transaction sees them: those of `span_pair`, and its own new ones.
CREATE VIEW netstate.span_pair_now WITH (security_invoker = true) AS
SELECT p.a_span_id, p.b_span_id, p.crosses, p.distance_m, p.run_m
FROM netstate.span_pair p
WHERE NOT EXISTS (
	SELECT FROM netstate.span_pair_own o
	WHERE o.xid = pg_catalog.pg_current_xact_id_if_assigned()
		AND o.a_span_id = p.a_span_id AND o.b_span_id = p.b_span_id)
UNION ALL
SELECT o.a_span_id, o.b_span_id, o.crosses, o.distance_m, o.run_m
FROM netstate.span_pair_own o
WHERE o.xid = pg_catalog.pg_current_xact_id_if_assigned() AND o.run_m IS NOT NULL;

COMMENT ON VIEW netstate.span_pair_now IS 'Pairs of spans that cross or run near each other, as the running transaction sees them.';
COMMENT ON COLUMN netstate.span_pair_now.a_span_id IS 'Span with the lower id.';
COMMENT ON COLUMN netstate.span_pair_now.b_span_id IS 'Span with the higher id.';
COMMENT ON COLUMN netstate.span_pair_now.crosses IS 'As in span_pair.';
COMMENT ON COLUMN netstate.span_pair_now.distance_m IS 'As in span_pair.';
COMMENT ON COLUMN netstate.span_pair_now.run_m IS 'As in span_pair.';

--| Where spans run along their corridors: of each span that has one, the first
--| and the last stretch, by the length in force, for the rules `corridor` (side
--| 0) and `corridor_side` (1 left, 2 right, 3 median; only spans with a side).
CREATE FUNCTION netstate.span_stretches()
RETURNS TABLE (span_id bigint, corridor_id bigint, kind text, side integer,
	first_stretch integer, last_stretch integer)
LANGUAGE c STABLE PARALLEL SAFE ROWS 1000
AS 'MODULE_PATHNAME', 'netstate_span_stretches';

COMMENT ON FUNCTION netstate.span_stretches() IS
	'Where spans run along their corridors, in stretches.';

--| The name of a group: of a stated one its own, of a derived one that of its
--| element: a span, a cable, 'span / duct', 'corridor, 3000 m to 4000 m, left',
--| 'one span x the other'. NULL where there is no such group or element. Looks
--| it up by key.
CREATE FUNCTION netstate.risk_name(srlg_id bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE
		WHEN g.id > 0 THEN (SELECT e.name FROM netstate.srlg e WHERE e.id = g.id)
		WHEN g.code = 1 THEN (SELECT e.name FROM netstate.span e WHERE e.id = g.element)
		WHEN g.code = 2 THEN (
			SELECT s.name || ' / ' || e.name
			FROM netstate.duct e JOIN netstate.span s ON s.id = e.span_id WHERE e.id = g.element)
		WHEN g.code = 3 THEN (SELECT e.name FROM netstate.cable e WHERE e.id = g.element)
		WHEN g.code = 4 THEN (SELECT e.name FROM netstate.structure e WHERE e.id = g.element)
		WHEN g.code = 5 THEN (SELECT e.name FROM netstate.site e WHERE e.id = g.element)
		WHEN g.code = 6 THEN (SELECT e.name FROM netstate.power_feed e WHERE e.id = g.element)
		WHEN g.code = 7 OR g.code = 8 THEN (
			SELECT pg_catalog.format('%s, %s m to %s m%s', e.name,
				(g.element >> 2 & 16777215) * r.distance_m, ((g.element >> 2 & 16777215) + 1) * r.distance_m,
				(ARRAY['', ', left', ', right', ', median'])[1 + (g.element & 3)])
			FROM netstate.corridor e, netstate.risk_rule_in_force r
			WHERE e.id = g.element >> 26
				AND r.kind = CASE g.code WHEN 7 THEN 'corridor' ELSE 'corridor_side' END)
		WHEN g.code = 9 OR g.code = 10 THEN (
			SELECT a.name || ' x ' || b.name
			FROM netstate.span a, netstate.span b
			WHERE a.id = g.element >> 29 AND b.id = g.element & 536870911)
		WHEN g.code = 11 THEN (SELECT e.name FROM netstate.hazard_area e WHERE e.id = g.element)
	END
	-- the least bigint has no opposite, and is no group
	FROM (SELECT i.id, (-i.id) >> 59 AS code, (-i.id) & 576460752303423487 AS element
		FROM (SELECT nullif(srlg_id, -9223372036854775808) AS id) AS i) AS g;
END;

COMMENT ON FUNCTION netstate.risk_name(bigint) IS
	'The name of a group of shared risk, stated or derived.';

--| All groups of shared risk, one row each: the rows of `srlg`, whose element is
--| the group itself, and those that follow from the plant by the rules in force,
--| with ids below 0. A derived group is there whether or not anything belongs to
--| it; `members(element_kind, ARRAY[element_id])` says what does. Its
--| `mtbf_hours` is the span's own, else the rule's for a km over the span's
--| length. Reads all the plant; for one group ask `risk_name`.
CREATE VIEW netstate.risk WITH (security_invoker = true) AS
SELECT g.id, g.name, g.kind, g.origin, 'srlg'::text AS element_kind, g.id AS element_id,
	g.mtbf_hours, g.mttr_hours
FROM netstate.srlg g
UNION ALL
SELECT netstate.risk_id('span', e.id), e.name, 'span', 'derived', 'span', e.id,
	COALESCE(e.mtbf_hours, (
		SELECT d.mtbf_hours_km FROM netstate.risk_rule_in_force d WHERE d.kind = 'span')
		* 1000 / NULLIF(COALESCE(e.length_m, e.drawn_m), 0)),
	COALESCE(e.mttr_hours, r.mttr_hours)
FROM netstate.span e
JOIN netstate.risk_rule_in_force r
	ON r.kind = CASE e.encasement WHEN 'none' THEN 'span' ELSE 'duct_bank' END AND r.enabled
UNION ALL
SELECT netstate.risk_id('duct', e.id), s.name || ' / ' || e.name, 'duct', 'derived', 'duct', e.id,
	NULL, r.mttr_hours
FROM netstate.duct e
JOIN netstate.span s ON s.id = e.span_id
JOIN netstate.risk_rule_in_force r ON r.kind = 'duct' AND r.enabled
UNION ALL
SELECT netstate.risk_id('cable', e.id), e.name, 'cable', 'derived', 'cable', e.id, NULL, r.mttr_hours
FROM netstate.cable e
JOIN netstate.risk_rule_in_force r ON r.kind = 'cable' AND r.enabled
UNION ALL
SELECT netstate.risk_id('structure', e.id), e.name, 'structure', 'derived', 'structure', e.id,
	NULL, (SELECT r.mttr_hours FROM netstate.risk_rule_in_force r WHERE r.kind = 'structure')
FROM netstate.structure e
WHERE EXISTS (
	SELECT FROM netstate.risk_rule_in_force r
	WHERE r.enabled AND r.kind IN ('structure', 'passage_over', 'passage_under', 'passage_through'))
UNION ALL
SELECT netstate.risk_id('site', e.id), e.name, 'site', 'derived', 'site', e.id, NULL, r.mttr_hours
FROM netstate.site e
JOIN netstate.risk_rule_in_force r ON r.kind = 'site' AND r.enabled
UNION ALL
SELECT netstate.risk_id('power_feed', e.id), e.name, 'power_feed', 'derived', 'power_feed', e.id,
	NULL, (SELECT r.mttr_hours FROM netstate.risk_rule_in_force r WHERE r.kind = 'power_feed')
FROM netstate.power_feed e
WHERE EXISTS (
	SELECT FROM netstate.risk_rule_in_force r
	WHERE r.enabled AND r.kind IN ('power_feed', 'power_feed_backed'))
UNION ALL
SELECT DISTINCT netstate.risk_id(r.kind, (e.corridor_id << 26) | (k::bigint << 2) | e.side),
	netstate.risk_name(netstate.risk_id(r.kind, (e.corridor_id << 26) | (k::bigint << 2) | e.side)),
	r.kind, 'derived', 'corridor', e.corridor_id, NULL::double precision, r.mttr_hours
FROM netstate.span_stretches() e
JOIN netstate.risk_rule_in_force r ON r.kind = e.kind AND r.enabled
CROSS JOIN LATERAL pg_catalog.generate_series(e.first_stretch, e.last_stretch) k
UNION ALL
SELECT netstate.risk_id('crossing', (p.a_span_id << 29) | p.b_span_id), a.name || ' x ' || b.name,
	'crossing', 'derived', 'span_pair', (p.a_span_id << 29) | p.b_span_id, NULL, r.mttr_hours
FROM netstate.span_pair_now p
JOIN netstate.span a ON a.id = p.a_span_id
JOIN netstate.span b ON b.id = p.b_span_id
JOIN netstate.risk_rule_in_force r ON r.kind = 'crossing' AND r.enabled
WHERE p.crosses
UNION ALL
SELECT netstate.risk_id('proximity', (p.a_span_id << 29) | p.b_span_id), a.name || ' x ' || b.name,
	'proximity', 'derived', 'span_pair', (p.a_span_id << 29) | p.b_span_id, NULL, r.mttr_hours
FROM netstate.span_pair_now p
JOIN netstate.span a ON a.id = p.a_span_id
JOIN netstate.span b ON b.id = p.b_span_id
JOIN netstate.risk_rule_in_force r ON r.kind = 'proximity' AND r.enabled
WHERE p.run_m[r.distance_m::integer] > 0 AND p.run_m[r.distance_m::integer] >= r.min_length_m
UNION ALL
SELECT netstate.risk_id('hazard_area', e.id), e.name, 'hazard_area', 'derived', 'hazard_area', e.id,
	NULL, r.mttr_hours
FROM netstate.hazard_area e
JOIN netstate.risk_rule_in_force r ON r.kind = 'hazard_area' AND r.enabled;

COMMENT ON VIEW netstate.risk IS 'All groups of shared risk, stated and derived.';
COMMENT ON COLUMN netstate.risk.id IS 'Id of the group; below 0 where it follows from the plant.';
COMMENT ON COLUMN netstate.risk.name IS 'Name of the group.';
COMMENT ON COLUMN netstate.risk.kind IS 'Kind of the group: of a stated one any word, of a derived one the kind of element, corridor_side, crossing or proximity.';
COMMENT ON COLUMN netstate.risk.origin IS 'Who says so: configured, learned; derived: it follows from the plant.';
COMMENT ON COLUMN netstate.risk.element_kind IS 'Kind of the element that the group stands for.';
COMMENT ON COLUMN netstate.risk.element_id IS 'Id of the element that the group stands for.';
COMMENT ON COLUMN netstate.risk.mtbf_hours IS 'Mean time between such events, hours.';
COMMENT ON COLUMN netstate.risk.mttr_hours IS 'Mean time to repair after one, hours.';

--| Internal to `risk_reason`, which adds names.
CREATE FUNCTION netstate.risk_reason_rows(link_id bigint, srlg_id bigint)
RETURNS TABLE (rule text, element_kind text, element_id bigint, under_link_id bigint,
	cable_id bigint, seq integer, node_id bigint, probability double precision)
LANGUAGE c STABLE PARALLEL SAFE ROWS 10
AS 'MODULE_PATHNAME', 'netstate_risk_reason_rows';

COMMENT ON FUNCTION netstate.risk_reason_rows(bigint, bigint) IS
	'Internal: what risk_reason says, without names.';

--| Why a link belongs to a group: one row for each place where the group's event
--| reaches what lies beneath the link. `rule` is the kind of the `risk_rule`, or
--| `stated` for a membership that somebody entered; `element_kind`, `element_id`
--| and `element` what is reached there: a span, duct, cable, node or link;
--| `under_link` the link beneath (or the link itself) whose strands lie there,
--| `cable` and `seq` the segment; `probability` that this place is hit, given the
--| event. No rows where the link does not belong to the group. Costs about as
--| much as `memberships` of the link.
CREATE FUNCTION netstate.risk_reason(link_id bigint, srlg_id bigint)
RETURNS TABLE (rule text, element_kind text, element_id bigint, element text,
	under_link_id bigint, under_link text, cable_id bigint, cable text, seq integer,
	probability double precision)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT r.rule, r.element_kind, r.element_id,
		CASE r.element_kind
			WHEN 'span' THEN (SELECT e.name FROM netstate.span e WHERE e.id = r.element_id)
			WHEN 'duct' THEN (SELECT e.name FROM netstate.duct e WHERE e.id = r.element_id)
			WHEN 'cable' THEN (SELECT e.name FROM netstate.cable e WHERE e.id = r.element_id)
			WHEN 'node' THEN (SELECT e.name FROM netstate.node e WHERE e.id = r.element_id)
			WHEN 'link' THEN (SELECT e.name FROM netstate.link e WHERE e.id = r.element_id)
		END,
		r.under_link_id, l.name, r.cable_id, c.name, r.seq, r.probability
	FROM netstate.risk_reason_rows(risk_reason.link_id, risk_reason.srlg_id) r
	LEFT JOIN netstate.link l ON l.id = r.under_link_id
	LEFT JOIN netstate.cable c ON c.id = r.cable_id
	ORDER BY r.under_link_id, r.cable_id, r.seq, r.element_kind, r.element_id;
END;

COMMENT ON FUNCTION netstate.risk_reason(bigint, bigint) IS
	'Why a link belongs to a group of shared risk: the elements and the rule.';
