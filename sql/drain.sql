-- Drains: what the tables take and refuse, and what an active drain takes out.
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

SELECT what, pg_temp.attempt(format('INSERT INTO netstate.drain (name, during, state, mode, owner) VALUES (%s)', row))
FROM (VALUES
	(1, 'plain', $$'plain', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', 'requested', 'enforce', 'noc'$$),
	(2, 'defaults', $$'defaults', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', DEFAULT, DEFAULT, 'noc'$$),
	(3, 'draining', $$'draining', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', 'draining', 'monitor', 'noc'$$),
	(4, 'drained', $$'drained', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', 'drained', 'off', 'noc'$$),
	(5, 'restored', $$'restored', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', 'restored', 'off', 'noc'$$),
	(6, 'name again', $$'plain', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', DEFAULT, DEFAULT, 'noc'$$),
	(7, 'no name', $$NULL, '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', DEFAULT, DEFAULT, 'noc'$$),
	(8, 'empty name', $$'', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', DEFAULT, DEFAULT, 'noc'$$),
	(9, 'no time', $$'x', NULL, DEFAULT, DEFAULT, 'noc'$$),
	(10, 'empty time', $$'x', 'empty', DEFAULT, DEFAULT, 'noc'$$),
	(11, 'no time between', $$'x', '[2030-01-01 10:00+00, 2030-01-01 10:00+00)', DEFAULT, DEFAULT, 'noc'$$),
	(12, 'no start', $$'x', '(, 2030-01-01 12:00+00)', DEFAULT, DEFAULT, 'noc'$$),
	(13, 'no end', $$'x', '[2030-01-01 10:00+00,)', DEFAULT, DEFAULT, 'noc'$$),
	(14, 'infinite start', $$'x', '[-infinity, 2030-01-01 12:00+00)', DEFAULT, DEFAULT, 'noc'$$),
	(15, 'infinite end', $$'x', '[2030-01-01 10:00+00, infinity)', DEFAULT, DEFAULT, 'noc'$$),
	(16, 'start not included', $$'x', '(2030-01-01 10:00+00, 2030-01-01 12:00+00)', DEFAULT, DEFAULT, 'noc'$$),
	(17, 'end included', $$'x', '[2030-01-01 10:00+00, 2030-01-01 12:00+00]', DEFAULT, DEFAULT, 'noc'$$),
	(18, 'an instant', $$'x', '[2030-01-01 10:00+00, 2030-01-01 10:00+00]', DEFAULT, DEFAULT, 'noc'$$),
	(19, 'unknown state', $$'x', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', 'done', DEFAULT, 'noc'$$),
	(20, 'no state', $$'x', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', NULL, DEFAULT, 'noc'$$),
	(21, 'unknown mode', $$'x', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', DEFAULT, 'warn', 'noc'$$),
	(22, 'no mode', $$'x', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', DEFAULT, NULL, 'noc'$$),
	(23, 'no owner', $$'x', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', DEFAULT, DEFAULT, NULL$$),
	(24, 'empty owner', $$'x', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', DEFAULT, DEFAULT, ' '$$)
) t (n, what, row) ORDER BY n;
SELECT state, mode FROM netstate.drain WHERE name = 'defaults';

-- any state may follow any other
SELECT DISTINCT pg_temp.attempt(format('UPDATE netstate.drain SET state = %L WHERE name = %L', s, d))
FROM unnest(ARRAY['requested', 'draining', 'drained', 'restored']) s, unnest(ARRAY['requested', 'draining', 'drained', 'restored', 'plain']) d
WHERE d <> 'requested';

INSERT INTO netstate.drain (id, name, during, owner) VALUES (46001, 'of elements', '[2030-01-01 10:00+00, 2030-01-01 12:00+00)', 'noc');
SELECT what, pg_temp.attempt(format('INSERT INTO netstate.drain_element (drain_id, kind, element_id) VALUES (%s)', row))
FROM (VALUES
	(1, 'span', $$46001, 'span', 1$$),
	(2, 'the same', $$46001, 'span', 1$$),
	(3, 'the same id of another kind', $$46001, 'node', 1$$),
	(4, 'stated group', $$46001, 'srlg', 1$$),
	(5, 'derived group', $$46001, 'srlg', -576460752303423489$$),
	(6, 'no such drain', $$46002, 'span', 1$$),
	(7, 'unknown kind', $$46001, 'trench', 1$$),
	(8, 'no kind', $$46001, NULL, 1$$),
	(9, 'no element', $$46001, 'span', NULL$$),
	(10, 'id 0', $$46001, 'span', 0$$),
	(11, 'group 0', $$46001, 'srlg', 0$$),
	(12, 'below 0', $$46001, 'span', -1$$)
) t (n, what, row) ORDER BY n;

-- impact knows every kind, and no other
SELECT count(*) FROM unnest(ARRAY['region', 'zone', 'site', 'power_feed', 'structure', 'corridor', 'span', 'span_pair', 'duct', 'cable',
	'splice_closure', 'hazard_area', 'node', 'link', 'srlg']) k, LATERAL netstate.impact(k, '{}') i;

-- a drain takes its elements along
SELECT pg_temp.attempt('DELETE FROM netstate.drain WHERE id = 46001');
SELECT count(*) FROM netstate.drain_element WHERE drain_id = 46001;
ROLLBACK;
