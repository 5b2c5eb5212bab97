/**
 * What a responder logs. The slugs never change. Text of a peer is made printable before.
 */
import { type Logs, logs } from '../../host/logs.ts';

const FORMS = {
  /** A kernel, or an alias of one, can be reached by this name; and no longer. */
  registered: { name: 'string', kernel: 'string', isId: 'boolean' },
  unregistered: { name: 'string', kernel: 'string', isId: 'boolean' },
  /** A request has reached its state. */
  request: { kernel: 'string', session: 'string', state: 'string', call: 'boolean' },
  /** All peers have been told to end, and so many were there. */
  'shutting-down': { links: 'number' },
} as const;
const WARNINGS = {
  /** Another one has the id that this one announced. */
  'id-taken': { kernel: 'string' },
  /** A request was refused, and its sender told, unless `told` is false: an error is not answered by one. */
  refused: { kernel: 'string', text: 'string', told: 'boolean' },
  /** A peer has told of an error. */
  'remote-error': { kernel: 'string', text: 'string' },
  /** Nothing was sent, for there is nobody of that name. */
  'unknown-kernel': { name: 'string' },
  /** What a link did not take, and why. */
  unsent: { kernel: 'string', to: 'string', why: 'string' },
  /** A handler of ours has thrown what is no Refusal. */
  'handler-failed': { session: 'string', state: 'string', text: 'string' },
} as const;
const FATAL = { died: { why: 'string' } } as const;

export const noted: Logs<typeof FORMS> = logs(FORMS);
export const warned: Logs<typeof WARNINGS> = logs(WARNINGS, 'warning');
export const fatal: Logs<typeof FATAL> = logs(FATAL, 'critical');
