/**
 * A server that forwards, and somebody on its network who sends it what no rwhod sends: names that are paths, cut off, or not
 * text; any length; other versions and types; other ports; its own name; more hosts than there is room for.
 */
import { NO_FAULTS } from '../../src/check/budget.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { seconds } from '../../src/host/time.ts';
import { FORGER, READER } from './daemons/names.ts';
import { forgery, type Liar, type Lie, liesOf, liesShape, OVERLONG } from './parts/lies.ts';
import { addMachine, CASTING, onLan, quirkArgs } from './parts/network.ts';
import {
  insideTheSpool,
  nameIsOne,
  newestStands,
  oneTwinStands,
  ownRecordIsOwn,
  recordsWereReported,
  spoolBounded,
  wholeRecords,
} from './properties/records.ts';
import { daemonSurvives, logBounded, refusedMet, relayedMet, sentOnce } from './properties/reports.ts';
import { seenUp, wholeWhenRead } from './properties/verdicts.ts';

export type HostilePlan = CommonPlan & { readonly lies: readonly Lie[] };

const LIAR: Liar = {
  names: [
    'x',
    'x',
    'y',
    'z',
    'a',
    'b',
    '',
    '.',
    '..',
    'x/y',
    '../../etc/f',
    '/etc/f',
    'a b',
    'h\u00e9',
    '-rf',
    '*',
    OVERLONG,
    'n1',
    'n2',
    'n3',
  ],
  until: 60_000,
  most: 40,
};
const ROOM = 6;

export const hostile: Scenario<HostilePlan> = defineScenario<HostilePlan>({
  name: 'rwho/hostile',
  protocol: 'rwho',
  title: 'Whatever is sent to it, a server keeps whole records of reports, in its spool, and lives.',
  programs: () => CASTING,
  plans: profile => plans<Omit<HostilePlan, keyof CommonPlan>>(profile, {}, { lies: liesOf(LIAR) }),
  workload: { lies: liesShape(LIAR) },
  build: (world, { lies, profile }) => {
    addMachine(world, {
      name: 'a',
      addresses: [onLan(1)],
      rwhod: [`--records=${ROOM}`, '--forward', '--neighbour=10.0.1.9', ...quirkArgs(profile, undefined)],
      others: [[READER, '--every=1000000']],
    });
    addMachine(world, { name: 'b', addresses: [onLan(2)], rwhod: [] });
    addMachine(world, { name: 'f', addresses: [onLan(9)], others: [[FORGER, ...lies.map(lie => forgery(LIAR, lie))]] });
  },
  properties: [
    daemonSurvives,
    insideTheSpool,
    wholeRecords,
    wholeWhenRead,
    recordsWereReported,
    ownRecordIsOwn,
    newestStands,
    oneTwinStands,
    spoolBounded,
    nameIsOne,
    sentOnce,
    logBounded,
    refusedMet,
    relayedMet,
    seenUp,
  ],
  chaos: seconds(70),
  liveness: seconds(30),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: NO_FAULTS,
  expected: {
    corrected: 'holds',
    'as-written': {
      fails: ['whole-records', 'records-were-reported', 'inside-the-spool', 'own-record-is-own', 'newest-stands'],
      mayFail: [
        'daemon-survives',
        'whole-when-read',
        'one-twin-stands',
        'spool-bounded',
        'only-reports-are-passed-on',
        'log-bounded',
        'sent-once',
      ],
    },
  },
});
