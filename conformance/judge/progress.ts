/**
 * What the tester is to do for a step, and what the step comes to when it is looked at.
 * Lacks: how that is found out: messages.ts for what came on channels, expectations.ts for all else.
 */
import type { Signal } from '../../src/host/signal.ts';
import type { Duration } from '../../src/host/time.ts';
import type { Fault } from '../../src/impl/proxy/fault.ts';
import type { JsonValue } from '../../src/trace/event.ts';
import type { ChannelName, Divergence, Step, Target } from '../case.ts';

/** What the tester is to do, in this order. */
export type Action =
  | { readonly kind: 'step'; readonly step: number; readonly verb: Step['verb'] }
  | {
      readonly kind: 'start';
      readonly options: readonly string[];
      readonly environment: Readonly<Record<string, string>>;
      readonly script: JsonValue | undefined;
    }
  /** Of a stream as one piece, of datagrams as so many. */
  | { readonly kind: 'write'; readonly channel: ChannelName; readonly bytes: Uint8Array; readonly times: number }
  | { readonly kind: 'close' | 'half-close' | 'reset' | 'pause' | 'resume' | 'collect'; readonly channel: ChannelName }
  | { readonly kind: 'disturb'; readonly channel: ChannelName; readonly fault: Fault }
  | { readonly kind: 'fill'; readonly channel: ChannelName; readonly hex: string }
  | { readonly kind: 'signal'; readonly signal: Signal }
  | { readonly kind: 'connect'; readonly address: string; readonly port: number }
  | { readonly kind: 'dial'; readonly channel: ChannelName; readonly to: Target }
  | { readonly kind: 'try'; readonly to: Target }
  | { readonly kind: 'close-listener' | 'listen' }
  | { readonly kind: 'place'; readonly path: string; readonly text: string }
  | { readonly kind: 'look'; readonly path: string; readonly channel?: ChannelName }
  | { readonly kind: 'ask'; readonly reader: string; readonly channel: ChannelName }
  | { readonly kind: 'arm'; readonly step: number; readonly delay: Duration }
  | { readonly kind: 'verdict' };

/** What a step comes to when it is looked at. */
export type Progress =
  | { readonly is: 'done'; readonly actions?: readonly Action[] }
  /** Without a time of its own, the step is ended by an observation. */
  | { readonly is: 'waiting'; readonly within: Duration | undefined; readonly actions?: readonly Action[] }
  | Refuted
  /** What the step asks about cannot be known here. */
  | { readonly is: 'undecided'; readonly why: string };

export interface Refuted {
  readonly is: 'refuted';
  readonly expected: string;
  readonly received: string;
  /** Where on the wire, where it is the wire that shows it. */
  readonly at?: Divergence;
  readonly certain?: true;
}

export const DONE: Progress = { is: 'done' };
