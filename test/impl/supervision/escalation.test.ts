/** The steps by which a child is ended, on a clock that is moved by hand. */
import { expect, test } from 'vitest';
import type { Clock } from '../../../src/host/host.ts';
import { instantOf, seconds } from '../../../src/host/time.ts';
import type { EscalationStep } from '../../../src/impl/supervision/escalation.ts';
import { Escalation } from '../../../src/impl/supervision/escalation.ts';

function bench(ended: () => boolean = () => false, first?: (next: () => void) => void) {
  let now = 0;
  const timers: { at: number; fire: () => void }[] = [];
  const clock: Clock = {
    monotonic: () => instantOf(now),
    wall: () => instantOf(now),
    setTimer: (delay, fire) => {
      const timer = { at: now + delay, fire };
      timers.push(timer);
      return { cancel: () => void timers.splice(0, timers.length, ...timers.filter(each => each !== timer)) };
    },
  };
  const taken: string[] = [];
  const step = (name: string, wait?: number): EscalationStep => ({
    take: next => {
      taken.push(`${now / 1_000_000} ${name}`);
      if (name === 'ask') first?.(next);
    },
    ...(wait === undefined ? {} : { wait: seconds(wait) }),
  });
  const escalation = new Escalation(clock, [step('ask', 10), step('TERM', 5), step('KILL')], ended);
  const pass = (until: number): void => {
    for (;;) {
      const due = timers.toSorted((left, right) => left.at - right.at)[0];
      if (due === undefined || due.at > until * 1_000_000) return;
      timers.splice(timers.indexOf(due), 1);
      now = due.at;
      due.fire();
    }
  };
  return { escalation, taken, timers, pass };
}

test('each step has its time, the last one needs none', () => {
  const { escalation, taken, timers, pass } = bench();
  expect(escalation.begun).toBe(false);
  escalation.begin();
  escalation.begin();
  expect(escalation.begun).toBe(true);
  pass(100);
  expect(taken).toEqual(['0 ask', '10 TERM', '15 KILL']);
  expect(timers).toEqual([]);
});

test('a step that has done what it could is not waited for, be it at once or later', () => {
  const atOnce = bench(
    () => false,
    next => next(),
  );
  atOnce.escalation.begin();
  expect(atOnce.timers.length).toBe(1);
  atOnce.pass(100);
  expect(atOnce.taken).toEqual(['0 ask', '0 TERM', '5 KILL']);
  let said = (): void => {};
  const later = bench(
    () => false,
    next => {
      said = next;
    },
  );
  later.escalation.begin();
  later.pass(3);
  said();
  expect(later.timers.length).toBe(1);
  said();
  later.pass(100);
  expect(later.taken).toEqual(['0 ask', '0 TERM', '5 KILL']);
});

test('whoever says so too late has no effect', () => {
  let said = (): void => {};
  const { escalation, taken, pass } = bench(
    () => false,
    next => {
      said = next;
    },
  );
  escalation.begin();
  pass(12);
  said();
  expect(taken).toEqual(['0 ask', '10 TERM']);
});

test('nothing is done to a child that has ended', () => {
  let ended = false;
  const { escalation, taken, pass } = bench(() => ended);
  escalation.begin();
  ended = true;
  pass(100);
  expect(taken).toEqual(['0 ask']);
  const none = bench(() => true);
  none.escalation.begin();
  expect([none.taken, none.escalation.begun]).toEqual([[], false]);
});
