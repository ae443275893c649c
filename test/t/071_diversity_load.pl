# Eight writers reroute cables, assign strands, bend spans, change what bundles and
# tunnels ride on, who is in a group, whether it is enforced, what is waived and what
# is shared by hearsay, at every isolation level.  All the time plain SQL finds each
# enforced group whole, and so it does in the end, and netstate the same.  With a
# library whose checks take no lock groups must be found violated.
#
# NS_LONG=1 commits 200,000 transactions.  NS_SEED gives the seed.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use lib "$FindBin::RealBin/../plant";
use lib "$FindBin::RealBin/../diversity";
use DiversityTest;
use GraphTest;
use IPC::Run;
use POSIX qw(:sys_wait_h);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $directory = "$FindBin::RealBin/../diversity";
my $seed = $ENV{NS_SEED} // time % 100000;
my ($seconds, $commits) = $ENV{NS_LONG} ? (3600, 200000) : (30, 0);
my $conf = "deadlock_timeout = 100ms\nmax_connections = 30\nlog_min_messages = fatal\nshared_buffers = 64MB\nautovacuum_naptime = 1s";
my $dir = PostgreSQL::Test::Utils::tempdir;
note "seed $seed";

# 23505 and 23P01: two add the same; 55P03: the check waited for a lock; what
# follows an error is ignored, up to a savepoint.
my %expected = map { $_ => 1 } qw(23514 40001 40P01 23505 23P01 25P02 3B001 55P03);

sub below { return int(rand($_[0])); }
sub one_of { return $_[ below(scalar @_) ]; }

# What is done, by the order in which tables are written: whoever keeps to it meets
# nobody the wrong way round.
my @operations = (
	[ 24, sub { sprintf 'load.reroute(%d, %d)', below(2), 1 + below(9) } ],
	[ 6, sub { sprintf 'load.relay(%d, %d)', below(2), 1 + below(9) } ],
	[ 22, sub { sprintf 'load.assign(%d, %d)', 1 + below(18), below(2) } ],
	[ 14, sub { sprintf 'load.bend(%d, %d)', below(2), 1 + below(14) } ],
	[ 8, sub { sprintf 'load.support(%d)', 21 + below(8) } ],
	[ 4, sub { sprintf 'load.support_tunnel(%d)', 31 + below(6) } ],
	[ 6, sub { sprintf 'load.say(%d, %d)', 1 + below(3), 1 + below(18) } ],
	[ 6, sub { sprintf 'load.member(%d)', 1 + below(14) } ],
	[ 8, sub { sprintf 'load.flip(%d)', 1 + below(14) } ],
	[ 3, sub { sprintf 'load.waiver(%d, %d)', 1 + below(14), 1 + below(3) } ],
	[ 1, sub { 'load.rule()' } ]);
my @choice = map { ($_) x $operations[$_][0] } 0 .. $#operations;

sub operations
{
	my ($n) = @_;
	my %call = map { my $which = one_of(@choice); my $call = $operations[$which][1]->(); ($call => $which) } 1 .. $n;
	return map { "SELECT $_;" } sort { $call{$a} <=> $call{$b} || $a cmp $b } keys %call;
}

sub transaction
{
	my ($slow) = @_;
	my @line = ('BEGIN ISOLATION LEVEL ' . one_of('READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE') . ';');
	my @operation = operations(one_of(1, 1, 1, 1, 2, 3));
	push @line, 'SAVEPOINT a;', operations(1), one_of('ROLLBACK TO a;', 'RELEASE a;') if below(20) == 0;
	# few go on after an early check: they hold the lock then, and who waits for it may hold a row that they want
	my $early = below(50) == 0 ? below(8) == 0 ? 1 : scalar(@operation) : 0;
	splice @operation, $early, 0, 'SET CONSTRAINTS ALL IMMEDIATE;' if $early;
	push @line, @operation;
	push @line, "INSERT INTO load.slow VALUES ($slow);" if below(3) < $slow;
	return join "\n", @line, below(40) == 0 ? 'ROLLBACK;' : 'COMMIT;', '';
}

# Writes until the time is up, or it is told to stop.
sub writer
{
	my ($connstr, $number, $until, $slow) = @_;
	srand($seed * 100 + $number);
	my $stop = 0;
	$SIG{TERM} = sub { $stop = 1 };
	open my $output, '>', "$dir/output.$number" or die $!;
	while (time < $until && !$stop)
	{
		my $script = "\\set VERBOSITY verbose\nSET statement_timeout = '60s';\nSELECT setseed(" . sprintf('%.6f', rand) . ");\n" . join '', map { transaction($slow) } 1 .. 100;
		my $out = '';
		IPC::Run::run([ 'psql', '-XAt', '-d', $connstr ], '<', \$script, '>', \$out, '2>&1');
		print $output grep { /^(?:COMMIT$|ERROR|FATAL|DETAIL|Process|HINT|CONSTRAINT NAME)/ } $out =~ /^.*\n/mg;
		$output->flush;
	}
	close $output;
	POSIX::_exit(0);
}

# Counts what the writers were told.
sub count
{
	my %count = (commits => 0, group => 0, code => {}, deadlocks => []);
	foreach my $number (1 .. 8)
	{
		my $code = '';
		foreach my $line (split /\n/, slurp_file("$dir/output.$number"))
		{
			if ($line eq 'COMMIT') { $count{commits}++; }
			elsif ($line =~ /^(?:ERROR|FATAL):  (\w{5}): /) { $code = $1; $count{code}{$code}++; push @{ $count{deadlocks} }, $line if $code eq '40P01'; }
			elsif ($line =~ /^CONSTRAINT NAME:  disjoint_group$/) { $count{group}++; }
			elsif ($line =~ /^(?:DETAIL|Process)/ && $code eq '40P01') { $count{deadlocks}[-1] .= " $line"; }
		}
	}
	return \%count;
}

# Looks while the writers write.
sub run_load
{
	my ($node, $length, $slow, $enough) = @_;
	my $connstr = $node->connstr('postgres');
	my $begin = time;
	my $until = $begin + $length;
	my @child;
	foreach my $number (1 .. 8)
	{
		my $pid = fork // die 'cannot fork';
		writer($connstr, $number, $until, $slow) if $pid == 0;
		push @child, $pid;
	}
	my ($looks, $wrong, $enforced) = (0, 0, 0);
	while (time < $until)
	{
		my $out = $node->safe_psql('postgres', join '', map { "BEGIN ISOLATION LEVEL REPEATABLE READ;
			SELECT cardinality(diversity_test.bad()), diversity_test.bad(), (SELECT count(*) FROM netstate.disjoint_group WHERE mode = 'enforce'); COMMIT;\n" } 1 .. 5);
		foreach (map { [ split /\|/ ] } split /\n/, $out)
		{
			$looks++;
			$wrong++, diag("violated: $_->[1]") if $_->[0];
			$enforced += $_->[2];
		}
		last if $enough && `cat '$dir'/output.* | grep -c '^COMMIT'` >= $enough;
	}
	kill 'TERM', @child;
	waitpid $_, 0 foreach @child;
	my $count = count();
	note sprintf '%d commits in %.0f s, %d looks, %d wrong, %.1f groups enforced; refused for a group: %d; %s', $count->{commits}, time - $begin, $looks, $wrong,
	  $enforced / ($looks || 1), $count->{group}, join ', ', map { "$_ x $count->{code}{$_}" } sort keys %{ $count->{code} };
	return { %$count, looks => $looks, wrong => $wrong, enforced => $enforced / ($looks || 1) };
}

sub new_server
{
	my ($name, $library) = @_;
	my $node = GraphTest::new_node($name, 'not preloaded', conf => $conf);
	GraphTest::create_extension($node);
	$node->safe_psql('postgres', "UPDATE pg_proc SET probin = '$library' WHERE probin LIKE '%/netstate'") if $library;
	DiversityTest::prepare($node->connstr('postgres'), $directory);
	local $ENV{PGOPTIONS} = '-c client_min_messages=warning';
	PlantTest::psql($node->connstr('postgres'), '-f', "$directory/load.sql") or die 'cannot make the plant';
	# whoever may be enforced, is
	$node->psql('postgres', "UPDATE netstate.disjoint_group SET mode = 'enforce' WHERE id = $_") foreach 1 .. 14;
	return $node;
}

my $node = new_server('main');
is($node->safe_psql('postgres', q{SELECT count(*) FROM netstate.disjoint_group WHERE mode = 'enforce'}), '14', 'all groups can be enforced at first');
is($node->safe_psql('postgres', 'SELECT diversity_test.bad()'), '{}', 'nothing is wrong at first');

# the oracle tells
foreach my $wrong ('UPDATE netstate.strand_assignment SET cable_id = 2 WHERE link_id = 1 AND seq = 1',
	'UPDATE netstate.cable_segment SET span_id = load.span(1, 1, seq) WHERE cable_id = 102',
	'UPDATE netstate.span SET geom = load.course(0, 1, 70) WHERE id = load.span(0, 1, 2); UPDATE netstate.span SET geom = load.course(0, 2, -70) WHERE id = load.span(0, 2, 2)',
	'INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (1, 3), (1, 4)', 'UPDATE netstate.link_support SET supporting_link_id = 1 WHERE link_id IN (21, 23)',
	'UPDATE netstate.disjoint_group_member SET link_id = 10 WHERE (group_id, link_id) = (1, 2)',
	'DELETE FROM netstate.waiver WHERE group_id = 5; UPDATE netstate.disjoint_group SET max_shared = 0 WHERE id = 5')
{
	my ($status, $out, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\nBEGIN; $wrong; SELECT 'bad ' || (diversity_test.bad() <> '{}') || ' ' || (SELECT count(*) > 0 FROM netstate.check_pending() WHERE rule = 'disjoint_group'); COMMIT;");
	like($out, qr/bad true true/, "found by plain SQL, and by check_pending: $wrong");
	like($err, qr/23514.*CONSTRAINT NAME:  disjoint_group/s, '... and refused at COMMIT');
}

my $found = run_load($node, $seconds, 1, $commits);
cmp_ok($found->{looks}, '>', 20, 'looks');
is($found->{wrong}, 0, 'no look finds a violated group');
cmp_ok($found->{enforced}, '>', 3, 'groups are enforced meanwhile');
is($node->safe_psql('postgres', 'SELECT diversity_test.bad()'), '{}', 'nor is one in the end');
is($node->safe_psql('postgres', 'SELECT d FROM diversity_test.shared_differs(ARRAY(SELECT s FROM diversity_test.shared() s)) d WHERE d IS NOT NULL'), '', 'and netstate sees the same shared');
is($node->safe_psql('postgres', 'SELECT plant_test.check_routes() || plant_test.check_pairs(1)'), 'rightright', 'routes and pairs are right');
is(join(' ', grep { !$expected{$_} } sort keys %{ $found->{code} }), '', 'no unexpected error');
cmp_ok($found->{commits}, '>=', $commits || 1000, 'transactions were committed');
cmp_ok($found->{group}, '>', 20, 'some were refused for a group');
cmp_ok($found->{code}{'40P01'} // 0, '<=', $found->{commits} / 1000 + ($commits ? 0 : 3), 'fewer than one in a thousand met in a deadlock');
note $_ foreach @{ $found->{deadlocks} };
is($node->safe_psql('postgres', 'SELECT count(*) FROM netstate.commit_check'), '0', 'nothing is left queued');
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}), '0', 'nothing is left locked');

# Whoever proves early and then goes on may meet one who waits in COMMIT.
{
	my ($early, $late) = (GraphTest::session($node), GraphTest::session($node));
	my $encase = sub { return "UPDATE netstate.span SET encasement = 'cast' WHERE id = load.span($_[0], 14, 2);" };
	$early->ask("SET deadlock_timeout = '60s'; BEGIN; " . $encase->(0) . 'SET CONSTRAINTS ALL IMMEDIATE;');
	$late->ask("\\set VERBOSITY verbose\nSET deadlock_timeout = '2s'");
	$late->ask('BEGIN; ' . $encase->(1));
	$late->send('COMMIT');
	$early->send($encase->(1));
	my $said = $late->answer;
	like($said, qr/40P01: deadlock detected/, 'who waits in COMMIT for one who waits for its rows is told of the deadlock');
	like($said, qr/^HINT:  Run the transaction again/m, 'and to try again');
	$early->answer;
	is($early->ask('COMMIT'), '', 'the other one goes on');
	$_->quit foreach $early, $late;
}
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
	my $caught = 0;
	foreach my $round (1 .. 6)
	{
		$seed += 100;
		my $bad = run_load($control, 5, 5);
		$caught = $bad->{wrong} + $control->safe_psql('postgres', 'SELECT cardinality(diversity_test.bad())');
		last if $caught;
	}
	cmp_ok($caught, '>', 0, 'without the lock groups are found violated');
	$control->stop;
}

done_testing();
