/**
 * What a client logs of itself. The slugs never change; what others have sent is made printable before.
 */
import { type Logs, logs } from '../../host/logs.ts';

/** How much of a body is shown, in characters. */
export const SHOWN_MAX = 1_000;

const FORMS = {
  /** `waiting`: requests of earlier lives; `cut`: bytes at the end of its log that nobody had been promised. */
  'queue-open': { user: 'string', host: 'string', epoch: 'number', next: 'number', waiting: 'number', cut: 'number' },
  queued: { number: 'number', command: 'string', object: 'string' },
  /** Told of: once, in order. */
  answer: { number: 'number', status: 'number', result: 'string', body: 'string' },
  'log-again': {},
  finished: { failed: 'number' },
  /** It ends with so many requests in its queue. */
  left: { waiting: 'number' },
} as const;
const STEPS = {
  sent: { number: 'number', try: 'number', substitute: 'boolean' },
  /** To be asked again. `outcome`: held, busy or lost. */
  again: { number: 'number', outcome: 'string', why: 'string' },
} as const;
const WARNINGS = {
  /** A number that is not consumed goes on as TESTNULL. */
  replaced: { number: 'number', status: 'number' },
  /** What was to be sent cannot be logged, and is not sent. */
  unlogged: { command: 'string', object: 'string', error: 'string' },
  'log-failed': { error: 'string' },
} as const;
const ERRORS = {
  'log-damaged': { file: 'string', offset: 'number', what: 'string' },
  /** It stops: no server takes the number. */
  stuck: { number: 'number', status: 'number' },
  /** It stops: another process has its queue. */
  'taken-over': {},
} as const;

export const clientNoted: Logs<typeof FORMS> = logs(FORMS);
export const clientStep: Logs<typeof STEPS> = logs(STEPS, 'debug');
export const clientWarned: Logs<typeof WARNINGS> = logs(WARNINGS, 'warning');
export const clientFailed: Logs<typeof ERRORS> = logs(ERRORS, 'error');
