# Random groups over random plants, and random transactions of all kinds: after each
# commit plain SQL finds every enforced group whole, save where a waiver has expired;
# each refused COMMIT names a group that plain SQL found violated before it, and
# check_pending() said so, too; disjoint_group_shared() is what plain SQL derives, and
# in shared_risk() of the two.  Paths that disjoint_paths() gives can be promised as a
# group.  An oracle that is wrong on purpose is noticed.
#
# NS_LONG=1 does 100 times as much.  NS_SEED gives the seed; test/diversity/run tells
# the same story again.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use lib "$FindBin::RealBin/../plant";
use lib "$FindBin::RealBin/../diversity";
use DiversityTest;
use GraphTest;
use Test::More;

my $directory = "$FindBin::RealBin/../diversity";
my $seed = $ENV{NS_SEED} // time % 100000;
my $plants = $ENV{NS_LONG} ? 100 : 1;
note "seed $seed";

# What the oracle gets wrong, one at a time: what must be noticed.
my %wrong = (
	'inner nodes are missed' => q{CREATE OR REPLACE VIEW diversity_test.inner_node AS SELECT link_id, node_id FROM diversity_test.end_node WHERE false},
	'ends count' => q{CREATE OR REPLACE VIEW diversity_test.end_group AS SELECT id AS link_id, 0::bigint AS group_id, 0::float8 AS probability FROM netstate.link},
	'the group of one end is forgiven' => q{CREATE OR REPLACE VIEW diversity_test.end_group AS SELECT m.link_id, n.group_id, max(n.probability) AS probability
		FROM netstate.disjoint_group_member m CROSS JOIN plant_test.node_group n GROUP BY m.link_id, n.group_id},
	'waivers are missed' => q{CREATE OR REPLACE FUNCTION diversity_test.violated(share diversity_test.share[], ahead interval DEFAULT '0') RETURNS TABLE (group_id bigint, doubt boolean) LANGUAGE sql STABLE
		AS $$ SELECT DISTINCT s.group_id, false FROM unnest(share) s $$});

my $node = GraphTest::new_node('diversity', 'not preloaded', conf => 'autovacuum = off');
GraphTest::create_extension($node);
my $connstr = $node->connstr('postgres');
DiversityTest::prepare($connstr, $directory);
my $result = DiversityTest::compare(connstr => $connstr, seed => $seed, plants => $plants, transactions => 40);
diag(DiversityTest::summary($result));
diag("    $_") foreach @{ $result->{shown} };
is($result->{differences}, 0, 'no difference');
is($result->{unexpected}, 0, 'no unexpected error');
cmp_ok($result->{looks}, '>', 60 * $plants, 'looks');
cmp_ok($result->{commits}, '>', 15 * $plants, 'commits');
cmp_ok($result->{refused}, '>', 0, 'some were refused for a group');
cmp_ok($result->{enforced}, '>', $result->{commits}, 'groups are enforced');
cmp_ok($result->{kept}, '>', 0, 'paths were promised');

foreach my $what (sort keys %wrong)
{
	$node->safe_psql('postgres', 'DROP SCHEMA IF EXISTS plant_test, diversity_test CASCADE');
	DiversityTest::prepare($connstr, $directory, $wrong{$what});
	my $found = DiversityTest::compare(connstr => $connstr, seed => $seed, plants => 4, transactions => 12, stop => 1);
	cmp_ok($found->{differences}, '>', 0, "it is noticed where $what");
}
$node->stop;
done_testing();
