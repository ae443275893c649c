-- Hostile arguments to every function: a clear error with the right SQLSTATE,
-- or an empty answer.
\set VERBOSITY terse
\pset null '(null)'
BEGIN;

INSERT INTO netstate.network (id, name, layer) VALUES (6001, 'argument', 'ip'), (6002, 'quo"te''s; --', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES
	(6001, 6001, 'Dublin'), (6002, 6001, 'Cork'), (6003, 6001, 'Łódź'), (6004, 6001, repeat('ż', 300)),
	(6005, 6002, 'a"b'), (6006, 6002, 'c''d');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, latency_us) VALUES
	(6001, 6001, 'one', 6001, 6002, 1, NULL), (6002, 6001, 'two', 6001, 6002, 2, 5), (6003, 6001, 'three', 6002, 6003, 3, 5),
	(6004, 6002, 'e', 6005, 6006, 1, 1);
INSERT INTO netstate.srlg (id, network_id, name) VALUES (6001, 6001, 'group');
INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (6001, 6001);

-- 'rows' and their number, or all that the user reads.
CREATE FUNCTION pg_temp.outcome(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
	detail text;
	hint text;
BEGIN
	EXECUTE 'SELECT count(*) FROM ' || query INTO n;
	RETURN 'rows ' || n;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''), nullif(hint, ''));
END $$;

-- ---- what each rule says ----

SELECT query, pg_temp.outcome('netstate.' || query) AS outcome
FROM unnest(ARRAY[
	-- names
	$$shortest_path('argumnet', 'Dublin', 'Cork')$$,
	$$shortest_path('nothing like it', 'Dublin', 'Cork')$$,
	$$shortest_path('plant', 'Dublin', 'Cork')$$,
	$$shortest_path('', 'Dublin', 'Cork')$$,
	$$shortest_path('argument', 'Dubln', 'Cork')$$,
	$$shortest_path('argument', 'Dublin', 'CORK')$$,
	$$shortest_path('argument', 'Dublin', 'Lodz')$$,
	$$shortest_path('argument', 'Dublin', 'łódź')$$,
	$$shortest_path('argument', 'Dublin', '')$$,
	$$shortest_path('argument', 'Dublin', repeat('ż', 300))$$,
	$$shortest_path('argument', 'Dublin', repeat('ż', 299))$$,
	$$shortest_path('argument', 'Dublin', repeat('x', 1048576))$$,
	$$shortest_path(repeat('y', 1048576), 'Dublin', 'Cork')$$,
	$$shortest_path('quo"te''s; --', 'a"b', 'c''d')$$,
	$$shortest_path('quo"te''s; --', 'a"b', 'c"d')$$,
	$$shortest_path('argument', E'Dublin\n', 'Cork')$$,
	$$link_id('argument', 'thre')$$,
	$$link_id('argument', 'e')$$,
	$$link_id('argumen', 'three')$$,
	-- cost
	$$shortest_path('argument', 'Dublin', 'Cork', 'price')$$,
	$$shortest_path('argument', 'Dublin', 'Cork', 'Metric')$$,
	$$shortest_path('argument', 'Dublin', 'Cork', '')$$,
	$$shortest_path('argument', 'Dublin', 'Cork', repeat('z', 1048576))$$,
	$$shortest_path('argument', 'Dublin', 'Cork', 'latency')$$,
	$$shortest_path('argument', 'Dublin', 'Dublin', 'latency')$$,
	-- k
	$$k_shortest_paths('argument', 'Dublin', 'Cork', 0)$$,
	$$k_shortest_paths('argument', 'Dublin', 'Cork', -2147483648)$$,
	$$k_shortest_paths('argument', 'Dublin', 'Cork', 2147483647)$$,
	$$k_shortest_paths('argument', 'Dublin', 'Cork', 100001)$$,
	$$k_shortest_paths('argument', 'Dublin', 'Cork', 100000)$$,
	$$k_shortest_paths('argument', 'Dublin', 'Cork', 10000)$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', 0)$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', 10000)$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', 64)$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', 64, strict => false)$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', 1)$$,
	-- src = dst
	$$shortest_path('argument', 'Cork', 'Cork')$$,
	$$k_shortest_paths('argument', 'Cork', 'Cork', 10000)$$,
	$$disjoint_paths('argument', 'Cork', 'Cork')$$,
	$$disjoint_paths('argument', 'Cork', 'Cork', strict => false)$$,
	$$disjoint_obstacles('argument', 'Cork', 'Cork')$$,
	$$disjoint_paths('argument', 'Crk', 'Crk')$$,
	-- disjoint
	$$disjoint_paths('argument', 'Dublin', 'Cork', disjoint => '{}')$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', disjoint => '{srlg,link,node,link,srlg}')$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', disjoint => '[5:6]={link,srlg}')$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', disjoint => '{SRLG}')$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', disjoint => '{link,NULL}')$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', disjoint => '{{link},{srlg}}')$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', disjoint => ARRAY[repeat('n', 1048576)])$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', disjoint => array_fill('srlg'::text, ARRAY[1000000]))$$,
	$$disjoint_obstacles('argument', 'Dublin', 'Cork', disjoint => '{path}')$$,
	-- lists of ids
	$$shortest_path('argument', 'Dublin', 'Cork', avoid_links => '{{6001},{6002}}')$$,
	$$shortest_path('argument', 'Dublin', 'Cork', avoid_links => '{6001,NULL}')$$,
	$$shortest_path('argument', 'Dublin', 'Cork', avoid_links => '[-3:-2]={6001,6002}')$$,
	$$shortest_path('argument', 'Dublin', 'Cork', avoid_links => '{6001,6001,-1,0,9223372036854775807,-9223372036854775808}')$$,
	$$shortest_path('argument', 'Dublin', 'Cork', avoid_links => ARRAY(SELECT generate_series(1, 1000000)))$$,
	$$shortest_path('argument', 'Dublin', 'Cork', avoid_srlgs => '{NULL}')$$,
	$$shortest_path('argument', 'Dublin', 'Cork', avoid_srlgs => '{{{6001}}}')$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', ignore_srlgs => '{NULL}')$$,
	$$memberships('{6001,NULL}')$$,
	$$memberships('{{6001}}')$$,
	$$memberships('{}')$$,
	$$memberships('{6001,6001,-5,9223372036854775807}')$$,
	$$memberships(ARRAY(SELECT generate_series(1, 1000000)))$$,
	$$carried('{NULL}')$$,
	$$carried('{{6001}}')$$,
	$$carried('{6001,6001,0}')$$,
	$$members('srlg', '{NULL}')$$,
	$$members('srlg', '{{6001}}')$$,
	$$members('srlg', '{6001,6001,6002}')$$,
	$$members('srlg', '{}')$$,
	$$members('duct', '{1}')$$,
	$$members('', '{1}')$$,
	-- thresholds
	$$disjoint_paths('argument', 'Dublin', 'Cork', min_probability => 'NaN')$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', min_probability => 'Infinity')$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', min_share => '-Infinity')$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', min_share => -5e-324)$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', min_share => 1.0000000000000002)$$,
	$$disjoint_paths('argument', 'Dublin', 'Cork', min_share => '-0', min_probability => 5e-324)$$,
	$$disjoint_obstacles('argument', 'Dublin', 'Cork', min_share => 1e308)$$
]) WITH ORDINALITY u (query, i) ORDER BY i;

-- ---- NULL, in every place of every function ----

SELECT f.proname, a.i AS place, (p.proargnames)[a.i] AS argument,
	pg_temp.outcome(format('netstate.%I(%s)', f.proname, (
		SELECT string_agg(CASE WHEN i = a.i THEN 'NULL' ELSE
			CASE format_type(t, NULL) WHEN 'text' THEN CASE (p.proargnames)[i] WHEN 'network' THEN '''argument''' WHEN 'src' THEN '''Dublin'''
				WHEN 'cost' THEN '''metric''' WHEN 'kind' THEN '''srlg''' WHEN 'name' THEN '''one''' ELSE '''Cork''' END
				WHEN 'integer' THEN '2' WHEN 'bigint[]' THEN '''{}''' WHEN 'text[]' THEN '''{}''' WHEN 'boolean' THEN 'true' ELSE '0' END END, ', ' ORDER BY i)
		FROM unnest(p.proargtypes) WITH ORDINALITY n (t, i)))) AS outcome
FROM unnest(ARRAY['shortest_path', 'k_shortest_paths', 'disjoint_paths', 'disjoint_obstacles', 'members', 'memberships', 'carried', 'link_id'])
	WITH ORDINALITY f (proname, n)
JOIN pg_proc p ON p.proname = f.proname AND p.pronamespace = 'netstate'::regnamespace,
	generate_series(1, p.pronargs) a (i)
ORDER BY f.n, a.i;

-- ---- everything with everything: no internal error ----

CREATE TEMP TABLE hostile AS
SELECT * FROM (VALUES
	('text', ARRAY['NULL', $$''$$, $$'argument'$$, $$'Dublin'$$, $$'Cork'$$, $$'metric'$$, $$'srlg'$$, $$'quo"te''s; --'$$, $$repeat('x', 10000)$$, $$'%s%n%1$s'$$], NULL),
	('integer', ARRAY['NULL', '-2147483648', '-1', '0', '1', '3', '64', '100000', '2147483647'], '2'),
	('boolean', ARRAY['NULL', 'true', 'false'], 'true'),
	('double precision', ARRAY['NULL', $$'NaN'$$, $$'Infinity'$$, $$'-Infinity'$$, '-1', $$'-0'$$, '0', '0.5', '1', '1e308', '5e-324'], '0'),
	('bigint[]', ARRAY['NULL', $$'{}'$$, $$'{NULL}'$$, $$'{6001}'$$, $$'{{6001,6002}}'$$, $$'[5:6]={6001,6002}'$$, $$'{9223372036854775807,-9223372036854775808}'$$], $$'{}'$$),
	('text[]', ARRAY['NULL', $$'{}'$$, $$'{NULL}'$$, $$'{node,srlg}'$$, $$'{{node},{srlg}}'$$, $$'{x}'$$], $$'{srlg}'$$)
) v (type, value, fair);
-- 400 calls of each function, a fifth of their arguments hostile; picked at
-- random, but always the same
CREATE FUNCTION pg_temp.dice(seed text, sides integer) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
	SELECT ((('x' || substr(md5(seed), 1, 7))::bit(28)::integer) % sides)
$$;
CREATE TEMP TABLE hostile_call AS
SELECT f.proname, c AS number, format('netstate.%I(%s)', f.proname, (
	SELECT string_agg(format('CAST(%s AS %s)', CASE
		WHEN pg_temp.dice(f.proname || c || '/' || i || '/fair', 5) = 0
			THEN h.value[1 + pg_temp.dice(f.proname || c || '/' || i, cardinality(h.value))]
		ELSE coalesce(h.fair, quote_literal(CASE (f.proargnames)[i] WHEN 'network' THEN 'argument' WHEN 'src' THEN 'Dublin'
			WHEN 'cost' THEN 'hops' WHEN 'kind' THEN 'srlg' WHEN 'name' THEN 'one' ELSE 'Łódź' END)) END, h.type), ', ' ORDER BY i)
	FROM unnest(f.proargtypes) WITH ORDINALITY n (t, i) JOIN hostile h ON h.type = format_type(t, NULL))) AS query
FROM pg_proc f, generate_series(1, 400) c
WHERE f.pronamespace = 'netstate'::regnamespace
	AND f.proname IN ('shortest_path', 'k_shortest_paths', 'disjoint_paths', 'disjoint_obstacles', 'members', 'memberships', 'carried', 'link_id');
SELECT proname, count(*) AS calls,
	count(*) FILTER (WHERE outcome LIKE 'rows%') > 0 AS some_answer,
	string_agg(DISTINCT left(outcome, 5), ', ') FILTER (WHERE outcome NOT LIKE 'rows%') AS refusals
FROM (SELECT proname, pg_temp.outcome(query) AS outcome FROM hostile_call) called
GROUP BY proname ORDER BY proname;

-- ---- tables that contradict each other, by a superuser who disabled the keys ----

SET session_replication_role = replica;
INSERT INTO netstate.link_support (link_id, supporting_link_id, link_level, supporting_level) VALUES (6001, 6999, 4, 1);
RESET session_replication_role;
SELECT pg_temp.outcome($$netstate.shortest_path('argument', 'Dublin', 'Cork')$$) AS outcome;
SELECT pg_temp.outcome($$netstate.carried('{6001}')$$) AS outcome;
DELETE FROM netstate.link_support WHERE link_id = 6001;

-- ---- the trigger function, called as it must not be ----

SELECT statement, pg_temp.outcome(statement) AS outcome FROM (VALUES ('netstate.fill_level()')) v (statement);
CREATE FUNCTION pg_temp.attempt(statement text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE TABLE pg_temp.other (network_id bigint, level smallint);
CREATE TRIGGER elsewhere BEFORE INSERT ON pg_temp.other FOR EACH ROW EXECUTE FUNCTION netstate.fill_level();
SELECT pg_temp.attempt('INSERT INTO pg_temp.other VALUES (6001, 1)');
CREATE TRIGGER too_late AFTER UPDATE ON netstate.network FOR EACH ROW EXECUTE FUNCTION netstate.fill_level();
SELECT pg_temp.attempt($$UPDATE netstate.network SET name = 'b' WHERE id = 6001$$);
DROP TRIGGER too_late ON netstate.network;
CREATE TRIGGER of_a_statement BEFORE INSERT ON netstate.network EXECUTE FUNCTION netstate.fill_level();
SELECT pg_temp.attempt($$INSERT INTO netstate.network (name, layer) VALUES ('x', 'ip')$$);
ROLLBACK;
