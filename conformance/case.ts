/**
 * Requirements and cases as data: what a protocol requires, and conversations that show whether it is met. The files of
 * a suite import this one and the wire helpers of their protocol, nothing else, so another runner could run them.
 * Lacks: code in cases. What a step means is in judge/machine.ts.
 */

import type { Duration } from '../src/host/time.ts';
import type { Step } from './verbs.ts';

export type { Decoder, FieldValue, FormatViolation as Violation, Item, Message } from '../src/trace/message.ts';
export type { FieldMode, Varying } from '../src/trace/varying.ts';
export * from './pattern.ts';
export type * from './verbs.ts';
export type * from './verdict.ts';
export type * from './wiring.ts';

export const LEVELS = ['MUST', 'SHOULD', 'MAY'] as const;
Object.freeze(LEVELS);
export type Level = (typeof LEVELS)[number];

/** One testable sentence of a protocol. */
export interface Requirement {
  /** A slug that never changes: `lifetime.child.start-db-first`. */
  readonly id: string;
  readonly clause: string;
  readonly level: Level;
  readonly role: string;
  readonly text: string;
  /** The words of the source, where it has them. */
  readonly quote?: string;
  /** Why it matters, where the text does not say it: what goes wrong with a peer that does not keep it. */
  readonly rationale?: string;
  /** Why no case can observe it. A requirement has cases or this. */
  readonly untestable?: string;
  /** Ids it had before; who names one means this one. */
  readonly was?: readonly string[];
}

export interface Case {
  readonly id: string;
  /** Raised when the verdict on some implementation may change. */
  readonly rev: number;
  readonly title: string;
  readonly role: string;
  readonly requirements: readonly string[];
  readonly steps: readonly Step[];
  /** A negative case is its valid twin with one named deviation. The twin runs first; if it does not pass, this one is inconclusive. */
  readonly twin?: string;
  readonly deviation?: string;
  /** Who is logged in on the machine, where the case is about that. */
  readonly people?: readonly Person[];
  /** What an implementation must claim for the case to apply. */
  readonly needs?: readonly string[];
  /** Ids it had before; who selects one selects this case. */
  readonly was?: readonly string[];
  /** Of the whole case; every step has its own bound as well. */
  readonly deadline: Duration;
  /** The two events that race in it. It is played several times, under varied pressure, and fails when one of these fails. */
  readonly race?: string;
  /** Takes minutes by the clock on the wall: played there only on request. In virtual time it costs nothing. */
  readonly slow?: true;
}

/** Somebody at a terminal that has no node below /dev, so that nothing is known of idleness. */
export interface Person {
  readonly line: string;
  readonly user: string;
  /** Seconds of Unix. */
  readonly since: number;
}
