/** What a message becomes on its way out, corrected and with each quirk; the sizes of the published writer's calls. */
import { describe, expect, test } from 'vitest';
import { concat, hex, utf8 } from '../../../src/host/bytes.ts';
import { fail, ok } from '../../../src/host/result.ts';
import { BUFFER_SIZE, rulesOf } from '../../../src/impl/lifetime/as-written.ts';
import { outgoing, outgoingEvent, writesOf } from '../../../src/impl/lifetime/outgoing.ts';
import type { Quirk } from '../../../src/impl/lifetime/quirks.ts';
import { QUIRK } from '../../../src/impl/lifetime/quirks.ts';
import { FrameDecoder, PAYLOAD_LIMIT } from '../../../src/impl/lifetime/wire.ts';
import { FRAME_VECTORS, inputOf, WRITES_VECTORS } from './vectors.ts';

const writes = (message: Parameters<typeof writesOf>[0], ...quirks: Quirk[]) => writesOf(message, rulesOf(new Set(quirks)));

const edge = (name: string): Uint8Array => {
  const vector = FRAME_VECTORS.find(candidate => candidate.name === `edge ${name}`);
  if (vector === undefined) throw new Error(`no vector ${name}`);
  return inputOf(vector);
};

describe('writesOf', () => {
  test.each(WRITES_VECTORS.map(vector => [vector.message, vector] as const))('as written, %s', (_, { type, payloadLength, calls }) => {
    const message = outgoing(type, new Uint8Array(payloadLength));
    expect(writes(message, QUIRK.PARTIAL_FRAME).calls.map(call => call.length)).toEqual(calls);
    const corrected = writes(message).calls;
    expect(corrected.length).toBe(1);
    expect(hex(concat(corrected))).toBe(hex(concat(writes(message, QUIRK.PARTIAL_FRAME).calls)));
  });

  test('an event is one call of 21 bytes', () => {
    expect(writes(outgoingEvent(2, 1)).calls.map(hex)).toEqual(['010d6c69666574696d656576656e74020000000201']);
  });

  test('DC-08: a payload that fails at 5000 leaves 4096 bytes; at 100, none', () => {
    const broken = (length: number) => ({
      type: 'broken',
      size: length + 10,
      pieces: [() => ok(new Uint8Array(length).fill(0x42)), () => fail('ENOENT', 'read /missing')],
    });
    const out = writes(broken(5_000), QUIRK.PARTIAL_FRAME);
    expect(concat(out.calls).length).toBe(BUFFER_SIZE);
    expect(hex(concat(out.calls)).startsWith('010662726f6b656e921300004242')).toBe(true);
    expect(out.failure).toContain('ENOENT');
    expect(writes(broken(100), QUIRK.PARTIAL_FRAME)).toMatchObject({ calls: [], refused: undefined });
    expect(writes(broken(5_000))).toMatchObject({ calls: [], failure: undefined, refused: expect.stringContaining('ENOENT') });
  });

  test.each([256, 257, 300, 512])('DC-10: a type of %i bytes', length => {
    const message = outgoing('t'.repeat(length), Uint8Array.of(0xaa, 0xbb));
    expect(writes(message).refused).toContain(`type of ${length} bytes`);
    const bytes = concat([...writes(message, QUIRK.WRAP_TYPE).calls, ...writes(outgoingEvent(0, 1)).calls]);
    expect(hex(bytes)).toBe(hex(edge(`type len ${length}`)));
  });

  test('DC-11: a size that is not that of the bytes', () => {
    const over = outgoing('liar', utf8('LLLLL'), 2);
    const under = outgoing('liar', utf8('ll'), 5);
    for (const message of [over, under]) expect(writes(message).refused).toContain('declared as');
    const after = writes(outgoingEvent(0, 1)).calls;
    expect(hex(concat([...writes(over, QUIRK.TRUST_SIZE).calls, ...after]))).toBe(hex(edge('overlong payload')));
    expect(hex(concat([...writes(under, QUIRK.TRUST_SIZE).calls, ...after]))).toBe(hex(edge('underlong payload')));
  });

  test('what our own reader would refuse is not sent', () => {
    expect(writes(outgoing('blob', new Uint8Array(PAYLOAD_LIMIT))).refused).toBeUndefined();
    expect(writes(outgoing('blob', new Uint8Array(PAYLOAD_LIMIT + 1))).refused).toContain('more than');
    const decoder = new FrameDecoder();
    const events = writes(outgoing('blob', new Uint8Array(PAYLOAD_LIMIT))).calls.flatMap(call => [...decoder.push(call)]);
    expect(events).toMatchObject([{ kind: 'frame', type: 'blob' }]);
  });
});
