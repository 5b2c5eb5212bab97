/**
 * A machine that is on two networks, NETWORKS, on no other, and has no route elsewhere. On Node that takes a laboratory: test/lab.
 * Lacks: what other machines hear of it.
 */
import type { ContractCase } from './case.ts';
import { contractCase } from './case.ts';
import {
  addressOf,
  connected,
  connectOutcome,
  Door,
  FOREIGN_ADDRESS,
  LOOPBACK,
  listening,
  listenOutcome,
  pause,
  portOf,
  tcpAt,
} from './kit.ts';
import { at, bindOutcome, bound } from './post.ts';

const SECTION = 'networks';
const NETMASK = '255.255.255.0';
const ONE = '10.77.0.1';
const TWO = '10.78.0.1';
const ONE_BROADCAST = '10.77.0.255';
const TWO_BROADCAST = '10.78.0.255';
/** On the first network, and not the machine itself. */
const NEIGHBOUR = '10.77.0.2';
/** Whence connections come to ONE, to TWO, to the loopback and to 0.0.0.0 when nobody asks for an address. */
const CHOSEN = `${ONE}>${ONE} ${TWO}>${TWO} ${LOOPBACK}>${LOOPBACK} ${LOOPBACK}>${LOOPBACK}`;
/** Of rwho; any would do. */
const GROUP = '224.0.1.3';
const OTHER_GROUP = '224.0.1.4';

export const NETWORKS: readonly { readonly address: string; readonly netmask: string }[] = [
  { address: ONE, netmask: NETMASK },
  { address: TWO, netmask: NETMASK },
];

export const ON_NETWORKS: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'network-interfaces',
    purpose: 'An interface has its address, the mask of its network, and the address that reaches all of it.',
    roles: {
      main(host, { saw }) {
        const others = host.network.interfaces().filter(one => !one.loopback);
        for (const { address, netmask, broadcast, peer } of others) saw(`${address} ${netmask} ${broadcast} ${peer}`);
        saw(`names: ${new Set(others.map(one => one.name)).size}`);
        host.process.exit(0);
      },
    },
    expect: { main: [`${ONE} ${NETMASK} ${ONE_BROADCAST} undefined`, `${TWO} ${NETMASK} ${TWO_BROADCAST} undefined`, 'names: 2'] },
  }),

  contractCase(SECTION, {
    name: 'network-broadcast',
    purpose: 'A broadcast comes back to sockets on 0.0.0.0 and on the broadcast address, not to those on an address of the machine.',
    roles: {
      *main(host, { saw }) {
        const caller = yield* bound(host, at('0.0.0.0'), { broadcast: true });
        const shy = yield* bound(host, at('0.0.0.0'));
        const wild = yield* bound(host, at('0.0.0.0'));
        const tied = yield* bound(host, at(ONE));
        const tuned = yield* bound(host, at(ONE_BROADCAST));
        const elsewhere = yield* bound(host, at(TWO_BROADCAST));
        saw(`not asked: ${yield* shy.send('x', at(ONE_BROADCAST, wild.socket.local.port))}`);
        for (const { socket } of [wild, tied, tuned, elsewhere])
          saw(`asked: ${yield* caller.send('to all', at(ONE_BROADCAST, socket.local.port))}`);
        yield* wild.untilReceived(1);
        yield* tuned.untilReceived(1);
        yield* pause(host);
        saw(`0.0.0.0: ${wild.heard}`);
        saw(`an address: ${tied.heard}`);
        saw(`the broadcast address: ${tuned.heard}`);
        saw(`that of another network: ${elsewhere.heard}`);
      },
    },
    expect: {
      main: [
        'not asked: EACCES',
        ...['asked: ok', 'asked: ok', 'asked: ok', 'asked: ok'],
        `0.0.0.0: "to all" from ${ONE}`,
        'an address: nothing',
        `the broadcast address: "to all" from ${ONE}`,
        'that of another network: nothing',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'network-source',
    purpose:
      'A datagram comes from the address its socket is bound to, else from that of the interface it leaves by; from the loopback none leaves.',
    roles: {
      *main(host, { saw }) {
        const ear = yield* bound(host, at('0.0.0.0'));
        let heard = 0;
        for (const from of ['0.0.0.0', ONE, TWO, ONE_BROADCAST, LOOPBACK]) {
          const sender = yield* bound(host, at(from), { broadcast: true });
          const sources: string[] = [];
          for (const to of [ONE_BROADCAST, TWO_BROADCAST, ONE, TWO, LOOPBACK]) {
            const sent = yield* sender.send('x', at(to, ear.socket.local.port));
            heard += sent === 'ok' ? 1 : 0;
            yield* ear.untilReceived(heard);
            sources.push(sent === 'ok' ? (ear.messages.at(-1)?.from.address ?? 'none') : sent);
          }
          saw(`${from}: ${sources.join(' ')}`);
        }
      },
    },
    expect: {
      main: [
        `0.0.0.0: ${ONE} ${TWO} ${ONE} ${TWO} ${LOOPBACK}`,
        `${ONE}: ${ONE} ${ONE} ${ONE} ${ONE} ${ONE}`,
        `${TWO}: ${TWO} ${TWO} ${TWO} ${TWO} ${TWO}`,
        `${ONE_BROADCAST}: ${ONE} ${TWO} ${ONE} ${TWO} ${LOOPBACK}`,
        `${LOOPBACK}: EINVAL EINVAL ${LOOPBACK} ${LOOPBACK} ${LOOPBACK}`,
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'network-group',
    purpose: 'A datagram to a group comes back from every interface, to all on 0.0.0.0 and on a group once any socket has joined.',
    roles: {
      *main(host, { saw }) {
        const caller = yield* bound(host, at('0.0.0.0'));
        const stranger = yield* bound(host, at('0.0.0.0'));
        saw(`nobody: ${yield* caller.send('early', at(GROUP, stranger.socket.local.port))}`);
        yield* pause(host);
        const member = yield* bound(host, at('0.0.0.0'), { groups: [GROUP] });
        const tied = yield* bound(host, at(ONE), { groups: [GROUP] });
        const other = yield* bound(host, at('0.0.0.0'), { groups: [OTHER_GROUP] });
        const tuned = yield* bound(host, at(GROUP), { groups: [GROUP] });
        for (const { socket } of [member, stranger, tied, other, tuned]) yield* caller.send('x', at(GROUP, socket.local.port));
        yield* member.untilReceived(2);
        yield* pause(host);
        saw(`member: ${member.heard}`);
        saw(`no member, but another socket is: ${stranger.heard}`);
        saw(`at an address: ${tied.heard}`);
        saw(`of another group: ${other.heard}`);
        saw(`at the group: ${tuned.heard}`);
        yield* caller.send('x', at(OTHER_GROUP, tuned.socket.local.port));
        yield* pause(host);
        saw(`at the group, after one to another: ${tuned.messages.length}`);
      },
    },
    expect: {
      main: [
        'nobody: ok',
        `member: "x" from ${ONE} "x" from ${TWO}`,
        `no member, but another socket is: "x" from ${ONE} "x" from ${TWO}`,
        'at an address: nothing',
        `of another group: "x" from ${ONE} "x" from ${TWO}`,
        `at the group: "x" from ${ONE} "x" from ${TWO}`,
        'at the group, after one to another: 2',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'network-bind',
    purpose: 'A socket may be bound to the broadcast address of an attached network and to any group, not to an address of others.',
    roles: {
      *main(host, { saw }) {
        for (const where of [ONE, TWO, ONE_BROADCAST, GROUP, '255.255.255.255', '10.77.0.2', '10.79.0.255'])
          saw(`${where}: ${yield* bindOutcome(host, at(where))}`);
      },
    },
    expect: {
      main: [
        ...[ONE, TWO, ONE_BROADCAST, GROUP, '255.255.255.255'].map(where => `${where}: ok`),
        ...['10.77.0.2: EADDRNOTAVAIL', '10.79.0.255: EADDRNOTAVAIL'],
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'network-unreachable',
    purpose: 'Without a route there is no way to a foreign address, nor to everybody: ENETUNREACH, whatever else would be wrong with it.',
    roles: {
      *main(host, { saw }) {
        for (const from of [undefined, ONE, LOOPBACK])
          saw(`stream from ${from}: ${yield* connectOutcome(host, tcpAt(9, FOREIGN_ADDRESS), from === undefined ? {} : { from })}`);
        saw(`stream to all: ${yield* connectOutcome(host, tcpAt(9, '255.255.255.255'), { from: ONE })}`);
        saw(`stream of IPv6: ${yield* connectOutcome(host, tcpAt(9, 'fd00::5'))}`);
        for (const from of ['0.0.0.0', ONE, LOOPBACK, '::']) {
          const shy = yield* bound(host, at(from));
          const bold = yield* bound(host, at(from), { broadcast: true });
          const prefix = from === '::' ? '::ffff:' : '';
          const outcomes: string[] = [];
          for (const to of [FOREIGN_ADDRESS, '255.255.255.255'])
            for (const sender of [shy, bold]) outcomes.push(yield* sender.send('x', at(`${prefix}${to}`, 9)));
          saw(`datagrams from ${from}: ${outcomes.join(' ')}`);
        }
      },
    },
    expect: {
      main: [
        ...[undefined, ONE, LOOPBACK].map(from => `stream from ${from}: ENETUNREACH`),
        'stream to all: ENETUNREACH',
        'stream of IPv6: ENETUNREACH',
        'datagrams from 0.0.0.0: ENETUNREACH ENETUNREACH ENETUNREACH ENETUNREACH',
        `datagrams from ${ONE}: ENETUNREACH ENETUNREACH EACCES ok`,
        `datagrams from ${LOOPBACK}: ENETUNREACH ENETUNREACH EACCES ok`,
        'datagrams from ::: ENETUNREACH ENETUNREACH ENETUNREACH ENETUNREACH',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'network-stream-source',
    purpose: 'A connection to an address of the machine comes from that address, or from the one asked for; from the loopback none leaves.',
    roles: {
      *main(host, { saw }) {
        const door = new Door();
        const { local } = yield* listening(host, tcpAt(0, '0.0.0.0'), door.accept);
        for (const from of [undefined, '0.0.0.0', ONE, TWO, LOOPBACK, ONE_BROADCAST]) {
          const sources: string[] = [];
          for (const to of [ONE, TWO, LOOPBACK, '0.0.0.0']) {
            const client = yield* connected(host, tcpAt(portOf(local), to), from === undefined ? {} : { from });
            const server = yield* door.next();
            sources.push(`${addressOf(server.stream.remote)}>${addressOf(server.stream.local)}`);
            client.stream.close();
            server.stream.close();
          }
          saw(`${from}: ${sources.join(' ')}`);
        }
        saw(`out of the loopback: ${yield* connectOutcome(host, tcpAt(9, NEIGHBOUR), { from: LOOPBACK })}`);
      },
    },
    expect: {
      main: [
        `undefined: ${CHOSEN}`,
        `0.0.0.0: ${CHOSEN}`,
        `${ONE}: ${ONE}>${ONE} ${ONE}>${TWO} ${ONE}>${LOOPBACK} ${ONE}>${ONE}`,
        `${TWO}: ${TWO}>${ONE} ${TWO}>${TWO} ${TWO}>${LOOPBACK} ${TWO}>${TWO}`,
        `${LOOPBACK}: ${LOOPBACK}>${ONE} ${LOOPBACK}>${TWO} ${LOOPBACK}>${LOOPBACK} ${LOOPBACK}>${LOOPBACK}`,
        `${ONE_BROADCAST}: ${CHOSEN}`,
        'out of the loopback: EINVAL',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'network-stream-many',
    purpose: 'A listener may be bound to the broadcast address of an attached network, but nobody connects with one.',
    roles: {
      *main(host, { saw }) {
        for (const where of [ONE, ONE_BROADCAST, GROUP, '10.77.0.0', NEIGHBOUR, '10.79.0.255'])
          saw(`listen at ${where}: ${yield* listenOutcome(host, tcpAt(0, where))}`);
        for (const to of [ONE_BROADCAST, GROUP]) saw(`call ${to}: ${yield* connectOutcome(host, tcpAt(9, to))}`);
      },
    },
    expect: {
      main: [
        ...[ONE, ONE_BROADCAST, GROUP].map(where => `listen at ${where}: ok`),
        ...['10.77.0.0', NEIGHBOUR, '10.79.0.255'].map(where => `listen at ${where}: EADDRNOTAVAIL`),
        ...[ONE_BROADCAST, GROUP].map(to => `call ${to}: ENETUNREACH`),
      ],
    },
  }),
];
