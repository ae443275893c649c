-- Disjoint groups: what the tables take and refuse.
\pset null '(null)'
BEGIN;

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
