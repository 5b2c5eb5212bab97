"""Twins of ../signals-child.ts and ../signals-at-once.ts: SIGCHLD, zombies, what happens before a call returns."""
from stage import *


def child(status):
    ready()
    told(0, 'go')
    os._exit(int(status))


def hired(status):
    made = converse('child', status)
    told(made.output, 'ready')
    return made


def dismiss(made):
    """Its descriptors are closed a little before it has ended."""
    say(made.input, 'go')
    collect(made.output)
    pause()


def exists(made):
    return sent(made.pid, 0)


def counting():
    came = []
    on(signal.SIGCHLD, lambda: came.append(1))
    return came


@twin('sigchld-ignored-no-zombie')
class _:
    child = child

    def main():
        on(signal.SIGCHLD, signal.SIG_IGN)
        made = hired('3')
        saw(f'alive: {exists(made)}')
        dismiss(made)
        saw(f'ended: {exists(made)}, wait: {waited()}')


@twin('sigchld-ignored-wait-for-all')
class _:
    child = child

    def main():
        on(signal.SIGCHLD, signal.SIG_IGN)
        one, two = hired('1'), hired('2')
        dismiss(one)
        saw(f'one has ended: {waited(os.WNOHANG).replace("nobody yet", "nothing")}')
        say(two.input, 'go')
        saw(f'both have: {waited()}')


@twin('sigchld-ignored-too-late')
class _:
    child = child

    def main():
        early, late = hired('4'), hired('5')
        dismiss(early)
        on(signal.SIGCHLD, signal.SIG_IGN)
        dismiss(late)
        saw(f'early: {exists(early)}, late: {exists(late)}')
        saw(f'{waited()}, {waited()}')


@twin('sigchld-default-again')
class _:
    child = child

    def main():
        on(signal.SIGCHLD, signal.SIG_IGN)
        made = hired('6')
        on(signal.SIGCHLD, signal.SIG_DFL)
        dismiss(made)
        saw(f'{exists(made)}, {waited()}')


@twin('sigchld-ignored-and-blocked')
class _:
    child = child

    def main():
        on(signal.SIGCHLD, signal.SIG_IGN)
        block(signal.SIGCHLD)
        made = hired('3')
        dismiss(made)
        saw(f'ended: {exists(made)}, pending {pending()}')
        raise_(signal.SIGCHLD)
        saw(f'sent: pending {pending()}')


def after():
    made = hired('7')
    dismiss(made)
    saw(f'{exists(made)}, {waited()}')


def main_of_before():
    start('before')
    saw(reaped().how)


@twin('sigchld-ignored-over-spawn')
class _:
    child, after, main = child, after, main_of_before

    def before():
        on(signal.SIGCHLD, signal.SIG_IGN)
        start('after')
        saw(waited())


@twin('sigchld-ignored-over-exec')
class _:
    child, after, main = child, after, main_of_before

    def before():
        on(signal.SIGCHLD, signal.SIG_IGN)
        become('after')


@twin('sigchld-blocked')
class _:
    child = child

    def main():
        block(signal.SIGCHLD)
        made = hired('3')
        saw(f'alive: {pending()}')
        dismiss(made)
        saw(f'ended: {pending()}')
        saw(f'{waited()}: {pending()}')
        came = counting()
        unblock(signal.SIGCHLD)
        saw(f'came {len(came)}')


@twin('sigchld-once-for-two')
class _:
    child = child

    def main():
        came = counting()
        one, two = hired('1'), hired('2')
        block(signal.SIGCHLD)
        dismiss(one)
        dismiss(two)
        unblock(signal.SIGCHLD)
        saw(f'came {len(came)}: {waited()}, {waited()}, {waited()}')


@twin('sigchld-while-stopped')
class _:
    def main():
        gates, openers = zip(os.pipe(), os.pipe())
        parent = converse('parent', give={4: gates[0], 5: gates[1]})
        told(parent.output, 'ready')
        os.kill(parent.pid, signal.SIGSTOP)
        os.waitpid(parent.pid, os.WUNTRACED)
        for opener in openers:
            os.close(opener)
        pause(200)
        os.kill(parent.pid, signal.SIGCONT)
        saw(reaped().how)

    def parent():
        for status, gate in [('1', 4), ('2', 5)]:
            told(converse('child', status, give={0: gate}).output, 'ready')
        came = counting()
        ready()
        until(lambda: came)
        pause()
        saw(f'came {len(came)}: {waited()}, {waited()}')

    def child(status):
        ready()
        stay()
        os._exit(int(status))


@twin('sigchld-of-a-stop')
class _:
    child = child

    def main():
        made = hired('0')
        came = counting()
        for name, count in [('SIGSTOP', 1), ('SIGSTOP', 1), ('SIGCONT', 2), ('SIGCONT', 2), ('SIGSTOP', 3), ('SIGKILL', 4)]:
            os.kill(made.pid, signal.Signals[name])
            until(lambda: len(came) >= count)
            pause()
            saw(f'{name}: {len(came)}')
        saw(f'{waited()}, {waited()}')


@twin('sigchld-missed')
class _:
    child = child

    def main():
        dismiss(hired('3'))
        came = counting()
        pause()
        saw(f'came {len(came)}: {waited()}')


@twin('wait-oldest-first')
class _:
    child = child

    def main():
        children = [hired(status) for status in '123']
        for made in reversed(children):
            dismiss(made)
        saw(f'{waited()}, {waited()}, {waited()}, {waited()}')


@twin('zombie-over-exec')
class _:
    child, main = child, main_of_before

    def before():
        made = hired('9')
        dismiss(made)
        become('after', str(made.pid))

    def after(pid):
        one = reaped()
        saw(f'{one.how}, that child: {flag(one.pid == int(pid))}, {waited()}')


@twin('zombie-takes-signals')
class _:
    child = child

    def main():
        made = hired('8')
        dismiss(made)
        numbers = [signal.SIGTERM, signal.SIGSTOP, signal.SIGCONT, signal.SIGKILL]
        saw(' '.join(sent(made.pid, number) for number in numbers))
        saw(f'{waited()}, then {sent(made.pid, signal.SIGKILL)}')


@twin('zombie-has-no-children')
class _:
    def main():
        middle = converse('middle')
        told(middle.output, 'ready')
        saw(f'a zombie: {exists(middle)}')
        say(middle.input, 'go')
        collect(middle.output)
        saw(reaped().how)

    def middle():
        start('last', str(os.getpid()), give={0: 0, 1: 1})
        os._exit(5)

    def last(parent):
        until(lambda: os.getppid() != int(parent))
        ready()
        told(0, 'go')
        saw(f'parent: {parent_after(int(parent))}')


# ── at once ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def main_of_child():
    start('child')
    saw(reaped().how)


@twin('kill-self-at-once')
class _:
    main = main_of_child

    def child():
        saw('SIGTERM')
        raise_(signal.SIGTERM)
        saw('kill returned')


def let_through(how):
    def child():
        block(signal.SIGTERM)
        raise_(signal.SIGTERM)
        saw(f'pending {pending()}')
        signal.pthread_sigmask(how, [signal.SIGTERM] if how == signal.SIG_UNBLOCK else [])
        saw('mask returned')

    return type('_', (), {'main': main_of_child, 'child': child})


twin('mask-unblock-kills-at-once')(let_through(signal.SIG_UNBLOCK))
twin('mask-set-kills-at-once')(let_through(signal.SIG_SETMASK))


@twin('pending-deadly-first')
class _:
    main = main_of_child

    def child():
        block(signal.SIGUSR1, signal.SIGTERM)
        on(signal.SIGUSR1, lambda: saw('handler'))
        raise_(signal.SIGUSR1)
        raise_(signal.SIGTERM)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        saw('survived')


@twin('pending-lowest-kills')
class _:
    main = main_of_child

    def child():
        block(signal.SIGHUP, signal.SIGUSR2, signal.SIGTERM)
        for number in [signal.SIGTERM, signal.SIGUSR2, signal.SIGHUP]:
            raise_(number)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])


@twin('pending-order')
def _():
    # Taken from the queue one by one: handlers of C would interrupt each other.
    numbers = [signal.SIGTERM, signal.SIGCHLD, signal.SIGUSR1, signal.SIGHUP]
    block(*numbers)
    for number in numbers:
        raise_(number)
    while signal.sigpending():
        saw(signal.Signals(signal.sigwait(numbers)).name)


@twin('stopped-deadly-first')
class _:
    def main():
        made = converse('child')
        told(made.output, 'ready')
        os.kill(made.pid, signal.SIGSTOP)
        os.waitpid(made.pid, os.WUNTRACED)
        for number in [signal.SIGUSR1, signal.SIGTERM, signal.SIGCONT]:
            os.kill(made.pid, number)
        saw(reaped().how)

    def child():
        on(signal.SIGUSR1, lambda: saw('handler'))
        ready()
        stay()


def continued(prepare):
    def main():
        made = converse('child')
        told(made.output, 'ready')
        os.kill(made.pid, signal.SIGSTOP)
        os.waitpid(made.pid, os.WUNTRACED)
        os.kill(made.pid, signal.SIGCONT)
        say(made.input, 'go')
        saw(reaped().how)

    def child():
        prepare()
        ready()
        told(0, 'go')
        saw(f'pending {pending()}')

    return type('_', (), {'main': main, 'child': child})


twin('continue-though-blocked')(continued(lambda: block(signal.SIGCONT)))
twin('continue-though-ignored')(continued(lambda: on(signal.SIGCONT, signal.SIG_IGN)))


@twin('default-drops-pending')
def _():
    def by_number():
        return ' '.join(signal.Signals(number).name for number in sorted(signal.sigpending()))

    numbers = [signal.SIGCHLD, signal.SIGCONT, signal.SIGUSR1]
    block(*numbers)
    for number in numbers:
        on(number, lambda: saw('handled'))
        raise_(number)
    saw(f'pending {by_number()}')
    for number in numbers:
        on(number, signal.SIG_DFL)
    saw(f'pending {by_number()}')


@twin('ignored-but-blocked')
def _():
    on(signal.SIGUSR1, signal.SIG_IGN)
    block(signal.SIGUSR1)
    raise_(signal.SIGUSR1)
    saw(f'pending {pending()}')
    on(signal.SIGUSR1, lambda: saw('handled'))
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    saw(f'pending {pending()}')


@twin('exec-pending-kills')
class _:
    main = main_of_before

    def before():
        block(signal.SIGUSR2)
        on(signal.SIGUSR2, lambda: saw('handler of the old program'))
        raise_(signal.SIGUSR2)
        become('after')

    def after():
        saw(f'pending {pending()}')
        unblock(signal.SIGUSR2)
        saw('mask returned')


play()
