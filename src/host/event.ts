/**
 * What crosses the Host boundary, as data. Both Hosts report every crossing to an observer; src/trace gives it time,
 * place and number and makes it a line of a trace.
 * Lacks: reads of the clocks, which follow from the time of the event they happen in.
 */

/** The kinds of crossing. A word means the same on both Hosts. */
export const CROSSINGS = [
  // process
  'start', // data: program, args, parent
  'spawn', // data: child, program, args [, environment]: what was given of it
  'wait', // data: child, and code or signal
  'exec', // data: program, args
  'exit', // data: code, or signal: the process has ended
  'kill', // data: target, signal [, error]: a call
  'become', // data: user [, error]
  'signal', // data: signal, action: delivery
  'mask', // data: how, signals
  'alarm', // data: delay
  // clock
  'timer', // data: id, delay
  'fire', // data: id
  'cancel', // data: id
  // streams; `channel` names one direction of one stream
  'listen', // data: at [, error]
  'accept', // data: peer
  'connect', // data: to
  'open', // data: at, or error
  'send', // bytes
  'recv', // bytes
  'end', // our half-close
  'eof', // the peer's
  'drain',
  'pause',
  'resume',
  'reset', // ours
  'close', // ours; or the Host's, with data: error
  // descriptors
  'pipe', // data: read, write
  'attach', // data: fd, direction [, error]
  'release', // data: fd [, error]
  // datagrams
  'bind', // data: at [, error]
  'unbind',
  'datagram', // bytes; data: to [, error]
  'receive', // bytes; data: from
  // storage; data: path and what the call names [, error]
  'read',
  'write',
  'append',
  'rename',
  'unlink',
  'mkdir',
  'list',
  'stat',
  'sync',
  // the machine
  'inquire', // data: of = hostname | boot | load | logins, and what was answered
  // the rest
  'random', // data: of, value; or bytes
  'log', // data: severity, event, fields…
] as const;

export type Crossing = (typeof CROSSINGS)[number];

export type EventValue = string | number | boolean;
export type EventData = Readonly<Record<string, EventValue>>;

/** One crossing, as a Host reports it. */
export interface HostEvent {
  readonly kind: Crossing;
  /** Direction of a stream (`tcp4>`, `pipe2`), or a datagram socket (`udp1`). */
  readonly channel: string | undefined;
  readonly bytes: Uint8Array | undefined;
  readonly data: EventData | undefined;
}

export type Observer = (event: HostEvent) => void;
