/** What is given away has nothing of what was said, and is as long and as decodable as it was. Over every recorded run, and by hand. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { fromUtf8, utf8 } from '../../src/host/bytes.ts';
import { anonymised } from '../../src/trace/anonymise/anonymise.ts';
import { paddingSpans, spansOf, wordSpans } from '../../src/trace/anonymise/disclosure.ts';
import { type Draw, Pseudonyms } from '../../src/trace/anonymise/pseudonyms.ts';
import { Said } from '../../src/trace/anonymise/said.ts';
import { DecodedTrace, HOLE } from '../../src/trace/decoded.ts';
import { encodeTrace } from '../../src/trace/encode.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Decoder, Decoders, Message } from '../../src/trace/message.ts';
import { readTrace } from '../../src/trace/read.ts';
import { protocols } from '../support/protocols.ts';
import { event, HEADER } from './arbitrary.ts';

/** Chance that repeats, for tests alone. */
function drawOf(seed: string): Draw {
  let turn = 0;
  return count => {
    const parts: number[] = [];
    while (parts.length < count) parts.push(...createHash('sha256').update(`${seed} ${turn++}`).digest());
    return Uint8Array.from(parts.slice(0, count));
  };
}

const root = new URL('../../traces/', import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.jsonl'))
  .toSorted();

/** Types of messages with where they end, which is where the next begins. */
function messagesOf(events: readonly TraceEvent[], decoders: Decoders): readonly string[] {
  const decoded = new DecodedTrace(decoders);
  return events.flatMap(each =>
    decoded
      .see(each)
      .map(item => (item.kind === 'message' ? `${each.index} ${item.type} ${item.bytes.length}` : `${each.index} violation`)),
  );
}

/** Up to the first violation of each flow: what comes behind it is no message, and is replaced as a whole. */
const isBroken = (messages: readonly string[]): boolean => messages.some(each => each.endsWith('violation'));

describe.each(files)('%s', file => {
  const { header, events, footer } = readTrace([readFileSync(new URL(file, root))]);
  const protocol = protocols.find(({ name }) => file.startsWith(`${name}/`));
  if (header === undefined || protocol === undefined) throw new Error('no trace of ours');
  const { decoders = {}, disclosed } = protocol;
  const programs = new Set(Object.keys(protocol.programs));
  const result = anonymised({ header, events, footer }, { decoders, disclosed, programs, name: header.name, draw: drawOf(file) });

  it('is a trace that verifies, of as many events, each as long', () => {
    const read = readTrace([utf8([...encodeTrace(result.header, result.events, result.ending)].join(''))]);
    expect({ state: read.state, problems: read.problems }).toEqual({ state: 'complete', problems: [] });
    expect(read.header).toMatchObject({ kind: 'anonymised', seed: '', plan: { anonymised: { from: header.kind } } });
    expect(read.events.map(({ bytes }) => bytes?.length)).toEqual(events.map(({ bytes }) => bytes?.length));
    expect(read.events.map(({ kind, time, cause }) => [kind, time, cause])).toEqual(
      events.map(({ kind, time, cause }) => [kind, time, cause]),
    );
  });

  it('decodes to the same types of messages, of the same lengths', () => {
    const before = messagesOf(events, decoders);
    // Types that the protocol does not know are somebody's, and are replaced.
    const typed = (all: readonly string[]): readonly string[] =>
      protocol.name === 'lifetime' ? all.filter(each => !each.endsWith(' 0')) : all;
    if (isBroken(before)) return;
    expect(typed(messagesOf(result.events, decoders))).toEqual(typed(before));
  });

  it('has another machine wherever a process was on one, and the same where it was the same', () => {
    const pairs = new Map(events.map(({ process }, at) => [process, result.events[at]?.process ?? '']));
    expect(new Set(pairs.values()).size).toBe(pairs.size);
    for (const [was, is] of pairs) if (was !== '') expect(is).not.toBe(was);
  });
});

test('most recorded runs are compared to their end', () => {
  const whole = files.filter(file => {
    const { decoders = {} } = protocols.find(({ name }) => file.startsWith(`${name}/`)) ?? {};
    return !isBroken(messagesOf(readTrace([readFileSync(new URL(file, root))]).events, decoders));
  });
  expect(whole.length).toBeGreaterThan(files.length * 0.8);
});

// ── by hand ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Lines: a word, and whatever is behind it. */
const lines: Decoders = {
  pipe: (): Decoder => {
    let held: number[] = [];
    return {
      feed: bytes =>
        [...bytes].flatMap(byte => {
          held.push(byte);
          if (byte !== 10) return [];
          const whole = Uint8Array.from(held);
          held = [];
          if (whole[0] === 33) throw new Error('a decoder of a stranger');
          return [{ kind: 'message', type: 'line', fields: {}, bytes: whole, ignorable: false }] as const;
        }),
      end: () => [],
    };
  },
};
const SECRETS = ['correct-horse', 'tréasure', '192.168.7.44', 'alice', 'hunter22', 'vault.example', '/home/alice/keys', '4711999'];
const told: readonly TraceEvent[] = [
  event(0, {
    kind: 'start',
    process: 'vault.example/server.4',
    channel: '',
    data: { program: 'server', args: '--password=hunter22', parent: 1 },
  }),
  event(1, { kind: 'connect', process: '192.168.7.44/client', channel: '', data: { to: '192.168.7.44:4711' } }),
  event(2, { process: 'vault.example/server.4', bytes: utf8('put alice correct-') }),
  event(3, { process: 'vault.example/server.4', bytes: utf8('horse\nput alice tréasure\n!\nput alice rest'), message: 2 }),
  event(4, { kind: 'recv', process: 'a/b.1', bytes: utf8('put alice correct-horse\n') }),
  event(5, { kind: 'write', process: 'a/b.1', channel: '', bytes: utf8('tréasure'), data: { path: '/home/alice/keys' } }),
  event(6, { kind: 'log', process: 'a/b.1', channel: '', data: { severity: 'info', event: 'alice logs in', code: 4711999, admin: true } }),
  event(7, { kind: 'bug', process: 'a/b.1', channel: '', data: { message: 'hunter22 is wrong' } }),
];
const disclosed = (_: unknown, bytes: Uint8Array): readonly (readonly [number, number])[] => [
  [0, 4],
  [bytes.length - 1, 1],
];
const handmade = anonymised(
  { header: { ...HEADER, title: 'of alice', plan: { password: 'hunter22' } }, events: told, footer: undefined },
  { decoders: lines, disclosed, programs: new Set(['server']), name: 'x/anonymised', draw: drawOf('x') },
);
const text = [...encodeTrace(handmade.header, handmade.events, undefined)].join('');

test('nothing of what nobody may see is in the file, as text or in hexadecimal', () => {
  const everything =
    text + handmade.events.map(({ bytes }) => (bytes === undefined ? '' : Buffer.from(bytes).toString('latin1'))).join(' ');
  for (const secret of SECRETS) {
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(Buffer.from(secret).toString('hex'));
    expect(everything).not.toContain(Buffer.from(secret).toString('latin1'));
  }
});

test('what may be seen stays, also where a message comes in two pieces', () => {
  const said = handmade.events.map(({ bytes }) => (bytes === undefined ? '' : (fromUtf8(bytes) ?? '')));
  expect(said[2]?.slice(0, 4)).toBe('put ');
  expect(said[3]).toMatch(/^\S{5}\nput \S+\n/);
  expect(handmade.events[0]).toMatchObject({ process: expect.stringMatching(/\/server\.4$/), data: { program: 'server', parent: 1 } });
});

test('behind a decoder that gives up nothing stays', () => {
  const rest = Buffer.from(handmade.events[3]?.bytes ?? [])
    .toString('latin1')
    .slice(24);
  expect(rest).not.toContain('put');
  expect(rest).not.toContain('!');
});

test('equal values are equal: the same line, sent and received, the same name wherever it stands', () => {
  const sent = Buffer.concat(
    [handmade.events[2]?.bytes ?? [], (handmade.events[3]?.bytes ?? []).slice(0, 6)].map(each => Buffer.from(each)),
  );
  expect(sent.equals(Buffer.from(handmade.events[4]?.bytes ?? []))).toBe(true);
  const address = handmade.events[1]?.process.split('/')[0] ?? '';
  expect(handmade.events[1]?.data?.['to']).toBe(`${address}:4711`);
  expect(address).toMatch(/^10\.0\.0\./);
});

test('a pseudonym has the length and the form of its value, and is another', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'grapheme', minLength: 4 }).map(utf8), fc.uint8Array({ minLength: 4 })),
      fc.string(),
      (value, seed) => {
        const pseudonyms = new Pseudonyms(drawOf(seed));
        const other = pseudonyms.bytes(value);
        expect(other.length).toBe(value.length);
        expect(fromUtf8(other) !== undefined || fromUtf8(value) === undefined || /[^\P{Cc}\t\r\n]/u.test(fromUtf8(value) ?? '')).toBe(true);
        expect(Buffer.from(other).equals(Buffer.from(value))).toBe(false);
        expect(pseudonyms.bytes(value)).toEqual(other);
        expect([...other].some(byte => byte === 10 || byte === 0 || byte === 13)).toBe(false);
      },
    ),
  );
});

test('different values have different pseudonyms, networks stay together, and a broadcast is one', () => {
  const pseudonyms = new Pseudonyms(drawOf('n'));
  const values = Array.from({ length: 200 }, (_, index) => pseudonyms.text(`user${index}`));
  expect(new Set(values).size).toBe(200);
  const [one, two, all, other] = ['172.16.4.9', '172.16.4.10', '172.16.4.255', '172.16.5.9'].map(each => pseudonyms.address(each));
  expect([one, two, all, other]).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.255', '10.0.1.1']);
  expect(['127.0.0.1', '0.0.0.0', '::1'].map(each => pseudonyms.address(each))).toEqual(['127.0.0.1', '0.0.0.0', '::1']);
});

test('behind bytes that break the format nothing stays', () => {
  const breaking: Decoders = {
    pipe: (): Decoder => {
      let times = 0;
      return { feed: () => (times++ > 0 ? [] : [{ kind: 'violation', clause: 'C1', detail: 'no', offset: 0 }]), end: () => [], held: 0 };
    },
  };
  const broken = [event(0, { bytes: utf8('put x\n') }), event(1, { bytes: utf8('put alice\n') })];
  const { events, kept } = anonymised(
    { header: HEADER, events: broken, footer: undefined },
    { decoders: breaking, disclosed, programs: new Set(), name: 'x', draw: drawOf('b') },
  );
  expect(kept).toBe(0);
  expect(events.map(({ bytes }) => fromUtf8(bytes ?? utf8('put'))?.includes('put'))).toEqual([false, false]);
});

// ── piece by piece ──────────────────────────────────────────────────────────────────────────────────────────────────

describe('what is said of the bytes', () => {
  const made = (...data: readonly TraceEvent[]) => {
    const said = new Said({ pseudonyms: new Pseudonyms(drawOf('s')), programs: new Set(['server']) });
    return data.map(each => said.data(each));
  };
  const says = (data: NonNullable<TraceEvent['data']>, kind: TraceEvent['kind'] = 'log') => made(event(0, { kind, data }))[0] ?? {};

  it('is replaced by something of the same form: addresses, paths, numbers', () => {
    expect(says({ a: '192.168.7.44:4711', b: '[2001:db8::7]:4711', c: '2001:db8::7', d: '255.255.255.255:513', e: '192.168.8.1' })).toEqual(
      {
        ...{ a: '10.0.0.1:4711', b: '[fd00::2]:4711', c: 'fd00::2', d: '255.255.255.255:513', e: '10.0.1.1' },
      },
    );
    expect(says({ one: 'unix:/home/alice/x', same: '/home/alice', way: '/../home/./x' })).toEqual({
      one: expect.stringMatching(/^unix:\/[a-z]{4}\/[a-z]{5}\/[a-z]$/),
      same: expect.stringMatching(/^\/[a-z]{4}\/[a-z]{5}$/),
      way: expect.stringMatching(/^\/\.\.\/[a-z]{4}\/\.\/[a-z]$/),
    });
    const { one = '', same = '', way = '' } = says({ one: 'unix:/home/alice/x', same: '/home/alice', way: '/../home/./x' });
    expect(`${one}`.startsWith(`unix:${same}/`)).toBe(true);
    expect(`${way}`.split('/')[2]).toBe(`${same}`.split('/')[1]);
    const { whole, minus, part } = says({ whole: 4711, minus: -4711, part: 12.5 });
    expect([String(whole), String(minus), String(part)]).toEqual([
      ...[expect.stringMatching(/^[1-9]\d{3}$/), expect.stringMatching(/^-[1-9]\d{3}$/), expect.stringMatching(/^[1-9]\d$/)],
    ]);
    expect(minus).toBe(-Number(whole));
  });

  it('stays where it is a word of a kernel, and a sentence never does', () => {
    expect(says({ name: 'heal' }, 'phase')).toEqual({ name: 'heal' });
    expect(says({ name: 'of alice' }, 'phase')).not.toEqual({ name: 'of alice' });
    expect(says({ signals: 'SIGTERM SIGHUP', how: 'block' }, 'mask')).toEqual({ signals: 'SIGTERM SIGHUP', how: 'block' });
    expect(says({ error: 'ECONNRESET' }, 'close')).toEqual({ error: 'ECONNRESET' });
    expect(says({ error: 'of alice' }, 'close')).not.toEqual({ error: 'of alice' });
    expect(says({ program: 'server', midway: true, admin: true })).toEqual({ program: 'server', midway: true, admin: false });
    expect(says({ program: 'vault' })['program']).not.toBe('vault');
    expect(says({ event: HOLE, bytes: 4711 })).toEqual({ event: HOLE, bytes: 4711 });
    expect(says({ event: 'other', bytes: 4711 })['bytes']).not.toBe(4711);
  });

  it('has names of fields that are names, and no others', () => {
    expect(Object.keys(says({ 'a.b-c': 1 }))).toEqual(['a.b-c']);
    expect(Object.keys(says({ 'of alice': 1 }))).toEqual([expect.not.stringContaining('alice')]);
  });

  it('names processes and channels as before where anybody may know them', () => {
    const said = new Said({ pseudonyms: new Pseudonyms(drawOf('s')), programs: new Set(['server']) });
    expect(['192.168.7.44/client', '192.168.7.44/513', 'server.7', ''].map(each => said.process(each))).toEqual([
      ...['10.0.0.1/client', '10.0.0.1/513', 'server.7', ''],
    ]);
    expect(said.process('2001:db8::7/513')).toBe('fd00::2/513');
    expect(said.process('vault/alice.7')).toMatch(/^[a-z]{5}\/[a-z]{5}\.7$/);
    expect(['tcp12>', 'pipe3', 'udp1', 'stderr', ''].map(each => said.channel(each))).toEqual(['tcp12>', 'pipe3', 'udp1', 'stderr', '']);
    expect(said.channel('alice')).not.toBe('alice');
  });
});

describe('pseudonyms', () => {
  test('of a network have each its own number, also where there are many networks and many machines, and none is a broadcast', () => {
    const pseudonyms = new Pseudonyms(drawOf('n'));
    const many = Array.from({ length: 300 }, (_, network) => pseudonyms.address(`172.${network >> 8}.${network & 255}.7`));
    expect([many[0], many[255], many[256], many[299]]).toEqual(['10.0.0.1', '10.0.255.1', '10.1.0.1', '10.1.43.1']);
    const machines = Array.from({ length: 255 }, (_, host) => new Set([pseudonyms.address(`10.9.9.${host}`)]));
    expect(machines.some(each => [...each].some(address => address.endsWith('.255') || address.endsWith('.0')))).toBe(false);
    expect(pseudonyms.address('172.0.0.7')).toBe('10.0.0.1');
    expect(['2001:db8::1', '2001:db8::2'].map(each => pseudonyms.address(each))).toEqual([
      `fd00::${(556).toString(16)}`,
      `fd00::${(557).toString(16)}`,
    ]);
  });

  test('have capital letters where the value has', () => {
    expect(new Pseudonyms(drawOf('c')).text('AliceBOB-1')).toMatch(/^[A-Z][a-z]{4}[A-Z]{3}[a-z][1-9]$/);
  });

  test('of short values are different as long as there are different ones', () => {
    const pseudonyms = new Pseudonyms(drawOf('d'));
    expect(new Set([...'abcdefghijkl'].map(each => pseudonyms.text(each))).size).toBe(12);
    expect(pseudonyms.values).toBe(12);
  });
});

describe('bytes', () => {
  const given = (events: readonly TraceEvent[], decoders: Decoders = lines) =>
    anonymised(
      { header: HEADER, events, footer: undefined },
      { decoders, disclosed, programs: new Set<string>(), name: 'x', draw: drawOf('f') },
    );
  const saidIn = (...events: readonly TraceEvent[]): readonly string[] =>
    given(events).events.map(({ bytes }) => Buffer.from(bytes ?? []).toString('latin1'));
  const hole = (index: number): TraceEvent => ({ ...event(index, { kind: 'log', data: { event: HOLE, bytes: 3 } }), bytes: undefined });

  test.each(['send', 'recv'] as const)('behind a hole stay no more, of what was %s', kind => {
    const [first, , last] = saidIn(event(0, { kind, bytes: utf8('put alice\n') }), hole(1), event(2, { kind, bytes: utf8('put alice\n') }));
    expect(first).toMatch(/^put .*\n$/);
    expect(last).not.toMatch(/put|\n/);
  });

  test('of a long value are replaced in pieces, so that both ends of a stream that was cut have the same', () => {
    const long = utf8('x'.repeat(10_000));
    const [sent = '', read = ''] = saidIn(event(0, { bytes: long }), event(1, { kind: 'recv', bytes: long.slice(0, 9_000) }));
    expect([sent.length, read.length]).toEqual([10_000, 9_000]);
    expect(read.slice(0, 8_192)).toBe(sent.slice(0, 8_192));
    expect(new Set([sent.slice(0, 9_000), read]).size).toBe(2);
  });

  test('of each datagram are a whole, whatever was in the one before it', () => {
    const udp: Decoders = {
      udp: (): Decoder => ({
        feed: bytes =>
          bytes[0] === 33
            ? [{ kind: 'violation', clause: 'C1', detail: 'no', offset: 0 }]
            : [{ kind: 'message', type: 'm', fields: {}, bytes, ignorable: false }],
        end: () => [],
        held: 0,
      }),
    };
    const datagram = (index: number, text: string): TraceEvent => event(index, { kind: 'datagram', channel: 'udp1', bytes: utf8(text) });
    const { events, kept, replaced } = given([datagram(0, '!ut alice'), datagram(1, 'put alice')], udp);
    expect(events.map(({ bytes }) => fromUtf8(bytes ?? utf8(''))?.slice(0, 4))).toEqual([expect.not.stringContaining('!'), 'put ']);
    // Four at the beginning, and one at the end.
    expect({ kept, replaced }).toEqual({ kept: 5, replaced: 13 });
  });

  test('of a message that was not seen to its end stay where its protocol says so, and none behind what broke the format', () => {
    expect(saidIn(event(0, { bytes: utf8('put alice') }))[0]).toMatch(/^put [a-z]{4}e$/);
    expect(saidIn(event(0, { bytes: utf8('!\n') }), event(1, { bytes: utf8('put alice') }))[1]).not.toMatch(/^put|e$/);
  });

  test('that are disclosed end where the message does', () => {
    const beyond = (_: unknown, bytes: Uint8Array): readonly (readonly [number, number])[] => (bytes[0] === 97 ? [[1, 100]] : []);
    const { events } = anonymised(
      { header: HEADER, events: [event(0, { bytes: utf8('abc\nxyz\n') })], footer: undefined },
      { decoders: lines, disclosed: beyond, programs: new Set<string>(), name: 'x', draw: drawOf('f') },
    );
    expect(fromUtf8(events[0]?.bytes ?? utf8(''))).toMatch(/^[^a]bc\n(?!xyz)/);
  });
});

test('of the end stays how it ended and where, and of a check its name', () => {
  const ended = (check: string) =>
    anonymised(
      { header: HEADER, events: [event(0)], footer: { events: 1, fingerprint: '', outcome: 'fail', check, at: 0, why: 'alice was there' } },
      { decoders: {}, disclosed: undefined, programs: new Set<string>(), name: 'x', draw: drawOf('e') },
    ).ending;
  expect(ended('lonc/answers-are_own.1')).toEqual({ outcome: 'fail', check: 'lonc/answers-are_own.1', at: 0, why: '' });
  expect(ended('of alice')).toMatchObject({ check: '' });
  expect(handmade.ending).toBeUndefined();
});

describe('what a protocol discloses', () => {
  const message = (type: string): Message => ({
    kind: 'message',
    type,
    fields: {},
    bytes: utf8(''),
    ignorable: false,
    spans: { name: [2, 3] },
  });

  test('are the fields of a type that it names', () => {
    const fields = { greet: ['name', 'missing'] };
    expect(spansOf(message('greet'), fields)).toEqual([[2, 3]]);
    for (const type of ['other', 'constructor', 'toString']) expect(spansOf(message(type), fields)).toEqual([]);
    expect(spansOf(undefined, fields)).toEqual([]);
  });

  test('are words that it knows, the last one too, and what stands between words', () => {
    const known = (text: string) => wordSpans(utf8(text), new Set(['put', 'end']), new Set([32, 10]));
    expect(known('put x end')).toEqual([
      ...[
        [0, 3],
        [3, 1],
        [5, 1],
        [6, 3],
      ],
    ]);
    expect(known('')).toEqual([]);
    expect(known('put\n')).toEqual([
      ...[
        [0, 3],
        [3, 1],
      ],
    ]);
  });

  test('are the zeros that fill a field', () => {
    expect(paddingSpans(Uint8Array.of(0, 65, 0, 0, 0), [1, 3])).toEqual([
      ...[
        [2, 1],
        [3, 1],
      ],
    ]);
  });
});
