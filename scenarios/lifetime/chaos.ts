/**
 * A parent and a child, and everything that may happen to two processes and their pipes: kills, pauses, a disk that is slow
 * or full or broken, no power, slow pipes and short reads.
 * The budget: three faults at once at most, each shorter than the phase they fall into. The child's database is on the disk
 * that fails: it may end its child, and never the order of events.
 */
import type { Aim, FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import type { Property } from '../../src/check/property.ts';
import type { Scenario } from '../../src/check/scenario.ts';
import { millis, seconds, ZERO } from '../../src/host/time.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { CHILD, MACHINE, PARENT, type PairSpec, pair } from './pair.ts';
import { askedIsSuccess } from './properties/child.ts';
import { noOrphan, parentEnds, startUpCompletes, stopsOnEof } from './properties/ends.ts';
import { noViolation, observedAsSent, parentReaps, statusIsTrue } from './properties/parent.ts';
import {
  cleanStop,
  databaseFailed,
  escalated,
  killedBeforeFooter,
  orphaned,
  readsPartialFrame,
  stopInStartUp,
} from './properties/reach.ts';
import { footerIsLast, framesWellFormed, legalOrder, stopIsAnnounced, wholeFrames } from './properties/wire.ts';

/** The parent sends SIGTERM this long after it has closed the control pipe, and SIGKILL as long after that. */
const GRACE = millis(500);
const CHAOS = seconds(4);

const BUDGET: FaultBudget = {
  kinds: { kill: 2, pause: 2, 'power-cut': 1, latency: 1, segmentation: 1, 'disk-full': 1, 'disk-error': 1, 'slow-sync': 1 },
  total: 3,
  longest: seconds(2),
  programs: [PARENT, CHILD],
  machines: [MACHINE],
  severity: { call: 80, extra: millis(20) },
};

/** What there is none left of, for a while or for a few calls; and what may have begun a start that meets it. */
const SHORT: FaultBudget = {
  kinds: { kill: 1, 'disk-full': 1, 'disk-error': 1, 'no-descriptors': 2, 'no-processes': 1, 'no-memory': 2 },
  total: 3,
  longest: seconds(2),
  programs: [PARENT, CHILD],
  machines: [MACHINE],
  severity: { call: 80, refusals: 2 },
};

const AIM: Aim = { until: millis(300), timeouts: [GRACE, millis(20)], moments: [millis(60), millis(120)], spread: millis(40) };

const COMMON: Omit<PairSpec, 'slug' | 'title' | 'properties'> = {
  chaos: CHAOS,
  directories: ['/var/node'],
  parentArgs: ['--grace=500', '--kill-after=500'],
  childArgs: ['--database=/var/node/data'],
  ranges: { stopAfter: [0, 200], openDelay: [0, 10] },
};

const SAFE: readonly Property[] = [
  framesWellFormed,
  legalOrder,
  wholeFrames,
  footerIsLast,
  stopIsAnnounced,
  askedIsSuccess,
  noViolation,
  observedAsSent,
  statusIsTrue,
  startUpCompletes,
  stopsOnEof,
  noOrphan,
  parentReaps,
  parentEnds,
];

export const chaos: Scenario<LifetimePlan> = pair({
  ...COMMON,
  slug: 'chaos',
  title: 'Whatever happens to a parent or its child, the other ends, and what was said was true.',
  budget: BUDGET,
  faults: faults(BUDGET, AIM),
  properties: [...SAFE, cleanStop, stopInStartUp, killedBeforeFooter, orphaned, escalated, databaseFailed, readsPartialFrame],
  fails: ['observed-as-sent', 'stops-on-eof', 'stop-is-announced'],
  mayFail: ['no-orphan', 'footer-is-last', 'asked-is-success', 'no-violation', 'start-up-completes'],
});

export const starved: Scenario<LifetimePlan> = pair({
  ...COMMON,
  slug: 'starved',
  title: 'Where descriptors, processes, memory or room run out, a parent and its child end, and what was said was true.',
  budget: SHORT,
  // A parent starts its child at once.
  faults: faults(SHORT, { ...AIM, moments: [ZERO, ZERO, millis(60), millis(120)], spread: millis(20) }),
  properties: [...SAFE, cleanStop, databaseFailed],
});
