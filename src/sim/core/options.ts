/**
 * What a world is made with: the parameters of its parts, all with a default and a unit.
 */
import type { Programs } from '../../host/host.ts';
import type { Duration } from '../../host/time.ts';
import { micros, millis, seconds } from '../../host/time.ts';
import type { TraceEvent } from '../../trace/event.ts';
import type { ChanceOptions } from './chance.ts';

/** Streams and datagrams between machines, each direction for itself. */
export interface LinkParameters {
  /** One-way delay is drawn from `latencyMin` to `latencyMax` for each segment; a stream stays in order. */
  readonly latencyMin: Duration;
  readonly latencyMax: Duration;
  /** A read returns a random part of what has arrived, at most this many bytes. */
  readonly readMax: number;
  /** Datagrams, chances in a thousand. */
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder: number;
}

/** What happens inside one machine. */
export interface LocalParameters {
  /** Pipes and Unix-domain streams: the kernel's wake-up delay, and the reader's buffer. */
  readonly latencyMin: Duration;
  readonly latencyMax: Duration;
  readonly readMax: number;
  /** A process executes its first instruction this long after `spawn`, `exec` or boot; a runtime has to be loaded. */
  readonly startMin: Duration;
  readonly startMax: Duration;
}

/**
 * What happens next. fifo: in the order of time, and of becoming ready. Of those that are ready at one instant: random, any, drawn; pct,
 * by random priorities of processes with `depth` changes (Burckhardt et al. 2010). Else one of LateSchedule.
 */
export type Schedule =
  | { readonly strategy: 'fifo' }
  | { readonly strategy: 'random' }
  | { readonly strategy: 'pct'; readonly depth: number }
  | LateSchedule;

/**
 * By putting events off, at most by `window` (lateness.ts). walk: every other one, at random. priorities: all that happens to a process, by its
 * priority, with `depth` - 1 changes in the first `steps` events. delays: `most` of the first `steps` events. races: `most` arrivals, one in
 * `oneIn` of those that could be so late, until a timer of their process is due.
 */
export type LateSchedule =
  | { readonly strategy: 'walk'; readonly window: Duration }
  | { readonly strategy: 'priorities'; readonly window: Duration; readonly depth: number; readonly steps: number }
  | { readonly strategy: 'delays'; readonly window: Duration; readonly most: number; readonly steps: number }
  | { readonly strategy: 'races'; readonly most: number; readonly oneIn: number };

export interface WorldOptions {
  /** Any text. All chance of the world derives from it, one stream for each label. */
  readonly seed: string;
  readonly programs: Programs;
  readonly link?: Partial<LinkParameters>;
  readonly local?: Partial<LocalParameters>;
  readonly schedule?: Schedule;
  /** How late an arrival may be for a schedule that races it against a timer, until all is healed; default and least: WINDOW_MAX. */
  readonly latest?: Duration;
  /** What is drawn otherwise than the seed says, and who sees the draws. */
  readonly chance?: ChanceOptions;
  /** Takes every event as it happens. */
  readonly sink?: (event: TraceEvent) => void;
}

/** How late a busy machine is with anything, at most. */
export const WINDOW_MAX: Duration = millis(20);

/** The last step of a schedule at which it may do something. */
export const STEPS_LIMIT = 1_000_000;

export const LINK_DEFAULTS: LinkParameters = Object.freeze({
  latencyMin: micros(200),
  latencyMax: millis(5),
  readMax: 65_536,
  loss: 0,
  duplicate: 0,
  reorder: 0,
});
/** From a small program in C to one that brings a runtime: Node needs 40 ms and more. */
export const LOCAL_DEFAULTS: LocalParameters = Object.freeze({
  latencyMin: micros(5),
  latencyMax: micros(200),
  readMax: 65_536,
  startMin: millis(1),
  startMax: millis(60),
});

/** Linux: net.ipv4.tcp_syn_retries = 6 gives up after 127 s. */
export const CONNECT_TIMEOUT: Duration = seconds(127);
/** Linux: net.ipv4.tcp_retries2 = 15 gives up after 924.6 s at least. */
export const RETRANSMIT_TIMEOUT: Duration = seconds(924);
/** Bytes one direction of a TCP stream holds before its writer has to wait; Linux defaults vary from 87 kB up, this is the smallest a daemon must live with. */
export const STREAM_CAPACITY = 65_536;
/** The longest UDP payload over IPv4. */
export const DATAGRAM_MAX = 65_507;
