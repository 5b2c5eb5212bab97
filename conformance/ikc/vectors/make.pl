#!/usr/bin/perl
# Makes images.json, what the tester sends: requests as real Perl freezes them. Run it without arguments; it prints the file.
#
# A string in which a name stands in braces, as in 'poe://{kernel}/IKC/ping', is written <poe://{kernel}/IKC/ping> there, in place of
# the bytes of a short string; the tester puts the names in when a case knows them. Of what a kernel shall give back the file says how it reads,
# by Perl itself.
# Lacks: what Perl does not write, such as counts that are not true; those are in frames.ts, by hand.
use strict;
use warnings;
use Scalar::Util qw(blessed reftype refaddr weaken);
use Storable qw(freeze nfreeze);
$Storable::canonical = 1;

# ── what is asked of a kernel ─────────────────────────────────────────────────────────────────────────────────────────

my $back = sub { {kernel => '{me}', session => 'caller', state => $_[0]} };
my $ping = sub { {event => 'poe://{kernel}/IKC/ping', params => 'PING', rsvp => $back->('pong'), @_} };
my $echo = sub { {event => 'poe://{kernel}/{session}/{echo}', params => $_[0], rsvp => $back->('echoed')} };
my $have = sub { {event => {kernel => '{kernel}', session => 'IKC', state => 'do_you_have'}, from => {kernel => '{me}', session => 'IKC'},
    params => $_[0], rsvp => {kernel => '{me}', session => 'IKC', state => 'IKC:receipt 5 poe://there'}} };
my $call = sub { {event => "poe://{kernel}/{session}/{$_[0]}", params => $_[1], rsvp => $back->('answer'), @_[2 .. $#_]} };

my %asked = (
    'ping' => $ping->(),
    (map { ("ping-$_" => $ping->(rsvp => $back->("pong$_"))) } 1 .. 9),
    'ping-hash' => $ping->(event => {kernel => '{kernel}', session => 'IKC', state => 'ping'}),
    'ping-name' => $ping->(rsvp => {kernel => '{my-name}', session => 'caller', state => 'pong'}),
    'ping-alias' => $ping->(rsvp => {kernel => '{my-alias}', session => 'caller', state => 'pong'}),
    'ping-star' => $ping->(event => 'poe://*/IKC/ping'),
    'ping-short' => $ping->(event => '//{kernel}/IKC/ping'),
    'ping-nowhere' => $ping->(rsvp => {kernel => 'nobody', session => 'caller', state => 'pong'}),
    'ping-third' => $ping->(rsvp => {kernel => '{other}', session => 'caller', state => 'pong'}),
    'ping-proxy' => $ping->(event => {kernel => '{kernel}', session => 'IKC', state => 'IKC:proxy'}, params => ['ping', ['PING']]),
    'post' => {event => 'poe://{kernel}/IKC/ping', params => 'PING'},
    'have-session' => $have->([{kernel => '{kernel}', session => 'IKC', state => ''}, '{me}']),
    'have-state' => $have->([{kernel => '{kernel}', session => 'IKC', state => 'ping'}, '{me}']),
    'have-string' => $have->(['poe://{kernel}/IKC/ping', '{me}']),
    'have-no-kernel' => $have->([{kernel => '', session => 'IKC', state => 'ping'}, '{me}']),
    'have-no-session' => $have->([{kernel => '{kernel}', session => 'zzz', state => ''}, '{me}']),
    'have-no-state' => $have->([{kernel => '{kernel}', session => 'IKC', state => 'zzz'}, '{me}']),
    'have-text' => $have->('IKC'),
    'have-hash' => $have->({session => 'IKC'}),
    'have-no-specifier' => $have->([[1], '{me}']),
    'no-session' => {event => 'poe://{kernel}/nosuch/x', params => {x => [1, 'two']}},
    'no-state' => {event => 'poe://{kernel}/IKC/nosuch', params => 1, from => {kernel => '{me}', session => 'caller', state => 'IKC:proxy'}},
    'no-session-error' => {event => 'poe://{kernel}/nosuch/x', params => 1, is_error => 1},
    'no-specifier' => {event => 'poe://{kernel}/a/b/c/d', params => 1},
    'no-event' => {params => 1},
    'event-list' => {event => [1, 2], params => 1},
    'hidden-shutdown' => {event => 'poe://{kernel}/IKC/shutdown', params => ''},
    'hidden-unregister' => {event => 'poe://{kernel}/IKC/unregister', params => '{me}'},
    'remote-error' => {event => {kernel => '{kernel}', session => 'IKC', state => 'remote_error'}, is_error => 1, params => "it went \e[31mwrong\n [poe:/x]"},
    'payload-list' => [1, 2],
    'payload-scalar' => \'x',
    'rsvp-list' => $ping->(rsvp => [1]),
    'rsvp-empty' => $ping->(rsvp => {}),
    'rsvp-text' => $ping->(rsvp => 'no specifier at all: %'),
    'proxy-text' => $ping->(event => {kernel => '{kernel}', session => 'IKC', state => 'IKC:proxy'}, params => 'ping'),
    'void' => $call->('void', 1),
    'fail' => $call->('fail', 1),
    'add' => $call->('add', [2, 40, -300, '1000']),
    'list' => $call->('list', 1, wantarray => 1),
    'note' => {event => 'poe://{kernel}/{session}/{note}', params => 'noted'},
    'count' => $call->('count', undef),
    'forward' => {event => 'poe://{kernel}/{session}/{forward}', params => ['{target}', {told => [1, 'two']}]},
    'echo-proxy' => {event => {kernel => '{kernel}', session => '{session}', state => 'IKC:proxy'}, params => ['{echo}', ['through']],
        rsvp => $back->('echoed')},
    # What a server says to its client.
    'answer' => {event => {kernel => '{rsvp-kernel}', session => '{rsvp-session}', state => '{rsvp-state}'}, params => [1, 'two'],
        from => {kernel => '{me}', session => 'test', state => 'IKC:proxy'}},
    'answer-text' => {event => {kernel => '{rsvp-kernel}', session => '{rsvp-session}', state => '{rsvp-state}'}, params => 'first'},
    'answer-error' => {event => {kernel => '{kernel}', session => 'IKC', state => 'remote_error'}, is_error => 1,
        params => "Session 'test' is not available for remote kernels [poe://{me}/test/called]"},
    'receipt' => {event => {kernel => '{rsvp-kernel}', session => '{rsvp-session}', state => '{rsvp-state}'},
        params => [{kernel => '{my-name}', session => 'test', state => ''}, '{me}'], from => {kernel => '{me}', session => 'IKC', state => 'IKC:proxy'}},
    'receipt-state' => {event => {kernel => '{rsvp-kernel}', session => '{rsvp-session}', state => '{rsvp-state}'},
        params => [{kernel => '{my-name}', session => 'test', state => 'called'}, '{me}'], from => {kernel => '{me}', session => 'IKC', state => 'IKC:proxy'}},
    'receipt-no' => {event => {kernel => '{rsvp-kernel}', session => '{rsvp-session}', state => '{rsvp-state}'},
        params => 'NOT poe://{my-name}/test', from => {kernel => '{me}', session => 'IKC', state => 'IKC:proxy'}},
);

# ── what it shall give back ───────────────────────────────────────────────────────────────────────────────────────────

sub upgraded { my $text = shift; utf8::upgrade($text); return $text }
my $shared = [1];
my $ring = []; push @$ring, $ring;
my $loop = {}; $loop->{self} = $loop;
my $held = ['held']; my $weak = [$held, $held]; weaken($weak->[1]);
my @sparse; $sparse[3] = 1;

my %values = (
    'text' => ['abc', '', 'longer string', 'with "quotes" and \\', "two\r\nlines"],
    'bytes' => "\x00\xff\xfe\n",
    'short-most' => 'x' x 255,
    'long-least' => 'x' x 256,
    'long' => join('', map { chr(32 + $_ % 90) } 0 .. 69_999),
    'small' => [0, 1, -1, 127, -128],
    'word' => [128, -129, 256, 65_535, 2_147_483_647, -2_147_483_648],
    'large' => [2_147_483_648, -2_147_483_649, 4_294_967_296, 9_007_199_254_740_993, 18_446_744_073_709_551_615],
    'fractions' => [1.5, -0.25, 1e100, 1 / 3],
    'digits' => ['007', '1e3', ' 1', '0x10'],
    'undef' => [undef, 1, undef],
    'sparse' => \@sparse,
    'truth' => [1 == 1, 1 == 0, !!1],
    'empty' => [[], {}, [[]], {a => {}}],
    'hash' => {a => 2, b => 1, c => [3, {d => undef}]},
    'keys' => {'' => 'empty', "\xe9" => 'latin', 'a b' => 'blank', "\0" => 'zero'},
    'wide-keys' => {"\x{20ac}" => 1, plain => 2},
    'wide' => ["\x{20ac}uro", upgraded("\xe9"), "\x{1f600}", upgraded('plain')],
    'wide-long' => "\x{20ac}" x 100,
    'refs' => [\'x', \\'y', \[1], \{}],
    'shared' => [$shared, $shared],
    'shared-late' => [undef, undef, {a => $shared}, $shared],
    'ring' => $ring,
    'loop' => $loop,
    'objects' => [bless({a => 1}, 'Slipway::Thing'), bless([2], 'Slipway::Thing'), bless({}, 'Slipway::Other'), bless(\(my $s = 'v'), 'Slipway::Thing')],
    'long-class' => bless([], 'Slipway::' . 'L' x 130),
    'weak' => $weak,
);

# ── how a value reads ─────────────────────────────────────────────────────────────────────────────────────────────────

sub quoted {
    my $text = shift;
    return $text if $text =~ /\A(?:0|-?[1-9][0-9]{0,19})\z/;
    if (length($text) > 200) {
        my $hash = 0x811c9dc5;
        $hash = (($hash ^ ord) * 0x01000193) & 0xffffffff for split //, $text;
        return quoted(substr($text, 0, 40)) . sprintf('...%d:%08x', length($text), $hash);
    }
    return '"' . join('', map { /[ !#-\[\]-~]/ ? $_ : sprintf('\x{%x}', ord) } split //, $text) . '"';
}

sub shown {
    my ($value, $seen) = @_;
    return 'undef' unless defined $value;
    return quoted("$value") unless ref $value;
    return "*$seen->{refaddr $value}" if exists $seen->{refaddr $value};
    $seen->{refaddr $value} = keys %$seen;
    my $class = blessed $value ? quoted(blessed $value) . ' ' : '';
    my $type = reftype $value;
    return $class . '[' . join(',', map { shown($_, $seen) } @$value) . ']' if $type eq 'ARRAY';
    return $class . '{' . join(',', map { quoted($_) . ':' . shown($value->{$_}, $seen) } sort keys %$value) . '}' if $type eq 'HASH';
    return $class . '\\' . shown($$value, $seen);
}

# ── images ────────────────────────────────────────────────────────────────────────────────────────────────────────────

sub named {
    my ($value, $found, $seen) = @_;
    if (!defined $value || !ref $value) { $found->{$value} = 1 if defined $value && $value =~ /\{[a-z-]+\}/; return }
    return if $seen->{refaddr $value}++;
    my $type = reftype $value;
    named($_, $found, $seen) for $type eq 'ARRAY' ? @$value : $type eq 'HASH' ? values %$value : $$value;
}

# As hexadecimal digits, but for the strings that names are put into.
# What is there ten times, one after the other, once.
sub digits {
    my $digits = unpack 'H*', $_[0];
    $digits =~ s{\G((?:..)*?)((?:..){16,128}?)((?:\2){9,})}{ "$1\[$2*" . (1 + length($3) / length $2) . ']' }gex;
    return $digits;
}
sub image {
    my ($bytes, $value) = @_;
    my %found; named($value, \%found, {});
    my $places = join '|', map { quotemeta("\x0a" . chr(length) . $_) } sort keys %found;
    return digits($bytes) if $places eq '';
    return join '', map { /\A\x0a.(.*\{[a-z-]+\}.*)\z/s ? "<$1>" : digits($_) } grep { $_ ne '' } split /($places)/s, $bytes;
}

my %images = map { ($_ => image(nfreeze($asked{$_}), $asked{$_})) } keys %asked;
my %read;
for my $name (keys %values) {
    my $request = $echo->($values{$name});
    $images{"echo-$name"} = image(nfreeze($request), $request);
    $read{"echo-$name"} = shown($values{$name}, {});
}
# The same request as others may write it.
my $frozen = nfreeze($asked{ping});
for my $minor (4, 6, 7, 255) { (my $other = $frozen) =~ s/\A(.)./$1 . chr $minor/es; $images{"ping-minor-$minor"} = image($other, $asked{ping}) }
$images{'ping-native'} = image(freeze($asked{ping}), $asked{ping});
$images{'ping-followed'} = image($frozen . "\0\xff more", $asked{ping});
# And as nobody may.
$images{'ping-major'} = image("\x07" . substr($frozen, 1), $asked{ping});
$images{'ping-foreign'} = image(substr(freeze($asked{ping}), 0, 3) . '87654321' . substr(freeze($asked{ping}), 11), $asked{ping});

my $rows = sub { my $table = shift; join ",\n", map { my $text = $table->{$_}; $text =~ s/([\\"])/\\$1/g; qq(  "$_": "$text") } sort keys %$table };
print "{\n \"images\": {\n", $rows->(\%images), "\n },\n \"read\": {\n", $rows->(\%read), "\n }\n}\n";
