/**
 * What a scenario knows of its programs and their disks, so that they can be judged more strictly than anybody's: what a process needs
 * while nothing happens, whether its timers all have a use, and what of its files a power cut must leave.
 * Lacks: memory, and anything else that does not cross the Host.
 */
import type { Duration } from '../../host/time.ts';

/** What a process can have too much of. What it accepted is the doing of others, until they have ended it. */
export const HOLDINGS = {
  timers: 'timers that have neither fired nor been cancelled',
  opened: 'connections that it opened',
  pipes: 'ends of pipes',
  listeners: 'listening sockets',
  sockets: 'datagram sockets',
  paused: 'streams that it does not read',
  halfClosed: 'connections that only the peer has ended',
  unreaped: 'children that have ended and were not waited for',
} as const;
/** One of them. */
export type Holding = keyof typeof HOLDINGS;

/** `children`: as many as it has children. */
export type Most = number | 'children';

/** What is known of a program. */
export interface Upkeep {
  /** The most that one process holds while nothing happens; of what is left out, nothing. Absent: only growth is judged. */
  readonly holds?: Readonly<Partial<Record<Holding, Most>>>;
  /** Present: each of its timers does something when it fires, or is cancelled before; but for those of these lengths. */
  readonly idleTimers?: readonly Duration[];
  /** Whatever it sends on a connection that it opened, something comes back, or the connection ends. */
  readonly asks?: true;
  /** It has ended so long after SIGTERM or SIGINT at the latest, while nothing is wrong with its machine. */
  readonly endsWithin?: Duration;
}

/**
 * What a process must have synced of its changes below a directory.
 *  - whole: the content of a file, before it is renamed: a power cut leaves the old file or the new one.
 *  - told: that, and content and names before the process says anything, to anybody, or ends with status 0.
 */
export type Durability = 'whole' | 'told';

/** What a scenario knows of its programs and disks. */
export interface Housekeeping {
  /** By name. Of a program that is not named only growth is judged. */
  readonly programs?: Readonly<Record<string, Upkeep>>;
  /** By the path of a directory, without `/` at its end. What lies elsewhere may be lost. */
  readonly directories?: Readonly<Record<string, Durability>>;
  /** Programs whose log is what they print for somebody: as many lines as it takes. */
  readonly prints?: readonly string[];
}

/** `program` of `machine/program.pid`. */
export const programOf = (process: string): string => process.slice(process.indexOf('/') + 1, process.lastIndexOf('.'));
/** `machine` of it. */
export const machineOf = (process: string): string => process.slice(0, process.indexOf('/'));
/** `pid` of it. */
export const pidOf = (process: string): number => Number(process.slice(process.lastIndexOf('.') + 1));
