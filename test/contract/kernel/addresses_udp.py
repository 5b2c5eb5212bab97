"""Twins of ../addresses-udp.ts: which addresses a socket for datagrams has, hears, and sends from."""
from stage import *


def send(made, text, to):
    libc('sendto', made, sockaddr(*to), text.encode())


def received(made):
    """What has come by now, each with its source."""
    made.setblocking(False)
    got = []
    try:
        while True:
            text, source = made.recvfrom(65536)
            got.append((text.decode(), source))
    except BlockingIOError:
        return got


def said(made):
    return ' '.join(f'{json.dumps(text)} from {source[0]}' for text, source in received(made)) or 'nothing'


def heard_at(source, to, ear, broadcast=False):
    sender, listener = bound((source, 0)), bound((ear, 0))
    if broadcast:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    result = outcome(send, sender, 'x', (to, port(listener)))
    pause()
    got = received(listener)
    same = not got or got[0][1][1] == port(sender)
    text = f'{source} to {to}: {result}, at {ear} from {got[0][1][0] if got else "nobody"}{"" if same else ", another port"}'
    sender.close()
    listener.close()
    return text


def beside(where, others):
    def ask(other):
        with bound((where, 0)) as first:
            return bind_outcome((other, port(first)))

    text = ', '.join(f'{each} {on_any_port(lambda: ask(each))}' for each in others)
    return f'{where}: {text}'


@twin('datagram-families-apart')
def _():
    narrow = bound(('0.0.0.0', 0))
    wide = bound(('::1', port(narrow)))
    send(narrow, 'by IPv4', (LOOPBACK, port(narrow)))
    send(wide, 'by IPv6', ('::1', port(narrow)))
    pause()
    saw(f'0.0.0.0: {said(narrow)}')
    saw(f'::1: {said(wide)}')


@twin('datagram-loopback-of-ipv6')
def _():
    for source in ('::', '::1'):
        saw(heard_at(source, '::1', '::1'))
    saw(heard_at('::', '::1', '::'))
    saw(heard_at('::', '::1', '0.0.0.0'))


@twin('datagram-both-families')
def _():
    both, caller = bound(('::', 0)), bound(('127.0.0.2', 0))
    send(caller, 'question', (LOOPBACK, port(both)))
    pause()
    saw(f'{both.getsockname()[0]}: {said(both)}')
    saw(outcome(send, both, 'answer', ('::ffff:127.0.0.2', port(caller))))
    pause()
    saw(f'{caller.getsockname()[0]}: {said(caller)}')


@twin('datagram-mapped-destination')
def _():
    for ear in (LOOPBACK, '::ffff:127.0.0.1', '::'):
        saw(heard_at('::', '::ffff:127.0.0.1', ear))
    saw(heard_at('::', LOOPBACK, LOOPBACK))
    saw(heard_at('::ffff:127.0.0.2', LOOPBACK, '0.0.0.0'))


@twin('datagram-to-wildcard')
def _():
    for ear in ('0.0.0.0', LOOPBACK):
        saw(heard_at('0.0.0.0', '0.0.0.0', ear))
    for ear in ('0.0.0.0', LOOPBACK):
        saw(heard_at('127.0.0.2', '0.0.0.0', ear))
    for ear in ('::1', LOOPBACK):
        saw(heard_at('::', '::', ear))
    saw(heard_at('::', '::ffff:0.0.0.0', LOOPBACK))
    saw(heard_at('::ffff:127.0.0.1', '::', '::'))


@twin('datagram-mixed-families')
def _():
    for source, to in [
        ('0.0.0.0', '::1'),
        ('0.0.0.0', '::ffff:127.0.0.1'),
        ('::ffff:127.0.0.1', '::1'),
        ('::1', LOOPBACK),
        ('::1', '::ffff:127.0.0.1'),
    ]:
        saw(f'{source} to {to}: {outcome(send, bound((source, 0)), "x", (to, 9))}')


@twin('datagram-sockets-beside')
def _():
    saw(beside('0.0.0.0', ['::1', '::', '::ffff:127.0.0.1', '127.255.255.255']))
    saw(beside('::', ['::1', '0.0.0.0', LOOPBACK, '::ffff:127.0.0.1']))
    saw(beside(LOOPBACK, ['::1', '::', '::ffff:127.0.0.1', '127.255.255.255']))
    saw(beside('::1', ['::1', '::', LOOPBACK]))
    first = bound(('127.0.0.9', 0))
    saw(f'TCP: {listen_outcome(("127.0.0.9", port(first)))}')


@twin('datagram-broadcast-of-ipv4-by-ipv6')
def _():
    saw(heard_at('::', '::ffff:127.255.255.255', '0.0.0.0'))
    saw(heard_at('::', '::ffff:127.255.255.255', '0.0.0.0', True))
    saw(heard_at('0.0.0.0', '127.255.255.255', '::', True))
    saw(heard_at('127.0.0.2', '127.255.255.255', '127.255.255.255', True))


@twin('datagram-one-text')
def _():
    for where in ('0:0:0:0:0:0:0:1', '::FFFF:7f00:1', '0::'):
        saw(f'{where} is {bound((where, 0)).getsockname()[0]}')
    saw(heard_at('::1', '0::1', '0:0::1'))


play()
