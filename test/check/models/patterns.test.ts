/** Each ready property: what it lets pass, and what it says of what it does not. */
import { describe, expect, test } from 'vitest';
import { judgeTrace } from '../../../src/check/judge.ts';
import { linearizable, type Moment } from '../../../src/check/models/linearizable.ts';
import {
  answeredWithin,
  atMostOnce,
  eventuallyConsistent,
  inOrder,
  requestResponse,
  type Selector,
} from '../../../src/check/models/patterns.ts';
import { type MapCall, map, register } from '../../../src/check/models/usual.ts';
import type { Property } from '../../../src/check/property.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { at, eventsFrom, phase, type Sketch, sketch } from '../event.ts';

/** `ask 1` by c at 5 ms: a log line of three words, `event`, `key` and `value`. */
const say = (ms: number, words: string, process = 'm/c.1'): Sketch => {
  const [event = '', key = '', value = ''] = words.split(' ');
  return sketch(ms, 'log', { event, key, value }, process);
};
const key =
  (word: string): Selector<string> =>
  ({ data }) =>
    data?.['event'] === word ? String(data['key']) : undefined;
const pair =
  <Of extends string>(word: string, of: Of): Selector<{ key: string } & Record<Of, string>> =>
  ({ data }) =>
    data?.['event'] === word
      ? ({ key: String(data['key']), [of]: String(data['value']) } as { key: string } & Record<Of, string>)
      : undefined;

const judgement = (property: Property, sketches: readonly Sketch[]) =>
  judgeTrace([property], eventsFrom(sketches), { time: at(10_000), ended: 'quiet' });
const whys = (property: Property, ...sketches: readonly Sketch[]): readonly string[] =>
  judgement(property, sketches).violations.map(each => `${each.at}: ${each.why}`);

describe('request and response', () => {
  const worth = ({ data }: TraceEvent) => String(data?.['value']);
  const property = requestResponse({
    kinds: ['log'],
    request: key('ask'),
    answer: key('get'),
    wrong: (asked, got) => (worth(asked) === worth(got) ? undefined : `it is ${worth(got)} and not ${worth(asked)}`),
  });

  test('each once, in any order, again under the same key, and one that is open', () => {
    expect(
      whys(
        property,
        say(1, 'ask 1 a'),
        say(2, 'ask 2 b'),
        say(3, 'get 2 b'),
        say(4, 'get 1 a'),
        say(5, 'ask 1 c'),
        say(6, 'get 1 c'),
        say(7, 'ask 3 a'),
      ),
    ).toEqual([]);
  });

  test('what nobody asked', () => {
    expect(whys(property, say(1, 'ask 1 a'), say(2, 'get 2 b'))).toEqual([
      '1: nobody has asked 2, which is answered by m/c.1 at 0.002000 s (event 1)',
    ]);
  });

  test('twice', () => {
    expect(whys(property, say(1, 'ask 1 a'), say(2, 'get 1 a'), say(3, 'get 1 a'))).toEqual([
      '2: 1 is answered once more by m/c.1 at 0.003000 s (event 2); it was by m/c.1 at 0.002000 s (event 1)',
    ]);
  });

  test('the answer to something else', () => {
    expect(whys(property, say(1, 'ask 1 a'), say(2, 'get 1 b', 'm/d.2'))).toEqual([
      '1: 1, asked by m/c.1 at 0.001000 s (event 0), is answered by m/d.2 at 0.002000 s (event 1): it is b and not a',
    ]);
  });

  test('none in time, unless it is excused', () => {
    const given = { request: key('ask'), answer: key('get'), within: '50 ms' as const };
    const sketches = [phase(0, 'heal'), say(10, 'ask 1'), sketch(20, 'exit'), say(200, 'ask 2'), say(210, 'get 2')];
    expect(whys(answeredWithin(given), ...sketches)).toEqual(['3: no response to 1, triggered at 0.010000 s, within 0.050000 s']);
    expect(whys(answeredWithin({ ...given, excuses: event => event.kind === 'exit' }), ...sketches)).toEqual([]);
  });
});

test('at most once', () => {
  const property = atMostOnce({ what: key('did') });
  expect(whys(property, say(1, 'did a'), say(2, 'did b'))).toEqual([]);
  expect(whys(property, say(1, 'did a'), say(2, 'did a', 'm/d.2'))).toEqual([
    '1: a is done again by m/d.2 at 0.002000 s (event 1); it was by m/c.1 at 0.001000 s (event 0)',
  ]);
});

describe('in order', () => {
  const selectors = { sent: pair('put', 'item'), received: pair('got', 'item') };
  const property = inOrder(selectors);
  const put = [say(1, 'put x a'), say(2, 'put y a'), say(3, 'put x b'), say(4, 'put x c')];

  test('keys are apart, and some may be missing', () => {
    expect(whys(property, ...put, say(5, 'got x a'), say(6, 'got x c'), say(7, 'got y a'))).toEqual([]);
  });

  test.each([
    [
      'another order',
      [say(5, 'got x b'), say(6, 'got x a')],
      '5: a of x, sent by m/c.1 at 0.001000 s (event 0), is received by m/c.1 at 0.006000 s (event 5) after b, sent by m/c.1 at 0.003000 s (event 2)',
    ],
    [
      'twice',
      [say(5, 'got y a'), say(6, 'got y a')],
      '5: a of y, sent by m/c.1 at 0.002000 s (event 1), is received by m/c.1 at 0.006000 s (event 5) after a, sent by m/c.1 at 0.002000 s (event 1)',
    ],
    ['what nobody sent', [say(5, 'got y b')], '4: nobody has sent b of y, which is received by m/c.1 at 0.005000 s (event 4)'],
  ])('%s', (_, got, why) => {
    expect(whys(property, ...put, ...got)).toEqual([why]);
  });

  test('without gaps', () => {
    expect(whys(inOrder({ ...selectors, gaps: false }), ...put, say(5, 'got x a'), say(6, 'got x c'))).toEqual([
      '5: c of x is received by m/c.1 at 0.006000 s (event 5) without b before it, sent by m/c.1 at 0.003000 s (event 2)',
    ]);
  });
});

describe('readers that are consistent in the end', () => {
  const property = eventuallyConsistent({ write: pair('put', 'value'), read: pair('see', 'value'), within: '1 s', kinds: ['log'] });
  const begin = [say(1, 'put x a'), phase(100, 'heal'), say(500, 'put x b')];

  test('see what is new, or was until a moment ago', () => {
    expect(whys(property, ...begin, say(1_200, 'see x a'), say(1_600, 'see x b'), say(1_700, 'see y q'))).toEqual([]);
  });
  test('may see anything until everything is healed', () => {
    expect(whys(property, ...begin, say(1_050, 'see x q'))).toEqual([]);
    expect(whys(property, say(1, 'put x a'), say(5_000, 'see x q'))).toEqual([]);
  });
  test('do not see what was replaced long ago', () => {
    expect(whys(property, ...begin, say(1_600, 'see x a', 'm/d.2'))).toEqual([
      '3: x is a to m/d.2 at 1.600000 s (event 3), written by m/c.1 at 0.001000 s (event 0); it is b, written by m/c.1 at 0.500000 s (event 2)',
    ]);
  });
  test('nor what nobody wrote', () => {
    expect(whys(property, ...begin, say(1_200, 'see x q'))).toEqual([
      '3: x is q to m/c.1 at 1.200000 s (event 3), which nobody has written; it is b, written by m/c.1 at 0.500000 s (event 2)',
    ]);
  });
});

describe('linearizable', () => {
  const operation = ({ data }: TraceEvent): Moment<MapCall<string>, string | null> | undefined => {
    const name = String(data?.['key']);
    switch (data?.['event']) {
      case 'put':
        return { call: { op: 'put', key: name, value: String(data['value']) } };
      case 'get':
        return { call: { op: 'get', key: name } };
      case 'ok':
        return { answer: data['key'] === '' ? null : name };
      case 'lost':
        return { ended: 'unknown' };
      case 'refused':
        return { ended: 'no-effect' };
    }
    return undefined;
  };
  const property = linearizable({ model: map<string>(), operation, kinds: ['log'] });
  const c = (ms: number, words: string) => say(ms, words, 'm/c.1');
  const d = (ms: number, words: string) => say(ms, words, 'm/d.2');

  test('calls that overlap are in either order', () => {
    expect(whys(property, c(1, 'put x 1'), d(2, 'get x'), d(3, 'ok 1'), d(4, 'get x'), d(5, 'ok 1'), c(6, 'ok'))).toEqual([]);
  });

  test('is broken by the answer that cannot be, and drawn', () => {
    const { violations } = judgement(
      property,
      [c(1, 'put x 1'), d(2, 'get x'), d(3, 'ok 1'), d(4, 'get x'), d(5, 'ok null'), c(6, 'ok')].map(each =>
        each.data?.['key'] === 'null' ? { ...each, data: { event: 'ok', key: '' } } : each,
      ),
    );
    expect(violations).toMatchObject([
      {
        at: 4,
        why: 'm/d.2 heard null of get x, 0.004000 s to 0.005000 s (events 3 and 4), where only "1" was possible: get x → "1" by m/d.2, 0.002000 s to 0.003000 s (events 1 and 2), whether the other one happened or not',
        drawing: ['├──┤        m/d.2: get x → "1"', '      ├──┤  m/d.2: get x   ✗', '1 more, which may have happened or not'],
      },
    ]);
  });

  test('what was lost may happen late; what was refused may not', () => {
    const late = [d(3, 'get x'), d(4, 'ok 2'), d(5, 'get x'), d(6, 'ok 1')];
    expect(whys(property, c(1, 'put x 1'), c(2, 'lost'), c(2, 'put x 2'), c(3, 'lost'), ...late)).toEqual([]);
    expect(whys(property, c(1, 'put x 1'), c(2, 'refused'), c(2, 'put x 2'), c(3, 'lost'), ...late)).toEqual([
      '7: m/d.2 heard "1" of get x, 0.005000 s to 0.006000 s (events 6 and 7), where only "2" was possible, whether the 2 others happened or not',
    ]);
    expect(whys(property, c(1, 'put x 1'), d(2, 'get x'), d(3, 'ok 1'), c(4, 'refused'))).toEqual([
      '3: m/c.1 was told that put x "1", called at 0.001000 s (event 0), did not happen, and without it no order of the others gives the answers that were heard',
    ]);
  });

  test('one that calls anew will not be answered the last time', () => {
    expect(whys(property, c(1, 'put x 1'), c(2, 'put x 2'), c(3, 'ok'), d(4, 'get x'), d(5, 'ok 1'))).toEqual([]);
  });

  test('an answer without a call', () => {
    expect(whys(property, c(1, 'ok 1'))).toEqual(['0: m/c.1 heard "1" without having called']);
  });

  test('is undecided where the steps do not suffice, and says so', () => {
    const busy = Array.from({ length: 9 }, (_, index) => say(1, `put x ${index}`, `m/c.${index}`));
    const given = [...busy, d(2, 'get x'), d(3, 'ok q')];
    expect(judgement(linearizable({ model: map<string>(), operation, steps: 50 }), given)).toMatchObject({
      violations: [],
      undecided: [{ property: 'linearizable', why: 'to find an order of the calls, or that there is none, takes more than 50 steps' }],
    });
    expect(judgement(property, given)).toMatchObject({ violations: [{ property: 'linearizable' }], undecided: [] });
  });

  test('of a register that all share', () => {
    const one = linearizable({
      model: register<number>(0),
      operation: ({ data }) =>
        data?.['event'] === 'get' ? { call: { op: 'read' } } : data?.['event'] === 'ok' ? { answer: Number(data['key']) } : undefined,
    });
    expect(whys(one, c(1, 'get'), c(2, 'ok 0'))).toEqual([]);
    expect(whys(one, c(1, 'get'), c(2, 'ok 1'))).toHaveLength(1);
  });
});
