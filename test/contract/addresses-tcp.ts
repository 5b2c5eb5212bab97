/**
 * TCP: which addresses a socket has, shows and keeps from others.
 */
import type { Host, Listener, TcpEndpoint } from '../../src/host/host.ts';
import { type ContractCase, contractCase, programsOf } from './case.ts';
import type { End } from './end.ts';
import {
  addressOf,
  connected,
  connectOutcome,
  Door,
  FOREIGN_ADDRESS,
  LOOPBACK,
  listening,
  listenOutcome,
  onAnyPort,
  pause,
  portOf,
  tcpAt,
} from './kit.ts';
import type { Story } from './story.ts';

const SECTION = 'TCP: addresses';

const ends = ({ stream: { local, remote } }: End): string => `${addressOf(local)} - ${addressOf(remote)}`;

/** What both ends of a connection are called, from which listener on. */
function* meeting(host: Host, at: string, to: string, from?: string): Story<string> {
  const door = new Door();
  const listener = yield* listening(host, tcpAt(0, at), door.accept);
  const client = yield* connected(host, tcpAt(portOf(listener.local), to), from === undefined ? {} : { from });
  const server = yield* door.next();
  const text = `${addressOf(listener.local)}: client ${ends(client)}, server ${ends(server)}`;
  for (const { stream } of [client, server]) stream.close();
  listener.close();
  return text;
}

/** Which of the addresses a listener that is bound to `at` leaves to another. */
function* beside(host: Host, at: string, others: readonly string[]): Story<string> {
  const outcomes: string[] = [];
  const ask = (other: string) =>
    function* (): Story<string> {
      const listener = yield* listening(host, tcpAt(0, at));
      const outcome = yield* listenOutcome(host, tcpAt(portOf(listener.local), other));
      listener.close();
      return outcome;
    };
  for (const other of others) outcomes.push(`${other} ${yield* onAnyPort(ask(other))}`);
  return `${at}: ${outcomes.join(', ')}`;
}

/** Which of the addresses a connection to `at`, made from `from`, leaves to a listener. */
function* besideConnection(host: Host, at: string, others: readonly string[], from?: string): Story<string> {
  const outcomes: string[] = [];
  const ask = (other: string) =>
    function* (): Story<string> {
      const { near } = yield* linked(host, at, from);
      return yield* listenOutcome(host, tcpAt(near.port, other));
    };
  for (const other of others) outcomes.push(`${other} ${yield* onAnyPort(ask(other))}`);
  return outcomes.join(', ');
}

function* freeAt(host: Host, port: number, addresses: readonly string[]): Story<string> {
  const outcomes: string[] = [];
  for (const address of addresses) outcomes.push(`${address} ${yield* listenOutcome(host, tcpAt(port, address))}`);
  return outcomes.join(', ');
}

/** Of a port that nobody has any more: a kernel that has much to do may be late, or somebody else calls from it for a moment. */
function* freedAt(host: Host, port: number, address: string): Story<string> {
  for (let left = 20; ; left--) {
    const found = yield* freeAt(host, port, [address]);
    if (left === 0 || found === `${address} ok`) return found;
    yield* pause(host);
  }
}

interface Linked {
  readonly client: End;
  readonly server: End;
  readonly listener: Listener;
  /** Where the client is. */
  readonly near: TcpEndpoint;
}

function* linked(host: Host, address: string, from?: string): Story<Linked> {
  const door = new Door();
  const listener = yield* listening(host, tcpAt(0, address), door.accept);
  const client = yield* connected(host, listener.local, from === undefined ? {} : { from });
  const near = tcpAt(portOf(client.stream.local), addressOf(client.stream.local));
  return { client, server: yield* door.next(), listener, near };
}

export const TCP_ADDRESSES: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'tcp-families-apart',
    purpose: '0.0.0.0 is all of IPv4 and nothing of IPv6: nobody is reached there at ::1, nor at 127.0.0.1 where ::1 is listened on.',
    roles: {
      *main(host, { saw }) {
        const narrow = yield* listening(host, tcpAt(0, '0.0.0.0'));
        saw(`0.0.0.0 at ::1: ${yield* connectOutcome(host, tcpAt(portOf(narrow.local), '::1'))}`);
        narrow.close();
        const wide = yield* listening(host, tcpAt(0, '::1'));
        saw(`::1 at 127.0.0.1: ${yield* connectOutcome(host, tcpAt(portOf(wide.local), LOOPBACK))}`);
        saw(`::1 at ::1: ${yield* connectOutcome(host, wide.local)}`);
      },
    },
    expect: { main: ['0.0.0.0 at ::1: ECONNREFUSED', '::1 at 127.0.0.1: ECONNREFUSED', '::1 at ::1: ok'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-loopback-of-ipv6',
    purpose: 'A connection to ::1 comes from ::1.',
    roles: {
      *main(host, { saw }) {
        saw(yield* meeting(host, '::1', '::1'));
        saw(yield* meeting(host, '::1', '::1', '::1'));
      },
    },
    expect: { main: ['::1: client ::1 - ::1, server ::1 - ::1', '::1: client ::1 - ::1, server ::1 - ::1'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-both-families',
    purpose: 'A listener on :: is reached by both families, and tells of IPv4 as ::ffff:a.b.c.d; the caller does not.',
    roles: {
      *main(host, { saw }) {
        for (const to of [LOOPBACK, '127.0.0.3', '::1']) saw(yield* meeting(host, '::', to));
      },
    },
    expect: {
      main: [
        '::: client 127.0.0.1 - 127.0.0.1, server ::ffff:127.0.0.1 - ::ffff:127.0.0.1',
        '::: client 127.0.0.1 - 127.0.0.3, server ::ffff:127.0.0.3 - ::ffff:127.0.0.1',
        '::: client ::1 - ::1, server ::1 - ::1',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-mapped-destination',
    purpose: 'Whoever calls ::ffff:a.b.c.d speaks IPv4, and only its own end tells of it so.',
    roles: {
      *main(host, { saw }) {
        for (const at of ['0.0.0.0', LOOPBACK, '::']) saw(yield* meeting(host, at, '::ffff:127.0.0.1'));
        saw(yield* meeting(host, '0.0.0.0', '::ffff:127.0.0.3', '::ffff:127.0.0.2'));
      },
    },
    expect: {
      main: [
        '0.0.0.0: client ::ffff:127.0.0.1 - ::ffff:127.0.0.1, server 127.0.0.1 - 127.0.0.1',
        '127.0.0.1: client ::ffff:127.0.0.1 - ::ffff:127.0.0.1, server 127.0.0.1 - 127.0.0.1',
        '::: client ::ffff:127.0.0.1 - ::ffff:127.0.0.1, server ::ffff:127.0.0.1 - ::ffff:127.0.0.1',
        '0.0.0.0: client ::ffff:127.0.0.2 - ::ffff:127.0.0.3, server 127.0.0.3 - 127.0.0.2',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-mapped-listener',
    purpose: 'A listener on ::ffff:a.b.c.d is reached by IPv4 at that address alone.',
    roles: {
      *main(host, { saw }) {
        saw(yield* meeting(host, '::ffff:127.0.0.1', LOOPBACK));
        saw(yield* meeting(host, '::ffff:0.0.0.0', '127.0.0.2'));
        const { local } = yield* listening(host, tcpAt(0, '::ffff:127.0.0.1'));
        for (const to of ['127.0.0.2', '::1']) saw(`${to}: ${yield* connectOutcome(host, tcpAt(portOf(local), to))}`);
      },
    },
    expect: {
      main: [
        '::ffff:127.0.0.1: client 127.0.0.1 - 127.0.0.1, server ::ffff:127.0.0.1 - ::ffff:127.0.0.1',
        '::ffff:0.0.0.0: client 127.0.0.1 - 127.0.0.2, server ::ffff:127.0.0.2 - ::ffff:127.0.0.1',
        '127.0.0.2: ECONNREFUSED',
        '::1: ECONNREFUSED',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-one-text',
    purpose: 'However an address is written, the kernel has one text for it.',
    roles: {
      *main(host, { saw }) {
        for (const at of ['0:0:0:0:0:0:0:1', '::0001', '::FFFF:127.0.0.1', '::ffff:7f00:1', '0::0', '0:0:0:0:0:0:0.0.0.0']) {
          const { local } = yield* listening(host, tcpAt(0, at));
          saw(`${at} is ${addressOf(local)}`);
        }
        saw(yield* meeting(host, '::1', '0:0::0:1'));
      },
    },
    expect: {
      main: [
        '0:0:0:0:0:0:0:1 is ::1',
        '::0001 is ::1',
        '::FFFF:127.0.0.1 is ::ffff:127.0.0.1',
        '::ffff:7f00:1 is ::ffff:127.0.0.1',
        '0::0 is ::',
        '0:0:0:0:0:0:0.0.0.0 is ::',
        '::1: client ::1 - ::1, server ::1 - ::1',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-to-wildcard',
    purpose: 'Who calls a wildcard address is connected with the loopback, or with the address it calls from.',
    roles: {
      *main(host, { saw }) {
        saw(yield* meeting(host, '0.0.0.0', '0.0.0.0'));
        saw(yield* meeting(host, '0.0.0.0', '0.0.0.0', '127.0.0.2'));
        saw(yield* meeting(host, '::1', '::'));
        saw(yield* meeting(host, '::', '::ffff:0.0.0.0'));
        const { local } = yield* listening(host, tcpAt(0, LOOPBACK));
        saw(`from another: ${yield* connectOutcome(host, tcpAt(portOf(local), '0.0.0.0'), { from: '127.0.0.2' })}`);
      },
    },
    expect: {
      main: [
        '0.0.0.0: client 127.0.0.1 - 127.0.0.1, server 127.0.0.1 - 127.0.0.1',
        '0.0.0.0: client 127.0.0.2 - 127.0.0.2, server 127.0.0.2 - 127.0.0.2',
        '::1: client ::1 - ::1, server ::1 - ::1',
        '::: client ::ffff:127.0.0.1 - ::ffff:127.0.0.1, server ::ffff:127.0.0.1 - ::ffff:127.0.0.1',
        'from another: ECONNREFUSED',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-from-wildcard',
    purpose: 'Calling from a wildcard address leaves the choice to the kernel: no connection has one.',
    roles: {
      *main(host, { saw }) {
        saw(yield* meeting(host, '0.0.0.0', '127.0.0.5', '0.0.0.0'));
        saw(yield* meeting(host, '::', '::1', '::'));
        saw(yield* meeting(host, '::', '::ffff:127.0.0.3', '::'));
      },
    },
    expect: {
      main: [
        '0.0.0.0: client 127.0.0.1 - 127.0.0.5, server 127.0.0.5 - 127.0.0.1',
        '::: client ::1 - ::1, server ::1 - ::1',
        '::: client ::ffff:127.0.0.1 - ::ffff:127.0.0.3, server ::ffff:127.0.0.3 - ::ffff:127.0.0.1',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-mixed-families',
    purpose: 'One family cannot be called from an address of the other.',
    roles: {
      *main(host, { saw }) {
        const port = portOf((yield* listening(host, tcpAt(0, '::'))).local);
        const pairs = [
          ['::1', LOOPBACK],
          [LOOPBACK, '::1'],
          ['::', LOOPBACK],
          ['0.0.0.0', '::1'],
          ['::ffff:127.0.0.1', '::1'],
          ['::1', '::ffff:127.0.0.1'],
          ['::ffff:127.0.0.1', LOOPBACK],
        ] as const;
        for (const [from, to] of pairs) saw(`from ${from} to ${to}: ${yield* connectOutcome(host, tcpAt(port, to), { from })}`);
      },
    },
    expect: {
      main: [
        'from ::1 to 127.0.0.1: EAFNOSUPPORT',
        'from 127.0.0.1 to ::1: EINVAL',
        'from :: to 127.0.0.1: EAFNOSUPPORT',
        'from 0.0.0.0 to ::1: EINVAL',
        'from ::ffff:127.0.0.1 to ::1: EAFNOSUPPORT',
        'from ::1 to ::ffff:127.0.0.1: ENETUNREACH',
        'from ::ffff:127.0.0.1 to 127.0.0.1: EAFNOSUPPORT',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-listeners-beside',
    purpose: 'Two listeners have one port where no address is both of theirs: :: is all of both families, 0.0.0.0 all of one.',
    roles: {
      *main(host, { saw }) {
        saw(yield* beside(host, '0.0.0.0', ['::1', '::', LOOPBACK, '::ffff:127.0.0.1', '::ffff:0.0.0.0']));
        saw(yield* beside(host, '::', ['::1', '0.0.0.0', LOOPBACK, '::ffff:127.0.0.1']));
        saw(yield* beside(host, LOOPBACK, ['::1', '::', '127.0.0.2', '::ffff:127.0.0.1', '::ffff:127.0.0.2']));
        saw(yield* beside(host, '::1', ['::1', '::', LOOPBACK, '::ffff:127.0.0.1']));
        saw(yield* beside(host, '::ffff:127.0.0.1', [LOOPBACK, '0.0.0.0', '::', '::1']));
      },
    },
    expect: {
      main: [
        '0.0.0.0: ::1 ok, :: EADDRINUSE, 127.0.0.1 EADDRINUSE, ::ffff:127.0.0.1 EADDRINUSE, ::ffff:0.0.0.0 EADDRINUSE',
        '::: ::1 EADDRINUSE, 0.0.0.0 EADDRINUSE, 127.0.0.1 EADDRINUSE, ::ffff:127.0.0.1 EADDRINUSE',
        '127.0.0.1: ::1 ok, :: EADDRINUSE, 127.0.0.2 ok, ::ffff:127.0.0.1 EADDRINUSE, ::ffff:127.0.0.2 ok',
        '::1: ::1 EADDRINUSE, :: EADDRINUSE, 127.0.0.1 ok, ::ffff:127.0.0.1 ok',
        '::ffff:127.0.0.1: 127.0.0.1 EADDRINUSE, 0.0.0.0 EADDRINUSE, :: EADDRINUSE, ::1 ok',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-two-listeners-one-port',
    purpose: 'Of two listeners on one port, each gets the connections to its own address.',
    roles: {
      *main(host, { saw }) {
        const [narrow, wide] = [new Door(), new Door()];
        const { local } = yield* listening(host, tcpAt(0, '0.0.0.0'), narrow.accept);
        yield* listening(host, tcpAt(portOf(local), '::1'), wide.accept);
        yield* connected(host, tcpAt(portOf(local), '::1'));
        yield* connected(host, tcpAt(portOf(local), '127.0.0.2'));
        saw(`0.0.0.0: ${ends(yield* narrow.next())}`);
        saw(`::1: ${ends(yield* wide.next())}`);
      },
    },
    expect: { main: ['0.0.0.0: 127.0.0.2 - 127.0.0.1', '::1: ::1 - ::1'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-port-of-connection',
    purpose: 'The port of a live outgoing connection cannot be listened on at its address, nor by a wildcard; elsewhere it can.',
    roles: {
      *main(host, { saw }) {
        saw(yield* besideConnection(host, LOOPBACK, [LOOPBACK, '0.0.0.0', '::', '::ffff:127.0.0.1', '127.0.0.2', '::1']));
      },
    },
    expect: {
      main: ['127.0.0.1 EADDRINUSE, 0.0.0.0 EADDRINUSE, :: EADDRINUSE, ::ffff:127.0.0.1 EADDRINUSE, 127.0.0.2 ok, ::1 ok'],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-port-of-ipv6-connection',
    purpose: 'A connection of IPv6 that was not bound keeps its port from both wildcards.',
    roles: {
      *main(host, { saw }) {
        saw(yield* besideConnection(host, '::1', ['::1', '::', '0.0.0.0', LOOPBACK]));
      },
    },
    expect: { main: ['::1 EADDRINUSE, :: EADDRINUSE, 0.0.0.0 EADDRINUSE, 127.0.0.1 ok'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-port-of-bound-connection',
    purpose: 'A connection that was bound by `from` keeps its port from no listener: both have SO_REUSEADDR.',
    roles: {
      *main(host, { saw }) {
        saw(yield* besideConnection(host, LOOPBACK, ['127.0.0.2', LOOPBACK], '127.0.0.2'));
      },
    },
    expect: { main: ['127.0.0.2 ok, 127.0.0.1 ok'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-port-after-own-close',
    purpose: 'Who closes first has the port for a while longer (TIME_WAIT), whether the peer follows or not.',
    roles: {
      *main(host, { saw }) {
        for (const follows of [true, false]) {
          const { client, server, near } = yield* linked(host, LOOPBACK);
          client.stream.close();
          yield* server.untilEnded();
          if (follows) server.stream.close();
          yield* pause(host);
          saw(`peer closed too: ${follows}, ${yield* freeAt(host, near.port, [near.address])}`);
        }
      },
    },
    expect: { main: ['peer closed too: true, 127.0.0.1 EADDRINUSE', 'peer closed too: false, 127.0.0.1 EADDRINUSE'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-port-after-both-ended',
    purpose: 'Of two ends that have both ended, the one that ended first has the port a while longer, the other does not.',
    roles: {
      *main(host, { saw }) {
        for (const first of ['client', 'server'] as const) {
          const pair = yield* linked(host, LOOPBACK);
          const [one, other] = first === 'client' ? [pair.client, pair.server] : [pair.server, pair.client];
          one.stream.end();
          yield* other.untilEnded();
          saw(`half closed by the ${first}: ${yield* freeAt(host, pair.near.port, [pair.near.address])}`);
          other.stream.end();
          yield* pair.client.untilClosed();
          yield* pause(host);
          const { port, address } = pair.near;
          saw(`closed: ${yield* first === 'client' ? freeAt(host, port, [address]) : freedAt(host, port, address)}`);
        }
      },
    },
    expect: {
      main: [
        'half closed by the client: 127.0.0.1 EADDRINUSE',
        'closed: 127.0.0.1 EADDRINUSE',
        'half closed by the server: 127.0.0.1 EADDRINUSE',
        'closed: 127.0.0.1 ok',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-port-while-open',
    purpose: 'A connection has its port until it is over: by a reset, from either side, at once.',
    roles: {
      *main(host, { saw }) {
        for (const side of ['client', 'server'] as const) {
          const pair = yield* linked(host, LOOPBACK);
          saw(`open: ${yield* freeAt(host, pair.near.port, [pair.near.address])}`);
          pair[side].stream.reset();
          yield* pair[side === 'client' ? 'server' : 'client'].untilClosed();
          yield* pause(host);
          saw(`reset by the ${side}: ${yield* freedAt(host, pair.near.port, pair.near.address)}`);
        }
      },
    },
    expect: {
      main: [
        'open: 127.0.0.1 EADDRINUSE',
        'reset by the client: 127.0.0.1 ok',
        'open: 127.0.0.1 EADDRINUSE',
        'reset by the server: 127.0.0.1 ok',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-listen-at-many',
    purpose: 'bind(2) takes broadcast addresses and groups of IPv4 for addresses of the machine; groups of IPv6 are EINVAL for streams.',
    roles: {
      *main(host, { saw }) {
        for (const at of [
          '127.255.255.255',
          '255.255.255.255',
          '224.0.0.1',
          '::ffff:224.0.0.1',
          'ff02::1',
          FOREIGN_ADDRESS,
          `::ffff:${FOREIGN_ADDRESS}`,
        ])
          saw(`${at}: ${yield* listenOutcome(host, tcpAt(0, at))}`);
      },
    },
    expect: {
      main: [
        '127.255.255.255: ok',
        '255.255.255.255: ok',
        '224.0.0.1: ok',
        '::ffff:224.0.0.1: ok',
        'ff02::1: EINVAL',
        `${FOREIGN_ADDRESS}: EADDRNOTAVAIL`,
        `::ffff:${FOREIGN_ADDRESS}: EADDRNOTAVAIL`,
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-call-many',
    purpose: 'Nobody can be connected with many: broadcast addresses and groups are ENETUNREACH.',
    roles: {
      *main(host, { saw }) {
        for (const to of ['127.255.255.255', '255.255.255.255', '224.0.0.1', '::ffff:127.255.255.255'])
          saw(`${to}: ${yield* connectOutcome(host, tcpAt(9, to))}`);
      },
    },
    expect: {
      main: ['127.255.255.255', '255.255.255.255', '224.0.0.1', '::ffff:127.255.255.255'].map(to => `${to}: ENETUNREACH`),
    },
  }),
];

export const programs = programsOf(TCP_ADDRESSES);
