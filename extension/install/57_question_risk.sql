-- Questions about risk that elements of the plant spread: what two links share,
-- where most of a network comes together, whether two zones are independent.

--| What a group of shared risk stands for, by its id alone: `kind` of the group
--| (NULL for one that is stated, whose kind stands in `srlg`), and the element.
--| The group need not exist. NULL for NULL.
CREATE FUNCTION netstate.risk_element(srlg_id bigint, OUT kind text, OUT element_kind text, OUT element_id bigint)
RETURNS record
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_risk_element';

COMMENT ON FUNCTION netstate.risk_element(bigint) IS
	'What a group of shared risk stands for, by its id alone.';

--| Internal to `shared_risk`: the groups that two links are both in, what each
--| stands for, and how likely an event of it hits both.
CREATE FUNCTION netstate.shared_risk_groups(link_a bigint, link_b bigint)
RETURNS TABLE (srlg_id bigint, kind text, element_kind text, element_id bigint,
	share_a double precision, share_b double precision,
	probability_a double precision, probability_b double precision,
	probability_both double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 20
AS 'MODULE_PATHNAME', 'netstate_shared_risk_groups';

COMMENT ON FUNCTION netstate.shared_risk_groups(bigint, bigint) IS
	'Internal: the groups that two links are both in.';

--| What two links share: each group of shared risk, stated or derived, that takes
--| capacity from both; the likeliest first. No rows: no event that is known takes
--| from both.
--|
--| - `srlg_id`, `name`, `kind`, `origin`: the group; `element_kind` and
--|   `element_id` what it stands for.
--| - `share_a`, `share_b`: the part of each link's capacity that is lost;
--|   `probability_a`, `probability_b`: that it loses any, given the event.
--| - `probability_both`: that both do. From the units that the event hits
--|   independently (docs/risk.md), counted once where both links have them: never
--|   the product of the two.
--| - `hours_per_year`: hours in which both are hit, on average, by how often the
--|   event comes and how long it lasts; NULL where that is unknown.
--|
--| Fails with 42704 for a link that does not exist, 22023 for one link with
--| itself, 22004 for NULL, 42501 without SELECT on the tables that risk is
--| derived from. Time: that of `memberships` of both.
CREATE FUNCTION netstate.shared_risk(link_a bigint, link_b bigint)
RETURNS TABLE (srlg_id bigint, name text, kind text, origin text,
	element_kind text, element_id bigint,
	share_a double precision, share_b double precision,
	probability_a double precision, probability_b double precision,
	probability_both double precision, hours_per_year double precision)
LANGUAGE sql STABLE PARALLEL SAFE COST 20000 ROWS 20
BEGIN ATOMIC
	-- By key: the view risk would have to make all groups first.
	SELECT g.srlg_id, netstate.risk_name(g.srlg_id), coalesce(t.kind, g.kind), coalesce(t.origin, 'derived'),
		g.element_kind, g.element_id, g.share_a, g.share_b, g.probability_a, g.probability_b, g.probability_both,
		8760 / coalesce(t.mtbf_hours, s.mtbf_hours, d.mtbf_hours_km * 1000 / nullif(coalesce(s.length_m, s.drawn_m), 0))
			* CASE WHEN t.id IS NOT NULL THEN t.mttr_hours ELSE coalesce(s.mttr_hours, r.mttr_hours) END * g.probability_both
	FROM netstate.shared_risk_groups($1, $2) AS g
	LEFT JOIN netstate.srlg AS t ON t.id = g.srlg_id
	LEFT JOIN netstate.span AS s ON g.kind = 'span' AND s.id = g.element_id
	LEFT JOIN netstate.risk_rule_in_force AS d ON d.kind = 'span'
	LEFT JOIN netstate.risk_rule_in_force AS r ON r.kind = CASE WHEN s.encasement <> 'none' THEN 'duct_bank' ELSE g.kind END
	WHERE g.share_a > 0 AND g.share_b > 0
	ORDER BY g.probability_both DESC, g.element_kind, g.element_id, g.srlg_id;
END;

COMMENT ON FUNCTION netstate.shared_risk(bigint, bigint) IS
	'The groups of shared risk that take capacity from both of two links, and how likely they hit both.';

--| Internal to `risk_concentration`: the groups on which most of a network rides.
CREATE FUNCTION netstate.risk_concentration_groups(network text, by text, most integer)
RETURNS TABLE (place integer, srlg_id bigint, kind text, element_kind text, element_id bigint,
	links bigint, gbps double precision, demands bigint, demand_gbps double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 1000000 ROWS 20
AS 'MODULE_PATHNAME', 'netstate_risk_concentration_groups';

COMMENT ON FUNCTION netstate.risk_concentration_groups(text, text, integer) IS
	'Internal: the groups on which most of a network rides.';

--| Where most of `network` comes together: the `most` (1 to 1,000,000) groups of
--| shared risk, stated or derived, that most of it rides on, the largest first.
--| `by` says what is measured: `capacity` (default), `links` or `demands`.
--|
--| - `place`: 1, 2, 3 and so on; `srlg_id`, `name`, `kind`: the group;
--|   `element_kind` and `element_id` what it stands for.
--| - `stands_out`: `crossing` for two spans that cross and for a structure that
--|   spans run over, under or through, such as a bridge; `ocean_landing` for a
--|   site or structure whose kind says that cables land there (`cable_landing`,
--|   `landing_station`, `beach_manhole`).
--| - `links`: how many of the network's links lose anything; `gbps`: how much in
--|   all, share times capacity (NULL where no capacity is known).
--| - `demands`, `demand_gbps`: demands whose cheapest path by metric (by hops,
--|   where a link lacks it) uses one of these links.
--|
--| Errors: 42704 unknown network, with the nearest name; 22023 an unknown measure
--| or `most` out of range; 22004 NULL; 42501 without SELECT on the tables that
--| risk is derived from. Time: that of deriving all risk of the network, and a
--| search for each demand.
CREATE FUNCTION netstate.risk_concentration(
	network text,
	by text DEFAULT 'capacity',
	most integer DEFAULT 20)
RETURNS TABLE (place integer, srlg_id bigint, name text, kind text,
	element_kind text, element_id bigint, stands_out text,
	links bigint, gbps double precision, demands bigint, demand_gbps double precision)
LANGUAGE sql STABLE PARALLEL SAFE COST 1000000 ROWS 20
BEGIN ATOMIC
	SELECT g.place, g.srlg_id, netstate.risk_name(g.srlg_id), coalesce(r.kind, g.kind), g.element_kind, g.element_id,
		CASE
			WHEN g.kind = 'crossing' THEN 'crossing'
			WHEN coalesce(s.kind, t.kind) IN ('cable_landing', 'landing_station', 'cable_landing_station', 'beach_manhole')
				THEN 'ocean_landing'
			WHEN EXISTS (SELECT FROM netstate.span_crossing AS c
					WHERE g.element_kind = 'structure' AND c.structure_id = g.element_id)
				THEN 'crossing'
		END,
		g.links, g.gbps, g.demands, g.demand_gbps
	FROM netstate.risk_concentration_groups($1, $2, $3) AS g
	LEFT JOIN netstate.srlg AS r ON r.id = g.srlg_id
	LEFT JOIN netstate.site AS s ON g.element_kind = 'site' AND s.id = g.element_id
	LEFT JOIN netstate.structure AS t ON g.element_kind = 'structure' AND t.id = g.element_id
	ORDER BY g.place;
END;

COMMENT ON FUNCTION netstate.risk_concentration(text, text, integer) IS
	'The groups of shared risk that most of a network rides on; crossings and ocean landings are marked.';
