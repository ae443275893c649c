# self_check() is silent where all is as it was made, on whatever way it came
# there, and finds each fault that is planted.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 'logical', auth_extra => [], extra => [ '--locale=C.UTF-8', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = off\n");
$node->start;

my $found = q{SELECT what, object, detail FROM netstate.self_check()};
my $found_deep = q{SELECT what, object, detail FROM netstate.self_check(true)};
my $rows = q{
	INSERT INTO netstate.structure (id, name, geom) SELECT i, 's' || i, ST_SetSRID(ST_MakePoint(i * 0.001, 0), 4326) FROM generate_series(1, 5) i;
	INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom)
	SELECT i, 'p' || i, i, i + 1, ST_SetSRID(ST_MakeLine(ST_MakePoint(i * 0.001, 0), ST_MakePoint((i + 1) * 0.001, 0)), 4326) FROM generate_series(1, 4) i;
	INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES (11, 'beside', 1, 3, 'LINESTRING(0.001 0, 0.0015 0.00002, 0.0025 0.00002, 0.003 0)');
	INSERT INTO netstate.cable (id, name, strand_count) VALUES (1, 'c', 12);
	INSERT INTO netstate.cable_segment (cable_id, seq, span_id) SELECT 1, i, i FROM generate_series(1, 4) i;
	INSERT INTO netstate.network (id, name, layer) VALUES (1, 'f', 'fibre');
	INSERT INTO netstate.node (id, network_id, name, structure_id) VALUES (1, 1, 'a', 1), (2, 1, 'z', 5);
	INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (1, 1, 'az', 1, 2, 1), (2, 1, 'az too', 1, 2, 1);
	INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments) VALUES (1, 1, 1, '[1,3)', '[1,5)'), (2, 1, 1, '[3,5)', '[1,5)')};

sub create
{
	my ($db, $version) = @_;
	$node->safe_psql('postgres', qq{CREATE DATABASE "$db"});
	$node->safe_psql($db, 'SET client_min_messages = warning; CREATE EXTENSION netstate ' . ($version ? "VERSION '$version'" : '') . ' CASCADE');
}

# ---- silent ----

create('d');
is($node->safe_psql('d', $found_deep), '', 'a fresh installation');
$node->safe_psql('d', "BEGIN; $rows; COMMIT");
is($node->safe_psql('d', $found_deep), '', 'with rows');
is($node->safe_psql('d', 'SELECT count(*) > 0 FROM netstate.span_pair'), 't', 'pairs of spans among them');
is($node->safe_psql('d', "BEGIN; UPDATE netstate.link SET metric = 2; UPDATE netstate.span SET geom = ST_Reverse(ST_Reverse(geom)); $found_deep; COMMIT"), '', 'in a transaction that changes some');

foreach my $version (sort map { m{netstate--([^-]+)\.sql$} ? $1 : () } glob("$ENV{NS_SOURCE}/test/update/netstate--*.sql"))
{
	create("from_$version", $version);
	$node->safe_psql("from_$version", 'CREATE INDEX mine ON netstate.link (length_km); ALTER TABLE netstate.link ADD COLUMN colour text, ADD CONSTRAINT mine CHECK (colour IS NULL)');
	$node->safe_psql("from_$version", 'ALTER EXTENSION netstate UPDATE');
	is($node->safe_psql("from_$version", $found_deep), '', "updated from $version");
	is($node->safe_psql("from_$version", q{SELECT count(*) FROM ((SELECT kind, object, definition FROM netstate.shipped EXCEPT SELECT kind, object, definition FROM netstate.shipped_now())
		UNION ALL (SELECT kind, object, definition FROM netstate.shipped_now() EXCEPT SELECT kind, object, definition FROM netstate.shipped)) x
		WHERE object NOT LIKE '%mine on%' AND object <> 'link.colour'}), '0', "$version: all of it is written down");
	$node->safe_psql("from_$version", 'ALTER TABLE netstate.link DROP COLUMN colour; DROP INDEX netstate.mine');
	is($node->safe_psql("from_$version", $found), '', "$version: and nothing of others'");
}

# What was wrong before the update shows after it.
create('wrong', '0.3.0');
$node->safe_psql('wrong', q{
	DROP TRIGGER commit_check_update ON netstate.cable;
	ALTER TABLE netstate.link DISABLE TRIGGER change_log_update;
	ALTER TABLE netstate.zone DISABLE TRIGGER ALL;
	ALTER TABLE netstate.srlg_member DROP CONSTRAINT srlg_member_share_is_0_to_1;
	ALTER EXTENSION netstate UPDATE});
like($node->safe_psql('wrong', $found), qr/constraint\|srlg_member_share_is_0_to_1 on srlg_member\|It is missing\.\nforeign key trigger\|RI_FKey_check_ins of .* on zone\|Enabled is D, and was made as O\.\n(?:foreign key trigger\|.*\n)*trigger\|change_log_update on link\|Enabled is D, and was made as A\.\n(?:trigger\|commit_check_update on cable\|It is missing\.)$/, 'what was wrong before an update is found after it');

# ---- what others may do ----

is($node->safe_psql('d', qq{BEGIN;
	CREATE ROLE reader; CREATE ROLE operator;
	GRANT USAGE ON SCHEMA netstate TO reader, operator;
	GRANT SELECT ON ALL TABLES IN SCHEMA netstate TO reader, operator;
	GRANT EXECUTE ON ALL ROUTINES IN SCHEMA netstate TO reader, operator;
	GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA netstate TO operator;
	REVOKE ALL ON netstate.change_log, netstate.change_horizon, netstate.commit_check FROM operator;
	REVOKE INSERT, UPDATE, DELETE ON netstate.span_pair, netstate.span_pair_own, netstate.risk_rule_default, netstate.shipped FROM operator;
	CREATE TABLE mine (link_id bigint REFERENCES netstate.link, network_id bigint REFERENCES netstate.network ON DELETE CASCADE);
	CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
	CREATE TRIGGER mine BEFORE INSERT OR UPDATE ON netstate.link FOR EACH ROW EXECUTE FUNCTION mine();
	ALTER TABLE netstate.link ADD COLUMN colour text CHECK (colour <> ''), ENABLE ROW LEVEL SECURITY;
	CREATE INDEX ON netstate.link (length_km);
	CREATE POLICY mine ON netstate.link USING (true);
	CREATE VIEW netstate.mine AS SELECT id FROM netstate.link;
	INSERT INTO netstate.risk_rule (kind, enabled) VALUES ('site', false);
	SET ROLE reader; $found_deep; RESET ROLE; ROLLBACK}), '', 'the grants of the manual, own indexes, columns, triggers, policies; asked by a reader');

# ---- faults ----

# Each is planted, found, and rolled back.
my @faults = (
	[ 'a trigger turned off', 'ALTER TABLE netstate.commit_check DISABLE TRIGGER commit_check_run', 'trigger|commit_check_run on commit_check|Enabled is D, and was made as A.' ],
	[ 'a trigger that fires not always', 'ALTER TABLE netstate.link ENABLE TRIGGER change_log_update', 'trigger|change_log_update on link|Enabled is O, and was made as A.' ],
	[ 'a trigger for replicas alone', 'ALTER TABLE netstate.cable_segment ENABLE REPLICA TRIGGER commit_check_insert', 'trigger|commit_check_insert on cable_segment|Enabled is R, and was made as A.' ],
	[ 'triggers turned off and on again', 'ALTER TABLE netstate.risk_rule_default DISABLE TRIGGER USER, ENABLE TRIGGER USER', qr/^trigger\|change_log_apply on risk_rule_default\|Enabled is O, and was made as R\.\n(?:trigger\|\S+ on risk_rule_default\|Enabled is O, and was made as [AR]\.\n?)+$/ ],
	[ 'triggers of foreign keys turned off', 'ALTER TABLE netstate.zone DISABLE TRIGGER ALL', qr/^foreign key trigger\|RI_FKey_check_ins of zone_\S+ on zone\|Enabled is D, and was made as O\./ ],
	[ 'a trigger dropped', 'DROP TRIGGER change_log_update ON netstate.link', 'trigger|change_log_update on link|It is missing.' ],
	[ 'a trigger of another function', 'CREATE OR REPLACE TRIGGER commit_check_update AFTER UPDATE ON netstate.cable REFERENCING OLD TABLE AS old_row NEW TABLE AS new_row FOR EACH STATEMENT EXECUTE FUNCTION netstate.change_log_write(); ALTER TABLE netstate.cable ENABLE ALWAYS TRIGGER commit_check_update',
		qr/^trigger\|commit_check_update on cable\|Function is netstate\.change_log_write\(\), and was made as netstate\.commit_check_queue\(\)\. / ],
	[ 'a trigger with a condition', 'CREATE OR REPLACE TRIGGER change_log_insert AFTER INSERT ON netstate.link REFERENCING NEW TABLE AS new_row FOR EACH STATEMENT WHEN (pg_catalog.random() < 0.5) EXECUTE FUNCTION netstate.change_log_write(); ALTER TABLE netstate.link ENABLE ALWAYS TRIGGER change_log_insert',
		qr/^trigger\|change_log_insert on link\|Condition is true, and was made as false\./ ],
	[ 'a function replaced', q{CREATE OR REPLACE FUNCTION netstate.commit_check_run() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'},
		qr/^function\|netstate\.commit_check_run\(\)\|Language is plpgsql, and was made as c\. Library is nothing, and was made as \$libdir\/netstate\. It was replaced\./ ],
	[ 'an SQL function replaced', 'CREATE OR REPLACE FUNCTION netstate.risk_name(srlg_id bigint) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC SELECT NULL::text; END', 'function|netstate.risk_name(bigint)|It is defined otherwise than it was made.' ],
	[ 'a VOLATILE function under the check', 'ALTER FUNCTION netstate.memberships VOLATILE', 'function|netstate.memberships(bigint[])|Volatility is v, and was made as s.' ],
	[ 'a function with the rights of its owner', 'ALTER FUNCTION netstate.trace SECURITY DEFINER', 'function|netstate.trace(bigint)|Security definer is true, and was made as false.' ],
	[ 'a function with another search_path', 'ALTER FUNCTION netstate.drop_applied_row SET search_path = public', 'function|netstate.drop_applied_row()|Settings is ["search_path=public"], and was made as ["search_path=pg_catalog, pg_temp"].' ],
	[ 'a function taken out of the extension', 'ALTER EXTENSION netstate DROP FUNCTION netstate.risk_element', 'function|netstate.risk_element(bigint)|It is missing.' ],
	[ 'a CHECK dropped', 'ALTER TABLE netstate.link DROP CONSTRAINT link_ends_differ', 'constraint|link_ends_differ on link|It is missing.' ],
	[ 'a CHECK that is not valid', 'ALTER TABLE netstate.link DROP CONSTRAINT link_ends_differ; ALTER TABLE netstate.link ADD CONSTRAINT link_ends_differ CHECK (a_node_id <> z_node_id) NOT VALID',
		qr/^constraint\|link_ends_differ on link\|It is defined otherwise than it was made\. Validated is false, and was made as true\.$/ ],
	[ 'a weaker CHECK', 'ALTER TABLE netstate.link DROP CONSTRAINT link_ends_differ; ALTER TABLE netstate.link ADD CONSTRAINT link_ends_differ CHECK (a_node_id > 0 OR a_node_id <> z_node_id)', 'constraint|link_ends_differ on link|It is defined otherwise than it was made.' ],
	[ 'a foreign key that cascades', 'ALTER TABLE netstate.cable_segment DROP CONSTRAINT cable_segment_lies_in_span; ALTER TABLE netstate.cable_segment ADD CONSTRAINT cable_segment_lies_in_span FOREIGN KEY (span_id) REFERENCES netstate.span ON DELETE CASCADE',
		qr/^constraint\|cable_segment_lies_in_span on cable_segment\|On delete is c, and was made as a\. It is defined otherwise/ ],
	[ 'an exclusion dropped', 'ALTER TABLE netstate.strand_assignment DROP CONSTRAINT strand_assignment_strand_of_segment_is_assigned_once', qr/^constraint\|strand_assignment_strand_of_segment_is_assigned_once on strand_assignment\|It is missing\./ ],
	[ 'a key dropped', 'ALTER TABLE netstate.cable DROP CONSTRAINT cable_name_is_unique', qr/^constraint\|cable_name_is_unique on cable\|It is missing\.\nindex\|cable_name_is_unique on cable\|It is missing\.$/ ],
	[ 'an index dropped', 'DROP INDEX netstate.cable_segment_span_id_idx', 'index|cable_segment_span_id_idx on cable_segment|It is missing.' ],
	[ 'an index that is not valid', q{SET LOCAL allow_system_table_mods = on; UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'netstate.cable_segment_span_id_idx'::regclass}, 'index|cable_segment_span_id_idx on cable_segment|Valid is false, and was made as true.' ],
	[ 'a column that may be NULL', 'ALTER TABLE netstate.link ALTER status DROP NOT NULL', 'column|link.status|Not null is false, and was made as true.' ],
	[ 'another default', q{ALTER TABLE netstate.link ALTER status SET DEFAULT 'failed'}, 'column|link.status|It is defined otherwise than it was made.' ],
	[ 'a view replaced', 'CREATE OR REPLACE VIEW netstate.link_state WITH (security_invoker = true) AS SELECT NULL::bigint AS link_id, NULL::double precision AS carried, NULL::boolean AS up', 'view|link_state|It is defined otherwise than it was made.' ],
	[ 'a view with the rights of its owner', 'ALTER VIEW netstate.risk SET (security_invoker = false)', 'view|risk|Options is ["security_invoker=false"], and was made as ["security_invoker=true"].' ],
	[ 'a table that a crash empties', 'ALTER TABLE netstate.srlg_node SET UNLOGGED', 'table|srlg_node|Persistence is u, and was made as p.' ],
	[ 'a child', 'CREATE TABLE more () INHERITS (netstate.cable_segment)', 'child table|cable_segment|Table public.more inherits from it: what is written there passes no guard.' ],
	[ 'a right on the queue', 'CREATE ROLE x; GRANT INSERT, DELETE ON netstate.commit_check TO x', 'right|commit_check|x may DELETE, INSERT.' ],
	[ 'a right on a column', 'GRANT UPDATE (xid) ON netstate.change_horizon TO PUBLIC', 'right|change_horizon|PUBLIC may UPDATE.' ],
	[ 'a right to add triggers', 'CREATE ROLE x; GRANT TRIGGER ON netstate.link TO x', 'right|link|x may TRIGGER.' ],
	[ 'a right on the schema', 'CREATE ROLE x; GRANT CREATE ON SCHEMA netstate TO x', 'right|schema netstate|x may CREATE.' ],
	[ 'another owner of a table', 'CREATE ROLE x; ALTER TABLE netstate.link OWNER TO x', qr/^owner\|netstate\.link\|It belongs to x, and the extension to / ],
	[ 'another owner of a function', 'CREATE ROLE x; ALTER FUNCTION netstate.commit_check_queue OWNER TO x', qr/^owner\|netstate\.commit_check_queue\(\)\|It belongs to x, and the extension to / ],
	[ 'who may set session_replication_role', 'CREATE ROLE x; GRANT SET ON PARAMETER session_replication_role TO x', 'setting|session_replication_role|x may SET it.' ],
	[ 'a role that does', 'CREATE ROLE x; ALTER ROLE x SET session_replication_role = replica', 'setting|session_replication_role|x sets session_replication_role=replica.' ],
	[ 'a session that does', 'SET LOCAL session_replication_role = replica', 'setting|session_replication_role|It is replica in this session: foreign keys and pairs of spans are not kept.' ],
	[ 'a rule', 'CREATE RULE nothing AS ON DELETE TO netstate.change_log DO INSTEAD NOTHING', 'rule|nothing on change_log|It rewrites statements before any guard sees them.' ],
	[ 'a trigger on the queue', q{CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER a BEFORE INSERT ON netstate.commit_check FOR EACH ROW EXECUTE FUNCTION mine()}, q{trigger|a on commit_check|It is not the extension's, on a table that nobody else writes.} ],
	[ 'row-level security forced', 'ALTER TABLE netstate.span FORCE ROW LEVEL SECURITY', 'row-level security|span|It is forced on the owner, with whose rights the guards read.' ],
	[ 'row-level security of the log', 'ALTER TABLE netstate.change_log ENABLE ROW LEVEL SECURITY', 'row-level security|change_log|It is on, and hides from readers what counts for all.' ],
	[ 'a shipped rule changed', q{UPDATE netstate.risk_rule_default SET probability = 0.5 WHERE kind = 'span'}, 'row|risk_rule_default span|Probability is 0.5, and was made as 1.' ],
	[ 'no horizon of the log', 'ALTER TABLE netstate.change_horizon DISABLE TRIGGER USER; DELETE FROM netstate.change_horizon; ALTER TABLE netstate.change_horizon ENABLE ALWAYS TRIGGER change_log_guard, ENABLE ALWAYS TRIGGER change_log_guard_truncate', 'change log|change_horizon|It has 0 rows, and has one row always.' ],
	[ 'a horizon of another server', q{ALTER TABLE netstate.change_horizon DISABLE TRIGGER USER; UPDATE netstate.change_horizon SET xid = '99999999999'; ALTER TABLE netstate.change_horizon ENABLE ALWAYS TRIGGER change_log_guard, ENABLE ALWAYS TRIGGER change_log_guard_truncate}, 'change log|change_horizon|The log is said to reach back to transaction 99999999999, which is still to come.' ],
	[ 'a pair that nobody changed, left by another transaction', q{INSERT INTO netstate.span_pair_own VALUES ('3', 1, 2, false, NULL, NULL)}, 'span_pair|span_pair_own|1 rows of transactions that have ended, such as 3, are left.' ],
	[ 'nothing written down', 'DELETE FROM netstate.shipped', qr/extension\|netstate\|Nothing is written down of what its scripts made\./ ],
	[ 'a route past the check', q{ALTER TABLE netstate.cable_segment DISABLE TRIGGER commit_check_delete; DELETE FROM netstate.cable_segment WHERE seq = 2; ALTER TABLE netstate.cable_segment ENABLE ALWAYS TRIGGER commit_check_delete},
		qr/^violation\|cable_route cable c\|Segments of cable 1 \(c\) are not numbered 1, 2, 3 and so on\. It has segment 3, and no segment 2\.$/ ],
	[ 'a group that does not hold, past the check', q{ALTER TABLE netstate.commit_check DISABLE TRIGGER commit_check_run;
			INSERT INTO netstate.disjoint_group (id, name, mode) VALUES (1, 'g', 'enforce'); INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (1, 1), (1, 2);
			INSERT INTO netstate.disjoint_group (id, name, mode) VALUES (2, 'shown', 'monitor'); INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (2, 1), (2, 2);
			ALTER TABLE netstate.commit_check ENABLE ALWAYS TRIGGER commit_check_run},
		qr/^violation\|disjoint_group disjoint_group g\|Link 1 \(az\) and link 2 \(az too\) share span 1 \(p1\), [^\n]*$/ ],
	[ 'a row that no exclusion lets in', q{ALTER TABLE netstate.strand_assignment DROP CONSTRAINT strand_assignment_strand_of_segment_is_assigned_once; UPDATE netstate.strand_assignment SET strands = '[1,3)'},
		qr/^constraint\|strand_assignment_strand_of_segment_is_assigned_once on strand_assignment\|It is missing\./ ],
	[ 'a waiver that has expired', q{INSERT INTO netstate.disjoint_group (id, name) VALUES (1, 'g'); INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (1, 1), (1, 2);
			INSERT INTO netstate.waiver (group_id, element_kind, element_id, owner, expires_at)
			SELECT DISTINCT 1, element_kind, element_id, 'me', now() - interval '1 minute' FROM netstate.link_shared(1, 2);
			UPDATE netstate.disjoint_group SET mode = 'enforce'},
		qr/^violation\|disjoint_group disjoint_group g\|/ ],
	[ 'a pair of spans that is no pair', q{INSERT INTO netstate.span_pair VALUES (1, 4, true, 0, array_fill(1::real, '{25}'))}, 'span_pair|span_pair|1 pairs are not as they are derived anew, such as spans 1 and 4.', $found_deep ],
	[ 'a row that refers to nothing', q{SET LOCAL session_replication_role = replica; INSERT INTO netstate.srlg_member VALUES (77, 1); SET LOCAL session_replication_role = origin}, qr/^row\|srlg_member_\S+ on srlg_member\|1 rows do not hold to it, such as \(77,1,/, $found_deep ],
	[ 'a row that no CHECK lets in', q{SET LOCAL allow_system_table_mods = on; ALTER TABLE netstate.cable DROP CONSTRAINT cable_strand_count_is_1_to_100000; UPDATE netstate.cable SET strand_count = 100001;
			ALTER TABLE netstate.cable ADD CONSTRAINT cable_strand_count_is_1_to_100000 CHECK (strand_count BETWEEN 1 AND 100000) NOT VALID; UPDATE pg_constraint SET convalidated = true WHERE conname = 'cable_strand_count_is_1_to_100000'},
		'row|cable_strand_count_is_1_to_100000 on cable|1 rows do not hold to it, such as (1,c,100001,operational).', $found_deep ]);
cmp_ok(scalar @faults, '>=', 20, scalar(@faults) . ' faults');
foreach my $fault (@faults)
{
	my ($name, $plant, $expected, $ask) = @$fault;
	my ($status, $out, $err) = $node->psql('d', "SET client_min_messages = warning; BEGIN; $plant;\n" . ($ask // $found) . '; ROLLBACK', on_error_stop => 1);
	diag("$name: $err") if $err;
	ref $expected ? like($out, $expected, $name) : is($out, $expected, $name);
}
is($node->safe_psql('d', $found_deep), '', 'and after all of these none is left');

# Each finding says what to do; that mends it.
my $script = $node->safe_psql('d', q{BEGIN;
	ALTER TABLE netstate.link DISABLE TRIGGER change_log_update;
	CREATE TABLE more () INHERITS (netstate.cable_segment);
	CREATE ROLE x; GRANT INSERT ON netstate.commit_check TO x; GRANT CREATE ON SCHEMA netstate TO x;
	GRANT SET ON PARAMETER session_replication_role TO x; ALTER ROLE x SET session_replication_role = replica;
	CREATE RULE nothing AS ON DELETE TO netstate.change_log DO INSTEAD NOTHING;
	ALTER TABLE netstate.span FORCE ROW LEVEL SECURITY;
	ALTER TABLE netstate.site OWNER TO x; COMMIT;
	SELECT regexp_replace(regexp_replace(hint, '[;.] .*', ''), '\.?$', ';') FROM netstate.self_check()});
is(scalar(my @lines = split /\n/, $script), 9, 'nine findings say what to do');
$node->safe_psql('d', "$script DROP TABLE more; DROP ROLE x");
is($node->safe_psql('d', $found_deep), '', 'and it is done');

# ---- committed past the check ----

$node->safe_psql('d', q{ALTER TABLE netstate.commit_check DISABLE TRIGGER commit_check_run;
	DELETE FROM netstate.cable_segment WHERE seq = 2;
	ALTER TABLE netstate.commit_check ENABLE ALWAYS TRIGGER commit_check_run});
like($node->safe_psql('d', $found), qr/^check at COMMIT\|commit_check\|1 changes of transactions that have ended, such as \d+, were never proven\.\nviolation\|cable_route /, 'a COMMIT that proved nothing');
$node->safe_psql('d', q{INSERT INTO netstate.cable_segment (cable_id, seq, span_id) VALUES (1, 2, 2);
	ALTER TABLE netstate.commit_check DISABLE TRIGGER commit_check_guard; DELETE FROM netstate.commit_check; ALTER TABLE netstate.commit_check ENABLE ALWAYS TRIGGER commit_check_guard});
is($node->safe_psql('d', $found), '', 'is mended');

# ---- elsewhere ----

my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, $node->connstr('d') ], 'dumped');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'pg_restore', '-1', '-d', $node->connstr('restored'), $dump ], 'restored');
is($node->safe_psql('restored', $found_deep), '', 'restored in one transaction');
$node->safe_psql('postgres', 'CREATE DATABASE loose');
$node->command_ok([ 'pg_restore', '--section=pre-data', '-d', $node->connstr('loose'), $dump ], 'restored: tables');
$node->run_log([ 'pg_restore', '--section=data', '--data-only', '--disable-triggers', '-d', $node->connstr('loose'), $dump ]);
like($node->safe_psql('loose', $found), qr/Enabled is O, and was made as A/, 'a restore that turned triggers off and on again is found');

$node->backup('b');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'b', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
is($standby->safe_psql('d', $found_deep), '', 'a standby');
is($standby->safe_psql('d', 'SELECT count(*) FROM netstate.violation'), '0', 'and the view there');
is($standby->safe_psql('d', 'SELECT count(*) FROM netstate.what_if_diff()'), '0', 'where nobody changes anything');
cmp_ok($standby->safe_psql('d', q{SELECT count(*) FROM netstate.explain_links(1, 2) WHERE part = 'shared'}), '>', 5, 'and things are explained');
$node->safe_psql('d', 'ALTER TABLE netstate.link DISABLE TRIGGER change_log_update');
$node->wait_for_catchup($standby);
is($standby->safe_psql('d', $found), 'trigger|change_log_update on link|Enabled is D, and was made as A.', 'a standby finds what is wrong');
$node->safe_psql('d', 'ALTER TABLE netstate.link ENABLE ALWAYS TRIGGER change_log_update');
$standby->stop;

my $subscriber = PostgreSQL::Test::Cluster->new('subscriber');
$subscriber->init(auth_extra => [], extra => [ '--locale=C.UTF-8', '--encoding=UTF8' ]);
$subscriber->append_conf('postgresql.conf', "fsync = off\n");
$subscriber->start;
$subscriber->safe_psql('postgres', 'SET client_min_messages = warning; CREATE EXTENSION netstate CASCADE');
my @published = map { "netstate.$_" } qw(structure span span_pair cable cable_segment network node link strand_assignment);
$node->safe_psql('d', 'CREATE PUBLICATION p FOR TABLE ' . join ', ', @published);
my $from = $node->connstr('d');
$from =~ s/'/''/g;
$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION s CONNECTION '$from' PUBLICATION p");
$subscriber->wait_for_subscription_sync($node, 's');
is($subscriber->safe_psql('postgres', 'SELECT count(*) FROM netstate.cable_segment'), '4', 'a subscriber has the rows');
is($subscriber->safe_psql('postgres', $found_deep), q{subscription|s|It writes cable, cable_segment, link, network, node, span, span_pair, strand_assignment, structure: what it brings passes no guard here, the publisher's are those that count.}, 'and says who holds the guards');
$node->safe_psql('d', q{ALTER TABLE netstate.cable_segment DISABLE TRIGGER commit_check_delete; DELETE FROM netstate.cable_segment WHERE seq = 2});
$node->wait_for_catchup('s');
like($subscriber->safe_psql('postgres', $found), qr/\nviolation\|cable_route cable c\|/, 'what the publisher let through is proven anew');
$subscriber->stop;

my ($status, undef, $err) = $node->psql('d', '\set VERBOSITY verbose' . "\nSELECT * FROM netstate.self_check(NULL)");
like($err, qr/22004: argument "deep" must not be NULL/, 'NULL');
($status, undef, $err) = $node->psql('d', '\set VERBOSITY verbose' . "\nCREATE ROLE stranger; GRANT USAGE ON SCHEMA netstate TO stranger; GRANT EXECUTE ON ALL ROUTINES IN SCHEMA netstate TO stranger; SET ROLE stranger; SELECT * FROM netstate.self_check()");
like($err, qr/42501/, 'without rights');

$node->stop;
done_testing();
