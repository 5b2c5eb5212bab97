/** What a capture is told as: the events of each connection and datagram, and an account of each stream, of packets and of a log of strace. */
import { describe, expect, it } from 'vitest';
import { lines } from '../../conformance/decoders.ts';
import { FlowAccounts, PacketAccounts } from '../../src/capture/accounts.ts';
import type { Endpoint } from '../../src/capture/endpoint.ts';
import type { Connection } from '../../src/capture/flow.ts';
import { type CaptureAccount, CaptureImport } from '../../src/capture/import.ts';
import { LISTENER_LIMIT, PROBLEM_LIMIT } from '../../src/capture/limits.ts';
import { CaptureEvents } from '../../src/capture/trace.ts';
import { utf8 } from '../../src/host/bytes.ts';
import type { Decoders } from '../../src/trace/message.ts';
import { ascii, type Captured, ethernet, ipv4, pcap, type TcpOptions, tcp, udpHeader } from './build.ts';

/** A datagram that begins with ! breaks a rule, and a line. */
const line = lines({ read: text => (text === '!' ? { clause: 'C1', detail: 'no' } : { type: 'line' }) });
const decoders: Decoders = {
  tcp: line,
  /** Knows one datagram, and is made for each. */
  udp() {
    let known = false;
    return {
      feed(bytes) {
        if (known) return [];
        known = true;
        return bytes[0] === 33
          ? [{ kind: 'violation', clause: 'C2', detail: 'no', offset: 0 }]
          : [{ kind: 'message', type: 'm', fields: {}, bytes, ignorable: false }];
      },
      end: () => [],
    };
  },
};

const BASE = 1_700_000_000_000_000;
const C = { from: '10.0.0.2', to: '10.0.0.1', fromPort: 40_000, toPort: 9_090 };
const S = { from: '10.0.0.1', to: '10.0.0.2', fromPort: 9_090, toPort: 40_000 };
const client = (seq: number, text: string, flags = 'PA'): TcpOptions => ({ ...C, seq, ack: 501, flags, payload: ascii(text) });
const server = (seq: number, text: string, flags = 'PA'): TcpOptions => ({ ...S, seq, ack: 101, flags, payload: ascii(text) });
const HANDSHAKE: readonly TcpOptions[] = [
  { ...C, seq: 100, flags: 'S' },
  { ...S, seq: 500, ack: 101, flags: 'SA' },
];
const datagram = (from: string, to: string, text: string): Uint8Array => {
  const [[one = '', source], [other = '', target]] = [from.split(':'), to.split(':')];
  return ethernet(ipv4(one, other, 17, udpHeader(Number(source), Number(target), ascii(text))));
};
const packetOf = (each: TcpOptions | Uint8Array): Captured => ({ bytes: each instanceof Uint8Array ? each : ethernet(tcp(each)) });

function imported(file: Uint8Array, flows?: number): { readonly told: readonly string[]; readonly account: CaptureAccount } {
  const told: string[] = [];
  const reading = new CaptureImport({
    decoders,
    ...(flows === undefined ? {} : { flows }),
    take: ({ index, time, process, kind, channel, cause, bytes, data }) =>
      told.push(
        [
          index,
          `${time}us`,
          process,
          kind,
          channel,
          cause < 0 ? '' : `c=${cause}`,
          bytes === undefined ? '' : `"${String.fromCharCode(...bytes)}"`,
          data === undefined ? '' : JSON.stringify(data),
        ]
          .filter(each => each !== '')
          .join(' '),
      ),
  });
  reading.feed(file);
  return { told, account: reading.end() };
}
const captured = (...packets: readonly (TcpOptions | Uint8Array)[]) => imported(pcap(packets.map(packetOf)));
const flowsOf = ({ account }: { readonly account: CaptureAccount }): readonly string[] =>
  account.flows.map(({ channel, from, to, first, last, midway, end, sent, received }) => {
    const said = [sent, received].map(
      each => `${each.bytes}/${each.messages}/${each.missing}${each.violation === undefined ? '' : ` ${each.violation.clause}`}`,
    );
    return `${channel} ${from} ${to} ${first}-${last}us${midway ? ' midway' : ''} ${end} ${said.join(' ')}`;
  });

describe('packets', () => {
  it('are the events of both ends, with what brought them about, and an account of the stream', () => {
    const found = captured(...HANDSHAKE, client(101, 'a\nb'), server(501, 'c\n'), client(104, '\n', 'FA'), server(503, '', 'FA'));
    expect(found.told).toEqual([
      '0 0us 10.0.0.2/client connect {"to":"10.0.0.1:9090"}',
      '1 10us 10.0.0.1/9090 listen {"at":"10.0.0.1:9090"}',
      '2 10us 10.0.0.1/9090 accept tcp1< c=0 {"peer":"10.0.0.2:40000"}',
      '3 10us 10.0.0.2/client open tcp1> c=0 {"at":"10.0.0.2:40000"}',
      '4 20us 10.0.0.2/client send tcp1> "a\nb"',
      '5 20us 10.0.0.1/9090 recv tcp1> c=4 "a\nb"',
      '6 30us 10.0.0.1/9090 send tcp1< "c\n"',
      '7 30us 10.0.0.2/client recv tcp1< c=6 "c\n"',
      '8 40us 10.0.0.2/client send tcp1> "\n"',
      '9 40us 10.0.0.1/9090 recv tcp1> c=8 "\n"',
      '10 40us 10.0.0.2/client end tcp1>',
      '11 40us 10.0.0.1/9090 eof tcp1> c=10',
      '12 50us 10.0.0.1/9090 end tcp1<',
      '13 50us 10.0.0.2/client eof tcp1< c=12',
    ]);
    expect(flowsOf(found)).toEqual(['tcp1 10.0.0.2:40000 10.0.0.1:9090 10-50us closed 4/2/0 2/1/0']);
    expect(found.account).toMatchObject({ format: 'pcap', began: BASE, events: 14, omitted: 0, problemCount: 0 });
  });

  it('have a listener once, a reset of the one who made it, and a connect that was refused', () => {
    const reset = captured(
      ...HANDSHAKE,
      server(501, '', 'R'),
      { ...C, fromPort: 40_001, seq: 1, flags: 'S' },
      { ...S, toPort: 40_001, seq: 0, ack: 2, flags: 'RA' },
    );
    expect(reset.told.slice(4)).toEqual([
      '4 20us 10.0.0.1/9090 reset tcp1<',
      '5 20us 10.0.0.2/client close tcp1> c=4 {"error":"ECONNRESET"}',
      '6 30us 10.0.0.2/client connect {"to":"10.0.0.1:9090"}',
      '7 40us 10.0.0.2/client open c=6 {"error":"ECONNREFUSED"}',
    ]);
    expect(flowsOf(reset)).toEqual(['tcp1 10.0.0.2:40000 10.0.0.1:9090 10-20us reset 0/0/0 0/0/0']);
    const again = captured(
      ...HANDSHAKE,
      client(101, '', 'R'),
      { ...C, seq: 900, flags: 'S' },
      { ...S, seq: 500, ack: 901, flags: 'SA' },
      { ...C, seq: 901, flags: 'R' },
    );
    expect(again.told.filter(each => /listen|reset|close/.test(each)).map(each => each.replace(/^\d+ \d+us /, ''))).toEqual([
      ...[
        '10.0.0.1/9090 listen {"at":"10.0.0.1:9090"}',
        '10.0.0.2/client reset tcp1>',
        '10.0.0.1/9090 close tcp1< c=4 {"error":"ECONNRESET"}',
      ],
      ...['10.0.0.2/client reset tcp2>', '10.0.0.1/9090 close tcp2< c=9 {"error":"ECONNRESET"}'],
    ]);
  });

  it('of a connection that was there before say so at both ends, and tell a hole to who would have read it', () => {
    const found = captured(client(300, 'x\n'), client(310, 'y\n'));
    expect(found.told.slice(2)).toEqual([
      '2 0us 10.0.0.1/9090 accept tcp1< c=0 {"peer":"10.0.0.2:40000","midway":true}',
      '3 0us 10.0.0.2/client open tcp1> c=0 {"at":"10.0.0.2:40000","midway":true}',
      '4 0us 10.0.0.2/client send tcp1> "x\n"',
      '5 0us 10.0.0.1/9090 recv tcp1> c=4 "x\n"',
      '6 10us 10.0.0.1/9090 log tcp1> {"severity":"warning","event":"hole","bytes":8}',
      '7 10us 10.0.0.2/client send tcp1> "y\n"',
      '8 10us 10.0.0.1/9090 recv tcp1> c=7 "y\n"',
    ]);
    // Behind a hole nothing is a message.
    expect(flowsOf(found)).toEqual(['tcp1 10.0.0.2:40000 10.0.0.1:9090 0-10us midway open 4/1/8 0/0/0']);
    const theirs = captured(client(300, 'x\n'), server(700, 'y'), server(710, 'z'));
    expect(theirs.told.find(each => each.includes('hole'))).toMatch(/ 10\.0\.0\.2\/client log tcp1< /);
  });

  it('go back in time in a file of several interfaces, and events never do', () => {
    const times = [BASE + 50, BASE + 80, BASE + 20, BASE + 90];
    const packets = [...HANDSHAKE, client(101, 'a\n'), client(103, 'b\n')].map((each, index) => ({
      ...packetOf(each),
      time: times[index] ?? 0,
    }));
    const { told, account } = imported(pcap(packets));
    expect(told.map(each => /(-?\d+)us/.exec(each)?.[1])).toEqual(['0', '30', '30', '30', '30', '30', '40', '40']);
    expect(account.flows[0]?.last).toBe(40);
    const early = imported(
      pcap([
        { bytes: datagram('10.0.0.2:513', '10.0.0.9:513', 'x'), time: BASE },
        { bytes: datagram('10.0.0.3:513', '10.0.0.9:513', 'y'), time: BASE - 5 },
      ]),
    );
    expect(flowsOf(early)[2]).toMatch(/^udp3 10\.0\.0\.3:513 \* 0-0us /);
  });

  it('break off where a rule of the format is broken: a stream for good, and of datagrams each for itself', () => {
    const found = captured(...HANDSHAKE, client(101, 'a\n!\nb\n'), client(107, 'c\n'));
    expect(flowsOf(found)).toEqual(['tcp1 10.0.0.2:40000 10.0.0.1:9090 10-30us open 8/1/0 C1 0/0/0']);
    const three = captured(...['a', '!', 'b'].map(text => datagram('10.0.0.2:513', '10.0.0.1:40000', text)));
    expect(flowsOf(three)).toEqual(['udp1 10.0.0.2:513 * 0-20us open 3/2/0 C2 0/0/0', 'udp2 10.0.0.1:40000 * 0-20us open 0/0/0 3/2/0 C2']);
    expect(three.told.slice(0, 4)).toEqual([
      '0 0us 10.0.0.2/513 bind udp1 {"at":"10.0.0.2:513"}',
      '1 0us 10.0.0.1/client bind udp2 {"at":"10.0.0.1:40000"}',
      '2 0us 10.0.0.2/513 datagram udp1 "a" {"to":"10.0.0.1:40000"}',
      '3 0us 10.0.0.1/client receive udp2 c=2 "a" {"from":"10.0.0.2:513"}',
    ]);
    // Of Linux the kernel's own choice begins here.
    expect(
      captured(datagram('10.0.0.2:32768', '10.0.0.1:32767', 'x'))
        .told.slice(0, 2)
        .map(each => each.split(' ')[2]),
    ).toEqual([...['10.0.0.2/client', '10.0.0.1/32767']]);
  });

  it('that nobody understands are problems, the first of which are told', () => {
    const short = ethernet(ipv4('10.0.0.1', '10.0.0.2', 6, new Uint8Array(4)));
    const { account } = captured(...Array.from({ length: PROBLEM_LIMIT + 5 }, () => short));
    expect([account.problems.length, account.problemCount]).toEqual([PROBLEM_LIMIT, PROBLEM_LIMIT + 5]);
  });
});

describe('what is told of', () => {
  const made = (limit?: number): { readonly accounts: FlowAccounts; readonly sink: PacketAccounts } => {
    const accounts = new FlowAccounts(decoders, limit);
    return { accounts, sink: new PacketAccounts(accounts) };
  };
  const connection = (id: number, place = id): Connection => ({
    ...{ id, place, whole: true },
    ...{ client: { address: '10.0.0.2', port: id }, server: { address: '10.0.0.1', port: 9_090 } },
  });
  const text = utf8('x\n');

  it('are so many streams and sockets, and the rest is counted', () => {
    const { accounts, sink } = made(2);
    for (const id of [1, 2, 3, 4]) {
      sink.opened(connection(id), id);
      sink.data(id, true, text, 0, 2, id);
      sink.hole(connection(id), true, 1);
      sink.ended(connection(id), true, id);
      sink.reset(connection(id), true, id);
    }
    expect([accounts.flows.map(({ channel }) => channel), accounts.omitted]).toEqual([['tcp1', 'tcp2'], 2]);
    const packets = Array.from({ length: 3 }, (_, index) => datagram(`10.0.0.${index + 2}:513`, '10.0.0.1:513', 'x'));
    expect(imported(pcap(packets.map(packetOf)), 2).account).toMatchObject({ flows: { length: 2 }, omitted: 2 });
  });

  it('is another connection where one that is forgotten had its place, and another socket where the ends are forgotten', () => {
    const { accounts, sink } = made(1);
    sink.opened(connection(1, 0), 1);
    sink.forgotten(connection(1, 0));
    sink.data(0, true, text, 0, 2, 2);
    expect(accounts.flows.map(({ sent }) => sent.bytes)).toEqual([0]);
    const other = made();
    const [from, to]: readonly [Endpoint, Endpoint] = [
      { address: '10.0.0.1', port: 513 },
      { address: '10.0.0.2', port: 513 },
    ];
    for (const _ of [1, 2]) {
      other.sink.datagram(from, to, text, 0, 2, 1);
      other.sink.endpointsForgotten();
    }
    expect(other.accounts.flows.map(({ channel }) => channel)).toEqual(['udp1', 'udp2', 'udp3', 'udp4']);
  });

  it('stays reset where it ends afterwards, and open while one side speaks', () => {
    const { accounts, sink } = made();
    for (const id of [1, 2, 3]) sink.opened(connection(id), id);
    sink.reset(connection(1), true, 5);
    for (const fromClient of [true, false]) for (const id of [1, 2]) sink.ended(connection(id), fromClient, 6);
    sink.ended(connection(3), false, 6);
    expect(accounts.flows.map(({ end }) => end)).toEqual(['reset', 'closed', 'open']);
  });
});

it('names of connections that are forgotten are those of the next, listeners are told anew when they are too many, sockets when they are forgotten', () => {
  const told: string[] = [];
  const events = new CaptureEvents(({ process, kind, channel, data }) =>
    told.push(`${process} ${kind} ${channel} ${data?.['at'] ?? ''}`.trim()),
  );
  const connection = (id: number, address: string, port = 9_090): Connection => ({
    ...{ id, place: 0, whole: true },
    ...{ client: { address: '10.0.0.2', port: 1 }, server: { address, port } },
  });
  for (const [id, address] of [
    [1, '10.0.0.1'],
    [2, '10.0.0.9'],
  ] as const) {
    events.opened(connection(id, address), 0);
    events.data(0, true, utf8('x'), 0, 1, 0);
    events.forgotten(connection(id, address));
  }
  expect(told.filter(each => each.includes('recv'))).toEqual(['10.0.0.1/9090 recv tcp1>', '10.0.0.9/9090 recv tcp2>']);
  told.length = 0;
  for (let number = 0; number <= LISTENER_LIMIT; number++)
    events.opened(connection(3, `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`), 0);
  events.opened(connection(3, '10.0.0.0'), 0);
  expect(told.filter(each => each === '10.0.0.0/9090 listen  10.0.0.0:9090')).toHaveLength(2);
  told.length = 0;
  const [from, to]: readonly [Endpoint, Endpoint] = [
    { address: '10.0.0.1', port: 513 },
    { address: '10.0.0.2', port: 513 },
  ];
  for (const _ of [1, 2]) {
    events.datagram(from, to, utf8('x'), 0, 1, 0);
    events.endpointsForgotten();
  }
  expect(told.filter(each => each.includes('bind')).map(each => each.split(' ')[2])).toEqual(['udp1', 'udp2', 'udp3', 'udp4']);
});

describe('a log of strace', () => {
  const T = '1700000000.000001';
  const logged = (...calls: readonly string[]) => imported(ascii(calls.map(each => `7 ${T} ${each}\n`).join('')));
  const at = (port: number): string => `{sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("\\x31")}, 16`;
  const socket = 'socket(AF_INET, SOCK_STREAM, 0) = 3';

  it('has an account of each stream of either end, and of datagrams', () => {
    const server = [`bind(3, ${at(80)}) = 0`, 'listen(3, 5) = 0', `accept(3, ${at(4000)}) = 4`];
    const talk = [
      String.raw`read(4, "\x61\x0a\x21\x0a", 9) = 4`,
      String.raw`write(4, "\x62\x0a", 2) = 2`,
      'read(4, "", 9) = 0',
      'shutdown(4, SHUT_WR) = 0',
    ];
    expect(flowsOf(logged(socket, ...server, ...talk))).toEqual(['tcp1 1:4000 host/process.7 0-0us closed 4/1/0 C1 2/1/0']);
    // Whoever does not ask who it is.
    expect(flowsOf(logged(socket, server[0] ?? '', server[1] ?? '', 'accept(3, NULL, NULL) = 4'))).toEqual([
      'tcp1 ? host/process.7 0-0us open 0/0/0 0/0/0',
    ]);
    const dialled = [
      socket,
      `connect(3, ${at(80)}) = 0`,
      String.raw`write(3, "\x61\x0a", 2) = 2`,
      'read(3, 0x7ffd, 9) = -1 ECONNRESET (Connection reset by peer)',
    ];
    expect(flowsOf(logged(...dialled))).toEqual(['tcp1 host/process.7 1:80 0-0us reset 2/1/0 0/0/0']);
    const datagrams = [
      'socket(AF_INET, SOCK_DGRAM, 0) = 3',
      `bind(3, ${at(513)}) = 0`,
      `sendto(3, "\\x61", 1, 0, ${at(514)}) = 1`,
      `recvfrom(3, "\\x62\\x63", 9, 0, ${at(514)}) = 2`,
    ];
    expect(flowsOf(logged(...datagrams))).toEqual(['udp1 1:513 * 0-0us open 1/1/0 2/1/0']);
    expect(logged(...datagrams).account).toMatchObject({ format: 'strace', counts: { lines: 4, processes: 1 } });
  });
});
