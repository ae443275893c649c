# Ways around what is promised: each is walked, and either it is refused, or it is for
# owners and superusers alone and self_check() finds what they did.
#
# The numbers are those of a list of thirty ways by which guards of other databases
# were passed.  1 to 8 are interleavings: test/isolation/specs/diversity_*.spec and
# 071_diversity_load.pl walk them.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use lib "$FindBin::RealBin/../plant";
use lib "$FindBin::RealBin/../diversity";
use DiversityTest;
use GraphTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = GraphTest::new_node('bypass', 'not preloaded', conf => "max_connections = 30\nautovacuum = off", init => { allows_streaming => 'logical' });
GraphTest::create_extension($node);
DiversityTest::prepare($node->connstr('postgres'), "$FindBin::RealBin/../diversity");

# Circuits between two houses, by spans that meet nowhere else.
#   both    {1, 2}    share nothing; neither what takes down both ends (group of risk 2) nor what takes nothing (3)
#   open    {1, 3}    share cable 1 and its span, and are only watched
#   waived  {1, 3}    the same, all of it waived
#   crossed {4, 5}    in spans that cross; crossings do not count by the rules, nor does nearness
#   half    {21, 22}  bundles that share half of what they carry, which is too little to count
$node->safe_psql('postgres', <<'SQL');
SET client_min_messages = warning;
INSERT INTO netstate.structure (id, name, geom) VALUES (1, 'west', 'POINT(0 0)'), (2, 'east', 'POINT(0.02 0)');
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom)
SELECT i, 'lane ' || i, 1, 2, ST_SetSRID(ST_MakeLine(ARRAY[ST_MakePoint(0, 0), ST_MakePoint(0.01, 0.01 * (i - 2)), ST_MakePoint(0.02, 0)]), 4326) FROM generate_series(1, 3) i;
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom) VALUES
	(4, 'lane 4', 1, 2, 'LINESTRING(0 0, 0.004 0.012, 0.02 0.024, 0.02 0)'), (5, 'lane 5', 1, 2, 'LINESTRING(0 0, 0 0.024, 0.016 0.012, 0.02 0)');
INSERT INTO netstate.risk_rule (kind, enabled) VALUES ('crossing', false), ('proximity', false);
INSERT INTO netstate.cable (id, name, strand_count) SELECT i, 'cable ' || i, 48 FROM generate_series(1, 5) i;
INSERT INTO netstate.cable_segment (cable_id, seq, span_id) SELECT i, 1, i FROM generate_series(1, 5) i;
INSERT INTO netstate.network (id, name, layer) VALUES (1, 'fibre', 'fibre'), (2, 'ip', 'ip');
INSERT INTO netstate.node (id, network_id, name, structure_id) VALUES (1, 1, 'a', 1), (2, 1, 'b', 2);
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES (3, 2, 'a', 1), (4, 2, 'b', 2);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps) SELECT i, 1, 'circuit ' || i, 1, 2, 100 FROM generate_series(1, 9) i;
INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments)
SELECT i, 1, (ARRAY[1, 2, 1, 4, 5, 3, 1, 3, 2])[i], int4range(i, i + 1), '[1,1]' FROM generate_series(1, 9) i;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps) VALUES (21, 2, 'bundle 1', 3, 4, 200), (22, 2, 'bundle 2', 3, 4, 200);
INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) VALUES (21, 1, 1, 6), (21, 2, 1, 7), (22, 1, 1, 8), (22, 2, 1, 9);
INSERT INTO netstate.srlg (id, name) VALUES (1, 'one'), (2, 'both ends'), (3, 'none');
INSERT INTO netstate.srlg_member (srlg_id, link_id, share) VALUES (1, 1, 1), (2, 1, 1), (2, 2, 1), (3, 1, 1), (3, 2, 0);
INSERT INTO netstate.srlg_node (srlg_id, node_id) VALUES (2, 1), (2, 2);
INSERT INTO netstate.disjoint_group (id, name, mode, min_share) VALUES
	(1, 'both', 'enforce', 0), (2, 'open', 'monitor', 0), (3, 'waived', 'monitor', 0), (4, 'crossed', 'enforce', 0), (5, 'half', 'enforce', 0.6);
INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (1, 1), (1, 2), (2, 1), (2, 3), (3, 1), (3, 3), (4, 4), (4, 5), (5, 21), (5, 22);
INSERT INTO netstate.waiver (group_id, element_kind, element_id, owner, expires_at) VALUES (3, 'span', 1, 'me', '2999-01-01Z'), (3, 'cable', 1, 'me', '2999-01-01Z');
UPDATE netstate.disjoint_group SET mode = 'enforce' WHERE id = 3;
CREATE ROLE operator;
CREATE ROLE blind;
GRANT USAGE ON SCHEMA netstate TO operator, blind;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA netstate TO operator, blind;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA netstate TO operator, blind;
REVOKE INSERT, UPDATE, DELETE ON netstate.commit_check, netstate.change_log, netstate.change_horizon, netstate.risk_rule_default, netstate.shipped,
	netstate.span_pair, netstate.span_pair_own FROM operator, blind;
GRANT CREATE ON SCHEMA public TO operator;
ALTER DATABASE postgres SET search_path = public;
SQL
is($node->safe_psql('postgres', q{SELECT diversity_test.bad(), (SELECT string_agg(id::text, ' ' ORDER BY id) FROM netstate.disjoint_group WHERE mode = 'enforce')}), '{}|1 3 4 5', 'the groups hold');

my $number = 0;

# Walks a way in a copy of the database: what psql printed and complained of.
sub walk
{
	my ($sql, $role) = @_;
	my $db = 'way_' . ++$number;
	$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE postgres");
	my ($status, $out, $err) = $node->psql($db, "\\set VERBOSITY verbose\nSET client_min_messages = warning;\n" . ($role ? "SET ROLE $role;\n" : '') . $sql, on_error_stop => 0);
	return ($db, $out, $err);
}

sub bad { my ($db) = @_; return $node->safe_psql($db, 'SELECT diversity_test.bad()'); }

sub leave { my ($db) = @_; $node->safe_psql('postgres', "DROP DATABASE $db WITH (FORCE)"); return; }

# COMMIT (or what stands for it) refuses it, and everything is as it was.
sub refused
{
	my ($name, $sql, $role, $code) = @_;
	my ($db, undef, $err) = walk($sql, $role);
	if (defined $code) { like($err, qr/ERROR:  $code:/, "$name: refused"); }
	else { like($err, qr/ERROR:  23514: .*CONSTRAINT NAME:  disjoint_group$/ms, "$name: refused for a group"); }
	is(bad($db), '{}', "$name: and nothing is violated");
	leave($db);
	return;
}

sub allowed
{
	my ($name, $sql, $role) = @_;
	my ($db, undef, $err) = walk($sql, $role);
	is($err, '', "$name: allowed");
	is(bad($db), '{}', "$name: and nothing is violated");
	leave($db);
	return;
}

# Owners and superusers can; self_check() says so.
sub found
{
	my ($name, $sql, $what, $harm) = @_;
	my ($db, undef, $err) = walk($sql);
	is($err, '', "$name: an owner can do it");
	isnt(bad($db), '{}', "$name: and a group is violated") if $harm;
	my $found = $node->safe_psql($db, 'SELECT c::text FROM netstate.self_check() c');
	like($found, $what, "$name: self_check() finds it");
	like($found, qr/disjoint_group/, "$name: and the violation") if $harm;
	leave($db);
	return;
}

is($node->safe_psql('postgres', 'SELECT c::text FROM netstate.self_check() c'), '', 'self_check() finds nothing at first');

my $reroute = 'UPDATE netstate.cable_segment SET span_id = 1 WHERE cable_id = 2';

# 9
refused('a savepoint that is kept', "BEGIN; SAVEPOINT a; $reroute; RELEASE a; COMMIT;");
refused('a mend that is rolled back', "BEGIN; $reroute; SAVEPOINT a; UPDATE netstate.cable_segment SET span_id = 3 WHERE cable_id = 2; ROLLBACK TO a; COMMIT;");
refused('a mend that was proven early, and is rolled back',
	"BEGIN; $reroute; SAVEPOINT a; UPDATE netstate.cable_segment SET span_id = 3 WHERE cable_id = 2; SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK TO a; SET CONSTRAINTS ALL DEFERRED; COMMIT;");
allowed('a savepoint that is rolled back', "BEGIN; SAVEPOINT a; $reroute; ROLLBACK TO a; COMMIT;");
allowed('a block that catches its error', 'DO $$ BEGIN BEGIN ' . $reroute . '; RAISE division_by_zero; EXCEPTION WHEN division_by_zero THEN END; END $$;');
# 10
refused('PREPARE TRANSACTION', "BEGIN; $reroute; PREPARE TRANSACTION 'way';", undef, '0A000|23514');
refused('PREPARE TRANSACTION of a mode', "BEGIN; UPDATE netstate.disjoint_group SET mode = 'enforce' WHERE id = 2; PREPARE TRANSACTION 'way';", undef, '0A000|23514');
refused('PREPARE TRANSACTION of what holds', "BEGIN; UPDATE netstate.cable_segment SET span_id = 3 WHERE cable_id = 2; PREPARE TRANSACTION 'way';", undef, '0A000');
# 11
refused('a member that moves to another group', 'UPDATE netstate.disjoint_group_member SET group_id = 1 WHERE (group_id, link_id) = (2, 3)', 'operator');
refused('a waiver that moves to another group', 'UPDATE netstate.waiver SET group_id = 2 WHERE element_kind = $$cable$$', 'operator');
refused('a waiver for another element', 'UPDATE netstate.waiver SET element_id = 2 WHERE element_kind = $$cable$$', 'operator');
refused('a waiver that ends', 'UPDATE netstate.waiver SET expires_at = now() WHERE element_kind = $$cable$$', 'operator');
refused('a stricter group', q{UPDATE netstate.disjoint_group SET min_share = 0.2 WHERE id = 5}, 'operator');
refused('a group that is enforced', q{UPDATE netstate.disjoint_group SET mode = 'enforce' WHERE id = 2}, 'operator');
# 12 to 14
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_class WHERE relnamespace = 'netstate'::regnamespace AND (relkind = 'p' OR relispartition)}), '0', 'no table is partitioned');
refused('a partition for a table', 'CREATE TABLE part PARTITION OF netstate.disjoint_group_member FOR VALUES IN (1)', undef, '42P17|42809');
# 15
refused('a child of a table, by an operator', 'CREATE TABLE child () INHERITS (netstate.cable_segment)', 'operator', '42501');
found('a child of a table', 'CREATE TABLE child () INHERITS (netstate.cable_segment); INSERT INTO child (cable_id, seq, span_id) VALUES (2, 2, 1)', qr/child|inherit/i);
# 16
refused('INSERT ... ON CONFLICT', 'INSERT INTO netstate.srlg_member (srlg_id, link_id, share) VALUES (3, 2, 1) ON CONFLICT (srlg_id, link_id) DO UPDATE SET share = EXCLUDED.share', 'operator');
refused('INSERT ... ON CONFLICT of a group', q{INSERT INTO netstate.disjoint_group (id, name) VALUES (2, 'open') ON CONFLICT (id) DO UPDATE SET mode = 'enforce'}, 'operator');
# 17
refused('MERGE that updates', 'MERGE INTO netstate.cable_segment c USING (SELECT 2 AS id) x ON c.cable_id = x.id WHEN MATCHED THEN UPDATE SET span_id = 1', 'operator');
refused('MERGE that inserts', 'MERGE INTO netstate.srlg_member m USING (SELECT 2 AS id) x ON m.link_id = x.id AND m.srlg_id = 1 WHEN NOT MATCHED THEN INSERT (srlg_id, link_id) VALUES (1, x.id)', 'operator');
refused('MERGE that deletes', 'MERGE INTO netstate.waiver w USING (SELECT 3 AS id) x ON w.group_id = x.id WHEN MATCHED THEN DELETE', 'operator');
# 18
refused('COPY', "COPY netstate.disjoint_group_member (group_id, link_id) FROM STDIN;\n1\t3\n\\.\n", 'operator');
refused('COPY of strands', "COPY netstate.srlg_member (srlg_id, link_id) FROM STDIN;\n1\t2\n\\.\n", 'operator');
refused('COPY FREEZE', "BEGIN; TRUNCATE netstate.srlg_member; COPY netstate.srlg_member (srlg_id, link_id) FROM STDIN (FREEZE);\n1\t1\n1\t2\n\\.\nCOMMIT;\n");
# 19
refused('TRUNCATE of waivers', 'TRUNCATE netstate.waiver');
refused('TRUNCATE of rules', 'TRUNCATE netstate.risk_rule');
refused('TRUNCATE of what takes down nodes', 'TRUNCATE netstate.srlg_node');
refused('DELETE of all waivers', 'DELETE FROM netstate.waiver', 'operator');
refused('DELETE of a rule', 'DELETE FROM netstate.risk_rule', 'operator');
refused('DELETE of what takes down nodes', 'DELETE FROM netstate.srlg_node', 'operator');
refused('DELETE of half a bundle', 'DELETE FROM netstate.link_support WHERE link_id = 21 AND member = 2; DELETE FROM netstate.link_support WHERE link_id = 22 AND member = 2', 'operator');
refused('TRUNCATE by an operator', 'TRUNCATE netstate.waiver', 'operator', '42501');
allowed('TRUNCATE of all groups', 'TRUNCATE netstate.disjoint_group CASCADE');
allowed('TRUNCATE of all links', 'TRUNCATE netstate.link CASCADE');
# 20
refused('another key for a group', 'UPDATE netstate.disjoint_group SET id = 77 WHERE id = 1', 'operator', '23503');
refused('another key for a link', 'UPDATE netstate.link SET id = 77 WHERE id = 1', 'operator', '23503');
allowed('another key for a group without members', "INSERT INTO netstate.disjoint_group (id, name, mode) VALUES (70, 'empty', 'enforce'); UPDATE netstate.disjoint_group SET id = 77 WHERE id = 70", 'operator');
# 21
allowed('a cascade from a link', 'DELETE FROM netstate.link WHERE id = 3', 'operator');
refused('a cascade from a group of risk with its nodes, put in again with its links alone',
	q{BEGIN; DELETE FROM netstate.srlg WHERE id = 2; INSERT INTO netstate.srlg (id, name) VALUES (2, 'both ends'); INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (2, 1), (2, 2); COMMIT;}, 'operator');
# 22
refused('SET CONSTRAINTS ALL IMMEDIATE', "BEGIN; $reroute; SET CONSTRAINTS ALL IMMEDIATE; COMMIT;", 'operator');
refused('a change after SET CONSTRAINTS ALL IMMEDIATE', "BEGIN; SET CONSTRAINTS ALL IMMEDIATE; $reroute; COMMIT;", 'operator');
refused('a change after IMMEDIATE and DEFERRED', "BEGIN; UPDATE netstate.cable_segment SET span_id = 3 WHERE cable_id = 2; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; $reroute; COMMIT;", 'operator');
allowed('a change that is mended', "BEGIN; $reroute; UPDATE netstate.cable_segment SET span_id = 3 WHERE cable_id = 2; COMMIT;", 'operator');
# 23
refused('no mode', 'UPDATE netstate.disjoint_group SET mode = NULL', 'operator', '23502');
refused('no thresholds', q{UPDATE netstate.disjoint_group SET min_share = NULL}, 'operator', '23502');
refused('a threshold that is no number', q{UPDATE netstate.disjoint_group SET min_share = 'NaN'}, 'operator', '23514');
refused('nothing to be disjoint in', q{UPDATE netstate.disjoint_group SET disjoint = '{}'}, 'operator', '23514');
refused('a NULL to be disjoint in', q{UPDATE netstate.disjoint_group SET disjoint = '{NULL}'}, 'operator', '23514');
refused('a word that is unknown', q{UPDATE netstate.disjoint_group SET disjoint = '{trench}'}, 'operator', '23514');
refused('a waiver without an end', q{UPDATE netstate.waiver SET expires_at = NULL}, 'operator', '23502');
refused('a waiver without an owner', q{UPDATE netstate.waiver SET owner = NULL}, 'operator', '23502');
# 24
found('a constraint that is not valid', q{ALTER TABLE netstate.disjoint_group DROP CONSTRAINT disjoint_group_mode_is_known; UPDATE netstate.disjoint_group SET mode = 'none' WHERE id = 2;
	ALTER TABLE netstate.disjoint_group ADD CONSTRAINT disjoint_group_mode_is_known CHECK (mode IN ('off', 'monitor', 'enforce')) NOT VALID}, qr/disjoint_group_mode_is_known/);
# 25
refused('a trigger that rewrites the row', q{CREATE FUNCTION public.rewrite() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.span_id := 1; RETURN NEW; END $$;
	CREATE TRIGGER zzz BEFORE UPDATE ON netstate.cable_segment FOR EACH ROW EXECUTE FUNCTION public.rewrite(); UPDATE netstate.cable_segment SET span_id = 3 WHERE cable_id = 2});
refused('a deferred trigger that comes after the check', q{CREATE FUNCTION public.late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE netstate.cable_segment SET span_id = 1 WHERE cable_id = 2; RETURN NULL; END $$;
	CREATE TABLE public.late (i int); CREATE CONSTRAINT TRIGGER zzz AFTER INSERT ON public.late DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.late();
	BEGIN; UPDATE netstate.cable_segment SET span_id = 3 WHERE cable_id = 2; INSERT INTO public.late VALUES (1); COMMIT;});
refused('a trigger by an operator', q{CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
	CREATE TRIGGER zzz BEFORE UPDATE ON netstate.cable_segment FOR EACH ROW EXECUTE FUNCTION public.nothing()}, 'operator', '42501');
# 26
refused('session_replication_role', "SET session_replication_role = replica; $reroute");
refused('session_replication_role, and a group', q{SET session_replication_role = replica; UPDATE netstate.disjoint_group SET mode = 'enforce' WHERE id = 2});
refused('session_replication_role, and a waiver', 'SET session_replication_role = replica; DELETE FROM netstate.waiver');
refused('session_replication_role by an operator', 'SET session_replication_role = replica', 'operator', '42501');
$node->safe_psql('postgres', 'GRANT SET ON PARAMETER session_replication_role TO operator');
refused('session_replication_role by an operator who may', "SET session_replication_role = replica; $reroute", 'operator');
found('who may set session_replication_role', 'SELECT 1', qr/session_replication_role/);
$node->safe_psql('postgres', 'REVOKE SET ON PARAMETER session_replication_role FROM operator');
# 27: a subscriber takes what the publisher has proven, by its own groups
{
	$node->safe_psql('postgres', "CREATE DATABASE publisher TEMPLATE postgres");
	$node->safe_psql('postgres', "CREATE DATABASE subscriber TEMPLATE postgres");
	$node->safe_psql('publisher', q{DELETE FROM netstate.disjoint_group; CREATE PUBLICATION way FOR TABLE netstate.cable_segment; });
	$node->safe_psql('publisher', q{SELECT pg_create_logical_replication_slot('way', 'pgoutput')});
	$node->safe_psql('subscriber', sprintf q{CREATE SUBSCRIPTION way CONNECTION '%s' PUBLICATION way WITH (create_slot = false, slot_name = 'way', copy_data = false)}, $node->connstr('publisher') =~ s/'/''/gr);
	$node->safe_psql('publisher', $reroute);
	ok($node->poll_query_until('subscriber', 'SELECT span_id = 1 FROM netstate.cable_segment WHERE cable_id = 2'), 'logical replication: the change arrives');
	is(bad('subscriber'), '{1}', 'logical replication: a group of the subscriber is violated');
	my $found = $node->safe_psql('subscriber', 'SELECT c::text FROM netstate.self_check() c');
	like($found, qr/subscri/i, 'logical replication: self_check() says that this is a subscriber');
	like($found, qr/disjoint_group/, 'logical replication: self_check() finds the violation');
	my (undef, undef, $err) = $node->psql('subscriber', "\\set VERBOSITY verbose\nUPDATE netstate.disjoint_group SET min_share = 0.1 WHERE id = 1");
	like($err, qr/23514/, 'logical replication: the next change of the group is refused');
	$node->safe_psql('subscriber', 'ALTER SUBSCRIPTION way DISABLE');
	$node->safe_psql('subscriber', 'ALTER SUBSCRIPTION way SET (slot_name = NONE)');
	$node->safe_psql('subscriber', 'DROP SUBSCRIPTION way');
	$node->poll_query_until('publisher', q{SELECT NOT active FROM pg_replication_slots WHERE slot_name = 'way'});
	$node->safe_psql('publisher', q{SELECT pg_drop_replication_slot('way')});
	leave($_) foreach qw(subscriber publisher);
}
# 28
foreach my $what ('DISABLE TRIGGER USER', 'DISABLE TRIGGER ALL', 'DISABLE TRIGGER commit_check_update')
{
	found($what, "ALTER TABLE netstate.cable_segment $what; $reroute", qr/commit_check_update/, 1);
}
refused('nothing is logged', "ALTER TABLE netstate.cable_segment DISABLE TRIGGER change_log_update; $reroute");
refused('a statement that never came to its end', "ALTER TABLE netstate.cable_segment DISABLE TRIGGER change_log_update, DISABLE TRIGGER commit_check_update; $reroute");
found('a trigger that is on again, and not always', "ALTER TABLE netstate.cable_segment DISABLE TRIGGER USER; $reroute; ALTER TABLE netstate.cable_segment ENABLE TRIGGER USER", qr/commit_check_update/, 1);
found('a trigger that is dropped', "DROP TRIGGER commit_check_update ON netstate.cable_segment; $reroute", qr/commit_check_update/, 1);
found('the check turned off', "ALTER TABLE netstate.commit_check DISABLE TRIGGER commit_check_run; $reroute", qr/commit_check_run/, 1);
found('a rule on the queue', 'CREATE RULE nothing AS ON INSERT TO netstate.commit_check DO INSTEAD NOTHING', qr/rule/i);
refused('a change while a rule is on the queue', "CREATE RULE nothing AS ON INSERT TO netstate.commit_check DO INSTEAD NOTHING; $reroute", undef, '\\w{5}');
found('a rule on a table', 'CREATE RULE nothing AS ON UPDATE TO netstate.waiver DO INSTEAD NOTHING', qr/rule/i);
found('another owner', 'ALTER TABLE netstate.disjoint_group OWNER TO operator', qr/owner/i);
found('a table that is written anew', 'ALTER TABLE netstate.cable_segment ALTER COLUMN slack_m TYPE float8 USING slack_m + 0; ALTER TABLE netstate.cable_segment DISABLE TRIGGER ALL;
	UPDATE netstate.cable_segment SET span_id = 1 WHERE cable_id = 2; ALTER TABLE netstate.cable_segment ENABLE ALWAYS TRIGGER commit_check_update', qr/trigger/i, 1);
found('a column that is written anew', q{ALTER TABLE netstate.disjoint_group ALTER COLUMN mode TYPE text USING 'enforce'}, qr/disjoint_group/, 1);
foreach my $sql ('ALTER TABLE netstate.cable_segment DISABLE TRIGGER USER', 'DROP TRIGGER commit_check_update ON netstate.cable_segment', 'ALTER TABLE netstate.waiver DROP CONSTRAINT waiver_pkey',
	'CREATE RULE nothing AS ON UPDATE TO netstate.waiver DO INSTEAD NOTHING', 'ALTER TABLE netstate.waiver OWNER TO operator', 'ALTER TABLE netstate.srlg_member ALTER COLUMN srlg_id TYPE bigint USING 1',
	'INSERT INTO netstate.commit_check VALUES (pg_current_xact_id(), $$risk$$, NULL)', 'DELETE FROM netstate.commit_check')
{
	refused("$sql, by an operator", $sql, 'operator', '42501');
}
refused('the queue emptied', 'BEGIN; UPDATE netstate.cable_segment SET span_id = 1 WHERE cable_id = 2; DELETE FROM netstate.commit_check; COMMIT;', undef, '42501');
# 29
refused('tables of the same name', "CREATE TEMP TABLE disjoint_group (LIKE netstate.disjoint_group); CREATE TEMP TABLE disjoint_group_member (LIKE netstate.disjoint_group_member);
	CREATE TEMP TABLE waiver (LIKE netstate.waiver); CREATE TEMP TABLE commit_check (LIKE netstate.commit_check); CREATE TEMP TABLE change_log (LIKE netstate.change_log); SET search_path = pg_temp, public, netstate; $reroute", undef);
refused('an operator of the same name', "CREATE SCHEMA mine; CREATE FUNCTION mine.no(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT false';
	CREATE OPERATOR mine.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = mine.no); SET search_path = mine, pg_catalog; $reroute");
# 30
$node->safe_psql('postgres', 'SELECT 1');
my $hidden = 'ALTER TABLE netstate.disjoint_group ENABLE ROW LEVEL SECURITY; ALTER TABLE netstate.disjoint_group_member ENABLE ROW LEVEL SECURITY; ALTER TABLE netstate.waiver ENABLE ROW LEVEL SECURITY;
	ALTER TABLE netstate.cable_segment ENABLE ROW LEVEL SECURITY; ALTER TABLE netstate.link ENABLE ROW LEVEL SECURITY; CREATE POLICY one ON netstate.cable_segment TO blind USING (cable_id = 2);';
refused('rows that the role does not see', "$hidden SET ROLE blind; $reroute;");
{
	my ($db, undef, $err) = walk("$hidden SET ROLE blind; $reroute;");
	unlike($err, qr/circuit 1|\bboth\b/, 'rows that the role does not see: nor does it read their names');
	leave($db);
}
refused('rows that even the owner does not see', "$hidden ALTER TABLE netstate.disjoint_group FORCE ROW LEVEL SECURITY; ALTER TABLE netstate.disjoint_group_member FORCE ROW LEVEL SECURITY; SET ROLE blind; $reroute;");

# further ways
refused('COMMIT in DO', 'DO $$ BEGIN ' . $reroute . '; COMMIT; END $$;', 'operator');
refused('a procedure that commits', 'CREATE PROCEDURE public.go() LANGUAGE plpgsql AS $$ BEGIN ' . $reroute . '; COMMIT; END $$; CALL public.go();', 'operator');
refused('a cursor that outlives its transaction', 'CREATE FUNCTION public.go() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN ' . $reroute . '; RETURN 1; END $$; BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT public.go(); COMMIT;', 'operator');
refused('a function of the owner', 'CREATE FUNCTION public.go() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ ' . $reroute . ' $$; SET ROLE operator; SELECT public.go();');
refused('a view', 'CREATE VIEW public.route AS SELECT * FROM netstate.cable_segment; GRANT ALL ON public.route TO operator; SET ROLE operator; UPDATE public.route SET span_id = 1 WHERE cable_id = 2;');
refused('a view with a trigger', 'CREATE VIEW public.route AS SELECT * FROM netstate.cable_segment; CREATE FUNCTION public.instead() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE netstate.cable_segment SET span_id = NEW.span_id WHERE cable_id = NEW.cable_id; RETURN NEW; END $$;
	CREATE TRIGGER instead INSTEAD OF UPDATE ON public.route FOR EACH ROW EXECUTE FUNCTION public.instead(); UPDATE public.route SET span_id = 1 WHERE cable_id = 2;');
refused('a rule that writes elsewhere', 'CREATE TABLE public.other (i int); CREATE RULE also AS ON INSERT TO public.other DO ALSO UPDATE netstate.cable_segment SET span_id = 1 WHERE cable_id = 2; INSERT INTO public.other VALUES (1);');
refused('WITH', "WITH x AS ($reroute RETURNING 1) SELECT count(*) FROM x;", 'operator');
refused('a prepared statement', "PREPARE go AS $reroute; EXECUTE go;", 'operator');
refused('SET TRANSACTION READ ONLY before COMMIT', "BEGIN; $reroute; SET TRANSACTION READ ONLY; COMMIT;", 'operator');
refused('another role before COMMIT', "BEGIN; $reroute; SET ROLE blind; COMMIT;");
refused('rights taken back before COMMIT', "BEGIN; $reroute; REVOKE ALL ON ALL TABLES IN SCHEMA netstate FROM operator; SET ROLE operator; COMMIT;");
refused('two spans that come to cross by a rule', q{INSERT INTO netstate.risk_rule (kind, enabled) VALUES ('crossing', true) ON CONFLICT (kind) DO UPDATE SET enabled = true}, 'operator');
refused('a span that is moved across another', "BEGIN; DELETE FROM netstate.disjoint_group WHERE id = 4; UPDATE netstate.risk_rule SET enabled = true; COMMIT;
	UPDATE netstate.span SET geom = 'LINESTRING(0 0, 0.005 -0.02, 0.015 0.008, 0.02 0)' WHERE id = 2;", 'operator');
refused('an area over both', q{INSERT INTO netstate.hazard_area (id, name, geom) VALUES (1, 'flood', 'POLYGON((0.008 -0.02, 0.012 -0.02, 0.012 0.005, 0.008 0.005, 0.008 -0.02))')}, 'operator');
refused('a bridge for both', q{INSERT INTO netstate.structure (id, name, geom) VALUES (9, 'bridge', 'POINT(0.01 0)'); INSERT INTO netstate.span_crossing VALUES (1, 9, 'over'), (2, 9, 'through');}, 'operator');
refused('a road for both', q{INSERT INTO netstate.corridor (id, name, geom) VALUES (1, 'road', 'LINESTRING(0 0, 0.02 0)'); UPDATE netstate.span SET corridor_id = 1 WHERE id IN (1, 2);}, 'operator');
refused('a link above both', q{INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (1, 21); UPDATE netstate.link_support SET supporting_link_id = 2 WHERE link_id = 21 AND member = 2;}, 'operator');
# in the middle of a statement, while it queues what it changed, another session has the table forgotten
{
	$node->safe_psql('postgres', 'CREATE DATABASE forgotten TEMPLATE postgres');
	$node->safe_psql('forgotten', q{CREATE TABLE public.not_locked_yet (i int); CREATE FUNCTION public.pause() RETURNS trigger LANGUAGE plpgsql
		AS $$ BEGIN PERFORM pg_advisory_xact_lock(77); PERFORM FROM public.not_locked_yet; RETURN NEW; END $$;
		CREATE TRIGGER aaa BEFORE INSERT ON netstate.commit_check FOR EACH ROW EXECUTE FUNCTION public.pause()});
	foreach my $case ([ 'disjoint_group_member', 'SET link_id = 3 WHERE (group_id, link_id) = (1, 2)' ], [ 'cable_segment', 'SET span_id = 1 WHERE cable_id = 2' ],
		[ 'disjoint_group', q{SET mode = 'enforce' WHERE id = 2} ], [ 'span', q{SET geom = 'LINESTRING(0 0, 0.004 0.012, 0.03 0.01, 0.02 0)', corridor_id = 1 WHERE id IN (1, 2)} ])
	{
		my ($table, $set) = @$case;
		my ($writer, $other) = map { GraphTest::session($node, 'forgotten') } 1 .. 2;
		$writer->ask('\\set VERBOSITY verbose');
		$writer->ask("INSERT INTO netstate.corridor (id, name, geom) VALUES (1, 'road', 'LINESTRING(0 0, 0.02 0)') ON CONFLICT DO NOTHING");
		$other->ask('SELECT pg_advisory_lock(77)');
		$writer->send("BEGIN; UPDATE netstate.$table $set; ROLLBACK");
		$node->poll_query_until('forgotten', q{SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND objid = 77 AND NOT granted});
		$other->ask("ALTER TABLE netstate.$table SET (autovacuum_enabled = off)");
		$other->ask('SELECT pg_advisory_unlock(77)');
		$writer->answer;
		like($writer->ask("UPDATE netstate.$table $set"), qr/ERROR:  23514/, "table $table is forgotten while it is written: the next change is refused all the same");
		$_->quit foreach $writer, $other;
	}
	is(bad('forgotten'), '{}', 'and nothing is violated');
	leave('forgotten');
}
# status says nothing of what is shared
allowed('a cut', q{UPDATE netstate.span SET status = 'cut' WHERE id = 1; UPDATE netstate.link SET status = 'failed' WHERE id = 2; UPDATE netstate.link SET metric = 7, load_gbps = 3}, 'operator');

$node->stop;
done_testing();
