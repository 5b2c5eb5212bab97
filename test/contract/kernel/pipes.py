"""Twins of ../pipes.ts, ../pipes-end.ts and ../descriptors.ts."""
from stage import *

CAPACITY = 65_536


@twin('pipe-conversation')
class _:
    def main():
        child = converse('child')
        say(child.input, 'question')
        os.close(child.input)
        saw(drained(child.output))
        saw(reaped().how)

    def child():
        saw(drained(0))
        say(1, 'answer')


@twin('pipe-capacity')
def _():
    _, writer = os.pipe()
    saw(f'pending {room(writer, CAPACITY)}')
    saw(f'pending {room(writer, 1)}')
    saw(f'pending {room(writer, 1)}, {idle(writer)}')


@twin('pipe-takes-a-part')
def _():
    reader, writer = os.pipe()
    left = room(writer, 100_000)
    saw(f'pending {left}')
    got = collect(reader, CAPACITY)
    left = room(writer, left, 100_000 - left)
    got += collect(reader, 100_000 - CAPACITY)
    saw(f'intact {flag(got == pattern(100_000))}, writer: {"drain" if left == 0 else left}')


@twin('pipe-atomic')
def _():
    _, writer = os.pipe()
    saw(f'pending {room(writer, CAPACITY - 100)}')
    left = room(writer, 200)
    saw(f'pending {left}')
    _, other = os.pipe()
    saw(f'pending {room(other, CAPACITY - 100)}')
    other_left = room(other, 100)
    saw(f'pending {other_left}')
    saw(f'pending {room(writer, left)} {other_left}')


@twin('pipe-pages')
def _():
    _, writer = os.pipe()
    taken = 0
    while room(writer, 1_000) == 0:
        taken += 1_000
    saw(f'writes of 1000: {taken}')
    saw(f'pending {room(writer, 1_000)}')


@twin('pipe-before-the-child')
class _:
    def main():
        reader, writer = os.pipe()
        say(writer, 'early')
        start('child', give={0: reader})
        os.close(writer)
        saw(reaped().how)

    def child():
        saw(drained(0))


@twin('pipe-outlives-writer')
class _:
    def main():
        reader, writer = os.pipe()
        start('writer', give={1: writer})
        os.close(writer)
        saw(reaped().how)
        saw(drained(reader))

    def writer():
        say(1, 'last words')
        raise_(signal.SIGKILL)


@twin('pipe-pending-is-lost')
class _:
    def main():
        reader, writer = os.pipe()
        start('writer', give={1: writer})
        os.close(writer)
        saw(reaped().how)
        got = collect(reader)
        saw(f'{len(got)} intact {flag(got == pattern(len(got)))}')

    def writer():
        saw(f'pending {room(1, 100_000)}')


def epipe(disposition):
    def main():
        raised = []
        on(signal.SIGPIPE, disposition or (lambda: raised.append(1)))
        reader, writer = os.pipe()
        say(writer, 'read')
        told(reader, 'read')
        os.close(reader)
        pause()
        saw(f'idle: {"SIGPIPE" if raised else "nothing"}')
        saw(f'close {outcome(os.write, writer, b"x")}, raised {len(raised)}')

    return main


twin('pipe-epipe-ignored')(epipe(signal.SIG_IGN))
twin('pipe-epipe-handled')(epipe(None))


@twin('pipe-pending-breaks')
def _():
    on(signal.SIGPIPE, signal.SIG_IGN)
    reader, writer = os.pipe()
    saw(f'pending {room(writer, 70_000)}')
    os.close(reader)
    _, writable, _ = select.select([], [writer], [], 5)
    saw(f'close {outcome(os.write, writer, b"x")}' if writable else 'not told')


@twin('pipe-two-readers')
class _:
    def main():
        reader, writer = os.pipe()
        readers = [converse('reader', give={3: reader}) for _ in range(2)]
        deserter = converse('deserter', give={3: reader})
        os.close(reader)
        for each in readers:
            told(each.output, 'ready')
        collect(deserter.output)
        os.write(writer, pattern(100_000))
        os.close(writer)
        saw(f'in all {sum(int(collect(each.output)) for each in readers)}')

    def reader():
        ready()
        say(1, str(len(collect(3))))

    def deserter():
        os.close(3)


@twin('pipe-two-writers')
class _:
    def main():
        reader, writer = os.pipe()
        for letter in 'ab':
            start('writer', letter, give={1: writer})
        os.close(writer)
        lines = collect(reader).decode().splitlines()
        whole = [line for line in lines if line in ('a' * 300, 'b' * 300)]
        saw(f'{len(lines)} lines, whole {len(whole)}, a {sum(line[0] == "a" for line in whole)}')

    def writer(letter):
        for _ in range(40):
            say(1, letter * 300 + '\n')


# ── descriptors ─────────────────────────────────────────────────────────────────────────────────────────────────────


@twin('descriptor-close-twice')
def _():
    reader, writer = os.pipe()
    saw(f'numbers differ: {flag(reader != writer)}')
    saw(f'first: {outcome(os.close, reader)}')
    saw(f'again: {outcome(os.close, reader)}')
    saw(f'attach: {outcome(os.read, reader, 1)}')
    saw(f'never opened: {outcome(os.close, 4_711)}')


@twin('descriptor-bad')
def _():
    reader, writer = os.pipe()
    saw(f'never opened: {outcome(os.read, 4_711, 1)}')
    saw(f'below zero: {outcome(os.read, -1, 1)}')
    saw(f'read end for writing: {outcome(os.write, reader, b"x")}')
    saw(f'write end for reading: {outcome(os.read, writer, 1)}')
    say(writer, 'both good')
    saw(take(reader))


@twin('descriptor-numbers')
class _:
    def main():
        one, first = os.pipe()
        two, second = os.pipe()
        say(first, 'one')
        say(second, 'two')
        start('child', str(two), str(one), give={two: one, one: two, 7: one})
        saw(reaped().how)

    def child(first, second):
        saw(f'{take(int(first))} {take(int(second))}')


@twin('descriptor-copy-keeps-open')
class _:
    def main():
        reader, writer = os.pipe()
        keeper = converse('keeper', give={3: writer})
        told(keeper.output, 'ready')
        start('writer', give={1: writer})
        os.close(writer)
        saw(reaped().how)
        before = take(reader)
        saw(f'sibling alive: {before}')
        os.close(keeper.input)
        saw(f'sibling gone: {before} {drained(reader)}')

    def writer():
        say(1, 'from the writer')

    def keeper():
        ready()
        stay()


@twin('descriptor-close-ends')
def _():
    on(signal.SIGPIPE, signal.SIG_IGN)
    reader, writer = os.pipe()
    os.close(writer)
    saw(drained(reader))
    reader, writer = os.pipe()
    os.close(reader)
    saw(f'close {outcome(os.write, writer, b"x")}')


@twin('descriptor-reader-copy')
class _:
    def main():
        on(signal.SIGPIPE, signal.SIG_IGN)
        reader, writer = os.pipe()
        start('reader', give={0: reader})
        saw(reaped().how)
        poll = select.poll()
        poll.register(writer)
        broken = select.POLLERR & dict(poll.poll(0)).get(writer, 0)
        saw(f'own copy open: pending {room(writer, 16)}, {"broken" if broken else "nothing"}')
        os.close(reader)
        saw(f'closed: close {outcome(os.write, writer, b"x")}')

    def reader():
        pass


@twin('descriptor-passed-on')
class _:
    def main():
        reader, writer = os.pipe()
        start('middle', give={5: writer})
        os.close(writer)
        saw(drained(reader))
        saw(reaped().how)

    def middle():
        start('last', give={1: 5})
        os.close(5)
        saw(reaped().how)

    def last():
        say(1, 'from the last')


@twin('descriptor-output-passed-on')
class _:
    def main():
        saw(outcome(lambda: start('silent', give={1: 1, 2: 2})))
        saw(reaped().how)
        reader, writer = os.pipe()
        start('middle', give={1: writer})
        os.close(writer)
        saw(drained(reader))
        saw(reaped().how)

    def silent():
        pass

    def middle():
        start('last', give={1: 1})
        saw(reaped().how)

    def last():
        say(1, 'from the last')


play()
