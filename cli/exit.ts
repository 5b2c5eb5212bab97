/**
 * How the command ends: one number for each kind of ending, so that a script can tell them apart. Never a count.
 */
import type { ReplayVerdict } from '../src/check/replay.ts';

export const EXIT = {
  ok: 0,
  findings: 1,
  usage: 2,
  nothingRan: 3,
  unreachable: 4,
  internal: 5,
  reproducedDifferently: 10,
  notReproduced: 11,
  diverged: 12,
  unreplayable: 13,
  noTime: 75,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'everything holds, conforms, or is reproduced',
  findings: 'something was found: a property fails, a case fails, two traces differ',
  usage: 'the command line, a file or a folder is not usable; nothing was tried',
  nothingRan: 'nothing was selected, so nothing ran',
  unreachable: 'the implementation under test could not be reached or started; the proxy could not listen',
  internal: 'a fault of Slipway itself; please report it',
  reproducedDifferently: 'replay: the same property fails, on other events; of a capture, its failure happens again, and not all else',
  notReproduced: 'replay: the recorded failure does not happen any more',
  diverged: 'replay: other events, or another failure, than recorded',
  unreplayable: 'replay: this version cannot try this trace or capture',
  noTime: 'this computer had no time for it: nothing is known, and it can be tried again',
  interrupted: 'stopped by Ctrl-C; what was written is complete',
};

/** Of several replays the worst decides; this is the order. */
export const REPLAY_EXIT: Readonly<Record<ReplayVerdict, ExitCode>> = {
  reproduced: EXIT.ok,
  'reproduced-differently': EXIT.reproducedDifferently,
  'not-reproduced': EXIT.notReproduced,
  diverged: EXIT.diverged,
  unreplayable: EXIT.unreplayable,
};

interface ExitMeaning {
  readonly code: ExitCode;
  readonly meaning: string;
}

/** All of them, for people. */
export const EXIT_CODES: readonly ExitMeaning[] = (Object.keys(EXIT) as (keyof typeof EXIT)[]).map(name => ({
  code: EXIT[name],
  meaning: MEANINGS[name],
}));

/** Thrown to end the command with one line for the user. Not a fault of ours, unless the code says so. */
export class Stop {
  readonly code: ExitCode;
  readonly message: string;

  constructor(code: ExitCode, message: string) {
    this.code = code;
    this.message = message;
  }
}

export const usage = (message: string): Stop => new Stop(EXIT.usage, message);
