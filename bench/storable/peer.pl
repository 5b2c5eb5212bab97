#!/usr/bin/perl
# Perl's own Storable as the peer of a benchmark: reads lines `freeze HEX MS` and `thaw HEX MS`, and does that to the image, or to what
# is in it, for so many milliseconds of CPU time; prints how many times a second of CPU time.
use strict;
use warnings;
use Storable qw(nfreeze thaw);
use Time::HiRes qw(clock);

$| = 1;
print "Storable $Storable::VERSION, perl $^V\n";
while (my $line = <STDIN>) {
    my ($what, $hex, $ms) = split ' ', $line;
    my $image = pack 'H*', $hex;
    my $value = thaw $image;
    my ($times, $start, $now) = (0, clock());
    do {
        if ($what eq 'freeze') { nfreeze $value for 1 .. 16 }
        else                   { thaw $image for 1 .. 16 }
        $times += 16;
        $now = clock();
    } while ($now - $start < $ms / 1000);
    print $times / ($now - $start), "\n";
}
