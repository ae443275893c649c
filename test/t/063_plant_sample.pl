# The sample's plant: all memberships, pairs and routes are those of a second
# derivation; and for every two of its circuits whose routes meet only at their
# ends no derived group counts that both belong to, and disjoint_paths finds the
# two (groups that are stated left aside).

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use lib "$FindBin::RealBin/../plant";
use GraphTest;
use PlantTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = GraphTest::new_node('sample', 'not preloaded');
my $source = $ENV{NS_SOURCE} // "$FindBin::RealBin/../..";
GraphTest::create_extension($node);
PlantTest::prepare($node->connstr('postgres'), "$FindBin::RealBin/../plant");
command_ok([ 'psql', '-XAtq', '-1', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-f', "$source/extension/sample/netstate_sample.sql" ], 'the sample is loaded');
$node->safe_psql('postgres', 'ANALYZE');

is($node->safe_psql('postgres', 'SELECT string_agg(x, E\'\n\') FROM plant_test.memberships_differ(1) x'), '', 'memberships are those of the second derivation');
is($node->safe_psql('postgres', 'SELECT string_agg(x, E\'\n\') FROM plant_test.carried_differs(1) x'), '', 'what links carry, too');
is($node->safe_psql('postgres', 'SELECT string_agg(x, E\'\n\') FROM plant_test.pairs_differ() x'), '', 'pairs of spans are those derived anew');
is($node->safe_psql('postgres', 'SELECT string_agg(x, E\'\n\') FROM plant_test.geometry_differs(1) x'), '', 'and those that PostGIS finds');
is($node->safe_psql('postgres', 'SELECT plant_test.check_routes()'), 'right', 'routes lead from end to end');

# Circuits with their routes, and the places that both of two pass between the
# ends: structures where their spans end, and those that both run over, under or
# through.
$node->safe_psql('postgres', q{
	CREATE TABLE circuit AS
	SELECT l.id, l.network_id, w.name AS network, l.a_node_id, l.z_node_id,
		ARRAY(SELECT DISTINCT s.span_id FROM plant_test.link_on o JOIN plant_test.lane s ON s.link_id = o.on_id WHERE o.link_id = l.id AND s.span_id IS NOT NULL ORDER BY 1) AS spans
	FROM netstate.link l JOIN netstate.network w ON w.id = l.network_id WHERE w.layer IN ('fibre', 'optical');
	DELETE FROM circuit WHERE cardinality(spans) = 0;
	CREATE TABLE passed AS
	SELECT DISTINCT c.id, x.structure_id
	FROM circuit c JOIN netstate.span s ON s.id = ANY (c.spans)
	CROSS JOIN LATERAL (SELECT s.a_structure_id UNION SELECT s.z_structure_id UNION SELECT k.structure_id FROM netstate.span_crossing k WHERE k.span_id = s.id) x (structure_id);
	CREATE TABLE twin AS
	SELECT a.id AS one, b.id AS other, a.network, a.network_id, x.name AS src, y.name AS dst, a.a_node_id, a.z_node_id,
		ARRAY(SELECT structure_id FROM passed WHERE id = a.id INTERSECT SELECT structure_id FROM passed WHERE id = b.id
			EXCEPT SELECT n.structure_id FROM plant_test.node_on o JOIN netstate.node n ON n.id = o.on_id WHERE o.node_id IN (a.a_node_id, a.z_node_id)) AS meet
	FROM circuit a JOIN circuit b ON a.id < b.id AND a.network_id = b.network_id
		AND (b.a_node_id, b.z_node_id) IN ((a.a_node_id, a.z_node_id), (a.z_node_id, a.a_node_id))
	JOIN netstate.node x ON x.id = a.a_node_id JOIN netstate.node y ON y.id = a.z_node_id;
	CREATE TABLE membership AS SELECT * FROM netstate.memberships(ARRAY(SELECT id FROM circuit));
	CREATE TABLE counts AS
	SELECT t.one, t.other, a.srlg_id
	FROM twin t JOIN membership a ON a.link_id = t.one JOIN membership b ON b.link_id = t.other AND b.srlg_id = a.srlg_id
	WHERE a.share > 0 AND b.share > 0 AND a.srlg_id < 0
		AND NOT EXISTS (SELECT FROM plant_test.node_group g WHERE g.group_id = a.srlg_id AND g.node_id IN (t.a_node_id, t.z_node_id) AND g.probability > 0);
	CREATE TABLE answer AS
	SELECT t.one, t.other,
		ARRAY(SELECT unnest(links) FROM netstate.disjoint_paths(t.network, t.src, t.dst, cost => 'hops', avoid_links => others, ignore_srlgs => stated) ORDER BY 1) AS strict,
		ARRAY(SELECT DISTINCT unnest(shared_srlgs) FROM netstate.disjoint_paths(t.network, t.src, t.dst, strict => false, cost => 'hops', avoid_links => others, ignore_srlgs => stated) ORDER BY 1) AS shared
	FROM twin t CROSS JOIN LATERAL (SELECT ARRAY(SELECT l.id FROM netstate.link l WHERE l.network_id = t.network_id AND l.id NOT IN (t.one, t.other)) AS others, ARRAY(SELECT g.id FROM netstate.srlg g) AS stated) o;
});

cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM twin WHERE meet = $${}$$'), '>=', 30, 'there are pairs of circuits that meet only at their ends');
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM twin WHERE meet <> $${}$$'), '>=', 2, 'and some that meet elsewhere');
is($node->safe_psql('postgres', 'SELECT string_agg(format($$%s and %s share %s$$, t.one, t.other, c.srlg_id), $$; $$) FROM twin t JOIN counts c USING (one, other) WHERE t.meet = $${}$$'),
	'', 'no group counts for two that meet only at their ends');
is($node->safe_psql('postgres', 'SELECT string_agg(format($$%s and %s$$, one, other), $$; $$) FROM twin JOIN answer a USING (one, other) WHERE meet = $${}$$ AND a.strict <> ARRAY[one, other]'),
	'', 'disjoint_paths finds the two');
is($node->safe_psql('postgres', 'SELECT string_agg(format($$%s and %s$$, one, other), $$; $$) FROM twin JOIN answer a USING (one, other) WHERE meet <> $${}$$ AND a.strict <> $${}$$'),
	'', 'and does not give two that meet elsewhere');
is($node->safe_psql('postgres', q{SELECT string_agg(format('%s and %s share %s, not %s', t.one, t.other, a.shared, want), '; ')
	FROM twin t JOIN answer a USING (one, other)
	CROSS JOIN LATERAL (SELECT ARRAY(SELECT c.srlg_id FROM counts c WHERE (c.one, c.other) = (t.one, t.other) ORDER BY 1) AS want) w WHERE a.shared <> want}),
	'', 'what two share is what counts');
$node->stop;
done_testing();
