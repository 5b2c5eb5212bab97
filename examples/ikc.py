#!/usr/bin/env python3
"""A POE kernel that speaks IKC, POE's inter-kernel communication, in the standard library of Python: a server or a client.

    ikc.py --listen=ADDRESS [options]
    ikc.py --connect=ADDRESS [options] --post='SPECIFIER JSON' --call='SPECIFIER JSON' --subscribe=SPECIFIER ...

An address is host:port, or the path of a Unix-domain socket. The server publishes the session `demo`. What happens is printed
as a JSON line each: where the server listens, what `note` was told, answers, errors. A client plays its requests in their
order, each call answered before the next, and ends when the other kernel has had all of them.

It lacks forked servers, compressed frames and monitors; `ikc_storable.py`, which it needs beside it, says what it lacks of Storable.

It shares nothing with Slipway but the protocol: an example of an implementation to test. `--fault NAME` makes one mistake
on purpose.
"""

import argparse
import asyncio
import itertools
import json
import os
import re
import signal
import socket
import sys
import time

sys.dont_write_bytecode = True  # nothing is left beside the programs
import ikc_storable  # noqa: E402
from ikc_storable import Wrong  # noqa: E402

LINE_MAX = 4096
HEADER_MAX = 20
FRAME_MAX = 16 << 20
CHUNK = 65536

FAULTS = {
    "unsigned": "reads the 32-bit integers of an image without their sign",
    "characters": "counts the characters of a frame of JSON, and not its bytes",
    "drops-behind-switch": "drops what came in one piece with the last line of the negotiation",
}


# ── serializers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def json_image(value):
    """The second serializer, for those who are not Perl: a frame is one JSON value in UTF-8."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    except (TypeError, ValueError) as error:
        raise Wrong(f"JSON has no form for this: {error}") from error


def json_value(payload, _fault):
    try:
        return json.loads(payload.decode())
    except (ValueError, RecursionError) as error:
        raise Wrong(f"no JSON: {error}") from error


# By name, how to make a payload of a value, and the other way.
SERIALIZERS = {
    "Storable": (ikc_storable.freeze, ikc_storable.thaw),
    "JSON": (json_image, json_value),
}

# ── specifiers ───────────────────────────────────────────────────────────────────────────────────────────────────────

WORD = r"[- A-Za-z0-9_]*"
KERNEL = r"\*|unix:[-.A-Za-z0-9_]+(?::\d+-\d+)?|[-. A-Za-z0-9_]+(?::\d+)?"
FULL = re.compile(rf"poe:(?://({KERNEL})?)?(?:/({WORD}))?/?({WORD})(?:\?(.*))?", re.ASCII | re.DOTALL)
SHORT = re.compile(rf"(?://({KERNEL})/)?(?:({WORD})/)?({WORD})(?:\?(.*))?", re.ASCII | re.DOTALL)


def specifier(given):
    """Of a text or a hash: the hash with kernel, session and state, and args where there are some."""
    if isinstance(given, dict):
        found = {key: given.get(key) or "" for key in ("kernel", "session", "state")}
        if all(isinstance(each, str) for each in found.values()):
            return found | ({"args": given["args"]} if given.get("args") is not None else {})
    elif isinstance(given, str) and given != "":
        if match := (FULL if given.startswith("poe:") else SHORT).fullmatch(given):
            kernel, session, state, args = match.groups()
            found = {"kernel": kernel or "", "session": session or "", "state": state}
            return found | ({"args": args} if args is not None else {})
    raise Wrong(f"no valid specifier: {str(given)[:100]!r}")


def printed(target):
    kernel, *rest = (target[key] for key in ("kernel", "session", "state"))
    return "poe:" + (f"//{kernel}" if kernel else "") + "".join(f"/{each}" for each in rest if each)


# ── a connection: lines, then frames ─────────────────────────────────────────────────────────────────────────────────

LINE = re.compile(rb"([^\r\n]*)(\r|\n)")
HEADER = re.compile(rb"(\d*)((?<=\d)\0|)")
IAM = re.compile(r"IAM\s+([-:.A-Za-z0-9_]+)", re.ASCII)
FREEZER = re.compile(r"FREEZER\s+([-:A-Za-z0-9_]+)", re.ASCII)


class Link:
    """One connection to another kernel, of which both ends are equal once it is negotiated."""

    def __init__(self, kernel, reader, writer, own, theirs):
        self.kernel, self.reader, self.writer = kernel, reader, writer
        self.own = own  # the address of this end, as it is announced
        self.theirs = theirs  # that of the other end where it has not announced it
        self.names = []  # of the other kernel, its id first
        self.held = bytearray()
        self.other_half = b""  # of a line end: it may come later, and is no line
        self.freeze = self.thaw = None  # once a serializer is agreed upon

    async def more(self):
        data = await self.reader.read(CHUNK)
        if not data:
            raise ConnectionError("the other kernel has closed the connection")
        self.held += data

    async def past_line_end(self):
        if self.other_half:
            if not self.held:
                await self.more()
            if self.held.startswith(self.other_half):
                del self.held[:1]
            self.other_half = b""

    async def line(self):
        await self.past_line_end()
        while not (found := LINE.match(self.held)):
            if len(self.held) > LINE_MAX:
                raise ConnectionError(f"a line of more than {LINE_MAX} bytes")
            await self.more()
        text, end = found.groups()
        del self.held[: found.end()]
        self.other_half = b"\n" if end == b"\r" else b"\r"
        return text.decode("latin-1")

    def say(self, line):
        self.writer.write(line.encode() + b"\r\n")

    async def expect(self, *words):
        """The line that is one of these. What has no place here is refused, and a refusal of ours is not answered."""
        while (line := await self.line()) not in words:
            if line != "NOT":
                self.say("NOT")
        return line

    async def announce(self):
        """The id of the kernel, then its names from the last to the first; each waits for its OK."""
        for name in [self.kernel.id, self.own, *reversed(self.kernel.aliases), self.kernel.name]:
            if name:
                self.say(f"IAM {name}")
                await self.expect("OK")
        self.say("DONE")

    async def learn(self):
        while (line := await self.line()) != "DONE":
            if name := IAM.fullmatch(line):
                self.names.append(name[1])
                self.say("OK")
            elif line != "NOT":
                self.say("NOT")

    async def serve(self):
        while (line := await self.line()) != "HELLO":
            if re.fullmatch(r"HELLO IKC\d|SETUP .*", line, re.ASCII):
                self.say("NOT")  # a protocol that is not spoken here; any other line is met with silence
        await self.announce()
        await self.learn()
        agreed = "Storable"  # when nobody asks for anything
        while (line := await self.line()) != "WORLD" or agreed is None:
            if wanted := FREEZER.fullmatch(line):
                agreed = wanted[1] if wanted[1] in self.kernel.serializers else None
                self.say("NOT" if agreed is None else "OK")
            elif line != "NOT":
                self.say("NOT")
        self.say("UP")
        self.switch(agreed)

    async def greet(self):
        self.say("HELLO")
        await self.learn()
        await self.announce()
        for name in self.kernel.serializers:
            self.say(f"FREEZER {name}")
            if await self.expect("OK", "NOT") == "OK":
                break
        else:
            raise ConnectionError("the other kernel refuses every serializer")
        self.say("WORLD")
        await self.expect("UP")
        self.switch(name)

    def switch(self, serializer):
        self.freeze, self.thaw = SERIALIZERS[serializer]
        if self.kernel.fault == "drops-behind-switch":
            self.held.clear()
        if self.theirs and self.theirs not in self.names:
            self.names.append(self.theirs)

    async def frame(self):
        """The payload of the next frame."""
        await self.past_line_end()
        while not (header := HEADER.match(self.held))[2]:
            if header.end() < len(self.held) or header.end() > HEADER_MAX:
                raise ConnectionError(f"no length before a frame: {bytes(self.held[:HEADER_MAX])!r}")
            await self.more()
        if (size := int(header[1])) > FRAME_MAX:
            raise ConnectionError(f"a frame of {size} bytes, more than {FRAME_MAX}")
        start = header.end()
        while len(self.held) < start + size:
            await self.more()
        payload = bytes(self.held[start : start + size])
        del self.held[: start + size]
        return payload

    def send(self, request):
        payload = self.freeze(request)
        counts_characters = self.kernel.fault == "characters" and self.freeze is json_image
        self.writer.write(b"%d\0" % len(payload.decode() if counts_characters else payload) + payload)

    def report(self, text):
        """Tells the other kernel of an error."""
        target = {"kernel": self.names[0] if self.names else "", "session": "IKC", "state": "remote_error"}
        self.send({"event": target, "is_error": 1, "params": text})

    async def requests(self):
        """Answers until the connection ends."""
        while True:
            payload = await self.frame()
            try:
                request = self.thaw(payload, self.kernel.fault)
            except Wrong as wrong:
                self.report(f"a frame cannot be read: {wrong}")
            else:
                self.kernel.request(self, request)
            await self.writer.drain()

    async def run(self, negotiation, up):
        try:
            await asyncio.wait_for(negotiation, self.kernel.patience)
            self.kernel.register(self)
            up(self)
            await self.requests()
        except asyncio.TimeoutError:
            return "the negotiation took too long"
        except (OSError, EOFError) as error:
            return str(error)
        finally:
            self.kernel.unregister(self)
            self.writer.close()


# ── the kernel: who is connected, what is published, who waits for what ──────────────────────────────────────────────


class Kernel:
    def __init__(self, options):
        host = re.sub(r"[^-.A-Za-z0-9_]", "-", socket.gethostname()) or "localhost"
        self.id = "%s-%08x-%08x-%08x" % (host, int(time.time()), os.getpid(), 1)
        self.name, self.aliases, self.fault = options.name, options.alias, options.fault
        self.serializers = options.serializer or list(SERIALIZERS)
        self.patience, self.call_patience = options.negotiation_timeout, options.timeout / 1000
        self.links = {}  # by each name of a kernel; whoever had a name first keeps it
        self.waiting = {}  # by session and state: the link that may answer there once, what was asked, and the future
        self.published = {"IKC": {"ping": ping, "do_you_have": do_you_have, "remote_error": remote_error}}
        if options.listen or options.publish:
            self.published["demo"] = DEMO
        self.notes = self.failed = 0
        self.calls = 0

    def register(self, link):
        for name in link.names:
            if name != self.id:
                self.links.setdefault(name, link)

    def unregister(self, link):
        self.links = {name: each for name, each in self.links.items() if each is not link}
        for asked, _, future in [each for each in self.waiting.values() if each[0] is link]:
            if not future.done():
                future.set_exception(ConnectionError("the connection has ended"))

    def post(self, target, params):
        every = list(dict.fromkeys(self.links.values()))
        if target["kernel"] == "*":
            links = every
        else:  # whoever came first is the default
            links = [self.links.get(target["kernel"])] if target["kernel"] else every[:1] or [None]
        if None in links:
            raise Wrong(f"Unknown kernel '{target['kernel']}'")
        for link in links:
            link.send({"event": target, "params": params})

    async def call(self, link, target, params, state=None, wants_list=False):
        """What the other kernel answers; a RuntimeError is what it reports instead."""
        self.calls += 1
        asked = ("client", state or f"answer{self.calls}")
        future = asyncio.get_running_loop().create_future()
        self.waiting[asked] = (link, f"[{printed(target)}]", future)
        try:
            rsvp = {"kernel": self.id, "session": asked[0], "state": asked[1]}
            link.send({"event": target, "params": params, "rsvp": rsvp} | ({"wantarray": 1} if wants_list else {}))
            return await asyncio.wait_for(future, self.call_patience)
        finally:
            del self.waiting[asked]

    def request(self, link, request):
        """Whatever is wrong with it is told to the other kernel, unless it is about an error already."""
        quiet = isinstance(request, dict) and request.get("is_error")
        named = ""
        try:
            if not isinstance(request, dict):
                raise Wrong("a request is a hash")
            target = specifier(request.get("event"))
            named = f" [{printed(target)}]"
            rsvp = specifier(request["rsvp"]) if request.get("rsvp") is not None else None
            if rsvp and rsvp["kernel"] not in ("", *link.names):
                raise Wrong("the answer is for another kernel than the one that asks")
            answer = self.invoke(link, target, request)
        except Exception as error:  # a handler may fail in any way
            if not quiet:
                link.report(f"{error}{named}{sent_by(request)}")
            return
        if asyncio.iscoroutine(answer):
            asyncio.ensure_future(self.answer_later(link, request, target, answer))
        else:
            self.answer(link, request, target, answer)

    def invoke(self, link, target, request):
        session, state, params = target["session"], target["state"], request.get("params")
        arguments = [params]
        if (session, state) in self.waiting and self.waiting[session, state][0] is link:
            future = self.waiting[session, state][2]
            return None if future.done() else future.set_result(params)
        if state == "IKC:proxy":
            if not (isinstance(params, list) and len(params) == 2 and isinstance(params[0], str) and isinstance(params[1], list)):
                raise Wrong("what comes through a proxy is a state and a list of arguments")
            state, arguments = params
        if session not in self.published:
            raise Wrong(f"Session '{session}' is not available for remote kernels")
        if state not in self.published[session]:
            raise Wrong(f"Session '{session}' has not published state '{state}'")
        if "args" in target:
            arguments = [*arguments, target["args"]]
        return self.published[session][state](Call(self, link), *arguments)

    def answer(self, link, request, target, answer):
        if request.get("rsvp") is None or link.writer.is_closing():
            return
        if not isinstance(answer, tuple):
            answer = () if answer is None else (answer,)
        params = list(answer) if request.get("wantarray") else answer[-1] if answer else None
        came_from = {"kernel": self.id, "session": target["session"], "state": "IKC:proxy"}
        try:
            link.send({"event": specifier(request["rsvp"]), "params": params, "from": came_from})
        except Wrong as wrong:
            link.report(f"{wrong} [{printed(target)}]")

    async def answer_later(self, link, request, target, answer):
        self.answer(link, request, target, await answer)


def sent_by(request):
    try:
        return f" sent by [{printed(specifier(request['from']))}]"
    except (Wrong, KeyError, TypeError):
        return ""


class Call:
    """What a handler may want to know of who called it."""

    def __init__(self, kernel, link):
        self.kernel, self.link = kernel, link


def ping(_call, *_):
    return "PONG"


def do_you_have(call, params, *_):
    if not (isinstance(params, list) and len(params) == 2):
        raise Wrong("do_you_have is asked with a specifier and the id of a kernel")
    target = specifier(params[0])
    states = call.kernel.published.get(target["session"])
    if states is None or (target["state"] and target["state"] not in states):
        return f"NOT {printed(target)}"
    return [target | {"kernel": target["kernel"] or call.kernel.id}, call.kernel.id]


def remote_error(call, text=None, *_):
    """Of a call that waits it is the answer."""
    for link, target, future in call.kernel.waiting.values():
        if link is call.link and target in str(text) and not future.done():
            future.set_exception(RuntimeError(str(text)))
            return
    tell({"error": text})


# ── the published session ────────────────────────────────────────────────────────────────────────────────────────────


def add(_call, numbers, *_):
    return sum(int(each) for each in numbers)


def items(_call, *_):
    """A tuple for whoever wants a list; others get the last."""
    return "one", "two", "three"


async def slow(_call, milliseconds, *_):
    await asyncio.sleep(min(max(int(milliseconds), 0), 10_000) / 1000)
    return milliseconds


def fail(_call, *_):
    raise Wrong("the handler fails on purpose")


def note(call, value=None, *_):
    call.kernel.notes += 1
    tell({"note": value})


def forward(call, to, *_):
    """To a specifier, or to one with what to post there."""
    target, params = to if isinstance(to, list) and len(to) == 2 else (to, None)
    call.kernel.post(specifier(target), params)


DEMO = {
    "echo": lambda _call, value=None, *_: value,
    "add": add,
    "void": lambda _call, *_: None,
    "fail": fail,
    "list": items,
    "slow": slow,
    "note": note,
    "count": lambda call, *_: call.kernel.notes,
    "forward": forward,
}


def tell(row):
    """Of what JSON has no form for, what can be said of it."""
    print(json.dumps(row, default=lambda each: {"class": getattr(each, "name", None), "value": each.value}), flush=True)


# ── server and client ────────────────────────────────────────────────────────────────────────────────────────────────


def unix_name(path, rest=""):
    return "unix:" + re.sub(r"[^-:.A-Za-z0-9_]", "_", path) + rest


def split_address(text):
    """(host, port), or nothing where it is a path."""
    host, colon, port = text.rpartition(":")
    return (host, int(port)) if colon and port.isdigit() and "/" not in text else None


def tcp_name(pair):
    return "%s:%d" % pair[:2]


async def listen(options, kernel):
    loop = asyncio.get_running_loop()
    inet = split_address(options.listen)
    if inet is None and os.path.exists(options.listen):
        os.unlink(options.listen)
    listener = socket.socket(socket.AF_INET if inet else socket.AF_UNIX)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(inet or options.listen)
    listener.listen(64)
    listener.setblocking(False)
    tell({"listening": tcp_name(listener.getsockname()) if inet else options.listen})
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    free = asyncio.Semaphore(options.concurrency)
    serving = set()

    async def serve(connection):
        reader, writer = await asyncio.open_connection(sock=connection)
        own = tcp_name(connection.getsockname()) if inet else unix_name(options.listen)
        link = Link(kernel, reader, writer, own, tcp_name(connection.getpeername()) if inet else "")
        why = await link.run(link.serve(), lambda _link: None)
        free.release()
        tell({"closed": link.names[0] if link.names else None, "why": why})

    async def accept():
        for _ in range(options.connections) if options.connections else itertools.count():
            await free.acquire()
            connection, _ = await loop.sock_accept(listener)
            task = loop.create_task(serve(connection))
            serving.add(task)
            task.add_done_callback(serving.discard)
        await asyncio.gather(*serving)
        stopped.set()

    accepting = loop.create_task(accept())
    await stopped.wait()
    accepting.cancel()
    for link in set(kernel.links.values()):
        link.writer.close()  # what has been written is sent first
    if serving:
        await asyncio.wait(serving, timeout=1)


async def connect(options, kernel):
    inet = split_address(options.connect)
    left = list(options.requests)
    wait = 0.05
    while True:
        try:
            reader, writer = await (asyncio.open_connection(*inet) if inet else asyncio.open_unix_connection(options.connect))
        except OSError as error:
            why = str(error)
        else:
            local = writer.get_extra_info("socket")
            own = tcp_name(local.getsockname()) if inet else unix_name(options.connect, f":{os.getpid()}-{local.fileno()}")
            link = Link(kernel, reader, writer, own, options.connect if inet else unix_name(options.connect))
            is_up = asyncio.get_running_loop().create_future()
            running = asyncio.ensure_future(link.run(link.greet(), is_up.set_result))
            await asyncio.wait({running, is_up}, return_when=asyncio.FIRST_COMPLETED)
            playing = asyncio.ensure_future(play(kernel, link, left)) if is_up.done() else running
            await asyncio.wait({running, playing}, return_when=asyncio.FIRST_COMPLETED)
            if is_up.done() and playing.done() and playing.exception() is None:
                if options.stay:
                    await running
                writer.close()
                return 1 if kernel.failed else 0
            why = await running
            wait = 0.05 if is_up.done() else wait
        if not options.reconnect:
            tell({"error": why})
            return 1
        await asyncio.sleep(wait)
        wait = min(2 * wait, 5)


async def play(kernel, link, left):
    """Takes away what has been answered; the rest is for another connection."""
    while left:
        verb, text, params = left[0]
        target = specifier(text)
        try:
            if verb == "post":
                link.send({"event": target, "params": params})
            elif verb == "subscribe":
                having = {"kernel": target["kernel"] or link.names[0], "session": "IKC", "state": "do_you_have"}
                answer = await kernel.call(link, having, [target, kernel.id], f"IKC:receipt 1 {text}")
                if not isinstance(answer, list):
                    raise RuntimeError(str(answer))
                tell({"subscribed": text})
            else:
                tell({"to": text, "answer": await kernel.call(link, target, params, wants_list=verb == "list")})
        except (RuntimeError, asyncio.TimeoutError) as error:
            kernel.failed += 1
            tell({"to": text, "error": str(error) or "no answer"})
        left.pop(0)
    # Requests are answered in their order: what is wrong with an earlier one comes before this.
    await kernel.call(link, {"kernel": link.names[0], "session": "IKC", "state": "ping"}, "PING")


class Request(argparse.Action):
    """A specifier, and JSON behind a blank: requests of all kinds, in the order in which they stand."""

    def __call__(self, _parser, namespace, value, option=None):
        text, _, params = value.partition(" ")
        try:
            specifier(text)
            namespace.requests = [*namespace.requests, (option.lstrip("-"), text, json.loads(params or "null"))]
        except (Wrong, ValueError) as error:
            raise argparse.ArgumentError(self, str(error)) from error


def address(text):
    return text.removeprefix("unix:")


def name(text):
    if not re.fullmatch(r"[-.A-Za-z0-9_]+", text):
        raise argparse.ArgumentTypeError("a name has letters, digits, - . and _")
    return text


def options_of(arguments):
    parser = argparse.ArgumentParser(
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="A POE kernel that speaks IKC.",
        epilog="faults:\n" + "\n".join("  %-20s %s" % each for each in FAULTS.items()),
    )
    role = parser.add_mutually_exclusive_group(required=True)
    role.add_argument("--listen", type=address, metavar="ADDRESS", help="be a server at host:port or the path of a Unix-domain socket")
    role.add_argument("--connect", type=address, metavar="ADDRESS", help="be a client of the server there")
    parser.add_argument("--name", type=name, help="of this kernel")
    parser.add_argument("--alias", action="append", default=[], type=name, metavar="NAME", help="another; can be repeated")
    parser.add_argument("--serializer", action="append", choices=SERIALIZERS, help="one to offer or to accept; can be repeated")
    parser.add_argument("--negotiation-timeout", type=float, default=30, metavar="SECONDS", help="default: %(default)s")
    parser.add_argument("--timeout", type=float, default=30_000, metavar="MILLISECONDS", help="default: %(default)s")
    parser.add_argument("--concurrency", type=int, default=1000, metavar="N", help="so many connections at once")
    parser.add_argument("--connections", type=int, metavar="N", help="end after so many connections")
    parser.add_argument("--reconnect", action="store_true", help="try again when there is no connection")
    parser.add_argument("--publish", action="store_true", help="a client publishes the session demo, too")
    parser.add_argument("--stay", action="store_true", help="a client stays when it has done everything")
    for verb in ("post", "call", "list", "subscribe"):
        kind = "SPECIFIER" if verb == "subscribe" else "'SPECIFIER JSON'"
        parser.add_argument(f"--{verb}", dest="requests", action=Request, default=[], metavar=kind)
    parser.add_argument("--fault", choices=FAULTS, metavar="NAME", help="be broken on purpose, see below")
    return parser.parse_args(arguments)


def main():
    options = options_of(sys.argv[1:])
    kernel = Kernel(options)
    sys.exit(asyncio.run(listen(options, kernel) if options.listen else connect(options, kernel)))


if __name__ == "__main__":
    main()
