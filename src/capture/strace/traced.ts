/**
 * What a system call is told to: the process that made it, with its descriptors, and where events go.
 * Lacks: the calls (calls.ts), and whoever keeps the processes (import.ts).
 */
import type { EventData } from '../../host/event.ts';
import type { EventKind } from '../../trace/event.ts';
import type { Description } from './descriptors.ts';
import type { Fifos } from './fifos.ts';
import type { SystemCall } from './line.ts';
import type { Value } from './value.ts';

/** A traced process, to whoever handles its calls. */
export interface Traced {
  readonly pid: number;
  descriptor(number: number): Description | undefined;
  /** `passing`: an exec(2) closes it. */
  open(number: number, description: Omit<Description, 'holders'>, passing: boolean): void;
  close(number: number): Description | undefined;
  closeBetween(first: number, last: number): readonly Description[];
  duplicate(from: number, to: number, passing: boolean): void;
  pass(number: number, passing: boolean): void;
  /** It is written to or read: where it was there when the program began, that is told once. */
  used(held: Description, direction: 'read' | 'write'): void;
  /** Of all processes, by their places. */
  readonly fifos: Fifos;
  /** Where a name is. `folder`: the descriptor of the one that it is relative to; absent: the own one. `undefined`: the log does not tell. */
  place(name: string, folder?: number): string | undefined;
  /** It has another working folder from now on. `undefined`: the log does not tell which. */
  enter(place: string | undefined): void;
  /** Which working folder it has, and has had. */
  isIn(place: string): void;
  /** A number that no stream, pipe or socket of the log has. */
  serial(): number;
  exec(program: string, args: readonly string[]): void;
  spawn(child: number, thread: boolean): void;
  event(kind: EventKind, occurrence?: Occurrence): void;
  /** What cannot be told as it was. */
  warn(message: string): void;
}

export interface Occurrence {
  readonly channel?: string;
  readonly bytes?: Uint8Array;
  readonly data?: EventData;
}

export type Handler = (traced: Traced, args: readonly Value[], call: SystemCall) => void;
