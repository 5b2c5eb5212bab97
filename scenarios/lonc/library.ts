/**
 * Programs whose commands have to get there, through our library and gateway, to a lond that is not ours and does not answer some of them; while
 * gateway children are killed, the machines cannot reach each other, connections break or fall silent, and the disk is full.
 * The budget: as for the delayed messages.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { PLAIN, pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { integerFrom, listUpTo, object, oneOf } from '../../src/check/shape.ts';
import { millis, seconds } from '../../src/host/time.ts';
import { LIBRARY, OTHER_LOND } from './daemons/names.ts';
import { ARRIVES } from './parts/keeping.ts';
import { buildNetwork, CASTING, GATEWAY, GATEWAY_CHILD } from './parts/network.ts';
import { oneChildPerHost } from './properties/children.ts';
import { delayedArrives, delayedInOrder, removedWhenAnswered } from './properties/delayed.ts';
import { answeredWith, delayedTold, repliedTold } from './properties/library.ts';

interface Deed {
  /** Which request, counted over all connections. */
  readonly number: number;
  readonly deed: string;
}
export interface LibraryWorkload {
  /** When each command is asked, in milliseconds. */
  readonly asks: readonly number[];
  readonly deeds: readonly Deed[];
}
export type LibraryPlan = CommonPlan & LibraryWorkload;

const CHAOS_SECONDS = 600;
const LATEST = 400_000;
const ASKS_MAX = 6;
const DEEDS_MAX = 4;
const NUMBERS = 12;
const DEEDS = ['close', 'cut', 'late:1000', 'late:59500', 'late:60500', 'late:300500'];
const UP = millis(250);

const BUDGET: FaultBudget = {
  kinds: { kill: 2, partition: 1, 'disk-full': 1, 'half-open': 1, reset: 1 },
  total: 3,
  longest: seconds(200),
  from: UP,
  programs: [GATEWAY_CHILD],
  machines: ['h1', 'h2'],
  severity: { call: 80 },
};

export const library: Scenario<LibraryPlan> = defineScenario<LibraryPlan>({
  name: 'lonc/library',
  protocol: 'lonc',
  title: 'A command that has to get there is answered, or kept and sent later; its program is told which.',
  programs: () => CASTING,
  plans: profile => {
    const moments = fc.oneof(fc.integer({ min: 0, max: 8_000 }), fc.noBias(fc.integer({ min: 0, max: LATEST })));
    const deed = fc.record({ number: fc.integer({ min: 1, max: NUMBERS }), deed: pick(DEEDS) }, PLAIN);
    return plans<LibraryWorkload>(
      profile,
      {
        faults: faults(BUDGET, {
          until: seconds(400),
          timeouts: [seconds(60)],
          moments: [0, 5, 6].map(seconds),
          spread: seconds(1),
        }),
      },
      { asks: fc.array(moments, { maxLength: ASKS_MAX, size: 'max' }), deeds: fc.array(deed, { maxLength: DEEDS_MAX, size: 'max' }) },
    );
  },
  workload: {
    asks: listUpTo(ASKS_MAX, integerFrom(0, LATEST)),
    deeds: listUpTo(DEEDS_MAX, object({ number: integerFrom(1, NUMBERS), deed: oneOf(...DEEDS) })),
  },
  build: (world, { asks, deeds }) =>
    buildNetwork(world, [
      {
        id: 'h1',
        knows: ['h2'],
        daemons: [[GATEWAY], [LIBRARY, '--peer=h2', ...asks.map(at => `--ask=${at}:put:net:all:env:d#=1`)]],
      },
      {
        id: 'h2',
        daemons: [],
        others: [[OTHER_LOND, '--id=h2', '--client=h1', ...deeds.map(({ number, deed }) => `--do=${number}:${deed}`)]],
      },
    ]),
  properties: [answeredWith, delayedInOrder, removedWhenAnswered, oneChildPerHost, delayedTold, repliedTold, delayedArrives(ARRIVES)],
  chaos: seconds(CHAOS_SECONDS),
  liveness: seconds(1_300),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
