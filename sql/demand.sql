-- Demand: what the table takes and refuses.
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

INSERT INTO netstate.network (id, name, layer) VALUES (401, 'd ip', 'ip'), (402, 'd other', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES
	(4011, 401, 'a'), (4012, 401, 'b'), (4013, 401, 'c'), (4021, 402, 'a');

SELECT what, pg_temp.attempt(format('INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps, class) VALUES (%s)', row))
FROM (VALUES
	(1, 'plain', $$401, 'a-b', 4011, 4012, 10, NULL$$),
	(2, 'the way back, with a class', $$401, 'b-a', 4012, 4011, 0.5, 'gold'$$),
	(3, 'no traffic yet', $$401, 'a-c', 4011, 4013, 0, NULL$$),
	(4, 'the same ends under another name', $$401, 'a-b 2', 4011, 4012, 10, NULL$$),
	(5, 'name again', $$401, 'a-b', 4011, 4012, 10, NULL$$),
	(6, 'no name', $$401, NULL, 4011, 4012, 10, NULL$$),
	(7, 'empty name', $$401, '', 4011, 4012, 10, NULL$$),
	(8, '1 MB name', $$401, repeat('x', 1048576), 4011, 4012, 10, NULL$$),
	(9, 'empty class', $$401, 'x', 4011, 4012, 10, ''$$),
	(10, 'from a node to itself', $$401, 'x', 4011, 4011, 10, NULL$$),
	(11, 'source elsewhere', $$401, 'x', 4021, 4012, 10, NULL$$),
	(12, 'destination elsewhere', $$401, 'x', 4011, 4021, 10, NULL$$),
	(13, 'unknown source', $$401, 'x', -1, 4012, 10, NULL$$),
	(14, 'unknown destination', $$401, 'x', 4011, -1, 10, NULL$$),
	(15, 'no source', $$401, 'x', NULL, 4012, 10, NULL$$),
	(16, 'unknown network', $$-1, 'x', 4011, 4012, 10, NULL$$),
	(17, 'no traffic given', $$401, 'x', 4011, 4012, NULL, NULL$$),
	(18, 'negative', $$401, 'x', 4011, 4012, -1, NULL$$),
	(19, 'NaN', $$401, 'x', 4011, 4012, 'NaN', NULL$$),
	(20, 'infinite', $$401, 'x', 4011, 4012, 'Infinity', NULL$$)
) t (n, what, row) ORDER BY n;

-- a node where a demand ends stays; the network takes its demands along
SELECT what, pg_temp.attempt(statement)
FROM (VALUES
	(1, 'source', 'DELETE FROM netstate.node WHERE id = 4011'),
	(2, 'destination', 'DELETE FROM netstate.node WHERE id = 4013'),
	(3, 'moved away', 'UPDATE netstate.node SET network_id = 402, name = ''z'' WHERE id = 4013'),
	(4, 'network', 'DELETE FROM netstate.network WHERE id = 401')
) t (n, what, statement) ORDER BY n;
SELECT count(*) FROM netstate.demand WHERE network_id = 401;
ROLLBACK;
