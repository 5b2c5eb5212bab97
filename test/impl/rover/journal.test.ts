/** The log while the daemon runs: what it says when it fails and is there again. */
import { expect, test } from 'vitest';
import type { Host } from '../../../src/host/host.ts';
import { DONE, fail, type Result } from '../../../src/host/result.ts';
import type { Instant } from '../../../src/host/time.ts';
import { Journal } from '../../../src/impl/rover/journal.ts';

class Fake {
  open = true;
  renewed: Result<void> = DONE;
  renewals = 0;
  commit(_: readonly unknown[], then: (result: Result<void>) => void): void {
    then(this.open ? DONE : fail('EIO', 'append'));
  }
  renew(): Result<void> {
    this.renewals += 1;
    if (!this.renewed.ok) return this.renewed;
    this.open = true;
    return DONE;
  }
  close(): Result<void> {
    return DONE;
  }
}

function made(): { readonly log: Fake; readonly journal: Journal; readonly said: string[]; pass(micros: number): void } {
  const log = new Fake();
  const said: string[] = [];
  let now = 0;
  let timers: { readonly at: number; readonly fire: () => void }[] = [];
  const host: Pick<Host, 'clock' | 'log' | 'process'> = {
    clock: {
      monotonic: () => now as Instant,
      wall: () => now as Instant,
      setTimer: (delay, fire) => {
        timers.push({ at: now + delay, fire });
        return { cancel: () => {} };
      },
    },
    log: (_, event) => void said.push(event),
    process: {
      exit: (status: number) => {
        throw new Error(`exit ${status}`);
      },
    } as unknown as Host['process'],
  };
  const journal = new Journal(host, log, () => said.push('resumed'));
  const pass = (micros: number): void => {
    now += micros;
    const due = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    for (const { fire } of due) fire();
  };
  return { log, journal, said, pass };
}

test('a failure is said once, and tried every second until it is over', () => {
  const { log, journal, said, pass } = made();
  log.open = false;
  log.renewed = fail('ENOSPC', 'write');
  const told: boolean[] = [];
  for (let count = 0; count < 3; count++) journal.commit([], durable => told.push(durable));
  expect([said, told, journal.open]).toEqual([['log-failed'], [false, false, false], false]);
  pass(1_000_000);
  pass(1_000_000);
  expect([log.renewals, said]).toEqual([2, ['log-failed']]);
  log.renewed = DONE;
  pass(1_000_000);
  expect([said, journal.open]).toEqual([['log-failed', 'log-again', 'resumed'], true]);
  pass(5_000_000);
  expect(log.renewals).toBe(3);
});

test('a commit that is too large fails alone', () => {
  const { log, journal, said } = made();
  log.commit = (_, then) => then(fail('EFBIG', 'a commit'));
  journal.commit([], durable => said.push(String(durable)));
  expect(said).toEqual(['false']);
});

test('a log that another process has taken over ends this one', () => {
  const { log, journal, pass, said } = made();
  log.open = false;
  log.renewed = fail('ESTALE', 'another');
  journal.commit([], () => {});
  expect(() => pass(1_000_000)).toThrow('exit 78');
  expect(said).toEqual(['log-failed', 'log-damaged']);
});
