/**
 * A trace that came out of a file.
 */
import type { ReadTrace } from '../src/trace/read.ts';

export interface LoadedTrace extends ReadTrace {
  /** The file itself is damaged: what could be read of it is here. */
  readonly damage: string | undefined;
}
