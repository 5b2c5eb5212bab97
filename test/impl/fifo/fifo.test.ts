/** Numbered requests against a model that knows the whole history, and each verdict by itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIFO_LIMITS, Fifo, type FifoLimits, type StreamName, type Verdict } from '../../../src/impl/fifo/fifo.ts';

const ANN: StreamName = { owner: 'ann', place: 'laptop' };
const fifo = (limits: Partial<FifoLimits> = {}): Fifo<string, string> => new Fifo(item => item, { ...FIFO_LIMITS, ...limits });
const offer = (of: Fifo<string, string>, number: number, item = `${number}`, epoch = 0, name = ANN): string => {
  const verdict = of.offer(name, { epoch, number }, item);
  return verdict.is === 'held' && verdict.again ? 'held again' : verdict.is;
};
/** Says that the request is done, and which number is next. */
const done = (of: Fifo<string, string>, number: number, epoch = 0, name = ANN): number | undefined =>
  of.done(name, { epoch, number }, `answer ${number}`)?.number;

describe('a stream', () => {
  it('runs the next, holds what is early, and goes on in order', () => {
    const of = fifo();
    expect(offer(of, 3)).toBe('held');
    expect(offer(of, 1)).toBe('now');
    expect(of.awaited(ANN)).toEqual({ epoch: 0, number: 2 });
    expect(offer(of, 2)).toBe('held');
    expect(of.awaited(ANN)).toEqual({ epoch: 0, number: 4 });
    expect(done(of, 1)).toBe(2);
    expect(done(of, 2)).toBe(3);
    expect(done(of, 3)).toBeUndefined();
    expect(offer(of, 4)).toBe('now');
  });

  it('answers again, and knows another request under the same number', () => {
    const of = fifo();
    offer(of, 1);
    expect(offer(of, 1)).toBe('running');
    expect(offer(of, 1, 'another')).toBe('conflict');
    offer(of, 3);
    expect(offer(of, 3)).toBe('held again');
    expect(offer(of, 3, 'another')).toBe('conflict');
    done(of, 1);
    expect(of.offer(ANN, { epoch: 0, number: 1 }, '1')).toEqual({ is: 'repeated', answer: 'answer 1' });
    expect(offer(of, 1, 'another')).toBe('conflict');
  });

  it('forgets what could not be made durable, and that alone', () => {
    const of = fifo();
    const withdraw = (number: number, epoch = 0): void => of.withdraw(ANN, { epoch, number });
    withdraw(1);
    expect([offer(of, 1), offer(of, 2), offer(of, 3)]).toEqual(['now', 'held', 'held']);
    expect([of.runs(ANN, { epoch: 0, number: 1 }), of.runs(ANN, { epoch: 1, number: 1 }), of.runs(ANN, { epoch: 0, number: 2 })]).toEqual([
      true,
      false,
      false,
    ]);
    withdraw(3, 1);
    withdraw(2);
    withdraw(1);
    expect([of.runs(ANN, { epoch: 0, number: 1 }), of.awaited(ANN)]).toEqual([false, { epoch: 0, number: 1 }]);
    // Other requests may have these numbers now, and the third is still held.
    expect([offer(of, 2, 'another'), offer(of, 1, 'another'), offer(of, 3)]).toEqual(['held', 'now', 'held again']);
    done(of, 1);
    withdraw(1);
    expect(of.offer(ANN, { epoch: 0, number: 1 }, 'another')).toEqual({ is: 'repeated', answer: 'answer 1' });
  });

  it('keeps so many answers, less those that the client has', () => {
    const of = fifo({ answers: 3 });
    for (let number = 1; number <= 5; number++) {
      offer(of, number);
      done(of, number);
    }
    expect([1, 2, 3, 4, 5].map(number => offer(of, number))).toEqual(['done', 'done', 'repeated', 'repeated', 'repeated']);
    expect(of.acked(ANN, { epoch: 0, number: 4 })).toBe(2);
    expect(of.acked(ANN, { epoch: 1, number: 5 })).toBe(0);
    expect(of.acked({ owner: 'nobody', place: 'x' }, { epoch: 0, number: 5 })).toBe(0);
    expect([3, 4, 5].map(number => offer(of, number))).toEqual(['done', 'done', 'repeated']);
  });

  it('is a pair: no joined text, no letters of another case', () => {
    const of = fifo();
    const names: readonly StreamName[] = [
      { owner: 'a@b', place: 'c' },
      { owner: 'a', place: 'b@c' },
      { owner: 'a', place: 'B@c' },
      { owner: 'A', place: 'b@c' },
      { owner: '', place: 'a@b@c' },
      { owner: '__proto__', place: 'constructor' },
    ];
    for (const name of names) expect(offer(of, 1, 'x', 0, name)).toBe('now');
    expect(of.streams).toBe(names.length);
    expect([...of.running()].map(({ stream }) => stream)).toEqual(names);
  });

  it('begins anew with a higher epoch, when what runs is finished', () => {
    const of = fifo();
    offer(of, 1);
    offer(of, 2);
    offer(of, 4);
    expect(offer(of, 2, 'new 2', 7)).toBe('held');
    expect(offer(of, 1, 'new 1', 7)).toBe('held');
    expect(of.awaited(ANN)).toEqual({ epoch: 7, number: 3 });
    expect(offer(of, 1)).toBe('stale');
    expect([...of.running()]).toMatchObject([{ epoch: 0, number: 1, item: '1' }]);
    expect(of.done(ANN, { epoch: 0, number: 1 }, 'late')).toMatchObject({ epoch: 7, number: 1, item: 'new 1' });
    expect([...of.states()]).toMatchObject([{ epoch: 7, next: 2, answers: [] }]);
    expect(of.done(ANN, { epoch: 7, number: 1 }, 'x')).toMatchObject({ epoch: 7, number: 2, item: 'new 2' });
    // The answer of the old life is nobody's.
    expect(of.offer(ANN, { epoch: 7, number: 1 }, 'new 1')).toEqual({ is: 'repeated', answer: 'x' });
    expect(offer(of, 3, '3', 8)).toBe('held');
    expect(of.awaited(ANN)).toEqual({ epoch: 8, number: 1 });
  });

  it('takes no more than it has room for, and changes nothing then', () => {
    const of = fifo({ ahead: 3, held: 2, streams: 3, streamsOfOwner: 2 });
    expect(offer(of, 5)).toBe('full');
    expect(of.streams).toBe(0);
    expect(offer(of, 4)).toBe('held');
    expect(offer(of, 3)).toBe('held');
    expect(offer(of, 2)).toBe('full');
    expect(offer(of, 4)).toBe('held again');
    expect(offer(of, 5, '5', 1)).toBe('full');
    expect(of.awaited(ANN)).toEqual({ epoch: 0, number: 1 });
    // The next one needs no place among those that wait.
    expect(offer(of, 1)).toBe('now');
    expect(offer(of, 1, '1', 0, { owner: 'ann', place: 'desk' })).toBe('now');
    expect(offer(of, 1, '1', 0, { owner: 'ann', place: 'phone' })).toBe('full');
    expect(offer(of, 1, '1', 0, { owner: 'bob', place: 'phone' })).toBe('now');
    expect(offer(of, 1, '1', 0, { owner: 'eve', place: 'phone' })).toBe('full');
    // A new life of a stream that is known takes the place of the old one.
    expect(offer(of, 3, '3', 2)).toBe('held');
    expect(of.streams).toBe(3);
  });

  it('has room for so many bytes, in all and of an owner; who has no room waits, and old answers go', () => {
    const of = new Fifo<string, string>(
      item => item,
      { ...FIFO_LIMITS, itemBytes: { all: 12, ofOwner: 8 }, answerBytes: { all: 100, ofOwner: 20 } },
      { item: item => item.length, answer: answer => answer.length },
    );
    const [desk, bob, eve]: readonly StreamName[] = [
      { owner: 'ann', place: 'desk' },
      { owner: 'bob', place: 'desk' },
      { owner: 'eve', place: 'desk' },
    ];
    if (desk === undefined || bob === undefined || eve === undefined) return;
    expect(offer(of, 1, 'aaaa')).toBe('now');
    expect(offer(of, 2, 'bbbb')).toBe('held');
    expect(offer(of, 3, 'ccccc')).toBe('full');
    expect(offer(of, 1, 'ddddd', 0, desk)).toBe('full');
    // Of what is there already nothing more is asked.
    expect([offer(of, 1, 'aaaa'), offer(of, 2, 'bbbb')]).toEqual(['running', 'held again']);
    expect(offer(of, 1, 'eeee', 0, bob)).toBe('now');
    expect(offer(of, 1, 'fffff', 0, eve)).toBe('full');
    expect(of.streams).toBe(2);
    expect(done(of, 1)).toBe(2);
    expect(offer(of, 1, 'dddd', 0, desk)).toBe('now');
    of.withdraw(desk, { epoch: 0, number: 1 });
    expect(offer(of, 1, 'gggg', 0, desk)).toBe('now');
    // Three answers of eight bytes: the first makes room, and the last stays.
    expect(done(of, 2)).toBeUndefined();
    expect(done(of, 1, 0, desk)).toBeUndefined();
    expect([offer(of, 1, 'aaaa'), offer(of, 2, 'bbbb'), offer(of, 1, 'gggg', 0, desk)]).toEqual(['done', 'repeated', 'repeated']);
    expect(of.acked(ANN, { epoch: 0, number: 2 })).toBe(1);
    // A copy counts the same.
    const copy = new Fifo<string, string>(
      item => item,
      { ...FIFO_LIMITS, itemBytes: { all: 5, ofOwner: 5 } },
      { item: item => item.length, answer: () => 0 },
    );
    for (const { stream, ...state } of of.states()) for (let twice = 0; twice < 2; twice++) copy.restore(stream, state);
    expect([offer(copy, 1, '12', 0, eve), offer(copy, 1, '1', 0, eve)]).toEqual(['full', 'now']);
    // What waits, perhaps for ever, does not keep out what is due.
    const full = new Fifo<string, string>(
      item => item,
      { ...FIFO_LIMITS, itemBytes: { all: 8, ofOwner: 8 } },
      { item: item => item.length, answer: () => 0 },
    );
    expect([offer(full, 2, '12345678'), offer(full, 3, '1'), offer(full, 1, '1234567'), offer(full, 1, '12', 0, eve)]).toEqual([
      'held',
      'full',
      'now',
      'full',
    ]);
    expect([done(full, 1), offer(full, 1, '12', 0, eve), done(full, 2), offer(full, 1, '12', 0, eve)]).toEqual([
      2,
      'full',
      undefined,
      'now',
    ]);
  });

  it('throws at what is a mistake of its owner', () => {
    const of = fifo();
    expect(() => offer(of, 0)).toThrow('number 0');
    expect(() => offer(of, 2 ** 53)).toThrow('number');
    expect(() => offer(of, 1, 'x', -1)).toThrow('epoch -1');
    expect(() => done(of, 1)).toThrow('does not run');
    offer(of, 1);
    expect(() => done(of, 1, 3)).toThrow('does not run');
    expect(() => done(of, 2)).toThrow('does not run');
  });
});

// ── against a model ─────────────────────────────────────────────────────────────────────────────────────────────────

const acts = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        act: fc.constant('offer' as const),
        number: fc.integer({ min: 1, max: 6 }),
        epoch: fc.constantFrom(0, 0, 0, 1, 2),
        item: fc.constantFrom('same', 'same', 'other'),
      }),
    },
    { weight: 3, arbitrary: fc.record({ act: fc.constant('done' as const) }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('restart' as const) }) },
  ),
  { maxLength: 40, size: 'max' },
);

/** As the table of the README has it: it forgets nothing, and looks at all of it each time. */
class Model {
  readonly taken = new Map<
    string,
    { readonly epoch: number; readonly number: number; readonly item: string; dropped: boolean; ran?: true }
  >();
  epoch: number | undefined;
  running: string | undefined;
  readonly order: string[] = [];

  readonly #ran = (epoch: number, number: number): boolean => number === 0 || this.taken.get(`${epoch}/${number}`)?.ran === true;

  offer(epoch: number, number: number, item: string): Verdict<string>['is'] | 'held again' {
    if (epoch < (this.epoch ?? 0)) return 'stale';
    if (epoch > (this.epoch ?? -1))
      for (const each of this.taken.values())
        if (each.ran === undefined && `${each.epoch}/${each.number}` !== this.running) each.dropped = true;
    this.epoch = epoch;
    const key = `${epoch}/${number}`;
    const known = this.taken.get(key);
    if (known === undefined) {
      this.taken.set(key, { epoch, number, item, dropped: false });
      return this.start() === key ? 'now' : 'held';
    }
    if (known.item !== item) return 'conflict';
    if (this.running === key) return 'running';
    return known.ran === true ? 'repeated' : 'held again';
  }

  start(): string | undefined {
    if (this.running !== undefined) return undefined;
    const next = [...this.taken].find(
      ([, { epoch, number, ran, dropped }]) => ran === undefined && !dropped && this.#ran(epoch, number - 1),
    );
    this.running = next?.[0];
    if (this.running !== undefined) this.order.push(this.running);
    return this.running;
  }

  done(): string | undefined {
    const known = this.taken.get(this.running ?? '');
    if (known !== undefined) known.ran = true;
    this.running = undefined;
    return this.start();
  }
}

describe('any history', () => {
  it('has the verdicts of the model; each request runs once, in order; and a copy from its states goes on alike', () => {
    fc.assert(
      fc.property(acts, list => {
        let of = fifo();
        const model = new Model();
        const ran: string[] = [];
        for (const each of list) {
          if (each.act === 'offer') {
            const verdict = offer(of, each.number, each.item, each.epoch);
            expect(verdict, JSON.stringify(each)).toBe(model.offer(each.epoch, each.number, each.item));
            if (verdict === 'now') ran.push(`${each.epoch}/${each.number}`);
          } else if (each.act === 'done') {
            const [due] = of.running();
            expect(due && `${due.epoch}/${due.number}`).toBe(model.running);
            if (due === undefined) continue;
            const next = of.done(ANN, due, `answer ${due.number}`);
            expect(next && `${next.epoch}/${next.number}`).toBe(model.done());
            if (next !== undefined) ran.push(`${next.epoch}/${next.number}`);
          } else {
            const copy = fifo();
            for (const { stream, ...state } of of.states()) copy.restore(stream, structuredClone(state));
            expect([...copy.states()]).toEqual([...of.states()]);
            of = copy;
          }
        }
        expect(ran).toEqual(model.order);
        expect(new Set(ran).size).toBe(ran.length);
      }),
      { numRuns: 1000 },
    );
  });
});
