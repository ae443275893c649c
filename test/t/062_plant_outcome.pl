# Shares, probabilities and joint probabilities of random three-layer plants are
# those that enumerating every outcome of the event gives; and when just the
# spans of one outcome are cut, what links carry is what that outcome leaves.
#
# NS_LONG=1 does 3,000 plants.  NS_SEED gives the seed.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use lib "$FindBin::RealBin/../plant";
use GraphTest;
use Outcome;
use Test::More;

my $seed = $ENV{NS_SEED} // time % 100000;
my $plants = $ENV{NS_LONG} ? 3000 : 150;
note "seed $seed";
srand($seed);

my $node = GraphTest::new_node('outcome', 'not preloaded');
GraphTest::create_extension($node);
my $session = GraphTest::session($node);

my %count = map { $_ => 0 } qw(memberships joint carried);
my %units;
my @wrong;

sub near { my ($a, $b) = @_; return defined $a && $a ne '' && abs($a - $b) < 2e-6; }

sub wrong { my ($plant, $text) = @_; push @wrong, "plant $plant: $text" if @wrong < 10; $count{wrong}++; return; }

# Rows of numbers, by their first columns.
sub rows
{
	my ($keys, $sql) = @_;
	my %row;
	foreach my $line (split /\n/, $session->ask($sql))
	{
		my @column = split /\|/, $line, -1;
		$row{ join ' ', @column[0 .. $keys - 1] } = [ @column[$keys .. $#column] ];
	}
	return \%row;
}

foreach my $number (1 .. $plants)
{
	my $plant = Outcome::plant(qw(srlg hazard_area corridor duct_bank)[ $number % 4 ]);
	my ($link, $joint) = Outcome::enumerate($plant);
	my $group = Outcome::group_id($plant);
	my @id = sort { $a <=> $b } keys %{ $plant->{links} };
	my $made = $session->ask("BEGIN;\n" . Outcome::sql($plant) . 'SET CONSTRAINTS ALL IMMEDIATE');
	wrong($number, $made) if $made ne '';
	$units{ scalar keys %{ $plant->{unit} } }++;

	my $got = rows(1, "SELECT link_id, share, probability FROM netstate.memberships() WHERE srlg_id = $group");
	foreach my $id (@id)
	{
		my ($g, $w) = ($got->{$id}, $link->{$id});
		$count{memberships}++;
		if (!$g || !$w)
		{
			wrong($number, "$plant->{kind}, link $id is " . ($w ? 'no' : 'a') . ' member') if $g || $w;
		}
		elsif (!near($g->[0], $w->{share}) || !near($g->[1], $w->{probability}))
		{
			wrong($number, "$plant->{kind}, link $id has share and probability @$g, not $w->{share} $w->{probability}");
		}
	}

	$got = rows(2, 'SELECT x, y, s.probability_both FROM unnest(ARRAY[' . join(',', @id) . ']::bigint[]) x, unnest(ARRAY[' . join(',', @id)
		. "]::bigint[]) y, netstate.shared_risk(x, y) s WHERE x < y AND s.srlg_id = $group");
	foreach my $x (@id)
	{
		foreach my $y (grep { $_ > $x } @id)
		{
			# groups that take nothing of either are not shared
			next unless $link->{$x} && $link->{$y} && $link->{$x}{share} > 1e-9 && $link->{$y}{share} > 1e-9;
			my $w = $joint->{$x}{$y} // 0;
			my $g = $got->{"$x $y"};
			$count{joint}++;
			wrong($number, "$plant->{kind}, links $x and $y: " . ($g ? $g->[0] : 'nothing') . ", not $w") unless near($g ? $g->[0] : 0, $w);
		}
	}

	if ($plant->{kind} eq 'hazard_area')
	{
		foreach (1 .. 4)
		{
			my %hit = map { $_ => 1 } grep { rand() < 0.4 } sort keys %{ $plant->{unit} };
			my $kept = Outcome::kept($plant, \%hit);
			my $cut = join ',', 0, keys %hit;
			$got = rows(1, "UPDATE netstate.span SET status = CASE WHEN id IN ($cut) THEN 'cut' ELSE 'operational' END; SELECT link_id, carried FROM netstate.carried()");
			foreach my $id (@id)
			{
				$count{carried}++;
				wrong($number, "link $id carries $got->{$id}[0], not $kept->{$id}, without spans $cut") unless near($got->{$id}[0], $kept->{$id});
			}
		}
	}
	$session->ask('ROLLBACK');
}
$session->quit;

diag($_) foreach @wrong;
note join ', ', map { "$count{$_} $_" } sort keys %count;
note join ', ', map { "$units{$_} plants of $_ units" } sort { $a <=> $b } keys %units;
is($count{wrong} // 0, 0, 'nothing differs from enumeration');
cmp_ok($count{$_}, '>', 100, "$_ were compared") foreach qw(memberships joint carried);
ok((grep { $_ >= 7 } keys %units), 'some plants have many units');
$node->stop;
done_testing();
