/**
 * A child that breaks the protocol, in one of ten ways: the parent says which, stops it, waits for it, and ends; with a child
 * that hangs as well it takes a SIGKILL. What the child sent before is observed as it was sent.
 * Lacks: a child that keeps sending forever, which is a reader's choice of limits (payload-too-long).
 */
import { choice, integer, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { concat, hex, unhex, utf8 } from '../../src/host/bytes.ts';
import { ENDINGS, type HostileEnding } from './daemons/hostile-child.ts';
import { HOSTILE_CHILD } from './daemons/names.ts';
import { NO_CHILD_OF_OURS } from './housekeeping.ts';
import { type Lifecycle, lifecycles, RANGES } from './lifecycle.ts';
import { MACHINE, PARENT, pair } from './pair.ts';
import { parentEnds } from './properties/ends.ts';
import { observedAsSent, parentReaps, statusIsTrue, violationIsReported } from './properties/parent.ts';
import { escalated, violationSeen } from './properties/reach.ts';

const ATTACK_NAMES = [
  'version',
  'noise',
  'huge',
  'huge-unknown',
  'not-utf8',
  'long-event',
  'no-such-kind',
  'wrong-order',
  'no-port',
  'no-text',
  'long-address',
  'cut',
] as const;
type Attack = (typeof ATTACK_NAMES)[number];

interface Attacked extends Lifecycle {
  readonly attack: Attack;
  readonly ending: HostileEnding;
  /** Good frames before the bad one. */
  readonly before: number;
  /** Bytes of a frame that is cut. */
  readonly cut: number;
  /** Bytes that are no frame. */
  readonly noise: readonly number[];
}
export type HostilePlan = CommonPlan & Attacked;

const START_DATABASE = '010d6c69666574696d656576656e74020000000000';
const START_SERVER = '010d6c69666574696d656576656e74020000000001';
const GOOD: readonly string[] = [START_DATABASE, START_SERVER];

/** The bad bytes of each attack. */
const ATTACKS: Readonly<Record<Attack, (plan: HostilePlan) => Uint8Array>> = {
  version: () => bytes(`02${START_DATABASE.slice(2)}`),
  noise: ({ noise }) => Uint8Array.of(2, ...noise),
  huge: () => bytes(`${START_DATABASE.slice(0, 30)}ffffffff`),
  'huge-unknown': () => concat([bytes('0101'), utf8('x'), bytes('ffffffff')]),
  'not-utf8': () => bytes('0102fffe00000000'),
  'long-event': () => bytes(`${START_DATABASE.slice(0, 30)}03000000000000`),
  'no-such-kind': () => bytes(`${START_DATABASE.slice(0, 38)}0700`),
  'wrong-order': () => bytes(START_DATABASE + START_DATABASE),
  'no-port': () => concat([bytes('010d'), utf8('p2plistenaddr'), bytes('09000000'), utf8('localhost')]),
  'no-text': () => concat([bytes('010d'), utf8('rpclistenaddr'), bytes('0400000068ff3a31')]),
  'long-address': () => concat([bytes('010d'), utf8('p2plistenaddr'), bytes('2d010000'), utf8(`${'h'.repeat(299)}:1`)]),
  cut: ({ cut }) => bytes(START_DATABASE).subarray(0, cut),
};

/** More than a parent reads at once, behind every attack that has a length. */
const FILLER = 2_000;
const CUT_MAX = 20;
const NOISE_MAX = 40;
const WORKLOAD = workloads<Attacked>({
  ...lifecycles({ ...RANGES, openDelay: [0, 0], p2p: [0, 0], rpc: [0, 0], extras: [0, 0] }),
  attack: choice(...ATTACK_NAMES),
  ending: choice(...ENDINGS),
  before: integer(0, GOOD.length),
  cut: integer(1, CUT_MAX),
  noise: list(integer(0, 255), NOISE_MAX),
});

const frame = pair({
  slug: 'hostile-child',
  title: 'A parent reports, stops and outlives a child that breaks the protocol.',
  properties: [],
});

export const hostileChild: Scenario<HostilePlan> = defineScenario<HostilePlan>({
  ...frame,
  exempt: NO_CHILD_OF_OURS,
  programs: plan => frame.programs(plan),
  plans: profile => plans<Attacked>(profile, {}, WORKLOAD.arbitraries),
  workload: WORKLOAD.shapes,
  build: (world, plan) => {
    const send = hex(concat([...GOOD.slice(0, plan.before).map(bytes), ATTACKS[plan.attack](plan)]));
    const filler = plan.attack.startsWith('huge') ? [`--filler=${FILLER}`] : [];
    const parent = [`--stop-after=${plan.stopAfter}`, '--grace=100', '--kill-after=100', '--payload-limit=1000'];
    world.machine(MACHINE).start(PARENT, [...parent, '--', HOSTILE_CHILD, `--send=${send}`, ...filler, `--then=${plan.ending}`]);
  },
  properties: [observedAsSent, violationIsReported, statusIsTrue, parentReaps, parentEnds, violationSeen, escalated],
});

function bytes(text: string): Uint8Array {
  const read = unhex(text);
  if (read === undefined) throw new Error(`${text} is not hexadecimal`);
  return read;
}
