/**
 * Machines on one network that broadcasts, each with a rwhod and a reader, while datagrams are lost, doubled, delayed and
 * overtaken, machines cannot reach each other, lose power, or have no room on their disks, and daemons die.
 * The budget: chaos ends before a reader may have been deaf for so long that nothing is left to converge from.
 * May import: check, host, sim, fast-check, the folders beside it.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { links, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { integerFrom } from '../../src/check/shape.ts';
import { millis, seconds } from '../../src/host/time.ts';
import { READER } from './daemons/names.ts';
import { addMachine, CASTING, onLan, quirkArgs, RWHOD } from './parts/network.ts';
import { insideTheSpool, newestStands, oneTwinStands, ownRecordIsOwn, recordsWereReported, wholeRecords } from './properties/records.ts';
import { diskMet, sentOnce } from './properties/reports.ts';
import { downMeansSilent, seenUp, serverDeadHostUp, verdictsConverge, wholeWhenRead } from './properties/verdicts.ts';

export type DomainPlan = CommonPlan & { readonly hosts: number };
/** In a sweep; the daemons take 254 on one network of this size. */
const HOSTS: readonly [least: number, most: number] = [2, 5];
/** Who is silent is down after 660 s, readers look every 30 s; what stood before a start that seems earlier stands for 450 s, and an interval. */
const CONVERGED = seconds(720);

const BUDGET: FaultBudget = {
  kinds: {
    loss: 1,
    duplicate: 1,
    reorder: 1,
    latency: 1,
    partition: 1,
    kill: 1,
    pause: 1,
    'power-cut': 1,
    'disk-full': 1,
    'clock-drift': 1,
  },
  total: 4,
  longest: seconds(700),
  programs: [RWHOD],
  machines: ['h1', 'h2'],
  severity: { extra: seconds(2), chance: 700, call: 60 },
};

export const domain: Scenario<DomainPlan> = defineScenario<DomainPlan>({
  name: 'rwho/domain',
  protocol: 'rwho',
  title: 'Whatever happens to a network that broadcasts, in the end everybody knows who is there.',
  programs: () => CASTING,
  plans: profile =>
    plans<Omit<DomainPlan, keyof CommonPlan>>(
      profile,
      {
        faults: faults(BUDGET, {
          until: seconds(600),
          timeouts: [seconds(180), seconds(660)],
          moments: [seconds(180)],
          spread: seconds(10),
        }),
        link: links({ latency: millis(50), duplicate: 100, reorder: 200 }),
      },
      { hosts: fc.integer({ min: HOSTS[0], max: HOSTS[1] }) },
    ),
  workload: { hosts: integerFrom(2, 254) },
  build: (world, { hosts, profile }) => {
    for (let number = 1; number <= hosts; number++)
      addMachine(world, {
        name: `h${number}`,
        addresses: [onLan(number)],
        rwhod: quirkArgs(profile, undefined),
        others: [[READER, '--every=30000000']],
      });
  },
  properties: [
    verdictsConverge(CONVERGED),
    downMeansSilent,
    wholeWhenRead,
    wholeRecords,
    insideTheSpool,
    recordsWereReported,
    ownRecordIsOwn,
    newestStands,
    oneTwinStands,
    sentOnce,
    seenUp,
    serverDeadHostUp,
    diskMet,
  ],
  chaos: seconds(800),
  liveness: seconds(900),
  maxEvents: 40_000,
  budget: BUDGET,
  expected: {
    corrected: 'holds',
    'as-written': { fails: ['whole-records'], mayFail: ['newest-stands', 'whole-when-read', 'verdicts-converge', 'down-means-silent'] },
  },
});
