# Random plants and random changes: after each, memberships by link, by element,
# in the views and in the kept graphs, what links carry, and which groups paths
# share are those of a second derivation in plain SQL; and pairs of spans are
# those derived anew, and those that PostGIS finds.  A derivation that is wrong on
# purpose is noticed.
#
# NS_LONG=1 does 100 times as much.  NS_SEED gives the seed; test/plant/run tells
# the same story again.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use lib "$FindBin::RealBin/../plant";
use GraphTest;
use PlantTest;
use Test::More;

my $directory = "$FindBin::RealBin/../plant";
my $seed = $ENV{NS_SEED} // time % 100000;
my $plants = $ENV{NS_LONG} ? 100 : 1;
note "seed $seed";

# Rules that the oracle gets wrong, one at a time: what must be noticed.
my %wrong = (
	'nearness is missed' => q{CREATE OR REPLACE VIEW plant_test.pair AS SELECT a_span_id, b_span_id, false AS crosses, array_fill(0::real, '{25}') AS run_m, distance_m FROM netstate.span_pair},
	'a span is missed' => q{CREATE OR REPLACE VIEW plant_test.rule AS SELECT * FROM netstate.risk_rule_in_force WHERE enabled AND kind <> 'span'},
	'a probability is another' => q{CREATE OR REPLACE VIEW plant_test.rule AS SELECT kind, enabled, distance_m, min_length_m, CASE kind WHEN 'structure' THEN probability / 2 ELSE probability END AS probability, mtbf_hours_km, mttr_hours, source FROM netstate.risk_rule_in_force WHERE enabled},
	'only the next layer is seen' => q{CREATE OR REPLACE VIEW plant_test.link_on AS SELECT id AS link_id, id AS on_id FROM netstate.link UNION SELECT link_id, supporting_link_id FROM netstate.link_support});

foreach my $mode (@GraphTest::MODES)
{
	my $node = GraphTest::new_node('plant', $mode, conf => 'autovacuum = off');
	GraphTest::create_extension($node);
	PlantTest::prepare($node->connstr('postgres'), $directory);
	my $result = PlantTest::compare(connstr => $node->connstr('postgres'), seed => $seed, plants => $plants, transactions => $ENV{NS_LONG} ? 25 : 20);
	diag("$mode: ", PlantTest::summary($result));
	diag("    $_") foreach @{ $result->{shown} };
	is($result->{differences}, 0, "$mode: no difference");
	is($result->{unexpected}, 0, "$mode: no unexpected error");
	cmp_ok($result->{checks}, '>', 60 * $plants, "$mode: checks");
	if ($mode eq 'not preloaded')
	{
		foreach my $what (sort keys %wrong)
		{
			$node->safe_psql('postgres', 'DROP SCHEMA plant_test CASCADE');
			PlantTest::prepare($node->connstr('postgres'), $directory, $wrong{$what});
			my $found = PlantTest::compare(connstr => $node->connstr('postgres'), seed => $seed, plants => 3, transactions => 20, stop => 1);
			cmp_ok($found->{differences}, '>', 0, "it is noticed where $what");
		}
	}
	$node->stop;
	$seed++;
}

done_testing();
