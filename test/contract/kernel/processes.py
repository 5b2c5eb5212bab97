"""Twins of ../processes-start.ts, ../processes-end.ts and ../surroundings.ts: fork, execve, exit, wait, kill, setuid."""
from stage import *


@twin('spawn-unknown')
def _():
    saw(outcome(os.execv, './no-such-program', ['no-such-program']))
    saw(waited())


AWKWARD = ['', 'two words', 'it\'s "quoted"', 'Straße 東京 🚢', '--flag=1', '$HOME *', 'line\nbreak', '-e']


@twin('spawn-arguments')
class _:
    def main():
        start('child', *AWKWARD)
        start('bare')
        reaped()
        reaped()

    def child(*args):
        saw(json.dumps(args, ensure_ascii=False, separators=(',', ':')))

    def bare(*args):
        saw(json.dumps(args))


@twin('spawn-pids')
class _:
    def main():
        children = [converse('child'), converse('child')]
        for child in children:
            saw(f'says so itself: {flag(int(collect(child.output)) == child.pid)}')
        pids = [os.getpid(), *(child.pid for child in children)]
        saw(f'different: {len(set(pids))}, above 1: {flag(min(pids) > 1)}')

    def child():
        say(1, str(os.getpid()))


@twin('spawn-same-directory')
class _:
    def main():
        write('note', 'from the parent')
        start('child')
        reaped()
        saw(read('note').decode())

    def child():
        saw(read('note').decode())
        write('note', 'from the child')


@twin('spawn-signal-at-once')
class _:
    def main():
        pid = start('child')
        os.kill(pid, signal.SIGTERM)
        saw(reaped().how)

    def child():
        on(signal.SIGTERM, lambda: os._exit(0))
        pause(5_000)
        saw('started')


@twin('exec-changes-program')
class _:
    def main():
        pid = start('before', 'old')
        one = reaped()
        saw(f'{one.how}, that child: {flag(one.pid == pid)}')

    def before(word):
        start('child')
        saw(word)
        become('after', 'new', str(os.getpid()), str(os.getppid()))
        saw('exec returned')

    def after(word, pid, parent):
        saw(f'{word}, pid: {flag(os.getpid() == int(pid))}, parent: {flag(os.getppid() == int(parent))}')
        saw(f'child: {reaped().how}')
        os._exit(6)

    def child():
        os._exit(8)


@twin('exec-unknown')
def _():
    saw(outcome(os.execv, './no-such-program', ['no-such-program']))
    saw('goes on')


@twin('exec-drops')
class _:
    def main():
        start('before')
        saw(reaped().how)

    def before():
        for number in [signal.SIGUSR1, signal.SIGCHLD]:
            on(number, lambda: saw('handler of the old program'))
        listening('s')
        become('after')

    def after():
        saw(f'connect {connect_outcome("s")}, stat {kind("s")}')
        saw('SIGUSR1')
        raise_(signal.SIGUSR1)
        saw('survived')


@twin('exec-keeps-signals')
class _:
    def main():
        start('before')
        saw(reaped().how)

    def before():
        block(signal.SIGUSR1, signal.SIGTERM)
        on(signal.SIGUSR2, signal.SIG_IGN)
        raise_(signal.SIGUSR1)
        become('after')

    def after():
        saw(f'mask {masked()}, pending {pending()}')
        raise_(signal.SIGUSR2)
        pause()
        on(signal.SIGUSR1, lambda: saw('SIGUSR1 came'))
        unblock(signal.SIGUSR1)
        pause()
        saw('end')


@twin('exec-keeps-alarm')
class _:
    def main():
        start('before')
        saw(reaped().how)

    def before():
        block(signal.SIGALRM)  # so that it finds the new program ready, however long that takes
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        become('after')

    def after():
        saw(signal.Signals(signal.sigwait([signal.SIGALRM])).name)


@twin('exit-status')
class _:
    def main():
        for status in ['0', '7', '255']:
            pid = start('child', status)
            one = reaped()
            saw(f'{one.how}, that child: {flag(one.pid == pid)}')

    def child(status):
        os._exit(int(status))


@twin('exit-by-signal')
class _:
    def main():
        names = 'SIGHUP SIGINT SIGQUIT SIGKILL SIGUSR1 SIGUSR2 SIGPIPE SIGALRM SIGTERM'.split()
        children = [converse('child') for _ in names]
        for name, child in zip(names, children):
            told(child.output, 'ready')
            os.kill(child.pid, signal.Signals[name])
        ends = [reaped() for _ in names]
        saw(' '.join(one.how for child in children for one in ends if one.pid == child.pid))

    def child():
        ready()
        stay()


@twin('wait-for-any')
class _:
    def main():
        children = [converse('child', status) for status in '123']
        for child in children:
            told(child.output, 'ready')
        for child in reversed(children):
            say(child.input, 'go')
            one = reaped()
            saw(f'{one.how}, that child: {flag(one.pid == child.pid)}')
        saw(waited())

    def child(status):
        ready()
        told(0, 'go')
        os._exit(int(status))


@twin('wait-for-nobody')
def _():
    saw(waited())


@twin('wait-more-than-children')
class _:
    def main():
        say(converse('child').input, 'go')
        saw(f'first: {waited()}, second: {waited()}')

    def child():
        told(0, 'go')
        os._exit(5)


@twin('wait-not-for-grandchildren')
class _:
    def main():
        reader, writer = os.pipe()
        gate, opener = os.pipe()
        start('middle', give={3: writer, 4: gate})
        os.close(writer)
        saw(waited())
        saw(waited())
        os.close(opener)
        saw(drained(reader))

    def middle():
        start('last', give={1: 3, 0: 4})
        os._exit(9)

    def last():
        stay()
        say(1, 'grandchild goes on')


@twin('parent')
class _:
    def main():
        reader, writer = os.pipe()
        gate, opener = os.pipe()
        start('middle', give={3: writer, 4: gate})
        os.close(writer)
        reaped()
        os.close(opener)
        collect(reader)

    def middle():
        reader, writer = os.pipe()
        keep = os.dup(3)
        pid = start('last', str(os.getpid()), give={1: writer, 0: 4, 5: keep})
        told(reader, 'ready')
        saw(f'child is another process: {flag(pid != os.getpid())}')

    def last(parent):
        saw(f'parent lives: {flag(os.getppid() == int(parent))}')
        ready()
        stay()
        saw(f'parent has ended: {parent_after(int(parent))}')


@twin('kill-zero')
class _:
    def main():
        saw(f'self: {sent(os.getpid(), 0)}')
        child = converse('child')
        told(child.output, 'ready')
        saw(f'live: {sent(child.pid, 0)}')
        os.kill(child.pid, signal.SIGKILL)
        collect(child.output)
        saw(f'ended: {sent(child.pid, 0)}, a signal to it: {sent(child.pid, signal.SIGTERM)}')
        saw(reaped().how)
        saw(f'waited for: {sent(child.pid, 0)}, a signal to it: {sent(child.pid, signal.SIGTERM)}')
        saw(f'never was: {sent(4_194_303, 0)}')

    def child():
        ready()
        stay()


@twin('kill-self')
class _:
    def main():
        start('child')
        saw(reaped().how)

    def child():
        raise_(signal.SIGKILL)
        saw('still here')


VALUES = ['', 'two words', 'a=b=c', 'Straße 東京 🚢', 'line\nbreak', '$HOME']


def variables(values):
    return {f'CONTRACT_{index}': value for index, value in enumerate(values)}


def shown(names):
    saw(json.dumps([os.environ.get(name) for name in names], ensure_ascii=False, separators=(',', ':')))


@twin('environment-given')
class _:
    def main():
        start('child', environment=variables(VALUES))
        reaped()
        shown(['CONTRACT_0'])

    def child():
        shown([*variables(VALUES), 'CONTRACT_NOBODY_SETS_THIS'])


@twin('environment-inherited')
class _:
    def main():
        start('middle', environment=variables(['old', 'kept']))
        reaped()

    def middle():
        start('last', environment=variables(['new']))
        reaped()
        shown(['CONTRACT_0', 'CONTRACT_1'])
        become('after')

    def last():
        shown(['CONTRACT_0', 'CONTRACT_1'])

    def after():
        shown(['CONTRACT_0', 'CONTRACT_1'])


@twin('environment-longest')
class _:
    def main():
        start('child', environment={'a': 'x' * (131_071 - 2)})
        reaped()

    def child():
        saw(str(len(os.environ['a'])))


@twin('become-another')
class _:
    def main():
        saw(f'nobody knows him: {outcome(become_user, "no-such-user")}')
        start('child')
        reaped()
        saw(f'this one still is who it was: {outcome(become_user, "root")}')

    def child():
        saw(outcome(become_user, 'nobody'))
        saw(f'back: {outcome(become_user, "root")}')
        saw(f'nobody knows him: {outcome(become_user, "no-such-user")}')


play()
