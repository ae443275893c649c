-- Risk: groups, what they take and refuse; memberships and capacity as they
-- rise through what links ride on.
\pset null '(null)'
BEGIN;

-- Runs a statement: 'ok' and the number of rows, or the SQLSTATE with the
-- constraint or the column that refused it, or the message where there is none.
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
	RETURN concat_ws(' ', SQLSTATE, coalesce(nullif(broken, ''), nullif(bare, ''), SQLERRM));
END $$;

-- Three layers between A and B, and B and C. In fibre four parallel links from
-- A to B and one from B to C; in ip a bundle of four circuits over them, a 1+1
-- pair over the first two, and one from B to C; in te tunnels over these.
INSERT INTO netstate.network (id, name, layer) VALUES
	(201, 'r fibre', 'fibre'), (204, 'r ip', 'ip'), (205, 'r te', 'te');
INSERT INTO netstate.node (id, network_id, name) VALUES
	(2011, 201, 'A'), (2012, 201, 'B'), (2013, 201, 'C');
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES
	(2041, 204, 'RA', 2011), (2042, 204, 'RB', 2012), (2043, 204, 'RC', 2013);
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES
	(2051, 205, 'RA', 2041), (2053, 205, 'RC', 2043);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps) VALUES
	(20101, 201, 'f1', 2011, 2012, 100), (20102, 201, 'f2', 2011, 2012, 100),
	(20103, 201, 'f3', 2011, 2012, 100), (20104, 201, 'f4', 2011, 2012, 100),
	(20105, 201, 'f5', 2012, 2013, 400),
	(20401, 204, 'bundle', 2041, 2042, 400), (20402, 204, '1+1', 2041, 2042, 100),
	(20403, 204, 'onward', 2042, 2043, NULL),
	(20501, 205, 'tunnel', 2051, 2053, 50), (20502, 205, 'protected tunnel', 2051, 2053, 50);
INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) VALUES
	(20401, 1, 1, 20101), (20401, 2, 1, 20102), (20401, 3, 1, 20103), (20401, 4, 1, 20104),
	(20402, 1, 1, 20101), (20402, 2, 1, 20102),
	(20403, 1, 1, 20105),
	(20501, 1, 1, 20401), (20501, 1, 2, 20403),
	(20502, 1, 1, 20402), (20502, 1, 2, 20403);

-- groups: what the tables refuse
INSERT INTO netstate.srlg (id, network_id, name) VALUES (2001, 201, 'one conduit');
SELECT kind, origin FROM netstate.srlg WHERE id = 2001;
SELECT what, pg_temp.attempt(format('INSERT INTO netstate.srlg (id, network_id, name, kind, origin, value, geom, mtbf_hours, mttr_hours) VALUES (%s)', row))
FROM (VALUES
	(1, 'full', $$2101, 201, 'g1', 'strait', 'learned', 17, 'POLYGON((0 0, 1 0, 1 1, 0 0))', 8760, 24$$),
	(2, 'spanning networks', $$2102, NULL, 'g1', 'strait', 'configured', 17, 'POINT(0 0)', NULL, NULL$$),
	(3, 'name again in its network', $$2199, 201, 'g1', 'x', 'configured', NULL, NULL, NULL, NULL$$),
	(4, 'name again without a network', $$2199, NULL, 'g1', 'x', 'configured', NULL, NULL, NULL, NULL$$),
	(5, 'value again in its network', $$2199, 201, 'x', 'x', 'configured', 17, NULL, NULL, NULL$$),
	(6, 'value again without a network', $$2103, NULL, 'g2', 'x', 'configured', 17, NULL, NULL, NULL$$),
	(7, 'greatest value', $$2104, 201, 'g4', 'x', 'configured', 4294967295, NULL, NULL, NULL$$),
	(8, 'too great a value', $$2199, 201, 'x', 'x', 'configured', 4294967296, NULL, NULL, NULL$$),
	(9, 'negative value', $$2199, 201, 'x', 'x', 'configured', -1, NULL, NULL, NULL$$),
	(10, 'negative id', $$-1, 201, 'x', 'x', 'configured', NULL, NULL, NULL, NULL$$),
	(11, 'id 0', $$0, 201, 'x', 'x', 'configured', NULL, NULL, NULL, NULL$$),
	(12, 'empty name', $$2199, 201, '', 'x', 'configured', NULL, NULL, NULL, NULL$$),
	(13, '1 MB name', $$2199, 201, repeat('x', 1048576), 'x', 'configured', NULL, NULL, NULL, NULL$$),
	(14, 'empty kind', $$2199, 201, 'x', '', 'configured', NULL, NULL, NULL, NULL$$),
	(15, 'no kind', $$2199, 201, 'x', NULL, 'configured', NULL, NULL, NULL, NULL$$),
	(16, 'unknown origin', $$2199, 201, 'x', 'x', 'derived', NULL, NULL, NULL, NULL$$),
	(17, 'unknown network', $$2199, -1, 'x', 'x', 'configured', NULL, NULL, NULL, NULL$$),
	(18, 'line for a place', $$2105, 201, 'g5', 'x', 'configured', NULL, 'MULTILINESTRING((0 0, 1 1), (2 2, 3 3))', NULL, NULL$$),
	(19, 'empty place', $$2199, 201, 'x', 'x', 'configured', NULL, 'POLYGON EMPTY', NULL, NULL$$),
	(20, 'an empty part', $$2199, 201, 'x', 'x', 'configured', NULL, 'MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), EMPTY)', NULL, NULL$$),
	(21, 'off the map', $$2199, 201, 'x', 'x', 'configured', NULL, 'POLYGON((0 0, 1 0, 1 91, 0 0))', NULL, NULL$$),
	(22, 'points', $$2199, 201, 'x', 'x', 'configured', NULL, 'MULTIPOINT(0 0, 1 1)', NULL, NULL$$),
	(23, 'MTBF 0', $$2199, 201, 'x', 'x', 'configured', NULL, NULL, 0, NULL$$),
	(24, 'MTBF NaN', $$2199, 201, 'x', 'x', 'configured', NULL, NULL, 'NaN', NULL$$),
	(25, 'MTBF infinite', $$2199, 201, 'x', 'x', 'configured', NULL, NULL, 'Infinity', NULL$$),
	(26, 'MTTR negative', $$2199, 201, 'x', 'x', 'configured', NULL, NULL, NULL, -1$$),
	(27, 'MTTR NaN', $$2199, 201, 'x', 'x', 'configured', NULL, NULL, NULL, 'NaN'$$)
) t (n, what, row) ORDER BY n;
SELECT what, pg_temp.attempt(format('INSERT INTO netstate.srlg_member (srlg_id, link_id, share, probability) VALUES (%s)', row))
FROM (VALUES
	(1, 'whole', '2101, 20101, 1, 1'),
	(2, 'nothing', '2101, 20102, 0, 0'),
	(3, 'of another network', '2101, 20401, 1, 1'),
	(4, 'again', '2101, 20101, 1, 1'),
	(5, 'unknown group', '-1, 20101, 1, 1'),
	(6, 'unknown link', '2101, -1, 1, 1'),
	(7, 'share above 1', '2101, 20103, 1.01, 1'),
	(8, 'share below 0', '2101, 20103, -0.01, 1'),
	(9, 'share NaN', $$2101, 20103, 'NaN', 1$$),
	(10, 'no share', '2101, 20103, NULL, 1'),
	(11, 'probability above 1', '2101, 20103, 1, 1.01'),
	(12, 'probability below 0', '2101, 20103, 1, -0.01'),
	(13, 'probability NaN', $$2101, 20103, 1, 'NaN'$$),
	(14, 'probability infinite', $$2101, 20103, 1, 'Infinity'$$),
	(15, 'no probability', '2101, 20103, 1, NULL')
) t (n, what, row) ORDER BY n;
SELECT what, pg_temp.attempt(format('INSERT INTO netstate.srlg_node (srlg_id, node_id, probability) VALUES (%s)', row))
FROM (VALUES
	(1, 'sure', '2101, 2011, 1'),
	(2, 'again', '2101, 2011, 1'),
	(3, 'unknown group', '-1, 2011, 1'),
	(4, 'unknown node', '2101, -1, 1'),
	(5, 'probability above 1', '2101, 2012, 1.5'),
	(6, 'probability NaN', $$2101, 2012, 'NaN'$$),
	(7, 'no probability', '2101, 2012, NULL')
) t (n, what, row) ORDER BY n;
DELETE FROM netstate.srlg WHERE id BETWEEN 2101 AND 2199;
SELECT (SELECT count(*) FROM netstate.srlg_member WHERE srlg_id BETWEEN 2101 AND 2199) AS members_left,
	(SELECT count(*) FROM netstate.srlg_node WHERE srlg_id BETWEEN 2101 AND 2199) AS nodes_left;

-- share and probability, bottom up
INSERT INTO netstate.srlg (id, network_id, name, kind, origin, value) VALUES
	(2002, 201, 'two conduits', 'corridor', 'configured', 2),
	(2003, 201, 'a tap', 'conduit', 'configured', 3),
	(2004, 201, 'hut A', 'building', 'configured', 4),
	(2005, 204, 'seen by IGP', 'srlg', 'learned', 5);
INSERT INTO netstate.srlg_member (srlg_id, link_id, share, probability) VALUES
	(2001, 20101, 1, 1),							-- f1 alone
	(2002, 20101, 1, 0.5), (2002, 20102, 1, 0.5),	-- f1 and f2, each as likely as not
	(2003, 20103, 0.5, 0.25),						-- half of f3
	(2005, 20403, 1, 1);							-- stated in ip
INSERT INTO netstate.srlg_node (srlg_id, node_id, probability) VALUES (2004, 2011, 0.125);

SELECT g.name AS "group", l.name AS link, m.origin, round(m.share::numeric, 6) AS share,
	round(m.probability::numeric, 6) AS probability
FROM netstate.risk_member m JOIN netstate.srlg g ON g.id = m.srlg_id JOIN netstate.link l ON l.id = m.link_id
WHERE g.id BETWEEN 2001 AND 2005 ORDER BY g.id, l.id;

-- The membership relation and its probabilities, by another way: all that lies
-- beneath, then the distinct units there.
CREATE FUNCTION pg_temp.by_hand() RETURNS TABLE (srlg_id bigint, link_id bigint, probability float8)
LANGUAGE sql AS $$
	WITH RECURSIVE link_beneath (top, link_id) AS (
		SELECT id, id FROM netstate.link
		UNION
		SELECT b.top, s.supporting_link_id FROM link_beneath b JOIN netstate.link_support s ON s.link_id = b.link_id
	), node_beneath (top, node_id) AS (
		SELECT b.top, n.id FROM link_beneath b JOIN netstate.link l ON l.id = b.link_id
			JOIN netstate.node n ON n.id IN (l.a_node_id, l.z_node_id)
		UNION
		SELECT b.top, n.supporting_node_id FROM node_beneath b JOIN netstate.node n ON n.id = b.node_id
		WHERE n.supporting_node_id IS NOT NULL
	), unit (srlg_id, top, p) AS (
		SELECT m.srlg_id, b.top, m.probability FROM link_beneath b JOIN netstate.srlg_member m ON m.link_id = b.link_id
		UNION ALL
		SELECT m.srlg_id, b.top, m.probability FROM node_beneath b JOIN netstate.srlg_node m ON m.node_id = b.node_id
	)
	SELECT srlg_id, top, 1 - CASE WHEN bool_or(p = 1) THEN 0 ELSE exp(sum(ln(1 - nullif(p, 1)))) END
	FROM unit GROUP BY srlg_id, top
$$;
SELECT count(*) > 20 AS many, count(*) FILTER (WHERE m.link_id IS NULL) AS missing, count(*) FILTER (WHERE h.link_id IS NULL) AS too_many,
	count(*) FILTER (WHERE abs(m.probability - h.probability) > 1e-6) AS differ
FROM netstate.risk_member m FULL JOIN pg_temp.by_hand() h USING (srlg_id, link_id);

-- the functions and the view agree
SELECT count(*) AS differ FROM (
	(SELECT * FROM netstate.memberships() EXCEPT SELECT * FROM netstate.risk_member)
	UNION ALL (SELECT * FROM netstate.risk_member EXCEPT SELECT * FROM netstate.memberships(NULL))
	UNION ALL (SELECT * FROM netstate.members('srlg', ARRAY(SELECT id FROM netstate.srlg)) EXCEPT SELECT * FROM netstate.risk_member)
	UNION ALL (SELECT * FROM netstate.risk_member EXCEPT SELECT * FROM netstate.members('srlg', ARRAY(SELECT id FROM netstate.srlg)))
	UNION ALL (SELECT * FROM netstate.risk_member WHERE link_id IN (20501, 20402) EXCEPT SELECT * FROM netstate.memberships('{20501,20402}'))
	UNION ALL (SELECT * FROM netstate.memberships('{20501,20402}') EXCEPT SELECT * FROM netstate.risk_member WHERE link_id IN (20501, 20402))
	UNION ALL (SELECT * FROM netstate.risk_member WHERE srlg_id = 2002 EXCEPT SELECT * FROM netstate.members('srlg', '{2002}'))
	UNION ALL (SELECT * FROM netstate.members('srlg', '{2002}') EXCEPT SELECT * FROM netstate.risk_member WHERE srlg_id = 2002)
) d;
SELECT count(*) AS rows, count(DISTINCT (srlg_id, link_id)) AS distinct_pairs FROM netstate.memberships('{20501,20501,20501}');
SELECT id, name, kind, origin, element_kind, element_id = id AS itself FROM netstate.risk WHERE id BETWEEN 2001 AND 2005 ORDER BY id;

-- unknown capacity: every member counts the same
SAVEPOINT a;
UPDATE netstate.link SET capacity_gbps = NULL WHERE id = 20104;
SELECT round(share::numeric, 6) AS share FROM netstate.memberships('{20401}') WHERE srlg_id = 2001;
ROLLBACK TO a;
-- circuits of unlike capacity
UPDATE netstate.link SET capacity_gbps = 700 WHERE id = 20101;
UPDATE netstate.link SET capacity_gbps = 1000 WHERE id = 20401;
SELECT round(share::numeric, 6) AS share FROM netstate.memberships('{20401}') WHERE srlg_id = 2001;
ROLLBACK TO a;
-- what is stated for a link itself counts where it is more
INSERT INTO netstate.srlg_member (srlg_id, link_id, share) VALUES (2001, 20401, 0.75);
SELECT round(share::numeric, 6) AS share FROM netstate.memberships('{20401}') WHERE srlg_id = 2001;
UPDATE netstate.srlg_member SET share = 0.125 WHERE srlg_id = 2001 AND link_id = 20401;
SELECT round(share::numeric, 6) AS share FROM netstate.memberships('{20401}') WHERE srlg_id = 2001;
ROLLBACK TO a;

-- what a failure takes: from the link itself upward
CREATE FUNCTION pg_temp.state() RETURNS TABLE (link text, carried numeric, up boolean)
LANGUAGE sql AS $$
	SELECT l.name, round(s.carried::numeric, 6), s.up
	FROM netstate.link_state s JOIN netstate.link l ON l.id = s.link_id
	WHERE l.network_id IN (201, 204, 205) AND NOT (s.carried = 1 AND s.up) ORDER BY l.id
$$;
SAVEPOINT b;
SELECT * FROM pg_temp.state();
UPDATE netstate.link SET status = 'failed' WHERE id = 20101;
SELECT * FROM pg_temp.state();
UPDATE netstate.link SET status = 'retired' WHERE id = 20102;
SELECT * FROM pg_temp.state();
ROLLBACK TO b;
UPDATE netstate.link SET status = 'planned' WHERE id = 20105;
SELECT * FROM pg_temp.state();
ROLLBACK TO b;
UPDATE netstate.node SET status = 'failed' WHERE id = 2011;
SELECT * FROM pg_temp.state();
ROLLBACK TO b;
UPDATE netstate.node SET status = 'failed' WHERE id = 2043;
SELECT * FROM pg_temp.state();
ROLLBACK TO b;
SELECT count(*) AS differ FROM (
	(SELECT * FROM netstate.carried() EXCEPT SELECT * FROM netstate.link_state)
	UNION ALL (SELECT * FROM netstate.link_state EXCEPT SELECT * FROM netstate.carried(NULL))
	UNION ALL (SELECT * FROM netstate.link_state WHERE link_id = 20501 EXCEPT SELECT * FROM netstate.carried('{20501}'))
	UNION ALL (SELECT * FROM netstate.carried('{20501}') EXCEPT SELECT * FROM netstate.link_state WHERE link_id = 20501)
) d;

-- arguments
SELECT what, pg_temp.attempt('SELECT * FROM ' || call)
FROM (VALUES
	(1, 'memberships of none', $$netstate.memberships('{}')$$),
	(2, 'memberships of an unknown link', $$netstate.memberships('{-1,0,9223372036854775807}')$$),
	(3, 'memberships with a NULL', $$netstate.memberships('{20101,NULL}')$$),
	(4, 'memberships, two dimensions', $$netstate.memberships('{{20101,20102},{20103,20104}}')$$),
	(5, 'memberships of 100,000', $$netstate.memberships(ARRAY(SELECT generate_series(20001, 120000)::bigint))$$),
	(6, 'carried of none', $$netstate.carried('{}')$$),
	(7, 'carried of an unknown link', $$netstate.carried('{-1,0,9223372036854775807}')$$),
	(8, 'carried with a NULL', $$netstate.carried('{20101,NULL}')$$),
	(9, 'carried, two dimensions', $$netstate.carried('{{20101,20102},{20103,20104}}')$$),
	(10, 'members of none', $$netstate.members('srlg', '{}')$$),
	(11, 'members of an unknown group', $$netstate.members('srlg', '{-1,0,9223372036854775807}')$$),
	(12, 'members with a NULL', $$netstate.members('srlg', '{2001,NULL}')$$),
	(13, 'members, two dimensions', $$netstate.members('srlg', '{{2001,2002},{2003,2004}}')$$),
	(14, 'members of no kind', $$netstate.members(NULL, '{2001}')$$),
	(15, 'members of no ids', $$netstate.members('srlg', NULL)$$),
	(16, 'members of an unknown kind', $$netstate.members('submarine', '{2001}')$$),
	(17, 'members of a kind of 1 MB', $$netstate.members(repeat('x', 1048576), '{2001}')$$)
) t (n, what, call) ORDER BY n;

-- rights are the caller's, in functions and views alike
CREATE ROLE regress_netstate_reader;
CREATE ROLE regress_netstate_stranger;
GRANT USAGE ON SCHEMA netstate TO regress_netstate_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA netstate TO regress_netstate_reader;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA netstate TO regress_netstate_reader;
GRANT EXECUTE ON FUNCTION pg_temp.attempt TO PUBLIC;
SET LOCAL ROLE regress_netstate_reader;
SELECT count(*) FROM netstate.risk_member WHERE srlg_id = 2001;
SELECT count(*) FROM netstate.link_state WHERE link_id BETWEEN 20101 AND 20105;
SELECT pg_temp.attempt('INSERT INTO netstate.srlg (name) VALUES (''x'')');
RESET ROLE;
SET LOCAL ROLE regress_netstate_stranger;
SELECT pg_temp.attempt('SELECT * FROM netstate.risk_member');
RESET ROLE;
REVOKE SELECT ON netstate.srlg_member FROM regress_netstate_reader;
SET LOCAL ROLE regress_netstate_reader;
SELECT pg_temp.attempt('SELECT * FROM netstate.risk_member');
SELECT pg_temp.attempt('SELECT * FROM netstate.memberships()');
SELECT pg_temp.attempt('SELECT * FROM netstate.risk WHERE id BETWEEN 2001 AND 2005');
RESET ROLE;
REVOKE SELECT ON netstate.srlg FROM regress_netstate_reader;
REVOKE SELECT ON netstate.link_support FROM regress_netstate_reader;
SET LOCAL ROLE regress_netstate_reader;
SELECT pg_temp.attempt('SELECT * FROM netstate.risk WHERE id BETWEEN 2001 AND 2005');
SELECT pg_temp.attempt('SELECT * FROM netstate.link_state');
RESET ROLE;
ROLLBACK;

-- capacities whose sum no double holds: two circuits of a bundle, both or one
-- hit, and one out of service
BEGIN;
INSERT INTO netstate.network (id, name, layer) VALUES (211, 'r huge fibre', 'fibre'), (214, 'r huge ip', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES
	(2111, 211, 'A'), (2112, 211, 'B'), (2141, 214, 'A'), (2142, 214, 'B');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps) VALUES
	(21101, 211, 'f1', 2111, 2112, 1.5e308), (21102, 211, 'f2', 2111, 2112, 1.5e308),
	(21401, 214, 'bundle', 2141, 2142, 1.5e308);
INSERT INTO netstate.link_support (link_id, member, supporting_link_id) VALUES (21401, 1, 21101), (21401, 2, 21102);
INSERT INTO netstate.srlg (id, name) VALUES (2111, 'r huge both'), (2112, 'r huge one');
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (2111, 21101), (2111, 21102), (2112, 21101);
SELECT srlg_id, share FROM netstate.memberships('{21401}') ORDER BY srlg_id;
UPDATE netstate.link SET status = 'failed' WHERE id = 21101;
SELECT carried, up FROM netstate.carried('{21401}');
UPDATE netstate.link SET status = 'failed' WHERE id = 21102;
SELECT carried, up FROM netstate.carried('{21401}');
ROLLBACK;
