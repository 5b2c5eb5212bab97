#!/usr/bin/env python3
"""A server of the MIT Rover toolkit, and a client of it, in the standard library of Python.

    rover.py --listen=HOST:PORT --state=FOLDER [--users=FILE] [--tests]     a daemon and its parent
    rover.py --cgi --state=FOLDER [--users=FILE] [--tests] | --daemon=HOST:PORT      for an httpd
    rover.py --server=HOST:PORT --state=FOLDER --user=NAME --host=NAME --send='COMMAND OBJECT [DATA]' ...

It lacks workers (the only long command is a sleep), other identities than names, and a log that is ever cut.

It shares nothing with Slipway but the protocol: an example of an implementation to test. `--fault NAME` makes one mistake
on purpose.
"""

import argparse
import asyncio
import hmac
import json
import os
import re
import signal
import sys
import time
import urllib.parse

FAULTS = {
    "early-runs": "runs a request before those that come before it",
    "results-forgotten": "writes no results down, so that a restart runs everything again",
    "nobody-exports": "lets nobody do what all others may do",
}
HEADER_MAX, FIELDS_MAX, BODY_MAX, PAIRS_MAX = 16 << 10, 64, 1 << 20, 64
KEPT, AHEAD, STREAMS, LIVES, PATIENCE = 64, 64, 4096, 3, 30
REASONS = {200: "OK", 202: "Accepted", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 410: "Gone"}
NUMBER_MAX = 2**53 - 1
READS, TESTS = ("IMPORTDATA", "IMPORTBINARY"), ("TESTNULL", "TESTECHO", "TESTSLEEP", "TESTERROR", "TESTFATAL")


class Refused(Exception):
    """What was asked is not taken: nothing is remembered of it."""

    def __init__(self, status, text, result="refused", **fields):
        self.answer = answered(status, result, text, **fields)


class Failed(Exception):
    """errorExit: what the command has changed is undone."""

    def __init__(self, status, text):
        self.answer = answered(status, "failed", text)


def answered(status, result, body="", kind="text/plain", **fields):
    """An answer is kept as text, a character for each byte, so that JSON has a form for it."""
    return {"status": status, "result": result, "body": body, "type": kind, "fields": fields}


def written(answer, number=None, awaited=None, cgi=False):
    start = f"Status: {answer['status']} " if cgi else f"HTTP/1.0 {answer['status']} "
    fields = {"Content-Type": answer["type"], "Content-Length": len(answer["body"]), "Rover-Result": answer["result"]}
    fields |= {name.replace("_", "-"): value for name, value in answer["fields"].items()}
    fields |= {"Rover-Message": number} if number is not None else {}
    fields |= {"Rover-Next": awaited} if awaited is not None else {}
    head = start + REASONS.get(answer["status"], "Rover") + "\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return (head + "\r\n" + answer["body"]).encode("latin-1")


# ── a request ────────────────────────────────────────────────────────────────────────────────────────────────────────

NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}")


def pairs_of(body):
    """The pairs of a body in the form encoding."""
    found, offset = {}, 0
    for part in body.split("&") if body else []:
        if len(found) == PAIRS_MAX:
            raise Refused(400, f"more than {PAIRS_MAX} pairs")
        name, equals, value = (each.replace("+", " ") for each in part.partition("="))
        if not equals or re.search("%(?![0-9A-Fa-f]{2})", part):
            raise Refused(400, f"no pair at byte {offset}")
        name, value = (urllib.parse.unquote(each, "latin-1") for each in (name, value))
        if not name or name in found or ("\0" in value and name != "DATA"):
            raise Refused(400, f"an empty token, one that was there before, or NUL at byte {offset}")
        found[name] = value
        offset += len(part) + 1
    return found


def checked(pairs, in_order):
    """Throws what is wrong with the pairs, before anybody looks at their order."""
    for name in ("USER", "HOST", "MSGID", "COMMAND") if in_order else ("USER", "COMMAND"):
        if name not in pairs:
            raise Refused(400, f"{name} is missing")
    for name in ("USER", "HOST"):
        if name in pairs and not NAME.fullmatch(pairs[name]):
            raise Refused(400, f"{name} is no name")
    for name in ("MSGID", "EPOCH", "ACKED"):
        text = pairs.get(name, "1")
        if not DECIMAL.fullmatch(text) or int(text) > NUMBER_MAX or (name == "MSGID" and text == "0"):
            raise Refused(400, f"{name} is no number")
    limits = {"SERVICE": 1024, "LOGID": 1024, "USERTIME": 1024, "USERSERVER": 1024, "OBJECT": 255}
    for name, limit in limits.items():
        if len(pairs.get(name, "")) > limit:
            raise Refused(400, f"{name} has more than {limit} bytes")


def authenticated(pairs, users):
    if pairs["USER"] == "nobody":
        return
    secret = users.get(pairs["USER"], "")
    right = hmac.compare_digest(secret.encode("latin-1"), pairs.get("AUTH", "").encode("latin-1"))
    if not right or pairs["USER"] not in users:
        raise Refused(401, "who that is has not been shown")


def users_in(path):
    lines = open(path, encoding="latin-1").read().splitlines() if path else []
    return dict(line.split()[:2] for line in lines if line.split() and not line.startswith("#"))


def header_of(text):
    """The content length of a request, and whether it wants to be told to go on."""
    lines = re.split("\r?\n", text)
    request = re.fullmatch(r"([!-~]+) ([!-~]+) HTTP/1\.([0-9])", lines[0])
    if not request or re.search("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        raise Refused(400, "no request line of HTTP/1, or a control byte")
    if request[1] != "POST":
        raise Refused(405, "only POST", Allow="POST")
    if len(lines) - 1 > FIELDS_MAX:
        raise Refused(431, f"more than {FIELDS_MAX} fields")
    fields = {}
    for line in lines[1:]:
        field = re.fullmatch(r"([^\s:]+):(.*)", line)
        if not field:
            raise Refused(400, "a line that is no field")
        fields.setdefault(field[1].lower(), []).append(field[2].strip())
    if "transfer-encoding" in fields:
        raise Refused(411, "the length has to be told")
    if not (lengths := fields.get("content-length")):
        raise Refused(411, "no Content-Length")
    if len(set(lengths)) > 1 or not re.fullmatch("[0-9]+", lengths[0]):
        raise Refused(400, "Content-Length is no number")
    if len(lengths[0]) > 15 or int(lengths[0]) > BODY_MAX:
        raise Refused(413, f"more than {BODY_MAX} bytes")
    form_only(fields.get("content-type", [""])[0])
    expected = fields.get("expect", [""])[0].lower() if request[3] != "0" else ""
    if expected not in ("", "100-continue"):
        raise Refused(417, "that cannot be expected")
    return int(lengths[0]), expected != ""


def form_only(kind):
    if kind and kind.split(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Refused(415, "only the form encoding")


# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Objects:
    """What objects hold, by user and name, and what a command does to them."""

    def __init__(self, state, options, values):
        self.state, self.options, self.values = state, options, values

    def allowed(self, pairs):
        command, known = pairs["COMMAND"], (*READS, "EXPORT", "RESET", *(TESTS if self.options.tests else ()))
        if pairs["USER"] == "nobody" and command not in READS + TESTS and self.options.fault != "nobody-exports":
            raise Failed(403, "nobody may not do that")
        if command not in known:
            raise Failed(422, "there is no such command")

    async def run(self, pairs, number):
        """The answer, and the value of each object that has changed."""
        self.allowed(pairs)
        command, data = pairs["COMMAND"], pairs.get("DATA", "")
        if command in TESTS:
            return await self.test(command, data), {}
        name = pairs.get("OBJECT", "")
        module = re.match(r"(Irolo__|Agent__)[^/\0-\x1f\x7f]+\Z", name)
        if not module:
            raise Failed(404, "there is no such module")
        key, cards = pairs["USER"] + "/" + name, module[1] == "Irolo__"
        if command in READS:
            kind = "text/plain" if command == "IMPORTDATA" else "application/octet-stream"
            return answered(200, "done", "\n".join(self.lines(key, name, cards)), kind), {}
        if not cards:
            return self.agent(command, pairs, name, number), {}
        if command == "RESET":
            return answered(200, "done"), {key: {}}
        value = dict(self.values(key))
        for line in data.splitlines():
            person, tab, text = line.partition("\t")
            if not tab or not person:
                raise Failed(422, "a line that is no card")
            value[person] = text
        value = {person: text for person, text in value.items() if text}
        return answered(200, "done", f"{len(value)} cards"), {key: value}

    def lines(self, key, name, cards):
        if cards:
            return [f"{person}\t{text}" for person, text in sorted(self.values(key).items())]
        path = os.path.join(self.state, "agents", name)
        lines = open(path, encoding="latin-1").read().splitlines() if os.path.exists(path) else []
        return [line for line in lines if line.startswith(key.split("/")[0] + " ")]

    def agent(self, command, pairs, name, number):
        """To deliver a second time what has been delivered changes nothing: that is how it recovers."""
        if command == "RESET" or re.search("[\n\r]", pairs.get("DATA", "")):
            raise Failed(422, "an agent takes one line, and has no RESET")
        path = os.path.join(self.state, "agents", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        line = " ".join([pairs["USER"], pairs.get("HOST", "-"), pairs.get("EPOCH", "0"), number, pairs.get("DATA", "")]) + "\n"
        if number == "-" or not os.path.exists(path) or line not in open(path, encoding="latin-1").readlines():
            append(path, line)
        return answered(200, "done")

    async def test(self, command, data):
        if command == "TESTSLEEP":
            await asyncio.sleep(min(int(data), 60_000) / 1000) if DECIMAL.fullmatch(data) else None
        if command == "TESTERROR":
            raise Failed(422, data)
        if command == "TESTFATAL":
            print(f"rover: fatal: {data!r}", file=sys.stderr, flush=True)
            os._exit(70)
        return answered(200, "done", data if command == "TESTECHO" else "")


def append(path, text):
    with open(path, "a", encoding="latin-1") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


# ── order and log ────────────────────────────────────────────────────────────────────────────────────────────────────


class Stream:
    def __init__(self):
        self.begin(0)

    def begin(self, epoch):
        self.epoch, self.next, self.held, self.kept, self.lives, self.turn = epoch, 1, {}, {}, {}, None


def same(left, right):
    return all(left.get(name) == right.get(name) for name in {*left, *right} - {"AUTH", "ACKED", "USERTIME"})


class Daemon:
    """Streams and objects, and the log that they are made of again: a JSON value a line."""

    def __init__(self, options):
        os.makedirs(options.state, exist_ok=True)
        self.options, self.users, self.streams, self.values = options, users_in(options.users), {}, {}
        self.objects = Objects(options.state, options, lambda key: self.values.get(key, {}))
        self.log = os.path.join(options.state, "log")

    def record(self, kind, stream, *rest):
        if kind != "result" or self.options.fault != "results-forgotten":
            append(self.log, json.dumps([kind, list(stream), *rest]) + "\n")

    async def recover(self):
        text = open(self.log, encoding="latin-1").read() if os.path.exists(self.log) else ""
        whole = text.rpartition("\n")[0]
        if whole != text:
            os.truncate(self.log, len(whole) + 1 if whole else 0)
        for kind, key, *rest in map(json.loads, whole.splitlines()):
            stream = self.streams.setdefault(tuple(key), Stream())
            if kind == "epoch":
                stream.begin(*rest)
            elif kind == "message":
                stream.held[rest[0]] = rest[1]
            elif kind == "attempt":
                stream.lives[rest[0]] = stream.lives.get(rest[0], 0) + 1
            else:
                self.settle(stream, *rest)
        for key in list(self.streams):
            await self.advance(key)

    def settle(self, stream, number, answer, changed):
        self.values |= changed
        stream.kept[number] = (stream.held.pop(number, {}), answer)
        stream.next = max(stream.next, number + 1)
        for old in sorted(stream.kept)[:-KEPT]:
            del stream.kept[old]

    def advance(self, key):
        """One at a time of each stream; whoever waits, waits for all that can be run."""
        stream = self.streams[key]
        if stream.turn is None or stream.turn.done():
            stream.turn = asyncio.ensure_future(self.run_all(key, stream))
        return asyncio.shield(stream.turn)

    async def run_all(self, key, stream):
        early = self.options.fault == "early-runs"
        while (number := min(stream.held, default=0) if early else stream.next) in stream.held:
            pairs = stream.held[number]
            changed = {}
            try:
                if stream.lives.get(number, 0) >= LIVES:
                    raise Failed(500, "it has ended the server too often")
                self.record("attempt", key, number)
                answer, changed = await self.objects.run(pairs, str(number))
            except Failed as failed:
                answer = failed.answer
            self.record("result", key, number, answer, changed)
            self.settle(stream, number, answer, changed)

    async def answer(self, pairs):
        """The answer, and which number the stream awaits."""
        checked(pairs, True)
        authenticated(pairs, self.users)
        key, number, epoch = (pairs["USER"], pairs["HOST"]), int(pairs["MSGID"]), int(pairs.get("EPOCH", "0"))
        if key not in self.streams and len(self.streams) >= STREAMS:
            raise Refused(503, "too many streams", "busy", Retry_After=1)
        stream = self.streams.setdefault(key, Stream())
        while epoch > stream.epoch:
            if stream.turn is not None and not stream.turn.done():
                await asyncio.shield(stream.turn)
            else:
                self.record("epoch", key, epoch)
                stream.begin(epoch)
        return await self.ordered(key, stream, number, epoch, pairs), stream.next

    async def ordered(self, key, stream, number, epoch, pairs):
        before, kept = stream.kept.get(number, (stream.held.get(number), None))
        if epoch < stream.epoch or (before is not None and not same(before, pairs)):
            return answered(409, "refused", "another request has this number, or its epoch is over")
        for old in [old for old in stream.kept if old <= int(pairs.get("ACKED", "0"))]:
            del stream.kept[old]
        if kept is not None:
            return kept | {"fields": {"Rover_Replayed": "yes"}}
        if number < stream.next and before is None:
            return answered(410, "done")
        if before is None:
            if number - stream.next > AHEAD or len(stream.held) > AHEAD:
                raise Refused(503, "too far ahead", "busy", Retry_After=1)
            self.record("message", key, number, pairs)
            stream.held[number] = pairs
        if number > stream.next and self.options.fault != "early-runs":
            return answered(202, "held", f"{stream.next} is missing")
        await self.advance(key)
        return stream.kept[number][1] if number in stream.kept else answered(410, "done")

    async def serve(self, reader, writer):
        number = awaited = None
        try:
            pairs = pairs_of(await asyncio.wait_for(self.receive(reader, writer), PATIENCE))
            number = pairs.get("MSGID")
            answer, awaited = await self.answer(pairs)
        except asyncio.TimeoutError:
            answer = answered(408, "refused", "the request is not whole")
        except (Refused, Failed) as refused:
            answer = refused.answer
        except OSError:
            return writer.close()
        try:
            writer.write(written(answer, number if awaited else None, awaited))
            writer.write_eof()
            await asyncio.wait_for(reader.read(), 1)  # or the kernel would take the answer back
        except (OSError, asyncio.TimeoutError):
            pass
        writer.close()

    async def receive(self, reader, writer):
        lines = []
        try:
            while (line := await reader.readuntil(b"\n")) not in (b"\n", b"\r\n"):
                lines.append(line.decode("latin-1"))
                if sum(map(len, lines)) > HEADER_MAX:
                    raise Refused(431, f"a header of more than {HEADER_MAX} bytes")
            length, waits = header_of("".join(lines).rstrip("\r\n"))
            if waits:
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return (await reader.readexactly(length)).decode("latin-1")
        except asyncio.LimitOverrunError:
            raise Refused(431, f"a header of more than {HEADER_MAX} bytes") from None
        except asyncio.IncompleteReadError:
            raise Refused(400, "the end in the middle of it") from None


def address(text):
    host, _, port = text.rpartition(":")
    return host, int(port)


async def daemon(options, lifeline):
    loop = asyncio.get_running_loop()
    loop.add_reader(lifeline, lambda: os._exit(0))
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = Daemon(options)
    await server.recover()
    listener = await asyncio.start_server(server.serve, *address(options.listen), limit=HEADER_MAX)
    print("listening", *listener.sockets[0].getsockname()[:2], file=sys.stderr, flush=True)
    await stopped.wait()
    listener.close()
    turns = [stream.turn for stream in server.streams.values() if stream.turn is not None]
    if turns:
        await asyncio.wait(turns, timeout=5)
    await asyncio.sleep(0.05)  # for the answers


def parent(options):
    """Starts the daemon, and again whenever that ends."""
    stopping, child, wait = [], 0, 0
    lifeline = os.pipe()

    def stop(*_):
        stopping.append(True)
        if child:
            os.kill(child, signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not stopping:
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            os.close(lifeline[1])
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            asyncio.run(daemon(options, lifeline[0]))
            os._exit(0)
        os.waitpid(child, 0)
        wait = 0 if time.monotonic() - began > 10 else min(max(1, 2 * wait), 30)
        if not stopping:
            time.sleep(wait)


# ── the forked server ────────────────────────────────────────────────────────────────────────────────────────────────


def cgi(options):
    folder = os.path.join(options.state or "", "objects")
    path = lambda key: os.path.join(folder, urllib.parse.quote(key, ""))  # noqa: E731
    values = lambda key: json.load(open(path(key))) if os.path.exists(path(key)) else {}  # noqa: E731
    number = awaited = None
    try:
        pairs = pairs_of(query())
        checked(pairs, bool(options.daemon))
        command = pairs["COMMAND"]
        if os.environ.get("REQUEST_METHOD") == "GET" and command not in READS + TESTS:
            raise Failed(405, "not by GET")
        if options.daemon:
            sys.stdout.buffer.write(asyncio.run(handed(options, pairs)))
            return
        authenticated(pairs, users_in(options.users))
        answer, changed = asyncio.run(Objects(options.state, options, values).run(pairs, pairs.get("MSGID", "-")))
        for key, value in changed.items():
            os.makedirs(folder, exist_ok=True)
            temporary = f"{path(key)}.{os.getpid()}"
            append(temporary, json.dumps(value))
            os.rename(temporary, path(key))
    except (Refused, Failed) as refused:
        answer = refused.answer
    sys.stdout.buffer.write(written(answer, number, awaited, cgi=True))


def query():
    method, length = os.environ.get("REQUEST_METHOD", ""), os.environ.get("CONTENT_LENGTH", "")
    if method == "GET":
        return os.environ.get("QUERY_STRING", "")
    if method != "POST":
        raise Refused(405, "only GET and POST", Allow="GET, POST")
    if not length:
        raise Refused(411, "no CONTENT_LENGTH")
    if not re.fullmatch("[0-9]+", length):
        raise Refused(400, "CONTENT_LENGTH is no number")
    if int(length) > BODY_MAX:
        raise Refused(413, f"more than {BODY_MAX} bytes")
    form_only(os.environ.get("CONTENT_TYPE", ""))
    body = sys.stdin.buffer.read(int(length))
    if len(body) < int(length):
        raise Refused(400, "the end in the middle of it")
    return body.decode("latin-1")


async def handed(options, pairs):
    try:
        return re.sub(rb"^HTTP/1\.[0-9]", b"Status:", await asked(options.daemon, pairs))
    except (OSError, ValueError):
        raise Refused(503, "there is no daemon", "busy", Retry_After=1) from None


async def asked(where, pairs):
    """What a server answers; a ValueError where it does not."""
    reader, writer = await asyncio.open_connection(*address(where))
    body = urllib.parse.urlencode(pairs, encoding="latin-1")
    form = "application/x-www-form-urlencoded"
    writer.write(f"POST /rover HTTP/1.0\r\nContent-Type: {form}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode("latin-1"))
    whole = await reader.read()
    writer.close()
    if not whole.startswith(b"HTTP/1."):
        raise ValueError("no answer")
    return whole


# ── the client ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def client(options):
    os.makedirs(options.state, exist_ok=True)
    path = os.path.join(options.state, "queue")
    if not os.path.exists(path):
        append(path, json.dumps(["epoch", int(time.time())]) + "\n")
    (_, epoch), *rows = map(json.loads, open(path, encoding="latin-1").read().splitlines())
    sent = {row[1]: row[2] for row in rows if row[0] == "message"}
    known = {row[1]: row[2] for row in rows if row[0] == "answer"}
    for text in options.send or []:
        command, name, *data = text.split(" ", 2)
        pairs = {"USER": options.user, "HOST": options.host, "MSGID": str(len(sent) + 1), "EPOCH": str(epoch), "COMMAND": command}
        pairs |= {"OBJECT": name} | ({"DATA": data[0]} if data else {}) | ({"AUTH": options.auth} if options.auth else {})
        sent[len(sent) + 1] = pairs
        append(path, json.dumps(["message", len(sent), pairs]) + "\n")
    window, told = asyncio.Semaphore(options.window), min(set(sent) - set(known), default=len(sent) + 1)
    bad = []

    async def settle(number):
        nonlocal told
        async with window:
            wait, pairs = 1, sent[number]
            while number not in known:
                row = await attempt(pairs)
                if row and row[1] == "refused" and pairs["COMMAND"] != "TESTNULL":
                    pairs = {**pairs, "COMMAND": "TESTNULL"}  # those behind it must not wait for it for ever
                    refusal = row
                elif row and row[1] in ("done", "failed", "refused"):
                    known[number] = row if pairs is sent[number] else refusal
                    append(path, json.dumps(["answer", number, known[number]]) + "\n")
                    if row[1] == "refused":
                        sys.exit(f"rover.py: {number} is refused, and so is nothing in its place")
                else:
                    await asyncio.sleep(wait)
                    wait = min(2 * wait, 60)
        while told in known:
            print(told, *known[told], flush=True)
            bad.extend([told] if known[told][1] != "done" else [])
            told += 1

    async def attempt(pairs):
        try:
            head, _, body = (await asked(options.server, pairs)).decode("latin-1").partition("\r\n\r\n")
        except (OSError, ValueError):
            return None
        result = re.search(r"^rover-result: *(\w+)", head, re.I | re.M)
        return [int(head.split()[1]), result[1] if result else "done", body] if len(head.split()) > 1 else None

    await asyncio.gather(*(settle(number) for number in sorted(set(sent) - set(known))))
    return 1 if bad else 0


def main():
    parser = argparse.ArgumentParser(
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__.split("\n\n", 1)[0],
        epilog="faults:\n" + "\n".join("  %-20s %s" % each for each in FAULTS.items()),
    )
    role = parser.add_mutually_exclusive_group(required=True)
    role.add_argument("--listen", metavar="HOST:PORT", help="be a daemon there")
    role.add_argument("--cgi", action="store_true", help="be started by an httpd")
    role.add_argument("--server", metavar="HOST:PORT", help="be a client of the daemon there")
    for name in ("state", "users", "daemon", "user", "host", "auth"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--window", type=int, default=4, metavar="N", help="a client sends so many at a time")
    parser.add_argument("--send", action="append", metavar="'COMMAND OBJECT [DATA]'")
    parser.add_argument("--tests", action="store_true", help="have the test commands")
    parser.add_argument("--fault", choices=FAULTS, metavar="NAME", help="be broken on purpose, see below")
    options = parser.parse_args()
    if not options.state and not options.daemon:
        parser.error("--state is needed")
    if options.listen:
        parent(options)
    elif options.cgi:
        cgi(options)
    else:
        sys.exit(asyncio.run(client(options)))


if __name__ == "__main__":
    main()
