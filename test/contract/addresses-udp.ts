/**
 * Datagrams: which addresses a socket has, hears, and sends from.
 */
import type { DatagramOptions, Host } from '../../src/host/host.ts';
import { type ContractCase, contractCase, programsOf } from './case.ts';
import { LOOPBACK, listenOutcome, onAnyPort, pause, tcpAt } from './kit.ts';
import { at, bindOutcome, bound } from './post.ts';
import type { Story } from './story.ts';

const SECTION = 'datagrams: addresses';

/** What a socket that is bound to `ear` hears of one that is bound to `from` and sends to `to`. */
function* heard(host: Host, from: string, to: string, ear: string, options: DatagramOptions = {}): Story<string> {
  const sender = yield* bound(host, at(from), options);
  const listener = yield* bound(host, at(ear));
  const sent = yield* sender.send('x', at(to, listener.socket.local.port));
  yield* pause(host);
  const source = listener.messages[0]?.from;
  const port = source === undefined || source.port === sender.socket.local.port ? '' : ', another port';
  sender.socket.close();
  listener.socket.close();
  return `${from} to ${to}: ${sent}, at ${ear} from ${source?.address ?? 'nobody'}${port}`;
}

/** Which of the addresses a socket that is bound to `where` leaves to another. */
function* beside(host: Host, where: string, others: readonly string[]): Story<string> {
  const outcomes: string[] = [];
  const ask = (other: string) =>
    function* (): Story<string> {
      const { socket } = yield* bound(host, at(where));
      const outcome = yield* bindOutcome(host, at(other, socket.local.port));
      socket.close();
      return outcome;
    };
  for (const other of others) outcomes.push(`${other} ${yield* onAnyPort(ask(other))}`);
  return `${where}: ${outcomes.join(', ')}`;
}

export const UDP_ADDRESSES: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'datagram-families-apart',
    purpose: 'Sockets of two families on one port get each what is sent to their family.',
    roles: {
      *main(host, { saw }) {
        const narrow = yield* bound(host, at('0.0.0.0'));
        const { port } = narrow.socket.local;
        const wide = yield* bound(host, at('::1', port));
        yield* narrow.send('by IPv4', at(LOOPBACK, port));
        yield* wide.send('by IPv6', at('::1', port));
        yield* narrow.untilReceived(1);
        yield* wide.untilReceived(1);
        yield* pause(host);
        saw(`0.0.0.0: ${narrow.heard}`);
        saw(`::1: ${wide.heard}`);
      },
    },
    expect: { main: ['0.0.0.0: "by IPv4" from 127.0.0.1', '::1: "by IPv6" from ::1'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-loopback-of-ipv6',
    purpose: 'What is sent to ::1 comes from ::1, and IPv4 does not hear it.',
    roles: {
      *main(host, { saw }) {
        for (const from of ['::', '::1']) saw(yield* heard(host, from, '::1', '::1'));
        saw(yield* heard(host, '::', '::1', '::'));
        saw(yield* heard(host, '::', '::1', '0.0.0.0'));
      },
    },
    expect: {
      main: [
        ':: to ::1: ok, at ::1 from ::1',
        '::1 to ::1: ok, at ::1 from ::1',
        ':: to ::1: ok, at :: from ::1',
        ':: to ::1: ok, at 0.0.0.0 from nobody',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'datagram-both-families',
    purpose: 'A socket on :: hears both families, tells of IPv4 as ::ffff:a.b.c.d, and answers there.',
    roles: {
      *main(host, { saw }) {
        const both = yield* bound(host, at('::'));
        const caller = yield* bound(host, at('127.0.0.2'));
        yield* caller.send('question', at(LOOPBACK, both.socket.local.port));
        yield* both.untilReceived(1);
        saw(`${both.socket.local.address}: ${both.heard}`);
        saw(yield* both.send('answer', both.messages[0]?.from ?? at('nowhere')));
        yield* caller.untilReceived(1);
        saw(`${caller.socket.local.address}: ${caller.heard}`);
      },
    },
    expect: { main: ['::: "question" from ::ffff:127.0.0.2', 'ok', '127.0.0.2: "answer" from 127.0.0.1'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-mapped-destination',
    purpose: 'What is sent to ::ffff:a.b.c.d is IPv4, and so is what a socket on :: sends to a.b.c.d.',
    roles: {
      *main(host, { saw }) {
        for (const ear of [LOOPBACK, '::ffff:127.0.0.1', '::']) saw(yield* heard(host, '::', '::ffff:127.0.0.1', ear));
        saw(yield* heard(host, '::', LOOPBACK, LOOPBACK));
        saw(yield* heard(host, '::ffff:127.0.0.2', LOOPBACK, '0.0.0.0'));
      },
    },
    expect: {
      main: [
        ':: to ::ffff:127.0.0.1: ok, at 127.0.0.1 from 127.0.0.1',
        ':: to ::ffff:127.0.0.1: ok, at ::ffff:127.0.0.1 from ::ffff:127.0.0.1',
        ':: to ::ffff:127.0.0.1: ok, at :: from ::ffff:127.0.0.1',
        ':: to 127.0.0.1: ok, at 127.0.0.1 from 127.0.0.1',
        '::ffff:127.0.0.2 to 127.0.0.1: ok, at 0.0.0.0 from 127.0.0.2',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'datagram-to-wildcard',
    purpose: 'What is sent to a wildcard address goes to the loopback, or to the address its socket is bound to.',
    roles: {
      *main(host, { saw }) {
        for (const ear of ['0.0.0.0', LOOPBACK]) saw(yield* heard(host, '0.0.0.0', '0.0.0.0', ear));
        for (const ear of ['0.0.0.0', LOOPBACK]) saw(yield* heard(host, '127.0.0.2', '0.0.0.0', ear));
        for (const ear of ['::1', LOOPBACK]) saw(yield* heard(host, '::', '::', ear));
        saw(yield* heard(host, '::', '::ffff:0.0.0.0', LOOPBACK));
        saw(yield* heard(host, '::ffff:127.0.0.1', '::', '::'));
      },
    },
    expect: {
      main: [
        '0.0.0.0 to 0.0.0.0: ok, at 0.0.0.0 from 127.0.0.1',
        '0.0.0.0 to 0.0.0.0: ok, at 127.0.0.1 from 127.0.0.1',
        '127.0.0.2 to 0.0.0.0: ok, at 0.0.0.0 from 127.0.0.2',
        '127.0.0.2 to 0.0.0.0: ok, at 127.0.0.1 from nobody',
        ':: to ::: ok, at ::1 from ::1',
        ':: to ::: ok, at 127.0.0.1 from nobody',
        ':: to ::ffff:0.0.0.0: ok, at 127.0.0.1 from 127.0.0.1',
        '::ffff:127.0.0.1 to ::: ok, at :: from ::ffff:127.0.0.1',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'datagram-mixed-families',
    purpose: 'A socket sends to the families it has: that of IPv4 only to IPv4, one bound to an IPv6 address only to IPv6.',
    roles: {
      *main(host, { saw }) {
        const pairs = [
          ['0.0.0.0', '::1'],
          ['0.0.0.0', '::ffff:127.0.0.1'],
          ['::ffff:127.0.0.1', '::1'],
          ['::1', LOOPBACK],
          ['::1', '::ffff:127.0.0.1'],
        ] as const;
        for (const [from, to] of pairs) {
          const sender = yield* bound(host, at(from));
          saw(`${from} to ${to}: ${yield* sender.send('x', at(to, 9))}`);
        }
      },
    },
    expect: {
      main: [
        '0.0.0.0 to ::1: EAFNOSUPPORT',
        '0.0.0.0 to ::ffff:127.0.0.1: EAFNOSUPPORT',
        '::ffff:127.0.0.1 to ::1: EAFNOSUPPORT',
        '::1 to 127.0.0.1: ENETUNREACH',
        '::1 to ::ffff:127.0.0.1: ENETUNREACH',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'datagram-sockets-beside',
    purpose: 'Two sockets have one port where no address is both of theirs; the ports of TCP are others.',
    roles: {
      *main(host, { saw }) {
        saw(yield* beside(host, '0.0.0.0', ['::1', '::', '::ffff:127.0.0.1', '127.255.255.255']));
        saw(yield* beside(host, '::', ['::1', '0.0.0.0', LOOPBACK, '::ffff:127.0.0.1']));
        saw(yield* beside(host, LOOPBACK, ['::1', '::', '::ffff:127.0.0.1', '127.255.255.255']));
        saw(yield* beside(host, '::1', ['::1', '::', LOOPBACK]));
        const { socket } = yield* bound(host, at('127.0.0.9'));
        saw(`TCP: ${yield* listenOutcome(host, tcpAt(socket.local.port, '127.0.0.9'))}`);
      },
    },
    expect: {
      main: [
        '0.0.0.0: ::1 ok, :: EADDRINUSE, ::ffff:127.0.0.1 EADDRINUSE, 127.255.255.255 EADDRINUSE',
        '::: ::1 EADDRINUSE, 0.0.0.0 EADDRINUSE, 127.0.0.1 EADDRINUSE, ::ffff:127.0.0.1 EADDRINUSE',
        '127.0.0.1: ::1 ok, :: EADDRINUSE, ::ffff:127.0.0.1 EADDRINUSE, 127.255.255.255 ok',
        '::1: ::1 EADDRINUSE, :: EADDRINUSE, 127.0.0.1 ok',
        'TCP: ok',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'datagram-broadcast-of-ipv4-by-ipv6',
    purpose: 'A socket on :: hears a broadcast, and sends one when it has asked for it.',
    roles: {
      *main(host, { saw }) {
        const broadcast = { broadcast: true };
        saw(yield* heard(host, '::', '::ffff:127.255.255.255', '0.0.0.0'));
        saw(yield* heard(host, '::', '::ffff:127.255.255.255', '0.0.0.0', broadcast));
        saw(yield* heard(host, '0.0.0.0', '127.255.255.255', '::', broadcast));
        saw(yield* heard(host, '127.0.0.2', '127.255.255.255', '127.255.255.255', broadcast));
      },
    },
    expect: {
      main: [
        ':: to ::ffff:127.255.255.255: EACCES, at 0.0.0.0 from nobody',
        ':: to ::ffff:127.255.255.255: ok, at 0.0.0.0 from 127.0.0.1',
        '0.0.0.0 to 127.255.255.255: ok, at :: from ::ffff:127.0.0.1',
        '127.0.0.2 to 127.255.255.255: ok, at 127.255.255.255 from 127.0.0.2',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'datagram-one-text',
    purpose: 'However an address is written, the kernel has one text for it.',
    roles: {
      *main(host, { saw }) {
        for (const where of ['0:0:0:0:0:0:0:1', '::FFFF:7f00:1', '0::'])
          saw(`${where} is ${(yield* bound(host, at(where))).socket.local.address}`);
        saw(yield* heard(host, '::1', '0::1', '0:0::1'));
      },
    },
    expect: {
      main: ['0:0:0:0:0:0:0:1 is ::1', '::FFFF:7f00:1 is ::ffff:127.0.0.1', '0:: is ::', '::1 to 0::1: ok, at 0:0::1 from ::1'],
    },
  }),
];

export const programs = programsOf(UDP_ADDRESSES);
