"""Two point-to-point interfaces, each the other's end: what enters one leaves the other. One line when they are there; ends with its input."""

import fcntl
import os
import select
import struct
import sys

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
PACKET_MAX = 65536


def tun(name):
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


one, two = tun("ppp0"), tun("ppp1")
print("there", flush=True)
while True:
    readable, _, _ = select.select([one, two, sys.stdin], [], [])
    if sys.stdin in readable:
        break
    for source, target in ((one, two), (two, one)):
        if source in readable:
            packet = os.read(source, PACKET_MAX)
            try:
                os.write(target, packet)
            except OSError:
                pass  # the other end is down
