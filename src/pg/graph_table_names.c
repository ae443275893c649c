/*-------------------------------------------------------------------------
 *
 * graph_table_names.c
 *	  What the tables that a graph is made from, and their columns, are called
 *	  in the catalogs.
 *
 * A table or column that is added here is added to the enumerations of
 * graph_table.h, too.  A column of another type than it has here is refused
 * when the table is opened.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "graph_table_names.h"

const GraphTableNames graph_table_names[GRAPH_NTABLES] = {
	[GRAPH_NETWORK] = {"network", {
			[NETWORK_ID] = {"id", INT8OID},
			[NETWORK_NAME] = {"name", TEXTOID},
			[NETWORK_LEVEL] = {"level", INT2OID},
	}},
	[GRAPH_NODE] = {"node", {
			[NODE_ID] = {"id", INT8OID},
			[NODE_NETWORK_ID] = {"network_id", INT8OID},
			[NODE_NAME] = {"name", TEXTOID},
			[NODE_SUPPORTING_NODE_ID] = {"supporting_node_id", INT8OID},
			[NODE_STATUS] = {"status", TEXTOID},
			[NODE_LEVEL] = {"level", INT2OID},
			[NODE_SITE_ID] = {"site_id", INT8OID},
			[NODE_STRUCTURE_ID] = {"structure_id", INT8OID},
	}},
	[GRAPH_LINK] = {"link", {
			[LINK_ID] = {"id", INT8OID},
			[LINK_NETWORK_ID] = {"network_id", INT8OID},
			[LINK_A_NODE_ID] = {"a_node_id", INT8OID},
			[LINK_Z_NODE_ID] = {"z_node_id", INT8OID},
			[LINK_DIRECTED] = {"directed", BOOLOID},
			[LINK_METRIC] = {"metric", FLOAT8OID},
			[LINK_LATENCY_US] = {"latency_us", FLOAT8OID},
			[LINK_LENGTH_KM] = {"length_km", FLOAT8OID},
			[LINK_CAPACITY_GBPS] = {"capacity_gbps", FLOAT8OID},
			[LINK_STATUS] = {"status", TEXTOID},
			[LINK_LEVEL] = {"level", INT2OID},
	}},
	[GRAPH_LINK_SUPPORT] = {"link_support", {
			[SUPPORT_LINK_ID] = {"link_id", INT8OID},
			[SUPPORT_MEMBER] = {"member", INT4OID},
			[SUPPORT_SUPPORTING_LINK_ID] = {"supporting_link_id", INT8OID},
			[SUPPORT_SEQ] = {"seq", INT4OID},
	}},
	[GRAPH_SRLG_MEMBER] = {"srlg_member", {
			[MEMBER_SRLG_ID] = {"srlg_id", INT8OID},
			[MEMBER_LINK_ID] = {"link_id", INT8OID},
			[MEMBER_SHARE] = {"share", FLOAT8OID},
			[MEMBER_PROBABILITY] = {"probability", FLOAT8OID},
	}},
	[GRAPH_SRLG_NODE] = {"srlg_node", {
			[SRLG_NODE_SRLG_ID] = {"srlg_id", INT8OID},
			[SRLG_NODE_NODE_ID] = {"node_id", INT8OID},
			[SRLG_NODE_PROBABILITY] = {"probability", FLOAT8OID},
	}},
	[GRAPH_CHANGE_LOG] = {"change_log", {
			[CHANGE_LOG_XID] = {"xid", XID8OID},
			[CHANGE_LOG_SEQ] = {"seq", INT8OID},
			[CHANGE_LOG_NETWORK_ID] = {"network_id", INT8OID},
			[CHANGE_LOG_KIND] = {"kind", TEXTOID},
			[CHANGE_LOG_ID] = {"id", INT8OID},
	}},
	[GRAPH_CHANGE_HORIZON] = {"change_horizon", {
			[CHANGE_HORIZON_XID] = {"xid", XID8OID},
	}},
	[GRAPH_STRUCTURE] = {"structure", {
			[STRUCTURE_ID] = {"id", INT8OID},
			[STRUCTURE_SITE_ID] = {"site_id", INT8OID},
			[STRUCTURE_STATUS] = {"status", TEXTOID},
			[STRUCTURE_NAME] = {"name", TEXTOID},
	}},
	[GRAPH_SPAN] = {"span", {
			[SPAN_ID] = {"id", INT8OID},
			[SPAN_A_STRUCTURE_ID] = {"a_structure_id", INT8OID},
			[SPAN_Z_STRUCTURE_ID] = {"z_structure_id", INT8OID},
			[SPAN_CORRIDOR_ID] = {"corridor_id", INT8OID},
			[SPAN_SIDE] = {"side", TEXTOID},
			[SPAN_ENCASEMENT] = {"encasement", TEXTOID},
			[SPAN_STATUS] = {"status", TEXTOID},
			[SPAN_LENGTH_M] = {"length_m", FLOAT8OID},
			[SPAN_DRAWN_M] = {"drawn_m", FLOAT8OID},
			[SPAN_GEOM] = {"geom", InvalidOid},
	}},
	[GRAPH_CABLE] = {"cable", {
			[CABLE_ID] = {"id", INT8OID},
			[CABLE_STRAND_COUNT] = {"strand_count", INT4OID},
			[CABLE_STATUS] = {"status", TEXTOID},
	}},
	[GRAPH_CABLE_SEGMENT] = {"cable_segment", {
			[SEGMENT_CABLE_ID] = {"cable_id", INT8OID},
			[SEGMENT_SEQ] = {"seq", INT4OID},
			[SEGMENT_SPAN_ID] = {"span_id", INT8OID},
			[SEGMENT_DUCT_ID] = {"duct_id", INT8OID},
	}},
	[GRAPH_SPLICE] = {"splice", {
			[SPLICE_ID] = {"id", INT8OID},
			[SPLICE_STRUCTURE_ID] = {"structure_id", INT8OID},
			[SPLICE_A_CABLE_ID] = {"a_cable_id", INT8OID},
			[SPLICE_A_SEQ] = {"a_seq", INT4OID},
			[SPLICE_A_STRANDS] = {"a_strands", INT4RANGEOID},
			[SPLICE_Z_CABLE_ID] = {"z_cable_id", INT8OID},
			[SPLICE_Z_SEQ] = {"z_seq", INT4OID},
			[SPLICE_Z_STRANDS] = {"z_strands", INT4RANGEOID},
	}},
	[GRAPH_STRAND_ASSIGNMENT] = {"strand_assignment", {
			[ASSIGNMENT_LINK_ID] = {"link_id", INT8OID},
			[ASSIGNMENT_SEQ] = {"seq", INT4OID},
			[ASSIGNMENT_CABLE_ID] = {"cable_id", INT8OID},
			[ASSIGNMENT_STRANDS] = {"strands", INT4RANGEOID},
			[ASSIGNMENT_SEGMENTS] = {"segments", INT4RANGEOID},
	}},
	[GRAPH_SITE] = {"site", {
			[SITE_ID] = {"id", INT8OID},
	}},
	[GRAPH_SITE_POWER_FEED] = {"site_power_feed", {
			[SITE_POWER_FEED_SITE_ID] = {"site_id", INT8OID},
			[SITE_POWER_FEED_POWER_FEED_ID] = {"power_feed_id", INT8OID},
	}},
	[GRAPH_SPAN_CROSSING] = {"span_crossing", {
			[CROSSING_SPAN_ID] = {"span_id", INT8OID},
			[CROSSING_STRUCTURE_ID] = {"structure_id", INT8OID},
			[CROSSING_PASSAGE] = {"passage", TEXTOID},
	}},
	[GRAPH_DUCT] = {"duct", {
			[DUCT_ID] = {"id", INT8OID},
			[DUCT_SPAN_ID] = {"span_id", INT8OID},
			[DUCT_PARENT_ID] = {"parent_id", INT8OID},
	}},
	[GRAPH_SPAN_PAIR] = {"span_pair", {
			[PAIR_A_SPAN_ID] = {"a_span_id", INT8OID},
			[PAIR_B_SPAN_ID] = {"b_span_id", INT8OID},
			[PAIR_CROSSES] = {"crosses", BOOLOID},
			[PAIR_RUN_M] = {"run_m", FLOAT4ARRAYOID},
	}},
	[GRAPH_SPAN_PAIR_OWN] = {"span_pair_own", {
			[PAIR_OWN_XID] = {"xid", XID8OID},
			[PAIR_OWN_A_SPAN_ID] = {"a_span_id", INT8OID},
			[PAIR_OWN_B_SPAN_ID] = {"b_span_id", INT8OID},
			[PAIR_OWN_CROSSES] = {"crosses", BOOLOID},
			[PAIR_OWN_RUN_M] = {"run_m", FLOAT4ARRAYOID},
	}},
	[GRAPH_RISK_RULE_DEFAULT] = {"risk_rule_default", {
			[RULE_KIND] = {"kind", TEXTOID},
			[RULE_ENABLED] = {"enabled", BOOLOID},
			[RULE_DISTANCE_M] = {"distance_m", FLOAT8OID},
			[RULE_MIN_LENGTH_M] = {"min_length_m", FLOAT8OID},
			[RULE_PROBABILITY] = {"probability", FLOAT8OID},
	}},
	[GRAPH_RISK_RULE] = {"risk_rule", {
			[RULE_KIND] = {"kind", TEXTOID},
			[RULE_ENABLED] = {"enabled", BOOLOID},
			[RULE_DISTANCE_M] = {"distance_m", FLOAT8OID},
			[RULE_MIN_LENGTH_M] = {"min_length_m", FLOAT8OID},
			[RULE_PROBABILITY] = {"probability", FLOAT8OID},
	}},
	[GRAPH_CORRIDOR] = {"corridor", {
			[CORRIDOR_ID] = {"id", INT8OID},
	}},
	[GRAPH_HAZARD_AREA] = {"hazard_area", {
			[HAZARD_AREA_ID] = {"id", INT8OID},
	}},
	[GRAPH_DISJOINT_GROUP] = {"disjoint_group", {
			[DISJOINT_GROUP_ID] = {"id", INT8OID},
			[DISJOINT_GROUP_DISJOINT] = {"disjoint", TEXTARRAYOID},
			[DISJOINT_GROUP_MODE] = {"mode", TEXTOID},
			[DISJOINT_GROUP_MIN_MEMBERS] = {"min_members", INT4OID},
			[DISJOINT_GROUP_MIN_PROBABILITY] = {"min_probability", FLOAT8OID},
			[DISJOINT_GROUP_MIN_SHARE] = {"min_share", FLOAT8OID},
			[DISJOINT_GROUP_MAX_SHARED] = {"max_shared", INT4OID},
	}},
	[GRAPH_DISJOINT_GROUP_MEMBER] = {"disjoint_group_member", {
			[GROUP_MEMBER_GROUP_ID] = {"group_id", INT8OID},
			[GROUP_MEMBER_LINK_ID] = {"link_id", INT8OID},
	}},
	[GRAPH_WAIVER] = {"waiver", {
			[WAIVER_GROUP_ID] = {"group_id", INT8OID},
			[WAIVER_ELEMENT_KIND] = {"element_kind", TEXTOID},
			[WAIVER_ELEMENT_ID] = {"element_id", INT8OID},
			[WAIVER_EXPIRES_AT] = {"expires_at", TIMESTAMPTZOID},
	}},
	[GRAPH_DRAIN] = {"drain", {
			[DRAIN_ID] = {"id", INT8OID},
			[DRAIN_STATE] = {"state", TEXTOID},
	}},
	[GRAPH_DRAIN_ELEMENT] = {"drain_element", {
			[DRAIN_ELEMENT_DRAIN_ID] = {"drain_id", INT8OID},
			[DRAIN_ELEMENT_KIND] = {"kind", TEXTOID},
			[DRAIN_ELEMENT_ELEMENT_ID] = {"element_id", INT8OID},
	}},
	[GRAPH_ZONE] = {"zone", {
			[ZONE_ID] = {"id", INT8OID},
	}},
};
