#!/usr/bin/env perl
# A lond, the remote daemon of the network layer of LON-CAPA, in Perl and its core modules. A process for each caller.
#
#     lond.pl --conf=loncapa.conf [--listen=ADDRESS] [--daemon [--pid-file=FILE]]
#
# With --daemon it leaves its terminal: the command ends with 0 once somebody else serves.
#
# The file has lines `PerlSetVar NAME VALUE`; of the names it uses lonHostID, lonDaemons, lonTabDir, lonSockDir, londPort.
# What is put is kept in <lonDaemons>/users/<domain>/<user>/<namespace>.db, a pair a line. It lacks users with passwords,
# resources, subscriptions, queries, and the signal to its gateway when a host comes up.
#
# It shares nothing with Slipway but the protocol: an example of an implementation to test. `--fault NAME` makes one
# mistake on purpose.
use strict;
use warnings;
use Fcntl qw(:flock);
use File::Path qw(make_path);
use File::Spec;
use Getopt::Long;
use IO::Handle;
use IO::Socket::INET;
use IO::Socket::UNIX;
use POSIX qw(setsid _exit);

use constant { LINE_MAX => 1 << 20, CHUNK => 8192, LINGER_READS => 64 };
use constant { GREETING => 60, GATEWAY => 10, LINGER => 2, ACCEPT => 0.5 };    # seconds
use constant DRAW => 100_000;
use constant LOAD_LIMIT => 3;    # the load average that counts as all of it

my %FAULTS = (
    'strips-cr'     => 'takes CR LF for the end of a line, as LF alone',
    'one-at-a-time' => 'serves one caller, and then the next',
);

my %option = (listen => '127.0.0.1', fault => '');
GetOptions(\%option, 'conf=s', 'listen=s', 'daemon', 'pid-file=s', 'fault=s', 'help') && !@ARGV or die_usage();
print(usage()), exit 0 if $option{help};
die_usage() if !defined $option{conf} || ($option{fault} ne '' && !exists $FAULTS{ $option{fault} });

my %settings = read_settings($option{conf});
my %host_of  = read_hosts("$settings{lonTabDir}/hosts.tab");
my $own      = $settings{lonHostID};
my $users    = "$settings{lonDaemons}/users";

# ── processes ───────────────────────────────────────────────────────────────────────────────────────────────────────

# Nobody writes to the lifeline: its end tells the processes of the callers that the first process is gone.
sub listen_and_serve {
    my $listener = IO::Socket::INET->new(
        LocalAddr => $option{listen},
        LocalPort => $settings{londPort} // 5663,
        Listen    => 10,
        ReuseAddr => 1,
    ) or die "cannot listen: $!\n";
    leave_terminal() if $option{daemon};
    pipe(my $lifeline, my $life) or die "pipe: $!\n";
    $SIG{TERM} = $SIG{INT} = sub { exit 0 };
    $SIG{PIPE} = $SIG{CHLD} = 'IGNORE';
    while (1) {
        # With a limit: a signal may come just before the wait.
        next if !ready(ACCEPT, $listener);
        my $client = $listener->accept or next;
        if ($option{fault} eq 'one-at-a-time') { serve($client); next }
        my $pid = fork;
        next if !defined $pid || $pid > 0;
        close $_ for $listener, $life;
        serve($client, $lifeline);
        exit 0;
    }
}

# Twice, so that nothing can become its terminal again. What it needs has been opened: who started it is told when that failed.
sub leave_terminal {
    my $pid_file = defined $option{'pid-file'} ? File::Spec->rel2abs($option{'pid-file'}) : undef;
    go_on_alone();
    setsid() or die "setsid: $!\n";
    go_on_alone();
    chdir '/';
    write_pid($pid_file) if defined $pid_file;
    for my $standard (*STDIN, *STDOUT, *STDERR) { open $standard, '+<', '/dev/null' or _exit(1) }
}

# The parent ends, and nothing else of it is done.
sub go_on_alone {
    my $pid = fork;
    die "fork: $!\n" if !defined $pid;
    _exit(0) if $pid > 0;
}

# Nobody reads half a number.
sub write_pid {
    my ($path) = @_;
    open my $file, '>', "$path.new" or die "$path: $!\n";
    print {$file} "$$\n";
    close $file && rename "$path.new", $path or die "$path: $!\n";
}

# Whether the first of these can be read, or another: 1, 2, and so on; 0 after so many seconds. Without seconds for ever.
sub ready {
    my ($seconds, @handles) = @_;
    my $set = '';
    vec($set, fileno $_, 1) = 1 for @handles;
    return 0 if select($set, undef, undef, $seconds) <= 0;
    for my $at (0 .. $#handles) { return $at + 1 if vec($set, fileno $handles[$at], 1) }
    return 0;
}

# ── a connection ────────────────────────────────────────────────────────────────────────────────────────────────────

sub serve {
    my ($socket, $lifeline) = @_;
    my $caller = { socket => $socket, watched => [$socket, $lifeline // ()], held => '', host => $host_of{ $socket->peerhost } };
    my $admitted = defined $caller->{host} ? greet($caller) : 0;
    return if !defined $admitted;
    if (!$admitted) {
        say_line($caller, "bye\nrefused");
        return linger($caller);
    }
    while (defined(my $request = next_line($caller))) {
        if ($request eq 'exit' || $request eq 'init') {
            say_line($caller, 'bye');
            return linger($caller);
        }
        say_line($caller, answer($caller, $request)) or return;
    }
}

# 1, 0 for a caller to refuse, undef where the connection has ended.
sub greet {
    my ($caller) = @_;
    my $challenge = $$ . time . int rand DRAW;
    for (['init', $challenge], [$challenge, 'ok']) {
        my ($awaited, $reply) = @$_;
        my $line = next_line($caller, GREETING);
        return undef if !defined $line;
        return 0 if $line =~ s/\W//gr ne $awaited;
        say_line($caller, $reply) or return undef;
    }
    return 1;
}

# Without its line feed; undef at the end of the connection or of patience, and for a line too long.
sub next_line {
    my ($caller, $seconds) = @_;
    my $from = 0;
    while ((my $at = index $caller->{held}, "\n", $from) < 0) {
        $from = length $caller->{held};
        return undef if $from > LINE_MAX || ready($seconds, @{ $caller->{watched} }) != 1;
        sysread($caller->{socket}, $caller->{held}, CHUNK, $from) or return undef;
    }
    $caller->{held} =~ s/\A([^\n]*)\n//;
    my $line = $1;
    $line =~ s/\r\z// if $option{fault} eq 'strips-cr';
    return $line;
}

sub say_line {
    my ($caller, $line) = @_;
    my $rest = "$line\n";
    while ($rest ne '') {
        my $count = syswrite $caller->{socket}, $rest or return 0;
        substr($rest, 0, $count) = '';
    }
    return 1;
}

# What is closed with bytes unread is reset, and the last line may be lost on its way.
sub linger {
    my ($caller) = @_;
    shutdown $caller->{socket}, 1;
    for (1 .. LINGER_READS) {
        last if ready(LINGER, @{ $caller->{watched} }) != 1;
        sysread($caller->{socket}, my $ignored, CHUNK) or last;
    }
    close $caller->{socket};
}

# ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────────

# How many arguments it takes, of which the last is all the rest, or any number; and what it answers.
my %COMMANDS = (
    ping => [0, sub { $own }],
    pong => [0, sub { "$own:" . ask_gateway($_[0]{host}, 'ping') }],
    ekey => [0, \&new_key],
    load => [0, \&load],
    home => [2, sub { -d user_directory(@_[1, 2]) ? 'found' : 'not_found' }],
    log  => [3, \&keep_log],
    put  => [4, \&put],
    del  => [4, \&del],
    get  => [4, \&get],
    eget => [4, sub { $_[0]{key} ? sealed($_[0]{key}, get(@_)) : 'error:no_key' }],
    keys => [3, sub { my %pairs = read_pairs(@_[1 .. 3]); join '&', sort keys %pairs }],
    dump => [3, sub { my %pairs = read_pairs(@_[1 .. 3]); join '&', map { "$_=$pairs{$_}" } sort keys %pairs }],
    # Passwords are spoken of in encrypted requests only; here nobody has one.
    map { $_ => [undef, sub { $_[0]{sealed} ? 'unknown_user' : 'refused' }] } qw(auth passwd makeuser changeuserauth currentauth),
);

sub answer {
    my ($caller, $request) = @_;
    $caller->{sealed} = $request =~ /\Aenc:/;
    if ($caller->{sealed}) {
        return 'error:no_key' if !$caller->{key};
        $request = opened($caller->{key}, $request);
        return 'error:cannot be decrypted' if !defined $request;
    }
    my ($name) = $request =~ /\A([^:]*)/;
    my ($count, $act) = @{ $COMMANDS{$name} // return 'unknown_cmd' };
    my (undef, @arguments) = split /:/, $request, ($count // 0) + 1;
    return 'unknown_cmd' if defined $count && (@arguments < $count || ($count == 0 && $request ne $name));
    my $reply = eval { $act->($caller, @arguments) };
    return $reply if defined $reply;
    return 'error:' . ($@ =~ s/\s+\z//r =~ s/\n/ /gr);
}

# What the lond of the caller says, through the gateway of this machine.
sub ask_gateway {
    my ($host, $request) = @_;
    return 'self_reply' if $host eq $own;
    my $gateway = IO::Socket::UNIX->new(Peer => "$settings{lonSockDir}/$host", Timeout => GATEWAY) or return 'con_lost';
    my $caller = { socket => $gateway, watched => [$gateway], held => '' };
    return 'con_lost' if !say_line($caller, $request);
    return next_line($caller, GATEWAY) // 'con_lost';
}

sub load {
    open my $file, '<', '/proc/loadavg' or return 0;
    my ($load) = split ' ', <$file>;
    return 100 * $load / LOAD_LIMIT;
}

# ── what is kept ────────────────────────────────────────────────────────────────────────────────────────────────────

sub user_directory {
    my (@names) = @_;
    for my $name (@names) { die "bad name\n" if $name !~ /\A\w[\w.@-]*\z/ }
    return join '/', $users, @names;
}

sub keep_log {
    my (undef, $domain, $user, $text) = @_;
    my $directory = user_directory($domain, $user);
    make_path($directory);
    open my $file, '>>', "$directory/activity.log" or die "$!\n";
    flock $file, LOCK_EX;
    print {$file} time, ":$text\n";
    close $file or die "$!\n";
    return 'ok';
}

sub pairs_of {
    my ($text) = @_;
    return map { my ($key, $value) = split /=/, $_, 2; ($key // '', $value // '') } split /&/, $text;
}

sub get {
    my (undef, $domain, $user, $namespace, $keys) = @_;
    my %pairs = read_pairs($domain, $user, $namespace);
    return join '&', map { $pairs{$_} // '' } split /&/, $keys, -1;
}

sub read_pairs {
    my (@at) = @_;
    open my $file, '<', user_directory(@at) . '.db' or return;
    return map { chomp; pairs_of($_) } <$file>;
}

sub put {
    my (undef, $domain, $user, $namespace, $pairs) = @_;
    return change($domain, $user, $namespace, sub { %{ $_[0] } = (%{ $_[0] }, pairs_of($pairs)) });
}

sub del {
    my (undef, $domain, $user, $namespace, $keys) = @_;
    return change($domain, $user, $namespace, sub { delete @{ $_[0] }{ split /&/, $keys } });
}

# Replaces the whole file, and says ok when that is on the disk.
sub change {
    my ($domain, $user, $namespace, $edit) = @_;
    return 'refused' if $namespace eq 'roles';
    my $directory = user_directory($domain, $user);
    my $path      = user_directory($domain, $user, $namespace) . '.db';
    make_path($directory);
    open my $lock, '>>', "$directory/lock" or die "$!\n";
    flock $lock, LOCK_EX or die "$!\n";
    my %pairs = read_pairs($domain, $user, $namespace);
    $edit->(\%pairs);
    open my $file, '>', "$path.new" or die "$!\n";
    print {$file} map { "$_=$pairs{$_}\n" } sort keys %pairs;
    $file->flush && $file->sync && close $file or die "$!\n";
    rename "$path.new", $path or die "$!\n";
    open my $parent, '<', $directory or die "$!\n";
    $parent->sync;
    return 'ok';
}

# ── keys, and texts under a key: enc:<bytes>:<blocks> ─────────────────────────────────────────────────────────────────

# Long enough that the two ids and it fill a key.
sub new_key {
    my ($caller) = @_;
    my $text = time . $$ . sprintf '%05d', rand DRAW;
    $text =~ tr/1-6/A-F/;
    my $end = sprintf '%05d', rand DRAW;
    $text = $end . $text . $end;
    my $folded = uc $own . $caller->{host};
    $folded =~ tr/G-PQ-Z/0-90-9/;
    my $bytes = pack 'H32', substr(($folded . $text) x 3, 0, 32);
    $caller->{key} = [encryption_keys($bytes)];
    return $text;
}

sub sealed {
    my ($key, $text) = @_;
    my $blocks = int(length($text) / 8) + 1;
    my $padded = pack 'A' . 8 * $blocks, $text;
    return 'enc:' . length($text) . ':' . unpack 'H*', join '', map { crypt_block($key, $_) } unpack '(a8)*', $padded;
}

# undef for what is not well formed.
sub opened {
    my ($key, $line) = @_;
    my ($length, $digits) = $line =~ /\Aenc:([0-9]{1,9}):((?:[0-9a-f]{16})+)\z/i or return undef;
    my $inverse = [decryption_keys(@$key)];
    my $text = join '', map { crypt_block($inverse, $_) } unpack '(a8)*', pack 'H*', $digits;
    return $length > length $text ? undef : substr $text, 0, $length;
}

# ── IDEA: words of 16 bits ──────────────────────────────────────────────────────────────────────────────────────────

# Product modulo 65537, where 0 stands for 65536.
sub product {
    my ($left, $right) = @_;
    return (($left || 65536) * ($right || 65536) % 65537) & 0xffff;
}

# By Fermat: the power 65535, which is sixteen ones.
sub inverse {
    my ($word) = @_;
    my $result = $word;
    for (1 .. 15) { $result = product(product($result, $result), $word) }
    return $result;
}

sub negative { return (0x10000 - $_[0]) & 0xffff }

# Fifty-two words: the key, then the key turned left by 25 bits, and so on.
sub encryption_keys {
    my ($bytes) = @_;
    my $bits = unpack 'B128', $bytes;
    my @words;
    while (@words < 52) {
        push @words, map { oct "0b$_" } unpack '(a16)8', $bits;
        $bits = substr($bits, 25) . substr $bits, 0, 25;
    }
    return @words[0 .. 51];
}

sub decryption_keys {
    my (@key) = @_;
    my @words;
    for my $round (reverse 0 .. 8) {
        my ($first, $second, $third, $fourth) = @key[6 * $round .. 6 * $round + 3];
        ($second, $third) = ($third, $second) if $round > 0 && $round < 8;
        push @words, inverse($first), negative($second), negative($third), inverse($fourth);
        push @words, @key[6 * $round - 2, 6 * $round - 1] if $round > 0;
    }
    return @words;
}

sub crypt_block {
    my ($key, $block) = @_;
    my ($one, $two, $three, $four) = unpack 'n4', $block;
    my @key = @$key;
    for (1 .. 8) {
        my ($first, $second, $third, $fourth, $fifth, $sixth) = splice @key, 0, 6;
        $one   = product($one, $first);
        $two   = ($two + $second) & 0xffff;
        $three = ($three + $third) & 0xffff;
        $four  = product($four, $fourth);
        my $left  = product($one ^ $three, $fifth);
        my $right = product((($two ^ $four) + $left) & 0xffff, $sixth);
        $left = ($left + $right) & 0xffff;
        ($one, $two, $three, $four) = ($one ^ $right, $three ^ $right, $two ^ $left, $four ^ $left);
    }
    return pack 'n4', product($one, $key[0]), ($three + $key[1]) & 0xffff, ($two + $key[2]) & 0xffff, product($four, $key[3]);
}

# ── configuration ───────────────────────────────────────────────────────────────────────────────────────────────────

sub read_settings {
    my ($path) = @_;
    open my $file, '<', $path or die "$path: $!\n";
    return map { /^\s*PerlSetVar\s+(\S+)\s+(\S+)/ ? ($1, $2) : () } <$file>;
}

# Ids by address; the first line with an address counts.
sub read_hosts {
    my ($path) = @_;
    open my $file, '<', $path or die "$path: $!\n";
    my %hosts;
    while (my $line = <$file>) {
        chomp $line;
        my ($id, $address) = (split /:/, $line)[0, 4];
        $hosts{$address} //= $id if defined $address;
    }
    return %hosts;
}

sub usage {
    my $faults = join '', map { sprintf "  %-15s %s\n", $_, $FAULTS{$_} } sort keys %FAULTS;
    return "usage: lond.pl --conf=FILE [--listen=ADDRESS] [--daemon [--pid-file=FILE]] [--fault=NAME]\nfaults:\n$faults";
}

sub die_usage {
    print STDERR @_, usage();
    exit 2;
}

listen_and_serve();
