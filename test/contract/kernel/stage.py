"""
The kernel asked directly: what the twins of contract cases share. A twin is a case of ../*.ts told in plain system calls; it
has the name of its case and prints the lines that the case expects of the simulator and of Node. Nothing else is in between:
each role is a python process that was made by fork(2) and execve(2), with the signals that the kernel gave it.

    @twin('wait-for-any')          # a class: its functions are the roles, and `main` begins
    class _:
        def main(): ...            # arguments are strings; a role that returns exits with status 0
        def child(status): ...

    @twin('kill-self')             # a function: a case of one role
    def _(): ...

Each file of twins ends with `play()`. `python3 storage.py` lists its twins; `python3 storage.py <case> <role> [arguments]` plays.
Lacks: callbacks. What is of the Host and not of the kernel (a `drain`, "not inside the call") has no twin.
Standard library only, Python 3.8.
"""
import ctypes
import errno
import json
import os
import pwd
import select
import signal
import socket
import stat
import struct
import sys
import time
import traceback

# ── what a case is made of ──────────────────────────────────────────────────────────────────────────────────────────

_twins = {}
_name = _role = ''


def twin(name):
    def register(body):
        if name in _twins:
            raise ValueError(f'{name}: two twins')
        _twins[name] = vars(body) if isinstance(body, type) else {'main': body}

    return register


def play():
    global _name, _role
    if len(sys.argv) < 3:
        print('\n'.join(_twins))
        return
    _name, _role, *args = sys.argv[1:]
    _undo_what_python_did()
    try:
        _twins[_name][_role](*args)
    except BaseException:
        traceback.print_exc()
        os._exit(70)
    os._exit(0)


def saw(what):
    """One line, in the form in which the Node Host logs: one write, so that lines of two processes are not mixed."""
    os.write(2, (json.dumps({'log': 'saw', 'program': f'{_name}-{_role}', 'what': what}) + '\n').encode())


def code(error):
    if error.errno is None:
        raise error  # python refused, not the kernel
    return errno.errorcode[error.errno]


def flag(what):
    return 'true' if what else 'false'


def outcome(call, *args):
    try:
        call(*args)
    except OSError as error:
        return code(error)
    return 'ok'


def pause(millis=80):
    time.sleep(millis / 1000)


def until(holds):
    """For what the kernel tells nobody. That it never comes true is for the limit of the case."""
    while not holds():
        pause(5)


# ── processes ───────────────────────────────────────────────────────────────────────────────────────────────────────

def _undo_what_python_did():
    """A python ignores SIGPIPE from its start and has a handler for SIGINT. What it found of SIGPIPE is lost: no twin can ask."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _words(role, args):
    return [sys.executable, '-E', '-s', '-S', '-B', sys.argv[0], _name, role, *args]


def become(role, *args):
    """execve(2): this process goes on as another role."""
    os.execv(sys.executable, _words(role, args))


def become_user(name):
    """initgroups(3), setgid(2), setuid(2)."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise OSError(errno.ENOENT, name)
    os.initgroups(name, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def start(role, *args, give=None, environment=None):
    """
    fork(2) and execve(2). `give`: the child's descriptor -> ours; without it 0 leads nowhere, 1 and 2 to the log. `environment`: variables
    beside ours.
    """
    pid = os.fork()
    if pid != 0:
        return pid
    try:
        _arrange(give or {})
        os.environ.update(environment or {})
        become(role, *args)
    except BaseException:
        traceback.print_exc()
    os._exit(71)


def _arrange(give):
    nothing = os.open(os.devnull, os.O_RDONLY)
    table = {0: nothing, 1: 2, **give}
    moved = {number: os.dup(descriptor) for number, descriptor in table.items()}
    high = {number: _above(descriptor, max(table)) for number, descriptor in moved.items()}
    for number, descriptor in high.items():
        os.dup2(descriptor, number)


def _above(descriptor, limit):
    """A copy whose number is in nobody's way; like every descriptor of python it is closed by execve."""
    held = []
    while descriptor <= limit:
        held.append(descriptor)
        descriptor = os.dup(descriptor)
    for each in held:
        os.close(each)
    return descriptor


class Child:
    """What we write to `input` it reads from its descriptor 0; what it writes to 1 we read from `output`."""

    def __init__(self, pid, input, output):
        self.pid, self.input, self.output = pid, input, output


def converse(role, *args, give=None):
    theirs, input = os.pipe()
    output, ours = os.pipe()
    pid = start(role, *args, give={0: theirs, 1: ours, **(give or {})})
    os.close(theirs)
    os.close(ours)
    return Child(pid, input, output)


def how(status):
    if os.WIFSTOPPED(status):
        return f'stopped by {signal.Signals(os.WSTOPSIG(status)).name}'
    if os.WIFCONTINUED(status):
        return 'continued'
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return f'exit {os.WEXITSTATUS(status)}'


class Ended:
    def __init__(self, pid, how):
        self.pid, self.how = pid, how


def reaped():
    pid, status = os.wait()
    return Ended(pid, how(status))


def waited(options=0):
    """What waitpid(-1) answers, as a word."""
    try:
        pid, status = os.waitpid(-1, options)
    except OSError as error:
        return code(error)
    return 'nobody yet' if pid == 0 else how(status)


def parent_after(parent):
    """Who the parent is when `parent` has ended: init, or what asked to be told of orphans instead (PR_SET_CHILD_SUBREAPER)."""
    return 1 if os.getppid() != parent else parent


# ── signals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def sent(pid, number):
    return outcome(os.kill, pid, number)


def raise_(number):
    os.kill(os.getpid(), number)


def on(number, what):
    """`what`: SIG_IGN, SIG_DFL or a function without arguments."""
    return signal.signal(number, (lambda *_: what()) if callable(what) and not isinstance(what, signal.Handlers) else what)


def block(*numbers):
    return signal.pthread_sigmask(signal.SIG_BLOCK, numbers)


def unblock(*numbers):
    return signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)


def listed(numbers):
    return ' '.join(sorted(signal.Signals(number).name for number in numbers)) or 'none'


def masked():
    return listed(signal.pthread_sigmask(signal.SIG_BLOCK, []))


def pending():
    return listed(signal.sigpending())


# ── bytes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def say(descriptor, text):
    os.write(descriptor, text.encode())


def _number(reader):
    return reader if isinstance(reader, int) else reader.fileno()


def told(reader, text):
    """Reads until all of `text` has come. Here and below a reader or writer is a descriptor or a socket."""
    got = b''
    while len(got) < len(text.encode()):
        more = os.read(_number(reader), 65536)
        if not more:
            raise EOFError(f'expected {text!r}, got {got!r} and the end')
        got += more
    if got.decode() != text:
        raise ValueError(f'expected {text!r}, got {got!r}')


def ready():
    say(1, 'ready')


def stay():
    """A child that was made by `converse` stays until its parent closes the pipe, or ends."""
    while os.read(0, 4096):
        pass


def take(reader):
    """What is there now, and no more: `"text" end`, `nothing`."""
    return _heard(reader, wait=False)


def heard(reader):
    """Everything until the end, or until the connection breaks: `"text" end`, `20000 bytes end`, `close ECONNRESET`."""
    return _heard(reader, wait=True)


def _heard(reader, wait):
    got, last = b'', ''
    number = _number(reader)
    while last == '' and (wait or select.select([number], [], [], 0)[0]):
        try:
            more = os.read(number, 65536)
            got += more
            last = '' if more else 'end'
        except OSError as error:
            last = f'close {code(error)}'
    text = [] if not got else [json.dumps(got.decode(), ensure_ascii=False) if len(got) <= 60 else f'{len(got)} bytes']
    return ' '.join([*text, *([last] if last else [])]) or 'nothing'


def drained(reader):
    """The same of a pipe, which is over with its end: the Host says `end close`."""
    return f'{heard(reader)} close'


def room(writer, length, offset=0):
    """One write that does not wait: how many of `length` bytes are left over, as `pending` of a stream tells."""
    number = _number(writer)
    os.set_blocking(number, False)
    done = 0
    try:
        while done < length:
            done += os.write(number, pattern(length - done, offset + done))
    except BlockingIOError:
        pass
    finally:
        os.set_blocking(number, True)
    return length - done


def idle(writer):
    """Whether poll(2) has something to say of it: room, or that nobody reads any more."""
    return 'something' if select.select([], [_number(writer)], [], 0)[1] else 'nothing'


_PERIOD = 65521
_TABLE = bytes((place ^ (place >> 7)) & 0xff for place in range(_PERIOD))


def pattern(length, offset=0):
    """Bytes that tell their place: those of ../end.ts."""
    first = offset % _PERIOD
    return (_TABLE * ((first + length) // _PERIOD + 1))[first : first + length]


def collect(reader, length=None):
    """All bytes until the end, or until `length` have come."""
    number = _number(reader)
    got = bytearray()
    while length is None or len(got) < length:
        more = os.read(number, 65536)
        if not more:
            break
        got += more
    return bytes(got)


# ── sockets ─────────────────────────────────────────────────────────────────────────────────────────────────────────

LOOPBACK = '127.0.0.1'
# An address no machine of ours has (RFC 5737, TEST-NET-2).
FOREIGN_ADDRESS = '198.51.100.7'


_c = ctypes.CDLL(None, use_errno=True)


def _socket(at, kind):
    return socket.socket(socket.AF_UNIX if isinstance(at, (str, bytes)) else socket.AF_INET6 if ':' in at[0] else socket.AF_INET, kind)


def listening(at=(LOOPBACK, 0), backlog=16):
    """`at`: the path of a Unix-domain socket, or (address, port). As every server of the contract with SO_REUSEADDR."""
    made = _socket(at, socket.SOCK_STREAM)
    try:
        if made.family != socket.AF_UNIX:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(at)
        made.listen(backlog)
    except OSError:
        made.close()
        raise
    return made


def listen_outcome(at):
    return outcome(lambda: listening(at).close())


def connected(to, source=None):
    """As Node binds, who asks for a source: with SO_REUSEADDR."""
    made = _socket(to, socket.SOCK_STREAM)
    try:
        if source is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((source, 0))
        made.connect(to)
    except OSError:
        made.close()
        raise
    return made


def connect_outcome(to, source=None):
    return outcome(lambda: connected(to, source).close())


class Pair:
    def __init__(self, at=(LOOPBACK, 0)):
        self.listener = listening(at)
        self.client = connected(self.listener.getsockname())
        self.server = self.listener.accept()[0]


def finish(writer):
    """The half-close."""
    writer.shutdown(socket.SHUT_WR)


def reset(stream):
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\x01\0\0\0\0\0\0\0')
    stream.close()


def bound(at=(LOOPBACK, 0)):
    made = _socket(at, socket.SOCK_DGRAM)
    try:
        made.bind(at)
    except OSError:
        made.close()
        raise
    return made


def bind_outcome(at):
    return outcome(lambda: bound(at).close())


def port(made):
    return made.getsockname()[1]


def on_any_port(ask):
    """A stranger may have at one address the port that was chosen for another: what is in use is asked again, of a new port."""
    for _ in range(4):
        answer = ask()
        if answer != 'EADDRINUSE':
            break
    return answer


def sockaddr(address, number):
    """As the C of a daemon fills it: python itself would refuse an address of the other family."""
    if ':' not in address:
        return struct.pack('=H', socket.AF_INET) + struct.pack('!H', number) + socket.inet_aton(address) + bytes(8)
    return struct.pack('=H', socket.AF_INET6) + struct.pack('!HI', number, 0) + socket.inet_pton(socket.AF_INET6, address) + bytes(4)


def libc(call, made, at, data=None):
    """bind(2), connect(2) or, with data, sendto(2), of an address that python would not let through."""
    content = [] if data is None else [data, len(data), 0]
    if getattr(_c, call)(made.fileno(), *content, at, len(at)) < 0:
        raise OSError(ctypes.get_errno(), 'refused')


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _file(path, flags, use):
    descriptor = os.open(path, flags, 0o666)
    try:
        return use(descriptor)
    finally:
        os.close(descriptor)


def read(path):
    return _file(path, os.O_RDONLY, collect)


def _write_all(descriptor, content):
    data = content.encode() if isinstance(content, str) else content
    done = 0
    while done < len(data):
        done += os.write(descriptor, data[done:])


def write(path, content):
    _file(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, lambda descriptor: _write_all(descriptor, content))


def append(path, content):
    _file(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, lambda descriptor: _write_all(descriptor, content))


def sync(path):
    _file(path, os.O_RDONLY, os.fsync)


def content(path):
    try:
        return json.dumps(read(path).decode(), ensure_ascii=False)
    except OSError as error:
        return code(error)


def kind(path):
    mode = os.stat(path).st_mode
    return 'socket' if stat.S_ISSOCK(mode) else 'directory' if stat.S_ISDIR(mode) else 'file'


def put(path, text):
    return outcome(write, path, text)


def names(path):
    try:
        return ','.join(sorted(os.listdir(path))) or 'empty'
    except OSError as error:
        return code(error)
