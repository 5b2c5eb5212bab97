"""Twins of ../datagrams.ts: UDP over the loopback interface."""
from stage import *

LONGEST = 65_507


def text(data):
    return json.dumps(data.decode())


@twin('datagram-unicast')
def _():
    one, two = bound(), bound()
    ports = [each.getsockname()[1] for each in (one, two)]
    saw(f'ports: {flag(ports[0] > 0)}, differ: {flag(ports[0] != ports[1])}')
    saw(f'sent: {outcome(one.sendto, b"question", two.getsockname())}')
    data, source = two.recvfrom(100)
    saw(f'{text(data)} from {source[0]}, its port: {flag(source[1] == ports[0])}')
    two.sendto(b'answer', source)
    saw(text(one.recv(100)))


@twin('datagram-between-processes')
class _:
    def main():
        post = bound()
        start('sender', str(post.getsockname()[1]))
        saw(reaped().how)
        saw(text(post.recv(100)))

    def sender(port):
        bound().sendto(b'from a child', (LOOPBACK, int(port)))


@twin('datagram-boundaries')
def _():
    one, two = bound(), bound()
    for each in [b'a', b'', b'ccc']:
        one.sendto(each, two.getsockname())
    saw(','.join(str(length) for length in sorted(len(two.recv(100)) for _ in range(3))))


@twin('datagram-longest')
def _():
    one, two = bound(), bound()
    saw(f'longer: {outcome(one.sendto, bytes(LONGEST + 1), two.getsockname())}')
    saw(f'longest: {outcome(one.sendto, bytes([5]) * LONGEST, two.getsockname())}')
    data = two.recv(70_000)
    saw(f'{len(data)}, all there: {flag(data == bytes([5]) * LONGEST)}')


@twin('datagram-address-in-use')
def _():
    first = bound()
    at = first.getsockname()
    for what, address in [('same', LOOPBACK), ('wildcard', '0.0.0.0'), ('other address', '127.0.0.2')]:
        saw(f'{what}: {bind_outcome((address, at[1]))}')
    first.close()
    saw(f'closed: {bind_outcome(at)}')


@twin('datagram-foreign-address')
def _():
    saw(bind_outcome((FOREIGN_ADDRESS, 0)))


@twin('datagram-wildcard')
def _():
    one, two = bound(('0.0.0.0', 0)), bound(('0.0.0.0', 0))
    one.sendto(b'x', ('127.0.0.2', two.getsockname()[1]))
    _, source = two.recvfrom(100)
    saw(f'bound {two.getsockname()[0]}, from {source[0]}, its port: {flag(source[1] == one.getsockname()[1])}')


@twin('datagram-by-address')
def _():
    one = bound()
    two = bound(('127.0.0.2', one.getsockname()[1]))
    two.sendto(b'to one', one.getsockname())
    one.sendto(b'to two', two.getsockname())
    for name, post in [('one', one), ('two', two)]:
        data, source = post.recvfrom(100)
        saw(f'{name}: {text(data)} from {source[0]}')


@twin('datagram-broadcast-not-asked')
def _():
    one = bound(('0.0.0.0', 0))
    saw(f'the loopback net: {outcome(one.sendto, b"x", ("127.255.255.255", 9))}')
    saw(f'unicast still: {outcome(one.sendto, b"x", (LOOPBACK, one.getsockname()[1]))}')
    saw(text(one.recv(100)))


@twin('datagram-broadcast')
def _():
    wild, shy = bound(('0.0.0.0', 0)), bound(('0.0.0.0', 0))
    caller, tied = bound(), bound()
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    port = wild.getsockname()[1]
    saw(f'not asked: {outcome(shy.sendto, b"x", ("127.255.255.255", port))}')
    saw(f'asked: {outcome(caller.sendto, b"to all", ("127.255.255.255", port))}')
    data, source = wild.recvfrom(100)
    saw(f'wildcard: {text(data)} from {source[0]}')
    caller.sendto(b'to all', ('127.255.255.255', tied.getsockname()[1]))
    pause()
    heard_of = select.select([tied], [], [], 0)[0]
    saw(f'bound to an address: {"something" if heard_of else "nothing"}')


@twin('datagram-while-stopped')
class _:
    def main():
        child = converse('receiver')
        port = int(os.read(child.output, 100))
        os.kill(child.pid, signal.SIGSTOP)
        os.waitpid(child.pid, os.WUNTRACED)
        saw(outcome(bound().sendto, b'while you slept', (LOOPBACK, port)))
        os.kill(child.pid, signal.SIGCONT)
        saw(reaped().how)

    def receiver():
        post = bound()
        say(1, str(post.getsockname()[1]))
        saw(text(post.recv(100)))


play()
