/**
 * What the parts of a tester share: its Host, and the ways in which what one of them sees gets into the trace and to the machine.
 */
import type { Host } from '../../src/host/host.ts';
import type { Result } from '../../src/host/result.ts';
import type { Duration } from '../../src/host/time.ts';
import { millis } from '../../src/host/time.ts';
import type { Observation } from '../judge/observations.ts';

export interface TesterContext {
  readonly host: Host;
  /** Into the log, for the judge. */
  readonly note: (event: string, fields: Readonly<Record<string, string | number | boolean>>) => void;
  readonly observe: (observation: Observation) => void;
  /** After a short while, unless the step that is being played is over by then. */
  readonly again: (act: () => void) => void;
  /** The case is over: nothing is done or told any more. */
  readonly over: () => boolean;
  /** A deadline as long as it really is: with patience. */
  readonly patient: (delay: Duration) => Duration;
}

/** Between two attempts to connect, or looks at a file. */
export const AGAIN: Duration = millis(50);

export const LOOPBACK = '127.0.0.1';

/** The tester cannot work without this: not a finding about the implementation. */
export function orThrow<T>(result: Result<T>, what: string): T {
  if (!result.ok) throw new Error(`the tester cannot open ${what}: ${result.error.code}`);
  return result.value;
}
