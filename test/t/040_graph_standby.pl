# A hot standby keeps graphs too: open sessions there follow the primary at the
# point that has been replayed, keep their own snapshots, and go on after the
# promotion with what they and others write then.

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

# All that there is to know of the three networks, in a few lines: every path
# without loops, and those that avoid one group or other.
my $ask = join ';', (map { "SELECT count(*), sum(cost), md5(string_agg(links::text, ' ' ORDER BY path)) FROM netstate.k_shortest_paths('net $_', 'n1', 'n4', 1000)" } 1 .. 3),
  map { "SELECT count(*), sum(cost), md5(string_agg(links::text, ' ' ORDER BY path)) FROM netstate.k_shortest_paths('net 3', 'n1', 'n4', 1000, avoid_srlgs => '{$_}')" } 1 .. 8;
my $right = q{SELECT DISTINCT agreement.check(i) FROM generate_series(1, 24) i};

foreach my $mode (@GraphTest::MODES)
{
	my $primary = GraphTest::new_node('primary', $mode, init => { allows_streaming => 1 });
	GraphTest::create_extension($primary);
	Agreement::prepare($primary->connstr('postgres'), "$FindBin::RealBin/../agreement");
	$primary->backup('base');
	my $standby = PostgreSQL::Test::Cluster->new(($mode eq 'preloaded' ? 'shared_' : 'own_') . 'standby');
	$standby->init_from_backup($primary, 'base', has_streaming => 1);
	$standby->start;

	my $there = GraphTest::session($primary);
	my @here = map { GraphTest::session($standby) } 1 .. 2;
	is($_->ask($ask), $there->ask($ask), "$mode: the same answers") foreach @here;

	my %seen;
	my $follow = sub {
		my ($what, $sql) = @_;
		is($there->ask($sql), '', "$mode: $what");
		$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
		my $expected = $there->ask($ask);
		ok(!$seen{$expected}++, "$mode: $what changes the answers");
		is($_->ask($ask), $expected, "$mode: $what is followed") foreach @here;
		is($_->ask($right), 'right', "$mode: $what is right") foreach @here;
	};
	$seen{ $there->ask($ask) } = 1;
	$follow->('a new cost', 'UPDATE netstate.link SET metric = 4 WHERE id = 301');
	$follow->('a cut beneath', q{UPDATE netstate.link SET status = 'failed' WHERE id IN (102, 104, 105)});
	$follow->('a new link', 'INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (350, 3, $$x$$, 31, 34, 0.5)');
	$follow->('a link before all others', 'INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (90, 3, $$y$$, 31, 34, 0)');
	$follow->('a statement about many', 'UPDATE netstate.link SET metric = metric + 0.5 WHERE network_id = 4 OR id = 350');
	$follow->('a prepared transaction', q{BEGIN; UPDATE netstate.link SET metric = 3 WHERE id = 90; PREPARE TRANSACTION 'p'; COMMIT PREPARED 'p'});
	$follow->('what a savepoint leaves', q{BEGIN; UPDATE netstate.link SET metric = 2.5 WHERE id = 90; SAVEPOINT a; DELETE FROM netstate.link WHERE id = 90; ROLLBACK TO a; COMMIT});
	$follow->('a deletion', 'DELETE FROM netstate.link WHERE id = 90');
	$follow->('TRUNCATE', 'SET client_min_messages = warning; TRUNCATE netstate.link_support; RESET client_min_messages');

	$follow->('TRUNCATE of memberships', 'TRUNCATE netstate.srlg_member');

	# What is under way on the primary is not here yet, and what is rolled back
	# never will be.
	my $before = $there->ask($ask);
	$there->ask('BEGIN; UPDATE netstate.link SET metric = 1.5 WHERE id IN (350, 302)');
	$primary->safe_psql('postgres', 'UPDATE netstate.link SET load_gbps = 1 WHERE id = 101');
	$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
	is($here[0]->ask($ask), $before, "$mode: what is under way is not seen");
	$there->ask('ROLLBACK');
	$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
	is($here[0]->ask($ask), $before, "$mode: nor what is rolled back");

	# A transaction keeps its snapshot, while another session of the standby
	# goes on.
	is($here[0]->ask("BEGIN ISOLATION LEVEL REPEATABLE READ; $ask"), $before, "$mode: a snapshot");
	$there->ask('UPDATE netstate.link SET metric = 3 WHERE id = 350');
	$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
	my $after = $there->ask($ask);
	isnt($after, $before, "$mode: the answers are others now");
	is($here[1]->ask($ask), $after, "$mode: in the other session");
	is($here[0]->ask($ask), $before, "$mode: not under the older snapshot");
	is($here[0]->ask($right), 'right', "$mode: rightly so");
	is($here[0]->ask("COMMIT; $ask"), $after, "$mode: but after it");

	# Left behind by the primary's death, and promoted: prepared there, finished
	# here.
	$there->ask(q{BEGIN; UPDATE netstate.link SET metric = 0 WHERE id = 350; PREPARE TRANSACTION 'q'});
	$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
	is($_->ask($ask), $after, "$mode: a prepared transaction is not seen") foreach @here;
	$there->quit;
	$primary->stop('immediate');
	$standby->promote;
	is($_->ask($ask), $after, "$mode: the answers of before the promotion") foreach @here;
	is($here[0]->ask('SELECT pg_is_in_recovery()'), 'f', "$mode: promoted");
	is($here[0]->ask(q{COMMIT PREPARED 'q'}), '', "$mode: the prepared transaction is committed here");
	my $now = $here[0]->ask($ask);
	isnt($now, $after, "$mode: and seen");
	is($here[1]->ask($ask), $now, "$mode: by the other session too");
	is($here[1]->ask(q{BEGIN; UPDATE netstate.link SET status = 'failed' WHERE id = 350}), '', "$mode: a write here");
	my $own = $here[1]->ask($ask);
	isnt($own, $now, "$mode: seen by its session");
	is($here[0]->ask($ask), $now, "$mode: not by the other");
	$here[1]->ask('COMMIT');
	is($_->ask($ask), $own, "$mode: then by both") foreach @here;
	is($_->ask($right), 'right', "$mode: rightly so") foreach @here;
	$_->quit foreach @here;
	$standby->stop;
}

done_testing();
