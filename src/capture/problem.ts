/**
 * What is wrong with a capture, and where: bytes from the beginning of the file (of what is in it, where it is compressed).
 * Lacks: classes of error; a reader never throws because of what it read.
 */
import { PROBLEM_LIMIT } from './limits.ts';

export interface CaptureProblem {
  /** Bytes before the record that it is about. */
  readonly offset: number;
  readonly message: string;
}

/** The first ones, and how many there were. */
export class Problems {
  readonly kept: CaptureProblem[] = [];
  count = 0;

  add(offset: number, message: string): void {
    this.count++;
    if (this.kept.length < PROBLEM_LIMIT) this.kept.push({ offset, message });
  }
}

/** One line, safe for a terminal. */
export const formatCaptureProblem = ({ offset, message }: CaptureProblem): string => `byte ${offset}: ${message}`;
