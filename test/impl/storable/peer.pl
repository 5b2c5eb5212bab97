#!/usr/bin/perl
# Perl's own Storable as the peer of storable.
#
#   peer.pl generate COUNT SEED   draws values; for each the images of nfreeze and freeze and the dumps of what thaw makes of them
#   peer.pl dump                  reads images, and prints the dump of what thaw makes of each
#   peer.pl doubles               reads doubles of eight bytes, big endian, and prints the image of each
#
# Records begin with their length, four bytes, big endian. A dump numbers scalars, arrays and hashes as they come; what has come
# before is `#` and its number. dump.ts writes the same of our values.
use strict;
use warnings;
use B ();
use Hash::Util qw(hidden_keys lock_hashref lock_ref_keys);
use Scalar::Util qw(blessed isvstring isweak refaddr reftype weaken);
use Storable qw(freeze nfreeze thaw);
no warnings 'recursion';

binmode STDIN;
binmode STDOUT;

{ package Ov; use overload '""' => sub { 'ov' }, fallback => 1; }

sub record {
  my $read = read STDIN, my $length, 4;
  return undef unless $read;
  read STDIN, my $bytes, unpack 'N', $length;
  return $bytes;
}

sub put { print pack('N', length $_[0]), $_[0] }

# ── dumps ──

my (%seen, $number);

sub dumped {
  my $value = shift;
  return "refused: $@" =~ s/\n.*//sr unless defined $value;
  %seen = ();
  $number = 0;
  return referent($value);
}

sub text {
  my $bytes = $_[0];
  my $utf8 = utf8::is_utf8($bytes);
  utf8::encode($bytes) if $utf8;
  return ($utf8 ? 'U' : 'b') . unpack 'H*', $bytes;
}

# The three scalars of which there is one each. They are never counted as seen: Storable writes undef each time, and the others not.
my %immortal = (refaddr(\!!1) => 'T', refaddr(\!!0) => 'F', refaddr(\undef) => 'E');

# What a reference points at.
sub referent {
  my $ref = shift;
  my $address = refaddr $ref;
  if (exists $immortal{$address}) { $number++; return "S$immortal{$address}" }
  return "#$seen{$address}" if exists $seen{$address};
  $seen{$address} = $number++;
  my $class = blessed $ref;
  my $type = reftype $ref;
  my $prefix = defined $class ? 'B' . unpack('H*', $class) . ($class eq 'Ov' ? 'O' : '') . ':' : '';
  return $prefix . '[' . join(',', map { exists $ref->[$_] ? element(\$ref->[$_]) : absent() } 0 .. $#$ref) . ']' if $type eq 'ARRAY';
  return $prefix . hash($ref) if $type eq 'HASH';
  if ($type eq 'REGEXP') {
    my ($pattern, $flags) = re::regexp_pattern($ref);
    return $prefix . 'q' . unpack('H*', $pattern) . '/' . unpack 'H*', $flags =~ s/\^//r;
  }
  return $prefix . 'S' . content($ref);
}

sub absent { $number++; return 'A' }

sub hash {
  my $hash = shift;
  my $restricted = Internals::SvREADONLY(%$hash) ? 'r' : '';
  my @entries;
  for my $key (sort keys %$hash) {
    my $locked = $restricted && Internals::SvREADONLY($hash->{$key}) ? 'L' : '';
    push @entries, text($key) . $locked . '=' . element(\$hash->{$key});
  }
  push @entries, map { $number++; text($_) . '?' } sort(hidden_keys(%$hash)) if $restricted;
  return $restricted . '{' . join(',', @entries) . '}';
}

# A scalar where it is, and not what refers to it.
sub element {
  my $ref = shift;
  my $address = refaddr $ref;
  if (exists $immortal{$address}) { $number++; return $immortal{$address} }
  return "\@#$seen{$address}" if exists $seen{$address};
  $seen{$address} = $number++;
  my $class = blessed $ref;
  return (defined $class ? 'B' . unpack('H*', $class) . ':' : '') . content($ref);
}

sub content {
  my $ref = shift;
  return 'u' unless defined $$ref;
  return (isweak($$ref) ? 'w' : '') . '\\' . referent($$ref) if ref $$ref;
  return 'v' . unpack('H*', B::svref_2object($ref)->MAGIC->PTR) . text($$ref) if isvstring $$ref;
  my $flags = B::svref_2object($ref)->FLAGS;
  return 's' . text($$ref) if $flags & B::SVf_POK;
  return "i$$ref" if $flags & B::SVf_IOK;
  return $$ref != $$ref ? 'nNaN' : 'n' . unpack 'H*', pack 'd>', $$ref;
}

# ── values ──

my (@pool, $left);

sub generate {
  my ($count, $seed) = @_;
  srand $seed;
  for (1 .. $count) {
    @pool = ();
    $left = 1 + int rand 30;
    my $value = container(0);
    my ($network, $native) = (nfreeze($value), freeze($value));
    put($network);
    put($native);
    put(dumped(thaw($network)));
    put(dumped(thaw($native)));
  }
}

sub pick { $_[int rand @_] }

sub container {
  my $depth = shift;
  my $size = pick(0, 1, 1, 2, 3, 5);
  my $made = pick([], {}, {});
  push @pool, $made;
  if (ref $made eq 'ARRAY') {
    for (1 .. $size) {
      my $kind = int rand 20;
      if    ($kind == 0 && @$made) { push @$made, \$made->[int rand @$made] if !ref $made->[0] }
      elsif ($kind == 1)           { $made->[@$made + 2] = 1 }
      elsif ($kind == 2)           { push @$made, element_list(undef, !!1, !!0) }
      elsif ($kind == 3)           { my $other = pick(@pool); push @$made, $other, $other; weaken($made->[-1]) }
      else                         { push @$made, scalar_value($depth + 1) }
    }
  } else {
    $made->{key()} = scalar_value($depth + 1) for 1 .. $size;
    if    (rand() < 0.05 && %$made) { my ($first) = sort keys %$made; $made->{alias} = \$made->{$first} }
    elsif (rand() < 0.06)           { lock_ref_keys($made, keys %$made, 'hidden', "\x{263a}") }
    elsif (rand() < 0.03)           { lock_hashref($made) }
  }
  if (rand() < 0.1) {
    my $class = pick('A', 'My::Pkg', "C" . int rand 300, 'L' x 130);
    eval { bless $made, $class };
  }
  return $made;
}

# The immortals themselves, not copies of them: arguments are aliases.
sub element_list { my $list = sub { \@_ }->(@_[0 .. int rand @_], !!1); return $list }

sub key {
  my $key = pick('', 'a', 'event', 'kernel', "\xe9", "\x{20ac}", "\x{1f600}", "\x{fffd}", 'k' x 255, 'k' x 256, "a\0b", 'x' . int rand 1000);
  utf8::upgrade($key) if rand() < 0.1;
  return $key;
}

sub fresh { my $scalar = shift; return \$scalar }

sub scalar_value {
  my $depth = shift;
  if ($left-- > 0 && $depth < 6) {
    my $kind = int rand 12;
    return container($depth) if $kind < 4;
    return pick(@pool) if $kind == 4;
    return fresh(scalar_value($depth + 1)) if $kind == 5;
    return bless(fresh(scalar_value($depth + 1)), 'S') if $kind == 6 && rand() < 0.5;
    return bless({ of => scalar_value($depth + 1) }, 'Ov') if $kind == 7 && rand() < 0.5;
  }
  my $kind = int rand 11;
  return undef if $kind == 0;
  return int(rand 512) - 256 if $kind == 1;
  return pick(-129, -128, 127, 128, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**32, 2**53, 2**53 - 1, 2**60, 9223372036854775807,
    -9223372036854775807 - 1, 18446744073709551615, 9007199254740993, -9007199254740993) if $kind == 2;
  return pick(1.5, 0.1, 1 / 3, -1e100, 1e-7, 1e15, 1e16, 123456789012345678, 1e21, 9**9**9, -9**9**9, -sin(9**9**9), -0.0, 1e-5, 0.0001,
    1000000000000.125, 1000000000000.375, 2.5e-320) if $kind == 3;
  return (rand() - 0.5) * 10**(int(rand 600) - 300) if $kind == 4;
  return (int(rand 2**32) + 0.125 * int(rand 8)) * 2**(int(rand 30)) if $kind == 5;
  return join '', map { chr int rand 256 } 1 .. pick(0, 1, 3, 8, 9, 24, 255, 256, 300) if $kind == 6;
  if ($kind == 7) {
    my $text = join '', map { chr pick(0x41, 0xe9, 0x20ac, 0x1f600, 0xd800, 0xdc00, 0x10ffff, 0x110000) } 1 .. pick(0, 1, 2, 5, 85, 100);
    return $text;
  }
  if ($kind == 8) { my $text = pick('', 'ascii', "\xe9\xff", 'l' x 300); utf8::upgrade($text); return $text }
  if ($kind == 9) { return pick(v1.22.333, v1.2, eval('v' . join '.', (1) x 200)) }
  return pick('event', 'poe://Inet/test/posted', '1.5', '10', 'Inf');
}

my $mode = shift // '';
if    ($mode eq 'generate') { generate(@ARGV) }
elsif ($mode eq 'dump')     { while (defined(my $image = record())) { print dumped(eval { thaw($image) }), "\n" } }
elsif ($mode eq 'doubles')  { while (read STDIN, my $double, 8) { print unpack('H*', nfreeze(\unpack 'd>', $double)), "\n" } }
else                        { die "no mode '$mode'\n" }
