/**
 * The decisions of the Rover server, one record for all of its parts. Each member says in its part what is decided, and which trap it is;
 * what the published text decides instead is in as-written.ts.
 */
import { FIFO_LIMITS } from '../fifo/fifo.ts';
import { CORRECTED_COMMANDS } from './commands.ts';
import type { ConnectionRules } from './connection.ts';
import { CORRECTED_FORM, identityOf } from './form.ts';
import type { IntakeRules } from './intake.ts';
import { CORRECTED_READER } from './request.ts';
import { FATALS_MAX, type RunRules } from './runner.ts';
import type { StateRules } from './state.ts';

export interface CgiRules {
  /** RV-28: by GET nothing is changed. */
  readonly readsOnlyByGet: boolean;
  /** RV-29: a daemon that was named has the order and the log. */
  readonly asksDaemon: boolean;
  /** RV-30: whose rights the program has. */
  readonly cgiUser: (user: string) => string;
  /** RV-44: a value is durable, and replaces the one before as a whole. */
  readonly keepsDurably: boolean;
}

export interface Rules extends ConnectionRules, IntakeRules, StateRules, RunRules, CgiRules {
  /** RV-23: a connection is served beside others. */
  readonly servesMany: boolean;
  /** RV-36: the log is cut where it is this long; undefined: never. */
  readonly segmentOf: (bytes: number) => number;
  /** RV-14: a worker that has ended its request ends. */
  readonly workerEnds: boolean;
  /** RV-39: the daemon ends with its parent. */
  readonly heedsParent: boolean;
}

export const CORRECTED: Rules = {
  ...CORRECTED_READER,
  ...CORRECTED_FORM,
  ...CORRECTED_COMMANDS,
  // reception
  requestTimeOf: told => told,
  servesMany: true,
  strange: 'refused',
  hostOf: said => said,
  orderedBy: (_, pairs) => pairs,
  authenticatesFirst: true,
  clearsOutput: true,
  answersDuplicates: true,
  answersHeld: true,
  // order and log
  order: FIFO_LIMITS,
  identityOf,
  segmentOf: bytes => bytes,
  // the main loop
  targetOf: ({ user }) => user,
  identity: target => target,
  declares: true,
  keepsFlushed: true,
  keepsPrinted: true,
  // the alarm, and workers
  fatalsMax: FATALS_MAX,
  cancelsAlarm: true,
  waitsForWorker: true,
  mergesWorker: true,
  dropsOutput: true,
  outlivesWorker: true,
  workerEnds: true,
  heedsParent: true,
  // the forked server
  readsOnlyByGet: true,
  asksDaemon: true,
  cgiUser: user => user,
  keepsDurably: true,
};
