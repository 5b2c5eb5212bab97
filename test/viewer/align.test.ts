/** Two traces side by side: every event once, in order, and as many pairs as there can be. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { align, DIFFERENCES_LIMIT, STATE } from '../../viewer/align.ts';
import type { Columns } from '../../viewer/columns.ts';
import { columnsOf, columnsOfSaid, kept, type Said } from './made.ts';

const KINDS = ['log', 'fire', 'drain'] as const;
const said = (letters: string): readonly Said[] =>
  Array.from(letters, letter => ({ kind: KINDS[letter.charCodeAt(0) % 3] ?? 'log', time: 0, data: { letter } }));
const traced = (letters: string): Columns => columnsOfSaid(said(letters));

/** Length of the longest sequence that both have. */
function common(one: string, other: string): number {
  let row = new Array<number>(other.length + 1).fill(0);
  for (const letter of one) {
    const next = [0];
    for (let at = 1; at <= other.length; at++)
      next.push(letter === other[at - 1] ? (row[at - 1] ?? 0) + 1 : Math.max(row[at] ?? 0, next[at - 1] ?? 0));
    row = next;
  }
  return row[other.length] ?? 0;
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 24 });

describe('whatever two traces are', () => {
  it('each event has one row, in order', () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        const { left, right, cut } = align(traced(one), traced(other));
        expect([...left.filter(place => place >= 0)]).toEqual([...one].map((_, place) => place));
        expect([...right.filter(place => place >= 0)]).toEqual([...other].map((_, place) => place));
        expect(cut).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('the same where the search ends before them, and what stands beside each other as the same is the same', () => {
    let cuts = 0;
    fc.assert(
      fc.property(word, word, fc.nat(6), (one, other, limit) => {
        const { left, right, state, cut } = align(traced(one), traced(other), limit);
        if (cut) cuts++;
        expect([...left.filter(place => place >= 0)]).toEqual([...one].map((_, place) => place));
        expect([...right.filter(place => place >= 0)]).toEqual([...other].map((_, place) => place));
        state.forEach((each, row) => {
          if (each <= STATE.soft) expect(one[left[row] ?? -1]).toBe(other[right[row] ?? -1]);
        });
      }),
      { numRuns: 500 },
    );
    expect(cuts).toBeGreaterThan(0);
  });

  it('as far as it comes, the search has found what is the same', () => {
    const { state, cut } = align(traced('abcdabcdcccc'), traced('abdabcddbbbbb'), 3);
    expect(cut).toBe(true);
    expect(state.filter(each => each <= STATE.soft).length).toBeGreaterThan(6);
  });

  it('what stands beside each other as the same is the same, and there is no better way', () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        const { left, right, state } = align(traced(one), traced(other));
        let same = 0;
        state.forEach((each, row) => {
          if (each > STATE.soft) return;
          same++;
          expect(one[left[row] ?? -1]).toBe(other[right[row] ?? -1]);
        });
        expect(same).toBe(common(one, other));
      }),
      { numRuns: 500 },
    );
  });
});

test('of another letter and the same kind: beside each other, as changed; of another kind: below each other', () => {
  // a and d are of one kind.
  const changed = align(traced('abc'), traced('dbc'));
  expect([...changed.state]).toEqual([STATE.changed, STATE.same, STATE.same]);
  const others = align(traced('ab'), traced('cb'));
  expect([...others.state]).toEqual([STATE.left, STATE.right, STATE.same]);
});

test('another time or number of a message alone is soft', () => {
  const event: Said = { kind: 'send', channel: 'tcp1>', bytes: new Uint8Array(2), time: 5, message: 1 };
  const one = columnsOfSaid([event, event, event]);
  const other = columnsOfSaid([event, { ...event, time: 6 }, { ...event, message: 2, time: 6 }]);
  expect([...align(one, other).state]).toEqual([STATE.same, STATE.soft, STATE.soft]);
});

test('another payload is another happening', () => {
  const event = (byte: number): Said => ({ kind: 'send', channel: 'tcp1>', bytes: Uint8Array.of(byte) });
  expect([...align(columnsOfSaid([event(1)]), columnsOfSaid([event(2)])).state]).toEqual([STATE.changed]);
});

test('a kept trace and itself', () => {
  const columns = columnsOf(kept('lonc/con-lost-repeated@0.jsonl'));
  const { state } = align(columns, columns);
  expect(state.every(each => each === STATE.same)).toBe(true);
});

test('beyond the limit of the search everything is still there, and it is said', () => {
  const many = DIFFERENCES_LIMIT;
  const letters = (from: number): readonly Said[] =>
    Array.from({ length: many }, (_, at) => ({ kind: 'log', data: { number: from + at } }));
  const common: Said = { kind: 'fire', data: { id: 1 } };
  const one = columnsOfSaid([common, ...letters(0), common]);
  const other = columnsOfSaid([common, ...letters(many), common]);
  const { left, right, state, cut } = align(one, other);
  expect(cut).toBe(true);
  expect(left.filter(place => place >= 0).length).toBe(many + 2);
  expect(right.filter(place => place >= 0).length).toBe(many + 2);
  expect([state[0], state.at(-1), state[1]]).toEqual([STATE.same, STATE.same, STATE.changed]);
});
