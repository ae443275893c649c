-- What the tables and views promise: columns, types, keys, comments; rules that
-- hold for every one of them.
\set QUIET 1
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only true
\pset pager off
BEGIN;
SELECT plan(23);

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
		'link_support', 'srlg', 'srlg_member', 'srlg_node', 'demand',
		'change_log', 'change_horizon'],
	'the tables');
SELECT set_eq(
	$$SELECT relname::text FROM member WHERE relkind = 'v'$$,
	ARRAY['risk', 'risk_member', 'link_state'],
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
	'change_horizon.xid xid8 not null',
	'change_log.xid xid8 not null',
	'change_log.seq bigint not null',
	'change_log.network_id bigint not null',
	'change_log.kind text not null',
	'change_log.id bigint not null',
	'demand.id bigint not null identity d',
	'demand.network_id bigint not null',
	'demand.name text not null',
	'demand.src_node_id bigint not null',
	'demand.dst_node_id bigint not null',
	'demand.gbps double precision not null',
	'demand.class text',
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
	'site.id bigint not null identity d',
	'site.zone_id bigint',
	'site.name text not null',
	'site.kind text',
	'site.geom geometry(Point,4326)',
	'site_power_feed.site_id bigint not null',
	'site_power_feed.power_feed_id bigint not null',
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
	'risk_member.probability double precision'],
	'the columns of the views');

-- keys
SELECT is_empty(
	$$SELECT relname FROM member m WHERE relkind = 'r'
	AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = m.oid AND contype = 'p')$$,
	'every table has a primary key');
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
	$$SELECT m.relname::text, array_to_string(ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u (attnum, n)
			JOIN pg_attribute a ON a.attrelid = m.oid AND a.attnum = u.attnum ORDER BY n), ', '), i.indnullsnotdistinct
	FROM member m JOIN pg_constraint k ON k.conrelid = m.oid AND k.contype = 'u' JOIN pg_index i ON i.indexrelid = k.conindid
	WHERE EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = m.oid AND a.attname = 'name' AND a.attnum = ANY (k.conkey))
	$$,
	$$VALUES ('demand', 'network_id, name', false), ('link', 'network_id, name', false), ('network', 'name', false),
		('node', 'network_id, name', false), ('power_feed', 'name', false), ('region', 'name', false),
		('site', 'zone_id, name', true), ('srlg', 'network_id, name', true), ('zone', 'region_id, name', false)$$,
	'a name is unique in its parent, and where there may be no parent too');

-- foreign keys: child columns, parent, on update, on delete
SELECT set_eq(
	$$SELECT format('%s (%s) -> %s %s%s%s', k.conrelid::regclass,
			array_to_string(ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u (attnum, n)
				JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY n), ', '),
			k.confrelid::regclass, k.confupdtype, k.confdeltype, k.confmatchtype)
	FROM pg_constraint k JOIN member m ON m.oid = k.conrelid WHERE k.contype = 'f'$$,
	ARRAY[
	'netstate.demand (network_id) -> netstate.network acs',
	'netstate.demand (network_id, dst_node_id) -> netstate.node aas',
	'netstate.demand (network_id, src_node_id) -> netstate.node aas',
	'netstate.link (network_id, a_node_id) -> netstate.node aas',
	'netstate.link (network_id, level) -> netstate.network ccs',
	'netstate.link (network_id, z_node_id) -> netstate.node aas',
	'netstate.link_support (link_id, link_level) -> netstate.link ccs',
	'netstate.link_support (supporting_link_id, supporting_level) -> netstate.link cas',
	'netstate.node (network_id, level) -> netstate.network ccs',
	'netstate.node (site_id) -> netstate.site aas',
	'netstate.node (supporting_node_id, supporting_level) -> netstate.node caf',
	'netstate.site (zone_id) -> netstate.zone aas',
	'netstate.site_power_feed (power_feed_id) -> netstate.power_feed aas',
	'netstate.site_power_feed (site_id) -> netstate.site acs',
	'netstate.srlg (network_id) -> netstate.network acs',
	'netstate.srlg_member (link_id) -> netstate.link acs',
	'netstate.srlg_member (srlg_id) -> netstate.srlg acs',
	'netstate.srlg_node (node_id) -> netstate.node acs',
	'netstate.srlg_node (srlg_id) -> netstate.srlg acs',
	'netstate.zone (region_id) -> netstate.region aas'],
	'the foreign keys, and what they do when the parent changes or goes');
SELECT is_empty(
	$$SELECT k.conname FROM pg_constraint k JOIN member m ON m.oid = k.conrelid
	WHERE NOT k.convalidated OR k.condeferrable$$,
	'every constraint is validated, and holds at the end of each statement');
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
	WHERE m.relkind = 'r' AND a.atttypid = 'float8'::regtype AND NOT EXISTS (
		SELECT FROM pg_constraint k WHERE k.conrelid = m.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum])$$,
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
	$$SELECT r || '.' || x FROM unnest(ARRAY['network', 'node', 'link', 'link_support', 'srlg_member', 'srlg_node']) r,
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

-- rights
SELECT is_empty(
	$$SELECT m.relname, a.privilege_type FROM member m, aclexplode(m.relacl) a WHERE a.grantee <> m.relowner$$,
	'no table, view or sequence is open to anybody but its owner');
SELECT is_empty(
	$$SELECT relname FROM member WHERE relkind = 'v' AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'$$,
	'views read with the rights of the caller');

-- dump
SELECT set_eq(
	$$SELECT relname FROM member WHERE relkind IN ('r', 'S') AND relname NOT IN ('change_log', 'change_horizon')$$,
	$$SELECT c.relname FROM pg_extension e, unnest(e.extconfig) x (oid) JOIN pg_class c ON c.oid = x.oid
	WHERE e.extname = 'netstate'$$,
	'every table that users write, and its sequence, is in the dump');
SELECT is(extcondition, array_fill(''::text, ARRAY[cardinality(extconfig)]), 'and every row of it')
FROM pg_extension WHERE extname = 'netstate';

SELECT * FROM finish();
ROLLBACK;
