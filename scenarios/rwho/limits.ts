/**
 * A server, and somebody who keeps to every limit of the protocol by a hair, or does not: one less, as much, one more (parts/at-limits.ts); the same
 * on a machine that fails, or has not enough of something, whose clock is set, or whose spool has not room for all.
 */
import fc from 'fast-check';
import { type FaultBudget, NO_FAULTS } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { durations, PLAIN, pick, plans } from '../../src/check/plans.ts';
import { defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { type Duration, micros, seconds } from '../../src/host/time.ts';
import type { ClockStepFault, DiskFault, Fault } from '../../src/sim/fault.ts';
import { type Limits, type LimitsPlan, SAID, steady, WORKLOAD, worldOf } from './parts/at-limits.ts';
import { CASTING, RWHOD } from './parts/network.ts';
import { clockMet, diskMet, evictedMet, fullMet, refusedMet } from './properties/reports.ts';
import { seenUp, wholeWhenRead } from './properties/verdicts.ts';

export type { LimitsPlan };

/** Most of what is drawn is said by then. */
const CHAOS = seconds(2_400);

export const limits: Scenario<LimitsPlan> = defineScenario<LimitsPlan>({
  name: 'rwho/limits',
  protocol: 'rwho',
  title: 'On both sides of every limit, a server keeps, refuses, tells and shows what it has to.',
  programs: () => CASTING,
  plans: profile => plans<Limits>(profile, { link: steady }, WORKLOAD.arbitraries),
  workload: WORKLOAD.shapes,
  build: worldOf,
  properties: [refusedMet, seenUp],
  chaos: CHAOS,
  liveness: seconds(10),
  maxEvents: 60_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});

const BUDGET: FaultBudget = {
  kinds: { kill: 1, pause: 1, 'power-cut': 1, 'disk-full': 1, 'disk-error': 1, 'slow-sync': 1, 'clock-step': 2 },
  total: 3,
  longest: seconds(700),
  programs: [RWHOD],
  machines: ['a'],
  severity: { call: 80, step: seconds(90_000) },
};
const AIM = {
  until: seconds(2_000),
  timeouts: [seconds(180), seconds(660)],
  steps: [seconds(1), seconds(5), seconds(660), seconds(86_400)],
};

export const worn: Scenario<LimitsPlan> = defineScenario<LimitsPlan>({
  ...limits,
  name: 'rwho/worn',
  title: 'On both sides of every limit, and on a machine that fails, a server keeps, refuses, tells and shows what it has to.',
  plans: profile => plans<Limits>(profile, { link: steady, faults: faults(BUDGET, AIM) }, WORKLOAD.arbitraries),
  properties: [wholeWhenRead, clockMet, diskMet],
  budget: BUDGET,
});

/** What there is none left of, for a while or for a few calls: a server that could not write a record, or open its socket, does so later. */
const SHORT: FaultBudget = {
  kinds: { 'power-cut': 1, 'disk-full': 1, 'disk-error': 1, 'no-descriptors': 2, 'no-memory': 2 },
  total: 3,
  longest: seconds(700),
  programs: [RWHOD],
  machines: ['a'],
  severity: { refusals: 3 },
};

export const starved: Scenario<LimitsPlan> = defineScenario<LimitsPlan>({
  ...worn,
  name: 'rwho/starved',
  title: 'Where descriptors, memory or room run out, a server keeps, refuses, tells and shows what it can, and all of it later.',
  plans: profile => plans<Limits>(profile, { link: steady, faults: faults(SHORT, AIM) }, WORKLOAD.arbitraries),
  properties: [wholeWhenRead, diskMet],
  budget: SHORT,
});

/** A disk that fails, and a clock that is set while it does, and once more. */
interface Set {
  readonly at: Duration;
  readonly gap: Duration;
  readonly next: Duration;
  readonly more: number;
  readonly lasts: Duration;
  readonly by: number;
  readonly kind: 'disk-full' | 'disk-error';
}
const set: fc.Arbitrary<readonly Fault[]> = fc
  .record(
    {
      at: durations({ min: seconds(10), max: seconds(900) }),
      gap: durations({ min: 0, max: seconds(30) }),
      next: durations({ min: seconds(1), max: seconds(400) }),
      more: pick([0, 0, 5, 660, -660]),
      lasts: durations({ min: seconds(60), max: seconds(700) }),
      by: pick([5, 660, 86_400, -5, -660]),
      kind: pick(['disk-full', 'disk-error'] as const),
    },
    PLAIN,
  )
  .map(
    ({ at, gap, next, more, lasts, by, kind }: Set): readonly [DiskFault, ClockStepFault, ClockStepFault] => [
      { kind, at, duration: lasts, machine: 'a' },
      { kind: 'clock-step', at: micros(at + gap), machine: 'a', by: seconds(by) },
      { kind: 'clock-step', at: micros(at + gap + next), machine: 'a', by: seconds(more) },
    ],
    value => {
      const [disk, step, again] = value as readonly [DiskFault, ClockStepFault, ClockStepFault];
      return {
        at: disk.at,
        gap: micros(step.at - disk.at),
        next: micros(again.at - step.at),
        more: again.by / seconds(1),
        lasts: disk.duration,
        by: step.by / seconds(1),
        kind: disk.kind,
      };
    },
  );
const SET: FaultBudget = { ...BUDGET, kinds: { 'disk-full': 1, 'disk-error': 1, 'clock-step': 2 }, total: 3 };

export const clockSet: Scenario<LimitsPlan> = defineScenario<LimitsPlan>({
  ...limits,
  name: 'rwho/clock-set',
  title: 'A clock that is set while the disk fails makes nobody older, once it does not.',
  plans: profile => plans<Limits>(profile, { link: steady, faults: set }, { ...WORKLOAD.arbitraries, restart: fc.constant(0) }),
  properties: [wholeWhenRead, clockMet, diskMet],
  budget: SET,
});

/** Hosts that come and go, and a spool that has not room for all of them. */
const COMING = fc.record(
  {
    ...SAID.arbitraries,
    pause: pick([1_000, 1_000, 1_000, 30_000, 30_000, 449_999, 660_001]),
    odd: fc.constant('nothing' as const),
    name: pick(['x', 'y', 'z', '0']),
    sent: fc.constant(0),
    people: pick([0, 1]),
  },
  PLAIN,
);

export const crowded: Scenario<LimitsPlan> = defineScenario<LimitsPlan>({
  ...limits,
  name: 'rwho/crowded',
  title: 'Where there are more hosts than a spool has room for, one that is down makes room, and the newest stay after a restart.',
  plans: profile =>
    plans<Limits>(
      profile,
      { link: steady },
      {
        ...WORKLOAD.arbitraries,
        said: fc.array(COMING, { minLength: 4, maxLength: 12, size: 'max' }),
        people: fc.constant(0),
        records: pick([2, 3, 4]),
        recordsThen: pick([1, 2, 3]),
      },
    ),
  properties: [fullMet, evictedMet],
});
