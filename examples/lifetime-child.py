#!/usr/bin/env python3
"""A child of the lifetime protocol, in the standard library of Python.

It opens its listeners, tells its parent on a pipe how far it is, and stops when its parent closes the other pipe:

    lifetime-child.py --pipetx=3 --piperx=4 --lifetimeevents --boundaddrevents

It shares nothing with Slipway but the protocol: an example of an implementation to test.
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pipetx", type=int)
    parser.add_argument("--piperx", type=int)
    parser.add_argument("--lifetimeevents", action="store_true")
    parser.add_argument("--boundaddrevents", action="store_true")
    options = parser.parse_args()

    # A queue and not an Event: putting into a SimpleQueue is allowed in a signal handler.
    requests = queue.SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: requests.put("signal"))
    if options.piperx is not None:
        watcher = (options.piperx, lambda: requests.put("end of the control pipe"))
        threading.Thread(target=watch_control, args=watcher, daemon=True).start()

    events = Events(options.pipetx)

    def lifetime(kind, subsystem):
        if options.lifetimeevents:
            events.frames.put(frame("lifetimeevent", bytes([kind, subsystem])))

    lifetime(STARTING, DATABASE)
    if requests.empty():
        lifetime(STARTING, P2P_SERVER)
        listeners = []
        for kind in ("p2plistenaddr", "rpclistenaddr"):
            listener = socket.create_server(("127.0.0.1", 0))
            listeners.append(listener)
            if options.boundaddrevents:
                events.frames.put(frame(kind, ("%s:%d" % listener.getsockname()).encode()))
        if requests.empty():
            lifetime(COMPLETE, 0)
            requests.get()
            lifetime(STOPPING, P2P_SERVER)
        for listener in listeners:
            listener.close()
    lifetime(STOPPING, DATABASE)
    events.flush()
    # Threads may still be inside read or write; nothing is left to do for them.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
