/**
 * An implementation behind a shim: a small program of the user's that speaks JSON lines with us (shim-bridge.ts has the protocol).
 * The bridge is started for every case as the implementation, with the role's own descriptors.
 * Before the first case the shim is asked for a case that does not exist, and has to say that it does not support it: what says yes
 * to everything would pass for supporting everything.
 */
import { randomBytes } from 'node:crypto';
import { seconds } from '../../../src/host/time.ts';
import { BROKEN_STATUS, bridgeArguments, PROBE, SHIM_BRIDGE } from '../../adapt/shim-bridge.ts';
import type { Case, Wiring } from '../../case.ts';
import { lastWords } from '../../judge/lines.ts';
import { type Implementation, UNSUPPORTED_STATUS } from '../../peer.ts';
import type { AdaptedArm, Arm, Play, Recorded } from '../arm.ts';
import { type Command, implementationOf } from './command.ts';

export interface Shim {
  readonly command: Command;
}

/** How long the shim may take for an answer. */
export const ANSWER_SECONDS = 10;

/** The bridge as an implementation. */
export function bridged(command: Command, wiring: Wiring, withinSeconds: number = ANSWER_SECONDS): Implementation {
  const { program, args } = implementationOf(command);
  return { program: SHIM_BRIDGE, args: bridgeArguments([program, ...args], wiring, seconds(withinSeconds)) };
}

export const shimArm = (arm: Arm, { command }: Shim): AdaptedArm => new ShimArm(arm, command.words.join(' '));

class ShimArm implements AdaptedArm {
  readonly name: Arm['name'];
  readonly warnings: readonly string[] = [];
  readonly #arm: Arm;
  readonly #text: string;
  #probed = false;

  constructor(arm: Arm, text: string) {
    this.name = arm.name;
    this.#arm = arm;
    this.#text = text;
  }

  async play(play: Play): Promise<Recorded> {
    const setup = this.#probed ? undefined : await this.#probe(play);
    if (setup !== undefined) return { played: undefined, events: [], tester: '', clock: 'monotonic', millis: undefined, bugs: [], setup };
    this.#probed = true;
    return this.#checked(await this.#arm.play(play));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Asks for a case that nobody can know. */
  async #probe(play: Play): Promise<string | undefined> {
    const id = `${PROBE}${randomBytes(6).toString('hex')}`;
    const recorded = await this.#checked(await this.#arm.play({ ...play, case: probeCase(id, play.case) }));
    const status = statusOf(recorded);
    if (recorded.setup !== undefined || status === UNSUPPORTED_STATUS) return recorded.setup;
    return `the shim (${this.#text}) does not say that the case ${id}, which does not exist, is unsupported: it would pass for supporting anything`;
  }

  /** What the bridge has to complain of is no finding. */
  #checked(recorded: Recorded): Recorded {
    if (statusOf(recorded) !== BROKEN_STATUS) return recorded;
    const why = lastWords(recorded.played?.output.map(each => each.tail) ?? []) ?? 'it does not keep to its protocol';
    return { ...recorded, setup: `the shim (${this.#text}) cannot be used: ${why}` };
  }
}

function probeCase(id: string, like: Case): Case {
  const within = seconds(4 * ANSWER_SECONDS);
  return {
    id,
    rev: 1,
    title: 'A case that does not exist',
    role: like.role,
    requirements: like.requirements,
    steps: [{ verb: 'start' }, { verb: 'expect-exit', within }],
    deadline: within,
  };
}

/** With which the bridge ended, if it did. */
function statusOf({ events }: Recorded): number | undefined {
  const code = events.findLast(event => event.kind === 'wait')?.data?.['code'];
  return typeof code === 'number' ? code : undefined;
}
