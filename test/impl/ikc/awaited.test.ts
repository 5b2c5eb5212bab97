/** What is waited for is settled once, whatever comes first, and leaves nothing behind. */
import { expect, test } from 'vitest';
import type { Clock } from '../../../src/host/host.ts';
import { seconds } from '../../../src/host/time.ts';
import { type Answer, Awaited } from '../../../src/impl/ikc/awaited.ts';
import type { Link } from '../../../src/impl/ikc/link.ts';
import { PERMISSIONS_MAX, Permissions } from '../../../src/impl/ikc/permissions.ts';
import { CORRECTED_RESPONDER } from '../../../src/impl/ikc/responder-rules.ts';
import { type Invocation, Sessions } from '../../../src/impl/ikc/sessions.ts';

function bench() {
  const timers = new Set<() => void>();
  const clock: Pick<Clock, 'setTimer'> = {
    setTimer: (_, fire) => {
      timers.add(fire);
      return { cancel: () => void timers.delete(fire) };
    },
  };
  const sessions = new Sessions();
  sessions.define('IKC', {});
  const permissions = new Permissions(CORRECTED_RESPONDER);
  const awaited = new Awaited(clock as Clock, sessions, permissions);
  const heard: string[] = [];
  const open = (link: Link, state: string, problem?: string): void =>
    awaited.open(
      link,
      { kernel: 'me', session: 'IKC', state },
      seconds(1),
      (answer: Answer) => heard.push(`${state} ${answer.ok ? answer.value : answer.failure}`),
      () => problem,
    );
  /** What the responder does with an answer. */
  const answer = (link: Link, state: string, value: string): boolean => {
    if (!permissions.use(link, { session: 'IKC', state })) return false;
    sessions.handler('IKC', state)?.({ link, args: [value] } as unknown as Invocation);
    return true;
  };
  return { timers, sessions, permissions, awaited, heard, open, answer };
}
const [one, two] = [{}, {}] as unknown as [Link, Link];

test('an answer, and nothing is left of it', () => {
  const { timers, sessions, awaited, heard, open, answer } = bench();
  open(one, 'a');
  expect([awaited.size, timers.size]).toEqual([1, 1]);
  expect([answer(two, 'a', 'x'), answer(one, 'a', 'y'), answer(one, 'a', 'z')]).toEqual([false, true, false]);
  expect(heard).toEqual(['a y']);
  expect([awaited.size, timers.size, sessions.handler('IKC', 'a')]).toEqual([0, 0, undefined]);
});

test('a time that is over takes the permission away', () => {
  const { timers, heard, open, answer } = bench();
  open(one, 'a');
  for (const fire of timers) fire();
  expect(heard).toEqual(['a unanswered']);
  expect(answer(one, 'a', 'x')).toBe(false);
});

test('an error is of the link that was asked, and of what it names', () => {
  const { awaited, heard, open } = bench();
  open(one, 'a');
  open(one, 'b');
  const error = 'No [poe:/S/e] sent by [poe://me/IKC/a]';
  const others = [
    error.replace('//me/', '//you/'),
    error.replace('/a]', '/c]'),
    `${error} `,
    error.replace(' sent by', ''),
    '',
    `/a]`,
    'x'.repeat(100_000),
  ];
  expect(others.map(text => awaited.failed(one, text))).toEqual(others.map(() => false));
  expect(awaited.failed(two, error)).toBe(false);
  expect(awaited.failed(one, error)).toBe(true);
  expect(awaited.failed(one, error)).toBe(false);
  expect(heard).toEqual(['a remote-error']);
});

test('a link that is gone settles its own', () => {
  const { awaited, heard, open } = bench();
  open(one, 'a');
  open(two, 'b');
  awaited.gone(one);
  expect(heard).toEqual(['a gone']);
  awaited.shutdown();
  expect(heard).toEqual(['a gone', 'b shut-down']);
  awaited.gone(two);
  expect(heard.length).toBe(2);
});

test('what could not be sent, and one more than may be waited for', () => {
  const { permissions, heard, open } = bench();
  open(one, 'a', 'no way');
  expect(heard).toEqual(['a unsent']);
  for (let count = 0; count < PERMISSIONS_MAX; count++) permissions.grant(one, { session: 'IKC', state: `${count}` });
  open(one, 'b');
  expect(heard).toEqual(['a unsent', 'b unsent']);
});
