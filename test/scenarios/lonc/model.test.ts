/**
 * The model of the service: its cipher is that of the published client, and it sees one mistake of a daemon where it is made, and says which.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { replaced } from '../../../conformance/replaced.ts';
import { Duties } from '../../../scenarios/lonc/model/duties.ts';
import { StoreModel } from '../../../scenarios/lonc/model/store.ts';
import { asModelled } from '../../../scenarios/lonc/model.ts';
import { opened, seal } from '../../../scenarios/lonc/parts/sealed.ts';
import { planOf, runPlan } from '../../../src/check/run.ts';
import type { Daemon, Host, Timer } from '../../../src/host/host.ts';
import { type Duration, instantOf, seconds } from '../../../src/host/time.ts';
import { scenarioNamed } from '../../support/protocols.ts';
import { hosted, storageWith, type Wrap, wrapped } from '../mutant.ts';

// ── the cipher ──────────────────────────────────────────────────────────────────────────────────────────────────────

const { cases } = JSON.parse(readFileSync(new URL('../../impl/cipher/vectors/enc.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly { readonly plaintext_hex: string; readonly wire: string }[];
};
const KEY = { server: 'srv1', client: 'cli1', buildKey: '12345ABCDEF7890ABCDEF01234' };

test('encrypts as the published client does', () => {
  expect(cases.length).toBeGreaterThan(5);
  for (const { plaintext_hex, wire } of cases) {
    const text = Buffer.from(plaintext_hex, 'hex').toString('latin1');
    expect(seal(KEY, text)).toBe(wire);
    expect(opened(KEY, wire)).toBe(text);
  }
});

test('what has another key, or not its form, is no text', () => {
  const wire = seal(KEY, 'put:a');
  expect(opened({ ...KEY, client: 'cli2' }, wire)).toBeUndefined();
  for (const line of [wire.slice(0, -1), `${wire}0123456789abcdef`, wire.replace(':5:', ':8:'), 'enc:5:', 'encyclopedia'])
    expect(opened(KEY, line)).toBeUndefined();
});

// ── its parts ───────────────────────────────────────────────────────────────────────────────────────────────────────

const at = (second: number) => instantOf(seconds(second));

test('what is owed is told when its time is over, and not while somebody may be stopped', () => {
  const duties = new Duties();
  duties.owe('x', 'do', at(5), 'does not');
  expect(duties.overdue(at(5))).toBeUndefined();
  duties.stop();
  expect(duties.overdue(at(7))).toBeUndefined();
  duties.goOn(at(8));
  expect(duties.overdue(at(8))).toBeUndefined();
  expect(duties.overdue(at(9))).toBe('x does not');
  duties.done('x', 'do');
  expect(duties.overdue(at(9))).toBeUndefined();
});

test('a store has what was promised, and perhaps what was not', () => {
  const store = new StoreModel();
  expect(store.judge('put:a:u:n:x=1', 'ok', false)).toBeUndefined();
  expect(store.judge('put:a:u:n:x=2', 'error:EIO', false)).toContain('the disk is well');
  expect(store.judge('put:a:u:n:x=2', 'error:EIO', true)).toBeUndefined();
  expect(store.judge('get:a:u:n:x', '3', false)).toContain("instead of '1'");
  expect(store.judge('get:a:u:n:x', '2', false)).toBeUndefined();
  // Now it is known.
  expect(store.judge('get:a:u:n:x', '1', false)).toContain("instead of '2'");
});

// ── mistakes ────────────────────────────────────────────────────────────────────────────────────────────────────────

const neverCancels = hosted(({ clock }) => ({
  clock: replaced(clock, {
    setTimer: (delay: Duration, act: () => void): Timer => {
      clock.setTimer(delay, act);
      return { cancel: () => {} };
    },
  }),
}));
const keepsFiles = hosted(host => storageWith(host, { unlink: () => ({ ok: true, value: undefined }) }));
const syncsNothing = hosted(host => storageWith(host, { sync: () => ({ ok: true, value: undefined }) }));
const waitsLonger = hosted(({ clock }) => ({
  clock: replaced(clock, { setTimer: (delay: Duration, act: () => void) => clock.setTimer((2 * delay) as Duration, act) }),
}));
const dropsTheFirst = hosted(host => ({
  process: replaced(host.process, {
    kill: (pid: number, signal: Parameters<Host['process']['kill']>[1]) =>
      signal === 'SIGUSR1' && pid % 2 === 0 ? ({ ok: true, value: undefined } as const) : host.process.kill(pid, signal),
  }),
}));

/** Who is wrong, in which scenario, and what the model says. */
const MISTAKES: readonly (readonly [name: string, program: string, wrap: Wrap, scenario: string, says: RegExp])[] = [
  [
    'a lond that cancels no timer',
    'lond-child',
    neverCancels,
    'lonc/store',
    /ends the session of h2, which is (?:open|challenged)|holds a caller/,
  ],
  ['a lond that syncs nothing', 'lond-child', syncsNothing, 'lonc/store', /instead of|is gone/],
  ['a child that waits longer', 'gateway-child', waitsLonger, 'lonc/pong-without-timeout', /owes its lond the line 'pong'/],
  ['a child that removes nothing', 'gateway-child', keepsFiles, 'lonc/library', /does not remove|leaves its socket file/],
  ['a gateway that leaves its pid file', 'gateway', keepsFiles, 'lonc/operator', /leaves \/d\/logs\/lonc\.pid/],
  ['a gateway that does not ask all children', 'gateway', dropsTheFirst, 'lonc/operator', /does not ask all of its children/],
];
const SEEDS = 60;

describe.each(MISTAKES)('%s', (_name, program, wrap, name, says) => {
  test('is seen', () => {
    const scenario = scenarioNamed(name);
    if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
    const broken = {
      ...scenario,
      programs: (plan: Parameters<typeof scenario.programs>[0]): Readonly<Record<string, Daemon>> =>
        wrapped([program], wrap)(scenario.programs(plan)),
    };
    const told = Array.from({ length: SEEDS }, (_, seed) => seed).some(seed =>
      runPlan(broken, planOf(broken, seed, 'corrected'), seed, { stopAt: asModelled.name }).violations.some(
        ({ property, why }) => property === asModelled.name && says.test(why),
      ),
    );
    expect(told).toBe(true);
  });
});
