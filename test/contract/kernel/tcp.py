"""Twins of ../streams-tcp-*.ts: TCP over the loopback interface."""
from stage import *

FLOOD = 8 * 1_048_576


@twin('tcp-port-zero')
def _():
    first, second = listening(), listening()
    ports = [each.getsockname()[1] for each in (first, second)]
    saw(f'ports: {flag(ports[0] > 0)}, differ: {flag(ports[0] != ports[1])}')
    saw(f'address: {first.getsockname()[0]}')


@twin('tcp-address-in-use')
def _():
    listener = listening()
    _, port = listener.getsockname()
    for what, address in [('same', LOOPBACK), ('wildcard', '0.0.0.0'), ('other address', '127.0.0.2')]:
        saw(f'{what}: {listen_outcome((address, port))}')


@twin('tcp-listen-again')
def _():
    pair = Pair()
    at = pair.listener.getsockname()
    pair.listener.close()
    saw(f'connect: {connect_outcome(at)}')
    saw(f'listen: {listen_outcome(at)}')
    pair.client.sendall(b'still here')
    saw(json.dumps(pair.server.recv(100).decode()))


@twin('tcp-listen-after-exit')
class _:
    def main():
        child = converse('holder')
        at = (LOOPBACK, int(os.read(child.output, 100)))
        saw(f'while it lives: {listen_outcome(at)}')
        os.kill(child.pid, signal.SIGKILL)
        reaped()
        saw(f'connect: {connect_outcome(at)}')
        saw(f'after its end: {listen_outcome(at)}')

    def holder():
        listener = listening()
        say(1, str(listener.getsockname()[1]))
        stay()


@twin('tcp-listen-after-active-close')
def _():
    pair = Pair()
    at = pair.listener.getsockname()
    finish(pair.server)
    heard(pair.client)
    finish(pair.client)
    heard(pair.server)
    pair.server.close()
    pair.client.close()
    pair.listener.close()
    saw(listen_outcome(at))


@twin('tcp-refused')
def _():
    listener = listening()
    at = listener.getsockname()
    listener.close()
    saw(connect_outcome(at))


@twin('tcp-foreign-address')
def _():
    saw(f'listen: {listen_outcome((FOREIGN_ADDRESS, 0))}')
    listener = listening()
    saw(f'connect: {connect_outcome(listener.getsockname(), FOREIGN_ADDRESS)}')


@twin('tcp-endpoints')
def _():
    pair = Pair()
    client, server = pair.client, pair.server
    protocols = [each.getsockopt(socket.SOL_SOCKET, socket.SO_PROTOCOL) for each in (client, server)]
    saw(f'kinds: {" ".join("tcp" if each == socket.IPPROTO_TCP else str(each) for each in protocols)}')
    saw(f'agree: {flag(client.getsockname() == server.getpeername() and client.getpeername() == server.getsockname())}')
    port = pair.listener.getsockname()[1]
    saw(f'server is where it listens: {flag(server.getsockname()[1] == port)}')
    saw(f'client is elsewhere: {flag(client.getsockname()[1] not in (0, port))}')


@twin('tcp-from')
def _():
    listener = listening()
    client = connected(listener.getsockname(), '127.0.0.2')
    server = listener.accept()[0]
    saw(f'client: {client.getsockname()[0]} to {client.getpeername()[0]}')
    saw(f'server: {server.getsockname()[0]} from {server.getpeername()[0]}')


@twin('tcp-wildcard')
def _():
    listener = listening(('0.0.0.0', 0))
    address, port = listener.getsockname()
    client = connected(('127.0.0.3', port))
    saw(f'listens at {address}, reached at {listener.accept()[0].getsockname()[0]}')


@twin('tcp-backlog')
class _:
    def main():
        child = converse('server')
        at = (LOOPBACK, int(os.read(child.output, 100)))
        os.kill(child.pid, signal.SIGSTOP)
        os.waitpid(child.pid, os.WUNTRACED)
        client = connected(at)
        saw(f'pending {len("early") - client.send(b"early")}')
        os.kill(child.pid, signal.SIGCONT)
        saw(heard(client))

    def server():
        listener = listening()
        say(1, str(listener.getsockname()[1]))
        server = listener.accept()[0]
        saw(json.dumps(server.recv(100).decode()))
        server.sendall(b'answer')
        finish(server)
        heard(server)


@twin('tcp-unaccepted-reset')
class _:
    def main():
        child = converse('server')
        client = connected((LOOPBACK, int(os.read(child.output, 100))))
        os.kill(child.pid, signal.SIGKILL)
        saw(heard(client))
        saw(reaped().how)

    def server():
        listener = listening()
        say(1, str(listener.getsockname()[1]))
        stay()


# ── bytes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@twin('tcp-pending-counts')
class _:
    def main():
        listener = listening()
        start('writer', str(listener.getsockname()[1]))
        server = listener.accept()[0]
        saw(reaped().how)
        got = collect(server)
        pending = int(read('pending'))
        saw(f'all but the pending: {flag(len(got) == FLOOD - pending)}, intact: {flag(got == pattern(len(got)))}')

    def writer(port):
        write('pending', str(room(connected((LOOPBACK, int(port))), FLOOD)))
        os._exit(3)


# ── closing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@twin('tcp-half-close')
def _():
    pair = Pair()
    pair.client.sendall(b'question')
    finish(pair.client)
    question = heard(pair.server)
    saw(f'server: {question}')
    pair.server.sendall(b'late answer')
    finish(pair.server)
    saw(f'client: {heard(pair.client)} close')
    saw(f'server: {question} close')


@twin('tcp-close-is-an-end')
def _():
    pair = Pair()
    pair.client.sendall(b'read')
    told(pair.server, 'read')
    pair.server.sendall(b'bye')
    pair.server.close()
    saw(heard(pair.client))


@twin('tcp-exit-delivers')
class _:
    def main():
        listener = listening()
        start('writer', str(listener.getsockname()[1]))
        server = listener.accept()[0]
        saw(reaped().how)
        saw(heard(server))

    def writer(port):
        saw(f'pending {room(connected((LOOPBACK, int(port))), 20_000)}')


@twin('tcp-kill-ends')
class _:
    def main():
        listener = listening()
        pid = start('victim', str(listener.getsockname()[1]))
        server = listener.accept()[0]
        told(server, 'hello')
        os.kill(pid, signal.SIGKILL)
        saw(f'"hello" {heard(server)}')

    def victim(port):
        client = connected((LOOPBACK, int(port)))
        client.sendall(b'hello')
        heard(client)


# ── breaking ────────────────────────────────────────────────────────────────────────────────────────────────────────


@twin('tcp-reset-after-end')
def _():
    pair = Pair()
    finish(pair.client)
    end = heard(pair.server)
    reset(pair.server)
    saw(f'{heard(pair.client)}; {end}')


@twin('tcp-close-with-unread-input')
def _():
    pair = Pair()
    pair.client.sendall(b'never read')
    pause()
    pair.server.close()
    saw(heard(pair.client))


@twin('tcp-exit-with-unread-input')
class _:
    def main():
        listener = listening()
        child = converse('deaf', str(listener.getsockname()[1]))
        server = listener.accept()[0]
        server.sendall(b'never read')
        pause()
        os.close(child.input)
        saw(heard(server))

    def deaf(port):
        client = connected((LOOPBACK, int(port)))
        stay()


def write_until_broken(client):
    while (result := outcome(os.write, client.fileno(), b'more')) == 'ok':
        pause()
    return result


@twin('tcp-write-to-closed-peer')
def _():
    raised = []
    on(signal.SIGPIPE, lambda: raised.append(1))
    pair = Pair()
    pair.server.close()
    end = heard(pair.client)
    saw(f'pending {len("one") - pair.client.send(b"one")}')
    pause()
    saw(f'{end} close {write_until_broken(pair.client)}')
    saw(f'SIGPIPE: {len(raised)}')


@twin('tcp-sigpipe-kills')
class _:
    def main():
        listener = listening()
        start('writer', str(listener.getsockname()[1]))
        listener.accept()[0].close()
        saw(reaped().how)

    def writer(port):
        client = connected((LOOPBACK, int(port)))
        heard(client)
        client.send(b'one')
        pause()
        saw('second write')
        saw(f'survived: {write_until_broken(client)}')


play()
