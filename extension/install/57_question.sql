-- Questions to the plant: what rides on an element, where a link runs, where on
-- it a fault lies.

-- PostGIS may live in any schema (see 10_place.sql), so what needs its
-- functions is made with that schema's name in it.
DO $do$
DECLARE
	postgis pg_catalog.name;
BEGIN
	SELECT n.nspname INTO STRICT postgis
	FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
	WHERE e.extname OPERATOR(pg_catalog.=) 'postgis';

	EXECUTE pg_catalog.format($sql$
--| Internal to `impact`: the spans that may touch these hazard areas, by the boxes
--| around them.
CREATE FUNCTION netstate.hazard_spans(ids bigint[])
RETURNS TABLE (area_id bigint, id bigint, geom %1$I.geometry)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT h.id, s.id, s.geom
	FROM netstate.hazard_area AS h
	JOIN netstate.span AS s ON s.geom OPERATOR(%1$I.&&) h.geom
	WHERE h.id = ANY (ids);
END;

--| Internal to `impact`: the nodes that may lie in these hazard areas, by the boxes
--| around them: at their own place, else that of their structure, else that of
--| their site.
CREATE FUNCTION netstate.hazard_nodes(ids bigint[])
RETURNS TABLE (area_id bigint, id bigint, geom %1$I.geometry)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT h.id, n.id, n.geom
	FROM netstate.hazard_area AS h
	JOIN netstate.node AS n ON n.geom OPERATOR(%1$I.&&) h.geom
	WHERE h.id = ANY (ids)
	UNION ALL
	SELECT h.id, n.id, t.geom
	FROM netstate.hazard_area AS h
	JOIN netstate.structure AS t ON t.geom OPERATOR(%1$I.&&) h.geom
	JOIN netstate.node AS n ON n.structure_id = t.id
	WHERE h.id = ANY (ids) AND n.geom IS NULL
	UNION ALL
	SELECT h.id, n.id, t.geom
	FROM netstate.hazard_area AS h
	JOIN netstate.site AS t ON t.geom OPERATOR(%1$I.&&) h.geom
	JOIN netstate.node AS n ON n.site_id = t.id
	WHERE h.id = ANY (ids) AND n.geom IS NULL AND n.structure_id IS NULL;
END;

--| Where on the map so many metres of strand from an end of a link are: what a
--| reflectometer (OTDR) measures, made a place to dig. One row.
--|
--| The strands are followed from the link's A end, or with `from_end => 'z'` from
--| its Z end, counting each span as built (`length_m`, else as drawn) and the
--| slack of each segment, which lies at the end of the segment in the order of
--| the cable's `seq`. A link of a higher layer will do where it rides on single
--| links all the way down.
--|
--| - `geom`: the point, on the span's line; where the span was built longer or
--|   shorter than drawn, in proportion.
--| - `span_id`, `span`, and `span_m`: metres, as built, from the span's A end;
--|   `cable_id`, `cable`, and `segment`, the segment's `seq`; `duct_id`, `duct`.
--| - `structure_id`, `structure`: the nearer end of the span, and `structure_m`,
--|   the metres of span to it. `in_slack`: it lies in the slack at that structure.
--| - `slack_m`, `splices`: slack and joints on the way there, recorded or not.
--| - What runs there: `cables`, `links` (of all layers), and `gbps_lost` in the
--|   network that loses most; `impact('span', ARRAY[span_id])` lists all.
--|
--| Errors: 42704 unknown link; 22023 the route is shorter (the detail says how
--| long), has parallel members, a gap or no strands, or an argument is out of
--| range; 22004 NULL; 42501 as for `impact`. Time: about 2 ms.
CREATE FUNCTION netstate.fault_location(
	link_id bigint,
	distance_m double precision,
	from_end text DEFAULT 'a')
RETURNS TABLE (geom %1$I.geometry, span_id bigint, span text, span_m double precision,
	cable_id bigint, cable text, segment integer, duct_id bigint, duct text,
	structure_id bigint, structure text, structure_m double precision, in_slack boolean,
	slack_m double precision, splices integer, cables bigint, links bigint, gbps_lost double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 20000 ROWS 1
AS 'MODULE_PATHNAME', 'netstate_fault_location';

		COMMENT ON FUNCTION netstate.fault_location(bigint, double precision, text) IS
			'Where on the map so many metres of strand from an end of a link are, and what runs there.';
		COMMENT ON FUNCTION netstate.hazard_spans(bigint[]) IS
			'Internal: the spans that may touch these hazard areas.';
		COMMENT ON FUNCTION netstate.hazard_nodes(bigint[]) IS
			'Internal: the nodes that may lie in these hazard areas.';
	$sql$, postgis);
END
$do$;

--| All that rides on these elements, when all of them fail at once: one row for
--| each link of every layer, from the strands in the ground to the tunnels on
--| top, in order of layer, network and name.
--|
--| `kind` is the kind of the elements that `ids` name, and what fails with them:
--|
--| | kind | fails |
--| | --- | --- |
--| | `span`, `span_pair` | the strands of all cables there |
--| | `corridor` | its spans |
--| | `duct` | what lies in it and in the ducts that it holds |
--| | `cable` | all its strands |
--| | `splice_closure` | the strands that are spliced there |
--| | `structure` | the spans that end there or run over, under or through it; the nodes there |
--| | `site`, `zone`, `region` | the spans that end in their structures, the nodes there |
--| | `power_feed` | the nodes in sites that have no feed left |
--| | `hazard_area` | spans that touch it, nodes in it |
--| | `node`, `link` | the node with all that rides on it; the link |
--| | `srlg` | what the group says; of a group that follows from the plant, its element |
--|
--| `share`, 0 to 1, is the part of the link's capacity that is lost, by the rule
--| of shares (docs/risk.md); 0 stands for a link that loses nothing because what
--| is left beneath it suffices. `gbps_lost` is that of its capacity, NULL where
--| the capacity is unknown. Shares are worked out from the elements upward, all
--| at once: a 1+1 pair loses nothing to one span and everything to two. What has
--| failed already is not counted; `link_state` knows that.
--|
--| Ids that do not exist are passed over; an unknown kind fails with 22023, a
--| NULL with 22004, and without SELECT on the tables of the plant, of links and
--| of risk with 42501. Shown are the links that the caller may see. Time: 1 ms
--| for a span, and about 5 us for each row.
CREATE FUNCTION netstate.impact(kind text, ids bigint[])
RETURNS TABLE (network text, layer text, link_id bigint, link text,
	share double precision, gbps_lost double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 100
AS 'MODULE_PATHNAME', 'netstate_impact';

COMMENT ON FUNCTION netstate.impact(text, bigint[]) IS
	'All links, of every layer, that lose capacity when these elements fail at once, and how much.';

--| What the failure of these elements costs each network: one row for each
--| network with a link in `impact(kind, ids)`, whose arguments these are.
--|
--| - `links_hit`: links that lose anything; `links_down`: those that lose all.
--| - `gbps_lost`: the sum over its links, NULL where no capacity is known. Layers
--|   carry the same traffic, one on the other: do not add them.
--| - `demands_lost`, `demand_gbps_lost`: demands whose ends a path connects now,
--|   and none does without the links that are down.
--|
--| Errors: those of `impact` and, where a network has links that are down, those
--| of `graph_status`. Time: that of `impact`, a look at the graph of each such
--| network and a walk through it.
CREATE FUNCTION netstate.impact_by_layer(kind text, ids bigint[])
RETURNS TABLE (network text, layer text, links_hit bigint, links_down bigint,
	gbps_lost double precision, demands_lost bigint, demand_gbps_lost double precision)
LANGUAGE c STABLE PARALLEL SAFE COST 100000 ROWS 5
AS 'MODULE_PATHNAME', 'netstate_impact_by_layer';

COMMENT ON FUNCTION netstate.impact_by_layer(text, bigint[]) IS
	'What the failure of these elements costs each network: links, capacity and demands.';

--| A link followed down to its strands, from its A end to its Z end: what it
--| rides on, the cables, and each span with its duct; recursively.
--|
--| - `ord`: 1, 2, 3 and so on; `depth`: 0 for the link itself.
--| - `layer`: that of a link, or `plant`; `member`: of the link above.
--| - `element_kind`: `link`, `cable`, `span` or `splice`; `element_id` and
--|   `element`: which one. Of a splice the name of its closure.
--| - `duct_id` and `duct`: of a span, with the names of the ducts around it,
--|   outermost first. `strands`: of the cable.
--| - `from_structure`, `to_structure`: in the direction of the walk, which follows
--|   from where the strands lead, not from how the span was drawn.
--| - `length_m`: of a span as built, else as drawn; of a cable and of a link the
--|   length of strand, slack included (NULL for a link with parallel members).
--|   `slack_m`: on the segment. `cumulative_m`: length of strand from the link's
--|   A end to the end of this row; each member begins where its link does.
--| - `status`: of a link, cable or span; of a splice its kind, `fusion` or
--|   `patch`, or `joint not recorded` where the strands go on in others and no
--|   splice says how.
--|
--| Fails with 42704 where there is no such link, 22004 for NULL. Shown is what
--| the caller may see in the tables. Time: below a millisecond for 25 rows.
CREATE FUNCTION netstate.trace(link_id bigint)
RETURNS TABLE (ord integer, depth integer, layer text, member integer,
	element_kind text, element_id bigint, element text, duct_id bigint, duct text,
	strands int4range, from_structure text, to_structure text,
	length_m double precision, slack_m double precision, cumulative_m double precision,
	status text)
LANGUAGE c STABLE PARALLEL SAFE COST 10000 ROWS 50
AS 'MODULE_PATHNAME', 'netstate_trace';

COMMENT ON FUNCTION netstate.trace(bigint) IS
	'A link followed down to its strands, span by span, from its A end to its Z end.';
