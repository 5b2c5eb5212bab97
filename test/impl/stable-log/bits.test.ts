/** Files that end too early, and bits that are another: what was promised is there, or its loss is told. */
import { describe, expect, it } from 'vitest';
import { ORIGIN } from '../../../src/host/time.ts';
import { HEADER_BYTES, scan } from '../../../src/impl/stable-log/segment.ts';
import { must } from '../../sim/kit.ts';
import { Computer } from './computer.ts';
import { account, Counter, FOLDER } from './counter.ts';

const COMMITS = 6;

/** The bytes of a log with a checkpoint of two numbers and some commits, two of them of one turn; and where each frame begins. */
function logged(close: boolean): { readonly file: string; readonly bytes: Uint8Array; readonly lengths: readonly number[] } {
  const computer = new Computer();
  const first = new Counter(computer, account());
  must(first.log.renew());
  for (const number of [1, 2]) first.tell(number);
  computer.turn();
  const counter = new Counter(computer, account());
  must(counter.log.renew());
  const lengths = [counter.log.size];
  for (let number = 3; number < 3 + COMMITS; number++) {
    counter.tell(number);
    if (number === 4) continue;
    computer.turn();
    lengths.push(counter.log.size);
  }
  if (close) must(counter.log.close());
  lengths.push(counter.log.size);
  const file = `${FOLDER}/log.00000002`;
  return { file, bytes: must(computer.disk.read(file)), lengths };
}

function reopened(file: string, bytes: Uint8Array): Counter {
  const computer = new Computer();
  must(computer.disk.makeDirectory(FOLDER, ORIGIN));
  must(computer.disk.write(file, bytes, ORIGIN));
  return new Counter(computer, account());
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at + 1);
const ALL = numbers(2 + COMMITS);

describe('a log that ends too early', () => {
  it.each([true, false])('gives back whole commits up to there, says where, and can be gone on with (closed: %s)', close => {
    const { file, bytes, lengths } = logged(close);
    const checkpoint = lengths[0] ?? 0;
    for (let length = 0; length < bytes.length; length++) {
      const { opened, known } = reopened(file, bytes.subarray(0, length));
      if (length < checkpoint) {
        expect(opened, `${length}`).toMatchObject({ ok: false, refusal: { why: 'damaged', file } });
        continue;
      }
      expect(known, `${length}`).toEqual(numbers(known.length));
      if (!opened.ok) throw new Error(opened.refusal.what);
      expect(opened.sealed).toBe(false);
      const { cut } = opened;
      if (cut === undefined) expect(scan(bytes.subarray(0, length))).toMatchObject({ state: 'whole', cut: undefined });
      else expect(cut).toMatchObject({ file, bytes: length - cut.offset });
      expect(known.length === ALL.length || cut !== undefined || lengths.includes(length) || length > checkpoint).toBe(true);
      must(opened.log.renew());
    }
  });
});

describe('a bit that is another', () => {
  it('is found anywhere in a log that was closed, and nothing that was promised is missing without a word', () => {
    const { file, bytes, lengths } = logged(true);
    const seal = lengths.at(-2) ?? 0;
    const outcomes: Record<string, number> = { damaged: 0, version: 0, cut: 0 };
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { opened, known } = reopened(file, flipped);
      const outcome = opened.ok ? (opened.cut === undefined ? 'unseen' : 'cut') : opened.refusal.why;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (!opened.ok) continue;
      // Only what says that it was closed.
      expect(opened.cut?.offset, `bit ${bit}`).toBe(seal);
      expect(known, `bit ${bit}`).toEqual(ALL);
    }
    expect(outcomes).toEqual({ damaged: (seal - 4) * 8, version: 4 * 8, cut: (bytes.length - seal) * 8 });
  });

  it('is found in a log that was not closed, but for the last sync, where it cannot be told from a torn write', () => {
    const { file, bytes, lengths } = logged(false);
    const last = lengths.at(-3) ?? 0;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { opened } = reopened(file, flipped);
      if (bit >> 3 < last) expect(opened.ok, `bit ${bit}`).toBe(false);
      else expect(opened, `bit ${bit}`).toMatchObject({ ok: true, cut: { file, offset: last } });
    }
  });

  it('in a payload that looks like a frame deceives nobody', () => {
    // What was stored is a whole log: its frames have another mark.
    const { bytes } = logged(true);
    const computer = new Computer('another');
    const counter = new Counter(computer, account());
    must(counter.log.renew());
    counter.log.commit([{ kind: 1, payload: bytes.slice(HEADER_BYTES) }], must);
    computer.turn();
    const file = `${FOLDER}/log.00000001`;
    const stored = must(computer.disk.read(file));
    // The header of the frame is lost, as when of two pages only the second was written.
    const found = scan(stored.map((byte, at) => (at >= HEADER_BYTES && at < HEADER_BYTES + 20 ? 0 : byte)));
    expect(found).toMatchObject({ state: 'whole', records: [], cut: { offset: HEADER_BYTES } });
  });
});
