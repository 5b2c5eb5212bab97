/**
 * A parent whose observations are read slowly, late, or not to the end, and a child that has much to say. A parent that cannot tell what it
 * sees does not read on: what it holds has a bound, and nothing is lost that somebody reads.
 */
import { choice } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { millis, seconds } from '../../src/host/time.ts';
import { OBSERVER } from './daemons/names.ts';
import { childArgs, type Lifecycle, lifecycles, RANGES } from './lifecycle.ts';
import { CHILD, MACHINE, PARENT, pair, reads } from './pair.ts';
import { parentEnds } from './properties/ends.ts';
import { observationsBounded, parentReaps, readsOn } from './properties/parent.ts';
import { cleanStop, observationsWait } from './properties/reach.ts';

interface Observed extends Lifecycle {
  /** Milliseconds before the first read, and between two. */
  readonly after: number;
  readonly every: number;
  /** Bytes after which nothing is read any more; 0 for all. */
  readonly closes: number;
  /** Bytes of a type, and how many frames of it are sent. */
  readonly typeLength: number;
  readonly frames: number;
}
/** So much is read of what waits, while the parent does not read on. */
const LATE = 5_000;
const OBSERVED = workloads<Observed>({
  ...lifecycles({ ...RANGES, stopAfter: [0, 3_000], openDelay: [0, 2], extras: [0, 0] }),
  after: choice(0, 100, 1_500, 1_500, 9_000),
  every: choice(0, 0, 1, 30),
  closes: choice(0, 0, 0, 0, 0, 0, 1, 100, 300, LATE),
  typeLength: choice(255, 255, 60),
  frames: choice(0, 3, 500, 600, 700, 900),
});
/** Every line that nobody reads any more is one of the log. */
const FEW = 3;

const PLAIN_PAIR = pair({
  slug: 'observed',
  title: 'A parent whose observations nobody reads reads no further itself, and ends all the same.',
  properties: [],
});

export const observed: Scenario<CommonPlan & Observed> = defineScenario<CommonPlan & Observed>({
  ...PLAIN_PAIR,
  programs: plan => PLAIN_PAIR.programs(plan),
  plans: profile => plans<Observed>(profile, { local: reads(1_000, 4_096) }, OBSERVED.arbitraries),
  workload: OBSERVED.shapes,
  build: (world, plan) => {
    const { stopAfter, after, every, closes, typeLength, frames } = plan;
    const when = (option: string, value: number): readonly string[] => (value === 0 ? [] : [`--${option}=${value}`]);
    const own = [...when('after', after), ...when('every', every), ...when('closes', closes), '--'];
    const parent = [PARENT, `--stop-after=${stopAfter}`, '--grace=2000', '--kill-after=500', '--'];
    const said = [`--message=${'t'.repeat(typeLength)}:`, `--repeat=${closes === 0 || closes === LATE ? frames : Math.min(FEW, frames)}`];
    world.machine(MACHINE).start(OBSERVER, [...own, ...parent, CHILD, ...childArgs(plan), ...said]);
  },
  properties: [parentReaps, parentEnds, observationsBounded, readsOn, cleanStop, observationsWait],
  // Nothing goes wrong: what is to come in time is judged from the beginning.
  chaos: millis(1),
  liveness: seconds(15),
  maxEvents: 60_000,
  busyLoop: 20_000,
});
