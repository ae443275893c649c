# The change log keeps itself to its size, by those who write, and none of them
# waits for another or fails for it; what logical replication applies is logged.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $keep = 100_000;
my @settings = ("fsync = off", "max_prepared_transactions = 5", "autovacuum = off", "stats_fetch_consistency = none");

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 'logical', extra => [ '--locale=C.UTF-8', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', join("\n", @settings) . "\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION netstate CASCADE');
$node->safe_psql('postgres', q{
	INSERT INTO netstate.network (id, name, layer) VALUES (1, 'core', 'ip');
	INSERT INTO netstate.node (id, network_id, name) VALUES (1, 1, 'a'), (2, 1, 'b');
	INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) SELECT i, 1, 'l' || i, 1, 2, 1 FROM generate_series(1, 5000) i;
	SELECT netstate.prune_change_log(0)});

sub value { return $node->safe_psql('postgres', $_[0]); }
sub rows { return value('SELECT count(*) FROM netstate.change_log'); }
sub horizon { return value('SELECT xid FROM netstate.change_horizon'); }

# Statements that change a thousand links each, every one a transaction unless
# the session begins one.
sub bulk
{
	my ($n, $before, $after) = @_;
	return join("\n", $before // (), ('UPDATE netstate.link SET metric = metric + 1 WHERE id <= 1000;') x $n, $after // ());
}

# The same by transactions that do not prune.
sub unpruned { return "SET default_transaction_isolation = 'repeatable read';\n" . bulk(@_); }

# What the server counts reaches others within a second.
sub counted
{
	$node->poll_query_until('postgres', q{SELECT pg_stat_get_live_tuples('netstate.change_log'::regclass) > 100000})
	  or die 'the server does not count';
}

# ---- one transaction with very many rows comes first ----
$node->safe_psql('postgres', bulk(50, 'BEGIN;', 'COMMIT;'));
my $giant = value('SELECT max(xid) FROM netstate.change_log');
is(rows(), 50_000, 'fifty statements of a thousand');
$node->safe_psql('postgres', unpruned(55));
is(rows(), 105_000, 'nobody prunes above READ COMMITTED');
counted();
$node->safe_psql('postgres', bulk(1));
is(rows(), 106_000 - 2512, 'a commit that logs 1,000 deletes more than twice that');
is(horizon(), $giant + 1, 'the horizon is above the transaction that loses rows');
cmp_ok(value("SELECT count(*) FROM netstate.change_log WHERE xid = '$giant'"), '==', 50_000 - 2512, 'which keeps the rest for now');
$node->safe_psql('postgres', bulk(40));
cmp_ok(rows(), '<', 103_000, 'the log shrinks');
cmp_ok(value("SELECT count(*) FROM netstate.change_log WHERE xid = '$giant'"), '<', 10_000, 'the large transaction does not stop it');
$node->safe_psql('postgres', bulk(30));
is(value("SELECT count(*) FROM netstate.change_log WHERE xid = '$giant'"), 0, 'and is gone at last');
cmp_ok(horizon(), '>', $giant + 1, 'then the horizon goes on');
cmp_ok(value('SELECT count(DISTINCT l.xid) FROM netstate.change_log l, netstate.change_horizon h WHERE l.xid < h.xid'), '<', 2, 'with rows of at most one transaction below it');
cmp_ok(rows(), '>', $keep - 10_000, 'no more is deleted than has to be');

# ---- small transactions prune too ----
sub small
{
	my ($n) = @_;
	return "DO \$\$ BEGIN FOR i IN 1..$n LOOP UPDATE netstate.link SET metric = metric + 1 WHERE id = i; COMMIT; END LOOP; END \$\$;";
}
$node->safe_psql('postgres', unpruned(10));
my $before = rows();
counted();
$node->safe_psql('postgres', small(2000));
cmp_ok(rows(), '<', $before, 'two thousand transactions of one row');
is(value(q{SELECT count(*) FROM pg_locks WHERE relation = 'netstate.change_horizon'::regclass}), 0, 'nothing is left locked');

# ---- nobody waits ----
$node->safe_psql('postgres', unpruned(10));
counted();
my $open = $node->background_psql('postgres');
$open->query_safe('BEGIN; UPDATE netstate.link SET metric = 7 WHERE id = 4000');
$before = rows();
my $held = horizon();
$node->safe_psql('postgres', "SET lock_timeout = '1s';\n" . bulk(2));
is(rows(), $before + 2000 - 2 * 2512, 'beside an open transaction others write and prune');
cmp_ok(horizon(), '>', $held, 'up to what was before it');

my $pruner = $node->background_psql('postgres');
my $all = $pruner->query_safe('BEGIN; SELECT netstate.prune_change_log(90000)');
cmp_ok($all, '>', 0, 'a session prunes and stays open');
$before = rows();
my ($status, undef, $err) = $node->psql('postgres', "SET lock_timeout = '1s';\n" . bulk(3) . small(600));
is($status, 0, 'others write meanwhile') or diag($err);
is(rows(), $before + 3600, 'and leave the pruning to it');
is(value("SET lock_timeout = '1s'; SELECT netstate.prune_change_log(0)"), 0, 'so does who asks for it');
$pruner->query_safe('ROLLBACK');
$pruner->quit;
$node->safe_psql('postgres', "SET lock_timeout = '1s';\n" . bulk(2));
is(rows(), $before + 3600 + 2000 - 2 * 2512, 'what it had done is undone, and the next commit prunes again');

# The oldest transaction, and what came after it, are kept.
my $xid = $open->query_safe('SELECT pg_current_xact_id()');
value('SELECT netstate.prune_change_log(0)');
cmp_ok(horizon(), '<=', $xid, 'the horizon is not above the oldest transaction running');
cmp_ok(rows(), '>', 0, 'what came after it stays');
$open->query_safe(q{PREPARE TRANSACTION 'open'});
value('SELECT netstate.prune_change_log(0)');
cmp_ok(horizon(), '<=', $xid, 'nor above one that is prepared');
$open->query_safe(q{COMMIT PREPARED 'open'});
$open->quit;
is(value("SELECT count(*) FROM netstate.change_log WHERE xid = '$xid'"), 1, 'whose row is there when it commits');
value('SELECT netstate.prune_change_log(0)');
is(rows(), 0, 'then everything may go');

# ---- two writers who prune all the time ----
$node->safe_psql('postgres', unpruned(120));
counted();
my @writer = map { $node->background_psql('postgres') } 1 .. 3;
$_->query_safe("SET lock_timeout = '1s'; SET deadlock_timeout = '10ms'") foreach @writer;
$before = rows();
foreach my $i (0 .. 2)
{
	my $from = 1000 * $i;
	$writer[$i]->query_until(qr/go/, "\\echo go\n" . join('', map {
		"UPDATE netstate.link SET metric = metric + 1 WHERE id > $from AND id <= $from + 300;\n" } 1 .. 100));
}
$_->query_safe('SELECT 1') foreach @writer;
is(join(' ', map { $_->{stderr} =~ /ERROR/ ? $_->{stderr} : 'fine' } @writer), 'fine fine fine', 'three writers at once: none failed');
$_->quit foreach @writer;
cmp_ok(rows(), '<', $before, 'and the log shrank');
value('SELECT netstate.prune_change_log(0)');

# ---- SERIALIZABLE: the log is no way around it ----
$node->safe_psql('postgres', q{UPDATE netstate.link SET metric = 1});
my @session = map { $node->background_psql('postgres', on_error_stop => 0) } 1 .. 2;
foreach my $s (@session)
{
	$s->query('BEGIN ISOLATION LEVEL SERIALIZABLE');
	$s->query(q{SELECT count(*) FROM netstate.change_log WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())});
}
$session[$_ - 1]->query("UPDATE netstate.link SET metric = 5 WHERE id = $_") foreach 1, 2;
$_->query('COMMIT') foreach @session;
is(join(' ', map { $_->{stderr} =~ /could not serialize/ ? 'refused' : 'committed' } @session), 'committed refused',
	'two who read the log and write to it: one is refused');
$_->quit foreach @session;

# ---- logical replication ----
my $other = PostgreSQL::Test::Cluster->new('subscriber');
$other->init(extra => [ '--locale=C.UTF-8', '--encoding=UTF8' ]);
$other->append_conf('postgresql.conf', join("\n", @settings) . "\n");
$other->start;
$other->safe_psql('postgres', 'CREATE EXTENSION netstate CASCADE');
# The log of the publisher is full of its own transactions.
$node->safe_psql('postgres', q{
	TRUNCATE netstate.network CASCADE;
	INSERT INTO netstate.network (id, name, layer) VALUES (1, 'ip', 'ip'), (2, 'fibre', 'fibre');
	INSERT INTO netstate.node (id, network_id, name) VALUES (11, 1, 'a'), (12, 1, 'b'), (21, 2, 'a'), (22, 2, 'b');
	INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (101, 1, 'ab', 11, 12), (201, 2, 'ab', 21, 22);
	CREATE PUBLICATION p FOR TABLES IN SCHEMA netstate});
my $connect = $node->connstr . ' dbname=postgres';
$other->safe_psql('postgres', "CREATE SUBSCRIPTION s CONNECTION '$connect' PUBLICATION p");
$other->poll_query_until('postgres', q{SELECT count(*) = 0 FROM pg_subscription_rel WHERE srsubstate NOT IN ('r', 's')}) or die 'no copy';
# What was logged there since a transaction.
sub applied
{
	my ($since) = @_;
	$node->wait_for_catchup('s');
	return $other->safe_psql('postgres', "SELECT string_agg(kind || ' ' || id || ' of ' || network_id, ', ' ORDER BY kind, id, network_id)
		FROM netstate.change_log WHERE xid > '$since'");
}
is(applied('0'), 'link 101 of 1, link 201 of 2, network 1 of 1, network 2 of 2, node 11 of 1, node 12 of 1, node 21 of 2, node 22 of 2',
	'the first copy is logged, each row once, and nothing of the log of the other');
is($other->safe_psql('postgres', 'SELECT xid FROM netstate.change_horizon'), '0', 'the horizon is its own');

foreach my $step (
	[ 'insert', q{INSERT INTO netstate.node (id, network_id, name) VALUES (13, 1, 'c')}, 'node 13 of 1' ],
	[ 'supports and members', q{INSERT INTO netstate.link_support (link_id, supporting_link_id) VALUES (101, 201);
		INSERT INTO netstate.srlg (id, name) VALUES (1, 'g');
		INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (1, 201); INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (1, 21)},
		'link 101 of 0, link 201 of 0, node 21 of 0' ],
	[ 'update', q{UPDATE netstate.link SET metric = 5}, 'link 101 of 1, link 201 of 2' ],
	[ 'update of what no path depends on', q{UPDATE netstate.link SET load_gbps = 5}, '' ],
	[ 'update of a key', q{UPDATE netstate.node SET id = 14 WHERE id = 13}, 'node 13 of 1, node 14 of 1' ],
	[ 'delete', q{DELETE FROM netstate.node WHERE id = 14}, 'node 14 of 1' ],
	[ 'several statements', q{BEGIN; UPDATE netstate.network SET name = 'x' WHERE id = 1; UPDATE netstate.node SET status = 'failed' WHERE id = 11; COMMIT},
		'network 1 of 1, node 11 of 1' ],
	[ 'pruning', q{SELECT netstate.prune_change_log(0)}, '' ],
	[ 'truncate', q{TRUNCATE netstate.srlg_member}, 'all 0 of 0' ])
{
	my ($name, $statement, $expected) = @$step;
	my $since = $other->safe_psql('postgres', 'SELECT max(xid) FROM netstate.change_log');
	my $count = $other->safe_psql('postgres', 'SELECT count(*) FROM netstate.change_log');
	$node->safe_psql('postgres', $statement);
	is(applied($since), $expected, "applied: $name");
	is($other->safe_psql('postgres', 'SELECT count(*) FROM netstate.change_log') - $count, scalar(my @x = split(/, /, $expected)), "applied: $name, and nothing else");
}
unlike(slurp_file($other->logfile), qr/ERROR/, 'the subscriber complains of nothing');

$other->stop;
$node->stop;
done_testing();
