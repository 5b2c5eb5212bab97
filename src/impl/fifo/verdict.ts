/**
 * What is decided of a numbered request, and within which limits.
 * Lacks: who decides it (stream.ts).
 */

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
}

export const FIFO_LIMITS: FifoLimits = { streams: 4096, streamsOfOwner: 1024, ahead: 64, held: 64, answers: 64 };

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
