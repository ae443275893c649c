# Random three-layer plants of up to 10 units, and enumeration of every outcome
# of an event: which units it hits, which links then lose something, and what is
# left when it hits all that it can.  Nothing here asks the database; the plant is
# kept in Perl and written out as SQL.
#
# Three structures, A, M and Z; spans from A to M and from M to Z, side by side.
# Cables go forth, and at times back and forth again.  Links over strands of one
# cable; bundles of them in parallel and in series; tunnels over bundles.

package Outcome;

use strict;
use warnings;

use List::Util qw(min max sum0);

sub one_of { return $_[ int(rand(scalar @_)) ]; }
sub chance { return rand() < $_[0]; }

my @CAPACITY = (undef, 0, 100, 100, 100, 200, 400);

# ---- the plant ----

# A route from one structure to another, as spans; it may go back.
sub route
{
	my ($spans, $from, $to) = @_;
	my @route;
	my $at = $from;
	while ($at ne $to || !@route)
	{
		my @next = grep { $spans->{$_}{ends} =~ /$at/ } sort { $a <=> $b } keys %$spans;
		my $span = one_of(@next);
		# mostly onward
		my ($there) = grep { $_ ne $at } split //, $spans->{$span}{ends};
		next if (index('AMZ', $there) - index('AMZ', $at)) * (index('AMZ', $to) - index('AMZ', $at)) < 0 && chance(0.8);
		push @route, $span;
		$at = $there;
		return route($spans, $from, $to) if @route > 7;
	}
	return @route;
}

# kind: the event, and what its units are.
sub plant
{
	my ($kind) = @_;
	my %p = (kind => $kind, links => {});
	my $id = 0;
	foreach my $ends ('AM', 'MZ')
	{
		$p{spans}{ ++$id } = { ends => $ends } foreach 1 .. 1 + int(rand(5));
	}
	if ($kind eq 'duct_bank')
	{
		# the one that is struck, and its ducts: the inner ones lie in the outer
		$p{bank} = one_of(sort { $a <=> $b } keys %{ $p{spans} });
		$p{spans}{ $p{bank} }{encased} = 1;
		foreach my $duct (1 .. 2 + int(rand(8)))
		{
			my $parent = $duct > 2 && chance(0.5) ? 1 + int(rand($duct - 1)) : undef;
			$p{ducts}{$duct} = { parent => $parent, outermost => $parent ? $p{ducts}{$parent}{outermost} : $duct };
		}
	}
	elsif ($kind eq 'corridor')
	{
		$_->{side} = one_of(undef, 'left', 'right', 'median') foreach map { $p{spans}{$_} } sort { $a <=> $b } keys %{ $p{spans} };
	}
	elsif ($kind eq 'hazard_area')
	{
		$p{spans}{$_}{inside} = chance(0.8) foreach sort { $a <=> $b } keys %{ $p{spans} };
	}

	foreach my $cable (1 .. 6)
	{
		my $ends = one_of('AM', 'MZ', 'AZ', 'AZ');
		my @route = map { { span => $_, duct => $kind eq 'duct_bank' && $_ == $p{bank} && chance(0.8) ? one_of(sort { $a <=> $b } keys %{ $p{ducts} }) : undef } }
		  route($p{spans}, split //, $ends);
		$p{cables}{$cable} = { ends => $ends, route => \@route };
		$p{links}{$cable} = { level => 1, ends => $ends, capacity => one_of(@CAPACITY), members => [] };
	}
	my $number = 6;
	foreach my $level (2, 3)
	{
		my @below = grep { $p{links}{$_}{level} == $level - 1 } sort { $a <=> $b } keys %{ $p{links} };
		foreach (1 .. 5)
		{
			my $ends = one_of('AZ', 'AZ', 'AM');
			my @member;
			foreach (1 .. one_of(1, 2, 2, 3, 4))
			{
				my @whole = grep { $p{links}{$_}{ends} eq $ends } @below;
				my @first = grep { $p{links}{$_}{ends} eq 'AM' } @below;
				my @second = grep { $p{links}{$_}{ends} eq 'MZ' } @below;
				my @pair = $ends eq 'AZ' && @first && @second ? [ one_of(@first), one_of(@second) ] : ();
				my @choice = (@pair, map { [$_] } @whole);
				push @member, one_of(@choice) if @choice;
			}
			next unless @member;
			$p{links}{ ++$number } = { level => $level, ends => $ends, capacity => one_of(@CAPACITY), members => \@member };
			# 1+1: each of two carries the whole
			if (@member == 2 && chance(0.5))
			{
				$_->{capacity} = 100 foreach map { $p{links}{$_} } $number, map { @$_ } @member;
			}
		}
	}
	if ($kind eq 'srlg')
	{
		foreach my $link (sort { $a <=> $b } keys %{ $p{links} })
		{
			next if keys %{ $p{stated} // {} } == 10 || !chance($p{links}{$link}{level} == 1 ? 0.8 : 0.2);
			$p{stated}{$link} = { share => one_of(1, 1, 0.5, 0.25), probability => one_of(0, 0.1, 0.5, 0.7, 1) };
		}
	}
	$p{probability} = one_of(0, 0.05, 0.25, 0.5, 0.9, 1);
	units(\%p);
	return \%p;
}

# Which units there are, and which lie beneath each link by itself.
sub units
{
	my ($p) = @_;
	foreach my $link (sort { $a <=> $b } keys %{ $p->{links} })
	{
		my %own;
		if ($p->{kind} eq 'srlg')
		{
			$own{$link} = 1 if $p->{stated}{$link};
		}
		elsif ($p->{links}{$link}{level} == 1)
		{
			foreach my $lane (@{ $p->{cables}{$link}{route} })
			{
				my $span = $p->{spans}{ $lane->{span} };
				if ($p->{kind} eq 'duct_bank')
				{
					next unless $span->{encased};
					$own{ $lane->{duct} ? 'duct ' . $p->{ducts}{ $lane->{duct} }{outermost} : 'span' } = 1;
				}
				elsif ($p->{kind} eq 'corridor') { $own{ $span->{side} // 'no side' } = 1; }
				elsif ($p->{kind} eq 'hazard_area') { $own{ $lane->{span} } = 1 if $span->{inside}; }
			}
		}
		$p->{own}{$link} = \%own;
		my %beneath = %own;
		# links are numbered from below
		foreach my $below (map { @$_ } @{ $p->{links}{$link}{members} })
		{
			$beneath{$_} = 1 foreach keys %{ $p->{beneath}{$below} };
		}
		$p->{beneath}{$link} = \%beneath;
		$p->{unit}{$_} = $p->{kind} eq 'srlg' ? $p->{stated}{$_}{probability} : $p->{probability} foreach keys %own;
	}
	return;
}

# ---- outcomes ----

# What is left of each link when these units are hit.
sub kept
{
	my ($p, $hit) = @_;
	my %kept;
	foreach my $id (sort { $a <=> $b } keys %{ $p->{links} })
	{
		my $link = $p->{links}{$id};
		my @own = grep { $hit->{$_} } keys %{ $p->{own}{$id} };
		my $left = $p->{kind} eq 'srlg' ? 1 - max(0, map { $p->{stated}{$_}{share} } @own) : @own ? 0 : 1;
		if (@{ $link->{members} })
		{
			my $known = !grep { !defined } $link->{capacity}, map { $p->{links}{$_}{capacity} } map { @$_ } @{ $link->{members} };
			my ($sum, $through) = (0, 0);
			foreach my $member (@{ $link->{members} })
			{
				my $c = $known ? min($link->{capacity}, map { $p->{links}{$_}{capacity} } @$member) : 1;
				$sum += $c;
				$through += $c * min(map { $kept{$_} } @$member);
			}
			my $whole = $known ? min($link->{capacity}, $sum) : $sum;
			$left = min($left, $whole > 0 ? $through / $whole : 1);
		}
		$kept{$id} = $left;
	}
	return \%kept;
}

# By link: share and probability; by pair of links: that both are hit.
sub enumerate
{
	my ($p) = @_;
	my @unit = sort keys %{ $p->{unit} };
	my (%probability, %joint);
	my @links = sort { $a <=> $b } keys %{ $p->{links} };
	foreach my $outcome (0 .. 2**@unit - 1)
	{
		my %hit;
		my $chance = 1;
		foreach my $i (0 .. $#unit)
		{
			my $is_hit = $outcome >> $i & 1;
			$chance *= $is_hit ? $p->{unit}{ $unit[$i] } : 1 - $p->{unit}{ $unit[$i] };
			$hit{ $unit[$i] } = 1 if $is_hit;
		}
		next if $chance == 0;
		my @hit_link = grep { my $id = $_; grep { $hit{$_} } keys %{ $p->{beneath}{$id} } } @links;
		foreach my $a (@hit_link)
		{
			$probability{$a} += $chance;
			$joint{$a}{$_} += $chance foreach @hit_link;
		}
	}
	my $kept = kept($p, { map { $_ => 1 } @unit });
	my %link = map { $_ => { share => 1 - $kept->{$_}, probability => $probability{$_} // 0 } } grep { %{ $p->{beneath}{$_} } } @links;
	return (\%link, \%joint);
}

# ---- as SQL ----

sub value { my ($v) = @_; return defined $v ? "'$v'" : 'NULL'; }

# Ids are those of the plant; link n of it is n here.
sub sql
{
	my ($p) = @_;
	my %structure = (A => 1, M => 2, Z => 3);
	my %x = (A => 0, M => 0.02, Z => 0.04);
	my @sql = ("INSERT INTO netstate.structure (id, name, geom) VALUES " . join ', ', map { "($structure{$_}, '$_', 'SRID=4326;POINT($x{$_} 50)')" } qw(A M Z));
	push @sql, "INSERT INTO netstate.corridor (id, name, geom) VALUES (1, 'road', 'SRID=4326;LINESTRING(-0.5 50, 1 50)')";
	foreach my $id (sort { $a <=> $b } keys %{ $p->{spans} })
	{
		my $span = $p->{spans}{$id};
		my ($a, $z) = split //, $span->{ends};
		# some 100 m apart, and reached by the area or not
		my $bend = $id / 1000 + ($span->{inside} ? 50.5 : 50);
		push @sql, sprintf "INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, encasement, corridor_id, side, geom) VALUES (%d, 's%d', %d, %d, '%s', %s, %s, 'SRID=4326;LINESTRING(%s 50, %s %s, %s 50)')",
		  $id, $id, $structure{$a}, $structure{$z}, $span->{encased} ? 'cast' : 'none', $p->{kind} eq 'corridor' ? 1 : 'NULL', value($span->{side}),
		  $x{$a}, ($x{$a} + $x{$z}) / 2, $bend, $x{$z};
	}
	push @sql, "INSERT INTO netstate.hazard_area (id, name, geom) VALUES (1, 'flood', 'SRID=4326;POLYGON((-1 50.3, 1 50.3, 1 50.4, -1 50.4, -1 50.3))')" if $p->{kind} eq 'hazard_area';
	push @sql, sprintf "INSERT INTO netstate.duct (id, span_id, parent_id, name) VALUES (%d, %d, %s, 'd%d')", $_, $p->{bank}, value($p->{ducts}{$_}{parent}), $_
	  foreach sort { $a <=> $b } keys %{ $p->{ducts} // {} };
	push @sql, "INSERT INTO netstate.network (id, name, layer) VALUES (1, 'fibre', 'fibre'), (2, 'ip', 'ip'), (3, 'te', 'te')";
	push @sql, sprintf "INSERT INTO netstate.node (id, network_id, name, structure_id, supporting_node_id) SELECT 10 * %d + t.id, %d, t.name, %s, %s FROM netstate.structure t",
	  $_, $_, $_ == 1 ? 't.id' : 'NULL', $_ == 1 ? 'NULL' : 10 * ($_ - 1) . ' + t.id' foreach 1 .. 3;
	foreach my $id (sort { $a <=> $b } keys %{ $p->{links} })
	{
		my $link = $p->{links}{$id};
		my ($a, $z) = map { 10 * $link->{level} + $structure{$_} } split //, $link->{ends};
		push @sql, sprintf "INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps) VALUES (%d, %d, 'l%d', %d, %d, %s)", $id, $link->{level}, $id, $a, $z, value($link->{capacity});
		foreach my $m (0 .. $#{ $link->{members} })
		{
			push @sql, sprintf "INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) VALUES (%d, %d, %d, %d)", $id, $m + 1, $_ + 1, $link->{members}[$m][$_]
			  foreach 0 .. $#{ $link->{members}[$m] };
		}
	}
	foreach my $id (sort { $a <=> $b } keys %{ $p->{cables} })
	{
		my @route = @{ $p->{cables}{$id}{route} };
		push @sql, "INSERT INTO netstate.cable (id, name, strand_count) VALUES ($id, 'c$id', 2)";
		push @sql, sprintf "INSERT INTO netstate.cable_segment (cable_id, seq, span_id, duct_id) VALUES (%d, %d, %d, %s)", $id, $_ + 1, $route[$_]{span}, value($route[$_]{duct}) foreach 0 .. $#route;
		push @sql, sprintf "INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments) VALUES (%d, 1, %d, '[1,2]', '[1,%d]')", $id, $id, scalar @route;
	}
	if ($p->{kind} eq 'srlg')
	{
		push @sql, "INSERT INTO netstate.srlg (id, name) VALUES (1, 'event')";
		push @sql, sprintf "INSERT INTO netstate.srlg_member (srlg_id, link_id, share, probability) VALUES (1, %d, %s, %s)", $_, $p->{stated}{$_}{share}, $p->{stated}{$_}{probability}
		  foreach sort { $a <=> $b } keys %{ $p->{stated} // {} };
	}
	push @sql, "INSERT INTO netstate.risk_rule (kind, probability) VALUES ('$p->{kind}', $p->{probability})" if $p->{kind} ne 'srlg';
	push @sql, "INSERT INTO netstate.risk_rule (kind, distance_m) VALUES ('corridor', 1000000) ON CONFLICT (kind) DO UPDATE SET distance_m = 1000000" if $p->{kind} eq 'corridor';
	return join(";\n", @sql) . ";\n";
}

# The group whose event it is.
sub group_id
{
	my ($p) = @_;
	my %id = (
		srlg => [ 'srlg', 1 ],
		hazard_area => [ 'hazard_area', 1 ],
		corridor => [ 'corridor', 1 << 26 ],
		duct_bank => [ 'span', $p->{bank} ]);
	my ($kind, $element) = @{ $id{ $p->{kind} } };
	my %code = (span => 1, corridor => 7, hazard_area => 11);
	return $kind eq 'srlg' ? $element : -(($code{$kind} << 59) | $element);
}

1;
