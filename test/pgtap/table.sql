-- What the tables and views promise: columns, types, keys, comments; rules that
-- hold for every one of them.
\set QUIET 1
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only true
\pset pager off
BEGIN;
SELECT plan(25);

SELECT schema_owner_is('netstate', current_user);

-- Tables and views of the extension.
CREATE TEMP VIEW member AS
SELECT c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.reloptions
FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
	AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'netstate';

SELECT set_eq(
	$$SELECT relname::text FROM member WHERE relkind = 'r'$$,
	ARRAY['region', 'zone', 'site', 'power_feed', 'site_power_feed', 'network', 'node', 'link',
		'link_support', 'srlg', 'srlg_member', 'srlg_node', 'demand', 'bypass', 'drain', 'drain_element',
		'structure', 'corridor', 'hazard_area', 'span', 'span_crossing', 'duct',
		'cable', 'cable_segment', 'splice_closure', 'splice', 'strand_assignment',
		'risk_rule_default', 'risk_rule', 'span_pair', 'span_pair_own',
		'disjoint_group', 'disjoint_group_member', 'waiver',
		'change_log', 'change_horizon', 'commit_check', 'shipped'],
	'the tables');
SELECT set_eq(
	$$SELECT relname::text FROM member WHERE relkind = 'v'$$,
	ARRAY['risk', 'risk_member', 'link_state', 'risk_rule_in_force', 'span_pair_now', 'staging_structure', 'staging_span', 'violation'],
	'the views');
SELECT is_empty(
	$$SELECT relname, relkind FROM member WHERE relkind NOT IN ('r', 'v', 'S')$$,
	'no other kind of relation, and no shape left over');

-- column type [not null] [default], one line each
SELECT set_eq(
	$$SELECT format('%s.%s %s%s%s', m.relname, a.attname, format_type(a.atttypid, a.atttypmod),
			CASE WHEN a.attnotnull THEN ' not null' END,
			CASE WHEN a.attidentity <> '' THEN ' identity ' || a.attidentity::text
				WHEN a.attgenerated <> '' THEN ' generated'
				ELSE ' default ' || pg_get_expr(f.adbin, f.adrelid) END)
	FROM member m JOIN pg_attribute a ON a.attrelid = m.oid AND a.attnum > 0 AND NOT a.attisdropped
	LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
	WHERE m.relkind = 'r'$$,
	ARRAY[
	'cable.id bigint not null identity d',
	'cable.name text not null',
	'cable.strand_count integer not null',
	'cable.status text not null default ''operational''::text',
	'cable_segment.cable_id bigint not null',
	'cable_segment.seq integer not null',
	'cable_segment.span_id bigint not null',
	'cable_segment.duct_id bigint',
	'cable_segment.slack_m double precision not null default 0',
	'change_horizon.xid xid8 not null',
	'change_log.xid xid8 not null',
	'change_log.seq bigint not null',
	'change_log.network_id bigint not null',
	'change_log.kind text not null',
	'change_log.id bigint not null',
	'commit_check.xid xid8 not null',
	'commit_check.what text not null',
	'commit_check.ids bigint[]',
	'corridor.id bigint not null identity d',
	'corridor.name text not null',
	'corridor.kind text',
	'corridor.geom geometry(Geometry,4326) not null',
	'demand.id bigint not null identity d',
	'demand.network_id bigint not null',
	'demand.name text not null',
	'demand.src_node_id bigint not null',
	'demand.dst_node_id bigint not null',
	'demand.gbps double precision not null',
	'demand.class text',
	'bypass.id bigint not null identity d',
	'bypass.protected_link_id bigint not null',
	'bypass.from_seq integer',
	'bypass.to_seq integer',
	'bypass.bypass_link_id bigint not null',
	'drain.id bigint not null identity d',
	'drain.name text not null',
	'drain.during tstzrange not null',
	'drain.state text not null default ''requested''::text',
	'drain.mode text not null default ''enforce''::text',
	'drain.owner text not null',
	'drain_element.drain_id bigint not null',
	'drain_element.kind text not null',
	'drain_element.element_id bigint not null',
	'disjoint_group.disjoint text[] not null default ARRAY[''link''::text, ''srlg''::text]',
	'disjoint_group.id bigint not null identity d',
	'disjoint_group.max_shared integer not null default 0',
	'disjoint_group.min_members integer not null default 2',
	'disjoint_group.min_probability double precision not null default 0',
	'disjoint_group.min_share double precision not null default 0',
	'disjoint_group.mode text not null default ''monitor''::text',
	'disjoint_group.name text not null',
	'disjoint_group_member.group_id bigint not null',
	'disjoint_group_member.link_id bigint not null',
	'disjoint_group_member.preference integer',
	'waiver.element_id bigint not null',
	'waiver.element_kind text not null',
	'waiver.expires_at timestamp with time zone not null',
	'waiver.group_id bigint not null',
	'waiver.id bigint not null identity d',
	'waiver.owner text not null',
	'waiver.reason text',
	'duct.id bigint not null identity d',
	'duct.span_id bigint not null',
	'duct.parent_id bigint',
	'duct.name text not null',
	'duct.kind text',
	'duct.depth smallint not null',
	'duct.parent_depth smallint',
	'hazard_area.id bigint not null identity d',
	'hazard_area.name text not null',
	'hazard_area.kind text',
	'hazard_area.geom geometry(Geometry,4326) not null',
	'link.id bigint not null identity d',
	'link.network_id bigint not null',
	'link.name text not null',
	'link.kind text',
	'link.a_node_id bigint not null',
	'link.z_node_id bigint not null',
	'link.directed boolean not null default false',
	'link.metric double precision',
	'link.latency_us double precision',
	'link.length_km double precision',
	'link.capacity_gbps double precision',
	'link.load_gbps double precision',
	'link.status text not null default ''in_service''::text',
	'link.geom geometry(Geometry,4326)',
	'link.mtbf_hours double precision',
	'link.mttr_hours double precision',
	'link.level smallint not null',
	'link_support.link_id bigint not null',
	'link_support.member integer not null default 1',
	'link_support.seq integer not null default 1',
	'link_support.supporting_link_id bigint not null',
	'link_support.link_level smallint not null',
	'link_support.supporting_level smallint not null',
	'network.id bigint not null identity d',
	'network.name text not null',
	'network.layer text not null',
	'network.level smallint not null generated',
	'node.id bigint not null identity d',
	'node.network_id bigint not null',
	'node.name text not null',
	'node.site_id bigint',
	'node.structure_id bigint',
	'node.supporting_node_id bigint',
	'node.status text not null default ''in_service''::text',
	'node.geom geometry(Point,4326)',
	'node.level smallint not null',
	'node.supporting_level smallint',
	'power_feed.id bigint not null identity d',
	'power_feed.name text not null',
	'region.id bigint not null identity d',
	'region.name text not null',
	'risk_rule.kind text not null',
	'risk_rule.enabled boolean',
	'risk_rule.distance_m double precision',
	'risk_rule.min_length_m double precision',
	'risk_rule.probability double precision',
	'risk_rule.mtbf_hours_km double precision',
	'risk_rule.mttr_hours double precision',
	'risk_rule.source text',
	'risk_rule_default.kind text not null',
	'risk_rule_default.enabled boolean not null',
	'risk_rule_default.distance_m double precision',
	'risk_rule_default.min_length_m double precision',
	'risk_rule_default.probability double precision not null',
	'risk_rule_default.mtbf_hours_km double precision',
	'risk_rule_default.mttr_hours double precision',
	'risk_rule_default.source text not null',
	'site.id bigint not null identity d',
	'site.zone_id bigint',
	'site.name text not null',
	'site.kind text',
	'site.geom geometry(Point,4326)',
	'site_power_feed.site_id bigint not null',
	'site_power_feed.power_feed_id bigint not null',
	'span.id bigint not null identity d',
	'span.name text not null',
	'span.a_structure_id bigint not null',
	'span.z_structure_id bigint not null',
	'span.kind text',
	'span.corridor_id bigint',
	'span.side text',
	'span.encasement text not null default ''none''::text',
	'span.geom geometry(Geometry,4326) not null',
	'span.length_m double precision',
	'span.status text not null default ''operational''::text',
	'span.mtbf_hours double precision',
	'span.mttr_hours double precision',
	'span.drawn_m double precision generated',
	'span_crossing.span_id bigint not null',
	'span_crossing.structure_id bigint not null',
	'span_crossing.passage text not null',
	'span_pair.a_span_id bigint not null',
	'span_pair.b_span_id bigint not null',
	'span_pair.crosses boolean not null',
	'span_pair.distance_m double precision not null',
	'span_pair.run_m real[] not null',
	'span_pair_own.xid xid8 not null',
	'span_pair_own.a_span_id bigint not null',
	'span_pair_own.b_span_id bigint not null',
	'span_pair_own.crosses boolean not null',
	'span_pair_own.distance_m double precision',
	'span_pair_own.run_m real[]',
	'shipped.kind text not null',
	'shipped.object text not null',
	'shipped.definition jsonb not null',
	'splice.id bigint not null identity d',
	'splice.structure_id bigint not null',
	'splice.closure_id bigint',
	'splice.kind text not null default ''fusion''::text',
	'splice.a_cable_id bigint not null',
	'splice.a_seq integer not null',
	'splice.a_strands int4range not null',
	'splice.z_cable_id bigint not null',
	'splice.z_seq integer not null',
	'splice.z_strands int4range not null',
	'splice_closure.id bigint not null identity d',
	'splice_closure.structure_id bigint not null',
	'splice_closure.name text not null',
	'srlg.id bigint not null identity d',
	'srlg.network_id bigint',
	'srlg.name text not null',
	'srlg.kind text not null default ''srlg''::text',
	'srlg.origin text not null default ''configured''::text',
	'srlg.value bigint',
	'srlg.geom geometry(Geometry,4326)',
	'srlg.mtbf_hours double precision',
	'srlg.mttr_hours double precision',
	'srlg_member.srlg_id bigint not null',
	'srlg_member.link_id bigint not null',
	'srlg_member.share double precision not null default 1',
	'srlg_member.probability double precision not null default 1',
	'srlg_node.srlg_id bigint not null',
	'srlg_node.node_id bigint not null',
	'srlg_node.probability double precision not null default 1',
	'strand_assignment.link_id bigint not null',
	'strand_assignment.seq integer not null',
	'strand_assignment.cable_id bigint not null',
	'strand_assignment.strands int4range not null',
	'strand_assignment.segments int4range not null',
	'structure.id bigint not null identity d',
	'structure.site_id bigint',
	'structure.name text not null',
	'structure.kind text',
	'structure.geom geometry(Point,4326) not null',
	'structure.status text not null default ''operational''::text',
	'zone.id bigint not null identity d',
	'zone.region_id bigint not null',
	'zone.name text not null'],
	'the columns of the tables');
SELECT set_eq(
	$$SELECT format('%s.%s %s', m.relname, a.attname, format_type(a.atttypid, a.atttypmod))
	FROM member m JOIN pg_attribute a ON a.attrelid = m.oid AND a.attnum > 0
	WHERE m.relkind = 'v'$$,
	ARRAY[
	'link_state.link_id bigint',
	'link_state.carried double precision',
	'link_state.up boolean',
	'risk.id bigint',
	'risk.name text',
	'risk.kind text',
	'risk.origin text',
	'risk.element_kind text',
	'risk.element_id bigint',
	'risk.mtbf_hours double precision',
	'risk.mttr_hours double precision',
	'risk_member.srlg_id bigint',
	'risk_member.link_id bigint',
	'risk_member.origin text',
	'risk_member.share double precision',
	'risk_member.probability double precision',
	'risk_rule_in_force.kind text',
	'risk_rule_in_force.enabled boolean',
	'risk_rule_in_force.distance_m double precision',
	'risk_rule_in_force.min_length_m double precision',
	'risk_rule_in_force.probability double precision',
	'risk_rule_in_force.mtbf_hours_km double precision',
	'risk_rule_in_force.mttr_hours double precision',
	'risk_rule_in_force.source text',
	'span_pair_now.a_span_id bigint',
	'span_pair_now.b_span_id bigint',
	'span_pair_now.crosses boolean',
	'span_pair_now.distance_m double precision',
	'span_pair_now.run_m real[]',
	'staging_span.name text',
	'staging_span.kind text',
	'staging_span.a_structure text',
	'staging_span.z_structure text',
	'staging_span.corridor text',
	'staging_span.side text',
	'staging_span.encasement text',
	'staging_span.length_m double precision',
	'staging_span.status text',
	'staging_span.geom geometry(Geometry,4326)',
	'staging_structure.name text',
	'staging_structure.kind text',
	'staging_structure.site text',
	'staging_structure.status text',
	'staging_structure.geom geometry(Point,4326)',
	'violation.policy text',
	'violation.mode text',
	'violation.network_id bigint',
	'violation.vpc_id bigint',
	'violation.subject_kind text',
	'violation.subject_id bigint',
	'violation.subject text',
	'violation.detail text',
	'violation.hint text',
	'violation.waived_until timestamp with time zone'],
	'the columns of the views');

-- keys
SELECT is_empty(
	$$SELECT relname FROM member m WHERE relkind = 'r' AND relname <> 'commit_check'
	AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = m.oid AND contype = 'p')$$,
	'every table has a primary key, but for the queue of a transaction''s own');
SELECT is_empty(
	$$SELECT m.relname FROM member m JOIN pg_attribute a ON a.attrelid = m.oid AND a.attname = 'id'
	JOIN pg_constraint p ON p.conrelid = m.oid AND p.contype = 'p'
	WHERE m.relkind = 'r' AND m.relname <> 'change_log' AND p.conkey <> ARRAY[a.attnum]$$,
	'an id is the primary key, but for the log''s, which is of any object');
SELECT is_empty(
	$$SELECT m.relname FROM member m JOIN pg_attribute a ON a.attrelid = m.oid AND a.attname = 'id'
	WHERE m.relkind = 'r' AND m.relname <> 'change_log'
	AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = m.oid AND k.contype = 'c'
		AND pg_get_constraintdef(k.oid) = 'CHECK ((id > 0))')$$,
	'an id is positive');
SELECT set_eq(
	$$SELECT m.relname::text, substring(pg_get_constraintdef(k.oid) FROM '\(id < ''?([0-9]+)')::numeric
	FROM member m JOIN pg_constraint k ON k.conrelid = m.oid AND k.contype = 'c' AND k.conname LIKE '%\_id\_is\_below\_2%'$$,
	$$SELECT r, 2.0 ^ 59 FROM unnest(ARRAY['region', 'zone', 'site', 'power_feed', 'structure', 'duct', 'hazard_area',
		'splice_closure', 'splice']) r
	UNION ALL VALUES ('cable', 2.0 ^ 39), ('corridor', 2.0 ^ 31), ('span', 2.0 ^ 29)$$,
	'an id of the plant leaves room for the ids of what follows from it');
SELECT set_eq(
	$$SELECT m.relname::text, array_to_string(ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u (attnum, n)
			JOIN pg_attribute a ON a.attrelid = m.oid AND a.attnum = u.attnum ORDER BY n), ', '), i.indnullsnotdistinct
	FROM member m JOIN pg_constraint k ON k.conrelid = m.oid AND k.contype = 'u' JOIN pg_index i ON i.indexrelid = k.conindid
	WHERE EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = m.oid AND a.attname = 'name' AND a.attnum = ANY (k.conkey))
	$$,
	$$VALUES ('demand', 'network_id, name', false), ('disjoint_group', 'name', false), ('drain', 'name', false),
		('link', 'network_id, name', false), ('network', 'name', false),
		('node', 'network_id, name', false), ('power_feed', 'name', false), ('region', 'name', false),
		('site', 'zone_id, name', true), ('srlg', 'network_id, name', true), ('zone', 'region_id, name', false),
		('structure', 'name', false), ('corridor', 'name', false), ('hazard_area', 'name', false), ('span', 'name', false),
		('duct', 'span_id, parent_id, name', true), ('cable', 'name', false), ('splice_closure', 'structure_id, name', false)$$,
	'a name is unique in its parent, and where there may be no parent too');

-- foreign keys: child columns, parent, on update, on delete
SELECT set_eq(
	$$SELECT format('%s (%s) -> %s %s%s%s', k.conrelid::regclass,
			array_to_string(ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u (attnum, n)
				JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY n), ', '),
			k.confrelid::regclass, k.confupdtype, k.confdeltype, k.confmatchtype)
	FROM pg_constraint k JOIN member m ON m.oid = k.conrelid WHERE k.contype = 'f'$$,
	ARRAY[
	'netstate.cable_segment (cable_id) -> netstate.cable acs',
	'netstate.cable_segment (duct_id, span_id) -> netstate.duct aas',
	'netstate.cable_segment (span_id) -> netstate.span aas',
	'netstate.bypass (bypass_link_id) -> netstate.link acs',
	'netstate.bypass (protected_link_id) -> netstate.link acs',
	'netstate.demand (network_id) -> netstate.network acs',
	'netstate.demand (network_id, dst_node_id) -> netstate.node aas',
	'netstate.demand (network_id, src_node_id) -> netstate.node aas',
	'netstate.drain_element (drain_id) -> netstate.drain acs',
	'netstate.disjoint_group_member (group_id) -> netstate.disjoint_group acs',
	'netstate.disjoint_group_member (link_id) -> netstate.link acs',
	'netstate.waiver (group_id) -> netstate.disjoint_group acs',
	'netstate.duct (parent_id, span_id, parent_depth) -> netstate.duct cas',
	'netstate.duct (span_id) -> netstate.span acs',
	'netstate.link (network_id, a_node_id) -> netstate.node aas',
	'netstate.link (network_id, level) -> netstate.network ccs',
	'netstate.link (network_id, z_node_id) -> netstate.node aas',
	'netstate.link_support (link_id, link_level) -> netstate.link ccs',
	'netstate.link_support (supporting_link_id, supporting_level) -> netstate.link cas',
	'netstate.node (network_id, level) -> netstate.network ccs',
	'netstate.node (site_id) -> netstate.site aas',
	'netstate.node (structure_id) -> netstate.structure aas',
	'netstate.node (supporting_node_id, supporting_level) -> netstate.node caf',
	'netstate.risk_rule (kind) -> netstate.risk_rule_default aas',
	'netstate.site (zone_id) -> netstate.zone aas',
	'netstate.site_power_feed (power_feed_id) -> netstate.power_feed aas',
	'netstate.site_power_feed (site_id) -> netstate.site acs',
	'netstate.span (a_structure_id) -> netstate.structure aas',
	'netstate.span (corridor_id) -> netstate.corridor aas',
	'netstate.span (z_structure_id) -> netstate.structure aas',
	'netstate.span_crossing (span_id) -> netstate.span acs',
	'netstate.span_crossing (structure_id) -> netstate.structure aas',
	'netstate.splice (a_cable_id) -> netstate.cable aas',
	'netstate.splice (closure_id, structure_id) -> netstate.splice_closure aas',
	'netstate.splice (structure_id) -> netstate.structure aas',
	'netstate.splice (z_cable_id) -> netstate.cable aas',
	'netstate.splice_closure (structure_id) -> netstate.structure aas',
	'netstate.srlg (network_id) -> netstate.network acs',
	'netstate.srlg_member (link_id) -> netstate.link acs',
	'netstate.srlg_member (srlg_id) -> netstate.srlg acs',
	'netstate.srlg_node (node_id) -> netstate.node acs',
	'netstate.srlg_node (srlg_id) -> netstate.srlg acs',
	'netstate.strand_assignment (cable_id) -> netstate.cable aas',
	'netstate.strand_assignment (link_id) -> netstate.link acs',
	'netstate.structure (site_id) -> netstate.site aas',
	'netstate.zone (region_id) -> netstate.region aas'],
	'the foreign keys, and what they do when the parent changes or goes');
SELECT is_empty(
	$$SELECT k.conname FROM pg_constraint k JOIN member m ON m.oid = k.conrelid
	WHERE k.conname <> 'commit_check_run'
	AND (NOT k.convalidated OR k.condeferred OR (k.condeferrable AND k.conname NOT IN ('cable_segment_pkey', 'strand_assignment_strand_of_segment_is_assigned_once',
		'splice_a_strand_end_is_spliced_once', 'splice_z_strand_end_is_spliced_once')))$$,
	'every constraint is validated, and holds at the end of each statement, but for what COMMIT proves');
-- An index may begin with any column of the key: a level follows from an id,
-- and a node is in one network.
SELECT is_empty(
	$$SELECT k.conname FROM pg_constraint k JOIN member m ON m.oid = k.conrelid
	WHERE k.contype = 'f' AND NOT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a
		ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
		WHERE i.indrelid = k.conrelid AND i.indkey[0] = ANY (k.conkey) AND a.attname <> 'level'
		AND (cardinality(k.conkey) = 1 OR a.attname <> 'network_id' OR k.confrelid = 'netstate.network'::regclass))$$,
	'every foreign key has an index on the side that refers');
SELECT is_empty(
	$$SELECT m.relname, a.attname FROM member m JOIN pg_attribute a ON a.attrelid = m.oid
	WHERE m.relkind = 'r' AND a.attname = 'geom' AND NOT EXISTS (
		SELECT FROM pg_constraint k WHERE k.conrelid = m.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum])$$,
	'every geometry passes a gate');
SELECT is_empty(
	$$SELECT m.relname, a.attname FROM member m JOIN pg_attribute a ON a.attrelid = m.oid
	WHERE m.relkind = 'r' AND a.atttypid = 'float8'::regtype AND a.attgenerated = '' AND NOT EXISTS (
		SELECT FROM pg_constraint k WHERE k.conrelid = m.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey))$$,
	'every quantity has a range');

-- comments
SELECT is_empty(
	$$SELECT relname FROM member WHERE relkind IN ('r', 'v') AND coalesce(obj_description(oid, 'pg_class'), '') = ''$$,
	'every table and view has a comment');
SELECT is_empty(
	$$SELECT m.relname, a.attname FROM member m JOIN pg_attribute a ON a.attrelid = m.oid AND a.attnum > 0
	WHERE m.relkind IN ('r', 'v') AND NOT a.attisdropped AND coalesce(col_description(m.oid, a.attnum), '') = ''$$,
	'every column has a comment');
SELECT is_empty(
	$$SELECT m.relname, t.tgname FROM member m JOIN pg_trigger t ON t.tgrelid = m.oid
	WHERE NOT t.tgisinternal AND coalesce(obj_description(t.oid, 'pg_trigger'), '') = ''$$,
	'every trigger has a comment');

-- triggers: event, level, which roles of replication fire it
SELECT set_eq(
	$$SELECT format('%s.%s %s %s %s', m.relname, t.tgname, t.tgenabled, t.tgtype, p.proname)
			|| coalesce(' ' || t.tgoldtable, '') || coalesce(' ' || t.tgnewtable, '')
	FROM member m JOIN pg_trigger t ON t.tgrelid = m.oid AND NOT t.tgisinternal JOIN pg_proc p ON p.oid = t.tgfoid
	WHERE t.tgname LIKE 'change\_log\_%'$$,
	$$SELECT r || '.' || x FROM unnest(ARRAY['network', 'node', 'link', 'link_support', 'srlg_member', 'srlg_node',
		'site', 'site_power_feed', 'structure', 'span', 'span_crossing', 'duct', 'cable', 'cable_segment',
		'strand_assignment', 'span_pair', 'span_pair_own', 'risk_rule_default', 'risk_rule', 'corridor', 'hazard_area',
		'drain', 'drain_element', 'zone', 'splice']) r,
		unnest(ARRAY[
		'change_log_begin A 62 change_log_begin',
		'change_log_insert A 4 change_log_write new_row',
		'change_log_update A 16 change_log_write old_row new_row',
		'change_log_delete A 8 change_log_write old_row',
		'change_log_truncate A 32 change_log_write',
		'change_log_apply R 29 change_log_apply']) x
	UNION ALL
	SELECT r || '.' || x FROM unnest(ARRAY['change_log', 'change_horizon']) r,
		unnest(ARRAY['change_log_guard A 31 change_log_guard', 'change_log_guard_truncate A 34 change_log_guard']) x$$,
	'every table of the graph is logged, whatever changes it, and the log is guarded');
SELECT set_eq(
	$$SELECT format('%s.%s %s %s %s', m.relname, t.tgname, t.tgenabled, t.tgtype, p.proname)
			|| coalesce(' ' || t.tgoldtable, '') || coalesce(' ' || t.tgnewtable, '')
	FROM member m JOIN pg_trigger t ON t.tgrelid = m.oid AND NOT t.tgisinternal JOIN pg_proc p ON p.oid = t.tgfoid
	WHERE t.tgname LIKE 'commit\_check\_%'$$,
	$$SELECT r || '.' || x FROM (VALUES ('structure', 'ud'), ('span', 'iudt'), ('cable', 'u'), ('cable_segment', 'iudt'), ('splice', 'iu'),
			('node', 'ud'), ('link', 'ud'), ('strand_assignment', 'iud'), ('link_support', 'iud'),
			('site', 'ud'), ('site_power_feed', 'iud'), ('span_crossing', 'iu'), ('duct', 'ud'), ('corridor', 'ud'), ('hazard_area', 'iu'),
			('srlg_member', 'iu'), ('srlg_node', 'iudt'), ('risk_rule', 'iudt'), ('risk_rule_default', 'iudt'),
			('disjoint_group', 'iu'), ('disjoint_group_member', 'iudt'), ('waiver', 'udt'), ('drain', 'iu'), ('drain_element', 'iu')) t (r, events),
		(VALUES
			('i', 'commit_check_insert A 4 commit_check_queue new_row'),
			('u', 'commit_check_update A 16 commit_check_queue old_row new_row'),
			('d', 'commit_check_delete A 8 commit_check_queue old_row'),
			('t', 'commit_check_truncate A 32 commit_check_queue')) e (event, x)
	WHERE position(event IN events) > 0
	UNION ALL VALUES ('commit_check.commit_check_guard A 31 commit_check_guard'),
		('commit_check.commit_check_guard_truncate A 34 commit_check_guard'), ('commit_check.commit_check_run A 5 commit_check_run')$$,
	'what COMMIT proves is queued, whatever changes it, and the queue is guarded');

-- rights
SELECT is_empty(
	$$SELECT m.relname, a.privilege_type FROM member m, aclexplode(m.relacl) a WHERE a.grantee <> m.relowner$$,
	'no table, view or sequence is open to anybody but its owner');
SELECT is_empty(
	$$SELECT relname FROM member WHERE relkind = 'v' AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'$$,
	'views read with the rights of the caller');

-- dump
SELECT set_eq(
	$$SELECT relname FROM member WHERE relkind IN ('r', 'S') AND relname NOT IN ('change_log', 'change_horizon', 'commit_check', 'shipped', 'risk_rule_default', 'span_pair', 'span_pair_own')$$,
	$$SELECT c.relname FROM pg_extension e, unnest(e.extconfig) x (oid) JOIN pg_class c ON c.oid = x.oid
	WHERE e.extname = 'netstate'$$,
	'every table that users write, and its sequence, is in the dump');
SELECT is(extcondition, array_fill(''::text, ARRAY[cardinality(extconfig)]), 'and every row of it')
FROM pg_extension WHERE extname = 'netstate';

SELECT * FROM finish();
ROLLBACK;
