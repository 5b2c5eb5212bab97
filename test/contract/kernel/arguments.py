"""
Twins of ../arguments.ts: what the kernel refuses whatever the state of the machine is.
Lacks: what cannot be asked of a kernel, such as a NUL within a path or a port that has no bits for it.
"""

from stage import *


@twin('unix-path-with-slash')
def _():
    write('f', '')
    os.mkdir('d')
    listener = listening('s')
    for path in ['sock/', 'sock//', 'd/sock/', 'missing/sock/', 'f/', 's/', 'd/', '.', 'd/..']:
        saw(f'{path} {listen_outcome(path)} {connect_outcome(path)}')
    saw(names('.'))
    listener.close()


def spawned(program, args):
    """execve(2) of a child: its answer, or `ok`."""
    return outcome(lambda: os.waitpid(os.posix_spawn(program, [program, *args], {}), 0))


@twin('spawn-longest-argument')
class _:
    def main():
        longer = 'x' * 131_072
        saw(f'longer: {spawned(sys.executable, ["-c", "", longer])} {outcome(os.execv, sys.executable, ["x", longer])}')
        saw(f'in bytes: {spawned(sys.executable, ["-c", "", "é" * 65_536])}')
        start('child', 'x' * 131_071)
        saw(reaped().how)

    def child(argument):
        saw(str(len(argument)))


@twin('spawn-all-arguments')
class _:
    def main():
        parts = ['x' * 100_000] * 21
        saw(f'2.1 million bytes: {spawned(sys.executable, ["-c", "", *parts])}')
        saw(f'240000 of nothing: {spawned(sys.executable, ["-c", "", *[""] * 240_000])}')
        saw(f'exec: {outcome(os.execv, sys.executable, ["x", *parts])}')
        start('child', *parts[:18])
        saw(reaped().how)

    def child(*parts):
        saw(f'{len(parts)}: {sum(len(part) for part in parts)}')


def sendto(writer, length, to):
    return outcome(writer.sendto, bytes(length), to)


@twin('datagram-order-of-errors')
def _():
    one = bound(('0.0.0.0', 0))
    saw(f'to port 0: {sendto(one, 65_536, (LOOPBACK, 0))} {sendto(one, 65_535, (LOOPBACK, 0))}')
    everybody = ('255.255.255.255', 9)
    saw(f'broadcast, not asked for: {sendto(one, 65_536, everybody)} {sendto(one, 65_508, everybody)}')
    saw(f'loopback: {sendto(one, 65_508, (LOOPBACK, 9))} {sendto(one, 65_507, (LOOPBACK, 9))}')


def server(backlog):
    listener = listening('s', int(backlog))
    ready()
    pause(15_000)
    listener.close()


def stopped_with(backlog, count):
    child = converse('server', str(backlog))
    told(child.output, 'ready')
    os.kill(child.pid, signal.SIGSTOP)
    kept = []
    saw(' '.join(outcome(lambda: kept.append(_impatient('s'))) for _ in range(count)))
    os.kill(child.pid, signal.SIGKILL)
    reaped()


def _impatient(path):
    """A connect(2) that does not wait for room in the backlog."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.setblocking(False)
    made.connect(path)
    return made


@twin('backlog-zero')
class _:
    def main():
        stopped_with(0, 3)

    server = server


play()
