/**
 * The queue of a client, without IO: which requests wait, which of them may be sent now, and what is to be told next. Numbers have no gap; a
 * request is kept until its number is over and its answer has been told. R11.
 * Lacks: the log (client-log.ts), time but for how long to wait, and connections.
 */
import { type Duration, micros, seconds } from '../../host/time.ts';
import type { Outcome, Stage } from './client-table.ts';
import type { Status } from './wire.ts';

export interface ClientRequest {
  readonly command: string;
  readonly object: string;
  readonly data: Uint8Array;
}

/** What is told of a request. */
export interface ClientAnswer {
  readonly status: Status;
  readonly result: 'done' | 'failed' | 'refused';
  readonly body: Uint8Array;
}

/** Requests that wait at once. */
export const QUEUE_MAX = 65_536;
export const WINDOW_MAX = 64;
export const WINDOW_DEFAULT = 4;
/** Between two tries: the first, doubled each time up to the last. */
export const BACK_OFF: Duration = seconds(1);
export const BACK_OFF_MAX: Duration = seconds(60);

export interface Entry {
  readonly number: number;
  readonly request: ClientRequest;
  stage: Stage | 'over';
  /** `waiting`: for its time to come, because of what its last try came to. */
  state: 'due' | 'sent' | 'waiting';
  why: Outcome | undefined;
  /** Tries without a final answer. */
  tries: number;
  answer: ClientAnswer | undefined;
  told: boolean;
}

export const entryOf = (number: number, request: ClientRequest): Entry => ({
  number,
  request,
  stage: 'request',
  state: 'due',
  why: undefined,
  tries: 0,
  answer: undefined,
  told: false,
});

/** How long to wait after so many tries in vain. */
export const backOff = (tries: number): Duration => micros(Math.min(BACK_OFF * 2 ** Math.min(tries - 1, DOUBLINGS_MAX), BACK_OFF_MAX));
/** More make no difference. */
const DOUBLINGS_MAX = 10;

export class ClientQueue {
  readonly #window: number;
  /** By number. */
  #entries: Entry[] = [];
  #next = 1;

  constructor(window: number) {
    this.#window = window;
  }

  /** The number of the next request. */
  get next(): number {
    return this.#next;
  }

  /** All before this one are over. */
  get first(): number {
    return this.#entries.find(({ stage }) => stage !== 'over')?.number ?? this.#next;
  }

  /** Those that are not over, or not told. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  entry(number: number): Entry | undefined {
    return this.#entries.find(each => each.number === number);
  }

  /** What a checkpoint keeps of earlier lives: an entry, in order, or that all before `next` are over. */
  restore(entry: Entry): void {
    this.#entries.push(entry);
  }
  resume(next: number): void {
    this.#next = next;
  }

  add(request: ClientRequest): Entry {
    const entry = entryOf(this.#next++, request);
    this.#entries.push(entry);
    return entry;
  }

  /** Those that may be sent now, and are so from here on. The window begins with the first number that is not over. */
  take(): readonly Entry[] {
    const due = this.#inWindow(({ state, stage }) => state === 'due' && stage !== 'over');
    for (const entry of due) entry.state = 'sent';
    return due;
  }

  /** Its answer is known, or it needs no other: it is over, or goes on as a substitute. */
  settle(entry: Entry, meaning: 'answered' | 'replaced' | 'passed', answer?: ClientAnswer): void {
    entry.answer ??= answer;
    entry.stage = meaning === 'replaced' ? 'substitute' : 'over';
    entry.state = 'due';
    entry.why = undefined;
    entry.tries = 0;
    this.#dropIfDone(entry);
  }

  /** It waits for so long, unless it is recalled. */
  putOff(entry: Entry, why: Outcome): Duration {
    entry.state = 'waiting';
    entry.why = why;
    entry.tries += 1;
    return backOff(entry.tries);
  }

  /** Its time has come. */
  wake(entry: Entry): void {
    entry.state = 'due';
  }

  /** The server has answered: who was lost is asked again at once, and who is held behind `over`, which has its answer. Tries still count. */
  recall(over: number | undefined): readonly Entry[] {
    const recalled = this.#inWindow(
      ({ state, why, number }) => state === 'waiting' && (why === 'lost' || (why === 'held' && number - 1 === over)),
    );
    for (const entry of recalled) this.wake(entry);
    return recalled;
  }

  /** The next to be told, if that is known by now: they are told in order. */
  toTell(): (Entry & { readonly answer: ClientAnswer }) | undefined {
    const next = this.#entries.find(({ told }) => !told);
    return next?.answer === undefined ? undefined : (next as Entry & { readonly answer: ClientAnswer });
  }

  tell(entry: Entry): void {
    entry.told = true;
    this.#dropIfDone(entry);
  }

  #dropIfDone(entry: Entry): void {
    if (entry.stage === 'over' && entry.told) this.#entries.splice(this.#entries.indexOf(entry), 1);
  }

  #inWindow(are: (entry: Entry) => boolean): readonly Entry[] {
    const end = this.first + this.#window;
    const found: Entry[] = [];
    for (const entry of this.#entries) {
      if (entry.number >= end) break;
      if (are(entry)) found.push(entry);
    }
    return found;
  }
}
