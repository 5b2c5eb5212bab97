/**
 * What a plan of this protocol varies beside the common part: when the child is stopped, how long it takes to start, and
 * how much it has to say.
 */
import { integer } from '../../src/check/fields.ts';
import type { CommonPlan } from '../../src/check/scenario.ts';
import type { WorkloadFields } from '../../src/check/workload.ts';
import { hex, utf8 } from '../../src/host/bytes.ts';

/** Times in milliseconds. */
export interface Lifecycle {
  /** When the parent closes the control pipe, counted from the spawn of the child. */
  readonly stopAfter: number;
  /** How long each step of a start or a stop of the child takes. */
  readonly openDelay: number;
  /** Listeners, each on a port of its own. */
  readonly p2p: number;
  readonly rpc: number;
  /** Frames of a type no parent knows, sent after 1,0. */
  readonly extras: number;
}

export type LifetimePlan = CommonPlan & Lifecycle;

/** Least and most of each. */
export type Ranges = Readonly<Record<keyof Lifecycle, readonly [least: number, most: number]>>;

/** A start takes six steps: most stops come in or around it. To the most of `stopAfter` is added the time that a program takes to be loaded. */
export const RANGES: Ranges = { stopAfter: [0, 40], openDelay: [0, 6], p2p: [0, 2], rpc: [0, 2], extras: [0, 3] };

/** Each between its least and its most. */
export function lifecycles({ stopAfter, openDelay, p2p, rpc, extras }: Ranges): WorkloadFields<Lifecycle> {
  return {
    stopAfter: integer(...stopAfter),
    openDelay: integer(...openDelay),
    p2p: integer(...p2p),
    rpc: integer(...rpc),
    extras: integer(...extras),
  };
}

const NOTE = `note:${hex(utf8('all well'))}`;

/** The child's command line, less the pipes, which its parent adds. */
export function childArgs({ openDelay, p2p, rpc, extras }: Lifecycle): readonly string[] {
  return [
    `--open-delay=${openDelay}`,
    ...listeners('listen', 'nolisten', p2p),
    ...listeners('rpclisten', 'norpc', rpc),
    ...(extras === 0 ? [] : [`--message=${NOTE}`, `--repeat=${extras}`]),
  ];
}

function listeners(name: string, off: string, count: number): readonly string[] {
  return count === 0 ? [`--${off}`] : Array.from({ length: count }, () => `--${name}=127.0.0.1:0`);
}
