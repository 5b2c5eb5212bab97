/**
 * WHAT HAPPENED, as data: the types of a trace in memory. A trace is a header, events, and a footer; src/trace/encode.ts
 * says how they are written down.
 * Lacks: decoded protocol views (a reader derives them) and wall-clock stamps (they would differ between machines).
 */
import type { Crossing, EventData } from '../host/event.ts';
import { CROSSINGS } from '../host/event.ts';
import type { Instant } from '../host/time.ts';

/** [major, minor]. A reader takes any minor of its major; another major is refused, by name. */
export const TRACE_VERSION: readonly [number, number] = Object.freeze([1, 0] as const);

/** Raised whenever the same scenario, plan and seed may give other events: a replay across engines is not attempted. */
export const ENGINE_VERSION = 4;

/** What the world does to its processes, beside what crosses their Host. */
export const WORLD_KINDS = [
  'phase', // data: name = chaos | heal | liveness
  'fault', // data: fault (its index), kind, step = begin | fire | end
  'choice', // data: source = ready, of, value: a decision of the schedule; source = late, owner, by: an event is put off
  'power', // data: machine, state = on | off
  'bug', // data: message: a daemon threw
  'step', // data: of a conformance case: what the tester saw or did
  'check', // data: property, holds [, why]
] as const;
Object.freeze(WORLD_KINDS);

export type WorldKind = (typeof WORLD_KINDS)[number];
export type EventKind = Crossing | WorldKind;
export const EVENT_KINDS: readonly EventKind[] = Object.freeze([...CROSSINGS, ...WORLD_KINDS]);

/** In the place of the index of an event, where there is none. */
export const NO_EVENT = -1;
/** In the place of the index of a cause. */
export const NO_CAUSE: number = NO_EVENT;

export interface TraceEvent {
  /** Dense, from 0. */
  readonly index: number;
  /** True time of the world, or monotonic time of the recorder, since the start of the trace. */
  readonly time: Instant;
  /** `machine/program.pid`; '' for what the world itself does. */
  readonly process: string;
  readonly kind: EventKind;
  /** Index of the event that brought this one about, other than the one before it in the same process; else NO_CAUSE. */
  readonly cause: number;
  /** One id for each message or segment sent; every event of its delivery carries it. 0 for none. */
  readonly message: number;
  /** Direction of a stream (`tcp4>`, `pipe2`) or a datagram socket; '' for none. */
  readonly channel: string;
  readonly bytes: Uint8Array | undefined;
  readonly data: EventData | undefined;
}

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface TraceHeader {
  readonly version: readonly [number, number];
  readonly engine: number;
  /**
   * sim: a run of the simulator. shrunk: the same, after shrinking. conformance: one case against one implementation. capture: what was
   * seen of somebody's programs; nothing of ours ran. anonymised: one of these, to be looked at: what nobody may see was replaced, and the
   * plan with it.
   */
  readonly kind: 'sim' | 'shrunk' | 'conformance' | 'capture' | 'anonymised';
  /** virtual: every stamp is exact and repeatable. monotonic: stamps of a real clock. */
  readonly clock: 'virtual' | 'monotonic';
  /** Scenario, or conformance case. */
  readonly name: string;
  readonly seed: string;
  /** What a replay needs beside the seed: profile and plan of a scenario, parameters of a case. Values, not seeds. */
  readonly plan: JsonValue;
  readonly title: string;
}

export type Outcome = 'pass' | 'fail' | 'inconclusive' | 'not-applicable';

export interface TraceFooter {
  readonly events: number;
  /** Semantic fingerprint of all events. */
  readonly fingerprint: string;
  readonly outcome: Outcome;
  /** The property or case that decided a failure, '' otherwise. */
  readonly check: string;
  /** Index of the event at which it was decided, NO_EVENT for none. */
  readonly at: number;
  readonly why: string;
}
