/**
 * The states of a gateway child's connection, and what leads from one to the next. An event that is absent in a state is refused.
 * May import: nothing.
 */

export type ConnectionState =
  | 'start'
  | 'connect'
  | 'init'
  | 'challenge'
  | 'settle'
  | 'pong'
  | 'key'
  | 'delayed'
  | 'listen'
  | 'serve'
  | 'reconnect'
  | 'back-off'
  | 'ended';

/** What decides the next state. `reply`: of the dialogue. `keyed` and `rekeyed`: the last reply of the first dialogue, of a later one. */
export type ConnectionEvent =
  | 'begin'
  | 'opened'
  | 'reply'
  | 'accepted'
  | 'settled'
  | 'keyed'
  | 'rekeyed'
  | 'drained'
  | 'listening'
  | 'lost'
  | 'failed'
  | 'given-up'
  | 'rested';

export type ConnectionTable = Readonly<Record<ConnectionState, Readonly<Partial<Record<ConnectionEvent, ConnectionState>>>>>;

export const TRANSITIONS: ConnectionTable = {
  start: { begin: 'connect' },
  connect: { opened: 'init', failed: 'back-off' },
  init: { reply: 'challenge', failed: 'back-off' },
  challenge: { accepted: 'settle', failed: 'back-off', 'given-up': 'ended' },
  settle: { settled: 'pong', failed: 'back-off' },
  pong: { reply: 'key', failed: 'back-off' },
  key: { keyed: 'delayed', rekeyed: 'serve', failed: 'back-off' },
  delayed: { drained: 'listen', lost: 'reconnect' },
  listen: { listening: 'serve', failed: 'back-off' },
  serve: { lost: 'reconnect' },
  reconnect: { begin: 'connect' },
  'back-off': { rested: 'ended' },
  ended: {},
};
