/**
 * A server that forwards, and somebody on its network who sends it what no rwhod sends: names that are paths, cut off, or not
 * text; any length; other versions and types; other ports; its own name; more hosts than there is room for.
 * May import: check, host, sim, fast-check, the folders beside it.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../src/check/budget.ts';
import { PLAIN, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { integerFrom, listUpTo, object } from '../../src/check/shape.ts';
import { seconds, ZERO } from '../../src/host/time.ts';
import { FORGER, READER } from './daemons/names.ts';
import { forged, say } from './parts/forged.ts';
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

interface Lie {
  /** Milliseconds. */
  readonly at: number;
  /** Of NAMES. */
  readonly name: number;
  /** Seconds before or after it is sent. */
  readonly sent: number;
  readonly booted: number;
  readonly users: number;
  /** Bytes that are sent; more than there are: all. */
  readonly length: number;
  /** A byte that is changed, and to what. */
  readonly spot: number;
  readonly byte: number;
  readonly port: number;
}
export type HostilePlan = CommonPlan & { readonly lies: readonly Lie[] };

const NAMES = [
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
  'h'.repeat(40),
  'n1',
  'n2',
  'n3',
] as const;
const PORTS = [513, 513, 513, 513, 5_130] as const;
const LIES_MAX = 40;
const ROOM = 6;
const BUDGET: FaultBudget = { kinds: {}, total: 0, longest: ZERO };

const RANGES = {
  at: [1_000, 60_000],
  name: [0, NAMES.length - 1],
  sent: [-100, 100],
  booted: [-200, 200],
  users: [0, 43],
  length: [0, 1_200],
  spot: [0, 99],
  byte: [0, 255],
  port: [0, PORTS.length - 1],
} as const satisfies Record<keyof Lie, readonly [number, number]>;

export const hostile: Scenario<HostilePlan> = defineScenario<HostilePlan>({
  name: 'rwho/hostile',
  protocol: 'rwho',
  title: 'Whatever is sent to it, a server keeps whole records of reports, in its spool, and lives.',
  programs: () => CASTING,
  plans: profile =>
    plans<Omit<HostilePlan, keyof CommonPlan>>(profile, {}, { lies: fc.array(lie(), { maxLength: LIES_MAX, size: 'max' }) }),
  workload: {
    lies: listUpTo(
      LIES_MAX,
      object(Object.fromEntries(Object.entries(RANGES).map(([name, [least, most]]) => [name, integerFrom(least, most)]))),
    ),
  },
  build: (world, { lies, profile }) => {
    addMachine(world, {
      name: 'a',
      addresses: [onLan(1)],
      rwhod: [`--records=${ROOM}`, '--forward', '--neighbour=10.0.1.9', ...quirkArgs(profile, undefined)],
      others: [[READER, '--every=1000000']],
    });
    addMachine(world, { name: 'b', addresses: [onLan(2)], rwhod: [] });
    addMachine(world, { name: 'f', addresses: [onLan(9)], others: [[FORGER, ...lies.map(said)]] });
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
  budget: BUDGET,
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

function lie(): fc.Arbitrary<Lie> {
  const number = ([min, max]: readonly [number, number]): fc.Arbitrary<number> => fc.noBias(fc.integer({ min, max }));
  // One arbitrary for each field of RANGES, and so of Lie.
  return fc.record(
    Object.fromEntries(Object.entries(RANGES).map(([name, range]) => [name, number(range)])),
    PLAIN,
  ) as unknown as fc.Arbitrary<Lie>;
}

/** Half of the datagrams are whole, and half of them are right but for what they say. */
function said({ at, name, sent, booted, users, length, spot, byte, port }: Lie): string {
  const bytes = forged(NAMES[name] ?? 'x', { sent: Math.floor(at / 1_000) + sent, booted, users: users % 44 });
  if (spot < 50) bytes[spot] = byte;
  if (name === NAMES.indexOf('h'.repeat(40))) bytes.fill(0x68, 12, 44);
  return say(at, length < 600 ? bytes.subarray(0, length) : bytes, PORTS[port]);
}
