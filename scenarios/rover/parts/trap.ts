/**
 * What the scenarios of one trap have in common: a server of ours, as written with that quirk and no other, and peers that are not ours, each
 * on a machine of its own.
 */
import { BUSY_LOOP_LIMIT } from '../../../src/check/builtin.ts';
import type { Scenario } from '../../../src/check/scenario.ts';
import { type Numbers, type TrapPlan, type TrapSpec, type TrapStage, trapScenario } from '../../../src/check/trap.ts';
import { instantOf } from '../../../src/host/time.ts';
import type { Quirk } from '../../../src/impl/rover/quirks.ts';
import { HTTPD, KILLER } from '../daemons/names.ts';
import type { Tokens } from './messages.ts';
import { AT_HTTPD, addPeer, addServer, CASTING, quirkArgs, USERS } from './network.ts';

/** The parent of the first server that is started, and its daemon. */
export const PARENT_PID = 101;
export const DAEMON_PID = 102;

export interface PeerSpec {
  readonly user: string;
  readonly host: string;
  readonly steps: readonly string[];
  /** Milliseconds after `first` at which it begins. */
  readonly after?: number;
  /** It asks the httpd. */
  readonly cgi?: true;
}

export interface Cast {
  readonly peers: readonly PeerSpec[];
  /** Arguments of the server beside the usual ones. */
  readonly server?: readonly string[];
  /** Milliseconds after `first`, a process of the server's machine, and what is sent to it. */
  readonly kills?: readonly (readonly [after: number, pid: number, signal: string])[];
  /** Arguments of the program that an httpd of that machine starts. */
  readonly cgi?: readonly string[];
}

export interface RoverTrap extends TrapSpec<Quirk> {
  readonly quirk: Quirk;
  readonly cast: (numbers: Numbers) => Cast;
}

const STAGE: TrapStage = {
  protocol: 'rover',
  programs: CASTING,
  ranges: { first: [300, 3_000], gap: [10, 2_000], count: [0, 3], turn: [0, 1] },
  liveness: 120,
  maxEvents: 20_000,
  busyLoop: BUSY_LOOP_LIMIT,
};

export const ask = (verb: 'ask' | 'until' | 'lose', number: number, tokens: Tokens): string =>
  `${verb}=${JSON.stringify({ MSGID: String(number), ...tokens })}`;

export const trap = (spec: RoverTrap): Scenario<TrapPlan> =>
  trapScenario(STAGE, spec, (world, plan) => {
    const { peers, server = [], kills = [], cgi } = spec.cast(plan);
    const quirks = quirkArgs(plan.profile, [spec.quirk]);
    const machine = addServer(world, ...server, ...(cgi === undefined ? quirks : []));
    if (cgi !== undefined) machine.start(HTTPD, [`--port=80`, ...cgi, `--users=${USERS}`, '--tests', ...quirks]);
    const at = (milliseconds: number, act: () => void) => world.at(instantOf(milliseconds * 1_000), act);
    for (const [after, pid, signal] of kills) at(plan.first + after, () => void machine.start(KILLER, [String(pid), signal]));
    for (const [index, { user, host, steps, after = 0, cgi: throughHttpd }] of peers.entries()) {
      addPeer(
        world,
        `p${index}`,
        { user, host, ...(throughHttpd === true ? { at: AT_HTTPD } : {}) },
        `pause=${plan.first + after}`,
        ...steps,
      );
    }
  });
