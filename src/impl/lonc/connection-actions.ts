/**
 * What goes into a gateway child's connection and what comes out of it.
 * May import: host, connection-table.
 */
import type { Duration } from '../../host/time.ts';
import type { ConnectionState } from './connection-table.ts';

export type Input =
  | { readonly input: 'begin' }
  | { readonly input: 'opened' }
  | { readonly input: 'refused'; readonly reason: string }
  | { readonly input: 'line'; readonly text: string }
  /** The stream ended or broke; `rest` is what came of a last line. */
  | { readonly input: 'end'; readonly rest: string }
  /** The peer broke the rules of lines. */
  | { readonly input: 'violation'; readonly detail: string }
  | { readonly input: 'timeout' }
  /** No delayed message is left. */
  | { readonly input: 'drained' }
  | { readonly input: 'listening' }
  | { readonly input: 'not-listening'; readonly reason: string }
  /** In `delayed` and `serve`, when nothing is outstanding. */
  | { readonly input: 'request'; readonly text: string; readonly timeout: Duration }
  /** A-B05: the daemon says when the connection counts as lost. */
  | { readonly input: 'declare-lost' };

export type Action =
  | { readonly action: 'connect' }
  | { readonly action: 'send'; readonly text: string }
  /** One timer at a time: a new one replaces the old. */
  | { readonly action: 'timer'; readonly delay: Duration }
  | { readonly action: 'cancel' }
  /** Close the stream; nothing of it is of interest any more. */
  | { readonly action: 'disconnect' }
  /** A-B06b: what came of an unended line is to be dropped. */
  | { readonly action: 'forget-partial' }
  | { readonly action: 'key'; readonly reply: string; readonly ended: boolean }
  | { readonly action: 'drain' }
  | { readonly action: 'listen' }
  | { readonly action: 'serve' }
  /** The answer to the outstanding request; undefined: there is none, and why. */
  | { readonly action: 'answer'; readonly text: string; readonly ended: boolean }
  | { readonly action: 'no-answer'; readonly cause: 'timeout' | 'end' | 'violation' }
  | { readonly action: 'back-off'; readonly seconds: number; readonly step: ConnectionState; readonly detail: string }
  | { readonly action: 'lost'; readonly detail: string }
  | { readonly action: 'note'; readonly note: Note; readonly text: string }
  | { readonly action: 'end' };

/** Steps a log may tell of. */
export type Note = 'connected' | 'init-timeout' | 'init-reply' | 'ponging' | 'pong-reply' | 'open';
