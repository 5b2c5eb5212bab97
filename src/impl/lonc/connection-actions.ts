/**
 * What goes into a gateway child's connection and what comes out of it.
 */
import type { Duration } from '../../host/time.ts';

/** Where it is in its life. */
export type ConnectionState =
  | 'start'
  | 'connect'
  | 'init'
  | 'challenge'
  | 'settle'
  | 'pong'
  | 'key'
  | 'delayed'
  | 'delivering'
  | 'listen'
  | 'serve'
  | 'asking'
  | 'reconnect'
  | 'back-off'
  | 'ended';

export type Input =
  | { readonly input: 'begin' }
  | { readonly input: 'opened' }
  | { readonly input: 'refused'; readonly reason: string }
  | { readonly input: 'line'; readonly text: string }
  /** The stream ended or broke; `rest` is what came of a last line. */
  | { readonly input: 'end'; readonly rest: string }
  /** The peer broke the rules of lines, or the connection is of no use for another reason. */
  | { readonly input: 'violation'; readonly detail: string }
  | { readonly input: 'timeout' }
  /** No delayed message is left. */
  | { readonly input: 'drained' }
  | { readonly input: 'listening' }
  | { readonly input: 'not-listening'; readonly reason: string }
  /** A request may be given when none is outstanding. */
  | { readonly input: 'request'; readonly text: string; readonly timeout: Duration };

export type InputName = Input['input'];
export type InputOf<Name extends InputName> = Extract<Input, { readonly input: Name }>;

/** Why a request has no answer. */
export type NoAnswer = 'timeout' | 'end' | 'violation';

export type Action =
  | { readonly action: 'connect' }
  | { readonly action: 'send'; readonly text: string }
  /** One timer at a time: a new one replaces the old. */
  | { readonly action: 'timer'; readonly delay: Duration }
  | { readonly action: 'cancel' }
  /** Close the stream; nothing of it is of interest any more. */
  | { readonly action: 'disconnect' }
  /** `cut`: as written, the stream ended before the line did. */
  | { readonly action: 'key'; readonly reply: string; readonly cut?: true }
  | { readonly action: 'drain' }
  | { readonly action: 'listen' }
  | { readonly action: 'serve' }
  /** The answer to the outstanding request, `cut` as with `key`; or that there is none, and why. */
  | { readonly action: 'answer'; readonly text: string; readonly cut?: true }
  | { readonly action: 'no-answer'; readonly cause: NoAnswer }
  | { readonly action: 'back-off'; readonly seconds: number; readonly step: ConnectionState; readonly detail: string }
  | { readonly action: 'lost'; readonly detail: string }
  | { readonly action: 'note'; readonly note: Note; readonly text: string }
  | { readonly action: 'end' }
  /** Something that is done between two actions, and is none of the connection's. */
  | { readonly action: 'aside'; readonly act: () => void };

export type ActionOf<Name extends Action['action']> = Extract<Action, { readonly action: Name }>;

/** Steps a log may tell of. */
export type Note = 'connected' | 'init-timeout' | 'init-reply' | 'ponging' | 'pong-reply' | 'open';
