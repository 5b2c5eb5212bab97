/**
 * What the server says of itself. The slugs never change; texts of clients are made printable before.
 */
import { type Logs, logs } from '../../host/logs.ts';

const STEPS = {
  /** What a module prints. */
  printed: { text: 'string' },
  'worker-started': { worker: 'number', user: 'string', number: 'number' },
} as const;
const FORMS = {
  listening: { address: 'string' },
  /** A request begins, in this process or in a worker; `attempt`: which one it is. */
  running: { user: 'string', host: 'string', epoch: 'number', number: 'number', command: 'string', logid: 'string', attempt: 'number' },
  /** It has its answer. */
  finished: { user: 'string', host: 'string', epoch: 'number', number: 'number', status: 'number' },
  /** It has taken too long, and is begun again in a worker. */
  'handed-over': { user: 'string', host: 'string', epoch: 'number', number: 'number' },
  /** The recovery procedure of a module was called. */
  recovered: { module: 'string', user: 'string', host: 'string', number: 'number' },
  /** Folder of the state, and how many requests are run again. */
  restored: { folder: 'string', unfinished: 'number', streams: 'number' },
  'log-again': {},
  stopped: {},
} as const;
const WARNINGS = {
  /** The last record is not whole. */
  'log-cut': { file: 'string', offset: 'number', what: 'string' },
  'log-failed': { error: 'string' },
  /** What was declared could not be done; it is tried again. */
  'act-failed': { module: 'string', error: 'string' },
  'no-worker': { error: 'string' },
  'worker-ended': { worker: 'number', status: 'string' },
} as const;
const FAILURES = {
  'log-damaged': { file: 'string', offset: 'number', what: 'string' },
  'not-listening': { address: 'string', error: 'string' },
  'no-users': { problem: 'string' },
  fatal: { text: 'string' },
} as const;

export const stepped: Logs<typeof STEPS> = logs(STEPS, 'debug');
export const noted: Logs<typeof FORMS> = logs(FORMS);
export const warned: Logs<typeof WARNINGS> = logs(WARNINGS, 'warning');
export const failed: Logs<typeof FAILURES> = logs(FAILURES, 'critical');
