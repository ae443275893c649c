# What one session's statements can do to each other, where isolationtester does
# not reach: imported snapshots, parallel workers, several databases, DISCARD.
# And the isolation specifications again where one graph serves all sessions.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use lib "$FindBin::RealBin/../agreement";
use Agreement;
use GraphTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $ask = q{SELECT cost, links FROM netstate.k_shortest_paths('net 3', 'n1', 'n4', 9) ORDER BY path};
my $right = q{SELECT DISTINCT agreement.check(i) FROM generate_series(1, 24) i};

foreach my $mode (@GraphTest::MODES)
{
	my $node = GraphTest::new_node('server', $mode);
	GraphTest::create_extension($node);
	Agreement::prepare($node->connstr('postgres'), "$FindBin::RealBin/../agreement");
	my ($one, $two, $three) = map { GraphTest::session($node) } 1 .. 3;

	# A snapshot that is imported is older than the graph that the importer has.
	my $old = $one->ask($ask);
	my $snapshot = $one->ask('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_export_snapshot()');
	like($snapshot, qr/^[0-9A-F-]+$/, "$mode: a snapshot is exported");
	is($two->ask('UPDATE netstate.link SET metric = 3.5 WHERE id = 312'), '', "$mode: a change after it");
	my $new = $two->ask($ask);
	isnt($new, $old, "$mode: is seen");
	is($three->ask($ask), $new, "$mode: by others too");
	is($three->ask("BEGIN ISOLATION LEVEL REPEATABLE READ; SET TRANSACTION SNAPSHOT '$snapshot'; $ask"), $old, "$mode: not under the imported snapshot");
	is($three->ask($right), 'right', "$mode: rightly so");
	is($one->ask($ask), $old, "$mode: nor where it came from");
	is($two->ask($ask), $new, "$mode: another session still sees it");
	is($two->ask("BEGIN ISOLATION LEVEL SERIALIZABLE; UPDATE netstate.link SET metric = 2.5 WHERE id = 312; $ask; SAVEPOINT a; DELETE FROM netstate.link WHERE id = 312; $right; ROLLBACK TO a; $right")
		=~ /\nright\nright$/ ? 'right' : 'wrong', 'right', "$mode: with changes of its own");
	is($three->ask("COMMIT; $ask"), $new, "$mode: after the import the present counts");
	$two->ask('COMMIT');
	my $newer = $two->ask($ask);
	is($one->ask("COMMIT; $ask"), $newer, "$mode: after the export, too");
	is($three->ask($ask), $newer, "$mode: everywhere");

	# An exported snapshot with own changes beneath it: the importer sees none.
	$snapshot = $one->ask('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_export_snapshot()');
	$one->ask('UPDATE netstate.link SET metric = 4 WHERE id = 312');
	isnt($one->ask($ask), $newer, "$mode: own changes after the export");
	is($three->ask("BEGIN ISOLATION LEVEL REPEATABLE READ; SET TRANSACTION SNAPSHOT '$snapshot'; $ask"), $newer, "$mode: are not imported");
	$_->ask('ROLLBACK') foreach $one, $three;
	is($_->ask($ask), $newer, "$mode: nor kept") foreach $one, $three;

	# Parallel workers share the leader's snapshot, and its uncommitted changes.
	$one->ask(q{CREATE TABLE many AS SELECT i FROM generate_series(1, 20000) i; ANALYZE many;
		SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0});
	my $parallel = q{SELECT DISTINCT p.cost, p.links FROM many, LATERAL netstate.shortest_path('net 3', 'n1', 'n4', avoid_links => ARRAY[-i]) p WHERE i % 1000 = 0 ORDER BY 1};
	my $alone = q{SELECT cost, links FROM netstate.shortest_path('net 3', 'n1', 'n4')};
	like($one->ask("EXPLAIN (COSTS off) $parallel"), qr/^ *Gather|Function Scan on shortest_path/m, "$mode: a plan for workers");
	is($one->ask($parallel), $one->ask($alone), "$mode: workers answer alike");
	foreach my $change ('UPDATE netstate.link SET metric = metric + 1 WHERE network_id = 3', 'DELETE FROM netstate.link WHERE id IN (312, 309)',
		q{SAVEPOINT a; UPDATE netstate.node SET status = 'failed' WHERE id = 33}, 'ROLLBACK TO a')
	{
		is($one->ask("BEGIN; $change"), '', "$mode: $change") if $change =~ /^UPDATE/;
		is($one->ask($change), '', "$mode: $change") if $change !~ /^UPDATE/;
		is($one->ask($parallel), $one->ask($alone), "$mode: and workers see it");
		my $checked = $one->ask("SELECT DISTINCT x FROM (SELECT agreement.check(i) AS x FROM many WHERE i % 8000 = 0) y");
		is($checked, 'right', "$mode: rightly");
	}
	$one->ask('ROLLBACK; RESET ALL');

	# The same ids and names in another database are another network.
	$node->safe_psql('postgres', 'CREATE DATABASE other');
	GraphTest::create_extension($node, 'other');
	$node->safe_psql('other', q{INSERT INTO netstate.network (id, name, layer) VALUES (3, 'net 3', 'ip');
		INSERT INTO netstate.node (id, network_id, name) VALUES (31, 3, 'n1'), (34, 3, 'n4');
		INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (301, 3, 'x', 31, 34, 77)});
	my $there = GraphTest::session($node, 'other');
	is($there->ask($ask), '77|{301}', "$mode: another database has its own graph");
	is($two->ask($ask), $newer, "$mode: and this one its own");
	$there->ask('UPDATE netstate.link SET metric = 78');
	is($there->ask($ask), '78|{301}', "$mode: changes count there");
	is($two->ask($ask), $newer, "$mode: and not here");
	$there->quit;
	$node->safe_psql('postgres', 'DROP DATABASE other');
	$node->safe_psql('postgres', 'CREATE DATABASE other TEMPLATE template0');
	GraphTest::create_extension($node, 'other');
	like($node->psql('other', $ask, on_error_stop => 0) . '', qr/^[03]$/, "$mode: a database of that name made anew");
	is($node->safe_psql('other', 'SELECT count(*) FROM netstate.link'), '0', "$mode: has no graph");

	# Statements that reset a session change no answer.
	foreach my $reset ('DISCARD ALL', 'DISCARD PLANS', 'RESET ALL', 'VACUUM netstate.link', 'ANALYZE netstate.node', 'REINDEX TABLE netstate.change_log', 'VACUUM FULL netstate.link', 'CLUSTER netstate.link USING link_pkey',
		'SET search_path = nowhere', 'RESET search_path', 'ALTER TABLE netstate.link ADD COLUMN extra int', 'ALTER TABLE netstate.link DROP COLUMN extra')
	{
		next if $reset =~ /change_log/ && !GraphTest::keeps_graphs($node);
		is($three->ask($reset), '', "$mode: $reset");
		is($three->ask($ask), $newer, "$mode: and the answer is the same");
		is($two->ask($ask), $newer, "$mode: for others, too");
	}
	is($three->ask('UPDATE netstate.link SET metric = 1.5 WHERE id = 312'), '', "$mode: a change after all that");
	my $last = $three->ask($ask);
	isnt($last, $newer, "$mode: is seen");
	is($two->ask($ask), $last, "$mode: by all");
	is($_->ask($right), 'right', "$mode: rightly") foreach $two, $three;

	# Pruning of what is behind changes nothing that anybody sees.
  SKIP:
	{
		skip 'this version logs no changes', 8 if $node->safe_psql('postgres', q{SELECT to_regproc('netstate.prune_change_log') IS NULL}) eq 't';
		is($one->ask("BEGIN ISOLATION LEVEL REPEATABLE READ; $ask"), $last, "$mode: an old snapshot");
		foreach my $n (1 .. 300)
		{
			$two->send('UPDATE netstate.link SET metric = ' . (1.5 + $n % 3) . ' WHERE id = 312');
		}
		$two->answer;
		is($three->ask('SELECT netstate.prune_change_log(0) >= 0'), 't', "$mode: pruned");
		my $now = $two->ask($ask);
		is($three->ask($ask), $now, "$mode: a session that pruned");
		is($one->ask($ask), $last, "$mode: the old snapshot is as before");
		is($one->ask($right), 'right', "$mode: rightly");
		is($one->ask("COMMIT; $ask"), $now, "$mode: then it sees the present");
		is($three->ask('SELECT netstate.prune_change_log(0) >= 0'), 't', "$mode: pruned again");
		is($_->ask($right), 'right', "$mode: and all is right") foreach $one;
	}

	$_->quit foreach $one, $two, $three;

	# The specifications once more where the graph is shared; they make their own
	# database.
	if ($mode eq 'preloaded')
	{
		my $tester = $ENV{PG_REGRESS} // '';
		$tester =~ s{/regress/pg_regress$}{/isolation/pg_isolation_regress};
		my @spec = map { m{([^/]+)\.spec$} } sort glob("$FindBin::RealBin/../isolation/specs/*.spec");
	  SKIP:
		{
			skip 'no pg_isolation_regress is here', 1 unless -x $tester;
			my $output = PostgreSQL::Test::Utils::tempdir;
			local $ENV{PGHOST} = $node->host;
			local $ENV{PGPORT} = $node->port;
			my $bindir = (split /:/, $ENV{PATH})[0];
			my $log = '';
			my $ok = IPC::Run::run([ $tester, "--inputdir=$FindBin::RealBin/../isolation", "--outputdir=$output", "--bindir=$bindir", '--dbname=specs',
					'--load-extension=postgis', '--load-extension=btree_gist', '--load-extension=netstate', @spec ], '>&', \$log);
			ok($ok, scalar(@spec) . ' isolation specifications with one graph for all')
			  or diag($log, -e "$output/regression.diffs" ? slurp_file("$output/regression.diffs") : '');
		}
	}
	$node->stop;
}

done_testing();
