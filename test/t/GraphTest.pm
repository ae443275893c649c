# What the tests of the kept graph share: servers with and without netstate in
# shared_preload_libraries, sessions that stay open, and a network to ask about.

package GraphTest;

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use Test::More;

# Each test runs in both: with preload one graph serves all sessions, without it
# each has its own.
our @MODES = ('preloaded', 'not preloaded');

# Adds what every server of these tests has.
sub configure
{
	my ($node, $mode, $more) = @_;
	$node->append_conf('postgresql.conf', join "\n", 'fsync = off', 'jit = off', 'log_statement = none', 'plan_cache_mode = force_generic_plan', 'max_prepared_transactions = 10',
		'max_wal_size = 2GB', $mode eq 'preloaded' ? "shared_preload_libraries = 'netstate'" : (), $more // '', '');
}

sub new_node
{
	my ($name, $mode, %option) = @_;
	my $node = PostgreSQL::Test::Cluster->new(($mode eq 'preloaded' ? 'shared_' : 'own_') . $name);
	$node->init(auth_extra => [], extra => [ '--locale=C.UTF-8', '--encoding=UTF8' ], %{ $option{init} // {} });
	configure($node, $mode, $option{conf});
	$node->start;
	return $node;
}

sub create_extension
{
	my ($node, $db) = @_;
	$node->safe_psql($db // 'postgres', 'SET client_min_messages = warning; CREATE EXTENSION netstate CASCADE');
}

# Does this version keep graphs?
sub keeps_graphs
{
	my ($node) = @_;
	return $node->safe_psql('postgres', q{SELECT to_regprocedure('netstate.graph_status(text)') IS NOT NULL}) eq 't';
}

# A ring of `nodes` with chords, in network `id`: names n1, n2, ...; an
# undirected link i from node i to the next and one to the i-th chord.  Levels
# are given and triggers that look them up are off: this is for large ones.
sub ring
{
	my ($id, $nodes, $links_per_node) = @_;
	$links_per_node //= 2;
	return <<SQL;
SET client_min_messages = warning;
SET session_replication_role = replica;
INSERT INTO netstate.network (id, name, layer) VALUES ($id, 'ring $id', 'ip');
INSERT INTO netstate.node (id, network_id, name, level) SELECT $id * 10000000 + i, $id, 'n' || i, 4 FROM generate_series(1, $nodes) i;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, level)
SELECT $id * 10000000 + d * $nodes + i, $id, d || '/' || i, $id * 10000000 + i, $id * 10000000 + 1 + (i + d * 7919) % $nodes, 1 + (i * 31 + d) % 17, 4
FROM generate_series(1, $nodes) i, generate_series(0, $links_per_node - 1) d WHERE (i + d * 7919) % $nodes <> i - 1;
RESET session_replication_role;
ANALYZE netstate.network, netstate.node, netstate.link;
SQL
}

# ---- a session that stays open ----

sub session
{
	my ($node, $db) = @_;
	my $self = bless { in => '', out => '', n => 0 }, 'GraphTest';
	$self->{timer} = IPC::Run::timeout(180);
	$self->{psql} = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr($db // 'postgres') ],
		'<', \$self->{in}, '>', \$self->{out}, '2>&1', $self->{timer});
	$self->{pid} = $self->ask('SELECT pg_backend_pid()');
	return $self;
}

# Sends statements without waiting for their end.
sub send
{
	my ($self, $sql) = @_;
	my $mark = 'done ' . ++$self->{n};
	$self->{in} .= "$sql\n;\n\\echo $mark\n";
	$self->{psql}->pump_nb;
	return;
}

# Waits for what was sent: all that it printed, errors included.
sub answer
{
	my ($self) = @_;
	my $mark = "done $self->{n}";
	$self->{timer}->start(180);
	$self->{psql}->pump until $self->{out} =~ /^\Q$mark\E$/m;
	my $out = $self->{out};
	$self->{out} = '';
	$out =~ s/^\Q$mark\E\n//m;
	chomp $out;
	return $out;
}

sub ask
{
	my ($self, $sql) = @_;
	$self->send($sql);
	return $self->answer;
}

sub quit
{
	my ($self) = @_;
	$self->{in} .= "\\q\n";
	eval { $self->{psql}->finish };
}

# The session's server process is gone: forget the psql.
sub abandon
{
	my ($self) = @_;
	eval { $self->{psql}->kill_kill };
}

1;
