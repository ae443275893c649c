# An installation that is updated from any earlier version is, object for
# object, what a fresh one is; it keeps its rows, and works before and after.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(auth_extra => [], extra => [ '--locale=C.UTF-8', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', "fsync = off\n");
$node->start;

# Earlier versions have their whole script in test/update.
my @versions = sort map { m{netstate--([^-]+)\.sql$} ? $1 : () }
  glob("$ENV{NS_SOURCE}/test/update/netstate--*.sql");
cmp_ok(scalar @versions, '>', 0, 'there are earlier versions');
my ($current) = slurp_file("$ENV{NS_SOURCE}/extension/netstate.control") =~ /^default_version\s*=\s*'([^']+)'/m;

# Everything that the catalogs say of an extension's objects, by name: one
# query per catalog, each row a line.
my $objects = q{SELECT d.classid, d.objid, i.type, i.identity
	FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'netstate',
		pg_identify_object(d.classid, d.objid, 0) i
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'};
my $relations = qq{SELECT c.* FROM pg_class c JOIN ($objects) o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid};
my @catalog = (
	[ 'extension', q{SELECT format('%s relocatable=%s schema=%s requires=%s', e.extversion, e.extrelocatable, e.extnamespace::regnamespace,
		ARRAY(SELECT r.extname FROM pg_depend d JOIN pg_extension r ON d.refclassid = 'pg_extension'::regclass AND r.oid = d.refobjid
			WHERE d.classid = 'pg_extension'::regclass AND d.objid = e.oid ORDER BY 1))
		FROM pg_extension e WHERE e.extname = 'netstate'} ],
	[ 'members', "SELECT format('%s %s', type, identity) FROM ($objects) o" ],
	[ 'dump', q{SELECT format('%s where %s', x.oid::regclass, coalesce(nullif(x.condition, ''), 'true'))
		FROM pg_extension e, unnest(e.extconfig, e.extcondition) x (oid, condition) WHERE e.extname = 'netstate'} ],
	[ 'schema', q{SELECT format('%s %s', nspacl, obj_description(oid, 'pg_namespace')) FROM pg_namespace WHERE nspname = 'netstate'} ],
	[ 'relations', "SELECT format('%s %s persistence=%s options=%s acl=%s rls=%s %s replident=%s am=%s owner=%s comment=%s',
		oid::regclass, relkind, relpersistence, reloptions, relacl, relrowsecurity, relforcerowsecurity, relreplident,
		relam, relowner::regrole, obj_description(oid, 'pg_class')) FROM ($relations) c" ],
	[ 'columns', "SELECT format('%s.%s %s type=%s notnull=%s default=%s identity=%s generated=%s collation=%s storage=%s compression=%s stats=%s local=%s acl=%s comment=%s',
		c.oid::regclass, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(f.adbin, f.adrelid),
		a.attidentity, a.attgenerated, a.attcollation::regcollation, a.attstorage, a.attcompression, a.attstattarget, a.attislocal,
		a.attacl, col_description(c.oid, a.attnum))
		FROM ($relations) c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
		LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum" ],
	[ 'sequences', "SELECT format('%s %s %s %s %s %s %s %s', s.seqrelid::regclass, s.seqtypid::regtype, s.seqstart, s.seqincrement,
		s.seqmax, s.seqmin, s.seqcache, s.seqcycle) FROM ($relations) c JOIN pg_sequence s ON s.seqrelid = c.oid" ],
	[ 'constraints', "SELECT format('%s.%s %s validated=%s deferrable=%s %s comment=%s', c.oid::regclass, k.conname, pg_get_constraintdef(k.oid),
		k.convalidated, k.condeferrable, k.condeferred, obj_description(k.oid, 'pg_constraint'))
		FROM ($relations) c JOIN pg_constraint k ON k.conrelid = c.oid" ],
	[ 'indexes', "SELECT format('%s valid=%s clustered=%s replident=%s', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered, i.indisreplident)
		FROM ($relations) c JOIN pg_index i ON i.indrelid = c.oid" ],
	[ 'triggers', "SELECT format('%s enabled=%s comment=%s', CASE WHEN t.tgisinternal
			THEN format('%s %s %s %s', c.oid::regclass, t.tgtype, t.tgfoid::regproc, (SELECT conname FROM pg_constraint WHERE oid = t.tgconstraint))
			ELSE pg_get_triggerdef(t.oid) END, t.tgenabled, obj_description(t.oid, 'pg_trigger'))
		FROM ($relations) c JOIN pg_trigger t ON t.tgrelid = c.oid" ],
	[ 'rules', "SELECT format('%s %s', c.oid::regclass, pg_get_ruledef(r.oid)) FROM ($relations) c JOIN pg_rewrite r ON r.ev_class = c.oid" ],
	[ 'policies', "SELECT format('%s %s', c.oid::regclass, p.polname) FROM ($relations) c JOIN pg_policy p ON p.polrelid = c.oid" ],
	[ 'functions', "SELECT format('%s acl=%s owner=%s cost=%s rows=%s leakproof=%s probin=%s comment=%s', pg_get_functiondef(p.oid), p.proacl, p.proowner::regrole,
		p.procost, p.prorows, p.proleakproof, p.probin, obj_description(p.oid, 'pg_proc'))
		FROM pg_proc p JOIN ($objects) o ON o.classid = 'pg_proc'::regclass AND o.objid = p.oid" ],
	[ 'first rights', "SELECT format('%s %s %s', o.type, o.identity, i.initprivs)
		FROM pg_init_privs i JOIN ($objects) o ON o.classid = i.classoid AND o.objid = i.objoid" ],
	[ 'dependencies', "SELECT DISTINCT format('%s: %s -> %s', d.deptype, pg_describe_object(d.classid, d.objid, d.objsubid),
		pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid))
		FROM pg_depend d JOIN ($objects) o ON o.classid = d.classid AND o.objid = d.objid" ]);

sub catalog
{
	my ($db) = @_;
	return map { [ $_->[0], $node->safe_psql($db, "SELECT x FROM ($_->[1]) q (x) ORDER BY x COLLATE \"C\"") ] } @catalog;
}

# The lines that only one of two texts has.
sub difference
{
	my ($fresh, $updated) = @_;
	my (%in_fresh, %in_updated);
	$in_fresh{$_}++ foreach split /\n/, $fresh;
	$in_updated{$_}++ foreach split /\n/, $updated;
	return join("\n", (map { "only fresh:   $_" } grep { !$in_updated{$_} } sort keys %in_fresh),
		(map { "only updated: $_" } grep { !$in_fresh{$_} } sort keys %in_updated));
}

# Until 0.3.0 structure_id was any number: what has a place becomes a structure.
my $structures = q{
	INSERT INTO netstate.structure (id, name, geom) VALUES (77, 'structure 77', 'POINT(3 4)'), (78, 'structure 78', 'POINT(1 2)');
	SELECT setval('netstate.structure_id_seq', 78);};
my $rows = q{
	INSERT INTO netstate.region (id, name) VALUES (1, 'r');
	INSERT INTO netstate.zone (id, region_id, name) VALUES (1, 1, 'z');
	INSERT INTO netstate.site (id, zone_id, name, geom) VALUES (1, 1, 's', 'POINT(1 2)');
	INSERT INTO netstate.power_feed (id, name) VALUES (1, 'p');
	INSERT INTO netstate.site_power_feed VALUES (1, 1);
	INSERT INTO netstate.network (id, name, layer) VALUES (1, 'core', 'ip'), (2, 'fibre', 'fibre');
	INSERT INTO netstate.node (id, network_id, name, site_id, structure_id, geom) VALUES (1, 1, 'a', 1, 77, NULL), (2, 1, 'b', 1, 77, 'POINT(3 4)'), (3, 1, 'c', NULL, NULL, NULL),
		(11, 2, 'a', 1, 78, NULL), (12, 2, 'b', NULL, NULL, NULL);
	INSERT INTO netstate.srlg (id, name) VALUES (1, 'g');
	INSERT INTO netstate.srlg_node VALUES (1, 12);
	INSERT INTO netstate.demand (id, network_id, name, src_node_id, dst_node_id, gbps) VALUES (1, 1, 'd', 1, 3, 5);
	INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, geom) VALUES (11, 2, 'ab', 11, 12, 'LINESTRING(0 0, 1 1)');
	INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) VALUES (1, 1, 'ab', 1, 2, 1), (2, 1, 'bc', 2, 3, 1), (3, 1, 'ac', 1, 3, 5);
	INSERT INTO netstate.link_support (link_id, supporting_link_id) VALUES (1, 11);
	INSERT INTO netstate.srlg_member VALUES (1, 11)};
# What the plant and all upon it are made of, since 0.3.0.
my $plant = q{
	INSERT INTO netstate.corridor (id, name, geom) VALUES (1, 'road', 'LINESTRING(0 2.001, 5 4)');
	INSERT INTO netstate.hazard_area (id, name, geom) VALUES (1, 'flood', 'POLYGON((2 2, 2 5, 5 5, 5 2, 2 2))');
	INSERT INTO netstate.structure (id, name, geom) VALUES (80, 'bridge', 'POINT(2 3)');
	INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, corridor_id, side, encasement, geom) VALUES
		(1, 'trench', 78, 77, 1, 'left', 'cast', 'LINESTRING(1 2, 3 4)'), (2, 'beside', 78, 77, NULL, NULL, 'none', 'LINESTRING(1 2, 2 2.99, 2.01 3.02, 3 4)');
	INSERT INTO netstate.span_crossing (span_id, structure_id, passage) VALUES (1, 80, 'over');
	INSERT INTO netstate.duct (id, span_id, parent_id, name) VALUES (1, 1, NULL, 'A'), (2, 1, 1, 'A1');
	INSERT INTO netstate.cable (id, name, strand_count) VALUES (1, 'c1', 12), (2, 'c2', 12);
	INSERT INTO netstate.cable_segment (cable_id, seq, span_id, duct_id) VALUES (1, 1, 1, 2), (2, 1, 2, NULL);
	INSERT INTO netstate.splice_closure (id, structure_id, name) VALUES (1, 77, 'closure');
	INSERT INTO netstate.splice (id, structure_id, closure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands) VALUES (1, 77, 1, 1, 1, '[3,4]', 2, 1, '[3,4]');
	UPDATE netstate.node SET structure_id = 77 WHERE id = 12;
	INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id) VALUES (12, 2, 'ab 2', 11, 12);
	INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments) VALUES (11, 1, 1, '[1,2]', '[1,1]'), (12, 1, 2, '[1,2]', '[1,1]');
	INSERT INTO netstate.risk_rule (kind, probability) VALUES ('crossing', 0.25)};
my @plant_tables = qw(structure corridor hazard_area span span_pair span_crossing duct cable cable_segment splice_closure splice strand_assignment risk_rule);
my $risks = q{SELECT m.srlg_id, m.link_id, m.share, m.probability FROM netstate.memberships() m ORDER BY 1, 2};
my $path = q{SELECT links FROM netstate.shortest_path('core', 'a', 'c')};
my @tables = qw(region zone site power_feed site_power_feed network node link link_support srlg srlg_member srlg_node demand);
sub contents { return join(' UNION ALL ', map { "SELECT '$_', x::text FROM netstate.$_ x" } @_) . ' ORDER BY 1, 2'; }

$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh', 'CREATE EXTENSION netstate CASCADE');
is($node->safe_psql('fresh', q{SELECT extversion FROM pg_extension WHERE extname = 'netstate'}), $current, "a fresh installation is of version $current");
my @fresh = catalog('fresh');

foreach my $version (@versions)
{
	my $db = "from_$version";
	$node->safe_psql('postgres', "CREATE DATABASE \"$db\"");
	my $has_plant = $version !~ /^0\.[12]\./;
	$node->safe_psql($db, "CREATE EXTENSION netstate VERSION '$version' CASCADE;\n" . ($has_plant ? $structures : '') . $rows . ($has_plant ? "; $plant" : ''));
	is($node->safe_psql($db, $path), '{1,2}', "$version: works as it is with this library");
	my $contents = contents(@tables, $has_plant ? @plant_tables : ());
	my $before = $node->safe_psql($db, $contents);
	my $risks_before = $has_plant ? $node->safe_psql($db, $risks) : '';
	cmp_ok(scalar(split /\n/, $risks_before), '>', 10, "$version: has risks from its plant") if $has_plant;

	my $proves = sub
	{
		my (undef, undef, $err) = $node->psql($db, '\set VERBOSITY verbose' . "\nUPDATE netstate.cable_segment SET seq = 3 WHERE cable_id = 1");
		like($err, qr/23514: segments of cable 1/, "$version: COMMIT proves routes $_[0] the update") if $has_plant;
	};
	$proves->('before');

	# A session that has asked already goes on asking.
	my $session = $node->background_psql($db) if $node->can('background_psql');
	$session->query_safe($path) if $session;
	$node->safe_psql($db, 'ALTER EXTENSION netstate UPDATE');
	is($node->safe_psql($db, $contents), $before, "$version: its rows stay");
	is($node->safe_psql($db, $path), '{1,2}', "$version: works after the update");
	$proves->('after');
	is($node->safe_psql($db, $risks), $risks_before, "$version: and the same risks follow") if $has_plant;
	is($node->safe_psql($db, q{SELECT id, name, ST_AsText(geom), nextval('netstate.structure_id_seq') FROM netstate.structure WHERE id < 80 ORDER BY id}),
		"77|structure 77|POINT(3 4)|79\n78|structure 78|POINT(1 2)|80", "$version: nodes stand in structures");

	if ($has_plant)
	{
		# circuits 11 and 12 run beside each other: they cannot be promised to be diverse
		my (undef, undef, $err) = $node->psql($db, '\set VERBOSITY verbose' . q{
			BEGIN; INSERT INTO netstate.disjoint_group (id, name, mode) VALUES (1, 'both', 'enforce'); INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (1, 11), (1, 12); COMMIT});
		like($err, qr/23514: links of disjoint group 1/, "$version: what there was before is judged by what is new");
	}

	my @updated = catalog($db);
	foreach my $i (0 .. $#catalog)
	{
		cmp_ok(length $updated[$i][1], '>', 0, "$version: $updated[$i][0] are there")
		  unless $updated[$i][0] =~ /^(policies)$/;
		is(difference($fresh[$i][1], $updated[$i][1]), '', "$version: $updated[$i][0] as in a fresh installation");
	}

	$node->safe_psql($db, 'UPDATE netstate.link SET metric = 9 WHERE id = 1');
	is($node->safe_psql($db, $path), '{3}', "$version: a change counts");
	is($session->query_safe($path), '{3}', "$version: in an older session too"), $session->quit if $session;
	is($node->safe_psql($db, q{SELECT network_id, kind, id FROM netstate.change_log
		WHERE xid = (SELECT xid FROM netstate.change_log ORDER BY xid DESC LIMIT 1)}), '1|link|1', "$version: and is logged");
	is($node->safe_psql($db, q{SELECT count(*) FILTER (WHERE xid > '0') || ' of ' || count(*) FROM netstate.change_horizon}), '1 of 1',
		"$version: what came before the log is before its horizon") if $version eq '0.1.0';
	$node->safe_psql($db, 'DROP EXTENSION netstate');
	is($node->safe_psql($db, q{SELECT count(*) FROM pg_namespace WHERE nspname = 'netstate'}), '0', "$version: it goes whole");
	my ($status, undef, $err) = $node->psql($db, "CREATE EXTENSION netstate; ALTER EXTENSION netstate UPDATE TO '$version'");
	like($err, qr/no update path/, "$version: there is no way back");

	next if $has_plant;

	# A structure that nobody knows the place of: nothing is updated, nothing lost.
	$node->safe_psql('postgres', 'CREATE DATABASE lost');
	$node->safe_psql('lost', "CREATE EXTENSION netstate VERSION '$version' CASCADE;\n" . q{INSERT INTO netstate.network (id, name, layer) VALUES (1, 'n', 'ip');
		INSERT INTO netstate.node (id, network_id, name, structure_id) SELECT i, 1, i, 7 FROM generate_series(1, 12) i});
	($status, undef, $err) = $node->psql('lost', '\set VERBOSITY verbose' . "\nALTER EXTENSION netstate UPDATE");
	like($err, qr/23503: nodes refer to structures that nobody knows the place of\nDETAIL:  Nodes 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more have/, "$version: a place is missing");
	$node->safe_psql('lost', q{UPDATE netstate.node SET geom = 'POINT(0 0)' WHERE id = 3; ALTER EXTENSION netstate UPDATE});
	is($node->safe_psql('lost', 'SELECT count(*), min(s.id), max(s.id) FROM netstate.node n JOIN netstate.structure s ON s.id = n.structure_id'), '12|7|7', "$version: and then it is not");
	$node->safe_psql('postgres', 'DROP DATABASE lost');
}

$node->stop;
done_testing();
