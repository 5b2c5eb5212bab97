/** Frames both ways: the vectors of the published program, at every cut and byte by byte, and what nobody should send. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex, utf8 } from '../../../src/host/bytes.ts';
import type { FrameEvent } from '../../../src/impl/lifetime/wire.ts';
import {
  encodeFrame,
  FrameDecoder,
  isHostPort,
  KNOWN_TYPES,
  messageOf,
  PAYLOAD_LIMIT,
  PAYLOAD_MAX,
  WIRE_CLAUSES,
} from '../../../src/impl/lifetime/wire.ts';
import { bytesOf, expandHex, FRAME_VECTORS, type FrameVector, inputOf } from './vectors.ts';

const NO_LIMIT = { payloadLimit: PAYLOAD_MAX };

/** What a decoder makes of the pieces, in the form of the vectors. */
function view(pieces: readonly Uint8Array[], options: ConstructorParameters<typeof FrameDecoder>[0] = NO_LIMIT): readonly string[] {
  const decoder = new FrameDecoder(options);
  const events = pieces.flatMap(piece => [...decoder.push(piece)]);
  const cut = decoder.finish();
  return [...events, ...(cut === undefined ? [] : [cut])].map(lineOf);
}

function lineOf(event: FrameEvent): string {
  switch (event.kind) {
    case 'frame':
      return `${event.offset} ${event.type} ${hex(event.payload)}`;
    case 'skipped':
      return `${event.offset} ${event.type} skipped ${event.length}`;
    case 'violation':
      return `${event.clause}: ${event.detail} at ${event.offset}`;
    default:
      return event satisfies never;
  }
}

function expected({ view: seen, hex: text }: FrameVector): readonly string[] {
  const total = text.length / 2;
  return seen.map(({ offset, type = '', payload = '', error, have, want }) => {
    const name = typeof type === 'string' ? type : type.fill.repeat(type.length);
    if (error === undefined) return `${offset} ${name} ${expandHex(payload)}`;
    if (error === 'bad version') return `${WIRE_CLAUSES.version}: version ${bytesOf(text)[offset]} at ${offset}`;
    return `${WIRE_CLAUSES.truncated}: truncated: the pipe ended in payload: ${have} of ${want} bytes at ${total - (have ?? 0)}`;
  });
}

describe('vectors', () => {
  test('there are enough of them', () => expect(FRAME_VECTORS.length).toBeGreaterThan(25));

  test.each(FRAME_VECTORS.map(vector => [vector.name, vector] as const))('%s', (_, vector) => {
    const input = inputOf(vector);
    const want = expected(vector);
    expect(view([input])).toEqual(want);
    expect(view([...input].map(byte => Uint8Array.of(byte)))).toEqual(want);
    const cuts = input.length < 400 ? Array.from(input, (_byte, index) => index) : [1, 2, 5, 6, 9, 10, 11, 4_095, 4_096, input.length - 1];
    for (const cut of cuts) expect(view([input.subarray(0, cut), input.subarray(cut)])).toEqual(want);
  });

  test.each(
    FRAME_VECTORS.filter(({ view: seen }) => seen.length === 1 && seen[0]?.error === undefined).map(vector => [vector.name, vector]),
  )('%s is what we write', (_, vector) => {
    const [frame] = new FrameDecoder().push(inputOf(vector));
    if (frame?.kind !== 'frame') throw new Error('not one frame');
    const encoded = encodeFrame(frame.type, frame.payload);
    expect(encoded.ok && hex(encoded.bytes)).toBe(hex(inputOf(vector)));
  });
});

describe('encodeFrame', () => {
  test('refuses what the header cannot say', () => {
    expect(encodeFrame('t'.repeat(255), Uint8Array.of()).ok).toBe(true);
    expect(encodeFrame('t'.repeat(256), Uint8Array.of())).toMatchObject({ ok: false, clause: WIRE_CLAUSES.typeLength });
    // 128 characters, 256 bytes: the length is that of the encoding.
    expect(encodeFrame('é'.repeat(128), Uint8Array.of()).ok).toBe(false);
  });

  test('any frames decode to themselves in any pieces', () => {
    const frames = fc.array(
      fc.record({ type: fc.string({ unit: 'grapheme', maxLength: 40 }), payload: fc.uint8Array({ maxLength: 600 }) }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), (list, sizes) => {
        const whole = concat(list.flatMap(({ type, payload }) => unwrap(encodeFrame(type, payload))));
        const pieces: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < whole.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          pieces.push(whole.slice(at, at + size));
          at += size;
        }
        const seen = view(pieces).map(line => line.slice(line.indexOf(' ') + 1));
        expect(seen).toEqual(list.map(({ type, payload }) => `${type} ${hex(payload)}`));
      }),
      { numRuns: 200 },
    );
  });
});

const unwrap = (encoded: ReturnType<typeof encodeFrame>): Uint8Array[] => (encoded.ok ? [encoded.bytes] : []);

describe('limits and hostile input', () => {
  const header = (length: string): Uint8Array => bytesOf(`01046c696172${length}`);

  test('a payload over the limit is refused by its length, before a byte of it', () => {
    expect(view([header('00001000')], {})).toEqual([
      `${WIRE_CLAUSES.truncated}: truncated: the pipe ended in payload: 0 of 1048576 bytes at 10`,
    ]);
    expect(view([header('01001000')], {})).toEqual([
      `${WIRE_CLAUSES.payloadLength}: payload of 1048577 bytes, the limit is ${PAYLOAD_LIMIT} at 6`,
    ]);
    expect(view([header('05000000')], { payloadLimit: 4 })).toEqual([
      `${WIRE_CLAUSES.payloadLength}: payload of 5 bytes, the limit is 4 at 6`,
    ]);
  });

  test('a declared payload of 4 GiB takes no memory before it comes', () => {
    const decoder = new FrameDecoder(NO_LIMIT);
    const before = process.memoryUsage().arrayBuffers;
    decoder.push(header('ffffffff'));
    decoder.push(new Uint8Array(1_000));
    expect(decoder.buffered).toBe(1_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  test('a type nobody wants is skipped without being held, however long it is', () => {
    const decoder = new FrameDecoder({ payloadLimit: 4, wanted: KNOWN_TYPES });
    decoder.push(header('00000001'));
    const piece = new Uint8Array(65_536);
    for (let count = 0; count < 255; count++) {
      expect(decoder.push(piece)).toEqual([]);
      expect(decoder.buffered).toBe(0);
    }
    expect(decoder.finish()?.detail).toContain('ended in payload');
    expect(decoder.push(piece)).toEqual([{ kind: 'skipped', offset: 0, type: 'liar', length: 16_777_216 }]);
    expect(decoder.finish()).toBeUndefined();
  });

  test('the type is UTF-8', () => {
    expect(view([bytesOf('0102c3280000000000')])).toEqual([`${WIRE_CLAUSES.type}: type of 2 bytes is not UTF-8 at 2`]);
  });

  test.each([
    ['01', 'type length'],
    ['0104', 'type'],
    ['01046c6961', 'type'],
    ['01046c696172', 'payload length'],
    ['01046c696172020000', 'payload length'],
    ['01046c69617202000000', 'payload'],
    ['01046c6961720200000000', 'payload'],
  ])('the end after %s is inside %s', (text, field) => {
    expect(view([bytesOf(text)])[0]).toContain(`ended in ${field}:`);
  });

  test('no bytes make it throw, and a violation is the last it says', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), pieces => {
        // Most random bytes fail at the version; give them one.
        const lines = view([Uint8Array.of(1), ...pieces], {});
        const stops = lines.map(line => line.startsWith('C2'));
        expect(stops.slice(0, -1)).not.toContain(true);
      }),
      { numRuns: 500 },
    );
  });

  test('one flipped byte of a sequence changes it, ends it or is seen', () => {
    const vector = FRAME_VECTORS.find(({ name }) => name === 'address mixed sequence');
    if (vector === undefined) throw new Error('no such vector');
    const input = inputOf(vector);
    const whole = view([input], {}).join('\n');
    for (let index = 0; index < input.length; index++) {
      const broken = input.slice();
      broken[index] = (broken[index] ?? 0) ^ 0x01;
      expect(view([broken], {}).join('\n')).not.toBe(whole);
    }
  });
});

describe('messages', () => {
  const message = (type: string, payload: Uint8Array) => messageOf({ kind: 'frame', offset: 7, type, payload });

  test('a lifetime event has a kind and an id', () => {
    expect(message('lifetimeevent', Uint8Array.of(2, 1))).toEqual({ kind: 'lifetime', event: 2, id: 1 });
    expect(message('lifetimeevent', Uint8Array.of(0, 255))).toEqual({ kind: 'lifetime', event: 0, id: 255 });
    expect(message('lifetimeevent', Uint8Array.of(3, 0))).toMatchObject({ kind: 'violation', clause: WIRE_CLAUSES.eventKind, offset: 7 });
    for (const payload of [Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(0, 0, 0)]) {
      expect(message('lifetimeevent', payload)).toMatchObject({ kind: 'violation', clause: WIRE_CLAUSES.event });
    }
  });

  test('an address is host:port', () => {
    expect(message('p2plistenaddr', utf8('[::]:9108'))).toEqual({ kind: 'address', type: 'p2plistenaddr', address: '[::]:9108' });
    expect(message('rpclistenaddr', utf8(''))).toMatchObject({ kind: 'violation', clause: WIRE_CLAUSES.address });
    expect(message('rpclistenaddr', utf8(`${'h'.repeat(300)}:1`))).toMatchObject({ kind: 'violation', clause: WIRE_CLAUSES.address });
    expect(message('rpclistenaddr', Uint8Array.of(0xff))).toMatchObject({ kind: 'violation', clause: WIRE_CLAUSES.address });
  });

  test('any other type is unknown, and so is no type at all', () => {
    expect(message('', Uint8Array.of(1, 2))).toEqual({ kind: 'unknown', type: '', length: 2 });
    expect(messageOf({ kind: 'skipped', offset: 0, type: 'x', length: 9 })).toEqual({ kind: 'unknown', type: 'x', length: 9 });
  });

  test.each([
    ['127.0.0.1:9108', true],
    [':9108', true],
    ['localhost:0', true],
    ['[::1]:65535', true],
    ['::1:9108', false],
    ['127.0.0.1', false],
    ['127.0.0.1:', false],
    ['127.0.0.1:65536', false],
    ['127.0.0.1:-1', false],
    ['a b:1', false],
    ['a\u0000:1', false],
  ])('%j', (text, valid) => expect(isHostPort(text)).toBe(valid));
});
