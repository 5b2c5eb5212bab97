"""Twins of ../signals.ts and ../signals-stop.ts: dispositions, mask, stop and continue, SIGCHLD, alarm."""
from stage import *


@twin('signal-ignore')
def _():
    on(signal.SIGTERM, signal.SIG_IGN)
    raise_(signal.SIGTERM)
    on(signal.SIGTERM, lambda: saw('late'))
    pause()
    saw(f'survived, pending {pending()}')


@twin('signal-default-again')
class _:
    def main():
        start('child')
        saw(reaped().how)

    def child():
        on(signal.SIGTERM, lambda: saw('handled'))
        raise_(signal.SIGTERM)
        on(signal.SIGTERM, signal.SIG_DFL)
        raise_(signal.SIGTERM)
        saw('survived')


@twin('signal-harmless')
def _():
    raise_(signal.SIGCHLD)
    raise_(signal.SIGCONT)
    saw('survived')


@twin('signal-previous')
def _():
    def handler(*_):
        pass

    words = {signal.SIG_DFL: 'default', signal.SIG_IGN: 'ignore', handler: 'the handler'}

    def before(disposition, number=signal.SIGUSR1):
        try:
            return words[signal.signal(number, disposition)]
        except OSError as error:
            return code(error)

    steps = [handler, signal.SIG_IGN, signal.SIG_DFL, handler, signal.SIG_DFL]
    saw(', '.join(before(one) for one in steps))
    saw(
        f'SIGKILL: {before(signal.SIG_IGN, signal.SIGKILL)}, SIGSTOP: {before(handler, signal.SIGSTOP)}, '
        f'SIGPIPE: {before(signal.SIG_IGN, signal.SIGPIPE)}'
    )


@twin('mask-from-outside')
class _:
    def main():
        child = converse('child')
        told(child.output, 'ready')
        os.kill(child.pid, signal.SIGTERM)
        os.kill(child.pid, signal.SIGTERM)
        say(child.input, 'go')
        saw(reaped().how)

    def child():
        block(signal.SIGTERM)
        ready()
        told(0, 'go')
        saw(f'pending {pending()}')
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        saw('survived')


@twin('mask-returns-old')
def _():
    steps = [
        block(signal.SIGUSR1),
        block(signal.SIGTERM, signal.SIGUSR1, signal.SIGKILL, signal.SIGSTOP),
        unblock(signal.SIGUSR1, signal.SIGINT),
        signal.pthread_sigmask(signal.SIG_SETMASK, [signal.SIGHUP]),
        block(),
    ]
    saw(', '.join(listed(one) for one in steps))


@twin('mask-does-not-stop-kill')
class _:
    def main():
        start('child')
        saw(reaped().how)

    def child():
        block(signal.SIGKILL, signal.SIGTERM)
        raise_(signal.SIGKILL)
        saw('survived')


@twin('ignore-drops-pending')
def _():
    block(signal.SIGUSR1)
    raise_(signal.SIGUSR1)
    saw(f'pending {pending()}')
    on(signal.SIGUSR1, signal.SIG_IGN)
    saw(f'pending {pending()}')
    on(signal.SIGUSR1, lambda: saw('came'))
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    pause()
    saw('end')


@twin('spawn-inherits-signals')
class _:
    def main():
        block(signal.SIGUSR1, signal.SIGHUP)
        on(signal.SIGTERM, signal.SIG_IGN)
        on(signal.SIGUSR2, lambda: saw('handler of the parent'))
        raise_(signal.SIGHUP)
        child = converse('child')
        told(child.output, 'ready')
        os.kill(child.pid, signal.SIGTERM)
        os.kill(child.pid, signal.SIGUSR1)
        told(child.output, 'go on')
        os.kill(child.pid, signal.SIGUSR2)
        saw(reaped().how)

    def child():
        saw(f'mask {masked()}, pending {pending()}')
        ready()
        until(signal.sigpending)
        saw(f'pending {pending()}')
        say(1, 'go on')
        stay()


@twin('stop-and-continue')
class _:
    def main():
        child = converse('echo')
        say(child.input, '1')
        told(child.output, '1')
        os.kill(child.pid, signal.SIGSTOP)
        os.waitpid(child.pid, os.WUNTRACED)
        say(child.input, '2')
        pause()
        saw(f'stopped: 1{take(child.output).replace("nothing", "")}, exists: {sent(child.pid, 0)}')
        os.kill(child.pid, signal.SIGCONT)
        told(child.output, '2')
        os.close(child.input)
        saw(reaped().how)

    def echo():
        for word in iter(lambda: os.read(0, 4096), b''):
            os.write(1, word)


@twin('stop-holds-signals')
class _:
    def main():
        child = converse('child')
        told(child.output, 'ready')
        os.kill(child.pid, signal.SIGSTOP)
        os.waitpid(child.pid, os.WUNTRACED)
        os.kill(child.pid, signal.SIGUSR1)
        pause()
        saw(f'stopped: ready{take(child.output).replace("nothing", "")}')
        os.kill(child.pid, signal.SIGCONT)
        both = collect(child.output, 2).decode()
        saw(f'continued: {flag("U" in both)} {flag("C" in both)}')
        os.kill(child.pid, signal.SIGSTOP)
        os.kill(child.pid, signal.SIGKILL)
        saw(reaped().how)

    def child():
        on(signal.SIGUSR1, lambda: say(1, 'U'))
        on(signal.SIGCONT, lambda: say(1, 'C'))
        ready()
        stay()


@twin('stop-is-not-an-end')
class _:
    def main():
        child = converse('child')
        told(child.output, 'ready')
        os.kill(child.pid, signal.SIGSTOP)
        pause()
        saw(f'stopped: {waited(os.WNOHANG).replace(" yet", "").replace("nobody", "nothing")}')
        os.kill(child.pid, signal.SIGKILL)
        saw(f'killed: {outcome(os.wait)}')

    def child():
        ready()
        stay()


@twin('sigchld')
class _:
    def main():
        block(signal.SIGCHLD)
        start('child')
        saw(signal.Signals(signal.sigwait([signal.SIGCHLD])).name)
        saw(reaped().how)

    def child():
        os._exit(3)


@twin('alarm-fires')
def _():
    came = []
    on(signal.SIGALRM, lambda: came.append(1))
    begun = time.monotonic()
    before, _ = signal.setitimer(signal.ITIMER_REAL, 0.15)
    saw(f'before: {before:.0f}')
    until(lambda: came)
    saw(f'not early: {flag(time.monotonic() - begun >= 0.15)}')
    pause(300)
    saw(f'came {len(came)}, left {signal.setitimer(signal.ITIMER_REAL, 0)[0]:.0f}')


@twin('alarm-replaced')
def _():
    def alarm(delay):
        return signal.setitimer(signal.ITIMER_REAL, delay)[0]

    on(signal.SIGALRM, lambda: saw('SIGALRM'))
    saw(f'first: {alarm(50):.0f}')
    pause()
    saw(f'left of it: {flag(0 < alarm(0.2) < 50)}')
    saw(f'left of that: {flag(0 < alarm(0) <= 0.2)}')
    pause(400)
    saw(f'none: {alarm(0):.0f}')


@twin('alarm-kills')
class _:
    def main():
        start('child')
        saw(reaped().how)

    def child():
        signal.setitimer(signal.ITIMER_REAL, 15)
        start('grandchild')
        saw(reaped().how)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        pause(5_000)
        saw('survived')

    def grandchild():
        saw(f'left: {signal.setitimer(signal.ITIMER_REAL, 0)[0]:.0f}')


play()
