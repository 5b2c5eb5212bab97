#!/usr/bin/env perl
# A child of the lifetime protocol, in Perl and its core modules: one process, one select loop.
#
#     lifetime-child.pl --pipetx=3 --piperx=4 --lifetimeevents --boundaddrevents
#
# It shares nothing with Slipway but the protocol: an example of an implementation to test. `--fault NAME` makes one
# mistake on purpose.
use strict;
use warnings;
use Errno qw(EINTR);
use Getopt::Long;
use IO::Handle;
use IO::Socket::INET;

use constant { STARTING => 0, COMPLETE => 1, STOPPING => 2 };
use constant { DATABASE => 0, P2P_SERVER => 1 };
use constant FRAME_VERSION => 1;
# A signal is seen at once, or where it comes just before the wait for it, after this.
use constant WAIT_SECONDS  => 0.25;
use constant FLUSH_ROUNDS  => 20;
use constant FLUSH_SECONDS => 0.05;

my %FAULTS = (
    'network-order'   => 'sends the length of a payload in network byte order',
    'blocking-events' => 'waits until the event pipe has taken a frame',
);

my %option = (fault => '');
GetOptions(\%option, 'pipetx=i', 'piperx=i', 'lifetimeevents', 'boundaddrevents', 'fault=s', 'help') && !@ARGV
    or die_usage();
print(usage()), exit 0 if $option{help};
die_usage() if $option{fault} ne '' && !exists $FAULTS{ $option{fault} };

my $events  = opened('>&=', $option{pipetx});
my $control = opened('<&=', $option{piperx});
my @frames;    # for the event pipe, not written yet
my $stop = 0;  # somebody has asked for it

$SIG{INT} = $SIG{TERM} = sub { $stop = 1 };
$SIG{PIPE} = 'IGNORE';
run();
exit 0;

sub run {
    announce(STARTING, DATABASE);
    if (!$stop) {
        announce(STARTING, P2P_SERVER);
        my @listeners = map { bound($_) } qw(p2plistenaddr rpclistenaddr);
        if (!$stop) {
            announce(COMPLETE, 0);
            attend(WAIT_SECONDS) until $stop;
            announce(STOPPING, P2P_SERVER);
        }
        close $_ for @listeners;
    }
    announce(STOPPING, DATABASE);
    undef $control;
    for (1 .. FLUSH_ROUNDS) {
        last if !@frames;
        attend(FLUSH_SECONDS);
    }
}

sub bound {
    my ($type) = @_;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 5)
        or die "cannot listen: $!\n";
    tell_parent($type, $listener->sockhost . ':' . $listener->sockport) if $option{boundaddrevents};
    return $listener;
}

sub announce {
    my ($kind, $subsystem) = @_;
    tell_parent('lifetimeevent', pack('CC', $kind, $subsystem)) if $option{lifetimeevents};
}

# Puts a frame at the end of the queue, and looks what else there is to do.
sub tell_parent {
    my ($type, $payload) = @_;
    my $layout = $option{fault} eq 'network-order' ? 'C C/a* N/a*' : 'C C/a* V/a*';
    push @frames, pack($layout, FRAME_VERSION, $type, $payload) if $events;
    if ($option{fault} eq 'blocking-events') { write_frame() while @frames }
    attend(0);
}

# Waits until a pipe is ready, at most so many seconds, and serves it.
sub attend {
    my ($seconds) = @_;
    my ($readable, $writable) = ('', '');
    vec($readable, fileno $control, 1) = 1 if $control;
    vec($writable, fileno $events,  1) = 1 if @frames;
    return if select($readable, $writable, undef, $seconds) <= 0;
    read_control() if $control && vec($readable, fileno $control, 1);
    write_frame()  if @frames  && vec($writable, fileno $events,  1);
}

# Whatever comes is ignored; the end of the pipe, or an error, means stop.
sub read_control {
    my $count = sysread($control, my $ignored, 1024);
    return if $count || (!defined $count && $! == EINTR);
    $stop = 1;
    undef $control;
}

# A pipe that can be written to has room for PIPE_BUF bytes, and no frame here is longer: this neither waits nor writes
# a part. After an error no order of frames would be legal, so none follows.
sub write_frame {
    if (defined syswrite($events, $frames[0])) { shift @frames }
    elsif ($! != EINTR) {
        @frames = ();
        undef $events;
    }
}

sub opened {
    my ($mode, $descriptor) = @_;
    return undef if !defined $descriptor;
    open(my $handle, $mode, $descriptor) or die_usage("descriptor $descriptor: $!\n");
    return $handle;
}

sub usage {
    my $faults = join '', map { sprintf "  %-18s %s\n", $_, $FAULTS{$_} } sort keys %FAULTS;
    return "usage: lifetime-child.pl [--pipetx=FD] [--piperx=FD] [--lifetimeevents] [--boundaddrevents] [--fault=NAME]\n"
        . "faults:\n$faults";
}

sub die_usage {
    print STDERR @_, usage();
    exit 2;
}
