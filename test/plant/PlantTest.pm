# Random plants and random changes, and after each the comparison of what
# netstate answers with a second derivation in plain SQL (oracle.sql): what one
# session sees of its own changes, savepoints and rollbacks, and what sessions
# see of one another's.  Sessions are psql processes; what they send, and what
# random() gives in them, follows from the seed.

package PlantTest;

use strict;
use warnings;

use File::Temp qw(tempdir);
use POSIX qw(:sys_wait_h);
use Time::HiRes qw(sleep time);

# What refuses random changes, at the statement or at COMMIT; the latter only
# beside others.
my %EXPECTED = map { $_ => 1 } qw(22023 23503 23505 23514 23P01 25P02 55000);
my %CONCURRENT = map { $_ => 1 } qw(40001 40P01 42704 55P03 3B001);

my $SETTINGS = join ' ', map { "-c $_" } 'deadlock_timeout=50ms', 'lock_timeout=5s', 'statement_timeout=300s',
  'client_min_messages=warning', 'jit=off', 'plan_cache_mode=force_generic_plan';

sub one_of { return $_[ int(rand(scalar @_)) ]; }
sub chance { return rand() < $_[0]; }

sub psql { my ($connstr, @argument) = @_; return system('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $connstr, @argument) == 0; }

# Loads the oracle and all else into a database with netstate.  `wrong` breaks
# the oracle, to see that it would be noticed: SQL.
sub prepare
{
	my ($connstr, $directory, $wrong) = @_;
	local $ENV{PGOPTIONS} = $SETTINGS;
	psql($connstr, (map { ('-f', "$directory/$_.sql") } qw(oracle check pair world route change drain)), $wrong ? ('-c', $wrong) : ()) or die "cannot prepare $connstr";
}

# ---- one session ----

sub check { return 'SELECT plant_test.check(' . int(rand(1000000)) . ');'; }
sub check_pairs { return 'SELECT plant_test.check_pairs(' . int(rand(1000000)) . ');'; }
sub change { return 'SELECT plant_test.change();'; }

# A transaction with checks after each step.
sub transaction
{
	my @line = (one_of('BEGIN;', 'BEGIN;', 'BEGIN ISOLATION LEVEL REPEATABLE READ;', 'BEGIN ISOLATION LEVEL SERIALIZABLE;'));
	foreach (1 .. 1 + int(rand(3)))
	{
		push @line, 'SAVEPOINT a;' if my $savepoint = chance(0.4);
		push @line, change(), chance(0.5) ? change() : (), check(), chance(0.3) ? check_pairs() : ();
		push @line, one_of('ROLLBACK TO a;', 'RELEASE a;'), check(), chance(0.3) ? check_pairs() : () if $savepoint;
	}
	push @line, 'SET CONSTRAINTS ALL IMMEDIATE;', check() if chance(0.1);
	push @line, one_of('COMMIT;', 'COMMIT;', 'COMMIT;', 'COMMIT;', 'ROLLBACK;'), check(), check_pairs();
	return @line;
}

# What a session does: new plants, each with some changes.
sub story
{
	my ($option) = @_;
	my @line;
	foreach my $plant (1 .. $option->{plants})
	{
		push @line, 'SELECT plant_test.clear();', 'BEGIN;', sprintf('SELECT setseed(%.6f);', rand()), 'SELECT plant_test.fill();', check(), 'COMMIT;', check(), check_pairs();
		push @line, chance(0.3) ? (change(), check(), check_pairs()) : transaction() foreach 1 .. $option->{transactions};
	}
	return @line;
}

sub new_result { return { checks => 0, differences => 0, unexpected => 0, refused => {}, done => {}, shown => [], commits => 0 }; }

sub show { my ($result, $text) = @_; push @{ $result->{shown} }, $text if @{ $result->{shown} } < 12; }

# Counts a line that a session printed; $recent is what it did before.
sub count
{
	my ($result, $line, $expected, $recent) = @_;
	if ($line eq 'right')
	{
		$result->{checks}++;
	}
	elsif ($line =~ /^WRONG (.*)/s)
	{
		$result->{checks}++;
		$result->{differences}++;
		show($result, join("\n      ", 'after', @$recent) . "\n    $1");
	}
	elsif ($line =~ /^refused (\w{5}): / || $line =~ /^psql:\S* ?(?:ERROR|FATAL|PANIC):  (\w{5}): / || $line =~ /^(?:ERROR|FATAL|PANIC):  (\w{5}): /)
	{
		$result->{refused}{$1}++;
		return if $expected->{$1};
		$result->{unexpected}++;
		show($result, join("\n      ", 'after', @$recent) . "\n    $line");
	}
	elsif ($line =~ /server closed the connection|connection to server/)
	{
		$result->{unexpected}++;
		show($result, $line);
	}
	elsif ($line =~ /^(?:add|place|span|cable|link|rule|drain)\b/)
	{
		$result->{done}{ $line =~ /^(add \w+|\w+: [^(0-9]*[a-z])/ ? $1 : $line }++;
	}
}

# Runs a story from a seed, and compares after each change.
sub compare
{
	my (%option) = (plants => 3, transactions => 20, seed => 1, @_);
	my $result = new_result();
	srand($option{seed});
	my $directory = $option{directory} // tempdir(CLEANUP => 1);
	open(my $script, '>', "$directory/story.sql") or die "$directory/story.sql: $!";
	print $script join "\n", '\set VERBOSITY verbose', story(\%option), '';
	close $script;
	local $ENV{PGOPTIONS} = $SETTINGS;
	# echoed, so that what went before a difference can be shown
	open(my $out, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', 'psql', '-XAtqa', '-d', $option{connstr}, '-f', "$directory/story.sql") or die "psql: $!";
	my @recent;
	while (my $line = <$out>)
	{
		chomp $line;
		count($result, $line, \%EXPECTED, \@recent);
		push @recent, substr($line, 0, 200) unless $line eq 'right' || $line =~ /^SELECT plant_test\.c/ || $line eq '';
		shift @recent if @recent > 12;
		last if $option{stop} && $result->{differences};
	}
	close $out or $option{stop} or $result->{unexpected}++;
	return $result;
}

# ---- many sessions ----

# What a writer does: transactions of a few changes.  A line 'begun' and one
# 'committed' or 'not committed' stand around each.
sub writing
{
	my ($option) = @_;
	my $call = $option->{change} // change();
	my $isolation = one_of('READ COMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE');
	my @line = ('\echo begun', "BEGIN ISOLATION LEVEL $isolation;");
	foreach (1 .. one_of(1, 1, 1, 2, 4))
	{
		push @line, $call;
		push @line, 'SAVEPOINT a;', $call, one_of('ROLLBACK TO a;', 'RELEASE a;') if chance(0.05);
		push @line, 'SELECT plant_test.check_graph(' . int(rand(1000000)) . ');' if chance(0.02);
	}
	return (@line, 'ROLLBACK;', '\echo not committed') if chance(0.03);
	return (@line, 'COMMIT;', '\if :ERROR', '\echo not committed', '\else', '\echo committed', '\endif');
}

sub reading
{
	my ($option) = @_;
	my $graph = sub { 'SELECT plant_test.check_graph(' . int(rand(1000000)) . ');' };
	return ($graph->()) x 3 if chance(0.6);
	return ('SELECT plant_test.check(' . int(rand(1000000)) . ', false);') if chance(0.1);
	return (one_of('BEGIN ISOLATION LEVEL REPEATABLE READ;', 'BEGIN;', 'BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY;'), (map { $graph->() } 1 .. 4), 'COMMIT;');
}

# One session: a process that feeds a psql until it is told to stop.
sub session
{
	my ($option, $lines, $number) = @_;
	my $output = "$option->{directory}/session$number";
	my $pid = fork() // die "fork: $!";
	return { pid => $pid, output => $output } if $pid;

	my $stop = 0;
	$SIG{TERM} = sub { $stop = 1 };
	$SIG{PIPE} = 'IGNORE';
	srand($option->{seed} * 1000 + $number);
	$ENV{PGOPTIONS} = $SETTINGS;
	pipe(my $from, my $to) or POSIX::_exit(2);
	my $psql = fork() // POSIX::_exit(2);
	if ($psql == 0)
	{
		close $to;
		$SIG{TERM} = 'DEFAULT';
		open(STDIN, '<&', $from);
		open(STDOUT, '>', $output);
		open(STDERR, '>&', \*STDOUT);
		exec('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', $option->{connstr}) or POSIX::_exit(2);
	}
	close $from;
	fcntl($to, 1031, 4096);		# F_SETPIPE_SZ: little is under way at the end
	my $text = sprintf "SELECT setseed(%.6f);\n", rand();
	while (1)
	{
		while (length $text)
		{
			my $n = syswrite $to, $text;
			last if !defined $n && !$!{EINTR};
			substr($text, 0, $n // 0) = '';
		}
		last if $stop || length $text;
		$text = join "\n", $lines->($option), '';
	}
	close $to;
	waitpid $psql, 0;
	POSIX::_exit($? == 0 ? 0 : 1);
}

# Counts what a session printed.
sub count_session
{
	my ($result, $session) = @_;
	my ($done, $failed, @recent) = (0, 0);
	open(my $file, '<', $session->{output}) or die "$session->{output}: $!";
	while (my $line = <$file>)
	{
		chomp $line;
		if ($line eq 'begun') { ($done, $failed) = (0, 0); next; }
		if ($line eq 'committed')
		{
			$result->{commits}++ if $done && !$failed;
			next;
		}
		count($result, $line, { %EXPECTED, %CONCURRENT }, \@recent);
		$done++ if $line =~ /^(?:add|place|span|cable|link|rule|drain)\b/;
		$failed++ if $line =~ /^(?:ERROR|FATAL)/;
		push @recent, substr($line, 0, 200) if $line ne 'right' && $line ne '';
		shift @recent if @recent > 6;
	}
	return;
}

# Writers that change a plant, and readers that compare, for `seconds` or until
# `commits` transactions have been committed.  What is found at rest, at the end,
# is counted too.
sub load
{
	my (%option) = (writers => 6, readers => 2, seconds => 10, seed => 1, size => 6, @_);
	$option{directory} //= tempdir(CLEANUP => 1);
	my $result = new_result();
	local $ENV{PGOPTIONS} = $SETTINGS;
	psql($option{connstr}, '-c', 'SELECT plant_test.clear()', '-c', sprintf('SELECT setseed(%.6f)', $option{seed} % 1000 / 1000),
		'-c', "BEGIN; SELECT plant_test.fill($option{size}); COMMIT") or die 'cannot make a plant';
	my @session;
	local $SIG{INT} = sub { kill 'TERM', map { $_->{pid} } @session; exit 130 };
	my $begin = time;
	push @session, session(\%option, \&writing, $_) foreach 1 .. $option{writers};
	push @session, session(\%option, \&reading, $option{writers} + $_) foreach 1 .. $option{readers};
	if ($option{commits})
	{
		while (1)
		{
			sleep 5;
			my $n = 0;
			foreach my $file (map { $_->{output} } @session[ 0 .. $option{writers} - 1 ])
			{
				my $some = `grep -c '^committed' '$file' 2>/dev/null`;
				$n += $some || 0;
			}
			last if $n >= $option{commits} * 1.25 || (grep { waitpid($_->{pid}, 1) != 0 } @session);
		}
	}
	else
	{
		sleep 0.1 while time < $begin + $option{seconds};
	}
	kill 'TERM', map { $_->{pid} } @session;
	foreach my $session (@session)
	{
		waitpid $session->{pid}, 0;
		$result->{unexpected}++ if $? > 0;
		count_session($result, $session);
	}
	$result->{seconds} = time - $begin;
	my $rest = `psql -XAtq -d '$option{connstr}' -c "SELECT plant_test.check(i) FROM generate_series(1, 8) i UNION ALL SELECT plant_test.check_pairs(i) FROM generate_series(1, 8) i UNION ALL SELECT plant_test.check_routes()" 2>&1`;
	count($result, $_, {}, ['at rest']) foreach split /\n/, $rest;
	return $result;
}

sub summary
{
	my ($result) = @_;
	my $count = sub { my ($of) = @_; return join ', ', map { "$_ $of->{$_}" } sort { $of->{$b} <=> $of->{$a} } keys %$of; };
	my $done = 0;
	$done += $_ foreach values %{ $result->{done} };
	return sprintf '%d checks, %d differences, %d unexpected errors; %d changes, %d commits; refused: %s',
	  $result->{checks}, $result->{differences}, $result->{unexpected}, $done, $result->{commits}, $count->($result->{refused}) || 'none';
}

1;
