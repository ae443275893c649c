# Memory that graphs take: bounded by netstate.cache_memory, beyond which a call
# fails with the size that it needs and the session goes on; and the same after
# 10,000 calls as after some.

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

my $small = q{SELECT cost FROM netstate.shortest_path('net 3', 'n1', 'n4')};
my $right = q{SELECT DISTINCT agreement.check(i) FROM generate_series(1, 24) i};

# Private memory of a server process in kB, and what its contexts hold in bytes.
sub memory
{
	my ($session) = @_;
	my $status = slurp_file("/proc/$session->{pid}/status");
	my ($anonymous) = $status =~ /^RssAnon:\s+(\d+) kB/m;
	my ($contexts) = $session->ask('SELECT sum(total_bytes) FROM pg_backend_memory_contexts');
	return ($anonymous, $contexts);
}

# Runs `calls` rounds of `body` (PL/pgSQL, with i as its counter) in one session
# and returns by how much it grew after the first tenth, in kB and bytes.
sub growth
{
	my ($node, $body, $calls) = @_;
	my $session = GraphTest::session($node);
	my $block = sub {
		my ($from, $to) = @_;
		return $session->ask("DO \$\$ DECLARE x record; BEGIN FOR i IN $from .. $to LOOP $body; END LOOP; END \$\$");
	};
	my $tenth = $calls / 10;
	my $out = $block->(1, $tenth);
	my @before = memory($session);
	$out .= $block->($_ * $tenth + 1, ($_ + 1) * $tenth) foreach 1 .. 9;
	my @after = memory($session);
	$session->quit;
	return ($after[0] - $before[0], $after[1] - $before[1], $out);
}

foreach my $mode (@GraphTest::MODES)
{
	my $node = GraphTest::new_node('server', $mode);
	GraphTest::create_extension($node);
	Agreement::prepare($node->connstr('postgres'), "$FindBin::RealBin/../agreement");

	my $calls = 10000;
	foreach my $case (
		[ 'the same question', q{PERFORM netstate.shortest_path('net 3', 'n1', 'n4')}, $calls ],
		[ 'all functions', q{PERFORM netstate.k_shortest_paths('net 2', 'n1', 'n4', 3); PERFORM netstate.disjoint_paths('net 1', 'n1', 'n4', strict => false);
			PERFORM netstate.disjoint_obstacles('net 3', 'n1', 'n4')}, $calls / 4 ],
		[ 'a change before each', q{UPDATE netstate.link SET metric = i % 5 WHERE id = 101 + i % 12; PERFORM netstate.shortest_path('net 1', 'n1', 'n4')}, $calls / 4 ],
		[ 'a change of what lies beneath', q{UPDATE netstate.link SET status = CASE i % 2 WHEN 0 THEN 'in_service' ELSE 'failed' END WHERE id = 101 + i % 12;
			PERFORM netstate.shortest_path('net 3', 'n1', 'n4', 'hops')}, $calls / 4 ],
		[ 'links that come and go', q{INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (1000 + i, 3, 'x', 31, 34, 1);
			PERFORM netstate.shortest_path('net 3', 'n1', 'n4'); DELETE FROM netstate.link WHERE id = 1000 + i; PERFORM netstate.shortest_path('net 3', 'n1', 'n4')}, $calls / 4 ],
		[ 'a subtransaction that fails', q{BEGIN UPDATE netstate.link SET metric = i WHERE id = 301; PERFORM netstate.shortest_path('net 3', 'n1', 'n4'); RAISE division_by_zero;
			EXCEPTION WHEN division_by_zero THEN PERFORM netstate.shortest_path('net 3', 'n1', 'n4'); END}, $calls / 4 ],
		[ 'questions that fail', q{BEGIN PERFORM netstate.shortest_path('net 3', 'n1', 'nowhere'); EXCEPTION WHEN undefined_object THEN NULL; END}, $calls / 4 ])
	{
		my ($name, $body, $rounds) = @$case;
		my ($kb, $bytes, $out) = growth($node, $body, $rounds);
		is($out, '', "$mode, $name: $rounds rounds");
		# A leak of 100 bytes a round would be 200 kB at least.
		cmp_ok($kb, '<', 512 + $rounds / 20, "$mode, $name: the process does not grow ($kb kB)");
		cmp_ok($bytes, '<', 64 * 1024, "$mode, $name: nor do its memory contexts ($bytes bytes)");
	}
	is($node->safe_psql('postgres', $right), 'right', "$mode: and the answers are right");

	# Statements of their own, 10,000 of them, with a commit between changes.
	my $session = GraphTest::session($node);
	my $round = sub {
		my ($n) = @_;
		return $session->ask(join ";\n", map { ($_ % 10 ? () : 'UPDATE netstate.link SET metric = ' . ($_ / 10 % 4) . ' WHERE id = 301', $small) } 1 .. $n);
	};
	$round->(1000);
	my @before = memory($session);
	$round->($calls - 1000);
	my @after = memory($session);
	cmp_ok($after[0] - $before[0], '<', 1024, "$mode: $calls statements leave the process as it was (" . ($after[0] - $before[0]) . ' kB)');
	cmp_ok($after[1] - $before[1], '<', 64 * 1024, "$mode: and its memory contexts (" . ($after[1] - $before[1]) . ' bytes)');
	$session->quit;

  SKIP:
	{
		skip 'this version keeps no graphs', 1 unless GraphTest::keeps_graphs($node);

		# The largest network first, then one that has room beside it, then none.
		$node->safe_psql('postgres', GraphTest::ring(9, 60000, 3));
		my $large = q{SELECT cost FROM netstate.shortest_path('ring 9', 'n1', 'n30000')};
		my $cost = $node->safe_psql('postgres', $large);
		my $preloaded = $mode eq 'preloaded';
		$node->append_conf('postgresql.conf', "netstate.cache_memory = 1\n");
		$node->restart;
		$session = GraphTest::session($node);
		like($session->ask("\\set VERBOSITY verbose\n$small"), qr/^[\d.]+$/, "$mode, 1 MB: a small network has room");
		my $refused = $session->ask($large);
		like($refused, qr/^ERROR:  53[24]00: /, "$mode, 1 MB: a large one has not");
		like($refused, qr/\d+(\.\d+)? ?(MB|kB|bytes)/, "$mode, 1 MB: the message says how much it needs");
		like($refused, qr/^HINT: .*netstate\.cache_memory/m, "$mode, 1 MB: and what to raise");
		like($session->ask($small), qr/^[\d.]+$/, "$mode, 1 MB: the session goes on");
		is($session->ask($right), 'right', "$mode, 1 MB: with right answers");
		like($session->ask($large), qr/^ERROR:  53[24]00: /, "$mode, 1 MB: refused again") for 1 .. 3;
		is($session->ask('BEGIN; UPDATE netstate.link SET metric = 3 WHERE id = 302'), '', "$mode, 1 MB: own changes");
		is($session->ask($right), 'right', "$mode, 1 MB: are seen");
		$session->ask('COMMIT');

		# Many networks, of which only some have room at a time.
		$session->ask(GraphTest::ring(100 + $_, 1500, 3)) foreach 1 .. 12;
		my @ring = map { "SELECT cost FROM netstate.shortest_path('ring " . (100 + $_) . "', 'n1', 'n700')" } 1 .. 12;
		foreach my $turn (1 .. 3)
		{
			my %answer = map { $_ => 1 } split /\n/, $session->ask(join ';', @ring);
			is(join(' ', keys %answer), (keys %answer)[0], "$mode, 1 MB: networks take turns, round $turn");
			like((keys %answer)[0], qr/^\d+$/, "$mode, 1 MB: all with the same answer");
		}
		my $limit = $session->ask('SELECT sum(total_bytes) FROM pg_backend_memory_contexts');
		cmp_ok($limit, '<', 12 * 1024 * 1024, "$mode, 1 MB: and the session holds no more than that ($limit bytes)");
		$session->quit;

		$node->append_conf('postgresql.conf', "netstate.cache_memory = 256\n");
		$node->restart;
		is($node->safe_psql('postgres', $large), $cost, "$mode, 256 MB: the large network has room");
	}

	$node->stop;
}

done_testing();
