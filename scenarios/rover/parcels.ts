/**
 * Users whose names begin alike deliver to one file, and each is told of what is his, while the disk refuses one call amid all that a delivery
 * takes; and somebody asks out of order, and says what he has.
 */
import fc from 'fast-check';
import type { Aim, FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, list } from '../../src/check/fields.ts';
import { pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { millis, seconds, ZERO } from '../../src/host/time.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { oneRefusal } from '../one-refusal.ts';
import { serverAsModelled } from './model.ts';
import { addPeer, addServerOf, CASTING, DAEMON, KNOWN, quirkArgs, SERVER } from './parts/network.ts';
import { tokensOf } from './parts/requests.ts';
import { logForgets, logIsWhole } from './properties/log.ts';
import { doneMet, peersFinish } from './properties/server.ts';

interface Parcels {
  /** What each asks, one after the other, and then what is delivered. */
  readonly asked: readonly ('deliver-each' | 'delivered-each')[];
  /** Milliseconds before each. */
  readonly pause: number;
  readonly segment: number;
}
export type ParcelsPlan = CommonPlan & Parcels;
const { arbitraries, shapes } = workloads<Parcels>({
  asked: list(choice('deliver-each', 'deliver-each', 'delivered-each'), 3, 1),
  pause: choice(0, 0, 60),
  segment: choice(1_048_576, 4_096),
});

const LONGEST = seconds(3);
const BUDGET: FaultBudget = {
  kinds: { 'disk-error': 1 },
  total: 1,
  longest: LONGEST,
  machines: [SERVER],
  severity: { refusals: 1 },
};
const AIM: Aim = { until: seconds(2), timeouts: [seconds(1)] };
/** Of a delivery: its request, what is declared, the file with its folder and their syncs, and its result. */
const REFUSAL = oneRefusal({
  machine: SERVER,
  at: { min: millis(380), max: millis(900) },
  duration: { min: seconds(1), max: LONGEST },
  spares: Array.from({ length: 12 }, (_, index) => index + 1),
});

const until = (tokens: object): string => `until=${JSON.stringify(tokens)}`;
const ROUNDS = 3;
/** Of three numbers the last is asked before the second, and once more with what is had of the first. */
const OUT_OF_ORDER: readonly string[] = Array.from({ length: ROUNDS }, (_, round) => 3 * round).flatMap(before => {
  const [one, two, three] = [1, 2, 3].map(each => ({ COMMAND: 'TESTNULL', MSGID: String(before + each) }));
  const asked = [{ ...three }, { ...three, ACKED: String(before + 1) }].map(each => `ask=${JSON.stringify(each)}`);
  return [until({ ...one }), ...asked, until({ ...two }), until({ ...three })];
});

export const parcels: Scenario<ParcelsPlan> = defineScenario<ParcelsPlan>({
  name: 'rover/parcels',
  protocol: 'rover',
  title: 'What several deliver to one file is there once, whatever call the disk refuses, and each is told of his own.',
  // What is tried again after a second may share the turn of another for the log.
  housekeeping: { programs: { [DAEMON]: { holds: { listeners: 1, pipes: 1 }, idleTimers: [ZERO, seconds(1)] } } },
  programs: () => CASTING,
  plans: profile =>
    plans<Parcels>(
      profile,
      {
        faults: fc.oneof({ weight: 7, arbitrary: REFUSAL }, { weight: 1, arbitrary: faults(BUDGET, AIM) }),
        link: pick([LINK_DEFAULTS]),
      },
      arbitraries,
    ),
  workload: shapes,
  build: (world, { asked, pause, segment, profile }) => {
    addServerOf(world, KNOWN, `--segment=${segment}`, ...quirkArgs(profile));
    for (const [index, user] of KNOWN.entries()) {
      const host = `p${index}`;
      const steps = [...asked, 'delivered-each' as const].flatMap((kind, at) => [
        `pause=${pause}`,
        until({ ...tokensOf(kind, host, at), MSGID: String(at + 1) }),
      ]);
      addPeer(world, host, { user, host }, 'pause=400', ...steps);
    }
    addPeer(world, 'q', { user: 'bob', host: 'q' }, 'pause=400', ...OUT_OF_ORDER);
  },
  properties: [serverAsModelled, logIsWhole, logForgets, peersFinish('120 s'), doneMet],
  chaos: seconds(8),
  liveness: seconds(130),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
