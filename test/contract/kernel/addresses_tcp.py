"""Twins of ../addresses-tcp.ts: which addresses a stream has, shows and keeps from others."""
from stage import *


def ends(made):
    return f'{made.getsockname()[0]} - {made.getpeername()[0]}'


def meeting(at, to, source=None):
    listener = listening((at, 0))
    client = connected((to, port(listener)), source)
    server = listener.accept()[0]
    text = f'{listener.getsockname()[0]}: client {ends(client)}, server {ends(server)}'
    for each in (client, server, listener):
        each.close()
    return text


def free_at(number, addresses):
    return ', '.join(f'{each} {listen_outcome((each, number))}' for each in addresses)


def beside(at, others):
    def ask(other):
        with listening((at, 0)) as listener:
            return listen_outcome((other, port(listener)))

    text = ', '.join(f'{each} {on_any_port(lambda: ask(each))}' for each in others)
    return f'{at}: {text}'


def beside_connection(at, others, source=None):
    def ask(other):
        pair = Linked(at, source)
        kept.append(pair)
        return listen_outcome((other, pair.port))

    kept = []
    return ', '.join(f'{each} {on_any_port(lambda: ask(each))}' for each in others)


class Linked:
    def __init__(self, address, source=None):
        self.listener = listening((address, 0))
        self.client = connected(self.listener.getsockname()[:2], source)
        self.server = self.listener.accept()[0]
        self.near, self.port = self.client.getsockname()[:2]

    def free(self):
        return free_at(self.port, [self.near])


def dial(source, to):
    made = socket.socket(socket.AF_INET6 if ':' in to[0] else socket.AF_INET)
    libc('bind', made, sockaddr(source, 0))
    libc('connect', made, sockaddr(*to))
    made.close()


@twin('tcp-families-apart')
def _():
    narrow = listening(('0.0.0.0', 0))
    saw(f'0.0.0.0 at ::1: {connect_outcome(("::1", port(narrow)))}')
    narrow.close()
    wide = listening(('::1', 0))
    saw(f'::1 at 127.0.0.1: {connect_outcome((LOOPBACK, port(wide)))}')
    saw(f'::1 at ::1: {connect_outcome(("::1", port(wide)))}')


@twin('tcp-loopback-of-ipv6')
def _():
    saw(meeting('::1', '::1'))
    saw(meeting('::1', '::1', '::1'))


@twin('tcp-both-families')
def _():
    for to in (LOOPBACK, '127.0.0.3', '::1'):
        saw(meeting('::', to))


@twin('tcp-mapped-destination')
def _():
    for at in ('0.0.0.0', LOOPBACK, '::'):
        saw(meeting(at, '::ffff:127.0.0.1'))
    saw(meeting('0.0.0.0', '::ffff:127.0.0.3', '::ffff:127.0.0.2'))


@twin('tcp-mapped-listener')
def _():
    saw(meeting('::ffff:127.0.0.1', LOOPBACK))
    saw(meeting('::ffff:0.0.0.0', '127.0.0.2'))
    listener = listening(('::ffff:127.0.0.1', 0))
    for to in ('127.0.0.2', '::1'):
        saw(f'{to}: {connect_outcome((to, port(listener)))}')


@twin('tcp-one-text')
def _():
    for at in ('0:0:0:0:0:0:0:1', '::0001', '::FFFF:127.0.0.1', '::ffff:7f00:1', '0::0', '0:0:0:0:0:0:0.0.0.0'):
        saw(f'{at} is {listening((at, 0)).getsockname()[0]}')
    saw(meeting('::1', '0:0::0:1'))


@twin('tcp-to-wildcard')
def _():
    saw(meeting('0.0.0.0', '0.0.0.0'))
    saw(meeting('0.0.0.0', '0.0.0.0', '127.0.0.2'))
    saw(meeting('::1', '::'))
    saw(meeting('::', '::ffff:0.0.0.0'))
    saw(f'from another: {connect_outcome(("0.0.0.0", port(listening())), "127.0.0.2")}')


@twin('tcp-from-wildcard')
def _():
    saw(meeting('0.0.0.0', '127.0.0.5', '0.0.0.0'))
    saw(meeting('::', '::1', '::'))
    saw(meeting('::', '::ffff:127.0.0.3', '::'))


@twin('tcp-mixed-families')
def _():
    number = port(listening(('::', 0)))
    for source, to in [
        ('::1', LOOPBACK),
        (LOOPBACK, '::1'),
        ('::', LOOPBACK),
        ('0.0.0.0', '::1'),
        ('::ffff:127.0.0.1', '::1'),
        ('::1', '::ffff:127.0.0.1'),
        ('::ffff:127.0.0.1', LOOPBACK),
    ]:
        saw(f'from {source} to {to}: {outcome(dial, source, (to, number))}')


@twin('tcp-listeners-beside')
def _():
    saw(beside('0.0.0.0', ['::1', '::', LOOPBACK, '::ffff:127.0.0.1', '::ffff:0.0.0.0']))
    saw(beside('::', ['::1', '0.0.0.0', LOOPBACK, '::ffff:127.0.0.1']))
    saw(beside(LOOPBACK, ['::1', '::', '127.0.0.2', '::ffff:127.0.0.1', '::ffff:127.0.0.2']))
    saw(beside('::1', ['::1', '::', LOOPBACK, '::ffff:127.0.0.1']))
    saw(beside('::ffff:127.0.0.1', [LOOPBACK, '0.0.0.0', '::', '::1']))


@twin('tcp-two-listeners-one-port')
def _():
    narrow = listening(('0.0.0.0', 0))
    wide = listening(('::1', port(narrow)))
    held = [connected((to, port(narrow))) for to in ('::1', '127.0.0.2')]
    saw(f'0.0.0.0: {ends(narrow.accept()[0])}')
    saw(f'::1: {ends(wide.accept()[0])}')
    del held


@twin('tcp-port-of-connection')
def _():
    saw(beside_connection(LOOPBACK, [LOOPBACK, '0.0.0.0', '::', '::ffff:127.0.0.1', '127.0.0.2', '::1']))


@twin('tcp-port-of-ipv6-connection')
def _():
    saw(beside_connection('::1', ['::1', '::', '0.0.0.0', LOOPBACK]))


@twin('tcp-port-of-bound-connection')
def _():
    saw(beside_connection(LOOPBACK, ['127.0.0.2', LOOPBACK], '127.0.0.2'))


@twin('tcp-port-after-own-close')
def _():
    for follows in (True, False):
        pair = Linked(LOOPBACK)
        pair.client.close()
        heard(pair.server)
        if follows:
            pair.server.close()
        pause()
        saw(f'peer closed too: {flag(follows)}, {pair.free()}')


@twin('tcp-port-after-both-ended')
def _():
    for first in ('client', 'server'):
        pair = Linked(LOOPBACK)
        one, other = (pair.client, pair.server) if first == 'client' else (pair.server, pair.client)
        finish(one)
        heard(other)
        saw(f'half closed by the {first}: {pair.free()}')
        finish(other)
        heard(one)
        pause()
        saw(f'closed: {pair.free()}')


@twin('tcp-port-while-open')
def _():
    for side in ('client', 'server'):
        pair = Linked(LOOPBACK)
        saw(f'open: {pair.free()}')
        reset(pair.client if side == 'client' else pair.server)
        heard(pair.server if side == 'client' else pair.client)
        pause()
        saw(f'reset by the {side}: {pair.free()}')


@twin('tcp-listen-at-many')
def _():
    for at in (
        '127.255.255.255',
        '255.255.255.255',
        '224.0.0.1',
        '::ffff:224.0.0.1',
        'ff02::1',
        FOREIGN_ADDRESS,
        f'::ffff:{FOREIGN_ADDRESS}',
    ):
        saw(f'{at}: {listen_outcome((at, 0))}')


@twin('tcp-call-many')
def _():
    for to in ('127.255.255.255', '255.255.255.255', '224.0.0.1', '::ffff:127.255.255.255'):
        saw(f'{to}: {connect_outcome((to, 9))}')


play()
