#!/usr/bin/env python3
"""A lond, the remote daemon of the network layer of LON-CAPA, in the standard library of Python. A thread for each caller.

    lond.py --conf=loncapa.conf [--listen=ADDRESS]

The file has lines `PerlSetVar NAME VALUE`; of the names it uses lonHostID, lonDaemons, lonTabDir, lonSockDir, londPort.
What is put is kept in <lonDaemons>/users/<domain>/<user>/<namespace>.db, a pair a line. It lacks users with passwords,
resources, subscriptions, queries, and the signal to its gateway when a host comes up.

It shares nothing with Slipway but the protocol: an example of an implementation to test. `--fault NAME` makes one mistake
on purpose.
"""

import argparse
import os
import re
import secrets
import signal
import socket
import socketserver
import struct
import sys
import threading
import time

LINE_MAX = 1 << 20
GREETING_SECONDS = 60
GATEWAY_SECONDS = 10
LINGER_SECONDS = 2
LINGER_READS, CHUNK = 64, 8192

FAULTS = {
    "key-order": "makes the key of the caller's id and its own, in this order",
    "one-challenge": "makes its challenge when it starts, and has the same for all callers",
}

# ── IDEA ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

ROUNDS = 8


def multiply(a, b):
    """Of residues modulo 65537, where 0 stands for 65536."""
    return (a or 65536) * (b or 65536) % 65537 & 0xFFFF


def invert(a):
    return pow(a or 65536, -1, 65537) & 0xFFFF


def encryption_keys(key):
    """52 words: the key, word by word, then the key turned left by 25 bits, and so on."""
    bits, words = int.from_bytes(key, "big"), []
    while len(words) < 6 * ROUNDS + 4:
        words += struct.unpack(">8H", bits.to_bytes(16, "big"))
        bits = (bits << 25 | bits >> 103) & (1 << 128) - 1
    return words[: 6 * ROUNDS + 4]


def decryption_keys(keys):
    """The same words from the end, inverted. The two in the middle change places inside, since the rounds cross them."""
    words = []
    for at in range(6 * ROUNDS, -1, -6):
        first, second, third, fourth = keys[at : at + 4]
        if 0 < at < 6 * ROUNDS:
            second, third = third, second
        words += [invert(first), -second & 0xFFFF, -third & 0xFFFF, invert(fourth)] + keys[at - 2 : at]
    return words


def crypt_block(keys, block):
    a, b, c, d = struct.unpack(">4H", block)
    for at in range(0, 6 * ROUNDS, 6):
        a, b, c, d = multiply(a, keys[at]), b + keys[at + 1] & 0xFFFF, c + keys[at + 2] & 0xFFFF, multiply(d, keys[at + 3])
        e = multiply(a ^ c, keys[at + 4])
        f = multiply((b ^ d) + e & 0xFFFF, keys[at + 5])
        e = e + f & 0xFFFF
        a, b, c, d = a ^ f, c ^ f, b ^ e, d ^ e
    k, l, m, n = keys[6 * ROUNDS :]
    return struct.pack(">4H", multiply(a, k), c + l & 0xFFFF, b + m & 0xFFFF, multiply(d, n))


class Cipher:
    """Texts as they are on the wire: `enc:<bytes>:<blocks>`, single blocks in hexadecimal, filled with spaces."""

    def __init__(self, key):
        self.encryption = encryption_keys(key)
        self.decryption = decryption_keys(self.encryption)

    def seal(self, text):
        blocks = len(text) // 8 + 1
        padded = text.ljust(8 * blocks)
        return b"enc:%d:%s" % (len(text), self.each_block(self.encryption, padded).hex().encode())

    def open(self, line):
        """Takes whatever comes, as the other end does: a short block is filled with zeros."""
        _, length, digits = (line.split(b":") + [b"", b""])[:3]
        text = self.each_block(self.decryption, bytes_of_digits(digits, -(-len(digits) // 16) * 8))
        return text[: int(length) if length.isdigit() and len(length) < 10 else 0]

    def each_block(self, keys, data):
        return b"".join(crypt_block(keys, data[at : at + 8]) for at in range(0, len(data), 8))


def bytes_of_digits(digits, size):
    """As Perl's pack with H: any byte is a digit, and what is missing is 0."""
    nibbles = [(each + 9 if chr(each).isalpha() and each < 128 else each) % 16 for each in digits[: 2 * size]]
    nibbles += [0] * (2 * size - len(nibbles))
    return bytes(high << 4 | low for high, low in zip(nibbles[::2], nibbles[1::2]))


FOLD = bytes.maketrans(b"GHIJKLMNOPQRSTUVWXYZ", b"01234567890123456789")


def key_of(server, client, build_key):
    folded = (server + client).upper().translate(FOLD)
    return bytes_of_digits(((folded + build_key) * 3)[:32], 16)


# ── configuration and what is kept ───────────────────────────────────────────────────────────────────────────────────


class Settings:
    def __init__(self, path):
        values = {"londPort": "5663"}
        with open(path, encoding="latin-1") as file:
            for line in file:
                if found := re.match(r"\s*PerlSetVar\s+(\S+)\s+(\S+)", line):
                    values[found[1]] = found[2]
        self.id = values["lonHostID"].encode()
        self.port = int(values["londPort"])
        self.sockets = values["lonSockDir"]
        self.users = os.path.join(values["lonDaemons"], "users")
        self.hosts = {}
        with open(os.path.join(values["lonTabDir"], "hosts.tab"), "rb") as file:
            for line in file:
                fields = line.rstrip(b"\n").split(b":")
                if len(fields) >= 5:
                    self.hosts.setdefault(fields[4].decode("latin-1"), fields[0])


class Refused(Exception):
    """A request that is answered with this text."""


class Store:
    """A directory for each user, in it a file for each namespace: `key=value` lines, replaced as a whole."""

    def __init__(self, directory):
        self.directory = directory
        self.lock = threading.Lock()

    def path(self, *names):
        for name in names:
            if not re.fullmatch(rb"\w[\w.@-]*", name):
                raise Refused("error:bad name")
        return os.path.join(self.directory, *(each.decode() for each in names))

    def namespace(self, domain, user, namespace):
        return self.path(domain, user, namespace) + ".db"

    def known(self, domain, user):
        return os.path.isdir(self.path(domain, user))

    def read(self, path):
        try:
            with open(path, "rb") as file:
                return dict(line[:-1].split(b"=", 1) for line in file)
        except FileNotFoundError:
            return {}

    def change(self, path, change):
        """Returns when it is on the disk."""
        with self.lock:
            pairs = self.read(path)
            change(pairs)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path + ".new", "wb") as file:
                file.writelines(b"%s=%s\n" % each for each in pairs.items())
                file.flush()
                os.fsync(file.fileno())
            os.replace(path + ".new", path)
            directory = os.open(os.path.dirname(path), os.O_RDONLY)
            os.fsync(directory)
            os.close(directory)

    def note(self, path, text):
        with self.lock:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "ab") as file:
                file.write(b"%d:%s\n" % (time.time(), text))


# ── a connection ─────────────────────────────────────────────────────────────────────────────────────────────────────


def challenge():
    return b"%d%d%05d" % (os.getpid(), time.time(), secrets.randbelow(100_000))


def build_key():
    middle = b"%d%d%05d" % (time.time(), os.getpid(), secrets.randbelow(100_000))
    end = b"%05d" % secrets.randbelow(100_000)
    return end + middle.translate(bytes.maketrans(b"123456", b"ABCDEF")) + end


class Caller(socketserver.StreamRequestHandler):
    """One connection: the greeting, and then a line for a line."""

    def handle(self):
        self.cipher = None
        self.host = self.server.settings.hosts.get(self.client_address[0])
        try:
            if self.host is not None and (admitted := self.greet()) is None:
                return
            if self.host is None or not admitted:
                self.say(b"bye\nrefused")
                self.linger()
                return
            while (request := self.hear()) is not None:
                if request in (b"exit", b"init"):
                    self.say(b"bye")
                    self.linger()
                    return
                self.say(self.answer(request))
        except OSError:
            pass  # the caller is gone, or said nothing for too long

    def greet(self):
        """None where the connection has ended."""
        self.connection.settimeout(GREETING_SECONDS)
        text = challenge() if self.server.challenge is None else self.server.challenge
        for awaited, reply in ((b"init", text), (text, b"ok")):
            if (line := self.hear()) is None:
                return None
            if re.sub(rb"\W", b"", line) != awaited:
                return False
            self.say(reply)
        self.connection.settimeout(None)
        return True

    def hear(self):
        line = self.rfile.readline(LINE_MAX)
        return line[:-1] if line.endswith(b"\n") else None

    def say(self, line):
        self.wfile.write(line + b"\n")

    def linger(self):
        """What is closed with bytes unread is reset, and the last line may be lost on its way."""
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(LINGER_SECONDS)
        for _ in range(LINGER_READS):
            if not self.rfile.read1(CHUNK):
                break

    def answer(self, request):
        sealed = request.startswith(b"enc") and self.cipher is not None
        if sealed:
            request = self.cipher.open(request)
        name = request.split(b":", 1)[0]
        if name in SEALED_ONLY:
            return b"unknown_user" if sealed else b"refused"
        command, count = COMMANDS.get(name, (None, 0))
        arguments = request.split(b":", count)[1:]  # the last one is all the rest
        if command is None or len(arguments) < count or (count == 0 and request != name):
            return b"unknown_cmd"
        try:
            return command(self, *arguments)
        except Refused as refused:
            return str(refused).encode()
        except OSError as error:
            return b"error:%d" % error.errno

    # Commands. Text of callers has no line feeds, and their escapes keep : & = out of keys and values.

    def ping(self):
        return self.server.settings.id

    def pong(self):
        return self.server.settings.id + b":" + self.ask_gateway(b"ping")

    def ask_gateway(self, request):
        """What the lond of the caller says, through the gateway of this machine."""
        settings = self.server.settings
        if self.host == settings.id:
            return b"self_reply"
        try:
            with socket.socket(socket.AF_UNIX) as gateway:
                gateway.settimeout(GATEWAY_SECONDS)
                gateway.connect(os.path.join(settings.sockets, self.host.decode()))
                gateway.sendall(request + b"\n")
                reply = gateway.makefile("rb").readline(LINE_MAX)
        except OSError:
            reply = b""
        return reply[:-1] if reply.endswith(b"\n") else b"con_lost"

    def ekey(self):
        text = build_key()
        ids = (self.server.settings.id, self.host)
        if self.server.fault == "key-order":
            ids = ids[::-1]
        self.cipher = Cipher(key_of(*ids, text))
        return text

    def load(self):
        return b"%d" % (100 * os.getloadavg()[0] / (os.cpu_count() or 1))

    def home(self, domain, user):
        return b"found" if self.server.store.known(domain, user) else b"not_found"

    def log(self, domain, user, text):
        self.server.store.note(self.server.store.path(domain, user, b"activity.log"), text)
        return b"ok"

    def put(self, domain, user, namespace, pairs):
        new = {key: value for key, _, value in (each.partition(b"=") for each in pairs.split(b"&"))}
        return self.changed(domain, user, namespace, lambda all_pairs: all_pairs.update(new))

    def delete(self, domain, user, namespace, keys):
        return self.changed(domain, user, namespace, lambda pairs: [pairs.pop(key, None) for key in keys.split(b"&")])

    def changed(self, domain, user, namespace, change):
        if namespace == b"roles":
            return b"refused"
        self.server.store.change(self.server.store.namespace(domain, user, namespace), change)
        return b"ok"

    def pairs(self, domain, user, namespace):
        return self.server.store.read(self.server.store.namespace(domain, user, namespace))

    def get(self, domain, user, namespace, keys):
        pairs = self.pairs(domain, user, namespace)
        return b"&".join(pairs.get(key, b"") for key in keys.split(b"&"))

    def eget(self, *arguments):
        return b"error:no_key" if self.cipher is None else self.cipher.seal(self.get(*arguments))

    def keys(self, domain, user, namespace):
        return b"&".join(self.pairs(domain, user, namespace))

    def dump(self, domain, user, namespace):
        return b"&".join(b"%s=%s" % each for each in self.pairs(domain, user, namespace).items())


# A command, and how many arguments it has.
COMMANDS = {
    b"ping": (Caller.ping, 0),
    b"pong": (Caller.pong, 0),
    b"ekey": (Caller.ekey, 0),
    b"load": (Caller.load, 0),
    b"home": (Caller.home, 2),
    b"log": (Caller.log, 3),
    b"put": (Caller.put, 4),
    b"del": (Caller.delete, 4),
    b"get": (Caller.get, 4),
    b"eget": (Caller.eget, 4),
    b"keys": (Caller.keys, 3),
    b"dump": (Caller.dump, 3),
}
SEALED_ONLY = (b"auth", b"passwd", b"makeuser", b"changeuserauth", b"currentauth")


class Lond(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 10

    def __init__(self, settings, options):
        super().__init__((options.listen, settings.port), Caller)
        self.settings = settings
        self.store = Store(settings.users)
        self.fault = options.fault
        self.challenge = challenge() if options.fault == "one-challenge" else None


def options_of(arguments):
    faults = "\n".join("  %-15s %s" % each for each in FAULTS.items())
    parser = argparse.ArgumentParser(
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="A lond, the remote daemon of the network layer of LON-CAPA.",
        epilog="faults:\n" + faults,
    )
    parser.add_argument("--conf", required=True, metavar="FILE", help="lines: PerlSetVar NAME VALUE")
    parser.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS", help="default: %(default)s")
    parser.add_argument("--fault", choices=FAULTS, metavar="NAME", help="be broken on purpose, see below")
    return parser.parse_args(arguments)


def main():
    options = options_of(sys.argv[1:])
    # Every thread waits for its caller; the end of the process closes all connections.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))
    Lond(Settings(options.conf), options).serve_forever()


if __name__ == "__main__":
    main()
