/** The queue of a client without a Host: what is sent when, what answers mean, and what is in its log. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/host/bytes.ts';
import { seconds } from '../../../src/host/time.ts';
import { BACK_OFF_MAX, backOff, type ClientAnswer, ClientQueue } from '../../../src/impl/rover/client-queue.ts';
import { answerRecord, checkpoint, passedRecord, recover, requestRecord, toldRecord } from '../../../src/impl/rover/client-records.ts';
import { meaningOf, outcomeOf } from '../../../src/impl/rover/client-table.ts';
import type { Answer } from '../../../src/impl/rover/wire.ts';

const request = (command: string) => ({ command, object: 'Irolo__x', data: utf8(`data of ${command}\n\0`) });
const answer: ClientAnswer = { status: 200, result: 'done', body: utf8('well\n\0done') };
const refusal: ClientAnswer = { status: 401, result: 'refused', body: utf8('no') };

function queueOf(count: number, window = 4): ClientQueue {
  const queue = new ClientQueue(window);
  for (let number = 1; number <= count; number++) queue.add(request(`C${number}`));
  return queue;
}
const numbers = (entries: readonly { readonly number: number }[]): readonly number[] => entries.map(({ number }) => number);
const at = (queue: ClientQueue, number: number) => queue.entry(number) ?? expect.fail(`no number ${number}`);

describe('the window', () => {
  test('begins with the first number that is not over', () => {
    const queue = queueOf(9);
    expect(numbers(queue.take())).toEqual([1, 2, 3, 4]);
    expect(queue.take()).toEqual([]);
    queue.settle(at(queue, 2), 'answered', answer);
    expect(queue.take()).toEqual([]);
    queue.settle(at(queue, 1), 'answered', answer);
    expect(numbers(queue.take())).toEqual([5, 6]);
  });

  test('does not move for an answer that has not consumed its number', () => {
    const queue = queueOf(9, 2);
    queue.take();
    queue.settle(at(queue, 1), 'replaced', refusal);
    expect(numbers(queue.take())).toEqual([1]);
    queue.settle(at(queue, 1), 'passed');
    expect(numbers(queue.take())).toEqual([3]);
  });
});

test('what is put off waits 1 s, 2 s, 4 s, up to a minute', () => {
  expect([1, 2, 3, 6, 7, 1_000].map(backOff)).toEqual([1, 2, 4, 32, 60, 60].map(seconds));
  expect(backOff(1e9)).toBe(BACK_OFF_MAX);
});

test('who was lost is recalled by an answer, who is held by that to the number before it, and who is to try later is not', () => {
  const queue = queueOf(4);
  const [first, second, third, fourth] = queue.take();
  if (first === undefined || second === undefined || third === undefined || fourth === undefined) return expect.fail();
  queue.putOff(first, 'lost');
  queue.putOff(second, 'held');
  queue.putOff(third, 'busy');
  queue.putOff(fourth, 'held');
  expect(numbers(queue.recall(3))).toEqual([1, 4]);
  expect(numbers(queue.recall(undefined))).toEqual([]);
  expect(numbers(queue.recall(2))).toEqual([]);
  expect(numbers(queue.recall(1))).toEqual([2]);
  expect(numbers(queue.take())).toEqual([1, 2, 4]);
});

test('answers are told in order, each once', () => {
  const queue = queueOf(3);
  queue.take();
  queue.settle(at(queue, 2), 'answered', answer);
  expect(queue.toTell()).toBeUndefined();
  queue.settle(at(queue, 1), 'replaced', refusal);
  for (const number of [1, 2]) {
    const entry = queue.toTell();
    expect(entry?.number).toBe(number);
    if (entry !== undefined) queue.tell(entry);
  }
  expect(queue.toTell()).toBeUndefined();
  expect(numbers(queue.entries)).toEqual([1, 3]);
});

describe('what an answer means', () => {
  const heard = (result: Answer['result'], status: Answer['status'], message?: number): Answer => ({
    status,
    result,
    type: 'text/plain',
    body: utf8(''),
    ...(message === undefined ? {} : { message }),
  });
  test.each([
    ['done', 200, 7, 'final'],
    ['done', 410, 7, 'final'],
    ['failed', 422, 7, 'final'],
    ['done', 200, undefined, 'lost'],
    ['done', 200, 6, 'lost'],
    ['held', 202, 7, 'held'],
    ['held', 202, 8, 'lost'],
    ['refused', 401, undefined, 'refused'],
    ['refused', 409, 7, 'refused'],
    ['refused', 408, undefined, 'lost'],
    ['busy', 503, undefined, 'busy'],
  ] as const)('%s %i about %s is %s to 7', (result, status, message, outcome) => {
    expect(outcomeOf(heard(result, status, message), 7)).toBe(outcome);
  });

  test('a number that was consumed by something needs no substitute', () => {
    expect(meaningOf('request', 'refused', false)).toBe('replaced');
    expect(meaningOf('request', 'refused', true)).toBe('answered');
    expect(meaningOf('substitute', 'refused', false)).toBe('stuck');
    expect(meaningOf('substitute', 'refused', true)).toBe('passed');
    expect(meaningOf('request', 'held', true)).toBe('again');
  });
});

describe('the log', () => {
  const identity = { user: 'ann', host: 'laptop', epoch: 5 };
  const read = (records: Parameters<typeof recover>[0]) => {
    const queue = new ClientQueue(4);
    return { queue, was: recover(records, queue) };
  };
  const shape = ({ entries, next }: ClientQueue) => ({ next, entries: entries.map(({ state: _, why: __, tries: ___, ...rest }) => rest) });

  test('of a queue in any state gives the same queue, however it is cut into checkpoint and records', () => {
    const queue = new ClientQueue(4);
    const records: { readonly kind: number; readonly payload: Uint8Array }[] = [...checkpoint(identity, queue)];
    const steps: readonly (() => ReturnType<typeof requestRecord>)[] = [
      ...[1, 2, 3, 4].map(number => () => {
        queue.add(request(`C${number}`));
        return requestRecord(request(`C${number}`));
      }),
      () => {
        queue.settle(at(queue, 2), 'answered', answer);
        return answerRecord(2, answer, true);
      },
      () => {
        queue.settle(at(queue, 1), 'replaced', refusal);
        return answerRecord(1, refusal, false);
      },
      () => {
        for (const number of [1, 2]) queue.tell(at(queue, number));
        return toldRecord(2);
      },
      () => {
        queue.settle(at(queue, 1), 'passed');
        return passedRecord(1);
      },
      () => {
        queue.settle(at(queue, 3), 'replaced', refusal);
        return answerRecord(3, refusal, false);
      },
      () => {
        queue.tell(at(queue, 3));
        return toldRecord(3);
      },
    ];
    for (const step of steps) {
      records.push(step());
      const one = read(records);
      const other = read([...checkpoint(identity, queue)]);
      expect([one.was, other.was]).toEqual([identity, identity]);
      expect(shape(one.queue)).toEqual(shape(queue));
      expect(shape(other.queue)).toEqual(shape(queue));
    }
    // A checkpoint that had it already.
    const again = read([...checkpoint(identity, queue), toldRecord(3)]);
    expect([again.was, shape(again.queue)]).toEqual([identity, shape(queue)]);
  });

  test('of nobody is empty', () => expect(read([]).was).toBeUndefined());
  test.each([
    ['no beginning', [requestRecord(request('A'))]],
    ['an answer to nothing', [...checkpoint(identity, new ClientQueue(1)), answerRecord(1, answer, true)]],
    ['a kind that is none', [...checkpoint(identity, new ClientQueue(1)), { kind: 99, payload: utf8('{"number":1}\n') }]],
    ['no head', [{ kind: 1, payload: utf8('{}') }]],
    ['a head that is no JSON', [{ kind: 1, payload: utf8('x\n') }]],
    ['a head of something else', [{ kind: 1, payload: utf8('null\n') }]],
  ])('of %s is none', (_, records) => expect(read(records).was).toBeTypeOf('string'));
});
