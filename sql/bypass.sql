-- Bypasses: what the table takes and refuses.
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

INSERT INTO netstate.network (id, name, layer) VALUES (4401, 'b ip', 'ip'), (4402, 'b te', 'te');
INSERT INTO netstate.node (id, network_id, name) VALUES
	(44011, 4401, 'a'), (44012, 4401, 'b'), (44021, 4402, 'a'), (44022, 4402, 'b');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES
	(44011, 4401, 'one', 44011, 44012), (44012, 4401, 'two', 44011, 44012),
	(44021, 4402, 'three', 44021, 44022), (44022, 4402, 'four', 44021, 44022);

SELECT what, pg_temp.attempt(format('INSERT INTO netstate.bypass (protected_link_id, from_seq, to_seq, bypass_link_id) VALUES (%s)', row))
FROM (VALUES
	(1, 'a link by a tunnel', $$44011, NULL, NULL, 44021$$),
	(2, 'the same again', $$44011, NULL, NULL, 44021$$),
	(3, 'another tunnel', $$44011, NULL, NULL, 44022$$),
	(4, 'one of its own layer', $$44011, NULL, NULL, 44012$$),
	(5, 'itself', $$44011, NULL, NULL, 44011$$),
	(6, 'a segment', $$44021, 2, 3, 44022$$),
	(7, 'a segment of one', $$44021, 2, 2, 44022$$),
	(8, 'that segment again', $$44021, 2, 3, 44022$$),
	(9, 'a segment without an end', $$44021, 2, NULL, 44022$$),
	(10, 'a segment without a start', $$44021, NULL, 3, 44022$$),
	(11, 'a segment that leads back', $$44021, 3, 2, 44022$$),
	(12, 'a segment before the first', $$44021, 0, 2, 44022$$),
	(13, 'unknown link', $$-1, NULL, NULL, 44022$$),
	(14, 'unknown bypass', $$44011, NULL, NULL, -1$$),
	(15, 'no link', $$NULL, NULL, NULL, 44022$$),
	(16, 'no bypass', $$44011, NULL, NULL, NULL$$)
) t (n, what, row) ORDER BY n;

-- goes with either link
DELETE FROM netstate.link WHERE id = 44022;
SELECT protected_link_id, from_seq, to_seq, bypass_link_id FROM netstate.bypass WHERE protected_link_id BETWEEN 44011 AND 44022 ORDER BY 1, 4;
DELETE FROM netstate.link WHERE id = 44011;
SELECT count(*) FROM netstate.bypass WHERE protected_link_id BETWEEN 44011 AND 44022;
ROLLBACK;
