/**
 * What the scenarios of one trap have in common: h1, whose child for h2 is looked at, and a lond on h2. A row of the table says who
 * is there and what they do.
 * As written all quirks are on; that it is this one which shows is said by shown.ts, where it is on alone, or
 * with those it needs.
 */
import type { Scenario } from '../../../src/check/scenario.ts';
import { type Numbers, type TrapPlan, type TrapSpec, type TrapStage, trapScenario } from '../../../src/check/trap.ts';
import type { Quirk } from '../../../src/impl/lonc/quirks.ts';
import { OTHER_LOND } from '../daemons/names.ts';
import { addressOf, buildNetwork, CASTING, GATEWAY, GATEWAY_CHILD, LOND, quirkArgs } from './network.ts';

export interface Cast {
  /** Arguments of the other lond; `ours`: our own. */
  readonly lond?: readonly string[] | 'ours';
  /** The child is started by a gateway, which restarts it; default: alone. */
  readonly gateway?: true;
  /** There is a lond on h1 as well. */
  readonly ownLond?: true;
  /** Hosts in the table of h1; default only the other one. */
  readonly knows?: readonly string[];
  /** Host id of the other machine. */
  readonly peer?: string;
  readonly local?: readonly (readonly string[])[];
  readonly delayed?: Readonly<Record<string, string>>;
}

export interface LinkSpec extends TrapSpec<Quirk> {
  readonly quirk: Quirk;
  readonly cast: (numbers: Numbers) => Cast;
}

/** By then lond listens, the third of three programs that take up to 60 ms each to start: a first connection is never refused. In milliseconds. */
export const LATER = 250;
const STAGE: TrapStage = {
  protocol: 'lonc',
  programs: CASTING,
  ranges: { first: [6_000, 9_000], gap: [0, 3_000], count: [1, 3], turn: [0, 1] },
  liveness: 60,
  maxEvents: 10_000,
  busyLoop: 4_000,
};

export const link = (spec: LinkSpec): Scenario<TrapPlan> =>
  trapScenario(STAGE, spec, (world, plan) => {
    const { lond = [], gateway, ownLond, peer = 'h2', knows = [peer], local = [], delayed = {} } = spec.cast(plan);
    const client = gateway === undefined ? [GATEWAY_CHILD, `--peer=${peer}`, `--address=${addressOf(1)}`] : [GATEWAY];
    const daemons = [...(ownLond === undefined ? [] : [[LOND]]), [...client, ...quirkArgs(plan.profile, spec.quirk)]];
    const ours = lond === 'ours';
    buildNetwork(world, [
      { id: 'h1', after: LATER, knows, delayed, daemons, others: local },
      { id: peer, daemons: ours ? [[LOND]] : [], others: ours ? [] : [[OTHER_LOND, `--id=${peer}`, ...lond]] },
    ]);
  });
