/**
 * Networks joined at random, some of which broadcast: every machine forwards, and is on one network with the machine it was
 * added to, over a network of their own or by a network that is there. Of two who share a network that does not broadcast the
 * one is told of the other. So the whole is connected, with cycles.
 * May import: check, host, sim, fast-check, the folders beside it.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { links, PLAIN, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { boolean, integerFrom, listUpTo, object } from '../../src/check/shape.ts';
import { millis, seconds } from '../../src/host/time.ts';
import type { AddressOptions } from '../../src/sim/machine.ts';
import { READER } from './daemons/names.ts';
import { addMachine, CASTING, quirkArgs, RWHOD } from './parts/network.ts';
import { newestStands, recordsWereReported } from './properties/records.ts';
import { learnedMet, relayedMet, sentOnce } from './properties/reports.ts';
import { downMeansSilent, seenUp, verdictsConverge } from './properties/verdicts.ts';

/** Network `number` is 10.1.number.0/24: which machines are on it, taken modulo their count, and whether it broadcasts. */
interface Joint {
  readonly one: number;
  readonly other: number;
  readonly broadcasts: boolean;
}
export type NeighboursPlan = CommonPlan & { readonly hosts: number; readonly joints: readonly Joint[] };

const HOSTS: readonly [least: number, most: number] = [2, 6];
/** Beside those that make the whole connected. */
const MORE_JOINTS = 4;
const CONVERGED = seconds(720);

const BUDGET: FaultBudget = {
  kinds: { loss: 1, duplicate: 1, reorder: 1, latency: 1, partition: 1, kill: 1, pause: 1 },
  total: 3,
  longest: seconds(700),
  programs: [RWHOD],
  machines: ['h1', 'h2'],
  severity: { extra: seconds(2), chance: 700, call: 60 },
};

export const neighbours: Scenario<NeighboursPlan> = defineScenario<NeighboursPlan>({
  name: 'rwho/neighbours',
  protocol: 'rwho',
  title: 'However networks are joined, each report reaches everybody, and costs a datagram for each way.',
  programs: () => CASTING,
  plans: profile =>
    plans<Omit<NeighboursPlan, keyof CommonPlan>>(
      profile,
      {
        faults: faults(BUDGET, { until: seconds(500), timeouts: [seconds(180), seconds(660)] }),
        link: links({ latency: millis(50), duplicate: 100, reorder: 200 }),
      },
      {
        hosts: fc.integer({ min: HOSTS[0], max: HOSTS[1] }),
        joints: fc.array(joint(), { maxLength: HOSTS[1] + MORE_JOINTS, size: 'max' }),
      },
    ),
  workload: {
    hosts: integerFrom(2, 50),
    joints: listUpTo(200, object({ one: integerFrom(0, 1_000), other: integerFrom(0, 1_000), broadcasts: boolean })),
  },
  build: (world, plan) => {
    const machines = layOut(plan);
    for (const [index, { addresses, told }] of machines.entries())
      addMachine(world, {
        name: `h${index + 1}`,
        addresses,
        rwhod: ['--forward', ...told.map(address => `--neighbour=${address}`), ...quirkArgs(plan.profile, undefined)],
        others: [[READER, '--every=30000000']],
      });
  },
  properties: [verdictsConverge(CONVERGED), downMeansSilent, sentOnce, recordsWereReported, newestStands, relayedMet, learnedMet, seenUp],
  chaos: seconds(700),
  liveness: seconds(900),
  maxEvents: 60_000,
  budget: BUDGET,
  expected: {
    corrected: 'holds',
    'as-written': { fails: ['newest-stands'], mayFail: ['verdicts-converge', 'down-means-silent', 'sent-once'] },
  },
});

function joint(): fc.Arbitrary<Joint> {
  const host = fc.integer({ min: 0, max: HOSTS[1] });
  return fc.record({ one: host, other: host, broadcasts: fc.boolean() }, PLAIN);
}

interface Place {
  readonly addresses: AddressOptions[];
  readonly told: string[];
}

/** The first joints tie each machine to one before it; the rest make cycles. */
function layOut({ hosts, joints }: NeighboursPlan): readonly Place[] {
  const places = Array.from({ length: hosts }, (): Place => ({ addresses: [], told: [] }));
  const tie = (network: number, one: number, other: number, broadcasts: boolean): void => {
    const at = (host: number): string => `10.1.${network}.${host + 1}`;
    for (const host of new Set([one, other])) places[host]?.addresses.push({ address: at(host), netmask: '255.255.255.0', broadcasts });
    if (!broadcasts && one !== other) places[one]?.told.push(at(other));
  };
  for (let host = 1; host < hosts; host++) {
    const { other = 0, broadcasts = true } = joints[host - 1] ?? {};
    tie(host, host, other % host, broadcasts);
  }
  for (const [index, { one, other, broadcasts }] of joints.slice(hosts - 1).entries())
    tie(hosts + index, one % hosts, other % hosts, broadcasts);
  return places;
}
