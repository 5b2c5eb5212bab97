/** What is given away has nothing of what was said, and is as long and as decodable as it was. Over every recorded run, and by hand. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { fromUtf8, utf8 } from '../../src/host/bytes.ts';
import { anonymised } from '../../src/trace/anonymise/anonymise.ts';
import { type Draw, Pseudonyms } from '../../src/trace/anonymise/pseudonyms.ts';
import { DecodedTrace } from '../../src/trace/decoded.ts';
import { encodeTrace } from '../../src/trace/encode.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Decoder, Decoders } from '../../src/trace/message.ts';
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
