# Random groups over random plants, random transactions, and a judgement of each:
# what the check at COMMIT refused and what it let pass, against a second derivation
# in plain SQL (oracle.sql).  Built upon test/plant, whose plants and changes it uses.

package DiversityTest;

use strict;
use warnings;

use File::Temp qw(tempdir);
use JSON::PP;
use PlantTest;

# What refuses random changes; the judge looks at 23514 of groups at COMMIT.
my %EXPECTED = map { $_ => 1 } qw(22023 23503 23505 23514 23P01 25P02 42704 55000);

my $SETTINGS = join ' ', map { "-c $_" } 'statement_timeout=300s', 'client_min_messages=warning', 'jit=off', 'plan_cache_mode=force_generic_plan';

sub one_of { return $_[ int(rand(scalar @_)) ]; }
sub chance { return rand() < $_[0]; }

# Loads the oracle and all else into a database with netstate.  `wrong` breaks the
# oracle, to see that it would be noticed: SQL.
sub prepare
{
	my ($connstr, $directory, $wrong) = @_;
	PlantTest::prepare($connstr, "$directory/../plant");
	local $ENV{PGOPTIONS} = $SETTINGS;
	PlantTest::psql($connstr, (map { ('-f', "$directory/$_.sql") } qw(oracle check change)), $wrong ? ('-c', $wrong) : ()) or die "cannot prepare $connstr";
}

sub look { my ($place) = @_; return "SELECT diversity_test.look('$place');"; }
sub change { return 'SELECT diversity_test.change();'; }

sub transaction
{
	my @line = (one_of('BEGIN;', 'BEGIN;', 'BEGIN ISOLATION LEVEL REPEATABLE READ;', 'BEGIN ISOLATION LEVEL SERIALIZABLE;'));
	foreach (1 .. 1 + int(rand(3)))
	{
		push @line, 'SAVEPOINT a;' if my $savepoint = chance(0.3);
		push @line, change(), chance(0.4) ? change() : ();
		push @line, look('before'), 'SET CONSTRAINTS ALL IMMEDIATE;', 'SET CONSTRAINTS ALL DEFERRED;' if $savepoint && chance(0.3);
		push @line, one_of('ROLLBACK TO a;', 'RELEASE a;') if $savepoint;
	}
	push @line, 'SELECT pg_sleep(0.2);' if chance(0.1);	# waivers expire
	push @line, look('before'), 'SET CONSTRAINTS ALL IMMEDIATE;', 'SET CONSTRAINTS ALL DEFERRED;' if chance(0.1);
	push @line, look('before'), chance(0.95) ? 'COMMIT;' : 'ROLLBACK;', look('after');
	return @line;
}

# Paths that are promised: nothing else is changed, so COMMIT must take it.
sub promise
{
	my ($layer) = @_;
	my $call = "SELECT plant_test.try('diversity_test.promise(''$layer'')');";
	return ('BEGIN;', $call, look('before'), 'COMMIT;', look('after'));
}

sub story
{
	my ($option) = @_;
	my @line;
	foreach (1 .. $option->{plants})
	{
		push @line, 'SELECT diversity_test.clear();', 'SELECT plant_test.clear();', sprintf('SELECT setseed(%.6f);', rand()), 'SELECT plant_test.fill();',
		  ("SELECT plant_test.try('diversity_test.add_group()');") x ($option->{groups} // 6), ("SELECT plant_test.try('diversity_test.add_watched()');") x 2, look('after');
		push @line, chance(0.15) ? promise(one_of('fibre', 'optical', 'ip')) : transaction() foreach 1 .. $option->{transactions};
		push @line, map { promise('fibre') } 1 .. 4;
	}
	return @line;
}

# ---- the judge ----

sub new_result
{
	return { looks => 0, differences => 0, unexpected => 0, commits => 0, judged => 0, enforced => 0, refused => 0, promises => 0, kept => 0, expired => 0,
		shown => [], codes => {}, done => {} };
}

sub show { my ($result, @text) = @_; push @{ $result->{shown} }, join("\n      ", @text) if @{ $result->{shown} } < 10; return; }

sub wrong
{
	my ($result, $text) = @_;
	$result->{differences}++;
	show($result, $text, 'after', @{ $result->{recent} });
	return;
}

sub without { my ($of, $what) = @_; my %what = map { $_ => 1 } @$what; return grep { !$what{$_} } @$of; }

# A look in a transaction, before COMMIT or an early check of it.
sub judge_before
{
	my ($result, $look) = @_;
	my @no_reason = without($look->{pending}, [ @{ $look->{soon} }, @{ $look->{doubt} } ]);
	wrong($result, "check_pending() names groups @no_reason, which the oracle finds whole") if @no_reason;
	# a group that shares something else than before was touched, whatever touched it
	my $base = $result->{base} or return;
	my %sure = map { $_ => 1 } without($look->{now}, [ @{ $look->{doubt} }, @{ $look->{pending} } ]);
	foreach my $group (grep { ($base->{share}{$_} // 0) != ($look->{share}{$_} // 0) || !$result->{was_now}{$_} } sort keys %sure)
	{
		next if $result->{expiring}{$group};
		wrong($result, "group $group is violated by this transaction, and check_pending() says nothing");
	}
	return;
}

sub judge_commit
{
	my ($result, $look) = @_;
	wrong($result, "COMMIT let pass groups @{ $look->{pending} }, which check_pending() named") if @{ $look->{pending} };
	$result->{promises}++, $result->{kept}++ if $result->{promise};
	return;
}

# Refused for a group: which one?
sub judge_refusal
{
	my ($result, $look, $text) = @_;
	my ($group) = $text =~ /group (\d+)/;
	if (!defined $group)
	{
		wrong($result, "the error names no group: $text");
		return;
	}
	$result->{refused}++;
	wrong($result, "COMMIT refused group $group, which the oracle finds whole: $text") if !grep { $_ == $group } @{ $look->{soon} }, @{ $look->{doubt} };
	wrong($result, "COMMIT refused group $group, which check_pending() did not name (@{ $look->{pending} }): $text")
	  if !grep { $_ == $group } @{ $look->{pending} }, (without($look->{soon}, $look->{now}));
	return;
}

# A promise is refused only where something beneath the two paths is shared that the
# paths were not asked about: not in a network that rides on nothing.
sub judge_promise
{
	my ($result, $text) = @_;
	$result->{promises}++;
	push @{ $result->{broken} }, "$result->{promise}: $text";
	wrong($result, "paths of fibre, and no promise can be made of them ($result->{promise}): $text") if $result->{promise} =~ /\(fibre/;
	return;
}

sub judge_after
{
	my ($result, $look) = @_;
	my @bad = without($look->{ever}, $look->{doubt});
	wrong($result, "groups @bad are enforced, and violated in what was committed") if @bad;
	$result->{enforced} += $look->{enforced};
	$result->{expired}++ if grep { my $g = $_; !grep { $_ == $g } @bad } @{ $look->{now} };
	$result->{base} = $look;
	$result->{was_now} = { map { $_ => 1 } @{ $look->{now} } };
	# waivers that may run out before the next look
	$result->{expiring} = { map { $_ => 1 } without($look->{soon}, $look->{now}) };
	return;
}

sub judge_look
{
	my ($result, $look) = @_;
	$result->{looks}++;
	wrong($result, $_) foreach @{ $look->{differ} };
	if ($look->{place} eq 'after') { judge_after($result, $look); }
	else { judge_before($result, $look); }
	$result->{look} = $look;
	return;
}

# One statement of the story, and what psql printed for it.
sub count
{
	my ($result, $statement, $line) = @_;
	if ($line =~ /^LOOK (.*)/)
	{
		judge_look($result, decode_json($1));
	}
	elsif ($line =~ /(?:ERROR|FATAL|PANIC):  (\w{5}): (.*)/)
	{
		my ($code, $text) = ($1, $2);
		$result->{codes}{$code}++;
		$result->{failed} = 1;
		if (!$EXPECTED{$code})
		{
			$result->{unexpected}++;
			show($result, $line, 'after', @{ $result->{recent} });
		}
		$result->{error} = $text if $statement =~ /^(?:COMMIT|SET CONSTRAINTS)/;
	}
	elsif ($line =~ /^CONSTRAINT NAME:  disjoint_group$/ && defined $result->{error})
	{
		judge_refusal($result, $result->{look}, $result->{error}) if $result->{look}{place} eq 'before';
		judge_promise($result, $result->{error}) if $result->{promise};
	}
	elsif ($line =~ /^refused (\w{5}): /)
	{
		$result->{codes}{$1}++;
		return if $EXPECTED{$1};
		$result->{unexpected}++;
		show($result, $line, 'after', @{ $result->{recent} });
	}
	elsif ($line =~ /server closed the connection|connection to server/)
	{
		$result->{unexpected}++;
		show($result, $line);
	}
	elsif ($line eq 'COMMIT')
	{
		$result->{commits}++;
		$result->{judged}++;
		judge_commit($result, $result->{look});
	}
	elsif ($line =~ /^(?:add|place|span|cable|link|rule|group)\b/)
	{
		$result->{done}{ $line =~ /^(add \w+|\w+: [^(0-9]*[a-z])/ ? $1 : $line }++;
		$result->{promise} = $line if $line =~ /^add promise/;
	}
	return;
}

# Runs a story from a seed, and judges it.
sub compare
{
	my (%option) = (plants => 2, transactions => 25, seed => 1, @_);
	my $result = new_result();
	srand($option{seed});
	my $directory = $option{directory} // tempdir(CLEANUP => 1);
	my @line = story(\%option);
	open(my $script, '>', "$directory/story.sql") or die "$directory/story.sql: $!";
	print $script "\\set VERBOSITY verbose\n", map { "\\echo at $_\n$line[$_]\n" } 0 .. $#line;
	close $script;
	local $ENV{PGOPTIONS} = $SETTINGS;
	# what is printed and what is complained of stay in order
	open(my $out, '-|', 'sh', '-c', 'exec stdbuf -oL "$@" 2>&1', 'sh', 'psql', '-XAt', '-d', $option{connstr}, '-f', "$directory/story.sql") or die "psql: $!";
	my $statement = '';
	$result->{recent} = [];
	while (my $line = <$out>)
	{
		chomp $line;
		if ($line =~ /^at (\d+)$/)
		{
			$statement = $line[$1];
			$result->{error} = undef;
			$result->{promise} = undef if $statement =~ /^BEGIN/;
			push @{ $result->{recent} }, $statement if $statement !~ /^SELECT \w+_test/;
		}
		count($result, $statement, $line);
		push @{ $result->{recent} }, substr($line, 0, 300) if $line !~ /^(?:at \d|LOOK|LOCATION|SCHEMA|[A-Z]+$)/ && $line ne '';
		shift @{ $result->{recent} } while @{ $result->{recent} } > 14;
		last if $option{stop} && $result->{differences};
	}
	close $out or $option{stop} or $result->{unexpected}++;
	return $result;
}

sub summary
{
	my ($result) = @_;
	my $done = 0;
	$done += $_ foreach values %{ $result->{done} };
	return sprintf '%d looks at %d enforced groups, %d differences, %d unexpected errors; %d changes, %d commits, %d refused for a group, %d of %d promises kept; errors: %s',
	  @$result{qw(looks enforced differences unexpected)}, $done, @$result{qw(commits refused kept promises)},
	  join(', ', map { "$_ $result->{codes}{$_}" } sort { $result->{codes}{$b} <=> $result->{codes}{$a} } keys %{ $result->{codes} }) || 'none';
}

1;
