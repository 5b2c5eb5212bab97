/**
 * What is decided of a numbered request, and within which limits.
 * Lacks: who decides it (stream.ts).
 */
import type { RoomLimits } from './room.ts';

export interface FifoLimits {
  /** Streams in all, and of one owner, so that one cannot keep out the others. */
  readonly streams: number;
  readonly streamsOfOwner: number;
  /** How far a number may be before the one that is next. */
  readonly ahead: number;
  /** Requests of a stream that wait for earlier ones. */
  readonly held: number;
  /** The last answers of a stream that are kept to be given again. */
  readonly answers: number;
  /**
   * Bytes of all requests that run, as many of all that wait, and of all answers that are kept. What waits may wait for ever, and must not
   * keep out what is due: that is over some day.
   */
  readonly itemBytes: RoomLimits;
  readonly answerBytes: RoomLimits;
}

const MIB: number = 2 ** 20;
export const FIFO_LIMITS: FifoLimits = {
  streams: 4096,
  streamsOfOwner: 1024,
  ahead: 64,
  held: 64,
  answers: 64,
  itemBytes: { all: 32 * MIB, ofOwner: 8 * MIB },
  answerBytes: { all: 32 * MIB, ofOwner: 8 * MIB },
};

/** What is counted of a request and of an answer. */
export interface Sizes<Item, Answer> {
  readonly item: (item: Item) => number;
  readonly answer: (answer: Answer) => number;
}

/** Of a stream: which request, in which life of the client. */
export interface Position {
  readonly epoch: number;
  /** From 1, without a gap. */
  readonly number: number;
}

/**
 * now: to be run, and `done` to be said of it. held: runs when all before it are done; `again`: was held already. running: the same
 * request runs. repeated: was run, with this answer. done: was run, its answer is not kept. conflict: the number has another
 * request. stale: of a lower epoch. full: no room, nothing has changed.
 */
export type Verdict<Answer> =
  | { readonly is: 'now' | 'running' | 'done' | 'conflict' | 'stale' | 'full' }
  | { readonly is: 'held'; readonly again: boolean }
  | { readonly is: 'repeated'; readonly answer: Answer };
