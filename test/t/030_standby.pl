# A hot standby answers what its primary answers, under its own snapshot, and
# nothing that a function does needs to write.

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1, auth_extra => [], extra => [ '--locale=C.UTF-8', '--encoding=UTF8' ]);
$primary->append_conf('postgresql.conf', "fsync = off\n");
$primary->start;

$primary->safe_psql('postgres', <<'SQL');
SET client_min_messages = warning;
CREATE EXTENSION netstate CASCADE;
INSERT INTO netstate.network (id, name, layer) VALUES (1, 'fibre', 'fibre'), (2, 'ip', 'ip');
INSERT INTO netstate.node (id, network_id, name) SELECT i, 1, 'f' || i FROM generate_series(1, 5) i;
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) SELECT 10 + i, 2, 'r' || i, i FROM generate_series(1, 5) i;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, capacity_gbps)
SELECT i, 1, 'f' || i, i, i % 5 + 1, 1, 100 FROM generate_series(1, 5) i;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, capacity_gbps)
SELECT 10 + i, 2, 'r' || i, 10 + i, 10 + i % 5 + 1, i, 100 FROM generate_series(1, 5) i;
INSERT INTO netstate.link_support (link_id, supporting_link_id) SELECT 10 + i, i FROM generate_series(1, 5) i;
INSERT INTO netstate.srlg (id, name, mtbf_hours) VALUES (1, 'trench', 8760);
INSERT INTO netstate.demand (network_id, name, src_node_id, dst_node_id, gbps)
SELECT 2, 'd' || i, 10 + i, 10 + i % 5 + 1, 60 FROM generate_series(1, 5) i;
INSERT INTO netstate.bypass (protected_link_id, bypass_link_id) VALUES (11, 12);
INSERT INTO netstate.drain (id, name, during, mode, owner) VALUES (1, 'works', '[2040-01-01 10:00+00, 2040-01-01 12:00+00)', 'monitor', 'noc');
INSERT INTO netstate.drain_element VALUES (1, 'link', 2);
SQL

my $backup = 'base';
$primary->backup($backup);
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, $backup, has_streaming => 1);
$standby->start;

my @question = (
	q{SELECT * FROM netstate.shortest_path('ip', 'r1', 'r4')},
	q{SELECT * FROM netstate.k_shortest_paths('ip', 'r1', 'r4', 5) ORDER BY path},
	q{SELECT * FROM netstate.disjoint_paths('ip', 'r1', 'r4') ORDER BY path},
	q{SELECT * FROM netstate.disjoint_paths('ip', 'r1', 'r4', strict => false) ORDER BY path},
	q{SELECT * FROM netstate.bypass_paths('ip', strict => false)},
	q{SELECT * FROM netstate.bypass_violations() ORDER BY subject_id, detail},
	q{SELECT * FROM netstate.drain_violations() ORDER BY subject_id, detail},
	q{SELECT * FROM netstate.drain_effect(1) ORDER BY at, subject_id, cause},
	q{SELECT * FROM netstate.drain_window('{node}', '{3}', '1 hour', '2040-01-01 09:00+00', '2040-01-02 00:00+00')},
	q{SELECT * FROM netstate.disjoint_obstacles('ip', 'r1', 'r4')},
	q{SELECT * FROM netstate.risk_member ORDER BY srlg_id, link_id},
	q{SELECT * FROM netstate.members('srlg', '{1}') ORDER BY srlg_id, link_id},
	q{SELECT * FROM netstate.link_state ORDER BY link_id},
	q{SELECT netstate.link_id('ip', 'r3')},
	q{SELECT * FROM netstate.link_load('ip') ORDER BY link_id},
	q{SELECT * FROM netstate.unrouted_demands('ip') ORDER BY demand_id},
	q{SELECT * FROM netstate.bypass_contention('ip') WITH ORDINALITY ORDER BY ordinality},
);
my $all = join(';', @question);

sub compare
{
	my ($what) = @_;

	$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
	my $there = $primary->safe_psql('postgres', $all);
	is($standby->safe_psql('postgres', $all), $there, $what);
	return $there;
}

my $before = compare('the same answers');
$primary->safe_psql('postgres', 'INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (1, 1), (1, 4)');
my $risk = compare('after a risk is declared');
isnt($risk, $before, 'which changed the answers');
$primary->safe_psql('postgres', q{UPDATE netstate.link SET status = 'failed' WHERE name = 'f2'});
my $cut = compare('after a cut beneath');
isnt($cut, $risk, 'which changed them again');

# A transaction of the standby keeps its snapshot while the primary goes on.
my ($in, $out) = ("BEGIN ISOLATION LEVEL REPEATABLE READ;\n$all;\n\\echo asked\n", '');
my $session = IPC::Run::start([ 'psql', '-XAtq', '-d', $standby->connstr('postgres') ],
	'<', \$in, '>', \$out, IPC::Run::timeout(60));
$session->pump until $out =~ /^asked$/m;
$primary->safe_psql('postgres', q{UPDATE netstate.link SET status = 'in_service' WHERE name = 'f2'});
is(compare('after the repair'), $risk, 'which brought the former answers back');
$in .= "$all;\nCOMMIT;\n$all;\n\\echo end\n";
$session->pump until $out =~ /^end$/m;
$in .= "\\q\n";
$session->finish;
is($out, "$cut\nasked\n$cut\n$risk\nend\n", 'the open transaction kept its own answers until its end');

# What-if by argument is the one form that a standby has.
is($standby->safe_psql('postgres', q{SELECT cost FROM netstate.shortest_path('ip', 'r1', 'r4', avoid_links => '{12}')}),
	9, 'a what-if by argument');

$standby->stop;
$primary->stop;
done_testing();
