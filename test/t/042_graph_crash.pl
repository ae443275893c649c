# A server process that dies while it builds or holds a graph takes nothing of it
# along: the server restarts by itself, as after any crash, and answers rightly;
# so it does after the death of the postmaster, and after every error.

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
use Time::HiRes qw(sleep time);

my $large = q{SELECT cost FROM netstate.shortest_path('ring 9', 'n1', 'n9000')};
my $small = q{SELECT cost, links FROM netstate.k_shortest_paths('net 3', 'n1', 'n4', 5) ORDER BY path};
my $right = q{SELECT DISTINCT agreement.check(i) FROM generate_series(1, 9) i};

# Waits until the server answers again.
sub wait_until_up
{
	my ($node) = @_;
	foreach (1 .. 600)
	{
		my ($status, $out) = $node->psql('postgres', 'SELECT 1');
		return 1 if defined $status && $status == 0 && $out eq '1';
		sleep 0.1;
	}
	return 0;
}

# What sessions may leave in the file system.
sub temporary_files
{
	my ($node) = @_;
	my $directory = $node->data_dir;
	return join ' ', sort map { glob("$directory/$_/*") } 'base/pgsql_tmp', 'pg_stat_tmp', 'pg_snapshots';
}

foreach my $mode (@GraphTest::MODES)
{
	my $node = GraphTest::new_node('server', $mode, conf => "restart_after_crash = on\nautovacuum = off\nsynchronous_commit = on");
	GraphTest::create_extension($node);
	Agreement::prepare($node->connstr('postgres'), "$FindBin::RealBin/../agreement");
	$node->safe_psql('postgres', GraphTest::ring(9, 20000, 3) . 'CHECKPOINT');
	my $cost = $node->safe_psql('postgres', $large);
	my $paths = $node->safe_psql('postgres', $small);
	like($cost, qr/^\d+$/, "$mode: a large network");

	# How long a first call takes says where in it to strike.
	my $begin = time;
	$node->safe_psql('postgres', $large);
	my $took = time - $begin;
	foreach my $part ($ENV{NS_LONG} ? map { $_ / 20 } 1 .. 20 : (0.2, 0.5, 0.8))
	{
		my $bystander = GraphTest::session($node);
		is($bystander->ask($small), $paths, "$mode, $part: another session has its graph");
		# what it has not committed must be gone
		$bystander->ask('BEGIN; UPDATE netstate.link SET metric = 9 WHERE network_id = 3');
		my $session = GraphTest::session($node);
		# a change first, so that there is a graph to build
		$session->ask(q{UPDATE netstate.link SET metric = metric WHERE network_id = 9 AND id % 3 = 0}) if $part > 0.5;
		$session->send($large);
		sleep $took * $part;
		kill 'KILL', $session->{pid};
		$_->abandon foreach $session, $bystander;
		sleep 0.05 while kill 0, $session->{pid};
		ok(wait_until_up($node), "$mode, $part: the server is up again after a kill");
		is($node->safe_psql('postgres', "$large; $small; $right"), "$cost\n$paths\nright", "$mode, $part: and answers as before");
	}

	# in the middle of a write, and with a prepared transaction
	my $session = GraphTest::session($node);
	$session->ask($small);
	$session->ask(q{BEGIN; UPDATE netstate.link SET metric = 3 WHERE id = 312; PREPARE TRANSACTION 'p'});
	$session->send(q{UPDATE netstate.link SET metric = 2 WHERE network_id = 9});
	sleep 0.3;
	kill 'KILL', $session->{pid};
	$session->abandon;
	sleep 0.05 while kill 0, $session->{pid};
	ok(wait_until_up($node), "$mode: up after a kill in the middle of a write");
	is($node->safe_psql('postgres', "$large; $small; $right"), "$cost\n$paths\nright", "$mode: which left nothing");

	# the postmaster: its children notice and end
	$session = GraphTest::session($node);
	$session->ask($small);
	$session->send($large);
	my ($postmaster) = slurp_file($node->data_dir . '/postmaster.pid') =~ /^(\d+)/;
	my @process = ($postmaster, split ' ', slurp_file("/proc/$postmaster/task/$postmaster/children"));
	$node->kill9;
	$session->abandon;
	# until the last of them has ended the memory is in use
	foreach (1 .. 600)
	{
		last unless grep { kill 0, $_ } @process;
		sleep 0.1;
	}
	$node->start;
	is($node->safe_psql('postgres', "$large; $small; $right"), "$cost\n$paths\nright", "$mode: the same answers after the postmaster's death");
	$node->safe_psql('postgres', q{COMMIT PREPARED 'p'});
	isnt($node->safe_psql('postgres', $small), $paths, "$mode: what was prepared before is committed, and seen");
	is($node->safe_psql('postgres', $right), 'right', "$mode: rightly");

	# An orderly restart, then an error and a cancel in the middle of a build:
	# the session goes on, and neither the file system nor its memory keeps
	# anything.
	$node->restart;
	$session = GraphTest::session($node);
	my $before = temporary_files($node);
	foreach my $part (0.2, 0.5, 0.8)
	{
		my $late = $session->ask(sprintf q{SET statement_timeout = %d; %s; SET statement_timeout = 0; %s; %s}, 1 + 1000 * $took * $part, $large, $large, $right);
		like($late, qr/^(ERROR:  .*\n([A-Z]+:  .*\n)*|$cost\n)$cost\nright$/, "$mode: goes on after a timeout");
		$session->ask('UPDATE netstate.link SET metric = metric WHERE network_id = 9 AND id % 3 = 0');
	}
	is(temporary_files($node), $before, "$mode: no file is left");
	$session->quit;

	my $log = slurp_file($node->logfile);
	unlike($log, qr/PANIC|TRAP|segmentation|signal 11|signal 6\b/i, "$mode: no other crash");
	$node->stop;
}

done_testing();
