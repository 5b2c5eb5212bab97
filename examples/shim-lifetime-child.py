#!/usr/bin/env python3
"""A shim: a child of the lifetime protocol that is a library and not a program, tested all the same.

    slipway conform lifetime --shim 'python3 examples/shim-lifetime-child.py'

One JSON object a line on standard input and output; conformance/adapt/README.md has the protocol. Standard error is for people.
"""

import json
import socket
import struct
import sys


class LifetimeChild:
    """The library. It calls `write` with bytes for its parent, and `ended` when it has stopped."""

    def __init__(self, options, write, ended):
        self.lifetime = "--lifetimeevents" in options
        self.addresses = "--boundaddrevents" in options
        self.write = write if any(word.startswith("--pipetx=") for word in options) else lambda data: None
        self.controlled = any(word.startswith("--piperx=") for word in options)
        self.ended = ended
        self.listeners = []
        self.stopped = False

    def frame(self, kind, payload):
        name = kind.encode()
        self.write(struct.pack("BB", 1, len(name)) + name + struct.pack("<I", len(payload)) + payload)

    def event(self, what, subsystem):
        if self.lifetime:
            self.frame("lifetimeevent", bytes([what, subsystem]))

    def start(self):
        self.event(0, 0)
        self.event(0, 1)
        for kind in ("p2plistenaddr", "rpclistenaddr"):
            listener = socket.create_server(("127.0.0.1", 0))
            self.listeners.append(listener)
            if self.addresses:
                self.frame(kind, ("%s:%d" % listener.getsockname()).encode())
        self.event(1, 0)

    def stop(self):
        if self.stopped:
            return
        self.stopped = True
        self.event(2, 1)
        for listener in self.listeners:
            listener.close()
        self.event(2, 0)
        self.ended(0)


def say(**fields):
    print(json.dumps(fields), flush=True)


def begin(command):
    """The implementation of one case, or why there is none."""
    if command["role"] != "child" or not command["id"].startswith("lifetime.child."):
        return None, "only cases of a child are known here"
    if not set(command["signals"]) <= {"SIGTERM", "SIGINT"}:
        return None, "a library has no " + ", ".join(command["signals"])
    write = lambda data: say(event="data", channel="events", hex=data.hex())
    return LifetimeChild(command["options"], write, lambda code: say(event="exit", code=code)), None


def main():
    child = None
    for line in sys.stdin:
        command = json.loads(line)
        seq, cmd = command["seq"], command["cmd"]
        if cmd == "hello":
            say(seq=seq, version=1, name="lifetime child, as a library")
        elif cmd == "case":
            child, why = begin(command)
            if child is None:
                say(seq=seq, unsupported=why)
            else:
                say(seq=seq, ok=True)
                child.start()
        elif cmd == "bye":
            return
        elif cmd in ("data", "eof", "stop"):
            say(seq=seq, ok=True)
            if cmd == "stop" or (cmd == "eof" and child.controlled):
                child.stop()
        else:
            say(seq=seq, unsupported="there is no command " + cmd)


if __name__ == "__main__":
    main()
