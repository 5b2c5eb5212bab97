/** Whatever a peer sends, in whatever pieces: corrected, the pieces make no difference; in any profile nothing is thrown, and an end is an end. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, utf8 } from '../../../src/host/bytes.ts';
import { seconds } from '../../../src/host/time.ts';
import { frameOf } from '../../../src/impl/framing/lines-then-frames.ts';
import { QUIRKS, type Quirk } from '../../../src/impl/ikc/quirks.ts';
import { freeze } from '../../../src/impl/storable/freeze.ts';
import { AS_CLIENT, AS_SERVER, Hand } from './hand.ts';

const RUNS = 400;
const role = fc.constantFrom('server' as const, 'client' as const);
const end = fc.constantFrom('\r\n', '\n', '\r', '\n\r');
const line = fc.constantFrom(
  'HELLO',
  'OK',
  'NOT',
  'DONE',
  'WORLD',
  'UP',
  'IAM a',
  'IAM a b',
  'FREEZER Storable',
  'FREEZER JSON',
  'FREEZER x',
  'SETUP x',
  '',
  'x',
);
const frame = fc.constantFrom(
  frameOf(freeze([1])),
  frameOf(freeze(['x'.repeat(300)])),
  frameOf(utf8('{"a":[1]}')),
  frameOf(new Uint8Array(0)),
  utf8('9\0'),
);

/** A negotiation that may succeed, with what is drawn before, in and behind it. */
const sent = fc
  .record({
    role,
    end,
    lines: fc.array(fc.tuple(fc.nat(8), line), { maxLength: 4 }),
    frames: fc.array(frame, { maxLength: 4 }),
    rubbish: fc.uint8Array({ maxLength: 8 }),
  })
  .map(({ lines, frames, rubbish, ...given }) => {
    const all = [...(given.role === 'server' ? AS_CLIENT : AS_SERVER)];
    for (const [at, text] of lines) all.splice(at, 0, text);
    return { role: given.role, bytes: concat([utf8(all.map(each => each + given.end).join('')), ...frames, rubbish]) };
  });

function pieces(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const at = [...new Set(cuts.map(each => each % (bytes.length + 1)))].toSorted((left, right) => left - right);
  return [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length));
}

test('corrected, the pieces make no difference', () => {
  fc.assert(
    fc.property(sent, fc.array(fc.nat(2_000), { maxLength: 20 }), ({ role: own, bytes }, cuts) => {
      const [whole, cut] = [new Hand({ role: own }), new Hand({ role: own })];
      whole.hear(bytes);
      cut.hear(...pieces(bytes, cuts));
      expect(cut.said).toBe(whole.said);
      expect(cut.told).toEqual(whole.told);
      expect(cut.requests).toEqual(whole.requests);
      expect(cut.logs).toEqual(whole.logs);
    }),
    { numRuns: RUNS },
  );
});

test('in any profile nothing is thrown, nothing is said after the end, and the end is told once', () => {
  fc.assert(
    fc.property(
      sent,
      fc.array(fc.nat(2_000), { maxLength: 20 }),
      fc.subarray([...QUIRKS]),
      fc.boolean(),
      ({ role: own, bytes }, cuts, quirks: readonly Quirk[], asks) => {
        const hand = new Hand({ role: own, quirks });
        hand.onRequest = (request, link) => void link.send(request);
        hand.hear(...pieces(bytes, cuts));
        if (asks) hand.link.shutdown();
        hand.peerEnds();
        hand.later(seconds(100));
        if (!hand.told.some(each => each.startsWith('closed'))) hand.streamCloses();
        hand.link.shutdown();
        expect(hand.link.open).toBe(false);
        expect(hand.told.filter(each => each.startsWith('closed'))).toHaveLength(1);
        expect(hand.told.at(-1)).toMatch(/^closed/);
        expect(hand.timers).toBe(0);
      },
    ),
    { numRuns: RUNS },
  );
});
