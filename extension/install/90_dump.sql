-- What a dump holds, and who may do what: last, when every object is there.

-- The shapes of 10_place.sql have served.
DROP TABLE netstate.with_point, netstate.with_shape;

-- What users wrote is dumped, with the sequences that number it, and nothing
-- else.  pg_dump orders the tables by their foreign keys.  The change log is of
-- no use to another server: it numbers transactions of this one, and a restore
-- logs what it copies.
SELECT pg_catalog.pg_extension_config_dump('netstate.region', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.region_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.zone', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.zone_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.site', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.site_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.power_feed', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.power_feed_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.site_power_feed', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.structure', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.structure_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.corridor', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.corridor_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.hazard_area', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.hazard_area_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.span', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.span_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.span_crossing', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.duct', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.duct_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.cable', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.cable_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.cable_segment', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.splice_closure', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.splice_closure_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.splice', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.splice_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.network', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.network_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.node', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.node_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.link', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.link_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.link_support', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.strand_assignment', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.risk_rule', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.srlg', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.srlg_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.srlg_member', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.srlg_node', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.demand', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.demand_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.disjoint_group', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.disjoint_group_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.disjoint_group_member', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.waiver', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.waiver_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.bypass', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.bypass_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.drain', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.drain_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('netstate.drain_element', '');

-- Nothing is open to everybody; docs/topology.md gives the GRANTs.
REVOKE ALL ON SCHEMA netstate FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA netstate FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA netstate FROM PUBLIC;
REVOKE ALL ON ALL ROUTINES IN SCHEMA netstate FROM PUBLIC;
