"""Twins of ../streams-unix-path.ts and ../streams-unix-flow.ts: Unix-domain sockets."""
from stage import *

FLOOD = 4 * 1_048_576


@twin('unix-endpoints')
def _():
    def name(domain, path):
        return f"{'unix' if domain == socket.AF_UNIX else domain} '{path}'"

    pair = Pair('s')
    saw(f'listener: {name(pair.listener.family, pair.listener.getsockname())}')
    for what, end in [('client', pair.client), ('server', pair.server)]:
        domain = end.getsockopt(socket.SOL_SOCKET, socket.SO_DOMAIN)
        saw(f'{what}: unix, local {name(domain, end.getsockname())}, remote {name(domain, end.getpeername())}')


@twin('unix-file')
def _():
    os.mkdir('d')
    saw(f'before: {outcome(os.stat, "d/s")}')
    listening('d/s')
    saw(f'{kind("d/s")} of {os.stat("d/s").st_size}, listed: {names("d")}')
    saw(f'list: {names("d/s")}')


@twin('unix-file-outlives-listener')
def _():
    listening('s').close()
    saw(f'stat: {kind("s")}')
    saw(f'connect: {connect_outcome("s")}')
    saw(f'bind: {listen_outcome("s")}')
    saw(f'unlink: {outcome(os.unlink, "s")}')
    saw(f'connect: {connect_outcome("s")}')
    saw(f'bind: {listen_outcome("s")}')


def outlives(way):
    def main():
        child = converse('holder')
        told(child.output, 'ready')
        saw(f'alive: connect {connect_outcome("s")}, bind {listen_outcome("s")}')
        os.close(child.input) if way == 'exit' else os.kill(child.pid, signal.Signals[way])
        saw(reaped().how)
        saw(f'ended: connect {connect_outcome("s")}, bind {listen_outcome("s")}')
        os.unlink('s')
        saw(f'unlinked: bind {listen_outcome("s")}')

    def holder():
        listener = listening('s')
        ready()
        stay()

    return type(way, (), {'main': main, 'holder': holder})


for way in ['exit', 'SIGTERM', 'SIGKILL']:
    twin(f'unix-file-outlives-{way.lower()}')(outlives(way))


@twin('unix-connect-errors')
def _():
    write('file', 'x')
    os.mkdir('d')
    for what, path in [('nothing', 's'), ('missing directory', 'missing/s'), ('file', 'file'), ('directory', 'd'), ('below a file', 'file/s')]:
        saw(f'{what}: {connect_outcome(path)}')


@twin('unix-bind-errors')
def _():
    write('file', 'x')
    os.mkdir('d')
    for what, path in [('file', 'file'), ('directory', 'd'), ('missing directory', 'missing/s'), ('below a file', 'file/s')]:
        saw(f'{what}: {listen_outcome(path)}')
    saw(f'file is whole: {flag(read("file") == b"x")}')


@twin('unix-unlink-while-listening')
def _():
    pair = Pair('s')
    os.unlink('s')
    saw(f'connect: {connect_outcome("s")}')
    pair.client.sendall(b'still here')
    told(pair.server, 'still here')
    second = listening('s')
    other = connected('s')
    other.sendall(b'to the second')
    told(second.accept()[0], 'to the second')
    second.close()
    saw(f'after the second closed: {connect_outcome("s")}')


@twin('unix-late-close-keeps-other-file')
def _():
    first = listening('s')
    os.unlink('s')
    second = listening('s')
    first.close()
    saw(f'stat: {kind("s")}, connect: {connect_outcome("s")}')


@twin('unix-replaced-by-rename')
def _():
    pair = Pair('s')
    second = listening('s.new')
    os.rename('s.new', 's')
    newer = connected('s')
    newer.sendall(b'to the second')
    told(second.accept()[0], 'to the second')
    pair.client.sendall(b'to the first')
    told(pair.server, 'to the first')
    saw('both')


@twin('unix-backlog-full')
class _:
    def main():
        child = converse('server')
        told(child.output, 'ready')
        kept = []

        def attempt():
            made = socket.socket(socket.AF_UNIX)
            made.setblocking(False)
            kept.append(made)
            return outcome(made.connect, 's')

        saw(' '.join(attempt() for _ in range(4)))
        say(child.input, 'go on')
        told(child.output, 'accepted')
        saw(f'after: {attempt()}')
        os.close(child.input)
        saw(reaped().how)

    def server():
        listener = listening('s', 1)
        ready()
        told(0, 'go on')
        kept = [listener.accept(), listener.accept()]
        say(1, 'accepted')
        stay()


# ── bytes and ends ──────────────────────────────────────────────────────────────────────────────────────────────────


@twin('unix-echo')
class _:
    def main():
        listener = listening('s')
        start('client')
        server = listener.accept()[0]
        told(server, 'hello')
        server.sendall(b'hello')
        rest = heard(server)
        finish(server)
        saw(f'"hello" {rest} close')

    def client():
        client = connected('s')
        client.sendall(b'hello')
        told(client, 'hello')
        finish(client)
        saw(f'"hello" {heard(client)} close')


@twin('unix-half-close')
def _():
    pair = Pair('s')
    pair.client.sendall(b'question')
    finish(pair.client)
    question = heard(pair.server)
    pair.server.sendall(b'late answer')
    finish(pair.server)
    saw(f'client: {heard(pair.client)} close')
    saw(f'server: {question} close')


@twin('unix-pending-counts')
class _:
    def main():
        listener = listening('s')
        start('writer')
        server = listener.accept()[0]
        saw(reaped().how)
        got = collect(server)
        pending = int(read('pending'))
        intact = got == pattern(len(got))
        saw(f'all but the pending: {flag(len(got) == FLOOD - pending)}, some pending: {flag(pending > 0)}, intact: {flag(intact)}')

    def writer():
        client = connected('s')
        write('pending', str(room(client, FLOOD)))
        os._exit(3)


@twin('unix-exit-delivers')
class _:
    def main():
        listener = listening('s')
        start('writer')
        server = listener.accept()[0]
        saw(reaped().how)
        saw(heard(server))

    def writer():
        saw(f'pending {room(connected("s"), 20_000)}')


@twin('unix-kill-ends')
class _:
    def main():
        listener = listening('s')
        pid = start('victim')
        server = listener.accept()[0]
        told(server, 'hello')
        os.kill(pid, signal.SIGKILL)
        saw(f'"hello" {heard(server)}')

    def victim():
        client = connected('s')
        client.sendall(b'hello')
        heard(client)


@twin('unix-close-with-unread-input')
def _():
    pair = Pair('s')
    pair.client.sendall(b'never read')
    pair.server.sendall(b'answer')
    pair.server.close()
    saw(heard(pair.client))


@twin('unix-write-to-closed-peer')
def _():
    raised = []
    on(signal.SIGPIPE, lambda: raised.append(1))
    pair = Pair('s')
    pair.server.close()
    end = heard(pair.client)
    saw(f'{end} close {outcome(os.write, pair.client.fileno(), b"one")}, SIGPIPE: {len(raised)}')


@twin('unix-sigpipe-kills')
class _:
    def main():
        listener = listening('s')
        start('writer')
        listener.accept()[0].close()
        saw(reaped().how)

    def writer():
        client = connected('s')
        heard(client)
        saw('write')
        os.write(client.fileno(), b'one')
        saw('survived')


@twin('unix-unaccepted-reset')
class _:
    def main():
        child = converse('server')
        told(child.output, 'ready')
        client = connected('s')
        os.kill(child.pid, signal.SIGKILL)
        saw(heard(client))
        saw(reaped().how)

    def server():
        listener = listening('s')
        ready()
        stay()


play()
