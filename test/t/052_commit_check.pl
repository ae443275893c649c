# Eight writers reroute cables, assign strands and count them, at every isolation
# level; all the time, and in the end, plain SQL finds each route and each link
# whole.  The same with a library whose checks take no lock must be caught.
#
# NS_LONG=1 writes for five minutes.  NS_SEED gives the seed.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use GraphTest;
use IPC::Run;
use POSIX qw(:sys_wait_h);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $seed = $ENV{NS_SEED} // time % 100000;
my $seconds = $ENV{NS_LONG} ? 300 : 8;
my $conf = "deadlock_timeout = 50ms\nmax_connections = 30\nlog_min_messages = fatal\n";
my $dir = PostgreSQL::Test::Utils::tempdir;
note "seed $seed";

# Ten structures, two spans between any two; cables on walks among them; links
# with two nodes of their own.  An operation is right under its own snapshot: it
# moves the link's nodes to where its strands end.
my $setup = <<'SQL';
SET client_min_messages = warning;
CREATE SCHEMA load;
INSERT INTO netstate.structure (id, name, geom) SELECT i, 's' || i, public.ST_SetSRID(public.ST_MakePoint(i * 0.01, (i % 3) * 0.01), 4326) FROM generate_series(1, 10) i;
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom)
SELECT a.id * 100 + z.id + 2000 * side, format('p %s %s %s', a.id, z.id, side), a.id, z.id, public.ST_MakeLine(a.geom, z.geom)
FROM netstate.structure a, netstate.structure z, generate_series(0, 1) side WHERE a.id < z.id;
INSERT INTO netstate.cable (id, name, strand_count) SELECT i, 'c' || i, 24 FROM generate_series(1, 3) i;
INSERT INTO netstate.network (id, name, layer) VALUES (1, 'fibre', 'fibre');
INSERT INTO netstate.node (id, network_id, name, structure_id) SELECT i, 1, 'n' || i, 1 FROM generate_series(1, 16) i;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) SELECT i, 1, 'l' || i, 2 * i - 1, 2 * i FROM generate_series(1, 8) i;

CREATE FUNCTION load.below(n integer) RETURNS integer LANGUAGE sql VOLATILE AS 'SELECT (random() * n)::integer % n';

-- A walk: structures n + 1, no two neighbours the same.
CREATE FUNCTION load.walk(n integer) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
	at bigint[] := ARRAY[1 + load.below(10)];
BEGIN
	WHILE cardinality(at) <= n LOOP
		at := at || (1 + (at[cardinality(at)] + load.below(9)) % 10);
	END LOOP;
	RETURN at;
END $$;

-- Both ways in which each route can be walked: the structure after segment seq.
CREATE VIEW load.route AS
WITH RECURSIVE step AS (
	SELECT c.cable_id, way, 0 AS seq, CASE way WHEN 1 THEN s.a_structure_id ELSE s.z_structure_id END AS at
	FROM netstate.cable_segment c JOIN netstate.span s ON s.id = c.span_id, generate_series(1, 2) way WHERE c.seq = 1
	UNION ALL
	SELECT c.cable_id, w.way, c.seq, CASE w.at WHEN s.a_structure_id THEN s.z_structure_id ELSE s.a_structure_id END
	FROM step w JOIN netstate.cable_segment c ON (c.cable_id, c.seq) = (w.cable_id, w.seq + 1)
	JOIN netstate.span s ON s.id = c.span_id AND w.at IN (s.a_structure_id, s.z_structure_id))
SELECT w.* FROM step w
WHERE EXISTS (SELECT FROM step l WHERE (l.cable_id, l.way) = (w.cable_id, w.way)
	AND l.seq = (SELECT count(*) FROM netstate.cable_segment c WHERE c.cable_id = w.cable_id));

-- How many cables and links are wrong.
CREATE FUNCTION load.bad() RETURNS bigint LANGUAGE sql STABLE AS $$
WITH RECURSIVE route AS MATERIALIZED (SELECT * FROM load.route),
numbered AS (SELECT *, row_number() OVER (PARTITION BY link_id ORDER BY seq) AS n FROM netstate.strand_assignment),
chain AS (
	SELECT l.id AS link_id, 0::bigint AS n, a.structure_id AS at
	FROM netstate.link l JOIN netstate.node a ON a.id = l.a_node_id
	UNION
	SELECT c.link_id, s.n, z.at
	FROM chain c JOIN numbered s ON (s.link_id, s.n) = (c.link_id, c.n + 1)
	JOIN route a ON a.cable_id = s.cable_id AND a.at = c.at AND a.seq IN (lower(s.segments) - 1, upper(s.segments) - 1)
	JOIN route z ON z.cable_id = s.cable_id AND z.way = a.way
		AND z.seq = CASE a.seq WHEN lower(s.segments) - 1 THEN upper(s.segments) - 1 ELSE lower(s.segments) - 1 END)
SELECT (SELECT count(DISTINCT cable_id) FROM netstate.cable_segment WHERE cable_id NOT IN (SELECT cable_id FROM route))
	+ (SELECT count(*) FROM netstate.strand_assignment s JOIN netstate.cable c ON c.id = s.cable_id WHERE upper(s.strands) - 1 > c.strand_count)
	+ (SELECT count(*) FROM netstate.link l JOIN netstate.node z ON z.id = l.z_node_id
		WHERE EXISTS (SELECT FROM numbered s WHERE s.link_id = l.id)
		AND NOT EXISTS (SELECT FROM chain c WHERE c.link_id = l.id AND c.at = z.structure_id
			AND c.n = (SELECT max(n) FROM numbered s WHERE s.link_id = l.id)))
$$;

-- Move a link's nodes to where its strands end now.
CREATE FUNCTION load.fit(link bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	part record;
	a bigint;
	z bigint;
BEGIN
	FOR part IN SELECT s.cable_id, f.at AS one, t.at AS other
		FROM netstate.strand_assignment s
		JOIN load.route f ON f.cable_id = s.cable_id AND f.seq = lower(s.segments) - 1
		JOIN load.route t ON t.cable_id = s.cable_id AND t.seq = upper(s.segments) - 1 AND t.way = f.way
		WHERE s.link_id = link ORDER BY s.seq
	LOOP
		a := coalesce(a, part.one);
		z := CASE WHEN z IS NULL OR z = part.one THEN part.other ELSE part.one END;
	END LOOP;
	UPDATE netstate.node SET structure_id = CASE id WHEN 2 * link - 1 THEN a ELSE z END
	WHERE id IN (2 * link - 1, 2 * link) AND structure_id <> CASE id WHEN 2 * link - 1 THEN a ELSE z END;
END $$;

CREATE FUNCTION load.reroute(cable bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	way bigint[] := load.walk(4);
BEGIN
	UPDATE netstate.cable_segment SET span_id = least(way[seq], way[seq + 1]) * 100 + greatest(way[seq], way[seq + 1]) + 2000 * load.below(2)
	WHERE cable_id = cable;
	IF NOT FOUND THEN
		INSERT INTO netstate.cable_segment (cable_id, seq, span_id)
		SELECT cable, i, least(way[i], way[i + 1]) * 100 + greatest(way[i], way[i + 1]) + 2000 * load.below(2) FROM generate_series(1, 4) i;
	END IF;
	DELETE FROM netstate.strand_assignment s USING netstate.strand_assignment o
	WHERE o.link_id = s.link_id AND o.seq <> s.seq AND cable IN (s.cable_id, o.cable_id);
	PERFORM load.fit(link_id) FROM netstate.strand_assignment WHERE cable_id = cable ORDER BY link_id;
END $$;

-- One stretch of one cable, or two of two that meet.
CREATE FUNCTION load.assign(link bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	part record;
BEGIN
	WITH route AS MATERIALIZED (SELECT * FROM load.route),
	one AS MATERIALIZED (SELECT f.cable_id, least(f.seq, t.seq) + 1 AS first, greatest(f.seq, t.seq) AS last, f.at AS a, t.at AS z
		FROM route f JOIN route t ON (t.cable_id, t.way) = (f.cable_id, f.way) AND t.seq <> f.seq ORDER BY random() LIMIT 1)
	SELECT one.*, n.cable_id AS next, least(n.seq, m.seq) + 1 AS next_first, greatest(n.seq, m.seq) AS next_last, m.at AS next_z INTO part
	FROM one LEFT JOIN route n ON n.at = one.z AND n.cable_id <> one.cable_id AND load.below(2) = 0
	LEFT JOIN route m ON (m.cable_id, m.way) = (n.cable_id, n.way) AND m.seq <> n.seq
	ORDER BY random() LIMIT 1;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	DELETE FROM netstate.strand_assignment WHERE link_id = link;
	INSERT INTO netstate.strand_assignment VALUES (link, 1, part.cable_id, int4range(link::integer, link::integer + 1), int4range(part.first, part.last + 1));
	IF part.next_z IS NOT NULL THEN
		INSERT INTO netstate.strand_assignment VALUES (link, 2, part.next, int4range(link::integer, link::integer + 1), int4range(part.next_first, part.next_last + 1));
	END IF;
	UPDATE netstate.node SET structure_id = CASE id WHEN 2 * link - 1 THEN part.a ELSE coalesce(part.next_z, part.z) END WHERE id IN (2 * link - 1, 2 * link);
END $$;

CREATE FUNCTION load.count(cable bigint) RETURNS void LANGUAGE sql VOLATILE
AS $$ UPDATE netstate.cable c SET strand_count = CASE load.below(2) WHEN 0 THEN 24
	ELSE coalesce((SELECT max(upper(s.strands)) - 1 FROM netstate.strand_assignment s WHERE s.cable_id = $1), 1) END WHERE c.id = $1 $$;

-- What somebody else does between the check and the end of COMMIT.
CREATE TABLE load.slow (i integer);
CREATE FUNCTION load.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.002 * NEW.i); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON load.slow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION load.slow();
SELECT count(*) FROM generate_series(1, 3) i, load.reroute(i);
SQL

# Deadlocks are of two that write the same rows; 23505 and 23P01 of two that add
# the same one; what follows an error is ignored, up to a savepoint.
my %expected = map { $_ => 1 } qw(23514 40001 40P01 23505 23P01 25P02 3B001);

sub below { return int(rand($_[0])); }
sub one_of { return $_[ below(scalar @_) ]; }

sub operation
{
	my $link = 1 + below(8);
	my $cable = 1 + below(3);
	return one_of(("SELECT load.assign($link);") x 6, ("SELECT load.reroute($cable);") x 2, "SELECT load.count($cable);",
		"DELETE FROM netstate.strand_assignment WHERE link_id = $link;");
}

sub transaction
{
	my ($slow) = @_;
	my $sql = 'BEGIN ISOLATION LEVEL ' . one_of('READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE') . ";\n";
	$sql .= operation() . "\n";
	$sql .= 'SAVEPOINT a; ' . operation() . " ROLLBACK TO a;\n" if below(8) == 0;
	$sql .= operation() . "\n" if below(4) == 0;
	$sql .= "SET CONSTRAINTS ALL IMMEDIATE;\n" if below(50) == 0;
	$sql .= "INSERT INTO load.slow VALUES ($slow);\n" if below(3) < $slow;
	return $sql . (below(15) == 0 ? "ROLLBACK;\n" : "COMMIT;\n");
}

# Writes until the time is up; errors by SQLSTATE go to a file.
sub writer
{
	my ($connstr, $number, $until, $slow) = @_;
	srand($seed + $number);
	open my $errors, '>', "$dir/errors.$number" or die $!;
	while (time < $until)
	{
		my $script = "\\set VERBOSITY sqlstate\nSET statement_timeout = '60s';\n" . join '', map { transaction($slow) } 1 .. 40;
		my ($out, $err) = ('', '');
		IPC::Run::run([ 'psql', '-XAtq', '-d', $connstr ], '<', \$script, '>', \$out, '2>', \$err);
		print $errors $err;
	}
	close $errors;
	POSIX::_exit(0);
}

# (looks, looks that found something wrong, errors by SQLSTATE)
sub run_load
{
	my ($node, $length, $slow) = @_;
	my $connstr = $node->connstr('postgres');
	my $until = time + $length;
	my @child;
	foreach my $number (1 .. 8)
	{
		my $pid = fork // die 'cannot fork';
		writer($connstr, $number, $until, $slow) if $pid == 0;
		push @child, $pid;
	}
	my ($looks, $wrong, %errors) = (0, 0);
	while (time < $until)
	{
		my $out = $node->safe_psql('postgres', "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT load.bad(); COMMIT;\n" x 10);
		$looks++, $wrong += $_ > 0 foreach split /\n/, $out;
	}
	waitpid $_, 0 foreach @child;
	foreach my $number (1 .. 8)
	{
		$errors{$_}++ foreach slurp_file("$dir/errors.$number") =~ /ERROR:\s+(\w{5})/g;
	}
	note join ', ', "$looks looks, $wrong wrong", map { "$_ x $errors{$_}" } sort keys %errors;
	return ($looks, $wrong, %errors);
}

sub new_server
{
	my ($name, $library) = @_;
	my $node = GraphTest::new_node($name, 'not preloaded', conf => $conf);
	GraphTest::create_extension($node);
	$node->safe_psql('postgres', "UPDATE pg_proc SET probin = '$library' WHERE probin LIKE '%/netstate'") if $library;
	$node->safe_psql('postgres', $setup);
	return $node;
}

my $node = new_server('main');
is($node->safe_psql('postgres', 'SELECT load.bad()'), '0', 'nothing is wrong at first');
# the oracle tells
foreach my $wrong ("UPDATE netstate.cable_segment SET span_id = 910 WHERE seq = 2; UPDATE netstate.cable_segment SET span_id = 102 WHERE seq = 3",
	'UPDATE netstate.cable_segment SET seq = 9 WHERE seq = 4', 'SELECT load.assign(1); UPDATE netstate.node SET structure_id = 1 + structure_id % 10 WHERE id = 2',
	'SELECT load.assign(8); UPDATE netstate.cable SET strand_count = 7')
{
	my ($status, $out) = $node->psql('postgres', "BEGIN; $wrong; SELECT 'bad ' || (load.bad() > 0) || ' ' || (SELECT count(*) > 0 FROM netstate.check_pending()); COMMIT;");
	like($out, qr/bad true true/, "found by plain SQL, and refused: $wrong");
	isnt($status, 0, '... at COMMIT');
}
my ($looks, $wrong, %errors) = run_load($node, $seconds, 1);
cmp_ok($looks, '>', 20, 'looks');
is($wrong, 0, 'never is anything wrong');
is($node->safe_psql('postgres', 'SELECT load.bad()'), '0', 'nor in the end');
is(join(' ', grep { !$expected{$_} } sort keys %errors), '', 'no unexpected error');
cmp_ok($errors{23514} // 0, '>', 0, 'some were refused');
cmp_ok($node->safe_psql('postgres', 'SELECT count(DISTINCT link_id) FROM netstate.strand_assignment'), '>', 0, 'links have strands');
is($node->safe_psql('postgres', 'SELECT count(*) FROM netstate.commit_check'), '0', 'nothing is left queued');
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}), '0', 'nothing is left locked');
$node->stop;

# The control.
SKIP:
{
	my $pg_config = $ENV{NS_PG_CONFIG} // 'pg_config';
	my $source = "$FindBin::RealBin/../..";
	skip 'no source to build a broken library from', 2 unless -d "$source/src/pg";
	skip 'no compiler to build a broken library with', 2 if system("command -v \${CC:-cc} >/dev/null 2>&1") != 0;
	my $build = PostgreSQL::Test::Utils::tempdir;
	my $output = '';
	IPC::Run::run([ 'cp', '-r', "$source/src", "$source/extension", "$source/Makefile", "$source/tools", $build ]) or die 'cannot copy the source';
	system("find '$build' -name '*.o' -delete -o -name '*.d' -delete");
	my $made = IPC::Run::run([ 'make', '-s', '-j2', '-C', $build, "PG_CONFIG=$pg_config", 'COPT=-DNETSTATE_BROKEN_LOCK -O1', 'WERROR=', 'netstate.so' ],
		'</dev/null', '>&', \$output);
	ok($made, 'a library without the lock is built') or diag($output);

	my $control = new_server('control', "$build/netstate");
	my $found = 0;
	foreach my $round (1 .. 6)
	{
		$seed += 100;
		my (undef, $bad) = run_load($control, 5, 5);
		$found = $bad + $control->safe_psql('postgres', 'SELECT load.bad()');
		last if $found;
	}
	cmp_ok($found, '>', 0, 'without the lock something is found wrong');
	$control->stop;
}

done_testing();
