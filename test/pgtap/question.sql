-- What the questions to the plant promise: signatures, volatility, rights.
\set QUIET 1
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only true
\pset pager off
SET client_min_messages = warning;
BEGIN;
SELECT plan(14);

CREATE TEMP VIEW member AS
SELECT p.*, format('%s(%s)', p.proname, pg_get_function_arguments(p.oid)) AS signature
FROM pg_proc p WHERE p.pronamespace = 'netstate'::regnamespace
AND p.proname IN ('impact', 'impact_by_layer', 'trace', 'fault_location', 'shared_risk', 'risk_concentration', 'zone_independence');

SELECT set_eq(
	$$SELECT signature || ' -> ' || regexp_replace(pg_get_function_result(oid), '[a-z_]+\.geometry', 'geometry') FROM member$$,
	ARRAY[
	'fault_location(link_id bigint, distance_m double precision, from_end text DEFAULT ''a''::text) -> TABLE(geom geometry, span_id bigint, span text, span_m double precision, cable_id bigint, cable text, segment integer, duct_id bigint, duct text, structure_id bigint, structure text, structure_m double precision, in_slack boolean, slack_m double precision, splices integer, cables bigint, links bigint, gbps_lost double precision)',
	'impact(kind text, ids bigint[]) -> TABLE(network text, layer text, link_id bigint, link text, share double precision, gbps_lost double precision)',
	'impact_by_layer(kind text, ids bigint[]) -> TABLE(network text, layer text, links_hit bigint, links_down bigint, gbps_lost double precision, demands_lost bigint, demand_gbps_lost double precision)',
	'risk_concentration(network text, by text DEFAULT ''capacity''::text, most integer DEFAULT 20) -> TABLE(place integer, srlg_id bigint, name text, kind text, element_kind text, element_id bigint, stands_out text, links bigint, gbps double precision, demands bigint, demand_gbps double precision)',
	'shared_risk(link_a bigint, link_b bigint) -> TABLE(srlg_id bigint, name text, kind text, origin text, element_kind text, element_id bigint, share_a double precision, share_b double precision, probability_a double precision, probability_b double precision, probability_both double precision, hours_per_year double precision)',
	'trace(link_id bigint) -> TABLE(ord integer, depth integer, layer text, member integer, element_kind text, element_id bigint, element text, duct_id bigint, duct text, strands int4range, from_structure text, to_structure text, length_m double precision, slack_m double precision, cumulative_m double precision, status text)',
	'zone_independence(network text, max_latency_us double precision DEFAULT 2000, min_distance_m double precision DEFAULT NULL::double precision) -> TABLE(region_a text, zone_a text, region_b text, zone_b text, independent boolean, distance_m double precision, distance_met boolean, latency_us double precision, latency_met boolean, srlg_id bigint, kind text, element_kind text, element_id bigint, element text, share_a double precision, share_b double precision, gbps_a double precision, gbps_b double precision)'],
	'the questions');
SELECT is_empty(
	$$SELECT signature FROM member WHERE NOT (provolatile = 's' AND proparallel = 's' AND NOT proisstrict)$$,
	'each is stable, parallel safe, and says so when an argument is NULL');

-- Rights: a reader asks them all; without a table of the plant none answers.
CREATE ROLE regress_netstate_reader;
GRANT USAGE ON SCHEMA netstate TO regress_netstate_reader;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA netstate TO regress_netstate_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA netstate TO regress_netstate_reader;
INSERT INTO netstate.structure (id, name, geom) VALUES (1, 'a', 'POINT(0 50)'), (2, 'z', 'POINT(0.01 50)');
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES (1, 's', 1, 2, 'LINESTRING(0 50, 0.01 50)');
INSERT INTO netstate.cable (id, name, strand_count) VALUES (1, 'c', 4);
INSERT INTO netstate.cable_segment (cable_id, seq, span_id) VALUES (1, 1, 1);
INSERT INTO netstate.network (id, name, layer) VALUES (1, 'f', 'fibre');
INSERT INTO netstate.node (id, network_id, name, structure_id) VALUES (1, 1, 'a', 1), (2, 1, 'z', 2);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (1, 1, 'x', 1, 2), (2, 1, 'y', 1, 2);
INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments) VALUES (1, 1, 1, '[1,2)', '[1,2)'), (2, 1, 1, '[2,3)', '[1,2)');

SET LOCAL ROLE regress_netstate_reader;
SELECT is(ARRAY(SELECT link FROM netstate.impact('span', '{1}')), '{x,y}', 'a reader asks for impact');
SELECT is((SELECT links_down FROM netstate.impact_by_layer('span', '{1}')), 2::bigint, 'by layer, too');
SELECT is((SELECT count(*) FROM netstate.trace(1)), 3::bigint, 'for a trace');
SELECT is((SELECT span FROM netstate.fault_location(1, 100)), 's', 'for a place');
SELECT cmp_ok((SELECT count(*) FROM netstate.shared_risk(1, 2)), '>', 0::bigint, 'for what is shared');
SELECT cmp_ok((SELECT count(*) FROM netstate.risk_concentration('f')), '>', 0::bigint, 'for where risk concentrates');
SELECT is((SELECT count(*) FROM netstate.zone_independence('f')), 0::bigint, 'and for zones');

RESET ROLE;
REVOKE SELECT ON netstate.strand_assignment FROM regress_netstate_reader;
SET LOCAL ROLE regress_netstate_reader;
SELECT throws_ok($$SELECT netstate.impact('span', '{1}')$$, '42501', 'permission denied for table strand_assignment', 'not without the plant');
SELECT throws_ok($$SELECT netstate.fault_location(1, 100)$$, '42501', NULL, 'nor a place');
SELECT throws_ok($$SELECT netstate.trace(1)$$, '42501', NULL, 'nor a trace');

-- What row-level security hides is not shown, but still carries.
RESET ROLE;
GRANT SELECT ON netstate.strand_assignment TO regress_netstate_reader;
ALTER TABLE netstate.link ENABLE ROW LEVEL SECURITY;
CREATE POLICY part ON netstate.link TO regress_netstate_reader USING (id = 2);
ALTER TABLE netstate.span ENABLE ROW LEVEL SECURITY;
SET LOCAL ROLE regress_netstate_reader;
SELECT is(ARRAY(SELECT link FROM netstate.impact('span', '{1}')), '{y}', 'a hidden span takes down what the reader may see');
SELECT throws_ok($$SELECT netstate.fault_location(2, 100)$$, '22023', 'the route of link "y" has a gap', 'and is not shown where it lies');

SELECT * FROM finish();
ROLLBACK;
