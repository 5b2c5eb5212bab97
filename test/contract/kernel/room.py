"""Twins of ../streams-unix-room.ts: what one direction of a Unix-domain socket takes when nobody reads."""
from stage import *


def fill(writer, size):
    count = 0
    while (left := room(writer, size)) == 0:
        count += 1
    return f'{count}, then {left} pending'


def rooms(name, *sizes):
    @twin(name)
    def _():
        for size in sizes:
            pair = Pair(f's{size}')
            saw(f'{size}: {fill(pair.client, size)}')


rooms('unix-room-small', 1, 21, 192)
rooms('unix-room-steps', 193, 704, 705, 1000, 1729, 3776)
rooms('unix-room-pages', 3777, 4096, 5000, 8192, 16384, 32768)
rooms('unix-room-large', 50000, 65536, 100000, 1000000)


@twin('unix-room-after-small')
def _():
    for count in [1, 100, 277]:
        pair = Pair(f's{count}')
        for _ in range(count):
            pair.client.send(b'x')
        saw(f'after {count}: {1_000_000 - room(pair.client, 1_000_000)}')


@twin('unix-room-each-way')
def _():
    pair = Pair('s')
    saw(fill(pair.client, 1))
    saw(fill(pair.server, 1))
    saw(fill(connected('s'), 1))


@twin('unix-room-before-accept')
class _:
    def main():
        child = converse('server')
        told(child.output, 'ready')
        stopped = child.pid
        os.kill(stopped, signal.SIGSTOP)
        client = connected('s')
        saw(fill(client, 1))
        saw(f'pending {room(client, 1)}, {take(client)}')
        os.kill(stopped, signal.SIGKILL)
        saw(reaped().how)

    def server():
        listener = listening('s')
        ready()
        stay()
        listener.close()


@twin('unix-room-exit')
class _:
    def main():
        listener = listening('s')
        start('writer')
        server = listener.accept()[0]
        saw(reaped().how)
        saw(heard(server))

    def writer():
        client = connected('s')
        saw(f'pending {sum(room(client, 1) for _ in range(500))}')


play()
