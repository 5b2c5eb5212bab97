/**
 * What is wrong with a trace, as data: where, what, and what to do about it.
 * Lacks: classes of error; a reader never throws because of what it read.
 */

export type ProblemCode =
  | 'format' // not a trace at all
  | 'version' // a trace of another major version
  | 'encoding' // not UTF-8
  | 'syntax' // not a JSON object, or one with a key twice
  | 'field' // a key with a wrong value, or missing, or unknown
  | 'order' // a line out of its place
  | 'altered' // the byte chain, the fingerprint or a count says that this is not what was written
  | 'incomplete' // the end is missing
  | 'limit'; // too long, too deep, too many

export interface Problem {
  readonly code: ProblemCode;
  /** From 1; 0 of a file that has none. */
  readonly line: number;
  /** Bytes before the line. */
  readonly offset: number;
  /** In characters from 1, where one character is to blame. */
  readonly column: number | undefined;
  readonly message: string;
  readonly advice: string;
}

/** `line 12 (byte 3310): "t" must be …`, `byte 24: …`: one line, safe for a terminal. */
export function formatProblem(problem: Problem): string {
  const { line, offset, message, advice } = problem;
  if (line === 0) return `byte ${offset}: ${message}; ${advice}`;
  const column = problem.column === undefined ? '' : `, column ${problem.column}`;
  return `line ${line}${column} (byte ${offset}): ${message}; ${advice}`;
}
