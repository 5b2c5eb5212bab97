/**
 * What every part of the world shares: the time, the agenda, chance, and the one place where an event is recorded.
 * Lacks: machines and processes; world.ts puts those together.
 */
import type { EventData } from '../../host/event.ts';
import type { Duration, Instant } from '../../host/time.ts';
import { ORIGIN } from '../../host/time.ts';
import { type EventKind, NO_CAUSE, type TraceEvent } from '../../trace/event.ts';
import { Fingerprint, type Label, NO_LABEL } from '../../trace/fingerprint.ts';
import { Agenda, type Binding, type Entry } from './agenda.ts';
import { Chance, type ChanceOptions } from './chance.ts';
import { Copies } from './copies.ts';
import type { LinkParameters, LocalParameters } from './options.ts';
import type { Prng } from './prng.ts';
import type { RefusableCall, Shortage } from './refusals.ts';
import { Slabs } from './slabs.ts';

/** A chance in a thousand, and whom to tell when it struck. */
export interface ChanceOf {
  readonly chance: number;
  readonly fired: () => void;
}

/** What the faults have switched on everywhere; each use reports that it fired. */
export interface Conditions {
  latency: { readonly pick: (prng: Prng) => Duration } | undefined;
  segmentation: { readonly most: number; readonly fired: () => void } | undefined;
  loss: ChanceOf | undefined;
  duplicate: ChanceOf | undefined;
  reorder: ChanceOf | undefined;
  shortages: readonly Shortage[];
}

/** Sees every Host call before it has an effect, by its number in the world, from 1. */
export interface CallObserver {
  /** A process, by its number in the world, has made it. */
  called(call: number, serial: number): void;
  /** The same call again, when it is one that may be refused. */
  refusable(call: number, name: RefusableCall): void;
  /** The world was healed: nothing more is told. */
  over(): void;
}

export interface Occurrence {
  readonly channel?: string;
  readonly bytes?: Uint8Array;
  readonly data?: EventData;
  readonly cause?: number;
  readonly message?: number;
}

export class Core {
  now: Instant = ORIGIN;
  readonly agenda: Agenda = new Agenda();
  /** What daemons threw, whole; the trace has only what every engine says alike. */
  readonly bugs: unknown[] = [];
  readonly chance: Chance;
  readonly link: LinkParameters;
  readonly local: LocalParameters;
  readonly copies: Copies = new Copies();
  /** Of what daemons have written and of what they get. */
  readonly slabs: Slabs = new Slabs();
  readonly conditions: Conditions = {
    latency: undefined,
    segmentation: undefined,
    loss: undefined,
    duplicate: undefined,
    reorder: undefined,
    shortages: [],
  };
  /** Host calls so far. */
  calls = 0;
  /** At the call with this number, 0: at none, `strike` is told which process (by its `serial`) has made it, before it has an effect. */
  struckCall = 0;
  strike: (serial: number) => void = () => {};
  observer: CallObserver | undefined;
  readonly #sink: ((event: TraceEvent) => void) | undefined;
  readonly #fingerprint = new Fingerprint();
  #index = 0;
  #message = 0;
  #names = 0;
  #serial = 0;

  constructor(
    seed: string,
    link: LinkParameters,
    local: LocalParameters,
    sink: ((event: TraceEvent) => void) | undefined,
    chance: ChanceOptions = {},
  ) {
    this.chance = new Chance(seed, chance, () => this.#index);
    this.link = link;
    this.local = local;
    this.#sink = sink;
  }

  /** Somebody may keep the events: their bytes must not be shared with a daemon. */
  get retains(): boolean {
    return this.#sink !== undefined;
  }

  get events(): number {
    return this.#index;
  }

  fingerprint(): string {
    return this.#fingerprint.digest();
  }

  /** Records what the world itself does. */
  record(kind: EventKind, data: EventData): number {
    return this.note(NO_LABEL, kind, NO_LABEL, undefined, data);
  }

  /** Records an event at the present time and returns its index. In parts, because most need no object of their own. */
  note(
    process: Label,
    kind: EventKind,
    channel: Label,
    bytes: Uint8Array | undefined,
    data: EventData | undefined,
    cause: number = NO_CAUSE,
    message = 0,
  ): number {
    const index = this.#index++;
    const time = this.now;
    this.#fingerprint.take(time, process, kind, message, channel, bytes, data);
    if (this.#sink !== undefined)
      this.#sink({ index, time, process: process.text, kind, cause, message, channel: channel.text, bytes, data });
    return index;
  }

  /** An id for a message about to be sent; never 0. */
  nextMessage(): number {
    return ++this.#message;
  }

  /** A number for a new process, never used twice. 0 is the world. */
  nextSerial(): number {
    return ++this.#serial;
  }

  /** A name for a new stream, pipe or socket: `tcp3`. */
  nextName(prefix: string): string {
    return `${prefix}${++this.#names}`;
  }

  at(time: Instant, fire: () => void, owner = 0, binding: Binding = 'free'): Entry {
    return this.agenda.add(time < this.now ? this.now : time, fire, owner, binding);
  }

  in(delay: Duration, fire: () => void, owner = 0, binding: Binding = 'free'): Entry {
    return this.agenda.add((this.now + (delay > 0 ? delay : 0)) as Instant, fire, owner, binding);
  }

  /** Until a program that is `named` here and nowhere else executes its first instruction: a draw that changes no other. */
  startDelay(named: string): Duration {
    return this.chance.separate(`start/${named}`).between(this.local.startMin, this.local.startMax) as Duration;
  }

  /** Until the kernel lets a process go on. */
  wakeDelay(prng: Prng): Duration {
    return prng.between(this.local.latencyMin, this.local.latencyMax) as Duration;
  }

  /** The delay of bytes that stay on one machine: on a pipe, on a Unix-domain stream. */
  localDelay(prng: Prng): Duration {
    const base = prng.between(this.local.latencyMin, this.local.latencyMax);
    return (base + (this.conditions.latency?.pick(prng) ?? 0)) as Duration;
  }
}
