/**
 * What goes into lond's end of a connection and what comes out of it.
 */
import type { Duration } from '../../host/time.ts';

/** Where it is in its life. */
export type SessionState = 'start' | 'greeting' | 'challenged' | 'open' | 'answering' | 'closed';

export type SessionInput =
  | { readonly input: 'begin' }
  | { readonly input: 'line'; readonly text: string }
  /** The answer to the `command` or `reverse-ping` that was asked for. */
  | { readonly input: 'answer'; readonly text: string }
  | { readonly input: 'timeout' }
  /** The caller ended the stream, or broke the rules of lines. */
  | { readonly input: 'end'; readonly detail: string };

export type SessionAction =
  | { readonly action: 'send'; readonly text: string }
  /** One timer at a time: a new one replaces the old. */
  | { readonly action: 'timer'; readonly delay: Duration }
  | { readonly action: 'cancel' }
  /** Answer a command, now or later. */
  | { readonly action: 'command'; readonly text: string }
  /** Ask the caller who it is, through our own gateway; the reply is the answer. */
  | { readonly action: 'reverse-ping' }
  /** The caller is who it should be, or is not, and why. */
  | { readonly action: 'admitted' }
  | { readonly action: 'refused'; readonly detail: string }
  | { readonly action: 'close'; readonly detail: string };
