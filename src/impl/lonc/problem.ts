/**
 * Something wrong in a file a person wrote: where, what, and what would be right.
 */

export interface Problem {
  /** Lines are counted from 1; 0 is the file as a whole. */
  readonly line: number;
  readonly text: string;
}

/** The longest line of a configuration file. */
export const CONFIG_LINE_MAX = 4_096;

/** The lines of a file with their numbers, ends of line taken off, be they LF or CR LF. */
export const numberedLines = (text: string): readonly (readonly [line: number, text: string])[] =>
  text.split('\n').map((line, index) => [index + 1, line.endsWith('\r') ? line.slice(0, -1) : line] as const);
