# Writers that change small networks in every way there is, beside readers that
# compare, statement by statement, what netstate answers with what plain SQL
# says under the same snapshot (oracle.sql).  Sessions are psql processes, each
# fed by a process of its own, so that they interleave as they please; what they
# send follows from the seed.

package Agreement;

use strict;
use warnings;

use File::Temp qw(tempdir);
use POSIX qw(:sys_wait_h);
use Time::HiRes qw(sleep time);

# Errors that concurrent changes of such networks come to.  A failed transaction
# ignores the rest of its statements.
my %EXPECTED = map { $_ => 1 } qw(40001 40P01 55P03 25P02 3B001 23503 23505 23514);

my $SETTINGS = join ' ', map { "-c $_" } 'deadlock_timeout=50ms', 'lock_timeout=2s',
  'statement_timeout=60s', 'client_min_messages=warning', 'jit=off', 'plan_cache_mode=force_generic_plan';

# Loads the oracle and the networks; the networks only where rows are to be
# written (a subscriber gets them).
sub prepare
{
	my ($connstr, $directory, %option) = @_;
	my @fill = map { ('-c', "SELECT agreement.fill($_)") } 1 .. 4;
	system('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $connstr, '-f', "$directory/oracle.sql",
		$option{empty} ? () : @fill) == 0 or die "cannot prepare $connstr";
}

# ---- what writers write ----

sub one_of { return $_[ int(rand(scalar @_)) ]; }
sub chance { return rand() < $_[0]; }
sub network { return one_of(1, 1, 2, 2, 3, 3, 3); }
sub link_id { my $n = shift // network(); return 100 * $n + 1 + int(rand(16)); }
sub node_id { my $n = shift // network(); return 10 * $n + 1 + int(rand(7)); }
sub group { return 1 + int(rand(8)); }
sub cost { return one_of(0, 0.5, 1, 1, 1.5, 2, 2, 3, 4, 4); }
sub status { return one_of(('in_service') x 6, 'failed', 'planned', 'retired'); }
sub check { return sprintf 'SELECT agreement.check(%d);', int(rand(1000000)); }

sub add_link
{
	my $n = network();
	my $id = link_id($n);
	return sprintf 'INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric, directed) '
	  . "SELECT %d, %d, 'l%d', a.id, z.id, %s, %s FROM netstate.node a, netstate.node z WHERE a.id = %d AND z.id = %d AND a.id <> z.id ON CONFLICT DO NOTHING;",
	  $id, $n, int(rand(30)), cost(), one_of('false', 'false', 'true'), node_id($n), node_id($n);
}

sub add_support
{
	my $n = one_of(2, 3);
	return sprintf 'INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) '
	  . 'SELECT l.id, %d, %d, b.id FROM netstate.link l, netstate.link b WHERE l.id = %d AND b.id = %d ON CONFLICT DO NOTHING;',
	  one_of(1, 2), one_of(1, 2), link_id($n), link_id($n == 3 ? one_of(1, 2) : 1);
}

# weight, statements
my @CHANGE = (
	[ 20, sub { 'UPDATE netstate.link SET metric = ' . cost() . ' WHERE id = ' . link_id() . ';' } ],
	[ 10, sub { "UPDATE netstate.link SET status = '" . status() . "' WHERE id = " . link_id() . ';' } ],
	[ 6, sub { "UPDATE netstate.node SET status = '" . status() . "' WHERE id = " . node_id() . ';' } ],
	[ 3, sub { my $n = one_of(2, 3); 'UPDATE netstate.node SET supporting_node_id = ' . one_of('NULL', node_id($n - 1)) . ' WHERE id = ' . node_id($n) . ';' } ],
	[ 10, \&add_link ],
	[ 6, sub { my $id = link_id(); "DELETE FROM netstate.link_support WHERE supporting_link_id = $id; DELETE FROM netstate.link WHERE id = $id;" } ],
	[ 2, sub { 'DELETE FROM netstate.link WHERE id = ' . link_id(3) . ';' } ],
	[ 2, sub { my $n = network(); 'UPDATE netstate.link SET z_node_id = ' . node_id($n) . ' WHERE id = ' . link_id($n) . ';' } ],
	[ 2, sub { 'UPDATE netstate.link SET directed = NOT directed WHERE id = ' . link_id() . ';' } ],
	[ 2, sub { my $n = network(); 'UPDATE netstate.link SET id = ' . link_id($n) . ' WHERE id = ' . link_id($n) . ';' } ],
	[ 1, sub { 'UPDATE netstate.link SET metric = NULL WHERE id = ' . link_id() . ';' } ],
	[ 1, sub { 'UPDATE netstate.link SET metric = 2 WHERE metric IS NULL;' } ],
	[ 2, sub { 'UPDATE netstate.link SET capacity_gbps = ' . one_of('NULL', 100, 200, 400) . ' WHERE id = ' . link_id() . ';' } ],
	[ 3, sub { 'UPDATE netstate.link SET load_gbps = ' . int(rand(100)) . ' WHERE id = ' . link_id() . ';' } ],
	[ 10, \&add_support ],
	[ 3, sub { 'UPDATE netstate.link_support s SET supporting_link_id = b.id FROM netstate.link b WHERE b.id = ' . link_id(1) . ' AND link_id = ' . link_id(one_of(2, 3)) . ';' } ],
	[ 3, sub { 'UPDATE netstate.link_support SET link_id = ' . link_id(3) . ' WHERE link_id = ' . link_id(one_of(2, 3)) . ';' } ],
	[ 7, sub { 'DELETE FROM netstate.link_support WHERE link_id = ' . link_id(one_of(2, 3)) . ';' } ],
	[ 8, sub { 'INSERT INTO netstate.srlg_member (srlg_id, link_id, share) SELECT g.id, l.id, ' . one_of(1, 1, 0.5, 0)
		. ' FROM netstate.srlg g, netstate.link l WHERE g.id = ' . group() . ' AND l.id = ' . link_id() . ' ON CONFLICT DO NOTHING;' } ],
	[ 5, sub { 'DELETE FROM netstate.srlg_member WHERE link_id = ' . link_id() . ';' } ],
	[ 2, sub { 'UPDATE netstate.srlg_member SET link_id = ' . link_id() . ' WHERE srlg_id = ' . group() . ' AND link_id = ' . link_id() . ';' } ],
	[ 2, sub { 'UPDATE netstate.srlg_member SET share = ' . one_of(1, 0.5) . ', probability = ' . one_of(1, 0.5) . ' WHERE srlg_id = ' . group() . ';' } ],
	[ 3, sub { 'INSERT INTO netstate.srlg_node (srlg_id, node_id) SELECT g.id, v.id FROM netstate.srlg g, netstate.node v WHERE g.id = '
		. group() . ' AND v.id = ' . node_id() . ' ON CONFLICT DO NOTHING;' } ],
	[ 3, sub { 'DELETE FROM netstate.srlg_node WHERE node_id = ' . node_id() . ';' } ],
	[ 1, sub { 'UPDATE netstate.srlg_node SET node_id = ' . node_id() . ' WHERE srlg_id = ' . group() . ';' } ],
	[ 2, sub { 'DELETE FROM netstate.srlg WHERE id = ' . group() . ';' } ],
	[ 2, sub { my $g = group(); "INSERT INTO netstate.srlg (id, name) VALUES ($g, 'g$g') ON CONFLICT DO NOTHING;" } ],
	[ 3, sub { "UPDATE netstate.node SET name = 'n" . int(rand(12)) . "' WHERE id = " . node_id() . ';' } ],
	[ 2, sub { my $n = network(); my $id = node_id($n); "INSERT INTO netstate.node (id, network_id, name) VALUES ($id, $n, 'n" . int(rand(12)) . "') ON CONFLICT DO NOTHING;" } ],
	[ 2, sub { my $id = node_id(); "DELETE FROM netstate.link WHERE $id IN (a_node_id, z_node_id); DELETE FROM netstate.node WHERE id = $id;" } ],
	[ 2, sub { 'UPDATE netstate.link SET metric = (id * ' . one_of(3, 7, 11) . ' % 5) WHERE network_id = ' . network() . ';' } ],
	[ 2, sub { 'DO $$ BEGIN PERFORM agreement.fill(' . network() . '); END $$;' } ],
	[ 1, sub { 'UPDATE netstate.link SET metric = ' . cost() . ' WHERE network_id = 4 OR id IN (' . link_id() . ', ' . link_id() . ');' } ],
	[ 1, sub { "UPDATE netstate.network SET name = '" . one_of('net 3', 'other') . "' WHERE id = 3;" } ],
	[ 1, sub { "UPDATE netstate.network SET layer = '" . one_of('ip', 'te') . "' WHERE id = 3;" } ],
	# more subtransactions than a snapshot has room for
	[ 2, sub { 'DO $$ BEGIN FOR i IN 1 .. 70 LOOP BEGIN UPDATE netstate.link SET metric = ' . cost() . ' + i % 3 WHERE id = ' . link_id() . ' + i % 4; '
		. 'IF i % 5 = 0 THEN RAISE division_by_zero; END IF; EXCEPTION WHEN division_by_zero THEN NULL; END; END LOOP; END $$;' } ],
	# a block that catches its error
	[ 2, sub { 'DO $$ BEGIN UPDATE netstate.link SET metric = ' . cost() . ' WHERE id = ' . link_id() . '; RAISE division_by_zero; EXCEPTION WHEN division_by_zero THEN NULL; END $$;' } ],
);

# Transactions of their own: they lock whole tables, so none of them is prepared.
my @LARGE = (
	sub { 'TRUNCATE netstate.' . one_of('srlg_member', 'link_support', 'srlg_node') . ';' },
	sub { 'TRUNCATE netstate.link CASCADE; ' . check() . ' DO $$ BEGIN PERFORM agreement.fill(n) FROM generate_series(1, 4) n; END $$;' },
	sub { 'DELETE FROM netstate.network WHERE id = 3; ' . one_of('', check()) . ' DO $$ BEGIN PERFORM agreement.fill(3); END $$;' });

# What moves rows and changes none; not within a transaction.
my @MAINTAIN = map { "$_;" } 'VACUUM netstate.link', 'VACUUM netstate.change_log', 'ANALYZE netstate.node', 'REINDEX TABLE netstate.change_log',
  'REINDEX TABLE netstate.link', 'CLUSTER netstate.link USING link_pkey', 'VACUUM FULL netstate.link_support';

# Changes that no trigger logs; the triggers get back the state that they had.
my $UNLOGGED = sub {
	'ALTER TABLE netstate.link DISABLE TRIGGER USER; UPDATE netstate.link SET metric = ' . cost() . ' WHERE id = ' . link_id() . '; ' . check()
	  . q{ DO $$ DECLARE t record; BEGIN
		FOR t IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'netstate.link'::regclass AND NOT tgisinternal LOOP
			EXECUTE format('ALTER TABLE netstate.link ENABLE %s TRIGGER %I',
				CASE WHEN t.tgname LIKE '%apply' THEN 'REPLICA' WHEN t.tgname LIKE 'change_log%' THEN 'ALWAYS' END, t.tgname);
		END LOOP; END $$;} };

my $TOTAL = 0;
$TOTAL += $_->[0] foreach @CHANGE;

sub change
{
	my $at = rand($TOTAL);
	foreach my $change (@CHANGE)
	{
		return $change->[1]->() if ($at -= $change->[0]) < 0;
	}
}

sub begin
{
	return 'BEGIN ISOLATION LEVEL ' . one_of('READ COMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE') . ';';
}

my $prepared = 0;

sub writing
{
	my ($option) = @_;
	return (change(), chance(0.3) ? check() : ()) if chance(0.3);
	return (one_of(@MAINTAIN), check()) if chance(0.005);
	return ('BEGIN;', $UNLOGGED->(), one_of('COMMIT;', 'ROLLBACK;')) if $option->{unlogged} && chance(0.02);
	return (begin(), one_of(@LARGE)->(), chance(0.5) ? check() : (), one_of('COMMIT;', 'COMMIT;', 'ROLLBACK;')) if chance(0.02);

	my @line = (begin());
	foreach (1 .. 1 + int(rand(3)))
	{
		if (chance(0.25))
		{
			push @line, 'SAVEPOINT a;', change(), chance(0.7) ? check() : ();
			push @line, 'SAVEPOINT b;', change(), chance(0.5) ? check() : (), one_of('ROLLBACK TO b;', 'RELEASE b;') if chance(0.3);
			push @line, one_of('ROLLBACK TO a;', 'ROLLBACK TO a;', 'RELEASE a;');
		}
		else
		{
			push @line, change();
		}
		push @line, check() if chance(0.5);
	}
	if (chance(0.1))
	{
		my $name = "agreement $$ " . ++$prepared;
		push @line, "PREPARE TRANSACTION '$name';", check(), one_of('COMMIT', 'COMMIT', 'ROLLBACK') . " PREPARED '$name';";
	}
	else
	{
		push @line, one_of('COMMIT;', 'COMMIT;', 'COMMIT;', 'ROLLBACK;');
	}
	push @line, check() if chance(0.3);
	return @line;
}

# ---- what readers ask ----

sub checks { my ($n) = @_; return map { check() } 1 .. $n; }

sub reading
{
	my ($option) = @_;
	my $kind = int(rand(10));
	return checks(3) if $kind < 3;
	return ('BEGIN;', checks(4), 'COMMIT;') if $kind < 4;
	return ('SELECT agreement.check(i) FROM generate_series(1, 3) i;') if $kind < 5;
	return ('BEGIN ISOLATION LEVEL REPEATABLE READ;', checks(5), 'COMMIT;', checks(1)) if $kind < 7;
	return ('BEGIN;', 'DECLARE c CURSOR FOR SELECT agreement.check(' . int(rand(1000)) . ' + i) FROM generate_series(1, 9) i;',
		checks(1), 'FETCH 1 FROM c;', checks(1), 'FETCH 1 FROM c;', 'FETCH 1 FROM c;', checks(1), 'COMMIT;') if $kind < 9 || $option->{standby};
	return ('BEGIN ISOLATION LEVEL SERIALIZABLE' . one_of('', ' READ ONLY') . ';', checks(4), 'COMMIT;');
}

# ---- sessions ----

# One session: a process that feeds a psql until it is told to stop, or has sent
# enough.
sub session
{
	my ($option, $connstr, $lines, $checks, $number) = @_;
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
		exec('psql', $option->{echo} ? '-XAtqa' : '-XAtq', '-v', 'VERBOSITY=verbose', '-d', $connstr) or POSIX::_exit(2);
	}
	close $from;
	fcntl($to, 1031, 4096);		# F_SETPIPE_SZ: little is under way at the end
	my $sent = 0;
	while (!$stop && (!$checks || $sent < $checks))
	{
		my $text = join "\n", $lines->($option), '';
		$sent += () = $text =~ /agreement\.check\(/g;
		# a signal interrupts the write, psql still gets all of it
		while (length $text)
		{
			my $n = syswrite $to, $text;
			last if !defined $n && !$!{EINTR};
			substr($text, 0, $n // 0) = '';
		}
		last if length $text;
	}
	close $to;
	# A reader that is told to stop need not ask all that it has been sent; a
	# writer must finish what it has prepared.
	if ($stop && $lines == \&reading)
	{
		kill 'TERM', $psql;
		waitpid $psql, 0;
		POSIX::_exit(0);
	}
	waitpid $psql, 0;
	POSIX::_exit($? == 0 ? 0 : 1);
}

# Counts what a session printed.
sub count
{
	my ($session, $result) = @_;
	open(my $file, '<', $session->{output}) or die "$session->{output}: $!";
	while (my $line = <$file>)
	{
		if ($line =~ /^right$/)
		{
			$result->{checks}++;
		}
		elsif ($line =~ /^WRONG (.*)/)
		{
			$result->{checks}++;
			$result->{differences}++;
			push @{ $result->{shown} }, $1 if @{ $result->{shown} } < 10;
		}
		elsif ($line =~ /^(?:ERROR|FATAL|PANIC):  (\w{5}): (.*)/)
		{
			# what could not be prepared cannot be committed either
			my ($state, $message) = ($1, $2);
			next if $state eq '42704' && $message =~ /^prepared transaction with identifier/;
			$result->{errors}{$state}++;
			next if $EXPECTED{$state};
			$result->{unexpected}++;
			push @{ $result->{shown} }, "$state: $message" if @{ $result->{shown} } < 10;
		}
		elsif ($line =~ /server closed the connection|connection to server/)
		{
			$result->{unexpected}++;
			push @{ $result->{shown} }, $line;
		}
	}
}

# Runs writers against `writer` and readers against each of `reader`: a hash of
# name => connection string.  With `checks`, until the readers of each target
# have asked that many times; else for `seconds`.  Returns for each target (and
# `writer`, whose own transactions check too) what was found.
sub run
{
	my (%option) = (writers => 3, readers => 2, seconds => 10, seed => 1, @_);
	$option{directory} //= tempdir(CLEANUP => 1);
	my $begin = time;
	my $number = 0;
	my (@writer, @reader);
	local $SIG{INT} = sub { kill 'TERM', map { $_->{pid} } @writer, @reader; exit 130 };

	push @writer, session(\%option, $option{writer}, \&writing, 0, ++$number) foreach 1 .. $option{writers};
	foreach my $name (sort keys %{ $option{reader} })
	{
		my $share = $option{checks} && 1 + int($option{checks}{$name} / $option{readers});
		local $option{standby} = $name =~ /standby/;
		push @reader, { %{ session(\%option, $option{reader}{$name}, \&reading, $share, ++$number) }, target => $name }
		  foreach 1 .. $option{readers};
	}

	if (!$option{checks})
	{
		sleep 0.1 while time < $begin + $option{seconds};
		kill 'TERM', map { $_->{pid} } @reader;
	}
	my %result = map { $_ => { checks => 0, differences => 0, unexpected => 0, errors => {}, shown => [] } } 'writer', keys %{ $option{reader} };
	foreach my $session (@reader)
	{
		waitpid $session->{pid}, 0;
		$result{ $session->{target} }{unexpected}++ if $?;
		count($session, $result{ $session->{target} });
	}
	kill 'TERM', map { $_->{pid} } @writer;
	foreach my $session (@writer)
	{
		waitpid $session->{pid}, 0;
		$result{writer}{unexpected}++ if $?;
		count($session, $result{writer});
	}
	$_->{seconds} = time - $begin foreach values %result;
	return \%result;
}

# One line for a target.
sub summary
{
	my ($name, $result) = @_;
	my $errors = join ', ', map { "$_ x $result->{errors}{$_}" } sort keys %{ $result->{errors} };
	return sprintf '%s: %d checks, %d differences, %d unexpected errors in %.1f s; errors: %s',
	  $name, @$result{qw(checks differences unexpected seconds)}, $errors || 'none';
}

1;
