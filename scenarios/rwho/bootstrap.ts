/**
 * Machines on a network that does not broadcast, freshly booted, and nobody was told of anybody: the seed says what comes of it.
 * Told of one neighbour each is scenario neighbours.
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { integerFrom } from '../../src/check/shape.ts';
import { seconds } from '../../src/host/time.ts';
import { addMachine, CASTING, onLan, quirkArgs } from './parts/network.ts';
import { nobodyMet, nothingSent } from './properties/reports.ts';

export type BootstrapPlan = CommonPlan & { readonly hosts: number };
const HOSTS: readonly [least: number, most: number] = [2, 8];

export const bootstrap: Scenario<BootstrapPlan> = defineScenario<BootstrapPlan>({
  name: 'rwho/bootstrap',
  protocol: 'rwho',
  title: 'Where nobody broadcasts and nobody was told of anybody, nothing is ever sent.',
  programs: () => CASTING,
  plans: profile => plans<Omit<BootstrapPlan, keyof CommonPlan>>(profile, {}, { hosts: fc.integer({ min: HOSTS[0], max: HOSTS[1] }) }),
  workload: { hosts: integerFrom(...HOSTS) },
  build: (world, { hosts, profile }) => {
    for (let number = 1; number <= hosts; number++)
      addMachine(world, {
        name: `h${number}`,
        addresses: [{ ...onLan(number), broadcasts: false }],
        rwhod: [...quirkArgs(profile, undefined), '--forward'],
      });
  },
  properties: [nothingSent, nobodyMet],
  chaos: seconds(600),
  liveness: seconds(600),
  maxEvents: 5_000,
  busyLoop: 2_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds', 'as-written': 'holds' },
});
