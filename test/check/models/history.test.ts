/** The checker against one that tries every order, against histories of the literature, and with models that are wrong. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkHistory, drawCounterexample, explainCounterexample, type Operation } from '../../../src/check/models/history.ts';
import { type Model, outcomesOf } from '../../../src/check/models/object.ts';
import { type LockCall, lock, map, type QueueCall, queue, type RegisterCall, register } from '../../../src/check/models/usual.ts';
import type { JsonValue } from '../../../src/trace/event.ts';
import { at } from '../event.ts';

// biome-ignore lint/suspicious/noExplicitAny: models of several kinds of call in one table
type AnyModel = Model<any, any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
type AnyOperation = Operation<any, any>;

/** Tries every order of every choice of those that were never answered. */
function bruteForce(model: AnyModel, operations: readonly AnyOperation[]): boolean {
  const explains = (state: JsonValue, rest: readonly AnyOperation[]): boolean => {
    if (rest.every(each => each.answered === undefined)) return true;
    return rest.some(next => {
      if (rest.some(each => each.answered !== undefined && each.answered.index < next.called.index)) return false;
      const others = rest.filter(each => each !== next);
      return outcomesOf(model, state, next.call).some(outcome => {
        const right = next.answered === undefined || JSON.stringify(outcome.answer) === JSON.stringify(next.answered.answer);
        return right && explains(outcome.state, others);
      });
    });
  };
  const parts = [...new Set(operations.map(each => model.part?.(each.call) ?? ''))];
  return parts.every(part =>
    explains(
      model.init,
      operations.filter(each => (model.part?.(each.call) ?? '') === part),
    ),
  );
}

interface Row {
  readonly from: number;
  readonly length: number;
  readonly call: unknown;
  readonly answer: JsonValue | undefined;
}

/** At times in milliseconds; of those at the same time the first row is first, and a call is before an answer. */
function historyOf(rows: readonly Row[]): readonly AnyOperation[] {
  const last = rows.length;
  return rows.map(({ from, length, call, answer }, row) => ({
    process: `c.${row + 1}`,
    call,
    called: { index: from * 2 * last + row, time: at(from) },
    ...(answer === undefined ? {} : { answered: { index: (from + length) * 2 * last + last + row, time: at(from + length), answer } }),
  }));
}

const rows = (call: fc.Arbitrary<unknown>, answers: readonly JsonValue[]): fc.Arbitrary<readonly AnyOperation[]> =>
  fc
    .array(
      fc.record({
        from: fc.nat(9),
        length: fc.nat(5),
        call,
        answer: fc.option(fc.constantFrom<JsonValue>(...answers), { nil: undefined, freq: 5 }),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map(historyOf);

const value = fc.constantFrom(1, 2);
const key = fc.constantFrom('x', 'y');
const read = fc.constant({ op: 'read' });
const write = fc.record({ op: fc.constant('write'), value });
const swap = fc.record({ op: fc.constant('swap'), from: fc.constantFrom(0, 1), to: value });
/** Answers that fit their calls, so that histories of both kinds are drawn. */
const fitting = (model: AnyModel, call: fc.Arbitrary<unknown>): fc.Arbitrary<readonly AnyOperation[]> =>
  fc.tuple(rows(call, [null]), fc.array(fc.nat(9), { minLength: 6, maxLength: 6 })).map(([history, wrong]) => {
    // Answered as one order has it, most of the time; that of the calls and that of the answers are both possible.
    let state = model.init as JsonValue;
    const answers = new Map<AnyOperation, JsonValue>();
    for (const each of [...history].sort((left, right) => left.called.index - right.called.index)) {
      const [outcome] = outcomesOf(model, state, each.call);
      if (outcome === undefined) continue;
      state = outcome.state;
      answers.set(each, outcome.answer);
    }
    const heard = [...answers.values()];
    return history.map((each, index) => {
      if (each.answered === undefined) return each;
      const swapped = wrong[index] === 0 ? heard[(index + 1) % heard.length] : answers.get(each);
      return swapped === undefined
        ? { process: each.process, call: each.call, called: each.called }
        : { ...each, answered: { ...each.answered, answer: swapped } };
    });
  });

const lockCall = fc.record({ op: fc.constantFrom('lock', 'try-lock', 'unlock'), owner: fc.constantFrom('a', 'b') });
/** An object that may forget: of several outcomes each is allowed. */
const cache: Model<number, RegisterCall<number>, JsonValue> = {
  init: 0,
  step: (state, call) =>
    call.op === 'read'
      ? [
          { state, answer: state },
          { state: 0, answer: 0 },
        ]
      : register<number>(0).step(state, call),
};
const objects: readonly (readonly [name: string, model: AnyModel, call: fc.Arbitrary<unknown>])[] = [
  ['a register', register<number>(0), fc.oneof(read, write, swap)],
  [
    'a map',
    map<number>(),
    fc.oneof(fc.record({ op: fc.constantFrom('get', 'delete'), key }), fc.record({ op: fc.constant('put'), key, value })),
  ],
  ['a queue', queue<number>(), fc.oneof(fc.constant({ op: 'dequeue' }), fc.record({ op: fc.constant('enqueue'), value }))],
  ['a lock', lock(), lockCall],
  ['a cache', cache, fc.oneof(read, write)],
];

describe.each(objects)('%s', (_, model, call) => {
  test('is judged as by trying every order', () => {
    const seen = { linearizable: 0, 'not-linearizable': 0, unknown: 0 };
    fc.assert(
      fc.property(fitting(model, call), history => {
        const { verdict } = checkHistory(model, history);
        seen[verdict]++;
        expect(verdict).toBe(bruteForce(model, history) ? 'linearizable' : 'not-linearizable');
      }),
      { numRuns: 400, seed: 7 },
    );
    expect(Math.min(seen.linearizable, seen['not-linearizable'])).toBeGreaterThan(20);
    expect(seen.unknown).toBe(0);
  });

  test('a counterexample has no order whatever else happened, and needs each of its operations', () => {
    fc.assert(
      fc.property(fitting(model, call), history => {
        const { counterexample } = checkHistory(model, history);
        fc.pre(counterexample !== undefined);
        const { operations, smallest, last } = counterexample as NonNullable<typeof counterexample>;
        const until = history.filter(each => each.called.index <= (last.answered?.index ?? 0));
        const only = (kept: readonly AnyOperation[]) =>
          until.map(each =>
            kept.some(one => one.called === each.called) ? each : { process: each.process, call: each.call, called: each.called },
          );
        expect(smallest).toBe(true);
        expect(bruteForce(model, only(operations))).toBe(false);
        for (const each of operations) expect(bruteForce(model, only(operations.filter(one => one !== each)))).toBe(true);
      }),
      { numRuns: 50, seed: 11 },
    );
  });
});

// ── known histories ─────────────────────────────────────────────────────────────────────────────────────────────────

const row = (from: number, to: number | undefined, call: unknown, answer: JsonValue = null): Row => ({
  from,
  length: to === undefined ? 0 : to - from,
  call,
  answer: to === undefined ? undefined : answer,
});
const enqueue = (value: string) => ({ op: 'enqueue', value });
const dequeue = { op: 'dequeue' };
const written = (value: number) => ({ op: 'write', value });
const readIt = { op: 'read' };

describe('histories of the literature', () => {
  // Herlihy and Wing 1990, figure 1: a queue of A, B, C with x, y, z.
  test.each<[string, AnyModel, readonly Row[], boolean]>([
    [
      'H1: enqueues that overlap may be taken out in either order',
      queue(),
      [row(0, 4, enqueue('x')), row(1, 3, enqueue('y')), row(5, 7, dequeue, 'y'), row(6, 9, dequeue, 'x'), row(8, 10, enqueue('z'))],
      true,
    ],
    ['H2: x was in before y, and y comes out', queue(), [row(0, 1, enqueue('x')), row(2, 3, enqueue('y')), row(4, 5, dequeue, 'y')], false],
    ['H3: taken out while it is put in', queue(), [row(0, 5, enqueue('x')), row(1, 2, dequeue, 'x')], true],
    [
      'H4: one value is taken out twice',
      queue(),
      [row(0, 2, enqueue('x')), row(1, 3, enqueue('y')), row(4, 6, dequeue, 'y'), row(5, 7, dequeue, 'y')],
      false,
    ],
    ['a stale read', register(0), [row(0, 1, written(1)), row(2, 3, written(2)), row(4, 5, readIt, 1)], false],
    [
      'new and then old, while the write is going on (Lamport: regular, not atomic)',
      register(0),
      [row(0, 9, written(1)), row(1, 2, readIt, 1), row(3, 4, readIt, 0)],
      false,
    ],
    [
      'a write that was never answered may happen late',
      register(0),
      [row(0, undefined, written(1)), row(2, 3, readIt, 0), row(4, 5, readIt, 1)],
      true,
    ],
    ['and may not be undone', register(0), [row(0, undefined, written(1)), row(1, 2, readIt, 1), row(3, 4, readIt, 0)], false],
    [
      'but one that happened after it explains the old value',
      register(0),
      [row(0, undefined, written(1)), row(0, undefined, written(0)), row(1, 2, readIt, 1), row(3, 4, readIt, 0)],
      true,
    ],
    [
      'of two that may have made the same state, the one that can make it again is kept for later',
      register(0),
      [
        row(0, undefined, written(1)),
        row(0, undefined, { op: 'swap', from: 0, to: 1 }),
        row(1, 2, readIt, 1),
        row(3, 4, written(2)),
        row(5, 6, readIt, 1),
      ],
      true,
    ],
    ['two at once in one lock', lock(), [row(0, 1, { op: 'lock', owner: 'a' }, true), row(2, 3, { op: 'lock', owner: 'b' }, true)], false],
  ])('%s', (_, model, given, holds) => {
    expect(checkHistory(model, historyOf(given)).verdict).toBe(holds ? 'linearizable' : 'not-linearizable');
    expect(bruteForce(model, historyOf(given))).toBe(holds);
  });
});

describe('a counterexample', () => {
  const model: AnyModel = map<number>();
  const put = (key: string, value: number) => ({ op: 'put', key, value });
  const get = (key: string) => ({ op: 'get', key });
  const history = historyOf([
    row(0, 1, put('y', 7)),
    row(0, 1, put('x', 4)),
    row(2, 3, put('x', 1)),
    row(2, 6, get('x'), 1),
    row(4, 7, put('x', 2)),
    row(8, 9, get('x'), 1),
    row(10, 11, get('x'), 2),
  ]);
  const { counterexample } = checkHistory(model, history);

  test('is as small as it can be, and says who heard what, when, and what was possible', () => {
    expect(counterexample && explainCounterexample(model, counterexample)).toBe(
      'c.6 heard 1 of get x, 0.008000 s to 0.009000 s (events 117 and 138), where only 2 was possible: put x 1 by c.3, 0.002000 s to 0.003000 s (events 30 and 51); put x 2 by c.5, 0.004000 s to 0.007000 s (events 60 and 109), whether the 2 others happened or not',
    );
  });

  test('is drawn by the order of calls and answers', () => {
    expect(counterexample && drawCounterexample(model, counterexample)).toEqual([
      '├──┤              c.3: put x 1',
      '      ├──┤        c.5: put x 2',
      '            ├──┤  c.6: get x → 1   ✗',
      '2 more, which may have happened or not',
    ]);
  });

  test('of a value that nobody wrote is the one who heard it', () => {
    const found = checkHistory(model, historyOf([row(0, 1, put('x', 1)), row(2, 3, get('x'), 5), row(4, 5, get('x'), 1)])).counterexample;
    expect(found?.operations.map(each => each.process)).toEqual(['c.2']);
    expect(found?.possible).toEqual([1]);
  });

  test('of a peer that means harm is safe to look at', () => {
    const found = checkHistory(model, historyOf([row(0, 1, get('\u001b[2J\n'), '\u001b]0;x\u0007')])).counterexample;
    expect(found && [explainCounterexample(model, found), ...drawCounterexample(model, found)].join('')).not.toMatch(/\p{Cc}/u);
  });
});

test('without steps the verdict is that it is not known', () => {
  const busy = Array.from({ length: 12 }, (_, index) => row(0, 20 + index, written(index)));
  const history = historyOf([...busy, row(40, 41, readIt, 99)]);
  expect(checkHistory(register(0) as AnyModel, history, 1_000)).toEqual({ verdict: 'unknown' });
});

test('each object is held to the order that it is for', () => {
  // Every object, broken in one way, and a history of the right one that it would not have.
  const taken = (call: LockCall, answer: boolean) => [call, answer] as const;
  const wrong: readonly (readonly [AnyModel, AnyModel, readonly (readonly [unknown, JsonValue])[]])[] = [
    [
      queue(),
      { ...queue(), step: (state: string[], call: QueueCall<string>) => queue<string>().step([...state].reverse(), call) },
      [
        [enqueue('x'), null],
        [enqueue('y'), null],
        [dequeue, 'x'],
      ],
    ],
    [
      register(0),
      { ...register(0), step: (state: number) => ({ state, answer: state }) },
      [
        [written(1), null],
        [readIt, 1],
      ],
    ],
    [
      map<number>(),
      { ...map<number>(), part: () => '' },
      [
        [{ op: 'put', key: 'x', value: 1 }, null],
        [{ op: 'get', key: 'y' }, null],
      ],
    ],
    [
      lock(),
      { ...lock(), step: (state: string) => ({ state, answer: true }) },
      [taken({ op: 'lock', owner: 'a' }, true), taken({ op: 'try-lock', owner: 'b' }, false)],
    ],
  ];
  for (const [right, broken, steps] of wrong) {
    const history = historyOf(steps.map(([call, answer], index) => row(2 * index, 2 * index + 1, call, answer)));
    expect(checkHistory(right, history).verdict).toBe('linearizable');
    expect(checkHistory(broken, history).verdict).toBe('not-linearizable');
  }
});
