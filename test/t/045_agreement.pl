# Writers change everything while readers compare what they are answered with
# what plain SQL says under the same snapshot, on a primary, a hot standby and a
# logical subscriber at once.  Not one answer may differ.  The same with a
# library whose kept graphs are wrong on purpose must find differences.
#
# NS_LONG=1 asks 100,000 times on the primary, 50,000 on the standby and 10,000
# on the subscriber.  NS_SEED gives the seed.

use strict;
use warnings;

use File::Copy;
use FindBin;
use lib $FindBin::RealBin;
use lib "$FindBin::RealBin/../agreement";
use Agreement;
use GraphTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $directory = "$FindBin::RealBin/../agreement";
my $seed = $ENV{NS_SEED} // time % 100000;
my $conf = "wal_level = logical\ndeadlock_timeout = 50ms\nmax_wal_senders = 10\nmax_replication_slots = 10\nshared_buffers = 64MB\nmax_connections = 50\n";
my %amount = $ENV{NS_LONG} ? (checks => { primary => 100000, standby => 50000, subscriber => 10000 }) : (seconds => 10);
note "seed $seed";

sub show
{
	my ($mode, $result) = @_;
	foreach my $name (sort keys %$result)
	{
		diag(Agreement::summary("$mode, $name", $result->{$name}));
		diag("    $_") foreach @{ $result->{$name}{shown} };
	}
}

# Fresh sessions, one target after the other, nothing changing.
sub at_rest
{
	my ($mode, %node) = @_;
	foreach my $name (sort keys %node)
	{
		is($node{$name}->safe_psql('postgres', 'SELECT DISTINCT agreement.check(i) FROM generate_series(1, 80) i'), 'right', "$mode, $name: right at the end");
	}
}

my @table = qw(network node link link_support strand_assignment srlg srlg_member srlg_node disjoint_group_member bypass);
my $contents = join ' UNION ALL ', map { "SELECT '$_', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM netstate.$_ t" } @table;

foreach my $mode (@GraphTest::MODES)
{
	my $primary = GraphTest::new_node('primary', $mode, init => { allows_streaming => 'logical' }, conf => $conf);
	GraphTest::create_extension($primary);
	Agreement::prepare($primary->connstr('postgres'), $directory);
	$primary->safe_psql('postgres', q{SELECT pg_create_physical_replication_slot('standby')});
	$primary->backup('base');

	my $standby = PostgreSQL::Test::Cluster->new(($mode eq 'preloaded' ? 'shared_' : 'own_') . 'standby');
	$standby->init_from_backup($primary, 'base', has_streaming => 1);
	# the standby waits for its readers, and the primary keeps what they need
	$standby->append_conf('postgresql.conf', "hot_standby_feedback = on\nmax_standby_streaming_delay = -1\nprimary_slot_name = 'standby'\nwal_receiver_status_interval = 1s\n");
	$standby->start;

	my $subscriber = GraphTest::new_node('subscriber', $mode, conf => $conf);
	GraphTest::create_extension($subscriber);
	Agreement::prepare($subscriber->connstr('postgres'), $directory, empty => 1);
	$primary->safe_psql('postgres', 'CREATE PUBLICATION p FOR TABLE ' . join ', ', map { "netstate.$_" } @table);
	my $from = $primary->connstr . ' dbname=postgres';
	$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION s CONNECTION '$from' PUBLICATION p");
	$subscriber->wait_for_subscription_sync($primary, 's');

	my %node = (primary => $primary, standby => $standby, subscriber => $subscriber);
	my $result = Agreement::run(writer => $primary->connstr('postgres'), reader => { map { $_ => $node{$_}->connstr('postgres') } keys %node },
		seed => $seed, unlogged => 1, %amount);
	show($mode, $result);
	foreach my $name (sort keys %$result)
	{
		cmp_ok($result->{$name}{checks}, '>', $name eq 'subscriber' ? 50 : 100, "$mode, $name: checks");
		is($result->{$name}{differences}, 0, "$mode, $name: no difference");
		is($result->{$name}{unexpected}, 0, "$mode, $name: no unexpected error");
	}

	is($primary->safe_psql('postgres', 'SELECT count(*) FROM pg_prepared_xacts'), '0', "$mode: nothing is left prepared");
	$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
	$primary->wait_for_catchup('s');
	my $rows = $primary->safe_psql('postgres', $contents);
	is($standby->safe_psql('postgres', $contents), $rows, "$mode: the standby has every row");
	is($subscriber->safe_psql('postgres', $contents), $rows, "$mode: the subscriber has every row");
	at_rest($mode, %node);

	$standby->stop;
	$subscriber->safe_psql('postgres', 'DROP SUBSCRIPTION s');
	$subscriber->stop;
	$primary->stop;
}

# The control: a library that takes a graph as right for too many snapshots.
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
	my $made = IPC::Run::run([ 'make', '-s', '-j2', '-C', $build, "PG_CONFIG=$pg_config", 'COPT=-DNETSTATE_BROKEN_KEY -O1', 'WERROR=', 'netstate.so' ],
		'</dev/null', '>&', \$output);
	ok($made, 'a broken library is built') or diag($output);

	my $node = GraphTest::new_node('control', 'not preloaded', conf => $conf);
	GraphTest::create_extension($node);
	$node->safe_psql('postgres', "UPDATE pg_proc SET probin = '$build/netstate' WHERE probin LIKE '%/netstate'");
	Agreement::prepare($node->connstr('postgres'), $directory);
	my $found = 0;
	foreach my $round (1 .. 5)
	{
		my $result = Agreement::run(writer => $node->connstr('postgres'), reader => { primary => $node->connstr('postgres') },
			seed => $seed + $round, seconds => 4);
		show('broken on purpose', $result);
		$found += $_->{differences} foreach values %$result;
		last if $found;
	}
	cmp_ok($found, '>', 0, 'with the broken library there are differences');
	$node->stop;
}

done_testing();
