-- Topology: layers, nodes, links and supports; what is refused and by which
-- rule; what goes when something is deleted.
\set VERBOSITY terse
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

-- The same with all that the user reads.
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''), nullif(hint, ''));
END $$;

-- networks: the layer gives the level
INSERT INTO netstate.network (id, name, layer) VALUES
	(101, 't fibre', 'fibre'), (102, 't optical', 'optical'), (103, 't ethernet', 'ethernet'),
	(104, 't ip', 'ip'), (105, 't te', 'te'), (106, 't fabric', 'fabric');
SELECT layer, level FROM netstate.network WHERE id BETWEEN 101 AND 106 ORDER BY id;
SELECT what, pg_temp.attempt(statement)
FROM (VALUES
	(1, 'unknown layer', $$INSERT INTO netstate.network (name, layer) VALUES ('x', 'mpls')$$),
	(2, 'no layer', $$INSERT INTO netstate.network (name) VALUES ('x')$$),
	(3, 'layer plant', $$INSERT INTO netstate.network (name, layer) VALUES ('x', 'plant')$$),
	(4, 'name plant', $$INSERT INTO netstate.network (name, layer) VALUES ('plant', 'ip')$$),
	(5, 'name again', $$INSERT INTO netstate.network (name, layer) VALUES ('t ip', 'te')$$),
	(6, 'empty name', $$INSERT INTO netstate.network (name, layer) VALUES ('', 'te')$$),
	(7, '1 MB name', $$INSERT INTO netstate.network (name, layer) VALUES (repeat('x', 1048576), 'te')$$),
	(8, 'level by hand', $$INSERT INTO netstate.network (name, layer, level) VALUES ('x', 'ip', 1)$$)
) t (n, what, statement) ORDER BY n;

-- nodes
INSERT INTO netstate.node (id, network_id, name) VALUES
	(1011, 101, 'f1'), (1012, 101, 'f2'), (1013, 101, 'f3'),
	(1021, 102, 'o1'), (1022, 102, 'o2'), (1023, 102, 'o3'),
	(1041, 104, 'r1'), (1042, 104, 'r2'), (1043, 104, 'r3'),
	(1051, 105, 'h1'), (1052, 105, 'h2'),
	(1061, 106, 'leaf1');
SELECT what, pg_temp.attempt(format('INSERT INTO netstate.node (network_id, name, status, geom, supporting_node_id, level, supporting_level) VALUES (%s)', row))
FROM (VALUES
	(1, 'plain', $$104, 'n1', 'in_service', NULL, NULL, NULL, NULL$$),
	(2, 'planned, with a place', $$104, 'n2', 'planned', 'POINT(1 2)', NULL, NULL, NULL$$),
	(3, 'name again', $$104, 'r1', 'in_service', NULL, NULL, NULL, NULL$$),
	(4, 'that name in another network', $$105, 'r1', 'in_service', NULL, NULL, NULL, NULL$$),
	(5, 'empty name', $$104, '', 'in_service', NULL, NULL, NULL, NULL$$),
	(6, '1 MB name', $$104, repeat('x', 1048576), 'in_service', NULL, NULL, NULL, NULL$$),
	(7, 'no network', $$NULL, 'x', 'in_service', NULL, NULL, NULL, NULL$$),
	(8, 'unknown network', $$-1, 'x', 'in_service', NULL, NULL, NULL, NULL$$),
	(9, 'unknown network, level given', $$-1, 'x', 'in_service', NULL, NULL, 4, NULL$$),
	(10, 'unknown status', $$104, 'x', 'up', NULL, NULL, NULL, NULL$$),
	(11, 'no status', $$104, 'x', NULL, NULL, NULL, NULL, NULL$$),
	(12, 'off the map', $$104, 'x', 'in_service', 'POINT(1 91)', NULL, NULL, NULL$$),
	(13, 'empty place', $$104, 'x', 'in_service', 'POINT EMPTY', NULL, NULL, NULL$$),
	(14, 'line for a place', $$104, 'x', 'in_service', 'LINESTRING(0 0, 1 1)', NULL, NULL, NULL$$),
	(15, 'rides on a lower node', $$104, 'n15', 'in_service', NULL, 1021, NULL, NULL$$),
	(16, 'rides on an unknown node', $$104, 'x', 'in_service', NULL, -1, NULL, NULL$$),
	(17, 'rides on an unknown node, level given', $$104, 'x', 'in_service', NULL, -1, NULL, 2$$),
	(18, 'rides on its own network', $$104, 'x', 'in_service', NULL, 1041, NULL, NULL$$),
	(19, 'rides on its own level', $$104, 'x', 'in_service', NULL, 1061, NULL, NULL$$),
	(20, 'rides on a higher node', $$104, 'x', 'in_service', NULL, 1051, NULL, NULL$$),
	(21, 'the same, with false levels', $$104, 'x', 'in_service', NULL, 1051, 9, 1$$),
	(22, 'false levels are put right', $$104, 'n22', 'in_service', NULL, 1021, 9, 8$$),
	(23, 'a level of no node', $$104, 'n23', 'in_service', NULL, NULL, NULL, 3$$)
) t (n, what, row) ORDER BY n;
SELECT name, level, supporting_level FROM netstate.node
WHERE network_id = 104 AND name LIKE 'n%' ORDER BY length(name), name;
SELECT what, pg_temp.attempt(statement)
FROM (VALUES
	(1, 'rides on itself', 'UPDATE netstate.node SET supporting_node_id = id WHERE id = 1041'),
	(2, 'comes to ride on a lower node', 'UPDATE netstate.node SET supporting_node_id = 1021 WHERE id = 1041'),
	(3, 'that one on a lower one still', 'UPDATE netstate.node SET supporting_node_id = 1011 WHERE id = 1021'),
	(4, 'a cycle', 'UPDATE netstate.node SET supporting_node_id = 1041 WHERE id = 1011'),
	(5, 'its copy by hand', 'UPDATE netstate.node SET supporting_level = 1, level = 3 WHERE id = 1041'),
	(6, 'moved to another network', 'UPDATE netstate.node SET network_id = 105 WHERE id = 1043'),
	(7, 'moved below what it rides on', 'UPDATE netstate.node SET network_id = 101 WHERE id = 1041')
) t (n, what, statement) ORDER BY n;
SELECT name, network_id, level, supporting_level FROM netstate.node
WHERE id IN (1011, 1021, 1041, 1043) ORDER BY id;
UPDATE netstate.node SET network_id = 104 WHERE id = 1043;

-- links
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES
	(10112, 101, 'f12', 1011, 1012), (10123, 101, 'f23', 1012, 1013),
	(10212, 102, 'o12', 1021, 1022), (10223, 102, 'o23', 1022, 1023),
	(10412, 104, 'r12', 1041, 1042), (10423, 104, 'r23', 1042, 1043),
	(10512, 105, 'h12', 1051, 1052);
SELECT status, directed, level, metric, capacity_gbps FROM netstate.link WHERE id = 10412;
SELECT what, pg_temp.attempt(format('INSERT INTO netstate.link (network_id, name, a_node_id, z_node_id, status, kind, level) VALUES (%s)', row))
FROM (VALUES
	(1, 'plain', $$104, 'l1', 1041, 1042, 'in_service', NULL, NULL$$),
	(2, 'parallel', $$104, 'l2', 1041, 1042, 'retired', 'bundle', NULL$$),
	(3, 'name again', $$104, 'r12', 1041, 1042, 'in_service', NULL, NULL$$),
	(4, 'empty name', $$104, '', 1041, 1042, 'in_service', NULL, NULL$$),
	(5, '1 MB name', $$104, repeat('x', 1048576), 1041, 1042, 'in_service', NULL, NULL$$),
	(6, 'empty kind', $$104, 'x', 1041, 1042, 'in_service', '', NULL$$),
	(7, 'self-loop', $$104, 'x', 1041, 1041, 'in_service', NULL, NULL$$),
	(8, 'no end', $$104, 'x', 1041, NULL, 'in_service', NULL, NULL$$),
	(9, 'unknown A', $$104, 'x', -1, 1042, 'in_service', NULL, NULL$$),
	(10, 'unknown Z', $$104, 'x', 1041, -1, 'in_service', NULL, NULL$$),
	(11, 'A in another network', $$104, 'x', 1011, 1042, 'in_service', NULL, NULL$$),
	(12, 'Z in another network', $$104, 'x', 1041, 1012, 'in_service', NULL, NULL$$),
	(13, 'unknown network', $$-1, 'x', 1041, 1042, 'in_service', NULL, NULL$$),
	(14, 'no network', $$NULL, 'x', 1041, 1042, 'in_service', NULL, NULL$$),
	(15, 'unknown status', $$104, 'x', 1041, 1042, 'down', NULL, NULL$$),
	(16, 'a false level is put right', $$104, 'l16', 1041, 1042, 'in_service', NULL, 1$$)
) t (n, what, row) ORDER BY n;
SELECT name, level FROM netstate.link WHERE network_id = 104 AND name = 'l16';

-- quantities: each column, each value
SELECT quantity, v AS value, pg_temp.attempt(format('UPDATE netstate.link SET %I = %L WHERE id = 10412', quantity, v))
FROM (VALUES (1, 'metric'), (2, 'latency_us'), (3, 'length_km'), (4, 'capacity_gbps'),
		(5, 'load_gbps'), (6, 'mtbf_hours'), (7, 'mttr_hours')) c (n, quantity),
	(VALUES (1, 1.5), (2, 0), (3, -1), (4, 'NaN'), (5, 'Infinity'), (6, '-Infinity'), (7, NULL::float8)) t (m, v)
ORDER BY n, m;

-- courses
SELECT what, pg_temp.attempt(format('UPDATE netstate.link SET geom = %s WHERE id = 10412', geom))
FROM (VALUES
	(1, 'line', $$'SRID=4326;LINESTRING(-6 53, -9 52)'$$),
	(2, 'no SRID: taken as 4326', $$'LINESTRING(-6 53, -9 52)'$$),
	(3, 'split at the antimeridian', $$'MULTILINESTRING((140 35, 180 40), (-180 40, -122 37))'$$),
	(4, 'none', 'NULL'),
	(5, 'empty', $$'LINESTRING EMPTY'$$),
	(6, 'empty, of parts', $$'MULTILINESTRING EMPTY'$$),
	(7, 'an empty part', $$'MULTILINESTRING((0 0, 1 1), EMPTY)'$$),
	(8, 'an empty part first', $$'MULTILINESTRING(EMPTY, (0 0, 1 1))'$$),
	(9, 'latitude 91', $$'LINESTRING(0 0, 0 91)'$$),
	(10, 'longitude -181', $$'LINESTRING(-179 0, -181 0)'$$),
	(11, 'NaN in the middle', $$ST_SetSRID(ST_MakeLine(ARRAY[ST_MakePoint(0, 0), ST_MakePoint('NaN', 1), ST_MakePoint(2, 2)]), 4326)$$),
	(12, 'NaN in a part', $$ST_SetSRID(ST_Collect(ST_MakeLine(ST_MakePoint(0, 0), ST_MakePoint(1, 1)), ST_MakeLine(ST_MakePoint(0, 0), ST_MakePoint(1, 'NaN'))), 4326)$$),
	(13, 'infinite', $$ST_SetSRID(ST_MakeLine(ST_MakePoint(0, 0), ST_MakePoint('Infinity', 1)), 4326)$$),
	(14, 'one vertex', $$ST_SetSRID(ST_MakeLine(ARRAY[ST_MakePoint(1, 2)]), 4326)$$),
	(15, 'one vertex in a part', $$ST_SetSRID(ST_Collect(ST_MakeLine(ST_MakePoint(0, 0), ST_MakePoint(1, 1)), ST_MakeLine(ARRAY[ST_MakePoint(1, 2)])), 4326)$$),
	(16, '100,000 vertices', $$(SELECT ST_SetSRID(ST_MakeLine(ST_MakePoint(i % 180, i % 90) ORDER BY i), 4326) FROM generate_series(1, 100000) i)$$),
	(17, '100,001 vertices', $$(SELECT ST_SetSRID(ST_MakeLine(ST_MakePoint(i % 180, i % 90) ORDER BY i), 4326) FROM generate_series(1, 100001) i)$$),
	(18, 'point', $$'POINT(0 0)'$$),
	(19, 'area', $$'POLYGON((0 0, 1 0, 1 1, 0 0))'$$),
	(20, 'curve', $$'CIRCULARSTRING(0 0, 1 1, 2 0)'$$),
	(21, 'collection', $$'GEOMETRYCOLLECTION(LINESTRING(0 0, 1 1))'$$),
	(22, '3D', $$'LINESTRING Z (0 0 0, 1 1 1)'$$),
	(23, 'other SRID', $$'SRID=3857;LINESTRING(0 0, 1 1)'$$)
) t (n, what, geom) ORDER BY n;

-- supports: always downward, whatever is written
INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) VALUES
	(10212, 1, 1, 10112), (10223, 1, 1, 10123),
	(10412, 1, 1, 10212), (10412, 2, 1, 10212), (10412, 2, 2, 10223),
	(10512, 1, 1, 10412);
SELECT link_id, member, seq, link_level, supporting_level FROM netstate.link_support
WHERE link_id BETWEEN 10112 AND 10512 ORDER BY 1, 2, 3;
SELECT what, pg_temp.attempt(format('INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id, link_level, supporting_level) VALUES (%s)', row))
FROM (VALUES
	(1, 'itself', '10412, 9, 1, 10412, NULL, NULL'),
	(2, 'its own network', '10412, 9, 1, 10423, NULL, NULL'),
	(3, 'a higher layer', '10412, 9, 1, 10512, NULL, NULL'),
	(4, 'a cycle of two', '10212, 9, 1, 10412, NULL, NULL'),
	(5, 'a cycle of three', '10212, 9, 1, 10512, NULL, NULL'),
	(6, 'the same, with false levels', '10212, 9, 1, 10412, 9, 1'),
	(7, 'false levels are put right', '10423, 1, 1, 10223, 9, 8'),
	(8, 'two layers down', '10423, 2, 1, 10123, NULL, NULL'),
	(9, 'place taken', '10412, 1, 1, 10223, NULL, NULL'),
	(10, 'unknown link', '-1, 1, 1, 10212, NULL, NULL'),
	(11, 'unknown support', '10412, 9, 1, -1, NULL, NULL'),
	(12, 'unknown support, level given', '10412, 9, 1, -1, 4, 1'),
	(13, 'no support', '10412, 9, 1, NULL, NULL, NULL'),
	(14, 'member 0', '10412, 0, 1, 10212, NULL, NULL'),
	(15, 'seq 0', '10412, 9, 0, 10212, NULL, NULL'),
	(16, 'seq -1', '10412, 9, -1, 10212, NULL, NULL')
) t (n, what, row) ORDER BY n;
SELECT link_id, member, seq, supporting_link_id, link_level, supporting_level
FROM netstate.link_support WHERE link_id = 10423 ORDER BY 1, 2, 3;
SELECT what, pg_temp.attempt(statement)
FROM (VALUES
	(1, 'turned to a higher layer', 'UPDATE netstate.link_support SET supporting_link_id = 10512 WHERE link_id = 10412 AND member = 1'),
	(2, 'turned to its own layer', 'UPDATE netstate.link_support SET supporting_link_id = 10423 WHERE link_id = 10412 AND member = 1'),
	(3, 'turned to another lower link', 'UPDATE netstate.link_support SET supporting_link_id = 10223 WHERE link_id = 10412 AND member = 1'),
	(4, 'a copy by hand is put right', 'UPDATE netstate.link_support SET link_level = 9, supporting_level = 0 WHERE link_id = 10412')
) t (n, what, statement) ORDER BY n;
SELECT DISTINCT link_level, supporting_level FROM netstate.link_support WHERE link_id = 10412;

-- the layer of a network changes: copies follow, supports stay downward
SELECT what, pg_temp.attempt(statement)
FROM (VALUES
	(1, 'optical to ethernet', $$UPDATE netstate.network SET layer = 'ethernet' WHERE id = 102$$),
	(2, 'ethernet to ip: its own level', $$UPDATE netstate.network SET layer = 'ip' WHERE id = 102$$),
	(3, 'ethernet to te: above what rides on it', $$UPDATE netstate.network SET layer = 'te' WHERE id = 102$$),
	(4, 'fibre to te', $$UPDATE netstate.network SET layer = 'te' WHERE id = 101$$),
	(5, 'ip to fibre: below what it rides on', $$UPDATE netstate.network SET layer = 'fibre' WHERE id = 104$$),
	(6, 'ip to fabric: same level', $$UPDATE netstate.network SET layer = 'fabric' WHERE id = 104$$),
	(7, 'another id', $$UPDATE netstate.network SET id = 1104 WHERE id = 104$$),
	(8, 'and back', $$UPDATE netstate.network SET id = 104 WHERE id = 1104$$)
) t (n, what, statement) ORDER BY n;
SELECT id, layer, level FROM netstate.network WHERE id BETWEEN 101 AND 106 ORDER BY id;
SELECT count(*) FILTER (WHERE n.level = w.level) AS nodes_right, count(*) FILTER (WHERE n.level <> w.level) AS nodes_wrong
FROM netstate.node n JOIN netstate.network w ON w.id = n.network_id WHERE w.id BETWEEN 101 AND 106;
SELECT count(*) FILTER (WHERE s.level = n.supporting_level) AS riding_right, count(*) FILTER (WHERE s.level <> n.supporting_level) AS riding_wrong
FROM netstate.node n JOIN netstate.node s ON s.id = n.supporting_node_id WHERE n.network_id BETWEEN 101 AND 106;
SELECT count(*) FILTER (WHERE l.level = w.level) AS links_right, count(*) FILTER (WHERE l.level <> w.level) AS links_wrong
FROM netstate.link l JOIN netstate.network w ON w.id = l.network_id WHERE w.id BETWEEN 101 AND 106;
SELECT count(*) FILTER (WHERE r) AS supports_right, count(*) FILTER (WHERE NOT r) AS supports_wrong
FROM netstate.link_support u JOIN netstate.link l ON l.id = u.link_id JOIN netstate.link s ON s.id = u.supporting_link_id,
	LATERAL (SELECT u.link_level = l.level AND u.supporting_level = s.level AND s.level < l.level) x (r)
WHERE l.network_id BETWEEN 101 AND 106;

-- load and status change, the level stays
UPDATE netstate.link SET load_gbps = 7, status = 'failed' WHERE id = 10412;
SELECT load_gbps, status, level FROM netstate.link WHERE id = 10412;

-- several levels in one statement, lower rows first or not
SELECT pg_temp.attempt($$INSERT INTO netstate.node (id, network_id, name, supporting_node_id)
	VALUES (2001, 101, 'm1', NULL), (2002, 102, 'm2', 2001), (2003, 104, 'm3', 2002)$$);
SELECT pg_temp.attempt($$INSERT INTO netstate.node (id, network_id, name, supporting_node_id)
	VALUES (2005, 102, 'm5', 2004), (2004, 101, 'm4', NULL)$$);
SELECT pg_temp.attempt($$INSERT INTO netstate.node (id, network_id, name, supporting_node_id, supporting_level)
	VALUES (2005, 102, 'm5', 2004, 1), (2004, 101, 'm4', NULL, NULL)$$);
SELECT id, level, supporting_level FROM netstate.node WHERE id BETWEEN 2001 AND 2005 ORDER BY id;

-- deletion
INSERT INTO netstate.demand (id, network_id, name, src_node_id, dst_node_id, gbps)
	VALUES (901, 104, 'd', 1041, 1043, 1);
INSERT INTO netstate.srlg (id, network_id, name) VALUES (901, 104, 'g'), (902, NULL, 't spans networks');
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (901, 10412), (902, 10412), (902, 10112);
INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (901, 1041), (902, 1011);
SELECT what, pg_temp.attempt(statement)
FROM (VALUES
	(1, 'link that others ride on', 'DELETE FROM netstate.link WHERE id = 10412'),
	(2, 'node where links end', 'DELETE FROM netstate.node WHERE id = 1042'),
	(3, 'node that others ride on', 'DELETE FROM netstate.node WHERE id = 2001'),
	(4, 'network that others ride on', 'DELETE FROM netstate.network WHERE id = 101'),
	(5, 'the middle one', 'DELETE FROM netstate.network WHERE id = 104'),
	(6, 'the topmost link', 'DELETE FROM netstate.link WHERE id = 10512'),
	(7, 'the link under it, free now', 'DELETE FROM netstate.link WHERE id = 10412'),
	(8, 'and all links at a node', 'DELETE FROM netstate.link WHERE a_node_id = 1041 OR z_node_id = 1041'),
	(9, 'the node where a demand ends', 'DELETE FROM netstate.node WHERE id = 1041'),
	(10, 'the demand', 'DELETE FROM netstate.demand WHERE id = 901'),
	(11, 'the node', 'DELETE FROM netstate.node WHERE id = 1041')
) t (n, what, statement) ORDER BY n;
SELECT count(*) AS supports_left FROM netstate.link_support WHERE link_id IN (10512, 10412);
SELECT srlg_id, link_id FROM netstate.srlg_member WHERE srlg_id IN (901, 902) ORDER BY 1, 2;
SELECT srlg_id, node_id FROM netstate.srlg_node WHERE srlg_id IN (901, 902) ORDER BY 1, 2;
-- a network with all that it has: links at nodes, demands, groups, riders above gone
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (901, 10423), (902, 10423);
INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps) VALUES (104, 'e', 1042, 1043, 1);
DELETE FROM netstate.network WHERE id = 104;
SELECT (SELECT count(*) FROM netstate.node WHERE network_id = 104) AS nodes,
	(SELECT count(*) FROM netstate.link WHERE network_id = 104) AS links,
	(SELECT count(*) FROM netstate.demand WHERE network_id = 104) AS demands,
	(SELECT count(*) FROM netstate.srlg WHERE network_id = 104) AS groups,
	(SELECT count(*) FROM netstate.link_support WHERE link_id = 10423) AS supports;
SELECT srlg_id, link_id FROM netstate.srlg_member WHERE srlg_id IN (901, 902) ORDER BY 1, 2;
-- layer after layer from the top, or all at once
SELECT pg_temp.attempt('DELETE FROM netstate.network WHERE level >= 3 AND id BETWEEN 101 AND 106');
SELECT pg_temp.attempt('DELETE FROM netstate.network WHERE level < 3 AND id BETWEEN 101 AND 106');
SELECT (SELECT count(*) FROM netstate.node WHERE network_id BETWEEN 101 AND 106) AS nodes,
	(SELECT count(*) FROM netstate.link WHERE network_id BETWEEN 101 AND 106) AS links,
	(SELECT count(*) FROM netstate.link_support WHERE link_id BETWEEN 10112 AND 10512) AS supports,
	(SELECT count(*) FROM netstate.srlg_member WHERE srlg_id IN (901, 902)) AS members;
SET LOCAL client_min_messages = warning;
TRUNCATE netstate.network CASCADE;
RESET client_min_messages;

-- link ids by name
INSERT INTO netstate.network (id, name, layer) VALUES (107, 'lookup', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES (1071, 107, 'a'), (1072, 107, 'b');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES
	(10712, 107, 'Dublin - London 1', 1071, 1072), (10713, 107, 'Dublin - London 2', 1071, 1072);
SELECT netstate.link_id('lookup', 'Dublin - London 2');
SELECT what, pg_temp.refusal(statement)
FROM (VALUES
	(1, 'link misspelt', $$SELECT netstate.link_id('lookup', 'Dublin - Londn 2')$$),
	(2, 'network misspelt', $$SELECT netstate.link_id('lockup', 'Dublin - London 2')$$),
	(3, 'nothing like it', $$SELECT netstate.link_id('lookup', 'Vladivostok')$$),
	(4, '1 MB', $$SELECT netstate.link_id('lookup', repeat('x', 1048576))$$),
	(5, 'empty', $$SELECT netstate.link_id('', '')$$),
	(6, 'no network', $$SELECT netstate.link_id(NULL, 'Dublin - London 2')$$),
	(7, 'no link', $$SELECT netstate.link_id('lookup', NULL)$$)
) t (n, what, statement) ORDER BY n;

-- what a user reads when levels mix, or something is not there
SELECT what, pg_temp.refusal(statement)
FROM (VALUES
	(1, 'support in its own layer', 'INSERT INTO netstate.link_support (link_id, supporting_link_id) VALUES (10712, 10713)'),
	(2, 'unknown support', 'INSERT INTO netstate.link_support (link_id, supporting_link_id) VALUES (10712, 99)'),
	(3, 'unknown network', 'INSERT INTO netstate.node (network_id, name) VALUES (99, ''x'')'),
	(4, 'node that links need', 'DELETE FROM netstate.node WHERE id = 1071'),
	(5, 'plant', 'INSERT INTO netstate.network (id, name, layer) VALUES (108, ''plant'', ''fibre'')')
) t (n, what, statement) ORDER BY n;
ROLLBACK;
