# Random geometry, most of it hostile, at every column that holds geometry and
# every function that takes it: each call ends with an SQLSTATE of ours or without
# an error, and the server stays up.  The address space is capped, so that what
# asks for too much memory fails instead of taking the machine down.
# NS_LONG=1 makes it longer.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $rounds = $ENV{NS_LONG} ? 400 : 8;
my $calls = 250;
my $seed = $ENV{NS_SEED} // int(rand(1_000_000_000));
note "seed $seed";

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(auth_extra => [], extra => [ '--locale=C.UTF-8', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', "fsync = off\nlog_min_messages = panic\nrestart_after_crash = off\n");
{
	# what the shell limits, the server that it starts inherits
	my $ok = system('sh', '-c', 'ulimit -v 5000000 && exec "$@"', 'sh', 'pg_ctl', '-w', '-s',
		'-D', $node->data_dir, '-l', $node->logfile, '-o', '--cluster-name=main', 'start');
	BAIL_OUT('the server did not start') if $ok != 0;
	$node->_update_pid(1);
}
$node->safe_psql('postgres', 'CREATE EXTENSION netstate CASCADE');
$node->safe_psql('postgres', <<'END');
CREATE FUNCTION number() RETURNS float8 LANGUAGE sql VOLATILE AS $$
	SELECT (ARRAY[0, -0.0, 1, -1, 180, -180, 179.99999, -179.99999, 90, -90, 'NaN', 'Infinity', '-Infinity', 1e308, -1e308, 5e-324, 540, 91,
		random() * 360 - 180, random() * 180 - 90, random(), random() * 1e-6]::float8[])[1 + floor(random() * random() * 22)] $$;
CREATE FUNCTION mild() RETURNS float8 LANGUAGE sql VOLATILE AS $$ SELECT random() * 170 - 85 $$;
CREATE FUNCTION point() RETURNS geometry LANGUAGE sql VOLATILE AS $$
	SELECT CASE WHEN random() < 0.6 THEN ST_MakePoint(mild() * 2, mild()) ELSE ST_MakePoint(number(), number()) END $$;
CREATE FUNCTION points() RETURNS geometry[] LANGUAGE sql VOLATILE AS $$
	SELECT ARRAY(SELECT point() FROM generate_series(1, 1 + floor(random() * random() * 40)::int)) $$;
CREATE FUNCTION any_line() RETURNS geometry LANGUAGE sql VOLATILE AS $$
	SELECT CASE WHEN random() < 0.08 THEN 'LINESTRING EMPTY'::geometry ELSE ST_MakeLine(points()) END $$;
CREATE FUNCTION any_ring() RETURNS geometry LANGUAGE sql VOLATILE AS $$
	SELECT ST_MakePolygon(ST_MakeLine(p || point() || point() || p[1])) FROM (SELECT points() AS p) x $$;
CREATE FUNCTION any_shape() RETURNS geometry LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	g geometry;
BEGIN
	g := CASE floor(random() * 11)
		WHEN 0 THEN point()
		WHEN 1 THEN 'POINT EMPTY'
		WHEN 2 THEN ST_Collect(points() || 'POINT EMPTY'::geometry)
		WHEN 3 THEN any_line()
		WHEN 4 THEN ST_Collect(ARRAY[any_line(), any_line()])
		WHEN 5 THEN any_line()
		WHEN 6 THEN any_ring()
		WHEN 7 THEN ST_Collect(any_ring(), any_ring())
		WHEN 8 THEN ST_Collect(ARRAY[any_ring(), point(), any_line()])
		WHEN 9 THEN ST_Force3D(any_line())
		ELSE ST_LineToCurve(ST_MakeLine(ARRAY['POINT(0 0)', 'POINT(1 1)', 'POINT(2 0)', point()]))
	END;
	IF random() < 0.05 THEN
		RETURN ST_SetSRID(g, 3857);
	END IF;
	RETURN ST_SetSRID(g, 4326);
EXCEPTION WHEN OTHERS THEN
	RETURN ST_SetSRID('LINESTRING(0 0, 1 1)'::geometry, 4326);	-- PostGIS makes no such thing
END $$;
INSERT INTO netstate.site (id, name) VALUES (1, 's');
INSERT INTO netstate.network (id, name, layer) VALUES (1, 'n', 'ip');
INSERT INTO netstate.node (id, network_id, name) VALUES (1, 1, 'a'), (2, 1, 'z');
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (1, 1, 'az', 1, 2);
INSERT INTO netstate.structure (id, name, geom) VALUES (1, 'a', 'POINT(0 0)'), (2, 'z', 'POINT(1 1)');
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom)
SELECT i, 's ' || i, 1, 2, 'LINESTRING(0 0, 1 1)' FROM generate_series(1, 9) i;
INSERT INTO netstate.corridor (id, name, geom) VALUES (1, 'c', 'LINESTRING(0 0, 1 1)');
INSERT INTO netstate.hazard_area (id, name, geom) VALUES (1, 'h', 'POLYGON((0 0, 1 0, 1 1, 0 0))');
INSERT INTO netstate.srlg (id, name) VALUES (1, 'g');
CREATE TABLE place AS
SELECT format('UPDATE netstate.%I SET geom = $1 WHERE id = 1 + $2', c.relname) AS statement, false AS internal
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'netstate'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'geometry'::regtype
UNION ALL
SELECT format('SELECT %s FROM netstate.%I(%s) WHERE $2 >= 0', 'count(*)', p.proname,
		(SELECT string_agg(CASE WHEN t.type <> 'geometry'::regtype THEN 'NULL::' || t.type::regtype
			WHEN t.ord % 2 = 1 THEN '$1' ELSE '$3' END, ', ' ORDER BY t.ord)
		FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY t (type, ord))),
	obj_description(p.oid) LIKE 'Internal%'
FROM pg_proc p
WHERE p.pronamespace = 'netstate'::regnamespace AND p.prokind = 'f' AND 'geometry'::regtype = ANY (p.proargtypes::oid[]);
CREATE TABLE outcome (state text, statement text, one text, other text);
CREATE FUNCTION fuzz(calls int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	p record;
	one geometry;
	other geometry;
BEGIN
	FOR i IN 1 .. calls LOOP
		SELECT * INTO p FROM place ORDER BY random() LIMIT 1;
		one := any_shape();
		other := CASE WHEN random() < 0.5 THEN ST_Translate(one, random() * 1e-4, random() * 1e-4) ELSE any_shape() END;
		BEGIN
			EXECUTE p.statement USING one, floor(random() * 9)::int, other;
		EXCEPTION WHEN OTHERS THEN
			IF SQLSTATE NOT IN ('23514', '22023') AND NOT p.internal THEN
				INSERT INTO outcome VALUES (SQLSTATE || ' ' || SQLERRM, p.statement, one, other);
			END IF;
		END;
	END LOOP;
END $$;
END

my $late = 0;
for my $round (1 .. $rounds)
{
	my $fraction = (($seed + $round * 7919) % 1_000_003) / 1_000_003;
	my ($status, $out, $err) = $node->psql('postgres',
		"SET statement_timeout = '60s'; SELECT setseed($fraction); SELECT fuzz($calls)");

	if ($status != 0)
	{
		fail("round $round: $err");
		$late++;
		last if $status == 2;
	}
}
is($late, 0, 'the server stays up, and each round ends in time');
is($node->safe_psql('postgres', 'SELECT DISTINCT state, statement, one FROM outcome LIMIT 5'),
	'', 'errors are those of the gates');
is($node->safe_psql('postgres', <<'END'), '0', 'and the pairs of what went in are right');
SELECT count(*) FROM (
	(TABLE netstate.span_pair EXCEPT SELECT * FROM netstate.span_pair_derive())
	UNION ALL (SELECT * FROM netstate.span_pair_derive() EXCEPT TABLE netstate.span_pair)) d
END
cmp_ok($node->safe_psql('postgres', 'SELECT count(DISTINCT geom) FROM netstate.span'), '>', 1, 'some did go in');
$node->stop;
done_testing();
