-- Disjoint groups: what the tables take and refuse.
\pset null '(null)'
-- Runs a statement: 'ok' and the number of rows, or the SQLSTATE with the
-- constraint or the column that refused it.
CREATE FUNCTION pg_temp.attempt(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	affected bigint;
	broken text;
	bare text;
BEGIN
	EXECUTE statement;
	GET DIAGNOSTICS affected = ROW_COUNT;
	RETURN 'ok ' || affected;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME, bare = COLUMN_NAME;
	RETURN concat_ws(' ', SQLSTATE, nullif(broken, ''), nullif(bare, ''));
END $$;

BEGIN;
INSERT INTO netstate.network (id, name, layer) VALUES (4201, 'g ip', 'ip'), (4202, 'g optical', 'optical');
INSERT INTO netstate.node (id, network_id, name) VALUES
	(42011, 4201, 'a'), (42012, 4201, 'b'), (42021, 4202, 'a'), (42022, 4202, 'b');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES
	(42011, 4201, 'one', 42011, 42012), (42012, 4201, 'two', 42011, 42012), (42021, 4202, 'three', 42021, 42022);

INSERT INTO netstate.disjoint_group (id, name) VALUES (4201, 'as it comes');
SELECT disjoint, mode, min_members, min_probability, min_share, max_shared FROM netstate.disjoint_group WHERE id = 4201;

SELECT what, pg_temp.attempt(format('INSERT INTO netstate.disjoint_group (name, disjoint, mode, min_members, min_probability, min_share, max_shared) VALUES (%s)', row))
FROM (VALUES
	(1, 'all words', $$'g 1', '{link,node,srlg}', 'enforce', 2, 0, 0, 0$$),
	(2, 'one word', $$'g 2', '{node}', 'off', 1, 1, 1, 7$$),
	(3, 'name again', $$'g 1', '{link}', 'off', 2, 0, 0, 0$$),
	(4, 'no name', $$NULL, '{link}', 'off', 2, 0, 0, 0$$),
	(5, 'empty name', $$'', '{link}', 'off', 2, 0, 0, 0$$),
	(6, 'blank before the name', $$' x', '{link}', 'off', 2, 0, 0, 0$$),
	(7, 'nothing to be disjoint in', $$'x', '{}', 'off', 2, 0, 0, 0$$),
	(8, 'NULL to be disjoint in', $$'x', NULL, 'off', 2, 0, 0, 0$$),
	(9, 'a NULL among the words', $$'x', '{link,NULL}', 'off', 2, 0, 0, 0$$),
	(10, 'an unknown word', $$'x', '{link,duct}', 'off', 2, 0, 0, 0$$),
	(11, 'two dimensions', $$'x', '{{link},{node}}', 'off', 2, 0, 0, 0$$),
	(12, 'unknown mode', $$'x', '{link}', 'warn', 2, 0, 0, 0$$),
	(13, 'no members', $$'x', '{link}', 'off', 0, 0, 0, 0$$),
	(14, 'probability above 1', $$'x', '{link}', 'off', 2, 1.1, 0, 0$$),
	(15, 'probability NaN', $$'x', '{link}', 'off', 2, 'NaN', 0, 0$$),
	(16, 'share below 0', $$'x', '{link}', 'off', 2, 0, -0.1, 0$$),
	(17, 'less than nothing shared', $$'x', '{link}', 'off', 2, 0, 0, -1$$)
) t (n, what, row) ORDER BY n;

SELECT what, pg_temp.attempt(format('INSERT INTO netstate.disjoint_group_member (group_id, link_id, preference) VALUES (%s)', row))
FROM (VALUES
	(1, 'a link', $$4201, 42011, 1$$),
	(2, 'one of another layer, without preference', $$4201, 42021, NULL$$),
	(3, 'again', $$4201, 42011, 2$$),
	(4, 'unknown link', $$4201, -1, NULL$$),
	(5, 'unknown group', $$-1, 42011, NULL$$),
	(6, 'no link', $$4201, NULL, NULL$$)
) t (n, what, row) ORDER BY n;

SELECT what, pg_temp.attempt(format('INSERT INTO netstate.waiver (group_id, element_kind, element_id, owner, reason, expires_at) VALUES (%s)', row))
FROM (VALUES
	(1, 'a span', $$4201, 'span', 7, 'planning', 'the bridge is built in spring', '2030-01-01'$$),
	(2, 'another kind, expired, no reason', $$4201, 'structure', 7, 'planning', NULL, '2020-01-01'$$),
	(3, 'the same element', $$4201, 'span', 7, 'operations', NULL, '2031-01-01'$$),
	(4, 'a kind that nothing shared has', $$4201, 'network', 7, 'planning', NULL, '2030-01-01'$$),
	(5, 'an id that nothing has', $$4201, 'span', 0, 'planning', NULL, '2030-01-01'$$),
	(6, 'nobody', $$4201, 'span', 8, NULL, NULL, '2030-01-01'$$),
	(7, 'an owner without a name', $$4201, 'span', 8, '', NULL, '2030-01-01'$$),
	(8, 'for ever', $$4201, 'span', 8, 'planning', NULL, 'infinity'$$),
	(9, 'until nobody knows', $$4201, 'span', 8, 'planning', NULL, NULL$$),
	(10, 'unknown group', $$-1, 'span', 8, 'planning', NULL, '2030-01-01'$$)
) t (n, what, row) ORDER BY n;

-- a link goes from its groups with itself, a group with all that is said of it
DELETE FROM netstate.link WHERE id = 42011;
SELECT link_id FROM netstate.disjoint_group_member WHERE group_id = 4201;
DELETE FROM netstate.disjoint_group WHERE id = 4201;
SELECT (SELECT count(*) FROM netstate.disjoint_group_member WHERE group_id = 4201) AS members,
	(SELECT count(*) FROM netstate.waiver WHERE group_id = 4201) AS waivers;
ROLLBACK;

-- What COMMIT refuses.  A north and a south route between two buildings, a cable
-- and a circuit on each, and a link on each of these.
BEGIN;
INSERT INTO netstate.site (id, name, geom) VALUES (420001, 'g hill', 'POINT(30 50)'), (420002, 'g dale', 'POINT(30.02 50)'), (420003, 'g inn', 'POINT(30.01 50.005)');
INSERT INTO netstate.structure (id, name, site_id, geom) VALUES (420001, 'g 1', 420001, 'POINT(30 50)'), (420002, 'g 2', NULL, 'POINT(30.01 50.005)'),
	(420003, 'g 3', NULL, 'POINT(30.01 49.995)'), (420004, 'g 4', 420002, 'POINT(30.02 50)'), (420005, 'g bridge', NULL, 'POINT(30.01 50)');
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES
	(420001, 'g n1', 420001, 420002, 'LINESTRING(30 50, 30.01 50.005)'), (420002, 'g n2', 420002, 420004, 'LINESTRING(30.01 50.005, 30.02 50)'),
	(420003, 'g s1', 420001, 420003, 'LINESTRING(30 50, 30.01 49.995)'), (420004, 'g s2', 420003, 420004, 'LINESTRING(30.01 49.995, 30.02 50)');
INSERT INTO netstate.duct (id, span_id, name) VALUES (420001, 420001, 'A'), (420002, 420003, 'A');
INSERT INTO netstate.cable (id, name, strand_count) VALUES (420001, 'g north', 8), (420002, 'g south', 8);
INSERT INTO netstate.cable_segment (cable_id, seq, span_id) VALUES (420001, 1, 420001), (420001, 2, 420002), (420002, 1, 420003), (420002, 2, 420004);
INSERT INTO netstate.network (id, name, layer) VALUES (4203, 'g fibre', 'fibre'), (4204, 'g net', 'ip');
INSERT INTO netstate.node (id, network_id, name, structure_id) VALUES (420301, 4203, 'a', 420001), (420302, 4203, 'z', 420004), (420303, 4203, 'c', NULL);
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES (420401, 4204, 'a', 420301), (420402, 4204, 'z', 420302);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (420301, 4203, 'north', 420301, 420302), (420302, 4203, 'south', 420301, 420302),
	(420401, 4204, 'one', 420401, 420402), (420402, 4204, 'two', 420401, 420402);
INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments) VALUES (420301, 1, 420001, '[1,1]', '[1,2]'), (420302, 1, 420002, '[1,1]', '[1,2]');
INSERT INTO netstate.link_support (link_id, supporting_link_id) VALUES (420401, 420301), (420402, 420302);
INSERT INTO netstate.srlg (id, name) VALUES (420001, 'g ditch');
INSERT INTO netstate.disjoint_group (id, name, disjoint, mode) VALUES (420001, 'g pair', '{link,node,srlg}', 'enforce');
INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (420001, 420401), (420001, 420402);

-- What COMMIT would say after these statements; all is undone.
CREATE FUNCTION pg_temp.committed(VARIADIC statements text[]) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	one text;
	broken text;
BEGIN
	FOREACH one IN ARRAY statements LOOP
		EXECUTE one;
	END LOOP;
	SET CONSTRAINTS ALL IMMEDIATE;
	RAISE SQLSTATE 'OK000';
EXCEPTION
	WHEN SQLSTATE 'OK000' THEN
		RETURN 'ok';
	WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
		RETURN concat_ws(' ', SQLSTATE, nullif(broken, ''));
END $$;

CREATE TEMP TABLE tried (n serial, what text, statements text[]);
INSERT INTO tried (what, statements) VALUES
	('nothing', ARRAY['SELECT']),
	('the south cable goes north', ARRAY[
		'UPDATE netstate.cable_segment SET span_id = 420001 WHERE cable_id = 420002 AND seq = 1',
		'UPDATE netstate.cable_segment SET span_id = 420002 WHERE cable_id = 420002 AND seq = 2']),
	('there and back', ARRAY[
		'UPDATE netstate.cable_segment SET span_id = span_id - 2 WHERE cable_id = 420002',
		'UPDATE netstate.cable_segment SET span_id = span_id + 2 WHERE cable_id = 420002']),
	('south on strands of the north cable', ARRAY[
		$$UPDATE netstate.strand_assignment SET cable_id = 420001, strands = '[2,2]' WHERE link_id = 420302$$]),
	('both ride on north', ARRAY[
		'UPDATE netstate.link_support SET supporting_link_id = 420301 WHERE link_id = 420402']),
	('the trenches side by side', ARRAY[
		$$UPDATE netstate.span SET geom = 'LINESTRING(30 50, 30.00999 50.00498, 30.01 49.995)' WHERE id = 420003$$]),
	('the trenches cross', ARRAY[
		$$UPDATE netstate.span SET geom = 'LINESTRING(30 50, 30.002 50.004, 30.01 49.995)' WHERE id = 420003$$]),
	('one corridor', ARRAY[
		$$INSERT INTO netstate.corridor (id, name, geom) VALUES (420001, 'g road', 'LINESTRING(30 50, 30.02 50)')$$,
		'UPDATE netstate.span SET corridor_id = 420001']),
	('a flood over both, and no end', ARRAY[
		$$INSERT INTO netstate.hazard_area (name, geom) VALUES ('g flood', 'MULTIPOLYGON(((30.009 49, 30.011 49, 30.011 51, 30.009 51, 30.009 49)))')$$]),
	('a flood over both, and an end', ARRAY[
		$$INSERT INTO netstate.hazard_area (name, geom) VALUES ('g flood', 'MULTIPOLYGON(((29 49, 30.011 49, 30.011 51, 29 51, 29 49)))')$$]),
	('one bridge', ARRAY[
		$$INSERT INTO netstate.span_crossing (span_id, structure_id, passage) VALUES (420001, 420005, 'over')$$,
		$$INSERT INTO netstate.span_crossing (span_id, structure_id, passage) VALUES (420003, 420005, 'under')$$]),
	('one building on the way', ARRAY[
		'UPDATE netstate.structure SET site_id = 420003 WHERE id IN (420002, 420003)']),
	('a stated group of one', ARRAY[
		'INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (420001, 420301)']),
	('a stated group of both', ARRAY[
		'INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (420001, 420301), (420001, 420302)']),
	('one that takes nothing from one', ARRAY[
		'INSERT INTO netstate.srlg_member (srlg_id, link_id, share) VALUES (420001, 420301, 1), (420001, 420302, 0)']),
	('one that takes down an end, too', ARRAY[
		'INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (420001, 420301), (420001, 420302)',
		'INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (420001, 420302)']),
	('and does no more', ARRAY[
		'INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (420001, 420301), (420001, 420302)',
		'INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (420001, 420302)',
		'SET CONSTRAINTS ALL IMMEDIATE',
		'SET CONSTRAINTS ALL DEFERRED',
		'DELETE FROM netstate.srlg_node WHERE srlg_id = 420001']),
	('less likely than counts', ARRAY[
		'UPDATE netstate.disjoint_group SET min_probability = 0.5',
		'INSERT INTO netstate.srlg_member (srlg_id, link_id, probability) VALUES (420001, 420301, 1), (420001, 420302, 0.4)']),
	('takes as much as counts', ARRAY[
		'UPDATE netstate.disjoint_group SET min_share = 0.1',
		'INSERT INTO netstate.srlg_member (srlg_id, link_id, share) VALUES (420001, 420301, 1), (420001, 420302, 0.1)']),
	('so much may be shared', ARRAY[
		'UPDATE netstate.disjoint_group SET max_shared = 1',
		'INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (420001, 420301), (420001, 420302)']),
	('risk is not asked for', ARRAY[
		$$UPDATE netstate.disjoint_group SET disjoint = '{node}'$$,
		'INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (420001, 420301), (420001, 420302)']),
	('one node on the way', ARRAY[
		$$UPDATE netstate.disjoint_group SET disjoint = '{node}'$$,
		$$INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) SELECT 420310 + i, 4203, 'c' || i, 420301 + i % 2, 420303 FROM generate_series(0, 3) i$$,
		'DELETE FROM netstate.link_support',
		'INSERT INTO netstate.link_support (link_id, seq, supporting_link_id) VALUES (420401, 1, 420310), (420401, 2, 420311), (420402, 1, 420312), (420402, 2, 420313)']),
	('a rule that sees further', ARRAY[
		$$UPDATE netstate.span SET geom = 'LINESTRING(30 50, 30.00985 50.00498, 30.01 49.995)' WHERE id = 420003$$,
		$$INSERT INTO netstate.risk_rule (kind, enabled, distance_m, min_length_m) VALUES ('proximity', true, 25, 1)$$]),
	('a member that is beneath another', ARRAY[
		'INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (420001, 420302)']),
	('the same where it is monitored', ARRAY[
		$$UPDATE netstate.disjoint_group SET mode = 'monitor'$$,
		'INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (420001, 420302)']),
	('and then enforced', ARRAY[
		$$UPDATE netstate.disjoint_group SET mode = 'off'$$,
		'INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (420001, 420302)',
		'SET CONSTRAINTS ALL IMMEDIATE',
		$$INSERT INTO netstate.disjoint_group (id, name, mode) VALUES (420001, 'g pair', 'enforce') ON CONFLICT (id) DO UPDATE SET mode = excluded.mode$$]),
	('a cut', ARRAY[
		$$UPDATE netstate.span SET status = 'cut' WHERE id IN (420001, 420003)$$,
		$$UPDATE netstate.link SET status = 'failed', metric = 7 WHERE id = 420401$$]),
	('in replica mode', ARRAY[
		'SET LOCAL session_replication_role = replica',
		$$UPDATE netstate.strand_assignment SET cable_id = 420001, strands = '[2,2]' WHERE link_id = 420302$$]),
	('a link gone, a group gone', ARRAY[
		'DELETE FROM netstate.link WHERE id = 420401',
		'DELETE FROM netstate.disjoint_group WHERE id = 420001']),
	('a thousand rows at once', ARRAY[
		$$INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) SELECT 421000 + i, 4203, 'm' || i, 420301, 420302 FROM generate_series(1, 1200) i$$,
		'INSERT INTO netstate.srlg_member (srlg_id, link_id) SELECT 420001, id FROM netstate.link WHERE network_id = 4203']);
SELECT what, pg_temp.committed(VARIADIC statements) FROM tried ORDER BY n;

-- Waivers: of an element, until they expire.  The clock is that of the check.
INSERT INTO netstate.waiver (group_id, element_kind, element_id, owner, expires_at) VALUES (420001, 'srlg', 420001, 'me', clock_timestamp() + interval '1 hour');
TRUNCATE tried RESTART IDENTITY;
INSERT INTO tried (what, statements) VALUES
	('waived', '{}'),
	('another element is', ARRAY[$$UPDATE netstate.waiver SET element_kind = 'site'$$]),
	('expired', ARRAY[
		'SET CONSTRAINTS ALL IMMEDIATE', $$UPDATE netstate.waiver SET expires_at = clock_timestamp() - interval '1 ms'$$]),
	('gone', ARRAY['SET CONSTRAINTS ALL IMMEDIATE', 'DELETE FROM netstate.waiver']),
	('all gone', ARRAY['SET CONSTRAINTS ALL IMMEDIATE', 'SET CONSTRAINTS ALL DEFERRED', 'TRUNCATE netstate.waiver']),
	('expires while nobody looks', ARRAY[
		$$UPDATE netstate.waiver SET expires_at = clock_timestamp() + interval '0.3 s'$$, 'SET CONSTRAINTS ALL IMMEDIATE', 'SELECT pg_sleep(0.5)',
		$$UPDATE netstate.span SET status = 'cut' WHERE id = 420001$$]),
	('and then something is changed', ARRAY[
		$$UPDATE netstate.waiver SET expires_at = clock_timestamp() + interval '0.3 s'$$, 'SET CONSTRAINTS ALL IMMEDIATE', 'SELECT pg_sleep(0.5)',
		$$UPDATE netstate.span SET encasement = 'cast' WHERE id = 420001$$]),
	('or mended', ARRAY[
		$$UPDATE netstate.waiver SET expires_at = clock_timestamp() + interval '0.3 s'$$, 'SET CONSTRAINTS ALL IMMEDIATE', 'SELECT pg_sleep(0.5)',
		$$UPDATE netstate.waiver SET expires_at = clock_timestamp() + interval '1 hour'$$, $$UPDATE netstate.span SET encasement = 'cast' WHERE id = 420001$$]);
SELECT what, pg_temp.committed(VARIADIC ARRAY['INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (420001, 420301), (420001, 420302)'] || statements)
FROM tried ORDER BY n;

-- What is queued, once a statement: not what can only mend.
CREATE FUNCTION pg_temp.queued(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	SET CONSTRAINTS ALL IMMEDIATE;
	SET CONSTRAINTS ALL DEFERRED;
	EXECUTE statement;
	found := (SELECT string_agg(concat_ws(' ', what, ids), ', ' ORDER BY what) FROM netstate.commit_check);
	RAISE SQLSTATE 'OK000';
EXCEPTION WHEN SQLSTATE 'OK000' THEN
	RETURN found;
END $$;
SELECT statement, pg_temp.queued(statement)
FROM unnest(ARRAY[
	$$UPDATE netstate.disjoint_group SET name = 'g other'$$,
	'UPDATE netstate.disjoint_group SET min_members = 3',
	'UPDATE netstate.disjoint_group SET max_shared = 3',
	'UPDATE netstate.disjoint_group_member SET preference = 1',
	'DELETE FROM netstate.disjoint_group_member',
	'DELETE FROM netstate.disjoint_group',
	'TRUNCATE netstate.disjoint_group_member',
	$$UPDATE netstate.waiver SET owner = 'you', expires_at = expires_at + interval '1 day'$$,
	$$UPDATE netstate.waiver SET expires_at = expires_at - interval '1 day'$$,
	$$UPDATE netstate.span SET status = 'cut', length_m = 7 WHERE id = 420001$$,
	$$UPDATE netstate.span SET encasement = 'cast' WHERE id = 420001$$,
	$$UPDATE netstate.duct SET name = 'B' WHERE id = 420001$$,
	$$UPDATE netstate.link SET metric = 1, load_gbps = 1, status = 'failed' WHERE id = 420401$$,
	'UPDATE netstate.link SET capacity_gbps = 1 WHERE id = 420401',
	'DELETE FROM netstate.srlg WHERE id = 420001',
	'UPDATE netstate.cable_segment SET duct_id = 420001 WHERE span_id = 420001']) WITH ORDINALITY AS t (statement, n) ORDER BY n;

-- Savepoints take along what they did, and give back what they mended.
SAVEPOINT a;
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (420001, 420301), (420001, 420302);
DELETE FROM netstate.waiver;
ROLLBACK TO a;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (420001, 420301), (420001, 420302);
DELETE FROM netstate.waiver;
\x on
SELECT rule, element_kind, element_id, name, message, detail, hint FROM netstate.check_pending();
SELECT policy, mode, network_id, vpc_id, subject_kind, subject_id, subject, detail, hint, waived_until FROM netstate.disjoint_group_violations();
SELECT link_a, link_b, element_kind, element_id, srlg_id, waived_until, share_a, share_b, probability_a, probability_b FROM netstate.disjoint_group_shared(ARRAY[420001, -1, 420001]);
\x off
SELECT count(*) FROM netstate.disjoint_group_shared('{}');
SELECT pg_temp.attempt('SELECT netstate.disjoint_group_shared(ARRAY[1, NULL])');
SAVEPOINT a;
DELETE FROM netstate.srlg_member WHERE link_id = 420302;
SELECT count(*) FROM netstate.check_pending();
ROLLBACK TO a;
SELECT pg_temp.committed('SELECT');

-- Names are told to those who may read them.
CREATE ROLE regress_ns_group;
GRANT USAGE ON SCHEMA netstate TO regress_ns_group;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA netstate TO regress_ns_group;
SET LOCAL ROLE regress_ns_group;
SELECT message, detail FROM netstate.check_pending();
SELECT pg_temp.attempt('SELECT netstate.disjoint_group_violations()');
RESET ROLE;
ROLLBACK;
