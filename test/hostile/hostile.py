#!/usr/bin/env python3
"""Implementations that want to harm who tests them: `hostile.py BEHAVIOUR FOLDER [options of the protocol]`.

The folder is the mark of everything started here, and where it keeps what it has to remember. A behaviour says in its
first line what it does. `cooperate` is the protocol itself, done right: whoever misbehaves elsewhere conforms.
"""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

BEHAVIOUR, FOLDER, *OPTIONS = sys.argv[1:]
EVENTS, CONTROL = 3, 4
TEXTS = os.path.join(FOLDER, "texts")
# Seconds.
LIFETIME = 120


def frame(kind, payload):
    name = kind if isinstance(kind, bytes) else kind.encode()
    return struct.pack("BB", 1, len(name)) + name + struct.pack("<I", len(payload)) + payload


def lifetime(kind, subsystem):
    return frame("lifetimeevent", bytes([kind, subsystem]))


def say(data, fd=EVENTS):
    while data:
        data = data[os.write(fd, data):]


def forever():
    """As long as any case could last, and no longer: what a test misses must not stay on the machine."""
    time.sleep(LIFETIME)
    os._exit(0)


def flood(fd, data, total=1 << 30):
    """A gigabyte."""
    for _ in range(total // len(data)):
        say(data, fd)


def cooperate(address=b"127.0.0.1:9"):
    """A child of the lifetime protocol that does what it should."""
    say(lifetime(0, 0) + lifetime(0, 1) + frame("p2plistenaddr", address) + lifetime(1, 0))
    while os.read(CONTROL, 4096):
        pass
    say(lifetime(2, 1) + lifetime(2, 0))
    os._exit(0)


def aside(action, *arguments):
    """Another process of this program."""
    pid = os.fork()
    if pid == 0:
        try:
            action(*arguments)
        finally:
            os._exit(0)
    return pid


def close_all():
    os.closerange(0, 64)


# ── children of the lifetime protocol ───────────────────────────────────────────────────────────────────────────────────


def right():
    cooperate()


def silent():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    forever()


def flood_stdout():
    aside(flood, 1, b"\x1b[31m<script>flood</script>" * 4096)
    aside(flood, 2, b"flood" * 16384)
    cooperate()


def flood_stdout_by_bytes():
    aside(flood, 1, b"x")
    cooperate()


def flood_garbage():
    flood(EVENTS, b"\xff\x00\n" * 16384)


def flood_frames():
    """Legal: a reader skips what it does not know."""
    flood(EVENTS, frame("unknown", b"") * 4096)


def flood_frames_by_bytes():
    while True:
        for byte in frame("unknown", b""):
            say(bytes([byte]))


def length_known():
    say(struct.pack("BB", 1, 13) + b"lifetimeevent" + struct.pack("<I", 0xFFFFFFFF))
    flood(EVENTS, bytes(65536))


def length_unknown():
    say(struct.pack("BB", 1, 1) + b"x" + struct.pack("<I", 0xFFFFFFFF))
    flood(EVENTS, bytes(65536), 1 << 32)


def drip():
    for byte in lifetime(0, 0):
        say(bytes([byte]))
        time.sleep(1)


def ignores_term():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    cooperate()


def exits_within_a_frame():
    say(lifetime(0, 0)[:-1])
    os._exit(3)


def crashes():
    say(lifetime(0, 0)[:-1])
    os.kill(os.getpid(), signal.SIGSEGV)


def exits_between_cases():
    if once():
        cooperate()
    os._exit(7)


def deletes_itself():
    """The first time it does what it should, and is gone then."""
    os.unlink(os.path.join(FOLDER, "implementation"))
    cooperate()


def once():
    try:
        os.close(os.open(os.path.join(FOLDER, "been-here"), os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        return False


def never_reads():
    say(lifetime(0, 0) + lifetime(0, 1) + frame("p2plistenaddr", b"127.0.0.1:9") + lifetime(1, 0))
    forever()


def stops_itself():
    say(lifetime(0, 0)[:3])
    os.kill(os.getpid(), signal.SIGSTOP)


def closes_everything():
    close_all()
    forever()


def keeps_port():
    """A grandchild keeps the port and the pipes."""
    listener = socket.create_server(("127.0.0.1", 0))
    with open(os.path.join(FOLDER, "port"), "w") as file:
        file.write(str(listener.getsockname()[1]))
    say(lifetime(0, 0) + lifetime(0, 1) + frame("p2plistenaddr", b"127.0.0.1:%d" % listener.getsockname()[1]) + lifetime(1, 0))
    aside(forever)
    os._exit(0)


def daemon():
    """A grandchild in a session of its own, with nothing open and no parent."""

    def detached():
        os.setsid()
        close_all()
        aside(forever)

    aside(detached)
    cooperate()


def execute_detached():
    """In a session of its own, with no environment."""
    os.setsid()
    os.execve(sys.executable, [sys.executable, __file__, "silent", FOLDER], {})


def clean_orphan():
    """A grandchild that has nothing but our pipes."""
    aside(aside, execute_detached)
    time.sleep(0.2)
    cooperate()


def clean_child():
    """A child that has nothing but its parent, which is killed."""

    def detached():
        close_all()
        execute_detached()

    aside(detached)
    time.sleep(0.2)
    say(lifetime(0, 0))
    forever()


def hydra():
    """A daemon that is somewhere else all the time, for as long as a case could last: whatever misses it, it ends."""

    def head():
        close_all()
        end = time.monotonic() + LIFETIME
        while time.monotonic() < end:
            if os.fork() != 0:
                os._exit(0)
            os.setsid()

    aside(head)
    cooperate()


def fork_bomb():
    for _ in range(150):
        aside(forever)
    cooperate()


def texts():
    """Whatever is shown of it is meant for a terminal, a browser, a spreadsheet."""
    data = b"\n".join(bytes.fromhex(line) for line in open(TEXTS).read().split())
    say(data, 1)
    say(data, 2)
    cooperate(data[:60000])


def text_frame():
    """A type of message that is one."""
    say(frame(b"\x1b]0;hostile\x07<script>hostile", b""))
    say(frame("p2plistenaddr", b"\x1b]0;hostile\x07<script>hostile\xff\x00"))
    forever()


def kills_tester():
    os.kill(os.getppid(), signal.SIGKILL)
    forever()


def kills_tester_from_afar():
    """From a session of its own, which no group of the tester's leads to."""
    tester = os.getppid()

    def detached():
        os.setsid()
        close_all()
        os.kill(tester, signal.SIGKILL)
        forever()

    aside(detached)
    forever()


def terminates_tester():
    os.kill(os.getppid(), signal.SIGTERM)
    forever()


# ── parents of the lifetime protocol ────────────────────────────────────────────────────────────────────────────────────


def command():
    return OPTIONS[OPTIONS.index("--") + 1:]


def report_path():
    return json.loads(command()[-1])["report"]


def flood_lines():
    flood(1, b'{"event":"lifetime","kind":0,"id":0}\n' * 4096)


def line_without_end():
    flood(1, b'{"event":"lifetime","kind":' + b"[" * 65536)


def deep_lines():
    say(b"[" * 60000 + b"\n" + b'{"a":' * 10000 + b"\n" + b'{"event":"__proto__","__proto__":1,"constructor":2}\n', 1)
    forever()


def report_fifo():
    """Who opens the report to read it waits for ever."""
    os.mkfifo(report_path())
    os._exit(0)


def report_endless():
    os.symlink("/dev/zero", report_path())
    os._exit(0)


def report_huge():
    with open(report_path(), "w") as file:
        file.truncate(1 << 40)
    os._exit(0)


def report_victim():
    """Says that the probe is a process that is none of ours."""
    with open(os.path.join(FOLDER, "victim")) as file:
        victim = int(file.read())
    with open(report_path(), "w") as file:
        file.write(json.dumps({"event": "started", "pid": victim}) + "\n")
    forever()


def loses_probe():
    """Runs its child in a session of its own."""
    probe = [*command(), "--pipetx=3", "--piperx=4"]
    subprocess.Popen(probe, start_new_session=True)
    forever()


# ── LON-CAPA ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def configuration():
    path = next(option.split("=", 1)[1] for option in OPTIONS if option.startswith("--conf="))
    with open(path) as file:
        pairs = [line.split()[1:3] for line in file if line.startswith("PerlSetVar")]
    return os.path.dirname(path), dict(pairs)


def port():
    return int(configuration()[1]["londPort"])


def accept():
    listener = socket.create_server(("127.0.0.1", port()))
    return listener, listener.accept()[0]


def lond_flood():
    _, connection = accept()
    flood(connection.fileno(), b"no line feed " * 4096)
    forever()


def lond_never_reads():
    _, _connection = accept()
    forever()


def lond_resets():
    listener, connection = accept()
    while True:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        connection = listener.accept()[0]


def lond_drips():
    _, connection = accept()
    while True:
        connection.send(b"1")
        time.sleep(1)


def lond_length():
    """Up to the key all is well."""
    _, connection = accept()
    lines = connection.makefile("rb")
    answers = {b"init\n": b"42\n", b"42\n": b"ok\n", b"ekey\n": b"12345ABCDEF7890ABCDEF01234\n"}
    for line in lines:
        connection.sendall(answers.get(line, b"enc:4294967295:" + b"0" * 64 + b"\n"))


def litters():
    """Leaves what is hard to remove, and what is hard to look at."""
    folder, _ = configuration()
    os.chdir(folder)
    shutil.rmtree("tab")
    os.mkfifo("tab")
    os.symlink("/", "everything")
    os.symlink(FOLDER, "outside")
    with open("sparse", "w") as file:
        file.truncate(1 << 40)
    for _ in range(40):
        os.mkdir("d" * 250)
        os.chdir("d" * 250)
    os.mkdir("closed")
    open("closed/file", "w").close()
    os.chmod("closed", 0)
    forever()


def gateway_connects():
    """Thousands of connections to the lond that the tester plays."""
    address = ("127.0.0.1", port())
    held = []
    for _ in range(20000):
        try:
            held = [*held[-200:], socket.create_connection(address, 1)]
        except OSError:
            time.sleep(0.01)
    forever()


def gateway_flood():
    connection = socket.create_connection(("127.0.0.1", port()))
    flood(connection.fileno(), b"init\n" * 16384)
    forever()


# ── servers of rwho, and their readers ──────────────────────────────────────────────────────────────────────────────────


def who():
    """A socket on the port of the case, where the tester is, and the directory of the case."""
    host, number, tester, directory = OPTIONS
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((host, int(number)))
    return server, (tester, int(number)), directory


def report(name=b"hostile"):
    now = int(time.time())
    return struct.pack(">BBHii32s3ii", 1, 1, 0, now, 0, name, 1, 2, 3, now - 60)


def keep(server, directory):
    """What a server should do."""
    while True:
        data = server.recv(2048)
        version, kind, pad, sent, _, name, *rest = struct.unpack(">BBHii32s3ii", data[:60])
        with open(directory + "/spool/whod." + name.split(b"\0")[0].decode(), "wb") as file:
            file.write(struct.pack("<BBHii32s3ii", version, kind, pad, sent, int(time.time()), name, *rest) + data[60:])


def who_flood():
    """Reports without end."""
    server, tester, _ = who()
    while True:
        server.sendto(report(), tester)


def who_texts():
    """A report for each text, as the name of a host."""
    server, tester, directory = who()
    for line in open(TEXTS).read().split():
        server.sendto(report(bytes.fromhex(line)[:32]), tester)
    keep(server, directory)


def who_large():
    """The largest datagrams there are."""
    server, tester, _ = who()
    for _ in range(200):
        server.sendto(report() + bytes(65000), tester)
    forever()


def who_record(make):
    server, tester, directory = who()
    make(directory + "/spool/whod.alpha")
    server.sendto(report(), tester)
    forever()


def record_fifo():
    """Who opens the record to read it waits for ever."""
    who_record(os.mkfifo)


def record_endless():
    who_record(lambda path: os.symlink("/dev/zero", path))


def record_huge():
    who_record(lambda path: open(path, "w").truncate(1 << 40))


def record_changes():
    """A record that is another one at every look."""
    server, tester, directory = who()
    server.sendto(report(), tester)
    while True:
        with open(directory + "/spool/whod.alpha", "wb") as file:
            file.write(os.urandom(60000))
        time.sleep(0.005)


def who_right():
    server, tester, directory = who()
    server.sendto(report(), tester)
    keep(server, directory)


def reader_endless():
    flood(1, b"alpha        up       0:01,     0 users,  load 0.00, 0.00, 0.00\n" * 4096)


def reader_silent():
    """Never ends, and neither does its child."""
    aside(forever)
    forever()


def reader_texts():
    say(b"\n".join(bytes.fromhex(line) for line in open(TEXTS).read().split()), 1)


globals()[BEHAVIOUR]()
