# What was before a transaction's own changes: asked within it, after random
# changes, savepoints and rollbacks, it is what a session without these changes
# is answered at the same moment, whatever others commit meanwhile.
#
# NS_LONG=1 does 30 times as much.  NS_SEED gives the seed.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use lib "$FindBin::RealBin/../plant";
use GraphTest;
use PlantTest;
use Test::More;

my $seed = $ENV{NS_SEED} // time % 100000;
my $plants = $ENV{NS_LONG} ? 30 : 1;
srand($seed);
note "seed $seed";

# Some pairs of nodes of each network; all that is asked of them, and what does
# not hold, as lines: as things are, and as they were.
my $setup = <<'SQL';
CREATE SCHEMA wi;
CREATE TABLE wi.pair (network text, src text[], dst text[]);
CREATE FUNCTION wi.choose() RETURNS void LANGUAGE sql VOLATILE AS $$
	TRUNCATE wi.pair;
	INSERT INTO wi.pair
	SELECT p.network, array_agg(p.src), array_agg(p.dst)
	FROM (SELECT w.name AS network, a.name AS src, z.name AS dst, row_number() OVER (PARTITION BY w.name ORDER BY random()) AS n
		FROM netstate.network w JOIN netstate.node a ON a.network_id = w.id JOIN netstate.node z ON z.network_id = w.id AND z.id <> a.id
		UNION ALL
		SELECT 'plant', a.name, z.name, row_number() OVER (ORDER BY random())
		FROM netstate.structure a JOIN netstate.structure z ON z.id <> a.id) p
	WHERE n <= 6 GROUP BY p.network
$$;
CREATE FUNCTION wi.fresh() RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT s::text FROM wi.pair p, netstate.what_if_state(p.network, p.src, p.dst, NULL, '{link,srlg}', false) s ORDER BY 1
$$;
CREATE FUNCTION wi.before() RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT s::text FROM wi.pair p, netstate.what_if_before(p.network, p.src, p.dst, NULL, '{link,srlg}') s ORDER BY 1
$$;
CREATE FUNCTION wi.digest(what text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE digest text;
BEGIN
	EXECUTE format('SELECT count(*) || '' '' || md5(string_agg(s, chr(10))) FROM wi.%s() s', what) INTO digest;
	RETURN digest;
END $$;
SQL

foreach my $mode (@GraphTest::MODES)
{
	my $node = GraphTest::new_node('what_if', $mode, conf => "autovacuum = off\nlock_timeout = 2s");
	GraphTest::create_extension($node);
	PlantTest::prepare($node->connstr('postgres'), "$FindBin::RealBin/../plant");
	$node->safe_psql('postgres', $setup);
	my ($checks, $wrong, $differ, $others) = (0, 0, 0, 0);
	foreach (1 .. $plants)
	{
		my ($here, $there, $witness) = map { GraphTest::session($node) } 1 .. 3;
		my $try = sub { my ($session) = @_; return $session->ask('SELECT plant_test.change()'); };
		my $compare = sub {
			my ($when, $expected) = @_;
			my $before = $here->ask(q{SELECT wi.digest('before')});
			$expected //= $witness->ask(q{SELECT wi.digest('fresh')});
			$checks++;
			return if $before eq $expected && $before =~ /^\d+ \w{32}$/;
			$wrong++;
			diag("$mode, $when: $before, and not $expected");
			return;
		};
		$here->ask('SELECT plant_test.clear()');
		$here->ask(sprintf 'BEGIN; SELECT setseed(%.6f); SELECT plant_test.fill(); COMMIT', rand());
		$there->ask(sprintf 'SELECT setseed(%.6f)', rand());
		foreach my $transaction (1 .. 6)
		{
			$here->ask('SELECT wi.choose()');
			my $level = $transaction % 3 == 0 ? 'REPEATABLE READ' : 'READ COMMITTED';
			$here->ask("BEGIN ISOLATION LEVEL $level");
			my $first = $level eq 'REPEATABLE READ' ? $here->ask(q{SELECT wi.digest('fresh')}) : undef;
			foreach my $step (1 .. 3)
			{
				$here->ask('SAVEPOINT a');
				$try->($here);
				$here->ask(q{SELECT wi.digest('fresh')}) if rand() < 0.5;
				$compare->('in a savepoint', $first);
				$here->ask(rand() < 0.4 ? 'ROLLBACK TO a' : 'RELEASE a');
				$compare->('after a savepoint', $first) if rand() < 0.5;
				$try->($here);
				$compare->('after a change', $first);
				if (rand() < 0.5)
				{
					$others++ if $try->($there) !~ /ERROR/;
					$compare->('after a change of others', $first);
				}
			}
			my $now = $here->ask(q{SELECT wi.digest('fresh')});
			my $was = $here->ask(q{SELECT wi.digest('before')});
			$differ++ if $now ne $was;
			my $rows = $here->ask('SELECT coalesce(sum((SELECT count(*) FROM netstate.what_if_diff(p.network, p.src, p.dst))), 0) FROM wi.pair p');
			$checks++;
			$wrong++, diag("$mode: $rows differences between $was and $now") if $now eq $was ? $rows ne '0' : $rows !~ /^[1-9]/;
			$here->ask(rand() < 0.7 ? 'COMMIT' : 'ROLLBACK');
			$here->ask('ROLLBACK');
		}
		$_->quit foreach $here, $there, $witness;
	}
	is($wrong, 0, "$mode: $checks times as it was before");
	cmp_ok($checks, '>', 35 * $plants, "$mode: checks");
	cmp_ok($differ, '>', 1 * $plants, "$mode: of which it was another $differ times");
	cmp_ok($others, '>', 1, "$mode: others changed something $others times");
	$node->stop;
}

done_testing();
