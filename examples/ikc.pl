#!/usr/bin/env perl
# A kernel that speaks IKC, POE's inter-kernel communication, on the filters and wheels of POE itself: a server or a client.
#
#     ikc.pl --listen=ADDRESS [options]
#     ikc.pl --connect=ADDRESS [options] --post='SPECIFIER JSON' --call='SPECIFIER JSON' --subscribe=SPECIFIER ...
#
# An address is host:port, or the path of a Unix-domain socket. Lines and frames are read and written by POE::Filter::Line and
# POE::Filter::Reference, images by Storable: what they do wrong is done wrong here, so a line end in two pieces is a line more. The
# server publishes the session `demo`. What happens is printed as a JSON line each. A client plays its requests in their order, each call
# answered before the next, and ends when the other kernel has had all of them.
#
# It lacks time limits, monitors and forked servers. It needs POE (Debian: libpoe-perl) and shares nothing with Slipway but the
# protocol: an example of an implementation to test.
use strict;
use warnings;
use Getopt::Long;
use JSON::PP ();
use POE qw(Wheel::SocketFactory Wheel::ReadWrite Filter::Line Filter::Reference);
use Scalar::Util qw(blessed reftype);
use Socket qw(AF_UNIX inet_ntoa unpack_sockaddr_in);

# The second serializer, for those who are not Perl.
{ package Json; sub freeze { JSON::PP->new->utf8->encode($_[0]) } sub thaw { JSON::PP->new->utf8->decode($_[0]) } }
my %MODULE = (Storable => 'Storable', JSON => 'Json');

my ($listen, $connect, $publish, @aliases, @serializers, @requests);
my $name = '';
my $json = JSON::PP->new->utf8->allow_nonref->boolean_values(!!0, !!1);
my $asked = sub { my ($to, $params) = split / /, $_[1], 2; push @requests, ["$_[0]", $to, $json->decode($params // 'null')] };
GetOptions(
    'listen=s'     => \$listen,
    'connect=s'    => \$connect,
    'name=s'       => \$name,
    'alias=s'      => \@aliases,
    'serializer=s' => \@serializers,
    'publish'      => \$publish,
    map { ("$_=s" => $asked) } qw(post call list subscribe),
) && !@ARGV && defined($listen) != defined($connect) or die "usage: ikc.pl --listen=ADDRESS | --connect=ADDRESS [options]\n";
@serializers = qw(Storable JSON) if !@serializers;
s/\Aunix:// for grep { defined } $listen, $connect;

my $id = $poe_kernel->ID;
my %links;      # by wheel
my %named;      # by each name of a kernel; whoever had a name first keeps it
my %waiting;    # by session and state: who may answer there once, what was asked, and what to do then
my ($listener, $notes, $calls, $status) = (undef, 0, 0, 0);

# ── connections ─────────────────────────────────────────────────────────────────────────────────────────────────────

POE::Session->create(
    inline_states => {
        _start    => \&start,
        connected => \&connected,
        failed    => sub { show({ error => $_[ARG2] }); undef $listener; $status = 1 },
        heard     => sub { my $link = $links{ $_[ARG1] } or return; $link->{heard}->($_[ARG0]) },
        gone      => sub { end($links{ $_[ARG3] }, $_[ARG2] || 'the other kernel has closed the connection') },
        later     => sub { $_[ARG0]->() },
        stop      => sub { undef $listener; %links = %named = (); $_[KERNEL]->sig_handled },
    }
);

sub start {
    my $address = $listen // $connect;
    my ($host, $port) = $address =~ m{\A([^/]*):(\d+)\z};
    my $end = defined $listen ? 'Bind' : 'Remote';
    unlink $address if defined $listen && !defined $port;
    $poe_kernel->sig($_ => 'stop') for qw(TERM INT);
    $listener = POE::Wheel::SocketFactory->new(
        (defined $port ? ("${end}Address" => $host, "${end}Port" => $port) : (SocketDomain => AF_UNIX, "${end}Address" => $address)),
        (defined $listen ? (Reuse => 'yes') : ()),
        SuccessEvent => 'connected',
        FailureEvent => 'failed',
    );
    show({ listening => defined $port ? inet_name($listener->getsockname) : $address }) if defined $listen;
}

sub connected {
    my $socket = $_[ARG0];
    my $inet   = ($listen // $connect) =~ m{\A[^/]*:\d+\z};
    my $path   = ($listen // $connect) =~ s/[^-:.A-Za-z0-9_]/_/gr;
    my $wheel  = POE::Wheel::ReadWrite->new(Handle => $socket, Filter => POE::Filter::Line->new, InputEvent => 'heard', ErrorEvent => 'gone');
    my $link   = $links{ $wheel->ID } = { wheel => $wheel, names => [] };
    $link->{own}    = $inet ? inet_name(getsockname $socket) : "unix:$path" . (defined $connect ? ":$$-" . fileno $socket : '');
    $link->{theirs} = defined $connect ? $connect : inet_name(getpeername $socket) if $inet;
    undef $listener if defined $connect;
    return defined $listen ? serve($link) : greet($link);
}

sub inet_name { my ($port, $address) = unpack_sockaddr_in($_[0]); return inet_ntoa($address) . ":$port" }

# What has been written is not waited for: nobody is there to read it.
sub end {
    my ($link, $why) = @_;
    return if !$link || !delete $links{ $link->{wheel}->ID };
    for (keys %named) { delete $named{$_} if $named{$_} == $link }
    delete $link->{wheel};
    return show({ closed => $link->{names}[0], why => $why }) if defined $listen;
    show({ error => $why });
    $status = 1;
}

# ── negotiation: each step says what it waits for, and what comes then ──────────────────────────────────────────────

sub say_line { my ($link, $line) = @_; $link->{wheel}->put($line) }

# Pairs of a form and what to do with what is in it. What has no place here is refused, and a refusal of theirs is not answered.
sub await {
    my ($link, @steps) = @_;
    $link->{heard} = sub {
        my ($line) = @_;
        for (my $at = 0; $at < @steps; $at += 2) {
            return $steps[ $at + 1 ]->($1) if $line =~ /\A(?:$steps[$at])\z/;
        }
        say_line($link, 'NOT') if $line ne 'NOT';
    };
}

# The id of the kernel, then its names from the last to the first.
sub announce {
    my ($link, $then) = @_;
    my @left = ($id, $link->{own}, reverse(@aliases), $name eq '' ? () : $name);
    my $next;
    $next = sub {
        return say_line($link, 'IAM ' . shift @left) if @left;
        say_line($link, 'DONE');
        undef $next;
        $then->();
    };
    await($link, OK => $next);
    $next->();
}

sub learn {
    my ($link, $then) = @_;
    await(
        $link,
        'IAM\s+([-:.A-Za-z0-9_]+)' => sub { push @{ $link->{names} }, $_[0]; say_line($link, 'OK') },
        DONE                       => $then,
    );
}

sub serve {
    my ($link) = @_;
    my $accept = sub {
        my $agreed = 'Storable';
        await(
            $link,
            'FREEZER\s+([-:A-Za-z0-9_]+)' => sub {
                my ($wanted) = @_;
                $agreed = (grep { $_ eq $wanted } @serializers) ? $wanted : undef;
                say_line($link, defined $agreed ? 'OK' : 'NOT');
            },
            WORLD => sub {
                return say_line($link, 'NOT') if !defined $agreed;
                say_line($link, 'UP');
                up($link, $agreed);
            },
        );
    };
    # Before the first word, what is not understood is met with silence.
    await($link, HELLO => sub { announce($link, sub { learn($link, $accept) }) }, 'HELLO IKC\d' => sub { say_line($link, 'NOT') }, '.*' => sub { });
}

sub greet {
    my ($link) = @_;
    my @left = @serializers;
    my $world = sub { my $agreed = $left[0]; say_line($link, 'WORLD'); await($link, UP => sub { up($link, $agreed); play($link) }) };
    my $offer = sub { @left ? say_line($link, "FREEZER $left[0]") : end($link, 'the other kernel refuses every serializer') };
    my $agree = sub { await($link, OK => $world, NOT => sub { shift @left; $offer->() }); $offer->() };
    say_line($link, 'HELLO');
    learn($link, sub { announce($link, $agree) });
}

sub up {
    my ($link, $serializer) = @_;
    push @{ $link->{names} }, grep { defined } $link->{theirs};
    $named{$_} //= $link for grep { $_ ne $id } @{ $link->{names} };
    $link->{heard} = sub { request($link, $_[0]) };
    $link->{wheel}->set_filter(POE::Filter::Reference->new(Serializer => $MODULE{$serializer}, NoFatals => 1));
}

# ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────────

my $WORD   = qr/[- A-Za-z0-9_]*/;
my $KERNEL = qr/\*|unix:[-.A-Za-z0-9_]+(?::\d+-\d+)?|[-. A-Za-z0-9_]+(?::\d+)?/;

sub specifier {
    my ($given) = @_;
    my %found;
    if (ref $given eq 'HASH') { %found = %$given }
    elsif (defined $given && $given ne '' && !ref $given) {
        @found{qw(kernel session state args)} =
            $given =~ m{\Apoe:(?://($KERNEL)?)?(?:/($WORD))?/?($WORD)(?:\?(.*))?\z}s ? ($1, $2, $3, $4)
          : $given =~ m{\A(?://($KERNEL)/)?(?:($WORD)/)?($WORD)(?:\?(.*))?\z}s       ? ($1, $2, $3, $4)
          :                                                                            die "'$given' is no valid specifier\n";
    }
    else { die "no valid specifier\n" }
    delete $found{args} if !defined $found{args};
    return { kernel => '', session => '', state => '', map { defined $found{$_} ? ($_ => $found{$_}) : () } keys %found };
}

sub printed {
    my ($to) = @_;
    return 'poe:' . ($to->{kernel} ne '' ? "//$to->{kernel}" : '') . join '', map { $to->{$_} ne '' ? "/$to->{$_}" : '' } qw(session state);
}

# Whatever is wrong with it is told to the other kernel, unless it is about an error already.
sub request {
    my ($link, $request) = @_;
    my ($target, $rsvp);
    return report($link, 'a frame cannot be read' . (defined $request ? ": $request" : '')) if !ref $request;
    my $done = eval {
        die "a request is a hash\n" if ref $request ne 'HASH';
        $target = specifier($request->{event});
        $rsvp   = specifier($request->{rsvp}) if defined $request->{rsvp};
        die "the answer is for another kernel than the one that asks\n"
          if $rsvp && $rsvp->{kernel} ne '' && !grep { $_ eq $rsvp->{kernel} } @{ $link->{names} };
        my $came_from = { kernel => $id, session => $target->{session}, state => 'IKC:proxy' };
        my $answer    = sub { send_to($link, { event => $rsvp, params => $request->{wantarray} ? [@_] : $_[-1], from => $came_from }) if $rsvp };
        my @values    = invoke($link, $target, $request);
        ref $values[0] eq 'CODE' ? $values[0]->($answer) : $answer->(@values);
        1;
    };
    return if $done || (ref $request eq 'HASH' && $request->{is_error});
    my $about = ($@ =~ s/\n\z//r) . ($target ? ' [' . printed($target) . ']' : '');
    my $from  = ref $request eq 'HASH' && eval { printed(specifier($request->{from})) };
    report($link, $about . ($from ? " sent by [$from]" : ''));
}

sub invoke {
    my ($link, $target, $request) = @_;
    my ($session, $state) = @$target{qw(session state)};
    my @arguments = $request->{params};
    my $waits     = $waiting{"$session/$state"};
    if ($waits && $waits->[0] == $link) { $waits->[2]->(answer => @arguments); return }
    if ($state eq 'IKC:proxy') {
        die "what comes through a proxy is a state and a list of arguments\n" if ref $arguments[0] ne 'ARRAY' || ref $arguments[0][1] ne 'ARRAY';
        ($state, @arguments) = ($arguments[0][0], @{ $arguments[0][1] });
    }
    my $states = published()->{$session} or die "Session '$session' is not available for remote kernels\n";
    my $act    = $states->{$state} or die "Session '$session' has not published state '$state'\n";
    return $act->($link, @arguments, $target->{args} // ());
}

sub send_to { my ($link, $request) = @_; $link->{wheel}->put($request) if $link->{wheel} }

sub report {
    my ($link, $about) = @_;
    send_to($link, { event => { kernel => $link->{names}[0] // '', session => 'IKC', state => 'remote_error' }, is_error => 1, params => $about });
}

# What is published: a state gets who called, and the arguments. `slow` answers later.
my %IKC = (
    ping         => sub { 'PONG' },
    do_you_have  => \&do_you_have,
    remote_error => \&remote_error,
);
my %DEMO = (
    echo    => sub { $_[1] },
    add     => sub { my $sum = 0; $sum += $_ for @{ $_[1] }; $sum },
    void    => sub { },
    fail    => sub { die "the handler fails on purpose\n" },
    list    => sub { qw(one two three) },
    slow    => sub { my $ms = $_[1] + 0; sub { my ($answer) = @_; $poe_kernel->delay_set(later => $ms / 1000, sub { $answer->($ms) }) } },
    note    => sub { $notes++; show({ note => $_[1] }); return },
    count   => sub { $notes },
    forward => sub { my ($to, $params) = ref $_[1] ? @{ $_[1] } : $_[1]; post(specifier($to), $params); return },
);

sub published { return { IKC => \%IKC, $publish || defined $listen ? (demo => \%DEMO) : () } }

sub do_you_have {
    my (undef, $asked) = @_;
    die "do_you_have is asked with a specifier and the id of a kernel\n" if ref $asked ne 'ARRAY';
    my $target = specifier($asked->[0]);
    my $states = published()->{ $target->{session} };
    return 'NOT ' . printed($target) if !$states || ($target->{state} ne '' && !$states->{ $target->{state} });
    return [{ %$target, kernel => $target->{kernel} eq '' ? $id : $target->{kernel} }, $id];
}

# Of a call that waits it is the answer.
sub remote_error {
    my ($link, $about) = @_;
    my ($waits) = grep { $_->[0] == $link && index($about, $_->[1]) >= 0 } values %waiting;
    $waits ? $waits->[2]->(error => $about) : show({ error => $about });
    return;
}

sub post {
    my ($target, $params) = @_;
    my %to = map { ($_ => $_) } $target->{kernel} eq '*' ? values %named : $named{ $target->{kernel} } // die "Unknown kernel '$target->{kernel}'\n";
    send_to($_, { event => $target, params => $params }) for values %to;
}

# ── the client ──────────────────────────────────────────────────────────────────────────────────────────────────────

# `$then` gets `answer` or `error`, and that. Calls are answered where nobody else may answer, and only once.
sub call {
    my ($link, $request, $state, $then) = @_;
    $state //= 'answer' . ++$calls;
    my $heard = sub { delete $waiting{"client/$state"}; $then->(@_) };
    $waiting{"client/$state"} = [$link, '[' . printed($request->{event}) . ']', $heard];
    send_to($link, { %$request, rsvp => { kernel => $id, session => 'client', state => $state } });
}

sub play {
    my ($link) = @_;
    my ($verb, $to, $params) = @{ shift @requests // return finish($link) };
    my $request = { event => specifier($to), params => $params };
    my $told = sub {
        my ($kind, $value) = @_;
        $kind   = 'error' if $verb eq 'subscribe' && !ref $value;
        $status = 1       if $kind eq 'error';
        show($kind eq 'answer' && $verb eq 'subscribe' ? { subscribed => $to } : { to => $to, $kind => $value });
        play($link);
    };
    if ($verb eq 'post') { send_to($link, $request); return play($link) }
    return call($link, { %$request, $verb eq 'list' ? (wantarray => 1) : () }, undef, $told) if $verb ne 'subscribe';
    my $having = { kernel => $request->{event}{kernel} || $link->{names}[0], session => 'IKC', state => 'do_you_have' };
    return call($link, { event => $having, params => [$request->{event}, $id] }, "IKC:receipt 1 $to", $told);
}

# Requests are answered in their order: what is wrong with an earlier one comes before this.
sub finish {
    my ($link) = @_;
    my $ping = { event => { kernel => $link->{names}[0], session => 'IKC', state => 'ping' }, params => 'PING' };
    return call($link, $ping, undef, sub { %links = %named = (); delete $link->{wheel} });
}

sub show {
    my ($row) = @_;
    local $| = 1;
    print JSON::PP->new->ascii->canonical->encode(plain($row)), "\n";
}

# Of what JSON has no form for, what can be said of it.
sub plain {
    my ($value) = @_;
    return $value if !ref $value;
    my ($class, $type) = (blessed $value, reftype $value);
    my $inside = $type eq 'HASH' ? { map { ($_ => plain($value->{$_})) } keys %$value } : $type eq 'ARRAY' ? [map { plain($_) } @$value] : plain($$value);
    return defined $class || $type !~ /HASH|ARRAY/ ? { class => $class, value => $inside } : $inside;
}

$poe_kernel->run;
exit $status;
