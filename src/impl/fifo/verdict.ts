/** Where a request stands, and what becomes of it. */

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
