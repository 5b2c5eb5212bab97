/** A capture in which several protocols are spoken: each stream is decoded by its own, in every command, from the capture and from the trace that was made of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { allSpokenIn, boundedIf, decodersKnown, isBrought, spokenIn } from '../../cli/captures.ts';
import { EXIT } from '../../cli/exit.ts';
import { encodeFrame, LIFETIME_EVENT } from '../../src/impl/lifetime/wire.ts';
import { readTrace } from '../../src/trace/read.ts';
import { streamsOf, streamsPlan } from '../../src/trace/streams.ts';
import { inProcess } from '../support/in-process.ts';
import { ascii, ethernet, ipv4, pcap, tcp, udpHeader } from './build.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-mixed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

const CLIENT = '10.0.0.2';
const SERVER = '10.0.0.1';
/** Whole connections, each with what the client says and what it is told. */
function captured(
  streams: readonly (readonly [port: number, said: string | Uint8Array, told: string | Uint8Array])[],
  datagrams: readonly Uint8Array[] = [],
): Uint8Array {
  const bytesOf = (text: string | Uint8Array): Uint8Array => (typeof text === 'string' ? ascii(text) : text);
  const packets = streams.flatMap(([toPort, said, told], index) => {
    const there = { from: CLIENT, to: SERVER, fromPort: 40_000 + index, toPort };
    const back = { from: SERVER, to: CLIENT, fromPort: toPort, toPort: 40_000 + index };
    const [one, other] = [bytesOf(said), bytesOf(told)];
    return [
      { ...there, seq: 100, flags: 'S' },
      { ...back, seq: 500, ack: 101, flags: 'SA' },
      { ...there, seq: 101, ack: 501, flags: 'PA', payload: one },
      { ...back, seq: 501, ack: 101 + one.length, flags: 'PA', payload: other },
      { ...there, seq: 101 + one.length, ack: 501 + other.length, flags: 'FA' },
      { ...back, seq: 501 + other.length, ack: 102 + one.length, flags: 'FA' },
    ];
  });
  return pcap([
    ...packets.map(each => ({ bytes: ethernet(tcp(each)) })),
    ...datagrams.map(payload => ({ bytes: ethernet(ipv4(CLIENT, '10.0.255.255', 17, udpHeader(513, 513, payload))) })),
  ]);
}
const BODY = 'USER=ann&HOST=h&MSGID=1&AUTH=x&COMMAND=IMPORTDATA&OBJECT=Irolo__work';
const ROVER = [
  80,
  `POST / HTTP/1.0\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
  'HTTP/1.0 200 OK\r\nRover-Result: done\r\ncontent-length: 2\r\n\r\nok',
] as const;
const IKC = [603, 'HELLO\r\nIAM Cli\r\nDONE\r\n', 'IAM site-1\r\nIAM site\r\nDONE\r\n'] as const;
const LONC = [5663, 'init\n1234\nekey\n', 'ok\n1234\nABC\n'] as const;
const STRANGE = [443, Uint8Array.of(0x16, 3, 1, 0, 5, 1, 0x0d, 0x0a, 0, 0x0a), Uint8Array.of(0x16, 3, 3, 0, 2, 0x0a, 0)] as const;
/** Lines that are nobody's. */
const MAIL = [25, 'MAIL FROM:<x>\r\n', 'ok\r\n'] as const;
const report = (): Uint8Array => {
  const bytes = new Uint8Array(60);
  bytes.set([1, 1]);
  bytes.set(ascii('vax'), 12);
  return bytes;
};
const mixed = (): string => file('mixed.pcap', captured([ROVER, ROVER, IKC, LONC, STRANGE, MAIL], [report()]));
const json = async (...words: readonly string[]) => JSON.parse((await inProcess([...words, '--json'])).stdout);
type Flow = {
  readonly channel: string;
  readonly protocol: string | null;
  readonly offset: number;
  readonly sent: { readonly messages: number; readonly violation?: unknown };
};

describe('import', () => {
  it('tells of each stream what it speaks, and of one that nobody makes sense of where it begins', async () => {
    const path = mixed();
    const { protocol, guesses, flows } = await json('import', path);
    expect(protocol).toBe('rover');
    expect(guesses[0]).toMatchObject({ protocol: 'rover', streams: 2, broken: 0 });
    expect(flows.map(({ channel, protocol: spoken, sent }: Flow) => [channel, spoken, sent.messages, sent.violation])).toEqual([
      ['tcp1', 'rover', 1, undefined],
      ['tcp2', 'rover', 1, undefined],
      ['tcp3', 'ikc', 3, undefined],
      ['tcp4', 'lonc', 3, undefined],
      ['tcp5', null, 0, undefined],
      ['tcp6', null, 0, undefined],
      ['udp1', 'rwho', 1, undefined],
      ['udp2', 'rwho', 0, undefined],
    ]);
    const { stdout } = await inProcess(['import', path]);
    expect(stdout).toMatch(/^ {2}streams: 2 rover, 2 rwho, 1 ikc, 1 lonc, 2 not decoded$/m);
    expect(stdout).toMatch(/^ {2}tcp3 +ikc +10\.0\.0\.2:40002 > /m);
    const { offset } = flows[4];
    expect(stdout).toContain(`not decoded: no protocol makes sense of it; it begins at byte ${offset} of the file\n`);
    // The SYN/ACK that opens it is a record of a pcap there.
    const bytes = readFileSync(path);
    expect(bytes.readUInt32LE(offset + 8)).toBe(54);
    expect(stdout).not.toContain('breaks');
  });

  it('takes all for the protocol that is named', async () => {
    const { flows, guesses } = await json('import', mixed(), '--protocol', 'lonc');
    expect(guesses).toEqual([]);
    expect(flows.map(({ protocol }: Flow) => protocol)).toEqual([...Array.from({ length: 6 }, () => 'lonc'), null, null]);
  });

  it('accuses a stream of what most of the capture is only where that made sense of it before', async () => {
    const broken = [603, 'HELLO\r\nIAM Cli\r\n7\0nonsens', 'IAM site\r\n'] as const;
    const { flows } = await json('import', file('broken.pcap', captured([IKC, broken, STRANGE])));
    expect(flows.map(({ protocol, sent }: Flow) => [protocol, sent.violation !== undefined])).toEqual([
      ['ikc', false],
      ['ikc', true],
      [null, false],
    ]);
  });

  it('is of the same streams where the file is larger than what it is guessed by, and where they are found behind that', async () => {
    const body = 'x'.repeat(1_000);
    const much = Array.from({ length: 1_500 }, (): readonly [number, string, string] => [443, `GET ${body}`, `\0${body}`]);
    const path = file('large.pcap', captured([...much, IKC, LONC, ROVER]));
    const known = await decodersKnown([]);
    const spoken = await spokenIn(path, known, undefined);
    expect(spoken.protocol).toBe('rover');
    const { flows } = await json('import', path);
    const told = flows.slice(1_500).map(({ protocol }: Flow) => protocol);
    expect(told).toEqual(['ikc', 'lonc', 'rover']);
    const early = file('early.pcap', captured([IKC, ...much, LONC, ROVER]));
    const first = await spokenIn(early, known, undefined);
    expect([first.protocol, first.streams]).toEqual(['ikc', undefined]);
    const { streams } = await allSpokenIn(first, early);
    expect(['tcp1', 'tcp2', 'tcp1502', 'tcp1503'].map(each => streams.get(each))).toEqual([undefined, 'capture', 'lonc', 'rover']);
    expect((await json('import', early)).flows.slice(1_501).map(({ protocol }: Flow) => protocol)).toEqual(['lonc', 'rover']);
  });
});

describe('every command', () => {
  const trace = async (): Promise<string> => {
    const out = join(folder, 'mixed.jsonl');
    expect(await inProcess(['import', mixed(), '--out', out])).toMatchObject({ code: 0 });
    return out;
  };
  const bare = (text: string): string => text.replaceAll(folder, '').replace(/mixed\.(pcap|jsonl)/g, 'F');

  it('decodes the trace as the capture, each stream by its own', async () => {
    const out = await trace();
    for (const words of [
      ['show', '--all'],
      ['grep', 'type:iam'],
      ['grep', 'type:request'],
      ['grep', 'type:report'],
      ['grep', 'type:line', 'channel:tcp4'],
      ['stats'],
    ]) {
      const [command = '', ...rest] = words;
      const [one, other] = [await inProcess([command, mixed(), ...rest]), await inProcess([command, out, ...rest])];
      expect(bare(other.stdout)).toBe(bare(one.stdout));
      expect(other).toMatchObject({ code: 0, stderr: '' });
    }
    const shown = (await inProcess(['show', out, '--all'])).stdout;
    for (const type of ['request ', 'answer ', 'iam name=', 'report beyond=', 'line length=4 text=init'])
      expect(shown).toContain(`${type}`);
    expect(shown).toMatch(
      /^ {2}\{"file":"mixed\.pcap"\}\n {2}streams of another protocol: 2 that no decoder makes sense of, 1 ikc, 1 lonc, 2 rwho$/m,
    );
    expect((await inProcess(['grep', out, 'channel:tcp6', 'type:line'])).code).toBe(3);
    expect((await inProcess(['verify', out])).code).toBe(0);
  });

  it('exports comments and a dissector of each protocol', async () => {
    const out = await trace();
    const lua = join(folder, 'mixed.lua');
    expect(await inProcess(['export', out, '--as', 'lua', '--out', lua])).toMatchObject({ code: 0, stderr: '' });
    const script = readFileSync(lua, 'utf8');
    for (const name of ['rover', 'ikc', 'lonc', 'rwho']) expect(script).toContain(`local protocol = Proto("slipway_${name}"`);
    expect(script).toContain('slipway_ikc.iam.name');
    expect(script).not.toContain('slipway_rover.iam');
    const again = join(folder, 'again.pcapng');
    expect(await inProcess(['export', out, '--as', 'pcapng', '--out', again])).toMatchObject({ code: 0 });
    const bytes = readFileSync(again, 'latin1');
    for (const note of ['ikc: iam name=Cli', 'rover: request ', 'lonc: line length=4 text=init', 'rwho: report '])
      expect(bytes).toContain(note);
    expect(await inProcess(['view', out, '--out', join(folder, 'x.html')])).toMatchObject({ code: 0 });
  });

  it('anonymises each stream by what its own protocol discloses, and decodes that again', async () => {
    const mail = join(folder, 'anonymous.jsonl');
    expect(await inProcess(['anonymise', await trace(), '--out', mail])).toMatchObject({ code: 0 });
    const shown = (await inProcess(['show', mail, '--all'])).stdout;
    expect(shown).toContain('line length=4 text=init');
    expect(shown).toMatch(/^ +iam name=/m);
    expect(shown).not.toMatch(/name=Cli|MAIL FROM/);
    const header = readTrace([readFileSync(mail)]).header;
    expect([...streamsOf(header ?? { plan: {} })]).toContainEqual(['tcp4', 'lonc']);
  });

  it('makes a case of the streams of one protocol, and says which', async () => {
    const out = join(folder, 'ikc.case.json');
    const made = await inProcess(['case-from', mixed(), '--protocol', 'ikc', '--as', 'server', '--out', out]);
    expect(made.stderr).toBe(`${mixed()}: several protocols are spoken in it; 1 stream of 8 taken for ikc: tcp3\n`);
    expect(made.code).toBe(0);
    const { stderr } = await inProcess(['case-from', mixed(), '--as', 'daemon', '--out', out]);
    expect(stderr).toMatch(/taken for rover: tcp1, tcp2; --protocol says another$/m);
    const one = await inProcess(['case-from', file('one.pcap', captured([IKC])), '--as', 'server', '--out', out]);
    expect([one.code, one.stderr]).toEqual([0, '']);
  });
});

describe('a log of strace', () => {
  it('has pipes and sockets, each of its own protocol, whichever ends are in the log', async () => {
    const frame = encodeFrame(LIFETIME_EVENT, Uint8Array.of(2, 0));
    if (!frame.ok) throw new Error('no frame');
    const said = (bytes: Uint8Array): string => `"${[...bytes].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;
    const half = frame.bytes.length >> 1;
    const lines = [
      '10 1700000000.000000 execve("\\x2f\\x61", ["\\x61"], 0x7 /* 0 vars */) = 0',
      '10 1700000000.000010 pipe([3, 4]) = 0',
      '10 1700000000.000020 fork() = 11',
      `11 1700000000.000030 write(4, ${said(frame.bytes)}, ${frame.bytes.length}) = ${frame.bytes.length}`,
      `10 1700000000.000040 read(3, ${said(frame.bytes.subarray(0, half))}, ${half}) = ${half}`,
      `11 1700000000.000045 write(4, ${said(frame.bytes)}, ${frame.bytes.length}) = ${frame.bytes.length}`,
      `10 1700000000.000050 read(3, ${said(frame.bytes.subarray(half))}, 4096) = ${frame.bytes.length - half}`,
      '10 1700000000.000060 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5',
      '10 1700000000.000070 connect(5, {sa_family=AF_INET, sin_port=htons(603), sin_addr=inet_addr("\\x31\\x30\\x2e\\x30\\x2e\\x30\\x2e\\x31")}, 16) = 0',
      `10 1700000000.000080 write(5, ${said(ascii(IKC[1]))}, 100) = ${IKC[1].length}`,
      `10 1700000000.000090 read(5, ${said(ascii(IKC[2]))}, 4096) = ${IKC[2].length}`,
    ];
    const path = file('site.log', `${lines.join('\n')}\n`);
    const { flows } = await json('import', path);
    expect(flows.map(({ channel, protocol, sent }: Flow) => [channel.replace(/\d+/, ''), protocol, sent.messages, sent.violation])).toEqual(
      [
        ['pipe', 'lifetime', 2, undefined],
        ['tcp', 'ikc', 3, undefined],
      ],
    );
    const shown = (await inProcess(['show', path, '--all'])).stdout;
    expect(shown).toContain('lifetimeevent id=0 kind=2');
    expect(shown).toContain('iam name=Cli');
  });
});

describe('the protocol of somebody else', () => {
  const MODULE = file(
    'theirs.config.mjs',
    `const decoder = () => {
      let text = '';
      return {
        feed(bytes) {
          text += Buffer.from(bytes).toString('latin1');
          const words = text.split('!');
          text = words.pop();
          return words.map(word => word.startsWith('memo ')
            ? { kind: 'message', type: 'memo', fields: { word: word.slice(5) }, bytes: Buffer.from(word), ignorable: false }
            : { kind: 'violation', clause: 'M1', detail: 'no memo', offset: 0 });
        },
        end: () => [],
      };
    };
    export default { protocols: [{ name: 'memo', daemons: {}, decoders: { tcp: decoder } }] };`,
  );
  it('takes part, and is found again in the trace', async () => {
    const path = file('theirs.pcap', captured([ROVER, [11_211, 'memo a!memo b!', 'memo c!'], IKC]));
    const out = join(folder, 'theirs.jsonl');
    const { flows } = await json('import', path, '--out', out, '--load', MODULE);
    expect(flows.map(({ protocol }: Flow) => protocol)).toEqual(['rover', 'memo', 'ikc']);
    expect((await inProcess(['grep', out, 'type:memo', '--load', MODULE])).stdout).toMatch(/ memo word=a/);
    // Where nobody brings it, that stream is not decoded, and the others are.
    expect(await inProcess(['grep', out, 'type:iam'])).toMatchObject({ code: 0, stderr: '' });
    expect((await inProcess(['grep', out, 'type:memo'])).code).toBe(3);
  });
});

describe('which streams are another protocol’s', () => {
  it('stands in the plan in few words, and is read from there; nonsense is none', () => {
    const streams = new Map([
      ['tcp1', 'ikc'],
      ['tcp2', 'ikc'],
      ['tcp4', 'ikc'],
      ['udp5', 'ikc'],
      ['x y', 'ikc'],
      ['tcp3', 'capture'],
    ]);
    expect(streamsPlan(streams)).toEqual({ streams: { ikc: 'tcp1-2 tcp4 udp5 x y', capture: 'tcp3' } });
    streams.delete('x y');
    expect(streamsOf({ plan: streamsPlan(streams) as never })).toEqual(streams);
    expect(streamsPlan(new Map())).toEqual({});
    for (const plan of [null, 3, [], {}, { streams: 1 }, { streams: [] }, { streams: { ikc: 7 } }])
      expect(streamsOf({ plan }).size).toBe(0);
    expect(streamsOf({ plan: { streams: { a: 'tcp1-999999999999 tcp7' } } }).size).toBe(1_000_000);
  });
});

describe('time', () => {
  const busy = (): void => {
    for (;;);
  };
  const waiting = (): void => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  };

  it('is bounded where decoders of a user are asked, and ours are not', async () => {
    expect(isBrought(await decodersKnown([]))).toBe(false);
    expect(isBrought({ memcached: {} })).toBe(true);
    expect(boundedIf(false, 'f', () => 7, 1)).toBe(7);
    boundedIf(false, 'f', waiting, 100);
    expect(() => boundedIf(true, 'f', busy, 200)).toThrow(
      expect.objectContaining({ code: EXIT.usage, message: expect.stringContaining('does not come back') }),
    );
  });

  it('that the machine had not is not held against a decoder', () => {
    const slow = (): void => {
      for (;;) waiting();
    };
    expect(() => boundedIf(true, 'f', slow, 300)).toThrow(
      expect.objectContaining({ code: EXIT.noTime, message: expect.stringContaining('this computer had no time') }),
    );
  });
});
