/**
 * Kernels that say they are called the same: by their ids, by their aliases, or as the hub is. They come and go, and an honest client
 * must not notice.
 */

import fc from 'fast-check';
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, type Field, integer, list } from '../../src/check/fields.ts';
import { PLAIN, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { object } from '../../src/check/shape.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { asModelled } from './model.ts';
import { AT_HUB, addMachine, CASTING, client, HUB, quirkArgs, server, stranger } from './parts/network.ts';
import { honestClient, lineOf } from './parts/strangers.ts';
import { namesAreKept, namesakeMet } from './properties/registry.ts';
import { allFinish, answeredMet, outcomesAreOwn } from './properties/steps.ts';
import { tellsWhatHappens } from './properties/tells.ts';

interface Kernel {
  readonly id: string;
  readonly alias: string;
  /** Milliseconds until it comes, and for how long it is there. */
  readonly comes: number;
  readonly stays: number;
  readonly leaves: string;
}

const ids = choice('a-00000001-00000001-00000001', 'b-00000001-00000001-00000001');
const aliases = choice('x', 'y', 'c0', 'hub', 'centre');
const comes = integer(0, 6_000);
const stays = integer(10, 6_000);
const leaves = choice('end', 'reset');
const kernel: Field<Kernel> = {
  arbitrary: fc.record(
    { id: ids.arbitrary, alias: aliases.arbitrary, comes: comes.arbitrary, stays: stays.arbitrary, leaves: leaves.arbitrary },
    PLAIN,
  ),
  shape: object({ id: ids.shape, alias: aliases.shape, comes: comes.shape, stays: stays.shape, leaves: leaves.shape }),
};

interface Namesakes {
  readonly kernels: readonly Kernel[];
}
export type NamesakesPlan = CommonPlan & Namesakes;
const { arbitraries, shapes } = workloads<Namesakes>({ kernels: list(kernel, 6, 1) });

const BUDGET: FaultBudget = { kinds: { segmentation: 1, latency: 1 }, total: 2, longest: seconds(4) };

export const namesakes: Scenario<NamesakesPlan> = defineScenario<NamesakesPlan>({
  name: 'ikc/namesakes',
  protocol: 'ikc',
  title: 'A kernel that leaves is forgotten, and those of the same name are not.',
  programs: () => CASTING,
  plans: profile => plans<Namesakes>(profile, { faults: faults(BUDGET, { until: seconds(8), timeouts: [seconds(1)] }) }, arbitraries),
  workload: shapes,
  build: (world, { kernels, profile }) => {
    const quirks = quirkArgs(profile);
    addMachine(world, HUB, [server(AT_HUB, '--name=hub', '--alias=centre', ...quirks)]);
    addMachine(world, 'm0', [client(AT_HUB, '--name=c0', '--repeat=8', '--pause=1500', '--call=poe:/demo/echo "c0"', ...quirks)]);
    kernels.forEach(({ id, alias, comes: after, stays: during, leaves: how }, index) => {
      const says = honestClient(id, alias).map(each => lineOf(each, 'crlf'));
      addMachine(world, `k${index}`, [stranger('connect', AT_HUB, `pause=${after}`, ...says, `pause=${during}`, how)]);
    });
  },
  properties: [asModelled, tellsWhatHappens, outcomesAreOwn(['m0']), namesAreKept, allFinish('20 s', ['m0']), answeredMet, namesakeMet],
  chaos: seconds(16),
  liveness: seconds(40),
  maxEvents: 60_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
