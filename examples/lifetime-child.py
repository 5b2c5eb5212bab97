#!/usr/bin/env python3
"""A child of the lifetime protocol, in the standard library of Python.

It opens its listeners, tells its parent on a pipe how far it is, and stops when its parent closes the other pipe:

    lifetime-child.py --pipetx=3 --piperx=4 --lifetimeevents --boundaddrevents

It shares nothing with Slipway but the protocol: an example of an implementation to test. `--fault NAME` makes one mistake
on purpose.
"""

import argparse
import os
import queue
import signal
import socket
import struct
import sys
import threading

STARTING, COMPLETE, STOPPING = 0, 1, 2
DATABASE, P2P_SERVER = 0, 1
FLUSH_SECONDS = 1.0

FAULTS = {
    "comment-ids": "numbers the P2P server 2, as the comment of the published source does, and not 1 as its code",
    "keyboard-interrupt": "leaves SIGINT to Python, which ends the program with a traceback where it stands",
}


def frame(kind, payload):
    name = kind.encode()
    return struct.pack("BB", 1, len(name)) + name + struct.pack("<I", len(payload)) + payload


class Events:
    """The event pipe. A thread writes, so that a parent that does not read stops nobody."""

    def __init__(self, fd):
        self.frames = queue.Queue()
        self.done = threading.Event()
        self.fd = fd
        threading.Thread(target=self.write, daemon=True).start()

    def write(self):
        broken = self.fd is None
        while (data := self.frames.get()) is not None:
            try:
                while data and not broken:
                    data = data[os.write(self.fd, data):]
            except OSError:
                broken = True  # the parent is gone, or does not want to know
        self.done.set()

    def flush(self):
        self.frames.put(None)
        self.done.wait(FLUSH_SECONDS)


def watch_control(fd, stop):
    """Whatever comes is ignored; the end of the pipe means stop."""
    try:
        while os.read(fd, 1024):
            pass
    except OSError:
        pass
    stop()


def watch_signals(numbers, stop):
    """They are blocked and waited for: a handler could come between a look at the requests and the wait for one."""
    while True:
        signal.sigwait(numbers)
        stop()


def options_of(arguments):
    faults = "\n".join("  %-20s %s" % each for each in FAULTS.items())
    parser = argparse.ArgumentParser(
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="A child of the lifetime protocol.",
        epilog="faults:\n" + faults,
    )
    parser.add_argument("--pipetx", type=int, metavar="FD", help="write end of the event pipe")
    parser.add_argument("--piperx", type=int, metavar="FD", help="read end of the control pipe")
    parser.add_argument("--lifetimeevents", action="store_true")
    parser.add_argument("--boundaddrevents", action="store_true")
    parser.add_argument("--fault", choices=FAULTS, metavar="NAME", help="be broken on purpose, see below")
    return parser.parse_args(arguments)


def start_watching(options, stop):
    numbers = {signal.SIGTERM} if options.fault == "keyboard-interrupt" else {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    threading.Thread(target=watch_signals, args=(numbers, stop), daemon=True).start()
    if options.piperx is not None:
        threading.Thread(target=watch_control, args=(options.piperx, stop), daemon=True).start()


def main():
    options = options_of(sys.argv[1:])
    requests = queue.SimpleQueue()
    start_watching(options, lambda: requests.put("stop"))
    events = Events(options.pipetx)
    server = 2 if options.fault == "comment-ids" else P2P_SERVER

    def lifetime(kind, subsystem):
        if options.lifetimeevents:
            events.frames.put(frame("lifetimeevent", bytes([kind, subsystem])))

    lifetime(STARTING, DATABASE)
    if requests.empty():
        lifetime(STARTING, server)
        listeners = []
        for kind in ("p2plistenaddr", "rpclistenaddr"):
            listener = socket.create_server(("127.0.0.1", 0))
            listeners.append(listener)
            if options.boundaddrevents:
                events.frames.put(frame(kind, ("%s:%d" % listener.getsockname()).encode()))
        if requests.empty():
            lifetime(COMPLETE, 0)
            requests.get()
            lifetime(STOPPING, server)
        for listener in listeners:
            listener.close()
    lifetime(STOPPING, DATABASE)
    events.flush()
    # Threads may still be inside read or write; nothing is left to do for them.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
