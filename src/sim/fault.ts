/**
 * Faults as data: what may go wrong, when, for how long, and to whom. src/sim/nemesis.ts applies them and counts how
 * often each fired. A process is named by its program, a link by its two machines.
 * Lacks: bit flips on the wire, which TCP and UDP checksums hide from a daemon.
 */
import type { Duration } from '../host/time.ts';
import type { RefusalCode } from './core/refusals.ts';

interface During {
  /** Since the start of the run. */
  readonly at: Duration;
  readonly duration: Duration;
}

/** Extra one-way delay, drawn from 0 to `extra` for every segment between two machines (or on every pipe: `pipe`). */
export interface LatencyFault extends During {
  readonly kind: 'latency';
  readonly extra: Duration;
}
/** Every read returns at most `most` bytes. Fires for each read it cut short. */
export interface SegmentationFault extends During {
  readonly kind: 'segmentation';
  readonly most: number;
}
/** Datagrams are lost, doubled or delayed past later ones, each with `chance` in a thousand. Streams are only slowed. */
export interface LossFault extends During {
  readonly kind: 'loss' | 'duplicate' | 'reorder';
  readonly chance: number;
}
/** TCP connections of the program end with RST at both ends at once; a Unix-domain stream knows no reset from outside. */
export interface ResetFault {
  readonly kind: 'reset';
  readonly at: Duration;
  readonly program: string;
}
/**
 * Connections of the program to other machines fall silent for ever: neither side is told. Inside one machine nothing can:
 * there a kernel itself carries the bytes of a pipe, of a Unix-domain stream and of loopback.
 */
export interface HalfOpenFault {
  readonly kind: 'half-open';
  readonly at: Duration;
  readonly program: string;
}
/**
 * symmetric: between `machines[0]` and `machines[1]`; one-way: only from the first to the second; isolate: the first from
 * everybody; halves: `machines` from all the others; swizzle: cut one by one over the first half, healed in another order over the second.
 */
export interface PartitionFault extends During {
  readonly kind: 'partition';
  readonly shape: 'symmetric' | 'one-way' | 'isolate' | 'halves' | 'swizzle';
  readonly machines: readonly string[];
}
/** SIGKILL to the newest process of the program: at a time, or at its `call`-th Host call after that time. */
export interface KillFault {
  readonly kind: 'kill';
  readonly at: Duration;
  readonly program: string;
  readonly call?: number;
}
/** SIGSTOP, then SIGCONT. */
export interface PauseFault extends During {
  readonly kind: 'pause';
  readonly program: string;
}
/**
 * The machine loses power, and gets it back after `duration`; what it started at boot is started again. What was not synced
 * is kept in order (`kept`), lost, or torn: some of it, a write cut anywhere.
 */
export interface PowerCutFault extends During {
  readonly kind: 'power-cut';
  readonly machine: string;
  readonly unsynced: 'kept' | 'lost' | 'torn';
}
/** Writes that need room answer ENOSPC (disk-full), or every access to file content answers EIO (disk-error); `calls`: no more of them than so many,
 * and `spares`: not the first so many. */
export interface DiskFault extends During {
  readonly kind: 'disk-full' | 'disk-error';
  readonly machine: string;
  readonly calls?: number;
  readonly spares?: number;
}
/** `sync` takes `extra` longer; the process does nothing else meanwhile. */
export interface SlowSyncFault extends During {
  readonly kind: 'slow-sync';
  readonly machine: string;
  readonly extra: Duration;
}
/** The wall clock jumps by `by`, forwards or back. The monotonic clock does not. */
export interface ClockStepFault {
  readonly kind: 'clock-step';
  readonly at: Duration;
  readonly machine: string;
  readonly by: Duration;
}
/** Both clocks of the machine run `partsPerMillion` fast (or slow, below zero). */
export interface ClockDriftFault extends During {
  readonly kind: 'clock-drift';
  readonly machine: string;
  readonly partsPerMillion: number;
}

/**
 * The program cannot get what there is none left of: opening something is EMFILE, starting a process EAGAIN, either ENOMEM; `calls`: it is
 * told so of no more than so many.
 */
export interface ShortageFault extends During {
  readonly kind: 'no-descriptors' | 'no-processes' | 'no-memory';
  readonly program: string;
  readonly calls?: number;
}
/**
 * At one Host call, by its number among all of the world from the start of the run, and before it has an effect: for looking at every
 * moment there is (src/check/exhaust.ts). Does nothing where another program makes that call, or the call cannot be refused so.
 */
export interface StrikeFault extends During {
  readonly kind: 'strike';
  readonly call: number;
  readonly program: string;
  readonly machine: string;
  readonly what: Strike;
  /** Of several ways to tear what was not synced, which; default 0. */
  readonly draw?: number;
}

/** What may strike a call, and the kind of fault that it is one moment of. */
export type Strike = 'kill' | 'pause' | 'reset' | 'half-open' | 'power-kept' | 'power-lost' | 'power-torn' | RefusalCode;
export const STRIKES: Readonly<Record<Strike, FaultKind>> = Object.freeze({
  kill: 'kill',
  pause: 'pause',
  reset: 'reset',
  'half-open': 'half-open',
  'power-kept': 'power-cut',
  'power-lost': 'power-cut',
  'power-torn': 'power-cut',
  EIO: 'disk-error',
  ENOSPC: 'disk-full',
  EMFILE: 'no-descriptors',
  EAGAIN: 'no-processes',
  ENOMEM: 'no-memory',
});

export type Fault =
  | LatencyFault
  | SegmentationFault
  | LossFault
  | ResetFault
  | HalfOpenFault
  | PartitionFault
  | KillFault
  | PauseFault
  | PowerCutFault
  | DiskFault
  | SlowSyncFault
  | ClockStepFault
  | ClockDriftFault
  | ShortageFault
  | StrikeFault;

export type FaultKind = Fault['kind'];

/** Every kind, once: what `list faults` shows and the documentation is checked against. */
export const FAULT_KINDS: Readonly<Record<FaultKind, string>> = Object.freeze({
  latency: 'segments and pipe bytes take longer',
  segmentation: 'reads return few bytes',
  loss: 'datagrams are lost',
  duplicate: 'datagrams arrive twice',
  reorder: 'datagrams overtake each other',
  reset: 'TCP connections end with RST',
  'half-open': 'connections between machines fall silent, nobody is told',
  partition: 'machines cannot reach each other: symmetric, one-way, isolate, halves, swizzle',
  kill: 'SIGKILL, at a time or at a Host call',
  pause: 'SIGSTOP for a while',
  'power-cut': 'a machine loses power; unsynced writes are kept, lost or torn',
  'disk-full': 'ENOSPC',
  'disk-error': 'EIO',
  'slow-sync': 'sync stalls the process',
  'clock-step': 'the wall clock jumps',
  'clock-drift': 'clocks run fast or slow',
  'no-descriptors': 'EMFILE for whoever opens something',
  'no-processes': 'EAGAIN for whoever starts a process',
  'no-memory': 'ENOMEM for whoever opens something or starts a process',
  strike: 'one of the above, at one Host call',
});
