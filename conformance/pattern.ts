/**
 * What a message has to look like, as data, and what of it is kept for later steps.
 * Lacks: comparing (judge/match.ts), and how often and in which order messages come: that is for the verbs.
 */
import type { FieldValue } from '../src/trace/message.ts';

export type FieldPattern =
  | FieldValue
  | { readonly oneOf: readonly FieldValue[] }
  | { readonly form: 'host:port' | 'number' | 'any' }
  | { readonly begins: string }
  | { readonly not: FieldPattern }
  | { readonly atLeast: number; readonly atMost?: number }
  /** Not further than this from the number that was saved under the name. */
  | { readonly near: string; readonly by: number }
  /** More than the number that was saved under the name. */
  | { readonly above: string };

/** What is saved at the beginning of each case: the wall clock of the tester, in seconds of Unix. */
export const CLOCK = 'clock';
/** The same, of the port of the case. */
export const PORT = 'port';

/** Fields not named are not compared. The type `*` is any message. */
export interface Pattern {
  readonly type: string;
  readonly fields?: Readonly<Record<string, FieldPattern>>;
  /** What people call it: `start of the block database`. */
  readonly name: string;
}

/** one: exactly. optional: none or one. any: none or more. some: one or more. */
export type Times = 'one' | 'optional' | 'any' | 'some';

export interface ExpectedMessage {
  readonly message: Pattern;
  readonly times: Times;
  /** Keeps the value of a field of the last match under a name, for a later `connect`. */
  readonly save?: Save | readonly Save[];
}

export interface Save {
  readonly field: string;
  readonly as: string;
}
