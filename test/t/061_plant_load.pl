# Writers change a plant and the networks upon it, at mixed isolation levels, while
# readers compare the graphs that are kept with ones that are read, in one
# statement, and memberships with a second derivation.  Nothing may differ, nor
# may pairs of spans, routes and circuits be wrong at the end.  Without the lock at
# COMMIT they must come out wrong.
#
# NS_LONG=1 commits 100,000 changes.  NS_SEED gives the seed.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use lib "$FindBin::RealBin/../plant";
use GraphTest;
use PlantTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $directory = "$FindBin::RealBin/../plant";
my $seed = $ENV{NS_SEED} // time % 100000;
my $conf = "shared_buffers = 64MB\nmax_connections = 50\nautovacuum_naptime = 1s";
note "seed $seed";

foreach my $mode (@GraphTest::MODES)
{
	my $node = GraphTest::new_node('load', $mode, conf => $conf);
	GraphTest::create_extension($node);
	PlantTest::prepare($node->connstr('postgres'), $directory);
	my $result = PlantTest::load(connstr => $node->connstr('postgres'), seed => $seed, writers => $mode eq 'preloaded' ? 6 : 4,
		$ENV{NS_LONG} ? (commits => 50000) : (seconds => 13));
	diag("$mode: ", PlantTest::summary($result), sprintf ', in %.0f s', $result->{seconds});
	diag("    $_") foreach @{ $result->{shown} };
	is($result->{differences}, 0, "$mode: no difference");
	is($result->{unexpected}, 0, "$mode: no unexpected error");
	cmp_ok($result->{checks}, '>', 50, "$mode: checks");
	cmp_ok($result->{commits}, '>=', $ENV{NS_LONG} ? 50000 : 200, "$mode: commits");
	is($node->safe_psql('postgres', 'SELECT count(*) FROM netstate.commit_check'), '0', "$mode: nothing is left to check");
	is($node->safe_psql('postgres', 'SELECT count(*) FROM netstate.span_pair_own'), '0', "$mode: no pair is left over");
	$node->stop;
}

# The control: commits that prove what they like, side by side.
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

	my $node = GraphTest::new_node('control', 'not preloaded', conf => $conf);
	GraphTest::create_extension($node);
	$node->safe_psql('postgres', "UPDATE pg_proc SET probin = '$build/netstate' WHERE probin LIKE '%/netstate'");
	PlantTest::prepare($node->connstr('postgres'), $directory);
	my $found = 0;
	foreach my $round (1 .. 6)
	{
		PlantTest::load(connstr => $node->connstr('postgres'), seed => $seed + $round, seconds => 4, readers => 0,
			change => q{SELECT plant_test.try('plant_test.change_span()');});
		$found = $node->safe_psql('postgres', 'SELECT count(*) FROM plant_test.pairs_differ()');
		last if $found;
	}
	cmp_ok($found, '>', 0, 'without the lock pairs of spans are wrong');
	$node->stop;
}

done_testing();
