#!/usr/bin/env python3
"""A server of the MIT Rover toolkit, and a client of it, in the standard library of Python.

    rover.py --listen=HOST:PORT --state=FOLDER [--users=FILE] [--tests]                  a daemon and its parent
    rover.py --cgi --state=FOLDER [--users=FILE] [--tests] | --cgi --daemon=HOST:PORT    what an httpd starts
    rover.py --server=HOST:PORT --state=FOLDER --user=NAME --host=NAME --send='COMMAND OBJECT [DATA]'...

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
from urllib.parse import quote, unquote, urlencode

FAULTS = {
    "early-runs": "runs a request before those that come before it",
    "early-forgotten": "writes down what comes early only when its turn has come",
    "nobody-exports": "lets nobody do what all others may do",
}
HEADER_MAX, FIELDS_MAX, BODY_MAX, PAIRS_MAX, NUMBER_MAX = 16 << 10, 64, 1 << 20, 64, 2**53 - 1
KEPT, AHEAD, STREAMS, LIVES, PATIENCE = 64, 64, 4096, 3, 30
FORM = "application/x-www-form-urlencoded"
READS, TESTS = ("IMPORTDATA", "IMPORTBINARY"), ("TESTNULL", "TESTECHO", "TESTSLEEP", "TESTERROR", "TESTFATAL")
RESULTS = {403: "failed", 404: "failed", 422: "failed", 500: "failed", 503: "busy"}  # others: refused


class Stop(Exception):
    """Ends a request with this answer. Where a command has begun it is an error, and what the command has changed is undone."""

    def __init__(self, status, text, result=None, **fields):
        self.answer = answered(status, result or RESULTS.get(status, "refused"), text, **fields)


def answered(status, result, body="", kind="text/plain", **fields):
    """An answer is kept as text, a character for each byte, so that JSON has a form for it."""
    return {"status": status, "result": result, "body": body, "type": kind, "fields": fields}


def written(answer, start, **numbers):
    fields = {"Content-Type": answer["type"], "Content-Length": len(answer["body"]), "Rover-Result": answer["result"]}
    fields |= {name.replace("_", "-"): value for name, value in {**answer["fields"], **numbers}.items() if value is not None}
    head = [f"{start} {answer['status']} Rover", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(head) + "\r\n\r\n" + answer["body"]).encode("latin-1")


# ── a request ────────────────────────────────────────────────────────────────────────────────────────────────────────

NAME, DECIMAL, TEXT = r"[A-Za-z0-9._-]{1,64}", r"0|[1-9][0-9]{0,15}", r"(?s:.{0,1024})"
FORMS = {"USER": NAME, "HOST": NAME, "MSGID": r"[1-9][0-9]{0,15}", "EPOCH": DECIMAL, "ACKED": DECIMAL, "OBJECT": r"(?s:.{0,255})"}
FORMS |= dict.fromkeys(("SERVICE", "LOGID", "USERTIME", "USERSERVER"), TEXT)


def pairs_of(body, required, users):
    """The pairs of a body in the form encoding, of somebody who has shown who that is."""
    pairs, offset = {}, 0
    for part in body.split("&"):
        name, equals, value = part.replace("+", " ").partition("=")
        bad = not equals or re.search("%(?![0-9A-Fa-f]{2})", part) or len(pairs) == PAIRS_MAX
        name, value = unquote(name, "latin-1"), unquote(value, "latin-1")
        if bad or not name or name in pairs or ("\0" in value and name != "DATA"):
            raise Stop(400, f"at byte {offset}: no pair, one that was there before, or too many")
        pairs[name] = value
        offset += len(part) + 1
    for name in required:
        if name not in pairs:
            raise Stop(400, f"{name} is missing")
    for name, value in pairs.items():
        long = name in ("MSGID", "EPOCH", "ACKED") and value.isdigit() and int(value) > NUMBER_MAX
        if long or not re.fullmatch(FORMS.get(name, "(?s:.*)"), value):
            raise Stop(400, f"{name} is none")
    secret = users.get(pairs["USER"]) if users is not None else ""
    shown = hmac.compare_digest((secret or "").encode("latin-1"), pairs.get("AUTH", "").encode("latin-1"))
    if users is not None and pairs["USER"] != "nobody" and (secret is None or not shown):
        raise Stop(401, "who that is has not been shown")
    return pairs


def users_in(path):
    lines = open(path, encoding="latin-1").read().splitlines() if path else []
    return dict(line.split()[:2] for line in lines if line.split() and not line.startswith("#"))


def header_of(text):
    """The content length of a request, and whether it wants to be told to go on."""
    first, *lines = re.split("\r?\n", text)
    request = re.fullmatch(r"([!-~]+) ([!-~]+) HTTP/1\.([0-9])", first)
    if not request or re.search("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        raise Stop(400, "no request line of HTTP/1, or a control byte")
    if request[1] != "POST":
        raise Stop(405, "only POST", Allow="POST")
    if len(lines) > FIELDS_MAX:
        raise Stop(431, f"more than {FIELDS_MAX} fields")
    fields = {}
    for line in lines:
        if not (field := re.fullmatch(r"([^\s:]+):(.*)", line)):
            raise Stop(400, "a line that is no field")
        fields.setdefault(field[1].lower(), []).append(field[2].strip())
    lengths = set(fields.get("content-length", [None])) if "transfer-encoding" not in fields else {None}
    length = length_of(lengths.pop() if len(lengths) == 1 else "two of them")
    form_only(fields.get("content-type", [""])[0])
    expected = fields.get("expect", [""])[0].lower() if request[3] != "0" else ""
    if expected not in ("", "100-continue"):
        raise Stop(417, "that cannot be expected")
    return length, expected != ""


def length_of(text):
    if text is None:
        raise Stop(411, "the length has to be told")
    if not re.fullmatch("[0-9]+", text):
        raise Stop(400, "the length is no number")
    if len(text) > 15 or int(text) > BODY_MAX:
        raise Stop(413, f"more than {BODY_MAX} bytes")
    return int(text)


def form_only(kind):
    if kind and kind.split(";")[0].strip().lower() != FORM:
        raise Stop(415, "only the form encoding")


# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def run(options, pairs, number, values):
    """The answer, and the new value of each object that has changed. `values` has the old ones."""
    command, data, name = pairs["COMMAND"], pairs.get("DATA", ""), pairs.get("OBJECT", "")
    if pairs["USER"] == "nobody" and command not in READS + TESTS and options.fault != "nobody-exports":
        raise Stop(403, "nobody may not do that")
    if command in TESTS and options.tests:
        return await test(command, data), {}
    if command not in (*READS, "EXPORT", "RESET"):
        raise Stop(422, "there is no such command")
    if not (module := re.fullmatch(r"(Irolo__|Agent__)[^/\0-\x1f\x7f]+", name)):
        raise Stop(404, "there is no such module")
    key, cards = pairs["USER"] + "/" + name, dict(values(pairs["USER"] + "/" + name))
    letters = os.path.join(options.state, "agents", name)
    if command in READS:
        lines = [f"{person}\t{text}" for person, text in sorted(cards.items())]
        if module[1] == "Agent__":
            lines = [line for line in lines_of(letters) if line.startswith(pairs["USER"] + " ")]
        return answered(200, "done", "\n".join(lines), "text/plain" if command == "IMPORTDATA" else "application/octet-stream"), {}
    if module[1] == "Agent__":
        if command == "RESET" or re.search("[\n\r]", data):
            raise Stop(422, "an agent takes one line, and has no RESET")
        line = " ".join([pairs["USER"], pairs.get("HOST", "-"), pairs.get("EPOCH", "0"), number, data])
        if number == "-" or line not in lines_of(letters):  # it may have been delivered before a restart
            append(letters, line)
        return answered(200, "done"), {}
    if command == "RESET":
        return answered(200, "done"), {key: {}}
    for line in data.splitlines():
        person, tab, text = line.partition("\t")
        if not tab or not person:
            raise Stop(422, "a line that is no card")
        cards[person] = text
    cards = {person: text for person, text in cards.items() if text}
    return answered(200, "done", f"{len(cards)} cards"), {key: cards}


async def test(command, data):
    if command == "TESTSLEEP" and re.fullmatch("[0-9]{1,5}", data):
        await asyncio.sleep(min(int(data), 60_000) / 1000)
    if command == "TESTERROR":
        raise Stop(422, data)
    if command == "TESTFATAL":
        print(f"rover: fatal: {data!r}", file=sys.stderr, flush=True)
        os._exit(70)
    return answered(200, "done", data if command == "TESTECHO" else "")


def append(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "a", encoding="latin-1", newline="") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def lines_of(path):
    """Whole lines; what a power cut has left of the last one is taken away."""
    text = open(path, encoding="latin-1", newline="").read() if os.path.exists(path) else ""
    *whole, torn = text.split("\n")
    if torn:
        os.truncate(path, len(text) - len(torn))
    return whole


# ── order and log ────────────────────────────────────────────────────────────────────────────────────────────────────


class Stream:
    def __init__(self, epoch=0):
        self.epoch, self.next, self.held, self.kept, self.lives, self.turn = epoch, 1, {}, {}, {}, None

    def settle(self, number, answer):
        self.kept[number] = (self.held.pop(number, {}), answer)
        self.next = max(self.next, number + 1)
        for old in sorted(self.kept)[:-KEPT]:
            del self.kept[old]


class Daemon:
    """Streams and objects, and the log that they are made of again: a JSON value a line."""

    def __init__(self, options):
        self.options, self.users, self.streams, self.objects = options, users_in(options.users), {}, {}
        self.log = os.path.join(options.state, "log")

    def record(self, *row):
        append(self.log, json.dumps(row))

    async def recover(self):
        for kind, key, *rest in map(json.loads, lines_of(self.log)):
            stream = self.streams.setdefault(tuple(key), Stream())
            if kind == "epoch":
                stream.__init__(*rest)
            elif kind == "message":
                stream.held[rest[0]] = rest[1]
            elif kind == "attempt":
                stream.lives[rest[0]] = stream.lives.get(rest[0], 0) + 1
            else:
                stream.settle(*rest[:2])
                self.objects |= rest[2]
        for key, stream in list(self.streams.items()):
            await self.advance(key, stream)

    def advance(self, key, stream):
        """One request at a time of each stream; whoever waits, waits for all that can be run."""
        if stream.turn is None or stream.turn.done():
            stream.turn = asyncio.ensure_future(self.run_all(key, stream))
        return asyncio.shield(stream.turn)

    async def run_all(self, key, stream):
        early = self.options.fault == "early-runs"
        while (number := min(stream.held, default=0) if early else stream.next) in stream.held:
            try:
                if stream.lives.get(number, 0) >= LIVES:
                    raise Stop(500, "it has ended the server too often")
                self.record("attempt", key, number)
                values = lambda name: self.objects.get(name, {})  # noqa: E731
                answer, changed = await run(self.options, stream.held[number], str(number), values)
            except Stop as stop:
                answer, changed = stop.answer, {}
            self.record("result", key, number, answer, changed)
            self.objects |= changed
            stream.settle(number, answer)

    async def answer(self, pairs):
        """The answer, and which number the stream awaits."""
        key, number, epoch = (pairs["USER"], pairs["HOST"]), int(pairs["MSGID"]), int(pairs.get("EPOCH", "0"))
        if key not in self.streams and len(self.streams) >= STREAMS:
            raise Stop(503, "too many streams", Retry_After=1)
        stream = self.streams.setdefault(key, Stream())
        while epoch > stream.epoch:
            if stream.turn is not None and not stream.turn.done():
                await asyncio.shield(stream.turn)
            else:
                self.record("epoch", key, epoch)
                stream.__init__(epoch)
        return await self.ordered(key, stream, number, epoch, pairs), stream.next

    async def ordered(self, key, stream, number, epoch, pairs):
        known, kept = stream.kept.get(number, (stream.held.get(number), None))
        if epoch < stream.epoch or (known is not None and not same(known, pairs)):
            return answered(409, "refused", "another request has this number, or its epoch is over")
        for old in [old for old in stream.kept if old <= int(pairs.get("ACKED", "0"))]:
            del stream.kept[old]
        if kept is not None:
            return kept | {"fields": {"Rover_Replayed": "yes"}}
        if number < stream.next and known is None:
            return answered(410, "done")
        if known is None:
            if number - stream.next > AHEAD or len(stream.held) > AHEAD:
                raise Stop(503, "too far ahead", Retry_After=1)
            if number == stream.next or self.options.fault != "early-forgotten":
                self.record("message", key, number, pairs)
            stream.held[number] = pairs
        if number > stream.next and self.options.fault != "early-runs":
            return answered(202, "held", f"{stream.next} is missing")
        await self.advance(key, stream)
        return stream.kept[number][1] if number in stream.kept else answered(410, "done")

    async def serve(self, reader, writer):
        number = awaited = None
        try:
            body = await asyncio.wait_for(receive(reader, writer), PATIENCE)
            pairs = pairs_of(body, ("USER", "HOST", "MSGID", "COMMAND"), self.users)
            number = pairs["MSGID"]
            answer, awaited = await self.answer(pairs)
        except asyncio.TimeoutError:
            answer = answered(408, "refused", "the request is not whole")
        except Stop as stop:
            answer = stop.answer
        except OSError:
            return writer.close()
        try:
            writer.write(written(answer, "HTTP/1.0", Rover_Message=number, Rover_Next=awaited))
            writer.write_eof()
            await asyncio.wait_for(reader.read(), 1)  # or the kernel would take the answer back
        except (OSError, asyncio.TimeoutError):
            pass
        writer.close()


def same(left, right):
    return all(left.get(name) == right.get(name) for name in {*left, *right} - {"AUTH", "ACKED", "USERTIME"})


async def receive(reader, writer):
    lines, room = [], HEADER_MAX
    try:
        while (line := await reader.readuntil(b"\n")) not in (b"\n", b"\r\n"):
            lines.append(line.decode("latin-1"))
            room -= len(line)
            if room < 0:
                raise Stop(431, f"a header of more than {HEADER_MAX} bytes")
        length, waits = header_of("".join(lines).rstrip("\r\n"))
        if waits:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return (await reader.readexactly(length)).decode("latin-1")
    except asyncio.LimitOverrunError:
        raise Stop(431, f"a header of more than {HEADER_MAX} bytes") from None
    except asyncio.IncompleteReadError:
        raise Stop(400, "the end in the middle of it") from None


async def daemon(options, lifeline):
    loop, stopped, server = asyncio.get_running_loop(), asyncio.Event(), Daemon(options)
    loop.add_reader(lifeline, lambda: os._exit(0))
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    await server.recover()
    listener = await asyncio.start_server(server.serve, *address(options.listen), limit=HEADER_MAX)
    await stopped.wait()
    listener.close()
    if turns := [stream.turn for stream in server.streams.values() if stream.turn is not None]:
        await asyncio.wait(turns, timeout=5)
    await asyncio.sleep(0.05)  # for the answers


def address(text):
    host, _, port = text.rpartition(":")
    return host, int(port)


def parent(options):
    """Starts the daemon, and again whenever that ends."""
    stopping, child, wait, lifeline = [], 0, 0, os.pipe()

    def stop(*_):
        stopping.append(True)
        if child:
            os.kill(child, signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not stopping:
        began, child = time.monotonic(), os.fork()
        if child == 0:
            os.close(lifeline[1])
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            asyncio.run(daemon(options, lifeline[0]))
            os._exit(0)
        os.waitpid(child, 0)
        wait = 0 if time.monotonic() - began > 10 else min(max(1, 2 * wait), 30)
        time.sleep(0 if stopping else wait)


# ── the forked server ────────────────────────────────────────────────────────────────────────────────────────────────


def cgi(options):
    """An object is a file, and each of them is replaced whole."""
    path = lambda key: os.path.join(options.state, "objects", quote(key, ""))  # noqa: E731
    values = lambda key: json.load(open(path(key))) if os.path.exists(path(key)) else {}  # noqa: E731
    required = ("USER", "HOST", "MSGID", "COMMAND") if options.daemon else ("USER", "COMMAND")
    try:
        pairs = pairs_of(query(), required, None if options.daemon else users_in(options.users))
        if os.environ["REQUEST_METHOD"] == "GET" and pairs["COMMAND"] not in READS + TESTS:
            raise Stop(405, "not by GET", "failed")
        if options.daemon:
            return re.sub(rb"^HTTP/1\.[0-9]", b"Status:", asyncio.run(asked(options.daemon, pairs)))
        answer, changed = asyncio.run(run(options, pairs, pairs.get("MSGID", "-"), values))
        for key, value in changed.items():
            append(f"{path(key)}.{os.getpid()}", json.dumps(value))
            os.rename(f"{path(key)}.{os.getpid()}", path(key))
    except Stop as stop:
        answer = stop.answer
    except ConnectionError:
        answer = Stop(503, "there is no daemon", Retry_After=1).answer
    return written(answer, "Status:")


def query():
    method, length = (os.environ.get(name, "") for name in ("REQUEST_METHOD", "CONTENT_LENGTH"))
    if method == "GET":
        return os.environ.get("QUERY_STRING", "")
    if method != "POST":
        raise Stop(405, "only GET and POST", Allow="GET, POST")
    form_only(os.environ.get("CONTENT_TYPE", ""))
    body = sys.stdin.buffer.read(length_of(length or None))
    if len(body) < int(length):
        raise Stop(400, "the end in the middle of it")
    return body.decode("latin-1")


# ── the client ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def asked(where, pairs):
    """What a server answers; a ConnectionError where it does not."""
    reader, writer = await asyncio.open_connection(*address(where))
    body = urlencode(pairs, encoding="latin-1")
    writer.write(f"POST /rover HTTP/1.0\r\nContent-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode("latin-1"))
    whole = await reader.read()
    writer.close()
    head, _, rest = whole.partition(b"\r\n\r\n")
    told = re.search(rb"(?im)^content-length: *([0-9]+)\r?$", head)
    if not re.match(rb"HTTP/1\.[0-9] [0-9]{3}", whole) or not told or len(rest) != int(told[1]):
        raise ConnectionError("no whole answer")
    return whole


class Client:
    """What is to be sent, and what has been answered: a log, a JSON value a line."""

    def __init__(self, options):
        self.options, self.log = options, os.path.join(options.state, "queue")
        if not lines_of(self.log):
            append(self.log, json.dumps(["epoch", int(time.time())]))
        (_, epoch), *rows = map(json.loads, lines_of(self.log))
        self.sent = {number: pairs for kind, number, pairs in rows if kind == "message"}
        self.known = {number: row for kind, number, row in rows if kind == "answer"}
        self.next = min(set(self.sent) - set(self.known), default=len(self.sent) + 1)
        for text in options.send or []:
            number, (command, name, *data) = len(self.sent) + 1, os.fsencode(text).decode("latin-1").split(" ", 2)
            pairs = {"USER": options.user, "HOST": options.host, "MSGID": number, "EPOCH": epoch, "COMMAND": command, "OBJECT": name}
            self.sent[number] = pairs | ({"DATA": data[0]} if data else {}) | ({"AUTH": options.auth} if options.auth else {})
            append(self.log, json.dumps(["message", number, self.sent[number]]))

    async def run(self):
        window = asyncio.Semaphore(self.options.window)
        await asyncio.gather(*(self.settle(number, window) for number in sorted(self.sent) if number not in self.known))
        return 1 if any(row[1] != "done" for row in self.known.values()) else 0

    async def settle(self, number, window):
        async with window:
            row = await self.final(self.sent[number])
            # Those behind one that is refused must not wait for it for ever.
            if row[1] == "refused" and (await self.final(self.sent[number] | {"COMMAND": "TESTNULL"}))[1] == "refused":
                sys.exit(f"rover.py: {number} is refused, and so is nothing in its place")
        append(self.log, json.dumps(["answer", number, row]))
        self.known[number] = row
        while self.next in self.known:
            print(self.next, *self.known[self.next], flush=True)
            self.next += 1

    async def final(self, pairs):
        """Asks until there is an answer that will not change: its status, result and body."""
        wait = 1
        while True:
            try:
                head, _, body = (await asked(self.options.server, pairs)).decode("latin-1").partition("\r\n\r\n")
                result = re.search(r"^rover-result: *(\w+)", head, re.I | re.M)
                message = re.search(r"^rover-message: *([0-9]+)", head, re.I | re.M)
                own = message is None or int(message[1]) == pairs["MSGID"]
                if own and result and result[1] in ("done", "failed", "refused"):
                    return [int(head.split()[1]), result[1], body]
            except OSError:
                pass
            await asyncio.sleep(wait)
            wait = min(2 * wait, 60)


def main():
    faults = "faults:\n" + "\n".join("  %-20s %s" % each for each in FAULTS.items())
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(formatter_class=form, description=__doc__.split("\n\n", 1)[0], epilog=faults)
    role = parser.add_mutually_exclusive_group(required=True)
    role.add_argument("--listen", metavar="HOST:PORT", help="be a daemon there")
    role.add_argument("--cgi", action="store_true", help="be started by an httpd")
    role.add_argument("--server", metavar="HOST:PORT", help="be a client of the daemon there")
    for name in ("state", "users", "daemon", "user", "host", "auth"):
        parser.add_argument(f"--{name}", default="" if name == "state" else None)
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
        sys.stdout.buffer.write(cgi(options))
    else:
        sys.exit(asyncio.run(Client(options).run()))


if __name__ == "__main__":
    main()
