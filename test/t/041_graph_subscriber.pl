# A logical subscriber's answers follow what is applied there, whichever way the
# changes come: copied at the beginning, applied row by row, truncated, or
# written there.

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
	my $publisher = GraphTest::new_node('publisher', $mode, init => { allows_streaming => 'logical' });
	my $subscriber = GraphTest::new_node('subscriber', $mode);
	GraphTest::create_extension($_) foreach $publisher, $subscriber;
	Agreement::prepare($publisher->connstr('postgres'), "$FindBin::RealBin/../agreement");
	Agreement::prepare($subscriber->connstr('postgres'), "$FindBin::RealBin/../agreement", empty => 1);
	my @here = map { GraphTest::session($subscriber) } 1 .. 2;
	like($_->ask($ask), qr/network "net 1" does not exist/, "$mode: nothing yet") foreach @here;

	$publisher->safe_psql('postgres', 'CREATE PUBLICATION p FOR TABLE ' . join ', ', map { "netstate.$_" }
		  qw(network node link link_support srlg srlg_member srlg_node));
	my $from = $publisher->connstr . ' dbname=postgres';
	$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION s CONNECTION '$from' PUBLICATION p");
	$subscriber->wait_for_subscription_sync($publisher, 's');

	my $there = GraphTest::session($publisher);
	is($_->ask($ask), $there->ask($ask), "$mode: what was copied") foreach @here;
	is($_->ask($right), 'right', "$mode: rightly so") foreach @here;

	my %seen = ($there->ask($ask) => 1);
	my $follow = sub {
		my ($what, $sql) = @_;
		is($there->ask($sql), '', "$mode: $what");
		$publisher->wait_for_catchup('s');
		my $expected = $there->ask($ask);
		ok(!$seen{$expected}++, "$mode: $what changes the answers");
		is($_->ask($ask), $expected, "$mode: $what is followed") foreach @here;
		is($_->ask($right), 'right', "$mode: $what is right") foreach @here;
	};
	$follow->('a new cost', 'UPDATE netstate.link SET metric = 4 WHERE id = 301');
	$follow->('a cut beneath', q{UPDATE netstate.link SET status = 'failed' WHERE id IN (102, 104, 105)});
	$follow->('a node that fails beneath', q{UPDATE netstate.node SET status = 'failed' WHERE id = 22});
	$follow->('its repair, and a new link', q{UPDATE netstate.node SET status = 'in_service' WHERE id = 22;
		INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (350, 3, $$x$$, 31, 34, 0.5)});
	$follow->('one link for another', q{BEGIN; UPDATE netstate.link SET id = 90 WHERE id = 350; DELETE FROM netstate.link_support WHERE link_id = 305;
		DELETE FROM netstate.link WHERE id = 305; COMMIT});
	$follow->('a statement about many', 'UPDATE netstate.link SET metric = metric + 0.5 WHERE network_id = 4 OR id = 90');
	$follow->('new and other supports', q{INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) VALUES (90, 1, 1, 102);
		UPDATE netstate.link_support SET supporting_link_id = 102 WHERE link_id = 302});
	$follow->('TRUNCATE', 'TRUNCATE netstate.link_support');
	$follow->('rows of a cascade', q{DELETE FROM netstate.link WHERE network_id = 3 AND id > 306; UPDATE netstate.link SET z_node_id = 34 WHERE id = 90});
	$follow->('a network that is made anew', q{BEGIN; DELETE FROM netstate.network WHERE id = 3; SET LOCAL client_min_messages = error; DO 'BEGIN PERFORM agreement.fill(3); END'; UPDATE netstate.link SET metric = 4 WHERE id = 303; COMMIT});

	$follow->('groups that take nodes down', 'INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (5, 33), (5, 22)');
	$follow->('a node less', 'DELETE FROM netstate.srlg_node WHERE node_id = 22');
	$follow->('groups of all links', 'INSERT INTO netstate.srlg_member (srlg_id, link_id) SELECT 4, id FROM netstate.link WHERE network_id = 3 ON CONFLICT DO NOTHING');
	$follow->('a group less', 'DELETE FROM netstate.srlg WHERE id = 4');
	$follow->('TRUNCATE of memberships', 'TRUNCATE netstate.srlg_member');

	# what is written on the subscriber itself, by hand and beside the worker
	is($here[0]->ask('BEGIN; UPDATE netstate.link SET metric = 3.5 WHERE id = 301'), '', "$mode: a write here");
	my $own = $here[0]->ask($ask);
	$there->ask('UPDATE netstate.link SET metric = 1.5 WHERE id = 302');
	$publisher->wait_for_catchup('s');
	isnt($here[0]->ask($ask), $own, "$mode: what is applied meanwhile is seen beside it");
	is($here[0]->ask($right), 'right', "$mode: rightly so");
	is($here[1]->ask($ask), $there->ask($ask), "$mode: by the other session without it");
	$here[0]->ask('COMMIT');
	is($here[1]->ask($ask), $here[0]->ask($ask), "$mode: by both after the commit");
	is($_->ask($right), 'right', "$mode: rightly so") foreach @here;

	$_->quit foreach @here, $there;
	$subscriber->safe_psql('postgres', 'DROP SUBSCRIPTION s');
	$subscriber->stop;
	$publisher->stop;
}

done_testing();
